//! The same records in every vector format: files that GDAL 3.12 and pyarrow 26 wrote from one table, in
//! which each row has another kind of geometry.

use crate::cli::Dice;
use crate::reading::{Reading, read_bytes, read_source, says};
use std::io::Read;
use std::path::Path;
use tamarisk::sources::{ReadOptions, Source};

fn bytes(file: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/vector").join(file);
    std::fs::read(path).expect(file)
}

fn unpacked(file: &str) -> Vec<u8> {
    let mut all = Vec::new();
    flate2::read::GzDecoder::new(&*bytes(file)).read_to_end(&mut all).expect(file);
    all
}

fn read(file: &str) -> Reading {
    read_bytes(file, &bytes(file)).expect(file)
}

/// The same records; `ok` is a number where the format has no truth values.
fn compare(file: &str, numbers_for_truths: bool) {
    let (due, found) = (read("v.geojson"), read(file));
    assert_eq!(found.columns, due.columns, "{file}");
    assert_eq!(found.count, due.count, "{file}");
    assert_eq!(found.records.len(), 8, "{file}");
    for (due, found) in due.records.iter().zip(&found.records) {
        assert_eq!(found.geometry, due.geometry, "{file} {}", due.place);
        assert_eq!(found.place, due.place, "{file}");
        for ((due, found), column) in due.fields.iter().zip(&found.fields).zip(&due_columns()) {
            if column == "ok" && numbers_for_truths {
                continue;
            }
            assert_eq!(found, due, "{file} {column}");
        }
    }
    assert!(found.crs.is_wgs84(), "{file}");
    assert_eq!(says(&found), Vec::<String>::new(), "{file}");
}

fn due_columns() -> Vec<String> {
    read("v.geojson").columns.iter().map(ToString::to_string).collect()
}

#[test]
fn geopackage_flatgeobuf_and_spatialite_hold_the_records_of_geojson() {
    compare("v.gpkg.gz", false);
    compare("v.fgb", false);
    compare("v.sqlite.gz", true);
    compare("v_spatialite.sqlite.gz", true);
}

#[cfg(feature = "parquet")]
#[test]
fn geoparquet_and_arrow_hold_the_records_of_geojson() {
    compare("v.parquet", false);
    compare("v.feather", false);
}

#[cfg(feature = "parquet")]
#[test]
fn native_encodings_of_geoparquet_are_the_same_geometries() {
    let due = read("v.geojson").records;
    let kinds = ["point", "multipoint", "linestring", "multilinestring", "polygon", "multipolygon"];
    for (kind, due) in kinds.iter().zip(due) {
        let found = read(&format!("{kind}.parquet"));
        assert_eq!(found.records.len(), 1, "{kind}");
        assert_eq!(found.records[0].geometry, due.geometry, "{kind}");
        assert_eq!(found.records[0].fields, due.fields, "{kind}");
    }
}

#[test]
fn each_file_says_in_words_what_it_is() {
    let says = |file: &str| read(file).description;
    assert_eq!(says("v.gpkg.gz"), "GeoPackage, gzip, layer things");
    assert_eq!(says("v_spatialite.sqlite.gz"), "SQLite with geometry, gzip, layer things");
    assert_eq!(says("v.fgb"), "FlatGeobuf");
    #[cfg(feature = "parquet")]
    assert_eq!([says("v.parquet"), says("v.feather")], ["GeoParquet", "Arrow"]);
}

/// Changes a few bytes in 500 ways: every outcome is a reading whose counts add up, or one message with the
/// name of the file.
fn mutate(file: &str, whole: &[u8]) {
    let mut dice = Dice::new(11);
    let mut refused = 0;
    for round in 0..500 {
        let mut bytes = whole.to_vec();
        let length = u64::try_from(bytes.len()).expect("length");
        for _ in 0..=dice.below(8) {
            let at = usize::try_from(dice.below(length)).expect("place");
            bytes[at] = u8::try_from(dice.below(256)).expect("byte");
        }
        if round % 10 == 0 {
            bytes.truncate(usize::try_from(dice.below(length)).expect("place"));
        }
        match read_bytes(file, &bytes) {
            Ok(reading) => {
                let records = u64::try_from(reading.records.len()).expect("count");
                assert_eq!(reading.count.read, records + reading.count.set_aside, "{round}");
            }
            Err(error) => {
                refused += 1;
                assert!(error.to_string().starts_with(file), "{round}: {error}");
                assert!(!error.to_string().contains('\n'), "{round}: {error}");
            }
        }
    }
    assert!(refused > 0, "{file}: no mutation was found out");
}

#[test]
fn a_damaged_geopackage_is_read_or_refused_in_one_line() {
    mutate("v.gpkg", &unpacked("v.gpkg.gz"));
}

#[test]
fn a_damaged_database_is_read_or_refused_in_one_line() {
    mutate("v.sqlite", &unpacked("v.sqlite.gz"));
    mutate("v_spatialite.sqlite", &unpacked("v_spatialite.sqlite.gz"));
}

#[test]
fn a_damaged_flatgeobuf_is_read_or_refused_in_one_line() {
    mutate("v.fgb", &bytes("v.fgb"));
}

#[cfg(feature = "parquet")]
#[test]
fn a_damaged_parquet_is_read_or_refused_in_one_line() {
    mutate("v.parquet", &bytes("v.parquet"));
    mutate("polygon.parquet", &bytes("polygon.parquet"));
}

#[cfg(feature = "parquet")]
#[test]
fn a_damaged_arrow_file_is_read_or_refused_in_one_line() {
    mutate("v.feather", &bytes("v.feather"));
}

#[cfg(feature = "parquet")]
#[test]
fn a_damaged_arrow_stream_is_read_or_refused_in_one_line() {
    let file = std::io::Cursor::new(bytes("v.feather"));
    let reader = arrow_ipc::reader::FileReader::try_new(file, None).expect("an Arrow file");
    let schema = reader.schema();
    let mut writer =
        arrow_ipc::writer::StreamWriter::try_new(Vec::new(), &schema).expect("a stream");
    reader.for_each(|batch| writer.write(&batch.expect("a batch")).expect("written"));
    let stream = writer.into_inner().expect("a stream");
    assert_eq!(read_bytes("v.stream", &stream).expect("read").description, "Arrow stream");
    mutate("v.stream", &stream);
}

#[test]
fn a_layer_behind_the_name_of_a_file_without_layers_is_refused() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/vector/v.fgb:things");
    let error = read_source(&Source::path(path), &ReadOptions::default()).err().expect("refused");
    assert_eq!(error.to_string(), "v.fgb: has no layers to choose from");
}
