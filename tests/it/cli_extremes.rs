//! Limits of option values, and files with very many columns: meaningless values are refused with the
//! limit, before anything is computed or written.

use crate::cli::Folder;
use std::fmt::Write;

fn mines() -> Folder {
    Folder::with_mines()
}

const INPUTS: [&str; 4] = ["--sites", "sites.csv", "--incidents", "incidents.csv"];

#[track_caller]
fn refused(folder: &Folder, args: &[&str], says: &str) {
    let ended = folder.run(&[args, &INPUTS].concat());
    assert_eq!(ended.code, 2, "{args:?}: {}", ended.err);
    assert!(ended.err.contains(says), "{args:?}: {}", ended.err);
    assert!(folder.files("out").is_empty() && !folder.at("surface.tif").exists(), "{args:?}");
}

#[test]
fn cells_that_no_surface_can_have_are_refused() {
    let folder = mines();
    for cell in ["100000km", "1001km", "0km", "0m", "0.5m", "1e-300m"] {
        refused(&folder, &["surface", "--cell", cell], "is not between 1m and 1000km");
        refused(&folder, &["score", "--cell", cell], "is not between 1m and 1000km");
    }
    for cell in ["-1km", "NaNkm", "infkm", "1e400km", "10"] {
        refused(&folder, &["surface", "--cell", cell], "is not a length");
    }
    refused(
        &folder,
        &["surface", "--cell", "500km", "--bbox", "66,29,67,30"],
        "is larger than the box to draw, which is 97.",
    );
    refused(
        &folder,
        &["surface", "--cell", "20m", "--bbox", "-180,29,180,29.0001"],
        "more than 1048576 in a row",
    );
    // As large as the box, and as small as cells go.
    for (cell, bbox) in [("100km", "66,29,67,30"), ("1m", "66,29,66.001,29.001")] {
        folder.done(&[&["surface", "--cell", cell, "--bbox", bbox], &INPUTS[..]].concat());
        std::fs::remove_file(folder.at("surface.tif")).expect("a surface");
    }
}

#[test]
fn boxes_that_hold_nothing_or_nearly_all_are_refused() {
    let folder = mines();
    for (bbox, says) in [
        ("66,29,66,30", "west and east are both 66"),
        ("66,29,67,29", "south and north are both 29"),
        ("66,30,67,29", "south 30 lies north of north 29"),
        ("67,29,66,30", "it crosses 180° and is 359° wide, so west 67 and east 66 look swapped"),
        ("nan,29,67,30", "not a longitude"),
        ("66,29,67", "it has 3 numbers"),
    ] {
        for command in ["score", "surface"] {
            refused(&folder, &[command, "--bbox", bbox], says);
        }
    }
    // A box across the antimeridian, and one around the whole Earth.
    for bbox in ["170,-20,-170,20", "60,20,-60,40", "-180,-90,180,90"] {
        let args = [&["surface", "--cell", "500km", "--bbox", bbox], &INPUTS[..]].concat();
        folder.done(&args);
    }
}

#[test]
fn counts_and_distances_that_mean_nothing_are_refused() {
    let folder = mines();
    let near = |option: &'static str, value: &'static str| ["near", "--at", "66,29", option, value];
    for value in ["0km", "0m", "20005km", "1e300km"] {
        refused(&folder, &near("--within", value), "is not above 0 and at most 20004km");
    }
    for value in ["-1km", "nankm", "5"] {
        refused(&folder, &near("--within", value), "is not a length");
    }
    for value in ["0", "-1", "1.5", "99999999999999999999999"] {
        refused(&folder, &near("-k", value), "expected a whole number from 1");
    }
    for value in ["0", "-1", "1025", "two"] {
        refused(&folder, &near("--threads", value), "expected a whole number from 1 to 1024");
    }
    for value in ["-1", "-1%", "101%", "nan%", "1.5", ""] {
        refused(&folder, &["score", "--max-rejects", value], "is not a number of records");
    }
    refused(&folder, &["score", "--map", ""], "--map: is empty");
    for [option, value] in [["--within", "20004km"], ["-k", "1"], ["--threads", "1"]] {
        folder.done(&[&near(option, value)[..], &INPUTS].concat());
    }
    folder.done(&[&["score", "--max-rejects", "0"], &INPUTS[..]].concat());
}

/// Two sites with so many columns besides.
fn wide(columns: usize) -> String {
    let mut text = "id,name,lon,lat".to_owned();
    for at in 0..columns {
        write!(text, ",c{at}").expect("text");
    }
    for (id, lon) in [("A", 66.5), ("B", 66.6)] {
        write!(text, "\n{id},{id},{lon},29.5").expect("text");
        for at in 0..columns {
            write!(text, ",{at}").expect("text");
        }
    }
    text + "\n"
}

#[test]
fn columns_that_a_format_has_no_room_for_are_refused_before_anything_is_scored() {
    let folder = mines();
    folder.write("sites.csv", wide(2500));
    for option in ["--gpkg", "--all"] {
        refused(&folder, &["score", option], "columns, and a GeoPackage holds at most 1997");
    }
    folder.done(&[&["score", "--format", "geojson,fgb"], &INPUTS[..]].concat());
    let sites = folder.json("out/sites.geojson");
    assert_eq!(sites["features"][1]["properties"]["site_c2499"], 2499.0);
    std::fs::remove_dir_all(folder.at("out")).expect("the folder");

    folder.write("sites.csv", wide(65_534));
    let says = "columns, and a FlatGeobuf file holds at most 65534";
    refused(&folder, &["score", "--format", "fgb"], says);
}

/// What stays within the limits is written whole.
#[test]
fn a_geopackage_of_as_many_columns_as_it_holds_is_written() {
    let folder = mines();
    folder.write("sites.csv", wide(1850));
    folder.done(&[&["score", "--gpkg"], &INPUTS[..]].concat());
    assert!(folder.files("out").contains_key("risk.gpkg"));
}

#[test]
fn time_and_memory_for_columns_grow_with_their_number() {
    let folder = mines();
    let time = |columns: usize| {
        folder.write("sites.csv", wide(columns));
        let least = (0..3).map(|_| {
            let begun = std::time::Instant::now();
            folder.done(&[&["score"], &INPUTS[..]].concat());
            begun.elapsed().as_secs_f64()
        });
        least.fold(f64::MAX, f64::min)
    };
    // Growing with the square it would be 64 times as long.
    let (few, many) = (time(5_000), time(40_000));
    assert!(many < 24.0 * few, "5,000 columns: {few:.2} s, 40,000: {many:.2} s");
}
