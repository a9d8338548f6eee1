//! Orders points like a k-d tree: points that are close in space are close in the order.
//!
//! Only the order matters, so points are compared by integers that divide a fixed cube around the Earth into 2³²
//! steps per axis, 3 mm each: this halves the memory traffic, and no exact coordinates are needed. The leading
//! six bits of the three integers give the [`Cube`] of 199 km that contains a point.

#![expect(clippy::indexing_slicing, reason = "axes and slots are counted here")]

use super::cube::Cube;
use super::levels::FAN;
use super::packed::BLOCK;
use super::to_index;
use crate::earth::{Ecef, Position, SEMI_MAJOR, TOGETHER};
use crate::simd::nearest_whole;
use rayon::prelude::*;

/// Number of points that one thread sorts by itself.
const TASK: usize = 20_000;

/// Half a side of the cube around the Earth, in meters, and steps per meter.
pub(super) const HALF: f64 = SEMI_MAJOR + 1.0;
const SCALE: f64 = 4_294_967_295.0 / (2.0 * HALF);

/// A list of points, identified by their position in it.
pub(crate) trait Points: Sync {
    /// Returns the number of points.
    fn count(&self) -> usize;

    /// Returns the first sixteen of the given points.
    fn places(&self, stands: impl Iterator<Item = usize>) -> [Ecef; TOGETHER];
}

impl Points for [Ecef] {
    fn count(&self) -> usize {
        self.len()
    }

    fn places(&self, stands: impl Iterator<Item = usize>) -> [Ecef; TOGETHER] {
        let mut places = [Ecef([0.0; 3]); TOGETHER];
        for (place, stands) in places.iter_mut().zip(stands) {
            *place = self[stands];
        }
        places
    }
}

impl Points for [Position] {
    fn count(&self) -> usize {
        self.len()
    }

    fn places(&self, stands: impl Iterator<Item = usize>) -> [Ecef; TOGETHER] {
        Ecef::of_some(stands.map(|stands| self[stands]))
    }
}

/// A subset of a list of points, identified by their position in the subset.
pub(super) struct Chosen<'a, P: ?Sized> {
    pub of: &'a P,
    /// Position of each point in the whole list.
    pub members: &'a [u32],
}

impl<P: Points + ?Sized> Points for Chosen<'_, P> {
    fn count(&self) -> usize {
        self.members.len()
    }

    fn places(&self, stands: impl Iterator<Item = usize>) -> [Ecef; TOGETHER] {
        self.of.places(stands.map(|stands| to_index(self.members[stands])))
    }
}

/// Returns a place in steps of the fixed cube around the Earth.
#[inline(always)]
pub(super) fn parts(place: Ecef) -> [u32; 3] {
    let part = |value: f64| u32::try_from(nearest_whole((value + HALF) * SCALE));
    place.0.map(|value| part(value).unwrap_or(u32::MAX))
}

/// Returns the cube of each point.
pub(super) fn cubes(points: &(impl Points + ?Sized)) -> Vec<Cube> {
    let count = points.count();
    let of_some = |block: usize| -> [Cube; TOGETHER] {
        let first = block * TOGETHER;
        points.places(first..count.min(first + TOGETHER)).map(|place| Cube::holding(parts(place)))
    };
    let cubes = (0..count.div_ceil(TOGETHER)).into_par_iter().with_min_len(64).map(of_some);
    let mut cubes = cubes.collect::<Vec<_>>().into_flattened();
    cubes.truncate(count);
    cubes
}

/// A point in steps of the fixed cube around the Earth, and its position in the list.
#[derive(Debug, Clone, Copy)]
struct Key {
    at: [u32; 3],
    stands: u32,
}

/// Returns the positions of the points in the list, in the order of a k-d tree whose cells end where nodes of
/// [`FAN`] children and leaves of `leaf` points end. The order of coincident points follows from the given order,
/// whatever the number of threads.
pub(super) fn of(points: &(impl Points + ?Sized), leaf: usize) -> Vec<u32> {
    let count = points.count();
    let keys = |block: usize| -> [Key; TOGETHER] {
        let first = block * TOGETHER;
        let places = points.places(first..count.min(first + TOGETHER));
        let mut keys = [Key { at: [0; 3], stands: 0 }; TOGETHER];
        let stands = u32::try_from(first).unwrap_or(u32::MAX)..;
        for ((key, place), stands) in keys.iter_mut().zip(places).zip(stands) {
            *key = Key { at: parts(place), stands };
        }
        keys
    };
    let keys = (0..count.div_ceil(TOGETHER)).into_par_iter().with_min_len(64).map(keys);
    let mut keys = keys.collect::<Vec<_>>().into_flattened();
    keys.truncate(count);
    sort(&mut keys, leaf);
    keys.par_iter().map(|key| key.stands).collect()
}

/// Returns an order in which neighbors follow each other, so that their surroundings are still in the processor's
/// cache.
pub fn neighbors_together(positions: &[Position]) -> Vec<usize> {
    of(positions, BLOCK).into_iter().map(to_index).collect()
}

/// Each split is along the longest side, at a multiple of the largest node size that fits.
fn sort(keys: &mut [Key], leaf: usize) {
    let leaves = keys.len().div_ceil(leaf);
    if leaves <= 1 {
        return;
    }
    let mut unit = 1;
    while unit * FAN < leaves {
        unit *= FAN;
    }
    let half = ((leaves / 2 + unit / 2) / unit).max(1) * unit;
    let middle = half.min(leaves - 1) * leaf;
    match longest_side(keys) {
        0 => split::<0>(keys, middle),
        1 => split::<1>(keys, middle),
        _ => split::<2>(keys, middle),
    }
    let (below, above) = keys.split_at_mut(middle);
    if below.len() > TASK {
        rayon::join(|| sort(below, leaf), || sort(above, leaf));
    } else {
        sort(below, leaf);
        sort(above, leaf);
    }
}

/// Returns the axis of the largest extent.
fn longest_side(keys: &[Key]) -> usize {
    let (mut least, mut most) = ([u32::MAX; 3], [0; 3]);
    for key in keys {
        for axis in 0..3 {
            least[axis] = least[axis].min(key.at[axis]);
            most[axis] = most[axis].max(key.at[axis]);
        }
    }
    let side = |axis: usize| most[axis] - least[axis];
    if side(0) >= side(1) && side(0) >= side(2) {
        0
    } else if side(1) >= side(2) {
        1
    } else {
        2
    }
}

/// Moves the `middle` least points along an axis to the front.
fn split<const AXIS: usize>(keys: &mut [Key], middle: usize) {
    keys.select_nth_unstable_by_key(middle, |key| key.at[AXIS]);
}
