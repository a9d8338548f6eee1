//! Everything that the security score and its columns need, for a batch of sites.

use super::counts::{CountPlan, Counts, counts};
use super::coverage::Coverage;
use super::events::{Events, Subject};
use super::intensity::intensities;
use super::kernel::Kernel;
use super::proximity::nearest_events;
use super::quantities::SecurityQuantities;
use crate::earth::Length;
use crate::model::CountryCode;
use rayon::prelude::*;

/// What to measure.
#[derive(Debug, Clone, PartialEq)]
pub struct SecurityPlan {
    /// The kernel.
    pub kernel: Kernel,
    /// How many of the strongest incidents to keep.
    pub keep: usize,
    /// Rings and windows.
    pub counts: CountPlan,
    /// Radius of the buffer whose covered share is measured.
    pub coverage_radius: Length,
    /// How many of the nearest incidents to keep.
    pub nearest: usize,
}

/// Measures a batch of sites, given with the country each lies in.
pub fn security(
    subjects: &[Subject],
    countries: &[Option<CountryCode>],
    events: &Events,
    coverage: &Coverage,
    plan: &SecurityPlan,
) -> Vec<SecurityQuantities> {
    let intensities = intensities(subjects, events, &plan.kernel, plan.keep);
    let counts = counts(subjects, events, &plan.counts);
    let nearest = nearest_events(subjects, events, plan.nearest);
    let covered: Vec<(bool, f64)> = subjects
        .par_iter()
        .zip(countries)
        .map(|(subject, &country)| {
            let at = subject.position;
            (coverage.covers(at, country), coverage.share(at, plan.coverage_radius))
        })
        .collect();
    intensities
        .into_iter()
        .zip(counts)
        .zip(nearest)
        .zip(covered)
        .map(|(((intensity, counts), nearest), (covered, coverage))| {
            let Counts { rings, windows, recent, prior } = counts;
            SecurityQuantities {
                covered,
                coverage,
                intensity,
                rings,
                windows,
                recent,
                prior,
                nearest,
            }
        })
        .collect()
}
