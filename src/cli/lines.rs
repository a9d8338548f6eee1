//! Standard error for a program that reads it: with `--progress json`, every line is one JSON object.

use crate::{Code, Error, Face, Remedy};
use serde::Serialize;
use std::borrow::Cow;
use std::io::{self, Write};

/// One line.
#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Line<'t> {
    /// What a person should know of a run that goes on or is done.
    Note(Cow<'t, str>),
    /// Why a finished run exits with another code than 0.
    Fault(Cow<'t, str>),
    /// Why a run failed.
    Error(Failure<'t>),
    /// How far a stage has come.
    #[serde(untagged)]
    Stage { stage: &'t str, done: u64, total: Option<u64> },
}

/// What went wrong.
#[derive(Debug, Serialize)]
pub struct Failure<'e> {
    code: Code,
    message: Cow<'e, str>,
    hint: Option<Cow<'e, str>>,
    remedies: Vec<Remedy>,
}

impl<'e> Line<'e> {
    /// The line of an error, in the words of a face.
    pub fn error(error: &'e Error, face: Face) -> Self {
        Self::Error(Failure {
            code: error.code(),
            message: error.message_for(face),
            hint: error.hint_for(face),
            remedies: error.remedies(),
        })
    }

    /// Prints it to standard error, whole: lines of several threads do not mix.
    pub fn print(&self) {
        // Texts, numbers and words always become JSON.
        let Ok(mut text) = serde_json::to_string(self) else { return };
        text.push('\n');
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }
}
