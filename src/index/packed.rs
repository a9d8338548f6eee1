//! A packed tree over masses of points: how the points lie in memory.
//!
//! Points are put in the order of a k-d tree ([`order`]) and cut into blocks of 16; eight neighboring
//! blocks make a node, eight nodes a node of the next level, so that the tree needs no pointers. Boxes of
//! eight siblings and coordinates of a block lie side by side, so that one pass of the processor's wide
//! registers asks all of them. The tree knows nothing of what is asked: counting, summing and finding
//! walk it by [`Packed::roots`] and [`Node`].

#![expect(clippy::indexing_slicing, reason = "indices are made by the tree itself, in range")]
#![expect(clippy::needless_range_loop, reason = "loops over slots are what compilers make wide")]

use super::order;
use crate::earth::Ecef;
use rayon::prelude::*;
use std::ops::AddAssign;

/// Points in a block.
pub(crate) const BLOCK: usize = 16;

/// Children of a node.
pub(crate) const FAN: usize = 8;

/// No squared distance on Earth is as large; that to padding is larger.
pub(crate) const FAR2: f64 = 1e20;

/// Where padding stands: farther than anything on Earth, and its square is still finite.
const NOWHERE: f64 = 1e12;

/// A point and its index in the list it is of.
pub(crate) type Indexed = ([f64; 3], u32);

/// Sixteen points, coordinate by coordinate.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    axes: [[f64; BLOCK]; 3],
    /// Index of each point in the list that was indexed; `u32::MAX` where there is none.
    pub indices: [u32; BLOCK],
}

/// The boxes of eight siblings, coordinate by coordinate.
#[derive(Debug, Clone)]
struct Boxes {
    least: [[f64; FAN]; 3],
    most: [[f64; FAN]; 3],
}

/// The tree.
#[derive(Debug)]
pub(crate) struct Packed {
    blocks: Vec<Block>,
    /// Boxes of the blocks, then of their parents, and so on up to a level of at most eight.
    levels: Vec<Vec<Boxes>>,
}

/// A node of the tree: at level 0 it is a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Node {
    pub level: usize,
    pub number: usize,
}

/// Sixteen neighbors among the points that ask, with the box around them: they walk a tree together.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// The points; padding is far away from everything.
    pub block: Block,
    least: [f64; 3],
    most: [f64; 3],
}

/// Squared distances from a point, or from a box of points, to eight siblings.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spans {
    /// To the nearest place of each box.
    pub least: [f64; FAN],
    /// To the farthest place of each box.
    pub most: [f64; FAN],
}

impl Packed {
    /// A tree over points.
    pub fn new(points: impl IntoIterator<Item = Ecef>) -> Self {
        let points = points.into_iter().zip(0..).map(|(point, index)| (point.0, index));
        Self::of(&points.collect::<Vec<_>>())
    }

    /// A tree over points with their indices.
    pub fn of(points: &[Indexed]) -> Self {
        let groups = Group::of(points).into_iter();
        let (blocks, mut boxes): (Vec<Block>, Vec<[[f64; 3]; 2]>) =
            groups.map(|group| (group.block, [group.least, group.most])).unzip();
        let mut levels: Vec<Vec<Boxes>> = Vec::new();
        loop {
            let mut level: Vec<Boxes> = boxes.chunks(FAN).map(Boxes::new).collect();
            if level.is_empty() {
                // Without a single point a walk still begins somewhere.
                level.push(Boxes::new(&[]));
            }
            levels.push(level);
            if boxes.len() <= FAN {
                break;
            }
            boxes = boxes.chunks(FAN).map(unite).collect();
        }
        Self { blocks, levels }
    }

    /// The level whose nodes have no parents.
    pub fn top(&self) -> usize {
        self.levels.len() - 1
    }

    /// How many nodes a level has, padding included.
    pub fn width(&self, level: usize) -> usize {
        self.levels[level].len() * FAN
    }

    /// The group of siblings in which all walks begin.
    pub fn roots(&self) -> Node {
        Node { level: self.top(), number: 0 }
    }

    /// The first of a node's children; those after it are its siblings. A block has none.
    pub fn children(&self, node: Node) -> Option<Node> {
        node.level.checked_sub(1).map(|level| Node { level, number: node.number * FAN })
    }

    /// The squared distances from a point to a group of siblings, of which the first is given.
    #[inline(always)]
    pub fn spans(&self, first: Node, from: [f64; 3]) -> Spans {
        self.levels[first.level][first.number / FAN].spans(from, from)
    }

    /// The squared distances from the box around a group to a group of siblings, of which the first is
    /// given: the least and the most that any point of the one can be from any point of the other.
    #[inline(always)]
    pub fn spans_of_group(&self, first: Node, group: &Group) -> Spans {
        self.levels[first.level][first.number / FAN].spans(group.least, group.most)
    }

    /// The squared distances from each point of a group to the box of a block, to its nearest and to its
    /// farthest place.
    #[inline(always)]
    pub fn spans_of_each(&self, block: usize, group: &Group) -> [[f64; BLOCK]; 2] {
        let boxes = &self.levels[0][block / FAN];
        let mut spans = [[0.0; BLOCK]; 2];
        for axis in 0..3 {
            let (least, most) = (boxes.least[axis][block % FAN], boxes.most[axis][block % FAN]);
            for slot in 0..BLOCK {
                let from = group.block.axes[axis][slot];
                let (near, far) = reach(least, most, from, from);
                spans[0][slot] += near * near;
                spans[1][slot] += far * far;
            }
        }
        spans
    }

    /// The block of a node of level 0.
    pub fn block(&self, number: usize) -> Option<&Block> {
        self.blocks.get(number)
    }

    /// All blocks, by number.
    pub fn blocks(&self) -> std::slice::Iter<'_, Block> {
        self.blocks.iter()
    }

    /// Values of every block, `width` of them, added up over the nodes above: for each level the sums
    /// of each node, one node after the other.
    pub fn upward<T: Copy + Default + AddAssign>(
        &self,
        width: usize,
        mut level: Vec<T>,
    ) -> Vec<Vec<T>> {
        level.resize(self.width(0) * width, T::default());
        let mut all = vec![level];
        for up in 1..self.levels.len() {
            let below = &all[up - 1];
            let mut level = vec![T::default(); self.width(up) * width];
            for (children, sums) in
                below.chunks(FAN * width.max(1)).zip(level.chunks_mut(width.max(1)))
            {
                for child in children.chunks(width.max(1)) {
                    sums.iter_mut().zip(child).for_each(|(sum, &value)| *sum += value);
                }
            }
            all.push(level);
        }
        all
    }
}

impl Packed {
    /// Whether the box of a group meets more than some number of blocks.
    #[inline(always)]
    pub fn meets_more(&self, group: &Group, most: usize) -> bool {
        let mut met = 0;
        let mut open = vec![self.roots()];
        while let Some(first) = open.pop() {
            let least = self.spans_of_group(first, group).least;
            for slot in 0..FAN {
                let node = Node { number: first.number + slot, ..first };
                match self.children(node) {
                    _ if least[slot] > 0.0 => {}
                    Some(children) => open.push(children),
                    None => met += 1,
                }
            }
            if met > most {
                return true;
            }
        }
        false
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

impl Boxes {
    fn new(boxes: &[[[f64; 3]; 2]]) -> Self {
        let mut all = Self { least: [[NOWHERE; FAN]; 3], most: [[NOWHERE; FAN]; 3] };
        for (slot, [least, most]) in boxes.iter().enumerate() {
            for axis in 0..3 {
                all.least[axis][slot] = least[axis];
                all.most[axis][slot] = most[axis];
            }
        }
        all
    }

    /// Spans from a box, which may be a single point.
    #[inline(always)]
    fn spans(&self, low: [f64; 3], high: [f64; 3]) -> Spans {
        let mut spans = Spans { least: [0.0; FAN], most: [0.0; FAN] };
        for axis in 0..3 {
            for slot in 0..FAN {
                let (least, most) = (self.least[axis][slot], self.most[axis][slot]);
                let (near, far) = reach(least, most, low[axis], high[axis]);
                spans.least[slot] += near * near;
                spans.most[slot] += far * far;
            }
        }
        spans
    }
}

/// How far apart places of two intervals, `least..most` and `low..high`, are at least and at most.
#[inline(always)]
fn reach(least: f64, most: f64, low: f64, high: f64) -> (f64, f64) {
    let larger = |a: f64, b: f64| if a > b { a } else { b };
    let near = larger(larger(least - high, low - most), 0.0);
    (near, larger(high - least, most - low))
}

impl Group {
    /// Points in groups of neighbors.
    pub fn of(points: &[Indexed]) -> Vec<Self> {
        let order = order::of(points);
        let point = |&stands: &u32| points.get(usize::try_from(stands).ok()?).copied();
        order.par_chunks(BLOCK).map(|of| Self::new(of.iter().filter_map(point))).collect()
    }

    /// Each of its points as a group of its own.
    pub fn alone(&self) -> impl Iterator<Item = Self> + '_ {
        let slots = self.block.indices.iter().enumerate();
        slots
            .filter(|(_, index)| **index != u32::MAX)
            .map(|(slot, &index)| Self::new([(self.block.point(slot), index)].into_iter()))
    }

    /// Of at most sixteen.
    fn new(points: impl Iterator<Item = Indexed>) -> Self {
        let mut group = Self {
            block: Block { axes: [[NOWHERE; BLOCK]; 3], indices: [u32::MAX; BLOCK] },
            least: [f64::INFINITY; 3],
            most: [f64::NEG_INFINITY; 3],
        };
        for (slot, (point, index)) in points.enumerate() {
            group.block.indices[slot] = index;
            for axis in 0..3 {
                let value = point[axis];
                group.block.axes[axis][slot] = value;
                group.least[axis] = group.least[axis].min(value);
                group.most[axis] = group.most[axis].max(value);
            }
        }
        group
    }
}

/// The box of boxes.
fn unite(boxes: &[[[f64; 3]; 2]]) -> [[f64; 3]; 2] {
    let none = [[f64::INFINITY; 3], [f64::NEG_INFINITY; 3]];
    boxes.iter().fold(none, |[mut least, mut most], [low, high]| {
        for axis in 0..3 {
            least[axis] = least[axis].min(low[axis]);
            most[axis] = most[axis].max(high[axis]);
        }
        [least, most]
    })
}
