//! A surface: the scores of a grid.

use crate::errors::raised;
use crate::layer::inputs;
use crate::wait::{Job, wait};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tamarisk::earth::{Crs, Grid, Length};
use tamarisk::layers::{self, Reach};
use tamarisk::run::Request;
use tamarisk::sinks::geotiff;
use tamarisk::sinks::place::{self, InputFiles};
use tamarisk::{Code, Error};

/// The score at every cell of a grid.
#[pyclass(frozen, module = "tamarisk._tamarisk")]
pub struct Surface {
    surface: Arc<layers::Surface>,
    inputs: Arc<InputFiles>,
    threads: Option<usize>,
}

impl Surface {
    /// A surface, with the inputs of its engine, which are not written over.
    pub fn new(surface: layers::Surface, request: &Request, threads: Option<usize>) -> Self {
        Self { surface: Arc::new(surface), inputs: Arc::new(inputs(request)), threads }
    }
}

/// A surface of its values in the order of the machine, its shape, its upper left corner, the size of a cell along x
/// and along y, the side of a cell in kilometers, and what it fills.
#[pyfunction]
#[pyo3(name = "_surface")]
pub fn restored_surface(
    py: Python<'_>,
    values: &[u8],
    shape: [u32; 2],
    corner: [f64; 2],
    cell: [f64; 2],
    side: f64,
    reach: &str,
) -> PyResult<Surface> {
    let [height, width] = shape;
    let grid = Grid::new(Crs::wgs84(), corner, cell, [width, height]);
    let numbers = values.as_chunks::<4>().0.iter();
    let scores: Vec<f32> = numbers.map(|bytes| f32::from_ne_bytes(*bytes)).collect();
    let cells = u64::from(width) * u64::from(height);
    let fits = u64::try_from(scores.len()).is_ok_and(|len| len == cells);
    let none = || Error::usage(Code::SettingInvalid, "the values are of no such grid");
    let grid = raised(py, grid.filter(|_| fits).ok_or_else(none))?;
    let known = REACHES.iter().find(|(_, word)| *word == reach).map(|(reach, _)| *reach);
    let reach = raised(py, known.ok_or_else(none))?;
    let surface = layers::Surface { grid, reach, cell: Length::from_km(side), scores };
    let inputs = Arc::new(InputFiles::new::<&Path>([]));
    Ok(Surface { surface: Arc::new(surface), inputs, threads: None })
}

/// The words for what a surface fills.
const REACHES: [(Reach, &str); 3] =
    [(Reach::Everything, "everything"), (Reach::NearSites, "near sites"), (Reach::Box, "box")];

#[pymethods]
impl Surface {
    /// What of the map it fills, as a word.
    #[getter]
    fn reach(&self) -> &'static str {
        let own = REACHES.iter().find(|(reach, _)| *reach == self.surface.reach);
        own.map_or("", |(_, word)| word)
    }

    /// The side of a cell in kilometers.
    #[getter]
    fn side(&self) -> f64 {
        self.surface.cell.km()
    }

    /// The scores as 32-bit floats in the order of the machine, row by row from the northwest; NaN where there is none.
    fn values<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let scores = &self.surface.scores;
        PyBytes::new_with(py, scores.len() * 4, |bytes| {
            for (place, score) in bytes.chunks_exact_mut(4).zip(scores) {
                place.copy_from_slice(&score.to_ne_bytes());
            }
            Ok(())
        })
    }

    /// Rows and columns.
    #[getter]
    fn shape(&self) -> (u32, u32) {
        (self.surface.grid.height(), self.surface.grid.width())
    }

    /// The size of a cell along x and along y, in the units of the system.
    #[getter]
    fn cell(&self) -> [f64; 2] {
        self.surface.grid.cell()
    }

    /// West, south, east, north.
    #[getter]
    fn bounds(&self) -> [f64; 4] {
        self.surface.grid.edges()
    }

    /// The reference system.
    #[getter]
    fn crs(&self) -> String {
        self.surface.grid.crs().name().to_string()
    }

    /// Writes the surface as a cloud-optimized GeoTIFF.
    fn write(&self, py: Python<'_>, path: PathBuf, replace: bool) -> PyResult<()> {
        let (surface, inputs) = (Arc::clone(&self.surface), Arc::clone(&self.inputs));
        let job = Job { threads: self.threads, progress: None, writes: true };
        wait(py, job, move |_, cancel| {
            inputs.refuse(&path)?;
            if !replace {
                place::refuse_another(&path, geotiff::begins)?;
            }
            let stop = || cancel.is_raised();
            place::write_file(&path, &inputs, &stop, |out| geotiff::write(&surface, out))?;
            Ok(())
        })
    }
}
