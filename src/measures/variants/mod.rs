//! The intensity at a site under other settings: kernels of other widths, other half-lives, other severities.
//!
//! Few incidents in reach are summed under every setting ([`reached`]). Of many, the sums are taken at the nodes of a grid
//! over width and half-life ([`nodes`]) and interpolated; severities enter as they are, since an intensity is linear in
//! them. Where a forest of incidents is dense, groups of them are summed as one incident whose position error has the
//! covariance of the group ([`groups`], [`walk`]). All decisions depend only on the site and the cubes in reach, so that a
//! site's intensities do not depend on other sites.

mod groups;
mod nodes;
mod reached;
#[cfg(test)]
mod tests;
mod walk;

use super::fast_gauss::FEW;
use super::kernel::Kernel;
use super::recency::decay;
use super::weighed::{SiteProbe, WeighedIncident, WeighedIncidents};
use crate::earth::Ecef;
use groups::CubeGroups;
use nodes::{Grid, HALF_LIVES, Sums};
use rayon::prelude::*;
use reached::Reached;

/// At most this many incidents in reach are summed under every setting; of more, sums are interpolated.
const EXACT: usize = 64;

/// The same for kernels with an edge, which sums over few incidents do not smooth.
const EXACT_WITH_EDGE: usize = 1_024;

/// Values at the half-lives of the grid; the last ones are padding.
type Row = [f64; 8];

/// Settings under which intensities are computed again.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The kernel in force.
    pub kernel: Kernel,
    /// The half-life in force.
    ///
    /// # Units
    /// Days.
    pub half_life_days: f64,
    /// Factors of the kernel's lengths, each from `exp(-0.5)` to `exp(0.5)`.
    pub widths: Vec<f64>,
    /// Factors of the half-life, each from `exp(-0.5)` to `exp(0.5)`.
    pub half_lives: Vec<f64>,
    /// Severities: for each kind of incident its weight, and that of log10(1 + deaths).
    pub severities: Vec<Vec<[f64; 2]>>,
    /// The settings of each run.
    pub runs: Vec<Run>,
}

/// The settings of one run, as indices into the lists of [`Settings`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// The width.
    pub width: usize,
    /// The half-life.
    pub half_life: usize,
    /// The severities.
    pub severity: usize,
}

/// Incidents prepared for sums under other settings.
#[derive(Debug)]
pub struct Variants<'a> {
    incidents: &'a WeighedIncidents,
    settings: &'a Settings,
    /// The kinds that occur, ascending; each has two columns of sums.
    kinds: Vec<usize>,
    /// The incidents as settings see them, in their order.
    singles: Vec<Single>,
    /// The groups of each tree of the forest, in its order; empty if incidents are few or the kernel is no Gaussian.
    groups: Vec<CubeGroups>,
    grid: Grid,
    /// The kernel at its greatest width.
    widest: Kernel,
}

/// An incident as settings see it.
#[derive(Debug, Clone, Copy)]
struct Single {
    /// Its weight under the settings in force.
    weight: f64,
    /// Variance of its position error, in km².
    spread2: f64,
    age_days: i64,
    /// Its kind, as an index into the kinds that occur.
    kind: usize,
    /// log10(1 + deaths).
    deaths: f64,
    /// Its decay at each half-life of the grid.
    decays: Row,
}

impl<'a> Variants<'a> {
    /// Prepares incidents; `kind` tells the kind of each, by which severities differ. Incidents without weight are left out,
    /// under all settings.
    pub fn new(
        incidents: &'a WeighedIncidents,
        kind: impl Fn(&WeighedIncident) -> usize + Sync,
        settings: &'a Settings,
    ) -> Self {
        let of_each: Vec<usize> = incidents.list().par_iter().map(&kind).collect();
        let mut kinds = of_each.clone();
        kinds.par_sort_unstable();
        kinds.dedup();
        let grid = Grid::new(settings);
        let single = |(incident, kind): (&WeighedIncident, &usize)| {
            let mut decays = Row::default();
            for (place, factor) in decays.iter_mut().zip(grid.half_lives) {
                *place = decay(incident.age_days, settings.half_life_days * factor);
            }
            Single {
                weight: incident.weight,
                spread2: incident.spread_km * incident.spread_km,
                age_days: incident.age_days,
                kind: kinds.binary_search(kind).unwrap_or(0),
                deaths: libm::log10(1.0 + f64::from(incident.fatalities)),
                decays,
            }
        };
        let singles: Vec<Single> = incidents.list().par_iter().zip(&of_each).map(single).collect();
        let factor = settings.widths.iter().copied().fold(nodes::WIDEST, f64::max);
        let widest = settings.kernel.scaled(factor);
        let grouped = grid.lanes.is_some() && singles.len() >= FEW;
        let groups = if grouped {
            let forest = incidents.tree().forest();
            let of = |tree| CubeGroups::of(forest, tree, &singles, 2 * kinds.len());
            forest.trees().par_iter().map(of).collect()
        } else {
            Vec::new()
        };
        Self { incidents, settings, kinds, singles, groups, grid, widest }
    }

    /// Returns the intensity at a site in every run.
    ///
    /// With at most 64 incidents in reach they are exact to rounding, under a kernel other than the Gaussian with at most
    /// 1,024. With more, half of the scores are within 0.02 points of those of exact sums, and 99 of 100 within 0.25; the
    /// farthest, up to 0.6 points off, are below 1.
    pub fn intensities(&self, site: &SiteProbe) -> Vec<f64> {
        if let Some(sums) = self.sums_by_groups(site) {
            return self.grid.runs(&sums, self.settings, &self.kinds);
        }
        let reached = Reached::of(self, site);
        let most = if self.grid.lanes.is_some() { EXACT } else { EXACT_WITH_EDGE };
        if reached.count() <= most {
            return reached.exact(self);
        }
        self.grid.runs(&reached.sums(self), self.settings, &self.kinds)
    }

    /// Returns the intensity at a site in every run, each exact to rounding: slow, but simple to verify.
    pub fn exact(&self, site: &SiteProbe) -> Vec<f64> {
        Reached::of(self, site).exact(self)
    }

    /// The sums at the nodes of the grid from groups of incidents; `None` if few lie in the cubes in reach, or the site is no
    /// single point.
    fn sums_by_groups(&self, site: &SiteProbe) -> Option<Sums> {
        let ([only], Some(lanes)) = (site.parts.as_slice(), &self.grid.lanes) else { return None };
        let position = only.probe.position()?;
        let mut sums =
            walk::sums(self, lanes, Ecef::from(position), only.spread_km * only.spread_km)?;
        sums.scale(only.weight);
        Some(sums)
    }

    /// The number of columns of sums: for each kind that occurs, of incidents and of their deaths.
    fn columns(&self) -> usize {
        2 * self.kinds.len()
    }
}

const _: () = assert!(HALF_LIVES <= 8);
