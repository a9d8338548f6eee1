//! Numbers in tables: blanks, dashes and N/A are missing and never zero, a typographic minus is
//! repaired, and a comma is a decimal mark only if declared.

use super::digits::plain_digits;
use crate::model::Value;

/// A finite number, and what was repaired to get it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Number {
    pub value: f64,
    pub repaired: Option<&'static str>,
}

/// Words and marks for missing values, in lower case.
pub(crate) const MISSING: [&str; 24] = [
    "",
    "-",
    "--",
    "---",
    "–",
    "—",
    "−",
    ".",
    "..",
    "...",
    "…",
    "n/a",
    "na",
    "n.a.",
    "n.a",
    "#n/a",
    "#na",
    "none",
    "null",
    "nil",
    "unknown",
    "nan",
    "not available",
    "no data",
];

/// Whether a value means that nothing is known.
pub(crate) fn is_missing(value: &Value) -> bool {
    match value {
        Value::Missing => true,
        Value::Text(text) => is_missing_text(text),
        _ => false,
    }
}

/// Whether a text means that nothing is known.
pub(crate) fn is_missing_text(text: &str) -> bool {
    // The first letter rules out nearly every text.
    if text.starts_with(|c: char| c.is_ascii_alphanumeric() && !matches!(c, 'n' | 'N' | 'u' | 'U'))
    {
        return false;
    }
    let text = text.trim();
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    // The longest of the words has 13 letters.
    if text.is_ascii() {
        return MISSING.iter().any(|word| word.eq_ignore_ascii_case(text));
    }
    text.chars().count() <= 13 && MISSING.contains(&text.to_lowercase().as_str())
}

/// Reads a number; `Ok(None)` if the value is missing.
///
/// # Errors
/// The fault, as a phrase that follows the value.
pub(crate) fn read_number(
    value: &Value,
    decimal_comma: bool,
) -> Result<Option<Number>, &'static str> {
    match value {
        Value::Number(number) if number.is_finite() => {
            Ok(Some(Number { value: *number, repaired: None }))
        }
        Value::Number(_) => Err("is not a finite number"),
        Value::Bool(_) => Err("is not a number"),
        value if is_missing(value) => Ok(None),
        Value::Missing => Ok(None),
        Value::Text(text) | Value::Exact(text) => parse(text.trim(), decimal_comma).map(Some),
    }
}

fn parse(text: &str, decimal_comma: bool) -> Result<Number, &'static str> {
    if !decimal_comma && text.bytes().all(is_plain) {
        return finite(text, None);
    }
    let mut text = plain_digits(text).into_owned();
    let mut repaired = None;
    // Spreadsheets put an apostrophe before a number that is to stay text.
    if let Some(number) = text.strip_prefix('\'').filter(|rest| rest.bytes().all(is_plain)) {
        text = number.to_owned();
        repaired =
            Some("has an apostrophe in front, which marks text in spreadsheets; read without it");
    }
    if text.contains('\u{2212}') {
        text = text.replace('\u{2212}', "-");
        repaired = Some("has a typographic minus (U+2212); read as a hyphen");
    }
    if let Some(joined) = without_groups(&text, is_grouping_blank, decimal_comma) {
        text = joined;
        repaired = repaired.or(Some("has blanks between groups of digits; read without them"));
    }
    if !decimal_comma && (text.contains('.') || text.matches(',').count() > 1) {
        // A single comma before three digits is ambiguous.
        let joined = without_groups(&text, |c| c == ',', false);
        repaired =
            joined.as_ref().map(|_| "has commas between thousands; read without them").or(repaired);
        text = joined.unwrap_or(text);
    }
    if decimal_comma {
        text = without_groups(&text, |c| c == '.', true).unwrap_or(text);
        if text.matches(',').count() == 1 {
            text = text.replace(',', ".");
        }
    }
    if !text.bytes().all(is_plain) {
        return Err(if text.contains(',') && text.chars().all(is_number_or_comma) {
            "has a comma; if it is the decimal mark, declare it: decimal_comma=true in the column map"
        } else if text.trim_end().ends_with('%') {
            "is a percentage, not a number"
        } else {
            "is not a number"
        });
    }
    finite(&text, repaired)
}

/// Whether a character occurs in plain numbers.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E')
}

fn finite(text: &str, repaired: Option<&'static str>) -> Result<Number, &'static str> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(Number { value, repaired }),
        Ok(_) => Err("is not a finite number"),
        Err(_) => Err("is not a number"),
    }
}

fn is_number_or_comma(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | ',')
}

/// Whether a character is a blank or apostrophe used as a thousands separator.
fn is_grouping_blank(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '\u{2019}')
}

/// Returns the number without its thousands separators; `None` if there are none, or if the groups
/// do not have three digits, so that the marks must mean something else.
fn without_groups(
    text: &str,
    is_mark: impl Fn(char) -> bool,
    decimal_comma: bool,
) -> Option<String> {
    let decimal = if decimal_comma { ',' } else { '.' };
    let (whole, rest) = match text.find(decimal) {
        Some(at) => (text.get(..at)?, text.get(at..)?),
        None => (text, ""),
    };
    let digits = whole.trim_start_matches(['+', '-']);
    if !digits.contains(&is_mark) {
        return None;
    }
    let groups: Vec<&str> = digits.split(&is_mark).collect();
    let all_digits = groups.iter().all(|group| group.chars().all(|c| c.is_ascii_digit()));
    let (first, others) = groups.split_first()?;
    let sized = (1..=3).contains(&first.len()) && others.iter().all(|group| group.len() == 3);
    (all_digits && sized).then(|| {
        let sign: String = whole.chars().take_while(|c| matches!(c, '+' | '-')).collect();
        format!("{sign}{}{rest}", groups.concat())
    })
}

/// Reads a count: a non-negative integer as written in tables (`2`, `2.0`).
///
/// # Errors
/// The fault, as a phrase that follows the value.
pub(crate) fn read_count(value: &Value, decimal_comma: bool) -> Result<Option<u32>, &'static str> {
    let Some(number) = read_number(value, decimal_comma)? else {
        return Ok(None);
    };
    if number.value < 0.0 {
        return Err("is negative; taken as missing");
    }
    if number.value.fract() != 0.0 {
        return Err("is not a whole number; taken as missing");
    }
    if number.value > f64::from(u32::MAX) {
        return Err("is too large to be a count; taken as missing");
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number from 0 to the largest there is"
    )]
    let count = number.value as u32;
    Ok(Some(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, comma: bool) -> Result<Option<f64>, &'static str> {
        read_number(&Value::Text(text.into()), comma).map(|number| number.map(|n| n.value))
    }

    #[test]
    fn numbers_are_read_as_tables_write_them() {
        for (text, comma, value) in [
            ("12.5", false, 12.5),
            (" -3 ", false, -3.0),
            ("1.0", false, 1.0),
            ("6.02e3", false, 6020.0),
            ("\u{2212}23.8901", false, -23.8901),
            ("1 000", false, 1000.0),
            ("12\u{202f}345.5", false, 12345.5),
            ("1'234'567", false, 1_234_567.0),
            ("1,5", true, 1.5),
            ("1.234,5", true, 1234.5),
            ("-67,0025", true, -67.0025),
            ("12,345.6", false, 12_345.6),
            ("1,234,567", false, 1_234_567.0),
            ("٢٩.١٢٥", false, 29.125),
            ("۲۹٫۱۲۵", false, 29.125),
            ("２９．１２５", false, 29.125),
            ("'28.525", false, 28.525),
        ] {
            assert_eq!(read(text, comma), Ok(Some(value)), "{text}");
        }
    }

    #[test]
    fn what_is_not_known_is_missing_and_never_zero() {
        for text in
            ["", "  ", "-", "N/A", "NA", "n/a", "..", "unknown", "NaN", "\u{a0}", "—", "null"]
        {
            assert_eq!(read(text, false), Ok(None), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_never_guessed() {
        for text in
            ["1,5", "1,000", "12%", "1e999", "inf", "0x10", "3 4", "40.85,", "1.2.3", "+", "twelve"]
        {
            assert!(read(text, false).is_err(), "{text}");
        }
    }

    #[test]
    fn a_count_is_whole_and_not_negative() {
        let count = |text: &str| read_count(&Value::Text(text.into()), false);
        assert_eq!(count("2.0"), Ok(Some(2)));
        assert_eq!(count("73000"), Ok(Some(73000)));
        assert_eq!(count(""), Ok(None));
        for wrong in ["-1", "2.5", "99999999999", "1e300", "+x"] {
            assert!(count(wrong).is_err(), "{wrong}");
        }
    }
}
