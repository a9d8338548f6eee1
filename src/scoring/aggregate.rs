//! Aggregation by weighted power means, after the handbook on composite indicators (OECD and JRC
//! 2008), and the decomposition of a mean into the points that each value adds.

use super::indicators::Reading;
use super::{EnvironmentRisk, Indicator, IndicatorCode, Scheme};

/// The weighted power mean `(Σ w vᵖ / Σ w)^(1/p)`; for p = 0 its limit, the geometric mean.
///
/// The mean increases with every value, lies between the least and the greatest, and approaches the
/// greatest as p grows. Returns `None` if no weight is above 0. Values and p must be 0 or more.
pub fn power_mean(weighted: &[(f64, f64)], p: f64) -> Option<f64> {
    let weights: f64 = weighted.iter().map(|(weight, _)| weight).sum();
    // Factored out before taking the power, so that a large p cannot underflow everything to 0.
    let most = weighted.iter().filter(|(w, _)| *w > 0.0).map(|(_, v)| *v).fold(0.0, f64::max);
    if weights <= 0.0 {
        return None;
    }
    if most == 0.0 {
        return Some(0.0);
    }
    let mean_of = |f: &dyn Fn(f64) -> f64| {
        weighted.iter().filter(|(w, _)| *w > 0.0).map(|(w, v)| w * f(v / most)).sum::<f64>()
            / weights
    };
    Some(if p == 0.0 {
        most * libm::exp(mean_of(&libm::log))
    } else {
        most * libm::pow(mean_of(&|share| libm::pow(share, p)), 1.0 / p)
    })
}

/// The overall score: the power mean of both scores; `None` unless both exist.
pub fn overall(scheme: &Scheme, security: Option<f64>, environment: Option<f64>) -> Option<f64> {
    power_mean(&[(1.0, security?), (1.0, environment?)], scheme.overall.power)
}

/// The environment risk from the readings of the indicators.
///
/// A missing indicator is dropped, never counted as 0: the mean is taken over the known weights, and
/// there is no score if their share is below the scheme's minimum. Indicator i has the points S wᵢ
/// Eᵢᵖ / Σ w Eᵖ, which add up to the score S.
pub fn environment_risk(
    scheme: &Scheme,
    readings: Vec<(IndicatorCode, Reading)>,
) -> EnvironmentRisk {
    let environment = &scheme.environment;
    if !environment.enabled {
        return EnvironmentRisk { score: None, coverage: 0.0, indicators: Vec::new() };
    }
    let known: Vec<(f64, f64)> = readings
        .iter()
        .filter_map(|(code, reading)| Some((environment.weight(*code), reading.value?)))
        .collect();
    // `fold` instead of `sum`: the `sum` of an empty iterator is −0, which would be written as such.
    let coverage = known.iter().fold(0.0, |sum, (weight, _)| sum + weight);
    // Sums of decimal weights are off by rounding.
    let enough = coverage >= environment.minimum_coverage - 1e-9;
    let score = power_mean(&known, environment.power).filter(|_| enough).map(|mean| 100.0 * mean);
    let most = known.iter().map(|(_, value)| *value).fold(0.0, f64::max);
    let raised = |weight: f64, value: f64| {
        // Relative to the greatest value, so that a large power cannot underflow all of them to 0.
        if most > 0.0 { weight * libm::pow(value / most, environment.power) } else { 0.0 }
    };
    let all: f64 = known.iter().map(|(weight, value)| raised(*weight, *value)).sum();
    let indicators = readings
        .into_iter()
        .map(|(code, reading)| {
            let weight = environment.weight(code);
            let points = score.zip(reading.value).map(|(score, value)| {
                if all > 0.0 { score * raised(weight, value) / all } else { 0.0 }
            });
            let Reading { value, driver, note, aside } = reading;
            Indicator { code, value, weight, points, driver, note, aside }
        })
        .collect();
    EnvironmentRisk { score, coverage: coverage.min(1.0), indicators }
}
