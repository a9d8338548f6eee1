//! A sheet that is drawn on in pixels from its upper left corner. What is drawn is written as SVG, which resvg makes
//! a picture of.

use super::font::{FAMILY, content, tree};
use crate::layers::style::Color;
use resvg::tiny_skia::{Pixmap, Transform};
use std::fmt::Write;
use std::io;

/// A sheet of so many pixels, and what is drawn on it.
pub(super) struct Canvas {
    size: (u32, u32),
    svg: String,
}

/// How texts are drawn beside their color.
#[derive(Debug, Clone, Copy, Default)]
struct Lettering {
    /// Room between letters in pixels.
    apart: f64,
    /// Whether the place is that of the text's middle.
    centered: bool,
    /// Whether there is a light edge around it, to be read on any ground.
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

    /// The sheet as a PNG.
    pub(super) fn png(mut self) -> io::Result<Vec<u8>> {
        self.svg.push_str("</svg>");
        let tree = tree(&self.svg).map_err(io::Error::other)?;
        let (width, height) = self.size;
        let mut pixels =
            Pixmap::new(width, height).ok_or_else(|| io::Error::other("no picture"))?;
        resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
        pixels.encode_png().map_err(io::Error::other)
    }

    /// Fills what lies within an odd number of rings.
    pub(super) fn areas(&mut self, rings: &[Vec<(f64, f64)>], ink: Color) {
        let fill = inked("fill", ink);
        self.add(format_args!("<path d=\"{}\" fill-rule=\"evenodd\"{fill}/>", path(rings, "Z")));
    }

    /// Draws lines, dashed where lengths of dash and gap are given.
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

    /// A filled circle.
    pub(super) fn disc(&mut self, (x, y): (f64, f64), radius: f64, ink: Color) {
        let fill = inked("fill", ink);
        self.add(format_args!("<circle cx=\"{x:.3}\" cy=\"{y:.3}\" r=\"{radius}\"{fill}/>"));
    }

    /// The edge of a circle.
    pub(super) fn circle(&mut self, (x, y): (f64, f64), radius: f64, width: f64, ink: Color) {
        let stroke = inked("stroke", ink);
        self.add(format_args!(
            "<circle cx=\"{x:.3}\" cy=\"{y:.3}\" r=\"{radius}\" fill=\"none\"{stroke} stroke-width=\"{width}\"/>"
        ));
    }

    /// A filled rectangle, by its least x and y and its greatest.
    pub(super) fn rectangle(&mut self, [left, top, right, bottom]: [f64; 4], ink: Color) {
        let (width, height) = (right - left, bottom - top);
        let fill = inked("fill", ink);
        self.add(format_args!(
            "<rect x=\"{left:.3}\" y=\"{top:.3}\" width=\"{width:.3}\" height=\"{height:.3}\"{fill}/>"
        ));
    }

    /// A text that begins at a place on its base line.
    pub(super) fn text(&mut self, text: &str, at: (f64, f64), size: f64, ink: Color) {
        self.letters(text, at, size, ink, Lettering::default());
    }

    /// A text with a light edge around it, to be read on any ground.
    pub(super) fn text_haloed(&mut self, text: &str, at: (f64, f64), size: f64, ink: Color) {
        self.letters(text, at, size, ink, Lettering { haloed: true, ..Lettering::default() });
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
        // There is as much room behind the last letter.
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

/// A color as an attribute and how opaque it is.
fn inked(attribute: &str, ink: Color) -> String {
    let Color(.., alpha) = ink;
    let opacity = match alpha {
        u8::MAX => String::new(),
        alpha => format!(" {attribute}-opacity=\"{:.4}\"", f64::from(alpha) / 255.0),
    };
    format!(" {attribute}=\"{}\"{opacity}", ink.hex())
}

/// Lines as the data of a path, each with the same end.
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
