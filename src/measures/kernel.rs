//! The kernel: the weight of an incident as a function of distance.

use super::fast_gauss::reach_km;
use crate::earth::Length;

/// A kernel: 1 at distance zero without position error, decreasing with distance.
#[derive(Debug, Clone, PartialEq)]
pub enum Kernel {
    /// A sum of Gaussians, each with a peak and a scale; the only form that accounts for position
    /// error.
    Gaussian {
        /// Peak and scale (km) of each term; the peaks of a scheme's kernel add up to 1.
        scales: Vec<(f64, f64)>,
        /// Values below this are zero.
        cutoff: f64,
    },
    /// `exp(-rate d / R)`: with a rate of 2.99, 5 % is left at R, the zone of influence; zero below
    /// the cutoff.
    Exponential {
        /// Zone of influence R, in km.
        zone_km: f64,
        /// The rate.
        rate: f64,
        /// Values below this are zero.
        cutoff: f64,
    },
    /// `1 - d / R`.
    Linear {
        /// Zone of influence R, in km.
        zone_km: f64,
    },
    /// `(1 - (d / R)²)²`.
    Quartic {
        /// Zone of influence R, in km.
        zone_km: f64,
    },
    /// 1 up to and including R.
    Step {
        /// Zone of influence R, in km.
        zone_km: f64,
    },
}

impl Kernel {
    /// Returns the value at a distance, averaged over the position errors of both ends.
    ///
    /// For the Gaussian of scale h this is `h² / (h² + S²) · exp(-d² / 2 (h² + S²))`, the integral
    /// of the kernel over an isotropic Gaussian error of variance S² on each axis (the product of
    /// two Gaussians; Bishop 2006, section 2.3.3). The other forms ignore S².
    ///
    /// # Units
    /// Distance in km, `spread2` (S², the sum of both ends' variances) in km².
    pub fn at(&self, distance_km: f64, spread2: f64) -> f64 {
        let d = distance_km;
        match self {
            Self::Gaussian { scales, cutoff } => {
                let value: f64 = scales
                    .iter()
                    .map(|&(peak, h)| {
                        let spread = h * h + spread2;
                        peak * h * h / spread * libm::exp(-d * d / (2.0 * spread))
                    })
                    .sum();
                if value < *cutoff { 0.0 } else { value }
            }
            Self::Exponential { zone_km, rate, cutoff } => {
                let value = libm::exp(-rate * d / zone_km);
                if value < *cutoff { 0.0 } else { value }
            }
            Self::Linear { zone_km } => (1.0 - d / zone_km).max(0.0),
            Self::Quartic { zone_km } => {
                let left = (1.0 - (d / zone_km) * (d / zone_km)).max(0.0);
                left * left
            }
            Self::Step { zone_km } => f64::from(u8::from(d <= *zone_km)),
        }
    }

    /// Returns the square of a Gaussian kernel, which is one, too: of two Gaussians of scales g and h the product is one of
    /// scale `1 / sqrt(1/g² + 1/h²)`. `None` for the other forms.
    pub(super) fn squared(&self) -> Option<Self> {
        let Self::Gaussian { scales, cutoff } = self else { return None };
        let product =
            |&(p, g): &(f64, f64), &(q, h): &(f64, f64)| (p * q, g * h / (g * g + h * h).sqrt());
        let pairs = scales.iter().enumerate().flat_map(|(at, one)| {
            let own = std::iter::once(product(one, one));
            own.chain(scales.iter().skip(at + 1).map(move |other| {
                let (peak, scale) = product(one, other);
                (2.0 * peak, scale)
            }))
        });
        Some(Self::Gaussian { scales: pairs.collect(), cutoff: cutoff * cutoff })
    }

    /// Returns the integral of the squared mean of the kernel over the plane, as a share of that of its mean square,
    /// over a position error with a variance in km²: 1 without an error. 1 for the forms that ignore it.
    pub(super) fn square_ratio(&self, spread2: f64) -> f64 {
        let Self::Gaussian { scales, .. } = self else { return 1.0 };
        let integral = |spread2: f64| -> f64 {
            let pair = |&(p, g): &(f64, f64), &(q, h): &(f64, f64)| {
                let (u, v) = (g * g + spread2, h * h + spread2);
                p * q * g * g / u * h * h / v * u * v / (u + v)
            };
            scales.iter().flat_map(|one| scales.iter().map(move |other| pair(one, other))).sum()
        };
        integral(spread2) / integral(0.0)
    }

    /// Returns the kernel with all its lengths multiplied by a factor; its values at no distance stay.
    #[must_use]
    pub fn scaled(&self, factor: f64) -> Self {
        let mut scaled = self.clone();
        match &mut scaled {
            Self::Gaussian { scales, .. } => scales.iter_mut().for_each(|(_, h)| *h *= factor),
            Self::Exponential { zone_km, .. }
            | Self::Linear { zone_km }
            | Self::Quartic { zone_km }
            | Self::Step { zone_km } => *zone_km *= factor,
        }
        scaled
    }

    /// Returns a distance past which the kernel is zero for every S² up to `widest2`.
    ///
    /// # Units
    /// `widest2` in km².
    pub fn reach(&self, widest2: f64) -> Length {
        let km = match self {
            Self::Gaussian { scales, cutoff } => reach_km(scales, *cutoff, widest2),
            Self::Exponential { zone_km, rate, cutoff } => zone_km * libm::log(1.0 / cutoff) / rate,
            Self::Linear { zone_km } | Self::Quartic { zone_km } | Self::Step { zone_km } => {
                *zone_km
            }
        };
        // The fast length of a chord may be off by centimeters at these distances.
        Length::from_km(km + 0.01)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shares of 0.7 and 0.3 of the mass at 20 and 75 km.
    fn default_kernel() -> Kernel {
        let (near, far) = (0.7 / 400.0, 0.3 / 5625.0);
        let sum = near + far;
        Kernel::Gaussian { scales: vec![(near / sum, 20.0), (far / sum, 75.0)], cutoff: 1e-6 }
    }

    #[test]
    fn nothing_counts_past_the_reach() {
        for spread2 in [0.0, 100.0, 6000.0, 2e5, 1e9] {
            let reach = default_kernel().reach(spread2).km();
            for less in [0.0, 0.01, 0.1, 0.5, 0.9, 1.0] {
                assert_eq!(default_kernel().at(reach, less * spread2), 0.0, "{spread2} {less}");
            }
            if spread2 > 1e5 {
                continue;
            }
            assert!(default_kernel().at(0.999 * reach, spread2) > 0.0, "the reach is not too long");
        }
        // 75 km times sqrt(2 ln(0.029575 / 1e-6)).
        assert_eq!(default_kernel().reach(0.0).km().round(), 340.0);
    }

    #[test]
    fn alternatives_are_one_at_the_place_and_end_at_the_zone() {
        let zone_km = 50.0;
        let exponential = Kernel::Exponential { zone_km, rate: 2.99, cutoff: 1e-6 };
        assert!((exponential.at(50.0, 0.0) - 0.05).abs() < 3e-4);
        for kernel in [
            exponential,
            Kernel::Linear { zone_km },
            Kernel::Quartic { zone_km },
            Kernel::Step { zone_km },
        ] {
            assert_eq!(kernel.at(0.0, 0.0), 1.0);
            assert_eq!(kernel.at(kernel.reach(0.0).km() + 1.0, 0.0), 0.0);
        }
    }
}
