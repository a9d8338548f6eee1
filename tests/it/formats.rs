//! From files to records: every format, every damage, and the outside suites that judge readers.

use crate::suites::shared;
use std::sync::Arc;
use tamarisk::model::{Findings, Value};
use tamarisk::sources::{
    Count, Format, Geometry, RawGeometry, ReadOptions, Reader, Record, Source,
};

/// Everything a reading yields.
struct Reading {
    description: String,
    columns: Vec<Arc<str>>,
    records: Vec<Record>,
    findings: Findings,
    count: Count,
}

fn read_source(source: &Source, options: &ReadOptions) -> tamarisk::Result<Reading> {
    let reader = Reader::open(source, options)?;
    let mut findings = Findings::default();
    let mut records = Vec::new();
    let mut columns = reader.columns().to_vec();
    let count = reader.for_each(&mut findings, &mut |record, names, _| {
        columns = names.to_vec();
        records.push(record);
        Ok(())
    })?;
    let description = reader.description().to_owned();
    Ok(Reading { description, columns, records, findings, count })
}

fn read_bytes(name: &str, bytes: &[u8]) -> tamarisk::Result<Reading> {
    read_with(name, bytes, &ReadOptions::default())
}

fn read_with(name: &str, bytes: &[u8], options: &ReadOptions) -> tamarisk::Result<Reading> {
    read_source(&Source::embedded(name, Vec::leak(bytes.to_vec())), options)
}

#[test]
fn csv_spectrum_is_read_exactly() {
    let Some(suite) = shared("suites/csv-spectrum") else { return };
    let mut names: Vec<_> = std::fs::read_dir(suite.join("csvs"))
        .expect("folder")
        .map(|entry| entry.expect("entry").path())
        .collect();
    names.sort();
    assert_eq!(names.len(), 12);
    for path in names {
        let reading = read_source(&Source::path(&path), &ReadOptions::default()).expect("reads");
        let stem = path.file_stem().expect("stem").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(suite.join("json").join(format!("{stem}.json")))
            .expect("expected output");
        let rows = match serde_json::from_str(&text).expect("json") {
            serde_json::Value::Array(rows) => rows,
            // One file's only row is not in a list.
            row => vec![row],
        };
        let expected: Vec<_> = rows.iter().map(|row| row.as_object().expect("object")).collect();
        assert_eq!(reading.records.len(), expected.len(), "{stem}");
        for (record, object) in reading.records.iter().zip(&expected) {
            let got: Vec<(String, String)> = reading
                .columns
                .iter()
                .enumerate()
                .map(|(at, name)| (name.to_string(), record.field(at).to_string()))
                .collect();
            let wanted: Vec<(String, String)> = object
                .iter()
                .map(|(key, value)| (key.clone(), value.as_str().expect("text").to_owned()))
                .collect();
            // The suite gives the telephone number of this file otherwise in its own expected
            // output; the other columns are compared.
            let skipped = usize::from(stem == "location_coordinates");
            assert_eq!(got[skipped..], wanted[skipped..], "{stem}");
        }
    }
}

/// The tables of text in the shared data, with the rows that their README or a count by another
/// program gives.
#[test]
fn every_table_of_the_shared_data_streams_whole() {
    let Some(data) = shared("data") else { return };
    for (file, description, rows, columns) in [
        ("pakistan-facts/sites.csv", "CSV, comma, UTF-8", 70, 16),
        ("pakistan-facts/incidents.csv", "CSV, comma, UTF-8", 163, 22),
        ("pakistan-facts/receptors.csv", "CSV, comma, UTF-8", 75, 15),
        ("ucdp-ged-pakistan/conflict_data_pak.csv", "CSV, comma, UTF-8", 6417, 50),
        ("ucdp-ged-sample/ucdpged.derived.csv", "CSV, comma, UTF-8", 1000, 49),
        ("noaa-significant-earthquakes/NOAA-20240412.tsv", "CSV, tab, UTF-8", 4649, 39),
        ("usgs-earthquakes-m55/earthquakes.csv", "CSV, comma, UTF-8", 23412, 21),
        ("geonames/rg_cities1000.csv", "CSV, comma, UTF-8", 144563, 6),
    ] {
        let reading = read_source(&Source::path(data.join(file)), &ReadOptions::default())
            .unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(reading.description, description, "{file}");
        let said: Vec<String> = reading.findings.iter().map(|f| f.to_string()).collect();
        assert_eq!(reading.count.read, rows, "{file}: {said:?}");
        assert_eq!(reading.columns.len(), columns, "{file}");
        assert_eq!(reading.count.set_aside, 0, "{file}: {said:?}");
    }
}

#[test]
fn windows_1252_is_refused_with_its_place_and_read_when_named() {
    let Some(data) = shared("data") else { return };
    let source = Source::path(data.join("hma-glof/HMAGLOFDB.csv"));
    let error = read_source(&source, &ReadOptions::default()).err().expect("refused");
    assert!(error.is_data(), "{error}");
    assert!(error.to_string().contains("which is not UTF-8"), "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("--encoding windows-1252")));
    let options = ReadOptions { encoding: Some("windows-1252".into()), ..Default::default() };
    let reading = read_source(&source, &options).expect("reads");
    assert_eq!(reading.count, Count { read: 773, set_aside: 0 });
    assert_eq!(reading.description, "CSV, comma, windows-1252");
}

#[test]
fn a_ragged_row_is_set_aside_with_the_line_it_begins_on() {
    let text = "id,name,lat\n1,a,2\n\n2,\"b\nb\",3\n3,c\n4,d,5,6\n5,e,6\n,,\n";
    let reading = read_bytes("ragged.csv", text.as_bytes()).expect("reads");
    assert_eq!(reading.count, Count { read: 5, set_aside: 2 });
    let places: Vec<String> = reading.records.iter().map(|r| r.place.to_string()).collect();
    assert_eq!(places, ["line 2", "line 4", "line 8"]);
    let said: Vec<String> = reading.findings.iter().map(|f| f.to_string()).collect();
    assert_eq!(
        said,
        [
            "ragged.csv: line 6: \"3\" begins a row of 2 fields where the header has 3",
            "ragged.csv: line 7: \"4\" begins a row of 4 fields where the header has 3",
            "ragged.csv: line 9: a row without any value was passed over",
        ]
    );
}

#[test]
fn delimiters_and_line_ends_are_found() {
    for (text, description) in [
        ("a;b\n1,5;2\n", "CSV, semicolon, UTF-8"),
        ("a\tb\r\n1,2\t3\r\n", "CSV, tab, UTF-8"),
        ("a|b\r1|2\r", "CSV, pipe, UTF-8"),
        ("sep=;\r\na;b\r\n1;2\r\n", "CSV, semicolon, UTF-8"),
        ("a,b\n\"1;2;3;4\",5\n", "CSV, comma, UTF-8"),
        ("\u{feff}a,b\n1,2\n", "CSV, comma, UTF-8"),
        ("a,b\n1,2,\n", "CSV, comma, UTF-8"),
    ] {
        let reading = read_bytes("t.csv", text.as_bytes()).expect("reads");
        assert_eq!(reading.description, description, "{text:?}");
        let names: Vec<&str> = reading.columns.iter().map(|name| &**name).collect();
        assert_eq!(names, ["a", "b"], "{text:?}");
        assert_eq!(reading.count, Count { read: 1, set_aside: 0 }, "{text:?}");
    }
}

#[test]
fn a_quote_that_is_never_closed_refuses_the_file() {
    for text in ["a,b\n1,2\n3,\"4\n5,6\n", "a,b\n1,2\n3,\"4"] {
        let error = read_bytes("t.csv", text.as_bytes()).err().expect("refused");
        assert!(error.to_string().contains("line 3"), "{error}");
    }
    let reading = read_bytes("t.csv", b"a,b\n1,5\" pipe\n").expect("an inch is no quote");
    assert_eq!(reading.records[0].field(1), &Value::Text("5\" pipe".into()));
}

/// Every GeoJSON file of the shared data, with its features.
#[test]
fn every_geojson_of_the_shared_data_streams_whole() {
    let Some(data) = shared("data") else { return };
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

/// The files of the JSON suite whose names begin with a letter.
fn json_suite(letter: &str) -> Vec<(String, Vec<u8>)> {
    let Some(suite) = shared("suites/jsontestsuite/test_parsing") else { return Vec::new() };
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(suite)
        .expect("folder")
        .map(|entry| entry.expect("entry").path())
        .map(|path| {
            let name = path.file_name().expect("name").to_string_lossy().into_owned();
            (name, std::fs::read(&path).expect("bytes"))
        })
        .filter(|(name, _)| name.starts_with(letter))
        .collect();
    files.sort();
    files
}

/// What the GeoJSON reader says of a text.
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
    assert!(files.is_empty() || files.len() == 95, "{}", files.len());
}

#[test]
fn texts_that_are_not_json_are_refused() {
    let files = json_suite("n_");
    for (name, bytes) in &files {
        let said = json_verdict(name, bytes).err().unwrap_or_else(|| panic!("{name} was read"));
        let named = ["not JSON", "cut short", "not UTF-8", "is empty", "not all UTF-16"];
        assert!(named.iter().any(|part| said.contains(part)), "{name}: {said}");
    }
    assert!(files.is_empty() || files.len() == 188, "{}", files.len());
}

#[test]
fn texts_on_which_json_is_undecided_do_no_harm() {
    let files = json_suite("i_");
    for (name, bytes) in &files {
        drop(json_verdict(name, bytes));
    }
    assert!(files.is_empty() || files.len() == 35, "{}", files.len());
}

fn says(reading: &Reading) -> Vec<String> {
    reading.findings.iter().map(|finding| finding.to_string()).collect()
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
            "f.geojson: feature 0: \"null\" is null; expected a Feature",
            "f.geojson: feature 2: type: \"Featre\" is not the type of a feature; did it mean Feature",
            "f.geojson: feature 4: properties.a: \"1e999\" is too large for a number",
            "f.geojson: feature 5: id: \"{}\" is not an id, which is a text or a number; ignored",
            "f.geojson: feature 5: properties: \"7\" is not an object; taken as null",
            "f.geojson: feature 6: coordinates: have positions of more than two numbers; only longitude and latitude are used",
        ]
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
        (r#"{"type":"Topology"}"#, "no type of GeoJSON"),
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

#[test]
fn the_sheets_of_workbooks_that_hold_tables_are_read() {
    let Some(data) = shared("data") else { return };
    for (file, tables) in [
        (
            "icmm-global-mining/global-mining-dataset.xlsx",
            &[("About", 3, 30), ("External", 11, 8508), ("Supplemental Sheet", 14, 152)][..],
        ),
        (
            "gem-coal-mine-tracker/Global-Coal-Mine-Tracker-April-2024.xlsx",
            &[
                ("About", 2, 16),
                ("Global Coal Mine Tracker (Non-C", 52, 5226),
                ("Global Coal Mine Tracker (Close", 38, 1354),
            ],
        ),
    ] {
        let mut reader = Reader::open(&Source::path(data.join(file)), &ReadOptions::default())
            .unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(reader.description(), "xlsx");
        let names: Vec<String> = reader.tables().iter().map(|name| (*name).to_owned()).collect();
        let mut read = Vec::new();
        for (at, name) in names.iter().enumerate() {
            reader.select(at);
            let mut findings = Findings::default();
            let count = reader.for_each(&mut findings, &mut |_, _, _| Ok(())).expect("reads");
            read.push((name.as_str(), reader.columns().len(), count.read));
        }
        assert_eq!(read, tables, "{file}");
    }
}
