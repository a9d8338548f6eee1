//! Markers of points in one picture, for maps that are drawn elsewhere.

use super::canvas::Canvas;
use super::marker;
use crate::layers::style::{Color, Fill, Symbol};
use std::io;

/// Where a marker stands in the picture: its left edge, and its side. All stand at the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The left edge in pixels.
    pub left: u32,
    /// Width and height in pixels.
    pub side: u32,
}

/// Pixels in a millimeter at a ratio of 1.
pub const PIXELS: f64 = 96.0 / 25.4;

/// Room around a marker for its outline and its halo, in pixels at a ratio of 1.
const ROOM: f64 = 2.0;

const OUTLINE: f64 = 1.1;
const HALO: f64 = 3.4;

/// The markers among some symbols beside each other, `ratio` pixels of the picture in one of the screen.
pub fn sprite(symbols: &[&Symbol], ratio: u32) -> io::Result<(Vec<u8>, Vec<Place>)> {
    let mut places = Vec::new();
    let mut left = 0;
    for symbol in symbols {
        let side = side(symbol) * ratio;
        places.push(Place { left, side });
        left += side;
    }
    let height = places.iter().map(|place| place.side).max().unwrap_or(0);
    let mut canvas = Canvas::new((left.max(1), height.max(1)), Color(0, 0, 0, 0));
    for (symbol, place) in symbols.iter().zip(&places) {
        let middle = f64::from(place.side) / 2.0;
        draw(&mut canvas, symbol, (f64::from(place.left) + middle, middle), f64::from(ratio));
    }
    Ok((canvas.picture(1)?.encode_png().map_err(io::Error::other)?, places))
}

/// The side of a marker with its room in pixels; nothing else has one.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few millimeters")]
fn side(symbol: &Symbol) -> u32 {
    match symbol {
        Symbol::Marker { size, .. } => (size.clamp(0.0, 100.0) * PIXELS + 2.0 * ROOM).ceil() as u32,
        Symbol::Line { .. } | Symbol::Area { .. } => 0,
    }
}

fn draw(canvas: &mut Canvas, symbol: &Symbol, (x, y): (f64, f64), ratio: f64) {
    let Symbol::Marker { shape, fill, outline, size, halo, .. } = symbol else { return };
    let r = size * PIXELS / 2.0 * ratio;
    let edge = |canvas: &mut Canvas, width: f64, ink: Color| match marker::corners(shape) {
        Some(corners) => canvas.lines(&[marker::ring(corners, (x, y), r)], width, ink, None),
        None => canvas.circle((x, y), r, width, ink),
    };
    if let Some(halo) = halo {
        edge(canvas, HALO * ratio, *halo);
    }
    match fill {
        Fill::Hollow => edge(canvas, OUTLINE * ratio, *outline),
        Fill::Hatched | Fill::Lined { .. } => marker::hatched(canvas, (x, y), r, ratio),
        Fill::Plain(color) | Fill::Smooth(color) => {
            match marker::corners(shape) {
                Some(corners) => canvas.areas(&[marker::ring(corners, (x, y), r)], *color),
                None => canvas.disc((x, y), r, *color),
            }
            edge(canvas, OUTLINE * ratio, *outline);
        }
    }
}
