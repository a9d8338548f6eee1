//! Overlap: the share of a geodesic buffer that a union of polygons covers.
//!
//! The union is computed once. Around a site, its boundary is projected to an equal-area plane in which the
//! buffer is a circle. The area of the intersection is the integral of Green's theorem along the boundary
//! within the circle and along the arcs of the circle within the union.

#![expect(clippy::indexing_slicing, reason = "loops over the slots of a run")]

use super::union::Union;
use crate::earth::{EqualArea, Length, Position, SEMI_MAJOR, geodesic};
use crate::index::runs::{Draft, LANES, Places, Runs};
use crate::simd::{NullaryFnOnce, vectorized};
use geo_types::{Coord, MultiPolygon};
use rayon::prelude::*;
use std::f64::consts::TAU;

/// Longest step along an edge, in degrees of a great circle.
const STEP: f64 = 0.02;

/// Largest deviation of a step from an edge that is straight in longitude and latitude, in meters.
const BEND: f64 = 0.005;

/// The union of polygons, prepared for queries of the covered share of buffers.
#[derive(Debug)]
pub struct Cover {
    union: Union,
    /// The boundary of the union on the authalic sphere of [`EqualArea`], with the inside on its left.
    boundary: Runs,
}

impl Cover {
    /// Unites polygons, which must be valid and cut at the antimeridian.
    pub fn new<'a>(polygons: impl IntoIterator<Item = &'a MultiPolygon<f64>>) -> Self {
        let union = Union::new(polygons.into_iter().flatten());
        let drafts: Vec<Draft> = union
            .boundary()
            .par_iter()
            .fold(Draft::default, |mut draft, lines| {
                vectorized(Step { draft: &mut draft, lines });
                draft
            })
            .collect();
        Self { union, boundary: Runs::new(drafts) }
    }

    /// Returns the share of a buffer around a position that the union covers, 0 to 1. A radius of zero
    /// gives 0.
    ///
    /// The error is below 1e-5 up to 10 km and 1e-4 up to 100 km: the buffer is approximated by a circle of
    /// equal area, from which it departs by the change of the ellipsoid's curvature within it, and edges by
    /// straight steps that deviate by at most 5 mm.
    pub fn share(&self, center: Position, radius: Length) -> f64 {
        if radius.meters() <= 0.0 {
            return 0.0;
        }
        let flat = EqualArea::around(center);
        let circle = flat.circle(radius);
        // In the plane, distances from the center equal chords up to a factor of 1/500.
        let reach = circle * 1.003;
        let mut within =
            vectorized(Around { boundary: &self.boundary, flat: &flat, circle, reach });
        if !within.touched {
            return f64::from(u8::from(self.union.holds(center.coord())));
        }
        let mut arcs = within.arcs.rem_euclid(TAU);
        if within.crossings.is_empty() || !(1e-3..TAU - 1e-3).contains(&arcs) {
            // All of the circle is covered or next to nothing: test a point on it.
            let bearing = 90.0 - within.apart().to_degrees();
            let covered = self.union.holds(geodesic::direct(center, bearing, radius).coord());
            if within.crossings.is_empty() {
                arcs = if covered { TAU } else { 0.0 };
            } else if covered && arcs < 1.0 {
                arcs += TAU;
            } else if !covered && arcs > 1.0 {
                arcs -= TAU;
            }
        }
        ((within.twice + arcs * circle * circle) / (TAU * circle * circle)).clamp(0.0, 1.0)
    }

    /// Whether the union's boundary may come within a radius of up to 1,000 km of a position. If not, the
    /// union contains all of the buffer or none of it.
    pub(super) fn may_end_within(&self, center: Position, radius: Length) -> bool {
        let flat = EqualArea::around(center);
        // Lengths in the plane are off by at most 1/300.
        let reach = flat.circle(radius) * 1.01;
        let mut met = false;
        self.boundary.walk(flat.center(), reach * reach, |_| {
            met = true;
            reach * reach
        });
        met
    }
}

/// Adds the boundary of a cell to a draft.
struct Step<'a> {
    draft: &'a mut Draft,
    lines: &'a [Vec<Coord<f64>>],
}

impl NullaryFnOnce for Step<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for line in self.lines {
            self.draft.line(0, 0, &stepped(line), EqualArea::on_sphere);
        }
    }
}

/// Accumulates the intersection of a circle and a boundary.
struct Around<'a> {
    boundary: &'a Runs,
    flat: &'a EqualArea,
    circle: f64,
    /// Upper bound, on the sphere, of the distance of places within the circle.
    reach: f64,
}

impl NullaryFnOnce for Around<'_> {
    type Output = Within;

    #[inline(always)]
    fn call(self) -> Within {
        let Self { boundary, flat, circle, reach } = self;
        let mut within = Within::default();
        boundary.walk(
            flat.center(),
            reach * reach,
            #[inline(always)]
            |run| {
                within.add(flat, boundary.places(run), run.count, circle);
                reach * reach
            },
        );
        within
    }
}

/// Returns a line with intermediate vertices along its edges.
fn stepped(line: &[Coord<f64>]) -> Vec<Coord<f64>> {
    let mut all: Vec<Coord<f64>> = line.first().copied().into_iter().collect();
    for (&a, &b) in line.iter().zip(line.iter().skip(1)) {
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        let (u, v) = (dy.to_radians().abs(), dx.to_radians().abs());
        // A straight edge bends on the ground with the sine of the latitude, which is less than the
        // latitude: an eighth of the second derivative of the position, without its vertical component.
        let lean = a.y.abs().max(b.y.abs()).to_radians().min(1.0);
        let bend = |narrow: f64| SEMI_MAJOR * lean * (narrow * v * v + 2.0 * u * v) / 8.0;
        if bend(1.0) > BEND || dx * dx + dy * dy > STEP * STEP {
            let narrow = libm::cos(a.y.abs().min(b.y.abs()).to_radians());
            let by_length = libm::hypot(dx * narrow, dy) / STEP;
            let by_bend = (bend(narrow) / BEND).sqrt();
            // Steps of at most 2 degrees keep a parallel around a pole.
            let steps = by_length.max(by_bend).max(dx.abs() / 2.0).ceil().clamp(1.0, 40_000.0);
            let mut step = 1.0;
            while step < steps {
                let t = step / steps;
                all.push(Coord { x: a.x + t * dx, y: a.y + t * dy });
                step += 1.0;
            }
        }
        all.push(b);
    }
    all
}

/// The intersection of a circle and a boundary, as it accumulates.
#[derive(Debug, Default)]
struct Within {
    /// Twice the integral along the boundary within the circle.
    twice: f64,
    /// Sum of the angles at which the boundary enters the circle, minus those at which it leaves: the angle
    /// of the arcs within the union, modulo whole turns.
    arcs: f64,
    /// Angles of all crossings.
    crossings: Vec<f64>,
    /// Whether any of the boundary lies within the circle.
    touched: bool,
}

impl Within {
    /// Adds the edges of a run.
    #[inline(always)]
    fn add(&mut self, flat: &EqualArea, places: Places<'_>, count: usize, circle: f64) {
        let circle2 = circle * circle;
        let (mut x, mut y, mut far2) = ([0.0; LANES + 1], [0.0; LANES + 1], [0.0; LANES + 1]);
        for slot in 0..=LANES {
            let at = flat.picture([places[0][slot], places[1][slot], places[2][slot]]);
            (x[slot], y[slot]) = (at.x, at.y);
            far2[slot] = at.x * at.x + at.y * at.y;
        }
        // Twice the triangle of each edge and the center, and the squared distance from the center to the
        // edge.
        let (mut twice, mut near2) = ([0.0; LANES], [0.0; LANES]);
        for slot in 0..LANES {
            let (dx, dy) = (x[slot + 1] - x[slot], y[slot + 1] - y[slot]);
            let along = -(x[slot] * dx + y[slot] * dy) / (dx * dx + dy * dy + 1e-30);
            let along = if along > 0.0 { along } else { 0.0 };
            let along = if along < 1.0 { along } else { 1.0 };
            let (ex, ey) = (x[slot] + along * dx, y[slot] + along * dy);
            near2[slot] = ex * ex + ey * ey;
            twice[slot] = x[slot] * y[slot + 1] - y[slot] * x[slot + 1];
        }
        for slot in 0..count.min(LANES) {
            let (starts, ends) = (far2[slot] <= circle2, far2[slot + 1] <= circle2);
            if starts && ends {
                self.twice += twice[slot];
                self.touched = true;
            } else if starts || ends || near2[slot] < circle2 {
                let (from, to) = ([x[slot], y[slot]], [x[slot + 1], y[slot + 1]]);
                self.cut(from, to, starts, ends, circle2);
            }
        }
    }

    /// Adds an edge that crosses the circle.
    fn cut(&mut self, from: [f64; 2], to: [f64; 2], starts: bool, ends: bool, circle2: f64) {
        let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
        let (length2, toward) = (dx * dx + dy * dy, from[0] * dx + from[1] * dy);
        let rest2 = from[0] * from[0] + from[1] * from[1] - circle2;
        let root = (toward * toward - length2 * rest2).max(0.0).sqrt();
        let at = |t: f64| [from[0] + t * dx, from[1] + t * dy];
        let (mut first, mut last) = (from, to);
        if !starts {
            first = at(((-toward - root) / length2).clamp(0.0, 1.0));
            let angle = libm::atan2(first[1], first[0]);
            self.arcs += angle;
            self.crossings.push(angle);
        }
        if !ends {
            last = at(((-toward + root) / length2).clamp(0.0, 1.0));
            let angle = libm::atan2(last[1], last[0]);
            self.arcs -= angle;
            self.crossings.push(angle);
        }
        self.twice += first[0] * last[1] - first[1] * last[0];
        self.touched = true;
    }

    /// Returns the angle farthest from all crossings.
    fn apart(&mut self) -> f64 {
        self.crossings.sort_unstable_by(f64::total_cmp);
        let Some((&first, &last)) = self.crossings.first().zip(self.crossings.last()) else {
            return 0.0;
        };
        let around = (first + TAU - last, f64::midpoint(last, first + TAU));
        let between = self.crossings.iter().zip(self.crossings.iter().skip(1));
        between
            .map(|(a, b)| (b - a, f64::midpoint(*a, *b)))
            .fold(around, |widest, next| if next.0 > widest.0 { next } else { widest })
            .1
    }
}
