//! The lock of an output folder: one run writes there at a time, and the next one is told which.

use super::same::same_file;
use super::{old, temp};
use crate::{Code, Error, Result};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

const NAME: &str = ".tamarisk.lock";

/// Takes away what a run that was killed left in a folder: its lock and its unfinished files. A folder to
/// which another run is writing is left alone.
pub fn tidy(folder: &Path) {
    if folder.join(NAME).exists()
        && let Ok(_held) = FolderLock::take(folder)
    {
        temp::sweep(folder);
        old::Old::of(folder).forget_note();
    }
}

/// The lock on a folder, for as long as it is held; it ends with the process in any case.
pub(super) struct FolderLock {
    path: PathBuf,
    /// Held for its lock alone.
    _file: File,
}

impl FolderLock {
    /// Takes the lock, or says who has it.
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
                // The run that held it took the file away in the meantime.
                Ok(()) if !same_file(&file, &path) => continue,
                // Where the file system knows no locks there is nothing to hold.
                Ok(()) | Err(TryLockError::Error(_)) => {}
            }
            // Who holds it is for people; the lock holds without it.
            let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
            return Ok(Self { path, _file: file });
        }
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // Taken away while still locked, so that whoever opened it before finds out.
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
