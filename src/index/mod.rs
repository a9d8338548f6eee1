//! Who is near whom: trees over Earth-centered positions, in which neither the seam nor the poles
//! are special, and answers that are exact on the ellipsoid.
//!
//! Three R-trees answer the same questions: [`PointTree`] for masses of points, [`Places`] for small sets of
//! points such as sites, [`ShapeTree`] for anything with a shape. [`Exhaustive`] gives the same answers by looking at every single thing, which is
//! slow and plainly right; it is public so that anyone can ask both.

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
pub(crate) use order::neighbors_together;
pub use places::Places;
pub use point_tree::PointTree;
pub use probe::Probe;
pub use rows::Rows;
pub use shape_tree::ShapeTree;

use crate::earth::{Length, Position, geodesic};
use std::cmp::Ordering;

/// A thing that was found, and the shortest way to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// Index into the list that was indexed.
    pub index: usize,
    /// Length of the shortest geodesic; zero where the two shapes touch or one holds the other.
    pub distance: Length,
    /// The bearing on which it sets out.
    ///
    /// # Units
    /// Degrees clockwise from north, 0 to 360; 0 where the distance is zero.
    pub bearing: f64,
    /// Where on the thing it ends.
    pub to: Position,
}

impl Found {
    /// The shortest way between two positions, as an answer.
    fn between(index: usize, from: Position, to: Position) -> Self {
        let way = geodesic::inverse(from, to);
        Self { index, distance: way.length, bearing: way.bearing, to }
    }

    /// A thing that overlaps the probe.
    fn touching(index: usize, at: Position) -> Self {
        Self { index, distance: Length::ZERO, bearing: 0.0, to: at }
    }
}

/// The questions that every index answers.
///
/// Answers come nearest first; ties by distance go to the smaller index, so that a list given in
/// the order of ids is answered in the order of ids.
pub trait Neighbors: Sync {
    /// Everything whose distance from the probe is at most `radius`.
    fn within(&self, probe: &Probe, radius: Length) -> Vec<Found>;

    /// The `k` nearest; all of them where there are fewer.
    fn nearest(&self, probe: &Probe, k: usize) -> Vec<Found>;
}

/// Nearest first, then by index.
fn by_distance(a: &Found, b: &Found) -> Ordering {
    a.distance.meters().total_cmp(&b.distance.meters()).then(a.index.cmp(&b.index))
}

/// A number of a point as an index.
pub(crate) fn to_index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
