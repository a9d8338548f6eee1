//! A legend: symbols with words, and counts where there are any.

use super::canvas::Canvas;
use super::labels::Area;
use super::{BORDER_DASHES, LINK, PAPER, QUIET, TEXT, base, font, hatch, marker, nearby, shading};
use crate::float;
use crate::layers::style::{Color, GROUND, Theme};
use crate::layers::{Collected, RecordGap};
use crate::model::ReceptorKind;
use crate::scoring::thousands;

/// Font sizes of the title and of the words.
const TITLE: f64 = 20.0;
const WORDS: f64 = 18.0;

/// The height of a row, and of what is above the rows.
const ROW: f64 = 30.0;
const HEAD: f64 = 46.0;

/// Where words begin, and the margin on the right.
const WORDS_AT: f64 = 62.0;
const MARGIN: f64 = 16.0;

/// The band whose marker, a circle, carries the dot of a gap in the legend.
const GAP_BAND: u8 = 1;

/// A symbol in a legend.
#[derive(Clone, Copy)]
pub(super) enum Sign {
    /// The marker of a band.
    Band(u8),
    /// The dot in the middle of the marker of a site from whose record something is missing.
    Gap,
    /// Lines from thin to wide.
    Widths(Color),
    /// A dot with a radius.
    Dot(Color, f64),
    /// A point of a kind of receptor.
    Point(ReceptorKind),
    /// A town of the base map.
    Town,
    /// A line.
    Line(Color),
    /// A thin line of the base map, dashed or not.
    Thin(Color, Option<[f64; 2]>),
    /// A circle around a site.
    Ring(Color),
    /// The outline of an area.
    Area(Color),
    /// The outline of an area that no site has in its reach.
    FarArea(Color),
    /// The colors of the risk surface.
    Shades,
    /// A disputed border.
    Disputed,
    /// Land where incidents were not collected, or no longer.
    Uncollected(Collected),
    /// Sites without a name, of which words tell.
    Unnamed,
}

/// A row of a legend: symbol, words, and count if there is one.
pub(super) type Row = (Sign, String, Option<usize>);

/// A legend.
pub(super) struct Legend {
    pub title: &'static str,
    pub theme: Theme,
    pub rows: Vec<Row>,
    /// Whether the markers of the bands stand on the colors of the risk surface.
    pub shaded: bool,
    /// The number of columns of rows.
    pub columns: usize,
}

impl Legend {
    /// The width of the widest row.
    fn row_width(&self) -> f64 {
        let row = |(_, words, count): &Row| {
            let count = count.map_or(0.0, |count| 24.0 + font::room(&counted(count), WORDS));
            WORDS_AT + font::room(words, WORDS) + count + MARGIN
        };
        self.rows.iter().map(row).fold(0.0, f64::max).ceil()
    }

    /// The number of rows in a column.
    fn high(&self) -> usize {
        self.rows.len().div_ceil(self.columns.max(1))
    }

    /// Its width and height.
    pub(super) fn size(&self) -> (f64, f64) {
        let title = 2.0 * MARGIN + font::room(self.title, TITLE);
        let width = (self.row_width() * float::of_count(self.columns)).max(title);
        (width.ceil(), HEAD + ROW * float::of_count(self.high()) + 8.0)
    }

    /// The same in as many columns as a width has room for.
    pub(super) fn spread(mut self, width: f64) -> Self {
        let room = |columns: &usize| float::of_count(*columns) * self.row_width() <= width;
        self.columns = (1..=self.rows.len()).rev().find(room).unwrap_or(1);
        self
    }

    /// Draws it in a box.
    pub(super) fn draw_boxed(&self, canvas: &mut Canvas, area: Area) {
        let [left, top, right, bottom] = area;
        canvas.rectangle(area, PAPER.with_alpha(240));
        let edge = vec![(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
        canvas.lines(&[edge], 1.0, QUIET.with_alpha(90), None);
        self.draw_plain(canvas, area);
    }

    /// Draws it.
    pub(super) fn draw_plain(&self, canvas: &mut Canvas, [left, top, right, _]: Area) {
        canvas.text(self.title, (left + MARGIN, top + 32.0), TITLE, TEXT);
        let wide = if self.columns > 1 { self.row_width() } else { right - left };
        let mut start = left;
        for column in self.rows.chunks(self.high().max(1)) {
            self.column(canvas, column, [start, top + HEAD, start + wide]);
            start += wide;
        }
    }

    fn column(&self, canvas: &mut Canvas, rows: &[Row], [left, top, right]: [f64; 3]) {
        let mut y = top + ROW / 2.0;
        for (sign, words, count) in rows {
            if let (true, Sign::Band(band)) = (self.shaded, sign) {
                let half = ROW / 2.0;
                shading::ground(canvas, [left + 12.0, y - half, left + 56.0, y + half], *band);
            }
            sign.draw(canvas, (left + 34.0, y), self.theme);
            canvas.text(words, (left + WORDS_AT, y + 6.0), WORDS, TEXT);
            if let Some(count) = count {
                let number = counted(*count);
                let width = font::room(&number, WORDS);
                canvas.text(&number, (right - MARGIN - width, y + 6.0), WORDS, QUIET);
            }
            y += ROW;
        }
    }
}

impl Sign {
    /// Draws it around a place.
    pub(super) fn draw(self, canvas: &mut Canvas, (x, y): (f64, f64), theme: Theme) {
        let across = || vec![(x - 16.0, y), (x + 16.0, y)];
        match self {
            Self::Band(band) => marker::draw(canvas, (x, y), band, theme),
            Self::Gap => {
                let r = marker::radius(GAP_BAND);
                canvas.disc((x, y), r, PAPER);
                canvas.circle((x, y), r, 1.2, TEXT);
                marker::gap(canvas, (x, y), GAP_BAND, 1.0);
            }
            Self::Widths(color) => {
                let wedge = vec![
                    (x - 16.0, y - 0.5),
                    (x + 16.0, y - 3.5),
                    (x + 16.0, y + 3.5),
                    (x - 16.0, y + 0.5),
                ];
                canvas.areas(&[wedge], color);
            }
            Self::Dot(color, radius) => canvas.disc((x, y), radius, color),
            Self::Point(kind) => nearby::point(canvas, (x, y), kind),
            Self::Town => base::sign(canvas, (x, y)),
            Self::Thin(color, dashes) => canvas.lines(&[across()], 1.4, color, dashes),
            Self::Line(color) => canvas.lines(&[across()], 2.5, color, None),
            Self::Ring(color) => {
                let ring = marker::round((x, y), 10.0);
                canvas.lines(&[ring], 1.2, color, Some([5.0, 4.0]));
            }
            Self::Area(color) => nearby::area(canvas, &[patch((x, y))], color),
            Self::FarArea(color) => nearby::far_area(canvas, &[patch((x, y))], color),
            Self::Shades => shading::sign(canvas, (x, y)),
            Self::Unnamed => {}
            Self::Uncollected(collected) => hatch::sign(canvas, (x, y), collected),
            Self::Disputed => canvas.lines(&[across()], 2.0, GROUND.border, BORDER_DASHES),
        }
    }
}

/// The ring of a small area around a place.
fn patch((x, y): (f64, f64)) -> Vec<(f64, f64)> {
    let [left, top, right, bottom] = [x - 14.0, y - 8.0, x + 14.0, y + 8.0];
    vec![(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
}

/// The row on sites whose names have no room on a map; `None` if all have a name.
pub(super) fn unnamed(sites: usize) -> Option<Row> {
    let are = if sites == 1 { "site" } else { "sites" };
    let words = format!("{} {are} without a name here: see the tables", counted(sites));
    (sites > 0).then_some((Sign::Unnamed, words, None))
}

/// A count as texts have it: `8,508`.
pub(super) fn counted(count: usize) -> String {
    thousands(i64::try_from(count).unwrap_or(i64::MAX))
}

/// The row on sites from whose record something is missing, if there are any.
pub(super) fn gaps(sites: usize, counted: bool) -> Option<Row> {
    let row = (Sign::Gap, RecordGap::LABEL.to_owned(), counted.then_some(sites));
    (sites > 0).then_some(row)
}

/// The row that explains the width of lines.
pub(super) fn widths(what: &str) -> Row {
    (Sign::Widths(LINK), format!("To {what}: wider adds more"), None)
}
