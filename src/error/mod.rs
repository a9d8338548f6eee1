//! The one error of the library: something in the use, the data or the machine that ends a run.
//!
//! Faults of single records are not errors but [`Finding`](crate::model::Finding)s, which are
//! collected while the run goes on. An error answers questions (`is_usage`, `is_data`, `is_io`) from which each
//! face makes its own exit code or status. Its [`Code`] tells programs what kind of fault it is, and its remedies are
//! data ([`Remedy`]), which each [`Face`] spells as its users write them.

mod code;
mod setting;
pub(crate) mod written;

pub use code::Code;
pub(crate) use setting::remedies;
pub use setting::{Act, Face, Parameter, Remedy, Setting};

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What ended a run, with the place and the value in its message and a hint where one helps.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{}", Face::CALL.words(message))]
pub struct Error {
    kind: Kind,
    code: Code,
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

/// The library's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    fn new(kind: Kind, code: Code, message: String) -> Self {
        Self { kind, code, message, hint: None, source: None }
    }

    /// A fault in what was asked for: a setting, a scheme, a column map.
    pub fn usage(code: Code, message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, code, message.into())
    }

    /// A fault of a whole input: not what it should be, truncated, in no known layout.
    pub fn data(code: Code, message: impl Into<String>) -> Self {
        Self::new(Kind::Data, code, message.into())
    }

    /// A file or stream that cannot be read or written.
    ///
    /// The message names the path and the system's reason.
    pub fn io(path: impl AsRef<Path>, source: std::io::Error) -> Self {
        let path = path.as_ref();
        let reason = reason(&source);
        let code = match source.kind() {
            std::io::ErrorKind::NotFound => Code::FileMissing,
            std::io::ErrorKind::PermissionDenied => Code::FileForbidden,
            _ => Code::FileFailed,
        };
        Self {
            code,
            kind: Kind::Io { path: Some(path.to_path_buf()) },
            message: format!("{}: {reason}", path.display()),
            hint: None,
            source: Some(Arc::new(source)),
        }
    }

    /// A fault of input or output that is about no single file.
    pub fn output(code: Code, message: impl Into<String>) -> Self {
        Self::new(Kind::Io { path: None }, code, message.into())
    }

    /// The user stopped the run.
    pub fn interrupted() -> Self {
        Self::new(Kind::Interrupted, Code::Interrupted, "interrupted".into())
    }

    /// Adds a hint: what to try.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Prefixes the message with a file's name.
    #[must_use]
    pub(crate) fn within(mut self, file: &str) -> Self {
        self.message = format!("{file}: {}", self.message);
        self
    }

    /// What kind of fault it is, for programs.
    pub fn code(&self) -> Code {
        self.code
    }

    /// What to try, if there is a hint, with settings as arguments of a call.
    pub fn hint(&self) -> Option<Cow<'_, str>> {
        self.hint_for(Face::CALL)
    }

    /// What to try, with settings as the users of a face write them.
    pub fn hint_for(&self, face: Face) -> Option<Cow<'_, str>> {
        self.hint.as_deref().map(|hint| face.words(hint))
    }

    /// What is wrong, with settings as the users of a face write them.
    pub fn message_for(&self, face: Face) -> Cow<'_, str> {
        face.words(&self.message)
    }

    /// The settings that would help, as data.
    pub fn remedies(&self) -> Vec<Remedy> {
        self.hint.as_deref().map(remedies).unwrap_or_default()
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
