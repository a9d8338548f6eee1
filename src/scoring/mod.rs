//! From measured quantities to risk: the scheme, its indicators, and scores that can be broken down
//! to their inputs.
//!
//! `plan` derives what `measures` must compute for a scheme. `severity` weighs incidents, `security`
//! and `indicators` turn quantities into scores and indicator values, and `aggregate` combines them.
//! `band` and `flags` classify the results, `words` explains them in a sentence, and `score` runs
//! all steps for one site.

mod aggregate;
mod band;
mod flags;
pub mod indicators;
mod plan;
mod raster;
mod risk;
mod scheme;
mod score;
mod security;
mod severity;
mod trend;
mod words;
pub mod written;

pub use aggregate::{environment_risk, overall, power_mean};
pub use flags::flags;
pub use raster::RASTER_KINDS;
pub use risk::{
    Band, Driver, EnvironmentRisk, Flags, Indicator, IndicatorCode, Risk, RiskCell, SecurityRisk,
};
pub use scheme::{
    AccidentsIndicator, Bands, Buffers, ConflictBand, CoverageRules, Distance, Drivers,
    EnvironmentScheme, FlagRules, IntensityRelation, Kernel, KernelForm, Overall, Parts,
    PeopleIndicator, PositionAccuracy, Recency, RiversIndicator, Scheme, SchemeOrigin, ScoreCurve,
    SecurityScheme, SeismicIndicator, SensitiveAreasIndicator, Severity, Trend,
    WaterStressIndicator,
};
pub use score::score;
pub use security::{security_risk, security_score};
pub use severity::severity;
pub use trend::rising;
pub use words::{
    CoverageWords, IncidentName, Names, country_list, country_name, explanation, thousands,
};
