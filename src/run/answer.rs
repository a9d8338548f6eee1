//! Answers as text.

use crate::{Code, Error, Result};
use serde::Serialize;

/// An answer as indented JSON, without a line break at its end. Every face gives these bytes.
///
/// # Errors
/// A value that JSON cannot hold.
pub fn json(answer: &impl Serialize) -> Result<String> {
    serde_json::to_string_pretty(answer).map_err(|error| {
        Error::output(Code::OutputFailed, format!("the answer cannot be written as JSON: {error}"))
    })
}
