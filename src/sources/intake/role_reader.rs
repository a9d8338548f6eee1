//! How the records of a role become sites, incidents or receptors.

use super::columns::{Field as F, Role};
use super::map::RoleMap;
use super::row::{Fault, Row};
use crate::model::{Codes, Domain, ReceptorKind};
use crate::sources::options::ReadOptions;
use jiff::civil::Date;

/// Builds an item from a record, or returns the fault. The id is assigned later.
pub(crate) type Build<T> = fn(&mut Row<'_>) -> Result<T, Fault>;

/// How the records of a role are read.
pub(crate) struct RoleReader<T> {
    pub role: Role,
    pub kind: Option<ReceptorKind>,
    pub build: Build<T>,
    /// Required fields, each with its alternatives.
    pub required: &'static [&'static [F]],
    /// The noun for the records in messages.
    pub noun: &'static str,
    /// Number of records at one position from which a note is issued.
    pub crowd: usize,
    /// See [`Before`].
    pub before: Before<T>,
}

/// For an item dated before a day, returns its domain and the countries in which it shows that its file
/// was collecting. Returns `None` for items of that day or later.
pub(crate) type Before<T> = fn(&T, Date) -> Option<(Domain, Codes)>;

/// Returns the options, with the CRS and the layer that the column map names for a role.
pub(crate) fn options_of(
    options: &ReadOptions,
    role: Role,
    kind: Option<ReceptorKind>,
) -> ReadOptions {
    let mut options = options.clone();
    let RoleMap { crs, layer, .. } = options.map.of(role, kind);
    options.crs = crs.or(options.crs);
    options.sheet = layer.or(options.sheet);
    options
}
