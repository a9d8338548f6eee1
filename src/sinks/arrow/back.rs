//! Record batches as a layer again: of rows that were scored elsewhere, such as on the machines of a cluster.

use crate::earth::Position;
use crate::layers::{Column, ColumnKind, Digits, Layer, Property, Table, own_column_kind};
use crate::sinks::wkb::point_of;
use crate::{Code, Error, Result};
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_cast::cast;
use arrow_schema::{ArrowError, DataType, Field};
use std::sync::Arc;

/// The columns of all rows.
struct Rows {
    ids: ArrayRef,
    geometry: ArrayRef,
    columns: Vec<(Column, ArrayRef)>,
}

/// Makes a layer of points of batches that [`batch`](super::batch) made, joined and in the order in which their features
/// are to be. Other types of text, number and geometry than it makes are taken too, as other programs hand them on.
/// Columns of sites' own texts become numbers or booleans as those of files do.
///
/// # Errors
/// No column `id` or `geometry`, one of another type, or a geometry that is not a point.
pub fn layer(name: &'static str, rows: &RecordBatch) -> Result<Layer<'static>> {
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
    let rows = Arc::new(Rows { ids, geometry, columns });
    let positions: Vec<Position> = (0..rows.ids.len())
        .map(|row| {
            let bytes = rows.geometry.as_binary::<i32>();
            let point = bytes.is_valid(row).then(|| point_of(bytes.value(row))).flatten();
            let point = point.and_then(|[lon, lat]| Position::from_degrees(lon, lat));
            point.ok_or_else(|| {
                Error::data(Code::GeometryDoubtful, format!("{name}: row {row}: is not a point"))
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
    let len = positions.len();
    Ok(Layer::points(name, table, len, move |row| {
        let id = rows.ids.as_string::<i32>();
        let id = (row < id.len() && id.is_valid(row)).then(|| id.value(row).to_owned());
        Some((id?, *positions.get(row)?, row))
    }))
}

/// A column with the values that are read from it.
fn described(
    field: &Field,
    array: &ArrayRef,
) -> std::result::Result<(Column, ArrayRef), ArrowError> {
    let text = |array: &ArrayRef| cast(array, &DataType::Utf8);
    let (kind, array) = match field.data_type() {
        DataType::Boolean => (ColumnKind::Flag, array.clone()),
        DataType::Date32 => (ColumnKind::Date, array.clone()),
        of if of.is_numeric() => {
            (ColumnKind::Number(Digits::All), cast(array, &DataType::Float64)?)
        }
        _ if field.name().starts_with("site_") => {
            let texts = text(array)?;
            let kind = own_column_kind(
                texts.as_string::<i32>().iter().flatten().filter(|text| !text.trim().is_empty()),
            );
            match kind {
                ColumnKind::Flag => (kind, cast(&texts, &DataType::Boolean)?),
                ColumnKind::Number(_) => (kind, cast(&texts, &DataType::Float64)?),
                _ => (ColumnKind::Text, texts),
            }
        }
        _ => (ColumnKind::Text, text(array)?),
    };
    let about = field.metadata().get("description").map_or("", String::as_str).into();
    Ok((Column { name: field.name().as_str().into(), kind, unit: None, about }, array))
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
