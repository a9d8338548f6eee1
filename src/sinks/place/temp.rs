//! Temporary files beside their targets. The run that writes one holds a lock on it, which ends with
//! the run however it ends; so a temporary file that nobody has locked belongs to a dead run and is
//! swept away by the next.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;

const PREFIX: &str = ".tamarisk-";
const SUFFIX: &str = ".part";

static COUNT: AtomicU64 = AtomicU64::new(0);

/// A temporary file; dropped, it is removed.
pub(super) struct Temp {
    file: File,
    path: PathBuf,
    placed: bool,
}

impl Temp {
    /// A new one in a folder.
    pub(super) fn create(folder: &Path) -> io::Result<Self> {
        loop {
            let number = COUNT.fetch_add(1, Ordering::Relaxed);
            let path = folder.join(format!("{PREFIX}{}-{number}{SUFFIX}", std::process::id()));
            let file = match OpenOptions::new().read(true).write(true).create_new(true).open(&path)
            {
                // A dead run had the same number.
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => continue,
                file => file?,
            };
            // Between creating and locking another run may have swept it away; then try again. Where
            // the file system knows no locks, nothing is swept.
            match file.try_lock() {
                Err(TryLockError::WouldBlock) => continue,
                Ok(()) if !path.exists() => continue,
                _ => return Ok(Self { file, path, placed: false }),
            }
        }
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// Where it is, for a writer that must open it by itself.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Brings the bytes to the disk, with the rights of the file that will be replaced.
    pub(super) fn finish(&self, target: &Path) -> io::Result<()> {
        self.keep_rights(target);
        self.file.sync_all()
    }

    /// The same while the run goes on; to be [waited](Syncing::wait) for before the file gets its name.
    pub(super) fn finish_later(&self, target: &Path) -> io::Result<Syncing> {
        self.keep_rights(target);
        let file = self.file.try_clone()?;
        let thread = std::thread::Builder::new().spawn(move || file.sync_all());
        match thread {
            Ok(thread) => Ok(Syncing(Some(thread))),
            Err(_) => self.file.sync_all().map(|()| Syncing(None)),
        }
    }

    /// Gives the file the rights of the one that it will replace.
    fn keep_rights(&self, target: &Path) {
        if let Ok(old) = std::fs::metadata(target) {
            // Not every file system keeps rights.
            let _ = self.file.set_permissions(old.permissions());
        }
    }

    /// Gives the file its name, in one step.
    pub(super) fn place(mut self, target: &Path) -> io::Result<()> {
        std::fs::rename(&self.path, target)?;
        self.placed = true;
        Ok(())
    }
}

/// A file whose bytes are on their way to the disk.
pub(super) struct Syncing(Option<JoinHandle<io::Result<()>>>);

impl Syncing {
    /// Waits until they are there.
    pub(super) fn wait(self) -> io::Result<()> {
        match self.0.map(JoinHandle::join) {
            None => Ok(()),
            Some(Ok(synced)) => synced,
            Some(Err(_)) => Err(io::Error::other("the thread that brings it to the disk ended")),
        }
    }
}

impl Write for Temp {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Temp {
    fn drop(&mut self) {
        if !self.placed {
            // If it cannot be removed now, the next run will.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Removes the temporary files that dead runs have left in a folder. What cannot be removed stays.
pub(super) fn sweep(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(|n| n.starts_with(PREFIX) && n.ends_with(SUFFIX));
        if !ours || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        let path = entry.path();
        let Ok(file) = OpenOptions::new().read(true).write(true).open(&path) else { continue };
        if file.try_lock().is_ok() {
            let _ = std::fs::remove_file(&path);
        }
    }
}
