//! Shapes and texts of a drawing as the content of a page. Texts stay texts.

use super::super::font;
use super::fonts::{Fonts, advance};
use super::tagged;
use pdf_writer::types::{LineCapStyle, LineJoinStyle};
use pdf_writer::{Content, Finish, Name, Str, TextStr};
use resvg::tiny_skia::{self, PathSegment, Transform};
use resvg::usvg::layout::{PositionedGlyph, Span};
use resvg::usvg::{Fill, FillRule, Group, LineCap, LineJoin, Node, Paint, Path, Stroke, Text};
use std::collections::BTreeSet;

/// A pen on a page. Lengths are pixels of the drawing, y runs down.
pub(super) struct Pen<'d> {
    pub(super) content: Content,
    pub(super) fonts: &'d mut Fonts,
    /// The opacities that are used, 0 to 255.
    pub(super) opacities: &'d mut BTreeSet<u8>,
}

impl Pen<'_> {
    pub(super) fn group(&mut self, group: &Group) {
        self.content.save_state();
        if !group.transform().is_identity() {
            self.content.transform(matrix(group.transform()));
        }
        if let Some(clip) = group.clip_path() {
            for node in clip.root().children() {
                if let Node::Path(path) = node {
                    self.segments(path.data());
                    self.content.clip_nonzero().end_path();
                }
            }
        }
        for node in group.children() {
            match node {
                Node::Group(group) => self.group(group),
                Node::Path(path) => self.path(path),
                Node::Text(text) => self.text(text),
                // Pictures are stamped on the page.
                Node::Image(_) => {}
            }
        }
        self.content.restore_state();
    }

    fn path(&mut self, path: &Path) {
        if !path.is_visible() {
            return;
        }
        if let Some(fill) = path.fill() {
            self.inked(fill.opacity().to_u8(), |pen| {
                pen.fill_with(fill);
                pen.segments(path.data());
                match fill.rule() {
                    FillRule::NonZero => pen.content.fill_nonzero(),
                    FillRule::EvenOdd => pen.content.fill_even_odd(),
                };
            });
        }
        if let Some(stroke) = path.stroke() {
            self.stroked(path, stroke);
        }
    }

    fn stroked(&mut self, path: &Path, stroke: &Stroke) {
        self.inked(stroke.opacity().to_u8(), |pen| {
            let Paint::Color(color) = stroke.paint() else { return };
            let [red, green, blue] = [color.red, color.green, color.blue].map(share);
            let content = &mut pen.content;
            content.set_stroke_rgb(red, green, blue).set_line_width(stroke.width().get());
            content.set_line_join(match stroke.linejoin() {
                LineJoin::Round => LineJoinStyle::RoundJoin,
                LineJoin::Bevel => LineJoinStyle::BevelJoin,
                LineJoin::Miter | LineJoin::MiterClip => LineJoinStyle::MiterJoin,
            });
            content.set_line_cap(match stroke.linecap() {
                LineCap::Butt => LineCapStyle::ButtCap,
                LineCap::Round => LineCapStyle::RoundCap,
                LineCap::Square => LineCapStyle::ProjectingSquareCap,
            });
            if let Some(dashes) = stroke.dasharray() {
                content.set_dash_pattern(dashes.iter().copied(), stroke.dashoffset());
            }
            pen.segments(path.data());
            pen.content.stroke();
        });
    }

    /// Draws within a state of its own, with an opacity.
    fn inked(&mut self, opacity: u8, draw: impl FnOnce(&mut Self)) {
        self.content.save_state();
        if opacity < u8::MAX {
            self.opacities.insert(opacity);
            self.content.set_parameters(Name(&tagged("G", usize::from(opacity))));
        }
        draw(self);
        self.content.restore_state();
    }

    fn fill_with(&mut self, fill: &Fill) {
        if let Paint::Color(color) = fill.paint() {
            let [red, green, blue] = [color.red, color.green, color.blue].map(share);
            self.content.set_fill_rgb(red, green, blue);
        }
    }

    fn segments(&mut self, path: &tiny_skia::Path) {
        let mut at = (0.0, 0.0);
        for segment in path.segments() {
            match segment {
                PathSegment::MoveTo(to) => {
                    self.content.move_to(to.x, to.y);
                    at = (to.x, to.y);
                }
                PathSegment::LineTo(to) => {
                    self.content.line_to(to.x, to.y);
                    at = (to.x, to.y);
                }
                PathSegment::QuadTo(by, to) => {
                    // The cubic curve that is the same.
                    let toward = |from: f32, by: f32| from + 2.0 / 3.0 * (by - from);
                    let (x1, y1) = (toward(at.0, by.x), toward(at.1, by.y));
                    let (x2, y2) = (toward(to.x, by.x), toward(to.y, by.y));
                    self.content.cubic_to(x1, y1, x2, y2, to.x, to.y);
                    at = (to.x, to.y);
                }
                PathSegment::CubicTo(a, b, to) => {
                    self.content.cubic_to(a.x, a.y, b.x, b.y, to.x, to.y);
                    at = (to.x, to.y);
                }
                PathSegment::Close => {
                    self.content.close_path();
                }
            }
        }
    }

    fn text(&mut self, text: &Text) {
        // A light outline below the letters is drawn as a shape, so that the text is there once.
        for node in text.flattened().children() {
            if let Node::Path(path) = node
                && let Some(stroke) = path.stroke()
            {
                self.stroked(path, stroke);
            }
        }
        // Letters set apart are still one word.
        let first = text.chunks().first();
        let apart = first.is_some_and(|chunk| {
            chunk.spans().first().is_some_and(|span| span.letter_spacing() > 0.0)
        });
        if let Some(chunk) = first.filter(|_| apart) {
            let mut marked = self.content.begin_marked_content_with_properties(Name(b"Span"));
            marked.properties().actual_text(TextStr(chunk.text()));
            marked.finish();
        }
        for span in text.layouted().iter().filter(|span| span.visible) {
            self.span(span);
        }
        if apart {
            self.content.end_marked_content();
        }
    }

    fn span(&mut self, span: &Span) {
        let Some(fill) = &span.fill else { return };
        self.inked(fill.opacity().to_u8(), |pen| {
            pen.fill_with(fill);
            pen.content.begin_text();
            let mut glyphs = span.positioned_glyphs.as_slice();
            while !glyphs.is_empty() {
                glyphs = pen.run(glyphs);
            }
            pen.content.end_text();
        });
    }

    /// Shows glyphs of one font on one line; returns the others.
    fn run<'g>(&mut self, glyphs: &'g [PositionedGlyph]) -> &'g [PositionedGlyph] {
        let Some(first) = glyphs.first() else { return &[] };
        let (size, start) = (first.font_size(), first.outline_transform());
        let together = |glyph: &&PositionedGlyph| {
            glyph.font == first.font && glyph.outline_transform().ty.to_bits() == start.ty.to_bits()
        };
        let many = glyphs.iter().take_while(together).count();
        let (these, others) = glyphs.split_at(many);
        let Some(number) = font::number(first.font) else { return others };
        self.content.set_font(Name(&tagged("F", number)), size);
        self.content.set_text_matrix([1.0, 0.0, 0.0, -1.0, start.tx, start.ty]);
        let mut shown = self.content.show_positioned();
        let mut items = shown.items();
        let mut x = start.tx;
        for glyph in these {
            let away = glyph.outline_transform().tx - x;
            // Thousandths of the font size to the left.
            let back = (-1000.0 * away / size).round();
            if back != 0.0 {
                items.adjust(back);
                x -= back * size / 1000.0;
            }
            if let Some(new) = self.fonts.glyph(number, glyph.id.0, &glyph.text) {
                items.show(Str(&new.to_be_bytes()));
            }
            x += advance(number, glyph.id.0) * size;
        }
        items.finish();
        shown.finish();
        others
    }
}

fn matrix(of: Transform) -> [f32; 6] {
    [of.sx, of.ky, of.kx, of.sy, of.tx, of.ty]
}

/// A part of a color as a share.
fn share(part: u8) -> f32 {
    f32::from(part) / 255.0
}
