//! The parts of a scheme that both scores share: position accuracy, buffers and windows, the
//! combination of the two scores, and their bands.

use crate::earth::Length;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How well positions are known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PositionAccuracy {
    /// Radius in km that contains the true place with 90 % probability, if a source gives none.
    pub default_accuracy_km: f64,
    /// Radius of 90 % divided by the standard deviation of the position error.
    pub r90_per_sigma: f64,
}

impl PositionAccuracy {
    /// The accuracy that a source gives, or the default without one.
    pub fn radius(&self, given: Option<Length>) -> Length {
        given.unwrap_or_else(|| Length::from_km(self.default_accuracy_km))
    }

    /// How well a position is known, to follow `is`: `known to 2 km`, or `taken as known to 5 km (not given)`.
    pub fn told(&self, given: Option<Length>) -> String {
        // No finer than a tenth of a kilometer, and whole kilometers from 10 on.
        let km = self.radius(given).km();
        let km = if km < 10.0 { (km * 10.0).round() / 10.0 } else { km.round() };
        match given {
            Some(exact) if exact.km() < 0.05 => "known exactly".to_owned(),
            Some(_) => format!("known to {km} km"),
            None => format!("taken as known to {km} km (not given)"),
        }
    }

    /// The standard deviation of the position error, modeled as an isotropic Gaussian.
    ///
    /// # Units
    /// Kilometers.
    pub fn sigma_km(&self, given: Option<Length>) -> f64 {
        self.radius(given).km() / self.r90_per_sigma
    }
}

/// Radii and windows that are counted besides the scores.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Buffers {
    /// Radii of the rings in km, ascending; a ring counts distances up to and including its radius.
    pub rings_km: Vec<f64>,
    /// Windows of time in days, ascending, counted back from the as-of date: 0 <= age < days.
    pub window_days: Vec<u32>,
    /// Radius in km within which windows, trend and accidents are counted.
    pub window_radius_km: f64,
    /// How many of the nearest incidents are listed for each site.
    pub nearest: u32,
    /// Radius in km of the buffer whose share inside the incidents' coverage is written.
    pub coverage_km: f64,
    /// Radii in km, ascending, of the buffers whose share covered by sensitive areas is
    /// written.
    pub overlap_km: Vec<f64>,
    /// Radius in km within which the length of rivers is added up.
    pub river_km: f64,
    /// Radius in km within which people are added up.
    pub people_km: f64,
    /// Radius in km for rasters that do not count for a score.
    pub raster_km: f64,
}

/// How long after the end of a source a lack of incidents still counts as calm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CoverageRules {
    /// Days from the end of a source of security incidents to the as-of date up to which it covers its
    /// countries; after that there is no score.
    pub grace_days: u32,
    /// Like `grace_days`, for accidents, which are rare and listed late.
    pub accident_grace_days: u32,
}

/// How influence decreases with distance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Distance {
    /// An exponential decay is exp(-rate d / R).
    pub exponential_rate: f64,
}

/// The overall score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Overall {
    /// Power of the mean of the two scores: 1 is the arithmetic, 0 the geometric mean.
    pub power: f64,
}

/// The classes of a score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bands {
    /// The four edges between very low, low, medium, high and very high, ascending; a score on an
    /// edge belongs to the upper band.
    pub edges: [f64; 4],
}

/// Yes-or-no statements that reporting standards ask for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FlagRules {
    /// A sensitive area lies within this distance in km.
    pub sensitive_area_km: f64,
    /// Water stress is high from this Aqueduct score on.
    pub water_stress_score: f64,
    /// Number of security incidents within the window radius in the last trend period that make a conflict
    /// area.
    pub conflict_incidents: u32,
    /// A security score in this band or a higher one makes a conflict area.
    pub conflict_band: ConflictBand,
}

/// The lowest band of a security score that makes a conflict area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ConflictBand {
    /// Low and higher.
    #[serde(rename = "low")]
    Low,
    /// Medium and higher.
    #[serde(rename = "medium")]
    Medium,
    /// High and higher.
    #[serde(rename = "high")]
    High,
    /// Very high only.
    #[serde(rename = "very high")]
    VeryHigh,
}

#[cfg(test)]
mod tests {
    use super::{Length, PositionAccuracy};

    #[test]
    fn an_accuracy_that_nobody_gave_is_told_as_taken() {
        let position = PositionAccuracy { default_accuracy_km: 5.0, r90_per_sigma: 2.146 };
        for (given, told) in [
            (None, "taken as known to 5 km (not given)"),
            (Some(12.0), "known to 12 km"),
            (Some(0.25), "known to 0.3 km"),
            (Some(0.0), "known exactly"),
        ] {
            assert_eq!(position.told(given.map(Length::from_km)), told);
        }
    }
}
