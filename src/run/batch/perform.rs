//! Doing what a plan says, frame by frame.

use super::frame::{self, Frame, Receipt};
use super::plan::{Plan, Region};
use super::together::{Seen, Together};
use crate::run::gather::{self, Gathered};
use crate::run::{Cancel, Case, Unwatched, Watch, claim, write};
use crate::scoring::Scheme;
use crate::sinks::place::{self, InputFiles, OutputFolder, Stop};
use crate::{Error, Result};
use std::collections::BTreeSet;
use std::path::Path;

/// What became of a batch.
#[derive(Debug)]
pub struct Batch {
    /// Its frames, in the order of regions, schemes and dates.
    pub frames: Vec<(Frame, Outcome)>,
    /// Whether anything was written at all.
    pub wrote: bool,
    /// The regions that had no site to score in one of their frames.
    pub without_sites: BTreeSet<String>,
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
            let whole = shared.whole(&asked, &folder.join(&frame.folder), &files);
            (frame, whole.map(|receipt| receipt.is_some()))
        })
        .collect()
}

/// Does what a plan says in a folder, which is locked for as long as it takes.
///
/// # Errors
/// The folder cannot be written to, is held by another run or holds what a single one wrote, or the batch
/// was stopped: frames that were written by then are whole and stay. The fault of a single frame is its
/// [`Outcome`].
pub fn perform(plan: &Plan, folder: &Path, watch: &dyn Watch, cancel: &Cancel) -> Result<Batch> {
    let stop = || cancel.is_raised();
    let sources = plan.regions.iter().flat_map(|region| region.request.sources());
    let inputs = InputFiles::new(sources.filter_map(|(_, _, source)| source.as_path()));
    let lock = OutputFolder::open(folder, inputs.clone(), &stop)?;
    frame::keep_apart(folder, true)?;
    watch.stage("frames", u64::try_from(plan.frames()).ok());
    let mut shared = Shared::default();
    let mut together = Together::new(plan, folder, inputs, &stop);
    let mut wrote = false;
    for (region_at, region) in plan.regions.iter().enumerate() {
        for (scheme_at, scheme) in plan.schemes.iter().enumerate() {
            let mut series = Vec::new();
            for &as_of in &plan.dates {
                cancel.check()?;
                let frame = Frame::new(region, scheme, as_of);
                let asked = Asked { region, request: frame::request(region, scheme, as_of) };
                let seen =
                    match shared.make(plan, &asked, &folder.join(&frame.folder), &stop, cancel) {
                        Ok((outcome, receipt)) => Seen { frame, outcome, receipt: Some(receipt) },
                        Err(error) if error.is_interrupted() => return Err(error),
                        Err(error) => {
                            Seen { frame, outcome: Outcome::Failed(error), receipt: None }
                        }
                    };
                wrote |= matches!(seen.outcome, Outcome::Written);
                series.push(seen);
                watch.advance(1);
            }
            wrote |= together.add((region_at, scheme_at), series)?;
        }
    }
    wrote |= together.write(lock)?;
    let without_sites = together.without_sites();
    Ok(Batch { frames: together.into_frames(), wrote, without_sites })
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

    /// The receipt of a frame that stands in its folder whole.
    fn whole(
        &mut self,
        asked: &Asked,
        path: &Path,
        files: &BTreeSet<String>,
    ) -> Result<Option<Receipt>> {
        let hashes = self.hashes(asked.region)?;
        let fingerprint = asked.request.fingerprint(hashes.iter().map(String::as_str))?;
        Ok(Receipt::of(path).filter(|receipt| receipt.is_whole(path, &fingerprint, files)))
    }

    /// Makes a frame where it does not stand there whole already.
    fn make(
        &mut self,
        plan: &Plan,
        asked: &Asked,
        path: &Path,
        stop: Stop<'_>,
        cancel: &Cancel,
    ) -> Result<(Outcome, Receipt)> {
        if let Some(receipt) = self.whole(asked, path, &Frame::files(plan))? {
            place::tidy(path);
            return Ok((Outcome::Unchanged, receipt));
        }
        let output = claim(&asked.request, path, stop)?;
        let mut gathered = self.gathered(asked.region, cancel)?;
        gathered.choose(asked.request.bbox);
        let case = Case::new(gathered, &asked.request)?;
        let wanted = frame::wanted(plan);
        crate::run::room(&case, &wanted)?;
        let scored = crate::run::perform(&case, &Unwatched, cancel)?;
        write(&case, &scored, &wanted, output, &Unwatched, cancel)?;
        let gone = || Error::output(format!("{}: its receipt is gone", path.display()));
        Ok((Outcome::Written, Receipt::of(path).ok_or_else(gone)?))
    }
}
