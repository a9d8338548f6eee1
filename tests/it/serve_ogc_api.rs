//! The checks of the executable test suite of OGC API Features that read the description of the interface.

use crate::serve_ogc::{follow, link, list};
use crate::served::Server;
use serde_json::{Value, json};

/// The description as the suite finds it.
fn description(server: &Server) -> Value {
    let landing = server.get("/").json();
    let media = "application/vnd.oai.openapi+json;version=3.0";
    // openapiDocumentRetrieval
    let answer = follow(server, link(&landing, "service-desc", Some(media)).expect("service-desc"));
    assert_eq!((answer.status, answer.headers["content-type"].as_str()), (200, media));
    assert!(link(&landing, "service-doc", Some("text/html")).is_some(), "landingPageValidation");
    answer.json()
}

/// The parameter of items with a name.
fn parameter<'a>(document: &'a Value, name: &str) -> &'a Value {
    let items = &document["paths"]["/collections/{collectionId}/items"]["get"];
    let all = list(items, "parameters");
    let resolved = |one: &'a Value| match one["$ref"].as_str() {
        Some(to) => document.pointer(to.trim_start_matches('#')).expect(to),
        None => one,
    };
    let found = all.iter().map(resolved).find(|one| one["name"] == name);
    found.unwrap_or_else(|| panic!("items has no parameter {name}"))
}

#[test]
fn the_description_of_the_interface_is_that_of_the_standard() {
    let server = Server::demo();
    let document = description(server);
    // apiDefinitionValidation
    assert!(document["openapi"].as_str().expect("a version").starts_with("3.0"));
    for path in [
        "/",
        "/conformance",
        "/collections",
        "/collections/{collectionId}",
        "/collections/{collectionId}/items",
        "/collections/{collectionId}/items/{featureId}",
    ] {
        assert!(document["paths"][path]["get"].is_object(), "{path}");
    }
    let conformance = server.get("/conformance").json();
    let class = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30";
    assert!(list(&conformance, "conformsTo").contains(&class.into()));
}

#[test]
fn the_parameters_of_items_are_defined_as_the_standard_has_them() {
    let server = Server::demo();
    let document = description(server);
    // limitParameterDefinition, boundingBoxParameterDefinition, timeParameterDefinition
    for name in ["limit", "bbox", "datetime"] {
        let of = parameter(&document, name);
        assert_eq!(of["in"], "query", "{name}");
        assert_eq!(of["required"], false, "{name}");
        assert_eq!(of["style"], "form", "{name}");
        assert_eq!(of["explode"], false, "{name}");
    }
    // Without a maximum: more is capped, not refused.
    let limit = parameter(&document, "limit");
    assert_eq!(limit["schema"], json!({"type": "integer", "minimum": 1, "default": 1000}));
    assert!(limit["description"].as_str().is_some_and(|says| says.contains("10000")), "{limit}");
    let bbox = &parameter(&document, "bbox")["schema"];
    assert_eq!((&bbox["type"], &bbox["items"]["type"]), (&json!("array"), &json!("number")));
    assert_eq!((&bbox["minItems"], &bbox["maxItems"]), (&json!(4), &json!(6)));
    assert_eq!(parameter(&document, "datetime")["schema"]["type"], "string");
    for name in ["crs", "bbox-crs", "filter", "filter-lang", "filter-crs", "sortby", "properties"] {
        assert_eq!(parameter(&document, name)["in"], "query", "{name}");
    }
}

/// What is wrong with a value by a schema of the description, in the part of JSON Schema that it uses.
fn faults(document: &Value, schema: &Value, value: &Value, at: &str, wrong: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let pointer = name.trim_start_matches('#');
        let named = document.pointer(pointer).unwrap_or_else(|| panic!("there is no {name}"));
        return faults(document, named, value, at, wrong);
    }
    if let Some(any) = schema["anyOf"].as_array() {
        let fits = |one: &&Value| {
            let mut wrong = Vec::new();
            faults(document, one, value, at, &mut wrong);
            wrong.is_empty()
        };
        if !any.iter().any(|one| fits(&one)) {
            wrong.push(format!("{at}: fits none of {any:?}"));
        }
        return;
    }
    if value.is_null() && schema["nullable"] == true {
        return;
    }
    let is = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_u64(),
        Some("number") => value.is_number(),
        Some(other) => panic!("{at}: type {other}"),
        None => true,
    };
    if !is || schema["enum"].as_array().is_some_and(|all| !all.contains(value)) {
        wrong.push(format!("{at}: {value} is not {schema}"));
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        let name = name.as_str().expect("a name");
        if value.get(name).is_none() {
            wrong.push(format!("{at}: has no {name}"));
        }
    }
    for (name, of) in schema["properties"].as_object().into_iter().flatten() {
        if let Some(value) = value.get(name) {
            faults(document, of, value, &format!("{at}.{name}"), wrong);
        }
    }
    for (index, value) in value.as_array().into_iter().flatten().enumerate() {
        if schema["items"].is_object() {
            faults(document, &schema["items"], value, &format!("{at}[{index}]"), wrong);
        }
    }
}

#[test]
fn answers_are_what_the_description_says() {
    let server = Server::demo();
    let document = description(server);
    let (mut seen, mut wrong) = (Vec::new(), Vec::new());
    let mut judge = |method: &str, path: &str, answer: &crate::served::Answer| {
        let of = &document["paths"][path][method]["responses"];
        let status = answer.status.to_string();
        let of = match of[&status]["$ref"].as_str() {
            Some(name) => document.pointer(name.trim_start_matches('#')).expect("a refusal"),
            None => &of[&status],
        };
        let media = answer.headers["content-type"].as_str();
        let schema = &of["content"][media]["schema"];
        assert!(schema.is_object(), "{method} {path}: {status} {media} is not described");
        faults(&document, schema, &answer.json(), &format!("{method} {path}"), &mut wrong);
        seen.push(schema.to_string());
    };
    for (path, asked) in [
        ("/", "/"),
        ("/conformance", "/conformance"),
        ("/collections", "/collections"),
        ("/collections/{collectionId}", "/collections/sites"),
        ("/collections/{collectionId}", "/collections/nothing"),
        ("/collections/{collectionId}/schema", "/collections/sites/schema"),
        ("/collections/{collectionId}/schema/feature", "/collections/sites/schema/feature"),
        ("/collections/{collectionId}/queryables", "/collections/sites/queryables"),
        ("/collections/{collectionId}/sortables", "/collections/sites/sortables"),
        ("/collections/{collectionId}/items", "/collections/incidents/items"),
        ("/collections/{collectionId}/items", "/collections/incidents/items?limit=0"),
        ("/collections/{collectionId}/items", "/collections/incidents/items?filter=x"),
        ("/collections/{collectionId}/items/{featureId}", "/collections/sites/items/PK-S001"),
        ("/near", "/near?at=62.05,29.12"),
        ("/near", "/near?at=29.12,62.05&within=5km"),
        ("/risk", "/risk?at=66.9,30.2&most=3"),
        ("/risk", "/risk?at=0,0"),
        ("/explain/{site}", "/explain/PK-S001"),
        ("/explain/{site}", "/explain/PK-S001?add=62.1,29.1,attack,3"),
        ("/explain/{site}", "/explain/nothing"),
        ("/processes", "/processes"),
        ("/processes/{process}", "/processes/risk"),
        ("/search", "/search?q=re"),
        ("/health", "/health"),
        ("/land.geojson", "/land.geojson"),
        ("/basemap/{part}", "/basemap/far"),
        ("/basemap/{part}", "/basemap/elsewhere"),
    ] {
        judge("get", path, &server.get(asked));
    }
    let camps = "id,name,lon,lat\na,Camp A,66.9,30.2\nb,Camp B,62.1,29.2\n";
    judge("post", "/rank", &server.post("/rank", "text/csv", camps));
    let road = r#"{"type": "LineString", "coordinates": [[66.9, 30.2], [66.4, 29.9]]}"#;
    let road =
        format!(r#"{{"type": "Feature", "properties": {{"name": "N"}}, "geometry": {road}}}"#);
    judge("post", "/corridor", &server.post("/corridor?step=5km", "application/geo+json", &road));
    let form = "application/x-www-form-urlencoded";
    judge("post", "/near", &server.post("/near", form, "at=62.05,29.12"));
    judge("post", "/risk", &server.post("/risk", form, "at=62.05,29.12"));
    assert!(wrong.is_empty(), "{wrong:#?}");
    seen.sort();
    seen.dedup();
    assert!(seen.len() > 15 && seen.iter().all(|schema| schema.contains("$ref")), "{seen:?}");
}
