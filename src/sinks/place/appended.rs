//! A file to which lines are added, such as the log of a batch that runs every month. It is no output: it is neither
//! replaced nor listed in a receipt.

use super::InputFiles;
use crate::{Code, Error, Result};
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// An open file. Each line is written at once, so that whoever reads along sees it.
#[derive(Debug)]
pub struct Appended {
    path: PathBuf,
    file: Mutex<File>,
}

impl Appended {
    /// Opens a file, which is created if needed. `is_ours` tells from the first bytes of an existing one whether lines may
    /// be added to it.
    ///
    /// # Errors
    /// The file is one of the inputs or of other origin, or cannot be written.
    pub fn open(
        path: &Path,
        inputs: &InputFiles,
        is_ours: impl FnOnce(&[u8]) -> bool,
    ) -> Result<Self> {
        inputs.refuse(path)?;
        let file = OpenOptions::new().read(true).append(true).create(true).open(path);
        let file = file.map_err(|error| Error::io(path, error))?;
        let mut head = Vec::new();
        let is_file = file.metadata().is_ok_and(|there| there.is_file());
        if is_file {
            let read = (&file).take(1 << 10).read_to_end(&mut head);
            read.map_err(|error| Error::io(path, error))?;
        }
        if !head.is_empty() && !is_ours(&head) {
            let text = format!(
                "{}: is no log of this program, and no line is added to it",
                path.display()
            );
            return Err(Error::output(Code::OutputInTheWay, text)
                .with_hint("choose another name for the log"));
        }
        Ok(Self { path: path.to_path_buf(), file: Mutex::new(file) })
    }

    /// Adds a line.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn line(&self, text: &str) -> Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let line = format!("{}\n", text.replace(['\n', '\r'], " "));
        file.write_all(line.as_bytes()).map_err(|error| Error::io(&self.path, error))
    }
}
