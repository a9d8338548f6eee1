//! JSON values as cells of a record.

use super::members::Kind;
use crate::model::Value;
use crate::sources::formats::json_values::{compact, number};
use crate::sources::formats::record::Cell;

/// Converts a JSON value.
///
/// # Errors
/// Why it has no value: a number out of range, an escape that is not a character, too deep nesting.
pub(in crate::sources::formats) fn cell(raw: &str) -> Result<Cell<'_>, &'static str> {
    match Kind::of(raw) {
        Kind::Null => Ok(Cell::Value(Value::Missing)),
        Kind::Truth => Ok(Cell::Value(Value::Bool(raw.starts_with('t')))),
        Kind::Number => match number(raw) {
            Some(_) => Ok(Cell::Number(raw)),
            None => Err("is too large for a number"),
        },
        Kind::Text => serde_json::from_str(raw)
            .map(|text| Cell::Value(Value::Text(text)))
            .map_err(|_| "has an escape that is not a character"),
        Kind::Object | Kind::List => match compact(raw) {
            Some(_) => Ok(Cell::Nested(raw)),
            None => Err("is nested deeper than 128 levels"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_values_become_compact_text() {
        let raw = r#"{ "a b" : [ 1, "x \" ] y", { } ] }"#;
        let flat = cell(raw).map(Cell::into_value);
        assert_eq!(flat, Ok(Value::Text(r#"{"a b":[1,"x \" ] y",{}]}"#.into())));
        let deep = "[".repeat(200) + &"]".repeat(200);
        assert!(cell(&deep).is_err());
    }
}
