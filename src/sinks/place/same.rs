//! File identity: ensures that no output replaces an input, whatever names and links lead to it.

use crate::{Code, Error, Result};
use std::fs::{File, Metadata};
use std::path::{Path, PathBuf};

/// The files that a run reads, which it must not write.
#[derive(Debug, Clone, Default)]
pub struct InputFiles {
    known: Vec<(PathBuf, FileId)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct FileId {
    /// Device and inode number, on systems that have them.
    number: Option<(u64, u64)>,
    path: PathBuf,
}

impl InputFiles {
    /// The files at these paths. Paths that are not regular files, such as pipes, cannot be
    /// replaced and are left out.
    pub fn new<P: AsRef<Path>>(paths: impl IntoIterator<Item = P>) -> Self {
        let known = paths.into_iter().filter_map(|path| {
            let path = path.as_ref();
            let id = FileId::of(path)?;
            Some((path.to_path_buf(), id))
        });
        Self { known: known.collect() }
    }

    /// Rejects a target that is one of them.
    ///
    /// # Errors
    /// The target is one of them.
    pub fn refuse(&self, target: &Path) -> Result<()> {
        let Some(id) = FileId::of(target) else { return Ok(()) };
        match self.known.iter().find(|(_, known)| known.is(&id)) {
            None => Ok(()),
            Some((input, _)) => Err(Error::output(
                Code::OutputInTheWay,
                format!(
                    "{}: is the input {}, which would be overwritten",
                    target.display(),
                    input.display()
                ),
            )
            .with_hint("choose another place for the output")),
        }
    }
}

impl FileId {
    fn of(path: &Path) -> Option<Self> {
        let metadata = std::fs::metadata(path).ok().filter(Metadata::is_file)?;
        let path = std::fs::canonicalize(path).ok()?;
        Some(Self { number: number(&metadata), path })
    }

    fn is(&self, other: &Self) -> bool {
        self.path == other.path || (self.number.is_some() && self.number == other.number)
    }
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems have none")]
fn number(metadata: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn number(_: &Metadata) -> Option<(u64, u64)> {
    None
}

/// Whether an open file is still the one at its path.
pub(super) fn same_file(file: &File, path: &Path) -> bool {
    match (file.metadata(), std::fs::metadata(path)) {
        (Ok(open), Ok(named)) => number(&open) == number(&named),
        _ => false,
    }
}

/// Whether a target exists and is neither a file nor a folder: a device, a pipe.
pub(super) fn is_stream(target: &Path) -> bool {
    std::fs::metadata(target).is_ok_and(|m| !m.is_file() && !m.is_dir())
}

/// The file that a target leads to, if it is a link.
pub(super) fn resolve(target: &Path) -> PathBuf {
    std::fs::canonicalize(target).unwrap_or_else(|_| target.to_path_buf())
}

/// The folder that a target is in.
pub(super) fn folder_of(target: &Path) -> &Path {
    target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}
