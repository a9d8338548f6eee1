//! The Gaussian kernel sum over large sets of incidents, by the fast Gauss transform (Greengard and Strain 1991): far
//! groups of incidents are summed by the moments of their weights instead of one by one.
//!
//! The incidents are in the [`forest`](crate::index::forest) of their [`WeighedIncidents`], with a tree for each
//! fixed cube of space. Each node stores, for each position accuracy that occurs in it, the moments of the weights up
//! to the tenth degree about its center, in the tangent plane of the ground there ([`plane`]). A site finds the cubes
//! in reach of its kernel and walks their trees, the nearest cube first ([`walk`]). The kernel around the site is
//! expanded in Hermite functions about eight sibling nodes at once ([`expansion`]), and the truncation error is
//! bounded. A node with too large a bound is opened; the points of a block are summed directly. The relative error of
//! the sum is at most [`PRECISION`].
//!
//! All decisions on the way (what is expanded, to which degree, in which order it is added and which error it may
//! have) depend only on the site and the cubes in reach. So a sum depends neither on the sites measured with it nor
//! on anything beyond reach, and a part of the world gives the same bits as the whole.

mod count;
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
use count::Count;
pub(super) use count::Counted;
use cube::CubeWeights;
pub(super) use kernels::{Gaussian, end2, ground2, reach_km};
use kernels::{Scale, SiteKernel};
pub(super) use plane::Plane;
use rayon::prelude::*;
use std::sync::Arc;
use strongest::Search;
use walk::Summation;

/// Maximum relative error of a sum, all causes together. The error of a score is at most 12.5 times that, the
/// steepest slope of the log-logistic curve.
pub const PRECISION: f64 = 3e-4;

/// Allowed error of each group relative to its own part: nearly half of the total.
const EACH: f64 = 0.49 * PRECISION;

/// Further allowed error of all groups together, distributed over the weights in reach: half of the total.
const SHARED: f64 = 0.5 * PRECISION;

/// A narrow Gaussian is dropped below this ratio to the widest one: the rest of the total.
const NEGLIGIBLE: f64 = 0.01 * PRECISION;

/// Fewer incidents in the cubes in reach are summed directly, which is as fast and exact.
pub(super) const FEW: usize = 256;

/// If the cubes in reach have more distinct accuracies than this, incidents are summed directly.
const MOST_CLASSES: usize = 64;

/// Values of eight sibling nodes.
type Lanes = [f64; FAN];

/// Computes eight values in a loop that compilers vectorize.
#[inline(always)]
fn lanes(of: impl Fn(usize) -> f64) -> Lanes {
    let mut all = [0.0; FAN];
    for (lane, value) in all.iter_mut().enumerate() {
        *value = of(lane);
    }
    all
}

/// Incidents prepared for summation under a Gaussian kernel, stored beside the forest of their [`WeighedIncidents`].
#[derive(Debug)]
pub struct FastGauss {
    /// Peaks and scales in km of the Gaussians, in the kernel's order.
    scales: Vec<(f64, f64)>,
    cutoff: f64,
    /// The largest position variance of all incidents, in km².
    widest2: f64,
    /// The weights in each tree of the forest, in its order.
    cubes: Vec<Arc<CubeWeights>>,
}

/// The cubes in reach of a site, with its kernel.
pub(super) struct InReach<'a> {
    at: Ecef,
    kernel: SiteKernel,
    /// The cubes, nearest first; ties are in cube order.
    cubes: Vec<Reached<'a>>,
}

/// A cube in reach of a site.
struct Reached<'a> {
    cube: Cube,
    /// The squared chord to the box around its points.
    chord2: f64,
    tree: &'a Packed,
    weights: &'a CubeWeights,
    /// For each point of the tree, the index of its incident.
    members: &'a [u32],
}

impl FastGauss {
    /// Prepares incidents for a kernel given by the peaks and scales in km of its Gaussians; `None` if direct
    /// summation is as good everywhere.
    ///
    /// Reuses the cubes in which the former incidents have the same places and weights. Cubes do not depend on the
    /// kernel, which may differ.
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

    /// Returns what is in reach of a place; `None` if there are so few incidents, or so many accuracies, that the sum
    /// is direct. `incidents` must be those this was built from.
    ///
    /// A cube is in reach if the kernel, widened by the largest position error in the cube, may exceed its cutoff at
    /// the nearest place of the box around the cube's points. Incidents beyond reach have no other influence.
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
        // Variances recur, so the reach is computed once for each.
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
        // A distance along the ground is never shorter than its chord; a millionth covers rounding.
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
        // The trees are visited in an order that depends on the whole forest.
        cubes.sort_by(|a, b| a.chord2.total_cmp(&b.chord2).then(a.cube.cmp(&b.cube)));
        let kernel = SiteKernel::new(&Scale::all(&self.scales), &classes, site2, self.cutoff);
        Some(InReach { at, kernel, cubes })
    }
}

impl InReach<'_> {
    /// Returns the sum of weight × kernel.
    pub fn sum(&self) -> f64 {
        vectorized(Summation::new(&self.cubes, self.at.0, &self.kernel))
    }

    /// Returns how many terms are not zero.
    pub fn count(&self) -> Counted {
        vectorized(Count { cubes: &self.cubes, site: self.at.0, kernel: &self.kernel })
    }

    /// Returns the incidents whose terms may be among the `keep` largest, in no particular order.
    pub fn strongest(&self, keep: usize) -> Vec<usize> {
        vectorized(Search { cubes: &self.cubes, site: self.at.0, kernel: &self.kernel, keep })
    }
}
