//! A scheme as text: TOML with the default's comments, a JSON Schema for editors, and a hash that shows
//! whether two runs used the same numbers.

use super::ranges::range_of;
use super::{DEFAULT, Scheme};
use serde_json::Value;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// The default scheme's text with this scheme's values in it; see [`Scheme::to_toml`].
pub(super) fn to_toml(scheme: &Scheme) -> String {
    let mut text = DEFAULT.to_owned();
    let Ok(table) = DeTable::parse(DEFAULT) else { return text };
    let mut replacements = Vec::new();
    collect(table.get_ref(), &values(scheme), &values(&Scheme::default()), &mut replacements);
    // From the back, so that earlier byte ranges stay valid.
    replacements.sort_by_key(|replacement| std::cmp::Reverse(replacement.place.start));
    for Replacement { place, value } in replacements {
        if text.is_char_boundary(place.start) && text.is_char_boundary(place.end) {
            text.replace_range(place, &value);
        }
    }
    text
}

/// A scheme as a JSON value; a scheme always serializes to JSON.
fn values(scheme: &Scheme) -> Value {
    serde_json::to_value(scheme).unwrap_or_default()
}

/// The text that replaces a default value.
struct Replacement {
    place: Range<usize>,
    value: String,
}

/// The values that differ from the default, with their places in the default's text.
fn collect(
    table: &DeTable<'_>,
    values: &Value,
    defaults: &Value,
    replacements: &mut Vec<Replacement>,
) {
    for (key, spanned) in table {
        let key = key.get_ref().as_ref();
        let (Some(value), Some(default)) = (values.get(key), defaults.get(key)) else {
            continue;
        };
        if let DeValue::Table(inner) = spanned.get_ref() {
            collect(inner, value, default, replacements);
        } else if value != default {
            // The name always differs, so it is not marked.
            let value = match key {
                "name" | "description" => in_toml(value),
                _ => format!("{}  # default: {}", in_toml(value), in_toml(default)),
            };
            replacements.push(Replacement { place: spanned.span(), value });
        }
    }
}

/// A JSON value in TOML syntax: scalars and lists of them look alike in both, except for string escapes.
fn in_toml(value: &Value) -> String {
    match value {
        Value::Array(list) => {
            format!("[{}]", list.iter().map(in_toml).collect::<Vec<_>>().join(", "))
        }
        Value::String(text) => toml::Value::String(text.clone()).to_string(),
        other => other.to_string(),
    }
}

/// The schema of a scheme file; see [`Scheme::json_schema`].
pub(super) fn json_schema() -> Value {
    let mut schema = schemars::schema_for!(Scheme).to_value();
    let defaults = values(&Scheme::default());
    let definitions = schema.get("$defs").cloned().unwrap_or_default();
    describe(&mut schema, &defaults, &definitions, "");
    if let Some(inner) = schema.as_object_mut() {
        inner.remove("$defs");
    }
    schema
}

/// Makes every key optional, and adds its default and the range of its numbers.
///
/// References are replaced by their definitions, since two tables of one type can have different
/// defaults.
fn describe(schema: &mut Value, default: &Value, definitions: &Value, path: &str) {
    resolve(schema, definitions);
    let Some(schema) = schema.as_object_mut() else { return };
    schema.remove("required");
    match schema.get_mut("properties").and_then(Value::as_object_mut) {
        Some(properties) => {
            for (key, property) in properties {
                if let Some(default) = default.get(key) {
                    let path = format!("{path}{key}");
                    if let (Some(range), Some(property)) =
                        (range_of(&path), property.as_object_mut())
                    {
                        range.describe(property);
                    }
                    describe(property, default, definitions, &format!("{path}."));
                }
            }
        }
        None => {
            schema.insert("default".into(), default.clone());
        }
    }
}

/// Replaces a reference by its definition; members beside the reference take precedence.
fn resolve(schema: &mut Value, definitions: &Value) {
    let Some(object) = schema.as_object_mut() else { return };
    let Some(Value::String(reference)) = object.remove("$ref") else { return };
    let name = reference.rsplit('/').next().unwrap_or_default();
    let Some(Value::Object(definition)) = definitions.get(name) else { return };
    for (key, value) in definition {
        object.entry(key.clone()).or_insert_with(|| value.clone());
    }
}

/// Versions the meaning of the numbers: kernel weights were peaks before. The same numbers under another
/// meaning have another hash, so that no batch treats an old map as unchanged.
const MEANING: &str = "kernel weights are shares of mass\n";

/// The scheme's hash; see [`Scheme::hash`].
pub(super) fn hash(scheme: &Scheme) -> String {
    let bare = Scheme { name: String::new(), description: String::new(), ..scheme.clone() };
    // The canonical form: JSON in the order of the fields, numbers in their shortest exact form.
    let canonical = serde_json::to_vec(&bare).unwrap_or_default();
    let mut hasher = blake3::Hasher::new();
    hasher.update(MEANING.as_bytes()).update(&canonical);
    hasher.finalize().to_hex().to_string()
}
