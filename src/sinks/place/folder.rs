//! An output folder: its files are written as temporary files during the run, and renamed together at
//! its end.

use super::lock::FolderLock;
use super::old::{self, Old, Standing, is_style};
use super::same::InputFiles;
use super::temp::{self, Syncing, Temp};
use super::{Stop, Unfinished, Written, fill_temp, same, sync_folder, write_temp};
use crate::{Code, Error, Result};
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file that was written but not renamed yet.
struct Staged {
    temp: Temp,
    syncing: Syncing,
    target: PathBuf,
}

/// The content of a folder after a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outputs {
    /// The files of the run, in writing order; for a style that the user edited, the edited file.
    pub written: Vec<Written>,
    /// Files of earlier runs that this run did not write, by name.
    pub earlier: Vec<Written>,
}

/// A folder that a run writes to, locked meanwhile.
///
/// Dropping it without [`commit`](Self::commit) leaves the folder's files unchanged.
pub struct OutputFolder<'a> {
    path: PathBuf,
    inputs: Arc<InputFiles>,
    stop: Stop<'a>,
    /// `None` for a file that is kept.
    staged: Vec<Option<Staged>>,
    written: Vec<Written>,
    old: Arc<Old>,
    /// Names whose files may be replaced.
    cleared: BTreeSet<String>,
    replace: bool,
    lock: Arc<FolderLock>,
}

impl<'a> OutputFolder<'a> {
    /// Creates the folder if needed, locks it and removes the leftovers of killed runs.
    ///
    /// # Errors
    /// The folder cannot be created or written to, or another run holds its lock.
    pub fn open(path: &Path, inputs: InputFiles, stop: Stop<'a>) -> Result<Self> {
        if std::fs::metadata(path).is_ok_and(|m| !m.is_dir()) {
            return Err(Error::output(
                Code::OutputInTheWay,
                format!("{}: is a file, not a folder", path.display()),
            )
            .with_hint("choose a folder for the output with ⟦output⟧"));
        }
        if !path.is_dir() {
            std::fs::create_dir_all(path).map_err(|e| Error::io(path, e))?;
            // The folder's own name must be durable as well; if it cannot be synced, its files still
            // can.
            let _ = sync_folder(same::folder_of(path));
        }
        let lock = FolderLock::take(path)?;
        temp::sweep(path);
        let old = Old::of(path);
        old.forget_note();
        Ok(Self {
            path: path.to_path_buf(),
            inputs: Arc::new(inputs),
            stop,
            staged: Vec::new(),
            written: Vec::new(),
            old: Arc::new(old),
            cleared: BTreeSet::new(),
            replace: false,
            lock: Arc::new(lock),
        })
    }

    /// The same folder again, for files that another thread writes meanwhile; [`join`](Self::join) adds them.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self {
            path: self.path.clone(),
            inputs: Arc::clone(&self.inputs),
            stop: self.stop,
            staged: Vec::new(),
            written: Vec::new(),
            old: Arc::clone(&self.old),
            cleared: self.cleared.clone(),
            replace: self.replace,
            lock: Arc::clone(&self.lock),
        }
    }

    /// Adds the files of a [fork](Self::fork) after those written so far.
    pub fn join(&mut self, fork: Self) {
        self.staged.extend(fork.staged);
        self.written.extend(fork.written);
        self.cleared.extend(fork.cleared);
    }

    /// If `replace` is true, any file of the folder's names is replaced, whoever wrote it.
    #[must_use]
    pub fn replacing(self, replace: bool) -> Self {
        Self { replace, ..self }
    }

    /// The folder's path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Rejects names that cannot be written, so that a run can check before it reads anything.
    ///
    /// # Errors
    /// A name is one of the inputs, a folder, or not a plain name.
    pub fn check<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Result<()> {
        names.into_iter().try_for_each(|name| self.target(name).map(|_| ()))
    }

    /// Rejects names with foreign files, or with our files that were changed, so that a run can check
    /// before it reads anything.
    ///
    /// # Errors
    /// There is such a file, unless everything is to be replaced.
    pub fn clear<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) -> Result<()> {
        let unseen = names.into_iter().filter(|name| !self.cleared.contains(*name));
        let names: Vec<String> = unseen.map(str::to_owned).collect();
        if !self.replace {
            self.old.refuse(&names)?;
        }
        self.cleared.extend(names);
        Ok(())
    }

    /// Writes a file of the folder, which is renamed when all are [committed](Self::commit).
    ///
    /// # Errors
    /// The name is one of the inputs, the file cannot be written, or the run was stopped.
    pub fn stage(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<&Written> {
        let mut unfinished = self.begin(name)?;
        unfinished.write(write)?;
        self.end(unfinished)
    }

    /// Begins a file of the folder that is written in chunks, alongside others.
    ///
    /// # Errors
    /// The name is one of the inputs, or the file cannot be created.
    pub fn begin(&mut self, name: &str) -> Result<Unfinished<'a>> {
        let target = self.target(name)?;
        self.clear([name])?;
        Unfinished::create(&self.path, target, name.to_owned(), self.stop)
    }

    /// Adds a complete file that was [begun](Self::begin); it is renamed when all are
    /// [committed](Self::commit).
    ///
    /// # Errors
    /// Its last bytes cannot be written, or the run was stopped.
    pub fn end(&mut self, unfinished: Unfinished<'a>) -> Result<&Written> {
        let (temp, written, target) = unfinished.finish()?;
        self.add((temp, written), target)
    }

    /// Adds a written file; it is synced to disk in the background.
    fn add(&mut self, (temp, written): (Temp, Written), target: PathBuf) -> Result<&Written> {
        let syncing = temp.finish_later(&target).map_err(|e| Error::io(&target, e))?;
        self.staged.push(Some(Staged { temp, syncing, target }));
        self.written.push(written);
        self.written.last().ok_or_else(|| Error::output(Code::OutputFailed, "nothing was written"))
    }

    /// Whether a file with this name is staged.
    pub fn has(&self, name: &str) -> bool {
        self.written.iter().any(|file| file.name == name)
    }

    /// Lets a writer that opens its file by path fill a file of the folder, given as an empty one. It
    /// should poll `stop` now and then.
    ///
    /// # Errors
    /// Those of [`stage`](Self::stage).
    pub fn stage_at(
        &mut self,
        name: &str,
        fill: impl FnOnce(&Path, Stop) -> io::Result<()>,
    ) -> Result<&Written> {
        let target = self.target(name)?;
        self.clear([name])?;
        let made = fill_temp(&self.path, &target, name.to_owned(), self.stop, fill)?;
        self.add(made, target)
    }

    /// Writes the receipt from the folder's content, and renames all files: first a note that lists them
    /// all is written, then the old receipt is removed; the new one is renamed last.
    ///
    /// # Errors
    /// The receipt cannot be written, the run was stopped, or a file cannot be renamed. Only in the last
    /// case may the folder hold files of two runs, and no receipt.
    pub fn commit(
        mut self,
        receipt: &str,
        write: impl FnOnce(&Outputs, &mut dyn Write) -> io::Result<()>,
    ) -> Result<Outputs> {
        self.keep_edited();
        let written = std::mem::take(&mut self.written);
        let names = written.iter().map(|file| file.name.as_str());
        let earlier = self.old.others(names.chain([receipt]));
        let mut outputs = Outputs { written, earlier };
        self.stage(receipt, |out| write(&outputs, out))?;
        let note = self.path.join(old::WRITING);
        let (temp, _) = write_temp(&self.path, &note, String::new(), self.stop, |out| {
            self.old.note(outputs.written.iter(), out)
        })?;
        outputs.written.append(&mut self.written);
        let syncing = temp.finish_later(&note).map_err(|e| Error::io(&note, e))?;
        self.staged.insert(0, Some(Staged { temp, syncing, target: note.clone() }));

        let sync = |path: &Path| sync_folder(path).map_err(|e| Error::io(path, e));
        let mut staged = Vec::with_capacity(self.staged.len());
        for Staged { temp, syncing, target } in
            std::mem::take(&mut self.staged).into_iter().flatten()
        {
            syncing.wait().map_err(|e| Error::io(&target, e))?;
            staged.push((temp, target));
        }
        let last = staged.pop();
        let place = |(temp, target): (Temp, PathBuf)| {
            temp.place(&target).map_err(|e| Error::io(&target, e))
        };
        let mut staged = staged.into_iter();
        staged.next().map_or(Ok(()), place)?;
        if let Some((_, target)) = &last {
            match std::fs::remove_file(target) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => {
                    return Err(Error::io(target, e));
                }
                _ => sync(&self.path)?,
            }
        }
        staged.try_for_each(place)?;
        sync(&self.path)?;
        last.map_or(Ok(()), place)?;
        sync(&self.path)?;
        // The receipt supersedes the note; a leftover note is removed by the next run.
        let _ = std::fs::remove_file(note);
        Ok(outputs)
    }

    /// Keeps styles and projects that the user edited, even if during the run.
    fn keep_edited(&mut self) {
        if self.replace {
            return;
        }
        for (staged, written) in self.staged.iter_mut().zip(&mut self.written) {
            if is_style(&written.name)
                && let Standing::Edited(there) = self.old.standing(&written.name)
                && there.hash != written.hash
            {
                *staged = None;
                *written = there;
            }
        }
    }

    /// The path for a name, if it can be written.
    fn target(&self, name: &str) -> Result<PathBuf> {
        if Path::new(name).file_name().is_none_or(|plain| plain != name) {
            return Err(Error::usage(
                Code::OutputFailed,
                format!("\"{name}\" is not the name of a file"),
            ));
        }
        let target = self.path.join(name);
        self.inputs.refuse(&target)?;
        // A link with that name is replaced, not its target.
        if target.is_dir() {
            return Err(Error::output(
                Code::OutputInTheWay,
                format!("{}: is a folder", target.display()),
            ));
        }
        Ok(target)
    }
}
