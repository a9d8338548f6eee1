//! What a run is to write.

use super::request::LayerName;
use std::collections::BTreeSet;

/// The files that a run writes besides `rejects.csv` and `receipt.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The layers; all of them where it is `None`, but rings and incidents only up to 10,000 features
    /// each.
    pub layers: Option<BTreeSet<LayerName>>,
    /// The formats in which each layer comes as a file of its own.
    pub formats: BTreeSet<Format>,
    /// Whether `risk.gpkg` holds them all.
    pub gpkg: bool,
    /// Whether `risk.qgz` shows them all, with a style beside each.
    pub project: bool,
}

impl Default for Wanted {
    fn default() -> Self {
        Self { layers: None, formats: [Format::GeoJson].into(), gpkg: false, project: false }
    }
}

impl Wanted {
    /// Whether the layers come in a format that a GIS opens fast, however many features there are.
    pub fn opens_fast(&self) -> bool {
        self.gpkg || self.formats.contains(&Format::FlatGeobuf)
    }
}

/// A format that holds one layer in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// GeoJSON.
    GeoJson,
    /// FlatGeobuf.
    FlatGeobuf,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 2] = [Self::GeoJson, Self::FlatGeobuf];

    /// The word used on the command line, which is the ending of the file's name too.
    pub fn word(self) -> &'static str {
        match self {
            Self::GeoJson => "geojson",
            Self::FlatGeobuf => "fgb",
        }
    }

    /// The format of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.word() == word)
    }
}

/// The names of all files that layers, styles and projects are written to.
pub(super) fn files() -> Vec<String> {
    let layers = LayerName::ALL.map(LayerName::word).into_iter().chain(["footprint_lines"]);
    let ground = ["borders", "land"];
    let styles = layers.clone().chain(ground);
    let formats = Format::ALL.map(Format::word);
    layers
        .flat_map(|layer| formats.map(|format| format!("{layer}.{format}")))
        .chain(styles.flat_map(|layer| ["qml", "qmd"].map(|ending| format!("{layer}.{ending}"))))
        .chain(ground.map(|layer| format!("{layer}.geojson")))
        .chain(["risk.gpkg", "risk.qgz"].map(str::to_owned))
        .collect()
}
