//! One record of a file: a row of a table or a feature of a collection, before anyone has asked what its
//! columns mean. It is found as it stands in the text, whose pieces it borrows, and becomes a record of
//! its own where it is to outlive them. Formats make records, layouts turn them into the model.

use super::json_values::{compact, number};
use crate::model::{Place, Value};

/// A row or a feature.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Where in the file it stands.
    pub place: Place,
    /// The feature's own `id` member; `None` for rows of tables.
    pub id: Option<Value>,
    /// The values, aligned with the reader's columns; a record may be shorter than the columns,
    /// and what is not there is missing.
    pub fields: Vec<Value>,
    /// The geometry, where the format has one.
    pub geometry: Geometry,
}

impl Record {
    /// The value in a column; missing where the record is shorter.
    pub fn field(&self, column: usize) -> &Value {
        self.fields.get(column).unwrap_or(&Value::Missing)
    }
}

/// What a format says of a record's place on Earth.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Geometry {
    /// The format has no geometry: the place is in the columns.
    #[default]
    InColumns,
    /// The feature says that it has none (`"geometry": null`) or an empty one.
    None,
    /// A geometry as it was written, in the file's own CRS, unchecked but for its being made of
    /// numbers.
    Raw(RawGeometry),
    /// A geometry that could not be decoded.
    Broken {
        /// Where in the geometry: `coordinates[0][3]`.
        part: String,
        /// What stood there.
        value: Option<String>,
        /// What is wrong with it.
        why: String,
    },
}

/// Coordinates as they were written: x, y, in the file's own CRS. Rings may be unclosed, crossed
/// or the wrong way round, numbers out of range: `geometry` judges and repairs.
#[derive(Debug, Clone, PartialEq)]
pub enum RawGeometry {
    /// Point or MultiPoint.
    Points(Vec<[f64; 2]>),
    /// LineString or MultiLineString.
    Lines(Vec<Vec<[f64; 2]>>),
    /// Polygon or MultiPolygon: polygons of rings of positions.
    Polygons(Vec<Vec<Vec<[f64; 2]>>>),
    /// A collection whose members are not all of one kind.
    Mixed(Vec<RawGeometry>),
}

/// A record as it stands in the text of a file.
#[derive(Debug)]
pub struct Written<'r, 't> {
    /// Where in the file it stands.
    pub place: Place,
    /// As [`Record::id`].
    pub id: Option<Cell<'t>>,
    /// As [`Record::fields`].
    pub cells: &'r mut Vec<Cell<'t>>,
    /// As [`Record::geometry`].
    pub geometry: Geometry,
}

impl Written<'_, '_> {
    /// The record by itself.
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

/// A value as it stands in a text.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'t> {
    /// A text.
    Text(&'t str),
    /// A text of JSON in which nothing needs an escape.
    Plain(&'t str),
    /// A number of JSON; it is finite, or an integer of any length.
    Number(&'t str),
    /// A list or object of JSON, at most 128 levels deep.
    Nested(&'t str),
    /// What does not stand in the text in the form that it has.
    Value(Value),
}

impl Cell<'_> {
    /// The text it holds, where it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Cell::Text(text) | Cell::Plain(text) => Some(text),
            Cell::Value(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The value by itself: lists and objects become compact JSON text.
    pub fn into_value(self) -> Value {
        match self {
            Cell::Text(text) | Cell::Plain(text) => Value::Text(text.to_owned()),
            Cell::Number(raw) => number(raw).unwrap_or_default(),
            Cell::Nested(raw) => Value::Text(compact(raw).unwrap_or_default()),
            Cell::Value(value) => value,
        }
    }
}
