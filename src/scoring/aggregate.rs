//! Aggregation by weighted power means, after the handbook on composite indicators (OECD and JRC
//! 2008), and the decomposition of a mean into the points that each value adds.

use super::indicators::Reading;
use super::{Bar, BarRisk, EnvironmentRisk, Indicator, IndicatorCode, Scheme};

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

/// The environment risk from the readings of the indicators, in the order of [`IndicatorCode::ALL`].
///
/// All weights stand below the line, those of indicators that are not known too, so that nothing that becomes known
/// dilutes what was known before:
///
/// ```text
/// at least = 100 (Σ w Eᵖ / Σ w)^(1/p)
/// score    = 100 (Σ w (k Eᵖ + (1 − k) max(E, r)ᵖ) / Σ w)^(1/p)
/// ```
///
/// with E what is known of an indicator (0 if nothing is), k the share of it that is known, and r the scheme's
/// reference value. There is no score if the known share of the weights is below the scheme's minimum; the bars have
/// both numbers as soon as anything is known.
pub fn environment_risk(
    scheme: &Scheme,
    readings: Vec<(IndicatorCode, Reading)>,
) -> EnvironmentRisk {
    let environment = &scheme.environment;
    if !environment.enabled {
        return EnvironmentRisk {
            score: None,
            at_least: None,
            coverage: 0.0,
            bars: Vec::new(),
            indicators: Vec::new(),
        };
    }
    let terms: Vec<Term> =
        readings.iter().map(|(code, reading)| Term::new(scheme, *code, reading)).collect();
    let whole = Total::of(environment.power, terms.iter().map(|term| (term, term.weight)));
    let bars = Bar::ALL.map(|bar| {
        let of_bar = || terms.iter().filter(|term| term.code.bar() == bar);
        let total = Total::of(environment.power, of_bar().map(|term| (term, term.in_bar)));
        let adds = |term: &Term| term.in_bar * libm::pow(term.seen, environment.power);
        let driver = of_bar()
            .filter(|term| adds(term) > 0.0)
            .reduce(|most, next| if adds(next) > adds(most) { next } else { most });
        BarRisk {
            bar,
            score: total.score,
            at_least: total.at_least,
            coverage: total.coverage,
            driver: driver.map(|term| term.code),
        }
    });
    // Sums of decimal weights are off by rounding.
    let enough = whole.coverage >= environment.minimum_coverage - 1e-9;
    let score = whole.score.filter(|_| enough);
    let indicators = readings
        .into_iter()
        .zip(&terms)
        .map(|((code, reading), term)| {
            let in_score = score.filter(|_| code.bar() != Bar::Hazard);
            let points = |part: f64| in_score.map(|score| score * whole.share(term.weight * part));
            let [seen, assumed] = whole.parts(term, environment.power);
            let weight = if code.bar() == Bar::Hazard { term.in_bar } else { term.weight };
            let Reading { value, known, driver, note, phrase } = reading;
            Indicator {
                code,
                value,
                known,
                weight,
                points: points(seen),
                assumed: points(assumed),
                driver,
                note,
                phrase,
            }
        })
        .collect();
    EnvironmentRisk {
        score,
        at_least: whole.at_least,
        coverage: whole.coverage,
        bars: bars.into(),
        indicators,
    }
}

/// An indicator in a power mean.
struct Term {
    code: IndicatorCode,
    /// Its weight in the score; 0 for the hazard.
    weight: f64,
    /// Its weight in its bar.
    in_bar: f64,
    /// What is known, 0 if nothing is.
    seen: f64,
    /// The share of it that is known.
    known: f64,
    /// What is taken for the rest: the reference value, or what is known if that is more.
    rest: f64,
    /// Whether anything is known.
    any: bool,
}

impl Term {
    fn new(scheme: &Scheme, code: IndicatorCode, reading: &Reading) -> Self {
        let environment = &scheme.environment;
        let seen = reading.value.unwrap_or(0.0);
        Self {
            code,
            weight: environment.weight(code),
            in_bar: environment.weight_in_bar(code),
            seen,
            known: reading.known,
            rest: seen.max(environment.reference(code)),
            any: reading.value.is_some(),
        }
    }

    /// What is known and what is assumed beyond it, each raised to a power relative to `most`.
    fn raised(&self, most: f64, power: f64) -> [f64; 2] {
        // Relative, so that a large power cannot underflow everything to 0.
        let raised = |value: f64| if most > 0.0 { libm::pow(value / most, power) } else { 0.0 };
        let seen = raised(self.seen);
        [seen, (1.0 - self.known) * (raised(self.rest) - seen)]
    }
}

/// The power means over some weighted terms.
struct Total {
    score: Option<f64>,
    at_least: Option<f64>,
    coverage: f64,
    /// The greatest value in the mean.
    most: f64,
    /// Σ w of the raised values, known and assumed.
    sum: f64,
}

impl Total {
    fn of<'t>(power: f64, terms: impl Iterator<Item = (&'t Term, f64)> + Clone) -> Self {
        let terms = terms.filter(|(_, weight)| *weight > 0.0);
        // `fold` instead of `sum`: the `sum` of an empty iterator is −0, which would be written as such.
        let sum = |f: &dyn Fn(&Term) -> f64| {
            terms.clone().fold(0.0, |sum, (term, weight)| sum + weight * f(term))
        };
        let weights = sum(&|_| 1.0);
        let any = terms.clone().any(|(term, _)| term.any);
        let most = terms.clone().map(|(term, _)| term.rest).fold(0.0, f64::max);
        let seen = sum(&|term| term.raised(most, power)[0]);
        let all = sum(&|term| term.raised(most, power).iter().sum());
        let mean = |sum: f64| 100.0 * most * libm::pow(sum / weights, 1.0 / power);
        Self {
            score: any.then(|| mean(all)),
            at_least: any.then(|| mean(seen)),
            coverage: if any { (sum(&|term| term.known) / weights).clamp(0.0, 1.0) } else { 0.0 },
            most,
            sum: all,
        }
    }

    /// What is known of a term and what is assumed beyond it, raised as in the sum.
    fn parts(&self, term: &Term, power: f64) -> [f64; 2] {
        term.raised(self.most, power)
    }

    /// The share of a part in the sum.
    fn share(&self, part: f64) -> f64 {
        if self.sum > 0.0 { part / self.sum } else { 0.0 }
    }
}
