//! One way into every format: open a source, look at its columns and a few records, then take the
//! records one by one. What a file is taken for is decided by its content and can be said in a line.

use super::csv::{Cutter, Table};
use super::declared::{Declared, choose_crs};
use super::decode::{Content, decode};
use super::geojson::{Document, Outliner};
use super::notes::Notes;
use super::open::{Source, open};
use super::options::{Format, ReadOptions};
use super::parts::{Next, PART_BYTES, Parts, Told, Work, read_parts};
use super::record::{Geometries, Record, Written};
use super::text::{Stored, Text};
use super::xlsx::Workbook;
use crate::Result;
use crate::earth::Crs;
use crate::model::{Finding, Findings};
use std::sync::Arc;

/// How many records a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// All of them, those set aside included.
    pub read: u64,
    /// Those that the format itself set aside, with a finding each: they were not visited.
    pub set_aside: u64,
}

/// What is done with each record: the record, the columns known so far, and the findings.
pub type Visit<'v> = dyn FnMut(Record, &[Arc<str>], &mut Findings) -> Result<()> + 'v;

/// A file whose format is known and whose records can be taken.
#[derive(Debug)]
pub struct Reader {
    file: Arc<str>,
    description: String,
    hash: blake3::Hash,
    size: u64,
    body: Body,
    declared: Declared,
    /// Found on opening; they go out with the first reading.
    findings: Vec<Finding>,
}

#[derive(Debug)]
enum Body {
    Csv(Table),
    GeoJson(Document),
    Xlsx(Workbook),
}

impl Reader {
    /// Reads a source and finds out what it is. A large file of plain UTF-8 is looked through and then
    /// left where it is: it must not change until its records have been taken.
    ///
    /// # Errors
    /// What cannot be opened, decoded, or is in no format that is read.
    pub fn open(source: &Source, options: &ReadOptions) -> Result<Self> {
        match Self::look_through(source, options)? {
            Some(reader) => Ok(reader),
            None => Self::read_whole(source, options),
        }
    }

    /// Finds out what a file is whose text stays in it. `None` where it has to be read whole: since it is
    /// small, packed, in another encoding, or since there is something to say of it that only who sees
    /// the whole can say.
    fn look_through(source: &Source, options: &ReadOptions) -> Result<Option<Self>> {
        let encoding = options.encoding.as_deref();
        let Some(stored) = Stored::open(source, encoding, &options.limits)? else {
            return Ok(None);
        };
        let file = source.name();
        let size = u64::try_from(stored.size()).unwrap_or(u64::MAX);
        let part = PART_BYTES.min(stored.window());
        let mut findings = Vec::new();
        if stored.head().trim_start().is_empty() {
            return Ok(None);
        }
        let (hash, body) = match options.format.unwrap_or_else(|| text_format(file, stored.head()))
        {
            Format::GeoJson => {
                let mut outliner = Outliner::new(part);
                let Some(hash) = stored.pass(|text, at, last| outliner.look(text, at, last))?
                else {
                    return Ok(None);
                };
                let Some(outline) = outliner.finish() else { return Ok(None) };
                let text = Text::Stored(stored);
                (
                    hash,
                    Body::GeoJson(Document::of_outline(file, text, outline, part, &mut findings)?),
                )
            }
            Format::Csv => {
                let mut cutter = Cutter::new(part);
                let Some(hash) = stored.pass(|text, at, last| cutter.look(text, at, last))? else {
                    return Ok(None);
                };
                let (text, delimiter) = (Text::Stored(stored), options.delimiter);
                (hash, Body::Csv(Table::of_cuts(file, text, delimiter, cutter, &mut findings)?))
            }
            Format::Xlsx => return Ok(None),
        };
        Self::of_body(file, body, "UTF-8", hash, size, options, findings).map(Some)
    }

    /// Reads a source into memory and finds out what it is.
    fn read_whole(source: &Source, options: &ReadOptions) -> Result<Self> {
        let opened = open(source, &options.limits)?;
        let file = source.name();
        let size = u64::try_from(opened.bytes.len()).unwrap_or(u64::MAX);
        let decoded = decode(file, opened.bytes, options.encoding.as_deref(), &options.limits)?;
        let mut findings = Vec::new();
        let (body, encoding) = match decoded.content {
            Content::Workbook(bytes) => {
                let sheet = options.sheet.as_deref();
                (Body::Xlsx(Workbook::new(file, &bytes, sheet, &options.limits)?), "")
            }
            Content::Text { text, encoding } => {
                let format = options.format.unwrap_or_else(|| text_format(file, &text));
                let body = if format == Format::GeoJson {
                    Body::GeoJson(Document::new(file, text, PART_BYTES, &mut findings)?)
                } else {
                    let delimiter = options.delimiter;
                    Body::Csv(Table::new(file, text, delimiter, PART_BYTES, &mut findings)?)
                };
                (body, encoding)
            }
        };
        let mut reader = Self::of_body(file, body, encoding, opened.hash, size, options, findings)?;
        if decoded.gzip {
            reader.description.push_str(", gzip");
        }
        Ok(reader)
    }

    fn of_body(
        file: &Arc<str>,
        body: Body,
        encoding: &str,
        hash: blake3::Hash,
        size: u64,
        options: &ReadOptions,
        mut findings: Vec<Finding>,
    ) -> Result<Self> {
        let (description, declared) = match &body {
            Body::Csv(table) => (format!("CSV, {}, {encoding}", table.delimiter()), None),
            Body::GeoJson(document) => {
                (format!("{}, {encoding}", document.shape()), document.crs())
            }
            Body::Xlsx(_) => ("xlsx".to_owned(), None),
        };
        let (asked, usual) = (options.crs.as_deref(), options.usual_crs.as_deref());
        let declared = choose_crs(file, asked, usual, declared, &mut findings)?;
        Ok(Self { file: file.clone(), description, hash, size, body, declared, findings })
    }

    /// The CRS of the coordinates, in columns or geometries, as far as words tell: that of the options,
    /// that of the file, the usual one, or WGS84.
    pub fn crs(&self) -> &Crs {
        &self.declared.crs
    }

    /// The same, with whose word it is.
    pub(super) fn declared(&self) -> &Declared {
        &self.declared
    }

    /// The file's name as messages give it.
    pub fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// What the file was taken for: `CSV, comma, UTF-8, gzip`.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The BLAKE3 hash of the file's bytes as they were stored, in hexadecimal.
    pub fn hash(&self) -> String {
        self.hash.to_hex().to_string()
    }

    /// # Units
    /// Bytes, as stored.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Whether the format has geometry of its own, so that no columns need to hold the place.
    pub fn has_geometry(&self) -> bool {
        matches!(self.body, Body::GeoJson(_))
    }

    /// The columns of the selected table. Of GeoJSON, the property names of the first features;
    /// later ones add theirs at the end as they come.
    pub fn columns(&self) -> &[Arc<str>] {
        match &self.body {
            Body::Csv(table) => table.columns().names(),
            Body::GeoJson(document) => document.columns().names(),
            Body::Xlsx(book) => book.columns(),
        }
    }

    /// The names of the tables in the file: the sheets of a workbook that hold one. Any other file
    /// is one table without a name.
    pub fn tables(&self) -> Vec<&str> {
        match &self.body {
            Body::Csv(_) | Body::GeoJson(_) => vec![""],
            Body::Xlsx(book) => book.tables(),
        }
    }

    /// Turns to another of the [`tables`](Self::tables), counted from 0; a number that is none of
    /// them changes nothing.
    pub fn select(&mut self, table: usize) {
        if let Body::Xlsx(book) = &mut self.body {
            book.select(table);
        }
    }

    /// The first records of the selected table, without their findings.
    ///
    /// # Errors
    /// As [`for_each`](Self::for_each), for the part that is read.
    pub fn sample(&self, most: usize) -> Result<Vec<Record>> {
        fn first<P: Parts>(parts: &P, most: usize) -> Result<Vec<Record>> {
            let mut sample = Vec::new();
            let mut state = parts.begin();
            for part in 0..parts.count() {
                if sample.len() >= most {
                    break;
                }
                let mut told = Told::new();
                let read =
                    parts.read(part, state, Geometries::Read, &mut told, &mut |record, _| {
                        sample.push(record.into_record());
                        if sample.len() < most { Next::Read } else { Next::Stop }
                    });
                state = match read {
                    Err(error) if sample.len() < most => return Err(error),
                    Err(_) => break,
                    Ok(state) => state,
                };
            }
            Ok(sample)
        }
        match &self.body {
            Body::Csv(table) => first(table, most),
            Body::GeoJson(document) => first(document, most),
            Body::Xlsx(book) => first(book, most),
        }
    }

    /// Gives every record of the selected table to `visit`, in the file's order; those the format
    /// cannot make a record of are set aside with a finding.
    ///
    /// # Errors
    /// A file that turns out to be cut short or damaged: nothing visited so far may be used then.
    /// And whatever `visit` returns.
    pub fn for_each(&self, findings: &mut Findings, visit: &mut Visit<'_>) -> Result<Count> {
        // The columns of the last batch, as long as no new ones come.
        let mut names: Vec<Arc<str>> = self.columns().to_vec();
        let work = Work {
            new: |_| (Vec::new(), Vec::new()),
            take: |(records, known): &mut (Vec<_>, Vec<Arc<str>>),
                   record: Written<'_, '_>,
                   columns: &[Arc<str>]| {
                if known.len() < columns.len() {
                    known.clear();
                    known.extend_from_slice(columns);
                }
                records.push((record.into_record(), columns.len()));
            },
            geometries: Geometries::Read,
        };
        self.in_parts(findings, &work, &mut |(records, known), told, findings| {
            if names.len() < known.len() {
                names = known;
            }
            let mut told = told.into_iter().peekable();
            for (at, (record, width)) in records.into_iter().enumerate() {
                while let Some((_, finding)) = told.next_if(|(before, _)| *before <= at) {
                    findings.push(finding);
                }
                visit(record, names.get(..width).unwrap_or(&names), findings)?;
            }
            told.for_each(|(_, finding)| findings.push(finding));
            Ok(())
        })
    }

    /// Makes something of each record of the selected table on all threads, as it stands in the text, and
    /// gives it to `merge` in the file's order, some thousand records at a time: `take` adds a record to
    /// a product, which begins as its default. Geometries of GeoJSON come as their JSON. Findings are as
    /// in [`for_each`](Self::for_each).
    ///
    /// # Errors
    /// As [`for_each`](Self::for_each).
    pub fn for_each_part<P: Default + Send>(
        &self,
        findings: &mut Findings,
        take: impl Fn(&mut P, Written<'_, '_>, &[Arc<str>]) + Sync,
        merge: &mut dyn FnMut(P) -> Result<()>,
    ) -> Result<Count> {
        let work = Work { new: |_| P::default(), take, geometries: Geometries::Json };
        self.in_parts(findings, &work, &mut |product, told, findings| {
            told.into_iter().for_each(|(_, finding)| findings.push(finding));
            merge(product)
        })
    }

    /// Makes products of the parts of the selected table, by any thread, and gives them to `merge`
    /// in the file's order with the findings of the format.
    ///
    /// # Errors
    /// As [`for_each`](Self::for_each).
    pub(super) fn in_parts<P, N, T>(
        &self,
        findings: &mut Findings,
        work: &Work<N, T>,
        merge: &mut Merge<'_, P>,
    ) -> Result<Count>
    where
        P: Send,
        N: Fn(bool) -> P + Sync,
        T: Fn(&mut P, Written<'_, '_>, &[Arc<str>]) + Sync,
    {
        for finding in &self.findings {
            findings.push(finding.clone());
        }
        let mut count = Count::default();
        let mut notes = Notes::default();
        let mut merge = |product: P, told: Told| {
            count.read += told.count.read;
            count.set_aside += told.count.set_aside;
            notes.merge(told.notes);
            merge(product, told.findings, findings)
        };
        match &self.body {
            Body::Csv(table) => read_parts(table, work, &mut merge)?,
            Body::GeoJson(document) => read_parts(document, work, &mut merge)?,
            Body::Xlsx(book) => read_parts(book, work, &mut merge)?,
        }
        match &self.body {
            Body::Csv(table) => table.text().is_unchanged()?,
            Body::GeoJson(document) => document.text().is_unchanged()?,
            Body::Xlsx(_) => {}
        }
        notes.report(&self.file, findings);
        Ok(count)
    }
}

/// What is done with the product of a part: the product, the format's findings, each with how many
/// records were taken before it, and the findings so far.
pub(super) type Merge<'m, P> =
    dyn FnMut(P, Vec<(usize, Finding)>, &mut Findings) -> Result<()> + 'm;

/// What a text is: JSON begins with a brace, a bracket or a record separator. A lone value in a file
/// that is named as JSON is JSON too, if not GeoJSON.
fn text_format(file: &str, text: &str) -> Format {
    let first_line = text.trim_start().lines().next().unwrap_or_default();
    let name = file.to_lowercase();
    let named = name.trim_end_matches(".gz").ends_with("json");
    match first_line.chars().next() {
        Some('{' | '[' | '\u{1e}') => Format::GeoJson,
        _ if named && !first_line.contains([',', ';', '\t', '|']) => Format::GeoJson,
        _ => Format::Csv,
    }
}
