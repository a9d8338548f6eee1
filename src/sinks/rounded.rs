//! Features rounded as in files, whatever the format: positions to seven decimals, numbers to their
//! digits. So all formats hold exactly the same values.

use super::number;
use crate::layers::{Digits, Geometry};
use geo_types::{Coord, LineString};

/// Longitude and latitude in units of the last written decimal.
pub(super) type Rounded = (i64, i64);

/// A position in units of the last decimal.
pub(super) fn rounded(coord: Coord<f64>) -> Rounded {
    (number::units(coord.x), number::units(coord.y))
}

/// A line or ring. Consecutive positions that round to the same one are merged, as long as `least`
/// remain, which the geometry needs.
pub(super) fn path(path: &LineString<f64>, least: usize) -> Vec<Rounded> {
    let all: Vec<Rounded> = path.0.iter().map(|c| rounded(*c)).collect();
    let mut distinct = all.clone();
    distinct.dedup();
    if distinct.len() >= least { distinct } else { all }
}

/// A geometry with rounded positions in degrees, each the float that a reader of its seven decimals
/// gets.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Drawn {
    /// A Point.
    Point([f64; 2]),
    /// A MultiPoint.
    Points(Vec<[f64; 2]>),
    /// A LineString.
    Line(Vec<[f64; 2]>),
    /// The rings of a Polygon, the outer one first.
    Polygon(Vec<Vec<[f64; 2]>>),
    /// A GeometryCollection.
    Collection(Vec<Drawn>),
    /// The lines of a MultiLineString.
    Lines(Vec<Vec<[f64; 2]>>),
    /// The polygons of a MultiPolygon, each a list of rings, the outer one first.
    Polygons(Vec<Vec<Vec<[f64; 2]>>>),
}

impl Drawn {
    /// The geometry of a feature.
    pub(super) fn of(geometry: &Geometry) -> Self {
        match geometry {
            Geometry::Point(position) => Self::Point(degrees(rounded(position.coord()))),
            Geometry::Lines(lines) => {
                Self::Lines(lines.0.iter().map(|line| drawn(line, 2)).collect())
            }
            Geometry::Polygons(polygons) => Self::Polygons(
                polygons
                    .0
                    .iter()
                    .map(|polygon| {
                        let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
                        rings.map(|ring| drawn(ring, 4)).collect()
                    })
                    .collect(),
            ),
        }
    }

    /// West, south, east and north; `None` without any position. West is never greater than east,
    /// since no written geometry crosses the antimeridian.
    pub(super) fn bounds(&self) -> Option<[f64; 4]> {
        match self {
            Self::Point([x, y]) => Some([*x, *y, *x, *y]),
            Self::Points(points) | Self::Line(points) => bounds(points.iter()),
            Self::Collection(all) => all.iter().fold(None, |sum, one| join(sum, one.bounds())),
            Self::Lines(lines) | Self::Polygon(lines) => bounds(lines.iter().flatten()),
            Self::Polygons(polygons) => bounds(polygons.iter().flatten().flatten()),
        }
    }
}

/// The union of two boxes.
pub(super) fn join(a: Option<[f64; 4]>, b: Option<[f64; 4]>) -> Option<[f64; 4]> {
    let low = |a: f64, b: f64| if a < b { a } else { b };
    let high = |a: f64, b: f64| if a > b { a } else { b };
    match (a, b) {
        (Some([w, s, e, n]), Some([w2, s2, e2, n2])) => {
            Some([low(w, w2), low(s, s2), high(e, e2), high(n, n2)])
        }
        (a, b) => a.or(b),
    }
}

/// A number as a reader of its text gets it; `None` if it is not finite.
pub(super) fn number(number: f64, digits: Digits) -> Option<f64> {
    if !number.is_finite() {
        return None;
    }
    // Integers need no rounding; adding zero removes the sign of −0.
    if digits == Digits::All || number.fract() == 0.0 {
        return Some(number + 0.0);
    }
    let mut text = Vec::new();
    number::push_number(&mut text, number, digits);
    std::str::from_utf8(&text).ok()?.parse().ok()
}

/// A number without decimals as an integer; `None` if it has more digits than an integer of 64 bits takes.
pub(super) fn integer(of: f64, digits: Digits) -> Option<i64> {
    if digits != Digits::Decimals(0) {
        return None;
    }
    let mut text = Vec::new();
    number::push_number(&mut text, of, digits);
    std::str::from_utf8(&text).ok()?.parse().ok()
}

fn drawn(line: &LineString<f64>, least: usize) -> Vec<[f64; 2]> {
    path(line, least).into_iter().map(degrees).collect()
}

fn degrees((lon, lat): Rounded) -> [f64; 2] {
    [number::degrees(lon), number::degrees(lat)]
}

fn bounds<'p>(positions: impl Iterator<Item = &'p [f64; 2]>) -> Option<[f64; 4]> {
    positions.fold(None, |all, [x, y]| join(all, Some([*x, *y, *x, *y])))
}
