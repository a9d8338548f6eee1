//! `changes.csv`: a row for each crossing of a batch.

use crate::layers::report::{Crossing, FrameFacts};
use crate::run::DiffStep;
use crate::scoring::{Band, written};
use crate::sinks::csv;
use std::io::{self, Write};

/// A crossing and where it belongs.
pub(super) struct Placed<'a> {
    pub region: &'a str,
    pub scheme: &'a str,
    /// The dates of its two frames.
    pub as_of: [&'a str; 2],
    pub crossing: &'a Crossing,
}

impl<'a> Placed<'a> {
    /// A crossing of a region and scheme with these frames.
    pub fn new(
        (region, scheme): (&'a str, &'a str),
        frames: &'a [FrameFacts],
        crossing: &'a Crossing,
    ) -> Self {
        let date = |at: usize| frames.get(at).and_then(|frame| frame.as_of.as_deref());
        let as_of = crossing.frames.map(|at| date(at).unwrap_or_default());
        Self { region, scheme, as_of, crossing }
    }

    /// The word of the band before, and after; empty where the site is not there.
    pub fn bands(&self) -> [&'static str; 2] {
        self.crossing.bands.map(|band| {
            let is = |of: &Band| Some(of.number()) == band;
            Band::ALL.into_iter().find(is).map_or("", Band::word)
        })
    }

    /// The increase of the written score.
    pub fn change(&self) -> Option<f64> {
        let [before, after] = self.crossing.scores;
        Some(written::score(after? - before?))
    }
}

/// A column: its name, and its value for a crossing.
type Column = (&'static str, fn(&Placed<'_>) -> String);

const COLUMNS: [Column; 16] = [
    ("region", |of| of.region.to_owned()),
    ("scheme", |of| of.scheme.to_owned()),
    ("score", |of| of.crossing.score.to_owned()),
    ("site_id", |of| of.crossing.id.clone()),
    ("site", |of| of.crossing.name.clone()),
    ("what", |of| of.crossing.what.word().to_owned()),
    ("as_of_before", |of| of.as_of[0].to_owned()),
    ("as_of_after", |of| of.as_of[1].to_owned()),
    ("score_before", |of| number(of.crossing.scores[0], 1)),
    ("score_after", |of| number(of.crossing.scores[1], 1)),
    ("change", |of| number(of.change(), 1)),
    ("band_before", |of| of.bands()[0].to_owned()),
    ("band_after", |of| of.bands()[1].to_owned()),
    ("left_open", |of| of.crossing.open.map(|open| open.to_string()).unwrap_or_default()),
    ("cause", |of| of.crossing.cause.main.unwrap_or_default().to_owned()),
    ("why", |of| of.crossing.cause.why.clone()),
];

/// Writes a row for each crossing, with the points of each step of the comparison.
///
/// # Errors
/// Those of the writer.
pub(super) fn write<'a>(
    all: impl Iterator<Item = Placed<'a>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let names = COLUMNS.iter().map(|(name, _)| (*name).to_owned());
    let steps = DiffStep::ALL.map(|step| format!("points_{}", step.word()));
    let head: Vec<String> = names.chain(steps).collect();
    let rows = all.map(|placed| {
        let parts = placed.crossing.cause.parts;
        let values: Vec<String> = COLUMNS.iter().map(|(_, of)| of(&placed)).collect();
        let points = (0..DiffStep::ALL.len())
            .map(move |at| number(parts.and_then(|parts| parts.get(at).copied()), 3));
        values.into_iter().chain(points)
    });
    csv::write_table(&head, rows, out)
}

/// A number with so many decimals; empty where it is not known. Minus zero has no sign.
fn number(value: Option<f64>, digits: usize) -> String {
    let text = value.map(|value| format!("{value:.digits$}")).unwrap_or_default();
    match text.strip_prefix('-') {
        Some(rest) if rest.chars().all(|c| matches!(c, '0' | '.')) => rest.to_owned(),
        _ => text,
    }
}
