//! Compares two runs, site by site, and splits each change by cause.

mod again;
mod change;
mod common;
mod folder;
mod incidents;
mod receipt;
mod records;
mod rows;
mod walk;

pub use change::{
    Changes, IncidentCounts, Records, ScoreChange, Side, SiteChange, SiteCounts, Standing,
};
pub use folder::Lookup;
pub use incidents::{BarChange, IncidentChange, IndicatorChange};
pub use rows::change_rows;
pub use walk::{Parts, Step};

use crate::Result;
use crate::run::{Cancel, Watch};
use again::Again;
use folder::{Folder, Opener, Written};
use std::collections::BTreeMap;
use std::path::Path;

/// Compares two output folders, or the folders of two receipts, the older one first.
///
/// # Errors
/// A folder without a receipt or a layer of sites, or one that was changed; a read option that does not fit the
/// files; the run was asked to stop.
pub fn compare(
    [old, new]: [&Path; 2],
    lookup: &Lookup,
    watch: &dyn Watch,
    cancel: &Cancel,
) -> Result<Changes> {
    watch.stage("reading", Some(2));
    let mut opener = Opener::new(lookup, cancel);
    let old = opener.open(old)?;
    watch.advance(1);
    let new = opener.open(new)?;
    watch.advance(1);
    let ids = |folder: &Folder| -> BTreeMap<String, usize> {
        folder.written.iter().enumerate().map(|(at, site)| (site.id.clone(), at)).collect()
    };
    let (before, now) = (ids(&old), ids(&new));
    let alone = |folder: &Folder, other: &BTreeMap<String, usize>| {
        let sites = folder.written.iter().filter(|site| !other.contains_key(&site.id));
        sites.map(Standing::of).collect::<Vec<_>>()
    };
    let both: Vec<[&Written; 2]> = new
        .written
        .iter()
        .filter_map(|site| Some([old.written.get(*before.get(&site.id)?)?, site]))
        .collect();
    let (came, gone) = (alone(&new, &before), alone(&old, &now));
    let again = if old.receipt.fingerprint == new.receipt.fingerprint {
        Again::default()
    } else {
        Again::of(&old, &new, &both, watch, cancel)?
    };
    Ok(again.told(&old, &new, &both, came, gone))
}
