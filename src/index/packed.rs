//! A packed tree over points: the memory layout of points.
//!
//! Points are sorted in the order of a k-d tree ([`order`]) and cut into blocks of 16, the leaves of the tree's
//! [`levels`](super::levels). The coordinates of a block are stored axis by axis, so that one SIMD instruction
//! processes many points. The tree does not depend on the query. Large sets of points are a
//! [`forest`](super::forest) of such trees.

#![expect(clippy::indexing_slicing, reason = "indices are made by the tree itself, in range")]
#![expect(clippy::needless_range_loop, reason = "loops over slots are what compilers vectorize")]

use super::levels::{Bounds, Levels, NOTHING, NOWHERE, Node, Spans, unite};
use super::order::{self, Points};
use super::to_index;
use crate::earth::{Ecef, TOGETHER};
use rayon::prelude::*;

/// Points per block.
pub(crate) const BLOCK: usize = TOGETHER;

/// Sixteen points, coordinate by coordinate.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    axes: [[f64; BLOCK]; 3],
    /// Index of each point in the indexed list; `u32::MAX` for padding.
    pub indices: [u32; BLOCK],
}

/// A packed tree over points.
#[derive(Debug)]
pub(crate) struct Packed {
    blocks: Vec<Block>,
    levels: Levels,
    bounds: Bounds,
}

/// Sixteen neighboring query points, with the box around them: they walk a tree together.
#[derive(Debug, Clone)]
pub(crate) struct QueryGroup {
    /// The points; padding is far away from everything.
    pub block: Block,
    bounds: Bounds,
}

impl Packed {
    /// Builds a tree over points.
    pub fn new(points: &(impl Points + ?Sized)) -> Self {
        let (mut blocks, mut boxes) = (Vec::new(), Vec::new());
        let order = order::of(points, BLOCK);
        let groups = order.par_chunks(BLOCK).map(|of| QueryGroup::new(points, of));
        groups.map(|group| (group.block, group.bounds)).unzip_into_vecs(&mut blocks, &mut boxes);
        Self { blocks, bounds: unite(&boxes), levels: Levels::over(boxes) }
    }

    /// Returns the box around all points.
    pub(super) fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Returns the boxes of all nodes.
    #[inline(always)]
    pub(super) fn levels(&self) -> &Levels {
        &self.levels
    }

    /// Returns the topmost level.
    pub fn top(&self) -> usize {
        self.levels.count() - 1
    }

    /// Returns the number of nodes of a level, padding included.
    pub fn width(&self, level: usize) -> usize {
        self.levels.width(level)
    }

    /// Returns the first of the siblings at the root, where every walk begins.
    pub fn roots(&self) -> Node {
        self.levels.roots()
    }

    /// Returns the squared distances from a point to eight siblings, identified by the first.
    #[inline(always)]
    pub fn spans(&self, first: Node, from: [f64; 3]) -> Spans {
        self.levels.spans(first, from, from)
    }

    /// Returns the block of a node of level 0.
    pub fn block(&self, number: usize) -> Option<&Block> {
        self.blocks.get(number)
    }

    /// Returns all blocks, by number.
    pub fn blocks(&self) -> std::slice::Iter<'_, Block> {
        self.blocks.iter()
    }
}

impl Block {
    /// Returns the occupied slots and the indices of their points.
    pub fn slots(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let slots = self.indices.iter().enumerate().filter(|(_, index)| **index != u32::MAX);
        slots.filter_map(|(slot, &index)| Some((slot, usize::try_from(index).ok()?)))
    }

    /// Returns the point in a slot.
    #[inline(always)]
    pub fn point(&self, slot: usize) -> [f64; 3] {
        [self.axes[0][slot], self.axes[1][slot], self.axes[2][slot]]
    }

    /// Returns the indices of the points.
    pub fn points(&self) -> impl Iterator<Item = usize> + '_ {
        self.indices
            .iter()
            .filter(|index| **index != u32::MAX)
            .filter_map(|&index| usize::try_from(index).ok())
    }

    /// Returns the coordinates, axis by axis and slot by slot; padding is far away.
    pub fn axes(&self) -> &[[f64; BLOCK]; 3] {
        &self.axes
    }

    /// Returns the squared distances from a point to each point of the block; padding is farther than any point.
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
    /// Returns the box around the points.
    #[inline(always)]
    pub(super) fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Splits points into groups of neighbors.
    pub fn of(points: &(impl Points + ?Sized)) -> Vec<Self> {
        order::of(points, BLOCK).par_chunks(BLOCK).map(|of| Self::new(points, of)).collect()
    }

    /// Returns each point of the group as a group of its own.
    pub fn alone(&self) -> impl Iterator<Item = Self> + '_ {
        self.block.slots().map(|(slot, _)| {
            let mut alone = Self::NONE;
            alone.put(0, self.block.point(slot), self.block.indices[slot]);
            alone
        })
    }

    /// A group without points.
    const NONE: Self = Self {
        block: Block { axes: [[NOWHERE; BLOCK]; 3], indices: [u32::MAX; BLOCK] },
        bounds: NOTHING,
    };

    /// Creates a group of at most sixteen points of a list.
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
