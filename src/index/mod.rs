//! Spatial indexes: nearest neighbors and range queries, exact on the ellipsoid.
//!
//! Trees over Earth-centered positions, in which neither the antimeridian nor the poles are special. Three R-trees
//! answer the same questions: [`PointTree`] for large sets of points, [`Places`] for small sets of points such as
//! sites, and [`ShapeTree`] for any shapes. [`Exhaustive`] gives the same answers by measuring every item: slow, but
//! simple to verify, and public so that users can compare the two.

mod best_first;
mod boxes;
mod cube;
mod exhaustive;
pub(crate) mod forest;
pub(crate) mod levels;
mod near;
mod nearest;
mod of_each;
mod order;
pub(crate) mod packed;
mod piece;
mod places;
mod point_tree;
mod probe;
mod rows;
pub(crate) mod runs;
mod shape_tree;

pub use cube::Cube;
pub use exhaustive::Exhaustive;
pub use order::neighbors_together;
pub use places::Places;
pub use point_tree::PointTree;
pub use probe::Probe;
pub use rows::Rows;
pub use shape_tree::ShapeTree;

use crate::earth::{Length, Position, geodesic};
use std::cmp::Ordering;

/// An item found by a query, with the shortest geodesic to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// Index into the list that was indexed.
    pub index: usize,
    /// Length of the shortest geodesic; zero if the two shapes touch or one contains the other.
    pub distance: Length,
    /// Bearing at the start of that geodesic.
    ///
    /// # Units
    /// Degrees clockwise from north, 0 to 360; 0 where the distance is zero.
    pub bearing: f64,
    /// End of that geodesic on the item.
    pub to: Position,
}

impl Found {
    /// Returns the geodesic between two positions as an answer.
    fn between(index: usize, from: Position, to: Position) -> Self {
        let way = geodesic::inverse(from, to);
        Self { index, distance: way.length, bearing: way.bearing, to }
    }

    /// Returns the answer for an item that overlaps the probe.
    fn touching(index: usize, at: Position) -> Self {
        Self { index, distance: Length::ZERO, bearing: 0.0, to: at }
    }
}

/// The queries that every index answers.
///
/// Answers are sorted by distance, nearest first; ties go to the smaller index. A list in the order of ids is
/// therefore answered in the order of ids.
pub trait Neighbors: Sync {
    /// Returns all items whose distance from the probe is at most `radius`.
    fn within(&self, probe: &Probe, radius: Length) -> Vec<Found>;

    /// Returns the `k` nearest items, or all if there are fewer.
    fn nearest(&self, probe: &Probe, k: usize) -> Vec<Found>;
}

/// Compares by distance, then by index.
fn by_distance(a: &Found, b: &Found) -> Ordering {
    a.distance.meters().total_cmp(&b.distance.meters()).then(a.index.cmp(&b.index))
}

/// Converts a point's number to an index.
pub(crate) fn to_index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
