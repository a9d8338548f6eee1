//! Conflict and people around a site.

use super::{Asked, Disclosure, Statement};
use crate::layers::columns::ring_column;
use crate::measures::Until;
use crate::model::ReceptorKind;
use crate::scoring::CoverageWords;

pub(super) fn add(asked: &Asked<'_>, all: &mut Vec<Statement>) {
    let disclosure = Disclosure::Gri14;
    let files = &*asked.origins.incidents;
    let why = || not_collected(asked);
    all.push(
        Statement::new(disclosure, "in_conflict_affected_area", files)
            .flag(asked.scored.risk.flags.in_conflict_area)
            .with(Some(rule(asked)))
            .unless(why),
    );
    let buffers = &asked.context.scheme.buffers;
    let windows = &asked.scored.quantities.security.windows;
    for (at, days) in buffers.window_days.iter().enumerate() {
        let count = windows.get(at).and_then(|count| asked.context.shown_count(*count));
        let name = ring_column("security_incidents", buffers.window_radius_km);
        all.push(
            Statement::new(disclosure, format!("{name}_{days}d"), files)
                .number(count.map(|count| f64::from(count.incidents)), 0, "incidents")
                .unless(why),
        );
    }
    let until = match asked.context.collected_until(asked.scored) {
        Until::Never => None,
        Until::Current(day) | Until::Ended(day) => Some(day.to_string()),
    };
    all.push(
        Statement {
            total: super::Total::None,
            ..Statement::new(disclosure, "incidents_collected_until", files)
        }
        .text(until)
        .unless(why),
    );
    let kind = ReceptorKind::Settlements;
    let environment = &asked.scored.quantities.environment;
    let people = environment.people;
    let gaps = people.filter(|people| *people == 0.0).and_then(|_| asked.gaps(kind));
    all.push(
        Statement::new(
            disclosure,
            ring_column("people_within", buffers.people_km),
            asked.files(kind),
        )
        .number(people, 0, "people")
        .with(gaps)
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

/// Why nothing is known of conflict at the site.
fn not_collected(asked: &Asked<'_>) -> String {
    match asked.context.coverage_words(asked.scored) {
        CoverageWords::Uncovered(why) => why,
        CoverageWords::Covered | CoverageWords::Ended(_) => {
            "the scheme has no security score".to_owned()
        }
    }
}
