//! The mark of sites from whose record of incidents something is missing.

use super::{Color, Mark};
use crate::layers::columns::SECURITY_RECORD_GAP;
use crate::layers::{Column, RecordGap};

/// The color of the dot in the middle of a marker, and of its edge: it shows on the palest band and on the darkest.
pub const DOT: [Color; 2] = [Color::rgb(24, 24, 24), Color::rgb(255, 255, 255)];

/// The radius of the dot as a share of that of the marker.
pub const DOT_SHARE: f64 = 0.36;

/// The mark of a layer that has the column.
pub(super) fn mark(columns: &[Column]) -> Option<Mark> {
    let has = columns.iter().any(|column| &*column.name == SECURITY_RECORD_GAP);
    has.then_some(Mark {
        of: "\"security_record_gap\" IS NOT NULL",
        column: SECURITY_RECORD_GAP,
        label: RecordGap::LABEL,
    })
}
