//! OpenDocument spreadsheets. Their cells and rows may have repeat counts, so that a few bytes expand to
//! any number of cells: they are counted before the reader expands them.

use super::Row;
use super::cells::of_data;
use crate::sources::bytes::open::Limits;
use crate::sources::formats::xml::{Xml, XmlEvent};
use crate::{Code, Error, Result};
use calamine::{Data, Range};
use std::io::{Cursor, Read};

/// The content of the first member of the archive.
const KIND: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

/// The memory of an expanded cell, with room for its formula.
///
/// # Units
/// Bytes.
const CELL: u64 = 64;

/// The maximum number of rows of a sheet.
const ROWS_MOST: u64 = 1_048_576;
/// The maximum number of columns of a sheet.
const COLUMNS_MOST: u64 = 16_384;

/// Whether an archive is a spreadsheet: its first member is stored without compression.
pub(super) fn is(bytes: &[u8]) -> bool {
    let head = bytes.get(..200).unwrap_or(bytes);
    memchr::memmem::find(head, KIND).is_some()
}

/// Checks that a spreadsheet is valid XML and expands within the limits.
///
/// # Errors
/// The spreadsheet is damaged, encrypted, or has too many repeated cells.
pub(super) fn measure(file: &str, bytes: &[u8], limits: &Limits) -> Result<()> {
    let damaged = |error: &dyn std::fmt::Display| {
        Error::data(Code::FileDamaged, format!("{file}: the workbook cannot be read: {error}"))
            .with_hint("save it again as xlsx, or as CSV")
    };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    let mut text = String::new();
    // The unpacked size has already been checked.
    archive
        .by_name("content.xml")
        .map_err(|error| damaged(&error))?
        .read_to_string(&mut text)
        .map_err(|error| damaged(&error))?;
    let mut xml = Xml::new(file, &text);
    let mut all = 0_u64;
    // For the current sheet: its rows, its widest row, and the cells of the current row.
    let (mut rows, mut widest, mut cells, mut waiting) = (0_u64, 0_u64, 0_u64, 0_u64);
    loop {
        let head = match xml.next()? {
            XmlEvent::Start(head) => head,
            XmlEvent::End => continue,
            XmlEvent::Over => break,
        };
        let times = |name| {
            let text = head.attribute(name)?;
            Some(text.parse::<u64>().unwrap_or(u64::MAX))
        };
        match head.name.as_str() {
            "table" => (rows, widest) = (0, 0),
            "table-row" => {
                // Empty rows at the end, which spreadsheets leave, are not expanded.
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

/// The non-empty rows of a sheet.
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
