//! `diff` reports what changed between two runs, and splits each change into parts that add up to it.

use crate::cli::{Dice, Folder};
use serde_json::Value;
use std::path::{Path, PathBuf};
use tamarisk::run::{self, Cancel, Case, Changes, Inputs, Lookup, Request, Rules, Unwatched};
use tamarisk::sources::Source;

const SCORES: [&str; 3] = ["security", "environment", "overall"];

const STEPS: [&str; 8] =
    ["scheme", "coverage", "site", "vanished", "aged", "receptors", "corrected", "new"];

/// The options of the runs of the built-in case's files.
const FILES: [&str; 12] = [
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

const AS_OF: [&str; 2] = ["--as-of", "2026-01-31"];

/// A file of the built-in case.
fn built_in(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/balochistan").join(name);
    std::fs::read_to_string(path).expect(name)
}

/// The files of the built-in case in a folder, where they can be changed.
fn case() -> Folder {
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
    // Different from the embedded files, which would be found in the program.
    append(&folder, "in/incidents.csv", &incident("X-0", "2026-01-05", 62.2, 29.1, 2));
    append(&folder, "in/settlements.csv", "9999998,Other Town,62.5,29.5,5000,Pakistan,settlements");
    edit(&folder, "in/sites.csv", "approximate centre", "approximate center");
    folder
}

/// Changes a text in a file, which must be in it.
fn edit(folder: &Folder, name: &str, from: &str, to: &str) {
    let text = String::from_utf8(folder.bytes(name)).expect("text");
    assert!(text.contains(from), "{name} holds no {from}");
    folder.write(name, text.replacen(from, to, 1));
}

/// Appends a line to a file.
fn append(folder: &Folder, name: &str, line: &str) {
    let text = String::from_utf8(folder.bytes(name)).expect("text");
    folder.write(name, format!("{}\n{line}\n", text.trim_end()));
}

/// Removes the line of an id from a file.
fn take_out(folder: &Folder, name: &str, id: &str) {
    let text = String::from_utf8(folder.bytes(name)).expect("text");
    let less: String = text
        .lines()
        .filter(|line| !line.starts_with(&format!("{id},")))
        .map(|l| format!("{l}\n"))
        .collect();
    assert!(less.len() < text.len(), "{name} holds no {id}");
    folder.write(name, less);
}

fn incident(id: &str, date: &str, lon: f64, lat: f64, deaths: u32) -> String {
    format!(
        "{id},{date},,1,{lon},{lat},5,1,Pakistan,Balochistan,Chagai,,security,Attack,,,{deaths},,,,no,,high,made,"
    )
}

fn score(folder: &Folder, out: &str, more: &[&str]) {
    let mut args = vec!["score", "-q", "-o", out];
    args.extend(FILES);
    if !more.contains(&"--as-of") {
        args.extend(AS_OF);
    }
    args.extend(more);
    folder.done(&args);
}

fn diff(folder: &Folder) -> Value {
    let changes = folder.answer(&["diff", "a", "b", "--inputs", "in", "--json"]);
    adds_up(&changes);
    changes
}

fn site<'a>(changes: &'a Value, id: &str) -> &'a Value {
    let sites = changes["sites"].as_array().expect("sites");
    sites.iter().find(|site| site["id"] == id).unwrap_or_else(|| panic!("no {id}"))
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// Checks that the parts of every change add up to it, and those of incidents to their part if all are
/// listed.
fn adds_up(changes: &Value) -> usize {
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
            // Contributions below 0.0005 are not listed.
            assert!((told - part).abs() < 0.01, "{step}: {told} is not {part}: {site}");
        }
    }
    split
}

/// The steps that have a part in any change.
fn moving(changes: &Value) -> Vec<&'static str> {
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
        // The input files are kept under the same names.
        std::fs::rename(folder.at("in"), folder.at("before")).expect("renamed");
        for (name, bytes) in folder.files("before") {
            folder.write(&format!("in/{name}"), bytes);
        }
        let more = change(&folder);
        score(&folder, "b", &more);
        let changes = folder.answer(&["diff", "a", "b", "--inputs", "in", "before", "--json"]);
        assert!(adds_up(&changes) > 100, "{step}");
        assert_eq!(changes["new"]["records"]["receptors"], "files");
        assert_eq!(changes["old"]["records"]["incidents"], "files");
        let counts = &changes["counts"];
        assert!(number(&counts["changed"]) > 0.0, "{step}: {counts}");
        if step == "coverage" {
            // Without coverage there is no score, and so no change to split.
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
                assert!(indicators.iter().any(|one| one["indicator"] == "people"), "{reko}");
            }
            "site" => assert!((number(&reko["moved_km"]) - 19.5).abs() < 0.1),
            _ => {}
        }
    }
}

/// Every kind of change, one after the other.
fn change_all(folder: &Folder) {
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

const ALL: [&str; 4] = ["--as-of", "2026-02-20", "--scheme", "mine.toml"];

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

    // For an overwritten file, the folder's own layer has its content.
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
    assert!(run.err.contains("c: holds no layer of sites"), "{}", run.err);
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
        assert!(run.out.ends_with("no change: 45 sites stand as they stood\n"), "{}", run.out);
        assert_eq!(run.err, "");
    }
    assert_eq!(folder.bytes("a/receipt.json"), folder.bytes("b/receipt.json"));
    let changes = folder.answer(&["diff", "a/receipt.json", "b/receipt.json", "--json"]);
    assert_eq!(changes["counts"]["unchanged"], 45);
    assert_eq!(changes["steps"], serde_json::json!([]));

    // Another file of the same records is not a change either.
    edit(&folder, "in/incidents.csv", "literature", "written down");
    score(&folder, "c", &[]);
    let run = folder.run(&["diff", "a", "c", "--inputs", "in", "--fail-on", "change"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.ends_with("no change: 45 sites stand as they stood\n"), "{}", run.out);
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

#[test]
fn a_receipt_of_an_earlier_version_is_read_with_what_it_has() {
    let folder = case();
    folder.write("mine.toml", "[security.recency]\nhalf_life_days = 600\n");
    score(&folder, "a", &[]);
    score(&folder, "c", &["--scheme", "mine.toml"]);
    append(&folder, "in/incidents.csv", &incident("X-1", "2026-01-10", 62.1, 29.15, 4));
    score(&folder, "b", &[]);
    for name in ["a", "b", "c"] {
        let mut receipt = folder.json(&format!("{name}/receipt.json"));
        receipt["scheme"].as_object_mut().expect("a scheme").remove("values");
        for input in receipt["inputs"].as_array_mut().expect("inputs") {
            input.as_object_mut().expect("an input").remove("kind");
        }
        folder.write(&format!("{name}/receipt.json"), receipt.to_string());
    }
    let changes = diff(&folder);
    let reko = site(&changes, "PK-S001");
    assert!(number(&reko["security"]["parts"]["new"]) > 0.5, "{reko}");
    let changes = folder.answer(&["diff", "a", "c", "--json"]);
    assert_eq!(
        changes["unknown"],
        serde_json::json!([
            "the newer run: its receipt, of an earlier version, does not hold the scheme mine"
        ])
    );
}

#[test]
fn frames_of_a_batch_are_compared() {
    let folder = Folder::new();
    folder.write(
        "plan.toml",
        "layers = [\"sites\"]\n[inputs]\ndemo = true\n[dates]\non = [2024-06-30, 2025-06-30]\n",
    );
    folder.done(&["batch", "plan.toml", "-o", "out", "-q"]);
    let frames = ["out/all/default/2024-06-30", "out/all/default/2025-06-30"];
    for [old, new] in [frames, [frames[1], frames[0]]] {
        let changes = folder.answer(&["diff", old, new, "--json"]);
        assert!(adds_up(&changes) > 100);
        let forth = old == frames[0];
        let [come, gone] = ["new", "vanished"].map(|what| number(&changes["incidents"][what]));
        assert_eq!((come > 0.0, gone > 0.0), (forth, !forth));
        // Incidents between the dates are new, not part of aging.
        let sites = changes["sites"].as_array().expect("sites");
        for site in sites.iter().filter(|site| !site["security"]["parts"].is_null()) {
            let aged = number(&site["security"]["parts"]["aged"]);
            assert!(if forth { aged <= 0.0 } else { aged >= 0.0 }, "{site}");
        }
    }
    let run = folder.run(&["diff", "out", frames[0]]);
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains("is that of a batch"), "{}", run.err);
}

#[test]
fn ids_made_of_lines_may_move() {
    let folder = Folder::with_mines();
    let bare = |skip: usize| -> String {
        let lines = crate::cli::INCIDENTS.lines().enumerate().filter(|(at, _)| *at != skip);
        lines.map(|(_, line)| format!("{}\n", line.split_once(',').expect("an id").1)).collect()
    };
    let run = |out: &str, text: String| {
        folder.write("incidents.csv", text);
        folder.done(&[
            "score",
            "-q",
            "-s",
            "sites.csv",
            "-i",
            "incidents.csv",
            "-o",
            out,
            "--as-of",
            "2024-07-01",
        ]);
    };
    run("a", bare(99));
    run("b", bare(1));
    let changes = folder.answer(&["diff", "a", "b", "--json"]);
    assert_eq!(
        changes["incidents"],
        serde_json::json!({"same": 4, "new": 0, "vanished": 1, "corrected": 0})
    );
    adds_up(&changes);
}

#[test]
fn what_is_printed_is_the_same_at_any_number_of_threads_and_fits_a_spreadsheet() {
    let folder = case();
    score(&folder, "a", &[]);
    change_all(&folder);
    score(&folder, "b", &ALL);
    for form in ["--json", "--csv", "--no-progress"] {
        let said = |threads: &str| {
            folder.done(&["diff", "a", "b", "--inputs", "in", form, "--threads", threads])
        };
        assert_eq!(said("1"), said("2"), "{form}");
    }
    let csv = folder.done(&["diff", "a", "b", "--inputs", "in", "--csv"]);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let head = reader.headers().expect("a head").clone();
    let column = |name: &str| head.iter().position(|one| one == name).expect("a column");
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), 46);
    let of = |what: &str| rows.iter().filter(|row| &row[column("what")] == what).count();
    assert_eq!((of("came"), of("gone")), (1, 1));
    let reko = rows.iter().find(|row| &row[0] == "PK-S001").expect("Reko Diq");
    let value = |name: &str| reko[column(name)].parse::<f64>().expect(name);
    let sum: f64 = STEPS.iter().map(|step| value(&format!("security_{step}"))).sum();
    assert!((sum - value("security_change")).abs() < 1e-9);
    // A row for each score that changed, up to so many sites.
    let text = folder.done(&["diff", "a", "b", "--inputs", "in", "-n", "3"]);
    assert!(text.contains("\n... and ") && text.contains("more; -n shows more of them"), "{text}");
    assert!(text.contains("\nnew:\nMade Mine (PK-S999): security "), "{text}");
}

/// A random world: it keeps some of the previous one, changes some, and adds some.
fn made(dice: &mut Dice, folder: &Path) -> Request {
    let mut incidents =
        String::from("id,date,lon,lat,country,event_type,fatalities,position_accuracy_km\n");
    for id in 0..40 {
        if dice.below(5) == 0 {
            continue;
        }
        // Mostly unchanged from world to world, so that all kinds of changes combine.
        let mut own = Dice::new(1000 + id);
        let mut same = |limit: u64| own.below(limit);
        let mut value = |limit: u64, dice: &mut Dice| {
            let usual = same(limit);
            if dice.below(12) == 0 { dice.below(limit) } else { usual }
        };
        let (month, day) = (1 + value(9, dice), 1 + value(28, dice));
        let lon = 66.0 + value(2000, dice) as f64 / 1000.0;
        let lat = 29.0 + value(2000, dice) as f64 / 1000.0;
        let kinds = ["Battles", "Explosions", "Riots", "accident", "earthquake", "Protests"];
        let kind = kinds[value(6, dice) as usize];
        let deaths = value(30, dice);
        incidents.push_str(&format!(
            "i-{id},2024-{month:02}-{day:02},{lon},{lat},Pakistan,{kind},{deaths},5\n"
        ));
    }
    let mut sites = String::from("id,name,lon,lat,water_stress_ratio,group,part\n");
    for id in 0..8 {
        let moved = if dice.below(6) == 0 { dice.below(100) as f64 / 500.0 } else { 0.0 };
        if dice.below(8) > 0 {
            let group = if id < 3 { format!("g{id}") } else { String::new() };
            let (lon, lat) = (66.1 + id as f64 / 5.0 + moved, 29.2 + id as f64 / 7.0);
            sites
                .push_str(&format!("s-{id},Site {id},{lon},{lat},0.{},{group},mine\n", 3 + id % 4));
            if id < 3 && dice.below(4) > 0 {
                sites.push_str(&format!("c-{id},Camp {id},{},{lat},,{group},camp\n", lon + 0.05));
            }
        }
    }
    let mut areas =
        String::from("id,name,lon,lat,area_km2,position_accuracy_km,receptor_type,population\n");
    for id in 0..6 {
        if dice.below(4) > 0 {
            let (lon, lat) = (66.2 + id as f64 / 4.0, 29.4 + id as f64 / 5.0);
            areas.push_str(&format!("p-{id},Park {id},{lon},{lat},120,2,sensitive_areas,\n"));
            areas.push_str(&format!(
                "t-{id},Town {id},{},{lat},,2,settlements,{}\n",
                lon + 0.1,
                1000 * (1 + dice.below(2))
            ));
        }
    }
    let write = |name: &str, text: String| -> PathBuf {
        let path = folder.join(name);
        std::fs::create_dir_all(folder).expect("a folder");
        std::fs::write(&path, text).expect("a file");
        path
    };
    let source = |name: &str, text| Source::path(write(name, text));
    let scheme = match dice.below(4) {
        0 => tamarisk::scoring::Scheme::from_toml(
            "[security.recency]\nhalf_life_days = 200\n",
            "other.toml",
        ),
        1 => tamarisk::scoring::Scheme::built_in("biodiversity").expect("is built in"),
        _ => Ok(tamarisk::scoring::Scheme::default()),
    };
    let coverage = match dice.below(4) {
        0 => run::named::coverage("--coverage", "PAK,AFG", Path::new("")).expect("countries"),
        1 => run::named::coverage("--coverage", "all", Path::new("")).expect("all"),
        _ => run::CoverageChoice::FromData,
    };
    Request {
        inputs: Inputs {
            sites: vec![source("sites.csv", sites)],
            incidents: vec![source("incidents.csv", incidents)],
            receptors: vec![(None, source("areas.csv", areas))],
            ..Inputs::default()
        },
        rules: Rules {
            scheme: scheme.expect("a scheme"),
            as_of: Some(jiff::civil::date(2024, 4 + dice.below(7) as i8, 15)),
            coverage,
            stale: if dice.below(3) == 0 { run::Stale::Last } else { run::Stale::NoData },
            ..Rules::default()
        },
        surface: None,
    }
}

fn write(request: &Request, folder: &Path) {
    let wanted = run::Wanted::default();
    let output = run::claim(request, &wanted, folder, false, &|| false).expect("a folder");
    let cancel = Cancel::new();
    let case = Case::open(request, &Unwatched, &cancel).expect("reads");
    let scored = run::perform(&case, &Unwatched, &cancel).expect("scores");
    run::write(request, &case, &scored, &wanted, output, &Unwatched, &cancel).expect("writes");
}

#[test]
fn parts_add_up_between_any_two_worlds() {
    let folder = Folder::new();
    let mut dice = Dice::new(7);
    let place = |number: usize| folder.at(&format!("{number}"));
    let mut moved = std::collections::BTreeSet::new();
    let (mut split, mut of) = (0, 0);
    for number in 0..=200 {
        let out = place(number).join("out");
        write(&made(&mut dice, &place(number)), &out);
        if number == 0 {
            continue;
        }
        // Half of them from the files, half from the layers.
        let mut places = vec![place(number)];
        if number % 2 == 0 {
            places.push(place(number - 1));
        }
        let lookup = Lookup { places, ..Lookup::default() };
        let before = place(number - 1).join("out");
        let compared = run::compare([&before, &out], &lookup, &Unwatched, &Cancel::new());
        let changes: Changes = compared.expect("compares");
        let told = serde_json::to_value(&changes).expect("JSON");
        let known = adds_up(&told);
        if number % 2 == 0 {
            split += known;
            let scores =
                changes.sites.iter().flat_map(|s| [&s.security, &s.environment, &s.overall]);
            let scores: Vec<_> = scores.collect();
            of += scores.iter().filter(|score| score.change.is_some()).count();
            let unknown: Vec<_> =
                scores.iter().filter_map(|score| score.unknown.as_ref()).collect();
            assert!(unknown.is_empty(), "{number}: {unknown:?}");
        }
        moved.extend(moving(&told));
    }
    assert_eq!(split, of, "with all files there, every change is split");
    assert!(split > 900, "{split}");
    assert_eq!(moved.len(), 7 + usize::from(moved.contains("coverage")), "{moved:?}");
}
