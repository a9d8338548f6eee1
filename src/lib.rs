//! Geospatial risk mapping for mining: sites, incidents and receptors in, explained security and
//! environmental risk scores and GeoJSON layers out, every distance measured on the WGS84 ellipsoid.

#[cfg(feature = "cli")]
pub mod cli;
pub mod earth;
mod error;
pub mod index;
pub mod layers;
pub mod measures;
pub mod model;
pub mod run;
pub mod scoring;
pub mod sinks;
pub mod sources;
pub mod wide;

pub use error::{Error, Result};
