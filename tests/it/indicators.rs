//! The indicators, each checked against its formula, its undefined cases and independently
//! computed numbers.

use crate::made::{
    around, close, contribution, covered, nearby, note, receptor, scheme, site, value,
    with_own_water_stress,
};
use std::collections::BTreeSet;
use tamarisk::measures::Quantities;
use tamarisk::model::{Designation, ReceptorKind, TailingsClass, WaterStress};
use tamarisk::scoring::indicators::{felt_within, mmi, water_stress_value};
use tamarisk::scoring::{IndicatorCode, Risk, on_common_scale, score};

#[test]
fn shaking_is_that_of_allen_wald_and_worden() {
    // mpmath, 40 digits; the coefficients as two other implementations have them.
    let relation = scheme().environment.seismic.relation;
    for (magnitude, km, expected) in [
        (5.0, 10.0, 5.973_609_906_751_77),
        (7.0, 20.0, 7.572_187_661_149_57),
        (6.5, 50.0, 5.860_271_262_111_43),
        (6.5, 50.001, 5.860_245_651_494_82),
        (7.7, 120.0, 6.393_841_823_697_57),
        (8.1, 600.0, 4.873_174_462_654_43),
        (9.5, 3000.0, 4.742_810_726_793_51),
    ] {
        let intensity = mmi(&relation, magnitude, km);
        assert!(close(intensity, expected, 1e-14), "{magnitude} at {km}: {intensity}");
    }
}

#[test]
fn an_earthquake_is_felt_as_far_as_its_shaking_reaches() {
    // mpmath's findroot of MMI = 4.
    let seismic = scheme().environment.seismic;
    for (magnitude, km) in
        [(5.5, 70.394_748_502_5), (7.0, 354.985_986_209), (8.1, 1_162.834_727_26)]
    {
        let felt = felt_within(&seismic, magnitude).km();
        assert!((felt - km).abs() < 1e-5, "{magnitude}: {felt}");
    }
    assert!(felt_within(&seismic, 2.0).km() < 2.0);
}

#[test]
fn a_distant_great_earthquake_is_looked_for() {
    let mut shock = receptor(ReceptorKind::Earthquakes);
    shock.magnitude = Some(8.1);
    let search =
        |shock: &_| scheme().search(ReceptorKind::Earthquakes, std::slice::from_ref(shock)).km();
    assert!(search(&shock) > 1_162.0);
    shock.depth_km = Some(200.0);
    assert_eq!(search(&shock), 500.0, "a deep one is left out, so it need not be found");
}

#[test]
fn water_stress_is_scaled_as_aqueduct_scales_it() {
    let indicator = scheme().environment.water_stress;
    for (stress, expected) in [
        (WaterStress::Ratio(0.0), Some(0.0)),
        (WaterStress::Ratio(0.05), Some(0.0)),
        (WaterStress::Ratio(0.1), Some(0.2)),
        (WaterStress::Ratio(0.2), Some(0.4)),
        (WaterStress::Ratio(0.4), Some(0.6)),
        (WaterStress::Ratio(0.8), Some(0.8)),
        (WaterStress::Ratio(1.6), Some(1.0)),
        (WaterStress::Ratio(1e300), Some(1.0)),
        (WaterStress::Ratio(-9999.0), None),
        (WaterStress::Ratio(f64::NAN), None),
        (WaterStress::Score(3.5), Some(0.7)),
        (WaterStress::Score(6.0), Some(1.0)),
        (WaterStress::Score(-1.0), None),
        (WaterStress::Arid, Some(1.0)),
    ] {
        let value = water_stress_value(&indicator, stress);
        match (value, expected) {
            (Some(value), Some(expected)) => assert!(close(value, expected, 1e-12), "{stress:?}"),
            _ => assert_eq!(value, expected, "{stress:?}"),
        }
    }
}

#[test]
fn water_stress_of_the_site_comes_before_that_of_polygons() {
    let mut basin = receptor(ReceptorKind::WaterStress);
    basin.water_stress = Some(WaterStress::Score(2.0));
    let mut drier = basin.clone();
    drier.water_stress = Some(WaterStress::Score(4.0));
    let receptors = [basin, drier];
    let near = |first: f64| around(&[(ReceptorKind::WaterStress, &[(0, first), (1, 0.0)])]);
    let read = |site: &_, quantities: &_| {
        let risk = score(&scheme(), site, quantities, &receptors, &BTreeSet::new());
        (value(&risk, IndicatorCode::WaterStress), risk.flags.water_stress_high)
    };
    assert_eq!(
        read(&with_own_water_stress(WaterStress::Score(1.0)), &near(0.0)),
        (Some(0.2), Some(false))
    );
    assert_eq!(
        read(&with_own_water_stress(WaterStress::Ratio(0.4)), &near(0.0)),
        (Some(0.6), Some(true))
    );
    assert_eq!(
        read(&with_own_water_stress(WaterStress::Ratio(-1.0)), &near(0.0)),
        (Some(0.8), Some(true))
    );
    assert_eq!(
        read(&site(), &near(0.0)),
        (Some(0.8), Some(true)),
        "the drier of two that contain it"
    );
    let outside = around(&[(ReceptorKind::WaterStress, &[(0, 0.001)])]);
    assert_eq!(read(&site(), &outside), (None, None), "a polygon that is only near says nothing");
}

#[test]
fn the_ratio_of_the_next_basin_is_told_and_not_scored() {
    let read = |stress, next_basin, note: Option<&str>| {
        let mut site = with_own_water_stress(stress);
        site.water_stress_aside.next_basin = next_basin;
        site.water_stress_aside.note = note.map(str::to_owned);
        let risk = score(&scheme(), &site, &around(&[]), &[], &BTreeSet::new());
        let of = risk.environment.indicators.into_iter().find(|i| i.code.code() == "E2");
        let of = of.expect("E2");
        (of.value.expect("known"), of.phrase.expect("a phrase"), of.note)
    };
    let ratio = WaterStress::Ratio(0.521);
    let (alone, phrase, note) = read(ratio, None, None);
    assert_eq!((phrase.as_str(), note), ("water stress of ratio 0.52", None));
    let (value, phrase, note) = read(ratio, Some(1.113), Some("a model's"));
    assert_eq!(value, alone, "the other basin plays no part");
    assert_eq!(phrase, "water stress of ratio 0.52, ratio 1.11 in the next basin");
    assert_eq!(
        note.as_deref(),
        Some(
            "ratio 0.52; ratio 1.11 in the next basin, whose line lies within the accuracy of the \
             position; a model's"
        )
    );
    assert_eq!(read(ratio, None, Some("a model's")).2.as_deref(), Some("a model's"));
    for (stress, next, words) in [
        (WaterStress::Score(3.25), 12.0, "water stress of score 3.2, ratio 12 in the next basin"),
        (
            WaterStress::Ratio(0.0042),
            0.0,
            "water stress of ratio 0.0042, ratio 0 in the next basin",
        ),
        (WaterStress::Arid, 0.9, "an arid basin of low water use, ratio 0.9 in the next basin"),
    ] {
        assert_eq!(read(stress, Some(next), None).1, words);
    }
}

#[test]
fn the_area_that_counts_need_not_be_the_nearest() {
    let mut game = receptor(ReceptorKind::SensitiveAreas);
    game.designation = Some(Designation::Sustainable);
    let mut park = receptor(ReceptorKind::SensitiveAreas);
    park.designation = Some(Designation::Strict);
    let receptors = [game, park];
    let quantities = around(&[(ReceptorKind::SensitiveAreas, &[(0, 5.0), (1, 10.0)])]);
    let risk = score(&scheme(), &site(), &quantities, &receptors, &BTreeSet::new());
    let areas = &risk.environment.indicators[0];
    assert_eq!(areas.driver.map(|d| d.index), Some(1));
    assert!(close(areas.value.expect("known"), (-2.99_f64 * 10.0 / 50.0).exp(), 1e-14));
    assert_eq!(risk.flags.sensitive_area_within_km, Some(5.0));
}

#[test]
fn a_centroid_is_measured_to_the_circle_of_its_area_and_set_aside_where_it_is_vague() {
    let mut park = crate::made::point(ReceptorKind::SensitiveAreas);
    park.designation = Some(Designation::Strict);
    park.area_km2 = Some(std::f64::consts::PI * 121.0);
    let read = |park: &tamarisk::model::Receptor, km: f64, complete: bool| {
        let quantities = around(&[(ReceptorKind::SensitiveAreas, &[(0, km)])]);
        let complete = complete.then_some(ReceptorKind::SensitiveAreas).into_iter().collect();
        let receptors = std::slice::from_ref(park);
        let risk = score(&scheme(), &site(), &quantities, receptors, &complete);
        let driver = risk.environment.indicators[0].driver.map(|d| d.distance.km());
        (value(&risk, IndicatorCode::SensitiveAreas), driver)
    };
    assert_eq!(read(&park, 11.0, false), (Some(1.0), Some(0.0)), "inside the circle");
    let (value, km) = read(&park, 21.0, false);
    assert!(close(value.expect("known"), (-2.99_f64 * 10.0 / 50.0).exp(), 1e-12));
    assert!(close(km.expect("a driver"), 10.0, 1e-12));
    assert!(read(&park, 90.9, false).0.is_some(), "its edge is in reach");
    assert_eq!(read(&park, 1011.1, false).0, None);
    park.accuracy = Some(tamarisk::earth::Length::from_km(25.1));
    assert_eq!(read(&park, 21.0, false), (None, None));
    assert_eq!(read(&park, 21.0, true), (None, None), "something is there, nobody knows where");
    assert_eq!(read(&park, 300.0, true), (Some(0.0), None));
}

#[test]
fn deep_earthquakes_and_those_without_a_magnitude_are_left_out() {
    let mut deep = receptor(ReceptorKind::Earthquakes);
    deep.magnitude = Some(8.0);
    deep.depth_km = Some(70.1);
    let mut unrated = receptor(ReceptorKind::Earthquakes);
    unrated.depth_km = Some(10.0);
    let mut shallow = receptor(ReceptorKind::Earthquakes);
    shallow.magnitude = Some(5.0);
    let receptors = [deep, unrated, shallow];
    let read = |near: &[(usize, f64)], complete: bool| {
        let quantities = around(&[(ReceptorKind::Earthquakes, near)]);
        let complete = complete.then_some(ReceptorKind::Earthquakes).into_iter().collect();
        score(&scheme(), &site(), &quantities, &receptors, &complete)
    };
    let risk = read(&[(0, 1.0), (1, 2.0), (2, 3.0)], false);
    let expected = (mmi(&scheme().environment.seismic.relation, 5.0, 109.0_f64.sqrt()) - 4.0) / 5.0;
    let seismic = value(&risk, IndicatorCode::Seismic).expect("known");
    assert!(close(seismic, expected, 1e-14), "{seismic}");
    assert_eq!(
        note(&risk, IndicatorCode::Seismic),
        "MMI 5.9 from magnitude 5.0; depth not known, 10 km assumed; 1 deeper than 70 km left out; \
         1 without a magnitude left out"
    );
    assert_eq!(value(&read(&[(0, 1.0)], false), IndicatorCode::Seismic), None);
    assert_eq!(value(&read(&[(0, 1.0)], true), IndicatorCode::Seismic), Some(0.0));
    assert_eq!(value(&read(&[(1, 1.0)], true), IndicatorCode::Seismic), None);
    assert_eq!(value(&read(&[(2, 499.9)], false), IndicatorCode::Seismic), Some(0.0));
    assert_eq!(value(&read(&[(2, 5000.1)], false), IndicatorCode::Seismic), None);
}

#[test]
fn water_counts_by_its_nearest() {
    let receptors = [receptor(ReceptorKind::Rivers), receptor(ReceptorKind::WaterBodies)];
    let near: &[(ReceptorKind, &[(usize, f64)])] =
        &[(ReceptorKind::Rivers, &[(0, 6.0)]), (ReceptorKind::WaterBodies, &[(1, 4.0)])];
    for class in [None, Some(TailingsClass::NoFacility), Some(TailingsClass::Extreme)] {
        let mut site = site();
        site.tailings.class = class;
        let risk = score(&scheme(), &site, &around(near), &receptors, &BTreeSet::new());
        let expected = (-2.99_f64 * 4.0 / 25.0).exp();
        let water = value(&risk, IndicatorCode::WaterNearby).expect("known");
        assert!(close(water, expected, 1e-14), "{class:?}");
    }
}

/// The share of an indicator that is known.
fn known(risk: &Risk, code: IndicatorCode) -> f64 {
    risk.environment.indicators.iter().find(|i| i.code == code).expect("every indicator").known
}

#[test]
fn a_layer_with_gaps_is_known_near_what_it_shows_and_a_complete_one_everywhere() {
    use ReceptorKind::{Earthquakes, Rivers, SensitiveAreas, Settlements, WaterBodies};
    let table: &[(ReceptorKind, IndicatorCode, f64)] = &[
        (SensitiveAreas, IndicatorCode::SensitiveAreas, 100.0),
        (Earthquakes, IndicatorCode::Seismic, 500.0),
        (Rivers, IndicatorCode::WaterNearby, 50.0),
        (WaterBodies, IndicatorCode::WaterNearby, 50.0),
        (Settlements, IndicatorCode::People, 50.0),
    ];
    for &(kind, code, reach) in table {
        let mut thing = receptor(kind);
        thing.population = Some(1e4);
        thing.magnitude = Some(6.0);
        let read = |km: f64, complete: bool| {
            let quantities = around(&[(kind, &[(0, km)])]);
            let complete = complete.then_some(kind).into_iter().collect();
            score(&scheme(), &site(), &quantities, std::slice::from_ref(&thing), &complete)
        };
        for (km, share) in [
            (0.0, 1.0),
            (0.5, 1.0),
            (0.625, 0.75),
            (0.75, 0.5),
            (1.0, 0.5),
            (5.0, 0.5),
            (7.5, 0.25),
            (10.0, 0.0),
        ] {
            let near = read(reach * km, false);
            assert!(close(known(&near, code), share, 1e-12), "{kind:?} at {km} of its reach");
            assert_eq!(known(&read(reach * km, true), code), 1.0, "{kind:?}");
        }
        let past = read(10.0 * reach + 0.001, false);
        assert_eq!((value(&past, code), known(&past, code)), (None, 0.0), "{kind:?} past reach");
        // Declared complete and empty: nothing is there at all.
        let empty = score(&scheme(), &site(), &covered(), &[], &[kind].into());
        assert_eq!((value(&empty, code), known(&empty, code)), (Some(0.0), 1.0), "{kind:?}");
        let none = score(&scheme(), &site(), &covered(), &[], &BTreeSet::new());
        assert_eq!(value(&none, code), None, "{kind:?}");
        assert!(note(&none, code).starts_with("no "), "{kind:?}");
    }
}

#[test]
fn a_great_city_past_the_reach_still_counts() {
    let mut city = receptor(ReceptorKind::Settlements);
    city.population = Some(1e7);
    let quantities = around(&[(ReceptorKind::Settlements, &[(0, 51.0)])]);
    let risk = score(&scheme(), &site(), &quantities, &[city], &BTreeSet::new());
    assert_eq!(known(&risk, IndicatorCode::People), 0.5);
    assert!(value(&risk, IndicatorCode::People).is_some_and(|people| people > 0.05));
}

#[test]
fn small_earthquakes_do_no_harm() {
    let mut shock = receptor(ReceptorKind::Earthquakes);
    let mut read = |magnitude: f64| {
        shock.magnitude = Some(magnitude);
        let quantities = around(&[(ReceptorKind::Earthquakes, &[(0, 3.0)])]);
        let risk =
            score(&scheme(), &site(), &quantities, std::slice::from_ref(&shock), &BTreeSet::new());
        value(&risk, IndicatorCode::Seismic)
    };
    assert_eq!(read(4.99), None);
    assert!(read(5.0).is_some_and(|value| value > 0.3));
}

#[test]
fn people_are_placed_on_the_scale_of_the_worlds_mines() {
    let quartiles = scheme().environment.people.quartiles;
    for (value, place) in [
        (0.0, 0.0),
        (0.04, 0.125),
        (0.08, 0.25),
        (0.41, 0.5),
        (0.6, 0.75),
        (0.8, 0.875),
        (1.0, 1.0),
    ] {
        assert!(close(on_common_scale(quartiles, value), place, 1e-12), "{value}");
    }
    let as_is = scheme().environment.water_nearby.quartiles;
    for value in [0.0, 0.1, 0.25, 0.6, 0.99, 1.0] {
        assert!(close(on_common_scale(as_is, value), value, 1e-15), "{value}");
    }
}

#[test]
fn a_complete_river_layer_says_nothing_of_water_bodies_with_gaps() {
    let receptors = [receptor(ReceptorKind::Rivers), receptor(ReceptorKind::WaterBodies)];
    let near: &[(ReceptorKind, &[(usize, f64)])] =
        &[(ReceptorKind::Rivers, &[(0, 60.0)]), (ReceptorKind::WaterBodies, &[(1, 80.0)])];
    let share = |complete: &[ReceptorKind]| {
        let complete = complete.iter().copied().collect();
        known(
            &score(&scheme(), &site(), &around(near), &receptors, &complete),
            IndicatorCode::WaterNearby,
        )
    };
    assert_eq!(share(&[ReceptorKind::Rivers]), 0.5);
    assert_eq!(share(&[ReceptorKind::Rivers, ReceptorKind::WaterBodies]), 1.0);
}

#[test]
fn a_settlement_without_a_population_is_missing_and_never_nobody() {
    let mut town = receptor(ReceptorKind::Settlements);
    town.population = Some(999_999.0);
    let receptors = [receptor(ReceptorKind::Settlements), town];
    let read = |near: &[(usize, f64)], complete: bool| {
        let quantities = around(&[(ReceptorKind::Settlements, near)]);
        let complete = complete.then_some(ReceptorKind::Settlements).into_iter().collect();
        let risk = score(&scheme(), &site(), &quantities, &receptors, &complete);
        (value(&risk, IndicatorCode::People), note(&risk, IndicatorCode::People))
    };
    let (people, said) = read(&[(0, 0.0), (1, 0.0)], false);
    assert!(close(people.expect("known"), 1.0, 1e-12));
    assert_eq!(said, "1 settlements without a population left out");
    assert_eq!(read(&[(0, 1.0)], false).0, None);
    assert_eq!(read(&[(0, 1.0)], true).0, None);
    // A city past the reach still adds to the sum.
    let (both, _) = read(&[(1, 10.0), (1, 60.0)], false);
    let sum = 999_999.0 * ((-2.99_f64).exp() + (-2.99_f64 * 6.0).exp());
    let raw = (1.0 + sum).log10() / 6.0;
    assert!(raw > 0.6, "above the upper quartile");
    assert!(close(both.expect("known"), 0.75 + 0.25 * (raw - 0.6) / 0.4, 1e-13));
}

#[test]
fn accidents_are_known_where_they_were_collected() {
    let mut quantities = covered();
    let read = |quantities: &Quantities| {
        let risk = score(&scheme(), &site(), quantities, &[], &BTreeSet::new());
        let accidents = risk.environment.indicators[4].clone();
        (accidents.value, accidents.driver, accidents.known)
    };
    assert_eq!(read(&quantities), (None, None, 0.0));
    quantities.environment.accidents = Some(Default::default());
    assert_eq!(read(&quantities), (Some(0.0), None, 0.5), "a record may have gaps");
    quantities.environment.accidents_declared = true;
    assert_eq!(read(&quantities), (Some(0.0), None, 1.0));
    let spill = contribution(7, 3.0, 0.5);
    quantities.environment.accidents =
        Some(tamarisk::measures::Intensity { total: 1.5, strongest: vec![spill] });
    assert_eq!(read(&quantities), (Some(0.5), Some(nearby(7, 3.0)), 1.0));
}
