//! The built-in schemes.

use crate::errors::raised;
use pyo3::prelude::*;
use std::path::Path;
use tamarisk::run::named;
use tamarisk::scoring::Scheme;

/// The names of the built-in schemes.
#[pyfunction]
pub fn schemes() -> Vec<String> {
    Scheme::built_in_names().map(str::to_owned).collect()
}

/// A scheme, built in or of a file, as TOML with every key.
#[pyfunction]
pub fn scheme(py: Python<'_>, name: &str) -> PyResult<String> {
    let scheme = raised(py, named::scheme("scheme", name, Path::new("")))?;
    Ok(scheme.to_toml())
}
