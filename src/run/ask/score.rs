//! Measures and scores all sites of a case, batch by batch.

use super::uncertain;
use crate::earth::Position;
use crate::index::neighbors_together;
use crate::layers::Scored;
use crate::measures::{Quantities, Record, SecurityQuantities, SiteProbe, Until, environment};
use crate::model::{CountryCode, ReceptorKind, Site};
use crate::run::rasters::{self, Samples};
use crate::run::{Cancel, Case, Sites, Watch};
use crate::scoring::indicators::{Layer, nearest_edge, nearest_mapped};
use crate::scoring::{Exposures, pressure, score};
use crate::{Code, Error, Result};
use rayon::prelude::*;
use std::sync::Arc;

/// Sites measured together: enough to share tree walks, few enough to keep all threads busy.
const BATCH: usize = 512;

/// The scored sites of a case, in their order, and the receptors in their reach.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Performed {
    /// The scored sites.
    pub sites: Vec<Scored>,
    /// Which sites have each receptor in their reach; empty unless asked for.
    pub exposures: Exposures,
}

/// Scores every site of a case, in the order of the sites.
///
/// ```
/// use tamarisk::run::{self, Cancel, Case, Unwatched};
///
/// let case = Case::open(&run::demo(), &Unwatched, &Cancel::new())?;
/// let scored = run::perform(&case, &Unwatched, &Cancel::new())?;
/// assert_eq!(scored.len(), case.sites.list.len());
/// for one in &scored {
///     let (name, score) = (&case.sites.list[one.site].name, one.risk.security.score);
///     assert!(score.is_none_or(|score| (0.0..=100.0).contains(&score)), "{name}");
/// }
/// # Ok::<(), tamarisk::Error>(())
/// ```
///
/// # Errors
/// The run was asked to stop; the sites are [streamed](crate::run::Streamed) and not in memory.
pub fn perform(case: &Case, watch: &dyn Watch, cancel: &Cancel) -> Result<Vec<Scored>> {
    Ok(perform_all(case, false, watch, cancel)?.sites)
}

/// Scores every site of a case like [`perform`], and collects for each receptor the sites that have it in their reach.
///
/// # Errors
/// Those of [`perform`].
pub fn perform_exposed(case: &Case, watch: &dyn Watch, cancel: &Cancel) -> Result<Performed> {
    perform_all(case, true, watch, cancel)
}

/// Scores every site of a case, and collects exposures if they are asked for.
///
/// # Errors
/// Those of [`perform`].
pub(in crate::run) fn perform_all(
    case: &Case,
    exposed: bool,
    watch: &dyn Watch,
    cancel: &Cancel,
) -> Result<Performed> {
    if case.world.streamed.is_some() {
        return Err(Error::usage(
            Code::SettingsConflict,
            "there are more sites than are held in memory",
        )
        .with_hint("hold them all, without most_held, or write them while scoring"));
    }
    watch.stage("scoring", u64::try_from(case.sites.list.len()).ok());
    score_all(case, &case.sites, exposed, watch, cancel)
}

/// Scores the given sites by a case, in order.
///
/// # Errors
/// The run was asked to stop.
pub(in crate::run) fn score_sites(
    case: &Case,
    sites: &Sites,
    watch: &dyn Watch,
    cancel: &Cancel,
) -> Result<Vec<Scored>> {
    Ok(score_all(case, sites, false, watch, cancel)?.sites)
}

fn score_all(
    case: &Case,
    sites: &Sites,
    exposed: bool,
    watch: &dyn Watch,
    cancel: &Cancel,
) -> Result<Performed> {
    let count = sites.list.len();
    let samples = rasters::samples(&case.samplers, &sites.list, cancel)?;
    let score = |batch: &[usize]| {
        cancel.check()?;
        let scored = score_batch(case, sites, &samples, batch, exposed);
        watch.advance(u64::try_from(batch.len()).unwrap_or(0));
        Ok(scored)
    };
    // Threads take batches as they become free; work within a batch is shared only if a thread is idle.
    // No result depends on the order.
    let positions: Vec<Position> = sites.list.iter().map(|site| site.position).collect();
    let order = neighbors_together(&positions);
    let batches: Result<Vec<Performed>> = order.par_chunks(BATCH).map(score).collect();
    let mut all: Vec<Option<Scored>> = Vec::new();
    all.resize_with(count, || None);
    let mut exposures = Exposures::default();
    for batch in batches? {
        for scored in batch.sites {
            if let Some(place) = all.get_mut(scored.site) {
                *place = Some(scored);
            }
        }
        exposures.merge(batch.exposures);
    }
    #[expect(clippy::filter_map_identity, reason = "`flatten` would copy all results")]
    let mut scored: Vec<Scored> = all.into_iter().filter_map(|one| one).collect();
    uncertain::add(case, sites, &mut scored, watch, cancel)?;
    Ok(Performed { sites: scored, exposures })
}

/// Rasters that cannot be read around a site, by name.
pub(super) type Unread = Vec<(Arc<str>, Error)>;

/// Scores one of the given sites, and keeps everything in reach; also returns the rasters that cannot be read there.
pub(super) fn score_one(case: &Case, sites: &Sites, site: usize) -> Option<(Scored, Unread)> {
    let known = sites.list.get(site)?;
    let (country, mut quantities) = measure(case, sites, &[site]).pop()?;
    let (samples, faults) = rasters::around(&case.samplers, known);
    quantities.environment.rasters = samples;
    let mut scored = scored(case, known, site, (country, quantities));
    uncertain::add_alone(case, sites, &mut scored);
    Some((scored, faults))
}

fn score_batch(
    case: &Case,
    sites: &Sites,
    rasters: &[Samples],
    batch: &[usize],
    exposed: bool,
) -> Performed {
    let mut sites: Vec<Scored> = measure(case, sites, batch)
        .into_par_iter()
        .zip(batch)
        .filter_map(|((country, mut quantities), &site)| {
            quantities.environment.rasters = rasters.get(site).cloned().unwrap_or_default();
            Some(scored(case, sites.list.get(site)?, site, (country, quantities)))
        })
        .collect();
    let exposures = if exposed { exposures(case, &sites) } else { Exposures::default() };
    sites.par_iter_mut().for_each(|scored| keep_nearest(case, scored));
    Performed { sites, exposures }
}

/// The receptors that the sites of a batch have in their reach.
fn exposures(case: &Case, scored: &[Scored]) -> Exposures {
    let mut exposures = Exposures::default();
    for Scored { site, quantities, risk, .. } in scored {
        let pressure = pressure(risk);
        for &nearby in quantities.environment.nearby.values().flatten() {
            let receptor = case.receptors.list().get(nearby.index);
            let reached = receptor.and_then(|receptor| case.scheme.reached(nearby, receptor));
            if let Some(reached) = reached {
                exposures.add(nearby.index, *site, reached, pressure);
            }
        }
    }
    exposures
}

/// Drops all receptors in reach but the nearest of each kind; for sensitive areas and water bodies the one whose edge or circle
/// is nearest, with the distance to it. Of what lies downstream the first of each kind stays.
fn keep_nearest(case: &Case, scored: &mut Scored) {
    for (&kind, near) in &mut scored.quantities.environment.nearby {
        let receptors = case.receptors.list();
        let layer = Layer { near: Some(near.as_slice()), receptors, complete: false };
        let nearest = match kind {
            ReceptorKind::SensitiveAreas => nearest_edge(&case.scheme, &layer, |_| true),
            ReceptorKind::WaterBodies => nearest_mapped(&layer),
            _ => near.first().copied(),
        };
        *near = nearest.into_iter().collect();
    }
    if let Some(down) = &mut scored.quantities.environment.downstream {
        for along in [&mut down.settlements, &mut down.areas] {
            along.truncate(1);
            along.shrink_to_fit();
        }
    }
}

fn measure(case: &Case, sites: &Sites, batch: &[usize]) -> Vec<(Option<CountryCode>, Quantities)> {
    let subject = |&site: &usize| case.subject(sites, site);
    let subjects: Vec<SiteProbe> = batch.par_iter().filter_map(subject).collect();
    let countries = case.countries(sites, batch);
    let mut security = case.security.measure(&subjects, &countries);
    as_of_their_end(case, sites, &subjects, &countries, batch, &mut security);
    for ((measured, subject), country) in security.iter_mut().zip(&subjects).zip(&countries) {
        let place = (subject.position, *country);
        measured.record = Record::of(&case.collection, place, case.as_of, measured.covered);
    }
    let environment = environment(
        &subjects,
        &countries,
        &case.receptors,
        &case.counted,
        case.accidents.as_deref(),
        &case.dams,
        &case.environment_plan,
    );
    countries
        .into_iter()
        .zip(security.into_iter().zip(environment))
        .map(|(country, (security, environment))| (country, Quantities { security, environment }))
        .collect()
}

/// Measures again the sites whose incident collection has ended, as of the day on which it ended, if the
/// case scores them so.
fn as_of_their_end(
    case: &Case,
    sites: &Sites,
    subjects: &[SiteProbe],
    countries: &[Option<CountryCode>],
    batch: &[usize],
    security: &mut [SecurityQuantities],
) {
    for (day, ended) in case.ended.iter() {
        let stand = subjects.iter().zip(countries).map(|(subject, country)| {
            case.collection.at(subject.position, *country) == Until::Ended(*day)
        });
        let there: Vec<usize> =
            (0..).zip(stand).filter(|(_, ended)| *ended).map(|(at, _)| at).collect();
        let of =
            |at: &usize| case.subject(sites, *batch.get(*at)?).zip(countries.get(*at).copied());
        let (subjects, countries): (Vec<SiteProbe>, Vec<Option<CountryCode>>) =
            there.iter().filter_map(of).unzip();
        for (at, measured) in there.into_iter().zip(ended.measure(&subjects, &countries)) {
            if let Some(place) = security.get_mut(at) {
                *place = measured;
            }
        }
    }
}

fn scored(
    case: &Case,
    known: &Site,
    site: usize,
    (country, quantities): (Option<CountryCode>, Quantities),
) -> Scored {
    let receptors = case.receptors.list();
    let risk = score(&case.scheme, known, &quantities, receptors, &case.complete);
    Scored { site, country, quantities, risk, uncertainty: None }
}
