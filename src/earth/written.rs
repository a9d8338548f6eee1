//! Polygons and lines as files hold them: with seven decimals, about a centimeter, and valid there as OGC
//! Simple Features (06-103r4, section 6.1.11) has it.
//!
//! Rounding moves corners by half a unit, so that what is valid may cross, touch or fold up as it is
//! written. Positions are whole numbers of units, and an overlay in whole numbers says which polygons they
//! enclose: all of a result's corners are on the grid, so that nothing is rounded after it was judged.

use super::faces::{self, Corner, faces};
use geo_types::{Coord, LineString, MultiLineString, MultiPolygon, Polygon};
use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{IntOverlayOptions, Overlay, ShapeType};
use i_overlay::i_float::int::point::IntPoint;
use i_overlay::vector::edge::{SUBJ_LEFT, SUBJ_RIGHT};

/// Units of the last decimal in a degree.
pub(crate) const UNITS: f64 = 1e7;

/// What is this far from the middle of its frame still fits the numbers of the overlay, whose products
/// of two differences must stay below 2⁶³.
const REACH: i64 = (1 << 30) - 8;

/// A longitude or latitude in whole units of the last decimal that is written.
#[expect(clippy::cast_possible_truncation, reason = "a degree is within ±360, far below 2⁶³")]
pub(crate) fn units(degrees: f64) -> i64 {
    (degrees.clamp(-360.0, 360.0) * UNITS).round() as i64
}

/// A longitude or latitude of so many units: the float that is nearest to its text, since both the units
/// and what they are divided by are exact.
#[expect(clippy::cast_precision_loss, reason = "a turn is 3.6e9 units, far below 2⁵³")]
pub(crate) fn degrees(units: i64) -> f64 {
    units as f64 / UNITS
}

/// All that any of the polygons covers, on the grid and valid; polygons with a common edge become one.
/// Exterior rings must be right-handed and holes left-handed, as those that were cut at the antimeridian are.
/// What is narrower than the grid is left out, so that there may be nothing.
pub fn united<'p>(polygons: impl IntoIterator<Item = &'p Polygon<f64>>) -> MultiPolygon<f64> {
    let rings: Vec<Ring> = polygons.into_iter().flat_map(rings_of).collect();
    let frame = Frame::around(&rings);
    let mut found = faces(frame.boundary(&rings, false));
    let mut touched = forks(&found);
    touched.sort_unstable();
    for ring in found.iter_mut().flatten() {
        *ring = without_straight(ring, &touched);
    }
    frame.polygons(&found)
}

/// Polygons that are valid as they will be written, of the same ground; `None` where the given ones are so
/// already, edge by edge. What is narrower than the grid is left out.
pub fn polygons_as_written(polygons: &MultiPolygon<f64>) -> Option<MultiPolygon<f64>> {
    let rings: Vec<Ring> = polygons.0.iter().flat_map(rings_of).collect();
    let frame = Frame::around(&rings);
    let boundary = frame.boundary(&rings, true);
    // Rings that say what they enclose without a crossing, a touch or a fold come back as they were: the
    // same edges, as many rings and polygons.
    let same = frame.holds(&rings) && {
        let mut given: Vec<_> = rings.iter().flat_map(|ring| edges(&frame.numbers(ring))).collect();
        let mut found: Vec<_> = boundary.clone();
        given.sort_unstable();
        found.sort_unstable();
        given == found
    };
    let found = faces(boundary);
    let same = same
        && found.len() == polygons.0.len()
        && found.iter().map(Vec::len).sum::<usize>() == rings.len();
    (!same).then(|| frame.polygons(&found))
}

/// Lines without the parts that have no two positions as they will be written; `None` where all have.
pub fn lines_as_written(lines: &MultiLineString<f64>) -> Option<MultiLineString<f64>> {
    if lines.0.iter().all(has_length) {
        return None;
    }
    Some(MultiLineString(lines.0.iter().filter(|line| has_length(line)).cloned().collect()))
}

fn has_length(line: &LineString<f64>) -> bool {
    let mut places = line.0.iter().map(|c| (units(c.x), units(c.y)));
    places.next().is_some_and(|first| places.any(|place| place != first))
}

/// Corners in units, neighbors distinct, the first not repeated.
type Ring = Vec<(i64, i64)>;

/// The rings of a polygon, those included that fold up on the grid.
fn rings_of(polygon: &Polygon<f64>) -> impl Iterator<Item = Ring> {
    std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(|ring| {
        let mut corners: Ring = ring.0.iter().map(|c| (units(c.x), units(c.y))).collect();
        corners.dedup();
        while corners.len() > 1 && corners.first() == corners.last() {
            corners.pop();
        }
        corners
    })
}

/// The edges of a ring.
fn edges(ring: &[Corner]) -> Vec<[Corner; 2]> {
    ring.iter().zip(ring.iter().cycle().skip(1)).map(|(a, b)| [*a, *b]).collect()
}

/// The corners that rings have in common.
fn forks(found: &[Vec<faces::Ring>]) -> Vec<Corner> {
    let mut all: Vec<Corner> = found.iter().flatten().flatten().copied().collect();
    all.sort_unstable();
    let again = all.iter().zip(all.iter().skip(1)).filter(|(a, b)| a == b);
    again.map(|(a, _)| *a).collect()
}

/// A ring without the corners at which it goes straight on, but for those that another ring has too.
fn without_straight(ring: &[Corner], touched: &[Corner]) -> faces::Ring {
    let before = ring.iter().cycle().skip(ring.len().saturating_sub(1));
    let after = ring.iter().cycle().skip(1);
    (ring.iter().zip(before).zip(after))
        .filter(|((at, before), after)| {
            let turns = faces::doubled_area(&[**before, **at, **after]) != 0;
            turns || touched.binary_search(at).is_ok()
        })
        .map(|((at, _), _)| *at)
        .collect()
}

/// Where the overlay's numbers lie on the sheet.
struct Frame {
    middle: (i64, i64),
    /// Units of a step: two where a shape is wider than the numbers reach, which loses half a centimeter.
    step: i64,
}

impl Frame {
    fn around(rings: &[Ring]) -> Self {
        let span = |of: fn(&(i64, i64)) -> i64| {
            let all = || rings.iter().flatten().map(of);
            (all().min().unwrap_or(0), all().max().unwrap_or(0))
        };
        let ((west, east), (south, north)) = (span(|c| c.0), span(|c| c.1));
        let step = if (east - west).max(north - south) / 2 < REACH { 1 } else { 2 };
        let middle = |low: i64, high: i64| (low + high).div_euclid(4) * 2;
        Self { middle: (middle(west, east), middle(south, north)), step }
    }

    /// Whether all corners are numbers of the frame as they are.
    fn holds(&self, rings: &[Ring]) -> bool {
        let whole = |unit: i64| unit % self.step == 0;
        rings.iter().flatten().all(|(x, y)| whole(*x) && whole(*y))
    }

    /// The edges around what rings go around counterclockwise, which lies to the left of each; none crosses
    /// another.
    fn boundary(&self, rings: &[Ring], straight: bool) -> Vec<[Corner; 2]> {
        let options = IntOverlayOptions {
            preserve_input_collinear: straight,
            ..IntOverlayOptions::default()
        };
        let positions = rings.iter().map(Vec::len).sum();
        let mut overlay = Overlay::new_custom(positions, options, Default::default());
        for ring in rings.iter().filter(|ring| ring.len() > 2) {
            let ring = ring.iter().map(|corner| self.number(*corner));
            overlay.add_path_iter(ring.map(|(x, y)| IntPoint::new(x, y)), ShapeType::Subject);
        }
        let edges = overlay.build_separate_vectors(FillRule::Positive).into_iter();
        edges
            .filter_map(|edge| {
                let (a, b) = ((edge.a.x, edge.a.y), (edge.b.x, edge.b.y));
                match (edge.fill & SUBJ_LEFT != 0, edge.fill & SUBJ_RIGHT != 0) {
                    (true, false) => Some([a, b]),
                    (false, true) => Some([b, a]),
                    _ => None,
                }
            })
            .collect()
    }

    fn numbers(&self, ring: &Ring) -> faces::Ring {
        ring.iter().map(|corner| self.number(*corner)).collect()
    }

    fn number(&self, (x, y): (i64, i64)) -> Corner {
        let along = |units: i64, middle: i64| {
            // Halves go up, wherever they lie.
            let steps = (units - middle + self.step / 2).div_euclid(self.step);
            i32::try_from(steps).unwrap_or(if steps < 0 { i32::MIN } else { i32::MAX })
        };
        (along(x, self.middle.0), along(y, self.middle.1))
    }

    fn polygons(&self, found: &[Vec<faces::Ring>]) -> MultiPolygon<f64> {
        let at = |(x, y): &Corner| {
            let unit = |number: i32, middle: i64| i64::from(number) * self.step + middle;
            Coord { x: degrees(unit(*x, self.middle.0)), y: degrees(unit(*y, self.middle.1)) }
        };
        let line = |ring: &faces::Ring| -> LineString<f64> {
            ring.iter().chain(ring.iter().take(1)).map(at).collect()
        };
        let polygon = |face: &Vec<faces::Ring>| {
            let mut rings = face.iter().map(line);
            Some(Polygon::new(rings.next()?, rings.collect()))
        };
        MultiPolygon(found.iter().filter_map(polygon).collect())
    }
}
