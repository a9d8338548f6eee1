//! One record of a file: a row of a table or a feature of a collection, before its columns are
//! interpreted. It borrows from the text of the file, and is copied into an owned record only if it has
//! to outlive the text. Formats produce records, layouts turn them into the model.

use super::json_values::{compact, number};
use crate::model::{Place, Value};

/// An owned record: a row or a feature.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The location in the file.
    pub place: Place,
    /// The feature's own `id` member; `None` for rows of tables.
    pub id: Option<Value>,
    /// The values, aligned with the reader's columns; a record may be shorter than the columns, and the
    /// rest is missing.
    pub fields: Vec<Value>,
    /// The geometry, if the format has one.
    pub geometry: Geometry,
}

impl Record {
    /// Returns the value in a column; missing if the record is shorter.
    pub fn field(&self, column: usize) -> &Value {
        self.fields.get(column).unwrap_or(&Value::Missing)
    }
}

/// The geometry of a record as given by its format.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Geometry {
    /// The format has no geometry: the position is in the columns.
    #[default]
    InColumns,
    /// The feature states that it has no geometry (`"geometry": null`) or has an empty one.
    None,
    /// A geometry as written, in the file's own CRS. It consists of numbers but is otherwise unchecked.
    Raw(RawGeometry),
    /// A geometry that could not be decoded.
    Broken {
        /// The location in the geometry: `coordinates[0][3]`.
        part: String,
        /// The value found.
        value: Option<String>,
        /// The fault.
        why: String,
    },
}

/// Coordinates as written: x, y, in the file's own CRS. Rings may be unclosed, self-crossing or in the
/// wrong direction, and numbers out of range: `geometry` checks and repairs them.
#[derive(Debug, Clone, PartialEq)]
pub enum RawGeometry {
    /// Point or MultiPoint.
    Points(Vec<[f64; 2]>),
    /// LineString or MultiLineString.
    Lines(Vec<Vec<[f64; 2]>>),
    /// Polygon or MultiPolygon: a list of polygons, each a list of rings, each a list of positions.
    Polygons(Vec<Vec<Vec<[f64; 2]>>>),
    /// A collection with members of several kinds.
    Mixed(Vec<RawGeometry>),
}

/// A record that borrows from the text of a file.
#[derive(Debug)]
pub struct Written<'r, 't> {
    /// The location in the file.
    pub place: Place,
    /// As [`Record::id`].
    pub id: Option<Cell<'t>>,
    /// As [`Record::fields`].
    pub cells: &'r mut Vec<Cell<'t>>,
    /// As [`Record::geometry`].
    pub geometry: Geometry,
}

impl Written<'_, '_> {
    /// Copies the record into an owned one.
    pub(crate) fn into_record(self) -> Record {
        let fields = self.cells.drain(..).map(Cell::into_value).collect();
        Record {
            place: self.place,
            id: self.id.map(Cell::into_value),
            fields,
            geometry: self.geometry,
        }
    }
}

/// A value that borrows from the text of a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'t> {
    /// A text.
    Text(&'t str),
    /// The content of a JSON string without escapes.
    Plain(&'t str),
    /// A JSON number; it is finite, or an integer of any length.
    Number(&'t str),
    /// A JSON list or object, at most 128 levels deep.
    Nested(&'t str),
    /// An owned value whose form differs from the text.
    Value(Value),
}

impl Cell<'_> {
    /// Returns the text if the cell holds one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Cell::Text(text) | Cell::Plain(text) => Some(text),
            Cell::Value(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Converts the cell to an owned value: lists and objects become compact JSON text.
    pub fn into_value(self) -> Value {
        match self {
            Cell::Text(text) | Cell::Plain(text) => Value::Text(text.to_owned()),
            Cell::Number(raw) => number(raw).unwrap_or_default(),
            Cell::Nested(raw) => Value::Text(compact(raw).unwrap_or_default()),
            Cell::Value(value) => value,
        }
    }
}
