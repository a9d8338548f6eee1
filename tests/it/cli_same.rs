//! The same case in another form gives the same answer: on more threads, in another order, from
//! another format, at another place on Earth, mirrored; and an additional incident never makes a site
//! safer.

use crate::cli::{Dice, Folder, column, features};
use crate::district::{District, WHOLE, differences, inland, scored, with};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;

#[test]
fn any_number_of_threads_any_registers_and_any_repetition_write_the_same_bytes() {
    let folder = District::new(&mut Dice::new(1)).in_folder(inland);
    let mut runs = Vec::new();
    for (threads, registers, out) in [
        ("1", "widest", "one"),
        ("2", "widest", "two"),
        ("4", "avx2", "four"),
        ("1", "baseline", "again"),
    ] {
        let last = WHOLE.len() - 1;
        let how = ["--threads", threads, "--registers", registers];
        folder.done(&with(&with(&WHOLE[..last], &[out]), &how));
        runs.push(folder.files(out));
    }
    let names: Vec<&String> = runs[0].keys().collect();
    for name in ["incidents", "links", "rings", "sites"] {
        assert!(names.contains(&&format!("{name}.geojson")), "{names:?}");
    }
    assert!(runs.iter().all(|run| *run == runs[0]));
    // A run into the folder of an earlier one too.
    folder.done(&with(&WHOLE[..WHOLE.len() - 1], &["one"]));
    assert_eq!(folder.files("one"), runs[0]);
}

#[test]
fn the_order_of_incidents_and_receptors_does_not_matter() {
    let folder = District::new(&mut Dice::new(2)).in_folder(inland);
    folder.done(WHOLE);
    let before = folder.files("out");
    let mut dice = Dice::new(3);
    for name in ["incidents.csv", "settlements.csv", "quakes.csv"] {
        let text = String::from_utf8(folder.bytes(name)).expect("UTF-8");
        let (header, rows) = text.split_once('\n').expect("a header");
        let mut rows: Vec<&str> = rows.lines().collect();
        for last in (1..rows.len()).rev() {
            let other = dice.below(last as u64 + 1) as usize;
            rows.swap(last, other);
        }
        let shuffled = format!("{header}\n{}\n", rows.join("\n"));
        assert_ne!(shuffled, text);
        folder.write(name, shuffled);
    }
    folder.done(WHOLE);
    let after = folder.files("out");
    // Only what names lines of the inputs, or their hash, may differ.
    for name in ["sites.geojson", "rings.geojson", "links.geojson"] {
        assert!(before[name] == after[name], "{name}");
    }
    assert_ne!(before["incidents.geojson"], after["incidents.geojson"]);
}

#[test]
fn plain_packed_and_piped_inputs_are_the_same() {
    let folder = District::new(&mut Dice::new(4)).in_folder(inland);
    folder.done(WHOLE);
    let plain = folder.files("out");
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(&folder.bytes("incidents.csv")).expect("packs");
    let packed = packed.finish().expect("packs");
    // The content decides, not the name.
    folder.write("incidents.csv.gz", &packed).write("packed.csv", &packed);
    let of = |incidents: &'static str| -> Vec<&'static str> {
        WHOLE.iter().map(|arg| if *arg == "incidents.csv" { incidents } else { arg }).collect()
    };
    let same = |what: &str| {
        let files = folder.files("out");
        for name in ["sites.geojson", "rings.geojson", "links.geojson"] {
            assert!(files[name] == plain[name], "{what}: {name}");
        }
    };
    folder.done(&of("incidents.csv.gz"));
    same("gzip");
    folder.done(&of("packed.csv"));
    same("gzip named csv");
    for bytes in [folder.bytes("incidents.csv"), packed] {
        let ended = folder.run_fed(&of("-"), &bytes);
        assert_eq!(ended.code, 0, "{}", ended.err);
        same("standard input");
    }
}

#[test]
fn the_same_sites_in_any_kind_of_file_have_the_same_scores() {
    let folder = District::new(&mut Dice::new(5)).in_folder(inland);
    let as_csv = scored(&folder);
    let text = String::from_utf8(folder.bytes("sites.csv")).expect("UTF-8");
    let features: Vec<Value> = text
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let at: Vec<f64> =
                cells[2..].iter().map(|cell| cell.parse().expect("a number")).collect();
            json!({"type": "Feature", "id": cells[0], "properties": {"name": cells[1]},
                   "geometry": {"type": "Point", "coordinates": at}})
        })
        .collect();
    let lines: String = features.iter().map(|feature| format!("{feature}\n")).collect();
    let sequence: String = features.iter().map(|feature| format!("\u{1e}{feature}\n")).collect();
    let collection = json!({"type": "FeatureCollection", "features": features}).to_string();
    let utf16: Vec<u8> =
        [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let variants: [(&str, Vec<u8>); 8] = [
        ("sites.geojson", collection.clone().into_bytes()),
        ("sites.geojsonl", lines.into_bytes()),
        ("sites.geojsons", sequence.into_bytes()),
        ("sites.tsv", text.replace(',', "\t").into_bytes()),
        ("semicolons.csv", text.replace(',', ";").into_bytes()),
        ("crlf.csv", text.replace('\n', "\r\n").into_bytes()),
        ("utf16.csv", utf16),
        ("mark.geojson", format!("\u{feff}{collection}").into_bytes()),
    ];
    for (name, bytes) in variants {
        folder.write(name, bytes);
        let args: Vec<&str> =
            WHOLE.iter().map(|arg| if *arg == "sites.csv" { name } else { arg }).collect();
        folder.done(&args);
        let found = differences(&as_csv, &folder.json("out/sites.geojson"), &["site_id"]);
        let found: Vec<_> = found.iter().filter(|line| !line.ends_with(" null")).collect();
        assert!(found.is_empty(), "{name}: {found:?}");
    }
}

#[cfg(feature = "proj")]
#[test]
fn projected_inputs_have_the_scores_of_degrees() {
    let district = District::new(&mut Dice::new(6));
    let folder = district.in_folder(inland);
    let degrees = scored(&folder);
    let utm = tamarisk::earth::Crs::new("EPSG:32642").expect("a projection");
    let meters = |at| {
        let [lon, lat] = inland(at);
        utm.project(lon, lat).expect("in zone 42")
    };
    district.write(&folder, meters);
    folder.done(&with(WHOLE, &["--crs", "EPSG:32642"]));
    let found = differences(&degrees, &folder.json("out/sites.geojson"), &[]);
    assert!(found.is_empty(), "{found:?}");
    // Positions too.
    let projected = features(&folder.json("out/sites.geojson"));
    for (id, site) in features(&degrees) {
        for axis in 0..2 {
            let of =
                |site: &Value| site["geometry"]["coordinates"][axis].as_f64().expect("a number");
            assert!((of(&site) - of(&projected[&id])).abs() < 1e-6, "{id}");
        }
    }
}

/// The center moved to other meridians, including the antimeridian.
#[test]
fn a_case_moved_along_its_parallels_keeps_scores_counts_and_distances() {
    let district = District::new(&mut Dice::new(7));
    let at_home = scored(&district.in_folder(inland));
    let wrap = |lon: f64| if lon > 180.0 { lon - 360.0 } else { lon };
    let moved: [(&str, f64, bool); 5] = [
        ("over the seam", 180.0, true),
        ("over the seam, longitudes past 180", 180.0, false),
        ("over Greenwich", 0.0, true),
        ("in the Pacific", -150.0, true),
        ("as files have it that count from 0 to 360", 340.0, false),
    ];
    for (what, middle, wrapped) in moved {
        // Lines and polygons are written as they lie on the map; RFC 7946 has them cut at the seam,
        // but files in the wild run past 180.
        let shapes = |[x, y]: [f64; 2]| [middle + x, 29.0 + y];
        let folder = district.in_folder(shapes);
        if wrapped {
            let points = Folder::new();
            district.write(&points, |at| {
                let [lon, lat] = shapes(at);
                [wrap(lon), lat]
            });
            for name in ["sites.csv", "incidents.csv", "settlements.csv", "quakes.csv"] {
                folder.write(name, points.bytes(name));
            }
        }
        let found = differences(&at_home, &scored(&folder), &["country"]);
        assert!(found.is_empty(), "{what}: {found:?}");
    }
}

#[test]
fn a_case_mirrored_at_the_equator_keeps_scores_counts_and_distances() {
    let district = District::new(&mut Dice::new(8));
    let north = scored(&district.in_folder(inland));
    let south = scored(&district.in_folder(|at| {
        let [lon, lat] = inland(at);
        [lon, -lat]
    }));
    let found = differences(&north, &south, &["country", "nearest_incident_bearing"]);
    assert!(found.is_empty(), "{found:?}");
    let bearing = |layer| column(layer, "nearest_incident_bearing");
    let (north, south) = (bearing(&north), bearing(&south));
    for (id, bearing) in north {
        let (n, s) = (bearing.as_f64().expect("one"), south[&id].as_f64().expect("one"));
        let turned = ((n + s - 180.0).rem_euclid(360.0) + 180.0).rem_euclid(360.0) - 180.0;
        assert!(turned.abs() < 0.11, "{id}: {n} {s}");
    }
}

#[test]
fn one_more_incident_lowers_no_score() {
    let district = District::new(&mut Dice::new(9));
    let folder = district.in_folder(inland);
    let incidents = String::from_utf8(folder.bytes("incidents.csv")).expect("UTF-8");
    // Declared up to the as-of date, so that no incident of these is needed to keep the file current.
    let declared = |arg: &&'static str| if *arg == "all" { "all:../2024-06-30" } else { *arg };
    let whole: Vec<&str> = WHOLE.iter().map(declared).collect();
    let args = with(&whole, &["--as-of", "2024-06-30"]);
    let scores = || -> BTreeMap<String, [f64; 3]> {
        folder.done(&args);
        let layer = folder.json("out/sites.geojson");
        let of = |name| column(&layer, name);
        let (security, environment, overall) =
            (of("security_score"), of("environment_score"), of("overall_score"));
        let number = |value: &Value| value.as_f64().expect("a score");
        security
            .iter()
            .map(|(id, score)| {
                let three = [number(score), number(&environment[id]), number(&overall[id])];
                (id.clone(), three)
            })
            .collect()
    };
    let before = scores();
    let mut dice = Dice::new(10);
    let mut raised = 0;
    for row in [
        "2024-06-01,68.5,29.5,Battles,3,1,security",
        "2011-01-01,68.0,29.0,Protests,,25,security",
        "2024-06-30,67.2,28.3,Explosions/Remote violence,90,75,security",
        "2024-03-03,68.9,28.1,Mine accident,12,2,accident",
        "1999-03-03,67.5,29.9,Spill,0,2,accident",
        "2024-06-01,80.0,10.0,Battles,3,1,security",
        "2023-06-01,68.25,29.25,Cyclone,3,1,other",
        "2024-05-05,68.25,29.25,Earthquake,,5,earthquake",
    ] {
        folder.write("incidents.csv", format!("{incidents}new-{},{row}\n", dice.below(1000)));
        for (id, now) in scores() {
            for (was, is) in before[&id].iter().zip(now) {
                assert!(is >= *was, "{row}: {id} fell from {was} to {is}");
                raised += usize::from(is > *was);
            }
        }
    }
    assert!(raised > 20, "the incidents bear on the scores: {raised}");
}

#[test]
fn the_box_and_the_order_of_sites_do_not_change_a_site() {
    let district = District::new(&mut Dice::new(11));
    // Across the antimeridian, so that the box's west is greater than its east.
    let wrap = |lon: f64| if lon > 180.0 { lon - 360.0 } else { lon };
    let folder = district.in_folder(|[x, y]| [180.0 + x, 29.0 + y]);
    let all = features(&scored(&folder));
    // West, south, east, north as offsets from the center, which lies on the antimeridian.
    for (bbox, [west, south, east, north]) in [
        ("179.5,28.5,-179.5,29.5", [-0.5, -0.5, 0.5, 0.5]),
        ("179.25,28.5,180,30", [-0.75, -0.5, 0.0, 1.0]),
        ("-180,28,-179.5,30", [0.0, -1.0, 0.5, 1.0]),
        ("-180,-90,180,90", [-9.0, -90.0, 9.0, 90.0]),
    ] {
        folder.done(&with(WHOLE, &["--bbox", bbox]));
        let some = features(&folder.json("out/sites.geojson"));
        let expected: Vec<String> = district
            .sites
            .iter()
            .enumerate()
            .filter(|(_, [x, y])| (west..=east).contains(x) && (south..=north).contains(y))
            .map(|(n, _)| format!("s{n}"))
            .collect();
        assert!(expected.len() > 2);
        assert_eq!(some.len(), expected.len(), "{bbox}");
        for id in &expected {
            assert_eq!(some[id], all[id], "{bbox}");
        }
        let receipt = folder.json("out/receipt.json");
        let outside = receipt["counts"]["sites"]["outside_bbox"].as_u64().expect("a count");
        assert_eq!(outside as usize, all.len() - expected.len(), "{bbox}");
    }
    let crossing = district.sites.iter().filter(|[x, _]| wrap(180.0 + x) < 0.0).count();
    assert!(crossing > 5 && crossing < 20, "sites on both sides of the seam");
}
