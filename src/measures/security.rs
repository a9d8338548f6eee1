//! Quantities for the security score and its columns, for a batch of sites.

use super::counts::{CountPlan, Counter, Counts};
use super::coverage::Coverage;
use super::draws::{Doubt, DrawPlan, IntensityDraws};
use super::grouped::Grouped;
use super::intensity::KernelSum;
use super::kernel::Kernel;
use super::possible::Possible;
use super::proximity::nearest_incidents;
use super::quantities::{Contribution, Listed, SecurityQuantities};
use super::record::Record;
use super::surface::{covered, surface};
use super::variants::{Settings, Variants};
use super::weighed::{SiteProbe, WeighedIncident, WeighedIncidents};
use crate::earth::{Grid, Length, Position};
use crate::model::CountryCode;
use rayon::prelude::*;

/// The quantities to measure.
#[derive(Debug, Clone, PartialEq)]
pub struct SecurityPlan {
    /// The kernel.
    pub kernel: Kernel,
    /// Number of strongest incidents to keep.
    pub keep: usize,
    /// Rings and windows.
    pub counts: CountPlan,
    /// Radius of the buffer for the covered share.
    pub coverage_radius: Length,
    /// Number of nearest incidents to keep.
    pub nearest: usize,
    /// The radius that holds a true place with 90 % probability, in standard deviations on each axis.
    pub r90_per_sigma: f64,
}

/// Security incidents with their coverage and the indexes that a plan needs, built once.
#[derive(Debug)]
pub struct Security {
    incidents: WeighedIncidents,
    coverage: Coverage,
    /// Coverage for the share of a buffer, if it is larger than [`Self::coverage`].
    around: Option<Coverage>,
    keep: usize,
    coverage_radius: Length,
    window_radius: Length,
    nearest: usize,
    kernel_sum: KernelSum,
    counter: Counter,
    possible: Possible,
}

impl Security {
    /// Builds what a plan needs.
    pub fn new(incidents: WeighedIncidents, coverage: Coverage, plan: SecurityPlan) -> Self {
        let SecurityPlan { kernel, keep, counts, coverage_radius, nearest, r90_per_sigma } = plan;
        let (window_radius, days) = (counts.window_radius, counts.trend_days);
        let (kernel_sum, counter) =
            rayon::join(|| KernelSum::new(&incidents, kernel), || Counter::new(&incidents, counts));
        let possible = Possible::new(&incidents, days, window_radius, r90_per_sigma);
        Self {
            incidents,
            coverage,
            around: None,
            keep,
            coverage_radius,
            window_radius,
            nearest,
            kernel_sum,
            counter,
            possible,
        }
    }

    /// Rebuilds for other incidents and reuses every cube of space in which they agree with the current ones: adding
    /// or removing an incident rebuilds only its cube, and another date keeps the trees of all cubes that neither
    /// gain nor lose an incident. The result equals that of [`Self::new`].
    #[must_use]
    pub fn changed(
        &self,
        list: Vec<WeighedIncident>,
        coverage: Coverage,
        plan: SecurityPlan,
    ) -> Self {
        let SecurityPlan { kernel, keep, counts, coverage_radius, nearest, r90_per_sigma } = plan;
        let (window_radius, days) = (counts.window_radius, counts.trend_days);
        let incidents = self.incidents.changed(list);
        let (kernel_sum, counter) = rayon::join(
            || self.kernel_sum.changed(&self.incidents, &incidents, kernel),
            || Counter::new(&incidents, counts),
        );
        let possible = Possible::new(&incidents, days, window_radius, r90_per_sigma);
        Self {
            incidents,
            coverage,
            around: None,
            keep,
            coverage_radius,
            window_radius,
            nearest,
            kernel_sum,
            counter,
            possible,
        }
    }

    /// Returns a copy that takes the covered share of buffers from another coverage, one that includes more places
    /// than are measured.
    #[must_use]
    pub fn with_coverage_around(self, around: Coverage) -> Self {
        Self { around: Some(around), ..self }
    }

    /// Measures a batch of sites, each given with its country. What the record of incidents spans is not measured here.
    pub fn measure(
        &self,
        probes: &[SiteProbe],
        countries: &[Option<CountryCode>],
    ) -> Vec<SecurityQuantities> {
        let intensities = self.kernel_sum.intensities(probes, &self.incidents, self.keep);
        let counts = self.counter.counts(probes, &self.incidents);
        let nearest = nearest_incidents(probes, &self.incidents, self.nearest);
        let around = self.around.as_ref().unwrap_or(&self.coverage);
        let covered: Vec<(bool, ([f64; 2], bool))> = probes
            .par_iter()
            .zip(countries)
            .zip(&counts)
            .map(|((site, &country), counts)| {
                let at = site.position;
                let radii = [self.coverage_radius, self.window_radius];
                let shares = radii.map(|radius| around.share(at, country, radius));
                let possible = counts.violent > 0 || self.possible.any(site);
                (self.coverage.covers(at, country), (shares, possible))
            })
            .collect();
        intensities
            .into_iter()
            .zip(counts)
            .zip(nearest)
            .zip(covered)
            .map(|(((intensity, counts), nearest), (covered, shares))| {
                let ([coverage, window_coverage], violence_possible) = shares;
                let Counts { rings, windows, recent, prior, violent, deaths_unknown } = counts;
                SecurityQuantities {
                    covered,
                    coverage,
                    window_coverage,
                    record: Record::default(),
                    intensity,
                    rings,
                    windows,
                    recent,
                    prior,
                    violent,
                    violence_possible,
                    deaths_unknown,
                    nearest,
                }
            })
            .collect()
    }

    /// Returns the intensity at the center of every grid cell, row by row from the northwest; NaN where a site would
    /// not be covered.
    ///
    /// # Units
    /// `spread_km` is the standard deviation of a site's position error on each axis.
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

    /// Returns the incidents whose distance from a position is at most a radius, in the order of their ids.
    pub fn within(&self, center: Position, radius: Length) -> Vec<&WeighedIncident> {
        self.incidents.within(center, radius)
    }

    /// Adds up the incidents over groups, numbered from 0. `groups` has two of them for each of [`Self::incidents`], in order.
    pub fn grouped(&self, groups: &[[u16; 2]]) -> Grouped<'_> {
        Grouped::new(&self.incidents, groups)
    }

    /// Returns the counted incidents, in the order of their ids.
    pub fn incidents(&self) -> &[WeighedIncident] {
        self.incidents.list()
    }

    /// Returns the positions of the counted incidents.
    pub fn positions(&self) -> impl Iterator<Item = Position> {
        self.incidents.list().iter().map(|incident| incident.position)
    }

    /// Prepares draws of the intensity. `doubts` has what is not known of each of [`Self::incidents`], in order.
    pub fn draws(&self, doubts: &[Doubt], plan: DrawPlan) -> IntensityDraws<'_> {
        IntensityDraws::new(&self.incidents, &self.kernel_sum, doubts, plan)
    }

    /// Prepares the incidents for sums under other settings; see [`Variants::new`].
    pub fn variants<'a>(
        &'a self,
        kind: impl Fn(&WeighedIncident) -> usize + Sync,
        settings: &'a Settings,
    ) -> Variants<'a> {
        Variants::new(&self.incidents, kind, settings)
    }

    /// Returns the strongest contributions to a site's intensity, each measured exactly, with the sum and the number of all:
    /// see [`KernelSum::listed`]. `total` is the sum that [`Security::measure`] found for the site.
    pub fn listed(&self, site: &SiteProbe, keep: usize, total: f64) -> Listed {
        self.kernel_sum.listed(site, &self.incidents, keep, total)
    }

    /// Returns all contributions to a site's intensity, strongest first, each measured exactly.
    pub fn contributions(&self, site: &SiteProbe) -> Vec<Contribution> {
        self.kernel_sum.contributions(site, &self.incidents)
    }
}
