//! The places and days for which a record counts as collection: at sea, off the coast of an area, past the
//! end of a file, and with a declared period that holds no day.

use crate::cli::Folder;
use serde_json::Value;
use std::collections::BTreeMap;

/// Quetta, Bamyan, and sites near coasts: of Crimea, Western Sahara, Taiwan, China; one east of the berm, and
/// one on the coast of Namibia.
const SITES: &str = "id,name,lon,lat,position_accuracy_km,country\n\
    q,Quetta,66.95,30.15,5,Pakistan\n\
    b,Bamyan,66.1,34.05,5,Afghanistan\n\
    f,Feodosia,35.4,45.02,5,\n\
    d,Dakhla,-15.93,23.7,5,\n\
    t,Taipei inland,121.3,24.7,5,\n\
    z,Zhejiang inland,120.3,28.3,5,\n\
    e,Tifariti,-10.9,26.2,5,\n\
    n,Swakopmund,14.6,-22.7,5,\n";

/// A run over the sites: the properties of each, the messages, and the folder.
struct Run {
    folder: Folder,
    sites: BTreeMap<String, Value>,
    said: String,
}

impl Run {
    fn of(files: &[&[&str]], args: &[&str]) -> Self {
        let folder = Folder::new();
        folder.write("sites.csv", SITES);
        let mut line: Vec<String> =
            ["score", "-s", "sites.csv", "-o", "out"].map(Into::into).into();
        for (at, rows) in files.iter().enumerate() {
            let rows: Vec<String> = rows.iter().map(|row| format!("{at}-{row},Battles")).collect();
            let head = "id,date,lon,lat,country,event_type";
            folder.write(&format!("i{at}.csv"), format!("{head}\n{}\n", rows.join("\n")));
            line.extend(["-i".to_owned(), format!("i{at}.csv")]);
        }
        line.extend(args.iter().map(ToString::to_string));
        let ended = folder.run(&line.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(ended.code, 0, "{line:?}: {}", ended.err);
        let layer = folder.json("out/sites.geojson");
        let id = |site: &Value| site["id"].as_str().expect("an id").to_owned();
        let sites = layer["features"].as_array().expect("features").iter();
        let sites = sites.map(|site| (id(site), site["properties"].clone())).collect();
        Self { folder, sites, said: format!("{}{}", ended.out, ended.err) }
    }

    fn number(&self, id: &str, column: &str) -> Option<f64> {
        self.sites[id][column].as_f64()
    }

    /// The sites that have a security score.
    fn scored(&self) -> String {
        let has = |(_, site): &(&String, &Value)| site["security_score"].is_number();
        self.sites.iter().filter(has).map(|(id, _)| id.as_str()).collect::<Vec<_>>().join(" ")
    }
}

#[test]
fn at_sea_a_record_covers_the_nearest_coast_of_what_goes_by_the_name_it_has() {
    for (row, covered) in [
        // 23 km off Zhejiang, and in the middle of the strait.
        ("1,2024-06-01,121.389,27.922,China", "z"),
        ("1,2024-06-01,120.2,24.2,China", "t z"),
        ("1,2024-06-01,120.2,24.2,Taiwan", "t"),
        ("1,2024-06-01,120.2,24.2,", "t"),
        // 7 km off Agadir covers Morocco, which two of the sites lie in as the map has it.
        ("1,2024-06-01,-9.9,30.6,Morocco", "d"),
        ("1,2024-06-01,-16.1,23.7,Western Sahara", "d e"),
        ("1,2024-06-01,-16.1,23.7,", "d"),
        // 39 km off the Cape, and off Namibia.
        ("1,2024-06-01,17.6,-31.5,South Africa", ""),
        ("1,2024-06-01,14.2,-22.9,South Africa", "n"),
        // Beyond 370 km of any coast.
        ("1,2024-06-01,-30,-40,South Africa", ""),
    ] {
        assert_eq!(Run::of(&[&[row]], &["--as-of", "2024-06-30"]).scored(), covered, "{row}");
    }
}

#[test]
fn off_the_coast_of_an_area_a_site_is_covered_with_the_area() {
    let rows = ["5,2024-06-01,34.1,45.0,Ukraine", "6,2024-06-01,-13.0,26.0,Western Sahara"];
    let run = Run::of(&[&rows], &["--as-of", "2024-06-30"]);
    assert_eq!(run.scored(), "d e f");
    assert_eq!(run.sites["f"]["security_band"], "very low", "covered, and nothing near");
    // Incidents elsewhere in Ukraine do not cover it.
    let kyiv = Run::of(&[&["1,2024-06-01,30.5,50.4,Ukraine"]], &["--as-of", "2024-06-30"]);
    assert_eq!(kyiv.scored(), "");
}

const PAKISTAN: [&str; 2] = ["1,2020-06-01,67.0,30.1,Pakistan", "2,2021-12-31,67.0,30.1,Pakistan"];
const AFGHANISTAN: [&str; 2] =
    ["3,2020-06-01,66.0,34.0,Afghanistan", "4,2024-06-01,66.0,34.0,Afghanistan"];

#[test]
fn what_is_covered_around_a_site_is_that_of_the_day_of_its_score() {
    let share = |files: &[&[&str]], args: &[&str], id: &str| {
        Run::of(files, args).number(id, "security_coverage").expect("a share")
    };
    let last = ["--as-of", "2024-06-30", "--stale", "last"];
    // Quetta lies 60 km from Afghanistan.
    let alone = share(&[&PAKISTAN], &last, "q");
    assert!((0.85..0.95).contains(&alone), "{alone}");
    let both: [&[&str]; 2] = [&PAKISTAN, &AFGHANISTAN];
    assert_eq!(share(&both, &["--as-of", "2021-12-31"], "q"), 1.0);
    assert_eq!(share(&both, &last, "q"), 1.0, "Afghanistan was covered on 2021-12-31");
    // Not by a source that began later.
    let later = ["4,2022-01-01,66.0,34.0,Afghanistan", "5,2024-06-01,66.0,34.0,Afghanistan"];
    assert_eq!(share(&[&PAKISTAN, &later], &last, "q"), alone);
    // Nor by one that had ended long before.
    let ended = ["3,2019-01-01,66.0,34.0,Afghanistan", "4,2020-06-01,66.0,34.0,Afghanistan"];
    assert_eq!(share(&[&PAKISTAN, &ended], &last, "q"), alone);
    assert_eq!(
        share(&[&PAKISTAN, &ended], &last, "b"),
        share(&both, &["--as-of", "2020-06-01"], "b")
    );
    // If the whole file continues, the day is that of the run.
    assert_eq!(share(&both, &last, "b"), share(&both, &["--as-of", "2024-06-30"], "b"));
    let run = Run::of(&both, &last);
    let args = ["explain", "Quetta", "-s", "sites.csv", "-i", "i0.csv", "-i", "i1.csv", "--json"];
    let told = run.folder.answer(&[&args[..], &last].concat());
    assert_eq!(told["security"]["coverage"], 1.0);
}

#[test]
fn a_country_whose_only_record_is_mistyped_is_not_covered() {
    let rows = [
        "7,2010-01-01,67.0,30.1,Pakistan",
        "8,2010-02-01,67.0,30.1,Pakistan",
        "9,2020-03-01,66.0,34.0,Afghanistan",
    ];
    for stale in ["no-data", "last"] {
        let run = Run::of(&[&rows], &["--as-of", "2020-03-15", "--stale", stale]);
        let bamyan = &run.sites["b"];
        assert_eq!(bamyan["security_score"], Value::Null, "{stale}");
        assert_eq!(bamyan["security_data_until"], Value::Null, "{stale}");
        assert_eq!(bamyan["incidents_50km"], 1.0, "what was found stays");
        assert_eq!(run.sites["q"]["security_data_until"], "2010-02-01");
        let coverage = &run.folder.json("out/receipt.json")["coverage"]["security"];
        assert_eq!(coverage[0]["places"], serde_json::json!(["PAK"]));
    }
}

#[test]
fn a_declared_period_that_holds_no_day_covers_nothing_and_is_told() {
    for (declared, told) in [
        ("PAK:2022-06-01/", "its incidents end on 2021-12-31"),
        ("PAK:../2019-12-31", "its first incident is of 2020-06-01"),
    ] {
        let run = Run::of(
            &[&PAKISTAN],
            &["--as-of", "2024-06-30", "--stale", "last", "--coverage", declared],
        );
        assert_eq!(run.scored(), "", "{declared}");
        let receipt = run.folder.json("out/receipt.json");
        assert_eq!(receipt["coverage"]["security"], serde_json::json!([]), "{declared}");
        let rejects = String::from_utf8(run.folder.bytes("out/rejects.csv")).expect("text");
        assert!(rejects.contains(told) && rejects.contains("holds no day"), "{rejects}");
        assert_eq!(run.number("q", "incidents_50km"), Some(2.0), "{declared}");
    }
    let plain = ["--as-of", "2024-06-30", "--coverage", "PAK:2020-06-01/"];
    let rejects = Run::of(&[&PAKISTAN], &plain).folder.bytes("out/rejects.csv");
    assert!(!String::from_utf8(rejects).expect("text").contains("holds no day"));
    let folder = Folder::new();
    folder.write("sites.csv", SITES);
    let both = folder.run(&["score", "-s", "sites.csv", "--coverage", "PAK:2022-01-01/2021-01-01"]);
    assert!(both.code == 2 && both.err.contains("ends before it begins"), "{}", both.err);
}

#[test]
fn where_nothing_is_covered_counts_of_what_was_found_stay_and_none_is_0() {
    let declared = ["--as-of", "2024-06-30", "--coverage", "PAK:2025-01-01/", "--all"];
    let run = Run::of(&[&PAKISTAN], &declared);
    let quetta = &run.sites["q"];
    assert_eq!(quetta["security_band"], "no data");
    for (column, due) in [
        ("incidents_5km", Value::Null),
        ("incidents_10km", 2.into()),
        ("fatalities_10km", 0.into()),
        ("incidents_100km", 2.into()),
        ("incidents_50km_365d", Value::Null),
        ("incidents_50km_1095d", 1.into()),
        ("nearest_incident_id", "0-1".into()),
    ] {
        assert_eq!(quetta[column], due, "{column}");
    }
    assert!(quetta["nearest_incident_km"].as_f64().is_some_and(|km| (7.0..8.0).contains(&km)));
    assert_eq!(run.sites["t"]["incidents_100km"], Value::Null, "nobody says that anybody looked");
    let rings = run.folder.json("out/rings.geojson");
    let of = |id: &str, km: f64| {
        let rings = rings["features"].as_array().expect("rings").iter();
        let is = |ring: &&Value| ring["site_id"] == *id && ring["radius_km"] == km;
        let properties = rings.map(|ring| &ring["properties"]);
        properties.clone().find(is).expect("a ring")["incidents"].clone()
    };
    assert_eq!([of("q", 5.0), of("q", 10.0), of("t", 100.0)], [Value::Null, 2.into(), Value::Null]);
    let why = "no file of incidents covers a day up to the as-of date";
    assert!(quetta["explanation"].as_str().is_some_and(|text| text.contains(why)), "{quetta}");
    assert!(run.said.contains(why), "{}", run.said);
    // A site outside what is covered has no count of what nobody collected.
    let outside = Run::of(&[&PAKISTAN], &["--as-of", "2021-12-31"]);
    assert_eq!(outside.sites["t"]["security_score"], Value::Null);
    assert_eq!(outside.sites["t"]["incidents_100km"], Value::Null);
}
