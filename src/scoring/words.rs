//! The words for bands and indicators, as files, tables and sentences have them.

use super::{Band, IndicatorCode};

impl IndicatorCode {
    /// Every indicator, in the scheme's order.
    pub const ALL: [Self; 6] = [
        Self::SensitiveAreas,
        Self::WaterStress,
        Self::Seismic,
        Self::Rivers,
        Self::Accidents,
        Self::People,
    ];

    /// The word used in schemes and outputs.
    pub fn word(self) -> &'static str {
        match self {
            Self::SensitiveAreas => "sensitive_areas",
            Self::WaterStress => "water_stress",
            Self::Seismic => "seismic",
            Self::Rivers => "rivers",
            Self::Accidents => "accidents",
            Self::People => "people",
        }
    }
}

impl Band {
    /// Every band, from no data to very high.
    pub const ALL: [Self; 6] =
        [Self::NoData, Self::VeryLow, Self::Low, Self::Medium, Self::High, Self::VeryHigh];

    /// The word used in outputs.
    pub fn word(self) -> &'static str {
        match self {
            Self::NoData => "no data",
            Self::VeryLow => "very low",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::VeryHigh => "very high",
        }
    }
}
