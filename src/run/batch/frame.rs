//! A frame: the run of one region under one scheme at one date, in its own folder; and how to check a
//! frame that was written before.

use super::plan::{Plan, Region};
use super::remedy::PLAN;
use crate::model::Domain;
use crate::run::deliver::SENSITIVITY;
use crate::run::{Request, Rules, Wanted};
use crate::scoring::Scheme;
use crate::sinks::place::{RECEIPT, is_style};
use crate::sources::Source;
use crate::{Code, Error, Result};
use jiff::civil::Date;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The identity of a frame in its batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The region's name.
    pub region: String,
    /// The scheme's name.
    pub scheme: String,
    /// The date; `None` for that of the newest incident.
    pub as_of: Option<Date>,
    /// Its folder, relative to the batch's.
    pub folder: PathBuf,
}

/// The members of a receipt that a batch reads.
#[derive(Debug, Deserialize)]
pub(super) struct Receipt {
    /// The hash of its own bytes, in hex.
    #[serde(skip)]
    pub hash: String,
    fingerprint: String,
    /// The date at which ages were computed.
    pub as_of: Option<String>,
    /// Record counts; `None` if the folder is not that of a run.
    counts: Option<Counts>,
    /// What a hindcast looked at; `None` if the folder is not that of a hindcast.
    hindcast: Option<IgnoredAny>,
    /// Where and when each file collected, by domain.
    #[serde(default)]
    coverage: BTreeMap<String, Vec<End>>,
    #[serde(default)]
    inputs: Vec<Input>,
    outputs: Vec<Output>,
}

/// Until when a source of incidents collected.
#[derive(Debug, Deserialize)]
struct End {
    until: String,
    current: bool,
}

#[derive(Debug, Deserialize)]
struct Input {
    role: String,
    file: String,
    read: u64,
}

#[derive(Debug, Deserialize)]
struct Counts {
    sites: SiteCounts,
    incidents: IncidentCounts,
}

#[derive(Debug, Deserialize)]
struct SiteCounts {
    scored: u64,
}

#[derive(Debug, Deserialize)]
struct IncidentCounts {
    scored_by_domain: BTreeMap<String, u64>,
}

#[derive(Debug, Deserialize)]
struct Output {
    file: String,
    blake3: String,
    #[serde(default)]
    kept: bool,
}

impl Frame {
    pub(super) fn new(region: &Region, scheme: &Scheme, as_of: Option<Date>) -> Self {
        let date = as_of.map_or_else(|| "newest".to_owned(), |date| date.to_string());
        let folder = Path::new(&region.folder()).join(&scheme.name).join(date);
        Self { region: region.name.clone(), scheme: scheme.name.clone(), as_of, folder }
    }

    /// The files of a frame of a plan, without the receipt.
    pub(super) fn files(plan: &Plan) -> BTreeSet<String> {
        let asked = plan.sensitivity.then(|| SENSITIVITY.to_owned());
        let files = wanted(plan).files(false).into_iter().chain(asked);
        files.chain(["rejects.csv".into()]).collect()
    }
}

impl Receipt {
    /// The receipt in a folder, if there is a readable one.
    pub fn of(folder: &Path) -> Option<Self> {
        let text = Source::path(folder.join(RECEIPT)).read_text().ok()?;
        let hash = blake3::hash(text.as_bytes()).to_hex().to_string();
        Some(Self { hash, ..serde_json::from_str(&text).ok()? })
    }

    /// Whether there were no sites to score.
    pub fn is_without_sites(&self) -> bool {
        self.counts.as_ref().is_some_and(|counts| counts.sites.scored == 0)
    }

    /// Whether no source of security incidents covers the as-of date, and the last day that any covers.
    pub fn is_without_incidents(&self) -> Option<Option<&str>> {
        let sources = self.coverage.get(Domain::Security.word()).map_or(&[][..], Vec::as_slice);
        let ended = sources.iter().all(|source| !source.current);
        // ISO dates sort as text.
        ended.then(|| sources.iter().map(|source| source.until.as_str()).max())
    }

    /// The number of used security incidents.
    pub fn incidents(&self) -> Option<u64> {
        let used = &self.counts.as_ref()?.incidents.scored_by_domain;
        Some(used.get(Domain::Security.word()).copied().unwrap_or(0))
    }

    /// The incident files without incidents.
    pub fn empty_incidents(&self) -> impl Iterator<Item = &str> {
        let empty = self.inputs.iter().filter(|input| input.role == "incidents" && input.read == 0);
        empty.map(|input| input.file.as_str())
    }

    /// Whether the folder holds exactly the output of this fingerprint: these files, each with the bytes
    /// recorded in the receipt. Edited styles and projects are accepted, unless everything is to be
    /// `replace`d.
    pub fn is_whole(
        &self,
        folder: &Path,
        fingerprint: &str,
        files: &BTreeSet<String>,
        replace: bool,
    ) -> bool {
        let named: BTreeSet<&str> = self.outputs.iter().map(|output| &*output.file).collect();
        let same = |output: &Output| {
            let hash = Source::path(folder.join(&output.file)).hash();
            let edited = is_style(&output.file) && !replace;
            hash.is_ok_and(|hash| edited || hash == output.blake3 && !output.kept)
        };
        self.fingerprint == fingerprint
            && named.into_iter().eq(files.iter().map(String::as_str))
            && self.outputs.iter().all(same)
    }
}

/// What writes a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::run) enum Kind {
    /// A single run.
    Run,
    /// A batch, into the folder that holds its frames.
    Batch,
    /// A hindcast.
    Hindcast,
}

/// Rejects a folder with output of another kind: each would overwrite files of the other, such as its receipt.
///
/// # Errors
/// The folder holds output of another kind.
pub(in crate::run) fn keep_apart(folder: &Path, kind: Kind) -> Result<()> {
    let wrote = Receipt::of(folder).map(|receipt| match (&receipt.counts, &receipt.hindcast) {
        (_, Some(_)) => Kind::Hindcast,
        (Some(_), None) => Kind::Run,
        (None, None) => Kind::Batch,
    });
    let Some(wrote) = wrote.filter(|wrote| *wrote != kind) else { return Ok(()) };
    let wrote = match wrote {
        Kind::Run => "single run",
        Kind::Batch => "batch",
        Kind::Hindcast => "hindcast",
    };
    Err(Error::usage(
        Code::OutputInTheWay,
        format!("{}: holds what a {wrote} wrote", folder.display()),
    )
    .with_hint("name another folder with ⟦output⟧"))
}

/// The output of each frame of a plan.
pub(super) fn wanted(plan: &Plan) -> Wanted {
    Wanted {
        layers: Some(plan.layers.clone()),
        formats: plan.formats.clone(),
        report: plan.reports,
        heading: plan.heading.clone(),
        // The files of a frame are known before its sites are read.
        by_country: false,
        face: PLAN,
        ..Wanted::default()
    }
}

/// The request of a frame.
pub(in crate::run) fn request(
    plan: &Plan,
    region: &Region,
    scheme: &Scheme,
    as_of: Option<Date>,
) -> Request {
    let calibration = plan.calibration(scheme).cloned();
    let rules = Rules { scheme: scheme.clone(), as_of, calibration, ..region.rules.clone() };
    Request { inputs: region.inputs.clone(), rules, surface: None, sensitivity: plan.sensitivity }
}
