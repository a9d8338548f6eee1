//! What was read, once, for every question: sites, incidents and receptors, the trees that no scheme touches,
//! and where and when each file collected.

mod around;
mod called;
mod changed;
pub(super) mod collected;
mod link;
mod merge;
pub(super) mod newest;
mod read;

pub(super) use around::{Ask, Sort, Thing};
pub use link::Sites;

use crate::measures::Receptors;
use crate::model::{Findings, Incident, Receptor, ReceptorKind};
use crate::sources::ReadOptions;
use around::Around;
use collected::Collected;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

/// One input file, with counts of its records.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// What it was given as: `sites`, `incidents`, `receptors`.
    pub role: &'static str,
    /// Its name.
    pub file: Arc<str>,
    /// What its columns were recognized as.
    pub layout: String,
    /// What its bytes were taken for.
    pub format: String,
    /// BLAKE3 of its bytes.
    pub hash: String,
    /// Records in it.
    pub read: u64,
    /// Those set aside while reading.
    pub set_aside: u64,
    /// Those that were not asked for.
    pub left_out: u64,
    /// Those set aside as reports of an event that another file reports too.
    pub merged: u64,
    /// Words of types that are not known, with how many records have each.
    pub unknown_types: Vec<(String, u64)>,
}

/// Everything that was read. It knows no scheme, no date and no box: a [`Case`](super::Case) asks it under those, and
/// any number of cases share it.
#[derive(Debug, Default)]
pub struct World {
    /// Sites with their linked parts.
    pub sites: Sites,
    /// Incidents in the order of their ids.
    pub incidents: Arc<Vec<Incident>>,
    /// Receptors in the order of their kinds and ids.
    pub receptors: Arc<Vec<Receptor>>,
    /// Kinds of receptors of which a file was given, though it may hold none.
    pub kinds: BTreeSet<ReceptorKind>,
    /// The files.
    pub inputs: Vec<Input>,
    /// What was found wrong.
    pub findings: Findings,
    /// Kinds of which a file is one page of many, with why.
    pub(super) partial: BTreeMap<ReceptorKind, String>,
    /// For each file of incidents, when and where it collected.
    pub(super) collected: Vec<Collected>,
    /// How the files were read.
    pub(super) read: ReadOptions,
    indexed: OnceLock<Receptors>,
    around: OnceLock<Around>,
}

impl World {
    /// The receptors, each kind in a tree of its own; the trees are made when they are first asked for.
    pub(super) fn indexed_receptors(&self) -> &Receptors {
        self.indexed
            .get_or_init(|| Receptors::new(Arc::clone(&self.receptors), self.kinds.iter().copied()))
    }

    /// Sites and incidents in trees, which are made when they are first asked for.
    fn around(&self) -> &Around {
        self.around.get_or_init(|| Around::new(self))
    }
}
