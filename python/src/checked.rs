//! What a source holds, and what is wrong with it.

use crate::errors::raised;
use crate::face::PYTHON;
use crate::given::{Given, Options, Roles};
use crate::wait::{Job, wait};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use tamarisk::run::{self, CheckReport, named};
use tamarisk::sources;

/// Reads a source and says what it holds, as JSON, and whether a run refuses it.
#[pyfunction]
pub fn check<'py>(
    py: Python<'py>,
    source: Given,
    role: Option<String>,
    options: Options,
    threads: Option<usize>,
) -> PyResult<(Bound<'py, PyBytes>, bool)> {
    let said = role.map(|word| named::role("role", &word)).transpose();
    let said = raised(py, said)?;
    let roles = Roles::one(source, said);
    let read = raised(py, options.reading(&roles))?;
    let role = said.or_else(|| read.map.only_role().map(|role| (role, None)));
    let source = roles.into_one();
    let (text, refused) = wait(py, Job::quiet(threads), move |_, _| {
        let Some(source) = source else { return Ok((String::new(), false)) };
        if sources::is_raster(&source, &read).unwrap_or(false) {
            let raster = sources::summarize(&source, &read)?;
            return Ok((run::json(&CheckReport::of_raster(&raster))?, false));
        }
        let checked = sources::check_as(&source, role, &read)?;
        Ok((run::json(&CheckReport::of(&checked, PYTHON))?, checked.refused))
    })?;
    Ok((PyBytes::new(py, text.as_bytes()), refused))
}
