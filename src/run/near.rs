//! What lies near a position: sites, incidents and receptors in one list, nearest first.

use super::collected::Sources;
use super::newest::newest;
use super::{Gathered, Request};
use crate::Result;
use crate::earth::{Length, Position, Shape};
use crate::index::Probe;
use crate::layers::coverage_words;
use crate::measures::Surroundings;
use crate::model::{Domain, country_at};
use crate::scoring::CoverageWords;
use serde::Serialize;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NearQuery {
    /// Only what lies within this distance.
    pub within: Option<Length>,
    /// At most so many.
    pub most: Option<usize>,
}

/// Who finds nothing nearer than this may have swapped longitude and latitude.
const FAR: Length = Length::from_km(1000.0);

/// What lies so near where they are swapped is likely what was meant.
const NEAR: Length = Length::from_km(100.0);

/// The answer.
#[derive(Debug, Clone, Serialize)]
pub struct Near {
    /// Degrees.
    pub lon: f64,
    /// Degrees.
    pub lat: f64,
    /// The site asked about, where it was one.
    pub site: Option<String>,
    /// Why incidents that are not found here say nothing, where the files of incidents do not cover the
    /// place.
    pub uncovered: Option<String>,
    /// What lies near, nearest first; ties by kind, then by id.
    pub neighbors: Vec<Neighbor>,
    /// What lies near where longitude and latitude are taken for each other, where that finds something
    /// and the position asked about does not.
    pub swapped: Option<Swapped>,
}

/// The position with its two numbers swapped.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Swapped {
    /// Degrees.
    pub lon: f64,
    /// Degrees.
    pub lat: f64,
    /// How much lies there: as much as was asked for, at most.
    pub found: usize,
    /// Kilometers to the nearest of it.
    pub nearest_km: f64,
}

/// One thing that lies near.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Neighbor {
    /// Its id.
    pub id: String,
    /// `site`, `incident`, or the kind of receptor.
    pub kind: &'static str,
    /// Its name, or an incident's type.
    pub name: Option<String>,
    /// Kilometers; 0 inside a polygon.
    pub distance_km: f64,
    /// Degrees clockwise from north.
    pub bearing_deg: f64,
    /// An incident's or earthquake's last day.
    pub date: Option<String>,
    /// Deaths in an incident, by the best estimate.
    pub fatalities: Option<u32>,
    /// The radius in km that holds its true place with 90 % chance, where it is known.
    pub position_accuracy_km: Option<f64>,
}

/// Everything near a position, or near one of the sites (which is then left out itself).
///
/// Incidents of which no more than the country is known have no place and are left out.
pub fn near(gathered: &Gathered, from: Position, site: Option<usize>, query: NearQuery) -> Near {
    let probe = match site.and_then(|at| gathered.sites.get(at)) {
        Some(site) => Probe::new(&site.shape),
        None => Probe::point(from),
    };
    let things = list(gathered, site);
    let around = Surroundings::new(things.iter().enumerate().map(|(at, thing)| (at, &thing.shape)));
    let look = |probe: &Probe| match (query.within, query.most) {
        (Some(within), _) => around.within(probe, within),
        (None, most) => around.nearest(probe, most.unwrap_or(10)),
    };
    let found = look(&probe);
    let lost = found.first().is_none_or(|first| first.distance > FAR);
    let other = Position::from_degrees(from.lat(), from.lon()).filter(|_| lost && site.is_none());
    let swapped = other.and_then(|other| {
        let there = look(&Probe::point(other));
        let nearest = there
            .first()
            .filter(|first| first.distance <= NEAR || query.within.is_some() && found.is_empty());
        Some(Swapped {
            lon: other.lon(),
            lat: other.lat(),
            found: there.len().min(query.most.unwrap_or(usize::MAX)),
            nearest_km: nearest?.distance.km(),
        })
    });
    let mut neighbors: Vec<Neighbor> = found
        .into_iter()
        .filter_map(|nearby| {
            let mut neighbor = things.get(nearby.index)?.neighbor.clone();
            neighbor.distance_km = nearby.distance.km();
            neighbor.bearing_deg = nearby.bearing;
            Some(neighbor)
        })
        .collect();
    neighbors.truncate(query.most.unwrap_or(usize::MAX));
    let name = site.and_then(|at| gathered.sites.get(at)).map(|site| site.id.clone());
    Near { lon: from.lon(), lat: from.lat(), site: name, uncovered: None, neighbors, swapped }
}

impl Near {
    /// The answer, with what the coverage of the incidents that were asked for says of the place.
    ///
    /// # Errors
    /// A file of polygons to cover that cannot be read.
    pub fn with_coverage(self, gathered: &Gathered, request: &Request) -> Result<Self> {
        if request.incidents.is_empty() {
            return Ok(self);
        }
        let (newest, _) = newest(&gathered.collected, &gathered.incidents);
        let as_of = request.as_of.or(newest);
        let sources = Sources::new(&gathered.collected, request)?;
        let collection = sources.at(Domain::Security, as_of);
        let Some(at) = Position::from_degrees(self.lon, self.lat) else { return Ok(self) };
        let country = country_at(at);
        let uncovered =
            match coverage_words(&collection, collection.at(at, country), country, false) {
                CoverageWords::Uncovered(why) => Some(why),
                _ => None,
            };
        Ok(Self { uncovered, ..self })
    }
}

/// A thing and what is said of it.
struct Thing {
    shape: Shape,
    neighbor: Neighbor,
}

/// Everything with a place, in the order of kind and id.
fn list(gathered: &Gathered, site: Option<usize>) -> Vec<Thing> {
    let neighbor = |id: &str, kind, name: Option<String>, accuracy: Option<Length>| Neighbor {
        id: id.to_owned(),
        kind,
        name,
        distance_km: 0.0,
        bearing_deg: 0.0,
        date: None,
        fatalities: None,
        position_accuracy_km: accuracy.map(Length::km),
    };
    let sites =
        gathered.sites.iter().enumerate().filter(|(at, _)| Some(*at) != site).map(|(_, s)| Thing {
            shape: s.shape.clone(),
            neighbor: neighbor(&s.id, "site", Some(s.name.clone()), s.accuracy),
        });
    let parts = gathered.linked.iter().flatten().map(|s| Thing {
        shape: s.shape.clone(),
        neighbor: neighbor(&s.id, s.part.word(), Some(s.name.clone()), s.accuracy),
    });
    let incidents = gathered.incidents.iter().filter(|i| !i.vague).map(|i| Thing {
        shape: Shape::point(i.position),
        neighbor: Neighbor {
            date: i.date.map(|date| date.last().to_string()),
            fatalities: i.fatalities,
            ..neighbor(&i.id, "incident", Some(i.event_type.to_string()), i.accuracy)
        },
    });
    let receptors = gathered.receptors.iter().map(|r| Thing {
        shape: r.shape.clone(),
        neighbor: Neighbor {
            date: r.date.map(|date| date.last().to_string()),
            ..neighbor(&r.id, r.kind.word(), r.name.clone(), r.accuracy)
        },
    });
    let mut all: Vec<Thing> = sites.chain(parts).chain(incidents).chain(receptors).collect();
    all.sort_by(|a, b| {
        a.neighbor.kind.cmp(b.neighbor.kind).then_with(|| a.neighbor.id.cmp(&b.neighbor.id))
    });
    all
}
