//! The outcome of reading a file: items, findings, and counts that add up.

use crate::model::{CountryCode, Domain, Findings, ReceptorKind};
use crate::sources::check::Look;
use crate::sources::intake::columns::Role;
use crate::{Error, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a file was read as, and all that came of it.
///
/// `read` is always the number of `items`, of those taken out while reading, `set_aside` and `left_out` together: no
/// record vanishes.
#[derive(Debug, Clone)]
pub struct Reading<T> {
    /// The file's name as messages give it.
    pub file: Arc<str>,
    /// The sites, incidents or receptors of its records.
    pub items: Vec<T>,
    /// Which of them have an id that was made, since the file gives none; empty where none has.
    pub(crate) made: Vec<bool>,
    /// What was found wrong or odd, each at its place.
    pub findings: Findings,
    /// Records in the file; rows that are none, such as HXL tags, are not counted.
    pub read: u64,
    /// Records that are not used, each with a finding.
    pub set_aside: u64,
    /// Records that were not asked for.
    pub left_out: u64,
    /// What those tell that were left out for their day.
    pub earlier: Earlier,
    /// Words of types that are not known, each with how many records have it, the most frequent first.
    pub unknown_types: Vec<(String, u64)>,
    /// What the columns were taken for: the name of a known layout, or how they were bound.
    pub layout: String,
    /// The published data set that it is of, where it is a known one.
    pub data_set: Option<&'static str>,
    /// What the file was taken for: format, delimiter, encoding, packing.
    pub format: String,
    /// BLAKE3 of the file's bytes, in hexadecimal.
    pub hash: String,
    /// # Units
    /// Bytes.
    pub size: u64,
    /// The columns of the file.
    pub columns: Vec<Arc<str>>,
    /// Whether it has a column of countries at all; a file of incidents without one covers everything.
    pub has_countries: bool,
    /// Why the file is not all of what it was taken from: one page of what a service has.
    pub partial: Option<String>,
    /// Why a run refuses the file, though it can be read.
    pub refused: Option<Error>,
}

impl<T> Reading<T> {
    /// Records that come from no file: what another program holds in memory, under the name that messages give
    /// them. `has_countries` says whether they name countries; incidents of which none does are taken to be
    /// collected everywhere.
    pub fn of(name: &str, items: Vec<T>, has_countries: bool) -> Self {
        Self {
            file: name.into(),
            made: Vec::new(),
            findings: Findings::default(),
            read: u64::try_from(items.len()).unwrap_or(u64::MAX),
            items,
            set_aside: 0,
            left_out: 0,
            earlier: Earlier::new(),
            unknown_types: Vec::new(),
            layout: "records in memory".to_owned(),
            data_set: None,
            format: "memory".to_owned(),
            hash: String::new(),
            size: 0,
            columns: Vec::new(),
            has_countries,
            partial: None,
            refused: None,
        }
    }

    /// The same, but for a file that a run refuses.
    ///
    /// # Errors
    /// Why it is refused.
    pub(super) fn accepted(self) -> Result<Self> {
        match self.refused {
            Some(error) => Err(error),
            None => Ok(self),
        }
    }
}

/// What records that happened before the first day asked for tell of a file: that it collected by then, and
/// where.
pub type Earlier = BTreeMap<Domain, BTreeSet<CountryCode>>;

/// What a file was taken for by `check`.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The file's name as messages give it.
    pub file: Arc<str>,
    /// What its records were read as.
    pub role: Role,
    /// The kind of its receptors: `None` where the file holds several or does not say.
    pub kind: Option<ReceptorKind>,
    /// Whether role and kind are only likely: neither a known layout nor our own columns say so.
    pub guessed: bool,
    /// What the columns were taken for.
    pub layout: String,
    /// Format, delimiter, encoding, packing.
    pub format: String,
    /// BLAKE3 of the file's bytes, in hexadecimal.
    pub hash: String,
    /// # Units
    /// Bytes.
    pub size: u64,
    /// The columns of the file.
    pub columns: Vec<Arc<str>>,
    /// Records in the file.
    pub read: u64,
    /// Records that can be used.
    pub kept: u64,
    /// Records that cannot, each with a finding.
    pub set_aside: u64,
    /// Records that were not asked for.
    pub left_out: u64,
    /// Words of types that are not known, each with how many records have it, the most frequent first.
    pub unknown_types: Vec<(String, u64)>,
    /// How many of each sort were kept: incidents by domain, receptors by kind.
    pub sorts: Vec<(&'static str, u64)>,
    /// What was found wrong or odd.
    pub findings: Findings,
    /// Whether a run refuses the file, though it can be read; a finding says why.
    pub refused: bool,
    /// The layers of a file of several, of which one was read.
    pub layers: Vec<Look>,
}
