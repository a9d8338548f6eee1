//! Earth-centered positions: positions as points in space, where neither the antimeridian nor the poles
//! are special and the straight line between two points, the chord, bounds the distance on the ground.

#![expect(clippy::indexing_slicing, reason = "slots are counted here")]

use super::angle::sin_cos;
use super::{FLATTENING, Length, Position, SEMI_MAJOR, SEMI_MINOR};
use crate::simd::{NullaryFnOnce, vectorized};
use rayon::prelude::*;

/// A point of the WGS84 ellipsoid in space: x points to longitude 0 on the equator, y to 90° east, z to
/// the north pole.
///
/// # Units
/// Meters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ecef(pub [f64; 3]);

/// First eccentricity squared, `f (2 - f)`.
const E2: f64 = FLATTENING * (2.0 - FLATTENING);

/// Smallest radius of curvature of WGS84, along the meridian at the equator: `b² / a`.
pub(crate) const RADIUS_MIN: f64 = SEMI_MINOR * SEMI_MINOR / SEMI_MAJOR;

/// Largest radius of curvature of WGS84, at the poles: `a² / b`.
pub(crate) const RADIUS_MAX: f64 = SEMI_MAJOR * SEMI_MAJOR / SEMI_MINOR;

/// The number of positions computed at once.
pub(crate) const TOGETHER: usize = 16;

/// Longitudes and latitudes of a batch of positions.
struct Placed([[f64; TOGETHER]; 2]);

impl NullaryFnOnce for Placed {
    type Output = [Ecef; TOGETHER];

    #[inline(always)]
    fn call(self) -> [Ecef; TOGETHER] {
        let [lon, lat] = self.0;
        let mut places = [Ecef([0.0; 3]); TOGETHER];
        for slot in 0..TOGETHER {
            places[slot] = Ecef(in_space([lon[slot], lat[slot]]));
        }
        places
    }
}

impl From<Position> for Ecef {
    fn from(position: Position) -> Self {
        Self(in_space([position.lon(), position.lat()]))
    }
}

impl Ecef {
    /// Converts the first sixteen positions; gives the same bits as converting one by one.
    pub(crate) fn of_some(positions: impl Iterator<Item = Position>) -> [Self; TOGETHER] {
        let mut degrees = [[0.0; TOGETHER]; 2];
        for (slot, at) in positions.take(TOGETHER).enumerate() {
            degrees[0][slot] = at.lon();
            degrees[1][slot] = at.lat();
        }
        vectorized(Placed(degrees))
    }

    /// Converts the positions of many items, in order; gives the same bits as converting one by one.
    pub(crate) fn of_each<T: Sync>(
        things: &[T],
        position: impl Fn(&T) -> Position + Sync,
    ) -> Vec<Self> {
        let blocks = things.par_chunks(TOGETHER).with_min_len(64);
        let blocks = blocks.map(|things| Self::of_some(things.iter().map(&position)));
        let mut places = blocks.collect::<Vec<_>>().into_flattened();
        places.truncate(things.len());
        places
    }

    /// The square of the chord to another point.
    ///
    /// # Units
    /// Square meters.
    pub fn chord2(self, other: Self) -> f64 {
        let [x, y, z] = self.0;
        let [u, v, w] = other.0;
        (x - u) * (x - u) + (y - v) * (y - v) + (z - w) * (z - w)
    }

    /// The ground distance that corresponds to the chord to another point of the ellipsoid.
    ///
    /// It is the arc of the circle whose curvature is the ellipsoid's normal curvature in the chord's
    /// direction, at its midpoint. For the surface `pᵀAp = 1` that curvature is `tᵀAt / |Ap|` (do Carmo
    /// 1976, section 3-3). It differs from Karney's geodesic by less than 1 mm up to 100 km and 0.15 m
    /// up to 500 km; use [`geodesic`](super::geodesic) where the last digit counts.
    pub fn ground_length(self, other: Self) -> Length {
        let chord = self.chord2(other).sqrt();
        let curvature = self.curvature_to(other);
        if chord == 0.0 {
            return Length::ZERO;
        }
        let half = (curvature * chord / 2.0).min(1.0);
        Length::from_meters(2.0 / curvature * libm::asin(half))
    }

    /// Like [`ground_length`](Self::ground_length), for chords of at most 100 km, by the first terms of
    /// the series of the arcsine; the first omitted term is below 1e-9 m.
    pub(crate) fn short_length(self, other: Self) -> Length {
        let chord = self.chord2(other).sqrt();
        let bend = self.curvature_to(other) * chord;
        let u = bend * bend;
        Length::from_meters(chord + chord * u * (1.0 / 24.0 + u * (3.0 / 640.0)))
    }

    /// The normal curvature in the direction of a chord, at its midpoint; 0 for a chord of length zero.
    fn curvature_to(self, other: Self) -> f64 {
        const A: f64 = 1.0 / (SEMI_MAJOR * SEMI_MAJOR);
        const B: f64 = 1.0 / (SEMI_MINOR * SEMI_MINOR);
        let [x, y, z] = self.0;
        let [u, v, w] = other.0;
        let (dx, dy, dz) = (u - x, v - y, w - z);
        let flat = dx * dx + dy * dy;
        let chord2 = flat + dz * dz;
        if chord2 == 0.0 {
            return 0.0;
        }
        // The midpoint of the chord lies inside the ellipsoid. Lifting it back to the surface divides
        // both terms below by the same factor, so p is scaled by 1 / sqrt(pᵀAp).
        let (mx, my, mz) = ((x + u) / 2.0, (y + v) / 2.0, (z + w) / 2.0);
        let across = mx * mx + my * my;
        let lift = (A * across + B * mz * mz).sqrt();
        let gradient = (A * A * across + B * B * mz * mz).sqrt() / lift.max(f64::MIN_POSITIVE);
        (A * flat + B * dz * dz) / chord2 / gradient
    }
}

/// Converts a longitude and a latitude in degrees to a point in space.
#[inline(always)]
pub(crate) fn in_space([lon, lat]: [f64; 2]) -> [f64; 3] {
    let ((sin_lon, cos_lon), (radius, z)) = (sin_cos(lon), meridian(lat));
    [radius * cos_lon, radius * sin_lon, z]
}

/// Returns the distance from the Earth's axis and the height above the equatorial plane of a latitude
/// in degrees.
#[inline(always)]
pub(crate) fn meridian(lat: f64) -> (f64, f64) {
    let (sin, cos) = sin_cos(lat);
    let normal = SEMI_MAJOR / (1.0 - E2 * sin * sin).sqrt();
    // At a pole the cosine is a zero of either sign; adding 0.0 removes the sign.
    (normal * cos + 0.0, normal * (1.0 - E2) * sin)
}

/// The range of chords that belong to a given ground distance.
///
/// A geodesic's curvature in space is the normal curvature of the surface along it, which on WGS84 lies
/// between `b/a²` and `a/b²`. By Schur's comparison theorem its chord is then at least that of a circle
/// of the smallest radius and, except for its torsion, at most that of a circle of the largest one.
/// Torsion adds less than 1e-9 of the length, which the upper bound includes. So a chord below
/// `shorter` is certainly within the length and one above `longer` certainly is not; between the two
/// Karney's algorithm decides. At 100 km they differ by 2 cm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChordBracket {
    /// Square of the shortest chord of that length.
    pub shorter2: f64,
    /// Square of the longest chord of that length.
    pub longer2: f64,
}

impl ChordBracket {
    /// Creates the bracket of a length. Beyond 15,000 km, where a geodesic may go round the far side,
    /// nothing is certain and the bracket includes every chord.
    pub fn new(length: Length) -> Self {
        let s = length.meters();
        if s > 15_000_000.0 {
            return Self { shorter2: -1.0, longer2: f64::INFINITY };
        }
        let chord = |radius: f64| 2.0 * radius * libm::sin(s / (2.0 * radius));
        // Positions in space are rounded to about a nanometer.
        let shorter = (chord(RADIUS_MIN) * (1.0 - 1e-12) - 1e-8).max(0.0);
        let longer = chord(RADIUS_MAX) * (1.0 + 1e-9) + 1e-8;
        Self {
            shorter2: if shorter > 0.0 { shorter * shorter } else { -1.0 },
            longer2: longer * longer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_many_are_those_of_each() {
        let at = |i: i32| {
            let (lon, lat) = (f64::from(i % 361 - 180), f64::from(i * 7 % 181 - 90));
            Position::from_degrees(lon * 0.999, lat).expect("a position")
        };
        let positions: Vec<Position> = (0..5_003).map(at).collect();
        let places = Ecef::of_each(&positions, |at| *at);
        assert_eq!(places.len(), positions.len());
        for (place, position) in places.iter().zip(&positions) {
            assert_eq!(place.0.map(f64::to_bits), Ecef::from(*position).0.map(f64::to_bits));
            let (sin, cos) = libm::sincos(position.lat().to_radians());
            let (sin_lon, cos_lon) = libm::sincos(position.lon().to_radians());
            let normal = SEMI_MAJOR / (1.0 - E2 * sin * sin).sqrt();
            let exact = [normal * cos * cos_lon, normal * cos * sin_lon, normal * (1.0 - E2) * sin];
            assert!(place.chord2(Ecef(exact)) < 1e-16, "{position}");
        }
        assert!(Ecef::of_each(&[], |at: &Position| *at).is_empty());
    }
}
