//! A part of the world gives the same bytes as the whole: data beyond the reach of a site does not affect its
//! numbers, not even their last bits.

use crate::index::{Numbers, at};
use crate::made;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use tamarisk::earth::{Ecef, Length, Position, geodesic};
use tamarisk::index::{Cube, Probe};
use tamarisk::measures::{
    CountPlan, Coverage, Kernel, PartProbe, Security, SecurityPlan, SecurityQuantities, SiteProbe,
    WeighedIncident, WeighedIncidents,
};
use tamarisk::scoring::security_score;

const INCIDENTS: usize = 200_000;
const SITES: usize = 700;

/// Incidents in clusters of very different size over the globe, on the antimeridian, at the poles and alone; many
/// share a place or a weight. Most positions have one of a few accuracies; in some clusters each has its own.
fn incidents() -> Vec<WeighedIncident> {
    let mut n = Numbers(101);
    let mut centers = vec![at(180.0, 12.0), at(-180.0, -40.0), at(0.0, 90.0), at(31.0, -89.8)];
    centers.extend((0..60).map(|_| at(n.between(-180.0, 180.0), n.between(-65.0, 75.0))));
    let accuracies = [2.33, 1.4, 11.65, 23.3, 102.5];
    let mut last = centers[0];
    (0..INCIDENTS)
        .map(|incident| {
            let from = (n.next().powi(3) * centers.len() as f64) as usize;
            let own = from % 9 == 5;
            last = match incident % 10 {
                0 => at(n.between(-180.0, 180.0), n.between(-90.0, 90.0)),
                // Again where the last one was.
                1 | 2 => last,
                _ => {
                    let way = Length::from_km((20.0 + 10.0 * (from % 12) as f64) * 2.0 * n.next());
                    geodesic::direct(centers[from], n.between(0.0, 360.0), way)
                }
            };
            WeighedIncident {
                index: incident,
                position: last,
                weight: [0.5, 1.0, 1.0, 3.0][(4.0 * n.next()) as usize],
                spread_km: if own {
                    n.between(0.0, 25.0)
                } else {
                    accuracies[(5.0 * n.next().powi(2)) as usize]
                },
                fatalities: n.between(0.0, 9.0) as u32,
                deaths_unknown: incident % 4 == 1,
                violent: incident.is_multiple_of(2),
                age_days: n.between(0.0, 3000.0) as i64,
            }
        })
        .collect()
}

/// Sites near incidents and anywhere, some with a camp beside the mine.
fn sites(incidents: &[WeighedIncident]) -> Vec<SiteProbe> {
    let mut n = Numbers(103);
    let part = |position, weight, spread_km| PartProbe {
        probe: Probe::point(position),
        weight,
        spread_km,
        tailings: Default::default(),
    };
    (0..SITES)
        .map(|site| {
            let around = incidents[(n.next() * incidents.len() as f64) as usize].position;
            let way = Length::from_km(60.0 * n.next());
            let position = match site % 5 {
                0 => at(n.between(-180.0, 180.0), n.between(-90.0, 90.0)),
                _ => geodesic::direct(around, n.between(0.0, 360.0), way),
            };
            let mut parts = vec![part(position, 1.0, [2.33, 0.0, 11.65][site % 3])];
            if site % 11 == 0 {
                let camp = geodesic::direct(position, 40.0, Length::from_km(8.0));
                parts.push(part(camp, 0.7, 2.33));
            }
            SiteProbe { position, parts }
        })
        .collect()
}

/// The measurements for the score, its columns and its drivers, from incidents within reach.
fn plan(kernel: Kernel) -> SecurityPlan {
    SecurityPlan {
        r90_per_sigma: 2.146,
        kernel,
        keep: 12,
        counts: CountPlan {
            radii: [5.0, 10.0, 25.0, 50.0, 100.0].map(Length::from_km).to_vec(),
            window_radius: Length::from_km(50.0),
            windows: vec![90, 365, 1095],
            trend_days: 365,
        },
        coverage_radius: Length::from_km(100.0),
        nearest: 0,
    }
}

fn kernels() -> [Kernel; 4] {
    [
        made::scheme().security_kernel(),
        Kernel::Gaussian { scales: vec![(0.7, 12.0), (0.3, 30.0)], cutoff: 1e-6 },
        Kernel::Gaussian { scales: vec![(1.0, 45.0)], cutoff: 1e-4 },
        Kernel::Exponential { zone_km: 50.0, rate: 2.99, cutoff: 1e-6 },
    ]
}

fn security(list: Vec<WeighedIncident>, kernel: &Kernel) -> Security {
    Security::new(WeighedIncidents::new(list), Coverage::Everywhere, plan(kernel.clone()))
}

fn measured(security: &Security, sites: &[SiteProbe]) -> Vec<SecurityQuantities> {
    security.measure(sites, &vec![None; sites.len()])
}

/// Every number of a measurement, to the bit.
fn bits(quantities: &SecurityQuantities) -> Vec<u64> {
    let SecurityQuantities { intensity, rings, windows, recent, prior, violent, .. } = quantities;
    let score = security_score(&made::scheme(), intensity.total);
    let mut all =
        vec![score.to_bits(), intensity.total.to_bits(), (*recent).into(), (*prior).into()];
    all.push((*violent).into());
    for driver in &intensity.strongest {
        let meters = driver.nearby.distance.meters();
        all.extend([driver.nearby.index as u64, meters.to_bits(), driver.intensity.to_bits()]);
    }
    for count in rings.iter().chain(windows) {
        all.extend([u64::from(count.incidents), count.fatalities]);
    }
    all
}

/// The largest distance of an incident that can affect a site, including its camp.
fn reach(kernel: &Kernel) -> Length {
    let widest2 = 102.5_f64.powi(2) + 11.65_f64.powi(2);
    Length::from_km(10.0 + kernel.reach(widest2).km().max(100.0))
}

/// The sites of each window of 3 by 3 degrees.
fn windows(sites: &[SiteProbe]) -> Vec<Vec<usize>> {
    let mut windows: BTreeMap<[i64; 2], Vec<usize>> = BTreeMap::new();
    for (index, site) in sites.iter().enumerate() {
        let of = |degrees: f64| (degrees / 3.0).floor() as i64;
        let window = [of(site.position.lon()), of(site.position.lat())];
        windows.entry(window).or_default().push(index);
    }
    windows.into_values().collect()
}

fn cloned(site: &SiteProbe) -> SiteProbe {
    let part = |part: &PartProbe| PartProbe {
        probe: Probe::point(part.probe.position().expect("a point")),
        ..*part
    };
    SiteProbe { position: site.position, parts: site.parts.iter().map(part).collect() }
}

#[test]
fn a_part_of_the_world_scores_to_the_bits_of_the_whole() {
    let all = incidents();
    let sites = sites(&all);
    let cubes: Vec<Cube> = all.iter().map(|event| Cube::of(event.position)).collect();
    let occupied: BTreeSet<Cube> = cubes.iter().copied().collect();
    let windows = windows(&sites);
    assert!(windows.len() > 250, "{} windows", windows.len());
    for kernel in kernels() {
        let reach = reach(&kernel);
        let whole = measured(&security(all.clone(), &kernel), &sites);
        let sizes: Vec<usize> = windows
            .par_iter()
            .map(|window| {
                let near = |cube: &Cube| {
                    let mut positions = window.iter().map(|&site| sites[site].position);
                    positions.any(|position| cube.may_be_within(position, reach))
                };
                let held: BTreeSet<Cube> = occupied.iter().copied().filter(near).collect();
                let part = all.iter().zip(&cubes).filter(|(_, cube)| held.contains(cube));
                let part: Vec<WeighedIncident> = part.map(|(event, _)| *event).collect();
                let size = part.len();
                let asked: Vec<SiteProbe> =
                    window.iter().map(|&site| cloned(&sites[site])).collect();
                for (site, part) in window.iter().zip(measured(&security(part, &kernel), &asked)) {
                    let at = sites[*site].position;
                    assert_eq!(bits(&part), bits(&whole[*site]), "{kernel:?} at {at}");
                }
                size
            })
            .collect();
        // Parts are small beside the whole, and some large enough to be summed by moments.
        assert!(sizes.iter().all(|&size| size < INCIDENTS / 2), "{:?}", sizes.iter().max());
        assert!(sizes.iter().filter(|&&size| size > 5_000).count() > 20);
    }
}

#[test]
fn an_incident_beyond_reach_changes_no_bit_and_one_within_reach_is_counted() {
    let all = incidents();
    let sites = sites(&all);
    let positions: [Position; 3] = [sites[1].position, at(180.0, 12.3), at(10.0, 89.9)];
    for kernel in kernels() {
        let before = security(all.clone(), &kernel);
        let measured_before = measured(&before, &sites);
        for position in positions {
            // One more, first in the order of ids, and one fewer beside it.
            let mut changed = all.clone();
            let chord2 = |of: &usize| Ecef::from(position).chord2(Ecef::from(all[*of].position));
            let nearest = (0..all.len()).min_by(|a, b| chord2(a).total_cmp(&chord2(b)));
            changed.remove(nearest.expect("incidents"));
            changed
                .insert(0, WeighedIncident { index: INCIDENTS, position, weight: 7.0, ..all[0] });
            let list = changed.clone();
            let after = before.changed(list, Coverage::Everywhere, plan(kernel.clone()));
            let shared = measured(&after, &sites);
            let anew = measured(&security(changed, &kernel), &sites);
            let mut touched = 0;
            let both = measured_before.iter().zip(shared.iter().zip(&anew));
            for ((before, (shared, anew)), site) in both.zip(&sites) {
                assert_eq!(bits(shared), bits(anew), "made anew or changed: {}", site.position);
                let far =
                    geodesic::distance(position, site.position).km() > reach(&kernel).km() + 400.0;
                if far {
                    assert_eq!(bits(before), bits(shared), "{position} from {}", site.position);
                } else {
                    touched += usize::from(bits(before) != bits(shared));
                }
            }
            assert!(touched > 0 || position.lat() > 89.0, "{position} under {kernel:?}");
        }
    }
}

#[test]
fn a_forest_gives_the_same_bits_on_any_number_of_threads() {
    let all = incidents();
    let sites = sites(&all);
    let kernel = made::scheme().security_kernel();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| measured(&security(all.clone(), &kernel), &sites))
    };
    let one = on(1);
    for many in [2, 5] {
        for (a, b) in one.iter().zip(on(many)) {
            assert_eq!(bits(a), bits(&b));
        }
    }
}
