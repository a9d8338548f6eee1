//! The countries of a run's sites, as a report names them.

use crate::layers::Scored;
use crate::scoring::country_name;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// The names of the countries of sites by their codes.
pub(super) fn countries(scored: &[Scored]) -> BTreeMap<String, String> {
    let codes: BTreeSet<_> = scored.iter().filter_map(|one| one.country).collect();
    codes.into_iter().map(|code| (code.to_string(), country_name(code))).collect()
}

/// The countries of sites as a title names them, that of most sites first; `None` if none is known.
pub(super) fn place(scored: &[Scored]) -> Option<String> {
    const NAMED: usize = 3;
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for code in scored.iter().filter_map(|one| one.country) {
        *counts.entry(code).or_default() += 1;
    }
    let mut most: Vec<_> = counts.into_iter().collect();
    most.sort_by_key(|(_, count)| Reverse(*count));
    let names: Vec<String> = most.into_iter().map(|(code, _)| country_name(code)).collect();
    let told = match names.split_last() {
        None => return None,
        Some((last, [])) => last.clone(),
        Some((last, others)) if names.len() <= NAMED => format!("{} and {last}", others.join(", ")),
        Some(_) => format!("{} countries", names.len()),
    };
    Some(format!("in {told}"))
}
