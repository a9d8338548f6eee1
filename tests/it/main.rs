//! All integration tests in one binary, so that they link once.

mod index;
mod measures;
mod scheme;
