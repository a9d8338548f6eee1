//! The conformance classes that the server keeps to.

use super::JSON;
use super::links;
use crate::serve::answer::Answer;
use crate::serve::problem::Problem;
use crate::serve::routes::Asked;
use serde_json::json;

/// The classes of each standard, with a path that the server must have to keep to them.
const CLASSES: [(&str, &str, &[&str]); 8] = [
    (
        "/collections/{collection}/items",
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/",
        &["core", "geojson", "html"],
    ),
    ("/api", "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/", &["oas30"]),
    (
        "/collections/{collection}/items",
        "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/",
        &["crs"],
    ),
    (
        "/collections/{collection}/queryables",
        "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/",
        &["queryables", "filter", "features-filter"],
    ),
    (
        "/collections/{collection}/queryables",
        "http://www.opengis.net/spec/cql2/1.0/conf/",
        &[
            "cql2-text",
            "cql2-json",
            "basic-cql2",
            "advanced-comparison-operators",
            "case-insensitive-comparison",
            "accent-insensitive-comparison",
            "basic-spatial-functions",
            "basic-spatial-functions-plus",
            "spatial-functions",
            "temporal-functions",
            "property-property",
            "arithmetic",
            // As drafts of the standard had them, and as QGIS before 3.40 asks for them.
            "basic-spatial-operators",
            "spatial-operators",
            "temporal-operators",
        ],
    ),
    (
        "/collections/{collection}/schema",
        "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/",
        &["schemas", "core-roles-features", "queryables", "sortables"],
    ),
    (
        "/collections/{collection}/tiles/WebMercatorQuad",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/",
        &["core", "tileset", "tilesets-list", "geodata-tilesets", "mvt"],
    ),
    (
        "/tileMatrixSets/WebMercatorQuad",
        "http://www.opengis.net/spec/tms/2.0/conf/",
        &["tilematrixset", "json-tilematrixset"],
    ),
];

pub fn conformance(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let has = |path: &str| asked.shared.routes.iter().any(|route| route.path == path);
    let kept = CLASSES.iter().filter(|(path, _, _)| has(path));
    let all: Vec<String> = kept
        .flat_map(|(_, standard, classes)| {
            classes.iter().map(move |class| format!("{standard}{class}"))
        })
        .collect();
    let body = json!({"conformsTo": all, "links": links::forms(asked)});
    Ok(Answer::text(JSON, format!("{body}\n")))
}
