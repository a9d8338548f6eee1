//! A drawing canvas in pixels from its upper left corner. Drawings are collected as SVG, which resvg renders.

use super::font::{FAMILY, content, tree};
use super::labels::Area;
use crate::layers::style::Color;
use resvg::tiny_skia::{FilterQuality, Pixmap, PixmapPaint, Transform};
use resvg::usvg::Tree;
use std::fmt::Write;
use std::io;
use std::sync::Arc;

/// A canvas of a size, and the drawings on it.
#[derive(Clone)]
pub(super) struct Canvas {
    size: (u32, u32),
    svg: String,
    clips: usize,
    stamps: Vec<Stamped>,
}

/// A picture on a canvas, above its drawings.
#[derive(Clone)]
pub(super) struct Stamped {
    pub(super) picture: Arc<Pixmap>,
    pub(super) area: Area,
}

/// A finished canvas, for a writer of vectors.
pub(super) struct Drawn {
    pub(super) size: (u32, u32),
    pub(super) tree: Tree,
    pub(super) stamps: Vec<Stamped>,
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
    /// A canvas filled with a color.
    pub(super) fn new(size: (u32, u32), ground: Color) -> Self {
        let (width, height) = size;
        let mut canvas = Self::clear(size);
        canvas.rectangle([0.0, 0.0, f64::from(width), f64::from(height)], ground);
        canvas
    }

    /// A canvas with nothing on it.
    pub(super) fn clear(size: (u32, u32)) -> Self {
        let (width, height) = size;
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" xml:space=\"preserve\" \
             font-family=\"{FAMILY}\">"
        );
        Self { size, svg, clips: 0, stamps: Vec::new() }
    }

    /// Renders the canvas, with `ratio` pixels of the picture in one of the canvas.
    pub(super) fn picture(self, ratio: u32) -> io::Result<Pixmap> {
        let (width, height) = self.size;
        let pixels = Pixmap::new(width * ratio, height * ratio);
        self.picture_on(pixels.ok_or_else(|| io::Error::other("no picture"))?, ratio)
    }

    /// Renders the canvas on a picture of its size.
    pub(super) fn picture_on(self, mut pixels: Pixmap, ratio: u32) -> io::Result<Pixmap> {
        let Drawn { tree, stamps, .. } = self.drawn()?;
        // A few pixels, exactly.
        #[expect(clippy::cast_precision_loss, reason = "1 or 2")]
        let scale = Transform::from_scale(ratio as f32, ratio as f32);
        resvg::render(&tree, scale, &mut pixels.as_mut());
        let paint = PixmapPaint { quality: FilterQuality::Bicubic, ..PixmapPaint::default() };
        for Stamped { picture, area } in &stamps {
            let [left, top, right, _] = area.map(single);
            let size = (right - left) / single(f64::from(picture.width()));
            let place = scale.pre_translate(left, top).pre_scale(size, size);
            pixels.draw_pixmap(0, 0, picture.as_ref().as_ref(), &paint, place, None);
        }
        Ok(pixels)
    }

    /// The drawings as a tree of shapes and texts.
    pub(super) fn drawn(mut self) -> io::Result<Drawn> {
        self.svg.push_str("</svg>");
        let tree = tree(&self.svg).map_err(io::Error::other)?;
        Ok(Drawn { size: self.size, tree, stamps: self.stamps })
    }

    /// Shows what is drawn from here to [`unclip`](Self::unclip) only within an area.
    pub(super) fn clip(&mut self, [left, top, right, bottom]: Area) {
        self.clips += 1;
        let (name, width, height) = (self.clips, right - left, bottom - top);
        self.add(format_args!(
            "<clipPath id=\"c{name}\"><rect x=\"{left:.3}\" y=\"{top:.3}\" width=\"{width:.3}\" \
             height=\"{height:.3}\"/></clipPath><g clip-path=\"url(#c{name})\">"
        ));
    }

    /// Ends [`clip`](Self::clip).
    pub(super) fn unclip(&mut self) {
        self.svg.push_str("</g>");
    }

    /// Puts a picture on an area of the same proportions, above everything drawn.
    pub(super) fn stamp(&mut self, picture: Arc<Pixmap>, area: Area) {
        self.stamps.push(Stamped { picture, area });
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
            // Round joins would take longer and look the same at this width.
            more += " paint-order=\"stroke\" stroke-width=\"3.5\" stroke-linejoin=\"bevel\"";
            more += &halo;
        }
        let (fill, text) = (inked("fill", ink), content(text));
        self.add(format_args!(
            "<text x=\"{x:.3}\" y=\"{y:.3}\" font-size=\"{size}\"{fill}{more}>{text}</text>"
        ));
    }

    /// What is drawn.
    #[cfg(test)]
    pub(super) fn svg(&self) -> &str {
        &self.svg
    }

    fn add(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing to a text does not fail.
        let _ = self.svg.write_fmt(element);
    }
}

/// A position on a canvas in the precision of the renderer.
#[expect(clippy::cast_possible_truncation, reason = "pixels")]
pub(super) fn single(pixels: f64) -> f32 {
    pixels as f32
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
