//! The environment of a site: its bars, its indicators, and what is not known.

use super::{interval, moved_by, scored};
use crate::cli::table::{Fit, Rows};
use crate::cli::terminal::{Terminal, cell};
use crate::run::{EnvironmentExplanation, IndicatorExplanation};
use crate::scoring::{Bar, percent_known};

/// The bar that is outside the score.
fn is_hazard(one: &&IndicatorExplanation) -> bool {
    one.bar == Bar::Hazard.word()
}

/// The score, its bars, its indicators, and what is not known.
pub(super) fn tables(environment: &EnvironmentExplanation, terminal: &Terminal) -> String {
    let at_least = environment.at_least.map(|score| format!(", at least {score:.1}"));
    let mut text = format!(
        "environment: {}{}, {} of the weights known\n",
        scored(environment.score, environment.band),
        at_least.unwrap_or_default(),
        percent_known(environment.coverage)
    );
    if environment.bars.is_empty() {
        return text;
    }
    if let Some(sure) = &environment.uncertainty {
        let shares = sure.moved_by.iter().map(|one| (one.indicator, one.share));
        let words = format!("{}{}", interval(&sure.interval), moved_by(shares));
        text.push_str(&terminal.wrap(&words));
        text.push('\n');
    }
    text.push_str(&bars(environment, terminal));
    let in_score = environment.indicators.iter().filter(|one| !is_hazard(one));
    text.push_str("\nwhat lies near, and what the site can do: how the score divides, into what is known and reference values\n");
    text.push_str(&indicators(in_score, (environment.score, environment.at_least), terminal));
    let beside = environment.indicators.iter().filter(is_hazard);
    text.push_str("\nwhat can strike the site, beside the score\n");
    text.push_str(&hazard(beside, terminal));
    text.push_str(&unknown(environment, terminal));
    text
}

fn bars(environment: &EnvironmentExplanation, terminal: &Terminal) -> String {
    let columns = [
        ("bar", Fit::Word),
        ("score", Fit::Number),
        ("at least", Fit::Number),
        ("known", Fit::Number),
        ("weight", Fit::Spare),
        ("driver", Fit::Word),
        ("missing", Fit::Text),
    ];
    let mut table = Rows::new(terminal, false, &columns);
    let number = |score: Option<f64>| score.map_or_else(|| "-".into(), |s| format!("{s:.1}"));
    for one in &environment.bars {
        let weight = (one.weight > 0.0).then(|| format!("{:.2}", one.weight));
        table.add([
            one.bar.to_owned(),
            number(one.score),
            number(one.at_least),
            percent_known(one.coverage),
            weight.unwrap_or_default(),
            one.driver.unwrap_or_default().to_owned(),
            one.missing.join(", "),
        ]);
    }
    table.text()
}

/// What the indicators of the score add.
fn indicators<'e>(
    all: impl Iterator<Item = &'e IndicatorExplanation>,
    (score, alone): (Option<f64>, Option<f64>),
    terminal: &Terminal,
) -> String {
    let columns = [
        ("points", Fit::Number),
        ("assumed", Fit::Number),
        ("value", Fit::Number),
        ("known", Fit::Number),
        ("weight", Fit::Spare),
        ("indicator", Fit::Word),
        ("km", Fit::Number),
        ("driver", Fit::Text),
        ("note", Fit::Text),
    ];
    let mut table = Rows::new(terminal, false, &columns);
    let points = |points: Option<f64>| points.map(|p| format!("{p:.2}")).unwrap_or_default();
    let mut sums = [0.0, 0.0];
    for one in all {
        for (sum, points) in sums.iter_mut().zip([one.contribution, one.assumed]) {
            *sum += points.unwrap_or(0.0);
        }
        let [value, known, weight, indicator, km, driver, note] = row(one);
        table.add([
            points(one.contribution),
            points(one.assumed),
            value,
            known,
            weight,
            indicator,
            km,
            driver,
            note,
        ]);
    }
    let mut text = table.text();
    if let Some(score) = score {
        let [known, assumed] = sums;
        text.push_str(&format!(
            "Of the {score:.1} points, {known:.2} fall to what is known and {assumed:.2} to reference values\n"
        ));
        if let Some(alone) = alone.filter(|alone| format!("{alone:.1}") != format!("{score:.1}")) {
            text.push_str(&terminal.wrap(&format!(
                "If what is not known counted as nothing, the score would be {alone:.1}: it is a root of a sum, and falls by less than the points that leave the sum."
            )));
            text.push('\n');
        }
    }
    text
}

/// The indicators of the hazard, which add no points.
fn hazard<'e>(all: impl Iterator<Item = &'e IndicatorExplanation>, terminal: &Terminal) -> String {
    let columns = [
        ("value", Fit::Number),
        ("known", Fit::Number),
        ("weight", Fit::Spare),
        ("indicator", Fit::Word),
        ("km", Fit::Number),
        ("driver", Fit::Text),
        ("note", Fit::Text),
    ];
    let mut table = Rows::new(terminal, false, &columns);
    all.for_each(|one| table.add(row(one)));
    table.text()
}

/// Value, known share, weight, name, distance, driver and note of an indicator.
fn row(one: &IndicatorExplanation) -> [String; 7] {
    [
        one.value.map_or_else(|| "missing".into(), |value| format!("{value:.3}")),
        percent_known(one.known),
        format!("{:.3}", one.weight),
        one.indicator.to_owned(),
        one.distance_km.map(|km| format!("{km:.1}")).unwrap_or_default(),
        cell(one.driver_name.as_deref().unwrap_or("")),
        cell(one.note.as_deref().unwrap_or("")),
    ]
}

/// The indicators of which nothing is known, each with the reason and with what would bring it.
fn unknown(environment: &EnvironmentExplanation, terminal: &Terminal) -> String {
    if environment.unknown.is_empty() {
        return String::new();
    }
    let mut text = "\nwhat we do not know\n".to_owned();
    for one in &environment.unknown {
        let why = one.why.as_ref().map(|why| format!(": {}", cell(why))).unwrap_or_default();
        let bring = terminal.face().words(&one.bring);
        let bring = if bring.is_empty() { String::new() } else { format!("; {bring}") };
        text.push_str(&terminal.wrap(&format!("{}{why}{bring}", one.label)));
        text.push('\n');
    }
    text
}
