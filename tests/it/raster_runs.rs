//! Rasters in runs, questions and plans: their columns, findings and receipts.

use crate::cli::{Dice, Folder};
use crate::raster_files::{raster, value};
use crate::rasters::at;
use tamarisk::model::Cells;

use serde_json::Value;

const SITES: &str = "id,lon,lat\na,12.05,48.05\nb,13.95,46.55\nc,60.0,10.0\n";

fn scored(folder: &Folder, args: &[&str]) -> Vec<Value> {
    let mut all =
        vec!["score", "-q", "-s", "sites.csv", "--layers", "sites", "--replace", "-o", "out"];
    all.extend(args);
    folder.done(&all);
    folder.json("out/sites.geojson")["features"].as_array().expect("features").clone()
}

fn path(name: &str) -> String {
    crate::vectors::data(&format!("raster/{name}.tif")).to_str().expect("UTF-8").to_owned()
}

#[test]
fn a_score_writes_the_values_of_rasters() {
    let folder = Folder::new();
    folder.write("sites.csv", SITES);
    let (species, own) =
        (format!("Species={}", path("tiles_deflate")), format!("own_1={}", path("lzw")));
    let features = scored(&folder, &["--raster", &species, "--raster", &own]);
    let of = |site: usize, name: &str| features[site]["properties"][name].as_f64();
    let cells = raster("plain");
    for (site, lon, lat) in [(0, 12.05, 48.05), (1, 13.95, 46.55)] {
        let [column, row] = cells.grid().cell_at(at(lon, lat)).expect("on the raster");
        let expected = Some(value(column, row)).filter(|value| !value.is_nan());
        for name in ["species", "own_1"] {
            assert_eq!(of(site, &format!("raster_{name}_point")), expected, "{name}");
            assert!(of(site, &format!("raster_{name}_max_10km")) >= expected);
            for what in ["mean", "over", "known"] {
                assert!(of(site, &format!("raster_{name}_{what}_10km")).is_some(), "{name} {what}");
            }
        }
    }
    assert_eq!(
        (of(2, "raster_species_point"), of(2, "raster_species_known_10km")),
        (None, Some(0.0))
    );
    let receipt = folder.json("out/receipt.json");
    let inputs = receipt["inputs"].as_array().expect("inputs");
    let species = inputs.iter().find(|input| input["raster"] == "species").expect("the raster");
    assert_eq!(
        (&species["role"], &species["file"]),
        (&"rasters".into(), &"tiles_deflate.tif".into())
    );
    assert_eq!(species["layout"], "40 x 35 cells in EPSG:4326");
    let rejects = String::from_utf8(folder.bytes("out/rejects.csv")).expect("UTF-8");
    assert!(rejects.contains("does not cover 1 of the 3 sites"), "{rejects}");
    // The name is part of what makes a run.
    let fingerprint = receipt["fingerprint"].clone();
    scored(&folder, &["--raster", &format!("other={}", path("tiles_deflate")), "--raster", &own]);
    assert_ne!(folder.json("out/receipt.json")["fingerprint"], fingerprint);
}

#[test]
fn threads_do_not_change_the_values_of_rasters() {
    let folder = Folder::new();
    let mut dice = Dice::new(11);
    let mut sites = String::from("id,lon,lat\n");
    for id in 0..400 {
        let (lon, lat) =
            (10.0 + dice.below(4000) as f64 / 1000.0, 46.5 + dice.below(3500) as f64 / 1000.0);
        sites.push_str(&format!("s{id},{lon},{lat}\n"));
    }
    folder.write("sites.csv", sites);
    let flood = format!("flood={}", path("zstd"));
    let one = scored(&folder, &["--raster", &flood, "--threads", "1"]);
    assert_eq!(one, scored(&folder, &["--raster", &flood, "--threads", "5"]));
}

#[test]
fn questions_and_plans_take_rasters_too() {
    let folder = Folder::with_mines();
    folder.write("here.csv", SITES);
    let flood = format!("flood={}", path("zstd"));
    let args = ["-s", "here.csv", "-i", "incidents.csv", "--raster", &flood];
    let answer = folder.answer(&[&["explain", "a", "--json"][..], &args].concat());
    let told = &answer["environment"]["rasters"][0];
    assert_eq!((&told["raster"], told["radius_km"].as_f64()), (&"flood".into(), Some(1.0)));
    assert!(told["mean"].as_f64().is_some() && told["known"].as_f64() > Some(0.5), "{told}");
    let text = folder.done(&[&["explain", "a"][..], &args].concat());
    assert!(text.contains("flood"), "{text}");
    let risk = folder.answer(&["risk", "--at", "12.05,48.05", "--json", "--raster", &flood]);
    assert_eq!(risk["environment"]["rasters"][0]["mean"], told["mean"]);
    folder.write(
        "plan.toml",
        format!("[inputs]\nsites = [\"here.csv\"]\nincidents = [\"incidents.csv\"]\nrasters = [{flood:?}]\n"),
    );
    folder.done(&["batch", "plan.toml", "-o", "frames", "-q"]);
    let frames = std::fs::read_dir(folder.at("frames/all/default")).expect("frames");
    let mut frames = frames.map(|frame| frame.expect("a frame").path().join("sites.geojson"));
    let frame = frames.find(|layer| layer.exists()).expect("a frame");
    let layer: Value = serde_json::from_slice(&std::fs::read(frame).expect("sites")).expect("JSON");
    assert!(layer["features"][0]["properties"]["raster_flood_mean_1km"].is_number());
}

#[test]
fn a_raster_without_a_name_or_with_another_is_refused() {
    let folder = Folder::with_mines();
    let ended = |args: &[&str]| {
        folder.run(&[&["score", "-s", "sites.csv", "-i", "incidents.csv"][..], args].concat())
    };
    for (args, part) in [
        (&["--raster", "a.tif"][..], "has no name"),
        (&["--raster", "a b=a.tif"], "is not a name"),
        (&["--raster", "flood="], "has no file"),
        (&["--raster", "flood=a.tif", "--raster", "Flood=b.tif"], "given twice"),
    ] {
        let ended = ended(args);
        assert!(ended.code == 2 && ended.err.contains(part), "{ended:?}");
    }
    let ended = ended(&["--raster", "flood=sites.csv"]);
    assert!(ended.code == 3 && ended.err.contains("sites.csv: is no TIFF"), "{ended:?}");
    let ended = folder.run(&["score", "-s", &path("plain")]);
    assert!(ended.code == 3 && ended.err.contains("--raster NAME=FILE.tif"), "{ended:?}");
}
