//! Parameters as JSON Schema, in the part of it that OpenAPI 3.0 and 3.1 share.

use super::{Kind, Param};
use serde_json::{Value, json};

/// A length above 0 with its unit.
const LENGTH: &str = "^([1-9][0-9]{0,5}(\\.[0-9]{1,6})?|0\\.[0-9]{0,5}[1-9])(m|km|mi)$";

impl Param {
    /// What its values are.
    pub fn schema(&self) -> Value {
        match self.kind {
            Kind::Integer { least, most, default, .. } => {
                let mut schema = json!({"type": "integer", "minimum": least, "maximum": most});
                if let (Some(default), Some(object)) = (default, schema.as_object_mut()) {
                    object.insert("default".to_owned(), json!(default));
                }
                schema
            }
            Kind::Limit => json!({"type": "integer", "minimum": 1}),
            Kind::Interval => json!({"type": "string", "minLength": 1}),
            Kind::Day => json!({"type": "string", "format": "date"}),
            Kind::Position => numbers(2, 2),
            Kind::Bbox => numbers(4, 6),
            Kind::Word(words) => json!({"type": "string", "enum": words}),
            Kind::Words([]) => list(json!({"type": "string", "minLength": 1})),
            Kind::Words(words) => list(json!({"type": "string", "enum": words})),
            Kind::Length => json!({"type": "string", "pattern": LENGTH}),
            Kind::Text(least) => json!({"type": "string", "minLength": least}),
        }
    }

    /// Whether its values are several with commas.
    pub fn is_list(&self) -> bool {
        matches!(self.kind, Kind::Position | Kind::Bbox | Kind::Words(_))
    }
}

fn numbers(least: usize, most: usize) -> Value {
    json!({"type": "array", "minItems": least, "maxItems": most, "items": {"type": "number"}})
}

fn list(items: Value) -> Value {
    json!({"type": "array", "minItems": 1, "items": items})
}
