//! Records as they were read, of whatever columns and geometries, as a GeoJSON FeatureCollection. They
//! are read and formatted on all threads, part by part, and written in the file's order: a file of any
//! size needs little memory.

use super::feature::{key, push_feature, push_list, push_text, write_features};
use super::number::{is_json, push_as_shortest, push_shortest};
use crate::model::{Findings, Value};
use crate::sources::{
    Cell, Count, Geometry, Next, RawGeometry, Reader, Take, Written, WrittenGeometry,
};
use crate::{Error, Result};
use memchr::memchr2;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// What the columns of a table hold, which a table of text does not tell itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    /// Those of longitude and latitude: records become points, and lose these columns.
    pub place: Option<(usize, usize)>,
    /// Those of numbers: texts in them that are numbers are written as such.
    pub numbers: Vec<usize>,
}

/// Writes the records of the selected table of a file, one feature a line, in pieces of some hundred
/// kilobytes, which need no buffer behind them.
///
/// Values keep their types: texts, numbers in their shortest form, integers past 2⁵³ digit by digit,
/// truth values, lists and objects; what is missing is null. Geometries keep all their members and
/// numbers, heights included; coordinates stay in the file's own reference system and are not judged. A
/// record without a place, or whose geometry is broken, has a null geometry.
///
/// # Errors
/// A file that turns out to be damaged, and what the writer gives, as an error of `path`.
pub fn write(
    reader: &Reader,
    columns: &Columns,
    findings: &mut Findings,
    path: &Path,
    out: &mut dyn Write,
) -> Result<Count> {
    let failed = |error| Error::io(path, error);
    out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[").map_err(failed)?;
    let mut first = true;
    let new = || Formatted { given: columns, bytes: Vec::new(), columns: Vec::new() };
    let count = reader.for_each_part(findings, new, &mut |part| {
        write_features(&part.bytes, &mut first, out).map_err(failed)
    })?;
    out.write_all(b"\n]}\n").map_err(failed)?;
    Ok(count)
}

/// About how many bytes the features of a part take.
const PART_BYTES: usize = 320 << 10;

/// The features of a part.
struct Formatted<'f> {
    given: &'f Columns,
    bytes: Vec<u8>,
    columns: Vec<Column>,
}

/// How the values of a column are written.
struct Column {
    key: Vec<u8>,
    number: bool,
    /// Whether they are the record's place.
    place: bool,
}

impl Take for Formatted<'_> {
    fn take(&mut self, record: Written<'_, '_>, names: &[Arc<str>]) -> Next {
        let columns = self.given;
        if self.bytes.capacity() == 0 {
            self.bytes.reserve(PART_BYTES);
        }
        let known = self.columns.len();
        self.columns.extend(names.iter().enumerate().skip(known).map(|(at, name)| Column {
            key: key(name),
            number: columns.numbers.contains(&at),
            place: columns.place.is_some_and(|(lon, lat)| at == lon || at == lat),
        }));
        let Written { id, cells, geometry, .. } = record;
        let place = columns.place.and_then(|(lon, lat)| {
            let number = |at: usize| cells.get(at).and_then(number_of);
            Some((number(lon)?, number(lat)?))
        });
        let has_place = place.is_some();
        let properties = self.columns.iter().zip(cells.iter());
        push_feature(
            &mut self.bytes,
            id.as_ref().map(|id| |out: &mut Vec<u8>| push_cell(out, id, false)),
            |out| match (geometry, place) {
                (WrittenGeometry::Json(raw), _) => push_json(out, raw, push_as_shortest),
                (WrittenGeometry::Read(Geometry::Raw(raw)), _) => push_raw(out, &raw),
                (WrittenGeometry::Read(Geometry::InColumns), Some((lon, lat))) => {
                    out.extend_from_slice(b"{\"type\":\"Point\",\"coordinates\":[");
                    push_as_shortest(out, lon);
                    out.push(b',');
                    push_as_shortest(out, lat);
                    out.extend_from_slice(b"]}");
                }
                _ => out.extend_from_slice(b"null"),
            },
            properties
                .filter(|(column, _)| !(column.place && has_place))
                .map(|(column, cell)| (&column.key, (cell, column.number))),
            |out, (cell, number)| push_cell(out, cell, number),
        );
        Next::Read
    }
}

/// The number that a cell says, as JSON.
fn number_of<'c>(cell: &'c Cell<'_>) -> Option<&'c str> {
    match cell {
        Cell::Number(raw) => Some(raw),
        cell => cell.as_text().map(str::trim).filter(|text| is_json(text)),
    }
}

fn push_cell(out: &mut Vec<u8>, cell: &Cell<'_>, number: bool) {
    if number && let Some(raw) = number_of(cell) {
        return push_number(out, raw);
    }
    match cell {
        Cell::Number(raw) => push_number(out, raw),
        Cell::Text(text) => push_text(out, text),
        Cell::Plain(text) => {
            out.push(b'"');
            out.extend_from_slice(text.as_bytes());
            out.push(b'"');
        }
        Cell::Nested(raw) => push_json(out, raw, |out, raw| out.extend_from_slice(raw.as_bytes())),
        Cell::Value(value) => push_value(out, value),
    }
}

/// Appends a number; one that no float holds exactly, digit by digit.
fn push_number(out: &mut Vec<u8>, raw: &str) {
    const LARGEST_EXACT: u64 = 1 << 53;
    let digits = raw.trim_start_matches('-');
    let is_long = digits.len() > 15 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_long && digits.parse::<u64>().map_or(true, |size| size > LARGEST_EXACT) {
        out.extend_from_slice(raw.as_bytes());
    } else {
        push_as_shortest(out, raw);
    }
}

fn push_value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Missing => out.extend_from_slice(b"null"),
        Value::Text(text) => push_text(out, text),
        Value::Number(number) if number.is_finite() => push_shortest(out, *number),
        Value::Number(_) => out.extend_from_slice(b"null"),
        Value::Exact(digits) => out.extend_from_slice(digits.as_bytes()),
        Value::Bool(truth) => out.extend_from_slice(if *truth { b"true" } else { b"false" }),
    }
}

/// Appends a value of JSON without the blanks between its tokens, its numbers as `number` does it.
fn push_json(out: &mut Vec<u8>, raw: &str, number: impl Fn(&mut Vec<u8>, &str)) {
    let bytes = raw.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let start = at;
        at += 1;
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => continue,
            b'"' => {
                // Up to the quote that no backslash is before; what is behind one is passed over.
                while let Some(special) = memchr2(b'"', b'\\', bytes.get(at..).unwrap_or_default())
                {
                    at += special + 1;
                    if bytes.get(at - 1) == Some(&b'"') {
                        break;
                    }
                    at += 1;
                }
            }
            b'-' | b'0'..=b'9' => {
                let rest = bytes.get(at..).unwrap_or_default();
                let is_of =
                    |byte: &&u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
                at += rest.iter().take_while(is_of).count();
                number(out, raw.get(start..at).unwrap_or_default());
                continue;
            }
            _ => {}
        }
        out.extend_from_slice(bytes.get(start..at).unwrap_or_default());
    }
}

fn push_raw(out: &mut Vec<u8>, raw: &RawGeometry) {
    let mut begin = |kind: &str, member: &str| {
        for part in ["{\"type\":\"", kind, "\",\"", member, "\":"] {
            out.extend_from_slice(part.as_bytes());
        }
    };
    match raw {
        RawGeometry::Points(points) => match points.as_slice() {
            [point] => {
                begin("Point", "coordinates");
                push_position(out, point);
            }
            points => {
                begin("MultiPoint", "coordinates");
                push_list(out, points, push_position);
            }
        },
        RawGeometry::Lines(lines) => match lines.as_slice() {
            [line] => {
                begin("LineString", "coordinates");
                push_path(out, line);
            }
            lines => {
                begin("MultiLineString", "coordinates");
                push_list(out, lines, |out, path| push_path(out, path));
            }
        },
        RawGeometry::Polygons(polygons) => match polygons.as_slice() {
            [rings] => {
                begin("Polygon", "coordinates");
                push_list(out, rings, |out, path| push_path(out, path));
            }
            polygons => {
                begin("MultiPolygon", "coordinates");
                push_list(out, polygons, |out, rings| {
                    push_list(out, rings, |out, path| push_path(out, path))
                });
            }
        },
        RawGeometry::Mixed(members) => {
            begin("GeometryCollection", "geometries");
            push_list(out, members, push_raw);
        }
    }
    out.push(b'}');
}

fn push_path(out: &mut Vec<u8>, path: &[[f64; 2]]) {
    push_list(out, path, push_position);
}

fn push_position(out: &mut Vec<u8>, [x, y]: &[f64; 2]) {
    out.push(b'[');
    push_shortest(out, *x);
    out.push(b',');
    push_shortest(out, *y);
    out.push(b']');
}
