//! One way into every format: open a source, look at its columns and a few records, then take the
//! records one by one. What a file is taken for is decided by its content and can be said in a line.

use super::bytes::decode::unpack;
use super::bytes::open::{Source, head_of, open};
use super::bytes::text::Stored;
use super::formats::notes::Notes;
use super::formats::parts::{Count, Next, PartReport, Take, read_parts};
use super::formats::record::{Record, Written};
use super::formats::refused::by_head;
use super::formats::unpacked::{Recognized, Unpacked};
use super::formats::{Asked, Dataset, Head, Typing, driver_of};
use super::intake::declared::{Declared, choose_crs};
use super::layouts::recognize;
use super::options::ReadOptions;
use crate::earth::Crs;
use crate::model::{Finding, Findings, Place, Verdict};
use crate::{Code, Error, Result};
use std::sync::Arc;

/// What is done with each record: the record, the columns known so far, and the findings.
pub type Visit<'v> = dyn FnMut(Record, &[Arc<str>], &mut Findings) -> Result<()> + 'v;

/// A file whose format is known and whose records can be taken.
#[derive(Debug)]
pub struct Reader {
    file: Arc<str>,
    description: String,
    hash: blake3::Hash,
    size: u64,
    dataset: Box<dyn Dataset>,
    /// What the file was taken for, without the layer.
    form: String,
    /// The one layer that is meant.
    only: Option<usize>,
    /// The reference system that was asked for, and the usual one.
    crs: [Option<String>; 2],
    declared: Declared,
    /// Whether the selected layer names a system that cannot be used.
    undeclared: bool,
    /// Found on opening; they go out with the first reading.
    findings: Vec<Finding>,
    /// Those of the system of the selected layer.
    of_crs: Vec<Finding>,
}

/// What is known of a file besides its records.
struct Known<'k> {
    hash: blake3::Hash,
    /// In bytes, as stored.
    size: u64,
    /// The encoding of a text.
    encoding: Option<&'k str>,
    gzip: bool,
}

impl Reader {
    /// Reads a source and finds out what it is. A large file of plain UTF-8 is looked through and then
    /// left where it is: it must not change until its records have been taken.
    ///
    /// # Errors
    /// What cannot be opened, decoded, or is in no format that is read.
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
        if let Some(reader) = Self::read_in_place(source, options)? {
            return Ok(reader);
        }
        match Self::look_through(source, options)? {
            Some(reader) => Ok(reader),
            None => Self::read_whole(source, options),
        }
    }

    /// Opens a file of a format that is read where it lies.
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

    /// Finds out what a file is whose text stays in it. `None` where it has to be read whole: since it is
    /// small, packed, in another encoding, or since there is something to say of it that only who sees
    /// the whole can say.
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

    /// Reads a source into memory and finds out what it is.
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

    /// The reference system of the selected layer.
    fn choose_crs(&self, findings: &mut Vec<Finding>) -> Result<Declared> {
        let [asked, usual] = &self.crs;
        let declared = self.dataset.crs();
        choose_crs(&self.file, asked.as_deref(), usual.as_deref(), declared, findings)
    }

    /// The CRS of the coordinates, in columns or geometries, as far as words tell: that of the options,
    /// that of the file, the usual one, or WGS84.
    pub fn crs(&self) -> &Crs {
        &self.declared.crs
    }

    /// The same, with whose word it is.
    pub(crate) fn declared(&self) -> &Declared {
        &self.declared
    }

    /// Why the file is not all of what it was taken from: one page of what a service has.
    pub(crate) fn partial(&self) -> Option<&str> {
        self.dataset.partial()
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
        self.dataset.has_geometry()
    }

    /// What the format says of the types of values.
    pub fn typing(&self) -> Typing {
        self.dataset.typing()
    }

    /// The columns of the selected layer. Of GeoJSON, the property names of the first features;
    /// later ones add theirs at the end as they come.
    pub fn columns(&self) -> &[Arc<str>] {
        self.dataset.columns()
    }

    /// The names of the layers in the file, such as the sheets of a workbook that hold a table. Most files
    /// are one layer without a name.
    pub fn layers(&self) -> Vec<&str> {
        self.dataset.layers()
    }

    /// Turns to another of the [`layers`](Self::layers), counted from 0; a number that is none of
    /// them changes nothing. Where its reference system cannot be used, reading it says so.
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

    /// The layers among which one is chosen: that which is named, or all.
    pub(crate) fn candidates(&self) -> Vec<usize> {
        match self.only {
            Some(only) => vec![only],
            None => (0..self.dataset.layers().len()).collect(),
        }
    }

    /// Leaves one layer alone to be chosen.
    pub(crate) fn pin(&mut self, layer: usize) {
        self.only = Some(layer);
        self.select(layer);
    }

    /// Whether all layers that hold what is asked for are read as one.
    pub(crate) fn joins_layers(&self) -> bool {
        self.dataset.joins_layers()
    }

    /// How many records the selected layer has, where that is known without reading them.
    pub(crate) fn count(&self) -> Option<u64> {
        self.dataset.count()
    }

    /// In how many parts the selected layer is read.
    pub(crate) fn parts(&self) -> usize {
        self.dataset.parts()
    }

    /// The first records of the selected layer, without their findings.
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

    /// Gives every record of the selected layer to `visit`, in the file's order; those the format
    /// cannot make a record of are set aside with a finding.
    ///
    /// # Errors
    /// A file that turns out to be cut short or damaged: nothing visited so far may be used then.
    /// And whatever `visit` returns.
    pub fn for_each(&self, findings: &mut Findings, visit: &mut Visit<'_>) -> Result<Count> {
        // The columns of the last part, as long as no new ones come.
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

    /// Takes the records of the parts of the selected layer on any thread, and gives what took them to
    /// `merge` in the file's order with the findings of the format. `new` is told whether the part's first
    /// record is the first of all.
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

/// The number of a layer that somebody has named; `None` where a file has no names of layers, so that the
/// name is that of another file's.
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

/// What is done with what took the records of a part: with the format's findings, each with how many
/// records were taken before it, and the findings so far.
pub(crate) type Merge<'m, P> =
    dyn FnMut(P, Vec<(usize, Finding)>, &mut Findings) -> Result<()> + 'm;

/// Records by themselves.
#[derive(Default)]
struct Records {
    /// Each with how many columns were known by then.
    list: Vec<(Record, usize)>,
    /// The columns known at the end.
    known: Vec<Arc<str>>,
    /// How many are wanted.
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
