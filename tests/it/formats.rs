//! From files to records: tables of text and workbooks.

use crate::reading::{read_bytes, read_source, read_with};
use crate::suites::shared;
use tamarisk::model::{Findings, Value};
use tamarisk::sources::{Count, ReadOptions, Reader, Source};

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
fn windows_1252_is_read_when_named_and_where_a_data_set_is_published_in_it() {
    let Some(data) = shared("data") else { return };
    let source = Source::path(data.join("hma-glof/HMAGLOFDB.csv"));
    for encoding in [None, Some("windows-1252".to_owned())] {
        let options = ReadOptions { encoding, ..Default::default() };
        let reading = read_source(&source, &options).expect("reads");
        assert_eq!(reading.count, Count { read: 773, set_aside: 0 });
        assert_eq!(reading.description, "CSV, comma, windows-1252");
    }
    let latin = b"id,name\n1,caf\xe9\n";
    let error = read_bytes("latin.csv", latin).err().expect("refused");
    assert!(error.hint().is_some_and(|hint| hint.contains("encoding=\"windows-1252\"")));
    let options = ReadOptions { encoding: Some("windows-1252".into()), ..Default::default() };
    let reading = read_with("latin.csv", latin, &options).expect("reads");
    assert_eq!(reading.records[0].field(1), &Value::Text("café".into()));
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
            "ragged.csv: line 9: is a row without any value; passed over",
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
        let names: Vec<String> = reader.layers().iter().map(|name| (*name).to_owned()).collect();
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
