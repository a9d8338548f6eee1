//! Records as they were read, of whatever columns and geometries, as a GeoJSON FeatureCollection. They
//! are read and formatted on all threads, part by part, and written in the file's order: a file of any
//! size needs little memory beside its text.

use super::geojson::{key, push_list, push_text};
use super::number::push_shortest;
use crate::model::{Findings, Value};
use crate::sources::{Count, Geometry, RawGeometry, Reader, Record};
use crate::{Error, Result};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// Writes the records of the selected table of a file, one feature a line.
///
/// Values keep their types: texts, numbers in their shortest form, integers past 2⁵³ digit by digit,
/// truth values; what is missing is null. Coordinates stay in the file's own reference system and are
/// not judged. A record whose place is in its columns, or whose geometry is broken, has a null
/// geometry.
///
/// # Errors
/// A file that turns out to be damaged, and what the writer gives, as an error of `path`.
pub fn write(
    reader: &Reader,
    findings: &mut Findings,
    path: &Path,
    out: &mut dyn Write,
) -> Result<Count> {
    let failed = |error| Error::io(path, error);
    out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[").map_err(failed)?;
    let mut first = true;
    let count = reader.for_each_part(findings, Formatted::take, &mut |part: Formatted| {
        // Every feature begins with a comma and a line; the first has no comma.
        let bytes = if first { part.bytes.strip_prefix(b",") } else { None };
        first &= part.bytes.is_empty();
        out.write_all(bytes.unwrap_or(&part.bytes)).map_err(failed)
    })?;
    out.write_all(b"\n]}\n").map_err(failed)?;
    Ok(count)
}

/// The features of a part.
#[derive(Default)]
struct Formatted {
    bytes: Vec<u8>,
    /// The columns' names as keys.
    keys: Vec<Vec<u8>>,
}

impl Formatted {
    fn take(&mut self, record: Record, columns: &[Arc<str>]) {
        let known = self.keys.len();
        self.keys.extend(columns.iter().skip(known).map(|name| key(name)));
        let out = &mut self.bytes;
        out.extend_from_slice(b",\n{\"type\":\"Feature\",");
        if let Some(id) = &record.id {
            out.extend_from_slice(b"\"id\":");
            push_value(out, id);
            out.push(b',');
        }
        out.extend_from_slice(b"\"geometry\":");
        match &record.geometry {
            Geometry::Raw(raw) => push_raw(out, raw),
            Geometry::InColumns | Geometry::None | Geometry::Broken { .. } => {
                out.extend_from_slice(b"null");
            }
        }
        out.extend_from_slice(b",\"properties\":{");
        for (at, (key, value)) in self.keys.iter().zip(&record.fields).enumerate() {
            if at > 0 {
                out.push(b',');
            }
            out.extend_from_slice(key);
            push_value(out, value);
        }
        out.extend_from_slice(b"}}");
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
