//! Quantities to risk: the scheme, its indicators, and scores that come apart into what made them.
//!
//! `plan` asks `measures` for what the scheme needs, `severity` weighs incidents, `security` and
//! `indicators` make scores and indicators of quantities, `aggregate` puts them together, `band` and
//! `flags` class them, `words` explains it in a sentence, and `score` is the whole way for one site.

mod aggregate;
mod band;
mod flags;
pub mod indicators;
mod plan;
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
