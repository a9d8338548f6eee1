//! The geometries of a batch of rows.

use super::geo::Encoding;
use super::srid::member;
use crate::sources::formats::geojson::{is_empty, note_more};
use crate::sources::formats::notes::Notes;
use crate::sources::formats::record::{Geometry, RawGeometry};
use crate::sources::formats::wkb::{self, Decoded};
use crate::sources::values::wkt;
use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef, Float64Array, LargeBinaryArray, LargeStringArray};
use arrow_schema::{ArrowError, DataType};

/// A geometry column.
pub(super) enum Shapes {
    /// The bytes, and the column of which they may be a member.
    Wkb(LargeBinaryArray, ArrayRef),
    Wkt(LargeStringArray),
    Native(ArrayRef, Encoding),
}

impl Shapes {
    /// Reads the geometries of a column.
    ///
    /// # Errors
    /// The column does not have the type of its encoding.
    pub fn new(column: &ArrayRef, encoding: Encoding) -> Result<Self, ArrowError> {
        // Offsets of 64 bits hold those of any part of a column.
        let bytes = |of: &ArrayRef| -> Result<Self, ArrowError> {
            let bytes = arrow_cast::cast(of, &DataType::LargeBinary)?;
            Ok(Self::Wkb(bytes.as_binary::<i64>().clone(), column.clone()))
        };
        match encoding {
            Encoding::Wkb => bytes(column),
            Encoding::WithSrid => bytes(member(column, "wkb")?),
            Encoding::Wkt => {
                let texts = arrow_cast::cast(column, &DataType::LargeUtf8)?;
                Ok(Self::Wkt(texts.as_string::<i64>().clone()))
            }
            native => Ok(Self::Native(column.clone(), native)),
        }
    }

    /// Returns the geometry of a row.
    pub fn geometry(&self, row: usize, notes: &mut Notes) -> Geometry {
        let Decoded { geometry, more } = match self {
            Self::Wkb(bytes, column) if bytes.is_null(row) || column.is_null(row) => {
                return Geometry::None;
            }
            Self::Wkb(bytes, _) => wkb::read(bytes.value(row)),
            Self::Wkt(texts) if texts.is_null(row) => return Geometry::None,
            Self::Wkt(texts) => match wkt::parse(texts.value(row)) {
                Ok(raw) => return raw.map_or(Geometry::None, Geometry::Raw),
                Err(why) => Decoded::broken(why),
            },
            Self::Native(column, _) if column.is_null(row) => return Geometry::None,
            Self::Native(column, encoding) => {
                let mut more = false;
                match native(&column.slice(row, 1), *encoding, &mut more) {
                    None => Decoded::broken("is not of the type that its encoding has"),
                    Some(raw) if is_empty(&raw) => return Geometry::None,
                    Some(raw) => Decoded { geometry: Geometry::Raw(raw), more },
                }
            }
        };
        if more {
            note_more(notes);
        }
        geometry
    }
}

/// Reads a geometry from nested lists of coordinates, given as a column of one row.
fn native(row: &ArrayRef, encoding: Encoding, more: &mut bool) -> Option<RawGeometry> {
    let mut lists = 0;
    let mut of = row.data_type();
    while let DataType::List(field) | DataType::LargeList(field) = of {
        lists += 1;
        of = field.data_type();
    }
    Some(match (encoding, lists) {
        (Encoding::Points, 0) => RawGeometry::Points(positions(row, more)?),
        (Encoding::Points, 1) => RawGeometry::Points(positions(&inner(row)?, more)?),
        (Encoding::Lines, 1) => RawGeometry::Lines(vec![positions(&inner(row)?, more)?]),
        (Encoding::Lines, 2) => RawGeometry::Lines(paths(&inner(row)?, more)?),
        (Encoding::Polygons, 2) => RawGeometry::Polygons(vec![paths(&inner(row)?, more)?]),
        (Encoding::Polygons, 3) => {
            let polygons = inner(row)?;
            let each = (0..polygons.len()).map(|at| paths(&inner(&polygons.slice(at, 1))?, more));
            RawGeometry::Polygons(each.collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

/// The list in the only row of a list column.
fn inner(column: &ArrayRef) -> Option<ArrayRef> {
    if column.len() != 1 || column.is_null(0) {
        return None;
    }
    match column.data_type() {
        DataType::List(_) => Some(column.as_list::<i32>().value(0)),
        DataType::LargeList(_) => Some(column.as_list::<i64>().value(0)),
        _ => None,
    }
}

fn paths(column: &ArrayRef, more: &mut bool) -> Option<Vec<Vec<[f64; 2]>>> {
    (0..column.len()).map(|at| positions(&inner(&column.slice(at, 1))?, more)).collect()
}

/// Reads coordinates from structures of x and y, or interleaved. A point with NaN or null coordinates is an
/// empty point.
fn positions(column: &ArrayRef, more: &mut bool) -> Option<Vec<[f64; 2]>> {
    let missing = |number: Option<f64>| number.unwrap_or(f64::NAN);
    let pairs: Vec<[f64; 2]> = match column.data_type() {
        DataType::Struct(_) => {
            let all = column.as_struct();
            *more |= all.num_columns() > 2;
            let axis =
                |name, at| numbers(all.column_by_name(name).or_else(|| all.columns().get(at))?);
            let (x, y) = (axis("x", 0)?, axis("y", 1)?);
            x.iter().zip(y.iter()).map(|(x, y)| [missing(x), missing(y)]).collect()
        }
        DataType::FixedSizeList(_, width) => {
            let width = usize::try_from(*width).ok().filter(|width| *width >= 2)?;
            *more |= width > 2;
            let list = column.as_fixed_size_list();
            let from = usize::try_from(list.value_offset(0)).ok()?;
            let all = numbers(list.values())?;
            let end = from.checked_add(width.checked_mul(list.len())?)?;
            if end > all.len() {
                return None;
            }
            let all = (from..end).map(|at| all.is_valid(at).then(|| all.value(at)));
            let all: Vec<f64> = all.map(missing).collect();
            let pair = |all: &[f64]| Some([*all.first()?, *all.get(1)?]);
            all.chunks_exact(width).map(pair).collect::<Option<_>>()?
        }
        _ => return None,
    };
    Some(pairs.into_iter().filter(|[x, y]| !(x.is_nan() && y.is_nan())).collect())
}

/// Numbers of any precision.
fn numbers(column: &ArrayRef) -> Option<Float64Array> {
    let numbers = arrow_cast::cast(column, &DataType::Float64).ok()?;
    numbers.as_primitive_opt::<Float64Type>().cloned()
}
