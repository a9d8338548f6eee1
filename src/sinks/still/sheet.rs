//! The sheet on which a map is drawn, in pixels of the drawing: 1,600 on the width of A4.

use super::labels::Area;
use crate::layers::report::Paper;

/// Pixels of the drawing in a millimeter.
const PER_MM: f64 = 1600.0 / 297.0;

/// Points of a PDF in a millimeter.
const POINTS_PER_MM: f64 = 72.0 / 25.4;

/// The height of the credits below a map.
pub(super) const CREDITS: f64 = 60.0;

/// A sheet of paper or a screen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sheet {
    /// Width in pixels.
    pub width: f64,
    /// Height in pixels.
    pub height: f64,
    printed: bool,
}

impl Sheet {
    pub(super) fn of(paper: Paper) -> Self {
        let (width, height) = paper.size();
        let whole = |mm: f64| (mm * PER_MM).round();
        Self { width: whole(width), height: whole(height), printed: paper.is_printed() }
    }

    /// Width and height in whole pixels.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some thousands")]
    pub(super) fn pixels(self) -> (u32, u32) {
        (self.width as u32, self.height as u32)
    }

    /// Pixels of the picture in one of the drawing: a print needs more of them.
    pub(super) fn ratio(self) -> u32 {
        if self.printed { 2 } else { 1 }
    }

    /// The part of the sheet between the header and the credits.
    pub(super) fn between(self, top: f64) -> Area {
        [0.0, top, self.width, self.height - CREDITS]
    }
}

/// Points of a PDF in a pixel of the drawing.
pub(super) fn points() -> f64 {
    POINTS_PER_MM / PER_MM
}
