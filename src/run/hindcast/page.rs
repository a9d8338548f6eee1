//! What the page of a hindcast shows.

use super::cases::Cases;
use super::{
    Calibrated, Estimate, Hindcast, Judged, Label, Measured, Metric, Model, Tally, Tenth, Tuned,
};
use crate::layers::columns::event_column;
use crate::layers::report::{
    BandReport, CalibrationReport, EventReport, HindcastReport, InputFacts, MeasureReport,
    ModelReport, ShareReport, TunedReport, YearReport,
};
use crate::scoring::skill::Ranked;

/// The steps of a curve of hits.
const STEPS: u8 = 50;

/// The values of the page of a hindcast.
pub(super) fn page(told: &Hindcast) -> HindcastReport {
    let judged = told.judged.iter().zip(&told.labels);
    HindcastReport {
        version: env!("CARGO_PKG_VERSION"),
        schemes: told.schemes.iter().map(|scheme| (scheme.name.clone(), scheme.hash())).collect(),
        sites: told.sites.list.len(),
        origins: told.origins.iter().map(ToString::to_string).collect(),
        verdict: told.judged.first().map(|main| told.conclusion(main)).unwrap_or_default(),
        warnings: told.warnings.iter().map(|warning| told.warning(*warning)).collect(),
        events: judged.map(|(judged, label)| event(told, judged, label)).collect(),
        calibration: told.calibrated.as_ref().map(calibration),
        tuned: told.tuned.as_ref().map(|tuned| tuning(told, tuned)),
        method: method(),
        inputs: told
            .inputs
            .iter()
            .map(|input| InputFacts {
                role: input.role.to_owned(),
                file: input.file.to_string(),
                layout: input.layout.clone(),
                format: input.format.clone(),
                hash: input.hash.clone(),
                read: input.read - input.left_out,
                set_aside: input.set_aside + input.merged,
                not_scored: 0,
            })
            .collect(),
    }
}

/// How well a label was told.
fn event(told: &Hindcast, judged: &Judged, label: &Label) -> EventReport {
    let Tally { counted, positives, without_score, not_covered } = judged.tally();
    // The scheme, and the count that it is compared with in words.
    let count = judged.standing.map_or(Model::CountHalflife1y, |standing| standing.count);
    let compared = [Model::Scheme(0), count];
    let cases = Cases::new(told, judged.label, label);
    let name = |model: Model| model.name(&told.schemes);
    let models = told.models().into_iter().map(|model| ModelReport {
        name: name(model),
        about: about(model),
        measures: Metric::ALL.map(|metric| judged.pooled(model, metric).and_then(measure)).to_vec(),
    });
    let area = |origin: usize, model: Model| {
        let wanted = |one: &&Measured| {
            (one.origin, one.model, one.metric) == (Some(origin), model, Metric::RocAuc)
        };
        Some(judged.measured.iter().find(wanted)?.value?.value)
    };
    let years = judged.tallies.iter().zip(&told.origins).enumerate();
    EventReport {
        event: label.to_string(),
        counted,
        positives,
        aside: vec![
            ("without a score", without_score),
            ("not covered to the end of the horizon", not_covered),
        ],
        metrics: Metric::ALL.map(Metric::word).to_vec(),
        models: models.collect(),
        hits: compared.map(|model| (name(model), hits(&cases, model))).to_vec(),
        bands: judged
            .bands
            .iter()
            .filter(|one| one.scheme == 0)
            .map(|one| BandReport {
                band: one.band,
                share: share(one.counted, one.positives, one.share),
            })
            .collect(),
        compared: compared.map(name).to_vec(),
        years: years
            .map(|(origin, (tally, day))| YearReport {
                origin: day.to_string(),
                counted: tally.counted,
                positives: tally.positives,
                areas: compared.map(|model| area(origin, model)).to_vec(),
            })
            .collect(),
    }
}

fn measure(of: &Measured) -> Option<MeasureReport> {
    let Estimate { value, interval } = of.value?;
    let difference = of.difference.map(|of| (of.value, of.interval));
    Some(MeasureReport { value, interval, difference })
}

fn share(counted: usize, positives: usize, share: Option<Estimate>) -> ShareReport {
    let share = share.and_then(|of| Some((of.value, of.interval?)));
    ShareReport { counted, positives, share }
}

/// The share of the positives among the first sites at each origin, by the share of the sites.
fn hits(cases: &Cases<'_>, model: Model) -> Vec<(f64, f64)> {
    let numbers = cases.numbers(model);
    let number = |case: usize| numbers.get(case).copied().unwrap_or(f64::NEG_INFINITY);
    let once = vec![1.0; cases.outcomes.len()];
    let origins = cases.origins.iter();
    let ranked: Vec<Ranked> =
        origins.map(|(_, range)| Ranked::of(range.clone().collect(), number)).collect();
    let at = |step: u8| {
        let share = f64::from(step) / f64::from(STEPS);
        let tops = ranked.iter().map(|ranked| ranked.top(share, &cases.outcomes, &once));
        let (hits, positives) = tops.fold((0.0, 0.0), |(hits, positives), top| {
            (hits + top.hits, positives + top.positives)
        });
        (positives > 0.0).then(|| (share, hits / positives))
    };
    (0..=STEPS).filter_map(at).collect()
}

fn calibration(of: &Calibrated) -> CalibrationReport {
    let Calibrated { calibration, judged, brier_skill, tenths } = of;
    CalibrationReport {
        column: event_column(&calibration.event),
        fit: [calibration.logistic.a, calibration.logistic.b],
        fitted: calibration.fitted(),
        judged: *judged,
        brier_skill: brier_skill.map(|of| (of.value, of.interval)),
        tenths: tenths
            .iter()
            .map(|Tenth { said, counted, positives, share: of }| {
                (*said, share(*counted, *positives, *of))
            })
            .collect(),
    }
}

fn tuning(told: &Hindcast, tuned: &Tuned) -> TunedReport {
    let words = |of: &[Option<f64>], unit: &str| -> Vec<String> {
        let word = |value: &Option<f64>| match value {
            Some(value) => format!("{value} {unit}"),
            None => "as it is".to_owned(),
        };
        of.iter().map(word).collect()
    };
    TunedReport {
        words: told.tuned_words(),
        scales: words(&tuned.scales_km, "km"),
        half_lives: words(&tuned.half_lives_days, "days"),
        grid: tuned.grid.clone(),
        chosen: tuned.chosen,
    }
}

/// What a model is.
fn about(model: Model) -> &'static str {
    match model {
        Model::Scheme(_) => "the intensity behind the score",
        Model::Count1y => "incidents within the radius in the last year",
        Model::Count3y => "incidents within the radius in the last three years",
        Model::CountHalflife1y => "incidents within the radius, each halved with every year",
        Model::Nearest => "how near the nearest incident of the last three years is",
        Model::Kde => "all incidents, by a Gaussian of 50 km",
        Model::Constant => "the same for all sites",
    }
}

/// The method in short.
fn method() -> Vec<String> {
    [
        "Sites were scored as of each origin by what was known then: incidents whose last day is the origin or earlier. A \
         site counts at an origin if it has a score there and its place is covered to the end of the horizon; it is positive \
         if a security incident begins within the radius and the horizon, published with an accuracy of 50 km or better.",
        "roc_auc is the share of the pairs of a positive site and another in which the positive one is higher, ties by half; \
         0.5 is chance. roc_auc_within is its mean over the origins: place alone, without the years. average_precision sums \
         up precision over the recall gained. brier_skill compares the squared error of a share of positives that was fitted \
         to earlier origins (isotonic regression) with that of a constant; 0 is no better. hit_10 and hit_20 are the shares of \
         the positives in the top 10 and 20 % of each origin, pai_10 is hit_10 / 0.1.",
        "Intervals hold 90 % of 1,000 resamples of origins and of cells of one degree that hold sites; all models see the \
         same resamples, so differences are paired.",
        "The scheme beats counting if, against the best of the three counts by roc_auc, the interval of the difference in \
         roc_auc or in average_precision lies above 0 and neither lies below; it loses the other way round, and ties if both \
         hold 0. A score is an index of what was reported. What it came to here is what it came to in these places and years.",
    ]
    .map(str::to_owned)
    .into()
}
