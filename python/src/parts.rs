//! Parts of the incidents that score their sites as all incidents do, for `tamarisk.spark`. Options are the keywords of
//! `tamarisk.Engine`, as a dict.

use crate::errors::{raised, usage};
use crate::findings::{Told, told};
use crate::given::{Given, Options, Roles};
use crate::wait::{Job, wait};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use std::collections::BTreeMap;
use tamarisk::run::{self, Where, Whole, named};
use tamarisk::sources;
use tamarisk::{Code, Result};

/// Stands for all cubes: a record that counts for every site.
const EVERYWHERE: i64 = -1;

/// The options that are keywords of `Engine`.
fn options(keywords: &Bound<'_, PyDict>) -> PyResult<Options> {
    let inputs = keywords.py().import("tamarisk._inputs")?;
    inputs.call_method("engine_options", (), Some(keywords))?.extract()
}

/// A table by the name of its role.
fn table(given: &Bound<'_, PyAny>, role: &str) -> PyResult<Given> {
    Ok(Given::Table(role.to_owned(), given.extract()?))
}

/// The column of each field that a table of a role has, by the field's word in a column map.
#[pyfunction]
#[pyo3(name = "_bound")]
pub fn bound(
    py: Python<'_>,
    given: &Bound<'_, PyAny>,
    role: &str,
    keywords: &Bound<'_, PyDict>,
) -> PyResult<BTreeMap<&'static str, Vec<String>>> {
    let (said, _) = raised(py, named::role("role", role))?;
    let roles = Roles::one(table(given, role)?, Some((said, None)));
    let read = raised(py, options(keywords)?.reading(&roles))?;
    let source = roles.into_one();
    let found = wait(py, Job::quiet(None), move |_, _| match source {
        Some(source) => sources::bound(&source, said, &read),
        None => Ok(BTreeMap::new()),
    })?;
    Ok(found.into_iter().map(|(word, column)| (word, vec![column.to_string()])).collect())
}

/// The cubes of each row, what is known of all rows together, and the findings.
type Places<'py> = (Vec<Vec<i64>>, Bound<'py, PyBytes>, Vec<Told>);

/// For each row of a table of sites or incidents the cubes in which it counts (`[-1]` for everywhere, none if it counts
/// nowhere), what is known of all its rows together, and the findings.
#[pyfunction]
#[pyo3(name = "_located")]
pub fn located<'py>(
    py: Python<'py>,
    given: &Bound<'py, PyAny>,
    role: &str,
    keywords: &Bound<'py, PyDict>,
) -> PyResult<Places<'py>> {
    let (said, _) = raised(py, named::role("role", role))?;
    let mut options = options(keywords)?;
    let rules = raised(py, options.rules())?;
    let roles = Roles::one(table(given, role)?, Some((said, None)));
    let read = raised(py, options.reading(&roles))?;
    let source = roles.into_one();
    let (rows, whole, findings) = wait(py, Job::quiet(None), move |_, _| {
        let Some(source) = source else { return Ok((vec![], String::new(), vec![])) };
        let located = run::locate(&source, said, &read, &rules.scheme)?;
        let cubes = |place: &Where| match place {
            Where::Nowhere => Vec::new(),
            Where::In(cubes) => cubes.iter().map(|cube| i64::from(cube.number())).collect(),
            Where::Everywhere => vec![EVERYWHERE],
        };
        let rows = located.rows.iter().map(cubes).collect();
        Ok((rows, text(&located.whole)?, located.findings.iter().map(told).collect()))
    })?;
    Ok((rows, PyBytes::new(py, whole.as_bytes()), findings))
}

/// What is known of several tables together.
#[pyfunction]
#[pyo3(name = "_merged")]
pub fn merged<'py>(py: Python<'py>, wholes: Vec<Vec<u8>>) -> PyResult<Bound<'py, PyBytes>> {
    let merged = wait(py, Job::quiet(None), move |_, cancel| {
        let mut all = Whole::default();
        for one in &wholes {
            cancel.check()?;
            all.merge(whole(one)?);
        }
        text(&all)
    })?;
    Ok(PyBytes::new(py, merged.as_bytes()))
}

/// The day at which ages are computed unless one is given.
#[pyfunction]
#[pyo3(name = "_as_of")]
pub fn as_of(py: Python<'_>, summary: Vec<u8>) -> PyResult<Option<String>> {
    let whole = raised(py, whole(&summary))?;
    Ok(whole.as_of().map(|day| day.to_string()))
}

/// For each cube with sites the cubes of incidents that its sites need: of what is known of all incidents and of all
/// sites.
#[pyfunction]
#[pyo3(name = "_neighbors")]
pub fn neighbors(
    py: Python<'_>,
    incidents: Vec<u8>,
    sites: Vec<u8>,
    keywords: &Bound<'_, PyDict>,
) -> PyResult<BTreeMap<u32, Vec<u32>>> {
    let rules = raised(py, options(keywords)?.rules())?;
    wait(py, Job::quiet(None), move |_, _| {
        let (incidents, sites) = (whole(&incidents)?, whole(&sites)?);
        let as_of = rules.as_of.or_else(|| incidents.as_of());
        let needed = incidents.needed(&sites, &rules.scheme, as_of);
        let numbers = needed
            .into_iter()
            .map(|(cube, of)| (cube.number(), of.into_iter().map(|cube| cube.number()).collect()));
        Ok(numbers.collect())
    })
}

/// What is known of some records, from its text.
///
/// # Errors
/// A text that is none.
pub fn whole(text: &[u8]) -> Result<Whole> {
    serde_json::from_slice(text).map_err(|error| {
        usage(
            Code::SettingInvalid,
            format!("summary: is none that this version wrote: {error}"),
            "every machine must have the same version of tamarisk",
        )
    })
}

/// What is known of some records, as text.
fn text(whole: &Whole) -> Result<String> {
    serde_json::to_string(whole).map_err(|error| {
        usage(Code::OutputFailed, format!("the summary cannot be written: {error}"), "")
    })
}
