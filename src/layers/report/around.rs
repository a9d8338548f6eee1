//! What lies around a site, by type and by year: security incidents, accidents and earthquakes apart.

use super::events::counts;
use crate::earth::{Length, Position};
use crate::index::{Neighbors, PointTree, Probe};
use crate::layers::Context;
use crate::measures::Security;
use crate::model::{Domain, Incident, ReceptorKind, SecurityType};
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

impl Around {
    /// What lies within the rings around a position.
    pub fn of(
        context: Context<'_>,
        security: &Security,
        strikes: &Strikes,
        from: Position,
    ) -> Self {
        let rings = &context.scheme.buffers.rings_km;
        let mut types: BTreeMap<(usize, Option<SecurityType>), Vec<Counted>> = BTreeMap::new();
        let mut years: BTreeMap<i16, [Counted; 3]> = BTreeMap::new();
        for (ring, km) in rings.iter().enumerate() {
            let radius = Length::from_km(*km);
            let widest = ring + 1 == rings.len();
            let mut add = |apart: usize, kind, year: Option<i16>, deaths: u32| {
                let of_type =
                    types.entry((apart, kind)).or_insert_with(|| vec![(0, 0); rings.len()]);
                of_type.get_mut(ring).into_iter().for_each(|count| plus(count, deaths));
                if let Some(year) = year.filter(|_| widest) {
                    let of_year = years.entry(year).or_default();
                    of_year.get_mut(apart).into_iter().for_each(|count| plus(count, deaths));
                }
            };
            for event in security.within(from, radius) {
                let Some(incident) = context.incidents.get(event.index) else { continue };
                let year = incident.date.map(|date| date.last().year());
                let kind = incident.security_type.unwrap_or(SecurityType::Unknown);
                add(0, Some(kind), year, event.fatalities);
            }
            for strike in strikes.within(from, radius) {
                add(strike.apart, None, strike.year, strike.deaths);
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
