//! Best-first search through a forest.

#![expect(clippy::indexing_slicing, reason = "slots are counted here")]
#![expect(clippy::needless_range_loop, reason = "loops over slots are what compilers vectorize")]

use super::forest::{Below, Forest, Leaf, Siblings};
use super::levels::{FAN, FAR2};

/// A search with an upper bound that tightens as it proceeds; blocks beyond the bound are skipped.
pub(super) trait Search {
    /// The squared chord beyond which results are no longer useful.
    fn bound(&self) -> f64;

    /// Lower bounds on the squared chords to siblings.
    fn least(&self, siblings: Siblings) -> [f64; FAN];

    /// Processes a block; returns false to end the search.
    fn look(&mut self, leaf: Leaf) -> bool;
}

/// Depth-first search that enters the nearest of eight siblings first, so that the bound is tight before far nodes
/// are examined. Returns false if `block` ended the search.
#[inline(always)]
pub(super) fn nearest_first(forest: &Forest, search: &mut impl Search) -> bool {
    let mut open = vec![(0.0, forest.roots())];
    while let Some((least, siblings)) = open.pop() {
        let bound = search.bound();
        if least > bound {
            continue;
        }
        let spans = search.least(siblings);
        // The siblings within the bound, farthest first.
        let mut near = [(0.0, 0); FAN];
        let mut many = 0;
        for slot in 0..FAN {
            let least = spans[slot];
            if least <= bound && least < FAR2 {
                let mut at = many;
                while at > 0 && near[at - 1].0 < least {
                    near[at] = near[at - 1];
                    at -= 1;
                }
                near[at] = (least, slot);
                many += 1;
            }
        }
        let entered = open.len();
        for &(least, slot) in near[..many].iter().rev() {
            match siblings.below(slot, forest) {
                Below::Nodes(nodes) => open.push((least, nodes)),
                Below::Points(leaf) => {
                    if least <= search.bound() && !search.look(leaf) {
                        return false;
                    }
                }
            }
        }
        // Pushed last, the nearest is popped first.
        open[entered..].reverse();
    }
    true
}
