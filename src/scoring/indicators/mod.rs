//! The six indicators of the environment score, one file each: from what lies near a site to a
//! number from 0 to 1, or to the plain statement that it is not known.

mod accidents;
mod people;
mod rivers;
mod seismic;
mod sensitive_areas;
mod water_stress;

pub use accidents::accidents;
pub use people::people;
pub use rivers::rivers;
pub use seismic::{felt_within, mmi, seismic};
pub use sensitive_areas::{nearest_sensitive_area, sensitive_areas};
pub use water_stress::{water_stress, water_stress_value};

use super::Scheme;
use crate::earth::{Length, Shape};
use crate::measures::Nearby;
use crate::model::Receptor;

/// What an indicator reads at a site.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// 0 to 1; `None` where it is not known.
    pub value: Option<f64>,
    /// The receptor or incident that makes it what it is, with the distance that was used.
    pub driver: Option<Nearby>,
    /// What a reader should know of it, or why it is not known.
    pub note: Option<String>,
    /// What the sentence of a site tells with it, in a few words.
    pub aside: Option<String>,
}

impl Reading {
    /// A known value.
    fn known(value: f64, driver: Option<Nearby>, notes: Vec<String>) -> Self {
        Self { value: Some(value.clamp(0.0, 1.0)), driver, note: joined(notes), aside: None }
    }

    /// No value, and why.
    fn missing(notes: Vec<String>) -> Self {
        Self { value: None, driver: None, note: joined(notes), aside: None }
    }
}

fn joined(notes: Vec<String>) -> Option<String> {
    (!notes.is_empty()).then(|| notes.join("; "))
}

/// What is known of one kind of receptor around a site.
#[derive(Debug, Clone, Copy)]
pub struct Layer<'a> {
    /// Those nearby, as [`crate::measures::EnvironmentQuantities`] has them; `None` where the run has
    /// no such layer.
    pub near: Option<&'a [Nearby]>,
    /// The run's receptors, into which `near` indexes.
    pub receptors: &'a [Receptor],
    /// Whether the user has declared the layer complete.
    pub complete: bool,
}

impl<'a> Layer<'a> {
    /// Whether the run has the layer at all; one that is declared complete and has nothing in it
    /// counts as given.
    fn is_given(&self) -> bool {
        self.near.is_some() || self.complete
    }

    /// The receptors nearby, nearest first by their centroid or edge.
    fn each(&self) -> impl Iterator<Item = (Nearby, &'a Receptor)> {
        let receptors = self.receptors;
        self.near
            .unwrap_or_default()
            .iter()
            .filter_map(move |nearby| Some((*nearby, receptors.get(nearby.index)?)))
    }
}

/// The exponential decay exp(-rate d / R), with 5 % left at R in the default scheme.
fn zone(scheme: &Scheme, distance: Length, decay_km: f64) -> f64 {
    libm::exp(-scheme.distance.exponential_rate * distance.km() / decay_km)
}

/// The radius of the circle that stands for an area of which only a centroid is known; zero for a
/// thing with a shape, and where the area is not known.
pub fn centroid_radius(receptor: &Receptor) -> Length {
    match (&receptor.shape, receptor.area_km2) {
        (Shape::Points(_), Some(area)) if area > 0.0 => {
            Length::from_km(libm::sqrt(area / std::f64::consts::PI))
        }
        _ => Length::ZERO,
    }
}

/// A thing nearby with its distance taken to its edge: of a centroid, max(0, d − √(A/π)).
///
/// `None` for a centroid that is less accurate than the scheme asks.
fn to_the_edge(scheme: &Scheme, nearby: Nearby, receptor: &Receptor) -> Option<Nearby> {
    let least = Length::from_km(scheme.environment.sensitive_areas.centroid_accuracy_km);
    let is_centroid = matches!(receptor.shape, Shape::Points(_));
    if is_centroid && scheme.position.radius(receptor.accuracy) > least {
        return None;
    }
    // A length is never negative, so the site inside the circle is at no distance.
    let meters = nearby.distance.meters() - centroid_radius(receptor).meters();
    Some(Nearby { distance: Length::from_meters(meters), ..nearby })
}

/// Nothing of the kind was given.
fn not_given(what: &str) -> Reading {
    Reading::missing(vec![format!("no {what} were given")])
}

/// Nothing lies in reach of a layer that may have gaps.
fn nothing_in_reach(what: &str, reach_km: f64) -> String {
    format!("no {what} within {reach_km} km, in a layer not declared complete")
}
