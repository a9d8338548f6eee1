//! An R-tree over large sets of points, such as incidents and settlements.

use super::best_first::{Search, nearest_first};
use super::boxes::enclose;
use super::forest::{Forest, Leaf, Siblings};
use super::levels::FAN;
use super::nearest::chord_of_any;
use super::{Found, Neighbors, Probe, by_distance};
use crate::earth::{ChordBracket, Ecef, Length, Position};
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Points in Earth-centered space, with their indices.
#[derive(Debug)]
pub struct PointTree {
    positions: Vec<Position>,
    forest: Forest,
}

impl PointTree {
    /// Builds a tree over a list of positions; answers are indices into it.
    pub fn new(positions: Vec<Position>) -> Self {
        Self { forest: Forest::new(positions.as_slice()), positions }
    }

    /// Builds a tree over positions whose places in space are already known. Reuses the trees of cubes that
    /// contain the same places in `former`.
    pub(crate) fn placed(positions: Vec<Position>, places: &[Ecef], former: Option<&Self>) -> Self {
        let forest = Forest::sharing(places, former.map(|former| &former.forest));
        Self { positions, forest }
    }

    /// Returns the positions, in the given order.
    pub fn positions(&self) -> &[Position] {
        &self.positions
    }

    /// Returns the forest, for measures that walk it.
    pub(crate) fn forest(&self) -> &Forest {
        &self.forest
    }

    /// Returns every point that may lie within a radius of a position, with the square of its chord, in no
    /// particular order: a superset, for callers that use the chord to decide which distances to measure exactly.
    pub fn candidates(&self, center: Ecef, radius: Length) -> Vec<(usize, f64)> {
        let mut found = Vec::new();
        self.each_within(center, radius, |index, chord2, _| found.push((index, chord2)));
        found
    }

    /// Visits every point that may lie within a radius of a position, with the square of its chord and its place.
    pub(crate) fn each_within(
        &self,
        center: Ecef,
        radius: Length,
        visit: impl FnMut(usize, f64, Ecef),
    ) {
        self.each_within_chord(center, ChordBracket::new(radius).longer2, visit);
    }

    /// Visits every point whose squared chord from a place is at most `most`, with that chord and its place.
    fn each_within_chord(&self, center: Ecef, most: f64, mut visit: impl FnMut(usize, f64, Ecef)) {
        self.forest.each_within(center.0, most, |leaf| {
            let Some(block) = self.forest.block(leaf) else { return };
            let chords2 = block.chords2(center.0);
            for (slot, index) in self.forest.points(leaf) {
                if let Some(&chord2) = chords2.get(slot).filter(|chord2| **chord2 <= most) {
                    visit(index, chord2, Ecef(block.point(slot)));
                }
            }
        });
    }

    /// Returns the square of the shortest chord from a place to any point, if it is at most `most`.
    pub(crate) fn least_chord2(&self, center: Ecef, most: f64) -> Option<f64> {
        let mut shortest = Shortest { forest: &self.forest, center, bound: most, found: false };
        nearest_first(&self.forest, &mut shortest);
        shortest.found.then_some(shortest.bound)
    }

    /// Returns every point within its own radius of a position, nearest first; `widest` is the largest of these
    /// radii.
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

    /// Returns the points within a radius of a position. The chord decides, except for points within its bounds.
    fn within_of_point(&self, from: Position, center: Ecef, radius: Length) -> Vec<Found> {
        self.candidates(center, radius)
            .into_iter()
            .filter_map(|(index, _)| self.measured(from, index))
            .filter(|found| found.distance <= radius)
            .collect()
    }

    /// Returns the points within a radius of a line or polygon.
    fn within_of_shape(&self, probe: &Probe, radius: Length) -> Vec<Found> {
        let chord = ChordBracket::new(radius).longer2.sqrt();
        let mut near: Vec<usize> = Vec::new();
        if chord.is_finite() {
            for piece in probe.pieces() {
                let around = enclose(piece);
                // A ball around the piece's box contains everything near the piece.
                let [[a, b, c], high @ [x, y, z]] = [around.lower(), around.upper()];
                let middle = [f64::midpoint(a, x), f64::midpoint(b, y), f64::midpoint(c, z)];
                let half = Ecef(middle).chord2(Ecef(high)).sqrt();
                let most = (chord + half) * (chord + half);
                self.each_within_chord(Ecef(middle), most, |index, _, _| near.push(index));
            }
        } else {
            near.extend(0..self.positions.len());
        }
        // Points well inside a polygon may be far from its edges.
        if probe.has_inside() {
            near.extend(
                self.positions
                    .iter()
                    .enumerate()
                    .filter(|(_, position)| probe.holds(position.coord()))
                    .map(|(index, _)| index),
            );
        }
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

    /// Returns the `k` nearest points of a position by chord, and those beyond the `k`-th as long as the chord
    /// leaves the order open.
    pub(super) fn nearest_of_point(&self, from: Position, center: Ecef, k: usize) -> Vec<Found> {
        let mut best = Nearest::new(&self.forest, center, k);
        nearest_first(&self.forest, &mut best);
        let bound = best.bound;
        let near = best.candidates.into_iter().filter(|near| near.chord2 <= bound);
        let indices = near.filter_map(|near| usize::try_from(near.index).ok());
        indices.filter_map(|index| self.measured(from, index)).collect()
    }
}

/// The shortest chord so far, squared.
struct Shortest<'a> {
    forest: &'a Forest,
    center: Ecef,
    bound: f64,
    found: bool,
}

impl Search for Shortest<'_> {
    #[inline(always)]
    fn bound(&self) -> f64 {
        self.bound
    }

    #[inline(always)]
    fn least(&self, siblings: Siblings) -> [f64; FAN] {
        self.forest.spans(siblings, self.center.0).least
    }

    #[inline(always)]
    fn look(&mut self, leaf: Leaf) -> bool {
        let forest = self.forest;
        let Some(block) = forest.block(leaf) else { return true };
        for (slot, chord2) in block.chords2(self.center.0).into_iter().enumerate() {
            if chord2 <= self.bound && forest.index(leaf, slot).is_some() {
                (self.bound, self.found) = (chord2, true);
            }
        }
        true
    }
}

/// The nearest points so far: all whose chords allow one of the `k` shortest distances.
struct Nearest<'a> {
    forest: &'a Forest,
    center: Ecef,
    k: usize,
    candidates: Vec<Near>,
    /// The squared chord beyond which nothing can be among the nearest.
    bound: f64,
    /// The `k` shortest chords, longest first.
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

impl<'a> Nearest<'a> {
    fn new(forest: &'a Forest, center: Ecef, k: usize) -> Self {
        let (candidates, shortest) = (Vec::new(), BinaryHeap::new());
        Self { forest, center, k, candidates, bound: f64::INFINITY, shortest }
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

impl Search for Nearest<'_> {
    #[inline(always)]
    fn bound(&self) -> f64 {
        self.bound
    }

    #[inline(always)]
    fn least(&self, siblings: Siblings) -> [f64; FAN] {
        self.forest.spans(siblings, self.center.0).least
    }

    #[inline(always)]
    fn look(&mut self, leaf: Leaf) -> bool {
        let forest = self.forest;
        let Some(block) = forest.block(leaf) else { return true };
        for (slot, chord2) in block.chords2(self.center.0).into_iter().enumerate() {
            if chord2 <= self.bound
                && let Some(index) = forest.index(leaf, slot)
            {
                self.add(chord2, index);
            }
        }
        true
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
