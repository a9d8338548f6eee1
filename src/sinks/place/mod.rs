//! The only module that creates files. Files are written atomically: the bytes go to a temporary file
//! in the same folder, are synced to disk, and the file is then renamed to its target.
//!
//! A run that writes a folder first writes all its files and then renames them together, within
//! milliseconds. Until then the old files stay untouched, however long the writing takes and however
//! it ends. The receipt, which has every file's hash, is removed before the first rename and replaced
//! last. So a folder with a receipt is the complete output of one run, and a folder without one is
//! being renamed or was interrupted then.
//!
//! Files that the receipt of a folder does not list are foreign, and no run overwrites them without
//! being asked (`old`). During the renames, when there is no receipt, a note in the folder lists the
//! files.

mod appended;
mod folder;
mod lock;
mod old;
mod retire;
mod same;
mod stdout;
mod temp;

pub use appended::Appended;
pub use folder::{OutputFolder, Outputs};
pub use lock::tidy;
pub use old::{RECEIPT, Standing, is_style, refuse_another, refuse_any, refuse_old, standing};
pub use retire::{Retired, retire};
pub use same::InputFiles;
pub use stdout::write_stdout;

use crate::{Code, Error, Result};
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};
use temp::Temp;

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its name, without its folder.
    pub name: String,
    /// Its length.
    ///
    /// # Units
    /// Bytes.
    pub bytes: u64,
    /// Its BLAKE3 hash, computed while writing.
    pub hash: blake3::Hash,
    /// Whether it is a style or project that the user edited and that was kept.
    pub kept: bool,
}

/// Size of the write buffer.
///
/// # Units
/// Bytes.
const BUFFER: usize = 1 << 18;

/// Polled while files are written; once it returns true, writing ends and nothing is changed.
pub type Stop<'a> = &'a (dyn Fn() -> bool + Sync);

/// Writes one file atomically. If the target is a device or a pipe, it is written to directly.
///
/// # Errors
/// The target is an input or a folder, or cannot be written; or the run was stopped. An existing file
/// then stays unchanged.
pub fn write_file(
    target: &Path,
    inputs: &InputFiles,
    stop: Stop,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<Written> {
    inputs.refuse(target)?;
    let name = target.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    if same::is_stream(target) {
        let file = std::fs::OpenOptions::new().write(true).open(target);
        let mut out = Hashing::new(file.map_err(|e| Error::io(target, e))?, stop);
        out.write_with(write).map_err(|e| failed(target, e))?;
        return Ok(out.written(name));
    }
    let target = same::resolve(target);
    let folder = same::folder_of(&target);
    temp::sweep(folder);
    let (temp, written) = write_temp(folder, &target, name, stop, write)?;
    temp.finish(&target).map_err(|e| Error::io(&target, e))?;
    temp.place(&target).map_err(|e| Error::io(&target, e))?;
    sync_folder(folder).map_err(|e| Error::io(folder, e))?;
    Ok(written)
}

/// Creates a file atomically with a writer that needs its path.
///
/// # Errors
/// Those of [`write_file`]; and a target that is not a file.
pub fn fill_file(
    target: &Path,
    inputs: &InputFiles,
    stop: Stop,
    fill: impl FnOnce(&Path, Stop) -> io::Result<()>,
) -> Result<Written> {
    inputs.refuse(target)?;
    if same::is_stream(target) {
        let text = format!(
            "{}: is not a file, and the format can only be written to files",
            target.display()
        );
        return Err(Error::output(Code::OutputFailed, text));
    }
    let name = target.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let target = same::resolve(target);
    let folder = same::folder_of(&target);
    temp::sweep(folder);
    let (temp, written) = fill_temp(folder, &target, name, stop, fill)?;
    go_on(stop).map_err(|e| failed(&target, e))?;
    temp.finish(&target).map_err(|e| Error::io(&target, e))?;
    temp.place(&target).map_err(|e| Error::io(&target, e))?;
    sync_folder(folder).map_err(|e| Error::io(folder, e))?;
    Ok(written)
}

/// Writes a temporary file, which has not been synced yet.
fn write_temp(
    folder: &Path,
    target: &Path,
    name: String,
    stop: Stop,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(Temp, Written)> {
    let mut unfinished = Unfinished::create(folder, target.to_path_buf(), name, stop)?;
    unfinished.write(write)?;
    unfinished.finish().map(|(temp, written, _)| (temp, written))
}

/// A file that is written in chunks. Dropping it leaves nothing behind.
pub struct Unfinished<'a> {
    out: BufWriter<Hashing<'a, Temp>>,
    name: String,
    target: PathBuf,
}

impl<'a> Unfinished<'a> {
    fn create(folder: &Path, target: PathBuf, name: String, stop: Stop<'a>) -> Result<Self> {
        let temp = Temp::create(folder).map_err(|e| Error::io(&target, e))?;
        let out = BufWriter::with_capacity(BUFFER, Hashing::new(temp, stop));
        Ok(Self { out, name, target })
    }

    /// Writes the next chunk.
    ///
    /// # Errors
    /// It cannot be written, or the run was stopped.
    pub fn write<T>(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<T>) -> Result<T> {
        write(&mut self.out).map_err(|e| failed(&self.target, e))
    }

    fn finish(self) -> Result<(Temp, Written, PathBuf)> {
        let Self { out, name, target } = self;
        let hashing = out.into_inner().map_err(|e| failed(&target, e.into_error()))?;
        let written = hashing.written(name);
        Ok((hashing.inner, written, target))
    }
}

/// Lets a writer fill a temporary file by its path, and hashes the result.
fn fill_temp(
    folder: &Path,
    target: &Path,
    name: String,
    stop: Stop,
    fill: impl FnOnce(&Path, Stop) -> io::Result<()>,
) -> Result<(Temp, Written)> {
    let temp = Temp::create(folder).map_err(|e| Error::io(target, e))?;
    fill(temp.path(), stop).map_err(|e| failed(target, e))?;
    let hashed = || -> io::Result<Written> {
        let mut file = temp.file();
        file.rewind()?;
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(file)?;
        let (bytes, hash) = (hasher.count(), hasher.finalize());
        Ok(Written { name, bytes, hash, kept: false })
    };
    let written = hashed().map_err(|e| Error::io(target, e))?;
    Ok((temp, written))
}

/// Ends a writer that was told to stop; [`OutputFolder::stage_at`] converts the error to the run's
/// own.
///
/// # Errors
/// The writer was told to stop.
pub fn go_on(stop: Stop) -> io::Result<()> {
    if stop() { Err(io::Error::other(Stopped)) } else { Ok(()) }
}

/// Syncs the names in a folder to disk, if the file system supports it.
fn sync_folder(folder: &Path) -> io::Result<()> {
    // Only Unix opens folders as files.
    if !cfg!(unix) {
        return Ok(());
    }
    let synced = std::fs::OpenOptions::new().read(true).open(folder).and_then(|f| f.sync_all());
    match synced {
        Err(e) if matches!(e.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Ok(())
        }
        other => other,
    }
}

/// A writer that counts and hashes the bytes, and ends when it is told to.
struct Hashing<'a, W> {
    inner: W,
    stop: Stop<'a>,
    hasher: blake3::Hasher,
    bytes: u64,
}

impl<'a, W: Write> Hashing<'a, W> {
    fn new(inner: W, stop: Stop<'a>) -> Self {
        Self { inner, stop, hasher: blake3::Hasher::new(), bytes: 0 }
    }

    fn write_with(
        &mut self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut buffered = BufWriter::with_capacity(BUFFER, self);
        write(&mut buffered)?;
        buffered.flush()
    }

    fn written(&self, name: String) -> Written {
        Written { name, bytes: self.bytes, hash: self.hasher.finalize(), kept: false }
    }
}

impl<W: Write> Write for Hashing<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        go_on(self.stop)?;
        let taken = self.inner.write(bytes)?;
        self.hasher.update(bytes.get(..taken).unwrap_or(bytes));
        self.bytes += u64::try_from(taken).unwrap_or(0);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// The run was stopped during writing.
#[derive(Debug, thiserror::Error)]
#[error("interrupted")]
struct Stopped;

fn failed(target: &Path, error: io::Error) -> Error {
    if error.get_ref().is_some_and(|inner| inner.is::<Stopped>()) {
        Error::interrupted()
    } else {
        Error::io(target, error)
    }
}
