//! What the nearest water, sensitive area, settlement or tailings dam would add if it lay as much farther away as the site's
//! position may be off: a score that rests on a distance finer than the position is known should say so.

use super::away;
use crate::earth::Length;
use crate::scoring::indicators::{decay, fade};
use crate::scoring::{Bar, EnvironmentRisk, Indicator, IndicatorCode, Scheme, on_common_scale};

/// The sentence on the indicator that adds most, if its receptor lies nearer than the position is known.
pub(super) fn sentence(
    scheme: &Scheme,
    risk: &EnvironmentRisk,
    error: Option<Length>,
) -> Option<String> {
    let error = error?;
    let by_distance = |code| {
        use IndicatorCode::{People, SensitiveAreas, Tailings, WaterNearby};
        matches!(code, SensitiveAreas | WaterNearby | People | Tailings)
    };
    let all = risk.indicators.iter().filter(|one| by_distance(one.code));
    let most = all.filter_map(|one| Some((one, one.points?, one.driver?.distance)));
    let (one, points, distance) = most.reduce(|a, b| if b.1 > a.1 { b } else { a })?;
    let farther = Length::from_km(distance.km() + error.km());
    let there = points_at(scheme, risk, one, farther)?;
    let [now, then] = [points, there].map(|points| format!("{points:.1}"));
    (distance < error && now != then).then(|| {
        format!(
            "Of {}, what counts most is mapped {}, but the site's position is known to {:.0} km only: {:.1} km away it would add {then} points instead of {now}.",
            one.code.label(),
            away(distance),
            error.km(),
            farther.km()
        )
    })
}

/// The points of an indicator if its receptor lay at another distance, all else being the same.
fn points_at(
    scheme: &Scheme,
    risk: &EnvironmentRisk,
    of: &Indicator,
    distance: Length,
) -> Option<f64> {
    let environment = &scheme.environment;
    let (now, from) = (of.value?, of.driver?.distance);
    let decay = |away: Length, km: f64| decay(scheme, away, km);
    let value = match of.code {
        IndicatorCode::WaterNearby => {
            let water = &environment.water_nearby;
            on_common_scale(water.quartiles, decay(distance, water.decay_km))
        }
        IndicatorCode::People => {
            // As if all people lived at the settlement that adds most.
            let people = &environment.people;
            let count = libm::pow(10.0, people.decades * before_scale(people.quartiles, now)) - 1.0;
            let left = count * decay(distance, people.decay_km) / decay(from, people.decay_km);
            on_common_scale(people.quartiles, libm::log10(1.0 + left) / people.decades)
        }
        IndicatorCode::Tailings => {
            let km = environment.tailings.own_km;
            let share = fade(from, km);
            if share > 0.0 { now * fade(distance, km) / share } else { now }
        }
        _ => {
            let km = environment.sensitive_areas.decay_km;
            now * decay(distance, km) / decay(from, km)
        }
    };
    let power = |value: f64| libm::pow(value, environment.power);
    let raised = |one: &Indicator| {
        let seen = if one.code == of.code { value } else { one.value.unwrap_or(0.0) };
        let rest = seen.max(environment.reference(one.code));
        one.weight * (one.known * power(seen) + (1.0 - one.known) * power(rest))
    };
    let scored = || risk.indicators.iter().filter(|one| one.code.bar() != Bar::Hazard);
    let sum = scored().map(raised).fold(0.0, |sum, one| sum + one);
    let weights = scored().map(|one| one.weight).fold(0.0, |sum, one| sum + one);
    let score = 100.0 * libm::pow(sum / weights, 1.0 / environment.power);
    (sum > 0.0 && weights > 0.0).then(|| score * of.weight * power(value) / sum)
}

/// The least value that the common scale moves to another one: the scale rises, so that bisection finds it.
fn before_scale(quartiles: [f64; 3], moved: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if on_common_scale(quartiles, middle) < moved { low = middle } else { high = middle }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::earth::Position;
    use crate::measures::Nearby;
    use crate::scoring::environment_risk;
    use crate::scoring::indicators::Reading;

    /// A river so far away, and people whose number is known.
    fn risk(scheme: &Scheme, km: f64) -> EnvironmentRisk {
        let distance = Length::from_km(km);
        let to = Position::from_degrees(0.0, 0.0).expect("on Earth");
        let driver = Some(Nearby { index: 0, distance, bearing: 0.0, to });
        let value = |value, driver| Reading {
            value: Some(value),
            known: 1.0,
            driver,
            ..Reading::default()
        };
        let water = &scheme.environment.water_nearby;
        let near = on_common_scale(water.quartiles, decay(scheme, distance, water.decay_km));
        let readings = vec![
            (IndicatorCode::WaterNearby, value(near, driver)),
            (IndicatorCode::People, value(0.5, None)),
            (IndicatorCode::SensitiveAreas, value(0.2, driver)),
        ];
        environment_risk(scheme, readings)
    }

    #[test]
    fn the_points_farther_away_are_those_of_a_river_that_lies_there() {
        let scheme = Scheme::default();
        let points = |risk: &EnvironmentRisk| risk.indicators[0].points.expect("a score");
        let (near, far) = (risk(&scheme, 0.1), risk(&scheme, 5.1));
        let at = |km| points_at(&scheme, &near, &near.indicators[0], Length::from_km(km));
        assert!((at(0.1).expect("a score") - points(&near)).abs() < 1e-9);
        assert!((at(5.1).expect("a score") - points(&far)).abs() < 1e-9);
    }

    #[test]
    fn people_and_dams_count_less_farther_away() {
        let scheme = Scheme::default();
        let at = |km: f64| {
            let to = Position::from_degrees(0.0, 0.0).expect("on Earth");
            Some(Nearby { index: 0, distance: Length::from_km(km), bearing: 0.0, to })
        };
        let people = &scheme.environment.people;
        let of = |km: f64| {
            let count = 20_000.0 * decay(&scheme, Length::from_km(km), people.decay_km);
            on_common_scale(people.quartiles, libm::log10(1.0 + count) / people.decades)
        };
        let risk = |km: f64, dam: f64| {
            let reading = |value, driver| Reading {
                value: Some(value),
                known: 1.0,
                driver,
                ..Reading::default()
            };
            let readings = vec![
                (IndicatorCode::People, reading(of(km), at(km))),
                (IndicatorCode::Tailings, reading(dam, at(km))),
            ];
            environment_risk(&scheme, readings)
        };
        let near = risk(1.0, 0.5);
        let farther = |one: usize, km| {
            points_at(&scheme, &near, &near.indicators[one], Length::from_km(km)).expect("a score")
        };
        // The same settlement 6 km away, and nothing else changed.
        let there = risk(6.0, 0.5).indicators[0].points.expect("a score");
        assert!((farther(0, 6.0) - there).abs() < 1e-6, "{} {there}", farther(0, 6.0));
        // Up to half of the 10 km a dam counts in full, and not at all past them.
        let dam = near.indicators[1].points.expect("a score");
        assert!((farther(1, 4.0) - dam).abs() < 1e-9 && farther(1, 7.5) < dam);
        assert_eq!(farther(1, 10.0), 0.0);
    }

    #[test]
    fn only_a_position_that_is_coarser_than_the_distance_is_told() {
        let scheme = Scheme::default();
        let told =
            |error: f64| sentence(&scheme, &risk(&scheme, 0.1), Some(Length::from_km(error)));
        let words = told(5.0).expect("0.1 km is less than 5 km");
        assert!(words.starts_with("Of rivers and water bodies, what counts most is mapped 0.1 km away, but the site's position is known to 5 km only: 5.1 km away it would add "), "{words}");
        assert_eq!(told(0.05), None);
    }
}
