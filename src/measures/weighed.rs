//! Incidents of one domain prepared for counting and summing, and sites prepared as probes.

use crate::earth::{ChordBracket, Ecef, Length, Position, geodesic};
use crate::index::{PointTree, Probe};
use crate::model::Tailings;

/// An incident reduced to the fields that measures need.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeighedIncident {
    /// Index into the run's incidents.
    pub index: usize,
    /// Its reported position.
    pub position: Position,
    /// Severity × decay: its contribution to an intensity if the kernel is 1.
    pub weight: f64,
    /// Standard deviation of its position error on each axis.
    ///
    /// # Units
    /// Kilometers.
    pub spread_km: f64,
    /// Deaths, by the best estimate.
    pub fatalities: u32,
    /// Whether its deaths are not reported; then it adds none.
    pub deaths_unknown: bool,
    /// Whether it counts as violence.
    pub violent: bool,
    /// Days from its last day to the as-of date; never negative.
    pub age_days: i64,
}

/// Incidents in a tree. Given in the order of their ids, ties go to the smaller id, and sums do not depend on the
/// order of the input.
#[derive(Debug)]
pub struct WeighedIncidents {
    list: Vec<WeighedIncident>,
    tree: PointTree,
    widest2: f64,
}

impl WeighedIncidents {
    /// Indexes a list of incidents.
    pub fn new(list: Vec<WeighedIncident>) -> Self {
        Self::indexed(list, None)
    }

    /// Indexes another list of incidents, and reuses the trees of all cubes of space in which both lists have the
    /// same places in the same order.
    #[must_use]
    pub fn changed(&self, list: Vec<WeighedIncident>) -> Self {
        Self::indexed(list, Some(&self.tree))
    }

    fn indexed(list: Vec<WeighedIncident>, former: Option<&PointTree>) -> Self {
        let places = Ecef::of_each(&list, |incident| incident.position);
        let positions = list.iter().map(|incident| incident.position).collect();
        let tree = PointTree::placed(positions, &places, former);
        Self { widest2: widest2(&list), list, tree }
    }

    /// Returns the incidents, in the given order.
    pub fn list(&self) -> &[WeighedIncident] {
        &self.list
    }

    pub(super) fn tree(&self) -> &PointTree {
        &self.tree
    }

    /// Returns the largest position variance among them.
    ///
    /// # Units
    /// km².
    pub(super) fn widest2(&self) -> f64 {
        self.widest2
    }

    /// Returns the incidents whose distance from a position is at most a radius, in the given order.
    ///
    /// The chord decides; Karney's algorithm measures only the distances that it leaves open.
    pub(super) fn within(&self, center: Position, radius: Length) -> Vec<&WeighedIncident> {
        let ChordBracket { shorter2, .. } = ChordBracket::new(radius);
        let mut candidates = self.tree.candidates(Ecef::from(center), radius);
        candidates.sort_unstable_by_key(|(index, _)| *index);
        let near = candidates.into_iter().filter_map(|(index, chord2)| {
            let incident = self.list.get(index)?;
            let within =
                chord2 < shorter2 || geodesic::distance(center, incident.position) <= radius;
            within.then_some(incident)
        });
        near.collect()
    }

    /// Returns the index, incident and distance of everything that may lie within a radius of a probe; for a single
    /// point the distances are the fast ones of [`Ecef::ground_length`].
    pub(super) fn around(
        &self,
        probe: &Probe,
        radius: Length,
    ) -> Vec<(usize, &WeighedIncident, Length)> {
        use crate::index::Neighbors;
        let incident = |index: usize| self.list.get(index);
        match probe.position() {
            Some(position) => {
                let center = Ecef::from(position);
                let mut found = Vec::new();
                self.tree.each_within(center, radius, |index, _, place| {
                    let length = center.ground_length(place);
                    found.extend(incident(index).map(|incident| (index, incident, length)));
                });
                found
            }
            None => self
                .tree
                .within(probe, radius)
                .into_iter()
                .filter_map(|found| Some((found.index, incident(found.index)?, found.distance)))
                .collect(),
        }
    }
}

/// Returns the largest position variance among incidents.
///
/// # Units
/// km².
pub(super) fn widest2(incidents: &[WeighedIncident]) -> f64 {
    incidents.iter().map(|incident| incident.spread_km * incident.spread_km).fold(0.0, f64::max)
}

/// A site prepared for measurement: the site itself, and the parts linked to it.
#[derive(Debug)]
pub struct SiteProbe {
    /// The position that represents it, around which buffers are drawn.
    pub position: Position,
    /// The site itself first, then its linked parts; never empty.
    pub parts: Vec<PartProbe>,
}

impl SiteProbe {
    /// A single point elsewhere, with the weight and the position error of the first part.
    pub(super) fn moved(&self, position: Position) -> Self {
        let part = |part: &PartProbe| PartProbe {
            probe: Probe::point(position),
            weight: part.weight,
            spread_km: part.spread_km,
            tailings: part.tailings,
        };
        Self { position, parts: self.parts.first().map(part).into_iter().collect() }
    }
}

/// One part of a site.
#[derive(Debug)]
pub struct PartProbe {
    /// Its shape.
    pub probe: Probe,
    /// Weight of an incident at this part: 1 for the mine itself.
    pub weight: f64,
    /// Standard deviation of its position error on each axis.
    ///
    /// # Units
    /// Kilometers.
    pub spread_km: f64,
    /// What is known of its tailings.
    pub tailings: Tailings,
}
