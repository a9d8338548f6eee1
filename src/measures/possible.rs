//! Violent incidents that may lie within a radius of a site, as far as positions are known.

use super::weighed::{SiteProbe, WeighedIncidents};
use crate::earth::{Length, Position};
use crate::index::PointTree;

/// The violent incidents of the recent period, with how well their places are known.
#[derive(Debug)]
pub(super) struct Possible {
    tree: PointTree,
    /// The radius around each that holds its true place with 90 % probability.
    accuracies: Vec<Length>,
    coarsest: Length,
    radius: Length,
    r90_per_sigma: f64,
}

impl Possible {
    /// Takes the violent incidents of the last so many days.
    pub fn new(
        incidents: &WeighedIncidents,
        days: i64,
        radius: Length,
        r90_per_sigma: f64,
    ) -> Self {
        let recent = incidents.list().iter().filter(|one| one.violent && one.age_days < days);
        let of = |spread_km: f64| Length::from_km(spread_km * r90_per_sigma);
        let (positions, accuracies): (Vec<Position>, Vec<Length>) =
            recent.map(|one| (one.position, of(one.spread_km))).unzip();
        let coarsest = accuracies.iter().fold(0.0, |most: f64, one| most.max(one.km()));
        let coarsest = Length::from_km(coarsest);
        Self { tree: PointTree::new(positions), accuracies, coarsest, radius, r90_per_sigma }
    }

    /// Whether one may lie within the radius of a site: no farther than the radius and the errors of both positions.
    pub fn any(&self, site: &SiteProbe) -> bool {
        let spread_km = site.parts.first().map_or(0.0, |part| part.spread_km);
        let own = self.radius.km() + spread_km * self.r90_per_sigma;
        let reach = |accuracy: Length| Length::from_km(own + accuracy.km());
        let of = |at: usize| self.accuracies.get(at).copied().map_or(Length::ZERO, reach);
        !self.tree.within_own(site.position, reach(self.coarsest), of).is_empty()
    }
}
