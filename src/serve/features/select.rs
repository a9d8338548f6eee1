//! Which features a request selects, and in which order: the box first, then the filter, the time, the order.

use super::area::Area;
use super::sort::sort;
use crate::serve::collection::Collection;
use crate::serve::params::Interval;
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
        let area = Area::of(values)?;
        let mut found = area.map(|area| area.found(collection, asked.cancel)).transpose()?;
        if let Some(interval) = values.interval("datetime") {
            let before = found.unwrap_or_else(|| (0..collection.len()).collect());
            found = Some(before.into_iter().filter(|one| is_in(interval, collection, *one)).collect());
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

/// Whether a feature was in an interval. One that does not say when it was is in any.
fn is_in(interval: Interval, collection: &Collection, feature: usize) -> bool {
    let span = collection.times.as_ref().and_then(|times| times.span(&collection.columns, feature));
    span.is_none_or(|[first, last]| {
        interval.first.is_none_or(|from| last >= from) && interval.last.is_none_or(|to| first <= to)
    })
}
