//! The six indicators of the environment score, one file each. An indicator turns what is near a site
//! into a number from 0 to 1, or reports that the number is unknown and why.

mod accidents;
mod people;
mod rivers;
mod seismic;
mod sensitive_areas;
mod water_stress;

pub use accidents::accidents;
pub use people::people;
pub use rivers::rivers;
pub use seismic::{felt_within, is_felt, mmi, seismic};
pub use sensitive_areas::{nearest_sensitive_area, sensitive_areas};
pub use water_stress::{water_stress, water_stress_value};

use super::Scheme;
use crate::earth::{Length, Shape};
use crate::measures::Nearby;
use crate::model::Receptor;

/// The value of an indicator at a site.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// 0 to 1; `None` if unknown.
    pub value: Option<f64>,
    /// The receptor or incident that determines the value, with the distance that was used.
    pub driver: Option<Nearby>,
    /// A note for the reader, or the reason why the value is unknown.
    pub note: Option<String>,
    /// A short addition to the site's explanation.
    pub aside: Option<String>,
}

impl Reading {
    /// A known value.
    fn known(value: f64, driver: Option<Nearby>, notes: Vec<String>) -> Self {
        Self { value: Some(value.clamp(0.0, 1.0)), driver, note: joined(notes), aside: None }
    }

    /// An unknown value, with the reasons.
    fn missing(notes: Vec<String>) -> Self {
        Self { value: None, driver: None, note: joined(notes), aside: None }
    }
}

fn joined(notes: Vec<String>) -> Option<String> {
    (!notes.is_empty()).then(|| notes.join("; "))
}

/// The receptors of one kind around a site.
#[derive(Debug, Clone, Copy)]
pub struct Layer<'a> {
    /// The receptors nearby, from [`crate::measures::EnvironmentQuantities`]; `None` if the run has
    /// no layer of the kind.
    pub near: Option<&'a [Nearby]>,
    /// The run's receptors, into which `near` indexes.
    pub receptors: &'a [Receptor],
    /// Whether the user declared the layer complete.
    pub complete: bool,
}

impl<'a> Layer<'a> {
    /// Whether the run has the layer at all. An empty layer that is declared complete counts as
    /// given.
    fn is_given(&self) -> bool {
        self.near.is_some() || self.complete
    }

    /// The receptors nearby, by ascending distance to their centroid or edge.
    fn each(&self) -> impl Iterator<Item = (Nearby, &'a Receptor)> {
        let receptors = self.receptors;
        self.near
            .unwrap_or_default()
            .iter()
            .filter_map(move |nearby| Some((*nearby, receptors.get(nearby.index)?)))
    }
}

/// The exponential decay exp(-rate d / R); in the default scheme 5 % is left at R.
pub(super) fn decay(scheme: &Scheme, distance: Length, decay_km: f64) -> f64 {
    libm::exp(-scheme.distance.exponential_rate * distance.km() / decay_km)
}

/// The radius of the circle that replaces an area known only by its centroid. Zero for a receptor
/// with a shape, and if the area is unknown.
pub fn centroid_radius(receptor: &Receptor) -> Length {
    match (&receptor.shape, receptor.area_km2) {
        (Shape::Points(_), Some(area)) if area > 0.0 => {
            Length::from_km(libm::sqrt(area / std::f64::consts::PI))
        }
        _ => Length::ZERO,
    }
}

/// A receptor nearby with its distance taken to its edge. For a centroid that is max(0, d − √(A/π)).
///
/// Returns `None` if the accuracy of the centroid is worse than the scheme requires.
pub(super) fn to_the_edge(scheme: &Scheme, nearby: Nearby, receptor: &Receptor) -> Option<Nearby> {
    let least = Length::from_km(scheme.environment.sensitive_areas.centroid_accuracy_km);
    let is_centroid = matches!(receptor.shape, Shape::Points(_));
    if is_centroid && scheme.position.radius(receptor.accuracy) > least {
        return None;
    }
    // `Length` clamps at 0, so a site inside the circle has distance 0.
    let meters = nearby.distance.meters() - centroid_radius(receptor).meters();
    Some(Nearby { distance: Length::from_meters(meters), ..nearby })
}

/// The reading for a kind of receptor that the run has no layer of.
fn not_given(what: &str) -> Reading {
    Reading::missing(vec![format!("no {what} were given")])
}

/// The note for a layer that may have gaps and has nothing in reach.
fn nothing_in_reach(what: &str, reach_km: f64) -> String {
    format!("no {what} within {reach_km} km, in a layer not declared complete")
}
