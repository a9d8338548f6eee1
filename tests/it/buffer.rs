//! Rings around positions have the area of the region within their radius, by several ways of
//! measuring, anywhere on Earth.

use geo::Validation;
use geo_types::{Coord, LineString, MultiPolygon};
use geographiclib_rs::{Geodesic, PolygonArea, Winding};
use proptest::prelude::*;
use tamarisk::earth::{FLATTENING, Length, Position, SEMI_MAJOR, geodesic};
use tamarisk::layers::{BufferError, buffer};

fn at(lon: f64, lat: f64) -> Position {
    Position::from_degrees(lon, lat).expect("position")
}

/// The area within a length of a position. Up to 20 km by Bertrand, Diguet and Puiseux (1848), π r²
/// (1 − K r² / 12) with the curvature K of the ellipsoid there; beyond, geographiclib is precise
/// enough: a polygon of 20,000 vertices, which is too small by 2e-8.
fn cap_area(center: Position, radius: Length) -> f64 {
    let r = radius.meters();
    if r < 20_000.0 {
        let e2 = FLATTENING * (2.0 - FLATTENING);
        let w = 1.0 - e2 * center.lat().to_radians().sin().powi(2);
        let curvature = w * w / (SEMI_MAJOR * SEMI_MAJOR * (1.0 - e2));
        return std::f64::consts::PI * r * r * (1.0 - curvature * r * r / 12.0);
    }
    let wgs84 = Geodesic::wgs84();
    let mut area = PolygonArea::new(&wgs84, Winding::CounterClockwise);
    for i in 0..20_000 {
        let corner = geodesic::direct(center, 360.0 - f64::from(i) * 360.0 / 20_000.0, radius);
        area.add_point(corner.lat(), corner.lon());
    }
    area.compute(false).1
}

/// The area on the ellipsoid of polygons whose edges are straight in longitude and latitude: the
/// area between each edge and the lowest latitude of its ring, from the radii of curvature.
/// Independent of geographiclib.
fn drawn_area(polygons: &MultiPolygon<f64>) -> f64 {
    let e2 = FLATTENING * (2.0 - FLATTENING);
    // Nodes and weights of Gauss and Legendre for five points.
    let nodes = [
        0.0,
        0.538_469_310_105_683,
        -0.538_469_310_105_683,
        0.906_179_845_938_664,
        -0.906_179_845_938_664,
    ];
    let weights = [
        0.568_888_888_888_889,
        0.478_628_670_499_366,
        0.478_628_670_499_366,
        0.236_926_885_056_189,
        0.236_926_885_056_189,
    ];
    let integral = |from: f64, to: f64, f: &dyn Fn(f64) -> f64| -> f64 {
        let pieces = ((to - from).abs() / 5.0).ceil().max(1.0);
        let half = (to - from) / pieces / 2.0;
        (0..pieces as u32)
            .flat_map(|piece| {
                let middle = from + half * (2.0 * f64::from(piece) + 1.0);
                nodes.iter().zip(weights).map(move |(n, w)| w * half * f(middle + n * half))
            })
            .sum()
    };
    // Radius of the parallel times radius of the meridian. The cosine by way of the distance to the
    // pole keeps its digits there.
    let strip = |lat: f64| {
        let s = lat.to_radians().sin();
        let cos = (90.0 - lat.abs()).to_radians().sin();
        let w = 1.0 - e2 * s * s;
        SEMI_MAJOR * SEMI_MAJOR * (1.0 - e2) * cos / (w * w)
    };
    let radian = 1f64.to_radians();
    let ring = |ring: &LineString<f64>| -> f64 {
        let base = ring.0.iter().map(|c| c.y).fold(f64::INFINITY, f64::min);
        let edge = |w: &[Coord<f64>]| {
            let above =
                |t: f64| integral(base, w[0].y + t * (w[1].y - w[0].y), &strip) * radian * radian;
            (w[1].x - w[0].x) * integral(0.0, 1.0, &above)
        };
        -ring.0.windows(2).map(edge).sum::<f64>()
    };
    polygons
        .0
        .iter()
        .map(|p| ring(p.exterior()) + p.interiors().iter().map(ring).sum::<f64>())
        .sum()
}

fn check(center: Position, radius: Length) {
    let ring = buffer(center, radius).expect("ring");
    let place = format!("{center} {radius}");
    assert!(ring.shape.is_valid(), "{place}: {:?}", ring.shape.validation_errors());
    let exact = cap_area(center, radius);
    for (what, area) in [("drawn", drawn_area(&ring.shape)), ("stated", ring.area_km2 * 1e6)] {
        let off = area / exact - 1.0;
        assert!(off.abs() < 0.001, "{place}: {what} area is off by {off}");
    }
    if (1.0..9000.0).contains(&radius.km()) {
        // With geodesics for edges, as geographiclib and QGIS measure.
        let area = ring.shape.0.iter().map(|p| {
            let corners = p.exterior().0.iter().skip(1).map(|c| at(c.x, c.y));
            geodesic::ring_area(&corners.collect::<Vec<_>>())
        });
        let off = area.sum::<f64>() / exact - 1.0;
        assert!(off.abs() < 0.001, "{place}: area with geodesic edges is off by {off}");
    }
    for polygon in &ring.shape.0 {
        for position in &polygon.exterior().0 {
            let on_edge = position.x.abs() == 180.0 || position.y.abs() == 90.0;
            let position = Position::from_coord(*position).expect("on the globe");
            let distance = geodesic::distance(center, position).meters();
            let good = if on_edge {
                distance <= radius.meters() * 1.0007 + 1e-3
            } else {
                (distance - radius.meters()).abs() < 1e-3
            };
            assert!(good, "{place}: {position} is {distance} m away");
        }
    }
}

#[test]
fn rings_at_the_seam_and_the_poles_have_the_area_of_what_they_hold() {
    let km = Length::from_km;
    let quarter = geodesic::distance(at(0.0, 60.0), at(0.0, 90.0));
    for (lon, lat, radius) in [
        (62.05, 29.12, km(50.0)),
        (179.99, 10.0, km(100.0)),
        (-180.0, 0.0, km(5.0)),
        (180.0, -60.0, km(100.0)),
        (0.0, 90.0, km(10.0)),
        (0.0, -90.0, km(5000.0)),
        (25.0, 89.5, km(100.0)),
        (25.0, 89.5, km(10.0)),
        (-170.0, -89.999, km(0.2)),
        (10.0, 80.0, km(1117.0)),
        // The pole on the ring itself, a millimeter in it and a millimeter out of it.
        (0.0, 60.0, quarter),
        (180.0, 60.0, quarter),
        (0.0, 60.0, Length::from_meters(quarter.meters() + 0.001)),
        (0.0, 60.0, Length::from_meters(quarter.meters() - 0.001)),
        (0.0, 60.0, Length::from_meters(quarter.meters() + 5.0)),
        (0.0, 60.0, Length::from_meters(quarter.meters() - 5.0)),
        (62.0, 29.0, Length::from_meters(1.0)),
        (62.0, 29.0, km(5000.0)),
        // Half the Earth, more than half, and all but a patch without a pole.
        (0.0, 0.0, km(10_002.0)),
        (20.0, 45.0, km(12_000.0)),
        (20.0, 0.0, km(15_000.0)),
        (0.0, 10.0, km(15_000.0)),
        (100.0, -30.0, km(19_000.0)),
    ] {
        check(at(lon, lat), radius);
    }
}

#[test]
fn rings_without_a_meaning_are_refused() {
    let center = at(62.0, 29.0);
    for radius in [Length::ZERO, Length::from_meters(-5.0), Length::from_meters(0.001)] {
        assert!(matches!(buffer(center, radius), Err(BufferError::TooShort(_))), "{radius}");
    }
    let error = buffer(center, Length::from_km(20_000.0)).expect_err("too long");
    assert!(error.to_string().contains("20000km"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn rings_anywhere_have_the_area_of_what_they_hold(
        lon in -180.0..=180.0f64,
        sine in -1.0..=1.0f64,
        log_radius in 0.0..6.7f64,
    ) {
        check(at(lon, sine.asin().to_degrees()), Length::from_meters(10f64.powf(log_radius)));
    }

    #[test]
    fn rings_beside_a_pole_have_the_area_of_what_they_hold(
        lon in -180.0..=180.0f64,
        log_away in -6.0..1.0f64,
        log_radius in 0.0..6.0f64,
        south in any::<bool>(),
    ) {
        let lat = 90.0 - 10f64.powf(log_away);
        check(at(lon, if south { -lat } else { lat }), Length::from_meters(10f64.powf(log_radius)));
    }
}
