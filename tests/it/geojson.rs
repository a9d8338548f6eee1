//! GeoJSON, checked with third-party suites: the JSON syntax, its own bad and good files, and faults that must
//! affect only their own feature.

use crate::reading::{Reading, read_bytes, read_source, read_with, says};
use crate::suites::{shared, suite};
use tamarisk::model::{Value, Verdict};
use tamarisk::sources::{Count, Format, Geometry, RawGeometry, ReadOptions, Source, geometry};

/// Every GeoJSON file of the shared data, with its features.
#[test]
#[ignore = "reads ../shared: see tests/it/suites.rs"]
fn every_geojson_of_the_shared_data_streams_whole() {
    let data = shared("data");
    for (file, features) in [
        ("icmm-global-mining/mines.geojson", 8508),
        ("gshhg-rivers/gshhg_rivers_full_pakistan.derived.geojson", 475),
        ("himatibetmap-faults/HimaTibetMap.geojson", 940),
        ("natural-earth/ne_50m_admin_0_countries.geojson", 242),
        ("natural-earth/ne_50m_lakes.geojson", 412),
        ("natural-earth/ne_50m_populated_places.geojson", 1251),
        ("natural-earth/ne_50m_rivers_lake_centerlines.geojson", 478),
    ] {
        let reading = read_source(&Source::path(data.join(file)), &ReadOptions::default())
            .unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(reading.description, "GeoJSON, UTF-8", "{file}");
        let said: Vec<String> = reading.findings.iter().map(|f| f.to_string()).collect();
        assert_eq!(reading.count, Count { read: features, set_aside: 0 }, "{file}: {said:?}");
        let raw = reading.records.iter().filter(|r| matches!(r.geometry, Geometry::Raw(_)));
        let without = reading.records.iter().filter(|r| r.geometry == Geometry::None);
        // One river of Natural Earth has no coordinates.
        assert_eq!(without.count(), usize::from(file.contains("rivers_lake")), "{file}");
        assert!(raw.count() as u64 + 1 >= features, "{file}");
    }
}

/// All real shapes are kept: the only findings are that old writers used the other orientation of rings, and that
/// one river has no coordinates.
#[test]
#[ignore = "reads ../shared: see tests/it/suites.rs"]
fn every_shape_of_the_shared_data_is_kept() {
    let data = shared("data");
    for (file, turned, placeless) in [
        ("icmm-global-mining/mines.geojson", 0, 0),
        ("gshhg-rivers/gshhg_rivers_full_pakistan.derived.geojson", 0, 0),
        ("himatibetmap-faults/HimaTibetMap.geojson", 0, 0),
        ("natural-earth/ne_50m_admin_0_countries.geojson", 242, 0),
        ("natural-earth/ne_50m_lakes.geojson", 412, 0),
        ("natural-earth/ne_50m_rivers_lake_centerlines.geojson", 0, 1),
    ] {
        let reading = read_source(&Source::path(data.join(file)), &ReadOptions::default())
            .unwrap_or_else(|error| panic!("{file}: {error}"));
        let (said, _) = judge(&reading);
        let of = |part: &str| said.iter().filter(|finding| finding.ends_with(part)).count();
        assert_eq!(of("has rings in the wrong direction; reversed"), turned, "{file}");
        assert_eq!(of("is null or empty; no place"), placeless, "{file}");
        assert_eq!(said.len(), turned + placeless, "{file}: {said:?}");
    }
}

/// The files of the JSON suite whose names begin with a letter, with two that are made here since they only repeat a
/// few bytes.
fn json_suite(letter: &str) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(suite("jsontestsuite"))
        .expect("folder")
        .map(|entry| entry.expect("entry").path())
        .map(|path| {
            let name = path.file_name().expect("name").to_string_lossy().into_owned();
            (name, std::fs::read(&path).expect("bytes"))
        })
        .chain([
            ("n_structure_100000_opening_arrays.json".to_owned(), b"[".repeat(100_000)),
            ("n_structure_open_array_object.json".to_owned(), {
                let mut open = b"[{\"\":".repeat(50_000);
                open.push(b'\n');
                open
            }),
        ])
        .filter(|(name, _)| name.starts_with(letter) && name.ends_with(".json"))
        .collect();
    files.sort();
    files
}

/// The result of the GeoJSON reader for a text.
fn json_verdict(name: &str, bytes: &[u8]) -> Result<Reading, String> {
    let options = ReadOptions { format: Some(Format::GeoJson), ..Default::default() };
    read_with(name, bytes, &options).map_err(|error| error.to_string())
}

#[test]
fn texts_that_are_json_are_never_called_otherwise() {
    let files = json_suite("y_");
    for (name, bytes) in &files {
        let said = json_verdict(name, bytes).err().expect("none of them is GeoJSON");
        assert!(!said.contains("not JSON") && !said.contains("cut short"), "{name}: {said}");
        assert!(!said.contains("which is not UTF-8"), "{name}: {said}");
    }
    assert_eq!(files.len(), 95);
}

#[test]
fn texts_that_are_not_json_are_refused() {
    let files = json_suite("n_");
    for (name, bytes) in &files {
        let said = json_verdict(name, bytes).err().unwrap_or_else(|| panic!("{name} was read"));
        let named = ["not JSON", "cut short", "not UTF-8", "is empty", "is not UTF-16"];
        assert!(named.iter().any(|part| said.contains(part)), "{name}: {said}");
    }
    assert_eq!(files.len(), 188);
}

#[test]
fn texts_on_which_json_is_undecided_do_no_harm() {
    let files = json_suite("i_");
    for (name, bytes) in &files {
        drop(json_verdict(name, bytes));
    }
    assert_eq!(files.len(), 35);
}

#[test]
fn a_feature_that_is_none_never_costs_the_others() {
    let text = r#"{"bbox":[0,0,1,1],"features":[
        null,
        {"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"properties":{"a":1}},
        {"type":"Featre","geometry":null,"properties":{}},
        {"type":"Feature","geometry":{"type":"Point","coordinates":[1e999,2]},"properties":{}},
        {"type":"Feature","geometry":{"type":"LineString","coordinates":[[1,2],[3]]},"properties":{"b":"x","a":1e999}},
        {"type":"Feature","id":{},"geometry":{"type":"Polygon","coordinates":[[[1,2,3],"x"]]},"properties":7},
        {"type":"Feature","id":9007199254740993,"geometry":{"type":"Point","coordinates":[3,4,5]},"properties":{"c":{"d": [1, 2]}}}
    ],"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:32642"}}}"#;
    let reading = read_bytes("f.geojson", text.as_bytes()).expect("reads");
    assert_eq!(reading.count, Count { read: 7, set_aside: 2 });
    let columns: Vec<&str> = reading.columns.iter().map(|name| &**name).collect();
    assert_eq!(columns, ["a", "b", "c"]);
    let broken: Vec<String> = reading
        .records
        .iter()
        .filter_map(|record| match &record.geometry {
            Geometry::Broken { part, value, why } => {
                Some(format!("{}: {part}: {value:?} {why}", record.place))
            }
            _ => None,
        })
        .collect();
    assert_eq!(
        broken,
        [
            "feature 3: geometry.coordinates[0]: Some(\"1e999\") is too large for a number",
            "feature 4: geometry.coordinates[1]: Some(\"[3]\") has 1 of the two numbers a position needs",
            "feature 5: geometry.coordinates[0][1]: Some(\"\\\"x\\\"\") is a text; expected a position",
        ]
    );
    let last = reading.records.last().expect("last");
    assert_eq!(last.id, Some(Value::Exact("9007199254740993".into())));
    assert_eq!(last.field(2), &Value::Text(r#"{"d":[1,2]}"#.into()));
    assert_eq!(last.geometry, Geometry::Raw(RawGeometry::Points(vec![[3.0, 4.0]])));
    assert_eq!(
        says(&reading),
        [
            "f.geojson: crs: \"EPSG:32642\" is not WGS84; coordinates are transformed",
            "f.geojson: feature 0: \"null\" is null; expected a Feature",
            "f.geojson: feature 2: type: \"Featre\" is not the type of a feature; did it mean Feature",
            "f.geojson: feature 4: properties.a: \"1e999\" is too large for a number",
            "f.geojson: feature 5: id: \"{}\" is not an id, which is a text or a number; ignored",
            "f.geojson: feature 5: properties: \"7\" is not an object; taken as null",
            "f.geojson: feature 6: coordinates: have positions of more than two numbers; only longitude and latitude are used",
        ]
    );
}

/// A collection of one point with a `crs` member.
fn point_in(crs: &str, x: f64, y: f64) -> String {
    format!(
        r#"{{"type":"FeatureCollection","crs":{crs},"features":[{{"type":"Feature",
        "geometry":{{"type":"Point","coordinates":[{x},{y}]}},"properties":null}}]}}"#
    )
}

#[test]
fn a_crs_member_is_used_or_refused() {
    let named = |name: &str| format!(r#"{{"type":"name","properties":{{"name":"{name}"}}}}"#);
    for crs in ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"] {
        let reading = read_bytes("c.geojson", point_in(&named(crs), 62.0, 29.0).as_bytes());
        assert_eq!(says(&reading.expect(crs)), [""; 0], "{crs}");
    }
    let reading = read_bytes("c.geojson", point_in("null", 62.0, 29.0).as_bytes()).expect("reads");
    let said = "c.geojson: crs: \"null\" leaves the CRS open; read as WGS84";
    assert_eq!(says(&reading), [said]);
    for crs in [named("EPSG:999999"), r#"{"type":"link","properties":{"href":"x"}}"#.into()] {
        let error = read_bytes("c.geojson", point_in(&crs, 0.0, 0.0).as_bytes()).err().expect(&crs);
        assert!(!error.is_io() && error.hint().is_some(), "{error}");
    }
}

#[cfg(feature = "proj")]
#[test]
fn coordinates_of_another_crs_are_transformed_and_checked() {
    let utm = r#"{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32642"}}"#;
    let text = point_in(utm, 500_000.0, 3_318_785.35);
    let reading = read_bytes("c.geojson", text.as_bytes()).expect("reads");
    let shape = geometry::shape(&reading.records[0].geometry, &reading.crs).expect("shape").0;
    let at = shape.as_point().expect("point");
    assert!((at.lon() - 69.0).abs() < 1e-6 && (at.lat() - 30.0).abs() < 1e-6, "{at}");
    let options = ReadOptions { crs: Some("EPSG:4326".into()), ..ReadOptions::default() };
    let reading = read_with("c.geojson", text.as_bytes(), &options).expect("reads");
    assert!(says(&reading)[0].contains("is not the CRS asked for; read as OGC:CRS84"));
    assert!(geometry::shape(&reading.records[0].geometry, &reading.crs).is_err());
    let reading = read_bytes("c.geojson", point_in(utm, 66.99, 30.18).as_bytes()).expect("reads");
    let (said, whole) = judge(&reading);
    assert!(
        !whole && said.iter().any(|s| s.contains("outside the area of EPSG:32642")),
        "{said:?}"
    );
}

#[test]
fn json_that_is_cut_short_or_goes_on_is_refused_with_its_place() {
    for (text, part) in [
        (
            r#"{"type":"FeatureCollection","features":[{"type":"Feature""#,
            "line 1 column 57: the JSON text is cut short",
        ),
        (
            "{\"type\":\"FeatureCollection\",\n\"features\":[]} x",
            "line 2 column 16: is not JSON: trailing characters",
        ),
        (r#"{"type":"FeatureCollection","features":[{"a":NaN}]}"#, "column 46: is not JSON"),
        ("{\"type\":\"Feature\"}\n{\"type\":\"Fea", "line 2 column 12: the JSON text is cut short"),
        ("[1,2]", "is a list"),
        ("null", "is null"),
        (r#"{"type":"Topology"}"#, "is not a GeoJSON type"),
        (r#"{"type":"FeatureCollection"}"#, "without features"),
        (r#"{"type":"FeatureCollection","features":{}}"#, "is not a list"),
    ] {
        let error = read_bytes("f.geojson", text.as_bytes()).err().expect(text);
        assert!(error.is_data() && error.to_string().contains(part), "{text}: {error}");
    }
}

#[test]
fn objects_a_line_and_sequences_are_read() {
    let lines = "{\"type\":\"Point\",\"coordinates\":[1,2]}\r\n\r\n{\"type\":\"Feature\",\"properties\":{\"a\":\"x\"},\"geometry\":null}\n{broken}\n{\"type\":\"Point\",\"coordinates\":[3,4]}\n";
    let reading = read_bytes("l.geojsonl", lines.as_bytes()).expect("reads");
    assert_eq!(reading.description, "GeoJSON, newline-delimited, UTF-8");
    assert_eq!(reading.count, Count { read: 4, set_aside: 1 });
    assert_eq!(
        says(&reading),
        ["l.geojsonl: feature 2: line 4: is not JSON: key must be a string"]
    );
    let sequence = "\u{1e}{\"type\":\"Point\",\n\"coordinates\":[1,2]}\n\u{1e}{\"type\":\"Point\",\"coordinates\":[3,4]}\n";
    let reading = read_bytes("s.geojsons", sequence.as_bytes()).expect("reads");
    assert_eq!(reading.description, "GeoJSON, RFC 8142 sequence, UTF-8");
    assert_eq!(reading.count, Count { read: 2, set_aside: 0 });
}

/// The findings of a reading and of the judgement of each of its shapes; and whether every record
/// became a shape.
fn judge(reading: &Reading) -> (Vec<String>, bool) {
    let mut said = says(reading);
    let mut whole = reading.count.set_aside == 0;
    for record in &reading.records {
        match geometry::shape(&record.geometry, &reading.crs) {
            Ok((_, notes)) => said.extend(
                notes.into_iter().map(|n| n.of(&"f".into(), &record.place, None).to_string()),
            ),
            Err(note) => {
                assert_eq!(note.verdict, Verdict::SetAside);
                whole = false;
                said.push(note.of(&"f".into(), &record.place, record.id.as_ref()).to_string());
            }
        }
    }
    (said, whole)
}

/// The files with a given ending in a folder and its subfolders.
fn files(folder: &str, end: &str) -> Vec<(String, Vec<u8>)> {
    let root = suite(folder);
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("folder") {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(end) {
                let name = path.strip_prefix(&root).expect("below").to_string_lossy().into_owned();
                files.push((name, std::fs::read(&path).expect("bytes")));
            }
        }
    }
    files.sort();
    files
}

/// Bad files without a finding, each with the reason.
const NOTHING_TO_SAY: [(&str, &str); 2] = [
    (
        "excessive_precision_truncated.geojson",
        "ten decimals are more than anyone needs, but every number says what it should",
    ),
    (
        "geometrycollection_single.geojson",
        "a collection of one point is a point; RFC 7946 only advises against it",
    ),
];

#[test]
fn every_bad_file_of_the_suites_is_refused_or_found_fault_with() {
    let mut bad = files("geojsonhint/bad", ".geojson");
    let hints = bad.len();
    bad.extend(files("geojson-schema/invalid", ".json"));
    for (name, bytes) in &bad {
        let said = match read_bytes(name, bytes) {
            Err(error) => vec![error.to_string()],
            Ok(reading) => judge(&reading).0,
        };
        let excused = NOTHING_TO_SAY.iter().any(|(file, _)| file == name);
        assert_eq!(said.is_empty(), excused, "{name}: {said:?}");
    }
    assert_eq!((hints, bad.len()), (44, 80));
}

/// Good files whose record is set aside, each with the reason.
const NO_SHAPE: [(&str, &str); 4] = [
    (
        "issue82.geojson",
        "its latitudes go to -107: the suite checks the form, which RFC 7946 leaves without a range",
    ),
    ("geometrycollection/3d.json", MIXED),
    ("geometrycollection/basic.json", MIXED),
    ("geometrycollection/bbox.json", MIXED),
];

const MIXED: &str =
    "a record of polygons and of lines that lie outside them is no one kind of thing on a map";

#[test]
fn every_good_file_of_the_suites_is_read() {
    let mut good = files("geojsonhint/good", ".geojson");
    let hints = good.len();
    good.extend(files("geojson-schema/valid", ".json"));
    for (name, bytes) in &good {
        let reading = read_bytes(name, bytes).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(reading.count.set_aside, 0, "{name}");
        let (said, whole) = judge(&reading);
        let placeless = reading.records.iter().any(|record| record.geometry == Geometry::None);
        let excused = NO_SHAPE.iter().any(|(file, _)| file == name);
        assert_eq!(whole, !placeless && !excused, "{name}: {said:?}");
    }
    assert_eq!((hints, good.len()), (18, 48));
}
