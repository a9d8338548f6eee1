//! `near`: what lies near a site or a coordinate.

use super::CANCEL;
use super::args;
use super::resolve;
use super::table::{Fit, Rows};
use super::terminal::{Terminal, cell};
use crate::earth::Length;
use crate::run::{self, NearQuery};
use crate::sources::Keep;
use crate::{Error, Result};
use std::process::ExitCode;

pub fn near(typed: args::Near, terminal: &Terminal) -> Result<ExitCode> {
    let mut request = resolve::inputs(&typed.inputs)?;
    request.read.incident_columns = Keep::Nothing;
    if request.sites.is_empty() && request.incidents.is_empty() && request.receptors.is_empty() {
        return Err(Error::usage("nothing is given to look among")
            .with_hint("name files with --sites, --incidents or --receptors, or use the built-in case with --demo"));
    }
    let query = NearQuery {
        within: typed.within.as_deref().map(within).transpose()?,
        most: typed.most.map(std::num::NonZeroUsize::get),
    };
    let at = typed.at.as_deref().map(resolve::position).transpose()?;
    let progress = terminal.progress();
    let gathered = run::gather(&request, &progress, &CANCEL)?;
    progress.finish();
    let site = typed.site.as_deref().map(|called| gathered.site_called(called)).transpose()?;
    let from = match (at, site.and_then(|index| gathered.sites.get(index))) {
        (Some(at), _) => at,
        (None, Some(site)) => site.position,
        (None, None) => {
            return Err(Error::usage("neither --at nor --site is given").with_hint(
                "a coordinate, --at 62.05,29.12, or a site by id or name, --site NAME",
            ));
        }
    };
    let answer = run::near(&gathered, from, site, query).with_coverage(&gathered, &request)?;
    if typed.json {
        terminal.result(&json(&answer)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(why) = &answer.uncovered {
        terminal.say(&format!("note: incidents do not cover this place: {}", cell(why)));
    }
    if let Some(other) = &answer.swapped {
        let found = match (other.found, query.within) {
            (1, Some(within)) => format!("lies 1 within {}", length(within)),
            (found, Some(within)) => format!("lie {found} within {}", length(within)),
            (_, None) => format!("the nearest lies {:.0} km away", other.nearest_km),
        };
        terminal.say(&format!(
            "hint: --at takes longitude first; at {},{}, the two numbers swapped, {found}",
            other.lon, other.lat
        ));
    }
    let columns = [
        ("km", Fit::Number),
        ("bearing", Fit::Number),
        ("kind", Fit::Word),
        ("date", Fit::Word),
        ("id", Fit::Text),
        ("name", Fit::Text),
    ];
    let mut table = Rows::new(terminal, true, &columns);
    for neighbor in &answer.neighbors {
        table.add([
            format!("{:.3}", neighbor.distance_km),
            format!("{:.1}°", neighbor.bearing_deg),
            neighbor.kind.to_owned(),
            neighbor.date.clone().unwrap_or_default(),
            cell(&neighbor.id),
            cell(neighbor.name.as_deref().unwrap_or("")),
        ]);
    }
    if answer.neighbors.is_empty() {
        let within = query.within.map(|within| format!(" within {}", length(within)));
        terminal.result(&format!("Nothing found{}.", within.unwrap_or_default()))?;
    } else {
        terminal.result(&table.text())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// How far to look: some way, and no farther than there is Earth.
fn within(text: &str) -> Result<Length> {
    let length = resolve::length("--within", text)?;
    if length > Length::ZERO && length.km() <= FARTHEST_KM {
        return Ok(length);
    }
    Err(Error::usage(format!("--within {length}: is not above 0 and at most {FARTHEST_KM}km"))
        .with_hint("the farthest places on Earth lie 20004km apart; such as --within 50km"))
}

/// The farthest that two places on Earth lie apart, rounded up.
const FARTHEST_KM: f64 = 20_004.0;

/// A length as people write it.
fn length(length: Length) -> String {
    if length.km() < 1.0 { format!("{} m", length.meters()) } else { format!("{} km", length.km()) }
}

/// A value as indented JSON.
pub fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string_pretty(value)
        .map_err(|error| Error::output(format!("the answer cannot be written as JSON: {error}")))
}
