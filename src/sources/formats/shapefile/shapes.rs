//! The shapes of a shapefile: their offsets in the `.shp`, and their coordinates. The direction of a ring makes it an
//! outline or a hole.

use crate::sources::formats::record::{Geometry, RawGeometry};
use crate::{Code, Error, Result};
use shapefile::record::traits::HasXY;
use shapefile::{PolygonRing, ReadableShape, Shape};
use std::io::Cursor;
use std::ops::Range;

/// The size of the file header in bytes.
const HEADER: usize = 100;
/// The size of a record header, and of an index entry, in bytes.
const BEFORE: usize = 8;

/// The shapes of a file.
#[derive(Debug)]
pub(super) struct Shapes {
    bytes: Vec<u8>,
    /// The range of each shape; `None` for a removed one.
    records: Vec<Option<Range<usize>>>,
    /// Whether the index beside the file was unusable.
    pub index_is_odd: bool,
}

impl Shapes {
    /// Locates the shapes of a `.shp`, by its index if that fits.
    ///
    /// # Errors
    /// The file is not a `.shp`, is cut short, or holds multipatch surfaces.
    pub fn new(file: &str, bytes: Vec<u8>, index: Option<&[u8]>) -> Result<Self> {
        let damaged = |why: String| {
            Error::data(Code::FileDamaged, format!("{file}: the .shp {why}"))
                .with_hint("fetch it again")
        };
        if bytes.len() < HEADER {
            let size = bytes.len();
            return Err(damaged(format!("is cut short within its header, after {size} bytes")));
        }
        if big_endian(&bytes, 0) != Some(9994) {
            return Err(damaged("does not begin like a shapefile".to_owned()));
        }
        if little_endian(&bytes, 32) == Some(31) {
            return Err(Error::data(
                Code::FormatUnsupported,
                format!("{file}: holds multipatches, 3D surfaces that have no place on a map"),
            )
            .with_hint("make polygons of them: Multipatch Footprint in ArcGIS"));
        }
        let indexed = index.and_then(|index| by_index(&bytes, index));
        let index_is_odd = index.is_some() && indexed.is_none();
        let records = match indexed {
            Some(records) => records,
            None => in_order(&bytes).map_err(damaged)?,
        };
        Ok(Self { bytes, records, index_is_odd })
    }

    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Returns the geometry of a shape, and whether it has more than two dimensions.
    pub fn geometry(&self, number: usize) -> (Geometry, bool) {
        let Some(Some(range)) = self.records.get(number) else { return (Geometry::None, false) };
        let bytes = self.bytes.get(range.clone()).unwrap_or_default();
        let broken = |why: String| {
            (Geometry::Broken { part: "geometry".to_owned(), value: None, why }, false)
        };
        let Ok(size) = i32::try_from(bytes.len()) else {
            return broken("is too large for a shape".to_owned());
        };
        match Shape::read_from(&mut Cursor::new(bytes), size) {
            Ok(shape) => match raw_of(&shape) {
                Some((raw, more)) => (Geometry::Raw(raw), more),
                None if matches!(shape, Shape::Multipatch(_)) => {
                    broken("is a multipatch, a 3D surface".to_owned())
                }
                None => (Geometry::None, false),
            },
            Err(error) => broken(format!("cannot be decoded: {error}")),
        }
    }
}

/// The ranges of the shapes from the index; `None` if it does not fit the file.
fn by_index(bytes: &[u8], index: &[u8]) -> Option<Vec<Option<Range<usize>>>> {
    if big_endian(index, 0) != Some(9994) {
        return None;
    }
    let entries = index.get(HEADER..)?.chunks(BEFORE);
    entries
        .map(|entry| {
            let (offset, length) = (big_endian(entry, 0)?, big_endian(entry, 4)?);
            if offset == 0 || length == 0 {
                return Some(None);
            }
            let [offset, length] = [offset, length].map(|words| words.checked_mul(2));
            let begin = offset?.checked_add(BEFORE)?;
            let range = begin..begin.checked_add(length?)?;
            let fits = big_endian(bytes, range.start - 4)?.checked_mul(2)? == length?
                && range.end <= bytes.len();
            (fits && range.len() >= 4).then_some(Some(range))
        })
        .collect()
}

/// The ranges of the shapes from their sequence in the file.
fn in_order(bytes: &[u8]) -> std::result::Result<Vec<Option<Range<usize>>>, String> {
    let said = big_endian(bytes, 24).and_then(|words| words.checked_mul(2)).unwrap_or(usize::MAX);
    let held = bytes.len();
    if said > held {
        return Err(format!("is cut short: it declares {said} bytes and has {held}"));
    }
    let (mut at, mut records) = (HEADER, Vec::new());
    while at + BEFORE <= said {
        let number = records.len();
        let length = big_endian(bytes, at + 4).and_then(|words| words.checked_mul(2));
        let begin = at + BEFORE;
        match length.and_then(|length| begin.checked_add(length)) {
            Some(end) if end <= said && end >= begin + 4 => {
                records.push(Some(begin..end));
                at = end;
            }
            _ => return Err(format!("is damaged or cut short at feature {number}, byte {at}")),
        }
    }
    Ok(records)
}

/// Reads a four-byte number; `None` if it is negative.
fn big_endian(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..at + 4)?.try_into().ok()?;
    usize::try_from(i32::from_be_bytes(bytes)).ok()
}

fn little_endian(bytes: &[u8], at: usize) -> Option<i32> {
    Some(i32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// The coordinates of a shape, and whether it has heights or measures; `None` for a null shape.
fn raw_of(shape: &Shape) -> Option<(RawGeometry, bool)> {
    let raw = match shape {
        Shape::NullShape | Shape::Multipatch(_) => return None,
        Shape::Point(point) => (RawGeometry::Points(vec![pair(point)]), false),
        Shape::PointM(point) => (RawGeometry::Points(vec![pair(point)]), true),
        Shape::PointZ(point) => (RawGeometry::Points(vec![pair(point)]), true),
        Shape::Multipoint(points) => (RawGeometry::Points(pairs(points.points())), false),
        Shape::MultipointM(points) => (RawGeometry::Points(pairs(points.points())), true),
        Shape::MultipointZ(points) => (RawGeometry::Points(pairs(points.points())), true),
        Shape::Polyline(lines) => (lines_of(lines.parts()), false),
        Shape::PolylineM(lines) => (lines_of(lines.parts()), true),
        Shape::PolylineZ(lines) => (lines_of(lines.parts()), true),
        Shape::Polygon(polygon) => (polygons_of(polygon.rings()), false),
        Shape::PolygonM(polygon) => (polygons_of(polygon.rings()), true),
        Shape::PolygonZ(polygon) => (polygons_of(polygon.rings()), true),
    };
    let is_empty = match &raw.0 {
        RawGeometry::Points(points) => points.is_empty(),
        RawGeometry::Lines(lines) => lines.is_empty(),
        RawGeometry::Polygons(polygons) => polygons.is_empty(),
        RawGeometry::Mixed(list) => list.is_empty(),
    };
    (!is_empty).then_some(raw)
}

fn pair(point: &impl HasXY) -> [f64; 2] {
    [point.x(), point.y()]
}

fn pairs<P: HasXY>(points: &[P]) -> Vec<[f64; 2]> {
    points.iter().map(pair).collect()
}

fn turned<P: HasXY>(points: &[P]) -> Vec<[f64; 2]> {
    points.iter().rev().map(pair).collect()
}

fn lines_of<P: HasXY>(parts: &[Vec<P>]) -> RawGeometry {
    RawGeometry::Lines(parts.iter().map(|part| pairs(part)).filter(|l| !l.is_empty()).collect())
}

/// Groups rings into polygons with the ring directions of GeoJSON. A hole belongs to the smallest outline around it; a
/// hole outside all outlines has the wrong direction and is an outline itself.
fn polygons_of<P: HasXY>(rings: &[PolygonRing<P>]) -> RawGeometry {
    let (mut polygons, mut holes) = (Vec::new(), Vec::new());
    for ring in rings.iter().filter(|ring| !ring.is_empty()) {
        match ring {
            PolygonRing::Outer(points) => polygons.push(vec![turned(points)]),
            PolygonRing::Inner(points) => holes.push(turned(points)),
        }
    }
    let outlines: Vec<(f64, usize)> = polygons
        .iter()
        .enumerate()
        .filter_map(|(at, rings)| Some((area(rings.first()?), at)))
        .collect();
    for hole in holes {
        let holds = |at: usize| {
            let outline = polygons.get(at).and_then(|rings| rings.first());
            outline.is_some_and(|outline| holds(outline, &hole))
        };
        let smallest = outlines
            .iter()
            .filter(|(_, at)| holds(*at))
            .min_by(|(a, _), (b, _)| a.total_cmp(b))
            .map(|(_, at)| *at);
        match smallest.and_then(|at| polygons.get_mut(at)) {
            Some(rings) => rings.push(hole),
            None => polygons.push(vec![hole.into_iter().rev().collect()]),
        }
    }
    RawGeometry::Polygons(polygons)
}

/// The area of a ring, in the square of its units.
fn area(ring: &[[f64; 2]]) -> f64 {
    let Some([x, y]) = ring.first().copied() else { return 0.0 };
    let cross = |[a, b]: [f64; 2], [c, d]: [f64; 2]| (a - x) * (d - y) - (c - x) * (b - y);
    ring.iter().zip(ring.iter().skip(1)).map(|(a, b)| cross(*a, *b)).sum::<f64>().abs() / 2.0
}

/// Whether a ring lies inside another: the first position that is not on the other's edge decides.
fn holds(outline: &[[f64; 2]], ring: &[[f64; 2]]) -> bool {
    let mut on_edge = false;
    for place in ring {
        match side(outline, *place) {
            Some(inside) => return inside,
            None => on_edge = true,
        }
    }
    on_edge
}

/// Whether a position is inside a ring; `None` if it is on its edge.
fn side(ring: &[[f64; 2]], [x, y]: [f64; 2]) -> Option<bool> {
    let mut inside = false;
    for ([ax, ay], [bx, by]) in ring.iter().zip(ring.iter().skip(1)) {
        let cross = (bx - ax) * (y - ay) - (by - ay) * (x - ax);
        let between = x >= ax.min(*bx) && x <= ax.max(*bx) && y >= ay.min(*by) && y <= ay.max(*by);
        if cross == 0.0 && between {
            return None;
        }
        if (*ay > y) != (*by > y) && (cross > 0.0) == (by > ay) {
            inside = !inside;
        }
    }
    Some(inside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shapefile::Point;

    fn ring([x, y]: [f64; 2], size: f64, is_hole: bool) -> PolygonRing<Point> {
        let corners = [[0.0, 0.0], [0.0, size], [size, size], [size, 0.0], [0.0, 0.0]];
        let mut points: Vec<Point> =
            corners.map(|[a, b]| Point::new(x + a, y + b)).into_iter().collect();
        if is_hole {
            points.reverse();
        }
        PolygonRing::from(points)
    }

    #[test]
    fn holes_go_to_the_smallest_outline_around_them() {
        // A lake with an island that has a pond, and a second lake, with the rings in arbitrary order.
        let rings = [
            ring([4.0, 4.0], 1.0, true),
            ring([3.0, 3.0], 4.0, false),
            ring([2.0, 2.0], 6.0, true),
            ring([0.0, 0.0], 10.0, false),
            ring([20.0, 0.0], 5.0, false),
            ring([21.0, 1.0], 1.0, true),
            ring([40.0, 0.0], 1.0, true),
        ];
        let RawGeometry::Polygons(polygons) = polygons_of(&rings) else { panic!("polygons") };
        let sizes: Vec<Vec<f64>> =
            polygons.iter().map(|rings| rings.iter().map(|ring| area(ring)).collect()).collect();
        assert_eq!(sizes, [vec![16.0, 1.0], vec![100.0, 36.0], vec![25.0, 1.0], vec![1.0]]);
    }

    #[test]
    fn a_place_is_within_a_ring_beside_it_or_on_its_edge() {
        let square = [[0.0, 0.0], [0.0, 2.0], [2.0, 2.0], [2.0, 0.0], [0.0, 0.0]];
        assert_eq!(side(&square, [1.0, 1.0]), Some(true));
        assert_eq!(side(&square, [3.0, 1.0]), Some(false));
        assert_eq!(side(&square, [-1.0, 2.0]), Some(false));
        assert_eq!(side(&square, [0.0, 1.0]), None);
    }
}
