//! Text that flows through columns, from one to the next.

use super::canvas::Canvas;
use super::labels::Area;
use super::legend::Sign;
use super::{PAPER, QUIET, TEXT, font};
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

/// Text on a page, and on further pages where it has no room.
pub(super) struct Flow {
    /// The pages that are full.
    full: Vec<Canvas>,
    canvas: Canvas,
    columns: Vec<Area>,
    column: usize,
    y: f64,
    /// The size of a page, and the columns of a further one.
    size: (u32, u32),
    further: Vec<Area>,
    /// By how much type is smaller.
    scale: f64,
}

impl Flow {
    /// Text in columns of a page that has begun; what has no room there stands in the columns of further pages. `scale` is
    /// the size of type, 1 if it is as usual.
    pub(super) fn new(
        (canvas, columns): (Canvas, Vec<Area>),
        (size, further): ((u32, u32), Vec<Area>),
        scale: f64,
    ) -> Self {
        let y = columns.first().map_or(0.0, |column| column[1]);
        Self { full: Vec::new(), canvas, columns, column: 0, y, size, further, scale }
    }

    /// The pages.
    pub(super) fn pages(self) -> Vec<Canvas> {
        self.full.into_iter().chain([self.canvas]).collect()
    }

    /// Left and right edge of a place of a height: in the present column, else in the next, else on a further page.
    fn take(&mut self, height: f64) -> (f64, f64) {
        loop {
            match self.columns.get(self.column).copied() {
                Some([left, top, right, bottom]) => {
                    // Whatever is taller than a column stands there all the same.
                    if self.y + height <= bottom || self.y <= top && self.is_further() {
                        self.y += height;
                        return (left, right);
                    }
                    self.column += 1;
                }
                None if self.further.is_empty() => return (0.0, 0.0),
                None => {
                    let next = Canvas::new(self.size, PAPER);
                    self.full.push(std::mem::replace(&mut self.canvas, next));
                    (self.columns, self.column) = (self.further.clone(), 0);
                }
            }
            self.y = self.columns.get(self.column).map_or(0.0, |column| column[1]);
        }
    }

    fn is_further(&self) -> bool {
        !self.full.is_empty()
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
        let line = LEADING * self.scale;
        self.take(before * self.scale + line + 2.0 * line);
        self.y -= 2.0 * line;
        let Some([left, _, right, _]) = self.columns.get(self.column).copied() else { return };
        let base = self.y - 6.0;
        self.canvas.text(text, (left, base), HEADING * self.scale, TEXT);
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
        let body = BODY * self.scale;
        for line in wrapped(text, body, self.narrowest()) {
            let (left, _) = self.take(LEADING * self.scale);
            self.canvas.text(&line, (left, self.y - 6.0), body, ink);
        }
    }

    /// A row: words on the left, and a number on the right.
    pub(super) fn row(&mut self, words: &str, number: &str) {
        let body = BODY * self.scale;
        let wide = font::room(number, body);
        let lines = wrapped(words, body, self.narrowest() - wide - 16.0 - INDENT);
        for (at, line) in lines.iter().enumerate() {
            let (left, right) = self.take(LEADING * self.scale);
            let base = self.y - 6.0;
            let indent = if at == 0 { 0.0 } else { INDENT };
            self.canvas.text(line, (left + indent, base), body, TEXT);
            if at == 0 {
                self.canvas.text(number, (right - wide, base), body, TEXT);
            }
        }
    }

    /// A row with a symbol.
    pub(super) fn sign(&mut self, sign: Sign, theme: Theme, words: &str, large: bool) {
        let most = self.narrowest() - BESIDE;
        // Words are set a little smaller before they are broken.
        let size = self.scale * if large { LARGE } else { BODY };
        let row = ROW * self.scale * self.scale;
        let size = size * (most / font::room(words, size)).clamp(0.84, 1.0);
        for (at, line) in wrapped(words, size, most).iter().enumerate() {
            let (left, _) = self.take(if at == 0 { row } else { LEADING * self.scale });
            let base = self.y - row / 2.0 + 0.35 * size;
            if at == 0 {
                sign.draw(&mut self.canvas, (left + 18.0, self.y - row / 2.0), theme);
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

    /// A flow in columns of a page of 400 pixels; further pages have one column of two rows.
    fn flow(columns: Vec<Area>) -> Flow {
        let size = (400, 400);
        Flow::new((Canvas::new(size, PAPER), columns), (size, vec![[10.0, 10.0, 190.0, 60.0]]), 1.0)
    }

    #[test]
    fn a_row_is_broken_and_not_cut() {
        let mut flow = flow(vec![[10.0, 10.0, 210.0, 390.0]]);
        let place = "Violence against civilians, 11 km E, DPR controlled territory";
        flow.row(place, "21.6 points");
        flow.sign(
            Sign::Line(TEXT),
            Theme::Security,
            "Environment 46.9, medium, rank 11 of 28",
            true,
        );
        let pages = flow.pages();
        assert_eq!(pages.len(), 1);
        let drawn = pages[0].svg();
        assert!(drawn.contains("territory<") && drawn.contains("28<") && !drawn.contains('…'));
    }

    #[test]
    fn what_has_no_room_is_on_a_further_page() {
        let mut flow = flow(vec![[10.0, 10.0, 190.0, 90.0], [210.0, 10.0, 390.0, 60.0]]);
        for number in 1..=8 {
            flow.row("row", &format!("number {number}"));
        }
        let pages = flow.pages();
        let drawn: Vec<&str> = pages.iter().map(Canvas::svg).collect();
        assert_eq!(drawn.len(), 3);
        for (number, page) in [(1, 0), (5, 0), (6, 1), (7, 1), (8, 2)] {
            assert!(drawn[page].contains(&format!("number {number}<")), "{number}");
        }
    }
}
