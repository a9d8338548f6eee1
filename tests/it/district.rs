//! A synthetic mining district, for tests that express one case in two ways and compare the answers.

use crate::cli::{Dice, Folder, features};
use serde_json::{Value, json};

/// A synthetic mining district: positions are steps of 1/512 degree from a center, so that moving it
/// moves every coordinate exactly.
pub struct District {
    pub sites: Vec<[f64; 2]>,
    pub incidents: Vec<[f64; 2]>,
    pub rivers: Vec<Vec<[f64; 2]>>,
    pub areas: Vec<[f64; 2]>,
    pub settlements: Vec<[f64; 2]>,
    pub quakes: Vec<[f64; 2]>,
}

impl District {
    pub fn new(dice: &mut Dice) -> Self {
        let mut places = |count: usize| -> Vec<[f64; 2]> {
            let mut step = || (dice.below(1025) as f64 - 512.0) / 512.0;
            (0..count).map(|_| [step(), step()]).collect()
        };
        let rivers = (0..5).map(|_| places(4)).collect();
        Self {
            sites: places(25),
            incidents: places(600),
            rivers,
            areas: places(4),
            settlements: places(12),
            quakes: places(6),
        }
    }

    /// Writes the district's files; `place` says where an offset from its middle lies.
    pub fn write(&self, folder: &Folder, place: impl Fn([f64; 2]) -> [f64; 2]) {
        let row = |at: &[f64; 2]| {
            let [lon, lat] = place(*at);
            format!("{lon},{lat}")
        };
        let mut sites = "id,name,lon,lat\n".to_owned();
        for (n, at) in self.sites.iter().enumerate() {
            sites.push_str(&format!("s{n},Site {n},{}\n", row(at)));
        }
        let mut incidents =
            "id,date,lon,lat,event_type,fatalities,position_accuracy_km,domain\n".to_owned();
        for (n, at) in self.incidents.iter().enumerate() {
            let (kind, domain) = [
                ("Battles", "security"),
                ("Riots", "security"),
                ("Explosions/Remote violence", "security"),
                ("Mine accident", "accident"),
            ][n % 4];
            let (year, month, day) = (2020 + n % 4, 1 + n % 12, 1 + n % 28);
            let at = row(at);
            let (deaths, accuracy) = (n % 9, 1 + n % 20);
            incidents.push_str(&format!(
                "i{n},{year}-{month:02}-{day:02},{at},{kind},{deaths},{accuracy},{domain}\n"
            ));
        }
        let mut settlements = "id,name,lon,lat,population\n".to_owned();
        for (n, at) in self.settlements.iter().enumerate() {
            settlements.push_str(&format!("p{n},Town {n},{},{}\n", row(at), 500 + 700 * n));
        }
        let mut quakes = "id,date,lon,lat,magnitude,depth_km\n".to_owned();
        for (n, at) in self.quakes.iter().enumerate() {
            quakes.push_str(&format!("q{n},2001-02-0{},{},{},12\n", n + 1, row(at), 5 + n % 3));
        }
        let feature = |id: String, geometry: Value| json!({"type": "Feature", "id": id, "geometry": geometry, "properties": {"name": id}});
        let rivers = self.rivers.iter().enumerate().map(|(n, line)| {
            let line: Vec<[f64; 2]> = line.iter().map(|at| place(*at)).collect();
            feature(format!("r{n}"), json!({"type": "LineString", "coordinates": line}))
        });
        let areas = self.areas.iter().enumerate().map(|(n, [x, y])| {
            let half = (n + 1) as f64 / 16.0;
            let corner = |dx, dy| place([x + dx * half, y + dy * half]);
            let ring = [
                corner(-1.0, -1.0),
                corner(1.0, -1.0),
                corner(1.0, 1.0),
                corner(-1.0, 1.0),
                corner(-1.0, -1.0),
            ];
            feature(format!("a{n}"), json!({"type": "Polygon", "coordinates": [ring]}))
        });
        let collection = |features: Vec<Value>| {
            json!({"type": "FeatureCollection", "features": features}).to_string()
        };
        folder
            .write("sites.csv", sites)
            .write("incidents.csv", incidents)
            .write("settlements.csv", settlements)
            .write("quakes.csv", quakes)
            .write("rivers.geojson", collection(rivers.collect()))
            .write("areas.geojson", collection(areas.collect()));
    }

    /// In a folder of its own.
    pub fn in_folder(&self, place: impl Fn([f64; 2]) -> [f64; 2]) -> Folder {
        let folder = Folder::new();
        self.write(&folder, place);
        folder
    }
}

/// Everything the district has, collected everywhere.
pub const WHOLE: &[&str] = &[
    "score",
    "-q",
    "--sites",
    "sites.csv",
    "--incidents",
    "incidents.csv",
    "-r",
    "rivers=rivers.geojson",
    "-r",
    "sensitive_areas=areas.geojson",
    "-r",
    "settlements=settlements.csv",
    "-r",
    "earthquakes=quakes.csv",
    "--coverage",
    "all",
    "--complete",
    "rivers,sensitive_areas,settlements",
    "-o",
    "out",
];

pub fn with<'a>(args: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    args.iter().chain(more).copied().collect()
}

/// A place in the middle of Asia.
pub fn inland([x, y]: [f64; 2]) -> [f64; 2] {
    [68.0 + x, 29.0 + y]
}

pub fn scored(folder: &Folder) -> Value {
    folder.done(WHOLE);
    folder.json("out/sites.geojson")
}

/// The differences between two layers of sites of more than the last written digit, except in some
/// columns.
pub fn differences(one: &Value, other: &Value, but: &[&str]) -> Vec<String> {
    let (one, other) = (features(one), features(other));
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    let mut found = Vec::new();
    for (id, feature) in &one {
        let theirs = &other[id]["properties"];
        for (name, value) in feature["properties"].as_object().expect("properties") {
            let same = match (value.as_f64(), theirs[name].as_f64()) {
                (Some(a), Some(b)) => (a - b).abs() <= tolerance(name, a),
                _ => *value == theirs[name],
            };
            if !same && !but.contains(&name.as_str()) {
                found.push(format!("{id} {name}: {value} {}", theirs[name]));
            }
        }
    }
    found
}

/// One unit of the last written digit.
fn tolerance(name: &str, value: f64) -> f64 {
    match name {
        _ if name.starts_with("incidents_") || name.starts_with("fatalities_") => 0.0,
        "security_intensity" => value.abs() * 1e-3,
        _ if name.ends_with("_score") => 0.1 + 1e-9,
        _ => 0.001 + 1e-9,
    }
}
