//! Which incidents are new, which are gone and which were corrected between two runs, and which sites are still
//! the same. A record is told by its id, and by all of it that bears on a score.

use super::folder::Origin;
use crate::earth::Length;
use crate::model::{Domain, Incident, SecurityType, Site};
use crate::run::{Sites, Use};
use crate::scoring::Scheme;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// The incidents that count in two runs, paired.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    /// Those that are the same in both, as the newer has them.
    pub same: Vec<Incident>,
    /// Those of one id that are told otherwise: as they were and as they are.
    pub corrected: Vec<(Incident, Incident)>,
    /// Those that counted and do not any more.
    pub vanished: Vec<Incident>,
    /// Those that did not count before.
    pub new: Vec<Incident>,
}

/// What of an incident bears on a score, with the digits that layers are written with.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Content {
    domain: Domain,
    security_type: Option<SecurityType>,
    place: [u64; 2],
    accuracy: Option<u64>,
    last: Option<Date>,
    fatalities: Option<u32>,
    quake: [Option<u64>; 2],
}

impl Content {
    fn of(incident: &Incident) -> Self {
        // The bits of a whole number: 0 has one sign.
        let units = |value: f64, of_one: f64| (libm::round(value * of_one) + 0.0).to_bits();
        Self {
            domain: incident.domain,
            security_type: incident.security_type,
            place: [incident.position.lon(), incident.position.lat()].map(|at| units(at, 1e7)),
            accuracy: incident.accuracy.map(|accuracy| units(accuracy.km(), 1e3)),
            last: incident.date.map(|date| date.last()),
            fatalities: incident.fatalities,
            quake: [
                incident.magnitude.map(|m| units(m, 1e2)),
                incident.depth_km.map(|d| units(d, 1e3)),
            ],
        }
    }
}

/// Those of a list that count towards a score at a date.
pub(super) fn counting(incidents: &[Incident], as_of: Option<Date>) -> Vec<&Incident> {
    let uses = Use::of_each(incidents, as_of);
    let used = incidents.iter().zip(uses).filter(|(_, usage)| *usage == Use::Used);
    used.map(|(incident, _)| incident).collect()
}

impl Pairs {
    /// Pairs what counted before with what counts now: first what is the same under the same id, then what is the
    /// same under another, since ids made of lines move when a line is put in; what is left under one id was corrected.
    pub fn of(old: &[&Incident], new: &[&Incident]) -> Self {
        let mut pairs = Self::default();
        let contents =
            |all: &[&Incident]| all.iter().map(|one| Content::of(one)).collect::<Vec<_>>();
        let (before, now) = (contents(old), contents(new));
        let ids: BTreeMap<&str, usize> =
            old.iter().enumerate().map(|(at, one)| (one.id.as_str(), at)).collect();
        let mut free: BTreeSet<usize> = (0..old.len()).collect();
        let mut rest: Vec<(&Incident, &Content)> = Vec::new();
        for (one, content) in new.iter().copied().zip(&now) {
            let known = ids.get(one.id.as_str()).filter(|at| before.get(**at) == Some(content));
            match known {
                Some(at) => {
                    free.remove(at);
                    pairs.same.push(one.clone());
                }
                None => rest.push((one, content)),
            }
        }
        let mut moved: BTreeMap<&Content, Vec<usize>> = BTreeMap::new();
        for at in free.iter().rev() {
            if let Some(content) = before.get(*at) {
                moved.entry(content).or_default().push(*at);
            }
        }
        rest.retain(|(one, content)| {
            let Some(at) = moved.get_mut(content).and_then(Vec::pop) else { return true };
            free.remove(&at);
            pairs.same.push((*one).clone());
            false
        });
        for (one, _) in rest {
            let was = ids.get(one.id.as_str()).filter(|at| free.remove(at));
            match was.and_then(|at| old.get(*at)) {
                Some(was) => pairs.corrected.push(((*was).clone(), one.clone())),
                None => pairs.new.push(one.clone()),
            }
        }
        let gone = free.into_iter().filter_map(|at| old.get(at));
        pairs.vanished = gone.map(|one| (*one).clone()).collect();
        pairs
    }
}

/// What was corrected of an incident, in words.
pub(super) fn correction(was: &Incident, is: &Incident) -> String {
    let mut said = Vec::new();
    let moved = crate::earth::geodesic::distance(was.position, is.position).km();
    if moved >= 0.001 {
        said.push(format!("moved {moved:.1} km"));
    }
    let number =
        |deaths: Option<u32>| deaths.map_or_else(|| "none told".to_owned(), |n| n.to_string());
    if was.fatalities != is.fatalities {
        said.push(format!("deaths {} to {}", number(was.fatalities), number(is.fatalities)));
    }
    let day = |one: &Incident| one.date.map(|date| date.last().to_string()).unwrap_or_default();
    if day(was) != day(is) {
        said.push(format!("date {} to {}", day(was), day(is)));
    }
    let kind = |one: &Incident| match one.security_type {
        Some(kind) => kind.word().replace('_', " "),
        None => one.domain.word().to_owned(),
    };
    if kind(was) != kind(is) {
        said.push(format!("type {} to {}", kind(was), kind(is)));
    }
    let accuracy = |one: &Incident| {
        one.accuracy.map_or_else(|| "not told".to_owned(), |radius| format!("{} km", radius.km()))
    };
    if accuracy(was) != accuracy(is) {
        said.push(format!("accuracy {} to {}", accuracy(was), accuracy(is)));
    }
    if said.is_empty() { "magnitude or depth".to_owned() } else { said.join(", ") }
}

/// A site with its parts, as one run had it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Had<'a> {
    pub site: &'a Site,
    pub parts: &'a [Site],
    pub from: Origin,
    /// How many parts its folder tells of.
    pub told: Option<f64>,
}

/// The site of an id, with its parts.
pub(super) fn had<'a>(
    sites: &'a Sites,
    from: Origin,
    at: &BTreeMap<&str, usize>,
    id: &str,
    told: Option<f64>,
) -> Option<Had<'a>> {
    let at = *at.get(id)?;
    let parts = sites.linked.get(at).map_or(&[][..], Vec::as_slice);
    Some(Had { site: sites.list.get(at)?, parts, from, told })
}

/// Whether a site is the same in both runs, as far as what is known of both tells. Of a layer that is its place, its
/// accuracy, its tailings and the number of its parts.
pub(super) fn is_same(old: Had<'_>, new: Had<'_>, schemes: [&Scheme; 2]) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() < 1.01e-7;
    let at = |one: Had<'_>| one.site.position;
    let [first, second] = [at(old), at(new)];
    let placed = near(first.lon(), second.lon()) && near(first.lat(), second.lat());
    let [before, now] = schemes.map(|scheme| scheme.position.radius(None));
    let radius = |accuracy: Option<Length>, usual: Length| accuracy.unwrap_or(usual).km();
    let accurate = (radius(old.site.accuracy, before) - radius(new.site.accuracy, now)).abs()
        < 1e-3
        || old.site.accuracy == new.site.accuracy;
    let alike =
        placed && accurate && old.site.tailings == new.site.tailings && old.told == new.told;
    if old.from == Origin::Layer || new.from == Origin::Layer {
        return alike;
    }
    let bears = |one: &Site| Site {
        id: String::new(),
        name: String::new(),
        file: "".into(),
        place: crate::model::Place::File,
        columns: Vec::new(),
        water_stress_aside: crate::model::WaterStressAside::default(),
        ..one.clone()
    };
    let parts = |one: Had<'_>| one.parts.iter().map(bears).collect::<Vec<Site>>();
    alike && bears(old.site) == bears(new.site) && parts(old) == parts(new)
}
