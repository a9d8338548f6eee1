//! The kernel sum of all incidents at every cell of a grid.
//!
//! The method depends on the kernel and the grid. The quartic kernel on a grid of longitude and latitude
//! is summed row by row with difference arrays ([`rows`]), at a constant cost per incident and row. Sums
//! of Gaussians are computed on a lattice of sample points and interpolated from there ([`gauss`]), on any
//! grid. For all other kernels, and for the quartic one on a projected grid or with cells wider than its
//! zone, each cell queries a tree ([`walk`]).

mod basis;
mod bend;
mod blocks;
mod centers;
mod covered;
mod gauss;
mod lattice;
mod near;
mod parallel;
mod rows;
mod stripes;
mod tile;
mod walk;

pub(super) use covered::covered;
pub use near::near_any;

use super::kernel::Kernel;
use super::weighed::WeighedIncident;
use crate::earth::Grid;
use crate::float::of_count as number;
use crate::simd::nearest_whole;

/// Returns the sum of weight × kernel of all incidents at the center of every cell, row by row from the
/// northwest; NaN for centers outside the Earth.
///
/// # Units
/// `spread_km` is the standard deviation, on each axis, of the assumed position error of a site at the
/// center; only Gaussian kernels use it.
///
/// # Accuracy
///
/// Distances match geodesics to 1e-9 at 100 km. The quartic kernel on a grid of longitude and latitude is
/// off by at most 1e-9 of the weights in reach up to a zone of 100 km; a sum of Gaussians by at most 1e-4
/// of itself and 1e-6 of the surface's maximum; all others are exact except for rounding.
pub fn surface(
    incidents: &[WeighedIncident],
    kernel: &Kernel,
    grid: &Grid,
    spread_km: f64,
) -> Vec<f64> {
    match kernel {
        Kernel::Gaussian { scales, cutoff } => {
            gauss::surface(incidents, scales, *cutoff, grid, spread_km)
        }
        Kernel::Quartic { zone_km } if rows::suit(*zone_km, grid) => {
            rows::surface(incidents, *zone_km, grid)
        }
        _ => walk::surface(incidents, kernel, grid, spread_km),
    }
}

/// Returns the nearest integer to a number from 0 to 2^51.
#[inline(always)]
fn whole(number: f64) -> usize {
    usize::try_from(nearest_whole(number)).unwrap_or(0)
}
/// Converts a number to single precision.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "rounding is what it is for")]
fn single(number: f64) -> f32 {
    number as f32
}
