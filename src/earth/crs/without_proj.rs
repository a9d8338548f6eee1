//! Replacement for PROJ in a build without it: only WGS84 is known.

use super::{CrsError, Known};

pub(super) fn known(name: &str) -> Result<Known, CrsError> {
    Err(CrsError::WithoutProj(name.to_owned()))
}

pub(super) fn transform(_: &str, _: f64, _: f64) -> Option<[f64; 2]> {
    None
}

pub(super) fn transform_back(_: &str, _: f64, _: f64) -> Option<[f64; 2]> {
    None
}

pub(super) fn transform_back_exactly(_: &str, _: f64, _: f64) -> Option<[f64; 2]> {
    None
}
