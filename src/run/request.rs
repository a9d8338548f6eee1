//! The request of a run.

use super::ask::SurfaceRequest;
use crate::earth::Bounds;
use crate::measures::{DrawPlan, Vary};
use crate::model::{Declared, ReceptorKind};
use crate::scoring::{Calibration, Scheme};
use crate::sources::{ReadOptions, Source};
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// The files of a run, and how they are read.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// Files of sites and their linked parts.
    pub sites: Vec<Source>,
    /// Files of incidents.
    pub incidents: Vec<Source>,
    /// Files of receptors; without a kind, each record's `receptor_type` gives it.
    pub receptors: Vec<(Option<ReceptorKind>, Source)>,
    /// Rasters, each with its name: a kind that the scheme scores, or any other word.
    pub rasters: Vec<(Arc<str>, Source)>,
    /// How files are read.
    pub read: ReadOptions,
    /// Whether an event reported by several incident files counts once.
    pub merge_sources: bool,
    /// The most sites held in memory. A single file with more is [read again](super::Streamed) in chunks
    /// of that many. `None` holds all sites.
    pub most_held: Option<usize>,
}

/// How many draws of the data may be asked for.
pub const DRAWS: RangeInclusive<usize> = 100..=100_000;

/// The draws of a number, always from the same random numbers.
pub fn draws(number: usize) -> DrawPlan {
    DrawPlan { draws: number, seed: 0, vary: Vary::ALL }
}

/// The rules by which a case is scored.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// The scheme in force.
    pub scheme: Scheme,
    /// The date at which ages are computed; `None` for that of the newest incident.
    pub as_of: Option<Date>,
    /// Only sites within this box are scored; incidents and receptors outside still count.
    pub bbox: Option<Bounds>,
    /// Receptor kinds whose files are complete: for these, none nearby counts as zero instead of unknown.
    pub complete: BTreeSet<ReceptorKind>,
    /// Where and when incidents were collected.
    pub coverage: CoverageChoice,
    /// How places whose collection of security incidents has ended are scored.
    pub stale: Stale,
    /// The draws that tell how sure scores are; `None` for none.
    pub uncertainty: Option<DrawPlan>,
    /// What gives security scores a probability; fitted under the scheme in force.
    pub calibration: Option<Calibration>,
}

impl Rules {
    /// Where and when incidents were collected: the explicit choice, else the declarations in the column
    /// map.
    pub(super) fn coverage(&self, read: &ReadOptions) -> CoverageChoice {
        let declared = read.map.covers();
        match &self.coverage {
            CoverageChoice::FromData if !declared.is_empty() => {
                CoverageChoice::Declared(declared.to_vec())
            }
            choice => choice.clone(),
        }
    }
}

/// A run: its files, the rules by which they are scored, and what is computed besides.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The files.
    pub inputs: Inputs,
    /// The rules.
    pub rules: Rules,
    /// The surface to write besides the layers.
    pub surface: Option<SurfaceRequest>,
    /// Whether the ranks of the sites under other settings of the scheme are written.
    pub sensitivity: bool,
}

/// Where and when incidents were collected.
#[derive(Debug, Clone, Default)]
pub enum CoverageChoice {
    /// In the countries that each file names, from their first incidents to the newest one of the file;
    /// everywhere for a file that names none.
    #[default]
    FromData,
    /// In these places and periods.
    Declared(Vec<Declared>),
    /// Within the polygons of a file.
    Area(Source),
}

/// How places whose collection of security incidents has ended are scored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Stale {
    /// Without a score.
    #[default]
    NoData,
    /// With the score as of the day on which the collection ended.
    Last,
}

impl Stale {
    /// The word used on the command line and in receipts.
    pub fn word(self) -> &'static str {
        match self {
            Self::NoData => "no-data",
            Self::Last => "last",
        }
    }
}

/// The layers that a run can write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LayerName {
    /// Every site with its scores.
    Sites,
    /// Geodesic buffers with counts.
    Rings,
    /// From each site to its main drivers and nearest receptors.
    Links,
    /// Sites and parts with lines or polygons.
    Footprints,
    /// Incidents with their weight and age.
    Incidents,
    /// Receptors in reach of a site, with the sites that reach them.
    Receptors,
}

impl LayerName {
    /// Every layer, in writing order.
    pub const ALL: [Self; 6] =
        [Self::Sites, Self::Rings, Self::Links, Self::Footprints, Self::Incidents, Self::Receptors];

    /// The word used on the command line, which is also the base of the file's name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sites => "sites",
            Self::Rings => "rings",
            Self::Links => "links",
            Self::Footprints => "footprints",
            Self::Incidents => "incidents",
            Self::Receptors => "receptors",
        }
    }

    /// The layers that it consists of, by file name base: footprints are polygons and lines, receptors points, lines
    /// and polygons.
    pub fn files(self) -> &'static [&'static str] {
        match self {
            Self::Sites => &["sites"],
            Self::Rings => &["rings"],
            Self::Links => &["links"],
            Self::Footprints => &["footprints", "footprint_lines"],
            Self::Incidents => &["incidents"],
            Self::Receptors => &["receptors", "receptor_lines", "receptor_areas"],
        }
    }

    /// The layer with a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layer| layer.word() == word)
    }
}
