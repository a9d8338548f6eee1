//! E1, sensitive areas: how close the site is to protected nature, weighted by the level of
//! protection.

use super::{
    Layer, Reading, called, decay, known_of_layer, none_mapped, not_given, nothing_in_reach,
    to_the_edge,
};
use crate::earth::{Length, Shape};
use crate::measures::Nearby;
use crate::model::Receptor;
use crate::scoring::Scheme;
use crate::scoring::words::away;

/// The largest of `v exp(-rate d / decay)` over the areas, v by designation and d to the edge.
///
/// The maximum instead of the sum, because designations overlap; the area that counts may not be the
/// nearest. For an area known only by its centroid d is max(0, d − √(A/π)). Such an area is set aside
/// if its centroid is too inaccurate; a layer with such an area in reach is not complete there.
pub fn sensitive_areas(scheme: &Scheme, layer: &Layer<'_>) -> Reading {
    if !layer.is_given() {
        return not_given("sensitive areas");
    }
    let indicator = &scheme.environment.sensitive_areas;
    let reach = Length::from_km(indicator.reach_km);
    let mut strongest: Option<(f64, Nearby, &Receptor)> = None;
    let (mut nearest, mut doubtful): (Option<Length>, u32) = (None, 0);
    let mut heritage: Option<(Length, &Receptor)> = None;
    for (nearby, receptor) in layer.each() {
        let Some(edge) = to_the_edge(scheme, nearby, receptor) else {
            doubtful += u32::from(nearby.distance <= reach);
            continue;
        };
        if nearest.is_none_or(|least| edge.distance < least) {
            nearest = Some(edge.distance);
        }
        if receptor.world_heritage && heritage.is_none_or(|(least, _)| edge.distance < least) {
            heritage = Some((edge.distance, receptor));
        }
        let value =
            indicator.of(receptor.designation) * decay(scheme, edge.distance, indicator.decay_km);
        if strongest.is_none_or(|(most, ..)| value > most) {
            strongest = Some((value, edge, receptor));
        }
    }
    let mut notes = Vec::new();
    if doubtful > 0 {
        let least = indicator.centroid_accuracy_km;
        notes.push(format!("{doubtful} set aside, centroid not known to {least} km"));
    }
    let seen = known_of_layer(scheme, nearest, indicator.reach_km);
    let known = if layer.complete && doubtful == 0 { 1.0 } else { seen };
    let in_gap = nearest.is_none_or(|distance| distance > reach);
    if known < 1.0 && in_gap {
        notes.push(nothing_in_reach("sensitive areas", indicator.reach_km));
    }
    let none = none_mapped("sensitive area", indicator.reach_km);
    let Some((value, driver, receptor)) = strongest else {
        return Reading::partly(0.0, known, None, notes).told(none);
    };
    // World Heritage comes first, whether it decides or not.
    let heritage = heritage
        .filter(|(distance, _)| distance.km() <= scheme.flags.sensitive_area_km)
        .map(|(distance, area)| near("World Heritage ", distance, area));
    let phrase = match heritage {
        Some(heritage) if receptor.world_heritage => heritage,
        Some(heritage) => format!("{heritage}; {}", near("", driver.distance, receptor)),
        None if in_gap => none,
        None => near("", driver.distance, receptor),
    };
    if matches!(receptor.shape, Shape::Points(_)) {
        notes.push(match receptor.area_km2 {
            Some(_) => "distance to a circle of the area's size".into(),
            None => "distance to the centroid, the area's size is not known".into(),
        });
    }
    Reading::partly(value, known, Some(driver), notes).told(phrase)
}

/// An area and its distance: `Hazarganji 17 km away`, or `inside Hazarganji`.
fn near(kind: &str, distance: Length, area: &Receptor) -> String {
    let name = called(area, if kind.is_empty() { "a sensitive area" } else { "" });
    let name = format!("{kind}{name}");
    if distance == Length::ZERO {
        return format!("inside {}", name.trim());
    }
    format!("{} {}", name.trim(), away(distance))
}
