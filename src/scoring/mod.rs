//! Quantities to risk: the scheme, its indicators, and scores that come apart into what made them.

mod risk;
mod scheme;
mod words;

pub use risk::{
    Band, Driver, EnvironmentRisk, Flags, Indicator, IndicatorCode, Risk, RiskCell, SecurityRisk,
};
pub use scheme::{
    AccidentsIndicator, Bands, Buffers, ConflictBand, Distance, Drivers, EnvironmentScheme,
    FlagRules, IntensityRelation, Kernel, KernelForm, Overall, Parts, PeopleIndicator,
    PositionAccuracy, Recency, RiversIndicator, Scheme, ScoreCurve, SecurityScheme,
    SeismicIndicator, SensitiveAreasIndicator, Severity, Trend, WaterStressIndicator,
};
