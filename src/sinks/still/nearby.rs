//! Receptors on a map: their shapes, lines to those that add most, and their names.

use super::base::{self, SAME, Said, Town};
use super::canvas::Canvas;
use super::labels::{self, Area, Room};
use super::legend::{Row, Sign, counted, widths};
use super::map::Map;
use super::overview::LEAST_POINTS;
use super::{LINK, font, marker};
use crate::earth::{GeometryKind, Shape};
use crate::layers::report::{Behind, Page};
use crate::layers::style::{ACCIDENT, Color, EDGE, receptor_color, receptor_shape};
use crate::model::{Receptor, ReceptorKind};
use geo::Centroid;
use geo_types::{LineString, Polygon};
use std::collections::BTreeSet;

/// Font size of the names of receptors.
pub(super) const LETTERS: f64 = 15.0;

/// Receptors behind scores and areas that are drawn, and receptors that are named, at most.
const DRAWN: usize = 300;
const AREAS: usize = 3000;
const NAMES: usize = 30;

/// Rivers that are all drawn, at most: a few reaches of many would look like stubs.
const RIVERS: usize = 3000;

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

/// Names as they were placed, with the places that they name.
pub(super) fn said(names: &[(Name, (f64, f64))]) -> Vec<Said<'_>> {
    names.iter().map(|(name, _)| (name.text.as_str(), name.at)).collect()
}

/// The width of a line to what adds points to a score.
pub(super) fn width(points: f64) -> f64 {
    0.5 + 0.25 * points
}

/// The receptors on a map of all sites: every sensitive area, since land without one would seem unprotected, every river if
/// there are not too many, and of the rest those that add most to the environment scores.
pub(super) struct Mapped<'p> {
    areas: Vec<&'p Receptor>,
    /// The areas that no site has in its reach.
    far: Vec<&'p Receptor>,
    rivers: Vec<&'p Receptor>,
    behind: Vec<&'p Behind<'p>>,
    /// For each kind how many are drawn, and how many of those read lie on the map.
    counts: Vec<(ReceptorKind, [usize; 2])>,
}

impl<'p> Mapped<'p> {
    pub(super) fn of(page: &'p Page<'_>, map: &Map) -> Self {
        let is_area = |receptor: &Receptor| {
            receptor.kind == ReceptorKind::SensitiveAreas
                && receptor.shape.kind() == GeometryKind::Polygon
        };
        let behind: Vec<&Behind<'_>> =
            page.behind.iter().take(DRAWN).filter(|one| is_seen(one, map)).collect();
        let all = page.receptors.iter().enumerate();
        let on_map: Vec<(usize, &Receptor)> =
            all.filter(|(_, receptor)| lies_on(&receptor.shape, map)).collect();
        let areas = on_map.iter().copied().filter(|(_, receptor)| is_area(receptor)).take(AREAS);
        let (far, near): (Vec<_>, Vec<_>) =
            areas.partition(|(index, _)| page.report.receptors.is_far(*index));
        let [far, areas] = [far, near].map(|of| of.into_iter().map(|(_, one)| one).collect());
        let (far, areas): (Vec<&Receptor>, Vec<&Receptor>) = (far, areas);
        let is_river = |receptor: &Receptor| {
            receptor.kind == ReceptorKind::Rivers && receptor.shape.kind() == GeometryKind::Line
        };
        let rivers = on_map.iter().map(|(_, one)| *one).filter(|one| is_river(one));
        let mut rivers: Vec<&Receptor> = rivers.take(RIVERS + 1).collect();
        if rivers.len() > RIVERS {
            rivers.clear();
        }
        let count = |kind: ReceptorKind| {
            let whole = || areas.iter().chain(&rivers);
            let is_drawn = |shape: &Shape| whole().any(|one| std::ptr::eq(&one.shape, shape));
            let of_kind = behind.iter().filter(|one| one.kind == Some(kind));
            let more = of_kind.filter(|one| !one.shape.is_some_and(is_drawn)).count();
            let of_kind = on_map.iter().filter(|(_, receptor)| receptor.kind == kind).count();
            let all = of_kind - far.iter().filter(|area| area.kind == kind).count();
            let drawn = more + whole().filter(|one| one.kind == kind).count();
            (kind, [drawn, all.max(drawn)])
        };
        let counts = ReceptorKind::ALL.map(count).into_iter().filter(|(_, [drawn, _])| *drawn > 0);
        let counts = counts.collect();
        Self { areas, far, rivers, behind, counts }
    }

    /// Draws them, with lines from the sites to what adds most if wanted; returns the names.
    pub(super) fn draw(&self, canvas: &mut Canvas, map: &Map, linked: bool) -> Vec<Name> {
        for area in &self.far {
            if let Shape::Polygons(polygons) = &area.shape {
                for polygon in polygons {
                    far_area(canvas, &outlined(map, polygon), receptor_color(area.kind));
                }
            }
        }
        for area in &self.areas {
            draw_shape(canvas, map, &area.shape, Some(area.kind), receptor_color(area.kind));
        }
        for river in &self.rivers {
            if let Shape::Lines(lines) = &river.shape {
                let lines: Vec<_> = lines.iter().map(|line| traced(map, line)).collect();
                canvas.lines(&lines, 0.9, receptor_color(river.kind).with_alpha(190), None);
            }
        }
        for one in &self.behind {
            let shape = one.shape.filter(|shape| !self.is_area(shape));
            if let Some(shape) = shape {
                draw_shape(canvas, map, shape, one.kind, color(one));
            }
        }
        let lines = self.behind.iter().filter(|_| linked).flat_map(|one| &one.lines);
        for line in lines.filter(|line| line.points >= LEAST_POINTS) {
            let ends = vec![map.at(line.from), map.at(line.to)];
            canvas.lines(&[ends], width(line.points), LINK, None);
        }
        self.names(map)
    }

    /// Places of what is drawn.
    pub(super) fn places(&self, map: &Map) -> Vec<(f64, f64)> {
        let areas = self.areas.iter().chain(&self.far).map(|area| &area.shape);
        let shapes = areas.chain(self.behind.iter().filter_map(|one| one.shape));
        let places = shapes.flat_map(Shape::places).map(|at| map.at((at.lon(), at.lat())));
        places.filter(|at| map.shows(*at)).collect()
    }

    fn is_area(&self, shape: &Shape) -> bool {
        self.areas.iter().any(|area| std::ptr::eq(&area.shape, shape))
    }

    /// The names of what adds most, then of other areas.
    fn names(&self, map: &Map) -> Vec<Name> {
        let behind = self.behind.iter().filter_map(|one| {
            let (text, first) = (one.name?, one.lines.first()?);
            Some((text, color(one), first.to))
        });
        let areas = self.areas.iter().chain(&self.far).filter_map(|area| {
            Some((area.name.as_deref()?, receptor_color(area.kind), anchor(&area.shape, map)?))
        });
        let mut known = BTreeSet::new();
        let is_new = |(text, ..): &(&'p str, Color, (f64, f64))| {
            is_name(text) && font::has(text) && known.insert(*text)
        };
        let names = behind.chain(areas).filter(is_new);
        let names = names.map(|(text, color, at)| Name::new(text, color, map.at(at)));
        names.filter(|name| map.shows(name.at)).take(NAMES).collect()
    }

    /// The rows of a legend for what is drawn.
    pub(super) fn legend(&self, linked: bool) -> Vec<Row> {
        let mut rows = Vec::new();
        let mut lines = self.behind.iter().flat_map(|one| &one.lines);
        if linked && lines.any(|line| line.points >= LEAST_POINTS) {
            rows.push(widths("what adds most"));
        }
        rows.extend(self.counts.iter().filter_map(|(kind, [drawn, all])| {
            let mut whole = self.areas.iter().chain(&self.rivers);
            let area = whole.find(|one| one.kind == *kind).map(|one| &one.shape);
            let other = || self.behind.iter().find(|one| one.kind == Some(*kind))?.shape;
            let (sign, mut words, count) = row(*kind, area.or_else(other)?);
            if drawn < all {
                let (drawn, all) = (counted(*drawn), counted(*all));
                words.push_str(&format!(": {drawn} drawn of {all} in this frame"));
            }
            Some((sign, words, count))
        }));
        rows.extend(self.far.first().map(|area| {
            let words = "Protected or sensitive area out of reach".to_owned();
            (Sign::FarArea(receptor_color(area.kind)), words, None)
        }));
        if linked && self.behind.iter().any(|one| one.kind.is_none()) {
            rows.push((Sign::Dot(ACCIDENT, 4.0), "Accident".into(), None));
        }
        rows
    }
}

/// Whether a part of a shape lies on a map.
fn lies_on(shape: &Shape, map: &Map) -> bool {
    shape.places().any(|at| map.shows(map.at((at.lon(), at.lat()))))
}

/// A place of a shape on a map, where its name stands: longitude and latitude.
pub(super) fn anchor(shape: &Shape, map: &Map) -> Option<(f64, f64)> {
    let shown = |at: &(f64, f64)| map.shows(map.at(*at));
    match shape {
        Shape::Points(points) => points.iter().map(|at| (at.lon(), at.lat())).find(shown),
        Shape::Lines(lines) => {
            // Halfway along what is seen of it.
            let corners = lines.iter().flat_map(LineString::coords);
            let seen: Vec<_> = corners.map(|at| at.x_y()).filter(shown).collect();
            seen.get(seen.len() / 2).copied()
        }
        Shape::Polygons(polygons) => {
            let middle = polygons.centroid().map(|middle| middle.x_y()).filter(shown);
            let edges = || polygons.iter().flat_map(|polygon| polygon.exterior().coords());
            middle.or_else(|| edges().map(|at| at.x_y()).find(shown))
        }
    }
}

/// Places names beside their receptors, where they have room, unless a town near them has the same name.
pub(super) fn place(
    names: Vec<Name>,
    towns: &[Town<'_>],
    room: &Room<'_>,
    taken: &mut Vec<Area>,
) -> Vec<(Name, (f64, f64))> {
    let mut placed = Vec::new();
    for name in names {
        if base::is_said(base::said(towns), &name.text, name.at, SAME) {
            continue;
        }
        let width = font::room(&name.text, LETTERS);
        if let Some((at, area)) = labels::spot(name.at, (width, LETTERS), 6.0, room, taken) {
            taken.push(area);
            placed.push((name, at));
        }
    }
    placed
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

/// Draws an area by its rings.
pub(super) fn area(canvas: &mut Canvas, rings: &[Vec<(f64, f64)>], color: Color) {
    canvas.areas(rings, color.with_alpha(40));
    canvas.lines(rings, 1.6, color, None);
}

/// Draws an area that no site has in its reach.
pub(super) fn far_area(canvas: &mut Canvas, rings: &[Vec<(f64, f64)>], color: Color) {
    canvas.areas(rings, color.with_alpha(14));
    canvas.lines(rings, 1.1, color.with_alpha(170), Some([5.0, 4.0]));
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
                area(canvas, &outlined(map, polygon), color);
            }
        }
    }
}

/// The rings of a polygon on the sheet.
fn outlined(map: &Map, polygon: &Polygon<f64>) -> Vec<Vec<(f64, f64)>> {
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    rings.map(|ring| traced(map, ring)).collect()
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
