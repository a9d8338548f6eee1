//! Geospatial risk mapping for mining: sites, incidents and receptors in, explained security and
//! environmental risk scores and map layers out, every distance measured on the WGS84 ellipsoid.
//!
//! Files are read into a [`run::World`], once; a [`run::Case`] asks it under a scheme, a date and a box, and any number
//! of cases share one world:
//!
//! ```
//! use std::sync::Arc;
//! use tamarisk::run::{Cancel, Case, Inputs, Rules, Unwatched, World, explain, perform};
//! use tamarisk::sources::Source;
//!
//! let sites = "id,name,lon,lat\na,North pit,66.9,30.2\nb,South pit,66.6,25.4\n";
//! let incidents = "id,date,lon,lat,country,event_type,fatalities\n\
//!                  i1,2024-05-01,66.95,30.25,Pakistan,attack,3\n\
//!                  i2,2024-03-20,67.10,30.10,Pakistan,explosion,1\n";
//! let inputs = Inputs {
//!     sites: vec![Source::bytes("sites.csv", sites.as_bytes())],
//!     incidents: vec![Source::bytes("incidents.csv", incidents.as_bytes())],
//!     ..Inputs::default()
//! };
//! let world = World::read(&inputs, &Unwatched, &Cancel::new())?;
//! let case = Case::new(Arc::new(world), &Rules::default())?;
//! let scored = perform(&case, &Unwatched, &Cancel::new())?;
//! let of = |at: usize| scored[at].risk.security.score;
//! assert!(of(0) > of(1), "the incidents lie near the north pit");
//!
//! // The points of the incidents add up to the score.
//! let security = explain(&case, 0).map(|explained| explained.security);
//! let points: f64 = security.iter().flat_map(|of| &of.contributions).map(|one| one.contribution).sum();
//! assert!((points - of(0).unwrap_or(0.0)).abs() < 1e-6);
//! # Ok::<(), tamarisk::Error>(())
//! ```
//!
//! From the ground up: [`earth`] knows positions, lengths and geodesics, [`model`] what the map is about, [`sources`]
//! reads files, [`index`] holds the trees, [`measures`] measures around a site, [`scoring`] makes scores of that,
//! [`layers`] are the things to draw, [`sinks`] write them, and [`run`] is the whole flow. A module uses only those
//! before it.
//!
//! It is no forecast: scores are an index of reported past events and mapped places, not a probability.

#[cfg(feature = "cli")]
pub mod cli;
pub mod earth;
mod error;
mod float;
pub mod index;
pub mod layers;
pub mod measures;
pub mod model;
pub mod run;
pub mod scoring;
pub mod simd;
pub mod sinks;
pub mod sources;

pub use error::{Error, Result};
