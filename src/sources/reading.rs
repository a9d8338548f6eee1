//! What comes of reading a file: things, findings, and counts that add up.

use super::columns::Role;
use crate::model::{CountryCode, Findings, ReceptorKind};
use crate::{Error, Result};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a file was read as, and all that came of it.
///
/// `read` is always the number of `items` and `set_aside` together: no record vanishes.
#[derive(Debug, Clone)]
pub struct Reading<T> {
    /// The file's name as messages give it.
    pub file: Arc<str>,
    /// What was made of its records.
    pub items: Vec<T>,
    /// What was found wrong or odd, each at its place.
    pub findings: Findings,
    /// Records in the file; rows that are none, such as HXL tags, are not counted.
    pub read: u64,
    /// Records that are not used, each with a finding.
    pub set_aside: u64,
    /// What the columns were taken for: the name of a known layout, or how they were bound.
    pub layout: String,
    /// What the file was taken for: format, delimiter, encoding, packing.
    pub format: String,
    /// BLAKE3 of the file's bytes, in hexadecimal.
    pub hash: String,
    /// # Units
    /// Bytes.
    pub size: u64,
    /// The columns of the file.
    pub columns: Vec<Arc<str>>,
    /// What the file says it covers.
    pub covered: Covered,
    /// Why a run refuses the file, though it can be read.
    pub refused: Option<Error>,
}

impl<T> Reading<T> {
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

/// The countries that a file of incidents names: absence of incidents says something only there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Covered {
    /// Whether the file has a column of countries at all; without one it covers everything.
    pub has_countries: bool,
    /// Countries in which it names security incidents.
    pub security: BTreeSet<CountryCode>,
    /// Countries in which it names accidents.
    pub accident: BTreeSet<CountryCode>,
    /// Countries that any of its records names.
    pub any: BTreeSet<CountryCode>,
}

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
    /// How many of each sort were kept: incidents by domain, receptors by kind.
    pub sorts: Vec<(&'static str, u64)>,
    /// What was found wrong or odd.
    pub findings: Findings,
    /// Whether a run refuses the file, though it can be read; a finding says why.
    pub refused: bool,
}
