//! An `rstar` R-tree over small sets of points, such as sites, in Earth-centered space.

use super::boxes::enclose;
use super::near::still_open;
use super::shape_tree::widening;
use super::{Found, Neighbors, Probe, by_distance};
use crate::earth::{ChordBracket, Ecef, Length, Position};
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};

/// Points with their indices. For large sets, [`PointTree`](super::PointTree) is faster.
#[derive(Debug)]
pub struct Places {
    positions: Vec<Position>,
    tree: RTree<GeomWithData<[f64; 3], usize>>,
}

impl Places {
    /// Builds a tree over a list of positions; answers are indices into it.
    pub fn new(positions: Vec<Position>) -> Self {
        let points = positions.iter().enumerate();
        let points = points.map(|(index, at)| GeomWithData::new(Ecef::from(*at).0, index));
        Self { tree: RTree::bulk_load(points.collect()), positions }
    }

    /// Returns the positions, in the given order.
    pub fn positions(&self) -> &[Position] {
        &self.positions
    }

    fn measured(&self, from: Position, index: usize) -> Option<Found> {
        self.positions.get(index).map(|&to| Found::between(index, from, to))
    }

    fn within_of_point(&self, from: Position, center: Ecef, radius: Length) -> Vec<Found> {
        let near = self.tree.locate_within_distance(center.0, ChordBracket::new(radius).longer2);
        near.filter_map(|point| self.measured(from, point.data))
            .filter(|found| found.distance <= radius)
            .collect()
    }

    /// Returns the points within a radius of a line or polygon.
    fn within_of_shape(&self, probe: &Probe, radius: Length) -> Vec<Found> {
        let chord = ChordBracket::new(radius).longer2.sqrt();
        let around = |piece| {
            let piece: AABB<[f64; 3]> = enclose(piece);
            let (low, high) = (piece.lower(), piece.upper());
            AABB::from_corners(low.map(|at| at - chord), high.map(|at| at + chord))
        };
        let pieces = probe.pieces().iter();
        let mut near: Vec<usize> = pieces
            .flat_map(|piece| self.tree.locate_in_envelope(around(piece)))
            .map(|point| point.data)
            .collect();
        // Points well inside a polygon may be far from its edges.
        let held = self.positions.iter().enumerate().filter(|(_, at)| probe.holds(at.coord()));
        near.extend(held.map(|(index, _)| index));
        near.sort_unstable();
        near.dedup();
        near.into_iter()
            .filter_map(|index| probe.find(index, &Probe::point(*self.positions.get(index)?)))
            .filter(|found| found.distance <= radius)
            .collect()
    }

    /// Returns the `k` nearest points of a position, and those beyond the `k`-th whose chords leave
    /// the order open.
    fn nearest_of_point(&self, from: Position, center: Ecef, k: usize) -> Vec<Found> {
        let mut found = Vec::new();
        let mut most = f64::INFINITY;
        for (point, chord2) in self.tree.nearest_neighbor_iter_with_distance_2(center.0) {
            let chord = chord2.sqrt();
            if chord > most {
                break;
            }
            found.extend(self.measured(from, point.data));
            if found.len() == k {
                most = still_open(chord);
            }
        }
        found
    }
}

impl Neighbors for Places {
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
            None => widening(k, self.positions.len(), |r| self.within_of_shape(probe, r)),
        };
        all.sort_by(by_distance);
        all.truncate(k);
        all
    }
}
