//! The method in a few sentences, with the numbers of the scheme in force.

use crate::layers::columns::event_column;
use crate::model::SecurityType;
use crate::scoring::skill::Logistic;
use crate::scoring::{Bar, Calibration, IndicatorCode, KernelForm, Scheme};
use serde::Serialize;

/// The scoring method.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Method {
    /// The scheme's description.
    pub description: String,
    /// Sentences on the security score.
    pub security: Vec<String>,
    /// The weight of an incident by its type.
    pub types: Vec<(String, f64)>,
    /// Sentences on the environment score.
    pub environment: Vec<String>,
    /// Each bar: its name, its question and its share of the weights; 0 for the hazard, which is outside the score.
    pub bars: Vec<(&'static str, &'static str, f64)>,
    /// Each indicator.
    pub indicators: Vec<IndicatorMethod>,
    /// Sentences on the overall score.
    pub overall: Vec<String>,
    /// The power of the mean of both scores.
    pub overall_power: f64,
    /// Sentences on how to read the numbers.
    pub reading: Vec<String>,
    /// Radius in km within which windows, trend and years are counted.
    pub window_km: f64,
    /// Radii of the rings in km.
    pub rings_km: Vec<f64>,
    /// Radius in km of the buffer whose covered share is shown.
    pub coverage_km: f64,
}

/// What followed the scores of the default scheme: measured by `make hindcast`.
const FOLLOWED: &str = "What followed such security scores: at 86 mines of Pakistan, as of the ends of 2004 to 2020 by UCDP’s record, an event with a death followed within 25 km in a year in 75 % of the cases in the band very high, 30 % in high, 8 % in medium, 4 % in low and 2 % in very low. The score ranks these mines no better and no worse than a count of the incidents within 25 km in which each halves its weight every year: the difference lies within its interval. `tamarisk hindcast` measures it for any data.";

/// How an indicator counts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IndicatorMethod {
    /// `E1` to `E13`.
    pub code: &'static str,
    /// The human-readable label.
    pub label: &'static str,
    /// The bar to which it belongs.
    pub bar: &'static str,
    /// Its share of the weights of the bar.
    pub in_bar: f64,
    /// Its share of the weights of the score; 0 for the hazard.
    pub weight: f64,
    /// The value that takes the place of what is not known.
    pub reference: f64,
}

impl Method {
    /// The method of a scheme, and of its calibration if there is one.
    pub fn of(scheme: &Scheme, calibration: Option<&Calibration>) -> Self {
        let types = SecurityType::ALL
            .map(|of| (of.word().replace('_', " "), scheme.security.severity.of_type(of)));
        let environment_scheme = &scheme.environment;
        let share = |weight: f64| (weight * 1e4).round() / 1e4;
        let indicators = IndicatorCode::ALL.map(|code| IndicatorMethod {
            code: code.code(),
            label: code.label(),
            bar: code.bar().word(),
            in_bar: share(environment_scheme.weight_in_bar(code)),
            weight: share(environment_scheme.weight(code)),
            reference: environment_scheme.reference(code),
        });
        let bars = Bar::ALL
            .map(|bar| (bar.word(), bar.question(), share(environment_scheme.weight_of_bar(bar))));
        Self {
            description: scheme.description.clone(),
            security: security(scheme),
            types: types.into(),
            environment: environment(scheme),
            bars: bars.into(),
            indicators: indicators.into(),
            overall: overall(scheme),
            overall_power: scheme.overall.power,
            reading: reading(scheme, calibration),
            window_km: scheme.buffers.window_radius_km,
            rings_km: scheme.buffers.rings_km.clone(),
            coverage_km: scheme.buffers.coverage_km,
        }
    }
}

fn security(scheme: &Scheme) -> Vec<String> {
    let of = &scheme.security;
    if !of.enabled {
        return vec!["This scheme has no security score.".into()];
    }
    vec![
        format!(
            "Each reported incident weighs by severity, distance and age. Severity is the weight of its type × (1 + {} × log₁₀(1 + deaths)).",
            of.severity.fatality_factor
        ),
        kernel(scheme),
        format!(
            "Age a in days, counted to the as-of date, halves the weight every {} days.",
            of.recency.half_life_days
        ),
        format!(
            "The weights add up to an intensity λ. The score is 100 x / (1 + x) with x = (λ / {})^{}: 0 where nothing was reported, never over 100. One more incident never lowers it, and the shares of the incidents add up to the score.",
            of.score.reference_intensity, of.score.exponent
        ),
        "Where a site has parts, such as a camp or a road, each incident counts once, at the part where it weighs most.".into(),
    ]
}

fn kernel(scheme: &Scheme) -> String {
    let kernel = &scheme.security.kernel;
    let km = kernel.influence_km;
    match kernel.form {
        KernelForm::Gaussian => {
            let shares = kernel.gaussian_shares();
            let scales: Vec<String> = shares
                .iter()
                .map(|(share, km)| {
                    let percent = 100.0 * share;
                    format!("{percent:.0} % of its mass with a standard deviation of {km} km")
                })
                .collect();
            format!(
                "With distance the weight falls along a sum of Gaussians ({}), each widened by how poorly both positions are known.",
                scales.join(", ")
            )
        }
        KernelForm::Exponential => format!(
            "With distance d the weight falls as exp(-{} d / {km} km).",
            scheme.distance.exponential_rate
        ),
        KernelForm::Linear => format!("With distance d the weight falls as 1 - d / {km} km."),
        KernelForm::Quartic => {
            format!("With distance d the weight falls as (1 - (d / {km} km)²)².")
        }
        KernelForm::Step => format!("Incidents count alike up to {km} km, and not beyond."),
    }
}

fn environment(scheme: &Scheme) -> Vec<String> {
    let of = &scheme.environment;
    if !of.enabled {
        return vec!["This scheme has no environment score.".into()];
    }
    vec![
        "Each indicator has a value E from 0 to 1, which is what is known of it, and a share k that is known.".into(),
        format!(
            "At least is 100 (Σ w Eᵖ / Σ w)^(1/p) with p = {}, by what is known alone: nothing that is added lowers it.",
            of.power
        ),
        format!(
            "The score is 100 (Σ w (k Eᵖ + (1 − k) max(E, r)ᵖ) / Σ w)^(1/p): what is not known counts with a reference value r, a typical value. All weights w stand below the line, known or not. Below {:.0} % of the weights known there is no score.",
            100.0 * of.minimum_coverage
        ),
        "Five bars have both numbers, over their own indicators: nature, water and people are what lies near, pressure is what the site can do, and hazard, what can strike the site, stays outside the score.".into(),
        format!(
            "A layer that is not declared complete counts as known near what it shows, by {:.0} % in its gaps, and not at all far from everything it shows.",
            100.0 * of.gaps.known
        ),
        "Distances go to the edge of an area and are 0 inside. Which way a river flows is known only where rivers say into which reach they flow.".into(),
    ]
}

fn overall(scheme: &Scheme) -> Vec<String> {
    let power = scheme.overall.power;
    let of = match power {
        0.0 => "the square root of their product (their geometric mean)".to_owned(),
        1.0 => "their sum halved (their arithmetic mean)".to_owned(),
        p => format!("((security^{p} + environment^{p}) / 2)^(1/{p}), their power mean of {p}"),
    };
    vec![
        format!(
            "The overall score is {of}; both scores count alike. {} A site without one of the two scores has no overall score.",
            match power {
                p if p > 1.0 => "A power over 1 keeps it near the higher of the two, so that a high score is not offset by a low one.",
                p if p < 1.0 => "A power under 1 keeps it near the lower of the two.",
                _ => "A high score is offset by a low one.",
            }
        ),
        "The same bands apply. A site is also told by its pair of bands: S4E3 in files is the fourth band of security (high) and the third of environment (medium); 0 stands for no score.".into(),
    ]
}

fn reading(scheme: &Scheme, calibration: Option<&Calibration>) -> Vec<String> {
    let [low, medium, high, very_high] = scheme.bands.edges;
    let mut sentences = vec![
        format!("Bands begin at {low}, {medium}, {high} and {very_high}; a score on an edge belongs to the upper band."),
        "Scores are indices of what was reported and mapped. They are neither probabilities nor forecasts.".into(),
        "“No score” is a class of its own, in files `no data`, and does not mean low: too little is known there.".into(),
        "Distances are geodesic on WGS84.".into(),
        "Quantiles of a portfolio: place (n − 1) p among n ordered scores, counted from 0, straight between neighbors (Hyndman and Fan 1996, definition 7).".into(),
    ];
    if scheme.security == Scheme::default().security {
        sentences.push(FOLLOWED.into());
    }
    sentences.extend(calibration.map(|of| {
        let Logistic { a, b } = of.logistic;
        format!(
            "A calibration adds one probability, {}: 1 / (1 + exp(-({a:.4} + {b:.4} ln(λ + 0.001)))). {}",
            event_column(&of.event),
            of.fitted()
        )
    }));
    sentences
}
