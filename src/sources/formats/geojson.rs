//! GeoJSON (RFC 7946): feature collections, features and bare geometries, one object per line, and the
//! text sequences of RFC 8142. A fault in one feature does not affect the others; a text that is not
//! valid JSON throughout is refused before any of it is used.

mod bytes;
pub(super) mod coordinates;
pub(super) mod cursor;
mod feature;
mod lines;
pub(super) mod members;
mod outline;
mod plain;
pub(super) mod scan;
mod stretches;
pub(super) mod value;

use super::header::Columns;
use super::json_values::number;
use super::notes::Notes;
use super::parts::{Begin, Next, PART_BYTES, PartReport, Take};
use super::record::{Cell, Geometry, Written};
use super::{Asked, Content, Dataset, DeclaredCrs, Driver, Head, Opened, Typing};
use crate::model::{Finding, Findings, Place, Value, Verdict};
use crate::sources::bytes::text::{Stored, Text};
use crate::sources::options::Format;
use crate::{Code, Result};
pub(crate) use coordinates::{is_empty, merge, note_more};
use cursor::Cursor;
use feature::{NoFeature, read_feature};
use members::{Kind, Members, elements, excerpt};
use outline::{Item, Outline, Outliner, Shape};
use scan::scan;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;
use stretches::Stretch;

/// Parses the geometry of a JSON text in a table cell: a geometry, or a feature.
pub(crate) fn geometry_in(text: &str) -> Geometry {
    let own = Members::of(text).ok().and_then(|members| members.get("geometry"));
    let mut unsaid = Notes::default();
    coordinates::read_geometry(own.unwrap_or(text), "", &mut unsaid)
}

/// The number of features read to find the first columns.
const FEATURES_LOOKED_AT: usize = 200;

/// GeoJSON: whole, newline-delimited or an RFC 8142 sequence.
pub(super) struct GeoJson;

impl Driver for GeoJson {
    fn format(&self) -> Format {
        Format::GeoJson
    }

    /// JSON begins with a brace, a bracket or a record separator. A single value in a file with a JSON
    /// extension is JSON too, though not GeoJSON.
    fn is(&self, head: &Head<'_>) -> bool {
        let Some(text) = head.text else { return false };
        let first_line = text.trim_start().lines().next().unwrap_or_default();
        match first_line.chars().next() {
            Some('{' | '[' | '\u{1e}') => true,
            _ => {
                let name = head.file.to_lowercase();
                name.trim_end_matches(".gz").ends_with("json")
                    && !first_line.contains([',', ';', '\t', '|'])
            }
        }
    }

    fn open_stored(&self, stored: Stored, asked: &mut Asked<'_>) -> Result<Option<Opened>> {
        let (part, size) = (PART_BYTES.min(stored.window()), stored.size_in_bytes());
        let mut outliner = Outliner::new(part);
        let Some(hash) = stored.pass(|text, at, last| outliner.look(text, at, last))? else {
            return Ok(None);
        };
        let Some(outline) = outliner.finish() else { return Ok(None) };
        let text = Text::Stored(stored);
        let document = Document::of_outline(asked.file, text, outline, part, asked.findings)?;
        Ok(Some(Opened { dataset: Box::new(document), hash, size }))
    }

    fn open(&self, content: Content, asked: &mut Asked<'_>) -> Result<Box<dyn Dataset>> {
        let text = content.into_text(asked.file)?;
        Ok(Box::new(Document::new(asked.file, text, PART_BYTES, asked.findings)?))
    }
}

/// A GeoJSON text whose features have been located.
#[derive(Debug)]
struct Document {
    file: Arc<str>,
    text: Text,
    crs: Option<String>,
    /// Why it is only a part of its source.
    partial: Option<String>,
    shape: Shape,
    items: Vec<Item>,
    columns: Arc<Columns>,
    parts: Vec<Part>,
    /// The column for the third coordinate of a position, if requested.
    height: Option<usize>,
}

/// Items that are read together: a stretch of a collection, or several standalone objects.
#[derive(Debug)]
struct Part {
    items: Range<usize>,
    /// Their range in the text.
    range: Range<usize>,
    /// The number of the first feature.
    first: u64,
}

impl Document {
    /// Locates the features of a text in memory, and reads the property names of the first ones.
    ///
    /// # Errors
    /// The text is not JSON, is cut short, or is JSON but not GeoJSON.
    fn new(
        file: &Arc<str>,
        text: Cow<'static, str>,
        part: usize,
        findings: &mut Vec<Finding>,
    ) -> Result<Self> {
        let outline = scan(file, &text, part)?;
        Self::of_outline(file, Text::Held(text), outline, part, findings)
    }

    /// Creates a document from a text with a known outline, to be read in parts of about a given size.
    ///
    /// # Errors
    /// The text can no longer be read.
    fn of_outline(
        file: &Arc<str>,
        text: Text,
        outline: Outline,
        part: usize,
        findings: &mut Vec<Finding>,
    ) -> Result<Self> {
        let Outline { items, crs, shape, notes, partial } = outline;
        let (file, parts, columns) = (file.clone(), parts_of(&items, part), Arc::default());
        let height = None;
        let mut document = Self { file, text, crs, partial, shape, items, columns, parts, height };
        let mut looked_at = 0;
        // Faults in these features are reported when they are read.
        let mut unsaid = Notes::default();
        let mut columns = Arc::default();
        'parts: for part in &document.parts {
            let mut buffer = Vec::new();
            let mut features = document.features(part, &mut buffer)?;
            while features.next(&mut columns, &mut unsaid).is_some() {
                looked_at += 1;
                if looked_at == FEATURES_LOOKED_AT {
                    break 'parts;
                }
            }
        }
        document.columns = columns;
        let mut found = Findings::default();
        notes.report(&document.file, &mut found);
        findings.extend(found.iter().cloned());
        Ok(document)
    }

    /// Describes how the features are arranged.
    fn shape(&self) -> &'static str {
        match self.shape {
            Shape::Whole => "GeoJSON",
            Shape::Lines => "GeoJSON, newline-delimited",
            Shape::Sequence => "GeoJSON, RFC 8142 sequence",
        }
    }

    /// Returns the features of a part. If the text is not in memory, it is read into the buffer.
    fn features<'d>(&'d self, part: &'d Part, buffer: &'d mut Vec<u8>) -> Result<Features<'d>> {
        let Part { items, range, first } = part;
        let text = self.text.piece(range.start, range.end, buffer)?;
        let items = self.items.get(items.clone()).unwrap_or_default();
        let cursor = Cursor::new(text, 0);
        Ok(Features {
            items,
            start: range.start,
            left: 0,
            alone: false,
            number: *first,
            cursor,
            height: self.height,
            cells: Vec::new(),
        })
    }
}

/// The features of a part, in order.
struct Features<'d> {
    /// The remaining items.
    items: &'d [Item],
    /// The offset of the part's text in the whole text.
    start: usize,
    /// The number of remaining features of the current item, and whether they are standalone objects.
    left: u64,
    alone: bool,
    /// The number of the next feature.
    number: u64,
    cursor: Cursor<'d>,
    /// As [`Document::height`].
    height: Option<usize>,
    cells: Vec<Cell<'d>>,
}

impl<'d> Features<'d> {
    /// Reads the next feature: its number, and its record or the reason why it has none. New property
    /// names are added to the columns.
    fn next<'f>(
        &'f mut self,
        columns: &mut Arc<Columns>,
        notes: &mut Notes,
    ) -> Option<(u64, Result<Written<'f, 'd>, NoFeature>)> {
        while self.left == 0 {
            let (item, rest) = self.items.split_first()?;
            self.items = rest;
            let stretch = match item {
                Item::Many(stretch) | Item::Alone(stretch) => stretch,
                Item::Broken { line, why } => {
                    let number = self.number;
                    self.number += 1;
                    let why = format!("line {line}: {why}");
                    return Some((number, Err(NoFeature { field: None, value: None, why })));
                }
            };
            self.alone = matches!(item, Item::Alone(_));
            self.left = stretch.count;
            self.cursor.go_to(stretch.range.start - self.start);
        }
        // Skips the commas of a list and the separators of a sequence.
        while let Some(b',' | 0x1e) = self.cursor.after_blanks() {
            self.cursor.next();
        }
        let number = self.number;
        self.number += 1;
        self.left -= 1;
        notes.set_place(Place::Feature(number));
        let cells = &mut self.cells;
        let (start, cursor) = (self.cursor.at(), &mut self.cursor);
        let mut read = read_feature(cursor, number, self.alone, columns, cells, notes);
        if let (Some(column), Ok(record)) = (self.height, &mut read) {
            let raw = self.cursor.slice(start..self.cursor.at()).unwrap_or_default();
            add_height(record, column, raw);
        }
        Some((number, read))
    }
}

impl Dataset for Document {
    fn typing(&self) -> Typing {
        Typing::Json
    }

    fn description(&self) -> String {
        self.shape().to_owned()
    }

    fn has_geometry(&self) -> bool {
        true
    }

    /// The property names of the first features; those of later features are appended as they are read.
    fn columns(&self) -> &[Arc<str>] {
        self.columns.names()
    }

    /// The legacy `crs` member (GeoJSON 2008, section 3) as the name of a CRS.
    fn crs(&self) -> Option<DeclaredCrs> {
        self.crs.as_deref().map(read_crs)
    }

    fn partial(&self) -> Option<&str> {
        self.partial.as_deref()
    }

    fn name_heights(&mut self, column: &str) {
        if self.columns.find(column).is_none() {
            self.height = Some(Arc::make_mut(&mut self.columns).place_of(column));
        }
    }

    fn parts(&self) -> usize {
        self.parts.len()
    }

    /// New property names are rare: a part is guessed to begin with the columns of an earlier one.
    fn begin(&self) -> Begin {
        Begin { columns: self.columns.clone(), ..Begin::default() }
    }

    fn read(
        &self,
        part: usize,
        mut begin: Begin,
        told: &mut PartReport,
        taker: &mut dyn Take,
    ) -> Result<Begin> {
        let Some(part) = self.parts.get(part) else { return Ok(begin) };
        let (mut buffer, mut notes) = (Vec::new(), Notes::of_part());
        let mut features = self.features(part, &mut buffer)?;
        while let Some((number, feature)) = features.next(&mut begin.columns, &mut notes) {
            told.count.read += 1;
            match feature {
                Ok(record) => {
                    let next = taker.take(record, begin.columns.names());
                    told.taken += 1;
                    if next == Next::Stop {
                        break;
                    }
                }
                Err(NoFeature { field, value, why }) => told.set_aside(Finding {
                    code: Code::RecordMalformed,
                    file: self.file.clone(),
                    place: Place::Feature(number),
                    id: None,
                    field,
                    value,
                    why,
                    verdict: Verdict::SetAside,
                }),
            }
        }
        if self.height.is_some() {
            notes.forget(coordinates::MORE);
        }
        told.notes = notes;
        Ok(begin)
    }

    fn is_unchanged(&self) -> Result<()> {
        self.text.is_unchanged()
    }
}

/// Puts the third coordinate of a point into a column.
fn add_height<'d>(record: &mut Written<'_, 'd>, column: usize, raw: &'d str) {
    let coordinates = || {
        let geometry = Members::of(Members::of(raw).ok()?.get("geometry")?).ok()?;
        elements(geometry.get("coordinates")?)
    };
    let third = coordinates().and_then(|numbers| numbers.get(2).copied());
    if let Some(third) = third.filter(|third| number(third).is_some()) {
        if record.cells.len() <= column {
            record.cells.resize(column + 1, Cell::Value(Value::Missing));
        }
        if let Some(cell) = record.cells.get_mut(column) {
            *cell = Cell::Number(third);
        }
    }
}

/// Groups items into parts of about a given size.
fn parts_of(items: &[Item], part: usize) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let (mut held, mut feature) = (part, 0);
    for (at, item) in items.iter().enumerate() {
        // Items that are not GeoJSON are not read again.
        let (range, features) = match item {
            Item::Many(Stretch { range, count }) | Item::Alone(Stretch { range, count }) => {
                (Some(range), *count)
            }
            Item::Broken { .. } => (None, 1),
        };
        if held >= part / 2 {
            let begin = range.map_or(0, |range| range.start);
            parts.push(Part { items: at..at, range: begin..begin, first: feature });
            held = 0;
        }
        if let Some(last) = parts.last_mut() {
            last.items.end = at + 1;
            if let Some(range) = range {
                let begin = if last.range.is_empty() { range.start } else { last.range.start };
                last.range = begin..range.end;
                held += range.len();
            }
        }
        feature += features;
    }
    parts
}

fn read_crs(raw: &str) -> DeclaredCrs {
    let unreadable = || DeclaredCrs::Unreadable(excerpt(raw));
    if Kind::of(raw) == Kind::Null {
        return DeclaredCrs::Unknown;
    }
    let Ok(members) = Members::of(raw) else { return unreadable() };
    let Some(properties) = members.get("properties").and_then(|raw| Members::of(raw).ok()) else {
        return unreadable();
    };
    match members.text("type").as_deref() {
        Some("name") => match properties.text("name") {
            Some(name) => DeclaredCrs::Name(name),
            None => unreadable(),
        },
        // The form of some writers before 2008.
        Some("EPSG") => match properties.get("code") {
            Some(code) => DeclaredCrs::Name(format!("EPSG:{}", code.trim_matches('"'))),
            None => unreadable(),
        },
        _ => unreadable(),
    }
}
