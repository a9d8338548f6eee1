//! Published places as seen from a site, in the plane in which geodesics from the site are straight.

use crate::earth::{Ecef, Position};

/// A place in the plane around a site (azimuthal equidistant), and how directions there appear here.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sight {
    /// East and north of the site.
    ///
    /// # Units
    /// Kilometers.
    pub at: [f64; 2],
    /// Cosine and sine of the angle by which a direction at the place is turned counterclockwise to become the same
    /// direction in the plane: meridians converge.
    pub turn: [f64; 2],
}

/// A point of the Earth with its directions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    point: [f64; 3],
    east: [f64; 3],
    north: [f64; 3],
}

impl Frame {
    /// The directions at a position.
    pub fn at(position: Position) -> Self {
        let (lon, lat) = (position.lon().to_radians(), position.lat().to_radians());
        let ((sin, cos), (rise, run)) = (libm::sincos(lon), libm::sincos(lat));
        Self {
            point: Ecef::from(position).0,
            east: [-sin, cos, 0.0],
            north: [-rise * cos, -rise * sin, run],
        }
    }

    /// East and north components of the way to a point, as a unit vector; `None` if there is no way or it is straight
    /// down.
    fn toward(&self, to: [f64; 3]) -> Option<[f64; 2]> {
        let [x, y, z] = self.point;
        let way = [to[0] - x, to[1] - y, to[2] - z];
        let along = |axis: [f64; 3]| axis[0] * way[0] + axis[1] * way[1] + axis[2] * way[2];
        let (east, north) = (along(self.east), along(self.north));
        let length = (east * east + north * north).sqrt();
        (length > 0.0).then(|| [east / length, north / length])
    }
}

impl Sight {
    /// A place as seen from a site, at a known distance in km.
    pub fn between(site: &Frame, place: &Frame, distance_km: f64) -> Self {
        let here = Self { at: [0.0, 0.0], turn: [1.0, 0.0] };
        let (Some(out), Some(back)) = (site.toward(place.point), place.toward(site.point)) else {
            return here;
        };
        // At the place, the geodesic goes on in the direction opposite to the way back.
        let [x, y] = [-back[0], -back[1]];
        Self {
            at: out.map(|part| part * distance_km),
            turn: [x * out[0] + y * out[1], x * out[1] - y * out[0]],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::earth::{Length, geodesic};

    fn position(lon: f64, lat: f64) -> Position {
        Position::from_degrees(lon, lat).expect("on Earth")
    }

    /// The place moved on the ground lies where the plane says, within 0.3 % of the move.
    #[test]
    fn moves_at_the_place_appear_turned() {
        for (lon, lat) in [(66.0, 30.0), (179.9, 70.0), (-20.0, -55.0), (10.0, 0.0)] {
            let from = position(lon, lat);
            for (bearing, km) in [(10.0, 40.0), (80.0, 150.0), (200.0, 300.0), (330.0, 90.0)] {
                let place = geodesic::direct(from, bearing, Length::from_km(km));
                let sight = Sight::between(&Frame::at(from), &Frame::at(place), km);
                for toward in [0.0, 90.0, 225.0] {
                    let moved = geodesic::direct(place, toward, Length::from_km(10.0));
                    let way = geodesic::inverse(from, moved);
                    let (sin, cos) = way.bearing.to_radians().sin_cos();
                    let true_at = [way.length.km() * sin, way.length.km() * cos];
                    let (east, north) = toward.to_radians().sin_cos();
                    let [c, s] = sight.turn;
                    let planned = [
                        sight.at[0] + 10.0 * (c * east - s * north),
                        sight.at[1] + 10.0 * (s * east + c * north),
                    ];
                    let off = (planned[0] - true_at[0]).hypot(planned[1] - true_at[1]);
                    assert!(off < 0.03, "{lon} {lat} {bearing} {km} {toward}: {off} km");
                }
            }
        }
    }
}
