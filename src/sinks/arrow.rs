//! A layer as Arrow record batches, with exactly the values that its files have.

mod back;

pub use back::{layer, typed};

use super::rounded::{Drawn, number};
use super::wkb::push_wkb;
use crate::layers::{Column, ColumnKind, Digits, Feature, Layer, Property};
use arrow_array::builder::{
    BinaryBuilder, BooleanBuilder, Date32Builder, Float64Builder, StringBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use jiff::civil::{Date, date};
use rayon::prelude::*;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// The day from which Arrow counts days.
const EPOCH: Date = date(1970, 1, 1);

/// The metadata of a column of numbers that says how many decimals they have at most.
const DECIMALS: &str = "decimals";

/// The schema of a layer: `id`, its columns, and `geometry`.
///
/// Texts are `Utf8`, numbers `Float64`, booleans `Boolean`, days `Date32`. A column has its description and unit as
/// metadata (`description`, `unit`), and numbers that are rounded how many decimals they have at most (`decimals`). The geometry is ISO well-known binary, annotated as `geoarrow.wkb` in longitude and
/// latitude on WGS84 (`OGC:CRS84`).
pub fn schema(layer: &Layer) -> SchemaRef {
    let geometry = Field::new("geometry", DataType::Binary, true).with_metadata(pairs([
        ("ARROW:extension:name", "geoarrow.wkb"),
        ("ARROW:extension:metadata", r#"{"crs":"OGC:CRS84","crs_type":"authority_code"}"#),
    ]));
    let mut fields = fields(layer);
    for (field, column) in fields.iter_mut().skip(1).zip(layer.columns()) {
        if let ColumnKind::Number(Digits::Decimals(most)) = column.kind {
            field.metadata_mut().insert(DECIMALS.to_owned(), most.to_string());
        }
    }
    fields.push(geometry);
    Arc::new(Schema::new_with_metadata(fields, pairs([("layer", layer.name())])))
}

/// The fields of a layer, without its geometry.
pub(super) fn fields(layer: &Layer) -> Vec<Field> {
    let id = Field::new("id", DataType::Utf8, false);
    std::iter::once(id).chain(layer.columns().iter().map(field)).collect()
}

fn field(column: &Column) -> Field {
    let kind = match column.kind {
        ColumnKind::Text => DataType::Utf8,
        ColumnKind::Number(_) => DataType::Float64,
        ColumnKind::Flag => DataType::Boolean,
        ColumnKind::Date => DataType::Date32,
    };
    let unit = column.unit.map(|unit| ("unit", unit));
    let about = pairs([("description", &*column.about)].into_iter().chain(unit));
    Field::new(&*column.name, kind, true).with_metadata(about)
}

fn pairs<'p>(all: impl IntoIterator<Item = (&'p str, &'p str)>) -> HashMap<String, String> {
    all.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The features of a layer in a range, under its [`schema`]. Features are generated in parallel; the range may go past
/// the end.
///
/// # Errors
/// More text or geometry than a column of a batch can hold: 2 GB.
pub fn batch(layer: &Layer, range: Range<usize>) -> Result<RecordBatch, ArrowError> {
    let features: Vec<Feature<'_>> =
        range.into_par_iter().filter_map(|at| layer.feature(at)).collect();
    of_features(&schema(layer), layer, &features)
}

fn of_features(
    schema: &SchemaRef,
    layer: &Layer,
    features: &[Feature<'_>],
) -> Result<RecordBatch, ArrowError> {
    let mut arrays = columns(layer, features)?;
    let mut geometries = BinaryBuilder::new();
    let mut bytes = Vec::new();
    for feature in features {
        bytes.clear();
        push_wkb(&mut bytes, &Drawn::of(&feature.geometry));
        let held = geometries.values_slice().len() + bytes.len();
        i32::try_from(held).map_err(|_| too_long())?;
        geometries.append_value(&bytes);
    }
    arrays.push(Arc::new(geometries.finish()));
    RecordBatch::try_new(schema.clone(), arrays)
}

fn too_long() -> ArrowError {
    ArrowError::InvalidArgumentError("a column holds more than 2 GB".into())
}

/// The values of features of a layer, under its [`fields`].
///
/// # Errors
/// More text than a column of a batch can hold: 2 GB.
pub(super) fn columns(
    layer: &Layer,
    features: &[Feature<'_>],
) -> Result<Vec<ArrayRef>, ArrowError> {
    let texts: usize = features.iter().map(|feature| feature.id.len()).sum();
    i32::try_from(texts).map_err(|_| too_long())?;
    let mut ids = StringBuilder::new();
    features.iter().for_each(|feature| ids.append_value(&feature.id));
    let mut arrays: Vec<ArrayRef> = vec![Arc::new(ids.finish())];
    let columns: Vec<ArrayRef> = layer
        .columns()
        .par_iter()
        .enumerate()
        .map(|(at, column)| {
            let values = || features.iter().map(move |feature| feature.properties.get(at));
            let texts = values().map(|value| match value {
                Some(Property::Text(text)) => text.len(),
                _ => 0,
            });
            i32::try_from(texts.sum::<usize>()).map_err(|_| too_long())?;
            Ok(array(column.kind, values()))
        })
        .collect::<Result<_, ArrowError>>()?;
    arrays.extend(columns);
    Ok(arrays)
}

/// The values of a column.
fn array<'p>(kind: ColumnKind, values: impl Iterator<Item = Option<&'p Property>>) -> ArrayRef {
    match kind {
        ColumnKind::Text => {
            let mut array = StringBuilder::new();
            values.for_each(|value| match value {
                Some(Property::Text(text)) => array.append_value(text),
                _ => array.append_null(),
            });
            Arc::new(array.finish())
        }
        ColumnKind::Number(_) => {
            let mut array = Float64Builder::new();
            values.for_each(|value| {
                array.append_option(match value {
                    Some(Property::Number(of, digits)) => number(*of, *digits),
                    _ => None,
                });
            });
            Arc::new(array.finish())
        }
        ColumnKind::Flag => {
            let mut array = BooleanBuilder::new();
            values.for_each(|value| {
                array.append_option(match value {
                    Some(Property::Flag(flag)) => Some(*flag),
                    _ => None,
                });
            });
            Arc::new(array.finish())
        }
        ColumnKind::Date => {
            let mut array = Date32Builder::new();
            values.for_each(|value| {
                array.append_option(match value {
                    Some(Property::Date(date)) => days(*date),
                    _ => None,
                });
            });
            Arc::new(array.finish())
        }
    }
}

/// The days from the epoch to a date.
pub(super) fn days(date: Date) -> Option<i32> {
    EPOCH.until(date).ok().map(|span| span.get_days())
}
