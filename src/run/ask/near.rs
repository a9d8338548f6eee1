//! Neighbors of a position: sites, incidents and receptors in one list, nearest first.

use crate::Result;
use crate::earth::{Length, Position};
use crate::index::Probe;
use crate::layers::{Digits, Layer, Table, coverage_words, event_name};
use crate::measures::{Collection, Nearby};
use crate::model::{DateSpan, Domain, country_at};
use crate::run::world::covered::Sources;
use crate::run::world::newest::newest;
use crate::run::world::{Ask, Sort, Thing};
use crate::run::{Cancel, Case, Rules, World, told};
use crate::scoring::CoverageWords;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;

/// Options of a query for neighbors.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NearQuery {
    /// The greatest distance.
    pub within: Option<Length>,
    /// The greatest number of neighbors.
    pub most: Option<usize>,
    /// The kinds to list, in the words of [`Neighbor::kind`]; all if empty.
    pub kinds: Vec<String>,
    /// Only incidents and earthquakes of this day or later. Those without a date are then left out; places are not.
    pub since: Option<Date>,
    /// Only incidents and earthquakes of this day or earlier, and those without a date.
    pub until: Option<Date>,
}

/// If nothing is nearer than this, longitude and latitude may be swapped.
const FAR: Length = Length::from_km(1000.0);

/// If the swapped position has a neighbor within this distance, it was likely meant.
const NEAR: Length = Length::from_km(100.0);

/// The result of a query.
#[derive(Debug, Clone, Serialize)]
pub struct Near {
    /// Degrees.
    pub lon: f64,
    /// Degrees.
    pub lat: f64,
    /// The site of the query, if it was one.
    pub site: Option<String>,
    /// Why a lack of incidents means nothing here, if the incident files do not cover the place.
    pub uncovered: Option<String>,
    /// What the incident files cover, and from when until when: `Mali, 2023-04-21 to 2025-03-19 (acled_mali.csv)`.
    pub coverage: Vec<String>,
    /// Counts of what was found.
    pub totals: Totals,
    /// The neighbors, nearest first; ties by kind, then by id.
    pub neighbors: Vec<Neighbor>,
    /// The neighbors of the position with its two numbers swapped, if only that finds something.
    pub swapped: Option<Swapped>,
}

/// The position with its two numbers swapped.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Swapped {
    /// Degrees.
    pub lon: f64,
    /// Degrees.
    pub lat: f64,
    /// The number of neighbors there, limited as in the query.
    pub found: usize,
    /// Kilometers to the nearest.
    pub nearest_km: f64,
}

/// Counts around a place. With a distance limit they include neighbors that are not listed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Totals {
    /// The number of each kind.
    pub kinds: BTreeMap<&'static str, usize>,
    /// The incidents by what they count toward: attacks, accidents, earthquakes, others.
    pub incidents: BTreeMap<&'static str, NearCount>,
    /// Deaths reported in security incidents alone, by the best estimates; `None` if none is known.
    pub deaths: Option<u64>,
    /// People in settlements with a known population; `None` if none is known.
    pub people: Option<f64>,
}

/// Incidents of one domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct NearCount {
    /// How many there are.
    pub count: usize,
    /// Deaths in them, by the best estimates; `None` if none is known.
    pub deaths: Option<u64>,
    /// How many have no number of deaths: then the deaths are the least.
    pub deaths_unknown: usize,
}

/// A neighbor.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Neighbor {
    /// Its id.
    pub id: String,
    /// `site`, `incident`, or the kind of receptor.
    pub kind: &'static str,
    /// What an incident counts toward: `security`, `accident`, `earthquake` or `other`.
    pub domain: Option<&'static str>,
    /// Its name; an incident's most precise type, in the source's words.
    pub name: Option<String>,
    /// Degrees, of its position or of the nearest place on it.
    pub lon: f64,
    /// Degrees.
    pub lat: f64,
    /// Kilometers; 0 inside a polygon.
    pub distance_km: f64,
    /// Kilometers to the edge of an area that is known only by its middle and its size, from which the score measures.
    pub edge_km: Option<f64>,
    /// Degrees clockwise from north.
    pub bearing_deg: f64,
    /// An incident's or earthquake's last day.
    pub date: Option<String>,
    /// Deaths in an incident, by the best estimate.
    pub fatalities: Option<u32>,
    /// The radius in km that contains its true place with 90 % probability, if known.
    pub position_accuracy_km: Option<f64>,
}

/// Everything near a position, or near one of the sites, which is then left out itself.
///
/// Incidents known only to a country are left out.
///
/// ```
/// use tamarisk::earth::{Length, Position};
/// use tamarisk::run::{self, Cancel, NearQuery, Unwatched, World};
///
/// let world = World::read(&run::demo().inputs, &Unwatched, &Cancel::new())?;
/// let from = Position::from_degrees(62.05, 29.12).expect("degrees on Earth");
/// let query = NearQuery { within: Some(Length::from_km(100.0)), ..NearQuery::default() };
/// let found = run::near(&world, from, None, &query, &Cancel::new())?.neighbors;
/// assert!(found.is_sorted_by(|a, b| a.distance_km <= b.distance_km));
/// # Ok::<(), tamarisk::Error>(())
/// ```
///
/// # Errors
/// The query was asked to stop.
pub fn near(
    world: &World,
    from: Position,
    site: Option<usize>,
    query: &NearQuery,
    cancel: &Cancel,
) -> Result<Near> {
    let probe = match site.and_then(|at| world.sites.list.get(at)) {
        Some(site) => Probe::new(&site.shape),
        None => Probe::point(from),
    };
    let found = look(world, &probe, site, query, cancel)?;
    let lost = found.first().is_none_or(|first| first.near.distance > FAR);
    let other = Position::from_degrees(from.lat(), from.lon()).filter(|_| lost && site.is_none());
    let swapped = match other {
        Some(other) => {
            let there = look(world, &Probe::point(other), None, query, cancel)?;
            let nearest = there.first().filter(|first| {
                first.near.distance <= NEAR || query.within.is_some() && found.is_empty()
            });
            nearest.map(|nearest| Swapped {
                lon: other.lon(),
                lat: other.lat(),
                found: there.len().min(query.most.unwrap_or(usize::MAX)),
                nearest_km: nearest.near.distance.km(),
            })
        }
        None => None,
    };
    let totals = Totals::of(&found);
    let shown = found.iter().take(query.most.unwrap_or(usize::MAX));
    let neighbors = shown.map(Found::neighbor).collect();
    let site = site.and_then(|at| world.sites.list.get(at)).map(|site| site.id.clone());
    Ok(Near {
        lon: from.lon(),
        lat: from.lat(),
        site,
        uncovered: None,
        coverage: Vec::new(),
        totals,
        neighbors,
        swapped,
    })
}

/// The results of a query around a probe, nearest first; ties by kind, then by id.
fn look<'a>(
    world: &'a World,
    probe: &Probe,
    site: Option<usize>,
    query: &NearQuery,
    cancel: &Cancel,
) -> Result<Vec<Found<'a>>> {
    let mut all = Vec::new();
    for sort in world.sorts().into_iter().filter(|sort| query.asks_for(*sort)) {
        cancel.check()?;
        let wanted = |(thing, near): (Thing<'a>, Nearby)| {
            let itself = matches!(thing, Thing::Site(at, _) if Some(at) == site);
            Some(Found { thing, near }).filter(|one| !itself && query.wants(one))
        };
        let ask = |ask| world.things_near(sort, probe, ask);
        match (query.within, query.most) {
            (Some(within), _) => {
                all.extend(ask(Ask::Within(within)).into_iter().filter_map(wanted))
            }
            (None, most) => {
                let most = most.unwrap_or(10);
                // Filtered-out things may be among the nearest, so more must be requested.
                let mut asked = most.saturating_add(1);
                loop {
                    cancel.check()?;
                    let there = ask(Ask::Nearest(asked));
                    let exhausted = there.len() < asked;
                    let kept: Vec<Found<'_>> = there.into_iter().filter_map(wanted).collect();
                    if exhausted || kept.len() >= most {
                        all.extend(kept);
                        break;
                    }
                    asked = asked.saturating_mul(4);
                }
            }
        }
    }
    cancel.check()?;
    all.sort_by(|a, b| {
        let nearer = a.near.distance.km().total_cmp(&b.near.distance.km());
        nearer.then_with(|| (a.kind(), a.id()).cmp(&(b.kind(), b.id())))
    });
    if query.within.is_none() {
        all.truncate(query.most.unwrap_or(10));
    }
    cancel.check()?;
    Ok(all)
}

impl NearQuery {
    fn has_kind(&self, kind: &str) -> bool {
        self.kinds.is_empty() || self.kinds.iter().any(|wanted| wanted == kind)
    }

    /// Whether the query may include anything of a sort.
    fn asks_for(&self, sort: Sort) -> bool {
        match sort {
            // Parts have kinds of their own.
            Sort::Sites => true,
            Sort::Incidents => self.has_kind("incident"),
            Sort::Receptors(kind) => self.has_kind(kind.word()),
        }
    }

    fn wants(&self, found: &Found<'_>) -> bool {
        let happened = matches!(found.kind(), "incident" | "earthquakes");
        let day = || found.date().map(|date| date.last());
        let since =
            self.since.is_none_or(|since| !happened || day().is_some_and(|day| day >= since));
        let until =
            self.until.is_none_or(|until| !happened || day().is_none_or(|day| day <= until));
        since && until && self.has_kind(found.kind())
    }
}

impl Totals {
    fn of(found: &[Found<'_>]) -> Self {
        let mut kinds: BTreeMap<&'static str, usize> = BTreeMap::new();
        found.iter().for_each(|one| *kinds.entry(one.kind()).or_default() += 1);
        let mut incidents: BTreeMap<&'static str, NearCount> = BTreeMap::new();
        for (domain, one) in found.iter().filter_map(|one| Some((one.domain()?, one))) {
            let of = incidents.entry(domain.word()).or_default();
            of.count += 1;
            match one.fatalities() {
                Some(deaths) => of.deaths = Some(of.deaths.unwrap_or(0) + u64::from(deaths)),
                None => of.deaths_unknown += 1,
            }
        }
        let deaths = incidents.get(Domain::Security.word()).and_then(|of| of.deaths);
        let people = found.iter().filter_map(Found::population);
        let people = people.clone().next().is_some().then(|| people.sum());
        Self { kinds, incidents, deaths, people }
    }
}

impl Near {
    /// The neighbors as points, each at its nearest place.
    pub fn layer(&self) -> Layer<'_> {
        let table = Table::new()
            .text(
                "kind",
                "site, a part of one, incident, or the kind of receptor",
                |one: &&Neighbor| Some(one.kind),
            )
            .text("name", "Its name, or an incident's type", |one: &&Neighbor| one.name.as_deref())
            .number(
                "distance_km",
                Digits::Decimals(3),
                Some("km"),
                "Distance along the ground, 0 inside a polygon",
                |one: &&Neighbor| Some(one.distance_km),
            )
            .number(
                "bearing",
                Digits::Decimals(1),
                Some("degrees"),
                "Bearing, clockwise from north",
                |one: &&Neighbor| Some(one.bearing_deg),
            )
            .date("date", "An incident's or earthquake's last day", |one: &&Neighbor| {
                one.date.as_deref().and_then(|day| day.parse().ok())
            })
            .number(
                "fatalities",
                Digits::Decimals(0),
                None,
                "Deaths in an incident, by the best estimate",
                |one: &&Neighbor| one.fatalities.map(f64::from),
            )
            .number(
                "position_accuracy_km",
                Digits::Decimals(3),
                Some("km"),
                "Radius that contains its true place with 90 % probability, if known",
                |one: &&Neighbor| one.position_accuracy_km,
            );
        Layer::points("near", table, self.neighbors.len(), |at| {
            let one = self.neighbors.get(at)?;
            Some((one.id.clone(), Position::from_degrees(one.lon, one.lat)?, one))
        })
    }

    /// The result, with a note if the incidents do not cover the place, by some rules.
    ///
    /// # Errors
    /// A coverage file that cannot be read.
    pub fn with_coverage(self, world: &World, rules: &Rules) -> Result<Self> {
        let (newest, _) = newest(&world.collected, &world.incidents);
        let collection = Sources::new(world, rules)?.at(Domain::Security, rules.as_of.or(newest));
        Ok(self.covered(world, &collection))
    }

    /// The result, with a note if the incidents do not cover the place, by the rules of a case; nothing is computed that
    /// the case has.
    #[must_use]
    pub fn with_coverage_of(self, case: &Case) -> Self {
        self.covered(&case.world, &case.collection)
    }

    fn covered(self, world: &World, collection: &Collection) -> Self {
        let at = Position::from_degrees(self.lon, self.lat)
            .filter(|_| world.inputs.iter().any(|input| input.role == "incidents"));
        let Some(at) = at else { return self };
        let country = country_at(at);
        let words = coverage_words(collection, collection.at(at, country), country, false);
        let uncovered = match words {
            CoverageWords::Uncovered(why) => Some(why),
            _ => None,
        };
        let coverage = collection.sources().iter().map(|source| told(collection, source)).collect();
        Self { uncovered, coverage, ..self }
    }
}

/// A thing that was found, and where.
struct Found<'a> {
    thing: Thing<'a>,
    near: Nearby,
}

impl Found<'_> {
    /// The word for its kind, as in [`Neighbor::kind`].
    fn kind(&self) -> &'static str {
        match self.thing {
            Thing::Site(..) => "site",
            Thing::Part(of) => of.part.word(),
            Thing::Incident(_) => "incident",
            Thing::Receptor(one) => one.kind.word(),
        }
    }

    fn id(&self) -> &str {
        match self.thing {
            Thing::Site(_, of) | Thing::Part(of) => &of.id,
            Thing::Incident(one) => &one.id,
            Thing::Receptor(one) => &one.id,
        }
    }

    fn date(&self) -> Option<DateSpan> {
        match self.thing {
            Thing::Site(..) | Thing::Part(_) => None,
            Thing::Incident(one) => one.date,
            Thing::Receptor(one) => one.date,
        }
    }

    fn fatalities(&self) -> Option<u32> {
        match self.thing {
            Thing::Incident(one) => one.fatalities,
            _ => None,
        }
    }

    fn domain(&self) -> Option<Domain> {
        match self.thing {
            Thing::Incident(one) => Some(one.domain),
            _ => None,
        }
    }

    /// The distance to the edge of an area that is known only by its middle and its size.
    fn edge(&self) -> Option<Length> {
        match self.thing {
            Thing::Receptor(area) if area.centroid_radius() > Length::ZERO => {
                let left = self.near.distance.meters() - area.centroid_radius().meters();
                Some(Length::from_meters(left))
            }
            _ => None,
        }
    }

    fn population(&self) -> Option<f64> {
        match self.thing {
            Thing::Receptor(one) => one.population,
            _ => None,
        }
    }

    fn neighbor(&self) -> Neighbor {
        let (name, accuracy) = match self.thing {
            Thing::Site(_, of) | Thing::Part(of) => (Some(of.name.clone()), of.accuracy),
            Thing::Incident(one) => (Some(event_name(one).to_owned()), one.accuracy),
            Thing::Receptor(one) => (one.name.clone(), one.accuracy),
        };
        Neighbor {
            id: self.id().to_owned(),
            kind: self.kind(),
            domain: self.domain().map(Domain::word),
            name,
            lon: self.near.to.lon(),
            lat: self.near.to.lat(),
            distance_km: self.near.distance.km(),
            edge_km: self.edge().map(Length::km),
            bearing_deg: self.near.bearing,
            date: self.date().map(|date| date.last().to_string()),
            fatalities: self.fatalities(),
            position_accuracy_km: accuracy.map(Length::km),
        }
    }
}
