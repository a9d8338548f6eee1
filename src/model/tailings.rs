//! Tailings: what is known of the facility of a site, or of a facility on its own.

use super::routing::plain;

/// What is known of a tailings facility.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Tailings {
    /// Its consequence class; `None` where unknown.
    pub class: Option<TailingsClass>,
    /// Height of its dam.
    ///
    /// # Units
    /// Meters.
    pub height_m: Option<f64>,
    /// Volume of tailings that it holds.
    ///
    /// # Units
    /// Cubic meters.
    pub volume_m3: Option<f64>,
}

/// Consequence classes of tailings facilities (Global Industry Standard on Tailings Management,
/// 2020, annex 2, table 1), and the statement that there is no facility.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TailingsClass {
    /// There are no tailings.
    NoFacility,
    /// Low.
    Low,
    /// Significant.
    Significant,
    /// High.
    High,
    /// Very high.
    VeryHigh,
    /// Extreme.
    Extreme,
}

impl TailingsClass {
    /// The word used in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::NoFacility => "none",
            Self::Low => "low",
            Self::Significant => "significant",
            Self::High => "high",
            Self::VeryHigh => "very high",
            Self::Extreme => "extreme",
        }
    }

    /// The class for a word of the standard, or for a word that says that there is no facility.
    pub fn from_word(word: &str) -> Option<Self> {
        match plain(word).as_str() {
            "none" | "no tailings" | "no facility" | "no dam" => Some(Self::NoFacility),
            "low" => Some(Self::Low),
            "significant" => Some(Self::Significant),
            "high" => Some(Self::High),
            "very high" => Some(Self::VeryHigh),
            "extreme" => Some(Self::Extreme),
            _ => None,
        }
    }
}
