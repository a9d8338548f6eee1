//! Water: the stress of the basin, and what the site's own record states of the water it takes.

use super::{Asked, Disclosure, Statement};
use crate::model::{ReceptorKind, WaterStress};
use crate::scoring::{Indicator, IndicatorCode};

/// The classes of Aqueduct (WRI) by the whole part of its score from 0 to 5.
const CLASSES: [&str; 5] = ["low", "low to medium", "medium to high", "high", "extremely high"];

/// Cubic meters in a megaliter.
const MEGALITER: f64 = 1000.0;

pub(super) fn no_stress() -> String {
    "no water stress was given for the place".to_owned()
}

fn indicator<'a>(asked: &Asked<'a>) -> Option<&'a Indicator> {
    let all = asked.scored.risk.environment.indicators.iter();
    all.filter(|one| one.value.is_some()).find(|one| one.code == IndicatorCode::WaterStress)
}

/// The file that tells the stress at the site.
pub(super) fn file(asked: &Asked<'_>) -> String {
    match indicator(asked).map(|one| one.driver) {
        Some(Some(basin)) => asked.context.receptors.get(basin.index).map(|one| one.file.clone()),
        Some(None) => Some(asked.site.file.clone()),
        None => None,
    }
    .map_or_else(|| asked.files(ReceptorKind::WaterStress).to_owned(), |file| file.to_string())
}

/// The class of the stress at the site.
fn class(asked: &Asked<'_>) -> Option<&'static str> {
    let one = indicator(asked)?;
    let stress = match one.driver {
        Some(basin) => asked.context.receptors.get(basin.index)?.water_stress,
        None => asked.site.water_stress,
    };
    if stress == Some(WaterStress::Arid) {
        return Some("arid and low water use");
    }
    let most = asked.context.scheme.environment.water_stress.score_max;
    // Rounding can put a ratio on an edge slightly below it.
    let score = one.value? * most + 1e-9;
    CLASSES.iter().enumerate().rev().find(|(at, _)| score >= f64_of(*at)).map(|(_, word)| *word)
}

fn f64_of(at: usize) -> f64 {
    u32::try_from(at).map_or(f64::INFINITY, f64::from)
}

pub(super) fn add(asked: &Asked<'_>, all: &mut Vec<Statement>) {
    let stress_file = file(asked);
    let high = asked.scored.risk.flags.water_stress_high;
    let taken = asked.stated("water_withdrawal_ml");
    let own = &*asked.site.file;
    let none_stated =
        || "the sites have no column water_withdrawal_ml with a value here".to_owned();
    let under_stress = match (high, taken) {
        (Some(true), taken) => taken,
        (Some(false), _) => Some(0.0),
        (None, _) => None,
    };
    let why = || if high.is_none() { no_stress() } else { none_stated() };
    let note = indicator(asked).and_then(|one| one.note.clone());
    let disclosure = Disclosure::Gri303;
    all.push(
        Statement::new(disclosure, "water_stress_class", &stress_file)
            .text(class(asked))
            .with(note)
            .unless(no_stress),
    );
    all.push(
        Statement::new(disclosure, "in_area_with_water_stress", &stress_file)
            .flag(high)
            .with(Some("a class of high or worse".to_owned()))
            .unless(no_stress),
    );
    all.push(
        Statement::new(disclosure, "water_withdrawal", own)
            .number(taken, 3, "ML")
            .summed()
            .unless(none_stated),
    );
    all.push(
        Statement::new(disclosure, "water_withdrawal_in_areas_with_water_stress", own)
            .number(under_stress, 3, "ML")
            .summed()
            .unless(why),
    );
    all.push(
        Statement::new(Disclosure::Gri101Drivers, "water_withdrawal", own)
            .number(taken, 3, "ML")
            .summed()
            .unless(none_stated),
    );
    all.push(
        Statement::new(Disclosure::TnfdWater, "in_area_of_water_scarcity", &stress_file)
            .flag(high)
            .with(Some("by water stress of a class of high or worse".to_owned()))
            .unless(no_stress),
    );
    all.push(
        Statement::new(Disclosure::TnfdWater, "water_withdrawal_in_areas_of_water_scarcity", own)
            .number(under_stress.map(|ml| ml * MEGALITER), 0, "m³")
            .summed()
            .unless(why),
    );
}
