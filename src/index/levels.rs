//! Bounding boxes over bounding boxes, level by level: the inner nodes of the packed trees.
//!
//! Leaves are in the order of a k-d tree ([`order`](super::order)). Eight neighbors form a node, eight nodes a
//! node of the next level, so no pointers are needed. The boxes of eight siblings are stored coordinate by
//! coordinate, so that SIMD instructions test all of them at once.

#![expect(clippy::indexing_slicing, reason = "indices are made by the levels themselves, in range")]

use std::ops::AddAssign;

/// Children per node.
pub(crate) const FAN: usize = 8;

/// Greater than any squared distance on Earth and less than the squared distance to padding.
pub(crate) const FAR2: f64 = 1e20;

/// Coordinate of padding: farther away than anything on Earth, with a finite square.
pub(super) const NOWHERE: f64 = 1e12;

/// Minimum and maximum along each axis.
pub(super) type Bounds = [[f64; 3]; 2];

/// The bounds of an empty set.
pub(super) const NOTHING: Bounds = [[f64::INFINITY; 3], [f64::NEG_INFINITY; 3]];

/// Boxes of the leaves, then of their parents, and so on up to a level of at most eight nodes.
#[derive(Debug)]
pub(super) struct Levels(Vec<Vec<Boxes>>);

/// The boxes of eight siblings, coordinate by coordinate.
#[derive(Debug, Clone)]
struct Boxes {
    least: [[f64; FAN]; 3],
    most: [[f64; FAN]; 3],
}

/// A node; nodes at level 0 are leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Node {
    pub level: usize,
    pub number: usize,
}

/// Squared distances from a point, or from a box of points, to eight siblings.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spans {
    /// Distances to the nearest place of each box.
    pub least: [f64; FAN],
    /// Distances to the farthest place of each box.
    pub most: [f64; FAN],
}

impl Node {
    /// Returns the first child; the other seven follow it. `None` for a leaf.
    pub fn children(self) -> Option<Self> {
        self.level.checked_sub(1).map(|level| Self { level, number: self.number * FAN })
    }
}

impl Levels {
    /// Builds the levels over the boxes of leaves.
    pub fn over(mut boxes: Vec<Bounds>) -> Self {
        let mut levels = Vec::new();
        loop {
            let mut level: Vec<Boxes> = boxes.chunks(FAN).map(Boxes::new).collect();
            if level.is_empty() {
                // An empty tree still has a root where walks begin.
                level.push(Boxes::new(&[]));
            }
            levels.push(level);
            if boxes.len() <= FAN {
                return Self(levels);
            }
            boxes = boxes.chunks(FAN).map(unite).collect();
        }
    }

    /// Returns the number of levels.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Returns the number of nodes of a level, padding included.
    pub fn width(&self, level: usize) -> usize {
        self.0[level].len() * FAN
    }

    /// Sums the `width` values of every node of a level over the nodes above: for each level the sums of all nodes, node
    /// after node; none for the levels below.
    pub fn upward<T: Copy + Default + AddAssign>(
        &self,
        width: usize,
        first: usize,
        mut level: Vec<T>,
    ) -> Vec<Vec<T>> {
        level.resize(self.width(first) * width, T::default());
        let mut all: Vec<Vec<T>> = (0..first).map(|_| Vec::new()).collect();
        all.push(level);
        for up in first + 1..self.count() {
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

    /// Returns the first of the siblings at the root, where every walk begins.
    pub fn roots(&self) -> Node {
        Node { level: self.0.len() - 1, number: 0 }
    }

    /// Returns the squared distances from a box, which may be a single point, to eight siblings identified by
    /// the first.
    #[inline(always)]
    pub fn spans(&self, first: Node, low: [f64; 3], high: [f64; 3]) -> Spans {
        let boxes = &self.0[first.level][first.number / FAN];
        let mut spans = Spans { least: [0.0; FAN], most: [0.0; FAN] };
        for axis in 0..3 {
            for slot in 0..FAN {
                let (least, most) = (boxes.least[axis][slot], boxes.most[axis][slot]);
                let (near, far) = reach(least, most, low[axis], high[axis]);
                spans.least[slot] += near * near;
                spans.most[slot] += far * far;
            }
        }
        spans
    }

    /// Returns the minimum and maximum of a leaf's box along an axis.
    #[inline(always)]
    pub fn side(&self, leaf: usize, axis: usize) -> (f64, f64) {
        let boxes = &self.0[0][leaf / FAN];
        (boxes.least[axis][leaf % FAN], boxes.most[axis][leaf % FAN])
    }
}

impl Boxes {
    fn new(boxes: &[Bounds]) -> Self {
        let mut all = Self { least: [[NOWHERE; FAN]; 3], most: [[NOWHERE; FAN]; 3] };
        for (slot, [least, most]) in boxes.iter().enumerate() {
            for axis in 0..3 {
                all.least[axis][slot] = least[axis];
                all.most[axis][slot] = most[axis];
            }
        }
        all
    }
}

/// Returns the least and greatest distance between places of two intervals, `least..most` and `low..high`.
#[inline(always)]
pub(super) fn reach(least: f64, most: f64, low: f64, high: f64) -> (f64, f64) {
    let larger = |a: f64, b: f64| if a > b { a } else { b };
    let near = larger(larger(least - high, low - most), 0.0);
    (near, larger(high - least, most - low))
}

/// Returns the box around boxes.
pub(super) fn unite(boxes: &[Bounds]) -> Bounds {
    boxes.iter().fold(NOTHING, |[mut least, mut most], [low, high]| {
        for axis in 0..3 {
            least[axis] = least[axis].min(low[axis]);
            most[axis] = most[axis].max(high[axis]);
        }
        [least, most]
    })
}
