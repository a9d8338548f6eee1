//! Microbenchmarks on deterministic data: building the index, querying it, counting in rings, summing
//! kernels. `cargo bench` prints medians; no time limit makes it fail.

#![allow(missing_docs, clippy::expect_used, clippy::indexing_slicing)]

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use std::fmt::Write;
use std::hint::black_box;
use tamarisk::earth::{Length, Position, geodesic};
use tamarisk::index::{Exhaustive, Neighbors, PointTree, Probe};
use tamarisk::measures::{
    CountPlan, Counter, KernelSum, PartProbe, SiteProbe, WeighedIncident, WeighedIncidents,
};
use tamarisk::model::Site;
use tamarisk::run::{self, Cancel, Case, Inputs, NearQuery, Unwatched, World};
use tamarisk::scoring::Scheme;
use tamarisk::sources::Source;

/// A deterministic stream of numbers from 0 to 1 (SplitMix64, Steele et al. 2014).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        f64::from(u32::try_from((z ^ (z >> 31)) >> 32).unwrap_or(0)) / f64::from(u32::MAX)
    }
}

/// Random positions between 60° and 78° east, 23° and 38° north.
fn positions(count: usize, seed: u64) -> Vec<Position> {
    let mut n = Numbers(seed);
    (0..count)
        .map(|_| {
            Position::from_degrees(60.0 + 18.0 * n.next(), 23.0 + 15.0 * n.next())
                .expect("in range")
        })
        .collect()
}

fn events(count: usize) -> WeighedIncidents {
    let mut n = Numbers(2);
    let event = |(incident, position)| WeighedIncident {
        index: incident,
        position,
        weight: n.next(),
        spread_km: 2.33,
        fatalities: 1,
        deaths_unknown: false,
        violent: true,
        age_days: 100,
    };
    WeighedIncidents::new(positions(count, 1).into_iter().enumerate().map(event).collect())
}

fn subjects(count: usize) -> Vec<SiteProbe> {
    let asset = |position| PartProbe {
        probe: Probe::point(position),
        weight: 1.0,
        spread_km: 2.33,
        tailings: Default::default(),
    };
    positions(count, 3)
        .into_iter()
        .map(|position| SiteProbe { position, parts: vec![asset(position)] })
        .collect()
}

fn earth(c: &mut Criterion) {
    let pairs = positions(2, 5);
    c.bench_function("earth: Karney's inverse", |b| {
        b.iter(|| geodesic::distance(black_box(pairs[0]), black_box(pairs[1])));
    });
}

fn index(c: &mut Criterion) {
    let points = positions(100_000, 1);
    c.bench_function("index: build over 100,000 points", |b| {
        b.iter_batched(|| points.clone(), PointTree::new, BatchSize::LargeInput);
    });
    let tree = PointTree::new(points.clone());
    let brute = Exhaustive::of_points(&points[..10_000]);
    let probe = Probe::point(points[77]);
    c.bench_function("index: 10 nearest of 100,000", |b| b.iter(|| tree.nearest(&probe, 10)));
    c.bench_function("index: within 50 km of 100,000", |b| {
        b.iter(|| tree.within(&probe, Length::from_km(50.0)));
    });
    c.bench_function("exhaustive: 10 nearest of 10,000", |b| b.iter(|| brute.nearest(&probe, 10)));
}

/// Neighbors of a place that changes with each query, in a world of a million incidents held in memory.
fn near_in_world(c: &mut Criterion) {
    let mut text = String::from("id,date,lon,lat,event_type\n");
    for (at, position) in positions(1_000_000, 7).into_iter().enumerate() {
        let (lon, lat) = (position.lon(), position.lat());
        let _ = writeln!(text, "i{at},2024-01-01,{lon},{lat},attack");
    }
    let incidents = vec![Source::bytes("incidents.csv", text.into_bytes())];
    let inputs = Inputs { incidents, ..Inputs::default() };
    let world = World::read(&inputs, &Unwatched, &Cancel::new()).expect("a world");
    let places = positions(1000, 9);
    let query = NearQuery { most: Some(10), ..NearQuery::default() };
    let cancel = Cancel::new();
    run::near(&world, places[0], None, &query, &cancel).expect("an answer");
    let mut turn = 0;
    c.bench_function("near: 10 nearest of a world of 1,000,000 incidents", |b| {
        b.iter(|| {
            turn = (turn + 1) % places.len();
            run::near(&world, places[turn], None, &query, &cancel)
        });
    });
}

/// Scores of a place that is not a site, with contributions, in the built-in case held in memory.
fn risk_of_a_place(c: &mut Criterion) {
    let case = Case::open(&run::demo(), &Unwatched, &Cancel::new()).expect("the case");
    let places = positions(1000, 9);
    let mut turn = 0;
    c.bench_function("risk: a coordinate in the built-in case", |b| {
        b.iter(|| {
            turn = (turn + 1) % places.len();
            run::risk(&case, Site::at("place", "place", places[turn], None), None)
        });
    });
}

fn measures(c: &mut Criterion) {
    let (subjects, events) = (subjects(1_000), events(100_000));
    let plan = CountPlan {
        radii: [5.0, 10.0, 25.0, 50.0, 100.0].map(Length::from_km).to_vec(),
        window_radius: Length::from_km(50.0),
        windows: vec![90, 365, 1095],
        trend_days: 365,
    };
    let kernel = Scheme::default().security_kernel();
    let counter = Counter::new(&events, plan);
    let kernel_sum = KernelSum::new(&events, kernel.clone());
    let one_by_one = KernelSum::exhaustive(kernel);
    let mut group = c.benchmark_group("measures: 1,000 sites, 100,000 incidents");
    group.sample_size(10);
    group.bench_function("five rings and three windows", |b| {
        b.iter(|| counter.counts(&subjects, &events))
    });
    group.bench_function("default kernel", |b| {
        b.iter(|| kernel_sum.intensities(&subjects, &events, 5))
    });
    group.bench_function("default kernel, one by one", |b| {
        b.iter(|| one_by_one.intensities(&subjects[..50], &events, 5));
    });
    group.finish();
}

criterion_group!(benches, earth, index, near_in_world, risk_of_a_place, measures);
criterion_main!(benches);
