//! Errors of the library as exceptions of `tamarisk._errors`, which are defined in Python so that they pickle.

use crate::face::PYTHON;
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use tamarisk::{Code, Error};

/// The exception for an error, in Python's words.
pub fn raise(py: Python<'_>, error: &Error) -> PyErr {
    if error.is_interrupted() {
        return PyKeyboardInterrupt::new_err(());
    }
    let class = if error.is_usage() {
        "UsageError"
    } else if error.is_data() {
        "DataError"
    } else {
        "InputOutputError"
    };
    let (message, hint) = (error.message_for(PYTHON), error.hint_for(PYTHON));
    let made = py
        .import("tamarisk._errors")
        .and_then(|module| module.getattr(class))
        .and_then(|class| class.call1((message, hint, error.code().word())));
    made.map_or_else(|failed| failed, PyErr::from_value)
}

/// The exception of a result.
pub fn raised<T>(py: Python<'_>, result: tamarisk::Result<T>) -> PyResult<T> {
    result.map_err(|error| raise(py, &error))
}

/// An error in an argument.
pub fn usage(code: Code, message: impl Into<String>, hint: &str) -> Error {
    Error::usage(code, message).with_hint(hint)
}
