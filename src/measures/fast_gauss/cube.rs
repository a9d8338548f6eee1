//! The weights of one cube's incidents: each weight, the heaviest below each node, and the moments of each node.

use super::expansion::{Expanding, NodeGroup};
use super::{Lanes, MOST_CLASSES, lanes};
use crate::index::forest::{Forest, Tree};
use crate::index::levels::{FAN, Node};
use crate::index::packed::{BLOCK, Block, Packed};
use crate::index::to_index;
use crate::measures::weighed::{WeighedIncident, WeighedIncidents};
use crate::simd::vectorized;
use rayon::prelude::*;
use std::sync::Arc;

/// The weights of a cube's incidents, stored beside the tree over their places. They depend only on this cube.
#[derive(Debug)]
pub(super) struct CubeWeights {
    /// Number of incidents, and the sum of their weights.
    pub count: usize,
    pub total: f64,
    /// The distinct position variances, in km², ascending; each forms a class. Empty if there are more than
    /// [`MOST_CLASSES`].
    pub classes: Option<Vec<f64>>,
    /// The largest position variance, in km².
    pub widest2: f64,
    /// Weights of the points of each block.
    pub loads: Vec<BlockWeights>,
    /// How many points of the blocks before each block, and of all blocks at the end, have a weight.
    pub before: Vec<usize>,
    /// The heaviest weight below each node, level by level from the blocks up, in groups of eight siblings.
    pub heaviest: Vec<Vec<Lanes>>,
    /// The nodes of each level above the blocks, in groups of eight siblings.
    pub groups: Vec<Vec<NodeGroup>>,
}

/// Weights of a block's points, slot by slot; padding has weight zero.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct BlockWeights {
    pub weights: [f64; BLOCK],
    /// Position variances in km².
    pub spreads2: [f64; BLOCK],
    /// The variance, if it is the same for all points.
    pub spread2: Option<f64>,
}

impl CubeWeights {
    /// Computes the weights of a tree's incidents, or reuses those of a former tree with the same places and weights.
    pub fn of(
        incidents: &WeighedIncidents,
        forest: &Forest,
        tree: &Tree,
        former: Option<(&Tree, &Arc<Self>)>,
    ) -> Arc<Self> {
        let members = forest.members(tree);
        let incident = |stands: usize| incidents.list().get(to_index(*members.get(stands)?));
        let packed = tree.packed.as_ref();
        let loads = packed.blocks().map(|block| {
            BlockWeights::new(
                block.slots().filter_map(|(slot, stands)| Some((slot, incident(stands)?))),
            )
        });
        let loads: Vec<BlockWeights> = loads.collect();
        if let Some((former, weights)) = former
            && Arc::ptr_eq(&former.packed, &tree.packed)
            && weights.loads == loads
        {
            return Arc::clone(weights);
        }
        Arc::new(Self::new(packed, members.len(), loads))
    }

    fn new(tree: &Packed, count: usize, loads: Vec<BlockWeights>) -> Self {
        let slots = || tree.blocks().zip(&loads).flat_map(|(block, load)| load.slots(block));
        let mut classes: Vec<f64> = Vec::new();
        for (_, spread2) in slots() {
            if classes.len() <= MOST_CLASSES && !classes.contains(&spread2) {
                classes.push(spread2);
            }
        }
        classes.sort_unstable_by(f64::total_cmp);
        let widest2 = slots().map(|(_, spread2)| spread2).fold(0.0, f64::max);
        let total = slots().map(|(weight, _)| weight).sum();
        let classes = (classes.len() <= MOST_CLASSES).then_some(classes);
        let level = |level: usize| -> Vec<NodeGroup> {
            let Some(classes) = &classes else { return Vec::new() };
            let group = |number: usize| {
                let (loads, first) = (&loads, number * FAN);
                vectorized(Expanding { tree, loads, classes, level, first })
            };
            (0..tree.width(level) / FAN).into_par_iter().map(group).collect()
        };
        let groups = (1..=tree.top()).map(level).collect();
        let heaviest = heaviest(tree, &loads);
        let mut before = vec![0];
        for load in &loads {
            let here = load.weights.iter().filter(|weight| **weight > 0.0).count();
            before.push(before.last().copied().unwrap_or(0) + here);
        }
        Self { count, total, classes, widest2, loads, before, heaviest, groups }
    }
}

impl CubeWeights {
    /// Returns how many points below a node have a weight.
    pub fn below(&self, node: Node) -> usize {
        let width = u32::try_from(node.level).map_or(usize::MAX, |level| FAN.saturating_pow(level));
        let last = self.before.len().saturating_sub(1);
        let of = |number: usize| {
            self.before.get(number.saturating_mul(width).min(last)).copied().unwrap_or(0)
        };
        of(node.number + 1).saturating_sub(of(node.number))
    }
}

impl BlockWeights {
    fn new<'a>(slots: impl Iterator<Item = (usize, &'a WeighedIncident)>) -> Self {
        let mut load = Self { weights: [0.0; BLOCK], spreads2: [0.0; BLOCK], spread2: None };
        let mut spreads2 = [f64::INFINITY, f64::NEG_INFINITY];
        for (slot, incident) in slots {
            if let (Some(weight), Some(spread2)) =
                (load.weights.get_mut(slot), load.spreads2.get_mut(slot))
            {
                *weight = incident.weight;
                *spread2 = incident.spread_km * incident.spread_km;
                spreads2 = [spreads2[0].min(*spread2), spreads2[1].max(*spread2)];
            }
        }
        let [least, most] = spreads2;
        load.spread2 = (least == most).then_some(least);
        load
    }

    /// Returns the weight and variance of each point of a block.
    fn slots<'a>(&'a self, block: &'a Block) -> impl Iterator<Item = (f64, f64)> + 'a {
        let slots = block.slots().map(|(slot, _)| slot);
        slots.filter_map(|slot| Some((*self.weights.get(slot)?, *self.spreads2.get(slot)?)))
    }
}

/// Returns the heaviest weight below each node.
fn heaviest(tree: &Packed, loads: &[BlockWeights]) -> Vec<Vec<Lanes>> {
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
