//! Validates a scheme's numbers: errors reject the scheme, remarks do not.
//!
//! One rule holds for weights: a negative weight is an error, and so are weights that are all zero.
//! Weights that do not add up to 1 are divided by their sum, with a remark.

use super::ranges::RANGES;
use super::{EnvironmentScheme, KernelForm, Scheme, ScoreCurve};
use crate::error::written::Fault;
use crate::model::SecurityType;
use crate::scoring::{Bar, IndicatorCode};

/// The least score (of 100) that the gravest event must reach at the site on the day itself: a little
/// above the smallest that is not written as 0.0.
const LEAST_AT_GATE: f64 = 0.1;

/// Every number that is out of its range, in the order of the file, then the invalid combinations.
pub(super) fn faults(scheme: &Scheme) -> Vec<Fault> {
    let mut check = Check::default();
    if scheme.name.trim().is_empty() {
        check.fault(&["name"], "is empty".into());
    }
    check.ranges(scheme);
    security(&mut check, scheme);
    environment(&mut check, scheme);
    if check.faults.is_empty() {
        at_gate(&mut check, scheme);
    }
    check.faults
}

/// Rejects numbers that are each in range but together reduce an event at the site on the as-of date to
/// nothing: a scale that is small compared with the position accuracy, a reference that no event
/// approaches, weights that are all 0.
fn at_gate(check: &mut Check, scheme: &Scheme) {
    let sigma = scheme.position.sigma_km(None);
    // Both positions have the default accuracy.
    let spread2 = 2.0 * sigma * sigma;
    let security = &scheme.security;
    if security.enabled {
        let severity = &security.severity;
        let gravest =
            SecurityType::ALL.map(|kind| severity.of_type(kind)).into_iter().fold(0.0, f64::max);
        let intensity = gravest * security.parts.mine * scheme.security_kernel().at(0.0, spread2);
        let score = 100.0 * security.score.at(intensity);
        if score.is_nan() || score < LEAST_AT_GATE {
            let why = format!(
                "an event at the gate on the as-of date would score {score:.3} of 100 with these scales, \
                 weights, cutoff, position accuracy and reference_intensity; expected {LEAST_AT_GATE} or more"
            );
            check.fault(
                &["security.kernel", "security.score.reference_intensity", "security.severity"],
                why,
            );
        }
    }
    let accidents = &scheme.environment.accidents;
    let counts =
        scheme.environment.written_weight(IndicatorCode::Accidents) > 0.0 && accidents.event > 0.0;
    if scheme.environment.enabled && counts {
        let intensity = accidents.event * scheme.accident_kernel().at(0.0, spread2);
        let curve = ScoreCurve {
            reference_intensity: accidents.reference_intensity,
            exponent: accidents.exponent,
        };
        let score = 100.0 * curve.at(intensity);
        if score.is_nan() || score < LEAST_AT_GATE {
            let why = format!(
                "an accident at the gate on the as-of date would read {score:.3} of 100 with this scale, cutoff, \
                 position accuracy and reference_intensity; expected {LEAST_AT_GATE} or more"
            );
            check.fault(&["environment.accidents"], why);
        }
    }
}

fn security(check: &mut Check, scheme: &Scheme) {
    let kernel = &scheme.security.kernel;
    if kernel.scales_km.len() != kernel.weights.len() {
        let why = format!(
            "{} weights for {} scales_km; expected one for each",
            kernel.weights.len(),
            kernel.scales_km.len()
        );
        check.fault(&["security.kernel.weights", "security.kernel.scales_km"], why);
    }
    check.some_weight(&["security.kernel.weights"], kernel.weights.iter().sum());
}

fn environment(check: &mut Check, scheme: &Scheme) {
    let environment = &scheme.environment;
    if environment.enabled {
        let sum = Bar::ALL.iter().map(|bar| environment.weight_of_bar(*bar)).sum();
        check.some_weight(&["environment.bars", "environment"], sum);
    }
    let rasters = [
        ("species", &environment.species.raster),
        ("habitat", &environment.habitat.raster),
        ("seismic", &environment.seismic.raster),
        ("flood", &environment.flood.raster),
        ("outburst", &environment.outburst.raster),
    ];
    for (table, rule) in rasters {
        let [zero, one] = rule.from;
        if zero == one {
            let path = format!("environment.{table}.raster.from");
            check.fault(&[&path], format!("{zero} cannot become both 0 and 1"));
        }
    }
    let areas = &environment.sensitive_areas;
    check.reach("environment.sensitive_areas", areas.reach_km, areas.search_km);
    let seismic = &environment.seismic;
    if seismic.default_depth_km > seismic.max_depth_km {
        let why = format!(
            "{} lies below max_depth_km {}, so that no earthquake without a depth would count",
            seismic.default_depth_km, seismic.max_depth_km
        );
        let paths = ["environment.seismic.default_depth_km", "environment.seismic.max_depth_km"];
        check.fault(&paths, why);
    }
    let relation = &seismic.relation;
    if relation.c2 + relation.c4 >= 0.0 {
        let why = format!(
            "{} with c4 {} makes shaking grow with distance; expected c2 + c4 below 0",
            relation.c2, relation.c4
        );
        let paths = ["environment.seismic.relation.c2", "environment.seismic.relation.c4"];
        check.fault(&paths, why);
    }
    let people = &environment.people;
    check.reach("environment.people", people.reach_km, people.search_km);
}

/// Remarks on a valid scheme; see [`Scheme::check`].
pub(super) fn notes(scheme: &Scheme) -> Vec<String> {
    let mut notes = Vec::new();
    if !scheme.security.enabled {
        notes.push("security.enabled: false, so there is no security score".into());
    }
    let kernel_sum: f64 = scheme.security.kernel.weights.iter().sum();
    if !is_one(kernel_sum) {
        notes
            .push(format!("security.kernel.weights: add up to {kernel_sum} and are divided by it"));
    }
    notes.extend(shares_of_mass(scheme));
    let environment = &scheme.environment;
    if !environment.enabled {
        notes.push("environment.enabled: false, so there is no environment score".into());
        return notes;
    }
    for (path, sum) in sums(environment) {
        if sum > 0.0 && !is_one(sum) {
            notes.push(format!("{path}: weights add up to {sum} and are divided by it"));
        }
    }
    for code in IndicatorCode::ALL {
        if environment.written_weight(code) == 0.0 {
            notes.push(format!(
                "environment.{}.weight: 0, so it is written and not scored",
                code.word()
            ));
        }
    }
    notes
}

/// The sums of the weights of the bars, and of the indicators of each bar.
fn sums(environment: &EnvironmentScheme) -> Vec<(String, f64)> {
    let of_bars = Bar::ALL.iter().map(|bar| environment.bars.of(*bar)).sum();
    let of_bar = |bar: Bar| bar.indicators().map(|one| environment.written_weight(one)).sum();
    let each = Bar::ALL.map(|bar| (format!("environment, bar {}", bar.word()), of_bar(bar)));
    std::iter::once(("environment.bars".to_owned(), of_bars)).chain(each).collect()
}

/// The remark on the kernel weights that a scheme's file states. Files written when the key held peaks
/// still exist, and the same numbers read as peaks or as shares give very different kernels.
fn shares_of_mass(scheme: &Scheme) -> Option<String> {
    let kernel = &scheme.security.kernel;
    let shares = kernel.gaussian_shares();
    let default = Scheme::default().security.kernel;
    let own = (&kernel.weights, &kernel.scales_km) != (&default.weights, &default.scales_km);
    let told = own || scheme.origin.may_mean_peaks;
    let scored = scheme.security.enabled && kernel.form == KernelForm::Gaussian;
    if !told || !scored || shares.len() < 2 {
        return None;
    }
    let peaks = kernel.gaussian_parts();
    // The shares that these numbers would give if they were peaks.
    let widest = shares.iter().map(|part| part.1).fold(0.0, f64::max);
    let masses: Vec<f64> = shares.iter().map(|(w, km)| w * (km / widest).powi(2)).collect();
    let mass: f64 = masses.iter().sum();
    Some(format!(
        "security.kernel.weights: {} are shares of the kernel's mass at {} km and come to peaks of {}; \
         a file that was written when they were the peaks keeps its kernel with {}",
        listed(shares.iter().map(|part| part.0)),
        listed(shares.iter().map(|part| part.1)),
        listed(peaks.iter().map(|part| part.0)),
        listed(masses.iter().map(|of| of / mass)),
    ))
}

/// Numbers to three significant digits, as a list in TOML.
fn listed(numbers: impl Iterator<Item = f64>) -> String {
    let short = |number: f64| {
        let short: f64 = format!("{number:.2e}").parse().unwrap_or(number);
        short.to_string()
    };
    format!("[{}]", numbers.map(short).collect::<Vec<_>>().join(", "))
}

/// Whether weights add up to 1 within decimal rounding.
fn is_one(sum: f64) -> bool {
    (sum - 1.0).abs() <= 1e-9
}

/// Collects faults.
#[derive(Default)]
struct Check {
    faults: Vec<Fault>,
}

impl Check {
    fn fault(&mut self, paths: &[&str], why: String) {
        self.faults.push(Fault::new(paths, why));
    }

    /// Checks every number against its range.
    fn ranges(&mut self, scheme: &Scheme) {
        // A scheme always serializes to TOML.
        let Ok(values) = toml::Value::try_from(scheme) else { return };
        for (path, range) in RANGES {
            let value = path.split('.').try_fold(&values, |at, key| at.get(key));
            let faults = value.map(|value| range.faults(value)).unwrap_or_default();
            faults.into_iter().for_each(|why| self.fault(&[path], why));
        }
    }

    fn some_weight(&mut self, paths: &[&str], sum: f64) {
        if sum == 0.0 {
            self.fault(paths, "all weights are 0; expected one above 0".into());
        }
    }

    /// Checks that a search distance is not shorter than the reach.
    fn reach(&mut self, table: &str, reach_km: f64, search_km: f64) {
        let (reach, search) = (format!("{table}.reach_km"), format!("{table}.search_km"));
        if search_km < reach_km {
            let why = format!("{search_km} is shorter than reach_km {reach_km}");
            self.fault(&[&search, &reach], why);
        }
    }
}
