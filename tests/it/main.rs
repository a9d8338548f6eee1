//! All integration tests in one binary, so that they link once.

mod index;
mod made;
mod measures;
mod method;
mod scheme;
mod scoring;
