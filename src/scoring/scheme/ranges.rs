//! The range of every number of a scheme: one table, used to check schemes and to generate the JSON Schema.

use serde_json::{Map, Value, json};

/// The numbers that a key accepts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Range {
    /// From a minimum to a maximum, both included.
    Between(f64, f64),
    /// 0, or from a minimum to a maximum.
    ZeroOr(f64, f64),
    /// A weight: 0, or at least the smallest that affects a score.
    Weight,
    /// Above 0, up to a maximum.
    UpTo(f64),
    /// A list whose numbers are all in a range.
    Each(&'static Range),
    /// An ascending list whose numbers are all in a range.
    Ascending(&'static Range),
}

use Range::{Ascending, Between, Each, UpTo, Weight, ZeroOr};

/// The longest length that a buffer or a decay needs, in km: a quarter of a meridian.
const LONGEST_KM: f64 = 10_000.0;

/// A length on a map, in km. No position is more accurate than the minimum of 10 m.
const LENGTH: Range = Between(0.01, LONGEST_KM);

/// The scale of a Gaussian in km. A scale far below any position error would make every incident vanish.
const SCALE: Range = Between(0.001, LONGEST_KM);

/// A number of days.
const DAYS: Range = Between(1.0, 100_000.0);

/// Days of grace.
const GRACE: Range = Between(0.0, 100_000.0);

/// A value of an indicator, a share, or the weight of a part.
const SHARE: Range = Between(0.0, 1.0);

/// Weights below this, except 0, are mistakes: they do not show in a score.
const LEAST_WEIGHT: f64 = 1e-6;

/// The greatest weight.
const MOST_WEIGHT: f64 = 1e6;

/// The least power of a mean.
const LEAST_POWER: f64 = 0.01;

/// The greatest power of a mean: beyond it only one value counts.
const MOST_POWER: f64 = 100.0;

/// An intensity that scores half.
const REFERENCE: Range = Between(1e-6, 1e9);

/// The exponent of a score curve: beyond it the curve is a step.
const EXPONENT: Range = Between(0.1, 10.0);

/// Where a kernel is cut off.
const CUTOFF: Range = Between(1e-12, 0.1);

/// A coefficient of the relation between shaking and distance.
const COEFFICIENT: Range = Between(-100.0, 100.0);

/// A coefficient that must not be negative.
const POSITIVE: Range = Between(0.0, 100.0);

/// A value of a raster.
const VALUE: Range = Between(-1e9, 1e9);

/// A quartile of an indicator's values.
const QUARTILE: Range = Between(0.001, 0.999);

/// The most numbers in a list.
const MOST_NUMBERS: usize = 20;

/// Every number of a scheme by its key, in the order of the file, and its range.
pub(super) const RANGES: &[(&str, Range)] = &[
    ("position.default_accuracy_km", Between(0.0, 1000.0)),
    ("position.r90_per_sigma", Between(0.5, 10.0)),
    ("buffers.rings_km", Ascending(&LENGTH)),
    ("buffers.window_days", Ascending(&DAYS)),
    ("buffers.window_radius_km", LENGTH),
    ("buffers.nearest", Between(1.0, 1000.0)),
    ("buffers.coverage_km", LENGTH),
    ("buffers.overlap_km", Ascending(&LENGTH)),
    ("buffers.river_km", LENGTH),
    ("buffers.people_km", LENGTH),
    ("buffers.raster_km", LENGTH),
    ("coverage.grace_days", GRACE),
    ("coverage.accident_grace_days", GRACE),
    ("distance.exponential_rate", Between(0.01, 100.0)),
    ("overall.power", ZeroOr(LEAST_POWER, MOST_POWER)),
    ("bands.edges", Ascending(&UpTo(100.0))),
    ("flags.sensitive_area_km", LENGTH),
    ("flags.water_stress_score", Between(0.0, 5.0)),
    ("flags.conflict_incidents", Between(1.0, 4_294_967_295.0)),
    ("security.severity.fatality_factor", Weight),
    ("security.severity.explosions", Weight),
    ("security.severity.violence_against_civilians", Weight),
    ("security.severity.battles", Weight),
    ("security.severity.looting", Weight),
    ("security.severity.riots", Weight),
    ("security.severity.protests", Weight),
    ("security.severity.strategic_developments", Weight),
    ("security.severity.unknown", Weight),
    ("security.kernel.scales_km", Each(&SCALE)),
    ("security.kernel.weights", Each(&Weight)),
    ("security.kernel.cutoff", CUTOFF),
    ("security.kernel.influence_km", Between(0.1, LONGEST_KM)),
    ("security.recency.half_life_days", DAYS),
    ("security.score.reference_intensity", REFERENCE),
    ("security.score.exponent", EXPONENT),
    ("security.parts.mine", SHARE),
    ("security.parts.camp", SHARE),
    ("security.parts.road", SHARE),
    ("security.parts.port", SHARE),
    ("security.trend.period_days", DAYS),
    ("security.trend.prior", Between(0.001, 1000.0)),
    ("security.drivers.links", Between(0.0, 1000.0)),
    ("environment.power", Between(LEAST_POWER, MOST_POWER)),
    ("environment.minimum_coverage", SHARE),
    ("environment.gaps.known", SHARE),
    ("environment.gaps.reaches", Between(1.0, 100.0)),
    ("environment.bars.nature", Weight),
    ("environment.bars.water", Weight),
    ("environment.bars.people", Weight),
    ("environment.bars.pressure", Weight),
    ("environment.sensitive_areas.weight", Weight),
    ("environment.sensitive_areas.reference", SHARE),
    ("environment.sensitive_areas.decay_km", LENGTH),
    ("environment.sensitive_areas.reach_km", LENGTH),
    ("environment.sensitive_areas.search_km", LENGTH),
    ("environment.sensitive_areas.strict", SHARE),
    ("environment.sensitive_areas.managed", SHARE),
    ("environment.sensitive_areas.sustainable", SHARE),
    ("environment.sensitive_areas.other", SHARE),
    ("environment.sensitive_areas.centroid_accuracy_km", LENGTH),
    ("environment.species.weight", Weight),
    ("environment.species.reference", SHARE),
    ("environment.species.raster.radius_km", LENGTH),
    ("environment.species.raster.threshold", VALUE),
    ("environment.species.raster.from", Each(&VALUE)),
    ("environment.habitat.weight", Weight),
    ("environment.habitat.reference", SHARE),
    ("environment.habitat.raster.radius_km", LENGTH),
    ("environment.habitat.raster.threshold", VALUE),
    ("environment.habitat.raster.from", Each(&VALUE)),
    ("environment.water_nearby.weight", Weight),
    ("environment.water_nearby.reference", SHARE),
    ("environment.water_nearby.decay_km", LENGTH),
    ("environment.water_nearby.reach_km", LENGTH),
    ("environment.water_nearby.quartiles", Ascending(&QUARTILE)),
    ("environment.water_stress.weight", Weight),
    ("environment.water_stress.reference", SHARE),
    ("environment.water_stress.ratio_floor", Between(1e-6, 1000.0)),
    ("environment.water_stress.score_max", Between(0.1, 1000.0)),
    ("environment.water_stress.arid", SHARE),
    ("environment.people.weight", Weight),
    ("environment.people.reference", SHARE),
    ("environment.people.decay_km", LENGTH),
    ("environment.people.reach_km", LENGTH),
    ("environment.people.search_km", LENGTH),
    ("environment.people.decades", Between(0.1, 12.0)),
    ("environment.people.raster_km", LENGTH),
    ("environment.people.quartiles", Ascending(&QUARTILE)),
    ("environment.downstream.weight", Weight),
    ("environment.downstream.reference", SHARE),
    ("environment.downstream.snap_km", LENGTH),
    ("environment.downstream.follow_km", LENGTH),
    ("environment.downstream.beside_km", LENGTH),
    ("environment.downstream.decay_km", LENGTH),
    ("environment.downstream.decades", Between(0.1, 12.0)),
    ("environment.tailings.weight", Weight),
    ("environment.tailings.reference", SHARE),
    ("environment.tailings.low", SHARE),
    ("environment.tailings.significant", SHARE),
    ("environment.tailings.high", SHARE),
    ("environment.tailings.very_high", SHARE),
    ("environment.tailings.extreme", SHARE),
    ("environment.tailings.own_km", LENGTH),
    ("environment.tailings.people", SHARE),
    ("environment.tailings.water", SHARE),
    ("environment.tailings.search_km", LENGTH),
    ("environment.tailings.runout.released_factor", UpTo(100.0)),
    ("environment.tailings.runout.released_exponent", UpTo(10.0)),
    ("environment.tailings.runout.length_factor", UpTo(1000.0)),
    ("environment.tailings.runout.length_exponent", UpTo(10.0)),
    ("environment.tailings.runout.sigma", UpTo(10.0)),
    ("environment.tailings.runout.unknown_km", LENGTH),
    ("environment.tailings.runout.unknown_sigma", UpTo(10.0)),
    ("environment.accidents.weight", Weight),
    ("environment.accidents.reference", SHARE),
    ("environment.accidents.event", Weight),
    ("environment.accidents.fatality_factor", Weight),
    ("environment.accidents.scale_km", SCALE),
    ("environment.accidents.cutoff", CUTOFF),
    ("environment.accidents.half_life_days", DAYS),
    ("environment.accidents.reference_intensity", REFERENCE),
    ("environment.accidents.exponent", EXPONENT),
    ("environment.seismic.weight", Weight),
    ("environment.seismic.reference", SHARE),
    ("environment.seismic.least_magnitude", Between(0.0, 10.0)),
    ("environment.seismic.reach_km", LENGTH),
    ("environment.seismic.default_depth_km", Between(0.0, 700.0)),
    ("environment.seismic.max_depth_km", Between(0.0, 700.0)),
    ("environment.seismic.mmi_floor", Between(0.0, 12.0)),
    ("environment.seismic.mmi_span", Between(0.1, 12.0)),
    ("environment.seismic.relation.c0", COEFFICIENT),
    ("environment.seismic.relation.c1", POSITIVE),
    ("environment.seismic.relation.c2", COEFFICIENT),
    ("environment.seismic.relation.c4", POSITIVE),
    ("environment.seismic.relation.m1", COEFFICIENT),
    ("environment.seismic.relation.m2", POSITIVE),
    ("environment.seismic.relation.far_km", LENGTH),
    ("environment.seismic.raster.radius_km", LENGTH),
    ("environment.seismic.raster.threshold", VALUE),
    ("environment.seismic.raster.from", Each(&VALUE)),
    ("environment.flood.weight", Weight),
    ("environment.flood.reference", SHARE),
    ("environment.flood.raster.radius_km", LENGTH),
    ("environment.flood.raster.threshold", VALUE),
    ("environment.flood.raster.from", Each(&VALUE)),
    ("environment.outburst.weight", Weight),
    ("environment.outburst.reference", SHARE),
    ("environment.outburst.raster.radius_km", LENGTH),
    ("environment.outburst.raster.threshold", VALUE),
    ("environment.outburst.raster.from", Each(&VALUE)),
];

/// The range of a key; `None` if the key does not hold numbers.
pub(super) fn range_of(path: &str) -> Option<Range> {
    RANGES.iter().find(|(known, _)| *known == path).map(|(_, range)| *range)
}

impl Range {
    /// What is wrong with a value, phrased to follow its key; a list may have several faults.
    pub(super) fn faults(&self, value: &toml::Value) -> Vec<String> {
        let list = || -> Vec<f64> {
            value.as_array().map(|list| list.iter().map(number).collect()).unwrap_or_default()
        };
        match self {
            Each(range) => faults_of_list(&list(), range),
            Ascending(range) => {
                let list = list();
                let mut faults = faults_of_list(&list, range);
                if !list.iter().zip(list.iter().skip(1)).all(|(a, b)| a < b) {
                    faults.push(format!("{list:?} does not ascend"));
                }
                faults
            }
            _ => self.fault(number(value)).into_iter().collect(),
        }
    }

    /// What is wrong with a number. NaN is out of every range.
    fn fault(&self, value: f64) -> Option<String> {
        match *self {
            Between(least, most) => (!(least..=most).contains(&value))
                .then(|| format!("{} is not between {least} and {most}", written(value))),
            ZeroOr(least, most) if value != 0.0 => Between(least, most).fault(value),
            Weight if value < 0.0 => {
                Some(format!("{value} is negative; expected a weight from 0 on"))
            }
            Weight => ZeroOr(LEAST_WEIGHT, MOST_WEIGHT).fault(value),
            UpTo(most) => (!(value > 0.0 && value <= most))
                .then(|| format!("{} is not above 0 and at most {most}", written(value))),
            ZeroOr(..) | Each(_) | Ascending(_) => None,
        }
    }

    /// Adds the range's keywords to the JSON Schema of its key.
    pub(super) fn describe(&self, schema: &mut Map<String, Value>) {
        match self {
            Between(least, most) => {
                schema.insert("minimum".into(), json!(least));
                schema.insert("maximum".into(), json!(most));
            }
            ZeroOr(least, most) => {
                let any = json!([{ "const": 0 }, { "minimum": least, "maximum": most }]);
                schema.insert("anyOf".into(), any);
            }
            Weight => ZeroOr(LEAST_WEIGHT, MOST_WEIGHT).describe(schema),
            UpTo(most) => {
                schema.insert("exclusiveMinimum".into(), json!(0));
                schema.insert("maximum".into(), json!(most));
            }
            Each(range) | Ascending(range) => {
                // For a list of fixed length the type has set these already.
                schema.entry("minItems").or_insert(json!(1));
                schema.entry("maxItems").or_insert(json!(MOST_NUMBERS));
                if let Some(items) = schema.get_mut("items").and_then(Value::as_object_mut) {
                    range.describe(items);
                }
            }
        }
    }
}

fn faults_of_list(list: &[f64], range: &Range) -> Vec<String> {
    let mut faults = Vec::new();
    if list.is_empty() || list.len() > MOST_NUMBERS {
        faults.push(format!("has {} numbers; expected 1 to {MOST_NUMBERS}", list.len()));
    }
    faults.extend(list.iter().filter_map(|value| range.fault(*value)));
    faults
}

/// A value as a number; NaN if it is not one.
fn number(value: &toml::Value) -> f64 {
    let whole = |value: i64| value.to_string().parse().ok();
    value.as_float().or_else(|| value.as_integer().and_then(whole)).unwrap_or(f64::NAN)
}

/// A number for messages; the smallest ones would have hundreds of digits.
fn written(value: f64) -> String {
    if value.abs() < 1e-6 && value != 0.0 { format!("{value:e}") } else { value.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::Scheme;

    /// Every number of a scheme by its key.
    fn numbers(value: &toml::Value, path: &str, found: &mut Vec<String>) {
        match value {
            toml::Value::Table(table) => table.iter().for_each(|(key, value)| {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                numbers(value, &path, found);
            }),
            toml::Value::Integer(_) | toml::Value::Float(_) | toml::Value::Array(_) => {
                found.push(path.to_owned());
            }
            _ => {}
        }
    }

    #[test]
    fn every_number_of_a_scheme_has_a_range() {
        let scheme = toml::Value::try_from(Scheme::default()).expect("TOML");
        let mut due = Vec::new();
        numbers(&scheme, "", &mut due);
        let mut known: Vec<&str> = RANGES.iter().map(|(path, _)| *path).collect();
        due.sort();
        known.sort_unstable();
        assert_eq!(known, due);
    }

    /// The length of a list that has always as many numbers.
    fn fixed_length(path: &str) -> Option<usize> {
        let last = path.rsplit('.').next()?;
        [("edges", 4), ("quartiles", 3), ("from", 2)]
            .iter()
            .find(|(name, _)| *name == last)
            .map(|(_, length)| *length)
    }

    /// The least and the greatest number of a range.
    fn ends(range: &Range) -> (f64, f64) {
        match range {
            Between(least, most) => (*least, *most),
            ZeroOr(_, most) | UpTo(most) => (0.0, *most),
            Weight => (0.0, MOST_WEIGHT),
            Each(range) | Ascending(range) => ends(range),
        }
    }

    /// Whether the schema of a number accepts a value, by the draft 2020-12 meaning of the keywords used.
    fn takes(schema: &Value, value: f64) -> bool {
        let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
        bound("minimum").is_none_or(|least| value >= least)
            && bound("maximum").is_none_or(|most| value <= most)
            && bound("exclusiveMinimum").is_none_or(|least| value > least)
            && bound("const").is_none_or(|same| value == same)
            && schema
                .get("anyOf")
                .and_then(Value::as_array)
                .is_none_or(|any| any.iter().any(|schema| takes(schema, value)))
    }

    #[test]
    fn the_schema_takes_the_numbers_that_the_check_takes() {
        let schema = Scheme::json_schema();
        for (path, range) in RANGES {
            let mut at = &schema;
            for key in path.split('.') {
                at = &at["properties"][key];
            }
            let (one, of_one) = match range {
                Each(of_one) | Ascending(of_one) => {
                    let most = fixed_length(path).unwrap_or(MOST_NUMBERS);
                    assert_eq!(at["maxItems"], most, "{path}");
                    (&at["items"], *of_one)
                }
                _ => (at, range),
            };
            let (least, most) = ends(range);
            let values = [
                least,
                most,
                least.next_down(),
                most.next_up(),
                0.0,
                -1.0,
                1e-9,
                1e-6,
                0.005,
                0.5,
                1e12,
            ];
            for value in values {
                let taken = of_one.fault(value).is_none();
                assert_eq!(takes(one, value), taken, "{path}: {value}");
            }
            assert!(takes(one, most) && !takes(one, most.next_up()), "{path}");
        }
    }
}
