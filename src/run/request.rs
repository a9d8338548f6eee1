//! What a run is asked to do.

use super::ask::SurfaceRequest;
use crate::earth::Bounds;
use crate::model::{Declared, ReceptorKind};
use crate::scoring::Scheme;
use crate::sources::{ReadOptions, Source};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// The files of a run, and how they are read.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// Files of sites and of parts linked to them.
    pub sites: Vec<Source>,
    /// Files of incidents.
    pub incidents: Vec<Source>,
    /// Files of receptors; without a kind, each record's `receptor_type` tells.
    pub receptors: Vec<(Option<ReceptorKind>, Source)>,
    /// How files are read.
    pub read: ReadOptions,
    /// Whether an event that several files of incidents report counts once.
    pub merge_sources: bool,
    /// How many sites are held at most, where those of a single file past that many may be
    /// [read again](super::Streamed), so many at a time, instead; `None` where all are held, however many.
    pub most_held: Option<usize>,
}

/// By what a case scores.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// The scheme in force.
    pub scheme: Scheme,
    /// The date from which ages are counted; the newest incident's where it is not given.
    pub as_of: Option<Date>,
    /// Only sites within this box are scored; incidents and receptors outside still count.
    pub bbox: Option<Bounds>,
    /// Kinds of receptors of which the files hold all there are: nothing near is then known to be
    /// nothing.
    pub complete: BTreeSet<ReceptorKind>,
    /// Where and when incidents were collected.
    pub coverage: CoverageChoice,
    /// What is made of places where the collection of security incidents has ended.
    pub stale: Stale,
}

impl Rules {
    /// Where and when incidents were collected: what is asked for, else what the column map declares.
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

/// A run: its files, the rules by which they are scored, and the surface to draw, where one is asked for.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The files.
    pub inputs: Inputs,
    /// The rules.
    pub rules: Rules,
    /// The surface to draw beside the layers.
    pub surface: Option<SurfaceRequest>,
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

/// What is made of places where the collection of security incidents has ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Stale {
    /// They have no score.
    #[default]
    NoData,
    /// They have the score as of the day on which the collection ended.
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
    /// Sites and parts that came as lines or polygons.
    Footprints,
    /// Incidents with their weight and age.
    Incidents,
}

impl LayerName {
    /// Every layer, in the order in which they are written.
    pub const ALL: [Self; 5] =
        [Self::Sites, Self::Rings, Self::Links, Self::Footprints, Self::Incidents];

    /// The word used on the command line, which is the file's name too.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sites => "sites",
            Self::Rings => "rings",
            Self::Links => "links",
            Self::Footprints => "footprints",
            Self::Incidents => "incidents",
        }
    }

    /// The layers it consists of, by the base of their files' names: footprints are polygons and lines.
    pub(super) fn files(self) -> &'static [&'static str] {
        match self {
            Self::Sites => &["sites"],
            Self::Rings => &["rings"],
            Self::Links => &["links"],
            Self::Footprints => &["footprints", "footprint_lines"],
            Self::Incidents => &["incidents"],
        }
    }

    /// The layer of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layer| layer.word() == word)
    }
}
