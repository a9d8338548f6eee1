//! Best-first search through a forest.

#![expect(clippy::indexing_slicing, reason = "slots are counted here")]
#![expect(clippy::needless_range_loop, reason = "loops over slots are what compilers vectorize")]

use super::forest::{Below, Forest, Leaf, Siblings};
use super::levels::{FAN, FAR2};

/// A search that needs to look at no block past a bound, which falls while it goes on.
pub(super) trait Search {
    /// The squared chord past which nothing is of use.
    fn bound(&self) -> f64;

    /// The least squared chords to siblings.
    fn least(&self, siblings: Siblings) -> [f64; FAN];

    /// Looks at a block; false ends the search.
    fn look(&mut self, leaf: Leaf) -> bool;
}

/// Best-first search, depth by depth: of siblings the nearest box is entered first, so that the bound is tight before
/// the far ones are looked at. False where the search was ended.
#[inline(always)]
pub(super) fn nearest_first(forest: &Forest, search: &mut impl Search) -> bool {
    let mut open = vec![(0.0, forest.roots())];
    while let Some((least, siblings)) = open.pop() {
        let bound = search.bound();
        if least > bound {
            continue;
        }
        let spans = search.least(siblings);
        // The few boxes that are near enough, the farthest first.
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
        // The nearest last, to be taken first.
        open[entered..].reverse();
    }
    true
}
