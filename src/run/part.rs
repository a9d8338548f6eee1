//! Parts of the incidents that score their sites as all incidents do, for data that no single machine holds.
//!
//! Space is divided into fixed cubes ([`Cube`]). [`locate`] tells in which cubes the records of a table count, and
//! sums up what a part must know of all of them: a [`Whole`]. Wholes of several tables are merged;
//! [`Whole::needed`] then lists, for each cube with sites, the cubes of incidents that their scores, counts and nearest
//! incidents depend on. A [`World`] of these incidents [in the whole](World::in_whole) gives every number of a site bit
//! for bit as the world of all incidents does.

use super::world::World;
use super::world::collected::Collected;
use super::world::newest::newest;
use crate::earth::Length;
use crate::index::Cube;
use crate::measures::Kernel;
use crate::model::{Domain, Findings, Incident, Place, Site};
use crate::scoring::Scheme;
use crate::sources::{self, ReadOptions, Reading, Role, Source};
use crate::{Code, Error, Result};
use jiff::civil::Date;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where the records of a table count.
#[derive(Debug)]
pub struct Located {
    /// For each row of the table, in order, where it counts.
    pub rows: Vec<Where>,
    /// What is known of these records together.
    pub whole: Whole,
    /// The number of records that cannot be used.
    pub set_aside: u64,
    /// What was found while reading.
    pub findings: Findings,
}

/// Where a record counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Where {
    /// Nowhere: it was set aside or left out, or is not scored.
    Nowhere,
    /// For sites near these cubes, at least one.
    In(Vec<Cube>),
    /// For all sites: an earthquake, whose catalog every site refers to.
    Everywhere,
}

/// What a part of the incidents must know of all of them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Whole {
    /// The number of records.
    read: u64,
    collected: Vec<Collected>,
    /// The last day of any record.
    latest: Option<Date>,
    cubes: BTreeMap<u32, Held>,
}

/// What a cube holds.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Held {
    /// The number of records.
    count: u64,
    /// The largest standard deviation of a position error, in km.
    spread_km: f64,
    /// The first day of a security incident.
    first: Option<Date>,
}

impl Held {
    fn add(&mut self, other: Self) {
        self.count += other.count;
        self.spread_km = self.spread_km.max(other.spread_km);
        self.first = earlier(self.first, other.first);
    }
}

/// Reads a table of sites or incidents, and tells where its records count under a scheme.
///
/// # Errors
/// A table that cannot be read, or whose records have no row number; another role.
pub fn locate(source: &Source, role: Role, read: &ReadOptions, scheme: &Scheme) -> Result<Located> {
    match role {
        Role::Sites => {
            let reading = sources::read_sites(source, read)?;
            located(reading, Whole::default(), |site: &Site| {
                let spread_km = scheme.position.sigma_km(site.accuracy);
                (&site.place, Where::In(Cube::of_shape(&site.shape)), spread_km, None)
            })
        }
        Role::Incidents => {
            let reading = sources::read_incidents(source, read)?;
            let whole = Whole {
                collected: Collected::even_unusable(&reading, read.rows.since),
                latest: reading.items.iter().filter_map(|one| Some(one.date?.last())).max(),
                ..Whole::default()
            };
            located(reading, whole, |incident: &Incident| {
                let counts = match incident.domain {
                    Domain::Security | Domain::Accident if incident.vague => Where::Nowhere,
                    Domain::Security | Domain::Accident => {
                        Where::In(vec![Cube::of(incident.position)])
                    }
                    Domain::Earthquake => Where::Everywhere,
                    Domain::Other => Where::Nowhere,
                };
                let first = incident.date.map(|date| date.last());
                let first = first.filter(|_| incident.domain == Domain::Security);
                let spread_km = scheme.position.sigma_km(incident.accuracy);
                (&incident.place, counts, spread_km, first)
            })
        }
        Role::Receptors => Err(Error::usage(
            Code::SettingInvalid,
            "receptors are not located: every part needs all of them",
        )),
    }
}

/// The place of a record, where it counts, its position error in km, and its day if it is a security incident.
type Found<'t> = (&'t Place, Where, f64, Option<Date>);

fn located<T: Sync>(
    reading: Reading<T>,
    mut whole: Whole,
    of: impl for<'t> Fn(&'t T) -> Found<'t> + Send + Sync,
) -> Result<Located> {
    let Reading { items, read, set_aside, findings, file, .. } = reading;
    whole.read = read;
    let count = usize::try_from(read).unwrap_or(usize::MAX);
    let mut rows = vec![Where::Nowhere; count];
    let found: Vec<Found<'_>> = items.par_iter().map(of).collect();
    for (place, counts, spread_km, first) in found {
        if let Where::In(cubes) = &counts {
            for cube in cubes {
                let held = whole.cubes.entry(cube.number()).or_default();
                held.add(Held { count: 1, spread_km, first });
            }
        }
        let row = match *place {
            Place::Feature(row) | Place::TableRow(row) => {
                usize::try_from(row).ok().and_then(|row| rows.get_mut(row))
            }
            _ => None,
        };
        let unnumbered = || {
            Error::usage(Code::SettingsConflict, format!("{file}: its records have no row number"))
                .with_hint("give an Arrow table")
        };
        *row.ok_or_else(unnumbered)? = counts;
    }
    Ok(Located { rows, whole, set_aside, findings })
}

impl Whole {
    /// Adds what is known of other records. The order of merging does not matter.
    pub fn merge(&mut self, other: Self) {
        self.read += other.read;
        self.latest = self.latest.max(other.latest);
        for one in other.collected {
            let same =
                |known: &&mut Collected| known.file == one.file && known.domain == one.domain;
            match self.collected.iter_mut().find(same) {
                Some(known) => known.merge(one),
                None => self.collected.push(one),
            }
        }
        self.collected.sort_by(|a, b| a.file.cmp(&b.file).then(a.domain.cmp(&b.domain)));
        for (cube, held) in other.cubes {
            self.cubes.entry(cube).or_default().add(held);
        }
    }

    /// The number of records.
    pub fn read(&self) -> u64 {
        self.read
    }

    /// The date at which ages are computed unless one is given: that of the newest incident.
    pub fn as_of(&self) -> Option<Date> {
        newest(&self.collected(), &[]).0.or(self.latest)
    }

    /// Lists for each cube with sites the cubes of incidents that the sites in it need at a date: those within the reach
    /// of the kernels and of every count, and those that may hold the nearest security incident.
    pub fn needed(
        &self,
        sites: &Self,
        scheme: &Scheme,
        as_of: Option<Date>,
    ) -> Vec<(Cube, Vec<Cube>)> {
        let plan = scheme.security_plan(0);
        let kernels = [plan.kernel, scheme.accident_kernel()];
        let counts = plan.counts.radii.into_iter().chain([plan.counts.window_radius]);
        let farthest =
            counts.fold(Length::ZERO, |most, next| if next > most { next } else { most });
        let counted =
            |held: &Held| held.first.is_some_and(|first| as_of.is_none_or(|as_of| first <= as_of));
        let incidents: Vec<(Cube, Held)> = self
            .cubes
            .iter()
            .filter_map(|(number, held)| Some((Cube::from_number(*number)?, *held)))
            .collect();
        let of_cube = |(number, site): (&u32, &Held)| {
            let from = Cube::from_number(*number)?;
            let chords: Vec<(f64, f64)> =
                incidents.iter().map(|(to, _)| from.chords(*to)).collect();
            let nearest = incidents.iter().zip(&chords).filter(|((_, held), _)| counted(held));
            let nearest = nearest.map(|(_, (_, far))| *far).fold(f64::INFINITY, f64::min);
            // Of two incidents the one with the shorter chord may be a little farther along the ground.
            let nearest = if nearest.is_finite() { 1.01 * nearest + 1_000.0 } else { 0.0 };
            let mut reach = Reach { kernels: &kernels, farthest, known: Vec::new() };
            let needed = incidents.iter().zip(&chords).filter(|((_, held), (near, _))| {
                *near <= nearest || *near <= reach.meters(site.spread_km, held.spread_km)
            });
            Some((from, needed.map(|((to, _), _)| *to).collect()))
        };
        sites.cubes.par_iter().filter_map(of_cube).collect()
    }

    fn collected(&self) -> Vec<Collected> {
        self.collected.iter().filter(|one| one.is_usable()).cloned().collect()
    }
}

impl World {
    /// Makes a world with a part of the incidents answer as that of all: where and until when incidents were collected
    /// is taken from the whole. The as-of date of its cases must be given: that of the [whole](Whole::as_of).
    #[must_use]
    pub fn in_whole(mut self, whole: &Whole) -> Self {
        self.collected = whole.collected();
        self
    }
}

/// How far a site asks for incidents.
struct Reach<'a> {
    kernels: &'a [Kernel],
    /// The largest radius of a count.
    farthest: Length,
    /// The largest distance by position errors, which recur.
    known: Vec<(f64, f64)>,
}

impl Reach<'_> {
    /// The largest distance in meters for the standard deviations of the position errors of a site and an incident.
    fn meters(&mut self, site_km: f64, incident_km: f64) -> f64 {
        if let Some((_, meters)) = self.known.iter().find(|(known, _)| *known == incident_km) {
            return *meters;
        }
        let spread2 = site_km * site_km + incident_km * incident_km;
        let reaches = self.kernels.iter().map(|kernel| kernel.reach(spread2).meters());
        let meters = reaches.fold(self.farthest.meters(), f64::max);
        self.known.push((incident_km, meters));
        meters
    }
}

/// The earlier of two days, if there are any.
fn earlier(a: Option<Date>, b: Option<Date>) -> Option<Date> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
