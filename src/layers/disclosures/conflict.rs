//! Conflict and people around a site. That no incident is known there is an answer only where incidents were collected on
//! all the land within the radius, over all the days asked; elsewhere a count is the least that there were.

use super::{Asked, Disclosure, Reason, Statement};
use crate::layers::columns::ring_column;
use crate::layers::context::ShortWindow;
use crate::measures::Until;
use crate::model::ReceptorKind;
use crate::scoring::{COVERED, CoverageWords, OldRecord, country_name, ground, percent, seen};

pub(super) fn add(asked: &Asked<'_>, all: &mut Vec<Statement>) {
    let disclosure = Disclosure::Gri14;
    let files = &*asked.origins.incidents;
    let trend_days = asked.context.scheme.security.trend.period_days;
    let flag = asked.scored.risk.flags.in_conflict_area;
    let area = Statement::new(disclosure, "in_conflict_affected_area", files).flag(flag);
    all.push(match flag {
        Some(_) => area.with(Some(rule(asked))),
        None => {
            let (why, reason) = doubt(asked, trend_days)
                .or_else(|| possible(asked))
                .unwrap_or_else(|| not_collected(asked));
            area.noted(Some(why), reason)
        }
    });
    let buffers = &asked.context.scheme.buffers;
    let windows = &asked.scored.quantities.security.windows;
    for (days, count) in buffers.window_days.iter().zip(windows) {
        let name = ring_column("security_incidents", buffers.window_radius_km);
        let doubt = doubt(asked, *days);
        let known = (count.incidents > 0 || doubt.is_none()).then_some(f64::from(count.incidents));
        let row = Statement::new(disclosure, format!("{name}_{days}d"), files).number(
            known,
            0,
            "incidents",
        );
        all.push(match doubt {
            Some((why, reason)) if known.is_none() => row.noted(Some(why), reason),
            Some((why, _)) => row.with(Some(format!("at least: {why}"))),
            None => row,
        });
    }
    let until = match asked.context.collected_until(asked.scored) {
        Until::Never => None,
        Until::Current(day) | Until::Ended(day) => Some(day.to_string()),
    };
    let row = Statement::new(disclosure, "incidents_collected_until", files).of_one_site();
    all.push(match until {
        Some(_) => row.text(until).with(old(asked)),
        None => {
            let (why, reason) = not_collected(asked);
            row.noted(Some(why), reason)
        }
    });
    let kind = ReceptorKind::Settlements;
    let environment = &asked.scored.quantities.environment;
    let item = ring_column("people_within", buffers.people_km);
    all.push(
        asked
            .counted_within(kind, environment.people, buffers.people_km)
            .number(Statement::new(disclosure, item, asked.files(kind)), 0, "people")
            .unless(|| match environment.nearby.contains_key(&kind) {
                false => "no layer of settlements was given".to_owned(),
                true => format!(
                    "no settlement of the run, or none within {} km, has a known population",
                    buffers.people_km
                ),
            }),
    );
}

/// What makes a conflict area under the scheme.
fn rule(asked: &Asked<'_>) -> String {
    let (flags, buffers) = (&asked.context.scheme.flags, &asked.context.scheme.buffers);
    let days = asked.context.scheme.security.trend.period_days;
    let many = match flags.conflict_incidents {
        1 => "a violent incident".to_owned(),
        many => format!("{many} violent incidents"),
    };
    format!(
        "the rule: yes with {many} within {} km in the last {days} days, or with a security band of {} or worse; a protest or a strategic development is violent only if deaths are reported in it",
        buffers.window_radius_km,
        crate::scoring::Band::from(flags.conflict_band).word(),
    )
}

/// Why a lack of incidents within the window radius in the last so many days does not say that there were none, and why a
/// count is the least that there were; `None` if all is known.
fn doubt(asked: &Asked<'_>, days: u32) -> Option<(String, Reason)> {
    let security = &asked.scored.quantities.security;
    if seen(security, days) {
        return None;
    }
    if !security.covered {
        return Some(not_collected(asked));
    }
    let short = asked.context.short_window(asked.scored, days).map(ShortWindow::words);
    let parts = [
        (security.window_coverage < COVERED).then(|| (partly(asked), Reason::Partly)),
        old(asked).map(|words| (words, Reason::OldRecord)),
        short.map(|words| (words, Reason::Noted)),
    ];
    let all: Vec<(String, Reason)> = parts.into_iter().flatten().collect();
    let reason = all.first()?.1;
    Some((all.into_iter().map(|(words, _)| words).collect::<Vec<_>>().join("; "), reason))
}

/// That violence may have been nearer than reported; `None` if no violent incident of the period can lie within the radius.
fn possible(asked: &Asked<'_>) -> Option<(String, Reason)> {
    let possible = asked.scored.quantities.security.violence_possible;
    let (km, days) = (
        asked.context.scheme.buffers.window_radius_km,
        asked.context.scheme.security.trend.period_days,
    );
    possible.then(|| {
        let why = format!(
            "a violent incident of the last {days} days is reported beyond {km:.0} km, and may lie within: it or the site is known to some kilometers only"
        );
        (why, Reason::Noted)
    })
}

/// That incidents were collected on a part of the land around only.
fn partly(asked: &Asked<'_>) -> String {
    let share = asked.scored.quantities.security.window_coverage;
    let km = asked.context.scheme.buffers.window_radius_km;
    let ground = ground(asked.context.collection.is_by_land());
    format!("incidents were collected on {} of the {ground} within {km:.0} km", percent(share))
}

/// That the newest incident in the country is old; `None` if it is not.
fn old(asked: &Asked<'_>) -> Option<String> {
    let OldRecord { country, newest, years } = asked.context.old_record(asked.scored)?;
    Some(format!(
        "the newest incident recorded in {} is of {}, {years} years earlier, and whether any are collected there is not known",
        country_name(country),
        newest.year()
    ))
}

/// Why nothing is known of conflict at the site.
fn not_collected(asked: &Asked<'_>) -> (String, Reason) {
    match asked.context.coverage_words(asked.scored) {
        CoverageWords::Uncovered(why) => {
            let never = asked.context.collected_until(asked.scored) == Until::Never;
            let by_country =
                asked.context.collection.countries().is_some_and(|all| !all.is_empty());
            let reason = match never && by_country {
                true => Reason::Uncovered(asked.scored.country),
                false => Reason::Noted,
            };
            (why, reason)
        }
        CoverageWords::Covered | CoverageWords::Ended(_) => {
            ("the scheme has no security score".to_owned(), Reason::Noted)
        }
    }
}
