//! `frames.csv`: a row for each frame of a batch, with the number of sites in each band and the worst
//! site.

use super::frame::Frame;
use crate::layers::report::FrameFacts;
use crate::sinks::csv;
use std::borrow::Cow;
use std::io::{self, Write};

/// A column: its name, and its value for a frame.
type Column = (&'static str, fn(&Frame, &FrameFacts) -> String);

const COLUMNS: [Column; 21] = [
    ("region", |frame, _| frame.region.clone()),
    ("scheme", |frame, _| frame.scheme.clone()),
    ("as_of", |_, facts| facts.as_of.clone().unwrap_or_default()),
    ("folder", |_, facts| facts.folder.clone()),
    ("sites", |_, facts| of_whole(facts, |facts| Some(facts.sites.to_string()))),
    ("security_no_data", |_, facts| sites_in(facts, 0, 0)),
    ("security_very_low", |_, facts| sites_in(facts, 0, 1)),
    ("security_low", |_, facts| sites_in(facts, 0, 2)),
    ("security_medium", |_, facts| sites_in(facts, 0, 3)),
    ("security_high", |_, facts| sites_in(facts, 0, 4)),
    ("security_very_high", |_, facts| sites_in(facts, 0, 5)),
    ("environment_no_data", |_, facts| sites_in(facts, 1, 0)),
    ("environment_very_low", |_, facts| sites_in(facts, 1, 1)),
    ("environment_low", |_, facts| sites_in(facts, 1, 2)),
    ("environment_medium", |_, facts| sites_in(facts, 1, 3)),
    ("environment_high", |_, facts| sites_in(facts, 1, 4)),
    ("environment_very_high", |_, facts| sites_in(facts, 1, 5)),
    ("worst_site_id", |_, facts| {
        of_whole(facts, |facts| facts.worst.as_ref().map(|(id, ..)| id.clone()))
    }),
    ("worst_site", |_, facts| {
        of_whole(facts, |facts| facts.worst.as_ref().map(|(_, name, _)| name.clone()))
    }),
    ("worst_security_score", |_, facts| {
        of_whole(facts, |facts| facts.worst.as_ref().map(|(.., score)| format!("{score:.1}")))
    }),
    ("error", |_, facts| facts.error.as_ref().map(|(error, _)| error.clone()).unwrap_or_default()),
];

/// Writes a row for each frame.
///
/// # Errors
/// Those of the writer.
pub(super) fn write<'f>(
    frames: impl Iterator<Item = (&'f Frame, &'f FrameFacts)>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let rows = frames.map(|(frame, facts)| COLUMNS.map(|(_, of)| Cow::from(of(frame, facts))));
    csv::write_rows(COLUMNS.map(|(name, _)| name), rows, out)
}

/// A value of a frame that succeeded; empty for one that failed.
fn of_whole(facts: &FrameFacts, told: impl Fn(&FrameFacts) -> Option<String>) -> String {
    Some(facts).filter(|facts| facts.error.is_none()).and_then(told).unwrap_or_default()
}

/// The number of sites in a band, by its number, of the security (0) or environment (1) score.
fn sites_in(facts: &FrameFacts, score: usize, band: usize) -> String {
    of_whole(facts, |facts| Some(facts.bands.get(score)?.get(band)?.to_string()))
}
