//! The risk of one site: two scores, their bands, what drives them and how they stand together.

use crate::measures::{Contribution, Nearby};

/// The risk of one site.
#[derive(Debug, Clone, PartialEq)]
pub struct Risk {
    /// Security.
    pub security: SecurityRisk,
    /// Environment.
    pub environment: EnvironmentRisk,
    /// Power mean of the two scores; `None` unless both exist. 0 to 100, unrounded.
    pub overall: Option<f64>,
    /// The two bands as one cell of a 5 × 5 table.
    pub cell: RiskCell,
    /// Yes-or-no statements that reporting standards ask for.
    pub flags: Flags,
}

/// Security risk.
#[derive(Debug, Clone, PartialEq)]
pub struct SecurityRisk {
    /// 0 to 100, unrounded; `None` where no security incidents were collected.
    pub score: Option<f64>,
    /// The kernel sum behind the score; `None` with the score.
    pub intensity: Option<f64>,
    /// The strongest incidents, strongest first.
    pub drivers: Vec<Driver>,
    /// Probability that incidents have become more frequent, 0 to 1.
    pub trend: Option<f64>,
}

/// What one incident adds to a score.
#[derive(Debug, Clone, PartialEq)]
pub struct Driver {
    /// The incident, its distance and its part in the intensity.
    pub contribution: Contribution,
    /// Points of the score; all incidents' points add up to it.
    pub points: f64,
    /// Share of the score, 0 to 1.
    pub share: f64,
}

/// Environmental risk.
#[derive(Debug, Clone, PartialEq)]
pub struct EnvironmentRisk {
    /// 0 to 100, unrounded; `None` where too little is known.
    pub score: Option<f64>,
    /// The share of the weights whose indicators are known, 0 to 1.
    pub coverage: f64,
    /// Every indicator of the scheme, in the scheme's order.
    pub indicators: Vec<Indicator>,
}

/// The indicators of the environmental score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IndicatorCode {
    /// E1.
    SensitiveAreas,
    /// E2.
    WaterStress,
    /// E3.
    Seismic,
    /// E4.
    Rivers,
    /// E5.
    Accidents,
    /// E6.
    People,
}

/// One indicator of the environmental score.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// Which.
    pub code: IndicatorCode,
    /// 0 to 1; `None` where it is not known.
    pub value: Option<f64>,
    /// Its weight in the scheme.
    pub weight: f64,
    /// Points of the score; all indicators' points add up to it. `None` without a score.
    pub points: Option<f64>,
    /// The receptor or incident that makes it what it is.
    pub driver: Option<Nearby>,
    /// What a reader should know of it: an assumed class, a missing depth.
    pub note: Option<String>,
    /// What the sentence of the site tells with it, in a few words.
    pub aside: Option<String>,
}

/// Five classes of a score, and one for no score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Band {
    /// There is no score.
    NoData,
    /// Below 20.
    VeryLow,
    /// 20 to below 40.
    Low,
    /// 40 to below 60.
    Medium,
    /// 60 to below 80.
    High,
    /// 80 and over.
    VeryHigh,
}

/// The cell of the two bands in a 5 × 5 table; 0 where there is no score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RiskCell {
    /// Security, 0 to 5.
    pub security: u8,
    /// Environment, 0 to 5.
    pub environment: u8,
}

/// Yes-or-no statements in the manner of TNFD (2023) and GRI 101 (2024); each is true where any of
/// its conditions is, and `None` where nothing is known.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Flags {
    /// Distance to the nearest sensitive area where one lies within the scheme's flag distance.
    ///
    /// # Units
    /// Kilometers.
    pub sensitive_area_within_km: Option<f64>,
    /// Whether water stress is high or worse.
    pub water_stress_high: Option<bool>,
    /// Whether security incidents were reported within the window radius in the last year, or the
    /// security band is high or very high.
    pub in_conflict_area: Option<bool>,
}
