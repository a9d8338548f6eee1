//! Properties of the environment risk that hold for any place: what is added never lowers what is known, and points add
//! up.

use crate::made::receptor;
use crate::surroundings::Place;
use proptest::prelude::*;
use tamarisk::model::{Designation, Receptor, ReceptorKind, TailingsClass, WaterStress};
use tamarisk::scoring::indicators::Reading;
use tamarisk::scoring::{Bar, IndicatorCode, Scheme, environment_risk};

fn any_kind() -> impl Strategy<Value = ReceptorKind> {
    proptest::sample::select(vec![
        ReceptorKind::SensitiveAreas,
        ReceptorKind::Rivers,
        ReceptorKind::WaterBodies,
        ReceptorKind::Settlements,
        ReceptorKind::Earthquakes,
        ReceptorKind::WaterStress,
    ])
}

prop_compose! {
    /// A receptor of any kind, its size from 0 to 1 in the measure of its kind, and its distance.
    fn any_thing()(
        kind in any_kind(), size in 0.0..1.0_f64, km in prop_oneof![0.0..2.0_f64, 0.0..120.0_f64, 0.0..600.0_f64],
        known in proptest::bool::weighted(0.9),
    ) -> (ReceptorKind, f64, f64, bool) {
        (kind, size, if kind == ReceptorKind::WaterStress { 0.0 } else { km }, known)
    }
}

fn thing(kind: ReceptorKind, size: f64, known: bool) -> Receptor {
    let mut one = receptor(kind);
    match kind {
        ReceptorKind::Settlements => one.population = known.then(|| libm::pow(10.0, 7.0 * size)),
        ReceptorKind::Earthquakes => {
            one.magnitude = known.then_some(4.0 + 5.0 * size);
            one.depth_km = Some(12.0);
        }
        ReceptorKind::SensitiveAreas => {
            one.designation = Some(match size {
                size if size < 0.25 => Designation::Sustainable,
                size if size < 0.5 => Designation::Other,
                size if size < 0.75 => Designation::Managed,
                _ => Designation::Strict,
            });
        }
        ReceptorKind::WaterStress => one.water_stress = Some(WaterStress::Score(5.0 * size)),
        _ => {}
    }
    one
}

fn class(of: f64) -> TailingsClass {
    match of {
        of if of < 0.3 => TailingsClass::Low,
        of if of < 0.7 => TailingsClass::High,
        _ => TailingsClass::Extreme,
    }
}

prop_compose! {
    fn any_place()(
        things in proptest::collection::vec(any_thing(), 0..8),
        accidents in proptest::option::of(proptest::collection::vec((0..300_u32, 0.0..60.0_f64, 0.0..30.0_f64), 0..4)),
        dam in proptest::option::of(0.0..1.0_f64),
        rasters in proptest::collection::vec((proptest::sample::select(vec![
            "species", "habitat", "flood", "outburst", "shaking", "population",
        ]), 0.0..1.0_f64), 0..3),
        complete in proptest::collection::btree_set(any_kind(), 0..3),
    ) -> Place {
        let things = things.into_iter().map(|(kind, size, km, known)| (thing(kind, size, known), km));
        Place {
            site: None, things: things.collect(), accidents, dam: dam.map(class), rasters, complete,
        }
    }
}

proptest! {
    #[test]
    fn whatever_is_added_never_lowers_what_is_known(
        place in any_place(), more in any_thing(), nearer in 0.0..1.0_f64, larger in 0.0..1.0_f64,
        accident in (0..300_u32, 0.0..60.0_f64, 0.0..30.0_f64), raster in 0.0..1.0_f64,
    ) {
        let before = place.at_least();
        let bars = |place: &Place| {
            let risk = place.risk().environment;
            risk.bars.iter().map(|bar| bar.at_least.unwrap_or(0.0)).collect::<Vec<_>>()
        };
        let of_bars = bars(&place);
        let (kind, size, km, known) = more;
        let added = place.clone().with(thing(kind, size, known), km);
        let mut changed = vec![added.clone()];
        let (to, big) = (km * nearer, size + larger * (1.0 - size));
        changed.push(place.clone().with(thing(kind, size, known), to));
        changed.push(place.clone().with(thing(kind, big, known), km));
        changed.push(place.clone().accident(accident.0, accident.1, accident.2));
        changed.push(Place { complete: ReceptorKind::ALL.into_iter().collect(), ..place.clone() });
        for name in ["species", "habitat", "flood", "outburst", "shaking", "population"] {
            if place.rasters.iter().all(|(known, _)| *known != name) {
                let mut with = place.clone();
                with.rasters.push((name, raster));
                changed.push(with);
            }
        }
        if place.dam.is_none() {
            changed.push(Place { dam: Some(TailingsClass::Significant), ..place.clone() });
        }
        for (number, changed) in changed.iter().enumerate() {
            prop_assert!(changed.at_least() >= before - 1e-9, "{number}: {changed:?}");
            for (with, without) in bars(changed).iter().zip(&of_bars) {
                prop_assert!(*with >= without - 1e-9, "{number}: {changed:?}");
            }
        }
        // Nearer and larger than when it was first added.
        let with = added.at_least();
        prop_assert!(changed[1].at_least() >= with - 1e-9);
        if known {
            prop_assert!(changed[2].at_least() >= with - 1e-9);
        }
    }

    #[test]
    fn points_of_what_is_known_and_what_is_assumed_add_up(place in any_place()) {
        let risk = place.risk().environment;
        let all = risk.indicators.iter().flat_map(|one| [one.points, one.assumed]).flatten();
        let sum: f64 = all.sum();
        match risk.score {
            Some(score) => {
                prop_assert!((sum - score).abs() < 1e-9, "{sum} for {score}");
                prop_assert!(score >= risk.at_least.expect("something is known") - 1e-9);
            }
            None => prop_assert_eq!(sum, 0.0),
        }
        for bar in &risk.bars {
            prop_assert_eq!(bar.score.is_some(), bar.at_least.is_some());
            if let (Some(score), Some(at_least)) = (bar.score, bar.at_least) {
                prop_assert!((0.0..=100.0 + 1e-9).contains(&score) && score >= at_least - 1e-9);
            }
            prop_assert!((0.0..=1.0).contains(&bar.coverage));
        }
    }

    #[test]
    fn other_layers_change_neither_bar_they_do_not_belong_to(place in any_place(), people in 0.0..1.0_f64) {
        let with = place.clone().with(thing(ReceptorKind::Settlements, people, true), 3.0);
        let (before, after) = (place.risk().environment, with.risk().environment);
        for bar in [Bar::Nature, Bar::Water, Bar::Hazard] {
            prop_assert_eq!(before.bar(bar), after.bar(bar));
        }
    }

    #[test]
    fn scaling_the_weights_changes_nothing(
        weights in proptest::array::uniform12(0.01..1.0_f64), bars in proptest::array::uniform4(0.01..1.0_f64),
        scale in 0.01..1000.0_f64, place in any_place(),
    ) {
        let scheme_of = |scale: f64| {
            let mut text: String = IndicatorCode::ALL.iter().zip(weights)
                .map(|(code, w)| format!("[environment.{}]\nweight = {:?}\n", code.word(), w * scale))
                .collect();
            text.push_str("[environment.bars]\n");
            for (bar, w) in Bar::ALL.iter().zip(bars) {
                text.push_str(&format!("{} = {:?}\n", bar.word(), w * scale));
            }
            Scheme::from_toml(&text, "scaled.toml").expect("scheme")
        };
        let of_place = place.risk().environment;
        let readings = || of_place.indicators.iter().map(|one| {
            (one.code, Reading { value: one.value, known: one.known, ..Reading::default() })
        }).collect();
        let (one, other) = (
            environment_risk(&scheme_of(1.0), readings()),
            environment_risk(&scheme_of(scale), readings()),
        );
        prop_assert!((one.coverage - other.coverage).abs() < 1e-12);
        match (one.at_least, other.at_least) {
            (Some(a), Some(b)) => prop_assert!((a - b).abs() < 1e-9),
            (a, b) => prop_assert_eq!(a, b),
        }
    }

    #[test]
    fn nearer_never_lowers_an_indicator(
        kind in any_kind(), km in 0.0..400.0_f64, nearer in 0.0..1.0_f64, size in 0.3..1.0_f64,
    ) {
        let total = |km: f64| -> f64 {
            let place = Place { complete: [kind].into(), ..Place::default() };
            let risk = place.with(thing(kind, size, true), km).risk();
            risk.environment.indicators.iter().filter_map(|one| one.value).sum()
        };
        prop_assert!(total(km * nearer) >= total(km) - 1e-12);
    }
}
