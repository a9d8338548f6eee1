//! `corridor`: the scores along routes.

use super::CANCEL;
use super::args;
use super::near::geojson;
use super::resolve;
use super::table::{Fit, Rows};
use super::terminal::{Terminal, cell};
use crate::earth::Length;
use crate::run::{self, Case, Corridor, CorridorQuery, Request, named};
use crate::scoring::Band;
use crate::sources::{Keep, Source};
use crate::{Code, Error, Result};
use std::process::ExitCode;

pub fn corridor(typed: args::Corridor, terminal: &Terminal) -> Result<ExitCode> {
    let length = |option, text: &str| match named::length(option, text)? {
        length if length > Length::ZERO => Ok(length),
        _ => Err(Error::usage(Code::SettingInvalid, format!("{option} {text}: is not above 0"))),
    };
    let step = length("--step", &typed.step)?;
    let within = length("--within", &typed.within)?;
    let mut inputs = resolve::inputs(&typed.inputs)?;
    inputs.sites = typed.files.iter().map(Source::from_arg).collect();
    inputs.read.incident_columns = Keep::Nothing;
    if inputs.incidents.is_empty() {
        return Err(Error::usage(Code::InputMissing, "no incidents are given")
            .with_hint("name a file with --incidents FILE, or use the built-in case with --demo"));
    }
    resolve::without_box(&typed.rules, "routes are scored wherever they run")?;
    let request = Request { inputs, rules: resolve::rules(&typed.rules)?, ..Request::default() };
    let progress = terminal.progress();
    let case = Case::open(&request, &progress, &CANCEL)?;
    let corridor = run::corridor(&case, CorridorQuery { step, within }, &progress, &CANCEL)?;
    progress.finish();
    super::score::findings(&case, terminal);
    let text = if typed.geojson {
        geojson(&corridor.layer())?
    } else if typed.json {
        run::json(&corridor)?
    } else {
        tables(&corridor, within, terminal)
    };
    terminal.result(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn tables(corridor: &Corridor, within: Length, terminal: &Terminal) -> String {
    let columns = [
        ("route", Fit::Text),
        ("km", Fit::Number),
        ("no score km", Fit::Spare),
        ("mean", Fit::Number),
        ("worst stretch", Fit::Word),
        ("highest", Fit::Number),
        ("incidents", Fit::Number),
        ("deaths", Fit::Number),
    ];
    let mut table = Rows::new(terminal, true, &columns);
    let none = || "-".to_owned();
    for route in &corridor.routes {
        let worst = route.worst.as_ref();
        table.add([
            cell(&route.name),
            format!("{:.1}", route.length_km),
            format!("{:.1}", route.no_data_km),
            route.mean.map_or_else(none, |mean| format!("{mean:.1}")),
            worst.map_or_else(none, |w| {
                format!("km {:.0} to {:.0}, {}", w.from_km, w.to_km, w.band)
            }),
            worst.map_or_else(none, |w| format!("{:.1}", w.highest)),
            route.incidents.to_string(),
            route.deaths.to_string(),
        ]);
    }
    let mut text = format!("security along the way, incidents within {within}\n{}", table.text());
    for route in &corridor.routes {
        let km = |band: Band| Some((band.told(), route.bands_km.get(band.word())?));
        let bands = Band::ALL.into_iter().filter_map(km);
        let bands = bands.map(|(band, km)| format!("{band} {km:.1} km"));
        let bands = bands.collect::<Vec<_>>().join(", ");
        text.push_str(&terminal.wrap(&format!("{}: {bands}", cell(&route.name))));
        text.push('\n');
    }
    for one in &corridor.comparisons {
        let mean = match one.mean_lower {
            lower if lower >= 0.0 => format!("its mean score is {lower:.1} lower"),
            higher => format!("though its mean score is {:.1} higher, it is shorter", -higher),
        };
        let name = |id: &str| {
            let route = corridor.routes.iter().find(|route| route.id == id);
            cell(route.map_or(id, |route| &route.name))
        };
        let (best, other) = (name(&one.best), name(&one.other));
        let sentence = match one.exposure_less {
            less if less < 0.5 => {
                format!("{best} and {other} have the same exposure (score x km).")
            }
            less => {
                format!(
                    "{best} has the least exposure: {less:.0} score x km less than {other}; {mean}."
                )
            }
        };
        text.push_str(&terminal.wrap(&sentence));
        text.push('\n');
    }
    text
}
