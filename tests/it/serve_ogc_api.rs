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
    let items = &document["paths"]["/collections/{collection}/items"]["get"];
    let all = list(items, "parameters");
    let found = all.iter().find(|one| one["name"] == name);
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
        "/collections/{collection}",
        "/collections/{collection}/items",
        "/collections/{collection}/items/{feature}",
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
    let limit = &parameter(&document, "limit")["schema"];
    assert_eq!(
        *limit,
        json!({"type": "integer", "minimum": 1, "default": 1000, "maximum": 10_000})
    );
    let bbox = &parameter(&document, "bbox")["schema"];
    assert_eq!((&bbox["type"], &bbox["items"]["type"]), (&json!("array"), &json!("number")));
    assert_eq!((&bbox["minItems"], &bbox["maxItems"]), (&json!(4), &json!(6)));
    assert_eq!(parameter(&document, "datetime")["schema"]["type"], "string");
    for name in ["crs", "bbox-crs", "filter", "filter-lang", "filter-crs", "sortby", "properties"] {
        assert_eq!(parameter(&document, name)["in"], "query", "{name}");
    }
}
