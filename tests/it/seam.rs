//! Shapes are cut at the antimeridian and closed around the poles as in Gadomski's antimeridian suite
//! (github.com/gadomski/antimeridian, `tests/data`, Apache-2.0), with crossings straight in longitude
//! and latitude: the suite's `flat` outputs.

use crate::suites::suite;
use geo::{Area, Validation};
use geo_types::{Coord, LineString, MultiLineString, MultiPolygon, Polygon};
use serde_json::Value;
use std::path::Path;
use tamarisk::earth::antimeridian::{Fault, Winding, cut_lines, cut_polygons, cut_polygons_wound};
use tamarisk::model::Countries;

/// The suite rounds to 7 decimals.
const TOLERANCE: f64 = 1.0e-7;

enum Given {
    Lines(MultiLineString<f64>),
    Polygons(MultiPolygon<f64>),
}

fn read(path: &Path) -> Given {
    let text = std::fs::read_to_string(path).expect("suite file");
    // Some of the files were links and hold the name of the file that they stood for.
    if let Some(link) = text.trim().strip_prefix("../") {
        return read(&path.ancestors().nth(2).expect("parent").join(link));
    }
    let json: Value = serde_json::from_str(&text).expect("JSON");
    let c = &json["coordinates"];
    match json["type"].as_str().expect("type") {
        "LineString" => Given::Lines(MultiLineString(vec![line(c)])),
        "MultiLineString" => Given::Lines(MultiLineString(list(c).map(line).collect())),
        "Polygon" => Given::Polygons(MultiPolygon(vec![polygon(c)])),
        "MultiPolygon" => Given::Polygons(MultiPolygon(list(c).map(polygon).collect())),
        other => panic!("{other} in {}", path.display()),
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().expect("array").iter()
}

fn line(value: &Value) -> LineString<f64> {
    let number = |v: &Value| v.as_f64().expect("number");
    LineString(list(value).map(|c| Coord { x: number(&c[0]), y: number(&c[1]) }).collect())
}

fn polygon(value: &Value) -> Polygon<f64> {
    let mut rings = list(value).map(line);
    Polygon::new(rings.next().expect("exterior"), rings.collect())
}

/// The same positions in the same direction, whichever comes first, ignoring repeated ones.
fn same_ring(a: &LineString<f64>, b: &LineString<f64>) -> bool {
    let near = |a: &Coord<f64>, b: &Coord<f64>| {
        (a.x - b.x).abs() <= TOLERANCE && (a.y - b.y).abs() <= TOLERANCE
    };
    let open = |ring: &LineString<f64>| {
        let mut positions = ring.0.clone();
        positions.dedup_by(|a, b| near(a, b));
        positions.pop();
        positions
    };
    let (a, b) = (open(a), open(b));
    a.len() == b.len()
        && (0..b.len())
            .any(|shift| a.iter().zip(b.iter().cycle().skip(shift)).all(|(a, b)| near(a, b)))
}

/// The same items, in any order.
fn same_set<T>(a: &[T], b: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    let mut left: Vec<&T> = b.iter().collect();
    a.len() == b.len()
        && a.iter().all(|a| match left.iter().position(|b| same(a, b)) {
            Some(at) => {
                left.remove(at);
                true
            }
            None => false,
        })
}

/// The suite's own polygon with its rings turned right-handed, as every piece of ours is.
fn right_handed(polygon: &Polygon<f64>) -> Polygon<f64> {
    use geo::orient::{Direction, Orient};
    polygon.orient(Direction::Default)
}

fn same_polygon(a: &Polygon<f64>, b: &Polygon<f64>) -> bool {
    let b = right_handed(b);
    same_ring(a.exterior(), b.exterior()) && same_set(a.interiors(), b.interiors(), same_ring)
}

fn near_line(a: &LineString<f64>, b: &LineString<f64>) -> bool {
    a.0.len() == b.0.len()
        && a.0
            .iter()
            .zip(&b.0)
            .all(|(a, b)| (a.x - b.x).abs() <= TOLERANCE && (a.y - b.y).abs() <= TOLERANCE)
}

/// Each of the suite's inputs: the name of the output it must give, and how far its rings' direction
/// is to be relied on (the suite's `fix_winding=False` is [`Winding::Trust`]).
const CASES: [(&str, &str, Winding); 33] = {
    use Winding::{Repair, Trust};
    [
        ("almost-180", "almost-180", Repair),
        ("both-poles", "both-poles", Trust),
        ("complex-split", "complex-split", Repair),
        ("crossing-latitude", "crossing-latitude", Repair),
        ("cw-only", "cw-only", Repair),
        ("cw-only", "cw-only-no-fix", Trust),
        ("cw-split", "cw-split", Repair),
        ("cw-split", "cw-split-no-fix", Trust),
        ("extra-crossing", "extra-crossing", Repair),
        ("force-north-pole", "force-north-pole", Repair),
        ("great-circle", "great-circle", Repair),
        ("issues-124", "issues-124", Repair),
        ("issues-164", "issues-164", Repair),
        ("issues-171", "issues-171", Repair),
        ("issues-174", "issues-174", Repair),
        ("issues-187", "issues-187", Repair),
        ("issues-201", "issues-201", Repair),
        ("issues-81", "issues-81", Repair),
        ("latitude-band", "latitude-band", Repair),
        ("line", "line", Repair),
        ("multi-line", "multi-line", Repair),
        ("multi-no-antimeridian", "multi-no-antimeridian", Repair),
        ("multi-split", "multi-split", Repair),
        ("north-pole", "north-pole", Repair),
        ("one-ccw-hole", "one-hole", Repair),
        ("one-hole", "one-hole", Repair),
        ("over-180", "over-180", Repair),
        ("overlap", "overlap", Repair),
        ("point-on-antimeridian", "point-on-antimeridian", Repair),
        ("simple", "simple", Repair),
        ("south-pole", "south-pole", Repair),
        ("split", "split", Repair),
        ("two-holes", "two-holes", Repair),
    ]
};

#[test]
fn the_antimeridian_suite_is_cut_as_it_says() {
    let suite = suite("antimeridian");
    let mut wrong = Vec::new();
    for (input, output, winding) in CASES {
        let mut expected = read(&suite.join(format!("output/flat/{output}.json")));
        if let ("issues-171", Given::Polygons(polygons)) = (output, &mut expected) {
            // The input has two holes and the suite's output only the second of them.
            let lost = [(0.0, 81.0), (-1.0, 82.0), (0.0, 83.0), (1.0, 82.0), (0.0, 81.0)];
            polygons.0[0].interiors_push(LineString::from(lost.to_vec()));
        }
        let good = match (read(&suite.join(format!("input/{input}.json"))), expected) {
            (Given::Lines(lines), Given::Lines(expected)) => {
                let cut = cut_lines(&lines).expect(input);
                same_set(&cut.0, &expected.0, near_line)
            }
            (Given::Polygons(polygons), Given::Polygons(expected)) => {
                let cut = cut_polygons_wound(&polygons, winding).expect(input);
                same_set(&cut.0, &expected.0, same_polygon)
            }
            _ => false,
        };
        if !good {
            wrong.push(output);
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

fn input(suite: &Path, name: &str) -> MultiPolygon<f64> {
    match read(&suite.join(format!("input/{name}.json"))) {
        Given::Polygons(polygons) => polygons,
        Given::Lines(_) => panic!("{name} has lines"),
    }
}

#[test]
fn the_two_inputs_of_the_suite_without_an_output_do_what_its_tests_say() {
    let suite = suite("antimeridian");

    let cut = cut_polygons(&input(&suite, "simple-with-ccw-hole")).expect("polygon");
    assert_eq!(cut.0.len(), 1);
    assert!(cut.0[0].interiors().iter().all(|hole| signed_area(hole) < 0.0));

    let error = cut_polygons(&input(&suite, "issues-182")).expect_err("invalid");
    assert_eq!((error.part, error.ring, error.position), (0, 0, 1));
    assert_eq!(error.fault, Fault::TurnsBack);
}

#[test]
fn every_input_of_the_suite_is_asked() {
    let suite = suite("antimeridian");
    let mut asked: Vec<&str> = CASES.iter().map(|(input, ..)| *input).collect();
    asked.extend(["simple-with-ccw-hole", "issues-182"]);
    asked.sort_unstable();
    asked.dedup();
    let mut given: Vec<String> = std::fs::read_dir(suite.join("input"))
        .expect("folder")
        .map(|entry| entry.expect("entry").path())
        .map(|path| path.file_stem().expect("name").to_string_lossy().into_owned())
        .collect();
    given.sort_unstable();
    assert_eq!(asked, given);
    assert_eq!(asked.len(), 33);
}

#[test]
fn what_was_cut_is_valid_right_handed_and_stays_as_it_is_when_cut_again() {
    let suite = suite("antimeridian");
    for (name, output, winding) in CASES {
        let Given::Polygons(given) = read(&suite.join(format!("input/{name}.json"))) else {
            continue;
        };
        let cut = cut_polygons_wound(&given, winding).expect(name);
        for piece in &cut.0 {
            assert!(signed_area(piece.exterior()) > 0.0, "{output}");
            assert!(piece.interiors().iter().all(|hole| signed_area(hole) < 0.0), "{output}");
        }
        // These two are swaths of satellites that overlap themselves.
        if !["force-north-pole", "overlap"].contains(&name) {
            assert!(cut.is_valid(), "{output}: {:?}", cut.validation_errors());
            let again = cut_polygons_wound(&cut, winding).expect(name);
            assert!(same_set(&again.0, &cut.0, same_polygon), "{output}: {again:?} {cut:?}");
        }
    }
}

/// Longitude and latitude.
type Positions<'a> = &'a [(f64, f64)];

fn signed_area(ring: &LineString<f64>) -> f64 {
    Polygon::new(ring.clone(), Vec::new()).signed_area()
}

fn ring(positions: &[(f64, f64)]) -> MultiPolygon<f64> {
    MultiPolygon(vec![Polygon::new(LineString::from(positions.to_vec()), Vec::new())])
}

#[test]
fn rings_that_touch_seam_and_poles_are_closed_along_them() {
    let cases: [(&str, Positions, usize, f64); 8] = [
        // Name, ring, pieces, area in square degrees.
        (
            "a cap drawn along the seam and the pole",
            &[(-180.0, -80.0), (-180.0, -90.0), (180.0, -90.0), (180.0, -80.0), (0.0, -80.0)],
            1,
            3600.0,
        ),
        (
            "the same cap clockwise and open",
            &[(180.0, -80.0), (0.0, -80.0), (-180.0, -80.0)],
            1,
            3600.0,
        ),
        (
            "a sector to the pole",
            &[(10.0, 80.0), (50.0, 80.0), (50.0, 90.0), (10.0, 90.0)],
            1,
            400.0,
        ),
        (
            "the world",
            &[(-180.0, -90.0), (180.0, -90.0), (180.0, 90.0), (-180.0, 90.0)],
            1,
            64800.0,
        ),
        (
            "a box beside the seam",
            &[(170.0, 0.0), (180.0, 0.0), (180.0, 5.0), (170.0, 5.0)],
            1,
            50.0,
        ),
        (
            "a crossing marked on both sides",
            &[
                (170.0, 0.0),
                (180.0, 0.0),
                (-180.0, 0.0),
                (-170.0, 0.0),
                (-170.0, 5.0),
                (170.0, 5.0),
            ],
            2,
            100.0,
        ),
        (
            "a notch whose bottom lies on the seam",
            &[
                (170.0, 0.0),
                (190.0, 0.0),
                (190.0, 30.0),
                (170.0, 30.0),
                (170.0, 20.0),
                (180.0, 20.0),
                (180.0, 10.0),
                (170.0, 10.0),
            ],
            3,
            500.0,
        ),
        (
            "longitudes from 0 to 360",
            &[(350.0, 0.0), (370.0, 0.0), (370.0, 5.0), (350.0, 5.0)],
            1,
            100.0,
        ),
    ];
    for (name, positions, pieces, area) in cases {
        let cut = cut_polygons(&ring(positions)).expect(name);
        assert_eq!(cut.0.len(), pieces, "{name}: {cut:?}");
        assert!((cut.unsigned_area() - area).abs() < 1e-9, "{name}: {cut:?}");
        assert!(cut.is_valid(), "{name}: {cut:?}");
    }
}

#[test]
fn a_ring_around_a_pole_keeps_a_hole_around_the_same_pole() {
    let parallel = |lat: f64| -> LineString<f64> {
        [0.0, 90.0, 180.0, -90.0, 0.0].iter().map(|lon| (*lon, lat)).collect()
    };
    for (outer, inner) in [(60.0, 80.0), (-60.0, -80.0)] {
        let given = MultiPolygon(vec![Polygon::new(parallel(outer), vec![parallel(inner)])]);
        let cut = cut_polygons(&given).expect("annulus");
        assert!((cut.unsigned_area() - 360.0 * 20.0).abs() < 1e-9, "{cut:?}");
        assert!(cut.is_valid(), "{cut:?}");
    }
}

#[test]
fn what_cannot_be_cut_is_refused_with_its_place() {
    let square = [(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0)];
    let far_hole = LineString::from(vec![(20.0, 20.0), (20.0, 21.0), (21.0, 21.0)]);
    let mut outside = ring(&square);
    outside.0[0].interiors_push(far_hole);
    let cases = [
        (ring(&[(0.0, 0.0), (9.0, f64::NAN), (9.0, 9.0)]), (0, 1, Fault::OffTheGlobe)),
        (ring(&[(0.0, 0.0), (9.0, 0.0), (9.0, 95.0)]), (0, 2, Fault::OffTheGlobe)),
        (ring(&[(1e300, 0.0), (9.0, 0.0), (9.0, 9.0)]), (0, 0, Fault::OffTheGlobe)),
        (ring(&[(0.0, 0.0), (9.0, 0.0), (0.0, 0.0)]), (0, 0, Fault::TooFew)),
        (ring(&[]), (0, 0, Fault::TooFew)),
        (outside, (1, 0, Fault::HoleOutside)),
    ];
    for (given, place) in cases {
        let error = cut_polygons(&given).expect_err("refused");
        assert_eq!((error.ring, error.position, error.fault), place, "{given:?}");
    }
    let short = MultiLineString(vec![LineString::from(vec![(1.0, 1.0), (1.0, 1.0)])]);
    assert_eq!(cut_lines(&short).expect_err("refused").fault, Fault::TooFew);
}

#[test]
fn lines_along_and_across_the_seam_stay_in_one_piece_on_each_side() {
    let cases: [(Positions, &[Positions]); 4] = [
        (
            &[(179.0, 0.0), (181.0, 2.0)],
            &[&[(179.0, 0.0), (180.0, 1.0)], &[(-180.0, 1.0), (-179.0, 2.0)]],
        ),
        (
            &[(179.0, 0.0), (180.0, 0.0), (-180.0, 5.0), (179.0, 5.0)],
            &[&[(179.0, 0.0), (180.0, 0.0), (180.0, 5.0), (179.0, 5.0)]],
        ),
        (
            &[(179.0, 0.0), (180.0, 0.0), (180.0, 5.0), (-179.0, 5.0)],
            &[&[(179.0, 0.0), (180.0, 0.0), (180.0, 5.0)], &[(-180.0, 5.0), (-179.0, 5.0)]],
        ),
        (&[(-180.0, 1.0), (-180.0, 3.0)], &[&[(-180.0, 1.0), (-180.0, 3.0)]]),
    ];
    for (given, expected) in cases {
        let cut =
            cut_lines(&MultiLineString(vec![LineString::from(given.to_vec())])).expect("line");
        let expected: Vec<_> = expected.iter().map(|l| LineString::from(l.to_vec())).collect();
        assert_eq!(cut.0, expected);
    }
}

#[test]
fn borders_that_are_cut_already_stay_as_they_are() {
    for country in Countries::built_in().iter() {
        let cut = cut_polygons(&country.borders).expect("borders");
        assert_eq!(cut.0.len(), country.borders.0.len(), "{}", country.code);
        let change = cut.unsigned_area() - country.borders.unsigned_area();
        assert!(change.abs() < 1e-6, "{}: {change} square degrees", country.code);
    }
}
