//! E4, rivers and water bodies: how close the site is to water.

use super::{
    Layer, Reading, called, decay, known_of_layer, none_mapped, not_given, nothing_in_reach,
    to_the_edge,
};
use crate::measures::Nearby;
use crate::model::{Receptor, ReceptorKind};
use crate::scoring::words::away;
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
        .filter_map(|(nearby, receptor)| Some((to_the_edge(scheme, nearby, receptor)?, receptor)))
        .reduce(
            |near: (Nearby, &Receptor), next| {
                if next.0.distance < near.0.distance { next } else { near }
            },
        );
    let complete = layers.iter().filter(|layer| layer.is_given()).all(|layer| layer.complete);
    let nearest_km = nearest.map(|(nearby, _)| nearby.distance);
    let seen = known_of_layer(scheme, nearest_km, indicator.reach_km);
    let mut notes = Vec::new();
    let in_gap = nearest_km.is_none_or(|distance| distance.km() > indicator.reach_km);
    if !complete && in_gap {
        notes.push(nothing_in_reach("rivers or water bodies", indicator.reach_km));
    }
    let near = nearest_km.map_or(0.0, |distance| decay(scheme, distance, indicator.decay_km));
    let known = if complete { 1.0 } else { seen };
    let phrase = match nearest.filter(|_| !in_gap) {
        Some((nearby, receptor)) => {
            let river = receptor.kind == ReceptorKind::Rivers;
            let name = called(receptor, if river { "a river" } else { "a water body" });
            format!("{name} {}", away(nearby.distance))
        }
        None => none_mapped("river or water body", indicator.reach_km),
    };
    let driver = nearest.map(|(nearby, _)| nearby);
    Reading::partly(on_common_scale(indicator.quartiles, near), known, driver, notes).told(phrase)
}
