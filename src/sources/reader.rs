//! The entry point to every format: open a source, inspect its columns and first records, then read the
//! records one by one. The format is detected from the content and described in one line.

use super::bytes::decode::unpack;
use super::bytes::open::{Source, head_of, open};
use super::bytes::text::Stored;
#[cfg(feature = "parquet")]
use super::formats::Held;
use super::formats::notes::Notes;
use super::formats::parts::{Count, Next, PartReport, Take, read_parts};
use super::formats::record::{Record, Written};
use super::formats::refused::by_head;
use super::formats::unpacked::{Recognized, Unpacked};
use super::formats::{Asked, Dataset, Head, Typing, driver_of};
use super::intake::declared::{Declared, choose_crs};
use super::layouts::recognize;
use super::options::ReadOptions;
#[cfg(feature = "parquet")]
use super::table::Table;
use crate::earth::Crs;
use crate::model::{Finding, Findings, Place, Verdict};
use crate::{Code, Error, Result};
use std::sync::Arc;

/// Callback for each record: the record, the columns known so far, and the findings.
pub type Visit<'v> = dyn FnMut(Record, &[Arc<str>], &mut Findings) -> Result<()> + 'v;

/// An open file whose format is known and whose records can be read.
#[derive(Debug)]
pub struct Reader {
    file: Arc<str>,
    description: String,
    hash: blake3::Hash,
    size: u64,
    dataset: Box<dyn Dataset>,
    /// Description of the format, without the layer.
    form: String,
    /// The layer to read, if it is fixed.
    only: Option<usize>,
    /// The CRS asked for, and the usual one for coordinates that are not degrees.
    crs: [Option<String>; 2],
    declared: Declared,
    /// Whether the selected layer names a CRS that cannot be used.
    undeclared: bool,
    /// Findings from opening the file, reported with its first reading.
    findings: Vec<Finding>,
    /// Findings about the CRS of the selected layer.
    of_crs: Vec<Finding>,
}

/// What is known about a file besides its records.
struct Known<'k> {
    hash: blake3::Hash,
    /// Size as stored, in bytes.
    size: u64,
    /// Encoding of a text file.
    encoding: Option<&'k str>,
    gzip: bool,
}

impl Reader {
    /// Opens a source and detects its format. A large file of plain UTF-8 is scanned and then left on
    /// disk: it must not change until its records have been read.
    ///
    /// # Errors
    /// If the source cannot be opened or decoded, or if its format is not supported.
    pub fn open(source: &Source, options: &ReadOptions) -> Result<Self> {
        let Some(layer) = source.layer() else { return Self::open_any(source, options) };
        let options = ReadOptions { sheet: Some(layer.to_owned()), ..options.clone() };
        let reader = Self::open_any(source, &options)?;
        if reader.only.is_none() && !reader.dataset.joins_layers() {
            return Err(Error::usage(
                Code::LayerUnknown,
                format!("{}: has no layers to choose from", reader.file),
            )
            .with_hint(format!("leave :{layer} out")));
        }
        Ok(reader)
    }

    fn open_any(source: &Source, options: &ReadOptions) -> Result<Self> {
        #[cfg(feature = "parquet")]
        if let Some(table) = source.as_table() {
            return Self::read_table(source.name(), table, options);
        }
        if let Some(reader) = Self::read_in_place(source, options)? {
            return Ok(reader);
        }
        match Self::look_through(source, options)? {
            Some(reader) => Ok(reader),
            None => Self::read_whole(source, options),
        }
    }

    /// Opens a table in memory.
    #[cfg(feature = "parquet")]
    fn read_table(file: &Arc<str>, table: &Table, options: &ReadOptions) -> Result<Self> {
        let (hash, size) = table.hash(file)?;
        let mut findings = Vec::new();
        let dataset =
            Box::new(Held::new(file, "Arrow table", &table.schema, &table.batches, &mut findings)?);
        let known = Known { hash, size, encoding: None, gzip: false };
        Self::of_dataset(file, dataset, known, options, findings)
    }

    /// Opens a file whose format is read in place.
    fn read_in_place(source: &Source, options: &ReadOptions) -> Result<Option<Self>> {
        let Some(path) = source.as_path() else { return Ok(None) };
        let (file, bytes) = (source.name(), head_of(path, &options.limits)?);
        let head = Head { file, path: Some(path), bytes: &bytes, text: None };
        if let Some(refusal) = by_head(&head).filter(|_| options.format.is_none()) {
            return Err(refusal);
        }
        let Some(driver) = driver_of(&head, None) else { return Ok(None) };
        let mut findings = Vec::new();
        let mut asked = Asked { file, options, findings: &mut findings };
        let Some(opened) = driver.open_in_place(path, &mut asked)? else { return Ok(None) };
        let known = Known { hash: opened.hash, size: opened.size, encoding: None, gzip: false };
        Self::of_dataset(file, opened.dataset, known, options, findings).map(Some)
    }

    /// Opens a text file whose content stays on disk. Returns `None` if the file must be read into memory:
    /// because it is small, compressed or in another encoding, or because a finding needs the whole text.
    fn look_through(source: &Source, options: &ReadOptions) -> Result<Option<Self>> {
        let encoding = options.encoding.as_deref();
        let Some(stored) = Stored::open(source, encoding, &options.limits)? else {
            return Ok(None);
        };
        if stored.head().trim_start().is_empty() {
            return Ok(None);
        }
        let file = source.name();
        let bytes = stored.head().as_bytes();
        let head = Head { file, path: source.as_path(), bytes, text: Some(stored.head()) };
        let Some(driver) = driver_of(&head, options.format) else { return Ok(None) };
        let mut findings = Vec::new();
        let mut asked = Asked { file, options, findings: &mut findings };
        let Some(opened) = driver.open_stored(stored, &mut asked)? else { return Ok(None) };
        let known =
            Known { hash: opened.hash, size: opened.size, encoding: Some("UTF-8"), gzip: false };
        Self::of_dataset(file, opened.dataset, known, options, findings).map(Some)
    }

    /// Reads a source into memory and detects its format.
    fn read_whole(source: &Source, options: &ReadOptions) -> Result<Self> {
        let opened = open(source, &options.limits)?;
        let (file, path) = (source.name(), source.as_path());
        let size = u64::try_from(opened.bytes.len()).unwrap_or(u64::MAX);
        let (bytes, gzip) = unpack(file, opened.bytes, &options.limits)?;
        let mut findings = Vec::new();
        let mut asked = Asked { file, options, findings: &mut findings };
        let unpacked = Unpacked { name: file, path, member: false, bytes };
        let Recognized { dataset, encoding, .. } = unpacked.open(&mut asked)?;
        let known = Known { hash: opened.hash, size, encoding, gzip };
        Self::of_dataset(file, dataset, known, options, findings)
    }

    fn of_dataset(
        file: &Arc<str>,
        mut dataset: Box<dyn Dataset>,
        known: Known<'_>,
        options: &ReadOptions,
        mut findings: Vec<Finding>,
    ) -> Result<Self> {
        let mut form = dataset.description();
        if let Some(encoding) = known.encoding {
            form.push_str(", ");
            form.push_str(encoding);
        }
        if known.gzip {
            form.push_str(", gzip");
        }
        if let Some(partial) = dataset.partial() {
            findings.push(Finding {
                code: Code::FileDoubtful,
                file: file.clone(),
                place: Place::File,
                id: None,
                field: None,
                value: None,
                why: partial.to_owned(),
                verdict: Verdict::Noted,
            });
        }
        if dataset.has_geometry()
            && let Some(height) = recognize(dataset.columns()).and_then(|layout| layout.height)
        {
            dataset.name_heights(height);
        }
        let only = match options.sheet.as_deref() {
            Some(wanted) if !dataset.joins_layers() => find_layer(file, &*dataset, wanted)?,
            _ => None,
        };
        let Known { hash, size, .. } = known;
        let mut reader = Self {
            file: file.clone(),
            description: form.clone(),
            hash,
            size,
            dataset,
            form,
            only,
            crs: [options.crs.clone(), options.usual_crs.clone()],
            declared: Declared::nobody(),
            undeclared: false,
            findings,
            of_crs: Vec::new(),
        };
        reader.select(only.unwrap_or(0));
        if reader.undeclared && reader.candidates().len() == 1 {
            reader.choose_crs(&mut Vec::new())?;
        }
        Ok(reader)
    }

    /// Returns the CRS of the selected layer.
    fn choose_crs(&self, findings: &mut Vec<Finding>) -> Result<Declared> {
        let [asked, usual] = &self.crs;
        let declared = self.dataset.crs();
        choose_crs(&self.file, asked.as_deref(), usual.as_deref(), declared, findings)
    }

    /// The CRS of the coordinates, in columns or geometries, as far as it is declared: by the options, by
    /// the file, by the usual CRS, or else WGS84.
    pub fn crs(&self) -> &Crs {
        &self.declared.crs
    }

    /// The declared CRS, with who declared it.
    pub(crate) fn declared(&self) -> &Declared {
        &self.declared
    }

    /// Why the file holds only part of its source, such as one page of a service's results.
    pub(crate) fn partial(&self) -> Option<&str> {
        self.dataset.partial()
    }

    /// File name, as shown in messages.
    pub fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// Description of the format: `CSV, comma, UTF-8, gzip`.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// BLAKE3 hash of the file's bytes as stored, in hexadecimal.
    pub fn hash(&self) -> String {
        self.hash.to_hex().to_string()
    }

    /// File size as stored.
    ///
    /// # Units
    /// Bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Whether the format has geometry of its own, so that no columns need to hold the place.
    pub fn has_geometry(&self) -> bool {
        self.dataset.has_geometry()
    }

    /// What the format specifies about the types of values.
    pub fn typing(&self) -> Typing {
        self.dataset.typing()
    }

    /// The columns of the selected layer. For GeoJSON, these are the property names of the first features;
    /// later features append new ones.
    pub fn columns(&self) -> &[Arc<str>] {
        self.dataset.columns()
    }

    /// The names of the layers in the file, such as the sheets of a workbook that hold a table. Most files
    /// are a single layer without a name.
    pub fn layers(&self) -> Vec<&str> {
        self.dataset.layers()
    }

    /// Selects another of the [`layers`](Self::layers), counted from 0; a number out of range changes
    /// nothing. If the CRS of the layer cannot be used, reading the layer returns the error.
    pub fn select(&mut self, layer: usize) {
        self.dataset.select(layer);
        let mut findings = Vec::new();
        let declared = self.choose_crs(&mut findings);
        self.undeclared = declared.is_err();
        self.declared = declared.unwrap_or_else(|_| Declared::nobody());
        self.of_crs = findings;
        let name = self.dataset.layers().get(layer).map_or("", |name| *name);
        self.description = match (self.dataset.joins_layers(), name) {
            (true, _) | (_, "") => self.form.clone(),
            _ => format!("{}, layer {name}", self.form),
        };
    }

    /// The layers to choose from: the named layer, or all.
    pub(crate) fn candidates(&self) -> Vec<usize> {
        match self.only {
            Some(only) => vec![only],
            None => (0..self.dataset.layers().len()).collect(),
        }
    }

    /// Fixes the layer to read.
    pub(crate) fn pin(&mut self, layer: usize) {
        self.only = Some(layer);
        self.select(layer);
    }

    /// Whether all layers that match the role are read as one.
    pub(crate) fn joins_layers(&self) -> bool {
        self.dataset.joins_layers()
    }

    /// Number of records in the selected layer, if it is known without reading them.
    pub(crate) fn count(&self) -> Option<u64> {
        self.dataset.count()
    }

    /// Number of parts in which the selected layer is read.
    pub(crate) fn parts(&self) -> usize {
        self.dataset.parts()
    }

    /// Returns up to `most` first records of the selected layer, without their findings.
    ///
    /// # Errors
    /// As [`for_each`](Self::for_each), for the part that is read.
    pub fn sample(&self, most: usize) -> Result<Vec<Record>> {
        let mut sample = Records { most, ..Records::default() };
        let mut begin = self.dataset.begin();
        for part in 0..self.dataset.parts() {
            if sample.list.len() >= most {
                break;
            }
            let mut told = PartReport::new();
            let read = self.dataset.read(part, begin, &mut told, &mut sample);
            begin = match read {
                Err(error) if sample.list.len() < most => return Err(error),
                Err(_) => break,
                Ok(begin) => begin,
            };
        }
        Ok(sample.list.into_iter().map(|(record, _)| record).collect())
    }

    /// Passes every record of the selected layer to `visit`, in file order. Input that cannot be read as a
    /// record is set aside with a finding.
    ///
    /// # Errors
    /// If the file turns out to be truncated or damaged; nothing visited so far may be used then. Also any
    /// error from `visit`.
    pub fn for_each(&self, findings: &mut Findings, visit: &mut Visit<'_>) -> Result<Count> {
        // The columns of the last part, replaced only when new ones appear.
        let mut names: Vec<Arc<str>> = self.columns().to_vec();
        let new = |_| Records { most: usize::MAX, ..Records::default() };
        self.in_parts(findings, &new, &mut |part, told, findings| {
            let Records { list, known, .. } = part;
            if names.len() < known.len() {
                names = known;
            }
            let mut told = told.into_iter().peekable();
            for (at, (record, width)) in list.into_iter().enumerate() {
                while let Some((_, finding)) = told.next_if(|(before, _)| *before <= at) {
                    findings.push(finding);
                }
                visit(record, names.get(..width).unwrap_or(&names), findings)?;
            }
            told.for_each(|(_, finding)| findings.push(finding));
            Ok(())
        })
    }

    /// Reads the parts of the selected layer on any thread. `new` creates the taker of a part; its
    /// argument says whether the part starts with the first record of the layer. `merge` receives the
    /// takers in file order, with the findings of the format.
    ///
    /// # Errors
    /// As [`for_each`](Self::for_each).
    pub(crate) fn in_parts<P: Take + Send>(
        &self,
        findings: &mut Findings,
        new: &(dyn Fn(bool) -> P + Sync),
        merge: &mut Merge<'_, P>,
    ) -> Result<Count> {
        if self.undeclared {
            self.choose_crs(&mut Vec::new())?;
        }
        for finding in self.findings.iter().chain(&self.of_crs) {
            findings.push(finding.clone());
        }
        let mut count = Count::default();
        let mut notes = Notes::default();
        read_parts(&*self.dataset, new, &mut |part, told| {
            count.read += told.count.read;
            count.set_aside += told.count.set_aside;
            notes.merge(told.notes);
            merge(part, told.findings, findings)
        })?;
        self.dataset.is_unchanged()?;
        notes.report(&self.file, findings);
        Ok(count)
    }
}

/// Returns the number of a named layer; `None` if the layers of the file have no names, so that the name
/// must be meant for another file.
fn find_layer(file: &str, dataset: &dyn Dataset, wanted: &str) -> Result<Option<usize>> {
    let names = dataset.layers();
    let wanted = wanted.trim();
    let same = |name: &str| name.trim() == wanted;
    let alike = |name: &str| name.trim().to_lowercase() == wanted.to_lowercase();
    let found = names.iter().position(|name| same(name));
    match found.or_else(|| names.iter().position(|name| alike(name))) {
        None if names.iter().all(|name| name.is_empty()) => Ok(None),
        None => Err(Error::usage(
            Code::LayerUnknown,
            format!("{file}: has no layer \"{}\"", wanted.escape_debug()),
        )
        .with_hint(format!("its layers are: {}", names.join(", ")))),
        found => Ok(found),
    }
}

/// Callback for the taker of a part, the findings of the format, each with the number of records read
/// before it, and the findings so far.
pub(crate) type Merge<'m, P> =
    dyn FnMut(P, Vec<(usize, Finding)>, &mut Findings) -> Result<()> + 'm;

/// Collects records without changing them.
#[derive(Default)]
struct Records {
    /// Each record, with the number of columns known at that point.
    list: Vec<(Record, usize)>,
    /// The columns known at the end of the part.
    known: Vec<Arc<str>>,
    /// Number of records wanted.
    most: usize,
}

impl Take for Records {
    fn take(&mut self, record: Written<'_, '_>, columns: &[Arc<str>]) -> Next {
        if self.known.len() < columns.len() {
            self.known.clear();
            self.known.extend_from_slice(columns);
        }
        self.list.push((record.into_record(), columns.len()));
        if self.list.len() < self.most { Next::Read } else { Next::Stop }
    }
}
