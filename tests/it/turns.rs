//! Rings and lines with longitudes from 0 to 360, and invalid parts of shapes.

use geo::{Area, Contains, Validation};
use geo_types::Point;
use tamarisk::earth::{Crs, Position, Shape, geodesic};
use tamarisk::index::Probe;
use tamarisk::model::Place;
use tamarisk::sources::geometry::{self, Note};
use tamarisk::sources::{
    Geometry, RawGeometry, ReadOptions, Reading, Source, read_receptors, read_sites,
};

type Ring = Vec<[f64; 2]>;

fn held(name: &str, text: &str) -> Source {
    Source::embedded(name, Vec::leak(text.as_bytes().to_vec()))
}

fn judge(raw: RawGeometry) -> Result<(Shape, Vec<String>), String> {
    let line = |note: Note| note.of(&"f".into(), &Place::File, None).to_string();
    match geometry::shape(&Geometry::Raw(raw), &Crs::wgs84()) {
        Ok((shape, notes)) => Ok((shape, notes.into_iter().map(line).collect())),
        Err(note) => Err(line(note)),
    }
}

fn of_box(west: f64, east: f64) -> Ring {
    vec![[west, -10.0], [east, -10.0], [east, 10.0], [west, 10.0], [west, -10.0]]
}

/// The polygons of rings, the first the exterior, and their notes.
fn polygons(rings: Vec<Ring>) -> (geo_types::MultiPolygon<f64>, Vec<String>) {
    match judge(RawGeometry::Polygons(vec![rings])) {
        Ok((Shape::Polygons(polygons), notes)) => (polygons, notes),
        other => panic!("{other:?}"),
    }
}

#[test]
fn rings_in_0_to_360_are_as_they_are_written() {
    let short: Ring = [100.0, 150.0, 200.0, 250.0, 290.0].map(|x| [x, -10.0]).to_vec();
    let back = short.iter().rev().map(|[x, _]| [*x, 10.0]);
    let short: Ring = short.iter().copied().chain(back).collect();
    let greenwich: Ring = vec![
        [355.0, -10.0],
        [358.0, -10.0],
        [2.0, -10.0],
        [5.0, -10.0],
        [5.0, 10.0],
        [2.0, 10.0],
        [358.0, 10.0],
        [355.0, 10.0],
    ];
    for (what, ring, width, within, outside) in [
        ("a box over the Pacific", of_box(100.0, 290.0), 190.0, -160.0, 0.0),
        ("the same the other way round", of_box(290.0, 100.0), 190.0, -160.0, 0.0),
        ("the same with short edges", short, 190.0, -160.0, 0.0),
        ("half the world", of_box(100.0, 280.0), 180.0, -170.0, 0.0),
        ("nearly all of it", of_box(5.0, 355.0), 350.0, 180.0 - 1e-3, 0.0),
        ("all of it", of_box(0.0, 360.0), 360.0, -90.0, f64::NAN),
        ("a map that begins at 30 W", of_box(-20.0, 320.0), 340.0, -50.0, -30.0),
        ("below -180", of_box(-190.0, -170.0), 20.0, 175.0, 0.0),
        ("from -360 on", of_box(-290.0, -100.0), 190.0, 120.0, 0.0),
        ("over Greenwich, counted anew", greenwich, 10.0, 0.0, 180.0),
        ("over the seam, the short way", of_box(179.0, -179.0), 2.0, 179.5, 0.0),
        ("wide, but within 180", of_box(-170.0, 170.0), 20.0, 175.0, 0.0),
    ] {
        let (polygons, notes) = polygons(vec![ring]);
        assert!(polygons.is_valid(), "{what}: {polygons:?}");
        assert!((polygons.unsigned_area() - 20.0 * width).abs() < 1e-6, "{what}: {polygons:?}");
        assert!(polygons.contains(&Point::new(within, 0.5)), "{what}: {polygons:?}");
        assert!(!polygons.contains(&Point::new(outside, 0.5)), "{what}: {polygons:?}");
        let as_written = notes.iter().any(|note| note.contains("which are read as written"));
        let beyond = !matches!(width as u32, 2 | 10 | 20 | 180) && !what.contains("short edges");
        assert_eq!(as_written, beyond, "{what}: {notes:?}");
    }
}

#[test]
fn a_site_in_a_ring_in_0_to_360_lies_in_it() {
    let (shape, _) = judge(RawGeometry::Polygons(vec![vec![of_box(100.0, 290.0)]])).expect("shape");
    let area = Probe::new(&shape);
    let away = |lon: f64, lat: f64| {
        let place = Position::from_degrees(lon, lat).expect("position");
        area.find(0, &Probe::point(place)).expect("distance").distance.km()
    };
    assert_eq!(away(-160.0, 0.0), 0.0);
    let edge = |lon: f64| Position::from_degrees(lon, 0.0).expect("position");
    let expected = geodesic::distance(edge(30.0), edge(100.0)).km();
    assert!((away(30.0, 0.0) - expected).abs() < 0.001, "{}", away(30.0, 0.0));
    let expected = geodesic::distance(edge(-30.0), edge(-70.0)).km();
    assert!((away(-30.0, 0.0) - expected).abs() < 0.001, "{}", away(-30.0, 0.0));
}

#[test]
fn holes_and_polar_rings_in_0_to_360_are_right() {
    let (holed, _) = polygons(vec![
        of_box(100.0, 290.0),
        vec![[110.0, -5.0], [280.0, -5.0], [280.0, 5.0], [110.0, 5.0], [110.0, -5.0]],
    ]);
    assert!(holed.is_valid());
    assert!((holed.unsigned_area() - (190.0 * 20.0 - 170.0 * 10.0)).abs() < 1e-6);
    let parallel = |lat: f64| [0.0, 90.0, 180.0, 270.0].map(|x| [x, lat]).to_vec();
    let (cap, _) = polygons(vec![parallel(80.0)]);
    assert!(cap.contains(&Point::new(45.0, 85.0)) && !cap.contains(&Point::new(45.0, 75.0)));
    let mut sheet = parallel(-70.0);
    sheet.extend([[360.0, -70.0], [360.0, -90.0], [0.0, -90.0]]);
    let (sheet, _) = polygons(vec![sheet]);
    assert!((sheet.unsigned_area() - 7200.0).abs() < 1e-6, "{sheet:?}");
}

#[test]
fn lines_in_0_to_360_are_as_they_are_written() {
    let width = |line: Ring| {
        let (shape, _) = judge(RawGeometry::Lines(vec![line])).expect("line");
        let Shape::Lines(lines) = shape else { panic!("{shape:?}") };
        let edges = lines.0.iter().flat_map(|line| line.lines().collect::<Vec<_>>());
        edges.map(|edge| edge.dx().abs()).sum::<f64>()
    };
    assert!((width(vec![[100.0, 0.0], [290.0, 5.0]]) - 190.0).abs() < 1e-9);
    assert!((width(vec![[-100.0, 0.0], [-290.0, 5.0]]) - 190.0).abs() < 1e-9);
    assert!((width(vec![[179.0, 0.0], [-179.0, 5.0]]) - 2.0).abs() < 1e-9);
    let track = vec![[356.0, 0.0], [358.0, 1.0], [359.5, 2.0], [1.0, 2.0], [3.0, 3.0]];
    assert!((width(track) - 7.0).abs() < 1e-9);
}

#[test]
fn a_part_that_is_none_costs_itself_alone() {
    let square =
        |x: f64| -> Ring { vec![[x, 0.0], [x + 1.0, 0.0], [x + 1.0, 1.0], [x, 1.0], [x, 0.0]] };
    let sliver: Ring = vec![[5.0, 0.0], [5.1, 0.0], [5.2, 0.0], [5.0, 0.0]];
    let thin: Ring = vec![[5.0, 0.0], [6.0, 0.0], [6.0, 4e-8], [5.0, 4e-8], [5.0, 0.0]];
    let off: Ring = vec![[5.0, 0.0], [5.1, 95.0], [5.2, 0.0], [5.0, 0.0]];
    let two: Ring = vec![[5.0, 0.0], [5.1, 0.0], [5.0, 0.0]];
    for (bad, said) in [
        (
            sliver.clone(),
            "polygon 1 ring 0: crosses itself at position 0 and encloses no area; left out",
        ),
        (thin, "polygon 1 ring 0: encloses no area to the seventh decimal; left out"),
        (off.clone(), "polygon 1 ring 0 position 1: \"5.1,95\" has a latitude beyond 90"),
        (two, "polygon 1 ring 0: has fewer than three distinct positions; left out"),
    ] {
        let list = vec![vec![square(0.0)], vec![bad.clone()], vec![square(9.0)]];
        let (shape, notes) = judge(RawGeometry::Polygons(list)).expect("polygons");
        let Shape::Polygons(polygons) = &shape else { panic!("{shape:?}") };
        assert!((polygons.unsigned_area() - 2.0).abs() < 1e-9, "{polygons:?}");
        assert!(notes.iter().any(|note| note.contains(said)), "{said}: {notes:?}");
        // By itself it is set aside, for the same reason.
        let alone = judge(RawGeometry::Polygons(vec![vec![bad]])).expect_err("no shape");
        let why = said.trim_start_matches("polygon 1 ").trim_end_matches("; left out");
        assert!(alone.contains(why), "{alone}");
    }
    for hole in [sliver, off, square(30.0)] {
        let large: Ring = vec![[0.0, 0.0], [9.0, 0.0], [9.0, 9.0], [0.0, 9.0], [0.0, 0.0]];
        let (polygons, notes) = polygons(vec![large, hole]);
        assert!((polygons.unsigned_area() - 81.0).abs() < 1e-9, "{polygons:?}");
        assert!(notes.iter().any(|note| note.contains("ring 1")), "{notes:?}");
    }
    let lines = vec![vec![[0.0, 0.0], [1.0, 1.0]], vec![[2.0, 2.0], [2.0, 99.0]]];
    let (shape, notes) = judge(RawGeometry::Lines(lines)).expect("lines");
    assert!(matches!(&shape, Shape::Lines(lines) if lines.0.len() == 1), "{shape:?}");
    assert!(notes[0].contains("line 1 position 1") && notes[0].ends_with("left out"), "{notes:?}");
    let (shape, notes) = judge(RawGeometry::Points(vec![[0.0, 99.0], [1.0, 2.0]])).expect("points");
    assert_eq!(shape.as_point(), Position::from_degrees(1.0, 2.0));
    assert!(notes[0].contains("point 0") && notes[0].ends_with("left out"), "{notes:?}");
}

fn findings<T>(reading: &Reading<T>) -> Vec<String> {
    reading.findings.iter().map(ToString::to_string).collect()
}

#[test]
fn parts_that_cannot_be_read_and_members_within_polygons_are_left_out() {
    let square = "[[[0,0],[1,0],[1,1],[0,1],[0,0]]]";
    for (geometry, said) in [
        (
            format!(
                r#"{{"type":"MultiPolygon","coordinates":[{square},[[[5,0],[6],[6,1],[5,0]]]]}}"#
            ),
            "coordinates[1][0][1]: \"[6]\" has 1 of the two numbers a position needs; this part is left out",
        ),
        (
            format!(
                r#"{{"type":"GeometryCollection","geometries":[{{"type":"Polygon","coordinates":{square}}},{{"type":"Polygon","coordinates":[[["x",0]]]}}]}}"#
            ),
            "geometries[1].coordinates[0][0][0]",
        ),
        (
            format!(
                r#"{{"type":"GeometryCollection","geometries":[{{"type":"Polygon","coordinates":{square}}},{{"type":"LineString","coordinates":[[0,0],[1,1]]}},{{"type":"Point","coordinates":[0.5,1]}}]}}"#
            ),
            "has points or lines within its polygons; left out",
        ),
    ] {
        let text = format!(
            r#"{{"type":"Feature","id":"park","properties":{{"name":"Park"}},"geometry":{geometry}}}"#
        );
        let source = held("park.geojson", &text);
        let reading = read_receptors(
            &source,
            Some(tamarisk::model::ReceptorKind::SensitiveAreas),
            &ReadOptions::default(),
        )
        .expect("reading");
        assert_eq!(reading.items.len(), 1, "{:?}", findings(&reading));
        let Shape::Polygons(polygons) = &reading.items[0].shape else { panic!("no polygons") };
        assert!((polygons.unsigned_area() - 1.0).abs() < 1e-9);
        let all = findings(&reading);
        assert!(all.iter().any(|finding| finding.contains(said)), "{said}: {all:?}");
    }
}

#[test]
fn an_empty_part_in_wkt_is_no_part() {
    let text = "id,name,geometry\nA,Park,\"MULTIPOLYGON(((100 -10,290 -10,290 10,100 10,100 -10)),EMPTY)\"\n";
    let source = held("sites.csv", text);
    let reading = read_sites(&source, &ReadOptions::default()).expect("sites");
    let Shape::Polygons(polygons) = &reading.items[0].shape else { panic!("no polygons") };
    assert!((polygons.unsigned_area() - 3800.0).abs() < 1e-6, "{polygons:?}");
}

#[test]
fn a_site_hundreds_of_kilometers_wide_is_noted_and_a_small_one_is_not() {
    let text = "id,name,geometry\n\
                M,Two pits,\"MULTIPOINT((66.5 29.1),(69.5 29.1))\"\n\
                S,Small lease,\"POLYGON((66 29,66.1 29,66.1 29.1,66 29.1,66 29))\"\n\
                P,One pit,\"POINT(66.5 29.1)\"\n";
    let reading = read_sites(&held("sites.csv", text), &ReadOptions::default()).expect("sites");
    let wide: Vec<String> =
        findings(&reading).into_iter().filter(|finding| finding.contains("km wide")).collect();
    assert_eq!(wide.len(), 1, "{wide:?}");
    assert!(wide[0].contains("\"Two pits\" is 292 km wide"), "{wide:?}");
}
