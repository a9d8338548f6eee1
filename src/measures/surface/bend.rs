//! Converts chords to distances along the ground, for many pairs near one latitude.

use crate::earth::{FLATTENING, SEMI_MAJOR};

/// `a² / b² - 1`: relative excess of the meridian's curvature at the equator.
const MORE: f64 = 1.0 / ((1.0 - FLATTENING) * (1.0 - FLATTENING)) - 1.0;

/// First eccentricity squared.
const E2: f64 = FLATTENING * (2.0 - FLATTENING);

/// The curvature of the ground at a latitude.
///
/// To the order that matters here, a geodesic is an arc of the circle whose curvature is the ellipsoid's
/// normal curvature in its direction. For the surface `pᵀAp = 1` that is `tᵀAt / |Ap|` along the unit vector
/// t (do Carmo 1976, section 3-3). So for a chord of length c and a height difference of z between its ends
/// it is `κ (c² + (a²/b² - 1) z²) / c²`, where κ is the curvature from east to west, `sqrt(1 - e² sin² φ) /
/// a`. Evaluating it at one end rather than midway changes the squared length by 1e-11 of itself at 25 km,
/// 1e-9 at 100 km and 1e-7 at 500 km.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bend {
    /// κ² in 1/m².
    square: f64,
}

impl Bend {
    /// Creates the curvature at a latitude in degrees.
    pub fn at(latitude: f64) -> Self {
        let sin = libm::sin(latitude.to_radians());
        Self { square: (1.0 - E2 * sin * sin) / (SEMI_MAJOR * SEMI_MAJOR) }
    }

    /// Returns the squared distance along the ground of a squared chord, where `z2` is the squared difference
    /// of z: the first terms of `s² = (2/κ)² asin²(κc/2)`. The next term is of relative size `(κc)⁶ / 560`:
    /// 4e-10 at 500 km.
    ///
    /// # Units
    /// Square meters, all three.
    #[inline(always)]
    pub fn ground2(self, chord2: f64, z2: f64) -> f64 {
        let along = chord2 + MORE * z2;
        chord2 + self.square * along * along * (1.0 / 12.0 + self.square * along / 90.0)
    }

    /// Returns the squared chord of a distance in meters along a parallel, and its decrease per m² of z².
    pub fn chord2(self, way: f64) -> (f64, f64) {
        let (way2, square) = (way * way, self.square);
        let bent = square * way2;
        let chord2 = way2 * (1.0 - bent / 12.0 + bent * bent / 360.0);
        (chord2, MORE * bent / 6.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::earth::{Ecef, Length, Position, geodesic};

    #[test]
    fn the_way_is_karneys() {
        for lat in [0.0, 1.0, 30.0, -45.0, 60.0, 80.0, 89.9, -90.0] {
            for bearing in [0.0, 33.0, 90.0, 121.0, 180.0, 250.0] {
                for (km, allowed) in [(1.0, 1e-9), (25.0, 1e-9), (100.0, 2e-9), (500.0, 2e-7)] {
                    let from = Position::from_degrees(20.0, lat).expect("a position");
                    let to = geodesic::direct(from, bearing, Length::from_km(km));
                    let way = geodesic::distance(from, to).meters();
                    let (a, b) = (Ecef::from(from), Ecef::from(to));
                    let z = a.0[2] - b.0[2];
                    let bend = Bend::at(lat);
                    let ground2 = bend.ground2(a.chord2(b), z * z);
                    let off = (ground2 / (way * way) - 1.0).abs();
                    assert!(off < allowed, "{lat} {bearing} {km}: {off:e}");
                    let (chord2, less) = bend.chord2(way);
                    let off = ((chord2 - less * z * z) / a.chord2(b) - 1.0).abs();
                    assert!(off < 2.0 * allowed, "{lat} {bearing} {km}: {off:e}");
                }
            }
        }
    }
}
