//! Shapes as the page draws them: lines in small parts of a map unit, each the first corner and then the way from corner
//! to corner.

use super::View;
use crate::earth::{Position, Shape};
use crate::layers::report::view::wrapped;
use geo::Simplify;
use geo_types::{Coord, LineString};
use serde::Serialize;

/// How far a drawn line may depart from its shape, in parts.
const TOLERANCE: f64 = 3.0;

/// Parts of a map unit: a hundred, or as many tens as it takes for a part of at most 25 m.
pub fn per_unit(view: &View) -> f64 {
    const PARTS_PER_DEGREE: f64 = 40.0 * 111.2;
    let mut parts = 100.0;
    while parts * view.per_lat < PARTS_PER_DEGREE && parts < 1e6 {
        parts *= 10.0;
    }
    parts
}

/// How a shape is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// Points.
    Point,
    /// Lines.
    Line,
    /// Closed rings.
    Area,
}

/// A shape on the map.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Drawn {
    /// How it is drawn.
    pub form: Form,
    /// Its lines, rings or points.
    pub lines: Vec<Vec<i64>>,
}

impl Drawn {
    /// A shape on a map.
    pub fn of(shape: &Shape, view: &View) -> Self {
        match shape {
            Shape::Points(points) => Self {
                form: Form::Point,
                lines: points.iter().map(|at| point(*at, view)).collect(),
            },
            Shape::Lines(_) => Self { form: Form::Line, lines: lines(shape, view) },
            Shape::Polygons(_) => Self { form: Form::Area, lines: lines(shape, view) },
        }
    }

    /// The number of its corners.
    pub fn corners(&self) -> usize {
        self.lines.iter().map(|line| line.len() / 2).sum()
    }
}

fn point(at: Position, view: &View) -> Vec<i64> {
    let (x, y) = view.place(at.lon(), at.lat());
    let parts = per_unit(view);
    vec![whole(x * parts), whole(y * parts)]
}

fn lines(shape: &Shape, view: &View) -> Vec<Vec<i64>> {
    let paths = shape.paths();
    let parts = per_unit(view);
    let line = |path| ways(&placed(path, view).simplify(TOLERANCE / parts), parts);
    paths.into_iter().map(line).collect()
}

/// A line on the map, not broken where the map ends in the east or west.
fn placed(path: &LineString<f64>, view: &View) -> LineString<f64> {
    let mut east: Option<f64> = None;
    let place = |at: &Coord<f64>| {
        let way = match east {
            None => wrapped(at.x - view.lon),
            Some(before) => before + wrapped(at.x - view.lon - before),
        };
        east = Some(way);
        let (x, y) = view.at(way, at.y);
        Coord { x, y }
    };
    path.coords().map(place).collect()
}

fn ways(line: &LineString<f64>, parts: f64) -> Vec<i64> {
    let mut before = (0, 0);
    let mut ways = Vec::with_capacity(2 * line.0.len());
    for corner in line.coords() {
        let place = (whole(corner.x * parts), whole(corner.y * parts));
        if place != before || ways.is_empty() {
            ways.extend([place.0 - before.0, place.1 - before.1]);
        }
        before = place;
    }
    ways
}

#[expect(clippy::cast_possible_truncation, reason = "a map is some thousands of units wide")]
fn whole(parts: f64) -> i64 {
    parts.round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::MultiLineString;

    fn view(lon: f64) -> View {
        View { width: 1200.0, height: 800.0, lon, lat: 0.0, per_lon: 50.0, per_lat: 50.0 }
    }

    #[test]
    fn a_line_is_told_by_its_ways() {
        let line = LineString::from(vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)]);
        let drawn = Drawn::of(&Shape::Lines(MultiLineString(vec![line])), &view(0.0));
        assert_eq!(drawn.lines, [[60_000, 40_000, 5_000, 0, 0, -5_000]]);
        assert_eq!((drawn.form, drawn.corners()), (Form::Line, 3));
    }

    #[test]
    fn a_line_over_the_edge_of_the_map_is_not_broken() {
        let line = LineString::from(vec![(-10.0, 0.0), (10.0, 0.0)]);
        let drawn = Drawn::of(&Shape::Lines(MultiLineString(vec![line])), &view(175.0));
        assert_eq!(drawn.lines, [[60_000 + 875_000, 40_000, 100_000, 0]]);
    }
}
