//! Which features a request selects, and in which order: the box first, then the filter, the time, the order.

use super::area::Area;
use super::crs::System;
use super::sort::sort;
use crate::serve::collection::Collection;
use crate::serve::filter::{self, Expr, Lang};
use crate::serve::params::{Interval, Values};
use crate::serve::problem::Problem;
use crate::serve::routes::Asked;

/// What is selected.
#[derive(Debug)]
pub enum Selected {
    /// All features, in their order.
    All,
    /// These features, in this order.
    Some(Vec<usize>),
}

impl Selected {
    /// The features that a request selects.
    ///
    /// # Errors
    /// A parameter that the collection cannot answer; the time is over.
    pub fn of(asked: &Asked<'_>, collection: &Collection) -> Result<Self, Problem> {
        let values = &asked.values;
        let (area, filter) = (Area::of(values)?, filter(values)?);
        let mut found = area.map(|area| area.found(collection, asked.cancel)).transpose()?;
        if let Some(filter) = filter {
            let compiled = filter::compile(&filter, collection, asked.cancel)?;
            let mut is_true = compiled.select(asked.cancel)?;
            if let Some(found) = found {
                // Both are in the order of the collection.
                is_true.retain(|feature| found.binary_search(feature).is_ok());
            }
            found = Some(is_true);
        }
        if let Some(interval) = values.interval("datetime") {
            let before = found.unwrap_or_else(|| (0..collection.len()).collect());
            found =
                Some(before.into_iter().filter(|one| is_in(interval, collection, *one)).collect());
        }
        let by = values.words("sortby");
        if !by.is_empty() {
            let mut all = found.unwrap_or_else(|| (0..collection.len()).collect());
            sort(collection, by, &mut all)?;
            found = Some(all);
        }
        Ok(found.map_or(Self::All, Self::Some))
    }

    /// How many there are.
    pub fn len(&self, collection: &Collection) -> usize {
        match self {
            Self::All => collection.len(),
            Self::Some(found) => found.len(),
        }
    }
}

/// The filter of a request, with its geometries in longitude and latitude.
fn filter(values: &Values) -> Result<Option<Expr>, Problem> {
    let system = System::of(values, "filter-crs")?;
    let Some(text) = values.text("filter") else { return Ok(None) };
    let lang = match values.text("filter-lang") {
        Some("cql2-json") => Lang::Json,
        _ => Lang::Text,
    };
    let filter = filter::parse(text, lang)?;
    if system.is_crs84() {
        return Ok(Some(filter));
    }
    let degrees = |pair: [f64; 2]| {
        let [x, y] = system.turn(pair);
        system.degrees(x, y)
    };
    filter.moved(&degrees).map(Some)
}

/// Whether a feature was in an interval. One that does not say when it was is in any.
fn is_in(interval: Interval, collection: &Collection, feature: usize) -> bool {
    let span = collection.times.as_ref().and_then(|times| times.span(&collection.columns, feature));
    span.is_none_or(|[first, last]| {
        interval.first.is_none_or(|from| last >= from) && interval.last.is_none_or(|to| first <= to)
    })
}
