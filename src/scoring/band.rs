//! The five classes of a score plus one for "no score", and the cell that combines two of them.

use super::{Band, Bands, ConflictBand, RiskCell, written};
use std::fmt;

impl Bands {
    /// The band of a score rounded to one decimal, as outputs write it, so that written scores and
    /// bands agree. A score on an edge belongs to the upper band. `None` gives "no data".
    pub fn of(&self, score: Option<f64>) -> Band {
        let Some(score) = score else { return Band::NoData };
        let score = written::score(score);
        match self.edges.iter().filter(|edge| score >= **edge).count() {
            0 => Band::VeryLow,
            1 => Band::Low,
            2 => Band::Medium,
            3 => Band::High,
            _ => Band::VeryHigh,
        }
    }
}

impl Band {
    /// Every band, from no data to very high.
    pub const ALL: [Self; 6] =
        [Self::NoData, Self::VeryLow, Self::Low, Self::Medium, Self::High, Self::VeryHigh];

    /// The word for the band in outputs.
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

    /// The word for people: that of outputs, and "no score" where there is none, for want of incidents or because too
    /// little is known.
    pub fn told(self) -> &'static str {
        if self == Self::NoData { "no score" } else { self.word() }
    }

    /// 1 to 5 from very low to very high; 0 for no data.
    pub fn number(self) -> u8 {
        match self {
            Self::NoData => 0,
            Self::VeryLow => 1,
            Self::Low => 2,
            Self::Medium => 3,
            Self::High => 4,
            Self::VeryHigh => 5,
        }
    }
}

impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl From<ConflictBand> for Band {
    fn from(band: ConflictBand) -> Self {
        match band {
            ConflictBand::Low => Self::Low,
            ConflictBand::Medium => Self::Medium,
            ConflictBand::High => Self::High,
            ConflictBand::VeryHigh => Self::VeryHigh,
        }
    }
}

impl RiskCell {
    /// The cell for a pair of bands.
    pub fn new(security: Band, environment: Band) -> Self {
        Self { security: security.number(), environment: environment.number() }
    }
}

impl fmt::Display for RiskCell {
    /// Formats the cell as `S4E2`; 0 means no data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "S{}E{}", self.security, self.environment)
    }
}
