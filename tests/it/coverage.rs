//! Coverage in time: where the incidents of a file end, missing data lowers no score, and every text
//! says so.

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

/// One site in Pakistan and one in Afghanistan.
const SITES: &str = "id,name,lon,lat\np,Pit,67.0,30.2\na,Adit,69.2,34.5\n";
const HEAD: &str = "id,date,lon,lat,country,event_type,fatalities\n";

fn tamarisk(folder: &Path, args: &[&str]) -> Output {
    let bin = env!("CARGO_BIN_EXE_tamarisk");
    Command::new(bin).args(args).current_dir(folder).output().expect("the program runs")
}

/// The result of a run: the properties of its sites, and the messages.
struct Scored {
    folder: tempfile::TempDir,
    sites: BTreeMap<String, Value>,
    said: String,
}

impl Scored {
    fn of(&self, id: &str, column: &str) -> &Value {
        &self.sites[id][column]
    }

    fn score(&self, id: &str) -> Option<f64> {
        self.of(id, "security_score").as_f64()
    }

    fn explanation(&self, id: &str) -> &str {
        self.of(id, "explanation").as_str().expect("a sentence")
    }

    fn receipt(&self) -> Value {
        let text = std::fs::read_to_string(self.folder.path().join("out/receipt.json"));
        serde_json::from_str(&text.expect("a receipt")).expect("JSON")
    }
}

/// Scores the sites against files of incidents, each given as the rows of a table.
fn scored(files: &[&[&str]], args: &[&str]) -> Scored {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("sites.csv"), SITES).expect("written");
    let mut all =
        vec!["score".to_owned(), "-s".into(), "sites.csv".into(), "-o".into(), "out".into()];
    for (at, rows) in files.iter().enumerate() {
        let name = format!("i{at}.csv");
        std::fs::write(folder.path().join(&name), format!("{HEAD}{}\n", rows.join("\n")))
            .expect("written");
        all.extend(["-i".into(), name]);
    }
    all.extend(args.iter().map(ToString::to_string));
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let done = tamarisk(folder.path(), &all);
    let said =
        [done.stdout, done.stderr].map(|said| String::from_utf8(said).expect("text")).concat();
    assert!(done.status.success(), "{all:?}: {said}");
    let text = std::fs::read_to_string(folder.path().join("out/sites.geojson")).expect("sites");
    let layer: Value = serde_json::from_str(&text).expect("JSON");
    let sites = layer["features"].as_array().expect("features").iter();
    let sites = sites
        .map(|site| (site["id"].as_str().expect("an id").to_owned(), site["properties"].clone()))
        .collect();
    Scored { folder, sites, said }
}

const OLD: [&str; 2] =
    ["1,2021-06-01,67.1,30.3,Pakistan,Battles,3", "2,2021-12-31,67.6,30.6,Pakistan,Riots,0"];
const FRESH: [&str; 2] =
    ["3,2025-02-20,69.3,34.4,Afghanistan,Battles,3", "4,2025-03-09,69.0,34.6,Afghanistan,Riots,0"];

#[test]
fn violence_just_beyond_the_radius_leaves_open_whether_it_was_within() {
    // Both positions are known to 5 km, the scheme's default.
    let old = "1,2015-01-01,70.0,34.0,Pakistan,Battles,0";
    for (lon, km, flag) in [(67.571, 55, Value::Null), (67.65, 62, Value::Bool(false))] {
        let near = format!("2,2024-12-01,{lon},30.2,Pakistan,Battles,0");
        let fresh = "3,2025-03-01,72.0,33.0,Pakistan,Protests,0";
        let run = scored(&[&[old, &near, fresh]], &["--as-of", "2025-03-10", "--disclosures"]);
        assert_eq!(run.of("p", "in_conflict_area"), &flag, "{km} km away");
        let told = std::fs::read_to_string(run.folder.path().join("out/disclosures.csv"));
        let told = told.expect("disclosures");
        let row = told
            .lines()
            .find(|row| row.contains("p,") && row.contains("in_conflict_affected_area"));
        let says = row.expect("a row").contains("is reported beyond 50 km, and may lie within");
        assert_eq!(says, flag.is_null(), "{row:?}");
    }
}

#[test]
fn past_the_end_of_the_data_there_is_no_score_and_every_text_says_until_when_they_go() {
    let run = scored(&[&OLD], &["--as-of", "2026-11-27", "--report"]);
    assert_eq!(run.score("p"), None);
    assert_eq!(run.of("p", "security_band"), "no data");
    assert_eq!(run.of("p", "security_data_until"), "2021-12-31");
    assert_eq!(run.of("p", "security_data_ended"), true);
    assert_eq!(run.of("p", "in_conflict_area"), &Value::Null, "nobody looked in the last year");
    assert_eq!(run.of("p", "incidents_50km"), 1.0, "what was found stays");
    let why = "the incidents for Pakistan end on 2021-12-31, 1,792 days before the as-of date";
    assert!(run.explanation("p").contains(why), "{}", run.explanation("p"));
    for words in
        ["end on 2021-12-31, 1,792 days before", "newest security incident 2021-12-31, 1,792 days"]
    {
        assert!(run.said.contains(words), "{words}: {}", run.said);
    }
    let receipt = run.receipt();
    assert_eq!(receipt["newest_security_incident"], "2021-12-31");
    assert_eq!(receipt["coverage"]["security"][0]["current"], false);
    let page = std::fs::read_to_string(run.folder.path().join("out/report.html")).expect("a page");
    assert!(page.contains(why) && page.contains("ended 1,792 days before the as-of date"));
    let told = tamarisk(
        run.folder.path(),
        &["explain", "Pit", "-s", "sites.csv", "-i", "i0.csv", "--as-of", "2026-11-27", "--json"],
    );
    let told: Value = serde_json::from_slice(&told.stdout).expect("JSON");
    assert_eq!(told["security"]["data_until"], "2021-12-31");
    assert_eq!(told["security"]["score"], Value::Null);
}

#[test]
fn asked_for_the_score_is_that_of_the_end_of_the_data_and_marked() {
    let then = scored(&[&OLD], &["--as-of", "2021-12-31"]);
    let args = ["--as-of", "2026-11-27", "--stale", "last", "--surface", "--cell", "20km"];
    let last = scored(&[&OLD, &FRESH], &args);
    assert!(then.score("p").is_some_and(|score| score > 30.0), "{:?}", then.score("p"));
    for column in [
        "security_score",
        "security_intensity",
        "security_trend",
        "incidents_50km_365d",
        "driver_1",
    ] {
        assert_eq!(last.of("p", column), then.of("p", column), "{column}");
    }
    assert_eq!(then.of("p", "security_data_ended"), false);
    assert_eq!(last.of("p", "security_data_ended"), true);
    assert!(
        last.explanation("p").contains("as of 2021-12-31, when the incidents for Pakistan end")
    );
    // Afghanistan's file ends at another day, as of which its site is scored.
    let then = scored(&[&FRESH], &["--as-of", "2025-03-09"]);
    assert_eq!(last.of("a", "security_score"), then.of("a", "security_score"));
    let told = tamarisk(
        last.folder.path(),
        &[
            "explain",
            "Pit",
            "-s",
            "sites.csv",
            "-i",
            "i0.csv",
            "-i",
            "i1.csv",
            "--as-of",
            "2026-11-27",
            "--stale",
            "last",
            "--json",
        ],
    );
    let told: Value = serde_json::from_slice(&told.stdout).expect("JSON");
    let sum: f64 = told["security"]["contributions"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["contribution"].as_f64().expect("a number"))
        .sum();
    assert!((sum - last.score("p").expect("a score")).abs() < 0.051, "{sum}");
    assert_eq!(told["security"]["contributions"][0]["age_days"], 213, "to the end of the data");
}

#[test]
fn a_file_covers_up_to_the_grace_after_its_newest_record_and_not_a_day_longer() {
    assert!(scored(&[&OLD], &["--as-of", "2022-04-02"]).score("p").is_some(), "92 days");
    assert_eq!(scored(&[&OLD], &["--as-of", "2022-04-03"]).score("p"), None, "93 days");
}

#[test]
fn a_quiet_time_within_a_file_that_goes_on_is_calm() {
    let later = "9,2024-05-01,67.0,30.2,Pakistan,Battles,1";
    let run = scored(&[&[OLD[0], OLD[1], later]], &["--as-of", "2023-06-30"]);
    assert!(run.score("p").is_some_and(|score| score > 0.0));
    assert_eq!(run.of("p", "security_data_until"), "2023-06-30");
    // Later records only affect how far the file is known to reach.
    let dated = scored(&[&OLD], &["--as-of", "2023-06-30", "--coverage", "PAK:../2024-05-01"]);
    assert_eq!(run.of("p", "security_score"), dated.of("p", "security_score"));
}

#[test]
fn a_country_begins_with_its_first_record_by_the_as_of_date() {
    let rows = [OLD[0], OLD[1], "9,2022-03-01,69.3,34.4,Afghanistan,Battles,1"];
    let before = scored(&[&rows], &["--as-of", "2022-02-28"]);
    assert_eq!(before.score("a"), None, "its only row lies in the future");
    let words = "the position lies in Afghanistan, where no incidents were collected (they were in Pakistan)";
    assert!(before.explanation("a").contains(words), "{}", before.explanation("a"));
    assert!(scored(&[&rows], &["--as-of", "2022-03-01"]).score("a").is_some());
}

#[test]
fn each_file_ends_by_itself() {
    let run = scored(&[&OLD, &FRESH], &[]);
    assert_eq!(run.score("p"), None, "as of the newest incident of all, Pakistan's file has ended");
    assert!(run.score("a").is_some());
    assert!(run.said.contains("i0.csv: date: security incidents in Pakistan end on 2021-12-31"));
    // A site is covered where any source of its country is current.
    let other = ["9,2025-01-09,73.0,33.6,Pakistan,Riots,0"];
    assert!(scored(&[&OLD, &FRESH, &other], &[]).score("p").is_some());
}

#[test]
fn in_one_file_a_country_that_fell_silent_is_told_and_stays_covered() {
    let rows: Vec<&str> = OLD.iter().chain(&FRESH).copied().collect();
    let run = scored(&[&rows], &[]);
    assert!(run.score("p").is_some(), "wars end");
    let words = "has no security incident in Pakistan since 2021-12-31 (1,164 days, at most 213 days before that)";
    assert!(run.said.contains(words), "{}", run.said);
    // An earlier gap of the same length makes it unremarkable.
    let old = "0,2018-06-01,67.1,30.3,Pakistan,Battles,3";
    let rows: Vec<&str> = [old].into_iter().chain(rows).collect();
    assert!(!scored(&[&rows], &[]).said.contains("has no security incident in"));
}

#[test]
fn a_declared_period_counts_for_that_of_the_records() {
    let declared = "PAK:2019-01-01/2024-12-31";
    let map = format!("incidents.covers={declared}");
    for args in [["--coverage", declared], ["--map", &map]] {
        let run = |as_of| {
            let mut all = vec!["--as-of", as_of];
            all.extend(args);
            scored(&[&OLD], &all)
        };
        assert!(run("2024-06-30").score("p").is_some(), "{args:?}");
        assert_eq!(run("2025-06-30").score("p"), None, "{args:?}");
        assert_eq!(run("2025-06-30").of("p", "security_data_until"), "2024-12-31", "{args:?}");
        assert_eq!(run("2024-06-30").score("a"), None, "{args:?}");
    }
    // Later records change nothing if coverage is declared.
    let future = "9,2024-11-01,69.3,34.4,Afghanistan,Battles,1";
    let declared = ["--as-of", "2024-06-30", "--coverage", declared, "--layers", "sites,links"];
    let without = scored(&[&OLD], &declared);
    let with = scored(&[&[OLD[0], OLD[1], future]], &declared);
    assert_eq!(with.sites, without.sites);
}

#[test]
fn earthquakes_and_accidents_neither_date_a_run_nor_keep_its_security_incidents_fresh() {
    let quake = "9,2025-03-01,67.0,30.2,Pakistan,Earthquake,";
    let spill = "8,2025-03-01,67.0,30.2,Pakistan,Spill,0";
    for other in [quake, spill] {
        let rows = [OLD[0], OLD[1], other];
        let run = scored(&[&rows], &[]);
        assert_eq!(run.receipt()["as_of"], "2021-12-31", "{other}");
        assert!(run.score("p").is_some());
        assert_eq!(scored(&[&rows], &["--as-of", "2025-03-01"]).score("p"), None, "{other}");
    }
}

#[test]
fn mistyped_dates_of_the_future_neither_date_a_run_nor_keep_a_file_fresh() {
    let rows = [
        OLD[0],
        OLD[1],
        "3,2042-04-02,67,30.2,Pakistan,Riots,0",
        "4,2042-04-05,67,30.2,Pakistan,Riots,0",
    ];
    let run = scored(&[&rows], &[]);
    assert_eq!(run.receipt()["as_of"], "2021-12-31");
    assert!(run.said.contains("considered mistyped"), "{}", run.said);
    assert_eq!(run.score("p"), scored(&[&OLD], &[]).score("p"));
    assert_eq!(scored(&[&rows], &["--as-of", "2024-12-31"]).score("p"), None);
}

#[test]
fn a_site_in_a_disputed_area_is_covered_by_what_happened_there_whatever_its_country_is_called() {
    let rows = [
        "1,2025-01-06,36.40,45.33,Ukraine,Battles,2",
        "2,2025-01-08,-12.75,26.31,Western Sahara,Riots,1",
        "3,2025-01-05,44.45,10.40,Somalia,Battles,3",
    ];
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("written");
    };
    file("incidents.csv", &format!("{HEAD}{}\n", rows.join("\n")));
    file(
        "sites.csv",
        "id,name,lon,lat,country\nkerch,a,36.35,45.30,Ukraine\nrussia,b,36.35,45.30,Russia\n\
         boukra,c,-12.80,26.30,Western Sahara\nbulhar,d,44.40,10.38,Somalia\n\
         moscow,e,37.6,55.7,Russia\nrabat,f,-6.8,33.9,Morocco\n",
    );
    let args = ["score", "-q", "-s", "sites.csv", "-i", "incidents.csv", "--layers", "sites"];
    assert!(tamarisk(folder.path(), &args).status.success());
    let text = std::fs::read_to_string(folder.path().join("out/sites.geojson")).expect("sites");
    let layer: Value = serde_json::from_str(&text).expect("JSON");
    for site in layer["features"].as_array().expect("features") {
        let covered = !matches!(site["id"].as_str(), Some("moscow" | "rabat"));
        assert_eq!(site["properties"]["security_score"].is_number(), covered, "{site}");
    }
}

#[test]
fn what_is_near_a_place_outside_the_coverage_is_told_with_why() {
    let run = scored(&[&OLD], &[]);
    let near = |at: &str| {
        let done =
            tamarisk(run.folder.path(), &["near", "--at", at, "--within", "10km", "-i", "i0.csv"]);
        assert!(done.status.success());
        String::from_utf8(done.stderr).expect("text")
    };
    let told = near("2.35,48.85");
    assert!(
        told.contains(
            "the position lies in France, where no incidents were collected (they were in Pakistan)"
        ),
        "{told}"
    );
    assert!(!near("67.0,30.2").contains("cover"), "{}", near("67.0,30.2"));
}

#[test]
fn a_batch_past_the_end_of_its_incidents_or_without_any_says_so_and_counts() {
    let run = scored(&[&OLD], &[]);
    let plan = |incidents: &str| {
        format!(
            "[inputs]\nsites = [\"sites.csv\"]\nincidents = [\"{incidents}\"]\n[dates]\non = [2021-12-31, 2023-12-31, 2024-12-31]\n"
        )
    };
    let said = |name: &str, incidents: &str| {
        std::fs::write(run.folder.path().join(name), plan(incidents)).expect("written");
        let done = tamarisk(run.folder.path(), &["batch", name, "-o", &format!("{name}-out")]);
        assert!(done.status.success());
        String::from_utf8(done.stderr).expect("text")
    };
    let ended = said("ended.toml", "i0.csv");
    let words = "2023-12-31 and 1 more: past the end of the security incidents, 2021-12-31";
    assert!(ended.contains(words), "{ended}");
    std::fs::write(run.folder.path().join("none.csv"), HEAD).expect("written");
    let none = said("none.toml", "none.csv");
    assert!(none.contains("2021-12-31 and 2 more: none.csv: holds no incident; without any there is no security score"), "{none}");
}

#[test]
fn no_text_of_a_run_without_data_reads_as_calm() {
    let empty: [&str; 0] = [];
    let runs = [
        scored(&[&OLD], &["--as-of", "2026-11-27", "--all"]),
        scored(&[&["1,2021-06-01,2.3,48.8,France,Battles,3"]], &["--all"]),
        scored(&[&["1,2021-06-01,2.3,48.8,Atlantis,Battles,3"]], &["--all"]),
        scored(&[&empty], &["--all"]),
        scored(
            &[&["1,2030-06-01,67.1,30.3,Pakistan,Battles,3"]],
            &["--as-of", "2026-11-27", "--all"],
        ),
    ];
    for run in runs {
        let mut texts = vec![run.said.clone()];
        for name in
            ["sites.geojson", "rejects.csv", "receipt.json", "portfolio.csv", "contours.geojson"]
        {
            texts.extend(std::fs::read_to_string(run.folder.path().join("out").join(name)).ok());
        }
        // The page's script holds every text that it may show; its data holds those of this run.
        let page =
            std::fs::read_to_string(run.folder.path().join("out/report.html")).expect("a page");
        let (_, data) = page.split_once("type=\"application/json\"").expect("data");
        texts.push(data.split("</script>").next().unwrap_or_default().to_owned());
        for text in &texts {
            for calm in ["no incident reported", "within reach", "very low\"", "nothing adds"] {
                let found = text.to_lowercase().find(calm);
                assert_eq!(
                    found,
                    None,
                    "{calm}: {}",
                    found.map_or("", |at| &text[at.saturating_sub(200)..])
                );
            }
        }
        for id in ["p", "a"] {
            assert_eq!(run.score(id), None);
            assert_eq!(run.of(id, "security_band"), "no data");
            assert!(run.explanation(id).contains("Security: no score, because "));
        }
    }
}
