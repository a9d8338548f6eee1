//! The layer of links: lines go from edge to edge, and none is drawn for a distance of zero.

use geo_types::{Coord, LineString};
use std::collections::BTreeMap;
use tamarisk::earth::{Position, geodesic};
use tamarisk::layers::{Geometry, Property};
use tamarisk::model::{Declared, ReceptorKind};
use tamarisk::run::{
    self, Cancel, Case, CoverageChoice, Inputs, LayerName, Request, Rules, Unwatched,
};
use tamarisk::sources::Source;

macro_rules! made {
    ($name:literal) => {
        Source::embedded($name, include_bytes!(concat!("../qgis/", $name)))
    };
}

/// Every link of the test sites across the antimeridian, at the poles and with shapes: its lines
/// and its distance in km.
fn links() -> BTreeMap<String, (Vec<LineString<f64>>, f64)> {
    let inputs = Inputs {
        sites: vec![made!("sites.geojson")],
        incidents: vec![made!("incidents.csv")],
        receptors: vec![
            (Some(ReceptorKind::Rivers), made!("rivers.geojson")),
            (Some(ReceptorKind::SensitiveAreas), made!("areas.geojson")),
        ],
        ..Inputs::default()
    };
    let coverage = CoverageChoice::Declared(vec![Declared::EVERYWHERE]);
    let rules = Rules { coverage, ..Rules::default() };
    let request = Request { inputs, rules, ..Request::default() };
    let case = Case::open(&request, &Unwatched, &Cancel::new()).expect("the case");
    let scored = run::perform_exposed(&case, &Unwatched, &Cancel::new()).expect("scores");
    let mut links = BTreeMap::new();
    run::with_layers(&case, &scored, LayerName::Links, |layer| {
        let km = layer.columns().iter().position(|c| &*c.name == "distance_km").expect("a column");
        for feature in (0..layer.len()).filter_map(|index| layer.feature(index)) {
            let Geometry::Lines(lines) = feature.geometry else {
                panic!("{}: no lines", feature.id)
            };
            let Property::Number(km, _) = feature.properties[km] else { panic!("{}", feature.id) };
            links.insert(feature.id, (lines.into_owned().0, km));
        }
    })
    .expect("layers");
    links
}

fn length_km(lines: &[LineString<f64>]) -> f64 {
    let at = |c: Coord<f64>| Position::from_coord(c).expect("a position");
    let edges = lines.iter().flat_map(LineString::lines);
    edges.map(|edge| geodesic::distance(at(edge.start), at(edge.end)).km()).sum()
}

#[test]
fn a_link_is_as_long_as_its_distance_says() {
    let links = links();
    assert!(links.len() > 20, "{} links", links.len());
    for (id, (lines, km)) in &links {
        let drawn = length_km(lines);
        assert!((drawn - km).abs() < 1e-4 * km.max(1.0), "{id}: {drawn} km drawn, {km} km told");
    }
    // The ways between shapes as densified by 100 m and measured with pyproj.
    for (id, km) in [
        ("E7>sensitive_areas:A1", 11.067),
        ("E9>sensitive_areas:A2", 10.957),
        ("E9>rivers:R3", 14.175),
    ] {
        assert!((links[id].1 - km).abs() < 0.001, "{id}: {} km", links[id].1);
    }
}

#[test]
fn two_things_at_one_place_have_a_link_without_a_line() {
    let links = links();
    for id in ["E1>incident:X3", "E4>incident:X7", "E7>incident:X9"] {
        assert_eq!(links[id], (Vec::new(), 0.0), "{id}");
    }
    assert!(links.values().all(|(lines, km)| lines.is_empty() == (*km == 0.0)));
}

#[test]
fn a_link_over_the_seam_is_cut_there() {
    let (lines, _) = &links()["E2>incident:X4"];
    let ends: Vec<f64> = lines.iter().flat_map(|line| line.0.iter().map(|at| at.x)).collect();
    assert_eq!(ends, [179.95, 180.0, -180.0, -179.5]);
}
