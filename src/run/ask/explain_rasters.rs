//! The values of rasters around a site, as `explain` tells them.

use crate::Error;
use crate::layers::Scored;
use crate::measures::RasterPlan;
use crate::run::Case;
use serde::Serialize;
use std::sync::Arc;

/// The values of a raster around a site, in its own unit.
#[derive(Debug, Clone, Serialize)]
pub struct RasterExplanation {
    /// Its name.
    pub raster: String,
    /// The radius around the site, in kilometers.
    pub radius_km: f64,
    /// The value at the site.
    pub point: Option<f64>,
    /// The mean within the radius, by area.
    pub mean: Option<f64>,
    /// The largest value within the radius.
    pub max: Option<f64>,
    /// The share of the known area above the threshold, 0 to 1.
    pub share_over: Option<f64>,
    /// The threshold.
    pub threshold: Option<f64>,
    /// The share of the circle that has a value, 0 to 1.
    pub known: Option<f64>,
    /// Why the raster cannot be read here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

pub(super) fn explain_rasters(
    case: &Case,
    scored: &Scored,
    faults: &[(Arc<str>, Error)],
) -> Vec<RasterExplanation> {
    let explain = |plan: &RasterPlan| {
        let sample = scored.quantities.environment.rasters.get(&plan.name);
        let fault = faults.iter().find(|(name, _)| *name == plan.name);
        RasterExplanation {
            raster: plan.name.to_string(),
            radius_km: plan.radius.km(),
            point: sample.and_then(|sample| sample.point),
            mean: sample.and_then(|sample| sample.mean),
            max: sample.and_then(|sample| sample.max),
            share_over: sample.and_then(|sample| sample.share_over),
            threshold: plan.threshold,
            known: sample.map(|sample| sample.known),
            fault: fault.map(|(_, error)| error.to_string()),
        }
    };
    case.environment_plan.rasters.iter().map(explain).collect()
}
