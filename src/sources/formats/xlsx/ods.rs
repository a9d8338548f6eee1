//! Spreadsheets of OpenDocument. Their cells and rows may say how often they are repeated, so that a few
//! bytes stand for any number of cells: they are counted before the reader lays them out.

use super::{Row, of_data};
use crate::sources::bytes::open::Limits;
use crate::sources::formats::xml::{Seen, Xml};
use crate::{Code, Error, Result};
use calamine::{Data, Range};
use std::io::{Cursor, Read};

/// The first member of an archive says what it is.
const KIND: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

/// What a cell takes once it is laid out, with room for its formula.
///
/// # Units
/// Bytes.
const CELL: u64 = 64;

/// The last row and column that a sheet has.
const ROWS_MOST: u64 = 1_048_576;
const COLUMNS_MOST: u64 = 16_384;

/// Whether an archive is a spreadsheet: the first member is not packed.
pub(super) fn is(bytes: &[u8]) -> bool {
    let head = bytes.get(..200).unwrap_or(bytes);
    memchr::memmem::find(head, KIND).is_some()
}

/// Sees that a spreadsheet is sound XML and lays out within the limits.
///
/// # Errors
/// One that is damaged, locked, or whose repeated cells are too many.
pub(super) fn measure(file: &str, bytes: &[u8], limits: &Limits) -> Result<()> {
    let damaged = |error: &dyn std::fmt::Display| {
        Error::data(Code::FileDamaged, format!("{file}: the workbook cannot be read: {error}"))
            .with_hint("save it again as xlsx, or as CSV")
    };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    let mut text = String::new();
    // How far it unpacks has been measured.
    archive
        .by_name("content.xml")
        .map_err(|error| damaged(&error))?
        .read_to_string(&mut text)
        .map_err(|error| damaged(&error))?;
    let mut xml = Xml::new(file, &text);
    let mut all = 0_u64;
    // Of the present sheet: its rows, its widest row, and the cells of the present one.
    let (mut rows, mut widest, mut cells, mut waiting) = (0_u64, 0_u64, 0_u64, 0_u64);
    loop {
        let head = match xml.next()? {
            Seen::Start(head) => head,
            Seen::End => continue,
            Seen::Over => break,
        };
        let times = |name| {
            let text = head.attribute(name)?;
            Some(text.parse::<u64>().unwrap_or(u64::MAX))
        };
        match head.name.as_str() {
            "table" => (rows, widest) = (0, 0),
            "table-row" => {
                // Empty rows at the end, which spreadsheets leave, are not laid out.
                let repeated = times("number-rows-repeated").unwrap_or(1);
                (cells, waiting) = (0, 0);
                rows = rows.saturating_add(repeated).min(ROWS_MOST);
            }
            "table-cell" | "covered-table-cell" => {
                let times = times("number-columns-repeated").unwrap_or(1).min(COLUMNS_MOST);
                let holds = head
                    .attributes
                    .iter()
                    .any(|(name, _)| name == "value-type" || name == "formula");
                if !holds {
                    waiting += times;
                    continue;
                }
                cells = (cells + waiting + times).min(COLUMNS_MOST);
                waiting = 0;
                widest = widest.max(cells);
                let laid = rows.saturating_mul(widest);
                all = all.max(laid);
                if all.saturating_mul(CELL) > limits.unpacked {
                    return Err(Error::data(Code::FileTooLarge, format!(
                        "{file}: a sheet of {rows} rows and {widest} columns is larger than the limit, {} bytes",
                        limits.unpacked
                    ))
                    .with_hint("save it again as CSV, or raise the limit"));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// The rows of a sheet that hold anything.
pub(super) fn rows(range: &Range<Data>) -> Vec<Row> {
    let Some((top, left)) = range.start() else { return Vec::new() };
    let mut rows = Vec::new();
    for (number, cells) in (top..).zip(range.rows()) {
        let cells: Vec<_> =
            (left..).zip(cells).filter_map(|(at, data)| Some((at, of_data(data)?))).collect();
        if !cells.is_empty() {
            rows.push(Row { number, cells });
        }
    }
    rows
}
