//! Whether a scheme's numbers make sense: what is refused, and what is only said.
//!
//! The rule for weights is one: a negative weight is refused, and so are weights that are all zero;
//! weights that do not add up to 1 are divided by their sum, and a note says so.

use super::{KernelForm, Scheme, ScoreCurve};
use crate::model::SecurityType;
use crate::scoring::IndicatorCode;

/// A number that is out of its range.
pub(super) struct Fault {
    /// The key at fault first, then those it was held against.
    pub(super) paths: Vec<String>,
    /// What stands there and what is wrong with it.
    pub(super) why: String,
}

/// No length on Earth that a buffer or a decay needs is longer: a quarter of a meridian.
const LONGEST_KM: f64 = 10_000.0;

/// No length on a map is shorter: 10 m, which no position is known to.
const SHORTEST_KM: f64 = 0.01;

/// Weights below this, but for 0, are slips: nothing that weighs so little shows in a score.
const LEAST_WEIGHT: f64 = 1e-6;

/// The range of an exponent of a score or of the power of a mean: past it values vanish or all are one.
const POWERS: (f64, f64) = (0.01, 100.0);

/// The least score of 100 that the gravest event must reach at the gate, on the day itself: the
/// smallest that is not written as 0.0, and some more.
const LEAST_AT_GATE: f64 = 0.1;
/// The least scale of a Gaussian: a meter.
const LEAST_SCALE_KM: f64 = 0.001;

/// Every number that is out of its range, in the order of the file.
pub(super) fn faults(scheme: &Scheme) -> Vec<Fault> {
    let mut check = Check::default();
    shared(&mut check, scheme);
    security(&mut check, scheme);
    environment(&mut check, scheme);
    if check.faults.is_empty() {
        at_gate(&mut check, scheme);
    }
    check.faults
}

/// Refuses numbers, each in its range, that together leave nothing of an event at the gate of a mine on
/// the as-of date: a scale that is small beside the position accuracy, a reference that no event comes
/// near, weights that are all 0.
fn at_gate(check: &mut Check, scheme: &Scheme) {
    let sigma = scheme.position.sigma_km(None);
    // Both ends are known to the default accuracy.
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

fn shared(check: &mut Check, scheme: &Scheme) {
    if scheme.name.trim().is_empty() {
        check.fault(&["name"], "is empty".into());
    }
    let position = &scheme.position;
    check.between("position.default_accuracy_km", position.default_accuracy_km, 0.0, 1000.0);
    check.between("position.r90_per_sigma", position.r90_per_sigma, 0.5, 10.0);
    let buffers = &scheme.buffers;
    check.radii("buffers.rings_km", &buffers.rings_km);
    let days: Vec<f64> = buffers.window_days.iter().map(|d| f64::from(*d)).collect();
    check.ascending("buffers.window_days", &days, 100_000.0);
    check.length("buffers.window_radius_km", buffers.window_radius_km);
    check.between("buffers.nearest", f64::from(buffers.nearest), 1.0, 1000.0);
    check.length("buffers.coverage_km", buffers.coverage_km);
    check.radii("buffers.overlap_km", &buffers.overlap_km);
    check.length("buffers.river_km", buffers.river_km);
    check.length("buffers.people_km", buffers.people_km);
    let coverage = &scheme.coverage;
    for (path, days) in [
        ("coverage.grace_days", coverage.grace_days),
        ("coverage.accident_grace_days", coverage.accident_grace_days),
    ] {
        check.between(path, f64::from(days), 0.0, 100_000.0);
    }
    check.between("distance.exponential_rate", scheme.distance.exponential_rate, 0.01, 100.0);
    if scheme.overall.power != 0.0 {
        check.between("overall.power", scheme.overall.power, POWERS.0, POWERS.1);
    }
    check.ascending("bands.edges", &scheme.bands.edges, 100.0);
    let flags = &scheme.flags;
    check.length("flags.sensitive_area_km", flags.sensitive_area_km);
    check.between("flags.water_stress_score", flags.water_stress_score, 0.0, 5.0);
    check.between(
        "flags.conflict_incidents",
        f64::from(flags.conflict_incidents),
        1.0,
        f64::from(u32::MAX),
    );
}

fn security(check: &mut Check, scheme: &Scheme) {
    let security = &scheme.security;
    let severity = &security.severity;
    for (path, weight) in [
        ("security.severity.fatality_factor", severity.fatality_factor),
        ("security.severity.explosions", severity.explosions),
        ("security.severity.violence_against_civilians", severity.violence_against_civilians),
        ("security.severity.battles", severity.battles),
        ("security.severity.looting", severity.looting),
        ("security.severity.riots", severity.riots),
        ("security.severity.protests", severity.protests),
        ("security.severity.strategic_developments", severity.strategic_developments),
        ("security.severity.unknown", severity.unknown),
    ] {
        check.weight(path, weight);
    }
    let kernel = &security.kernel;
    check.list("security.kernel.scales_km", &kernel.scales_km);
    for scale in &kernel.scales_km {
        check.scale("security.kernel.scales_km", *scale);
    }
    check.list("security.kernel.weights", &kernel.weights);
    for weight in &kernel.weights {
        check.weight("security.kernel.weights", *weight);
    }
    if kernel.scales_km.len() != kernel.weights.len() {
        let why = format!(
            "{} weights for {} scales_km; expected one for each",
            kernel.weights.len(),
            kernel.scales_km.len()
        );
        check.fault(&["security.kernel.weights", "security.kernel.scales_km"], why);
    }
    check.some_weight(&["security.kernel.weights"], kernel.weights.iter().sum());
    check.between("security.kernel.cutoff", kernel.cutoff, 1e-12, 0.1);
    check.between("security.kernel.influence_km", kernel.influence_km, 0.1, LONGEST_KM);
    check.days("security.recency.half_life_days", security.recency.half_life_days);
    check.between(
        "security.score.reference_intensity",
        security.score.reference_intensity,
        1e-6,
        1e9,
    );
    check.between("security.score.exponent", security.score.exponent, 0.1, 10.0);
    let parts = &security.parts;
    check.between("security.parts.mine", parts.mine, 0.0, 1.0);
    check.between("security.parts.camp", parts.camp, 0.0, 1.0);
    check.between("security.parts.road", parts.road, 0.0, 1.0);
    check.between("security.parts.port", parts.port, 0.0, 1.0);
    let period = f64::from(security.trend.period_days);
    check.between("security.trend.period_days", period, 1.0, 100_000.0);
    check.between("security.trend.prior", security.trend.prior, 0.001, 1000.0);
    check.between("security.drivers.links", f64::from(security.drivers.links), 0.0, 1000.0);
}

fn environment(check: &mut Check, scheme: &Scheme) {
    let environment = &scheme.environment;
    check.between("environment.power", environment.power, POWERS.0, POWERS.1);
    check.between("environment.minimum_coverage", environment.minimum_coverage, 0.0, 1.0);
    let mut sum = 0.0;
    for code in IndicatorCode::ALL {
        let weight = environment.written_weight(code);
        check.weight(&format!("environment.{}.weight", code.word()), weight);
        sum += weight;
    }
    if environment.enabled {
        let paths: Vec<String> = IndicatorCode::ALL
            .iter()
            .map(|code| format!("environment.{}.weight", code.word()))
            .collect();
        let paths: Vec<&str> =
            std::iter::once("environment").chain(paths.iter().map(String::as_str)).collect();
        check.some_weight(&paths, sum);
    }

    let areas = &environment.sensitive_areas;
    check.length("environment.sensitive_areas.decay_km", areas.decay_km);
    check.reach("environment.sensitive_areas", areas.reach_km, areas.search_km);
    check.between("environment.sensitive_areas.strict", areas.strict, 0.0, 1.0);
    check.between("environment.sensitive_areas.managed", areas.managed, 0.0, 1.0);
    check.between("environment.sensitive_areas.sustainable", areas.sustainable, 0.0, 1.0);
    check.between("environment.sensitive_areas.other", areas.other, 0.0, 1.0);
    let centroid = areas.centroid_accuracy_km;
    check.length("environment.sensitive_areas.centroid_accuracy_km", centroid);

    let water = &environment.water_stress;
    check.between("environment.water_stress.ratio_floor", water.ratio_floor, 1e-6, 1000.0);
    check.between("environment.water_stress.score_max", water.score_max, 0.1, 1000.0);
    check.between("environment.water_stress.arid", water.arid, 0.0, 1.0);

    let seismic = &environment.seismic;
    check.length("environment.seismic.reach_km", seismic.reach_km);
    check.between("environment.seismic.max_depth_km", seismic.max_depth_km, 0.0, 700.0);
    check.between("environment.seismic.default_depth_km", seismic.default_depth_km, 0.0, 700.0);
    if seismic.default_depth_km > seismic.max_depth_km {
        let why = format!(
            "{} lies below max_depth_km {}, so that no earthquake without a depth would count",
            seismic.default_depth_km, seismic.max_depth_km
        );
        let paths = ["environment.seismic.default_depth_km", "environment.seismic.max_depth_km"];
        check.fault(&paths, why);
    }
    check.between("environment.seismic.mmi_floor", seismic.mmi_floor, 0.0, 12.0);
    check.between("environment.seismic.mmi_span", seismic.mmi_span, 0.1, 12.0);
    let relation = &seismic.relation;
    check.between("environment.seismic.relation.c0", relation.c0, -100.0, 100.0);
    check.between("environment.seismic.relation.c1", relation.c1, 0.0, 100.0);
    check.between("environment.seismic.relation.c2", relation.c2, -100.0, 100.0);
    check.between("environment.seismic.relation.c4", relation.c4, 0.0, 100.0);
    check.between("environment.seismic.relation.m1", relation.m1, -100.0, 100.0);
    check.between("environment.seismic.relation.m2", relation.m2, 0.0, 100.0);
    check.length("environment.seismic.relation.far_km", relation.far_km);
    if relation.c2 + relation.c4 >= 0.0 {
        let why = format!(
            "{} with c4 {} makes shaking grow with distance; expected c2 + c4 below 0",
            relation.c2, relation.c4
        );
        let paths = ["environment.seismic.relation.c2", "environment.seismic.relation.c4"];
        check.fault(&paths, why);
    }

    let rivers = &environment.rivers;
    check.length("environment.rivers.decay_km", rivers.decay_km);
    check.length("environment.rivers.reach_km", rivers.reach_km);
    for (path, value) in [
        ("environment.rivers.low", rivers.low),
        ("environment.rivers.significant", rivers.significant),
        ("environment.rivers.high", rivers.high),
        ("environment.rivers.very_high", rivers.very_high),
        ("environment.rivers.extreme", rivers.extreme),
        ("environment.rivers.unknown", rivers.unknown),
    ] {
        check.between(path, value, 0.0, 1.0);
    }

    let accidents = &environment.accidents;
    check.weight("environment.accidents.event", accidents.event);
    check.weight("environment.accidents.fatality_factor", accidents.fatality_factor);
    check.scale("environment.accidents.scale_km", accidents.scale_km);
    check.between("environment.accidents.cutoff", accidents.cutoff, 1e-12, 0.1);
    check.days("environment.accidents.half_life_days", accidents.half_life_days);
    let reference = accidents.reference_intensity;
    check.between("environment.accidents.reference_intensity", reference, 1e-6, 1e9);
    check.between("environment.accidents.exponent", accidents.exponent, 0.1, 10.0);

    let people = &environment.people;
    check.length("environment.people.decay_km", people.decay_km);
    check.reach("environment.people", people.reach_km, people.search_km);
    check.between("environment.people.decades", people.decades, 0.1, 12.0);
}

/// What is right but worth saying; see [`Scheme::check`].
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
    let sum: f64 = IndicatorCode::ALL.iter().map(|c| environment.written_weight(*c)).sum();
    if !is_one(sum) {
        notes.push(format!("environment: weights add up to {sum} and are divided by it"));
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

/// What the weights that a scheme's file states come to. There are files that were written when the key
/// held the peaks, and of the same numbers the two make very different kernels.
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
    // What peaks of these numbers would be as shares.
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

/// Whether weights add up to 1 but for the rounding of decimal fractions.
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
        self.faults.push(Fault { paths: paths.iter().map(|p| (*p).to_owned()).collect(), why });
    }

    /// From a least to a most, both included. NaN is in no range.
    fn between(&mut self, path: &str, value: f64, least: f64, most: f64) {
        if !(least..=most).contains(&value) {
            // The smallest numbers are hundreds of digits long.
            let value = if value.abs() < 1e-6 && value != 0.0 {
                format!("{value:e}")
            } else {
                value.to_string()
            };
            self.fault(&[path], format!("{value} is not between {least} and {most}"));
        }
    }

    /// Above a least, up to a most.
    fn above(&mut self, path: &str, value: f64, least: f64, most: f64) {
        if !(value > least && value <= most) {
            self.fault(&[path], format!("{value} is not above {least} and at most {most}"));
        }
    }

    fn length(&mut self, path: &str, km: f64) {
        self.between(path, km, SHORTEST_KM, LONGEST_KM);
    }

    /// The scale of a Gaussian: one far under any position error would make every incident vanish.
    fn scale(&mut self, path: &str, km: f64) {
        self.between(path, km, LEAST_SCALE_KM, LONGEST_KM);
    }

    fn days(&mut self, path: &str, days: f64) {
        self.between(path, days, 1.0, 100_000.0);
    }

    fn weight(&mut self, path: &str, weight: f64) {
        if weight < 0.0 {
            self.fault(&[path], format!("{weight} is negative; expected a weight from 0 on"));
        } else if weight != 0.0 {
            self.between(path, weight, LEAST_WEIGHT, 1e6);
        }
    }

    fn some_weight(&mut self, paths: &[&str], sum: f64) {
        if sum == 0.0 {
            self.fault(paths, "all weights are 0; expected one above 0".into());
        }
    }

    fn list(&mut self, path: &str, list: &[f64]) {
        if list.is_empty() || list.len() > 20 {
            self.fault(&[path], format!("has {} numbers; expected 1 to 20", list.len()));
        }
    }

    fn ascending(&mut self, path: &str, list: &[f64], most: f64) {
        self.list(path, list);
        for value in list {
            self.above(path, *value, 0.0, most);
        }
        let ascends = list.iter().zip(list.iter().skip(1)).all(|(a, b)| a < b);
        if !ascends {
            self.fault(&[path], format!("{list:?} does not ascend"));
        }
    }

    fn radii(&mut self, path: &str, km: &[f64]) {
        self.ascending(path, km, LONGEST_KM);
        if km.iter().any(|km| *km > 0.0 && *km < SHORTEST_KM) {
            self.fault(&[path], format!("{km:?} has a radius below {SHORTEST_KM}"));
        }
    }

    /// A reach, and a search that is no shorter.
    fn reach(&mut self, table: &str, reach_km: f64, search_km: f64) {
        let (reach, search) = (format!("{table}.reach_km"), format!("{table}.search_km"));
        self.length(&reach, reach_km);
        self.length(&search, search_km);
        if search_km < reach_km {
            let why = format!("{search_km} is shorter than reach_km {reach_km}");
            self.fault(&[&search, &reach], why);
        }
    }
}
