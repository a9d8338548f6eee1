//! Questions to an engine. Each answer is the JSON that the command line prints.

use crate::engine::{Engine, Ground, no_sites};
use crate::errors::{raised, usage};
use crate::given::Given;
use crate::scored::surface_of;
use crate::surface::Surface;
use crate::wait::{Job, wait};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::sync::Arc;
use tamarisk::earth::{Length, Position};
use tamarisk::model::Site;
use tamarisk::run::{self, Cancel, CorridorQuery, NearQuery, RankBy, Rules, Watch, named};
use tamarisk::sources::Source;
use tamarisk::{Code, Error, Result};

/// A place by longitude and latitude.
pub fn position([lon, lat]: [f64; 2]) -> Result<Position> {
    Position::from_degrees(lon, lat).ok_or_else(|| {
        usage(
            Code::SettingInvalid,
            format!(
                "at=({lon}, {lat}) is not on Earth; expected longitude and latitude in degrees"
            ),
            "longitude comes first: at=(62.05, 29.12)",
        )
    })
}

/// A length above 0.
fn some_length(argument: &str, text: &str) -> Result<Length> {
    match named::length(argument, text)? {
        length if length > Length::ZERO => Ok(length),
        _ => Err(Error::usage(Code::SettingInvalid, format!("{argument}={text}: is not above 0"))),
    }
}

impl Engine {
    /// Asks something, and waits for the answer.
    fn ask<'py>(
        &self,
        py: Python<'py>,
        question: impl FnOnce(&Ground, &dyn Watch, &Cancel) -> Result<String> + Send + 'static,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let ground = Arc::clone(&self.ground);
        let text = wait(py, Job::quiet(self.threads), move |watch, cancel| {
            question(&ground, watch, cancel)
        })?;
        Ok(PyBytes::new(py, format!("{text}\n").as_bytes()))
    }
}

/// The scores of a place, taken apart.
#[pyfunction]
pub fn risk<'py>(
    engine: &Bound<'_, Engine>,
    py: Python<'py>,
    at: [f64; 2],
    name: String,
    accuracy: Option<String>,
) -> PyResult<Bound<'py, PyBytes>> {
    engine.get().ask(py, move |ground, _, _| {
        let accuracy = accuracy.map(|text| named::length("accuracy", &text)).transpose()?;
        let place = Site::at(&name, &name, position(at)?, accuracy);
        let inputs = &ground.request.inputs;
        let (incidents, receptors) = (&inputs.incidents, &inputs.receptors);
        if incidents.is_empty() && receptors.is_empty() && inputs.rasters.is_empty() {
            return Err(no_incidents("neither incidents nor receptors are given"));
        }
        let gone = || Error::usage(Code::SettingInvalid, "no such place");
        run::json(&run::risk(ground.case(), place, None).ok_or_else(gone)?)
    })
}

/// The scores of one of the engine's sites taken apart, or what other incidents would change.
#[pyfunction]
pub fn explain<'py>(
    engine: &Bound<'_, Engine>,
    py: Python<'py>,
    site: String,
    without: Vec<String>,
    add: Vec<String>,
) -> PyResult<Bound<'py, PyBytes>> {
    engine.get().ask(py, move |ground, _, _| {
        let Some((_, case)) = &ground.home else { return Err(no_sites()) };
        let at = case.sites.called(&site)?;
        if !without.is_empty() || !add.is_empty() {
            let added = add.iter().map(|text| named::added("add", text));
            let added = added.collect::<Result<Vec<_>>>()?;
            let rules = &ground.request.rules;
            return run::json(&run::what_if(case, rules, at, &without, &added, None)?);
        }
        let gone = || Error::usage(Code::SiteUnknown, format!("no site \"{site}\""));
        run::json(&run::explain(case, at, None).ok_or_else(gone)?)
    })
}

/// What lies near a coordinate or one of the engine's sites.
#[pyfunction]
pub fn near<'py>(
    engine: &Bound<'_, Engine>,
    py: Python<'py>,
    at: Option<[f64; 2]>,
    site: Option<String>,
    within: Option<String>,
    k: Option<usize>,
    kinds: Vec<String>,
) -> PyResult<Bound<'py, PyBytes>> {
    engine.get().ask(py, move |ground, _, cancel| {
        let kind = |word: &String| named::thing("kinds", word);
        let query = NearQuery {
            within: within.map(|text| named::distance("within", &text)).transpose()?,
            most: k,
            kinds: kinds.iter().map(kind).collect::<Result<_>>()?,
            since: ground.request.inputs.read.rows.since,
            until: None,
        };
        let world = &ground.case().world;
        let at = at.map(position).transpose()?;
        let site = site.map(|called| world.sites.called(&called)).transpose()?;
        let from = match (at, site.and_then(|index| world.sites.list.get(index))) {
            (Some(at), _) => at,
            (None, Some(site)) => site.position,
            (None, None) => {
                return Err(usage(
                    Code::InputMissing,
                    "neither a coordinate nor a site is given",
                    "near((62.05, 29.12)), or near(site=\"NAME\") of an engine with sites",
                ));
            }
        };
        let answer = run::near(world, from, site, &query, cancel)?;
        run::json(&answer.with_coverage(world, &Rules::default())?)
    })
}

/// Candidates side by side.
#[pyfunction]
pub fn rank<'py>(
    engine: &Bound<'_, Engine>,
    py: Python<'py>,
    candidates: Vec<Given>,
    by: Option<String>,
) -> PyResult<Bound<'py, PyBytes>> {
    let candidates: Vec<Source> = candidates.into_iter().map(Given::source).collect();
    engine.get().ask(py, move |ground, watch, cancel| {
        let inputs = &ground.request.inputs;
        if inputs.incidents.is_empty() && inputs.receptors.is_empty() {
            return Err(no_incidents("neither incidents nor receptors are given"));
        }
        let by = by.as_deref().map(rank_by).transpose()?;
        let (_, case) = ground.with(candidates, None)?;
        let scored = run::perform(&case, watch, cancel)?;
        run::json(&run::rank(&case, &scored, by))
    })
}

/// The scores along routes.
#[pyfunction]
pub fn corridor<'py>(
    engine: &Bound<'_, Engine>,
    py: Python<'py>,
    routes: Vec<Given>,
    step: String,
    within: String,
) -> PyResult<Bound<'py, PyBytes>> {
    let routes: Vec<Source> = routes.into_iter().map(Given::source).collect();
    engine.get().ask(py, move |ground, watch, cancel| {
        let (step, within) = (some_length("step", &step)?, some_length("within", &within)?);
        if ground.request.inputs.incidents.is_empty() {
            return Err(no_incidents("no incidents are given"));
        }
        let (_, case) = ground.with(routes, None)?;
        run::json(&run::corridor(&case, CorridorQuery { step, within }, watch, cancel)?)
    })
}

/// The score at every cell of a grid.
#[pyfunction]
pub fn surface(
    engine: &Bound<'_, Engine>,
    py: Python<'_>,
    bounds: Option<[f64; 4]>,
    cell: Option<String>,
) -> PyResult<Surface> {
    let asked = raised(py, surface_of(cell.as_deref(), bounds))?;
    let ground = Arc::clone(&engine.get().ground);
    let threads = engine.get().threads;
    let surface = wait(py, Job::quiet(threads), move |_, _| {
        if ground.request.inputs.incidents.is_empty() {
            return Err(no_incidents("no incidents are given"));
        }
        run::surface(ground.case(), &asked)
    })?;
    Ok(Surface::new(surface, &engine.get().ground.request, threads))
}

/// The error where incidents are needed.
fn no_incidents(what: &str) -> Error {
    usage(Code::InputMissing, what, "Engine(incidents, receptors): files, GeoDataFrames or tables")
}

/// A score by its word.
fn rank_by(word: &str) -> Result<RankBy> {
    match word.trim().to_lowercase().as_str() {
        "overall" => Ok(RankBy::Overall),
        "security" => Ok(RankBy::Security),
        "environment" => Ok(RankBy::Environment),
        _ => {
            let words = ["overall", "security", "environment"];
            Err(named::unknown("by", word, "a score", &words))
        }
    }
}
