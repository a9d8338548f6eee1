//! Sensitive areas: in which a site lies, how far the others are, and how much of its land and surroundings they hold.

use super::{Asked, Disclosure, Reason, Statement, any};
use crate::earth::{Length, Shape};
use crate::measures::Along;
use crate::model::{Designation, Receptor, ReceptorKind};

const AREAS: ReceptorKind = ReceptorKind::SensitiveAreas;

/// The categories of areas; each area has one, and World Heritage goes before its designation.
const CATEGORIES: [&str; 6] =
    ["world heritage", "strict", "managed", "sustainable", "other", "not stated"];

/// Square meters in a hectare.
const HECTARE: f64 = 1e4;

/// Square meters in a square kilometer.
const KM2: f64 = 1e6;

fn category(area: &Receptor) -> &'static str {
    match area.designation {
        _ if area.world_heritage => "world heritage",
        Some(designation) => Designation::word(designation),
        None => "not stated",
    }
}

pub(super) fn add(asked: &Asked<'_>, all: &mut Vec<Statement>) {
    locations(asked, all);
    rings(asked, all);
    heritage(asked, all);
    drivers(asked, all);
    state(asked, all);
    footprint(asked, all);
    criteria(asked, all);
}

/// The areas within the widest ring, each with its receptor.
fn areas<'a>(asked: &Asked<'a>) -> Option<Vec<(Along, &'a Receptor)>> {
    let near = asked.around.areas.as_ref()?.iter();
    Some(near.filter_map(|one| Some((*one, asked.context.receptors.get(one.index)?))).collect())
}

fn no_areas() -> String {
    "no layer of sensitive areas was given".to_owned()
}

/// The distance that counts as near: the narrowest of the rings.
fn near_km(asked: &Asked<'_>) -> f64 {
    asked.context.scheme.buffers.overlap_km.iter().copied().reduce(f64::min).unwrap_or(1.0)
}

/// The distance up to which areas are listed: the widest of the rings.
fn widest_km(asked: &Asked<'_>) -> f64 {
    asked.context.scheme.buffers.overlap_km.iter().copied().fold(0.0, f64::max)
}

/// The nearest area at any distance.
fn nearest<'a>(asked: &Asked<'a>) -> Option<(Along, &'a Receptor)> {
    let nearest = asked.around.nearest?;
    Some((nearest, asked.context.receptors.get(nearest.index)?))
}

/// Land of the site, as far as polygons tell it.
fn land(asked: &Asked<'_>, disclosure: Disclosure, item: &'static str) -> Statement {
    let files = &*asked.site.file;
    let (unit, per, decimals) = match disclosure {
        Disclosure::TnfdFootprint => ("km²", KM2, 6),
        _ => ("ha", HECTARE, 4),
    };
    Statement::new(disclosure, item, files)
        .number(asked.around.land.map(|land| land / per), decimals, unit)
        .summed()
        .unless(no_land)
}

fn no_land() -> String {
    "the site is given without a polygon".to_owned()
}

/// GRI 101-5 and ESRS E4.
fn locations(asked: &Asked<'_>, all: &mut Vec<Statement>) {
    let disclosure = Disclosure::Gri101Locations;
    let files = asked.files(AREAS);
    all.push(land(asked, disclosure, "site_area"));
    all.push(
        asked
            .is_within(0.0, |_| true)
            .answer(Statement::new(disclosure, "in_sensitive_area", files))
            .unless(no_areas),
    );
    let overlap = asked.around.overlap.map(|overlap| overlap / HECTARE);
    all.push(
        asked
            .covered_within(0.0, overlap)
            .number(Statement::new(disclosure, "overlap_with_sensitive_areas", files), 4, "ha")
            .summed()
            .unless(|| match asked.around.areas {
                None => no_areas(),
                Some(_) if asked.around.land.is_none() => no_land(),
                Some(_) => "no sensitive area is given as a polygon".to_owned(),
            }),
    );
    let found = areas(asked);
    let nearest = nearest(asked);
    let none_near = || match found {
        None => no_areas(),
        Some(_) => "no sensitive area is mapped".to_owned(),
    };
    all.push(
        Statement::new(disclosure, "nearest_sensitive_area", files)
            .text(nearest.as_ref().map(|(_, area)| called(area)))
            .of_one_site()
            .unless(none_near),
    );
    let distance = Statement::new(disclosure, "distance_to_nearest_sensitive_area", files);
    let distance = asked.distance(distance, nearest.as_ref().map(known));
    let distance = nearest.iter().fold(distance, |told, (_, area)| rough(told, area));
    let gaps = nearest.as_ref().filter(|(one, _)| one.distance > Length::ZERO);
    let gaps = gaps.and_then(|_| asked.at_most(AREAS));
    all.push(gaps.iter().fold(distance, |told, gaps| told.beside(gaps)).unless(none_near));
    all.push(
        Statement::new(disclosure, "category_of_nearest_sensitive_area", files)
            .text(nearest.as_ref().map(|(_, area)| category(area)))
            .of_one_site()
            .unless(none_near),
    );
    for (one, area) in found.iter().flatten() {
        let new = |item| Statement::new(disclosure, item, &area.file).of(called(area));
        let distance = asked.distance(new("distance_to_area"), Some(known(&(*one, *area))));
        all.push(rough(distance, area));
        all.push(new("category_of_area").text(Some(category(area))));
    }
    let km = near_km(asked);
    let disclosure = Disclosure::EsrsE4;
    let near = asked.is_within(km, |_| true);
    let answer = near.answer;
    let near = near
        .answer(Statement::new(disclosure, format!("in_or_within_{km}km_of_sensitive_area"), files))
        .unless(no_areas);
    let of_near = match answer {
        Some(true) => asked.around.land.map(|land| land / HECTARE),
        Some(false) => Some(0.0),
        None => None,
    };
    let why = match answer {
        None => (near.note.clone(), near.reason),
        Some(_) if of_near.is_some() => (None, Reason::Noted),
        Some(_) => {
            let size = "in or near a sensitive area, and the site is given without a polygon";
            (Some(size.to_owned()), Reason::Noted)
        }
    };
    all.push(near);
    all.push(
        Statement::new(disclosure, "area_of_sites_in_or_near", &asked.site.file)
            .number(of_near, 4, "ha")
            .summed()
            .noted(why.0, why.1),
    );
}

/// The distance to an area, and how well its outline is known.
fn known((one, area): &(Along, &Receptor)) -> (Length, Option<Length>) {
    (one.distance, area.outline_error())
}

/// That the outline of an area is not known, if it is not.
fn rough(statement: Statement, area: &Receptor) -> Statement {
    match area.shape {
        Shape::Points(_) => statement.beside("to the circle of its area, known by its center"),
        Shape::Lines(_) | Shape::Polygons(_) => statement,
    }
}

/// The areas within each ring by category, and the share of each ring that they cover.
fn rings(asked: &Asked<'_>, all: &mut Vec<Statement>) {
    let (disclosure, files) = (Disclosure::Rings, asked.files(AREAS));
    let found = areas(asked);
    let radii = &asked.context.scheme.buffers.overlap_km;
    for (at, km) in radii.iter().enumerate() {
        let item = format!("areas_within_{km}km");
        let row = || Statement::new(disclosure, item.clone(), files);
        let many = asked.many_within(*km, |_| true);
        all.push(many.number(row(), 0, "areas").unless(no_areas));
        for of in CATEGORIES.iter().filter(|_| found.is_some()) {
            let many = asked.many_within(*km, |area| category(area) == *of);
            all.push(many.number(row().of(*of), 0, "areas"));
        }
        let share = asked.scored.quantities.environment.sensitive_shares.get(at).copied();
        let row = Statement::new(disclosure, format!("share_covered_within_{km}km"), files);
        all.push(asked.covered_within(*km, share).number(row, 3, "share, 0 to 1").unless(|| {
            match found {
                None => no_areas(),
                Some(_) => "no sensitive area is given as a polygon".to_owned(),
            }
        }));
    }
}

/// World Heritage, by the designations that the layer states.
fn heritage(asked: &Asked<'_>, all: &mut Vec<Statement>) {
    let (disclosure, files) = (Disclosure::WorldHeritage, asked.files(AREAS));
    all.push(
        asked
            .is_within(0.0, |area| area.world_heritage)
            .answer(Statement::new(disclosure, "in_world_heritage_site", files))
            .unless(no_areas),
    );
    let widest = widest_km(asked);
    let found = areas(asked);
    let nearest = found.iter().flatten().find(|(_, area)| area.world_heritage);
    let distance = Statement::new(disclosure, "distance_to_world_heritage_site", files);
    let distance = asked.distance(distance, nearest.map(known));
    let distance =
        nearest.iter().fold(distance, |told, (_, area)| rough(told, area)).unless(|| match found {
            None => no_areas(),
            Some(_) => format!("no World Heritage site is mapped within {widest} km"),
        });
    all.push(match nearest {
        Some((_, area)) => distance.of(called(area)),
        None => distance,
    });
}

/// GRI 101-6: conversion of land. Water is told where it is stated.
fn drivers(asked: &Asked<'_>, all: &mut Vec<Statement>) {
    all.push(land(asked, Disclosure::Gri101Drivers, "land_occupied"));
}

/// GRI 101-7: what rasters tell of species and habitat.
fn state(asked: &Asked<'_>, all: &mut Vec<Statement>) {
    for name in ["species", "habitat"] {
        let plan = asked.context.rasters.iter().find(|plan| &*plan.name == name);
        let sample = asked.scored.quantities.environment.rasters.get(name);
        let item = match plan {
            Some(plan) => format!("{name}_mean_within_{}km", plan.radius.km()),
            None => format!("{name}_mean"),
        };
        let file = asked.origins.rasters.get(name).map_or("", String::as_str);
        let known = sample.map(|sample| sample.known);
        all.push(
            Statement::new(Disclosure::Gri101State, item, file)
                .number(sample.and_then(|sample| sample.mean), 4, "unit of the raster")
                .with(known.map(|known| format!("values in {:.0} % of it", 100.0 * known)))
                .unless(|| match plan {
                    Some(_) => format!("the raster {name} has no value there"),
                    None => format!("no raster {name} was given"),
                }),
        );
    }
}

/// TNFD C1.0: what the sites' own records state, and what their polygons measure.
fn footprint(asked: &Asked<'_>, all: &mut Vec<Statement>) {
    let disclosure = Disclosure::TnfdFootprint;
    let files = &*asked.site.file;
    let parts = ["controlled", "disturbed", "restored"];
    let stated = parts.map(|part| asked.stated(&format!("{part}_km2")));
    for (part, area) in parts.iter().zip(stated) {
        all.push(
            Statement::new(disclosure, format!("area_{part}"), files)
                .number(area, 3, "km²")
                .summed()
                .unless(|| format!("the sites have no column {part}_km2 with a value here")),
        );
    }
    let total = stated.iter().try_fold(0.0, |sum, area| Some(sum + (*area)?));
    all.push(
        Statement::new(disclosure, "total_spatial_footprint", files)
            .number(total, 3, "km²")
            .summed()
            .unless(|| "one of its three parts is not known".to_owned()),
    );
    all.push(land(asked, disclosure, "area_mapped"));
}

/// TNFD, sensitive locations: five criteria, of which one is enough.
fn criteria(asked: &Asked<'_>, all: &mut Vec<Statement>) {
    let disclosure = Disclosure::TnfdLocations;
    let km = near_km(asked);
    let near = asked.is_within(km, |_| true);
    let important = near.answer;
    let water = asked.scored.risk.flags.water_stress_high;
    let no_layer = |what: &str| format!("no layer of the run tells {what}");
    all.push(
        near.answer(Statement::new(disclosure, "important_for_biodiversity", asked.files(AREAS)))
            .with(Some(match important {
                Some(false) => format!("not in or within {km} km of a sensitive area"),
                _ => format!("in or within {km} km of a sensitive area"),
            }))
            .unless(no_areas),
    );
    for (item, what) in [
        ("high_ecosystem_integrity", "the integrity of ecosystems"),
        ("rapid_decline_of_integrity", "how the integrity of ecosystems changes"),
    ] {
        all.push(Statement::new(disclosure, item, "").flag(None).unless(|| no_layer(what)));
    }
    all.push(
        Statement::new(disclosure, "high_physical_water_risk", &super::water::file(asked))
            .flag(water)
            .with(Some("by water stress alone".to_owned()))
            .unless(super::water::no_stress),
    );
    all.push(
        Statement::new(disclosure, "important_for_ecosystem_services", "")
            .flag(None)
            .unless(|| no_layer("the services of ecosystems to people")),
    );
    all.push(
        Statement::new(disclosure, "sensitive_location", asked.files(AREAS))
            .flag(any(&[important, None, None, water, None]))
            .with(Some("one criterion is enough".to_owned()))
            .unless(|| "no criterion is known to be met, and not all of them are known".to_owned()),
    );
}

/// The name of an area with its id, or the id alone.
fn called(area: &Receptor) -> String {
    match area.name.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
        Some(name) => format!("{name} ({})", area.id),
        None => area.id.clone(),
    }
}
