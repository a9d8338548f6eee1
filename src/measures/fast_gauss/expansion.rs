//! Eight sibling nodes as seen from afar: the series given by the moments of their weights, and a bound on the
//! truncation error.

#![expect(clippy::indexing_slicing, reason = "lanes, slots and terms are counted by their arrays")]
#![expect(clippy::needless_range_loop, reason = "loops over lanes are what compilers vectorize")]

use super::cube::BlockWeights;
use super::kernels::{Gaussian, ground2};
use super::plane::{INVERSE, MOST, POWERS, Plane, TERMS};
use super::{Lanes, lanes};
use crate::index::levels::FAN;
use crate::index::packed::{BLOCK, Packed};
use crate::simd::NullaryFnOnce;

/// The degrees at which a series may be truncated.
pub(super) const DEGREES: [usize; 3] = [4, 7, MOST];

/// Nodes with a larger radius in km are never expanded.
const WIDEST_KM: f64 = 150.0;

/// The absence of a bound. Multiplied by a Gaussian that underflows to zero it gives NaN, for which no
/// comparison holds.
const UNBOUNDED: f64 = f64::INFINITY;

/// Eight siblings, coordinate by coordinate.
#[derive(Debug)]
pub(super) struct NodeGroup {
    center: [Lanes; 3],
    east: [Lanes; 3],
    north: [Lanes; 3],
    /// Distance of the farthest point from the center, along the ground.
    pub radius_km: Lanes,
    /// Total weight.
    pub total: Lanes,
    /// The classes that occur; empty if the nodes hold too few points or cannot be expanded.
    pub classes: Vec<Moments>,
}

/// The weights of one class in eight siblings.
#[derive(Debug)]
pub(super) struct Moments {
    /// The position variance of the class, in km².
    pub spread2: f64,
    pub total: Lanes,
    /// For each of [`DEGREES`] the mean of the next power of the distance from the center, divided by that power
    /// of the radius: most points contribute less than the farthest one.
    pub shares: [Lanes; 3],
    /// Sums of weight · x^i y^j / i! j!, ordered by i and then by j.
    sums: [Lanes; TERMS],
}

/// A site's position relative to the centers of eight siblings.
pub(super) struct Offsets {
    east: Lanes,
    north: Lanes,
    /// Squared distance from each center, in km².
    pub distance2: Lanes,
    /// Bounds on the squared distances of the nearest and the farthest point.
    pub least2: Lanes,
    pub most2: Lanes,
}

/// Eight siblings of a level, identified by the first, before expansion.
pub(super) struct Expanding<'a> {
    pub tree: &'a Packed,
    pub loads: &'a [BlockWeights],
    pub classes: &'a [f64],
    pub level: usize,
    pub first: usize,
}

impl NullaryFnOnce for Expanding<'_> {
    type Output = NodeGroup;

    #[inline(always)]
    fn call(self) -> NodeGroup {
        NodeGroup::new(self)
    }
}

impl NodeGroup {
    #[inline(always)]
    fn new(Expanding { tree, loads, classes, level, first }: Expanding<'_>) -> Self {
        let mut group = Self {
            center: [[0.0; FAN]; 3],
            east: [[0.0; FAN]; 3],
            north: [[0.0; FAN]; 3],
            radius_km: [0.0; FAN],
            total: [0.0; FAN],
            classes: Vec::new(),
        };
        let span = FAN.pow(u32::try_from(level).unwrap_or(0));
        let blocks = |lane: usize| {
            let from = (first + lane) * span;
            (from..from + span).map_while(|number| Some((tree.block(number)?, loads.get(number)?)))
        };
        // If a class has few points in a node, direct summation is as fast.
        let worth = BLOCK * span >= 8 * classes.len();
        for lane in 0..FAN {
            let plane = Plane::under(blocks(lane));
            group.set(lane, &plane, plane.radius_km(blocks(lane)));
            if !worth || group.radius_km[lane] > WIDEST_KM || plane.total <= 0.0 {
                continue;
            }
            for &spread2 in classes {
                let radius_km = group.radius_km[lane];
                let (total, shares, sums) = plane.moments(radius_km, blocks(lane), spread2);
                if total <= 0.0 {
                    continue;
                }
                let at = group.classes.iter().position(|moments| moments.spread2 == spread2);
                let at = at.unwrap_or_else(|| {
                    group.classes.push(Moments {
                        spread2,
                        total: [0.0; FAN],
                        shares: [[1.0; FAN]; 3],
                        sums: [[0.0; FAN]; TERMS],
                    });
                    group.classes.len() - 1
                });
                let moments = &mut group.classes[at];
                moments.total[lane] = total;
                for (lanes, share) in moments.shares.iter_mut().zip(shares) {
                    lanes[lane] = share;
                }
                for (lanes, sum) in moments.sums.iter_mut().zip(sums) {
                    lanes[lane] = sum;
                }
            }
        }
        group.classes.sort_by(|a, b| a.spread2.total_cmp(&b.spread2));
        group
    }

    fn set(&mut self, lane: usize, plane: &Plane, radius_km: f64) {
        for axis in 0..3 {
            self.center[axis][lane] = plane.center[axis];
            self.east[axis][lane] = plane.east[axis];
            self.north[axis][lane] = plane.north[axis];
        }
        self.total[lane] = plane.total;
        self.radius_km[lane] = radius_km;
    }

    /// Whether a node has moments.
    #[inline(always)]
    pub fn expands(&self, lane: usize) -> bool {
        !self.classes.is_empty() && self.radius_km[lane] <= WIDEST_KM
    }

    /// Returns a site's position relative to these siblings.
    #[inline(always)]
    pub fn see(&self, site: [f64; 3]) -> Offsets {
        let mut seen = Offsets {
            east: [0.0; FAN],
            north: [0.0; FAN],
            distance2: [0.0; FAN],
            least2: [0.0; FAN],
            most2: [0.0; FAN],
        };
        for lane in 0..FAN {
            let mut chord2 = 0.0;
            let (mut east, mut north) = (0.0, 0.0);
            for axis in 0..3 {
                let apart = site[axis] - self.center[axis][lane];
                chord2 += apart * apart;
                east += apart * self.east[axis][lane];
                north += apart * self.north[axis][lane];
            }
            let distance2 = ground2(chord2);
            let flat2 = east * east + north * north;
            let scale = (distance2 / if flat2 > 0.0 { flat2 } else { 1.0 }).sqrt();
            seen.east[lane] = east * scale;
            seen.north[lane] = north * scale;
            seen.distance2[lane] = distance2;
            let (chord, radius) = (chord2.sqrt(), self.radius_km[lane] * 1000.0);
            let least = if chord > radius { chord - radius } else { 0.0 };
            seen.least2[lane] = ground2(least * least);
            seen.most2[lane] = ground2((chord + radius) * (chord + radius));
        }
        seen
    }
}

/// Bounds on the truncation error, relative to the Gaussian at the center.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    /// The truncation error at each of [`DEGREES`], for a point at the radius.
    pub tails: [Lanes; 3],
    /// The error from the ground's curvature.
    pub curved: Lanes,
}

/// Returns bounds for a Gaussian with a variance in km², which also hold for every wider one.
///
/// With p from the center to the site and δ to a point, the Gaussian's ratio is exp(p·δ/v - δ²/2v). Its terms by
/// degree in δ are bounded by those of exp(t z + r z²), t = |p| ρ / v, r = ρ² / 2v, at z = 1, all of which are
/// positive. They satisfy `n a(n) = t a(n-1) + 2r a(n-2)`. Summed over all n > D, with T the sum of the terms,
/// this gives `(D + 1) T <= t (T + a(D)) + 2r (T + a(D) + a(D-1))`, hence `T <= ((t + 2r) a(D) + 2r a(D-1)) / (D
/// + 1 - t - 2r)`. For a point at a share s of the radius, the bound is multiplied by at most s^(D+1).
///
/// The ground is not flat: for two places p and δ from the center, the squared distance is that in the plane
/// minus |p × δ|² / 3R² (the first term of the spherical law of cosines), which increases a Gaussian by at most
/// t² v / 6R² of itself.
#[inline(always)]
pub(super) fn left_out(distance: &Lanes, radius_km: &Lanes, variance: f64) -> Bounds {
    const CURVED: f64 = 1.0 / (6.0 * 6335.4 * 6335.4);
    let inverse = 1.0 / variance;
    let t = lanes(|lane| distance[lane] * radius_km[lane] * inverse);
    let twice_r = lanes(|lane| radius_km[lane] * radius_km[lane] * inverse);
    let curved = lanes(|lane| t[lane] * t[lane] * variance * CURVED);
    let mut tails = [[0.0; FAN]; 3];
    let (mut before, mut last) = ([1.0; FAN], t);
    let mut reached = 1;
    for (tail, degree) in tails.iter_mut().zip(DEGREES) {
        for n in reached + 1..=degree {
            let share = INVERSE[n];
            let next = lanes(|lane| (t[lane] * last[lane] + twice_r[lane] * before[lane]) * share);
            before = last;
            last = next;
        }
        reached = degree;
        // With t + 2r at most half of D + 1, the denominator is positive.
        #[expect(clippy::cast_precision_loss, reason = "a small number")]
        let half = (degree + 1) as f64 * 0.5;
        *tail = lanes(|lane| {
            let both = t[lane] + twice_r[lane];
            let most = (both * last[lane] + twice_r[lane] * before[lane]) / half;
            if both <= half { most } else { UNBOUNDED }
        });
    }
    Bounds { tails, curved }
}

impl Moments {
    /// Returns the coefficients of the series of a Gaussian around a site, relative to the Gaussian at the
    /// center.
    ///
    /// `exp(-(p - δ)²/2v) = exp(-p²/2v) Σ δ^n / n! · g(n)` in both directions, with the Hermite polynomials
    /// `g(0) = 1`, `g(n+1) = (p g(n) - n g(n-1)) / v`.
    #[inline(always)]
    pub fn series(&self, seen: &Offsets, gaussian: &Gaussian, degree: usize) -> Lanes {
        match degree {
            0..=4 => self.series_to::<4>(seen, gaussian),
            5..=7 => self.series_to::<7>(seen, gaussian),
            _ => self.series_to::<MOST>(seen, gaussian),
        }
    }

    #[inline(always)]
    fn series_to<const DEGREE: usize>(&self, seen: &Offsets, gaussian: &Gaussian) -> Lanes {
        let inverse = 2.0 * gaussian.rate;
        let xs = hermite::<DEGREE>(&seen.east, inverse);
        let ys = hermite::<DEGREE>(&seen.north, inverse);
        let mut sum = [0.0; FAN];
        let mut row = 0;
        for i in 0..=DEGREE {
            let mut inner = [0.0; FAN];
            for j in 0..=DEGREE - i {
                let (moments, y) = (&self.sums[row + j], &ys[j]);
                for lane in 0..FAN {
                    inner[lane] += moments[lane] * y[lane];
                }
            }
            for lane in 0..FAN {
                sum[lane] += inner[lane] * xs[i][lane];
            }
            row += POWERS - i;
        }
        sum
    }
}

/// Returns the Hermite polynomials of [`Moments::series`].
#[inline(always)]
fn hermite<const DEGREE: usize>(places: &Lanes, inverse: f64) -> [Lanes; POWERS] {
    let mut all = [[0.0; FAN]; POWERS];
    all[0] = [1.0; FAN];
    all[1] = lanes(|lane| places[lane] * inverse);
    for n in 1..DEGREE {
        #[expect(clippy::cast_precision_loss, reason = "a small number")]
        let factor = n as f64;
        let (last, before) = (all[n], all[n - 1]);
        all[n + 1] = lanes(|lane| (places[lane] * last[lane] - factor * before[lane]) * inverse);
    }
    all
}
