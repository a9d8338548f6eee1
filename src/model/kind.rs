//! The receptor kinds.

use super::Designation;
use super::routing::plain;

/// Defines the kinds from one table: each kind needs its word, its column in the layer `sites` and the words that
/// identify a file of it, or it does not compile. Help, messages and documentation list [`ReceptorKind::ALL`].
macro_rules! kinds {
    ($($(#[$about:meta])* $kind:ident: $word:literal, $column:expr, $in_names:expr;)*) => {
        /// The kind of a receptor.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum ReceptorKind {
            $($(#[$about])* $kind,)*
        }

        impl ReceptorKind {
            /// Every kind, in listing order.
            pub const ALL: [Self; [$($word),*].len()] = [$(Self::$kind),*];

            /// The word used on the command line and in files.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$kind => $word,)*
                }
            }

            /// The singular in the `nearest_...` column names of the layer `sites`; `None` if the nearest single
            /// receptor is not meaningful.
            pub fn column(self) -> Option<&'static str> {
                match self {
                    $(Self::$kind => $column,)*
                }
            }

            /// Words that identify the kind in the names of files and layers.
            pub fn in_names(self) -> &'static [&'static str] {
                match self {
                    $(Self::$kind => &$in_names,)*
                }
            }
        }
    };
}

kinds! {
    /// Rivers and streams.
    Rivers: "rivers", Some("river"), ["river", "stream"];
    /// Lakes, reservoirs, wetlands without a designation, the sea.
    WaterBodies: "water_bodies", Some("water_body"), ["lake", "reservoir"];
    /// Protected areas, Ramsar sites, World Heritage, key biodiversity areas.
    SensitiveAreas: "sensitive_areas", Some("sensitive_area"), ["protected"];
    /// Places where people live.
    Settlements: "settlements", Some("settlement"), ["settlement", "populated", "cities"];
    /// Past earthquakes.
    Earthquakes: "earthquakes", None, ["earthquake"];
    /// Active faults.
    Faults: "faults", Some("fault"), ["fault"];
    /// Tailings dams.
    Tailings: "tailings", Some("tailings"), ["tailings"];
    /// Water stress by polygon.
    WaterStress: "water_stress", None, ["water_stress"];
}

impl ReceptorKind {
    /// The kind with a word of the command line and of our own files.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The kind, and any designation, that a data set's word for a receptor stands for; `None` for words without
    /// a kind, such as groundwater.
    ///
    /// A wetland is a sensitive area if it is designated and a water body if not.
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

/// Whether words for an area state that it is protected.
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
