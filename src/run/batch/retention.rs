//! Retention: with `keep` in a plan, frames of other dates before the last one are removed, if they are unchanged output of
//! this program.

use super::dates::Dated;
use super::frame::Receipt;
use super::note::{About, Note, Told, add};
use super::plan::Plan;
use crate::sinks::place::{Retired, retire};
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What became of the frames that a plan no longer has.
#[derive(Debug, Default)]
pub(super) struct Retention {
    /// The folders that were removed, relative to the batch's.
    pub removed: Vec<PathBuf>,
    /// The folders that were kept, by reason.
    pub notes: Vec<Told>,
}

/// Removes the frames of a plan that keeps only some dates, in the folders of regions and schemes for which `is_whole`
/// holds: while a frame fails, its region keeps what it has.
/// A folder that cannot be removed is kept with the reason, and tried again by the next run.
pub(super) fn retire_old(
    plan: &Plan,
    dated: &Dated,
    folder: &Path,
    is_whole: impl Fn(&Path) -> bool,
) -> Retention {
    let mut retention = Retention::default();
    let dates: BTreeSet<Date> = dated.dates.iter().copied().flatten().collect();
    let Some(last) = dates.last().filter(|_| plan.dates.keep.is_some()) else {
        return retention;
    };
    for region in &plan.regions {
        for scheme in &plan.schemes {
            let inside = Path::new(&region.folder()).join(&scheme.name);
            if !is_whole(&inside) {
                continue;
            }
            let old = frames(&folder.join(&inside));
            for date in old.into_iter().filter(|date| date < last && !dates.contains(date)) {
                let frame = inside.join(date.to_string());
                let why = match retire(&folder.join(&frame)) {
                    Ok(Retired::Removed) => {
                        retention.removed.push(frame);
                        continue;
                    }
                    Ok(Retired::Kept(why)) => why,
                    Err(error) => error.to_string(),
                };
                let text = format!("of a date that the plan does not keep, but not removed: {why}");
                add(&mut retention.notes, Note { about: About::Kept, text }, frame);
            }
        }
    }
    retention
}

/// The dates of the frames in the folder of a region and scheme, ascending: folders that are named as a date and whose
/// receipt is of that date.
fn frames(inside: &Path) -> BTreeSet<Date> {
    let Ok(entries) = std::fs::read_dir(inside) else { return BTreeSet::new() };
    let date = |entry: std::io::Result<std::fs::DirEntry>| {
        let entry = entry.ok()?;
        let date: Date = entry.file_name().to_str()?.parse().ok()?;
        let is_folder = entry.file_type().ok()?.is_dir();
        let receipt = Receipt::of(&entry.path()).filter(|_| is_folder)?;
        (receipt.as_of == Some(date.to_string())).then_some(date)
    };
    entries.filter_map(date).collect()
}
