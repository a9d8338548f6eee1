//! E10, what the tailings can reach: the class of a facility times the chance that its tailings reach people, water or
//! a sensitive area.

use super::{Layer, Reading, called, fade};
use crate::measures::{DamOf, DamQuantities, EnvironmentQuantities};
use crate::model::{Receptor, ReceptorKind, Site, TailingsClass};
use crate::scoring::Scheme;
use crate::scoring::words::{away, count};

/// The facility that decides, and what it can reach.
#[derive(Debug, Clone, Copy)]
pub struct Reach<'a> {
    /// The facility.
    pub dam: &'a DamQuantities,
    /// Its value, 0 to 1; `None` if its class is unknown.
    pub value: Option<f64>,
    /// How far it is the site's own: 1 for facilities of the site itself.
    pub own: f64,
}

/// The largest of class × v × P(d) over the facilities and over what they can reach, with the chance P(d) that tailings
/// run out beyond the distance d.
///
/// Facilities are the site's own, those of its parts, and those of the layer `tailings` nearby. An unknown class is
/// missing. `none` says that the site has none. Where neither the site nor the layer says anything, the indicator is
/// missing, unless the layer is declared complete.
pub fn tailings<'a>(
    scheme: &Scheme,
    site: &Site,
    quantities: &EnvironmentQuantities,
    layer: &impl Fn(ReceptorKind) -> Layer<'a>,
) -> Reading {
    let of_layer = layer(ReceptorKind::Tailings);
    let mut known = match site.tailings.class {
        Some(_) => 1.0,
        None => f64::from(of_layer.complete),
    };
    let mut doubt: f64 = 0.0;
    for dam in &quantities.dams {
        let own = own(scheme, dam);
        match dam.tailings.class {
            Some(_) => known = f64::max(known, own),
            None => doubt = doubt.max(own),
        }
    }
    let deciding = deciding(scheme, quantities, of_layer.receptors);
    let mut notes = Vec::new();
    let Some(Reach { dam, value, .. }) = deciding else {
        if known == 0.0 {
            notes.push("it is not known whether there are tailings".into());
        } else {
            notes.push("no tailings".into());
        }
        return Reading::partly(0.0, known, None, notes).told("no tailings".into());
    };
    let mapped = [
        ReceptorKind::Settlements,
        ReceptorKind::Rivers,
        ReceptorKind::WaterBodies,
        ReceptorKind::SensitiveAreas,
    ];
    if dam.exposed.is_empty() && !mapped.iter().any(|kind| layer(*kind).is_given()) {
        known = 0.0;
        notes.push("nothing is mapped that they could reach".into());
    }
    if doubt > 0.0 {
        notes.push("a class is not known".into());
    }
    let median = dam.runout.median_km;
    let class = dam.tailings.class.map_or("unknown", TailingsClass::word);
    notes.insert(0, format!("class {class}, half of run-outs beyond {median:.1} km"));
    if !dam.direction_known {
        notes.push("direction of flow not known".into());
    }
    let driver = match dam.of {
        DamOf::Receptor(index) => {
            of_layer.near.unwrap_or_default().iter().find(|near| near.index == index).copied()
        }
        DamOf::Part(_) => None,
    };
    let known = known.min(1.0 - doubt);
    let phrase = phrase(dam, of_layer.receptors);
    // A facility of unknown class is told, although it gives no value.
    let reading = Reading::partly(value.unwrap_or(0.0), known, driver, notes);
    Reading { phrase: Some(phrase), ..reading }
}

/// A facility, how far half of its run-outs go, and how many people live within that.
fn phrase(dam: &DamQuantities, receptors: &[Receptor]) -> String {
    let class = match dam.tailings.class {
        Some(class) => format!("tailings of class {}", class.word().replace('_', " ")),
        None => "tailings of unknown class".to_owned(),
    };
    let whose = match dam.of {
        DamOf::Receptor(index) => {
            let name = receptors.get(index).map_or("a dam", |dam| called(dam, "a dam"));
            format!("{name} {}, ", away(dam.distance))
        }
        DamOf::Part(_) => String::new(),
    };
    let median = dam.runout.median_km;
    let median = if median < 9.95 { format!("{median:.1}") } else { format!("{median:.0}") };
    let people = match dam.people {
        Some(people) if people > 0.0 => format!("; {} people within that", count(people)),
        _ => String::new(),
    };
    format!("{whose}{class}; if it fails, half of run-outs go beyond {median} km{people}")
}

/// The facility whose value is the largest; among those of unknown class alone, the one whose tailings run out
/// farthest. `None` if there is no facility.
pub fn deciding<'a>(
    scheme: &Scheme,
    quantities: &'a EnvironmentQuantities,
    receptors: &[Receptor],
) -> Option<Reach<'a>> {
    let reach = |dam: &'a DamQuantities| {
        let own = own(scheme, dam);
        Reach { dam, own, value: value(scheme, dam, receptors).map(|value| own * value) }
    };
    let rank = |reach: &Reach<'_>| (reach.value.unwrap_or(-1.0), reach.dam.runout.median_km);
    let exists = |dam: &&DamQuantities| dam.tailings.class != Some(TailingsClass::NoFacility);
    quantities
        .dams
        .iter()
        .filter(exists)
        .map(reach)
        .reduce(|most, next| if rank(&next) > rank(&most) { next } else { most })
}

/// How far a facility is the site's own.
fn own(scheme: &Scheme, dam: &DamQuantities) -> f64 {
    match dam.of {
        DamOf::Part(_) => 1.0,
        DamOf::Receptor(_) => fade(dam.distance, scheme.environment.tailings.own_km),
    }
}

/// Class × the largest v × P(d); `None` if the class is unknown.
fn value(scheme: &Scheme, dam: &DamQuantities, receptors: &[Receptor]) -> Option<f64> {
    let indicator = &scheme.environment.tailings;
    let class = indicator.of(dam.tailings.class?);
    let worth = |receptor: &Receptor| match receptor.kind {
        ReceptorKind::Settlements => indicator.people,
        ReceptorKind::Rivers | ReceptorKind::WaterBodies => indicator.water,
        ReceptorKind::SensitiveAreas => scheme.environment.sensitive_areas.of(receptor.designation),
        _ => 0.0,
    };
    let reached = dam.exposed.iter().filter_map(|exposed| {
        let chance = dam.runout.chance_beyond(exposed.distance.km());
        let chance = chance * fade(exposed.distance, indicator.search_km);
        Some(worth(receptors.get(exposed.index)?) * chance)
    });
    Some(class * reached.fold(0.0, f64::max))
}
