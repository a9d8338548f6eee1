//! Layers become GeoJSON that survives a round trip, with one geometry type per file and flat
//! columns that keep their types.

use crate::suites::suite;
use geo_types::{LineString, MultiLineString, MultiPolygon, Polygon};
use jiff::civil::date;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use tamarisk::earth::{Length, Position, Shape};
use tamarisk::layers::{
    Digits, IncidentUse, Layer, OwnColumns, Table, footprint_lines, footprints, incidents, rings,
};
use tamarisk::measures::Count;
use tamarisk::model::{
    DateSpan, Domain, Finding, Incident, Own, Part, Place, SecurityType, Site, Value, Verdict,
};
use tamarisk::sinks::{csv, geojson};

fn at(lon: f64, lat: f64) -> Position {
    Position::from_degrees(lon, lat).expect("position")
}

fn site(id: &str, lon: f64, lat: f64) -> Site {
    Site {
        id: id.to_owned(),
        name: format!("Site {id}"),
        file: "sites.csv".into(),
        place: Place::Line(2),
        position: at(lon, lat),
        shape: Shape::point(at(lon, lat)),
        accuracy: None,
        country: None,
        group: None,
        part: Part::Mine,
        tailings: Default::default(),
        water_stress: None,
        water_stress_aside: Default::default(),
        columns: Vec::new(),
    }
}

fn incident(id: &str) -> Incident {
    Incident {
        id: id.into(),
        file: "incidents.csv".into(),
        place: Place::Line(7),
        position: at(62.5, 29.25),
        accuracy: Some(Length::from_km(25.0)),
        vague: false,
        date: Some(DateSpan::day(date(2024, 3, 12))),
        domain: Domain::Security,
        security_type: Some(SecurityType::Explosions),
        event_type: "Remote explosive".into(),
        finer_type: None,
        fatalities: Some(3),
        fatalities_range: None,
        country: None,
        magnitude: None,
        depth_km: None,
        own: Own::default(),
    }
}

/// The bytes of a layer as GeoJSON.
fn bytes_of(layer: &Layer) -> Vec<u8> {
    let mut bytes = Vec::new();
    geojson::write(layer, &mut bytes).expect("memory");
    bytes
}

fn parsed(layer: &Layer) -> Json {
    serde_json::from_slice(&bytes_of(layer)).expect("JSON")
}

pub fn never() -> bool {
    false
}

#[test]
fn rings_are_written_with_their_counts() {
    let sites = [site("a", 62.0, 29.0), site("b", 179.99, 10.0)];
    let radii = [Length::from_km(5.0), Length::from_km(50.0)];
    let count = |site: usize, radius: usize| {
        (site == 0).then(|| Count { incidents: 3 * (radius as u32 + 1), fatalities: 1 << 40 })
    };
    let layer = rings(&sites, &radii, count).expect("radii");
    let file = parsed(&layer);
    assert_eq!(file["type"], "FeatureCollection");
    assert_eq!(file["name"], "rings");
    let features = file["features"].as_array().expect("features");
    let ids: Vec<_> = features.iter().map(|f| f["id"].as_str().expect("id")).collect();
    assert_eq!(
        ids,
        ["a:50km", "b:50km", "a:5km", "b:5km"],
        "maps draw small rings over large ones"
    );
    assert!(features.iter().all(|f| f["geometry"]["type"] == "MultiPolygon"));
    assert_eq!(features[0]["properties"]["incidents"], 6.0);
    assert_eq!(features[0]["properties"]["fatalities"], (1u64 << 40) as f64);
    assert_eq!(features[0]["properties"]["radius_km"], 50.0);
    assert_eq!(features[1]["properties"]["incidents"], Json::Null);
    assert_eq!(features[1]["geometry"]["coordinates"].as_array().expect("parts").len(), 2);
    let bbox = file["bbox"].as_array().expect("bbox");
    assert!(bbox[0].as_f64() > bbox[2].as_f64(), "crosses the seam: {bbox:?}");
}

#[test]
fn a_radius_without_a_ring_is_refused_before_anything_is_written() {
    let sites = [site("a", 62.0, 29.0)];
    assert!(rings(&sites, &[Length::ZERO], |_, _| None).is_err());
}

#[test]
fn incidents_say_what_became_of_them() {
    let known = [incident("i-1"), incident("i-2")];
    let uses = [
        IncidentUse {
            incident: &known[0],
            age_days: Some(100),
            severity: Some(1.602_06),
            decay: Some(0.5),
            unused: None,
        },
        IncidentUse {
            incident: &known[1],
            age_days: None,
            severity: None,
            decay: None,
            unused: Some("lies after the day of the scores"),
        },
    ];
    let file = parsed(&incidents(&known, |at| uses.get(at).cloned()));
    assert_eq!(
        file["features"][0]["properties"],
        json!({
            "domain": "security", "security_type": "explosions", "event_type": "Remote explosive",
            "finer_type": null, "date": "2024-03-12", "first_date": "2024-03-12", "age_days": 100,
            "fatalities": 3, "severity": 1.6021, "decay": 0.5, "weight": 0.80103,
            "magnitude": null, "depth_km": null, "position_accuracy_km": 25.0, "country": null,
            "actors_claimed": null, "location": null, "source": null, "source_url": null,
            "file": "incidents.csv", "place": "line 7", "used": true, "unused_because": null
        })
    );
    assert_eq!(file["features"][1]["properties"]["used"], false);
    assert_eq!(file["features"][0]["geometry"]["coordinates"], json!([62.5, 29.25]));
}

#[test]
fn polygons_and_lines_go_to_files_of_their_own() {
    let ring: LineString<f64> = vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)].into();
    let mut pit = site("pit", 0.5, 0.5);
    pit.shape = Shape::Polygons(MultiPolygon(vec![Polygon::new(ring, Vec::new())]));
    let mut road = site("road", 2.0, 2.0);
    road.shape = Shape::Lines(MultiLineString(vec![vec![(2.0, 2.0), (3.0, 3.0)].into()]));
    road.part = Part::Road;
    road.group = Some("pit".to_owned());
    let sites = [site("camp", 0.0, 0.0), pit, road];
    let score = || {
        Table::new().number("score", Digits::Decimals(1), None, "Its score", |index: &usize| {
            Some(*index as f64)
        })
    };

    let polygons = parsed(&footprints(&sites, score()));
    assert_eq!(polygons["features"].as_array().expect("features").len(), 1);
    assert_eq!(polygons["features"][0]["id"], "pit");
    assert_eq!(polygons["features"][0]["properties"]["score"], 1.0);
    assert_eq!(polygons["features"][0]["geometry"]["type"], "MultiPolygon");

    let lines = parsed(&footprint_lines(&sites, score()));
    assert_eq!(lines["features"][0]["properties"]["part"], "road");
    assert_eq!(lines["features"][0]["properties"]["group"], "pit");
    assert_eq!(lines["features"][0]["properties"]["score"], 2.0);
    assert_eq!(
        lines["features"][0]["geometry"],
        json!({"type": "MultiLineString", "coordinates": [[[2.0, 2.0], [3.0, 3.0]]]})
    );
}

#[test]
fn every_layer_has_flat_columns_that_a_geopackage_takes() {
    let sites = [site("a", 62.0, 29.0)];
    let radii = [Length::from_km(5.0)];
    let layers = [
        rings(&sites, &radii, |_, _| None).expect("radii"),
        incidents(&[], |_| None),
        footprints(&sites, Table::new()),
        footprint_lines(&sites, Table::new()),
    ];
    for layer in &layers {
        let names: Vec<String> = layer.column_names().map(|n| n.to_lowercase()).collect();
        let distinct: BTreeSet<_> = names.iter().collect();
        assert_eq!(distinct.len(), names.len(), "{}", layer.name());
        for taken in ["id", "fid", "geom", "geometry"] {
            assert!(!names.iter().any(|name| name == taken), "{} has {taken}", layer.name());
        }
        assert!(layer.columns().iter().all(|column| !column.about.is_empty()));
    }
}

#[test]
fn an_empty_layer_is_whole_and_has_no_box() {
    let layer = incidents(&[], |_| None);
    let text = String::from_utf8(bytes_of(&layer)).expect("text");
    assert_eq!(text, "{\"type\":\"FeatureCollection\",\"name\":\"incidents\",\"features\":[]}\n");
}

/// A layer of many points with the number of its generation on each.
pub fn many<'a>(count: usize, generation: u32) -> Layer<'a> {
    let table = Table::new()
        .number("generation", Digits::Decimals(0), None, "Which", move |_: &usize| {
            Some(f64::from(generation))
        })
        .text("text", "Some text", |index| Some(format!("feature number {index}")));
    Layer::points("many", table, count, move |index| {
        let position = at((index % 360) as f64 - 180.0, (index % 180) as f64 - 90.0);
        Some((index.to_string(), position, index))
    })
}

#[test]
fn the_bytes_are_the_same_at_any_number_of_threads() {
    let sites: Vec<Site> = (0..300)
        .map(|i| site(&i.to_string(), f64::from(i) - 150.0, f64::from(i % 170) - 85.0))
        .collect();
    let radii = [Length::from_km(50.0), Length::from_km(1000.0)];
    let layers = [rings(&sites, &radii, |_, _| None).expect("radii"), many(20_000, 1)];
    for layer in &layers {
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("pool");
            pool.install(|| bytes_of(layer))
        };
        let one = with(1);
        assert!(one.len() > 1_000_000);
        for threads in [2, 3, 8] {
            assert!(with(threads) == one, "{} with {threads} threads", layer.name());
        }
    }
}

#[test]
fn each_feature_stands_on_a_line_of_its_own_and_whole_numbers_have_no_point() {
    let text = String::from_utf8(bytes_of(&many(1500, 3))).expect("text");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 1502);
    for line in &lines[1..1501] {
        let feature: Json = serde_json::from_str(line.trim_end_matches(',')).expect("a feature");
        assert_eq!(feature["type"], "Feature");
        assert!(line.contains("\"generation\":3,"), "{line}");
    }
}

#[test]
fn hostile_strings_come_back_from_geojson_as_they_were() {
    let mut texts: Vec<String> = vec!["\u{0}\u{1f}\"\\\u{2028}\u{202e}</script>".to_owned()];
    let list = std::fs::read_to_string(suite("naughty-strings/blns.json")).expect("list");
    texts.extend(serde_json::from_str::<Vec<String>>(&list).expect("strings"));
    assert!(texts.len() > 400);
    let texts = &texts;
    let table = Table::new().text("name", "A name", |index: &usize| texts.get(*index).cloned());
    let layer = Layer::points("hostile", table, texts.len(), |index| {
        Some((texts.get(index)?.clone(), at(0.0, 0.0), index))
    });
    let file = parsed(&layer);
    for (feature, text) in file["features"].as_array().expect("features").iter().zip(texts) {
        assert_eq!(feature["id"], text.as_str());
        let name = if text.is_empty() { Json::Null } else { Json::from(text.as_str()) };
        assert_eq!(feature["properties"]["name"], name);
    }
}

#[test]
fn hostile_strings_in_rejects_are_guarded_and_come_back() {
    let mut texts = vec!["=1+1".to_owned(), "@x".to_owned(), "-5".to_owned(), "a\r\nb".to_owned()];
    let list = std::fs::read_to_string(suite("naughty-strings/blns.json")).expect("list");
    texts.extend(serde_json::from_str::<Vec<String>>(&list).expect("strings"));
    let findings: Vec<Finding> = texts
        .iter()
        .map(|text| Finding {
            code: tamarisk::Code::ValueDoubtful,
            file: "sites.csv".into(),
            place: Place::Line(4),
            id: Some(text.clone()),
            field: Some("name".to_owned()),
            value: Some(text.clone()),
            why: "is not a name".to_owned(),
            verdict: Verdict::SetAside,
        })
        .collect();
    let mut bytes = Vec::new();
    csv::write_findings(&findings, tamarisk::Face::CALL, &mut bytes).expect("memory");
    let mut reader = ::csv::Reader::from_reader(bytes.as_slice());
    assert_eq!(
        reader.headers().expect("head").iter().collect::<Vec<_>>(),
        ["file", "place", "id", "field", "value", "why", "verdict", "code"]
    );
    let rows: Vec<_> = reader.records().collect::<Result<_, _>>().expect("rows");
    assert_eq!(rows.len(), texts.len());
    for (row, text) in rows.iter().zip(&texts) {
        assert_eq!((&row[0], &row[1], &row[6]), ("sites.csv", "line 4", "set aside"));
        for cell in [&row[2], &row[4]] {
            let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
            assert!(!runs || cell.parse::<f64>().is_ok(), "{cell:?}");
            assert!(cell == text || cell.strip_prefix('\'') == Some(text), "{cell:?} {text:?}");
        }
    }
}

#[test]
fn the_sites_own_columns_keep_one_kind_each() {
    let text = |t: &str| Value::Text(t.to_owned());
    let column = |name: &str, value: Value| (std::sync::Arc::from(name), value);
    let mut first = site("a", 0.0, 0.0);
    first.columns = vec![
        column("Depth", text("12.50")),
        column("code", text("7")),
        column("open", text("TRUE")),
        column("ref", Value::Exact("12345678901234567890".to_owned())),
        column("DEPTH", text("x")),
        column("", text("no name")),
        column("line\nbreak", Value::Number(f64::NAN)),
        column("void", text(" ")),
    ];
    let mut second = site("b", 1.0, 1.0);
    second.columns = vec![
        column("owner", text("=cmd")),
        column("code", text("007")),
        column("Depth", Value::Number(3.0)),
        column("open", Value::Missing),
    ];
    let sites = [first, second];
    let own = OwnColumns::of(&sites, ["name", "site_Ref"]);
    let names: Vec<&str> = own.names().collect();
    assert_eq!(
        names,
        [
            "site_Depth",
            "site_code",
            "site_open",
            "site_ref_2",
            "site_DEPTH_2",
            "site_column",
            "site_line_break",
            "site_void",
            "site_owner"
        ]
    );
    let layer = Layer::points("sites", own.table(), sites.len(), |index| {
        let site = sites.get(index)?;
        Some((site.id.clone(), site.position, site))
    });
    let file = parsed(&layer);
    assert_eq!(
        file["features"][0]["properties"],
        json!({
            "site_Depth": 12.5, "site_code": "7", "site_open": true,
            "site_ref_2": "12345678901234567890", "site_DEPTH_2": "x", "site_column": "no name",
            "site_line_break": "NaN", "site_void": null, "site_owner": null
        })
    );
    assert_eq!(
        file["features"][1]["properties"],
        json!({
            "site_Depth": 3.0, "site_code": "007", "site_open": null, "site_ref_2": null,
            "site_DEPTH_2": null, "site_column": null, "site_line_break": null,
            "site_void": null, "site_owner": "=cmd"
        })
    );
    let keys = |index: usize| -> Vec<String> {
        file["features"][index]["properties"].as_object().expect("object").keys().cloned().collect()
    };
    assert_eq!(keys(0), names);
    assert_eq!(keys(1), names);
}
