//! Whole runs of the program, checked for properties of every run: nothing vanishes, and irrelevant
//! differences have no effect.

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Runs the program in a folder.
fn run(folder: &Path, args: &[&str]) {
    let done = Command::new(env!("CARGO_BIN_EXE_tamarisk"))
        .args(args)
        .current_dir(folder)
        .output()
        .expect("the program runs");
    assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn json(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).expect("JSON")
}

/// The properties of the sites of a run over two tables, by id.
fn sites(sites: &str, incidents: &str) -> BTreeMap<String, Value> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("sites.csv"), sites).expect("written");
    std::fs::write(folder.path().join("incidents.csv"), incidents).expect("written");
    let scored =
        ["score", "-q", "--sites", "sites.csv", "--incidents", "incidents.csv", "-o", "out"];
    run(folder.path(), &scored);
    let layer = json(&folder.path().join("out/sites.geojson"));
    let features = layer["features"].as_array().expect("features");
    features
        .iter()
        .map(|f| (f["id"].as_str().expect("an id").to_owned(), f["properties"].clone()))
        .collect()
}

#[test]
fn every_record_is_scored_or_set_aside_with_a_row() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("written");
    };
    file(
        "sites.csv",
        "id,name,lon,lat\n1,a,66,30\n1,a,66,30\n1,b,67,31\n2,c,,31\n3,d,91.5,95\n4,e\n5,far,10,50\n",
    );
    file(
        "incidents.csv",
        "id,date,lon,lat,country,event_type,fatalities\n\
         a,2024-01-01,66,30,Pakistan,Battles,1\n\
         b,03/04/2024,66,30,Pakistan,Battles,1\n\
         c,2024-09-01,66,30,Pakistan,Battles,1\n\
         d,2024-01-02,66,30,Pakistan,Festival,\n\
         e,2024-01-02,66,300,Pakistan,Riots,\n\
         f,2023-01-02,66.2,30,Pakistan,Oil spill,N/A\n\
         f,2023-01-02,66.2,30,Pakistan,Oil spill,N/A\n",
    );
    file(
        "quakes.csv",
        "id,date,lon,lat,magnitude,depth_km\nq,2020-01-01,66,30,6,10\nr,2024-12-01,66,30,7,10\ns,2020-01-01,x,30,6,\n",
    );
    run(
        folder.path(),
        &[
            "score",
            "-q",
            "--sites",
            "sites.csv",
            "--incidents",
            "incidents.csv",
            "--receptors",
            "earthquakes=quakes.csv",
            "--as-of",
            "2024-06-30",
            "--bbox",
            "60,20,80,40",
            "-o",
            "out",
        ],
    );
    let out = folder.path().join("out");
    let receipt = json(&out.join("receipt.json"));
    let rejects = std::fs::read_to_string(out.join("rejects.csv")).expect("rejects");
    let aside = |file: &str| {
        let of_file = rejects.lines().filter(|line| line.starts_with(file));
        of_file.filter(|line| line.contains(",set aside,")).count() as u64
    };
    let count = |path: &str| receipt.pointer(path).and_then(Value::as_u64).expect(path);
    for (role, file, read, scored) in [
        ("sites", "sites.csv", 6, 2),
        ("incidents", "incidents.csv", 7, 2),
        ("receptors", "quakes.csv", 3, 1),
    ] {
        let of = |what: &str| count(&format!("/counts/{role}/{what}"));
        assert_eq!((of("read"), of("scored")), (read, scored), "{role}");
        assert_eq!(of("read"), of("scored") + of("set_aside"), "{role}");
        assert_eq!(of("set_aside"), aside(file), "{role}: {rejects}");
    }
    assert_eq!(count("/counts/sites/outside_bbox"), 1);
    assert_eq!(count("/counts/incidents/set_aside_for/after the as-of date"), 1);
    assert_eq!(count("/counts/incidents/set_aside_for/unscored"), 1);
    assert_eq!(count("/counts/receptors/set_aside_for/after the as-of date"), 1);
    for input in receipt["inputs"].as_array().expect("inputs") {
        let of = |what: &str| input[what].as_u64().expect("a count");
        assert_eq!(of("read"), of("used") + of("set_aside"), "{input}");
        let bytes = std::fs::read(folder.path().join(input["file"].as_str().expect("a file")));
        assert_eq!(input["blake3"], blake3::hash(&bytes.expect("bytes")).to_hex().to_string());
    }
    for output in receipt["outputs"].as_array().expect("outputs") {
        let bytes = std::fs::read(out.join(output["file"].as_str().expect("a file")));
        let bytes = bytes.expect("bytes");
        assert_eq!(output["bytes"], bytes.len() as u64);
        assert_eq!(output["blake3"], blake3::hash(&bytes).to_hex().to_string());
    }
}

#[test]
fn the_same_run_writes_the_same_bytes_at_any_number_of_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    let outputs: Vec<BTreeMap<String, Vec<u8>>> = ["1", "2", "7"]
        .into_iter()
        .map(|threads| {
            run(folder.path(), &["demo", "-q", "--threads", threads, "-o", threads]);
            let entries = std::fs::read_dir(folder.path().join(threads)).expect("a folder");
            let files = entries.map(|entry| entry.expect("a file").path());
            files
                .filter(|path| {
                    !path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'))
                })
                .map(|path| {
                    let name = path.file_name().expect("a name").to_string_lossy().into_owned();
                    (name, std::fs::read(&path).expect("bytes"))
                })
                .collect()
        })
        .collect();
    assert!(outputs[0].len() >= 6, "{:?}", outputs[0].keys());
    for other in &outputs[1..] {
        assert!(outputs[0].keys().eq(other.keys()));
        for (name, bytes) in other {
            assert!(outputs[0][name] == *bytes, "{name} differs");
        }
    }
}

/// Sites and incidents of a made case, moved by a function.
fn made(moved: impl Fn(f64, f64) -> (f64, f64)) -> (String, Vec<String>) {
    let mut sites = String::from("id,name,lon,lat,position_accuracy_km\n");
    for (id, lon, lat) in [("a", 66.0, 30.0), ("b", 66.4, 30.2), ("c", 68.0, 29.0)] {
        let (lon, lat) = moved(lon, lat);
        sites.push_str(&format!("{id},{id},{lon},{lat},5\n"));
    }
    let types = ["Battles", "Explosions/Remote violence", "Protests", "Riots", "Oil spill"];
    let incidents = (0..60_u32)
        .map(|n| {
            let step = f64::from(n);
            let (lon, lat) = moved(65.5 + 0.05 * step, 29.5 + 0.7 * (step * 0.9).sin());
            let (year, month) = (2020 + n % 5, 1 + n % 12);
            let kind = types[n as usize % types.len()];
            format!("i{n},{year}-{month:02}-15,{lon},{lat},{kind},{},{}\n", n % 4, 3 + n % 30)
        })
        .collect();
    (sites, incidents)
}

const HEAD: &str = "id,date,lon,lat,event_type,fatalities,position_accuracy_km\n";

fn scored(moved: impl Fn(f64, f64) -> (f64, f64)) -> BTreeMap<String, Value> {
    let (table, incidents) = made(moved);
    sites(&table, &format!("{HEAD}{}", incidents.concat()))
}

/// What a site has that does not go by where on the globe it lies.
fn everywhere(site: &Value) -> BTreeMap<&str, &Value> {
    let members = site.as_object().expect("properties");
    let same = |name: &str| {
        name.starts_with("incidents_")
            || name.starts_with("fatalities_")
            || name.starts_with("driver_")
            || name.starts_with("security_")
            || matches!(name, "nearest_incident_id" | "nearest_incident_km" | "accidents_50km")
            || name == "e5_accidents"
    };
    members.iter().map(|(name, value)| (name.as_str(), value)).filter(|(n, _)| same(n)).collect()
}

#[test]
fn the_globe_turned_or_mirrored_changes_no_score() {
    let wrap = |lon: f64| (lon + 180.0).rem_euclid(360.0) - 180.0;
    let plain = scored(|lon, lat| (lon, lat));
    assert_eq!(plain.len(), 3);
    assert!(plain["a"]["security_score"].as_f64().is_some_and(|score| score > 5.0));
    for (what, moved) in [
        ("turned by 37 degrees", scored(|lon, lat| (wrap(lon + 37.0), lat))),
        ("turned onto the seam", scored(|lon, lat| (wrap(lon + 113.5), lat))),
        ("longitudes past 180", scored(|lon, lat| (lon + 113.5, lat))),
        ("mirrored at the equator", scored(|lon, lat| (lon, -lat))),
        ("mirrored at a meridian", scored(|lon, lat| (wrap(132.0 - lon), lat))),
    ] {
        for (id, site) in &plain {
            assert_eq!(everywhere(site), everywhere(&moved[id]), "{what}: {id}");
        }
    }
}

#[test]
fn the_order_of_records_changes_no_score() {
    let (table, incidents) = made(|lon, lat| (lon, lat));
    let plain = sites(&table, &format!("{HEAD}{}", incidents.concat()));
    let backwards: Vec<String> = incidents.iter().rev().cloned().collect();
    assert_eq!(plain, sites(&table, &format!("{HEAD}{}", backwards.concat())));
    let (head, rows) = table.split_once('\n').expect("a head");
    let rows: Vec<&str> = rows.lines().rev().collect();
    let turned = format!("{head}\n{}\n", rows.join("\n"));
    assert_eq!(plain, sites(&turned, &format!("{HEAD}{}", incidents.concat())));
}

#[test]
fn without_a_single_incident_there_is_no_score() {
    let (table, _) = made(|lon, lat| (lon, lat));
    for site in sites(&table, HEAD).values() {
        assert_eq!(site["security_score"], Value::Null);
        assert_eq!(site["security_band"], "no data");
        assert_eq!(site["overall_band"], "no data");
        assert_eq!(site["risk_cell"], "S0E0");
    }
}

#[test]
fn thousands_of_incidents_at_one_place_are_scored() {
    let (table, _) = made(|lon, lat| (lon, lat));
    let same: String = (0..5_000).map(|n| format!("i{n},2024-01-01,66,30,Battles,0,5\n")).collect();
    let scored = sites(&table, &format!("{HEAD}{same}"));
    assert_eq!(scored["a"]["incidents_5km"], 5_000.0);
    assert_eq!(scored["a"]["security_band"], "very high");
    assert!(scored["a"]["security_score"].as_f64().is_some_and(|score| score < 100.0));
}
