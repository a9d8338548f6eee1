//! The input data of all queries, read once: sites, incidents and receptors, the trees that do not depend on a
//! scheme, and where and when each file collected.

mod around;
mod called;
mod changed;
pub(super) mod collected;
pub(super) mod covered;
mod link;
mod merge;
pub(super) mod newest;
mod rasters;
mod read;
mod streamed;

pub(super) use around::{Ask, Sort, Thing};
pub use link::Sites;
pub use streamed::{MOST_HELD, Streamed};

use crate::measures::Receptors;
use crate::model::{Findings, Incident, Raster, Receptor, ReceptorKind};
use crate::sources::ReadOptions;
use around::Around;
use collected::Collected;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

/// One input file, with counts of its records.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Its role: `sites`, `incidents`, `receptors`, `rasters`.
    pub role: &'static str,
    /// Its name.
    pub file: Arc<str>,
    /// The kind of receptors declared for it.
    pub kind: Option<ReceptorKind>,
    /// The name that was given to a raster.
    pub raster: Option<Arc<str>>,
    /// The selected layer of it.
    pub layer: Option<Arc<str>>,
    /// Its recognized column layout.
    pub layout: String,
    /// Its detected format.
    pub format: String,
    /// BLAKE3 of its bytes.
    pub hash: String,
    /// Records in it.
    pub read: u64,
    /// Records set aside while reading.
    pub set_aside: u64,
    /// Records that the read options exclude.
    pub left_out: u64,
    /// Records set aside as duplicates of an event in another file.
    pub merged: u64,
    /// Unknown words for types, with the number of records for each.
    pub unknown_types: Vec<(String, u64)>,
}

/// All input data. It does not depend on a scheme, a date or a box: a [`Case`](super::Case) adds those, and any
/// number of cases can share a world.
#[derive(Debug, Default)]
pub struct World {
    /// Sites with their linked parts; empty if they are streamed.
    pub sites: Sites,
    /// The file of sites that is read again for each use, if it has more sites than are held in memory.
    pub streamed: Option<Streamed>,
    /// Incidents in the order of their ids.
    pub incidents: Arc<Vec<Incident>>,
    /// Receptors in the order of their kinds and ids.
    pub receptors: Arc<Vec<Receptor>>,
    /// Receptor kinds with a file, even an empty one.
    pub kinds: BTreeSet<ReceptorKind>,
    /// Rasters, in the order of their names.
    pub rasters: Arc<Vec<Raster>>,
    /// The files.
    pub inputs: Vec<Input>,
    /// The findings.
    pub findings: Findings,
    /// Kinds with a file that is one page of many, with the reason.
    pub(super) partial: BTreeMap<ReceptorKind, String>,
    /// When and where each file of incidents collected.
    pub(super) collected: Vec<Collected>,
    /// How the files were read.
    pub(super) read: ReadOptions,
    indexed: OnceLock<Receptors>,
    around: OnceLock<Around>,
}

impl World {
    /// The receptors, each kind in its own tree; the trees are built on first use.
    pub(super) fn indexed_receptors(&self) -> &Receptors {
        self.indexed
            .get_or_init(|| Receptors::new(Arc::clone(&self.receptors), self.kinds.iter().copied()))
    }

    /// Sites and incidents in trees, built on first use.
    fn around(&self) -> &Around {
        self.around.get_or_init(|| Around::new(self))
    }
}
