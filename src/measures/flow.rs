//! What lies downstream.

use super::Runout;
use crate::earth::Length;
use crate::model::Tailings;

/// Where a tailings facility comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Facility {
    /// The site itself (0) or one of its parts.
    Own(usize),
    /// A receptor of the kind `tailings`, by its index.
    Receptor(usize),
}

/// A tailings facility and what lies around and below it.
#[derive(Debug, Clone, PartialEq)]
pub struct DamQuantities {
    /// Where it comes from.
    pub of: Facility,
    /// Distance from the site.
    pub distance: Length,
    /// What is known of it.
    pub tailings: Tailings,
    /// How far its tailings run out.
    pub runout: Runout,
    /// Whether the direction of flow is known.
    pub direction_known: bool,
    /// What it can reach.
    pub exposed: Vec<Exposed>,
    /// People within the median run-out.
    pub people: Option<f64>,
    /// Sensitive areas within the median run-out.
    pub areas: Option<u32>,
}

/// A receptor that tailings can reach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exposed {
    /// Its index.
    pub receptor: usize,
    /// Distance from the facility.
    pub distance: Length,
    /// Whether the distance is along the river.
    pub along_river: bool,
}

/// What lies downstream of a site.
#[derive(Debug, Clone, PartialEq)]
pub struct Downstream {
    /// Distance from the site to the river.
    pub snapped: Length,
    /// The river reach.
    pub river: usize,
    /// Settlements and the length of the way to them.
    pub settlements: Vec<(usize, Length)>,
    /// Sensitive areas and the length of the way to them.
    pub areas: Vec<(usize, Length)>,
}
