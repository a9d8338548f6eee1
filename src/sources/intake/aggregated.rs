//! Tables whose rows are numbers of events, not events: a row of 37 events at the center of a province is
//! never one event there.

use super::columns::fold;
use crate::sources::reader::Reader;
use crate::sources::values::numbers::read_number;
use crate::{Error, Result};

/// Names, folded, of columns that hold how many events a row stands for.
const NAMES: [&str; 9] = [
    "events",
    "eventcount",
    "eventscount",
    "countofevents",
    "numberofevents",
    "numevents",
    "nevents",
    "noofevents",
    "eventstotal",
];

/// So many records tell what a column holds.
const LOOKED_AT: usize = 200;

/// Refuses the selected table where a column tells how many events each row stands for.
///
/// # Errors
/// Such a table, or one that cannot be read.
pub(crate) fn refuse(reader: &Reader) -> Result<()> {
    let columns = reader.columns();
    let Some(at) = columns.iter().position(|name| NAMES.contains(&fold(name).as_str())) else {
        return Ok(());
    };
    let mut first: Option<(f64, String)> = None;
    for record in reader.sample(LOOKED_AT)? {
        match read_number(record.field(at), false) {
            Ok(Some(number)) if number.value.fract() == 0.0 && number.value >= 0.0 => {
                if number.value > 1.0 && first.is_none() {
                    first = Some((number.value, record.place.to_string()));
                }
            }
            Ok(None) => {}
            // Words, or numbers that count nothing.
            _ => return Ok(()),
        }
    }
    let Some((count, place)) = first else { return Ok(()) };
    let column = columns.get(at).map_or("events", |name| name);
    Err(Error::data(format!(
        "{}: {place}: {column}: a row stands for {count} events; rows of counts are not incidents",
        reader.file()
    ))
    .with_hint("give the events themselves, a row for each; a column that counts something else needs another name"))
}
