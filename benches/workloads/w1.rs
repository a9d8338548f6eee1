//! W1: the number of 1,000,000 incidents within 5, 10, 25, 50 and 100 km of each of 100,000 sites, and
//! the sums of their severities.

use crate::measure::{Row, Size, repeat, row, timed};
use crate::peers;
use crate::world::{self, Incident};
use rayon::prelude::*;
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};
use tamarisk::earth::{ChordBracket, Ecef, Length, Position};
use tamarisk::index::{Exhaustive, Neighbors, Probe};
use tamarisk::measures::{
    CountPlan, Counter, PartProbe, SiteProbe, WeighedIncident, WeighedIncidents,
};

pub const RADII_KM: [f64; 5] = [5.0, 10.0, 25.0, 50.0, 100.0];

/// Counts and sums within each radius, over all sites.
#[derive(Debug, Clone, Copy, Default)]
struct Rings([(u64, u64); 5]);

impl Rings {
    fn add(&mut self, ring: usize, severity: u32) {
        self.0[ring].0 += 1;
        self.0[ring].1 += u64::from(severity);
    }

    fn plus(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| (self.0[i].0 + other.0[i].0, self.0[i].1 + other.0[i].1)))
    }

    fn text(&self) -> String {
        let list = |of: fn(&(u64, u64)) -> u64| {
            self.0.iter().map(|ring| of(ring).to_string()).collect::<Vec<_>>().join("/")
        };
        format!("counts {} sums {}", list(|ring| ring.0), list(|ring| ring.1))
    }
}

pub fn run(who: &str, size: Size) -> Option<Row> {
    let (sites, incidents) = (world::sites(size.of(100_000)), world::incidents(size.of(1_000_000)));
    let part = match who {
        "tamarisk" => sites.len(),
        "exhaustive" => sites.len().min(6),
        _ => sites.len().min(2000),
    };
    let asked = &sites[..part];
    let (spent, rings) = match who {
        "tamarisk" => repeat(|| tamarisk(asked, &incidents)),
        "rstar-2d" => repeat(|| flat(asked, &incidents)),
        "rstar-3d" => repeat(|| in_space(asked, &incidents)),
        "exhaustive" => repeat(|| exhaustive(asked, &incidents)),
        _ => {
            let peer = peers::run(who, "w1", asked, &incidents)?;
            let mut row = row(&peer.spent, (part, sites.len()), "sites", peer.answer);
            (row.peak_mb, row.note) = (peer.peak_mb, Some(peer.version));
            row.check_of_tamarisk = Some(tamarisk(asked, &incidents).1.text());
            return Some(row);
        }
    };
    let mut row = row(&spent, (part, sites.len()), "sites", rings.text());
    if part < sites.len() {
        row.check_of_tamarisk = Some(tamarisk(asked, &incidents).1.text());
    }
    Some(row)
}

/// Prepares a site as a probe.
pub fn subject(position: Position, spread_km: f64) -> SiteProbe {
    let asset = PartProbe {
        probe: Probe::point(position),
        weight: 1.0,
        spread_km,
        tailings: Default::default(),
    };
    SiteProbe { position, parts: vec![asset] }
}

/// Prepares an incident for counting.
pub fn event(number: usize, of: &Incident, weight: f64, spread_km: f64) -> WeighedIncident {
    WeighedIncident {
        index: number,
        position: of.position,
        weight,
        spread_km,
        fatalities: of.severity,
        deaths_unknown: false,
        violent: true,
        age_days: of.age_days,
    }
}

type Timed = (crate::measure::Spent, Rings);

fn tamarisk(sites: &[Position], incidents: &[Incident]) -> Timed {
    let plan = || CountPlan {
        radii: RADII_KM.map(Length::from_km).to_vec(),
        window_radius: Length::from_km(50.0),
        windows: Vec::new(),
        trend_days: 365,
    };
    let (spent, counts) = timed(
        || {
            let event = |(number, incident)| event(number, incident, 1.0, 1.0);
            let events = WeighedIncidents::new(incidents.iter().enumerate().map(event).collect());
            let counter = Counter::new(&events, plan());
            (events, counter)
        },
        |(events, counter)| {
            let subjects: Vec<SiteProbe> =
                sites.par_iter().map(|&position| subject(position, 1.0)).collect();
            counter.counts(&subjects, &events)
        },
    );
    let mut rings = Rings::default();
    for of_site in counts {
        for (sum, count) in rings.0.iter_mut().zip(of_site.rings) {
            sum.0 += u64::from(count.incidents);
            sum.1 += count.fatalities;
        }
    }
    (spent, rings)
}

fn sum_over(sites: &[Position], of: impl Fn(Position) -> Rings + Sync) -> Rings {
    sites.par_iter().map(|&site| of(site)).reduce(Rings::default, Rings::plus)
}

/// A planar R-tree over degrees: queries a box that contains the widest ring, and filters by haversine.
fn flat(sites: &[Position], incidents: &[Incident]) -> Timed {
    timed(
        || {
            let point =
                |i: &Incident| GeomWithData::new([i.position.lon(), i.position.lat()], i.severity);
            RTree::bulk_load(incidents.iter().map(point).collect())
        },
        |tree| {
            sum_over(sites, |site| {
                let (lon, lat) = (site.lon(), site.lat());
                let north = 0.91;
                let east = north / libm::cos((lat.abs() + north).to_radians());
                let around =
                    AABB::from_corners([lon - east, lat - north], [lon + east, lat + north]);
                let mut rings = Rings::default();
                for near in tree.locate_in_envelope(around) {
                    let km = haversine_km([lon, lat], *near.geom());
                    for (ring, radius) in RADII_KM.iter().enumerate() {
                        if km <= *radius {
                            rings.add(ring, near.data);
                        }
                    }
                }
                rings
            })
        },
    )
}

fn haversine_km([lon, lat]: [f64; 2], [to_lon, to_lat]: [f64; 2]) -> f64 {
    let (phi, to_phi) = (lat.to_radians(), to_lat.to_radians());
    let half = |a: f64, b: f64| ((b - a) / 2.0).sin().powi(2);
    let h =
        half(phi, to_phi) + phi.cos() * to_phi.cos() * half(lon.to_radians(), to_lon.to_radians());
    2.0 * 6371.0088 * h.sqrt().asin()
}

/// An R-tree in space, queried with the chords of the radii.
fn in_space(sites: &[Position], incidents: &[Incident]) -> Timed {
    let chords2 = RADII_KM.map(|km| ChordBracket::new(Length::from_km(km)).shorter2);
    timed(
        || {
            let point = |i: &Incident| GeomWithData::new(Ecef::from(i.position).0, i.severity);
            RTree::bulk_load(incidents.iter().map(point).collect())
        },
        |tree| {
            sum_over(sites, |site| {
                let center = Ecef::from(site);
                let mut rings = Rings::default();
                for near in tree.locate_within_distance(center.0, chords2[4]) {
                    let chord2 = center.chord2(Ecef(*near.geom()));
                    for (ring, most) in chords2.iter().enumerate() {
                        if chord2 <= *most {
                            rings.add(ring, near.data);
                        }
                    }
                }
                rings
            })
        },
    )
}

/// Karney's algorithm for every pair.
fn exhaustive(sites: &[Position], incidents: &[Incident]) -> Timed {
    timed(
        || {
            let positions: Vec<Position> = incidents.iter().map(|i| i.position).collect();
            Exhaustive::of_points(&positions)
        },
        |all| {
            sum_over(sites, |site| {
                let mut rings = Rings::default();
                for found in all.within(&Probe::point(site), Length::from_km(100.0)) {
                    for (ring, radius) in RADII_KM.iter().enumerate() {
                        if found.distance <= Length::from_km(*radius) {
                            rings.add(ring, incidents[found.index].severity);
                        }
                    }
                }
                rings
            })
        },
    )
}
