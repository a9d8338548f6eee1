//! The nearest points of many positions at once.
//!
//! Sixteen neighboring positions walk the tree together, nearest boxes first. A block is looked at by
//! those of them that it may still give something nearer. Everything is decided by chords; where those
//! leave the order of the ways open, the answer says so, and the position is asked again by itself.

#![expect(clippy::indexing_slicing, reason = "rows are made for the positions asked")]
#![expect(clippy::needless_range_loop, reason = "loops over slots are what compilers make wide")]

use super::near::longest_with;
use super::packed::{BLOCK, FAN, FAR2, Group, Node, Packed};
use crate::earth::ChordBracket;
use crate::wide::NullaryFnOnce;

/// A group that has met more blocks than this has positions with little in common.
const COMMON: usize = 256;

/// A point by its block and slot, and the square of its chord.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub chord2: f64,
    pub block: u32,
    pub slot: u32,
}

/// The nearest points of one position of a group.
#[derive(Debug)]
pub(super) struct Ranked {
    /// The position, by its index.
    pub index: usize,
    /// Slot of the position within its group.
    pub slot: usize,
    /// The shortest chords, shortest first.
    pub places: Vec<Place>,
    /// Whether the order of the chords is surely that of the ways along the ground.
    pub sure: bool,
}

/// A walk for one group.
pub(super) struct Walk<'a> {
    tree: &'a Packed,
    group: &'a Group,
    k: usize,
    /// For each position the `k` shortest chords so far, shortest first, and room for one more.
    places: Vec<Place>,
    /// How many those are so far.
    many: [usize; BLOCK],
    /// The squared chords past which nothing can be among the nearest of a position.
    bounds: [f64; BLOCK],
    /// The shortest squared chord that was left out though it was within the bound.
    left: [f64; BLOCK],
}

impl<'a> Walk<'a> {
    /// `k` is at least 1.
    pub fn new(tree: &'a Packed, group: &'a Group, k: usize) -> Self {
        let k = k.min(tree.blocks().len() * BLOCK);
        let sites = group.block.slots().count();
        let places = vec![Place { chord2: FAR2, block: 0, slot: 0 }; sites * (k + 1)];
        let mut bounds = [f64::NEG_INFINITY; BLOCK];
        bounds[..sites].fill(FAR2);
        let (many, left) = ([0; BLOCK], [f64::INFINITY; BLOCK]);
        Self { tree, group, k, places, many, bounds, left }
    }

    /// The squared chord past which nothing can be among the nearest of any position.
    #[inline(always)]
    fn bound(&self) -> f64 {
        self.bounds.into_iter().fold(0.0, |most, bound| if bound > most { bound } else { most })
    }

    /// Bounds each position by the farthest place of a block's box, where the block has enough points:
    /// without it all blocks under the group's own box would be ranked until the near ones come.
    #[inline(always)]
    fn bound_by(&mut self, number: usize) {
        let full = self.tree.block(number).is_some_and(|block| block.slots().count() >= self.k);
        if full {
            let [_, most] = self.tree.spans_of_each(number, self.group);
            for slot in 0..BLOCK {
                // The margin of 1e-7 and more is far above what rounding takes from `most`.
                let bound = if most[slot] < 1e12 { chord_of_any(most[slot]) } else { FAR2 };
                let before = self.bounds[slot];
                self.bounds[slot] = if bound < before { bound } else { before };
            }
        }
    }

    #[inline(always)]
    fn block(&mut self, number: usize) {
        let Some(block) = self.tree.block(number) else { return };
        let [least, _] = self.tree.spans_of_each(number, self.group);
        let mut asked = 0_u32;
        for slot in 0..BLOCK {
            asked |= u32::from(least[slot] <= self.bounds[slot]) << slot;
        }
        while asked != 0 {
            let site = usize::try_from(asked.trailing_zeros()).unwrap_or(0);
            asked &= asked - 1;
            let chords2 = block.chords2(self.group.block.point(site));
            let mut near = 0_u32;
            for slot in 0..BLOCK {
                near |= u32::from(chords2[slot] <= self.bounds[site]) << slot;
            }
            while near != 0 {
                let slot = near.trailing_zeros();
                near &= near - 1;
                let chord2 = chords2[usize::try_from(slot).unwrap_or(0)];
                let block = u32::try_from(number).unwrap_or(u32::MAX);
                self.add(site, Place { chord2, block, slot });
            }
        }
    }

    #[inline(always)]
    fn add(&mut self, site: usize, place: Place) {
        // The bound may have fallen since the block was looked at.
        if place.chord2 > self.bounds[site] {
            return;
        }
        let places = &mut self.places[site * (self.k + 1)..(site + 1) * (self.k + 1)];
        let mut at = self.many[site];
        while at > 0 && places[at - 1].chord2 > place.chord2 {
            places[at] = places[at - 1];
            at -= 1;
        }
        places[at] = place;
        if self.many[site] < self.k {
            self.many[site] += 1;
        } else {
            let out = places[self.k].chord2;
            self.left[site] = if out < self.left[site] { out } else { self.left[site] };
        }
        if self.many[site] == self.k {
            let bound = chord_of_any(places[self.k - 1].chord2);
            self.bounds[site] = if bound < self.bounds[site] { bound } else { self.bounds[site] };
        }
    }
}

impl NullaryFnOnce for Walk<'_> {
    /// `None` where the positions of the group have too little in common to walk together.
    type Output = Option<Vec<Ranked>>;

    #[inline(always)]
    fn call(mut self) -> Self::Output {
        let tree = self.tree;
        let together = self.group.block.slots().count() > 1;
        let mut met = 0;
        let mut open = vec![(0.0, tree.roots())];
        let mut bound = self.bound();
        while let Some((least, first)) = open.pop() {
            if least > bound {
                continue;
            }
            let spans = tree.spans_of_group(first, self.group);
            // The boxes that are near enough, the farthest first.
            let mut near = [(0.0, 0); FAN];
            let mut many = 0;
            for slot in 0..FAN {
                let least = spans.least[slot];
                if least <= bound && least < FAR2 {
                    let mut at = many;
                    while at > 0 && near[at - 1].0 < least {
                        near[at] = near[at - 1];
                        at -= 1;
                    }
                    near[at] = (least, first.number + slot);
                    many += 1;
                }
            }
            if first.level > 0 {
                for &(least, number) in &near[..many] {
                    if let Some(children) = tree.children(Node { number, ..first }) {
                        open.push((least, children));
                    }
                }
                continue;
            }
            if together && met > COMMON {
                return None;
            }
            for &(_, number) in &near[..many] {
                self.bound_by(number);
            }
            bound = self.bound();
            for &(least, number) in near[..many].iter().rev() {
                if least <= bound {
                    met += 1;
                    self.block(number);
                    bound = self.bound();
                }
            }
        }
        let mut ranked = Vec::with_capacity(BLOCK);
        for (slot, index) in self.group.block.slots() {
            let first = slot * (self.k + 1);
            let places = self.places[first..first + self.many[slot]].to_vec();
            let mut sure = self.left[slot] > self.bounds[slot];
            for pair in places.windows(2) {
                sure &= pair[1].chord2 > chord_of_any(pair[0].chord2);
            }
            ranked.push(Ranked { index, slot, places, sure });
        }
        Some(ranked)
    }
}

/// The longest squared chord that a way can have which is no longer than the longest way of a given
/// squared chord.
///
/// Up to 1,000 km by the first terms of both series: a way is longer than its chord c by the factor
/// 1 + c² / 24 r² at most for the smallest radius of curvature and at least for the largest, so that
/// the squares differ by the factor 1 + c² (1/r² - 1/R²) / 12 = 1 + 4.2e-17 c², in meters.
#[inline(always)]
pub(super) fn chord_of_any(chord2: f64) -> f64 {
    if chord2 < 1e12 {
        chord2 * (1.0 + 3e-9 + 6e-17 * chord2) + 1e-7
    } else {
        ChordBracket::new(longest_with(chord2)).longer2
    }
}
