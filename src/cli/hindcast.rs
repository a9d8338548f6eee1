//! `hindcast`: whether scores of past days told what happened after them.

use super::table::{Fit, Rows};
use super::terminal::{Terminal, cell, printable};
use super::{CANCEL, args, resolve};
use crate::model::Place;
use crate::run::World;
use crate::run::hindcast::{
    self, Estimate, Every, Hindcast, HindcastQuery, Judged, Metric, Model, Tuning,
};
use crate::run::{Inputs, named};
use crate::sources::Keep;
use crate::{Code, Error, Result};
use std::path::Path;
use std::process::ExitCode;

pub fn hindcast(typed: args::Hindcast, terminal: &Terminal) -> Result<ExitCode> {
    let query = query(&typed)?;
    let inputs =
        inputs(typed.sites, typed.incidents, typed.merge_sources, typed.demo, typed.reading)?;
    query.check()?;
    let progress = terminal.progress();
    // Whatever stands in the way of writing is told before anything is read.
    let replace = typed.over.replace;
    let output = hindcast::claim(&inputs, &query, &typed.output, replace, &|| CANCEL.is_raised())?;
    let world = World::read(&inputs, &progress, &CANCEL)?;
    let told = hindcast::hindcast(&world, &query, &progress, &CANCEL)?;
    hindcast::write(&told, &inputs, &query, terminal.face(), output)?;
    progress.finish();
    let findings = told.findings.iter();
    for finding in findings.filter(|one| terminal.verbose || one.place == Place::File) {
        let words = cell(&finding.words(terminal.face()));
        terminal.say(&format!("{}: {words}", finding.verdict.word()));
    }
    for warning in &told.warnings {
        terminal.say(&printable(&format!("warning: {}", told.warning(*warning))));
    }
    if !terminal.quiet {
        terminal.result(&summary(&told, &typed.output, terminal))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The files, of which only sites and incidents matter.
fn inputs(
    sites: Vec<std::path::PathBuf>,
    incidents: Vec<std::path::PathBuf>,
    merge_sources: bool,
    demo: bool,
    reading: args::Reading,
) -> Result<Inputs> {
    let (receptors, raster) = (Vec::new(), Vec::new());
    let typed = args::Inputs { sites, incidents, receptors, raster, merge_sources, demo, reading };
    let mut inputs = resolve::inputs(&typed)?;
    inputs.receptors.clear();
    inputs.rasters.clear();
    inputs.read.incident_columns = Keep::Nothing;
    for (files, what) in [(&inputs.sites, "sites"), (&inputs.incidents, "incidents")] {
        if files.is_empty() {
            return Err(Error::usage(Code::InputMissing, format!("no {what} are given"))
                .with_hint(format!(
                    "name a file with --{what} FILE, or use the built-in case with --demo"
                )));
        }
    }
    Ok(inputs)
}

/// What was asked.
fn query(typed: &args::Hindcast) -> Result<HindcastQuery> {
    let day = |option, text: &Option<String>| {
        text.as_deref().map(|text| named::date(option, text)).transpose()
    };
    let mut query = HindcastQuery {
        schemes: typed.scheme.iter().map(|text| resolve::scheme(text)).collect::<Result<_>>()?,
        from: day("--from", &typed.from)?,
        to: day("--to", &typed.to)?,
        every: typed.every.parse::<Every>().map_err(|error| error.within("--every"))?,
        radii: typed
            .within
            .iter()
            .map(|text| named::length("--within", text))
            .collect::<Result<_>>()?,
        horizons_days: typed
            .horizon
            .iter()
            .map(|text| named::days("--horizon", text))
            .collect::<Result<_>>()?,
        min_deaths: typed.min_deaths.clone(),
        calibrate: typed.calibrate,
        tune: typed
            .tune
            .as_ref()
            .map(|text| text.parse::<Tuning>().map_err(|error| error.within("--tune")))
            .transpose()?,
        ..HindcastQuery::default()
    };
    if let Some(text) = &typed.coverage {
        query.coverage = named::coverage("--coverage", text, Path::new(""))?;
    }
    Ok(query)
}

/// The tables of the main label, and last what they come to.
fn summary(told: &Hindcast, folder: &Path, terminal: &Terminal) -> String {
    let mut text = String::new();
    let main = told.judged.first().zip(told.labels.first());
    if let Some((judged, label)) = main {
        text.push_str(&format!("{label}\n{}\n\n", told.told(judged)));
        text.push_str(&models(told, judged, terminal));
        text.push('\n');
        text.push_str(&bands(told, judged, terminal));
        text.push('\n');
    }
    let others = told.judged.iter().zip(&told.labels).skip(1);
    for (judged, label) in others {
        text.push_str(&format!("{label}: {}\n", told.conclusion(judged)));
    }
    for words in [told.calibration_words(), told.tuned_words()] {
        if !words.is_empty() {
            text.push_str(&terminal.wrap(&words));
            text.push('\n');
        }
    }
    text.push_str(&format!("all measures in {}\n", folder.join("hindcast.csv").display()));
    if let Some((judged, _)) = main {
        text.push_str(&told.conclusion(judged));
        text.push('\n');
    }
    printable(&text)
}

/// A row for each model.
fn models(told: &Hindcast, judged: &Judged, terminal: &Terminal) -> String {
    let columns = [
        ("", Fit::Word),
        ("ROC AUC", Fit::Number),
        ("within", Fit::Number),
        ("precision", Fit::Number),
        ("Brier", Fit::Number),
        ("hit 10 %", Fit::Number),
        ("hit 20 %", Fit::Number),
        ("AUC to first", Fit::Spare),
        ("precision to first", Fit::Spare),
    ];
    let mut table = Rows::new(terminal, true, &columns);
    for model in told.models() {
        let of = |metric| judged.pooled(model, metric);
        let value = |metric| number(of(metric).and_then(|one| one.value));
        let less = |metric| between(of(metric).and_then(|one| one.difference));
        table.add([
            cell(&model.name(&told.schemes)),
            value(Metric::RocAuc),
            value(Metric::RocAucWithin),
            value(Metric::AveragePrecision),
            value(Metric::BrierSkill),
            value(Metric::Hit10),
            value(Metric::Hit20),
            less(Metric::RocAuc),
            less(Metric::AveragePrecision),
        ]);
    }
    table.text()
}

/// A row for each band of the first scheme.
fn bands(told: &Hindcast, judged: &Judged, terminal: &Terminal) -> String {
    let columns = [
        ("band", Fit::Word),
        ("sites at origins", Fit::Number),
        ("positive", Fit::Number),
        ("share", Fit::Number),
        ("90 % interval", Fit::Number),
    ];
    let mut text = String::new();
    for scheme in 0..told.schemes.len() {
        let mut table = Rows::new(terminal, true, &columns);
        for one in judged.bands.iter().filter(|one| one.scheme == scheme) {
            let interval = one.share.and_then(|share| share.interval);
            table.add([
                one.band.word().to_owned(),
                one.counted.to_string(),
                one.positives.to_string(),
                number(one.share),
                interval.map_or_else(String::new, |[lo, hi]| format!("{lo:.3} to {hi:.3}")),
            ]);
        }
        if told.schemes.len() > 1 {
            text.push_str(&format!("{}\n", cell(&Model::Scheme(scheme).name(&told.schemes))));
        }
        text.push_str(&table.text());
    }
    text
}

/// A value to three decimals.
fn number(estimate: Option<Estimate>) -> String {
    estimate.map_or_else(|| "-".to_owned(), |estimate| format!("{:.3}", estimate.value + 0.0))
}

/// A difference with its interval.
fn between(estimate: Option<Estimate>) -> String {
    let Some(Estimate { value, interval }) = estimate else { return String::new() };
    match interval {
        Some([lo, hi]) => format!("{value:+.3} ({lo:+.3} to {hi:+.3})"),
        None => format!("{value:+.3}"),
    }
}
