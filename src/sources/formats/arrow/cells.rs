//! The values of a batch of rows.

use crate::model::Value;
use crate::sources::formats::json_values::number;
use crate::sources::formats::notes::Notes;
use crate::sources::formats::record::Cell;
use crate::sources::formats::typed::{double, integer, single, unsigned};
use arrow_array::cast::AsArray;
use arrow_array::timezone::Tz;
use arrow_array::types::{Float32Type, Float64Type, Int64Type, UInt64Type};
use arrow_array::{Array, ArrayRef, LargeStringArray, PrimitiveArray};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{ArrowError, DataType};
use serde_json::{Map, Value as Json};
use std::sync::Arc;

/// The deepest nesting of lists and structures.
const DEEPEST: usize = 16;

/// A column, in the form from which its values are read.
pub(super) enum Column {
    Texts(LargeStringArray),
    Doubles(PrimitiveArray<Float64Type>),
    Singles(PrimitiveArray<Float32Type>),
    Integers(PrimitiveArray<Int64Type>),
    Unsigned(PrimitiveArray<UInt64Type>),
    Truths(ArrayRef),
    /// Decimal numbers as text, digit by digit.
    Decimals(LargeStringArray),
    Nested(ArrayRef),
    Bytes(ArrayRef),
    Nothing,
}

impl Column {
    /// Reads the values of a column.
    ///
    /// # Errors
    /// The column is of a type that cannot be written as text.
    pub fn new(column: &ArrayRef) -> Result<Self, ArrowError> {
        use DataType as T;
        let cast = |to: &DataType| arrow_cast::cast(column, to);
        Ok(match column.data_type() {
            T::Null => Self::Nothing,
            T::Boolean => Self::Truths(column.clone()),
            T::Int8 | T::Int16 | T::Int32 | T::Int64 | T::UInt8 | T::UInt16 | T::UInt32 => {
                Self::Integers(cast(&T::Int64)?.as_primitive().clone())
            }
            T::UInt64 => Self::Unsigned(column.as_primitive().clone()),
            T::Float16 | T::Float32 => Self::Singles(cast(&T::Float32)?.as_primitive().clone()),
            T::Float64 => Self::Doubles(column.as_primitive().clone()),
            T::Utf8 | T::LargeUtf8 | T::Utf8View => {
                // Offsets of 64 bits hold those of any part of a column.
                Self::Texts(cast(&T::LargeUtf8)?.as_string().clone())
            }
            T::Dictionary(_, of) => Self::new(&cast(of)?)?,
            T::RunEndEncoded(_, of) => Self::new(&cast(of.data_type())?)?,
            T::Decimal32(..) | T::Decimal64(..) | T::Decimal128(..) | T::Decimal256(..) => {
                Self::Decimals(words(column)?)
            }
            // A moment is on the clock of its zone, as in a file of text; on that of UTC if the zone is unknown.
            T::Timestamp(unit, Some(zone)) if zone.parse::<Tz>().is_err() => {
                Self::Texts(words(&cast(&T::Timestamp(*unit, Some("+00:00".into())))?)?)
            }
            T::Binary | T::LargeBinary | T::BinaryView | T::FixedSizeBinary(_) => {
                Self::Bytes(column.clone())
            }
            T::List(_) | T::LargeList(_) | T::FixedSizeList(..) | T::Struct(_) | T::Map(..) => {
                Self::Nested(column.clone())
            }
            _ => Self::Texts(words(column)?),
        })
    }

    /// Returns the value of a row.
    pub fn cell(&self, row: usize, name: &Arc<str>, notes: &mut Notes) -> Cell<'_> {
        let missing = Cell::Value(Value::Missing);
        let value = match self {
            Self::Texts(all) if all.is_null(row) => return missing,
            Self::Texts(all) => return Cell::Text(all.value(row)),
            Self::Doubles(all) if all.is_null(row) => Value::Missing,
            Self::Doubles(all) => double(all.value(row)),
            Self::Singles(all) if all.is_null(row) => Value::Missing,
            Self::Singles(all) => single(all.value(row)),
            Self::Integers(all) if all.is_null(row) => Value::Missing,
            Self::Integers(all) => integer(all.value(row)),
            Self::Unsigned(all) if all.is_null(row) => Value::Missing,
            Self::Unsigned(all) => unsigned(all.value(row)),
            Self::Truths(all) if all.is_null(row) => Value::Missing,
            Self::Truths(all) => Value::Bool(all.as_boolean().value(row)),
            Self::Decimals(all) if all.is_null(row) => Value::Missing,
            Self::Decimals(all) => number(all.value(row)).unwrap_or_default(),
            Self::Nested(all) if all.is_null(row) => Value::Missing,
            Self::Nested(all) => json(&all.slice(row, 1), DEEPEST)
                .map_or(Value::Missing, |value| Value::Text(value.to_string())),
            Self::Bytes(all) => {
                if !all.is_null(row) {
                    notes.add(name.to_string(), "holds bytes; read as missing");
                }
                Value::Missing
            }
            Self::Nothing => Value::Missing,
        };
        Cell::Value(value)
    }
}

/// Converts the values of a column to text, dates as ISO 8601.
fn words(column: &ArrayRef) -> Result<LargeStringArray, ArrowError> {
    let options = FormatOptions::default();
    let format = ArrayFormatter::try_new(column, &options)?;
    let word = |row| (!column.is_null(row)).then(|| format.value(row).try_to_string().ok());
    Ok((0..column.len()).map(|row| word(row).flatten()).collect())
}

/// Converts the only row of a column to JSON; `None` if it nests too deep or cannot be written as
/// text.
fn json(column: &ArrayRef, depth: usize) -> Option<Json> {
    let depth = depth.checked_sub(1)?;
    if column.is_null(0) {
        return Some(Json::Null);
    }
    let list = |all: &ArrayRef| -> Option<Json> {
        (0..all.len())
            .map(|at| json(&all.slice(at, 1), depth))
            .collect::<Option<_>>()
            .map(Json::Array)
    };
    match column.data_type() {
        DataType::List(_) => list(&column.as_list::<i32>().value(0)),
        DataType::LargeList(_) => list(&column.as_list::<i64>().value(0)),
        DataType::FixedSizeList(..) => list(&column.as_fixed_size_list().value(0)),
        DataType::Struct(fields) => {
            let columns = column.as_struct().columns();
            let members = fields.iter().zip(columns);
            let one = |(field, value): (&Arc<arrow_schema::Field>, &ArrayRef)| {
                Some((field.name().clone(), json(value, depth)?))
            };
            members.map(one).collect::<Option<Map<_, _>>>().map(Json::Object)
        }
        DataType::Map(..) => {
            let entries = column.as_map().value(0);
            let [keys, values] = [entries.columns().first()?, entries.columns().get(1)?];
            let one = |at: usize| {
                let key = match json(&keys.slice(at, 1), depth)? {
                    Json::String(text) => text,
                    other => other.to_string(),
                };
                Some((key, json(&values.slice(at, 1), depth)?))
            };
            (0..entries.len()).map(one).collect::<Option<Map<_, _>>>().map(Json::Object)
        }
        _ => {
            let column = Column::new(column).ok()?;
            let mut notes = Notes::default();
            let value = column.cell(0, &Arc::from(""), &mut notes).into_value();
            Some(match value {
                Value::Missing => Json::Null,
                Value::Text(text) => Json::String(text),
                Value::Bool(truth) => Json::Bool(truth),
                Value::Number(number) => whole(number),
                Value::Exact(text) => serde_json::from_str(&text).unwrap_or(Json::String(text)),
            })
        }
    }
}

/// A number, without a decimal point if it is an integer.
fn whole(number: f64) -> Json {
    let text = number.to_string();
    serde_json::from_str(&text).unwrap_or(Json::Null)
}
