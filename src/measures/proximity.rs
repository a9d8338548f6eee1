//! What lies near: the nearest things of a list and everything within reach, with distance and
//! bearing.

use super::events::{Events, Subject};
use super::quantities::Nearby;
use crate::earth::{Length, Position, Shape};
use crate::index::{Found, Neighbors, PointTree, Probe, ShapeTree, neighbors_together};
use rayon::prelude::*;

/// Things of one kind in the tree that suits them: points in one, lines and polygons in the other.
#[derive(Debug)]
pub struct Surroundings {
    /// For each thing in the tree, its index in the run's list.
    indices: Vec<usize>,
    tree: Tree,
}

#[derive(Debug)]
enum Tree {
    Points(PointTree),
    Shapes(ShapeTree),
}

impl Surroundings {
    /// Indexes things: their index in the run's list, and their shape.
    pub fn new<'a>(things: impl IntoIterator<Item = (usize, &'a Shape)>) -> Self {
        let (indices, shapes): (Vec<usize>, Vec<&Shape>) = things.into_iter().unzip();
        let points: Option<Vec<Position>> = shapes.iter().map(|shape| shape.as_point()).collect();
        let tree = match points {
            Some(points) => Tree::Points(PointTree::new(points)),
            None => Tree::Shapes(ShapeTree::new(shapes)),
        };
        Self { indices, tree }
    }

    /// Indexes points: their index in the run's list, and where they lie.
    pub fn of_points(points: impl IntoIterator<Item = (usize, Position)>) -> Self {
        let (indices, points): (Vec<usize>, Vec<Position>) = points.into_iter().unzip();
        Self { indices, tree: Tree::Points(PointTree::new(points)) }
    }

    /// The shapes, where at least one of them is a line or a polygon.
    pub(super) fn shapes(&self) -> Option<&ShapeTree> {
        match &self.tree {
            Tree::Shapes(tree) => Some(tree),
            Tree::Points(_) => None,
        }
    }

    fn neighbors(&self) -> &dyn Neighbors {
        match &self.tree {
            Tree::Points(tree) => tree,
            Tree::Shapes(tree) => tree,
        }
    }

    fn name(&self, found: Found) -> Option<Nearby> {
        Some(Nearby::named(*self.indices.get(found.index)?, &found))
    }

    /// Everything within a radius, nearest first.
    pub fn within(&self, probe: &Probe, radius: Length) -> Vec<Nearby> {
        self.neighbors().within(probe, radius).into_iter().filter_map(|f| self.name(f)).collect()
    }

    /// The `k` nearest.
    pub fn nearest(&self, probe: &Probe, k: usize) -> Vec<Nearby> {
        self.neighbors().nearest(probe, k).into_iter().filter_map(|f| self.name(f)).collect()
    }

    /// Everything within its own reach, nearest first, or the single nearest where nothing is.
    ///
    /// `own` is the reach of a thing by its index in the run's list, and `widest` the farthest of them.
    pub fn in_reach(
        &self,
        probe: &Probe,
        widest: Length,
        own: impl Fn(usize) -> Length,
    ) -> Vec<Nearby> {
        let own_of = |at: usize| self.indices.get(at).map_or(Length::ZERO, |&index| own(index));
        let mut found = match (&self.tree, probe.position()) {
            // Most of the things within the widest reach are out of their own: the chord tells.
            (Tree::Points(tree), Some(from)) => tree.within_own(from, widest, own_of),
            _ => self.neighbors().within(probe, widest),
        };
        found.retain(|found| found.distance <= own_of(found.index));
        if found.is_empty() {
            return self.nearest(probe, 1);
        }
        found.into_iter().filter_map(|found| self.name(found)).collect()
    }
}

/// Everything in reach of each site of a batch, from the site itself.
pub fn in_reach(
    subjects: &[Subject],
    things: &Surroundings,
    widest: Length,
    own: impl Fn(usize) -> Length + Sync,
) -> Vec<Vec<Nearby>> {
    each(subjects, |probe| things.in_reach(probe, widest, &own))
}

/// The `k` nearest incidents of each site of a batch, from the site itself.
pub fn nearest_events(subjects: &[Subject], events: &Events, k: usize) -> Vec<Vec<Nearby>> {
    let name = |found: Found| Some(Nearby::named(events.list().get(found.index)?.incident, &found));
    let probe = |subject: &'_ Subject| subject.parts.first()?.probe.position();
    let points: Option<Vec<Position>> = subjects.iter().map(probe).collect();
    match points {
        Some(points) => (events.tree().nearest_of_each(&points, k).iter())
            .map(|found| found.iter().copied().filter_map(name).collect())
            .collect(),
        // Among them are lines or polygons.
        None => each(subjects, |probe| {
            events.tree().nearest(probe, k).into_iter().filter_map(name).collect()
        }),
    }
}

/// Asks for each site of a batch. Neighbors are asked one after the other, in the order of a k-d tree,
/// so that what one of them brought into the processor's memory serves the next.
fn each(subjects: &[Subject], ask: impl Fn(&Probe) -> Vec<Nearby> + Sync) -> Vec<Vec<Nearby>> {
    let positions: Vec<Position> = subjects.iter().map(|subject| subject.position).collect();
    let order = neighbors_together(&positions);
    let asked = order.par_iter().with_min_len(32).map(|&at| {
        let part = subjects.get(at).and_then(|subject| subject.parts.first());
        part.map_or_else(Vec::new, |part| ask(&part.probe))
    });
    let asked: Vec<Vec<Nearby>> = asked.collect();
    let mut answers = vec![Vec::new(); subjects.len()];
    for (at, nearby) in order.into_iter().zip(asked) {
        if let Some(answer) = answers.get_mut(at) {
            *answer = nearby;
        }
    }
    answers
}
