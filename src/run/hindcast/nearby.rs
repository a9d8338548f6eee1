//! The incidents around the sites, as they were published: what the baselines count, and what was to be told. Distances
//! are measured once for all origins; every answer takes only the incidents of its days.

use super::query::end_of;
use super::{Counted, Label};
use crate::earth::{Ecef, Length, Position, geodesic};
use crate::index::{Neighbors, PointTree, Probe};
use crate::measures::{days_between, decay};
use crate::model::{Domain, Incident};
use crate::run::World;
use crate::scoring::Scheme;
use jiff::civil::Date;
use rayon::prelude::*;

/// The least precise position that counts.
const PRECISE: Length = Length::from_km(50.0);

/// The scale of the kernel density.
const KDE_KM: f64 = 50.0;

/// Beyond this distance the kernel density of an incident is below the least positive float: exp(-d² / (2 (50 km)²))
/// with d²/5000 above 745.2.
const KDE_REACH: Length = Length::from_km(1_931.0);

/// Ages of the counts.
///
/// # Units
/// Days.
const ONE_YEAR: i64 = 365;
const THREE_YEARS: i64 = 1_095;

/// Where a fast distance lies within this part of a radius, it is measured by Karney's algorithm.
const FAST_ERROR: f64 = 1e-5;

/// One incident, as it was published. Days are counted from a common one.
#[derive(Debug, Clone, Copy)]
struct Event {
    first: i64,
    last: i64,
    deaths: u32,
}

/// The incidents of known place around each site.
pub(super) struct Nearby {
    /// By their last days, then by their ids.
    events: Vec<Event>,
    probes: Vec<Probe>,
    tree: PointTree,
    /// For each site, the incidents within the largest radius, nearest first: index and distance.
    around: Vec<Vec<(usize, Length)>>,
    /// The weight of an incident by its age, halved with every 365 days.
    by_age: Vec<f64>,
}

impl Nearby {
    /// Measures the security incidents of known place within the largest of some radii around each site. An incident
    /// without an accuracy has the scheme's.
    pub fn new(world: &World, scheme: &Scheme, radii: &[Length]) -> Self {
        let counts = |incident: &&Incident| {
            let precise = scheme.position.radius(incident.accuracy) <= PRECISE;
            incident.domain == Domain::Security && !incident.vague && precise
        };
        let events = world.incidents.iter().filter(counts).filter_map(|incident| {
            let (days, deaths) = (incident.date?, incident.fatalities.unwrap_or(0));
            let event = Event { first: number(days.first()), last: number(days.last()), deaths };
            Some((event, incident.position))
        });
        let mut events: Vec<(Event, Position)> = events.collect();
        // In the order of their ids so far, which stays among those of one day.
        events.sort_by_key(|(event, _)| event.last);
        let (events, positions): (Vec<Event>, Vec<Position>) = events.into_iter().unzip();
        let span = events.first().zip(events.last()).map_or(0, |(a, b)| b.last - a.last);
        let by_age = (0..=span).map(|age| decay(age, 365.0)).collect();
        let tree = PointTree::new(positions);
        let sites = world.sites.list.par_iter();
        let probes: Vec<Probe> = sites.map(|site| Probe::new(&site.shape)).collect();
        let around = probes.par_iter().map(|probe| around(&tree, probe, radii)).collect();
        Self { around, events, probes, tree, by_age }
    }

    /// The incidents within a radius of a site.
    fn within(&self, site: usize, radius: Length) -> impl Iterator<Item = &Event> {
        let around = self.around.get(site).map_or(&[][..], Vec::as_slice);
        let within = around.iter().take_while(move |(_, distance)| *distance <= radius);
        within.filter_map(|(index, _)| self.events.get(*index))
    }

    /// The counts within a radius of a site at an origin.
    pub fn counted(&self, site: usize, radius: Length, origin: Date) -> Counted {
        let origin = number(origin);
        let mut counted = Counted::default();
        for event in self.within(site, radius).filter(|event| event.last <= origin) {
            let age = origin - event.last;
            counted.one_year += u32::from(age < ONE_YEAR);
            counted.three_years += u32::from(age < THREE_YEARS);
            let known = usize::try_from(age).ok().and_then(|age| self.by_age.get(age));
            counted.half_life += known.copied().unwrap_or_else(|| decay(age, 365.0));
        }
        counted
    }

    /// Whether what is to be told of a site at an origin came to pass.
    pub fn happened(&self, site: usize, label: &Label, origin: Date) -> bool {
        let (origin, end) = (number(origin), number(end_of(origin, label.horizon_days)));
        self.within(site, label.radius).any(|event| {
            origin < event.first && event.first <= end && event.deaths >= label.min_deaths
        })
    }

    /// The distance from each site to the nearest incident of the last three years at an origin.
    ///
    /// # Units
    /// Kilometers.
    pub fn nearest_km(&self, origin: Date) -> Vec<Option<f64>> {
        let origin = number(origin);
        let recent = self.events.iter().zip(self.tree.positions());
        let recent =
            recent.filter(|(event, _)| event.last <= origin && origin - event.last < THREE_YEARS);
        let tree = PointTree::new(recent.map(|(_, position)| *position).collect());
        let nearest =
            |probe: &Probe| tree.nearest(probe, 1).first().map(|found| found.distance.km());
        self.probes.par_iter().map(nearest).collect()
    }

    /// The kernel density of all incidents at each site, at each of some ascending origins. Terms are added by their
    /// days, then by their ids, so that no later incident changes a digit.
    pub fn kde(&self, origins: &[Date]) -> Vec<Vec<f64>> {
        let by_then = |origin: &Date| {
            let origin = number(*origin);
            self.events.partition_point(|event| event.last <= origin)
        };
        let ends: Vec<usize> = origins.iter().map(by_then).collect();
        let sites = self.probes.par_iter();
        sites.map(|probe| self.kde_at(probe, &ends)).collect()
    }

    /// The kernel density at a site over the first so many incidents, for each of some ascending numbers.
    fn kde_at(&self, probe: &Probe, ends: &[usize]) -> Vec<f64> {
        let mut terms = vec![0.0; ends.last().copied().unwrap_or(0)];
        let mut add = |index: usize, distance: Length| {
            if let Some(term) = terms.get_mut(index) {
                let squared = distance.km() * distance.km();
                *term = libm::exp(-squared / (2.0 * KDE_KM * KDE_KM));
            }
        };
        match probe.position().map(Ecef::from) {
            Some(center) => self.tree.each_within(center, KDE_REACH, |index, _, place| {
                add(index, center.ground_length(place));
            }),
            None => {
                let found = self.tree.within(probe, KDE_REACH);
                found.into_iter().for_each(|found| add(found.index, found.distance));
            }
        }
        let (mut sum, mut done) = (0.0, 0);
        let at = ends.iter().map(|&end| {
            // One by one, so that the sum does not depend on the origins before.
            sum = terms.get(done..end).unwrap_or_default().iter().fold(sum, |sum, term| sum + term);
            done = end;
            sum
        });
        at.collect()
    }
}

/// The incidents within the largest of some radii around a site, nearest first. Which of the radii they lie within is
/// exact.
fn around(tree: &PointTree, probe: &Probe, radii: &[Length]) -> Vec<(usize, Length)> {
    let widest = radii.iter().copied().fold(Length::ZERO, |a, b| if b > a { b } else { a });
    let Some(position) = probe.position() else {
        let found = tree.within(probe, widest);
        return found.into_iter().map(|found| (found.index, found.distance)).collect();
    };
    let center = Ecef::from(position);
    let open = |fast: Length| {
        let near = |radius: &Length| (fast.km() - radius.km()).abs() <= FAST_ERROR * radius.km();
        radii.iter().any(near)
    };
    let mut found = Vec::new();
    tree.each_within(center, widest, |index, _, place| {
        let fast = center.ground_length(place);
        let exact = || tree.positions().get(index).map(|to| geodesic::distance(position, *to));
        found.extend(if open(fast) { exact() } else { Some(fast) }.map(|length| (index, length)));
    });
    found.retain(|(_, length)| *length <= widest);
    found.sort_by(|(i, a), (j, b)| a.meters().total_cmp(&b.meters()).then(i.cmp(j)));
    found
}

/// The number of a day, counted from 1970.
fn number(day: Date) -> i64 {
    days_between(Date::constant(1970, 1, 1), day)
}
