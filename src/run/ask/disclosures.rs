//! Measures what disclosures ask for beside scores, for every site, and puts the answers together.

use crate::earth::{Length, Shape, drawn_area, united};
use crate::layers::Scored;
use crate::layers::disclosures::{Around, Disclosures, Origins};
use crate::measures::Centroids;
use crate::model::{Receptor, ReceptorKind, Site};
use crate::run::{Cancel, Case};
use crate::{Code, Error, Result};
use geo::BooleanOps;
use geo_types::MultiPolygon;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The answers to what disclosures ask of the scored sites of a case.
///
/// # Errors
/// The run was asked to stop.
pub fn disclosures(case: &Case, scored: &[Scored], cancel: &Cancel) -> Result<Disclosures> {
    let farthest = outlines(case);
    let around = |one: &Scored| {
        cancel.check()?;
        measure(case, one.site, farthest).ok_or_else(|| {
            Error::usage(Code::SettingsConflict, "the scored sites are not those of the case")
        })
    };
    let around: Vec<Around> = scored.par_iter().map(around).collect::<Result<_>>()?;
    Ok(Disclosures::of(case.context(), scored, &around, &origins(case)))
}

/// No two places on Earth lie farther apart.
///
/// # Units
/// Kilometers.
const FARTHEST_KM: f64 = 20_004.0;

/// The farthest that the outline of a sensitive area of the case may lie beyond what is known of it.
fn outlines(case: &Case) -> Length {
    let areas = case.receptors.list().iter();
    let areas = areas.filter(|one| one.kind == ReceptorKind::SensitiveAreas);
    let errors = areas.filter_map(Receptor::outline_error);
    errors.fold(Length::ZERO, |most, next| if next > most { next } else { most })
}

fn measure(case: &Case, site: usize, farthest: Length) -> Option<Around> {
    let known = case.sites.list.get(site)?;
    let linked = case.sites.linked.get(site).map_or(&[][..], Vec::as_slice);
    let subject = case.subject(&case.sites, site)?;
    let kind = ReceptorKind::SensitiveAreas;
    let given = case.receptors.kinds().any(|of| of == kind) || case.complete.contains(&kind);
    let widest = case.scheme.buffers.overlap_km.iter().copied().fold(0.0, f64::max);
    let main = subject.parts.first().map(|main| &main.probe);
    let around = |km: f64, centroids: &Centroids| {
        let within = Length::from_km(km);
        main.map(|main| case.receptors.around(kind, main, within, centroids)).unwrap_or_default()
    };
    let centroids = &case.environment_plan.centroids;
    let areas = given.then(|| around(widest, centroids));
    let far = [100.0, 400.0, 1600.0, FARTHEST_KM];
    let nearest = areas.as_ref().and_then(|areas| {
        let far = || far.iter().find_map(|km| around(*km, centroids).first().copied());
        areas.first().copied().or_else(far)
    });
    // Only where the layer is complete does it matter what may lie nearer than it is mapped.
    let possible = match case.complete.contains(&kind) {
        true => {
            let error = case.scheme.position.radius(known.accuracy).km();
            let coarse = Centroids { accuracy: Length::from_km(1e6), ..*centroids };
            around(widest + error + farthest.km(), &coarse)
        }
        false => Vec::new(),
    };
    let land = land(known, linked);
    let overlap = land.as_ref().and_then(|land| overlap(case, land));
    Some(Around { areas, nearest, possible, land: land.as_ref().map(drawn_area), overlap })
}

/// The union of the polygons of a site and of its linked parts; `None` if it has none.
fn land(site: &Site, linked: &[Site]) -> Option<MultiPolygon<f64>> {
    let polygons: Vec<&MultiPolygon<f64>> = std::iter::once(site)
        .chain(linked)
        .filter_map(|part| match &part.shape {
            Shape::Polygons(polygons) => Some(polygons),
            Shape::Points(_) | Shape::Lines(_) => None,
        })
        .collect();
    (!polygons.is_empty()).then(|| united(polygons.into_iter().flatten()))
}

/// How many square meters of some land lie within sensitive areas; `None` if none of those is a polygon.
fn overlap(case: &Case, land: &MultiPolygon<f64>) -> Option<f64> {
    let kind = ReceptorKind::SensitiveAreas;
    let areas = case.receptors.list().iter().filter(|receptor| receptor.kind == kind);
    areas.clone().any(|area| matches!(area.shape, Shape::Polygons(_))).then_some(())?;
    let probe = crate::index::Probe::new(&Shape::Polygons(land.clone()));
    let met = case.receptors.within(kind, &probe, Length::ZERO);
    let polygons =
        met.iter().filter_map(|near| match &case.receptors.list().get(near.index)?.shape {
            Shape::Polygons(polygons) => Some(polygons),
            Shape::Points(_) | Shape::Lines(_) => None,
        });
    let polygons: Vec<&MultiPolygon<f64>> = polygons.collect();
    let areas = united(polygons.into_iter().flatten());
    Some(drawn_area(&areas.intersection(land)))
}

/// The files of a run by what they hold.
fn origins(case: &Case) -> Origins {
    let mut receptors: BTreeMap<ReceptorKind, Vec<&str>> = BTreeMap::new();
    for input in case.world.inputs.iter().filter(|input| input.role == "receptors") {
        if let Some(kind) = input.kind {
            receptors.entry(kind).or_default().push(&input.file);
        }
    }
    // A file without a declared kind may hold several.
    for receptor in case.receptors.list() {
        let files = receptors.entry(receptor.kind).or_default();
        if !files.contains(&&*receptor.file) {
            files.push(&receptor.file);
        }
    }
    let inputs = |role| case.world.inputs.iter().filter(move |input| input.role == role);
    let names: Vec<&str> = inputs("incidents").map(|input| &*input.file).collect();
    let rasters = inputs("rasters")
        .filter_map(|input| Some((Arc::clone(input.raster.as_ref()?), input.file.to_string())));
    Origins {
        receptors: receptors.into_iter().map(|(kind, files)| (kind, files.join("; "))).collect(),
        complete: case.complete.clone(),
        incidents: names.join("; "),
        rasters: rasters.collect(),
    }
}
