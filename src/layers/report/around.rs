//! What lies around a site, by type and by year: security incidents, accidents and earthquakes apart.

use super::events::counts;
use crate::earth::{Length, Position};
use crate::index::{Neighbors, PointTree, Probe};
use crate::layers::Context;
use crate::measures::{Security, WeighedIncident};
use crate::model::{Domain, Incident, ReceptorKind, SecurityType};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Incidents, and deaths in them.
type Counted = (u32, u64);

/// What is counted apart, in the order of a year's counts.
const APART: [&str; 3] = ["security", "accidents", "earthquakes"];

/// What lies around a site.
#[derive(Debug, Default, Serialize)]
pub struct Around {
    /// Every type of which something lies in the widest ring: what it belongs to, its word, and incidents and deaths in
    /// each ring, the narrowest first.
    pub types: Vec<(&'static str, &'static str, Vec<Counted>)>,
    /// The years in which something happened in the widest ring: security incidents, accidents and earthquakes, each with deaths.
    pub years: Vec<(i16, [Counted; 3])>,
}

/// The accidents and earthquakes of a run.
pub struct Strikes {
    list: Vec<Strike>,
    tree: PointTree,
}

struct Strike {
    apart: usize,
    year: Option<i16>,
    deaths: u32,
}

impl Strikes {
    /// The accidents that count, and the earthquakes among incidents and receptors, each once.
    pub fn of(context: Context<'_>) -> Self {
        let year = |incident: &Incident| incident.date.map(|date| date.last().year());
        let mut found: Vec<(Position, Strike)> = Vec::new();
        let mut known: BTreeSet<&str> = BTreeSet::new();
        for incident in context.incidents {
            let apart = match incident.domain {
                Domain::Accident if counts(context, incident) => 1,
                Domain::Earthquake if context.age(incident).is_none_or(|days| days >= 0) => 2,
                _ => continue,
            };
            if apart == 2 {
                known.insert(&incident.id);
            }
            let deaths = incident.fatalities.unwrap_or(0);
            found.push((incident.position, Strike { apart, year: year(incident), deaths }));
        }
        let quakes = context.receptors.iter().filter(|one| one.kind == ReceptorKind::Earthquakes);
        for quake in quakes.filter(|one| !known.contains(one.id.as_str())) {
            let Some(position) = quake.shape.as_point() else { continue };
            let year = quake.date.map(|date| date.last().year());
            found.push((position, Strike { apart: 2, year, deaths: 0 }));
        }
        let (positions, list) = found.into_iter().unzip();
        Self { list, tree: PointTree::new(positions) }
    }

    fn within(&self, from: Position, radius: Length) -> impl Iterator<Item = &Strike> {
        let found = self.tree.within(&Probe::point(from), radius);
        found.into_iter().filter_map(|found| self.list.get(found.index))
    }
}

/// The type and the year of each security incident that counts.
pub struct Typed {
    list: Vec<(SecurityType, Option<i16>)>,
}

impl Typed {
    /// In the order of the incidents of `security`.
    pub fn of(context: Context<'_>, security: &Security) -> Self {
        let kind = |event: &WeighedIncident| {
            let incident = context.incidents.get(event.index);
            let year = incident.and_then(|one| one.date).map(|date| date.last().year());
            let kind = incident.and_then(|one| one.security_type);
            (kind.unwrap_or(SecurityType::Unknown), year)
        };
        Self { list: security.incidents().par_iter().map(kind).collect() }
    }

    /// Visits the security incidents within the last of some ascending radii: type, year, deaths, and how many radii are
    /// shorter than its distance.
    pub fn in_rings(
        &self,
        security: &Security,
        from: Position,
        radii: &[Length],
        mut visit: impl FnMut(SecurityType, Option<i16>, u32, usize),
    ) {
        security.in_rings(from, radii, |index, event, ring| {
            if let Some((kind, year)) = self.list.get(index) {
                visit(*kind, *year, event.fatalities, ring);
            }
        });
    }

    /// Incidents and deaths within a radius of a position, by the year of an incident's last day.
    pub fn years(
        &self,
        security: &Security,
        from: Position,
        radius: Length,
    ) -> Vec<(i16, u32, u64)> {
        let mut years: BTreeMap<i16, Counted> = BTreeMap::new();
        self.in_rings(security, from, &[radius], |_, year, deaths, _| {
            if let Some(year) = year {
                plus(years.entry(year).or_default(), deaths);
            }
        });
        years.into_iter().map(|(year, (count, deaths))| (year, count, deaths)).collect()
    }
}

impl Around {
    /// What lies within the rings around a position.
    pub fn of(
        context: Context<'_>,
        security: &Security,
        typed: &Typed,
        strikes: &Strikes,
        from: Position,
    ) -> Self {
        let rings = &context.scheme.buffers.rings_km;
        let radii: Vec<Length> = rings.iter().copied().map(Length::from_km).collect();
        let none = || vec![(0, 0); rings.len()];
        // First what lies between two rings.
        let mut of_kinds = SecurityType::ALL.map(|_| none());
        let mut years: BTreeMap<i16, [Counted; 3]> = BTreeMap::new();
        typed.in_rings(security, from, &radii, |kind, year, deaths, ring| {
            let of_kind = of_kinds.get_mut(kind as usize).and_then(|of| of.get_mut(ring));
            of_kind.into_iter().for_each(|count| plus(count, deaths));
            if let Some(year) = year {
                let [security, ..] = years.entry(year).or_default();
                plus(security, deaths);
            }
        });
        let mut types: BTreeMap<(usize, Option<SecurityType>), Vec<Counted>> = BTreeMap::new();
        for (kind, between) in SecurityType::ALL.into_iter().zip(of_kinds) {
            if between.iter().any(|(count, _)| *count > 0) {
                let within = between.into_iter().scan((0, 0), |sum, (count, deaths)| {
                    *sum = (sum.0 + count, sum.1 + deaths);
                    Some(*sum)
                });
                types.insert((0, Some(kind)), within.collect());
            }
        }
        for (ring, radius) in radii.iter().enumerate() {
            for strike in strikes.within(from, *radius) {
                let of_type = types.entry((strike.apart, None)).or_insert_with(none);
                of_type.get_mut(ring).into_iter().for_each(|count| plus(count, strike.deaths));
                if let Some(year) = strike.year.filter(|_| ring + 1 == radii.len()) {
                    let of_year = years.entry(year).or_default();
                    of_year
                        .get_mut(strike.apart)
                        .into_iter()
                        .for_each(|count| plus(count, strike.deaths));
                }
            }
        }
        let named = types.into_iter().filter_map(|((apart, kind), counts)| {
            let apart = *APART.get(apart)?;
            Some((apart, kind.map_or(apart, SecurityType::word), counts))
        });
        Self { types: named.collect(), years: years.into_iter().collect() }
    }
}

fn plus((count, sum): &mut Counted, deaths: u32) {
    *count += 1;
    *sum += u64::from(deaths);
}
