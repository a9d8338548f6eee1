//! Adds up the kernel over the draws of places.

#![expect(clippy::indexing_slicing, reason = "lanes are counted by their arrays")]

use super::moves::{Displacements, PlaceDraws, TOGETHER};
use super::sight::Sight;
use crate::measures::exponential::exp_of_negative;
use crate::measures::kernel::Kernel;
use crate::simd::{NullaryFnOnce, vectorized};

/// A part of a site against a published place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Against {
    /// The part, by its number.
    pub part: usize,
    /// The part's weight.
    pub weight: f64,
    /// The place from there; `None` if it lies inside the part and stays there.
    pub sight: Option<Sight>,
}

/// The kernel of a part over the draws of a place: the larger of it and what `most` holds. It is averaged over position
/// errors that do not vary, whose variance in km² is `spread2`.
pub(super) fn raise(
    (kernel, spread2): (&Kernel, f64),
    against: &Against,
    place: &PlaceDraws,
    site: &Displacements,
    most: &mut [f64],
) {
    let Against { weight, sight, .. } = *against;
    match (kernel, sight) {
        (_, None) => {
            let inside = weight * kernel.at(0.0, spread2);
            most.iter_mut().for_each(|most| *most = most.max(inside));
        }
        (Kernel::Gaussian { scales, cutoff }, Some(sight)) => {
            let widened = |&(peak, scale): &(f64, f64)| {
                let variance = scale * scale + spread2;
                (peak * scale * scale / variance, 0.5 / variance)
            };
            let gaussians: Vec<(f64, f64)> = scales.iter().map(widened).collect();
            let moved = &place.moved;
            let cutoff = *cutoff;
            vectorized(Raising { gaussians: &gaussians, cutoff, sight, weight, moved, site, most });
        }
        (_, Some(sight)) => {
            let moves = place.moved.east.iter().zip(&place.moved.north);
            let sites = site.east.iter().zip(&site.north);
            for (most, ((e, n), (east, north))) in most.iter_mut().zip(moves.zip(sites)) {
                let distance_km = distance2(&sight, *e, *n, *east, *north).sqrt();
                *most = most.max(weight * kernel.at(distance_km, spread2));
            }
        }
    }
}

/// Adds the kernel times the weights of a place to the sums.
pub(super) fn add(most: &[f64], place: &PlaceDraws, sums: &mut [f64]) {
    for ((sum, most), weight) in sums.iter_mut().zip(most).zip(&place.weight) {
        *sum += most * weight;
    }
}

/// The squared distance in km² of a moved place from a moved site.
#[inline(always)]
pub(super) fn distance2(sight: &Sight, e: f64, n: f64, east: f64, north: f64) -> f64 {
    let Sight { at: [x, y], turn: [cos, sin] } = sight;
    let dx = x + cos * e - sin * n - east;
    let dy = y + sin * e + cos * n - north;
    dx * dx + dy * dy
}

struct Raising<'a> {
    /// Peaks and rates 1 / 2h².
    gaussians: &'a [(f64, f64)],
    cutoff: f64,
    sight: Sight,
    weight: f64,
    moved: &'a Displacements,
    site: &'a Displacements,
    most: &'a mut [f64],
}

impl NullaryFnOnce for Raising<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { gaussians, cutoff, sight, weight, moved, site, most } = self;
        let moved =
            moved.east.as_chunks::<TOGETHER>().0.iter().zip(moved.north.as_chunks::<TOGETHER>().0);
        let site =
            site.east.as_chunks::<TOGETHER>().0.iter().zip(site.north.as_chunks::<TOGETHER>().0);
        for (most, ((e, n), (east, north))) in
            most.as_chunks_mut::<TOGETHER>().0.iter_mut().zip(moved.zip(site))
        {
            let mut kernel = [0.0; TOGETHER];
            let mut distances2 = [0.0; TOGETHER];
            for lane in 0..TOGETHER {
                distances2[lane] = distance2(&sight, e[lane], n[lane], east[lane], north[lane]);
            }
            for &(peak, rate) in gaussians {
                for lane in 0..TOGETHER {
                    kernel[lane] += peak * exp_of_negative(distances2[lane] * rate);
                }
            }
            for lane in 0..TOGETHER {
                let value = if kernel[lane] < cutoff { 0.0 } else { weight * kernel[lane] };
                most[lane] = if value > most[lane] { value } else { most[lane] };
            }
        }
    }
}
