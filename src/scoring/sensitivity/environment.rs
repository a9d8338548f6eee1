//! The environment score of a site under other weights and another power.

use super::{Design, SettingGroup};
use crate::measures::exp_of_negative;
use crate::scoring::{EnvironmentRisk, IndicatorCode, Scheme};

/// What is known of a site's indicators, which no setting changes.
#[derive(Debug, Clone, PartialEq)]
pub struct EnvironmentTerms {
    terms: Vec<Term>,
    /// The greatest value, known or assumed.
    most: f64,
}

/// An indicator with a weight in the score.
#[derive(Debug, Clone, PartialEq)]
struct Term {
    /// Its place in [`IndicatorCode::ALL`].
    at: usize,
    /// Minus the logarithms of what is known, and of what is taken for the rest, relative to the greatest value; infinite for 0.
    logs: [f64; 2],
    /// The share that is known.
    known: f64,
}

impl EnvironmentTerms {
    /// The indicators behind a score; `None` without a score.
    pub fn of(scheme: &Scheme, risk: &EnvironmentRisk) -> Option<Self> {
        risk.score?;
        let weighted = || {
            IndicatorCode::ALL
                .into_iter()
                .enumerate()
                .filter(|(_, code)| scheme.environment.weight(*code) > 0.0)
                .filter_map(|(at, code)| {
                    let found = risk.indicators.iter().find(|one| one.code == code)?;
                    let seen = found.value.unwrap_or(0.0);
                    Some((at, seen, seen.max(scheme.environment.reference(code)), found.known))
                })
        };
        let most = weighted().map(|(_, _, rest, _)| rest).fold(0.0, f64::max);
        let log = |value: f64| {
            if value > 0.0 { (-libm::log(value / most)).max(0.0) } else { f64::INFINITY }
        };
        let term = |(at, seen, rest, known)| Term { at, logs: [log(seen), log(rest)], known };
        Some(Self { terms: weighted().map(term).collect(), most })
    }

    /// Returns the score, 0 to 100, in every run of [`SettingGroup::ENVIRONMENT`]. How much must be known for a score does
    /// not apply: other weights do not change which sites have one.
    pub fn scores(&self, design: &Design) -> Vec<f64> {
        let terms = self.terms.len();
        let raised: Vec<f64> =
            design.drawn().iter().flat_map(|drawn| self.raised(drawn.power)).collect();
        let score = |[weights, power]: [usize; 2]| {
            let of = |row: usize| design.drawn().get(row);
            let (Some(drawn), Some(raised), Some(of_power)) =
                (of(weights), raised.get(power * terms..(power + 1) * terms), of(power))
            else {
                return 0.0;
            };
            let (mut sum, mut all) = (0.0, 0.0);
            for (term, raised) in self.terms.iter().zip(raised) {
                let weight = drawn.weights.get(term.at).copied().unwrap_or(0.0);
                sum += weight * raised;
                all += weight;
            }
            if sum > 0.0 {
                100.0 * self.most * libm::pow(sum / all, 1.0 / of_power.power)
            } else {
                0.0
            }
        };
        design.runs(SettingGroup::ENVIRONMENT).into_iter().map(score).collect()
    }

    /// What each indicator adds to the mean for its weight, relative to the greatest value.
    fn raised(&self, power: f64) -> impl Iterator<Item = f64> {
        self.terms.iter().map(move |term| {
            let [seen, rest] = term.logs.map(|log| exp_of_negative(power * log));
            term.known * seen + (1.0 - term.known) * rest
        })
    }
}
