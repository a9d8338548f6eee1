//! The borders of a country, indexed: whether a position lies inside them, and how far away they are.
//!
//! Edges are sorted into bands of latitude, so that a query looks only at those near its own latitude.

use crate::earth::{Length, Lon, Position, geodesic};
use crate::float;
use geo::GeoNum;
use geo::kernels::{Kernel, Orientation};
use geo_types::{Coord, MultiPolygon};

/// The edges of polygons, indexed by latitude.
#[derive(Debug)]
pub(super) struct Borders {
    south: f64,
    north: f64,
    /// Bands per degree.
    per_degree: f64,
    /// Offset of the first edge of each band; one more entry than there are bands.
    begins: Vec<usize>,
    /// The edges, band by band; an edge that crosses several bands is in each.
    edges: Vec<Edge>,
}

#[derive(Debug, Clone, Copy)]
struct Edge {
    from: Coord<f64>,
    to: Coord<f64>,
}

/// Target number of edges per band, if each were in only one.
const EDGES: usize = 4;

/// With more bands, bands would be narrower than edges are long.
const MOST_BANDS: usize = 1024;

/// The shortest length of a degree of latitude, at the equator.
///
/// # Units
/// Kilometers.
pub(super) const SHORTEST_DEGREE: f64 = 110.57;

/// The position of an edge relative to a point.
enum Side {
    /// The edge crosses the parallel east of the point.
    East,
    /// The point lies on the edge.
    On,
    /// Neither.
    Apart,
}

impl Borders {
    /// Indexes the edges of polygons that do not overlap.
    pub fn new(polygons: &MultiPolygon<f64>) -> Self {
        let rings = polygons
            .iter()
            .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
        let all: Vec<Edge> = rings
            .flat_map(|ring| ring.lines())
            .map(|line| Edge { from: line.start, to: line.end })
            .collect();
        let south = all.iter().map(|edge| edge.from.y).fold(f64::INFINITY, f64::min);
        let north = all.iter().map(|edge| edge.from.y).fold(f64::NEG_INFINITY, f64::max);
        let count = (all.len() / EDGES).clamp(1, MOST_BANDS);
        let per_degree = float::of_count(count) / (north - south).max(1.0e-6);
        let mut borders =
            Self { south, north, per_degree, begins: vec![0; count + 1], edges: Vec::new() };
        let spans: Vec<(usize, usize)> = all.iter().map(|edge| borders.span(edge)).collect();
        for (first, last) in &spans {
            // Counted one band later, so that the prefix sums are the offsets of the bands.
            let counts = borders.begins.get_mut(first + 1..last + 2).unwrap_or_default();
            counts.iter_mut().for_each(|count| *count += 1);
        }
        let mut sum = 0;
        for begin in &mut borders.begins {
            sum += *begin;
            *begin = sum;
        }
        let mut free = borders.begins.clone();
        let nothing = Edge { from: Coord::zero(), to: Coord::zero() };
        borders.edges = vec![nothing; sum];
        for (edge, (first, last)) in all.iter().zip(spans) {
            for slot in free.get_mut(first..=last).unwrap_or_default() {
                if let Some(place) = borders.edges.get_mut(*slot) {
                    *place = *edge;
                }
                *slot += 1;
            }
        }
        borders
    }

    /// Whether a position lies inside the borders or on them.
    pub fn hold(&self, at: Coord<f64>) -> bool {
        if at.y < self.south || at.y > self.north {
            return false;
        }
        let band = self.band(at.y);
        let mut odd = false;
        for edge in self.edges_of(band, band) {
            match edge.side_of(at) {
                Side::East => odd = !odd,
                Side::On => return true,
                Side::Apart => {}
            }
        }
        odd
    }

    /// The distance from a position to the borders, if it is at most `within`.
    ///
    /// The nearest place on the edges is found on a plane that is true to length at the position; the
    /// distance to that place is measured on the ellipsoid. The result is never too short, and too long
    /// by less than 1 % at 400 km.
    pub fn distance(&self, at: Position, within: Length) -> Option<Length> {
        let reach = within.km() / SHORTEST_DEGREE;
        let (low, high) = (at.lat() - reach, at.lat() + reach);
        if high < self.south || low > self.north {
            return None;
        }
        let narrow = libm::cos(at.lat().to_radians()).max(1.0e-9);
        // Meridians converge toward the pole: a degree of longitude is shortest at the end nearest to it.
        let end = libm::cos(low.abs().max(high.abs()).min(89.9).to_radians());
        let wide = reach / end;
        let mut nearest: Option<(f64, Coord<f64>)> = None;
        for edge in self.edges_of(self.band(low), self.band(high)) {
            if let Some((square, place)) = edge.nearest(at.coord(), narrow, wide)
                && nearest.is_none_or(|(least, _)| square < least)
            {
                nearest = Some((square, place));
            }
        }
        let (_, place) = nearest?;
        let lon = Lon::wrapped(place.x)?.degrees();
        let place = Position::from_degrees(lon, place.y.clamp(-90.0, 90.0))?;
        Some(geodesic::distance(at, place)).filter(|length| *length <= within)
    }

    fn edges_of(&self, first: usize, last: usize) -> &[Edge] {
        let begin = self.begins.get(first).copied().unwrap_or(0);
        let end = self.begins.get(last + 1).copied().unwrap_or(begin);
        self.edges.get(begin..end).unwrap_or_default()
    }

    fn span(&self, edge: &Edge) -> (usize, usize) {
        let (low, high) = (edge.from.y.min(edge.to.y), edge.from.y.max(edge.to.y));
        (self.band(low), self.band(high))
    }

    /// The band of a latitude; latitudes outside are clamped to the outer bands.
    fn band(&self, lat: f64) -> usize {
        let band = ((lat - self.south) * self.per_degree).max(0.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "not negative, and more than there are bands is the last"
        )]
        let band = band as usize;
        band.min(self.begins.len() - 2)
    }
}

impl Edge {
    /// On which side of a position the edge lies, as `geo` tests it for a ring: exact, by a robust
    /// predicate where rounding could matter.
    fn side_of(&self, at: Coord<f64>) -> Side {
        let (from, to) = (self.from, self.to);
        let (low, high) = if from.y <= to.y { (from, to) } else { (to, from) };
        if low.y > at.y || high.y < at.y {
            return Side::Apart;
        }
        let (west, east) = (from.x.min(to.x), from.x.max(to.x));
        if east < at.x {
            return Side::Apart;
        }
        // An edge includes its lower end and excludes its upper one, so that a corner counts once.
        let crosses = high.y > at.y;
        if west > at.x {
            return if crosses { Side::East } else { Side::Apart };
        }
        match <f64 as GeoNum>::Ker::orient2d(low, high, at) {
            Orientation::Collinear => Side::On,
            Orientation::CounterClockwise if crosses => Side::East,
            _ => Side::Apart,
        }
    }

    /// The place on the edge that is nearest to a position, and its squared distance in degrees of
    /// latitude; `None` if the whole edge is more than `wide` degrees of longitude away.
    fn nearest(&self, at: Coord<f64>, narrow: f64, wide: f64) -> Option<(f64, Coord<f64>)> {
        let turn = match self.from.x - at.x {
            east if east > 180.0 => -360.0,
            west if west < -180.0 => 360.0,
            _ => 0.0,
        };
        let (from_x, to_x) = (self.from.x + turn - at.x, self.to.x + turn - at.x);
        if from_x.min(to_x) > wide || from_x.max(to_x) < -wide {
            return None;
        }
        let (from_x, from_y) = (from_x * narrow, self.from.y - at.y);
        let (along_x, along_y) = (to_x * narrow - from_x, self.to.y - at.y - from_y);
        let square = along_x * along_x + along_y * along_y;
        let part = -(from_x * along_x + from_y * along_y);
        let part = if square > 0.0 { (part / square).clamp(0.0, 1.0) } else { 0.0 };
        let (x, y) = (from_x + part * along_x, from_y + part * along_y);
        let place = Coord { x: at.x + x / narrow, y: at.y + y };
        Some((x * x + y * y, place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Countries, Country};
    use geo::CoordinatePosition;
    use geo::coordinate_position::CoordPos;

    /// The reference answer from the polygons themselves.
    fn held(country: &Country, at: Coord<f64>) -> bool {
        country.borders.iter().any(|p| p.coordinate_position(&at) != CoordPos::Outside)
    }

    #[test]
    fn every_corner_and_what_lies_beside_it_is_held_as_the_polygons_say() {
        for country in Countries::built_in().iter() {
            let borders = Borders::new(&country.borders);
            let corners = country.borders.iter().flat_map(|p| p.exterior().lines());
            // A step that does not divide any regular count.
            for line in corners.step_by(37) {
                let (a, b) = (line.start, line.end);
                let middle = (a + b) / 2.0;
                for at in [a, middle, Coord { x: a.x + 1e-9, y: a.y }, Coord { x: a.x, y: b.y }] {
                    assert_eq!(borders.hold(at), held(country, at), "{} {at:?}", country.code);
                }
                assert!(borders.hold(a), "{} has its corner {a:?}", country.code);
            }
        }
    }

    #[test]
    fn positions_all_over_the_earth_are_held_as_the_polygons_say() {
        let countries = Countries::built_in();
        let mut random = 7_u64;
        let mut next = || {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695);
            f64::from(u32::try_from(random >> 32).expect("32 bits")) / 2f64.powi(32)
        };
        let mut on_land = 0;
        for _ in 0..4000 {
            let at = Coord { x: 360.0 * next() - 180.0, y: 180.0 * next() - 90.0 };
            let first = countries.iter().find(|c| held(c, at)).map(|c| c.code);
            on_land += u32::from(first.is_some());
            let position = Position::from_coord(at).expect("in range");
            assert_eq!(countries.at(position), first, "{at:?}");
        }
        assert!(on_land > 1000, "{on_land}");
    }

    #[test]
    fn borders_begin_where_they_are_drawn_over_the_seam_too() {
        let square = |west: f64, east: f64| {
            let ring = vec![(west, 10.0), (east, 10.0), (east, 11.0), (west, 11.0), (west, 10.0)];
            Borders::new(&MultiPolygon(vec![geo_types::Polygon::new(ring.into(), vec![])]))
        };
        let km = |borders: &Borders, lon: f64, lat: f64, within: f64| {
            let at = Position::from_degrees(lon, lat).expect("position");
            borders.distance(at, Length::from_km(within)).map(Length::km)
        };
        let plain = square(20.0, 21.0);
        // A degree of latitude at 9.5 N is 110.6 km.
        let south = km(&plain, 20.5, 9.5, 60.0).expect("near");
        assert!((south - 55.3).abs() < 0.1, "{south}");
        assert_eq!(km(&plain, 20.5, 9.5, 50.0), None);
        // A degree of longitude at 10.5 N is 109.5 km.
        let west = km(&plain, 19.0, 10.5, 370.0).expect("near");
        assert!((west - 109.5).abs() < 0.2, "{west}");
        let seam = square(179.5, 180.0);
        let east = km(&seam, -179.0, 10.5, 370.0).expect("over the seam");
        assert!((east - 109.5).abs() < 0.2, "{east}");
    }
}
