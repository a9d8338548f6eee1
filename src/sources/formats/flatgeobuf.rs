//! FlatGeobuf: a header with the columns and the reference system, an index that is skipped, then
//! features one after another, each preceded by its length.

use super::geojson::{is_empty, merge, note_more};
use super::header::Columns;
use super::json_values::compact;
use super::notes::Notes;
use super::parts::{Begin, Next, PART_BYTES, PartReport, Take};
use super::record::{Cell, Geometry, RawGeometry, Written};
use super::typed::{double, integer, single, unsigned};
use super::wkb::Decoded;
use super::{Asked, Content, Dataset, DeclaredCrs, Driver, Head};
use crate::model::{Finding, Place, Value, Verdict};
use crate::sources::options::Format;
use crate::{Code, Error, Result};
use flatgeobuf::packed_r_tree::PackedRTree;
use flatgeobuf::{self as fgb, ColumnType, GeometryType};
use std::borrow::Cow;
use std::sync::Arc;

/// The magic bytes; an eighth byte holds the patch version.
const MAGIC: &[u8; 7] = b"fgb\x03fgb";

/// The length of the magic bytes, including the patch version.
const MAGIC_BYTES: usize = 8;

/// The deepest nesting of geometry collections, as in GeoJSON.
const DEEPEST_COLLECTION: usize = 4;

/// FlatGeobuf files.
pub(super) struct FlatGeobuf;

impl Driver for FlatGeobuf {
    fn format(&self) -> Format {
        Format::FlatGeobuf
    }

    fn is(&self, head: &Head<'_>) -> bool {
        head.bytes.starts_with(MAGIC)
    }

    fn open(&self, content: Content, asked: &mut Asked<'_>) -> Result<Box<dyn Dataset>> {
        Ok(Box::new(Features::new(asked.file, content.into_bytes(), asked.findings)?))
    }
}

/// A file whose features have been located.
#[derive(Debug)]
struct Features {
    file: Arc<str>,
    bytes: Cow<'static, [u8]>,
    columns: Columns,
    types: Vec<ColumnType>,
    /// The type of all geometries, if they share one.
    geometry: GeometryType,
    crs: Option<DeclaredCrs>,
    count: u64,
    parts: Vec<Part>,
}

/// Features that are read together.
#[derive(Debug)]
struct Part {
    /// The offset of the first feature.
    at: usize,
    /// The number of the first feature.
    first: u64,
    count: u64,
}

impl Features {
    /// Reads the header and locates the features.
    ///
    /// # Errors
    /// The file is damaged or cut short.
    fn new(
        file: &Arc<str>,
        bytes: Cow<'static, [u8]>,
        findings: &mut Vec<Finding>,
    ) -> Result<Self> {
        let damaged = |why: String| {
            Error::data(Code::FileDamaged, format!("{file}: the FlatGeobuf file is damaged: {why}"))
                .with_hint("the file may be cut short; fetch it again")
        };
        let no_header = || damaged("it has no header".to_owned());
        let end = end_of(&bytes, MAGIC_BYTES).ok_or_else(no_header)?;
        let head = aligned(bytes.get(MAGIC_BYTES..end).unwrap_or_default());
        let header = fgb::size_prefixed_root_as_header(&head).map_err(|error| {
            damaged(format!("the header cannot be read: {}", first_line(&error)))
        })?;
        let (mut names, mut types) = (Vec::new(), Vec::new());
        for column in header.columns().into_iter().flatten() {
            names.push(column.name().to_owned());
            types.push(column.type_());
        }
        let (promised, node) = (header.features_count(), header.index_node_size());
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let mut at = end;
        if promised > length {
            return Err(damaged(format!("it declares {promised} features in {length} bytes")));
        }
        if node > 1 && promised > 0 {
            let count = usize::try_from(promised).unwrap_or(usize::MAX);
            at = at.saturating_add(PackedRTree::index_size(count, node));
        }
        let (mut parts, mut count): (Vec<Part>, u64) = (Vec::new(), 0);
        while at < bytes.len() {
            let Some(next) = end_of(&bytes, at) else {
                return Err(damaged(format!("feature {count} at byte {at} is cut short")));
            };
            match parts.last_mut() {
                Some(part) if next - part.at <= PART_BYTES => part.count += 1,
                _ => parts.push(Part { at, first: count, count: 1 }),
            }
            count += 1;
            at = next;
        }
        if promised > 0 && promised != count {
            return Err(damaged(format!("it declares {promised} features and holds {count}")));
        }
        let (geometry, crs) = (header.geometry_type(), header.crs().map(crs_of));
        let columns = Columns::from_header(file, &Place::File, names, findings);
        drop(head);
        Ok(Self { file: file.clone(), bytes, columns, types, geometry, crs, count, parts })
    }

    /// Reads the record of a feature.
    ///
    /// # Errors
    /// The column at fault and the reason, if the feature has no valid record.
    fn record<'t>(
        &self,
        feature: &fgb::Feature<'t>,
        cells: &mut Vec<Cell<'t>>,
        notes: &mut Notes,
    ) -> std::result::Result<Geometry, (Option<String>, String)> {
        cells.resize(self.columns.len(), Cell::Value(Value::Missing));
        let mut values = Values { rest: feature.properties().map_or(&[][..], |all| all.bytes()) };
        // Some writers leave an extra byte at the end.
        while values.rest.len() > 1 {
            let cut = || (None, "has properties that are cut short".to_owned());
            let at = usize::from(u16::from_le_bytes(values.next().ok_or_else(cut)?));
            let (Some(kind), Some(name)) = (self.types.get(at), self.columns.names().get(at))
            else {
                return Err((None, format!("has a value of column {at}, which is not there")));
            };
            let cell =
                values.cell(*kind, name, notes).map_err(|why| (Some(name.to_string()), why))?;
            if let Some(place) = cells.get_mut(at) {
                *place = cell;
            }
        }
        let Some(geometry) = feature.geometry() else { return Ok(Geometry::None) };
        let Decoded { geometry, more } = decode(&geometry, self.geometry);
        if more {
            note_more(notes);
        }
        Ok(geometry)
    }
}

impl Dataset for Features {
    fn description(&self) -> String {
        "FlatGeobuf".to_owned()
    }

    fn has_geometry(&self) -> bool {
        true
    }

    fn columns(&self) -> &[Arc<str>] {
        self.columns.names()
    }

    fn crs(&self) -> Option<DeclaredCrs> {
        self.crs.clone()
    }

    fn count(&self) -> Option<u64> {
        Some(self.count)
    }

    fn parts(&self) -> usize {
        self.parts.len()
    }

    fn read(
        &self,
        part: usize,
        begin: Begin,
        told: &mut PartReport,
        taker: &mut dyn Take,
    ) -> Result<Begin> {
        let Some(Part { at, first, count }) = self.parts.get(part) else { return Ok(begin) };
        let mut at = *at;
        for number in *first..first + count {
            let Some(end) = end_of(&self.bytes, at) else { break };
            let bytes = aligned(self.bytes.get(at..end).unwrap_or_default());
            at = end;
            let place = Place::Feature(number);
            told.count.read += 1;
            told.notes.set_place(place.clone());
            let mut cells = Vec::new();
            let read = match fgb::size_prefixed_root_as_feature(&bytes) {
                Ok(feature) => self.record(&feature, &mut cells, &mut told.notes),
                Err(error) => Err((None, format!("cannot be read: {}", first_line(&error)))),
            };
            let geometry = match read {
                Ok(geometry) => geometry,
                Err((field, why)) => {
                    told.set_aside(Finding {
                        code: Code::RecordMalformed,
                        file: self.file.clone(),
                        place,
                        id: None,
                        field,
                        value: None,
                        why,
                        verdict: Verdict::SetAside,
                    });
                    continue;
                }
            };
            told.taken += 1;
            let record = Written { place, id: None, cells: &mut cells, geometry };
            if taker.take(record, self.columns.names()) == Next::Stop {
                break;
            }
        }
        Ok(begin)
    }
}

/// Returns the end of an item preceded by its length; `None` if the file ends before it.
fn end_of(bytes: &[u8], at: usize) -> Option<usize> {
    let length = bytes.get(at..)?.first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let end = at.checked_add(4)?.checked_add(length)?;
    (end <= bytes.len()).then_some(end)
}

/// Returns the bytes at an address aligned for the numbers in them.
fn aligned(bytes: &[u8]) -> Cow<'_, [u8]> {
    match bytes.as_ptr().align_offset(8) {
        0 => Cow::Borrowed(bytes),
        _ => Cow::Owned(bytes.to_vec()),
    }
}

/// The first line of a verifier error; the rest is a trace.
fn first_line(error: &impl std::fmt::Display) -> String {
    error.to_string().lines().next().unwrap_or_default().trim_end_matches('.').to_owned()
}

fn crs_of(crs: fgb::Crs<'_>) -> DeclaredCrs {
    let org = crs.org().filter(|org| !org.trim().is_empty()).unwrap_or("EPSG");
    let words = crs.wkt().filter(|wkt| !wkt.trim().is_empty());
    match (crs.code(), crs.code_string(), words) {
        (code, _, _) if code > 0 => DeclaredCrs::Name(format!("{org}:{code}")),
        (_, Some(code), _) if !code.is_empty() => DeclaredCrs::Name(format!("{org}:{code}")),
        (_, _, Some(wkt)) => DeclaredCrs::Name(wkt.to_owned()),
        _ => match crs.name() {
            Some(name) => DeclaredCrs::Unreadable(name.to_owned()),
            None => DeclaredCrs::Unknown,
        },
    }
}

/// The remaining properties of a feature.
struct Values<'t> {
    rest: &'t [u8],
}

impl<'t> Values<'t> {
    fn next<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (next, rest) = self.rest.split_first_chunk::<N>()?;
        self.rest = rest;
        Some(*next)
    }

    fn bytes(&mut self) -> Option<&'t [u8]> {
        let length = usize::try_from(u32::from_le_bytes(self.next()?)).ok()?;
        let (bytes, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(bytes)
    }

    fn cell(
        &mut self,
        kind: ColumnType,
        name: &str,
        notes: &mut Notes,
    ) -> std::result::Result<Cell<'t>, String> {
        self.value(kind, name, notes).ok_or_else(|| "is cut short".to_owned())?
    }

    /// Reads the next value; `None` if it is cut short.
    fn value(
        &mut self,
        kind: ColumnType,
        name: &str,
        notes: &mut Notes,
    ) -> Option<std::result::Result<Cell<'t>, String>> {
        let value = match kind {
            ColumnType::Byte => integer(i64::from(i8::from_le_bytes(self.next()?))),
            ColumnType::UByte => integer(i64::from(u8::from_le_bytes(self.next()?))),
            ColumnType::Bool => Value::Bool(self.next::<1>()? != [0]),
            ColumnType::Short => integer(i64::from(i16::from_le_bytes(self.next()?))),
            ColumnType::UShort => integer(i64::from(u16::from_le_bytes(self.next()?))),
            ColumnType::Int => integer(i64::from(i32::from_le_bytes(self.next()?))),
            ColumnType::UInt => integer(i64::from(u32::from_le_bytes(self.next()?))),
            ColumnType::Long => integer(i64::from_le_bytes(self.next()?)),
            ColumnType::ULong => unsigned(u64::from_le_bytes(self.next()?)),
            ColumnType::Float => single(f32::from_le_bytes(self.next()?)),
            ColumnType::Double => double(f64::from_le_bytes(self.next()?)),
            ColumnType::String | ColumnType::DateTime | ColumnType::Json => {
                return Some(match std::str::from_utf8(self.bytes()?) {
                    Ok(text) if kind == ColumnType::Json => {
                        Ok(Cell::Value(Value::Text(compact(text).unwrap_or_default())))
                    }
                    Ok(text) => Ok(Cell::Text(text)),
                    Err(_) => Err("is a text that is not UTF-8".to_owned()),
                });
            }
            ColumnType::Binary => {
                self.bytes()?;
                notes.add(name.to_owned(), "holds bytes; read as missing");
                Value::Missing
            }
            ColumnType(other) => {
                return Some(Err(format!("is of type {other}, which is not known")));
            }
        };
        Some(Ok(Cell::Value(value)))
    }
}

/// Decodes a geometry of the layer's type, or of its own type if the layer mixes several.
fn decode(geometry: &fgb::Geometry<'_>, kind: GeometryType) -> Decoded {
    let kind = if kind == GeometryType::Unknown { geometry.type_() } else { kind };
    let mut more = false;
    match raw(geometry, kind, 0, &mut more) {
        Err(why) => Decoded::broken(why),
        Ok(all) => {
            let whole = merge(all).filter(|whole| !is_empty(whole));
            Decoded { geometry: whole.map_or(Geometry::None, Geometry::Raw), more }
        }
    }
}

type Positions = Vec<[f64; 2]>;

fn raw(
    geometry: &fgb::Geometry<'_>,
    kind: GeometryType,
    depth: usize,
    more: &mut bool,
) -> std::result::Result<Vec<RawGeometry>, String> {
    *more |= geometry.z().is_some_and(|z| !z.is_empty());
    *more |= geometry.m().is_some_and(|m| !m.is_empty());
    let parts = || geometry.parts().into_iter().flatten();
    Ok(vec![match kind {
        GeometryType::Point | GeometryType::MultiPoint => {
            let mut points = positions(geometry);
            points.retain(|[x, y]| !(x.is_nan() && y.is_nan()));
            RawGeometry::Points(points)
        }
        GeometryType::LineString => RawGeometry::Lines(vec![positions(geometry)]),
        GeometryType::MultiLineString => RawGeometry::Lines(paths(geometry)?),
        GeometryType::Polygon => RawGeometry::Polygons(vec![paths(geometry)?]),
        GeometryType::MultiPolygon => {
            let polygons = parts().map(|part| {
                *more |= part.z().is_some_and(|z| !z.is_empty());
                paths(&part)
            });
            RawGeometry::Polygons(polygons.collect::<std::result::Result<_, _>>()?)
        }
        GeometryType::GeometryCollection => {
            if depth >= DEEPEST_COLLECTION {
                return Err(format!("is nested in more than {DEEPEST_COLLECTION} collections"));
            }
            let mut all = Vec::new();
            for part in parts() {
                all.extend(raw(&part, part.type_(), depth + 1, more)?);
            }
            return Ok(all);
        }
        GeometryType::PolyhedralSurface | GeometryType::TIN | GeometryType::Triangle => {
            return Err("is a surface of 3D faces, which is not read".to_owned());
        }
        GeometryType::Unknown => return Err("has no type".to_owned()),
        _ => return Err("is a curve, which is not read".to_owned()),
    }])
}

fn positions(geometry: &fgb::Geometry<'_>) -> Positions {
    let Some(xy) = geometry.xy() else { return Vec::new() };
    let mut numbers = xy.iter();
    let mut positions = Vec::with_capacity(xy.len() / 2);
    while let (Some(x), Some(y)) = (numbers.next(), numbers.next()) {
        positions.push([x, y]);
    }
    positions
}

/// Splits positions into lines or rings, whose ends are position numbers.
fn paths(geometry: &fgb::Geometry<'_>) -> std::result::Result<Vec<Positions>, String> {
    let all = positions(geometry);
    let ends = match geometry.ends() {
        Some(ends) if ends.len() > 1 => ends,
        _ if all.is_empty() => return Ok(Vec::new()),
        _ => return Ok(vec![all]),
    };
    let mut from = 0;
    ends.iter()
        .map(|end| {
            let to = usize::try_from(end).unwrap_or(usize::MAX);
            let path = all.get(from..to).map(<[_]>::to_vec);
            from = to;
            path.ok_or_else(|| {
                format!("has a part that ends at position {end}, which is not there")
            })
        })
        .collect()
}
