//! How the program ends: the exit code informs scripts, the message tells users what happened, where,
//! and what to try.

use crate::cli::Folder;
use std::process::{Command, Stdio};

/// Files with one fault each.
fn faulty() -> Folder {
    let folder = Folder::with_mines();
    folder
        .write("prose.geojson", "this is no JSON")
        .write("truncated.geojson", r#"{"type":"FeatureCollection","features":[{"type":"Feature","#)
        .write("columns.csv", "a,b\n1,2\n")
        .write("binary.csv", [0x89, 0x50, 0x4e, 0x47, 0x00, 0x01, 0xff, 0xfe, 0x00])
        .write("latin.csv", b"id,name,lon,lat\n1,Z\xfcrich,8.5,47.4\n")
        .write("unknown_key.toml", "name = \"mine\"\n\n[security]\nkernl = 1\n")
        .write("syntax.toml", "name = \"mine\"\n[security\n")
        .write("weights.toml", "[environment.seismic]\nweight = -1.0\n")
        .write("points.geojson", r#"{"type":"Point","coordinates":[66,30]}"#)
        .write("folder/sites.csv", crate::cli::SITES)
        .write("full/sites.geojson/inside", "a folder where a file should be");
    folder
}

#[test]
fn each_fault_has_its_exit_code_its_place_and_its_value() {
    let folder = faulty();
    // Arguments, exit code, what the message must hold.
    let cases: &[(&str, i32, &[&str])] = &[
        // What was asked for.
        ("frobnicate", 2, &["frobnicate"]),
        ("score --sits sites.csv", 2, &["--sits", "--sites"]),
        ("score", 2, &["no sites", "hint: ", "--sites"]),
        ("score --sites sites.csv --bbox 1,2,3 -o out", 2, &["--bbox", "1,2,3", "3 numbers"]),
        ("score --sites sites.csv --bbox 1,9,3,4 -o out", 2, &["--bbox", "south 9"]),
        ("score --sites sites.csv --bbox 1,2,x,4 -o out", 2, &["--bbox", "1,2,x,4"]),
        ("score --sites sites.csv --bbox 1,2,NaN,4 -o out", 2, &["--bbox", "NaN"]),
        ("score --sites sites.csv --as-of 2024-13-01 -o out", 2, &["2024-13-01", "YYYY-MM-DD"]),
        ("score --sites sites.csv --as-of 01/02/2024 -o out", 2, &["01/02/2024", "YYYY-MM-DD"]),
        ("score --sites sites.csv -r rivrs=x.csv -o out", 2, &["\"rivrs\"", "did you mean rivers"]),
        ("score --sites sites.csv --complete setlements -o out", 2, &["did you mean settlements"]),
        ("score --sites sites.csv --layers sits -o out", 2, &["\"sits\"", "did you mean sites"]),
        ("score --sites sites.csv --coverage Pakistn -o out", 2, &["\"Pakistn\"", "hint: "]),
        ("score --sites sites.csv --scheme biodivrsity -o out", 2, &["did you mean biodiversity"]),
        (
            "score --sites sites.csv --scheme unknown_key.toml -o out",
            2,
            &["unknown_key.toml", "line 4", "kernl", "kernel"],
        ),
        ("score --sites sites.csv --scheme syntax.toml -o out", 2, &["syntax.toml", "line 2"]),
        (
            "score --sites sites.csv --scheme weights.toml -o out",
            2,
            &["weights.toml", "seismic", "-1"],
        ),
        ("score --sites sites.csv --crs EPSG:1 -o out", 2, &["EPSG:1"]),
        ("score --sites sites.csv --encoding utf-99 -o out", 2, &["utf-99"]),
        ("score --sites - --incidents - -o out", 2, &["standard input", "more than once"]),
        ("score --sites sites.csv --demo -o out", 2, &["--demo"]),
        ("scheme check unknown_key.toml", 2, &["unknown_key.toml", "line 4", "kernl"]),
        ("scheme show securty-only", 2, &["did you mean security-only"]),
        ("explain Dom --sites sites.csv", 2, &["\"Dom\"", "did you mean Dome (dome)"]),
        ("near --sites sites.csv", 2, &["--at", "--site", "hint: "]),
        ("near --at 66,30", 2, &["no files to search", "--sites"]),
        ("near --at 66 --sites sites.csv", 2, &["--at", "LON,LAT"]),
        ("near --at 30,166 --sites sites.csv", 2, &["not on Earth", "longitude comes first"]),
        ("near --at 66,30 --within 50 --sites sites.csv", 2, &["--within", "\"50\"", "50km"]),
        ("near --at 66,30 --within -5km --sites sites.csv", 2, &["--within", "-5km"]),
        ("near --at 66,30 -k 0 --sites sites.csv", 2, &["--most", "whole number from 1"]),
        ("near --at 66,30 --site dome --sites sites.csv", 2, &["--at", "--site"]),
        ("check --as mines sites.csv", 2, &["--as", "\"mines\""]),
        ("man scor", 2, &["did you mean score"]),
        ("--threads 0 demo", 2, &["--threads", "whole number from 1"]),
        ("--threads 4000000000 demo", 2, &["--threads", "1024"]),
        // A whole input.
        ("score --sites prose.geojson -o out", 3, &["prose.geojson"]),
        ("score --sites truncated.geojson -o out", 3, &["truncated.geojson", "line 1"]),
        ("score --sites columns.csv -o out", 3, &["columns.csv", "hint: "]),
        ("score --sites binary.csv -o out", 3, &["binary.csv"]),
        ("score --sites latin.csv -o out", 3, &["latin.csv", "byte", "--encoding"]),
        ("score --sites sites.csv --incidents columns.csv -o out", 3, &["columns.csv"]),
        (
            "score --sites sites.csv --incidents incidents.csv --coverage points.geojson -o out",
            3,
            &["points.geojson", "polygon"],
        ),
        ("check prose.geojson", 3, &["prose.geojson"]),
        ("check truncated.geojson", 3, &["truncated.geojson"]),
        ("check missing.csv", 3, &["missing.csv", "no such file"]),
        // Reading and writing.
        ("score --sites missing.csv -o out", 4, &["missing.csv", "no such file", "hint: "]),
        ("score --sites folder -o out", 4, &["folder", "folder"]),
        ("score --sites sites.csv --scheme ./missing.toml -o out", 4, &["missing.toml"]),
        ("score --sites sites.csv -o incidents.csv", 4, &["incidents.csv", "a file, not a folder"]),
        ("score --sites sites.csv -o incidents.csv/out", 4, &["incidents.csv/out"]),
        ("score --sites sites.csv -o full", 4, &["sites.geojson", "folder"]),
    ];
    for (line, code, holds) in cases {
        let args: Vec<&str> = line.split(' ').collect();
        let ended = folder.run(&args);
        assert_eq!(ended.code, *code, "{line}: {}", ended.err);
        assert_eq!(ended.out, "", "{line}: a refusal goes to standard error");
        for part in *holds {
            assert!(ended.err.contains(part), "{line}: no \"{part}\" in\n{}", ended.err);
        }
        let (fact, hint) = ended.err.split_once("\n\n").unwrap_or((&ended.err, ""));
        assert!(fact.starts_with("error: "), "{line}: {fact}");
        assert!(!fact.trim_end().ends_with('.'), "{line}: a full stop in {fact}");
        assert!(!ended.err.contains("os error"), "{line}: {}", ended.err);
        assert!(!ended.err.contains("panicked"), "{line}: {}", ended.err);
        // Errors of the argument parser have their own second paragraph.
        if !hint.is_empty() && !hint.contains("For more information") {
            assert!(
                hint.starts_with("hint: ") && !hint.trim_end().ends_with('.'),
                "{line}: {hint}"
            );
        }
    }
    assert!(folder.files("out").is_empty(), "a refused run leaves no file");
}

#[test]
fn an_input_is_not_overwritten_and_that_is_found_before_reading() {
    let folder = faulty();
    let site = r#"{"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[66,30]},"properties":{"name":"A"}}"#;
    folder.write("out/sites.geojson", site).write("out/rejects.csv", crate::cli::INCIDENTS);
    for inputs in [
        // The second input is unreadable, which would be found only on reading it.
        &["--sites", "out/sites.geojson", "--incidents", "prose.geojson"][..],
        &["--sites", "./out/../out/sites.geojson"],
        &["--sites", "sites.csv", "--incidents", "out/rejects.csv"],
        &["--sites", "sites.csv", "--coverage", "out/sites.geojson"],
    ] {
        let args: Vec<&str> = ["score", "-o", "out"].iter().chain(inputs).copied().collect();
        let ended = folder.run(&args);
        assert_eq!(ended.code, 4, "{inputs:?}: {}", ended.err);
        assert!(ended.err.contains("would be overwritten"), "{inputs:?}: {}", ended.err);
        assert_eq!(folder.bytes("out/sites.geojson"), site.as_bytes());
        assert_eq!(folder.files("out").len(), 2, "nothing is left beside the inputs");
    }
}

#[test]
fn check_tells_clean_set_aside_and_unreadable_apart() {
    let folder = faulty();
    folder
        .write("clean.csv", "id,name,lon,lat\na,A,66.512,29.613\n")
        .write("faulty.csv", "id,name,lon,lat\na,A,66.512,29.613\nb,B,66.5,95\nc,C,,\n");
    for (files, code) in [
        (&["clean.csv"][..], 0),
        (&["faulty.csv"], 1),
        (&["clean.csv", "faulty.csv"], 1),
        (&["prose.geojson"], 3),
        (&["prose.geojson", "clean.csv"], 3),
        (&["faulty.csv", "missing.csv", "clean.csv"], 3),
    ] {
        let args: Vec<&str> = ["check"].iter().chain(files).copied().collect();
        let ended = folder.run(&args);
        assert_eq!(ended.code, code, "{files:?}: {}", ended.err);
        for file in files {
            assert!(
                ended.out.contains(file) || ended.err.contains(file),
                "{files:?}: one bad file stops no other: {}",
                ended.out
            );
        }
        let json: Vec<&str> = ["check", "--json"].iter().chain(files).copied().collect();
        let ended = folder.run(&json);
        assert_eq!(ended.code, code, "{files:?} as JSON");
        serde_json::from_str::<serde_json::Value>(&ended.out).expect("JSON even beside bad files");
    }
    let text = folder.run(&["check", "faulty.csv"]).out;
    for part in ["3 read, 1 usable, 2 set aside", "line 3 (id \"b\"): ", "\"95\""] {
        assert!(text.contains(part), "no \"{part}\" in\n{text}");
    }
}

/// Every command that prints, into a reader that takes one line and closes.
#[cfg(unix)]
#[test]
fn a_closed_pipe_is_success_without_a_message() {
    let folder = Folder::with_mines();
    // Enough findings that the pipe's buffer cannot take them all.
    let rows: String = (0..20_000).map(|row| format!("{row},,x,y\n")).collect();
    folder.write("many.csv", format!("id,name,lon,lat\n{rows}"));
    for line in [
        "tamarisk explain 'Reko Diq' --demo --json",
        "tamarisk explain 'Reko Diq' --demo",
        "tamarisk near --demo --at 67,30.2 --within 2000km",
        "tamarisk near --demo --at 67,30.2 --within 2000km --json",
        "tamarisk scheme show",
        "tamarisk scheme schema",
        "tamarisk check -v many.csv",
        "tamarisk check --json many.csv",
        "tamarisk demo -v -o out",
        "tamarisk man",
        "tamarisk completions bash",
        "tamarisk score --help",
        "tamarisk --version",
    ] {
        for reader in ["head -n 1", "true", "sleep 0.05"] {
            let ended = folder.shell(&format!("{{ {line}; echo $? > code; }} | {reader}"));
            let code = String::from_utf8(folder.bytes("code")).expect("a number");
            assert_eq!(code.trim(), "0", "{line} | {reader}: {}", ended.err);
            // Findings of a scoring run are reported next to its results.
            let told = line.contains("demo -v") && !ended.err.contains("error:");
            assert!(told || ended.err.is_empty(), "{line} | {reader}: {}", ended.err);
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_standard_output_is_an_error() {
    let folder = Folder::new();
    for line in ["tamarisk scheme show", "tamarisk explain Saindak --demo --json"] {
        let ended = folder.shell(&format!("{line} > /dev/full"));
        assert_eq!(ended.code, 4, "{line}");
        assert!(ended.err.contains("standard output: no space left"), "{line}: {}", ended.err);
    }
}

/// A run that waits for standard input, which stays open.
#[cfg(unix)]
#[test]
fn waiting_for_standard_input_ends_with_one_ctrl_c() {
    let folder = Folder::new();
    for (args, signals) in [
        (&["check", "-"][..], 1),
        (&["near", "--at", "66,30", "-s", "-"], 1),
        (&["explain", "a", "-s", "-"], 1),
        (&["score", "-s", "-", "-o", "out"], 2),
    ] {
        let mut child = folder.command(args).stdin(Stdio::piped()).spawn().expect("runs");
        std::thread::sleep(std::time::Duration::from_millis(300));
        for _ in 0..signals {
            assert!(child.try_wait().expect("a state").is_none(), "{args:?} waits");
            signal(&child, "INT");
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        assert_eq!(child.wait().expect("an end").code(), Some(130), "{args:?}");
    }
}

/// Sends a signal to a child.
#[cfg(unix)]
pub fn signal(child: &std::process::Child, name: &str) {
    let sent = Command::new("kill").args(["-s", name, &child.id().to_string()]).status();
    assert!(sent.expect("kill runs").success(), "kill -s {name}");
}
