//! Geometries cut to a tile: lines and areas end at its buffer and lose what is not seen at its zoom.

use super::grid::{BUFFER, EXTENT, Tile, whole};
use super::simplify::simplified;
use geo::BoundingRect;
use geo_types::{Coord, Geometry, Polygon};
use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{IntOverlayOptions, Overlay, ShapeType};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::i_float::int::point::IntPoint;

/// A feature of a tile.
#[derive(Debug)]
pub struct Drawn {
    /// Its index in the collection.
    pub index: usize,
    /// How many features it stands for, itself among them; `None` for lines and areas.
    pub count: Option<u32>,
    /// What is drawn of it.
    pub shape: Shape,
}

impl Drawn {
    /// How many features it stands for.
    pub fn stands_for(&self) -> usize {
        self.count.map_or(1, |count| usize::try_from(count).unwrap_or(usize::MAX))
    }
}

/// A geometry in units of a tile.
#[derive(Debug, PartialEq)]
pub enum Shape {
    /// Points.
    Points(Vec<Coord<i32>>),
    /// Lines.
    Lines(Vec<Vec<Coord<i32>>>),
    /// Polygons, each its outer ring and then its holes; the first position of a ring is not repeated.
    Areas(Vec<Vec<Vec<Coord<i32>>>>),
}

/// How far a line may lie from where it was.
const TOLERANCE: f64 = 0.5;

/// The sides of what a tile shows.
const LOW: f64 = -(BUFFER as f64);
const HIGH: f64 = (EXTENT + BUFFER) as f64;

/// A frame far enough outside that the corners of areas cut at it are out of sight.
const AWAY: f64 = 1024.0;

/// What a tile shows of a feature, whose geometry is there with the turns by which it is moved to the east. Parts that
/// meet at the seam become one. A geometry of several kinds becomes several shapes; one that is not seen none.
pub fn shapes(tile: Tile, parts: &[(&Geometry<f64>, i32)]) -> Vec<Shape> {
    let mut gathered = Gathered::default();
    for (geometry, turns) in parts {
        gathered.add(geometry, tile, *turns);
    }
    let Gathered { mut points, lines, rings } = gathered;
    points.sort_unstable_by_key(|at| (at.x, at.y));
    points.dedup();
    let areas = areas(&rings);
    let mut shapes = Vec::new();
    if !areas.is_empty() {
        shapes.push(Shape::Areas(areas));
    }
    if !lines.is_empty() {
        shapes.push(Shape::Lines(lines));
    }
    if !points.is_empty() {
        shapes.push(Shape::Points(points));
    }
    shapes
}

/// The parts of a feature by their kind.
#[derive(Default)]
struct Gathered {
    points: Vec<Coord<i32>>,
    lines: Vec<Vec<Coord<i32>>>,
    rings: Vec<Vec<IntPoint>>,
}

impl Gathered {
    fn add(&mut self, geometry: &Geometry<f64>, tile: Tile, turns: i32) {
        match geometry {
            Geometry::Point(point) => self.point(point.0, tile, turns),
            Geometry::MultiPoint(points) => {
                points.iter().for_each(|point| self.point(point.0, tile, turns));
            }
            Geometry::Line(line) => self.line(&[line.start, line.end], tile, turns),
            Geometry::LineString(line) => self.line(&line.0, tile, turns),
            Geometry::MultiLineString(lines) => {
                lines.iter().for_each(|line| self.line(&line.0, tile, turns));
            }
            Geometry::Polygon(polygon) => self.polygon(polygon, tile, turns),
            Geometry::MultiPolygon(polygons) => {
                polygons.iter().for_each(|polygon| self.polygon(polygon, tile, turns));
            }
            Geometry::Rect(rect) => self.polygon(&rect.to_polygon(), tile, turns),
            Geometry::Triangle(triangle) => self.polygon(&triangle.to_polygon(), tile, turns),
            Geometry::GeometryCollection(members) => {
                members.iter().for_each(|member| self.add(member, tile, turns));
            }
        }
    }

    fn point(&mut self, at: Coord<f64>, tile: Tile, turns: i32) {
        let range = -BUFFER..EXTENT + BUFFER;
        let at = tile.place(at, turns);
        self.points.extend(at.filter(|at| range.contains(&at.x) && range.contains(&at.y)));
    }

    fn line(&mut self, line: &[Coord<f64>], tile: Tile, turns: i32) {
        let line: Vec<Coord<f64>> = line.iter().map(|at| tile.units(*at, turns)).collect();
        for piece in pieces(&line) {
            let mut corners: Vec<Coord<i32>> =
                simplified(&piece, TOLERANCE).into_iter().map(rounded).collect();
            corners.dedup();
            if corners.len() > 1 {
                self.lines.push(corners);
            }
        }
    }

    /// Adds the rings of a polygon, the outer one to the left and holes to the right.
    fn polygon(&mut self, polygon: &Polygon<f64>, tile: Tile, turns: i32) {
        for (ring, is_outer) in std::iter::once((polygon.exterior(), true))
            .chain(polygon.interiors().iter().map(|ring| (ring, false)))
        {
            let ring: Vec<Coord<f64>> = ring.0.iter().map(|at| tile.units(*at, turns)).collect();
            let ring = simplified(&within(ring), TOLERANCE);
            let mut ring: Vec<IntPoint> = ring.into_iter().map(point).collect();
            ring.dedup();
            while ring.len() > 1 && ring.first() == ring.last() {
                ring.pop();
            }
            if (doubled_area(&ring) > 0) != is_outer {
                ring.reverse();
            }
            if ring.len() > 2 {
                self.rings.push(ring);
            }
        }
    }
}

fn rounded(at: Coord<f64>) -> Coord<i32> {
    Coord { x: whole(at.x.round()), y: whole(at.y.round()) }
}

fn point(at: Coord<f64>) -> IntPoint {
    let Coord { x, y } = rounded(at);
    IntPoint::new(x, y)
}

fn doubled_area(ring: &[IntPoint]) -> i64 {
    let product = |a: i32, b: i32| i64::from(a) * i64::from(b);
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| product(a.x, b.y) - product(b.x, a.y)).sum()
}

/// The parts of a line inside the buffer: each edge is cut as Liang and Barsky do.
fn pieces(line: &[Coord<f64>]) -> Vec<Vec<Coord<f64>>> {
    let mut pieces: Vec<Vec<Coord<f64>>> = Vec::new();
    let mut open = false;
    for (from, to) in line.iter().zip(line.iter().skip(1)) {
        let Some([first, last]) = clipped(*from, *to) else {
            open = false;
            continue;
        };
        let at = |share: f64| Coord {
            x: from.x + share * (to.x - from.x),
            y: from.y + share * (to.y - from.y),
        };
        match pieces.last_mut().filter(|_| open && first <= 0.0) {
            Some(piece) => piece.push(if last < 1.0 { at(last) } else { *to }),
            None => {
                let end = if last < 1.0 { at(last) } else { *to };
                pieces.push(vec![at(first), end]);
            }
        }
        open = last >= 1.0;
    }
    pieces
}

/// Between which shares of its length an edge is inside the buffer.
fn clipped(from: Coord<f64>, to: Coord<f64>) -> Option<[f64; 2]> {
    let (mut first, mut last) = (0.0_f64, 1.0_f64);
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    for (step, room) in
        [(-dx, from.x - LOW), (dx, HIGH - from.x), (-dy, from.y - LOW), (dy, HIGH - from.y)]
    {
        if step < 0.0 {
            first = first.max(room / step);
        } else if step > 0.0 {
            last = last.min(room / step);
        } else if room < 0.0 {
            return None;
        }
    }
    (first <= last).then_some([first, last])
}

/// A ring inside the far frame, cut as Sutherland and Hodgman do. It may run along the frame, which is out of sight.
fn within(mut ring: Vec<Coord<f64>>) -> Vec<Coord<f64>> {
    let (low, high) = (LOW - AWAY, HIGH + AWAY);
    let is_in = |at: &Coord<f64>| {
        let range = low..=high;
        range.contains(&at.x) && range.contains(&at.y)
    };
    if ring.iter().all(is_in) {
        return ring;
    }
    // How far inside one side of the frame a place is.
    let sides: [fn(Coord<f64>) -> f64; 4] = [
        |at| at.x - (LOW - AWAY),
        |at| HIGH + AWAY - at.x,
        |at| at.y - (LOW - AWAY),
        |at| HIGH + AWAY - at.y,
    ];
    for room in sides {
        let mut kept = Vec::with_capacity(ring.len());
        let before = ring.iter().cycle().skip(ring.len().saturating_sub(1));
        for (at, before) in ring.iter().zip(before) {
            let (here, there) = (room(*at), room(*before));
            if (here < 0.0) != (there < 0.0) {
                let share = there / (there - here);
                kept.push(Coord {
                    x: before.x + share * (at.x - before.x),
                    y: before.y + share * (at.y - before.y),
                });
            }
            if here >= 0.0 {
                kept.push(*at);
            }
        }
        ring = kept;
    }
    ring.extend(ring.first().copied());
    ring
}

/// The polygons that rings enclose inside the buffer. They are computed in whole units, so that no ring crosses itself
/// or another one, and none is without an area.
fn areas(rings: &[Vec<IntPoint>]) -> Vec<Vec<Vec<Coord<i32>>>> {
    if rings.is_empty() {
        return Vec::new();
    }
    let (low, high) = (-BUFFER, EXTENT + BUFFER);
    let options = IntOverlayOptions { ogc: true, ..IntOverlayOptions::default() };
    let corners = rings.iter().map(Vec::len).sum::<usize>() + 4;
    let mut overlay = Overlay::new_custom(corners, options, Default::default());
    for ring in rings {
        overlay.add_contour(ring, ShapeType::Subject);
    }
    let frame =
        [(low, low), (high, low), (high, high), (low, high)].map(|(x, y)| IntPoint::new(x, y));
    overlay.add_contour(&frame, ShapeType::Clip);
    let found = overlay.overlay(OverlayRule::Intersect, FillRule::Positive);
    let ring =
        |ring: Vec<IntPoint>| ring.into_iter().map(|at| Coord { x: at.x, y: at.y }).collect();
    found.into_iter().map(|area| area.into_iter().map(ring).collect()).collect()
}

/// How wide or high a geometry is in units of a tile, and whether the middle of its box is in the tile.
pub fn extent(tile: Tile, geometry: &Geometry<f64>, turns: i32) -> Option<(f64, bool)> {
    let rect = geometry.bounding_rect()?;
    let (a, b) = (tile.units(rect.min(), turns), tile.units(rect.max(), turns));
    let range = 0.0..f64::from(EXTENT);
    let is_in = range.contains(&((a.x + b.x) / 2.0)) && range.contains(&((a.y + b.y) / 2.0));
    Some(((b.x - a.x).abs().max((b.y - a.y).abs()), is_in))
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{LineString, polygon};

    /// The place at units of the tile in the middle of the square, to the south-east of the equator and Greenwich.
    fn at(x: f64, y: f64) -> Coord<f64> {
        let side = 2_f64.powi(10);
        let (x, y) = (0.5 + x / 4096.0 / side, 0.5 + y / 4096.0 / side);
        let lat = libm::atan(libm::sinh(std::f64::consts::PI * (1.0 - 2.0 * y))).to_degrees();
        Coord { x: (x - 0.5) * 360.0, y: lat }
    }

    fn cut(geometry: &Geometry<f64>) -> Vec<Shape> {
        shapes(Tile { z: 10, x: 512, y: 512 }, &[(geometry, 0)])
    }

    fn line(places: &[(f64, f64)]) -> Geometry<f64> {
        LineString(places.iter().map(|(x, y)| at(*x, *y)).collect()).into()
    }

    fn area(places: &[(f64, f64)]) -> Geometry<f64> {
        Polygon::new(LineString(places.iter().map(|(x, y)| at(*x, *y)).collect()), vec![]).into()
    }

    fn whole(places: &[(i32, i32)]) -> Vec<Coord<i32>> {
        places.iter().map(|(x, y)| Coord { x: *x, y: *y }).collect()
    }

    #[test]
    fn lines_end_at_the_buffer_and_come_back() {
        let of = line(&[(100.0, 100.0), (5000.0, 100.0), (5000.0, 200.0), (100.0, 200.0)]);
        let due = vec![whole(&[(100, 100), (4160, 100)]), whole(&[(4160, 200), (100, 200)])];
        assert_eq!(cut(&of), [Shape::Lines(due)]);
        // Past the corners of the tile without touching the buffer, and through a corner of it.
        assert_eq!(cut(&line(&[(-1164.0, 936.0), (936.0, -1164.0)])), []);
        let of = line(&[(-100.0, 0.0), (0.0, -100.0)]);
        assert_eq!(cut(&of), [Shape::Lines(vec![whole(&[(-64, -36), (-36, -64)])])]);
    }

    #[test]
    fn what_is_not_seen_is_left_out() {
        let bent = line(&[(0.0, 0.0), (500.0, 0.4), (1000.0, 0.0)]);
        assert_eq!(cut(&bent), [Shape::Lines(vec![whole(&[(0, 0), (1000, 0)])])]);
        assert_eq!(cut(&line(&[(7.1, 7.0), (7.3, 7.1)])), []);
        assert_eq!(cut(&area(&[(7.1, 7.0), (7.3, 7.0), (7.2, 7.2), (7.1, 7.0)])), []);
        assert_eq!(cut(&line(&[(9000.0, 0.0), (9000.0, 10.0)])), []);
    }

    #[test]
    fn an_area_that_holds_the_tile_is_its_buffer() {
        let far = 1e6;
        let of = area(&[(-far, -far), (far, -far), (far, far), (-far, far), (-far, -far)]);
        let [Shape::Areas(areas)] = &cut(&of)[..] else { panic!("an area") };
        let [area] = &areas[..] else { panic!("{areas:?}") };
        let [ring] = &area[..] else { panic!("{area:?}") };
        let mut corners: Vec<_> = ring.iter().map(|at| (at.x, at.y)).collect();
        corners.sort_unstable();
        assert_eq!(corners, [(-64, -64), (-64, 4160), (4160, -64), (4160, 4160)]);
    }

    #[test]
    fn a_comb_beyond_the_edge_falls_into_its_teeth() {
        // Two teeth reach into the tile; their back is far outside.
        let of = area(&[
            (9000.0, 0.0),
            (100.0, 0.0),
            (100.0, 100.0),
            (8000.0, 100.0),
            (8000.0, 300.0),
            (100.0, 300.0),
            (100.0, 400.0),
            (9000.0, 400.0),
            (9000.0, 0.0),
        ]);
        let [Shape::Areas(areas)] = &cut(&of)[..] else { panic!("areas") };
        assert_eq!(areas.len(), 2, "{areas:?}");
        assert!(areas.iter().all(|area| area.len() == 1 && area[0].len() == 4), "{areas:?}");
    }

    #[test]
    fn holes_stay_and_lines_of_both_ways_round_are_the_same() {
        let ring = |low: f64, high: f64| {
            let corners = [(low, low), (high, low), (high, high), (low, high), (low, low)];
            LineString(corners.map(|(x, y)| at(x, y)).to_vec())
        };
        let mut turned = ring(100.0, 900.0);
        turned.0.reverse();
        for outer in [ring(100.0, 900.0), turned] {
            let of = Polygon::new(outer, vec![ring(300.0, 500.0)]);
            let [Shape::Areas(areas)] = &cut(&of.into())[..] else { panic!("an area") };
            assert_eq!(areas.len(), 1);
            assert_eq!(areas[0].len(), 2, "{areas:?}");
        }
    }

    #[test]
    fn a_ring_that_crosses_itself_is_taken_apart() {
        let bow = area(&[(0.0, 0.0), (100.0, 100.0), (100.0, 0.0), (0.0, 100.0), (0.0, 0.0)]);
        let shapes = cut(&bow);
        let [Shape::Areas(areas)] = &shapes[..] else { panic!("{shapes:?}") };
        assert!(areas.iter().flatten().all(|ring| ring.len() == 3), "{areas:?}");
        let collection = Geometry::GeometryCollection(
            vec![
                Geometry::Point(at(5.5, 6.5).into()),
                polygon![at(0.0, 0.0), at(9.0, 0.0), at(9.0, 9.0)].into(),
            ]
            .into(),
        );
        assert_eq!(cut(&collection).len(), 2);
        assert!(cut(&collection).contains(&Shape::Points(whole(&[(5, 6)]))));
    }
}
