//! Judges the models: every measure of each, over all origins and at each, with an interval from one set of resamples
//! that all models share.

use super::cases::{Cases, Weights, tallies};
use super::earlier::{Said, said};
use super::{
    Against, BandShare, Estimate, Hindcast, Judged, Label, Measured, Metric, Model, Standing,
};
use crate::Result;
use crate::float::of_count;
use crate::run::Cancel;
use crate::scoring::skill::{
    Bootstrap, Isotonic, Ranked, SquaredErrors, Top, brier_skill, percentile, wilson,
};
use crate::scoring::{Band, security_score};
use rayon::prelude::*;

/// The number of resamples.
pub(super) const RESAMPLES: u32 = 1_000;

/// The percentiles between which an interval lies.
const INTERVAL: [u32; 2] = [5, 95];

/// Measures of one thing, in the order of [`Metric::ALL`]; NaN where one is not defined.
type Measures = [f64; Metric::ALL.len()];

/// Judges how well a label, given by its number, was told.
///
/// # Errors
/// The run was asked to stop.
pub(super) fn judge(
    hindcast: &Hindcast,
    number: usize,
    label: &Label,
    cancel: &Cancel,
) -> Result<Judged> {
    let cases = Cases::new(hindcast, number, label);
    let resamples = resamples(&cases);
    let mut measured = Vec::new();
    // The measures of the first scheme, with which the others are compared.
    let mut first: Option<Drawn> = None;
    for model in hindcast.models() {
        cancel.check()?;
        let drawn = Drawn::of(&Prepared::new(&cases, model), &cases, &resamples);
        measured.extend(drawn.measured(model, &cases, first.as_ref()));
        first.get_or_insert(drawn);
    }
    // All origins together first, then each; a stable sort keeps models and metrics in order.
    measured.sort_by_key(|one| one.origin);
    let mut judged = Judged {
        label: number,
        tallies: tallies(hindcast, number),
        measured,
        bands: bands(&cases),
        standing: None,
    };
    judged.standing = standing(&judged);
    Ok(judged)
}

/// How often each origin and each cluster is drawn in each resample.
pub(super) fn resamples(cases: &Cases<'_>) -> Vec<[Vec<u16>; 2]> {
    let bootstrap = Bootstrap { resamples: RESAMPLES };
    let sizes = [(0, cases.origins.len()), (1, cases.cluster_count)];
    let resample = |resample| sizes.map(|(kind, size)| bootstrap.counts(kind, resample, size));
    (0..bootstrap.resamples).into_par_iter().map(resample).collect()
}

/// A model, ordered once for all resamples.
struct Prepared {
    pooled: Ranked,
    by_origin: Vec<Ranked>,
    /// For each case, the squared errors of its regression, if it has one.
    errors: Vec<Option<SquaredErrors>>,
}

/// What the sites at one origin give.
#[derive(Default)]
struct AtOrigin {
    measures: Measures,
    tops: [Top; 2],
    errors: (f64, f64),
}

impl Prepared {
    fn new(cases: &Cases<'_>, model: Model) -> Self {
        let numbers = cases.numbers(model);
        let number = |case: usize| numbers.get(case).copied().unwrap_or(f64::NEG_INFINITY);
        let origins = cases.origins.par_iter();
        let by_origin = origins.map(|(_, range)| Ranked::of(range.clone().collect(), number));
        Self {
            by_origin: by_origin.collect(),
            errors: errors(cases, &numbers),
            pooled: Ranked::new(&numbers),
        }
    }

    /// The measures under some weights: of all origins together, then of each.
    fn measures(&self, cases: &Cases<'_>, weights: &Weights) -> Vec<Measures> {
        let origins = self.by_origin.iter().zip(&cases.origins);
        let at: Vec<AtOrigin> = origins
            .map(|(ranked, (_, range))| {
                let curve = ranked.curve(&cases.outcomes, &weights.clusters);
                let top = |share| ranked.top(share, &cases.outcomes, &weights.clusters);
                let tops = [top(0.1), top(0.2)];
                let errors = self.errors_in(range.clone(), weights);
                let measures = measures(curve.roc_auc, None, curve.average_precision, errors, tops);
                AtOrigin { measures, tops, errors }
            })
            .collect();
        let curve = self.pooled.curve(&cases.outcomes, &weights.cases);
        let mut tops = [Top::default(); 2];
        let mut errors = (0.0, 0.0);
        let (mut areas, mut of_areas) = (0.0, 0.0);
        for (at, weight) in at.iter().zip(&weights.origins) {
            for (sum, top) in tops.iter_mut().zip(&at.tops) {
                sum.hits += weight * top.hits;
                sum.positives += weight * top.positives;
            }
            errors.0 += weight * at.errors.0;
            errors.1 += weight * at.errors.1;
            let [area, ..] = at.measures;
            if area.is_finite() {
                areas += weight * area;
                of_areas += weight;
            }
        }
        let within = (of_areas > 0.0).then(|| areas / of_areas);
        let pooled = measures(curve.roc_auc, within, curve.average_precision, errors, tops);
        std::iter::once(pooled).chain(at.into_iter().map(|at| at.measures)).collect()
    }

    /// The sums of the squared errors of the cases of an origin.
    fn errors_in(&self, range: std::ops::Range<usize>, weights: &Weights) -> (f64, f64) {
        let errors = self.errors.get(range.clone()).unwrap_or_default();
        let weights = weights.clusters.get(range).unwrap_or_default();
        let add = |(said, base), (errors, weight): (&Option<SquaredErrors>, &f64)| match errors {
            Some(errors) => (said + weight * errors.said, base + weight * errors.base),
            None => (said, base),
        };
        errors.iter().zip(weights).fold((0.0, 0.0), add)
    }
}

/// Measures in the order of [`Metric::ALL`].
fn measures(
    roc_auc: Option<f64>,
    within: Option<f64>,
    average_precision: Option<f64>,
    (said, base): (f64, f64),
    tops: [Top; 2],
) -> Measures {
    let hit = |top: Top| (top.positives > 0.0).then(|| top.hits / top.positives);
    let [hit_10, hit_20] = tops.map(hit);
    let skill = brier_skill([(SquaredErrors { said, base }, 1.0)]);
    let pai_10 = hit_10.map(|hit| hit / 0.1);
    [roc_auc, within, average_precision, skill, hit_10, hit_20, pai_10]
        .map(|value| value.unwrap_or(f64::NAN))
}

/// The squared errors of what isotonic regressions over earlier origins say of each case.
fn errors(cases: &Cases<'_>, numbers: &[f64]) -> Vec<Option<SquaredErrors>> {
    let fit = |earlier: &[(f64, bool)]| {
        let fitted = Isotonic::fit(earlier.iter().copied())?;
        Some(move |number: f64| fitted.at(number))
    };
    said(cases, numbers, fit).into_iter().map(|said| said.map(Said::errors)).collect()
}

/// The measures of a model, and those in each resample: of all origins together, then of each.
struct Drawn {
    values: Vec<Measures>,
    resamples: Vec<Vec<Measures>>,
}

impl Drawn {
    fn of(prepared: &Prepared, cases: &Cases<'_>, resamples: &[[Vec<u16>; 2]]) -> Self {
        let drawn = resamples
            .par_iter()
            .map(|[origins, clusters]| prepared.measures(cases, &cases.weights(origins, clusters)));
        Self { values: prepared.measures(cases, &cases.once()), resamples: drawn.collect() }
    }

    /// The measures of a model with their intervals, and their differences to those of the first scheme.
    fn measured(&self, model: Model, cases: &Cases<'_>, first: Option<&Self>) -> Vec<Measured> {
        let origins = cases.origins.iter().map(|(origin, _)| Some(*origin));
        let places: Vec<_> = std::iter::once(None).chain(origins).enumerate().collect();
        let metrics = || Metric::ALL.into_iter().enumerate();
        let one = |(place, origin): &(usize, Option<usize>)| {
            let (place, origin) = (*place, *origin);
            // Within a single origin that mean is `roc_auc` again.
            let told =
                metrics().filter(|(_, metric)| origin.is_none() || *metric != Metric::RocAucWithin);
            told.map(|(slot, metric)| Measured {
                origin,
                model,
                metric,
                value: self.estimate(place, slot, None),
                difference: first.and_then(|first| self.estimate(place, slot, Some(first))),
            })
            .collect::<Vec<_>>()
        };
        places.par_iter().map(one).collect::<Vec<_>>().concat()
    }

    /// A measure, or its difference to another's, with the interval over the resamples that have it.
    fn estimate(&self, place: usize, slot: usize, less: Option<&Self>) -> Option<Estimate> {
        let of = |all: &[Measures]| all.get(place).and_then(|measures| measures.get(slot)).copied();
        let value = |mine: &[Measures], others: Option<&[Measures]>| {
            let value = of(mine)? - others.map_or(Some(0.0), of)?;
            value.is_finite().then_some(value)
        };
        let found = value(&self.values, less.map(|less| less.values.as_slice()))?;
        let drawn: Vec<f64> = match less {
            None => self.resamples.iter().filter_map(|one| value(one, None)).collect(),
            Some(less) => {
                let pairs = self.resamples.iter().zip(&less.resamples);
                pairs.filter_map(|(one, other)| value(one, Some(other))).collect()
            }
        };
        Some(estimate(found, drawn))
    }
}

/// A value with the interval of its resamples.
pub(super) fn estimate(value: f64, mut drawn: Vec<f64>) -> Estimate {
    drawn.sort_unstable_by(f64::total_cmp);
    let [lo, hi] = INTERVAL.map(|percent| percentile(&drawn, percent));
    Estimate { value, interval: lo.zip(hi).map(|(lo, hi)| [lo, hi]) }
}

/// The mean of `roc_auc` and `roc_auc_within` of a model, and the same in each resample; NaN where one is not defined.
pub(super) fn mean_areas(
    cases: &Cases<'_>,
    model: Model,
    resamples: &[[Vec<u16>; 2]],
) -> (f64, Vec<f64>) {
    let mean = |all: &Vec<Measures>| match all.first() {
        Some([pooled, within, ..]) => f64::midpoint(*pooled, *within),
        None => f64::NAN,
    };
    let drawn = Drawn::of(&Prepared::new(cases, model), cases, resamples);
    (mean(&drawn.values), drawn.resamples.iter().map(mean).collect())
}

/// What each band of each scheme came to.
fn bands(cases: &Cases<'_>) -> Vec<BandShare> {
    let mut shares = Vec::new();
    for (number, scheme) in cases.hindcast.schemes.iter().enumerate() {
        let intensities = cases.numbers(Model::Scheme(number));
        let band = |intensity: &f64| scheme.bands.of(Some(security_score(scheme, *intensity)));
        let found: Vec<Band> = intensities.iter().map(band).collect();
        for band in Band::ALL.into_iter().filter(|band| *band != Band::NoData) {
            let within = || found.iter().zip(&cases.outcomes).filter(|(of, _)| **of == band);
            let (counted, positives) =
                (within().count(), within().filter(|(_, outcome)| **outcome).count());
            let (all, yes) = (of_count(counted), of_count(positives));
            let share =
                (counted > 0).then(|| Estimate { value: yes / all, interval: wilson(yes, all) });
            shares.push(BandShare { scheme: number, band, counted, positives, share });
        }
    }
    shares
}

/// The first scheme against the best of the three counts.
fn standing(judged: &Judged) -> Option<Standing> {
    let pooled = |model, metric| judged.pooled(model, metric).and_then(|one| one.value);
    let area = |model: Model| Some((model, pooled(model, Metric::RocAuc)?.value));
    let best = |best: (Model, f64), next: (Model, f64)| if next.1 > best.1 { next } else { best };
    let (count, _) = Model::COUNTS.into_iter().filter_map(area).reduce(best)?;
    // The difference in the table is that of the count to the scheme.
    let compared = |metric| {
        let difference = judged.pooled(count, metric)?.difference?;
        let turned = Estimate {
            value: -difference.value,
            interval: difference.interval.map(|[lo, hi]| [-hi, -lo]),
        };
        Some([pooled(Model::Scheme(0), metric)?, turned])
    };
    let (roc_auc, average_precision) =
        (compared(Metric::RocAuc)?, compared(Metric::AveragePrecision)?);
    let outcome = against(roc_auc[1].interval?, average_precision[1].interval?);
    Some(Standing { count, outcome, roc_auc, average_precision })
}

/// The outcome by two intervals of differences.
fn against(one: [f64; 2], other: [f64; 2]) -> Against {
    let above = [one, other].iter().any(|[lo, _]| *lo > 0.0);
    let below = [one, other].iter().any(|[_, hi]| *hi < 0.0);
    match (above, below) {
        (true, false) => Against::Beats,
        (false, true) => Against::Loses,
        (false, false) => Against::Ties,
        (true, true) => Against::Differs,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_interval_beside_zero_decides_unless_the_other_lies_opposite() {
        let (above, below, holds) = ([0.01, 0.2], [-0.2, -0.01], [-0.1, 0.1]);
        for (one, other, outcome) in [
            (above, holds, Against::Beats),
            (holds, above, Against::Beats),
            (above, above, Against::Beats),
            (below, holds, Against::Loses),
            (holds, below, Against::Loses),
            (holds, holds, Against::Ties),
            (above, below, Against::Differs),
            ([0.0, 0.1], [-0.1, 0.0], Against::Ties),
        ] {
            assert_eq!(against(one, other), outcome, "{one:?} {other:?}");
        }
    }
}
