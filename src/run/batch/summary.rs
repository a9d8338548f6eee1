//! `summary.json`: what a batch came to, for programs that watch it. It depends on the plan and the inputs alone, so that
//! an interrupted batch gives the same.

use super::changes_table::Placed;
use super::dates::Newest;
use super::frame::Frame;
use super::note::{About, Told};
use super::remedy::PLAN;
use crate::layers::report::{FrameFacts, Series};
use crate::scoring::Band;
use crate::{Code, Error};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The content of the file.
#[derive(Serialize)]
pub(super) struct Summary<'a> {
    tamarisk: &'static str,
    schema_version: u32,
    plan: &'a str,
    /// What the last date follows, if the plan asks for that.
    newest: Option<&'a Newest>,
    counts: Counts,
    frames: Vec<FrameOf<'a>>,
    crossings: Vec<CrossingOf<'a>>,
    notes: Vec<NoteOf<'a>>,
}

#[derive(Serialize)]
struct Counts {
    frames: usize,
    complete: usize,
    failed: usize,
    crossings: usize,
    /// Those between the last two dates of their region and scheme.
    crossings_at_last_date: usize,
    crossings_at_last_date_to_higher_band: usize,
}

#[derive(Serialize)]
struct FrameOf<'a> {
    region: &'a str,
    scheme: &'a str,
    as_of: Option<&'a str>,
    folder: &'a str,
    state: &'static str,
    error: Option<Fault<'a>>,
    sites: Option<usize>,
    /// Sites by band.
    security: Option<BTreeMap<&'static str, usize>>,
    environment: Option<BTreeMap<&'static str, usize>>,
}

#[derive(Serialize)]
struct Fault<'a> {
    code: Code,
    message: Cow<'a, str>,
    hint: Option<Cow<'a, str>>,
}

#[derive(Serialize)]
struct CrossingOf<'a> {
    region: &'a str,
    scheme: &'a str,
    score: &'static str,
    site_id: &'a str,
    site: &'a str,
    what: &'static str,
    before: End<'a>,
    after: End<'a>,
    left_open: Option<bool>,
    cause: Option<&'static str>,
    why: &'a str,
    /// Whether it is between the last two dates of its region and scheme.
    at_last_date: bool,
}

#[derive(Serialize)]
struct End<'a> {
    as_of: &'a str,
    score: Option<f64>,
    band: Option<&'static str>,
}

#[derive(Serialize)]
struct NoteOf<'a> {
    about: &'static str,
    text: &'a str,
    folders: Vec<String>,
}

/// A region under a scheme: their names, its frames with what they failed of, and its series.
pub(super) struct Of<'a> {
    pub names: (&'a str, &'a str),
    pub frames: Vec<(&'a Frame, Option<&'a Error>)>,
    pub series: &'a Series,
}

impl<'a> Summary<'a> {
    /// The summary of a plan's regions and schemes.
    pub fn of(
        plan: &'a str,
        newest: Option<&'a Newest>,
        all: &'a [Of<'a>],
        notes: &'a [Told],
        without_sites: &'a BTreeSet<String>,
    ) -> Self {
        let frames = all.iter().flat_map(Of::frames).collect::<Vec<_>>();
        let crossings = all.iter().flat_map(Of::crossings).collect::<Vec<_>>();
        let failed = frames.iter().filter(|frame| frame.error.is_some()).count();
        let last = crossings.iter().filter(|one| one.at_last_date);
        let counts = Counts {
            frames: frames.len(),
            complete: frames.len() - failed,
            failed,
            crossings: crossings.len(),
            crossings_at_last_date: last.clone().count(),
            crossings_at_last_date_to_higher_band: last.filter(|one| one.what == "up").count(),
        };
        let notes = notes.iter().filter(|told| told.note.about.is_of_frames()).map(NoteOf::of);
        let empty = without_sites.iter().map(|region| NoteOf {
            about: "no_sites",
            text: "no sites inside its bbox",
            folders: vec![region.clone()],
        });
        Self {
            tamarisk: env!("CARGO_PKG_VERSION"),
            schema_version: 1,
            plan,
            newest,
            counts,
            frames,
            crossings,
            notes: notes.chain(empty).collect(),
        }
    }
}

impl<'a> Of<'a> {
    fn frames(&'a self) -> impl Iterator<Item = FrameOf<'a>> {
        self.frames.iter().zip(&self.series.frames).map(|((frame, error), facts)| {
            let made = error.is_none().then_some(facts);
            let bands = |at: usize| made.and_then(|facts| facts.bands.get(at)).map(by_band);
            FrameOf {
                region: &frame.region,
                scheme: &frame.scheme,
                as_of: facts.as_of.as_deref(),
                folder: &facts.folder,
                state: if error.is_some() { "failed" } else { "complete" },
                error: error.map(|error| Fault {
                    code: error.code(),
                    message: error.message_for(PLAN),
                    hint: error.hint_for(PLAN),
                }),
                sites: made.map(|facts: &FrameFacts| facts.sites),
                security: bands(0),
                environment: bands(1),
            }
        })
    }

    fn crossings(&'a self) -> impl Iterator<Item = CrossingOf<'a>> {
        let Self { names, series, .. } = self;
        let last = series.frames.iter().rposition(|frame| frame.error.is_none());
        series.crossings.iter().map(move |crossing| {
            let placed = Placed::new(*names, &series.frames, crossing);
            let bands = placed.bands();
            let end = |as_of, score, band: &'static str| End {
                as_of,
                score,
                band: Some(band).filter(|band| !band.is_empty()),
            };
            let [before, after] = placed.as_of;
            let [was, is] = crossing.scores;
            let [band_before, band_after] = bands;
            let [_, at] = crossing.frames;
            CrossingOf {
                region: placed.region,
                scheme: placed.scheme,
                score: crossing.score,
                site_id: &crossing.id,
                site: &crossing.name,
                what: crossing.what.word(),
                before: end(before, was, band_before),
                after: end(after, is, band_after),
                left_open: crossing.open,
                cause: crossing.cause.main,
                why: &crossing.cause.why,
                at_last_date: Some(at) == last,
            }
        })
    }
}

impl<'a> NoteOf<'a> {
    fn of(told: &'a Told) -> Self {
        // With slashes on every system.
        let folders = told.folders.iter().map(|folder| super::slashed(folder));
        Self { about: told.note.about.word(), text: &told.note.text, folders: folders.collect() }
    }
}

impl About {
    fn word(self) -> &'static str {
        match self {
            Self::NoIncidents => "no_incidents",
            Self::Uncovered => "uncovered",
            Self::NoEnvironment => "no_environment",
            Self::Kept => "kept",
        }
    }

    /// Whether it follows from the frames, and not from what a run happened to compute.
    fn is_of_frames(self) -> bool {
        matches!(self, Self::NoIncidents | Self::Uncovered)
    }
}

fn by_band(counts: &[usize; 6]) -> BTreeMap<&'static str, usize> {
    Band::ALL.into_iter().map(Band::word).zip(counts.iter().copied()).collect()
}
