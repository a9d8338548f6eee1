//! Published data sets as downloaded: checked and scored without an option that identifies them.

use crate::cli::{Folder, column, features};
use crate::suites::shared;
use std::path::Path;

/// Every file, its data set, and the approximate number of its usable records.
const FILES: [(&str, &str, u64); 18] = [
    ("pakistan-facts/sites.csv", "sites", 70),
    ("pakistan-facts/incidents.csv", "incidents", 150),
    ("pakistan-facts/receptors.csv", "receptors", 50),
    ("ucdp-ged-pakistan/conflict_data_pak.csv", "incidents", 6_000),
    ("ucdp-ged-sample/ucdpged.derived.csv", "incidents", 900),
    ("icmm-global-mining/mines.geojson", "sites", 8_500),
    ("icmm-global-mining/global-mining-dataset.xlsx", "sites", 8_400),
    ("gem-coal-mine-tracker/Global-Coal-Mine-Tracker-April-2024.xlsx", "sites", 5_000),
    ("natural-earth/ne_50m_rivers_lake_centerlines.geojson", "rivers", 400),
    ("natural-earth/ne_50m_lakes.geojson", "water_bodies", 300),
    ("natural-earth/ne_50m_populated_places.geojson", "settlements", 1_200),
    ("natural-earth/ne_50m_admin_0_countries.geojson", "sensitive_areas", 200),
    ("gshhg-rivers/gshhg_rivers_full_pakistan.derived.geojson", "rivers", 470),
    ("noaa-significant-earthquakes/NOAA-20240412.tsv", "earthquakes", 4_000),
    ("usgs-earthquakes-m55/earthquakes.csv", "earthquakes", 23_000),
    ("himatibetmap-faults/HimaTibetMap.geojson", "faults", 930),
    ("hma-glof/HMAGLOFDB.csv", "incidents", 400),
    ("geonames/rg_cities1000.csv", "settlements", 140_000),
];

fn path(data: &Path, file: &str) -> String {
    data.join(file).to_str().expect("UTF-8").to_owned()
}

#[test]
#[ignore = "reads ../shared: see tests/it/suites.rs"]
fn every_published_file_is_checked_without_an_option() {
    let data = shared("data");
    let folder = Folder::new();
    for (file, role, least) in FILES {
        let ended = folder.run(&["check", "--json", &path(&data, file)]);
        assert!(matches!(ended.code, 0 | 1), "{file}: {}", ended.err);
        let told: serde_json::Value = serde_json::from_str(&ended.out).expect("JSON");
        let told = &told[0];
        let count = |name: &str| told[name].as_u64().expect("a count");
        assert_eq!(count("read"), count("kept") + count("set_aside"), "{file}");
        assert_eq!(ended.code, i32::from(count("set_aside") > 0), "{file}");
        let plain = ["sites", "incidents", "receptors"].contains(&role);
        let expected = if plain { role } else { "receptors" };
        // A list of earthquakes serves as incidents as well, countries are nothing by themselves, and
        // shapes without any property may be anything.
        if plain || told["guessed"] == false {
            let either = role == "earthquakes" || file.contains("countries");
            assert!(either || told["role"] == expected, "{file}: {}", told["role"]);
        }
        if told["role"] == expected {
            assert!(count("kept") >= least, "{file}: {} usable", count("kept"));
        }
    }
}

#[test]
#[ignore = "reads ../shared: see tests/it/suites.rs"]
fn every_published_file_is_scored_without_an_option() {
    let data = shared("data");
    let folder = Folder::new();
    let incidents = path(&data, "ucdp-ged-sample/ucdpged.derived.csv");
    let mines = path(&data, "pakistan-facts/sites.csv");
    for (file, role, least) in FILES {
        let file_path = path(&data, file);
        let kinds = format!("{role}={file_path}");
        let inputs = match role {
            "sites" => vec!["-s", &file_path, "-i", &incidents],
            "incidents" => vec!["-s", &mines, "-i", &file_path],
            "receptors" => vec!["-s", &mines, "-r", &file_path],
            _ => vec!["-s", &mines, "-r", &kinds],
        };
        let args = [&["score", "-q", "--layers", "sites,links", "-o", "out"][..], &inputs].concat();
        folder.done(&args);
        let receipt = folder.json("out/receipt.json");
        let group = match role {
            "sites" | "incidents" => role,
            _ => "receptors",
        };
        let counts = &receipt["counts"][group];
        let count = |name: &str| counts[name].as_u64().expect("a count");
        assert_eq!(count("read"), count("scored") + count("set_aside"), "{file}: {counts}");
        // Floods from glacial lakes are listed, but no score counts them.
        let counted = if file.contains("hma-glof") { "read" } else { "scored" };
        assert!(count(counted) >= least, "{file}: {counts}");
    }
}

/// Both forms of the published list of mines, by their known counts of Pakistani events.
#[test]
#[ignore = "reads ../shared: see tests/it/suites.rs"]
fn ring_counts_are_the_published_ones() {
    let data = shared("data");
    let folder = Folder::new();
    let incidents = path(&data, "ucdp-ged-pakistan/conflict_data_pak.csv");
    let mines = path(&data, "icmm-global-mining/mines.geojson");
    let bbox = "60.5,23.5,77.9,37.2";
    folder.done(&["score", "-q", "-s", &mines, "-i", &incidents, "--bbox", bbox, "-o", "out"]);
    let layer = folder.json("out/sites.geojson");
    let names = column(&layer, "name");
    // Within 5, 10, 25, 50, 100 km by the haversine formula, all events of any precision but those
    // that are known to no more than a country, which are left out here.
    for (name, most) in
        [("Reko Diq", [0, 0, 0, 2, 7]), ("Saindak", [0, 0, 4, 5, 6]), ("Khuzdar", [0, 0, 0, 9, 19])]
    {
        let (id, _) = names
            .iter()
            .find(|(_, found)| found.as_str().is_some_and(|n| n.contains(name)))
            .expect(name);
        for (km, most) in [5, 10, 25, 50, 100].iter().zip(most) {
            let count = column(&layer, &format!("incidents_{km}km"))[id].as_f64().expect("a count");
            assert!(
                count <= f64::from(most) && count >= f64::from(most) - 1.0,
                "{name} {km} km: {count}"
            );
        }
    }
    let country = column(&layer, "country");
    let score = column(&layer, "security_score");
    for id in features(&layer).keys() {
        assert_eq!(score[id].is_number(), country[id] == "PAK", "{id} in {}", country[id]);
    }
    assert!(country.values().any(|code| code != "PAK"));
}

#[test]
fn a_site_that_does_not_lie_in_the_country_it_names_is_noted() {
    let folder = Folder::with_mines();
    let rows = [
        "id,name,lon,lat,country",
        "right,A,62.05,29.12,Pakistan",
        "border,B,61.1,29.4,Pakistan",
        "swapped,C,29.12,62.05,Pakistan",
        "elsewhere,D,106.9,43.0,Pakistan",
        "sea,E,62.0,15.0,Pakistan",
    ];
    folder.write("sites.csv", rows.join("\n"));
    let ended = folder.run(&["score", "-s", "sites.csv", "-i", "incidents.csv", "-o", "out"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let rejects = String::from_utf8(folder.bytes("out/rejects.csv")).expect("UTF-8");
    let said: Vec<&str> = rejects.lines().filter(|line| line.contains("not lie")).collect();
    let [said] = said.as_slice() else { panic!("one for the file: {rejects}") };
    for part in [
        "3 of 5 sites do not lie in the country they name",
        "at line 4 lies in Finland",
        "at line 5 lies in Mongolia",
        "at line 6 lies at sea",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}
