//! Scans whole GeoJSON objects, and reports those that are not GeoJSON. The whole text is checked to
//! be valid JSON before a single feature is read, so that nothing of a truncated file is used; the
//! order of members makes no difference.

use super::coordinates::{GEOMETRY_TYPES, is_json, nearest_name, note_bad_bbox};
use super::lines;
use super::members::{Key, Kind, excerpt};
use super::outline::{Item, Outline, Outliner, SEPARATOR, Top, Walk};
use super::stretches::Stretch;
use crate::sources::formats::answers::{HINT, refusal};
use crate::sources::formats::pages::Paging;
use crate::sources::formats::parts::PART_BYTES;
use crate::{Code, Error, Result};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;
use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

/// Members that RFC 7946, section 7.1, forbids in a feature collection.
const FOREIGN: [&str; 4] = ["coordinates", "geometries", "geometry", "properties"];

/// Finds the features of a text.
///
/// # Errors
/// The text is not JSON, is cut short, or is JSON but not GeoJSON.
pub(super) fn scan(file: &str, text: &str, part: usize) -> Result<Outline> {
    let mut outliner = Outliner::new(part);
    if outliner.look(text, 0, true) == Some(text.len())
        && let Some(outline) = outliner.finish()
    {
        return Ok(outline);
    }
    let begin = text.trim_start();
    if begin.is_empty() {
        return Err(Error::data(Code::FileEmpty, format!("{file}: is empty"))
            .with_hint("a GeoJSON file without features holds an empty FeatureCollection"));
    }
    if begin.starts_with(SEPARATOR) {
        return Err(lines::refuse(file, text, SEPARATOR));
    }
    if has_object_a_line(begin) {
        return Err(lines::refuse(file, text, '\n'));
    }
    // The slow path finds the fault.
    let mut outline = Outline::default();
    match scan_object(text, 0, &mut outline) {
        Ok(()) => Ok(outline),
        Err(fault) => Err(fault.refuse(file, 0)),
    }
}

/// Whether the first line is a whole object and another one follows.
pub(in crate::sources::formats) fn has_object_a_line(text: &str) -> bool {
    let Some((first, rest)) = text.split_once('\n') else { return false };
    first.starts_with('{') && rest.trim_start().starts_with('{') && is_json(first).is_ok()
}

/// Why a text is not GeoJSON.
#[derive(Debug)]
pub(super) struct Fault {
    /// The line within the text, the first being 1; 0 if the message names no line.
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

    /// Whether the text ends too early.
    pub fn is_cut_short(&self) -> bool {
        self.cut_short
    }

    /// Returns the line in the whole text, given the number of lines before this one, and the message.
    pub fn within(self, lines_before: u64) -> (u64, String) {
        (lines_before + self.line.max(1), self.what)
    }

    pub fn refuse(self, file: &str, lines_before: u64) -> Error {
        let place = match self.line {
            0 if lines_before == 0 => String::new(),
            0 => format!("line {}: ", lines_before + 1),
            line => format!("line {} column {}: ", lines_before + line, self.column),
        };
        let error = Error::data(Code::FileDamaged, format!("{file}: {place}{}", self.what));
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
pub(super) fn scan_object(
    text: &str,
    offset: usize,
    outline: &mut Outline,
) -> std::result::Result<(), Fault> {
    let kind = Kind::of(text);
    if !text.trim_start().starts_with('{') {
        is_json(text)?;
        let (what, value) = (kind.words(), excerpt(text));
        return Err(Fault::data(format!("is {what}, \"{value}\"; expected a GeoJSON object")));
    }
    let mut top = match Walk::whole(text, PART_BYTES) {
        Some(top) => top,
        // The slow path finds the fault.
        None => {
            let mut deserializer = serde_json::Deserializer::from_str(text);
            let mut top = TopSeed { text }.deserialize(&mut deserializer)?;
            deserializer.end()?;
            top.range = text.len() - text.trim_start().len()..text.trim_end().len();
            top
        }
    };
    let moved = |range: Range<usize>| range.start + offset..range.end + offset;
    top.range = moved(top.range);
    for Stretch { range, .. } in top.features.iter_mut().flatten().flatten() {
        *range = moved(range.clone());
    }
    judge(top, outline)
}

/// Adds the contents of an object to the outline.
pub(super) fn judge(top: Top, outline: &mut Outline) -> std::result::Result<(), Fault> {
    for name in &top.repeated {
        outline.notes.add(name.clone(), "occurs twice at the top; the last one counts");
    }
    if let Some(crs) = top.member("crs").filter(|_| outline.crs.is_none()) {
        outline.crs = Some(crs.to_owned());
    }
    let Some(kind) = top.member("type") else {
        if let Some(what) = refusal(|name| top.member(name)) {
            return Err(Fault::data(what).with_hint(HINT));
        }
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
        return judge_collection(top, outline);
    }
    if kind == "Feature" || GEOMETRY_TYPES.contains(&kind.as_str()) {
        outline.items.push(Item::Alone(Stretch { range: top.range, count: 1 }));
        return Ok(());
    }
    let fault = Fault::data(format!("type: \"{}\" is not a GeoJSON type", kind.escape_debug()));
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

fn judge_collection(top: Top, outline: &mut Outline) -> std::result::Result<(), Fault> {
    let notes = &mut outline.notes;
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
            let members = &top.members;
            let count = stretches.iter().map(|stretch| stretch.count).sum();
            let said = Paging::of(|name| member(members, name));
            outline.partial = outline.partial.take().or_else(|| said.judge(count, "features"));
            outline.items.extend(stretches.into_iter().map(Item::Many));
            Ok(())
        }
    }
}

fn member<'m>(members: &'m [(String, String)], name: &str) -> Option<&'m str> {
    members.iter().rev().find(|(key, _)| key == name).map(|(_, raw)| raw.as_str())
}

struct TopSeed<'t> {
    text: &'t str,
}

impl<'t> DeserializeSeed<'t> for TopSeed<'t> {
    type Value = Top;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<Top, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'t> Visitor<'t> for TopSeed<'t> {
    type Value = Top;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a GeoJSON object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Top, A::Error> {
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
                top.add(&name, raw.get());
            }
        }
        Ok(top)
    }
}

/// Records the location of each element of a list, without reading it.
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
            // The element is a slice of the text, so the address difference is its offset.
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
