//! The sum at one site: a walk through the trees in reach, nearest nodes first.

#![expect(
    clippy::indexing_slicing,
    reason = "lanes, slots and degrees are counted by their arrays"
)]
#![expect(clippy::needless_range_loop, reason = "loops over lanes are what compilers vectorize")]

use super::expansion::{Bounds, DEGREES, NodeGroup, Offsets, left_out};
use super::kernels::{SiteKernel, ground2, grounds2};
use super::{EACH, Lanes, Reached, SHARED, lanes};
use crate::index::levels::{FAN, FAR2, Node};
use crate::index::packed::BLOCK;
use crate::measures::exponential::exp_of_negative;
use crate::simd::NullaryFnOnce;

/// Nodes with at most this radius in km are not opened to find the weight in reach.
const COARSE_KM: f64 = 60.0;

/// A sum in progress.
pub(super) struct Summation<'a> {
    cubes: &'a [Reached<'a>],
    site: [f64; 3],
    kernel: &'a SiteKernel,
    /// First siblings of the groups still to be processed, the nearest last.
    open: Vec<Node>,
    /// The Gaussians of a group's classes at its centers, class by class.
    values: Vec<Option<Lanes>>,
    /// For each scale, bounds on the truncation error of a group's series; `None` if the scale is negligible.
    bounds: Vec<Option<Bounds>>,
    total: f64,
    /// An upper bound on the total weight in reach.
    weight: f64,
}

/// The state of one of eight siblings.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    Dropped,
    Taken,
    Opened,
}

/// Estimates of the series of eight siblings and of their errors.
struct Estimate {
    /// The approximate parts that they add.
    own: Lanes,
    /// Bounds on the error at each of [`DEGREES`].
    errors: [Lanes; 3],
}

/// The choice of siblings to expand, and of the degree.
struct Choice {
    /// The degree, or 0 to expand none.
    degree: usize,
    fit: [bool; FAN],
    /// Bounds on the error of each chosen sibling, at the lowest sufficient degree.
    error: Lanes,
}

impl NullaryFnOnce for Summation<'_> {
    /// The sum of weight × kernel at the site.
    type Output = f64;

    #[inline(always)]
    fn call(mut self) -> f64 {
        let cubes = self.cubes;
        for cube in cubes {
            self.weigh(cube);
        }
        for cube in cubes {
            self.open.push(cube.tree.roots());
            while let Some(first) = self.open.pop() {
                match first.level {
                    0 => self.add_blocks(cube, first),
                    _ => self.add_nodes(cube, first),
                }
            }
        }
        self.total
    }
}

impl<'a> Summation<'a> {
    pub fn new(cubes: &'a [Reached<'a>], site: [f64; 3], kernel: &'a SiteKernel) -> Self {
        Self {
            cubes,
            site,
            kernel,
            open: Vec::new(),
            values: Vec::new(),
            bounds: Vec::new(),
            total: 0.0,
            weight: 0.0,
        }
    }

    /// Adds a cube's weights to the weight in reach.
    #[inline(always)]
    fn weigh(&mut self, cube: &Reached<'_>) {
        let roots = cube.tree.roots();
        if roots.level == 0 {
            self.weight += cube.weights.total;
            return;
        }
        self.open.push(roots);
        while let Some(first) = self.open.pop() {
            let Some(group) = cube.group(first) else { continue };
            let seen = group.see(self.site);
            let (radius_km, total) = (group.radius_km, group.total);
            for lane in 0..FAN {
                if total[lane] <= 0.0 || seen.least2[lane] > self.kernel.end2 {
                    continue;
                }
                let node = Node { number: first.number + lane, ..first };
                match node.children().filter(|_| radius_km[lane] > COARSE_KM) {
                    Some(children) if children.level > 0 => self.open.push(children),
                    _ => self.weight += total[lane],
                }
            }
        }
    }

    /// Returns the allowed error per unit of weight, such that all errors together stay within their half of the
    /// precision. The nearest nodes come first, so the sum is soon nearly complete.
    #[inline(always)]
    fn allowed(&self) -> f64 {
        SHARED * self.total / self.weight
    }

    /// Adds or opens eight siblings above the blocks.
    #[inline(always)]
    fn add_nodes(&mut self, cube: &Reached<'_>, first: Node) {
        let Some(group) = cube.group(first) else { return };
        let seen = group.see(self.site);
        let allowed = self.allowed();
        let most = self.kernel.most(&seen.least2);
        let mut fates = [Fate::Dropped; FAN];
        let mut any = false;
        for lane in 0..FAN {
            let out = group.total[lane] <= 0.0
                || seen.least2[lane] > self.kernel.end2
                || most[lane] <= allowed;
            if !out {
                fates[lane] = Fate::Opened;
                any |= group.expands(lane);
            }
        }
        if any {
            self.take(group, &seen, allowed, &mut fates);
        }
        // The nearest is opened first.
        let mut opened = [(0.0, 0); FAN];
        let mut many = 0;
        for lane in 0..FAN {
            if fates[lane] == Fate::Opened {
                let distance2 = seen.distance2[lane];
                let place = opened[..many].iter().take_while(|(d2, _)| *d2 >= distance2).count();
                opened.copy_within(place..many, place + 1);
                opened[place] = (distance2, lane);
                many += 1;
            }
        }
        for &(_, lane) in &opened[..many] {
            let node = Node { number: first.number + lane, ..first };
            self.open.extend(node.children());
        }
    }

    /// Adds the siblings whose series are precise enough.
    #[inline(always)]
    fn take(&mut self, group: &NodeGroup, seen: &Offsets, allowed: f64, fates: &mut [Fate; FAN]) {
        let Some(estimate) = self.errors(group, seen, fates) else { return };
        let Choice { degree, fit, error } = choose(group, &estimate, allowed, fates);
        if degree == 0 {
            return;
        }
        let sums = self.series(group, seen, degree, &fit);
        for lane in 0..FAN {
            // The part is now known, so the error can be checked against it.
            if fit[lane] && error[lane] <= bound(group, allowed, sums[lane], lane) {
                self.total += sums[lane];
                fates[lane] = Fate::Taken;
            }
        }
    }

    /// Estimates the series of the siblings that are not dropped, and their errors. Leaves the Gaussians at their
    /// centers in `values`.
    #[inline(always)]
    fn errors(
        &mut self,
        group: &NodeGroup,
        seen: &Offsets,
        fates: &[Fate; FAN],
    ) -> Option<Estimate> {
        self.values.clear();
        let mut nearest2 = f64::INFINITY;
        for lane in 0..FAN {
            if fates[lane] == Fate::Opened && seen.least2[lane] < nearest2 {
                nearest2 = seen.least2[lane];
            }
        }
        self.bound_scales(group, seen, nearest2);
        let mut own = [0.0; FAN];
        let mut errors = [[0.0; FAN]; 3];
        for moments in &group.classes {
            let class = self.kernel.class(moments.spread2)?;
            for (gaussian, bounds) in class.gaussians.iter().zip(&self.bounds) {
                let farthest =
                    if gaussian.skip2 < class.end2 { gaussian.skip2 } else { class.end2 };
                let Some(bounds) = bounds.as_ref().filter(|_| nearest2 <= farthest) else {
                    self.values.push(None);
                    continue;
                };
                let value = lanes(|lane| {
                    let used = if seen.least2[lane] <= farthest { gaussian.height } else { 0.0 };
                    used * exp_of_negative(seen.distance2[lane] * gaussian.rate)
                });
                for lane in 0..FAN {
                    let part = value[lane] * moments.total[lane];
                    own[lane] += part;
                    let used = seen.least2[lane] <= farthest && moments.total[lane] > 0.0;
                    for which in 0..DEGREES.len() {
                        let tail = bounds.tails[which][lane] * moments.shares[which][lane];
                        let error = part * (tail + bounds.curved[lane]);
                        errors[which][lane] += if used { error } else { 0.0 };
                    }
                }
                self.values.push(Some(value));
            }
            for lane in 0..FAN {
                // Past its end the kernel is zero, but the series is not.
                let cut = seen.most2[lane] > class.end2 && seen.least2[lane] <= class.end2;
                let beyond = if cut { self.kernel.cutoff * moments.total[lane] } else { 0.0 };
                for error in &mut errors {
                    error[lane] += beyond;
                }
            }
        }
        Some(Estimate { own, errors })
    }

    /// Fills `bounds` with the truncation error for each scale that is not negligible at the nearest place.
    #[inline(always)]
    fn bound_scales(&mut self, group: &NodeGroup, seen: &Offsets, nearest2: f64) {
        self.bounds.clear();
        let distance = lanes(|lane| seen.distance2[lane].sqrt());
        for (variance, skip2) in self.kernel.narrowest() {
            let used = nearest2 <= skip2;
            // No closure: see `vectorized`.
            let bounds =
                if used { Some(left_out(&distance, &group.radius_km, variance)) } else { None };
            self.bounds.push(bounds);
        }
    }

    /// Returns the series of the chosen siblings, from the Gaussians in `values`.
    #[inline(always)]
    fn series(&self, group: &NodeGroup, seen: &Offsets, degree: usize, fit: &[bool; FAN]) -> Lanes {
        let mut sums = [0.0; FAN];
        let mut values = self.values.iter();
        for moments in &group.classes {
            let Some(class) = self.kernel.class(moments.spread2) else { continue };
            for (gaussian, value) in class.gaussians.iter().zip(&mut values) {
                let Some(value) = value else { continue };
                if (0..FAN).all(|lane| !fit[lane] || value[lane] == 0.0) {
                    continue;
                }
                let series = moments.series(seen, gaussian, degree);
                for lane in 0..FAN {
                    sums[lane] += value[lane] * series[lane];
                }
            }
        }
        sums
    }

    /// Adds the points of eight blocks directly.
    #[inline(always)]
    fn add_blocks(&mut self, cube: &Reached<'_>, first: Node) {
        let spans = cube.tree.spans(first, self.site);
        let least2 = lanes(|lane| ground2(spans.least[lane]));
        let most = self.kernel.most(&least2);
        let allowed = self.allowed();
        let mut sums = [0.0; BLOCK];
        for lane in 0..FAN {
            if spans.least[lane] > FAR2 || least2[lane] > self.kernel.end2 || most[lane] <= allowed
            {
                continue;
            }
            let number = first.number + lane;
            let (Some(block), Some(load)) =
                (cube.tree.block(number), cube.weights.loads.get(number))
            else {
                continue;
            };
            let distances2 = grounds2(block.chords2(self.site));
            let alone = least2[lane] >= self.kernel.alone2;
            let terms = self.kernel.at(&distances2, load, alone, self.kernel.cutoff);
            for slot in 0..BLOCK {
                sums[slot] += load.weights[slot] * terms[slot];
            }
        }
        self.total += sums.iter().sum::<f64>();
    }
}

impl Reached<'_> {
    #[inline(always)]
    fn group(&self, first: Node) -> Option<&NodeGroup> {
        self.weights.groups.get(first.level.checked_sub(1)?)?.get(first.number / FAN)
    }
}

/// Returns the allowed error of a node: a share of its own part, or its fair share of the error of all, whichever is
/// larger.
#[inline(always)]
fn bound(group: &NodeGroup, allowed: f64, own: f64, lane: usize) -> f64 {
    (EACH * own).max(allowed * group.total[lane])
}

/// Chooses the lowest degree at which each sibling is precise enough, and the highest of these degrees.
#[inline(always)]
fn choose(group: &NodeGroup, estimate: &Estimate, allowed: f64, fates: &[Fate; FAN]) -> Choice {
    let Estimate { own, errors } = estimate;
    let mut choice = Choice { degree: 0, fit: [false; FAN], error: [0.0; FAN] };
    for lane in 0..FAN {
        if fates[lane] != Fate::Opened || !group.expands(lane) {
            continue;
        }
        let bound = bound(group, allowed, own[lane], lane);
        if let Some(which) = (0..DEGREES.len()).find(|&which| errors[which][lane] <= bound) {
            choice.degree = choice.degree.max(DEGREES[which]);
            choice.error[lane] = errors[which][lane];
            choice.fit[lane] = true;
        }
    }
    choice
}
