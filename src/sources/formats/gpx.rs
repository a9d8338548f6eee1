//! GPX: waypoints, routes and tracks, each a layer if present.

use super::header::Columns;
use super::held::{Held, Layer, Row};
use super::record::{Geometry, RawGeometry};
use super::xml::{Element, Xml, XmlEvent, root_of};
use super::{Asked, Content, Dataset, DeclaredCrs, Driver, Head};
use crate::Result;
use crate::model::Value;
use crate::sources::options::Format;
use std::sync::Arc;

/// GPX 1.0 and 1.1.
pub(super) struct Gpx;

/// The columns of GPX with their elements, in the order of its schema. The time gets the usual name of
/// a date column.
const COLUMNS: [(&str, &str); 9] = [
    ("name", "name"),
    ("time", "datetime"),
    ("ele", "ele"),
    ("cmt", "cmt"),
    ("desc", "desc"),
    ("src", "src"),
    ("sym", "sym"),
    ("type", "type"),
    ("number", "number"),
];

impl Driver for Gpx {
    fn format(&self) -> Format {
        Format::Gpx
    }

    fn is(&self, head: &Head<'_>) -> bool {
        head.text.and_then(root_of).is_some_and(|(root, _)| root == "gpx")
    }

    fn open(&self, content: Content, asked: &mut Asked<'_>) -> Result<Box<dyn Dataset>> {
        let text = content.into_text(asked.file)?;
        Ok(Box::new(read(asked.file, &text)?))
    }
}

fn read(file: &Arc<str>, text: &str) -> Result<Held> {
    let mut layers = ["waypoints", "routes", "tracks"].map(|name| Layer {
        name: name.to_owned(),
        crs: Some(DeclaredCrs::Name("OGC:CRS84".to_owned())),
        ..Layer::default()
    });
    let mut xml = Xml::new(file, text);
    loop {
        let head = match xml.next()? {
            XmlEvent::Start(head) => head,
            XmlEvent::End => continue,
            XmlEvent::Over => break,
        };
        let at = match head.name.as_str() {
            "gpx" => continue,
            "wpt" => 0,
            "rte" => 1,
            "trk" => 2,
            _ => {
                xml.fill(head)?;
                continue;
            }
        };
        let element = xml.fill(head)?;
        if let Some(layer) = layers.get_mut(at) {
            let geometry = match at {
                0 => geometry(points([&element].into_iter()), RawGeometry::Points),
                1 => line(&element, "rtept"),
                _ => tracks(&element),
            };
            let row = row_of(&element, geometry, &mut layer.columns);
            layer.rows.push(row);
        }
    }
    let mut layers: Vec<Layer> = layers.into_iter().collect();
    // A file without any records is one empty layer.
    if layers.iter().any(|layer| !layer.rows.is_empty()) {
        layers.retain(|layer| !layer.rows.is_empty());
    } else {
        layers.truncate(1);
    }
    if let [only] = layers.as_mut_slice() {
        only.name.clear();
    }
    Ok(Held::new("GPX".to_owned(), layers))
}

/// Reads the elements of a waypoint, a route or a track.
fn row_of(element: &Element, geometry: Geometry, columns: &mut Columns) -> Row {
    let mut row = Row { geometry, ..Row::default() };
    let mut put = |row: &mut Row, name: &str, text: &str| {
        row.set(columns.place_of(name), Value::Text(text.to_owned()));
    };
    for (child, column) in COLUMNS {
        if let Some(text) = element.text_of(child) {
            put(&mut row, column, text);
        }
    }
    // A track gets the times of its points.
    let places = || {
        let segments = element.all("trkseg").flat_map(|segment| segment.all("trkpt"));
        element.all("rtept").chain(segments).filter_map(|point| point.text_of("time"))
    };
    if element.child("time").is_none() {
        if let Some(first) = places().next() {
            put(&mut row, "datetime", first);
        }
        if let Some(last) = places().last() {
            put(&mut row, "date_end", last);
        }
    }
    if let Some(extensions) = element.child("extensions") {
        extended(extensions, &mut |name, text| put(&mut row, name, text), 0);
    }
    row
}

/// Passes on the values of extensions, at any nesting.
fn extended(element: &Element, put: &mut dyn FnMut(&str, &str), depth: usize) {
    for child in &element.children {
        match child.text() {
            Some(text) if child.children.is_empty() => put(&child.name, text),
            _ if depth < 4 => extended(child, put, depth + 1),
            _ => {}
        }
    }
}

/// Why a point has no position.
struct Fault(Option<String>);

fn points<'e>(
    elements: impl Iterator<Item = &'e Element>,
) -> std::result::Result<Vec<[f64; 2]>, Fault> {
    elements
        .map(|element| {
            let [lon, lat] = ["lon", "lat"].map(|name| element.attribute(name));
            let number = |text: Option<&str>| text?.trim().parse::<f64>().ok();
            match (number(lon), number(lat)) {
                (Some(lon), Some(lat)) => Ok([lon, lat]),
                _ => Err(Fault(lon.zip(lat).map(|(lon, lat)| format!("{lon},{lat}")))),
            }
        })
        .collect()
}

fn geometry<T>(
    places: std::result::Result<T, Fault>,
    raw: impl FnOnce(T) -> RawGeometry,
) -> Geometry {
    match places {
        Ok(places) => Geometry::Raw(raw(places)),
        Err(Fault(value)) => Geometry::Broken {
            part: "geometry".to_owned(),
            value,
            why: "has no numeric lon and lat".to_owned(),
        },
    }
}

fn line(element: &Element, name: &str) -> Geometry {
    match points(element.all(name)) {
        Ok(line) if line.is_empty() => Geometry::None,
        Ok(line) if line.len() == 1 => Geometry::Raw(RawGeometry::Points(line)),
        line => geometry(line, |line| RawGeometry::Lines(vec![line])),
    }
}

/// The segments of a track; a segment of a single point is not drawn.
fn tracks(element: &Element) -> Geometry {
    let segments: std::result::Result<Vec<_>, _> =
        element.all("trkseg").map(|segment| points(segment.all("trkpt"))).collect();
    match segments {
        Ok(mut segments) => {
            segments.retain(|segment| !segment.is_empty());
            let lines: Vec<_> =
                segments.iter().filter(|segment| segment.len() > 1).cloned().collect();
            match (lines.is_empty(), segments.is_empty()) {
                (false, _) => Geometry::Raw(RawGeometry::Lines(lines)),
                (true, false) => {
                    Geometry::Raw(RawGeometry::Points(segments.into_iter().flatten().collect()))
                }
                (true, true) => Geometry::None,
            }
        }
        Err(fault) => geometry(Err(fault), RawGeometry::Lines),
    }
}
