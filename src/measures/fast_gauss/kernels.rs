//! The kernel of one site: its Gaussians, widened by the position errors of both ends.

use super::cube::BlockWeights;
use super::{Lanes, NEGLIGIBLE, lanes};
use crate::index::packed::BLOCK;
use crate::measures::exponential::exp_of_negative;

/// One Gaussian of the scheme's kernel.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    peak: f64,
    /// Square of the scale, in km².
    h2: f64,
}

/// The kernel of one site for every class of incidents.
#[derive(Debug)]
pub(super) struct SiteKernel {
    pub cutoff: f64,
    /// Largest squared reach for any class, in km².
    pub end2: f64,
    /// Least squared reach for any class, in km².
    pub least_end2: f64,
    /// The squared distance in km² from which on the narrower Gaussians are negligible.
    pub alone2: f64,
    /// Scale by scale, the widest first.
    scales: Vec<SiteScale>,
    classes: Vec<ClassKernel>,
}

/// A Gaussian for incidents of any accuracy.
#[derive(Debug, Clone, Copy)]
struct SiteScale {
    /// Peak times h².
    mass: f64,
    /// Variance for an incident without position error, in km².
    variance: f64,
    /// Least and greatest variance for the given incidents.
    range: [f64; 2],
    /// The squared distance in km² past which it is negligible for every class.
    skip2: f64,
}

/// The kernel of one site for incidents of one accuracy.
#[derive(Debug)]
pub(super) struct ClassKernel {
    /// The variance of the incidents' positions, in km².
    class2: f64,
    pub gaussians: Vec<Gaussian>,
    /// Squared distance in km² at which the kernel falls below its cutoff.
    pub end2: f64,
}

/// One widened Gaussian.
#[derive(Debug, Clone, Copy)]
pub(in crate::measures) struct Gaussian {
    pub height: f64,
    /// Variance in km².
    pub variance: f64,
    /// 1 / (2 · variance).
    pub rate: f64,
    /// The squared distance in km² past which it is negligible relative to the widest Gaussian.
    pub skip2: f64,
}

impl Scale {
    /// Creates the Gaussians of a kernel from their peaks and scales in km, the widest first.
    pub fn all(scales: &[(f64, f64)]) -> Vec<Self> {
        let mut all: Vec<Self> = scales.iter().map(|&(peak, h)| Self { peak, h2: h * h }).collect();
        all.sort_by(|a, b| b.h2.total_cmp(&a.h2));
        all
    }

    fn widened(self, spread2: f64) -> Gaussian {
        Gaussian::of(self.peak, self.h2, spread2)
    }
}

impl Gaussian {
    /// Creates a Gaussian from a peak and a scale in km, widened by an error variance in km².
    pub fn new(peak: f64, scale_km: f64, spread2: f64) -> Self {
        Self::of(peak, scale_km * scale_km, spread2)
    }

    fn of(peak: f64, h2: f64, spread2: f64) -> Self {
        let variance = h2 + spread2;
        Self { height: peak * h2 / variance, variance, rate: 0.5 / variance, skip2: f64::INFINITY }
    }
}

impl SiteKernel {
    /// Creates the kernel of a site with a position variance for classes of incident variances, all in km².
    pub fn new(scales: &[Scale], classes: &[f64], site2: f64, cutoff: f64) -> Self {
        let of_class = |&class2: &f64| ClassKernel::new(scales, class2, site2, cutoff);
        let classes_of: Vec<ClassKernel> = classes.iter().map(of_class).collect();
        let (least, most) = (classes.first().copied(), classes.last().copied());
        let of_scale = |(at, scale): (usize, &Scale)| SiteScale {
            mass: scale.peak * scale.h2,
            variance: scale.h2 + site2,
            range: [least, most].map(|class2| scale.h2 + site2 + class2.unwrap_or(0.0)),
            skip2: classes_of
                .iter()
                .filter_map(|class| class.gaussians.get(at))
                .map(|gaussian| gaussian.skip2)
                .fold(0.0, f64::max),
        };
        let scales: Vec<SiteScale> = scales.iter().enumerate().map(of_scale).collect();
        Self {
            cutoff,
            end2: classes_of.iter().map(|class| class.end2).fold(0.0, f64::max),
            least_end2: classes_of.iter().map(|class| class.end2).fold(f64::INFINITY, f64::min),
            alone2: scales.iter().skip(1).map(|scale| scale.skip2).fold(0.0, f64::max),
            scales,
            classes: classes_of,
        }
    }

    /// Returns the kernel for the class with a position variance in km².
    #[inline(always)]
    pub fn class(&self, class2: f64) -> Option<&ClassKernel> {
        self.classes.iter().find(|class| class.class2 == class2)
    }

    /// Returns, for each scale, the least variance in km² for any class, and the squared distance past which the
    /// scale is negligible for all classes.
    pub fn narrowest(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.scales.iter().map(|scale| (scale.range[0], scale.skip2))
    }

    /// Returns the maximum of the kernel over all classes at squared distances in km², ignoring the cutoff.
    ///
    /// `exp(-d²/2v) / v` increases with v up to v = d²/2 and decreases beyond.
    #[inline(always)]
    pub fn most(&self, distances2: &Lanes) -> Lanes {
        let mut sum = [0.0; super::FAN];
        for SiteScale { mass, range: [low, high], .. } in &self.scales {
            let single = 1.0 / low;
            let terms = lanes(|lane| {
                let d2 = at(distances2, lane);
                let peak = 0.5 * d2;
                let below = if peak < *high { peak } else { *high };
                let variance = if below > *low { below } else { *low };
                // If all incidents have one accuracy, this avoids repeated divisions.
                let inverse = if low < high { 1.0 / variance } else { single };
                mass * inverse * exp_of_negative(0.5 * d2 * inverse)
            });
            for (sum, term) in sum.iter_mut().zip(terms) {
                *sum += term;
            }
        }
        sum
    }

    /// Returns the kernel at squared distances in km² for the points of a block, 0 where it is below `cutoff`. With
    /// `alone`, only the widest Gaussian is used.
    #[inline(always)]
    pub fn at(
        &self,
        distances2: &[f64; BLOCK],
        load: &BlockWeights,
        alone: bool,
        cutoff: f64,
    ) -> [f64; BLOCK] {
        let mut sum = [0.0; BLOCK];
        let taken = if alone { 1 } else { self.scales.len() };
        for SiteScale { mass, variance, .. } in self.scales.iter().take(taken) {
            if let Some(spread2) = load.spread2 {
                let inverse = 1.0 / (variance + spread2);
                for (sum, d2) in sum.iter_mut().zip(distances2) {
                    *sum += mass * inverse * exp_of_negative(0.5 * d2 * inverse);
                }
                continue;
            }
            for ((sum, d2), spread2) in sum.iter_mut().zip(distances2).zip(&load.spreads2) {
                let inverse = 1.0 / (variance + spread2);
                *sum += mass * inverse * exp_of_negative(0.5 * d2 * inverse);
            }
        }
        for sum in &mut sum {
            *sum = if *sum >= cutoff { *sum } else { 0.0 };
        }
        sum
    }
}

impl ClassKernel {
    fn new(scales: &[Scale], class2: f64, site2: f64, cutoff: f64) -> Self {
        let mut gaussians: Vec<Gaussian> =
            scales.iter().map(|scale| scale.widened(class2 + site2)).collect();
        if let Some((widest, narrow)) = gaussians.split_first_mut() {
            for gaussian in narrow {
                // The ratio falls as exp(-d² times the difference of the rates).
                let apart = gaussian.rate - widest.rate;
                let share = gaussian.height / widest.height / NEGLIGIBLE;
                if apart > 0.0 && share.is_finite() {
                    gaussian.skip2 = (libm::log(share.max(1.0)) / apart).max(0.0);
                }
            }
        }
        let end2 = end2(&gaussians, cutoff);
        Self { class2, gaussians, end2 }
    }
}

/// Returns the squared distance at which a sum of Gaussians falls to the cutoff, or 0 if it is lower everywhere.
/// Uses Newton's method on the logarithm, which is convex in the squared distance, approaching from the near side.
pub(in crate::measures) fn end2(gaussians: &[Gaussian], cutoff: f64) -> f64 {
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

/// Returns a distance in km past which a sum of Gaussians with peaks and scales (km), widened by any variance up to
/// `widest2` km², is below the cutoff. It is nondecreasing in that variance.
///
/// At a distance d, `h² / v · exp(-d² / 2v)` increases with the variance v up to d² / 2. So if the largest variance
/// is at most that, no smaller one reaches farther. Otherwise each Gaussian is evaluated at the variance that
/// maximizes it.
pub(in crate::measures) fn reach_km(scales: &[(f64, f64)], cutoff: f64, widest2: f64) -> f64 {
    let widened = |&(peak, h): &(f64, f64)| Gaussian::new(peak, h, widest2);
    let end2 = end2(&scales.iter().map(widened).collect::<Vec<_>>(), cutoff);
    let widest = scales.iter().map(|s| s.1 * s.1).fold(0.0, f64::max) + widest2;
    if end2 >= 2.0 * widest {
        return end2.sqrt();
    }
    let most = |d2: f64| -> f64 {
        let term = |&(peak, h): &(f64, f64)| {
            let variance = (0.5 * d2).clamp(h * h, h * h + widest2);
            peak * h * h / variance * libm::exp(-0.5 * d2 / variance)
        };
        scales.iter().map(term).sum()
    };
    // Every term is at most its peak times the widest Gaussian.
    let peaks: f64 = scales.iter().map(|s| s.0).sum();
    let (mut within, mut past) = (0.0, 2.0 * widest * libm::log((peaks / cutoff).max(1.0)));
    for _ in 0..60 {
        let middle = f64::midpoint(within, past);
        if most(middle) >= cutoff {
            within = middle;
        } else {
            past = middle;
        }
    }
    past.sqrt()
}

/// Returns the squared length along the ground, in km², of a squared chord in m²: the arc of a circle with the
/// Earth's mean radius, by the first terms of its series. At 400 km the variation of the radius of curvature changes
/// it by at most 2e-5.
#[inline(always)]
pub(in crate::measures) fn ground2(chord2: f64) -> f64 {
    const MEAN2: f64 = 6_371_008.8 * 6_371_008.8;
    let x = chord2 / MEAN2;
    chord2 * 1e-6 * (1.0 + x / 12.0 + x * x / 90.0)
}

/// Like [`ground2`], for many chords.
#[inline(always)]
pub(super) fn grounds2<const N: usize>(mut chords2: [f64; N]) -> [f64; N] {
    for chord2 in &mut chords2 {
        *chord2 = ground2(*chord2);
    }
    chords2
}

/// Returns one of eight values.
#[inline(always)]
#[expect(clippy::indexing_slicing, reason = "lanes are counted by `lanes` itself")]
pub(super) fn at(values: &Lanes, lane: usize) -> f64 {
    values[lane]
}
