//! E9, people downstream: how many people live along the river below the site, weighted by the length of the way.

use super::{Layer, Reading, decay, fade, known_of_layer, not_given};
use crate::earth::Length;
use crate::measures::{Along, Downstream};
use crate::scoring::Scheme;
use crate::scoring::words::count;

/// `log10(1 + Q) / decades` with Q = Σ P exp(-rate d / decay) over the settlements downstream, d along the river. The
/// farther the site lies from the river, the less of the value counts and the less is known.
///
/// Missing without rivers that say into which reach they flow, and where none of them lies near the site.
pub fn downstream(scheme: &Scheme, layer: &Layer<'_>, course: Option<&Downstream>) -> Reading {
    if !layer.is_given() {
        return not_given("settlements");
    }
    let indicator = &scheme.environment.downstream;
    let Some(course) = course else {
        let why = format!("no river with a direction of flow within {} km", indicator.snap_km);
        return Reading::missing(vec![why]);
    };
    let (mut counted, mut uncounted) = (0_u32, 0_u32);
    let ways = std::iter::once((course.snapped, &course.settlements))
        .chain(course.others.iter().map(|(snapped, settlements)| (*snapped, settlements)));
    let of_way = |(snapped, settlements): (Length, &Vec<Along>)| {
        let mut sum = 0.0;
        for Along { index, distance } in settlements {
            match layer.receptors.get(*index).and_then(|receptor| receptor.population) {
                Some(people) if people.is_finite() && people >= 0.0 => {
                    counted += 1;
                    sum += people * decay(scheme, *distance, indicator.decay_km);
                }
                _ => uncounted += 1,
            }
        }
        fade(snapped, indicator.snap_km) * libm::log10(1.0 + sum) / indicator.decades
    };
    let value = ways.map(of_way).fold(0.0, f64::max);
    let drains = fade(course.snapped, indicator.snap_km);
    let mut notes = Vec::new();
    if uncounted > 0 {
        notes.push(format!("{uncounted} settlements without a population left out"));
    }
    // A layer with a gap at the site says nothing of the river either.
    let nearest = layer.each().find(|(_, receptor)| receptor.population.is_some());
    let nearest = nearest.map(|(nearby, _)| nearby.distance);
    let whole = (layer.complete && uncounted == 0) || counted > 0;
    let mapped = known_of_layer(scheme, nearest, scheme.environment.people.reach_km);
    let followed = if course.cut { course.length.km() / indicator.follow_km } else { 1.0 };
    let known = drains * followed * if whole { 1.0 } else { mapped };
    let length = course.length.km();
    if course.cut {
        notes.push(format!("the river below is known for {length:.1} km"));
    }
    let phrase = match course.people {
        Some(people) if people > 0.0 => format!("{} people along the river below", count(people)),
        None if !course.settlements.is_empty() => {
            "settlements of unknown population along the river below".to_owned()
        }
        _ if course.cut => format!(
            "no settlement mapped along {length:.1} km of river below, all that is known of it"
        ),
        _ => "no settlement mapped along the river below".to_owned(),
    };
    Reading::partly(value, known, None, notes).told(phrase)
}
