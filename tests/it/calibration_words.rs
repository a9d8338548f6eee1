//! Without a calibration no output calls a score a probability. Other probabilities are known by their phrases.

use crate::calibration::calibrated;
use crate::cli::{Folder, TAMARISK};
use std::io::Read;
use std::path::Path;

/// The phrases in which the word may stand: accuracies, the trend, and denials.
const KNOWN: [&str; 6] = [
    "with 90 % probability",
    "probability that incidents have become more frequent",
    "not a probability",
    "security trend (probability, 0 to 1)",
    "neither probabilities nor forecasts",
    "probability that incidents<br>have become more frequent",
];

/// Where the word stands in a text in another phrase than the known ones.
fn unknown(text: &str) -> Vec<String> {
    let text: String = text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let mut rest = text;
    for known in KNOWN {
        rest = rest.replace(known, "");
    }
    let found = rest.match_indices("probab").map(|(at, _)| {
        let from = (0..=at.saturating_sub(60)).rev().find(|at| rest.is_char_boundary(*at));
        rest[from.unwrap_or(0)..].chars().take(160).collect()
    });
    found.chain(rest.contains("p_event").then(|| "p_event".to_owned())).collect()
}

/// Every file of a folder as text, with those in archives. Text in databases is stored as it is.
fn texts(folder: &Folder, inside: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (name, bytes) in folder.files(inside) {
        if Path::new(&name).extension().is_some_and(|of| of == "qgz") {
            let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a zip");
            for at in 0..zip.len() {
                let mut text = String::new();
                let mut entry = zip.by_index(at).expect("an entry");
                entry.read_to_string(&mut text).expect("UTF-8");
                all.push((format!("{name}/{}", entry.name().expect("a name")), text));
            }
        } else {
            all.push((name, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    all
}

#[test]
fn the_search_finds_what_it_is_for() {
    assert_eq!(unknown("An index, not a probability. Known with 90 % probability."), [""; 0]);
    assert_eq!(unknown("Probability of an attack").len(), 1);
    assert_eq!(unknown("security_score: the PROBABLE risk").len(), 1);
    assert_eq!(unknown("{\"p_event_25km_365d\": 0.1}").len(), 1);
}

#[test]
fn without_a_calibration_no_output_calls_a_score_a_probability() {
    let folder = Folder::with_mines();
    let inputs = ["-s", "sites.csv", "-i", "incidents.csv"];
    let run = |first: &[&str], more: &[&str]| {
        let ended = folder.run(&[first, &inputs[..], more].concat());
        assert_eq!(ended.code, 0, "{first:?}: {}", ended.err);
        [ended.out, ended.err].concat()
    };
    let all = ["--all", "--format", "geojson,fgb", "--group-by", "country", "-o", "out"];
    let mut texts: Vec<(String, String)> = vec![
        ("score".into(), run(&["score", "-v"], &all)),
        ("explain".into(), run(&["explain", "dome"], &[])),
        ("explain --json".into(), run(&["explain", "dome", "--json"], &[])),
        ("rank".into(), run(&["rank", "sites.csv"], &[])),
        ("rank --json".into(), run(&["rank", "sites.csv", "--json"], &[])),
        ("near".into(), run(&["near", "--site", "dome", "--geojson"], &[])),
    ];
    let risk = ["risk", "--at", "66.5,29.6", "-i", "incidents.csv"];
    texts.push(("risk".into(), folder.done(&risk)));
    folder.write("road.geojson", ROAD);
    texts.push(("corridor".into(), run(&["corridor", "road.geojson", "--geojson"], &[])));
    folder.write(
        "plan.toml",
        "reports = true\n[inputs]\nsites = [\"sites.csv\"]\nincidents = [\"incidents.csv\"]\n\
         [dates]\non = [2024-05-31, 2024-06-30]\n",
    );
    texts.push(("batch".into(), folder.done(&["batch", "plan.toml", "-o", "many"])));
    folder.done(&["demo", "-o", "demo"]);
    let hindcast = ["hindcast", "--demo", "--tune", "H", "-o", "hindcast"];
    texts.push(("hindcast".into(), folder.done(&hindcast)));
    let folders = ["out", "demo", "hindcast", "many/all/default/2024-06-30"];
    texts.extend(folders.iter().flat_map(|inside| self::texts(&folder, inside)));
    texts.push((
        "sites_over_time.qml".into(),
        String::from_utf8_lossy(&folder.bytes("many/all/default/sites_over_time.qml")).into(),
    ));
    texts.push((
        "many/report.html".into(),
        String::from_utf8_lossy(&folder.bytes("many/report.html")).into(),
    ));
    let names: Vec<&str> = texts.iter().map(|(name, _)| name.as_str()).collect();
    for name in
        ["sites.geojson", "sites.fgb", "risk.gpkg", "report.html", "sites.qml", "risk.qgz/risk.qgs"]
    {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
    // The search has something to know.
    let told = texts.iter().filter(|(_, text)| text.to_lowercase().contains("probab")).count();
    assert!(told >= 5, "{told}");
    for (name, text) in &texts {
        assert_eq!(unknown(text), [""; 0], "{name}");
    }
    assert!(Path::new(TAMARISK).exists());
}

const ROAD: &str = r#"{"type":"Feature","properties":{"name":"road"},"geometry":{"type":"LineString","coordinates":[[66.5,29.6],[66.6,29.7]]}}"#;

#[test]
fn with_one_every_output_has_the_probability_by_its_name() {
    let folder = calibrated(&[]);
    let run =
        ["score", "-s", "sites.csv", "-i", "incidents.csv", "--calibration", "calibration.toml"];
    folder.done(&[&run[..], &["--all", "--format", "geojson,fgb", "-o", "out"]].concat());
    let texts = texts(&folder, "out");
    for name in [
        "sites.geojson",
        "sites.fgb",
        "risk.gpkg",
        "report.html",
        "sites.qml",
        "risk.qgz/risk.qgs",
        "receipt.json",
    ] {
        let (_, text) = texts.iter().find(|(of, _)| of == name).expect(name);
        assert!(text.contains("p_event_25km_365d"), "{name}");
    }
}
