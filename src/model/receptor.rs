//! A feature that can be harmed or can cause harm: a river, a protected area, a settlement, a fault.

use super::routing::plain;
use super::{DateSpan, Place, ReceptorKind, Tailings};
use crate::earth::{Length, Shape};
use std::sync::Arc;

/// A river, protected area, settlement, earthquake, fault, tailings dam or water stress area.
#[derive(Debug, Clone, PartialEq)]
pub struct Receptor {
    /// Unique within its kind in the run.
    pub id: String,
    /// Display name; `None` if the source gives none.
    pub name: Option<String>,
    /// Its kind.
    pub kind: ReceptorKind,
    /// The file it came from.
    pub file: Arc<str>,
    /// The location in that file.
    pub place: Place,
    /// Its geometry.
    pub shape: Shape,
    /// The radius that contains the true place with 90 % probability; `None` if the source gives
    /// none.
    pub accuracy: Option<Length>,
    /// Area of a sensitive area that is known only by a centroid.
    ///
    /// # Units
    /// Square kilometers.
    pub area_km2: Option<f64>,
    /// How strictly a sensitive area is protected.
    pub designation: Option<Designation>,
    /// Population of a settlement; `None` if unknown, never 0 instead.
    pub population: Option<f64>,
    /// Earthquake magnitude.
    pub magnitude: Option<f64>,
    /// Earthquake focal depth.
    ///
    /// # Units
    /// Kilometers.
    pub depth_km: Option<f64>,
    /// When an earthquake happened.
    pub date: Option<DateSpan>,
    /// What is known of a tailings facility.
    pub tailings: Tailings,
    /// Whether a sensitive area is a World Heritage site.
    pub world_heritage: bool,
    /// The id of the river reach into which a reach flows, as the source gives it: at the sea and at the end of an
    /// inland basin it may be 0 or a negative number. `None` if the source gives none.
    pub next_down: Option<Box<str>>,
    /// Water stress of an area.
    pub water_stress: Option<WaterStress>,
}

impl Receptor {
    /// The radius of the circle that replaces an area known only by its centroid, √(A/π). Zero for a receptor with a
    /// shape, and if the area is unknown.
    pub fn centroid_radius(&self) -> Length {
        match (&self.shape, self.area_km2) {
            (Shape::Points(_), Some(area)) if area > 0.0 => {
                Length::from_km(libm::sqrt(area / std::f64::consts::PI))
            }
            _ => Length::ZERO,
        }
    }

    /// How far the outline of an area may lie beyond what is known of it: the accuracy of its position, and for one known
    /// only by its center as far again as the radius of its circle, since no area is a circle. `None` if nothing tells
    /// the size of such an area.
    pub fn outline_error(&self) -> Option<Length> {
        let circle = match (&self.shape, self.area_km2) {
            (Shape::Points(_), None) => return None,
            _ => self.centroid_radius(),
        };
        let accuracy = self.accuracy.unwrap_or(Length::ZERO);
        Some(Length::from_meters(circle.meters() + accuracy.meters()))
    }
}

/// How a sensitive area is designated, from the strictest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Designation {
    /// IUCN Ia to II, World Heritage, Ramsar, key biodiversity area.
    Strict,
    /// IUCN III and IV.
    Managed,
    /// IUCN V and VI, game reserves.
    Sustainable,
    /// Anything else.
    Other,
}

impl Designation {
    /// The word used in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Managed => "managed",
            Self::Sustainable => "sustainable",
            Self::Other => "other",
        }
    }

    /// The designation with a word of our own files.
    pub fn from_word(word: &str) -> Option<Self> {
        let all = [Self::Strict, Self::Managed, Self::Sustainable, Self::Other];
        all.into_iter().find(|designation| designation.word() == word)
    }

    /// The strictest designation among an IUCN category and the words for the area; `None` if neither
    /// is known.
    ///
    /// The strictest, because designations overlap: a game reserve may be a Ramsar site too.
    pub fn from_words(iucn_category: Option<&str>, words: Option<&str>) -> Option<Self> {
        let iucn = iucn_category.and_then(Self::of_iucn);
        let named = words.map(plain).filter(|words| !words.is_empty()).map(|words| {
            let has = |part: &str| words.contains(part);
            if Self::names_world_heritage(&words)
                || has("ramsar")
                || has("key biodiversity")
                || has("kba")
            {
                Self::Strict
            } else if has("game reserve") {
                Self::Sustainable
            } else {
                Self::Other
            }
        });
        match (iucn, named) {
            // A word without a level of protection does not override a category.
            (Some(iucn), Some(Self::Other) | None) => Some(iucn),
            (Some(iucn), Some(named)) => Some(iucn.min(named)),
            (None, named) => named,
        }
    }

    /// Whether the words for an area say that it is on the World Heritage List.
    pub fn names_world_heritage(words: &str) -> bool {
        plain(words).contains("world heritage")
    }

    /// The designation of an IUCN category: Ia, Ib, II, III, IV, V, VI.
    fn of_iucn(category: &str) -> Option<Self> {
        match plain(category).as_str() {
            "ia" | "ib" | "i" | "ii" => Some(Self::Strict),
            "iii" | "iv" => Some(Self::Managed),
            "v" | "vi" => Some(Self::Sustainable),
            _ => None,
        }
    }
}

/// Baseline water stress as Aqueduct 4.0 (Kuzma et al. 2023) states it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum WaterStress {
    /// Withdrawal over supply.
    Ratio(f64),
    /// The score, 0 to 5.
    Score(f64),
    /// "Arid and low water use".
    Arid,
}

/// Additional information on the water stress of a place. It is reported, and plays no part in a
/// score.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WaterStressAside {
    /// Withdrawal over supply in the neighboring basin, if the line between the two lies within the
    /// accuracy of the position.
    pub next_basin: Option<f64>,
    /// A note on the value: its basin, its year, its author.
    pub note: Option<String>,
}

impl WaterStress {
    /// The stress of a category in Aqueduct's words or numbers; the middle of a range of scores.
    /// `None` for "no data" and for unknown categories.
    pub fn from_category(category: &str) -> Option<Self> {
        // Only the words before the bracket of "Medium - High (20-40%)" identify the category.
        let name = plain(category.split('(').next().unwrap_or_default());
        Some(match name.as_str() {
            "arid and low water use" | "arid" => Self::Arid,
            "low" | "0" => Self::Score(0.5),
            "low medium" | "low to medium" | "1" if category.trim() != "-1" => Self::Score(1.5),
            "1" => Self::Arid,
            "medium high" | "medium to high" | "2" => Self::Score(2.5),
            "high" | "3" => Self::Score(3.5),
            "extremely high" | "4" => Self::Score(4.5),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_as_protected_as_its_strictest_designation() {
        use Designation::{Managed, Other, Strict, Sustainable};
        for (iucn, words, designation) in [
            (Some("II"), Some("National Park"), Some(Strict)),
            (Some("Ib"), None, Some(Strict)),
            (Some("IV"), Some("Wildlife Sanctuary"), Some(Managed)),
            (Some("IV"), Some("Game Reserve / Wildlife Sanctuary"), Some(Managed)),
            (Some("VI"), Some("Ramsar wetland"), Some(Strict)),
            (Some("Not Reported"), Some("UNESCO World Heritage site"), Some(Strict)),
            (None, Some("Game Reserve"), Some(Sustainable)),
            (None, Some("National Park"), Some(Other)),
            (None, None, None),
        ] {
            assert_eq!(Designation::from_words(iucn, words), designation, "{iucn:?} {words:?}");
        }
    }

    #[test]
    fn water_stress_is_read_as_aqueduct_words_it() {
        for (category, stress) in [
            ("Low (<10%)", Some(WaterStress::Score(0.5))),
            ("Low - Medium (10-20%)", Some(WaterStress::Score(1.5))),
            ("Medium - High (20-40%)", Some(WaterStress::Score(2.5))),
            ("Extremely High (>80%)", Some(WaterStress::Score(4.5))),
            ("Arid and Low Water Use", Some(WaterStress::Arid)),
            ("-1", Some(WaterStress::Arid)),
            ("1", Some(WaterStress::Score(1.5))),
            ("No Data", None),
            ("wet", None),
        ] {
            assert_eq!(WaterStress::from_category(category), stress, "{category}");
        }
    }
}
