//! The properties of the features of a collection as JSON Schema (2020-12): all, those that a filter may name, and those
//! that features are sorted by.

use super::{SCHEMA, links};
use crate::serve::answer::Answer;
use crate::serve::collection::{Collection, Column, Values};
use crate::serve::problem::Problem;
use crate::serve::routes::Asked;
use serde_json::{Map, Value, json};

pub fn schema(asked: &Asked<'_>) -> Result<Answer, Problem> {
    document(asked, "properties", true, |_| true)
}

pub fn queryables(asked: &Asked<'_>) -> Result<Answer, Problem> {
    document(asked, "properties that a filter may name", true, has_order)
}

pub fn sortables(asked: &Asked<'_>) -> Result<Answer, Problem> {
    document(asked, "properties that features are sorted by", false, has_order)
}

/// A feature as GeoJSON. Programs that cannot tell types from a few features read them here, and know only types that are
/// one word; so a type is that of the values that there are.
pub fn feature(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let collection = asked.snapshot.collection(asked.part("collection"))?;
    let columns = collection.columns.iter().enumerate();
    let properties: Map<String, Value> = columns
        .map(|(at, column)| (column.name.to_string(), property(collection, at, column)))
        .collect();
    let body = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("{}{}", asked.base, links::path(asked)),
        "type": "object",
        "title": format!("{}: a feature as GeoJSON", collection.name),
        "description": "Types are those of values; any may be missing, which is null.",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string"},
            "geometry": geometry(collection),
            "properties": {"type": "object", "properties": properties},
        },
    });
    Ok(Answer::text(SCHEMA, format!("{body}\n")))
}

/// Whether the values of a column are compared.
fn has_order(column: &Column) -> bool {
    !matches!(column.values, Values::Other)
}

/// A schema of some columns, with the geometry or without.
fn document(
    asked: &Asked<'_>,
    what: &str,
    with_geometry: bool,
    has: impl Fn(&Column) -> bool,
) -> Result<Answer, Problem> {
    let collection = asked.snapshot.collection(asked.part("collection"))?;
    let mut properties = Map::new();
    if collection.column("id").is_none() {
        let about = "Id of the feature";
        let id = json!({"title": "id", "type": "string", "description": about, "x-ogc-role": "id"});
        properties.insert("id".into(), id);
    }
    if with_geometry {
        properties.insert("geometry".into(), geometry(collection));
    }
    for (at, column) in collection.columns.iter().enumerate().filter(|(_, column)| has(column)) {
        properties.insert(column.name.to_string(), property(collection, at, column));
    }
    let title = format!("{}: {what}", collection.name);
    let body = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("{}{}", asked.base, links::path(asked)),
        "type": "object",
        "title": title,
        "description": collection.about,
        "properties": properties,
        "additionalProperties": false,
    });
    Ok(Answer::text(SCHEMA, format!("{body}\n")))
}

/// The geometry: its type as OGC API Features, Part 5 spells it.
fn geometry(collection: &Collection) -> Value {
    let format = match collection.geometry_type {
        Some(of) => format!("geometry-{}", of.to_lowercase()),
        None => "geometry-any".to_owned(),
    };
    json!({"title": "Geometry", "x-ogc-role": "primary-geometry", "format": format})
}

/// A column: its type, what it holds, its unit, and whether it says when a feature was.
fn property(collection: &Collection, at: usize, column: &Column) -> Value {
    let mut all = Map::new();
    let (of, format) = match column.values {
        Values::Text { .. } => (Some("string"), None),
        Values::Number(_) => (Some("number"), None),
        Values::Flag(_) => (Some("boolean"), None),
        Values::Date(_) => (Some("string"), Some("date")),
        Values::Moment(_) => (Some("string"), Some("date-time")),
        Values::Other => (None, None),
    };
    all.insert("title".into(), json!(column.name));
    all.extend(of.map(|of| ("type".to_owned(), json!(of))));
    all.extend(format.map(|format| ("format".to_owned(), json!(format))));
    if !column.about.is_empty() {
        all.insert("description".into(), json!(column.about));
    }
    all.extend(column.unit.as_ref().map(|unit| ("x-ogc-unit".to_owned(), json!(unit))));
    let role =
        collection.times.as_ref().and_then(|times| match (times.first == at, times.last == at) {
            (true, true) => Some("primary-instant"),
            (true, false) => Some("primary-interval-start"),
            (false, true) => Some("primary-interval-end"),
            (false, false) => None,
        });
    all.extend(role.map(|role| ("x-ogc-role".to_owned(), json!(role))));
    Value::Object(all)
}
