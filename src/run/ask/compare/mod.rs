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
use crate::run::{Cancel, Unwatched, Watch, World};
use again::Again;
use folder::{Folder, Opener, Written};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

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
    let mut opener = Opener::new(lookup, None, cancel);
    let old = opener.open(old)?;
    watch.advance(1);
    let new = opener.open(new)?;
    watch.advance(1);
    between(&old, &new, |_| true, watch, cancel)
}

/// Compares some sites of two frames of a batch, given by their ids, the older frame first. The records behind both are in
/// memory.
///
/// # Errors
/// Those of [`compare`].
pub(in crate::run) fn compare_some(
    [old, new]: [&Path; 2],
    sites: &BTreeSet<&str>,
    world: &Arc<World>,
    cancel: &Cancel,
) -> Result<Changes> {
    let lookup = Lookup::default();
    let mut opener = Opener::new(&lookup, Some(world), cancel);
    let (old, new) = (opener.open(old)?, opener.open(new)?);
    between(&old, &new, |site| sites.contains(site.id.as_str()), &Unwatched, cancel)
}

/// Compares the sites of two folders for which a condition holds.
fn between(
    old: &Folder,
    new: &Folder,
    wanted: impl Fn(&Written) -> bool,
    watch: &dyn Watch,
    cancel: &Cancel,
) -> Result<Changes> {
    let ids = |folder: &Folder| -> BTreeMap<String, usize> {
        folder.written.iter().enumerate().map(|(at, site)| (site.id.clone(), at)).collect()
    };
    let (before, now) = (ids(old), ids(new));
    let alone = |folder: &Folder, other: &BTreeMap<String, usize>| {
        let sites = folder.written.iter().filter(|site| wanted(site));
        let sites = sites.filter(|site| !other.contains_key(&site.id));
        sites.map(Standing::of).collect::<Vec<_>>()
    };
    let both: Vec<[&Written; 2]> = new
        .written
        .iter()
        .filter(|site| wanted(site))
        .filter_map(|site| Some([old.written.get(*before.get(&site.id)?)?, site]))
        .collect();
    let (came, gone) = (alone(new, &before), alone(old, &now));
    let again = if old.receipt.fingerprint == new.receipt.fingerprint {
        Again::default()
    } else {
        Again::of(old, new, &both, watch, cancel)?
    };
    Ok(again.told(old, new, &both, came, gone))
}
