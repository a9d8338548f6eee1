//! Helpers of the tests of GeoPackage, FlatGeobuf and the QGIS project: runs that write everything, and
//! a plain form of geometries for comparison.

use crate::cli::Folder;
use serde_json::Value;

/// A run of the test sites across the antimeridian, at the poles and with shapes, in every format.
pub fn made() -> Folder {
    let folder = Folder::new();
    for name in ["sites.geojson", "incidents.csv", "rivers.geojson", "areas.geojson"] {
        let path = format!("{}/tests/qgis/{name}", env!("CARGO_MANIFEST_DIR"));
        folder.write(name, std::fs::read(path).expect("a made file"));
    }
    let receptors = ["-r", "rivers=rivers.geojson", "-r", "sensitive_areas=areas.geojson"];
    let run = ["score", "-s", "sites.geojson", "-i", "incidents.csv", "--coverage", "all"];
    let more = ["--surface", "-o", "out"];
    folder.done(&[&run[..], &receptors[..], &EVERYTHING[..], &more[..]].concat());
    folder
}

/// A run of the built-in case in every format.
pub fn demo() -> Folder {
    let folder = Folder::new();
    folder.done(&[&["demo"][..], &EVERYTHING[..], &["-o", "out"]].concat());
    folder
}

/// A run of three sites, with additional arguments.
pub fn mines(more: &[&str]) -> Folder {
    let folder = Folder::with_mines();
    let run = ["score", "-s", "sites.csv", "-i", "incidents.csv", "-o", "out"];
    folder.done(&[&run[..], more].concat());
    folder
}

/// The layer of a batch of three dates over time, and the folder in which it lies.
pub fn over_time() -> (Folder, &'static str) {
    let folder = Folder::with_mines();
    folder.write(
        "plan.toml",
        "[inputs]\nsites = [\"sites.csv\"]\nincidents = [\"incidents.csv\"]\n\
         [dates]\nevery = \"month\"\nfrom = 2024-04-30\nto = 2024-06-30\n",
    );
    folder.done(&["batch", "plan.toml", "-o", "out"]);
    (folder, "out/all/default")
}

/// Every output that a GIS opens.
pub const EVERYTHING: [&str; 4] = ["--gpkg", "--project", "--format", "geojson,fgb"];

/// Names with special characters of markup, SQL and QGIS expressions.
pub const HOSTILE: [&str; 6] = [
    "<script>alert(1)</script>",
    "Robert'); DROP TABLE sites;--",
    "a \"quoted\" & <b>bold</b> name",
    "[% 1 + 1 %] ]]>",
    "🚩 鉱山 ünïcode",
    "tab\there",
];

/// A run of sites with hostile names, and of a column with such a name too.
pub fn hostile() -> Folder {
    let folder = Folder::with_mines();
    let mut sites = "id,name,lon,lat,\"we\"\"ird <&> 🚩'; DROP\",Mass (t)\n".to_owned();
    for (index, name) in HOSTILE.iter().enumerate() {
        let name = name.replace('"', "\"\"");
        sites
            .push_str(&format!("h{index},\"{name}\",{}.5,29.5,\"{name}\",{index}.5\n", 60 + index));
    }
    folder.write("sites.csv", sites);
    let run = ["score", "-s", "sites.csv", "-i", "incidents.csv"];
    folder.done(&[&run[..], &EVERYTHING[..], &["-o", "out"]].concat());
    folder
}

/// The layers of a folder by name.
pub fn layers(folder: &Folder) -> Vec<(String, Value)> {
    let of = |name: String| {
        let layer = name.strip_suffix(".geojson")?.to_owned();
        let ground = matches!(&*layer, "land" | "borders");
        (!ground).then(|| (layer, folder.json(&format!("out/{name}"))))
    };
    let layers: Vec<_> = folder.files("out").into_keys().filter_map(of).collect();
    assert!(layers.len() >= 4, "only {} layers", layers.len());
    layers
}

/// The positions of a geometry, path by path: a point is one path, and so is each line and ring.
pub fn paths(geometry: &Value) -> Vec<Vec<[f64; 2]>> {
    fn gather(value: &Value, into: &mut Vec<Vec<[f64; 2]>>) {
        let list = value.as_array().expect("coordinates");
        if list.first().is_some_and(|first| first[0].is_number()) {
            into.push(list.iter().map(position).collect());
        } else {
            list.iter().for_each(|inner| gather(inner, into));
        }
    }
    let coordinates = &geometry["coordinates"];
    if geometry["type"] == "Point" {
        return vec![vec![position(coordinates)]];
    }
    let mut all = Vec::new();
    gather(coordinates, &mut all);
    all
}

fn position(value: &Value) -> [f64; 2] {
    [value[0].as_f64().expect("a longitude"), value[1].as_f64().expect("a latitude")]
}

/// West, south, east, north of paths.
pub fn bounds(paths: &[Vec<[f64; 2]>]) -> Option<[f64; 4]> {
    let all: Vec<&[f64; 2]> = paths.iter().flatten().collect();
    let low = |at: usize| all.iter().map(|p| p[at]).reduce(f64::min);
    let high = |at: usize| all.iter().map(|p| p[at]).reduce(f64::max);
    Some([low(0)?, low(1)?, high(0)?, high(1)?])
}
