//! The state of a folder before a run writes there: which files this program wrote, by the receipt of the
//! previous run, and whether they are unchanged.
//!
//! One rule applies: unchanged files of this program are replaced; an edited style or project is kept; any
//! other file is in the way.

use super::Written;
use crate::sinks::geopackage;
use crate::{Code, Error, Result};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The file name of the receipt.
pub const RECEIPT: &str = "receipt.json";

/// The file name of the note that stands in for the receipt while files are renamed into place.
pub(super) const WRITING: &str = ".tamarisk-writing.json";

/// Conflicting files that an error lists, at most.
const MOST_NAMED: usize = 5;

/// A file as a receipt lists it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Entry {
    file: String,
    bytes: u64,
    blake3: String,
    #[serde(default)]
    kept: bool,
}

/// The members read from a receipt. Receipts of other versions may have unknown members, or lack some.
#[derive(Debug, Deserialize)]
struct Record {
    outputs: Vec<Entry>,
    #[serde(default)]
    earlier: Vec<Entry>,
}

#[derive(Serialize)]
struct Writing<'a> {
    outputs: &'a [Entry],
    earlier: Vec<&'a Entry>,
}

/// The state of an existing file with the name of a file to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// There is no file.
    Nothing,
    /// This program wrote it, and it is unchanged.
    Ours,
    /// A style or project that was edited since, with its current state.
    Edited(Written),
    /// Any other file, and why it may not be replaced.
    InTheWay(&'static str),
}

/// The state of a folder before a run.
#[derive(Debug)]
pub(super) struct Old {
    folder: PathBuf,
    known: BTreeMap<String, Vec<Entry>>,
    has_receipt: bool,
}

impl Old {
    /// Reads the receipt of a folder or, if a run was interrupted during the renames, the note of that run.
    pub(super) fn of(folder: &Path) -> Self {
        let read = |name: &str| {
            let mut text = Vec::new();
            let mut file = OpenOptions::new().read(true).open(folder.join(name)).ok()?;
            file.read_to_end(&mut text).ok()?;
            serde_json::from_slice::<Record>(&text).ok()
        };
        let receipt = read(RECEIPT);
        let has_receipt = receipt.is_some();
        let mut known: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
        if let Some(Record { outputs, earlier }) = receipt.or_else(|| read(WRITING)) {
            for entry in outputs.into_iter().chain(earlier) {
                known.entry(entry.file.clone()).or_default().push(entry);
            }
        }
        Self { folder: folder.to_path_buf(), known, has_receipt }
    }

    /// Removes the note of an interrupted run, if a receipt supersedes it.
    pub(super) fn forget_note(&self) {
        if self.has_receipt {
            // If it cannot be removed now, the next run will.
            let _ = std::fs::remove_file(self.folder.join(WRITING));
        }
    }

    /// The state of the file with a name.
    pub(super) fn standing(&self, name: &str) -> Standing {
        let path = self.folder.join(name);
        if std::fs::symlink_metadata(&path).is_err() {
            return Standing::Nothing;
        }
        const UNKNOWN: &str = "no receipt says that this program wrote it";
        if name == RECEIPT {
            return match self.has_receipt {
                true => Standing::Ours,
                false => Standing::InTheWay("it is not a receipt of this program"),
            };
        }
        let Some(known) = self.known.get(name) else { return Standing::InTheWay(UNKNOWN) };
        let style = is_style(name);
        let bytes = match std::fs::metadata(&path) {
            Ok(there) if there.is_file() => there.len(),
            _ => return Standing::InTheWay(UNKNOWN),
        };
        let changed = Standing::InTheWay("it was changed since this program wrote it");
        if !style && known.iter().all(|entry| entry.bytes != bytes) {
            return changed;
        }
        let Ok(hash) = hash(&path, false) else { return Standing::InTheWay("it cannot be read") };
        let is = |hash: blake3::Hash| {
            known.iter().find(|entry| entry.blake3 == hash.to_hex().as_str()).map(|e| e.kept)
        };
        match is(hash) {
            Some(false) => Standing::Ours,
            _ if style => {
                Standing::Edited(Written { name: name.to_owned(), bytes, hash, kept: true })
            }
            // Opening a GeoPackage in another program changes header bytes.
            None if name.ends_with(".gpkg") && opened(&path, is) => Standing::Ours,
            _ => changed,
        }
    }

    /// The files of earlier runs that still exist, except those with these names.
    pub(super) fn others<'n>(&self, names: impl Iterator<Item = &'n str>) -> Vec<Written> {
        let mut others = self.known.clone();
        names.for_each(|name| drop(others.remove(name)));
        let there = |(name, entries): (String, Vec<Entry>)| {
            let path = self.folder.join(&name);
            std::fs::symlink_metadata(&path).ok()?;
            // Of two runs, one of which was interrupted, the one that wrote the existing file.
            let hash = (entries.len() > 1).then(|| hash(&path, false).ok()).flatten();
            let of = |entry: &&Entry| hash.is_some_and(|h| entry.blake3 == h.to_hex().as_str());
            entries.iter().find(of).or(entries.first())?.written()
        };
        others.into_iter().filter_map(there).collect()
    }

    /// Writes the note: the files to come, and those that the folder held before.
    pub(super) fn note<'w>(
        &self,
        files: impl Iterator<Item = &'w Written>,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let outputs: Vec<Entry> = files.map(Entry::of).collect();
        let earlier = self.known.values().flatten().collect();
        serde_json::to_writer(&mut *out, &Writing { outputs: &outputs, earlier })
            .map_err(io::Error::from)
    }

    /// Refuses to overwrite files that this program did not write, or that were edited since.
    pub(super) fn refuse(&self, names: &[String]) -> Result<()> {
        let in_the_way = |name: &String| match self.standing(name) {
            Standing::InTheWay(why) => Some((name.clone(), why)),
            _ => None,
        };
        let found: Vec<(String, &str)> = names.par_iter().filter_map(in_the_way).collect();
        let Some((first, why)) = found.first() else { return Ok(()) };
        let mut text =
            format!("{}: would be overwritten, and {why}", self.folder.join(first).display());
        let more: Vec<&str> =
            found.iter().skip(1).take(MOST_NAMED - 1).map(|(name, _)| name.as_str()).collect();
        if !more.is_empty() {
            text.push_str(&format!("; so would {}", more.join(", ")));
        }
        if let Some(rest) = found.len().checked_sub(MOST_NAMED).filter(|rest| *rest > 0) {
            text.push_str(&format!(" and {rest} more"));
        }
        Err(in_the_way_of(text))
    }
}

impl Entry {
    fn of(file: &Written) -> Self {
        Self {
            file: file.name.clone(),
            bytes: file.bytes,
            blake3: file.hash.to_hex().to_string(),
            kept: file.kept,
        }
    }

    fn written(&self) -> Option<Written> {
        Some(Written {
            name: self.file.clone(),
            bytes: self.bytes,
            hash: blake3::Hash::from_hex(&self.blake3).ok()?,
            kept: self.kept,
        })
    }
}

/// The states of files with these names in a folder that no run has claimed.
pub fn standing<'n>(
    folder: &Path,
    names: impl IntoIterator<Item = &'n str>,
) -> Vec<(&'n str, Standing)> {
    let old = Old::of(folder);
    names.into_iter().map(|name| (name, old.standing(name))).collect()
}

/// Rejects names with files that are in the way, in a folder that no run has claimed.
///
/// # Errors
/// There is such a file.
pub fn refuse_old<'n>(folder: &Path, names: impl IntoIterator<Item = &'n str>) -> Result<()> {
    let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
    Old::of(folder).refuse(&names)
}

/// Refuses to overwrite a single file whose first bytes do not show that this program wrote it. Empty files
/// may be overwritten, and pipes and devices are written to.
///
/// # Errors
/// The file is foreign, or cannot be read.
pub fn refuse_another(target: &Path, is_ours: impl FnOnce(&[u8]) -> bool) -> Result<()> {
    let there = std::fs::metadata(target);
    if !there.is_ok_and(|there| there.is_file() && there.len() > 0) {
        return Ok(());
    }
    let mut head = Vec::new();
    let file = OpenOptions::new().read(true).open(target);
    let read = file.and_then(|file| file.take(1 << 16).read_to_end(&mut head));
    read.map_err(|error| Error::io(target, error))?;
    if is_ours(&head) {
        return Ok(());
    }
    let text = format!(
        "{}: would be overwritten, and it does not look like one that this program wrote",
        target.display()
    );
    Err(in_the_way_of(text))
}

/// Refuses to overwrite a file that is not empty.
///
/// # Errors
/// There is such a file.
pub fn refuse_any(target: &Path) -> Result<()> {
    let there = std::fs::metadata(target);
    if !there.is_ok_and(|there| there.is_file() && there.len() > 0) {
        return Ok(());
    }
    let text = format!("{}: exists already", target.display());
    Err(Error::output(Code::OutputInTheWay, text)
        .with_hint("choose another name, or overwrite it with ⟦replace⟧"))
}

fn in_the_way_of(text: String) -> Error {
    Error::output(Code::OutputInTheWay, text)
        .with_hint("choose another place with ⟦output⟧, or overwrite it with ⟦replace⟧")
}

/// Whether a file is a style or project: users edit those by hand, and a run cannot repeat the edits.
pub fn is_style(name: &str) -> bool {
    [".qml", ".qmd", ".qgz"].iter().any(|ending| name.ends_with(ending))
}

/// The hash of a file; for a GeoPackage, if `as_new` is set, with the header as originally written.
fn hash(path: &Path, as_new: bool) -> io::Result<blake3::Hash> {
    let mut file = OpenOptions::new().read(true).open(path)?;
    let mut hasher = blake3::Hasher::new();
    if as_new {
        let mut head = [0; geopackage::HEAD];
        file.read_exact(&mut head)?;
        hasher.update(&geopackage::head_as_new(head));
    }
    hasher.update_reader(file)?;
    Ok(hasher.finalize())
}

/// Whether a GeoPackage is a known one that was opened since.
fn opened(path: &Path, is: impl Fn(blake3::Hash) -> Option<bool>) -> bool {
    hash(path, true).is_ok_and(|hash| is(hash).is_some())
}
