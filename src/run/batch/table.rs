//! `frames.csv`: a row for each frame of a batch, with how many sites are in which band and which one
//! stands worst.

use super::frame::{Frame, Receipt};
use crate::Result;
use crate::layers::State;
use crate::scoring::Band;
use crate::sinks::csv;
use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

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

pub(super) type Row = [String; 21];

/// The row of a frame that stands whole in a folder of the batch.
///
/// # Errors
/// Its files cannot be read.
pub(super) fn row(frame: &Frame, batch: &Path) -> Result<Row> {
    let folder = batch.join(&frame.folder);
    let states = Frame::states(&folder)?;
    let mut row = head_of(frame);
    if let Some(as_of) = Receipt::of(&folder).and_then(|receipt| receipt.as_of) {
        row[2] = as_of;
    }
    row[4] = states.len().to_string();
    let counts = |band: fn(&State) -> &str| {
        Band::ALL.map(|of| states.iter().filter(|state| band(state) == of.word()).count())
    };
    let both = counts(|state| &state.security.1).into_iter().chain(counts(|s| &s.environment.1));
    for (cell, count) in row.iter_mut().skip(5).zip(both) {
        *cell = count.to_string();
    }
    // Of equal ones the first in the file.
    let scored = states.iter().filter_map(|state| Some((state.security.0?, state)));
    let worst = scored.reduce(|worst, next| if next.0 > worst.0 { next } else { worst });
    if let Some((score, state)) = worst {
        row[17].clone_from(&state.id);
        row[18].clone_from(&state.name);
        row[19] = format!("{score:.1}");
    }
    Ok(row)
}

/// The row of a frame that failed.
pub(super) fn failed(frame: &Frame, error: &crate::Error) -> Row {
    let mut row = head_of(frame);
    row[20] = error.to_string();
    row
}

fn head_of(frame: &Frame) -> Row {
    let mut row = Row::default();
    row[0].clone_from(&frame.region);
    row[1].clone_from(&frame.scheme);
    row[2] = frame.as_of.map(|date| date.to_string()).unwrap_or_default();
    // The same on every system.
    let parts: Vec<_> = frame.folder.iter().map(|part| part.to_string_lossy()).collect();
    row[3] = parts.join("/");
    row
}

/// Writes the rows.
///
/// # Errors
/// What the writer gives.
pub(super) fn write(rows: &[Row], out: &mut dyn Write) -> io::Result<()> {
    csv::write_rows(HEAD, rows.iter().map(|row| row.each_ref().map(|cell| Cow::from(&**cell))), out)
}
