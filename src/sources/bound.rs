//! The columns that records are read from.

use super::bytes::open::Source;
use super::intake::columns::{Binding, Role, field_of, words};
use super::layouts::recognize;
use super::options::ReadOptions;
use super::reader::Reader;
use crate::Result;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Returns the column of each field that a file of a role has, by the field's word in a column map: `id`, `lon`, `group`.
/// No record is read, so columns that only values show to be a field are missing.
///
/// # Errors
/// A file that cannot be opened; a map that names a column which the file does not have.
pub fn bound(
    source: &Source,
    role: Role,
    options: &ReadOptions,
) -> Result<BTreeMap<&'static str, Arc<str>>> {
    let reader = Reader::open(source, options)?;
    let (columns, map) = (reader.columns(), options.map.of(role, None));
    let layout = recognize(columns).filter(|layout| layout.roles.contains(&role));
    let binding = Binding::new(reader.file(), columns, role, layout, &map)?;
    let column = |word: &'static str| {
        let at = binding.column(field_of(role, word)?)?;
        Some((word, Arc::clone(columns.get(at)?)))
    };
    Ok(words(role).into_iter().filter_map(column).collect())
}
