//! Markers of sites: the shape repeats what the color encodes; no data is hatched.

use super::canvas::Canvas;
use crate::layers::style::{Color, DOT, DOT_SHARE, NO_DATA, Theme};

/// The scale of markers if there are many, and if there are very many.
pub(super) const SMALL: f64 = 0.45;
pub(super) const TINY: f64 = 0.36;

const EDGE: Color = Color::rgb(40, 40, 40);

/// The radius of a marker, by band from no data to very high.
pub(super) fn radius(band: u8) -> f64 {
    match band {
        0 => 8.5,
        1 => 8.0,
        2 => 10.0,
        3 => 9.5,
        4 => 12.0,
        _ => 16.0,
    }
}

/// Draws a marker.
pub(super) fn draw(canvas: &mut Canvas, place: (f64, f64), band: u8, shown: Theme) {
    scaled(canvas, place, band, shown, 1.0);
}

/// Draws the dot in the middle of a marker from whose record something is missing, at the marker's scale.
pub(super) fn gap(canvas: &mut Canvas, place: (f64, f64), band: u8, scale: f64) {
    let [ink, paper] = DOT;
    let r = DOT_SHARE * radius(band) * scale;
    canvas.disc(place, r + 1.2 * scale, paper);
    canvas.disc(place, r, ink);
}

/// Draws a dot, for very many sites.
pub(super) fn dot(canvas: &mut Canvas, place: (f64, f64), band: u8, shown: Theme, has_gap: bool) {
    canvas.disc(place, 2.2, color(band, shown));
    if has_gap {
        canvas.disc(place, 2.2 * DOT_SHARE, DOT[0]);
    }
}

fn color(band: u8, shown: Theme) -> Color {
    shown.color(band).unwrap_or(NO_DATA.plain)
}

/// Draws a marker of another size.
pub(super) fn scaled(canvas: &mut Canvas, (x, y): (f64, f64), band: u8, shown: Theme, scale: f64) {
    let r = radius(band) * scale;
    let shape = match band {
        0 => return hatched(canvas, (x, y), r, scale),
        1 => "circle",
        2 => "triangle",
        3 => "square",
        4 => "diamond",
        _ => "star",
    };
    match corners(shape) {
        Some(corners) => {
            let ring = ring(corners, (x, y), r);
            canvas.areas(std::slice::from_ref(&ring), color(band, shown));
            canvas.lines(&[ring], 1.3 * scale, EDGE, None);
        }
        None => {
            canvas.disc((x, y), r, color(band, shown));
            canvas.circle((x, y), r, 1.2 * scale, EDGE);
        }
    }
}

/// Draws the marker of no data.
pub(super) fn hatched(canvas: &mut Canvas, (x, y): (f64, f64), r: f64, scale: f64) {
    canvas.disc((x, y), r, NO_DATA.ground);
    // Chords of the circle, a third of the radius apart, from lower left to upper right.
    for offset in [-0.6, 0.0, 0.6] {
        let half = libm::sqrt(1.0 - offset * offset);
        let along = std::f64::consts::FRAC_1_SQRT_2;
        let end = |way: f64| {
            let (u, v) = (way * half, offset);
            (x + r * along * (u + v), y - r * along * (u - v))
        };
        canvas.lines(&[vec![end(-1.0), end(1.0)]], 1.2 * scale, NO_DATA.lines, None);
    }
    canvas.circle((x, y), r, 1.2 * scale, NO_DATA.lines);
}

/// The corners of a shape, in radii from its middle; a circle has none.
pub(super) fn corners(shape: &str) -> Option<&'static [(f64, f64)]> {
    match shape {
        "triangle" => Some(&[(0.0, -1.0), (0.95, 0.75), (-0.95, 0.75)]),
        "square" => Some(&[(-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)]),
        "diamond" => Some(&[(0.0, -1.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0)]),
        "star" => Some(&STAR),
        _ => None,
    }
}

/// The closed ring of corners around a place.
pub(super) fn ring(corners: &[(f64, f64)], (x, y): (f64, f64), r: f64) -> Vec<(f64, f64)> {
    let mut ring: Vec<(f64, f64)> = corners.iter().map(|(u, v)| (x + r * u, y + r * v)).collect();
    let first = ring.first().copied();
    ring.extend(first);
    ring
}

/// A circle as a closed ring of corners.
pub(super) fn round((x, y): (f64, f64), r: f64) -> Vec<(f64, f64)> {
    const CORNERS: u32 = 36;
    let corner = |at: u32| {
        let turn = std::f64::consts::TAU * f64::from(at % CORNERS) / f64::from(CORNERS);
        (x + r * libm::cos(turn), y + r * libm::sin(turn))
    };
    (0..=CORNERS).map(corner).collect()
}

/// A star of five points; the inner radius is 0.42 of the outer.
const STAR: [(f64, f64); 10] = [
    (0.0, -1.0),
    (0.247, -0.340),
    (0.951, -0.309),
    (0.399, 0.130),
    (0.588, 0.809),
    (0.0, 0.420),
    (-0.588, 0.809),
    (-0.399, 0.130),
    (-0.951, -0.309),
    (-0.247, -0.340),
];
