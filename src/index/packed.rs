//! A packed tree over points: how the points lie in memory.
//!
//! Points are put in the order of a k-d tree ([`order`]) and cut into blocks of 16, the leaves of its
//! [`levels`](super::levels). Coordinates of a block lie side by side, so that one SIMD instruction asks many of
//! them. The tree knows nothing of what is asked. Masses of points are a [`forest`](super::forest) of such trees.

#![expect(clippy::indexing_slicing, reason = "indices are made by the tree itself, in range")]
#![expect(clippy::needless_range_loop, reason = "loops over slots are what compilers vectorize")]

use super::levels::{Bounds, Levels, NOTHING, NOWHERE, Node, Spans, unite};
use super::order::{self, Points};
use super::to_index;
use crate::earth::{Ecef, TOGETHER};
use rayon::prelude::*;

/// Points in a block.
pub(crate) const BLOCK: usize = TOGETHER;

/// Sixteen points, coordinate by coordinate.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    axes: [[f64; BLOCK]; 3],
    /// Index of each point in the list that was indexed; `u32::MAX` where there is none.
    pub indices: [u32; BLOCK],
}

/// The tree.
#[derive(Debug)]
pub(crate) struct Packed {
    blocks: Vec<Block>,
    levels: Levels,
    bounds: Bounds,
}

/// Sixteen neighbors among the points that ask, with the box around them: they walk a tree together.
#[derive(Debug, Clone)]
pub(crate) struct QueryGroup {
    /// The points; padding is far away from everything.
    pub block: Block,
    bounds: Bounds,
}

impl Packed {
    /// A tree over points.
    pub fn new(points: &(impl Points + ?Sized)) -> Self {
        let (mut blocks, mut boxes) = (Vec::new(), Vec::new());
        let order = order::of(points, BLOCK);
        let groups = order.par_chunks(BLOCK).map(|of| QueryGroup::new(points, of));
        groups.map(|group| (group.block, group.bounds)).unzip_into_vecs(&mut blocks, &mut boxes);
        Self { blocks, bounds: unite(&boxes), levels: Levels::over(boxes) }
    }

    /// The box around all points.
    pub(super) fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// The boxes of its nodes.
    #[inline(always)]
    pub(super) fn levels(&self) -> &Levels {
        &self.levels
    }

    /// The level whose nodes have no parents.
    pub fn top(&self) -> usize {
        self.levels.count() - 1
    }

    /// How many nodes a level has, padding included.
    pub fn width(&self, level: usize) -> usize {
        self.levels.width(level)
    }

    /// The group of siblings in which all walks begin.
    pub fn roots(&self) -> Node {
        self.levels.roots()
    }

    /// The squared distances from a point to a group of siblings, of which the first is given.
    #[inline(always)]
    pub fn spans(&self, first: Node, from: [f64; 3]) -> Spans {
        self.levels.spans(first, from, from)
    }

    /// The block of a node of level 0.
    pub fn block(&self, number: usize) -> Option<&Block> {
        self.blocks.get(number)
    }

    /// All blocks, by number.
    pub fn blocks(&self) -> std::slice::Iter<'_, Block> {
        self.blocks.iter()
    }
}

impl Block {
    /// The slots of its points and their indices.
    pub fn slots(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let slots = self.indices.iter().enumerate().filter(|(_, index)| **index != u32::MAX);
        slots.filter_map(|(slot, &index)| Some((slot, usize::try_from(index).ok()?)))
    }

    /// One of its points.
    #[inline(always)]
    pub fn point(&self, slot: usize) -> [f64; 3] {
        [self.axes[0][slot], self.axes[1][slot], self.axes[2][slot]]
    }

    /// The indices of its points.
    pub fn points(&self) -> impl Iterator<Item = usize> + '_ {
        self.indices
            .iter()
            .filter(|index| **index != u32::MAX)
            .filter_map(|&index| usize::try_from(index).ok())
    }

    /// Its coordinates, axis by axis and slot by slot; padding stands far off.
    pub fn axes(&self) -> &[[f64; BLOCK]; 3] {
        &self.axes
    }

    /// The squared distances from a point to each of its points; padding is farther than any.
    #[inline(always)]
    pub fn chords2(&self, from: [f64; 3]) -> [f64; BLOCK] {
        let mut chords2 = [0.0; BLOCK];
        for slot in 0..BLOCK {
            let x = self.axes[0][slot] - from[0];
            let y = self.axes[1][slot] - from[1];
            let z = self.axes[2][slot] - from[2];
            chords2[slot] = x * x + y * y + z * z;
        }
        chords2
    }
}

impl QueryGroup {
    /// The box around its points.
    #[inline(always)]
    pub(super) fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Points in groups of neighbors.
    pub fn of(points: &(impl Points + ?Sized)) -> Vec<Self> {
        order::of(points, BLOCK).par_chunks(BLOCK).map(|of| Self::new(points, of)).collect()
    }

    /// Each of its points as a group of its own.
    pub fn alone(&self) -> impl Iterator<Item = Self> + '_ {
        self.block.slots().map(|(slot, _)| {
            let mut alone = Self::NONE;
            alone.put(0, self.block.point(slot), self.block.indices[slot]);
            alone
        })
    }

    /// No points.
    const NONE: Self = Self {
        block: Block { axes: [[NOWHERE; BLOCK]; 3], indices: [u32::MAX; BLOCK] },
        bounds: NOTHING,
    };

    /// At most sixteen of a list of points.
    pub fn new(points: &(impl Points + ?Sized), indices: &[u32]) -> Self {
        let mut group = Self::NONE;
        let places = points.places(indices.iter().copied().map(to_index));
        for (slot, (&index, Ecef(point))) in indices.iter().zip(places).enumerate() {
            group.put(slot, point, index);
        }
        group
    }

    fn put(&mut self, slot: usize, point: [f64; 3], index: u32) {
        self.block.indices[slot] = index;
        let [least, most] = &mut self.bounds;
        for axis in 0..3 {
            self.block.axes[axis][slot] = point[axis];
            least[axis] = least[axis].min(point[axis]);
            most[axis] = most[axis].max(point[axis]);
        }
    }
}
