//! Measures against brute force, and against places with a known answer.

use crate::index::{Numbers, at};
use geo_types::{Coord, LineString, MultiLineString, MultiPolygon, Polygon};
use tamarisk::earth::{Length, Position, Shape, geodesic};
use tamarisk::index::{Probe, ShapeTree};
use tamarisk::measures::{
    CountPlan, Counter, Cover, Coverage, Kernel, KernelSum, PRECISION, PartProbe, SiteProbe,
    WeighedIncident, WeighedIncidents,
};
use tamarisk::model::{Countries, CountryCode};

fn kernel() -> Kernel {
    crate::made::scheme().security_kernel()
}

fn event(incident: usize, position: Position, n: &mut Numbers) -> WeighedIncident {
    WeighedIncident {
        index: incident,
        position,
        weight: n.between(0.0, 3.0),
        spread_km: n.between(0.0, 30.0),
        fatalities: n.between(0.0, 9.0) as u32,
        deaths_unknown: incident % 4 == 1,
        violent: !incident.is_multiple_of(3),
        age_days: n.between(0.0, 3000.0) as i64,
    }
}

fn subject(position: Position) -> SiteProbe {
    SiteProbe {
        position,
        parts: vec![PartProbe {
            probe: Probe::point(position),
            weight: 1.0,
            spread_km: 2.33,
            tailings: Default::default(),
        }],
    }
}

/// Incidents and sites around a center, some across the antimeridian or around a pole.
fn case(center: Position, n: &mut Numbers) -> (Vec<WeighedIncident>, Vec<SiteProbe>) {
    let near = |n: &mut Numbers, km: f64| {
        geodesic::direct(center, n.between(0.0, 360.0), Length::from_km(km * n.next()))
    };
    let events = (0..600)
        .map(|i| {
            let p = near(n, 600.0);
            event(i, p, n)
        })
        .collect();
    let subjects = (0..12).map(|_| subject(near(n, 150.0))).collect();
    (events, subjects)
}

const CENTERS: [(f64, f64); 5] =
    [(62.0, 29.0), (179.9, 1.0), (20.0, 89.5), (-60.0, -90.0), (0.0, 0.0)];

#[test]
fn counts_are_those_of_karneys_geodesics() {
    let mut n = Numbers(3);
    let plan = CountPlan {
        radii: [5.0, 10.0, 25.0, 50.0, 100.0].map(Length::from_km).to_vec(),
        window_radius: Length::from_km(50.0),
        windows: vec![90, 365, 1095],
        trend_days: 365,
    };
    for (lon, lat) in CENTERS {
        let (list, subjects) = case(at(lon, lat), &mut n);
        let events = WeighedIncidents::new(list.clone());
        let counted = Counter::new(&events, plan.clone()).counts(&subjects, &events);
        for (subject, counts) in subjects.iter().zip(&counted) {
            let near = |km: f64, most: i64| {
                let inside = |e: &&WeighedIncident| {
                    geodesic::distance(subject.position, e.position) <= Length::from_km(km)
                        && e.age_days < most
                };
                let found: Vec<&WeighedIncident> = list.iter().filter(inside).collect();
                (found.len() as u32, found.iter().map(|e| u64::from(e.fatalities)).sum::<u64>())
            };
            for (ring, km) in counts.rings.iter().zip([5.0, 10.0, 25.0, 50.0, 100.0]) {
                assert_eq!(
                    (ring.incidents, ring.fatalities),
                    near(km, i64::MAX),
                    "{km} km around {}",
                    subject.position
                );
            }
            for (window, days) in counts.windows.iter().zip([90, 365, 1095]) {
                assert_eq!((window.incidents, window.fatalities), near(50.0, days), "{days} days");
            }
            assert_eq!(counts.recent, near(50.0, 365).0);
            assert_eq!(counts.prior, near(50.0, 730).0 - near(50.0, 365).0);
        }
    }
}

/// Dense sets of sites and incidents, many of them in the same places, and rings whose radii equal
/// distances between some of them.
#[test]
fn crowds_of_sites_are_counted_as_karneys_geodesics_say() {
    for (lon, lat) in CENTERS {
        let mut n = Numbers(23);
        let spot = |n: &mut Numbers, km: f64| {
            geodesic::direct(at(lon, lat), n.between(0.0, 360.0), Length::from_km(km * n.next()))
        };
        let places: Vec<Position> = (0..2_500).map(|_| spot(&mut n, 60.0)).collect();
        let mut list: Vec<WeighedIncident> = Vec::new();
        for &place in places.iter().chain(places.iter().step_by(5)) {
            list.push(event(list.len(), place, &mut n));
        }
        let subjects: Vec<SiteProbe> = (0..150).map(|_| subject(spot(&mut n, 40.0))).collect();
        let distance = |site: usize, event: usize| {
            geodesic::distance(subjects[site].position, list[event].position)
        };
        let radii: Vec<Length> = (0..6).map(|i| distance(i * 20, i * 400)).collect();
        let window_radius = radii[2];
        let plan = CountPlan { radii, window_radius, windows: vec![365, 1_000], trend_days: 365 };
        let events = WeighedIncidents::new(list.clone());
        let counter = Counter::new(&events, plan.clone());
        let counted = counter.counts(&subjects, &events);
        for (site, counts) in counted.iter().enumerate() {
            let distances: Vec<Length> = (0..list.len()).map(|i| distance(site, i)).collect();
            let count = |radius: Length, age: std::ops::Range<i64>| {
                let near = list.iter().zip(&distances);
                let near = near.filter(|(e, d)| **d <= radius && age.contains(&e.age_days));
                near.fold((0, 0), |(i, f), (e, _)| (i + 1, f + u64::from(e.fatalities)))
            };
            let pairs = |counts: &[tamarisk::measures::Count]| -> Vec<(u32, u64)> {
                counts.iter().map(|count| (count.incidents, count.fatalities)).collect()
            };
            let rings: Vec<_> = plan.radii.iter().map(|&r| count(r, 0..i64::MAX)).collect();
            let windows: Vec<_> =
                plan.windows.iter().map(|&d| count(window_radius, 0..d)).collect();
            assert_eq!(pairs(&counts.rings), rings, "site {site} of {lon} {lat}");
            assert_eq!(pairs(&counts.windows), windows, "site {site} of {lon} {lat}");
            assert_eq!(counts.recent, count(window_radius, 0..365).0);
            assert_eq!(counts.prior, count(window_radius, 365..730).0);
            let violent = list.iter().zip(&distances).filter(|(e, d)| {
                e.violent && **d <= window_radius && (0..365).contains(&e.age_days)
            });
            assert_eq!(counts.violent as usize, violent.count());
            let unknown = list.iter().zip(&distances);
            let unknown = unknown.filter(|(e, d)| e.deaths_unknown && **d <= window_radius);
            assert_eq!(counts.deaths_unknown as usize, unknown.count());
            assert_eq!(&counter.counts(&subjects[site..=site], &events)[0], counts);
        }
    }
}

/// More deaths than a pair of sums can hold, and fewer.
#[test]
fn deaths_are_added_up_whatever_their_number() {
    for many in [3_u64, 70_000] {
        let mut n = Numbers(29);
        let list = (0..many).map(|i| {
            let place = at(n.between(20.0, 21.0), n.between(5.0, 6.0));
            let event = event(i as usize, place, &mut n);
            WeighedIncident { fatalities: u32::MAX, age_days: 3, ..event }
        });
        let events = WeighedIncidents::new(list.collect());
        let plan = CountPlan {
            radii: vec![Length::from_km(500.0)],
            window_radius: Length::from_km(500.0),
            windows: vec![2, 4],
            trend_days: 365,
        };
        let counted = Counter::new(&events, plan).counts(&[subject(at(20.5, 5.5))], &events);
        let deaths =
            |count: tamarisk::measures::Count| (u64::from(count.incidents), count.fatalities);
        let all = (many, many * u64::from(u32::MAX));
        assert_eq!(deaths(counted[0].rings[0]), all);
        assert_eq!(deaths(counted[0].windows[0]), (0, 0));
        assert_eq!(deaths(counted[0].windows[1]), all);
        assert_eq!((u64::from(counted[0].recent), counted[0].prior), (many, 0));
    }
}

#[test]
fn a_ring_counts_an_incident_on_its_edge() {
    let center = at(62.05, 29.12);
    for km in [5.0, 50.0, 100.0] {
        let mut n = Numbers(5);
        let inside = geodesic::direct(center, 77.0, Length::from_meters(km * 1000.0 - 1e-6));
        let outside = geodesic::direct(center, 77.0, Length::from_meters(km * 1000.0 + 1e-6));
        let events =
            WeighedIncidents::new(vec![event(0, inside, &mut n), event(1, outside, &mut n)]);
        let plan = CountPlan {
            radii: vec![Length::from_km(km)],
            window_radius: Length::from_km(km),
            windows: vec![],
            trend_days: 0,
        };
        let counted = Counter::new(&events, plan).counts(&[subject(center)], &events);
        assert_eq!(counted[0].rings[0].incidents, 1, "{km} km");
    }
}

#[test]
fn an_intensity_is_the_sum_of_its_contributions() {
    let mut n = Numbers(17);
    for (lon, lat) in CENTERS {
        let (list, subjects) = case(at(lon, lat), &mut n);
        let events = WeighedIncidents::new(list.clone());
        let kernel_sum = KernelSum::new(&events, kernel());
        for (subject, intensity) in
            subjects.iter().zip(kernel_sum.intensities(&subjects, &events, 5))
        {
            let naive: f64 = list
                .iter()
                .map(|e| {
                    let spread2 = 2.33 * 2.33 + e.spread_km * e.spread_km;
                    e.weight
                        * kernel()
                            .at(geodesic::distance(subject.position, e.position).km(), spread2)
                })
                .sum();
            let all = kernel_sum.contributions(subject, &events);
            let exact: f64 = all.iter().map(|c| c.intensity).sum();
            assert!((exact - naive).abs() <= 1e-12 * naive.max(1.0), "{exact} {naive}");
            assert!(
                (intensity.total - naive).abs() <= 1e-6 * naive.max(1e-3),
                "{} {naive}",
                intensity.total
            );
            assert_eq!(intensity.strongest, all[..5.min(all.len())], "the strongest are exact");
        }
    }
}

/// Many incidents in clusters and alone, with several accuracies.
fn masses(center: Position, spreads: &[f64], n: &mut Numbers) -> Vec<WeighedIncident> {
    let clusters: Vec<Position> = (0..12)
        .map(|_| geodesic::direct(center, n.between(0.0, 360.0), Length::from_km(500.0 * n.next())))
        .collect();
    (0..8_000)
        .map(|i| {
            let (from, km) = if i % 4 == 0 { (center, 900.0) } else { (clusters[i % 12], 40.0) };
            let position =
                geodesic::direct(from, n.between(0.0, 360.0), Length::from_km(km * n.next()));
            WeighedIncident { spread_km: spreads[(i / 7) % spreads.len()], ..event(i, position, n) }
        })
        .collect()
}

#[test]
fn a_sum_over_masses_is_that_of_every_incident_one_by_one() {
    let mut n = Numbers(29);
    let alone = Kernel::Gaussian { scales: vec![(1.0, 10.0)], cutoff: 1e-6 };
    let wide = Kernel::Gaussian { scales: vec![(0.7, 20.0), (0.3, 75.0)], cutoff: 1e-6 };
    for (turn, (lon, lat)) in CENTERS.into_iter().cycle().take(15).enumerate() {
        let center = at(lon, lat);
        // Of one accuracy, of the few that codes stand for, and of so many that only wide nodes expand.
        let many: Vec<f64> = (0..40).map(|i| 1.5 * f64::from(i)).collect();
        let spreads = [&[2.33][..], &[1.4, 11.65, 23.3, 102.5], &many][turn % 3];
        let events = WeighedIncidents::new(masses(center, spreads, &mut n));
        // Near, among, at the edge of and far from them all.
        let subjects: Vec<SiteProbe> = (0..60)
            .map(|i| {
                geodesic::direct(
                    center,
                    n.between(0.0, 360.0),
                    Length::from_km(25.0 * f64::from(i)),
                )
            })
            .map(subject)
            .collect();
        for kernel in [kernel(), alone.clone(), wide.clone()] {
            let fast = KernelSum::new(&events, kernel.clone()).intensities(&subjects, &events, 5);
            let slow = KernelSum::exhaustive(kernel.clone()).intensities(&subjects, &events, 5);
            for ((fast, slow), subject) in fast.iter().zip(&slow).zip(&subjects) {
                let off = (fast.total - slow.total).abs();
                assert!(
                    off <= PRECISION * slow.total,
                    "{} {} at {}",
                    fast.total,
                    slow.total,
                    subject.position
                );
                assert_eq!(fast.strongest, slow.strongest, "at {}", subject.position);
            }
            let kernel_sum = KernelSum::new(&events, kernel);
            for (subject, fast) in subjects.iter().zip(&fast).take(20) {
                let all = kernel_sum.contributions(subject, &events);
                for keep in [0, 5, 1000] {
                    let listed = kernel_sum.listed(subject, &events, keep, fast.total);
                    assert_eq!(listed.count, all.len(), "at {}", subject.position);
                    let all = &all[..keep.min(all.len())];
                    let other = listed.strongest.iter().zip(all).find(|(one, other)| one != other);
                    let many = [listed.strongest.len(), all.len()];
                    assert!(other.is_none() && many[0] == many[1], "{keep}: {many:?} {other:?}");
                    assert!((listed.total - fast.total).abs() <= 1e-9 * fast.total);
                }
            }
            let alone = kernel_sum.intensities(&subjects[7..8], &events, 5);
            assert_eq!(alone[0], fast[7], "a site's sum does not depend on the others");
        }
    }
}

#[test]
fn an_incident_counts_once_at_the_strongest_part() {
    let mine = at(62.0, 29.0);
    let camp = at(62.3, 29.0);
    let road =
        Shape::Lines(MultiLineString(vec![LineString::from(vec![(62.0, 28.0), (63.0, 28.0)])]));
    let part =
        |probe, weight| PartProbe { probe, weight, spread_km: 0.0, tailings: Default::default() };
    let subject = SiteProbe {
        position: mine,
        parts: vec![
            part(Probe::point(mine), 1.0),
            part(Probe::point(camp), 0.7),
            part(Probe::new(&road), 0.5),
        ],
    };
    let at_rest = |position| WeighedIncident {
        index: 0,
        position,
        weight: 1.0,
        spread_km: 0.0,
        fatalities: 0,
        deaths_unknown: false,
        violent: true,
        age_days: 0,
    };
    for (place, part, intensity) in [(mine, 0, 1.0), (camp, 1, 0.7), (at(62.5, 28.0), 2, 0.5)] {
        let events = WeighedIncidents::new(vec![at_rest(place)]);
        let all = KernelSum::exhaustive(kernel()).contributions(&subject, &events);
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].part, part, "{place}");
        assert!((all[0].intensity - intensity).abs() < 1e-12, "{place}: {}", all[0].intensity);
    }
}

#[test]
fn sums_are_the_same_bits_on_one_thread_and_on_many() {
    let mut n = Numbers(23);
    let (list, subjects) = case(at(62.0, 29.0), &mut n);
    let events = WeighedIncidents::new(list);
    let kernel_sum = KernelSum::new(&events, kernel());
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| kernel_sum.intensities(&subjects, &events, 5))
    };
    assert_eq!(on(1), on(2));
    assert_eq!(on(1), on(7));
}

fn rectangle(west: f64, south: f64, east: f64, north: f64) -> MultiPolygon<f64> {
    let ring = vec![(west, south), (east, south), (east, north), (west, north), (west, south)];
    MultiPolygon(vec![Polygon::new(LineString::from(ring), vec![])])
}

#[test]
fn the_share_of_a_buffer_is_that_of_the_union() {
    let ten = Length::from_km(10.0);
    let east = rectangle(62.0, 28.0, 64.0, 30.0);
    let shifted = rectangle(62.0, 28.5, 63.0, 29.5);
    let north = rectangle(60.0, 29.0, 64.0, 31.0);
    let all = rectangle(50.0, 20.0, 70.0, 40.0);
    for (polygons, share) in [
        (vec![&east], 0.5),
        (vec![&east, &shifted, &east], 0.5),
        (vec![&east, &north], 0.75),
        (vec![&all], 1.0),
        (vec![], 0.0),
    ] {
        let measured = Cover::new(polygons).share(at(62.0, 29.0), ten);
        // The parallel of 29° is not a geodesic: over 10 km it bends off by 4 m.
        assert!((measured - share).abs() < 4e-4, "{measured} {share}");
    }
}

#[test]
fn the_share_is_right_over_the_seam_and_a_pole() {
    let mut seam = rectangle(170.0, -20.0, 180.0, 20.0);
    seam.0.extend(rectangle(-180.0, -20.0, -175.0, 20.0).0);
    let measured = Cover::new([&seam]).share(at(179.99, 0.0), Length::from_km(50.0));
    assert!((measured - 1.0).abs() < 1e-6, "{measured}");
    let cap = rectangle(-180.0, 80.0, 0.0, 90.0);
    let measured = Cover::new([&cap]).share(at(0.0, 90.0), Length::from_km(100.0));
    assert!((measured - 0.5).abs() < 1e-4, "{measured}");
}

#[test]
fn the_length_of_a_river_ends_at_the_buffer() {
    let meridian =
        Shape::Lines(MultiLineString(vec![LineString::from(vec![(62.0, 28.0), (62.0, 30.0)])]));
    let beside = Shape::Lines(MultiLineString(vec![LineString(vec![
        Coord { x: 61.0, y: 29.0 },
        Coord { x: 63.0, y: 29.0 },
    ])]));
    let tree = ShapeTree::new([&meridian, &beside]);
    let length = tree.length_within(at(62.0, 29.0), Length::from_km(10.0)).meters();
    assert!((length - 40_000.0).abs() < 0.1, "{length}");
    assert_eq!(tree.length_within(at(70.0, 29.0), Length::from_km(10.0)), Length::ZERO);
}

#[test]
fn coverage_tells_what_lies_in_the_countries_named() {
    let pakistan = CountryCode::new("PAK").expect("a code");
    let coverage = Coverage::of_countries([pakistan].into());
    let radius = Length::from_km(100.0);
    let reko_diq = at(62.05, 29.12);
    assert!(coverage.covers(reko_diq, Countries::built_in().at(reko_diq)));
    let share = coverage.share(reko_diq, Some(pakistan), radius);
    assert!((0.3..0.95).contains(&share), "near the border: {share}");
    assert_eq!(coverage.share(at(70.0, 30.0), Some(pakistan), radius), 1.0);
    assert_eq!(coverage.share(at(80.0, 20.0), CountryCode::new("IND"), radius), 0.0);
    assert!(!coverage.covers(at(80.0, 20.0), Countries::built_in().at(at(80.0, 20.0))));
    assert!(!Coverage::of_countries([].into()).covers(reko_diq, Some(pakistan)));
}
