//! Kernel sums: the intensity at a site, and the contribution of each incident.
//!
//! Each incident counts once, at the part of the site where it contributes most.

use super::fast_gauss::{Counted, FastGauss};
use super::kernel::Kernel;
use super::quantities::{Contribution, Intensity, Listed, Nearby};
use super::weighed::{PartProbe, SiteProbe, WeighedIncident, WeighedIncidents};
use crate::earth::Ecef;
use crate::index::Probe;
use rayon::prelude::*;

/// Incidents prepared for summation under a kernel.
#[derive(Debug)]
pub struct KernelSum {
    kernel: Kernel,
    fast_gauss: Option<FastGauss>,
}

impl KernelSum {
    /// Prepares incidents for a kernel.
    pub fn new(incidents: &WeighedIncidents, kernel: Kernel) -> Self {
        Self::sharing(incidents, kernel, None)
    }

    /// Prepares other incidents, reusing the data of every cube of space in which they agree with the former ones.
    #[must_use]
    pub fn changed(
        &self,
        former: &WeighedIncidents,
        incidents: &WeighedIncidents,
        kernel: Kernel,
    ) -> Self {
        let fast_gauss = self.fast_gauss.as_ref().map(|fast_gauss| (fast_gauss, former));
        Self::sharing(incidents, kernel, fast_gauss)
    }

    fn sharing(
        incidents: &WeighedIncidents,
        kernel: Kernel,
        former: Option<(&FastGauss, &WeighedIncidents)>,
    ) -> Self {
        let fast_gauss = match &kernel {
            Kernel::Gaussian { scales, cutoff } => {
                FastGauss::sharing(incidents, scales, *cutoff, former)
            }
            _ => None,
        };
        Self { kernel, fast_gauss }
    }

    /// Returns the kernel.
    pub(super) fn kernel(&self) -> &Kernel {
        &self.kernel
    }

    /// Creates a sum that adds incidents one by one: slow, but simple to verify.
    pub fn exhaustive(kernel: Kernel) -> Self {
        Self { kernel, fast_gauss: None }
    }

    /// Returns the kernel sums of a batch of sites, each with its `keep` strongest incidents.
    ///
    /// `incidents` must be those this sum was built from. Sums over many incidents have a relative error of at most
    /// [`PRECISION`](super::PRECISION); the strongest incidents are exact.
    pub fn intensities(
        &self,
        probes: &[SiteProbe],
        incidents: &WeighedIncidents,
        keep: usize,
    ) -> Vec<Intensity> {
        probes.par_iter().map(|site| self.intensity(site, incidents, keep)).collect()
    }

    /// Returns the kernel sum of a site.
    pub(super) fn total(&self, site: &SiteProbe, incidents: &WeighedIncidents) -> f64 {
        self.intensity(site, incidents, 0).total
    }

    /// Returns the incidents whose terms may be among the `keep` largest of a site; `None` if its sum is direct.
    pub(super) fn strongest(
        &self,
        site: &SiteProbe,
        incidents: &WeighedIncidents,
        keep: usize,
    ) -> Option<Vec<usize>> {
        let (fast_gauss, [only]) = (self.fast_gauss.as_ref()?, site.parts.as_slice()) else {
            return None;
        };
        let at = Ecef::from(only.probe.position()?);
        Some(fast_gauss.in_reach(incidents, at, only.spread_km)?.strongest(keep))
    }

    fn intensity(&self, site: &SiteProbe, incidents: &WeighedIncidents, keep: usize) -> Intensity {
        if let (Some(fast_gauss), [only]) = (&self.fast_gauss, site.parts.as_slice())
            && let Some(position) = only.probe.position()
            && let Some(around) =
                fast_gauss.in_reach(incidents, Ecef::from(position), only.spread_km)
        {
            let candidates = around.strongest(keep);
            let term = |index| Term { index, part: 0, value: 0.0 };
            return Intensity {
                total: 0.0 + only.weight * around.sum(),
                strongest: self.ranked(candidates.into_iter().map(term), site, incidents, keep),
            };
        }
        let mut terms = terms(site, incidents, &self.kernel);
        let total = 0.0 + terms.iter().map(|term| term.value).sum::<f64>();
        terms.sort_by(|a, b| b.value.total_cmp(&a.value).then(a.index.cmp(&b.index)));
        // Keeps a few extra terms: fast distances may swap two of nearly equal value.
        terms.truncate(keep + 16);
        Intensity { total, strongest: self.ranked(terms.into_iter(), site, incidents, keep) }
    }

    /// Returns all contributions to a site's intensity, strongest first, with distances by Karney's algorithm; ties
    /// go to the smaller incident id.
    pub fn contributions(
        &self,
        site: &SiteProbe,
        incidents: &WeighedIncidents,
    ) -> Vec<Contribution> {
        self.ranked(terms(site, incidents, &self.kernel).into_iter(), site, incidents, usize::MAX)
    }

    /// Returns the `keep` strongest contributions, exact, with the sum of all and their number. The sum is `total`, that of
    /// [`KernelSum::intensities`]; where that is direct it is taken anew, from exact terms. Takes a hundredth of the time
    /// of [`KernelSum::contributions`] where many incidents are in reach.
    pub fn listed(
        &self,
        site: &SiteProbe,
        incidents: &WeighedIncidents,
        keep: usize,
        total: f64,
    ) -> Listed {
        let around = match (&self.fast_gauss, site.parts.as_slice()) {
            (Some(fast_gauss), [only]) => only.probe.position().and_then(|position| {
                fast_gauss.in_reach(incidents, Ecef::from(position), only.spread_km)
            }),
            _ => None,
        };
        let Some(around) = around else {
            return Listed::of(self.contributions(site, incidents), keep);
        };
        let Counted { sure, unsure } = around.count();
        let term = |index| Term { index, part: 0, value: 0.0 };
        let unsure = unsure.into_iter().map(term);
        let count = sure + self.ranked(unsure, site, incidents, usize::MAX).len();
        let candidates = around.strongest(keep).into_iter().map(term);
        Listed { total, count, strongest: self.ranked(candidates, site, incidents, keep) }
    }

    /// Returns the `keep` largest of some terms, measured exactly.
    fn ranked(
        &self,
        terms: impl Iterator<Item = Term>,
        site: &SiteProbe,
        incidents: &WeighedIncidents,
        keep: usize,
    ) -> Vec<Contribution> {
        let mut exact: Vec<(usize, Contribution)> = terms
            .filter_map(|term| Some((term.index, measured(&term, site, incidents, &self.kernel)?)))
            .filter(|(_, contribution)| contribution.intensity > 0.0)
            .collect();
        exact.sort_by(|(i, a), (j, b)| b.intensity.total_cmp(&a.intensity).then(i.cmp(j)));
        exact.truncate(keep);
        // Held for every site of a run, so without the room of the candidates.
        let mut strongest: Vec<Contribution> = Vec::with_capacity(exact.len());
        strongest.extend(exact.into_iter().map(|(_, contribution)| contribution));
        strongest
    }
}

/// The contribution of one incident, at the part where it is largest.
struct Term {
    index: usize,
    part: usize,
    value: f64,
}

/// Returns one term for each incident in reach, in the order of the incidents.
fn terms(site: &SiteProbe, incidents: &WeighedIncidents, kernel: &Kernel) -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    for (part, part_probe) in site.parts.iter().enumerate() {
        let own2 = part_probe.spread_km * part_probe.spread_km;
        let reach = kernel.reach(own2 + incidents.widest2());
        for (index, incident, distance) in incidents.around(&part_probe.probe, reach) {
            let value = worth(part_probe, incident, kernel, distance.km());
            if value > 0.0 {
                terms.push(Term { index, part, value });
            }
        }
    }
    // Sorted by incident, then by descending contribution; only the first of each incident is kept.
    terms.sort_by(|a, b| {
        a.index.cmp(&b.index).then(b.value.total_cmp(&a.value)).then(a.part.cmp(&b.part))
    });
    terms.dedup_by_key(|term| term.index);
    terms
}

fn worth(
    part_probe: &PartProbe,
    incident: &WeighedIncident,
    kernel: &Kernel,
    distance_km: f64,
) -> f64 {
    let spread2 =
        part_probe.spread_km * part_probe.spread_km + incident.spread_km * incident.spread_km;
    part_probe.weight * incident.weight * kernel.at(distance_km, spread2)
}

/// Returns the contribution with its distance by Karney's algorithm.
fn measured(
    term: &Term,
    site: &SiteProbe,
    incidents: &WeighedIncidents,
    kernel: &Kernel,
) -> Option<Contribution> {
    let incident = incidents.list().get(term.index)?;
    let part_probe = site.parts.get(term.part)?;
    let found = part_probe.probe.find(term.index, &Probe::point(incident.position))?;
    Some(Contribution {
        nearby: Nearby::named(incident.index, &found),
        part: term.part,
        intensity: worth(part_probe, incident, kernel, found.distance.km()),
    })
}
