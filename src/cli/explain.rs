//! `explain`: a site's scores taken apart.

use super::CANCEL;
use super::args;
use super::near::json;
use super::resolve;
use super::terminal::{Terminal, cell};
use crate::run::{self, Case, Explanation};
use crate::{Error, Result};
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use std::process::ExitCode;

/// Incidents shown in the table; JSON has them all.
const MOST_ROWS: usize = 15;

pub fn explain(typed: args::Explain, terminal: &Terminal) -> Result<ExitCode> {
    let request = resolve::request(&typed.inputs, &typed.rules)?;
    let progress = terminal.progress();
    let case = Case::open(&request, &progress, &CANCEL)?;
    progress.finish();
    let site = case.gathered.site_called(&typed.site)?;
    let explanation = run::explain(&case, site)
        .ok_or_else(|| Error::usage(format!("no site \"{}\"", typed.site)))?;
    let text = if typed.json { json(&explanation)? } else { tables(&explanation, terminal) };
    terminal.result(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn tables(explanation: &Explanation, terminal: &Terminal) -> String {
    let score = |score: Option<f64>| score.map_or_else(|| "no score".into(), |s| format!("{s:.1}"));
    let mut text = format!(
        "{} ({}) at {},{}\nas of {}, scheme {}\n\n{}\n\n",
        cell(&explanation.name),
        cell(&explanation.site),
        explanation.lon,
        explanation.lat,
        explanation.as_of.as_deref().unwrap_or("-"),
        cell(&explanation.scheme),
        cell(&explanation.explanation),
    );
    let security = &explanation.security;
    text.push_str(&format!("security {} ({})\n", score(security.score), security.band));
    if !security.contributions.is_empty() {
        let mut table = table(
            terminal,
            &["points", "share", "km", "bearing", "days ago", "deaths", "incident", "type", "at"],
        );
        for one in security.contributions.iter().take(MOST_ROWS) {
            table.add_row([
                format!("{:.2}", one.contribution),
                format!("{:.1} %", one.share * 100.0),
                format!("{:.1}", one.distance_km),
                format!("{:.0}°", one.bearing_deg),
                one.age_days.map(|days| days.to_string()).unwrap_or_default(),
                one.fatalities.map(|deaths| deaths.to_string()).unwrap_or_default(),
                cell(&one.id),
                cell(&one.event_type),
                cell(&one.part),
            ]);
        }
        text.push_str(&format!("{table}\n"));
        let more = security.contributions.len().saturating_sub(MOST_ROWS);
        if more > 0 {
            let rest: f64 =
                security.contributions.iter().skip(MOST_ROWS).map(|c| c.contribution).sum();
            text.push_str(&format!(
                "and {more} more incidents with {rest:.2} points; --json lists all\n"
            ));
        }
    }
    let environment = &explanation.environment;
    text.push_str(&format!(
        "\nenvironment {} ({}), {:.0} % of the weights known\n",
        score(environment.score),
        environment.band,
        environment.coverage * 100.0
    ));
    let mut table =
        table(terminal, &["points", "value", "weight", "indicator", "km", "driver", "note"]);
    for one in &environment.indicators {
        table.add_row([
            one.contribution.map(|points| format!("{points:.2}")).unwrap_or_default(),
            one.value.map_or_else(|| "missing".into(), |value| format!("{value:.3}")),
            format!("{:.2}", one.weight),
            one.indicator.to_owned(),
            one.distance_km.map(|km| format!("{km:.1}")).unwrap_or_default(),
            cell(one.driver_name.as_deref().unwrap_or("")),
            cell(one.note.as_deref().unwrap_or("")),
        ]);
    }
    text.push_str(&format!("{table}\n"));
    let overall = &explanation.overall;
    text.push_str(&format!(
        "\noverall {} ({}), cell {}\n",
        score(overall.score),
        overall.band,
        overall.risk_cell
    ));
    text
}

/// A table whose first columns are numbers.
fn table(terminal: &Terminal, titles: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    if !terminal.colors() {
        table.force_no_tty();
    }
    table.set_header(titles.iter().copied());
    for index in 0..3 {
        if let Some(column) = table.column_mut(index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}
