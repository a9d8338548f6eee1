//! A summary of all sites, collected during scoring: counts by band, the worst sites, and why there is no
//! environment score.

use super::cautions::Cautions;
use super::missing::KnownEnvironment;
use super::{MissingEnvironment, missing};
use crate::layers::Scored;
use crate::model::Site;
use crate::run::{Case, Sites};
use crate::scoring::Band;

/// Number of sites listed individually.
const WORST: usize = 25;

/// A summary of all sites.
#[derive(Debug, Clone, Default)]
pub struct Overview {
    /// The number of scored sites.
    pub scored: usize,
    /// The sites with the highest security scores, at most 25, in descending order; ties in input order.
    pub worst: Vec<Worst>,
    /// The number of sites by the higher of their two bands.
    bands: [usize; 6],
    environment: KnownEnvironment,
    cautions: Cautions,
}

/// One of the worst sites.
#[derive(Debug, Clone)]
pub struct Worst {
    /// The site.
    pub site: Site,
    /// Its scores, with their breakdown.
    pub scored: Scored,
}

impl Overview {
    /// The summary of sites that are all in memory.
    pub fn of(case: &Case, scored: &[Scored]) -> Self {
        let mut overview = Self::default();
        overview.add(case, &case.sites, scored);
        overview
    }

    /// Adds the next sites.
    pub fn add(&mut self, case: &Case, sites: &Sites, scored: &[Scored]) {
        self.scored += scored.len();
        self.environment.add(scored);
        self.cautions.add(case, sites, scored);
        let bands = &case.scheme.bands;
        for one in scored {
            let band = |score| usize::from(bands.of(score).number());
            let higher = band(one.risk.security.score).max(band(one.risk.environment.score));
            if let Some(count) = self.bands.get_mut(higher) {
                *count += 1;
            }
        }
        let key = |one: &Scored| one.risk.security.score.unwrap_or(-1.0);
        let mut order: Vec<&Scored> = scored.iter().collect();
        order.sort_by(|a, b| key(b).total_cmp(&key(a)).then(a.site.cmp(&b.site)));
        self.worst.extend(order.into_iter().take(WORST).filter_map(|one| {
            Some(Worst { site: sites.list.get(one.site)?.clone(), scored: one.clone() })
        }));
        // The sort is stable: ties stay in input order.
        self.worst.sort_by(|a, b| key(&b.scored).total_cmp(&key(&a.scored)));
        self.worst.truncate(WORST);
    }

    /// The number of sites in a band or above it, in security or environment.
    pub fn from_band(&self, least: Band) -> usize {
        self.bands.iter().skip(usize::from(least.number())).sum()
    }

    /// What to know before believing the security scores of some sites, a line each.
    pub fn cautions(&self) -> Vec<String> {
        self.cautions.lines()
    }

    /// Why sites have no environment score; `None` if the scheme has none or most sites have one.
    pub fn missing_environment(&self, case: &Case) -> Option<MissingEnvironment> {
        missing::of(case, &self.environment)
    }
}
