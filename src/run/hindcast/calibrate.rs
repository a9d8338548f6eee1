//! The calibration of a scheme: a probability fitted to all origins, and how fits to earlier origins alone would have done
//! at later ones.

use super::cases::Cases;
use super::earlier::{Said, said};
use super::judge::{estimate, resamples};
use super::{Estimate, Hindcast, Label, Model};
use crate::float::of_count;
use crate::run::Cancel;
use crate::scoring::skill::{Logistic, NoFit, brier_skill, wilson};
use crate::scoring::{Calibration, Event, Origins, Source};
use crate::{Code, Error, Result};
use rayon::prelude::*;

/// A calibration, and how well probabilities like it would have told what came.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibrated {
    /// The fit to all origins.
    pub calibration: Calibration,
    /// The number of origins at which fits to earlier ones are judged.
    pub judged: usize,
    /// The Brier skill of those fits; `None` without an origin to judge them at.
    pub brier_skill: Option<Estimate>,
    /// The cases at those origins in tenths of the probability that was said, ascending.
    pub tenths: Vec<Tenth>,
}

/// Sites at origins of which a probability between two tenths was said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tenth {
    /// The mean of what was said; the middle of the tenth if it is empty.
    pub said: f64,
    /// Sites at origins in it.
    pub counted: usize,
    /// Those of them that were positive.
    pub positives: usize,
    /// Their share with Wilson's 90 % interval; `None` for an empty tenth.
    pub share: Option<Estimate>,
}

/// Calibrates the first scheme for the main label.
///
/// # Errors
/// There is nothing to fit to, everything or nothing was positive, or higher scores were followed by less; the run was
/// asked to stop.
pub(super) fn calibrate(told: &Hindcast, cancel: &Cancel) -> Result<Calibrated> {
    let Some((label, scheme)) = told.labels.first().zip(told.schemes.first()) else {
        return Err(Error::usage(Code::SettingInvalid, "nothing is to be told"));
    };
    let cases = Cases::new(told, 0, label);
    let numbers = cases.numbers(Model::Scheme(0));
    let pairs: Vec<(f64, bool)> =
        numbers.iter().copied().zip(cases.outcomes.iter().copied()).collect();
    let unfit = |why: &str| {
        Error::data(
            Code::CalibrationUnfit,
            format!("the scheme \"{}\" cannot be calibrated for {label}: {why}", scheme.name),
        )
    };
    let logistic = Logistic::fit(&pairs).map_err(|no_fit| unfit(why(no_fit, pairs.len())))?;
    if logistic.b < 0.0 {
        return Err(unfit("sites with higher scores were positive less often"));
    }
    cancel.check()?;
    let fit = |earlier: &[(f64, bool)]| {
        let fitted = Logistic::fit(earlier).ok()?;
        Some(move |intensity: f64| fitted.at(intensity))
    };
    let said = said(&cases, &numbers, fit);
    let positives = cases.outcomes.iter().filter(|outcome| **outcome).count();
    let (days, input) = (days(&cases), told.inputs.iter());
    let (Some(from), Some(to)) = (days.first(), days.last()) else {
        return Err(unfit("no site counts at any origin"));
    };
    Ok(Calibrated {
        calibration: Calibration {
            event: event(label),
            logistic,
            site_origins: number(pairs.len()),
            positives: number(positives),
            origins: Origins { from: *from, to: *to, number: number(days.len()) },
            scheme: scheme.name.clone(),
            scheme_hash: scheme.hash(),
            sources: input
                .map(|input| Source {
                    role: input.role.to_owned(),
                    file: input.file.to_string(),
                    layout: input.layout.clone(),
                    hash: input.hash.clone(),
                })
                .collect(),
        },
        judged: judged(&cases, &said),
        brier_skill: skill(&cases, &said),
        tenths: tenths(&said),
    })
}

/// Why there is no fit to so many cases.
fn why(no_fit: NoFit, cases: usize) -> &'static str {
    match no_fit {
        NoFit::AllFollowed if cases == 0 => "no site counts at any origin",
        NoFit::AllFollowed => "every site that counts was positive",
        NoFit::NoneFollowed => "nothing happened at any site",
        NoFit::NotAnIntensity => "a site has no intensity",
        NoFit::NotConverged => "the fit does not converge",
    }
}

/// The event of a label.
fn event(label: &Label) -> Event {
    Event {
        radius_km: label.radius.km(),
        horizon_days: label.horizon_days,
        min_deaths: label.min_deaths,
    }
}

/// The origins that have cases.
fn days(cases: &Cases<'_>) -> Vec<jiff::civil::Date> {
    cases.origins.iter().filter_map(|(origin, _)| cases.day(*origin)).collect()
}

/// The number of origins of which something is said.
fn judged(cases: &Cases<'_>, said: &[Option<Said>]) -> usize {
    let any = |range: &std::ops::Range<usize>| {
        said.get(range.clone()).unwrap_or_default().iter().any(Option::is_some)
    };
    cases.origins.iter().filter(|(_, range)| any(range)).count()
}

/// The Brier skill of what was said, with its interval.
fn skill(cases: &Cases<'_>, said: &[Option<Said>]) -> Option<Estimate> {
    let of = |weights: &[f64]| {
        let errors = said.iter().zip(weights);
        brier_skill(errors.filter_map(|(said, weight)| Some(((*said)?.errors(), *weight))))
    };
    let value = of(&cases.once().cases)?;
    let drawn = resamples(cases)
        .par_iter()
        .filter_map(|[origins, clusters]| of(&cases.weights(origins, clusters).cases))
        .collect();
    Some(estimate(value, drawn))
}

/// What was said in tenths.
fn tenths(said: &[Option<Said>]) -> Vec<Tenth> {
    let mut sums = [(0.0, 0_usize, 0_usize); 10];
    for one in said.iter().flatten() {
        // 1 belongs to the last tenth.
        let at = (0..9).find(|at| one.share < f64::from(at + 1) / 10.0).unwrap_or(9);
        if let Some((sum, counted, positives)) =
            usize::try_from(at).ok().and_then(|at| sums.get_mut(at))
        {
            *sum += one.share;
            *counted += 1;
            *positives += usize::from(one.outcome);
        }
    }
    let tenth = |(at, (sum, counted, positives)): (usize, (f64, usize, usize))| {
        let (all, yes) = (of_count(counted), of_count(positives));
        let share =
            (counted > 0).then(|| Estimate { value: yes / all, interval: wilson(yes, all) });
        let said = if counted > 0 { sum / all } else { (of_count(at) + 0.5) / 10.0 };
        Tenth { said, counted, positives, share }
    };
    sums.into_iter().enumerate().map(tenth).collect()
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
