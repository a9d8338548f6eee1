//! The incidents around the sites, as they were published: what the baselines count, and what was to be told. Distances
//! are measured once for all origins; every answer takes only the incidents of its days.

use super::query::end_of;
use super::{Counted, Label};
use crate::earth::{Ecef, Length};
use crate::index::{Neighbors, PointTree, Probe};
use crate::measures::{days_between, decay};
use crate::model::{Domain, Incident};
use crate::run::World;
use crate::scoring::Scheme;
use jiff::ToSpan;
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

/// One incident, as it was published.
#[derive(Debug, Clone, Copy)]
struct Event {
    first: Date,
    last: Date,
    deaths: u32,
}

/// The incidents of known place around each site.
pub(super) struct Nearby {
    events: Vec<Event>,
    probes: Vec<Probe>,
    tree: PointTree,
    /// For each site, the incidents within the largest radius, nearest first: index and distance.
    around: Vec<Vec<(usize, Length)>>,
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
            let event = Event { first: days.first(), last: days.last(), deaths };
            Some((event, incident.position))
        });
        let (events, positions): (Vec<Event>, Vec<_>) = events.unzip();
        let tree = PointTree::new(positions);
        let widest = radii.iter().copied().fold(Length::ZERO, |a, b| if b > a { b } else { a });
        let sites = world.sites.list.par_iter();
        let probes: Vec<Probe> = sites.map(|site| Probe::new(&site.shape)).collect();
        let around = probes.par_iter().map(|probe| {
            let found = tree.within(probe, widest);
            found.into_iter().map(|found| (found.index, found.distance)).collect()
        });
        Self { around: around.collect(), events, probes, tree }
    }

    /// The incidents within a radius of a site.
    fn within(&self, site: usize, radius: Length) -> impl Iterator<Item = &Event> {
        let around = self.around.get(site).map_or(&[][..], Vec::as_slice);
        let within = around.iter().take_while(move |(_, distance)| *distance <= radius);
        within.filter_map(|(index, _)| self.events.get(*index))
    }

    /// The counts within a radius of a site at an origin.
    pub fn counted(&self, site: usize, radius: Length, origin: Date) -> Counted {
        let mut counted = Counted::default();
        for event in self.within(site, radius).filter(|event| event.last <= origin) {
            let age = days_between(event.last, origin);
            counted.one_year += u32::from(age < ONE_YEAR);
            counted.three_years += u32::from(age < THREE_YEARS);
            counted.half_life += decay(age, 365.0);
        }
        counted
    }

    /// Whether what is to be told of a site at an origin came to pass.
    pub fn happened(&self, site: usize, label: &Label, origin: Date) -> bool {
        let end = end_of(origin, label.horizon_days);
        self.within(site, label.radius).any(|event| {
            origin < event.first && event.first <= end && event.deaths >= label.min_deaths
        })
    }

    /// The distance from each site to the nearest incident of the last three years at an origin.
    ///
    /// # Units
    /// Kilometers.
    pub fn nearest_km(&self, origin: Date) -> Vec<Option<f64>> {
        let oldest = origin.saturating_sub(THREE_YEARS.days());
        let recent = self.events.iter().zip(self.tree.positions());
        let recent = recent.filter(|(event, _)| oldest < event.last && event.last <= origin);
        let tree = PointTree::new(recent.map(|(_, position)| *position).collect());
        let nearest =
            |probe: &Probe| tree.nearest(probe, 1).first().map(|found| found.distance.km());
        self.probes.par_iter().map(nearest).collect()
    }

    /// The kernel density of all incidents at each site, at each of some ascending origins. Terms are added by their
    /// days, then by their ids, so that no later incident changes a digit.
    pub fn kde(&self, origins: &[Date]) -> Vec<Vec<f64>> {
        let sites = self.probes.par_iter();
        sites.map(|probe| self.kde_at(probe, origins)).collect()
    }

    fn kde_at(&self, probe: &Probe, origins: &[Date]) -> Vec<f64> {
        let mut terms: Vec<(Date, usize, f64)> = Vec::new();
        let mut add = |index: usize, distance: Length| {
            let days = self.events.get(index).map(|event| event.last);
            let days = days.filter(|day| origins.last().is_some_and(|last| day <= last));
            let squared = distance.km() * distance.km();
            let value = || libm::exp(-squared / (2.0 * KDE_KM * KDE_KM));
            terms.extend(days.map(|day| (day, index, value())));
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
        terms.sort_unstable_by(|(a, i, _), (b, j, _)| a.cmp(b).then(i.cmp(j)));
        let mut terms = terms.into_iter().peekable();
        let mut sum = 0.0;
        let at = origins.iter().map(|origin| {
            while let Some((_, _, term)) = terms.next_if(|(day, ..)| day <= origin) {
                sum += term;
            }
            sum
        });
        at.collect()
    }
}
