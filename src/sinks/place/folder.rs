//! A folder of outputs that belong together: made as temporary files while the run goes on, and named
//! together at its end.

use super::lock::FolderLock;
use super::old::{self, Old, Standing, is_style};
use super::same::InputFiles;
use super::temp::{self, Syncing, Temp};
use super::{Stop, Written, fill_temp, same, sync_folder, write_temp};
use crate::{Code, Error, Result};
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file that was written and has not got its name yet.
struct Staged {
    temp: Temp,
    syncing: Syncing,
    target: PathBuf,
}

/// What a folder holds after a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outputs {
    /// What the run wrote, in that order; in place of a style that somebody edited, that one.
    pub written: Vec<Written>,
    /// What earlier runs wrote and this one did not, by name.
    pub earlier: Vec<Written>,
}

/// A folder that a run writes to, locked for as long as it does.
///
/// Dropped without [`commit`](Self::commit), it leaves the folder's files as they were.
pub struct OutputFolder<'a> {
    path: PathBuf,
    inputs: InputFiles,
    stop: Stop<'a>,
    /// `None` for a file that is kept.
    staged: Vec<Option<Staged>>,
    written: Vec<Written>,
    old: Old,
    /// Names whose files may be replaced.
    cleared: BTreeSet<String>,
    replace: bool,
    _lock: FolderLock,
}

impl<'a> OutputFolder<'a> {
    /// Makes the folder where there is none, takes its lock and sweeps away what dead runs left.
    ///
    /// # Errors
    /// Where the folder cannot be made or written to, or another run holds its lock.
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
            // The folder's own name must last as well; where it cannot be brought to the disk, its
            // files still can.
            let _ = sync_folder(same::folder_of(path));
        }
        let lock = FolderLock::take(path)?;
        temp::sweep(path);
        let old = Old::of(path);
        old.forget_note();
        Ok(Self {
            path: path.to_path_buf(),
            inputs,
            stop,
            staged: Vec::new(),
            written: Vec::new(),
            old,
            cleared: BTreeSet::new(),
            replace: false,
            _lock: lock,
        })
    }

    /// Has every file of the folder's names replaced, whoever wrote it, where `replace` is true.
    #[must_use]
    pub fn replacing(self, replace: bool) -> Self {
        Self { replace, ..self }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Refuses names that cannot be written, so that a run can ask before it reads anything.
    ///
    /// # Errors
    /// Where a name is one of the inputs, a folder, or no plain name.
    pub fn check<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Result<()> {
        names.into_iter().try_for_each(|name| self.target(name).map(|_| ()))
    }

    /// Refuses names under which others' files stand, or ours that somebody changed, so that a run can
    /// ask before it reads anything.
    ///
    /// # Errors
    /// Where there is one, unless everything is to be replaced.
    pub fn clear<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) -> Result<()> {
        let unseen = names.into_iter().filter(|name| !self.cleared.contains(*name));
        let names: Vec<String> = unseen.map(str::to_owned).collect();
        if !self.replace {
            self.old.refuse(&names)?;
        }
        self.cleared.extend(names);
        Ok(())
    }

    /// Writes a file of the folder, which gets its name when all are [committed](Self::commit).
    ///
    /// # Errors
    /// Where the name is one of the inputs, the file cannot be written, or the run was stopped.
    pub fn stage(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<&Written> {
        let target = self.target(name)?;
        self.clear([name])?;
        let made = write_temp(&self.path, &target, name.to_owned(), self.stop, write)?;
        self.add(made, target)
    }

    /// Keeps a file that was written; it is brought to the disk while the run goes on.
    fn add(&mut self, (temp, written): (Temp, Written), target: PathBuf) -> Result<&Written> {
        let syncing = temp.finish_later(&target).map_err(|e| Error::io(&target, e))?;
        self.staged.push(Some(Staged { temp, syncing, target }));
        self.written.push(written);
        self.written.last().ok_or_else(|| Error::output(Code::OutputFailed, "nothing was written"))
    }

    /// Whether a file of this name is staged.
    pub fn has(&self, name: &str) -> bool {
        self.written.iter().any(|file| file.name == name)
    }

    /// Lets a writer that opens its file by itself fill a file of the folder, an empty one at the path
    /// that it is given. It should ask `stop` now and then whether it is to end.
    ///
    /// # Errors
    /// As [`stage`](Self::stage).
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

    /// Writes the receipt, which is shown what is there besides, and names all files: a note of them all
    /// comes first, then the old receipt goes, and the new one comes last.
    ///
    /// # Errors
    /// Where the receipt cannot be written, the run was stopped, or a file cannot be named. In the
    /// last case alone files of two runs may stand side by side, and there is no receipt.
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
        // The receipt says it all; a note that is left is taken away by the next run.
        let _ = std::fs::remove_file(note);
        Ok(outputs)
    }

    /// Leaves alone what somebody edited that this run has made anew, also while the run went on.
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

    /// The path of a name, where it can be written.
    fn target(&self, name: &str) -> Result<PathBuf> {
        if Path::new(name).file_name().is_none_or(|plain| plain != name) {
            return Err(Error::usage(
                Code::OutputFailed,
                format!("\"{name}\" is not the name of a file"),
            ));
        }
        let target = self.path.join(name);
        self.inputs.refuse(&target)?;
        // A link of that name is replaced, not what it leads to.
        if target.is_dir() {
            return Err(Error::output(
                Code::OutputInTheWay,
                format!("{}: is a folder", target.display()),
            ));
        }
        Ok(target)
    }
}
