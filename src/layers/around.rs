//! Buffers of shapes: everything within a distance of a line, a polygon or several points, as polygons that
//! can be drawn in longitude and latitude anywhere on Earth.
//!
//! A line is processed in stretches of a few edges. Each gets an outline, there and back: parallel to its
//! edges at the radius, an arc around each corner on the outer side, and over the corner itself on the inner
//! side, where the outline crosses itself. The area that it winds around counterclockwise is the buffer, the
//! same as for offsets in Vatti's clipping (1992) and Johnson's Clipper; a polygon of few corners has one
//! outline. At the antimeridian and near the poles a stretch is assembled instead from a strip along each
//! edge, a sector on the outer side of each corner and half a circle at each end. Near a pole, where edges
//! that are straight in longitude and latitude bend, and for radii of a thousand kilometers and more, rows
//! of circles replace strips. All corners are endpoints of geodesics of the radius. Overlapping pieces are
//! united, neighbors first, so that the intermediate polygons stay small.

use super::buffer::{Buffer, BufferError, Fineness, buffer, circle, edges_are_short, has_ring};
use crate::earth::antimeridian::cut_polygons;
use crate::earth::{
    FLATTENING, Length, Position, SEMI_MAJOR, Shape, drawn_area, geodesic, polygons_as_written,
    united,
};
use geo::{Area, SimplifyIdx};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

/// Circles and sectors have a corner every 3°, and lack 1 − sin 3° / 3° (in radians), 0.046 %, of their
/// area; which leaves room for the shares below.
const FINE: Fineness = Fineness { corners: 120, stray: 0.000_4 };

/// Tolerance for simplifying a line or ring before buffering, as a share of the radius.
const SIMPLER: f64 = 0.000_15;

/// The distance between circles in a row, as a share of the radius: between two of them at most 0.04² / 8,
/// 0.0002, of the radius is missing.
const ROW: f64 = 0.04;

/// The widest mouth of a bay that the outline crosses straight, as a share of the radius: behind it at most
/// 0.035² / 8, 0.00015, of the radius is included.
const MOUTH: f64 = 0.035;

/// Edges of a stretch. Within it any edge may cross any other.
const STRETCH: usize = 16;

/// How many neighbors are united at once.
const TOGETHER: usize = 8;

/// The side of the smallest hole that is kept, as a share of the radius.
const SMALLEST_HOLE: f64 = 0.01;

/// The longest strip at the equator. The side of a strip is at the radius at its ends; between them it
/// deviates by s² / 8 R², under 0.0001, of the radius for a strip of length s.
///
/// # Units
/// Meters.
const STRIP: f64 = 100_000.0;

/// The approximate length of a degree of latitude.
///
/// # Units
/// Meters.
const DEGREE: f64 = 111_320.0;

/// Rings smaller than this are validated corner by corner, as are those cut at the antimeridian or near a
/// pole. All others stay valid when rounded to seven decimals.
const SMALL: Length = Length::from_meters(1000.0);

/// The buffer of a shape: everything within the radius of any place on it. Its area is within 0.1 % of that
/// on the ellipsoid, and it is valid when written with seven decimals.
///
/// # Errors
/// The radius is under 1 cm or over 19,900 km.
pub fn buffer_around(shape: &Shape, radius: Length) -> Result<Buffer, BufferError> {
    if let Some(center) = shape.as_point() {
        let ring = buffer(center, radius)?;
        return Ok(if is_plain(&ring, center, radius) { ring } else { as_written(ring) });
    }
    has_ring(radius)?;
    let mut parts = Parts { radius, list: Vec::new() };
    match shape {
        Shape::Points(points) => points.iter().for_each(|point| parts.circle(*point)),
        Shape::Lines(lines) => lines.iter().for_each(|line| parts.line(&parts.simplified(line))),
        Shape::Polygons(polygons) => polygons.iter().for_each(|polygon| parts.polygon(polygon)),
    }
    let shape = parts.united();
    let area_km2 = drawn_area(&shape) / 1e6;
    Ok(Buffer { shape, area_km2 })
}

/// Whether a ring around a point stays valid however it is rounded.
fn is_plain(ring: &Buffer, center: Position, radius: Length) -> bool {
    let in_one_piece = matches!(ring.shape.0.as_slice(), [only] if only.interiors().is_empty());
    in_one_piece && radius >= SMALL && edges_are_short(center.lat(), radius)
}

/// The ring made valid after rounding; a ring that vanishes on the grid is returned unchanged.
fn as_written(ring: Buffer) -> Buffer {
    match polygons_as_written(&ring.shape) {
        Some(shape) if !shape.0.is_empty() => Buffer { area_km2: drawn_area(&shape) / 1e6, shape },
        _ => ring,
    }
}

/// The pieces of a buffer, neighbors next to each other.
struct Parts {
    radius: Length,
    list: Vec<MultiPolygon<f64>>,
}

/// A position on an edge, and the direction of the edge there.
#[derive(Clone, Copy)]
struct Node {
    at: Position,
    bearing: f64,
}

impl Parts {
    /// The union of all pieces, without holes so small that they come from rounding or make no difference.
    fn united(mut self) -> MultiPolygon<f64> {
        while self.list.len() > 1 {
            self.list =
                self.list.chunks(TOGETHER).map(|some| united(some.iter().flatten())).collect();
        }
        let mut shape = self.list.pop().unwrap_or_else(|| MultiPolygon(Vec::new()));
        let least = SMALLEST_HOLE * self.radius.meters();
        for polygon in &mut shape {
            let is_hole = |ring: &&LineString<f64>| {
                let hole = MultiPolygon(vec![Polygon::new((*ring).clone(), Vec::new())]);
                drawn_area(&hole) > least * least
            };
            if !polygon.interiors().iter().all(|ring| is_hole(&ring)) {
                let holes = polygon.interiors().iter().filter(is_hole).cloned().collect();
                *polygon = Polygon::new(polygon.exterior().clone(), holes);
            }
        }
        shape
    }

    /// Adds a circle around a position.
    fn circle(&mut self, center: Position) {
        // Whether a radius has a ring does not depend on the place.
        self.list.extend(circle(center, self.radius, FINE));
    }

    /// Adds the buffer of a line.
    fn line(&mut self, line: &[Coord<f64>]) {
        let mut from = 0;
        while from + 1 < line.len() {
            let to = (from + STRETCH).min(line.len() - 1);
            let stretch = line.get(from..=to).unwrap_or_default();
            let there = stretch.iter().copied();
            let back = stretch.iter().rev().skip(1).copied();
            let ring = self.over_bays(&there.chain(back).collect::<Vec<_>>());
            match self.outline(&ring) {
                Some(outline) => self.list.push(united([&outline])),
                None => self.corridor(stretch),
            }
            from = to;
        }
    }

    /// Adds a polygon with its buffer.
    fn polygon(&mut self, polygon: &Polygon<f64>) {
        let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        let rings: Vec<Vec<Coord<f64>>> =
            rings.map(|ring| self.over_bays(&self.simplified(ring))).collect();
        if rings.iter().map(Vec::len).sum::<usize>() <= 2 * STRETCH {
            let outlines = rings.iter().map(|ring| self.outline(ring));
            if let Some(outlines) = outlines.collect::<Option<Vec<_>>>() {
                self.list.push(united(&outlines));
                return;
            }
        }
        rings.iter().for_each(|ring| self.line(ring));
        self.list.push(MultiPolygon(vec![polygon.clone()]));
    }

    /// A line or ring without the vertices that do not affect its buffer.
    fn simplified(&self, path: &LineString<f64>) -> Vec<Coord<f64>> {
        let lowest = path.0.iter().map(|c| c.y.abs()).fold(90.0, f64::min);
        // In meters, with widths as at the latitude where they are largest, so that no vertex deviates by
        // more.
        let wide = DEGREE * libm::cos(lowest.to_radians()).max(1e-9);
        let flat: LineString<f64> =
            path.0.iter().map(|c| Coord { x: c.x * wide, y: c.y * DEGREE }).collect();
        let kept = flat.simplify_idx(SIMPLER * self.radius.meters());
        if path.0.first() == path.0.last() && kept.len() < 4 {
            return path.0.clone();
        }
        kept.into_iter().filter_map(|at| path.0.get(at).copied()).collect()
    }

    /// A ring without the bays on its right side whose mouths are narrow: its buffer is the same except for
    /// a little behind the mouths. The corner at which it begins and ends is kept.
    fn over_bays(&self, ring: &[Coord<f64>]) -> Vec<Coord<f64>> {
        let mouth = MOUTH * self.radius.meters();
        let mut kept: Vec<Coord<f64>> = Vec::with_capacity(ring.len());
        for corner in ring {
            while let [.., a, b] = kept.as_slice() {
                let turn = (b.x - a.x) * (corner.y - b.y) - (b.y - a.y) * (corner.x - b.x);
                // A path that comes straight back has turned around at the end of a line.
                if turn > 0.0 || a == corner || meters_along(*a, *corner) > mouth {
                    break;
                }
                kept.pop();
            }
            kept.push(*corner);
        }
        kept
    }

    /// The outline of a closed ring on its right side; `None` if it crosses the antimeridian or needs
    /// circles in a row.
    fn outline(&self, ring: &[Coord<f64>]) -> Option<Polygon<f64>> {
        let edges = ring.windows(2).filter_map(|edge| match edge {
            [a, b] if !no_edge(*a, *b) => Some((*a, *b)),
            _ => None,
        });
        let nodes: Vec<Vec<Node>> =
            edges.map(|(from, to)| self.nodes(from, to)).collect::<Option<_>>()?;
        let mut line: Vec<Coord<f64>> = Vec::new();
        let before = nodes.iter().cycle().skip(nodes.len().saturating_sub(1));
        for (nodes, before) in nodes.iter().zip(before) {
            if let Some((before, after)) = before.last().zip(nodes.first()) {
                self.turn(*before, *after, &mut line);
            }
            line.extend(nodes.iter().map(|node| self.beside(*node, 90.0).coord()));
        }
        line.extend(line.first().copied());
        (!crosses_seam(&line)).then(|| Polygon::new(LineString(line), Vec::new()))
    }

    /// Adds the outline at a corner: on the outer side of a left turn an arc, on the inner side of a right
    /// turn the corner itself.
    fn turn(&self, before: Node, after: Node, line: &mut Vec<Coord<f64>>) {
        let turn = (after.bearing - before.bearing + 540.0).rem_euclid(360.0) - 180.0;
        // At the end of a line the outline turns around.
        let turn = if turn > 179.999 { turn - 360.0 } else { turn };
        if turn > 0.0 {
            line.push(after.at.coord());
            return;
        }
        let parts = parts_of(-turn, 360.0 / f64::from(FINE.corners));
        line.extend((1..parts).map(|part| {
            let bearing = before.bearing + 90.0 + turn * f64::from(part) / f64::from(parts);
            geodesic::direct(after.at, bearing, self.radius).coord()
        }));
    }

    /// Positions along an edge, ends included, spaced so that its sides are straight between them; `None` if
    /// it bends too much for the radius.
    fn nodes(&self, from: Coord<f64>, to: Coord<f64>) -> Option<Vec<Node>> {
        let highest = from.y.abs().max(to.y.abs());
        if !edges_are_short(highest, self.radius) {
            return None;
        }
        let parts = parts_of(meters_along(from, to), STRIP * libm::cos(highest.to_radians()));
        let node = |part: u32| {
            let at = Position::from_coord(between(from, to, part, parts))?;
            Some(Node { at, bearing: bearing(at, to.x - from.x, to.y - from.y) })
        };
        (0..=parts).map(node).collect()
    }

    /// Adds the buffer of a line, assembled from strips, sectors and circles.
    fn corridor(&mut self, path: &[Coord<f64>]) {
        // The last node of the previous edge, if that has a strip.
        let mut before: Option<Node> = None;
        let edges = path.windows(2).filter(|edge| !matches!(edge, [a, b] if no_edge(*a, *b)));
        for edge in edges {
            let [from, to] = edge else { continue };
            let strip = self.strip(*from, *to);
            match (before, strip) {
                (Some(before), Some([start, _])) => self.corner(before, start),
                (None, Some([start, _])) => self.end(start, 180.0),
                (Some(before), None) => self.end(before, 0.0),
                (None, None) => {}
            }
            before = strip.map(|[_, end]| end);
        }
        if let Some(before) = before {
            self.end(before, 0.0);
        }
    }

    /// Adds the strip along an edge and returns the nodes at its ends. If a strip would bend, adds circles
    /// along the edge and returns `None`.
    fn strip(&mut self, from: Coord<f64>, to: Coord<f64>) -> Option<[Node; 2]> {
        let Some(nodes) = self.nodes(from, to) else {
            let far = Length::from_km(20_015.0).meters() - self.radius.meters();
            let radius = self.radius.meters().min(far);
            let parts = parts_of(meters_along(from, to), ROW * radius)
                .max(parts_of(bend(from, to, radius), 1.0));
            for part in 0..=parts {
                if let Some(at) = Position::from_coord(between(from, to, part, parts)) {
                    self.circle(at);
                }
            }
            return None;
        };
        let sides: Vec<[Position; 2]> = nodes
            .iter()
            .map(|node| [self.beside(*node, 90.0), self.beside(*node, -90.0)])
            .collect();
        for (ends, sides) in nodes.windows(2).zip(sides.windows(2)) {
            if let ([start, end], [[right, left], [next_right, next_left]]) = (ends, sides) {
                self.add(&[*right, *next_right, end.at, *next_left, *left, start.at]);
            }
        }
        nodes.first().copied().zip(nodes.last().copied()).map(|(first, last)| [first, last])
    }

    /// Adds the sector on the outer side of a corner.
    fn corner(&mut self, before: Node, after: Node) {
        let turn = (after.bearing - before.bearing + 540.0).rem_euclid(360.0) - 180.0;
        let side = if turn > 0.0 { -90.0 } else { 90.0 };
        self.sector(before.at, before.bearing + side, turn);
    }

    /// Adds the half circle at an end of a line, ahead of it or, turned by 180°, behind it.
    fn end(&mut self, node: Node, turned: f64) {
        self.sector(node.at, node.bearing + turned - 90.0, 180.0);
    }

    /// Adds the sector that begins at a bearing and spans some degrees clockwise.
    fn sector(&mut self, at: Position, from: f64, degrees: f64) {
        if degrees == 0.0 {
            return;
        }
        let parts = parts_of(degrees.abs(), 360.0 / f64::from(FINE.corners));
        let arc = (0..=parts).map(|part| {
            let bearing = from + degrees * f64::from(part) / f64::from(parts);
            geodesic::direct(at, bearing, self.radius)
        });
        let ring: Vec<Position> = std::iter::once(at).chain(arc).collect();
        self.add(&ring);
    }

    fn beside(&self, node: Node, side: f64) -> Position {
        geodesic::direct(node.at, node.bearing + side, self.radius)
    }

    /// Adds a polygon that contains no pole, cut where it crosses the antimeridian.
    fn add(&mut self, corners: &[Position]) {
        let mut ring: Vec<Coord<f64>> = corners.iter().map(|corner| corner.coord()).collect();
        ring.extend(ring.first().copied());
        let crosses = crosses_seam(&ring);
        let mut polygon = Polygon::new(LineString(ring), Vec::new());
        if crosses {
            // A polygon that is too small to cut encloses nothing.
            self.list.extend(cut_polygons(&MultiPolygon(vec![polygon])));
            return;
        }
        if polygon.signed_area() < 0.0 {
            polygon.exterior_mut(|ring| ring.0.reverse());
        }
        self.list.push(MultiPolygon(vec![polygon]));
    }
}

fn crosses_seam(line: &[Coord<f64>]) -> bool {
    line.windows(2).any(|edge| match edge {
        [a, b] => (b.x - a.x).abs() > 180.0,
        _ => false,
    })
}

/// Whether an edge has no length on the ground because it runs along a pole.
fn no_edge(a: Coord<f64>, b: Coord<f64>) -> bool {
    a == b || (90.0 - a.y.abs() < 1e-9 && 90.0 - b.y.abs() < 1e-9)
}

/// The length of an edge, rounded up.
fn meters_along(from: Coord<f64>, to: Coord<f64>) -> f64 {
    let lowest = if from.y.signum() == to.y.signum() { from.y.abs().min(to.y.abs()) } else { 0.0 };
    let east = (to.x - from.x) * libm::cos(lowest.to_radians());
    libm::hypot(east, to.y - from.y) * 1.01 * DEGREE
}

/// The number of parts into which an edge around a pole must be split so that each deviates from its chord
/// by no more than the tolerance: a part that turns by an angle at a distance c from the pole deviates by
/// the squared angle times c / 8.
fn bend(from: Coord<f64>, to: Coord<f64>, radius: f64) -> f64 {
    let off_pole = (90.0 - from.y.abs().min(to.y.abs())) * DEGREE;
    (to.x - from.x).abs().to_radians() * (off_pole / (8.0 * SIMPLER * radius)).sqrt()
}

/// The number of parts of at most a length; at least 1.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "within 1 and a million"
)]
fn parts_of(whole: f64, most: f64) -> u32 {
    (whole / most).ceil().clamp(1.0, 1e6) as u32
}

fn between(from: Coord<f64>, to: Coord<f64>, part: u32, parts: u32) -> Coord<f64> {
    if part == parts {
        return to;
    }
    let share = f64::from(part) / f64::from(parts);
    Coord { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) }
}

/// The bearing at a position of an edge that is straight in longitude and latitude, from its extents along
/// the parallel and the meridian and the ellipsoid's radii there.
fn bearing(at: Position, width: f64, height: f64) -> f64 {
    let e2 = FLATTENING * (2.0 - FLATTENING);
    let sin = libm::sin(at.lat().to_radians());
    let w2 = 1.0 - e2 * sin * sin;
    let parallel = SEMI_MAJOR * libm::cos(at.lat().to_radians()) / w2.sqrt();
    let meridian = SEMI_MAJOR * (1.0 - e2) / (w2 * w2.sqrt());
    libm::atan2(width * parallel, height * meridian).to_degrees()
}
