//! The kinds of receptor that a user may bring.

/// What a receptor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReceptorKind {
    /// Rivers and streams.
    Rivers,
    /// Lakes, reservoirs, wetlands without a designation, the sea.
    WaterBodies,
    /// Protected areas, Ramsar sites, World Heritage, key biodiversity areas.
    SensitiveAreas,
    /// Places where people live.
    Settlements,
    /// Past earthquakes.
    Earthquakes,
    /// Active faults.
    Faults,
    /// Tailings dams.
    Tailings,
    /// Water stress by polygon.
    WaterStress,
}

impl ReceptorKind {
    /// Every kind, in the order in which they are listed.
    pub const ALL: [Self; 8] = [
        Self::Rivers,
        Self::WaterBodies,
        Self::SensitiveAreas,
        Self::Settlements,
        Self::Earthquakes,
        Self::Faults,
        Self::Tailings,
        Self::WaterStress,
    ];

    /// The word used on the command line and in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Rivers => "rivers",
            Self::WaterBodies => "water_bodies",
            Self::SensitiveAreas => "sensitive_areas",
            Self::Settlements => "settlements",
            Self::Earthquakes => "earthquakes",
            Self::Faults => "faults",
            Self::Tailings => "tailings",
            Self::WaterStress => "water_stress",
        }
    }

    /// The kind of a word as the command line and our own files have it.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}
