//! What answers hold, as the schemas of the description. They are written for OpenAPI 3.0, where a value that may be null
//! is `nullable`; [`newer`] turns them into those of 3.1.

use super::super::problem::Kind;
use serde_json::{Map, Value, json};

/// The name of the schema of a route's JSON; `None` if it is any object.
pub fn schema_of(id: &str) -> Option<&'static str> {
    Some(match id {
        "landing" => "landing",
        "conformance" => "conformance",
        "collections" => "collections",
        "collection" => "collection",
        "schema" | "featureSchema" | "queryables" | "sortables" => "properties",
        "items" => "page",
        "item" => "feature",
        "land" | "borders" => "features",
        "basemap" => "basemap",
        "near" | "nearByForm" => "near",
        "risk" | "riskByForm" => "explanation",
        "explain" | "explainByForm" => "explanationOrChange",
        "rank" => "ranking",
        "corridor" => "corridor",
        "processes" => "processes",
        "process" => "process",
        "search" => "found",
        "health" => "health",
        _ => return None,
    })
}

/// A reference to a schema.
pub fn to(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// All schemas.
pub fn schemas() -> Map<String, Value> {
    let all = features()
        .into_iter()
        .chain(collections())
        .chain(questions())
        .chain(processes())
        .chain([("problem", problem()), ("health", health()), ("link", link())]);
    all.map(|(name, schema)| (name.to_owned(), schema)).collect()
}

/// Turns schemas of OpenAPI 3.0 into those of 3.1.
pub fn newer(schema: &mut Value) {
    match schema {
        Value::Array(all) => all.iter_mut().for_each(newer),
        Value::Object(members) => {
            members.values_mut().for_each(newer);
            if members.get("nullable") == Some(&json!(true)) {
                members.remove("nullable");
                let of = members.get("type").cloned();
                members.extend(of.map(|of| ("type".to_owned(), json!([of, "null"]))));
            }
        }
        _ => {}
    }
}

/// An object whose first members are always there, and whose others may be missing.
fn object(always: &[(&str, Value)], sometimes: &[(&str, Value)]) -> Value {
    let all = always.iter().chain(sometimes);
    let properties: Map<String, Value> =
        all.map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    let mut schema = json!({"type": "object", "properties": properties});
    let names: Vec<&str> = always.iter().map(|(name, _)| *name).collect();
    if let (false, Some(schema)) = (names.is_empty(), schema.as_object_mut()) {
        // An empty list is not allowed in 3.0.
        schema.insert("required".to_owned(), json!(names));
    }
    schema
}

fn text() -> Value {
    json!({"type": "string"})
}

fn count() -> Value {
    json!({"type": "integer", "minimum": 0})
}

fn number() -> Value {
    json!({"type": "number"})
}

fn any() -> Value {
    json!({"type": "object"})
}

fn list(items: Value) -> Value {
    json!({"type": "array", "items": items})
}

fn word(words: &[&str]) -> Value {
    json!({"type": "string", "enum": words})
}

/// A value that may be null.
fn or_null(of: &str) -> Value {
    json!({"type": of, "nullable": true})
}

fn links() -> Value {
    list(to("link"))
}

fn link() -> Value {
    object(&[("rel", text()), ("type", text()), ("href", text())], &[("title", text())])
}

fn features() -> [(&'static str, Value); 5] {
    let geometries = [
        "Point",
        "MultiPoint",
        "LineString",
        "MultiLineString",
        "Polygon",
        "MultiPolygon",
        "GeometryCollection",
    ];
    let mut geometry = object(
        &[("type", word(&geometries))],
        &[("coordinates", list(json!({}))), ("geometries", list(any()))],
    );
    if let Some(geometry) = geometry.as_object_mut() {
        geometry.insert("nullable".to_owned(), json!(true));
    }
    let feature: [(&str, Value); 3] = [
        ("type", word(&["Feature"])),
        ("geometry", to("geometry")),
        ("properties", or_null("object")),
    ];
    let features: [(&str, Value); 2] =
        [("type", word(&["FeatureCollection"])), ("features", list(to("feature")))];
    let basemap = ["towns", "province_names", "provinces", "rivers", "lakes"];
    let basemap = basemap.map(|layer| (layer, to("features")));
    let of_page = [("numberMatched", count()), ("numberReturned", count()), ("links", links())];
    [
        ("geometry", geometry),
        ("feature", object(&feature, &[("id", text()), ("links", links())])),
        ("features", object(&features, &[])),
        ("basemap", object(&basemap, &[])),
        ("page", object(&[&features[..], &of_page[..]].concat(), &[])),
    ]
}

fn collections() -> [(&'static str, Value); 5] {
    let collection = [
        ("id", text()),
        ("title", text()),
        ("description", text()),
        ("itemType", word(&["feature"])),
        ("numberOfFeatures", count()),
        ("extent", any()),
        ("crs", list(text())),
        ("storageCrs", text()),
        ("links", links()),
    ];
    let landing = [
        ("title", text()),
        ("description", text()),
        ("rev", text()),
        ("as_of", or_null("string")),
        ("scheme", or_null("string")),
        ("links", links()),
    ];
    let collections =
        [("links", links()), ("collections", list(to("collection"))), ("crs", list(text()))];
    let properties = [
        ("$schema", text()),
        ("$id", text()),
        ("type", word(&["object"])),
        ("title", text()),
        ("properties", json!({"type": "object", "additionalProperties": {"type": "object"}})),
    ];
    [
        ("landing", object(&landing, &[])),
        ("conformance", object(&[("conformsTo", list(text()))], &[("links", links())])),
        ("collections", object(&collections, &[])),
        ("collection", object(&collection, &[])),
        ("properties", object(&properties, &[])),
    ]
}

fn questions() -> [(&'static str, Value); 7] {
    let place = [("lon", number()), ("lat", number())];
    let near = [
        ("site", or_null("string")),
        ("uncovered", or_null("string")),
        ("totals", any()),
        ("neighbors", list(any())),
        ("swapped", or_null("object")),
    ];
    let of_score = [("score", or_null("number")), ("band", text()), ("coverage", number())];
    let security = [&of_score[..], &[("contributions", list(any()))]].concat();
    let environment = [&of_score[..], &[("indicators", list(any()))]].concat();
    let explanation = [
        ("site", text()),
        ("name", text()),
        ("lon", number()),
        ("lat", number()),
        ("country", or_null("string")),
        ("as_of", or_null("string")),
        ("scheme", text()),
        ("security", object(&security, &[])),
        ("environment", object(&environment, &[])),
        ("overall", object(&[("score", or_null("number")), ("band", text())], &[])),
        ("explanation", text()),
    ];
    let change = [("before", to("explanation")), ("after", to("explanation"))];
    let candidate = [&[("rank", or_null("integer")), ("id", text()), ("name", text())], &place[..]];
    let ranking = [
        ("by", word(&["overall", "security", "environment"])),
        ("candidates", list(object(&candidate.concat(), &[]))),
        ("difference", or_null("object")),
    ];
    let found = [("q", text()), ("matched", count()), ("sites", list(any()))];
    [
        ("near", object(&[&place[..], &near[..]].concat(), &[])),
        ("explanation", object(&explanation, &[])),
        ("change", object(&change, &[])),
        ("explanationOrChange", json!({"anyOf": [to("explanation"), to("change")]})),
        ("ranking", object(&ranking, &[])),
        ("corridor", object(&[("routes", list(any())), ("comparisons", list(any()))], &[])),
        ("found", object(&found, &[])),
    ]
}

fn processes() -> [(&'static str, Value); 3] {
    let summary = [
        ("id", text()),
        ("title", text()),
        ("version", text()),
        ("jobControlOptions", list(text())),
        ("outputTransmission", list(text())),
        ("links", links()),
    ];
    let process = [&summary[..], &[("inputs", any()), ("outputs", any())]].concat();
    [
        ("summary", object(&summary, &[])),
        ("processes", object(&[("processes", list(to("summary"))), ("links", links())], &[])),
        ("process", object(&process, &[])),
    ]
}

fn health() -> Value {
    let always = [
        ("status", word(&["ok", "old data"])),
        ("version", text()),
        ("rev", text()),
        ("as_of", or_null("string")),
        ("since", or_null("string")),
        ("last_reading", or_null("string")),
        ("refused", or_null("string")),
    ];
    object(&always, &[])
}

fn problem() -> Value {
    let kinds: Vec<String> =
        Kind::ALL.iter().map(|kind| format!("/problems/{}", kind.code())).collect();
    let always = [
        ("type", json!({"type": "string", "enum": kinds})),
        ("title", text()),
        ("status", json!({"type": "integer"})),
        ("detail", text()),
    ];
    let sometimes = [
        ("hint", text()),
        ("parameter", text()),
        ("position", count()),
        ("offset", count()),
        ("cause", text()),
        ("id", text()),
    ];
    object(&always, &sometimes)
}
