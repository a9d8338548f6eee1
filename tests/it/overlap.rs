//! The share of a buffer that a union of polygons covers, against a slower, independent method: buffers
//! of 3,600 geodesics, and overlays of whole polygons in the plane.

use crate::index::{Numbers, at};
use geo::{Area, BooleanOps, unary_union};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use tamarisk::earth::{EqualArea, Length, Position, geodesic};
use tamarisk::measures::Cover;

/// The share by overlay: the polygons about the buffer with their edges followed in steps of 0.002°.
fn by_overlay(center: Position, radius: Length, polygons: &[MultiPolygon<f64>]) -> f64 {
    let flat = EqualArea::around(center);
    let ring = |line: &LineString<f64>| -> LineString<f64> {
        let mut out = Vec::new();
        for edge in line.lines() {
            let d = edge.delta();
            let steps = ((d.x.hypot(d.y)) / 0.002).ceil().clamp(1.0, 5_000.0) as u32;
            out.extend((0..steps).map(|i| {
                let t = f64::from(i) / f64::from(steps);
                flat.project(Coord { x: edge.start.x + t * d.x, y: edge.start.y + t * d.y })
            }));
        }
        out.push(out[0]);
        LineString(out)
    };
    let flattened: Vec<Polygon<f64>> = polygons
        .iter()
        .flat_map(|multi| &multi.0)
        .map(|p| Polygon::new(ring(p.exterior()), p.interiors().iter().map(ring).collect()))
        .collect();
    let buffer: LineString<f64> = (0..3600)
        .map(|i| geodesic::direct(center, 360.0 - f64::from(i) / 10.0, radius))
        .map(|position| flat.project(position.coord()))
        .collect();
    let buffer = Polygon::new(buffer, vec![]);
    unary_union(&flattened).intersection(&buffer).unsigned_area() / buffer.unsigned_area()
}

/// A ring of some corners about a place, its radius changing from corner to corner.
fn blob(n: &mut Numbers, x: f64, y: f64, size: f64, corners: u32) -> LineString<f64> {
    let mut ring: Vec<Coord<f64>> = (0..corners)
        .map(|i| {
            let angle = f64::from(i) * std::f64::consts::TAU / f64::from(corners);
            let r = size * n.between(0.6, 1.0);
            Coord { x: x + r * angle.cos(), y: (y + r * angle.sin()).clamp(-90.0, 90.0) }
        })
        .collect();
    ring.push(ring[0]);
    LineString(ring)
}

fn rectangle(west: f64, south: f64, east: f64, north: f64) -> MultiPolygon<f64> {
    let ring = vec![(west, south), (east, south), (east, north), (west, north), (west, south)];
    MultiPolygon(vec![Polygon::new(LineString::from(ring), vec![])])
}

/// Overlapping and adjacent polygons: with holes, duplicated, sharing an edge, without an area, and
/// large ones with many vertices.
fn crowd(n: &mut Numbers, x: f64, y: f64) -> Vec<MultiPolygon<f64>> {
    let mut all = Vec::new();
    for i in 0..60_u32 {
        let (cx, cy) = (x + n.between(-0.5, 0.5), y + n.between(-0.5, 0.5));
        let size = n.between(0.02, 0.2);
        let exterior = blob(n, cx, cy, size, 5 + i);
        let mut hole = blob(n, cx, cy, size * 0.4, 4 + i / 3);
        // Holes go the other way round, which the overlay of the test relies on.
        hole.0.reverse();
        let holes = if i % 3 == 0 { vec![hole] } else { vec![] };
        all.push(MultiPolygon(vec![Polygon::new(exterior, holes)]));
        if i % 7 == 0 {
            all.extend(all.last().cloned());
        }
    }
    all.push(rectangle(x, y, x + 0.3, y + 0.2));
    all.push(rectangle(x, y - 0.2, x + 0.3, y));
    all.push(rectangle(x - 0.3, y - 0.1, x, y + 0.1));
    all.push(rectangle(x + 0.1, y, x + 0.1, y + 0.2));
    all.push(MultiPolygon(vec![Polygon::new(blob(n, x, y + 0.3, 0.2, 900), vec![])]));
    all
}

#[test]
fn the_share_of_a_union_is_that_of_an_overlay() {
    let mut n = Numbers(3);
    for (x, y) in [(23.0, 2.0), (-70.0, 62.0), (140.0, -84.0), (10.0, -35.0)] {
        let polygons = crowd(&mut n, x, y);
        let cover = Cover::new(&polygons);
        for _ in 0..12 {
            let center = at(x + n.between(-0.6, 0.6), y + n.between(-0.6, 0.6));
            for km in [0.5, 1.0, 10.0, 60.0] {
                let radius = Length::from_km(km);
                let (share, overlay) =
                    (cover.share(center, radius), by_overlay(center, radius, &polygons));
                assert!((share - overlay).abs() < 2e-5, "{center} {km} km: {share} {overlay}");
            }
        }
    }
}

#[test]
fn buffers_that_meet_no_edge_lie_wholly_in_or_out() {
    let mut ring = rectangle(10.0, 10.0, 14.0, 14.0);
    let hole = rectangle(11.0, 11.0, 13.0, 13.0).0[0].exterior().clone();
    ring.0[0].interiors_push(hole);
    // An island within the hole, smaller than the buffer around it.
    let island = rectangle(11.99, 11.99, 12.01, 12.01);
    let ten = Length::from_km(10.0);
    let cover = Cover::new([&ring, &island]);
    assert_eq!(cover.share(at(10.5, 12.0), ten), 1.0);
    assert_eq!(cover.share(at(11.5, 12.0), ten), 0.0);
    assert_eq!(cover.share(at(20.0, 12.0), ten), 0.0);
    assert_eq!(cover.share(at(10.5, 12.0), Length::ZERO), 0.0);
    assert_eq!(Cover::new([]).share(at(10.5, 12.0), ten), 0.0);
    let alone = cover.share(at(12.0, 12.0), ten);
    let expected = by_overlay(at(12.0, 12.0), ten, std::slice::from_ref(&island));
    assert!((alone - expected).abs() < 1e-7, "{alone} {expected}");
    // The same island as a lake.
    let mut lake = rectangle(11.0, 11.0, 13.0, 13.0);
    lake.0[0].interiors_push(island.0[0].exterior().clone());
    let rest = Cover::new([&lake]).share(at(12.0, 12.0), ten);
    assert!((rest + alone - 1.0).abs() < 1e-7, "{rest} {alone}");
}

#[test]
fn edges_that_polygons_share_leave_nothing_between_them() {
    // A chessboard without a gap, its edges drawn with corners of their own on either side.
    let mut board = Vec::new();
    for i in 0..40_u32 {
        for j in 0..40_u32 {
            let (x, y) = (f64::from(i) / 10.0, f64::from(j) / 10.0);
            board.push(rectangle(x, y, f64::from(i + 1) / 10.0, f64::from(j + 1) / 10.0));
        }
    }
    let cover = Cover::new(&board);
    let mut n = Numbers(5);
    for _ in 0..200 {
        let center = at(n.between(1.0, 3.0), n.between(1.0, 3.0));
        let share = cover.share(center, Length::from_km(n.between(0.1, 60.0)));
        assert!((share - 1.0).abs() < 1e-6, "{center}: {share}");
    }
}

#[test]
fn a_union_goes_on_over_the_seam_and_a_pole() {
    let east = rectangle(178.0, 60.0, 180.0, 62.0);
    let west = rectangle(-180.0, 60.0, -178.0, 62.0);
    let moved = [rectangle(8.0, 60.0, 12.0, 62.0)];
    let cover = Cover::new([&east, &west]);
    for (lon, lat, km) in [(180.0, 61.0, 30.0), (-179.9, 60.1, 30.0), (179.5, 61.9, 80.0)] {
        let share = cover.share(at(lon, lat), Length::from_km(km));
        let turned = at(if lon > 0.0 { lon - 170.0 } else { lon + 190.0 }, lat);
        let expected = by_overlay(turned, Length::from_km(km), &moved);
        assert!((share - expected).abs() < 2e-5, "{lon} {lat}: {share} {expected}");
    }
    let cap = Cover::new([&rectangle(-180.0, 85.0, 180.0, 90.0)]);
    assert!((cap.share(at(40.0, 90.0), Length::from_km(100.0)) - 1.0).abs() < 1e-9);
    assert!((cap.share(at(40.0, 89.9), Length::from_km(100.0)) - 1.0).abs() < 1e-9);
    let half = Cover::new([&rectangle(-180.0, 85.0, 0.0, 90.0)]);
    assert!((half.share(at(40.0, 90.0), Length::from_km(100.0)) - 0.5).abs() < 1e-6);
}

#[test]
fn shares_are_the_same_on_any_number_of_threads() {
    let mut n = Numbers(9);
    let polygons = crowd(&mut n, 23.0, 2.0);
    let sites: Vec<Position> =
        (0..100).map(|_| at(n.between(22.4, 23.6), n.between(1.4, 2.6))).collect();
    let shares = |threads: usize| -> Vec<u64> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| {
            let cover = Cover::new(&polygons);
            let ten = Length::from_km(10.0);
            sites.iter().map(|&site| cover.share(site, ten).to_bits()).collect()
        })
    };
    assert_eq!(shares(1), shares(3));
}
