//! A thing that can be harmed or can harm: a river, a protected area, a settlement, a fault.

use super::routing::plain;
use super::{DateSpan, Place, ReceptorKind, TailingsClass};
use crate::earth::{Length, Shape};
use std::sync::Arc;

/// A river, protected area, settlement, earthquake, fault, tailings dam or water stress area.
#[derive(Debug, Clone, PartialEq)]
pub struct Receptor {
    /// Unique within its kind in the run.
    pub id: String,
    /// What people call it; `None` where the source gives no name.
    pub name: Option<String>,
    /// What it is.
    pub kind: ReceptorKind,
    /// The file it came from.
    pub file: Arc<str>,
    /// Where in that file.
    pub place: Place,
    /// Where it is.
    pub shape: Shape,
    /// The radius that holds the true place with 90 % chance; `None` where the source says nothing.
    pub accuracy: Option<Length>,
    /// Area of a sensitive area of which only a centroid is known.
    ///
    /// # Units
    /// Square kilometers.
    pub area_km2: Option<f64>,
    /// How strictly a sensitive area is protected.
    pub designation: Option<Designation>,
    /// People of a settlement; `None` where unknown, never 0 in its stead.
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
    /// Consequence class of a tailings dam.
    pub tailings: Option<TailingsClass>,
    /// Water stress of an area.
    pub water_stress: Option<WaterStress>,
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
    /// The strictest designation that an IUCN category and the words for the area stand for;
    /// `None` where neither says anything.
    ///
    /// The strictest, because designations overlap: a game reserve may be a Ramsar site too.
    pub fn from_words(iucn_category: Option<&str>, words: Option<&str>) -> Option<Self> {
        let iucn = iucn_category.and_then(Self::of_iucn);
        let named = words.map(plain).filter(|words| !words.is_empty()).map(|words| {
            let has = |part: &str| words.contains(part);
            if has("world heritage") || has("ramsar") || has("key biodiversity") || has("kba") {
                Self::Strict
            } else if has("game reserve") {
                Self::Sustainable
            } else {
                Self::Other
            }
        });
        match (iucn, named) {
            // A word that says nothing of strictness does not outdo a category.
            (Some(iucn), Some(Self::Other) | None) => Some(iucn),
            (Some(iucn), Some(named)) => Some(iucn.min(named)),
            (None, named) => named,
        }
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
