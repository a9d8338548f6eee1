//! Numbers of binary formats as values.

use crate::model::Value;

/// The integer up to which every integer has an exact float, 2^53.
const LARGEST_EXACT: u64 = 1 << 53;

/// Converts an integer; past 2^53 it keeps every digit.
pub(super) fn integer(number: i64) -> Value {
    match i32::try_from(number) {
        Ok(small) => Value::Number(f64::from(small)),
        Err(_) => long(number.unsigned_abs(), number < 0),
    }
}

/// Like [`integer`], for unsigned integers.
pub(super) fn unsigned(number: u64) -> Value {
    match u32::try_from(number) {
        Ok(small) => Value::Number(f64::from(small)),
        Err(_) => long(number, false),
    }
}

fn long(size: u64, negative: bool) -> Value {
    let sign = if negative { "-" } else { "" };
    let text = format!("{sign}{size}");
    match text.parse() {
        Ok(number) if size <= LARGEST_EXACT => Value::Number(number),
        _ => Value::Exact(text),
    }
}

/// Converts a single-precision number by its decimal text: to 0.1, not to the double next to it.
pub(super) fn single(number: f32) -> Value {
    match number.to_string().parse::<f64>() {
        Ok(number) if number.is_finite() => Value::Number(number),
        _ => Value::Missing,
    }
}

/// Converts a double-precision number; a number that is not finite is missing.
pub(super) fn double(number: f64) -> Value {
    if number.is_finite() { Value::Number(number) } else { Value::Missing }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_what_they_say() {
        assert_eq!(integer(-5), Value::Number(-5.0));
        assert_eq!(integer(1 << 53), Value::Number(9_007_199_254_740_992.0));
        assert_eq!(integer(-(1 << 53) - 1), Value::Exact("-9007199254740993".into()));
        assert_eq!(unsigned(u64::MAX), Value::Exact("18446744073709551615".into()));
        assert_eq!(single(0.1), Value::Number(0.1));
        assert_eq!(single(f32::NAN), Value::Missing);
        assert_eq!(double(f64::INFINITY), Value::Missing);
    }
}
