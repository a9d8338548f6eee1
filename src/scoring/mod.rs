//! Quantities to risk: the scheme, its indicators, and scores that come apart into what made them.

mod risk;

pub use risk::{
    Band, Driver, EnvironmentRisk, Flags, Indicator, IndicatorCode, Risk, RiskCell, SecurityRisk,
};
