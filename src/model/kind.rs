//! The kinds of receptor that a user may bring.

use super::Designation;
use super::routing::plain;

/// Makes the kinds of one table: a kind has its word, its column in the layer `sites` and the words by which a
/// file of it is known, or it does not compile. Help, messages and documentation list [`ReceptorKind::ALL`].
macro_rules! kinds {
    ($($(#[$about:meta])* $kind:ident: $word:literal, $column:expr, $in_names:expr;)*) => {
        /// What a receptor is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum ReceptorKind {
            $($(#[$about])* $kind,)*
        }

        impl ReceptorKind {
            /// Every kind, in the order in which they are listed.
            pub const ALL: [Self; [$($word),*].len()] = [$(Self::$kind),*];

            /// The word used on the command line and in files.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$kind => $word,)*
                }
            }

            /// One of them in the names of the columns `nearest_...` of the layer `sites`; `None` where no single
            /// thing is the nearest that matters.
            pub fn column(self) -> Option<&'static str> {
                match self {
                    $(Self::$kind => $column,)*
                }
            }

            /// Words in the names of files and layers of it.
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
