//! How the records of a role become sites, incidents or receptors.

use super::columns::{Field as F, Role};
use super::map::RoleMap;
use super::row::{Fault, Row};
use crate::model::{Codes, Domain, ReceptorKind};
use crate::sources::options::ReadOptions;
use jiff::civil::Date;

/// Builds an item of a record, or returns the fault. Its id is assigned afterwards.
pub(crate) type Build<T> = fn(&mut Row<'_>) -> Result<T, Fault>;

/// How the records of a role are read.
pub(crate) struct RoleReader<T> {
    pub role: Role,
    pub kind: Option<ReceptorKind>,
    pub build: Build<T>,
    /// Required fields; for each, alternatives.
    pub required: &'static [&'static [F]],
    /// What the records are called.
    pub noun: &'static str,
    /// Records at one position from which a note is issued.
    pub crowd: usize,
    /// What an item dated before a day shows of its file; `None` for items of that day or later.
    pub before: Before<T>,
}

/// The domain of an item dated before a day, and the countries in which it shows that its file collected.
pub(crate) type Before<T> = fn(&T, Date) -> Option<(Domain, Codes)>;

/// The options with the reference system and the layer that the map names for a role.
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
