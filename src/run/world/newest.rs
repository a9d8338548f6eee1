//! The default date for ages: that of the newest incident, ignoring incidents dated so long after all others that
//! their dates must be mistyped. The gap between dates is the only evidence; no clock is read.

use super::collected::Collected;
use crate::Code;
use crate::measures::days_between;
use crate::model::{Domain, Finding, Incident, Place, Verdict, bulk};
use crate::scoring::thousands;
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A longer gap (in days) before the newest incidents is noted.
const APART_DAYS: i64 = 366;

/// The default date for ages, with a finding about it: that of the newest security incident; if there are none, of the
/// newest accident; else of the newest dated record.
pub(in crate::run) fn newest(
    collected: &[Collected],
    incidents: &[Incident],
) -> (Option<Date>, Option<Finding>) {
    let of = |domain| {
        let of_domain = collected.iter().filter(move |one| one.domain == domain);
        let days: BTreeSet<Date> = of_domain.flat_map(|one| one.days.iter().copied()).collect();
        days.into_iter().collect::<Vec<Date>>()
    };
    let domains = [Domain::Security, Domain::Accident].map(|domain| (domain, of(domain)));
    let Some((domain, days)) = domains.into_iter().find(|(_, days)| !days.is_empty()) else {
        let days = incidents.iter().filter_map(|incident| Some(incident.date?.last()));
        return (days.max(), None);
    };
    let kept = bulk(&days);
    let as_of = kept.last().copied();
    let apart = match kept.len() < days.len() {
        true => days.get(kept.len()..).map(|rest| (rest, true)),
        false => lone(&days).map(|rest| (rest, false)),
    };
    (as_of, apart.and_then(|(rest, left_out)| note(rest, as_of?, left_out, domain, incidents)))
}

/// The newest days, if they are few and more than a year after all others.
fn lone(days: &[Date]) -> Option<&[Date]> {
    let few = (days.len() / 20).max(1);
    let from = days.len().checked_sub(few + 1)?;
    let pairs = days.windows(2).enumerate().skip(from);
    let mut gaps = pairs.filter_map(|(at, pair)| match *pair {
        [before, after] if days_between(before, after) > APART_DAYS => Some(at + 1),
        _ => None,
    });
    gaps.next().and_then(|from| days.get(from..))
}

/// Notes incidents that are dated long after all others.
fn note(
    rest: &[Date],
    as_of: Date,
    left_out: bool,
    domain: Domain,
    incidents: &[Incident],
) -> Option<Finding> {
    let (first, last) = (*rest.first()?, *rest.last()?);
    let of = |incident: &&Incident| {
        let day = incident.date.map(|date| date.last());
        incident.domain == domain && day.is_some_and(|day| first <= day && day <= last)
    };
    let earliest =
        incidents.iter().filter(of).min_by_key(|one| one.date.map(|date| date.last()))?;
    let count = incidents.iter().filter(of).count();
    let before = incidents
        .iter()
        .filter(|one| one.domain == domain)
        .filter_map(|one| Some(one.date?.last()))
        .filter(|day| *day < first)
        .max()?;
    let days = thousands(days_between(before, first));
    let them = if count == 1 { "it is" } else { "they are" };
    let what = if left_out {
        format!(
            "{them} considered mistyped and not used; ages are counted from {as_of}; correct the dates, or give ⟦as_of⟧"
        )
    } else {
        format!(
            "ages are counted from {as_of}; if {them} mistyped, correct the dates or give ⟦as_of⟧"
        )
    };
    let who = match count {
        1 => format!("of {} ({})", earliest.id, earliest.place),
        _ => format!("of {} ({}) and {} more", earliest.id, earliest.place, count - 1),
    };
    Some(Finding {
        code: Code::DateDoubtful,
        file: Arc::clone(&earliest.file),
        place: Place::File,
        id: None,
        field: Some("date".into()),
        value: Some(first.to_string()),
        why: format!("{who} is {days} days after all earlier ones; {what}"),
        verdict: Verdict::Noted,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(text: &str) -> Vec<Date> {
        text.split(' ').map(|day| day.parse().expect("a date")).collect()
    }

    #[test]
    fn few_new_days_more_than_a_year_after_all_others_are_worth_a_word() {
        let days = dates("2024-03-09 2024-04-01 2026-12-01");
        assert_eq!(lone(&days), Some(&days[2..]));
        assert_eq!(lone(&dates("2024-03-09 2024-04-01")), None);
        assert_eq!(lone(&dates("2019-03-09 2025-02-20 2025-03-01")), None);
        assert_eq!(lone(&[]), None);
    }
}
