//! A flat picture of the surroundings of a position in which areas are true: the Lambert azimuthal
//! equal-area projection of the ellipsoid by way of the authalic sphere (Snyder 1987, USGS Professional
//! Paper 1395, equations 3-11 to 3-13 and 24-2 to 24-4).
//!
//! The authalic sphere has the ellipsoid's areas but stretches lengths by up to a thousandth along the
//! meridians and shrinks them as much along the parallels. The picture undoes this at its center, which
//! keeps areas, so that a buffer around the center is nearly a circle.

use super::angle::sin_cos;
use super::{FLATTENING, Length, Position, SEMI_MAJOR};
use geo_types::Coord;

const E2: f64 = FLATTENING * (2.0 - FLATTENING);

/// Radius of the sphere with the area of the ellipsoid, from equation 3-13.
///
/// # Units
/// Meters.
const RADIUS: f64 = 6_371_007.180_918_474;

/// The projection centered on a position.
#[derive(Debug, Clone, Copy)]
pub struct EqualArea {
    east: [f64; 3],
    north: [f64; 3],
    up: [f64; 3],
    /// Radius of the sphere with the ellipsoid's curvature at the center.
    curvature: f64,
}

impl EqualArea {
    /// Creates the projection around a position.
    pub fn around(center: Position) -> Self {
        let (sin_lon, cos_lon) = sin_cos(center.lon());
        let (sin_lat, cos_lat) = sin_cos(center.lat());
        let (sin, cos) = authalic(sin_lat);
        let w2 = 1.0 - E2 * sin_lat * sin_lat;
        // The factor by which a parallel is longer on the sphere; it is 1 near the poles.
        let parallel = SEMI_MAJOR * cos_lat / w2.sqrt();
        let k = if cos_lat < 1e-4 { 1.0 } else { RADIUS * cos / parallel };
        Self {
            east: [-sin_lon / k, cos_lon / k, 0.0],
            north: [-sin * cos_lon * k, -sin * sin_lon * k, cos * k],
            up: [cos * cos_lon, cos * sin_lon, sin],
            curvature: SEMI_MAJOR * (1.0 - E2).sqrt() / w2,
        }
    }

    /// Projects a position to meters east and north of the center; everything but the antipode has an
    /// image.
    ///
    /// # Units
    /// Degrees in (x longitude, y latitude), meters out.
    pub fn project(&self, at: Coord<f64>) -> Coord<f64> {
        self.picture(Self::on_sphere([at.x, at.y]))
    }

    /// Returns a place on the authalic sphere, in meters from its center, from longitude and latitude
    /// in degrees.
    #[inline(always)]
    pub(crate) fn on_sphere([lon, lat]: [f64; 2]) -> [f64; 3] {
        let (sin, cos) = authalic(sin_cos(lat).0);
        let (sin_lon, cos_lon) = sin_cos(lon);
        [RADIUS * cos * cos_lon, RADIUS * cos * sin_lon, RADIUS * sin]
    }

    /// Projects a place on the authalic sphere.
    #[inline(always)]
    pub(crate) fn picture(&self, at: [f64; 3]) -> Coord<f64> {
        let along = |axis: [f64; 3]| axis[0] * at[0] + axis[1] * at[1] + axis[2] * at[2];
        let facing = 1.0 + along(self.up) / RADIUS;
        let facing = if facing > 1e-12 { facing } else { 1e-12 };
        let scale = (2.0 / facing).sqrt();
        Coord { x: scale * along(self.east), y: scale * along(self.north) }
    }

    /// The projection center on the authalic sphere.
    pub(crate) fn center(&self) -> [f64; 3] {
        self.up.map(|v| RADIUS * v)
    }

    /// Returns the projected radius of a buffer around the center: that of a cap of the same area on
    /// the sphere with the ellipsoid's curvature there.
    pub(crate) fn circle(&self, radius: Length) -> f64 {
        let half = (radius.meters() / (2.0 * self.curvature)).min(std::f64::consts::FRAC_PI_2);
        2.0 * self.curvature * libm::sin(half)
    }
}

/// Snyder's q of a sine of latitude, divided by the sine, by the series of equation 3-12: each term is
/// 1/150 of the one before.
#[inline(always)]
fn authalic_q(sin: f64) -> f64 {
    let x = E2 * sin * sin;
    let terms =
        [16.0 / 15.0, 14.0 / 13.0, 12.0 / 11.0, 10.0 / 9.0, 8.0 / 7.0, 6.0 / 5.0, 4.0 / 3.0, 2.0];
    (1.0 - E2) * terms.iter().fold(0.0, |sum, term| sum * x + term)
}

/// Sine and cosine of the authalic latitude, from the sine of the latitude.
#[inline(always)]
fn authalic(sin: f64) -> (f64, f64) {
    /// `authalic_q` of 1: twice the squared ratio of the sphere's radius to the equatorial radius.
    const WHOLE: f64 = 2.0 * (RADIUS / SEMI_MAJOR) * (RADIUS / SEMI_MAJOR);
    let sin = (sin * authalic_q(sin) * (1.0 / WHOLE)).clamp(-1.0, 1.0);
    (sin, ((1.0 - sin) * (1.0 + sin)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::earth::geodesic;
    use geo::Area;
    use geo_types::{LineString, Polygon};

    #[test]
    fn areas_are_those_of_the_ellipsoid() {
        for (lon, lat) in [(62.0, 29.0), (179.9, -16.0), (0.0, 0.0), (-70.0, 82.0)] {
            let center = Position::from_degrees(lon, lat).expect("center");
            let ring: Vec<Position> = (0..720)
                .map(|i| {
                    geodesic::direct(
                        center,
                        f64::from(i) / 2.0,
                        crate::earth::Length::from_km(100.0),
                    )
                })
                .collect();
            let flat = EqualArea::around(center);
            let planar = Polygon::new(
                ring.iter().map(|p| flat.project(p.coord())).collect::<LineString<f64>>(),
                vec![],
            );
            let share = planar.unsigned_area() / geodesic::ring_area(&ring);
            assert!((share - 1.0).abs() < 1e-6, "{lon} {lat}: {share}");
        }
    }
}
