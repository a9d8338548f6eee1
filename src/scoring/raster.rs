//! What a scheme measures of the rasters of a run.

use super::{RasterRule, Scheme};
use crate::earth::Length;
use crate::measures::{RasterDecay, RasterPlan};
use std::sync::Arc;

/// The names of rasters that count for the environment score.
pub const RASTER_KINDS: [&str; 6] =
    ["species", "habitat", "flood", "outburst", "shaking", "population"];

impl Scheme {
    /// How the scheme reads a raster of a name; `None` for rasters that do not count, and for people, who are summed.
    fn raster_rule(&self, name: &str) -> Option<&RasterRule> {
        let environment = &self.environment;
        match name {
            "species" => Some(&environment.species.raster),
            "habitat" => Some(&environment.habitat.raster),
            "flood" => Some(&environment.flood.raster),
            "outburst" => Some(&environment.outburst.raster),
            "shaking" => Some(&environment.seismic.raster),
            _ => None,
        }
    }

    /// The radius around a site for a raster of a name.
    pub fn raster_radius(&self, name: &str) -> Length {
        Length::from_km(match self.raster_rule(name) {
            Some(rule) => rule.radius_km,
            None if name == "population" => self.environment.people.raster_km,
            None => self.buffers.raster_km,
        })
    }

    /// What is measured of the raster of a name.
    pub fn raster_plan(&self, name: &Arc<str>) -> RasterPlan {
        let decay = RasterDecay {
            rate: self.distance.exponential_rate,
            length: Length::from_km(self.environment.people.decay_km),
        };
        RasterPlan {
            radius: self.raster_radius(name),
            threshold: Some(self.raster_rule(name).map_or(0.0, |rule| rule.threshold)),
            decay: (&**name == "population").then_some(decay),
            name: Arc::clone(name),
        }
    }
}
