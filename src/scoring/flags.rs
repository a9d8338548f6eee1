//! Yes-or-no statements in the style of TNFD (2023) and GRI 101 (2024). A flag is true if any of
//! its conditions is; nothing is averaged.

use super::indicators::{Layer, is_surely_outside, nearest_edge};
use super::{Band, COVERED, Flags, Indicator, IndicatorCode, OldRecord, Scheme};
use crate::earth::Length;
use crate::measures::SecurityQuantities;
use crate::model::Receptor;

/// The flags of a site, from its measured quantities, its indicators, its security band and the accuracy of its position.
pub fn flags(
    scheme: &Scheme,
    security: &SecurityQuantities,
    security_band: Band,
    indicators: &[Indicator],
    sensitive_areas: &Layer<'_>,
    accuracy: Length,
) -> Flags {
    let rules = &scheme.flags;
    let within = |of: &dyn Fn(&Receptor) -> bool| {
        nearest_edge(scheme, sensitive_areas, of)
            .map(|nearby| nearby.distance.km())
            .filter(|km| *km <= rules.sensitive_area_km)
    };
    let sensitive_area_within_km = within(&|_| true);
    let world_heritage_within_km = within(&|area| area.world_heritage);
    let inside = world_heritage_within_km.is_some_and(|km| km == 0.0);
    let outside = is_surely_outside(sensitive_areas, accuracy, |area| area.world_heritage);
    let in_world_heritage = (inside || outside).then_some(inside);
    let high = rules.water_stress_score / scheme.environment.water_stress.score_max;
    let water_stress_high = indicators
        .iter()
        .find(|indicator| indicator.code == IndicatorCode::WaterStress)
        .and_then(|indicator| indicator.value)
        // Rounding can put a ratio on the edge slightly below it.
        .map(|value| value >= high - 1e-9);
    // Incidents found count even where none were collected systematically.
    let attacked = security.violent >= rules.conflict_incidents;
    let in_band = security_band >= Band::from(rules.conflict_band);
    // One that is known to 25 km and reported 60 km away may have happened within 50 km.
    let known = security_band != Band::NoData
        && seen(security, scheme.security.trend.period_days)
        && !security.violence_possible;
    let in_conflict_area = (attacked || in_band || known).then_some(attacked || in_band);
    Flags {
        sensitive_area_within_km,
        world_heritage_within_km,
        in_world_heritage,
        water_stress_high,
        in_conflict_area,
    }
}

/// Whether a lack of incidents within the window radius of a scored site in the last so many days is known to be one: they
/// were collected on all the land there, over all those days, and the newest in the country is not old.
pub fn seen(security: &SecurityQuantities, days: u32) -> bool {
    let old = security.record.newest.zip(security.record.day);
    let old = old.is_some_and(|(newest, day)| OldRecord::years(newest, day).is_some());
    security.covered
        && security.window_coverage >= COVERED
        && security.record.begins_before(i64::from(days))
        && !old
}
