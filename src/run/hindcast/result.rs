//! What a hindcast gives: what each model said at each origin, what happened, and how well the two agree.

use super::{Calibrated, Tuned};
use crate::earth::Length;
use crate::model::Findings;
use crate::run::{Input, Sites};
use crate::scoring::{Band, Scheme};
use jiff::civil::Date;
use std::fmt;

/// A hindcast: the scores and baselines of all sites at all origins, what happened after each, and how well the one
/// told of the other.
#[derive(Debug, Clone)]
pub struct Hindcast {
    /// The input files.
    pub inputs: Vec<Input>,
    /// The sites, as [`Prediction::site`] numbers them.
    pub sites: Sites,
    /// The origins, ascending, as [`Prediction::origin`] numbers them.
    pub origins: Vec<Date>,
    /// The schemes; the first is the one that the others and the baselines are compared with.
    pub schemes: Vec<Scheme>,
    /// The radii, as [`Prediction::counts`] numbers them.
    pub radii: Vec<Length>,
    /// What is to be told, as [`Prediction::outcomes`] numbers them; the first is the main one. By radius, then
    /// horizon, then deaths.
    pub labels: Vec<Label>,
    /// One for each site at each origin, in the order of the origins, then of the sites.
    pub predictions: Vec<Prediction>,
    /// How well each label was told, in the order of the labels.
    pub judged: Vec<Judged>,
    /// The calibration of the first scheme for the main label, if one was asked for.
    pub calibrated: Option<Calibrated>,
    /// What tuning of the first scheme for the main label came to, if it was asked for.
    pub tuned: Option<Tuned>,
    /// Findings: those of the files, then those of the rules.
    pub findings: Findings,
    /// What limits the conclusions.
    pub warnings: Vec<Warning>,
}

/// What is to be told of a site at an origin: whether an incident begins within a radius and a horizon.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Label {
    /// The radius around the site; a distance equal to it is within.
    pub radius: Length,
    /// The horizon h: days T + 1 to T + h count.
    ///
    /// # Units
    /// Days.
    pub horizon_days: u32,
    /// The least number of deaths, by the best estimate; 0 for any incident.
    pub min_deaths: u32,
}

/// What the models said of a site at an origin, and what happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// The number of the origin.
    pub origin: usize,
    /// The number of the site.
    pub site: usize,
    /// The intensity by each scheme; `None` without a security score, where the site is not covered at the origin.
    pub intensities: Vec<Option<f64>>,
    /// The distance to the nearest incident of the last 1,095 days; `None` if there is none.
    ///
    /// # Units
    /// Kilometers.
    pub nearest_km: Option<f64>,
    /// The sum over all incidents of exp(-d² / (2 (50 km)²)).
    pub kde: f64,
    /// The counts within each radius.
    pub counts: Vec<Counted>,
    /// What happened, by label; `None` where the site is set aside for the label.
    pub outcomes: Vec<Option<bool>>,
}

/// Incidents within a radius at an origin.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Counted {
    /// Of an age below 365 days.
    pub one_year: u32,
    /// Of an age below 1,095 days.
    pub three_years: u32,
    /// The sum of 2^(-a / 365) over all of them.
    pub half_life: f64,
}

/// A model: what orders the sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Model {
    /// The intensity by a scheme, given by its number.
    Scheme(usize),
    /// Incidents of the last year within the radius.
    Count1y,
    /// Incidents of the last three years within the radius.
    Count3y,
    /// Incidents within the radius, each halved with every year.
    CountHalflife1y,
    /// The nearest incident of the last three years.
    Nearest,
    /// The kernel density of all incidents.
    Kde,
    /// The same for all sites.
    Constant,
}

/// A measure of how well a model told sites with incidents from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Metric {
    /// The area under the ROC curve.
    RocAuc,
    /// Its mean over the origins.
    RocAucWithin,
    /// The average precision.
    AveragePrecision,
    /// The Brier skill after isotonic regression on earlier origins.
    BrierSkill,
    /// The share of the positives in the top 10 % of each origin.
    Hit10,
    /// The share of the positives in the top 20 % of each origin.
    Hit20,
    /// The prediction accuracy index at 10 %.
    Pai10,
}

/// How well one label was told.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The number of the label.
    pub label: usize,
    /// Sites at origins by what became of them, one for each origin; their sum is that of all sites at it.
    pub tallies: Vec<Tally>,
    /// The measures: first pooled by model and metric, then those of each origin.
    pub measured: Vec<Measured>,
    /// What each band of each scheme came to, from very low to very high.
    pub bands: Vec<BandShare>,
    /// The first scheme against the best of the three counts; `None` where all sites were positive, or none.
    pub standing: Option<Standing>,
}

/// Sites at one origin, for one label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Sites that count.
    pub counted: usize,
    /// Those of them that were positive.
    pub positives: usize,
    /// Sites set aside because they have no security score at the origin.
    pub without_score: usize,
    /// Sites set aside because no source covers their place from the origin to the end of the horizon.
    pub not_covered: usize,
}

/// One measure of one model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// The number of the origin; `None` for all origins together.
    pub origin: Option<usize>,
    /// The model.
    pub model: Model,
    /// The metric.
    pub metric: Metric,
    /// Its value; `None` where it is not defined, as with positives alone.
    pub value: Option<Estimate>,
    /// The value less that of the first scheme; `None` for the first scheme itself, and where either is not defined.
    pub difference: Option<Estimate>,
}

/// A value with its interval: 5 and 95 % of the bootstrap resamples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// The interval; `None` if no resample has a value.
    pub interval: Option<[f64; 2]>,
}

/// What the sites in one band of a scheme came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BandShare {
    /// The number of the scheme.
    pub scheme: usize,
    /// The band.
    pub band: Band,
    /// Sites at origins in it.
    pub counted: usize,
    /// Those of them that were positive.
    pub positives: usize,
    /// Their share with Wilson's 90 % interval; `None` for an empty band.
    pub share: Option<Estimate>,
}

/// The first scheme against the best of the three counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// The count with the largest `roc_auc`.
    pub count: Model,
    /// The outcome.
    pub outcome: Against,
    /// `roc_auc` of the scheme, and of the scheme less the count.
    pub roc_auc: [Estimate; 2],
    /// `average_precision` of the scheme, and of the scheme less the count.
    pub average_precision: [Estimate; 2],
}

/// The outcome of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    /// One interval lies above 0 and neither below.
    Beats,
    /// One interval lies below 0 and neither above.
    Loses,
    /// Both intervals hold 0.
    Ties,
    /// One interval lies above 0 and the other below.
    Differs,
}

/// What limits the conclusions from a hindcast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warning {
    /// There are fewer than five origins.
    FewOrigins(usize),
    /// Fewer than 30 sites at origins were positive for a label, given by its number.
    FewPositives {
        /// The number of the label.
        label: usize,
        /// The positive ones.
        positives: usize,
    },
}

impl Hindcast {
    /// The models of a label: the schemes, then the baselines.
    pub fn models(&self) -> Vec<Model> {
        Model::of_schemes(self.schemes.len())
    }

    /// The number that a model gives to a site at an origin for a label: larger means more. `None` where a scheme has
    /// no score.
    pub fn number(&self, prediction: &Prediction, model: Model, label: &Label) -> Option<f64> {
        let counted = || {
            let radius = self.radii.iter().position(|radius| *radius == label.radius)?;
            prediction.counts.get(radius)
        };
        match model {
            Model::Scheme(scheme) => prediction.intensities.get(scheme).copied().flatten(),
            Model::Count1y => counted().map(|of| f64::from(of.one_year)),
            Model::Count3y => counted().map(|of| f64::from(of.three_years)),
            Model::CountHalflife1y => counted().map(|of| of.half_life),
            Model::Nearest => Some(-prediction.nearest_km.unwrap_or(FARTHEST_KM)),
            Model::Kde => Some(prediction.kde),
            Model::Constant => Some(1.0),
        }
    }
}

/// The distance that stands for no incident at all: no two places lie so far apart.
const FARTHEST_KM: f64 = 20_004.0;

impl Model {
    /// The baselines.
    pub const BASELINES: [Self; 6] = [
        Self::Count1y,
        Self::Count3y,
        Self::CountHalflife1y,
        Self::Nearest,
        Self::Kde,
        Self::Constant,
    ];

    /// The counts that a scheme is compared with.
    pub const COUNTS: [Self; 3] = [Self::Count1y, Self::Count3y, Self::CountHalflife1y];

    /// So many schemes, then the baselines.
    pub(super) fn of_schemes(schemes: usize) -> Vec<Self> {
        (0..schemes).map(Self::Scheme).chain(Self::BASELINES).collect()
    }

    /// Its name in files: `scheme:NAME`, or the word of the baseline.
    pub fn name(self, schemes: &[Scheme]) -> String {
        match self {
            Self::Scheme(scheme) => {
                format!("scheme:{}", schemes.get(scheme).map_or("", |of| of.name.as_str()))
            }
            Self::Count1y => "count_1y".into(),
            Self::Count3y => "count_3y".into(),
            Self::CountHalflife1y => "count_halflife_1y".into(),
            Self::Nearest => "nearest".into(),
            Self::Kde => "kde".into(),
            Self::Constant => "constant".into(),
        }
    }
}

impl Metric {
    /// Every metric.
    pub const ALL: [Self; 7] = [
        Self::RocAuc,
        Self::RocAucWithin,
        Self::AveragePrecision,
        Self::BrierSkill,
        Self::Hit10,
        Self::Hit20,
        Self::Pai10,
    ];

    /// The word used in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::RocAuc => "roc_auc",
            Self::RocAucWithin => "roc_auc_within",
            Self::AveragePrecision => "average_precision",
            Self::BrierSkill => "brier_skill",
            Self::Hit10 => "hit_10",
            Self::Hit20 => "hit_20",
            Self::Pai10 => "pai_10",
        }
    }
}

impl Judged {
    /// Sites at all origins.
    pub fn tally(&self) -> Tally {
        self.tallies.iter().fold(Tally::default(), |sum, one| Tally {
            counted: sum.counted + one.counted,
            positives: sum.positives + one.positives,
            without_score: sum.without_score + one.without_score,
            not_covered: sum.not_covered + one.not_covered,
        })
    }

    /// A measure of all origins together.
    pub fn pooled(&self, model: Model, metric: Metric) -> Option<&Measured> {
        let wanted =
            |of: &&Measured| of.origin.is_none() && of.model == model && of.metric == metric;
        self.measured.iter().find(wanted)
    }
}

impl Label {
    /// The name of its column: `event_25km_365d`, with `_min5` for five deaths or more.
    pub fn column(&self) -> String {
        let least = match self.min_deaths {
            0 => String::new(),
            deaths => format!("_min{deaths}"),
        };
        format!("event_{}_{}d{least}", self.radius, self.horizon_days)
    }
}

impl fmt::Display for Label {
    /// Formats the label as `an incident within 25km in the next 365 days, with 5 deaths or more`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = if self.horizon_days == 1 { "day" } else { "days" };
        write!(f, "an incident within {} in the next {} {days}", self.radius, self.horizon_days)?;
        match self.min_deaths {
            0 => Ok(()),
            1 => write!(f, ", with a death"),
            deaths => write!(f, ", with {deaths} deaths or more"),
        }
    }
}
