//! Writes a hindcast into a folder: three tables, the findings, and last the receipt.

use super::tables::{BANDS, MEASURED, bands, measured, predictions};
use super::{Calibrated, Hindcast, HindcastQuery, Label, judge, page};
use crate::run::batch::{Kind, keep_apart};
use crate::run::deliver::receipt::{InputOf, OutputOf, SCHEMA_VERSION, SchemeOf};
use crate::run::fingerprint::Words;
use crate::run::{CoverageChoice, Inputs, Request, Rules};
use crate::sinks::place::{InputFiles, OutputFolder, Outputs, RECEIPT, Stop, Written};
use crate::sinks::{csv, json, report};
use crate::sources::Source;
use crate::{Face, Result};
use serde::Serialize;
use serde_json::Value;
use std::borrow::Cow;
use std::path::Path;

/// The files of a hindcast, without the receipt.
pub const FILES: [&str; 5] =
    ["hindcast.csv", "predictions.csv", "bands.csv", "hindcast.html", "rejects.csv"];

/// The file of a calibration, if one is asked for.
pub const CALIBRATION: &str = "calibration.toml";

/// Claims the output folder for a hindcast, before anything is read. With `replace` it may overwrite any file there.
///
/// # Errors
/// The folder cannot be written to, is locked by another run or holds output of another kind, or a file in it is an
/// input; or, without `replace`, a file that would be overwritten is foreign or was changed.
pub fn claim<'a>(
    inputs: &Inputs,
    query: &HindcastQuery,
    folder: &Path,
    replace: bool,
    stop: Stop<'a>,
) -> Result<OutputFolder<'a>> {
    let coverage = query.rules().coverage(&inputs.read);
    let area = match &coverage {
        CoverageChoice::Area(source) => Some(source),
        _ => None,
    };
    let sources = inputs.sources().map(|(_, _, source)| source).chain(area);
    let files = InputFiles::new(sources.filter_map(Source::as_path));
    let mut output = OutputFolder::open(folder, files, stop)?.replacing(replace);
    keep_apart(folder, Kind::Hindcast)?;
    let names = || FILES.into_iter().chain([RECEIPT]);
    output.check(names().chain([CALIBRATION]))?;
    output.clear(names().chain(query.calibrate.then_some(CALIBRATION)))?;
    Ok(output)
}

/// Writes the three tables, `hindcast.html`, `calibration.toml` if there is a calibration, `rejects.csv` and
/// `receipt.json`; settings in findings are in the syntax of a face.
///
/// # Errors
/// What cannot be written; the folder's files are then as they were.
pub fn write(
    told: &Hindcast,
    inputs: &Inputs,
    query: &HindcastQuery,
    face: Face,
    mut output: OutputFolder<'_>,
) -> Result<Vec<Written>> {
    output.stage("hindcast.csv", |out| csv::write_rows(MEASURED, measured(told), out))?;
    let (head, rows) = predictions(told);
    output.stage("predictions.csv", |out| csv::write_table(&head, rows, out))?;
    output.stage("bands.csv", |out| csv::write_rows(BANDS, bands(told), out))?;
    if let Some(Calibrated { calibration, .. }) = &told.calibrated {
        let text = calibration.to_toml();
        output.stage(CALIBRATION, |out| out.write_all(text.as_bytes()))?;
    }
    let page = page::page(told);
    output.stage("hindcast.html", |out| report::write_hindcast(&page, out))?;
    output.stage("rejects.csv", |out| csv::write_findings(told.findings.iter(), face, out))?;
    let fingerprint = fingerprint(told, inputs, query)?;
    let written = output.commit(RECEIPT, |outputs, out| {
        json::write(&Receipt::of(told, inputs, &fingerprint, outputs), out)
    })?;
    Ok(written.written)
}

/// A hindcast as JSON, before anything is written: its receipt, which lists no outputs, and the rows of `hindcast.csv` and
/// `bands.csv` as `measures` and `bands`, with numbers for what is a number and null for empty cells.
///
/// # Errors
/// A coverage file that cannot be read.
pub fn answer(told: &Hindcast, inputs: &Inputs, query: &HindcastQuery) -> Result<String> {
    let outputs = Outputs::default();
    let fingerprint = fingerprint(told, inputs, query)?;
    crate::run::json(&Answer {
        receipt: Receipt::of(told, inputs, &fingerprint, &outputs),
        measures: measured(told).map(|row| object(&MEASURED, &row)).collect(),
        bands: bands(told).map(|row| object(&BANDS, &row)).collect(),
    })
}

/// A hindcast as an answer.
#[derive(Serialize)]
struct Answer<'a> {
    #[serde(flatten)]
    receipt: Receipt<'a>,
    measures: Vec<serde_json::Map<String, Value>>,
    bands: Vec<serde_json::Map<String, Value>>,
}

/// A row of a table by its columns.
fn object(columns: &[&str], row: &[Cow<'_, str>]) -> serde_json::Map<String, Value> {
    let value = |cell: &Cow<'_, str>| match cell.parse::<f64>() {
        Ok(number) => Value::from(number),
        Err(_) if cell.is_empty() => Value::Null,
        Err(_) => Value::from(cell.as_ref()),
    };
    columns.iter().zip(row).map(|(name, cell)| ((*name).to_owned(), value(cell))).collect()
}

impl HindcastQuery {
    /// The rules of the first scheme.
    fn rules(&self) -> Rules {
        let scheme = self.schemes.first().cloned().unwrap_or_default();
        Rules { scheme, coverage: self.coverage.clone(), ..Rules::default() }
    }
}

/// One hash of everything that determines the output.
fn fingerprint(told: &Hindcast, inputs: &Inputs, query: &HindcastQuery) -> Result<String> {
    let request = Request { inputs: inputs.clone(), rules: query.rules(), ..Request::default() };
    let mut words = Words::default();
    words.add("hindcast");
    words.add(&request.fingerprint(told.inputs.iter().map(|input| input.hash.as_str()))?);
    for scheme in &told.schemes {
        words.add(&scheme.name);
        words.add(&scheme.hash());
    }
    told.origins.iter().for_each(|origin| words.add(&origin.to_string()));
    told.labels.iter().for_each(|label| words.add(&label.column()));
    words.add(&format!("{} {:?}", query.calibrate, query.tune));
    Ok(words.finish())
}

/// The record of a hindcast.
#[derive(Debug, Serialize)]
struct Receipt<'a> {
    tamarisk: &'static str,
    schema_version: u32,
    /// One hash of everything that determines the output.
    fingerprint: &'a str,
    hindcast: Facts,
    schemes: Vec<SchemeOf<'a>>,
    /// Whether an event reported by several files counts once.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    merge_sources: bool,
    inputs: Vec<InputOf<'a>>,
    outputs: Vec<OutputOf<'a>>,
    earlier: Vec<OutputOf<'a>>,
}

/// What was compared with what.
#[derive(Debug, Serialize)]
struct Facts {
    origins: Vec<String>,
    sites: usize,
    /// Resamples of the bootstrap.
    resamples: u32,
    labels: Vec<LabelOf>,
    warnings: Vec<String>,
    /// How the first scheme stands against counting, for each label.
    conclusions: Vec<String>,
    /// What the calibration came to, and the tuning, if they were asked for.
    #[serde(skip_serializing_if = "String::is_empty")]
    calibration: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    tuned: String,
}

/// A label, and what became of the sites at the origins: counted + without_score + not_covered = sites x origins.
#[derive(Debug, Serialize)]
struct LabelOf {
    column: String,
    radius_km: f64,
    horizon_days: u32,
    min_deaths: u32,
    counted: usize,
    positives: usize,
    without_score: usize,
    not_covered: usize,
}

impl<'a> Receipt<'a> {
    fn of(told: &'a Hindcast, inputs: &Inputs, fingerprint: &'a str, outputs: &'a Outputs) -> Self {
        Self {
            tamarisk: env!("CARGO_PKG_VERSION"),
            schema_version: SCHEMA_VERSION,
            fingerprint,
            hindcast: Facts::of(told),
            schemes: told.schemes.iter().map(SchemeOf::of).collect(),
            merge_sources: inputs.merge_sources,
            inputs: told.inputs.iter().map(InputOf::of).collect(),
            outputs: OutputOf::each(&outputs.written),
            earlier: OutputOf::each(&outputs.earlier),
        }
    }
}

impl Facts {
    fn of(told: &Hindcast) -> Self {
        let labels = told.labels.iter().zip(&told.judged).map(|(label, judged)| {
            let Label { radius, horizon_days, min_deaths } = *label;
            let tally = judged.tally();
            LabelOf {
                column: label.column(),
                radius_km: radius.km(),
                horizon_days,
                min_deaths,
                counted: tally.counted,
                positives: tally.positives,
                without_score: tally.without_score,
                not_covered: tally.not_covered,
            }
        });
        Self {
            origins: told.origins.iter().map(ToString::to_string).collect(),
            sites: told.sites.list.len(),
            resamples: judge::RESAMPLES,
            labels: labels.collect(),
            warnings: told.warnings.iter().map(|warning| told.warning(*warning)).collect(),
            conclusions: told.judged.iter().map(|judged| told.conclusion(judged)).collect(),
            calibration: told.calibration_words(),
            tuned: told.tuned_words(),
        }
    }
}
