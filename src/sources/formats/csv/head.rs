//! The beginning of a table: its delimiter, detected from the text, and its header.

use super::rows::{Rows, line_ends};
use crate::sources::bytes::text::Text;
use crate::sources::formats::titles;
use crate::sources::layouts::headless;
use crate::{Code, Error, Result};
use ::csv::StringRecord;

/// The delimiters that are tried, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The number of bytes examined to detect the delimiter.
const SNIFFED_BYTES: usize = 256 << 10;
const SNIFFED_ROWS: usize = 100;

/// The properties found at the beginning of a table.
pub(super) struct Head {
    pub delimiter: u8,
    pub header: Vec<String>,
    /// Whether every row ends in a delimiter that the header lacks.
    pub trailing: bool,
    /// The offset of the last header row, followed by its line.
    pub at: usize,
    pub line: u64,
    /// The number of rows above the header.
    pub above: usize,
    /// The data set with these columns, if the text has no header.
    pub headless: Option<&'static str>,
}

impl Head {
    /// Examines the beginning of a text.
    ///
    /// # Errors
    /// The delimiter is outside ASCII, or the text can no longer be read.
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
                // The header is longer than the examined part.
                most = most.saturating_mul(4);
                continue;
            }
            let Shape { header, trailing, at, line, above, headless, .. } = shape;
            if let (Some(row), true) = (header_row, header.is_empty()) {
                let why = format!("⟦~header_row={row}⟧: there are no values at or below that row");
                return Err(Error::usage(Code::SettingInvalid, why)
                    .with_hint("rows are counted from 1, lines of a text"));
            }
            let at = start + at;
            return Ok(Self { delimiter, header, trailing, at, line, above, headless });
        }
    }
}

/// Parses Excel's own first line, `sep=;`: returns where the rest begins, and the delimiter.
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

/// The start of the rows of a text, and the header line named by the user.
#[derive(Clone, Copy)]
struct From {
    line: u64,
    row: Option<u64>,
}

/// The first rows as split by one delimiter.
#[derive(Default)]
struct Shape {
    header: Vec<String>,
    /// The offset of the last header row, followed by its line.
    at: usize,
    line: u64,
    /// The number of rows above the header.
    above: usize,
    /// The number of rows examined, without the header.
    rows: usize,
    /// The number of rows with as many fields as the header.
    fitting: usize,
    trailing: bool,
    headless: Option<&'static str>,
}

/// One of the first rows.
struct First {
    fields: Vec<String>,
    at: usize,
    line: u64,
}

impl Shape {
    /// Splits a text, which may be cut off.
    fn of(head: &str, cut: bool, delimiter: u8, from: From) -> Self {
        let mut rows = Rows::new(head, delimiter, from.line);
        let mut first: Vec<First> = Vec::new();
        let mut rest = Vec::new();
        while let Some(row) = rows.next() {
            // If the text is cut off, so may be its last row.
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
            // The row that the user names is the header whatever it contains.
            Some(_) if found.first > 0 => titles::find(grid.get(..1).unwrap_or_default(), 0),
            _ => found,
        };
        let mut shape = Self { line: from.line, above: found.first, ..Self::default() };
        let Some(row) = first.get(found.last) else { return shape };
        // Rows without a value before the header are reported when they are read.
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

/// Whether a row holds no value.
pub(super) fn is_valueless(fields: &StringRecord) -> bool {
    fields.iter().all(|field| field.trim().is_empty())
}

/// Whether a row has one field more than the header, and that field is empty.
pub(super) fn has_trailing(fields: &StringRecord, width: usize) -> bool {
    fields.len() == width + 1 && fields.get(width) == Some("")
}

/// Detects the delimiter that splits the header and fits most rows to it; a comma if none does.
fn sniff(body: &str, cut: bool, from: From) -> u8 {
    let mut best = (b',', 0.0);
    for delimiter in DELIMITERS {
        let shape = Shape::of(body, cut, delimiter, from);
        if shape.header.len() < 2 {
            continue;
        }
        let count = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
        // Half a row is added so that a header alone, and rows that all differ, still count.
        let fit = (count(shape.fitting) + 0.5) / (count(shape.rows) + 0.5);
        let score = fit * count(shape.header.len() - 1);
        if score > best.1 {
            best = (delimiter, score);
        }
    }
    best.0
}
