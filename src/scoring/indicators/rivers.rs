//! E4, rivers and water bodies: how close the site is to water that its tailings could reach.

use super::{Layer, Reading, decay, not_given, nothing_in_reach, to_the_edge};
use crate::earth::Length;
use crate::measures::Nearby;
use crate::model::TailingsClass;
use crate::scoring::Scheme;

/// `exp(-rate d / decay)` to the nearest mapped river or water body, times the value of the
/// consequence class of the site's tailings (GISTM 2020).
///
/// An unknown class has the middle value and is noted. The direction of flow is not considered.
/// Only the layers that are given count; the indicator is known if a feature is in reach or if
/// every given layer is declared complete.
pub fn rivers(scheme: &Scheme, tailings: Option<TailingsClass>, layers: &[Layer<'_>]) -> Reading {
    if !layers.iter().any(Layer::is_given) {
        return not_given("rivers or water bodies");
    }
    let indicator = &scheme.environment.rivers;
    let nearest = layers
        .iter()
        .flat_map(Layer::each)
        .filter_map(|(nearby, receptor)| to_the_edge(scheme, nearby, receptor))
        .reduce(|near, next: Nearby| if next.distance < near.distance { next } else { near });
    let reach = Length::from_km(indicator.reach_km);
    let in_reach = nearest.is_some_and(|nearby| nearby.distance <= reach);
    let complete = layers.iter().filter(|layer| layer.is_given()).all(|layer| layer.complete);
    if !in_reach && !complete {
        let note = nothing_in_reach("rivers or water bodies", indicator.reach_km);
        return Reading::missing(vec![note]);
    }
    let mut notes = Vec::new();
    if tailings.is_none() {
        notes.push(format!("tailings class not known, {} assumed", indicator.unknown));
    }
    let near = nearest.map_or(0.0, |n| decay(scheme, n.distance, indicator.decay_km));
    Reading::known(near * indicator.of(tailings), nearest, notes)
}
