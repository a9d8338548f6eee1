//! One feature.

use super::crs::System;
use super::items::CONTENT_CRS;
use super::reshape::Reshape;
use super::{GEOJSON, JSON, links};
use crate::serve::answer::Answer;
use crate::serve::problem::{Kind, Problem};
use crate::serve::routes::Asked;
use bytes::Bytes;
use serde_json::Value;

pub fn item(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let collection = asked.snapshot.collection(asked.part("collection"))?;
    let id = asked.part("feature");
    let index = collection.with_id(id).ok_or_else(|| {
        Problem::new(Kind::NoSuchFeature, format!("{} has no feature {id:?}", collection.name))
    })?;
    let system = System::of(&asked.values, "crs")?;
    let feature = Reshape::of(asked, collection, &system)?.feature(index, &system)?;
    let mut all = links::forms(asked);
    let href = format!("{}/collections/{}", asked.base, links::part(&collection.name));
    all.push(links::link("collection", JSON, "The collection", &href));
    // The links go before the brace that closes the feature.
    let open = feature.slice(..feature.len().saturating_sub(1));
    let pieces = vec![open, Bytes::from(format!(",\"links\":{}}}\n", Value::from(all)))];
    let answer = Answer::new(GEOJSON, pieces);
    Ok(answer.header(CONTENT_CRS, &system.header()))
}
