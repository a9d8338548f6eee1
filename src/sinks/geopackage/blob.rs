//! A geometry in the GeoPackage encoding: a header with its bounding box, then ISO well-known binary, all
//! little-endian (OGC 12-128r17, 2.1.3).

use crate::sinks::rounded::Drawn;

const WGS84: i32 = 4326;

/// Flag bits of the header: little-endian; a box of four numbers; an empty geometry.
const LITTLE: u8 = 0b0000_0001;
const BOX: u8 = 0b0000_0010;
const EMPTY: u8 = 0b0001_0000;

/// The bytes of a geometry. A point needs no box, and an empty geometry has none.
pub(in crate::sinks) fn of(drawn: &Drawn, bounds: Option<[f64; 4]>) -> Vec<u8> {
    let mut out = Vec::from(*b"GP\0");
    let boxed = bounds.filter(|_| !matches!(drawn, Drawn::Point(_)));
    let empty = if bounds.is_none() { EMPTY } else { 0 };
    out.push(LITTLE | empty | if boxed.is_some() { BOX } else { 0 });
    out.extend(WGS84.to_le_bytes());
    if let Some([west, south, east, north]) = boxed {
        [west, east, south, north].iter().for_each(|edge| out.extend(edge.to_le_bytes()));
    }
    wkb(&mut out, drawn);
    out
}

/// Appends well-known binary.
fn wkb(out: &mut Vec<u8>, drawn: &Drawn) {
    match drawn {
        Drawn::Point(position) => {
            head(out, 1);
            push(out, position);
        }
        Drawn::Line(line) => {
            head(out, 2);
            path(out, line);
        }
        Drawn::Polygon(rings) => {
            head(out, 3);
            count(out, rings.len());
            rings.iter().for_each(|ring| path(out, ring));
        }
        Drawn::Points(points) => {
            head(out, 4);
            count(out, points.len());
            for point in points {
                head(out, 1);
                push(out, point);
            }
        }
        Drawn::Lines(lines) => {
            head(out, 5);
            count(out, lines.len());
            for line in lines {
                head(out, 2);
                path(out, line);
            }
        }
        Drawn::Polygons(polygons) => {
            head(out, 6);
            count(out, polygons.len());
            for rings in polygons {
                head(out, 3);
                count(out, rings.len());
                rings.iter().for_each(|ring| path(out, ring));
            }
        }
        Drawn::Collection(members) => {
            head(out, 7);
            count(out, members.len());
            members.iter().for_each(|member| wkb(out, member));
        }
    }
}

/// Appends the byte order and the number of the geometry type.
fn head(out: &mut Vec<u8>, kind: u32) {
    out.push(1);
    out.extend(kind.to_le_bytes());
}

fn count(out: &mut Vec<u8>, len: usize) {
    // A geometry of four billion parts would not have fitted into memory.
    out.extend(u32::try_from(len).unwrap_or(u32::MAX).to_le_bytes());
}

fn path(out: &mut Vec<u8>, positions: &[[f64; 2]]) {
    count(out, positions.len());
    positions.iter().for_each(|position| push(out, position));
}

fn push(out: &mut Vec<u8>, [x, y]: &[f64; 2]) {
    out.extend(x.to_le_bytes());
    out.extend(y.to_le_bytes());
}
