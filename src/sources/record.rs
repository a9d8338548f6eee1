//! One record of a file as it was decoded: a row of a table or a feature of a collection, before
//! anyone has asked what its columns mean. Formats make records, layouts turn them into the model.

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
