//! Brute-force search: measures every item with Karney's algorithm, without trees, bounds or
//! shortcuts.

use super::{Found, Neighbors, Probe, by_distance};
use crate::earth::{Length, Position, Shape};

/// A list that every query scans from end to end.
#[derive(Debug)]
pub struct Exhaustive {
    things: Vec<Probe>,
}

impl Exhaustive {
    /// Creates a list of shapes.
    pub fn new(shapes: &[Shape]) -> Self {
        Self { things: shapes.iter().map(Probe::new).collect() }
    }

    /// Creates a list of points.
    pub fn of_points(points: &[Position]) -> Self {
        Self { things: points.iter().copied().map(Probe::point).collect() }
    }

    fn all(&self, probe: &Probe) -> Vec<Found> {
        let mut all: Vec<Found> = self
            .things
            .iter()
            .enumerate()
            .filter_map(|(index, thing)| probe.find(index, thing))
            .collect();
        all.sort_by(by_distance);
        all
    }
}

impl Neighbors for Exhaustive {
    fn within(&self, probe: &Probe, radius: Length) -> Vec<Found> {
        let mut all = self.all(probe);
        all.retain(|found| found.distance <= radius);
        all
    }

    fn nearest(&self, probe: &Probe, k: usize) -> Vec<Found> {
        let mut all = self.all(probe);
        all.truncate(k);
        all
    }
}
