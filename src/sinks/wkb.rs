//! Geometries as ISO well-known binary, little-endian.

use super::rounded::Drawn;

/// Appends a geometry.
pub(super) fn push_wkb(out: &mut Vec<u8>, drawn: &Drawn) {
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
            members.iter().for_each(|member| push_wkb(out, member));
        }
    }
}

/// Reads a point as [`push_wkb`] writes it; `None` for anything else.
#[cfg(feature = "parquet")]
pub(super) fn point_of(bytes: &[u8]) -> Option<[f64; 2]> {
    let positions = bytes.strip_prefix(&[1, 1, 0, 0, 0])?;
    let (x, y) = positions.split_first_chunk::<8>()?;
    Some([
        f64::from_le_bytes(*x),
        f64::from_le_bytes(*y.first_chunk::<8>().filter(|_| y.len() == 8)?),
    ])
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
