//! What lies around a site, by type and by year: security incidents, accidents and earthquakes apart.

use super::events::counts;
use crate::earth::{Length, Position};
use crate::index::{Neighbors, PointTree, Probe};
use crate::layers::Context;
use crate::measures::{Count, Grouped, Security, WeighedIncident};
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

/// The security incidents that count, by type and by year.
pub struct Typed<'a> {
    /// The types, then the years.
    grouped: Grouped<'a>,
    years: Vec<i16>,
    /// The radii of the rings and of the window, ascending.
    radii: Vec<Length>,
    /// The radius within which incidents are counted by year.
    window: Length,
}

impl<'a> Typed<'a> {
    /// The incidents of `security`, counted in the rings and the window of a run.
    pub fn of(context: Context<'_>, security: &'a Security) -> Self {
        let year = |event: &WeighedIncident| {
            let date = context.incidents.get(event.index)?.date?;
            Some(date.last().year())
        };
        let years: BTreeSet<i16> = security.incidents().iter().filter_map(year).collect();
        let years: Vec<i16> = years.into_iter().collect();
        let groups = |event: &WeighedIncident| {
            let kind = context.incidents.get(event.index).and_then(|one| one.security_type);
            let year = year(event).and_then(|year| years.binary_search(&year).ok());
            let year = SecurityType::ALL.len() + year.unwrap_or(years.len());
            // There are far fewer years than numbers of 16 bits.
            let of = |group: usize| u16::try_from(group).unwrap_or(u16::MAX);
            [of(kind.unwrap_or(SecurityType::Unknown) as usize), of(year)]
        };
        let groups: Vec<[u16; 2]> = security.incidents().par_iter().map(groups).collect();
        let buffers = &context.scheme.buffers;
        let window = Length::from_km(buffers.window_radius_km);
        let rings = buffers.rings_km.iter().copied().map(Length::from_km);
        let mut radii: Vec<Length> = rings.chain([window]).collect();
        radii.sort_by(|a, b| a.meters().total_cmp(&b.meters()));
        radii.dedup();
        Self { grouped: security.grouped(&groups), years, radii, window }
    }

    /// Counts what lies around a position.
    fn at(&self, from: Position) -> TypedAt<'_> {
        TypedAt { of: self, between: self.grouped.between(from, &self.radii) }
    }
}

/// Security incidents around a position.
struct TypedAt<'t> {
    of: &'t Typed<'t>,
    /// Between two radii, by group.
    between: Vec<Vec<Count>>,
}

impl TypedAt<'_> {
    /// Incidents of a group within a radius, and deaths in them.
    fn within(&self, group: usize, radius: Length) -> Counted {
        let rings = self.of.radii.iter().zip(&self.between);
        let mut sum = Count::default();
        for (_, ring) in rings.take_while(|(outer, _)| **outer <= radius) {
            ring.get(group).into_iter().for_each(|more| sum += *more);
        }
        (sum.incidents, sum.fatalities)
    }

    /// The years in which something happened within a radius.
    fn years(&self, radius: Length) -> impl Iterator<Item = (i16, Counted)> {
        let years = (SecurityType::ALL.len()..).zip(&self.of.years);
        let counted = years.map(move |(group, year)| (*year, self.within(group, radius)));
        counted.filter(|(_, (count, _))| *count > 0)
    }
}

impl Around {
    /// What lies within the rings around a position, and the security incidents within the window's radius by year.
    pub fn of(
        context: Context<'_>,
        typed: &Typed<'_>,
        strikes: &Strikes,
        from: Position,
    ) -> (Self, Vec<(i16, u32, u64)>) {
        let rings = &context.scheme.buffers.rings_km;
        let radii: Vec<Length> = rings.iter().copied().map(Length::from_km).collect();
        let none = || vec![(0, 0); rings.len()];
        let incidents = typed.at(from);
        let mut types: BTreeMap<(usize, Option<SecurityType>), Vec<Counted>> = BTreeMap::new();
        for kind in SecurityType::ALL {
            let within: Vec<Counted> =
                radii.iter().map(|radius| incidents.within(kind as usize, *radius)).collect();
            if within.iter().any(|(count, _)| *count > 0) {
                types.insert((0, Some(kind)), within);
            }
        }
        let widest = radii.last().copied().unwrap_or(Length::ZERO);
        let of_year = |(year, counted)| (year, [counted, (0, 0), (0, 0)]);
        let mut years: BTreeMap<i16, [Counted; 3]> = incidents.years(widest).map(of_year).collect();
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
        let around = Self { types: named.collect(), years: years.into_iter().collect() };
        let years = incidents.years(typed.window);
        (around, years.map(|(year, (count, deaths))| (year, count, deaths)).collect())
    }
}

fn plus((count, sum): &mut Counted, deaths: u32) {
    *count += 1;
    *sum += u64::from(deaths);
}
