//! Geodesics and areas against Karney's test set (GeodTest, computed with far more digits than a double holds):
//! geodesics of all kinds, nearly antipodal ones, short ones, ones over the poles.

use crate::suites::{shared, suite};
use std::io::Read;
use tamarisk::earth::{Length, Position, SEMI_MAJOR, geodesic};

/// # Units
/// Meters: 15 nanometers.
const EXACT: f64 = 15e-9;

/// The rounding error of a longitude as a double, on the ground at the equator.
///
/// # Units
/// Meters.
const ROUNDED: f64 = 1.6e-9;

/// A line of the set.
struct Known {
    number: usize,
    from: Position,
    /// At `from`, degrees clockwise from north.
    azimuth: f64,
    to: Position,
    /// Meters.
    length: f64,
    /// How far apart, in meters, two ways of this length end that set out one radian apart.
    reduced: f64,
    /// Square meters between the way and the equator, negative below it.
    area: f64,
}

fn known(text: &str) -> Vec<Known> {
    let at = |lon: f64, lat: f64| Position::from_degrees(lon, lat).expect("a position");
    text.lines()
        .enumerate()
        .map(|(number, line)| {
            let columns: Vec<f64> =
                line.split_whitespace().map(|word| word.parse().expect("a number")).collect();
            match columns[..] {
                [lat1, lon1, azimuth, lat2, lon2, _, length, _, reduced, area] => Known {
                    number: number + 1,
                    from: at(lon1, lat1),
                    azimuth,
                    to: at(lon2, lat2),
                    length,
                    reduced,
                    area,
                },
                _ => panic!("line {} has {} columns", number + 1, columns.len()),
            }
        })
        .collect()
}

/// Every twentieth line of the set.
fn some() -> Vec<Known> {
    let text = std::fs::read_to_string(suite("geodesics/GeodTest-500.dat")).expect("the sample");
    let known = known(&text);
    assert_eq!(known.len(), 500);
    known
}

fn all() -> Vec<Known> {
    let path = shared("suites/geodesic-karney-10k").join("geokit/tests/data/GeodTest-short.dat.gz");
    let packed = std::fs::File::open(path).expect("the set");
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed).read_to_string(&mut text).expect("text");
    let known = known(&text);
    assert_eq!(known.len(), 10_000);
    known
}

#[test]
fn geodesics_are_karneys_to_15_nanometers() {
    ways_are_known(some());
}

#[test]
#[ignore = "reads ../shared: see tests/it/suites.rs"]
fn ten_thousand_geodesics_are_karneys_to_15_nanometers() {
    ways_are_known(all());
}

fn ways_are_known(set: Vec<Known>) {
    for Known { number, from, azimuth, to, length, reduced, .. } in set {
        let way = geodesic::inverse(from, to);
        let off = (way.length.meters() - length).abs();
        assert!(off <= EXACT, "line {number}: {off:e} m off");
        assert_eq!(geodesic::distance(from, to), way.length, "line {number}");

        // How far past the end a wrong bearing leads; where all ways meet again it does not matter.
        let turn = (way.bearing - azimuth + 540.0).rem_euclid(360.0) - 180.0;
        let aside = turn.to_radians().abs() * reduced.abs();
        assert!(aside <= EXACT, "line {number}: the bearing leads {aside:e} m aside");

        let end = geodesic::direct(from, azimuth, Length::from_meters(length));
        let off = geodesic::distance(end, to).meters();
        assert!(off <= EXACT, "line {number}: ends {off:e} m off");
    }
}

/// The ring down to the equator, along it and up again encloses the area under the geodesic. Coordinates as
/// doubles are off by nanometers, and a nearly antipodal geodesic deviates by this error times the Earth's
/// radius over its reduced length, which changes its area.
fn areas_are_known(set: Vec<Known>) {
    let (mut asked, least) = (0, set.len() * 13 / 20);
    for Known { number, from, to, length, reduced, area, .. } in set {
        // Past 179° the shortest way between two places on the equator leaves it.
        if to.lon() > 179.0 {
            continue;
        }
        let foot = |lon| Position::from_degrees(lon, 0.0).expect("a position");
        let ring = [from, foot(from.lon()), foot(to.lon()), to];
        let off = (geodesic::ring_area(&ring) - area.abs()).abs();
        let swings_out = ROUNDED * SEMI_MAJOR / reduced.abs();
        // A double of this size holds a sixty-fourth of a square meter, and four edges add up.
        let allowed = 0.5 + swings_out * length;
        assert!(off <= allowed, "line {number}: {off} of {allowed} square meters off of {area}");
        asked += 1;
    }
    assert!(asked > least, "only {asked} were asked");
}

#[test]
fn the_areas_under_geodesics_are_karneys() {
    areas_are_known(some());
}

#[test]
#[ignore = "reads ../shared: see tests/it/suites.rs"]
fn the_areas_under_ten_thousand_geodesics_are_karneys() {
    areas_are_known(all());
}
