//! OGC API Features: what there is, and the features of a collection page by page.

use super::answer::Answer;
use super::collection::Collection;
use super::params::{Kind, Param};
use super::problem::{Kind as Of, Problem};
use super::routes::{Asked, Cost, Form, Route};
use bytes::Bytes;
use hyper::Method;
use serde_json::json;

const LIMIT: Param = Param::new(
    "limit",
    Kind::Integer { least: 1, most: 10_000, default: Some(1000), capped: true },
    "Features on a page at most",
    "100",
);
const OFFSET: Param = Param::new(
    "offset",
    Kind::Integer { least: 0, most: 1_000_000_000, default: Some(0), capped: false },
    "Features to pass over",
    "100",
);
const BBOX: Param = Param::new(
    "bbox",
    Kind::Bbox,
    "Only features that meet this box: west, south, east, north in degrees; west may be greater than east",
    "60,24,70,32",
);
const REV: Param = Param::new(
    "rev",
    Kind::Text(1),
    "The state of the data that pages belong to; links to further pages have it",
    "0123456789abcdef",
);

/// The paths of collections and features.
pub fn routes() -> Vec<Route> {
    let get = |path, id, says, media, params, answer| Route {
        method: Method::GET,
        path,
        id,
        says,
        forms: &[Form::Json, Form::Html],
        media,
        params,
        takes: None,
        cost: Cost::Free,
        open: false,
        tagged: true,
        answer,
    };
    vec![
        get("/", "landing", "What the server has", "application/json", &[], landing),
        get("/collections", "collections", "The collections", "application/json", &[], collections),
        get(
            "/collections/{collection}/items",
            "items",
            "The features of a collection, page by page",
            "application/geo+json",
            &[&LIMIT, &OFFSET, &BBOX, &REV],
            items,
        ),
        get(
            "/collections/{collection}/items/{feature}",
            "item",
            "A feature",
            "application/geo+json",
            &[],
            item,
        ),
    ]
}

fn landing(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let base = &asked.base;
    let body = json!({
        "title": asked.snapshot.title,
        "links": [{"rel": "data", "type": "application/json", "href": format!("{base}/collections")}],
    });
    Ok(Answer::text("application/json", format!("{body}\n")))
}

fn collections(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let base = &asked.base;
    let one = |collection: &Collection| {
        let href = format!("{base}/collections/{}/items", collection.name);
        json!({
            "id": collection.name,
            "title": collection.about,
            "links": [{"rel": "items", "type": "application/geo+json", "href": href}],
        })
    };
    let all: Vec<_> = asked.snapshot.collections.iter().map(one).collect();
    Ok(Answer::text("application/json", format!("{}\n", json!({"collections": all, "links": []}))))
}

fn items(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let collection = asked.snapshot.collection(asked.part("collection"))?;
    let limit = asked.values.count("limit").unwrap_or(1000);
    let offset = asked.values.count("offset").unwrap_or(0);
    let (matched, pieces) = match asked.values.bbox("bbox") {
        None => {
            let end = offset.saturating_add(limit).min(collection.len());
            (collection.len(), vec![collection.run(offset.min(end), end)])
        }
        Some(bbox) => {
            let mut found = collection.in_box(bbox);
            found.sort_unstable();
            let mut pieces = Vec::new();
            for (at, index) in found.iter().skip(offset).take(limit).enumerate() {
                if at > 0 {
                    pieces.push(Bytes::from_static(b",\n"));
                }
                pieces.push(collection.feature(*index));
            }
            (found.len(), pieces)
        }
    };
    let returned = limit.min(matched.saturating_sub(offset));
    let mut body = vec![Bytes::from_static(b"{\"type\":\"FeatureCollection\",\"features\":[\n")];
    body.extend(pieces);
    let tail =
        format!("\n],\"numberMatched\":{matched},\"numberReturned\":{returned},\"links\":[]}}\n");
    body.push(tail.into());
    Ok(Answer::new("application/geo+json", body))
}

fn item(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let collection = asked.snapshot.collection(asked.part("collection"))?;
    let id = asked.part("feature");
    let index = collection.with_id(id).ok_or_else(|| {
        Problem::new(Of::NoSuchFeature, format!("{} has no feature {id:?}", collection.name))
    })?;
    Ok(Answer::text("application/geo+json", collection.feature(index)))
}
