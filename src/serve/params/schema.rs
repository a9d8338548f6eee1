//! Parameters as JSON Schema, in the part of it that OpenAPI 3.0 and 3.1 share.

use super::{Kind, Param};
use serde_json::{Value, json};

/// A length above 0 with its unit.
const LENGTH: &str = "^([1-9][0-9]{0,5}(\\.[0-9]{1,6})?|0\\.[0-9]{0,5}[1-9])(m|km|mi)$";

/// A text that is not blank, and has no zero character.
const ONE: &str = "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$";

/// The same of at least two characters besides blanks around them.
const TWO: &str = "^\\s*[^\\s\\u0000][^\\u0000]*[^\\s\\u0000]\\s*$";

impl Param {
    /// What its values are.
    pub fn schema(&self) -> Value {
        match self.kind {
            Kind::Integer { least, most, default, capped } => {
                let mut schema = json!({"type": "integer", "minimum": least});
                if let Some(members) = schema.as_object_mut() {
                    let most = (!capped).then_some(("maximum", most));
                    let default = default.map(|default| ("default", default));
                    let more = most.into_iter().chain(default);
                    members.extend(more.map(|(name, number)| (name.to_owned(), json!(number))));
                }
                schema
            }
            Kind::Limit => json!({"type": "integer", "minimum": 1}),
            Kind::Interval => self.text(json!({"minLength": 1})),
            Kind::Day => json!({"type": "string", "format": "date"}),
            Kind::Position => {
                numbers(2, 2, json!({"type": "number", "minimum": -180, "maximum": 180}))
            }
            Kind::Bbox => numbers(4, 6, json!({"type": "number"})),
            Kind::Word(words) => json!({"type": "string", "enum": words}),
            Kind::Words([]) => list(self.text(json!({"minLength": 1}))),
            Kind::Words(words) => list(json!({"type": "string", "enum": words})),
            Kind::Length => json!({"type": "string", "pattern": LENGTH}),
            Kind::Text(least) => {
                let pattern = if least > 1 { TWO } else { ONE };
                self.text(json!({"minLength": least, "pattern": pattern}))
            }
        }
    }

    /// The schema of texts: their format, which says more than what is known without one.
    fn text(&self, without: Value) -> Value {
        let mut schema = self.format.map_or(without, |word| json!({"format": word}));
        if let Some(members) = schema.as_object_mut() {
            members.insert("type".to_owned(), json!("string"));
        }
        schema
    }

    /// Whether its values are several with commas.
    pub fn is_list(&self) -> bool {
        matches!(self.kind, Kind::Position | Kind::Bbox | Kind::Words(_))
    }
}

fn numbers(least: usize, most: usize, items: Value) -> Value {
    json!({"type": "array", "minItems": least, "maxItems": most, "items": items})
}

fn list(items: Value) -> Value {
    json!({"type": "array", "minItems": 1, "items": items})
}
