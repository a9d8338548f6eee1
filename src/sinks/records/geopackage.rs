//! Features as a GeoPackage of one table.

use super::kind::Kind;
use super::schema::{Schema, ShapeType};
use super::value::Item;
use super::{Failure, each};
use crate::model::Findings;
use crate::sinks::geopackage::{Row, Table, blob_of};
use crate::sources::{Counts, Feature, Features, TakeFeature};
use rusqlite::types::Value;
use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

/// Fills the empty file at a path.
pub(super) fn fill(
    features: &mut Features,
    schema: &Schema,
    findings: &mut Findings,
    path: &Path,
) -> Result<Counts, Failure> {
    let id = schema.id_column().map(|name| (name, "TEXT"));
    let own = schema.columns.iter().map(|column| (&*column.name, column_type(column.kind)));
    let columns = distinct(id.into_iter().chain(own));
    let shape = schema.shapes.all();
    let geometry = schema.is_placed.then_some(geometry_name(shape));
    let mut table = Table::create(path, &schema.name, geometry, &columns)?;
    let new = || Rows { schema, shape, places: Vec::new(), rows: Vec::new() };
    let counts = each(features, findings, new, |part| table.insert(part.rows))?;
    table.finish()?;
    Ok(counts)
}

/// Makes names distinct regardless of case, also from those of the number and the geometry, since SQLite ignores
/// case.
fn distinct<'c>(
    columns: impl Iterator<Item = (&'c str, &'static str)>,
) -> Vec<(String, &'static str)> {
    let mut used: HashSet<String> = ["fid".to_owned(), "geom".to_owned()].into();
    let mut name = |name: &str| {
        let numbered = (2..).map(|n: u32| format!("{name}_{n}"));
        let mut all = std::iter::once(name.to_owned()).chain(numbered);
        all.find(|name| used.insert(name.to_lowercase())).unwrap_or_default()
    };
    columns.map(|(of, kind)| (name(of), kind)).collect()
}

fn column_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Flag => "BOOLEAN",
        Kind::Integer | Kind::Long => "INTEGER",
        Kind::Number => "DOUBLE",
        Kind::Date => "DATE",
        Kind::Moment => "DATETIME",
        Kind::Json | Kind::Text => "TEXT",
    }
}

fn geometry_name(shape: ShapeType) -> &'static str {
    match shape {
        ShapeType::Point => "POINT",
        ShapeType::MultiPoint => "MULTIPOINT",
        ShapeType::Line => "LINESTRING",
        ShapeType::MultiLine => "MULTILINESTRING",
        ShapeType::Polygon => "POLYGON",
        ShapeType::MultiPolygon => "MULTIPOLYGON",
        ShapeType::Collection => "GEOMETRYCOLLECTION",
        ShapeType::Any => "GEOMETRY",
    }
}

/// The rows of a part.
struct Rows<'s> {
    schema: &'s Schema,
    shape: ShapeType,
    places: Vec<Option<usize>>,
    rows: Vec<Row>,
}

impl TakeFeature for Rows<'_> {
    fn take(&mut self, feature: Feature<'_, '_>, columns: &[Arc<str>]) {
        let schema = self.schema;
        if self.places.len() != columns.len() {
            self.places = schema.places(columns);
        }
        let first = usize::from(schema.id_column().is_some());
        let mut values = vec![Value::Null; first + schema.columns.len()];
        let mut set = |at: usize, value: Value| {
            if let Some(slot) = values.get_mut(at) {
                *slot = value;
            }
        };
        if let (1, Some(id)) = (first, feature.id) {
            set(0, value(&Item::of(id, Kind::Text, schema.typing), Kind::Text));
        }
        for (cell, place) in feature.cells.iter().zip(&self.places) {
            if let Some((at, column)) = place.and_then(|at| Some((at, schema.columns.get(at)?))) {
                let item = Item::of(cell, column.kind, schema.typing);
                set(first + at, value(&item, column.kind));
            }
        }
        let drawn = feature.geometry.map(|geometry| self.shape.drawn(geometry));
        let bounds = drawn.as_ref().and_then(|drawn| drawn.bounds());
        let geometry = drawn.map(|drawn| blob_of(&drawn, bounds));
        self.rows.push(Row { geometry, bounds, values });
    }
}

fn value(item: &Item<'_>, kind: Kind) -> Value {
    let Some(text) = item.text() else { return Value::Null };
    match kind {
        Kind::Flag => Value::Integer(i64::from(text == "true")),
        Kind::Integer | Kind::Long => text.parse().map_or(Value::Null, Value::Integer),
        Kind::Number => text.parse().map_or(Value::Null, Value::Real),
        Kind::Date | Kind::Moment | Kind::Json | Kind::Text => Value::Text(text.into_owned()),
    }
}
