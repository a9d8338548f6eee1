//! Run-out of tailings: how far a release goes, as a distribution, by the height of the dam and the volume behind it.

use crate::model::Tailings;

/// Relations between a facility and its run-out, in the form of Larrauri and Lall (2018), "Tailings dams failures:
/// updated statistical model for discharge volume and runout", *Environments* 5(2), 28.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunoutRelation {
    /// c in V_F = c V^e, the released of the stored volume, both in millions of cubic meters.
    pub released_factor: f64,
    /// e in V_F = c V^e.
    pub released_exponent: f64,
    /// a in L = a H_f^b, the median run-out in km, with H_f = H (V_F / V) V_F and the height H in meters.
    pub length_factor: f64,
    /// b in L = a H_f^b.
    pub length_exponent: f64,
    /// Standard deviation of the decimal logarithm of the run-out.
    pub sigma: f64,
    /// Median run-out where height or volume is not known.
    ///
    /// # Units
    /// Kilometers.
    pub unknown_km: f64,
    /// Standard deviation of the decimal logarithm where height or volume is not known.
    pub unknown_sigma: f64,
}

impl RunoutRelation {
    /// The run-out of a facility, should it fail. No more than what is stored is released.
    pub fn of(&self, tailings: &Tailings) -> Runout {
        let positive = |number: &f64| number.is_finite() && *number > 0.0;
        let known = tailings.height_m.filter(positive).zip(tailings.volume_m3.filter(positive));
        let Some((height, volume_m3)) = known else {
            return Runout { median_km: self.unknown_km, sigma: self.unknown_sigma };
        };
        let stored = volume_m3 / 1e6;
        let released =
            (self.released_factor * libm::pow(stored, self.released_exponent)).min(stored);
        let energy = height * (released / stored) * released;
        let median_km = self.length_factor * libm::pow(energy, self.length_exponent);
        Runout { median_km, sigma: self.sigma }
    }
}

/// How far a release goes: a lognormal distribution of the length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Runout {
    /// Half of such releases go farther.
    ///
    /// # Units
    /// Kilometers.
    pub median_km: f64,
    /// Standard deviation of the decimal logarithm of the length.
    pub sigma: f64,
}

impl Runout {
    /// The chance that a release goes beyond a distance in km: Φ((log10 L50 − log10 d) / σ), 1 at 0.
    pub fn chance_beyond(&self, km: f64) -> f64 {
        if km <= 0.0 {
            return 1.0;
        }
        normal((libm::log10(self.median_km) - libm::log10(km)) / self.sigma)
    }

    /// The length in km below which a share of releases stays; the shares of 0 and 1 are those nine standard deviations
    /// from the median.
    pub fn quantile(&self, share: f64) -> f64 {
        // Φ rises, so bisection finds the place; 60 halvings leave less than the rounding error.
        let (mut low, mut high) = (-9.0, 9.0);
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if normal(middle) < share {
                low = middle;
            } else {
                high = middle;
            }
        }
        self.median_km * libm::pow(10.0, self.sigma * f64::midpoint(low, high))
    }
}

/// The standard normal distribution Φ.
fn normal(z: f64) -> f64 {
    0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RELATION: RunoutRelation = RunoutRelation {
        released_factor: 0.332,
        released_exponent: 0.95,
        length_factor: 3.04,
        length_exponent: 0.545,
        sigma: 0.84,
        unknown_km: 12.0,
        unknown_sigma: 0.95,
    };

    fn tailings(height_m: f64, volume_m3: f64) -> Tailings {
        Tailings { class: None, height_m: Some(height_m), volume_m3: Some(volume_m3) }
    }

    #[test]
    fn a_run_out_is_that_of_the_relation() {
        let relation = RELATION;
        // Computed by hand: 20 m and 1 million m³ release 0.332 million m³; 3.04 (20 · 0.332 · 0.332)^0.545.
        for (height, volume, km) in [(20.0, 1e6, 4.677), (100.0, 1e8, 107.9)] {
            let found = relation.of(&tailings(height, volume)).median_km;
            assert!((found - km).abs() < 0.05 * km / 10.0, "{height} m, {volume} m³: {found} km");
        }
        let unknown = Tailings { height_m: Some(30.0), ..Tailings::default() };
        assert_eq!(relation.of(&unknown), Runout { median_km: 12.0, sigma: 0.95 });
        assert_eq!(
            relation.of(&Tailings { volume_m3: Some(1e6), ..Tailings::default() }).sigma,
            0.95
        );
    }

    #[test]
    fn a_higher_dam_and_a_larger_volume_reach_farther_and_a_longer_way_is_less_likely() {
        let relation = RELATION;
        let steps = |from: f64| (0..60).map(move |step| from * 1.2_f64.powi(step));
        let km = |height, volume| relation.of(&tailings(height, volume)).median_km;
        for volume in steps(1e4) {
            let lengths: Vec<f64> = steps(1.0).map(|height| km(height, volume)).collect();
            assert!(lengths.is_sorted_by(|a, b| a < b), "{volume}");
        }
        for height in steps(1.0) {
            let lengths: Vec<f64> = steps(1e3).map(|volume| km(height, volume)).collect();
            assert!(lengths.is_sorted_by(|a, b| a < b), "{height}");
        }
        let runout = relation.of(&tailings(40.0, 1e7));
        let chances: Vec<f64> = steps(0.01).map(|km| runout.chance_beyond(km)).collect();
        assert!(
            chances.is_sorted_by(|a, b| a > b) && chances.iter().all(|c| (0.0..=1.0).contains(c))
        );
        assert_eq!(runout.chance_beyond(0.0), 1.0);
        assert!((runout.chance_beyond(runout.median_km) - 0.5).abs() < 1e-15);
    }

    #[test]
    fn a_quantile_inverts_the_chance() {
        for runout in
            [Runout { median_km: 12.0, sigma: 0.95 }, Runout { median_km: 0.3, sigma: 0.84 }]
        {
            for percent in 1..100 {
                let share = f64::from(percent) / 100.0;
                let beyond = runout.chance_beyond(runout.quantile(share));
                assert!((beyond - (1.0 - share)).abs() < 1e-12, "{share}: {beyond}");
            }
            // The 90th percentile of the normal distribution is 1.2815515655446004.
            let p90 = runout.median_km * libm::pow(10.0, 1.281_551_565_544_600_4 * runout.sigma);
            assert!((runout.quantile(0.9) / p90 - 1.0).abs() < 1e-12);
            assert!(runout.quantile(0.0) > 0.0 && runout.quantile(1.0).is_finite());
        }
    }
}
