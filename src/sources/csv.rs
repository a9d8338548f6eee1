//! Delimited text: a header line, then a record a row. The delimiter is found from the text itself;
//! a row that does not fit the header is set aside with the line it begins on, because one missing
//! or surplus delimiter moves every value after it into another column.

use super::geometry::Note;
use super::parts::{Next, PART_BYTES, Parts, Take, Told};
use super::reader::Columns;
use super::record::{Geometry, Record};
use crate::model::{Finding, Place, Value, Verdict};
use crate::{Error, Result};
use rayon::prelude::*;
use std::borrow::Cow;
use std::sync::Arc;

/// The delimiters that are tried, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How much of the text is looked at to find the delimiter.
const SNIFFED_BYTES: usize = 256 << 10;
const SNIFFED_ROWS: usize = 100;

/// Delimited text whose header has been read.
#[derive(Debug)]
pub(super) struct Table {
    file: Arc<str>,
    text: Cow<'static, str>,
    /// Where the header begins: past a `sep=` line.
    start: usize,
    delimiter: u8,
    /// Whether every row ends in a delimiter that the header does not have.
    trailing: bool,
    columns: Columns,
    /// Where parts seem to begin, and the line there.
    cuts: Vec<(usize, u64)>,
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

impl Table {
    /// Reads the header and finds the delimiter, unless one is given.
    ///
    /// # Errors
    /// None but that of a delimiter outside ASCII: text is always a table of some kind, if of one
    /// column.
    pub fn new(
        file: &Arc<str>,
        text: Cow<'static, str>,
        delimiter: Option<char>,
        findings: &mut Vec<Finding>,
    ) -> Result<Self> {
        Self::in_parts_of(PART_BYTES, file, text, delimiter, findings)
    }

    /// The same with parts of about so many bytes.
    fn in_parts_of(
        part: usize,
        file: &Arc<str>,
        text: Cow<'static, str>,
        delimiter: Option<char>,
        findings: &mut Vec<Finding>,
    ) -> Result<Self> {
        let (start, declared) = separator_line(&text);
        let asked = match delimiter {
            None => declared,
            Some(delimiter) => Some(ascii(delimiter)?),
        };
        let body = text.get(start..).unwrap_or_default();
        let delimiter = asked.unwrap_or_else(|| sniff(body));
        let head = Shape::of(body, delimiter);
        let columns = Columns::from_header(file, &Place::Line(1), head.header, findings);
        let cuts = cuts(&text, start, part);
        let (file, trailing) = (file.clone(), head.trailing);
        Ok(Self { file, start, delimiter, trailing, columns, cuts, text })
    }

    pub fn columns(&self) -> &Columns {
        &self.columns
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
}

impl Parts for Table {
    type State = Begin;

    fn count(&self) -> usize {
        self.cuts.len()
    }

    fn begin(&self) -> Begin {
        let (at, line) = self.cuts.first().copied().unwrap_or((self.start, 1));
        Begin { at, line, headed: false }
    }

    fn guess(&self, part: usize, _: &Begin) -> Begin {
        let (at, line) = self.cuts.get(part).copied().unwrap_or((self.text.len(), 0));
        Begin { at, line, headed: true }
    }

    fn read(
        &self,
        part: usize,
        begin: Begin,
        told: &mut Told,
        take: &mut Take<'_>,
    ) -> Result<Begin> {
        let limit = self.cuts.get(part + 1).map_or(self.text.len(), |(at, _)| *at);
        if begin.at >= limit {
            return Ok(begin);
        }
        let body = self.text.get(begin.at..).unwrap_or_default();
        let mut rows = Rows::new(body, self.delimiter);
        let mut lines = Lines { bytes: self.text.as_bytes(), at: begin.at, line: begin.line };
        // Where every line ends in \n alone the rows count them.
        let of_part = self.text.as_bytes().get(begin.at..limit).unwrap_or_default();
        let counted = !of_part.contains(&b'\r');
        let mut headed = begin.headed;
        let width = self.columns.len();
        while let Some(row) = rows.next() {
            let at = begin.at + row.start;
            let line =
                if counted && at < limit { begin.line + row.lines } else { lines.line_of(at) };
            if at >= limit && !is_marked(self.text.as_bytes(), at) {
                return Ok(Begin { at, line, headed });
            }
            if row.is_valueless() {
                // Rows of delimiters alone, which spreadsheets leave at the end, are no records.
                told.notes.set_place(Place::Line(line));
                told.notes.push(Note {
                    field: None,
                    value: None,
                    why: "is a row without any value; passed over".to_owned(),
                    verdict: Verdict::Noted,
                });
                continue;
            }
            refuse_open_quote(&self.file, line, &row, body, self.delimiter)?;
            if !std::mem::replace(&mut headed, true) {
                continue;
            }
            told.count.read += 1;
            let mut given = row.fields.len();
            if self.trailing && given == width + 1 && row.fields.get(width) == Some("") {
                given = width;
            }
            if given != width {
                told.set_aside(Finding {
                    file: self.file.clone(),
                    place: Place::Line(line),
                    id: None,
                    field: None,
                    value: row.fields.get(0).map(str::to_owned),
                    why: format!("begins a row of {given} fields where the header has {width}"),
                    verdict: Verdict::SetAside,
                });
                continue;
            }
            let mut fields = Vec::with_capacity(width);
            fields.extend(row.fields.iter().take(width).map(|field| match field {
                "" => Value::Missing,
                field => Value::Text(field.to_owned()),
            }));
            let place = Place::Line(line);
            let record = Record { place, id: None, fields, geometry: Geometry::InColumns };
            let next = take(record, self.columns.names());
            told.taken += 1;
            if next == Next::Stop {
                break;
            }
        }
        let at = self.text.len();
        Ok(Begin { at, line: lines.line_of(at), headed })
    }
}

/// Whether a row begins with the character that is a byte order mark where a text begins: no part may
/// begin with it, or it would be taken for one.
fn is_marked(text: &[u8], at: usize) -> bool {
    text.get(at..).is_some_and(|row| row.starts_with("\u{feff}".as_bytes()))
}

/// Where rows seem to begin, about `part` bytes apart, and the line of each: behind line ends, one of
/// which may yet stand within quotes.
fn cuts(text: &str, start: usize, part: usize) -> Vec<(usize, u64)> {
    let bytes = text.as_bytes();
    let ends = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let behind = |from: usize| {
        let rest = bytes.get(from..)?;
        let end = from + rest.iter().position(ends)?;
        let blank = bytes.get(end..)?.iter().take_while(|byte| ends(byte)).count();
        Some(end + blank)
    };
    let blank = bytes.get(start..).unwrap_or_default().iter().take_while(|b| ends(b)).count();
    let mut places = vec![start + blank];
    let mut at = start + blank;
    while let Some(next) = behind(at.saturating_add(part.max(1))).filter(|at| *at < bytes.len()) {
        at = next;
        if !is_marked(bytes, at) {
            places.push(at);
        }
    }
    // Lines are counted within the parts, and added up.
    let froms = std::iter::once(&0).chain(&places);
    let pieces: Vec<(usize, usize)> = froms.copied().zip(places.iter().copied()).collect();
    let counted: Vec<u64> = pieces
        .into_par_iter()
        .map(|(from, to)| Lines { bytes, at: from, line: 0 }.line_of(to))
        .collect();
    let mut line = 1;
    places
        .into_iter()
        .zip(counted)
        .map(|(at, lines)| {
            line += lines;
            (at, line)
        })
        .collect()
}

/// A quote that is opened and never closed makes one field of all that follows: the text is cut
/// short or damaged, and no row after it can be trusted.
fn refuse_open_quote(
    file: &str,
    line: u64,
    row: &Row<'_>,
    body: &str,
    delimiter: u8,
) -> Result<()> {
    if row.end < body.len() {
        return Ok(());
    }
    let raw = body.as_bytes().get(row.start..row.end).unwrap_or_default();
    let quotes = raw.iter().filter(|byte| **byte == b'"').count();
    let opens = raw.first() == Some(&b'"')
        || raw.windows(2).any(|pair| pair == [delimiter, b'"'] || pair == *b"\n\"");
    if quotes % 2 == 1 && opens {
        return Err(Error::data(format!(
            "{file}: line {line}: a quote is opened and never closed"
        ))
        .with_hint("the file may be cut short, or a \" within a field not doubled"));
    }
    Ok(())
}

/// Excel's own first line, `sep=;`, which names the delimiter: where the rest begins, and which.
fn separator_line(text: &str) -> (usize, Option<u8>) {
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
    fn of(body: &str, delimiter: u8) -> Self {
        let head = body.get(..floor_boundary(body, SNIFFED_BYTES)).unwrap_or(body);
        let cut = head.len() < body.len();
        let mut rows = Rows::new(head, delimiter);
        let mut shape = Self { header: Vec::new(), rows: 0, fitting: 0, trailing: false };
        let mut surplus = 0;
        while let Some(row) = rows.next() {
            // The last row of a part of the text may itself be cut.
            if shape.rows >= SNIFFED_ROWS || (cut && row.end >= head.len()) {
                break;
            }
            if row.is_valueless() {
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
            } else if row.fields.len() == width + 1 && row.fields.get(width) == Some("") {
                surplus += 1;
            }
        }
        shape.trailing = shape.rows > 0 && surplus == shape.rows;
        if shape.trailing {
            shape.fitting = shape.rows;
        }
        if shape.header.is_empty() && cut {
            // A header longer than the part looked at.
            shape.header = Rows::new(body, delimiter)
                .next()
                .map(|row| row.fields.iter().map(str::to_owned).collect())
                .unwrap_or_default();
        }
        shape
    }
}

/// The delimiter that divides the header and fits most rows to it; a comma where none does.
fn sniff(body: &str) -> u8 {
    let mut best = (b',', 0.0);
    for delimiter in DELIMITERS {
        let shape = Shape::of(body, delimiter);
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

/// The largest character boundary at or below `at`.
fn floor_boundary(text: &str, at: usize) -> usize {
    if at >= text.len() {
        return text.len();
    }
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// A row and where in the text it stands.
struct Row<'r> {
    fields: &'r csv::StringRecord,
    start: usize,
    end: usize,
    /// How many \n there are before it.
    lines: u64,
}

impl Row<'_> {
    fn is_valueless(&self) -> bool {
        self.fields.iter().all(|field| field.trim().is_empty())
    }
}

/// The rows of a text, header first, blank lines left out.
struct Rows<'t> {
    body: &'t str,
    reader: csv::Reader<&'t [u8]>,
    record: csv::StringRecord,
}

impl<'t> Rows<'t> {
    fn new(body: &'t str, delimiter: u8) -> Self {
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(body.as_bytes());
        Self { body, reader, record: csv::StringRecord::new() }
    }

    fn next(&mut self) -> Option<Row<'_>> {
        // Reading from memory does not fail, the text is UTF-8, and rows may be of any length.
        if !self.reader.read_record(&mut self.record).unwrap_or(false) {
            return None;
        }
        let offset = |byte: u64| usize::try_from(byte).unwrap_or(usize::MAX);
        let begun = self.record.position().map_or(0, |position| offset(position.byte()));
        // The reader counts the line ends before a row as part of it.
        let blank =
            self.body.bytes().skip(begun).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let end = offset(self.reader.position().byte()).min(self.body.len());
        let before = self.record.position().map_or(0, |position| position.line() - 1);
        let passed = self.body.bytes().skip(begun).take(blank).filter(|b| *b == b'\n').count();
        let lines = before + u64::try_from(passed).unwrap_or(u64::MAX);
        Some(Row { fields: &self.record, start: begun + blank, end, lines })
    }
}

/// Counts lines up to a place, going forward only.
struct Lines<'t> {
    bytes: &'t [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line on which a byte stands, the first being 1; `\r\n`, `\n` and a lone `\r` end one.
    fn line_of(&mut self, to: usize) -> u64 {
        let to = to.min(self.bytes.len());
        let passed = self.bytes.get(self.at..to).unwrap_or_default();
        let mut ends = passed.iter().filter(|byte| **byte == b'\n').count();
        if passed.contains(&b'\r') {
            let followed =
                self.bytes.get(self.at..self.bytes.len().min(to + 1)).unwrap_or_default();
            ends += passed.iter().filter(|byte| **byte == b'\r').count();
            ends -= followed.windows(2).filter(|pair| *pair == b"\r\n").count();
        }
        self.line += u64::try_from(ends).unwrap_or(u64::MAX);
        self.at = self.at.max(to);
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::parts::{Work, read_parts};

    /// What comes of a table read in parts of so many bytes: records, findings, counts and notes.
    fn read(text: &'static str, part: usize) -> (String, Option<String>) {
        let file: Arc<str> = "t.csv".into();
        let mut findings = Vec::new();
        let table =
            Table::in_parts_of(part, &file, text.into(), None, &mut findings).expect("table");
        let work = Work {
            new: |first| (first, Vec::new()),
            take: |(_, all): &mut (bool, Vec<Record>), record, _: &[Arc<str>]| all.push(record),
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
