//! The Gaussian kernel sum over masses of incidents, by the fast Gauss transform (Greengard and Strain
//! 1991): far groups of incidents are not summed one by one but by the moments of their weights.
//!
//! Incidents of one position accuracy share a packed tree. A node of it carries the moments of its
//! weights up to the fourth degree about its center, in the plane that touches the ground there; the
//! kernel around a site is expanded there in Hermite functions. What the expansion leaves out is
//! bounded, and a node whose bound is too large is opened; points of a block that is still too wide are
//! summed one by one. The sum is off by at most [`PRECISION`] of itself.

use super::events::{Event, Events};
use super::exponential::exp_of_negative;
use crate::earth::{Ecef, SEMI_MAJOR, SEMI_MINOR};
use crate::index::packed::{BLOCK, FAN, FAR2, Node, Packed};
use rayon::prelude::*;

/// The share of a sum by which it may be off, all errors together. A score is off by at most 12.5 times
/// that: the log-logistic curve is nowhere steeper.
pub const PRECISION: f64 = 1e-4;

/// Half of it as a share of each group's own part, half shared out over all weights in reach.
const EACH: f64 = PRECISION / 2.0;

/// Groups of this radius in km or less are not opened to find the weight in reach.
const COARSE_KM: f64 = 60.0;

/// Fewer incidents are summed one by one, which is as fast and exact.
const FEW: usize = 256;

/// More different accuracies than this are summed one by one.
const MOST_CLASSES: usize = 64;

/// Moments of degree 0 to 4 in two directions.
const TERMS: usize = 15;

/// Past this radius in km no node is ever expanded.
const WIDEST_KM: f64 = 100.0;

/// Incidents ready to be summed under a Gaussian kernel.
#[derive(Debug)]
pub struct Field {
    scales: Vec<(f64, f64)>,
    cutoff: f64,
    classes: Vec<Class>,
}

/// Incidents of one position accuracy.
#[derive(Debug)]
struct Class {
    spread2: f64,
    tree: Packed,
    /// Which event each point is.
    events: Vec<usize>,
    /// Weights, block by block.
    weights: Vec<[f64; BLOCK]>,
    /// For each level the expansions of its nodes.
    nodes: Vec<Vec<Expansion>>,
}

/// The weights of a node as seen from afar.
#[derive(Debug, Clone)]
struct Expansion {
    center: [f64; 3],
    east: [f64; 3],
    north: [f64; 3],
    /// Farthest point from the center, in km; infinite for a node that is too wide to expand.
    radius_km: f64,
    total: f64,
    heaviest: f64,
    /// Sums of weight · x^i y^j / i! j!, by degree.
    moments: [f64; TERMS],
}

/// One Gaussian of the kernel, widened by the position errors of both ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gaussian {
    pub height: f64,
    /// Variance in km².
    pub variance: f64,
    /// 1 over twice the variance.
    pub rate: f64,
}

/// The kernel between a site and a class: its Gaussians and where it ends.
struct Reach {
    gaussians: Vec<Gaussian>,
    /// Squared distance in km² at which the kernel falls under its cutoff.
    end2: f64,
}

impl Field {
    /// Makes a field of events; `None` where summing them one by one is as good.
    pub fn new(events: &Events, scales: &[(f64, f64)], cutoff: f64) -> Option<Self> {
        if events.list().len() < FEW {
            return None;
        }
        let mut spreads: Vec<f64> = events.list().iter().map(|event| event.spread_km).collect();
        spreads.sort_by(f64::total_cmp);
        spreads.dedup();
        if spreads.len() > MOST_CLASSES {
            return None;
        }
        let classes = spreads.into_iter().map(|spread| Class::new(events.list(), spread)).collect();
        Some(Self { scales: scales.to_vec(), cutoff, classes })
    }

    /// The sum of weight × kernel at a place.
    ///
    /// # Units
    /// `spread_km` is the standard deviation of the place's own position error.
    pub fn sum(&self, at: Ecef, spread_km: f64) -> f64 {
        let reaches: Vec<Reach> =
            self.classes.iter().map(|class| self.reach(class, spread_km)).collect();
        let classes = || self.classes.iter().zip(&reaches);
        let mut sum =
            Sum { total: 0.0, weight: classes().map(|(c, reach)| c.weight(at.0, reach)).sum() };
        for (class, reach) in classes() {
            class.add(at.0, reach, &mut sum);
        }
        sum.total
    }

    /// The events whose terms may be among the `keep` largest, in no order.
    pub fn strongest(&self, at: Ecef, spread_km: f64, keep: usize) -> Vec<usize> {
        let mut best = Best { keep, terms: Vec::new(), bound: 0.0 };
        for class in &self.classes {
            class.search(at.0, &self.reach(class, spread_km), &mut best);
        }
        best.terms.into_iter().map(|(_, event)| event).collect()
    }

    fn reach(&self, class: &Class, spread_km: f64) -> Reach {
        let spread2 = class.spread2 + spread_km * spread_km;
        let gaussians: Vec<Gaussian> =
            self.scales.iter().map(|&(weight, h)| Gaussian::new(weight, h, spread2)).collect();
        let end2 = end2(&gaussians, self.cutoff);
        Reach { gaussians, end2 }
    }
}

/// The squared distance at which a sum of Gaussians falls to the cutoff, 0 where it is lower
/// everywhere: by Newton's method on the logarithm, which is convex in the squared distance and is
/// approached from the near side.
pub(super) fn end2(gaussians: &[Gaussian], cutoff: f64) -> f64 {
    let of = |g: &Gaussian| 2.0 * g.variance * libm::log(g.height / cutoff);
    let mut end2 = gaussians.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
    for _ in 0..20 {
        let (mut value, mut slope) = (0.0, 0.0);
        for g in gaussians {
            let term = g.height * libm::exp(-end2 / (2.0 * g.variance));
            value += term;
            slope -= term / (2.0 * g.variance);
        }
        let step = libm::log(value / cutoff) * value / slope;
        end2 -= step;
        if step.abs() < 1e-9 {
            break;
        }
    }
    end2.max(0.0)
}

impl Reach {
    /// The kernel at a squared distance in km², the cutoff left out.
    #[inline(always)]
    fn at(&self, distance2: f64) -> f64 {
        self.gaussians.iter().map(|g| g.at(distance2)).sum()
    }
}

impl Gaussian {
    /// Of a weight and a scale in km, widened by an error of a variance in km².
    pub fn new(weight: f64, h: f64, spread2: f64) -> Self {
        let variance = h * h + spread2;
        Self { height: weight * h * h / variance, variance, rate: 0.5 / variance }
    }

    /// Its value at a squared distance in km².
    #[inline(always)]
    fn at(&self, distance2: f64) -> f64 {
        self.height * exp_of_negative(distance2 * self.rate)
    }
}

/// The squared length along the ground, in km², that belongs to a squared chord in m²: the arc of a
/// circle of the Earth's mean radius, by the first terms of its series. At 400 km the radius of
/// curvature changes it by 2e-5 at most.
#[inline(always)]
fn ground2(chord2: f64) -> f64 {
    const MEAN2: f64 = 6_371_008.8 * 6_371_008.8;
    let x = chord2 / MEAN2;
    chord2 * 1e-6 * (1.0 + x / 12.0 + x * x / 90.0)
}

/// A sum under way.
#[derive(Debug)]
struct Sum {
    total: f64,
    /// All weights in reach, or more.
    weight: f64,
}

impl Class {
    fn new(all: &[Event], spread_km: f64) -> Self {
        let events: Vec<usize> = (0..all.len())
            .filter(|&at| all.get(at).is_some_and(|e| e.spread_km == spread_km))
            .collect();
        let event = |point: usize| events.get(point).and_then(|&at| all.get(at));
        let place =
            |point: usize| event(point).map_or(Ecef([0.0; 3]), |event| Ecef::from(event.position));
        let places: Vec<Ecef> = (0..events.len()).into_par_iter().map(place).collect();
        let tree = Packed::new(places.iter().copied());
        let point =
            |index: usize| Some((places.get(index)?.0, event(index).map(|event| event.weight)?));
        let weights = tree.blocks().map(|block| {
            let mut weights = [0.0; BLOCK];
            for (slot, index) in block.slots() {
                if let (Some(weight), Some((_, own))) = (weights.get_mut(slot), point(index)) {
                    *weight = own;
                }
            }
            weights
        });
        let weights = weights.collect();
        let nodes = (0..=tree.top())
            .map(|level| {
                (0..tree.width(level))
                    .into_par_iter()
                    .map(|number| {
                        let under: Vec<([f64; 3], f64)> =
                            tree.under(Node { level, number }).filter_map(&point).collect();
                        Expansion::new(&under)
                    })
                    .collect()
            })
            .collect();
        Self { spread2: spread_km * spread_km, tree, events, weights, nodes }
    }

    fn node(&self, node: Node) -> Option<&Expansion> {
        self.nodes.get(node.level)?.get(node.number)
    }

    /// The weights in reach, and some beyond.
    fn weight(&self, at: [f64; 3], reach: &Reach) -> f64 {
        let mut weight = 0.0;
        let mut open = vec![self.tree.roots()];
        while let Some(first) = open.pop() {
            let spans = self.tree.spans(first, at);
            for (slot, least) in spans.least.into_iter().enumerate() {
                if least > FAR2 || least * 1e-6 > reach.end2 {
                    continue;
                }
                let node = Node { number: first.number + slot, ..first };
                let Some(expansion) = self.node(node) else { continue };
                match self.tree.children(node).filter(|_| expansion.radius_km > COARSE_KM) {
                    Some(children) => open.push(children),
                    None => weight += expansion.total,
                }
            }
        }
        weight
    }

    /// Adds the class to a sum.
    fn add(&self, at: [f64; 3], reach: &Reach, sum: &mut Sum) {
        let mut open = vec![self.tree.roots()];
        while let Some(first) = open.pop() {
            let spans = self.tree.spans(first, at);
            let mut opened = [(0.0, first); FAN];
            let mut many = 0;
            for slot in 0..FAN {
                let (Some(&least), Some(&most)) = (spans.least.get(slot), spans.most.get(slot))
                else {
                    continue;
                };
                // A way is never shorter than its chord.
                if least > FAR2 || least * 1e-6 > reach.end2 {
                    continue;
                }
                let node = Node { number: first.number + slot, ..first };
                let Some(expansion) = self.node(node) else { continue };
                if sum.takes(expansion, at, reach, least, most) {
                    continue;
                }
                match self.tree.children(node) {
                    Some(children) => {
                        if let Some(place) = opened.get_mut(many) {
                            *place = (least, children);
                            many += 1;
                        }
                    }
                    None => self.add_block(node.number, at, reach, sum),
                }
            }
            // The nearest is opened first: what is far then weighs little against the sum.
            let opened = opened.get_mut(..many).unwrap_or_default();
            opened.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(b.1.number.cmp(&a.1.number)));
            open.extend(opened.iter().map(|(_, children)| *children));
        }
    }

    fn add_block(&self, number: usize, at: [f64; 3], reach: &Reach, sum: &mut Sum) {
        let (Some(block), Some(weights)) = (self.tree.block(number), self.weights.get(number))
        else {
            return;
        };
        let distances2 = block.chords2(at).map(ground2);
        let mut terms = [0.0; BLOCK];
        for g in &reach.gaussians {
            for (term, distance2) in terms.iter_mut().zip(&distances2) {
                *term += g.at(*distance2);
            }
        }
        for ((term, distance2), weight) in terms.iter().zip(&distances2).zip(weights) {
            let inside = f64::from(u8::from(*distance2 <= reach.end2));
            sum.total += inside * weight * term;
        }
    }

    /// Looks for large terms.
    fn search(&self, at: [f64; 3], reach: &Reach, best: &mut Best) {
        let mut open = vec![(f64::INFINITY, self.tree.roots())];
        while let Some((most, first)) = open.pop() {
            if most < best.bound {
                continue;
            }
            let spans = self.tree.spans(first, at);
            let mut reached: Vec<(f64, Node)> = Vec::with_capacity(FAN);
            for (slot, least) in spans.least.into_iter().enumerate() {
                if least > FAR2 || least * 1e-6 > reach.end2 {
                    continue;
                }
                let node = Node { number: first.number + slot, ..first };
                let heaviest = self.node(node).map_or(0.0, |expansion| expansion.heaviest);
                let most = heaviest * reach.at(least * 1e-6);
                if most > 0.0 && most >= best.bound {
                    reached.push((most, node));
                }
            }
            reached.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(b.1.number.cmp(&a.1.number)));
            if first.level > 0 {
                open.extend(
                    reached
                        .into_iter()
                        .filter_map(|(most, node)| Some((most, self.tree.children(node)?))),
                );
                continue;
            }
            for (most, node) in reached.into_iter().rev() {
                let (Some(block), Some(weights)) =
                    (self.tree.block(node.number), self.weights.get(node.number))
                else {
                    continue;
                };
                if most < best.bound {
                    break;
                }
                let chords2 = block.chords2(at);
                for (slot, index) in block.slots() {
                    let (Some(&chord2), Some(&weight), Some(&event)) =
                        (chords2.get(slot), weights.get(slot), self.events.get(index))
                    else {
                        continue;
                    };
                    let distance2 = ground2(chord2);
                    if distance2 <= reach.end2 + 1.0 {
                        best.add(weight * reach.at(distance2), event);
                    }
                }
            }
        }
    }
}

impl Sum {
    /// Takes a node as a whole where that is precise enough; says whether it did.
    #[inline]
    fn takes(
        &mut self,
        node: &Expansion,
        at: [f64; 3],
        reach: &Reach,
        least: f64,
        most: f64,
    ) -> bool {
        if node.total <= 0.0 {
            return true;
        }
        // What an error may be for each unit of weight, so that all of them together stay within
        // their half of the precision. The nearest comes first, so the sum is soon nearly whole.
        let allowed = EACH * self.total / self.weight;
        if reach.at(least * 1e-6) <= allowed {
            return true;
        }
        if node.radius_km > WIDEST_KM || ground2(most) > reach.end2 {
            return false;
        }
        node.expand(at, reach, allowed).is_some_and(|value| {
            self.total += value;
            true
        })
    }
}

impl Expansion {
    /// The weights of points about their center of gravity.
    fn new(points: &[([f64; 3], f64)]) -> Self {
        let total: f64 = points.iter().map(|(_, weight)| weight).sum();
        let heaviest = points.iter().map(|(_, weight)| *weight).fold(0.0, f64::max);
        let mut expansion = Self {
            center: [0.0; 3],
            east: [1.0, 0.0, 0.0],
            north: [0.0, 1.0, 0.0],
            radius_km: f64::INFINITY,
            total,
            heaviest,
            moments: [0.0; TERMS],
        };
        if total <= 0.0 {
            return expansion;
        }
        let gravity = [0, 1, 2].map(|axis| {
            points
                .iter()
                .map(|(place, weight)| place.get(axis).map_or(0.0, |v| v * weight))
                .sum::<f64>()
                / total
        });
        expansion.touch(gravity);
        let mut radius2 = 0.0_f64;
        for (place, weight) in points {
            let (x, y, distance2) = expansion.plane(*place);
            radius2 = radius2.max(distance2);
            for (moment, term) in expansion.moments.iter_mut().zip(monomials(x, y)) {
                *moment += weight * term;
            }
        }
        let radius_km = radius2.sqrt();
        if radius_km <= WIDEST_KM {
            expansion.radius_km = radius_km;
        }
        expansion
    }

    /// Puts the center on the ground below a point in space, with two directions along the ground.
    fn touch(&mut self, [x, y, z]: [f64; 3]) {
        let (a2, b2) = (SEMI_MAJOR * SEMI_MAJOR, SEMI_MINOR * SEMI_MINOR);
        let lift = ((x * x + y * y) / a2 + z * z / b2).sqrt();
        if lift <= 0.0 {
            return;
        }
        self.center = [x / lift, y / lift, z / lift];
        let up = unit([x / a2, y / a2, z / b2]);
        // Any direction along the ground will do at a pole.
        let aside =
            if up[0].abs() + up[1].abs() > 1e-6 { [-up[1], up[0], 0.0] } else { [1.0, 0.0, 0.0] };
        self.east = unit(aside);
        let [ex, ey, ez] = self.east;
        let [ux, uy, uz] = up;
        self.north = [uy * ez - uz * ey, uz * ex - ux * ez, ux * ey - uy * ex];
    }

    /// A place as seen from the center: along both directions, at its distance along the ground.
    #[inline(always)]
    fn plane(&self, place: [f64; 3]) -> (f64, f64, f64) {
        let d = [place[0] - self.center[0], place[1] - self.center[1], place[2] - self.center[2]];
        let dot = |u: [f64; 3]| d[0] * u[0] + d[1] * u[1] + d[2] * u[2];
        let (east, north) = (dot(self.east), dot(self.north));
        let distance2 = ground2(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
        let flat2 = east * east + north * north;
        let scale = if flat2 > 0.0 { (distance2 / flat2).sqrt() } else { 0.0 };
        (east * scale, north * scale, distance2)
    }

    /// The node's part of the sum; `None` where the expansion would leave out too much: more than a
    /// share of it, and more than is allowed for each unit of weight.
    #[inline]
    fn expand(&self, at: [f64; 3], reach: &Reach, allowed: f64) -> Option<f64> {
        let (px, py, distance2) = self.plane(at);
        let distance = distance2.sqrt();
        let (mut value, mut left_out, mut kernel) = (0.0, 0.0, 0.0);
        for g in &reach.gaussians {
            let height = g.at(distance2);
            left_out += height
                * remainder(
                    distance * self.radius_km / g.variance,
                    self.radius_km * self.radius_km / (2.0 * g.variance),
                )?;
            kernel += height;
            value += height * self.series(px, py, g.variance);
        }
        (left_out <= (EACH * kernel).max(allowed)).then_some(value)
    }

    /// Σ moments × Hermite polynomials: the generating function
    /// `exp(-(x - s)²) = exp(-x²) Σ s^n / n! · H_n(x)` in both directions.
    #[inline(always)]
    fn series(&self, px: f64, py: f64, variance: f64) -> f64 {
        let scale = 1.0 / (2.0 * variance).sqrt();
        let hermite = |x: f64| {
            let x2 = x * x;
            [1.0, 2.0 * x, 4.0 * x2 - 2.0, x * (8.0 * x2 - 12.0), x2 * (16.0 * x2 - 48.0) + 12.0]
        };
        let [x0, x1, x2, x3, x4] = hermite(px * scale);
        let [y0, y1, y2, y3, y4] = hermite(py * scale);
        let m = &self.moments;
        let one = m[1] * x1 * y0 + m[2] * x0 * y1;
        let two = m[3] * x2 * y0 + m[4] * x1 * y1 + m[5] * x0 * y2;
        let three = m[6] * x3 * y0 + m[7] * x2 * y1 + m[8] * x1 * y2 + m[9] * x0 * y3;
        let four =
            m[10] * x4 * y0 + m[11] * x3 * y1 + m[12] * x2 * y2 + m[13] * x1 * y3 + m[14] * x0 * y4;
        m[0] + scale * (one + scale * (two + scale * (three + scale * four)))
    }
}

/// `x^i y^j / i! j!` by degree, in the order of [`Expansion::series`].
fn monomials(x: f64, y: f64) -> [f64; TERMS] {
    let (x2, y2) = (x * x / 2.0, y * y / 2.0);
    let (x3, y3) = (x2 * x / 3.0, y2 * y / 3.0);
    let (x4, y4) = (x3 * x / 4.0, y3 * y / 4.0);
    [1.0, x, y, x2, x * y, y2, x3, x2 * y, x * y2, y3, x4, x3 * y, x2 * y2, x * y3, y4]
}

/// A bound on what the degrees past the fourth add, as a share of the Gaussian at the center.
///
/// With p from the center to the site and δ to a point, the Gaussian's ratio is exp(p·δ/v - δ²/2v).
/// Its terms by degree in δ are bounded by those of exp(t z + r z²), t = |p| ρ / v, r = ρ² / 2v, at
/// z = 1, all of which are positive; so what is left out is at most exp(t + r) less the first five.
/// `None` where that is surely too much.
#[inline(always)]
fn remainder(t: f64, r: f64) -> Option<f64> {
    if t + r > 1.0 {
        return None;
    }
    // Degrees 5 to 8 in full; the rest is less than the last of them again, since each degree is at
    // most a third of the one before where t + r is at most 1.
    let (t2, r2) = (t * t, r * r);
    let c5 = t * (t2 * t2 / 120.0 + t2 * r / 6.0 + r2 / 2.0);
    let c6 = t2 * t2 * t2 / 720.0 + t2 * t2 * r / 24.0 + t2 * r2 / 4.0 + r2 * r / 6.0;
    let c7 = t * (t2 * t2 * t2 / 5040.0 + t2 * t2 * r / 120.0 + t2 * r2 / 12.0 + r2 * r / 6.0);
    let c8 = t2 * t2 * t2 * t2 / 40_320.0
        + t2 * t2 * t2 * r / 720.0
        + t2 * t2 * r2 / 48.0
        + t2 * r2 * r / 12.0
        + r2 * r2 / 24.0;
    Some(c5 + c6 + c7 + 2.0 * c8)
}

fn unit([x, y, z]: [f64; 3]) -> [f64; 3] {
    let length = (x * x + y * y + z * z).sqrt();
    if length > 0.0 { [x / length, y / length, z / length] } else { [1.0, 0.0, 0.0] }
}

/// The largest terms so far.
struct Best {
    keep: usize,
    /// Terms and their events: the largest, and those so near to them that only an exact distance can
    /// tell.
    terms: Vec<(f64, usize)>,
    /// A term below this is surely not among the largest.
    bound: f64,
}

impl Best {
    fn add(&mut self, term: f64, event: usize) {
        if term <= 0.0 || term < self.bound {
            return;
        }
        self.terms.push((term, event));
        if self.terms.len() < 4 * self.keep + 16 && self.bound > 0.0 || self.terms.len() < self.keep
        {
            return;
        }
        self.terms.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        if let Some((last, _)) = self.keep.checked_sub(1).and_then(|last| self.terms.get(last)) {
            self.bound = last * (1.0 - 1e-3);
        }
        let bound = self.bound;
        self.terms.retain(|(term, _)| *term >= bound);
    }
}
