//! A forest over large sets of points: a packed tree for each fixed cube of space that contains points.
//!
//! Space is divided into cubes of 199 km that are the same for all data ([`Cube`]). The points of each cube have a
//! [`Packed`] tree that depends only on these points and their order. So adding a point rebuilds one tree; two
//! forests share the trees of cubes in which they agree; and data restricted to the cubes in reach of a place gives
//! the same trees there as all data.
//!
//! [`Levels`] over the boxes of the cubes, in Morton order, sit above the trees. They only find cubes and do not
//! affect results. Walks see the forest as one tree of [`Siblings`].

#![expect(
    clippy::indexing_slicing,
    reason = "trees, nodes and slots are made by the forest itself"
)]

use super::cube::{CUBES, Cube};
use super::levels::{Bounds, FAN, FAR2, Levels, Node, Spans, reach};
use super::order::{Chosen, Points, cubes};
use super::packed::{BLOCK, Block, Packed, QueryGroup};
use super::to_index;
use crate::earth::{Ecef, TOGETHER};
use rayon::prelude::*;
use std::ops::{AddAssign, Range};
use std::sync::Arc;

/// A list of trees, in the order of their cubes.
#[derive(Debug)]
pub(crate) struct Forest {
    trees: Vec<Tree>,
    /// The points of all trees, tree after tree, as indices into the indexed list; ascending within a tree.
    members: Vec<u32>,
    top: Levels,
}

/// The tree of one cube.
#[derive(Debug)]
pub(crate) struct Tree {
    pub cube: Cube,
    /// Refers to points by their position among the members of the cube.
    pub packed: Arc<Packed>,
    /// Range of this tree's points in [`Forest::members`].
    members: Range<usize>,
    /// Total number of blocks in the preceding trees.
    blocks_before: usize,
}

/// Value of `tree` for nodes above the trees.
const TOP: usize = usize::MAX;

/// Eight siblings, identified by the first: nodes of a tree, or of the levels above the trees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Siblings {
    tree: usize,
    first: Node,
}

/// A block of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Leaf {
    tree: usize,
    number: usize,
}

/// The children of a node.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Below {
    Nodes(Siblings),
    Points(Leaf),
}

impl Siblings {
    /// Returns what lies below the sibling with an index from 0 to 7.
    #[inline(always)]
    pub fn below(self, slot: usize, forest: &Forest) -> Below {
        let node = Node { number: self.first.number + slot, ..self.first };
        match node.children() {
            Some(first) => Below::Nodes(Self { first, ..self }),
            None if self.tree == TOP => Below::Nodes(Self {
                tree: node.number,
                first: forest.trees[node.number].packed.roots(),
            }),
            None => Below::Points(Leaf { tree: self.tree, number: node.number }),
        }
    }
}

impl Forest {
    /// Builds a forest over points.
    pub fn new(points: &(impl Points + ?Sized)) -> Self {
        Self::sharing(points, None)
    }

    /// Builds a forest, reusing the trees of another forest for cubes that contain the same places in the same order.
    pub fn sharing(points: &(impl Points + ?Sized), former: Option<&Self>) -> Self {
        let (cubes, members) = by_cube(points);
        let tree = |(cube, of): &(Cube, Range<usize>)| {
            let points = Chosen { of: points, members: &members[of.clone()] };
            let same = former.and_then(|former| former.tree_of(*cube));
            let same = same.filter(|(_, same)| same.packed.is_over(&points));
            let taken = |(_, same): (usize, &Tree)| Arc::clone(&same.packed);
            same.map_or_else(|| Arc::new(Packed::new(&points)), taken)
        };
        let packed: Vec<Arc<Packed>> = cubes.par_iter().map(tree).collect();
        let mut blocks_before = 0;
        let trees = cubes.into_iter().zip(packed).map(|((cube, members), packed)| {
            let tree = Tree { cube, members, blocks_before, packed };
            blocks_before += tree.packed.blocks().len();
            tree
        });
        let trees: Vec<Tree> = trees.collect();
        let top = Levels::over(trees.iter().map(|tree| tree.packed.bounds()).collect());
        Self { trees, members, top }
    }

    /// Returns the trees, in the order of their cubes.
    pub fn trees(&self) -> &[Tree] {
        &self.trees
    }

    /// Returns the tree of a cube and its number, or `None` if the cube contains no points.
    pub fn tree_of(&self, cube: Cube) -> Option<(usize, &Tree)> {
        let number = self.trees.binary_search_by_key(&cube, |tree| tree.cube).ok()?;
        Some((number, self.trees.get(number)?))
    }

    /// Returns the indices of a tree's points in the indexed list, in the tree's own numbering.
    pub fn members(&self, tree: &Tree) -> &[u32] {
        &self.members[tree.members.clone()]
    }

    /// Returns the number of blocks, padding included.
    pub fn count(&self) -> usize {
        self.trees.last().map_or(0, |last| last.blocks_before + last.packed.blocks().len())
    }

    /// Returns all blocks in order, each with its points as indices into the indexed list.
    pub fn blocks(
        &self,
    ) -> impl IndexedParallelIterator<Item = impl Iterator<Item = (usize, usize)> + Send> {
        (0..self.count()).into_par_iter().map(|number| {
            let after = self.trees.partition_point(|tree| tree.blocks_before <= number);
            let tree = after.saturating_sub(1);
            let number = number - self.trees[tree].blocks_before;
            self.points(Leaf { tree, number })
        })
    }

    /// Returns the number of a block within the forest.
    #[inline(always)]
    pub fn number(&self, leaf: Leaf) -> usize {
        self.trees[leaf.tree].blocks_before + leaf.number
    }

    /// Returns a block, or `None` for padding. The block numbers points by their position in their tree.
    #[inline(always)]
    pub fn block(&self, leaf: Leaf) -> Option<&Block> {
        self.trees[leaf.tree].packed.block(leaf.number)
    }

    /// Returns the occupied slots of a block, each with the index of its point in the list.
    pub fn points(&self, leaf: Leaf) -> impl Iterator<Item = (usize, usize)> {
        let members = self.members(&self.trees[leaf.tree]);
        let slots = self.block(leaf).into_iter().flat_map(Block::slots);
        slots.map(|(slot, stands)| (slot, to_index(members[stands])))
    }

    /// Returns the index in the list of the point in a slot of a block.
    #[inline(always)]
    pub fn index(&self, leaf: Leaf, slot: usize) -> Option<u32> {
        let stands = self.block(leaf)?.indices[slot];
        self.members(&self.trees[leaf.tree]).get(to_index(stands)).copied()
    }

    /// Returns the siblings at the root, where every walk begins.
    pub fn roots(&self) -> Siblings {
        Siblings { tree: TOP, first: self.top.roots() }
    }

    #[inline(always)]
    fn levels(&self, tree: usize) -> &Levels {
        if tree == TOP { &self.top } else { self.trees[tree].packed.levels() }
    }

    /// Returns the squared distances from a point to the boxes of eight siblings.
    #[inline(always)]
    pub fn spans(&self, siblings: Siblings, from: [f64; 3]) -> Spans {
        self.spans_of_box(siblings, [from; 2])
    }

    /// Returns the least and greatest squared distances between the box around a group and the boxes of eight
    /// siblings.
    #[inline(always)]
    pub fn spans_of_group(&self, siblings: Siblings, group: &QueryGroup) -> Spans {
        self.spans_of_box(siblings, group.bounds())
    }

    #[inline(always)]
    fn spans_of_box(&self, siblings: Siblings, [low, high]: Bounds) -> Spans {
        self.levels(siblings.tree).spans(siblings.first, low, high)
    }

    /// Returns the squared distances from each point of a group to the nearest and to the farthest place of a block's
    /// box.
    #[inline(always)]
    pub fn spans_of_each(&self, leaf: Leaf, group: &QueryGroup) -> [[f64; BLOCK]; 2] {
        let mut spans = [[0.0; BLOCK]; 2];
        for axis in 0..3 {
            let (least, most) = self.levels(leaf.tree).side(leaf.number, axis);
            let [nearest, farthest] = &mut spans;
            for ((near2, far2), &from) in
                nearest.iter_mut().zip(farthest).zip(&group.block.axes()[axis])
            {
                let (near, far) = reach(least, most, from, from);
                *near2 += near * near;
                *far2 += far * far;
            }
        }
        spans
    }

    /// Visits the blocks whose boxes come within a squared chord of a point.
    pub fn each_within(&self, from: [f64; 3], chord2: f64, mut visit: impl FnMut(Leaf)) {
        let mut open = vec![self.roots()];
        while let Some(siblings) = open.pop() {
            let spans = self.spans(siblings, from);
            for (slot, least) in spans.least.into_iter().enumerate() {
                if least < FAR2 && least <= chord2 {
                    match siblings.below(slot, self) {
                        Below::Nodes(nodes) => open.push(nodes),
                        Below::Points(leaf) => visit(leaf),
                    }
                }
            }
        }
    }

    /// Visits the trees whose points' boxes come within a squared chord of a place, each with its number and the
    /// squared chord to its box.
    #[inline(always)]
    pub fn each_tree_within(&self, from: [f64; 3], chord2: f64, mut visit: impl FnMut(usize, f64)) {
        let mut open = vec![self.top.roots()];
        while let Some(first) = open.pop() {
            let spans = self.top.spans(first, from, from);
            for (slot, least) in spans.least.into_iter().enumerate() {
                let node = Node { number: first.number + slot, ..first };
                if least < FAR2 && least <= chord2 {
                    match node.children() {
                        Some(children) => open.push(children),
                        None => visit(node.number, least),
                    }
                }
            }
        }
    }

    /// Whether the box of a group intersects more than `most` blocks.
    #[inline(always)]
    pub fn meets_more(&self, group: &QueryGroup, most: usize) -> bool {
        let mut met = 0;
        let mut open = vec![self.roots()];
        while let Some(siblings) = open.pop() {
            let spans = self.spans_of_group(siblings, group);
            for (slot, least) in spans.least.into_iter().enumerate() {
                if least <= 0.0 {
                    match siblings.below(slot, self) {
                        Below::Nodes(nodes) => open.push(nodes),
                        Below::Points(_) => met += 1,
                    }
                }
            }
            if met > most {
                return true;
            }
        }
        false
    }

    /// Sums the `width` values of every block over all nodes.
    pub fn totals<T>(&self, width: usize, blocks: &[T]) -> Totals<T>
    where
        T: Copy + Default + AddAssign + Send + Sync,
    {
        let of_tree = |tree: &Tree| {
            let first = tree.blocks_before * width;
            let last = first + tree.packed.blocks().len() * width;
            tree.packed.levels().upward(width, 0, blocks[first..last].to_vec())
        };
        self.totals_of_trees(width, self.trees.par_iter().map(of_tree).collect())
    }

    /// Sums `width` values of the points over all nodes above the blocks, and over the blocks of trees that have nothing above.
    /// `add` adds a point, by its index in the list, to such sums.
    pub fn totals_above<T>(&self, width: usize, add: impl Fn(usize, &mut [T]) + Sync) -> Totals<T>
    where
        T: Copy + Default + AddAssign + Send + Sync,
    {
        let of_tree = |tree: &Tree| {
            let (levels, members) = (tree.packed.levels(), self.members(tree));
            let first = 1.min(tree.packed.top());
            let mut sums = vec![T::default(); levels.width(first) * width];
            let per_node = if first == 0 { 1 } else { FAN };
            for (number, block) in tree.packed.blocks().enumerate() {
                let node = number / per_node;
                for (_, stands) in block.slots() {
                    add(to_index(members[stands]), &mut sums[node * width..(node + 1) * width]);
                }
            }
            levels.upward(width, first, sums)
        };
        self.totals_of_trees(width, self.trees.par_iter().map(of_tree).collect())
    }

    fn totals_of_trees<T>(&self, width: usize, trees: Vec<Vec<Vec<T>>>) -> Totals<T>
    where
        T: Copy + Default + AddAssign,
    {
        let mut whole = vec![T::default(); trees.len() * width];
        for (sums, tree) in whole.chunks_mut(width.max(1)).zip(&trees) {
            for root in tree.iter().last().into_iter().flat_map(|roots| roots.chunks(width.max(1)))
            {
                sums.iter_mut().zip(root).for_each(|(sum, &value)| *sum += value);
            }
        }
        Totals { width, top: self.top.upward(width, 0, whole), trees }
    }
}

/// Groups points by cube: returns the occupied cubes in order, each with the range of its points in the second list.
fn by_cube(points: &(impl Points + ?Sized)) -> (Vec<(Cube, Range<usize>)>, Vec<u32>) {
    let cube_of_each = cubes(points);
    let mut ends = vec![0_usize; CUBES];
    for cube in &cube_of_each {
        ends[cube.index()] += 1;
    }
    let mut found = Vec::new();
    let mut all = 0;
    for (cube, end) in Cube::all().zip(&mut ends) {
        let many = *end;
        if many > 0 {
            found.push((cube, all..all + many));
        }
        *end = all;
        all += many;
    }
    let mut members = vec![0; cube_of_each.len()];
    for (index, cube) in (0..).zip(&cube_of_each) {
        let next = &mut ends[cube.index()];
        members[*next] = index;
        *next += 1;
    }
    (found, members)
}

/// Sums over the nodes of a forest.
#[derive(Debug)]
pub(crate) struct Totals<T> {
    width: usize,
    /// For each tree and level, the sums of all nodes, node after node.
    trees: Vec<Vec<Vec<T>>>,
    /// Sums for the levels above the trees, in the same layout.
    top: Vec<Vec<T>>,
}

impl<T> Totals<T> {
    /// Returns the sums of one of eight siblings.
    #[inline(always)]
    pub fn of(&self, siblings: Siblings, slot: usize) -> &[T] {
        let Siblings { tree, first: Node { level, number } } = siblings;
        let levels = if tree == TOP { &self.top } else { &self.trees[tree] };
        &levels[level][(number + slot) * self.width..(number + slot + 1) * self.width]
    }

    /// Returns the sums of one of eight siblings, if they are stored.
    pub fn held(&self, siblings: Siblings, slot: usize) -> Option<&[T]> {
        let Siblings { tree, first: Node { level, number } } = siblings;
        let levels = if tree == TOP { &self.top } else { &self.trees[tree] };
        levels[level].get((number + slot) * self.width..(number + slot + 1) * self.width)
    }

    /// Returns the sums of a block.
    #[inline(always)]
    pub fn of_block(&self, leaf: Leaf) -> &[T] {
        let first = Node { level: 0, number: leaf.number };
        self.of(Siblings { tree: leaf.tree, first }, 0)
    }
}

impl Packed {
    /// Whether this tree was built from these points in this order.
    fn is_over(&self, points: &impl Points) -> bool {
        let same = |block: &Block| {
            let [x, y, z] = block.axes();
            let places = points.places(block.points());
            (block.slots().zip(places))
                .all(|((slot, _), Ecef(at))| at == [x[slot], y[slot], z[slot]])
        };
        let held: usize = self.blocks().map(|block| block.points().count()).sum();
        held == points.count() && self.blocks().all(same)
    }
}

const _: () = assert!(TOGETHER == BLOCK, "a block's places are asked for at once");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::earth::Position;

    fn points() -> Vec<Position> {
        let at = |i: u32| {
            let (lon, lat) = (f64::from(i * 37 % 3600) / 10.0 - 180.0, f64::from(i % 170) - 85.0);
            Position::from_degrees(lon, lat).expect("a position")
        };
        (0..5_000).map(at).collect()
    }

    #[test]
    fn every_point_stands_in_the_tree_of_its_cube_once() {
        let points = points();
        let forest = Forest::new(points.as_slice());
        let mut all = Vec::new();
        for tree in forest.trees() {
            let members = forest.members(tree);
            assert!(members.iter().all(|&index| Cube::of(points[to_index(index)]) == tree.cube));
            assert!(members.is_sorted());
            all.extend_from_slice(members);
        }
        all.sort_unstable();
        assert!(all.into_iter().eq(0..5_000));
    }

    #[test]
    fn one_more_point_makes_one_tree_anew() {
        let mut points = points();
        let forest = Forest::new(points.as_slice());
        let more = Position::from_degrees(12.345, 6.789).expect("a position");
        // Inserted first, so that every other point has another index.
        points.insert(0, more);
        let other = Forest::sharing(points.as_slice(), Some(&forest));
        let same = |tree: &&Tree| {
            let former = forest.tree_of(tree.cube);
            former.is_some_and(|(_, former)| Arc::ptr_eq(&former.packed, &tree.packed))
        };
        let anew: Vec<Cube> =
            (other.trees().iter()).filter(|tree| !same(tree)).map(|tree| tree.cube).collect();
        assert_eq!(anew, [Cube::of(more)]);
    }
}
