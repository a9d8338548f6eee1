//! The one integration binary: each module guards one promise.

mod formats;
mod seam;
mod suites;
