//! Databases are read in place, without changes to them or files next to them.

use crate::cli::Folder;
use crate::reading::{read_source, says};
use rusqlite::Connection;
use std::path::Path;
use tamarisk::model::Value;
use tamarisk::sources::{ReadOptions, Reader, Source};

/// A GeoPackage of a few mines, in the reference system with a number.
fn package(path: &Path, srid: i32) -> Connection {
    let database = Connection::open(path).expect("opens");
    database
        .execute_batch(&format!(
            "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY,
               organization TEXT, organization_coordsys_id INTEGER, definition TEXT);
             INSERT INTO gpkg_spatial_ref_sys VALUES ('a', {srid}, 'EPSG', {srid}, 'undefined');
             CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, srs_id INTEGER);
             CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);
             INSERT INTO gpkg_contents VALUES ('mines', 'features', {srid});
             INSERT INTO gpkg_geometry_columns VALUES ('mines', 'geom', {srid});
             CREATE TABLE mines (fid INTEGER PRIMARY KEY, geom BLOB, site_id TEXT, name TEXT);"
        ))
        .expect("tables");
    database
}

fn add(database: &Connection, fid: i64, [x, y]: [f64; 2], name: &str) {
    let mut blob = b"GP\0\x01\0\0\0\0\x01\x01\0\0\0".to_vec();
    blob.extend(x.to_le_bytes());
    blob.extend(y.to_le_bytes());
    let insert = "INSERT INTO mines VALUES (?1, ?2, ?3, ?4)";
    database.execute(insert, (fid, blob, format!("S{fid}"), name)).expect("row");
}

fn names(path: &Path) -> Vec<String> {
    let reading = read_source(&Source::path(path), &ReadOptions::default()).expect("reads");
    reading.records.iter().map(|record| record.field(1).to_string()).collect()
}

fn beside(folder: &Folder) -> Vec<String> {
    let list = std::fs::read_dir(folder.path()).expect("folder");
    let mut all: Vec<String> = list
        .map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned())
        .collect();
    all.sort();
    all
}

#[test]
fn nothing_is_left_beside_a_database_also_in_a_folder_that_cannot_be_written() {
    let folder = Folder::new();
    let path = folder.at("mines #1?.gpkg");
    let database = package(&path, 4326);
    add(&database, 1, [62.5, 29.25], "Alpha");
    database.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).expect("mode");
    database.close().expect("closes");
    let before = std::fs::read(&path).expect("bytes");
    let mut rights = std::fs::metadata(folder.path()).expect("folder").permissions();
    let free = rights.clone();
    rights.set_readonly(true);
    std::fs::set_permissions(folder.path(), rights).expect("rights");
    let found = names(&path);
    std::fs::set_permissions(folder.path(), free).expect("rights");
    assert_eq!(found, ["Alpha"]);
    assert_eq!(beside(&folder), ["mines #1?.gpkg"]);
    assert_eq!(std::fs::read(&path).expect("bytes"), before);
}

#[test]
fn a_database_that_another_program_has_open_gives_what_is_committed() {
    let folder = Folder::new();
    let path = folder.at("open.gpkg");
    let writer = package(&path, 4326);
    writer.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).expect("mode");
    add(&writer, 1, [62.5, 29.25], "Alpha");
    add(&writer, 2, [62.75, 29.5], "Beta");
    writer.execute_batch("BEGIN").expect("begins");
    add(&writer, 3, [63.0, 29.5], "Gamma");
    let held = beside(&folder);
    assert_eq!(held, ["open.gpkg", "open.gpkg-shm", "open.gpkg-wal"]);
    let before = folder.files(".");
    assert_eq!(names(&path), ["Alpha", "Beta"]);
    assert_eq!(folder.files("."), before, "nothing was changed");
    writer.execute_batch("COMMIT").expect("commits");
    assert_eq!(names(&path), ["Alpha", "Beta", "Gamma"]);
}

#[test]
fn what_a_broken_off_change_left_is_taken_back() {
    let folder = Folder::new();
    let path = folder.at("whole.gpkg");
    let writer = package(&path, 4326);
    add(&writer, 1, [62.5, 29.25], "Alpha");
    // So small a cache is written out before the change is committed.
    writer.execute_batch("PRAGMA cache_size = 1; BEGIN").expect("begins");
    for fid in 2..2000 {
        add(&writer, fid, [62.5, 29.25], "a name that is not to be seen by anybody who reads");
    }
    for name in ["whole.gpkg", "whole.gpkg-journal"] {
        let bytes = folder.bytes(name);
        folder.write(&name.replace("whole", "broken"), bytes);
    }
    assert!(folder.bytes("broken.gpkg").len() > 100_000, "the change reached the file");
    assert_eq!(names(&folder.at("broken.gpkg")), ["Alpha"]);
    assert!(folder.at("broken.gpkg-journal").exists(), "the journal is still there");
}

#[test]
fn rows_come_in_the_order_of_their_numbers_whatever_gaps_these_have() {
    let folder = Folder::new();
    let path = folder.at("gaps.gpkg");
    let database = package(&path, 4326);
    database.execute_batch("BEGIN").expect("begins");
    for at in (0..20_000_i64).rev() {
        add(&database, at * at - 5, [62.5, 29.25], &format!("N{at}"));
    }
    database.execute_batch("COMMIT").expect("commits");
    let due: Vec<String> = (0..20_000).map(|at| format!("N{at}")).collect();
    assert_eq!(names(&path), due);
    let reading = read_source(&Source::path(&path), &ReadOptions::default()).expect("reads");
    assert_eq!(reading.records[19_999].place.to_string(), "feature 19999");
    assert_eq!(reading.count.read, 20_000);
}

#[test]
fn the_system_of_a_layer_is_used_and_that_of_another_is_not() {
    let folder = Folder::new();
    let path = folder.at("two.gpkg");
    let database = package(&path, 32641);
    add(&database, 1, [548_000.0, 3_250_000.0], "Alpha");
    database
        .execute_batch(
            "INSERT INTO gpkg_spatial_ref_sys VALUES ('b', 4326, 'EPSG', 4326, 'undefined');
             INSERT INTO gpkg_contents VALUES ('camps', 'features', 4326);
             INSERT INTO gpkg_geometry_columns VALUES ('camps', 'geom', 4326);
             CREATE TABLE camps (fid INTEGER PRIMARY KEY, geom BLOB, name TEXT);",
        )
        .expect("layer");
    let mut reader = Reader::open(&Source::path(&path), &ReadOptions::default()).expect("opens");
    assert_eq!(reader.layers(), ["mines", "camps"]);
    #[cfg(feature = "proj")]
    assert_eq!(reader.crs().epsg(), Some(32641));
    reader.select(1);
    assert!(reader.crs().is_wgs84());
    assert_eq!(reader.description(), "GeoPackage, layer camps");
}

#[test]
fn a_plain_database_is_tables_and_its_values_keep_their_types() {
    let folder = Folder::new();
    let path = folder.at("plain.sqlite");
    let database = Connection::open(&path).expect("opens");
    database
        .execute_batch(
            "CREATE TABLE mines (id TEXT, lon REAL, lat REAL, n INTEGER, big INTEGER, open BOOLEAN,
               since DATE, raw BLOB, half REAL) ;
             INSERT INTO mines VALUES ('a', 62.5, 29, 7, 9007199254740993, 1, '2024-02-03', x'00ff',
               9e999);
             CREATE VIEW north AS SELECT id, lon, lat FROM mines WHERE lat > 0;",
        )
        .expect("tables");
    drop(database);
    let source = Source::path(&path);
    let reader = Reader::open(&source, &ReadOptions::default()).expect("opens");
    assert_eq!(reader.layers(), ["mines", "north"]);
    let reading = read_source(&source, &ReadOptions::default()).expect("reads");
    let text = |text: &str| Value::Text(text.to_owned());
    assert_eq!(
        reading.records[0].fields,
        [
            text("a"),
            Value::Number(62.5),
            Value::Number(29.0),
            Value::Number(7.0),
            Value::Exact("9007199254740993".to_owned()),
            Value::Bool(true),
            text("2024-02-03"),
            Value::Missing,
            Value::Missing,
        ]
    );
    let said = says(&reading);
    assert!(said.iter().any(|said| said.contains("raw: holds bytes")), "{said:?}");
    assert!(said.iter().any(|said| said.contains("half: is an infinite number")), "{said:?}");
    let view = Source::path(folder.at("plain.sqlite:north"));
    assert_eq!(read_source(&view, &ReadOptions::default()).expect("reads").records.len(), 1);
}

#[test]
fn a_view_that_never_ends_is_given_up() {
    let folder = Folder::new();
    let path = folder.at("endless.sqlite");
    let database = Connection::open(&path).expect("opens");
    database
        .execute_batch(
            "CREATE VIEW mines AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n)
             SELECT sum(id) AS id, 62.5 AS lon, 29.25 AS lat FROM n;",
        )
        .expect("view");
    drop(database);
    let error = read_source(&Source::path(&path), &ReadOptions::default()).err().expect("refused");
    assert!(error.to_string().contains("layer mines: the database cannot be read: interrupted"));
}

#[test]
fn curves_and_texts_that_are_none_cost_their_record_alone() {
    let folder = Folder::new();
    let path = folder.at("odd.gpkg");
    let database = package(&path, 4326);
    add(&database, 1, [62.5, 29.25], "Alpha");
    database
        .execute_batch(
            "INSERT INTO mines VALUES (2, x'4750000100000000010800000000000000', 'S2', 'Curve');
             INSERT INTO mines VALUES (3, x'4750001100000000', 'S3', 'Empty');
             INSERT INTO mines VALUES (4, NULL, 'S4', 'Nothing');
             INSERT INTO mines VALUES (5, x'4750', 'S5', 'Cut');
             INSERT INTO mines VALUES (6, NULL, 'S6', CAST(x'ff' AS TEXT));",
        )
        .expect("rows");
    drop(database);
    let sites = tamarisk::sources::read_sites(&Source::path(&path), &ReadOptions::default());
    let sites = sites.expect("reads");
    let names: Vec<&str> = sites.items.iter().map(|site| site.name.as_str()).collect();
    assert_eq!(names, ["Alpha"]);
    assert_eq!((sites.read, sites.set_aside), (6, 5));
    let said: Vec<String> = sites.findings.iter().map(ToString::to_string).collect();
    for due in ["a curve, which is not read", "is null or empty", "is cut short", "not UTF-8"] {
        assert!(said.iter().any(|said| said.contains(due)), "{due}: {said:?}");
    }
}
