//! The rows of a delimited text (RFC 4180, read leniently as the `csv` crate does), and its lines. Fields
//! are slices of the text, but for those in which a quote is doubled.

use crate::model::Value;
use crate::sources::record::Cell;
use memchr::{memchr, memchr2_iter, memchr3};

/// Where in the text a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    pub start: usize,
    /// Behind its line end.
    pub end: usize,
    /// The line on which it begins.
    pub line: u64,
}

/// The rows of a text, header first, blank lines left out.
pub(super) struct Rows<'t> {
    text: &'t str,
    delimiter: u8,
    at: usize,
    line: u64,
    /// The fields of the present row; empty ones are missing.
    pub fields: Vec<Cell<'t>>,
}

/// What is between two delimiters.
enum Field<'t> {
    Slice(&'t str),
    Unescaped(String),
}

impl<'t> Rows<'t> {
    /// The rows of a text that begins on a line.
    pub fn new(text: &'t str, delimiter: u8, line: u64) -> Self {
        Self { text, delimiter, at: 0, line, fields: Vec::new() }
    }

    /// The place that it has come to, and the line there.
    pub fn place(&self) -> (usize, u64) {
        (self.at, self.line)
    }

    pub fn next(&mut self) -> Option<Row> {
        while self.end_of_line() {}
        let (start, line) = (self.at, self.line);
        if start == self.text.len() {
            return None;
        }
        self.fields.clear();
        loop {
            let cell = match self.field() {
                Field::Slice("") => Cell::Value(Value::Missing),
                Field::Slice(field) => Cell::Text(field),
                Field::Unescaped(field) if field.is_empty() => Cell::Value(Value::Missing),
                Field::Unescaped(field) => Cell::Value(Value::Text(field)),
            };
            self.fields.push(cell);
            if self.byte() == Some(self.delimiter) {
                self.at += 1;
            } else {
                self.end_of_line();
                return Some(Row { start, end: self.at, line });
            }
        }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn slice(&self, from: usize, to: usize) -> &'t str {
        self.text.get(from..to).unwrap_or_default()
    }

    /// Passes over a line end, if there is one.
    fn end_of_line(&mut self) -> bool {
        match self.byte() {
            Some(b'\n') => self.at += 1,
            Some(b'\r') => {
                self.at += 1;
                self.at += usize::from(self.byte() == Some(b'\n'));
            }
            _ => return false,
        }
        self.line += 1;
        true
    }

    /// Passes over a field up to the delimiter or line end behind it.
    fn field(&mut self) -> Field<'t> {
        if self.byte() != Some(b'"') {
            return Field::Slice(self.unquoted());
        }
        let start = self.at + 1;
        let mut unescaped: Option<String> = None;
        loop {
            let from = self.at + 1;
            let quote = memchr(b'"', self.text.as_bytes().get(from..).unwrap_or_default());
            self.at = quote.map_or(self.text.len(), |quote| from + quote);
            let inner = self.slice(from, self.at);
            if let Some(unescaped) = &mut unescaped {
                unescaped.push_str(inner);
            }
            self.at += usize::from(quote.is_some());
            let is_over = |byte| byte == self.delimiter || matches!(byte, b'\r' | b'\n');
            match self.byte() {
                // A quote that is doubled stands for one.
                Some(b'"') if quote.is_some() => {
                    unescaped.get_or_insert_with(|| inner.to_owned()).push('"');
                }
                // What follows a closing quote belongs to the field as it is.
                Some(byte) if !is_over(byte) => {
                    let rest = self.unquoted();
                    unescaped.get_or_insert_with(|| inner.to_owned()).push_str(rest);
                    break;
                }
                _ => break,
            }
        }
        self.line += line_ends(self.slice(start, self.at).as_bytes());
        let end = self.at;
        unescaped.map_or_else(
            || {
                Field::Slice(
                    self.slice(start, end).strip_suffix('"').unwrap_or(self.slice(start, end)),
                )
            },
            Field::Unescaped,
        )
    }

    /// Passes over bytes of which none is special but the delimiter and line ends.
    fn unquoted(&mut self) -> &'t str {
        let start = self.at;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        self.at =
            memchr3(self.delimiter, b'\n', b'\r', rest).map_or(self.text.len(), |n| start + n);
        self.slice(start, self.at)
    }
}

/// What a field of a row says.
pub(super) fn said<'c>(cell: &'c Cell<'_>) -> &'c str {
    cell.as_text().unwrap_or_default()
}

/// How many lines end in a text: `\r\n`, `\n` and a lone `\r` each end one.
pub(super) fn line_ends(bytes: &[u8]) -> u64 {
    let ends = memchr2_iter(b'\n', b'\r', bytes)
        .filter(|at| bytes.get(*at) == Some(&b'\n') || bytes.get(at + 1) != Some(&b'\n'));
    u64::try_from(ends.count()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rows_are_those_of_the_csv_crate(text in "[a\"\"\";;\r\n\né ]{0,24}") {
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .delimiter(b';')
                .from_reader(text.as_bytes());
            let mut rows = Rows::new(&text, b';', 1);
            for expected in reader.records() {
                let expected = expected.expect("text");
                let row = rows.next().expect("as many rows");
                let fields: Vec<&str> = rows.fields.iter().map(said).collect();
                prop_assert_eq!(fields, expected.iter().collect::<Vec<_>>());
                let before = text.get(..row.start).expect("a boundary");
                prop_assert_eq!(row.line, 1 + line_ends(before.as_bytes()));
            }
            prop_assert_eq!(rows.next(), None);
        }
    }
}
