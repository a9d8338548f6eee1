//! The beginning of a table: its delimiter, found from the text itself, and its header.

use super::rows::{Rows, line_ends};
use crate::sources::bytes::text::Text;
use crate::sources::formats::titles;
use crate::sources::layouts::headless;
use crate::{Code, Error, Result};
use ::csv::StringRecord;

/// The delimiters that are tried, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How much of the text is looked at to find the delimiter.
const SNIFFED_BYTES: usize = 256 << 10;
const SNIFFED_ROWS: usize = 100;

/// What the beginning of a table tells.
pub(super) struct Head {
    pub delimiter: u8,
    pub header: Vec<String>,
    /// Whether every row ends in a delimiter that the header does not have.
    pub trailing: bool,
    /// Where the last row of the header begins, and on which line.
    pub at: usize,
    pub line: u64,
    /// The rows above the header.
    pub above: usize,
    /// The data set whose columns these are, where the text has no header.
    pub headless: Option<&'static str>,
}

impl Head {
    /// Looks at the beginning of a text.
    ///
    /// # Errors
    /// A delimiter outside ASCII, and a text that cannot be read any more.
    pub fn of(text: &Text, delimiter: Option<char>, header_row: Option<u64>) -> Result<Self> {
        let mut most = SNIFFED_BYTES;
        loop {
            let mut buffer = Vec::new();
            let head = text.piece(0, most, &mut buffer)?;
            let cut = head.len() < text.len();
            let (start, declared) = separator_line(head);
            let asked = match delimiter {
                None => declared,
                Some(delimiter) => Some(ascii(delimiter)?),
            };
            let body = head.get(start..).unwrap_or_default();
            let before = head.as_bytes().get(..start).unwrap_or_default();
            let from = From { line: line_ends(before) + 1, row: header_row };
            let delimiter = asked.unwrap_or_else(|| sniff(body, cut, from));
            let shape = Shape::of(body, cut, delimiter, from);
            if shape.header.is_empty() && cut {
                // A header longer than the part looked at.
                most = most.saturating_mul(4);
                continue;
            }
            let Shape { header, trailing, at, line, above, headless, .. } = shape;
            if let (Some(row), true) = (header_row, header.is_empty()) {
                let why = format!("⟦~header_row={row}⟧: no values stand at or below that row");
                return Err(Error::usage(Code::SettingInvalid, why)
                    .with_hint("rows are counted from 1, lines of a text"));
            }
            let at = start + at;
            return Ok(Self { delimiter, header, trailing, at, line, above, headless });
        }
    }
}

/// Excel's own first line, `sep=;`, which names the delimiter: where the rest begins, and which.
pub(super) fn separator_line(text: &str) -> (usize, Option<u8>) {
    let Some(rest) = text.strip_prefix("sep=").or_else(|| text.strip_prefix("SEP=")) else {
        return (0, None);
    };
    let mut bytes = rest.bytes();
    match (bytes.next(), bytes.next()) {
        (Some(delimiter), Some(b'\r' | b'\n')) if delimiter.is_ascii() => {
            let end = text.find(['\r', '\n']).unwrap_or(0);
            (end, Some(delimiter))
        }
        _ => (0, None),
    }
}

fn ascii(delimiter: char) -> Result<u8> {
    match u8::try_from(delimiter) {
        Ok(byte) if byte.is_ascii() && !matches!(byte, b'"' | b'\r' | b'\n') => Ok(byte),
        _ => Err(Error::usage(
            Code::SettingInvalid,
            format!("\"{}\" cannot be a delimiter", delimiter.escape_default()),
        )
        .with_hint("delimiters are comma, semicolon, tab, pipe or another ASCII character")),
    }
}

/// Where the rows of a text begin, and on which line the user says that the header is.
#[derive(Clone, Copy)]
struct From {
    line: u64,
    row: Option<u64>,
}

/// What the first rows look like under one delimiter.
#[derive(Default)]
struct Shape {
    header: Vec<String>,
    /// Where the last row of the header begins, and its line.
    at: usize,
    line: u64,
    /// Rows above the header.
    above: usize,
    /// Rows looked at, the header left out.
    rows: usize,
    /// Those with as many fields as the header.
    fitting: usize,
    trailing: bool,
    headless: Option<&'static str>,
}

/// A row near the beginning.
struct First {
    fields: Vec<String>,
    at: usize,
    line: u64,
}

impl Shape {
    /// Of a text that is perhaps cut.
    fn of(head: &str, cut: bool, delimiter: u8, from: From) -> Self {
        let mut rows = Rows::new(head, delimiter, from.line);
        let mut first: Vec<First> = Vec::new();
        let mut rest = Vec::new();
        while let Some(row) = rows.next() {
            // The last row of a part of the text may itself be cut.
            if rest.len() >= SNIFFED_ROWS || (cut && row.end >= head.len()) {
                break;
            }
            if is_valueless(row.fields)
                || first.is_empty() && from.row.is_some_and(|n| row.line < n)
            {
                continue;
            }
            if first.len() < titles::LOOKED_AT {
                let fields: Vec<String> = row.fields.iter().map(str::to_owned).collect();
                first.push(First { fields, at: row.start, line: row.line });
            }
            let last = row.fields.get(row.fields.len().saturating_sub(1)) == Some("");
            rest.push((row.fields.len(), last));
        }
        let grid: Vec<Vec<String>> = first.iter().map(|row| row.fields.clone()).collect();
        if let Some((name, columns)) =
            grid.first().filter(|_| from.row.is_none()).and_then(|row| headless(row))
        {
            let header: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
            let fitting = rest.iter().filter(|(fields, _)| *fields == header.len()).count();
            let (rows, headless) = (rest.len(), Some(name));
            return Self { header, line: from.line, rows, fitting, headless, ..Self::default() };
        }
        let found = titles::find(&grid, 0);
        let found = match from.row {
            // The row that the user names is the header whatever stands in it.
            Some(_) if found.first > 0 => titles::find(grid.get(..1).unwrap_or_default(), 0),
            _ => found,
        };
        let mut shape = Self { line: from.line, above: found.first, ..Self::default() };
        let Some(row) = first.get(found.last) else { return shape };
        // Rows without any value before a first header are told of as they are read.
        if found.last > 0 || from.row.is_some() {
            (shape.at, shape.line) = (row.at, row.line);
        }
        shape.header = found.names;
        let width = shape.header.len();
        let mut surplus = 0;
        for (fields, ends_in_nothing) in rest.iter().skip(found.last + 1) {
            shape.rows += 1;
            shape.fitting += usize::from(*fields == width);
            surplus += usize::from(*fields == width + 1 && *ends_in_nothing);
        }
        shape.trailing = shape.rows > 0 && surplus == shape.rows;
        if shape.trailing {
            shape.fitting = shape.rows;
        }
        shape
    }
}

/// Whether nothing in a row is a value.
pub(super) fn is_valueless(fields: &StringRecord) -> bool {
    fields.iter().all(|field| field.trim().is_empty())
}

/// Whether a row has one field more than the header, and nothing in it.
pub(super) fn has_trailing(fields: &StringRecord, width: usize) -> bool {
    fields.len() == width + 1 && fields.get(width) == Some("")
}

/// The delimiter that divides the header and fits most rows to it; a comma where none does.
fn sniff(body: &str, cut: bool, from: From) -> u8 {
    let mut best = (b',', 0.0);
    for delimiter in DELIMITERS {
        let shape = Shape::of(body, cut, delimiter, from);
        if shape.header.len() < 2 {
            continue;
        }
        let count = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
        // Half a row is added so that a header alone, and rows that all differ, still tell.
        let fit = (count(shape.fitting) + 0.5) / (count(shape.rows) + 0.5);
        let score = fit * count(shape.header.len() - 1);
        if score > best.1 {
            best = (delimiter, score);
        }
    }
    best.0
}
