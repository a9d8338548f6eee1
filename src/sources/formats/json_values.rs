//! Conversion of JSON numbers, lists and objects from their text.

use crate::model::Value;

/// The deepest nesting of lists and objects in a value; serde_json's own limit.
pub(in crate::sources::formats) const DEEPEST: usize = 128;

/// The integer up to which every integer has an exact float, 2^53.
const LARGEST_EXACT: u64 = 1 << 53;

/// Parses a JSON number; integers past 2^53 keep every digit.
pub(crate) fn number(raw: &str) -> Option<Value> {
    if raw.contains(['.', 'e', 'E']) {
        return finite(raw).map(Value::Number);
    }
    let digits = raw.strip_prefix('-').unwrap_or(raw);
    match digits.parse::<u64>() {
        Ok(size) if size <= LARGEST_EXACT => finite(raw).map(Value::Number),
        _ => Some(Value::Exact(raw.to_owned())),
    }
}

/// Parses a finite number.
pub(in crate::sources::formats) fn finite(raw: &str) -> Option<f64> {
    raw.parse::<f64>().ok().filter(|number| number.is_finite())
}

/// Whether a number is finite. The largest is 1.8e308, so a short text without an exponent is always
/// finite.
#[inline]
pub(in crate::sources::formats) fn is_finite(raw: &str, exponent: bool) -> bool {
    !exponent && raw.len() < 300 || finite(raw).is_some()
}

/// Removes the blanks between the tokens of a JSON text; `None` if it nests too deep.
pub(crate) fn compact(raw: &str) -> Option<String> {
    let mut out = String::with_capacity(raw.len());
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for character in raw.chars() {
        if in_text {
            in_text = escaped || character != '"';
            escaped = !escaped && character == '\\';
        } else {
            match character {
                ' ' | '\t' | '\r' | '\n' => continue,
                '"' => in_text = true,
                '[' | '{' => depth += 1,
                ']' | '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        if depth > DEEPEST {
            return None;
        }
        out.push(character);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_what_they_say() {
        for (raw, value) in [
            ("1", Some(Value::Number(1.0))),
            ("9007199254740992", Some(Value::Number(9_007_199_254_740_992.0))),
            ("9007199254740993", Some(Value::Exact("9007199254740993".into()))),
            ("-123456789012345678901234567890", {
                Some(Value::Exact("-123456789012345678901234567890".into()))
            }),
            ("1e999", None),
            ("1.5e3", Some(Value::Number(1500.0))),
        ] {
            assert_eq!(number(raw), value, "{raw}");
        }
    }
}
