//! Features as a GeoJSON FeatureCollection, one per line, in chunks of some hundred kilobytes.

use super::kind::Kind;
use super::schema::{Schema, ShapeType};
use super::value::{Item, compact};
use super::{Failure, each};
use crate::model::Findings;
use crate::sinks::feature::{key, push_feature, push_list, push_text, write_features};
use crate::sinks::number::push_shortest;
use crate::sinks::rounded::Drawn;
use crate::sources::{Cell, Counts, Feature, Features, TakeFeature};
use std::io::Write;
use std::sync::Arc;

/// Writes features. A feature without a position has a null geometry; a missing property is null.
pub(super) fn write(
    features: &mut Features,
    schema: &Schema,
    findings: &mut Findings,
    out: &mut dyn Write,
) -> Result<Counts, Failure> {
    let mut head = Vec::from(&b"{\"type\":\"FeatureCollection\",\"name\":"[..]);
    push_text(&mut head, &schema.name);
    head.extend_from_slice(b",\"features\":[");
    out.write_all(&head)?;
    let mut first = true;
    let new = || Formatted { schema, bytes: Vec::new(), columns: Vec::new() };
    let counts =
        each(features, findings, new, |part| write_features(&part.bytes, &mut first, out))?;
    out.write_all(if first { b"]}\n" } else { b"\n]}\n" })?;
    Ok(counts)
}

/// The approximate bytes of the features of a part.
const PART_BYTES: usize = 320 << 10;

/// The features of a part.
struct Formatted<'s> {
    schema: &'s Schema,
    bytes: Vec<u8>,
    /// For each column of the source, the JSON key before its values; `None` if it is not written.
    columns: Vec<Option<(Vec<u8>, Kind)>>,
}

impl TakeFeature for Formatted<'_> {
    fn take(&mut self, feature: Feature<'_, '_>, columns: &[Arc<str>]) {
        let schema = self.schema;
        if self.bytes.capacity() == 0 {
            self.bytes.reserve(PART_BYTES);
        }
        let known = self.columns.len();
        self.columns.extend(
            columns
                .iter()
                .skip(known)
                .map(|name| (!schema.drops(name)).then(|| (key(name), schema.kind(name)))),
        );
        let Feature { id, cells, geometry, .. } = feature;
        let missing = Cell::Value(crate::model::Value::Missing);
        let cells = cells.iter().chain(std::iter::repeat(&missing));
        let written = self.columns.iter().zip(cells).filter_map(|(column, cell)| {
            let (key, kind) = column.as_ref()?;
            Some((key, (cell, *kind)))
        });
        push_feature(
            &mut self.bytes,
            id.map(|id| {
                |out: &mut Vec<u8>| push_item(out, &Item::of(id, Kind::Text, schema.typing))
            }),
            |out| match geometry {
                Some(geometry) => push_geometry(out, &ShapeType::Any.drawn(geometry)),
                None => out.extend_from_slice(b"null"),
            },
            written,
            |out, (cell, kind)| match cell {
                // Copied directly, since it needs no escapes.
                Cell::Plain(text) => {
                    out.push(b'"');
                    out.extend_from_slice(text.as_bytes());
                    out.push(b'"');
                }
                cell => push_item(out, &Item::of(cell, kind, schema.typing)),
            },
        );
    }
}

fn push_item(out: &mut Vec<u8>, item: &Item<'_>) {
    match item {
        Item::Missing => out.extend_from_slice(b"null"),
        Item::Flag(flag) => out.extend_from_slice(if *flag { b"true" } else { b"false" }),
        Item::Number(text) => out.extend_from_slice(text.as_bytes()),
        Item::Text(text) => push_text(out, text),
        Item::Json(raw) => out.extend_from_slice(compact(raw).as_bytes()),
    }
}

fn push_geometry(out: &mut Vec<u8>, drawn: &Drawn) {
    let (kind, member) = match drawn {
        Drawn::Point(_) => ("Point", "coordinates"),
        Drawn::Points(_) => ("MultiPoint", "coordinates"),
        Drawn::Line(_) => ("LineString", "coordinates"),
        Drawn::Lines(_) => ("MultiLineString", "coordinates"),
        Drawn::Polygon(_) => ("Polygon", "coordinates"),
        Drawn::Polygons(_) => ("MultiPolygon", "coordinates"),
        Drawn::Collection(_) => ("GeometryCollection", "geometries"),
    };
    for part in ["{\"type\":\"", kind, "\",\"", member, "\":"] {
        out.extend_from_slice(part.as_bytes());
    }
    match drawn {
        Drawn::Point(position) => push_position(out, position),
        Drawn::Points(path) | Drawn::Line(path) => push_path(out, path),
        Drawn::Lines(paths) | Drawn::Polygon(paths) => push_paths(out, paths),
        Drawn::Polygons(polygons) => push_list(out, polygons, |out, rings| push_paths(out, rings)),
        Drawn::Collection(members) => push_list(out, members, push_geometry),
    }
    out.push(b'}');
}

fn push_paths(out: &mut Vec<u8>, paths: &[Vec<[f64; 2]>]) {
    push_list(out, paths, |out, path| push_path(out, path));
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
