//! The extension module `tamarisk._tamarisk`: what Python cannot do by itself. It turns arguments into requests of the
//! library, waits for them with the interpreter free, and turns answers and errors into Python's. What is scored, asked
//! and written is all in the library; what users see is in the Python beside it.

mod batches;
mod checked;
mod engine;
mod errors;
mod face;
mod findings;
mod given;
mod hindcast;
mod layer;
mod parts;
mod pool;
mod preview;
mod progress;
mod questions;
mod schemes;
mod scored;
mod surface;
mod swapped;
mod wait;

use pyo3::prelude::*;

/// The native part of `tamarisk`. Private: use `tamarisk` itself.
#[pymodule]
mod _tamarisk {
    use pyo3::prelude::*;
    use std::ffi::OsString;
    use std::process::ExitCode;

    #[pymodule_export]
    use crate::batches::Batches;
    #[pymodule_export]
    use crate::checked::check;
    #[pymodule_export]
    use crate::engine::{Engine, demo};
    #[pymodule_export]
    use crate::face::{parameters, words};
    #[pymodule_export]
    use crate::given::sections;
    #[pymodule_export]
    use crate::hindcast::hindcast;
    #[pymodule_export]
    use crate::layer::{Layer, of_rows, restored};
    #[pymodule_export]
    use crate::parts::{as_of, bound, located, merged, neighbors};
    #[pymodule_export]
    use crate::preview::{colors, land};
    #[pymodule_export]
    use crate::questions::{corridor, explain, near, rank, risk, surface};
    #[pymodule_export]
    use crate::schemes::{scheme, schemes};
    #[pymodule_export]
    use crate::scored::Scored;
    #[pymodule_export]
    use crate::surface::{Surface, restored_surface};
    #[pymodule_export]
    use crate::swapped::{astray, swapped};

    /// Runs the command line program; `args` begin with its name. Returns its exit code. It takes over Ctrl-C.
    #[pyfunction]
    fn main(py: Python<'_>, args: Vec<OsString>) -> u8 {
        let code = py.detach(|| tamarisk::cli::main(args));
        (0..=u8::MAX).find(|number| ExitCode::from(*number) == code).unwrap_or(u8::MAX)
    }

    /// The version of the library.
    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
