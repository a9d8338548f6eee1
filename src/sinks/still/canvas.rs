//! A drawing canvas in pixels from its upper left corner. Drawings are collected as SVG, which resvg renders.

use super::font::{FAMILY, content, tree};
use crate::layers::style::Color;
use resvg::tiny_skia::{Pixmap, Transform};
use std::fmt::Write;
use std::io;

/// A canvas of a size, and the drawings on it.
pub(super) struct Canvas {
    size: (u32, u32),
    svg: String,
}

/// Text attributes besides the color.
#[derive(Debug, Clone, Copy, Default)]
struct Lettering {
    /// Letter spacing in pixels.
    apart: f64,
    /// Whether the position is the middle of the text.
    centered: bool,
    /// Whether the text has a light outline, to be readable on any background.
    haloed: bool,
}

impl Canvas {
    pub(super) fn new(size: (u32, u32), ground: Color) -> Self {
        let (width, height) = size;
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" xml:space=\"preserve\" \
             font-family=\"{FAMILY}\">"
        );
        let mut canvas = Self { size, svg };
        canvas.rectangle([0.0, 0.0, f64::from(width), f64::from(height)], ground);
        canvas
    }

    /// Renders the canvas as a PNG.
    pub(super) fn png(mut self) -> io::Result<Vec<u8>> {
        self.svg.push_str("</svg>");
        let tree = tree(&self.svg).map_err(io::Error::other)?;
        let (width, height) = self.size;
        let mut pixels =
            Pixmap::new(width, height).ok_or_else(|| io::Error::other("no picture"))?;
        resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
        pixels.encode_png().map_err(io::Error::other)
    }

    /// Fills rings by the even-odd rule.
    pub(super) fn areas(&mut self, rings: &[Vec<(f64, f64)>], ink: Color) {
        let fill = inked("fill", ink);
        self.add(format_args!("<path d=\"{}\" fill-rule=\"evenodd\"{fill}/>", path(rings, "Z")));
    }

    /// Draws lines, dashed if lengths of dash and gap are given.
    pub(super) fn lines(
        &mut self,
        lines: &[Vec<(f64, f64)>],
        width: f64,
        ink: Color,
        dash: Option<[f64; 2]>,
    ) {
        let dash = dash.map(|[dash, gap]| format!(" stroke-dasharray=\"{dash} {gap}\""));
        self.add(format_args!(
            "<path d=\"{}\" fill=\"none\"{} stroke-width=\"{width}\" stroke-linejoin=\"round\"{}/>",
            path(lines, ""),
            inked("stroke", ink),
            dash.unwrap_or_default()
        ));
    }

    /// Draws a filled circle.
    pub(super) fn disc(&mut self, (x, y): (f64, f64), radius: f64, ink: Color) {
        let fill = inked("fill", ink);
        self.add(format_args!("<circle cx=\"{x:.3}\" cy=\"{y:.3}\" r=\"{radius}\"{fill}/>"));
    }

    /// Draws the outline of a circle.
    pub(super) fn circle(&mut self, (x, y): (f64, f64), radius: f64, width: f64, ink: Color) {
        let stroke = inked("stroke", ink);
        self.add(format_args!(
            "<circle cx=\"{x:.3}\" cy=\"{y:.3}\" r=\"{radius}\" fill=\"none\"{stroke} stroke-width=\"{width}\"/>"
        ));
    }

    /// Fills a rectangle, given as left, top, right, bottom.
    pub(super) fn rectangle(&mut self, [left, top, right, bottom]: [f64; 4], ink: Color) {
        let (width, height) = (right - left, bottom - top);
        let fill = inked("fill", ink);
        self.add(format_args!(
            "<rect x=\"{left:.3}\" y=\"{top:.3}\" width=\"{width:.3}\" height=\"{height:.3}\"{fill}/>"
        ));
    }

    /// Draws a text that begins at a position on its baseline.
    pub(super) fn text(&mut self, text: &str, at: (f64, f64), size: f64, ink: Color) {
        self.letters(text, at, size, ink, Lettering::default());
    }

    /// Like `text`, with a light outline, to be readable on any background.
    pub(super) fn text_haloed(&mut self, text: &str, at: (f64, f64), size: f64, ink: Color) {
        self.letters(text, at, size, ink, Lettering { haloed: true, ..Lettering::default() });
    }

    /// Draws a letter-spaced text centered at a position.
    pub(super) fn text_spaced(
        &mut self,
        text: &str,
        (x, y): (f64, f64),
        size: f64,
        apart: f64,
        ink: Color,
    ) {
        // The last letter is followed by the same spacing.
        let at = (x + apart / 2.0, y + size / 3.0);
        self.letters(text, at, size, ink, Lettering { apart, centered: true, haloed: false });
    }

    fn letters(&mut self, text: &str, (x, y): (f64, f64), size: f64, ink: Color, how: Lettering) {
        let mut more = String::new();
        if how.apart > 0.0 {
            more += &format!(" letter-spacing=\"{}\"", how.apart);
        }
        if how.centered {
            more += " text-anchor=\"middle\"";
        }
        if how.haloed {
            let halo = inked("stroke", super::PAPER.with_alpha(220));
            more += " paint-order=\"stroke\" stroke-width=\"3.5\" stroke-linejoin=\"round\"";
            more += &halo;
        }
        let (fill, text) = (inked("fill", ink), content(text));
        self.add(format_args!(
            "<text x=\"{x:.3}\" y=\"{y:.3}\" font-size=\"{size}\"{fill}{more}>{text}</text>"
        ));
    }

    fn add(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing to a text does not fail.
        let _ = self.svg.write_fmt(element);
    }
}

/// A color and its opacity as attributes.
fn inked(attribute: &str, ink: Color) -> String {
    let Color(.., alpha) = ink;
    let opacity = match alpha {
        u8::MAX => String::new(),
        alpha => format!(" {attribute}-opacity=\"{:.4}\"", f64::from(alpha) / 255.0),
    };
    format!(" {attribute}=\"{}\"{opacity}", ink.hex())
}

/// Lines as path data, each with the same end.
fn path(lines: &[Vec<(f64, f64)>], end: &str) -> String {
    let mut data = String::new();
    for line in lines.iter().filter(|line| !line.is_empty()) {
        for (index, (x, y)) in line.iter().enumerate() {
            let step = if index == 0 { 'M' } else { 'L' };
            let _ = write!(data, "{step}{x:.3} {y:.3}");
        }
        data.push_str(end);
    }
    data
}
