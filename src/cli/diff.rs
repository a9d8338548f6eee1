//! `diff`: what changed between two runs, and why.

use super::CANCEL;
use super::args;
use super::remedy::COMMAND_LINE;
use super::resolve;
use super::table::{Fit, Rows};
use super::terminal::{Terminal, cell};
use crate::run::{
    self, BarChange, Changes, IncidentChange, Lookup, ScoreChange, SiteChange, Standing,
};
use crate::scoring::{Band, thousands};
use crate::sinks::csv;
use crate::{Code, Error, Result};
use std::collections::BTreeSet;
use std::process::ExitCode;

/// Incidents told of a site in the terminal; JSON has more.
const MOST_TOLD: usize = 3;

/// Points that a table with one decimal shows.
const SHOWN: f64 = 0.05;

/// Points from which on an incident is worth a word at a site that stays in its classes.
const TOLD: f64 = 0.5;

/// What ends a run with code 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FailOn {
    Change,
    Band,
}

pub fn diff(typed: args::Diff, terminal: &Terminal) -> Result<ExitCode> {
    let known = [("change", FailOn::Change), ("band", FailOn::Band)];
    let fail_on = typed.fail_on.as_deref();
    let fail_on = fail_on
        .map(|word| resolve::word_of("--fail-on", word, "change or band", known))
        .transpose()?;
    if let Some(place) = typed.inputs.iter().find(|place| !place.exists()) {
        return Err(Error::usage(
            Code::FileMissing,
            format!("--inputs {}: is not there", place.display()),
        ));
    }
    let lookup = Lookup { places: typed.inputs, read: resolve::reading(&typed.reading)? };
    let progress = terminal.progress();
    let changes = worded(run::compare([&typed.old, &typed.new], &lookup, &progress, &CANCEL)?);
    progress.finish();
    if typed.json {
        terminal.result(&run::json(&changes)?)?;
    } else if typed.csv {
        terminal.result(&table_of_all(&changes)?)?;
    } else {
        terminal.result(&told(&changes, typed.top.get(), terminal))?;
    }
    for why in &changes.unknown {
        terminal.say(&not_split(&changes, why));
    }
    let held = fail_on.is_none_or(|what| hold(what, &changes, terminal));
    Ok(if held { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// The same with the settings that reasons name as options.
fn worded(mut changes: Changes) -> Changes {
    changes.unknown.iter_mut().for_each(|why| *why = COMMAND_LINE.words(why).into_owned());
    for site in &mut changes.sites {
        for score in [&mut site.security, &mut site.environment, &mut site.overall] {
            score.unknown.iter_mut().for_each(|why| *why = COMMAND_LINE.words(why).into_owned());
        }
    }
    changes
}

fn table_of_all(changes: &Changes) -> Result<String> {
    let (head, rows) = run::change_rows(changes);
    let mut text = Vec::new();
    csv::write_table(&head, rows, &mut text)
        .map_err(|error| Error::output(Code::OutputFailed, format!("changes: {error}")))?;
    String::from_utf8(text)
        .map_err(|error| Error::output(Code::OutputFailed, format!("changes: {error}")))
}

/// Which changes are not split into their causes for a reason.
fn not_split(changes: &Changes, why: &str) -> String {
    let mut scores = BTreeSet::new();
    let mut many = 0;
    for site in &changes.sites {
        let all = [&site.security, &site.environment, &site.overall];
        let of = |score: &ScoreChange| score.unknown.as_deref() == Some(why);
        let found = ["security", "environment", "overall"].into_iter().zip(all);
        let found: Vec<&str> = found.filter(|(_, score)| of(score)).map(|(name, _)| name).collect();
        many += usize::from(!found.is_empty());
        scores.extend(found);
    }
    let scores: Vec<&str> = scores.into_iter().collect();
    let hint = if why.contains("is not there with") { "; --inputs names its folder" } else { "" };
    format!(
        "note: what changed of {} at {} is not split into its causes: {}{hint}",
        scores.join(" and "),
        sites(many),
        cell(why)
    )
}

/// Whether nothing changed that the user asked to be told of; says what did.
fn hold(what: FailOn, changes: &Changes, terminal: &Terminal) -> bool {
    let counts = &changes.counts;
    let (word, many, how) = match what {
        FailOn::Change => ("change", counts.changed, "changed"),
        FailOn::Band => ("band", counts.in_another_band, "in another class"),
    };
    let others = match what {
        FailOn::Change => counts.came + counts.gone,
        FailOn::Band => 0,
    };
    if many + others == 0 {
        return true;
    }
    let also = if others > 0 { format!("; {}", came_and_gone(changes)) } else { String::new() };
    terminal.fault(&format!(
        "--fail-on {word}: {} of {} {how}{also}",
        number(many),
        sites(counts.compared)
    ));
    false
}

fn number(count: usize) -> String {
    thousands(i64::try_from(count).unwrap_or(i64::MAX))
}

fn sites(count: usize) -> String {
    format!("{} {}", number(count), if count == 1 { "site" } else { "sites" })
}

fn came_and_gone(changes: &Changes) -> String {
    let counts = &changes.counts;
    let is = |count| if count == 1 { "is" } else { "are" };
    format!(
        "{} {} new, {} {} gone",
        number(counts.came),
        is(counts.came),
        number(counts.gone),
        is(counts.gone)
    )
}

fn told(changes: &Changes, top: usize, terminal: &Terminal) -> String {
    let counts = &changes.counts;
    if counts.changed + counts.came + counts.gone == 0 {
        let compared = sites(counts.compared);
        return format!("{}no score changed: {compared} compared\n", head(changes));
    }
    let mut text = head(changes);
    text.push_str(&format!(
        "{}: {} changed, {} into another class; {} unchanged{}\n",
        sites(counts.compared),
        number(counts.changed),
        match counts.in_another_band {
            0 => "none".to_owned(),
            some => number(some),
        },
        number(counts.unchanged),
        match counts.came + counts.gone {
            0 => String::new(),
            _ => format!("; {}", came_and_gone(changes)),
        }
    ));
    let changed: Vec<&SiteChange> = changes.sites.iter().filter(|site| site.changed).collect();
    let shown: Vec<&SiteChange> = changed.iter().take(top).copied().collect();
    if !shown.is_empty() {
        text.push('\n');
        text.push_str(&table(&shown, terminal));
        if changed.len() > shown.len() {
            text.push_str(&format!(
                "... and {} more; -n shows more of them\n",
                sites(changed.len() - shown.len())
            ));
        }
        text.push_str(&reasons(&shown, terminal));
        text.push_str(&bars(&shown, terminal));
    }
    for (what, all) in [("new", &changes.came), ("gone", &changes.gone)] {
        text.push_str(&alone(what, all, top, terminal));
    }
    text
}

/// The runs, and what differs between them.
fn head(changes: &Changes) -> String {
    let (old, new) = (&changes.old, &changes.new);
    let both =
        |a: &str, b: &str| if a == b { cell(a) } else { format!("{} -> {}", cell(a), cell(b)) };
    let day = |side: &run::Side| side.as_of.clone().unwrap_or_else(|| "-".to_owned());
    let mut text = format!(
        "as of {}, scheme {}\n",
        both(&day(old), &day(new)),
        both(&old.scheme, &new.scheme)
    );
    let said = |step: &str| changes.steps.contains(&step);
    let others = [
        ("scheme", "the numbers of the scheme"),
        ("coverage", "the coverage of incidents"),
        ("site", "sites themselves"),
        ("receptors", "receptors"),
    ];
    let others: Vec<&str> =
        others.into_iter().filter(|(step, _)| said(step)).map(|(_, words)| words).collect();
    if !others.is_empty() {
        text.push_str(&format!("changed: {}\n", others.join(", ")));
    }
    if let Some(counts) = &changes.incidents {
        text.push_str(&format!(
            "incidents: {} new, {} vanished, {} corrected, {} as they were\n",
            number(counts.new),
            number(counts.vanished),
            number(counts.corrected),
            number(counts.same)
        ));
    }
    text
}

/// A row for each score that changed, with the parts that any row shows.
fn table(shown: &[&SiteChange], terminal: &Terminal) -> String {
    let rows: Vec<(&SiteChange, &str, &ScoreChange)> = shown
        .iter()
        .flat_map(|site| {
            let scores = [("security", &site.security), ("environment", &site.environment)];
            // Both together are told where neither of the two says as much.
            let told = |is: fn(&ScoreChange) -> bool| scores.iter().any(|(_, score)| is(score));
            let alone = site.overall.is_in_another_band() && !told(ScoreChange::is_in_another_band);
            let shown = alone || !told(ScoreChange::is_change);
            let overall = shown.then_some(("overall", &site.overall));
            let changed = scores.into_iter().filter(|(_, score)| score.is_change());
            changed.chain(overall).map(|(name, score)| (*site, name, score))
        })
        .collect();
    let points = |score: &ScoreChange, step| score.parts.map(|parts| parts.of(step));
    let steps: Vec<run::DiffStep> = run::DiffStep::ALL
        .into_iter()
        .rev()
        .filter(|step| {
            rows.iter().any(|(.., score)| points(score, *step).is_some_and(|p| p.abs() >= SHOWN))
        })
        .collect();
    let mut columns = vec![
        ("site", Fit::Text),
        ("score", Fit::Word),
        ("was", Fit::Word),
        ("is", Fit::Word),
        ("change", Fit::Number),
    ];
    columns.extend(steps.iter().map(|step| (step.word(), Fit::Number)));
    let mut table = Rows::new(terminal, true, &columns);
    let mut last = None;
    for (site, name, score) in rows {
        let again = last.replace(&site.id) == Some(&site.id);
        let mut row = vec![
            if again { String::new() } else { cell(&site.name) },
            name.to_owned(),
            with_band(score.before, &score.band_before),
            with_band(score.after, &score.band_after),
            score.change.map_or_else(|| turned(score), signed),
        ];
        row.extend(steps.iter().map(|step| match points(score, *step) {
            Some(points) if points.abs() >= SHOWN => signed(points),
            None if score.unknown.is_some() => "?".to_owned(),
            _ => String::new(),
        }));
        table.add(row);
    }
    table.text()
}

fn with_band(score: Option<f64>, band: &str) -> String {
    score.map_or_else(|| Band::NoData.told().to_owned(), |score| format!("{score:.1} {band}"))
}

/// What made a score come or go.
fn turned(score: &ScoreChange) -> String {
    score.turned_with.map_or_else(|| "-".to_owned(), |step| format!("by {step}"))
}

fn signed(points: f64) -> String {
    format!("{points:+.1}")
}

/// The incidents that moved the security scores of some sites, a line for each site.
fn reasons(shown: &[&SiteChange], terminal: &Terminal) -> String {
    let mut text = String::new();
    for site in shown {
        let moved = site.moved_km.map(|km| format!("it moved {km:.1} km"));
        let least = if site.in_another_band { SHOWN } else { TOLD };
        let counts = |one: &&IncidentChange| one.points.abs() >= least;
        let all: Vec<&IncidentChange> = site.incidents.iter().filter(counts).collect();
        let mut said: Vec<String> = moved.into_iter().collect();
        said.extend(all.iter().take(MOST_TOLD).map(|one| incident(one)));
        if said.is_empty() {
            continue;
        }
        let told = all.len().min(MOST_TOLD);
        let more = match site.incidents.len() + site.more_incidents - told {
            0 => String::new(),
            more => format!("; and {} with less", number(more)),
        };
        let line = format!("{}: {}{more}", cell(&site.name), said.join("; "));
        text.push_str(&terminal.wrap(&line));
        text.push('\n');
    }
    if text.is_empty() {
        text
    } else {
        format!("\nthe incidents that moved security most:\n{text}")
    }
}

/// `+3.1 new u-12 (attack on 2024-06-30, 3 deaths, 4.2 km away)`.
fn incident(one: &IncidentChange) -> String {
    let deaths = match one.fatalities {
        Some(1) => ", 1 death".to_owned(),
        Some(deaths) if deaths > 0 => format!(", {deaths} deaths"),
        _ => String::new(),
    };
    let day = one.date.as_ref().map(|day| format!(" on {day}")).unwrap_or_default();
    let correction = one.correction.as_ref().map(|what| format!(", {what}")).unwrap_or_default();
    format!(
        "{} {} {} ({}{day}{deaths}, {:.1} km away{correction})",
        signed(one.points),
        one.what,
        cell(&one.id),
        cell(&one.name),
        one.distance_km
    )
}

/// The bars of the environment that moved at some sites, a line for each site.
fn bars(shown: &[&SiteChange], terminal: &Terminal) -> String {
    let score = |score: Option<f64>| score.map_or_else(|| "-".to_owned(), |s| format!("{s:.1}"));
    let moved = |one: &&BarChange| score(one.before) != score(one.after);
    let told =
        |one: &BarChange| format!("{} {} -> {}", one.bar, score(one.before), score(one.after));
    let mut text = String::new();
    for site in shown {
        let bars: Vec<String> = site.bars.iter().filter(moved).map(told).collect();
        if !bars.is_empty() {
            let line = format!("{}: {}", cell(&site.name), bars.join("; "));
            text.push_str(&terminal.wrap(&line));
            text.push('\n');
        }
    }
    if text.is_empty() {
        text
    } else {
        format!("\nthe bars of the environment that moved:\n{text}")
    }
}

/// The sites of one run alone.
fn alone(what: &str, all: &[Standing], top: usize, terminal: &Terminal) -> String {
    if all.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{what}:\n");
    for site in all.iter().take(top) {
        let line = format!(
            "{} ({}): security {}, environment {}",
            cell(&site.name),
            cell(&site.id),
            with_band(site.security, &site.security_band),
            with_band(site.environment, &site.environment_band)
        );
        text.push_str(&terminal.wrap(&line));
        text.push('\n');
    }
    if all.len() > top {
        text.push_str(&format!("... and {} more\n", number(all.len() - top)));
    }
    text
}
