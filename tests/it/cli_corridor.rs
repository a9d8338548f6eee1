//! `corridor` scores routes along their length.

use crate::cli::Folder;
use serde_json::{Value, json};
use tamarisk::earth::{Length, Position, geodesic};

fn at(lon: f64, lat: f64) -> Position {
    Position::from_degrees(lon, lat).expect("a position")
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn line(id: &str, coordinates: Value) -> Value {
    json!({"type": "Feature", "id": id, "properties": {"name": id},
        "geometry": {"type": "LineString", "coordinates": coordinates}})
}

fn folder(routes: &[Value]) -> Folder {
    let folder = Folder::with_mines();
    let routes = json!({"type": "FeatureCollection", "features": routes});
    folder.write("routes.geojson", routes.to_string());
    folder
}

const FILES: [&str; 4] = ["corridor", "routes.geojson", "-i", "incidents.csv"];

#[test]
fn each_step_has_the_score_of_the_place_in_its_middle() {
    let folder = folder(&[line("m", json!([[66.5, 29.2], [66.5, 30.0]]))]);
    let asked = [&FILES[..], &["--step", "7km"]].concat();
    let steps = folder.answer(&[&asked[..], &["--geojson"]].concat());
    let steps = steps["features"].as_array().expect("features").clone();
    let whole = geodesic::distance(at(66.5, 29.2), at(66.5, 30.0)).km();
    assert_eq!(steps.len(), 13, "{whole} km");
    let mut reached = 0.0;
    for step in &steps {
        let told = &step["properties"];
        assert_eq!(number(&told["from_km"]), reached);
        reached = number(&told["to_km"]);
        let middle = 0.5 * (number(&told["from_km"]) + reached);
        let place = geodesic::direct(at(66.5, 29.2), 0.0, Length::from_km(middle));
        let place = format!("{},{}", place.lon(), place.lat());
        let alone = folder.answer(&["risk", "--at", &place, "-i", "incidents.csv", "--json"]);
        let (score, told) = (number(&alone["security"]["score"]), number(&told["security_score"]));
        assert!((score - told).abs() <= 0.051, "{place}: {score} alone, {told} on the way");
    }
    assert!((reached - whole).abs() < 0.001, "{reached} of {whole}");
    let routes = folder.answer(&[&asked[..], &["--json"]].concat());
    let route = &routes["routes"][0];
    assert!((number(&route["length_km"]) - whole).abs() < 1e-6);
    let bands: f64 = route["bands_km"].as_object().expect("classes").values().map(number).sum();
    assert!((bands - whole).abs() < 1e-6);
    let exposure = number(&route["mean"]) * whole;
    assert!((exposure - number(&route["exposure"])).abs() < 1e-6 * exposure);
    // The nearest two incidents lie 2.6 km and 72 km from the meridian.
    let counted = |within: &str| {
        let routes = folder.answer(&[&asked[..], &["--json", "--within", within]].concat());
        (routes["routes"][0]["incidents"].clone(), routes["routes"][0]["deaths"].clone())
    };
    let from = |lon: f64, lat: f64| geodesic::distance(at(lon, lat), at(66.5, lat)).km();
    assert!(from(66.523, 29.601) < 3.0 && from(67.251, 29.802) > 70.0);
    assert_eq!(counted("3km"), (json!(1), json!(3)));
    assert_eq!(counted("75km"), (json!(4), json!(8)));
}

#[test]
fn of_routes_between_the_same_ends_the_one_with_the_least_risk_is_told() {
    let through = line("through", json!([[66.2, 29.6], [66.8, 29.6]]));
    let around = line("around", json!([[66.8, 29.6], [66.8, 28.9], [66.2, 28.9], [66.2, 29.6]]));
    let elsewhere = line("elsewhere", json!([[64.2, 28.5], [64.4, 28.5]]));
    let folder = folder(&[through, around, elsewhere]);
    let answer = folder.answer(&[&FILES[..], &["--json"]].concat());
    let routes = answer["routes"].as_array().expect("a list");
    let exposure = |at: usize| number(&routes[at]["exposure"]);
    let comparisons = answer["comparisons"].as_array().expect("a list");
    assert_eq!(comparisons.len(), 1, "{comparisons:?}");
    let (best, other) = if exposure(0) < exposure(1) { (0, 1) } else { (1, 0) };
    assert_eq!(comparisons[0]["best"], routes[best]["id"]);
    assert_eq!(comparisons[0]["other"], routes[other]["id"]);
    let less = number(&comparisons[0]["exposure_less"]);
    assert!((less - (exposure(other) - exposure(best))).abs() < 1e-9);
    // The worst stretch of the way past the incident lies around it.
    let worst = &routes[0]["worst"];
    let (from, to) = (number(&worst["from_km"]), number(&worst["to_km"]));
    let along = geodesic::distance(at(66.2, 29.6), at(66.523, 29.6)).km();
    assert!(from < along && along < to, "{worst} around {along}");
    let table = folder.done(&FILES);
    assert!(table.contains("has the least exposure"), "{table}");
}

#[test]
fn a_route_over_the_seam_is_as_long_as_its_way() {
    let folder = folder(&[line("s", json!([[179.6, 10.0], [180.4, 10.0]]))]);
    let answer = folder.answer(&[&FILES[..], &["--json", "--coverage", "all"]].concat());
    let length = number(&answer["routes"][0]["length_km"]);
    // Along the parallel, as the line runs: longer than the geodesic, and no way round the Earth.
    let geodesic = geodesic::distance(at(179.6, 10.0), at(-179.6, 10.0)).km();
    assert!(length >= geodesic && length < geodesic + 0.01, "{length} {geodesic}");
}

#[test]
fn what_is_no_route_or_no_step_is_refused() {
    let folder = folder(&[line("m", json!([[66.5, 29.2], [66.5, 30.0]]))]);
    for (asked, code, why) in [
        (&["corridor", "sites.csv", "-i", "incidents.csv"][..], 3, "hold no LineString"),
        (&["corridor", "routes.geojson"], 2, "no incidents are given"),
        (&[&FILES[..], &["--step", "0m"]].concat(), 2, "is not above 0"),
        (&[&FILES[..], &["--step", "0.01m"]].concat(), 2, "more than a million steps"),
    ] {
        let ended = folder.run(asked);
        assert_eq!(ended.code, code, "{}", ended.err);
        assert!(ended.err.contains(why), "{}", ended.err);
    }
}
