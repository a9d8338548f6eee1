//! The indicators of the environment score, one file each. An indicator turns what is near a site into a number from
//! 0 to 1, states how much of it is known, and reports what is unknown and why.

mod accidents;
mod downstream;
mod people;
mod raster;
mod seismic;
mod sensitive_areas;
mod tailings;
mod water_nearby;
mod water_stress;

pub use accidents::accidents;
pub use downstream::downstream;
pub use people::people;
pub use raster::of_raster;
pub use seismic::{felt_within, is_felt, mmi, seismic};
pub use sensitive_areas::sensitive_areas;
pub use tailings::{Reach, deciding, tailings};
pub use water_nearby::water_nearby;
pub use water_stress::{water_stress, water_stress_value};

use super::Scheme;
use crate::earth::{Length, Shape};
use crate::measures::Nearby;
use crate::model::Receptor;

/// The value of an indicator at a site.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// What is known shows at least this, 0 to 1; `None` if nothing is known.
    pub value: Option<f64>,
    /// The share of the indicator that is known: 1 if the value is whole, 0 if the reference value takes its place
    /// where that is higher.
    pub known: f64,
    /// The receptor or incident that determines the value, with the distance that was used.
    pub driver: Option<Nearby>,
    /// A note for the reader, or the reason why the value is unknown.
    pub note: Option<String>,
    /// What is known, as a phrase of the site's explanation; `None` if nothing is known.
    pub phrase: Option<String>,
}

impl Reading {
    /// A value that is whole.
    fn known(value: f64, driver: Option<Nearby>, notes: Vec<String>) -> Self {
        Self::partly(value, 1.0, driver, notes)
    }

    /// A value of which a share is known. With none of it known, a value too small to show in a score is missing.
    fn partly(value: f64, known: f64, driver: Option<Nearby>, notes: Vec<String>) -> Self {
        let (value, known) = (value.clamp(0.0, 1.0), known.clamp(0.0, 1.0));
        if known == 0.0 && value < TOO_SMALL {
            return Self::missing(notes);
        }
        Self { value: Some(value), known, driver, note: joined(notes), phrase: None }
    }

    /// The reading with a phrase for the site's explanation, if anything is known.
    fn told(self, phrase: String) -> Self {
        Self { phrase: self.value.map(|_| phrase), ..self }
    }

    /// An unknown value, with the reasons.
    fn missing(notes: Vec<String>) -> Self {
        Self { note: joined(notes), ..Self::default() }
    }
}

/// The least value that shows where nothing else is known.
const TOO_SMALL: f64 = 1e-6;

/// The share that is known of what a layer not declared complete shows, by the distance to the nearest receptor that
/// counts: all of it near one, and the scheme's share in a gap of the layer. Far from all of the layer nothing is.
fn known_of_layer(scheme: &Scheme, nearest: Option<Length>, reach_km: f64) -> f64 {
    let gaps = &scheme.environment.gaps;
    let of = |distance| {
        let in_gap = gaps.known * fade(distance, gaps.reaches * reach_km);
        fade(distance, reach_km).max(in_gap)
    };
    nearest.map_or(0.0, of)
}

/// 1 up to half of a limit, and then falling in a straight line to 0 at the limit: what is found or counted only up to
/// a limit counts less and less towards it, so that a step across it changes nothing at once.
pub(in crate::scoring) fn fade(distance: Length, limit_km: f64) -> f64 {
    (2.0 - 2.0 * distance.km() / limit_km).clamp(0.0, 1.0)
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
    pub(super) fn is_given(&self) -> bool {
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

/// Whether the edge of an area is known, at least as a circle: its centroid is not worse than the scheme requires.
pub fn has_edge(scheme: &Scheme, receptor: &Receptor) -> bool {
    let least = Length::from_km(scheme.environment.sensitive_areas.centroid_accuracy_km);
    let is_centroid = matches!(receptor.shape, Shape::Points(_));
    !is_centroid || scheme.position.radius(receptor.accuracy) <= least
}

/// A receptor nearby with its distance taken to its edge. For a centroid that is max(0, d − √(A/π)).
///
/// Returns `None` if the accuracy of the centroid is worse than the scheme requires.
pub(super) fn to_the_edge(scheme: &Scheme, nearby: Nearby, receptor: &Receptor) -> Option<Nearby> {
    if !has_edge(scheme, receptor) {
        return None;
    }
    // `Length` clamps at 0, so a site inside the circle has distance 0.
    let meters = nearby.distance.meters() - receptor.centroid_radius().meters();
    Some(Nearby { distance: Length::from_meters(meters), ..nearby })
}

/// The receptor whose edge is nearest, with the distance to that edge; `None` if none is known accurately enough. `of`
/// chooses among the receptors.
pub fn nearest_edge(
    scheme: &Scheme,
    layer: &Layer<'_>,
    of: impl Fn(&Receptor) -> bool,
) -> Option<Nearby> {
    layer
        .each()
        .filter(|(_, receptor)| of(receptor))
        .filter_map(|(nearby, receptor)| to_the_edge(scheme, nearby, receptor))
        .reduce(|nearest, next| if next.distance < nearest.distance { next } else { nearest })
}

/// Whether a place known to some accuracy lies outside of all chosen areas of a layer, whatever the errors of positions and
/// outlines: only a layer declared complete can tell.
pub(super) fn is_surely_outside(
    layer: &Layer<'_>,
    accuracy: Length,
    of: impl Fn(&Receptor) -> bool,
) -> bool {
    let may_hold = |(nearby, area): (Nearby, &Receptor)| {
        let error = area.outline_error();
        let edge = nearby.distance.meters() - area.centroid_radius().meters();
        error.is_none_or(|error| edge <= error.meters() + accuracy.meters())
    };
    layer.complete && !layer.each().filter(|(_, area)| of(area)).any(may_hold)
}

/// The nearest mapped receptor, however accurate, with the distance to its edge or circle.
pub fn nearest_mapped(layer: &Layer<'_>) -> Option<Nearby> {
    let to_circle = |(nearby, receptor): (Nearby, &Receptor)| {
        let meters = nearby.distance.meters() - receptor.centroid_radius().meters();
        Nearby { distance: Length::from_meters(meters), ..nearby }
    };
    layer
        .each()
        .map(to_circle)
        .reduce(|nearest, next| if next.distance < nearest.distance { next } else { nearest })
}

/// The reading for a kind of receptor that the run has no layer of.
fn not_given(what: &str) -> Reading {
    Reading::missing(vec![format!("no {what} were given")])
}

/// The name of a receptor, or what it is if it has none.
fn called<'r>(receptor: &'r Receptor, otherwise: &'r str) -> &'r str {
    let name = receptor.name.as_deref().map(str::trim);
    name.filter(|name| !name.is_empty()).unwrap_or(otherwise)
}

/// The phrase for a layer that has nothing in reach.
fn none_mapped(what: &str, reach_km: f64) -> String {
    format!("no {what} mapped within {reach_km} km")
}

/// The note for a layer that may have gaps and has nothing in reach.
fn nothing_in_reach(what: &str, reach_km: f64) -> String {
    format!("no {what} within {reach_km} km, in a layer not declared complete")
}
