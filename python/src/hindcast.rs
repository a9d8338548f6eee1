//! Whether scores of past days told what happened after them.

use crate::errors::raised;
use crate::given::{Options, Roles};
use crate::wait::{Job, wait};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::path::{Path, PathBuf};
use tamarisk::cli::COMMAND_LINE;
use tamarisk::run::hindcast::{self as past, Every, HindcastQuery, Tuning};
use tamarisk::run::{World, named};
use tamarisk::sources::Keep;
use tamarisk::{Code, Error, Result};

/// What is asked, by the names of the keywords.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Asked {
    schemes: Vec<String>,
    #[pyo3(item("from_"))]
    from: Option<String>,
    to: Option<String>,
    every: String,
    within: Vec<String>,
    horizon: Vec<String>,
    min_deaths: Vec<u32>,
    calibrate: bool,
    tune: Option<String>,
}

impl Asked {
    fn query(self, options: &mut Options) -> Result<HindcastQuery> {
        let day = |argument, text: Option<String>| {
            text.map(|text| named::date(argument, &text)).transpose()
        };
        let scheme = |text: &String| named::scheme("scheme", text, Path::new(""));
        let radius = |text: &String| named::length("within", text);
        let days = |text: &String| named::days("horizon", text);
        let tune = |text: String| text.parse::<Tuning>().map_err(|error| within("tune", &error));
        Ok(HindcastQuery {
            schemes: self.schemes.iter().map(scheme).collect::<Result<_>>()?,
            from: day("from_", self.from)?,
            to: day("to", self.to)?,
            every: self.every.parse::<Every>().map_err(|error| within("every", &error))?,
            radii: self.within.iter().map(radius).collect::<Result<_>>()?,
            horizons_days: self.horizon.iter().map(days).collect::<Result<_>>()?,
            min_deaths: self.min_deaths,
            calibrate: self.calibrate,
            tune: self.tune.map(tune).transpose()?,
            coverage: options.coverage()?.unwrap_or_default(),
        })
    }
}

/// An error in the text of an argument.
fn within(argument: &str, error: &Error) -> Error {
    let named = Error::usage(error.code(), format!("{argument}: {error}"));
    match error.hint() {
        Some(hint) => named.with_hint(hint),
        None => named,
    }
}

/// Compares scores of past days with what followed; writes its files into a folder if one is named.
#[pyfunction]
#[allow(clippy::too_many_arguments)]
pub fn hindcast<'py>(
    py: Python<'py>,
    roles: Roles,
    asked: Asked,
    mut options: Options,
    folder: Option<PathBuf>,
    replace: bool,
    threads: Option<usize>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyBytes>> {
    let query = raised(py, asked.query(&mut options))?;
    let mut inputs = raised(py, options.inputs(roles))?;
    inputs.read.incident_columns = Keep::Nothing;
    for (sources, what) in [(&inputs.sites, "sites"), (&inputs.incidents, "incidents")] {
        if sources.is_empty() {
            let error = Error::usage(Code::InputMissing, format!("no {what} are given"));
            return raised(py, Err(error));
        }
    }
    raised(py, query.check())?;
    let job = Job { threads, progress, writes: folder.is_some() };
    let text = wait(py, job, move |watch, cancel| {
        let stop = || cancel.is_raised();
        let claim = |folder: &PathBuf| past::claim(&inputs, &query, folder, replace, &stop);
        let output = folder.as_ref().map(claim).transpose()?;
        let world = World::read(&inputs, watch, cancel)?;
        let told = past::hindcast(&world, &query, watch, cancel)?;
        if let Some(output) = output {
            past::write(&told, &inputs, &query, COMMAND_LINE, output)?;
        }
        past::answer(&told, &inputs, &query)
    })?;
    Ok(PyBytes::new(py, format!("{text}\n").as_bytes()))
}
