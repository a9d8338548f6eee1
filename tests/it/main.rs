//! All integration tests in one binary, so that they link once.

mod buffer;
mod index;
mod measures;
mod scheme;
mod seam;
mod suites;
