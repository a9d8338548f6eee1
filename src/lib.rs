//! Geospatial risk mapping for mining: Tamarisk reads mine sites, incidents and receptors, measures what lies around
//! each site on the WGS84 ellipsoid, scores security and environmental risk, breaks every score down into what makes it,
//! and writes map layers.
//!
//! Files, bytes or records in memory become a [`run::World`], once. A [`run::Case`] is a world under a scheme, a date and a
//! box; it is cheap to make, and any number of cases share one world:
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
//! let security = explain(&case, 0, None).map(|explained| explained.security);
//! let points: f64 = security.iter().flat_map(|of| &of.contributions).map(|one| one.contribution).sum();
//! assert!((points - of(0).unwrap_or(0.0)).abs() < 1e-6);
//! # Ok::<(), tamarisk::Error>(())
//! ```
//!
//! # Questions
//!
//! [`run::perform`] scores all sites, [`run::explain`] breaks the scores of one down, [`run::risk`] those of any coordinate;
//! [`run::near`] lists what is near, [`run::rank`] compares candidates, [`run::corridor`] scores routes, [`run::what_if`] adds
//! and removes incidents, [`run::surface()`] scores a grid, [`run::hindcast`] compares scores of past days with what
//! followed, [`run::deliver`] writes a folder of layers. Each takes the [`run::Cancel`] that stops it and runs on the rayon
//! threads in which it is asked.
//!
//! # Modules
//!
//! A module uses only those above it in this list:
//!
//! - [`earth`]: positions, lengths, geodesics, reference systems
//! - [`model`]: sites, incidents, receptors, countries, and [`model::Finding`], a fault in the data
//! - [`sources`]: readers of files, [`index`]: R-trees of points and shapes
//! - [`measures`]: what is counted and summed around a place
//! - [`scoring`]: schemes, and scores of what was measured
//! - [`layers`]: features with columns and styles, [`sinks`]: writers of files
//! - [`run`]: the whole flow
//! - `serve`: questions over HTTP
//!
//! An [`Error`] ends a question. It has a [`Code`] for programs and its [`Remedy`] as data, which each [`Face`] words.
//!
//! # What it is not
//!
//! It is no forecast: scores are an index of reported past events and mapped places, not a probability. No data is never
//! low risk. It knows nothing of how a site is protected.

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
#[cfg(feature = "serve")]
pub mod serve;
pub mod simd;
pub mod sinks;
pub mod sources;

pub use error::{Act, Code, Error, Face, Parameter, Remedy, Result, Setting};
