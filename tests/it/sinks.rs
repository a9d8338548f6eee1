//! Layers become GeoJSON that reads back as it was, and files come into being whole or not at all:
//! under kill -9, on a full disk, with two writers at once.

use crate::suites::shared;
use geo_types::{LineString, MultiLineString, MultiPolygon, Polygon};
use jiff::civil::date;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tamarisk::earth::{Length, Position, Shape};
use tamarisk::layers::{
    Digits, IncidentUse, Layer, OwnColumns, Table, footprint_lines, footprints, incidents, rings,
};
use tamarisk::measures::Count;
use tamarisk::model::{
    DateSpan, Domain, Finding, Incident, Part, Place, SecurityType, Site, Value, Verdict,
};
use tamarisk::sinks::place::{InputFiles, OutputFolder, write_file, write_stdout};
use tamarisk::sinks::{csv, geojson, json};

fn at(lon: f64, lat: f64) -> Position {
    Position::from_degrees(lon, lat).expect("position")
}

fn site(id: &str, lon: f64, lat: f64) -> Site {
    Site {
        id: id.to_owned(),
        name: format!("Site {id}"),
        file: "sites.csv".into(),
        place: Place::Line(2),
        position: at(lon, lat),
        shape: Shape::point(at(lon, lat)),
        accuracy: None,
        country: None,
        group: None,
        part: Part::Mine,
        tailings: None,
        water_stress: None,
        columns: Vec::new(),
    }
}

fn incident(id: &str) -> Incident {
    Incident {
        id: id.to_owned(),
        file: "incidents.csv".into(),
        place: Place::Line(7),
        position: at(62.5, 29.25),
        accuracy: Some(Length::from_km(25.0)),
        vague: false,
        date: Some(DateSpan::day(date(2024, 3, 12))),
        domain: Domain::Security,
        security_type: Some(SecurityType::Explosions),
        event_type: "Remote explosive".to_owned(),
        fatalities: Some(3),
        fatalities_range: None,
        country: None,
        magnitude: None,
        depth_km: None,
    }
}

fn bytes_of(layer: &Layer) -> Vec<u8> {
    let mut bytes = Vec::new();
    geojson::write(layer, &mut bytes).expect("memory");
    bytes
}

fn parsed(layer: &Layer) -> Json {
    serde_json::from_slice(&bytes_of(layer)).expect("JSON")
}

fn never() -> bool {
    false
}

#[test]
fn rings_are_written_with_their_counts() {
    let sites = [site("a", 62.0, 29.0), site("b", 179.99, 10.0)];
    let radii = [Length::from_km(5.0), Length::from_km(50.0)];
    let count = |site: usize, radius: usize| {
        (site == 0).then(|| Count { incidents: 3 * (radius as u32 + 1), fatalities: 1 << 40 })
    };
    let layer = rings(&sites, &radii, count).expect("radii");
    let file = parsed(&layer);
    assert_eq!(file["type"], "FeatureCollection");
    assert_eq!(file["name"], "rings");
    let features = file["features"].as_array().expect("features");
    let ids: Vec<_> = features.iter().map(|f| f["id"].as_str().expect("id")).collect();
    assert_eq!(
        ids,
        ["a:50km", "b:50km", "a:5km", "b:5km"],
        "maps draw small rings over large ones"
    );
    assert!(features.iter().all(|f| f["geometry"]["type"] == "MultiPolygon"));
    assert_eq!(features[0]["properties"]["incidents"], 6.0);
    assert_eq!(features[0]["properties"]["fatalities"], (1u64 << 40) as f64);
    assert_eq!(features[0]["properties"]["radius_km"], 50.0);
    assert_eq!(features[1]["properties"]["incidents"], Json::Null);
    assert_eq!(features[1]["geometry"]["coordinates"].as_array().expect("parts").len(), 2);
    let bbox = file["bbox"].as_array().expect("bbox");
    assert!(bbox[0].as_f64() > bbox[2].as_f64(), "crosses the seam: {bbox:?}");
}

#[test]
fn a_radius_without_a_ring_is_refused_before_anything_is_written() {
    let sites = [site("a", 62.0, 29.0)];
    assert!(rings(&sites, &[Length::ZERO], |_, _| None).is_err());
}

#[test]
fn incidents_say_what_became_of_them() {
    let known = [incident("i-1"), incident("i-2")];
    let uses = [
        IncidentUse {
            incident: &known[0],
            age_days: Some(100),
            severity: Some(1.602_06),
            decay: Some(0.5),
            unused: None,
        },
        IncidentUse {
            incident: &known[1],
            age_days: None,
            severity: None,
            decay: None,
            unused: Some("lies after the day of the scores"),
        },
    ];
    let file = parsed(&incidents(uses.len(), |at| uses.get(at).cloned()));
    assert_eq!(
        file["features"][0]["properties"],
        json!({
            "domain": "security", "security_type": "explosions", "event_type": "Remote explosive",
            "date": "2024-03-12", "first_date": "2024-03-12", "age_days": 100.0,
            "fatalities": 3.0, "severity": 1.6021, "decay": 0.5, "weight": 0.80103,
            "magnitude": null, "depth_km": null, "position_accuracy_km": 25.0, "country": null,
            "file": "incidents.csv", "place": "line 7", "used": true, "unused_because": null
        })
    );
    assert_eq!(file["features"][1]["properties"]["used"], false);
    assert_eq!(file["features"][0]["geometry"]["coordinates"], json!([62.5, 29.25]));
}

#[test]
fn polygons_and_lines_go_to_files_of_their_own() {
    let ring: LineString<f64> = vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)].into();
    let mut pit = site("pit", 0.5, 0.5);
    pit.shape = Shape::Polygons(MultiPolygon(vec![Polygon::new(ring, Vec::new())]));
    let mut road = site("road", 2.0, 2.0);
    road.shape = Shape::Lines(MultiLineString(vec![vec![(2.0, 2.0), (3.0, 3.0)].into()]));
    road.part = Part::Road;
    road.group = Some("pit".to_owned());
    let sites = [site("camp", 0.0, 0.0), pit, road];
    let score = || {
        Table::new().number("score", Digits::Decimals(1), None, "Its score", |index: &usize| {
            Some(*index as f64)
        })
    };

    let polygons = parsed(&footprints(&sites, score()));
    assert_eq!(polygons["features"].as_array().expect("features").len(), 1);
    assert_eq!(polygons["features"][0]["id"], "pit");
    assert_eq!(polygons["features"][0]["properties"]["score"], 1.0);
    assert_eq!(polygons["features"][0]["geometry"]["type"], "MultiPolygon");

    let lines = parsed(&footprint_lines(&sites, score()));
    assert_eq!(lines["features"][0]["properties"]["part"], "road");
    assert_eq!(lines["features"][0]["properties"]["group"], "pit");
    assert_eq!(lines["features"][0]["properties"]["score"], 2.0);
    assert_eq!(
        lines["features"][0]["geometry"],
        json!({"type": "MultiLineString", "coordinates": [[[2.0, 2.0], [3.0, 3.0]]]})
    );
}

#[test]
fn every_layer_has_flat_columns_that_a_geopackage_takes() {
    let sites = [site("a", 62.0, 29.0)];
    let radii = [Length::from_km(5.0)];
    let layers = [
        rings(&sites, &radii, |_, _| None).expect("radii"),
        incidents(0, |_| None),
        footprints(&sites, Table::new()),
        footprint_lines(&sites, Table::new()),
    ];
    for layer in &layers {
        let names: Vec<String> = layer.column_names().map(|n| n.to_lowercase()).collect();
        let distinct: BTreeSet<_> = names.iter().collect();
        assert_eq!(distinct.len(), names.len(), "{}", layer.name());
        for taken in ["id", "fid", "geom", "geometry"] {
            assert!(!names.iter().any(|name| name == taken), "{} has {taken}", layer.name());
        }
        assert!(layer.columns().iter().all(|column| !column.about.is_empty()));
    }
}

#[test]
fn an_empty_layer_is_whole_and_has_no_box() {
    let layer = incidents(0, |_| None);
    let text = String::from_utf8(bytes_of(&layer)).expect("text");
    assert_eq!(text, "{\"type\":\"FeatureCollection\",\"name\":\"incidents\",\"features\":[]}\n");
}

/// A layer of many points with the number of its generation on each.
fn many<'a>(count: usize, generation: u32) -> Layer<'a> {
    let table = Table::new()
        .number("generation", Digits::Decimals(0), None, "Which", move |_: &usize| {
            Some(f64::from(generation))
        })
        .text("text", "Some text", |index| Some(format!("feature number {index}")));
    Layer::points("many", table, count, move |index| {
        let position = at((index % 360) as f64 - 180.0, (index % 180) as f64 - 90.0);
        Some((index.to_string(), position, index))
    })
}

#[test]
fn the_bytes_are_the_same_at_any_number_of_threads() {
    let sites: Vec<Site> = (0..300)
        .map(|i| site(&i.to_string(), f64::from(i) - 150.0, f64::from(i % 170) - 85.0))
        .collect();
    let radii = [Length::from_km(50.0), Length::from_km(1000.0)];
    let layers = [rings(&sites, &radii, |_, _| None).expect("radii"), many(20_000, 1)];
    for layer in &layers {
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("pool");
            pool.install(|| bytes_of(layer))
        };
        let one = with(1);
        assert!(one.len() > 1_000_000);
        for threads in [2, 3, 8] {
            assert!(with(threads) == one, "{} with {threads} threads", layer.name());
        }
    }
}

#[test]
fn each_feature_stands_on_a_line_of_its_own_and_numbers_have_a_point() {
    let text = String::from_utf8(bytes_of(&many(1500, 3))).expect("text");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 1502);
    for line in &lines[1..1501] {
        let feature: Json = serde_json::from_str(line.trim_end_matches(',')).expect("a feature");
        assert_eq!(feature["type"], "Feature");
        assert!(line.contains("\"generation\":3.0,"), "{line}");
    }
}

#[test]
fn hostile_strings_come_back_from_geojson_as_they_were() {
    let mut texts: Vec<String> = vec!["\u{0}\u{1f}\"\\\u{2028}\u{202e}</script>".to_owned()];
    if let Some(folder) = shared("suites/naughty-strings") {
        let list = std::fs::read_to_string(folder.join("blns.json")).expect("list");
        texts.extend(serde_json::from_str::<Vec<String>>(&list).expect("strings"));
        assert!(texts.len() > 400);
    }
    let texts = &texts;
    let table = Table::new().text("name", "A name", |index: &usize| texts.get(*index).cloned());
    let layer = Layer::points("hostile", table, texts.len(), |index| {
        Some((texts.get(index)?.clone(), at(0.0, 0.0), index))
    });
    let file = parsed(&layer);
    for (feature, text) in file["features"].as_array().expect("features").iter().zip(texts) {
        assert_eq!(feature["id"], text.as_str());
        let name = if text.is_empty() { Json::Null } else { Json::from(text.as_str()) };
        assert_eq!(feature["properties"]["name"], name);
    }
}

#[test]
fn hostile_strings_in_rejects_are_guarded_and_come_back() {
    let mut texts = vec!["=1+1".to_owned(), "@x".to_owned(), "-5".to_owned(), "a\r\nb".to_owned()];
    if let Some(folder) = shared("suites/naughty-strings") {
        let list = std::fs::read_to_string(folder.join("blns.json")).expect("list");
        texts.extend(serde_json::from_str::<Vec<String>>(&list).expect("strings"));
    }
    let findings: Vec<Finding> = texts
        .iter()
        .map(|text| Finding {
            file: "sites.csv".into(),
            place: Place::Line(4),
            id: Some(text.clone()),
            field: Some("name".to_owned()),
            value: Some(text.clone()),
            why: "is not a name".to_owned(),
            verdict: Verdict::SetAside,
        })
        .collect();
    let mut bytes = Vec::new();
    csv::write_findings(&findings, &mut bytes).expect("memory");
    let mut reader = ::csv::Reader::from_reader(bytes.as_slice());
    assert_eq!(
        reader.headers().expect("head").iter().collect::<Vec<_>>(),
        ["file", "place", "id", "field", "value", "why", "verdict"]
    );
    let rows: Vec<_> = reader.records().collect::<Result<_, _>>().expect("rows");
    assert_eq!(rows.len(), texts.len());
    for (row, text) in rows.iter().zip(&texts) {
        assert_eq!((&row[0], &row[1], &row[6]), ("sites.csv", "line 4", "set aside"));
        for cell in [&row[2], &row[4]] {
            let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
            assert!(!runs || cell.parse::<f64>().is_ok(), "{cell:?}");
            assert!(cell == text || cell.strip_prefix('\'') == Some(text), "{cell:?} {text:?}");
        }
    }
}

#[test]
fn the_sites_own_columns_keep_one_kind_each() {
    let text = |t: &str| Value::Text(t.to_owned());
    let column = |name: &str, value: Value| (std::sync::Arc::from(name), value);
    let mut first = site("a", 0.0, 0.0);
    first.columns = vec![
        column("Depth", text("12.50")),
        column("code", text("7")),
        column("open", text("TRUE")),
        column("ref", Value::Exact("12345678901234567890".to_owned())),
        column("DEPTH", text("x")),
        column("", text("no name")),
        column("line\nbreak", Value::Number(f64::NAN)),
        column("void", text(" ")),
    ];
    let mut second = site("b", 1.0, 1.0);
    second.columns = vec![
        column("owner", text("=cmd")),
        column("code", text("007")),
        column("Depth", Value::Number(3.0)),
        column("open", Value::Missing),
    ];
    let sites = [first, second];
    let own = OwnColumns::of(&sites, ["name", "site_Ref"]);
    let names: Vec<&str> = own.names().collect();
    assert_eq!(
        names,
        [
            "site_Depth",
            "site_code",
            "site_open",
            "site_ref_2",
            "site_DEPTH_2",
            "site_column",
            "site_line_break",
            "site_void",
            "site_owner"
        ]
    );
    let layer = Layer::points("sites", own.table(), sites.len(), |index| {
        let site = sites.get(index)?;
        Some((site.id.clone(), site.position, site))
    });
    let file = parsed(&layer);
    assert_eq!(
        file["features"][0]["properties"],
        json!({
            "site_Depth": 12.5, "site_code": "7", "site_open": true,
            "site_ref_2": "12345678901234567890", "site_DEPTH_2": "x", "site_column": "no name",
            "site_line_break": "NaN", "site_void": null, "site_owner": null
        })
    );
    assert_eq!(
        file["features"][1]["properties"],
        json!({
            "site_Depth": 3.0, "site_code": "007", "site_open": null, "site_ref_2": null,
            "site_DEPTH_2": null, "site_column": null, "site_line_break": null,
            "site_void": null, "site_owner": "=cmd"
        })
    );
    let keys = |index: usize| -> Vec<String> {
        file["features"][index]["properties"].as_object().expect("object").keys().cloned().collect()
    };
    assert_eq!(keys(0), names);
    assert_eq!(keys(1), names);
}

// Whole files or none.

fn temporaries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("folder");
    entries
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.')))
        .collect()
}

/// Writes a generation of two layers and their receipt.
fn write_generation(folder: &Path, generation: u32) -> tamarisk::Result<()> {
    let mut out = OutputFolder::open(folder, InputFiles::default(), &never)?;
    let large = many(20_000, generation);
    let small = many(10, generation);
    out.stage("large.geojson", |w| geojson::write(&large, w))?;
    out.stage("small.geojson", |w| geojson::write(&small, w))?;
    out.commit("receipt.json", |written, w| {
        let outputs: serde_json::Map<String, Json> = written
            .iter()
            .map(|file| (file.name.clone(), Json::from(file.hash.to_hex().as_str())))
            .collect();
        json::write(&json!({"generation": generation, "outputs": outputs}), w)
    })?;
    Ok(())
}

/// The generation of a whole file; panics where the file is not whole.
fn generation_of(path: &Path) -> Option<u32> {
    let bytes = std::fs::read(path).ok()?;
    let file: Json = serde_json::from_slice(&bytes).expect("a whole file");
    let features = file["features"].as_array().expect("features");
    let of = |feature: &Json| feature["properties"]["generation"].as_f64().expect("number") as u32;
    let generation = of(&features[0]);
    assert!(features.iter().all(|feature| of(feature) == generation), "a mixture");
    Some(generation)
}

/// Where there is a receipt the files are those that it names.
fn check_folder(folder: &Path) {
    let large = generation_of(&folder.join("large.geojson"));
    let small = generation_of(&folder.join("small.geojson"));
    let Ok(receipt) = std::fs::read(folder.join("receipt.json")) else { return };
    let receipt: Json = serde_json::from_slice(&receipt).expect("a whole receipt");
    for (name, hash) in receipt["outputs"].as_object().expect("outputs") {
        let bytes = std::fs::read(folder.join(name)).expect("an output");
        assert_eq!(blake3::hash(&bytes).to_hex().as_str(), hash.as_str().expect("hash"), "{name}");
    }
    let generation = receipt["generation"].as_u64().map(|g| g as u32);
    assert_eq!((large, small), (generation, generation));
}

/// This test program again, doing the one thing that a variable says.
fn child(task: &str, folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command
        .args(["--exact", "sinks::as_a_child_it_does_what_it_is_told", "--nocapture"])
        .env("TAMARISK_CHILD", task)
        .env("TAMARISK_FOLDER", folder);
    command
}

/// Not a test of its own: what the tests below start as another process.
#[test]
fn as_a_child_it_does_what_it_is_told() {
    let Ok(task) = std::env::var("TAMARISK_CHILD") else { return };
    let folder = PathBuf::from(std::env::var_os("TAMARISK_FOLDER").expect("folder"));
    match task.as_str() {
        "write forever" => {
            for generation in 1.. {
                write_generation(&folder, generation).expect("written");
            }
        }
        "hold" => {
            let _held = OutputFolder::open(&folder, InputFiles::default(), &never).expect("open");
            println!("held");
            let _ = std::io::stdin().read(&mut [0]);
        }
        "full disk" => {
            let error = write_generation(&folder, 99).expect_err("full");
            eprintln!("{error}");
            std::process::exit(if error.is_io() { 4 } else { 1 });
        }
        "full disk of its own" => {
            let mut out = OutputFolder::open(&folder, InputFiles::default(), &never).expect("open");
            out.stage("small.geojson", |w| geojson::write(&many(10, 1), w)).expect("staged");
            out.commit("receipt.json", |_, w| w.write_all(b"{}")).expect("small");
            let error = write_generation(&folder, 2).expect_err("full");
            assert_eq!(generation_of(&folder.join("small.geojson")), Some(1));
            assert_eq!(temporaries(&folder), Vec::<PathBuf>::new());
            assert!(folder.join("receipt.json").exists());
            std::process::exit(if error.is_io() { 4 } else { 1 });
        }
        "to stdout" => {
            let done = write_stdout(|w| geojson::write(&many(100_000, 1), w));
            std::process::exit(if done.is_ok() { 0 } else { 1 });
        }
        other => panic!("{other}"),
    }
}

#[test]
fn killed_at_any_moment_an_old_whole_file_or_a_new_whole_file_is_left() {
    let folder = tempfile::tempdir().expect("folder");
    write_generation(folder.path(), 0).expect("written");
    check_folder(folder.path());
    let mut left_behind = 0;
    for round in 0..40u64 {
        let mut writer =
            child("write forever", folder.path()).stdout(Stdio::null()).spawn().expect("child");
        std::thread::sleep(std::time::Duration::from_micros(5_000 + round * 1_700));
        writer.kill().expect("killed");
        writer.wait().expect("ended");
        check_folder(folder.path());
        left_behind += temporaries(folder.path()).len();
    }
    assert!(left_behind > 0, "no kill came while a file was written");
    write_generation(folder.path(), 7).expect("written");
    check_folder(folder.path());
    assert!(folder.path().join("receipt.json").exists());
    assert_eq!(temporaries(folder.path()), Vec::<PathBuf>::new(), "swept");
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_old_files_and_nothing_else() {
    let folder = tempfile::tempdir().expect("folder");
    write_generation(folder.path(), 5).expect("written");
    // No file of more than 64 blocks can be written; the signal for it is ignored, so that the
    // error comes back from the write as that of a full disk does.
    let command = child("full disk", folder.path());
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$@\"", "sh"]).arg(command.get_program());
    shell.args(command.get_args());
    shell.envs(command.get_envs().filter_map(|(k, v)| Some((k, v?))));
    let output = shell.output().expect("shell");
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(4), "{message}");
    assert!(message.contains("large.geojson: file too large"), "{message}");
    assert_eq!(generation_of(&folder.path().join("large.geojson")), Some(5));
    check_folder(folder.path());
    assert_eq!(temporaries(folder.path()), Vec::<PathBuf>::new());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_file_system_leaves_the_old_files_and_nothing_else() {
    let folder = tempfile::tempdir().expect("folder");
    let command = child("full disk of its own", folder.path());
    let mut shell = Command::new("unshare");
    let mount = "mount -t tmpfs -o size=512k tmpfs \"$TAMARISK_FOLDER\" || exit 99; exec \"$@\"";
    shell.args(["--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh"]);
    shell.arg(command.get_program()).args(command.get_args());
    shell.envs(command.get_envs().filter_map(|(k, v)| Some((k, v?))));
    match shell.output() {
        Ok(output) if output.status.code() == Some(4) => {}
        Ok(output) => {
            let message = String::from_utf8_lossy(&output.stderr);
            let refused = ["Operation not permitted", "No space left", "permission denied"];
            let refused = output.status.code() == Some(99)
                || message.contains("unshare") && refused.iter().any(|r| message.contains(r));
            assert!(refused, "{} {message}", output.status);
            eprintln!("left out: no file system of our own can be mounted here");
        }
        Err(error) => eprintln!("left out: unshare {error}"),
    }
    let full = Path::new("/dev/full");
    if full.exists() {
        let error = write_file(full, &InputFiles::default(), &never, |w| w.write_all(b"text"))
            .expect_err("full");
        assert!(error.is_io() && error.to_string().contains("no space left"), "{error}");
    }
}

#[test]
fn the_second_of_two_runs_is_told_who_writes() {
    let folder = tempfile::tempdir().expect("folder");
    let mut holder = child("hold", folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("child");
    let mut said = String::new();
    let mut stdout = holder.stdout.take().expect("stdout");
    while !said.contains("held\n") {
        let mut some = [0; 64];
        let count = stdout.read(&mut some).expect("said");
        assert!(count > 0, "{said}");
        said.push_str(&String::from_utf8_lossy(&some[..count]));
    }
    let error = write_generation(folder.path(), 1).expect_err("held");
    assert!(error.is_io());
    assert!(error.to_string().contains(&format!("process {}", holder.id())), "{error}");
    assert!(error.hint().is_some());
    // A dead holder holds nothing.
    holder.kill().expect("killed");
    holder.wait().expect("ended");
    write_generation(folder.path(), 2).expect("written");
    check_folder(folder.path());
    assert_eq!(temporaries(folder.path()), Vec::<PathBuf>::new());
}

#[test]
fn of_two_writers_of_one_file_the_last_whole_one_wins() {
    let folder = tempfile::tempdir().expect("folder");
    let target = folder.path().join("one.geojson");
    let write = |generation: u32| {
        let layer = many(2_000, generation);
        write_file(&target, &InputFiles::default(), &never, |w| geojson::write(&layer, w))
            .expect("written")
    };
    std::thread::scope(|scope| {
        for writer in 1..=4 {
            scope.spawn(move || (0..15).for_each(|_| drop(write(writer))));
        }
        for _ in 0..50 {
            generation_of(&target);
        }
    });
    assert!(generation_of(&target).is_some());
    assert_eq!(temporaries(folder.path()), Vec::<PathBuf>::new());
}

#[test]
fn an_output_never_takes_the_place_of_an_input() {
    let folder = tempfile::tempdir().expect("folder");
    let input = folder.path().join("sites.geojson");
    std::fs::write(&input, "{}").expect("input");
    let elsewhere = tempfile::tempdir().expect("folder");
    let linked = elsewhere.path().join("sites.geojson");
    std::fs::hard_link(&input, &linked).expect("link");

    for target in [&input, &linked] {
        let inputs = InputFiles::new([&input]);
        let error = write_file(target, &inputs, &never, |w| w.write_all(b"x")).expect_err("input");
        assert!(error.is_io() && error.hint().is_some(), "{error}");
    }
    let mut out =
        OutputFolder::open(folder.path(), InputFiles::new([&input]), &never).expect("open");
    assert!(out.check(["rings.geojson", "sites.geojson"]).is_err());
    assert!(out.check(["rings.geojson"]).is_ok());
    assert!(out.stage("sites.geojson", |w| w.write_all(b"x")).is_err());
    drop(out);
    assert_eq!(std::fs::read(&input).expect("input"), b"{}");
    assert_eq!(temporaries(folder.path()), Vec::<PathBuf>::new());
}

#[test]
fn what_cannot_be_written_is_refused_with_its_place() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "x").expect("file");
    std::fs::create_dir(folder.path().join("taken")).expect("folder");
    let open = |path: &Path| OutputFolder::open(path, InputFiles::default(), &never).map(drop);

    assert!(open(&file).expect_err("a file").to_string().contains("is a file"));
    assert!(open(&file.join("inner")).expect_err("under a file").is_io());
    if Path::new("/proc/self").is_dir() {
        assert!(open(Path::new("/proc/tamarisk")).expect_err("no such place").is_io());
    }
    let mut out = OutputFolder::open(folder.path(), InputFiles::default(), &never).expect("open");
    assert!(out.stage("taken", |w| w.write_all(b"x")).expect_err("a folder").is_io());
    for name in ["", "..", "a/b", "/etc/x"] {
        assert!(out.stage(name, |w| w.write_all(b"x")).is_err(), "{name}");
    }
    drop(out);

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let closed = folder.path().join("closed");
        std::fs::create_dir(&closed).expect("folder");
        std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o555)).expect("rights");
        if std::fs::write(closed.join("probe"), "x").is_ok() {
            eprintln!("left out: this user may write to read-only folders");
        } else {
            let error = open(&closed).expect_err("read-only");
            assert!(error.is_io() && error.to_string().contains("permission denied"), "{error}");
        }
    }
}

#[test]
fn a_stopped_run_leaves_everything_as_it_was() {
    let folder = tempfile::tempdir().expect("folder");
    write_generation(folder.path(), 3).expect("written");
    let asked = std::sync::atomic::AtomicU32::new(0);
    let stop = || asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) >= 2;
    let mut out = OutputFolder::open(folder.path(), InputFiles::default(), &stop).expect("open");
    let error =
        out.stage("large.geojson", |w| geojson::write(&many(20_000, 4), w)).expect_err("stopped");
    assert!(error.is_interrupted(), "{error}");
    drop(out);
    assert_eq!(generation_of(&folder.path().join("large.geojson")), Some(3));
    check_folder(folder.path());
    assert_eq!(temporaries(folder.path()), Vec::<PathBuf>::new());
}

#[test]
fn what_is_written_is_hashed_and_two_runs_write_the_same() {
    let (first, second) =
        (tempfile::tempdir().expect("folder"), tempfile::tempdir().expect("folder"));
    for folder in [&first, &second] {
        write_generation(folder.path(), 1).expect("written");
        check_folder(folder.path());
    }
    for name in ["large.geojson", "small.geojson", "receipt.json"] {
        let read =
            |folder: &tempfile::TempDir| std::fs::read(folder.path().join(name)).expect("file");
        assert!(read(&first) == read(&second), "{name}");
    }
    let target = first.path().join("one");
    let written =
        write_file(&target, &InputFiles::default(), &never, |w| w.write_all(b"abc")).expect("one");
    assert_eq!((written.name.as_str(), written.bytes), ("one", 3));
    assert_eq!(written.hash, blake3::hash(b"abc"));
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut writer =
        child("to stdout", Path::new(".")).stdout(Stdio::piped()).spawn().expect("child");
    let mut stdout = writer.stdout.take().expect("stdout");
    let mut some = [0; 4096];
    let mut read = 0;
    while read < 8192 {
        read += stdout.read(&mut some).expect("some");
    }
    drop(stdout);
    assert_eq!(writer.wait().expect("ended").code(), Some(0));
}
