//! `convert` writes its input in another format: every value, every geometry, and every record or a message
//! about it.

use crate::cli::Folder;
use serde_json::{Value, json};

/// The features of a file in any format, converted to GeoJSON.
fn features(folder: &Folder, file: &str) -> Vec<Value> {
    let out = folder.done(&["convert", file, "-", "--format", "geojson", "-q"]);
    let all: Value = serde_json::from_str(&out).expect("JSON");
    all["features"].as_array().expect("features").clone()
}

/// Files of a name in every format with types, and in others.
fn named(name: &str, others: &[&str]) -> Vec<String> {
    let parquet = if cfg!(feature = "parquet") { &["parquet"][..] } else { &[] };
    let endings = ["geojson", "fgb", "gpkg"].iter().chain(parquet).chain(others);
    endings.map(|ending| format!("{name}.{ending}")).collect()
}

/// Geometries of every kind, and values of every type with their difficult cases.
fn everything() -> Value {
    let feature = |geometry: Value, properties: Value| json!({"type": "Feature", "geometry": geometry, "properties": properties});
    json!({"type": "FeatureCollection", "features": [
        feature(
            json!({"type": "Point", "coordinates": [66.923_746_528_374_65, 30.25]}),
            json!({"name": "Köprü \"Tepe\",\nریک 🦀", "n": 12, "big": 9_007_199_254_740_993_i64, "share": 0.125,
                   "open": true, "day": "2024-02-29", "at": "2024-02-29T12:30:00Z", "code": "007", "list": [1, {"a": "b c"}]}),
        ),
        feature(
            json!({"type": "MultiPoint", "coordinates": [[1.0, 2.0], [3.0, 4.0]]}),
            json!({"name": "", "n": -3, "big": -9_007_199_254_740_993_i64, "share": -1e-7, "open": false,
                   "day": "1999-12-31", "at": "1970-01-01T00:00:00Z", "code": "1e5", "list": []}),
        ),
        feature(
            json!({"type": "LineString", "coordinates": [[1.0, 2.0], [3.0, 4.5]]}),
            json!({"name": null, "n": null, "big": null, "share": null, "open": null, "day": null, "at": null,
                   "code": null, "list": null}),
        ),
        feature(
            json!({"type": "MultiLineString", "coordinates": [[[1.0, 2.0], [3.0, 4.5]], [[5.0, 6.0], [7.0, 8.0]]]}),
            json!({"name": "a", "n": 0, "big": 1, "share": 2.5, "open": true, "day": "2000-01-01",
                   "at": "2000-01-01T00:00:00Z", "code": "x", "list": {"k": null}}),
        ),
        feature(
            json!({"type": "Polygon", "coordinates": [
                [[0.0, 0.0], [9.0, 0.0], [9.0, 9.0], [0.0, 9.0], [0.0, 0.0]],
                [[1.0, 1.0], [1.0, 2.0], [2.0, 2.0], [2.0, 1.0], [1.0, 1.0]]]}),
            json!({"name": "b"}),
        ),
        feature(
            json!({"type": "MultiPolygon", "coordinates": [
                [[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]], [[[5.0, 5.0], [6.0, 5.0], [6.0, 6.0], [5.0, 5.0]]]]}),
            json!({"name": "c"}),
        ),
        feature(
            json!({"type": "GeometryCollection", "geometries": [
                {"type": "Point", "coordinates": [1.0, 2.0]},
                {"type": "LineString", "coordinates": [[1.0, 2.0], [3.0, 4.0]]}]}),
            json!({"name": "d"}),
        ),
        feature(Value::Null, json!({"name": "e"})),
    ]})
}

/// The type and coordinates of a geometry, and the properties.
type Told = (String, Value, Vec<(String, Value)>);

/// Sorted by name, since a FlatGeobuf has the order of its index; missing and empty values are null.
fn told(features: &[Value]) -> Vec<Told> {
    const NAMES: [&str; 9] = ["name", "n", "big", "share", "open", "day", "at", "code", "list"];
    let mut all: Vec<_> = features
        .iter()
        .map(|one| {
            let values = NAMES.map(|name| (name.to_owned(), one["properties"][name].clone()));
            (one["geometry"].to_string(), one["geometry"].clone(), values.to_vec())
        })
        .collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

#[test]
fn every_value_and_geometry_comes_through_the_formats_that_have_types() {
    let folder = Folder::new();
    folder.write("all.geojson", everything().to_string());
    let expected = told(everything()["features"].as_array().expect("features"));
    for out in &named("again", &[]) {
        folder.done(&["convert", "all.geojson", out]);
        let found = told(&features(&folder, out));
        assert_eq!(found.len(), expected.len(), "{out}");
        for ((_, geometry, values), (_, expected_geometry, expected_values)) in
            found.iter().zip(&expected)
        {
            assert_eq!(geometry, expected_geometry, "{out}");
            for ((name, value), (_, expected)) in values.iter().zip(expected_values) {
                // GeoPackage and GeoParquet have lists as JSON text. 1 and 1.0 are indistinguishable.
                let as_text = expected.is_array() || expected.is_object();
                let same = value == expected
                    || as_text && value.as_str() == Some(&expected.to_string())
                    || value.as_f64().is_some() && value.as_f64() == expected.as_f64()
                    || out == "again.gpkg"
                        && name == "open"
                        && value.as_bool() == expected.as_bool();
                assert!(same, "{out}: {name}: {value} instead of {expected}");
            }
        }
    }
}

#[test]
fn a_table_becomes_points_whose_columns_have_types() {
    let folder = Folder::new();
    folder.write(
        "mines.csv",
        "name,Latitude,Longitude,staff,grade,code,opened,big,open\n\
         \"Ste-Anne, \"\"nord\"\"\",30.5,67,12,1.50,007,2020-02-29,9007199254740993,true\n\
         Río,-3,-170.25,,2,1,,1,false\n",
    );
    for out in &named("m", &["csv"]) {
        folder.done(&["convert", "mines.csv", out]);
        let all = features(&folder, out);
        let first = all.iter().find(|one| one["properties"]["code"] == "007").expect("a record");
        let other = all.iter().find(|one| one["properties"]["code"] == "1").expect("a record");
        assert_eq!(first["geometry"], json!({"type": "Point", "coordinates": [67.0, 30.5]}));
        assert_eq!(other["geometry"], json!({"type": "Point", "coordinates": [-170.25, -3.0]}));
        let values = &first["properties"];
        assert_eq!(values["name"], "Ste-Anne, \"nord\"", "{out}");
        assert_eq!((&values["staff"], &values["opened"]), (&json!(12), &json!("2020-02-29")));
        assert_eq!(values["grade"].as_f64(), Some(1.5), "{out}");
        assert_eq!(values["big"], json!(9_007_199_254_740_993_i64), "{out}");
        assert_eq!(other["properties"]["staff"], Value::Null, "{out}");
        assert!(values.get("Latitude").is_none(), "{out}: the place is the geometry");
    }
    let csv = String::from_utf8(folder.bytes("m.csv")).expect("text");
    assert!(csv.starts_with("longitude,latitude,name,staff,"), "{csv}");
}

#[test]
fn a_record_whose_place_cannot_be_used_is_written_without_geometry_and_counted() {
    let folder = Folder::new();
    folder.write("a.csv", "id,lat,lon\na,10,20\nb,95,20\nc,,\n");
    let ended = folder.run(&["convert", "a.csv", "a.geojson"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(
        ended.err.contains("3 records read, 3 written (2 without a geometry), 0 set aside"),
        "{}",
        ended.err
    );
    let all = folder.json("a.geojson");
    let list = all["features"].as_array().expect("features");
    assert_eq!(list.iter().filter(|one| one["geometry"].is_null()).count(), 2);
    // Its position columns are kept.
    assert_eq!(list[1]["properties"]["lat"], 95, "{all}");
    let ended = folder.run(&["convert", "a.csv", "b.geojson", "--where", "id = a"]);
    assert!(
        ended.err.contains("3 records read, 1 written, 0 set aside, 2 left out"),
        "{}",
        ended.err
    );
    // A line that is not a feature is set aside.
    folder.write("c.geojsonl", "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"a\":1}}\n{\"type\":\"Nothing\"}\n");
    let ended = folder.run(&["convert", "c.geojsonl", "c.csv"]);
    assert!(
        ended.err.contains("2 records read, 1 written (1 without a geometry), 1 set aside"),
        "{}",
        ended.err
    );
}

#[test]
fn positions_in_another_system_come_out_on_wgs84_and_lines_are_cut_at_180() {
    let folder = Folder::new();
    folder.write("utm.csv", "id,easting,northing\na,500000,3320113.4\n");
    let args = ["--crs", "EPSG:32642", "--map", "sites.lon=easting,sites.lat=northing"];
    folder.done(&[&["convert", "utm.csv", "utm.geojson"], &args[..]].concat());
    let at = folder.json("utm.geojson")["features"][0]["geometry"]["coordinates"].clone();
    assert!((at[0].as_f64().expect("a longitude") - 69.0).abs() < 1e-6, "{at}");
    assert!((at[1].as_f64().expect("a latitude") - 30.0).abs() < 0.02, "{at}");
    let line = json!({"type": "Feature", "properties": {"a": 1}, "geometry":
        {"type": "LineString", "coordinates": [[179.0, 0.0], [-179.0, 0.0]]}});
    folder.write("line.geojson", line.to_string());
    folder.done(&["convert", "line.geojson", "cut.geojson"]);
    let cut = folder.json("cut.geojson")["features"][0]["geometry"].clone();
    let halves = json!([[[179.0, 0.0], [180.0, 0.0]], [[-180.0, 0.0], [-179.0, 0.0]]]);
    assert_eq!(cut, json!({"type": "MultiLineString", "coordinates": halves}));
}

#[test]
fn an_empty_table_is_a_file_without_features() {
    let folder = Folder::new();
    folder.write("none.csv", "id,lat,lon,name\n");
    for out in &named("none2", &["csv"]) {
        let ended = folder.run(&["convert", "none.csv", out]);
        assert_eq!(ended.code, 0, "{out}: {}", ended.err);
        assert_eq!(features(&folder, out).len(), 0, "{out}");
    }
    assert_eq!(folder.bytes("none2.csv"), b"longitude,latitude,id,name\n");
}

#[test]
fn standard_input_and_output_are_files_too() {
    let folder = Folder::new();
    let ended = folder.run_fed(&["convert", "-", "-", "--format", "csv"], b"id,lat,lon\na,1.5,2\n");
    assert_eq!(
        (ended.code, ended.out.as_str()),
        (0, "longitude,latitude,id\n2,1.5,a\n"),
        "{}",
        ended.err
    );
    assert!(ended.err.contains("1 record read, 1 written, 0 set aside"), "{}", ended.err);
    let ended = folder.run_fed(&["convert", "-", "-", "--format", "gpkg"], b"id,lat,lon\na,1,2\n");
    assert_eq!(ended.code, 2);
    assert!(
        ended.err.contains("a GeoPackage cannot be written to standard output"),
        "{}",
        ended.err
    );
    let ended = folder.run_fed(&["convert", "-", "-"], b"id,lat,lon\na,1,2\n");
    assert!(ended.err.contains("name one with --format: geojson, csv, fgb, gpkg"), "{}", ended.err);
}

#[test]
fn nothing_is_written_over_and_nothing_is_half_written() {
    let folder = Folder::new();
    folder.write("a.csv", "id,lat,lon\na,1,2\n").write("b.geojson", "mine");
    let ended = folder.run(&["convert", "a.csv", "b.geojson"]);
    assert!(ended.code == 4 && ended.err.contains("b.geojson: exists already"), "{}", ended.err);
    assert_eq!(folder.bytes("b.geojson"), b"mine");
    folder.done(&["convert", "a.csv", "b.geojson", "--replace"]);
    assert_eq!(features(&folder, "b.geojson").len(), 1);
    let ended = folder.run(&["convert", "a.csv", "a.csv", "--replace"]);
    assert!(ended.code == 4 && ended.err.contains("is the input"), "{}", ended.err);
    // An unreadable input leaves no output.
    folder.write("broken.geojson", "{\"type\":\"FeatureCollection\",\"features\":[{");
    for out in &named("x", &["csv"]) {
        let ended = folder.run(&["convert", "broken.geojson", out]);
        assert!(ended.code == 3 && ended.err.contains("broken.geojson"), "{}", ended.err);
        assert!(!folder.at(out).exists(), "{out}");
    }
    let ended = folder.run(&["convert", "a.csv", "a.dxf"]);
    assert!(
        ended.code == 2 && ended.err.contains("a.dxf: no format has this ending"),
        "{}",
        ended.err
    );
    let ended = folder.run(&["convert", "a.csv", "w.csv", "--where", "nme = a"]);
    assert!(ended.code == 2 && ended.err.contains("has no column \"nme\""), "{}", ended.err);
    assert!(!folder.at("w.csv").exists());
}

#[test]
fn cells_that_a_spreadsheet_would_run_are_guarded() {
    let folder = Folder::new();
    folder.write("a.csv", "id,lat,lon,note\n1,1,2,=1+1\n2,1,2,-5\n");
    folder.done(&["convert", "a.csv", "b.csv"]);
    let csv = String::from_utf8(folder.bytes("b.csv")).expect("text");
    assert_eq!(csv, "longitude,latitude,id,note\n2,1,1,'=1+1\n2,1,2,-5\n");
}

#[test]
fn a_file_of_several_layers_has_one_named() {
    let folder = Folder::with_mines();
    folder.write("a.csv", "id,lat,lon\na,1,2\n");
    folder.done(&["score", "--demo", "--gpkg", "-o", "out"]);
    let ended = folder.run(&["convert", "out/risk.gpkg", "x.csv"]);
    assert!(ended.code == 2 && ended.err.contains("name one: risk.gpkg:"), "{}", ended.err);
    folder.done(&["convert", "out/risk.gpkg:links", "x.csv"]);
    let csv = String::from_utf8(folder.bytes("x.csv")).expect("text");
    assert!(csv.starts_with("geometry,id,"), "{csv}");
    assert_eq!(features(&folder, "x.csv").len(), features(&folder, "out/links.geojson").len());
}
