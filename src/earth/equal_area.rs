//! A flat picture of the surroundings of a position in which areas are true: the Lambert azimuthal
//! equal-area projection of the ellipsoid by way of the authalic sphere (Snyder 1987, USGS
//! Professional Paper 1395, equations 3-11 to 3-13 and 24-2 to 24-4).

use super::{FLATTENING, Position, SEMI_MAJOR};
use geo_types::Coord;

const E2: f64 = FLATTENING * (2.0 - FLATTENING);

/// The projection centered on a position.
#[derive(Debug, Clone, Copy)]
pub struct EqualArea {
    lon: f64,
    sin: f64,
    cos: f64,
    radius: f64,
    whole: f64,
}

impl EqualArea {
    /// The projection around a position.
    pub fn around(center: Position) -> Self {
        let whole = authalic_q(1.0);
        let (sin, cos) = authalic(center.lat(), whole);
        Self { lon: center.lon(), sin, cos, radius: SEMI_MAJOR * (whole / 2.0).sqrt(), whole }
    }

    /// East and north of the center; everything but the antipode has its place.
    ///
    /// # Units
    /// Degrees in (x longitude, y latitude), meters out.
    pub fn project(&self, at: Coord<f64>) -> Coord<f64> {
        let (sin, cos) = authalic(at.y, self.whole);
        let (sin_lon, cos_lon) = libm::sincos((at.x - self.lon).to_radians());
        let facing = 1.0 + self.sin * sin + self.cos * cos * cos_lon;
        let scale = self.radius * (2.0 / facing.max(1e-12)).sqrt();
        Coord { x: scale * cos * sin_lon, y: scale * (self.cos * sin - self.sin * cos * cos_lon) }
    }
}

/// Snyder's q of a sine of latitude.
fn authalic_q(sin: f64) -> f64 {
    let e = E2.sqrt();
    (1.0 - E2) * (sin / (1.0 - E2 * sin * sin) + libm::atanh(e * sin) / e)
}

/// Sine and cosine of the authalic latitude.
fn authalic(lat: f64, whole: f64) -> (f64, f64) {
    let sin = (authalic_q(libm::sin(lat.to_radians())) / whole).clamp(-1.0, 1.0);
    (sin, (1.0 - sin * sin).sqrt())
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
