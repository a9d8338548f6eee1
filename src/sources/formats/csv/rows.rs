//! The rows of a delimited text (RFC 4180, read leniently by the `csv` crate) with their location in the
//! text: the line on which each begins, and the offset of its end.

use memchr::memchr2_iter;
use std::io::{Chain, Read};

/// A row and its location in the text.
pub(super) struct Row<'r> {
    pub fields: &'r csv::StringRecord,
    pub start: usize,
    /// The offset after its line end.
    pub end: usize,
    /// The line on which it begins.
    pub line: u64,
    /// The line after it.
    pub next: u64,
}

/// A blank line before all others: at the very beginning the reader would strip a byte order mark, which
/// is ordinary text within a file.
const BLANK: &[u8] = b"\n";

/// The rows of a text, header first, without blank lines.
pub(super) struct Rows<'t> {
    text: &'t str,
    reader: csv::Reader<Chain<&'static [u8], &'t [u8]>>,
    record: csv::StringRecord,
    at: usize,
    line: u64,
}

impl<'t> Rows<'t> {
    /// Creates the rows of a text that begins on a given line.
    pub fn new(text: &'t str, delimiter: u8, line: u64) -> Self {
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(BLANK.chain(text.as_bytes()));
        Self { text, reader, record: csv::StringRecord::new(), at: 0, line }
    }

    /// The current offset and its line.
    pub fn place(&self) -> (usize, u64) {
        (self.at, self.line)
    }

    pub fn next(&mut self) -> Option<Row<'_>> {
        let bytes = self.text.as_bytes();
        let rest = bytes.get(self.at..).unwrap_or_default();
        let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let start = self.pass(self.at + blank);
        let line = self.line;
        // Reading from memory cannot fail, the text is UTF-8, and rows may be of any length.
        if !self.reader.read_record(&mut self.record).unwrap_or(false) {
            return None;
        }
        // The reader may stop between the two bytes of a line end.
        let read = usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX);
        let end = read.saturating_sub(BLANK.len());
        let split = end > start && bytes.get(end - 1..=end) == Some(b"\r\n");
        let end = self.pass(end + usize::from(split));
        Some(Row { fields: &self.record, start, end, line, next: self.line })
    }

    /// Advances to an offset, counting lines.
    fn pass(&mut self, to: usize) -> usize {
        let to = to.min(self.text.len());
        self.line += line_ends(self.text.as_bytes().get(self.at..to).unwrap_or_default());
        self.at = to;
        to
    }
}

/// Counts the line ends of a text: `\r\n`, `\n` and a lone `\r` each count as one.
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
        fn rows_stand_where_they_are_said_to(text in "[a\"\"\";;\r\né ]{0,24}") {
            let mut rows = Rows::new(&text, b';', 1);
            let mut behind = 0;
            while let Some(row) = rows.next() {
                let (before, own) = (text.get(..row.start), text.get(row.start..row.end));
                let (before, own) = (before.expect("a boundary"), own.expect("a boundary"));
                prop_assert_eq!(row.line, 1 + line_ends(before.as_bytes()));
                prop_assert_eq!(row.next, row.line + line_ends(own.as_bytes()));
                // Between rows there are only line ends, and a row parsed by itself is the same row.
                let between = text.get(behind..row.start).expect("a boundary");
                prop_assert!(between.bytes().all(|byte| matches!(byte, b'\r' | b'\n')), "{:?}", between);
                let fields: Vec<String> = row.fields.iter().map(str::to_owned).collect();
                let mut alone = Rows::new(own, b';', 1);
                let again = alone.next().expect("a row");
                prop_assert_eq!(again.fields.iter().collect::<Vec<_>>(), fields);
                prop_assert_eq!(again.end, own.len());
                behind = row.end;
            }
            prop_assert_eq!(rows.place(), (text.len(), 1 + line_ends(text.as_bytes())));
        }
    }
}
