//! Incidents keep the columns of their sources, which say who took part, where, and who reported it.

use crate::cli::{Folder, column, features};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tamarisk::model::{Incident, OwnValue, Said};
use tamarisk::run::{LayerName, Wanted};
use tamarisk::sources::{Keep, ReadOptions, Source, read_incidents};

const FIRST: &str = "\
id,incident_date,date,lon,lat,country,event_type,fatalities,actor1,actor2,location,source,url,code,hurt,seen,Day Told
a1,at noon,2024-03-01,62.1,29.1,Pakistan,Battles,2,Group A,Group B,Nokkundi,Daily Paper,https://example.org/1,007,3,true,2024-03-02
a2,,2024-03-05,62.2,29.2,Pakistan,Riots,0,Group A,,\"Dalbandin, town\",Daily Paper,,8,4.5,false,2024-03-06
";

const SECOND: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","id":"b1","geometry":{"type":"Point","coordinates":[62.3,29.3]},"properties":
{"date":"2024-02-01","country":"Pakistan","event_type":"Explosions/Remote violence","hurt":7,"Actor1":"Nobody \"known\"","reported_by":"Radio"}},
{"type":"Feature","id":"b2","geometry":{"type":"Point","coordinates":[62.4,29.4]},"properties":
{"date":"2024-02-02","country":"Pakistan","event_type":"Battles","hurt":null,"late":"only here"}}]}"#;

/// A site and incidents of two files around it.
fn folder() -> Folder {
    let folder = Folder::new();
    folder
        .write("sites.csv", "id,name,lon,lat\nmine,Mine,62.0,29.0\n")
        .write("first.csv", FIRST)
        .write("second.geojson", SECOND);
    folder
}

const RUN: [&str; 7] = ["score", "-s", "sites.csv", "-i", "first.csv", "-i", "second.geojson"];

/// The kept columns of each incident of a file.
fn kept(folder: &Folder, file: &str, options: &ReadOptions) -> BTreeMap<String, Vec<String>> {
    let read = read_incidents(&Source::path(folder.at(file)), options).expect(file);
    let words = |one: &Incident| {
        let columns = one.own.columns().filter(|(_, value)| *value != OwnValue::Missing);
        let columns = columns.map(|(name, value)| format!("{name}={value}"));
        let said = Said::ALL.into_iter().filter_map(|said| one.own.said(said));
        columns.chain(said.map(str::to_owned)).collect()
    };
    read.items.iter().map(|one| (one.id.to_string(), words(one))).collect()
}

#[test]
fn incidents_keep_their_columns_in_every_format() {
    let folder = folder();
    let formats = ["--format", "geojson,fgb", "--gpkg", "-o", "out"];
    folder.done(&[&RUN[..], &formats[..]].concat());
    let layer = folder.json("out/incidents.geojson");
    let first = &features(&layer)["a1"]["properties"];
    for (name, value) in [
        ("incident_id", json!("a1")),
        // The file's own `incident_date` precedes its `date`.
        ("incident_date", json!("at noon")),
        ("incident_date_2", json!("2024-03-01")),
        ("incident_fatalities", json!(2.0)),
        ("incident_actor1", json!("Group A")),
        ("incident_code", json!("007")),
        ("incident_seen", json!(true)),
        ("incident_Day Told", json!("2024-03-02")),
        ("incident_hurt", json!(3.0)),
        ("incident_Actor1_2", Value::Null),
        ("incident_late", Value::Null),
        ("actors_claimed", json!("Group A; Group B")),
        ("location", json!("Nokkundi")),
        ("source", json!("Daily Paper")),
        ("source_url", json!("https://example.org/1")),
    ] {
        assert_eq!(first[name], value, "{name}");
    }
    // The place goes out as geometry.
    assert!(first.get("incident_lon").is_none() && first.get("incident_lat").is_none());
    let second = &features(&layer)["b1"]["properties"];
    assert_eq!(second["incident_Actor1_2"], "Nobody \"known\"");
    assert_eq!(second["actors_claimed"], "Nobody \"known\"");
    assert_eq!(second["source"], "Radio");
    assert_eq!(second["incident_actor1"], Value::Null);
    let names = |feature: &Value| -> Vec<String> {
        feature["properties"].as_object().expect("an object").keys().cloned().collect()
    };
    let all: BTreeSet<Vec<String>> = features(&layer).values().map(names).collect();
    assert_eq!(all.len(), 1, "every feature has the same columns");

    let options = ReadOptions::default();
    let due = kept(&folder, "out/incidents.geojson", &options);
    assert!(due["a1"].contains(&"code=007".to_owned()), "{due:?}");
    assert_eq!(kept(&folder, "out/incidents.fgb", &options), due);
    assert_eq!(kept(&folder, "out/risk.gpkg:incidents", &options), due);
    let database = rusqlite::Connection::open(folder.at("out/risk.gpkg")).expect("opens");
    let kinds = "SELECT type FROM pragma_table_info('incidents') WHERE name = ?1";
    for (name, kind) in [
        ("incident_Day Told", "DATE"),
        ("incident_hurt", "DOUBLE"),
        ("incident_seen", "BOOLEAN"),
        ("incident_code", "TEXT"),
    ] {
        let told: String = database.query_row(kinds, [name], |row| row.get(0)).expect(name);
        assert_eq!(told, kind, "{name}");
    }
}

#[test]
fn a_column_has_one_kind_over_all_files() {
    let folder = folder();
    folder.write(
        "second.csv",
        "id,date,lon,lat,event_type,hurt,code,Day Told\nc1,2024-01-01,62,29,Riots,few,9,soon\n",
    );
    let files = ["score", "-s", "sites.csv", "-i", "first.csv", "-i", "second.csv", "-o", "out"];
    folder.done(&files);
    let layer = folder.json("out/incidents.geojson");
    let due = |all: [&str; 3]| {
        ["a1", "a2", "c1"].map(str::to_owned).into_iter().zip(all.map(Value::from)).collect()
    };
    assert_eq!(column(&layer, "incident_hurt"), due(["3", "4.5", "few"]));
    assert_eq!(column(&layer, "incident_code"), due(["007", "8", "9"]));
    assert_eq!(column(&layer, "incident_Day Told"), due(["2024-03-02", "2024-03-06", "soon"]));
}

#[test]
fn a_layer_that_was_written_is_written_the_same_again() {
    let folder = folder();
    // A second record of an id that is taken has a new one, and keeps the one it came with.
    folder.write(
        "first.csv",
        format!("{FIRST}a2,,2024-01-05,62.2,29.3,Pakistan,Riots,1,,,,,,9,1,true,\n"),
    );
    let formats = ["--format", "geojson,fgb", "--gpkg", "-o", "out"];
    folder.done(&[&RUN[..], &formats[..]].concat());
    let plain = |layer: &Value| -> BTreeMap<String, Value> {
        let mut all = features(layer);
        for feature in all.values_mut() {
            let of = feature["properties"].as_object_mut().expect("an object");
            assert!(of.remove("file").is_some() && of.remove("place").is_some());
        }
        all
    };
    let due = plain(&folder.json("out/incidents.geojson"));
    assert_eq!(due["a2#2"]["properties"]["incident_id"], "a2");
    for file in ["out/incidents.geojson", "out/incidents.fgb", "out/risk.gpkg:incidents"] {
        let again =
            ["score", "-s", "sites.csv", "-i", file, "--as-of", "2024-03-05", "-o", "again"];
        folder.done(&[&again[..], &["--replace"]].concat());
        assert_eq!(plain(&folder.json("again/incidents.geojson")), due, "{file}");
    }
    // Beside the files it came from, its columns are theirs.
    folder.write(
        "more.csv",
        FIRST.replace("a1,", "d1,").replace("a2,", "d2,").replace("2024-03-0", "2023-03-0"),
    );
    folder.done(&[
        "score",
        "-s",
        "sites.csv",
        "-i",
        "out/incidents.geojson",
        "-i",
        "more.csv",
        "-o",
        "both",
    ]);
    let both = column(&folder.json("both/incidents.geojson"), "incident_actor2");
    assert_eq!((&both["a1"], &both["d1"]), (&json!("Group B"), &json!("Group B")));
}

#[test]
fn explain_says_who_where_and_by_whom_reported() {
    let folder = folder();
    let files = ["--sites", "sites.csv", "-i", "first.csv", "-i", "second.geojson"];
    let told = folder.answer(&[&["explain", "mine", "--json"], &files[..]].concat());
    let list = told["security"]["contributions"].as_array().expect("a list");
    let of = |id: &str| list.iter().find(|one| one["id"] == id).expect(id);
    assert_eq!(of("a1")["actors_claimed"], "Group A; Group B");
    assert_eq!(of("a2")["location"], "Dalbandin, town");
    assert_eq!(of("b1")["source"], "Radio");
    assert_eq!(of("a1")["source_url"], "https://example.org/1");
    assert_eq!(of("b2")["source"], Value::Null);
    let text = folder.done(&[&["explain", "mine"], &files[..]].concat());
    assert!(text.contains("who took part is their claim"), "{text}");
    let line = "a1: Nokkundi; actors claimed: Group A; Group B; reported by Daily Paper; https://example.org/1";
    assert!(text.contains(line), "{text}");
    assert!(!text.contains("b2: "), "{text}");
}

#[test]
fn known_data_sets_say_who_where_and_by_whom_reported() {
    let folder = Folder::new();
    folder
        .write(
            "acled.csv",
            "event_id_cnty,event_date,event_type,sub_event_type,actor1,assoc_actor_1,actor2,country,location,latitude,longitude,geo_precision,source,notes,fatalities\n\
             PAK1,2024-03-01,Battles,Armed clash,Group A,Helpers,Police,Pakistan,Nokkundi,29.1,62.1,1,Dawn,Shots,2\n",
        )
        .write(
            "ged.csv",
            "id,year,type_of_violence,side_a,side_b,source_article,source_office,where_prec,where_coordinates,where_description,latitude,longitude,country,date_start,date_end,best\n\
             1,2023,1,Government,Group C,\"Reuters,2023-01-02,Clash\",Reuters,1,Turbat town,near it,26,63,Pakistan,2023-01-01,2023-01-01,4\n",
        )
        .write(
            "gtd.csv",
            "eventid,iyear,imonth,iday,country_txt,city,location,latitude,longitude,specificity,attacktype1,gname,nkill,scite1\n\
             2,2019,2,3,Pakistan,Quetta,By the road,30.2,67,1,3,Group D,1,\"Herald, 2019\"\n",
        );
    for (file, id, due) in [
        ("acled.csv", "PAK1", ["Group A; Police", "Nokkundi", "Dawn"]),
        ("ged.csv", "1", ["Government; Group C", "Turbat town", "Reuters,2023-01-02,Clash"]),
        ("gtd.csv", "2", ["Group D", "Quetta", "Herald, 2019"]),
    ] {
        let words = &kept(&folder, file, &ReadOptions::default())[id];
        assert!(words.ends_with(&due.map(str::to_owned)), "{file}: {words:?}");
    }
}

#[test]
fn the_report_says_who_where_and_by_whom_reported() {
    let folder = folder();
    // The report has them whatever layers are written.
    folder.done(&[&RUN[..], &["--layers", "sites", "--report", "-o", "out"]].concat());
    let page = String::from_utf8(folder.bytes("out/report.html")).expect("UTF-8");
    for word in ["Group A; Group B", "Dalbandin, town", "Radio", "actors claimed by the source: "] {
        assert!(page.contains(word), "{word}");
    }
}

#[test]
fn what_sources_say_changes_no_score() {
    let folder = folder();
    folder.write("plain.csv", "id,date,lon,lat,country,event_type,fatalities\na1,2024-03-01,62.1,29.1,Pakistan,Battles,2\na2,2024-03-05,62.2,29.2,Pakistan,Riots,0\n");
    folder.done(&[
        "score",
        "-s",
        "sites.csv",
        "-i",
        "first.csv",
        "--layers",
        "sites",
        "-o",
        "told",
    ]);
    folder.done(&[
        "score",
        "-s",
        "sites.csv",
        "-i",
        "plain.csv",
        "--layers",
        "sites",
        "-o",
        "plain",
    ]);
    assert_eq!(folder.bytes("told/sites.geojson"), folder.bytes("plain/sites.geojson"));
}

#[test]
fn columns_that_nothing_shows_are_not_held() {
    let folder = Folder::new();
    let rows = (0..9_000)
        .map(|n| format!("i{n},2024-01-01,62,29,Riots,Group {n},{}\n", "long ".repeat(20)));
    folder.write(
        "many.csv",
        format!("id,date,lon,lat,event_type,actor,notes\n{}", rows.collect::<String>()),
    );
    let held = |keep: Keep| {
        let options = ReadOptions { incident_columns: keep, ..ReadOptions::default() };
        let kept = kept(&folder, "many.csv", &options);
        kept.values().filter(|words| !words.is_empty()).count()
    };
    assert_eq!(held(Keep::All), 9_000);
    assert_eq!(held(Keep::UpTo(9_000)), 9_000);
    assert_eq!(held(Keep::UpTo(8_999)), 0);
    assert_eq!(held(Keep::Nothing), 0);

    let wanted = |layers: Option<LayerName>, report| Wanted {
        layers: layers.map(|layer| BTreeSet::from([layer])),
        report,
        ..Wanted::default()
    };
    for (layers, report, keep) in [
        (None, false, Keep::UpTo(10_000)),
        (None, true, Keep::All),
        (Some(LayerName::Sites), false, Keep::Nothing),
        (Some(LayerName::Sites), true, Keep::All),
        (Some(LayerName::Incidents), false, Keep::All),
    ] {
        assert_eq!(wanted(layers, report).incident_columns(false), keep, "{layers:?} {report}");
    }
    assert_eq!(wanted(None, false).incident_columns(true), Keep::All);
}
