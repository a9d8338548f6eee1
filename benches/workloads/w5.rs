//! W5: a GeoJSON file of 1,000,000 points with six properties, 242 MB, read whole and written back, and
//! the same from CSV.

use crate::files;
use crate::measure::{Row, Size, Spent, repeat, row, timed};
use crate::table::folder;
use geojson::{FeatureCollection, FeatureReader, FeatureWriter, GeoJson};
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;
use tamarisk::earth::Position;
use tamarisk::layers::{Digits, Layer, Table};
use tamarisk::model::{Findings, Value};
use tamarisk::sinks;
use tamarisk::sources::{Geometry, RawGeometry, ReadOptions, Reader, Record, Source};

pub fn run(who: &str, size: Size, workload: &str) -> Option<Row> {
    let count = size.of(1_000_000);
    let input = match workload {
        "w5-csv" => files::incidents_csv(count),
        _ => files::incidents_geojson(count),
    };
    let output = folder().join(format!("{workload}-{who}.out.geojson"));
    let spent = match (who, workload) {
        ("tamarisk", "w5") => repeat(|| as_read(&input, &output)),
        ("tamarisk", _) => repeat(|| as_layer(&input, &output)),
        ("geojson", "w5") => repeat(|| streaming(&input, &output)),
        ("geojson", "w5-whole") => repeat(|| whole(&input, &output)),
        _ => return None,
    };
    let mut row = row(&spent.0, (1, 1), "", String::new());
    let bytes = |path: &Path| std::fs::metadata(path).map_or(0, |of| of.len());
    row.check = digest(&output);
    row.note = Some(format!("{} bytes read, {} written", bytes(&input), bytes(&output)));
    std::fs::remove_file(&output).expect("a file of ours can be removed");
    Some(row)
}

fn writer(path: &Path) -> BufWriter<File> {
    BufWriter::with_capacity(1 << 20, File::create(path).expect("target/bench can be written to"))
}

/// Records as they were read.
fn as_read(input: &Path, output: &Path) -> (Spent, ()) {
    timed(
        || {
            let source = Source::path(input);
            Reader::open(&source, &ReadOptions::default()).expect("a file that is well")
        },
        |reader| {
            let mut out = writer(output);
            sinks::records::write(&reader, &mut Findings::default(), output, &mut out)
                .expect("there is room for the output");
            out.flush().expect("there is room for the output");
        },
    )
}

/// Records whose place stands in columns, as a layer of points.
fn as_layer(input: &Path, output: &Path) -> (Spent, ()) {
    timed(
        || {
            let source = Source::path(input);
            let reader =
                Reader::open(&source, &ReadOptions::default()).expect("a file that is well");
            let mut records: Vec<Record> = Vec::new();
            let mut take = |record: Record, _: &_, _: &mut _| {
                records.push(record);
                Ok(())
            };
            reader.for_each(&mut Findings::default(), &mut take).expect("a file that is well");
            let columns: Vec<String> =
                reader.columns().iter().map(|name| name.to_string()).collect();
            (columns, records)
        },
        |(columns, records)| {
            let mut out = writer(output);
            let layer = layer(&columns, &records);
            sinks::geojson::write(&layer, &mut out).expect("there is room for the output");
            out.flush().expect("there is room for the output");
        },
    )
}

/// Records of any schema as a layer: a property for each column, of the kind of its first value;
/// those of CSV are all texts but for the numbers among them.
fn layer<'a>(columns: &[String], records: &'a [Record]) -> Layer<'a> {
    let number = |value: &Value| match value {
        Value::Number(number) => Some(*number),
        Value::Text(text) => text.parse::<f64>().ok(),
        _ => None,
    };
    let place = |name: &str| columns.iter().position(|column| column == name);
    let at = place("longitude").zip(place("latitude"));
    let mut table = Table::new();
    for (column, name) in columns.iter().enumerate() {
        if at.is_some_and(|(lon, lat)| column == lon || column == lat) {
            continue;
        }
        let first = records.first().map_or(&Value::Missing, |record| record.field(column));
        table = if number(first).is_some() {
            table.number(name, Digits::All, None, "", move |record: &&Record| {
                number(record.field(column))
            })
        } else {
            table.text(name, "", move |record: &&Record| {
                record.field(column).as_str().map(str::to_owned)
            })
        };
    }
    let position = move |record: &Record| match (&record.geometry, at) {
        (Geometry::Raw(RawGeometry::Points(points)), _) => {
            Position::from_degrees(points[0][0], points[0][1])
        }
        (_, Some((lon, lat))) => {
            Position::from_degrees(number(record.field(lon))?, number(record.field(lat))?)
        }
        _ => None,
    };
    Layer::points("incidents", table, records.len(), move |index| {
        let record = records.get(index)?;
        let id = record.field(0).as_str().unwrap_or_default().to_owned();
        Some((id, position(record)?, record))
    })
}

/// One feature after another.
fn streaming(input: &Path, output: &Path) -> (Spent, ()) {
    timed(
        || (),
        |()| {
            let file = File::open(input).expect("the input was made");
            let reader = FeatureReader::from_reader(BufReader::with_capacity(1 << 20, file));
            let mut out = FeatureWriter::from_writer(writer(output));
            for feature in reader.features() {
                let feature = feature.expect("a file that is well");
                out.write_feature(&feature).expect("there is room for the output");
            }
            out.finish().expect("there is room for the output");
        },
    )
}

/// All features in memory.
fn whole(input: &Path, output: &Path) -> (Spent, ()) {
    timed(
        || {
            let text = std::fs::read_to_string(input).expect("the input was made");
            let all: GeoJson = text.parse().expect("a file that is well");
            FeatureCollection::try_from(all).expect("a feature collection")
        },
        |all| {
            let mut out = writer(output);
            serde_json::to_writer(&mut out, &all).expect("there is room for the output");
            out.flush().expect("there is room for the output");
        },
    )
}

/// How many features a file has, and one number for all their positions and properties, however they
/// are written: read by the geojson crate, positions to seven decimals, properties by name, numbers
/// as numbers.
fn digest(path: &Path) -> String {
    let file = File::open(path).expect("the output was written");
    let reader = FeatureReader::from_reader(BufReader::with_capacity(1 << 20, file));
    let mut hash = blake3::Hasher::new();
    let mut count = 0;
    for feature in reader.features() {
        let feature = feature.expect("a file that is well");
        let at = match feature.geometry.map(|geometry| geometry.value) {
            Some(geojson::GeometryValue::Point { coordinates }) => coordinates,
            other => panic!("a point, not {other:?}"),
        };
        for degrees in at.as_slice() {
            hash.update(&((degrees * 1e7).round() as i64).to_le_bytes());
        }
        let properties = feature.properties.expect("properties");
        let mut names: Vec<&String> = properties.keys().collect();
        names.sort();
        for name in names {
            hash.update(name.as_bytes());
            match &properties[name] {
                serde_json::Value::String(text) => hash.update(text.as_bytes()),
                value => hash.update(&value.as_f64().unwrap_or(f64::NAN).to_le_bytes()),
            };
        }
        count += 1;
    }
    format!("{count} features, {}", &hash.finalize().to_hex()[..12])
}
