//! The first page: what the server has.

use super::JSON;
use super::links::{self, link};
use crate::serve::answer::Answer;
use crate::serve::problem::Problem;
use crate::serve::routes::Asked;
use serde_json::json;

/// What the first page links to: relation, media type, title, path, query. A path that the server does not have is left
/// out.
const LINKED: [(&str, &str, &str, &str, &str); 10] = [
    (
        "service-desc",
        "application/vnd.oai.openapi+json;version=3.0",
        "The description of the interface",
        "/api",
        "",
    ),
    ("service-doc", "text/html", "The description of the interface as a page", "/api", "?f=html"),
    ("conformance", JSON, "The standards that the server keeps to", "/conformance", ""),
    (
        "http://www.opengis.net/def/rel/ogc/1.0/conformance",
        JSON,
        "The standards that the server keeps to",
        "/conformance",
        "",
    ),
    ("data", JSON, "The collections", "/collections", ""),
    (
        "http://www.opengis.net/def/rel/ogc/1.0/processes",
        JSON,
        "The questions that the server answers",
        "/processes",
        "",
    ),
    (
        "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector",
        JSON,
        "The vector tiles of the collections",
        "/tiles",
        "",
    ),
    (
        "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes",
        JSON,
        "The grids of the tiles",
        "/tileMatrixSets",
        "",
    ),
    ("related", JSON, "The style of the vector tiles", "/style.json", ""),
    ("related", "text/html", "The map", "/map", ""),
];

pub fn landing(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let mut all = links::forms(asked);
    let has = |path: &str| asked.shared.routes.iter().any(|route| route.path == path);
    for (rel, media, title, path, query) in LINKED {
        if has(path) {
            all.push(link(rel, media, title, &format!("{}{path}{query}", asked.base)));
        }
    }
    let title = &asked.snapshot.title;
    let body = json!({
        "title": title,
        "description": "Risk scores of places, each explained, and the data behind them",
        "rev": asked.snapshot.rev,
        "as_of": asked.snapshot.as_of,
        "scheme": asked.snapshot.scheme,
        "links": all,
    });
    Ok(Answer::text(JSON, format!("{body}\n")))
}
