//! `near`: what lies near a site or a coordinate.

use super::CANCEL;
use super::args;
use super::resolve;
use super::table::{Fit, Rows};
use super::terminal::{Terminal, cell};
use crate::earth::Length;
use crate::layers::Layer;
use crate::model::ReceptorKind;
use crate::run::{self, Near, NearQuery, Neighbor, Rules, Totals, World, named};
use crate::scoring::{km_as_known, thousands};
use crate::sinks;
use crate::sources::Keep;
use crate::{Code, Error, Result};
use std::process::ExitCode;

pub fn near(typed: args::Near, terminal: &Terminal) -> Result<ExitCode> {
    let mut inputs = resolve::inputs(&typed.inputs)?;
    inputs.read.incident_columns = Keep::Nothing;
    if inputs.sites.is_empty() && inputs.incidents.is_empty() && inputs.receptors.is_empty() {
        return Err(Error::usage(Code::InputMissing, "no files to search are given")
            .with_hint("name files with --sites, --incidents or --receptors, or use the built-in case with --demo"));
    }
    let query = NearQuery {
        within: typed
            .within
            .as_deref()
            .map(|text| named::distance("--within", text))
            .transpose()?,
        most: typed.most.map(std::num::NonZeroUsize::get),
        kinds: typed
            .kinds
            .iter()
            .map(|word| named::thing("--kind", word))
            .collect::<Result<_>>()?,
        since: typed
            .inputs
            .reading
            .since
            .as_deref()
            .map(|day| named::date("--since", day))
            .transpose()?,
        until: typed.as_of.as_deref().map(|day| named::date("--as-of", day)).transpose()?,
    };
    let at = typed.at.as_deref().map(resolve::position).transpose()?;
    let progress = terminal.progress();
    let world = World::read(&inputs, &progress, &CANCEL)?;
    progress.finish();
    let site = typed.site.as_deref().map(|called| world.sites.called(called)).transpose()?;
    let from = match (at, site.and_then(|index| world.sites.list.get(index))) {
        (Some(at), _) => at,
        (None, Some(site)) => site.position,
        (None, None) => {
            return Err(Error::usage(Code::InputMissing, "neither --at nor --site is given")
                .with_hint(
                    "a coordinate, --at 62.05,29.12, or a site by id or name, --site NAME",
                ));
        }
    };
    let rules = Rules { as_of: query.until, ..Rules::default() };
    let answer = run::near(&world, from, site, &query, &CANCEL)?.with_coverage(&world, &rules)?;
    if typed.json {
        terminal.result(&run::json(&answer)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    if typed.geojson {
        terminal.result(&geojson(&answer.layer())?)?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(why) = &answer.uncovered {
        terminal.say(&format!("note: incidents do not cover this place: {}", cell(why)));
    }
    if let Some(other) = &answer.swapped {
        let found = match (other.found, query.within) {
            (1, Some(within)) => format!("there is 1 within {}", length(within)),
            (found, Some(within)) => format!("there are {found} within {}", length(within)),
            (_, None) => format!("the nearest is {:.0} km away", other.nearest_km),
        };
        terminal.say(&format!(
            "hint: --at takes longitude first; with the numbers swapped ({},{}) {found}",
            other.lon, other.lat
        ));
    }
    let columns = [
        ("km", Fit::Number),
        ("bearing", Fit::Number),
        ("kind", Fit::Word),
        ("date", Fit::Word),
        ("deaths", Fit::Number),
        ("id", Fit::Text),
        ("name", Fit::Text),
    ];
    let mut table = Rows::new(terminal, true, &columns);
    for neighbor in &answer.neighbors {
        table.add([
            km_as_known(neighbor.distance_km, neighbor.position_accuracy_km),
            format!("{:.1}°", neighbor.bearing_deg),
            kind(neighbor),
            neighbor.date.clone().unwrap_or_default(),
            neighbor.fatalities.map(|deaths| deaths.to_string()).unwrap_or_default(),
            cell(&neighbor.id),
            cell(&name(neighbor)),
        ]);
    }
    if answer.neighbors.is_empty() {
        let within = query.within.map(|within| format!(" within {}", length(within)));
        terminal.result(&format!("Nothing found{}.", within.unwrap_or_default()))?;
        let given = |word: &str| match ReceptorKind::ALL.iter().find(|kind| kind.word() == word) {
            Some(kind) => world.kinds.contains(kind),
            None => true,
        };
        for word in query.kinds.iter().filter(|word| !given(word)) {
            terminal.say(&format!("note: no file of {word} was given"));
        }
    } else {
        let mut listed = format!("{}{}{}\n", table.text(), totals(&answer), asked(&query, &answer));
        for covered in &answer.coverage {
            listed.push_str(&format!("incidents cover {}\n", cell(covered)));
        }
        terminal.result(&listed)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The kind of a neighbor, an incident by what it counts toward.
fn kind(neighbor: &Neighbor) -> String {
    neighbor.domain.map_or_else(|| neighbor.kind.to_owned(), domain)
}

/// Incidents of a domain, in words.
fn domain(word: &str) -> String {
    match word {
        "security" | "other" => format!("{word} incident"),
        _ => word.to_owned(),
    }
}

/// The name of a neighbor; of an area that is known by its middle and size, how far its edge is, too.
fn name(neighbor: &Neighbor) -> String {
    let name = neighbor.name.as_deref().unwrap_or("");
    match neighbor.edge_km {
        Some(edge) => {
            format!("{name} (its edge, by its size, {edge:.1} km)").trim_start().to_owned()
        }
        None => name.to_owned(),
    }
}

/// What was found, in a line: `3 security incidents with 7 deaths, 2 sites, 2 settlements with 5,300 people`. Deaths of
/// accidents and earthquakes stand apart from those of attacks.
fn totals(answer: &Near) -> String {
    let Totals { kinds, incidents, people, .. } = &answer.totals;
    let incidents = incidents.iter().map(|(word, of)| {
        let with = of.deaths.map(|deaths| {
            let end = if deaths == 1 { "" } else { "s" };
            let least = if of.deaths_unknown > 0 { "at least " } else { "" };
            format!(" with {least}{} death{end}", number(deaths.to_string()))
        });
        format!("{} {}{}", of.count, noun(&domain(word), of.count), with.unwrap_or_default())
    });
    let others = kinds.iter().filter(|(kind, _)| **kind != "incident").map(|(kind, count)| {
        let with = match (*kind, people) {
            ("settlements", Some(people)) => {
                format!(" with {} people", number(format!("{people:.0}")))
            }
            _ => String::new(),
        };
        format!("{count} {}{with}", noun(kind, *count))
    });
    incidents.chain(others).collect::<Vec<_>>().join(", ")
}

/// What the totals are of: the distance, or the nearest few; and what was left out on request.
fn asked(query: &NearQuery, answer: &Near) -> String {
    let area = match query.within {
        Some(within) => format!("; within {}", length(within)),
        None => format!("; the nearest {}", answer.neighbors.len()),
    };
    let kinds = (!query.kinds.is_empty()).then(|| format!("only {}", query.kinds.join(", ")));
    let since = query.since.map(|day| format!("since {day}"));
    let until = query.until.map(|day| format!("until {day}"));
    let filters = [kinds, since, until].into_iter().flatten();
    filters.fold(area, |text, filter| format!("{text}, {filter}"))
}

/// A number with thousands separators.
fn number(text: String) -> String {
    thousands(text.parse().unwrap_or(i64::MAX))
}

/// The name of a kind, singular or plural by count.
fn noun(kind: &str, count: usize) -> String {
    let kind = kind.replace('_', " ");
    match (kind.as_str(), count) {
        ("water bodies", 1) => "water body".to_owned(),
        ("tailings" | "water stress", _) => kind,
        (_, 1) => kind.trim_end_matches('s').to_owned(),
        _ if kind.ends_with('s') => kind,
        _ => format!("{kind}s"),
    }
}

/// A length as people write it.
fn length(length: Length) -> String {
    if length.km() < 1.0 { format!("{} m", length.meters()) } else { format!("{} km", length.km()) }
}

/// A layer as GeoJSON.
pub fn geojson(layer: &Layer<'_>) -> Result<String> {
    let mut text = Vec::new();
    sinks::geojson::write(layer, &mut text).map_err(|error| {
        Error::output(
            Code::OutputFailed,
            format!("the answer cannot be written as GeoJSON: {error}"),
        )
    })?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
