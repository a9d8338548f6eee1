//! The area on the ellipsoid of polygons as drawn on maps, with edges straight in longitude and latitude.

use super::{FLATTENING, SEMI_MAJOR};
use geo_types::{Coord, LineString, MultiPolygon};

/// First eccentricity squared, `f (2 - f)`.
const E2: f64 = FLATTENING * (2.0 - FLATTENING);

/// Nodes and weights of the five-point Gauss-Legendre rule on −1 to 1 (Abramowitz and Stegun 1964, table
/// 25.4).
const RULE: [(f64, f64); 5] = [
    (-0.906_179_845_938_664, 0.236_926_885_056_189),
    (-0.538_469_310_105_683, 0.478_628_670_499_366),
    (0.0, 0.568_888_888_888_889),
    (0.538_469_310_105_683, 0.478_628_670_499_366),
    (0.906_179_845_938_664, 0.236_926_885_056_189),
];

/// Returns the area of polygons that are cut at the antimeridian, without holes, with edges straight in
/// longitude and latitude. Accurate to nine digits at any size if edges are shorter than 10°.
///
/// # Units
/// Square meters.
pub fn drawn_area(polygons: &MultiPolygon<f64>) -> f64 {
    let area = |polygon: &geo_types::Polygon<f64>| {
        let holes: f64 = polygon.interiors().iter().map(|hole| ring_area(hole).abs()).sum();
        ring_area(polygon.exterior()).abs() - holes
    };
    polygons.0.iter().map(area).sum()
}

/// Returns the area between two latitudes over a width of longitude, negative if `to` lies south of `from`.
///
/// # Units
/// Degrees; square meters.
pub(super) fn zone_area(from: f64, to: f64, width: f64) -> f64 {
    width.to_radians() * strip(from, to)
}

/// Returns the integral over the ring of the area between it and its lowest latitude. Measuring from that
/// latitude keeps the precision of small rings.
fn ring_area(ring: &LineString<f64>) -> f64 {
    let base = ring.0.iter().map(|c| c.y).fold(f64::INFINITY, f64::min);
    let under = |a: &Coord<f64>, b: &Coord<f64>| {
        let mean: f64 = RULE
            .iter()
            .map(|(node, weight)| {
                weight / 2.0 * strip(base, a.y + (b.y - a.y) * (1.0 + node) / 2.0)
            })
            .sum();
        (b.x - a.x).to_radians() * mean
    };
    ring.0.iter().zip(ring.0.iter().skip(1)).map(|(a, b)| under(a, b)).sum()
}

/// Returns the area between two latitudes in one radian of longitude: `a² / 2` times the difference of
/// Snyder's q (1987, equation 3-12). The differences of its terms are taken before the sum, so that close
/// latitudes do not cancel.
fn strip(from: f64, to: f64) -> f64 {
    let e = E2.sqrt();
    let s0 = libm::sin(from.to_radians());
    let s1 = libm::sin(to.to_radians());
    // The cosine of the middle latitude from its distance to the pole, which is exact near the pole.
    let cos = libm::sin((90.0 - ((from + to) / 2.0).abs()).to_radians());
    let rise = 2.0 * cos * libm::sin(((to - from) / 2.0).to_radians());
    let product = E2 * s0 * s1;
    let first = rise * (1.0 + product) / ((1.0 - E2 * s0 * s0) * (1.0 - E2 * s1 * s1));
    let second = libm::atanh(e * rise / (1.0 - product)) / e;
    SEMI_MAJOR * SEMI_MAJOR * (1.0 - E2) / 2.0 * (first + second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{Polygon, Rect};

    #[test]
    fn the_whole_sheet_is_the_whole_earth() {
        let sheet = Rect::new((-180.0, -90.0), (180.0, 90.0)).to_polygon();
        // Karney's GeographicLib gives 510,065,621,724,088.44 m² for WGS84.
        let area = drawn_area(&MultiPolygon(vec![sheet]));
        assert!((area / 510_065_621_724_088.4 - 1.0).abs() < 1e-12, "{area}");
    }

    #[test]
    fn a_hole_is_taken_off() {
        let cell = |w: f64| Rect::new((10.0, 50.0), (10.0 + w, 51.0)).to_polygon();
        let holed = Polygon::new(cell(3.0).exterior().clone(), vec![cell(1.0).exterior().clone()]);
        let off = drawn_area(&MultiPolygon(vec![holed]))
            - drawn_area(&MultiPolygon(vec![cell(1.0)])) * 2.0;
        assert!(off.abs() < 1.0, "{off}");
    }
}
