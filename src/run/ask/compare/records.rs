//! Pairs the incidents of two runs (same, new, vanished, corrected), and checks which sites are unchanged. Records are
//! compared by id and by every value that affects a score.

use super::folder::Origin;
use crate::earth::Length;
use crate::model::{Domain, Incident, SecurityType, Site};
use crate::run::{Sites, Use};
use crate::scoring::Scheme;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// The paired incidents that count in two runs.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    /// Incidents that are the same in both, in the newer version.
    pub same: Vec<Incident>,
    /// Incidents with the same id and different content: before and after.
    pub corrected: Vec<(Incident, Incident)>,
    /// Incidents that count only in the older run.
    pub vanished: Vec<Incident>,
    /// Incidents that count only in the newer run.
    pub new: Vec<Incident>,
}

/// The values of an incident that affect a score, rounded as layers write them.
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
        // Adding 0.0 removes the sign of −0.
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

/// The incidents of a list that count toward a score at a date.
pub(super) fn counting(incidents: &[Incident], as_of: Option<Date>) -> Vec<&Incident> {
    let uses = Use::of_each(incidents, as_of);
    let used = incidents.iter().zip(uses).filter(|(_, usage)| *usage == Use::Used);
    used.map(|(incident, _)| incident).collect()
}

impl Pairs {
    /// Pairs incidents: first those with the same content under the same id, then those with the same content under
    /// another, since ids made from line numbers shift when a line is inserted. Remaining incidents with the same id
    /// count as corrected.
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

/// The corrections of an incident, in words.
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

/// A site with its parts in one run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Had<'a> {
    pub site: &'a Site,
    pub parts: &'a [Site],
    pub from: Origin,
    /// The number of parts written in its folder.
    pub told: Option<f64>,
}

/// The site with an id, and its parts.
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

/// Whether a site is the same in both runs, as far as both are known. A site from a layer has only its position,
/// accuracy, tailings and number of parts.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::earth::Position;
    use crate::model::{DateSpan, Own, Place};
    use jiff::civil::date;

    fn incident(id: &str, lon: f64, fatalities: u32) -> Incident {
        Incident {
            id: id.into(),
            file: "incidents.csv".into(),
            place: Place::File,
            position: Position::from_degrees(lon, 29.5).expect("on Earth"),
            accuracy: Some(Length::from_km(5.0)),
            vague: false,
            date: Some(DateSpan::day(date(2024, 5, 1))),
            domain: Domain::Security,
            security_type: Some(SecurityType::Battles),
            event_type: "Battles".into(),
            finer_type: None,
            fatalities: Some(fatalities),
            fatalities_range: None,
            country: None,
            magnitude: None,
            depth_km: None,
            own: Own::default(),
        }
    }

    fn pairs(old: &[Incident], new: &[Incident]) -> [Vec<String>; 4] {
        let [old, new] = [old, new].map(|all| counting(all, Some(date(2024, 6, 1))));
        let Pairs { same, corrected, vanished, new } = Pairs::of(&old, &new);
        let ids = |all: Vec<Incident>| all.into_iter().map(|one| one.id.to_string()).collect();
        [ids(same), ids(corrected.into_iter().map(|(_, is)| is).collect()), ids(vanished), ids(new)]
    }

    #[test]
    fn incidents_are_paired_by_what_they_are_and_then_by_their_ids() {
        let all = [incident("1", 66.0, 1), incident("2", 66.1, 2), incident("3", 66.2, 3)];
        let none = || Vec::<String>::new();
        let listed = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        assert_eq!(pairs(&all, &all), [listed(&["1", "2", "3"]), none(), none(), none()]);
        // A line is removed: the others move up, and none counts as corrected.
        let moved = [incident("1", 66.1, 2), incident("2", 66.2, 3)];
        assert_eq!(pairs(&all, &moved), [listed(&["1", "2"]), none(), listed(&["1"]), none()]);
        let deadlier = [incident("1", 66.0, 1), incident("2", 66.1, 9), incident("4", 66.3, 3)];
        let due = [listed(&["1"]), listed(&["2"]), listed(&["3"]), listed(&["4"])];
        assert_eq!(pairs(&all, &deadlier), due);
        // Two identical incidents stay two.
        let twice = [incident("1", 66.0, 1), incident("5", 66.0, 1)];
        assert_eq!(pairs(&all[..1], &twice)[3], listed(&["5"]));
        // Positions that are equal when written are the same; incidents after the as-of date do not count.
        assert_eq!(pairs(&all[..1], &[incident("1", 66.000_000_03, 1)])[0], listed(&["1"]));
        let mut late = incident("6", 66.0, 1);
        late.date = Some(DateSpan::day(date(2024, 6, 2)));
        assert_eq!(pairs(&[], &[late])[3], none());
    }

    #[test]
    fn what_was_corrected_is_told() {
        let (was, mut is) = (incident("1", 66.0, 2), incident("1", 66.1, 5));
        is.date = Some(DateSpan::day(date(2024, 5, 3)));
        assert_eq!(
            correction(&was, &is),
            "moved 9.7 km, deaths 2 to 5, date 2024-05-01 to 2024-05-03"
        );
    }
}
