//! Hindcasts that calibrate or tune: fits see earlier origins alone, and no setting is recommended by chance.

use crate::cli::{Dice, Folder, column};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use std::fmt::Write as _;
use tamarisk::Code;
use tamarisk::earth::Length;
use tamarisk::run::hindcast::{
    Estimate, Hindcast, HindcastQuery, Metric, Model, Tuned, Tuning, hindcast,
};
use tamarisk::run::{Cancel, Inputs, Unwatched, World};
use tamarisk::scoring::skill::Logistic;
use tamarisk::scoring::{Calibration, KernelForm, Scheme};
use tamarisk::sources::Source;

/// Fifteen sites in Balochistan, a third of a degree apart.
fn sites() -> String {
    let mut text = "id,name,lon,lat,position_accuracy_km\n".to_owned();
    for site in 0..15 {
        let (lon, lat) = (65.0 + f64::from(site % 5) * 0.6, 28.6 + f64::from(site / 5) * 0.6);
        writeln!(text, "s{site},Site {site},{lon:.2},{lat:.2},1").expect("memory");
    }
    text
}

/// Incidents of thirteen years: the farther east, the more of them.
fn incidents() -> String {
    let mut dice = Dice::new(11);
    let mut text =
        "id,date,lon,lat,country,event_type,fatalities,position_accuracy_km\n".to_owned();
    for number in 0..330 {
        let day = date(2000, 1, 1).saturating_add(dice.below(4_850).cast_signed().days());
        let east = dice.below(100).max(dice.below(100)) as f64 / 100.0;
        let (lon, lat) = (64.9 + 2.7 * east, 28.5 + dice.below(1_400) as f64 / 1e3);
        let deaths = dice.below(4);
        writeln!(text, "i{number},{day},{lon:.3},{lat:.3},Pakistan,Battles,{deaths},2")
            .expect("memory");
    }
    text
}

fn world() -> World {
    let inputs = Inputs {
        sites: vec![Source::bytes("sites.csv", sites().as_bytes())],
        incidents: vec![Source::bytes("incidents.csv", incidents().as_bytes())],
        ..Inputs::default()
    };
    World::read(&inputs, &Unwatched, &Cancel::new()).expect("a world")
}

/// Ten origins, incidents within 25 km in the next year.
fn query() -> HindcastQuery {
    HindcastQuery {
        from: Some(date(2001, 12, 31)),
        to: Some(date(2010, 12, 31)),
        radii: vec![Length::from_km(25.0)],
        ..HindcastQuery::default()
    }
}

fn asked(query: &HindcastQuery) -> Hindcast {
    hindcast(&world(), query, &Unwatched, &Cancel::new()).expect("a hindcast")
}

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("sites.csv", sites()).write("incidents.csv", incidents());
    folder
}

const RUN: [&str; 11] = [
    "hindcast",
    "-s",
    "sites.csv",
    "-i",
    "incidents.csv",
    "--from",
    "2001-12-31",
    "--to",
    "2010-12-31",
    "--within",
    "25km",
];

fn run<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&RUN[..], more].concat()
}

/// Origin, intensity and outcome of every site that counts.
fn cases(told: &Hindcast) -> Vec<(usize, f64, bool)> {
    let of = told.predictions.iter();
    of.filter_map(|one| Some((one.origin, one.intensities[0]?, one.outcomes[0]?))).collect()
}

fn fitted(cases: &[(usize, f64, bool)]) -> Logistic {
    let pairs: Vec<(f64, bool)> =
        cases.iter().map(|(_, number, outcome)| (*number, *outcome)).collect();
    Logistic::fit(&pairs).expect("a fit")
}

#[test]
fn a_calibration_is_fitted_to_all_origins_and_judged_by_fits_to_earlier_ones() {
    let told = asked(&HindcastQuery { calibrate: true, ..query() });
    let all = cases(&told);
    let done = told.calibrated.as_ref().expect("a calibration");
    let Calibration { logistic, site_origins, positives, origins, .. } = &done.calibration;
    assert_eq!(*logistic, fitted(&all));
    assert!(logistic.b > 0.0);
    assert_eq!(*site_origins as usize, all.len());
    assert_eq!(*positives as usize, all.iter().filter(|(_, _, outcome)| *outcome).count());
    assert!(*positives > 30 && positives < site_origins, "{positives}");
    assert_eq!(
        (origins.from, origins.to, origins.number),
        (date(2001, 12, 31), date(2010, 12, 31), 10)
    );
    assert!(done.calibration.is_of(&Scheme::default()));
    let sources: Vec<(&str, &str)> =
        done.calibration.sources.iter().map(|of| (of.role.as_str(), of.file.as_str())).collect();
    assert_eq!(sources, [("sites", "sites.csv"), ("incidents", "incidents.csv")]);

    // A plain reading: from the fifth origin on, since a horizon of 365 days ends by the next origin.
    let (mut said, mut base, mut number, mut counted) = (0.0, 0.0, 0, 0);
    for origin in 4..10 {
        let earlier: Vec<_> = all.iter().copied().filter(|(of, ..)| *of < origin).collect();
        let fit = fitted(&earlier);
        let share = earlier.iter().filter(|(_, _, yes)| *yes).count() as f64 / earlier.len() as f64;
        for (_, intensity, yes) in all.iter().filter(|(of, ..)| *of == origin) {
            let y = f64::from(u8::from(*yes));
            let p = 1.0 / (1.0 + (-(fit.a + fit.b * (intensity + 0.001).ln())).exp());
            said += (p - y).powi(2);
            base += (share - y).powi(2);
            number += 1;
            counted += usize::from(*yes);
        }
    }
    let skill = done.brier_skill.expect("a skill");
    assert!((skill.value - (1.0 - said / base)).abs() < 1e-12, "{skill:?}");
    assert!(skill.interval.is_some_and(|[lo, hi]| lo <= skill.value && skill.value <= hi));
    assert_eq!(done.judged, 6);
    assert_eq!(done.tenths.len(), 10);
    assert_eq!(done.tenths.iter().map(|of| of.counted).sum::<usize>(), number);
    assert_eq!(done.tenths.iter().map(|of| of.positives).sum::<usize>(), counted);
    for (at, tenth) in done.tenths.iter().enumerate() {
        let within = at as f64 / 10.0 - 1e-12..=(at + 1) as f64 / 10.0;
        assert!(within.contains(&tenth.said), "{at}: {tenth:?}");
    }
}

/// What an origin is told of a site cannot depend on what came after it.
#[test]
fn a_fit_to_earlier_origins_does_not_see_later_ones() {
    let until = |to: Date| asked(&HindcastQuery { calibrate: true, to: Some(to), ..query() });
    let tenths = |told: &Hindcast| told.calibrated.clone().expect("a calibration").tenths;
    let (short, long) = (until(date(2009, 12, 31)), until(date(2010, 12, 31)));
    let last = cases(&long).iter().filter(|(origin, ..)| *origin == 9).count();
    let (short, long) = (tenths(&short), tenths(&long));
    // The later run says the same of what the earlier one looked at, and adds one origin.
    let added: usize =
        short.iter().zip(&long).map(|(short, long)| long.counted - short.counted).sum();
    assert!(added == last && last > 10, "{added} {last}");
}

#[test]
fn the_file_of_a_calibration_is_read_by_score() {
    let folder = folder();
    let text = folder.done(&run(&["--calibrate", "-o", "out"]));
    assert!(
        text.contains(
            "Calibrated as p_event_25km_365d: fits to earlier origins had a Brier skill of"
        ),
        "{text}"
    );
    let last = text.lines().last().expect("a line");
    assert!(last.starts_with("The scheme \"default\""), "{last}");
    let written = String::from_utf8(folder.bytes("out/calibration.toml")).expect("UTF-8");
    let read = Calibration::from_toml(&written, "calibration.toml").expect("a calibration");
    let told = asked(&HindcastQuery { calibrate: true, ..query() });
    let mut own = told.calibrated.expect("a calibration").calibration;
    own.sources.clone_from(&read.sources);
    assert_eq!(own, read);
    let receipt = folder.json("out/receipt.json");
    assert_eq!(read.sources[1].hash, receipt["inputs"][1]["blake3"]);
    let outputs = receipt["outputs"].as_array().expect("outputs");
    assert!(outputs.iter().any(|one| one["file"] == "calibration.toml"));
    let score = [
        "score",
        "-s",
        "sites.csv",
        "-i",
        "incidents.csv",
        "--calibration",
        "out/calibration.toml",
        "-o",
        "scored",
    ];
    let ended = folder.run(&score);
    assert_eq!((ended.code, ended.err.contains("calibration")), (0, false), "{}", ended.err);
    let all = column(&folder.json("scored/sites.geojson"), "p_event_25km_365d");
    assert!(all.values().all(|p| p.as_f64().is_some_and(|p| (0.0..=1.0).contains(&p))), "{all:?}");
    // Another label, another column; the same bytes at any number of threads.
    for (threads, out) in [("1", "one"), ("3", "three")] {
        folder.done(&run(&[
            "--calibrate",
            "--tune",
            "H",
            "--threads",
            threads,
            "--min-deaths",
            "1",
            "-o",
            out,
        ]));
    }
    assert_eq!(folder.files("one"), folder.files("three"));
    let text = String::from_utf8(folder.bytes("one/calibration.toml")).expect("UTF-8");
    assert!(text.contains("\nmin_deaths = 1\n"), "{text}");
    // Without the option there is no such file, and an old one is told of.
    folder.done(&run(&["-o", "plain"]));
    assert!(!folder.at("plain/calibration.toml").exists());
}

#[test]
fn what_cannot_be_calibrated_or_tuned_is_refused_and_leaves_nothing() {
    let folder = folder();
    folder.write("far.csv", "id,name,lon,lat\nfar,Far,72.0,33.5\n");
    let far = [
        "hindcast",
        "-s",
        "far.csv",
        "-i",
        "incidents.csv",
        "--to",
        "2010-12-31",
        "--calibrate",
        "-o",
        "out",
    ];
    let ended = folder.run(&far);
    assert_ne!(ended.code, 0);
    let says = "the scheme \"default\" cannot be calibrated for an incident within 25km in the next 365 days: nothing happened at any site";
    assert!(ended.err.contains(says), "{}", ended.err);
    assert!(!folder.at("out/hindcast.csv").exists());
    for (more, says) in [
        (&["--tune", "x"][..], "--tune: \"x\" cannot be tuned"),
        (&["--tune", "h,H,"], "--tune: \"\" cannot be tuned"),
        (&["--tune", "h", "--every", "5y"], "--tune: 2 origins are too few"),
    ] {
        let ended = folder.run(&run(&[more, &["-o", "out"]].concat()));
        assert_eq!(ended.code, 2, "{}", ended.err);
        assert!(ended.err.contains(says), "{}", ended.err);
    }
    let query = HindcastQuery { calibrate: true, radii: vec![Length::from_km(900.0)], ..query() };
    let error = hindcast(&world(), &query, &Unwatched, &Cancel::new()).expect_err("all positive");
    assert_eq!(error.code(), Code::CalibrationUnfit);
    assert!(error.to_string().contains("every site that counts was positive"), "{error}");
}

/// The areas of a setting are those of a hindcast of that scheme over the same origins alone.
#[test]
fn settings_are_chosen_on_the_earlier_origins_and_judged_on_the_later() {
    let both = Tuning { scale: true, half_life: true };
    let tuned = asked(&HindcastQuery { tune: Some(both), ..query() }).tuned.expect("tuned");
    assert_eq!(tuned.scales_km, [10.0, 15.0, 20.0, 30.0, 50.0].map(Some));
    assert_eq!(tuned.half_lives_days, [180.0, 365.0, 730.0, 1460.0].map(Some));
    assert_eq!(tuned.origins, [5, 5]);
    let [row, column] = tuned.chosen.expect("a choice");
    let best = tuned.grid[row][column].expect("an area");
    assert!(tuned.grid.iter().flatten().all(|area| area.is_none_or(|area| area <= best)));
    let mut scheme = Scheme { name: "chosen".into(), ..Scheme::default() };
    scheme.security.kernel.form = KernelForm::Gaussian;
    scheme.security.kernel.scales_km = vec![tuned.scales_km[row].expect("a scale")];
    scheme.security.kernel.weights = vec![1.0];
    scheme.security.recency.half_life_days = tuned.half_lives_days[column].expect("a half-life");
    let mean = |told: &Hindcast, model| {
        let area = |metric| {
            told.judged[0].pooled(model, metric).and_then(|one| one.value).expect("an area").value
        };
        f64::midpoint(area(Metric::RocAuc), area(Metric::RocAucWithin))
    };
    let schemes = vec![Scheme::default(), scheme];
    let earlier =
        HindcastQuery { schemes: schemes.clone(), to: Some(date(2005, 12, 31)), ..query() };
    let earlier = asked(&earlier);
    assert!((mean(&earlier, Model::Scheme(1)) - best).abs() < 1e-12);
    assert!((mean(&earlier, Model::Scheme(0)) - tuned.own.expect("an area")).abs() < 1e-12);
    let later = asked(&HindcastQuery { schemes, from: Some(date(2006, 12, 31)), ..query() });
    let difference = tuned.difference.expect("a difference");
    let apart = mean(&later, Model::Scheme(1)) - mean(&later, Model::Scheme(0));
    assert!((difference.value - apart).abs() < 1e-12, "{difference:?}");
    assert!(difference.interval.is_some_and(|[lo, hi]| lo <= hi));

    // A horizon of two years would reach into the later half from the last earlier origin.
    let long = HindcastQuery {
        horizons_days: vec![730],
        to: Some(date(2010, 12, 31)),
        tune: Some(both),
        ..query()
    };
    let long = asked(&long).tuned.expect("tuned");
    assert_eq!(long.origins, [4, 5]);
    let one = HindcastQuery { tune: Some(Tuning { scale: false, half_life: true }), ..query() };
    let one = asked(&one).tuned.expect("tuned");
    assert_eq!((one.scales_km, one.grid.len(), one.grid[0].len()), (vec![None], 1, 4));
}

#[test]
fn nothing_is_recommended_whose_interval_holds_zero() {
    let mut told =
        asked(&HindcastQuery { tune: Some(Tuning { scale: true, half_life: false }), ..query() });
    let tuned = told.tuned.clone().expect("tuned");
    let mut with = |interval: Option<[f64; 2]>| {
        let difference =
            interval.map(|interval| Estimate { value: 0.01, interval: Some(interval) });
        let tuned = Tuned { difference, ..tuned.clone() };
        let recommended = tuned.is_recommended();
        told.tuned = Some(tuned);
        (recommended, told.tuned_words())
    };
    for (interval, recommended, says) in [
        (Some([0.001, 0.02]), true, "above 0, so it is recommended."),
        (Some([-0.01, 0.03]), false, "the interval holds 0, so nothing is recommended."),
        (Some([0.0, 0.03]), false, "the interval holds 0, so nothing is recommended."),
        (Some([-0.03, -0.01]), false, "below 0, so nothing is recommended."),
        (None, false, "it cannot be judged there, so nothing is recommended."),
    ] {
        let (is, words) = with(interval);
        assert_eq!(is, recommended, "{interval:?}");
        assert!(words.ends_with(says), "{words}");
        assert!(words.starts_with("Tuning: of 5 settings one scale of "), "{words}");
    }
}
