//! Doing what a plan says, frame by frame, and what comes of the frames together.

use super::frame::{self, Frame, RECEIPT, Receipt};
use super::plan::{Plan, Region};
use super::{over_time, table};
use crate::layers::Moment;
use crate::run::gather::{self, Gathered};
use crate::run::receipt::SCHEMA_VERSION;
use crate::run::{Cancel, Case, Unwatched, Wanted, Watch, claim, write};
use crate::scoring::Scheme;
use crate::sinks::json;
use crate::sinks::place::{self, InputFiles, OutputFolder, Stop, Written};
use crate::sources::Source;
use crate::{Error, Result};
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;

const TABLE: &str = "frames.csv";

/// What became of a batch.
#[derive(Debug)]
pub struct Batch {
    /// Its frames, in the order of regions, schemes and dates.
    pub frames: Vec<(Frame, Outcome)>,
    /// Whether anything was written at all.
    pub wrote: bool,
}

/// What became of a frame.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It was computed and written.
    Written,
    /// It stood there whole already.
    Unchanged,
    /// It could not be made.
    Failed(Error),
}

/// What would be done: each frame, and whether it stands there whole already.
///
/// # Errors
/// None of its own: a frame whose inputs cannot be read is told as failed.
pub fn preview(plan: &Plan, folder: &Path) -> Vec<(Frame, Result<bool>)> {
    let mut shared = Shared::default();
    let files = Frame::files(plan);
    each(plan)
        .map(|(region, scheme, as_of)| {
            let frame = Frame::new(region, scheme, as_of);
            let asked = Asked { region, request: frame::request(region, scheme, as_of) };
            let whole = shared.is_whole(&asked, &folder.join(&frame.folder), &files);
            (frame, whole)
        })
        .collect()
}

/// Does what a plan says in a folder, which is locked for as long as it takes.
///
/// # Errors
/// The folder cannot be written to or is held by another run, or the batch was stopped: frames that were
/// written by then are whole and stay. The fault of a single frame is its [`Outcome`].
pub fn perform(plan: &Plan, folder: &Path, watch: &dyn Watch, cancel: &Cancel) -> Result<Batch> {
    let stop = || cancel.is_raised();
    let sources = plan.regions.iter().flat_map(|region| region.request.sources());
    let inputs = InputFiles::new(sources.filter_map(|(_, _, source)| source.as_path()));
    let lock = OutputFolder::open(folder, inputs.clone(), &stop)?;
    watch.stage("frames", u64::try_from(plan.frames()).ok());
    let mut shared = Shared::default();
    let mut frames = Vec::new();
    let mut wrote = false;
    for region in &plan.regions {
        for scheme in &plan.schemes {
            let first = frames.len();
            for &as_of in &plan.dates {
                cancel.check()?;
                let frame = Frame::new(region, scheme, as_of);
                let asked = Asked { region, request: frame::request(region, scheme, as_of) };
                let outcome =
                    match shared.make(plan, &asked, &folder.join(&frame.folder), &stop, cancel) {
                        Err(error) if error.is_interrupted() => return Err(error),
                        outcome => outcome.unwrap_or_else(Outcome::Failed),
                    };
                wrote |= matches!(outcome, Outcome::Written);
                frames.push((frame, outcome));
                watch.advance(1);
            }
            let series = frames.get(first..).unwrap_or_default();
            wrote |= join(series, folder, (region, scheme), inputs.clone(), &stop)?;
        }
    }
    wrote |= summarize(&frames, folder, lock)?;
    Ok(Batch { frames, wrote })
}

/// Every frame of a plan, in order.
fn each(plan: &Plan) -> impl Iterator<Item = (&Region, &Scheme, Option<jiff::civil::Date>)> {
    plan.regions.iter().flat_map(move |region| {
        plan.schemes
            .iter()
            .flat_map(move |scheme| plan.dates.iter().map(move |&as_of| (region, scheme, as_of)))
    })
}

/// A frame as it is asked for.
struct Asked<'a> {
    region: &'a Region,
    request: crate::run::Request,
}

/// What frames of the same inputs share: the hashes of the files, and what was read of them.
#[derive(Default)]
struct Shared {
    hashes: Option<(usize, Result<Vec<String>>)>,
    gathered: Option<(usize, Result<Gathered>)>,
}

impl Shared {
    /// The hashes of a region's inputs.
    fn hashes(&mut self, region: &Region) -> Result<Vec<String>> {
        let known = self.hashes.take().filter(|(inputs, _)| *inputs == region.inputs);
        let (_, hashes) = self.hashes.insert(known.unwrap_or_else(|| {
            let hashes = region.request.sources().map(|(_, _, source)| source.hash()).collect();
            (region.inputs, hashes)
        }));
        hashes.clone()
    }

    /// What a region's inputs hold, before its box is chosen.
    fn gathered(&mut self, region: &Region, cancel: &Cancel) -> Result<Gathered> {
        let known = self.gathered.take().filter(|(inputs, _)| *inputs == region.inputs);
        let (_, gathered) =
            self.gathered.insert(known.unwrap_or_else(|| {
                (region.inputs, gather::read(&region.request, &Unwatched, cancel))
            }));
        gathered.clone()
    }

    fn is_whole(&mut self, asked: &Asked, path: &Path, files: &BTreeSet<String>) -> Result<bool> {
        let hashes = self.hashes(asked.region)?;
        let fingerprint = asked.request.fingerprint(hashes.iter().map(String::as_str))?;
        Ok(Receipt::of(path).is_some_and(|receipt| receipt.is_whole(path, &fingerprint, files)))
    }

    /// Makes a frame where it does not stand there whole already.
    fn make(
        &mut self,
        plan: &Plan,
        asked: &Asked,
        path: &Path,
        stop: Stop<'_>,
        cancel: &Cancel,
    ) -> Result<Outcome> {
        if self.is_whole(asked, path, &Frame::files(plan))? {
            place::tidy(path);
            return Ok(Outcome::Unchanged);
        }
        let output = claim(&asked.request, path, stop)?;
        let mut gathered = self.gathered(asked.region, cancel)?;
        gathered.choose(asked.request.bbox);
        let case = Case::new(gathered, &asked.request)?;
        let scored = crate::run::perform(&case, &Unwatched, cancel)?;
        let wanted = Wanted { layers: Some(plan.layers.clone()), ..Wanted::default() };
        write(&case, &scored, &wanted, output, &Unwatched, cancel)?;
        Ok(Outcome::Written)
    }
}

/// The receipt of what is made of several frames.
#[derive(Serialize)]
struct Together<'a> {
    tamarisk: &'static str,
    schema_version: u32,
    fingerprint: &'a str,
    outputs: Vec<Output<'a>>,
}

#[derive(Serialize)]
struct Output<'a> {
    file: &'a str,
    bytes: u64,
    blake3: String,
}

impl<'a> Together<'a> {
    fn of(fingerprint: &'a str, written: &'a [Written]) -> Self {
        let outputs = written.iter().map(|file| Output {
            file: &file.name,
            bytes: file.bytes,
            blake3: file.hash.to_hex().to_string(),
        });
        Self {
            tamarisk: env!("CARGO_PKG_VERSION"),
            schema_version: SCHEMA_VERSION,
            fingerprint,
            outputs: outputs.collect(),
        }
    }
}

/// What decides what is made of several frames, as one hash: their receipts, and why frames failed.
fn fingerprint(frames: &[(Frame, Outcome)], batch: &Path) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut say = |text: &str| {
        hasher.update(&text.len().to_le_bytes());
        hasher.update(text.as_bytes());
    };
    say(env!("CARGO_PKG_VERSION"));
    for (frame, outcome) in frames {
        say(&frame.folder.to_string_lossy());
        match outcome {
            Outcome::Failed(error) => say(&error.to_string()),
            _ => {
                let receipt = Source::path(batch.join(&frame.folder).join(RECEIPT));
                say(&receipt.hash().unwrap_or_default());
            }
        }
    }
    hasher.finalize().to_hex().to_string()
}

/// Whether a folder holds just these files, made of frames of this fingerprint.
fn stands(folder: &Path, fingerprint: &str, files: &BTreeSet<String>) -> bool {
    Receipt::of(folder).is_some_and(|receipt| receipt.is_whole(folder, fingerprint, files))
}

/// Writes the sites of a series of frames over time, where there are at least two dates and it does not
/// stand there already; says whether it did.
fn join(
    series: &[(Frame, Outcome)],
    batch: &Path,
    (region, scheme): (&Region, &Scheme),
    inputs: InputFiles,
    stop: Stop<'_>,
) -> Result<bool> {
    let whole = || series.iter().filter(|(_, outcome)| !matches!(outcome, Outcome::Failed(_)));
    if whole().filter(|(frame, _)| frame.as_of.is_some()).count() < 2 {
        return Ok(false);
    }
    let folder = batch.join(region.folder()).join(&scheme.name);
    let fingerprint = fingerprint(series, batch);
    if stands(&folder, &fingerprint, &over_time::files()) {
        place::tidy(&folder);
        return Ok(false);
    }
    let mut moments = Vec::new();
    for (frame, _) in whole() {
        if let Some(as_of) = frame.as_of {
            moments.push(Moment { as_of, states: Frame::states(&batch.join(&frame.folder))? });
        }
    }
    let mut output = OutputFolder::open(&folder, inputs, stop)?;
    over_time::write(&moments, (region, scheme), &mut output)?;
    output
        .commit(RECEIPT, |written, out| json::write(&Together::of(&fingerprint, written), out))?;
    Ok(true)
}

/// Writes the table of frames where it does not stand there already; says whether it did.
fn summarize(
    frames: &[(Frame, Outcome)],
    folder: &Path,
    mut output: OutputFolder<'_>,
) -> Result<bool> {
    let fingerprint = fingerprint(frames, folder);
    if stands(folder, &fingerprint, &BTreeSet::from([TABLE.to_owned()])) {
        return Ok(false);
    }
    let rows = frames
        .iter()
        .map(|(frame, outcome)| match outcome {
            Outcome::Failed(error) => Ok(table::failed(frame, error)),
            _ => table::row(frame, folder),
        })
        .collect::<Result<Vec<_>>>()?;
    output.stage(TABLE, |out| table::write(&rows, out))?;
    output
        .commit(RECEIPT, |written, out| json::write(&Together::of(&fingerprint, written), out))?;
    Ok(true)
}
