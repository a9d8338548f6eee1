//! Reads a file as features: every record with all its values as written and its geometry on WGS84. The place
//! is read as `check` reads it, but no item is built and no record is set aside for its place.

use super::columns::{Binding, Field as F, Role};
use super::feature_part::Part;
use super::file_rules::FileRules;
use super::habits::learn;
use super::part_intake::bind;
use super::role_reader::{RoleReader, options_of};
use super::row::ReadState;
use super::sift::Sift;
use super::{hxl, rules_of, wkt_column};
use crate::model::{Findings, ReceptorKind};
use crate::sources::bytes::open::{Source, open};
use crate::sources::check::{guess, look_at_layers};
use crate::sources::formats::Typing;
use crate::sources::formats::record::{Cell, RawGeometry};
use crate::sources::layouts::recognize;
use crate::sources::options::ReadOptions;
use crate::sources::reader::Reader;
use crate::{Code, Error, Result};
use std::collections::HashSet;
use std::sync::Arc;

/// A record with its geometry.
#[derive(Debug)]
pub struct Feature<'r, 't> {
    /// The feature's own `id` member, if the format has one.
    pub id: Option<&'r Cell<'t>>,
    /// The values, aligned with the columns. A record may have fewer values than there are columns.
    pub cells: &'r [Cell<'t>],
    /// The geometry as written, on WGS84; `None` if the record has no usable place.
    pub geometry: Option<RawGeometry>,
}

/// Takes the features of a part of a layer, one after another.
pub trait TakeFeature {
    /// Takes a feature, with the columns known so far.
    fn take(&mut self, feature: Feature<'_, '_>, columns: &[Arc<str>]);
}

/// Record counts of a file: `read` is the sum of `set_aside`, `left_out` and the records taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Number of all records. Rows that are not records, such as units below a header, are not counted.
    pub read: u64,
    /// Number of records that the format could not read, or that belong to another table below the first.
    pub set_aside: u64,
    /// Number of records excluded by the options.
    pub left_out: u64,
    /// Number of records taken without a geometry.
    pub without: u64,
    /// Number of those whose place is given but cannot be used.
    pub astray: u64,
}

impl Counts {
    /// Number of records taken.
    pub fn taken(&self) -> u64 {
        self.read.saturating_sub(self.set_aside + self.left_out)
    }
}

/// An open file whose records can be read as features.
#[derive(Debug)]
pub struct Features {
    reader: Reader,
    layers: Vec<Layer>,
    /// Findings from opening the file.
    findings: Findings,
}

/// A layer of the file. The sheets of a workbook are read one after another.
#[derive(Debug)]
pub(super) struct Layer {
    /// Number of the layer in the file.
    pub number: usize,
    pub rules: FileRules,
    pub binding: Binding,
    /// The columns known on opening.
    pub names: Vec<Arc<str>>,
    /// Whether records have a place, in geometries or in columns.
    pub is_placed: bool,
    /// Whether records have geometries of their own, so that no column holds the place.
    pub has_geometry: bool,
    /// Whether the values of a record are needed to find its place or to decide whether it is wanted.
    pub needs_values: bool,
}

impl Features {
    /// Opens a file and finds out where its records hold their place. `said` is the role and kind of the
    /// records, if the caller knows it, because column names differ between roles.
    ///
    /// # Errors
    /// If the file cannot be opened or decoded; if it has several layers and none is named; if the options
    /// name columns that the file does not have; or if the CRS of its numbers is unclear.
    pub fn open(
        source: &Source,
        said: Option<(Role, Option<ReceptorKind>)>,
        options: &ReadOptions,
    ) -> Result<Self> {
        // Standard input is read into memory, because it is opened twice below.
        let held = match source.is_stdin() {
            true => Some(Source::bytes(source.name(), &*open(source, &options.limits)?.bytes)),
            false => None,
        };
        let source = held.as_ref().unwrap_or(source);
        let mut reader = Reader::open(source, options)?;
        one_layer(&mut reader, source)?;
        let (role, kind) = match said {
            Some(said) => said,
            None => guess(&mut reader).map(|guess| (guess.role, guess.kind))?,
        };
        let mut options = options_of(options, role, kind);
        options.rows = options.rows.meant_for(role, kind);
        let mut reader = Reader::open(source, &options)?;
        let reads = reader_of(role, kind);
        let mut state = ReadState::new(reader.file());
        let mut layers = Vec::new();
        for number in reader.candidates() {
            reader.select(number);
            if reader.columns().is_empty() && reader.sample(1)?.is_empty() {
                continue;
            }
            layers.push(Layer::new(&reader, number, &reads, &options, &mut state)?);
        }
        let mut findings = Findings::default();
        state.findings.into_iter().for_each(|finding| findings.push(finding));
        state.tally.finish(&mut findings);
        Ok(Self { reader, layers, findings })
    }

    /// File name, as shown in messages.
    pub fn file(&self) -> &Arc<str> {
        self.reader.file()
    }

    /// Description of the format: `CSV, comma, UTF-8`.
    pub fn description(&self) -> &str {
        self.reader.description()
    }

    /// What the format specifies about the types of values.
    pub fn typing(&self) -> Typing {
        self.reader.typing()
    }

    /// Whether records have a place, in geometries of their own or in columns.
    pub fn is_placed(&self) -> bool {
        self.layers.iter().any(|layer| layer.is_placed)
    }

    /// The names of the columns that are known before any record is read, of each layer in turn.
    pub fn columns(&self) -> impl Iterator<Item = &Arc<str>> {
        let mut seen = HashSet::new();
        let all = self.layers.iter().flat_map(|layer| &layer.names);
        all.filter(move |name| seen.insert(*name))
    }

    /// The names of the columns that hold the place and become the geometry.
    pub fn place_columns(&self) -> Vec<&Arc<str>> {
        let mut all: Vec<&Arc<str>> = Vec::new();
        for layer in self.layers.iter().filter(|layer| !layer.has_geometry) {
            let (lon, lat) = (layer.binding.column(F::Lon), layer.binding.column(F::Lat));
            // If both exist, they are read and the geometry column is not.
            let bound = match lon.and(lat) {
                Some(_) => [lon, lat],
                None => [layer.binding.column(F::Geometry), None],
            };
            for name in bound.into_iter().flatten().filter_map(|at| layer.names.get(at)) {
                if !all.contains(&name) {
                    all.push(name);
                }
            }
        }
        all
    }

    /// Reads all features on all threads, some thousand at a time. `new` creates the taker of a part, and
    /// `merge` receives the takers in file order.
    ///
    /// # Errors
    /// If the file turns out to be truncated or damaged, or if `merge` fails; nothing that was taken may be
    /// used then. Also if a condition names a column that the file does not have.
    pub fn read<P: TakeFeature + Send>(
        &mut self,
        findings: &mut Findings,
        new: impl Fn() -> P + Sync,
        merge: &mut dyn FnMut(P) -> Result<()>,
    ) -> Result<Counts> {
        self.findings.iter().for_each(|finding| findings.push(finding.clone()));
        let mut counts = Counts::default();
        let mut state = ReadState::new(self.reader.file());
        let mut columns: Vec<Arc<str>> = Vec::new();
        let mut met = Vec::new();
        for layer in &self.layers {
            self.reader.select(layer.number);
            let names = self.reader.columns().to_vec();
            let is_whole = self.reader.parts() == 1;
            met.resize(layer.rules.rows.none_met().len(), false);
            let mut known = names.clone();
            let mut passed = 0;
            let new = |at_begin| Part::new(layer, &names, new(), Sift::new(at_begin, is_whole));
            let read = self.reader.in_parts(findings, &new, &mut |part, told, findings| {
                told.into_iter().for_each(|(_, finding)| findings.push(finding));
                passed += part.sift.passed;
                counts.set_aside += part.set_aside;
                counts.left_out += part.left_out;
                counts.without += part.without;
                counts.astray += part.astray;
                met.iter_mut().zip(&part.met).for_each(|(all, part)| *all |= part);
                if part.columns.len() > known.len() {
                    known = part.columns;
                }
                let of_part = part.state;
                of_part.findings.iter().for_each(|finding| findings.push(finding.clone()));
                state.merge(of_part);
                part.sift.fault.map_or(Ok(()), Err)?;
                merge(part.taker)
            })?;
            counts.read += read.read.saturating_sub(passed);
            counts.set_aside += read.set_aside;
            columns.extend(known);
        }
        if let Some(layer) = self.layers.first().filter(|_| counts.read > 0) {
            layer.rules.rows.check(self.reader.file(), &columns)?;
            layer.rules.rows.say_unmet(&met, &mut state.tally);
        }
        state.tally.finish(findings);
        Ok(counts)
    }
}

/// Refuses a file with several layers if none is named.
fn one_layer(reader: &mut Reader, source: &Source) -> Result<()> {
    let looks = look_at_layers(reader)?;
    let Some(first) = looks.first() else { return Ok(()) };
    let file = source.name();
    let list: Vec<String> = looks.iter().map(|look| look.words(", ")).collect();
    Err(Error::usage(
        Code::LayerUnclear,
        format!("{file}: has {} layers: {}", looks.len(), list.join("; ")),
    )
    .with_hint(format!("name one: {file}:{}", first.name)))
}

/// Returns the rules for reading the columns of a role.
fn reader_of(role: Role, kind: Option<ReceptorKind>) -> RoleReader<()> {
    RoleReader {
        role,
        kind,
        build: |_| Ok(()),
        required: &[],
        noun: "records",
        crowd: usize::MAX,
        before: |_, _| None,
    }
}

impl Layer {
    fn new(
        reader: &Reader,
        number: usize,
        reads: &RoleReader<()>,
        options: &ReadOptions,
        state: &mut ReadState,
    ) -> Result<Self> {
        let (role, kind) = (reads.role, reads.kind);
        let mut map = options.map.of(role, kind);
        let layout = recognize(reader.columns()).filter(|layout| layout.roles.contains(&role));
        let tally = &mut state.tally;
        if layout.is_none() {
            hxl::learn_tags(reader, role, &mut map)?;
        }
        let place = |map: &_| -> Result<bool> {
            let binding = Binding::new(reader.file(), reader.columns(), role, layout, map)?;
            let in_columns = binding.has(F::Lon) && binding.has(F::Lat);
            Ok(reader.has_geometry() || binding.has(F::Geometry) || in_columns)
        };
        let mut is_placed = place(&map)?;
        if !is_placed && let Some((column, kind)) = wkt_column::find(reader, role)? {
            let why = format!("holds {} and is read as the geometry", kind.words());
            tally.say(Code::ColumnDoubtful, Some(&column), why);
            map.columns.insert(F::Geometry, column.to_string());
            is_placed = true;
        }
        if !is_placed {
            let why = "has no longitude and latitude columns and no known geometry; features have no geometry";
            tally.say(Code::PositionDoubtful, None, why.to_owned());
        }
        let section = kind.map_or(role.word(), ReceptorKind::word);
        learn(reader, role, layout, &mut map, section, tally)?;
        let is_mapped = [F::Lon, F::Lat].iter().all(|field| map.columns.contains_key(field));
        let rows = options.rows.of(role, kind);
        let takes_all = rows.takes_all();
        let rules = rules_of(reader, reads, layout, map, rows)?;
        for note in &rules.table_crs.notes {
            tally.say(Code::CrsDoubtful, Some("crs"), note.clone());
        }
        let binding = bind(&rules, reader.columns())?;
        let has_geometry = reader.has_geometry() && !is_mapped;
        let needs_values =
            !has_geometry || !takes_all || binding.has(F::RowCrs) || rules.table_crs.zone.is_some();
        let names = reader.columns().to_vec();
        Ok(Self { number, rules, binding, names, is_placed, has_geometry, needs_values })
    }
}
