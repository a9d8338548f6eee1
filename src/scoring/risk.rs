//! The risk of one site: two scores, their bands, their drivers, and their combination.

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
    /// Probability that incidents have become more frequent, 0 to 1; `None` with fewer than three of them.
    pub trend: Option<f64>,
}

/// The contribution of one incident to a score.
#[derive(Debug, Clone, PartialEq)]
pub struct Driver {
    /// The incident, its distance and its part of the intensity.
    pub contribution: Contribution,
    /// Points of the score; the points of all incidents add up to the score.
    pub points: f64,
    /// Share of the score, 0 to 1.
    pub share: f64,
}

/// Environmental risk: five bars, four of which make up the score.
#[derive(Debug, Clone, PartialEq)]
pub struct EnvironmentRisk {
    /// 0 to 100, unrounded, with reference values for what is not known; `None` if too little is known.
    pub score: Option<f64>,
    /// What is known alone gives at least this score, 0 to 100, unrounded; `None` if nothing is known.
    pub at_least: Option<f64>,
    /// The share of the weights that is known, 0 to 1.
    pub coverage: f64,
    /// Every bar, in the order of [`Bar::ALL`]; empty if the scheme has no environment score.
    pub bars: Vec<BarRisk>,
    /// Every indicator, in the order of [`IndicatorCode::ALL`].
    pub indicators: Vec<Indicator>,
}

/// A part of the environmental risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bar {
    /// Surroundings: nature.
    Nature,
    /// Surroundings: water.
    Water,
    /// Surroundings: people.
    People,
    /// What the site can do to them.
    Pressure,
    /// What can strike the site; outside the score.
    Hazard,
}

/// The reading of a bar.
#[derive(Debug, Clone, PartialEq)]
pub struct BarRisk {
    /// Which bar.
    pub bar: Bar,
    /// 0 to 100, unrounded, with reference values for what is not known; `None` if nothing is known.
    pub score: Option<f64>,
    /// What is known alone gives at least this, 0 to 100, unrounded; `None` if nothing is known.
    pub at_least: Option<f64>,
    /// The share of its weights that is known, 0 to 1.
    pub coverage: f64,
    /// The indicator that adds most to it; `None` if every known value is 0.
    pub driver: Option<IndicatorCode>,
}

/// The indicators of the environmental risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IndicatorCode {
    /// E1.
    SensitiveAreas,
    /// E2.
    WaterStress,
    /// E3.
    Seismic,
    /// E4.
    WaterNearby,
    /// E5.
    Accidents,
    /// E6.
    People,
    /// E7.
    Species,
    /// E8.
    Habitat,
    /// E9.
    Downstream,
    /// E10.
    Tailings,
    /// E12.
    Flood,
    /// E13.
    Outburst,
}

/// One indicator of the environmental risk.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// The indicator's code.
    pub code: IndicatorCode,
    /// What is known shows at least this, 0 to 1; `None` if nothing is known.
    pub value: Option<f64>,
    /// The share of the indicator that is known, 0 to 1.
    pub known: f64,
    /// Its weight in the score, or in its bar for the bar `hazard`.
    pub weight: f64,
    /// Its weight in its bar.
    pub weight_in_bar: f64,
    /// Points of the score from what is known; `None` without a score and for the bar `hazard`.
    pub points: Option<f64>,
    /// Points of the score from the reference value, for what is not known. Both together, over all indicators, add
    /// up to the score.
    pub assumed: Option<f64>,
    /// The receptor or incident that determines the value.
    pub driver: Option<Nearby>,
    /// A note for the reader: a missing depth, why a value is unknown.
    pub note: Option<String>,
    /// What is known, as a phrase of the site's explanation; `None` if nothing is known, and for accidents that are
    /// known by their own names.
    pub phrase: Option<String>,
}

/// Five classes of a score, and one for "no score".
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

/// The cell of the two bands in a 5 × 5 table; 0 means no score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RiskCell {
    /// Security, 0 to 5.
    pub security: u8,
    /// Environment, 0 to 5.
    pub environment: u8,
}

/// Yes-or-no statements in the style of TNFD (2023) and GRI 101 (2024). A flag is true if any of
/// its conditions is, and `None` if nothing is known.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Flags {
    /// Distance to the nearest sensitive area, if it is within the scheme's flag distance.
    ///
    /// # Units
    /// Kilometers.
    pub sensitive_area_within_km: Option<f64>,
    /// Distance to the nearest World Heritage site, if it is within the scheme's flag distance.
    ///
    /// # Units
    /// Kilometers.
    pub world_heritage_within_km: Option<f64>,
    /// Whether the site lies in a World Heritage site; `None` if none is mapped there, but the layer is not declared complete
    /// or the errors of positions and outlines leave it open.
    pub in_world_heritage: Option<bool>,
    /// Whether water stress is high or worse.
    pub water_stress_high: Option<bool>,
    /// Whether security incidents were reported within the window radius in the last year, or the
    /// security band is high or very high.
    pub in_conflict_area: Option<bool>,
}
