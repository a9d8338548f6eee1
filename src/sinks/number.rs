//! Numbers as they stand in files: always with a decimal point, never more digits than are meant,
//! never "-0.0".

use crate::layers::Digits;
use std::io::Write;

/// Ten million units to the degree: 7 decimals, about a centimeter.
const UNITS: f64 = 10_000_000.0;

/// Appends a number. One that is not finite becomes `null`, since JSON has no word for it.
pub(super) fn push_number(out: &mut Vec<u8>, number: f64, digits: Digits) {
    if !number.is_finite() {
        out.extend_from_slice(b"null");
        return;
    }
    let text = match digits {
        // Past 2⁵³ a float has no decimals, and the shortest form is the honest one.
        Digits::Decimals(decimals) if number.abs() < 9.0e15 => {
            format!("{number:.*}", usize::from(decimals))
        }
        _ => format!("{number:?}"),
    };
    out.extend_from_slice(with_point(&text).as_bytes());
}

/// A number's text with a decimal point, without zeros after its last digit, and without the sign of
/// a zero.
fn with_point(text: &str) -> String {
    let (mantissa, exponent) = match text.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let decimals = decimals.trim_end_matches('0');
    let whole = if whole == "-0" && decimals.is_empty() { "0" } else { whole };
    let decimals = if decimals.is_empty() { "0" } else { decimals };
    match exponent {
        Some(exponent) => format!("{whole}.{decimals}e{exponent}"),
        None => format!("{whole}.{decimals}"),
    }
}

/// A longitude or latitude in whole units of the last decimal that is written.
#[expect(clippy::cast_possible_truncation, reason = "a degree is within ±180, far below 2⁶³")]
pub(super) fn units(degrees: f64) -> i64 {
    (degrees.clamp(-360.0, 360.0) * UNITS).round() as i64
}

/// A longitude or latitude of so many units: the float that is nearest to its text, since both the units
/// and what they are divided by are exact.
#[expect(clippy::cast_precision_loss, reason = "a turn is 3.6e9 units, far below 2⁵³")]
pub(super) fn degrees(units: i64) -> f64 {
    units as f64 / UNITS
}

/// Appends a longitude or latitude of so many units.
pub(super) fn push_degrees(out: &mut Vec<u8>, units: i64) {
    let per_degree: u64 = 10_000_000;
    let size = units.unsigned_abs();
    if units < 0 {
        out.push(b'-');
    }
    // Writing to memory does not fail.
    let _ = write!(out, "{}.", size / per_degree);
    let mut rest = size % per_degree;
    let mut place = per_degree / 10;
    loop {
        let digit = u8::try_from(rest / place).unwrap_or(0);
        out.push(b'0' + digit);
        rest %= place;
        place /= 10;
        if rest == 0 || place == 0 {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_a_point_and_no_digit_too_many() {
        for (number, digits, text) in [
            (3.0, Digits::Decimals(1), "3.0"),
            (3.0, Digits::Decimals(0), "3.0"),
            (12.3456, Digits::Decimals(3), "12.346"),
            (12.5, Digits::Decimals(3), "12.5"),
            (-0.0, Digits::Decimals(1), "0.0"),
            (-0.04, Digits::Decimals(1), "0.0"),
            (100.0, Digits::All, "100.0"),
            (0.1, Digits::All, "0.1"),
            (1e-7, Digits::All, "1.0e-7"),
            (1e300, Digits::Decimals(3), "1.0e300"),
            (-2.5e20, Digits::All, "-2.5e20"),
            (-0.0, Digits::All, "0.0"),
            (f64::NAN, Digits::All, "null"),
            (f64::NEG_INFINITY, Digits::Decimals(2), "null"),
        ] {
            let mut out = Vec::new();
            push_number(&mut out, number, digits);
            assert_eq!(String::from_utf8(out).as_deref(), Ok(text), "{number}");
        }
    }

    #[test]
    fn degrees_have_seven_decimals_at_most() {
        for (degrees, text) in [
            (0.0, "0.0"),
            (-0.0, "0.0"),
            (-0.000_000_01, "0.0"),
            (180.0, "180.0"),
            (-179.999_999_999, "-180.0"),
            (62.05, "62.05"),
            (29.123_456_78, "29.1234568"),
            (-0.000_000_1, "-0.0000001"),
            (10.000_000_5, "10.0000005"),
        ] {
            let mut out = Vec::new();
            push_degrees(&mut out, units(degrees));
            assert_eq!(String::from_utf8(out).as_deref(), Ok(text), "{degrees}");
        }
    }
}
