//! The order of a k-d tree: points that are near in space stand near in it.
//!
//! Only the order is asked for, so points are compared by whole numbers that divide the box around them
//! into 2³² parts a side: half the memory to move, and no coordinate is needed exactly.

#![expect(clippy::indexing_slicing, reason = "axes and slots are counted here")]

use super::levels::{Bounds, FAN, NOTHING};
use crate::earth::Ecef;
use crate::wide::nearest_whole;
use rayon::prelude::*;

/// Points that one thread puts in order by itself.
const TASK: usize = 20_000;

/// A point on the scale of the box around all of them, and where it stands in the list.
#[derive(Debug, Clone, Copy)]
struct Key {
    at: [u32; 3],
    stands: u32,
}

/// Where the points stand in the list, in the order of a k-d tree whose cells end where nodes of [`FAN`]
/// children and leaves of `leaf` points end. Which of two points at one place comes first follows
/// from the order they were given in, whatever the number of threads.
pub(super) fn of(points: &[Ecef], leaf: usize) -> Vec<u32> {
    let [least, most] = around(points);
    let widest = (0..3).map(|axis| most[axis] - least[axis]).fold(0.0, f64::max);
    let scale = if widest > 0.0 { f64::from(u32::MAX) / widest } else { 0.0 };
    let key = |(Ecef(point), stands): (&Ecef, u32)| {
        let part = |axis: usize| {
            u32::try_from(nearest_whole((point[axis] - least[axis]) * scale)).unwrap_or(u32::MAX)
        };
        Key { at: [part(0), part(1), part(2)], stands }
    };
    let mut keys: Vec<Key> = points.par_iter().zip(0..u32::MAX).map(key).collect();
    sort(&mut keys, leaf);
    keys.par_iter().map(|key| key.stands).collect()
}

/// Each split is along the longest side, at a whole number of the largest nodes that fit.
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

/// The axis along which points lie farthest apart.
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

/// Puts the points that are least along an axis first, `middle` of them.
fn split<const AXIS: usize>(keys: &mut [Key], middle: usize) {
    keys.select_nth_unstable_by_key(middle, |key| key.at[AXIS]);
}

/// The least and the most of points along each axis.
fn around(points: &[Ecef]) -> Bounds {
    points.iter().fold(NOTHING, |[mut least, mut most], Ecef(point)| {
        for axis in 0..3 {
            let value = point[axis];
            least[axis] = if value < least[axis] { value } else { least[axis] };
            most[axis] = if value > most[axis] { value } else { most[axis] };
        }
        [least, most]
    })
}
