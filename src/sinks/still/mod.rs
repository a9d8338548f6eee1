//! A still picture of the map, for documents and for where there is no browser: drawn by tiny-skia, with
//! glyphs of an embedded font, so that it needs nothing of the machine and is the same on each run.

mod canvas;
mod font;
mod furniture;
mod marker;

use crate::layers::report::{Page, View};
use crate::layers::style::Color;
use canvas::Canvas;
use std::io::{self, Write};

/// Width and height in pixels.
const SIZE: (u32, u32) = (1600, 1200);

/// Where the map begins below the title, and where it ends.
const TOP: f64 = 76.0;
const BOTTOM: f64 = 1142.0;

/// Sites that get their names beside them, at most.
const NAMED: usize = 40;

const SEA: Color = Color::rgb(221, 232, 238);
const LAND: Color = Color::rgb(247, 244, 237);
const COAST: Color = Color::rgb(125, 152, 168);
const BORDER: Color = Color::rgb(150, 142, 130);
const NAME: Color = Color::rgb(150, 142, 130);
const GRATICULE: Color = Color::rgb(90, 110, 125).with_alpha(40);
const INCIDENT: Color = Color::rgb(60, 50, 50).with_alpha(90);
const TEXT: Color = Color::rgb(30, 34, 38);
const PAPER: Color = Color::rgb(255, 255, 255);

/// Which score the map shows: security, or environment where no site has a security score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Security,
    Environment,
}

/// Draws the map as a PNG.
///
/// # Errors
/// What the writer gives.
pub fn write(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = &page.report;
    let mut canvas = Canvas::new(SIZE, SEA).ok_or_else(|| io::Error::other("no picture"))?;
    let known = |bands: &[usize; 6]| bands.iter().skip(1).any(|count| *count > 0);
    let [security, environment] = &report.bands;
    let shown =
        if known(security) || !known(environment) { Shown::Security } else { Shown::Environment };
    let frame = Frame::of(&report.view);
    ground(&mut canvas, page, frame);
    furniture::graticule(&mut canvas, &report.view, frame);
    for (lon, lat) in &report.incidents {
        canvas.disc(frame.place(report.view.place(*lon, *lat)), 1.6, INCIDENT);
    }
    sites(&mut canvas, page, frame, shown);
    furniture::margins(&mut canvas, page, frame, shown);
    out.write_all(&canvas.png()?)
}

/// From the units of the map to pixels.
#[derive(Debug, Clone, Copy)]
struct Frame {
    scale: f64,
}

impl Frame {
    fn of(view: &View) -> Self {
        Self { scale: f64::from(SIZE.0) / view.width }
    }

    fn place(self, (x, y): (f64, f64)) -> (f64, f64) {
        (x * self.scale, TOP + y * self.scale)
    }
}

fn ground(canvas: &mut Canvas, page: &Page<'_>, frame: Frame) {
    let placed = |lines: &[Vec<(f64, f64)>]| -> Vec<Vec<(f64, f64)>> {
        lines.iter().map(|line| line.iter().map(|at| frame.place(*at)).collect()).collect()
    };
    let ground = &page.ground;
    canvas.areas(&placed(&ground.land), LAND);
    canvas.lines(&placed(&ground.coasts), 1.0, COAST, None);
    canvas.lines(&placed(&ground.borders), 1.5, BORDER, None);
    canvas.lines(&placed(&ground.disputed), 1.5, BORDER, Some([6.0, 4.0]));
    for (name, x, y) in &ground.names {
        let (x, y) = frame.place((*x, *y));
        canvas.text_spaced(&name.to_uppercase(), (x, y), 17.0, 3.0, NAME);
    }
}

/// A site to be drawn: its score, where it lies in pixels, its band, name and id.
type Marked<'a> = (Option<f64>, (f64, f64), u8, &'a str, &'a str);

/// The sites, the worst on top, and the names of the worst where there is room.
fn sites(canvas: &mut Canvas, page: &Page<'_>, frame: Frame, shown: Shown) {
    let report = &page.report;
    let (rows, rest) = (&report.rows, &report.rest);
    let (bands, scores, rest_bands) = match shown {
        Shown::Security => (&rows.security_band, &rows.security, &rest.security_band),
        Shown::Environment => (&rows.environment_band, &rows.environment, &rest.environment_band),
    };
    let at = |lon: &f64, lat: &f64| frame.place(report.view.place(*lon, *lat));
    for ((lon, lat), band) in rest.lon.iter().zip(&rest.lat).zip(rest_bands) {
        marker::dot(canvas, at(lon, lat), *band, shown);
    }
    let mut order: Vec<Marked<'_>> = scores
        .iter()
        .zip(rows.lon.iter().zip(&rows.lat))
        .zip(bands.iter().zip(rows.name.iter().zip(&rows.id)))
        .map(|((score, (lon, lat)), (band, (name, id)))| (*score, at(lon, lat), *band, *name, *id))
        .collect();
    // A stable sort: of equal scores the first row stays on top and is named first.
    order.sort_by(|a, b| b.0.unwrap_or(-1.0).total_cmp(&a.0.unwrap_or(-1.0)));
    let many = order.len() > 300;
    for (_, place, band, ..) in order.iter().rev() {
        if many {
            marker::small(canvas, *place, *band, shown)
        } else {
            marker::draw(canvas, *place, *band, shown)
        }
    }
    let mut taken: Vec<[f64; 4]> = order
        .iter()
        .take(NAMED)
        .map(|(_, (x, y), ..)| [x - 9.0, y - 9.0, x + 9.0, y + 9.0])
        .chain(furniture::boxes())
        .collect();
    for (_, (x, y), band, name, id) in order.iter().take(NAMED) {
        let text = if font::has(name) { name } else { id };
        let text = shorten(text);
        let (size, gap) = (15.0, 5.0 + marker::radius(*band));
        let width = font::width(&text, size);
        let spots = [
            (x + gap, y + 5.0),
            (x - gap - width, y + 5.0),
            (x - width / 2.0, y - gap - 3.0),
            (x - width / 2.0, y + gap + size),
        ];
        let room = spots.into_iter().find_map(|(left, base)| {
            let area = [left - 2.0, base - size, left + width + 2.0, base + 4.0];
            let inside = area[0] >= 4.0
                && area[2] <= f64::from(SIZE.0) - 4.0
                && area[1] >= TOP + 4.0
                && area[3] <= BOTTOM - 4.0;
            let own = [x - 9.0, y - 9.0, x + 9.0, y + 9.0];
            let free = taken.iter().all(|other| *other == own || !overlap(&area, other));
            (inside && free).then_some((left, base, area))
        });
        if let Some((left, base, area)) = room {
            canvas.text_haloed(&text, (left, base), size, TEXT);
            taken.push(area);
        }
    }
}

fn overlap(a: &[f64; 4], b: &[f64; 4]) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

/// A name that takes no more than its share of the map.
fn shorten(name: &str) -> String {
    const MOST: usize = 32;
    if name.chars().count() <= MOST {
        name.to_owned()
    } else {
        name.chars().take(MOST - 1).chain(['…']).collect()
    }
}
