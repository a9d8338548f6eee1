//! The risk surface below everything that is a symbol, and its signs in legends.

use super::canvas::Canvas;
use super::legend::{Row, Sign};
use super::map::Map;
use crate::layers::report::Shading;
use crate::layers::style::{Color, GROUND, Theme};

/// The opacity of a zone: symbols of its own color stay readable on it.
const OPACITY: u8 = 88;

/// The bands of the risk surface, from very low to very high.
const BANDS: [u8; 5] = [1, 2, 3, 4, 5];

/// The color of a band of the surface.
fn color(band: u8) -> Option<Color> {
    Some(Theme::Security.color(band)?.with_alpha(OPACITY))
}

/// Draws the bands of the surface.
pub(super) fn draw(canvas: &mut Canvas, map: &Map, shading: &Shading) {
    for (band, rings) in shading.bands() {
        if let Some(color) = color(band) {
            canvas.areas(&map.all_placed(&rings), color);
        }
    }
}

/// The row of a legend for a surface; `of` tells of what it is.
pub(super) fn legend(shading: &Shading, of: &str) -> Option<Row> {
    let seen = !shading.zones.is_empty();
    seen.then(|| (Sign::Shades, format!("Risk surface{of}; no color: not scored"), None))
}

/// Draws the sign of the whole surface: its colors side by side.
pub(super) fn sign(canvas: &mut Canvas, (x, y): (f64, f64)) {
    const WIDE: f64 = 7.0;
    let mut left = x - 2.5 * WIDE;
    for band in BANDS {
        ground(canvas, [left, y - 9.0, left + WIDE, y + 9.0], band);
        left += WIDE;
    }
}

/// Draws the ground of a band as it looks on land; that of no score is bare.
pub(super) fn ground(canvas: &mut Canvas, area: [f64; 4], band: u8) {
    canvas.rectangle(area, GROUND.land);
    if let Some(color) = color(band) {
        canvas.rectangle(area, color);
    }
}
