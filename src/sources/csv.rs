//! Delimited text: a header line, then a record a row. A row that does not fit the header is set aside
//! with the line it begins on, because one missing or surplus delimiter moves every value after it into
//! another column.

mod cuts;
mod head;
mod quotes;
mod rows;

use super::geometry::Note;
use super::header::Columns;
use super::parts::{Next, Parts, Take, Told};
use super::record::{Cell, Geometries, Geometry, Written, WrittenGeometry};
use super::text::Text;
use crate::model::{Finding, Place, Value, Verdict};
use crate::{Error, Result};
use cuts::Cut;
pub(super) use cuts::Cutter;
use head::{Head, has_trailing, is_valueless};
use quotes::Malformed;
use rows::{Row, Rows};
use std::borrow::Cow;
use std::sync::Arc;

/// How much is read behind a part at first.
const BEHIND: usize = 4 << 10;

/// Delimited text whose header has been read.
#[derive(Debug)]
pub(super) struct Table {
    file: Arc<str>,
    text: Text,
    delimiter: u8,
    /// Whether every row ends in a delimiter that the header does not have.
    trailing: bool,
    columns: Columns,
    /// Where parts seem to begin.
    cuts: Vec<Cut>,
    /// How much behind a part is read with it, for its last row and the place where the next begins.
    behind: usize,
}

/// What reading a part of a table depends on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Begin {
    /// Where in the text its first row begins.
    at: usize,
    line: u64,
    /// Whether the header is still to come.
    headed: bool,
}

/// How far a piece of a text went.
enum Came {
    /// To the first row of the next part.
    Through(Begin),
    /// To a row that the piece does not hold whole.
    To(Begin),
}

impl Table {
    /// Reads the header of a text that is held and finds the delimiter, unless one is given.
    ///
    /// # Errors
    /// None but that of a delimiter outside ASCII: text is always a table of some kind, if of one
    /// column.
    pub fn new(
        file: &Arc<str>,
        text: Cow<'static, str>,
        delimiter: Option<char>,
        part: usize,
        findings: &mut Vec<Finding>,
    ) -> Result<Self> {
        let mut cutter = Cutter::new(part);
        cutter.look(&text, 0, true);
        Self::of_cuts(file, Text::Held(text), delimiter, cutter, findings)
    }

    /// The same of a text of which it is known where it can be cut apart.
    ///
    /// # Errors
    /// Also a text that cannot be read any more.
    pub fn of_cuts(
        file: &Arc<str>,
        text: Text,
        delimiter: Option<char>,
        cutter: Cutter,
        findings: &mut Vec<Finding>,
    ) -> Result<Self> {
        let Head { delimiter, header, trailing } = Head::of(&text, delimiter)?;
        let columns = Columns::from_header(file, &Place::Line(1), header, findings);
        let (behind, cuts) = (cutter.part().min(BEHIND), cutter.finish());
        Ok(Self { file: file.clone(), text, delimiter, trailing, columns, cuts, behind })
    }

    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    pub fn text(&self) -> &Text {
        &self.text
    }

    /// The delimiter as a word.
    pub fn delimiter(&self) -> &'static str {
        match self.delimiter {
            b',' => "comma",
            b';' => "semicolon",
            b'\t' => "tab",
            b'|' => "pipe",
            _ => "other delimiter",
        }
    }

    /// Reads the rows that begin before the limit, as far as a piece of the text from the first of them
    /// on holds them whole.
    fn read_piece(
        &self,
        text: &str,
        begin: Begin,
        limit: usize,
        told: &mut Told,
        take: &mut Take<'_>,
    ) -> Result<Came> {
        let to_end = begin.at + text.len() == self.text.len();
        let mut rows = Rows::new(text, self.delimiter, begin.line);
        let mut headed = begin.headed;
        let mut passed = rows.place();
        let width = self.columns.len();
        while let Some(row) = rows.next() {
            let Row { fields, start, end, line, next } = row;
            let at = begin.at + start;
            if at >= limit {
                return Ok(Came::Through(Begin { at, line, headed }));
            }
            if end >= text.len() && !to_end {
                return Ok(Came::To(Begin { at, line, headed }));
            }
            passed = (end, next);
            if is_valueless(fields) {
                // Rows of delimiters alone, which spreadsheets leave at the end, are no records.
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
            let (cells, geometry) =
                (&mut cells.collect(), WrittenGeometry::Read(Geometry::InColumns));
            let next = take(Written { place, id: None, cells, geometry }, self.columns.names());
            told.taken += 1;
            if next == Next::Stop {
                return Ok(Came::Through(Begin { at: begin.at + end, line, headed }));
            }
        }
        // Line ends behind the last row may go on behind the piece.
        let (at, line) = if to_end { rows.place() } else { passed };
        let begin = Begin { at: begin.at + at, line, headed };
        Ok(if to_end { Came::Through(begin) } else { Came::To(begin) })
    }

    /// A quote that is opened and never closed makes one field of all that follows: the text is cut
    /// short or damaged, and no row after it can be trusted.
    fn refuse_open_quote(&self, line: u64, last_row: &[u8]) -> Result<()> {
        let quotes = last_row.iter().filter(|byte| **byte == b'"').count();
        let opens = last_row.first() == Some(&b'"')
            || last_row.windows(2).any(|pair| pair == [self.delimiter, b'"'] || pair == *b"\n\"");
        if quotes % 2 == 0 || !opens {
            return Ok(());
        }
        let file = &self.file;
        Err(Error::data(format!("{file}: line {line}: a quote is opened and never closed"))
            .with_hint("the file may be cut short, or a \" within a field not doubled"))
    }
}

/// What is said of a row that is read as it is.
fn noted(why: &str) -> Note {
    Note { field: None, value: None, why: why.to_owned(), verdict: Verdict::Noted }
}

impl Parts for Table {
    type State = Begin;

    fn count(&self) -> usize {
        self.cuts.len()
    }

    fn begin(&self) -> Begin {
        Begin { headed: false, ..self.guess(0, &Begin { at: 0, line: 1, headed: true }) }
    }

    fn guess(&self, part: usize, begun: &Begin) -> Begin {
        match self.cuts.get(part) {
            Some(Cut { at, line }) => Begin { at: *at, line: *line, headed: true },
            None => begun.clone(),
        }
    }

    fn read(
        &self,
        part: usize,
        mut begin: Begin,
        _: Geometries,
        told: &mut Told,
        take: &mut Take<'_>,
    ) -> Result<Begin> {
        let limit = self.cuts.get(part + 1).map_or(self.text.len(), |cut| cut.at);
        let (mut behind, mut buffer) = (self.behind, Vec::new());
        while begin.at < limit {
            let text = self.text.piece(begin.at, limit.saturating_add(behind), &mut buffer)?;
            match self.read_piece(text, begin, limit, told, take)? {
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
    use crate::sources::parts::{Work, read_parts};
    use crate::sources::record::Record;

    /// What comes of a table read in parts of so many bytes: records, findings, counts and notes.
    fn read(text: &'static str, part: usize) -> (String, Option<String>) {
        let file: Arc<str> = "t.csv".into();
        let mut findings = Vec::new();
        let table = Table::new(&file, text.into(), None, part, &mut findings).expect("table");
        let work = Work {
            new: |first| (first, Vec::new()),
            take: |(_, all): &mut (bool, Vec<Record>), record: Written<'_, '_>, _: &[Arc<str>]| {
                all.push(record.into_record());
            },
            geometries: Geometries::Read,
        };
        let (mut said, mut begun) = (String::new(), false);
        let mut notes = crate::sources::Notes::default();
        let outcome = read_parts(&table, &work, &mut |(first, records), told| {
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
        // What was taken before a file turns out to be none is thrown away with it.
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
