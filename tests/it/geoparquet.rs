//! GeoParquet holds the features of the GeoJSON layers, says where they are in the words of the format, and has them in
//! an order in which neighbors are together.

use crate::cli::{Folder, features};
use crate::reading::read_source;
use crate::styled::{bounds, layers, paths};
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type};
use arrow_array::{Array, RecordBatch};
use arrow_cast::display::array_value_to_string;
use arrow_schema::{DataType, SchemaRef};
use bytes::Bytes;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::file::metadata::ParquetMetaData;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use tamarisk::earth::Position;
use tamarisk::layers::{Digits, Layer, Table};
use tamarisk::sinks::geoparquet;
use tamarisk::sources::{Geometry, RawGeometry, ReadOptions, Source};

/// A file as the parquet crate reads it.
struct File {
    metadata: Arc<ParquetMetaData>,
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl File {
    fn of(bytes: Vec<u8>) -> Self {
        let builder =
            ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes)).expect("Parquet");
        let (metadata, schema) = (builder.metadata().clone(), builder.schema().clone());
        let reader = builder.with_batch_size(1000).build().expect("a reader");
        Self { metadata, schema, batches: reader.map(|batch| batch.expect("a batch")).collect() }
    }

    fn geo(&self) -> Value {
        let said = self.metadata.file_metadata().key_value_metadata().expect("metadata");
        let geo = said.iter().find(|pair| pair.key == "geo").expect("a geo key");
        serde_json::from_str(geo.value.as_deref().expect("a value")).expect("JSON")
    }

    /// The rows as JSON: the values of all columns but the geometry, by the id of the feature.
    fn rows(&self) -> BTreeMap<String, Value> {
        let mut rows = BTreeMap::new();
        for batch in &self.batches {
            for row in 0..batch.num_rows() {
                let mut values = serde_json::Map::new();
                for (field, column) in self.schema.fields().iter().zip(batch.columns()) {
                    if field.name() != "geometry" {
                        values.insert(field.name().clone(), value(column, row));
                    }
                }
                let id = values.shift_remove("id").expect("an id");
                rows.insert(id.as_str().expect("a text").to_owned(), values.into());
            }
        }
        rows
    }
}

fn value(column: &dyn Array, row: usize) -> Value {
    if column.is_null(row) {
        return Value::Null;
    }
    match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(row).into(),
        DataType::Float64 => column.as_primitive::<Float64Type>().value(row).into(),
        DataType::Boolean => column.as_boolean().value(row).into(),
        DataType::Date32 => {
            assert!(column.as_primitive_opt::<Date32Type>().is_some());
            array_value_to_string(column, row).expect("a day").into()
        }
        DataType::Struct(fields) => {
            let all = column.as_struct();
            let one = |at: usize| (fields[at].name().clone(), value(all.column(at), row));
            Value::Object((0..fields.len()).map(one).collect())
        }
        other => panic!("{other}"),
    }
}

fn run(args: &[&str], formats: &str) -> Folder {
    let folder = Folder::with_mines();
    folder.done(&[args, &["--format", formats, "-o", "out"]].concat());
    folder
}

/// The parts of a geometry as our reader gives it.
fn parts(geometry: &Geometry) -> Vec<Vec<[f64; 2]>> {
    match geometry {
        Geometry::None => Vec::new(),
        Geometry::Raw(RawGeometry::Points(points)) => vec![points.clone()],
        Geometry::Raw(RawGeometry::Lines(lines)) => lines.clone(),
        Geometry::Raw(RawGeometry::Polygons(all)) => all.iter().flatten().cloned().collect(),
        other => panic!("{other:?}"),
    }
}

/// Compares every layer with its GeoJSON: values as the parquet crate reads them, positions as our reader does.
fn compare(folder: &Folder) {
    for (name, layer) in layers(folder) {
        let due = features(&layer);
        let file = File::of(folder.bytes(&format!("out/{name}.parquet")));
        let rows = file.rows();
        assert_eq!(rows.len(), due.len(), "{name}");
        for (id, row) in &rows {
            let paths = paths(&due[id]["geometry"]);
            let mut row = row.as_object().expect("values").clone();
            let bbox = match bounds(&paths) {
                Some([w, s, e, n]) => json!({"xmin": w, "ymin": s, "xmax": e, "ymax": n}),
                None => Value::Null,
            };
            assert_eq!(row.shift_remove("bbox"), Some(bbox), "{name} {id}");
            let properties = due[id]["properties"].as_object().expect("properties");
            // All numbers are doubles here.
            let doubles: serde_json::Map<String, Value> = properties
                .iter()
                .map(|(key, value)| {
                    let double = value.as_f64().map_or_else(|| value.clone(), Value::from);
                    (key.clone(), double)
                })
                .collect();
            assert_eq!(row, doubles, "{name} {id}");
            let names: Vec<&String> = row.keys().collect();
            assert_eq!(names, properties.keys().collect::<Vec<_>>(), "{name}");
        }
        let path = folder.at(&format!("out/{name}.parquet"));
        let read = read_source(&Source::path(path), &ReadOptions::default()).expect("our reader");
        assert_eq!(read.description, "GeoParquet");
        assert!(read.crs.is_wgs84());
        assert_eq!(read.findings.len(), 0, "{name}");
        assert!(read.columns.iter().all(|column| &**column != "bbox"), "{name}");
        for record in &read.records {
            let id = record.fields[0].as_str().expect("an id");
            assert_eq!(parts(&record.geometry), paths(&due[id]["geometry"]), "{name} {id}");
        }
    }
}

#[test]
fn every_layer_has_the_values_and_positions_of_its_geojson() {
    compare(&run(&["demo"], "geojson,parquet"));
}

#[test]
fn what_is_cut_at_the_seam_has_the_positions_of_its_geojson() {
    let folder = crate::styled::made();
    let sites = ["score", "-s", "sites.geojson", "-i", "incidents.csv", "--coverage", "all"];
    let receptors = ["-r", "rivers=rivers.geojson", "-r", "sensitive_areas=areas.geojson"];
    let formats = ["--surface", "--format", "geojson,parquet", "-o", "out"];
    folder.done(&[&sites[..], &receptors[..], &formats[..]].concat());
    compare(&folder);
}

#[test]
fn names_and_texts_come_back_as_they_were() {
    let folder = crate::styled::hostile();
    let run = ["score", "-s", "sites.csv", "-i", "incidents.csv", "-o", "out"];
    folder.done(&[&run[..], &["--format", "geojson,parquet"]].concat());
    compare(&folder);
}

#[test]
fn the_geo_key_says_what_geoparquet_asks_for() {
    let folder = run(&["demo"], "geojson,parquet");
    for (name, layer) in layers(&folder) {
        let file = File::of(folder.bytes(&format!("out/{name}.parquet")));
        let geo = file.geo();
        assert_eq!(
            (&geo["version"], &geo["primary_column"]),
            (&json!("1.1.0"), &json!("geometry"))
        );
        let column = &geo["columns"]["geometry"];
        assert_eq!(column["encoding"], "WKB");
        let first = &layer["features"][0]["geometry"]["type"];
        assert_eq!(column["geometry_types"], json!([first]), "{name}");
        assert_eq!(column["crs"]["id"], json!({"authority": "OGC", "code": "CRS84"}));
        assert_eq!(column["crs"]["type"], "GeographicCRS");
        let all: Vec<_> =
            features(&layer).values().flat_map(|one| paths(&one["geometry"])).collect();
        assert_eq!(column["bbox"], json!(bounds(&all)), "{name}");
        for edge in ["xmin", "ymin", "xmax", "ymax"] {
            assert_eq!(column["covering"]["bbox"][edge], json!(["bbox", edge]));
        }
        // GDAL 3.12 finds no CRS of a column that is annotated so.
        let [geometry, boxes] = ["geometry", "bbox"]
            .map(|name| file.schema.field_with_name(name).expect("a column").clone());
        assert!(geometry.metadata().is_empty(), "{:?}", geometry.metadata());
        let DataType::Struct(edges) = boxes.data_type() else { panic!("{boxes}") };
        assert!(edges.iter().all(|edge| *edge.data_type() == DataType::Float64));
        let about = file.metadata.file_metadata();
        let by = format!("tamarisk version {}", env!("CARGO_PKG_VERSION"));
        assert_eq!(about.created_by(), Some(&*by));
        for column in file.metadata.row_groups().iter().flat_map(|group| group.columns()) {
            assert!(matches!(column.compression(), Compression::ZSTD(_)));
            let is_geometry = column.column_path().string() == "geometry";
            assert_eq!(column.statistics().is_some(), !is_geometry, "{}", column.column_path());
        }
    }
    let sites = File::of(folder.bytes("out/sites.parquet")).schema;
    let km = sites.field_with_name("nearest_incident_km").expect("a column").metadata();
    assert_eq!(km["unit"], "km");
    assert!(km["description"].len() > 10, "{km:?}");
    let day = File::of(folder.bytes("out/incidents.parquet")).schema;
    assert_eq!(day.field_with_name("date").expect("a column").data_type(), &DataType::Date32);
}

/// Points all over a country, in the order of a scattered sequence.
fn scattered(count: usize) -> Layer<'static> {
    let table = Table::new().number("n", Digits::All, None, "Its number", |at: &usize| {
        Some(f64::from(u32::try_from(*at).expect("small")))
    });
    Layer::points("points", table, count, move |at| {
        if at >= count {
            return None;
        }
        let [x, y] =
            [0.618_033_988_749_895, 0.754_877_666_246_693].map(|of| (at as f64 * of).fract());
        let position = Position::from_degrees(60.0 + 10.0 * x, 20.0 + 10.0 * y)?;
        Some((format!("p{at}"), position, at))
    })
}

fn written(layer: &Layer<'_>, threads: usize) -> Vec<u8> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    let mut bytes = Vec::new();
    pool.install(|| geoparquet::write(layer, &|| false, &mut bytes)).expect("written");
    bytes
}

#[test]
fn neighbors_are_in_the_same_group_of_rows() {
    let bytes = written(&scattered(250_000), 2);
    assert!(bytes == written(&scattered(250_000), 1), "other bytes on one thread");
    let file = File::of(bytes);
    let groups = file.metadata.row_groups();
    assert_eq!(groups.iter().map(|g| g.num_rows()).collect::<Vec<_>>(), [100_000, 100_000, 50_000]);
    let mut area = 0.0;
    for batch in &file.batches {
        let boxes = batch.column_by_name("bbox").expect("boxes").as_struct();
        let [w, s, e, n] = [0, 1, 2, 3].map(|at| boxes.column(at).as_primitive::<Float64Type>());
        let least = |of: &[f64]| of.iter().copied().fold(f64::INFINITY, f64::min);
        let most = |of: &[f64]| of.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        area += (most(e.values()) - least(w.values())) * (most(n.values()) - least(s.values()));
    }
    // 250 batches of 1,000 rows; in the order of the layer each would cover all of 100 square degrees.
    assert!(area < 500.0, "{area} square degrees");
    let numbers: std::collections::BTreeSet<String> = file.rows().into_keys().collect();
    assert_eq!(numbers.len(), 250_000);
}

#[test]
fn a_writer_that_is_told_to_stop_stops() {
    let error = geoparquet::write(&scattered(10), &|| true, &mut Vec::new());
    assert!(error.is_err());
}

#[test]
fn the_same_run_writes_the_same_bytes_and_replaces_its_own() {
    let folder = Folder::new();
    for (out, threads) in [("a", "1"), ("b", "2"), ("a", "2")] {
        folder.done(&["demo", "--threads", threads, "--format", "parquet,geojson", "-o", out]);
    }
    let first = folder.files("a");
    assert!(first.contains_key("sites.parquet"));
    for (name, bytes) in folder.files("b") {
        assert!(first[&name] == bytes, "{name} differs");
    }
    folder.write("a/sites.parquet", "mine");
    let ended = folder.run(&["demo", "--format", "parquet,geojson", "-o", "a"]);
    assert!(ended.code == 4 && ended.err.contains("sites.parquet"), "{}", ended.err);
}

#[test]
fn an_empty_layer_keeps_its_columns() {
    let folder = Folder::with_mines();
    let run = ["score", "-s", "sites.csv", "-i", "incidents.csv", "--bbox", "1,1,2,2"];
    folder.done(&[&run[..], &["--format", "parquet", "-o", "out"]].concat());
    assert!(!folder.at("out/sites.geojson").exists());
    let file = File::of(folder.bytes("out/sites.parquet"));
    assert_eq!(file.rows().len(), 0);
    assert!(file.schema.field_with_name("security_score").is_ok());
    let column = &file.geo()["columns"]["geometry"];
    assert_eq!((column.get("bbox"), &column["geometry_types"]), (None, &json!(["Point"])));
}

#[test]
fn a_project_needs_layers_that_every_qgis_opens() {
    let folder = Folder::with_mines();
    let run = ["score", "-s", "sites.csv", "-i", "incidents.csv", "--project", "-o", "out"];
    let ended = folder.run(&[&run[..], &["--format", "parquet"]].concat());
    assert_eq!(ended.code, 2, "{}", ended.err);
    assert!(ended.err.contains("--format parquet,geojson"), "{}", ended.err);
    folder.done(&[&run[..], &["--format", "parquet,fgb"]].concat());
    assert!(folder.at("out/sites.parquet").exists() && folder.at("out/risk.qgz").exists());
}

#[test]
fn two_folders_of_geoparquet_are_compared() {
    let folder = Folder::with_mines();
    let run = |incidents: &str, out: &str| {
        let run = ["score", "-s", "sites.csv", "-i", incidents, "--format", "parquet", "-o", out];
        folder.done(&run);
    };
    run("incidents.csv", "a");
    folder.write("fewer.csv", crate::cli::INCIDENTS.lines().take(3).collect::<Vec<_>>().join("\n"));
    run("fewer.csv", "b");
    // Without the inputs, the layers are read instead.
    std::fs::remove_file(folder.at("incidents.csv")).expect("there");
    let diff = folder.answer(&["diff", "a", "b", "--json"]);
    assert!(diff.to_string().contains("ridge"), "{diff}");
}

#[test]
fn a_table_without_positions_is_parquet_without_a_geometry() {
    let folder = Folder::new();
    folder.write("a.csv", "name,when,bbox\nx,2024-05-01T12:00:00.25Z,1\ny,,2\n");
    folder.done(&["convert", "a.csv", "a.parquet"]);
    let file = File::of(folder.bytes("a.parquet"));
    let names: Vec<&str> = file.schema.fields().iter().map(|of| &**of.name()).collect();
    assert_eq!(names, ["name", "when", "bbox"]);
    let said = file.metadata.file_metadata().key_value_metadata().expect("metadata");
    assert!(said.iter().all(|pair| pair.key != "geo"));
    assert_eq!(
        folder.done(&["convert", "a.parquet", "-", "--format", "csv", "-q"]),
        "name,when,bbox\nx,2024-05-01T12:00:00.250Z,1\ny,,2\n"
    );
    // A column that has the name of the boxes already keeps it.
    folder.write("b.csv", "bbox,lon,lat\nx,1,2\n");
    folder.done(&["convert", "b.csv", "b.parquet"]);
    let file = File::of(folder.bytes("b.parquet"));
    let names: Vec<&str> = file.schema.fields().iter().map(|of| &**of.name()).collect();
    assert_eq!(names, ["bbox", "geometry", "bbox_2"]);
}
