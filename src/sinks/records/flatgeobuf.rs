//! Features as FlatGeobuf. Its index precedes the features and orders them, so that all are encoded before the
//! first is written.

use super::kind::Kind;
use super::schema::{Schema, ShapeType};
use super::value::Item;
use super::{Failure, each};
use crate::model::Findings;
use crate::sinks::flatgeobuf::{Built, Field, Packed, push_field, push_text};
use crate::sinks::rounded::Drawn;
use crate::sources::{Counts, Feature, Features, TakeFeature};
use ::flatgeobuf::{ColumnType, GeometryType};
use std::io::{self, Write};
use std::sync::Arc;

/// Writes features.
pub(super) fn write(
    features: &mut Features,
    schema: &Schema,
    findings: &mut Findings,
    out: &mut dyn Write,
) -> Result<Counts, Failure> {
    let id = schema.id_column().map(|name| (name, ColumnType::String));
    let own = schema.columns.iter().map(|column| (&*column.name, column_type(column.kind)));
    let columns: Vec<Field<'_>> = id.into_iter().chain(own).collect();
    if u16::try_from(columns.len()).is_err() {
        let error = io::Error::other(format!("{} columns are more than 65,535", columns.len()));
        return Err(Failure::Writing(error));
    }
    let shape = schema.shapes.all();
    let mut packed = Packed::default();
    let new = || Encoded { schema, shape, places: Vec::new(), built: Built::default() };
    let counts = each(features, findings, new, |part| {
        packed.add(part.built);
        Ok(())
    })?;
    packed.write(&schema.name, geometry_type(shape), &columns, out)?;
    Ok(counts)
}

fn column_type(kind: Kind) -> ColumnType {
    match kind {
        Kind::Flag => ColumnType::Bool,
        Kind::Integer | Kind::Long => ColumnType::Long,
        Kind::Number => ColumnType::Double,
        Kind::Date | Kind::Moment => ColumnType::DateTime,
        Kind::Json => ColumnType::Json,
        Kind::Text => ColumnType::String,
    }
}

fn geometry_type(shape: ShapeType) -> GeometryType {
    match shape {
        ShapeType::Point => GeometryType::Point,
        ShapeType::MultiPoint => GeometryType::MultiPoint,
        ShapeType::Line => GeometryType::LineString,
        ShapeType::MultiLine => GeometryType::MultiLineString,
        ShapeType::Polygon => GeometryType::Polygon,
        ShapeType::MultiPolygon => GeometryType::MultiPolygon,
        ShapeType::Collection => GeometryType::GeometryCollection,
        ShapeType::Any => GeometryType::Unknown,
    }
}

/// The features of a part.
struct Encoded<'s> {
    schema: &'s Schema,
    shape: ShapeType,
    places: Vec<Option<usize>>,
    built: Built,
}

impl TakeFeature for Encoded<'_> {
    fn take(&mut self, feature: Feature<'_, '_>, columns: &[Arc<str>]) {
        let schema = self.schema;
        if self.places.len() != columns.len() {
            self.places = schema.places(columns);
        }
        let mut properties = Vec::new();
        let mut first = 0;
        if schema.id_column().is_some() {
            first = 1;
            if let Some(id) = feature.id {
                let item = Item::of(id, Kind::Text, schema.typing);
                push_text(&mut properties, 0, &item.text().unwrap_or_default());
            }
        }
        for (cell, place) in feature.cells.iter().zip(&self.places) {
            let Some((at, column)) = place.and_then(|at| Some((at, schema.columns.get(at)?)))
            else {
                continue;
            };
            // The number of columns has been checked to fit.
            let number = u16::try_from(first + at).unwrap_or(u16::MAX);
            push(&mut properties, number, column.kind, &Item::of(cell, column.kind, schema.typing));
        }
        let drawn: Option<Drawn> = feature.geometry.map(|geometry| self.shape.drawn(geometry));
        self.built.add(drawn.as_ref(), &properties);
    }
}

/// Appends a value, prefixed by the number of its column, unless it is missing.
fn push(out: &mut Vec<u8>, number: u16, kind: Kind, item: &Item<'_>) {
    let Some(text) = item.text() else { return };
    match kind {
        Kind::Flag => push_field(out, number, &[u8::from(text == "true")]),
        Kind::Integer | Kind::Long => {
            if let Ok(value) = text.parse::<i64>() {
                push_field(out, number, &value.to_le_bytes());
            }
        }
        Kind::Number => {
            if let Ok(value) = text.parse::<f64>() {
                push_field(out, number, &value.to_le_bytes());
            }
        }
        Kind::Date | Kind::Moment | Kind::Json | Kind::Text => push_text(out, number, &text),
    }
}
