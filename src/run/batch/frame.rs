//! A frame: the run of one region under one scheme at one date, in its own folder; and what its files say
//! of it when it is looked at again.

use super::plan::{Plan, Region};
use crate::earth::Position;
use crate::layers::State;
use crate::run::{LayerName, Request};
use crate::scoring::Scheme;
use crate::sources::Source;
use crate::{Error, Result};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The name of the file that tells what is in a folder.
pub(super) const RECEIPT: &str = "receipt.json";

/// Where a frame stands in its batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The region's name.
    pub region: String,
    /// The scheme's name.
    pub scheme: String,
    /// The date; `None` stands for that of the newest incident.
    pub as_of: Option<Date>,
    /// Its folder, from that of the batch on.
    pub folder: PathBuf,
}

/// What a receipt says that a batch asks for.
#[derive(Debug, Deserialize)]
pub(super) struct Receipt {
    fingerprint: String,
    /// The date from which ages were counted.
    pub as_of: Option<String>,
    outputs: Vec<Output>,
}

#[derive(Debug, Deserialize)]
struct Output {
    file: String,
    blake3: String,
}

impl Frame {
    pub(super) fn new(region: &Region, scheme: &Scheme, as_of: Option<Date>) -> Self {
        let date = as_of.map_or_else(|| "newest".to_owned(), |date| date.to_string());
        let folder = Path::new(&region.folder()).join(&scheme.name).join(date);
        Self { region: region.name.clone(), scheme: scheme.name.clone(), as_of, folder }
    }

    /// The files that the frames of a plan consist of, the receipt left out.
    pub(super) fn files(plan: &Plan) -> BTreeSet<String> {
        let layers = plan.layers.iter().flat_map(|layer| layer.files());
        layers.map(|layer| format!("{layer}.geojson")).chain(["rejects.csv".into()]).collect()
    }

    /// The sites of a frame that was written to `path`, as its `sites.geojson` has them.
    ///
    /// # Errors
    /// The file cannot be read or is none of ours.
    pub(super) fn states(path: &Path) -> Result<Vec<State>> {
        let file = path.join(format!("{}.geojson", LayerName::Sites.word()));
        let text = Source::path(&file).read_text()?;
        let sites: Sites = serde_json::from_str(&text)
            .map_err(|error| Error::data(format!("{}: {error}", file.display())))?;
        Ok(sites.features.into_iter().filter_map(Feature::state).collect())
    }
}

impl Receipt {
    /// The receipt in a folder, where there is one that can be read.
    pub fn of(folder: &Path) -> Option<Self> {
        let text = Source::path(folder.join(RECEIPT)).read_text().ok()?;
        serde_json::from_str(&text).ok()
    }

    /// Whether the folder holds just what this fingerprint gives: these files, each with the bytes that
    /// the receipt tells.
    pub fn is_whole(&self, folder: &Path, fingerprint: &str, files: &BTreeSet<String>) -> bool {
        let named: BTreeSet<&str> = self.outputs.iter().map(|output| &*output.file).collect();
        let same = |output: &Output| {
            let hash = Source::path(folder.join(&output.file)).hash();
            hash.is_ok_and(|hash| hash == output.blake3)
        };
        self.fingerprint == fingerprint
            && named.into_iter().eq(files.iter().map(String::as_str))
            && self.outputs.iter().all(same)
    }
}

/// The request of a frame.
pub(super) fn request(region: &Region, scheme: &Scheme, as_of: Option<Date>) -> Request {
    Request { scheme: scheme.clone(), as_of, ..region.request.clone() }
}

#[derive(Deserialize)]
struct Sites {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    id: String,
    geometry: Point,
    properties: Properties,
}

#[derive(Deserialize)]
struct Point {
    coordinates: [f64; 2],
}

#[derive(Deserialize)]
struct Properties {
    name: Option<String>,
    security_score: Option<f64>,
    security_band: String,
    environment_score: Option<f64>,
    environment_band: String,
}

impl Feature {
    fn state(self) -> Option<State> {
        let [lon, lat] = self.geometry.coordinates;
        let Properties { name, security_score, security_band, environment_score, environment_band } =
            self.properties;
        Some(State {
            position: Position::from_degrees(lon, lat)?,
            name: name.unwrap_or_else(|| self.id.clone()),
            id: self.id,
            security: (security_score, security_band),
            environment: (environment_score, environment_band),
        })
    }
}
