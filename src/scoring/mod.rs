//! From measured quantities to risk: the scheme, its indicators, and scores that can be broken down
//! to their inputs.
//!
//! `plan` derives what `measures` must compute for a scheme. `severity` weighs incidents, `security`
//! and `indicators` turn quantities into scores and indicator values, and `aggregate` combines them.
//! `band` and `flags` classify the results, `words` explains them in a sentence, and `score` runs
//! all steps for one site. `exposure` looks from the receptors to the sites. `skill` measures how well
//! numbers told what happened, and a `calibration` gives scores a probability.

mod aggregate;
mod band;
mod calibration;
mod exposure;
mod flags;
pub mod indicators;
mod plan;
pub mod ranks;
mod raster;
mod risk;
mod scheme;
mod score;
mod security;
pub mod sensitivity;
mod severity;
pub mod skill;
mod trend;
mod uncertainty;
mod words;
pub mod written;

pub use aggregate::{environment_risk, overall, power_mean};
pub use calibration::{Calibration, Event, Origins, Source};
pub use exposure::{Exposure, Exposures, NearSite, Reached, pressure};
pub use flags::{flags, seen};
pub use raster::RASTER_KINDS;
pub use risk::{
    Band, Bar, BarRisk, Driver, EnvironmentRisk, Flags, Indicator, IndicatorCode, Risk, RiskCell,
    SecurityRisk,
};
pub use scheme::{
    AccidentsIndicator, Bands, BarWeights, Buffers, ConflictBand, CoverageRules, Distance,
    DownstreamIndicator, Drivers, EnvironmentScheme, FlagRules, Gaps, IntensityRelation, Kernel,
    KernelForm, Overall, Parts, PeopleIndicator, PositionAccuracy, RasterIndicator, RasterRule,
    Recency, RunoutScheme, Scheme, SchemeOrigin, ScoreCurve, SecurityScheme, SeismicIndicator,
    SensitiveAreasIndicator, Severity, Statistic, TailingsIndicator, Trend, WaterNearbyIndicator,
    WaterStressIndicator, on_common_scale,
};
pub use score::score;
pub use security::{security_risk, security_score};
pub use severity::{severity, severity_with};
pub use trend::{InPeriod, rising};
pub use uncertainty::{
    CodedScores, EnvironmentDraws, EnvironmentUncertainty, SecurityUncertainty, Spread,
    Uncertainty, Whereabouts,
};
pub use words::{
    Around, COVERED, Catalog, Caution, CoverageWords, IncidentName, MOST_NAMED, Names, OldRecord,
    Recent, Record, UNKNOWN_LIST, country_list, country_name, explanation, ground, km_as_known,
    percent, percent_known, thousands,
};
