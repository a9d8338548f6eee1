//! From the sum over incidents to the security score, and back to what each incident adds to it.

use super::{Driver, Scheme, ScoreCurve, SecurityRisk, trend};
use crate::measures::SecurityQuantities;

impl ScoreCurve {
    /// `x / (1 + x)` with `x = (intensity / reference)^exponent`: the log-logistic curve.
    ///
    /// 0 at no intensity, 0.5 at the reference, towards 1 without reaching it; it never falls as the
    /// intensity grows. Each incident's severity, distance and age are in the intensity alone, so the
    /// score of one site does not depend on any other site.
    pub fn at(&self, intensity: f64) -> f64 {
        let x = libm::pow(intensity.max(0.0) / self.reference_intensity, self.exponent);
        // x is too large to add 1 to only where the value is 1 within rounding.
        if x.is_finite() { x / (1.0 + x) } else { 1.0 }
    }
}

/// The security score of an intensity.
///
/// # Units
/// 0 to 100, unrounded.
pub fn security_score(scheme: &Scheme, intensity: f64) -> f64 {
    100.0 * scheme.security.score.at(intensity)
}

/// The security risk of a site.
///
/// Without a score where no incidents were collected at the site, or where the scheme has turned the
/// score off. Every contribution that was measured becomes a driver; incident i has the points
/// S λᵢ / λ, so that the points of all incidents add up to the score S.
pub fn security_risk(scheme: &Scheme, quantities: &SecurityQuantities) -> SecurityRisk {
    if !quantities.covered || !scheme.security.enabled {
        return SecurityRisk { score: None, intensity: None, drivers: Vec::new(), trend: None };
    }
    // The sum of no incidents may come as −0.
    let total = quantities.intensity.total + 0.0;
    let score = security_score(scheme, total);
    let drivers = quantities
        .intensity
        .strongest
        .iter()
        .filter(|_| total > 0.0)
        .map(|contribution| {
            let share = contribution.intensity / total;
            Driver { contribution: *contribution, points: score * share, share }
        })
        .collect();
    let trend = trend::rising(quantities.recent, quantities.prior, scheme.security.trend.prior);
    SecurityRisk { score: Some(score), intensity: Some(total), drivers, trend: Some(trend) }
}
