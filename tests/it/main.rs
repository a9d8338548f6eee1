//! The one integration binary: each module guards one promise.

mod seam;
mod suites;
