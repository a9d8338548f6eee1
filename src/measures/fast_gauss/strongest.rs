//! The largest terms of a sum, found by a bound on each node: its heaviest weight at its nearest place.

#![expect(clippy::indexing_slicing, reason = "lanes and slots are counted by their arrays")]

use super::kernels::{SiteKernel, ground2, grounds2};
use super::{Lanes, Reached, lanes};
use crate::index::levels::{FAN, FAR2, Node};
use crate::simd::NullaryFnOnce;

/// Maximum relative error of the terms found here: their lengths use a mean radius, which at the end of
/// the kernel changes a term by 5e-4.
const UNSURE: f64 = 1e-3;

/// A search for the largest terms at a site.
pub(super) struct Search<'a> {
    pub cubes: &'a [Reached<'a>],
    pub site: [f64; 3],
    pub kernel: &'a SiteKernel,
    pub keep: usize,
}

impl NullaryFnOnce for Search<'_> {
    /// Returns the incidents whose terms may be among the `keep` largest.
    type Output = Vec<usize>;

    #[inline(always)]
    fn call(self) -> Vec<usize> {
        search(self)
    }
}

#[inline(always)]
fn search(Search { cubes, site, kernel, keep }: Search<'_>) -> Vec<usize> {
    if keep == 0 {
        return Vec::new();
    }
    let cutoff = kernel.cutoff * (1.0 - UNSURE);
    let mut best = Best { keep, terms: Vec::new(), unsure: Vec::new(), bound: 0.0 };
    let mut open: Vec<(f64, Node)> = Vec::new();
    for cube in cubes {
        open.push((f64::INFINITY, cube.tree.roots()));
        while let Some((most, first)) = open.pop() {
            if most < best.bound {
                continue;
            }
            let Some(heaviest) = cube.heaviest(first) else { continue };
            let spans = cube.tree.spans(first, site);
            let least2 = lanes(|lane| ground2(spans.least[lane]));
            let kernels = kernel.most(&least2);
            // The siblings above the bound, the best last.
            let mut reached = [(0.0, 0); FAN];
            let mut many = 0;
            for lane in 0..FAN {
                let most = heaviest[lane] * kernels[lane];
                let worth = spans.least[lane] < FAR2 && kernels[lane] >= cutoff;
                if worth && most > 0.0 && most >= best.bound {
                    let before = reached[..many].iter().take_while(|(other, _)| *other <= most);
                    let place = before.count();
                    reached.copy_within(place..many, place + 1);
                    reached[place] = (most, first.number + lane);
                    many += 1;
                }
            }
            if first.level > 0 {
                let children = |&(most, number): &(f64, usize)| {
                    Some((most, Node { number, ..first }.children()?))
                };
                open.extend(reached[..many].iter().filter_map(children));
                continue;
            }
            for &(most, number) in reached[..many].iter().rev() {
                if most < best.bound {
                    break;
                }
                best.add_block(cube, number, site, kernel);
            }
        }
    }
    best.finish()
}

impl Reached<'_> {
    #[inline(always)]
    fn heaviest(&self, first: Node) -> Option<&Lanes> {
        self.weights.heaviest.get(first.level)?.get(first.number / FAN)
    }
}

/// The largest terms so far.
struct Best {
    keep: usize,
    /// Terms and their incidents: the largest, and those so close to them that only exact distances can
    /// rank them.
    terms: Vec<(f64, u32)>,
    /// Incidents near the end of the kernel, which may have no term and so set no bound for others.
    unsure: Vec<u32>,
    /// Terms below this value are surely not among the largest.
    bound: f64,
}

impl Best {
    /// Adds the terms of a block.
    #[inline(always)]
    fn add_block(
        &mut self,
        cube: &Reached<'_>,
        number: usize,
        site: [f64; 3],
        kernel: &SiteKernel,
    ) {
        let (Some(block), Some(load)) = (cube.tree.block(number), cube.weights.loads.get(number))
        else {
            return;
        };
        let cutoff = kernel.cutoff * (1.0 - UNSURE);
        let distances2 = grounds2(block.chords2(site));
        let terms = kernel.at(&distances2, load, false, cutoff);
        for (slot, stands) in block.slots() {
            let Some(&incident) = cube.members.get(stands) else { continue };
            let term = load.weights[slot] * terms[slot];
            // So near the end of the kernel only the exact distance tells whether it is a term at all.
            if terms[slot] >= kernel.cutoff * (1.0 + UNSURE) {
                self.add(term, incident);
            } else if term > 0.0 && term >= self.bound {
                self.unsure.push(incident);
            }
        }
    }

    #[inline(always)]
    fn add(&mut self, term: f64, incident: u32) {
        if term <= 0.0 || term < self.bound {
            return;
        }
        self.terms.push((term, incident));
        let full = 2 * self.keep + 8;
        if self.terms.len() >= full || self.bound == 0.0 && self.terms.len() >= self.keep {
            self.cut();
        }
    }

    /// Computes the bound and removes the terms below it.
    fn cut(&mut self) {
        self.terms.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        if let Some((last, _)) = self.keep.checked_sub(1).and_then(|last| self.terms.get(last)) {
            self.bound = last * (1.0 - 2.0 * UNSURE);
        }
        let bound = self.bound;
        self.terms.retain(|(term, _)| *term >= bound);
    }

    fn finish(mut self) -> Vec<usize> {
        self.cut();
        let all = self.terms.into_iter().map(|(_, incident)| incident).chain(self.unsure);
        all.filter_map(|incident| usize::try_from(incident).ok()).collect()
    }
}
