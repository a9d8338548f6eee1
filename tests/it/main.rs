//! The integration tests, one binary: each file has one subject.

mod formats;
