//! What the scheme requests from the measures: everything that affects a score is found, and
//! kernels are the scheme's.

use crate::index::{Numbers, at};
use crate::made::{point, scheme, site};
use std::collections::BTreeSet;
use std::sync::Arc;
use tamarisk::earth::{Length, Position, Shape, geodesic};
use tamarisk::index::Probe;
use tamarisk::measures::{
    Counted, Dams, EnvironmentPlan, Kernel, PartProbe, Quantities, Receptors, SiteProbe,
    environment,
};
use tamarisk::model::{Designation, Receptor, ReceptorKind};
use tamarisk::scoring::{Risk, Scheme, score};

/// Typical receptors: large earthquakes far away, areas as wide as countries, cities, streams.
fn scattered(center: Position, n: &mut Numbers) -> Vec<Receptor> {
    let kinds = [
        ReceptorKind::SensitiveAreas,
        ReceptorKind::Earthquakes,
        ReceptorKind::Settlements,
        ReceptorKind::Rivers,
        ReceptorKind::WaterBodies,
    ];
    let mut all: Vec<Receptor> = (0..400)
        .map(|i| {
            let kind = kinds[i % kinds.len()];
            let away = Length::from_km(n.between(5.0, 2500.0));
            let mut receptor = point(kind);
            receptor.id = format!("r{i:03}");
            receptor.shape = Shape::point(geodesic::direct(center, n.between(0.0, 360.0), away));
            receptor.designation = Some(Designation::Strict);
            receptor.area_km2 = (kind != ReceptorKind::Settlements && n.next() < 0.5)
                .then(|| n.between(1.0, 300_000.0));
            receptor.population = Some(10_f64.powf(n.between(1.0, 7.5)));
            receptor.magnitude = Some(n.between(4.0, 9.2));
            receptor.depth_km = (n.next() < 0.7).then(|| n.between(0.0, 150.0));
            receptor
        })
        .collect();
    all.sort_by_key(|receptor| receptor.kind);
    all
}

fn measured(receptors: &Receptors, plan: &EnvironmentPlan, at: Position) -> Quantities {
    let parts = vec![PartProbe {
        probe: Probe::point(at),
        weight: 1.0,
        spread_km: 2.33,
        tailings: Default::default(),
    }];
    let subjects = [SiteProbe { position: at, parts }];
    let (counted, dams) = (Counted::new(receptors, plan), Dams::new(receptors));
    let mut measured = environment(&subjects, &[None], receptors, &counted, None, &dams, plan);
    Quantities { environment: measured.remove(0), ..Quantities::default() }
}

fn risks(scheme: &Scheme, receptors: &[Receptor], plan: &EnvironmentPlan, at: Position) -> Risk {
    let indexed = Receptors::new(Arc::new(receptors.to_vec()), []);
    let complete: BTreeSet<ReceptorKind> = ReceptorKind::ALL.into_iter().collect();
    score(scheme, &site(), &measured(&indexed, plan, at), indexed.list(), &complete)
}

#[test]
fn looking_no_farther_than_planned_changes_no_score() {
    let mut n = Numbers(11);
    let scheme = scheme();
    let mut different = 0;
    for (lon, lat) in [(62.0, 29.0), (179.9, 1.0), (20.0, 89.5), (-60.0, -89.0)] {
        for _ in 0..12 {
            let center = at(lon, lat);
            let receptors = scattered(center, &mut n);
            let plan = scheme.environment_plan(5, &receptors);
            let mut everything = plan.clone();
            for reach in everything.reach.values_mut() {
                *reach = Length::from_km(20_100.0);
            }
            let planned = risks(&scheme, &receptors, &plan, center);
            let all = risks(&scheme, &receptors, &everything, center);
            let scores = (planned.environment.score, all.environment.score);
            let (Some(planned), Some(all)) = scores else { panic!("{scores:?}") };
            // 0.06 points is what two readings of the method may differ by.
            assert!((planned - all).abs() < 0.005, "{planned} {all}");
            different += usize::from(all > 1.0);
        }
    }
    assert!(different > 30, "most cases score something");
}

#[test]
fn kernels_are_those_of_the_scheme() {
    let read = |text: &str| Scheme::from_toml(text, "x.toml").expect("scheme").security_kernel();
    // Shares of 0.7 and 0.3 of the mass: 0.7 / 400 and 0.3 / 5625 over their sum.
    let scales = vec![(0.970_425_138_632_162_6, 20.0), (0.029_574_861_367_837_34, 75.0)];
    match scheme().security_kernel() {
        Kernel::Gaussian { scales: found, cutoff } => {
            assert_eq!(cutoff, 1e-6);
            for ((w, h), (weight, scale)) in found.iter().zip(&scales) {
                assert!((w - weight).abs() < 1e-15 && h == scale);
            }
        }
        other => panic!("{other:?}"),
    }
    let at_zone = |form: &str, more: &str| {
        read(&format!("[security.kernel]\nform = \"{form}\"\ninfluence_km = 30\n{more}"))
            .at(15.0, 99.0)
    };
    for (form, more, expected) in [
        ("exponential", "", (-2.99_f64 / 2.0).exp()),
        ("exponential", "[distance]\nexponential_rate = 1.5", (-0.75_f64).exp()),
        ("linear", "", 0.5),
        ("quartic", "", 0.5625),
        ("step", "", 1.0),
    ] {
        assert!((at_zone(form, more) - expected).abs() < 1e-15, "{form} {more}");
    }
    assert_eq!(
        scheme().accident_kernel(),
        Kernel::Gaussian { scales: vec![(1.0, 10.0)], cutoff: 1e-6 }
    );
}

#[test]
fn the_plan_counts_what_the_scheme_says() {
    let plan = scheme().security_plan(7);
    assert_eq!(plan.keep, 7);
    assert_eq!(plan.counts.windows, [90, 365, 1095]);
    assert_eq!(plan.counts.trend_days, 365);
    assert_eq!(plan.counts.radii.last().map(|r| r.km()), Some(100.0));
    assert_eq!((plan.counts.window_radius.km(), plan.coverage_radius.km()), (50.0, 100.0));
    let plan = scheme().environment_plan(3, &[]);
    assert_eq!(plan.overlap_radii.iter().map(|r| r.km()).collect::<Vec<_>>(), [1.0, 10.0, 50.0]);
    assert_eq!(plan.reach[&ReceptorKind::Settlements].km(), 100.0);
    assert_eq!(plan.reach[&ReceptorKind::WaterStress], Length::ZERO);
}

#[test]
fn the_nearest_town_that_counts_is_found_behind_any_number_that_do_not() {
    let (mut n, center) = (Numbers(3), at(62.0, 29.0));
    let town = |bearing: f64, km: f64, population| {
        let mut town = point(ReceptorKind::Settlements);
        town.shape = Shape::point(geodesic::direct(center, bearing, Length::from_km(km)));
        town.population = population;
        town
    };
    let mut towns: Vec<Receptor> =
        (0..50_000).map(|_| town(n.between(0.0, 360.0), n.between(110.0, 150.0), None)).collect();
    towns.push(town(40.0, 180.0, Some(9000.0)));
    let plan = scheme().environment_plan(3, &towns);
    let found = measured(&Receptors::new(Arc::new(towns), []), &plan, center);
    let settlements = &found.environment.nearby[&ReceptorKind::Settlements];
    assert_eq!(settlements.iter().map(|near| near.index).collect::<Vec<_>>().last(), Some(&50_000));
    assert_eq!(settlements.len(), 2, "the nearest and the nearest that counts");
}
