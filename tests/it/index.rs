//! Every query is answered by tree and by brute force, and the answers must be equal; and the
//! derivatives of edges are checked at many positions along them.

use geo_types::{Coord, LineString, MultiLineString, MultiPolygon, Polygon};
use proptest::prelude::*;
use tamarisk::earth::{ChordBracket, Ecef, Length, Position, Shape, geodesic};
use tamarisk::index::{Exhaustive, Found, Neighbors, Places, PointTree, Probe, ShapeTree};

/// A deterministic stream of numbers from 0 to 1 (SplitMix64, Steele et al. 2014).
pub struct Numbers(pub u64);

impl Numbers {
    pub fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.next()
    }
}

pub fn at(lon: f64, lat: f64) -> Position {
    Position::from_degrees(lon, lat).expect("a position")
}

/// Clouds in difficult places: everywhere, around the antimeridian, on both poles, in one small place.
fn clouds(count: usize) -> Vec<(&'static str, Vec<Position>)> {
    let mut n = Numbers(7);
    let mut cloud = |f: &dyn Fn(&mut Numbers) -> Position| (0..count).map(|_| f(&mut n)).collect();
    vec![
        ("the globe", cloud(&|n| at(n.between(-180.0, 180.0), n.between(-90.0, 90.0)))),
        (
            "the seam",
            cloud(&|n| {
                let lon = n.between(177.0, 183.0);
                at(if lon > 180.0 { lon - 360.0 } else { lon }, n.between(-3.0, 3.0))
            }),
        ),
        ("the north pole", cloud(&|n| at(n.between(-180.0, 180.0), n.between(88.0, 90.0)))),
        ("the south pole", cloud(&|n| at(n.between(-180.0, 180.0), n.between(-90.0, -89.0)))),
        ("one place", cloud(&|n| at((62.0 + n.between(0.0, 0.02) * 1e3).round() / 1e3, 29.0))),
    ]
}

fn same(tree: &[Found], brute: &[Found], what: &str) {
    let key = |f: &Found| (f.index, f.distance.meters());
    assert_eq!(
        tree.iter().map(key).collect::<Vec<_>>(),
        brute.iter().map(key).collect::<Vec<_>>(),
        "{what}"
    );
}

#[test]
fn trees_of_points_answer_as_brute_force_does() {
    for (name, points) in clouds(400) {
        let (masses, few) = (PointTree::new(points.clone()), Places::new(points.clone()));
        let trees: [&dyn Neighbors; 2] = [&masses, &few];
        let brute = Exhaustive::of_points(&points);
        for &from in points.iter().take(25).chain(&[
            at(180.0, 0.0),
            at(-180.0, 1.0),
            at(0.0, 90.0),
            at(13.0, -90.0),
        ]) {
            let probe = Probe::point(from);
            for k in [0, 1, 10, 500] {
                let due = brute.nearest(&probe, k);
                trees.iter().for_each(|tree| same(&tree.nearest(&probe, k), &due, name));
            }
            for km in [0.0, 0.001, 5.0, 50.0, 500.0, 5_000.0, 19_000.0, 21_000.0] {
                let radius = Length::from_km(km);
                let due = brute.within(&probe, radius);
                trees.iter().for_each(|tree| same(&tree.within(&probe, radius), &due, name));
            }
        }
    }
}

#[test]
fn a_small_tree_of_points_answers_lines_and_polygons_as_brute_force_does() {
    let mut n = Numbers(23);
    for (name, points) in clouds(90) {
        let (tree, brute) = (Places::new(points.clone()), Exhaustive::of_points(&points));
        for probe in shapes(&points, &mut n).iter().take(12).map(Probe::new) {
            for k in [0, 1, 4, 200] {
                same(&tree.nearest(&probe, k), &brute.nearest(&probe, k), name);
            }
            for km in [0.0, 5.0, 80.0, 1_500.0, 21_000.0] {
                let radius = Length::from_km(km);
                same(&tree.within(&probe, radius), &brute.within(&probe, radius), name);
            }
        }
    }
}

/// Short random lines and triangles around the points of a cloud, cut nowhere.
fn shapes(points: &[Position], n: &mut Numbers) -> Vec<Shape> {
    points
        .iter()
        .enumerate()
        .map(|(i, p)| {
            let mut step = || Coord {
                x: (p.lon() + n.between(-0.6, 0.6)).clamp(-180.0, 180.0),
                y: (p.lat() + n.between(-0.4, 0.4)).clamp(-90.0, 90.0),
            };
            let ring = vec![p.coord(), step(), step()];
            match i % 3 {
                0 => Shape::Lines(MultiLineString(vec![LineString(ring)])),
                1 => Shape::Polygons(MultiPolygon(vec![Polygon::new(LineString(ring), vec![])])),
                _ => Shape::point(*p),
            }
        })
        .collect()
}

#[test]
fn a_tree_of_shapes_answers_as_brute_force_does() {
    let mut n = Numbers(11);
    for (name, points) in clouds(90) {
        let things = shapes(&points, &mut n);
        let tree = ShapeTree::new(&things);
        let brute = Exhaustive::new(&things);
        for probe in things.iter().take(9).map(Probe::new) {
            for k in [1, 4, 200] {
                same(&tree.nearest(&probe, k), &brute.nearest(&probe, k), name);
            }
            for km in [0.0, 5.0, 80.0, 1_500.0] {
                let radius = Length::from_km(km);
                same(&tree.within(&probe, radius), &brute.within(&probe, radius), name);
            }
        }
    }
}

/// Long lines and rings of many short edges, rings with holes, some of them given twice, some without a
/// length: more than one run of edges each, and more than one level of runs.
fn meanders(n: &mut Numbers, x: f64, y: f64) -> Vec<Shape> {
    let mut all: Vec<Shape> = Vec::new();
    for i in 0..40_u32 {
        let mut place = Coord { x: x + n.between(-0.8, 0.8), y: y + n.between(-0.8, 0.8) };
        let walk: Vec<Coord<f64>> = (0..10 + 5 * i)
            .map(|_| {
                place.x += n.between(-0.03, 0.04);
                place.y = (place.y + n.between(-0.03, 0.04)).clamp(-90.0, 90.0);
                place
            })
            .collect();
        let round = |size: f64| -> LineString<f64> {
            let corners = 12 + i;
            let corner = |k: u32| {
                let angle = f64::from(k % corners) * std::f64::consts::TAU / f64::from(corners);
                Coord { x: place.x + size * angle.cos(), y: place.y + size * angle.sin() }
            };
            (0..=corners).map(corner).collect()
        };
        all.push(match i % 4 {
            0 | 1 => Shape::Lines(MultiLineString(vec![LineString(walk)])),
            2 => Shape::Polygons(MultiPolygon(vec![Polygon::new(round(0.3), vec![round(0.1)])])),
            _ => Shape::Lines(MultiLineString(vec![
                LineString(vec![walk[0], walk[0]]),
                LineString(walk),
            ])),
        });
        if i % 5 == 0 {
            all.extend(all.last().cloned());
        }
    }
    all
}

#[test]
fn many_edges_answer_as_brute_force_does() {
    let mut n = Numbers(17);
    // Not beyond 180: shapes are cut there.
    for (x, y) in [(23.0, 2.0), (-60.0, -70.0), (173.0, 40.0), (5.0, 87.0)] {
        let things = meanders(&mut n, x, y);
        let tree = ShapeTree::new(&things);
        let brute = Exhaustive::new(&things);
        let corners = things.iter().filter_map(|t| t.paths().first()?.0.get(3).copied()).take(8);
        let mut probes: Vec<Position> =
            corners.map(|corner| Position::from_coord(corner).expect("a corner")).collect();
        probes.extend((0..40).map(|_| at(x + n.between(-3.0, 3.0), y + n.between(-2.0, 2.0))));
        probes.push(at(-170.0, -40.0));
        for probe in probes.into_iter().map(Probe::point) {
            for k in [1, 2, 7, 100] {
                same(&tree.nearest(&probe, k), &brute.nearest(&probe, k), "nearest");
            }
            for km in [0.0, 3.0, 25.0, 300.0] {
                let radius = Length::from_km(km);
                same(&tree.within(&probe, radius), &brute.within(&probe, radius), "within");
            }
        }
    }
}

#[test]
fn a_line_asked_of_points_answers_as_brute_force_does() {
    let mut n = Numbers(13);
    for (name, points) in clouds(120) {
        let tree = PointTree::new(points.clone());
        let brute = Exhaustive::of_points(&points);
        for shape in shapes(&points, &mut n).iter().take(9) {
            let probe = Probe::new(shape);
            same(&tree.nearest(&probe, 5), &brute.nearest(&probe, 5), name);
            let radius = Length::from_km(60.0);
            same(&tree.within(&probe, radius), &brute.within(&probe, radius), name);
        }
    }
}

#[test]
fn equal_distances_go_to_the_smaller_index() {
    let points = vec![at(1.0, 0.0), at(-1.0, 0.0), at(1.0, 0.0), at(0.0, 0.5)];
    let tree = PointTree::new(points);
    let order: Vec<usize> =
        tree.nearest(&Probe::point(at(0.0, 0.0)), 4).iter().map(|f| f.index).collect();
    assert_eq!(order, [3, 0, 1, 2]);
}

/// Each cloud with every seventh of its points duplicated, and two coarse grids with many ties.
fn crowds() -> Vec<(&'static str, Vec<Position>)> {
    let mut crowds = clouds(400);
    for (_, points) in &mut crowds {
        let again: Vec<Position> = points.iter().copied().step_by(7).collect();
        points.extend(again);
    }
    let grid = |lon: f64, lat: f64| {
        (0..400)
            .map(|i| at(lon + f64::from(i % 20) / 50.0, lat + f64::from(i / 20) / 50.0))
            .collect()
    };
    crowds.push(("a grid", grid(20.0, -0.2)));
    crowds.push(("a grid by a pole", grid(20.0, 89.5)));
    crowds
}

#[test]
fn many_positions_asked_at_once_are_answered_as_each_by_brute_force() {
    for (name, points) in crowds() {
        let tree = PointTree::new(points.clone());
        let brute = Exhaustive::of_points(&points);
        let mut n = Numbers(17);
        let from: Vec<Position> = (points.iter().copied().step_by(3))
            .chain((0..40).map(|_| at(n.between(-180.0, 180.0), n.between(-90.0, 90.0))))
            .chain([at(180.0, 0.0), at(-180.0, 1.0), at(0.0, 90.0), at(13.0, -90.0)])
            .collect();
        for k in [0, 1, 3, 10, 64, 500] {
            let found = tree.nearest_of_each(&from, k);
            let lengths = tree.lengths_to_nearest(&from, k);
            assert_eq!((found.len(), lengths.len()), (from.len(), from.len()));
            for ((&from, found), lengths) in from.iter().zip(found.iter()).zip(lengths.iter()) {
                let exact = brute.nearest(&Probe::point(from), k);
                assert_eq!(found, exact, "{name}, {k} nearest of {from}");
                assert_eq!(lengths.len(), exact.len());
                for ((index, length), exact) in lengths.iter().zip(&exact) {
                    assert_eq!(*index, exact.index, "{name}, {k} nearest of {from}");
                    let off = (length.meters() - exact.distance.meters()).abs();
                    assert!(off < 1e-3, "{name}: {off} m off");
                }
            }
        }
    }
    let none = PointTree::new(Vec::new());
    let none = none.nearest_of_each(&[at(1.0, 2.0)], 3);
    assert_eq!((none.len(), none.get(0)), (1, &[][..]));
}

/// The squared chord of a geodesic.
fn chord2_of(from: Position, bearing: f64, length: Length) -> f64 {
    Ecef::from(from).chord2(Ecef::from(geodesic::direct(from, bearing, length)))
}

#[test]
fn the_bracket_of_a_threshold_holds_and_is_met_where_curvature_is_extreme() {
    for meters in [1.0, 10.0, 1e3, 5e3, 1e4, 2.5e4, 5e4, 1e5, 5e5, 1e6, 2e6] {
        let ChordBracket { shorter2, longer2 } = ChordBracket::new(Length::from_meters(meters));
        // Positions and Karney's algorithm are good to nanometers.
        let [inside, outside] = [meters - 5e-8, meters + 5e-8].map(Length::from_meters);
        let mut n = Numbers(19);
        let anywhere = (0..2_000).map(|_| (n.between(-90.0, 90.0), n.between(0.0, 360.0)));
        let special =
            [(0.0, 0.0), (0.0, 90.0), (90.0, 0.0), (90.0, 77.0), (-90.0, 0.0), (45.0, 90.0)];
        for (lat, bearing) in anywhere.collect::<Vec<_>>().into_iter().chain(special) {
            let (near, far) = (
                chord2_of(at(10.0, lat), bearing, inside),
                chord2_of(at(10.0, lat), bearing, outside),
            );
            assert!(near <= longer2, "{meters} m from {lat} on {bearing}: {near} {longer2}");
            assert!(far >= shorter2, "{meters} m from {lat} on {bearing}: {far} {shorter2}");
        }
        // The chord is the shorter one along the meridian at the equator and the longer one at a pole,
        // but for the curvature changing along the way.
        let half = Length::from_meters(meters / 2.0);
        let equator = geodesic::direct(at(10.0, 0.0), 180.0, half);
        let pole = geodesic::direct(at(10.0, 90.0), 0.0, half);
        let length = Length::from_meters(meters);
        let short = chord2_of(equator, 0.0, length).sqrt() - shorter2.max(0.0).sqrt();
        let toward = geodesic::inverse(pole, at(10.0, 90.0)).bearing;
        let long = longer2.sqrt() - chord2_of(pole, toward, length).sqrt();
        let allowed = 1e-7 + 2e-9 * meters + 3e-6 * (meters / 1e5).powi(5);
        assert!(short.abs() <= allowed, "{meters} m: {short} of {allowed}");
        assert!(long.abs() <= allowed, "{meters} m: {long} of {allowed}");
    }
}

proptest! {
    /// No position along an edge is nearer than the distance to the edge, and one is that near.
    #[test]
    fn the_distance_to_an_edge_is_the_least_along_it(
        lon in -175.0..175.0, lat in -85.0..85.0, dx in -3.0..3.0f64, dy in -2.0..2.0f64,
        px in -4.0..4.0f64, py in -3.0..3.0f64,
    ) {
        let (a, b) = (Coord { x: lon, y: lat }, Coord { x: lon + dx, y: lat + dy });
        let edge = Probe::new(&Shape::Lines(MultiLineString(vec![LineString(vec![a, b])])));
        let from = at(lon + px, (lat + py).clamp(-90.0, 90.0));
        let distance = Probe::point(from).find(0, &edge).expect("a distance").distance;
        let least = (0..=20_000)
            .map(|i| f64::from(i) / 20_000.0)
            .map(|t| geodesic::distance(from, at(a.x + t * dx, a.y + t * dy)).meters())
            .fold(f64::INFINITY, f64::min);
        // Ranked by the chord, which at 500 km may prefer another place by micrometers.
        prop_assert!(distance.meters() <= least + 1e-5, "{} {least}", distance.meters());
        prop_assert!(distance.meters() >= least - 0.6 * (1.0 + 300_000.0 / (1.0 + distance.meters())), "{} {least}", distance.meters());
    }

    /// The bracket holds at every latitude and azimuth.
    #[test]
    fn a_chord_lies_in_the_bracket_of_its_way(
        lat in -90.0..=90.0f64, bearing in 0.0..360.0f64, exponent in 0.0..6.3f64,
    ) {
        let from = at(10.0, lat);
        let length = Length::from_meters(10f64.powf(exponent));
        let to = geodesic::direct(from, bearing, length);
        let length = geodesic::distance(from, to);
        let chord2 = Ecef::from(from).chord2(Ecef::from(to));
        let bracket = ChordBracket::new(length);
        prop_assert!(bracket.shorter2 <= chord2 && chord2 <= bracket.longer2);
    }

    /// The arc that belongs to a chord is as near to Karney's geodesic as its documentation says.
    #[test]
    fn the_length_of_a_chord_is_nearly_the_geodesic(
        lat in -90.0..=90.0f64, bearing in 0.0..360.0f64, exponent in 0.0..5.7f64,
    ) {
        let from = at(10.0, lat);
        let to = geodesic::direct(from, bearing, Length::from_meters(10f64.powf(exponent)));
        let exact = geodesic::distance(from, to).meters();
        let quick = Ecef::from(from).ground_length(Ecef::from(to)).meters();
        let allowed = if exact <= 100_000.0 { 1e-3 } else { 0.15 };
        prop_assert!((quick - exact).abs() <= allowed, "{quick} {exact} off by {}", quick - exact);
    }
}
