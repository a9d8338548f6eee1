//! What a batch says of changes from date to date, recomputed from the frames' own files.

use crate::batch::tree;
use crate::batch_page::page;
use crate::cli::{Dice, Folder, INCIDENTS, features};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const WORDS: [&str; 6] = ["no data", "very low", "low", "medium", "high", "very high"];
const STEPS: [&str; 8] =
    ["scheme", "coverage", "site", "vanished", "aged", "receptors", "corrected", "new"];

type Row = BTreeMap<String, String>;

pub fn rows(folder: &Folder, name: &str) -> Vec<Row> {
    let bytes = std::io::Cursor::new(folder.bytes(name));
    csv::Reader::from_reader(bytes).deserialize().collect::<Result<_, _>>().expect("rows")
}

/// Attacks beside one mine in April, which age afterwards, and data that end in July.
fn attacked() -> Folder {
    let folder = Folder::with_mines();
    let attacks: String = (0..12)
        .map(|n| format!("a-{n},2024-04-{:02},66.51,29.61,Pakistan,Battles,9,1\n", n % 28 + 1))
        .collect();
    folder.write("incidents.csv", format!("{INCIDENTS}{attacks}"));
    folder.write("quakes.csv", QUAKES);
    folder.write(
        "plan.toml",
        r#"
        [inputs]
        sites = ["sites.csv"]
        incidents = ["incidents.csv"]
        receptors = ["earthquakes=quakes.csv"]
        complete = ["earthquakes"]
        [dates]
        every = "month"
        from = 2024-01-31
        to = 2025-06-30
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

const QUAKES: &str = "\
id,date,lon,lat,magnitude,depth_km
q-1,2001-01-01,66.0,30.0,5.0,10
q-2,2024-03-15,66.52,29.62,7.6,8
q-3,2024-03-16,67.10,29.95,7.4,8
";

/// The crossings of a region by the layers of its frames: score, site, dates, bands and scores.
fn crossings(folder: &Folder, inside: &str) -> BTreeSet<[String; 8]> {
    let layers: Vec<(String, BTreeMap<String, Value>)> = std::fs::read_dir(folder.at(inside))
        .expect("frames")
        .map(|entry| entry.expect("an entry"))
        .filter(|entry| entry.path().join("sites.geojson").exists())
        .map(|entry| {
            let date = entry.file_name().into_string().expect("a date");
            let layer = folder.json(&format!("{inside}/{date}/sites.geojson"));
            (date, features(&layer))
        })
        .collect::<BTreeMap<_, _>>()
        .into_iter()
        .collect();
    let mut all = BTreeSet::new();
    for pair in layers.windows(2) {
        let [(before, old), (after, new)] = pair else { continue };
        for (id, site) in new {
            for score in ["security", "environment"] {
                let of = |site: &Value, what: &str| {
                    let value = &site["properties"][format!("{score}_{what}")];
                    value.as_str().map_or_else(
                        || value.as_f64().map(|n| format!("{n:.1}")).unwrap_or_default(),
                        str::to_owned,
                    )
                };
                let bands = [of(&old[id], "band"), of(site, "band")];
                if bands[0] != bands[1] {
                    let [was, is] = bands;
                    let scores = [of(&old[id], "score"), of(site, "score")];
                    let [low, high] = scores;
                    let (score, id) = (score.to_owned(), id.clone());
                    all.insert([score, id, before.clone(), after.clone(), was, is, low, high]);
                }
            }
        }
    }
    all
}

fn told(row: &Row) -> [String; 8] {
    let names = ["score", "site_id", "as_of_before", "as_of_after"];
    let ends = ["band_before", "band_after", "score_before", "score_after"];
    let all: Vec<String> = names.iter().chain(&ends).map(|name| row[*name].clone()).collect();
    all.try_into().expect("eight")
}

#[test]
fn changes_are_those_of_the_frames_and_each_has_its_cause() {
    let folder = attacked();
    folder.done(&["batch", "plan.toml", "-o", "out"]);
    let rows = rows(&folder, "out/changes.csv");
    let mut causes = BTreeSet::new();
    for (region, inside) in [("East", "out/East/default"), ("far west", "out/far-west/default")] {
        let of = rows.iter().filter(|row| row["region"] == region);
        assert_eq!(of.clone().map(told).collect::<BTreeSet<_>>(), crossings(&folder, inside));
        for row in of {
            let number = |name: &str| row[name].parse::<f64>().ok();
            let band = |name: &str| WORDS.iter().position(|word| *word == row[name]);
            let (was, is) = (band("band_before"), band("band_after"));
            let what = match (was, is) {
                (Some(0), _) => "gained",
                (_, Some(0)) => "lost",
                (was, is) if is > was => "up",
                _ => "down",
            };
            assert_eq!(row["what"], what, "{row:?}");
            causes.insert(format!("{} {what} {}", row["score"], row["cause"]));
            let Some(change) = number("change") else {
                assert!(!row["cause"].is_empty() && number("points_new").is_none(), "{row:?}");
                continue;
            };
            let points: Vec<f64> =
                STEPS.iter().filter_map(|step| number(&format!("points_{step}"))).collect();
            assert_eq!(points.len(), 8, "{row:?}");
            // Both scores are written with one decimal.
            assert!((points.iter().sum::<f64>() - change).abs() < 0.11, "{row:?}");
            let main = number(&format!("points_{}", row["cause"])).expect("points");
            let most = points.iter().map(|p| p * change.signum()).fold(f64::MIN, f64::max);
            assert!((main * change.signum() - most).abs() < 1e-9, "{row:?}");
        }
    }
    for cause in ["security up new", "security down aged", "security lost coverage"] {
        assert!(causes.contains(cause), "{cause}: {causes:?}");
    }
    let april = rows.iter().find(|row| row["as_of_after"] == "2024-04-30").expect("the attacks");
    assert!(april["why"].starts_with("new incidents +"), "{april:?}");
    assert!(april["why"].contains("Battles, 2024-04-") && april["why"].contains("9 deaths"));
}

#[test]
fn the_engine_compares_two_frames_as_diff_does() {
    let folder = attacked();
    folder.done(&["batch", "plan.toml", "-o", "out"]);
    let rows = rows(&folder, "out/changes.csv");
    let mut compared = 0;
    for row in rows.iter().filter(|row| row["score"] == "security" && !row["change"].is_empty()) {
        let place = row["region"].replace(' ', "-");
        let ends =
            ["as_of_before", "as_of_after"].map(|end| format!("out/{place}/default/{}", row[end]));
        let changes = folder.answer(&["diff", &ends[0], &ends[1], "--inputs", ".", "--json"]);
        let sites = changes["sites"].as_array().expect("sites");
        let site = sites.iter().find(|site| site["id"] == row["site_id"]).expect("the site");
        for step in STEPS {
            let points = site["security"]["parts"][step].as_f64().expect("points");
            let told: f64 = row[&format!("points_{step}")].parse().expect("points");
            assert!((points - told).abs() < 0.000_51, "{step}: {points} {told}");
        }
        compared += 1;
    }
    assert!(compared >= 2, "{compared}");
}

#[test]
fn the_summary_and_the_page_say_what_the_tables_say() {
    let folder = attacked();
    folder.done(&["batch", "plan.toml", "-o", "out"]);
    let (rows, summary) = (rows(&folder, "out/changes.csv"), folder.json("out/summary.json"));
    let crossings = summary["crossings"].as_array().expect("crossings");
    assert_eq!(crossings.len(), rows.len());
    assert_eq!(summary["counts"]["crossings"], rows.len());
    for (crossing, row) in crossings.iter().zip(&rows) {
        for name in ["region", "scheme", "score", "site_id", "site", "what", "why"] {
            assert_eq!(crossing[name], row[name], "{name}");
        }
        assert_eq!(crossing["after"]["band"], row["band_after"]);
        assert_eq!(crossing["before"]["as_of"], row["as_of_before"]);
        assert_eq!(crossing["at_last_date"], row["as_of_after"] == "2025-06-30");
    }
    let frames = summary["frames"].as_array().expect("frames");
    assert_eq!((frames.len(), &summary["counts"]["failed"]), (36, &0.into()));
    for frame in frames {
        let inside = format!("out/{}", frame["folder"].as_str().expect("a folder"));
        let layer = features(&folder.json(&format!("{inside}/sites.geojson")));
        for word in WORDS {
            let is = |site: &&Value| site["properties"]["security_band"] == word;
            assert_eq!(frame["security"][word], layer.values().filter(is).count());
        }
    }
    let said = page(&folder);
    let on_page: usize = said["series"]
        .as_array()
        .expect("series")
        .iter()
        .map(|series| series["crossings"].as_array().expect("crossings").len())
        .sum();
    assert_eq!(on_page, rows.len());
    let first = &said["series"][0]["crossings"][0];
    assert_eq!(
        (&first["id"], &first["cause"]["why"]),
        (&rows[0]["site_id"].as_str().into(), &rows[0]["why"].as_str().into())
    );
}

#[test]
fn with_a_broken_region_and_killed_anywhere_it_goes_on_to_the_same_bytes() {
    let folder = attacked();
    let plan = String::from_utf8(folder.bytes("plan.toml")).expect("UTF-8");
    let broken = "[[regions]]\nname = \"Broken\"\ninputs = { sites = [\"no.csv\"] }\n";
    folder.write("plan.toml", format!("{plan}\n{broken}"));
    let args = |out: &'static str| ["batch", "plan.toml", "-q", "-o", out];
    let whole = folder.run(&args("whole"));
    assert_eq!(whole.code, 5, "some frames failed: {}", whole.err);
    let lines: Vec<&str> = whole.err.lines().collect();
    assert_eq!(lines.len(), 2, "the reason once, and its hint: {}", whole.err);
    let why = "error: Broken/default/2024-01-31 and 17 more: no.csv: no such file";
    assert!(lines[0].starts_with(why) && lines[1].contains("hint: "), "{}", whole.err);
    let due = tree(&folder.at("whole"));
    let mut dice = Dice::new(11);
    let mut killed = 0;
    for out in ["one", "two"] {
        for _ in 0..8 {
            let mut child = folder.command(&args(out)).spawn().expect("the program runs");
            std::thread::sleep(std::time::Duration::from_millis(10 + dice.below(250)));
            let _ = child.kill();
            killed += u32::from(child.wait().expect("it ends").code().is_none());
        }
        assert_eq!(folder.run(&args(out)).code, 5);
        assert_eq!(tree(&folder.at(out)), due, "{out}");
    }
    assert!(killed > 0, "no run was broken off");
    let summary = folder.json("whole/summary.json");
    assert_eq!(summary["counts"]["failed"], 18);
    let failed = summary["frames"].as_array().expect("frames").iter();
    let codes: BTreeSet<&str> =
        failed.filter_map(|frame| frame["error"]["code"].as_str()).collect();
    assert_eq!(codes, BTreeSet::from(["file-missing"]));
}
