//! Polygons and lines as files hold them: with seven decimals, about a centimeter, and valid there as OGC
//! Simple Features (06-103r4, section 6.1.11) has it.
//!
//! Rounding moves corners by half a unit, so that what is valid may cross, touch or fold up as it is
//! written. Positions are whole numbers of units, and an overlay in whole numbers says which polygons they
//! enclose: all of a result's corners are on the grid, so that nothing is rounded after it was judged.

use geo_types::{Coord, LineString, MultiLineString, MultiPolygon, Polygon};
use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{IntOverlayOptions, Overlay, ShapeType};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::i_float::int::point::IntPoint;
use i_overlay::i_shape::int::shape::IntShapes;

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
/// Exterior rings must be right-handed and holes left-handed, as those that were cut at the seam are.
/// What is narrower than the grid is left out, so that there may be nothing.
pub fn united<'p>(polygons: impl IntoIterator<Item = &'p Polygon<f64>>) -> MultiPolygon<f64> {
    let rings: Vec<Ring> = polygons.into_iter().flat_map(rings_of).collect();
    let frame = Frame::around(&rings);
    let options = IntOverlayOptions { ogc: true, ..IntOverlayOptions::default() };
    frame.polygons(&frame.overlay(&rings, options))
}

/// Polygons that are valid as they will be written, of the same ground; `None` where the given ones are so
/// already, corner by corner. What is narrower than the grid is left out.
pub fn polygons_as_written(polygons: &MultiPolygon<f64>) -> Option<MultiPolygon<f64>> {
    let rings: Vec<Ring> = polygons.0.iter().flat_map(rings_of).collect();
    let frame = Frame::around(&rings);
    let options = IntOverlayOptions {
        ogc: true,
        preserve_input_collinear: true,
        preserve_output_collinear: true,
        ..IntOverlayOptions::default()
    };
    let found = frame.overlay(&rings, options);
    // Rings that say what they enclose without a crossing, a touch or a fold come back as they were: as
    // many polygons, and the same edges.
    let given = edges(rings.iter().map(|ring| ring.iter().copied()));
    let same = frame.step == 1
        && found.len() == polygons.0.len()
        && found.iter().map(Vec::len).sum::<usize>() == rings.len()
        && edges(found.iter().flatten().map(|ring| frame.units_of(ring))) == given;
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

/// A corner and the one after it.
type Edge = [(i64, i64); 2];

/// The edges of rings in an order that does not depend on where a ring begins.
fn edges<R: Iterator<Item = (i64, i64)> + Clone>(rings: impl Iterator<Item = R>) -> Vec<Edge> {
    let of_ring = |ring: R| ring.clone().zip(ring.cycle().skip(1)).map(|(a, b)| [a, b]);
    let mut edges: Vec<Edge> = rings.flat_map(of_ring).collect();
    edges.sort_unstable();
    edges
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

    fn overlay(&self, rings: &[Ring], options: IntOverlayOptions) -> IntShapes {
        let positions = rings.iter().map(Vec::len).sum();
        let mut overlay = Overlay::new_custom(positions, options, Default::default());
        for ring in rings.iter().filter(|ring| ring.len() > 2) {
            overlay.add_path_iter(ring.iter().map(|c| self.number(*c)), ShapeType::Subject);
        }
        overlay.overlay(OverlayRule::Subject, FillRule::Positive)
    }

    fn number(&self, (x, y): (i64, i64)) -> IntPoint {
        let along = |units: i64, middle: i64| {
            // Halves go up, wherever they lie.
            let steps = (units - middle + self.step / 2).div_euclid(self.step);
            i32::try_from(steps).unwrap_or(if steps < 0 { i32::MIN } else { i32::MAX })
        };
        IntPoint::new(along(x, self.middle.0), along(y, self.middle.1))
    }

    fn units_of<'r>(
        &'r self,
        ring: &'r [IntPoint],
    ) -> impl Iterator<Item = (i64, i64)> + Clone + 'r {
        ring.iter().map(|at| {
            let unit = |number: i32, middle: i64| i64::from(number) * self.step + middle;
            (unit(at.x, self.middle.0), unit(at.y, self.middle.1))
        })
    }

    fn polygons(&self, shapes: &IntShapes) -> MultiPolygon<f64> {
        let ring = |ring: &Vec<IntPoint>| {
            let corners = self.units_of(ring).map(|(x, y)| Coord { x: degrees(x), y: degrees(y) });
            let mut line: Vec<Coord<f64>> = corners.collect();
            line.extend(line.first().copied());
            LineString(line)
        };
        let polygon = |shape: &Vec<Vec<IntPoint>>| {
            let mut rings = shape.iter().map(ring);
            Some(Polygon::new(rings.next()?, rings.collect()))
        };
        MultiPolygon(shapes.iter().filter_map(polygon).collect())
    }
}
