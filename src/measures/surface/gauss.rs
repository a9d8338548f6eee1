//! Sums of Gaussians on any grid: incidents are spread to a lattice of points, the lattice is convolved
//! with the kernel, and the sums are interpolated to the cells.
//!
//! A Gaussian is smooth, so it can be interpolated from a lattice finer than its scale, both in the
//! evaluation point and in the place of the incident: with Lagrange's weights L, `K(x, y) = Σ Σ L_m(x)
//! K(x_m, y_n) L_n(y)` up to the errors below. The sum over incidents then takes three steps. Weights w
//! of incidents at y add `Σ w L_n(y)` to the 8 × 8 lattice points around them. Lattice points are summed
//! over the points within reach, row by row, with the kernel's values computed once per pair of rows.
//! Cells interpolate the sums of the points around them. This is gridding as for nonuniform Fourier
//! transforms (Greengard and Lee 2004), but with the convolution done in space, where distances are those
//! of the ellipsoid.
//!
//! **Error bounds.** Interpolation at eight points has an error of at most `max |f⁽⁸⁾| H⁸ (1/2 · 3/2 ·
//! 5/2 · 7/2)² / 8!` between the middle two (Davis 1975, "Interpolation and Approximation", theorem
//! 3.1.1). By Cramér's inequality the eighth derivative of `exp(-x²/2σ²)` is at most `1.09 sqrt(8!)
//! exp(-x²/4σ²) / σ⁸`, so with H = σ / 4 that is 3.6e-6 of the peak. The error occurs twice, in two
//! directions, and is amplified by at most 2.6 in each other direction: 1e-4 of the peak if all add up,
//! decreasing as `exp(-x²/4σ²)`. The terms of a kernel end where each alone is below a tenth of the
//! cutoff or the kernel is below it, at points of the lattice: incidents within a stencil of that
//! distance may be counted at up to three times the cutoff or not at all.

#![expect(clippy::indexing_slicing, reason = "rows and columns are counted here")]

use super::bend::Bend;
use super::centers::Centers;
use super::lattice::{Lattice, Line, PAD, TAPS};
use super::parallel::Parallel;
use super::{number, whole};
use crate::earth::Grid;
use crate::measures::exponential::exp_of_negative;
use crate::measures::fast_gauss::Gaussian;
use crate::measures::fast_gauss::end2;
use crate::measures::weighed::WeighedIncident;
use crate::simd::{NullaryFnOnce, vectorized};
use rayon::prelude::*;
use std::f64::consts::PI;

/// Lattice points per scale of the narrowest Gaussian.
const FINENESS: f64 = 4.0;

/// Incidents spread per task.
const TASK: usize = 1 << 18;

/// Columns summed at once.
const BLOCK: usize = 32;

/// Cells interpolated per task.
const CELLS: usize = 1 << 14;

/// The weights of one accuracy on the lattice, and their Gaussian.
struct Class {
    gaussian: Gaussian,
    /// Squared distance in m² at which the Gaussian ends.
    end2: f64,
    weights: Vec<f64>,
    /// Whether each row has nonzero weights.
    rows: Vec<bool>,
}

/// Returns the sums at all cells.
pub(super) fn surface(
    incidents: &[WeighedIncident],
    scales: &[(f64, f64)],
    cutoff: f64,
    grid: &Grid,
    spread_km: f64,
) -> Vec<f64> {
    let centers = Centers::new(grid);
    let mut sums = vec![0.0; centers.count()];
    let Some(window) = centers.window() else {
        sums.fill(f64::NAN);
        return sums;
    };
    let mut spreads: Vec<f64> = incidents.iter().map(|incident| incident.spread_km).collect();
    spreads.sort_by(f64::total_cmp);
    spreads.dedup();
    let gaussians = |spread: f64| -> Vec<Gaussian> {
        let spread2 = spread * spread + spread_km * spread_km;
        scales.iter().map(|&(peak, h)| Gaussian::new(peak, h, spread2)).collect()
    };
    let fields: Vec<(Lattice, Vec<f64>)> = (0..scales.len())
        .filter_map(|scale| {
            let classes: Vec<(f64, Gaussian, f64)> = spreads
                .iter()
                .map(|&spread| {
                    let all = gaussians(spread);
                    let own = all[scale];
                    let alone = end2(&[own], 0.1 * cutoff);
                    (spread, own, 1e6 * end2(&all, cutoff).min(alone))
                })
                .collect();
            let least = classes.iter().map(|c| c.1.variance).min_by(f64::total_cmp)?;
            let reach = classes.iter().map(|c| c.2).fold(0.0, f64::max).sqrt();
            let lattice = Lattice::new(window, 1000.0 * least.sqrt() / FINENESS, reach);
            let classes: Vec<Class> = classes
                .into_iter()
                .map(|(spread, gaussian, end2)| {
                    Class::new(incidents, spread, gaussian, end2, &lattice)
                })
                .collect();
            let values = convolve(&lattice, &classes);
            Some((lattice, values))
        })
        .collect();
    match &centers {
        Centers::Regular(grid) => {
            let width = usize::try_from(grid.width()).unwrap_or(0).max(1);
            sums.par_chunks_mut(width).zip(0..grid.height()).for_each(|(sums, row)| {
                vectorized(GridRow { grid, fields: &fields, row, sums });
            });
        }
        Centers::Listed(places) => {
            sums.par_chunks_mut(CELLS).zip(places.par_chunks(CELLS)).for_each(|(sums, places)| {
                vectorized(Places { fields: &fields, places, sums });
            });
        }
    }
    sums
}

/// Interpolates to the cells of a row of a grid in longitude and latitude.
struct GridRow<'a> {
    grid: &'a Grid,
    fields: &'a [(Lattice, Vec<f64>)],
    row: u32,
    sums: &'a mut [f64],
}

impl NullaryFnOnce for GridRow<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { grid, fields, row, sums } = self;
        let [_, latitude] = grid.center(0, row);
        if latitude.abs() > 90.0 {
            return sums.fill(f64::NAN);
        }
        for (lattice, values) in fields {
            if let Some(values) = Parallel::new(lattice, values, latitude) {
                for (sum, column) in sums.iter_mut().zip(0..) {
                    let [longitude, _] = grid.center(column, row);
                    *sum += values.at(longitude);
                }
            }
        }
        sums.iter_mut().for_each(|sum| *sum = positive(*sum));
    }
}

/// Interpolates to places, of which those outside the Earth are NaN.
struct Places<'a> {
    fields: &'a [(Lattice, Vec<f64>)],
    places: &'a [[f64; 2]],
    sums: &'a mut [f64],
}

impl NullaryFnOnce for Places<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for (at, sum) in self.places.iter().zip(self.sums) {
            *sum = if at[1].abs() <= 90.0 { interpolate(self.fields, *at) } else { f64::NAN };
        }
    }
}

/// Returns the sum of all fields at a place.
#[inline(always)]
fn interpolate(fields: &[(Lattice, Vec<f64>)], at: [f64; 2]) -> f64 {
    let mut sum = 0.0;
    for (lattice, values) in fields {
        let mut terms = [0.0; TAPS];
        lattice.stencil(at, |start, row, columns| {
            let values = &values[start..start + TAPS];
            for k in 0..TAPS {
                terms[k] += row * columns[k] * values[k];
            }
        });
        sum += ((terms[0] + terms[4]) + (terms[2] + terms[6]))
            + ((terms[1] + terms[5]) + (terms[3] + terms[7]));
    }
    positive(sum)
}

/// A sum of positive terms, of which interpolation may make a negative one.
#[inline(always)]
fn positive(sum: f64) -> f64 {
    if sum > 0.0 { sum } else { 0.0 }
}

impl Class {
    /// Spreads the incidents of one accuracy to the lattice.
    fn new(
        incidents: &[WeighedIncident],
        spread_km: f64,
        gaussian: Gaussian,
        end2: f64,
        lattice: &Lattice,
    ) -> Self {
        let tasks: Vec<Vec<f64>> = incidents
            .par_chunks(TASK)
            .map(|incidents| {
                let mut weights = vec![0.0; lattice.len];
                vectorized(Spread { incidents, spread_km, lattice, weights: &mut weights });
                weights
            })
            .collect();
        let mut tasks = tasks.into_iter();
        let mut weights = tasks.next().unwrap_or_else(|| vec![0.0; lattice.len]);
        for more in tasks {
            weights.iter_mut().zip(more).for_each(|(weight, more)| *weight += more);
        }
        lattice.fold(&mut weights);
        let any = |line: &Line| {
            weights[line.start..line.start + line.columns + 2 * PAD].iter().any(|w| *w != 0.0)
        };
        let rows = lattice.lines.iter().map(any).collect();
        Self { gaussian, end2, weights, rows }
    }
}

/// Spreads incidents of one accuracy to the lattice.
struct Spread<'a> {
    incidents: &'a [WeighedIncident],
    spread_km: f64,
    lattice: &'a Lattice,
    weights: &'a mut [f64],
}

impl NullaryFnOnce for Spread<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for incident in
            self.incidents.iter().filter(|incident| incident.spread_km == self.spread_km)
        {
            let at = [incident.position.lon(), incident.position.lat()];
            self.lattice.stencil(at, |start, row, columns| {
                let weights = &mut self.weights[start..start + TAPS];
                let weight = incident.weight * row;
                for k in 0..TAPS {
                    weights[k] += weight * columns[k];
                }
            });
        }
    }
}

/// Returns the sums of all classes at every point of the lattice.
fn convolve(lattice: &Lattice, classes: &[Class]) -> Vec<f64> {
    let rows: Vec<Vec<f64>> = lattice
        .lines
        .par_iter()
        .map(|line| {
            let mut sums = vec![0.0; line.columns + 2 * PAD];
            vectorized(Convolved { lattice, classes, line, sums: &mut sums });
            lattice.unfold(line, &mut sums);
            sums
        })
        .collect();
    rows.concat()
}

/// Computes the sums of all classes at every point of a row.
struct Convolved<'a> {
    lattice: &'a Lattice,
    classes: &'a [Class],
    line: &'a Line,
    sums: &'a mut [f64],
}

impl NullaryFnOnce for Convolved<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { lattice, classes, line, sums } = self;
        let mut room = Room::default();
        for class in classes {
            for (other, any) in lattice.lines.iter().zip(&class.rows) {
                if *any && room.kernel(lattice, class, line, other) {
                    room.sum(lattice, class, line, other, sums);
                }
            }
        }
    }
}

/// Buffers for the sums from one row to another.
#[derive(Debug, Default)]
struct Room {
    /// The kernel at successive eastward steps, starting `west` steps to the west.
    kernel: Vec<f64>,
    west: usize,
    /// The weights of a row at the steps of the finer of the two rows, preceded by as many for the
    /// western side.
    weights: Vec<f64>,
}

impl Room {
    /// Computes the kernel between two rows, at the steps of the finer one; returns whether anything is
    /// in reach.
    #[inline(always)]
    fn kernel(&mut self, lattice: &Lattice, class: &Class, line: &Line, other: &Line) -> bool {
        let (dr, dz) = (line.radius - other.radius, line.z - other.z);
        let least = dr * dr + dz * dz;
        if least > class.end2 {
            return false;
        }
        let turn = line.turn.max(other.turn);
        let stride = lattice.longest / turn;
        let across = 4.0 * line.radius * other.radius;
        let sine2 = (class.end2 - least) / across;
        let half = turn / 2;
        let many = if sine2 < 1.0 {
            half.min(whole((libm::asin(sine2.sqrt()) / PI * number(turn)).ceil()))
        } else {
            half
        };
        let bend = Bend::at(0.5 * (line.latitude + other.latitude));
        self.kernel.clear();
        self.kernel.resize(many + 1, 0.0);
        for (value, sine2) in self.kernel.iter_mut().zip(lattice.half_sines2.iter().step_by(stride))
        {
            let ground2 = bend.ground2(least + across * sine2, dz * dz);
            let term =
                class.gaussian.height * exp_of_negative(ground2 * 1e-6 * class.gaussian.rate);
            *value = if ground2 > class.end2 { 0.0 } else { term };
        }
        // On both sides; half a turn away the two coincide.
        self.west = if lattice.full { many.min((turn - 1) / 2) } else { many };
        let eastward: Vec<f64> = self.kernel[1..=self.west].iter().rev().copied().collect();
        self.kernel.splice(0..0, eastward);
        true
    }

    /// Adds the weights of another row to the sums of a row.
    #[inline(always)]
    fn sum(
        &mut self,
        lattice: &Lattice,
        class: &Class,
        line: &Line,
        other: &Line,
        sums: &mut [f64],
    ) {
        let turn = line.turn.max(other.turn);
        let (step, other_step) = (turn / line.turn, turn / other.turn);
        let weights = &class.weights[other.start..other.start + other.columns + 2 * PAD];
        let east = self.kernel.len() - 1 - self.west;
        // Steps of the finer row; `before` of them precede column 0 of both.
        let before = self.west + PAD * step.max(other_step);
        let after = (line.columns * step).max(other.columns * other_step);
        let len = before + after + PAD * step.max(other_step) + east + 1 + BLOCK;
        self.weights.clear();
        self.weights.resize(len, 0.0);
        if lattice.full {
            for (place, weight) in self.weights.iter_mut().enumerate() {
                let column = (place + turn * (1 + before / turn) - before) % turn;
                if column.is_multiple_of(other_step) {
                    *weight = weights[PAD + column / other_step];
                }
            }
        } else {
            let from = before - PAD * other_step;
            let places = self.weights[from..].iter_mut().step_by(other_step);
            places.zip(weights).for_each(|(place, weight)| *place = *weight);
        }
        // Index of the kernel's western end for the row's first stored column.
        let first = before - self.west - PAD * step;
        if step == 1 {
            for (block, sums) in sums.chunks_mut(BLOCK).enumerate() {
                let mut terms = [0.0; BLOCK];
                let from = first + block * BLOCK;
                for (weights, value) in self.weights[from..].windows(BLOCK).zip(&self.kernel) {
                    for k in 0..BLOCK {
                        terms[k] += value * weights[k];
                    }
                }
                sums.iter_mut().zip(terms).for_each(|(sum, term)| *sum += term);
            }
        } else {
            for (sum, weights) in sums.iter_mut().zip(
                self.weights[first..]
                    .chunks(step)
                    .enumerate()
                    .map(|(k, _)| &self.weights[first + k * step..]),
            ) {
                *sum += weights.iter().zip(&self.kernel).map(|(w, value)| w * value).sum::<f64>();
            }
        }
    }
}
