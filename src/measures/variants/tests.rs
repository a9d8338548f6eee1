//! Sums under other settings against sums over every incident.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "numbers made here, all small and not negative"
)]

use super::*;
use crate::earth::Position;
use crate::index::Probe;
use crate::measures::{PartProbe, Purpose, Stream, normals, uniform};

/// Factors as drawn in a run: up to exp(±0.5).
fn settings(kernel: Kernel, draws: u32) -> Settings {
    let factor = |name: u64, draw: u32| {
        let [word, ..] = Stream::new(1, Purpose::Setting, name).block(draw);
        libm::exp(uniform(word) - 0.5)
    };
    let of_kind = |kind: u64, draw: u32| {
        let weight = factor(3 + kind, draw);
        [weight, weight * factor(9, draw)]
    };
    let number = usize::try_from(draws).expect("a number");
    let mut widths: Vec<f64> = (0..draws).map(|draw| factor(1, draw)).collect();
    let mut half_lives: Vec<f64> = (0..draws).map(|draw| factor(2, draw)).collect();
    // The ends of what can be drawn.
    widths.extend([-0.5, 0.5, -0.5, 0.5].map(libm::exp));
    half_lives.extend([-0.5, 0.5, 0.5, -0.5].map(libm::exp));
    Settings {
        kernel,
        half_life_days: 365.0,
        severities: (0..draws + 4)
            .map(|draw| [0, 1, 2].map(|kind| of_kind(kind, draw)).into())
            .collect(),
        runs: (0..number + 4)
            .map(|row| Run { width: row, half_life: row, severity: row })
            .collect(),
        widths,
        half_lives,
    }
}

/// Incidents in clusters of 5 to 60 km of three accuracies; see also [`kind`].
fn incidents(many: u32) -> WeighedIncidents {
    let one = |number: u32| {
        let stream = Stream::new(2, Purpose::Incident, u64::from(number));
        let ([a, b, c, d], [e, ..]) = (stream.block(0), stream.block(1));
        let cluster = u64::from(c % 23);
        let [x, y, size, _] = Stream::new(2, Purpose::Place, cluster).block(0).map(uniform);
        let (east, north) = normals(a, b);
        let width_km = 5.0 + 55.0 * size;
        let lat = 20.0 + 14.0 * y + north * width_km / 111.0;
        let lon = 60.0 + 14.0 * x + east * width_km / 100.0;
        // Ages go by bands of 14 km, so that they and the kinds differ within groups.
        let age_days = (uniform(d) * 1000.0).floor() + 700.0 * (lat * 8.0).floor().rem_euclid(4.0);
        let deaths = (1.0 / uniform(e)).floor().min(200.0) - 1.0;
        WeighedIncident {
            index: usize::try_from(number).expect("a number"),
            position: Position::from_degrees(lon, lat).expect("a position"),
            weight: (1.0 + libm::log10(1.0 + deaths)) * libm::exp2(-age_days / 365.0),
            spread_km: [1.4, 11.6, 102.5][usize::try_from(e % 3).expect("a number")],
            fatalities: deaths as u32,
            deaths_unknown: false,
            violent: true,
            age_days: i64::from(age_days as u32),
        }
    };
    WeighedIncidents::new((0..many).map(one).collect())
}

/// Three kinds, mostly by bands of 12 km.
fn kind(incident: &WeighedIncident) -> usize {
    let band = (incident.position.lon() * 8.0).floor() as usize;
    match incident.index % 4 {
        0 => incident.index / 4 % 3,
        _ => band % 3,
    }
}

fn sites() -> Vec<SiteProbe> {
    let site = |number: u32| {
        let [x, y, spread, _] =
            Stream::new(3, Purpose::Site, u64::from(number)).block(0).map(uniform);
        let position =
            Position::from_degrees(57.0 + 20.0 * x, 17.0 + 20.0 * y).expect("a position");
        let part = PartProbe {
            probe: Probe::point(position),
            weight: 1.0,
            spread_km: 5.0 * spread,
            tailings: Default::default(),
        };
        SiteProbe { position, parts: vec![part] }
    };
    (0..120).map(site).collect()
}

fn gaussian() -> Kernel {
    let (near, far) = (0.7 / 400.0, 0.3 / 5625.0);
    let sum = near + far;
    Kernel::Gaussian { scales: vec![(near / sum, 20.0), (far / sum, 75.0)], cutoff: 1e-6 }
}

fn score(intensity: f64) -> f64 {
    let x = (intensity / 0.5).sqrt();
    100.0 * x / (1.0 + x)
}

/// The differences of scores from exact ones, in points, over sites and runs, ascending; and how many sites are summed by
/// groups.
fn apart(variants: &Variants<'_>) -> (Vec<f64>, usize) {
    let mut apart = Vec::new();
    let mut grouped = 0;
    for site in sites() {
        grouped += usize::from(variants.sums_by_groups(&site).is_some());
        let both = variants.intensities(&site).into_iter().zip(variants.exact(&site));
        apart.extend(both.map(|(fast, exact)| (score(fast) - score(exact)).abs()));
    }
    apart.sort_by(f64::total_cmp);
    (apart, grouped)
}

#[test]
fn sums_by_groups_are_those_over_every_incident_to_some_hundredths_of_a_point() {
    let settings = settings(gaussian(), 40);
    for many in [400, 3_000, 30_000] {
        let incidents = incidents(many);
        let (apart, grouped) = apart(&Variants::new(&incidents, kind, &settings));
        let at = |percent: usize| apart[(apart.len() - 1) * percent / 100];
        let found = [at(50), at(99), at(100)];
        assert!(
            found.iter().zip([0.03, 0.25, 0.7]).all(|(found, due)| *found < due),
            "{many} incidents: {found:?} points"
        );
        assert!(grouped > 0, "{many}");
    }
}

#[test]
fn few_incidents_are_summed_exactly() {
    let (incidents, settings) = (incidents(60), settings(gaussian(), 40));
    let (apart, _) = apart(&Variants::new(&incidents, kind, &settings));
    assert_eq!(apart.last(), Some(&0.0));
}

/// Each run is the kernel sum under its own settings.
#[test]
fn exact_sums_are_kernel_sums_of_weights_under_the_settings() {
    let (incidents, settings) = (incidents(300), settings(gaussian(), 5));
    let variants = Variants::new(&incidents, kind, &settings);
    for run in &settings.runs {
        let half_life = settings.half_life_days * settings.half_lives[run.half_life];
        let weighed = |one: &WeighedIncident| {
            let [base, deaths] = settings.severities[run.severity][kind(one)];
            let severity = base + deaths * libm::log10(1.0 + f64::from(one.fatalities));
            WeighedIncident { weight: severity * decay(one.age_days, half_life), ..*one }
        };
        let weighed = WeighedIncidents::new(incidents.list().iter().map(weighed).collect());
        let kernel = settings.kernel.scaled(settings.widths[run.width]);
        let direct = crate::measures::KernelSum::exhaustive(kernel);
        for (site, due) in sites().iter().zip(direct.intensities(&sites(), &weighed, 0)) {
            let found = variants.exact(site)[run.width];
            assert!((found - due.total).abs() <= 1e-9 * due.total, "{found} {}", due.total);
        }
    }
}

#[test]
fn a_site_does_not_depend_on_what_is_out_of_its_reach() {
    let (all, settings) = (incidents(3_000), settings(gaussian(), 10));
    let site = &sites()[0];
    let reach = settings.kernel.scaled(nodes::WIDEST).reach(25.0 + all.widest2());
    let near = all
        .list()
        .iter()
        .filter(|one| crate::index::Cube::of(one.position).may_be_within(site.position, reach));
    let near = WeighedIncidents::new(near.copied().collect());
    assert!(near.list().len() < all.list().len());
    assert_eq!(
        Variants::new(&all, kind, &settings).intensities(site),
        Variants::new(&near, kind, &settings).intensities(site),
    );
}

#[test]
fn other_kernels_and_linked_parts_take_incidents_one_by_one() {
    let incidents = incidents(1_000);
    let two_parts = |position: Position| {
        let at = |weight: f64, position: Position| PartProbe {
            probe: Probe::point(position),
            weight,
            spread_km: 2.0,
            tailings: Default::default(),
        };
        let camp =
            Position::from_degrees(position.lon() + 0.4, position.lat()).expect("a position");
        SiteProbe { position, parts: vec![at(1.0, position), at(0.7, camp)] }
    };
    let exponential = Kernel::Exponential { zone_km: 60.0, rate: 2.99, cutoff: 1e-6 };
    let quartic = Kernel::Quartic { zone_km: 90.0 };
    for (kernel, due) in [(gaussian(), 0.7), (exponential, 1e-9), (quartic, 1e-9)] {
        let settings = settings(kernel, 20);
        let variants = Variants::new(&incidents, kind, &settings);
        for site in sites().iter().take(40).map(|site| two_parts(site.position)) {
            for (fast, exact) in variants.intensities(&site).iter().zip(variants.exact(&site)) {
                let apart = (score(*fast) - score(exact)).abs();
                assert!(apart < due, "{:?}: {fast} {exact}", settings.kernel);
            }
        }
    }
}
