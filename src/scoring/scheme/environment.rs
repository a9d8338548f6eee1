//! The environment part of a scheme: six indicators with their weights, their reach, and their
//! aggregation.

use super::ScoreCurve;
use crate::model::{Designation, ReceptorKind, TailingsClass};
use crate::scoring::IndicatorCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The environment score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentScheme {
    /// Whether there is an environment score at all.
    pub enabled: bool,
    /// Power of the mean over the indicators: 1 is the arithmetic mean.
    pub power: f64,
    /// Least share of the weights that must be known for a score.
    pub minimum_coverage: f64,
    /// E1: sensitive areas.
    pub sensitive_areas: SensitiveAreasIndicator,
    /// E2: baseline water stress.
    pub water_stress: WaterStressIndicator,
    /// E3: past earthquakes.
    pub seismic: SeismicIndicator,
    /// E4: rivers and water bodies.
    pub rivers: RiversIndicator,
    /// E5: accidents and spills.
    pub accidents: AccidentsIndicator,
    /// E6: people.
    pub people: PeopleIndicator,
}

impl EnvironmentScheme {
    /// The weight of an indicator as the file states it.
    pub fn written_weight(&self, code: IndicatorCode) -> f64 {
        match code {
            IndicatorCode::SensitiveAreas => self.sensitive_areas.weight,
            IndicatorCode::WaterStress => self.water_stress.weight,
            IndicatorCode::Seismic => self.seismic.weight,
            IndicatorCode::Rivers => self.rivers.weight,
            IndicatorCode::Accidents => self.accidents.weight,
            IndicatorCode::People => self.people.weight,
        }
    }

    /// The weight of an indicator divided by the sum of all six.
    pub fn weight(&self, code: IndicatorCode) -> f64 {
        let sum: f64 = IndicatorCode::ALL.iter().map(|c| self.written_weight(*c)).sum();
        if sum > 0.0 { self.written_weight(code) / sum } else { 0.0 }
    }

    /// The distance within which a layer that is not declared complete must have a feature to count
    /// as known; `None` for kinds that no indicator measures by distance.
    ///
    /// # Units
    /// Kilometers.
    pub fn reach_km(&self, kind: ReceptorKind) -> Option<f64> {
        match kind {
            ReceptorKind::SensitiveAreas => Some(self.sensitive_areas.reach_km),
            ReceptorKind::Rivers | ReceptorKind::WaterBodies => Some(self.rivers.reach_km),
            ReceptorKind::Settlements => Some(self.people.reach_km),
            ReceptorKind::Earthquakes => Some(self.seismic.reach_km),
            ReceptorKind::Faults | ReceptorKind::Tailings | ReceptorKind::WaterStress => None,
        }
    }

    /// The distance at which 5 % is left of what a site and a receptor of a kind have to do with each other; `None` for
    /// kinds without such a decay.
    ///
    /// # Units
    /// Kilometers.
    pub fn decay_km(&self, kind: ReceptorKind) -> Option<f64> {
        match kind {
            ReceptorKind::SensitiveAreas => Some(self.sensitive_areas.decay_km),
            ReceptorKind::Rivers | ReceptorKind::WaterBodies => Some(self.rivers.decay_km),
            ReceptorKind::Settlements => Some(self.people.decay_km),
            ReceptorKind::Earthquakes
            | ReceptorKind::Faults
            | ReceptorKind::Tailings
            | ReceptorKind::WaterStress => None,
        }
    }
}

/// E1: the largest of value * exp(-rate d / decay) over the sensitive areas.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SensitiveAreasIndicator {
    /// Its weight.
    pub weight: f64,
    /// Distance in km at which 5 % is left.
    pub decay_km: f64,
    /// If nothing lies within this many km, a layer not declared complete counts as missing.
    pub reach_km: f64,
    /// Search radius for areas, in km.
    pub search_km: f64,
    /// Value of IUCN Ia to II, World Heritage, Ramsar, key biodiversity areas.
    pub strict: f64,
    /// Value of IUCN III and IV.
    pub managed: f64,
    /// Value of IUCN V and VI and of game reserves.
    pub sustainable: f64,
    /// Value of any other area, and of one without a designation.
    pub other: f64,
    /// An area known only by its centroid is set aside if the centroid is less accurate than
    /// this many km.
    pub centroid_accuracy_km: f64,
}

impl SensitiveAreasIndicator {
    /// The value of a designation.
    pub fn of(&self, designation: Option<Designation>) -> f64 {
        match designation {
            Some(Designation::Strict) => self.strict,
            Some(Designation::Managed) => self.managed,
            Some(Designation::Sustainable) => self.sustainable,
            Some(Designation::Other) | None => self.other,
        }
    }
}

/// E2: baseline water stress, from 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WaterStressIndicator {
    /// Its weight.
    pub weight: f64,
    /// The ratio of withdrawal to supply whose score is 1; the score rises by 1 as the ratio doubles.
    pub ratio_floor: f64,
    /// The highest score, whose value is 1.
    pub score_max: f64,
    /// Value of "arid and low water use".
    pub arid: f64,
}

/// E3: the strongest shaking that any past earthquake gave at the site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeismicIndicator {
    /// Its weight.
    pub weight: f64,
    /// If nothing lies within this many km, a catalog not declared complete counts as missing.
    pub reach_km: f64,
    /// Depth in km assumed if none is given.
    pub default_depth_km: f64,
    /// Deeper earthquakes, in km, are left out.
    pub max_depth_km: f64,
    /// Modified Mercalli intensity whose value is 0.
    pub mmi_floor: f64,
    /// Modified Mercalli intensity above the floor whose value is 1.
    pub mmi_span: f64,
    /// How intensity falls with distance.
    pub relation: IntensityRelation,
}

/// MMI = c0 + c1 M + c2 ln sqrt(R^2 + Rm^2), plus c4 ln(R / far_km) beyond far_km, with
/// Rm = m1 + m2 exp(M - 5) and R the hypocentral distance in km.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IntensityRelation {
    /// Constant.
    pub c0: f64,
    /// Per magnitude.
    pub c1: f64,
    /// Per logarithm of the distance; below 0.
    pub c2: f64,
    /// Per logarithm of the distance beyond far_km; from 0 to less than -c2.
    pub c4: f64,
    /// Rm at no magnitude.
    pub m1: f64,
    /// Rm per exp(M - 5).
    pub m2: f64,
    /// Distance in km beyond which c4 applies.
    pub far_km: f64,
}

/// E4: exp(-rate d / decay) to the nearest river or water body, times the value of the site's
/// tailings class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RiversIndicator {
    /// Its weight.
    pub weight: f64,
    /// Distance in km at which 5 % is left.
    pub decay_km: f64,
    /// If nothing lies within this many km, a layer not declared complete counts as missing.
    pub reach_km: f64,
    /// Value of consequence class low.
    pub low: f64,
    /// Value of consequence class significant.
    pub significant: f64,
    /// Value of consequence class high.
    pub high: f64,
    /// Value of consequence class very high.
    pub very_high: f64,
    /// Value of consequence class extreme.
    pub extreme: f64,
    /// Value if the class is unknown.
    pub unknown: f64,
}

impl RiversIndicator {
    /// The value of a consequence class.
    pub fn of(&self, class: Option<TailingsClass>) -> f64 {
        match class {
            Some(TailingsClass::NoFacility) => 0.0,
            Some(TailingsClass::Low) => self.low,
            Some(TailingsClass::Significant) => self.significant,
            Some(TailingsClass::High) => self.high,
            Some(TailingsClass::VeryHigh) => self.very_high,
            Some(TailingsClass::Extreme) => self.extreme,
            None => self.unknown,
        }
    }
}

/// E5: accidents and spills, a kernel sum as for security.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccidentsIndicator {
    /// Its weight.
    pub weight: f64,
    /// Weight of an accident without deaths.
    pub event: f64,
    /// Weight of deaths; 0 leaves them out.
    pub fatality_factor: f64,
    /// Standard deviation of the Gaussian kernel in km.
    pub scale_km: f64,
    /// The kernel is cut to 0 below this value.
    pub cutoff: f64,
    /// Age in days at which an accident weighs half.
    pub half_life_days: f64,
    /// The intensity whose value is 0.5.
    pub reference_intensity: f64,
    /// How steeply the value rises with the logarithm of the intensity.
    pub exponent: f64,
}

impl AccidentsIndicator {
    /// How the intensity becomes a value.
    pub fn curve(&self) -> ScoreCurve {
        ScoreCurve { reference_intensity: self.reference_intensity, exponent: self.exponent }
    }
}

/// E6: Q = sum of population * exp(-rate d / decay); value log10(1 + Q) / decades.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PeopleIndicator {
    /// Its weight.
    pub weight: f64,
    /// Distance in km at which 5 % is left.
    pub decay_km: f64,
    /// If nothing lies within this many km, a layer not declared complete counts as missing.
    pub reach_km: f64,
    /// Search radius for settlements, in km.
    pub search_km: f64,
    /// The decimal logarithm of Q whose value is 1.
    pub decades: f64,
}
