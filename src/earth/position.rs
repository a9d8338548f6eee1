//! A place on the ground. Longitude and latitude have types of their own, so that they cannot be
//! swapped, and a position that is not finite or out of range cannot exist.

use std::fmt;

/// A longitude, −180 to 180 degrees.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Lon(f64);

/// A latitude, −90 to 90 degrees.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Lat(f64);

/// A position on WGS84: longitude first, then latitude.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    lon: Lon,
    lat: Lat,
}

impl Lon {
    /// Creates a longitude; `None` if it is not finite or outside −180 to 180.
    ///
    /// # Units
    /// Degrees.
    pub fn new(degrees: f64) -> Option<Self> {
        (-180.0..=180.0).contains(&degrees).then_some(Self(degrees + 0.0))
    }

    /// Wraps a longitude into range by whole turns, so that 190 becomes −170.
    ///
    /// 180 stays 180. Returns `None` if the number is not finite or more than two turns away: such
    /// a number is not a longitude.
    ///
    /// # Units
    /// Degrees.
    pub fn wrapped(degrees: f64) -> Option<Self> {
        if !(-720.0..=720.0).contains(&degrees) {
            return None;
        }
        let mut turned = degrees;
        while turned > 180.0 {
            turned -= 360.0;
        }
        while turned < -180.0 {
            turned += 360.0;
        }
        Self::new(turned)
    }

    /// # Units
    /// Degrees.
    pub fn degrees(self) -> f64 {
        self.0
    }
}

impl Lat {
    /// Creates a latitude; `None` if it is not finite or outside −90 to 90.
    ///
    /// # Units
    /// Degrees.
    pub fn new(degrees: f64) -> Option<Self> {
        (-90.0..=90.0).contains(&degrees).then_some(Self(degrees + 0.0))
    }

    /// # Units
    /// Degrees.
    pub fn degrees(self) -> f64 {
        self.0
    }
}

impl Position {
    /// Creates a position from a longitude and a latitude.
    pub fn new(lon: Lon, lat: Lat) -> Self {
        Self { lon, lat }
    }

    /// Creates a position from two plain numbers, longitude first; `None` if either is out of
    /// range.
    ///
    /// # Units
    /// Degrees.
    pub fn from_degrees(lon: f64, lat: f64) -> Option<Self> {
        Some(Self::new(Lon::new(lon)?, Lat::new(lat)?))
    }

    /// # Units
    /// Degrees, −180 to 180.
    pub fn lon(self) -> f64 {
        self.lon.0
    }

    /// # Units
    /// Degrees, −90 to 90.
    pub fn lat(self) -> f64 {
        self.lat.0
    }

    /// The position as a planar coordinate: x longitude, y latitude.
    pub fn coord(self) -> geo_types::Coord<f64> {
        geo_types::Coord { x: self.lon(), y: self.lat() }
    }

    /// The position of a planar coordinate; `None` if it is out of range.
    pub fn from_coord(coord: geo_types::Coord<f64>) -> Option<Self> {
        Self::from_degrees(coord.x, coord.y)
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.lon(), self.lat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_out_of_range_cannot_exist() {
        for (lon, lat) in [(f64::NAN, 0.0), (0.0, f64::INFINITY), (180.1, 0.0), (0.0, -90.1)] {
            assert_eq!(Position::from_degrees(lon, lat), None, "{lon} {lat}");
        }
        assert!(Position::from_degrees(-180.0, 90.0).is_some());
    }

    #[test]
    fn longitudes_wrap_by_whole_turns() {
        for (given, wrapped) in
            [(190.0, -170.0), (180.0, 180.0), (-190.0, 170.0), (359.5, -0.5), (540.0, 180.0)]
        {
            assert_eq!(Lon::wrapped(given).map(Lon::degrees), Some(wrapped), "{given}");
        }
        assert_eq!(Lon::wrapped(6_000_000.0), None);
        assert_eq!(Lon::wrapped(f64::NAN), None);
    }
}
