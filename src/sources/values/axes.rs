//! Reads a longitude or a latitude from its columns: as a number, as an angle in text, or as degrees with
//! separate minutes, seconds and hemisphere.

use super::angles::{Axis, Side, UNCLEAR_O, check_part, read_angle, side_of, unpacked};
use super::numbers::{is_missing, read_number};
use crate::model::Value;
use crate::sources::formats::record::Record;
use crate::sources::intake::columns::{Binding, Field as F};
use crate::sources::intake::map::RoleMap;

/// A coordinate that was read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Coordinate {
    pub value: f64,
    /// What was repaired, and in which field.
    pub mended: Option<(F, &'static str)>,
}

/// Why there is no coordinate, and in which field.
#[derive(Debug, Clone)]
pub(crate) struct Wrong {
    pub field: F,
    pub why: String,
}

fn wrong(field: F, why: impl Into<String>) -> Wrong {
    Wrong { field, why: why.into() }
}

/// A larger number is not an angle, packed or not, but a length.
const WIDEST: f64 = 360.0;

/// Reads the coordinate of an axis, `F::Lon` or `F::Lat`.
///
/// # Errors
/// The reason, if there is none.
pub(crate) fn coordinate(
    record: &Record,
    binding: &Binding,
    map: &RoleMap,
    axis: F,
) -> Result<Coordinate, Wrong> {
    static NOTHING: Value = Value::Missing;
    let value = |field| binding.column(field).map_or(&NOTHING, |at| record.field(at));
    let mut read = match read_number(value(axis), map.decimal_comma) {
        Ok(Some(number)) => {
            let mended = number.repaired.map(|repair| (axis, repair));
            Coordinate { value: number.value, mended }
        }
        Ok(None) => return Err(wrong(axis, "is missing; the record has no place")),
        Err(why) => {
            let text = value(axis).text().unwrap_or_default();
            if text.trim().parse::<f64>().is_ok() {
                // It is a number, but not a usable one.
                return Err(wrong(axis, format!("{why}; the record has no place")));
            }
            let of = if axis == F::Lat { Axis::Lat } else { Axis::Lon };
            let angle = read_angle(&text, of, map.spelling.o_is_west).map_err(|fault| {
                // A text without a digit was not meant as an angle.
                let odd = fault == "is not an angle" || !text.contains(|c: char| c.is_numeric());
                let why = if odd { why.to_owned() } else { fault };
                wrong(axis, format!("{why}; the record has no place"))
            })?;
            // Three digits after a comma may be thousands of meters.
            if angle.axis.is_none() && angle.degrees.abs() > WIDEST {
                return Err(wrong(axis, format!("{why}; the record has no place")));
            }
            if angle.axis.is_some() {
                return Ok(Coordinate { value: angle.degrees, mended: None });
            }
            Coordinate { value: angle.degrees, mended: None }
        }
    };
    if let Some(packed) = map.spelling.packed {
        read.value = unpacked(read.value, packed)
            .map_err(|why| wrong(axis, format!("{why}; the record has no place")))?;
    }
    let away = if axis == F::Lat { map.spelling.negative.0 } else { map.spelling.negative.1 };
    if binding.has_plain_place() || read.value.abs() > WIDEST {
        if away && (0.0..=WIDEST).contains(&read.value) {
            read.value = -read.value;
        }
        return Ok(read);
    }
    let (minutes, seconds, side) = match axis {
        F::Lat => (F::LatMin, F::LatSec, F::LatSide),
        _ => (F::LonMin, F::LonSec, F::LonSide),
    };
    let negative = read.value.is_sign_negative()
        || value(axis).as_str().is_some_and(|text| text.trim().starts_with(['-', '\u{2212}']));
    let mut size = read.value.abs();
    // Only the last of several parts may have decimals.
    let mut whole = size;
    for (at, field, unit) in [(1, minutes, 60.0), (2, seconds, 3600.0)] {
        let part = match read_number(value(field), map.decimal_comma) {
            Ok(None) => continue,
            Ok(Some(number)) => number.value,
            Err(why) => return Err(wrong(field, format!("{why}; the record has no place"))),
        };
        let no_part = |why: &str| wrong(field, format!("{why}; the record has no place"));
        if part < 0.0 {
            return Err(no_part("is negative"));
        }
        check_part(at, part).map_err(|why| no_part(&why))?;
        if part > 0.0 && whole.fract() != 0.0 {
            return Err(no_part("is beside a number with decimals"));
        }
        size += part / unit;
        whole = part;
    }
    let signed = if negative || away { -size } else { size };
    read.value = match side_in(value(side), map) {
        _ if !binding.has(side) => signed,
        Ok(Some(Side::South | Side::West)) => -size,
        Ok(Some(_)) if negative => {
            return Err(wrong(
                side,
                "contradicts the minus of its number; the record has no place",
            ));
        }
        Ok(Some(_)) => size,
        Ok(None) if negative || size == 0.0 => signed,
        Ok(None) => {
            return Err(wrong(
                side,
                "is missing; the hemisphere is unknown, so the record has no place",
            ));
        }
        Err(why) => return Err(wrong(side, format!("{why}; the record has no place"))),
    };
    Ok(read)
}

/// Reads the hemisphere from its own column.
fn side_in(value: &Value, map: &RoleMap) -> Result<Option<Side>, String> {
    if is_missing(value) {
        return Ok(None);
    }
    let text = value.text().unwrap_or_default();
    match (side_of(&text), map.spelling.o_is_west) {
        (Some(Side::O), Some(true)) => Ok(Some(Side::West)),
        (Some(Side::O), Some(false)) => Ok(Some(Side::East)),
        (Some(Side::O), None) => Err(UNCLEAR_O.to_owned()),
        (Some(side), _) => Ok(Some(side)),
        (None, _) => Err("names no hemisphere".to_owned()),
    }
}
