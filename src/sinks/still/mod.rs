//! A static image of the map, for documents and for places without a browser: drawn by resvg with embedded
//! fonts, so that it does not depend on the machine and is the same on each run.

mod base;
mod canvas;
mod font;
mod furniture;
mod labels;
mod marker;
mod sprite;

pub use sprite::{PIXELS, Place, sprite};

use crate::float;
use crate::layers::report::{Page, View};
use crate::layers::style::{Color, GROUND, Theme};
use canvas::Canvas;
use furniture::Furniture;
use labels::{Area, Named};
use std::io::{self, Write};

/// Width and height in pixels.
const SIZE: (u32, u32) = (1600, 1200);

/// The top of the map, below the title, and its bottom.
const TOP: f64 = 90.0;
const BOTTOM: f64 = 1140.0;

/// Most sites with a label.
const NAMED: usize = 60;

/// Above this number of sites, lines to drivers are left out, since they would hide the map.
const LINKED: usize = 60;

/// Above this number of incidents their dots are small.
const MASSES: usize = 1000;

/// The least points of a score for a line: below, it would be hair-thin.
const LEAST_POINTS: f64 = 2.0;

/// Above this number of sites markers are small.
const MANY: usize = 300;

const GRATICULE: Color = Color::rgb(90, 110, 125).with_alpha(40);
const INCIDENT: Color = Color::rgb(70, 48, 40).with_alpha(190);
const LINK: Color = Color::rgb(140, 74, 60).with_alpha(120);
const DASHES: Option<[f64; 2]> = Some([9.0, 6.0]);
const TEXT: Color = Color::rgb(30, 34, 38);
const PAPER: Color = Color::rgb(255, 255, 255);

/// Draws the map as a PNG.
///
/// # Errors
/// Those of the writer.
pub fn write(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = &page.report;
    let mut canvas = Canvas::new(SIZE, PAPER);
    let known = |bands: &[usize; 6]| bands.iter().skip(1).any(|count| *count > 0);
    let [security, environment] = &report.bands;
    // The environment score if no site has a security score.
    let shown =
        if known(security) || !known(environment) { Theme::Security } else { Theme::Environment };
    let frame = Frame::of(&report.view);
    let sites = Sites::of(page, frame, shown);
    let incidents = drawn_incidents(page, shown).iter();
    let incidents = incidents.map(|(lon, lat)| report.view.place(*lon, *lat));
    let incidents: Vec<(f64, f64)> = incidents.map(|place| frame.place(place)).collect();
    let linked = shown == Theme::Security && report.sites <= LINKED;
    let furniture = Furniture::of(page, shown, linked, &sites.places(), &incidents);
    ground(&mut canvas, page, frame);
    furniture.graticule(&mut canvas, &report.view, frame);
    if linked {
        links(&mut canvas, page, frame);
    }
    let dot = if incidents.len() > MASSES { 1.6 } else { 2.6 };
    for place in &incidents {
        canvas.disc(*place, dot, INCIDENT);
    }
    sites.draw(&mut canvas, page, frame, &furniture);
    furniture::margins(&mut canvas, page, shown);
    furniture.draw(&mut canvas, page, frame, shown);
    out.write_all(&canvas.png()?)
}

/// The incidents on the map: they belong to security scores, so there are none on an environment map.
fn drawn_incidents<'a>(page: &'a Page<'_>, shown: Theme) -> &'a [(f64, f64)] {
    match shown {
        Theme::Security => &page.report.incidents,
        Theme::Environment => &[],
    }
}

/// The transformation from map units to pixels.
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
    let (view, ground) = (&page.report.view, &page.ground);
    // The Earth ends at the poles and half a turn away.
    let corners = [(-180.0, 90.0), (180.0, 90.0), (180.0, -90.0), (-180.0, -90.0)];
    let earth = corners.map(|(east, lat)| frame.place(view.at(east, lat)));
    canvas.areas(&[earth.to_vec()], GROUND.sea);
    canvas.areas(&placed(&ground.land), GROUND.land);
    base::draw(canvas, &page.background, frame);
    canvas.lines(&placed(&ground.coasts), 1.3, GROUND.coast, None);
    canvas.lines(&placed(&ground.borders), 2.0, GROUND.border, None);
    canvas.lines(&placed(&ground.disputed), 2.0, GROUND.border, DASHES);
}

/// Draws lines from the sites to the main incidents in their scores, with widths by points.
fn links(canvas: &mut Canvas, page: &Page<'_>, frame: Frame) {
    let report = &page.report;
    let rows = &report.rows;
    let at = |lon: f64, lat: f64| frame.place(report.view.place(lon, lat));
    for ((lon, lat), detail) in rows.lon.iter().zip(&rows.lat).zip(&report.details) {
        for driver in detail.drivers.iter().filter(|driver| driver.points >= LEAST_POINTS) {
            let line = vec![at(*lon, *lat), at(driver.at.0, driver.at.1)];
            canvas.lines(&[line], 0.5 + 0.25 * driver.points, LINK, None);
        }
    }
}

/// A site to draw, and its score.
type Marked<'a> = (Option<f64>, Named<'a>);

/// The sites by descending score.
struct Sites<'a> {
    shown: Theme,
    marked: Vec<Marked<'a>>,
}

impl<'a> Sites<'a> {
    fn of(page: &'a Page<'_>, frame: Frame, shown: Theme) -> Self {
        let (view, rows) = (&page.report.view, &page.report.rows);
        let (bands, scores) = match shown {
            Theme::Security => (&rows.security_band, &rows.security),
            Theme::Environment => (&rows.environment_band, &rows.environment),
        };
        let mut marked: Vec<Marked<'_>> = scores
            .iter()
            .zip(rows.lon.iter().zip(&rows.lat))
            .zip(bands.iter().zip(rows.name.iter().zip(&rows.id)))
            .map(|((score, (lon, lat)), (band, (name, id)))| {
                let place = frame.place(view.place(*lon, *lat));
                (*score, Named { place, band: *band, name, id })
            })
            .collect();
        // The sort is stable: of equal scores the first row stays on top and is named first.
        marked.sort_by(|a, b| b.0.unwrap_or(-1.0).total_cmp(&a.0.unwrap_or(-1.0)));
        Self { shown, marked }
    }

    fn places(&self) -> Vec<(f64, f64)> {
        self.marked.iter().map(|(_, site)| site.place).collect()
    }

    /// Draws the sites, the worst on top; labels of the worst sites, and of countries, where they fit.
    fn draw(&self, canvas: &mut Canvas, page: &Page<'_>, frame: Frame, furniture: &Furniture) {
        let report = &page.report;
        let rest = &report.rest;
        let rest_bands = match self.shown {
            Theme::Security => &rest.security_band,
            Theme::Environment => &rest.environment_band,
        };
        for ((lon, lat), band) in rest.lon.iter().zip(&rest.lat).zip(rest_bands) {
            marker::dot(canvas, frame.place(report.view.place(*lon, *lat)), *band, self.shown);
        }
        let scale = if self.marked.len() > MANY { marker::SMALL } else { 1.0 };
        let named: Vec<&Named<'_>> = self.marked.iter().map(|(_, site)| site).collect();
        let markers =
            named.iter().take(MANY).map(|site| labels::marker_area(site.place, site.band, scale));
        let markers: Vec<Area> = markers.collect();
        let mut taken: Vec<Area> = furniture.areas().into();
        // If some sites have a score, only those are labeled.
        let known = self.marked.iter().filter(|(score, _)| score.is_some()).count();
        let most = if known == 0 { named.len() } else { known };
        let (first, _) = named.split_at(most.min(NAMED));
        let labels = labels::place(first, &markers, &mut taken);
        taken.extend(markers);
        countries(canvas, page, frame, &mut taken);
        base::names(canvas, &report.places, frame, &mut taken);
        for line in labels.iter().filter_map(|label| label.line) {
            canvas.lines(&[line.to_vec()], 1.1, TEXT.with_alpha(170), None);
        }
        for site in named.iter().rev() {
            marker::scaled(canvas, site.place, site.band, self.shown, scale);
        }
        for label in &labels {
            canvas.text_haloed(&label.text, label.at, labels::LETTERS, TEXT);
        }
    }
}

/// Draws the names of countries, each at its first candidate position that is free.
fn countries(canvas: &mut Canvas, page: &Page<'_>, frame: Frame, taken: &mut Vec<Area>) {
    const LETTERS: f64 = 21.0;
    const APART: f64 = 4.0;
    for (name, places) in &page.ground.names {
        let name = name.to_uppercase();
        let letters = float::of_count(name.chars().count());
        let half = (font::width(&name, LETTERS) + APART * letters) / 2.0;
        let room = places.iter().find_map(|place| {
            let (x, y) = frame.place(*place);
            let area = [x - half - 6.0, y - LETTERS, x + half + 6.0, y + LETTERS];
            labels::is_free(&area, taken.iter()).then_some(((x, y), area))
        });
        if let Some((at, area)) = room {
            canvas.text_spaced(&name, at, LETTERS, APART, GROUND.name);
            taken.push(area);
        }
    }
}
