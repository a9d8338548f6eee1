//! What a run is to write.

use crate::Face;
use crate::run::LayerName;
use crate::sources::Keep;
use std::collections::BTreeSet;

/// Past so many features, rings and incidents are written only where they are asked for.
pub(super) const MOST_UNASKED: usize = 10_000;

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
    /// Whether `report.html` tells it all to people.
    pub report: bool,
    /// Whether `map.png` shows it.
    pub png: bool,
    /// The columns by which the sites are grouped in `portfolio.csv`, as the user calls them.
    pub group_by: Vec<String>,
    /// In whose words the files speak of settings.
    pub face: Face,
}

impl Default for Wanted {
    fn default() -> Self {
        Self {
            layers: None,
            formats: [Format::GeoJson].into(),
            gpkg: false,
            project: false,
            report: false,
            png: false,
            group_by: Vec::new(),
            face: Face::default(),
        }
    }
}

impl Wanted {
    /// Adds everything that needs nothing more to be said: the report, the still map, the GeoPackage and the
    /// project.
    pub fn add_all(&mut self) {
        (self.report, self.png, self.gpkg, self.project) = (true, true, true, true);
    }

    /// The names of the files that are asked for, some of which there may turn out to be nothing for;
    /// `surface` tells whether a surface is drawn, too.
    pub(in crate::run) fn files(&self, surface: bool) -> Vec<String> {
        let asked = |name: &LayerName| self.layers.as_ref().is_none_or(|all| all.contains(name));
        let layers: Vec<&str> = LayerName::ALL
            .iter()
            .filter(|name| asked(name))
            .flat_map(|name| name.files())
            .copied()
            .chain(surface.then_some("contours"))
            .collect();
        let format = |layer| self.formats.iter().map(move |of| format!("{layer}.{}", of.word()));
        let mut files: Vec<String> = layers.iter().flat_map(format).collect();
        let mut add = |names: &[&str]| files.extend(names.iter().map(ToString::to_string));
        if surface {
            add(&["surface.tif"]);
        }
        if self.gpkg {
            add(&["risk.gpkg"]);
        }
        if self.project {
            add(&["borders.geojson", "land.geojson", "risk.qgz"]);
            if surface {
                add(&["surface.qml"]);
            }
            for layer in layers.iter().copied().chain(["borders", "land"]) {
                files.extend(["qml", "qmd"].map(|ending| format!("{layer}.{ending}")));
            }
        }
        let told = [!self.group_by.is_empty(), self.report, self.png && cfg!(feature = "png")];
        let names = ["portfolio.csv", "report.html", "map.png"].into_iter().zip(told);
        files.extend(names.filter(|(_, told)| *told).map(|(name, _)| name.to_owned()));
        files
    }

    /// Whether incidents keep the columns they came with: for the layer of them where it is written, and for the
    /// report. `merges` tells whether some of those that are read are merged with others before it is known
    /// how many are written.
    pub fn incident_columns(&self, merges: bool) -> Keep {
        match &self.layers {
            _ if self.report => Keep::All,
            Some(layers) if !layers.contains(&LayerName::Incidents) => Keep::Nothing,
            None if !merges => Keep::UpTo(MOST_UNASKED),
            _ => Keep::All,
        }
    }

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

/// The names of all files that a run may write besides `rejects.csv` and `receipt.json`.
pub(in crate::run) fn every_file() -> Vec<String> {
    let any = "any column".to_owned();
    let mut wanted =
        Wanted { formats: Format::ALL.into(), group_by: vec![any], ..Wanted::default() };
    wanted.add_all();
    wanted.files(true)
}
