//! x
use pyo3::prelude::*;
use pyo3_arrow::PyTable;
#[pymodule]
mod _tamarisk {
    use super::*;
    #[pyfunction]
    fn rows(t: PyTable) -> usize { t.batches().iter().map(|b| b.num_rows()).sum() }
}
