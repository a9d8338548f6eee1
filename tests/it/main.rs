//! The one integration binary: each module guards one promise.

mod buffer;
mod seam;
mod suites;
