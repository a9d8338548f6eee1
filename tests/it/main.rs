//! All integration tests in one binary, so that they link once.

mod index;
mod indicators;
mod made;
mod measures;
mod method;
mod plan;
mod scheme;
mod scoring;
