//! Statements on all sites together: how many sites have each answer, what numbers add up to, and of how many sites
//! nothing is known.

use super::reasons::{shared_note, why};
use super::{Reason, Statement, Total};
use crate::layers::{Digits, Property};
use std::collections::BTreeMap;

/// The statements on all sites, in the order in which a site first has them.
pub(super) fn of<'s>(sites: impl Iterator<Item = &'s [Statement]>) -> Vec<Statement> {
    let mut groups: Vec<Vec<&Statement>> = Vec::new();
    let mut places: BTreeMap<(super::Disclosure, &str), usize> = BTreeMap::new();
    let adds = |one: &&Statement| one.of.is_none() && one.total != Total::None;
    for statement in sites.flat_map(|list| list.iter().filter(adds)) {
        let at = *places.entry((statement.disclosure, &*statement.item)).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(statement),
            None => groups.push(vec![statement]),
        }
    }
    groups.sort_by_key(|group| group.first().map(|one| one.disclosure));
    groups.iter().flat_map(|group| together(group)).collect()
}

fn together(group: &[&Statement]) -> Vec<Statement> {
    let Some(first) = group.first() else { return Vec::new() };
    let known = group.iter().filter(|one| one.is_known()).count();
    let layers = joined(group.iter().map(|one| one.layer.as_str()));
    let base = |of: Option<String>, value: Property, unit| Statement {
        of,
        value,
        unit: Some(unit),
        layer: layers.clone(),
        note: None,
        reason: Reason::Noted,
        total: Total::None,
        ..(*first).clone()
    };
    if first.total == Total::Sum {
        let digits = group.iter().find_map(|one| match one.value {
            Property::Number(_, digits) => Some(digits),
            _ => None,
        });
        let numbers = group.iter().filter_map(|one| match one.value {
            Property::Number(number, _) => Some(number),
            _ => None,
        });
        let sum: f64 = numbers.sum();
        // A sum over some of the sites is the least that all have, and nothing says no more than that.
        let told = known == group.len() || sum > 0.0;
        let value = digits
            .filter(|_| told)
            .map_or(Property::Missing, |digits| Property::Number(sum, digits));
        let unit = group.iter().find_map(|one| one.unit).unwrap_or("");
        let (all, missing) = (group.len(), group.len() - known);
        let note = match (known == all, known) {
            (true, _) => format!("sum over {known} sites"),
            (false, 0) => format!("known at none of {all} sites: {}", why(group)),
            (false, _) if told => {
                format!("at least: known at {known} of {all} sites; elsewhere: {}", why(group))
            }
            (false, _) => format!(
                "0 at {known} of {all} sites and not known at {missing}, where: {}",
                why(group)
            ),
        };
        return vec![Statement { note: Some(note), ..base(None, value, unit) }];
    }
    let mut answers: BTreeMap<(u8, String), usize> = BTreeMap::new();
    for one in group {
        let answer = match &one.value {
            Property::Flag(true) => (0, "yes".to_owned()),
            Property::Flag(false) => (1, "no".to_owned()),
            Property::Missing => (3, "not known".to_owned()),
            Property::Text(text) => (2, text.clone()),
            Property::Number(number, _) => (2, number.to_string()),
            Property::Date(day) => (2, day.to_string()),
        };
        *answers.entry(answer).or_default() += 1;
    }
    let of_flags = group.iter().any(|one| matches!(one.value, Property::Flag(_)));
    for (rank, word) in [(0, "yes"), (1, "no")].into_iter().filter(|_| of_flags) {
        answers.entry((rank, word.to_owned())).or_default();
    }
    answers.entry((3, "not known".to_owned())).or_default();
    let counted = answers.into_iter().map(|((rank, answer), count)| {
        let count = u32::try_from(count).map_or(f64::INFINITY, f64::from);
        let value = Property::Number(count, Digits::Decimals(0));
        let of_unknown = rank == 3 && count > 0.0;
        let note = match rank {
            3 => of_unknown.then(|| why(group)),
            _ => shared_note(group.iter().copied().filter(|one| one.is_known())),
        };
        Statement { note, of_unknown, ..base(Some(answer), value, "sites") }
    });
    counted.collect()
}

/// Different texts, each once.
fn joined<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    let mut all: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
    all.sort_unstable();
    all.dedup();
    all.join("; ")
}
