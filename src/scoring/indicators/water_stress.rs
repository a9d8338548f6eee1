//! E2, water stress: the share of a basin's water that is already withdrawn.

use super::{Layer, Reading};
use crate::earth::Length;
use crate::measures::Nearby;
use crate::model::{Site, WaterStress};
use crate::scoring::{Scheme, WaterStressIndicator};

/// Baseline water stress on the scale of Aqueduct 4.0 (Kuzma et al. 2023).
///
/// Uses the site's own value if it has one, otherwise the largest value of the polygons that contain the
/// site. A layer gives no value for a site outside all of its polygons, complete or not.
///
/// If the site's source gives the ratio of another basin within the accuracy of the position, that ratio
/// is reported beside the value, since either basin may contain the site.
pub fn water_stress(scheme: &Scheme, site: &Site, layer: &Layer<'_>) -> Reading {
    let indicator = &scheme.environment.water_stress;
    let mut notes = Vec::new();
    if let Some(stress) = site.water_stress {
        if let Some(value) = water_stress_value(indicator, stress) {
            let next = site.water_stress_aside.next_basin;
            let other = next.map(|next| {
                format!("{}; ratio {} in the next basin", words_of(stress), ratio(next))
            });
            let mut notes = beside(other.as_deref());
            notes.extend(site.water_stress_aside.note.clone());
            let reading = reading(stress, value, None, notes);
            return match next {
                Some(next) => {
                    let phrase =
                        format!("{}, ratio {} in the next basin", phrase(stress), ratio(next));
                    reading.told(phrase)
                }
                None => reading,
            };
        }
        notes.push("the site's own value is not a water stress".into());
    }
    let mut highest: Option<(f64, Nearby, WaterStress)> = None;
    for (nearby, receptor) in layer.each().filter(|(n, _)| n.distance == Length::ZERO) {
        let Some(stress) = receptor.water_stress else { continue };
        let Some(value) = water_stress_value(indicator, stress) else { continue };
        if highest.is_none_or(|(most, ..)| value > most) {
            highest = Some((value, nearby, stress));
        }
    }
    match highest {
        Some((value, nearby, stress)) => reading(stress, value, Some(nearby), notes),
        None => {
            notes.push("no water stress was given for the place".into());
            Reading::missing(notes)
        }
    }
}

/// The note on a second basin.
fn beside(other: Option<&str>) -> Vec<String> {
    let of = |words| format!("{words}, whose line lies within the accuracy of the position");
    other.map(of).into_iter().collect()
}

/// A water stress value in words.
fn words_of(stress: WaterStress) -> String {
    match stress {
        WaterStress::Ratio(of) => format!("ratio {}", ratio(of)),
        WaterStress::Score(score) => format!("score {score:.1}"),
        WaterStress::Arid => "arid and low water use".into(),
    }
}

/// A ratio with two decimals, or with two significant digits if it is smaller.
fn ratio(of: f64) -> String {
    let digits = if of < 0.1 { format!("{of:.1e}") } else { format!("{of:.2}") };
    digits.parse::<f64>().map_or(digits, |short| short.to_string())
}

fn reading(
    stress: WaterStress,
    value: f64,
    driver: Option<Nearby>,
    mut notes: Vec<String>,
) -> Reading {
    if stress == WaterStress::Arid {
        notes.push("arid and low water use".into());
    }
    Reading::known(value, driver, notes).told(phrase(stress))
}

/// A water stress value as a phrase of the explanation.
fn phrase(stress: WaterStress) -> String {
    match stress {
        WaterStress::Arid => "an arid basin of low water use".into(),
        WaterStress::Ratio(_) | WaterStress::Score(_) => {
            format!("water stress of {}", words_of(stress))
        }
    }
}

/// The indicator value of a water stress. For a ratio r it is clamp(log2(r / 0.1) + 1, 0, 5) / 5, for a
/// score one fifth of it, and 1 for "arid and low water use" (numbers of the default scheme).
///
/// Returns `None` for invalid numbers: negative, as Aqueduct marks missing values, or not finite.
pub fn water_stress_value(indicator: &WaterStressIndicator, stress: WaterStress) -> Option<f64> {
    let most = indicator.score_max;
    let states = |number: f64| number.is_finite() && number >= 0.0;
    match stress {
        // The logarithm of 0 is minus infinity, which the clamp maps to 0.
        WaterStress::Ratio(ratio) => states(ratio)
            .then(|| (libm::log2(ratio / indicator.ratio_floor) + 1.0).clamp(0.0, most) / most),
        WaterStress::Score(score) => states(score).then(|| score.min(most) / most),
        WaterStress::Arid => Some(indicator.arid),
    }
}
