//! The geometries of a batch of rows.

use super::geo::Encoding;
use crate::sources::formats::geojson::{is_empty, note_more};
use crate::sources::formats::notes::Notes;
use crate::sources::formats::record::{Geometry, RawGeometry};
use crate::sources::formats::wkb::{self, Decoded};
use crate::sources::values::wkt;
use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef, BinaryArray};
use arrow_schema::{ArrowError, DataType};

/// A geometry column.
pub(super) enum Shapes {
    Wkb(BinaryArray),
    Wkt(ArrayRef),
    Native(ArrayRef, Encoding),
}

impl Shapes {
    /// Reads the geometries of a column.
    ///
    /// # Errors
    /// The column does not have the type of its encoding.
    pub fn new(column: &ArrayRef, encoding: Encoding) -> Result<Self, ArrowError> {
        Ok(match encoding {
            Encoding::Wkb => {
                let bytes = arrow_cast::cast(column, &DataType::Binary)?;
                Self::Wkb(bytes.as_binary::<i32>().clone())
            }
            Encoding::Wkt => Self::Wkt(arrow_cast::cast(column, &DataType::Utf8)?),
            native => Self::Native(column.clone(), native),
        })
    }

    /// Returns the geometry of a row.
    pub fn geometry(&self, row: usize, notes: &mut Notes) -> Geometry {
        let Decoded { geometry, more } = match self {
            Self::Wkb(bytes) if bytes.is_null(row) => return Geometry::None,
            Self::Wkb(bytes) => wkb::read(bytes.value(row)),
            Self::Wkt(texts) if texts.is_null(row) => return Geometry::None,
            Self::Wkt(texts) => match wkt::parse(texts.as_string::<i32>().value(row)) {
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

/// Reads coordinates from structures of x and y, or interleaved. A point with NaN coordinates is an
/// empty point.
fn positions(column: &ArrayRef, more: &mut bool) -> Option<Vec<[f64; 2]>> {
    let pairs: Vec<[f64; 2]> = match column.data_type() {
        DataType::Struct(_) => {
            let all = column.as_struct();
            let [x, y] = [all.columns().first()?, all.columns().get(1)?]
                .map(|numbers| numbers.as_primitive_opt::<Float64Type>());
            *more |= all.num_columns() > 2;
            x?.values().iter().zip(y?.values()).map(|(x, y)| [*x, *y]).collect()
        }
        DataType::FixedSizeList(_, width) => {
            let width = usize::try_from(*width).ok().filter(|width| *width >= 2)?;
            *more |= width > 2;
            let list = column.as_fixed_size_list();
            let from = usize::try_from(list.value_offset(0)).ok()?;
            let numbers = list.values().as_primitive_opt::<Float64Type>()?.values();
            let numbers = numbers.get(from..from.checked_add(width.checked_mul(list.len())?)?)?;
            let pair = |all: &[f64]| Some([*all.first()?, *all.get(1)?]);
            numbers.chunks_exact(width).map(pair).collect::<Option<_>>()?
        }
        _ => return None,
    };
    Some(pairs.into_iter().filter(|[x, y]| !(x.is_nan() && y.is_nan())).collect())
}
