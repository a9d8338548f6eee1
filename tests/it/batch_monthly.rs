//! A plan that runs every month by itself: dates that follow the data, limits, a log, and frames that are kept.

use crate::batch::tree;
use crate::cli::{Folder, INCIDENTS};
use std::collections::BTreeSet;

const PLAN: &str = r#"
    [inputs]
    sites = ["sites.csv"]
    incidents = ["incidents.csv"]
    [dates]
    every = "month"
    from = 2024-03-31
    to = "latest"
"#;

fn monthly() -> Folder {
    let folder = Folder::with_mines();
    folder.write("plan.toml", PLAN);
    folder
}

fn dates(folder: &Folder) -> Vec<String> {
    let all = tree(&folder.at("out/all/default"));
    let frames = all.keys().filter_map(|name| name.strip_suffix("/sites.geojson"));
    frames.map(str::to_owned).collect()
}

#[test]
fn the_last_date_follows_the_newest_incident_and_no_mistyped_one() {
    let folder = monthly();
    let told = folder.done(&["batch", "plan.toml", "-o", "out"]);
    assert!(
        told.contains("last date 2024-06-30, of the newest incident: i-2 in incidents.csv"),
        "{told}"
    );
    let first = ["2024-03-31", "2024-04-30", "2024-05-31", "2024-06-30"];
    assert_eq!(dates(&folder), first);
    for file in ["out/receipt.json", "out/summary.json"] {
        let newest = &folder.json(file)["newest"];
        assert_eq!(newest["date"], "2024-06-30", "{file}");
        assert_eq!(
            (&newest["file"], &newest["incident"]),
            (&"incidents.csv".into(), &"i-2".into())
        );
    }
    // A row that is dated far in the future changes no date, and is told.
    let row = |id: &str, day: &str| format!("{id},{day},66.9,29.8,Pakistan,Battles,2,2\n");
    let far = format!("{INCIDENTS}{}", row("i-6", "2052-01-01"));
    folder.write("incidents.csv", &far);
    let ended = folder.run(&["batch", "plan.toml", "-o", "out"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(ended.err.contains("2052-01-01") && ended.err.contains("mistyped"), "{}", ended.err);
    assert_eq!(dates(&folder), first);
    // The data of the next month.
    folder.write("incidents.csv", format!("{INCIDENTS}{}", row("i-7", "2024-07-19")));
    let dry = folder.done(&["batch", "plan.toml", "-o", "out", "--dry-run"]);
    assert!(
        dry.contains("last date 2024-07-19") && dry.contains("all/default/2024-07-19"),
        "{dry}"
    );
    folder.done(&["batch", "plan.toml", "-o", "out"]);
    assert_eq!(dates(&folder), [&first[..], &["2024-07-19"]].concat());
    let again = folder.done(&["batch", "plan.toml", "-o", "out"]);
    assert!(again.contains("nothing to do, all 5 frames"), "{again}");
}

#[test]
fn the_last_date_follows_the_regions_that_can_be_read() {
    let folder = monthly();
    let regions = "[[regions]]\nname = \"Lost\"\ninputs = { sites = [\"sites.csv\"], incidents = [\"no.csv\"] }\n[[regions]]\nname = \"Whole\"\n";
    folder.write("plan.toml", format!("{PLAN}{regions}"));
    let ended = folder.run(&["batch", "plan.toml", "-o", "out"]);
    assert_eq!(ended.code, 5, "{}", ended.err);
    assert_eq!(ended.err.matches("no.csv").count(), 1, "{}", ended.err);
    assert!(folder.at("out/Whole/default/2024-06-30/sites.geojson").exists());
    // Without any there is no date.
    std::fs::remove_file(folder.at("incidents.csv")).expect("there");
    let ended = folder.run(&["batch", "plan.toml", "-o", "none"]);
    assert_eq!(ended.code, 4, "{}", ended.err);
    assert!(ended.err.contains("no.csv: no such file"), "{}", ended.err);
    folder.write("incidents.csv", INCIDENTS.lines().next().expect("a head"));
    folder.write("plan.toml", PLAN);
    let ended = folder.run(&["batch", "plan.toml", "-o", "none"]);
    assert_eq!(ended.code, 3, "{}", ended.err);
    assert!(ended.err.contains("to = \"latest\": no incident has a date"), "{}", ended.err);
    assert!(!folder.at("none").exists());
}

#[test]
fn a_site_past_a_band_at_the_last_date_ends_with_1_and_words() {
    let folder = monthly();
    for quiet in [&["-q"][..], &[]] {
        for again in [false, true] {
            let args = [&["batch", "plan.toml", "-o", "out", "--fail-on", "very-low"], quiet];
            let ended = folder.run(&args.concat());
            assert_eq!(ended.code, 1, "{again}: {}", ended.err);
            let layer = folder.json("out/all/default/2024-06-30/sites.geojson");
            let sites = layer["features"].as_array().expect("sites").len();
            let told = format!(
                "--fail-on very-low: all/default/2024-06-30: {sites} of {sites} sites are very low,"
            );
            assert!(ended.err.contains(&told), "{}", ended.err);
            assert_eq!(ended.err.matches("--fail-on").count(), 1, "{}", ended.err);
        }
    }
    let ended = folder.run(&["batch", "plan.toml", "-o", "out", "-q", "--fail-on", "very-high"]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let ended = folder.run(&["batch", "plan.toml", "-o", "out", "--fail-on", "severe"]);
    assert_eq!(ended.code, 2, "{}", ended.err);
}

#[test]
fn partial_and_total_failure_have_codes_of_their_own() {
    let folder = monthly();
    let lost = "[[regions]]\nname = \"Lost\"\ninputs = { sites = [\"no.csv\"] }\n";
    folder.write("plan.toml", format!("{PLAN}{lost}").replace("\"latest\"", "2024-06-30"));
    for dry in [&["--dry-run"][..], &[]] {
        let ended = folder.run(&[&["batch", "plan.toml", "-q", "-o", "out"], dry].concat());
        assert_eq!(ended.code, 4, "all failed: {}", ended.err);
    }
    let both = format!("{PLAN}{lost}[[regions]]\nname = \"Whole\"\n");
    folder.write("plan.toml", both.replace("\"latest\"", "2024-06-30"));
    for dry in [&["--dry-run"][..], &["--fail-on", "very-low"], &[]] {
        let ended = folder.run(&[&["batch", "plan.toml", "-q", "-o", "out"], dry].concat());
        assert_eq!(ended.code, 5, "some failed: {}", ended.err);
        assert_eq!(ended.err.matches("no.csv: no such file").count(), 1, "{}", ended.err);
    }
}

#[test]
fn a_log_has_a_line_for_each_frame_of_every_run() {
    let folder = monthly();
    let args = ["batch", "plan.toml", "-q", "-o", "out", "--log", "batch.log"];
    let run = || {
        assert_eq!(folder.run(&args).code, 0);
        let text = String::from_utf8(folder.bytes("batch.log")).expect("UTF-8");
        let lines = text.lines().map(|line| {
            let (time, words) = line.split_once(' ').expect("a time");
            assert!(time.len() == 20 && time.ends_with('Z'), "{line}");
            words.to_owned()
        });
        lines.filter(|words| !words.starts_with("note: ")).collect::<Vec<String>>()
    };
    let first = run();
    assert_eq!(first.len(), 6, "{first:?}");
    assert_eq!(first[0], "began plan");
    assert_eq!(first[1], "written all/default/2024-03-31");
    assert_eq!(first[5], "ended: 4 written, 0 unchanged, 0 failed");
    let both = run();
    assert_eq!((both.len(), &both[..6]), (12, &first[..]));
    assert_eq!(both[7], "unchanged all/default/2024-03-31");
    // The outputs know no clock.
    let whole = tree(&folder.at("out"));
    folder.run(&["batch", "plan.toml", "-q", "-o", "other"]);
    assert_eq!(tree(&folder.at("other")), whole);
    // No line is added to a file of another kind, and none to an input.
    for other in ["sites.csv", "incidents.csv", "plan.toml"] {
        let before = folder.bytes(other);
        let ended = folder.run(&["batch", "plan.toml", "-o", "out", "--log", other]);
        assert_eq!(ended.code, 4, "{other}: {}", ended.err);
        assert_eq!(folder.bytes(other), before);
    }
}

#[test]
fn old_frames_go_if_they_are_unchanged_and_nothing_else_does() {
    let folder = monthly();
    folder.done(&["batch", "plan.toml", "-o", "out"]);
    let keep = |many: usize| folder.write("plan.toml", format!("keep = {many}\n{PLAN}"));
    keep(3);
    let told = folder.done(&["batch", "plan.toml", "-o", "out"]);
    assert!(told.contains("1 frame of dates that the plan does not keep removed"), "{told}");
    assert_eq!(dates(&folder), ["2024-04-30", "2024-05-31", "2024-06-30"]);
    assert!(!folder.at("out/all/default/2024-03-31").exists());
    // All outputs over frames are as if the others had never been.
    folder.done(&["batch", "plan.toml", "-o", "fresh"]);
    assert_eq!(tree(&folder.at("out")), tree(&folder.at("fresh")));
    let layer = folder.json("out/all/default/sites_over_time.geojson");
    let days: BTreeSet<&str> = layer["features"]
        .as_array()
        .expect("features")
        .iter()
        .filter_map(|site| site["properties"]["as_of"].as_str())
        .collect();
    assert_eq!(days.len(), 3);
    // An edited output, a foreign file, and a folder of another kind stay, and are told.
    let inside = "out/all/default";
    folder.write(&format!("{inside}/2024-04-30/notes.txt"), "mine");
    folder.write(&format!("{inside}/2024-05-31/links.geojson"), "{}");
    std::fs::create_dir(folder.at(&format!("{inside}/2020-01-31"))).expect("a folder");
    folder.write(&format!("{inside}/2020-01-31/own.txt"), "mine");
    let before = tree(&folder.at(inside));
    keep(1);
    for _ in 0..2 {
        let ended = folder.run(&["batch", "plan.toml", "-o", "out"]);
        assert_eq!(ended.code, 0, "{}", ended.err);
        assert!(ended.err.contains("2024-04-30: of a date"), "{}", ended.err);
        assert!(ended.err.contains("notes.txt: no receipt says"), "{}", ended.err);
        assert!(ended.err.contains("links.geojson: it was changed"), "{}", ended.err);
    }
    let kept = |name: &&String| {
        name.starts_with("2024-04-30") || name.starts_with("2024-05-31") || name.starts_with("2020")
    };
    let after = tree(&folder.at(inside));
    for name in before.keys().filter(kept) {
        assert_eq!(after.get(name), before.get(name), "{name}");
    }
    // Without keep nothing is removed, and while a frame fails its region keeps what it has.
    folder.write("plan.toml", PLAN.replace("2024-03-31", "2024-06-30"));
    folder.done(&["batch", "plan.toml", "-o", "out"]);
    assert_eq!(dates(&folder).len(), 3);
    let told = folder.run(&["batch", "plan.toml", "-o", "out", "--dry-run"]);
    assert_eq!(told.code, 0, "{}", told.err);
    folder.write("plan.toml", format!("keep = 0\n{PLAN}"));
    let ended = folder.run(&["batch", "plan.toml", "-o", "out"]);
    assert_eq!(ended.code, 2, "{}", ended.err);
}
