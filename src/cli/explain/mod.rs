//! `explain`: a site's scores taken apart.

mod environment;
mod several;

use super::CANCEL;
use super::args;
use super::resolve;
use super::table::{Fit, Rows};
use super::terminal::{Terminal, cell};
use crate::measures::MovedBy;
use crate::model::{Finding, Place, Site};
use crate::run::{
    self, Case, Explanation, IncidentContribution, Interval, Request, Rest, SecuritySure,
    SharesOfSecurity, WhatIf, named,
};
use crate::scoring::{Band, km_as_known, percent};
use crate::{Code, Error, Result};
use std::num::NonZeroUsize;
use std::process::ExitCode;

/// Incidents shown in the table, unless a number is given; JSON has them all.
const MOST_ROWS: usize = 15;

pub fn explain(typed: args::Explain, terminal: &Terminal) -> Result<ExitCode> {
    let mut request = resolve::request(&typed.inputs, &typed.rules, &typed.calibrated)?;
    request.rules.uncertainty = resolve::uncertainty(&typed.uncertainty)?;
    let changed = !typed.without.is_empty() || !typed.add.is_empty();
    let [called] = typed.site.as_slice() else {
        if changed {
            return Err(Error::usage(
                Code::SettingInvalid,
                "--without and --add: what if is asked of one site",
            )
            .with_hint(
                "name one site; or change the incidents' file, and compare by rank or diff",
            ));
        }
        return several::explain(&typed, &open(&request, terminal)?, terminal);
    };
    let case = open(&request, terminal)?;
    let site = case.sites.called(called)?;
    let most = listed(typed.most, typed.json);
    if changed {
        let added =
            typed.add.iter().map(|text| named::added("--add", text)).collect::<Result<Vec<_>>>()?;
        for (number, added) in (1..).zip(&added) {
            if let (Some(date), Some(as_of)) = (added.date, case.as_of)
                && date > as_of
            {
                terminal.say(&format!(
                    "note: added-{number} is after the as-of date {as_of} and does not count"
                ));
            }
        }
        let answer = run::what_if(&case, &request.rules, site, &typed.without, &added, most)?;
        let text = if typed.json { run::json(&answer)? } else { changes(&answer, terminal) };
        terminal.result(&text)?;
        return Ok(ExitCode::SUCCESS);
    }
    let explanation = run::explain(&case, site, most)
        .ok_or_else(|| Error::usage(Code::SiteUnknown, format!("no site \"{called}\"")))?;
    print(&explanation, typed.json, terminal)
}

/// `risk`: the scores of a place that is no site, taken apart.
pub fn risk(typed: args::Risk, terminal: &Terminal) -> Result<ExitCode> {
    let position = resolve::position(&typed.at)?;
    let accuracy = typed.accuracy.as_deref();
    let accuracy = accuracy.map(|text| named::length("--accuracy", text)).transpose()?;
    let name = typed.name.as_deref().unwrap_or("place");
    let place = Site::at(name, name, position, accuracy);
    let inputs = resolve::inputs(&typed.inputs)?;
    if inputs.incidents.is_empty() && inputs.receptors.is_empty() && inputs.rasters.is_empty() {
        return Err(Error::usage(Code::InputMissing, "neither incidents nor receptors are given")
            .with_hint(
                "name files with --incidents or --receptors, or use the built-in case with --demo",
            ));
    }
    resolve::without_box(&typed.rules, "the place is named by --at")?;
    let rules = resolve::calibrated(&typed.rules, &typed.calibrated)?;
    let mut request = Request { inputs, rules, ..Request::default() };
    request.rules.uncertainty = resolve::uncertainty(&typed.uncertainty)?;
    let case = open(&request, terminal)?;
    let most = listed(typed.most, typed.json);
    let explanation = run::risk(&case, place, most).ok_or_else(|| {
        Error::usage(Code::SettingInvalid, format!("--at {}: no such place", typed.at))
    })?;
    print(&explanation, typed.json, terminal)
}

/// What changes, and then what the scores would be made of.
fn changes(answer: &WhatIf, terminal: &Terminal) -> String {
    let line = |name: &str, before: (Option<f64>, &str), after: (Option<f64>, &str)| {
        let change =
            before.0.zip(after.0).map(|(before, after)| format!(", {:+.1}", after - before));
        let (from, to) = (scored(before.0, before.1), scored(after.0, after.1));
        format!("{name}: {from} -> {to}{}\n", change.unwrap_or_default())
    };
    let WhatIf { before, after } = answer;
    format!(
        "What if:\n{}{}{}{}\n{}",
        line(
            "security",
            (before.security.score, before.security.band),
            (after.security.score, after.security.band)
        ),
        line(
            "environment",
            (before.environment.score, before.environment.band),
            (after.environment.score, after.environment.band)
        ),
        line(
            "overall",
            (before.overall.score, before.overall.band),
            (after.overall.score, after.overall.band)
        ),
        causes(answer),
        tables(after, terminal)
    )
}

/// What each incident that was taken out or added makes of the security score.
fn causes(answer: &WhatIf) -> String {
    let of = |explanation: &Explanation| explanation.security.contributions.clone();
    let (before, after) = (of(&answer.before), of(&answer.after));
    let is_in = |all: &[IncidentContribution], id: &str| all.iter().any(|one| one.id == id);
    let out =
        before.iter().filter(|one| !is_in(&after, &one.id)).map(|one| ("without", "made", one));
    let added =
        after.iter().filter(|one| !is_in(&before, &one.id)).map(|one| ("with", "makes", one));
    let line = |(how, makes, one): (&str, &str, &IncidentContribution)| {
        let km = km_as_known(one.distance_km, one.position_accuracy_km);
        let (id, what) = (cell(&one.id), cell(&one.name));
        format!(
            "  {how} {id} ({what}, {km} km away), which {makes} {} of the score\n",
            percent(one.share)
        )
    };
    out.chain(added).map(line).collect()
}

/// Reads a case. If the as-of date comes from the data, prints the findings that make it doubtful.
fn open(request: &Request, terminal: &Terminal) -> Result<Case> {
    let progress = terminal.progress();
    let case = Case::open(request, &progress, &CANCEL)?;
    progress.finish();
    if request.rules.as_of.is_none() {
        let doubtful = |finding: &&Finding| {
            finding.place == Place::File && finding.field.as_deref() == Some("date")
        };
        for finding in case.findings().filter(doubtful) {
            terminal.say(&format!(
                "{}: {}",
                finding.verdict.word(),
                cell(&finding.words(terminal.face()))
            ));
        }
    }
    Ok(case)
}

/// How many incidents are listed: all as JSON, or as many as a page has lines in tables, unless a number is given.
fn listed(most: Option<NonZeroUsize>, as_json: bool) -> Option<usize> {
    most.map(NonZeroUsize::get).or((!as_json).then_some(MOST_ROWS))
}

/// Prints an explanation.
fn print(explanation: &Explanation, as_json: bool, terminal: &Terminal) -> Result<ExitCode> {
    let text = if as_json { run::json(explanation)? } else { tables(explanation, terminal) };
    terminal.result(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn tables(explanation: &Explanation, terminal: &Terminal) -> String {
    let id = if explanation.site == explanation.name {
        String::new()
    } else {
        format!(" ({})", cell(&explanation.site))
    };
    let country = explanation.country_name.as_ref().map(|name| format!(", {}", cell(name)));
    let country = country.unwrap_or_default();
    let mut text = format!(
        "{}{id}{country} at {},{}\nas of {}, scheme {}\n\n{}\n\n",
        cell(&explanation.name),
        explanation.lon,
        explanation.lat,
        explanation.as_of.as_deref().unwrap_or("-"),
        cell(&explanation.scheme),
        terminal.wrap(&cell(&explanation.explanation)),
    );
    let security = &explanation.security;
    text.push_str(&format!("security: {}\n", scored(security.score, security.band)));
    if let Some(sure) = &security.uncertainty {
        text.push_str(&terminal.wrap(&security_sure(sure)));
        text.push('\n');
    }
    if let Some(event) = &security.event {
        let told = format!("{} ({})", event.explanation, event.column);
        text.push_str(&format!("{}\n", terminal.wrap(&cell(&told))));
    }
    if !security.contributions.is_empty() {
        text.push_str(&incidents(explanation, terminal));
    }
    text.push('\n');
    text.push_str(&environment::tables(&explanation.environment, terminal));
    text.push_str(&rasters(explanation, terminal));
    let overall = &explanation.overall;
    text.push_str(&format!(
        "\noverall: {}, cell {}\n",
        scored(overall.score, overall.band),
        overall.risk_cell
    ));
    text
}

/// How sure a security score is, in a sentence.
fn security_sure(sure: &SecuritySure) -> String {
    let SharesOfSecurity { counts, deaths, places, site } = sure.moved_by;
    let told = MovedBy::TOLD.into_iter().zip([counts, deaths, places, site]);
    format!(
        "{}; {:.1} effective incidents{}",
        interval(&sure.interval),
        sure.effective_incidents,
        moved_by(told)
    )
}

/// The interval of a score in words.
fn interval(of: &Interval) -> String {
    format!("{:.1} to {:.1} in 90 % of the draws of the data", of.score_p05, of.score_p95)
}

/// What moves a score, with its shares, the largest three.
fn moved_by<'w>(shares: impl IntoIterator<Item = (&'w str, f64)>) -> String {
    let mut shares: Vec<(&str, f64)> =
        shares.into_iter().filter(|(_, share)| *share >= 0.005).collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    let told: Vec<String> =
        shares.iter().take(3).map(|(what, share)| format!("{what} {}", percent(*share))).collect();
    if told.is_empty() { String::new() } else { format!("; moved by {}", told.join(", ")) }
}

/// A score with its band, or that there is none.
fn scored(score: Option<f64>, band: &str) -> String {
    score.map_or_else(|| Band::NoData.told().to_owned(), |score| format!("{score:.1} ({band})"))
}

/// What the strongest incidents add. Where they count at several parts of the site, which part it is.
fn incidents(explanation: &Explanation, terminal: &Terminal) -> String {
    let all = &explanation.security.contributions;
    let parts = all.iter().any(|one| one.part != explanation.site);
    let mut columns = vec![
        ("points", Fit::Number),
        ("score without it", Fit::Number),
        ("share", Fit::Spare),
        ("km", Fit::Number),
        ("bearing", Fit::Spare),
        ("days ago", Fit::Number),
        ("deaths", Fit::Number),
        ("incident", Fit::Text),
        ("type", Fit::Text),
    ];
    if parts {
        columns.push(("at", Fit::Text));
    }
    let mut table = Rows::new(terminal, true, &columns);
    for one in all {
        let mut row = vec![
            format!("{:.2}", one.contribution),
            format!("{:.1}", one.score_without),
            format!("{:.1} %", one.share * 100.0),
            km_as_known(one.distance_km, one.position_accuracy_km),
            format!("{:.0}°", one.bearing_deg),
            one.age_days.map(|days| days.to_string()).unwrap_or_default(),
            one.fatalities.map(|deaths| deaths.to_string()).unwrap_or_default(),
            cell(&one.id),
            cell(&one.name),
        ];
        if parts {
            row.push(cell(&one.part));
        }
        table.add(row);
    }
    let mut text = table.text();
    if let Some(Rest { count, contribution }) = &explanation.security.rest {
        text.push_str(&format!(
            "and {count} more with {contribution:.2} points together; --json lists all\n"
        ));
    }
    text.push_str(&reports(all.iter(), terminal));
    text
}

/// Further columns of the incidents: actors, location and source, as claimed by the source.
fn reports<'e>(
    shown: impl Iterator<Item = &'e IncidentContribution>,
    terminal: &Terminal,
) -> String {
    let mut text = String::new();
    for one in shown {
        let said = [
            ("", &one.location),
            ("actors claimed: ", &one.actors_claimed),
            ("reported by ", &one.source),
            ("", &one.source_url),
        ];
        let said: Vec<String> = said
            .into_iter()
            .filter_map(|(what, words)| Some(format!("{what}{}", cell(words.as_ref()?))))
            .collect();
        if !said.is_empty() {
            text.push_str(&terminal.wrap(&format!("{}: {}", cell(&one.id), said.join("; "))));
            text.push('\n');
        }
    }
    if text.is_empty() {
        return text;
    }
    format!(
        "\nas the sources say (who took part is their claim, and no part of the score):\n{text}"
    )
}

/// The values of rasters around the site.
fn rasters(explanation: &Explanation, terminal: &Terminal) -> String {
    let all = &explanation.environment.rasters;
    if all.is_empty() {
        return String::new();
    }
    let columns = [
        ("raster", Fit::Word),
        ("here", Fit::Number),
        ("km", Fit::Number),
        ("mean", Fit::Number),
        ("max", Fit::Number),
        ("over", Fit::Number),
        ("known", Fit::Number),
        ("note", Fit::Text),
    ];
    let mut table = Rows::new(terminal, false, &columns);
    let number = |value: Option<f64>| value.map(|value| format!("{value:.4}")).unwrap_or_default();
    let share =
        |share: Option<f64>| share.map(|s| format!("{:.1} %", s * 100.0)).unwrap_or_default();
    for one in all {
        let over = one.threshold.map(|threshold| format!("over {threshold}"));
        table.add([
            one.raster.clone(),
            number(one.point),
            one.radius_km.to_string(),
            number(one.mean),
            number(one.max),
            share(one.share_over),
            share(one.known),
            cell(one.fault.as_deref().unwrap_or(&over.unwrap_or_default())),
        ]);
    }
    format!("\n{}", table.text())
}
