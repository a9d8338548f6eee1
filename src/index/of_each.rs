//! Queries of a point tree for many positions at once.
//!
//! Groups of neighboring positions search together; a position whose answer the chords leave open is
//! searched alone. Answers are in the order of the given positions.

use super::nearest::{GroupSearch, MOST, Ranked};
use super::packed::{BLOCK, QueryGroup};
use super::point_tree::PointTree;
use super::{Found, Rows, by_distance, order, to_index};
use crate::earth::{Ecef, Length, Position, geodesic};
use crate::simd::vectorized;
use rayon::prelude::*;

/// Length in meters up to which the fast length is off by less than a millimeter.
const QUICK: f64 = 99_000.0;

/// Positions per task: 64 groups.
const TASK: usize = 64 * BLOCK;

impl PointTree {
    /// Returns the `k` nearest points of each position, with the shortest geodesics to them. The
    /// answers equal those of [`Neighbors::nearest`](super::Neighbors::nearest) for each position, and
    /// are faster if positions are close to each other. A row holds all points if there are fewer than
    /// `k`.
    pub fn nearest_of_each(&self, from: &[Position], k: usize) -> Rows<Found> {
        let exact = |at: Position, ranked: &Ranked, lane: usize, row: &mut [Found]| {
            for (found, indices) in row.iter_mut().zip(&ranked.indices) {
                let measured = self.measured(at, to_index(*indices.get(lane)?));
                *found = measured?;
            }
            row.sort_by(by_distance);
            Some(())
        };
        let Some(&anywhere) = self.positions().first() else {
            return Rows::new(from.len(), 0, Vec::new());
        };
        self.each(from, k, Found::touching(0, anywhere), exact, |found| found)
    }

    /// Returns the indices and distances of the `k` nearest points of each position, in the order of
    /// the exact distances, with lengths that are off by less than a millimeter.
    ///
    /// Up to 100 km, lengths come from [`Ecef::ground_length`]; beyond, from Karney's algorithm.
    pub fn lengths_to_nearest(&self, from: &[Position], k: usize) -> Rows<(usize, Length)> {
        let quick = |at: Position, ranked: &Ranked, lane: usize, row: &mut [(usize, Length)]| {
            let ranks = ranked.indices.iter().zip(&ranked.meters);
            for (found, (indices, meters)) in row.iter_mut().zip(ranks) {
                let (index, meters) = (to_index(*indices.get(lane)?), *meters.get(lane)?);
                let length = if meters < QUICK {
                    Length::from_meters(meters)
                } else {
                    geodesic::distance(at, *self.positions().get(index)?)
                };
                *found = (index, length);
            }
            Some(())
        };
        self.each(from, k, (0, Length::ZERO), quick, |found| (found.index, found.distance))
    }

    /// Searches the tree for groups of positions, and again one by one where chords leave the order
    /// open.
    ///
    /// `sure` fills a row from the group's result for a lane; `unsure` fills it from an exact answer.
    /// Rows are initialized with `none`.
    fn each<A: Copy + Send + Sync>(
        &self,
        from: &[Position],
        k: usize,
        none: A,
        sure: impl Fn(Position, &Ranked, usize, &mut [A]) -> Option<()> + Sync,
        unsure: impl Fn(Found) -> A + Sync,
    ) -> Rows<A> {
        let k = k.min(self.positions().len());
        if k == 0 {
            return Rows::new(from.len(), 0, Vec::new());
        }
        let order = order::of(from, BLOCK);
        let alone = |group: &QueryGroup, lane: usize, at: Position, row: &mut [A]| {
            let mut found = self.nearest_of_point(at, Ecef(group.block.point(lane)), k);
            found.sort_by(by_distance);
            row.iter_mut().zip(found).for_each(|(row, found)| *row = unsure(found));
        };
        let fill = |group: &QueryGroup, rows: &mut [A]| {
            let walk = || vectorized(GroupSearch::new(self.forest(), group, k));
            let ranked = (k <= MOST).then(walk).flatten();
            for ((lane, index), row) in group.block.slots().zip(rows.chunks_mut(k)) {
                let Some(&at) = from.get(index) else { continue };
                match &ranked {
                    Some(ranked) if ranked.sure.get(lane) == Some(&true) => {
                        sure(at, ranked, lane, row);
                    }
                    _ => alone(group, lane, at, row),
                }
            }
        };
        let answer = |order: &[u32]| {
            let mut rows = vec![none; order.len() * k];
            for (of, rows) in order.chunks(BLOCK).zip(rows.chunks_mut(BLOCK * k)) {
                fill(&QueryGroup::new(from, of), rows);
            }
            rows
        };
        let answers: Vec<Vec<A>> = order.par_chunks(TASK).map(answer).collect();
        // Back from the order of the search to the order of the given positions.
        let mut stands: Vec<u32> = vec![0; from.len()];
        for (place, &index) in (0..).zip(&order) {
            if let Some(stands) = stands.get_mut(to_index(index)) {
                *stands = place;
            }
        }
        let item = |item: usize| {
            let row = to_index(*stands.get(item / k)?);
            answers.get(row / TASK)?.get(row % TASK * k + item % k).copied()
        };
        let items = (0..from.len() * k).into_par_iter().map(|at| item(at).unwrap_or(none));
        Rows::new(from.len(), k, items.collect())
    }
}
