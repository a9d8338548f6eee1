//! Calibrations: files that are refused with their place, the column that one adds in every format, and what is said of it.

use crate::cli::{Folder, column};
use serde_json::Value;
use tamarisk::Code;
use tamarisk::run::{self, Cancel, Case, Rules, Unwatched};
use tamarisk::scoring::{Calibration, Scheme};

/// A calibration of the default scheme for the files of [`Folder::with_mines`].
pub fn calibration() -> String {
    format!(
        "radius_km = 25\nhorizon_days = 365\nmin_deaths = 0\na = -1.68\nb = 0.82\n\
         site_origins = 1190\npositives = 258\n\
         [origins]\nfrom = \"2004-12-31\"\nto = \"2020-12-31\"\nnumber = 17\n\
         [scheme]\nname = \"default\"\nblake3 = \"{}\"\n\
         [[sources]]\nrole = \"sites\"\nfile = \"mines.csv\"\nlayout = \"usual column names\"\nblake3 = \"{0}\"\n\
         [[sources]]\nrole = \"incidents\"\nfile = \"events.csv\"\nlayout = \"documented columns\"\nblake3 = \"{0}\"\n",
        Scheme::default().hash()
    )
}

/// The test sites with a calibration, of which some lines are changed.
pub fn calibrated(changes: &[(&str, &str)]) -> Folder {
    let folder = Folder::with_mines();
    let text = changes.iter().fold(calibration(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    });
    folder.write("calibration.toml", text);
    folder
}

const SCORE: [&str; 7] =
    ["score", "-s", "sites.csv", "-i", "incidents.csv", "--calibration", "calibration.toml"];

fn with<'a>(args: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [args, more].concat()
}

#[test]
fn what_is_wrong_with_a_calibration_is_told_with_its_place() {
    let table: &[(&str, &str, &str)] = &[
        ("radius_km", "radius", "my.toml: line 1, column 1: unknown key \"radius\""),
        (
            "number = 17",
            "number = 17\nlast = 3",
            "my.toml: line 12, column 1: unknown key \"last\"",
        ),
        ("a = -1.68", "", "my.toml: line 1, column 1: missing field `a`"),
        (
            "a = -1.68",
            "a = \"low\"",
            "my.toml: line 4, column 5: wrong type: string \"low\", expected a number",
        ),
        (
            "horizon_days = 365",
            "horizon_days = -1",
            "my.toml: line 2, column 16: invalid value: integer `-1`, expected a whole number from 0 on",
        ),
        (
            "radius_km = 25",
            "radius_km = 0",
            "my.toml: line 1, column 13: radius_km: 0 is not above 0 and at most 20004",
        ),
        (
            "radius_km = 25",
            "radius_km = nan",
            "my.toml: line 1, column 13: radius_km: NaN is not above 0 and at most 20004",
        ),
        (
            "horizon_days = 365",
            "horizon_days = 0",
            "my.toml: line 2, column 16: horizon_days: 0 is not between 1 and 36525",
        ),
        ("a = -1.68", "a = inf", "my.toml: line 4, column 5: a: inf is not a number"),
        (
            "b = 0.82",
            "b = -0.1",
            "my.toml: line 5, column 5: b: -0.1 is below 0 or no number; a higher score would be less likely to be followed",
        ),
        (
            "positives = 258",
            "positives = 1190",
            "my.toml: line 7, column 13: positives: 1190 of 1190 site_origins; expected some of them, and not all",
        ),
        (
            "positives = 258",
            "positives = 0",
            "my.toml: line 7, column 13: positives: 0 of 1190 site_origins; expected some of them, and not all",
        ),
        (
            "from = \"2004-12-31\"",
            "from = \"2004-13-31\"",
            "my.toml: line 9, column 8: origins.from: \"2004-13-31\" is not a date; expected YYYY-MM-DD",
        ),
        (
            "from = \"2004-12-31\"",
            "from = \"2021-12-31\"",
            "my.toml: line 10, column 6: origins.to: 2020-12-31 is before from, 2021-12-31",
        ),
        (
            "number = 17",
            "number = 0",
            "my.toml: line 11, column 10: origins.number: 0 is not between 1 and site_origins, 1190",
        ),
    ];
    for (from, to, message) in table {
        let text = calibration().replacen(from, to, 1);
        assert_ne!(text, calibration(), "{from}");
        let error = Calibration::from_toml(&text, "my.toml").expect_err(&text);
        assert!(error.is_usage());
        assert_eq!(error.code(), Code::CalibrationInvalid);
        assert_eq!(error.to_string(), *message);
        assert!(error.hint().is_some());
    }
    let text = calibration()
        .replace("radius_km = 25", "radius_km = -5")
        .replace("number = 17", "number = 0");
    let two = Calibration::from_toml(&text, "my.toml").expect_err("two faults").to_string();
    assert_eq!(two.lines().count(), 2, "{two}");
    let text = calibration().replacen(&Scheme::default().hash(), "abc", 1);
    let short = Calibration::from_toml(&text, "my.toml").expect_err("no hash").to_string();
    assert!(short.contains("line 14, column 10: scheme.blake3: \"abc\" is not a hash"), "{short}");
    let whole = Calibration::from_toml(&calibration(), "my.toml").expect("a calibration");
    let again = Calibration::from_toml(&whole.to_toml(), "again.toml").expect("a calibration");
    assert_eq!((&again, again.hash()), (&whole, whole.hash()));
}

#[test]
fn the_documented_calibration_is_one() {
    let example = include_str!("../../src/scoring/calibration/example.toml");
    let formats = include_str!("../../docs/FORMATS.md");
    assert!(formats.contains(&format!("```toml\n{example}```\n")));
    assert!(Calibration::from_toml(example, "example.toml").is_ok());
}

#[test]
fn a_calibration_of_another_scheme_is_refused_with_both_hashes() {
    let folder = calibrated(&[]);
    folder.write("slow.toml", "name = \"slow\"\n[security.recency]\nhalf_life_days = 730\n");
    let (own, other) = (Scheme::default().hash(), {
        let text = "name = \"slow\"\n[security.recency]\nhalf_life_days = 730\n";
        Scheme::from_toml(text, "slow.toml").expect("a scheme").hash()
    });
    for args in [
        with(&SCORE, &["--scheme", "slow.toml", "-o", "out"]),
        with(&SCORE, &["--scheme", "slow.toml", "-o", "out", "--dry-run"]),
        with(&["explain", "dome"], &with(&SCORE[1..], &["--scheme", "slow.toml"])),
    ] {
        let ended = folder.run(&args);
        assert_eq!(ended.code, 2, "{}", ended.err);
        let says = format!(
            "--calibration: was fitted under the scheme \"default\" with the hash {own}, but in force is \"slow\" with the hash {other}"
        );
        assert!(ended.err.contains(&says), "{}", ended.err);
    }
    assert!(folder.files("out").is_empty());
    // A scheme of another name with the same numbers is the same.
    folder.write("named.toml", "name = \"named\"\n");
    folder.done(&with(&SCORE, &["--scheme", "named.toml", "-o", "out"]));
    // The library refuses it, too.
    let scheme = Scheme::from_toml("[security.recency]\nhalf_life_days = 730\n", "slow.toml");
    let rules = Rules {
        scheme: scheme.expect("a scheme"),
        calibration: Some(Calibration::from_toml(&calibration(), "c.toml").expect("a calibration")),
        ..Rules::default()
    };
    let request = run::Request { rules, ..run::demo() };
    let error = Case::open(&request, &Unwatched, &Cancel::new()).expect_err("refused");
    assert_eq!(error.code(), Code::CalibrationForeign);
}

/// The probabilities of the sites, by id; `None` for a site without one.
fn probabilities(layer: &Value, name: &str) -> Vec<(f64, Option<f64>)> {
    let (scores, intensities) =
        (column(layer, "security_score"), column(layer, "security_intensity"));
    let of = |(id, p): (String, Value)| {
        assert_eq!(scores[&id].is_null(), p.is_null(), "{id}");
        (intensities[&id].as_f64().unwrap_or(-1.0), p.as_f64())
    };
    column(layer, name).into_iter().map(of).collect()
}

#[test]
fn the_column_follows_the_intensity_and_is_the_same_in_every_format() {
    let folder = calibrated(&[]);
    // One site where nothing was collected.
    let sites =
        String::from_utf8(folder.bytes("sites.csv")).expect("UTF-8") + "sea,At sea,-40.0,0.0\n";
    folder.write("sites.csv", sites);
    folder.done(&with(&SCORE, &["-o", "out", "--gpkg", "--format", "geojson,fgb"]));
    let name = "p_event_25km_365d";
    let layer = folder.json("out/sites.geojson");
    let mut all = probabilities(&layer, name);
    assert_eq!(all.iter().filter(|(_, p)| p.is_none()).count(), 1);
    for (intensity, p) in all.iter().filter_map(|(intensity, p)| Some((intensity, (*p)?))) {
        let exact = 1.0 / (1.0 + (1.68 - 0.82 * (intensity + 0.001).ln()).exp());
        assert!((0.0..=1.0).contains(&p) && (p - exact).abs() < 0.001, "{intensity}: {p}");
    }
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    assert!(all.is_sorted_by(|a, b| a.1 <= b.1), "{all:?}");
    assert!(all.first().map(|one| one.1) < all.last().map(|one| one.1), "{all:?}");
    // The same in the other formats.
    folder.done(&["convert", "out/sites.fgb", "fgb.geojson"]);
    folder.done(&["convert", "out/risk.gpkg:sites", "gpkg.geojson"]);
    let values = |layer: &Value| -> Vec<Value> {
        let features = layer["features"].as_array().expect("features");
        let mut all: Vec<Value> = features
            .iter()
            .map(|one| serde_json::json!([one["properties"]["name"], one["properties"][name]]))
            .collect();
        all.sort_by_key(ToString::to_string);
        all
    };
    assert_eq!(values(&layer).len(), 4);
    for other in ["fgb.geojson", "gpkg.geojson"] {
        assert_eq!(values(&folder.json(other)), values(&layer), "{other}");
    }
}

#[test]
fn the_column_is_named_by_its_event() {
    for (changes, name) in [
        (&[("radius_km = 25", "radius_km = 2.5")][..], "p_event_2_5km_365d"),
        (
            &[("horizon_days = 365", "horizon_days = 90"), ("min_deaths = 0", "min_deaths = 5")],
            "p_event_25km_90d_5deaths",
        ),
    ] {
        let folder = calibrated(changes);
        folder.done(&with(&SCORE, &["-o", "out"]));
        assert_eq!(column(&folder.json("out/sites.geojson"), name).len(), 3);
        assert_eq!(folder.json("out/receipt.json")["calibration"]["column"], name);
    }
}

#[test]
fn a_run_with_another_calibration_is_another_run() {
    let folder = calibrated(&[]);
    let plain = ["score", "-s", "sites.csv", "-i", "incidents.csv", "-o", "plain"];
    folder.done(&plain);
    folder.done(&with(&SCORE, &["-o", "one"]));
    folder.done(&with(&SCORE, &["-o", "same", "--threads", "3"]));
    folder.write("calibration.toml", calibration().replace("a = -1.68", "a = -1.67"));
    folder.done(&with(&SCORE, &["-o", "two"]));
    let receipt = |out: &str| folder.json(&format!("{out}/receipt.json"));
    let fingerprints = ["plain", "one", "two"].map(|out| receipt(out)["fingerprint"].to_string());
    assert_eq!(std::collections::BTreeSet::from(fingerprints).len(), 3);
    assert!(receipt("plain").get("calibration").is_none());
    let values = &receipt("one")["calibration"]["values"];
    assert_eq!(values["a"], -1.68);
    assert_eq!(values["origins"]["from"], "2004-12-31");
    assert_eq!(values["sources"][1]["file"], "events.csv");
    // The same calibration on any number of threads is the same run.
    assert_eq!(folder.files("one"), folder.files("same"));
    // Nothing but the column is added to the sites.
    let without = |out: &str| {
        let mut layer = folder.json(&format!("{out}/sites.geojson"));
        for feature in layer["features"].as_array_mut().expect("features") {
            feature["properties"].as_object_mut().expect("properties").remove("p_event_25km_365d");
        }
        layer["features"].clone()
    };
    assert_eq!(without("one"), without("plain"));
}

const SAYS: &str = "Probability that one or more security incidents begin within 25 km in the 365 days after 2024-06-30: ";
const FITTED: &str = "Fitted to 1,190 scores of sites as of 17 days from 2004-12-31 to 2020-12-31 of events.csv, of which \
                      258 (22 %) were followed by that.";

#[test]
fn it_is_told_in_a_sentence_with_what_it_was_fitted_to() {
    let folder = calibrated(&[]);
    folder.done(&with(&SCORE, &["-o", "out", "--report"]));
    let report = String::from_utf8(folder.bytes("out/report.html")).expect("UTF-8");
    assert_eq!(report.matches(SAYS).count(), 3);
    // In each of three panels, and in the method.
    assert_eq!(report.matches(FITTED).count(), 4);
    let calibration = Calibration::from_toml(&calibration(), "c.toml").expect("a calibration");
    assert!(report.contains(&calibration.hash()));

    let inputs = &SCORE[1..];
    let flat = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let told = flat(folder.done(&with(&["explain", "dome"], inputs)));
    assert!(
        told.contains(SAYS) && told.contains(&format!("{FITTED} (p_event_25km_365d)")),
        "{told}"
    );
    let answer = folder.answer(&with(&["explain", "dome", "--json"], inputs));
    let event = &answer["security"]["event"];
    assert_eq!(event["column"], "p_event_25km_365d");
    let written = column(&folder.json("out/sites.geojson"), "p_event_25km_365d")["dome"].as_f64();
    let told = event["probability"].as_f64().zip(written).map(|(told, written)| told - written);
    assert!(told.is_some_and(|off| off.abs() < 0.001), "{event}");
    assert!(event["explanation"].as_str().expect("a text").starts_with(SAYS));
    // What if it had been worse: more likely.
    let if_worse = ["explain", "dome", "--json", "--add", "66.512,29.613,Battles,50,2024-06-30"];
    let answer = folder.answer(&with(&if_worse, inputs));
    let p =
        |when: &str| answer[when]["security"]["event"]["probability"].as_f64().expect("a number");
    assert!(p("after") > p("before"));

    let at = ["risk", "--at", "66.512,29.613", "--json", "-i", "incidents.csv"];
    let answer = folder.answer(&with(&at, &SCORE[5..]));
    assert!(answer["security"]["event"]["probability"].as_f64() > Some(0.1), "{answer}");
    // A place without a score has none, and no sentence.
    let sea = ["risk", "--at=-40,0", "--json", "-i", "incidents.csv"];
    let answer = folder.answer(&with(&sea, &SCORE[5..]));
    assert!(answer["security"]["score"].is_null() && answer["security"].get("event").is_none());

    let ranked = with(&["rank", "sites.csv"], &SCORE[3..]);
    assert!(folder.done(&ranked).contains("p_event_25km_365d"));
    let answer = folder.answer(&with(&ranked, &["--json"]));
    assert_eq!(answer["candidates"][0]["event"]["column"], "p_event_25km_365d");
    let dry = folder.done(&with(&SCORE, &["-o", "dry", "--dry-run"]));
    assert!(dry.contains("calibration: p_event_25km_365d"), "{dry}");
}

/// Past the end of the data a score is as of that end, and what it is followed by begins there.
#[test]
fn a_score_as_of_an_earlier_day_counts_from_that_day() {
    let folder = calibrated(&[]);
    let late = ["--as-of", "2025-06-30", "--stale", "last"];
    let told = folder.done(&with(&with(&["explain", "dome", "--json"], &SCORE[1..]), &late));
    assert!(told.contains(SAYS), "{told}");
}

#[test]
fn a_calibration_fitted_to_another_record_of_incidents_is_noted() {
    let folder = calibrated(&[("\"documented columns\"", "\"UCDP GED\"")]);
    let ended = folder.run(&with(&SCORE, &["-o", "out"]));
    assert_eq!(ended.code, 0);
    let says = "incidents.csv: the calibration (--calibration) was fitted to incidents with other columns than those of this file \
                (documented columns here, UCDP GED there)";
    assert!(ended.err.contains(says), "{}", ended.err);
    let rejects = String::from_utf8(folder.bytes("out/rejects.csv")).expect("UTF-8");
    assert!(rejects.contains("calibration-doubtful"), "{rejects}");
    let fitting = calibrated(&[]);
    let ended = fitting.run(&with(&SCORE, &["-o", "out"]));
    assert!(!ended.err.contains("calibration"), "{}", ended.err);
}

#[test]
fn a_batch_gives_each_scheme_its_own_calibration() {
    let folder = calibrated(&[]);
    folder.write("slow.toml", "name = \"slow\"\n[security.recency]\nhalf_life_days = 730\n");
    let plan = |calibration: &str, schemes: &str| {
        format!(
            "schemes = [{schemes}]\ncalibration = [{calibration}]\n[inputs]\nsites = [\"sites.csv\"]\n\
             incidents = [\"incidents.csv\"]\n[dates]\non = [2024-06-30]\n"
        )
    };
    folder.write("plan.toml", plan("\"calibration.toml\"", "\"default\", \"slow.toml\""));
    folder.done(&["batch", "plan.toml", "-o", "out"]);
    let has = |scheme: &str| {
        let layer = folder.json(&format!("out/all/{scheme}/2024-06-30/sites.geojson"));
        layer["features"][0]["properties"].get("p_event_25km_365d").is_some()
    };
    assert!(has("default") && !has("slow"));
    let unchanged = || {
        let listed = folder.done(&["batch", "plan.toml", "-o", "out", "--dry-run"]);
        listed.matches("unchanged").count()
    };
    assert_eq!(unchanged(), 2);
    // Another calibration: the frames of its scheme are computed anew.
    folder.write("calibration.toml", calibration().replace("a = -1.68", "a = -1.5"));
    assert_eq!(unchanged(), 1);
    for (name, calibration, schemes, says) in [
        (
            "foreign.toml",
            "\"calibration.toml\"",
            "\"slow.toml\"",
            "calibration: was fitted under the scheme",
        ),
        (
            "twice.toml",
            "\"calibration.toml\", \"calibration.toml\"",
            "\"default\"",
            "calibration: two are of the scheme \"default\"",
        ),
        ("gone.toml", "\"gone.toml\"", "\"default\"", "no such file"),
    ] {
        folder.write(name, plan(calibration, schemes));
        let ended = folder.run(&["batch", name, "-o", "other"]);
        assert_ne!(ended.code, 0);
        assert!(ended.err.contains(says), "{}", ended.err);
    }
}
