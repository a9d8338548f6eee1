//! Files of many parts: what comes of them is what is written in them, on any number of threads.

use crate::reading::read_bytes;
use serde_json::{Value as Json, json};
use std::fmt::Write;
use tamarisk::model::{Findings, Value};
use tamarisk::sinks::records;
use tamarisk::sources::{Geometry, RawGeometry, ReadOptions, Reader, Source, read_incidents};

fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads").install(work)
}

/// Features of about 2 MB: with names that come up late, escapes, nested values that look like
/// features, numbers of all sorts, members before and after.
fn features() -> (String, Vec<Json>) {
    let mut all = Vec::new();
    for at in 0..9000_u32 {
        let mut properties = json!({
            "incident_id": format!("e{}", at % 8000),
            "date": format!("20{:02}-03-{:02}", at % 24, at % 28 + 1),
            "type": "attack",
            "note": format!("}},{{\"type\":\"Feature\" \\ {at} ریک 🦀 \n"),
            "count": at,
            "share": f64::from(at) / 7.0,
        });
        let object = properties.as_object_mut().expect("object");
        if at % 3000 == 2500 {
            object.insert(format!("late_{at}"), json!(true));
        }
        if at % 5 == 0 {
            object.insert(
                "nested".into(),
                json!([{"type": "Feature"}, {"type": "Feature", "a": [1]}]),
            );
        }
        let geometry = match at % 4 {
            0 => json!(null),
            1 => {
                json!({"type": "LineString", "coordinates": [[60.5, 29.0], [f64::from(at) / 100.0, 1e-7]]})
            }
            _ => json!({"type": "Point", "coordinates": [f64::from(at) / 100.0, -29.5]}),
        };
        all.push(json!({"type": "Feature", "properties": properties, "geometry": geometry}));
    }
    let mut text =
        String::from("{\"bbox\":[0,0,1,1],\"type\":\"FeatureCollection\",\n\"features\": [");
    for (at, feature) in all.iter().enumerate() {
        let _ = write!(
            text,
            "{}{feature}",
            if at == 0 {
                ""
            } else if at % 3 == 0 {
                ",\n"
            } else {
                " , "
            }
        );
    }
    text.push_str("\n], \"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"EPSG:4326\"}}}\r\n");
    (text, all)
}

fn as_json(value: &Value) -> Json {
    match value {
        Value::Missing => Json::Null,
        Value::Text(text) | Value::Exact(text) => json!(text),
        Value::Number(number) => json!(number),
        Value::Bool(truth) => json!(truth),
    }
}

#[test]
fn features_of_many_parts_are_what_serde_json_reads() {
    let (text, features) = features();
    let reading = read_bytes("many.geojson", text.as_bytes()).expect("reads");
    assert_eq!(reading.records.len(), features.len());
    for (record, feature) in reading.records.iter().zip(&features) {
        let given = feature["properties"].as_object().expect("object");
        for (column, name) in reading.columns.iter().enumerate() {
            let expected = match given.get(&**name) {
                Some(Json::Array(list)) => json!(Json::from(list.clone()).to_string()),
                Some(Json::Number(number)) => json!(number.as_f64()),
                other => other.cloned().unwrap_or_default(),
            };
            assert_eq!(as_json(record.field(column)), expected, "{} {name}", record.place);
        }
        let pair = |json: &Json| [json[0].as_f64().expect("x"), json[1].as_f64().expect("y")];
        let coordinates = &feature["geometry"]["coordinates"];
        let expected = match feature["geometry"]["type"].as_str() {
            None => Geometry::None,
            Some("Point") => Geometry::Raw(RawGeometry::Points(vec![pair(coordinates)])),
            Some(_) => {
                let line = coordinates.as_array().expect("list").iter().map(pair).collect();
                Geometry::Raw(RawGeometry::Lines(vec![line]))
            }
        };
        assert_eq!(record.geometry, expected, "{}", record.place);
    }
}

#[test]
fn a_reading_is_the_same_on_any_number_of_threads() {
    let (geojson, _) = features();
    let mut csv = String::from("incident_id,date,lon,lat,country,type,fatalities\r\n");
    for at in 0..40_000_u32 {
        let country = ["Pakistan", "Iran", "Atlantis", ""][at as usize % 4];
        let lat = if at % 50 == 7 { 95 } else { 30 };
        let (id, day, lon) = (at % 39_000, at % 31, at % 200);
        let _ = write!(csv, "e{id},2024-02-{day:02},{lon}.5,{lat},{country},");
        let _ =
            write!(csv, "\"attack\n no {}\",{}\r\n", at % 30, if at % 9 == 0 { "" } else { "1" });
    }
    for (name, text) in [("many.geojson", geojson), ("many.csv", csv)] {
        let source = Source::embedded(name, Vec::leak(text.into_bytes()));
        let read = |threads| {
            on_threads(threads, || read_incidents(&source, &ReadOptions::default()).expect("reads"))
        };
        let one = read(1);
        let found = one.findings.iter().take(5).map(ToString::to_string).collect::<Vec<_>>();
        let (many, aside) = (one.items.len(), one.set_aside);
        assert!(
            many > 1000 && aside > 0 && one.findings.len() > 10,
            "{name}: {many} {aside} {found:?}"
        );
        assert_eq!(one.read, one.set_aside + u64::try_from(one.items.len()).expect("few"));
        for threads in [2, 3, 8] {
            let other = read(threads);
            assert_eq!(other.items, one.items, "{name}");
            assert!(other.findings.iter().eq(one.findings.iter()), "{name}");
            assert_eq!((other.read, other.columns), (one.read, one.columns.clone()), "{name}");
        }
    }
}

#[test]
fn records_written_back_are_read_as_the_same() {
    let (text, _) = features();
    let source = Source::embedded("many.geojson", Vec::leak(text.into_bytes()));
    let write = |source: &Source| {
        let reader = Reader::open(source, &ReadOptions::default()).expect("opens");
        let (mut out, mut findings) = (Vec::new(), Findings::default());
        let path = std::path::Path::new("out.geojson");
        let count = records::write(&reader, &mut findings, path, &mut out).expect("writes");
        assert_eq!(count.read, 9000);
        out
    };
    let written = on_threads(1, || write(&source));
    assert_eq!(on_threads(4, || write(&source)), written);
    let first = crate::reading::read_source(&source, &ReadOptions::default()).expect("reads");
    let again = read_bytes("out.geojson", &written).expect("reads");
    assert_eq!(again.columns, first.columns);
    for (record, before) in again.records.iter().zip(&first.records) {
        let fields = |r: &tamarisk::sources::Record| {
            (0..first.columns.len()).map(|at| r.field(at).clone()).collect::<Vec<_>>()
        };
        assert_eq!(fields(record), fields(before), "{}", record.place);
        assert_eq!((&record.geometry, &record.id), (&before.geometry, &before.id));
    }
    assert_eq!(again.records.len(), first.records.len());
}
