//! `hindcast` as its users run it: what it writes and prints, and what it refuses.

use crate::cli::{Ended, Folder};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Sites and incidents of twelve years in Sindh, an incident every nine days.
fn folder() -> Folder {
    let folder = Folder::new();
    let mut sites = "id,name,lon,lat,position_accuracy_km\n".to_owned();
    for site in 0_u32..20 {
        let (lon, lat) = (67.0 + f64::from(site % 5) / 2.0, 27.2 + 0.6 * f64::from(site / 5));
        writeln!(sites, "s{site},Site {site},{lon:.3},{lat:.3},5").expect("memory");
    }
    let mut incidents = "id,date,lon,lat,country,event_type,fatalities\n".to_owned();
    let mut day: jiff::civil::Date = "2000-01-01".parse().expect("a day");
    for number in 0_u32..480 {
        let lon = 67.0 + f64::from(number * 7 % 5) / 2.0 + f64::from(number % 89) / 100.0;
        let lat = 27.22 + 0.6 * f64::from(number * number % 4);
        let deaths = number % 11;
        writeln!(incidents, "i{number},{day},{lon:.3},{lat:.3},Pakistan,Battles,{deaths}")
            .expect("memory");
        day = day.saturating_add(jiff::Span::new().days(9));
    }
    folder.write("sites.csv", sites).write("incidents.csv", incidents);
    folder
}

const FILES: [&str; 4] = ["-s", "sites.csv", "-i", "incidents.csv"];

fn run(folder: &Folder, more: &[&str]) -> Ended {
    folder.run(&[&["hindcast"], &FILES[..], more].concat())
}

/// The rows of a table, by its header.
fn table(folder: &Folder, name: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(folder.at(name)).expect("a table");
    let head = reader.headers().expect("a header").clone();
    let row = |record: csv::StringRecord| {
        head.iter()
            .zip(record.iter())
            .map(|(name, cell)| (name.to_owned(), cell.to_owned()))
            .collect()
    };
    reader.records().map(|record| row(record.expect("a row"))).collect()
}

#[test]
fn a_hindcast_writes_its_tables_and_says_last_how_it_stands() {
    let folder = folder();
    let ended = run(&folder, &["--min-deaths", "0,5", "--horizon", "90d,365d", "-o", "out"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let last = ended.out.trim_end().lines().last().expect("a line");
    assert!(last.starts_with("The scheme \"default\" "), "{}", ended.out);
    for word in ["probability", "forecast"] {
        assert!(!ended.out.to_lowercase().contains(word), "{word} in\n{}", ended.out);
    }
    let files: Vec<String> = folder.files("out").into_keys().collect();
    assert_eq!(
        files,
        [
            "bands.csv",
            "hindcast.csv",
            "hindcast.html",
            "predictions.csv",
            "receipt.json",
            "rejects.csv"
        ]
    );
    let receipt = folder.json("out/receipt.json");
    let hindcast = &receipt["hindcast"];
    let origins = hindcast["origins"].as_array().expect("origins").len();
    assert_eq!(hindcast["labels"].as_array().expect("labels").len(), 8);
    assert_eq!(hindcast["conclusions"][0].as_str(), Some(last));
    for label in hindcast["labels"].as_array().expect("labels") {
        let of = |name: &str| label[name].as_u64().expect("a count") as usize;
        assert_eq!(of("counted") + of("without_score") + of("not_covered"), 20 * origins);
    }
    let listed = receipt["outputs"].as_array().expect("files").iter();
    let listed: Vec<&str> = listed.filter_map(|file| file["file"].as_str()).collect();
    assert_eq!(
        listed,
        ["hindcast.csv", "predictions.csv", "bands.csv", "hindcast.html", "rejects.csv"]
    );

    let measured = table(&folder, "out/hindcast.csv");
    let models = [
        "scheme:default",
        "count_1y",
        "count_3y",
        "count_halflife_1y",
        "nearest",
        "kde",
        "constant",
    ];
    // Seven measures of all origins and six of each, of every model and label.
    assert_eq!(measured.len(), 8 * 7 * (7 + 6 * origins));
    let pooled = |row: &&BTreeMap<String, String>| row["origin"] == "pooled";
    let of_main: Vec<&str> = measured
        .iter()
        .filter(pooled)
        .filter(|row| {
            (&*row["radius_km"], &*row["horizon_days"], &*row["min_deaths"], &*row["metric"])
                == ("25", "90", "0", "roc_auc")
        })
        .map(|row| &*row["model"])
        .collect();
    assert_eq!(of_main, models);
    let constant = measured.iter().filter(pooled).find(|row| {
        row["model"] == "constant"
            && row["metric"] == "average_precision"
            && row["radius_km"] == "25"
    });
    let constant: f64 = constant.expect("a row")["value"].parse().expect("a number");
    let predictions = table(&folder, "out/predictions.csv");
    assert_eq!(predictions.len(), 20 * origins);
    let told: Vec<&str> = predictions.iter().map(|row| &*row["event_25km_90d"]).collect();
    let share = told.iter().filter(|cell| **cell == "1").count() as f64 / told.len() as f64;
    assert!(
        (constant - share).abs() < 1e-9,
        "the constant's precision is the prevalence: {constant}"
    );
    let first = &predictions[0];
    for name in [
        "origin",
        "site_id",
        "lon",
        "lat",
        "scheme:default",
        "score:default",
        "band:default",
        "count_1y_25km",
        "count_3y_50km",
        "count_halflife_1y_50km",
        "nearest_km",
        "kde",
        "event_50km_365d",
        "event_50km_365d_min5",
    ] {
        assert!(first.get(name).is_some_and(|cell| !cell.is_empty()), "{name} in {first:?}");
    }
    let bands = table(&folder, "out/bands.csv");
    assert_eq!(bands.len(), 8 * 5);
    let counted: usize =
        bands.iter().take(5).map(|row| row["counted"].parse::<usize>().expect("a count")).sum();
    assert_eq!(counted, told.len());
}

#[test]
fn the_same_hindcast_has_the_same_bytes_at_any_number_of_threads() {
    let folder = folder();
    for (threads, out) in [("1", "one"), ("5", "five")] {
        let ended = run(&folder, &["--threads", threads, "-o", out]);
        assert_eq!(ended.code, 0, "{}", ended.err);
    }
    assert!(folder.files("one") == folder.files("five"));
}

#[test]
fn scores_are_those_that_score_writes() {
    let folder = folder();
    let day = "2008-12-31";
    let ended = run(&folder, &["--from", day, "--to", day, "-o", "out"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(ended.err.contains("warning: 1 origin, fewer than 5"), "{}", ended.err);
    folder.done(&[&["score"], &FILES[..], &["--as-of", day, "-o", "scored"]].concat());
    let sites = folder.json("scored/sites.geojson");
    let scored: BTreeMap<&str, (&Value, &Value)> = sites["features"]
        .as_array()
        .expect("features")
        .iter()
        .map(|site| {
            let of = &site["properties"];
            let id = site["id"].as_str().expect("an id");
            (id, (&of["security_score"], &of["security_band"]))
        })
        .collect();
    for row in table(&folder, "out/predictions.csv") {
        let (score, band) = scored[&*row["site_id"]];
        assert_eq!(row["score:default"].parse::<f64>().ok(), score.as_f64(), "{row:?}");
        assert_eq!(Some(&*row["band:default"]), band.as_str());
    }
}

#[test]
fn several_schemes_stand_side_by_side() {
    let folder = folder();
    folder.write(
        "near.toml",
        "name = \"near\"\n\n[security.kernel]\nform = \"step\"\ninfluence_km = 25.0\n",
    );
    let schemes = ["--scheme", "default", "--scheme", "near.toml"];
    let ended = run(&folder, &[&schemes[..], &["-o", "out"]].concat());
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(ended.out.contains("scheme:near"), "{}", ended.out);
    let measured = table(&folder, "out/hindcast.csv");
    let less = |model: &str| {
        let row = measured.iter().find(|row| row["model"] == model).expect("a row");
        row["diff"].clone()
    };
    assert_eq!(less("scheme:default"), "");
    assert!(less("scheme:near").parse::<f64>().is_ok());
    let twice = run(&folder, &["--scheme", "default", "--scheme", "default", "-o", "out"]);
    assert_eq!(twice.code, 2);
    assert!(twice.err.contains("two schemes are called \"default\""), "{}", twice.err);
}

#[test]
fn what_cannot_be_told_is_refused_with_the_right_day() {
    let folder = folder();
    for (args, code, said) in [
        // The newest incident is of 2011-10-21.
        (&["--to", "2011-01-01"][..], 2, &["2012-01-01", "2011-10-21", "--to 2010-10-21"][..]),
        (&["--from", "2011-01-01"], 2, &["--from 2011-01-01 is after the last origin, 2010-10-21"]),
        (&["--horizon", "5000d"], 2, &["too short", "--horizon 90d"]),
        (&["--horizon", "1y"], 2, &["--horizon: \"1y\"", "90d"]),
        (&["--every", "1w"], 2, &["--every: \"1w\"", "6m"]),
        (&["--within", "0km"], 2, &["--within: 0m is not above 0"]),
        (&["--within", "25"], 2, &["--within", "50km"]),
        (&["--from", "tomorrow"], 2, &["--from: \"tomorrow\""]),
        (&["--every", "1d", "--from", "2002-01-01"], 2, &["more than 1000 origins"]),
        (&["--scheme", "defualt"], 2, &["did you mean default"]),
        (&["--receptors", "rivers.csv"], 2, &["--receptors"]),
    ] {
        let ended = run(&folder, args);
        assert_eq!(ended.code, code, "{args:?}: {}", ended.err);
        for part in said {
            assert!(ended.err.contains(part), "{args:?}: no {part} in {}", ended.err);
        }
        assert!(folder.files("out/hindcast").keys().all(|name| name.starts_with('.')));
    }
    let none = folder.run(&["hindcast", "-s", "sites.csv"]);
    assert_eq!(none.code, 2);
    assert!(none.err.contains("no incidents are given"), "{}", none.err);
    folder.write("none.csv", "id,date,lon,lat,country,event_type\n");
    let none = folder.run(&["hindcast", "-s", "sites.csv", "-i", "none.csv"]);
    assert!([2, 3].contains(&none.code), "{}", none.err);
}

#[test]
fn sites_elsewhere_are_set_aside_and_counted() {
    let folder = folder();
    folder.write("sites.csv", "id,name,lon,lat\nb,Bamyan,67.8,34.8\n");
    let ended = run(&folder, &["-o", "out"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let last = ended.out.trim_end().lines().last().expect("a line").to_owned();
    assert!(last.contains("cannot be judged: no site counts at any origin"), "{last}");
    let receipt = folder.json("out/receipt.json");
    let label = &receipt["hindcast"]["labels"][0];
    let origins = receipt["hindcast"]["origins"].as_array().expect("origins").len() as u64;
    assert_eq!(
        (label["counted"].as_u64(), label["without_score"].as_u64()),
        (Some(0), Some(origins))
    );
    let row = &table(&folder, "out/predictions.csv")[0];
    assert_eq!((&*row["scheme:default"], &*row["band:default"]), ("", "no data"));
    assert_eq!(row["event_25km_365d"], "");
}

#[test]
fn a_folder_of_another_kind_is_left_alone() {
    let folder = folder();
    folder.done(&[&["score"], &FILES[..], &["-o", "scored"]].concat());
    let before = folder.files("scored");
    let ended = run(&folder, &["-o", "scored"]);
    assert_eq!(ended.code, 2, "{}", ended.err);
    assert!(ended.err.contains("holds what a single run wrote"), "{}", ended.err);
    assert!(folder.files("scored") == before);
    assert_eq!(run(&folder, &["-o", "out"]).code, 0);
    let ended = folder.run(&[&["score"], &FILES[..], &["-o", "out"]].concat());
    assert_eq!(ended.code, 2, "{}", ended.err);
    assert!(ended.err.contains("holds what a hindcast wrote"), "{}", ended.err);
    let ended = folder.run(&["diff", "scored", "out"]);
    assert_eq!(ended.code, 2, "{}", ended.err);
    assert!(ended.err.contains("is the receipt of a hindcast"), "{}", ended.err);
    // Its own files are written over, and others are not.
    assert_eq!(run(&folder, &["-o", "out"]).code, 0);
    folder.write("out/bands.csv", "mine\n");
    assert_ne!(run(&folder, &["-o", "out"]).code, 0);
    assert_eq!(run(&folder, &["-o", "out", "--replace"]).code, 0);
    // An input is not written over, either.
    folder.write("out/predictions.csv", folder.bytes("sites.csv"));
    let ended = folder.run(&[
        "hindcast",
        "-s",
        "out/predictions.csv",
        "-i",
        "incidents.csv",
        "-o",
        "out",
        "--replace",
    ]);
    assert_ne!(ended.code, 0);
}

#[test]
fn the_built_in_example_can_be_tried() {
    let folder = Folder::new();
    let out = folder.done(&["hindcast", "--demo", "-o", "out"]);
    assert!(out.contains("count_halflife_1y"), "{out}");
}
