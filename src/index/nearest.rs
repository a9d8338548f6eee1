//! The nearest points of many positions at once.
//!
//! Sixteen neighboring positions search the forest together, nearest boxes first, each in a SIMD lane of its own. A
//! point is compared with all of them at once, and its squared chords are inserted into the lanes' sorted lists by
//! one minimum and one maximum per rank, without a branch. The low 12 bits of each squared chord hold the id of its
//! point, so that both move together. Chords alone decide; if they leave the order of the distances open, the result
//! is marked as not sure and the position is searched again alone.

#![expect(clippy::indexing_slicing, reason = "ranks and lanes are made for the positions asked")]
#![expect(clippy::needless_range_loop, reason = "loops over lanes are what compilers vectorize")]

use super::best_first::{Search, nearest_first};
use super::forest::{Forest, Leaf, Siblings};
use super::levels::{FAN, FAR2};
use super::near::longest_with;
use super::packed::{BLOCK, QueryGroup};
use crate::earth::{ChordBracket, Ecef};
use crate::simd::NullaryFnOnce;

/// A group that visits more blocks than this has positions too far apart to search together.
const COMMON: usize = 256;

/// The low 12 mantissa bits of each squared chord hold the id of its point: visit number of its block × 16 + slot.
/// They change the square by less than 1e-12 of itself; the margin of [`series`] is a thousand times that.
const POINT_ID: u64 = (COMMON * BLOCK) as u64 - 1;

/// For more neighbors than this, single searches are faster.
pub(super) const MOST: usize = 64;

/// The nearest points of a group's positions, by rank and lane.
#[derive(Debug)]
pub(super) struct Ranked {
    /// Indices of the points.
    pub indices: Vec<[u32; BLOCK]>,
    /// Distances in meters by [`Ecef::short_length`], which is valid up to 100 km.
    pub meters: Vec<[f64; BLOCK]>,
    /// Whether the order of the chords is surely that of the distances along the ground.
    pub sure: [bool; BLOCK],
}

/// A search for one group.
pub(super) struct GroupSearch<'a> {
    forest: &'a Forest,
    group: &'a QueryGroup,
    k: usize,
    /// For each lane the `k` shortest squared chords so far, ascending, and the next one, as the bits of the
    /// floating-point numbers: for positive numbers, bit order is numeric order.
    ranks: Vec<[u64; BLOCK]>,
    /// For each lane, the squared chord beyond which nothing can be among the nearest.
    bounds: [f64; BLOCK],
    /// The largest of these bounds.
    bound: f64,
    /// The visited blocks, by visit number.
    met: Vec<Leaf>,
}

impl<'a> GroupSearch<'a> {
    /// Starts a search; `k` is between 1 and [`MOST`] and at most the number of points.
    pub fn new(forest: &'a Forest, group: &'a QueryGroup, k: usize) -> Self {
        let ranks = vec![[FAR2.to_bits(); BLOCK]; k + 1];
        let mut bounds = [f64::NEG_INFINITY; BLOCK];
        bounds[..group.block.slots().count()].fill(FAR2);
        let met = Vec::with_capacity(COMMON);
        Self { forest, group, k, ranks, bounds, bound: FAR2, met }
    }

    /// Decodes the result from the chords.
    #[inline(always)]
    fn ranked(self) -> Ranked {
        let mut sure = [true; BLOCK];
        for pair in self.ranks.windows(2) {
            for lane in 0..BLOCK {
                let next = f64::from_bits(pair[1][lane]);
                sure[lane] &= next > in_lane(f64::from_bits(pair[0][lane]));
            }
        }
        let mut indices = vec![[u32::MAX; BLOCK]; self.k];
        let mut meters = vec![[0.0; BLOCK]; self.k];
        let [x, y, z] = self.group.block.axes();
        for ((rank, indices), meters) in self.ranks.iter().zip(&mut indices).zip(&mut meters) {
            let mut places = [[0.0; BLOCK]; 3];
            for lane in 0..self.group.block.slots().count() {
                let name = usize::try_from(rank[lane] & POINT_ID).unwrap_or(0);
                let (met, slot) = (self.met.get(name / BLOCK), name % BLOCK);
                let found = met.and_then(|&met| {
                    Some((self.forest.block(met)?, self.forest.index(met, slot)?))
                });
                let Some((block, index)) = found else { continue };
                indices[lane] = index;
                let place = block.point(slot);
                for axis in 0..3 {
                    places[axis][lane] = place[axis];
                }
            }
            for lane in 0..BLOCK {
                let from = Ecef([x[lane], y[lane], z[lane]]);
                let to = Ecef([places[0][lane], places[1][lane], places[2][lane]]);
                meters[lane] = from.short_length(to).meters();
            }
        }
        Ranked { indices, meters, sure }
    }
}

impl NullaryFnOnce for GroupSearch<'_> {
    /// Searches the forest; `None` if the positions of the group are too far apart to search together.
    type Output = Option<Ranked>;

    #[inline(always)]
    fn call(mut self) -> Self::Output {
        nearest_first(self.forest, &mut self).then(|| self.ranked())
    }
}

impl Search for GroupSearch<'_> {
    #[inline(always)]
    fn bound(&self) -> f64 {
        self.bound
    }

    #[inline(always)]
    fn least(&self, siblings: Siblings) -> [f64; FAN] {
        self.forest.spans_of_group(siblings, self.group).least
    }

    /// Processes a block for the lanes in which it may improve the result; false once the search has visited too many
    /// blocks.
    #[inline(always)]
    fn look(&mut self, leaf: Leaf) -> bool {
        let Some(block) = self.forest.block(leaf) else { return true };
        let [least, _] = self.forest.spans_of_each(leaf, self.group);
        let mut asked = false;
        for lane in 0..BLOCK {
            asked |= least[lane] <= self.bounds[lane];
        }
        if !asked {
            return true;
        }
        let turn = self.met.len();
        if turn == COMMON {
            return false;
        }
        self.met.push(leaf);
        for slot in 0..BLOCK {
            let id = (turn * BLOCK + slot) as u64;
            let chords2 = self.group.block.chords2(block.point(slot));
            let mut tagged = [0; BLOCK];
            let mut near = false;
            for lane in 0..BLOCK {
                near |= chords2[lane] <= self.bounds[lane];
                tagged[lane] = chords2[lane].to_bits() & !POINT_ID | id;
            }
            if near {
                for rank in &mut self.ranks {
                    for lane in 0..BLOCK {
                        let (above, below) = (rank[lane], tagged[lane]);
                        rank[lane] = above.min(below);
                        tagged[lane] = above.max(below);
                    }
                }
            }
        }
        let last = &self.ranks[self.k - 1];
        for lane in 0..BLOCK {
            let (bound, before) = (in_lane(f64::from_bits(last[lane])), self.bounds[lane]);
            self.bounds[lane] = if bound < before { bound } else { before };
        }
        let most = |most, bound| if bound > most { bound } else { most };
        self.bound = self.bounds.into_iter().fold(0.0, most);
        true
    }
}

/// Returns the longest squared chord of any geodesic that is no longer than the longest geodesic with the given
/// squared chord.
pub(super) fn chord_of_any(chord2: f64) -> f64 {
    if chord2 < 1e12 { series(chord2) } else { ChordBracket::new(longest_with(chord2)).longer2 }
}

/// Like [`series`], per lane: slightly larger past 1,000 km, and any chord past 9,000 km.
#[inline(always)]
fn in_lane(chord2: f64) -> f64 {
    if chord2 < SERIES2 { series(chord2) } else { FAR2 }
}

/// The square of the chord up to which the series holds.
const SERIES2: f64 = 8.1e13;

/// A geodesic is longer than its chord c by a factor of at most 1 + c² / 24 r² for the smallest radius of curvature
/// r, and at least that for the largest, R. So for short ones the squares differ by the factor 1 + c² (1/r² - 1/R²) /
/// 12 = 1 + 4.2e-17 c², in meters; up to 9,000 km the further terms add less than another 1.8e-17.
#[inline(always)]
fn series(chord2: f64) -> f64 {
    chord2 * (1.0 + 3e-9 + 6e-17 * chord2) + 1e-7
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::earth::{SEMI_MAJOR, SEMI_MINOR};

    #[test]
    fn no_way_as_short_as_the_longest_of_a_chord_has_a_longer_chord_than_the_series_says() {
        let least = SEMI_MINOR * SEMI_MINOR / SEMI_MAJOR;
        let most = SEMI_MAJOR * SEMI_MAJOR / SEMI_MINOR;
        for step in 0..90_000_u32 {
            let chord = 100.0 * f64::from(step);
            let way = 2.0 * least * libm::asin(chord / (2.0 * least));
            // Torsion adds less than 1e-9.
            let longest = 2.0 * most * libm::sin(way / (2.0 * most)) * (1.0 + 1e-9);
            let bound = in_lane(chord * chord) * (1.0 - 1e-12);
            assert!(bound > longest * longest, "{chord} m: {bound}");
        }
        assert!(in_lane(8.2e13) > 1.7e14);
    }
}
