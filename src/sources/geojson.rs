//! GeoJSON (RFC 7946): feature collections, features and bare geometries, one object a line, and
//! the text sequences of RFC 8142. What is wrong in one feature never costs the others; a text that
//! is not JSON throughout is refused before any of it is used.

mod coordinates;
mod cursor;
mod members;
mod plain;
mod scan;
mod stretches;

use super::notes::Notes;
use super::parts::{Next, PART_BYTES, Parts, Take, Told};
use super::reader::Columns;
use super::record::{Geometry, Record};
use crate::Result;
use crate::model::{Finding, Findings, Place, Value, Verdict};
use coordinates::{GEOMETRY_TYPES, join, nearest_name, note_bad_bbox, note_more, read_geometry};
use cursor::Cursor;
use members::{Kind, Members, excerpt, flat_value};
use scan::{Item, Outline, Shape, scan};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// How many features are looked at for the first columns.
const FEATURES_LOOKED_AT: usize = 200;

/// Members that RFC 7946, section 7.1, forbids in a feature.
const FOREIGN: [&str; 3] = ["coordinates", "geometries", "features"];

/// A GeoJSON text whose features have been found.
#[derive(Debug)]
pub(super) struct Document {
    file: Arc<str>,
    text: Cow<'static, str>,
    outline: Outline,
    columns: Arc<Columns>,
    /// The items of each part, and the number of the first feature in it.
    parts: Vec<(Range<usize>, u64)>,
}

/// A feature that cannot be a record.
struct NoFeature {
    field: Option<String>,
    value: Option<String>,
    why: String,
}

/// What is done with each feature: its number, the feature or why it is none, and the columns known by
/// then.
type Each<'e> = dyn FnMut(u64, Result<Record, NoFeature>, &[Arc<str>]) -> Next + 'e;

impl Document {
    /// Finds the features of a text and the names of the first ones' properties.
    ///
    /// # Errors
    /// A text that is not JSON, is cut short, or is JSON but not GeoJSON.
    pub fn new(
        file: &Arc<str>,
        text: Cow<'static, str>,
        findings: &mut Vec<Finding>,
    ) -> Result<Self> {
        let mut notes = Notes::default();
        let outline = scan(file, &text, &mut notes)?;
        let mut document = Self {
            file: file.clone(),
            parts: parts_of(&outline.items),
            text,
            outline,
            columns: Arc::default(),
        };
        let (mut columns, mut looked_at) = (Arc::default(), 0);
        let mut each = |_, _, _: &[_]| {
            looked_at += 1;
            if looked_at < FEATURES_LOOKED_AT { Next::Read } else { Next::Stop }
        };
        // Whatever is wrong with them is told when they are read.
        let (items, mut unsaid) = (&document.outline.items, Notes::default());
        document.features(0, items, &mut columns, &mut unsaid, &mut each);
        document.columns = columns;
        let mut found = Findings::default();
        notes.report(file, &mut found);
        findings.extend(found.iter().cloned());
        Ok(document)
    }

    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// How the features are put together, in words.
    pub fn shape(&self) -> &'static str {
        match self.outline.shape {
            Shape::Whole => "GeoJSON",
            Shape::Lines => "GeoJSON, newline-delimited",
            Shape::Sequence => "GeoJSON, RFC 8142 sequence",
        }
    }

    /// The legacy `crs` member (GeoJSON 2008, section 3) as the name of a CRS.
    pub fn crs(&self) -> Option<DeclaredCrs> {
        self.outline.crs.as_deref().map(read_crs)
    }

    /// Reads features from one of a number on, and gives each to `each` with its number and the
    /// columns known by then.
    fn features(
        &self,
        first: u64,
        items: &[Item],
        columns: &mut Arc<Columns>,
        notes: &mut Notes,
        each: &mut Each<'_>,
    ) {
        let mut feature = first;
        for item in items {
            let (start, count) = match item {
                Item::Many(stretch) => (stretch.range.start, stretch.count),
                Item::Alone(range) => (range.start, 1),
                Item::Broken { line, why } => {
                    let why = format!("line {line}: {why}");
                    let broken = NoFeature { field: None, value: None, why };
                    if each(feature, Err(broken), columns.names()) == Next::Stop {
                        return;
                    }
                    feature += 1;
                    continue;
                }
            };
            let mut cursor = Cursor::new(&self.text, start);
            let alone = matches!(item, Item::Alone(_));
            for _ in 0..count {
                if matches!(cursor.after_blanks(), Some(b',')) {
                    let _ = (cursor.next(), cursor.after_blanks());
                }
                notes.set_place(Place::Feature(feature));
                let record = read_feature(&mut cursor, feature, alone, columns, notes);
                if each(feature, record, columns.names()) == Next::Stop {
                    return;
                }
                feature += 1;
            }
        }
    }
}

impl Parts for Document {
    /// The columns known by then.
    type State = Arc<Columns>;

    fn count(&self) -> usize {
        self.parts.len()
    }

    fn begin(&self) -> Arc<Columns> {
        self.columns.clone()
    }

    /// Names that are new are rare.
    fn guess(&self, _: usize, earlier: &Arc<Columns>) -> Arc<Columns> {
        earlier.clone()
    }

    fn read(
        &self,
        part: usize,
        mut columns: Arc<Columns>,
        told: &mut Told,
        take: &mut Take<'_>,
    ) -> Result<Arc<Columns>> {
        let Some((items, first)) = self.parts.get(part) else { return Ok(columns) };
        let items = self.outline.items.get(items.clone()).unwrap_or_default();
        let mut notes = Notes::of_part();
        self.features(*first, items, &mut columns, &mut notes, &mut |feature, record, names| {
            told.count.read += 1;
            match record {
                Ok(record) => {
                    let next = take(record, names);
                    told.taken += 1;
                    next
                }
                Err(NoFeature { field, value, why }) => {
                    told.set_aside(Finding {
                        file: self.file.clone(),
                        place: Place::Feature(feature),
                        id: None,
                        field,
                        value,
                        why,
                        verdict: Verdict::SetAside,
                    });
                    Next::Read
                }
            }
        });
        told.notes = notes;
        Ok(columns)
    }
}

/// Items that are read together: a stretch of a collection, or some of those that stand alone.
fn parts_of(items: &[Item]) -> Vec<(Range<usize>, u64)> {
    let mut parts = Vec::new();
    let (mut first, mut begin, mut held, mut feature) = (0, 0, 0, 0);
    for (at, item) in items.iter().enumerate() {
        let (bytes, features) = match item {
            Item::Many(stretch) => (stretch.range.len(), stretch.count),
            Item::Alone(range) => (range.len(), 1),
            Item::Broken { .. } => (0, 1),
        };
        held += bytes;
        feature += features;
        if held >= PART_BYTES / 2 || at + 1 == items.len() {
            parts.push((begin..at + 1, first));
            (first, begin, held) = (feature, at + 1, 0);
        }
    }
    parts
}

/// Reads the feature at a place, and goes on to its end.
fn read_feature(
    cursor: &mut Cursor<'_>,
    feature: u64,
    alone: bool,
    columns: &mut Arc<Columns>,
    notes: &mut Notes,
) -> Result<Record, NoFeature> {
    let start = cursor.at();
    if let Some(plain) = plain::feature(cursor, columns) {
        if plain.more {
            note_more(notes);
        }
        let place = Place::Feature(feature);
        return Ok(Record { place, id: plain.id, fields: plain.fields, geometry: plain.geometry });
    }
    cursor.go_to(start);
    // The whole text is known to be JSON.
    let _ = cursor.value();
    let raw = cursor.slice(start..cursor.at()).unwrap_or_default();
    record_of(raw, feature, alone, Arc::make_mut(columns), notes)
}

/// Takes a feature apart, and says what is odd about it.
fn record_of(
    raw: &str,
    feature: u64,
    alone: bool,
    columns: &mut Columns,
    notes: &mut Notes,
) -> Result<Record, NoFeature> {
    let refuse = |field: Option<&str>, raw: &str, why: String| NoFeature {
        field: field.map(str::to_owned),
        value: Some(excerpt(raw)),
        why,
    };
    let kind = Kind::of(raw);
    if kind != Kind::Object {
        return Err(refuse(None, raw, format!("is {}; expected a Feature", kind.words())));
    }
    let members =
        Members::of(raw).map_err(|error| refuse(None, raw, format!("cannot be read: {error}")))?;
    let Some(given) = members.get("type") else {
        return Err(refuse(None, raw, "has no \"type\"; expected a Feature".to_owned()));
    };
    let place = Place::Feature(feature);
    match members.text("type") {
        Some(kind) if kind == "Feature" => {}
        Some(kind) if alone && GEOMETRY_TYPES.contains(&kind.as_str()) => {
            let geometry = read_geometry(raw, "", notes);
            return Ok(Record { place, id: None, fields: Vec::new(), geometry });
        }
        Some(kind) => {
            let why = match nearest_name(&kind, &["Feature"]) {
                Some(near) => format!("is not the type of a feature; did it mean {near}"),
                None => "is not the type of a feature; expected Feature".to_owned(),
            };
            return Err(refuse(Some("type"), &kind, why));
        }
        None => {
            let why = format!("is {}; expected Feature", Kind::of(given).words());
            return Err(refuse(Some("type"), given, why));
        }
    }
    for name in &members.repeated {
        notes.add(name.clone(), "is there twice; the last one counts");
    }
    for name in FOREIGN.into_iter().filter(|name| members.get(name).is_some()) {
        let why = "has no place in a feature (RFC 7946, section 7.1); ignored";
        notes.add(name.to_owned(), why);
    }
    if let Some(bbox) = members.get("bbox") {
        note_bad_bbox(bbox, "", notes);
    }
    let id = read_id(&members, notes);
    let geometry = match members.get("geometry") {
        Some(raw) => read_geometry(raw, "geometry", notes),
        None => {
            notes.add("geometry".to_owned(), "is missing; taken as null");
            Geometry::None
        }
    };
    let fields = read_properties(members.get("properties"), columns, notes);
    Ok(Record { place, id, fields, geometry })
}

/// A feature's own id: a text or a number.
fn read_id(members: &Members<'_>, notes: &mut Notes) -> Option<Value> {
    let raw = members.get("id")?;
    match (Kind::of(raw), flat_value(raw)) {
        (Kind::Text | Kind::Number, Ok(value)) => Some(value),
        (Kind::Null, _) => None,
        _ => {
            let why = "is not an id, which is a text or a number; ignored";
            notes.add_value("id".to_owned(), excerpt(raw), why);
            None
        }
    }
}

/// The values of the properties, each in its column; names that are new become columns.
fn read_properties(raw: Option<&str>, columns: &mut Columns, notes: &mut Notes) -> Vec<Value> {
    let Some(raw) = raw else {
        notes.add("properties".to_owned(), "is missing; taken as null");
        return Vec::new();
    };
    match Kind::of(raw) {
        Kind::Null => return Vec::new(),
        Kind::Object => {}
        _ => {
            let why = "is not an object; taken as null";
            notes.add_value("properties".to_owned(), excerpt(raw), why);
            return Vec::new();
        }
    }
    let members = match Members::of(raw) {
        Ok(members) => members,
        Err(_) => {
            let why = "has a name with an escape that stands for no character; taken as null";
            notes.add_value("properties".to_owned(), excerpt(raw), why);
            return Vec::new();
        }
    };
    for name in &members.repeated {
        notes.add(join("properties", name), "is there twice; the last one counts");
    }
    let mut fields = vec![Value::Missing; columns.len()];
    for (at, (name, raw)) in members.list.iter().enumerate() {
        // Features of a file mostly have the same properties in the same order.
        let column = match columns.names().get(at) {
            Some(same) if **same == **name => at,
            _ => columns.place_of(name),
        };
        let value = flat_value(raw).unwrap_or_else(|why| {
            notes.add_value(join("properties", name), excerpt(raw), why);
            Value::Missing
        });
        if column >= fields.len() {
            fields.resize(column + 1, Value::Missing);
        }
        if let Some(field) = fields.get_mut(column) {
            *field = value;
        }
    }
    fields
}

/// What a `crs` member says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum DeclaredCrs {
    /// The name of a CRS.
    Name(String),
    /// `null`: nothing may be assumed.
    Unknown,
    /// A link or something else that is no name.
    Unreadable(String),
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
        // As some writers had it before 2008.
        Some("EPSG") => match properties.get("code") {
            Some(code) => DeclaredCrs::Name(format!("EPSG:{}", code.trim_matches('"'))),
            None => unreadable(),
        },
        _ => unreadable(),
    }
}
