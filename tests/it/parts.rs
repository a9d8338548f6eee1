//! Files read in parts: the result equals the content, on any number of threads.

use crate::reading::read_bytes;
use serde_json::{Value as Json, json};
use std::fmt::Write;
use tamarisk::model::{Findings, Value};
use tamarisk::sinks::records;
use tamarisk::sources::{
    Counts, Features, Geometry, Limits, RawGeometry, ReadOptions, Reader, Source, read_incidents,
};

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
        let (counts, out, _) = converted(source);
        assert_eq!(counts.read, 9000);
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

/// The complete result of a reading, or its error, as text.
fn outcome(source: &Source, options: &ReadOptions) -> String {
    match crate::reading::read_source(source, options) {
        Ok(r) => {
            let findings = crate::reading::says(&r);
            let reader = Reader::open(source, options).expect("opens again");
            let stored = (reader.hash(), reader.size(), r.crs.name().to_owned());
            format!("{:#?}", (r.description, r.columns, r.records, findings, r.count, stored))
        }
        Err(error) => format!("{error} {:?}", error.hint()),
    }
}

/// Texts with special content across every place where a window may end.
fn odd_texts() -> Vec<(&'static str, Vec<u8>)> {
    let collection = |features: &str| {
        format!(
            "\n{{ \"type\":\"FeatureCollection\", \"bbox\":[1,2], \"features\" : [ {features} ] , \"name\":\"ریک\" }}\n "
        )
    };
    let feature = |at: usize| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"a\":\"}},{{\\\"type\\\"🦀\",\"b\":[{{\"type\":{at}}},{{\"type\":1}}]}},\"geometry\":{{\"type\":\"Point\",\"coordinates\":[{at},2,3]}}}}"
        )
    };
    let features: Vec<String> = (0..40).map(feature).collect();
    let joined = collection(&features.join(" ,\r\n"));
    let lines = features.join("\n \r\n");
    let broken =
        format!("{lines}\n{{broken}}\n[1]\n\u{a0}\n{{\"type\":\"Point\",\"coordinates\":[1,2]}}\n");
    let sequence: String = features.iter().map(|feature| format!("\u{1e}{feature}\n")).collect();
    let csv = "a;b;c\r\n1;\"x\r\ny \"\"z\"\"\";\r\n\r\n;;\r\n2;3\r\nریک;\u{feff};4\r\n\u{feff}5;\"6\"7;8\n\r9;;\n";
    let csv = format!("sep=;\r\n\r\n{}", csv.repeat(20));
    let mut all = vec![
        ("a.geojson", joined.clone()),
        ("cut.geojson", joined[..joined.len() - 20].to_owned()),
        ("cut_feature.geojson", joined[..joined.len() / 2].to_owned()),
        ("spoilt.geojson", joined.replacen("[7,2,3]", "[7,NaN,3]", 1)),
        (
            "twice.geojson",
            joined.replacen("\"name\"", "\"type\":\"FeatureCollection\",\"name\"", 1),
        ),
        ("behind.geojson", format!("{joined}x")),
        ("none.geojson", collection("")),
        ("no_list.geojson", "{\"type\":\"FeatureCollection\",\"features\":{}}".to_owned()),
        ("lines.geojson", lines.clone()),
        ("one.geojson", features[0].clone()),
        ("broken.geojson", broken.clone()),
        ("cut_lines.geojson", lines[..lines.len() - 20].to_owned()),
        ("cut_lines_and_blanks.geojson", format!("{}\n \n\n", &lines[..lines.len() - 20])),
        ("sequence.geojson", sequence.clone()),
        ("cut_sequence.geojson", sequence[..sequence.len() - 20].to_owned()),
        ("blank.geojson", " ".repeat(500)),
        ("marked.geojson", format!("\u{feff}{joined}")),
        ("a.csv", csv.clone()),
        ("marked.csv", format!("\u{feff}{csv}")),
        ("open.csv", csv.replacen("\"x", "\"\"\"x", 1)),
        ("blank.csv", "\n".repeat(500)),
        ("wide.csv", format!("{}\n1\n", "name,".repeat(400))),
    ]
    .into_iter()
    .map(|(name, text)| (name, text.into_bytes()))
    .collect::<Vec<_>>();
    let mut latin = csv.clone().into_bytes();
    latin[900] = 0xe9;
    all.push(("latin.csv", latin));
    all.push(("wide.txt", csv.encode_utf16().flat_map(u16::to_le_bytes).collect()));
    all
}

#[test]
fn a_file_read_window_by_window_is_what_it_is_when_held() {
    let folder = tempfile::tempdir().expect("folder");
    for (name, bytes) in odd_texts() {
        let path = folder.path().join(name);
        std::fs::write(&path, &bytes).expect("writes");
        let source = Source::path(&path);
        let held = |held| {
            let limits = Limits { held, ..Limits::default() };
            ReadOptions { limits, ..ReadOptions::default() }
        };
        let whole = outcome(&source, &held(u64::MAX));
        for most in (0..200).step_by(7).chain([300, 500, 1000, 1500, 3000]) {
            let windows = outcome(&source, &held(most));
            assert_eq!(windows, whole, "{name} at {most}");
        }
    }
}

#[test]
fn a_file_that_is_changed_while_it_is_read_is_refused() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("a.csv");
    let text = "id,lon,lat\n1,2,3\n".repeat(100);
    let limits = Limits { held: 100, ..Limits::default() };
    let options = ReadOptions { limits, ..ReadOptions::default() };
    let write = |text: &str| std::fs::write(&path, text).expect("writes");
    for other in
        [format!("{text}4,5,6\n"), text.replace('1', "7"), text[..1000].to_owned(), String::new()]
    {
        write(&text);
        let reader = Reader::open(&Source::path(&path), &options).expect("opens");
        // A clock that has not advanced cannot show it.
        std::thread::sleep(std::time::Duration::from_millis(20));
        write(&other);
        let read = reader.for_each(&mut Findings::default(), &mut |_, _, _| Ok(()));
        let error = read.expect_err("refused");
        assert!(
            error.is_io() && error.to_string().contains("was changed while it was read"),
            "{error}"
        );
    }
}

#[test]
fn what_is_written_back_loses_nothing() {
    let text = concat!(
        r#"{"type":"FeatureCollection","features":[{"type":"Feature","id":"a\u0009","bbox":[1,2,3,4],"#,
        r#""geometry":{"coordinates":[ [1.50,-2.0, 3] ],"type":"MultiPoint"},"#,
        r#""properties":{"n":{"deep" : [1.0, "x \" ]", null]},"big":123456789012345678901,"e":1e-7,"#,
        r#""t":"\u00e9\n","m":null,"yes":true}},"#,
        r#"{"type":"Feature","geometry":{"type":"LineString","coordinates":[[0,0.10,5.5],[1.0,1e1]]},"#,
        r#""properties":{"n":[]}},{"type":"Feature","geometry":{"type":"Point","coordinates":[1e999,0]},"#,
        r#""properties":{"late":-7}}]}"#
    );
    let source = Source::embedded("all.geojson", text.as_bytes());
    let (_, out, findings) = converted(&source);
    let lines = [
        r#"{"type":"FeatureCollection","name":"all_geojson","features":["#,
        r#"{"type":"Feature","id":"a\t","geometry":{"type":"Point","coordinates":[1.5,-2.0]},"properties":{"n":{"deep":[1.0,"x \" ]",null]},"big":123456789012345678901,"e":1e-7,"t":"é\n","m":null,"yes":true,"late":null}},"#,
        r#"{"type":"Feature","geometry":{"type":"LineString","coordinates":[[0.0,0.1],[1.0,10.0]]},"properties":{"n":[],"big":null,"e":null,"t":null,"m":null,"yes":null,"late":null}},"#,
        r#"{"type":"Feature","geometry":null,"properties":{"n":null,"big":null,"e":null,"t":null,"m":null,"yes":null,"late":-7}}"#,
        "]}",
        "",
    ];
    assert_eq!(String::from_utf8(out).expect("text"), lines.join("\n"));
    let found: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(found.iter().any(|one| one.contains("more than two numbers")), "{found:?}");
    assert!(found.iter().any(|one| one.contains("the geometry is null")), "{found:?}");
}

#[test]
fn the_rows_of_a_table_become_points() {
    let text = "id,lon,lat,n\n1,2.50,-3,007\n\"a\"\"\nb\",east,4,1e3\n3,0.5,5,\n";
    let (counts, out, _) = converted(&Source::embedded("t.csv", text.as_bytes()));
    // What one of the rows says of its place cannot be used, so the columns are kept.
    let lines = [
        r#"{"type":"FeatureCollection","name":"t_csv","features":["#,
        r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[2.5,-3.0]},"properties":{"id":"1","lon":"2.50","lat":-3,"n":"007"}},"#,
        r#"{"type":"Feature","geometry":null,"properties":{"id":"a\"\nb","lon":"east","lat":4,"n":"1e3"}},"#,
        r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[0.5,5.0]},"properties":{"id":"3","lon":"0.5","lat":5,"n":null}}"#,
        "]}",
        "",
    ];
    assert_eq!(String::from_utf8(out).expect("text"), lines.join("\n"));
    assert_eq!((counts.read, counts.without, counts.astray, counts.set_aside), (3, 1, 1, 0));
}

/// A file as GeoJSON, with the outcome of its records.
fn converted(source: &Source) -> (Counts, Vec<u8>, Findings) {
    let mut features = Features::open(source, None, &ReadOptions::default()).expect("opens");
    let schema = match records::Format::GeoJson.needs_schema(features.typing()) {
        true => records::Schema::of(source.name(), &mut features).expect("reads"),
        false => records::Schema::unseen(source.name(), &features),
    };
    let (mut out, mut findings) = (Vec::new(), Findings::default());
    let format = records::Format::GeoJson;
    let counts = records::write(&mut features, &schema, format, &mut findings, &mut out);
    (counts.expect("writes"), out, findings)
}
