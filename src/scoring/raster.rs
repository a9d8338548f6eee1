//! What a scheme measures of the rasters of a run.

use super::Scheme;
use crate::earth::Length;
use crate::measures::{RasterDecay, RasterPlan};
use std::sync::Arc;

/// The names of rasters that count for the environment score.
pub const RASTER_KINDS: [&str; 6] =
    ["species", "habitat", "flood", "outburst", "shaking", "population"];

/// The radius around a site.
const RADIUS_KM: f64 = 10.0;

/// The length over which people weigh less.
const PEOPLE_DECAY_KM: f64 = 10.0;

/// The value above which a cell counts for the share.
const THRESHOLD: f64 = 0.0;

impl Scheme {
    /// The radius around a site for a raster of a name.
    pub fn raster_radius(&self, _name: &str) -> Length {
        Length::from_km(RADIUS_KM)
    }

    /// What is measured of the raster of a name.
    pub fn raster_plan(&self, name: &Arc<str>) -> RasterPlan {
        let decay = RasterDecay {
            rate: self.distance.exponential_rate,
            length: Length::from_km(PEOPLE_DECAY_KM),
        };
        RasterPlan {
            radius: self.raster_radius(name),
            threshold: Some(THRESHOLD),
            decay: (&**name == "population").then_some(decay),
            name: Arc::clone(name),
        }
    }
}
