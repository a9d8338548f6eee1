//! Batches: the same bytes however often they are interrupted, no frame computed twice, and one bad
//! region that does not affect the others.

use crate::batch_page::page;
use crate::cli::{Dice, Folder};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// The example plan of the repository: the built-in case month by month.
const EXAMPLE: &str = include_str!("../../examples/batch.toml");

/// The hash of every file below a folder, by its path from there.
pub fn tree(folder: &Path) -> BTreeMap<String, String> {
    fn walk(root: &Path, at: &Path, into: &mut BTreeMap<String, String>) {
        for entry in std::fs::read_dir(at).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(root, &path, into);
            } else {
                let name = path.strip_prefix(root).expect("inside").display().to_string();
                let bytes = std::fs::read(&path).expect("a file");
                into.insert(name, blake3::hash(&bytes).to_string());
            }
        }
    }
    let mut all = BTreeMap::new();
    walk(folder, folder, &mut all);
    all
}

pub fn mines_by_month() -> Folder {
    let folder = Folder::with_mines();
    folder.write(
        "plan.toml",
        r#"
        [inputs]
        sites = ["sites.csv"]
        incidents = ["incidents.csv"]
        [dates]
        every = "month"
        from = 2024-03-31
        to = "2024-06-30"
        [[regions]]
        name = "East"
        bbox = [66, 29, 68, 31]
        [[regions]]
        name = "far west"
        bbox = [64, 28, 65, 29]
        "#,
    );
    folder
}

#[test]
fn a_batch_and_a_single_run_do_not_share_a_folder() {
    let folder = mines_by_month();
    let score = ["score", "-s", "sites.csv", "-i", "incidents.csv", "-o"];
    folder.done(&[&score[..], &["single"]].concat());
    folder.done(&["batch", "plan.toml", "-o", "many"]);
    let before = (tree(&folder.at("single")), tree(&folder.at("many")));
    for (args, why) in [
        (vec!["batch", "plan.toml", "-o", "single"], "single: holds what a single run wrote"),
        ([&score[..], &["many"]].concat(), "many: holds what a batch wrote"),
    ] {
        let ended = folder.run(&args);
        assert_eq!(ended.code, 2, "{}", ended.err);
        assert!(ended.err.contains(why) && ended.err.contains("hint: "), "{}", ended.err);
    }
    assert_eq!(before, (tree(&folder.at("single")), tree(&folder.at("many"))));
}

#[test]
fn a_region_without_a_site_is_told_each_time() {
    let folder = mines_by_month();
    let plan = String::from_utf8(folder.bytes("plan.toml")).expect("UTF-8");
    folder.write("plan.toml", plan.replace("[64, 28, 65, 29]", "[0, 0, 1, 1]"));
    for _ in 0..2 {
        let ended = folder.run(&["batch", "plan.toml", "-o", "out"]);
        assert_eq!(ended.code, 0, "{}", ended.err);
        assert!(ended.err.contains("region far west: no sites inside its bbox"), "{}", ended.err);
        assert!(!ended.err.contains("region East"), "{}", ended.err);
    }
}

#[test]
fn a_second_run_does_nothing_and_says_so() {
    let folder = mines_by_month();
    let first = folder.done(&["batch", "plan.toml", "-o", "out"]);
    assert!(first.contains("8 frames in out"), "{first}");
    let before = tree(&folder.at("out"));
    let times =
        |name: &str| std::fs::metadata(folder.at(name)).and_then(|m| m.modified()).expect("a time");
    let frame = "out/East/default/2024-04-30/sites.geojson";
    let (table, sites) = (times("out/frames.csv"), times(frame));
    let second = folder.done(&["batch", "plan.toml", "-o", "out"]);
    assert!(second.contains("nothing to do, all 8 frames in out are up to date"), "{second}");
    assert_eq!(tree(&folder.at("out")), before);
    assert_eq!((times("out/frames.csv"), times(frame)), (table, sites), "not even written anew");
}

#[test]
fn a_frame_is_the_same_as_a_run_of_its_own() {
    let folder = mines_by_month();
    folder.done(&["batch", "plan.toml", "-o", "out"]);
    folder.done(&[
        "score",
        "--sites",
        "sites.csv",
        "--incidents",
        "incidents.csv",
        "--as-of",
        "2024-05-31",
        "--bbox",
        "66,29,68,31",
        "--layers",
        "sites,links",
        "-o",
        "alone",
    ]);
    assert_eq!(folder.files("out/East/default/2024-05-31"), folder.files("alone"));
    // Month ends stay month ends, and the newest incident lies after the first dates.
    let names: Vec<String> = tree(&folder.at("out/far-west/default")).into_keys().collect();
    for date in ["2024-03-31", "2024-04-30", "2024-05-31", "2024-06-30"] {
        assert!(names.contains(&format!("{date}/sites.geojson")), "{names:?}");
    }
}

#[test]
fn only_what_changed_is_done_again() {
    let folder = mines_by_month();
    folder.done(&["batch", "plan.toml", "-o", "out"]);
    let whole = tree(&folder.at("out"));
    let preview = |expected: &str| {
        let told = folder.done(&["batch", "plan.toml", "-o", "out", "--dry-run"]);
        assert!(told.contains(expected), "{told}");
    };
    preview("0 of 8 frames to do");
    // A missing file, and an edited one, which is not overwritten by default.
    std::fs::remove_file(folder.at("out/East/default/2024-04-30/links.geojson")).expect("there");
    let edited = "out/East/default/2024-05-31/sites.geojson";
    folder.write(edited, "{}");
    for dry in [&["--dry-run"][..], &[]] {
        let ended = folder.run(&[&["batch", "plan.toml", "-o", "out", "-q"], dry].concat());
        assert_eq!(ended.code, 5, "{}", ended.err);
        assert!(ended.err.contains(&format!("{edited}: would be overwritten")), "{}", ended.err);
        assert_eq!(folder.bytes(edited), b"{}");
    }
    std::fs::remove_file(folder.at("out/East/default/2024-04-30/links.geojson")).expect("made");
    let told = folder.done(&["batch", "plan.toml", "-o", "out", "--replace", "--dry-run"]);
    assert!(told.contains("2 of 8 frames to do"), "{told}");
    let told = folder.done(&["batch", "plan.toml", "-o", "out", "--replace"]);
    assert!(
        told.lines()
            .any(|line| line.split_whitespace().eq(["East", "default", "4", "2", "2", "0"])),
        "{told}"
    );
    assert_eq!(tree(&folder.at("out")), whole);
    // Outputs across frames.
    for gone in ["out/report.html", "out/frames.csv", "out/East/default/sites_over_time.geojson"] {
        std::fs::remove_file(folder.at(gone)).expect("there");
        preview("0 of 8 frames to do");
        folder.done(&["batch", "plan.toml", "-o", "out"]);
        assert_eq!(tree(&folder.at("out")), whole, "{gone}");
    }
    // Another incident changes every frame.
    let more = format!("{}i-6,2020-01-01,66.9,29.8,Pakistan,Battles,2,2\n", crate::cli::INCIDENTS);
    folder.write("incidents.csv", more);
    preview("8 of 8 frames to do");
}

#[test]
fn killed_at_any_moment_it_goes_on_to_the_same_bytes() {
    let folder = Folder::new();
    folder.write("plan.toml", EXAMPLE);
    folder.done(&["batch", "plan.toml", "-o", "whole"]);
    let whole = tree(&folder.at("whole"));
    assert_eq!(whole.keys().filter(|name| name.ends_with("/sites.geojson")).count(), 48);
    let mut dice = Dice::new(7);
    for round in 0..4 {
        let out = format!("killed{round}");
        let args = ["batch", "plan.toml", "-o", &out];
        let mut broken_off = 0;
        // Each time a little further, and finally without interruption.
        for _ in 0..6 {
            let mut child = folder.command(&args).spawn().expect("the program runs");
            std::thread::sleep(std::time::Duration::from_millis(20 + dice.below(150)));
            let _ = child.kill();
            broken_off += u32::from(!child.wait().expect("it ends").success());
        }
        assert!(broken_off > 0, "no run was broken off");
        folder.done(&args);
        assert_eq!(tree(&folder.at(&out)), whole, "round {round}");
    }
}

#[test]
fn one_bad_region_never_stops_the_others() {
    let folder = Folder::with_mines();
    folder.write("broken.csv", "id,when\nx,y\n");
    folder.write(
        "plan.toml",
        r#"
        [inputs]
        sites = ["sites.csv"]
        incidents = ["incidents.csv"]
        [dates]
        on = ["2024-06-30"]
        [[regions]]
        name = "Lost"
        inputs = { sites = ["missing.csv"], incidents = ["incidents.csv"] }
        [[regions]]
        name = "Broken"
        inputs = { sites = ["sites.csv"], incidents = ["broken.csv"] }
        [[regions]]
        name = "Whole"
        "#,
    );
    let ended = folder.run(&["batch", "plan.toml", "-o", "out"]);
    assert_eq!(ended.code, 5, "the others are complete: {}", ended.err);
    assert!(
        ended.err.contains("Lost/default/2024-06-30: missing.csv: ")
            || ended.err.contains("missing.csv: no such file"),
        "{}",
        ended.err
    );
    assert!(ended.err.contains("Broken/default/2024-06-30: "), "{}", ended.err);
    let table = String::from_utf8(folder.bytes("out/frames.csv")).expect("UTF-8");
    assert_eq!(table.lines().count(), 4, "{table}");
    assert!(table.lines().nth(1).is_some_and(|row| row.contains("missing.csv")), "{table}");
    assert!(folder.json("out/Whole/default/2024-06-30/receipt.json")["fingerprint"].is_string());
    let said = page(&folder);
    let series = said["series"].as_array().expect("series");
    let failed: Vec<bool> = series.iter().map(|of| !of["frames"][0]["error"].is_null()).collect();
    assert_eq!(failed, [true, true, false]);
    let why = series[0]["frames"][0]["error"][0].as_str().expect("a reason");
    assert!(why.contains("missing.csv"), "{why}");
    assert_eq!(series[0]["sites"], 0);
    assert_eq!(series[2]["sites"], 3);
    // After the fix, only these frames are computed.
    folder.write("missing.csv", crate::cli::SITES).write("broken.csv", crate::cli::INCIDENTS);
    let told = folder.done(&["batch", "plan.toml", "-o", "out"]);
    assert!(
        told.lines()
            .any(|line| line.split_whitespace().eq(["Whole", "default", "1", "0", "1", "0"])),
        "{told}"
    );
}

#[test]
fn a_lock_names_who_holds_the_output() {
    let folder = mines_by_month();
    let held = std::process::id().to_string();
    std::fs::create_dir(folder.at("out")).expect("a folder");
    let lock = folder.at("out/.tamarisk.lock");
    folder.write("out/.tamarisk.lock", &held);
    let file = std::fs::OpenOptions::new().write(true).open(&lock).expect("the lock");
    file.lock().expect("ours");
    let ended = folder.run(&["batch", "plan.toml", "-o", "out"]);
    assert_eq!(ended.code, 4);
    assert!(
        ended.err.contains(&format!("another run is writing here, process {held}")),
        "{}",
        ended.err
    );
}

#[test]
fn the_frames_come_as_one_layer_over_time() {
    let folder = mines_by_month();
    folder.done(&["batch", "plan.toml", "-o", "out"]);
    let layer = folder.json("out/East/default/sites_over_time.geojson");
    let features = layer["features"].as_array().expect("features");
    assert_eq!(features.len(), 2 * 4);
    for (n, date) in ["2024-03-31", "2024-04-30", "2024-05-31", "2024-06-30"].iter().enumerate() {
        let frame = folder.json(&format!("out/East/default/{date}/sites.geojson"));
        let until = ["2024-04-30", "2024-05-31", "2024-06-30", "2024-07-30"][n];
        for (of_frame, of_layer) in
            frame["features"].as_array().expect("features").iter().zip(&features[2 * n..])
        {
            let (one, other) = (&of_frame["properties"], &of_layer["properties"]);
            assert_eq!(other["site_id"], of_frame["id"]);
            assert_eq!(other["as_of"], *date);
            assert_eq!(other["until"], until);
            assert_eq!(of_layer["geometry"], of_frame["geometry"]);
            for column in ["name", "security_score", "security_band", "environment_score"] {
                assert_eq!(other[column], one[column], "{column}");
            }
            let before = n.checked_sub(1).map(|n| &features[2 * n..]).map(|before| {
                let same = before.iter().find(|f| f["properties"]["site_id"] == of_frame["id"]);
                same.expect("the site before")["properties"]["security_score"].as_f64()
            });
            let change = before.flatten().zip(one["security_score"].as_f64()).map(|(b, a)| a - b);
            match (change, &other["security_change"]) {
                (None, told) => assert_eq!(*told, Value::Null),
                (Some(change), told) => {
                    assert!((told.as_f64().expect("a number") - change).abs() < 0.051, "{told}");
                }
            }
        }
    }
}

#[test]
fn a_batch_that_asks_for_no_sites_has_them_all_the_same() {
    let folder = mines_by_month();
    let plan = String::from_utf8(folder.bytes("plan.toml")).expect("UTF-8");
    folder.write("plan.toml", format!("layers = [\"links\"]\n{plan}"));
    folder.done(&["batch", "plan.toml", "-o", "out"]);
    assert_eq!(page(&folder)["series"][0]["sites"], 2);
}

#[test]
fn a_plan_that_means_nothing_is_refused_with_its_place() {
    let folder = Folder::with_mines();
    let whole = "[inputs]\nsites = [\"sites.csv\"]\n";
    for (plan, told) in [
        (
            "[inputs]\nsite = [\"sites.csv\"]\n".to_owned(),
            "plan.toml: line 2, column 1: unknown key \"site\"",
        ),
        (format!("{whole}[dates]\nevery = \"fortnight\"\n"), "unknown word \"fortnight\""),
        (
            format!("{whole}[dates]\nevery = \"month\"\nfrom = 2024-01-31\n"),
            "plan.toml: dates: every, from and to belong together",
        ),
        (
            format!("{whole}[dates]\non = [\"2024-13-01\"]\n"),
            "dates: on: \"2024-13-01\" is not a date",
        ),
        (
            format!("{whole}[dates]\nevery = \"day\"\nfrom = 1900-01-01\nto = 2024-01-01\n"),
            "more than 10000",
        ),
        (
            format!("schemes = [\"defualt\"]\n{whole}"),
            "schemes: \"defualt\" is not a built-in scheme",
        ),
        (format!("layers = [\"stes\"]\n{whole}"), "layers: \"stes\" is not a layer"),
        (format!("{whole}[[regions]]\nname = \"../out\"\n"), "cannot name a folder"),
        (
            format!("{whole}[[regions]]\nname = \"A b\"\n[[regions]]\nname = \"a-B\"\n"),
            "two are called",
        ),
        (format!("{whole}[[regions]]\nname = \"A\"\nbbox = [0, 95, 1, 96]\n"), "bbox of \"A\""),
        ("[[regions]]\nname = \"A\"\n".to_owned(), "\"A\" has no inputs"),
        ("[inputs]\nincidents = [\"incidents.csv\"]\n".to_owned(), "no sites are given"),
    ] {
        folder.write("plan.toml", &plan);
        let ended = folder.run(&["batch", "plan.toml", "-o", "out"]);
        assert_eq!(ended.code, 2, "{plan}: {}", ended.err);
        assert!(ended.err.contains(told), "{plan}: {}", ended.err);
        assert!(ended.err.contains("plan.toml: "), "{plan}: {}", ended.err);
        assert!(!folder.at("out").exists(), "{plan}");
    }
}
