//! The sites at origins that count for a label, and what a bootstrap draws anew: origins, and clusters of sites.

use super::{Hindcast, Label, Model, Prediction, Tally};
use crate::earth::Position;
use crate::float::of_count;
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::ops::Range;

/// Sites at origins that count for a label, in the order of the predictions.
pub(super) struct Cases<'a> {
    pub hindcast: &'a Hindcast,
    pub label: &'a Label,
    pub predictions: Vec<&'a Prediction>,
    /// Whether each was positive.
    pub outcomes: Vec<bool>,
    /// The cluster of each.
    clusters: Vec<usize>,
    /// The number of clusters.
    pub cluster_count: usize,
    /// The origins with cases: the number of each, and its cases.
    pub origins: Vec<(usize, Range<usize>)>,
}

/// How often each origin and each cluster counts.
pub(super) struct Weights {
    /// By origin with cases.
    pub origins: Vec<f64>,
    /// By case: that of its cluster.
    pub clusters: Vec<f64>,
    /// By case: that of its origin times that of its cluster.
    pub cases: Vec<f64>,
}

impl<'a> Cases<'a> {
    /// The cases of a label, given by its number.
    pub fn new(hindcast: &'a Hindcast, number: usize, label: &'a Label) -> Self {
        let mut cases = Self {
            hindcast,
            label,
            predictions: Vec::new(),
            outcomes: Vec::new(),
            clusters: Vec::new(),
            cluster_count: 0,
            origins: Vec::new(),
        };
        let mut cells = Vec::new();
        for prediction in &hindcast.predictions {
            let outcome = prediction.outcomes.get(number).copied().flatten();
            let site = hindcast.sites.list.get(prediction.site);
            let Some((outcome, site)) = outcome.zip(site) else { continue };
            let at = cases.predictions.len();
            match cases.origins.last_mut() {
                Some((origin, range)) if *origin == prediction.origin => range.end = at + 1,
                _ => cases.origins.push((prediction.origin, at..at + 1)),
            }
            cases.predictions.push(prediction);
            cases.outcomes.push(outcome);
            cells.push(cell(site.position));
        }
        let distinct: BTreeSet<(i32, i32)> = cells.iter().copied().collect();
        let distinct: Vec<(i32, i32)> = distinct.into_iter().collect();
        let place = |cell: &(i32, i32)| distinct.partition_point(|known| known < cell);
        cases.clusters = cells.iter().map(place).collect();
        cases.cluster_count = distinct.len();
        cases
    }

    /// The number that a model gives to each case.
    pub fn numbers(&self, model: Model) -> Vec<f64> {
        let of = |prediction: &&Prediction| self.hindcast.number(prediction, model, self.label);
        self.predictions.iter().map(|one| of(one).unwrap_or(f64::NEG_INFINITY)).collect()
    }

    /// The day of an origin, given by its number.
    pub fn day(&self, origin: usize) -> Option<Date> {
        self.hindcast.origins.get(origin).copied()
    }

    /// The weights where each origin and each cluster counts so often.
    pub fn weights(&self, origins: &[u16], clusters: &[u16]) -> Weights {
        let times = |counts: &[u16], at: usize| f64::from(counts.get(at).copied().unwrap_or(0));
        let of_cluster: Vec<f64> = self.clusters.iter().map(|at| times(clusters, *at)).collect();
        let of_origin: Vec<f64> = (0..self.origins.len()).map(|at| times(origins, at)).collect();
        let mut cases = of_cluster.clone();
        for ((_, range), weight) in self.origins.iter().zip(&of_origin) {
            let cases = cases.get_mut(range.clone()).unwrap_or_default();
            cases.iter_mut().for_each(|case| *case *= weight);
        }
        Weights { origins: of_origin, clusters: of_cluster, cases }
    }

    /// The weights where everything counts once.
    pub fn once(&self) -> Weights {
        self.weights(&vec![1; self.origins.len()], &vec![1; self.cluster_count])
    }

    /// The share of positives among some cases; `None` without cases.
    pub fn share(&self, cases: impl Iterator<Item = usize>) -> Option<f64> {
        let (mut positives, mut all) = (0, 0);
        for outcome in cases.filter_map(|case| self.outcomes.get(case)) {
            positives += usize::from(*outcome);
            all += 1;
        }
        (all > 0).then(|| of_count(positives) / of_count(all))
    }
}

/// What became of the sites at each origin, for a label given by its number.
pub(super) fn tallies(hindcast: &Hindcast, number: usize) -> Vec<Tally> {
    let mut tallies = vec![Tally::default(); hindcast.origins.len()];
    for prediction in &hindcast.predictions {
        let Some(tally) = tallies.get_mut(prediction.origin) else { continue };
        match prediction.outcomes.get(number).copied().flatten() {
            Some(outcome) => {
                tally.counted += 1;
                tally.positives += usize::from(outcome);
            }
            None if prediction.intensities.iter().any(Option::is_none) => tally.without_score += 1,
            None => tally.not_covered += 1,
        }
    }
    tallies
}

/// The cell of one degree that holds a position.
#[expect(clippy::cast_possible_truncation, reason = "whole degrees, of at most 180")]
fn cell(position: Position) -> (i32, i32) {
    (position.lon().floor() as i32, position.lat().floor() as i32)
}
