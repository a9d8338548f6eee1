//! The beginning of a table: its delimiter, found from the text itself, and its header.

use super::rows::Rows;
use crate::sources::bytes::text::Text;
use crate::{Error, Result};
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
}

impl Head {
    /// Looks at the beginning of a text.
    ///
    /// # Errors
    /// A delimiter outside ASCII, and a text that cannot be read any more.
    pub fn of(text: &Text, delimiter: Option<char>) -> Result<Self> {
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
            let delimiter = asked.unwrap_or_else(|| sniff(body, cut));
            let shape = Shape::of(body, cut, delimiter);
            if shape.header.is_empty() && cut {
                // A header longer than the part looked at.
                most = most.saturating_mul(4);
                continue;
            }
            return Ok(Self { delimiter, header: shape.header, trailing: shape.trailing });
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
        _ => Err(Error::usage(format!("\"{}\" cannot be a delimiter", delimiter.escape_default()))
            .with_hint("delimiters are comma, semicolon, tab, pipe or another ASCII character")),
    }
}

/// What the first rows look like under one delimiter.
struct Shape {
    header: Vec<String>,
    /// Rows looked at, the header left out.
    rows: usize,
    /// Those with as many fields as the header.
    fitting: usize,
    trailing: bool,
}

impl Shape {
    /// Of a text that is perhaps cut.
    fn of(head: &str, cut: bool, delimiter: u8) -> Self {
        let mut rows = Rows::new(head, delimiter, 1);
        let mut shape = Self { header: Vec::new(), rows: 0, fitting: 0, trailing: false };
        let mut surplus = 0;
        while let Some(row) = rows.next() {
            // The last row of a part of the text may itself be cut.
            if shape.rows >= SNIFFED_ROWS || (cut && row.end >= head.len()) {
                break;
            }
            if is_valueless(row.fields) {
                continue;
            }
            if shape.header.is_empty() {
                shape.header = row.fields.iter().map(str::to_owned).collect();
                continue;
            }
            shape.rows += 1;
            let width = shape.header.len();
            if row.fields.len() == width {
                shape.fitting += 1;
            } else if has_trailing(row.fields, width) {
                surplus += 1;
            }
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
fn sniff(body: &str, cut: bool) -> u8 {
    let mut best = (b',', 0.0);
    for delimiter in DELIMITERS {
        let shape = Shape::of(body, cut, delimiter);
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
