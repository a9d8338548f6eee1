//! A bounding box in longitude and latitude, which may cross the antimeridian.

use super::{Lat, Length, Lon, Position, RADIUS_MIN};
use std::str::FromStr;

/// West, south, east, north. If west is greater than east, the box crosses the antimeridian.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    west: Lon,
    south: Lat,
    east: Lon,
    north: Lat,
}

impl Bounds {
    /// Creates a box from its edges; `None` if south is greater than north.
    pub fn new(west: Lon, south: Lat, east: Lon, north: Lat) -> Option<Self> {
        (south <= north).then_some(Self { west, south, east, north })
    }

    /// Returns the smallest box around positions, across the antimeridian if that is narrower; `None` if there
    /// are none.
    pub fn around(positions: impl Iterator<Item = Position>) -> Option<Self> {
        let (mut lons, mut lats): (Vec<f64>, Vec<f64>) =
            positions.map(|position| (position.lon(), position.lat())).unzip();
        lons.sort_by(f64::total_cmp);
        lats.sort_by(f64::total_cmp);
        let (first, last) = (*lons.first()?, *lons.last()?);
        // The widest gap between longitudes lies outside the box. Ties keep the gap over the antimeridian.
        let mut widest = (first + 360.0 - last, first, last);
        for (west, east) in lons.iter().zip(lons.iter().skip(1)) {
            if east - west > widest.0 {
                widest = (east - west, *east, *west);
            }
        }
        let (_, west, east) = widest;
        let (south, north) = (Lat::new(*lats.first()?)?, Lat::new(*lats.last()?)?);
        Self::new(Lon::new(west)?, south, Lon::new(east)?, north)
    }

    /// Returns the box enlarged by a length on all sides, at most to the poles and once around.
    #[must_use]
    pub fn widened(self, by: Length) -> Self {
        let up = (by.meters() / RADIUS_MIN).to_degrees();
        let south = (self.south.degrees() - up).max(-90.0);
        let north = (self.north.degrees() + up).min(90.0);
        let cos = libm::cos(south.abs().max(north.abs()).to_radians());
        let aside = if cos > 1e-3 { up / cos } else { 360.0 };
        let [west, _, east, _] = self.degrees();
        let span = if self.crosses_antimeridian() { east - west + 360.0 } else { east - west };
        let (west, east) = if span + 2.0 * aside >= 360.0 {
            (Lon::new(-180.0), Lon::new(180.0))
        } else {
            (Lon::wrapped(west - aside), Lon::wrapped(east + aside))
        };
        let edges = west.zip(east).zip(Lat::new(south).zip(Lat::new(north)));
        edges
            .and_then(|((west, east), (south, north))| Self::new(west, south, east, north))
            .unwrap_or(self)
    }

    /// Returns west, south, east, north, as in RFC 7946.
    ///
    /// # Units
    /// Degrees.
    pub fn degrees(self) -> [f64; 4] {
        [self.west.degrees(), self.south.degrees(), self.east.degrees(), self.north.degrees()]
    }

    /// Whether the box crosses the antimeridian.
    pub fn crosses_antimeridian(self) -> bool {
        self.west > self.east
    }

    /// Whether a position lies in the box or on its edge. The longitudes 180 and −180 are the same meridian; at
    /// a pole any longitude matches.
    pub fn contains(self, position: Position) -> bool {
        let lat = Lat::new(position.lat()).is_some_and(|l| self.south <= l && l <= self.north);
        let within = |lon: f64| {
            Lon::new(lon).is_some_and(|l| {
                if self.crosses_antimeridian() {
                    l >= self.west || l <= self.east
                } else {
                    self.west <= l && l <= self.east
                }
            })
        };
        let lon = position.lon();
        let at_antimeridian = lon.abs() == 180.0 && within(-lon);
        lat && (within(lon) || at_antimeridian || position.lat().abs() == 90.0)
    }
}

/// The widest box across the antimeridian that a text may state. Wider ones leave out so little that west and
/// east are almost certainly swapped.
///
/// # Units
/// Degrees.
const WIDEST_OVER_ANTIMERIDIAN: f64 = 300.0;

/// Why a text is not a box.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is not a box: {why}; expected W,S,E,N in degrees")]
pub struct ParseBoundsError {
    text: String,
    why: String,
}

impl FromStr for Bounds {
    type Err = ParseBoundsError;

    /// Parses `W,S,E,N`; an error names the number that is wrong. A box without area is refused, and so is one
    /// across the antimeridian of more than 300°.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = |why: String| ParseBoundsError { text: text.to_owned(), why };
        let parts: Vec<&str> = text.split(',').map(str::trim).collect();
        let [west, south, east, north] = parts.as_slice() else {
            let count = parts.len();
            let s = if count == 1 { "" } else { "s" };
            return Err(refuse(format!("it has {count} number{s}")));
        };
        let lon = |name: &str, value: &str| {
            value
                .parse()
                .ok()
                .and_then(Lon::new)
                .ok_or_else(|| refuse(format!("{name} is \"{value}\", not a longitude")))
        };
        let lat = |name: &str, value: &str| {
            value
                .parse()
                .ok()
                .and_then(Lat::new)
                .ok_or_else(|| refuse(format!("{name} is \"{value}\", not a latitude")))
        };
        let (left, right) = (lon("west", west)?, lon("east", east)?);
        let bounds = Self::new(left, lat("south", south)?, right, lat("north", north)?)
            .ok_or_else(|| refuse(format!("south {south} lies north of north {north}")))?;
        let [west_deg, south_deg, east_deg, north_deg] = bounds.degrees();
        if south_deg == north_deg {
            return Err(refuse(format!("south and north are both {south}")));
        }
        if west_deg == east_deg {
            return Err(refuse(format!("west and east are both {west}")));
        }
        let width = east_deg - west_deg + 360.0;
        if bounds.crosses_antimeridian() && width > WIDEST_OVER_ANTIMERIDIAN {
            return Err(refuse(format!(
                "it crosses 180° and is {width}° wide, so west {west} and east {east} look swapped"
            )));
        }
        Ok(bounds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(bounds: &str, lon: f64, lat: f64) -> bool {
        let bounds: Bounds = bounds.parse().expect("bounds");
        bounds.contains(Position::from_degrees(lon, lat).expect("position"))
    }

    #[test]
    fn a_box_over_the_seam_holds_both_sides() {
        for (lon, inside) in [
            (175.0, true),
            (-175.0, true),
            (180.0, true),
            (-180.0, true),
            (0.0, false),
            (165.0, false),
        ] {
            assert_eq!(holds("170,-10,-170,10", lon, 0.0), inside, "{lon}");
        }
        assert!(holds("-180,0,-170,1", 180.0, 0.5));
    }

    #[test]
    fn the_box_around_positions_is_the_narrowest() {
        let around = |places: &[(f64, f64)]| {
            let places = places.iter().filter_map(|(lon, lat)| Position::from_degrees(*lon, *lat));
            Bounds::around(places).map(Bounds::degrees)
        };
        assert_eq!(around(&[]), None);
        assert_eq!(around(&[(5.0, 1.0)]), Some([5.0, 1.0, 5.0, 1.0]));
        assert_eq!(around(&[(5.0, 1.0), (-7.0, 3.0)]), Some([-7.0, 1.0, 5.0, 3.0]));
        assert_eq!(around(&[(179.0, 1.0), (-178.0, -3.0)]), Some([179.0, -3.0, -178.0, 1.0]));
    }

    #[test]
    fn a_box_is_widened_over_the_seam_and_to_the_pole() {
        let wide = |text: &str| {
            let bounds: Bounds = text.parse().expect("bounds");
            bounds.widened(Length::from_km(111.0)).degrees()
        };
        let [west, south, east, north] = wide("179,0,180,0.001");
        assert!(west < 178.1 && east < -178.9 && south < -0.9 && north > 0.9);
        assert_eq!(wide("0,80,1,89.5"), [-180.0, wide("0,80,1,89.5")[1], 180.0, 90.0]);
    }

    #[test]
    fn a_bad_box_is_refused_with_the_number_that_is_wrong() {
        for (text, part) in [
            ("1,2,3", "3 numbers"),
            ("1,2,3,NaN", "north"),
            ("1,9,3,4", "south 9"),
            ("x,2,3,4", "west"),
            ("1,2,1,4", "west and east are both 1"),
            ("1,2,3,2", "south and north are both 2"),
            ("3,2,1,4", "look swapped"),
        ] {
            let error = text.parse::<Bounds>().expect_err(text).to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
