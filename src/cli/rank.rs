//! `rank`: candidates side by side, the one with the least risk first.

use super::CANCEL;
use super::args;
use super::resolve;
use super::table::{Fit, Rows};
use super::terminal::{Terminal, cell};
use crate::run::{self, Apart, Case, Difference, RankBy, Ranking, Request};
use crate::scoring::{Band, percent_known};
use crate::sources::{Keep, Source};
use crate::{Code, Error, Result};
use std::process::ExitCode;

/// Most parts of a difference that the table lists; JSON lists all.
const MOST_TOLD: usize = 3;

pub fn rank(typed: args::Rank, terminal: &Terminal) -> Result<ExitCode> {
    let mut inputs = resolve::inputs(&typed.inputs)?;
    inputs.sites = typed.files.iter().map(Source::from_arg).collect();
    inputs.read.incident_columns = Keep::Nothing;
    if inputs.incidents.is_empty() && inputs.receptors.is_empty() {
        return Err(Error::usage(Code::InputMissing, "neither incidents nor receptors are given")
            .with_hint(
                "name files with --incidents or --receptors, or use the built-in case with --demo",
            ));
    }
    let known = [
        ("overall", RankBy::Overall),
        ("security", RankBy::Security),
        ("environment", RankBy::Environment),
    ];
    let by = typed.by.as_deref();
    let by = by.map(|word| resolve::word_of("--by", word, "a score", known)).transpose()?;
    let rules = resolve::calibrated(&typed.rules, &typed.calibrated)?;
    let request = Request { inputs, rules, ..Request::default() };
    let progress = terminal.progress();
    let case = Case::open(&request, &progress, &CANCEL)?;
    let scored = run::perform(&case, &progress, &CANCEL)?;
    progress.finish();
    super::score::findings(&case, terminal);
    let ranking = run::rank(&case, &scored, by);
    let text = if typed.json { run::json(&ranking)? } else { table(&ranking, terminal) };
    terminal.result(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn table(ranking: &Ranking, terminal: &Terminal) -> String {
    let event = ranking.candidates.iter().find_map(|one| one.event.as_ref());
    let mut columns = vec![
        ("rank", Fit::Number),
        ("candidate", Fit::Text),
        ("id", Fit::Text),
        ("overall", Fit::Number),
        ("security", Fit::Number),
        ("environment", Fit::Number),
        ("at least", Fit::Number),
        ("known", Fit::Number),
        ("class", Fit::Word),
    ];
    if let Some(event) = event {
        columns.insert(5, (event.column.as_str(), Fit::Number));
    }
    let mut table = Rows::new(terminal, true, &columns);
    let score = |score: Option<f64>| score.map_or_else(|| "-".to_owned(), |s| format!("{s:.1}"));
    for one in &ranking.candidates {
        let mut row = vec![
            one.rank.map_or_else(|| "-".to_owned(), |rank| rank.to_string()),
            cell(&one.name),
            cell(&one.id),
            score(one.overall),
            score(one.security),
            score(one.environment),
            score(one.environment_at_least),
            percent_known(one.environment_coverage),
            one.rank.map_or(Band::NoData.told(), |_| one.band).to_owned(),
        ];
        if event.is_some() {
            let probability = one.event.as_ref().map(|event| format!("{:.3}", event.probability));
            row.insert(5, probability.unwrap_or_else(|| "-".to_owned()));
        }
        table.add(row);
    }
    let by = match ranking.by {
        RankBy::Overall => "overall",
        RankBy::Security => "security",
        RankBy::Environment => "environment",
    };
    let mut text = format!("by {by}, lowest first\n{}", table.text());
    if let Some(difference) = &ranking.difference {
        text.push('\n');
        text.push_str(&terminal.wrap(&told(difference)));
        text.push('\n');
    }
    text
}

/// What makes the difference, in a sentence or two.
fn told(difference: &Difference) -> String {
    let Difference { first, second, points, incidents, indicators } = difference;
    let list = |all: &[Apart]| {
        let counts = |one: &&Apart| (one.second - one.first).abs() >= 0.05;
        let named =
            all.iter().filter(counts).take(MOST_TOLD).map(|one| {
                format!("{} ({:.1} against {:.1})", cell(&one.what), one.first, one.second)
            });
        named.collect::<Vec<_>>().join(", ")
    };
    let mut text = format!("{} is {points:.1} points lower than {}.", cell(first), cell(second));
    for (what, list) in
        [("Security, by incident", list(incidents)), ("Environment", list(indicators))]
    {
        if !list.is_empty() {
            text.push_str(&format!(" {what}: {list}."));
        }
    }
    text
}
