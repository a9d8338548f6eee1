//! Incidents and receptors, read and indexed once, and whatever is scored and asked on them.

use crate::errors::{raised, usage};
use crate::findings::{Told, told};
use crate::given::{Given, Options, Roles};
use crate::parts::whole;
use crate::scored::Scored;
use crate::wait::{Job, wait};
use pyo3::prelude::*;
use std::sync::Arc;
use tamarisk::earth::Bounds;
use tamarisk::run::{self, Case, Request, World, named};
use tamarisk::sources::Source;
use tamarisk::{Code, Error, Result};

/// What is shared by all questions.
pub struct Ground {
    /// The request, without sites.
    pub request: Request,
    /// The case without sites.
    pub without: Case,
    /// The sites of the engine, and the case with them.
    pub home: Option<(Vec<Source>, Case)>,
}

impl Ground {
    /// The case with the engine's own sites if it has some.
    pub fn case(&self) -> &Case {
        self.home.as_ref().map_or(&self.without, |(_, case)| case)
    }

    /// The case of other sites and the request that it answers.
    ///
    /// # Errors
    /// Sites that cannot be read.
    pub fn with(&self, sites: Vec<Source>, bbox: Option<Bounds>) -> Result<(Request, Case)> {
        let case = self.without.with_sites(&sites, bbox)?;
        Ok((self.asked(sites, bbox), case))
    }

    fn asked(&self, sites: Vec<Source>, bbox: Option<Bounds>) -> Request {
        let mut request = self.request.clone();
        request.inputs.sites = sites;
        request.rules.bbox = bbox;
        request
    }

    /// The case of the engine's own sites and the request that it answers.
    ///
    /// # Errors
    /// No sites are given.
    pub fn own(&self, bbox: Option<Bounds>) -> Result<(Request, Case)> {
        match &self.home {
            Some((sites, _)) if bbox.is_some() => self.with(sites.clone(), bbox),
            Some((sites, case)) => Ok((self.asked(sites.clone(), None), case.clone())),
            None => Err(no_sites()),
        }
    }
}

/// The error where sites are needed.
pub fn no_sites() -> Error {
    usage(
        Code::InputMissing,
        "no sites are given",
        "a file, a GeoDataFrame or a table of Arrow: score(sites), or Engine(..., sites=sites)",
    )
}

/// Incidents and receptors, read and indexed once.
#[pyclass(frozen, module = "tamarisk._tamarisk")]
pub struct Engine {
    pub ground: Arc<Ground>,
    pub threads: Option<usize>,
}

#[pymethods]
impl Engine {
    #[new]
    fn new(
        py: Python<'_>,
        roles: Roles,
        mut options: Options,
        threads: Option<usize>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Self> {
        let rules = raised(py, options.rules())?;
        let mut inputs = raised(py, options.inputs(roles))?;
        let sites = std::mem::take(&mut inputs.sites);
        let request = Request { inputs, rules, ..Request::default() };
        let ground = wait(py, Job::told(threads, progress), move |watch, cancel| {
            let world = World::read(&request.inputs, watch, cancel)?;
            watch.stage("indexing", None);
            let without = Case::new(Arc::new(world), &request.rules)?;
            cancel.check()?;
            let home = match sites.is_empty() {
                true => None,
                false => {
                    let case = without.with_sites(&sites, None)?;
                    Some((sites, case))
                }
            };
            Ok(Ground { request, without, home })
        })?;
        Ok(Self { ground: Arc::new(ground), threads })
    }

    /// An engine with a part of all incidents, of which a summary is given, beside the receptors and rasters of this one,
    /// which has no incidents: they are not read again.
    fn part(
        &self,
        py: Python<'_>,
        incidents: Vec<Given>,
        summary: Vec<u8>,
        threads: Option<usize>,
    ) -> PyResult<Self> {
        let whole = raised(py, whole(&summary))?;
        let mut request = self.ground.request.clone();
        request.inputs.incidents = incidents.into_iter().map(Given::source).collect();
        request.rules.as_of = request.rules.as_of.or_else(|| whole.as_of());
        let ground = Arc::clone(&self.ground);
        let ground = wait(py, Job::told(threads, None), move |_, _| {
            let world = ground.without.world.with_incidents(&request.inputs)?.in_whole(&whole);
            let without = Case::new(Arc::new(world), &request.rules)?;
            Ok(Ground { request, without, home: None })
        })?;
        Ok(Self { ground: Arc::new(ground), threads })
    }

    /// Scores sites: those given, else the engine's own.
    #[pyo3(signature = (sites, bbox, threads, progress))]
    fn score(
        &self,
        py: Python<'_>,
        sites: Option<Vec<Given>>,
        bbox: Option<[f64; 4]>,
        threads: Option<usize>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Scored> {
        let bbox = raised(py, bbox.map(|edges| bounds("bbox", edges)).transpose())?;
        let sites: Option<Vec<Source>> =
            sites.map(|all| all.into_iter().map(Given::source).collect());
        let ground = Arc::clone(&self.ground);
        let threads = threads.or(self.threads);
        Scored::of(py, threads, progress, move |watch| {
            watch.stage("reading sites", None);
            match sites {
                Some(sites) if sites.is_empty() => Err(no_sites()),
                Some(sites) => ground.with(sites, bbox),
                None => ground.own(bbox),
            }
        })
    }

    /// The number of incidents that can be used.
    #[getter]
    fn incidents(&self) -> usize {
        self.ground.without.world.incidents.len()
    }

    /// The number of receptors, with the earthquakes among the incidents.
    #[getter]
    fn receptors(&self) -> usize {
        self.ground.without.receptors.list().len()
    }

    /// The number of the engine's own sites.
    #[getter]
    fn sites(&self) -> usize {
        self.ground.case().sites.list.len()
    }

    /// The day at which ages are computed.
    #[getter]
    fn as_of(&self) -> Option<String> {
        self.ground.without.as_of.map(|day| day.to_string())
    }

    /// The name of the scheme.
    #[getter]
    fn scheme(&self) -> &str {
        &self.ground.without.scheme.name
    }

    /// The findings of what was read.
    #[getter]
    fn findings(&self) -> Vec<Told> {
        self.ground.case().findings().map(told).collect()
    }
}

/// West, south, east, north as a box.
///
/// # Errors
/// Not a box on Earth.
pub fn bounds(argument: &str, edges: [f64; 4]) -> Result<Bounds> {
    named::bounds(argument, &edges.map(|edge| edge.to_string()).join(","))
}

/// The built-in case, scored.
#[pyfunction]
pub fn demo(
    py: Python<'_>,
    threads: Option<usize>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Scored> {
    Scored::of(py, threads, progress, |watch| {
        let request = run::demo();
        let case = Case::open(&request, watch, &run::Cancel::new())?;
        Ok((request, case))
    })
}
