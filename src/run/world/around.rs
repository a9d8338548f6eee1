//! All things of a world with a position, in trees that are built on first use and kept: a query for neighbors
//! builds nothing.

use super::World;
use crate::earth::Length;
use crate::index::Probe;
use crate::measures::{KindIndex, Nearby};
use crate::model::{Incident, Receptor, ReceptorKind, Site};

/// A thing of a world that has a position.
#[derive(Debug, Clone, Copy)]
pub(in crate::run) enum Thing<'a> {
    /// A site, by its index among the sites.
    Site(usize, &'a Site),
    /// A part linked to a site.
    Part(&'a Site),
    /// An incident known better than to a country.
    Incident(&'a Incident),
    /// A receptor.
    Receptor(&'a Receptor),
}

/// The sorts of things, each in trees of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::run) enum Sort {
    /// Sites and their parts.
    Sites,
    /// Incidents.
    Incidents,
    /// Receptors of a kind.
    Receptors(ReceptorKind),
}

/// The extent of a query.
#[derive(Debug, Clone, Copy)]
pub(in crate::run) enum Ask {
    /// Everything within a distance.
    Within(Length),
    /// The nearest things, up to a number.
    Nearest(usize),
}

/// The trees of sites and incidents; for receptors see [`World::indexed_receptors`].
#[derive(Debug)]
pub(in crate::run) struct Around {
    sites: KindIndex,
    /// For each index of the tree, the site and its part, 0 being the site itself.
    places: Vec<(usize, usize)>,
    incidents: KindIndex,
}

impl Around {
    pub(super) fn new(world: &World) -> Self {
        let sites = world.sites.list.iter().zip(world.sites.linked.iter()).enumerate();
        let mut places: Vec<((usize, usize), &Site)> = sites
            .flat_map(|(at, (site, parts))| {
                let parts = (1..).zip(parts).map(move |(part, of)| ((at, part), of));
                std::iter::once(((at, 0), site)).chain(parts)
            })
            .collect();
        // Ties in distance go to the smaller id.
        places.sort_by(|(a, one), (b, other)| one.id.cmp(&other.id).then(a.cmp(b)));
        let with_place = world.incidents.iter().enumerate().filter(|(_, one)| !one.vague);
        let (sites, incidents) = rayon::join(
            || KindIndex::few(places.iter().map(|(_, site)| &site.shape).enumerate()),
            || KindIndex::of_points(with_place.map(|(at, one)| (at, one.position))),
        );
        let places = places.into_iter().map(|(place, _)| place).collect();
        Self { sites, places, incidents }
    }
}

impl World {
    /// The sorts that are not empty.
    pub(in crate::run) fn sorts(&self) -> Vec<Sort> {
        let receptors = self.indexed_receptors().kinds().map(Sort::Receptors);
        [Sort::Sites, Sort::Incidents].into_iter().chain(receptors).collect()
    }

    /// Things of a sort near a place, nearest first.
    pub(in crate::run) fn things_near(
        &self,
        sort: Sort,
        probe: &Probe,
        ask: Ask,
    ) -> Vec<(Thing<'_>, Nearby)> {
        let around = self.around();
        let of = |tree: &KindIndex| match ask {
            Ask::Within(distance) => tree.within(probe, distance),
            Ask::Nearest(most) => tree.nearest(probe, most),
        };
        let receptors = self.indexed_receptors();
        let found = match (sort, ask) {
            (Sort::Sites, _) => of(&around.sites),
            (Sort::Incidents, _) => of(&around.incidents),
            (Sort::Receptors(kind), Ask::Within(distance)) => {
                receptors.within(kind, probe, distance)
            }
            (Sort::Receptors(kind), Ask::Nearest(most)) => receptors.nearest(kind, probe, most),
        };
        let thing = |at| match sort {
            Sort::Sites => self.site_or_part(around, at),
            Sort::Incidents => self.incidents.get(at).map(Thing::Incident),
            Sort::Receptors(_) => receptors.list().get(at).map(Thing::Receptor),
        };
        found.into_iter().filter_map(|near| Some((thing(near.index)?, near))).collect()
    }

    fn site_or_part(&self, around: &Around, at: usize) -> Option<Thing<'_>> {
        let &(site, part) = around.places.get(at)?;
        Some(match part.checked_sub(1) {
            None => Thing::Site(site, self.sites.list.get(site)?),
            Some(part) => Thing::Part(self.sites.linked.get(site)?.get(part)?),
        })
    }
}
