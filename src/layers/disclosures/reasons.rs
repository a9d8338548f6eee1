//! Why answers are not known, over several sites: each reason once, with the number of its sites.

use super::{Reason, Statement};
use crate::scoring::{country_name, thousands};
use std::collections::BTreeSet;

/// A reason as it is told for several sites.
pub(super) fn reasons<'s>(statements: impl Iterator<Item = &'s Statement>) -> Vec<(String, usize)> {
    let mut all: Vec<(String, usize)> = Vec::new();
    let (mut countries, mut uncovered) = (BTreeSet::new(), 0);
    for one in statements.filter(|one| !one.is_known()) {
        let words = match (one.reason, one.note.as_deref()) {
            (Reason::Uncovered(country), _) => {
                uncovered += 1;
                countries.insert(country);
                continue;
            }
            (Reason::Position, _) => {
                "the positions of the site and of what is mapped near it are not known well enough"
            }
            (Reason::Partly, _) => {
                "incidents were collected in a part of the surroundings of the site only"
            }
            (Reason::OldRecord, _) => {
                "the newest incident recorded in the country is so old that it is not known whether any are collected there"
            }
            (Reason::Noted, Some(note)) => note,
            (Reason::Noted, None) => continue,
        };
        match all.iter_mut().find(|(known, _)| known == words) {
            Some((_, sites)) => *sites += 1,
            None => all.push((words.to_owned(), 1)),
        }
    }
    if uncovered > 0 {
        let many = countries.len();
        let words = match (many, countries.first()) {
            (1, Some(Some(code))) => {
                format!(
                    "the place lies in {}, which the incidents do not cover",
                    country_name(*code)
                )
            }
            (1, _) => "the place lies where the incidents do not cover it".to_owned(),
            _ => {
                let many = i64::try_from(many).map_or_else(|_| "many".to_owned(), thousands);
                format!("the place lies in one of {many} countries that the incidents do not cover")
            }
        };
        all.push((words, uncovered));
    }
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all
}

/// The note that all of some statements have; `None` if they have none, or differ.
pub(super) fn shared_note<'s>(mut all: impl Iterator<Item = &'s Statement>) -> Option<String> {
    let first = all.next()?.note.clone()?;
    all.all(|one| one.note.as_deref() == Some(&*first)).then_some(first)
}

/// The reasons in one text: `27 sites: none is mapped; 1 site: ...`. The number is left out where all have the same.
pub(super) fn why(group: &[&Statement]) -> String {
    let all = reasons(group.iter().copied());
    let told = |(words, sites): &(String, usize)| {
        let s = if *sites == 1 { "" } else { "s" };
        let many = i64::try_from(*sites).map_or_else(|_| sites.to_string(), thousands);
        format!("{many} site{s}: {words}")
    };
    match all.as_slice() {
        [(words, _)] => words.clone(),
        all => all.iter().map(told).collect::<Vec<_>>().join("; "),
    }
}
