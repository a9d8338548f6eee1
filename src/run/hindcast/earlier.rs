//! Fits to earlier origins: what would have been said at an origin by a model fitted to what had come after those before
//! it.

use super::cases::Cases;
use super::query::end_of;
use crate::scoring::skill::SquaredErrors;
use rayon::prelude::*;
use std::ops::Range;

/// Least earlier origins for a fit.
const LEAST_EARLIER: usize = 4;

/// What was said of a case.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Said {
    /// The share of positives by the fit.
    pub share: f64,
    /// The share of positives among all cases of the fit.
    pub base: f64,
    /// Whether it was positive.
    pub outcome: bool,
}

impl Said {
    /// The squared errors of both shares.
    pub fn errors(self) -> SquaredErrors {
        SquaredErrors::new(self.share, self.base, self.outcome)
    }
}

/// What is said of each case at an origin with four or more earlier ones, by a fit to those; `None` at other origins, and
/// where there is no fit. Earlier are the origins whose horizon had ended. `fit` takes numbers with their outcomes, and
/// gives a function from a number to a share.
pub(super) fn said<F: Fn(f64) -> f64>(
    cases: &Cases<'_>,
    numbers: &[f64],
    fit: impl Fn(&[(f64, bool)]) -> Option<F> + Sync,
) -> Vec<Option<Said>> {
    let pair = |case: usize| Some((*numbers.get(case)?, *cases.outcomes.get(case)?));
    let of_origin = |(at, (origin, range)): (usize, &(usize, Range<usize>))| {
        let earlier = earlier(cases, at, *origin);
        let train = || earlier.iter().flat_map(|range| (*range).clone());
        let fitted = (earlier.len() >= LEAST_EARLIER).then(|| {
            let pairs: Vec<(f64, bool)> = train().filter_map(pair).collect();
            fit(&pairs).zip(cases.share(train()))
        });
        let fitted = fitted.flatten();
        let of = |case| {
            let (fit, base) = fitted.as_ref()?;
            let (number, outcome) = pair(case)?;
            Some(Said { share: fit(number), base: *base, outcome })
        };
        range.clone().map(of).collect::<Vec<_>>()
    };
    cases.origins.par_iter().enumerate().map(of_origin).collect::<Vec<_>>().concat()
}

/// The cases of the origins before one, given by its place and its number, whose horizon ends by it.
fn earlier<'c>(cases: &'c Cases<'_>, at: usize, origin: usize) -> Vec<&'c Range<usize>> {
    let day = cases.day(origin);
    let ended = |(earlier, _): &&(usize, Range<usize>)| {
        let end = cases.day(*earlier).map(|day| end_of(day, cases.label.horizon_days));
        end.zip(day).is_some_and(|(end, day)| end <= day)
    };
    cases.origins.iter().take(at).filter(ended).map(|(_, range)| range).collect()
}
