//! The map's projection: equidistant cylindrical (plate carrée) with its standard parallel in the
//! middle of the sites, centered so that the map does not break at the antimeridian.

use crate::earth::{Lon, Position};
use serde::Serialize;

/// Margin around the sites, as a share of their extent.
const MARGIN: f64 = 0.14;

/// The least height of a map, in degrees of latitude: about 220 km.
const LEAST_DEGREES: f64 = 2.0;

/// The greatest absolute latitude of the standard parallel, in degrees: beyond it the map would be
/// extremely wide.
const STEEPEST: f64 = 70.0;

/// How much farther than its radius a map around a place reaches.
const NEAR: f64 = 1.06;

/// Kilometers of a degree of latitude on a sphere of the Earth's mean radius.
pub const KM_PER_DEGREE: f64 = 111.195;

/// A map of longitudes and latitudes on a rectangle in map units. x runs east and y south, both from
/// the upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct View {
    /// Width in units.
    pub width: f64,
    /// Height in units.
    pub height: f64,
    /// Longitude in the middle, in degrees.
    pub lon: f64,
    /// Latitude in the middle, in degrees.
    pub lat: f64,
    /// Units per degree of longitude.
    pub per_lon: f64,
    /// Units per degree of latitude.
    pub per_lat: f64,
}

impl View {
    /// A map of the given size that shows all positions; the whole Earth if there are none.
    pub fn of(positions: impl Iterator<Item = Position> + Clone, width: f64, height: f64) -> Self {
        let lats = positions.clone().map(Position::lat);
        let (south, north) =
            lats.fold((f64::INFINITY, f64::NEG_INFINITY), |(s, n), lat| (s.min(lat), n.max(lat)));
        if south > north {
            return Self::new((0.0, 0.0), (360.0, 180.0), width, height);
        }
        let (lon, wide) = arc(positions.map(Position::lon).collect());
        let high = (north - south).max(LEAST_DEGREES);
        let grown = 1.0 + 2.0 * MARGIN;
        Self::new((lon, f64::midpoint(south, north)), (wide * grown, high * grown), width, height)
    }

    /// A map of the given size that shows everything within a radius of a place.
    pub fn near((lon, lat): (f64, f64), radius_km: f64, width: f64, height: f64) -> Self {
        let high = 2.0 * NEAR * radius_km / KM_PER_DEGREE;
        let wide = high / libm::cos(lat.clamp(-STEEPEST, STEEPEST).to_radians());
        Self::new((lon, lat), (wide, high), width, height)
    }

    fn new((lon, lat): (f64, f64), (wide, high): (f64, f64), width: f64, height: f64) -> Self {
        let parallel = lat.clamp(-STEEPEST, STEEPEST).to_radians();
        let squeeze = libm::cos(parallel);
        let per_lat = (height / high.min(180.0)).min(width / (wide.min(360.0) * squeeze));
        // Keeps the map from extending past a pole if it can.
        let half = height / per_lat / 2.0;
        let lat = if half >= 90.0 { 0.0 } else { lat.clamp(half - 90.0, 90.0 - half) };
        Self { width, height, lon, lat, per_lon: per_lat * squeeze, per_lat }
    }

    /// The map position of a longitude and a latitude, the short way from the middle.
    pub fn place(&self, lon: f64, lat: f64) -> (f64, f64) {
        self.at(wrapped(lon - self.lon), lat)
    }

    /// The map position of a place some degrees east of the middle.
    pub fn at(&self, east: f64, lat: f64) -> (f64, f64) {
        (
            self.width / 2.0 + east * self.per_lon,
            self.height / 2.0 + (self.lat - lat) * self.per_lat,
        )
    }

    /// The extent of the map with a margin, in multiples of its own size, on each side: degrees east
    /// of the middle and degrees of latitude, as west, south, east, north.
    pub fn around(&self, margin: f64) -> [f64; 4] {
        let half = |units: f64, per: f64| units * (0.5 + margin) / per;
        let (x, y) = (half(self.width, self.per_lon).min(180.0), half(self.height, self.per_lat));
        [-x, (self.lat - y).max(-90.0), x, (self.lat + y).min(90.0)]
    }

    /// The length of a kilometer from north to south, in units.
    pub fn per_km(&self) -> f64 {
        self.per_lat / KM_PER_DEGREE
    }
}

/// The middle and the width of the shortest arc that contains all longitudes: the circle without its
/// widest gap.
fn arc(mut lons: Vec<f64>) -> (f64, f64) {
    lons.sort_by(f64::total_cmp);
    lons.dedup();
    let (Some(&first), Some(&last)) = (lons.first(), lons.last()) else { return (0.0, 360.0) };
    let around = (first + 360.0 - last, last, first);
    let gaps = lons.iter().zip(lons.iter().skip(1)).map(|(west, east)| (east - west, *west, *east));
    // Width, west end and east end of the gap; of equal gaps the one around the antimeridian.
    let (gap, _, east) =
        gaps.fold(around, |widest, gap| if gap.0 > widest.0 { gap } else { widest });
    let wide = 360.0 - gap;
    let middle = east + wide / 2.0;
    (wrapped(middle), wide)
}

/// A longitude wrapped into range; one that is not a number is returned unchanged.
pub(super) fn wrapped(lon: f64) -> f64 {
    Lon::wrapped(lon).map_or(lon, Lon::degrees)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(places: &[(f64, f64)]) -> View {
        let positions = places.iter().filter_map(|(lon, lat)| Position::from_degrees(*lon, *lat));
        View::of(positions, 1200.0, 800.0)
    }

    #[test]
    fn every_site_lies_on_the_map_wherever_it_is() {
        for places in [
            vec![(62.0, 29.0)],
            vec![(179.5, -17.0), (-179.5, -18.0), (178.0, -16.0)],
            vec![(0.0, 90.0)],
            vec![(0.0, -90.0), (180.0, -90.0)],
            vec![(-180.0, 0.0), (180.0, 0.0)],
            vec![(-170.0, 80.0), (-50.0, -60.0), (70.0, 10.0), (150.0, -20.0)],
            vec![(10.0, 89.9), (190.0 - 360.0, 89.9)],
        ] {
            let view = view(&places);
            assert!(view.per_lat > 0.0 && view.per_lat.is_finite());
            for (lon, lat) in &places {
                let (x, y) = view.place(*lon, *lat);
                assert!((-1e-6..=1200.0 + 1e-6).contains(&x), "{places:?}: {x}");
                assert!((-1e-6..=800.0 + 1e-6).contains(&y), "{places:?}: {y}");
            }
        }
    }

    #[test]
    fn sites_on_both_sides_of_the_seam_are_neighbors() {
        let view = view(&[(179.5, -17.0), (-179.5, -18.0)]);
        assert!((view.lon.abs() - 180.0).abs() < 1e-9, "{view:?}");
        let apart = view.place(-179.5, -18.0).0 - view.place(179.5, -17.0).0;
        assert!((apart - view.per_lon).abs() < 1e-6, "{apart}");
    }

    #[test]
    fn the_whole_earth_stands_where_there_is_no_site() {
        let view = view(&[]);
        assert_eq!(view.around(0.0), [-180.0, -90.0, 180.0, 90.0]);
    }
}
