//! The features of one page, and the links to the pages around it.

use super::crs::System;
use super::links::{self, link};
use super::reshape::Reshape;
use super::select::Selected;
use crate::serve::collection::{Collection, Column};
use crate::serve::problem::Problem;
use crate::serve::routes::Asked;
use bytes::Bytes;
use serde_json::Value;

/// A page.
pub struct Page<'a> {
    /// The collection that it is of.
    pub collection: &'a Collection,
    /// The reference system of its geometries.
    pub system: System,
    /// How many features the request selects.
    pub matched: usize,
    /// The first of them that is on the page, and the one after the last.
    pub first: usize,
    pub end: usize,
    limit: usize,
    selected: Selected,
    reshape: Reshape<'a>,
}

impl<'a> Page<'a> {
    /// The page that a request asks for.
    ///
    /// # Errors
    /// A parameter that the collection cannot answer; the time is over.
    pub fn of(asked: &'a Asked<'_>) -> Result<Self, Problem> {
        let collection = asked.snapshot.collection(asked.part("collection"))?;
        let (values, settings) = (&asked.values, &asked.shared.settings);
        let limit =
            values.count("limit").unwrap_or(settings.limit_default).min(settings.limit_most);
        let offset = values.count("offset").unwrap_or(0);
        let system = System::of(values, "crs")?;
        let reshape = Reshape::of(asked, collection, &system)?;
        let selected = Selected::of(asked, collection)?;
        let matched = selected.len(collection);
        let first = offset.min(matched);
        let end = offset.saturating_add(limit).min(matched);
        Ok(Self { collection, system, matched, first, end, limit, selected, reshape })
    }

    /// The features with a comma and a line break between. Those that are as the collection has them are not copied.
    ///
    /// # Errors
    /// A position that the reference system does not have; the time is over.
    pub fn features(&self, asked: &Asked<'_>) -> Result<Vec<Bytes>, Problem> {
        if let (Selected::All, true) = (&self.selected, self.reshape.is_none()) {
            return Ok(vec![self.collection.run(self.first, self.end)]);
        }
        let mut pieces = Vec::new();
        for at in self.first..self.end {
            let feature = match &self.selected {
                Selected::All => at,
                Selected::Some(found) => found.get(at).copied().unwrap_or(at),
            };
            if at > self.first {
                pieces.push(Bytes::from_static(b",\n"));
            }
            pieces.push(self.reshape.feature(feature, &self.system)?);
            asked.cancel.check().map_err(|error| crate::serve::snapshot::refused(&error))?;
        }
        Ok(pieces)
    }

    /// The columns of the features.
    pub fn columns(&self) -> impl Iterator<Item = &Column> {
        self.reshape.columns()
    }

    /// The links to the pages after and before. They name the state of the data, so that whoever follows them sees each
    /// feature once.
    pub fn around(&self, asked: &Asked<'_>) -> Vec<Value> {
        let to = |rel: &str, title: &str, offset: usize, limit: usize| {
            let mut changed =
                vec![("limit", limit.to_string()), ("rev", asked.snapshot.rev.clone())];
            if offset > 0 {
                changed.push(("offset", offset.to_string()));
            }
            // A parameter that is not there any more was changed as well.
            let href = links::address(asked, asked.form, &changed, &["offset"]);
            link(rel, links::media(asked.route, asked.form), title, &href)
        };
        let mut all = Vec::new();
        if self.end < self.matched {
            all.push(to("next", "The next page", self.end, self.limit));
        }
        if self.first > 0 {
            // The first page ends where this one begins.
            let limit = self.limit.min(self.first);
            all.push(to("prev", "The page before", self.first - limit, limit));
        }
        all
    }
}
