//! How many terms of a sum are not zero.

#![expect(clippy::indexing_slicing, reason = "lanes and slots are counted by their arrays")]

use super::Reached;
use super::kernels::{SiteKernel, ground2, grounds2};
use crate::index::levels::{FAN, Node};
use crate::simd::NullaryFnOnce;

/// Maximum relative error of the squared lengths here, which use a mean radius: see [`ground2`].
const UNSURE: f64 = 1e-4;

/// A count of the incidents of a cube in reach of a site.
pub(super) struct Count<'a> {
    pub cubes: &'a [Reached<'a>],
    pub site: [f64; 3],
    pub kernel: &'a SiteKernel,
}

/// The incidents in reach, and those that may or may not be.
#[derive(Debug, Default)]
pub(in crate::measures) struct Counted {
    /// How many are in reach for sure.
    pub sure: usize,
    /// Those so near the end of the kernel that only their exact distance tells.
    pub unsure: Vec<usize>,
}

impl NullaryFnOnce for Count<'_> {
    type Output = Counted;

    #[inline(always)]
    fn call(self) -> Counted {
        let Self { cubes, site, kernel } = self;
        let mut counted = Counted::default();
        let mut open: Vec<Node> = Vec::new();
        for cube in cubes {
            open.push(cube.tree.roots());
            while let Some(first) = open.pop() {
                let spans = cube.tree.spans(first, site);
                for lane in 0..FAN {
                    if ground2(spans.least[lane]) * (1.0 - UNSURE) > kernel.end2 {
                        continue;
                    }
                    let node = Node { number: first.number + lane, ..first };
                    if ground2(spans.most[lane]) * (1.0 + UNSURE) < kernel.least_end2 {
                        counted.sure += cube.weights.below(node);
                        continue;
                    }
                    match node.children() {
                        Some(children) => open.push(children),
                        None => counted.add_block(cube, node.number, site, kernel),
                    }
                }
            }
        }
        counted
    }
}

impl Counted {
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
        let distances2 = grounds2(block.chords2(site));
        for (slot, stands) in block.slots() {
            let end2 = kernel.class(load.spreads2[slot]).map_or(0.0, |class| class.end2);
            let d2 = distances2[slot];
            if load.weights[slot] <= 0.0 || d2 * (1.0 - UNSURE) > end2 {
                continue;
            }
            if d2 * (1.0 + UNSURE) < end2 {
                self.sure += 1;
            } else if let Some(&incident) = cube.members.get(stands) {
                self.unsure.extend(usize::try_from(incident).ok());
            }
        }
    }
}
