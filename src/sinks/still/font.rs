//! Glyphs of the embedded font: Noto Sans, cut to Latin, Greek and Cyrillic. Letters stand one after
//! the other, without kerning, shaping or another direction; a name in another script is not drawn.

use super::canvas::single;
use std::sync::LazyLock;
use tiny_skia::PathBuilder;
use ttf_parser::{Face, GlyphId, OutlineBuilder};

static FACE: LazyLock<Option<Face<'static>>> = LazyLock::new(|| {
    Face::parse(include_bytes!("../../../data/fonts/NotoSans-Regular-subset.ttf"), 0).ok()
});

/// Whether every letter of a text can be drawn.
pub(super) fn has(text: &str) -> bool {
    let Some(face) = &*FACE else { return false };
    text.chars().all(|letter| face.glyph_index(letter).is_some())
}

/// How wide a text is at a size, in pixels.
pub(super) fn width(text: &str, size: f64) -> f64 {
    let Some(face) = &*FACE else { return 0.0 };
    text.chars().map(|letter| advance(face, glyph(face, letter), size)).sum()
}

/// Adds the outlines of a text that begins at a place on its base line.
pub(super) fn outline(
    text: &str,
    (x, y): (f64, f64),
    size: f64,
    apart: f64,
    path: &mut PathBuilder,
) {
    let Some(face) = &*FACE else { return };
    let mut pen = Pen { path, x, y, scale: size / f64::from(face.units_per_em()) };
    for letter in text.chars() {
        let glyph = glyph(face, letter);
        face.outline_glyph(glyph, &mut pen);
        pen.x += advance(face, glyph, size) + apart;
    }
}

/// The glyph of a letter; a letter that the font does not have is an empty box.
fn glyph(face: &Face<'_>, letter: char) -> GlyphId {
    face.glyph_index(letter).unwrap_or(GlyphId(0))
}

fn advance(face: &Face<'_>, glyph: GlyphId, size: f64) -> f64 {
    let units = face.glyph_hor_advance(glyph).unwrap_or(0);
    f64::from(units) * size / f64::from(face.units_per_em())
}

/// Puts outlines where they belong; in fonts y grows upwards.
struct Pen<'p> {
    path: &'p mut PathBuilder,
    x: f64,
    y: f64,
    scale: f64,
}

impl Pen<'_> {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        let (x, y) = (f64::from(x), f64::from(y));
        (single(self.x + x * self.scale), single(self.y - y * self.scale))
    }
}

impl OutlineBuilder for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}
