//! Map layers: features of one geometry kind with a table of values, generated one by one on
//! request.
//!
//! A layer's table is a list of columns, each with the function that reads its value from a row. So
//! every feature has the same properties in the same order, flat, and of the column's kind.

mod around;
mod bars;
mod base;
mod basemap;
mod beside_rings;
mod buffer;
mod collected;
pub mod columns;
mod context;
mod contours;
pub mod disclosures;
mod downstream;
mod event_name;
mod footprints;
mod incidents;
mod links;
mod over_time;
mod own_columns;
pub mod portfolio;
mod rasters;
mod receptors;
mod record_gap;
pub mod report;
mod rings;
pub mod sensitivity;
mod silent;
mod sites;
pub mod style;
mod surface;
mod table;
mod uncertainty;
mod uncovered;
mod zones;

pub use around::buffer_around;
pub use base::{borders, land};
pub use basemap::{Window, fitting_zoom};
pub use buffer::{Buffer, BufferError, buffer};
pub use collected::Collected;
pub use context::{Context, CountedIncident, Scored, ShortWindow, measured_from};
pub use contours::contours;
pub use event_name::event_name;
pub use footprints::{footprint_lines, footprints};
pub use incidents::{IncidentUse, incidents};
pub use links::links;
pub use over_time::{Moment, ScoreInterval, State, sites_over_time};
pub use own_columns::{ColumnsMet, OwnColumns, Owner, own_column_kind};
pub use receptors::receptors;
pub use record_gap::RecordGap;
pub use rings::rings;
pub use silent::silent_words;
pub use sites::{DRIVER_COLUMNS, sites};
pub use surface::{Reach, Surface};
pub use table::{Column, ColumnKind, Digits, Property, Table};
pub use uncovered::coverage_words;
pub use zones::{Zone, Zones};

use crate::earth::{GeometryKind, Position};
use geo_types::{MultiLineString, MultiPolygon};
use std::borrow::Cow;
use std::sync::Arc;

/// Features of one geometry kind, with a table of values.
///
/// Features are generated on request, from any thread and in any order, always with the same
/// result.
pub struct Layer<'a> {
    name: &'static str,
    kind: GeometryKind,
    columns: Vec<Column>,
    len: usize,
    make: Box<dyn Fn(usize) -> Option<Feature<'a>> + Send + Sync + 'a>,
    value: Box<dyn Fn(usize, usize) -> Option<Property> + Send + Sync + 'a>,
    geometry: Box<dyn Fn(usize) -> Option<Geometry<'a>> + Send + Sync + 'a>,
}

/// A feature of a layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature<'a> {
    /// Unique within the layer.
    pub id: String,
    /// Its geometry.
    pub geometry: Geometry<'a>,
    /// Its values, one per column of the layer.
    pub properties: Vec<Property>,
}

/// The geometry of a feature, of the same kind within a layer. Lines and polygons are cut at the
/// antimeridian.
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
    /// A layer of points: the number of features, and a function from index to id, position and
    /// row.
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

    /// A layer of lines: the number of features, and a function from index to id, lines and row.
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

    /// A layer of polygons: the number of features, and a function from index to id, polygons and
    /// row.
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

    /// A layer of a kind: the number of features, and a function from index to id, geometry of that kind and row.
    pub(crate) fn of<R: 'a>(
        name: &'static str,
        kind: GeometryKind,
        table: Table<'a, R>,
        len: usize,
        make: impl Fn(usize) -> Option<(String, Geometry<'a>, R)> + Send + Sync + 'a,
    ) -> Self {
        let columns = table.columns().cloned().collect();
        let made = Arc::new((make, table));
        let (of_feature, of_geometry) = (Arc::clone(&made), Arc::clone(&made));
        let value = Box::new(move |index, column| {
            let (make, table) = &*made;
            table.property(column, &make(index)?.2)
        });
        let make = Box::new(move |index| {
            let (make, table) = &*of_feature;
            let (id, geometry, row) = make(index)?;
            Some(Feature { id, geometry, properties: table.properties(&row) })
        });
        let geometry = Box::new(move |index| Some((of_geometry.0)(index)?.1));
        Self { name, kind, columns, len, make, value, geometry }
    }

    /// The layer's name, which is also the base of its file's name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The geometry kind of all its features.
    pub fn kind(&self) -> GeometryKind {
        self.kind
    }

    /// The columns of its table.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The number of features.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no features.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The feature at an index; `None` from [`len`](Self::len) on.
    pub fn feature(&self, index: usize) -> Option<Feature<'a>> {
        (self.make)(index)
    }

    /// The geometry of the feature at an index, without its values; `None` from [`len`](Self::len) on.
    pub fn geometry(&self, index: usize) -> Option<Geometry<'a>> {
        (self.geometry)(index)
    }

    /// The value of one column at an index; `None` if either index is out of range.
    pub fn value(&self, index: usize, column: usize) -> Option<Property> {
        (self.value)(index, column)
    }

    /// The names of its columns, shared.
    pub fn column_names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.columns.iter().map(|column| &column.name)
    }
}
