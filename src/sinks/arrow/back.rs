//! Record batches as a layer again: of rows that were scored elsewhere, such as on the machines of a cluster or in
//! another process.

use crate::earth::{GeometryKind, Position};
use crate::layers::{
    Column, ColumnKind, Digits, Geometry, Layer, Property, Table, own_column_kind,
};
use crate::sinks::wkb::{lines_of, point_of, polygons_of};
use crate::{Code, Error, Result};
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_cast::cast;
use arrow_schema::{ArrowError, DataType, Field, Schema};
use std::borrow::Cow;
use std::sync::Arc;

/// The units of columns.
const UNITS: [&str; 6] = ["km", "km²", "m", "m³", "degrees", "days"];

/// The columns of all rows.
struct Rows {
    ids: ArrayRef,
    columns: Vec<(Column, ArrayRef)>,
}

/// Makes a layer of batches that [`batch`](super::batch) made, joined and in the order in which their features are to be.
/// Other types of text, number and geometry than it makes are taken too, as other programs hand them on.
///
/// # Errors
/// No column `id` or `geometry`, one of another type, or a geometry of another kind.
pub fn layer(name: &'static str, kind: GeometryKind, rows: &RecordBatch) -> Result<Layer<'static>> {
    let failed = |error: ArrowError| {
        Error::data(Code::FileDamaged, format!("{name}: the table cannot be read: {error}"))
    };
    let column = |wanted: &str, kind: &DataType| {
        let column = rows.column_by_name(wanted).ok_or_else(|| {
            Error::data(Code::ColumnMissing, format!("{name}: has no column {wanted}"))
        })?;
        cast(column, kind).map_err(failed)
    };
    let (ids, geometry) = (column("id", &DataType::Utf8)?, column("geometry", &DataType::Binary)?);
    let schema = rows.schema();
    let own = schema.fields().iter().zip(rows.columns());
    let own = own.filter(|(field, _)| !["id", "geometry"].contains(&field.name().as_str()));
    let columns: Vec<(Column, ArrayRef)> = own
        .map(|(field, array)| described(field, array))
        .collect::<std::result::Result<_, _>>()
        .map_err(failed)?;
    let rows = Arc::new(Rows { ids, columns });
    let shapes: Vec<Geometry<'static>> = (0..rows.ids.len())
        .map(|row| {
            let bytes = geometry.as_binary::<i32>();
            let shape = bytes.is_valid(row).then(|| shape(kind, bytes.value(row))).flatten();
            shape.ok_or_else(|| {
                let noun = match kind {
                    GeometryKind::Point => "a point",
                    GeometryKind::Line => "a MultiLineString",
                    GeometryKind::Polygon => "a MultiPolygon",
                };
                Error::data(Code::GeometryDoubtful, format!("{name}: row {row}: is not {noun}"))
            })
        })
        .collect::<Result<_>>()?;
    let mut table = Table::new();
    for (at, (column, _)) in rows.columns.iter().enumerate() {
        let of = Arc::clone(&rows);
        table = table.column(column.clone(), move |row: &usize| {
            of.columns
                .get(at)
                .map_or(Property::Missing, |(column, array)| value(column, array, *row))
        });
    }
    Ok(Layer::of(name, kind, table, shapes.len(), move |row| {
        let id = rows.ids.as_string::<i32>();
        let id = (row < id.len() && id.is_valid(row)).then(|| id.value(row).to_owned());
        Some((id?, shapes.get(row)?.clone(), row))
    }))
}

/// The geometry of a feature of a kind.
fn shape(kind: GeometryKind, bytes: &[u8]) -> Option<Geometry<'static>> {
    Some(match kind {
        GeometryKind::Point => {
            let [lon, lat] = point_of(bytes)?;
            Geometry::Point(Position::from_degrees(lon, lat)?)
        }
        GeometryKind::Line => Geometry::Lines(Cow::Owned(lines_of(bytes)?)),
        GeometryKind::Polygon => Geometry::Polygons(Cow::Owned(polygons_of(bytes)?)),
    })
}

/// Rows in which columns of sites' own texts are numbers or booleans where those of files would be.
///
/// # Errors
/// A type that is no text.
pub fn typed(rows: &RecordBatch) -> std::result::Result<RecordBatch, ArrowError> {
    let schema = rows.schema();
    let columns = schema.fields().iter().zip(rows.columns()).map(|(field, array)| {
        let of = field.data_type();
        let is_text = matches!(of, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
        if !is_text || !field.name().starts_with("site_") {
            return Ok((Arc::clone(field), Arc::clone(array)));
        }
        let texts = cast(array, &DataType::Utf8)?;
        let said = texts.as_string::<i32>().iter().flatten();
        let of = match own_column_kind(said.filter(|text| !text.trim().is_empty())) {
            ColumnKind::Flag => DataType::Boolean,
            ColumnKind::Number(_) => DataType::Float64,
            _ => DataType::Utf8,
        };
        let array = cast(&texts, &of)?;
        Ok((Arc::new(Field::clone(field).with_data_type(of)), array))
    });
    let (fields, arrays): (Vec<_>, Vec<_>) =
        columns.collect::<std::result::Result<Vec<_>, ArrowError>>()?.into_iter().unzip();
    let schema = Schema::new_with_metadata(fields, schema.metadata().clone());
    RecordBatch::try_new(Arc::new(schema), arrays)
}

/// A column with the values that are read from it.
fn described(
    field: &Field,
    array: &ArrayRef,
) -> std::result::Result<(Column, ArrayRef), ArrowError> {
    let said = |key: &str| field.metadata().get(key).map(String::as_str);
    let (kind, array) = match field.data_type() {
        DataType::Boolean => (ColumnKind::Flag, array.clone()),
        DataType::Date32 => (ColumnKind::Date, array.clone()),
        of if of.is_numeric() => {
            let most = said(super::DECIMALS).and_then(|most| most.parse().ok());
            let digits = most.map_or(Digits::All, Digits::Decimals);
            (ColumnKind::Number(digits), cast(array, &DataType::Float64)?)
        }
        _ => (ColumnKind::Text, cast(array, &DataType::Utf8)?),
    };
    let unit = said("unit").and_then(|unit| UNITS.into_iter().find(|known| *known == unit));
    let about = said("description").unwrap_or_default().into();
    Ok((Column { name: field.name().as_str().into(), kind, unit, about }, array))
}

fn value(column: &Column, array: &ArrayRef, row: usize) -> Property {
    if row >= array.len() || array.is_null(row) {
        return Property::Missing;
    }
    match column.kind {
        ColumnKind::Text => Property::Text(array.as_string::<i32>().value(row).to_owned()),
        ColumnKind::Number(digits) => {
            Property::Number(array.as_primitive::<Float64Type>().value(row), digits)
        }
        ColumnKind::Flag => Property::Flag(array.as_boolean().value(row)),
        ColumnKind::Date => {
            let days = i64::from(array.as_primitive::<Date32Type>().value(row));
            let day =
                jiff::Span::new().try_days(days).and_then(|days| super::EPOCH.checked_add(days));
            day.map_or(Property::Missing, Property::Date)
        }
    }
}
