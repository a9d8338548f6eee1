//! Text that flows through columns, from one to the next.

use super::canvas::Canvas;
use super::labels::Area;
use super::legend::Sign;
use super::{QUIET, TEXT, font};
use crate::layers::style::{Color, Theme};

/// Font sizes of headings, of what is said in large, and of text.
const HEADING: f64 = 19.0;
const LARGE: f64 = 19.0;
const BODY: f64 = 16.0;

/// The distance of lines of text.
const LEADING: f64 = 22.0;

/// Room before a heading, and for a row with a symbol.
const BEFORE: f64 = 16.0;
const ROW: f64 = 30.0;

/// Where the further lines of a row begin.
const INDENT: f64 = 16.0;

/// Where words begin beside a symbol.
const BESIDE: f64 = 46.0;

/// Text on a page.
pub(super) struct Flow<'c> {
    canvas: &'c mut Canvas,
    columns: Vec<Area>,
    column: usize,
    y: f64,
    /// How many lines had no room.
    left_out: usize,
}

impl<'c> Flow<'c> {
    pub(super) fn new(canvas: &'c mut Canvas, columns: Vec<Area>) -> Self {
        let y = columns.first().map_or(0.0, |column| column[1]);
        Self { canvas, columns, column: 0, y, left_out: 0 }
    }

    /// How many lines had no room.
    pub(super) fn left_out(&self) -> usize {
        self.left_out
    }

    /// Left and right edge of a place of a height; `None` if no column has room for it.
    fn take(&mut self, height: f64) -> Option<(f64, f64)> {
        while let Some([left, _, right, bottom]) = self.columns.get(self.column) {
            if self.y + height <= *bottom {
                self.y += height;
                return Some((*left, *right));
            }
            self.column += 1;
            self.y = self.columns.get(self.column).map_or(0.0, |column| column[1]);
        }
        self.left_out += 1;
        None
    }

    /// Moves on to a column, unless the text is past it.
    pub(super) fn next_to(&mut self, column: usize) {
        if self.column < column {
            self.column = column;
            self.y = self.columns.get(column).map_or(0.0, |column| column[1]);
        }
    }

    /// A heading, with room for two lines below it.
    pub(super) fn heading(&mut self, text: &str) {
        let first = self.columns.get(self.column).is_some_and(|column| column[1] >= self.y);
        let before = if first { 0.0 } else { BEFORE };
        let Some(_) = self.take(before + LEADING + 2.0 * LEADING) else { return };
        self.y -= 2.0 * LEADING;
        let Some([left, _, right, _]) = self.columns.get(self.column).copied() else { return };
        let base = self.y - 6.0;
        self.canvas.text(text, (left, base), HEADING, TEXT);
        let line = vec![(left, base + 5.0), (right, base + 5.0)];
        self.canvas.lines(&[line], 1.0, QUIET.with_alpha(110), None);
        self.y += 2.0;
    }

    /// A paragraph.
    pub(super) fn text(&mut self, text: &str) {
        self.paragraph(text, TEXT);
    }

    /// A paragraph of less weight.
    pub(super) fn quiet(&mut self, text: &str) {
        self.paragraph(text, QUIET);
    }

    fn paragraph(&mut self, text: &str, ink: Color) {
        for line in wrapped(text, BODY, self.narrowest()) {
            let Some((left, _)) = self.take(LEADING) else { continue };
            self.canvas.text(&line, (left, self.y - 6.0), BODY, ink);
        }
    }

    /// A row: words on the left, and a number on the right.
    pub(super) fn row(&mut self, words: &str, number: &str) {
        let wide = font::room(number, BODY);
        let lines = wrapped(words, BODY, self.narrowest() - wide - 16.0 - INDENT);
        for (at, line) in lines.iter().enumerate() {
            let Some((left, right)) = self.take(LEADING) else { continue };
            let base = self.y - 6.0;
            let indent = if at == 0 { 0.0 } else { INDENT };
            self.canvas.text(line, (left + indent, base), BODY, TEXT);
            if at == 0 {
                self.canvas.text(number, (right - wide, base), BODY, TEXT);
            }
        }
    }

    /// A row with a symbol.
    pub(super) fn sign(&mut self, sign: Sign, theme: Theme, words: &str, large: bool) {
        let most = self.narrowest() - BESIDE;
        // Words are set a little smaller before they are broken.
        let size = if large { LARGE } else { BODY };
        let size = size * (most / font::room(words, size)).clamp(0.84, 1.0);
        for (at, line) in wrapped(words, size, most).iter().enumerate() {
            let height = if at == 0 { ROW } else { LEADING };
            let Some((left, _)) = self.take(height) else { continue };
            let base = self.y - ROW / 2.0 + 0.35 * size;
            if at == 0 {
                sign.draw(self.canvas, (left + 18.0, self.y - ROW / 2.0), theme);
            }
            self.canvas.text(line, (left + BESIDE, base), size, TEXT);
        }
    }

    /// The width of the narrowest column from the present one on: text for it can go on in the next.
    fn narrowest(&self) -> f64 {
        let left = self.columns.iter().skip(self.column);
        left.map(|[left, _, right, _]| right - left).fold(f64::INFINITY, f64::min)
    }
}

/// A text in lines of a width, broken at spaces; a longer word is cut.
pub(super) fn wrapped(text: &str, size: f64, most: f64) -> Vec<String> {
    let space = font::room(" ", size);
    let mut lines: Vec<String> = Vec::new();
    let mut used = 0.0;
    for word in text.split_whitespace() {
        let word = font::cut(word, size, most);
        let wide = font::room(&word, size);
        match lines.last_mut().filter(|_| used + space + wide <= most) {
            Some(line) => {
                line.push(' ');
                line.push_str(&word);
                used += space + wide;
            }
            None => {
                lines.push(word);
                used = wide;
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_at_spaces_and_no_line_is_too_wide() {
        let text = "Incidents within 50 km: 12, in which 3 people died, the last on 2024-05-31.";
        let lines = wrapped(text, BODY, 200.0);
        assert!(lines.len() > 2);
        assert_eq!(lines.join(" "), text);
        assert!(lines.iter().all(|line| font::room(line, BODY) <= 200.0));
        let long =
            wrapped("a Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch b", BODY, 120.0);
        assert!(long.iter().any(|line| line.ends_with('…')), "{long:?}");
    }

    #[test]
    fn a_row_is_broken_and_not_cut() {
        let mut canvas = Canvas::new((400, 400), super::super::PAPER);
        let mut flow = Flow::new(&mut canvas, vec![[10.0, 10.0, 210.0, 390.0]]);
        let place = "Violence against civilians, 11 km E, DPR controlled territory";
        flow.row(place, "21.6 points");
        flow.sign(
            Sign::Line(TEXT),
            Theme::Security,
            "Environment 46.9, medium, rank 11 of 28",
            true,
        );
        assert_eq!(flow.left_out(), 0);
        let drawn = canvas.svg();
        assert!(drawn.contains("territory<") && drawn.contains("28<") && !drawn.contains('…'));
    }

    #[test]
    fn what_has_no_room_is_told() {
        let mut canvas = Canvas::new((400, 400), super::super::PAPER);
        let columns = vec![[10.0, 10.0, 190.0, 90.0], [210.0, 10.0, 390.0, 60.0]];
        let mut flow = Flow::new(&mut canvas, columns);
        for _ in 0..5 {
            flow.row("left", "1");
            assert_eq!(flow.left_out(), 0);
        }
        flow.row("left", "1");
        flow.row("left", "2");
        assert_eq!(flow.left_out(), 2);
    }
}
