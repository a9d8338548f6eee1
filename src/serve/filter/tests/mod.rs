//! Tests of filters.
#![allow(clippy::string_slice)]

mod ats;
mod faults;
mod logic;
mod oracle;
mod seam;

use super::{Lang, compile, parse};
use crate::run::Cancel;
use crate::serve::collection::Collection;
use crate::serve::problem::Problem;
use serde_json::{Value, json};

/// A collection of features with geometry and properties.
fn collection(features: &[(Value, Value)]) -> Collection {
    let feature = |(geometry, properties): &(Value, Value)| json!({"type": "Feature", "geometry": geometry, "properties": properties});
    let features: Vec<Value> = features.iter().map(feature).collect();
    let whole = json!({"type": "FeatureCollection", "features": features});
    Collection::read("made", "Made", whole.to_string(), &[]).expect("collection")
}

fn try_lang(collection: &Collection, filter: &str, lang: Lang) -> Result<Vec<usize>, Problem> {
    let never = Cancel::new();
    compile(&parse(filter, lang)?, collection, &never)?.select(&never)
}

fn try_select(collection: &Collection, filter: &str) -> Result<Vec<usize>, Problem> {
    try_lang(collection, filter, Lang::Text)
}

/// The features for which a filter is true.
fn select(collection: &Collection, filter: &str) -> Vec<usize> {
    try_select(collection, filter).unwrap_or_else(|problem| panic!("{filter}: {problem:?}"))
}

/// The offset and the detail of the fault of a filter.
fn fault_of(collection: &Collection, filter: &str, lang: Lang) -> (usize, String) {
    let problem = try_lang(collection, filter, lang).expect_err(filter);
    assert_eq!(problem.kind, crate::serve::problem::Kind::BadFilter, "{filter}");
    let body: Value = serde_json::from_slice(&problem.answer().pieces.concat()).expect("a body");
    let offset = body["offset"].as_u64().expect("an offset");
    let said = format!("{} {}", problem.detail, body["hint"].as_str().unwrap_or_default());
    (usize::try_from(offset).expect("an offset"), said)
}
