//! Who is near whom: R-trees over Earth-centered positions, in which neither the seam nor the poles
//! are special, and answers that are exact on the ellipsoid.
//!
//! Two trees ask the same questions: [`PointTree`] for masses of points, [`ShapeTree`] for anything
//! with a shape. [`Exhaustive`] gives the same answers by looking at every single thing, which is
//! slow and plainly right; it is public so that anyone can ask both.

mod boxes;
mod exhaustive;
mod piece;
mod point_tree;
mod probe;
mod shape_tree;

pub use exhaustive::Exhaustive;
pub use point_tree::PointTree;
pub use probe::Probe;
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
    /// Where on the probe the shortest way begins.
    pub from: Position,
    /// Where on the thing it ends.
    pub to: Position,
}

impl Found {
    /// The bearing on which the shortest way sets out.
    ///
    /// # Units
    /// Degrees clockwise from north, 0 to 360; 0 where the distance is zero.
    pub fn bearing(&self) -> f64 {
        if self.distance == Length::ZERO {
            0.0
        } else {
            geodesic::inverse(self.from, self.to).bearing
        }
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
