//! Performs a plan, frame by frame.

use super::dates::{Dated, Newest};
use super::frame::{self, Frame, Receipt};
use super::note::{About, Note, Told};
use super::plan::{Plan, Region};
use super::retention::{Retention, retire_old};
use super::slashed;
use super::together::{Seen, Together};
use crate::measures::Security;
use crate::run::{Cancel, Case, Unwatched, Watch, World, claim, deliver};
use crate::scoring::Scheme;
use crate::sinks::place::{self, InputFiles, OutputFolder, RECEIPT, Stop};
use crate::{Code, Error, Result};
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The outcome of a batch.
#[derive(Debug)]
pub struct Batch {
    /// Its frames, in the order of regions, schemes and dates.
    pub frames: Vec<(Frame, Outcome)>,
    /// The folders of regions and schemes whose sites over time could not be written, and why.
    pub faults: Vec<(PathBuf, Error)>,
    /// Whether anything was written.
    pub wrote: bool,
    /// Notes on the frames, without duplicates.
    pub notes: Vec<Told>,
    /// The regions without sites in at least one frame.
    pub without_sites: BTreeSet<String>,
    /// What the last date follows, if the plan asks for that.
    pub newest: Option<Newest>,
    /// The folders of frames that were removed, since the plan keeps only the last dates.
    pub removed: Vec<PathBuf>,
}

/// The outcome of a frame.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It was computed and written.
    Written,
    /// Its folder was already complete.
    Unchanged,
    /// It failed.
    Failed(Error),
}

/// What a batch would do.
#[derive(Debug)]
pub struct Preview {
    /// What the last date follows, if the plan asks for that.
    pub newest: Option<Newest>,
    /// The frames, each with whether its folder is already complete.
    pub frames: Vec<(Frame, Result<bool>)>,
}

impl Outcome {
    /// The word used in outputs.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Unchanged => "unchanged",
            Self::Failed(_) => "failed",
        }
    }
}

/// Lists the frames of a plan, each with whether its folder is already complete.
///
/// # Errors
/// Those of [`Plan::dated`]. A frame whose inputs cannot be read is listed with its error.
pub fn preview(plan: &Plan, folder: &Path, replace: bool, cancel: &Cancel) -> Result<Preview> {
    let Dated { dates, newest } = plan.dated(cancel)?;
    let mut shared = Shared { replace, ..Shared::default() };
    let files = Frame::files(plan);
    let frames = each(plan, &dates)
        .map(|(region, scheme, as_of)| {
            let frame = Frame::new(region, scheme, as_of);
            let asked = Asked { region, request: frame::request(plan, region, scheme, as_of) };
            let path = folder.join(&frame.folder);
            let whole = shared.whole(plan, &asked, &path).and_then(|receipt| {
                if receipt.is_none() && !replace {
                    let names = files.iter().map(String::as_str);
                    place::refuse_old(&path, names.chain([RECEIPT]))?;
                }
                Ok(receipt.is_some())
            });
            (frame, whole)
        })
        .collect();
    Ok(Preview { newest, frames })
}

/// Performs a plan in a folder, which is locked meanwhile. With `replace` it may overwrite any file there.
///
/// # Errors
/// The folder cannot be written to, is locked by another run, holds output of a single run or a foreign file in place
/// of the table of frames or the report, or the batch was stopped. Frames completed by then are kept. The error of a
/// single frame is its [`Outcome`].
pub fn perform(
    plan: &Plan,
    folder: &Path,
    replace: bool,
    watch: &dyn Watch,
    cancel: &Cancel,
) -> Result<Batch> {
    let stop = || cancel.is_raised();
    let dated = plan.dated(cancel)?;
    let sources = plan.regions.iter().flat_map(|region| region.inputs.sources());
    let inputs = InputFiles::new(sources.filter_map(|(_, _, source)| source.as_path()));
    let mut lock = OutputFolder::open(folder, inputs.clone(), &stop)?.replacing(replace);
    frame::keep_apart(folder, frame::Kind::Batch)?;
    Together::clear(&mut lock)?;
    let frames = each(plan, &dated.dates).count();
    watch.stage("frames", u64::try_from(frames).ok());
    let mut shared = Shared { replace, ..Shared::default() };
    let of = (plan, &dated);
    let mut together = Together::new(of, (folder, inputs), replace, (cancel, &stop));
    let mut wrote = false;
    let mut faults = Vec::new();
    for (region_at, region) in plan.regions.iter().enumerate() {
        for (scheme_at, scheme) in plan.schemes.iter().enumerate() {
            let mut series = Vec::new();
            for &as_of in &dated.dates {
                cancel.check()?;
                let frame = Frame::new(region, scheme, as_of);
                let asked = Asked { region, request: frame::request(plan, region, scheme, as_of) };
                let made = shared.make(plan, &asked, &folder.join(&frame.folder), &stop, cancel);
                let seen = match made {
                    Ok(made) => made.seen(frame),
                    Err(error) if error.is_interrupted() => return Err(error),
                    Err(error) => {
                        let outcome = Outcome::Failed(error);
                        Seen { frame, outcome, receipt: None, notes: Vec::new() }
                    }
                };
                wrote |= matches!(seen.outcome, Outcome::Written);
                watch.told(&seen.words());
                series.push(seen);
                watch.advance(1);
            }
            let inside = Path::new(&region.folder()).join(&scheme.name);
            let mut records = |region: &Region| shared.world(region, cancel);
            match together.add((region_at, scheme_at), series, &mut records) {
                Ok(any) => wrote |= any,
                Err(error) if error.is_interrupted() => return Err(error),
                Err(error) => faults.push((inside, error)),
            }
        }
    }
    wrote |= together.write(lock, &mut |region: &Region| shared.world(region, cancel))?;
    let without_sites = together.without_sites();
    let (frames, mut notes) = together.into_frames();
    let is_whole = |inside: &Path| {
        let has_failed = frames.iter().any(|(frame, outcome)| {
            frame.folder.starts_with(inside) && matches!(outcome, Outcome::Failed(_))
        });
        !has_failed && faults.iter().all(|(folder, _)| folder != inside)
    };
    let Retention { removed, notes: kept } = retire_old(plan, &dated, folder, is_whole);
    for frame in &removed {
        watch.told(&format!("removed {}", slashed(frame)));
    }
    notes.extend(kept);
    Ok(Batch { frames, faults, wrote, notes, without_sites, newest: dated.newest, removed })
}

/// Every frame of a plan, in order.
fn each<'p>(
    plan: &'p Plan,
    dates: &'p [Option<Date>],
) -> impl Iterator<Item = (&'p Region, &'p Scheme, Option<Date>)> {
    plan.regions.iter().flat_map(move |region| {
        plan.schemes
            .iter()
            .flat_map(move |scheme| dates.iter().map(move |&as_of| (region, scheme, as_of)))
    })
}

/// A requested frame.
struct Asked<'a> {
    region: &'a Region,
    request: crate::run::Request,
}

/// Data that frames with the same inputs share: the hashes of the files, and their records.
#[derive(Default)]
struct Shared {
    replace: bool,
    hashes: Option<(usize, Result<Vec<String>>)>,
    world: Option<(usize, Result<Arc<World>>)>,
    /// The security incidents of the last frame, whose unchanged parts the next frame reuses.
    security: Option<Arc<Security>>,
}

impl Shared {
    /// The hashes of a region's inputs.
    fn hashes(&mut self, region: &Region) -> Result<Vec<String>> {
        let known = self.hashes.take().filter(|(inputs, _)| *inputs == region.shared);
        let (_, hashes) = self.hashes.insert(known.unwrap_or_else(|| {
            let hashes = region.inputs.sources().map(|(_, _, source)| source.hash()).collect();
            (region.shared, hashes)
        }));
        hashes.clone()
    }

    /// The records of a region's files.
    fn world(&mut self, region: &Region, cancel: &Cancel) -> Result<Arc<World>> {
        let known = self.world.take().filter(|(inputs, _)| *inputs == region.shared);
        let (_, world) = self.world.insert(known.unwrap_or_else(|| {
            let world = World::read(&region.inputs, &Unwatched, cancel);
            (region.shared, world.map(Arc::new))
        }));
        world.clone()
    }

    /// The receipt of a frame whose folder is complete.
    fn whole(&mut self, plan: &Plan, asked: &Asked, path: &Path) -> Result<Option<Receipt>> {
        let hashes = self.hashes(asked.region)?;
        let fingerprint = asked.request.fingerprint(hashes.iter().map(String::as_str))?;
        let fingerprint = plan.heading.mark(fingerprint);
        let files = Frame::files(plan);
        Ok(Receipt::of(path)
            .filter(|receipt| receipt.is_whole(path, &fingerprint, &files, self.replace)))
    }

    /// Computes and writes a frame unless its folder is complete.
    fn make(
        &mut self,
        plan: &Plan,
        asked: &Asked,
        path: &Path,
        stop: Stop<'_>,
        cancel: &Cancel,
    ) -> Result<Made> {
        if let Some(receipt) = self.whole(plan, asked, path)? {
            place::tidy(path);
            return Ok(Made { outcome: Outcome::Unchanged, receipt, notes: Vec::new() });
        }
        let wanted = frame::wanted(plan);
        let output = claim(&asked.request, &wanted, path, self.replace, stop)?;
        let (world, former) = (self.world(asked.region, cancel)?, self.security.take());
        let case = Case::sharing(world, &asked.request.rules, former.as_deref())?;
        drop(former);
        let wanted = frame::wanted(plan);
        crate::run::room(&case, &wanted)?;
        let done = deliver(&asked.request, &case, &wanted, output, &Unwatched, cancel)?;
        let missing = done.overview.missing_environment(&case);
        self.security = Some(case.security);
        let notes = missing.map(|m| Note { about: About::NoEnvironment, text: m.note() });
        let gone = || {
            Error::output(Code::OutputFailed, format!("{}: its receipt is gone", path.display()))
        };
        let receipt = Receipt::of(path).ok_or_else(gone)?;
        Ok(Made { outcome: Outcome::Written, receipt, notes: notes.into_iter().collect() })
    }
}

/// A frame whose folder is complete.
struct Made {
    outcome: Outcome,
    receipt: Receipt,
    notes: Vec<Note>,
}

impl Made {
    /// Adds the notes that follow from its receipt, whether it was written now or before.
    fn seen(self, frame: Frame) -> Seen {
        let Self { outcome, receipt, mut notes } = self;
        let unscored = receipt.incidents() == Some(0);
        let so = if unscored { "; without any there is no security score" } else { "" };
        let empty = receipt.empty_incidents().map(|file| Note {
            about: About::NoIncidents,
            text: format!("{file}: holds no incident{so}"),
        });
        let mut first: Vec<Note> = empty.collect();
        let uncovered = match receipt.is_without_incidents() {
            Some(Some(until)) => Some(format!(
                "past the end of the security incidents, {until}; sites have no score, or the score as of then"
            )),
            Some(None) if first.is_empty() => {
                let why = if unscored {
                    "no security incident is usable"
                } else {
                    "no file of incidents covers a day up to the as-of date"
                };
                Some(format!("{why}, so there is no security score"))
            }
            _ => None,
        };
        first.extend(uncovered.map(|text| Note { about: About::Uncovered, text }));
        notes.splice(0..0, first);
        Seen { frame, outcome, receipt: Some(receipt), notes }
    }
}
