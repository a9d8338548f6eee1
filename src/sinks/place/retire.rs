//! Removes a folder that is no longer wanted, if all that it holds is unchanged output of this program.

use super::lock::{self, FolderLock};
use super::old::{Old, RECEIPT, Standing};
use super::temp;
use crate::{Error, Result};
use std::path::Path;

/// What became of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Retired {
    /// It was removed.
    Removed,
    /// It was kept, and why.
    Kept(String),
}

/// Removes a folder with everything in it, if the receipt in it lists all of its files and each is unchanged. Otherwise
/// nothing is removed. The receipt goes last, so that a removal that was broken off can go on.
///
/// # Errors
/// A file cannot be removed, or another run writes to the folder.
pub fn retire(folder: &Path) -> Result<Retired> {
    let failed = |error| Error::io(folder, error);
    let held = FolderLock::take(folder)?;
    temp::sweep(folder);
    let old = Old::of(folder);
    old.forget_note();
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        let Some(name) = name.to_str().map(str::to_owned) else {
            return Ok(Retired::Kept("it holds a file of other origin".to_owned()));
        };
        if name != lock::NAME {
            names.push(name);
        }
    }
    names.sort();
    for name in &names {
        let why = match old.standing(name) {
            Standing::Ours | Standing::Nothing => continue,
            Standing::Edited(_) => "was edited",
            Standing::InTheWay(why) => why.trim_start_matches("it "),
        };
        return Ok(Retired::Kept(format!("{name} {why}")));
    }
    // Without a receipt nothing is known of the folder.
    if !names.iter().any(|name| name == RECEIPT) {
        return Ok(Retired::Kept(format!("it has no {RECEIPT}")));
    }
    for name in names.iter().filter(|name| *name != RECEIPT) {
        std::fs::remove_file(folder.join(name)).map_err(failed)?;
    }
    std::fs::remove_file(folder.join(RECEIPT)).map_err(failed)?;
    drop(held);
    std::fs::remove_dir(folder).map_err(failed)?;
    Ok(Retired::Removed)
}
