//! The result of reading a file: items, findings, and counts that add up.

use crate::model::{CountryCode, Domain, Findings, ReceptorKind};
use crate::sources::check::LayerSummary;
use crate::sources::intake::columns::Role;
use crate::{Error, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The items of a file and everything known about how it was read.
///
/// `read` always equals the number of `items`, plus the items taken out while reading, plus `set_aside` and
/// `left_out`: no record is lost.
#[derive(Debug, Clone)]
pub struct Reading<T> {
    /// File name, as shown in messages.
    pub file: Arc<str>,
    /// The sites, incidents or receptors.
    pub items: Vec<T>,
    /// For each item, whether its id was made because the file gives none. May be shorter than `items`: the
    /// remaining ids come from the file.
    pub(crate) made: Vec<bool>,
    /// Problems found, each with its place.
    pub findings: Findings,
    /// Number of records in the file. Rows that are not records, such as HXL tags, are not counted.
    pub read: u64,
    /// Number of records that cannot be used, each with a finding.
    pub set_aside: u64,
    /// Number of records excluded by the options.
    pub left_out: u64,
    /// What the records excluded for their date show about the coverage of the file.
    pub earlier: Earlier,
    /// Unknown event types with the number of their records, the most frequent first.
    pub unknown_types: Vec<(String, u64)>,
    /// How the columns were read: the name of a known layout, or how they were bound.
    pub layout: String,
    /// The known data set that the file belongs to, if any.
    pub data_set: Option<&'static str>,
    /// Format, delimiter, encoding and compression that were detected.
    pub format: String,
    /// BLAKE3 hash of the file's bytes, in hexadecimal.
    pub hash: String,
    /// File size.
    ///
    /// # Units
    /// Bytes.
    pub size: u64,
    /// Column names.
    pub columns: Vec<Arc<str>>,
    /// Whether the file has a country column. A file of incidents without one is assumed to cover every
    /// country.
    pub has_countries: bool,
    /// Why the file holds only part of its source, such as one page of a service's results.
    pub partial: Option<String>,
    /// Why a run refuses the file, although it can be read.
    pub refused: Option<Error>,
}

impl<T> Reading<T> {
    /// Wraps records that another program holds in memory. `name` stands for the file name in messages.
    /// `has_countries` says whether the records name countries; incidents without any are assumed to be
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

    /// Returns the reading, unless a run refuses the file.
    ///
    /// # Errors
    /// The reason for the refusal.
    pub(super) fn accepted(self) -> Result<Self> {
        match self.refused {
            Some(error) => Err(error),
            None => Ok(self),
        }
    }
}

/// The domains and countries of records dated before the first day asked for. They show that the file was
/// collecting there by then.
pub type Earlier = BTreeMap<Domain, BTreeSet<CountryCode>>;

/// What `check` found out about a file.
#[derive(Debug, Clone)]
pub struct Checked {
    /// File name, as shown in messages.
    pub file: Arc<str>,
    /// What its records were read as.
    pub role: Role,
    /// The kind of its receptors; `None` if the file holds several kinds or does not state one.
    pub kind: Option<ReceptorKind>,
    /// Whether role and kind are only likely, because neither a known layout nor Tamarisk's own columns state
    /// them.
    pub guessed: bool,
    /// How the columns were read.
    pub layout: String,
    /// Format, delimiter, encoding and compression that were detected.
    pub format: String,
    /// BLAKE3 hash of the file's bytes, in hexadecimal.
    pub hash: String,
    /// File size.
    ///
    /// # Units
    /// Bytes.
    pub size: u64,
    /// Column names.
    pub columns: Vec<Arc<str>>,
    /// Number of records in the file.
    pub read: u64,
    /// Number of records that can be used.
    pub kept: u64,
    /// Number of records that cannot be used, each with a finding.
    pub set_aside: u64,
    /// Number of records excluded by the options.
    pub left_out: u64,
    /// Unknown event types with the number of their records, the most frequent first.
    pub unknown_types: Vec<(String, u64)>,
    /// Number of records kept of each sort: incidents by domain, receptors by kind.
    pub sorts: Vec<(&'static str, u64)>,
    /// Problems found.
    pub findings: Findings,
    /// Whether a run refuses the file, although it can be read; a finding gives the reason.
    pub refused: bool,
    /// The layers of a file with several, one of which was read.
    pub layers: Vec<LayerSummary>,
}
