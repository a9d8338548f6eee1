//! The column that holds well-known text, told by what stands in it: asked for where no name of a column
//! tells where the records lie.

use super::columns::Role;
use super::numbers::is_missing;
use super::reader::Reader;
use super::wkt;
use crate::{Error, Result};
use std::sync::Arc;

/// How many records are looked at.
const SAMPLE: usize = 200;

/// The column of which at least half of the values are well-known text; `None` where there is none.
///
/// # Errors
/// Several columns, between which the file does not choose.
pub(super) fn find(reader: &Reader, role: Role) -> Result<Option<Arc<str>>> {
    let sample = reader.sample(SAMPLE)?;
    let holds = |at: usize| {
        let values =
            sample.iter().map(|record| record.field(at)).filter(|value| !is_missing(value));
        let (mut like, mut all) = (0_usize, 0_usize);
        for value in values {
            all += 1;
            like += usize::from(value.as_str().is_some_and(wkt::is_like));
        }
        like > 0 && 2 * like >= all
    };
    let columns = reader.columns().iter().enumerate();
    let found: Vec<&Arc<str>> =
        columns.filter(|(at, _)| holds(*at)).map(|(_, name)| name).collect();
    match found.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(Arc::clone(one))),
        [first, ..] => {
            let names: Vec<String> =
                found.iter().map(|name| name.escape_debug().to_string()).collect();
            let file = reader.file();
            Err(Error::data(format!(
                "{file}: has geometries in several columns: {}",
                names.join(", ")
            ))
            .with_hint(format!("name one: --map {}.geometry={first}", role.word())))
        }
    }
}
