//! The Gaussian kernel sum over masses of incidents, by the fast Gauss transform (Greengard and Strain
//! 1991): far groups of incidents are not summed one by one but by the moments of their weights.
//!
//! All incidents share the packed tree of their [`Events`]. Each of its nodes carries, for each position
//! accuracy that occurs in it, the moments of the weights up to the tenth degree about its center, in the
//! plane that touches the ground there ([`expansion`]). A site walks the tree from the nearest node on
//! ([`walk`]): the kernel around it is expanded in Hermite functions about eight sibling nodes at once,
//! what the expansion leaves out is bounded, and a node whose bound is too large is opened; the points of
//! a block are summed one by one. The sum is off by at most [`PRECISION`] of itself. Each site is summed
//! by itself, so that its sum does not depend on the sites beside it.

mod expansion;
mod kernels;
mod strongest;
mod walk;

use super::events::Events;
use crate::earth::Ecef;
use crate::index::levels::FAN;
use crate::index::packed::{BLOCK, Packed};
use crate::wide::widely;
use expansion::{Group, Siblings};
pub(super) use kernels::{Gaussian, end2};
use kernels::{Scale, SiteKernel};
use rayon::prelude::*;
use strongest::Search;
use walk::Walk;

/// The share of a sum by which it may be off, all errors together. A score is off by at most 12.5 times
/// that: the log-logistic curve is nowhere steeper.
pub const PRECISION: f64 = 3e-4;

/// What each group may be off as a share of its own part: nearly half of it all.
const EACH: f64 = 0.49 * PRECISION;

/// What all groups may be off beyond that, shared out over the weights in reach: half of it all.
const SHARED: f64 = 0.5 * PRECISION;

/// A narrow Gaussian is left out where it is this share of the widest one: the rest of it all.
const NEGLIGIBLE: f64 = 0.01 * PRECISION;

/// Fewer incidents are summed one by one, which is as fast and exact.
const FEW: usize = 256;

/// More different accuracies than this are summed one by one.
const MOST_CLASSES: usize = 64;

/// Values of eight sibling nodes.
type Lanes = [f64; FAN];

/// Eight values made one by one, in a loop that compilers make wide.
#[inline(always)]
fn lanes(of: impl Fn(usize) -> f64) -> Lanes {
    let mut all = [0.0; FAN];
    for (lane, value) in all.iter_mut().enumerate() {
        *value = of(lane);
    }
    all
}

/// Incidents ready to be summed under a Gaussian kernel, beside the tree of their [`Events`].
#[derive(Debug)]
pub struct Field {
    /// The Gaussians of the kernel, the widest first.
    scales: Vec<Scale>,
    cutoff: f64,
    /// The variances of position that occur, in km², ascending; each makes a class.
    classes: Vec<f64>,
    /// What the points of each block weigh.
    loads: Vec<Load>,
    /// The heaviest weight under each node, level by level from the blocks on, by eight siblings.
    heaviest: Vec<Vec<Lanes>>,
    /// For each level above the blocks its nodes, by eight siblings.
    groups: Vec<Vec<Group>>,
}

/// The points of a block, slot by slot; padding weighs nothing.
#[derive(Debug, Clone)]
struct Load {
    weights: [f64; BLOCK],
    /// Variances of position in km².
    spreads2: [f64; BLOCK],
    /// The one variance of all points, where it is one.
    spread2: Option<f64>,
}

impl Field {
    /// Makes a field of events; `None` where summing them one by one is as good.
    pub fn new(events: &Events, scales: &[(f64, f64)], cutoff: f64) -> Option<Self> {
        if events.list().len() < FEW {
            return None;
        }
        let mut classes: Vec<f64> =
            events.list().iter().map(|event| event.spread_km * event.spread_km).collect();
        classes.sort_unstable_by(f64::total_cmp);
        classes.dedup();
        if classes.len() > MOST_CLASSES {
            return None;
        }
        let tree = events.tree().packed();
        let loads: Vec<Load> =
            tree.blocks().map(|block| Load::new(block.slots(), events)).collect();
        let heaviest = heaviest(tree, &loads);
        let groups = (1..=tree.top())
            .map(|level| {
                (0..tree.width(level) / FAN)
                    .into_par_iter()
                    .map(|number| {
                        let (loads, classes) = (&loads, &classes);
                        widely(Siblings { tree, loads, classes, level, first: number * FAN })
                    })
                    .collect()
            })
            .collect();
        Some(Self { scales: Scale::all(scales), cutoff, classes, loads, heaviest, groups })
    }

    /// The sum of weight × kernel at a place. `events` are those the field was made of.
    ///
    /// # Units
    /// `spread_km` is the standard deviation of the place's own position error.
    pub fn sum(&self, events: &Events, at: Ecef, spread_km: f64) -> f64 {
        let kernel = self.kernel(spread_km);
        widely(Walk::new(self, events.tree().packed(), at.0, &kernel))
    }

    /// The events whose terms may be among the `keep` largest, in no order.
    pub fn strongest(&self, events: &Events, at: Ecef, spread_km: f64, keep: usize) -> Vec<usize> {
        let kernel = self.kernel(spread_km);
        let tree = events.tree().packed();
        widely(Search { field: self, tree, site: at.0, kernel: &kernel, keep })
    }

    fn kernel(&self, spread_km: f64) -> SiteKernel {
        SiteKernel::new(&self.scales, &self.classes, spread_km * spread_km, self.cutoff)
    }
}

impl Load {
    fn new(slots: impl Iterator<Item = (usize, usize)>, events: &Events) -> Self {
        let mut load = Self { weights: [0.0; BLOCK], spreads2: [0.0; BLOCK], spread2: None };
        let mut spreads2 = [f64::INFINITY, f64::NEG_INFINITY];
        for (slot, index) in slots {
            if let (Some(weight), Some(spread2), Some(event)) =
                (load.weights.get_mut(slot), load.spreads2.get_mut(slot), events.list().get(index))
            {
                *weight = event.weight;
                *spread2 = event.spread_km * event.spread_km;
                spreads2 = [spreads2[0].min(*spread2), spreads2[1].max(*spread2)];
            }
        }
        let [least, most] = spreads2;
        load.spread2 = (least == most).then_some(least);
        load
    }
}

/// The heaviest weight under each node.
fn heaviest(tree: &Packed, loads: &[Load]) -> Vec<Vec<Lanes>> {
    let most = |values: &[f64]| values.iter().fold(0.0, |most, &v| if v > most { v } else { most });
    let in_eights = |values: Vec<f64>| -> Vec<Lanes> {
        let eight = |some: &[f64]| lanes(|lane| some.get(lane).copied().unwrap_or(0.0));
        values.chunks(FAN).map(eight).collect()
    };
    let mut levels = vec![in_eights(loads.iter().map(|load| most(&load.weights)).collect())];
    for _ in 0..tree.top() {
        let below = levels.last().map_or(&[][..], Vec::as_slice);
        levels.push(in_eights(below.iter().map(|eight| most(eight)).collect()));
    }
    levels
}
