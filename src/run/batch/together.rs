//! Outputs over several frames: the sites over time of each region under each scheme, and for the whole
//! batch the table of frames and the report. They are computed only from the frames' files, so that an
//! interrupted batch gives the same result as an uninterrupted one.

use super::changes_table::{self, Placed};
use super::dates::{Dated, Newest};
use super::frame::{Frame, Receipt};
use super::note::{self, About, Note, Told};
use super::plan::{Plan, Region};
use super::remedy::PLAN;
use super::states::states;
use super::summary::{self, Summary};
use super::{Outcome, changes, over_time, slashed, table};
use crate::layers::report::{BatchMap, BatchReport, FrameFacts, SchemeWords, Series, counted_km};
use crate::layers::{Moment, State};
use crate::run::deliver::receipt::{OutputOf, SCHEMA_VERSION};
use crate::run::deliver::write::kept;
use crate::run::fingerprint::Words;
use crate::run::{Cancel, World};
use crate::sinks::place::{self, InputFiles, OutputFolder, Outputs, RECEIPT, Stop};
use crate::sinks::{json, report};
use crate::{Code, Error, Result};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const TABLE: &str = "frames.csv";
const CHANGES: &str = "changes.csv";
const SUMMARY: &str = "summary.json";
const REPORT: &str = "report.html";

/// The files over all frames.
const FILES: [&str; 4] = [TABLE, CHANGES, SUMMARY, REPORT];

/// Gives the records of a region's files, which are read if they are not in memory.
pub(super) type ReadRecords<'r> = &'r mut dyn FnMut(&Region) -> Result<Arc<World>>;

/// A frame that was processed.
pub(super) struct Seen {
    pub frame: Frame,
    pub outcome: Outcome,
    /// The receipt in its folder, unless the frame failed.
    pub receipt: Option<Receipt>,
    /// Notes for the user.
    pub notes: Vec<Note>,
}

impl Seen {
    /// What was done, on one line: `written East/default/2024-04-30`.
    pub fn words(&self) -> String {
        let folder = slashed(&self.frame.folder);
        let word = self.outcome.word();
        match self.error() {
            Some(error) => format!("{word} {folder}: {}", error.message_for(PLAN)),
            None => format!("{word} {folder}"),
        }
    }

    /// Why it failed, if it did.
    fn error(&self) -> Option<&Error> {
        match &self.outcome {
            Outcome::Failed(error) => Some(error),
            _ => None,
        }
    }
}

/// The frames of a batch so far.
pub(super) struct Together<'a> {
    plan: &'a Plan,
    dated: &'a Dated,
    folder: &'a Path,
    inputs: InputFiles,
    cancel: &'a Cancel,
    stop: Stop<'a>,
    replace: bool,
    parts: Vec<Part>,
    notes: Vec<Told>,
}

/// The frames of a region under a scheme.
struct Part {
    /// Indices of the region and the scheme in the plan.
    at: (usize, usize),
    seen: Vec<Seen>,
    /// Their data for the table and the report, if their files were read already.
    series: Option<Series>,
}

impl<'a> Together<'a> {
    /// A batch without frames yet.
    pub fn new(
        (plan, dated): (&'a Plan, &'a Dated),
        (folder, inputs): (&'a Path, InputFiles),
        replace: bool,
        (cancel, stop): (&'a Cancel, Stop<'a>),
    ) -> Self {
        let (parts, notes) = (Vec::new(), Vec::new());
        Self { plan, dated, folder, inputs, cancel, stop, replace, parts, notes }
    }

    /// Rejects a folder in which foreign files are in place of the table and the report.
    pub fn clear(output: &mut OutputFolder<'_>) -> Result<()> {
        output.check(FILES.into_iter().chain([RECEIPT]))?;
        output.clear(FILES.into_iter().chain([RECEIPT]))
    }

    /// Adds the frames of a region under a scheme, given as indices into the plan. Writes their sites
    /// over time if there are at least two dates and the files are not up to date; returns whether it
    /// did.
    pub fn add(
        &mut self,
        at: (usize, usize),
        seen: Vec<Seen>,
        records: ReadRecords<'_>,
    ) -> Result<bool> {
        let mut part = Part { at, seen, series: None };
        for seen in &mut part.seen {
            for note in seen.notes.drain(..) {
                note::add(&mut self.notes, note, seen.frame.folder.clone());
            }
        }
        let wrote = self.over_time(&mut part, records);
        self.parts.push(part);
        wrote
    }

    fn over_time(&mut self, part: &mut Part, records: ReadRecords<'_>) -> Result<bool> {
        let dated = |seen: &&Seen| seen.receipt.is_some() && seen.frame.as_of.is_some();
        if part.seen.iter().filter(dated).count() < 2 {
            return Ok(false);
        }
        let Some(inside) = part.seen.first().and_then(|seen| seen.frame.folder.parent()) else {
            return Ok(false);
        };
        let folder = self.folder.join(inside);
        let mut words = Words::default();
        hash_frames(&mut words, &part.seen);
        let fingerprint = words.finish();
        if stands(&folder, &fingerprint, &over_time::FILES, self.replace) {
            place::tidy(&folder);
            return Ok(false);
        }
        let output = OutputFolder::open(&folder, self.inputs.clone(), self.stop)?;
        let mut output = output.replacing(self.replace);
        output.check(over_time::FILES)?;
        output.clear(over_time::FILES.into_iter().chain([RECEIPT]))?;
        let states = self.states(part)?;
        part.series = Some(self.series(part, &states, records)?);
        let moment = |(seen, states): (&Seen, Option<Vec<State>>)| {
            Some(Moment { as_of: seen.frame.as_of?, states: states? })
        };
        let moments: Vec<Moment> = part.seen.iter().zip(states).filter_map(moment).collect();
        let (region, scheme) = part.at;
        let told = self.plan.regions.get(region).zip(self.plan.schemes.get(scheme));
        let Some(told) = told else { return Ok(false) };
        over_time::write(&moments, told, &mut output)?;
        if let Some(text) = kept(&commit(output, &fingerprint, None)?.written) {
            let note = Note { about: About::Kept, text };
            note::add(&mut self.notes, note, inside.to_path_buf());
        }
        Ok(true)
    }

    /// Writes the tables of frames and changes, the summary and the report if they are not up to date; returns whether it
    /// did.
    pub fn write(
        &mut self,
        mut output: OutputFolder<'_>,
        records: ReadRecords<'_>,
    ) -> Result<bool> {
        let fingerprint = self.fingerprint();
        if stands(self.folder, &fingerprint, &FILES, self.replace) {
            return Ok(false);
        }
        let mut all = Vec::new();
        for mut part in std::mem::take(&mut self.parts) {
            let series = match part.series.take() {
                Some(series) => series,
                None => self.series(&part, &self.states(&part)?, records)?,
            };
            all.push(series);
            self.parts.push(part);
        }
        let frames = self.parts.iter().zip(&all).flat_map(|(part, series)| {
            part.seen.iter().map(|seen| &seen.frame).zip(&series.frames)
        });
        output.stage(TABLE, |out| table::write(frames, out))?;
        let crossings = all.iter().flat_map(|series| {
            let names = self.names((series.region, series.scheme));
            let of = move |crossing| Placed::new(names, &series.frames, crossing);
            series.crossings.iter().map(of)
        });
        output.stage(CHANGES, |out| changes_table::write(crossings, out))?;
        self.write_summary(&all, &mut output)?;
        let plan = self.plan;
        let many = all.len();
        let page = BatchReport {
            name: &plan.name,
            version: env!("CARGO_PKG_VERSION"),
            reports: plan.reports,
            regions: plan.regions.iter().map(|region| region.name.as_str()).collect(),
            schemes: plan.schemes.iter().map(SchemeWords::of).collect(),
            map: BatchMap::of(&all),
            series: all.into_iter().map(|series| series.on_page(many)).collect(),
            sure: plan.regions.iter().any(|region| region.rules.uncertainty.is_some()),
        };
        output.stage(REPORT, |out| report::write_batch(&page, out))?;
        commit(output, &fingerprint, self.dated.newest.as_ref())?;
        Ok(true)
    }

    fn write_summary(&self, all: &[Series], output: &mut OutputFolder<'_>) -> Result<()> {
        let mut parts = Vec::new();
        for (part, series) in self.parts.iter().zip(all) {
            let frames = part.seen.iter().map(|seen| (&seen.frame, seen.error())).collect();
            parts.push(summary::Of { names: self.names(part.at), frames, series });
        }
        let (newest, empty) = (self.dated.newest.as_ref(), self.without_sites());
        let summary = Summary::of(&self.plan.name, newest, &parts, &self.notes, &empty);
        output.stage(SUMMARY, |out| json::write(&summary, out))?;
        Ok(())
    }

    /// The names of a region and a scheme of the plan.
    fn names(&self, (region, scheme): (usize, usize)) -> (&'a str, &'a str) {
        let region = self.plan.regions.get(region).map_or("", |region| &region.name);
        (region, self.plan.schemes.get(scheme).map_or("", |scheme| &scheme.name))
    }

    /// The regions without sites in at least one frame.
    pub fn without_sites(&self) -> BTreeSet<String> {
        let all = self.parts.iter().flat_map(|part| &part.seen);
        let empty = all.filter(|seen| seen.receipt.as_ref().is_some_and(Receipt::is_without_sites));
        empty.map(|seen| seen.frame.region.clone()).collect()
    }

    /// The frames with their outcomes, and the notes.
    pub fn into_frames(self) -> (Vec<(Frame, Outcome)>, Vec<Told>) {
        let all = self.parts.into_iter().flat_map(|part| part.seen);
        (all.map(|seen| (seen.frame, seen.outcome)).collect(), self.notes)
    }

    /// The sites of each frame, `None` if it failed.
    fn states(&self, part: &Part) -> Result<Vec<Option<Vec<State>>>> {
        let counted = self.plan.schemes.get(part.at.1).and_then(counted_km);
        let of = |seen: &Seen| match seen.receipt {
            Some(_) => states(&self.folder.join(&seen.frame.folder), counted).map(Some),
            None => Ok(None),
        };
        part.seen.iter().map(of).collect()
    }

    fn series(
        &self,
        part: &Part,
        states: &[Option<Vec<State>>],
        records: ReadRecords<'_>,
    ) -> Result<Series> {
        let folders = part.seen.iter().map(|seen| self.folder.join(&seen.frame.folder));
        let folders: Vec<PathBuf> = folders.collect();
        let gone = || Error::usage(Code::PlanInvalid, "regions: there is none");
        let region = self.plan.regions.get(part.at.0).ok_or_else(gone)?;
        let mut records = || records(region);
        let crossings = changes::crossings(&folders, states, &mut records, self.cancel)?;
        let facts = part.seen.iter().zip(states).map(|(seen, states)| {
            let facts = facts(seen);
            if let Some(states) = states { facts.with(states) } else { facts }
        });
        let all = self.plan.regions.len() * self.plan.schemes.len() * self.dated.dates.len();
        Ok(Series::of(part.at, facts.collect(), states, all).with(crossings))
    }

    /// One hash of everything that determines the table and the report.
    fn fingerprint(&self) -> String {
        let mut words = Words::default();
        words.add(&self.plan.name);
        for scheme in &self.plan.schemes {
            words.add(&scheme.name);
            words.add(&scheme.description);
            words.add(&scheme.hash());
        }
        words.add(&self.plan.reports.to_string());
        if let Some(newest) = &self.dated.newest {
            words.add(&newest.file);
            words.add(&newest.incident);
        }
        if self.plan.sensitivity {
            words.add("sensitivity");
        }
        for part in &self.parts {
            hash_frames(&mut words, &part.seen);
        }
        words.finish()
    }
}

/// The facts of a frame before its sites are read.
fn facts(seen: &Seen) -> FrameFacts {
    let frame = &seen.frame;
    let told = seen.receipt.as_ref().and_then(|receipt| receipt.as_of.clone());
    FrameFacts {
        as_of: told.or_else(|| frame.as_of.map(|date| date.to_string())),
        folder: slashed(&frame.folder),
        incidents: seen.receipt.as_ref().and_then(Receipt::incidents),
        error: seen.error().map(|error| {
            (error.message_for(PLAN).into_owned(), error.hint_for(PLAN).map(Cow::into_owned))
        }),
        ..FrameFacts::default()
    }
}

/// Hashes what determines the outputs over frames: their receipts, and why frames failed.
fn hash_frames(words: &mut Words, frames: &[Seen]) {
    words.add(env!("CARGO_PKG_VERSION"));
    for seen in frames {
        words.add(&seen.frame.region);
        words.add(&seen.frame.folder.to_string_lossy());
        if let Some(error) = seen.error() {
            words.add(&error.to_string());
            words.add(&error.hint().unwrap_or_default());
        }
        words.add(seen.receipt.as_ref().map_or("", |receipt| &receipt.hash));
    }
}

/// The receipt of outputs over several frames.
#[derive(Serialize)]
struct Sum<'a> {
    tamarisk: &'static str,
    schema_version: u32,
    fingerprint: &'a str,
    /// What the last date of the plan follows, if it asks for that.
    #[serde(skip_serializing_if = "Option::is_none")]
    newest: Option<&'a Newest>,
    outputs: Vec<OutputOf<'a>>,
    earlier: Vec<OutputOf<'a>>,
}

fn commit(output: OutputFolder<'_>, fingerprint: &str, newest: Option<&Newest>) -> Result<Outputs> {
    let receipt = |outputs: &Outputs, out: &mut dyn std::io::Write| {
        json::write(
            &Sum {
                tamarisk: env!("CARGO_PKG_VERSION"),
                schema_version: SCHEMA_VERSION,
                fingerprint,
                newest,
                outputs: OutputOf::each(&outputs.written),
                earlier: OutputOf::each(&outputs.earlier),
            },
            out,
        )
    };
    output.commit(RECEIPT, receipt)
}

/// Whether a folder holds exactly these files, made from frames of this fingerprint.
fn stands(folder: &Path, fingerprint: &str, files: &[&str], replace: bool) -> bool {
    let files: BTreeSet<String> = files.iter().map(ToString::to_string).collect();
    Receipt::of(folder)
        .is_some_and(|receipt| receipt.is_whole(folder, fingerprint, &files, replace))
}
