//! Rings around lines, polygons and several points contain everything within their radius of the shape:
//! compared with areas computed by another program, and with individually measured distances.

use geo::{Contains, Validation};
use geo_types::{Coord, LineString, MultiLineString, MultiPolygon, Point, Polygon};
use proptest::prelude::*;
use tamarisk::earth::{
    Length, Position, Shape, antimeridian, drawn_area, geodesic, polygons_as_written,
};
use tamarisk::index::Probe;
use tamarisk::layers::{BufferError, buffer, buffer_around};

type Path = Vec<(f64, f64)>;

fn at(lon: f64, lat: f64) -> Position {
    Position::from_degrees(lon, lat).expect("position")
}

fn line(path: Path) -> Shape {
    let line = MultiLineString(vec![LineString::from(path)]);
    Shape::Lines(antimeridian::cut_lines(&line).expect("line"))
}

fn polygon(exterior: Path, holes: Vec<Path>) -> Shape {
    let holes = holes.into_iter().map(LineString::from).collect();
    let polygon = Polygon::new(LineString::from(exterior), holes);
    Shape::Polygons(antimeridian::cut_polygons(&MultiPolygon(vec![polygon])).expect("polygon"))
}

/// A ring, valid as computed and with the seven decimals with which it is written, of the stated area.
fn ring(shape: &Shape, km: f64) -> MultiPolygon<f64> {
    let ring = buffer_around(shape, Length::from_km(km)).expect("ring");
    assert!(ring.shape.is_valid(), "{km} {shape:?} {:?}", ring.shape.validation_errors());
    assert_eq!(polygons_as_written(&ring.shape), None, "{km} {shape:?}");
    assert!((drawn_area(&ring.shape) / 1e6 / ring.area_km2 - 1.0).abs() < 1e-9);
    ring.shape
}

#[test]
fn rings_of_shapes_have_the_area_of_what_they_hold() {
    // By PROJ and GEOS: geodesic circles of 1,440 corners around every 150th of the radius along the
    // edges, joined in an equal-area projection.
    let pits = Shape::Points(vec![at(66.5, 29.1), at(69.5, 29.1)]);
    let road = line(vec![(66.5, 29.1), (69.5, 29.1)]);
    let lease =
        polygon(vec![(66.0, 29.0), (68.0, 29.0), (68.0, 30.0), (66.0, 30.0), (66.0, 29.0)], vec![]);
    let over_the_seam = line(vec![(179.5, -16.0), (-179.2, -17.0)]);
    let over_the_pole = line(vec![(20.0, 88.0), (20.0, 90.0), (-100.0, 90.0), (-100.0, 87.5)]);
    for (what, shape, km, area) in [
        ("pits", &pits, 5.0, 157.079_1),
        ("pits", &pits, 50.0, 15_707.832_7),
        ("pits", &pits, 100.0, 62_830.362_0),
        ("road", &road, 5.0, 2998.8779),
        ("road", &road, 50.0, 37_057.002_8),
        ("road", &road, 100.0, 89_819.552_8),
        ("lease", &lease, 5.0, 24_622.192_1),
        ("lease", &lease, 50.0, 59_825.461_0),
        ("lease", &lease, 100.0, 113_858.916_1),
        ("over the seam", &over_the_seam, 30.0, 13_477.917_0),
        ("over the pole", &over_the_pole, 100.0, 131_397.075_3),
    ] {
        let off = drawn_area(&ring(shape, km)) / 1e6 / area - 1.0;
        assert!(off.abs() < 0.001, "{what} {km}: {off}");
    }
}

#[test]
fn a_ring_of_one_point_is_the_circle_around_it() {
    let center = at(62.05, 29.12);
    for km in [0.001, 1.0, 100.0, 5000.0] {
        let circle = buffer(center, Length::from_km(km)).expect("circle");
        let around = buffer_around(&Shape::point(center), Length::from_km(km)).expect("ring");
        let off = drawn_area(&around.shape) / drawn_area(&circle.shape) - 1.0;
        assert!(off.abs() < if km < 0.01 { 0.05 } else { 1e-5 }, "{km}: {off}");
    }
    let line = line(vec![(62.0, 29.0), (62.1, 29.0)]);
    let refused = buffer_around(&line, Length::from_km(20_000.0));
    assert!(matches!(refused, Err(BufferError::TooLong(_))));
    assert!(matches!(buffer_around(&line, Length::ZERO), Err(BufferError::TooShort(_))));
}

#[test]
fn a_hole_wider_than_the_ring_stays_and_a_narrower_one_is_filled() {
    let square = |west: f64, south: f64, side: f64| -> Path {
        let (east, north) = (west + side, south + side);
        vec![(west, south), (east, south), (east, north), (west, north), (west, south)]
    };
    let shape = polygon(square(60.0, 29.0, 1.0), vec![square(60.25, 29.25, 0.5)]);
    for (km, holes) in [(1.0, 1), (20.0, 1), (24.0, 1), (28.0, 0), (100.0, 0)] {
        let ring = ring(&shape, km);
        let found: usize = ring.iter().map(|part| part.interiors().len()).sum();
        assert_eq!((ring.0.len(), found), (1, holes), "{km}");
    }
}

#[test]
fn a_winding_road_has_one_ring_without_specks() {
    let mut road: Path = Vec::new();
    for step in 0..2000 {
        let step = f64::from(step);
        road.push((
            62.0 + step * 0.001,
            29.0 + 0.02 * (step * 0.3).sin() + 0.1 * (step * 0.01).sin(),
        ));
    }
    let shape = line(road);
    for km in [1.0, 5.0, 25.0, 100.0] {
        let ring = ring(&shape, km);
        assert_eq!(ring.0.len(), 1, "{km}");
        assert!(ring.iter().all(|part| part.interiors().is_empty()), "{km}");
    }
    same_as_measured(&shape, 5.0, 7);
}

/// Whether places are inside a ring exactly if their distance to the shape says so, except within about
/// a thousandth of the radius of the edge.
fn same_as_measured(shape: &Shape, km: f64, seed: u32) {
    let drawn = ring(shape, km);
    let probe = Probe::new(shape);
    let corners: Vec<Position> = match shape {
        Shape::Points(points) => points.clone(),
        _ => shape
            .paths()
            .into_iter()
            .flat_map(|path| path.0.iter().filter_map(|corner| Position::from_coord(*corner)))
            .collect(),
    };
    let mut state = seed;
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state >> 8) / f64::from(1 << 24)
    };
    for turn in 0..200 {
        let from = corners[(random() * corners.len() as f64) as usize % corners.len()];
        let far = if turn % 2 == 0 { 0.985 + 0.03 * random() } else { 2.5 * random() };
        let place = geodesic::direct(from, 360.0 * random(), Length::from_km(km * far));
        let away = probe.find(0, &Probe::point(place)).expect("distance").distance.km();
        if (away / km - 1.0).abs() < 0.0012 {
            continue;
        }
        let inside = drawn.contains(&Point(Coord { x: place.lon(), y: place.lat() }));
        assert_eq!(inside, away <= km, "{place} is {away} km from {shape:?}, ring {km}");
    }
}

/// The position and size of a shape.
fn somewhere() -> impl Strategy<Value = (Position, f64)> {
    let lat = prop_oneof![4 => -65.0..65.0, 1 => 65.0..89.99, 1 => -89.99..-65.0];
    let lon = prop_oneof![3 => -180.0..180.0, 1 => 179.5..180.0];
    (lon, lat, -0.5..2.5_f64).prop_map(|(lon, lat, size)| (at(lon, lat), 10_f64.powf(size)))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn rings_of_shapes_hold_what_is_measured_to_lie_in_them(
        (middle, size) in somewhere(),
        corners in prop::collection::vec((0.0..360.0_f64, 0.2..1.0_f64), 3..9),
        kind in 0..3,
        km in prop::sample::select(vec![1.0, 5.0, 25.0, 100.0, 500.0]),
        seed in any::<u32>(),
    ) {
        let mut corners = corners;
        if kind == 2 {
            corners.sort_by(|a, b| b.0.total_cmp(&a.0));
        }
        let places: Vec<Position> = corners
            .iter()
            .map(|(bearing, far)| geodesic::direct(middle, *bearing, Length::from_km(far * size)))
            .collect();
        let path: Path = places.iter().map(|place| (place.lon(), place.lat())).collect();
        let shape = match kind {
            0 => Shape::Points(places),
            1 => line(path),
            _ => {
                let mut ring = path;
                ring.push(ring[0]);
                polygon(ring, vec![])
            }
        };
        if let Shape::Polygons(polygons) = &shape {
            prop_assume!(polygons.is_valid());
        }
        same_as_measured(&shape, km, seed);
    }
}
