//! The kernel sum of all incidents at every cell of a grid.
//!
//! Three ways, by kernel and grid. The quartic kernel on a grid of longitude and latitude is summed
//! row by row with difference arrays ([`rows`]), at a constant cost for each incident and row. Sums
//! of Gaussians are summed on a lattice of sample points and interpolated from there ([`gauss`]), on
//! any grid. All other kernels, and the quartic one on a projected grid or with cells wider than its zone,
//! ask a tree at every cell ([`walk`]).

mod basis;
mod bend;
mod centers;
mod covered;
mod gauss;
mod lattice;
mod rows;
mod stripes;
mod tile;
mod walk;

pub(super) use covered::covered;

use super::kernel::Kernel;
use super::weighed::WeighedIncident;
use crate::earth::Grid;
use crate::float::of_count as number;
use crate::simd::nearest_whole;

/// The sum of weight × kernel of all incidents at the center of every cell, row by row from the north
/// west; NaN where a center is no place on Earth.
///
/// # Units
/// `spread_km` is the standard deviation, on each axis, of the position error that a site at the
/// center is taken to have; only Gaussian kernels take it into account.
///
/// # Errors of the numbers
/// Distances are those of geodesics to a billionth at 100 km. The quartic kernel on a grid of
/// longitude and latitude is off by at most 1e-9 of the weights in reach up to a zone of 100 km; a
/// sum of Gaussians by at most 1e-4 of itself and 1e-6 of the surface's maximum; all others are exact
/// but for rounding.
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

/// The whole number nearest to a number from 0 to 2^51.
#[inline(always)]
fn whole(number: f64) -> usize {
    usize::try_from(nearest_whole(number)).unwrap_or(0)
}
/// A number in single precision.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "rounding is what it is for")]
fn single(number: f64) -> f32 {
    number as f32
}
