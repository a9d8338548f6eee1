//! Receptors on a map: their shapes, lines to those that add most, and their names.

use super::canvas::Canvas;
use super::labels::{self, Area, Room};
use super::legend::{Row, Sign, widths};
use super::map::Map;
use super::overview::LEAST_POINTS;
use super::{LINK, font, marker};
use crate::earth::Shape;
use crate::layers::report::Behind;
use crate::layers::style::{ACCIDENT, Color, EDGE, receptor_color, receptor_shape};
use crate::model::ReceptorKind;
use geo_types::LineString;
use std::collections::BTreeSet;

/// Font size of the names of receptors.
pub(super) const LETTERS: f64 = 15.0;

/// Receptors that are drawn and that are named, at most.
const DRAWN: usize = 300;
const NAMES: usize = 30;

/// The name of a receptor, to be placed.
pub(super) struct Name {
    pub(super) text: String,
    pub(super) color: Color,
    at: (f64, f64),
}

impl Name {
    pub(super) fn new(text: &str, color: Color, at: (f64, f64)) -> Self {
        Self { text: font::cut(text, LETTERS, 260.0), color, at }
    }
}

/// The width of a line to what adds points to a score.
pub(super) fn width(points: f64) -> f64 {
    0.5 + 0.25 * points
}

/// Draws what adds most to the environment scores, with lines from the sites if wanted; returns the names.
pub(super) fn draw(
    canvas: &mut Canvas,
    map: &Map,
    behind: &[Behind<'_>],
    linked: bool,
) -> Vec<Name> {
    for one in behind.iter().take(DRAWN).filter(|one| is_seen(one, map)) {
        if let Some(shape) = one.shape {
            draw_shape(canvas, map, shape, one.kind, color(one));
        }
    }
    let lines = behind.iter().filter(|_| linked).flat_map(|one| &one.lines);
    for line in lines.filter(|line| line.points >= LEAST_POINTS) {
        let ends = vec![map.at(line.from), map.at(line.to)];
        canvas.lines(&[ends], width(line.points), LINK, None);
    }
    let mut known = BTreeSet::new();
    let name = |one: &Behind<'_>| {
        let (text, first) = (one.name?, one.lines.first()?);
        let is_new = is_name(text) && known.insert(text.to_owned()) && font::has(text);
        is_new.then(|| Name::new(text, color(one), map.at(first.to)))
    };
    behind
        .iter()
        .take(DRAWN)
        .filter_map(name)
        .filter(|name| map.shows(name.at))
        .take(NAMES)
        .collect()
}

/// Places names beside their receptors, where they have room.
pub(super) fn place(
    names: Vec<Name>,
    room: &Room<'_>,
    taken: &mut Vec<Area>,
) -> Vec<(Name, (f64, f64))> {
    let mut placed = Vec::new();
    for name in names {
        let width = font::room(&name.text, LETTERS);
        if let Some((at, area)) = labels::spot(name.at, (width, LETTERS), 6.0, room, taken) {
            taken.push(area);
            placed.push((name, at));
        }
    }
    placed
}

/// The rows of a legend for what is drawn.
pub(super) fn legend(behind: &[Behind<'_>], map: &Map, linked: bool) -> Vec<Row> {
    let seen = || behind.iter().take(DRAWN).filter(|one| is_seen(one, map));
    let lines = behind.iter().flat_map(|one| &one.lines);
    let mut rows = Vec::new();
    if linked && lines.clone().any(|line| line.points >= LEAST_POINTS) {
        rows.push(widths("what adds most"));
    }
    let kinds = ReceptorKind::ALL.into_iter().filter_map(|kind| {
        let first = seen().find(|one| one.kind == Some(kind))?;
        Some(row(kind, first.shape?))
    });
    rows.extend(kinds);
    if linked && seen().any(|one| one.kind.is_none()) {
        rows.push((Sign::Dot(ACCIDENT, 4.0), "Accident".into(), None));
    }
    rows
}

/// The row of a kind of receptor, which has the sign of a shape.
pub(super) fn row(kind: ReceptorKind, shape: &Shape) -> Row {
    let color = receptor_color(kind);
    let sign = match shape {
        Shape::Points(_) => Sign::Point(kind),
        Shape::Lines(_) => Sign::Line(color),
        Shape::Polygons(_) => Sign::Area(color),
    };
    let words = match kind {
        ReceptorKind::Rivers => "River",
        ReceptorKind::WaterBodies => "Lake or other water",
        ReceptorKind::SensitiveAreas => "Protected or sensitive area",
        ReceptorKind::Settlements => "Settlement",
        ReceptorKind::Earthquakes => "Earthquake",
        ReceptorKind::Faults => "Fault",
        ReceptorKind::Tailings => "Tailings dam",
        ReceptorKind::WaterStress => "Basin by water stress",
    };
    (sign, words.into(), None)
}

fn color(one: &Behind<'_>) -> Color {
    one.kind.map_or(ACCIDENT, receptor_color)
}

fn is_seen(one: &Behind<'_>, map: &Map) -> bool {
    one.lines.iter().any(|line| map.shows(map.at(line.to)))
}

/// Whether a text is a name: a bare number is none.
pub(super) fn is_name(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}

/// Draws a point of a kind of receptor, with the sign that it has on every map.
pub(super) fn point(canvas: &mut Canvas, at: (f64, f64), kind: ReceptorKind) {
    const RADIUS: f64 = 4.6;
    let color = receptor_color(kind);
    if kind == ReceptorKind::Earthquakes {
        return canvas.circle(at, RADIUS, 1.6, color);
    }
    match marker::corners(receptor_shape(kind)) {
        Some(corners) => {
            let ring = marker::ring(corners, at, RADIUS);
            canvas.areas(std::slice::from_ref(&ring), color);
            canvas.lines(&[ring], 0.8, EDGE, None);
        }
        None => {
            canvas.disc(at, RADIUS, color);
            canvas.circle(at, RADIUS, 0.8, EDGE);
        }
    }
}

/// Draws a shape in a color; points with the sign of a kind, if it is of one.
pub(super) fn draw_shape(
    canvas: &mut Canvas,
    map: &Map,
    shape: &Shape,
    kind: Option<ReceptorKind>,
    color: Color,
) {
    match shape {
        Shape::Points(points) => {
            for place in points {
                let at = map.at((place.lon(), place.lat()));
                match kind {
                    Some(kind) => point(canvas, at, kind),
                    None => canvas.disc(at, 4.0, color),
                }
            }
        }
        Shape::Lines(lines) => {
            let lines: Vec<_> = lines.iter().map(|line| traced(map, line)).collect();
            canvas.lines(&lines, 1.8, color, None);
        }
        Shape::Polygons(polygons) => {
            for polygon in polygons {
                let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
                let rings: Vec<_> = rings.map(|ring| traced(map, ring)).collect();
                canvas.areas(&rings, color.with_alpha(40));
                canvas.lines(&rings, 1.6, color, None);
            }
        }
    }
}

/// A line on the sheet, without steps of less than half a pixel. It goes on past half a turn, where the map ends.
fn traced(map: &Map, line: &LineString<f64>) -> Vec<(f64, f64)> {
    const STEP: f64 = 0.5;
    let mut traced: Vec<(f64, f64)> = Vec::new();
    let mut coords = line.coords();
    let Some(first) = coords.next() else { return traced };
    let start = map.at((first.x, first.y));
    traced.push(start);
    let far = |(x, y): (f64, f64), (u, v): (f64, f64)| (x - u).abs() + (y - v).abs() >= STEP;
    let mut last = start;
    for at in coords {
        let aside = (at.x - first.x) * map.view.per_lon;
        last = (start.0 + aside, map.at((first.x, at.y)).1);
        if traced.last().is_some_and(|before| far(*before, last)) {
            traced.push(last);
        }
    }
    if traced.last() != Some(&last) {
        traced.push(last);
    }
    traced
}
