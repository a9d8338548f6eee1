//! A packed tree over masses of points: how the points lie in memory.
//!
//! Points are put in the order of a k-d tree and cut into blocks of 16; eight neighboring blocks make a
//! node, eight nodes a node of the next level, so that the tree needs no pointers. Boxes of eight
//! siblings and coordinates of a block lie side by side, so that one pass of the processor's wide
//! registers asks all of them. The tree knows nothing of what is asked: counting, summing and finding
//! walk it by [`Packed::roots`] and [`Node`].

#![expect(clippy::indexing_slicing, reason = "indices are made by the tree itself, in range")]
#![expect(clippy::needless_range_loop, reason = "loops over slots are what compilers make wide")]

use crate::earth::Ecef;

/// Points in a block.
pub(crate) const BLOCK: usize = 16;

/// Children of a node.
pub(crate) const FAN: usize = 8;

/// No squared distance on Earth is as large; that to padding is larger.
pub(crate) const FAR2: f64 = 1e20;

/// Where padding stands: farther than anything on Earth, and its square is still finite.
const NOWHERE: f64 = 1e12;

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

/// Squared distances from a point to eight siblings.
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
        let mut order: Vec<([f64; 3], u32)> =
            points.into_iter().zip(0..).map(|(point, index)| (point.0, index)).collect();
        sort(&mut order);
        let blocks: Vec<Block> = order.chunks(BLOCK).map(Block::new).collect();
        let mut levels: Vec<Vec<Boxes>> = Vec::new();
        let mut boxes: Vec<[[f64; 3]; 2]> = order.chunks(BLOCK).map(around).collect();
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
        self.levels[first.level][first.number / FAN].spans(from)
    }

    /// The block of a node of level 0.
    pub fn block(&self, number: usize) -> Option<&Block> {
        self.blocks.get(number)
    }

    /// All blocks, by number.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.blocks.iter()
    }

    /// Values added up over every node: `of` gives those of a point by its index, `width` of them.
    /// Returns for each level the sums of each node, one node after the other.
    pub fn sums(&self, width: usize, of: impl Fn(usize, &mut [f64])) -> Vec<Vec<f64>> {
        let mut values = vec![0.0; width];
        let mut level = vec![0.0; self.width(0) * width];
        for (block, sums) in self.blocks.iter().zip(level.chunks_mut(width.max(1))) {
            for index in block.points() {
                of(index, &mut values);
                sums.iter_mut().zip(&values).for_each(|(sum, value)| *sum += value);
            }
        }
        let mut all = vec![level];
        for up in 1..self.levels.len() {
            let below = &all[up - 1];
            let mut level = vec![0.0; self.width(up) * width];
            for (children, sums) in
                below.chunks(FAN * width.max(1)).zip(level.chunks_mut(width.max(1)))
            {
                for child in children.chunks(width.max(1)) {
                    sums.iter_mut().zip(child).for_each(|(sum, value)| *sum += value);
                }
            }
            all.push(level);
        }
        all
    }
}

impl Block {
    fn new(points: &[([f64; 3], u32)]) -> Self {
        let mut block = Self { axes: [[NOWHERE; BLOCK]; 3], indices: [u32::MAX; BLOCK] };
        for (slot, (point, index)) in points.iter().enumerate() {
            for axis in 0..3 {
                block.axes[axis][slot] = point[axis];
            }
            block.indices[slot] = *index;
        }
        block
    }

    /// The slots of its points and their indices.
    pub fn slots(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let slots = self.indices.iter().enumerate().filter(|(_, index)| **index != u32::MAX);
        slots.filter_map(|(slot, &index)| Some((slot, usize::try_from(index).ok()?)))
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

    #[inline(always)]
    fn spans(&self, from: [f64; 3]) -> Spans {
        let mut spans = Spans { least: [0.0; FAN], most: [0.0; FAN] };
        for axis in 0..3 {
            for slot in 0..FAN {
                let below = self.least[axis][slot] - from[axis];
                let above = from[axis] - self.most[axis][slot];
                let near = below.max(above).max(0.0);
                let far = (-below).max(-above);
                spans.least[slot] += near * near;
                spans.most[slot] += far * far;
            }
        }
        spans
    }
}

/// Puts points in the order of a k-d tree whose cells end where nodes end: each split is along the
/// longest side, at a whole number of the largest nodes that fit.
fn sort(points: &mut [([f64; 3], u32)]) {
    let blocks = points.len().div_ceil(BLOCK);
    if blocks <= 1 {
        return;
    }
    let mut unit = 1;
    while unit * FAN < blocks {
        unit *= FAN;
    }
    let half = ((blocks / 2 + unit / 2) / unit).max(1) * unit;
    let middle = half.min(blocks - 1) * BLOCK;
    let [least, most] = around(points);
    let axis =
        (0..3).max_by(|&a, &b| (most[a] - least[a]).total_cmp(&(most[b] - least[b]))).unwrap_or(0);
    // Ties by the other axes and the index, so that the order is the same whatever the input's.
    points.select_nth_unstable_by(middle, |a, b| {
        a.0[axis]
            .total_cmp(&b.0[axis])
            .then_with(|| a.0[(axis + 1) % 3].total_cmp(&b.0[(axis + 1) % 3]))
            .then_with(|| a.1.cmp(&b.1))
    });
    let (below, above) = points.split_at_mut(middle);
    if below.len() > 50_000 {
        rayon::join(|| sort(below), || sort(above));
    } else {
        sort(below);
        sort(above);
    }
}

/// The least and the most of points along each axis.
fn around(points: &[([f64; 3], u32)]) -> [[f64; 3]; 2] {
    let none = [[f64::INFINITY; 3], [f64::NEG_INFINITY; 3]];
    points.iter().fold(none, |[mut least, mut most], (point, _)| {
        for axis in 0..3 {
            least[axis] = least[axis].min(point[axis]);
            most[axis] = most[axis].max(point[axis]);
        }
        [least, most]
    })
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
