//! Delimited text: a header line, then a record per row. A row that does not fit the header is set
//! aside with its line number, because one missing or surplus delimiter shifts every value after it
//! into another column.

mod cuts;
mod head;
mod quotes;
mod rows;

use super::header::Columns;
use super::parts::{Begin, Next, PART_BYTES, PartReport, Take};
use super::record::{Cell, Geometry, Written};
use super::{Asked, Content, Dataset, Driver, Head as FileHead, Opened, Typing};
use crate::model::{Finding, Place, Value, Verdict};
use crate::sources::bytes::text::{Stored, Text};
use crate::sources::options::{Format, ReadOptions};
use crate::sources::values::geometry::Note;
use crate::{Code, Error, Result};
use cuts::{Cut, Cutter};
use head::{Head, has_trailing, is_valueless};
use quotes::Malformed;
use rows::{Row, Rows};
use std::borrow::Cow;
use std::sync::Arc;

/// The number of bytes first read past the end of a part.
const BEHIND: usize = 4 << 10;

/// Delimited text: CSV, TSV and similar.
pub(super) struct Csv;

impl Driver for Csv {
    fn format(&self) -> Format {
        Format::Csv
    }

    /// Any text may be a table, even if only of one column.
    fn is(&self, head: &FileHead<'_>) -> bool {
        head.text.is_some()
    }

    fn open_stored(&self, stored: Stored, asked: &mut Asked<'_>) -> Result<Option<Opened>> {
        let mut cutter = Cutter::new(PART_BYTES.min(stored.window()));
        let size = stored.size_in_bytes();
        let Some(hash) = stored.pass(|text, at, last| cutter.look(text, at, last))? else {
            return Ok(None);
        };
        let table = Table::of_cuts(
            asked.file,
            Text::Stored(stored),
            asked.options,
            cutter,
            asked.findings,
        )?;
        Ok(Some(Opened { dataset: Box::new(table), hash, size }))
    }

    fn open(&self, content: Content, asked: &mut Asked<'_>) -> Result<Box<dyn Dataset>> {
        let text = content.into_text(asked.file)?;
        let table = Table::new(asked.file, text, asked.options, PART_BYTES, asked.findings)?;
        Ok(Box::new(table))
    }
}

/// Delimited text whose header has been read.
#[derive(Debug)]
struct Table {
    file: Arc<str>,
    text: Text,
    delimiter: u8,
    /// Whether every row ends in a delimiter that the header lacks.
    trailing: bool,
    /// The offset and line of the last header row; without a header, those of the first row.
    header: (usize, u64),
    headless: bool,
    columns: Columns,
    /// The probable starts of parts.
    cuts: Vec<Cut>,
    /// The number of bytes read past a part, for its last row and the start of the next part.
    behind: usize,
}

/// How far a piece of text was read.
enum Came {
    /// Up to the first row of the next part.
    Through(Begin),
    /// Up to a row that the piece does not hold whole.
    To(Begin),
}

impl Table {
    /// Reads the header of a text in memory and detects the delimiter, unless one is given.
    ///
    /// # Errors
    /// The given delimiter is outside ASCII. There are no others: any text is a table of some kind,
    /// even if of one column.
    pub fn new(
        file: &Arc<str>,
        text: Cow<'static, str>,
        options: &ReadOptions,
        part: usize,
        findings: &mut Vec<Finding>,
    ) -> Result<Self> {
        let mut cutter = Cutter::new(part);
        cutter.look(&text, 0, true);
        Self::of_cuts(file, Text::Held(text), options, cutter, findings)
    }

    /// Like [`new`](Self::new), with the cut points already found.
    ///
    /// # Errors
    /// The delimiter is outside ASCII, or the text can no longer be read.
    pub fn of_cuts(
        file: &Arc<str>,
        text: Text,
        options: &ReadOptions,
        cutter: Cutter,
        findings: &mut Vec<Finding>,
    ) -> Result<Self> {
        let head = Head::of(&text, options.delimiter, options.header_row)?;
        let Head { delimiter, header, trailing, at, line, above, headless } = head;
        let passed = format!("has {above} rows above the header on line {line}; passed over");
        let unnamed = headless
            .map(|name| format!("has no header; its {} columns are those of {name}", header.len()));
        if let Some(why) = unnamed.or((above > 0).then_some(passed)) {
            findings.push(Finding {
                code: Code::FileDoubtful,
                file: file.clone(),
                place: Place::File,
                id: None,
                field: None,
                value: None,
                why,
                verdict: Verdict::Noted,
            });
        }
        let columns = Columns::from_header(file, &Place::Line(line.max(1)), header, findings);
        let (behind, cuts) = (cutter.part().min(BEHIND), cutter.finish());
        let (file, header, headless) = (file.clone(), (at, line), headless.is_some());
        Ok(Self { file, text, delimiter, trailing, header, headless, columns, cuts, behind })
    }

    /// The delimiter in words.
    fn delimiter(&self) -> &'static str {
        match self.delimiter {
            b',' => "comma",
            b';' => "semicolon",
            b'\t' => "tab",
            b'|' => "pipe",
            _ => "other delimiter",
        }
    }

    /// Reads the rows that begin before the limit, as far as a piece of text that starts at the first
    /// of them holds them whole.
    fn read_piece(
        &self,
        text: &str,
        begin: Begin,
        limit: usize,
        told: &mut PartReport,
        taker: &mut dyn Take,
    ) -> Result<Came> {
        let to_end = begin.at + text.len() == self.text.len();
        let mut rows = Rows::new(text, self.delimiter, begin.line);
        let mut headed = begin.headed;
        let from = |at, line, headed| Begin { at, line, headed, ..Begin::default() };
        let mut passed = rows.place();
        let width = self.columns.len();
        while let Some(row) = rows.next() {
            let Row { fields, start, end, line, next } = row;
            let at = begin.at + start;
            if at >= limit {
                return Ok(Came::Through(from(at, line, headed)));
            }
            if end >= text.len() && !to_end {
                return Ok(Came::To(from(at, line, headed)));
            }
            passed = (end, next);
            if is_valueless(fields) {
                // Rows of delimiters alone, which spreadsheets leave at the end, are not records.
                told.notes.set_place(Place::Line(line));
                told.notes.push(noted("is a row without any value; passed over"));
                continue;
            }
            if end >= text.len() {
                self.refuse_open_quote(line, text.as_bytes().get(start..).unwrap_or_default())?;
            }
            if !std::mem::replace(&mut headed, true) {
                continue;
            }
            told.count.read += 1;
            let surplus = self.trailing && has_trailing(fields, width);
            let given = fields.len() - usize::from(surplus);
            let bytes = text.as_bytes().get(start..end).unwrap_or_default();
            let malformed = quotes::judge(bytes, self.delimiter, width);
            if malformed == Some(Malformed::Behind) && given == width {
                told.notes.set_place(Place::Line(line));
                told.notes.push(noted(quotes::BEHIND));
            } else if malformed.is_some() || given != width {
                let why = malformed.filter(|found| *found != Malformed::Behind).map_or_else(
                    || format!("begins a row of {given} fields where the header has {width}"),
                    |found| found.why(line, next),
                );
                told.set_aside(Finding {
                    code: Code::RecordMalformed,
                    file: self.file.clone(),
                    place: Place::Line(line),
                    id: None,
                    field: None,
                    value: fields.get(0).map(str::to_owned),
                    why,
                    verdict: Verdict::SetAside,
                });
                continue;
            }
            let cell = |field| match field {
                "" => Cell::Value(Value::Missing),
                field => Cell::Text(field),
            };
            let (place, cells) = (Place::Line(line), fields.iter().take(width).map(cell));
            let (cells, geometry) = (&mut cells.collect(), Geometry::InColumns);
            let record = Written { place, id: None, cells, geometry };
            let next = taker.take(record, self.columns.names());
            told.taken += 1;
            if next == Next::Stop {
                return Ok(Came::Through(from(begin.at + end, line, headed)));
            }
        }
        // Line ends after the last row may continue past the piece.
        let (at, line) = if to_end { rows.place() } else { passed };
        let begin = from(begin.at + at, line, headed);
        Ok(if to_end { Came::Through(begin) } else { Came::To(begin) })
    }

    /// An opened quote that is never closed turns the rest of the text into one field: the text is cut
    /// short or damaged, and no later row can be trusted.
    fn refuse_open_quote(&self, line: u64, last_row: &[u8]) -> Result<()> {
        let quotes = last_row.iter().filter(|byte| **byte == b'"').count();
        let opens = last_row.first() == Some(&b'"')
            || last_row.windows(2).any(|pair| pair == [self.delimiter, b'"'] || pair == *b"\n\"");
        if quotes % 2 == 0 || !opens {
            return Ok(());
        }
        let file = &self.file;
        Err(Error::data(
            Code::FileDamaged,
            format!("{file}: line {line}: a quote is opened and never closed"),
        )
        .with_hint("the file may be cut short, or a \" within a field not doubled"))
    }
}

/// A note on a row that is read nevertheless.
fn noted(why: &str) -> Note {
    Note {
        code: Code::RecordMalformed,
        field: None,
        value: None,
        why: why.to_owned(),
        verdict: Verdict::Noted,
    }
}

impl Dataset for Table {
    fn typing(&self) -> Typing {
        Typing::Texts
    }

    fn description(&self) -> String {
        format!("CSV, {}", self.delimiter())
    }

    fn columns(&self) -> &[Arc<str>] {
        self.columns.names()
    }

    fn parts(&self) -> usize {
        self.cuts.len()
    }

    fn begin(&self) -> Begin {
        let (at, line) = self.header;
        Begin { at, line: line.max(1), headed: self.headless, ..Begin::default() }
    }

    fn guess(&self, part: usize, earlier: &Begin) -> Begin {
        match self.cuts.get(part) {
            Some(Cut { at, line }) => {
                Begin { at: *at, line: *line, headed: true, ..Begin::default() }
            }
            None => earlier.clone(),
        }
    }

    fn is_unchanged(&self) -> Result<()> {
        self.text.is_unchanged()
    }

    fn read(
        &self,
        part: usize,
        mut begin: Begin,
        told: &mut PartReport,
        taker: &mut dyn Take,
    ) -> Result<Begin> {
        let limit = self.cuts.get(part + 1).map_or(self.text.len(), |cut| cut.at);
        let (mut behind, mut buffer) = (self.behind, Vec::new());
        while begin.at < limit {
            let text = self.text.piece(begin.at, limit.saturating_add(behind), &mut buffer)?;
            match self.read_piece(text, begin, limit, told, taker)? {
                Came::Through(end) => return Ok(end),
                Came::To(row) => begin = row,
            }
            behind = behind.saturating_mul(4);
        }
        Ok(begin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::formats::parts::read_parts;
    use crate::sources::formats::record::Record;

    /// The records of a part, and whether the part is the first.
    struct Records(bool, Vec<Record>);

    impl Take for Records {
        fn take(&mut self, record: Written<'_, '_>, _: &[Arc<str>]) -> Next {
            self.1.push(record.into_record());
            Next::Read
        }
    }

    /// Reads a table in parts of a given size; returns records, findings, counts and notes as text.
    fn read(text: &'static str, part: usize) -> (String, Option<String>) {
        let file: Arc<str> = "t.csv".into();
        let mut findings = Vec::new();
        let table = Table::new(&file, text.into(), &ReadOptions::default(), part, &mut findings)
            .expect("table");
        let new = |first| Records(first, Vec::new());
        let (mut said, mut begun) = (String::new(), false);
        let mut notes = crate::sources::Notes::default();
        let outcome = read_parts(&table, &new, &mut |Records(first, records), told| {
            assert!(first != begun, "the first part alone is told that it is");
            begun |= !records.is_empty();
            let mut records = records.into_iter();
            for (before, finding) in told.findings {
                let left = records.len() + before;
                let taken = records.by_ref().take(left.saturating_sub(told.taken));
                said.extend(taken.map(|record| format!("{record:?}\n")));
                said.push_str(&format!("{finding}\n"));
            }
            said.extend(records.map(|record| format!("{record:?}\n")));
            notes.merge(told.notes);
            Ok(())
        });
        let mut all = crate::model::Findings::default();
        notes.report(&file, &mut all);
        said.extend(all.iter().map(|finding| format!("{finding}\n")));
        // If the file is refused, the records taken before are discarded.
        outcome.map_or_else(|error| (String::new(), Some(error.to_string())), |_| (said, None))
    }

    #[test]
    fn a_table_is_the_same_wherever_it_is_cut() {
        for text in [
            "sep=;\n\n\na;b;c\n1;\"x\ny\n\n1;2;3\n\";3\n\n;;\n4;5\n\u{feff}6;\u{feff};8\n;;\n9;1;ریک\n",
            "a,b\r\n1,\"q\"\"\r\n\r\n2,2\"\r\n3,🦀\r\n\r\n4\r\n5,\"6,7\"\r\n8,9",
            "a,b\r1,2\r\"3\r\",4\r,\r5,6\r",
            "a,b\n1,2\n3,4\n5,\"6\n7,8\n9,1\n",
            "a,b\n1,x\"\n2,\"y\n\"z\n3,3\n",
            "a,b,c\n1,\"x,\"y, z\"\n2,\"x\" y,3\n3,\"x,4\n4,\"y\",5\n6,z,7\n",
            "",
            "\n\n",
        ] {
            let whole = read(text, usize::MAX);
            for part in 1..=text.len() + 1 {
                assert_eq!(read(text, part), whole, "{part}: {text:?}");
            }
        }
    }
}
