//! The kinds of receptor that a user may bring.

use super::Designation;
use super::routing::plain;

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

    /// The kind that a data set's word for a receptor stands for, with what it says of protection;
    /// `None` where there is none, such as for groundwater.
    ///
    /// A wetland is a sensitive area where it is designated and a water body where it is not.
    pub fn from_words(
        word: &str,
        iucn_category: Option<&str>,
        designation: Option<&str>,
    ) -> Option<Self> {
        let word = plain(word);
        if let Some(kind) = Self::ALL.into_iter().find(|kind| plain(kind.word()) == word) {
            return Some(kind);
        }
        Some(match word.as_str() {
            "river" | "river reach" | "stream" | "canal" | "waterway" => Self::Rivers,
            "lake" | "reservoir" | "water body" | "waterbody" | "sea" | "coast" | "lagoon" => {
                Self::WaterBodies
            }
            "wetland" => {
                let is_protected = Designation::from_words(iucn_category, None).is_some()
                    || designation.is_some_and(names_protection);
                if is_protected { Self::SensitiveAreas } else { Self::WaterBodies }
            }
            "sensitive area"
            | "protected area"
            | "ramsar wetland"
            | "ramsar site"
            | "ramsar"
            | "world heritage"
            | "world heritage site"
            | "key biodiversity area"
            | "kba"
            | "community conserved area"
            | "national park"
            | "game reserve"
            | "wildlife sanctuary" => Self::SensitiveAreas,
            "settlement" | "city" | "town" | "village" | "populated place" => Self::Settlements,
            "earthquake" => Self::Earthquakes,
            "fault" | "active fault" => Self::Faults,
            "tailing"
            | "tailings dam"
            | "tailings facility"
            | "tailings storage facility"
            | "tsf" => Self::Tailings,
            _ => return None,
        })
    }
}

/// Whether words for an area say that it is protected.
fn names_protection(words: &str) -> bool {
    const PROTECTED: [&str; 10] = [
        "reserve",
        "sanctuary",
        "park",
        "ramsar",
        "heritage",
        "protected",
        "conservation",
        "conserved",
        "biosphere",
        "refuge",
    ];
    plain(words).split(' ').any(|word| PROTECTED.contains(&word))
}
