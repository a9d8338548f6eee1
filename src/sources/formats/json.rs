//! JSON responses of services other than GeoJSON: records in a list, alone (ACLED) or beside paging members
//! (UCDP and many others), or one object per line; lists of rows under a header (HXL); elements of
//! OpenStreetMap (Overpass); features of ArcGIS (Esri JSON). The whole text is checked to be valid JSON before
//! a record is read.

mod esri;
mod osm;
mod sniff;

use super::answers::{HINT, refusal};
use super::geojson::members::{Kind, Members, elements, excerpt};
use super::geojson::value::cell;
use super::header::Columns;
use super::pages::{Paging, grouped};
use super::parts::{Begin, Next, PartReport, Take};
use super::record::{Cell, Geometry, Written};
use super::{Asked, Content, Dataset, DeclaredCrs, Driver, Head, Typing};
use crate::model::{Finding, Place, Value, Verdict};
use crate::sources::options::Format;
use crate::{Code, Error, Result};
use serde_json::value::RawValue;
use sniff::{Sort, sort_of};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// JSON of services other than GeoJSON.
pub(super) struct Json;

impl Driver for Json {
    fn format(&self) -> Format {
        Format::Json
    }

    fn is(&self, head: &Head<'_>) -> bool {
        head.text.is_some_and(|text| sort_of(text).is_some())
    }

    fn open(&self, content: Content, asked: &mut Asked<'_>) -> Result<Box<dyn Dataset>> {
        let text = content.into_text(asked.file)?;
        Ok(Box::new(Document::new(text, asked)?))
    }
}

/// The number of records in a part.
const PART_RECORDS: usize = 2000;

/// The default page size of ACLED's API.
const ACLED_PAGE: u64 = 5000;

/// A text whose records have been located.
#[derive(Debug)]
struct Document {
    file: Arc<str>,
    text: Cow<'static, str>,
    sort: Sort,
    items: Vec<Item>,
    columns: Arc<Columns>,
    crs: Option<DeclaredCrs>,
    partial: Option<String>,
    /// The layer properties of ArcGIS features.
    esri: esri::Layer,
    /// The locations of the OpenStreetMap elements that others refer to.
    elements: osm::Elements,
}

/// The location of a record.
#[derive(Debug)]
enum Item {
    Record(Range<usize>),
    /// A line that is not an object.
    Broken {
        line: u64,
        why: String,
    },
}

impl Document {
    fn new(text: Cow<'static, str>, asked: &mut Asked<'_>) -> Result<Self> {
        let file = asked.file.clone();
        let sort = sort_of(&text).unwrap_or(Sort::List);
        let mut document = Self {
            file: file.clone(),
            text: Cow::Borrowed(""),
            sort,
            items: Vec::new(),
            columns: Arc::default(),
            crs: None,
            partial: None,
            esri: esri::Layer::default(),
            elements: osm::Elements::default(),
        };
        if matches!(document.sort, Sort::Lines) {
            document.find_lines(&text)?;
        } else {
            document.find_list(&text, asked)?;
        }
        document.text = text;
        document.name_columns(asked)?;
        Ok(document)
    }

    /// Locates the objects of a text with one object per line.
    fn find_lines(&mut self, text: &str) -> Result<()> {
        let mut at = 0;
        for (line, number) in text.split_inclusive('\n').zip(1_u64..) {
            let begin = at;
            at += line.len();
            let record = line.trim();
            if record.is_empty() {
                continue;
            }
            let lead = line.len() - line.trim_start().len();
            let range = begin + lead..begin + lead + record.len();
            let is_last = text.get(at..).is_none_or(|rest| rest.trim().is_empty());
            match serde_json::from_str::<&RawValue>(record) {
                Ok(_) if Kind::of(record) == Kind::Object => self.items.push(Item::Record(range)),
                Ok(_) => self.items.push(Item::Broken {
                    line: number,
                    why: format!("is {}; expected an object", Kind::of(record).words()),
                }),
                Err(error) if is_last && error.is_eof() => {
                    return Err(Error::data(
                        Code::FileDamaged,
                        format!("{}: line {number}: the JSON text is cut short", self.file),
                    )
                    .with_hint("fetch or write the file again"));
                }
                Err(error) => {
                    self.items.push(Item::Broken { line: number, why: plain(&error) });
                }
            }
        }
        Ok(())
    }

    /// Locates the records of a list, and reads the members beside it.
    fn find_list(&mut self, text: &str, asked: &mut Asked<'_>) -> Result<()> {
        let file = &self.file;
        serde_json::from_str::<&RawValue>(text).map_err(|error| {
            let place = format!("line {} column {}", error.line(), error.column());
            let (what, hint) = match error.is_eof() {
                true => ("the JSON text is cut short", "fetch or write the file again"),
                false => ("is not JSON", "JSON has no NaN, no comments and no single quotes"),
            };
            Error::data(Code::FileDamaged, format!("{file}: {place}: {what}: {}", plain(&error)))
                .with_hint(hint)
        })?;
        let cannot = |what: &str| Error::data(Code::FormatUnsupported, format!("{file}: {what}"));
        let members = match Kind::of(text) {
            Kind::Object => Members::of(text).map_err(|error| cannot(&plain(&error)))?,
            _ => Members::default(),
        };
        let raw = match self.sort.list() {
            Some(name) => members.get(name).unwrap_or("[]"),
            None => text,
        };
        let list = elements(raw).ok_or_else(|| cannot("holds no list of records"))?;
        if let Some(what) = list.is_empty().then(|| refusal(|name| members.get(name))).flatten() {
            return Err(cannot(&what).with_hint(HINT));
        }
        // Each item is a slice of the text, so the address difference is its offset.
        let base = text.as_ptr().addr();
        let place = |raw: &&str| {
            let start = raw.as_ptr().addr() - base;
            start..start + raw.len()
        };
        let count = u64::try_from(list.len()).unwrap_or(u64::MAX);
        match &self.sort {
            Sort::Osm => {
                self.elements = osm::Elements::of(&list);
                self.items = list
                    .iter()
                    .filter(|raw| osm::has_tags(raw))
                    .map(|raw| Item::Record(place(raw)))
                    .collect();
                let bare = list.len() - self.items.len();
                if bare > 0 {
                    let why = format!(
                        "holds {bare} elements without tags, which are parts of others; they are not records"
                    );
                    asked.findings.push(self.noted(why));
                }
                self.partial = members.text("remark").map(|remark| {
                    format!("is not complete: Overpass stopped with \"{}\"", excerpt(&remark))
                });
            }
            Sort::Esri => {
                let (layer, crs) = esri::Layer::of(&members, &list);
                (self.esri, self.crs) = (layer, crs);
                self.partial = Paging::of(|name| members.get(name)).judge(count, "features");
                self.items = list.iter().map(|raw| Item::Record(place(raw))).collect();
            }
            Sort::Rows => {
                self.items = list.iter().map(|raw| Item::Record(place(raw))).collect();
            }
            Sort::List | Sort::Lines | Sort::Within(_) => {
                self.items = list.iter().map(|raw| Item::Record(place(raw))).collect();
                let said = Paging::of(|name| members.get(name)).judge(count, "records");
                let acled =
                    members.get("success").is_some() || members.get("last_update").is_some();
                let full = acled && count > 0 && count.is_multiple_of(ACLED_PAGE);
                self.partial = said.or_else(|| {
                    full.then(|| {
                        format!(
                            "holds exactly {} records, as many as ACLED gives at once; there are \
                             likely more pages",
                            grouped(count)
                        )
                    })
                });
            }
        }
        Ok(())
    }

    fn noted(&self, why: String) -> Finding {
        Finding {
            code: Code::FileDoubtful,
            file: self.file.clone(),
            place: Place::File,
            id: None,
            field: None,
            value: None,
            why,
            verdict: Verdict::Noted,
        }
    }

    /// Collects the columns: all names that any record has.
    fn name_columns(&mut self, asked: &mut Asked<'_>) -> Result<()> {
        if matches!(self.sort, Sort::Rows) {
            return self.name_rows(asked);
        }
        let mut columns = Columns::default();
        if matches!(self.sort, Sort::Osm) {
            columns.place_of(osm::ID);
        }
        for item in &self.items {
            let Item::Record(range) = item else { continue };
            let Ok(members) = Members::of(self.slice(range)) else { continue };
            let inner = match &self.sort {
                Sort::Osm => members.get("tags"),
                Sort::Esri => members.get("attributes"),
                _ => None,
            };
            let members = match inner {
                Some(raw) => Members::of(raw).unwrap_or_default(),
                None if matches!(self.sort, Sort::Osm | Sort::Esri) => continue,
                None => members,
            };
            for (name, _) in &members.list {
                columns.place_of(name);
            }
        }
        self.esri.find_dates(&columns);
        self.columns = Arc::new(columns);
        Ok(())
    }

    /// Uses the first row as the column names.
    fn name_rows(&mut self, asked: &mut Asked<'_>) -> Result<()> {
        if self.items.is_empty() {
            return Ok(());
        }
        let Item::Record(range) = self.items.remove(0) else { return Ok(()) };
        let cells = elements(self.slice(&range)).unwrap_or_default();
        let names: Option<Vec<String>> =
            cells.iter().map(|raw| serde_json::from_str(raw).ok()).collect();
        let names = names.filter(|names: &Vec<String>| !names.is_empty()).ok_or_else(|| {
            Error::data(
                Code::FormatUnsupported,
                format!(
                    "{}: its first row is not a row of names: {}",
                    self.file,
                    excerpt(self.slice(&range))
                ),
            )
            .with_hint("lists of rows begin with the names of their columns")
        })?;
        let columns = Columns::from_header(&self.file, &Place::Feature(0), names, asked.findings);
        self.columns = Arc::new(columns);
        Ok(())
    }

    fn slice(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// Splits a record into its cells.
    fn record<'d>(&'d self, raw: &'d str, cells: &mut Vec<Cell<'d>>) -> Result<Parts<'d>, String> {
        cells.clear();
        cells.resize(self.columns.len(), Cell::Value(Value::Missing));
        let mut put = |column: usize, value: Cell<'d>| {
            if let Some(cell) = cells.get_mut(column) {
                *cell = value;
            }
        };
        if matches!(self.sort, Sort::Rows) {
            let row = elements(raw).ok_or_else(|| "is not a list, as rows are".to_owned())?;
            for (column, raw) in row.into_iter().enumerate() {
                put(column, cell(raw)?);
            }
            return Ok(Parts { id: None, geometry: Geometry::InColumns });
        }
        if Kind::of(raw) != Kind::Object {
            return Err(format!("is {}; expected an object", Kind::of(raw).words()));
        }
        let members = Members::of(raw).map_err(|error| plain(&error))?;
        let (inner, id, geometry) = match &self.sort {
            Sort::Osm => {
                let (id, geometry) = self.elements.element(&members);
                put(0, Cell::Value(Value::Text(id)));
                (members.get("tags"), None, geometry)
            }
            Sort::Esri => {
                let geometry = self.esri.geometry(members.get("geometry"));
                (members.get("attributes"), self.esri.id(&members), geometry)
            }
            _ => (Some(raw), None, Geometry::InColumns),
        };
        let inner = inner.map(Members::of).transpose().map_err(|error| plain(&error))?;
        let inner = inner.unwrap_or_default();
        for (name, raw) in inner.list {
            let Some(column) = self.columns.find(&name) else { continue };
            let value = cell(raw).map_err(|why| format!("{name}: {why}"))?;
            let date = self.esri.date(column, &value);
            put(column, date.unwrap_or(value));
        }
        Ok(Parts { id, geometry })
    }
}

/// The parts of a record besides its cells.
struct Parts<'d> {
    id: Option<Cell<'d>>,
    geometry: Geometry,
}

/// An error message without its position, which is relative to a part of the text.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

impl Dataset for Document {
    fn typing(&self) -> Typing {
        Typing::Json
    }

    fn description(&self) -> String {
        self.sort.title().to_owned()
    }

    fn has_geometry(&self) -> bool {
        matches!(self.sort, Sort::Osm) || matches!(self.sort, Sort::Esri) && self.esri.is_spatial()
    }

    fn columns(&self) -> &[Arc<str>] {
        self.columns.names()
    }

    fn crs(&self) -> Option<DeclaredCrs> {
        self.crs.clone()
    }

    fn partial(&self) -> Option<&str> {
        self.partial.as_deref()
    }

    fn parts(&self) -> usize {
        self.items.len().div_ceil(PART_RECORDS)
    }

    fn read(
        &self,
        part: usize,
        begin: Begin,
        told: &mut PartReport,
        taker: &mut dyn Take,
    ) -> Result<Begin> {
        let from = part * PART_RECORDS;
        let mut cells = Vec::new();
        // The header row is the first item of the list.
        let first = u64::from(matches!(self.sort, Sort::Rows));
        let numbered = (from..).zip(self.items.iter().skip(from).take(PART_RECORDS));
        for (at, item) in numbered {
            let mut place = Place::Feature(u64::try_from(at).unwrap_or(u64::MAX) + first);
            told.count.read += 1;
            let read = match item {
                Item::Record(range) => {
                    let raw = self.slice(range);
                    self.record(raw, &mut cells).map_err(|why| (why, Some(excerpt(raw))))
                }
                Item::Broken { line, why } => {
                    place = Place::Line(*line);
                    Err((why.clone(), None))
                }
            };
            match read {
                Ok(Parts { id, geometry }) => {
                    let record = Written { place, id, cells: &mut cells, geometry };
                    let next = taker.take(record, self.columns.names());
                    told.taken += 1;
                    if next == Next::Stop {
                        break;
                    }
                }
                Err((why, value)) => told.set_aside(Finding {
                    code: Code::RecordMalformed,
                    file: self.file.clone(),
                    place,
                    id: None,
                    field: None,
                    value,
                    why,
                    verdict: Verdict::SetAside,
                }),
            }
        }
        Ok(begin)
    }
}
