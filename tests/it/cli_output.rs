//! The output of a run: the selected layers, counts that add up, missing data distinct from low
//! risk, footprints of sites with a shape, and no terminal control characters.

use crate::cli::{Folder, column, features};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const LAYERS: [&str; 4] = ["sites", "rings", "links", "incidents"];

#[test]
fn the_demo_needs_no_file_no_setting_and_no_home() {
    let folder = Folder::new();
    let output = folder.command(&["demo"]).env_clear().output().expect("runs");
    let ended = crate::cli::Ended::of(&output);
    assert_eq!(ended.code, 0, "{}", ended.err);
    for part in ["security", "environment", "main driver", "Reko Diq", "out/demo/risk.qgz"] {
        assert!(ended.out.contains(part), "no \"{part}\" in\n{}", ended.out);
    }
    let layer = folder.json("out/demo/sites.geojson");
    assert!(features(&layer).len() > 20);
    assert!(folder.files("out/demo").contains_key("footprint_lines.geojson"));
    // The same with the other command.
    folder.done(&[
        "score",
        "--demo",
        "--all",
        "--group-by",
        "province,commodity_group",
        "-o",
        "scored",
    ]);
    assert_eq!(folder.files("scored"), folder.files("out/demo"));
}

#[test]
fn the_receipt_has_the_hash_of_every_file_and_counts_that_add_up() {
    let folder = Folder::with_mines();
    folder.write("broken.csv", "id,name,lon,lat\nx,X,66,30\ny,Y,200000,1\nz,Z,,\n");
    folder.done(&[
        "score",
        "-s",
        "sites.csv",
        "-s",
        "broken.csv",
        "-i",
        "incidents.csv",
        "-o",
        "out",
    ]);
    for out in ["out", "demo"] {
        if out == "demo" {
            folder.done(&["demo", "-o", "demo"]);
        }
        let receipt = folder.json(&format!("{out}/receipt.json"));
        let mut named: Vec<String> = vec!["receipt.json".into()];
        for output in receipt["outputs"].as_array().expect("outputs") {
            let name = output["file"].as_str().expect("a name");
            let bytes = folder.bytes(&format!("{out}/{name}"));
            assert_eq!(output["blake3"], blake3::hash(&bytes).to_hex().as_str(), "{name}");
            assert_eq!(output["bytes"], bytes.len(), "{name}");
            named.push(name.into());
        }
        named.sort();
        assert_eq!(named, folder.files(out).into_keys().collect::<Vec<_>>(), "no file unnamed");
        for role in ["sites", "incidents", "receptors"] {
            let counts = &receipt["counts"][role];
            let of = |name: &str| counts[name].as_u64().expect("a count");
            assert_eq!(of("read"), of("scored") + of("set_aside"), "{out}: {role}: {counts}");
        }
    }
    let receipt = folder.json("out/receipt.json");
    assert_eq!(receipt["counts"]["sites"]["read"], 6);
    assert_eq!(receipt["counts"]["sites"]["set_aside"], 2);
    let rejects = String::from_utf8(folder.bytes("out/rejects.csv")).expect("UTF-8");
    for part in ["broken.csv", "200000", "line 3", "line 4"] {
        assert!(rejects.contains(part), "no {part} in\n{rejects}");
    }
}

#[test]
fn the_layers_asked_for_are_the_layers_written() {
    let folder = Folder::with_mines();
    let score = ["score", "-q", "-s", "sites.csv", "-i", "incidents.csv", "--layers"];
    for (asked, files) in [
        ("sites", &["sites.geojson"][..]),
        ("sites,links", &["links.geojson", "sites.geojson"]),
        ("rings", &["rings.geojson"]),
        ("footprints", &["footprint_lines.geojson", "footprints.geojson"]),
        ("receptors", &["receptor_areas.geojson", "receptor_lines.geojson", "receptors.geojson"]),
    ] {
        folder.done(&[&score[..], &[asked, "-o", asked]].concat());
        let mut expected: Vec<String> = files.iter().map(ToString::to_string).collect();
        expected.extend(["receipt.json".into(), "rejects.csv".into()]);
        expected.sort();
        assert_eq!(folder.files(asked).into_keys().collect::<Vec<_>>(), expected);
    }
}

#[test]
fn a_layer_of_an_earlier_run_is_told_from_those_of_this_one() {
    let folder = Folder::with_mines();
    let score = ["score", "-s", "sites.csv", "-i", "incidents.csv", "-o", "out"];
    let ended = folder.run(&score);
    assert!(!ended.err.contains("earlier run"), "{}", ended.err);
    let rings = folder.bytes("out/rings.geojson");
    let ended = folder.run(&[&score[..], &["--layers", "sites,links"]].concat());
    for (name, old) in [("sites", false), ("links", false), ("rings", true), ("incidents", true)] {
        let told = ended.err.contains(&format!("{name}.geojson is of an earlier run"));
        assert_eq!(told, old, "{name}: {}", ended.err);
    }
    assert_eq!(folder.bytes("out/rings.geojson"), rings, "nothing is taken away unasked");
    assert!(!folder.json("out/receipt.json")["outputs"].to_string().contains("rings"));
}

#[test]
fn a_run_says_what_there_is_to_know_of_its_scheme_file() {
    let folder = Folder::with_mines();
    folder
        .write("half.toml", "[security.kernel]\nweights = [0.5, 0.5]\n")
        .write("plain.toml", "[security.recency]\nhalf_life_days = 30\n");
    let text = |folder: &Folder| String::from_utf8(folder.bytes("out/rejects.csv")).expect("UTF-8");
    let noted = |scheme: &str| {
        let args = ["score", "-s", "sites.csv", "--scheme", scheme, "-o", "out"];
        let said = folder.run(&args).err;
        let rejects = text(&folder);
        let told = |text: &str| text.contains("come to peaks of [0.934, 0.0664]");
        assert_eq!(told(&said), told(&rejects), "{said}\n{rejects}");
        (told(&said), folder.json("out/receipt.json")["counts"]["findings"]["noted"].clone())
    };
    assert_eq!(noted("half.toml"), (true, json!(1)));
    assert_eq!(noted("plain.toml"), (false, json!(0)));
    assert_eq!(noted("security-only"), (false, json!(0)));
    noted("half.toml");
    let rejects = text(&folder);
    assert!(rejects.contains("\nhalf.toml,file,,security.kernel.weights,,"), "{rejects}");
}

#[test]
fn a_hostile_name_reaches_the_layers_whole_and_the_terminal_harmless() {
    let folder = Folder::new();
    let name = "Pit \u{1b}[31mred\u{1b}]0;title\u{7} \u{9b}2J \u{202e}desrever\u{2066}\u{200f} line\nbreak\ttab \u{2028}end";
    let quoted = format!("\"{name}\"");
    folder.write("sites.csv", format!("id,name,lon,lat\n{quoted},{quoted},66.512,29.613\nb,B,66.6,29.7\nc,{quoted},66.7,29.7\n"));
    folder.write(
        "inci\u{1b}dents.csv",
        format!("id,date,lon,lat,country,event_type,fatalities\n{quoted},2024-01-01,66.5,29.6,Pakistan,Battles,1\nx,{quoted},66.5,29.6,Pakistan,{quoted},1\n"),
    );
    folder.write("scheme.toml", "name = \"\\u001b[31m\"\n");
    folder.write("broken\u{1b}.csv", format!("{quoted},b\n1,2\n"));
    let inputs = ["-s", "sites.csv", "-i", "inci\u{1b}dents.csv"];
    for args in [
        &["score", "-v", "-o", "out"][..],
        &["score", "-v", "-o", "out\u{1b}[31m"],
        &["score", "--scheme", "scheme.toml", "-o", "out"],
        &["explain", "b"],
        &["explain", name],
        &["explain", "Pit"],
        &["near", "--site", "b", "-k", "9"],
    ] {
        let ended = folder.run(&[args, &inputs[..]].concat());
        harmless(args, &ended);
    }
    for args in [
        &["check", "-v", "sites.csv", "inci\u{1b}dents.csv", "broken\u{1b}.csv", "no\u{1b}.csv"][..],
        &["scheme", "check", "scheme.toml"],
        &["scheme", "check", "no\u{1b}.toml"],
        &["score", "-s", "broken\u{1b}.csv", "-o", "out"],
        &["score", "-s", "sites.csv", "--layers", "\u{1b}[31m", "-o", "out"],
        &["score", "-s", "sites.csv", "--as-of", "\u{1b}[31m", "-o", "out"],
        &["near", "--at", "\u{1b}[31m", "-s", "sites.csv"],
    ] {
        harmless(args, &folder.run(args));
    }
    // The files lose nothing.
    let layer = folder.json("out/sites.geojson");
    assert_eq!(column(&layer, "name")["c"], name);
    let answer =
        folder.answer(&[&["near", "--site", "b", "-k", "9", "--json"], &inputs[..]].concat());
    let names: Vec<&Value> =
        answer["neighbors"].as_array().expect("a list").iter().map(|n| &n["name"]).collect();
    assert!(names.contains(&&json!(name)), "{names:?}");
}

fn harmless(args: &[&str], ended: &crate::cli::Ended) {
    assert!(matches!(ended.code, 0..=4), "{args:?}: {ended:?}");
    for c in ended.out.chars().chain(ended.err.chars()) {
        let steers = c.is_control() && c != '\n';
        let turns = "\u{202e}\u{2066}\u{200f}\u{2028}".contains(c);
        assert!(!steers && !turns, "{args:?}: {c:?} in\n{}\n{}", ended.out, ended.err);
    }
}

#[test]
fn colors_are_there_when_asked_for_and_never_with_no_color_in_a_pipe() {
    let folder = Folder::new();
    let run = |args: &[&str], no_color: bool| {
        let mut command = folder.command(args);
        if no_color {
            command.env("NO_COLOR", "1");
        }
        crate::cli::Ended::of(&command.output().expect("runs"))
    };
    for (args, no_color, out, err) in [
        (&["demo", "-o", "out"][..], false, false, false),
        (&["demo", "-o", "out", "--color", "always"], false, true, false),
        (&["demo", "-o", "out", "--color", "always"], true, true, false),
        (&["demo", "-o", "out", "--color", "never"], false, false, false),
        (&["demo", "-o", "out"], true, false, false),
        (&["explain", "none", "--demo"], false, false, false),
        (&["explain", "none", "--demo", "--color", "always"], false, false, true),
    ] {
        let ended = run(args, no_color);
        assert_eq!(ended.out.contains('\u{1b}'), out, "{args:?} {}", ended.out);
        assert_eq!(ended.err.contains('\u{1b}'), err, "{args:?} {}", ended.err);
    }
    let quiet = folder.run(&["demo", "-q", "-o", "out"]);
    assert_eq!((quiet.out.as_str(), quiet.err.as_str()), ("", ""));
    let verbose = folder.run(&["demo", "-v", "-o", "out"]);
    let told = folder.json("out/receipt.json")["counts"]["findings"].clone();
    let sum: u64 = told.as_object().expect("counts").values().filter_map(Value::as_u64).sum();
    assert_eq!(verbose.err.lines().count() as u64, sum, "each finding on a line of its own");
}

#[test]
fn layers_keep_their_promises_to_a_gis() {
    let folder = Folder::new();
    folder.done(&["demo", "-q", "-o", "out"]);
    for name in LAYERS.iter().chain(&["footprint_lines"]) {
        let layer = folder.json(&format!("out/{name}.geojson"));
        assert_eq!(layer["name"], *name);
        assert_eq!(layer["bbox"].as_array().map(Vec::len), Some(4), "{name}");
        assert!(layer.get("crs").is_none(), "{name}");
        let list = layer["features"].as_array().expect("features");
        let keys = |f: &Value| {
            f["properties"].as_object().expect("properties").keys().cloned().collect::<Vec<_>>()
        };
        let (first, kind) = (keys(&list[0]), &list[0]["geometry"]["type"]);
        let mut whole: BTreeMap<String, bool> = BTreeMap::new();
        for feature in list {
            assert!(feature["id"].is_string(), "{name}");
            assert_eq!(keys(feature), first, "{name}: the same keys in the same order");
            assert_eq!(&feature["geometry"]["type"], kind, "{name}: one kind of geometry");
            for (key, value) in feature["properties"].as_object().expect("properties") {
                assert!(!value.is_array() && !value.is_object(), "{name}: {key} is flat");
                if value.is_number() {
                    let integer = value.is_i64() || value.is_u64();
                    let known = *whole.entry(key.clone()).or_insert(integer);
                    assert_eq!(integer, known, "{name}: {key} is of one type");
                }
                assert_ne!(value, "", "{name}: {key} is null, not empty");
            }
        }
    }
}

#[test]
fn past_a_limit_everything_is_written_and_the_code_is_one() {
    let folder = Folder::with_mines();
    folder.write(
        "faulty.csv",
        format!("{}i-9,never,66,29,Pakistan,Battles,1,2\n", crate::cli::INCIDENTS),
    );
    let run = |file: &str, more: &[&str]| {
        let mut args = vec!["score", "--sites", "sites.csv", "--incidents", file, "-o", "out"];
        args.extend(more);
        folder.run(&args)
    };
    for (file, more, code) in [
        ("faulty.csv", &["--max-rejects", "0"][..], 1),
        ("faulty.csv", &["--max-rejects", "1"], 0),
        ("faulty.csv", &["--max-rejects", "10%"], 1),
        ("faulty.csv", &["--max-rejects", "20 %"], 0),
        ("incidents.csv", &["--max-rejects", "0"], 0),
        ("incidents.csv", &["--fail-on", "very-low"], 1),
        ("incidents.csv", &["--fail-on", "very high"], 0),
        ("incidents.csv", &["--max-rejects", "few"], 2),
        ("incidents.csv", &["--max-rejects", "101%"], 2),
        ("incidents.csv", &["--fail-on", "hihg"], 2),
    ] {
        let ended = run(file, more);
        assert_eq!(ended.code, code, "{more:?}: {}", ended.err);
        assert_eq!(folder.at("out/receipt.json").exists(), code != 2, "{more:?}");
        let told =
            ended.err.contains(&format!("{}: ", more.join(" ").replace("very high", "very-high")));
        assert_eq!(told, code == 1, "{more:?}: {}", ended.err);
        let _ = std::fs::remove_dir_all(folder.at("out"));
    }
}

#[test]
fn a_dry_run_names_inputs_and_outputs_and_writes_nothing() {
    let folder = Folder::with_mines();
    let told = folder.done(&[
        "score",
        "--sites",
        "sites.csv",
        "--incidents",
        "incidents.csv",
        "--layers",
        "sites",
        "--dry-run",
        "-o",
        "out",
    ]);
    for line in
        ["read sites: sites.csv (", "read incidents: incidents.csv (", "nothing was written"]
    {
        assert!(told.contains(line), "{told}");
    }
    assert!(told.contains("sites.geojson") && !told.contains("rings.geojson"), "{told}");
    assert!(!folder.at("out").exists());
}
