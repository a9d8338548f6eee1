//! The grid over kernel widths and half-lives: sums at its nodes, and what lies between them.
//!
//! An intensity spans decades over the widths, so its fourth root is interpolated, scale by scale and kind by kind, by
//! polynomials through Chebyshev nodes in the logarithms of width and half-life.

#![expect(
    clippy::indexing_slicing,
    reason = "nodes, lanes and columns are counted by their arrays"
)]

use super::{Row, Run, Settings};
use crate::float;
use crate::measures::kernel::Kernel;
use crate::simd::vectorized;

/// Widths and half-lives of the grid.
pub(super) const WIDTHS: usize = 7;
pub(super) const HALF_LIVES: usize = 5;
const NODES: usize = WIDTHS * HALF_LIVES;

/// The grid reaches so far in the logarithm of a factor, to both sides.
const SPAN: f64 = 0.5;

/// The greatest width of the grid, rounded up: exp(0.5).
pub(super) const WIDEST: f64 = 1.648_721_270_700_129;

/// Interpolations computed together.
const TOGETHER: usize = 32;

/// The nodes, and how each run follows from the sums there.
#[derive(Debug)]
pub(super) struct Grid {
    /// Factors of the half-life at the nodes.
    pub half_lives: [f64; HALF_LIVES],
    /// The Gaussians at all widths; `None` for another kernel.
    pub lanes: Option<Lanes>,
    /// The kernel at all widths.
    pub kernels: [Kernel; WIDTHS],
    /// For each 32 pairs of a width and a half-life, the weights of the nodes.
    weights: Vec<[[f64; TOGETHER]; NODES]>,
    /// The pair of each run.
    pair_of: Vec<usize>,
}

/// The Gaussians of a kernel at all widths, in eights: scale by scale, width by width.
#[derive(Debug)]
pub(super) struct Lanes {
    /// Peak times h²; 0 for padding.
    pub mass: Vec<[f64; 8]>,
    /// h² in km².
    pub h2: Vec<[f64; 8]>,
}

/// Sums at the nodes: for each scale and width, for each column, the half-lives.
#[derive(Debug, Clone)]
pub(super) struct Sums {
    pub columns: usize,
    pub rows: Vec<Row>,
}

impl Sums {
    /// No sums yet, for some scales at all widths, and columns.
    pub fn new(lanes: usize, columns: usize) -> Self {
        Self { columns, rows: vec![Row::default(); lanes * columns] }
    }

    pub fn scale(&mut self, factor: f64) {
        self.rows.iter_mut().flatten().for_each(|sum| *sum *= factor);
    }
}

impl Lanes {
    /// The Gaussians of a kernel at some widths.
    fn of(kernel: &Kernel, widths: &[f64; WIDTHS]) -> Option<Self> {
        let Kernel::Gaussian { scales, .. } = kernel else { return None };
        let all: Vec<(f64, f64)> = scales
            .iter()
            .flat_map(|&(peak, h)| widths.map(|factor| (peak, (h * factor) * (h * factor))))
            .collect();
        let (mut mass, mut h2) = (Vec::new(), Vec::new());
        for eight in all.chunks(8) {
            let of = |lane: usize| eight.get(lane).copied().unwrap_or((0.0, 1.0));
            mass.push(std::array::from_fn(|lane| of(lane).0 * of(lane).1));
            h2.push(std::array::from_fn(|lane| of(lane).1));
        }
        Some(Self { mass, h2 })
    }
}

impl Grid {
    pub fn new(settings: &Settings) -> Self {
        let (widths, half_lives) = (chebyshev::<WIDTHS>(), chebyshev::<HALF_LIVES>());
        let mut pairs: Vec<(usize, usize)> =
            settings.runs.iter().map(|run| (run.width, run.half_life)).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let pair = |run: &Run| pairs.binary_search(&(run.width, run.half_life)).unwrap_or(0);
        let weights = pairs.chunks(TOGETHER).map(|pairs| {
            let mut weights = [[0.0; TOGETHER]; NODES];
            for (lane, &(width, half_life)) in pairs.iter().enumerate() {
                let factor =
                    |list: &[f64], at: usize| libm::log(list.get(at).copied().unwrap_or(1.0));
                let across = lagrange(&widths, factor(&settings.widths, width));
                let along = lagrange(&half_lives, factor(&settings.half_lives, half_life));
                for (node, weight) in weights.iter_mut().enumerate() {
                    weight[lane] = across[node / HALF_LIVES] * along[node % HALF_LIVES];
                }
            }
            weights
        });
        let widths_of = widths.map(libm::exp);
        Self {
            weights: weights.collect(),
            pair_of: settings.runs.iter().map(pair).collect(),
            lanes: Lanes::of(&settings.kernel, &widths_of),
            kernels: widths_of.map(|factor| settings.kernel.scaled(factor)),
            half_lives: half_lives.map(libm::exp),
        }
    }

    /// The number of scales of the kernel.
    pub fn scales(kernel: &Kernel) -> usize {
        match kernel {
            Kernel::Gaussian { scales, .. } => scales.len(),
            _ => 1,
        }
    }

    /// Returns the intensity in every run, from the sums at the nodes.
    pub fn runs(&self, sums: &Sums, settings: &Settings, kinds: &[usize]) -> Vec<f64> {
        let scales = Self::scales(&settings.kernel);
        // Fourth roots at the nodes, for each scale and column that has any.
        let mut roots: Vec<(usize, [f64; NODES])> = Vec::new();
        for column in 0..sums.columns {
            for scale in 0..scales {
                let root = |node: usize| {
                    let lane = scale * WIDTHS + node / HALF_LIVES;
                    sums.rows[lane * sums.columns + column][node % HALF_LIVES].sqrt().sqrt()
                };
                let of: [f64; NODES] = std::array::from_fn(root);
                if of.iter().any(|root| *root > 0.0) {
                    roots.push((column, of));
                }
            }
        }
        let between = vectorized(|| between(&roots, &self.weights, sums.columns));
        let of_run = |(run, pair): (&Run, &usize)| {
            let at = &between[pair * sums.columns..][..sums.columns];
            let severities = &settings.severities[run.severity];
            let of_kind = |(kind, both): (&usize, &[f64])| {
                let [base, deaths] = severities[*kind];
                base * both[0] + deaths * both[1]
            };
            kinds.iter().zip(at.chunks(2)).map(of_kind).fold(0.0, |sum, part| sum + part)
        };
        settings.runs.iter().zip(&self.pair_of).map(of_run).collect()
    }
}

/// Returns the sum of each column at each pair.
#[inline(always)]
fn between(
    roots: &[(usize, [f64; NODES])],
    weights: &[[[f64; TOGETHER]; NODES]],
    columns: usize,
) -> Vec<f64> {
    let mut all = vec![0.0; weights.len() * TOGETHER * columns];
    for (weights, all) in weights.iter().zip(all.chunks_mut(TOGETHER * columns)) {
        for (column, roots) in roots {
            let mut sum = [0.0; TOGETHER];
            for (root, weights) in roots.iter().zip(weights) {
                for lane in 0..TOGETHER {
                    sum[lane] += root * weights[lane];
                }
            }
            for lane in 0..TOGETHER {
                let root = if sum[lane] > 0.0 { sum[lane] } else { 0.0 };
                all[lane * columns + column] += (root * root) * (root * root);
            }
        }
    }
    all
}

/// Returns the Chebyshev nodes of the first kind over the span, in the logarithm of a factor.
fn chebyshev<const N: usize>() -> [f64; N] {
    let half_turn = std::f64::consts::PI / (2.0 * float::of_count(N));
    std::array::from_fn(|node| -SPAN * libm::cos(float::of_count(2 * node + 1) * half_turn))
}

/// Returns the weights of the nodes in the polynomial through them, at a place.
fn lagrange<const N: usize>(nodes: &[f64; N], at: f64) -> [f64; N] {
    std::array::from_fn(|node| {
        let others = (0..N).filter(|other| *other != node);
        others.map(|other| (at - nodes[other]) / (nodes[node] - nodes[other])).product()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_polynomial_is_interpolated_exactly() {
        let nodes = chebyshev::<5>();
        let of = |x: f64| 1.0 - 2.0 * x + 3.0 * x.powi(4);
        for at in [-0.5, -0.31, 0.0, 0.2, 0.5] {
            let between: f64 = lagrange(&nodes, at).iter().zip(nodes).map(|(w, x)| w * of(x)).sum();
            assert!((between - of(at)).abs() < 1e-12, "{at}");
        }
    }
}
