//! Robustness: missing and endless inputs, compressed and damaged bytes, hostile strings.

use crate::reading::{read_bytes, read_source, read_with, says};
use crate::suites::suite;
use crate::workbooks::book_bytes;
use proptest::prelude::*;
use std::io::Write;
use tamarisk::model::Value;
use tamarisk::sources::{Count, Format, Limits, ReadOptions, Reader, Source, geometry};

const TABLE: &str = "id,name,lat\n1,Чагаи,28.9\n2,ریکوڈک,29.1\n";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("packs");
    encoder.finish().expect("packs")
}

/// A table as UTF-16.
fn utf16(text: &str, little: bool, mark: bool) -> Vec<u8> {
    let text = if mark { format!("\u{feff}{text}") } else { text.to_owned() };
    text.encode_utf16()
        .flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
        .collect()
}

#[test]
fn the_same_table_comes_out_of_every_packing_and_encoding() {
    let (first, second) = TABLE.split_at(20);
    let two_members = [gzip(first.as_bytes()), gzip(second.as_bytes())].concat();
    let expected = read_bytes("t.csv", TABLE.as_bytes()).expect("reads");
    for (bytes, description) in [
        (gzip(TABLE.as_bytes()), "CSV, comma, UTF-8, gzip"),
        (two_members, "CSV, comma, UTF-8, gzip"),
        (format!("\u{feff}{TABLE}").into_bytes(), "CSV, comma, UTF-8"),
        (utf16(TABLE, true, true), "CSV, comma, UTF-16LE"),
        (utf16(TABLE, false, true), "CSV, comma, UTF-16BE"),
        (gzip(&utf16(TABLE, false, true)), "CSV, comma, UTF-16BE, gzip"),
    ] {
        // The misleading name is ignored.
        let reading = read_bytes("t.geojson", &bytes).expect(description);
        assert_eq!(reading.description, description);
        assert_eq!(reading.records, expected.records, "{description}");
    }
    let plain = "id,name,lat,lon\n1,a,28.9,62\n";
    for little in [true, false] {
        let reading = read_bytes("t.csv", &utf16(plain, little, false)).expect("by its pattern");
        assert_eq!(reading.count, Count { read: 1, set_aside: 0 });
    }
}

#[test]
fn damaged_and_excessive_bytes_are_refused_with_a_reason() {
    let packed = gzip(TABLE.repeat(1000).as_bytes());
    let bomb = gzip(&vec![b'0'; 64 << 20]);
    let json = r#"{"type":"FeatureCollection","features":[]}"#;
    for (name, bytes, said) in [
        ("cut.csv.gz", packed[..packed.len() / 2].to_vec(), "gzip is damaged"),
        ("bomb.csv.gz", bomb, "unpacks to more than 16777216 bytes"),
        ("latin.csv", b"id,name\n1,caf\xe9\n".to_vec(), "line 2: byte 13 is 0xE9"),
        ("late.csv", b"\xef\xbb\xbfid,name\n1,caf\xe9\n".to_vec(), "line 2: byte 16 is 0xE9"),
        ("odd.csv", utf16(TABLE, true, true)[1..].to_vec(), "not UTF-8"),
        (
            "cut16.csv",
            utf16("id,name\n1,😀", true, true)[..24].to_vec(),
            "line 2: byte 22 is not UTF-16LE",
        ),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), "is an Excel 97 workbook"),
        ("some.zip", b"PK\x03\x04\x14\0\0\0".to_vec(), "the zip archive is damaged"),
        ("false.xlsx", b"PK\x03\x04\x14\0\0\0xl/workbook.xml".to_vec(), "zip archive is damaged"),
        ("map.gpkg", b"SQLite format 3\0".to_vec(), "file is not a database"),
        ("map.shp", b"\0\0\x27\x0a\0\0\0\0".to_vec(), "is cut short within its header"),
        ("deep.geojson", vec![b'['; 200_000], "cut short"),
        ("after.geojson", format!("{json}{json}").into_bytes(), "trailing characters"),
        ("empty.geojson", Vec::new(), "is empty"),
    ] {
        let error = read_bytes(name, &bytes).err().unwrap_or_else(|| panic!("{name} was read"));
        assert!(error.is_data(), "{name}: {error}");
        assert!(error.to_string().starts_with(name), "{name}: {error}");
        assert!(error.to_string().contains(said), "{name}: {error}");
        assert!(error.hint().is_some(), "{name}: {error}");
    }
}

#[test]
fn nesting_without_end_costs_one_value_not_the_file() {
    let deep = "[".repeat(200_000) + &"]".repeat(200_000);
    let text = format!(
        r#"{{"type":"FeatureCollection","features":[
        {{"type":"Feature","geometry":{{"type":"Point","coordinates":[1,2]}},"properties":{{"a":{deep}}}}},
        {{"type":"Feature","geometry":{{"type":"Point","coordinates":{deep}}},"properties":{{"a":1}}}}]}}"#
    );
    let reading = read_bytes("deep.geojson", text.as_bytes()).expect("reads");
    assert_eq!(reading.count, Count { read: 2, set_aside: 0 });
    assert!(says(&reading)[0].contains("nested deeper than 128"), "{:?}", says(&reading));
    assert!(geometry::shape(&reading.records[0].geometry, &reading.crs).is_ok());
    assert!(geometry::shape(&reading.records[1].geometry, &reading.crs).is_err());
}

#[test]
fn empty_tables_are_tables() {
    for (text, columns) in [("", 0), ("\n\n", 0), ("a,b,c\n", 3), ("a,b,c", 3), ("\u{feff}", 0)] {
        let reading = read_bytes("e.csv", text.as_bytes()).expect("reads");
        assert_eq!(reading.count, Count::default(), "{text:?}");
        assert_eq!(reading.columns.len(), columns, "{text:?}");
    }
}

#[test]
fn what_cannot_be_opened_is_said_in_one_line_with_a_hint() {
    let folder = tempfile::tempdir().expect("folder");
    let place = |name: &str| folder.path().join(name);
    std::fs::write(place("incidents.csv"), TABLE).expect("writes");
    std::fs::write(place("large.csv"), TABLE.repeat(100)).expect("writes");
    let limits = Limits { file: 1000, stream: 100_000, ..Limits::default() };
    let options = ReadOptions { limits, ..ReadOptions::default() };
    let mut cases = vec![
        (place("missing.csv"), "no such file or directory", None),
        (place("incident.csv"), "no such file", Some("incidents.csv")),
        (folder.path().to_path_buf(), "is a folder", None),
        (place("large.csv"), "is larger than 1000 bytes", None),
        (place(&"long".repeat(2000)), "file name too long", Some("")),
    ];
    if cfg!(unix) {
        std::process::Command::new("mkfifo").arg(place("pipe")).status().expect("mkfifo");
        cases.push((place("pipe"), "is a named pipe", Some("standard input")));
        cases.push(("/dev/zero".into(), "is larger than 100000 bytes", None));
    }
    for (path, said, hint) in cases {
        let error = Reader::open(&Source::path(&path), &options).expect_err("refused");
        let text = error.to_string();
        assert!(error.is_io() && text.contains(said), "{text}");
        assert!(!text.contains('\n') && !text.contains("os error"), "{text}");
        let given = error.hint().unwrap_or_default();
        match hint {
            Some(part) => assert!(given.contains(part), "{text}: {given}"),
            None => assert!(!given.is_empty(), "{text}"),
        }
    }
    let reading = read_source(&Source::path(place("incidents.csv")), &options).expect("reads");
    assert_eq!(reading.count.read, 2);
}

#[cfg(unix)]
#[test]
fn links_and_names_that_are_no_text_are_read() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().expect("folder");
    let odd = folder.path().join(std::ffi::OsStr::from_bytes(b"sites-\xff.csv"));
    std::fs::write(&odd, TABLE).expect("writes");
    let link = folder.path().join("link.csv");
    std::os::unix::fs::symlink(&odd, &link).expect("links");
    for path in [odd, link] {
        let reading = read_source(&Source::path(path), &ReadOptions::default()).expect("reads");
        assert_eq!(reading.count.read, 2);
    }
}

#[test]
fn the_hash_is_that_of_the_bytes_as_they_are_stored() {
    let packed: &'static [u8] = Vec::leak(gzip(TABLE.as_bytes()));
    let source = Source::embedded("t.csv.gz", packed);
    let reader = Reader::open(&source, &ReadOptions::default()).expect("opens");
    assert_eq!(reader.hash(), blake3::hash(packed).to_hex().to_string());
    assert_eq!(reader.size(), packed.len() as u64);
}

#[test]
fn hostile_strings_come_through_unharmed() {
    let text = std::fs::read_to_string(suite("naughty-strings/blns.json")).expect("reads");
    let strings: Vec<String> = serde_json::from_str(&text).expect("json");
    assert!(strings.len() > 400);
    let features: Vec<serde_json::Value> = strings
        .iter()
        .map(|text| {
            serde_json::json!({
                "type": "Feature",
                "id": text,
                "geometry": null,
                "properties": {"name": text, "note": {"deep": [text]}},
            })
        })
        .collect();
    let collection = serde_json::json!({"type": "FeatureCollection", "features": features});
    let reading = read_bytes("blns.geojson", collection.to_string().as_bytes()).expect("reads");
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["name", "row"]).expect("writes");
    for text in &strings {
        writer.write_record([text, "x"]).expect("writes");
    }
    let table = read_bytes("blns.csv", &writer.into_inner().expect("bytes")).expect("reads");
    assert_eq!((reading.records.len(), table.records.len()), (strings.len(), strings.len()));
    for ((text, feature), row) in strings.iter().zip(&reading.records).zip(&table.records) {
        assert_eq!(feature.id, Some(Value::Text(text.clone())));
        assert_eq!(feature.field(0), &Value::Text(text.clone()));
        let nested = serde_json::json!({"deep": [text]}).to_string();
        assert_eq!(feature.field(1), &Value::Text(nested));
        assert_eq!(row.field(0).to_string(), *text);
    }
}

#[test]
fn a_workbook_that_is_damaged_anywhere_does_no_harm() {
    let rows: Vec<[String; 4]> = (0..2_000)
        .map(|n| [format!("m{n}"), format!("Mine {n}"), "62.05".to_owned(), "29.12".to_owned()])
        .collect();
    let cells: Vec<Vec<&str>> =
        rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let header: &[&str] = &["id", "name", "lon", "lat"];
    let sheet: Vec<(u32, &[&str])> = std::iter::once(header)
        .chain(cells.iter().map(Vec::as_slice))
        .zip(1..)
        .map(|(row, number)| (number, row))
        .collect();
    let whole = book_bytes(&[("About", &[(1, &["about"])], &[]), ("External", &sheet, &[])]);
    let reading = read_bytes("mines.xlsx", &whole).expect("whole, it is read");
    assert_eq!(reading.count.read, 2_000);
    let mut refused = 0;
    for step in 0..60_usize {
        let mut bytes = whole.clone();
        // Steps of a prime spread over the file, so that every part of it is hit.
        let at = step * 7919 * 1559 % bytes.len();
        match step % 3 {
            0 => bytes[at] ^= 0xff,
            1 => bytes.truncate(at.max(100)),
            _ => bytes[at..].iter_mut().take(64).for_each(|byte| *byte = 0),
        }
        refused += usize::from(read_bytes("damaged.xlsx", &bytes).is_err());
    }
    assert!(refused > 30, "{refused}");
    let options = ReadOptions { sheet: Some("Nowhere".into()), ..ReadOptions::default() };
    let error = read_with("mines.xlsx", &whole, &options).err().expect("no such sheet");
    assert!(error.is_usage() && error.hint().is_some_and(|hint| hint.contains("External")));
    let limits = Limits { unpacked: 100_000, ..Limits::default() };
    let options = ReadOptions { limits, ..ReadOptions::default() };
    let error = read_with("mines.xlsx", &whole, &options).err().expect("too large");
    assert!(error.to_string().contains("unpacks to more than 100000 bytes"), "{error}");
}

/// Random texts that resemble valid input.
fn almost_geojson() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"type\"",
        "\"Feature\"",
        "\"FeatureCollection\"",
        "\n",
        "\"features\"",
        "\"geometry\"",
        "\"coordinates\"",
        "\"Point\"",
        "\"Polygon\"",
        "null",
        "1",
        "-0.5",
        "1e999",
        "\"\\ud800\"",
        "\"id\"",
        "\"properties\"",
        "\u{1e}",
        " ",
        "true",
        "{\"type\":\"Point\",\"coordinates\":[1,2]}",
        "\"GeometryCollection\"",
        "\"geometries\"",
        "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"a\":1}}",
        "\u{a0}",
        "\"crs\"",
    ]);
    prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        start in prop::sample::select(vec![&b""[..], b"PK\x03\x04xl/", b"\x1f\x8b\x08\0", b"\xff\xfe", b"{", b"a,b\n"]),
        format in prop::sample::select(vec![None, Some(Format::Csv), Some(Format::GeoJson)]),
    ) {
        let options = ReadOptions { format, ..ReadOptions::default() };
        let bytes = [start, &bytes].concat();
        if let Ok(reading) = read_with("any", &bytes, &options) {
            prop_assert_eq!(
                reading.count.read - reading.count.set_aside,
                reading.records.len() as u64
            );
        }
    }

    #[test]
    fn what_is_almost_geojson_is_read_or_refused(text in almost_geojson()) {
        let options = ReadOptions { format: Some(Format::GeoJson), ..ReadOptions::default() };
        if let Ok(reading) = read_with("any.geojson", text.as_bytes(), &options) {
            for record in &reading.records {
                drop(geometry::shape(&record.geometry, &reading.crs));
            }
        }
    }

    #[test]
    fn tables_of_any_fields_come_back_as_they_were(
        rows in prop::collection::vec(prop::collection::vec("[ -~\n\r\"é,;]{0,6}", 3), 1..6)
    ) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["a", "b", "c"]).expect("writes");
        for row in &rows {
            writer.write_record(row).expect("writes");
        }
        let bytes = writer.into_inner().expect("bytes");
        let options = ReadOptions { delimiter: Some(','), ..ReadOptions::default() };
        let reading = read_with("t.csv", &bytes, &options).expect("reads");
        let kept: Vec<&Vec<String>> = rows
            .iter()
            .filter(|row| row.iter().any(|field| !field.trim().is_empty()))
            .collect();
        prop_assert_eq!(reading.records.len(), kept.len());
        for (record, row) in reading.records.iter().zip(kept) {
            let read: Vec<String> = (0..3).map(|at| record.field(at).to_string()).collect();
            prop_assert_eq!(&read, row);
        }
    }
}
