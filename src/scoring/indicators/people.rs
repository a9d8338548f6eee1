//! E6, people: how many people live near the site, weighted by distance.

use super::{Layer, Reading, decay, not_given, nothing_in_reach};
use crate::earth::Length;
use crate::measures::Nearby;
use crate::scoring::Scheme;

/// `log10(1 + Q) / decades` with Q = Σ P exp(-rate d / decay) over settlements. The driver is the
/// settlement that adds most.
///
/// A settlement without a population is missing, not 0: it adds nothing to Q, is noted, and does not
/// count as a settlement in reach.
pub fn people(scheme: &Scheme, layer: &Layer<'_>) -> Reading {
    if !layer.is_given() {
        return not_given("settlements");
    }
    let indicator = &scheme.environment.people;
    let reach = Length::from_km(indicator.reach_km);
    let (mut sum, mut strongest): (f64, Option<(f64, Nearby)>) = (0.0, None);
    let (mut in_reach, mut uncounted) = (false, 0_u32);
    for (nearby, receptor) in layer.each() {
        let near = nearby.distance <= reach;
        let counted = receptor.population.filter(|people| people.is_finite() && *people >= 0.0);
        let Some(population) = counted else {
            uncounted += u32::from(near);
            continue;
        };
        in_reach |= near;
        let adds = population * decay(scheme, nearby.distance, indicator.decay_km);
        sum += adds;
        if strongest.is_none_or(|(most, _)| adds > most) {
            strongest = Some((adds, nearby));
        }
    }
    let mut notes = Vec::new();
    if uncounted > 0 {
        notes.push(format!("{uncounted} settlements without a population left out"));
    }
    if !in_reach && (!layer.complete || uncounted > 0) {
        notes.push(nothing_in_reach("settlements of known population", indicator.reach_km));
        return Reading::missing(notes);
    }
    let value = libm::log10(1.0 + sum) / indicator.decades;
    Reading::known(value, strongest.map(|(_, nearby)| nearby), notes)
}
