//! Things to draw: features of one kind of geometry with a table of values, made one by one as a
//! sink asks for them.
//!
//! A layer's table is a list of columns, each with the function that reads its value off a row; so
//! every feature has the same properties in the same order, flat, and of the column's kind.

mod around;
mod base;
mod buffer;
pub mod columns;
mod context;
mod contours;
mod footprints;
mod incidents;
mod links;
mod over_time;
mod own_columns;
pub mod portfolio;
pub mod report;
mod rings;
mod sites;
pub mod style;
mod surface;
mod table;
mod uncovered;

pub use around::buffer_around;
pub use base::{borders, land};
pub use buffer::{Buffer, BufferError, buffer};
pub use context::{Context, CountedIncident, Scored};
pub use contours::contours;
pub use footprints::{footprint_lines, footprints};
pub use incidents::{IncidentUse, incidents};
pub use links::links;
pub use over_time::{Moment, State, sites_over_time};
pub use own_columns::{ColumnsMet, OwnColumns, Owner};
pub use rings::rings;
pub use sites::{DRIVER_COLUMNS, sites};
pub use surface::Surface;
pub use table::{Column, ColumnKind, Digits, Property, Table};
pub use uncovered::coverage_words;

use crate::earth::{GeometryKind, Position};
use geo_types::{MultiLineString, MultiPolygon};
use std::borrow::Cow;
use std::sync::Arc;

/// Features of one kind of geometry, with a table of values.
///
/// Features are made when they are asked for, by any thread and in any order, always the same ones.
pub struct Layer<'a> {
    name: &'static str,
    kind: GeometryKind,
    columns: Vec<Column>,
    len: usize,
    make: Box<dyn Fn(usize) -> Option<Feature<'a>> + Send + Sync + 'a>,
    value: Box<dyn Fn(usize, usize) -> Option<Property> + Send + Sync + 'a>,
}

/// One thing on the map.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature<'a> {
    /// Unique within the layer.
    pub id: String,
    /// Where it is.
    pub geometry: Geometry<'a>,
    /// Its values, one for each column of the layer.
    pub properties: Vec<Property>,
}

/// Where a feature is; within a layer always of the same kind. Lines and polygons are cut at the
/// seam.
#[derive(Debug, Clone, PartialEq)]
pub enum Geometry<'a> {
    /// A Point.
    Point(Position),
    /// A MultiLineString.
    Lines(Cow<'a, MultiLineString<f64>>),
    /// A MultiPolygon.
    Polygons(Cow<'a, MultiPolygon<f64>>),
}

impl<'a> Layer<'a> {
    /// A layer of points: how many, and for each index below that its id, its position and its row.
    pub fn points<R: 'a>(
        name: &'static str,
        table: Table<'a, R>,
        len: usize,
        make: impl Fn(usize) -> Option<(String, Position, R)> + Send + Sync + 'a,
    ) -> Self {
        Self::of(name, GeometryKind::Point, table, len, move |index| {
            let (id, position, row) = make(index)?;
            Some((id, Geometry::Point(position), row))
        })
    }

    /// A layer of lines: how many, and for each index its id, its lines and its row.
    pub fn lines<R: 'a>(
        name: &'static str,
        table: Table<'a, R>,
        len: usize,
        make: impl Fn(usize) -> Option<(String, Cow<'a, MultiLineString<f64>>, R)> + Send + Sync + 'a,
    ) -> Self {
        Self::of(name, GeometryKind::Line, table, len, move |index| {
            let (id, lines, row) = make(index)?;
            Some((id, Geometry::Lines(lines), row))
        })
    }

    /// A layer of polygons: how many, and for each index its id, its polygons and its row.
    pub fn polygons<R: 'a>(
        name: &'static str,
        table: Table<'a, R>,
        len: usize,
        make: impl Fn(usize) -> Option<(String, Cow<'a, MultiPolygon<f64>>, R)> + Send + Sync + 'a,
    ) -> Self {
        Self::of(name, GeometryKind::Polygon, table, len, move |index| {
            let (id, polygons, row) = make(index)?;
            Some((id, Geometry::Polygons(polygons), row))
        })
    }

    fn of<R: 'a>(
        name: &'static str,
        kind: GeometryKind,
        table: Table<'a, R>,
        len: usize,
        make: impl Fn(usize) -> Option<(String, Geometry<'a>, R)> + Send + Sync + 'a,
    ) -> Self {
        let columns = table.columns().cloned().collect();
        let made = Arc::new((make, table));
        let of_feature = Arc::clone(&made);
        let value = Box::new(move |index, column| {
            let (make, table) = &*made;
            table.property(column, &make(index)?.2)
        });
        let make = Box::new(move |index| {
            let (make, table) = &*of_feature;
            let (id, geometry, row) = make(index)?;
            Some(Feature { id, geometry, properties: table.properties(&row) })
        });
        Self { name, kind, columns, len, make, value }
    }

    /// The layer's name, which is the base of its file's name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The kind of geometry that all its features have.
    pub fn kind(&self) -> GeometryKind {
        self.kind
    }

    /// The columns of its table.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// How many features it has.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The feature at an index; `None` from [`len`](Self::len) on.
    pub fn feature(&self, index: usize) -> Option<Feature<'a>> {
        (self.make)(index)
    }

    /// The value of one column at an index; `None` past the last of either.
    pub fn value(&self, index: usize, column: usize) -> Option<Property> {
        (self.value)(index, column)
    }

    /// The names of its columns, shared.
    pub fn column_names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.columns.iter().map(|column| &column.name)
    }
}
