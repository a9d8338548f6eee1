//! Boxes and geometries over the antimeridian and at the poles.

use super::{collection, select};
use crate::earth::{Bounds, Lat, Lon, Position};
use serde_json::{Value, json};

fn point(lon: f64, lat: f64) -> (Value, Value) {
    (json!({"type": "Point", "coordinates": [lon, lat]}), json!({}))
}

/// Every point against every box, as the engine's boxes decide, which know nothing of filters.
#[test]
fn boxes_hold_the_points_that_a_loop_finds() {
    let (lons, lats) =
        ([-180.0, -179.5, -90.0, -1.0, 0.0, 45.0, 179.5, 180.0], [-90.0, -45.0, 0.0, 89.0, 90.0]);
    let places: Vec<(f64, f64)> = lons.iter().flat_map(|lon| lats.map(|lat| (*lon, lat))).collect();
    let made = collection(&places.iter().map(|(lon, lat)| point(*lon, *lat)).collect::<Vec<_>>());
    let mut boxes = 0;
    for (west, east) in lons.iter().flat_map(|west| lons.map(|east| (*west, east))) {
        for (south, north) in lats.iter().flat_map(|south| lats.map(|north| (*south, north))) {
            let edges = (Lon::new(west), Lat::new(south), Lon::new(east), Lat::new(north));
            let (Some(w), Some(s), Some(e), Some(n)) = edges else { panic!("edges") };
            let Some(bounds) = Bounds::new(w, s, e, n) else { continue };
            let within = |(lon, lat): (f64, f64)| {
                bounds.contains(Position::from_degrees(lon, lat).expect("a position"))
            };
            let wanted: Vec<usize> = (0..places.len()).filter(|at| within(places[*at])).collect();
            let filter = format!("S_INTERSECTS(geometry, BBOX({west}, {south}, {east}, {north}))");
            assert_eq!(select(&made, &filter), wanted, "{filter}");
            assert_eq!(
                select(&made, &format!("NOT {}", filter.replace("INTERSECTS", "DISJOINT"))),
                wanted
            );
            boxes += 1;
        }
    }
    assert!(boxes > 900, "{boxes}");
}

#[test]
fn geometries_over_the_seam_lie_on_both_sides() {
    let ring = |points: &[[f64; 2]]| json!({"type": "Polygon", "coordinates": [points]});
    let over = ring(&[[170.0, 0.0], [-170.0, 0.0], [-170.0, 10.0], [170.0, 10.0], [170.0, 0.0]]);
    let beyond = ring(&[[170.0, 0.0], [190.0, 0.0], [190.0, 10.0], [170.0, 10.0], [170.0, 0.0]]);
    let line = json!({"type": "LineString", "coordinates": [[175.0, 5.0], [-175.0, 5.0]]});
    let made = collection(&[
        (over, json!({})),
        (beyond, json!({})),
        (line, json!({})),
        point(180.0, 5.0),
        point(0.0, 5.0),
        point(-180.0, 5.0),
    ]);
    for (filter, wanted) in [
        ("S_INTERSECTS(geometry, POINT(175 5))", &[0, 1, 2][..]),
        ("S_INTERSECTS(geometry, POINT(-175 5))", &[0, 1, 2]),
        ("S_INTERSECTS(geometry, POINT(180 5))", &[0, 1, 2, 3, 5]),
        ("S_INTERSECTS(geometry, POINT(-180 5))", &[0, 1, 2, 3, 5]),
        ("S_INTERSECTS(geometry, POINT(0 5))", &[4]),
        ("S_INTERSECTS(geometry, LINESTRING(179 0, -179 10))", &[0, 1, 2, 3, 5]),
        ("S_INTERSECTS(geometry, LINESTRING(180 0, 180 10))", &[0, 1, 2, 3, 5]),
        (
            "S_INTERSECTS(geometry, POLYGON((178 4, -178 4, -178 6, 178 6, 178 4)))",
            &[0, 1, 2, 3, 5],
        ),
        ("S_INTERSECTS(geometry, POLYGON((178 4, 182 4, 182 6, 178 6, 178 4)))", &[0, 1, 2, 3, 5]),
        ("S_DISJOINT(geometry, POLYGON((178 4, 180 4, 180 6, 178 6, 178 4)))", &[4]),
        ("S_INTERSECTS(geometry, BBOX(-180, 0, -179, 10))", &[0, 1, 2, 3, 5]),
        ("S_WITHIN(geometry, BBOX(160, -10, -160, 20))", &[0, 1, 2]),
        ("S_CONTAINS(geometry, BBOX(178, 1, -178, 9))", &[0, 1]),
        ("S_EQUALS(geometry, BBOX(170, 0, -170, 10))", &[0, 1]),
        ("S_INTERSECTS(geometry, BBOX(-90, 0, 90, 10))", &[4]),
    ] {
        assert_eq!(select(&made, filter), wanted, "{filter}");
    }
}

#[test]
fn a_pole_is_one_place() {
    let cap: Vec<[f64; 2]> = (0..=12).map(|part| [-180.0 + 30.0 * f64::from(part), 80.0]).collect();
    let made = collection(&[
        (json!({"type": "Polygon", "coordinates": [cap]}), json!({})),
        point(100.0, 90.0),
        point(100.0, 85.0),
        point(100.0, -90.0),
    ]);
    for (filter, wanted) in [
        ("S_INTERSECTS(geometry, POINT(-30 90))", &[0, 1][..]),
        ("S_INTERSECTS(geometry, BBOX(-10, 70, 10, 90))", &[0, 1]),
        ("S_INTERSECTS(geometry, BBOX(-10, 70, 10, 89))", &[0]),
        ("S_INTERSECTS(geometry, LINESTRING(0 -80, 0 -90))", &[3]),
        ("S_WITHIN(geometry, BBOX(-180, 60, 180, 90))", &[0, 2]),
    ] {
        assert_eq!(select(&made, filter), wanted, "{filter}");
    }
}

/// Boxes and polygons of random corners, with the relations of the nine intersections as a loop over all features decides
/// them: what the tree of boxes leaves out is never wanted.
#[test]
fn the_tree_leaves_out_nothing() {
    let mut state = 7_u64;
    let mut random = |from: f64, to: f64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let part = u32::try_from(state >> 40).unwrap_or(0);
        (from + (to - from) * f64::from(part) / f64::from(1_u32 << 24)).round()
    };
    let mut features = Vec::new();
    for _ in 0..300 {
        let (x, y) = (random(-175.0, 165.0), random(-80.0, 70.0));
        let (w, h) = (random(1.0, 10.0), random(1.0, 10.0));
        features.push((
            json!({"type": "Polygon", "coordinates": [[[x, y], [x + w, y], [x + w, y + h], [x, y + h], [x, y]]]}),
            json!({"x": x, "y": y, "r": x + w, "t": y + h}),
        ));
    }
    let made = collection(&features);
    for _ in 0..200 {
        let (w, e) = (random(-180.0, 180.0), random(-180.0, 180.0));
        let (s, n) = (random(-90.0, 0.0), random(0.0, 90.0));
        let given = format!("BBOX({w}, {s}, {e}, {n})");
        // The same by numbers: an interval of longitudes may run over the seam.
        let apart = |side: &str, other: &str| format!("(x {side} {e} OR r {other} {w})");
        let across = if w <= e {
            format!("NOT {}", apart(">", "<"))
        } else {
            format!("(x <= {e} OR r >= {w})")
        };
        let along = format!("NOT (y > {n} OR t < {s})");
        let by_numbers = select(&made, &format!("{across} AND {along}"));
        assert_eq!(
            select(&made, &format!("S_INTERSECTS(geometry, {given})")),
            by_numbers,
            "{given}"
        );
        let inside = if w < e {
            format!("x >= {w} AND r <= {e}")
        } else {
            format!("(x >= {w} OR r <= {e})")
        };
        if w != e && s != n {
            let by_numbers = select(&made, &format!("{inside} AND y >= {s} AND t <= {n}"));
            assert_eq!(
                select(&made, &format!("S_WITHIN(geometry, {given})")),
                by_numbers,
                "{given}"
            );
        }
    }
}
