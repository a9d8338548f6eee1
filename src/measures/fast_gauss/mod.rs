//! The Gaussian kernel sum over masses of incidents, by the fast Gauss transform (Greengard and Strain
//! 1991): far groups of incidents are not summed one by one but by the moments of their weights.
//!
//! All incidents share the [`forest`](crate::index::forest) of their [`WeighedIncidents`], a tree for each fixed cube of space.
//! Each node carries, for each position accuracy that occurs in it, the moments of the weights up to the tenth degree
//! about its center, in the plane that touches the ground there ([`plane`]). A site finds the cubes in reach of its
//! kernel and walks their trees, the nearest cube first ([`walk`]): the kernel around it is expanded in Hermite
//! functions about eight sibling nodes at once ([`expansion`]), what the expansion leaves out is bounded, and a node
//! whose bound is too large is opened; the points of a block are summed one by one. The sum is off by at most
//! [`PRECISION`] of itself.
//!
//! Everything that is decided on the way, such as what is expanded, to which degree, in which order it is added and
//! which error it may have, follows from the site and the cubes in reach alone. So a sum does not depend on the sites
//! beside it, nor on what lies beyond reach, and a part of the world gives the same bits as the whole.

mod cube;
mod expansion;
mod kernels;
mod plane;
mod strongest;
mod walk;

use super::weighed::WeighedIncidents;
use crate::earth::Ecef;
use crate::index::Cube;
use crate::index::forest::Tree;
use crate::index::levels::FAN;
use crate::index::packed::Packed;
use crate::simd::vectorized;
use cube::CubeWeights;
pub(super) use kernels::{Gaussian, end2, reach_km};
use kernels::{Scale, SiteKernel, ground2};
use rayon::prelude::*;
use std::sync::Arc;
use strongest::Search;
use walk::Summation;

/// The share of a sum by which it may be off, all errors together. A score is off by at most 12.5 times
/// that: the log-logistic curve is nowhere steeper.
pub const PRECISION: f64 = 3e-4;

/// What each group may be off as a share of its own part: nearly half of it all.
const EACH: f64 = 0.49 * PRECISION;

/// What all groups may be off beyond that, shared out over the weights in reach: half of it all.
const SHARED: f64 = 0.5 * PRECISION;

/// A narrow Gaussian is left out where it is this share of the widest one: the rest of it all.
const NEGLIGIBLE: f64 = 0.01 * PRECISION;

/// Fewer incidents in the cubes in reach are summed one by one, which is as fast and exact.
const FEW: usize = 256;

/// Where the cubes in reach have more different accuracies than this, incidents are summed one by one.
const MOST_CLASSES: usize = 64;

/// Values of eight sibling nodes.
type Lanes = [f64; FAN];

/// Eight values made one by one, in a loop that compilers vectorize.
#[inline(always)]
fn lanes(of: impl Fn(usize) -> f64) -> Lanes {
    let mut all = [0.0; FAN];
    for (lane, value) in all.iter_mut().enumerate() {
        *value = of(lane);
    }
    all
}

/// Incidents ready to be summed under a Gaussian kernel, beside the forest of their [`WeighedIncidents`].
#[derive(Debug)]
pub struct FastGauss {
    /// Peaks and scales in km of the Gaussians, as the kernel has them.
    scales: Vec<(f64, f64)>,
    cutoff: f64,
    /// The largest variance of position of all, in km².
    widest2: f64,
    /// What weighs in each tree of the forest, in its order.
    cubes: Vec<Arc<CubeWeights>>,
}

/// What is in reach of a site.
pub(super) struct InReach<'a> {
    at: Ecef,
    kernel: SiteKernel,
    /// The nearest first; of those as near in the order of cubes.
    cubes: Vec<Reached<'a>>,
}

/// A cube in reach of a site.
struct Reached<'a> {
    cube: Cube,
    /// The squared chord to the box around its points.
    chord2: f64,
    tree: &'a Packed,
    weights: &'a CubeWeights,
    /// Which incidents the points of the tree are.
    members: &'a [u32],
}

impl FastGauss {
    /// Of incidents under the Gaussians of a kernel, their peaks and scales in km; `None` where summing incidents one by
    /// one is as good everywhere.
    ///
    /// Takes over the cubes in which former incidents have the same places and weights. Cubes know nothing of the
    /// kernel, which may be another.
    pub(super) fn sharing(
        incidents: &WeighedIncidents,
        scales: &[(f64, f64)],
        cutoff: f64,
        former: Option<(&Self, &WeighedIncidents)>,
    ) -> Option<Self> {
        if incidents.list().len() < FEW {
            return None;
        }
        let forest = incidents.tree().forest();
        let weights = |tree: &Tree| {
            let same = former.and_then(|(former, incidents)| {
                let (number, tree) = incidents.tree().forest().tree_of(tree.cube)?;
                Some((tree, former.cubes.get(number)?))
            });
            CubeWeights::of(incidents, forest, tree, same)
        };
        Some(Self {
            scales: scales.to_vec(),
            cutoff,
            widest2: incidents.widest2(),
            cubes: forest.trees().par_iter().map(weights).collect(),
        })
    }

    /// What is in reach of a place; `None` where it is so little, or of so many accuracies, that it is to be summed
    /// one by one. `incidents` are those it was made of.
    ///
    /// A cube is in reach where the kernel, widened by the largest position error in the cube, may be above its cutoff
    /// at the nearest place of the box around the cube's points. Nothing else is asked of what lies beyond reach.
    ///
    /// # Units
    /// `spread_km` is the standard deviation of the place's own position error.
    pub(super) fn in_reach<'a>(
        &'a self,
        incidents: &'a WeighedIncidents,
        at: Ecef,
        spread_km: f64,
    ) -> Option<InReach<'a>> {
        let forest = incidents.tree().forest();
        let site2 = spread_km * spread_km;
        // Of the few variances that recur the reach is found once.
        let mut known: Vec<(f64, f64)> = Vec::new();
        let mut reach2 = |class2: f64| {
            if let Some((_, reach2)) = known.iter().find(|(known, _)| *known == class2) {
                return *reach2;
            }
            let reach_km = reach_km(&self.scales, self.cutoff, class2 + site2);
            known.push((class2, reach_km * reach_km));
            reach_km * reach_km
        };
        let mut cubes: Vec<Reached> = Vec::new();
        // A way is never shorter than its chord; a millionth more, for what is rounded.
        let farthest2 = 1.000_001e6 * reach2(self.widest2);
        forest.each_tree_within(at.0, farthest2, |number, chord2| {
            if let (Some(tree), Some(weights)) =
                (forest.trees().get(number), self.cubes.get(number))
                && ground2(chord2) <= reach2(weights.widest2)
            {
                let members = forest.members(tree);
                cubes.push(Reached {
                    cube: tree.cube,
                    chord2,
                    tree: &tree.packed,
                    weights,
                    members,
                });
            }
        });
        if cubes.iter().map(|cube| cube.weights.count).sum::<usize>() < FEW {
            return None;
        }
        let mut classes: Vec<f64> = Vec::new();
        for cube in &cubes {
            for class2 in cube.weights.classes.as_ref()? {
                if !classes.contains(class2) {
                    classes.push(*class2);
                }
            }
        }
        if classes.len() > MOST_CLASSES {
            return None;
        }
        classes.sort_unstable_by(f64::total_cmp);
        // The order in which trees are visited depends on all of them.
        cubes.sort_by(|a, b| a.chord2.total_cmp(&b.chord2).then(a.cube.cmp(&b.cube)));
        let kernel = SiteKernel::new(&Scale::all(&self.scales), &classes, site2, self.cutoff);
        Some(InReach { at, kernel, cubes })
    }
}

impl InReach<'_> {
    /// The sum of weight × kernel.
    pub fn sum(&self) -> f64 {
        vectorized(Summation::new(&self.cubes, self.at.0, &self.kernel))
    }

    /// The incidents whose terms may be among the `keep` largest, in no order.
    pub fn strongest(&self, keep: usize) -> Vec<usize> {
        vectorized(Search { cubes: &self.cubes, site: self.at.0, kernel: &self.kernel, keep })
    }
}
