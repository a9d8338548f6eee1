//! The collections and what is known of each.

use super::links::{self, link};
use super::{JSON, SCHEMA, crs};
use crate::serve::answer::Answer;
use crate::serve::collection::Collection;
use crate::serve::problem::Problem;
use crate::serve::routes::Asked;
use serde_json::{Map, Value, json};

pub fn collections(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let all: Vec<Value> =
        asked.snapshot.collections.iter().map(|one| described(asked, one, Vec::new())).collect();
    let body = json!({"links": links::forms(asked), "collections": all, "crs": crs::listed()});
    Ok(Answer::text(JSON, format!("{body}\n")))
}

pub fn collection(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let collection = asked.snapshot.collection(asked.part("collection"))?;
    let body = described(asked, collection, links::forms(asked));
    Ok(Answer::text(JSON, format!("{body}\n")))
}

/// A collection, with links besides those to what belongs to it.
fn described(asked: &Asked<'_>, collection: &Collection, mut all: Vec<Value>) -> Value {
    let path = format!("{}/collections/{}", asked.base, links::part(&collection.name));
    if all.is_empty() {
        all.push(link("self", JSON, "The collection", &path));
    }
    let items = asked.shared.routes.iter().find(|route| route.id == "items");
    for (route, form) in
        items.iter().flat_map(|route| route.forms.iter().map(move |form| (route, *form)))
    {
        let first = route.forms.first() == Some(&form);
        let query = if first { String::new() } else { format!("?f={}", form.word()) };
        let title =
            format!("The features as {}", if first { "GeoJSON" } else { links::name(form) });
        all.push(link("items", links::media(route, form), &title, &format!("{path}/items{query}")));
    }
    let ogc = "http://www.opengis.net/def/rel/ogc/1.0/";
    for (rel, title, part) in [
        ("describedby".to_owned(), "A feature with the types of its properties", "schema/feature"),
        // As older versions of GDAL spell it.
        ("describedBy".to_owned(), "A feature with the types of its properties", "schema/feature"),
        (format!("{ogc}schema"), "The properties of the features", "schema"),
        (format!("{ogc}queryables"), "The properties that a filter may name", "queryables"),
        (format!("{ogc}sortables"), "The properties that features are sorted by", "sortables"),
    ] {
        all.push(link(&rel, SCHEMA, title, &format!("{path}/{part}")));
    }
    if asked.shared.routes.iter().any(|route| route.path == "/tiles/{collection}.json") {
        let tiles = format!("{path}/tiles");
        all.push(link(
            &format!("{ogc}tilesets-vector"),
            JSON,
            "The features as vector tiles",
            &tiles,
        ));
        let tilejson = format!("{}/tiles/{}.json", asked.base, links::part(&collection.name));
        all.push(link("describedby", JSON, "The vector tiles as TileJSON", &tilejson));
    }
    json!({
        "id": collection.name,
        "title": title(collection),
        "description": collection.about,
        "itemType": "feature",
        "numberOfFeatures": collection.len(),
        "extent": extent(collection),
        "crs": crs::listed(),
        "storageCrs": crs::CRS84,
        "links": all,
    })
}

/// What a collection is called: its name as words.
fn title(collection: &Collection) -> String {
    let mut letters = collection.name.replace('_', " ").chars().collect::<Vec<_>>().into_iter();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters.as_slice().iter().copied()).collect()
}

/// Where and when the features are.
fn extent(collection: &Collection) -> Value {
    let mut extent = Map::new();
    if let Some(bbox) = collection.extent() {
        extent.insert("spatial".into(), json!({"bbox": [bbox], "crs": crs::CRS84}));
    }
    if let Some([first, last]) = collection.times.as_ref().and_then(|times| times.extent) {
        // Whole seconds are the same time to a client and shorter.
        let text = |moment: jiff::Timestamp| format!("{moment:.0}");
        let trs = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian";
        extent.insert(
            "temporal".into(),
            json!({"interval": [[text(first), text(last)]], "trs": trs}),
        );
    }
    Value::Object(extent)
}
