//! `explain` breaks down the scores that `score` writes: the same numbers, unrounded, and
//! contributions that add up.

use crate::cli::{Folder, column, features};
use serde_json::Value;

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

#[test]
fn contributions_add_up_to_the_scores_that_were_written() {
    let folder = Folder::new();
    folder.done(&["demo", "-q", "-o", "out"]);
    let layer = features(&folder.json("out/sites.geojson"));
    let links = features(&folder.json("out/links.geojson"));
    let mut with_incidents = 0;
    for (id, feature) in &layer {
        let written = &feature["properties"];
        let told = folder.answer(&["explain", id, "--demo", "--json"]);
        assert_eq!(told["site"], id.as_str());
        assert_eq!(told["name"], written["name"]);
        assert_eq!(told["country"], written["country"]);
        assert_eq!(told["explanation"], written["explanation"]);
        assert_eq!(told["overall"]["risk_cell"], written["risk_cell"]);
        for domain in ["security", "environment", "overall"] {
            let (score, band) =
                (&written[format!("{domain}_score")], &written[format!("{domain}_band")]);
            assert_eq!(&told[domain]["band"], band, "{id}: {domain}");
            match score.as_f64() {
                Some(score) => {
                    let off = (number(&told[domain]["score"]) - score).abs();
                    assert!(off <= 0.05 + 1e-9, "{id}: {domain} {score} {}", told[domain]["score"]);
                }
                None => assert_eq!(told[domain]["score"], Value::Null, "{id}: {domain}"),
            }
        }

        let security = &told["security"];
        let parts = security["contributions"].as_array().expect("a list");
        if let Some(score) = security["score"].as_f64() {
            let sum = |name: &str| parts.iter().map(|part| number(&part[name])).sum::<f64>();
            assert!((sum("contribution") - score).abs() < 1e-9 * score.max(1.0), "{id}");
            assert!((sum("intensity") - number(&security["intensity"])).abs() < 1e-9, "{id}");
            let strongest =
                |pair: &[Value]| number(&pair[0]["intensity"]) >= number(&pair[1]["intensity"]);
            assert!(parts.windows(2).all(strongest), "{id}: strongest first");
        }
        for (n, part) in parts.iter().take(3).enumerate() {
            with_incidents += 1;
            let of = |what: &str| &written[format!("driver_{}{what}", n + 1)];
            assert_eq!(&part["id"], of(""), "{id}");
            assert_eq!(&part["date"], of("_date"), "{id}");
            assert!((number(&part["share"]) - number(of("_share"))).abs() <= 0.0005 + 1e-9, "{id}");
            assert!(
                (number(&part["distance_km"]) - number(of("_km"))).abs() <= 0.0005 + 1e-9,
                "{id}"
            );
            let link = links.values().find(|link| {
                let link = &link["properties"];
                link["site_id"] == id.as_str()
                    && link["target_id"] == part["id"]
                    && link["role"] == "driver"
            });
            // One that adds 0.0 points, as they are written, has no line.
            let adds = number(&part["contribution"]) >= 0.05;
            assert!(link.is_some() || !adds, "{id}: a link for each driver that adds something");
            let Some(link) = link.map(|link| &link["properties"]) else { continue };
            assert!(
                (number(&link["bearing"]) - number(&part["bearing_deg"])).abs() < 0.051,
                "{id}"
            );
        }

        let environment = &told["environment"];
        let indicators = environment["indicators"].as_array().expect("a list");
        if let Some(score) = environment["score"].as_f64() {
            let points = |one: &Value| {
                Some(one["contribution"].as_f64()? + one["assumed"].as_f64().expect("with it"))
            };
            let sum: f64 = indicators.iter().filter_map(points).sum();
            assert!((sum - score).abs() < 1e-9 * score.max(1.0), "{id}: {sum} {score}");
        }
        let in_score = || indicators.iter().filter(|one| one["bar"] != "hazard");
        let known = in_score().map(|one| number(&one["weight"]) * number(&one["known"]));
        let coverage = number(&environment["coverage"]);
        assert!((known.sum::<f64>() - coverage).abs() < 1e-9, "{id}");
        let bars = environment["bars"].as_array().expect("a list");
        assert_eq!(bars.len(), 5);
        for bar in bars {
            let name = bar["bar"].as_str().expect("a name");
            for (member, column) in [("score", "score"), ("at_least", "at_least")] {
                let column = &written[format!("{name}_{column}")];
                let (told, column) = (bar[member].as_f64(), column.as_f64());
                assert_eq!(told.is_some(), column.is_some(), "{id}: {name}");
                let off = told.zip(column).map_or(0.0, |(told, column)| (told - column).abs());
                assert!(off <= 0.05 + 1e-9, "{id}: {name}");
            }
            assert_eq!(&bar["driver"], &written[format!("{name}_driver")], "{id}: {name}");
        }
        let unknown = environment["unknown"].as_array().expect("a list");
        let nothing = indicators.iter().filter(|one| one["known"] == 0.0).count();
        assert_eq!(unknown.len(), nothing, "{id}");
        let codes = ["e1", "e2", "e3", "e4", "e5", "e6", "e7", "e8", "e9", "e10", "e12", "e13"];
        assert_eq!(indicators.len(), codes.len());
        for (code, one) in codes.into_iter().zip(indicators) {
            let name = one["indicator"].as_str().expect("a name");
            let column = &written[format!("{code}_{name}")];
            match column.as_f64() {
                Some(value) => {
                    assert!((number(&one["value"]) - value).abs() <= 0.0005 + 1e-9, "{id} {name}")
                }
                None => assert_eq!(one["value"], Value::Null, "{id}: {name}"),
            }
        }
    }
    assert!(with_incidents > 50, "the demo has incidents to explain: {with_incidents}");
}

#[test]
fn a_site_is_called_by_its_id_or_its_name() {
    let folder = Folder::new();
    folder.write(
        "sites.csv",
        "id,name,lon,lat\na,Twin,66.5,29.61\nb,Twin,66.6,29.62\nc,Dome,66.71,29.63\nDome,Other,66.81,29.64\n\
         d d,Zürich Ältere,66.92,29.65\n",
    );
    for (called, is) in [
        ("a", "a"),
        ("b", "b"),
        // An id takes precedence over a name.
        ("Dome", "Dome"),
        ("dome", "c or Dome"),
        ("Other", "Dome"),
        ("OTHER", "Dome"),
        (" other ", "Dome"),
        ("C", "c"),
        ("zürich ältere", "d d"),
    ] {
        let args = ["explain", called, "-s", "sites.csv", "--json"];
        if is.contains(" or ") {
            let ended = folder.run(&args);
            assert_eq!(ended.code, 2);
            assert!(ended.err.contains("2 sites are called"), "{}", ended.err);
        } else {
            assert_eq!(folder.answer(&args)["site"], is, "{called}");
        }
    }
    for (called, holds) in [
        ("Twin", &["2 sites are called \"Twin\"", "ask by id: a, b"][..]),
        ("Othr", &["\"Othr\"", "did you mean Other (Dome)"]),
        ("Domes", &["did you mean "]),
        ("Zurich Altere", &["did you mean Zürich Ältere (d d)"]),
        ("xyzzy", &["no site has the id or name \"xyzzy\"", "hint: "]),
        ("", &["no site"]),
    ] {
        let ended = folder.run(&["explain", called, "-s", "sites.csv"]);
        assert_eq!(ended.code, 2, "{called}");
        for part in holds {
            assert!(ended.err.contains(part), "{called}: {}", ended.err);
        }
    }
    // Arguments after -- are names, whatever they look like.
    folder.write("odd.csv", "id,name,lon,lat\n-1,--json,66.5,29.61\n");
    assert_eq!(
        folder.answer(&["explain", "-s", "odd.csv", "--json", "--", "-1"])["name"],
        "--json"
    );
}

#[test]
fn a_person_is_shown_the_same_in_words() {
    let folder = Folder::new();
    let text = folder.done(&["explain", "Reko Diq", "--demo"]);
    let told = folder.answer(&["explain", "Reko Diq", "--demo", "--json"]);
    let strongest = &told["security"]["contributions"][0];
    let score = format!(
        "security: {:.1} ({})",
        number(&told["security"]["score"]),
        told["security"]["band"].as_str().expect("a band")
    );
    for part in [
        &score,
        &format!("{:.2}", number(&strongest["contribution"])),
        &format!("{:.1} %", 100.0 * number(&strongest["share"])),
        strongest["id"].as_str().expect("an id"),
        strongest["name"].as_str().expect("a type"),
        told["explanation"].as_str().expect("a sentence"),
        "environment: ",
        "overall: ",
    ] {
        assert!(text.contains(part), "no \"{part}\" in\n{text}");
    }
}

#[test]
fn what_is_not_known_is_told_with_what_would_bring_it() {
    let folder = Folder::with_mines();
    folder.write("rivers.csv", "id,name,lon,lat\nr,Stream,66.6,29.7\n");
    let args = ["explain", "dome", "-s", "sites.csv", "-i", "incidents.csv"];
    let args = [&args[..], &["-r", "rivers=rivers.csv"]].concat();
    let text = folder.done(&args);
    let (_, unknown) = text.split_once("what we do not know\n").expect("a list");
    for line in [
        "sensitive areas: no sensitive areas were given; bring --receptors sensitive_areas=FILE\n",
        "accidents: no accidents were collected here; bring --incidents FILE with accidents or spills\n",
        "species: no raster called species was given; bring --raster species=FILE\n",
        "bring --receptors rivers=FILE with next_id, --receptors settlements=FILE\n",
        "; bring --receptors tailings=FILE or tailings_class of the sites\n",
    ] {
        assert!(unknown.contains(line), "no \"{line}\" in\n{unknown}");
    }
    let told = folder.answer(&[&args[..], &["--json"]].concat());
    let unknown = told["environment"]["unknown"].as_array().expect("a list");
    let areas = unknown.iter().find(|one| one["indicator"] == "sensitive_areas");
    let remedy = &areas.expect("areas")["remedies"][0];
    assert_eq!(remedy["parameter"], "receptors");
    assert_eq!(remedy["value"], "sensitive_areas=FILE");
    // Below the least coverage there is no score, and what is known is told all the same.
    assert_eq!(told["environment"]["score"], Value::Null);
    let at_least = number(&told["environment"]["at_least"]);
    assert!(text.contains(&format!("environment: no score, at least {at_least:.1}, ")), "{text}");
    let sentence = told["explanation"].as_str().expect("a sentence");
    assert!(sentence.contains("Environment: no score, "), "{sentence}");
    assert!(
        sentence.contains(&format!(
            "known; at least {at_least:.1}. What adds most of what lies near: "
        ))
    );
}

#[test]
fn rules_that_score_takes_are_taken_here_too() {
    let folder = Folder::with_mines();
    let inputs = ["-s", "sites.csv", "-i", "incidents.csv"];
    for rules in [
        &["--as-of", "2023-06-30"][..],
        &["--as-of", "2030-01-01"],
        &["--scheme", "security-only"],
        &["--coverage", "all"],
        &["--coverage", "AFG"],
        &["--bbox", "66,29,68,31"],
    ] {
        folder.done(&[&["score", "-q", "-o", "out"][..], &inputs, rules].concat());
        let layer = features(&folder.json("out/sites.geojson"));
        for (id, feature) in &layer {
            let told = folder.answer(&[&["explain", id, "--json"][..], &inputs, rules].concat());
            match feature["properties"]["security_score"].as_f64() {
                Some(score) => {
                    let off = (number(&told["security"]["score"]) - score).abs();
                    assert!(off <= 0.05 + 1e-9, "{rules:?}: {id}");
                }
                None => assert_eq!(told["security"]["score"], Value::Null, "{rules:?}: {id}"),
            }
        }
    }
    let ended = folder.run(&[&["explain", "far", "--bbox", "66,29,68,31"][..], &inputs].concat());
    assert_eq!(ended.code, 2, "a site outside the box is not there: {}", ended.out);
}

#[test]
fn a_site_between_two_basins_is_explained_with_both_values() {
    let folder = Folder::new();
    folder.write("little.toml", "[environment]\nminimum_coverage = 0.1\n").write(
        "sites.csv",
        "id,name,lon,lat,water_stress_ratio,water_stress_ratio_other,water_stress_note\n\
             a,Between,62.05,29.12,0.521,1.113,<b>modelled</b>\nb,Within,64.2,29.1,0.521,,\n\
             c,Odd,64.3,29.2,0.521,high,\n",
    );
    let args = ["score", "--scheme", "little.toml", "-s", "sites.csv", "-o", "out", "--report"];
    folder.done(&args);
    let told = column(&folder.json("out/sites.geojson"), "explanation");
    let both = "water stress of ratio 0.52, ratio 1.11 in the next basin (water at least 54); people not known";
    assert!(told["a"].as_str().expect("text").contains(both), "{}", told["a"]);
    for alone in ["b", "c"] {
        let words = told[alone].as_str().expect("text");
        assert!(
            words.contains("water stress of ratio 0.52 (water at least 54); people"),
            "{words}"
        );
    }
    let scores = column(&folder.json("out/sites.geojson"), "e2_water_stress");
    assert_eq!(scores["a"], scores["b"], "the other basin plays no part");
    let rejects = String::from_utf8(folder.bytes("out/rejects.csv")).expect("UTF-8");
    assert!(rejects.contains("water_stress_ratio_other,high,"), "{rejects}");
    let args = ["explain", "Between", "--scheme", "little.toml", "-s", "sites.csv", "--json"];
    let explained = folder.answer(&args);
    assert_eq!(
        explained["environment"]["indicators"][1]["note"],
        "ratio 0.52; ratio 1.11 in the next basin, whose line lies within the accuracy of the \
         position; <b>modelled</b>"
    );
    let page = String::from_utf8(folder.bytes("out/report.html")).expect("UTF-8");
    assert!(page.contains("ratio 1.11 in the next basin") && !page.contains("<b>modelled</b>"));
}

#[test]
fn a_doubtful_date_is_told_as_when_scoring() {
    let folder = Folder::with_mines();
    let told = |args: &[&str]| -> Vec<String> {
        let ended = folder.run(&[args, &["-s", "sites.csv", "-i", "incidents.csv"]].concat());
        assert_eq!(ended.code, 0, "{}", ended.err);
        ended.err.lines().filter(|line| line.contains(": date: ")).map(str::to_owned).collect()
    };
    assert!(told(&["explain", "dome"]).is_empty());
    let far = "i-6,2204-06-30,66.954,30.203,Pakistan,Riots,0,2\n";
    folder.write("incidents.csv", format!("{}{far}", crate::cli::INCIDENTS));
    let score = told(&["score", "-o", "out"]);
    assert_eq!(score.len(), 1, "{score:?}");
    assert!(score[0].contains("2204-06-30"), "{score:?}");
    assert_eq!(told(&["explain", "dome"]), score);
    assert_eq!(told(&["explain", "dome", "--json"]), score);
    assert!(told(&["explain", "dome", "--as-of", "2024-12-31"]).is_empty());
}
