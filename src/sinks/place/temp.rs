//! Temporary files in the folder of their targets. The run that writes one holds a lock on it, which
//! ends with the process; so an unlocked temporary file belongs to a dead run and is removed by the
//! next.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;

const PREFIX: &str = ".tamarisk-";
const SUFFIX: &str = ".part";

static COUNT: AtomicU64 = AtomicU64::new(0);

/// A temporary file; it is removed when dropped.
pub(super) struct Temp {
    file: File,
    path: PathBuf,
    placed: bool,
}

impl Temp {
    /// Creates one in a folder.
    pub(super) fn create(folder: &Path) -> io::Result<Self> {
        loop {
            let number = COUNT.fetch_add(1, Ordering::Relaxed);
            let path = folder.join(format!("{PREFIX}{}-{number}{SUFFIX}", std::process::id()));
            let file = match OpenOptions::new().read(true).write(true).create_new(true).open(&path)
            {
                // A dead run had the same process id.
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => continue,
                file => file?,
            };
            // Another run may have removed it between creating and locking; then try again. On a file
            // system without locks, nothing is removed.
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

    /// Its path, for a writer that opens the file itself.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Syncs the bytes to disk, after copying the permissions of the file to be replaced.
    pub(super) fn finish(&self, target: &Path) -> io::Result<()> {
        self.keep_rights(target);
        self.file.sync_all()
    }

    /// Like [`finish`](Self::finish), in the background; [wait](Syncing::wait) for it before renaming
    /// the file.
    pub(super) fn finish_later(&self, target: &Path) -> io::Result<Syncing> {
        self.keep_rights(target);
        let file = self.file.try_clone()?;
        let thread = std::thread::Builder::new().spawn(move || file.sync_all());
        match thread {
            Ok(thread) => Ok(Syncing(Some(thread))),
            Err(_) => self.file.sync_all().map(|()| Syncing(None)),
        }
    }

    /// Copies the permissions of the file to be replaced.
    fn keep_rights(&self, target: &Path) {
        if let Ok(old) = std::fs::metadata(target) {
            // Not every file system has permissions.
            let _ = self.file.set_permissions(old.permissions());
        }
    }

    /// Renames the file to its target atomically.
    pub(super) fn place(mut self, target: &Path) -> io::Result<()> {
        std::fs::rename(&self.path, target)?;
        self.placed = true;
        Ok(())
    }
}

/// A file that is being synced to disk.
pub(super) struct Syncing(Option<JoinHandle<io::Result<()>>>);

impl Syncing {
    /// Waits for the end of the sync.
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

/// Removes the temporary files of dead runs in a folder; failures are ignored.
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
