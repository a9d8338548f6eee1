//! What is served: sites and incidents, and a plain layer, written once to target/bench and kept.

use crate::files;
use crate::machine::folder;
use crate::numbers::Numbers;
use crate::settings::Settings;
use crate::world;
use std::ffi::OsString;
use std::path::PathBuf;
use tamarisk::earth::Position;

/// A set of data that a server has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Served {
    /// A folder with one plain layer.
    Layer,
    /// Sites and incidents, from which it scores.
    Scored,
}

/// The files, and places to ask about.
pub struct Data {
    /// The number of sites, and of points of the layer.
    pub points: usize,
    /// The number of incidents.
    pub incidents: usize,
    /// The file of the layer.
    pub layer: PathBuf,
    /// Places that lie as the sites do, and are none of them.
    pub places: Vec<Position>,
    /// The positions of the sites, which are those of the layer.
    pub sites: Vec<Position>,
    of_scored: [PathBuf; 2],
}

/// What a point of the layer is.
const CLASSES: [&str; 6] = ["gold", "copper", "iron", "coal", "chromite", "marble"];

/// How many different places are asked about.
const PLACES: usize = 20_000;

impl Data {
    pub fn make(settings: &Settings) -> Self {
        let (points, incidents) = (settings.of(100_000), settings.of(1_000_000));
        let sites = world::sites(points);
        Self {
            points,
            incidents,
            layer: layer(&sites),
            places: world::points(PLACES, 4000),
            sites,
            of_scored: [files::sites_csv(points), files::incidents_csv(incidents)],
        }
    }

    /// What the program is told to serve.
    pub fn arguments(&self, served: Served) -> Vec<OsString> {
        match served {
            Served::Layer => self.layer.parent().map(Into::into).into_iter().collect(),
            Served::Scored => {
                let [sites, incidents] = &self.of_scored;
                vec!["--sites".into(), sites.into(), "--incidents".into(), incidents.into()]
            }
        }
    }

    /// What is served, in words.
    pub fn says(&self, served: Served) -> String {
        match served {
            Served::Layer => format!("{} points", grouped(self.points)),
            Served::Scored => {
                format!("{} sites, {} incidents", grouped(self.points), grouped(self.incidents))
            }
        }
    }
}

/// Writes the layer into a folder of its own.
fn layer(sites: &[Position]) -> PathBuf {
    let count = sites.len();
    let name = format!("serve/points-{count}");
    std::fs::create_dir_all(folder().join(&name)).expect("target/bench can be written to");
    files::made(&format!("{name}/points.geojson"), |out| {
        let mut numbers = Numbers::new(6);
        writeln!(out, r#"{{"type":"FeatureCollection","features":["#)?;
        for (index, at) in sites.iter().enumerate() {
            let comma = if index + 1 < count { "," } else { "" };
            let class = CLASSES[numbers.below(CLASSES.len())];
            writeln!(
                out,
                concat!(
                    r#"{{"type":"Feature","id":{},"properties":{{"name":"Site {}","class":"{}","#,
                    r#""value":{:.2}}},"geometry":{{"type":"Point","coordinates":[{:.7},{:.7}]}}}}{}"#
                ),
                index + 1,
                index,
                class,
                numbers.between(0.0, 100.0),
                at.lon(),
                at.lat(),
                comma
            )?;
        }
        writeln!(out, "]}}")
    })
}

/// A whole number with commas between thousands.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
