//! The environment risk: two numbers and five bars. What is added never lowers what is known, nothing jumps at a reach,
//! one catastrophe stays visible, and a partial reading stays near the full one.

use crate::made::{around, close, receptor, scheme, security, site, value};
use crate::surroundings::{Place, readings};
use std::collections::BTreeSet;
use tamarisk::measures::Quantities;
use tamarisk::model::{Designation, Receptor, ReceptorKind, TailingsClass};
use tamarisk::scoring::{
    Bar, EnvironmentRisk, IndicatorCode, Risk, Scheme, environment_risk, on_common_scale, score,
};

fn bar(risk: &Risk, bar: Bar) -> (f64, f64) {
    let of = risk.environment.bar(bar).expect("a bar");
    (of.at_least.unwrap_or(0.0), of.score.unwrap_or(0.0))
}

// --- the formula -----------------------------------------------------------------------------

#[test]
fn the_two_numbers_are_the_power_means_of_the_method() {
    // mpmath, 40 digits, with the weights and reference values of docs/METHOD.md.
    let risk = environment_risk(
        &scheme(),
        readings(|code| match code {
            IndicatorCode::SensitiveAreas => (Some(0.55), 1.0),
            IndicatorCode::WaterNearby => (Some(0.45), 0.5),
            IndicatorCode::People => (Some(0.7), 1.0),
            IndicatorCode::Seismic => (Some(0.9), 1.0),
            _ => (None, 0.0),
        }),
    );
    let sum = |terms: &[(f64, f64)]| terms.iter().map(|(w, v)| w * v.powi(4)).sum::<f64>();
    let known = sum(&[(0.28, 0.55), (0.15, 0.45), (0.2125, 0.7)]);
    let assumed = sum(&[(0.07, 0.2), (0.10, 0.3), (0.0375, 0.3), (0.15, 0.2)]);
    let at_least = 100.0 * known.powf(0.25);
    assert!(close(risk.at_least.expect("known"), at_least, 1e-12));
    assert!(close(risk.score.expect("enough"), 100.0 * (known + assumed).powf(0.25), 1e-12));
    assert!(close(risk.coverage, 0.28 + 0.075 + 0.2125, 1e-12));
    let hazard = risk.bar(Bar::Hazard).expect("a bar");
    assert!(close(hazard.at_least.expect("known"), 90.0 * 0.5_f64.powf(0.25), 1e-12));
    assert_eq!((hazard.coverage, hazard.driver), (0.5, Some(IndicatorCode::Seismic)));
    let pressure = risk.bar(Bar::Pressure).expect("a bar");
    assert_eq!((pressure.score, pressure.at_least, pressure.coverage), (None, None, 0.0));
}

#[test]
fn under_the_least_coverage_there_are_bars_and_no_score() {
    let half = |code: IndicatorCode| match code {
        IndicatorCode::SensitiveAreas => (Some(0.5), 1.0),
        IndicatorCode::WaterNearby => (Some(0.5), 0.5),
        _ => (None, 0.0),
    };
    let little = environment_risk(&scheme(), readings(half));
    assert!(close(little.coverage, 0.355, 1e-12));
    assert_eq!(little.score, None);
    assert!(little.at_least.is_some_and(|score| score > 30.0));
    assert!(little.bar(Bar::Nature).is_some_and(|nature| nature.score.is_some()));
    assert!(little.indicators.iter().all(|one| one.points.is_none() && one.assumed.is_none()));
    let enough = environment_risk(
        &scheme(),
        readings(|code| if code == IndicatorCode::People { (Some(0.0), 0.22) } else { half(code) }),
    );
    assert!(enough.coverage > 0.4 && enough.score.is_some());
}

#[test]
fn the_hazard_stands_outside_the_score() {
    let with = |magnitude| Place::default().park(Designation::Strict, 5.0).quake(magnitude, 5.0);
    let (weak, strong) = (with(5.0).risk().environment, with(8.0).risk().environment);
    assert_eq!((weak.score, weak.at_least), (strong.score, strong.at_least));
    assert!(strong.bar(Bar::Hazard) != weak.bar(Bar::Hazard));
    let of_hazard = |risk: &EnvironmentRisk| {
        let all = risk.indicators.iter().filter(|one| one.code.bar() == Bar::Hazard);
        all.filter_map(|one| one.points).count()
    };
    assert_eq!(of_hazard(&strong), 0);
}

#[test]
fn nothing_known_is_no_score_of_any_kind() {
    let risk = Place::default().risk().environment;
    assert_eq!((risk.score, risk.at_least, risk.coverage), (None, None, 0.0));
    assert!(risk.bars.iter().all(|bar| bar.score.is_none() && bar.coverage == 0.0));
    assert_eq!(risk.missing().count(), IndicatorCode::ALL.len());
}

#[test]
fn a_zero_that_is_known_is_not_what_is_missing() {
    let complete = ReceptorKind::ALL.into_iter().collect();
    let risk = Place { complete, ..Place::default() }.risk().environment;
    assert_eq!(risk.at_least, Some(0.0));
    assert!(risk.score.is_some_and(|score| score > 0.0), "for what no layer tells");
    assert!(risk.at_least.is_some_and(f64::is_sign_positive));
}

// --- the faults of a mean over what is known --------------------------------------------------

/// A place of which the water stress, an earthquake and a town are known.
fn base() -> Place {
    Place::default().stress(0.8).quake(7.0, 20.0).town(100_000.0, 5.0)
}

#[test]
fn harmless_layers_do_not_lower_the_score() {
    type Add = fn(Place) -> Place;
    let added: [(&str, Add); 4] = [
        ("a river 19 km away", |place| place.river(19.0)),
        ("an accident 45 km away, ten years old, 5 dead", |place| place.accident(5, 45.0, 10.0)),
        ("a national park 99 km away", |place| place.park(Designation::Strict, 99.0)),
        ("all three", |place| {
            place.river(19.0).accident(5, 45.0, 10.0).park(Designation::Strict, 99.0)
        }),
    ];
    let before = base().at_least();
    assert!(before > 50.0, "{before}");
    for (what, add) in added {
        let place = add(base());
        assert!(place.at_least() >= before, "{what}");
        // What is found takes the place of a reference value, which moves the score a little.
        let risk = place.risk().environment;
        let score = risk.score.unwrap_or(before);
        assert!((score - before).abs() < 10.0, "{what}: {score} after {before}");
    }
}

#[test]
fn a_catastrophe_reads_high_in_its_bar() {
    let heritage = Receptor {
        world_heritage: true,
        designation: Some(Designation::Strict),
        ..receptor(ReceptorKind::SensitiveAreas)
    };
    let dam = |place: Place| Place { dam: Some(TailingsClass::Extreme), ..place };
    let table: [(&str, Place, Bar); 7] = [
        ("inside World Heritage", Place::default().with(heritage, 0.0), Bar::Nature),
        ("an extreme dam on the river bank", dam(Place::default().river(0.05)), Bar::Pressure),
        (
            "an extreme dam, river 0.2 km, 20,000 people at 2 km",
            dam(Place::default().river(0.2).town(20_000.0, 2.0)),
            Bar::Pressure,
        ),
        ("a million people at the gate", Place::default().town(1e6, 0.0), Bar::People),
        (
            "270 killed at the gate a year ago",
            Place::default().accident(270, 0.0, 1.0),
            Bar::Pressure,
        ),
        ("magnitude 7.5 at 5 km", Place::default().quake(7.5, 5.0), Bar::Hazard),
        (
            "a dam of class extreme, river 0.3 km, 40,000 people at 8 km, park 5 km",
            dam(Place::default().river(0.3).town(40_000.0, 8.0).park(Designation::Managed, 5.0))
                .stress(0.1),
            Bar::Pressure,
        ),
    ];
    for (what, mut place, of) in table {
        let (at_least, score) = bar(&place.risk(), of);
        assert!(at_least >= 60.0 && score >= at_least, "{what}: {at_least}, {score}");
        // With everything else known to be quiet it reads no less.
        place.complete = ReceptorKind::ALL.into_iter().collect();
        for name in ["species", "habitat", "flood", "outburst"] {
            place.rasters.push((name, 0.0));
        }
        assert!(bar(&place.risk(), of).0 >= 60.0, "{what}, all else quiet");
    }
}

#[test]
fn world_heritage_is_a_yes_or_no_of_its_own() {
    let area = |km: f64, world_heritage: bool, complete: bool| {
        let one = Receptor { world_heritage, ..receptor(ReceptorKind::SensitiveAreas) };
        let mut place = Place::default().with(one, km);
        place.complete = complete.then_some(ReceptorKind::SensitiveAreas).into_iter().collect();
        place.risk().flags
    };
    let flags = |km, heritage, complete| {
        let flags = area(km, heritage, complete);
        (flags.world_heritage_within_km, flags.in_world_heritage)
    };
    assert_eq!(flags(0.0, true, false), (Some(0.0), Some(true)));
    assert_eq!(flags(12.0, true, true), (Some(12.0), Some(false)));
    assert_eq!(flags(51.0, true, true), (None, Some(false)));
    assert_eq!(flags(0.0, false, true), (None, Some(false)));
    // A layer with gaps does not tell that there is none, nor does a place known no better than the distance.
    assert_eq!(flags(12.0, true, false), (Some(12.0), None));
    assert_eq!(flags(0.0, false, false), (None, None));
    assert_eq!(flags(4.0, true, true), (Some(4.0), None));
    let nothing = Place::default().risk().flags;
    assert_eq!((nothing.world_heritage_within_km, nothing.in_world_heritage), (None, None));
}

#[test]
fn a_tailings_class_counts_and_none_is_none() {
    let read = |dam| {
        let risk = Place { dam, ..Place::default().river(0.5) }.risk();
        let one = risk.environment.indicators.iter().find(|i| i.code == IndicatorCode::Tailings);
        one.map(|one| (one.value, one.known)).expect("an indicator")
    };
    assert_eq!(read(None), (None, 0.0), "an unknown class is missing");
    assert_eq!(read(Some(TailingsClass::NoFacility)), (Some(0.0), 1.0));
    let (low, extreme) = (read(Some(TailingsClass::Low)), read(Some(TailingsClass::Extreme)));
    assert!(close(extreme.0.expect("known") / low.0.expect("known"), 5.0, 1e-12));
    assert_eq!((low.1, extreme.1), (1.0, 1.0));
}

// --- reaches ---------------------------------------------------------------------------------

#[test]
fn nothing_jumps_at_a_reach() {
    let quiet = || Place::default().stress(0.2).park(Designation::Other, 30.0).river(12.0);
    let alone = Place::default;
    type AddAt = fn(Place, f64) -> Place;
    let steps: [(&str, AddAt); 6] = [
        ("a million people", |place, km| place.town(1e6, km)),
        ("a town", |place, km| place.town(8000.0, km)),
        ("a park", |place, km| place.park(Designation::Strict, km)),
        ("a river", |place, km| place.river(km)),
        ("an earthquake", |place, km| place.quake(7.0, km)),
        ("an extreme dam's town", |place, km| Place {
            dam: Some(TailingsClass::Extreme),
            ..place.town(500.0, km)
        }),
    ];
    for (what, add) in steps {
        for start in [alone(), quiet()] {
            let at = |km: f64| {
                let risk = add(start.clone(), km).risk().environment;
                let bars = risk.bars.iter().flat_map(|bar| [bar.at_least, bar.score]);
                let all: Vec<Option<f64>> =
                    [risk.at_least, risk.score].into_iter().chain(bars).collect();
                all
            };
            // Half of each reach, each reach, and each search distance.
            for km in [
                5.0, 10.0, 25.0, 37.5, 50.0, 75.0, 100.0, 200.0, 250.0, 312.5, 500.0, 625.0,
                1000.0, 2500.0, 5000.0,
            ] {
                let (before, after) = (at(km - 0.005), at(km + 0.005));
                for (a, b) in before.iter().zip(&after) {
                    if let (Some(a), Some(b)) = (a, b) {
                        assert!((a - b).abs() < 0.5, "{what} at {km} km: {a} and {b}");
                    }
                }
            }
        }
    }
}

// --- partial readings --------------------------------------------------------------------------

#[test]
fn a_partial_reading_stays_near_the_full_one() {
    // A place whose indicators read E1 .55, E2 .2, E3 .5, E4 .45, E5 0, E6 .6 before they are put on a scale.
    let people = on_common_scale(scheme().environment.people.quartiles, 0.6);
    let full = [
        (IndicatorCode::SensitiveAreas, 0.55),
        (IndicatorCode::WaterStress, 0.2),
        (IndicatorCode::Seismic, 0.5),
        (IndicatorCode::WaterNearby, 0.45),
        (IndicatorCode::Accidents, 0.0),
        (IndicatorCode::People, people),
    ];
    let read = |layers: u32| {
        environment_risk(
            &scheme(),
            readings(|code| {
                let at = full.iter().position(|(of, _)| *of == code);
                match at.filter(|at| layers & (1 << at) != 0) {
                    Some(at) => (Some(full[at].1), 1.0),
                    None => (None, 0.0),
                }
            }),
        )
    };
    let whole = read(63);
    let truth = whole.score.expect("enough is known");
    let mut scored = 0;
    for layers in 0..64 {
        let part = read(layers);
        if let Some(score) = part.score {
            scored += 1;
            assert!((score - truth).abs() < 15.0, "{layers:06b}: {score} for {truth}");
        }
        for more in 0..6 {
            let with = read(layers | (1 << more));
            assert!(with.at_least >= part.at_least, "{layers:06b} and {more}");
            assert!(with.coverage >= part.coverage);
        }
    }
    assert!(scored >= 20, "{scored} of 64 subsets have a score");
    assert!(whole.at_least.expect("known") <= truth);
}

#[test]
fn all_weight_on_one_indicator_is_that_indicator() {
    let town = Place::default().town(1e4, 0.0).risk();
    let expected = 100.0 * value(&town, IndicatorCode::People).expect("known");
    let text: String = IndicatorCode::ALL
        .map(|code| {
            let weight = u8::from(code == IndicatorCode::People);
            format!("[environment.{}]\nweight = {weight}\n", code.word())
        })
        .concat();
    let scheme = Scheme::from_toml(&text, "one.toml").expect("scheme");
    let quantities: Quantities = around(&[(ReceptorKind::Settlements, &[(0, 0.0)])]);
    let settlement = Receptor { population: Some(1e4), ..receptor(ReceptorKind::Settlements) };
    let risk = score(&scheme, &site(), &quantities, &[settlement], &BTreeSet::new()).environment;
    assert!(close(risk.score.expect("a score"), expected, 1e-12));
    assert_eq!((risk.score, risk.coverage), (risk.at_least, 1.0));
}

#[test]
fn a_site_of_no_security_incidents_has_an_environment_all_the_same() {
    let risk =
        score(&scheme(), &site(), &security(0.0), &[], &ReceptorKind::ALL.into_iter().collect());
    assert!(risk.environment.at_least.is_some());
}
