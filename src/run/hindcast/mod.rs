//! Hindcasts: sites are scored as of past days, the origins, and the scores are compared with what happened after each.
//! What is known at an origin, what is to be told, and every measure are defined in docs/METHOD.md, "Does a score tell
//! what comes".

mod calibrate;
mod cases;
mod earlier;
mod engine;
mod judge;
mod nearby;
mod page;
mod query;
mod result;
mod tables;
mod tune;
mod words;
mod write;

pub use calibrate::{Calibrated, Tenth};
pub use query::{Every, HindcastQuery};
pub use result::{
    Against, BandShare, Counted, Estimate, Hindcast, Judged, Label, Measured, Metric, Model,
    Prediction, Standing, Tally, Warning,
};
pub use tune::{Tuned, Tuning};
pub use write::{FILES, answer, claim, write};

use super::{Cancel, Watch, World, scheme_notes};
use crate::model::Domain;
use crate::{Code, Error, Result};
use engine::Engine;
use nearby::Nearby;
use query::end_of;

/// Fewer origins than this are warned of.
const FEW_ORIGINS: usize = 5;

/// Fewer positives than this are warned of.
const FEW_POSITIVES: usize = 30;

/// Scores the sites of a world at past origins, and compares the scores, and simple counts, with what happened after
/// each.
///
/// ```
/// use tamarisk::run::hindcast::{HindcastQuery, Metric, Model, hindcast};
/// use tamarisk::run::{Cancel, Unwatched, World, demo};
///
/// let world = World::read(&demo().inputs, &Unwatched, &Cancel::new())?;
/// let done = hindcast(&world, &HindcastQuery::default(), &Unwatched, &Cancel::new())?;
/// let area = done.judged.first().and_then(|main| main.pooled(Model::Scheme(0), Metric::RocAuc)?.value);
/// assert!(area.is_some_and(|area| (0.0..=1.0).contains(&area.value)));
/// # Ok::<(), tamarisk::Error>(())
/// ```
///
/// # Errors
/// No sites or no security incidents; [streamed](super::Streamed) sites; a query whose
/// [settings](HindcastQuery::check) or origins make no sense; a coverage file that cannot be read; the run was asked to
/// stop.
pub fn hindcast(
    world: &World,
    query: &HindcastQuery,
    watch: &dyn Watch,
    cancel: &Cancel,
) -> Result<Hindcast> {
    query.check()?;
    refuse_nothing(world)?;
    let mut engines = Vec::new();
    for scheme in &query.schemes {
        engines.push(Engine::new(world, scheme, &query.coverage)?);
    }
    let Some(first) = engines.first() else {
        return Err(Error::usage(Code::SettingInvalid, "no scheme is given"));
    };
    let Some(days) = first.sources().days(Domain::Security) else {
        return Err(Error::usage(Code::InputMissing, "no day of security incidents is covered"));
    };
    let origins = query.origins(days)?;
    let mut findings = world.findings.clone();
    query.schemes.iter().for_each(|scheme| findings.append(scheme_notes::of(scheme)));
    first.sources().without_a_day().into_iter().for_each(|finding| findings.push(finding));
    let (labels, radii) = (query.labels(), query.radii());
    let mut told = Hindcast {
        inputs: world.inputs.clone(),
        sites: world.sites.clone(),
        schemes: query.schemes.clone(),
        findings,
        origins,
        radii,
        labels,
        predictions: Vec::new(),
        judged: Vec::new(),
        calibrated: None,
        tuned: None,
        warnings: Vec::new(),
    };
    watch.stage("scoring", u64::try_from(told.origins.len()).ok());
    told.predictions = predictions(world, &told, &mut engines, watch, cancel)?;
    watch.stage("judging", u64::try_from(told.labels.len()).ok());
    for (number, label) in told.labels.clone().iter().enumerate() {
        let judged = judge::judge(&told, number, label, cancel)?;
        told.judged.push(judged);
        watch.advance(1);
    }
    if query.calibrate {
        told.calibrated = Some(calibrate::calibrate(&told, cancel)?);
    }
    if let Some(tuning) = query.tune {
        told.tuned = Some(tune::tune(world, query, &told, tuning, watch, cancel)?);
    }
    told.warnings = warnings(&told);
    Ok(told)
}

/// Refuses a world that has nothing to score or to score with.
fn refuse_nothing(world: &World) -> Result<()> {
    if world.streamed.is_some() {
        return Err(Error::usage(
            Code::SettingsConflict,
            "there are more sites than are held in memory",
        )
        .with_hint("hold them all, without most_held"));
    }
    if world.sites.list.is_empty() {
        return Err(Error::data(Code::InputMissing, "there is no site to score"));
    }
    let usable = world.incidents.iter().any(|one| one.domain == Domain::Security && !one.vague);
    if !usable {
        return Err(Error::data(
            Code::InputMissing,
            "there is no security incident that can be used",
        )
        .with_hint("name files of incidents: ⟦incidents=FILE⟧"));
    }
    Ok(())
}

/// What each model says of each site at each origin, and what happened.
fn predictions(
    world: &World,
    told: &Hindcast,
    engines: &mut [Engine<'_>],
    watch: &dyn Watch,
    cancel: &Cancel,
) -> Result<Vec<Prediction>> {
    let scheme = told.schemes.first().cloned().unwrap_or_default();
    let nearby = Nearby::new(world, &scheme, &told.radii);
    let densities = nearby.kde(&told.origins);
    let mut all = Vec::new();
    for (origin, &day) in told.origins.iter().enumerate() {
        cancel.check()?;
        let by_scheme: Vec<Vec<Option<f64>>> =
            engines.iter_mut().map(|engine| engine.intensities(day)).collect();
        let nearest = nearby.nearest_km(day);
        let covered = |label: &Label| match engines.first() {
            Some(engine) => engine.covered_throughout(day, end_of(day, label.horizon_days)),
            None => Vec::new(),
        };
        let covered: Vec<Vec<bool>> = told.labels.iter().map(covered).collect();
        for site in 0..world.sites.list.len() {
            let intensities: Vec<Option<f64>> =
                by_scheme.iter().map(|of| of.get(site).copied().flatten()).collect();
            let scored = intensities.iter().all(Option::is_some);
            let outcomes = told.labels.iter().zip(&covered).map(|(label, covered)| {
                let counts = scored && covered.get(site).copied().unwrap_or(false);
                counts.then(|| nearby.happened(site, label, day))
            });
            let counts = told.radii.iter().map(|radius| nearby.counted(site, *radius, day));
            all.push(Prediction {
                origin,
                site,
                nearest_km: nearest.get(site).copied().flatten(),
                kde: densities.get(site).and_then(|of| of.get(origin)).copied().unwrap_or(0.0),
                counts: counts.collect(),
                outcomes: outcomes.collect(),
                intensities,
            });
        }
        watch.advance(1);
    }
    Ok(all)
}

/// What limits the conclusions.
fn warnings(told: &Hindcast) -> Vec<Warning> {
    let origins = told.origins.len();
    let few = (origins < FEW_ORIGINS).then_some(Warning::FewOrigins(origins));
    let judged = told.judged.iter().map(|judged| (judged.label, judged.tally().positives));
    let positives = judged.filter(|(_, positives)| *positives < FEW_POSITIVES);
    few.into_iter()
        .chain(positives.map(|(label, positives)| Warning::FewPositives { label, positives }))
        .collect()
}
