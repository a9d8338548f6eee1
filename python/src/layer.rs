//! A layer: its columns, its batches, its files.

use crate::batches::Batches;
use crate::errors::{raised, usage};
use crate::preview::{Preview, preview};
use crate::scored::Material;
use crate::wait::{Job, wait};
use arrow_array::builder::Float64Builder;
use arrow_array::{Array, ArrayRef, BinaryArray, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use arrow_select::concat::concat_batches;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use pyo3_arrow::PyTable;
use rayon::prelude::*;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tamarisk::earth::GeometryKind;
use tamarisk::layers::{self, ColumnKind};
use tamarisk::run::{self, Cancel, LayerName, Request};
use tamarisk::sinks::place::{self, InputFiles};
use tamarisk::sinks::{arrow, flatgeobuf, geojson, geoparquet};
use tamarisk::sources::Source;
use tamarisk::{Code, Error, Result};

/// Rows of a batch.
const ROWS: usize = 1 << 16;

/// The kinds of geometry in words.
const KINDS: [(GeometryKind, &str); 3] = [
    (GeometryKind::Point, "point"),
    (GeometryKind::Line, "line"),
    (GeometryKind::Polygon, "polygon"),
];

/// Name, kind, unit and description of a column.
type Told = (String, &'static str, Option<&'static str>, String);

/// A layer of scored sites. It is drawn anew each time it is looked at.
#[pyclass(frozen, module = "tamarisk._tamarisk")]
pub struct Layer {
    drawn: Drawn,
    threads: Option<usize>,
    columns: Vec<Told>,
    schema: SchemaRef,
    kind: GeometryKind,
    len: usize,
}

/// What a layer is drawn of.
#[derive(Clone)]
enum Drawn {
    /// Of scored sites: one of the layers of a name, by the base of its file's name.
    Scored(Arc<Material>, LayerName, Arc<str>),
    /// Of rows that an earlier layer was handed out as.
    Held(Arc<layers::Layer<'static>>),
}

impl Drawn {
    /// Shows the layer to a function.
    fn show<T>(
        &self,
        cancel: &Cancel,
        look: impl FnOnce(&layers::Layer<'_>) -> Result<T>,
    ) -> Result<T> {
        let (material, name, file) = match self {
            Self::Scored(material, name, file) => (material, *name, file),
            Self::Held(layer) => return look(layer),
        };
        let performed = material.performed(name == LayerName::Receptors, cancel)?;
        let (mut look, mut seen) = (Some(look), None);
        run::with_layers(&material.case, performed, name, |layer| {
            if layer.name() == &**file
                && let Some(look) = look.take()
            {
                seen = Some(look(layer));
            }
        })?;
        let gone = || Error::usage(Code::SettingInvalid, format!("no layer {file}"));
        seen.unwrap_or_else(|| Err(gone()))
    }

    /// The base of the file's name.
    fn file(&self) -> &str {
        match self {
            Self::Scored(_, _, file) => file,
            Self::Held(layer) => layer.name(),
        }
    }

    /// The input files, which are not to be written over.
    fn inputs(&self) -> InputFiles {
        match self {
            Self::Scored(material, _, _) => inputs(&material.request),
            Self::Held(_) => InputFiles::new::<&Path>([]),
        }
    }
}

/// The name of the layers to which a file belongs.
fn name_of(file: &str) -> LayerName {
    let is_of = |name: &&LayerName| {
        let word = name.word();
        let (one, rest) = (word.trim_end_matches('s'), file.split_once('_'));
        file == word || rest.is_some_and(|(head, _)| head == one)
    };
    LayerName::ALL.iter().find(is_of).copied().unwrap_or(LayerName::Sites)
}

impl Layer {
    /// The layer of a file's name.
    pub fn of(
        py: Python<'_>,
        material: Arc<Material>,
        file: &str,
        threads: Option<usize>,
    ) -> PyResult<Self> {
        Self::drawn(py, Drawn::Scored(material, name_of(file), file.into()), threads)
    }

    fn drawn(py: Python<'_>, drawn: Drawn, threads: Option<usize>) -> PyResult<Self> {
        let theirs = drawn.clone();
        let (columns, schema, kind, len) = wait(py, Job::quiet(threads), move |_, cancel| {
            theirs.show(cancel, |layer| {
                let columns = layer.columns().iter().map(|column| {
                    let kind = match column.kind {
                        ColumnKind::Text => "text",
                        ColumnKind::Number(_) => "number",
                        ColumnKind::Flag => "flag",
                        ColumnKind::Date => "date",
                    };
                    (column.name.to_string(), kind, column.unit, column.about.to_string())
                });
                Ok((columns.collect(), arrow::schema(layer), layer.kind(), layer.len()))
            })
        })?;
        Ok(Self { drawn, threads, columns, schema, kind, len })
    }
}

/// The layer `sites` of rows that such layers were handed out as, in the order of the rows; columns of their own may have
/// become texts.
#[pyfunction]
#[pyo3(name = "_layer")]
pub fn of_rows(py: Python<'_>, table: PyTable, name: &str) -> PyResult<Layer> {
    if name != LayerName::Sites.word() {
        let only = usage(Code::SettingInvalid, format!("no rows of {name}"), "rows of sites");
        return raised(py, Err(only));
    }
    let (batches, schema) = table.into_inner();
    let layer = wait(py, Job::quiet(None), move |_, _| {
        let rows = concat_batches(&schema, &batches).and_then(|rows| arrow::typed(&rows));
        let rows = rows.map_err(|error| too_much(&error))?;
        arrow::layer(LayerName::Sites.word(), GeometryKind::Point, &rows)
    })?;
    Layer::drawn(py, Drawn::Held(Arc::new(layer)), None)
}

/// A layer by the base of its file's name, the kind of its geometries and all its batches.
#[pyfunction]
#[pyo3(name = "_restored")]
pub fn restored(py: Python<'_>, name: &str, geometry: &str, table: PyTable) -> PyResult<Layer> {
    let file = LayerName::ALL.iter().flat_map(|of| of.files()).find(|file| **file == name);
    let kind = KINDS.iter().find(|(_, word)| *word == geometry);
    let (Some(file), Some((kind, _))) = (file, kind) else {
        let none = format!("no layer {name} of {geometry}s");
        return raised(py, Err(Error::usage(Code::SettingInvalid, none)));
    };
    let (batches, schema) = table.into_inner();
    let layer = wait(py, Job::quiet(None), move |_, _| {
        let rows = concat_batches(&schema, &batches).map_err(|error| too_much(&error))?;
        arrow::layer(file, *kind, &rows)
    })?;
    Layer::drawn(py, Drawn::Held(Arc::new(layer)), None)
}

/// The input files of a request, which are not to be written over.
pub fn inputs(request: &Request) -> InputFiles {
    let inputs = &request.inputs;
    let receptors = inputs.receptors.iter().map(|(_, source)| source);
    let rasters = inputs.rasters.iter().map(|(_, source)| source);
    let all = inputs.sites.iter().chain(&inputs.incidents).chain(receptors).chain(rasters);
    InputFiles::new(all.filter_map(Source::as_path))
}

#[pymethods]
impl Layer {
    /// The base of the file's name.
    #[getter]
    fn name(&self) -> &str {
        self.drawn.file()
    }

    /// `point`, `line` or `polygon`.
    #[getter]
    fn geometry(&self) -> &'static str {
        KINDS.iter().find(|(kind, _)| *kind == self.kind).map_or("", |(_, word)| word)
    }

    /// Name, kind, unit and description of each column.
    #[getter]
    fn columns(&self) -> Vec<Told> {
        self.columns.clone()
    }

    fn __len__(&self) -> usize {
        self.len
    }

    /// The schema alone.
    fn schema(&self) -> Batches {
        Batches { schema: Arc::clone(&self.schema), batches: Vec::new() }
    }

    /// All features as record batches: with their geometry as well-known binary, or with `lon` and `lat` in place of it
    /// for points, and nothing for others.
    fn batches(&self, py: Python<'_>, geometry: bool) -> PyResult<Batches> {
        let (drawn, len) = (self.drawn.clone(), self.len);
        let batches = wait(py, Job::quiet(self.threads), move |_, cancel| {
            drawn.show(cancel, |layer| {
                let starts: Vec<usize> = (0..len).step_by(ROWS).collect();
                let batch = |&start: &usize| {
                    cancel.check()?;
                    let end = start.saturating_add(ROWS).min(len);
                    arrow::batch(layer, start..end).map_err(|error| too_much(&error))
                };
                starts.par_iter().map(batch).collect::<Result<Vec<_>>>()
            })
        })?;
        if geometry {
            return Ok(Batches { schema: Arc::clone(&self.schema), batches });
        }
        let points = self.kind == GeometryKind::Point;
        let schema = without_geometry(&self.schema, points);
        let plain = batches.iter().map(|batch| plain(batch, &schema, points));
        let plain = plain.collect::<Result<_, _>>().map_err(|error| too_much(&error));
        Ok(Batches { batches: raised(py, plain)?, schema })
    }

    /// The features as GeoJSON: the bytes of the file.
    fn geojson<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let drawn = self.drawn.clone();
        let text = wait(py, Job::quiet(self.threads), move |_, cancel| {
            drawn.show(cancel, |layer| {
                let mut text = Vec::new();
                let written = geojson::write(layer, &mut text);
                written.map_err(|error| Error::io("GeoJSON", error))?;
                Ok(text)
            })
        })?;
        Ok(PyBytes::new(py, &text))
    }

    /// Writes the layer into a file, in the format of its extension.
    fn write(&self, py: Python<'_>, path: PathBuf, replace: bool) -> PyResult<()> {
        let format = raised(py, FileFormat::of(&path))?;
        let drawn = self.drawn.clone();
        let job = Job { threads: self.threads, progress: None, writes: true };
        wait(py, job, move |_, cancel| {
            let inputs = drawn.inputs();
            inputs.refuse(&path)?;
            if !replace {
                place::refuse_another(&path, |head| format.begins(head, drawn.file()))?;
            }
            let stop = || cancel.is_raised();
            drawn.show(cancel, |layer| {
                place::write_file(&path, &inputs, &stop, |out| match format {
                    FileFormat::GeoJson => geojson::write(layer, out),
                    FileFormat::FlatGeobuf => flatgeobuf::write(layer, &stop, out),
                    FileFormat::GeoParquet => geoparquet::write(layer, &stop, out),
                })
            })?;
            Ok(())
        })
    }

    /// The first rows and some places, for a notebook.
    fn preview(&self, py: Python<'_>, rows: usize, places: usize) -> PyResult<Preview> {
        let drawn = self.drawn.clone();
        wait(py, Job::quiet(self.threads), move |_, cancel| {
            drawn.show(cancel, |layer| Ok(preview(layer, rows, places)))
        })
    }
}

/// The formats that are told by an extension.
#[derive(Clone, Copy)]
enum FileFormat {
    GeoJson,
    FlatGeobuf,
    GeoParquet,
}

impl FileFormat {
    fn of(path: &Path) -> Result<Self> {
        let extension = path.extension().map(|of| of.to_string_lossy().to_lowercase());
        match extension.as_deref() {
            Some("geojson" | "json") => Ok(Self::GeoJson),
            Some("fgb") => Ok(Self::FlatGeobuf),
            Some("parquet" | "geoparquet") => Ok(Self::GeoParquet),
            _ => Err(usage(
                Code::FormatUnsupported,
                format!("{}: in which format is not told", path.display()),
                "a file that ends in .geojson, .fgb or .parquet",
            )),
        }
    }

    /// Whether a file with these first bytes is a layer of this name.
    fn begins(self, head: &[u8], layer: &str) -> bool {
        match self {
            Self::GeoJson => geojson::begins(head, layer),
            Self::FlatGeobuf => flatgeobuf::begins(head, layer),
            // The first bytes do not tell what is in it.
            Self::GeoParquet => false,
        }
    }
}

fn too_much(error: &ArrowError) -> Error {
    Error::output(Code::OutputFailed, format!("the layer cannot be a table of Arrow: {error}"))
}

/// A schema without its last field, the geometry, and for points with `lon` and `lat` after the id.
fn without_geometry(schema: &SchemaRef, points: bool) -> SchemaRef {
    let about = |text: &str| HashMap::from([("description".to_owned(), text.to_owned())]);
    let place =
        |name: &str, text| Field::new(name, DataType::Float64, true).with_metadata(about(text));
    let mut fields: Vec<_> = schema.fields().iter().map(Arc::clone).collect();
    fields.pop();
    if points {
        fields.push(Arc::new(place("lon", "Longitude in degrees on WGS84")));
        fields.push(Arc::new(place("lat", "Latitude in degrees on WGS84")));
    }
    Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()))
}

/// A batch under [`without_geometry`].
fn plain(batch: &RecordBatch, schema: &SchemaRef, points: bool) -> Result<RecordBatch, ArrowError> {
    let mut columns: Vec<ArrayRef> = batch.columns().to_vec();
    let geometry = columns.pop();
    let geometry = geometry.as_ref().and_then(|of| of.as_any().downcast_ref::<BinaryArray>());
    if let Some(geometry) = geometry.filter(|_| points) {
        // A point in well-known binary: byte order, type, x, y.
        for at in [5, 13] {
            let mut numbers = Float64Builder::with_capacity(geometry.len());
            for bytes in geometry {
                let number = bytes.and_then(|bytes| bytes.get(at..at + 8)?.try_into().ok());
                numbers.append_option(number.map(f64::from_le_bytes));
            }
            columns.push(Arc::new(numbers.finish()));
        }
    }
    RecordBatch::try_new(Arc::clone(schema), columns)
}
