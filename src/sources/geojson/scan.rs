//! The outline of a GeoJSON text: where each feature stands, and what is said beside them. The
//! whole text is checked to be JSON before a single feature is read, so that nothing of a file that
//! was cut short is ever used; the order of members makes no difference.

use super::coordinates::{GEOMETRY_TYPES, is_json, nearest_name, note_bad_bbox};
use super::cursor::Cursor;
use super::members::{Key, Kind, excerpt};
use super::stretches::{Stretch, stretches};
use crate::sources::notes::Notes;
use crate::sources::parts::PART_BYTES;
use crate::{Error, Result};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;
use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

/// Features, or a geometry that stands alone.
#[derive(Debug, Clone)]
pub(super) enum Item {
    /// Features of a collection.
    Many(Stretch),
    /// Where in the text a feature or geometry stands by itself.
    Alone(Range<usize>),
    /// A line or a text of a sequence that is not GeoJSON.
    Broken { line: u64, why: String },
}

/// What a text holds.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub items: Vec<Item>,
    /// The `crs` member, as JSON.
    pub crs: Option<String>,
    pub shape: Shape,
}

/// How the features are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Shape {
    /// A single GeoJSON object.
    #[default]
    Whole,
    /// An object a line.
    Lines,
    /// RFC 8142.
    Sequence,
}

/// The record separator of RFC 8142.
const SEPARATOR: char = '\u{1e}';

/// Members that RFC 7946, section 7.1, forbids in a feature collection.
const FOREIGN: [&str; 4] = ["coordinates", "geometries", "geometry", "properties"];

/// Finds the features of a text.
///
/// # Errors
/// A text that is not JSON, is cut short, or is JSON but not GeoJSON.
pub(super) fn scan(file: &str, text: &str, notes: &mut Notes) -> Result<Outline> {
    let begin = text.trim_start();
    if begin.is_empty() {
        return Err(Error::data(format!("{file}: is empty"))
            .with_hint("a GeoJSON file without features holds an empty FeatureCollection"));
    }
    if begin.starts_with(SEPARATOR) {
        return scan_parts(file, text, parts(text, SEPARATOR), Shape::Sequence, notes);
    }
    if has_object_a_line(begin) {
        return scan_parts(file, text, parts(text, '\n'), Shape::Lines, notes);
    }
    let mut outline = Outline::default();
    match scan_object(text, 0, &mut outline, notes) {
        Ok(()) => Ok(outline),
        Err(fault) => Err(fault.refuse(file, 0)),
    }
}

/// Whether the first line is a whole object and another one follows.
fn has_object_a_line(text: &str) -> bool {
    let Some((first, rest)) = text.split_once('\n') else { return false };
    first.starts_with('{') && rest.trim_start().starts_with('{') && is_json(first).is_ok()
}

/// The parts between separators that are not blank.
fn parts(text: &str, separator: char) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    for part in text.split(separator) {
        let end = start + part.len();
        if !part.trim().is_empty() {
            parts.push(start..end);
        }
        start = end + separator.len_utf8();
    }
    parts
}

/// Scans texts that follow each other. A bad one among them is an item of its own; a last one that
/// is cut short refuses the whole, because more may be missing.
fn scan_parts(
    file: &str,
    text: &str,
    parts: Vec<Range<usize>>,
    shape: Shape,
    notes: &mut Notes,
) -> Result<Outline> {
    let mut outline = Outline { shape, ..Outline::default() };
    let (mut line, mut counted) = (0_u64, 0);
    let last = parts.len();
    for (at, range) in parts.into_iter().enumerate() {
        let between = text.get(counted..range.start).unwrap_or_default();
        line += between.bytes().fold(0, |lines, byte| lines + u64::from(byte == b'\n'));
        counted = range.start;
        let part = text.get(range.clone()).unwrap_or_default();
        if let Err(fault) = scan_object(part, range.start, &mut outline, notes) {
            if at + 1 == last && fault.cut_short {
                return Err(fault.refuse(file, line));
            }
            outline.items.push(Item::Broken { line: line + fault.line.max(1), why: fault.what });
        }
    }
    Ok(outline)
}

/// Why a text is not GeoJSON.
struct Fault {
    /// The line within the text, the first being 1; 0 where no line is to be named.
    line: u64,
    column: u64,
    cut_short: bool,
    what: String,
    hint: Option<String>,
}

impl Fault {
    fn data(what: String) -> Self {
        Self { line: 0, column: 0, cut_short: false, what, hint: None }
    }

    fn with_hint(mut self, hint: &str) -> Self {
        self.hint = Some(hint.to_owned());
        self
    }

    fn refuse(self, file: &str, lines_before: u64) -> Error {
        let place = match self.line {
            0 if lines_before == 0 => String::new(),
            0 => format!("line {}: ", lines_before + 1),
            line => format!("line {} column {}: ", lines_before + line, self.column),
        };
        let error = Error::data(format!("{file}: {place}{}", self.what));
        match self.hint {
            Some(hint) => error.with_hint(hint),
            None => error,
        }
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        let text = error.to_string();
        let why = text.split(" at line ").next().unwrap_or(&text).to_owned();
        let cut_short = error.classify() == Category::Eof;
        let (what, hint) = if cut_short {
            (format!("the JSON text is cut short: {why}"), "fetch or write the file again")
        } else {
            (format!("is not JSON: {why}"), {
                "JSON has no NaN, no comments, no single quotes and no comma at the end of a list"
            })
        };
        Self {
            line: number(error.line()),
            column: number(error.column()),
            cut_short,
            what,
            hint: Some(hint.to_owned()),
        }
    }
}

/// Scans one GeoJSON object, which begins at `offset` of the whole text.
fn scan_object(
    text: &str,
    offset: usize,
    outline: &mut Outline,
    notes: &mut Notes,
) -> std::result::Result<(), Fault> {
    let kind = Kind::of(text);
    if !text.trim_start().starts_with('{') {
        is_json(text)?;
        let (what, value) = (kind.words(), excerpt(text));
        return Err(Fault::data(format!("is {what}, \"{value}\"; expected a GeoJSON object")));
    }
    let top = match Top::of(text) {
        Some(top) => top,
        // Slower, but it tells what is wrong.
        None => {
            let mut deserializer = serde_json::Deserializer::from_str(text);
            let top = TopSeed { text }.deserialize(&mut deserializer)?;
            deserializer.end()?;
            top
        }
    };
    for name in &top.repeated {
        notes.add(name.clone(), "is there twice at the top; the last one counts");
    }
    if let Some(crs) = top.member("crs").filter(|_| outline.crs.is_none()) {
        outline.crs = Some(crs.to_owned());
    }
    let Some(kind) = top.member("type") else {
        let fault = Fault::data("has no \"type\"; expected a GeoJSON object".to_owned());
        return Err(if top.member("geometryType").is_some() {
            fault.with_hint("it looks like Esri JSON; convert it: ogr2ogr out.geojson IN")
        } else {
            fault
        });
    };
    let Ok(kind) = serde_json::from_str::<String>(kind) else {
        let value = excerpt(kind);
        return Err(Fault::data(format!("type: is {}, {value}; expected a text", {
            Kind::of(kind).words()
        })));
    };
    if kind == "FeatureCollection" {
        return scan_collection(top, offset, outline, notes);
    }
    if kind == "Feature" || GEOMETRY_TYPES.contains(&kind.as_str()) {
        let start = offset + (text.len() - text.trim_start().len());
        let range = start..offset + text.trim_end().len();
        outline.items.push(Item::Alone(range));
        return Ok(());
    }
    let fault = Fault::data(format!("type: \"{}\" is no type of GeoJSON", kind.escape_debug()));
    let known: Vec<&str> =
        ["FeatureCollection", "Feature"].into_iter().chain(GEOMETRY_TYPES).collect();
    Err(match nearest_name(&kind, &known) {
        _ if kind == "Topology" => {
            fault.with_hint("it is TopoJSON; convert it: ogr2ogr out.geojson IN")
        }
        Some(near) => fault.with_hint(&format!("did it mean {near}")),
        None => fault,
    })
}

fn scan_collection(
    top: Top<'_>,
    offset: usize,
    outline: &mut Outline,
    notes: &mut Notes,
) -> std::result::Result<(), Fault> {
    if let Some(bbox) = top.member("bbox") {
        note_bad_bbox(bbox, "", notes);
    }
    for name in FOREIGN.into_iter().filter(|name| top.member(name).is_some()) {
        notes.add(name.to_owned(), {
            "has no place in a feature collection (RFC 7946, section 7.1); ignored"
        });
    }
    match top.features {
        None => Err(Fault::data("is a FeatureCollection without features".to_owned())),
        Some(None) => Err(Fault::data("features: is not a list; expected features".to_owned())),
        Some(Some(stretches)) => {
            outline.items.extend(stretches.into_iter().map(|Stretch { range, count }| {
                let range = range.start + offset..range.end + offset;
                Item::Many(Stretch { range, count })
            }));
            Ok(())
        }
    }
}

/// The members of the top-level object; of `features`, where each stands.
#[derive(Default)]
struct Top<'t> {
    members: Vec<(String, &'t str)>,
    /// The inner `None`: there is such a member, but it is no list.
    features: Option<Option<Vec<Stretch>>>,
    repeated: Vec<String>,
}

impl<'t> Top<'t> {
    /// The members of an object that is JSON and in which no name is there twice.
    fn of(text: &'t str) -> Option<Self> {
        let mut top = Self::default();
        let mut cursor = Cursor::new(text, 0);
        cursor.expect(b'{')?;
        loop {
            let key = cursor.key()?;
            let first = cursor.after_blanks()?;
            if key.escaped || top.members.iter().any(|(name, _)| name == key.inner) {
                return None;
            }
            if key.inner == "features" {
                if first != b'[' || top.features.is_some() {
                    return None;
                }
                top.features = Some(Some(stretches(&mut cursor, PART_BYTES)?));
            } else {
                let start = cursor.at();
                cursor.value()?;
                let raw = cursor.slice(start..cursor.at())?;
                top.members.push((key.inner.to_owned(), raw));
            }
            match cursor.next()? {
                b',' => {}
                b'}' => break,
                _ => return None,
            }
        }
        cursor.after_blanks().is_none().then_some(top)
    }

    fn member(&self, name: &str) -> Option<&'t str> {
        self.members.iter().rev().find(|(key, _)| key == name).map(|(_, raw)| *raw)
    }
}

struct TopSeed<'t> {
    text: &'t str,
}

impl<'t> DeserializeSeed<'t> for TopSeed<'t> {
    type Value = Top<'t>;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<Top<'t>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'t> Visitor<'t> for TopSeed<'t> {
    type Value = Top<'t>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a GeoJSON object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Top<'t>, A::Error> {
        let mut top = Top::default();
        let mut known = HashSet::new();
        while let Some(Key(name)) = map.next_key()? {
            if name == "features" {
                if top.features.is_some() {
                    top.repeated.push(name.into_owned());
                }
                top.features = Some(map.next_value_seed(FeaturesSeed { text: self.text })?);
            } else {
                let raw: &RawValue = map.next_value()?;
                if !known.insert(name.clone()) {
                    top.repeated.push(name.to_string());
                }
                top.members.push((name.into_owned(), raw.get()));
            }
        }
        Ok(top)
    }
}

/// Takes down where each element of a list stands, without reading it.
struct FeaturesSeed<'t> {
    text: &'t str,
}

impl<'t> DeserializeSeed<'t> for FeaturesSeed<'t> {
    type Value = Option<Vec<Stretch>>;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'t> Visitor<'t> for FeaturesSeed<'t> {
    type Value = Option<Vec<Stretch>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of features")
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut all: Vec<Stretch> = Vec::new();
        while let Some(raw) = seq.next_element::<&RawValue>()? {
            // The element is a slice of the text, so this is its offset.
            let start = raw.get().as_ptr().addr() - self.text.as_ptr().addr();
            let end = start + raw.get().len();
            match all.last_mut().filter(|stretch| stretch.range.len() < PART_BYTES) {
                Some(Stretch { range, count }) => {
                    range.end = end;
                    *count += 1;
                }
                None => all.push(Stretch { range: start..end, count: 1 }),
            }
        }
        Ok(Some(all))
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}
