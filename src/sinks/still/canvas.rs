//! A sheet of pixels, in plain terms of places in pixels from its upper left corner.

use super::font;
use crate::layers::style::Color;
use std::io;
use tiny_skia::{
    FillRule, LineJoin, Paint, PathBuilder, Pixmap, Rect, Stroke, StrokeDash, Transform,
};

/// A sheet of pixels.
pub(super) struct Canvas(Pixmap);

impl Canvas {
    pub(super) fn new((width, height): (u32, u32), ground: Color) -> Option<Self> {
        let mut pixels = Pixmap::new(width, height)?;
        let Color(red, green, blue, alpha) = ground;
        pixels.fill(tiny_skia::Color::from_rgba8(red, green, blue, alpha));
        Some(Self(pixels))
    }

    /// The sheet as a PNG.
    pub(super) fn png(&self) -> io::Result<Vec<u8>> {
        self.0.encode_png().map_err(io::Error::other)
    }

    /// Fills what lies within an odd number of rings.
    pub(super) fn areas(&mut self, rings: &[Vec<(f64, f64)>], ink: Color) {
        if let Some(path) = path(rings, true) {
            self.0.fill_path(&path, &paint(ink), FillRule::EvenOdd, Transform::identity(), None);
        }
    }

    /// Draws lines, dashed where lengths of dash and gap are given.
    pub(super) fn lines(
        &mut self,
        lines: &[Vec<(f64, f64)>],
        width: f64,
        ink: Color,
        dash: Option<[f64; 2]>,
    ) {
        let dash = dash.and_then(|dash| StrokeDash::new(dash.map(single).to_vec(), 0.0));
        let stroke =
            Stroke { width: single(width), line_join: LineJoin::Round, dash, ..Stroke::default() };
        if let Some(path) = path(lines, false) {
            self.0.stroke_path(&path, &paint(ink), &stroke, Transform::identity(), None);
        }
    }

    /// A filled circle.
    pub(super) fn disc(&mut self, (x, y): (f64, f64), radius: f64, ink: Color) {
        if let Some(path) = PathBuilder::from_circle(single(x), single(y), single(radius)) {
            self.0.fill_path(&path, &paint(ink), FillRule::Winding, Transform::identity(), None);
        }
    }

    /// The edge of a circle.
    pub(super) fn circle(&mut self, (x, y): (f64, f64), radius: f64, width: f64, ink: Color) {
        let stroke = Stroke { width: single(width), ..Stroke::default() };
        if let Some(path) = PathBuilder::from_circle(single(x), single(y), single(radius)) {
            self.0.stroke_path(&path, &paint(ink), &stroke, Transform::identity(), None);
        }
    }

    /// A filled rectangle, by its least x and y and its greatest.
    pub(super) fn rectangle(&mut self, [left, top, right, bottom]: [f64; 4], ink: Color) {
        let rect = Rect::from_ltrb(single(left), single(top), single(right), single(bottom));
        if let Some(rect) = rect {
            self.0.fill_rect(rect, &paint(ink), Transform::identity(), None);
        }
    }

    /// A text that begins at a place on its base line.
    pub(super) fn text(&mut self, text: &str, at: (f64, f64), size: f64, ink: Color) {
        self.glyphs(text, at, size, 0.0, ink, None);
    }

    /// A text with a light edge around it, to be read on any ground.
    pub(super) fn text_haloed(&mut self, text: &str, at: (f64, f64), size: f64, ink: Color) {
        self.glyphs(text, at, size, 0.0, super::PAPER.with_alpha(220), Some(3.5));
        self.glyphs(text, at, size, 0.0, ink, None);
    }

    /// A text with its letters apart, its middle at a place.
    pub(super) fn text_spaced(
        &mut self,
        text: &str,
        (x, y): (f64, f64),
        size: f64,
        apart: f64,
        ink: Color,
    ) {
        let letters = u32::try_from(text.chars().count()).map_or(0.0, f64::from);
        let width = font::width(text, size) + apart * (letters - 1.0).max(0.0);
        self.glyphs(text, (x - width / 2.0, y + size / 3.0), size, apart, ink, None);
    }

    /// Fills glyphs, or draws their edges where a width is given.
    fn glyphs(
        &mut self,
        text: &str,
        (x, y): (f64, f64),
        size: f64,
        apart: f64,
        ink: Color,
        edge: Option<f64>,
    ) {
        let mut builder = PathBuilder::new();
        font::outline(text, (x, y), size, apart, &mut builder);
        let Some(path) = builder.finish() else { return };
        match edge {
            None => {
                self.0.fill_path(
                    &path,
                    &paint(ink),
                    FillRule::Winding,
                    Transform::identity(),
                    None,
                );
            }
            Some(width) => {
                let stroke = Stroke {
                    width: single(width),
                    line_join: LineJoin::Round,
                    ..Stroke::default()
                };
                self.0.stroke_path(&path, &paint(ink), &stroke, Transform::identity(), None);
            }
        }
    }
}

fn path(lines: &[Vec<(f64, f64)>], closed: bool) -> Option<tiny_skia::Path> {
    let mut builder = PathBuilder::new();
    for line in lines {
        for (index, (x, y)) in line.iter().enumerate() {
            let (x, y) = (single(*x), single(*y));
            if index == 0 { builder.move_to(x, y) } else { builder.line_to(x, y) }
        }
        if closed && !line.is_empty() {
            builder.close();
        }
    }
    builder.finish()
}

fn paint(Color(red, green, blue, alpha): Color) -> Paint<'static> {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color_rgba8(red, green, blue, alpha);
    paint
}

/// A length in pixels as tiny-skia has it.
#[expect(clippy::cast_possible_truncation, reason = "pixels are far from a single float's limits")]
pub(super) fn single(pixels: f64) -> f32 {
    pixels as f32
}
