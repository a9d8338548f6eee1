//! The one error of the library: something in the use, the data or the machine that ends a run.
//!
//! Faults of single records are not errors but [`Finding`](crate::model::Finding)s, which are
//! collected while the run goes on. An error answers questions (`is_usage`, `is_data`, `is_io`)
//! instead of showing its kinds, and each face turns them into its own exit code or status.

pub(crate) mod written;

use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What ended a run, with the place and the value in its message and a hint where one helps.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    kind: Kind,
    message: String,
    hint: Option<String>,
    #[source]
    source: Option<Arc<std::io::Error>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Usage,
    Data,
    Io { path: Option<PathBuf> },
    Interrupted,
}

/// A message in one line, whatever it quotes of a file: each break with the blanks around it is a space.
fn on_one_line(message: String) -> String {
    if !message.contains(['\n', '\r']) {
        return message;
    }
    message
        .split(['\n', '\r'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The library's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    fn new(kind: Kind, message: String) -> Self {
        Self { kind, message, hint: None, source: None }
    }

    /// A fault in what was asked for: an option, a scheme, a column map.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message.into())
    }

    /// A fault of a whole input: not what it should be, truncated, in no known layout.
    pub fn data(message: impl Into<String>) -> Self {
        Self::new(Kind::Data, on_one_line(message.into()))
    }

    /// A file or stream that cannot be read or written.
    ///
    /// The message names the path and the system's reason.
    pub fn io(path: impl AsRef<Path>, source: std::io::Error) -> Self {
        let path = path.as_ref();
        let reason = reason(&source);
        Self {
            kind: Kind::Io { path: Some(path.to_path_buf()) },
            message: format!("{}: {reason}", path.display()),
            hint: None,
            source: Some(Arc::new(source)),
        }
    }

    /// A fault of input or output that is about no single file.
    pub fn output(message: impl Into<String>) -> Self {
        Self::new(Kind::Io { path: None }, message.into())
    }

    /// The user stopped the run.
    pub fn interrupted() -> Self {
        Self::new(Kind::Interrupted, "interrupted".into())
    }

    /// Adds the sentence that tells what to try.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says in which file the fault is.
    #[must_use]
    pub(crate) fn within(mut self, file: &str) -> Self {
        self.message = format!("{file}: {}", self.message);
        self
    }

    /// What to try, if there is something to say.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// Whether what was asked for is at fault: options, scheme, column map.
    pub fn is_usage(&self) -> bool {
        self.kind == Kind::Usage
    }

    /// Whether a whole input is at fault.
    pub fn is_data(&self) -> bool {
        self.kind == Kind::Data
    }

    /// Whether reading or writing failed.
    pub fn is_io(&self) -> bool {
        matches!(self.kind, Kind::Io { .. })
    }

    /// Whether the user stopped the run.
    pub fn is_interrupted(&self) -> bool {
        self.kind == Kind::Interrupted
    }

    /// Whether the reader of our output went away, which is no failure.
    pub fn is_closed_pipe(&self) -> bool {
        self.source.as_ref().is_some_and(|s| s.kind() == std::io::ErrorKind::BrokenPipe)
    }

    /// The file that could not be read or written.
    pub fn path(&self) -> Option<&Path> {
        match &self.kind {
            Kind::Io { path } => path.as_deref(),
            _ => None,
        }
    }
}

/// The system's reason in words, without Rust's "(os error 2)".
fn reason(source: &std::io::Error) -> String {
    let text = source.to_string();
    match text.find(" (os error") {
        Some(at) => text
            .chars()
            .take(text.get(..at).map_or(0, |t| t.chars().count()))
            .collect::<String>()
            .to_lowercase(),
        None => text,
    }
}
