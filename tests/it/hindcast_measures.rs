//! Every measure of a hindcast is what a plain reading of docs/METHOD.md works out from its predictions: pairs and
//! thresholds one by one, and isotonic regressions by the extremes of means.

use crate::hindcast::{asked, query, rows, sites, texts, world};
use tamarisk::run::hindcast::{Hindcast, HindcastQuery, Measured, Metric, Model, Prediction};
use tamarisk::scoring::Scheme;

/// The number, outcome and origin of each case of a label.
fn cases(told: &Hindcast, label: usize, model: Model) -> Vec<(f64, bool, usize)> {
    let of = |one: &Prediction| {
        let number = told.number(one, model, &told.labels[label])?;
        Some((number, one.outcomes[label]?, one.origin))
    };
    told.predictions.iter().filter_map(of).collect()
}

fn area(cases: &[(f64, bool, usize)]) -> Option<f64> {
    let (mut won, mut pairs) = (0.0, 0.0);
    for (a, ..) in cases.iter().filter(|case| case.1) {
        for (b, ..) in cases.iter().filter(|case| !case.1) {
            pairs += 1.0;
            won += if a > b {
                1.0
            } else if a == b {
                0.5
            } else {
                0.0
            };
        }
    }
    (pairs > 0.0).then_some(won / pairs)
}

fn average_precision(cases: &[(f64, bool, usize)]) -> f64 {
    let mut thresholds: Vec<f64> = cases.iter().map(|case| case.0).collect();
    thresholds.sort_by(|a, b| b.total_cmp(a));
    thresholds.dedup();
    let positives = cases.iter().filter(|case| case.1).count() as f64;
    let (mut sum, mut recall) = (0.0, 0.0);
    for threshold in thresholds {
        let above = cases.iter().filter(|case| case.0 >= threshold);
        let hits = above.clone().filter(|case| case.1).count() as f64;
        sum += (hits / positives - recall) * (hits / above.count() as f64);
        recall = hits / positives;
    }
    sum
}

/// Positives in the top of one origin: each tied group in turn takes what is left of the room.
fn hits(cases: &[(f64, bool, usize)], share: f64) -> f64 {
    let mut sorted = cases.to_vec();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut room = share * sorted.len() as f64;
    let mut found = 0.0;
    for group in sorted.chunk_by(|a, b| a.0 == b.0) {
        let part = (room / group.len() as f64).min(1.0);
        found += part * group.iter().filter(|case| case.1).count() as f64;
        room -= part * group.len() as f64;
    }
    found
}

/// The isotonic regression at a number, by the extremes of means over the distinct numbers.
fn isotonic(train: &[(f64, bool, usize)], number: f64) -> f64 {
    let mut numbers: Vec<f64> = train.iter().map(|case| case.0).collect();
    numbers.sort_by(f64::total_cmp);
    numbers.dedup();
    let mean = |lo: f64, hi: f64| {
        let part: Vec<_> = train.iter().filter(|case| lo <= case.0 && case.0 <= hi).collect();
        part.iter().filter(|case| case.1).count() as f64 / part.len() as f64
    };
    let at = |x: f64| {
        let below = numbers.iter().filter(|lo| **lo <= x);
        let least = |lo: f64| {
            let above = numbers.iter().filter(|hi| **hi >= x);
            above.map(|hi| mean(lo, *hi)).fold(f64::INFINITY, f64::min)
        };
        below.map(|lo| least(*lo)).fold(f64::NEG_INFINITY, f64::max)
    };
    let before = numbers.iter().copied().rfind(|x| *x <= number);
    let after = numbers.iter().copied().find(|x| *x >= number);
    match (before, after) {
        (Some(lo), Some(hi)) if lo < hi => at(lo) + (at(hi) - at(lo)) * (number - lo) / (hi - lo),
        (Some(x), _) | (None, Some(x)) => at(x),
        (None, None) => panic!("no training"),
    }
}

fn brier_skill(cases: &[(f64, bool, usize)], origins: usize) -> f64 {
    let (mut said, mut base) = (0.0, 0.0);
    for origin in 4..origins {
        let train: Vec<_> = cases.iter().copied().filter(|case| case.2 < origin).collect();
        let share = train.iter().filter(|case| case.1).count() as f64 / train.len() as f64;
        for case in cases.iter().filter(|case| case.2 == origin) {
            let y = f64::from(u8::from(case.1));
            said += (isotonic(&train, case.0) - y).powi(2);
            base += (share - y).powi(2);
        }
    }
    1.0 - said / base
}

#[test]
fn every_measure_is_that_of_a_plain_reading() {
    let (sites, all) = (sites(12), rows(700));
    let told = asked(&world(&sites, &texts(&all)), &query(2002..=2008));
    assert_eq!((told.origins.len(), told.labels.len()), (7, 4));
    for (number, judged) in told.judged.iter().enumerate() {
        assert!(judged.standing.is_some());
        for model in told.models() {
            let cases = cases(&told, number, model);
            let of = |origin: usize| -> Vec<_> {
                cases.iter().copied().filter(|case| case.2 == origin).collect()
            };
            let value =
                |metric| judged.pooled(model, metric).and_then(|one| one.value).map(|of| of.value);
            let same = |metric, plain: f64| {
                let found = value(metric).expect("a value");
                assert!((found - plain).abs() < 1e-9, "{model:?} {metric:?}: {found} {plain}");
            };
            same(Metric::RocAuc, area(&cases).expect("both kinds"));
            let areas: Vec<f64> = (0..7).filter_map(|origin| area(&of(origin))).collect();
            same(Metric::RocAucWithin, areas.iter().sum::<f64>() / areas.len() as f64);
            same(Metric::AveragePrecision, average_precision(&cases));
            same(Metric::BrierSkill, brier_skill(&cases, 7));
            let positives = cases.iter().filter(|case| case.1).count() as f64;
            let top =
                |share| (0..7).map(|origin| hits(&of(origin), share)).sum::<f64>() / positives;
            same(Metric::Hit10, top(0.1));
            same(Metric::Hit20, top(0.2));
            same(Metric::Pai10, top(0.1) / 0.1);
            // At one origin.
            let at = |metric| {
                let wanted = |one: &&Measured| {
                    one.origin == Some(3) && one.model == model && one.metric == metric
                };
                judged.measured.iter().find(wanted).and_then(|one| one.value).map(|of| of.value)
            };
            let close = |found: Option<f64>, plain: Option<f64>| match (found, plain) {
                (Some(found), Some(plain)) => assert!((found - plain).abs() < 1e-9),
                (found, plain) => assert_eq!(found, plain),
            };
            close(at(Metric::RocAuc), area(&of(3)));
            assert_eq!(at(Metric::RocAucWithin), None);
        }
        // The constant says nothing, exactly.
        let constant = |metric| judged.pooled(Model::Constant, metric).and_then(|one| one.value);
        assert_eq!(constant(Metric::RocAuc).map(|of| of.value), Some(0.5));
        assert_eq!(constant(Metric::BrierSkill).map(|of| of.value), Some(0.0));
        assert!((constant(Metric::Hit20).expect("a share").value - 0.2).abs() < 1e-12);
        let tally = judged.tally();
        let counted = cases(&told, number, Model::Constant).len();
        assert_eq!((tally.counted, tally.without_score, tally.not_covered), (counted, 0, 0));
    }
}

#[test]
fn intervals_are_paired_and_hold_their_values() {
    let twin = Scheme { name: "twin".into(), ..Scheme::default() };
    let query = HindcastQuery { schemes: vec![Scheme::default(), twin], ..query(2002..=2008) };
    let told = asked(&world(&sites(12), &texts(&rows(700))), &query);
    let judged = &told.judged[0];
    for metric in Metric::ALL {
        let of = |model| judged.pooled(model, metric).expect("measured");
        let less = of(Model::Scheme(1)).difference.expect("a difference");
        assert_eq!((less.value, less.interval), (0.0, Some([0.0, 0.0])), "{metric:?}");
        assert_eq!(of(Model::Scheme(0)).difference, None);
        let own = of(Model::Scheme(0)).value.expect("a value");
        let [lo, hi] = own.interval.expect("an interval");
        assert!(lo < hi && lo - 0.1 < own.value && own.value < hi + 0.1, "{metric:?}: {own:?}");
    }
    // Bands hold every site at every origin once.
    let of_first = judged.bands.iter().filter(|band| band.scheme == 0);
    let (counted, positives) =
        of_first.fold((0, 0), |(all, yes), band| (all + band.counted, yes + band.positives));
    assert_eq!((counted, positives), (judged.tally().counted, judged.tally().positives));
}
