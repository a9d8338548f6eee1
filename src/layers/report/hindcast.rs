//! The content of a hindcast's page, as plain values.

use super::InputFacts;
use crate::scoring::Band;

/// All values of the page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HindcastReport {
    /// The program's version.
    pub version: &'static str,
    /// The name and the hash of each scheme; the first is the one that others are compared with.
    pub schemes: Vec<(String, String)>,
    /// The number of sites.
    pub sites: usize,
    /// The origins, ascending.
    pub origins: Vec<String>,
    /// The outcome in words.
    pub verdict: String,
    /// What limits the conclusions.
    pub warnings: Vec<String>,
    /// What was to be told, the main one first.
    pub events: Vec<EventReport>,
    /// How the probabilities of a calibration would have done, for the main event.
    pub calibration: Option<CalibrationReport>,
    /// The outcome of tuning in words.
    pub tuned: Option<TunedReport>,
    /// Sentences on the method.
    pub method: Vec<String>,
    /// The files.
    pub inputs: Vec<InputFacts>,
}

/// How well one event was told.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EventReport {
    /// The event: `an incident within 25km in the next 365 days`.
    pub event: String,
    /// The number of sites at origins that count.
    pub counted: usize,
    /// How many of them were followed by the event.
    pub positives: usize,
    /// Sites at origins that were set aside: why, and how many.
    pub aside: Vec<(&'static str, usize)>,
    /// The words of the metrics.
    pub metrics: Vec<&'static str>,
    /// The models, the first scheme first.
    pub models: Vec<ModelReport>,
    /// For some models, the share of the positives against the share of the sites from the top, both 0 to 1.
    pub hits: Vec<(String, Vec<(f64, f64)>)>,
    /// What each band of the first scheme came to.
    pub bands: Vec<BandReport>,
    /// The models of [`YearReport::areas`].
    pub compared: Vec<String>,
    /// Each origin.
    pub years: Vec<YearReport>,
}

/// The measures of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelReport {
    /// Its name.
    pub name: String,
    /// What it is, in words.
    pub about: &'static str,
    /// A measure for each metric; `None` where it is not defined.
    pub measures: Vec<Option<MeasureReport>>,
}

/// A measure with its interval, and how it differs from that of the first scheme.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeasureReport {
    /// The value.
    pub value: f64,
    /// 5 and 95 % of the resamples.
    pub interval: Option<[f64; 2]>,
    /// The value less that of the first scheme, with its interval; `None` for the first scheme.
    pub difference: Option<(f64, Option<[f64; 2]>)>,
}

/// What a band came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BandReport {
    /// The band.
    pub band: Band,
    /// What it came to.
    pub share: ShareReport,
}

/// A share of site-origins that were positive, with Wilson's 90 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShareReport {
    /// The number of site-origins.
    pub counted: usize,
    /// How many of them were positive.
    pub positives: usize,
    /// The share and its interval; `None` without any.
    pub share: Option<(f64, [f64; 2])>,
}

/// One origin.
#[derive(Debug, Clone, PartialEq)]
pub struct YearReport {
    /// The origin.
    pub origin: String,
    /// The number of sites that count.
    pub counted: usize,
    /// How many of them were positive.
    pub positives: usize,
    /// The area under the ROC curve of each compared model; `None` without both kinds.
    pub areas: Vec<Option<f64>>,
}

/// How fits to earlier origins would have done at later ones.
#[derive(Debug, Clone, PartialEq)]
pub struct CalibrationReport {
    /// The column that the calibration makes: `p_event_25km_365d`.
    pub column: String,
    /// Intercept and slope of the fit to all origins.
    pub fit: [f64; 2],
    /// What it was fitted to, in a sentence.
    pub fitted: String,
    /// The origins at which it is judged, by fits to earlier ones.
    pub judged: usize,
    /// The Brier skill with its interval; `None` where it is not defined.
    pub brier_skill: Option<(f64, Option<[f64; 2]>)>,
    /// Site-origins by the probability that was said: the mean probability in each tenth, and what it came to.
    pub tenths: Vec<(f64, ShareReport)>,
}

/// The outcome of tuning.
#[derive(Debug, Clone, PartialEq)]
pub struct TunedReport {
    /// In words.
    pub words: String,
    /// The scales of the grid, in words.
    pub scales: Vec<String>,
    /// The half-lives of the grid, in words.
    pub half_lives: Vec<String>,
    /// The mean of the two areas on the earlier origins: for each scale, by half-life.
    pub grid: Vec<Vec<Option<f64>>>,
    /// The chosen scale and half-life, by their places in the grid.
    pub chosen: Option<[usize; 2]>,
}
