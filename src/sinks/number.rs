//! Numbers as text in files: with a decimal point unless they are whole by their kind, never with excess digits, never
//! "-0.0".

use crate::layers::Digits;
use std::io::Write;

pub(super) use crate::earth::{degrees, units};

/// Ten million units per degree: 7 decimals, about a centimeter.
const UNITS: f64 = 10_000_000.0;

/// Appends a number. A number that is not finite becomes `null`, since JSON cannot represent it.
pub(super) fn push_number(out: &mut Vec<u8>, number: f64, digits: Digits) {
    if !number.is_finite() {
        out.extend_from_slice(b"null");
        return;
    }
    match digits {
        Digits::Decimals(0) => push_integer(out, number),
        // Beyond 2⁵³ a float has no decimals; the shortest form is used.
        Digits::Decimals(decimals) if number.abs() < 9.0e15 => {
            if !push_rounded(out, number, decimals) {
                let text = format!("{number:.*}", usize::from(decimals));
                out.extend_from_slice(with_point(&text).as_bytes());
            }
        }
        _ => push_shortest(out, number),
    }
}

/// Appends the nearest integer; of two, the even one, as other digits are rounded.
fn push_integer(out: &mut Vec<u8>, number: f64) {
    let whole = number.round_ties_even();
    if whole.abs() >= 9.0e15 {
        out.extend_from_slice(format!("{whole:.0}").as_bytes());
        return;
    }
    if whole < 0.0 {
        out.push(b'-');
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number below 2⁵³"
    )]
    push_whole(out, whole.abs() as u64);
}

/// Appends a number rounded to some decimals, if the product of floats determines the result; returns
/// `false`, and appends nothing, if it does not.
///
/// The product is off by at most 2⁻⁵³ of itself, hence below 2⁴⁰ by at most 2⁻¹³. If it is farther
/// than that from the midpoint between two integers, the true product has the same nearest integer.
fn push_rounded(out: &mut Vec<u8>, number: f64, decimals: u8) -> bool {
    const SCALES: [u32; 8] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000];
    let Some(scale) = SCALES.get(usize::from(decimals)).copied() else { return false };
    let scaled = number.abs() * f64::from(scale);
    let whole = scaled.floor();
    let rest = scaled - whole;
    if scaled >= 1.0e12 || (rest - 0.5).abs() < 1.0 / 4096.0 {
        return false;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number from 0 to 10¹²"
    )]
    let units = whole as u64 + u64::from(rest > 0.5);
    if number < 0.0 && units > 0 {
        out.push(b'-');
    }
    let scale = u64::from(scale);
    push_whole(out, units / scale);
    out.push(b'.');
    push_decimals(out, units % scale, scale);
    true
}

/// Appends the shortest text that parses back to the same number.
///
/// If an integer number of ten-millionths, divided, equals the number, its decimals are that text:
/// integers below 2⁵³ divide as exactly as decimals are parsed, and two different texts of up to 15
/// digits never parse to the same number.
pub(super) fn push_shortest(out: &mut Vec<u8>, number: f64) {
    let units = (number.abs() * UNITS).round();
    if (1.0e3..1.0e15).contains(&units) && units / UNITS == number.abs() {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number from 10³ to 10¹⁵"
        )]
        let units = units as u64;
        if number < 0.0 {
            out.push(b'-');
        }
        push_whole(out, units / 10_000_000);
        out.push(b'.');
        return push_decimals(out, units % 10_000_000, 10_000_000);
    }
    let start = out.len();
    // Writing to memory does not fail.
    let _ = write!(out, "{number:?}");
    let text = out.get(start..).unwrap_or_default();
    if text == b"-0.0" || text.contains(&b'e') {
        let text = with_point(&String::from_utf8_lossy(text));
        out.truncate(start);
        out.extend_from_slice(text.as_bytes());
    }
}

/// Appends an integer.
fn push_whole(out: &mut Vec<u8>, mut number: u64) {
    let mut digits = [0_u8; 20];
    let mut used = 0;
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
        used += 1;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(digits.get(digits.len() - used..).unwrap_or_default());
}

/// Appends the decimals of some units, with `scale` units in a whole, without trailing zeros; one
/// zero if there are no others.
fn push_decimals(out: &mut Vec<u8>, mut units: u64, scale: u64) {
    let mut place = scale / 10;
    loop {
        let digit = units.checked_div(place).unwrap_or(0);
        out.push(b'0' + u8::try_from(digit).unwrap_or(0));
        units -= digit * place;
        place /= 10;
        if units == 0 || place == 0 {
            return;
        }
    }
}

/// A number's text with a decimal point, without trailing zeros, and without the sign of a zero.
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

/// Appends a longitude or latitude given in units.
pub(super) fn push_degrees(out: &mut Vec<u8>, units: i64) {
    let per_degree: u64 = 10_000_000;
    let size = units.unsigned_abs();
    if units < 0 {
        out.push(b'-');
    }
    push_whole(out, size / per_degree);
    out.push(b'.');
    push_decimals(out, size % per_degree, per_degree);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_a_point_and_no_digit_too_many() {
        for (number, digits, text) in [
            (3.0, Digits::Decimals(1), "3.0"),
            (3.0, Digits::Decimals(0), "3"),
            (2.5, Digits::Decimals(0), "2"),
            (-0.3, Digits::Decimals(0), "0"),
            (-1200.0, Digits::Decimals(0), "-1200"),
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

    proptest::proptest! {
        #[test]
        fn rounding_is_that_of_the_exact_value(
            number in -1.0e7_f64..1.0e7,
            tie in -4_000_000_i32..4_000_000,
            decimals in 1_u8..10,
        ) {
            // Multiples of 1/8 are ties between texts of one or two decimals.
            for number in [number, number * 1e-6, f64::from(tie) / 8.0, f64::from(tie) / 1000.0] {
                let mut out = Vec::new();
                push_number(&mut out, number, Digits::Decimals(decimals));
                let text = with_point(&format!("{number:.*}", usize::from(decimals)));
                proptest::prop_assert_eq!(String::from_utf8_lossy(&out), text);
                out.clear();
                push_number(&mut out, number, Digits::All);
                let text = with_point(&format!("{number:?}"));
                proptest::prop_assert_eq!(String::from_utf8_lossy(&out), text);
            }
        }
    }
}
