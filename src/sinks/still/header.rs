//! What stands above and below a map: title, subtitle, facts and logo, and the credits.

use super::canvas::Canvas;
use super::flow::wrapped;
use super::sheet::{CREDITS, Sheet};
use super::{PAPER, QUIET, TEXT, font};
use crate::layers::report::Page;
use resvg::tiny_skia::Pixmap;
use std::sync::Arc;

/// Distance from the edges of the sheet.
const OFF: f64 = 18.0;

/// The size of titles, and of the lines below.
const TITLE: f64 = 34.0;
const LINES: f64 = 19.0;

/// The distance of the lines of a title.
const STEP: f64 = 36.0;

/// Font size of the credits.
const SMALL: f64 = 15.5;

/// The greatest width and height of a logo.
const LOGO: (f64, f64) = (260.0, 66.0);

/// The head of a sheet.
pub(super) struct Header {
    /// The title, in lines.
    pub title: Vec<String>,
    /// Lines below it.
    pub lines: Vec<String>,
    /// A picture on the right.
    pub logo: Option<Arc<Pixmap>>,
}

impl Header {
    /// Where the map begins.
    pub(super) fn height(&self) -> f64 {
        let lines = crate::float::of_count(self.lines.len());
        let title = crate::float::of_count(self.title.len().max(1));
        62.0 + STEP * (title - 1.0) + 28.0 * lines
    }

    /// Draws the head, over what of the map reaches below it.
    pub(super) fn draw(&self, canvas: &mut Canvas, sheet: Sheet) {
        let bottom = self.height();
        canvas.rectangle([0.0, 0.0, sheet.width, bottom], PAPER);
        let mut right = sheet.width - OFF;
        if let Some(picture) = &self.logo {
            let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
            let scale = (LOGO.0 / width).min(LOGO.1 / height);
            let area = [right - scale * width, 12.0, right, 12.0 + scale * height];
            canvas.stamp(Arc::clone(picture), area);
            right = area[0] - OFF;
        }
        let most = right - OFF;
        let mut base = 44.0;
        for line in &self.title {
            let size = TITLE * (most / font::room(line, TITLE)).clamp(0.6, 1.0);
            canvas.text(&font::cut(line, size, most), (OFF, base), size, TEXT);
            base += STEP;
        }
        let mut y = base - STEP + 32.0;
        for line in &self.lines {
            let size = LINES * (most / font::room(line, LINES)).clamp(0.75, 1.0);
            canvas.text(&font::cut(line, size, most), (OFF, y), size, QUIET);
            y += 28.0;
        }
        canvas.lines(
            &[vec![(0.0, bottom), (sheet.width, bottom)]],
            1.0,
            QUIET.with_alpha(120),
            None,
        );
    }
}

/// A title as lines of the head of a page on a sheet: one line, set smaller if need be, else several.
pub(super) fn lines_of(title: &str, page: &Page<'_>, sheet: Sheet) -> Vec<String> {
    let most = room(page, sheet);
    if font::room(title, 0.75 * TITLE) <= most {
        return vec![title.to_owned()];
    }
    wrapped(title, 0.75 * TITLE, most)
}

/// The width of the head beside a logo.
fn room(page: &Page<'_>, sheet: Sheet) -> f64 {
    let logo = if page.heading.logo.is_some() { LOGO.0 + OFF } else { 0.0 };
    sheet.width - 2.0 * OFF - logo
}

/// A text of the user's own as lines of the head of a page on a sheet.
pub(super) fn lines(text: &str, page: &Page<'_>, sheet: Sheet) -> Vec<String> {
    wrapped(text, LINES, room(page, sheet))
}

/// Draws the credits below the map, with the number of the page if it is one of several.
pub(super) fn credits(canvas: &mut Canvas, page: &Page<'_>, sheet: Sheet, number: Option<String>) {
    let top = sheet.height - CREDITS;
    canvas.rectangle([0.0, top, sheet.width, sheet.height], PAPER);
    canvas.lines(&[vec![(0.0, top), (sheet.width, top)]], 1.0, QUIET.with_alpha(120), None);
    let number = number.unwrap_or_default();
    let wide = font::room(&number, SMALL);
    let most = sheet.width - 3.0 * OFF - wide;
    let about = format!(
        "An index of what was reported and mapped, not a probability. Equidistant cylindrical projection. Tamarisk {}",
        page.report.facts.version
    );
    let lines = [(24.0, page.report.no_position), (48.0, about.as_str())];
    for (down, text) in lines {
        // On a narrow sheet in smaller letters.
        let size = SMALL * (most / font::room(text, SMALL)).clamp(0.6, 1.0);
        canvas.text(&font::cut(text, size, most), (OFF, top + down), size, QUIET);
    }
    canvas.text(&number, (sheet.width - OFF - wide, top + 24.0), SMALL, TEXT);
}
