//! The files of receptors: written where a site reaches a receptor, or where they are asked for, and read back as the
//! receptors that they were.

use crate::cli::{Folder, column};
use serde_json::{Value, json};

const RIVER: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","id":"R1","properties":{"name":"Near"},"geometry":{"type":"LineString","coordinates":[[66.5,29.55],[66.7,29.65]]}},
{"type":"Feature","id":"R2","properties":{"name":"Far"},"geometry":{"type":"LineString","coordinates":[[10,50],[11,50]]}}]}"#;

#[test]
fn the_files_of_receptors_are_there_where_there_are_any_or_they_are_asked_for() {
    let folder = Folder::with_mines();
    folder.write("river.geojson", RIVER);
    folder.write("far.csv", "id,name,lon,lat,population\nT1,Far,10,50,9\n");
    let of = |out: &str| -> Vec<String> {
        let files = folder.files(out).into_keys();
        files.filter(|name| name.starts_with("receptor")).collect()
    };
    let score = ["score", "-s", "sites.csv", "-i", "incidents.csv"];
    let river = ["-r", "rivers=river.geojson", "-r", "settlements=far.csv"];
    folder.done(&[&score[..], &["-o", "none"]].concat());
    assert!(of("none").is_empty(), "{:?}", of("none"));
    folder.done(&[&score[..], &river, &["-o", "some"]].concat());
    assert_eq!(of("some"), ["receptor_lines.geojson"]);
    let lines = folder.json("some/receptor_lines.geojson");
    let ids: Vec<&Value> =
        lines["features"].as_array().expect("features").iter().map(|f| &f["id"]).collect();
    assert_eq!(ids, ["rivers:R1"], "not the one that no site reaches");
    // Asked for alone, they are the same, and those without features are written too.
    folder.done(&[&score[..], &river, &["--layers", "receptors", "-o", "asked"]].concat());
    let all = ["receptor_areas.geojson", "receptor_lines.geojson", "receptors.geojson"];
    assert_eq!(of("asked"), all);
    assert!(!folder.at("asked/sites.geojson").exists());
    let name = "receptor_lines.geojson";
    assert_eq!(folder.bytes(&format!("asked/{name}")), folder.bytes(&format!("some/{name}")));
    let receipt = folder.json("asked/receipt.json")["outputs"].to_string();
    assert!(all.iter().all(|name| receipt.contains(name)), "{receipt}");
}

#[test]
fn receptors_of_many_sites_are_written_if_asked_for() {
    let folder = Folder::new();
    let many: String =
        (0..10_001).map(|at| format!("m{at},{},29.6\n", 60.0 + f64::from(at) / 1000.0)).collect();
    folder.write("sites.csv", format!("id,lon,lat\n{many}"));
    folder.write("river.geojson", RIVER);
    let score = ["score", "-s", "sites.csv", "-r", "rivers=river.geojson"];
    let ended = folder.run(&[&score[..], &["-o", "out"]].concat());
    let note = "receptors not written: 10001 sites; ask for them with --layers receptors";
    assert!(ended.err.contains(note), "{}", ended.err);
    assert!(!folder.at("out/receptor_lines.geojson").exists());
    let ended = folder.run(&[&score[..], &["--layers", "receptors", "-o", "asked"]].concat());
    assert!(!ended.err.contains("not written"), "{}", ended.err);
    let lines = folder.json("asked/receptor_lines.geojson");
    let within = lines["features"][0]["properties"]["sites_within"].as_f64().expect("a count");
    // 0.2 degrees, and 49.7 km beyond each of its ends, which lie 5.5 km off; a site for each 97 m.
    assert!((1223.0..=1229.0).contains(&within), "{within}");
}

#[test]
fn written_receptors_are_read_back_as_what_they_were() {
    let folder = Folder::with_mines();
    let parks = "id,name,lon,lat,designation,iucn_category,area_km2,position_accuracy_km\n\
                 P1,Strict,66.4,29.5,National Park,II,40,1\nP2,Managed,66.6,29.4,Game Park,IV,9,1\n\
                 P3,Shared,66.9,29.9,Reserve,VI,,1\nP4,Other,67.1,30.1,Park,,12,1\n";
    folder.write("parks.csv", parks);
    folder.write("towns.csv", "id,name,lon,lat,population\nT1,Town,66.5,29.7,900\n");
    let score = ["score", "-s", "sites.csv", "-i", "incidents.csv", "--coverage", "all"];
    let given = ["-r", "sensitive_areas=parks.csv", "-r", "settlements=towns.csv", "-o", "out"];
    folder.done(&[&score[..], &given].concat());
    let written = folder.json("out/receptors.geojson");
    let classes = column(&written, "designation");
    assert_eq!(classes["sensitive_areas:P1"], json!("strict"));
    assert_eq!(classes["sensitive_areas:P3"], json!("sustainable"));
    folder.done(&[&score[..], &["-r", "out/receptors.geojson", "-o", "again"]].concat());
    let again = folder.json("again/receptors.geojson");
    // The centers of areas are read without their accuracy, which no value below depends on.
    for name in ["kind", "name", "designation", "population", "area_km2", "nearest_site_km"] {
        let of = |layer: &Value| column(layer, name).into_values().collect::<Vec<_>>();
        assert_eq!(of(&written), of(&again), "{name}");
    }
    let sites =
        |out: &str| column(&folder.json(&format!("{out}/sites.geojson")), "e1_sensitive_areas");
    assert_eq!(sites("out"), sites("again"));
}
