//! Everything that the security score and its columns need, for a batch of sites.

use super::counts::{CountPlan, Counter, Counts};
use super::coverage::Coverage;
use super::intensity::KernelSum;
use super::kernel::Kernel;
use super::proximity::nearest_incidents;
use super::quantities::{Contribution, SecurityQuantities};
use super::surface::{covered, surface};
use super::weighed::{SiteProbe, WeighedIncident, WeighedIncidents};
use crate::earth::{Grid, Length, Position};
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

/// Security incidents, where they were collected, and what the plan needs of them, made ready once.
#[derive(Debug)]
pub struct Security {
    incidents: WeighedIncidents,
    coverage: Coverage,
    /// What is covered around a place, where that is more than those of [`Self::coverage`].
    around: Option<Coverage>,
    keep: usize,
    coverage_radius: Length,
    nearest: usize,
    kernel_sum: KernelSum,
    counter: Counter,
}

impl Security {
    /// Makes ready what a plan asks for.
    pub fn new(incidents: WeighedIncidents, coverage: Coverage, plan: SecurityPlan) -> Self {
        let SecurityPlan { kernel, keep, counts, coverage_radius, nearest } = plan;
        let (kernel_sum, counter) =
            rayon::join(|| KernelSum::new(&incidents, kernel), || Counter::new(&incidents, counts));
        Self {
            incidents,
            coverage,
            around: None,
            keep,
            coverage_radius,
            nearest,
            kernel_sum,
            counter,
        }
    }

    /// Makes ready what a plan asks for of other incidents. What they have in common with these, cube by cube of space, is
    /// taken over: an incident more or less makes ready anew the cube that it lies in, and another date leaves the
    /// trees of all cubes as they are in which no incident comes or goes. The outcome is that of [`Self::new`].
    #[must_use]
    pub fn changed(
        &self,
        list: Vec<WeighedIncident>,
        coverage: Coverage,
        plan: SecurityPlan,
    ) -> Self {
        let SecurityPlan { kernel, keep, counts, coverage_radius, nearest } = plan;
        let incidents = self.incidents.changed(list);
        let (kernel_sum, counter) = rayon::join(
            || self.kernel_sum.changed(&self.incidents, &incidents, kernel),
            || Counter::new(&incidents, counts),
        );
        Self {
            incidents,
            coverage,
            around: None,
            keep,
            coverage_radius,
            nearest,
            kernel_sum,
            counter,
        }
    }

    /// The same, with the share of a buffer that is covered taken of another coverage: one by which more
    /// places are covered than those that are measured.
    #[must_use]
    pub fn with_coverage_around(self, around: Coverage) -> Self {
        Self { around: Some(around), ..self }
    }

    /// Measures a batch of sites, given with the country each lies in.
    pub fn measure(
        &self,
        probes: &[SiteProbe],
        countries: &[Option<CountryCode>],
    ) -> Vec<SecurityQuantities> {
        let intensities = self.kernel_sum.intensities(probes, &self.incidents, self.keep);
        let counts = self.counter.counts(probes, &self.incidents);
        let nearest = nearest_incidents(probes, &self.incidents, self.nearest);
        let around = self.around.as_ref().unwrap_or(&self.coverage);
        let covered: Vec<(bool, f64)> = probes
            .par_iter()
            .zip(countries)
            .map(|(site, &country)| {
                let at = site.position;
                (self.coverage.covers(at, country), around.share(at, self.coverage_radius))
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

    /// The intensity at the center of every cell of a grid, row by row from the north west; NaN where a
    /// site there would not be covered.
    ///
    /// # Units
    /// `spread_km` is the standard deviation of such a site's position error on each axis.
    pub fn surface(&self, grid: &Grid, spread_km: f64) -> Vec<f64> {
        let (mut sums, covered) = rayon::join(
            || surface(self.incidents.list(), self.kernel_sum.kernel(), grid, spread_km),
            || covered(&self.coverage, grid),
        );
        for (sum, covered) in sums.iter_mut().zip(covered) {
            *sum = if covered { *sum } else { f64::NAN };
        }
        sums
    }

    /// The incidents whose distance from a position is at most a radius, in the order of their ids.
    pub fn within(&self, center: Position, radius: Length) -> Vec<&WeighedIncident> {
        self.incidents.within(center, radius)
    }

    /// The incidents that are counted, in the order of their ids.
    pub fn incidents(&self) -> &[WeighedIncident] {
        self.incidents.list()
    }

    /// Where the incidents happened that are counted.
    pub fn positions(&self) -> impl Iterator<Item = Position> {
        self.incidents.list().iter().map(|incident| incident.position)
    }

    /// Everything that adds to a site's intensity, strongest first, each measured exactly.
    pub fn contributions(&self, site: &SiteProbe) -> Vec<Contribution> {
        self.kernel_sum.contributions(site, &self.incidents)
    }
}
