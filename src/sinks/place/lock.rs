//! The lock of an output folder: one run writes there at a time; the error of a second run names the first.

use super::same::same_file;
use super::{old, temp};
use crate::{Code, Error, Result};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

pub(super) const NAME: &str = ".tamarisk.lock";

/// Removes what a killed run left in a folder: its lock and its unfinished files. Does nothing in a folder
/// to which another run is writing.
pub fn tidy(folder: &Path) {
    if folder.join(NAME).exists()
        && let Ok(_held) = FolderLock::take(folder)
    {
        temp::sweep(folder);
        old::Old::of(folder).forget_note();
    }
}

/// The lock on a folder; it also ends with the process.
pub(super) struct FolderLock {
    path: PathBuf,
    /// Kept open for its lock.
    _file: File,
}

impl FolderLock {
    /// Takes the lock, or fails with an error that names the run that holds it.
    pub(super) fn take(folder: &Path) -> Result<Self> {
        let path = folder.join(NAME);
        loop {
            let mut file = OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(&path)
                .map_err(|e| Error::io(folder, e))?;
            match file.try_lock() {
                Err(TryLockError::WouldBlock) => return Err(held(folder, &mut file)),
                // The run that held it removed the file in the meantime.
                Ok(()) if !same_file(&file, &path) => continue,
                // If the file system does not support locks, there is nothing to hold.
                Ok(()) | Err(TryLockError::Error(_)) => {}
            }
            // The process id is only informative; the lock works without it.
            let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
            return Ok(Self { path, _file: file });
        }
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // Removed while still locked, so that a process that opened it before notices.
        let _ = std::fs::remove_file(&self.path);
    }
}

fn held(folder: &Path, file: &mut File) -> Error {
    let mut holder = String::new();
    let _ = file.read_to_string(&mut holder);
    let holder = match holder.trim() {
        "" => "another process".to_owned(),
        pid => format!("process {pid}"),
    };
    Error::output(
        Code::OutputLocked,
        format!("{}: another run is writing here, {holder}", folder.display()),
    )
    .with_hint("wait until it has ended, or choose another folder with ⟦output⟧")
}
