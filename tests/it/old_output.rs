//! Existing files in an output folder: unchanged files of this program are replaced, edited styles and
//! projects are kept, and any other file is kept and reported.

use crate::cli::{Ended, Folder};
use serde_json::Value;
use std::collections::BTreeMap;

const SCORE: [&str; 7] = ["score", "-s", "sites.csv", "-i", "incidents.csv", "-o", "out"];

fn run(folder: &Folder, more: &[&str]) -> Ended {
    folder.run(&[&SCORE[..], more].concat())
}

fn done(folder: &Folder, more: &[&str]) -> Ended {
    let ended = run(folder, more);
    assert_eq!(ended.code, 0, "{more:?}: {}", ended.err);
    ended
}

/// A run that is refused because of a file, which is kept; nothing else changes.
fn refused(folder: &Folder, args: &[&str], inside: &str, file: &str) -> Ended {
    let before = folder.files(inside);
    let ended = folder.run(args);
    assert_eq!(ended.code, 4, "{args:?}: {}", ended.err);
    assert!(
        ended.err.contains(&format!("{file}: would be overwritten")),
        "{args:?}: {}",
        ended.err
    );
    assert!(ended.err.contains("--replace"), "{args:?}: {}", ended.err);
    assert_eq!(folder.files(inside), before, "{args:?}");
    ended
}

fn outputs(folder: &Folder, receipt: &str) -> BTreeMap<String, Value> {
    let receipt = folder.json(receipt);
    let list = receipt["outputs"].as_array().expect("outputs").clone();
    list.into_iter().map(|one| (one["file"].as_str().expect("a name").to_owned(), one)).collect()
}

fn append(folder: &Folder, file: &str, text: &str) -> Vec<u8> {
    let mut bytes = folder.bytes(file);
    bytes.extend_from_slice(text.as_bytes());
    folder.write(file, &bytes);
    bytes
}

#[test]
fn a_file_of_somebody_else_is_not_written_over() {
    for file in ["sites.geojson", "incidents.geojson", "rejects.csv", "receipt.json"] {
        let folder = Folder::with_mines();
        let file = format!("out/{file}");
        folder.write(&file, "mine").write("out/notes.txt", "beside it");
        // Before anything is read: the incidents are not there.
        let missing = ["score", "-q", "-s", "sites.csv", "-i", "missing.csv", "-o", "out"];
        refused(&folder, &missing, "out", &file);
        done(&folder, &["--replace"]);
        assert_ne!(folder.bytes(&file), b"mine");
        assert_eq!(folder.bytes("out/notes.txt"), b"beside it");
        done(&folder, &[]);
    }
    let folder = Folder::new();
    folder.write("out/demo/report.html", "mine").write("out/demo/map.png", "mine");
    refused(&folder, &["demo", "-q"], "out/demo", "out/demo/report.html");
    folder.done(&["demo", "-q", "--replace"]);
    folder.done(&["demo", "-q"]);
}

#[test]
fn a_file_that_a_run_does_not_write_is_no_obstacle() {
    let folder = Folder::with_mines();
    folder.write("out/footprints.geojson", "mine");
    done(&folder, &[]);
    folder.write("areas.csv", "id,name,wkt\na,A,\"POLYGON((66 29,66.1 29,66.1 29.1,66 29))\"\n");
    let shapes = [&SCORE[..], &["-s", "areas.csv"]].concat();
    refused(&folder, &shapes, "out", "out/footprints.geojson");
    let folder = Folder::with_mines();
    folder.write("out/risk.qgz", "mine").write("out/rings.geojson", "mine");
    let ended = done(&folder, &["--layers", "sites"]);
    assert_eq!(folder.bytes("out/risk.qgz"), b"mine");
    assert!(ended.err.contains("rings.geojson was there before; this run did not write it"));
    refused(&folder, &SCORE, "out", "out/rings.geojson");
    refused(
        &folder,
        &[&SCORE[..], &["--layers=sites", "--project"]].concat(),
        "out",
        "out/risk.qgz",
    );
}

#[test]
fn what_this_program_wrote_is_replaced_while_it_is_unchanged() {
    let folder = Folder::with_mines();
    done(&folder, &["--all", "--group-by", "country", "--format", "geojson,fgb"]);
    let all = folder.files("out");
    // Fewer files, then all of them again, at another date in between.
    done(&folder, &["--layers", "sites", "--as-of", "2024-12-31"]);
    let earlier = folder.json("out/receipt.json")["earlier"].to_string();
    assert!(earlier.contains("rings.geojson") && !earlier.contains("\"sites.geojson"), "{earlier}");
    done(&folder, &["--layers", "sites", "--as-of", "2024-12-30"]);
    done(&folder, &["--all", "--group-by", "country", "--format", "geojson,fgb"]);
    assert_eq!(folder.files("out"), all, "the same bytes again");
    // A receipt of an earlier format.
    let mut receipt = folder.json("out/receipt.json");
    receipt.as_object_mut().expect("members").remove("earlier");
    for output in receipt["outputs"].as_array_mut().expect("outputs") {
        output.as_object_mut().expect("members").remove("kept");
    }
    folder.write("out/receipt.json", receipt.to_string());
    done(&folder, &["--all", "--as-of", "2024-12-31"]);
    // What was changed is not, whether its length is the same or not, until it is as it was.
    let sites = folder.bytes("out/sites.geojson");
    let mut turned = sites.clone();
    turned.reverse();
    for changed in [turned, append(&folder, "out/sites.geojson", " ")] {
        folder.write("out/sites.geojson", &changed);
        let ended = refused(&folder, &SCORE, "out", "out/sites.geojson");
        assert!(ended.err.contains("changed since"), "{}", ended.err);
    }
    folder.write("out/sites.geojson", sites);
    done(&folder, &[]);
    append(&folder, "out/sites.geojson", " ");
    std::fs::remove_file(folder.at("out/rings.geojson")).expect("there");
    refused(&folder, &SCORE, "out", "out/sites.geojson");
    std::fs::remove_file(folder.at("out/sites.geojson")).expect("there");
    done(&folder, &[]);
}

#[test]
fn an_edited_style_is_kept_and_named_until_all_is_to_be_replaced() {
    let folder = Folder::with_mines();
    done(&folder, &["--project"]);
    let whole = folder.files("out");
    let style = append(&folder, "out/sites.qml", "<!-- by hand -->");
    let project = append(&folder, "out/risk.qgz", "by hand");
    let mut receipts = Vec::new();
    for _ in 0..2 {
        // Kept is kept: that its hash is in the receipt now makes it no output to be replaced.
        let ended = done(&folder, &["--project", "--as-of", "2024-12-31"]);
        let told = "sites.qml, risk.qgz: kept as edited since they were written; --replace";
        assert!(ended.err.contains(told), "{}", ended.err);
        assert_eq!(
            (folder.bytes("out/sites.qml"), folder.bytes("out/risk.qgz")),
            (style.clone(), project.clone())
        );
        let told = outputs(&folder, "out/receipt.json");
        for (name, output) in &told {
            let bytes = folder.bytes(&format!("out/{name}"));
            assert_eq!(output["blake3"], blake3::hash(&bytes).to_hex().as_str(), "{name}");
            assert_eq!(output["bytes"], bytes.len(), "{name}");
            assert_eq!(
                output["kept"],
                ["sites.qml", "risk.qgz"].contains(&name.as_str()),
                "{name}"
            );
        }
        receipts.push(folder.bytes("out/receipt.json"));
    }
    assert_eq!(receipts[0], receipts[1]);
    // Through a run that writes no project.
    done(&folder, &[]);
    done(&folder, &["--project"]);
    assert_eq!(folder.bytes("out/sites.qml"), style);
    // A deleted one is written again, and so is one that was restored.
    std::fs::remove_file(folder.at("out/sites.qml")).expect("there");
    folder.write("out/risk.qgz", &whole["risk.qgz"]);
    assert!(!done(&folder, &["--project"]).err.contains("kept"));
    assert_eq!(folder.files("out"), whole);
    append(&folder, "out/sites.qml", "<!-- by hand -->");
    assert!(!done(&folder, &["--project", "--replace"]).err.contains("kept"));
    assert_eq!(folder.files("out"), whole);
    // A style that this program never wrote is another's.
    let folder = Folder::with_mines();
    done(&folder, &[]);
    folder.write("out/sites.qml", "mine");
    refused(&folder, &[&SCORE[..], &["--project"]].concat(), "out", "out/sites.qml");
}

#[test]
fn a_geopackage_that_was_looked_at_is_unchanged_and_one_that_was_edited_is_not() {
    let folder = Folder::with_mines();
    done(&folder, &["--gpkg"]);
    let written = folder.bytes("out/risk.gpkg");
    let open = || rusqlite::Connection::open(folder.at("out/risk.gpkg")).expect("a database");
    let mode = |database: &rusqlite::Connection, mode: &str| {
        database.pragma_update(None, "journal_mode", mode).expect("a mode");
    };
    // As GIS programs do that write a journal ahead.
    let database = open();
    mode(&database, "wal");
    mode(&database, "delete");
    drop(database);
    assert_ne!(folder.bytes("out/risk.gpkg"), written);
    done(&folder, &["--gpkg"]);
    assert_eq!(folder.bytes("out/risk.gpkg"), written);
    let database = open();
    database.execute("UPDATE layer_styles SET styleQML = 'mine'", []).expect("an update");
    drop(database);
    refused(&folder, &[&SCORE[..], &["--gpkg"]].concat(), "out", "out/risk.gpkg");
    done(&folder, &["--gpkg", "--replace"]);
}

#[test]
fn a_dry_run_says_what_is_replaced_kept_and_in_the_way() {
    let folder = Folder::with_mines();
    done(&folder, &["--project"]);
    append(&folder, "out/sites.qml", "<!-- by hand -->");
    let ended = run(&folder, &["--project", "--dry-run"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    for line in ["replace: out/sites.geojson", "keep, since it was edited: out/sites.qml"] {
        assert!(ended.out.contains(line), "{}", ended.out);
    }
    append(&folder, "out/sites.geojson", " ");
    let ended = run(&folder, &["--project", "--dry-run", "-q"]);
    assert!(ended.out.contains("in the way: out/sites.geojson"), "{}", ended.out);
    assert_eq!(ended.code, 4);
    assert!(ended.err.contains("out/sites.geojson: would be overwritten"), "{}", ended.err);
    let ended = run(&folder, &["--project", "--dry-run", "--replace"]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert!(ended.out.contains("replace: out/sites.qml"), "{}", ended.out);
}

fn surface<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["surface", "-q", "-i", "incidents.csv", "--cell", "50km"], more].concat()
}

#[test]
fn a_surface_takes_the_place_of_a_surface_alone() {
    let folder = Folder::with_mines();
    for (file, contours) in [("out/s.tif", false), ("out/c.geojson", true), ("out/c.fgb", true)] {
        folder.write("out/other.tif", "").write("out/note", "");
        let args = match contours {
            true => surface(&["-o", "out/other.tif", "--contours", file]),
            false => surface(&["-o", file]),
        };
        folder.write(file, "mine");
        let unread = [&args[..], &["-s", "missing.csv"]].concat();
        refused(&folder, &unread, "out", file);
        folder.done(&[&args[..], &["--replace"]].concat());
        folder.done(&args);
        // What looks alike from afar.
        for (like, text) in [
            ("tif", "II*\0\x08\0\0\0 of somebody else"),
            ("geojson", "{\"type\":\"FeatureCollection\",\"name\":\"contour\",\"features\":[]}"),
            ("fgb", "fgb\x03fgb\0 of somebody else"),
        ] {
            if file.ends_with(like) {
                folder.write(file, text);
                refused(&folder, &args, "out", file);
            }
        }
        std::fs::remove_dir_all(folder.at("out")).expect("there");
    }
    // A layer of another name is not the bands of a surface.
    done(&folder, &["--format", "geojson,fgb"]);
    for file in ["out/sites.geojson", "out/sites.fgb"] {
        refused(&folder, &surface(&["-o", "s.tif", "--contours", file]), "out", file);
    }
    // A pipe holds nothing that could be lost.
    let ended =
        folder.shell("tamarisk surface -q -i incidents.csv --cell 50km -o /dev/stdout | wc -c");
    assert!(ended.out.trim().parse::<u32>().expect("a number") > 500, "{}", ended.err);
}

const PLAN: &str = r#"
    [inputs]
    sites = ["sites.csv"]
    incidents = ["incidents.csv"]
    [dates]
    on = ["2024-06-30", "2024-07-31"]
    [[regions]]
    name = "East"
    bbox = [66, 29, 68, 31]
    [[regions]]
    name = "West"
    bbox = [64, 28, 65, 29]
"#;

const BATCH: [&str; 4] = ["batch", "plan.toml", "-o", "out"];

#[test]
fn a_batch_writes_over_nobodys_files() {
    for (file, frames) in [
        ("out/report.html", 0),
        ("out/frames.csv", 0),
        ("out/East/default/2024-06-30/sites.geojson", 3),
        ("out/East/default/sites_over_time.gpkg", 4),
    ] {
        let folder = Folder::with_mines();
        folder.write("plan.toml", PLAN).write(file, "mine");
        for _ in 0..2 {
            let ended = folder.run(&[&BATCH[..], &["-q"]].concat());
            let code = if frames == 0 { 4 } else { 5 };
            assert_eq!(ended.code, code, "{file}: {}", ended.err);
            assert!(ended.err.contains(&format!("{file}: would be overwritten")), "{}", ended.err);
            assert_eq!(folder.bytes(file), b"mine");
        }
        // The others are made, unless the folder as a whole is at fault.
        let made = ["East", "West"].iter().flat_map(|region| {
            ["2024-06-30", "2024-07-31"]
                .map(|date| format!("out/{region}/default/{date}/receipt.json"))
        });
        assert_eq!(made.filter(|receipt| folder.at(receipt).exists()).count(), frames, "{file}");
        folder.done(&[&BATCH[..], &["--replace"]].concat());
        assert_ne!(folder.bytes(file), b"mine");
        assert!(folder.done(&BATCH).contains("nothing to do"));
    }
}

#[test]
fn an_edited_style_in_a_batch_is_neither_made_anew_each_night_nor_lost() {
    let folder = Folder::with_mines();
    folder.write("plan.toml", PLAN);
    folder.done(&BATCH);
    let all = || {
        let names = ["sites_over_time.geojson", "sites_over_time.qml", "sites_over_time.qgz"];
        let names = names.into_iter().chain(["sites_over_time.gpkg", "receipt.json"]);
        names.map(|name| folder.bytes(&format!("out/East/default/{name}"))).collect::<Vec<_>>()
    };
    let whole = all();
    let edited = "out/East/default/sites_over_time.qml";
    let style = append(&folder, edited, "<!-- by hand -->");
    assert!(folder.done(&BATCH).contains("nothing to do"));
    // Another night, with another incident.
    let row = "i-6,2024-06-20,66.9,29.8,Pakistan,Battles,2,2\n";
    folder.write("incidents.csv", format!("{}{row}", crate::cli::INCIDENTS));
    let ended = folder.run(&BATCH);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let told = "note: East/default: sites_over_time.qml: kept as edited since it was written";
    assert!(ended.err.contains(told), "{}", ended.err);
    assert_eq!(folder.bytes(edited), style);
    let output = &outputs(&folder, "out/East/default/receipt.json")["sites_over_time.qml"];
    assert_eq!((&output["kept"], &output["bytes"]), (&true.into(), &style.len().into()));
    assert!(folder.done(&BATCH).contains("nothing to do"));
    assert_eq!(folder.bytes(edited), style);
    folder.write("incidents.csv", crate::cli::INCIDENTS);
    folder.done(&[&BATCH[..], &["--replace"]].concat());
    assert!(all() == whole, "the same bytes again");
    assert!(folder.done(&[&BATCH[..], &["--replace"]].concat()).contains("nothing to do"));
}
