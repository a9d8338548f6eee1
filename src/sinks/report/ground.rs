//! The base map of a page as SVG: land and borders, and what is drawn on them by zoom. Everything of a step is in a group
//! that names the enlargements at which the script shows it.

use super::paths;
use crate::layers::Collected;
use crate::layers::report::{Background, Ground, Level, Page, Rings, Shading, Step};
use std::fmt::Write;

/// How far past the first view the risk surface is drawn, in views on each side.
const MARGIN: f64 = 0.5;

/// The fine level is written in units ten times as small.
const FINER: f64 = 10.0;

/// The paths of a run.
pub(super) fn of_run(page: &Page<'_>) -> String {
    let background = Background::of(&page.report.view);
    let levels = background.levels.iter();
    let steps = levels.flat_map(|level| level.steps.iter().map(move |step| group(level, step)));
    let shading = page.zones.as_ref().map(|zones| Shading::of(zones, &page.report.view, MARGIN));
    let shading = shading.map(|shading| shaded(&shading)).unwrap_or_default();
    with(&page.ground, &(shading + &steps.collect::<String>()))
}

/// The zones of the risk surface, one on the other, so that their edges are written once.
fn shaded(shading: &Shading) -> String {
    let zone = |(band, rings): &(u8, Rings)| path(&format!("zone zone-{band}"), rings, true);
    let zones: String = shading.zones.iter().map(zone).collect();
    if zones.is_empty() { zones } else { format!("<g id=\"surface\">{zones}</g>\n") }
}

/// The paths of a map that is not enlarged.
pub(super) fn still(ground: &Ground, level: &Level) -> String {
    with(ground, &level.steps.iter().map(|step| lines(step, 1.0)).collect::<String>())
}

/// Land and borders with what lies on the land, below the borders.
fn with(ground: &Ground, background: &str) -> String {
    [
        &*path("land", &ground.land, true),
        background,
        &uncollected(&ground.uncollected),
        &path("coast", &ground.coasts, false),
        &path("border", &ground.borders, false),
        &path("disputed", &ground.disputed, false),
    ]
    .concat()
}

/// The land where no incidents were collected, no longer, or by an old record only, if there is any.
fn uncollected(all: &[(Collected, Rings)]) -> String {
    let class = |of: Collected| match of {
        Collected::Ended => "uncollected ended",
        Collected::Old => "uncollected old",
        _ => "uncollected",
    };
    all.iter().map(|(of, rings)| path(class(*of), rings, true)).collect()
}

/// A step of a level.
fn group(level: &Level, step: &Step) -> String {
    let mut text = format!("<g data-from=\"{}\"", step.from.max(level.from));
    // Writing to a String does not fail.
    if level.until.is_finite() {
        let _ = write!(text, " data-until=\"{}\"", level.until);
    } else {
        let _ = write!(text, " data-until=\"Infinity\" transform=\"scale({})\"", 1.0 / FINER);
    }
    let scale = if level.until.is_finite() { 1.0 } else { FINER };
    format!("{text}>{}</g>\n", lines(step, scale))
}

/// The lines of a step.
fn lines(step: &Step, scale: f64) -> String {
    let mut text = String::new();
    for (class, lines, closed) in [
        ("province", &step.provinces, false),
        ("river", &step.rivers, false),
        ("lake", &step.lakes, true),
    ] {
        if !lines.is_empty() {
            text += &path(class, &scaled(lines, scale), closed);
        }
    }
    text
}

fn scaled(lines: &[Vec<(f64, f64)>], scale: f64) -> Vec<Vec<(f64, f64)>> {
    lines.iter().map(|line| line.iter().map(|(x, y)| (x * scale, y * scale)).collect()).collect()
}

fn path(class: &str, lines: &[Vec<(f64, f64)>], closed: bool) -> String {
    format!("<path class=\"{class}\" d=\"{}\"/>\n", paths::data(lines, closed))
}
