//! Proximity: the nearest items of a list and all items within reach, with distance and bearing.

use super::quantities::Nearby;
use super::weighed::{SiteProbe, WeighedIncidents};
use crate::earth::{Length, Position, Shape, geodesic};
use crate::index::{Found, Neighbors, Places, PointTree, Probe, ShapeTree, neighbors_together};
use rayon::prelude::*;

/// Items of one kind in a suitable tree: one for points, another for lines and polygons.
#[derive(Debug)]
pub struct KindIndex {
    /// For each item in the tree, its index in the run's list.
    indices: Vec<usize>,
    tree: Tree,
}

#[derive(Debug)]
enum Tree {
    /// Large sets of points.
    Points(PointTree),
    /// Small sets of points.
    Places(Places),
    Shapes(ShapeTree),
}

impl KindIndex {
    /// Indexes a large set of items, given as their index in the run's list and their shape.
    pub fn new<'a>(things: impl IntoIterator<Item = (usize, &'a Shape)>) -> Self {
        Self::of(things, |points| Tree::Points(PointTree::new(points)))
    }

    /// Indexes a small set of items, such as sites, given as their index in the run's list and their
    /// shape.
    pub fn few<'a>(things: impl IntoIterator<Item = (usize, &'a Shape)>) -> Self {
        Self::of(things, |points| Tree::Places(Places::new(points)))
    }

    /// Indexes items in a tree of shapes, or in one of points if all of them are points.
    fn of<'a>(
        things: impl IntoIterator<Item = (usize, &'a Shape)>,
        of_points: impl FnOnce(Vec<Position>) -> Tree,
    ) -> Self {
        let (indices, shapes): (Vec<usize>, Vec<&Shape>) = things.into_iter().unzip();
        let points: Option<Vec<Position>> = shapes.iter().map(|shape| shape.as_point()).collect();
        let tree = match points {
            Some(points) => of_points(points),
            None => Tree::Shapes(ShapeTree::new(shapes)),
        };
        Self { indices, tree }
    }

    /// Indexes points, given as their index in the run's list and their position.
    pub fn of_points(points: impl IntoIterator<Item = (usize, Position)>) -> Self {
        let (indices, points): (Vec<usize>, Vec<Position>) = points.into_iter().unzip();
        Self { indices, tree: Tree::Points(PointTree::new(points)) }
    }

    /// Returns the shapes if at least one of them is a line or a polygon.
    pub(super) fn shapes(&self) -> Option<&ShapeTree> {
        match &self.tree {
            Tree::Shapes(tree) => Some(tree),
            Tree::Points(_) | Tree::Places(_) => None,
        }
    }

    /// Returns the distance from a position to one item, by its place in the tree; `None` if it is more than `radius`.
    pub(super) fn distance_within(
        &self,
        item: usize,
        from: Position,
        radius: Length,
    ) -> Option<Length> {
        let to = match &self.tree {
            Tree::Shapes(tree) => return tree.distance_within(item, from, radius),
            Tree::Points(tree) => *tree.positions().get(item)?,
            Tree::Places(tree) => *tree.positions().get(item)?,
        };
        Some(geodesic::distance(from, to)).filter(|distance| *distance <= radius)
    }

    fn neighbors(&self) -> &dyn Neighbors {
        match &self.tree {
            Tree::Points(tree) => tree,
            Tree::Places(tree) => tree,
            Tree::Shapes(tree) => tree,
        }
    }

    fn name(&self, found: Found) -> Option<Nearby> {
        Some(Nearby::named(*self.indices.get(found.index)?, &found))
    }

    /// Returns all items within a radius, nearest first.
    pub fn within(&self, probe: &Probe, radius: Length) -> Vec<Nearby> {
        self.neighbors().within(probe, radius).into_iter().filter_map(|f| self.name(f)).collect()
    }

    /// Returns the `k` nearest items.
    pub fn nearest(&self, probe: &Probe, k: usize) -> Vec<Nearby> {
        self.neighbors().nearest(probe, k).into_iter().filter_map(|f| self.name(f)).collect()
    }

    /// Returns all items within their own reach, nearest first, or the single nearest item if there are
    /// none.
    ///
    /// `own` returns the reach of an item, given its index in the run's list; `widest` is the largest
    /// reach.
    pub fn in_reach(
        &self,
        probe: &Probe,
        widest: Length,
        own: impl Fn(usize) -> Length,
    ) -> Vec<Nearby> {
        let own_of = |at: usize| self.indices.get(at).map_or(Length::ZERO, |&index| own(index));
        let mut found = match (&self.tree, probe.position()) {
            // Most items within the widest reach are beyond their own, so the chord decides first.
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

/// Returns everything in reach of each site of a batch, measured from the site itself.
pub fn in_reach(
    probes: &[SiteProbe],
    things: &KindIndex,
    widest: Length,
    own: impl Fn(usize) -> Length + Sync,
) -> Vec<Vec<Nearby>> {
    each(probes, |probe| things.in_reach(probe, widest, &own))
}

/// Returns the `k` nearest incidents of each site of a batch, measured from the site itself.
pub fn nearest_incidents(
    probes: &[SiteProbe],
    incidents: &WeighedIncidents,
    k: usize,
) -> Vec<Vec<Nearby>> {
    let name = |found: Found| Some(Nearby::named(incidents.list().get(found.index)?.index, &found));
    let probe = |site: &'_ SiteProbe| site.parts.first()?.probe.position();
    let points: Option<Vec<Position>> = probes.iter().map(probe).collect();
    match points {
        Some(points) => (incidents.tree().nearest_of_each(&points, k).iter())
            .map(|found| found.iter().copied().filter_map(name).collect())
            .collect(),
        // The batch contains lines or polygons.
        None => each(probes, |probe| {
            incidents.tree().nearest(probe, k).into_iter().filter_map(name).collect()
        }),
    }
}

/// Runs a query for each site of a batch, in the order of a k-d tree: consecutive queries are close in
/// space and share cached data.
fn each(probes: &[SiteProbe], ask: impl Fn(&Probe) -> Vec<Nearby> + Sync) -> Vec<Vec<Nearby>> {
    let positions: Vec<Position> = probes.iter().map(|site| site.position).collect();
    let order = neighbors_together(&positions);
    let asked = order.par_iter().with_min_len(32).map(|&at| {
        let part = probes.get(at).and_then(|site| site.parts.first());
        part.map_or_else(Vec::new, |part| ask(&part.probe))
    });
    let asked: Vec<Vec<Nearby>> = asked.collect();
    let mut answers = vec![Vec::new(); probes.len()];
    for (at, nearby) in order.into_iter().zip(asked) {
        if let Some(answer) = answers.get_mut(at) {
            *answer = nearby;
        }
    }
    answers
}
