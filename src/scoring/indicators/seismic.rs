//! E3, past earthquakes: the strongest shaking at the site from any earthquake in the catalog.

use super::{Layer, Reading, known_of_layer, not_given, nothing_in_reach, of_raster};
use crate::earth::Length;
use crate::measures::{Nearby, RasterSample};
use crate::model::Receptor;
use crate::scoring::words::away;
use crate::scoring::{IntensityRelation, Scheme, SeismicIndicator};

/// Modified Mercalli intensity at a hypocentral distance, in active shallow crust (Allen, Wald and
/// Worden 2012, the relation for hypocentral distance, without a site term).
///
/// # Units
/// Moment magnitude; kilometers.
pub fn mmi(relation: &IntensityRelation, magnitude: f64, hypocentral_km: f64) -> f64 {
    let near = relation.m1 + relation.m2 * libm::exp(magnitude - 5.0);
    let distance = libm::sqrt(hypocentral_km * hypocentral_km + near * near);
    let far = if hypocentral_km > relation.far_km {
        relation.c4 * libm::log(hypocentral_km / relation.far_km)
    } else {
        0.0
    };
    relation.c0 + relation.c1 * magnitude + relation.c2 * libm::log(distance) + far
}

/// The indicator value of an intensity: (MMI − floor) / span, clamped to 0 to 1.
fn value(indicator: &SeismicIndicator, mmi: f64) -> f64 {
    ((mmi - indicator.mmi_floor) / indicator.mmi_span).clamp(0.0, 1.0)
}

/// The largest value over the shallow crustal earthquakes of the catalog, or that of a raster of shaking if it is
/// higher: what was felt can be felt again, and a map of hazard knows of more than a catalog.
pub fn seismic(scheme: &Scheme, layer: &Layer<'_>, raster: Option<&RasterSample>) -> Reading {
    let of_catalog = of_catalog(scheme, layer);
    if raster.is_none() {
        return of_catalog;
    }
    let of_raster = of_raster(&scheme.environment.seismic.raster, "shaking", raster);
    let known = of_raster.known.max(of_catalog.known);
    let higher = of_raster.value > of_catalog.value;
    Reading { known, ..if higher { of_raster } else { of_catalog } }
}

/// The largest value over the shallow crustal earthquakes.
///
/// A missing depth is assumed to be 10 km (`default_depth_km`) and noted. Earthquakes below magnitude 5
/// (`least_magnitude`), deeper than 70 km (`max_depth_km`) or without a magnitude are left out; the last two are noted.
fn of_catalog(scheme: &Scheme, layer: &Layer<'_>) -> Reading {
    if !layer.is_given() {
        return not_given("earthquakes");
    }
    let indicator = &scheme.environment.seismic;
    let reach = Length::from_km(indicator.reach_km);
    let mut strongest: Option<(f64, Nearby, &Receptor)> = None;
    let mut nearest: Option<Length> = None;
    let (mut deep, mut unrated) = (0_u32, 0_u32);
    for (nearby, receptor) in layer.each() {
        let near = nearby.distance <= reach;
        let Some(magnitude) = receptor.magnitude.filter(|m| m.is_finite()) else {
            unrated += u32::from(near);
            continue;
        };
        if magnitude < indicator.least_magnitude {
            continue;
        }
        let depth = depth_km(indicator, receptor);
        if depth > indicator.max_depth_km {
            deep += u32::from(near);
            continue;
        }
        nearest = nearest.or(Some(nearby.distance));
        let km = nearby.distance.km();
        let shaking = mmi(&indicator.relation, magnitude, libm::sqrt(km * km + depth * depth));
        if strongest.is_none_or(|(most, ..)| shaking > most) {
            strongest = Some((shaking, nearby, receptor));
        }
    }
    let mut notes = Vec::new();
    if deep > 0 {
        notes.push(format!("{deep} deeper than {} km left out", indicator.max_depth_km));
    }
    if unrated > 0 {
        notes.push(format!("{unrated} without a magnitude left out"));
    }
    let seen = known_of_layer(scheme, nearest, indicator.reach_km);
    let known = if layer.complete && unrated == 0 { 1.0 } else { seen };
    if known < 1.0 && nearest.is_none_or(|distance| distance > reach) {
        let what = format!("shallow earthquakes of magnitude {:.1}", indicator.least_magnitude);
        notes.push(nothing_in_reach(&what, indicator.reach_km));
    }
    let none = format!("no shaking of MMI {} or over on record", indicator.mmi_floor);
    let Some((shaking, driver, receptor)) = strongest else {
        return Reading::partly(0.0, known, None, notes).told(none);
    };
    let phrase = match receptor.magnitude.filter(|_| shaking > indicator.mmi_floor) {
        Some(magnitude) => {
            let year = receptor.date.map(|date| format!(" in {}", date.last().year()));
            format!(
                "shaking of MMI {shaking:.1} from magnitude {magnitude:.1}, {}{}",
                away(driver.distance),
                year.unwrap_or_default()
            )
        }
        None => none,
    };
    if receptor.depth_km.is_none() {
        notes.insert(0, format!("depth not known, {} km assumed", indicator.default_depth_km));
    }
    if let Some(magnitude) = receptor.magnitude {
        notes.insert(0, format!("MMI {shaking:.1} from magnitude {magnitude:.1}"));
    }
    Reading::partly(value(indicator, shaking), known, Some(driver), notes).told(phrase)
}

/// The depth of an earthquake, or the scheme's default if unknown. Negative depths count as 0.
fn depth_km(indicator: &SeismicIndicator, receptor: &Receptor) -> f64 {
    receptor.depth_km.unwrap_or(indicator.default_depth_km).max(0.0)
}

/// Whether an earthquake is felt at a distance from its epicenter, that is, has a value above 0 there; not if it is
/// deeper or weaker than those that the scheme counts, or of unknown magnitude.
pub fn is_felt(indicator: &SeismicIndicator, distance: Length, quake: &Receptor) -> bool {
    let depth = depth_km(indicator, quake);
    let counts = |m: &f64| m.is_finite() && *m >= indicator.least_magnitude;
    let counted = quake.magnitude.filter(|m| counts(m) && depth <= indicator.max_depth_km);
    counted.is_some_and(|magnitude| {
        let km = distance.km();
        let hypocentral_km = libm::sqrt(km * km + depth * depth);
        mmi(&indicator.relation, magnitude, hypocentral_km) > indicator.mmi_floor
    })
}

/// The distance beyond which an earthquake of a magnitude has the value 0 at any depth.
///
/// Found by bisection: intensity decreases with distance.
pub fn felt_within(indicator: &SeismicIndicator, magnitude: f64) -> Length {
    /// Half the Earth's circumference, the largest possible distance.
    const FARTHEST_KM: f64 = 20_004.0;
    let felt = |km: f64| mmi(&indicator.relation, magnitude, km) > indicator.mmi_floor;
    if felt(FARTHEST_KM) {
        return Length::from_km(FARTHEST_KM);
    }
    let (mut near, mut far) = (0.0, FARTHEST_KM);
    // 35 halvings narrow the interval to a millimeter.
    for _ in 0..35 {
        let middle = 0.5 * (near + far);
        if felt(middle) {
            near = middle;
        } else {
            far = middle;
        }
    }
    Length::from_km(far)
}
