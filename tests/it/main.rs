//! The one integration binary: each module guards one promise.

mod damage;
mod formats;
mod geojson;
mod intake;
mod reading;
mod seam;
mod shapes;
mod suites;
