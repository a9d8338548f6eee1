//! Geodesics on the WGS84 ellipsoid by Karney's algorithms ("Algorithms for geodesics", Journal of
//! Geodesy 87, 2013) as implemented by geographiclib-rs.
//!
//! Accurate to 15 nanometers for every pair of positions, including poles, coincident and antipodal
//! positions; it always converges.

use super::{Length, Position};
use geographiclib_rs::{DirectGeodesic, Geodesic, InverseGeodesic, PolygonArea, Winding};
use std::sync::LazyLock;

static WGS84: LazyLock<Geodesic> = LazyLock::new(Geodesic::wgs84);

/// A geodesic from one position to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Way {
    /// Its length along the ground.
    pub length: Length,
    /// The initial bearing: degrees clockwise from north, 0 to 360.
    ///
    /// At a pole it depends on the pole's longitude; between coincident positions it is 0.
    pub bearing: f64,
}

/// Returns the length of the geodesic between two positions.
///
/// # Units
/// Meters, accurate to 15 nm.
pub fn distance(from: Position, to: Position) -> Length {
    let meters: f64 = WGS84.inverse(from.lat(), from.lon(), to.lat(), to.lon());
    Length::from_meters(meters)
}

/// Returns the geodesic between two positions: its length and its initial bearing.
pub fn inverse(from: Position, to: Position) -> Way {
    let (meters, azimuth, _, _): (f64, f64, f64, f64) =
        WGS84.inverse(from.lat(), from.lon(), to.lat(), to.lon());
    let length = Length::from_meters(meters);
    Way { length, bearing: if length == Length::ZERO { 0.0 } else { turn(azimuth) } }
}

/// Returns the end of a geodesic with a given initial bearing and length.
///
/// # Units
/// Bearing in degrees clockwise from north.
pub fn direct(from: Position, bearing: f64, length: Length) -> Position {
    let (lat, lon): (f64, f64) = WGS84.direct(from.lat(), from.lon(), bearing, length.meters());
    // Karney's direct problem answers within range; the clamp removes a rounding error past a pole.
    Position::from_degrees(lon.clamp(-180.0, 180.0), lat.clamp(-90.0, 90.0)).unwrap_or(from)
}

/// Returns the area enclosed by a ring of geodesics, whatever its direction and whether or not it
/// crosses the antimeridian or contains a pole. The last position is joined to the first.
///
/// # Units
/// Square meters, never more than half the Earth.
pub fn ring_area(ring: &[Position]) -> f64 {
    let mut area = PolygonArea::new(&WGS84, Winding::CounterClockwise);
    for position in ring {
        area.add_point(position.lat(), position.lon());
    }
    let (_, square_meters, _) = area.compute(true);
    square_meters.abs()
}

/// Converts an azimuth of −180 to 180 to a bearing of 0 to 360.
fn turn(azimuth: f64) -> f64 {
    let bearing = if azimuth < 0.0 { azimuth + 360.0 } else { azimuth };
    if bearing >= 360.0 { 0.0 } else { bearing + 0.0 }
}
