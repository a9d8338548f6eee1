//! `diff` says what changed between two runs, and splits each change into parts that add up to it.

use crate::cli::Folder;
use serde_json::Value;
use std::path::Path;

pub const SCORES: [&str; 3] = ["security", "environment", "overall"];

pub const STEPS: [&str; 8] =
    ["scheme", "coverage", "site", "vanished", "aged", "receptors", "corrected", "new"];

/// The options of the runs of the built-in case's files.
pub const FILES: [&str; 12] = [
    "-s",
    "in/sites.csv",
    "-s",
    "in/linked_assets.geojson",
    "-i",
    "in/incidents.csv",
    "-r",
    "sensitive_areas=in/protected_areas.csv",
    "-r",
    "settlements=in/settlements.csv",
    "-r",
    "rivers=in/rivers.geojson",
];

pub const AS_OF: [&str; 2] = ["--as-of", "2026-01-31"];

/// A file of the built-in case.
pub fn built_in(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/balochistan").join(name);
    std::fs::read_to_string(path).expect(name)
}

/// The files of the built-in case in a folder, where they can be changed.
pub fn case() -> Folder {
    let folder = Folder::new();
    for name in [
        "sites.csv",
        "linked_assets.geojson",
        "incidents.csv",
        "protected_areas.csv",
        "settlements.csv",
        "rivers.geojson",
    ] {
        folder.write(&format!("in/{name}"), built_in(name));
    }
    // Not quite those that are built into the program, which would be found there.
    append(&folder, "in/incidents.csv", &incident("X-0", "2026-01-05", 62.2, 29.1, 2));
    append(&folder, "in/settlements.csv", "9999998,Other Town,62.5,29.5,5000,Pakistan,settlements");
    edit(&folder, "in/sites.csv", "approximate centre", "approximate center");
    folder
}

/// Changes a text in a file, which must be in it.
pub fn edit(folder: &Folder, name: &str, from: &str, to: &str) {
    let text = String::from_utf8(folder.bytes(name)).expect("text");
    assert!(text.contains(from), "{name} holds no {from}");
    folder.write(name, text.replacen(from, to, 1));
}

/// Appends a line to a file.
pub fn append(folder: &Folder, name: &str, line: &str) {
    let text = String::from_utf8(folder.bytes(name)).expect("text");
    folder.write(name, format!("{}\n{line}\n", text.trim_end()));
}

/// Takes the line of an id out of a file.
pub fn take_out(folder: &Folder, name: &str, id: &str) {
    let text = String::from_utf8(folder.bytes(name)).expect("text");
    let less: String = text
        .lines()
        .filter(|line| !line.starts_with(&format!("{id},")))
        .map(|l| format!("{l}\n"))
        .collect();
    assert!(less.len() < text.len(), "{name} holds no {id}");
    folder.write(name, less);
}

pub fn incident(id: &str, date: &str, lon: f64, lat: f64, deaths: u32) -> String {
    format!(
        "{id},{date},,1,{lon},{lat},5,1,Pakistan,Balochistan,Chagai,,security,Attack,,,{deaths},,,,no,,high,made,"
    )
}

pub fn score(folder: &Folder, out: &str, more: &[&str]) {
    let mut args = vec!["score", "-q", "-o", out];
    args.extend(FILES);
    if !more.contains(&"--as-of") {
        args.extend(AS_OF);
    }
    args.extend(more);
    folder.done(&args);
}

pub fn diff(folder: &Folder) -> Value {
    let changes = folder.answer(&["diff", "a", "b", "--inputs", "in", "--json"]);
    adds_up(&changes);
    changes
}

pub fn site<'a>(changes: &'a Value, id: &str) -> &'a Value {
    let sites = changes["sites"].as_array().expect("sites");
    sites.iter().find(|site| site["id"] == id).unwrap_or_else(|| panic!("no {id}"))
}

pub fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// The parts of every change add up to it, and those of incidents to the part of theirs where all are told.
pub fn adds_up(changes: &Value) -> usize {
    let mut split = 0;
    for site in changes["sites"].as_array().expect("sites") {
        for score in SCORES {
            let score = &site[score];
            if score["parts"].is_null() {
                continue;
            }
            split += 1;
            let sum: f64 = STEPS.iter().map(|step| number(&score["parts"][step])).sum();
            let change = number(&score["change"]);
            assert!((sum - change).abs() < 1e-9, "{sum} is not {change}: {site}");
            let ends = number(&score["after"]) - number(&score["before"]);
            assert!((ends - change).abs() < 1e-9, "{site}");
        }
        if site["security"]["parts"].is_null() || site["more_incidents"] != 0 {
            continue;
        }
        for step in ["new", "vanished", "corrected"] {
            let of_step = site["incidents"].as_array().expect("incidents").iter();
            let told: f64 =
                of_step.filter(|one| one["what"] == step).map(|one| number(&one["points"])).sum();
            let part = number(&site["security"]["parts"][step]);
            // What adds less than 0.0005 is not told.
            assert!((told - part).abs() < 0.01, "{step}: {told} is not {part}: {site}");
        }
    }
    split
}

/// The steps that have a part in any change.
pub fn moving(changes: &Value) -> Vec<&'static str> {
    let sites = changes["sites"].as_array().expect("sites");
    let moves = |step: &&str| {
        sites.iter().any(|site| {
            SCORES.iter().any(|score| site[score]["parts"][step].as_f64().is_some_and(|p| p != 0.0))
        })
    };
    STEPS.into_iter().filter(|step| moves(step)).collect()
}

#[test]
fn what_changed_alone_has_the_whole_change() {
    type Change = fn(&Folder) -> Vec<&'static str>;
    let changes: [(&str, Change); 9] = [
        ("new", |folder| {
            append(folder, "in/incidents.csv", &incident("X-1", "2026-01-10", 62.1, 29.15, 4));
            vec![]
        }),
        ("aged", |_| vec!["--as-of", "2026-03-15"]),
        ("vanished", |folder| {
            take_out(folder, "in/incidents.csv", "PK-I100");
            vec![]
        }),
        ("corrected", |folder| {
            edit(folder, "in/incidents.csv", "X-0,2026-01-05,,1,62.2", "X-0,2026-01-05,,1,62.1");
            vec![]
        }),
        ("corrected", |folder| {
            edit(
                folder,
                "in/incidents.csv",
                ",Attack,,,2,,,,no,,high,made,",
                ",Attack,,,9,,,,no,,high,made,",
            );
            vec![]
        }),
        ("receptors", |folder| {
            append(
                folder,
                "in/settlements.csv",
                "9999999,Made Town,62.06,29.125,90000,Pakistan,settlements",
            );
            vec![]
        }),
        ("scheme", |folder| {
            folder.write("mine.toml", "[security.recency]\nhalf_life_days = 200\n");
            vec!["--scheme", "mine.toml"]
        }),
        ("coverage", |_| vec!["--coverage", "AFG"]),
        ("site", |folder| {
            edit(folder, "in/sites.csv", "Reko Diq,62.05,29.12,10", "Reko Diq,62.25,29.12,10");
            vec![]
        }),
    ];
    for (step, change) in changes {
        let folder = case();
        score(&folder, "a", &[]);
        // What was read stays where it was, under the same name.
        std::fs::rename(folder.at("in"), folder.at("before")).expect("renamed");
        for (name, bytes) in folder.files("before") {
            folder.write(&format!("in/{name}"), bytes);
        }
        let more = change(&folder);
        score(&folder, "b", &more);
        let changes = folder.answer(&["diff", "a", "b", "--inputs", "in", "before", "--json"]);
        // Where security is no longer covered its scores go, and only the others have parts.
        let least = if step == "coverage" { 1 } else { 101 };
        assert!(adds_up(&changes) >= least, "{step}");
        assert_eq!(changes["new"]["records"]["receptors"], "files");
        assert_eq!(changes["old"]["records"]["incidents"], "files");
        let counts = &changes["counts"];
        assert!(number(&counts["changed"]) > 0.0, "{step}: {counts}");
        if step == "coverage" {
            // Where nothing is covered any more there is no score, and so no change to split.
            let reko = site(&changes, "PK-S001");
            assert_eq!(reko["security"]["band_after"], "no data");
            assert!(reko["security"]["change"].is_null() && reko["security"]["unknown"].is_null());
            assert_eq!(reko["security"]["turned_with"], "coverage");
            assert_eq!(changes["steps"], serde_json::json!(["coverage"]));
            continue;
        }
        assert_eq!(moving(&changes), [step]);
        let reko = site(&changes, "PK-S001");
        let told = reko["incidents"].as_array().expect("a list");
        match step {
            "new" => {
                assert_eq!((told.len(), &told[0]["id"]), (1, &Value::from("X-1")));
                assert!(number(&told[0]["points"]) > 0.5, "{reko}");
            }
            "corrected" => assert!(
                told[0]["correction"].as_str().is_some_and(|what| {
                    what.starts_with("moved 9.7 km") || what == "deaths 2 to 9"
                }),
                "{reko}"
            ),
            "aged" => assert!(number(&reko["security"]["change"]) < 0.0),
            "receptors" => {
                let indicators = reko["indicators"].as_array().expect("a list");
                let people = indicators.iter().find(|one| one["indicator"] == "people");
                let people = people.unwrap_or_else(|| panic!("{reko}"));
                assert!(number(&people["points_after"]) > number(&people["points_before"]));
                assert!(people["known_after"].is_number() && people["assumed_after"].is_number());
                let bars = reko["bars"].as_array().expect("a list");
                let bar = bars.iter().find(|one| one["bar"] == "people").expect("the bar");
                assert!(number(&bar["at_least_after"]) > number(&bar["at_least_before"]));
            }
            "site" => assert!((number(&reko["moved_km"]) - 19.5).abs() < 0.1),
            _ => {}
        }
    }
}

/// Every kind of change, one after the other.
pub fn change_all(folder: &Folder) {
    append(folder, "in/incidents.csv", &incident("X-1", "2026-02-10", 62.1, 29.15, 4));
    append(folder, "in/incidents.csv", &incident("X-2", "2025-02-10", 66.9, 30.1, 0));
    take_out(folder, "in/incidents.csv", "PK-I100");
    edit(folder, "in/incidents.csv", "PK-I120,", "PK-I120-2,");
    append(
        folder,
        "in/settlements.csv",
        "9999999,Made Town,62.06,29.125,90000,Pakistan,settlements",
    );
    edit(folder, "in/sites.csv", "Saindak,61.", "Saindak,62.");
    append(folder, "in/sites.csv", "PK-S999,Made Mine,66.5,29.5,5,Pakistan,,,,,,,,,,,,,,,,");
    take_out(folder, "in/sites.csv", "PK-S002");
    folder.write("mine.toml", "[security.recency]\nhalf_life_days = 600\n");
}

pub const ALL: [&str; 4] = ["--as-of", "2026-02-20", "--scheme", "mine.toml"];

#[test]
fn several_changes_at_once_add_up_from_files_and_from_layers() {
    let folder = case();
    score(&folder, "a", &[]);
    std::fs::rename(folder.at("in"), folder.at("before")).expect("renamed");
    for (name, bytes) in folder.files("before") {
        folder.write(&format!("in/{name}"), bytes);
    }
    change_all(&folder);
    score(&folder, "b", &ALL);
    let files = folder.answer(&["diff", "a", "b", "--inputs", "in", "before", "--json"]);
    assert!(adds_up(&files) > 100);
    assert_eq!(moving(&files), ["scheme", "site", "vanished", "aged", "receptors", "new"]);
    assert_eq!(files["incidents"]["new"], 2);
    assert_eq!(files["incidents"]["vanished"], 1, "another id alone is no change");
    assert_eq!(files["unknown"], serde_json::json!([]));
    let ids = |list: &Value| -> Option<Vec<Value>> {
        list.as_array().map(|all| all.iter().map(|site| site["id"].clone()).collect())
    };
    assert_eq!(ids(&files["came"]), Some(vec![Value::from("PK-S999")]));
    assert_eq!(ids(&files["gone"]), Some(vec![Value::from("PK-S002")]));

    // Bands first, then by the size of the change.
    let sites = files["sites"].as_array().expect("sites");
    let key = |site: &Value| {
        let size = |score: &str| {
            let score = &site[score];
            score["change"].as_f64().map_or(
                if score["before"] == score["after"] { 0.0 } else { f64::INFINITY },
                f64::abs,
            )
        };
        let flag = |name: &str| site[name].as_bool().expect("a flag");
        (!flag("in_another_band"), !flag("changed"), -size("security").max(size("environment")))
    };
    assert!(sites.is_sorted_by(|a, b| key(a) <= key(b)));
    assert!(sites[0]["in_another_band"] == true, "{}", sites[0]);

    // Of a file that was written over, the folder's own layer holds what it held.
    let layers = diff(&folder);
    assert_eq!(layers["old"]["records"]["incidents"], "layer");
    assert_eq!(layers["old"]["records"]["sites"], "layer");
    assert_eq!(layers["new"]["records"]["incidents"], "files");
    assert_eq!(layers["old"]["records"]["receptors"], Value::Null);
    assert_eq!(layers["incidents"], files["incidents"]);
    let mut compared = 0;
    for one in files["sites"].as_array().expect("sites") {
        let other = site(&layers, one["id"].as_str().expect("an id"));
        if other["security"]["parts"].is_null() {
            continue;
        }
        compared += 1;
        for step in STEPS {
            let [a, b] = [one, other].map(|site| number(&site["security"]["parts"][step]));
            assert!((a - b).abs() < 1e-3, "{step}: {a} by files, {b} by layers: {one}");
        }
    }
    assert!(compared > 35, "{compared}");
    let why = layers["unknown"].as_array().expect("a list");
    assert!(
        why.iter().any(|why| why.as_str().is_some_and(|why| why
            == "the older run: settlements.csv is not there with the bytes that were read, and no layer holds receptors")),
        "{why:?}"
    );
}

#[test]
fn what_nothing_tells_is_said_and_not_guessed() {
    let folder = case();
    score(&folder, "a", &["--layers", "sites"]);
    change_all(&folder);
    score(&folder, "b", &ALL);
    let changes = diff(&folder);
    assert_eq!(changes["old"]["records"]["incidents"], Value::Null);
    assert_eq!(changes["incidents"], Value::Null);
    let reko = site(&changes, "PK-S001");
    assert_eq!(reko["security"]["parts"], Value::Null);
    assert!(number(&reko["security"]["change"]) > 1.0, "{reko}");
    let why = reko["security"]["unknown"].as_str().expect("why");
    assert_eq!(
        why,
        "the older run: incidents.csv is not there with the bytes that were read, and the folder has no layer of incidents (--layers sites,incidents writes it)"
    );
    let run = folder.run(&["diff", "a", "b", "--inputs", "in"]);
    assert!(
        run.code == 0
            && run.err.contains("is not split into its causes: the older run: incidents.csv"),
        "{}",
        run.err
    );
    assert!(run.out.contains("Reko Diq"), "{}", run.out);

    score(&folder, "c", &["--layers", "incidents"]);
    let run = folder.run(&["diff", "a", "c"]);
    assert_eq!(run.code, 3, "{}", run.err);
    assert!(run.err.contains("c: has no layer of sites"), "{}", run.err);
    let run = folder.run(&["diff", "a", "in"]);
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains("in: holds no receipt.json"), "{}", run.err);
    edit(&folder, "b/sites.geojson", "Reko Diq", "Reko  Diq");
    let run = folder.run(&["diff", "a", "b"]);
    assert_eq!(run.code, 3, "{}", run.err);
    assert!(run.err.contains("sites.geojson: was changed since it was written"), "{}", run.err);
}

#[test]
fn nothing_changed_is_said_and_ends_with_0() {
    let folder = case();
    score(&folder, "a", &[]);
    score(&folder, "b", &[]);
    for fail_on in ["change", "band"] {
        let run = folder.run(&["diff", "a", "b", "--fail-on", fail_on]);
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(run.out.ends_with("no score changed: 45 sites compared\n"), "{}", run.out);
        assert_eq!(run.err, "");
    }
    assert_eq!(folder.bytes("a/receipt.json"), folder.bytes("b/receipt.json"));
    let changes = folder.answer(&["diff", "a/receipt.json", "b/receipt.json", "--json"]);
    assert_eq!(changes["counts"]["unchanged"], 45);
    assert_eq!(changes["steps"], serde_json::json!([]));

    // Another file of the same records is no change either.
    edit(&folder, "in/incidents.csv", "literature", "written down");
    score(&folder, "c", &[]);
    let run = folder.run(&["diff", "a", "c", "--inputs", "in", "--fail-on", "change"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.ends_with("no score changed: 45 sites compared\n"), "{}", run.out);
}

#[test]
fn changes_and_classes_end_with_1_where_that_is_asked_for() {
    let folder = case();
    score(&folder, "a", &[]);
    score(&folder, "b", &["--as-of", "2026-02-20"]);
    append(&folder, "in/incidents.csv", &incident("X-1", "2026-01-10", 62.1, 29.15, 90));
    score(&folder, "c", &[]);
    let asked = |new: &str, fail_on: &str| {
        folder.run(&["diff", "a", new, "--inputs", "in", "--fail-on", fail_on, "-q"])
    };
    let (small, large) = (asked("b", "change"), asked("c", "band"));
    assert_eq!(small.code, 1, "{}", small.out);
    assert!(
        small.err.starts_with("--fail-on change: ") && small.err.contains("of 45 sites changed"),
        "{}",
        small.err
    );
    assert_eq!(large.code, 1, "{}", large.out);
    assert!(large.err.contains("of 45 sites in another class"), "{}", large.err);
    let other = asked("c", "weather");
    assert_eq!(other.code, 2);
    assert!(other.err.contains("\"weather\" is not change or band"), "{}", other.err);
    assert_eq!(folder.run(&["diff", "a", "b", "--inputs", "nowhere"]).code, 2);
}
