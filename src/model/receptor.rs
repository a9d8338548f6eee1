//! A thing that can be harmed or can harm: a river, a protected area, a settlement, a fault.

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
