//! E4, rivers and water bodies: how close the site is to water.

use super::{Layer, Reading, decay, known_of_layer, not_given, nothing_in_reach, to_the_edge};
use crate::measures::Nearby;
use crate::scoring::{Scheme, on_common_scale};

/// `exp(-rate d / decay)` to the nearest mapped river or water body, on the scale of the world's mines.
///
/// The direction of flow is not considered. Only the layers that are given count. The indicator is known in full if
/// water lies within half of the reach, or if every given layer is declared complete.
pub fn water_nearby(scheme: &Scheme, layers: &[Layer<'_>]) -> Reading {
    if !layers.iter().any(Layer::is_given) {
        return not_given("rivers or water bodies");
    }
    let indicator = &scheme.environment.water_nearby;
    let nearest = layers
        .iter()
        .flat_map(Layer::each)
        .filter_map(|(nearby, receptor)| to_the_edge(scheme, nearby, receptor))
        .reduce(|near, next: Nearby| if next.distance < near.distance { next } else { near });
    let complete = layers.iter().filter(|layer| layer.is_given()).all(|layer| layer.complete);
    let nearest_km = nearest.map(|nearby| nearby.distance);
    let seen = known_of_layer(scheme, nearest_km, indicator.reach_km);
    let mut notes = Vec::new();
    if !complete && nearest_km.is_none_or(|distance| distance.km() > indicator.reach_km) {
        notes.push(nothing_in_reach("rivers or water bodies", indicator.reach_km));
    }
    let near = nearest.map_or(0.0, |n| decay(scheme, n.distance, indicator.decay_km));
    let known = if complete { 1.0 } else { seen };
    Reading::partly(on_common_scale(indicator.quartiles, near), known, nearest, notes)
}
