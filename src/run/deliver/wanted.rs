//! The outputs of a run.

use super::maps::Maps;
use crate::Face;
use crate::layers::report::{Heading, Paper};
use crate::run::LayerName;
use crate::sources::Keep;
use std::collections::BTreeSet;

/// Above this number of features, rings, incidents and receptors are written only on request; receptors also above
/// this number of sites.
pub(super) const MOST_UNASKED: usize = 10_000;

/// What reporting standards ask of the sites.
pub(super) const DISCLOSURES: &str = "disclosures.csv";

/// The workbook of all tables.
#[cfg(feature = "xlsx")]
pub(super) const WORKBOOK: &str = "risk.xlsx";

/// The table of sites under other settings of the scheme.
pub(in crate::run) const SENSITIVITY: &str = "sensitivity.csv";

/// The base map of a project besides land and borders.
pub(super) const BASEMAP: &str = "basemap.gpkg";

/// The files that a run writes besides `rejects.csv` and `receipt.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The layers; `None` for all, with rings, incidents and receptors only up to 10,000 features each, and receptors
    /// only up to 10,000 sites.
    pub layers: Option<BTreeSet<LayerName>>,
    /// The formats in which each layer is written as a file of its own.
    pub formats: BTreeSet<Format>,
    /// Whether `risk.gpkg` is written, with all layers.
    pub gpkg: bool,
    /// Whether `risk.qgz` is written, which shows all layers, with a style beside each.
    pub project: bool,
    /// Whether `report.html` is written.
    pub report: bool,
    /// The still maps that are written, `map.png` among them.
    pub maps: Maps,
    /// Whether `atlas.pdf` is written.
    pub pdf: bool,
    /// The paper of still maps and the atlas; by default a screen of 4:3 for maps and A4 for the atlas.
    pub paper: Option<Paper>,
    /// Title, subtitle and logo of everything that people read.
    pub heading: Heading,
    /// The columns by which the sites are grouped in `portfolio.csv`, as named by the user; several crossed as in
    /// `operator x country`.
    pub group_by: Vec<String>,
    /// The column by whose numbers exposure is weighted in `portfolio.csv`, as named by the user.
    pub weight_by: Option<String>,
    /// Whether a report or workbook groups sites of several countries by country where no groups are named, and
    /// `portfolio.csv` is written then.
    pub by_country: bool,
    /// Whether `disclosures.csv` is written.
    pub disclosures: Tables,
    /// Whether `risk.xlsx` is written although it is not among the formats.
    pub workbook: Tables,
    /// The face whose syntax the files use for settings.
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
            maps: Maps::None,
            pdf: false,
            paper: None,
            heading: Heading::default(),
            group_by: Vec::new(),
            by_country: true,
            weight_by: None,
            disclosures: Tables::No,
            workbook: Tables::No,
            face: Face::default(),
        }
    }
}

/// Whether a file with a part of every site is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tables {
    /// It is not.
    #[default]
    No,
    /// Up to 10,000 sites.
    IfFew,
    /// It is, however many sites there are.
    Yes,
}

impl Tables {
    fn are_written(self, sites: usize) -> bool {
        match self {
            Self::No => false,
            Self::IfFew => sites <= MOST_UNASKED,
            Self::Yes => true,
        }
    }
}

impl Wanted {
    /// Adds everything that needs no further options: the report, the still maps, the GeoPackage, the project, and up to
    /// 10,000 sites the workbook and the disclosures.
    pub fn add_all(&mut self) {
        (self.report, self.gpkg, self.project) = (true, true, true);
        if self.maps == Maps::None {
            self.maps = Maps::All;
        }
        for tables in [&mut self.disclosures, &mut self.workbook] {
            if *tables == Tables::No {
                *tables = Tables::IfFew;
            }
        }
    }

    /// Whether `disclosures.csv` is written for so many sites.
    pub(in crate::run) fn writes_disclosures(&self, sites: usize) -> bool {
        self.disclosures.are_written(sites)
    }

    /// Whether `risk.xlsx` is written for so many sites.
    #[cfg(feature = "xlsx")]
    pub(in crate::run) fn writes_workbook(&self, sites: usize) -> bool {
        self.formats.contains(&Format::Workbook) || self.workbook.are_written(sites)
    }

    /// Whether any file tells what disclosures ask of so many sites.
    pub(in crate::run) fn discloses(&self, sites: usize) -> bool {
        #[cfg(feature = "xlsx")]
        if self.writes_workbook(sites) {
            return true;
        }
        self.writes_disclosures(sites) || self.report && sites <= MOST_UNASKED
    }

    /// Whether the sites are grouped, or taken together by numbers of theirs.
    pub(super) fn groups(&self) -> bool {
        !self.group_by.is_empty() || self.weight_by.is_some()
    }

    /// Whether sites are grouped by country if they lie in several, for whoever reads the report or the workbook.
    pub(super) fn groups_unasked(&self) -> bool {
        self.by_country && (self.report || self.workbook != Tables::No)
    }

    /// The names of the requested files, some of which may turn out to be empty and not be written; `surface` is
    /// whether a surface is drawn, too.
    pub(in crate::run) fn files(&self, surface: bool) -> Vec<String> {
        let asked = |name: &LayerName| self.layers.as_ref().is_none_or(|all| all.contains(name));
        let layers: Vec<&str> = LayerName::ALL
            .iter()
            .filter(|name| asked(name))
            .flat_map(|name| name.files())
            .copied()
            .chain(surface.then_some("contours"))
            .collect();
        let by_layer = || self.formats.iter().filter(|format| format.is_of_layers());
        let format = |layer| by_layer().map(move |of| format!("{layer}.{}", of.word()));
        let mut files: Vec<String> = layers.iter().flat_map(format).collect();
        let mut add = |names: &[&str]| files.extend(names.iter().map(ToString::to_string));
        if surface {
            add(&["surface.tif"]);
        }
        if self.gpkg {
            add(&["risk.gpkg"]);
        }
        if self.project {
            add(&["borders.geojson", "land.geojson", BASEMAP, "risk.qgz"]);
            if surface {
                add(&["surface.qml", "surface.qmd"]);
            }
            for layer in layers.iter().copied().chain(["borders", "land"]) {
                files.extend(["qml", "qmd"].map(|ending| format!("{layer}.{ending}")));
            }
        }
        let told = [
            self.groups() || self.groups_unasked(),
            self.report,
            self.pdf && cfg!(feature = "png"),
        ];
        let names = ["portfolio.csv", "report.html", "atlas.pdf"].into_iter().zip(told);
        files.extend(names.filter(|(_, told)| *told).map(|(name, _)| name.to_owned()));
        files.extend(self.maps.files().into_iter().map(str::to_owned));
        if self.writes_disclosures(0) {
            files.push(DISCLOSURES.to_owned());
        }
        #[cfg(feature = "xlsx")]
        if self.writes_workbook(0) {
            files.push(WORKBOOK.to_owned());
        }
        files
    }

    /// Whether incidents keep their own columns: for the layer `incidents` if it is written, and for the report.
    /// `merges` is whether some incidents are merged after reading, so that the number written is not known while
    /// reading.
    pub fn incident_columns(&self, merges: bool) -> Keep {
        match &self.layers {
            _ if self.report => Keep::All,
            Some(layers) if !layers.contains(&LayerName::Incidents) => Keep::Nothing,
            None if !merges => Keep::UpTo(MOST_UNASKED),
            _ => Keep::All,
        }
    }

    /// The names of the layers, in writing order.
    pub(super) fn layer_names(&self) -> impl Iterator<Item = LayerName> {
        let asked = self.layers.as_ref();
        LayerName::ALL.into_iter().filter(move |name| asked.is_none_or(|some| some.contains(name)))
    }

    /// Whether the receptors in reach of so many sites are written.
    pub fn exposes(&self, sites: usize) -> bool {
        match &self.layers {
            Some(asked) => asked.contains(&LayerName::Receptors),
            None => sites <= MOST_UNASKED,
        }
    }

    /// Whether the receptors in reach of so many sites are needed: for their layer, and for the map of the report.
    pub(super) fn needs_exposures(&self, sites: usize) -> bool {
        self.exposes(sites) || self.report && sites <= MOST_UNASKED
    }

    /// Whether all outputs can be written while the sites are streamed: layers as GeoJSON, except requested rings,
    /// which are written widest first, and requested receptors, which name the nearest of all sites. An index, a
    /// project, a report, a still map, a workbook, disclosures and a portfolio need all sites.
    pub fn streams(&self) -> bool {
        let whole = [LayerName::Rings, LayerName::Receptors];
        let whole =
            self.layers.as_ref().is_some_and(|asked| whole.iter().any(|of| asked.contains(of)));
        let tables = [self.disclosures, self.workbook].iter().any(|of| *of != Tables::No);
        let of_all = self.gpkg || self.project || self.report || self.is_drawn() || tables;
        let geojson = self.formats.iter().all(|format| *format == Format::GeoJson);
        geojson && !whole && !of_all && !self.groups()
    }

    /// Whether anything is drawn: a still map or the atlas.
    pub(super) fn is_drawn(&self) -> bool {
        self.pdf || self.maps != Maps::None
    }

    /// Whether the layers are written in a format that is opened fast, however many features there are.
    pub fn opens_fast(&self) -> bool {
        let slow = [Format::GeoJson, Format::Csv];
        let layers = self.formats.iter().filter(|format| format.is_of_layers());
        self.gpkg || layers.into_iter().any(|format| !slow.contains(format))
    }

    /// The extension of the layers that a project shows; `None` if none of them is written. Not every QGIS can open
    /// GeoParquet.
    pub(in crate::run) fn shown(&self) -> Option<&'static str> {
        let all = [Format::GeoJson, Format::FlatGeobuf];
        all.into_iter().find(|format| self.formats.contains(format)).map(Format::word)
    }
}

/// A format of layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// GeoJSON.
    GeoJson,
    /// FlatGeobuf.
    FlatGeobuf,
    /// GeoParquet 1.1.
    #[cfg(feature = "parquet")]
    GeoParquet,
    /// Comma-separated text, a file for each layer.
    Csv,
    /// A workbook of all tables.
    #[cfg(feature = "xlsx")]
    Workbook,
}

impl Format {
    /// Every format.
    pub const ALL: &[Self] = &[
        Self::GeoJson,
        Self::FlatGeobuf,
        #[cfg(feature = "parquet")]
        Self::GeoParquet,
        Self::Csv,
        #[cfg(feature = "xlsx")]
        Self::Workbook,
    ];

    /// The word used on the command line, which is also the file's extension.
    pub fn word(self) -> &'static str {
        match self {
            Self::GeoJson => "geojson",
            Self::FlatGeobuf => "fgb",
            #[cfg(feature = "parquet")]
            Self::GeoParquet => "parquet",
            Self::Csv => "csv",
            #[cfg(feature = "xlsx")]
            Self::Workbook => "xlsx",
        }
    }

    /// Whether each layer has a file of its own in this format.
    pub fn is_of_layers(self) -> bool {
        #[cfg(feature = "xlsx")]
        if self == Self::Workbook {
            return false;
        }
        true
    }

    /// The format with a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.word() == word)
    }
}

/// The names of all files that a run may write besides `rejects.csv` and `receipt.json`.
pub(in crate::run) fn every_file() -> Vec<String> {
    let any = "any column".to_owned();
    let formats = Format::ALL.iter().copied().collect();
    let mut wanted = Wanted { formats, group_by: vec![any], pdf: true, ..Wanted::default() };
    wanted.add_all();
    let mut files = wanted.files(true);
    files.push(SENSITIVITY.to_owned());
    files
}
