//! Conflict and people around a site.

use super::mapped::within;
use super::{Asked, Disclosure, Reason, Statement};
use crate::layers::columns::ring_column;
use crate::layers::context::ShortWindow;
use crate::measures::Until;
use crate::model::ReceptorKind;
use crate::scoring::{COVERED, CoverageWords, percent};

pub(super) fn add(asked: &Asked<'_>, all: &mut Vec<Statement>) {
    let disclosure = Disclosure::Gri14;
    let files = &*asked.origins.incidents;
    let (note, reason) = not_collected(asked);
    let open = |one: Statement| match one.is_known() {
        true => one,
        false => one.noted(Some(note.clone()), reason),
    };
    let partly = partly(asked);
    all.push(open(
        Statement::new(disclosure, "in_conflict_affected_area", files)
            .flag(asked.scored.risk.flags.in_conflict_area)
            .with(Some(match (&partly, asked.scored.risk.flags.in_conflict_area) {
                (Some(partly), Some(false)) => format!("{}; {partly}", rule(asked)),
                _ => rule(asked),
            })),
    ));
    let buffers = &asked.context.scheme.buffers;
    let windows = &asked.scored.quantities.security.windows;
    for (at, days) in buffers.window_days.iter().enumerate() {
        let count = windows.get(at);
        let count = count.and_then(|count| asked.context.shown_window(asked.scored, *days, *count));
        let name = ring_column("security_incidents", buffers.window_radius_km);
        let short = asked.context.short_window(asked.scored, *days).map(ShortWindow::words);
        let outside = match asked.context.collected_until(asked.scored) {
            Until::Never => Some(note.clone()),
            Until::Current(_) | Until::Ended(_) => partly.clone(),
        };
        let told: Vec<String> = outside.into_iter().chain(short).collect();
        // Beside a zero, `at least` would say nothing.
        let least = if count.is_some_and(|count| count.incidents > 0) { "at least: " } else { "" };
        let remark = (!told.is_empty()).then(|| format!("{least}{}", told.join("; ")));
        all.push(open(
            Statement::new(disclosure, format!("{name}_{days}d"), files)
                .number(count.map(|count| f64::from(count.incidents)), 0, "incidents")
                .with(remark),
        ));
    }
    let until = match asked.context.collected_until(asked.scored) {
        Until::Never => None,
        Until::Current(day) | Until::Ended(day) => Some(day.to_string()),
    };
    all.push(open(
        Statement::new(disclosure, "incidents_collected_until", files).text(until).of_one_site(),
    ));
    let kind = ReceptorKind::Settlements;
    let environment = &asked.scored.quantities.environment;
    let item = ring_column("people_within", buffers.people_km);
    all.push(
        asked
            .counted(kind, environment.people, &within(buffers.people_km))
            .number(Statement::new(disclosure, item, asked.files(kind)), 0, "people")
            .unless(|| match environment.nearby.contains_key(&kind) {
                false => "no settlements layer was given".to_owned(),
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
    format!(
        "{} or more security incidents within {} km in the last year, or a security band of {} or worse",
        flags.conflict_incidents,
        buffers.window_radius_km,
        crate::scoring::Band::from(flags.conflict_band).word(),
    )
}

/// What has to be said with a count where incidents were collected in a part of the surroundings only.
fn partly(asked: &Asked<'_>) -> Option<String> {
    let share = asked.scored.quantities.security.coverage;
    let km = asked.context.scheme.buffers.coverage_km;
    (share < COVERED)
        .then(|| format!("incidents were collected in {} of the {km:.0} km around", percent(share)))
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
