//! The moments of a node's weights about its center, in the tangent plane of the ground there.

#![expect(clippy::indexing_slicing, reason = "lanes, slots and terms are counted by their arrays")]
#![expect(clippy::needless_range_loop, reason = "loops over slots are what compilers vectorize")]

use super::cube::BlockWeights;
use super::kernels::ground2;
use crate::earth::{SEMI_MAJOR, SEMI_MINOR};
use crate::index::packed::{BLOCK, Block};

/// The highest degree of a moment, and the number of powers in one direction.
pub(super) const MOST: usize = 10;
pub(super) const POWERS: usize = MOST + 1;

/// Number of moments of degree 0 to 10 in two directions.
pub(super) const TERMS: usize = POWERS * (POWERS + 1) / 2;

/// 1 / n for each degree n; the value for 0 is unused.
pub(super) const INVERSE: [f64; POWERS] = {
    let mut all = [0.0; POWERS];
    let mut n = 1;
    while n < POWERS {
        #[expect(clippy::cast_precision_loss, reason = "a small number")]
        let divisor = n as f64;
        all[n] = 1.0 / divisor;
        n += 1;
    }
    all
};

/// The tangent plane of the ground at the centroid of some weights.
#[derive(Debug, Clone)]
pub(in crate::measures) struct Plane {
    pub center: [f64; 3],
    pub east: [f64; 3],
    pub north: [f64; 3],
    pub total: f64,
}

impl Plane {
    #[inline(always)]
    pub(super) fn under<'a>(blocks: impl Iterator<Item = (&'a Block, &'a BlockWeights)>) -> Self {
        let mut total = 0.0;
        let mut sums = [0.0; 3];
        for (block, load) in blocks {
            for slot in 0..BLOCK {
                total += load.weights[slot];
                for axis in 0..3 {
                    sums[axis] += load.weights[slot] * block.axes()[axis][slot];
                }
            }
        }
        if total > 0.0 {
            Self::below(sums.map(|sum| sum / total), total)
        } else {
            Self::none(total)
        }
    }

    /// The plane at the ground below a point in space, which is the centroid of some weights.
    pub(in crate::measures) fn below(centroid: [f64; 3], total: f64) -> Self {
        let mut plane = Self::none(total);
        plane.touch(centroid);
        plane
    }

    fn none(total: f64) -> Self {
        Self { center: [0.0; 3], east: [1.0, 0.0, 0.0], north: [0.0, 1.0, 0.0], total }
    }

    /// Returns a point relative to the center, in km: its coordinates in both directions, scaled to its distance along
    /// the ground, and the square of this distance.
    #[inline(always)]
    pub(in crate::measures) fn place(&self, point: [f64; 3]) -> [f64; 3] {
        let (mut chord2, mut east, mut north) = (0.0, 0.0, 0.0);
        for axis in 0..3 {
            let apart = point[axis] - self.center[axis];
            chord2 += apart * apart;
            east += apart * self.east[axis];
            north += apart * self.north[axis];
        }
        let distance2 = ground2(chord2);
        let flat2 = east * east + north * north;
        let scale = (distance2 / if flat2 > 0.0 { flat2 } else { 1.0 }).sqrt();
        [east * scale, north * scale, distance2]
    }

    /// Places the center on the ground below a point in space, with two directions along the ground.
    fn touch(&mut self, [x, y, z]: [f64; 3]) {
        let (a2, b2) = (SEMI_MAJOR * SEMI_MAJOR, SEMI_MINOR * SEMI_MINOR);
        let lift = ((x * x + y * y) / a2 + z * z / b2).sqrt();
        if lift <= 0.0 {
            return;
        }
        self.center = [x / lift, y / lift, z / lift];
        let up = unit([x / a2, y / a2, z / b2]);
        // At a pole any direction along the ground is valid.
        let aside =
            if up[0].abs() + up[1].abs() > 1e-6 { [-up[1], up[0], 0.0] } else { [1.0, 0.0, 0.0] };
        self.east = unit(aside);
        let [ex, ey, ez] = self.east;
        let [ux, uy, uz] = up;
        self.north = [uy * ez - uz * ey, uz * ex - ux * ez, ux * ey - uy * ex];
    }

    /// Returns the points of a block relative to the center: their coordinates in both directions, scaled to
    /// their distances along the ground, and the squares of these distances.
    #[inline(always)]
    fn places(&self, block: &Block) -> [[f64; BLOCK]; 3] {
        let mut places = [[0.0; BLOCK]; 3];
        let axes = block.axes();
        for slot in 0..BLOCK {
            let (mut chord2, mut east, mut north) = (0.0, 0.0, 0.0);
            for axis in 0..3 {
                let apart = axes[axis][slot] - self.center[axis];
                chord2 += apart * apart;
                east += apart * self.east[axis];
                north += apart * self.north[axis];
            }
            let distance2 = ground2(chord2);
            let flat2 = east * east + north * north;
            let scale = (distance2 / if flat2 > 0.0 { flat2 } else { 1.0 }).sqrt();
            places[0][slot] = east * scale;
            places[1][slot] = north * scale;
            places[2][slot] = distance2;
        }
        places
    }

    /// Returns the distance of the farthest point with nonzero weight.
    #[inline(always)]
    pub(super) fn radius_km<'a>(
        &self,
        blocks: impl Iterator<Item = (&'a Block, &'a BlockWeights)>,
    ) -> f64 {
        let mut most2 = [0.0; BLOCK];
        for (block, load) in blocks {
            let [_, _, distances2] = self.places(block);
            for slot in 0..BLOCK {
                let distance2 = if load.weights[slot] > 0.0 { distances2[slot] } else { 0.0 };
                most2[slot] = if distance2 > most2[slot] { distance2 } else { most2[slot] };
            }
        }
        most2.iter().fold(0.0_f64, |most, &value| most.max(value)).sqrt()
    }

    /// Returns the total weight of the points of one class, the mean powers of their distances that follow the
    /// degrees of a series, relative to the radius, and their moments.
    #[inline(always)]
    pub(super) fn moments<'a>(
        &self,
        radius_km: f64,
        blocks: impl Iterator<Item = (&'a Block, &'a BlockWeights)>,
        spread2: f64,
    ) -> (f64, [f64; 3], [f64; TERMS]) {
        let mut total = 0.0;
        let mut far = [[0.0; BLOCK]; 3];
        let inverse = if radius_km > 0.0 { 1.0 / radius_km } else { 0.0 };
        let mut sums = [[0.0; BLOCK]; TERMS];
        for (block, load) in blocks {
            let mut weights = [0.0; BLOCK];
            for slot in 0..BLOCK {
                weights[slot] =
                    if load.spreads2[slot] == spread2 { load.weights[slot] } else { 0.0 };
            }
            let weight: f64 = weights.iter().sum();
            if weight <= 0.0 {
                continue;
            }
            total += weight;
            let mut places = self.places(block);
            for axis in 0..2 {
                for slot in 0..BLOCK {
                    // Padding is far away, where powers would overflow.
                    places[axis][slot] = if weights[slot] > 0.0 { places[axis][slot] } else { 0.0 };
                }
            }
            for slot in 0..BLOCK {
                let share = (places[0][slot] * places[0][slot] + places[1][slot] * places[1][slot])
                    .sqrt()
                    * inverse;
                let cube = share * share * share;
                let fifth = cube * share * share;
                // The powers after each of the degrees: 5, 8 and 11.
                far[0][slot] += weights[slot] * fifth;
                far[1][slot] += weights[slot] * fifth * cube;
                far[2][slot] += weights[slot] * fifth * cube * cube;
            }
            let [xs, ys] = [powers(&places[0]), powers(&places[1])];
            let mut term = 0;
            for i in 0..POWERS {
                let mut weighed = [0.0; BLOCK];
                for slot in 0..BLOCK {
                    weighed[slot] = weights[slot] * xs[i][slot];
                }
                for j in 0..POWERS - i {
                    for slot in 0..BLOCK {
                        sums[term][slot] += weighed[slot] * ys[j][slot];
                    }
                    term += 1;
                }
            }
        }
        let sum = |slots: [f64; BLOCK]| slots.iter().sum::<f64>();
        // Rounded up by far more than the possible rounding error.
        (total, far.map(|slots| (1.0 + 1e-9) * sum(slots) / total), sums.map(sum))
    }
}

/// Returns `x^n / n!` for all n.
#[inline(always)]
fn powers(places: &[f64; BLOCK]) -> [[f64; BLOCK]; POWERS] {
    let mut all = [[1.0; BLOCK]; POWERS];
    for n in 1..POWERS {
        for slot in 0..BLOCK {
            all[n][slot] = all[n - 1][slot] * places[slot] * INVERSE[n];
        }
    }
    all
}

fn unit([x, y, z]: [f64; 3]) -> [f64; 3] {
    let length = (x * x + y * y + z * z).sqrt();
    if length > 0.0 { [x / length, y / length, z / length] } else { [1.0, 0.0, 0.0] }
}
