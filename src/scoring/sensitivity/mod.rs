//! What if another scheme had been chosen: settings drawn around those of a scheme, and which of them a score hangs on.
//!
//! [`Design`] draws the settings; [`EnvironmentTerms`] gives the environment score of a site under them, and
//! [`Settings`](crate::measures::Settings) are those for the intensity. [`indices`] tells the share of each group of settings
//! in the variance of a score (Sobol 2001).

mod design;
mod dirichlet;
mod environment;
mod indices;
mod outcome;

pub use design::{Design, Drawn};
pub use dirichlet::dirichlet;
pub use environment::EnvironmentTerms;
pub use indices::{Index, Resamples, Responses, indices};
pub use outcome::{ScoreName, ScoreSensitivity, ScoreSummary, Sensitivity, SiteSensitivity};

/// Settings of a scheme that are drawn together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SettingGroup {
    /// The kernel's scales, or its zone of influence.
    Bandwidth,
    /// The half-life of incidents.
    HalfLife,
    /// The weights of types and of deaths.
    Severity,
    /// The weights of bars and indicators.
    Weights,
    /// The power of the mean over indicators.
    Power,
}

impl SettingGroup {
    /// Every group, those of the security score first.
    pub const ALL: [Self; 5] =
        [Self::Bandwidth, Self::HalfLife, Self::Severity, Self::Weights, Self::Power];

    /// The groups of the security score.
    pub const SECURITY: [Self; 3] = [Self::Bandwidth, Self::HalfLife, Self::Severity];

    /// The groups of the environment score.
    pub const ENVIRONMENT: [Self; 2] = [Self::Weights, Self::Power];

    /// The word used in the names of columns.
    pub fn word(self) -> &'static str {
        match self {
            Self::Bandwidth => "bandwidth",
            Self::HalfLife => "half_life",
            Self::Severity => "severity",
            Self::Weights => "weights",
            Self::Power => "power",
        }
    }

    /// What it is, for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Bandwidth => "how far an incident reaches",
            Self::HalfLife => "how fast incidents fade",
            Self::Severity => "the weights of types and deaths",
            Self::Weights => "the weights of bars and indicators",
            Self::Power => "how much the highest indicator counts",
        }
    }
}
