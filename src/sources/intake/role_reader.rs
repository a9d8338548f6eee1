//! How the records of a role become sites, incidents or receptors.

use super::columns::{Field as F, Role};
use super::map::RoleMap;
use super::row::{Fault, Row};
use crate::model::{Codes, Domain, ReceptorKind};
use crate::sources::options::ReadOptions;
use jiff::civil::Date;

/// Makes a thing of a record, or says why it cannot be. Its id is given to it afterwards.
pub(crate) type Build<T> = fn(&mut Row<'_>) -> Result<T, Fault>;

/// How the records of a role are read.
pub(crate) struct RoleReader<T> {
    pub role: Role,
    pub kind: Option<ReceptorKind>,
    pub build: Build<T>,
    /// Fields without which nothing can be made; for each, others that do as well.
    pub required: &'static [&'static [F]],
    /// What the records are called.
    pub noun: &'static str,
    /// Records at one position from which a note is issued.
    pub crowd: usize,
    /// What a thing that happened before a day tells of its file; `None` where it did not.
    pub before: Before<T>,
}

/// Tells of a thing that happened before a day to which domain it belongs, and for which countries it shows
/// that its file collected there.
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
