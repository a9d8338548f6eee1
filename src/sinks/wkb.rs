//! Geometries as ISO well-known binary, little-endian.

use super::rounded::Drawn;
#[cfg(feature = "parquet")]
pub(super) use back::{lines_of, point_of, polygons_of};

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

/// Geometries as [`push_wkb`] writes them; `None` for anything else.
#[cfg(feature = "parquet")]
mod back {
    use geo_types::{Coord, LineString, MultiLineString, MultiPolygon, Polygon};

    /// A point.
    pub(in crate::sinks) fn point_of(bytes: &[u8]) -> Option<[f64; 2]> {
        let mut rest = bytes;
        head(&mut rest, 1)?;
        let Coord { x, y } = position(&mut rest)?;
        rest.is_empty().then_some([x, y])
    }

    /// The lines of a MultiLineString.
    pub(in crate::sinks) fn lines_of(bytes: &[u8]) -> Option<MultiLineString<f64>> {
        let mut rest = bytes;
        head(&mut rest, 5)?;
        let lines = (0..count(&mut rest)?).map(|_| {
            head(&mut rest, 2)?;
            path(&mut rest)
        });
        let lines = lines.collect::<Option<_>>()?;
        rest.is_empty().then_some(MultiLineString(lines))
    }

    /// The polygons of a MultiPolygon.
    pub(in crate::sinks) fn polygons_of(bytes: &[u8]) -> Option<MultiPolygon<f64>> {
        let mut rest = bytes;
        head(&mut rest, 6)?;
        let polygons = (0..count(&mut rest)?).map(|_| {
            head(&mut rest, 3)?;
            let rings = (0..count(&mut rest)?).map(|_| path(&mut rest));
            let mut rings = rings.collect::<Option<Vec<_>>>()?.into_iter();
            Some(Polygon::new(rings.next()?, rings.collect()))
        });
        let polygons = polygons.collect::<Option<_>>()?;
        rest.is_empty().then_some(MultiPolygon(polygons))
    }

    fn head(rest: &mut &[u8], kind: u32) -> Option<()> {
        let (order, after) = rest.split_first()?;
        *rest = after;
        (*order == 1 && count(rest)? == kind).then_some(())
    }

    fn count(rest: &mut &[u8]) -> Option<u32> {
        let (number, after) = rest.split_first_chunk::<4>()?;
        *rest = after;
        Some(u32::from_le_bytes(*number))
    }

    fn path(rest: &mut &[u8]) -> Option<LineString<f64>> {
        let positions = (0..count(rest)?).map(|_| position(rest));
        positions.collect::<Option<_>>().map(LineString)
    }

    fn position(rest: &mut &[u8]) -> Option<Coord<f64>> {
        let mut number = || {
            let (number, after) = rest.split_first_chunk::<8>()?;
            *rest = after;
            Some(f64::from_le_bytes(*number))
        };
        Some(Coord { x: number()?, y: number()? })
    }
}
