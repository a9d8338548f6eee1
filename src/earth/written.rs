//! Polygons and lines as files store them: with seven decimals, about a centimeter, and valid at that
//! precision under OGC Simple Features (06-103r4, section 6.1.11).
//!
//! Rounding moves corners by half a unit, so that a valid polygon may cross, touch or collapse when written.
//! Positions are therefore converted to whole units, and an integer overlay computes the polygons they
//! enclose: all corners of the result are on the grid, so that nothing is rounded after the check.

use super::faces::{self, Corner, faces};
use geo_types::{Coord, LineString, MultiLineString, MultiPolygon, Polygon};
use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{IntOverlayOptions, Overlay, ShapeType};
use i_overlay::i_float::int::point::IntPoint;
use i_overlay::vector::edge::{SUBJ_LEFT, SUBJ_RIGHT};

/// Units of the last decimal per degree.
pub(crate) const UNITS: f64 = 1e7;

/// The largest distance from the middle of a frame that fits the numbers of the overlay, whose products of
/// two differences must stay below 2⁶³.
const REACH: i64 = (1 << 30) - 8;

/// A longitude or latitude in whole units of the last written decimal.
#[expect(clippy::cast_possible_truncation, reason = "a degree is within ±360, far below 2⁶³")]
pub(crate) fn units(degrees: f64) -> i64 {
    (degrees.clamp(-360.0, 360.0) * UNITS).round() as i64
}

/// The longitude or latitude of a number of units: the float nearest to its text, since both the units and
/// the divisor are exact.
#[expect(clippy::cast_precision_loss, reason = "a turn is 3.6e9 units, far below 2⁵³")]
pub(crate) fn degrees(units: i64) -> f64 {
    units as f64 / UNITS
}

/// Returns the union of polygons, on the grid and valid; polygons with a common edge are merged. Exterior
/// rings must be right-handed and holes left-handed, as cutting at the antimeridian leaves them. Parts
/// narrower than the grid are dropped, so the result may be empty.
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

/// Returns polygons of the same area that are valid as written; `None` if the given ones already are, edge by
/// edge. Parts narrower than the grid are dropped.
pub fn polygons_as_written(polygons: &MultiPolygon<f64>) -> Option<MultiPolygon<f64>> {
    let rings: Vec<Ring> = polygons.0.iter().flat_map(rings_of).collect();
    let frame = Frame::around(&rings);
    let boundary = frame.boundary(&rings, true);
    // Rings without a crossing, a touch or a fold come back from the overlay unchanged: the same edges, as
    // many rings and polygons.
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

/// Returns lines without the parts that have fewer than two distinct positions as written; `None` if none
/// has.
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

/// The rings of a polygon, including those that collapse on the grid.
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

/// The corners that several rings share.
fn forks(found: &[Vec<faces::Ring>]) -> Vec<Corner> {
    let mut all: Vec<Corner> = found.iter().flatten().flatten().copied().collect();
    all.sort_unstable();
    let again = all.iter().zip(all.iter().skip(1)).filter(|(a, b)| a == b);
    again.map(|(a, _)| *a).collect()
}

/// Returns a ring without its collinear corners, except those that another ring shares.
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

/// The origin and scale of the overlay's numbers on the sheet.
struct Frame {
    middle: (i64, i64),
    /// Units per step: two if a shape is wider than the numbers reach, which loses half a centimeter.
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

    /// Whether all corners convert to numbers of the frame without loss.
    fn holds(&self, rings: &[Ring]) -> bool {
        let whole = |unit: i64| unit % self.step == 0;
        rings.iter().flatten().all(|(x, y)| whole(*x) && whole(*y))
    }

    /// Returns the boundary edges of the area that the rings enclose counterclockwise, with that area on the
    /// left; no two edges cross.
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
            // Halves round up everywhere.
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
