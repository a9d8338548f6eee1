//! The type of a column: the narrowest that holds every value without loss.

use crate::model::Value;
use crate::sources::{Cell, Typing};
use jiff::Timestamp;
use jiff::civil::Date;

/// The type of a column's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Flag,
    /// Integers up to 2^53 in absolute value, which a float holds exactly.
    Integer,
    /// 64-bit integers.
    Long,
    Number,
    /// Days, `2024-05-01`.
    Date,
    /// UTC datetimes to the microsecond, `2024-05-01T12:00:00Z`.
    Moment,
    /// Lists and objects.
    Json,
    Text,
}

/// The largest integer up to which a float holds every integer exactly.
const LARGEST_EXACT: i64 = 1 << 53;

impl Kind {
    /// The kind of a value; `None` if it is missing.
    pub(super) fn of(cell: &Cell<'_>, typing: Typing) -> Option<Self> {
        match cell {
            Cell::Text(text) | Cell::Plain(text) => Self::of_text(text, typing),
            Cell::Value(Value::Text(text)) => Self::of_text(text, typing),
            Cell::Number(raw) => Some(Self::of_number(raw)),
            Cell::Value(Value::Exact(raw)) => Some(Self::of_number(raw)),
            Cell::Value(Value::Number(number)) if !number.is_finite() => None,
            // The shortest form of an integer has no decimals.
            Cell::Value(Value::Number(number)) => Some(Self::of_number(&number.to_string())),
            Cell::Value(Value::Bool(_)) => Some(Self::Flag),
            Cell::Nested(_) => Some(Self::Json),
            Cell::Value(Value::Missing) => None,
        }
    }

    fn of_text(text: &str, typing: Typing) -> Option<Self> {
        let is_untyped = typing == Typing::Texts;
        let text = if is_untyped { text.trim() } else { text };
        if text.is_empty() {
            // Untyped formats cannot distinguish empty text from missing.
            return (!is_untyped).then_some(Self::Text);
        }
        let begins = text.as_bytes().first().is_some_and(|byte| byte.is_ascii_digit());
        if is_untyped && (begins || text.starts_with('-')) && is_plain_number(text) {
            return Some(Self::of_number(text));
        }
        if begins && text.len() == 10 && text.parse::<Date>().is_ok() {
            return Some(Self::Date);
        }
        if begins && text.ends_with('Z') && is_moment(text) {
            return Some(Self::Moment);
        }
        let is = |word: &str| text.eq_ignore_ascii_case(word);
        Some(if is_untyped && (is("true") || is("false")) { Self::Flag } else { Self::Text })
    }

    /// The kind of a number in JSON notation.
    fn of_number(raw: &str) -> Self {
        if raw.contains(['.', 'e', 'E']) || raw == "-0" {
            return Self::Number;
        }
        match raw.parse::<i64>() {
            Ok(number) if (-LARGEST_EXACT..=LARGEST_EXACT).contains(&number) => Self::Integer,
            Ok(_) => Self::Long,
            // An integer of so many digits is kept as a text.
            Err(_) => Self::Text,
        }
    }

    /// The narrowest kind that holds values of two kinds.
    pub(super) fn join(self, other: Self) -> Self {
        match (self, other) {
            (one, other) if one == other => one,
            (Self::Integer, Self::Long) | (Self::Long, Self::Integer) => Self::Long,
            (Self::Integer, Self::Number) | (Self::Number, Self::Integer) => Self::Number,
            _ => Self::Text,
        }
    }
}

/// Whether a text is a JSON number that carries no more than the number does: `007` and `+5` carry more, and a
/// float loses some of more than 15 significant digits.
fn is_plain_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, decimals) = match mantissa.split_once('.') {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (mantissa, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_number = digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && decimals.is_none_or(digits)
        && exponent.is_none_or(|of| digits(of.strip_prefix(['+', '-']).unwrap_or(of)));
    let is_integer = decimals.is_none() && exponent.is_none();
    let significant = whole.trim_start_matches('0').len() + decimals.map_or(0, str::len);
    is_number
        && (is_integer && text.parse::<i64>().is_ok()
            || !is_integer && significant <= 17 && survives(text))
}

/// Whether a number keeps its significant digits when parsed and written again.
fn survives(text: &str) -> bool {
    let digits = |text: &str| {
        let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
        let all: String = mantissa.chars().filter(char::is_ascii_digit).collect();
        all.trim_matches('0').to_owned()
    };
    text.parse::<f64>()
        .is_ok_and(|number| number.is_finite() && digits(&format!("{number:e}")) == digits(text))
}

fn is_moment(text: &str) -> bool {
    let is_split = text.as_bytes().get(10) == Some(&b'T') && text.len() >= 20;
    let decimals = text.split_once('.').map_or("Z", |(_, decimals)| decimals);
    is_split && decimals.len() <= "123456Z".len() && text.parse::<Timestamp>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_of_the_narrowest_kind_that_loses_nothing() {
        for (text, kind) in [
            ("12", Some(Kind::Integer)),
            ("-12", Some(Kind::Integer)),
            ("9007199254740992", Some(Kind::Integer)),
            ("9007199254740993", Some(Kind::Long)),
            ("9223372036854775808", Some(Kind::Text)),
            ("-0", Some(Kind::Number)),
            ("3.50", Some(Kind::Number)),
            ("1e6", Some(Kind::Number)),
            ("0.1", Some(Kind::Number)),
            ("66.92374652837465", Some(Kind::Number)),
            ("0.12345678901234567890", Some(Kind::Text)),
            ("007", Some(Kind::Text)),
            ("+5", Some(Kind::Text)),
            ("1,5", Some(Kind::Text)),
            ("1.", Some(Kind::Text)),
            (".5", Some(Kind::Text)),
            ("-", Some(Kind::Text)),
            ("NaN", Some(Kind::Text)),
            ("1e999", Some(Kind::Text)),
            ("TRUE", Some(Kind::Flag)),
            ("2024-02-29", Some(Kind::Date)),
            ("2023-02-29", Some(Kind::Text)),
            ("2024-02-29T12:00:00Z", Some(Kind::Moment)),
            ("2024-02-29T12:00:00.123456Z", Some(Kind::Moment)),
            ("2024-02-29T12:00:00.1234567Z", Some(Kind::Text)),
            ("2024-02-29 12:00:00", Some(Kind::Text)),
            ("  ", None),
            ("", None),
        ] {
            assert_eq!(Kind::of(&Cell::Text(text), Typing::Texts), kind, "{text:?}");
        }
        for (text, kind) in [("12", Kind::Text), ("true", Kind::Text), ("", Kind::Text)] {
            assert_eq!(Kind::of(&Cell::Text(text), Typing::Values), Some(kind), "{text:?}");
        }
    }

    #[test]
    fn kinds_join_to_one_that_holds_both() {
        for (one, other, both) in [
            (Kind::Integer, Kind::Long, Kind::Long),
            (Kind::Integer, Kind::Number, Kind::Number),
            // A float would lose digits of the integer.
            (Kind::Long, Kind::Number, Kind::Text),
            (Kind::Date, Kind::Moment, Kind::Text),
            (Kind::Flag, Kind::Integer, Kind::Text),
            (Kind::Json, Kind::Text, Kind::Text),
        ] {
            assert_eq!((one.join(other), other.join(one)), (both, both));
        }
    }
}
