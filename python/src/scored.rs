//! Scored sites: their layers, their explanation, their files.

use crate::engine::bounds;
use crate::errors::raised;
use crate::findings::{Told, told};
use crate::layer::Layer;
use crate::wait::{Job, wait};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use tamarisk::cli::COMMAND_LINE;
use tamarisk::earth::Length;
use tamarisk::model::{Finding, Verdict};
use tamarisk::run::{
    self, Cancel, Case, LayerName, Performed, Request, SurfaceRequest, Tables, Wanted, Watch,
    check_cell, named,
};
use tamarisk::{Code, Error, Result};

/// What layers are drawn of.
pub struct Material {
    pub request: Request,
    pub case: Case,
    performed: Performed,
    /// The same with the sites in reach of each receptor, where it was too much to compute unasked.
    exposed: OnceLock<Performed>,
}

impl Material {
    /// The scores, with the sites in reach of each receptor if a layer of receptors is drawn.
    ///
    /// # Errors
    /// The work was asked to stop.
    pub fn performed(&self, exposed: bool, cancel: &Cancel) -> Result<&Performed> {
        if !exposed || self.is_exposed() {
            return Ok(&self.performed);
        }
        if let Some(performed) = self.exposed.get() {
            return Ok(performed);
        }
        let performed = run::perform_exposed(&self.case, &run::Unwatched, cancel)?;
        Ok(self.exposed.get_or_init(|| performed))
    }

    /// Whether the sites in reach of each receptor were computed at once.
    fn is_exposed(&self) -> bool {
        Wanted::default().exposes(self.case.sites.list.len())
    }
}

/// Scored sites.
#[pyclass(frozen, module = "tamarisk._tamarisk")]
pub struct Scored {
    material: Arc<Material>,
    threads: Option<usize>,
}

impl Scored {
    /// Scores the sites of a case that is yet to be made.
    pub fn of(
        py: Python<'_>,
        threads: Option<usize>,
        progress: Option<Py<PyAny>>,
        open: impl FnOnce(&dyn Watch) -> Result<(Request, Case)> + Send + 'static,
    ) -> PyResult<Self> {
        let material = wait(py, Job::told(threads, progress), move |watch, cancel| {
            let (request, case) = open(watch)?;
            cancel.check()?;
            let exposed = Wanted::default().exposes(case.sites.list.len());
            let performed = match exposed {
                true => run::perform_exposed(&case, watch, cancel)?,
                false => {
                    Performed { sites: run::perform(&case, watch, cancel)?, ..Performed::default() }
                }
            };
            Ok(Material { request, case, performed, exposed: OnceLock::new() })
        })?;
        Ok(Self { material: Arc::new(material), threads })
    }
}

impl Scored {
    /// What layers are drawn of.
    pub fn material(&self) -> Arc<Material> {
        Arc::clone(&self.material)
    }
}

#[pymethods]
impl Scored {
    /// A layer by the name of its file: `sites`, `footprint_lines`.
    fn layer(&self, py: Python<'_>, name: &str) -> PyResult<Layer> {
        Layer::of(py, Arc::clone(&self.material), name, self.threads)
    }

    /// The number of scored sites.
    fn __len__(&self) -> usize {
        self.material.performed.sites.len()
    }

    /// The day at which ages are computed.
    #[getter]
    fn as_of(&self) -> Option<String> {
        self.material.case.as_of.map(|day| day.to_string())
    }

    /// The name of the scheme.
    #[getter]
    fn scheme(&self) -> &str {
        &self.material.case.scheme.name
    }

    /// All findings.
    #[getter]
    fn findings(&self) -> Vec<Told> {
        self.material.case.findings().map(told).collect()
    }

    /// The numbers of findings that set records aside, repaired them, and only tell.
    #[getter]
    fn verdicts(&self) -> [usize; 3] {
        let of = |verdict| {
            let is = |finding: &&Finding| finding.verdict == verdict;
            self.material.case.findings().filter(is).count()
        };
        [of(Verdict::SetAside), of(Verdict::Repaired), of(Verdict::Noted)]
    }

    /// The receipt as JSON.
    fn receipt<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let material = Arc::clone(&self.material);
        let text = wait(py, Job::quiet(self.threads), move |_, _| {
            let Material { request, case, performed, .. } = &*material;
            run::receipt(request, case, performed.sites.len())
        })?;
        Ok(PyBytes::new(py, text.as_bytes()))
    }

    /// The scores of a site taken apart, as JSON.
    fn explain<'py>(&self, py: Python<'py>, site: String) -> PyResult<Bound<'py, PyBytes>> {
        let material = Arc::clone(&self.material);
        let text = wait(py, Job::quiet(self.threads), move |_, _| {
            let at = material.case.sites.called(&site)?;
            let explained = run::explain(&material.case, at, None);
            let gone = || Error::usage(Code::SiteUnknown, format!("no site \"{site}\""));
            run::json(&explained.ok_or_else(gone)?)
        })?;
        Ok(PyBytes::new(py, format!("{text}\n").as_bytes()))
    }

    /// Writes the files of a run into a folder; returns their names and the notes on them.
    #[allow(clippy::too_many_arguments)]
    fn write(
        &self,
        py: Python<'_>,
        folder: PathBuf,
        wanted: Wishes,
        replace: bool,
        threads: Option<usize>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<(Vec<String>, Vec<String>)> {
        let (wanted, surface, sensitivity) = raised(py, wanted.read())?;
        let material = Arc::clone(&self.material);
        let job = Job { threads: threads.or(self.threads), progress, writes: true };
        wait(py, job, move |watch, cancel| {
            let Material { case, .. } = &*material;
            let request = Request { surface, sensitivity, ..material.request.clone() };
            let stop = || cancel.is_raised();
            let output = run::claim(&request, &wanted, &folder, replace, &stop)?;
            run::groupings(case, &wanted)?;
            run::room(case, &wanted)?;
            let exposed = wanted.exposes(case.sites.list.len());
            let performed = material.performed(exposed, cancel)?;
            let written = run::write(&request, case, performed, &wanted, output, watch, cancel)?;
            let names = written.files.into_iter().map(|file| file.name).collect();
            let notes = written.notes.iter().map(|note| crate::face::PYTHON.words(note).into());
            Ok((names, notes.collect()))
        })
    }
}

/// What is to be written, by the names of the keywords.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Wishes {
    layers: Option<Vec<String>>,
    formats: Vec<String>,
    gpkg: bool,
    project: bool,
    report: bool,
    png: bool,
    group_by: Vec<String>,
    weight_by: Option<String>,
    disclosures: bool,
    /// Whether there is to be a surface, the side of its cells and its box.
    surface: bool,
    cell: Option<String>,
    bounds: Option<[f64; 4]>,
    sensitivity: bool,
}

impl Wishes {
    fn read(self) -> Result<(Wanted, Option<SurfaceRequest>, bool)> {
        let layer = |word: &String| named::layer("layers", word);
        let layers = self.layers.as_ref();
        let layers: Option<std::collections::BTreeSet<LayerName>> =
            layers.map(|all| all.iter().map(layer).collect::<Result<_>>()).transpose()?;
        let format = |word: &String| named::format("formats", word);
        let wanted = Wanted {
            layers,
            formats: self.formats.iter().map(format).collect::<Result<_>>()?,
            gpkg: self.gpkg,
            project: self.project,
            report: self.report,
            maps: if self.png { run::Maps::All } else { run::Maps::None },
            group_by: self.group_by,
            weight_by: self.weight_by,
            disclosures: if self.disclosures { Tables::Yes } else { Tables::No },
            // The files are those of the command line program, byte for byte.
            face: COMMAND_LINE,
            ..Wanted::default()
        };
        let surface = match self.surface {
            true => Some(surface_of(self.cell.as_deref(), self.bounds)?),
            false => None,
        };
        Ok((wanted, surface, self.sensitivity))
    }
}

/// The surface that was asked for.
///
/// # Errors
/// A cell that is no length, too small or too large; a box that is none.
pub fn surface_of(cell: Option<&str>, edges: Option<[f64; 4]>) -> Result<SurfaceRequest> {
    let cell: Option<Length> = cell.map(|text| named::length("cell", text)).transpose()?;
    cell.map_or(Ok(()), check_cell)?;
    let bbox = edges.map(|edges| bounds("bounds", edges)).transpose()?;
    Ok(SurfaceRequest { cell, bbox, ..SurfaceRequest::default() })
}
