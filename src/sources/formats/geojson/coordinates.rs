//! Reads a geometry's JSON as coordinates, or as a described fault: the part at fault, the value found,
//! and the expected form. Valid geometries are read in one pass; faulty ones are examined piece by piece.

use super::members::{Kind, Members, elements, excerpt};
use crate::Code;
use crate::model::Verdict;
use crate::sources::formats::json_values::finite;
use crate::sources::formats::notes::Notes;
use crate::sources::formats::record::{Geometry, RawGeometry};
use crate::sources::values::geometry::Note;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, IgnoredAny, SeqAccess, Visitor};
use std::fmt;

/// The types of geometry, as RFC 7946 spells them.
pub(in crate::sources::formats) const GEOMETRY_TYPES: [&str; 7] = [
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
    "Polygon",
    "MultiPolygon",
    "GeometryCollection",
];

/// The deepest nesting of geometry collections. RFC 7946, section 3.1.8, advises against any.
const DEEPEST_COLLECTION: usize = 4;

/// Members that RFC 7946, section 7.1, forbids in a geometry.
const FOREIGN: [&str; 3] = ["geometry", "properties", "features"];

/// Reads a geometry located at `part` of its feature (`geometry`, or an empty text for a standalone
/// geometry). Dropped coordinates are noted.
pub(super) fn read_geometry(raw: &str, part: &str, notes: &mut Notes) -> Geometry {
    let mut more = false;
    let geometry = read_nested(raw, part, 0, &mut more, notes);
    if more {
        note_more(notes);
    }
    geometry
}

fn read_nested(
    raw: &str,
    part: &str,
    depth: usize,
    more: &mut bool,
    notes: &mut Notes,
) -> Geometry {
    match Kind::of(raw) {
        Kind::Null if depth == 0 => return Geometry::None,
        Kind::Object => {}
        kind => return broken(part, raw, format!("is {}; expected a geometry", kind.words())),
    }
    let members = match Members::of(raw) {
        Ok(members) => members,
        Err(error) => return broken(part, raw, format!("cannot be read: {error}")),
    };
    for name in &members.repeated {
        notes.add(join(part, name), "occurs twice; the last one counts");
    }
    for name in FOREIGN.into_iter().filter(|name| members.get(name).is_some()) {
        notes.add(join(part, name), "has no place in a geometry (RFC 7946, section 7.1); ignored");
    }
    if let Some(bbox) = members.get("bbox") {
        note_bad_bbox(bbox, part, notes);
    }
    let Some(kind) = members.text("type") else {
        return match members.get("type") {
            None => broken(part, raw, "has no \"type\"; expected a geometry".to_owned()),
            Some(other) => broken(&join(part, "type"), other, "is not a text".to_owned()),
        };
    };
    if kind == "GeometryCollection" {
        return match members.get("geometries") {
            None => broken(part, raw, "is a GeometryCollection without geometries".to_owned()),
            Some(list) => read_collection(list, &join(part, "geometries"), depth, more, notes),
        };
    }
    let coordinates_part = join(part, "coordinates");
    let Some(coordinates) = members.get("coordinates") else {
        return match GEOMETRY_TYPES.contains(&kind.as_str()) {
            true => broken(part, raw, format!("is a {kind} without coordinates")),
            false => broken(&join(part, "type"), &kind, not_a_type(&kind)),
        };
    };
    let read = match kind.as_str() {
        "Point" => {
            if elements(coordinates).is_some_and(|list| list.is_empty()) {
                return Geometry::None;
            }
            parse(coordinates, 0, more).map(|point: Place| RawGeometry::Points(vec![point.xy]))
        }
        "MultiPoint" => parse(coordinates, 1, more).map(|l| RawGeometry::Points(line(l))),
        "LineString" => parse(coordinates, 1, more).map(|l| match line(l) {
            empty if empty.is_empty() => RawGeometry::Lines(Vec::new()),
            line => RawGeometry::Lines(vec![line]),
        }),
        "MultiLineString" => parse(coordinates, 2, more).map(|l| RawGeometry::Lines(lines(l))),
        "Polygon" => parse(coordinates, 2, more).map(|l| match lines(l) {
            empty if empty.is_empty() => RawGeometry::Polygons(Vec::new()),
            rings => RawGeometry::Polygons(vec![rings]),
        }),
        "MultiPolygon" => parse(coordinates, 3, more).map(|list: Vec<Vec<Vec<Place>>>| {
            RawGeometry::Polygons(list.into_iter().map(lines).collect())
        }),
        _ => return broken(&join(part, "type"), &kind, not_a_type(&kind)),
    };
    match read {
        Ok(raw) if is_empty(&raw) => Geometry::None,
        Ok(raw) => Geometry::Raw(raw),
        Err(fault) => match sound_parts(&kind, coordinates, more) {
            Some((raw, faults)) => {
                for Fault { index, value, why } in faults {
                    let place = format!("{coordinates_part}{index}");
                    note_left_out(notes, place, Some(value), &why);
                }
                Geometry::Raw(raw)
            }
            None => Geometry::Broken {
                part: format!("{coordinates_part}{}", fault.index),
                value: Some(fault.value),
                why: fault.why,
            },
        },
    }
}

/// Notes a part that cannot be read although others can.
fn note_left_out(notes: &mut Notes, part: String, value: Option<String>, why: &str) {
    let why = format!("{why}; this part is left out");
    let code = Code::GeometryDoubtful;
    notes.push(Note { code, field: Some(part), value, why, verdict: Verdict::Repaired });
}

/// Returns the readable parts of a multipart geometry, and the faults of the others; `None` if no part is
/// valid, or if the geometry has only one part.
fn sound_parts(kind: &str, raw: &str, more: &mut bool) -> Option<(RawGeometry, Vec<Fault>)> {
    let depth = match kind {
        "MultiPoint" => 0,
        "MultiLineString" => 1,
        "MultiPolygon" => 2,
        _ => return None,
    };
    let (mut whole, mut faults) = (Vec::new(), Vec::new());
    for (at, part) in elements(raw)?.into_iter().enumerate() {
        let read = match depth {
            0 => parse(part, 0, more).map(|point: Place| RawGeometry::Points(vec![point.xy])),
            1 => parse(part, 1, more).map(|l| RawGeometry::Lines(vec![line(l)])),
            _ => parse(part, 2, more).map(|l| RawGeometry::Polygons(vec![lines(l)])),
        };
        match read {
            Ok(part) => whole.push(part),
            Err(fault) => faults.push(Fault { index: format!("[{at}]{}", fault.index), ..fault }),
        }
    }
    let whole = merge(whole).filter(|whole| !is_empty(whole))?;
    Some((whole, faults))
}

fn read_collection(
    list: &str,
    part: &str,
    depth: usize,
    more: &mut bool,
    notes: &mut Notes,
) -> Geometry {
    let Some(members) = elements(list) else {
        let kind = Kind::of(list).words();
        return broken(part, list, format!("is {kind}; expected a list of geometries"));
    };
    if depth > 0 {
        notes.add(part.to_owned(), "is a collection within a collection; read as one");
    }
    if depth >= DEEPEST_COLLECTION {
        let why = format!("is nested in more than {DEEPEST_COLLECTION} collections");
        return broken(part, list, why);
    }
    let (mut read, mut faults) = (Vec::new(), Vec::new());
    for (at, raw) in members.into_iter().enumerate() {
        match read_nested(raw, &format!("{part}[{at}]"), depth + 1, more, notes) {
            Geometry::Raw(RawGeometry::Mixed(inner)) => read.extend(inner),
            Geometry::Raw(geometry) => read.push(geometry),
            Geometry::None | Geometry::InColumns => {}
            Geometry::Broken { part, value, why } => faults.push((part, value, why)),
        }
    }
    let whole = merge(read);
    if whole.is_none() && !faults.is_empty() {
        let (part, value, why) = faults.swap_remove(0);
        return Geometry::Broken { part, value, why };
    }
    for (part, value, why) in faults {
        note_left_out(notes, part, value, &why);
    }
    whole.map_or(Geometry::None, Geometry::Raw)
}

/// Merges geometries: of one kind if all are, otherwise mixed; `None` if there are none.
pub(crate) fn merge(list: Vec<RawGeometry>) -> Option<RawGeometry> {
    let mut merged: Vec<RawGeometry> = Vec::new();
    for geometry in list {
        match (merged.last_mut(), geometry) {
            (Some(RawGeometry::Points(all)), RawGeometry::Points(more)) => all.extend(more),
            (Some(RawGeometry::Lines(all)), RawGeometry::Lines(more)) => all.extend(more),
            (Some(RawGeometry::Polygons(all)), RawGeometry::Polygons(more)) => all.extend(more),
            (_, geometry) => merged.push(geometry),
        }
    }
    if merged.len() > 1 { Some(RawGeometry::Mixed(merged)) } else { merged.pop() }
}

pub(crate) fn is_empty(raw: &RawGeometry) -> bool {
    match raw {
        RawGeometry::Points(list) => list.is_empty(),
        RawGeometry::Lines(list) => list.iter().all(Vec::is_empty),
        RawGeometry::Polygons(list) => list.iter().flatten().all(Vec::is_empty),
        RawGeometry::Mixed(list) => list.iter().all(is_empty),
    }
}

fn broken(part: &str, raw: &str, why: String) -> Geometry {
    let part = if part.is_empty() { "geometry" } else { part };
    Geometry::Broken { part: part.to_owned(), value: Some(excerpt(raw)), why }
}

fn not_a_type(kind: &str) -> String {
    match nearest_name(kind, &GEOMETRY_TYPES) {
        Some(near) => format!("is not a type of geometry; did it mean {near}"),
        None => "is not a type of geometry".to_owned(),
    }
}

/// The name most similar to a mistyped one.
pub(super) fn nearest_name<'n>(given: &str, names: &[&'n str]) -> Option<&'n str> {
    let given = given.to_lowercase();
    names
        .iter()
        .map(|name| (strsim::damerau_levenshtein(&given, &name.to_lowercase()), *name))
        .filter(|(edits, _)| *edits <= 2)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, name)| name)
}

/// The path of a member of a part.
pub(super) fn join(part: &str, name: &str) -> String {
    if part.is_empty() { name.to_owned() } else { format!("{part}.{name}") }
}

/// Notes an invalid `bbox`: it is not used, but indicates a careless writer.
pub(super) fn note_bad_bbox(raw: &str, part: &str, notes: &mut Notes) {
    let numbers = elements(raw).map(|list| {
        let all = list.iter().all(|raw| Kind::of(raw) == Kind::Number && finite(raw).is_some());
        (list.len(), all)
    });
    if !matches!(numbers, Some((4 | 6, true))) {
        notes.add_value(
            join(part, "bbox"),
            excerpt(raw),
            "is not a box of 4 or 6 numbers; ignored",
        );
    }
}

/// A position: its first two coordinates, and whether there were more.
struct Place {
    xy: [f64; 2],
    more: bool,
}

impl<'t> Deserialize<'t> for Place {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        struct PlaceVisitor;
        impl<'t> Visitor<'t> for PlaceVisitor {
            type Value = Place;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a position")
            }

            fn visit_seq<A: SeqAccess<'t>>(self, mut seq: A) -> Result<Place, A::Error> {
                let short = || serde::de::Error::custom("a position needs two numbers");
                let x: f64 = seq.next_element()?.ok_or_else(short)?;
                let y: f64 = seq.next_element()?.ok_or_else(short)?;
                let mut more = false;
                while seq.next_element::<f64>()?.is_some() {
                    more = true;
                }
                Ok(Place { xy: [x, y], more })
            }
        }
        deserializer.deserialize_seq(PlaceVisitor)
    }
}

/// Whether any position in a value has more than two coordinates.
trait More {
    fn more(&self) -> bool;
}

impl More for Place {
    fn more(&self) -> bool {
        self.more
    }
}

impl<T: More> More for Vec<T> {
    fn more(&self) -> bool {
        self.iter().any(More::more)
    }
}

fn line(list: Vec<Place>) -> Vec<[f64; 2]> {
    list.into_iter().map(|place| place.xy).collect()
}

fn lines(list: Vec<Vec<Place>>) -> Vec<Vec<[f64; 2]>> {
    list.into_iter().map(line).collect()
}

/// The first fault in coordinates.
struct Fault {
    /// The location: `[0][3]`.
    index: String,
    value: String,
    why: String,
}

/// Parses coordinates nested `depth` lists deep.
fn parse<T: DeserializeOwned + More>(raw: &str, depth: usize, more: &mut bool) -> Result<T, Fault> {
    match serde_json::from_str::<T>(raw) {
        Ok(read) => {
            *more |= read.more();
            Ok(read)
        }
        Err(error) => Err(find_fault(raw, depth, String::new()).unwrap_or_else(|| Fault {
            index: String::new(),
            value: excerpt(raw),
            why: format!("cannot be read: {error}"),
        })),
    }
}

/// The message for dropped heights.
pub(super) const MORE: &str =
    "have positions of more than two numbers; only longitude and latitude are used";

/// Notes heights and measures.
pub(crate) fn note_more(notes: &mut Notes) {
    notes.add("coordinates".to_owned(), MORE);
}

fn find_fault(raw: &str, depth: usize, index: String) -> Option<Fault> {
    let fault =
        |index: String, raw: &str, why: String| Some(Fault { index, value: excerpt(raw), why });
    let expected = match depth {
        0 => "a position",
        1 => "a list of positions",
        2 => "a list of lines or rings",
        _ => "a list of polygons",
    };
    let Some(list) = elements(raw) else {
        let kind = Kind::of(raw).words();
        return fault(index, raw, format!("is {kind}; expected {expected}"));
    };
    if depth > 0 {
        return list
            .into_iter()
            .enumerate()
            .find_map(|(at, raw)| find_fault(raw, depth - 1, format!("{index}[{at}]")));
    }
    for (at, raw) in list.iter().enumerate() {
        let kind = Kind::of(raw);
        if kind != Kind::Number {
            let why = format!("is {}; expected a number", kind.words());
            return fault(format!("{index}[{at}]"), raw, why);
        }
        if finite(raw).is_none() {
            return fault(format!("{index}[{at}]"), raw, "is too large for a number".to_owned());
        }
    }
    if list.len() < 2 {
        let why = format!("has {} of the two numbers a position needs", list.len());
        return fault(index, raw, why);
    }
    None
}

/// Checks that a text is valid JSON.
///
/// # Errors
/// The location and the reason, if the text is not JSON.
pub(in crate::sources::formats) fn is_json(text: &str) -> serde_json::Result<()> {
    serde_json::from_str::<IgnoredAny>(text).map(|_| ())
}
