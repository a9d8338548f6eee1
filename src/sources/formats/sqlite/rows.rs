//! Reads the rows of a layer as records, on many threads: parts are ranges of row numbers with similar
//! numbers of rows.

use super::layers::Layer;
use super::open::Database;
use crate::Code;
use crate::model::{Finding, Place, Value, Verdict};
use crate::sources::formats::geojson::note_more;
use crate::sources::formats::notes::Notes;
use crate::sources::formats::parts::{Next, PartReport, Take};
use crate::sources::formats::record::{Cell, Geometry, Written};
use crate::sources::formats::typed::integer;
use crate::sources::formats::wkb::{self, Decoded};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use std::sync::Arc;

/// The number of file bytes per part, if the whole file is one layer.
const PART_BYTES: u64 = 256 << 10;

/// The maximum number of rows in a part.
const MOST_ROWS: u64 = 4096;

/// The work that SQLite may spend on a view per byte of the file: ordinary views of the file's own tables
/// stay far below, endless ones do not.
const WORK_A_BYTE: u64 = 200;
/// The work allowed for a view of any file.
const LEAST_WORK: u64 = 200_000_000;

/// The amount of work between two checks.
const STEP: u32 = 100_000;

/// The division of a layer into parts.
#[derive(Debug)]
pub(super) struct Split {
    count: u64,
    /// The first and the last row number of each part, and the number of rows before it; `None` if rows
    /// have no numbers and are read as one part.
    ranges: Option<Vec<(i64, i64, u64)>>,
    /// The work allowed for reading the layer as one part.
    work: u64,
}

impl Split {
    /// Counts the rows of a layer, and divides them.
    pub fn of(database: &Database, layer: &Layer) -> rusqlite::Result<Self> {
        let work = LEAST_WORK.max(database.size().saturating_mul(WORK_A_BYTE));
        let from = &layer.table;
        database.ask(|connection| {
            let Some(number) = &layer.number else {
                let count = bounded(connection, work, || {
                    connection
                        .query_row(&format!("SELECT count(*) FROM {from}"), [], |row| row.get(0))
                })?;
                return Ok(Self { count: unsigned(count), ranges: None, work });
            };
            let count = connection
                .query_row(&format!("SELECT count(*) FROM {from}"), [], |row| row.get(0))
                .map(unsigned)?;
            let ends = format!("SELECT min({number}), max({number}) FROM {from}");
            let ends: (Option<i64>, Option<i64>) =
                connection.query_row(&ends, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let (Some(first), Some(last)) = ends else {
                return Ok(Self { count: 0, ranges: Some(Vec::new()), work });
            };
            let bytes_of_row = (database.size() / count.max(1)).max(1);
            let rows = (PART_BYTES / bytes_of_row).clamp(64, MOST_ROWS);
            let ranges = if last.checked_sub(first).map(unsigned) == Some(count - 1) {
                even(first, last, rows)
            } else {
                counted(connection, number, from, rows)?
            };
            Ok(Self { count, ranges: Some(ranges), work })
        })
    }

    pub fn count(&self) -> u64 {
        self.count
    }

    pub fn parts(&self) -> usize {
        self.ranges.as_ref().map_or(1, Vec::len)
    }
}

fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

/// Divides consecutive row numbers into ranges of equal size.
fn even(first: i64, last: i64, rows: u64) -> Vec<(i64, i64, u64)> {
    let rows = i64::try_from(rows).unwrap_or(1);
    let mut ranges = Vec::new();
    let (mut at, mut before) = (Some(first), 0);
    while let Some(from) = at.filter(|from| *from <= last) {
        let to = from.saturating_add(rows - 1).min(last);
        ranges.push((from, to, before));
        before += unsigned(to - from) + 1;
        at = to.checked_add(1);
    }
    ranges
}

/// Divides rows into ranges of equal size, looking up their numbers one by one.
fn counted(
    connection: &Connection,
    number: &str,
    from: &str,
    rows: u64,
) -> rusqlite::Result<Vec<(i64, i64, u64)>> {
    let mut statement =
        connection.prepare(&format!("SELECT {number} FROM {from} ORDER BY {number}"))?;
    let mut all = statement.query([])?;
    let mut ranges: Vec<(i64, i64, u64)> = Vec::new();
    let mut before = 0;
    while let Some(row) = all.next()? {
        let number = row.get(0)?;
        match ranges.last_mut() {
            Some((_, last, start)) if before - *start < rows => *last = number,
            _ => ranges.push((number, number, before)),
        }
        before += 1;
    }
    Ok(ranges)
}

/// Runs a query within an amount of work.
fn bounded<T>(
    connection: &Connection,
    work: u64,
    ask: impl FnOnce() -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let mut left = work / u64::from(STEP);
    let step = i32::try_from(STEP).unwrap_or(i32::MAX);
    connection.progress_handler(
        step,
        Some(move || {
            left = left.saturating_sub(1);
            left == 0
        }),
    );
    let answer = ask();
    connection.progress_handler(0, None::<fn() -> bool>);
    answer
}

/// The rows of a layer.
pub(super) struct Rows<'r> {
    pub file: &'r Arc<str>,
    pub layer: &'r Layer,
    pub split: &'r Split,
}

impl Rows<'_> {
    /// Passes the rows of a part to the taker.
    pub fn read(
        &self,
        connection: &Connection,
        part: usize,
        told: &mut PartReport,
        taker: &mut dyn Take,
    ) -> rusqlite::Result<()> {
        if part == 0 {
            told.findings.extend(self.layer.findings.iter().map(|finding| (0, finding.clone())));
        }
        let Layer { selected, table, .. } = self.layer;
        match (&self.split.ranges, &self.layer.number) {
            (Some(ranges), Some(number)) => {
                let Some((first, last, before)) = ranges.get(part) else { return Ok(()) };
                let sql = format!(
                    "SELECT {selected} FROM {table} WHERE {number} BETWEEN ?1 AND ?2 ORDER BY {number}"
                );
                let mut statement = connection.prepare(&sql)?;
                self.take(statement.query([first, last])?, *before, told, taker)
            }
            _ => bounded(connection, self.split.work, || {
                let mut statement =
                    connection.prepare(&format!("SELECT {selected} FROM {table}"))?;
                self.take(statement.query([])?, 0, told, taker)
            }),
        }
    }

    fn take(
        &self,
        mut rows: rusqlite::Rows<'_>,
        before: u64,
        told: &mut PartReport,
        taker: &mut dyn Take,
    ) -> rusqlite::Result<()> {
        let mut number = before;
        while let Some(row) = rows.next()? {
            let place = Place::Feature(number);
            number += 1;
            told.count.read += 1;
            told.notes.set_place(place.clone());
            let mut cells = Vec::with_capacity(self.layer.columns.len());
            match self.cells(row, &mut cells, &mut told.notes)? {
                None => {}
                Some(column) => {
                    told.set_aside(Finding {
                        code: Code::TextUndecodable,
                        file: self.file.clone(),
                        place,
                        id: None,
                        field: Some(column.to_string()),
                        value: None,
                        why: "is a text that is not UTF-8".to_owned(),
                        verdict: Verdict::SetAside,
                    });
                    continue;
                }
            }
            let geometry = self.geometry(row, &mut told.notes)?;
            let record = Written { place, id: None, cells: &mut cells, geometry };
            told.taken += 1;
            if taker.take(record, self.layer.columns.names()) == Next::Stop {
                break;
            }
        }
        Ok(())
    }

    /// Reads the values of a row. The error is the index of the column with invalid text.
    fn cells<'t>(
        &self,
        row: &'t Row<'_>,
        cells: &mut Vec<Cell<'t>>,
        notes: &mut Notes,
    ) -> rusqlite::Result<Option<&Arc<str>>> {
        let columns = self.layer.columns.names().iter().zip(&self.layer.truths);
        for (at, (name, truth)) in columns.enumerate() {
            cells.push(match row.get_ref(at)? {
                ValueRef::Null => Cell::Value(Value::Missing),
                ValueRef::Text(text) => match std::str::from_utf8(text) {
                    Ok(text) => Cell::Text(text),
                    Err(_) => return Ok(Some(name)),
                },
                ValueRef::Integer(number @ (0 | 1)) if *truth => {
                    Cell::Value(Value::Bool(number == 1))
                }
                ValueRef::Integer(number) => Cell::Value(integer(number)),
                ValueRef::Real(number) if number.is_finite() => Cell::Value(Value::Number(number)),
                ValueRef::Real(_) => {
                    notes.add(name.to_string(), "is an infinite number; read as missing");
                    Cell::Value(Value::Missing)
                }
                ValueRef::Blob(_) => {
                    notes.add(name.to_string(), "holds bytes; read as missing");
                    Cell::Value(Value::Missing)
                }
            });
        }
        Ok(None)
    }

    fn geometry(&self, row: &Row<'_>, notes: &mut Notes) -> rusqlite::Result<Geometry> {
        if !self.layer.has_geometry {
            return Ok(Geometry::InColumns);
        }
        let Decoded { geometry, more } = match row.get_ref(self.layer.columns.len())? {
            ValueRef::Null => return Ok(Geometry::None),
            ValueRef::Blob(bytes) => wkb::read(bytes),
            ValueRef::Text(text) => {
                let text = std::str::from_utf8(text).unwrap_or_default();
                match crate::sources::values::wkt::parse(text) {
                    Ok(raw) => return Ok(raw.map_or(Geometry::None, Geometry::Raw)),
                    Err(why) => Decoded::broken(why),
                }
            }
            _ => Decoded::broken("is a number"),
        };
        if more {
            note_more(notes);
        }
        Ok(geometry)
    }
}
