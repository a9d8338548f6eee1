//! An R-tree over masses of points, such as incidents and settlements.

use super::boxes::enclose;
use super::levels::{FAN, FAR2, Node};
use super::nearest::chord_of_any;
use super::packed::{BLOCK, Packed};
use super::{Found, Neighbors, Probe, by_distance};
use crate::earth::{ChordBracket, Ecef, Length, Position};
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Points in Earth-centered space, each with its index.
#[derive(Debug)]
pub struct PointTree {
    positions: Vec<Position>,
    tree: Packed,
}

impl PointTree {
    /// A tree over a list of positions; answers are indices into it.
    pub fn new(positions: Vec<Position>) -> Self {
        Self { tree: Packed::new(positions.as_slice()), positions }
    }

    /// The same where the places of the positions are known already.
    pub(crate) fn placed(positions: Vec<Position>, places: &[Ecef]) -> Self {
        Self { positions, tree: Packed::new(places) }
    }

    /// The positions, in the order in which they were given.
    pub fn positions(&self) -> &[Position] {
        &self.positions
    }

    /// The tree itself, for measures that walk it.
    pub(crate) fn packed(&self) -> &Packed {
        &self.tree
    }

    /// Every point that may lie within a radius of a position, with the square of its chord, in no
    /// order: a superset, for callers that decide by the chord what to measure exactly.
    pub fn candidates(&self, center: Ecef, radius: Length) -> Vec<(usize, f64)> {
        let most = ChordBracket::new(radius).longer2;
        let mut found = Vec::new();
        self.walk(
            |spans| spans <= most,
            center,
            |number| {
                let Some(block) = self.tree.block(number) else { return };
                let chords2 = block.chords2(center.0).into_iter().zip(block.indices);
                let near = chords2.filter(|(chord2, index)| *chord2 <= most && *index != u32::MAX);
                found.extend(
                    near.filter_map(|(chord2, index)| Some((usize::try_from(index).ok()?, chord2))),
                );
            },
        );
        found
    }

    /// Visits the blocks whose nearest place is near enough.
    fn walk(&self, near: impl Fn(f64) -> bool, center: Ecef, mut visit: impl FnMut(usize)) {
        let mut open = vec![self.tree.roots()];
        while let Some(first) = open.pop() {
            let spans = self.tree.spans(first, center.0);
            for (slot, least) in spans.least.into_iter().enumerate() {
                let node = Node { number: first.number + slot, ..first };
                if least < FAR2 && near(least) {
                    match node.children() {
                        Some(children) => open.push(children),
                        None => visit(node.number),
                    }
                }
            }
        }
    }

    /// Every point within a radius of its own around a position, nearest first; `widest` is the
    /// farthest that any of them reaches.
    pub fn within_own(
        &self,
        from: Position,
        widest: Length,
        own: impl Fn(usize) -> Length,
    ) -> Vec<Found> {
        let mut all: Vec<Found> = self
            .candidates(Ecef::from(from), widest)
            .into_iter()
            .filter(|&(index, chord2)| chord2 <= ChordBracket::new(own(index)).longer2)
            .filter_map(|(index, _)| self.measured(from, index))
            .filter(|found| found.distance <= own(found.index))
            .collect();
        all.sort_by(by_distance);
        all
    }

    /// Within a radius of a single position: the chord tells for all but those in its bracket.
    fn within_of_point(&self, from: Position, center: Ecef, radius: Length) -> Vec<Found> {
        self.candidates(center, radius)
            .into_iter()
            .filter_map(|(index, _)| self.measured(from, index))
            .filter(|found| found.distance <= radius)
            .collect()
    }

    /// Within a radius of a line or polygon.
    fn within_of_shape(&self, probe: &Probe, radius: Length) -> Vec<Found> {
        let chord = ChordBracket::new(radius).longer2.sqrt();
        let mut near: Vec<usize> = Vec::new();
        if chord.is_finite() {
            for piece in probe.pieces() {
                let around = enclose(piece);
                // A ball about the box of the piece holds everything near the piece.
                let [[a, b, c], high @ [x, y, z]] = [around.lower(), around.upper()];
                let middle = [f64::midpoint(a, x), f64::midpoint(b, y), f64::midpoint(c, z)];
                let half = Ecef(middle).chord2(Ecef(high)).sqrt();
                let most = (chord + half) * (chord + half);
                self.walk(
                    |least| least <= most,
                    Ecef(middle),
                    |number| {
                        near.extend(
                            self.tree.block(number).into_iter().flat_map(|block| block.points()),
                        );
                    },
                );
            }
        } else {
            near.extend(0..self.positions.len());
        }
        // Points well inside a polygon may be far from its edges.
        near.extend(
            self.positions
                .iter()
                .enumerate()
                .filter(|(_, position)| probe.holds(position.coord()))
                .map(|(index, _)| index),
        );
        near.sort_unstable();
        near.dedup();
        near.into_iter()
            .filter_map(|index| probe.find(index, &Probe::point(*self.positions.get(index)?)))
            .filter(|found| found.distance <= radius)
            .collect()
    }

    pub(super) fn measured(&self, from: Position, index: usize) -> Option<Found> {
        self.positions.get(index).map(|&to| Found::between(index, from, to))
    }

    /// The `k` nearest of a single position: by chord, and past the `k`-th for as long as the chord
    /// leaves the order open.
    pub(super) fn nearest_of_point(&self, from: Position, center: Ecef, k: usize) -> Vec<Found> {
        let mut best = Nearest::new(k);
        // Nearest box first, so that the bound is tight before the far ones are looked at.
        let mut open = vec![(0.0, self.tree.roots())];
        while let Some((least, first)) = open.pop() {
            if least > best.bound {
                continue;
            }
            let spans = self.tree.spans(first, center.0);
            // The few boxes that are near enough, the farthest first.
            let mut near = [(0.0, 0); FAN];
            let mut many = 0;
            for (slot, least) in spans.least.into_iter().enumerate() {
                if least <= best.bound && least < FAR2 {
                    let farther = near.iter().take(many).take_while(|(other, _)| *other >= least);
                    let place = farther.count();
                    near.copy_within(place..many, place + 1);
                    if let Some(place) = near.get_mut(place) {
                        *place = (least, first.number + slot);
                        many += 1;
                    }
                }
            }
            let near = near.get(..many).unwrap_or_default();
            if first.level > 0 {
                let children = |&(least, number): &(f64, usize)| {
                    Some((least, Node { number, ..first }.children()?))
                };
                open.extend(near.iter().filter_map(children));
                continue;
            }
            for &(least, number) in near.iter().rev() {
                let Some(block) = self.tree.block(number).filter(|_| least <= best.bound) else {
                    break;
                };
                let chords2: [f64; BLOCK] = block.chords2(center.0);
                for (chord2, index) in chords2.into_iter().zip(block.indices) {
                    if chord2 <= best.bound && index != u32::MAX {
                        best.add(chord2, index);
                    }
                }
            }
        }
        let bound = best.bound;
        let near = best.candidates.into_iter().filter(|near| near.chord2 <= bound);
        let indices = near.filter_map(|near| usize::try_from(near.index).ok());
        indices.filter_map(|index| self.measured(from, index)).collect()
    }
}

/// The nearest points so far: all whose chord may belong to one of the `k` shortest ways.
struct Nearest {
    k: usize,
    candidates: Vec<Near>,
    /// The squared chord past which nothing can be among the nearest.
    bound: f64,
    /// The `k` shortest chords, the longest of them first.
    shortest: BinaryHeap<Near>,
}

/// A point and the square of its chord, ordered by both.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Near {
    chord2: f64,
    index: u32,
}

impl Eq for Near {}

impl PartialOrd for Near {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Near {
    fn cmp(&self, other: &Self) -> Ordering {
        self.chord2.total_cmp(&other.chord2).then(self.index.cmp(&other.index))
    }
}

impl Nearest {
    fn new(k: usize) -> Self {
        Self { k, candidates: Vec::new(), bound: f64::INFINITY, shortest: BinaryHeap::new() }
    }

    fn add(&mut self, chord2: f64, index: u32) {
        self.candidates.push(Near { chord2, index });
        if self.shortest.len() < self.k {
            self.shortest.push(Near { chord2, index });
        } else {
            match self.shortest.peek_mut() {
                Some(mut farthest) if chord2 < farthest.chord2 => {
                    *farthest = Near { chord2, index }
                }
                _ => return,
            }
        }
        if self.shortest.len() == self.k {
            if let Some(farthest) = self.shortest.peek() {
                self.bound = chord_of_any(farthest.chord2);
            }
            if self.candidates.len() > 64 + 4 * self.k {
                let bound = self.bound;
                self.candidates.retain(|near| near.chord2 <= bound);
            }
        }
    }
}

impl Neighbors for PointTree {
    fn within(&self, probe: &Probe, radius: Length) -> Vec<Found> {
        let mut all = match probe.as_point() {
            Some((from, center)) => self.within_of_point(from, center, radius),
            None => self.within_of_shape(probe, radius),
        };
        all.sort_by(by_distance);
        all
    }

    fn nearest(&self, probe: &Probe, k: usize) -> Vec<Found> {
        if k == 0 {
            return Vec::new();
        }
        let mut all = match probe.as_point() {
            Some((from, center)) => self.nearest_of_point(from, center, k),
            None => super::shape_tree::widening(k, self.positions.len(), |r| {
                self.within_of_shape(probe, r)
            }),
        };
        all.sort_by(by_distance);
        all.truncate(k);
        all
    }
}
