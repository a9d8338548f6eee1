//! E6, people: how many people live near the site, weighted by distance.

use super::{
    Layer, Reading, called, decay, known_of_layer, none_mapped, not_given, nothing_in_reach,
};
use crate::earth::Length;
use crate::measures::{Nearby, RasterSample};
use crate::model::Receptor;
use crate::scoring::words::{away, count};
use crate::scoring::{PeopleIndicator, Scheme, on_common_scale};

/// `log10(1 + Q) / decades` with Q = Σ P exp(-rate d / decay) over settlements, on the scale of the world's mines; over
/// the cells of a raster of people if that is more. The driver is the settlement that adds most.
///
/// A settlement without a population is missing, not 0: it adds nothing to Q, is noted, and does not
/// count as a settlement in reach.
pub fn people(scheme: &Scheme, layer: &Layer<'_>, raster: Option<&RasterSample>) -> Reading {
    let indicator = &scheme.environment.people;
    let counted = raster.and_then(|sample| {
        let people = sample.weighted_total?;
        Some((on_scale(indicator, people), sample.known))
    });
    let mapped = of_settlements(scheme, layer);
    match counted {
        Some((value, known)) if value > mapped.value.unwrap_or(0.0) => {
            let notes = vec!["from the raster of people".to_owned()];
            let phrase = match mapped.phrase {
                Some(phrase) if mapped.driver.is_some() => format!("{phrase}; more by the raster"),
                _ => "people by the raster".to_owned(),
            };
            Reading::partly(value, known.max(mapped.known), None, notes).told(phrase)
        }
        Some((value, known)) if mapped.value.is_none() => {
            Reading::partly(value, known, None, Vec::new())
                .told("no people by the raster".to_owned())
        }
        Some((_, known)) => Reading { known: known.max(mapped.known), ..mapped },
        None => mapped,
    }
}

fn of_settlements(scheme: &Scheme, layer: &Layer<'_>) -> Reading {
    if !layer.is_given() {
        return not_given("settlements");
    }
    let indicator = &scheme.environment.people;
    let reach = Length::from_km(indicator.reach_km);
    let (mut sum, mut strongest): (f64, Option<(f64, Nearby, &Receptor)>) = (0.0, None);
    let within = Length::from_km(scheme.buffers.people_km);
    // Where none lies in reach, the nearest one at any distance is among them.
    let farthest = Length::from_km(indicator.search_km);
    let mut people = 0.0;
    let (mut nearest, mut uncounted): (Option<Length>, u32) = (None, 0);
    for (nearby, receptor) in layer.each() {
        let counted = receptor.population.filter(|people| people.is_finite() && *people >= 0.0);
        let Some(population) = counted else {
            uncounted += u32::from(nearby.distance <= reach);
            continue;
        };
        nearest = nearest.or(Some(nearby.distance));
        people += if nearby.distance <= within { population } else { 0.0 };
        let adds = match nearby.distance <= farthest {
            true => population * decay(scheme, nearby.distance, indicator.decay_km),
            false => 0.0,
        };
        sum += adds;
        if strongest.is_none_or(|(most, ..)| adds > most) {
            strongest = Some((adds, nearby, receptor));
        }
    }
    let mut notes = Vec::new();
    if uncounted > 0 {
        notes.push(format!("{uncounted} settlements without a population left out"));
    }
    let seen = known_of_layer(scheme, nearest, indicator.reach_km);
    let known = if layer.complete && uncounted == 0 { 1.0 } else { seen };
    let in_gap = nearest.is_none_or(|distance| distance > reach);
    if known < 1.0 && in_gap {
        notes.push(nothing_in_reach("settlements of known population", indicator.reach_km));
    }
    let phrase = match strongest.filter(|_| !in_gap) {
        Some((_, nearby, receptor)) => {
            let (name, away) = (called(receptor, "a settlement"), away(nearby.distance));
            let people = match people > 0.0 {
                true => format!("; {} people mapped within {} km", count(people), within.km()),
                false => String::new(),
            };
            format!("{name} {away}{people}")
        }
        None => none_mapped("settlement of known population", indicator.reach_km),
    };
    let driver = strongest.map(|(_, nearby, _)| nearby);
    Reading::partly(on_scale(indicator, sum), known, driver, notes).told(phrase)
}

/// The value of Q.
fn on_scale(indicator: &PeopleIndicator, people: f64) -> f64 {
    on_common_scale(indicator.quartiles, libm::log10(1.0 + people) / indicator.decades)
}
