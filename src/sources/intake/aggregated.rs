//! Refuses tables whose rows are counts of events: a row of 37 events at the center of a province is not
//! an event at that position.

use super::columns::fold;
use crate::sources::reader::Reader;
use crate::sources::values::numbers::read_number;
use crate::{Code, Error, Result};

/// Folded names of columns that hold the number of events of a row.
const NAMES: [&str; 20] = [
    "events",
    "totalevents",
    "incidents",
    "incidentcount",
    "incidentscount",
    "countofincidents",
    "numberofincidents",
    "numincidents",
    "nincidents",
    "noofincidents",
    "incidentstotal",
    "totalincidents",
    "eventcount",
    "eventscount",
    "countofevents",
    "numberofevents",
    "numevents",
    "nevents",
    "noofevents",
    "eventstotal",
];

/// Number of records examined to see what a column holds.
const LOOKED_AT: usize = 200;

/// Refuses the selected table if a column gives the number of events of each row.
///
/// # Errors
/// If the table is such a table, or cannot be read.
pub(crate) fn refuse(reader: &Reader) -> Result<()> {
    let Some(Counted { place, column, count }) = counted(reader, false)? else { return Ok(()) };
    Err(Error::data(Code::RowsOfCounts, format!(
        "{}: {place}: {column}: a row stands for {count} events; rows of counts are not incidents",
        reader.file()
    ))
    .with_hint("give the events themselves, a row for each; a column that counts something else needs another name"))
}

/// The error for a data set whose rows are counts, naming the first such row.
pub(crate) fn refused(reader: &Reader, name: &str, (what, hint): (&str, &'static str)) -> Error {
    let file = reader.file();
    let shown = match counted(reader, true) {
        Ok(Some(Counted { place, column, count })) => {
            format!("{file}: {place}: {column}: a row stands for {count} events; the file")
        }
        _ => format!("{file}:"),
    };
    Error::data(Code::RowsOfCounts, format!("{shown} {what} ({name})")).with_hint(hint)
}

/// The first row that stands for several events.
struct Counted {
    place: String,
    column: String,
    count: f64,
}

/// Finds the first such row in a sample. Unless the column is `known` to count events, words or numbers
/// that are not counts show that it does not.
fn counted(reader: &Reader, known: bool) -> Result<Option<Counted>> {
    let columns = reader.columns();
    let Some(at) = columns.iter().position(|name| NAMES.contains(&fold(name).as_str())) else {
        return Ok(None);
    };
    let column = columns.get(at).map_or("events", |name| name).to_owned();
    let mut first: Option<Counted> = None;
    for record in reader.sample(LOOKED_AT)? {
        match read_number(record.field(at), false) {
            Ok(Some(number)) if number.value.fract() == 0.0 && number.value >= 0.0 => {
                if number.value > 1.0 && first.is_none() {
                    let (place, column) = (record.place.to_string(), column.clone());
                    first = Some(Counted { place, column, count: number.value });
                }
            }
            Ok(None) => {}
            _ if known => {}
            // The column holds words or numbers that are not counts.
            _ => return Ok(None),
        }
    }
    Ok(first)
}
