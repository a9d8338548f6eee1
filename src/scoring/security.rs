//! The security score from the kernel sum over incidents, and the points that each incident adds.

use super::trend::{self, InPeriod};
use super::{Driver, Scheme, ScoreCurve, SecurityRisk};
use crate::measures::SecurityQuantities;

impl ScoreCurve {
    /// `x / (1 + x)` with `x = (intensity / reference)^exponent`: the log-logistic curve.
    ///
    /// The curve is 0 at intensity 0, 0.5 at the reference, approaches 1 without reaching it, and
    /// never decreases. Severity, distance and age enter only through the intensity, so the score of
    /// one site does not depend on any other site.
    pub fn at(&self, intensity: f64) -> f64 {
        let x = libm::pow(intensity.max(0.0) / self.reference_intensity, self.exponent);
        // If x overflows, the value is 1 within rounding.
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

impl SecurityRisk {
    /// What the score would be without one of its drivers; `None` without a score.
    pub fn without(&self, scheme: &Scheme, driver: &Driver) -> Option<f64> {
        let left = (self.intensity? - driver.contribution.intensity).max(0.0);
        Some(security_score(scheme, left))
    }
}

/// The security risk of a site.
///
/// There is no score if no incidents were collected at the site, or if the scheme disables the score.
/// Every measured contribution becomes a driver; incident i has the points S λᵢ / λ, so that the
/// points of all incidents add up to the score S.
pub fn security_risk(scheme: &Scheme, quantities: &SecurityQuantities) -> SecurityRisk {
    if !quantities.covered || !scheme.security.enabled {
        return SecurityRisk { score: None, intensity: None, drivers: Vec::new(), trend: None };
    }
    // The sum of no incidents may be −0; adding 0.0 removes the sign.
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
    let days = i64::from(scheme.security.trend.period_days);
    let in_period =
        |incidents, from, to| InPeriod { incidents, days: quantities.record.days_of(from, to) };
    let recent = in_period(quantities.recent, 0, days);
    let before = in_period(quantities.prior, days, 2 * days);
    let trend = trend::trend(recent, before, days, scheme.security.trend.prior);
    SecurityRisk { score: Some(score), intensity: Some(total), drivers, trend }
}
