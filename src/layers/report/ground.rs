//! The base map in map units: land, coasts, borders and the names of countries, clipped to the visible frame
//! and simplified to its resolution.

use super::country_names::CountryName;
use super::view::{View, wrapped};
use crate::layers::base::COLLECTED;
use crate::layers::{self, Collected, Geometry, Layer, Property};
use crate::measures::Collection;
use geo::Simplify;
use geo_types::{Coord, LineString, MultiPolygon};

/// How far the base map extends past the first view on each side, in views: the limit of panning.
pub const MARGIN: f64 = 1.0;

/// Simplification tolerance in units, an eighth of a pixel of a first view.
const TOLERANCE: f64 = 0.15;

/// Rings in map units, to fill by the even-odd rule.
pub type Rings = Vec<Vec<(f64, f64)>>;

/// The base map.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ground {
    /// Rings of land and of lakes in it, to fill by the even-odd rule.
    pub land: Vec<Vec<(f64, f64)>>,
    /// The part of the land where security incidents were not collected, or no longer, or only by an old record, as rings to fill by the even-odd
    /// rule: for each, the rings; empty if that is not known.
    pub uncollected: Vec<(Collected, Rings)>,
    /// Coasts.
    pub coasts: Vec<Vec<(f64, f64)>>,
    /// Undisputed borders.
    pub borders: Vec<Vec<(f64, f64)>>,
    /// Disputed borders.
    pub disputed: Vec<Vec<(f64, f64)>>,
    /// The countries that have room for their names, the largest first.
    pub names: Vec<CountryName>,
}

impl Ground {
    /// The base map of a view, and as far past it as a reader can pan. With a collection, it tells where incidents were
    /// not collected.
    pub fn of(view: &View, collection: Option<&Collection>) -> Self {
        Self::within(view, MARGIN, collection)
    }

    /// The base map of a view with a margin, in views on each side.
    pub fn within(view: &View, margin: f64, collection: Option<&Collection>) -> Self {
        let extent = view.around(margin);
        let within = around_the_earth(view, extent);
        let mut ground = Self {
            uncollected: uncollected(view, extent, &layers::land(within, collection)),
            ..Self::default()
        };
        let land = layers::land(within, None);
        let mut countries = Vec::new();
        for feature in (0..land.len()).filter_map(|at| land.feature(at)) {
            let Geometry::Polygons(polygons) = &feature.geometry else { continue };
            let name = match feature.properties.first() {
                Some(Property::Text(name)) => name.as_str(),
                _ => "",
            };
            ground.land.extend(rings(view, extent, polygons));
            countries.extend(CountryName::of(name, view, extent, polygons));
        }
        countries.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        ground.names = countries.into_iter().map(|(_, country)| country).collect();
        let borders = layers::borders(within);
        for feature in (0..borders.len()).filter_map(|at| borders.feature(at)) {
            let Geometry::Lines(lines) = &feature.geometry else { continue };
            let of = match feature.properties.first() {
                Some(Property::Text(kind)) if kind == "coast" => &mut ground.coasts,
                Some(Property::Text(kind)) if kind == "disputed" => &mut ground.disputed,
                _ => &mut ground.borders,
            };
            for line in lines.iter() {
                of.extend(
                    turns(view, extent, line).flat_map(|line| seen_runs(view, extent, &line)),
                );
            }
        }
        ground
    }
}

/// The land where incidents were not collected, or no longer.
fn uncollected(view: &View, extent: [f64; 4], land: &Layer<'_>) -> Vec<(Collected, Rings)> {
    let Some(column) = land.column_names().position(|name| &**name == COLLECTED) else {
        return Vec::new();
    };
    let of = |collected: Collected| {
        let is =
            |at: &usize| land.value(*at, column) == Some(Property::Text(collected.word().into()));
        let shapes = (0..land.len()).filter(is).filter_map(|at| land.geometry(at));
        let rings = shapes.flat_map(|shape| match &shape {
            Geometry::Polygons(polygons) => rings(view, extent, polygons),
            _ => Vec::new(),
        });
        (collected, rings.collect::<Vec<_>>())
    };
    let all = [Collected::No, Collected::Ended, Collected::Old].map(of).into_iter();
    all.filter(|(_, rings)| !rings.is_empty()).collect()
}

/// The rings of polygons on a map, cut to its extent.
fn rings(view: &View, extent: [f64; 4], polygons: &MultiPolygon<f64>) -> Vec<Vec<(f64, f64)>> {
    let rings = polygons
        .iter()
        .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
    cut(view, extent, rings, TOLERANCE)
}

/// Rings on a map, cut to its extent and simplified by a tolerance in units.
pub(super) fn cut<'r>(
    view: &View,
    extent: [f64; 4],
    rings: impl Iterator<Item = &'r LineString<f64>>,
    tolerance: f64,
) -> Rings {
    let all = frame(view, extent);
    let turned = rings.flat_map(|ring| turns(view, extent, ring));
    let cut = turned.map(|ring| clip(&ring, all).simplify(tolerance));
    cut.filter(|ring| ring.0.len() >= 4).map(|ring| plain(&ring)).collect()
}

/// A box in degrees as map units: west, north, east, south.
pub(super) fn frame(view: &View, [west, south, east, north]: [f64; 4]) -> [f64; 4] {
    let ((left, top), (right, bottom)) = (view.at(west, north), view.at(east, south));
    [left, top, right, bottom]
}

/// A line on the map, repeated one turn to the west and to the east if that touches the extent.
pub(super) fn turns(
    view: &View,
    extent: [f64; 4],
    line: &LineString<f64>,
) -> impl Iterator<Item = LineString<f64>> {
    let view = *view;
    let [left, top, right, bottom] = frame(&view, extent);
    let line = line.clone();
    [-360.0, 0.0, 360.0].into_iter().filter_map(move |turn| {
        let moved: LineString<f64> = line
            .coords()
            .map(|at| {
                let (x, y) = view.at(at.x + turn - view.lon, at.y);
                Coord { x, y }
            })
            .collect();
        let reach = |of: fn(&Coord<f64>) -> f64| {
            moved.coords().map(of).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), n| {
                (low.min(n), high.max(n))
            })
        };
        let ((west, east), (north, south)) = (reach(|at| at.x), reach(|at| at.y));
        (west <= right && east >= left && north <= bottom && south >= top).then_some(moved)
    })
}

/// The visible runs of a line, each with one more vertex on either side of the frame.
fn seen_runs(view: &View, extent: [f64; 4], line: &LineString<f64>) -> Vec<Vec<(f64, f64)>> {
    runs(view, extent, line).iter().map(|run| plain(&run.simplify(TOLERANCE))).collect()
}

/// The visible runs of a line as they are.
pub(super) fn runs(view: &View, extent: [f64; 4], line: &LineString<f64>) -> Vec<LineString<f64>> {
    let [left, top, right, bottom] = frame(view, extent);
    let seen = |a: Coord<f64>, b: Coord<f64>| {
        a.x.min(b.x) <= right
            && a.x.max(b.x) >= left
            && a.y.min(b.y) <= bottom
            && a.y.max(b.y) >= top
    };
    let mut runs: Vec<LineString<f64>> = Vec::new();
    let mut open = false;
    for edge in line.lines() {
        if !seen(edge.start, edge.end) {
            open = false;
            continue;
        }
        match runs.last_mut().filter(|_| open) {
            Some(run) => run.0.push(edge.end),
            None => runs.push(LineString(vec![edge.start, edge.end])),
        }
        open = true;
    }
    runs
}

/// The coordinates of a line.
pub(super) fn plain(line: &LineString<f64>) -> Vec<(f64, f64)> {
    line.coords().map(|at| (at.x, at.y)).collect()
}

/// An extent in degrees east of the middle of a view as a box of longitudes and latitudes.
pub(super) fn around_the_earth(view: &View, [west, south, east, north]: [f64; 4]) -> [f64; 4] {
    if east - west >= 360.0 {
        [-180.0, south, 180.0, north]
    } else {
        [wrapped(west + view.lon), south, wrapped(east + view.lon), north]
    }
}

/// A ring clipped to a rectangle, given as minimum x and y and maximum x and y (Sutherland and Hodgman
/// 1974). Separate parts stay joined along the rectangle's edge, which does not show in a fill.
pub(super) fn clip(
    ring: &LineString<f64>,
    [left, top, right, bottom]: [f64; 4],
) -> LineString<f64> {
    let mut points: Vec<Coord<f64>> = ring.coords().copied().collect();
    points.pop();
    let sides: [(f64, bool, bool); 4] =
        [(left, true, true), (right, true, false), (top, false, true), (bottom, false, false)];
    for (edge, by_x, keep_above) in sides {
        let of = |at: &Coord<f64>| if by_x { at.x } else { at.y };
        let inside = |at: &Coord<f64>| if keep_above { of(at) >= edge } else { of(at) <= edge };
        let mut kept = Vec::with_capacity(points.len() + 4);
        let before = points.iter().cycle().skip(points.len().saturating_sub(1));
        for (from, to) in before.zip(&points) {
            if inside(from) != inside(to) {
                let part = (edge - of(from)) / (of(to) - of(from));
                let cross = *from + (*to - *from) * part;
                kept.push(if by_x {
                    Coord { x: edge, ..cross }
                } else {
                    Coord { y: edge, ..cross }
                });
            }
            if inside(to) {
                kept.push(*to);
            }
        }
        points = kept;
    }
    let first = points.first().copied();
    points.extend(first);
    LineString(points)
}

#[cfg(test)]
mod tests {
    use super::super::country_names::half_width;
    use super::*;
    use crate::earth::Position;
    use geo::Area;
    use geo_types::Polygon;

    #[test]
    fn a_ring_is_cut_to_the_rectangle() {
        let ring = LineString::from(vec![
            (-5.0, -5.0),
            (5.0, -5.0),
            (5.0, 5.0),
            (-5.0, 5.0),
            (-5.0, -5.0),
        ]);
        let cut = Polygon::new(clip(&ring, [0.0, 0.0, 10.0, 10.0]), Vec::new());
        assert!((cut.unsigned_area() - 25.0).abs() < 1e-9);
        assert!(clip(&ring, [6.0, 6.0, 10.0, 10.0]).0.is_empty());
    }

    #[test]
    fn a_name_may_stand_where_both_its_ends_are_in_its_country() {
        let positions = [(0.0, 0.0), (10.0, 10.0)];
        let positions =
            positions.iter().filter_map(|(lon, lat)| Position::from_degrees(*lon, *lat));
        let view = View::of(positions, 1200.0, 800.0);
        let ring = vec![(2.0, 2.0), (8.0, 2.0), (8.0, 7.0), (2.0, 7.0), (2.0, 2.0)];
        let country = MultiPolygon(vec![Polygon::new(LineString::from(ring), Vec::new())]);
        let named = CountryName::of("Mali", &view, view.around(0.0), &country);
        let (_, named) = named.expect("room");
        assert!(named.from <= 0.0 && named.places.len() > 10);
        let (west, east) = (view.place(2.0, 5.0).0, view.place(8.0, 5.0).0);
        let half = half_width("Mali");
        for (x, _) in named.places {
            assert!(x - half > west - 0.2 && x + half < east + 0.2, "{x}");
        }
    }

    #[test]
    fn the_ground_of_a_view_over_the_seam_has_land_on_both_sides() {
        let fiji = [(178.0, -17.8), (-179.9, -16.8)];
        let positions = fiji.iter().filter_map(|(lon, lat)| Position::from_degrees(*lon, *lat));
        let view = View::of(positions, 1200.0, 800.0);
        let ground = Ground::of(&view, None);
        let seen = ground.land.iter().flatten();
        let seen: Vec<_> =
            seen.filter(|(x, y)| (0.0..1200.0).contains(x) && (0.0..800.0).contains(y)).collect();
        let antimeridian = view.place(180.0, 0.0).0;
        assert!(
            seen.iter().any(|at| at.0 < antimeridian - 1.0)
                && seen.iter().any(|at| at.0 > antimeridian + 1.0)
        );
    }
}
