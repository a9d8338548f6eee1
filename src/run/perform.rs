//! Measuring and scoring all sites of a case, batch by batch.

use super::{Cancel, Case, Watch};
use crate::Result;
use crate::layers::Scored;
use crate::measures::{Quantities, Subject, environment};
use crate::model::{CountryCode, ReceptorKind, Site};
use crate::scoring::indicators::{Layer, nearest_sensitive_area};
use crate::scoring::score;
use rayon::prelude::*;

/// Sites measured at once: enough for the threads, few enough that what lies around them fits.
const BATCH: usize = 2048;

/// Scores every site of a case, in the order of the sites.
///
/// # Errors
/// The run was asked to stop.
pub fn perform(case: &Case, watch: &dyn Watch, cancel: &Cancel) -> Result<Vec<Scored>> {
    let count = case.gathered.sites.len();
    watch.stage("scoring", u64::try_from(count).ok());
    let mut all = Vec::with_capacity(count);
    for start in (0..count).step_by(BATCH) {
        cancel.check()?;
        let batch = start..(start + BATCH).min(count);
        let steps = batch.len();
        all.extend(score_batch(case, batch));
        watch.advance(u64::try_from(steps).unwrap_or(0));
    }
    Ok(all)
}

/// Scores one site of a case, with everything in reach kept.
pub(super) fn score_one(case: &Case, site: usize) -> Option<Scored> {
    let quantities = measure(case, site..site + 1).pop()?;
    Some(scored(case, case.gathered.sites.get(site)?, site, quantities))
}

fn score_batch(case: &Case, batch: std::ops::Range<usize>) -> Vec<Scored> {
    measure(case, batch.clone())
        .into_par_iter()
        .zip(batch.clone())
        .zip(case.gathered.sites.get(batch).unwrap_or(&[]))
        .map(|((measured, site), known)| {
            let mut scored = scored(case, known, site, measured);
            keep_nearest(case, &mut scored);
            scored
        })
        .collect()
}

/// Of the receptors in reach keeps the nearest of each kind; of sensitive areas the one whose edge is
/// nearest, with the distance to that edge.
fn keep_nearest(case: &Case, scored: &mut Scored) {
    for (&kind, near) in &mut scored.quantities.environment.nearby {
        if kind == ReceptorKind::SensitiveAreas {
            let receptors = case.receptors.list();
            let layer = Layer { near: Some(near.as_slice()), receptors, complete: false };
            *near = nearest_sensitive_area(&case.scheme, &layer).into_iter().collect();
        }
        near.truncate(1);
        near.shrink_to_fit();
    }
}

fn measure(case: &Case, batch: std::ops::Range<usize>) -> Vec<(Option<CountryCode>, Quantities)> {
    let subjects: Vec<Subject> =
        batch.clone().into_par_iter().filter_map(|site| case.subject(site)).collect();
    let countries = case.countries(batch);
    let security = case.security.measure(&subjects, &countries);
    let environment = environment(
        &subjects,
        &countries,
        &case.receptors,
        case.accidents.as_ref(),
        &case.environment_plan,
    );
    countries
        .into_iter()
        .zip(security.into_iter().zip(environment))
        .map(|(country, (security, environment))| (country, Quantities { security, environment }))
        .collect()
}

fn scored(
    case: &Case,
    known: &Site,
    site: usize,
    (country, quantities): (Option<CountryCode>, Quantities),
) -> Scored {
    let receptors = case.receptors.list();
    let risk = score(&case.scheme, known, &quantities, receptors, &case.complete);
    Scored { site, country, quantities, risk }
}
