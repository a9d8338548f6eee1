//! A value of a cell, converted for output.

use super::kind::Kind;
use crate::model::Value;
use crate::sources::{Cell, Typing};
use std::borrow::Cow;

/// A value, with numbers in their output notation.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Item<'c> {
    Missing,
    Flag(bool),
    /// A number in JSON notation.
    Number(Cow<'c, str>),
    Text(&'c str),
    /// A JSON array or object.
    Json(&'c str),
}

impl<'c> Item<'c> {
    /// The value of a cell in a column of a kind.
    pub(super) fn of(cell: &'c Cell<'_>, kind: Kind, typing: Typing) -> Self {
        match cell {
            Cell::Text(text) | Cell::Plain(text) => Self::of_text(text, kind, typing),
            Cell::Value(Value::Text(text)) => Self::of_text(text, kind, typing),
            Cell::Number(raw) => Self::Number(Cow::Borrowed(raw)),
            Cell::Value(Value::Exact(raw)) => Self::Number(Cow::Borrowed(raw)),
            Cell::Value(Value::Number(number)) if !number.is_finite() => Self::Missing,
            Cell::Value(Value::Number(number)) => Self::Number(Cow::Owned(shortest(*number))),
            Cell::Value(Value::Bool(flag)) => Self::Flag(*flag),
            Cell::Nested(raw) => Self::Json(raw),
            Cell::Value(Value::Missing) => Self::Missing,
        }
    }

    fn of_text(text: &'c str, kind: Kind, typing: Typing) -> Self {
        if typing != Typing::Texts {
            return Self::Text(text);
        }
        let bare = text.trim();
        match kind {
            _ if bare.is_empty() => Self::Missing,
            Kind::Integer | Kind::Long | Kind::Number => Self::Number(Cow::Borrowed(bare)),
            Kind::Flag => Self::Flag(bare.eq_ignore_ascii_case("true")),
            Kind::Date | Kind::Moment => Self::Text(bare),
            Kind::Json | Kind::Text => Self::Text(text),
        }
    }

    /// The value as a text; `None` if it is missing.
    pub(super) fn text(&self) -> Option<Cow<'_, str>> {
        Some(match self {
            Self::Missing => return None,
            Self::Flag(flag) => Cow::Borrowed(if *flag { "true" } else { "false" }),
            Self::Number(text) => Cow::Borrowed(text.as_ref()),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Json(raw) => Cow::Owned(compact(raw)),
        })
    }
}

/// The shortest text that parses to the number; integers have no decimals.
fn shortest(number: f64) -> String {
    let text = format!("{number:?}");
    text.strip_suffix(".0")
        .map_or(text.clone(), |whole| if whole == "-0" { text.clone() } else { whole.to_owned() })
}

/// JSON without whitespace between its tokens.
pub(super) fn compact(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let (mut quoted, mut escaped) = (false, false);
    for c in raw.chars() {
        if quoted {
            quoted = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else if c.is_ascii_whitespace() {
            continue;
        } else {
            quoted = c == '"';
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_short_as_they_can_be() {
        for (number, text) in
            [(3.0, "3"), (-3.5, "-3.5"), (-0.0, "-0.0"), (1e21, "1e21"), (0.1, "0.1")]
        {
            assert_eq!(shortest(number), text);
        }
    }

    #[test]
    fn blanks_between_tokens_are_taken_out_and_those_in_texts_kept() {
        assert_eq!(compact("{ \"a b\" : [ 1 , \"\\\" c\" ] }"), "{\"a b\":[1,\"\\\" c\"]}");
    }
}
