//! KML geometries: longitude, latitude and an optional height, separated by commas.

use crate::sources::formats::record::{Geometry, RawGeometry};
use crate::sources::formats::xml::Element;

/// The geometry elements.
const KINDS: [&str; 8] = [
    "Point",
    "LineString",
    "LinearRing",
    "Polygon",
    "MultiGeometry",
    "Track",
    "MultiTrack",
    "Model",
];

/// The deepest nesting of geometries.
const DEEPEST: usize = 8;

/// Why a geometry cannot be decoded.
struct Fault {
    part: String,
    value: Option<String>,
    why: String,
}

/// The geometry of a placemark.
pub(super) fn geometry_of(placemark: &Element) -> Geometry {
    let mut all = Vec::new();
    for element in placemark.children.iter().filter(|child| KINDS.contains(&child.name.as_str())) {
        if let Err(Fault { part, value, why }) = gather(element, &element.name, 0, &mut all) {
            return Geometry::Broken { part, value, why };
        }
    }
    merged(all).map_or(Geometry::None, Geometry::Raw)
}

/// Merges geometries of one kind.
pub(in super::super) fn merged(all: Vec<RawGeometry>) -> Option<RawGeometry> {
    let (mut points, mut lines, mut polygons) = (Vec::new(), Vec::new(), Vec::new());
    for one in all {
        match one {
            RawGeometry::Points(more) => points.extend(more),
            RawGeometry::Lines(more) => lines.extend(more),
            RawGeometry::Polygons(more) => polygons.extend(more),
            RawGeometry::Mixed(_) => {}
        }
    }
    let mut kinds = Vec::new();
    if !points.is_empty() {
        kinds.push(RawGeometry::Points(points));
    }
    if !lines.is_empty() {
        kinds.push(RawGeometry::Lines(lines));
    }
    if !polygons.is_empty() {
        kinds.push(RawGeometry::Polygons(polygons));
    }
    match kinds.len() {
        0 | 1 => kinds.pop(),
        _ => Some(RawGeometry::Mixed(kinds)),
    }
}

fn gather(
    element: &Element,
    part: &str,
    depth: usize,
    all: &mut Vec<RawGeometry>,
) -> Result<(), Fault> {
    if depth > DEEPEST {
        let why = format!("is nested more than {DEEPEST} geometries deep");
        return Err(Fault { part: part.to_owned(), value: None, why });
    }
    match element.name.as_str() {
        "Point" => all.push(RawGeometry::Points(coordinates(element, part)?)),
        "LineString" | "LinearRing" => all.push(line(coordinates(element, part)?)),
        "Polygon" => {
            let outer = element.child("outerBoundaryIs").and_then(|b| b.child("LinearRing"));
            let inner = element.all("innerBoundaryIs").flat_map(|b| b.all("LinearRing"));
            let mut rings = Vec::new();
            for ring in outer.into_iter().chain(inner) {
                let ring = coordinates(ring, &format!("{part} ring {}", rings.len()))?;
                // A hole without positions is ignored; an outline without positions makes the polygon
                // empty.
                if ring.is_empty() && rings.is_empty() {
                    return Ok(());
                }
                rings.push(ring);
            }
            rings.retain(|ring| !ring.is_empty());
            if !rings.is_empty() {
                all.push(RawGeometry::Polygons(vec![rings]));
            }
        }
        "Track" => all.push(line(track(element, part)?)),
        "Model" => {
            let location = element.child("Location");
            let number = |name| location?.text_of(name)?.parse::<f64>().ok();
            if let (Some(x), Some(y)) = (number("longitude"), number("latitude")) {
                all.push(RawGeometry::Points(vec![[x, y]]));
            }
        }
        _ => {
            let members = element.children.iter().filter(|c| KINDS.contains(&c.name.as_str()));
            for (at, member) in members.enumerate() {
                gather(member, &format!("{part}[{at}]"), depth + 1, all)?;
            }
        }
    }
    Ok(())
}

/// Creates a line, or a point if there is only one position.
fn line(positions: Vec<[f64; 2]>) -> RawGeometry {
    match positions.len() {
        0 => RawGeometry::Lines(Vec::new()),
        1 => RawGeometry::Points(positions),
        _ => RawGeometry::Lines(vec![positions]),
    }
}

/// The positions of a track: longitude, latitude and height, separated by blanks.
fn track(element: &Element, part: &str) -> Result<Vec<[f64; 2]>, Fault> {
    let written = element.all("coord").filter_map(|coord| coord.text());
    written.map(|text| pair(text.split_whitespace(), text, part)).collect()
}

/// The positions of an element's coordinates. Blanks around commas, which some writers add, are
/// ignored.
fn coordinates(element: &Element, part: &str) -> Result<Vec<[f64; 2]>, Fault> {
    let Some(text) = element.text_of("coordinates") else { return Ok(Vec::new()) };
    let mut positions = Vec::new();
    let mut tuple = String::new();
    for word in text.split_whitespace() {
        if !(tuple.is_empty() || tuple.ends_with(',') || word.starts_with(',')) {
            positions.push(pair(tuple.split(','), &tuple, part)?);
            tuple.clear();
        }
        tuple.push_str(word);
    }
    if !tuple.is_empty() {
        positions.push(pair(tuple.split(','), &tuple, part)?);
    }
    Ok(positions)
}

/// Parses a longitude and a latitude, optionally followed by a height.
fn pair<'t>(
    mut numbers: impl Iterator<Item = &'t str>,
    written: &str,
    part: &str,
) -> Result<[f64; 2], Fault> {
    let mut number = || numbers.next()?.trim().parse::<f64>().ok();
    let (x, y) = (number(), number());
    let rest = numbers.filter(|text| !text.trim().is_empty()).count();
    match (x, y) {
        (Some(x), Some(y)) if rest <= 1 => Ok([x, y]),
        _ => Err(Fault {
            part: format!("{part} coordinates"),
            value: Some(written.to_owned()),
            why: "is not longitude,latitude[,height]".to_owned(),
        }),
    }
}
