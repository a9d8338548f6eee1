//! `frames.csv`: a row for each frame of a batch, with how many sites are in which band and which one
//! stands worst.

use super::frame::Frame;
use crate::layers::report::FrameFacts;
use crate::sinks::csv;
use std::borrow::Cow;
use std::io::{self, Write};

const HEAD: [&str; 21] = [
    "region",
    "scheme",
    "as_of",
    "folder",
    "sites",
    "security_no_data",
    "security_very_low",
    "security_low",
    "security_medium",
    "security_high",
    "security_very_high",
    "environment_no_data",
    "environment_very_low",
    "environment_low",
    "environment_medium",
    "environment_high",
    "environment_very_high",
    "worst_site_id",
    "worst_site",
    "worst_security_score",
    "error",
];

/// Writes a row for each frame.
///
/// # Errors
/// What the writer gives.
pub(super) fn write<'f>(
    frames: impl Iterator<Item = (&'f Frame, &'f FrameFacts)>,
    out: &mut dyn Write,
) -> io::Result<()> {
    csv::write_rows(HEAD, frames.map(|(frame, facts)| row(frame, facts).map(Cow::from)), out)
}

fn row(frame: &Frame, facts: &FrameFacts) -> [String; 21] {
    let mut row = <[String; 21]>::default();
    row[0].clone_from(&frame.region);
    row[1].clone_from(&frame.scheme);
    row[2] = facts.as_of.clone().unwrap_or_default();
    row[3].clone_from(&facts.folder);
    if let Some((error, _)) = &facts.error {
        row[20].clone_from(error);
        return row;
    }
    row[4] = facts.sites.to_string();
    for (cell, count) in row.iter_mut().skip(5).zip(facts.bands.iter().flatten()) {
        *cell = count.to_string();
    }
    if let Some((id, name, score)) = &facts.worst {
        row[17].clone_from(id);
        row[18].clone_from(name);
        row[19] = format!("{score:.1}");
    }
    row
}
