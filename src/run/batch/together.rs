//! Outputs over several frames: the sites over time of each region under each scheme, and for the whole
//! batch the table of frames and the report. They are computed only from the frames' files, so that an
//! interrupted batch gives the same result as an uninterrupted one.

use super::frame::{Frame, Receipt};
use super::note::{self, About, Note, Told};
use super::plan::Plan;
use super::remedy::PLAN;
use super::states::states;
use super::{Outcome, over_time, table};
use crate::Result;
use crate::layers::report::{BatchReport, FrameFacts, SchemeWords, Series, counted_km};
use crate::layers::{Moment, State};
use crate::run::deliver::receipt::{OutputOf, SCHEMA_VERSION};
use crate::run::deliver::write::kept;
use crate::run::fingerprint::Words;
use crate::sinks::place::{self, InputFiles, OutputFolder, Outputs, RECEIPT, Stop};
use crate::sinks::{json, report};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;

const TABLE: &str = "frames.csv";
const REPORT: &str = "report.html";

/// A frame that was processed.
pub(super) struct Seen {
    pub frame: Frame,
    pub outcome: Outcome,
    /// The receipt in its folder, unless the frame failed.
    pub receipt: Option<Receipt>,
    /// Notes for the user.
    pub notes: Vec<Note>,
}

/// The frames of a batch so far.
pub(super) struct Together<'a> {
    plan: &'a Plan,
    folder: &'a Path,
    inputs: InputFiles,
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
        plan: &'a Plan,
        folder: &'a Path,
        inputs: InputFiles,
        replace: bool,
        stop: Stop<'a>,
    ) -> Self {
        Self { plan, folder, inputs, stop, replace, parts: Vec::new(), notes: Vec::new() }
    }

    /// Rejects a folder in which foreign files are in place of the table and the report.
    pub fn clear(output: &mut OutputFolder<'_>) -> Result<()> {
        output.check([TABLE, REPORT, RECEIPT])?;
        output.clear([TABLE, REPORT, RECEIPT])
    }

    /// Adds the frames of a region under a scheme, given as indices into the plan. Writes their sites
    /// over time if there are at least two dates and the files are not up to date; returns whether it
    /// did.
    pub fn add(&mut self, at: (usize, usize), seen: Vec<Seen>) -> Result<bool> {
        let mut part = Part { at, seen, series: None };
        for seen in &mut part.seen {
            for note in seen.notes.drain(..) {
                note::add(&mut self.notes, note, seen.frame.folder.clone());
            }
        }
        let wrote = self.over_time(&mut part);
        self.parts.push(part);
        wrote
    }

    fn over_time(&mut self, part: &mut Part) -> Result<bool> {
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
        part.series = Some(self.series(part, &states));
        let moment = |(seen, states): (&Seen, Option<Vec<State>>)| {
            Some(Moment { as_of: seen.frame.as_of?, states: states? })
        };
        let moments: Vec<Moment> = part.seen.iter().zip(states).filter_map(moment).collect();
        let (region, scheme) = part.at;
        let told = self.plan.regions.get(region).zip(self.plan.schemes.get(scheme));
        let Some(told) = told else { return Ok(false) };
        over_time::write(&moments, told, &mut output)?;
        if let Some(text) = kept(&commit(output, &fingerprint)?.written) {
            let note = Note { about: About::Kept, text };
            note::add(&mut self.notes, note, inside.to_path_buf());
        }
        Ok(true)
    }

    /// Writes the table of frames and the report if they are not up to date; returns whether it did.
    pub fn write(&mut self, mut output: OutputFolder<'_>) -> Result<bool> {
        let fingerprint = self.fingerprint();
        if stands(self.folder, &fingerprint, &[TABLE, REPORT], self.replace) {
            return Ok(false);
        }
        let mut all = Vec::new();
        for mut part in std::mem::take(&mut self.parts) {
            let series = match part.series.take() {
                Some(series) => series,
                None => self.series(&part, &self.states(&part)?),
            };
            all.push(series);
            self.parts.push(part);
        }
        let frames = self.parts.iter().zip(&all).flat_map(|(part, series)| {
            part.seen.iter().map(|seen| &seen.frame).zip(&series.frames)
        });
        output.stage(TABLE, |out| table::write(frames, out))?;
        let plan = self.plan;
        let page = BatchReport {
            name: &plan.name,
            version: env!("CARGO_PKG_VERSION"),
            reports: plan.reports,
            regions: plan.regions.iter().map(|region| region.name.as_str()).collect(),
            schemes: plan.schemes.iter().map(SchemeWords::of).collect(),
            series: all,
            sure: plan.regions.iter().any(|region| region.rules.uncertainty.is_some()),
        };
        output.stage(REPORT, |out| report::write_batch(&page, out))?;
        commit(output, &fingerprint)?;
        Ok(true)
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

    fn series(&self, part: &Part, states: &[Option<Vec<State>>]) -> Series {
        let facts = part.seen.iter().zip(states).map(|(seen, states)| {
            let facts = facts(seen);
            if let Some(states) = states { facts.with(states) } else { facts }
        });
        Series::of(part.at, facts.collect(), states, self.plan.frames())
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
    // With slashes on every system.
    let folder: Vec<_> = frame.folder.iter().map(|part| part.to_string_lossy()).collect();
    FrameFacts {
        as_of: told.or_else(|| frame.as_of.map(|date| date.to_string())),
        folder: folder.join("/"),
        incidents: seen.receipt.as_ref().and_then(Receipt::incidents),
        error: match &seen.outcome {
            Outcome::Failed(error) => {
                let hint = error.hint_for(PLAN).map(Cow::into_owned);
                Some((error.message_for(PLAN).into_owned(), hint))
            }
            _ => None,
        },
        ..FrameFacts::default()
    }
}

/// Hashes what determines the outputs over frames: their receipts, and why frames failed.
fn hash_frames(words: &mut Words, frames: &[Seen]) {
    words.add(env!("CARGO_PKG_VERSION"));
    for seen in frames {
        words.add(&seen.frame.region);
        words.add(&seen.frame.folder.to_string_lossy());
        if let Outcome::Failed(error) = &seen.outcome {
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
    outputs: Vec<OutputOf<'a>>,
    earlier: Vec<OutputOf<'a>>,
}

fn commit(output: OutputFolder<'_>, fingerprint: &str) -> Result<Outputs> {
    let receipt = |outputs: &Outputs, out: &mut dyn std::io::Write| {
        json::write(
            &Sum {
                tamarisk: env!("CARGO_PKG_VERSION"),
                schema_version: SCHEMA_VERSION,
                fingerprint,
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
