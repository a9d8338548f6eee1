//! Other settings of the first scheme, in nested origins: chosen on the earlier half, judged on the later half, so that
//! what is told of the choice was not used to make it.

use super::cases::Cases;
use super::engine::Engine;
use super::judge::{estimate, mean_areas, resamples};
use super::query::end_of;
use super::{Estimate, Hindcast, HindcastQuery, Model, predictions};
use crate::run::{Cancel, Watch, World};
use crate::scoring::{KernelForm, Scheme};
use crate::{Code, Error, Result};
use std::str::FromStr;

/// The scales of the grid: a kernel of one Gaussian with each.
const SCALES_KM: [f64; 5] = [10.0, 15.0, 20.0, 30.0, 50.0];

/// The half-lives of the grid.
const HALF_LIVES_DAYS: [f64; 4] = [180.0, 365.0, 730.0, 1460.0];

/// Fewer origins than this cannot be halved.
const LEAST_ORIGINS: usize = 4;

/// What is tuned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tuning {
    /// The scale of the kernel.
    pub scale: bool,
    /// The half-life.
    pub half_life: bool,
}

impl FromStr for Tuning {
    type Err = Error;

    /// Parses `h`, the scale of the kernel, `H`, the half-life, or `h,H`.
    fn from_str(text: &str) -> Result<Self> {
        let mut tuning = Self { scale: false, half_life: false };
        for word in text.split(',').map(str::trim) {
            match word {
                "h" => tuning.scale = true,
                "H" => tuning.half_life = true,
                other => {
                    let other = other.escape_debug();
                    let message = format!("\"{other}\" cannot be tuned");
                    return Err(Error::usage(Code::SettingInvalid, message)
                        .with_hint("h is the scale of the kernel, H the half-life; such as h,H"));
                }
            }
        }
        Ok(tuning)
    }
}

/// The outcome of tuning.
#[derive(Debug, Clone, PartialEq)]
pub struct Tuned {
    /// The scales, in km; `None` for the scheme's own kernel.
    pub scales_km: Vec<Option<f64>>,
    /// The half-lives, in days; `None` for the scheme's own.
    pub half_lives_days: Vec<Option<f64>>,
    /// The mean of `roc_auc` and `roc_auc_within` on the earlier origins, for each scale by half-life; `None` where one of
    /// them is not defined.
    pub grid: Vec<Vec<Option<f64>>>,
    /// The same of the scheme as it is.
    pub own: Option<f64>,
    /// The largest of the grid, by its places; the first of equal ones. `None` if none is defined.
    pub chosen: Option<[usize; 2]>,
    /// The number of earlier origins, on which it was chosen, and of later ones.
    pub origins: [usize; 2],
    /// That mean of the chosen settings on the later origins, less that of the scheme as it is.
    pub difference: Option<Estimate>,
}

impl Tuned {
    /// Whether the chosen settings are better on the later origins beyond what chance gives: the interval of the
    /// difference lies above 0.
    pub fn is_recommended(&self) -> bool {
        self.difference.and_then(|of| of.interval).is_some_and(|[lo, _]| lo > 0.0)
    }

    /// Scale and half-life of the chosen settings; `None` for the scheme's own.
    pub fn settings(&self) -> Option<[Option<f64>; 2]> {
        let [row, column] = self.chosen?;
        Some([*self.scales_km.get(row)?, *self.half_lives_days.get(column)?])
    }
}

/// Tunes the first scheme for the main label.
///
/// # Errors
/// Too few origins; a coverage file that cannot be read; the run was asked to stop.
pub(super) fn tune(
    world: &World,
    query: &HindcastQuery,
    told: &Hindcast,
    tuning: Tuning,
    watch: &dyn Watch,
    cancel: &Cancel,
) -> Result<Tuned> {
    let Some((own, label)) = told.schemes.first().zip(told.labels.first()) else {
        return Err(Error::usage(Code::SettingInvalid, "nothing is to be told"));
    };
    let half = told.origins.len() / 2;
    let first_later = told.origins.get(half).copied();
    // What came after an earlier origin must have come before the later ones begin.
    let is_earlier =
        |day| first_later.is_some_and(|later| end_of(day, label.horizon_days) <= later);
    let earlier = told.origins.iter().take(half).filter(|day| is_earlier(**day)).count();
    if told.origins.len() < LEAST_ORIGINS || earlier == 0 {
        return Err(Error::usage(
            Code::SettingInvalid,
            format!(
                "⟦~tune⟧: {} origins are too few to choose on some and judge on others",
                told.origins.len()
            ),
        )
        .with_hint(format!(
            "{LEAST_ORIGINS} or more are needed, none of whose horizons overlap the later half"
        )));
    }
    let own_only = || vec![None];
    let scales = if tuning.scale { SCALES_KM.map(Some).into() } else { own_only() };
    let lives = if tuning.half_life { HALF_LIVES_DAYS.map(Some).into() } else { own_only() };
    let settings = scales.iter().flat_map(|scale| lives.iter().map(move |life| (*scale, *life)));
    let grid: Vec<Scheme> = settings.map(|(scale, life)| with_settings(own, scale, life)).collect();
    let mut all = Hindcast {
        schemes: std::iter::once(own.clone()).chain(grid).collect(),
        radii: vec![label.radius],
        labels: vec![*label],
        judged: Vec::new(),
        ..told.clone()
    };
    watch.stage("tuning", u64::try_from(all.origins.len()).ok());
    let schemes = all.schemes.clone();
    let engines = schemes.iter().map(|scheme| Engine::new(world, scheme, &query.coverage));
    let mut engines = engines.collect::<Result<Vec<_>>>()?;
    all.predictions = predictions(world, &all, &mut engines, watch, cancel)?;

    let of = |keep: &dyn Fn(usize) -> bool| Hindcast {
        predictions: all.predictions.iter().filter(|one| keep(one.origin)).cloned().collect(),
        ..all.clone()
    };
    let before = of(&|origin| origin < earlier);
    let after = of(&|origin| origin >= half);
    let cases = Cases::new(&before, 0, label);
    let area = |scheme: usize| {
        let (area, _) = mean_areas(&cases, Model::Scheme(scheme), &[]);
        area.is_finite().then_some(area)
    };
    let areas: Vec<Option<f64>> = (1..all.schemes.len()).map(area).collect();
    let best = areas.iter().enumerate().filter_map(|(at, area)| Some((at, (*area)?)));
    let best = best.reduce(|best, next| if next.1 > best.1 { next } else { best });
    cancel.check()?;
    let difference = best.and_then(|(at, _)| {
        let cases = Cases::new(&after, 0, label);
        let drawn = resamples(&cases);
        let (chosen, of_chosen) = mean_areas(&cases, Model::Scheme(1 + at), &drawn);
        let (own, of_own) = mean_areas(&cases, Model::Scheme(0), &drawn);
        let apart = of_chosen.iter().zip(&of_own).map(|(chosen, own)| chosen - own);
        let apart: Vec<f64> = apart.filter(|apart| apart.is_finite()).collect();
        (chosen - own).is_finite().then(|| estimate(chosen - own, apart))
    });
    Ok(Tuned {
        grid: areas.chunks(lives.len()).map(<[_]>::to_vec).collect(),
        own: area(0),
        chosen: best.map(|(at, _)| [at / lives.len(), at % lives.len()]),
        origins: [earlier, all.origins.len() - half],
        difference,
        scales_km: scales,
        half_lives_days: lives,
    })
}

/// A scheme with another kernel or half-life.
fn with_settings(own: &Scheme, scale_km: Option<f64>, half_life_days: Option<f64>) -> Scheme {
    let mut scheme = own.clone();
    if let Some(km) = scale_km {
        let kernel = &mut scheme.security.kernel;
        kernel.form = KernelForm::Gaussian;
        kernel.scales_km = vec![km];
        kernel.weights = vec![1.0];
    }
    if let Some(days) = half_life_days {
        scheme.security.recency.half_life_days = days;
    }
    scheme
}
