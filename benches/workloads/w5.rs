//! W5: reads a GeoJSON file of 1,000,000 points with six properties, 242 MB, and writes it back; and
//! the same from CSV.

use crate::files;
use crate::machine::folder;
use crate::measure::{Row, Size, Spent, repeat, row, timed};
use geojson::{FeatureCollection, FeatureReader, FeatureWriter, GeoJson};
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;
use tamarisk::run::{Cancel, Conversion, Unwatched};
use tamarisk::sinks::records::Format;
use tamarisk::sources::{ReadOptions, Source};

pub fn run(who: &str, size: Size, workload: &str) -> Option<Row> {
    let count = size.of(1_000_000);
    let input = match workload {
        "w5-csv" => files::incidents_csv(count),
        _ => files::incidents_geojson(count),
    };
    let output = folder().join(format!("{workload}-{who}.out.geojson"));
    let work = match (who, workload) {
        ("tamarisk", _) => convert,
        ("geojson", "w5") => streaming,
        ("geojson", "w5-whole") => whole,
        _ => return None,
    };
    let spent = repeat(|| {
        // Removing an old file is not part of the workload.
        std::fs::remove_file(&output).ok();
        work(&input, &output)
    });
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

/// The function behind `tamarisk convert`.
fn convert(input: &Path, output: &Path) -> (Spent, ()) {
    timed(
        || Conversion {
            source: Source::path(input),
            role: None,
            read: ReadOptions::default(),
            format: Format::GeoJson,
            output: Some(output.to_owned()),
            replace: false,
        },
        |asked| {
            tamarisk::run::convert(&asked, &Unwatched, &Cancel::new())
                .expect("a file that is well");
        },
    )
}

/// Processes one feature at a time.
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

/// Holds all features in memory.
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

/// Returns the number of features of a file, and a hash of all their positions and properties that does
/// not depend on the notation: read by the geojson crate, positions to seven decimals, properties by
/// name, numbers as numbers.
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
