//! The sines and cosines of the places along a line, each from the one before it.

use geo_types::Coord;

/// A place on a line, as sines and cosines.
///
/// Between places that lie close they follow from the sums of angles, with series for the small
/// difference (Abramowitz and Stegun 1964, 4.3.16, 4.3.17, 4.3.65 and 4.3.66). Every seventeenth place and every
/// far one is taken anew, so that no more than some 1e-15 adds up: good for bounds that allow for a
/// micrometer, not for results.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trace {
    at: Coord<f64>,
    /// Sine and cosine of the longitude.
    pub lon: (f64, f64),
    /// Sine and cosine of the latitude.
    pub lat: (f64, f64),
    steps: u32,
}

impl Trace {
    /// A trace that starts at a place.
    ///
    /// # Units
    /// Degrees in (x longitude, y latitude).
    pub fn new(at: Coord<f64>) -> Self {
        let lon = libm::sincos(at.x.to_radians());
        Self { at, lon, lat: libm::sincos(at.y.to_radians()), steps: 0 }
    }

    /// Goes on to the next place.
    pub fn to(&mut self, at: Coord<f64>) {
        let (dx, dy) = ((at.x - self.at.x).to_radians(), (at.y - self.at.y).to_radians());
        if self.steps < 16 && dx.abs() < 0.01 && dy.abs() < 0.01 {
            let steps = self.steps + 1;
            *self = Self { at, lon: turn(self.lon, dx), lat: turn(self.lat, dy), steps };
        } else {
            *self = Self::new(at);
        }
    }
}

/// Sine and cosine of an angle and at most 0.01 more, where the terms left out are under 1e-20.
fn turn((sin, cos): (f64, f64), by: f64) -> (f64, f64) {
    const SIXTH: f64 = 1.0 / 6.0;
    const TWELFTH: f64 = 1.0 / 12.0;
    let by2 = by * by;
    let rise = by * (1.0 - by2 * SIXTH * (1.0 - by2 * 0.05 * (1.0 - by2 * (SIXTH / 7.0))));
    let fall = 0.5 * by2 * (1.0 - by2 * TWELFTH * (1.0 - by2 * (SIXTH * 0.2)));
    (sin + (cos * rise - sin * fall), cos - (sin * rise + cos * fall))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_stays_on_its_places() {
        let mut at = Coord { x: -179.0, y: -89.0 };
        let mut trace = Trace::new(at);
        for step in 0..2_000_u32 {
            at.x += 0.17;
            at.y += 0.08 * f64::from(step % 3);
            trace.to(at);
            for ((sin, cos), angle) in [(trace.lon, at.x), (trace.lat, at.y)] {
                let (exact_sin, exact_cos) = libm::sincos(angle.to_radians());
                assert!((sin - exact_sin).abs() < 1e-14 && (cos - exact_cos).abs() < 1e-14);
            }
        }
    }
}
