//! Yes-or-no statements in the style of TNFD (2023) and GRI 101 (2024). A flag is true if any of
//! its conditions is; nothing is averaged.

use super::indicators::{Layer, nearest_sensitive_area};
use super::{Band, Flags, Indicator, IndicatorCode, Scheme};
use crate::measures::SecurityQuantities;

/// The flags of a site, from its measured quantities, its indicators and its security band.
pub fn flags(
    scheme: &Scheme,
    security: &SecurityQuantities,
    security_band: Band,
    indicators: &[Indicator],
    sensitive_areas: &Layer<'_>,
) -> Flags {
    let rules = &scheme.flags;
    let sensitive_area_within_km = nearest_sensitive_area(scheme, sensitive_areas)
        .map(|nearby| nearby.distance.km())
        .filter(|km| *km <= rules.sensitive_area_km);
    let high = rules.water_stress_score / scheme.environment.water_stress.score_max;
    let water_stress_high = indicators
        .iter()
        .find(|indicator| indicator.code == IndicatorCode::WaterStress)
        .and_then(|indicator| indicator.value)
        // Rounding can put a ratio on the edge slightly below it.
        .map(|value| value >= high - 1e-9);
    // Incidents found count even where none were collected systematically.
    let attacked = security.recent >= rules.conflict_incidents;
    let in_band = security_band >= Band::from(rules.conflict_band);
    let known = security_band != Band::NoData;
    let in_conflict_area = (attacked || in_band || known).then_some(attacked || in_band);
    Flags { sensitive_area_within_km, water_stress_high, in_conflict_area }
}
