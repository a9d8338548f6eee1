//! The indicators of the environment score as a scheme states them: weights, reference values, reach and scales.

use super::ScoreCurve;
use crate::model::{Designation, TailingsClass};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The place of a value on a common scale: the quartiles of an indicator among the world's mines become 0.25, 0.5 and
/// 0.75, with straight lines between them, 0 and 1.
pub fn on_common_scale([a, b, c]: [f64; 3], value: f64) -> f64 {
    let ends = [(0.0, 0.0), (a, 0.25), (b, 0.5), (c, 0.75), (1.0, 1.0)];
    let value = value.clamp(0.0, 1.0);
    let above = ends.iter().zip(ends.iter().skip(1)).find(|(_, upper)| value <= upper.0);
    let Some((&(x0, y0), &(x1, y1))) = above else { return 1.0 };
    if x1 > x0 { y0 + (value - x0) / (x1 - x0) * (y1 - y0) } else { y1 }
}

/// E1: the largest of value * exp(-rate d / decay) over the sensitive areas.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SensitiveAreasIndicator {
    /// Its weight in the bar nature.
    pub weight: f64,
    /// The value taken where it is not known.
    pub reference: f64,
    /// Distance in km at which 5 % is left.
    pub decay_km: f64,
    /// A layer not declared complete counts as known where an area lies within half of this many km, and less
    /// and less up to it.
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
    /// Its weight in the bar water.
    pub weight: f64,
    /// The value taken where it is not known.
    pub reference: f64,
    /// The ratio of withdrawal to supply whose score is 1; the score rises by 1 as the ratio doubles.
    pub ratio_floor: f64,
    /// The highest score, whose value is 1.
    pub score_max: f64,
    /// Value of "arid and low water use".
    pub arid: f64,
}

/// E3: the strongest shaking that any past earthquake gave at the site, or a raster of shaking if that is higher.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeismicIndicator {
    /// Its weight in the bar hazard.
    pub weight: f64,
    /// The value taken where it is not known.
    pub reference: f64,
    /// Earthquakes below this magnitude are left out.
    pub least_magnitude: f64,
    /// A catalog not declared complete counts as known where an earthquake lies within half of this many km, and
    /// less and less up to it.
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
    /// How the raster `shaking` is read.
    pub raster: RasterRule,
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

/// E4: exp(-rate d / decay) to the nearest river or water body, on the scale of the world's mines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WaterNearbyIndicator {
    /// Its weight in the bar water.
    pub weight: f64,
    /// The value taken where it is not known.
    pub reference: f64,
    /// Distance in km at which 5 % is left.
    pub decay_km: f64,
    /// A layer not declared complete counts as known where water lies within half of this many km, and less and
    /// less up to it.
    pub reach_km: f64,
    /// Quartiles of the value among the world's mines.
    pub quartiles: [f64; 3],
}

/// E5: accidents and spills, a kernel sum as for security.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccidentsIndicator {
    /// Its weight in the bar pressure.
    pub weight: f64,
    /// The value taken where it is not known.
    pub reference: f64,
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

/// E6: Q = sum of population * exp(-rate d / decay); value log10(1 + Q) / decades, on the scale of the world's
/// mines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PeopleIndicator {
    /// Its weight in the bar people.
    pub weight: f64,
    /// The value taken where it is not known.
    pub reference: f64,
    /// Distance in km at which 5 % is left.
    pub decay_km: f64,
    /// A layer not declared complete counts as known where a settlement lies within half of this many km, and less
    /// and less up to it.
    pub reach_km: f64,
    /// Search radius for settlements, in km.
    pub search_km: f64,
    /// The decimal logarithm of Q whose value is 1.
    pub decades: f64,
    /// Radius in km within which the raster `population` is summed.
    pub raster_km: f64,
    /// Quartiles of the value among the world's mines.
    pub quartiles: [f64; 3],
}

/// E9: Q over the settlements downstream, by the length of the way along the river; value log10(1 + Q) / decades.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DownstreamIndicator {
    /// Its weight in the bar people.
    pub weight: f64,
    /// The value taken where it is not known.
    pub reference: f64,
    /// The site drains to a river within half of this many km, and less and less up to it.
    pub snap_km: f64,
    /// How far a river is followed, in km.
    pub follow_km: f64,
    /// Settlements and areas this many km from the river lie on it.
    pub beside_km: f64,
    /// Length in km along the river at which 5 % is left.
    pub decay_km: f64,
    /// The decimal logarithm of Q whose value is 1.
    pub decades: f64,
}

/// E10: the value of a tailings facility's class times the chance that its tailings reach people, water or a
/// sensitive area, the largest over facilities and receptors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TailingsIndicator {
    /// Its weight in the bar pressure.
    pub weight: f64,
    /// The value taken where it is not known.
    pub reference: f64,
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
    /// A facility of the layer `tailings` is the site's own within half of this many km, and less and less up to it.
    pub own_km: f64,
    /// Value of a settlement that can be reached.
    pub people: f64,
    /// Value of a river or water body that can be reached.
    pub water: f64,
    /// Receptors count in full within half of this many km of the facility, and less and less up to it.
    pub search_km: f64,
    /// How far tailings run out.
    pub runout: RunoutScheme,
}

impl TailingsIndicator {
    /// The value of a consequence class.
    pub fn of(&self, class: TailingsClass) -> f64 {
        match class {
            TailingsClass::NoFacility => 0.0,
            TailingsClass::Low => self.low,
            TailingsClass::Significant => self.significant,
            TailingsClass::High => self.high,
            TailingsClass::VeryHigh => self.very_high,
            TailingsClass::Extreme => self.extreme,
        }
    }
}

/// How far tailings run out: the decimal logarithm of the length is normal. With the height H in m and the volumes in
/// millions of m3, released_factor * V^released_exponent is released, H_f = H * released / V * released, and the median
/// length in km is length_factor * H_f^length_exponent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RunoutScheme {
    /// Released volume of a facility of a million m3, in millions of m3.
    pub released_factor: f64,
    /// Power of the volume.
    pub released_exponent: f64,
    /// Median length in km where H_f is 1.
    pub length_factor: f64,
    /// Power of H_f.
    pub length_exponent: f64,
    /// Standard deviation of the decimal logarithm of the length.
    pub sigma: f64,
    /// Median length in km where height or volume is not known.
    pub unknown_km: f64,
    /// Standard deviation where height or volume is not known.
    pub unknown_sigma: f64,
}

/// An indicator read from a raster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RasterIndicator {
    /// Its weight in its bar.
    pub weight: f64,
    /// The value taken where it is not known.
    pub reference: f64,
    /// How the raster is read.
    pub raster: RasterRule,
}

/// How the cells of a raster around a site become a value from 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RasterRule {
    /// Radius in km.
    pub radius_km: f64,
    /// Which number of the cells counts: "point", "mean", "max" or "over", the share of the area over the threshold.
    pub statistic: Statistic,
    /// The threshold of "over".
    pub threshold: f64,
    /// The numbers that become 0 and 1, with a straight line between them. The second may be the smaller.
    pub from: [f64; 2],
}

/// A number that stands for the cells of a raster around a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Statistic {
    /// The cell at the site.
    Point,
    /// The mean, weighted by area.
    Mean,
    /// The largest value.
    Max,
    /// The share of the area over a threshold.
    Over,
}
