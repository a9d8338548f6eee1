//! Overlap: which share of a geodesic buffer is covered by the union of polygons.
//!
//! The polygons around a site are cut to a box about the buffer, projected to a plane in which areas
//! are true, united and clipped to the buffer there. Edges are straight in longitude and latitude
//! and are followed in steps of at most 2 km.

use crate::earth::{EqualArea, Length, Position, geodesic};
use geo::{Area, BooleanOps, unary_union};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

/// The share of a buffer around a position that the union of polygons covers, 0 to 1.
///
/// The buffer is a polygon of 180 geodesic directions, taken for both the covered area and the
/// whole, so that its own error cancels. Polygons must be cut at the seam. A radius of zero gives 0.
pub fn share(center: Position, radius: Length, polygons: &[&MultiPolygon<f64>]) -> f64 {
    let flat = EqualArea::around(center);
    let buffer = buffer(center, radius, &flat);
    let whole = buffer.unsigned_area();
    let near = cut_to(polygons, &boxes(center, radius));
    if whole <= 0.0 || near.is_empty() {
        return 0.0;
    }
    let projected: Vec<Polygon<f64>> = near.iter().map(|polygon| project(polygon, &flat)).collect();
    let covered = unary_union(&projected).intersection(&buffer).unsigned_area();
    (covered / whole).clamp(0.0, 1.0)
}

fn buffer(center: Position, radius: Length, flat: &EqualArea) -> Polygon<f64> {
    let ring: LineString<f64> = (0..180)
        .map(|i| flat.project(geodesic::direct(center, 360.0 - f64::from(2 * i), radius).coord()))
        .collect();
    Polygon::new(ring, vec![])
}

/// West, south, east, north of one or two boxes that surely hold the buffer.
fn boxes(center: Position, radius: Length) -> Vec<[f64; 4]> {
    // A degree of latitude is at least 110.574 km; a tenth more is margin.
    let dlat = radius.km() / 110.574 * 1.1 + 0.01;
    let (south, north) = (center.lat() - dlat, center.lat() + dlat);
    if south <= -89.0 || north >= 89.0 {
        return vec![[-180.0, south, 180.0, north]];
    }
    let widest = south.abs().max(north.abs());
    let dlon = dlat / libm::cos(widest.to_radians());
    if dlon >= 180.0 {
        return vec![[-180.0, south, 180.0, north]];
    }
    let (west, east) = (center.lon() - dlon, center.lon() + dlon);
    if west < -180.0 {
        vec![[-180.0, south, east, north], [west + 360.0, south, 180.0, north]]
    } else if east > 180.0 {
        vec![[west, south, 180.0, north], [-180.0, south, east - 360.0, north]]
    } else {
        vec![[west, south, east, north]]
    }
}

/// What is left of the polygons within the boxes.
fn cut_to(polygons: &[&MultiPolygon<f64>], boxes: &[[f64; 4]]) -> Vec<Polygon<f64>> {
    let mut left = Vec::new();
    for polygon in polygons.iter().flat_map(|multi| &multi.0) {
        for frame in boxes {
            let exterior = cut_ring(polygon.exterior(), *frame);
            if exterior.0.len() < 4 {
                continue;
            }
            let interiors = polygon.interiors().iter().map(|ring| cut_ring(ring, *frame));
            left.push(Polygon::new(exterior, interiors.filter(|ring| ring.0.len() >= 4).collect()));
        }
    }
    left
}

/// A ring cut to a box, side by side (Sutherland and Hodgman 1974). A ring that leaves the box and
/// comes back runs along its side, which has no area.
fn cut_ring(ring: &LineString<f64>, [west, south, east, north]: [f64; 4]) -> LineString<f64> {
    type Inside = fn(Coord<f64>, f64) -> bool;
    type Meet = fn(Coord<f64>, Coord<f64>, f64) -> Coord<f64>;
    let meet_x: Meet = |a, b, x| Coord { x, y: a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x) };
    let meet_y: Meet = |a, b, y| Coord { x: a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y), y };
    let sides: [(f64, Inside, Meet); 4] = [
        (west, |c, x| c.x >= x, meet_x),
        (east, |c, x| c.x <= x, meet_x),
        (south, |c, y| c.y >= y, meet_y),
        (north, |c, y| c.y <= y, meet_y),
    ];
    let mut left: Vec<Coord<f64>> = ring.0.clone();
    for (side, inside, meet) in sides {
        let mut next = Vec::with_capacity(left.len());
        let Some(mut last) = left.last().copied() else { break };
        for &at in &left {
            if inside(at, side) != inside(last, side) {
                next.push(meet(last, at, side));
            }
            if inside(at, side) {
                next.push(at);
            }
            last = at;
        }
        left = next;
    }
    let mut line = LineString(left);
    line.close();
    line
}

/// A polygon in the plane, its edges followed in short steps.
fn project(polygon: &Polygon<f64>, flat: &EqualArea) -> Polygon<f64> {
    let ring = |line: &LineString<f64>| -> LineString<f64> {
        let mut out = Vec::with_capacity(line.0.len());
        for edge in line.lines() {
            // 0.02 degrees are at most 2.2 km of latitude; near the poles longitude counts for
            // less, but a step of 2 degrees at most keeps a parallel round.
            let narrow = libm::cos(edge.start.y.abs().min(edge.end.y.abs()).to_radians());
            let span = libm::hypot((edge.end.x - edge.start.x) * narrow, edge.end.y - edge.start.y);
            let steps = (span / 0.02)
                .max((edge.end.x - edge.start.x).abs() / 2.0)
                .ceil()
                .clamp(1.0, 20_000.0);
            let mut step = 0.0;
            while step < steps {
                let t = step / steps;
                out.push(flat.project(Coord {
                    x: edge.start.x + t * (edge.end.x - edge.start.x),
                    y: edge.start.y + t * (edge.end.y - edge.start.y),
                }));
                step += 1.0;
            }
        }
        let mut line = LineString(out);
        line.close();
        line
    };
    Polygon::new(ring(polygon.exterior()), polygon.interiors().iter().map(ring).collect())
}
