//! The plan of a batch: a TOML file that names inputs, regions, dates and schemes.

use super::dates::{DateWords, Dates};
use crate::earth::Bounds;
use crate::error::written::{Guide, refuse_toml};
use crate::layers::report::Heading;
use crate::measures::DrawPlan;
use crate::run::named::{self, ReadWords};
use crate::run::{self, DRAWS, Inputs, LayerName, Rules};
use crate::scoring::{Calibration, Scheme};
use crate::sources::Source;
use crate::{Code, Error, Result};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::Path;
use toml::de::{DeTable, Deserializer};

/// A plan with every key; error hints point to it.
const WHOLE: &str = include_str!("../../../examples/batch.toml");

/// The plan of a batch.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Display name.
    pub name: String,
    /// The regions; by default a single one without a box.
    pub regions: Vec<Region>,
    /// The schemes.
    pub schemes: Vec<Scheme>,
    /// What gives the security scores of a scheme a probability, at most one for each scheme.
    pub calibrations: Vec<Calibration>,
    /// The as-of dates.
    pub dates: Dates,
    /// The layers of each frame.
    pub layers: BTreeSet<LayerName>,
    /// Whether each frame has its own report.
    pub reports: bool,
    /// Title, subtitle and logo of the reports of frames.
    pub heading: Heading,
    /// Whether each frame has the ranks of its sites under other settings of its scheme.
    pub sensitivity: bool,
}

/// A part of the world with its inputs.
#[derive(Debug, Clone)]
pub struct Region {
    /// Display name.
    pub name: String,
    /// Its files.
    pub inputs: Inputs,
    /// Its box and coverage; scheme and date are set per frame.
    pub rules: Rules,
    /// The index of its input set; regions with the same index share files and read options.
    pub shared: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: Option<String>,
    #[serde(default)]
    inputs: Option<InputWords>,
    #[serde(default)]
    dates: DateWords,
    keep: Option<usize>,
    #[serde(default)]
    schemes: Vec<String>,
    #[serde(default)]
    calibration: Vec<String>,
    #[serde(default)]
    layers: Vec<String>,
    #[serde(default)]
    reports: bool,
    title: Option<String>,
    subtitle: Option<String>,
    logo: Option<String>,
    uncertainty: Option<usize>,
    #[serde(default)]
    sensitivity: bool,
    #[serde(default)]
    regions: Vec<RegionWords>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct InputWords {
    demo: bool,
    sites: Vec<String>,
    incidents: Vec<String>,
    receptors: Vec<String>,
    rasters: Vec<String>,
    coverage: Option<String>,
    stale: Option<String>,
    complete: Vec<String>,
    merge_sources: bool,
    read: ReadWords,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RegionWords {
    name: String,
    bbox: Option<[f64; 4]>,
    inputs: Option<InputWords>,
}

impl Plan {
    /// Reads the plan in a file; relative paths in it are resolved against its folder.
    ///
    /// # Errors
    /// A file that cannot be read; those of [`Self::from_toml`].
    pub fn read(file: &Path) -> Result<Self> {
        let source = Source::from_arg(file);
        let folder = file.parent().unwrap_or(Path::new(""));
        Self::from_toml(&source.read_text()?, source.name(), folder)
    }

    /// Reads a plan; relative paths in it are resolved against `folder`.
    ///
    /// # Errors
    /// Invalid TOML or unknown keys, with line and column; unknown names.
    pub fn from_toml(text: &str, file: &str, folder: &Path) -> Result<Self> {
        const GUIDE: Guide = Guide {
            code: Code::PlanInvalid,
            whole: WHOLE,
            hint: "examples/batch.toml is a complete plan to copy from",
        };
        let refuse = |error: toml::de::Error| refuse_toml(text, file, &error, &GUIDE);
        let table = DeTable::parse(text).map_err(refuse)?;
        let written = Written::deserialize(Deserializer::from(table)).map_err(refuse)?;
        let at = |error: Error| error.within(file);
        let schemes = match written.schemes.as_slice() {
            [] => vec![named::scheme("schemes", "default", folder)],
            words => words.iter().map(|word| named::scheme("schemes", word, folder)).collect(),
        };
        let layers = match written.layers.as_slice() {
            [] => Ok(BTreeSet::from([LayerName::Sites, LayerName::Links])),
            words => words.iter().map(|word| named::layer("layers", word)).collect(),
        };
        let calibrations = written.calibration.iter().map(|file| named::calibration(file, folder));
        // The batch's own outputs are computed from the layer of sites.
        let mut layers = layers.map_err(at)?;
        layers.insert(LayerName::Sites);
        let mut plan = Self {
            name: written.name.unwrap_or_else(|| stem(file).to_owned()),
            regions: regions(written.regions, written.inputs, folder).map_err(at)?,
            schemes: schemes.into_iter().collect::<Result<_>>().map_err(at)?,
            calibrations: calibrations.collect::<Result<_>>().map_err(at)?,
            dates: written.dates.dates(written.keep).map_err(at)?,
            layers,
            reports: written.reports,
            heading: run::heading(
                [("title", &written.title), ("subtitle", &written.subtitle)],
                ("logo", written.logo.as_deref()),
                folder,
            )
            .map_err(at)?,
            sensitivity: written.sensitivity,
        };
        plan.check().map_err(at)?;
        let wanted = super::frame::wanted(&plan);
        let uncertainty = written.uncertainty.map(draws).transpose().map_err(at)?;
        for Region { inputs, rules, .. } in &mut plan.regions {
            rules.uncertainty = uncertainty;
            inputs.read.incident_columns = wanted.incident_columns(inputs.merge_sources);
        }
        Ok(plan)
    }

    /// The calibration of a scheme.
    pub fn calibration(&self, scheme: &Scheme) -> Option<&Calibration> {
        self.calibrations.iter().find(|calibration| calibration.is_of(scheme))
    }

    /// Rejects plans that would write two frames to one folder, and calibrations without a scheme of their own.
    fn check(&self) -> Result<()> {
        let mut seen = BTreeSet::new();
        for region in &self.regions {
            if !seen.insert(region.folder().to_lowercase()) {
                return Err(Error::usage(
                    Code::PlanInvalid,
                    format!("regions: two are called \"{}\"", region.name),
                ));
            }
        }
        let mut seen = BTreeSet::new();
        for scheme in &self.schemes {
            plain_name("schemes", &scheme.name)?;
            if !seen.insert(scheme.name.to_lowercase()) {
                return Err(Error::usage(
                    Code::PlanInvalid,
                    format!("schemes: two are called \"{}\"", scheme.name),
                )
                .with_hint("give one of them another name = \"...\" at the top of its file"));
            }
        }
        let mut calibrated = BTreeSet::new();
        for calibration in &self.calibrations {
            calibration.check(&self.schemes)?;
            if !calibrated.insert(&calibration.scheme_hash) {
                return Err(Error::usage(
                    Code::SettingsConflict,
                    format!("calibration: two are of the scheme \"{}\"", calibration.scheme),
                ));
            }
        }
        Ok(())
    }
}

impl Region {
    /// The name of its folder: its own name, with dashes for spaces.
    pub fn folder(&self) -> String {
        self.name.split_whitespace().collect::<Vec<_>>().join("-")
    }
}

fn regions(
    written: Vec<RegionWords>,
    shared: Option<InputWords>,
    folder: &Path,
) -> Result<Vec<Region>> {
    let written = if written.is_empty() {
        vec![RegionWords { name: "all".into(), bbox: None, inputs: None }]
    } else {
        written
    };
    let mut known: Vec<InputWords> = Vec::new();
    let mut regions = Vec::new();
    for RegionWords { name, bbox, inputs } in written {
        plain_name("regions", &name)?;
        let Some(words) = inputs.or_else(|| shared.clone()) else {
            return Err(Error::usage(
                Code::PlanInvalid,
                format!("regions: \"{name}\" has no inputs"),
            )
            .with_hint("name them under [inputs], which all regions share, or in the region"));
        };
        let (files, mut rules) = words.request(folder)?;
        if let Some(corners) = bbox {
            let text = corners.map(|corner| corner.to_string()).join(",");
            let bounds = text.parse::<Bounds>();
            rules.bbox = Some(bounds.map_err(|error| {
                Error::usage(Code::PlanInvalid, format!("regions: bbox of \"{name}\": {error}"))
            })?);
        }
        let shared = known.iter().position(|other| *other == words).unwrap_or_else(|| {
            known.push(words);
            known.len() - 1
        });
        regions.push(Region { name, inputs: files, rules, shared });
    }
    Ok(regions)
}

/// Rejects names that are not valid folder names on every system.
fn plain_name(option: &str, name: &str) -> Result<()> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '(' | ')');
    let fits = name.chars().all(plain) && name.starts_with(char::is_alphanumeric);
    if fits && !name.ends_with(['.', ' ']) && name.len() <= 100 {
        return Ok(());
    }
    Err(Error::usage(
        Code::PlanInvalid,
        format!("{option}: \"{}\" cannot name a folder", name.escape_debug()),
    )
    .with_hint("letters, digits, spaces and - _ . ( ), beginning with a letter or digit"))
}

impl InputWords {
    fn request(&self, folder: &Path) -> Result<(Inputs, Rules)> {
        let mut inputs = if self.demo {
            let files = [&self.sites, &self.incidents, &self.receptors, &self.rasters];
            if files.iter().any(|files| !files.is_empty()) {
                return Err(Error::usage(
                    Code::SettingsConflict,
                    "inputs: demo cannot be combined with files",
                ));
            }
            crate::run::demo().inputs
        } else {
            let files = |names: &[String]| -> Vec<Source> {
                names.iter().map(|name| Source::path(folder.join(name))).collect()
            };
            let receptors = self.receptors.iter();
            Inputs {
                sites: files(&self.sites),
                incidents: files(&self.incidents),
                receptors: receptors
                    .map(|text| named::receptors("inputs: receptors", text, folder))
                    .collect::<Result<_>>()?,
                rasters: named::rasters("inputs: rasters", &self.rasters, folder)?,
                ..Inputs::default()
            }
        };
        if inputs.sites.is_empty() {
            return Err(Error::usage(Code::InputMissing, "inputs: no sites are given")
                .with_hint("sites = [\"FILE\"], or demo = true for the built-in case"));
        }
        inputs.read = self.read.options(folder)?;
        inputs.merge_sources = self.merge_sources;
        let mut rules = Rules::default();
        let complete = self.complete.iter();
        rules.complete =
            complete.map(|word| named::kind("inputs: complete", word)).collect::<Result<_>>()?;
        if let Some(text) = &self.coverage {
            rules.coverage = named::coverage("inputs: coverage", text, folder)?;
        }
        if let Some(text) = &self.stale {
            rules.stale = named::stale("inputs: stale", text)?;
        }
        Ok((inputs, rules))
    }
}

/// The draws of a number that a plan gives.
fn draws(number: usize) -> Result<DrawPlan> {
    if DRAWS.contains(&number) {
        return Ok(run::draws(number));
    }
    let (least, most) = (DRAWS.start(), DRAWS.end());
    Err(Error::usage(
        Code::PlanInvalid,
        format!("uncertainty: {number} draws; expected {least} to {most}"),
    ))
}

/// The file's name without its extension.
fn stem(file: &str) -> &str {
    file.strip_suffix(".toml").unwrap_or(file)
}
