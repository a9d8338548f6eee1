//! GeoJSON (RFC 7946): feature collections, features and bare geometries, one object a line, and
//! the text sequences of RFC 8142. What is wrong in one feature never costs the others; a text that
//! is not JSON throughout is refused before any of it is used.

mod bytes;
mod coordinates;
mod cursor;
mod feature;
mod lines;
mod members;
mod outline;
mod plain;
mod scan;
mod stretches;
mod value;

use super::header::Columns;
use super::record::{Geometries, Written};
use crate::Result;
use crate::model::{Finding, Findings, Place, Verdict};
use crate::sources::bytes::parts::{Next, Parts, Take, Told};
use crate::sources::bytes::text::Text;
use crate::sources::formats::notes::Notes;
use cursor::Cursor;
use feature::{NoFeature, read_feature};
use members::{Kind, Members, excerpt};
use outline::{Item, Shape};
pub(crate) use outline::{Outline, Outliner};
use scan::scan;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;
use stretches::Stretch;
pub(crate) use value::{compact, number};

/// How many features are looked at for the first columns.
const FEATURES_LOOKED_AT: usize = 200;

/// A GeoJSON text whose features have been found.
#[derive(Debug)]
pub(crate) struct Document {
    file: Arc<str>,
    text: Text,
    crs: Option<String>,
    shape: Shape,
    items: Vec<Item>,
    columns: Arc<Columns>,
    parts: Vec<Part>,
}

/// Items that are read together: a stretch of a collection, or some of those that stand alone.
#[derive(Debug)]
struct Part {
    items: Range<usize>,
    /// Where in the text they stand.
    range: Range<usize>,
    /// The number of the first feature.
    first: u64,
}

/// What is done with each feature: its number, the feature or why it is none, and the columns known by
/// then.
type Each<'e> = dyn FnMut(u64, Result<Written<'_, '_>, NoFeature>, &[Arc<str>]) -> Next + 'e;

impl Document {
    /// Finds the features of a text that is held, and the names of the first ones' properties.
    ///
    /// # Errors
    /// A text that is not JSON, is cut short, or is JSON but not GeoJSON.
    pub fn new(
        file: &Arc<str>,
        text: Cow<'static, str>,
        part: usize,
        findings: &mut Vec<Finding>,
    ) -> Result<Self> {
        let outline = scan(file, &text, part)?;
        Self::of_outline(file, Text::Held(text), outline, part, findings)
    }

    /// A text whose outline is known, to be read in parts of about so many bytes.
    ///
    /// # Errors
    /// A text that cannot be read any more.
    pub fn of_outline(
        file: &Arc<str>,
        text: Text,
        outline: Outline,
        part: usize,
        findings: &mut Vec<Finding>,
    ) -> Result<Self> {
        let Outline { items, crs, shape, notes } = outline;
        let (file, parts, columns) = (file.clone(), parts_of(&items, part), Arc::default());
        let mut document = Self { file, text, crs, shape, items, columns, parts };
        let mut looked_at = 0;
        // Whatever is wrong with them is told when they are read.
        let mut unsaid = Notes::default();
        let mut columns = Arc::default();
        for part in &document.parts {
            let next: &mut Each<'_> = &mut |_, _, _| {
                looked_at += 1;
                if looked_at < FEATURES_LOOKED_AT { Next::Read } else { Next::Stop }
            };
            if document.features(part, Geometries::Json, &mut columns, &mut unsaid, next)?
                == Next::Stop
            {
                break;
            }
        }
        document.columns = columns;
        let mut found = Findings::default();
        notes.report(&document.file, &mut found);
        findings.extend(found.iter().cloned());
        Ok(document)
    }

    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    pub fn text(&self) -> &Text {
        &self.text
    }

    /// How the features are put together, in words.
    pub fn shape(&self) -> &'static str {
        match self.shape {
            Shape::Whole => "GeoJSON",
            Shape::Lines => "GeoJSON, newline-delimited",
            Shape::Sequence => "GeoJSON, RFC 8142 sequence",
        }
    }

    /// The legacy `crs` member (GeoJSON 2008, section 3) as the name of a CRS.
    pub fn crs(&self) -> Option<DeclaredCrs> {
        self.crs.as_deref().map(read_crs)
    }

    /// Reads the features of a part, and gives each to `each` with its number and the columns known by
    /// then.
    fn features(
        &self,
        part: &Part,
        geometries: Geometries,
        columns: &mut Arc<Columns>,
        notes: &mut Notes,
        each: &mut Each<'_>,
    ) -> Result<Next> {
        let mut buffer = Vec::new();
        let text = self.text.piece(part.range.start, part.range.end, &mut buffer)?;
        let mut cells = Vec::new();
        let mut feature = part.first;
        for item in self.items.get(part.items.clone()).unwrap_or_default() {
            let (stretch, alone) = match item {
                Item::Many(stretch) => (stretch, false),
                Item::Alone(stretch) => (stretch, true),
                Item::Broken { line, why } => {
                    let why = format!("line {line}: {why}");
                    let broken = NoFeature { field: None, value: None, why };
                    if each(feature, Err(broken), columns.names()) == Next::Stop {
                        return Ok(Next::Stop);
                    }
                    feature += 1;
                    continue;
                }
            };
            let mut cursor = Cursor::new(text, stretch.range.start - part.range.start);
            for _ in 0..stretch.count {
                // Commas of a list, separators of a sequence.
                while let Some(b',' | 0x1e) = cursor.after_blanks() {
                    cursor.next();
                }
                notes.set_place(Place::Feature(feature));
                let record = read_feature(
                    &mut cursor,
                    feature,
                    alone,
                    geometries,
                    columns,
                    &mut cells,
                    notes,
                );
                if each(feature, record, columns.names()) == Next::Stop {
                    return Ok(Next::Stop);
                }
                feature += 1;
            }
        }
        Ok(Next::Read)
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
        geometries: Geometries,
        told: &mut Told,
        take: &mut Take<'_>,
    ) -> Result<Arc<Columns>> {
        let Some(part) = self.parts.get(part) else { return Ok(columns) };
        let mut notes = Notes::of_part();
        let mut each = |feature, record: Result<Written<'_, '_>, NoFeature>, names: &[Arc<str>]| {
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
        };
        self.features(part, geometries, &mut columns, &mut notes, &mut each)?;
        told.notes = notes;
        Ok(columns)
    }
}

/// Puts items together for parts of about so many bytes.
fn parts_of(items: &[Item], part: usize) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let (mut held, mut feature) = (part, 0);
    for (at, item) in items.iter().enumerate() {
        // What is no GeoJSON is not read again.
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

/// What a `crs` member says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DeclaredCrs {
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
