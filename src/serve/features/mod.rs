//! OGC API Features: what there is, and the features of a collection page by page.

mod area;
mod collections;
mod conformance;
mod crs;
mod item;
mod items;
mod landing;
pub mod links;
mod page;
mod parameters;
mod reshape;
mod schema;
mod select;
mod sort;
mod tables;

use super::routes::{Cost, Form, Route};
use hyper::Method;
use parameters as p;

const GEOJSON: &str = "application/geo+json";
const JSON: &str = "application/json";
const SCHEMA: &str = "application/schema+json";

/// The paths of collections and features.
pub fn routes() -> Vec<Route> {
    let get = |path, id, says, answer| Route {
        method: Method::GET,
        path,
        id,
        says,
        forms: &[Form::Json, Form::Html],
        media: JSON,
        params: &[],
        takes: None,
        cost: Cost::Free,
        open: false,
        tagged: true,
        answer,
    };
    let of_collection =
        |path, id, says, answer| Route { media: SCHEMA, ..get(path, id, says, answer) };
    vec![
        get("/", "landing", "What the server has", landing::landing),
        get(
            "/conformance",
            "conformance",
            "The standards that the server keeps to",
            conformance::conformance,
        ),
        get("/collections", "collections", "The collections", collections::collections),
        get("/collections/{collection}", "collection", "A collection", collections::collection),
        of_collection(
            "/collections/{collection}/schema",
            "schema",
            "The properties of the features of a collection, with units and descriptions",
            schema::schema,
        ),
        of_collection(
            "/collections/{collection}/schema/feature",
            "featureSchema",
            "A feature of a collection as GeoJSON, with the types of its properties",
            schema::feature,
        ),
        of_collection(
            "/collections/{collection}/queryables",
            "queryables",
            "The properties that a filter may name",
            schema::queryables,
        ),
        of_collection(
            "/collections/{collection}/sortables",
            "sortables",
            "The properties that features are sorted by",
            schema::sortables,
        ),
        Route {
            forms: &[Form::Json, Form::Html, Form::Csv, Form::FlatGeobuf],
            media: GEOJSON,
            params: &[
                &p::LIMIT,
                &p::OFFSET,
                &p::BBOX,
                &p::BBOX_CRS,
                &p::DATETIME,
                &p::FILTER,
                &p::FILTER_LANG,
                &p::FILTER_CRS,
                &p::SORTBY,
                &p::PROPERTIES,
                &p::CRS,
                &p::REV,
            ],
            cost: Cost::FreeWithin(&["limit", "offset", "rev"]),
            ..get(
                "/collections/{collection}/items",
                "items",
                "The features of a collection, page by page",
                items::items,
            )
        },
        Route {
            media: GEOJSON,
            params: &[&p::CRS, &p::REV],
            cost: Cost::FreeWithin(&["rev"]),
            ..get("/collections/{collection}/items/{feature}", "item", "A feature", item::item)
        },
    ]
}
