//! An R-tree over masses of points, such as incidents and settlements.

use super::boxes::{enclose, widen};
use super::{Found, Neighbors, Probe, by_distance};
use crate::earth::{ChordBracket, Ecef, Length, Position};
use rstar::RTree;
use rstar::primitives::GeomWithData;

/// Points in Earth-centered space, each with its index.
#[derive(Debug)]
pub struct PointTree {
    positions: Vec<Position>,
    tree: RTree<GeomWithData<[f64; 3], usize>>,
}

impl PointTree {
    /// A tree over a list of positions; answers are indices into it.
    pub fn new(positions: Vec<Position>) -> Self {
        let points = positions
            .iter()
            .enumerate()
            .map(|(index, &position)| GeomWithData::new(Ecef::from(position).0, index))
            .collect();
        Self { positions, tree: RTree::bulk_load(points) }
    }

    /// The positions, in the order in which they were given.
    pub fn positions(&self) -> &[Position] {
        &self.positions
    }

    /// Every point that may lie within a radius of a position, with the square of its chord, in no
    /// order: a superset, for callers that decide by the chord what to measure exactly.
    pub fn candidates(
        &self,
        center: Ecef,
        radius: Length,
    ) -> impl Iterator<Item = (usize, f64)> + '_ {
        let most = ChordBracket::new(radius).longer2;
        self.tree
            .locate_within_distance(center.0, most)
            .map(move |point| (point.data, center.chord2(Ecef(*point.geom()))))
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
            .filter_map(|(index, _)| self.measured(from, index))
            .filter(|found| found.distance <= radius)
            .collect()
    }

    /// Within a radius of a line or polygon.
    fn within_of_shape(&self, probe: &Probe, radius: Length) -> Vec<Found> {
        let chord = ChordBracket::new(radius).longer2.sqrt();
        let mut near: Vec<usize> = if chord.is_finite() {
            probe
                .pieces()
                .iter()
                .flat_map(|piece| self.tree.locate_in_envelope(widen(&enclose(piece), chord)))
                .map(|point| point.data)
                .collect()
        } else {
            (0..self.positions.len()).collect()
        };
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

    fn measured(&self, from: Position, index: usize) -> Option<Found> {
        self.positions.get(index).map(|&to| Found::between(index, from, to))
    }

    /// The `k` nearest of a single position: by chord, and on past the `k`-th for as long as the
    /// chord leaves the order open.
    fn nearest_of_point(&self, from: Position, center: Ecef, k: usize) -> Vec<Found> {
        let mut all: Vec<Found> = Vec::with_capacity(k + 1);
        let mut open = f64::INFINITY;
        for (point, chord2) in self.tree.nearest_neighbor_iter_with_distance_2(center.0) {
            if chord2 > open {
                break;
            }
            all.extend(self.measured(from, point.data));
            if all.len() >= k && open.is_infinite() {
                let farthest = all
                    .iter()
                    .map(|f| f.distance)
                    .fold(Length::ZERO, |a, b| if b > a { b } else { a });
                open = ChordBracket::new(farthest).longer2;
            }
        }
        all
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
