//! Counts of incidents by group, such as type and year, within rings around a position.
//!
//! The nodes of the packed tree above its blocks store counts and deaths of every group. So a ring of many incidents is added up
//! from few nodes, and only along its edge do chords decide point by point, and Karney's algorithm where a chord leaves it
//! open.

use super::quantities::Count;
use super::weighed::WeighedIncidents;
use crate::earth::{ChordBracket, Ecef, Length, Position, geodesic};
use crate::index::forest::{Below, Leaf, Totals};
use crate::index::levels::FAR2;
use crate::index::packed::BLOCK;
use rayon::prelude::*;

/// Incidents that belong to groups.
#[derive(Debug)]
pub struct Grouped<'a> {
    incidents: &'a WeighedIncidents,
    width: usize,
    sums: Totals<Count>,
    /// The points of each block.
    blocks: Vec<[Member; BLOCK]>,
}

/// An incident as far as it is counted.
#[derive(Debug, Clone, Copy, Default)]
struct Member {
    groups: [u16; 2],
    deaths: u32,
}

impl<'a> Grouped<'a> {
    /// Adds up incidents over groups, numbered from 0. `groups` has two of them for each incident, in order.
    pub(super) fn new(incidents: &'a WeighedIncidents, groups: &[[u16; 2]]) -> Self {
        let last = groups.iter().flatten().max();
        let width = last.map_or(0, |last| usize::from(*last) + 1);
        let member = |index: usize| {
            let (incident, groups) = (incidents.list().get(index)?, groups.get(index)?);
            Some(Member { groups: *groups, deaths: incident.fatalities })
        };
        let forest = incidents.tree().forest();
        let sums = forest.totals_above(width, |index, sums| {
            member(index).into_iter().for_each(|member| plus(member, sums));
        });
        let mut blocks = vec![[Member::default(); BLOCK]; forest.count()];
        blocks.par_iter_mut().zip(forest.blocks()).for_each(|(block, points)| {
            for (slot, index) in points {
                if let (Some(slot), Some(member)) = (block.get_mut(slot), member(index)) {
                    *slot = member;
                }
            }
        });
        Self { incidents, width, sums, blocks }
    }

    /// Counts each group between a position and the first of some ascending radii, then between each radius and the next: one
    /// list for each radius, with the counts of all groups. A ring includes its outer radius.
    pub fn between(&self, center: Position, radii: &[Length]) -> Vec<Vec<Count>> {
        let brackets: Vec<(ChordBracket, Length)> =
            radii.iter().map(|radius| (ChordBracket::new(*radius), *radius)).collect();
        let mut rings = vec![vec![Count::default(); self.width]; radii.len()];
        let forest = self.incidents.tree().forest();
        let from = Ecef::from(center).0;
        let mut open = vec![forest.roots()];
        while let Some(siblings) = open.pop() {
            let spans = forest.spans(siblings, from);
            for (slot, (least, most)) in spans.least.into_iter().zip(spans.most).enumerate() {
                // The radii that nothing of a node lies within, and those that do not contain it.
                let out = brackets.iter().filter(|(one, _)| one.longer2 < least).count();
                let cut = brackets.iter().filter(|(one, _)| one.shorter2 <= most).count();
                if least > FAR2 || out == brackets.len() {
                    continue;
                }
                let whole = if out == cut { rings.get_mut(out) } else { None };
                let sums = whole.and_then(|ring| Some((ring, self.sums.held(siblings, slot)?)));
                match (sums, siblings.below(slot, forest)) {
                    (Some((ring, sums)), _) => {
                        ring.iter_mut().zip(sums).for_each(|(ring, sum)| *ring += *sum);
                    }
                    (None, Below::Nodes(nodes)) => open.push(nodes),
                    (None, Below::Points(leaf)) if out == cut => {
                        let ring = rings.get_mut(out);
                        ring.into_iter().for_each(|ring| self.add(leaf, ring));
                    }
                    (None, Below::Points(leaf)) => {
                        self.measure(leaf, center, &brackets, &mut rings)
                    }
                }
            }
        }
        rings
    }

    /// Adds all points of a block to a ring.
    fn add(&self, leaf: Leaf, ring: &mut [Count]) {
        let forest = self.incidents.tree().forest();
        let members = self.blocks.get(forest.number(leaf)).into_iter().flatten();
        forest.points(leaf).zip(members).for_each(|(_, member)| plus(*member, ring));
    }

    /// Adds each point of a block to its ring.
    fn measure(
        &self,
        leaf: Leaf,
        center: Position,
        brackets: &[(ChordBracket, Length)],
        rings: &mut [Vec<Count>],
    ) {
        let forest = self.incidents.tree().forest();
        let Some(block) = forest.block(leaf) else { return };
        let chords2 = block.chords2(Ecef::from(center).0);
        let members = self.blocks.get(forest.number(leaf)).into_iter().flatten();
        for (((_, index), chord2), member) in forest.points(leaf).zip(chords2).zip(members) {
            let is_within = |(bracket, radius): &(ChordBracket, Length)| {
                chord2 < bracket.shorter2
                    || chord2 <= bracket.longer2
                        && (self.incidents.list().get(index))
                            .is_some_and(|one| geodesic::distance(center, one.position) <= *radius)
            };
            let ring = brackets.iter().position(is_within).and_then(|ring| rings.get_mut(ring));
            ring.into_iter().for_each(|ring| plus(*member, ring));
        }
    }
}

/// Adds an incident to its groups.
fn plus(member: Member, sums: &mut [Count]) {
    let one = Count { incidents: 1, fatalities: u64::from(member.deaths) };
    for group in member.groups {
        sums.get_mut(usize::from(group)).into_iter().for_each(|sum| *sum += one);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::WeighedIncident;

    #[test]
    fn rings_of_groups_are_those_of_each_incident() {
        // Dense around a place and sparse elsewhere, with some exactly where others are.
        let at = |i: u32| {
            let wide = if i.is_multiple_of(3) { 40.0 } else { 0.9 };
            let (a, b) =
                (f64::from(i * 7919 % 1009) / 1009.0, f64::from(i * 104_729 % 997) / 997.0);
            Position::from_degrees(65.0 + wide * (a - 0.5), 29.0 + wide * (b - 0.5)).expect("valid")
        };
        let incident = |i: u32| WeighedIncident {
            index: 0,
            position: at(i),
            weight: 1.0,
            spread_km: 0.0,
            fatalities: i % 5,
            deaths_unknown: false,
            violent: true,
            age_days: 0,
        };
        let list: Vec<WeighedIncident> = (0..6_000).map(incident).collect();
        let groups: Vec<[u16; 2]> = (0..6_000).map(|i| [i % 3, 3 + i % 7]).collect();
        let incidents = WeighedIncidents::new(list.clone());
        let grouped = Grouped::new(&incidents, &groups);
        let radii = [0.0, 10.0, 50.0, 400.0].map(Length::from_km);
        let mut found = [0; 4];
        for from in (0..6_000).step_by(251).map(at) {
            let mut right = vec![vec![Count::default(); 10]; radii.len()];
            for (one, groups) in list.iter().zip(&groups) {
                let distance = geodesic::distance(from, one.position);
                let Some(ring) = radii.iter().position(|radius| distance <= *radius) else {
                    continue;
                };
                for group in groups {
                    right[ring][usize::from(*group)].incidents += 1;
                    right[ring][usize::from(*group)].fatalities += u64::from(one.fatalities);
                }
            }
            assert_eq!(grouped.between(from, &radii), right);
            for (found, ring) in found.iter_mut().zip(&right) {
                *found += ring[0].incidents;
            }
        }
        assert!(found.iter().all(|found| *found > 0), "{found:?}");
    }

    #[test]
    fn no_incidents_are_no_groups() {
        let incidents = WeighedIncidents::new(Vec::new());
        let grouped = Grouped::new(&incidents, &[]);
        let from = Position::from_degrees(1.0, 2.0).expect("valid");
        assert_eq!(grouped.between(from, &[Length::from_km(50.0)]), [vec![]]);
    }
}
