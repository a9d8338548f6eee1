//! The receptors' side of the environment: which sites have a receptor in their reach, how near they are, and the
//! pressure that they put on it together.

use super::indicators::{decay, is_felt, to_the_edge};
use super::{Bar, Risk, Scheme};
use crate::earth::Length;
use crate::measures::Nearby;
use crate::model::{Receptor, ReceptorKind};
use std::collections::BTreeMap;

/// The most sites that are listed for a receptor.
const LISTED: usize = 10;

/// The pressure of a site on its surroundings, 0 to 1: what the bar `pressure` is at least; `None` if nothing of it is
/// known.
pub fn pressure(risk: &Risk) -> Option<f64> {
    Some(risk.environment.bar(Bar::Pressure)?.at_least? / 100.0)
}

/// A receptor as one site reaches it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reached {
    /// The distance from the site's shape to the receptor; to the edge of the circle that replaces an area or a water
    /// body known only by its center.
    pub distance: Length,
    /// The share of the site's pressure that is left at that distance, 0 to 1; `None` for kinds that a site does not
    /// harm: earthquakes, faults and tailings dams.
    pub share: Option<f64>,
}

impl Scheme {
    /// How a site reaches a receptor near it; `None` if the receptor is out of reach, or if its place is not known
    /// accurately enough to say.
    ///
    /// The reach is that of the scheme for the kind. An earthquake is in reach where it is felt, a fault or a tailings
    /// dam within the window radius, a basin of water stress if the site lies in it.
    pub fn reached(&self, nearby: Nearby, receptor: &Receptor) -> Option<Reached> {
        let (environment, kind) = (&self.environment, receptor.kind);
        let distance = match kind {
            ReceptorKind::SensitiveAreas | ReceptorKind::Rivers | ReceptorKind::WaterBodies => {
                to_the_edge(self, nearby, receptor)?.distance
            }
            _ => nearby.distance,
        };
        let within = |km| distance <= Length::from_km(km);
        let in_reach = match kind {
            ReceptorKind::Earthquakes => is_felt(&environment.seismic, distance, receptor),
            ReceptorKind::Faults | ReceptorKind::Tailings => within(self.buffers.window_radius_km),
            ReceptorKind::WaterStress => within(0.0),
            _ => environment.reach_km(kind).is_some_and(within),
        };
        let share = match kind {
            ReceptorKind::WaterStress => Some(1.0),
            _ => environment.decay_km(kind).map(|km| decay(self, distance, km)),
        };
        in_reach.then_some(Reached { distance, share })
    }
}

/// A site near a receptor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NearSite {
    /// Index into the sites.
    pub site: usize,
    /// Its distance.
    pub distance: Length,
}

/// The sites that have a receptor in their reach.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Exposure {
    /// Their number.
    pub sites: usize,
    /// The ten nearest, nearest first; ties go to the smaller index.
    pub nearest: Vec<NearSite>,
    /// The sum over the sites of known pressure of that pressure times the share that is left at the receptor; `None`
    /// if no pressure is known, or if sites do not harm the kind.
    pub pressure: Option<f64>,
    /// The site that adds most to the sum, by its index, and what it adds; `None` if no site adds anything.
    pub strongest: Option<(usize, f64)>,
}

impl Exposure {
    fn add(&mut self, site: usize, reached: Reached, pressure: Option<f64>) {
        self.sites += 1;
        self.list(NearSite { site, distance: reached.distance });
        if let Some(adds) = reached.share.zip(pressure).map(|(share, pressure)| share * pressure) {
            self.pressure = Some(self.pressure.unwrap_or(0.0) + adds);
            self.lead(site, adds);
        }
    }

    fn merge(&mut self, other: Self) {
        self.sites += other.sites;
        other.nearest.into_iter().for_each(|near| self.list(near));
        self.pressure = match (self.pressure, other.pressure) {
            (Some(one), Some(other)) => Some(one + other),
            (one, other) => one.or(other),
        };
        if let Some((site, adds)) = other.strongest {
            self.lead(site, adds);
        }
    }

    fn list(&mut self, near: NearSite) {
        let before = |one: &NearSite| (one.distance, one.site) < (near.distance, near.site);
        let at = self.nearest.partition_point(before);
        if at < LISTED {
            self.nearest.truncate(LISTED - 1);
            self.nearest.insert(at, near);
        }
    }

    fn lead(&mut self, site: usize, adds: f64) {
        let leads = |(first, most): (usize, f64)| adds > most || adds == most && site < first;
        if adds > 0.0 && self.strongest.is_none_or(leads) {
            self.strongest = Some((site, adds));
        }
    }
}

/// The exposure of each receptor that any site has in its reach, by the receptor's index.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Exposures(BTreeMap<usize, Exposure>);

impl Exposures {
    /// Adds a site that reaches a receptor, both by their indices, with the site's pressure.
    pub fn add(&mut self, receptor: usize, site: usize, reached: Reached, pressure: Option<f64>) {
        self.0.entry(receptor).or_default().add(site, reached, pressure);
    }

    /// Adds the exposures to other sites. Only the last bits of sums depend on the order.
    pub fn merge(&mut self, other: Self) {
        for (receptor, exposure) in other.0 {
            self.0.entry(receptor).or_default().merge(exposure);
        }
    }

    /// The exposures in the order of the receptors.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &Exposure)> {
        self.0.iter().map(|(&receptor, exposure)| (receptor, exposure))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(km: f64, share: f64) -> Reached {
        Reached { distance: Length::from_km(km), share: Some(share) }
    }

    #[test]
    fn exposures_are_the_same_however_they_are_merged() {
        // Distances come again; shares are binary fractions, whose sums are exact.
        let sites: Vec<(usize, Reached, Option<f64>)> = (0..40)
            .map(|site| {
                let share = [0.5, 0.25, 0.125, 0.0][site % 4];
                (site, at([9.0, 3.0, 5.0][site % 3], share), (site % 5 != 0).then_some(0.5))
            })
            .collect();
        let all = |order: &[usize], batch: usize| {
            let mut all = Exposures::default();
            for batch in order.chunks(batch) {
                let mut some = Exposures::default();
                for &(site, reached, pressure) in batch.iter().map(|&at| &sites[at]) {
                    some.add(7, site, reached, pressure);
                }
                all.merge(some);
            }
            all
        };
        let forward: Vec<usize> = (0..40).collect();
        let backward: Vec<usize> = forward.iter().rev().copied().collect();
        let whole = all(&forward, 40);
        for batch in [1, 3, 7, 40] {
            assert_eq!(all(&forward, batch), whole, "{batch}");
            assert_eq!(all(&backward, batch), whole, "{batch} backward");
        }
        let (receptor, exposure) = whole.iter().next().expect("one receptor");
        let nearest: Vec<usize> = exposure.nearest.iter().map(|near| near.site).collect();
        assert_eq!((receptor, exposure.sites), (7, 40));
        assert_eq!(nearest, [1, 4, 7, 10, 13, 16, 19, 22, 25, 28], "those at 3 km");
        assert_eq!(exposure.strongest, Some((4, 0.25)), "0 is the first, but of unknown pressure");
        let known = sites.iter().filter_map(|(_, reached, known)| Some(reached.share? * (*known)?));
        assert_eq!(exposure.pressure, Some(known.sum()));
    }

    #[test]
    fn what_is_not_known_or_not_harmed_has_no_pressure() {
        let mut exposures = Exposures::default();
        let unharmed = Reached { share: None, ..at(1.0, 1.0) };
        exposures.add(0, 0, unharmed, Some(0.9));
        exposures.add(1, 0, at(1.0, 0.8), None);
        exposures.add(2, 0, at(1.0, 0.8), Some(0.0));
        let pressures: Vec<Option<f64>> = exposures.iter().map(|(_, one)| one.pressure).collect();
        assert_eq!(pressures, [None, None, Some(0.0)]);
        assert!(exposures.iter().all(|(_, one)| one.sites == 1 && one.strongest.is_none()));
    }
}
