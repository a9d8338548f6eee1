//! Record batches of Arrow, handed out through the C interface.

use arrow_array::{ArrayRef, RecordBatch, StructArray};
use arrow_schema::{Field, SchemaRef};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use pyo3_arrow::PyTable;
use pyo3_arrow::error::PyArrowResult;
use pyo3_arrow::ffi::{ArrayIterator, to_schema_pycapsule, to_stream_pycapsule};
use std::sync::Arc;

/// Record batches under a schema.
#[pyclass(frozen, module = "tamarisk._tamarisk")]
pub struct Batches {
    pub schema: SchemaRef,
    pub batches: Vec<RecordBatch>,
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
