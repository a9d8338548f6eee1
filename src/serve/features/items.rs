//! The features of a collection, page by page.

use super::page::Page;
use super::{GEOJSON, links, tables};
use crate::serve::answer::Answer;
use crate::serve::problem::Problem;
use crate::serve::routes::{Asked, Form};
use bytes::Bytes;
use hyper::header::HeaderName;
use serde_json::Value;

pub fn items(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let page = Page::of(asked)?;
    let answer = match asked.form {
        Form::Csv | Form::FlatGeobuf => tables::answer(asked, &page)?,
        _ => Answer::new(GEOJSON, geojson(asked, &page)?),
    };
    Ok(answer.header(CONTENT_CRS, &page.system.header()))
}

/// The header that names the reference system of an answer.
pub const CONTENT_CRS: HeaderName = HeaderName::from_static("content-crs");

/// A page as GeoJSON.
fn geojson(asked: &Asked<'_>, page: &Page<'_>) -> Result<Vec<Bytes>, Problem> {
    let mut all = links::forms(asked);
    all.extend(page.around(asked));
    let collection = format!("{}/collections/{}", asked.base, links::part(&page.collection.name));
    all.push(links::link("collection", super::JSON, "The collection", &collection));
    let head = format!(
        "{{\"type\":\"FeatureCollection\",\"numberMatched\":{},\"numberReturned\":{},\"links\":{},\"features\":[\n",
        page.matched,
        page.end - page.first,
        Value::from(all),
    );
    let mut body = vec![Bytes::from(head)];
    body.extend(page.features(asked)?);
    body.push(Bytes::from_static(b"\n]}\n"));
    Ok(body)
}
