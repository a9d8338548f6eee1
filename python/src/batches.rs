//! Record batches of Arrow, handed out through the C interface.

use crate::errors::raised;
use arrow_array::{ArrayRef, RecordBatch, StructArray};
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, DataType, Field, SchemaRef};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule};
use pyo3_arrow::PyTable;
use pyo3_arrow::error::PyArrowResult;
use pyo3_arrow::ffi::{ArrayIterator, to_schema_pycapsule, to_stream_pycapsule};
use std::sync::Arc;
use tamarisk::{Code, Error};

/// Record batches under a schema.
#[pyclass(frozen, module = "tamarisk._tamarisk")]
pub struct Batches {
    pub schema: SchemaRef,
    pub batches: Vec<RecordBatch>,
}

/// The type of the values, where those that repeat are stored once.
fn plain(of: &DataType) -> &DataType {
    match of {
        DataType::Dictionary(_, of) => plain(of),
        DataType::RunEndEncoded(_, of) => plain(of.data_type()),
        of => of,
    }
}

fn unusable(error: &ArrowError) -> Error {
    Error::data(Code::FileDamaged, format!("the rows cannot be sent to another process: {error}"))
}

/// The name of a field, and the name and metadata of its extension type.
type Told = (String, Option<String>, Option<String>);

#[pymethods]
impl Batches {
    /// Takes all batches of anything that has them; they can then be handed out again and again.
    #[new]
    fn new(table: PyTable) -> Self {
        let (batches, schema) = table.into_inner();
        Self { schema, batches }
    }

    /// The fields.
    fn fields(&self) -> Vec<Told> {
        let told = |field: &Field| {
            let said = |key: &str| field.metadata().get(key).cloned();
            let name = field.name().clone();
            (name, said("ARROW:extension:name"), said("ARROW:extension:metadata"))
        };
        self.schema.fields().iter().map(|field| told(field)).collect()
    }

    /// The kind of the values of each field: `integer`, `float`, `text`, or an empty text for others.
    fn kinds(&self) -> Vec<&'static str> {
        let kind = |field: &Field| match plain(field.data_type()) {
            of if of.is_integer() => "integer",
            of if of.is_floating() => "float",
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => "text",
            _ => "",
        };
        self.schema.fields().iter().map(|field| kind(field)).collect()
    }

    /// The batches as a stream of Arrow IPC.
    fn ipc<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let written = || {
            let mut writer = StreamWriter::try_new(Vec::new(), &self.schema)?;
            self.batches.iter().try_for_each(|batch| writer.write(batch))?;
            writer.into_inner()
        };
        let bytes = py.detach(written).map_err(|error| unusable(&error));
        Ok(PyBytes::new(py, &raised(py, bytes)?))
    }

    /// Batches of a stream of Arrow IPC.
    #[staticmethod]
    fn of_ipc(py: Python<'_>, bytes: &[u8]) -> PyResult<Self> {
        let read = || {
            let reader = StreamReader::try_new(bytes, None)?;
            let schema = reader.schema();
            Ok(Self { schema, batches: reader.collect::<Result<_, _>>()? })
        };
        raised(py, py.detach(read).map_err(|error: ArrowError| unusable(&error)))
    }

    /// The number of rows.
    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// The schema as a capsule of `ArrowSchema`.
    pub fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyArrowResult<Bound<'py, PyCapsule>> {
        to_schema_pycapsule(py, self.schema.as_ref())
    }

    /// The batches as a capsule of `ArrowArrayStream`.
    #[pyo3(signature = (requested_schema=None))]
    pub fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyArrowResult<Bound<'py, PyCapsule>> {
        let field = Field::new_struct("", self.schema.fields().clone(), false)
            .with_metadata(self.schema.metadata().clone());
        let arrays = self.batches.clone().into_iter().map(|batch| {
            let array: ArrayRef = Arc::new(StructArray::from(batch));
            Ok(array)
        });
        let reader = ArrayIterator::new(arrays, Arc::new(field));
        to_stream_pycapsule(py, Box::new(reader), requested_schema)
    }
}
