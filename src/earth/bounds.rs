//! A box in longitude and latitude, which may cross the seam at 180°.

use super::{Lat, Lon, Position};
use std::str::FromStr;

/// West, south, east, north. Where west is greater than east the box crosses the seam.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    west: Lon,
    south: Lat,
    east: Lon,
    north: Lat,
}

impl Bounds {
    /// A box from its edges; `None` where south lies north of north.
    pub fn new(west: Lon, south: Lat, east: Lon, north: Lat) -> Option<Self> {
        (south <= north).then_some(Self { west, south, east, north })
    }

    /// # Units
    /// Degrees: west, south, east, north, as in RFC 7946.
    pub fn degrees(self) -> [f64; 4] {
        [self.west.degrees(), self.south.degrees(), self.east.degrees(), self.north.degrees()]
    }

    /// Whether the box goes over the seam.
    pub fn crosses_seam(self) -> bool {
        self.west > self.east
    }

    /// Whether a position lies in the box or on its edge. The two sides of the seam, 180 and −180,
    /// are the same meridian; at a pole any longitude does.
    pub fn contains(self, position: Position) -> bool {
        let lat = Lat::new(position.lat()).is_some_and(|l| self.south <= l && l <= self.north);
        let within = |lon: f64| {
            Lon::new(lon).is_some_and(|l| {
                if self.crosses_seam() {
                    l >= self.west || l <= self.east
                } else {
                    self.west <= l && l <= self.east
                }
            })
        };
        let lon = position.lon();
        let at_seam = lon.abs() == 180.0 && within(-lon);
        lat && (within(lon) || at_seam || position.lat().abs() == 90.0)
    }
}

/// Why a text is not a box.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is not a box: {why}; expected W,S,E,N in degrees")]
pub struct ParseBoundsError {
    text: String,
    why: String,
}

impl FromStr for Bounds {
    type Err = ParseBoundsError;

    /// Reads `W,S,E,N`, naming the number that is wrong.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = |why: String| ParseBoundsError { text: text.to_owned(), why };
        let parts: Vec<&str> = text.split(',').map(str::trim).collect();
        let [west, south, east, north] = parts.as_slice() else {
            return Err(refuse(format!("it has {} numbers", parts.len())));
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
        Self::new(
            lon("west", west)?,
            lat("south", south)?,
            lon("east", east)?,
            lat("north", north)?,
        )
        .ok_or_else(|| refuse(format!("south {south} lies north of north {north}")))
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
    fn a_bad_box_is_refused_with_the_number_that_is_wrong() {
        for (text, part) in [
            ("1,2,3", "3 numbers"),
            ("1,2,3,NaN", "north"),
            ("1,9,3,4", "south 9"),
            ("x,2,3,4", "west"),
        ] {
            let error = text.parse::<Bounds>().expect_err(text).to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
