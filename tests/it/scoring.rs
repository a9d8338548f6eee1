//! Scores: the method's own sentences, numbers computed elsewhere, properties that hold for any
//! input, the undefined cases, and the row of docs/METHOD.md recomputed from its tables.

use crate::made::{
    around, contribution, covered, nearby, receptor, scheme, security, site, with_own_water_stress,
};
use proptest::prelude::*;
use std::collections::BTreeSet;
use tamarisk::measures::Quantities;
use tamarisk::model::{
    Designation, Domain, ReceptorKind, SecurityType, TailingsClass, WaterStress,
};
use tamarisk::scoring::indicators::{felt_within, mmi, water_stress_value};
use tamarisk::scoring::{
    Band, IndicatorCode, Risk, RiskCell, Scheme, power_mean, rising, score, security_score,
    severity, written,
};

fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * b.abs().max(1.0)
}

/// The value of one indicator of a risk.
fn value(risk: &Risk, code: IndicatorCode) -> Option<f64> {
    risk.environment.indicators.iter().find(|i| i.code == code).expect("every indicator").value
}

fn note(risk: &Risk, code: IndicatorCode) -> String {
    let of = |i: &&tamarisk::scoring::Indicator| i.code == code;
    risk.environment.indicators.iter().find(of).and_then(|i| i.note.clone()).unwrap_or_default()
}

// --- security --------------------------------------------------------------------------------

#[test]
fn an_intensity_has_its_score() {
    // mpmath, 40 digits: 100 x / (1 + x), x = sqrt(lambda / 0.5).
    for (intensity, expected) in [
        (0.0, 0.0),
        (1e-9, 0.004_471_935_963_943_45),
        (0.031_25, 20.0),
        (2.0 / 9.0, 40.0),
        (0.5, 50.0),
        (1.0, 58.578_643_762_690_5),
        (1.125, 60.0),
        (4.5, 75.0),
        (8.0, 80.0),
        (1e6, 99.929_339_286_551),
        // A ten-death attack with certain positions, at the gate, a day old.
        (2.037_519_690_961_54, 66.872_857_491_163_9),
    ] {
        let score = security_score(&scheme(), intensity);
        assert!(close(score, expected, 1e-13), "{intensity}: {score}");
    }
    assert!(security_score(&scheme(), f64::MAX) <= 100.0);
}

#[test]
fn a_ten_death_attack_at_the_gate_yesterday_scores_67() {
    let kernel = scheme().security_kernel();
    let mut attack = crate::made::incident(SecurityType::Explosions);
    attack.fatalities = Some(10);
    let half_life = scheme().security.recency.half_life_days;
    let decay = tamarisk::measures::decay(1, half_life);
    let intensity = severity(&scheme(), &attack) * kernel.at(0.0, 0.0) * decay;
    assert_eq!(security_score(&scheme(), intensity).round(), 67.0);
}

#[test]
fn severity_goes_by_type_and_deaths() {
    for (security_type, fatalities, expected) in [
        (SecurityType::Explosions, Some(0), 1.0),
        (SecurityType::Violence, Some(9), 2.0),
        (SecurityType::Battles, Some(99), 2.7),
        (SecurityType::Looting, None, 0.5),
        (SecurityType::Riots, Some(0), 0.4),
        (SecurityType::Protests, Some(0), 0.1),
        (SecurityType::Strategic, Some(0), 0.1),
        (SecurityType::Unknown, Some(0), 0.5),
    ] {
        let mut incident = crate::made::incident(security_type);
        incident.fatalities = fatalities;
        assert!(close(severity(&scheme(), &incident), expected, 1e-15), "{security_type:?}");
    }
    let mut other = crate::made::incident(SecurityType::Unknown);
    other.security_type = None;
    assert_eq!(severity(&scheme(), &other), 0.5);
    for (domain, expected) in
        [(Domain::Accident, 2.0), (Domain::Earthquake, 0.0), (Domain::Other, 0.0)]
    {
        other.domain = domain;
        other.fatalities = Some(9);
        assert_eq!(severity(&scheme(), &other), expected, "{domain:?}");
    }
}

#[test]
fn a_scheme_can_leave_deaths_out() {
    let scheme =
        Scheme::from_toml("[security.severity]\nfatality_factor = 0", "x.toml").expect("scheme");
    let mut incident = crate::made::incident(SecurityType::Battles);
    incident.fatalities = Some(1000);
    assert_eq!(severity(&scheme, &incident), 0.9);
}

#[test]
fn the_trend_is_a_probability() {
    // mpmath, 40 digits: 1 - betainc(recent + 0.5, prior + 0.5, 0, 0.5, regularized).
    for (recent, prior, expected) in [
        (0, 0, 0.5),
        (1, 0, 0.818_309_886_183_791),
        (0, 1, 0.181_690_113_816_209),
        (6, 2, 0.923_310_809_678_184),
        (2, 6, 0.076_689_190_321_816),
        (10, 10, 0.5),
        (40, 25, 0.969_012_105_472_455),
        (3, 12, 0.008_458_749_987_961_66),
        (500, 450, 0.947_646_104_896_785),
        (4000, 4200, 0.013_597_145_353_202),
        (100_000, 100_500, 0.132_074_317_052_801),
        (0, 300, 0.0),
        (300, 0, 1.0),
        (u32::MAX, u32::MAX, 0.5),
    ] {
        let trend = rising(recent, prior, 0.5);
        assert!((trend - expected).abs() < 1e-9, "{recent} after {prior}: {trend}");
    }
    let far = rising(u32::MAX, 0, 0.5);
    assert!((0.0..=1.0).contains(&far), "{far}");
}

#[test]
fn outside_the_coverage_there_is_no_security_score() {
    let mut quantities = security(3.0);
    quantities.security.covered = false;
    quantities.security.recent = 4;
    let risk = score(&scheme(), &site(), &quantities, &[], &BTreeSet::new());
    assert_eq!(risk.security.score, None);
    assert_eq!(risk.security.intensity, None);
    assert_eq!(risk.security.trend, None);
    assert!(risk.security.drivers.is_empty());
    assert_eq!(risk.cell.to_string(), "S0E0");
    assert_eq!(risk.flags.in_conflict_area, Some(true), "what was found counts");
    quantities.security.recent = 0;
    let risk = score(&scheme(), &site(), &quantities, &[], &BTreeSet::new());
    assert_eq!(risk.flags.in_conflict_area, None);
}

#[test]
fn covered_without_an_incident_is_a_score_of_zero() {
    let mut quantities = covered();
    quantities.security.intensity.total = -0.0;
    let risk = score(&scheme(), &site(), &quantities, &[], &BTreeSet::new());
    assert_eq!(risk.security.score, Some(0.0));
    let signs = [risk.security.score, risk.security.intensity, Some(risk.environment.coverage)];
    assert!(signs.iter().flatten().all(|zero| zero.is_sign_positive()), "{signs:?}");
    assert_eq!(risk.security.trend, Some(0.5));
    assert!(risk.security.drivers.is_empty());
    assert_eq!(risk.cell.to_string(), "S1E0");
    assert_eq!(risk.flags.in_conflict_area, Some(false));
}

// --- bands -----------------------------------------------------------------------------------

#[test]
fn a_band_goes_by_the_score_as_written_and_an_edge_belongs_to_the_upper() {
    let bands = scheme().bands;
    for (score, band) in [
        (None, Band::NoData),
        (Some(0.0), Band::VeryLow),
        (Some(19.94), Band::VeryLow),
        (Some(19.96), Band::Low),
        (Some(20.0), Band::Low),
        (Some(39.949), Band::Low),
        (Some(39.951), Band::Medium),
        (Some(60.0), Band::High),
        (Some(79.9), Band::High),
        (Some(80.0), Band::VeryHigh),
        (Some(100.0), Band::VeryHigh),
    ] {
        assert_eq!(bands.of(score), band, "{score:?}");
    }
    assert_eq!(RiskCell::new(Band::High, Band::Low).to_string(), "S4E2");
    assert_eq!(RiskCell::new(Band::High, Band::NoData).to_string(), "S4E0");
    assert_eq!(written::intensity(0.000_123_456), 0.000_123_5);
    assert_eq!(written::intensity(0.0), 0.0);
}

// --- means -----------------------------------------------------------------------------------

#[test]
fn power_means_are_those_computed_elsewhere() {
    // mpmath, 40 digits.
    let pair = [(1.0, 63.1), (1.0, 35.0)];
    let three = [(0.25, 0.9), (0.15, 0.3), (0.1, 0.1)];
    for (weighted, p, expected) in [
        (&pair[..], 4.0, 54.273_948_511_319_2),
        (&pair[..], 1.0, 49.05),
        (&pair[..], 0.0, 46.994_680_550_036_7),
        (&pair[..], 100.0, 62.664_136_462_077),
        (&three[..], 2.0, 0.658_786_763_680_024),
        (&three[..], 0.5, 0.492_669_182_372_025),
    ] {
        let mean = power_mean(weighted, p).expect("a mean");
        assert!(close(mean, expected, 1e-13), "{p}: {mean}");
    }
    assert_eq!(power_mean(&[], 2.0), None);
    assert_eq!(power_mean(&[(0.0, 3.0)], 2.0), None);
    assert_eq!(power_mean(&[(1.0, 0.0), (2.0, 0.0)], 4.0), Some(0.0));
    assert_eq!(power_mean(&[(1.0, 0.0), (1.0, 50.0)], 0.0), Some(0.0));
}

// --- indicators ------------------------------------------------------------------------------

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
    assert!(read(&park, 110.9, false).0.is_some(), "its edge is in reach");
    assert_eq!(read(&park, 111.1, false).0, None);
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
    assert_eq!(value(&read(&[(2, 500.1)], false), IndicatorCode::Seismic), None);
}

#[test]
fn water_counts_by_its_nearest_and_by_the_tailings() {
    let receptors = [receptor(ReceptorKind::Rivers), receptor(ReceptorKind::WaterBodies)];
    let near: &[(ReceptorKind, &[(usize, f64)])] =
        &[(ReceptorKind::Rivers, &[(0, 6.0)]), (ReceptorKind::WaterBodies, &[(1, 4.0)])];
    for (class, value_of_class) in [
        (Some(TailingsClass::Low), 0.2),
        (Some(TailingsClass::Significant), 0.4),
        (Some(TailingsClass::High), 0.6),
        (Some(TailingsClass::VeryHigh), 0.8),
        (Some(TailingsClass::Extreme), 1.0),
        (None, 0.6),
    ] {
        let mut site = site();
        site.tailings = class;
        let risk = score(&scheme(), &site, &around(near), &receptors, &BTreeSet::new());
        let expected = (-2.99_f64 * 0.4).exp() * value_of_class;
        let rivers = value(&risk, IndicatorCode::Rivers).expect("known");
        assert!(close(rivers, expected, 1e-14), "{class:?}");
        let said = note(&risk, IndicatorCode::Rivers).contains("tailings class not known");
        assert_eq!(said, class.is_none(), "{class:?}");
    }
}

#[test]
fn a_layer_with_gaps_is_missing_where_nothing_is_in_reach_and_a_complete_one_is_not() {
    use ReceptorKind::{Earthquakes, Rivers, SensitiveAreas, Settlements, WaterBodies};
    let table: &[(ReceptorKind, IndicatorCode, f64)] = &[
        (SensitiveAreas, IndicatorCode::SensitiveAreas, 100.0),
        (Earthquakes, IndicatorCode::Seismic, 500.0),
        (Rivers, IndicatorCode::Rivers, 20.0),
        (WaterBodies, IndicatorCode::Rivers, 20.0),
        (Settlements, IndicatorCode::People, 50.0),
    ];
    for &(kind, code, reach) in table {
        let mut thing = receptor(kind);
        thing.population = Some(1e6);
        thing.magnitude = Some(9.0);
        let known = |km: f64, complete: bool| {
            let quantities = around(&[(kind, &[(0, km)])]);
            let complete = complete.then_some(kind).into_iter().collect();
            let receptors = std::slice::from_ref(&thing);
            value(&score(&scheme(), &site(), &quantities, receptors, &complete), code)
        };
        assert!(known(reach, false).is_some_and(|v| v > 0.0), "{kind:?} on the edge of reach");
        assert_eq!(known(reach + 0.001, false), None, "{kind:?} past reach");
        assert!(known(reach + 0.001, true).is_some_and(|v| v > 0.0), "{kind:?} complete");
        // Declared complete and empty: nothing is there at all.
        let empty = score(&scheme(), &site(), &covered(), &[], &[kind].into());
        assert_eq!(value(&empty, code), Some(0.0), "{kind:?}");
        let none = score(&scheme(), &site(), &covered(), &[], &BTreeSet::new());
        assert_eq!(value(&none, code), None, "{kind:?}");
        assert!(note(&none, code).starts_with("no "), "{kind:?}");
    }
}

#[test]
fn a_complete_river_layer_says_nothing_of_water_bodies_with_gaps() {
    let receptors = [receptor(ReceptorKind::Rivers), receptor(ReceptorKind::WaterBodies)];
    let near: &[(ReceptorKind, &[(usize, f64)])] =
        &[(ReceptorKind::Rivers, &[(0, 30.0)]), (ReceptorKind::WaterBodies, &[(1, 40.0)])];
    let known = |complete: &[ReceptorKind]| {
        let complete = complete.iter().copied().collect();
        value(
            &score(&scheme(), &site(), &around(near), &receptors, &complete),
            IndicatorCode::Rivers,
        )
    };
    assert_eq!(known(&[ReceptorKind::Rivers]), None);
    assert!(known(&[ReceptorKind::Rivers, ReceptorKind::WaterBodies]).is_some());
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
    let sum = 999_999.0 * ((-2.99_f64 * 0.4).exp() + (-2.99_f64 * 2.4).exp());
    assert!(close(both.expect("known"), (1.0 + sum).log10() / 6.0, 1e-13));
}

#[test]
fn accidents_are_known_where_they_were_collected() {
    let mut quantities = covered();
    let read = |quantities: &Quantities| {
        let risk = score(&scheme(), &site(), quantities, &[], &BTreeSet::new());
        let accidents = risk.environment.indicators[4].clone();
        (accidents.value, accidents.driver)
    };
    assert_eq!(read(&quantities), (None, None));
    quantities.environment.accidents = Some(Default::default());
    assert_eq!(read(&quantities), (Some(0.0), None));
    let spill = contribution(7, 3.0, 0.5);
    quantities.environment.accidents =
        Some(tamarisk::measures::Intensity { total: 0.5, strongest: vec![spill] });
    assert_eq!(read(&quantities), (Some(0.5), Some(nearby(7, 3.0))));
}

// --- together --------------------------------------------------------------------------------

/// A site with chosen values of E2, E5 and E6, which the rest of a case can be tuned with.
fn chosen(stress: Option<f64>, accidents: Option<f64>, people: Option<f64>) -> Risk {
    let mut town = receptor(ReceptorKind::Settlements);
    town.population = people.map(|value| 10_f64.powf(6.0 * value) - 1.0);
    let mut quantities = security(1.0);
    if people.is_some() {
        quantities.environment.nearby.insert(ReceptorKind::Settlements, vec![nearby(0, 0.0)]);
    }
    quantities.environment.accidents = accidents.map(|value| {
        let x = value / (1.0 - value);
        tamarisk::measures::Intensity { total: 0.5 * x * x, strongest: Vec::new() }
    });
    let mut site = site();
    site.water_stress = stress.map(|value| WaterStress::Score(5.0 * value));
    score(&scheme(), &site, &quantities, &[town], &BTreeSet::new())
}

#[test]
fn under_half_of_the_weights_there_is_no_environment_score() {
    let half = chosen(Some(0.6), Some(0.2), Some(0.4));
    assert!(close(half.environment.coverage, 0.5, 1e-12));
    let expected = 100.0 * ((0.25 * 0.36 + 0.15 * 0.04 + 0.1 * 0.16) / 0.5_f64).sqrt();
    assert!(close(half.environment.score.expect("a score at half"), expected, 1e-12));
    let less = chosen(Some(0.6), Some(0.2), None);
    assert!(close(less.environment.coverage, 0.4, 1e-12));
    assert_eq!(less.environment.score, None);
    assert_eq!(less.overall, None);
    assert_eq!(less.cell.environment, 0);
    assert!(less.environment.indicators.iter().all(|i| i.points.is_none()));
    assert_eq!(value(&less, IndicatorCode::WaterStress), Some(0.6), "still written");
    assert!(less.environment_driver().is_none());
}

#[test]
fn all_weight_on_one_indicator_is_that_indicator() {
    for (code, expected) in [
        (IndicatorCode::WaterStress, 60.0),
        (IndicatorCode::Accidents, 20.0),
        (IndicatorCode::People, 40.0),
    ] {
        let text: String = IndicatorCode::ALL
            .map(|c| format!("[environment.{}]\nweight = {}\n", c.word(), u8::from(c == code)))
            .concat();
        let scheme = Scheme::from_toml(&text, "one.toml").expect("scheme");
        let readings = chosen(Some(0.6), Some(0.2), Some(0.4))
            .environment
            .indicators
            .into_iter()
            .map(|i| {
                let reading =
                    tamarisk::scoring::indicators::Reading { value: i.value, ..Default::default() };
                (i.code, reading)
            })
            .collect();
        let risk = tamarisk::scoring::environment_risk(&scheme, readings);
        assert!(close(risk.score.expect("a score"), expected, 1e-12), "{code:?}");
        assert_eq!(risk.coverage, 1.0);
    }
}

#[test]
fn a_scheme_can_turn_a_score_off() {
    let quantities = security(1.0);
    for (name, cell) in [("security-only", "S3E0"), ("default", "S3E3")] {
        let scheme = Scheme::built_in(name).expect("known").expect("readable");
        let complete: BTreeSet<ReceptorKind> = ReceptorKind::ALL.into_iter().collect();
        let site = with_own_water_stress(WaterStress::Arid);
        let risk = score(&scheme, &site, &quantities, &[], &complete);
        assert_eq!(risk.cell.to_string(), cell, "{name}");
        assert_eq!(risk.overall.is_some(), name == "default");
    }
    let off = Scheme::from_toml("[security]\nenabled = false", "off.toml").expect("scheme");
    let risk = score(&off, &site(), &quantities, &[], &BTreeSet::new());
    assert_eq!(risk.security.score, None);
    assert!(risk.security.drivers.is_empty());
}

/// A value of an indicator, or none.
fn maybe() -> impl Strategy<Value = Option<f64>> {
    proptest::option::weighted(0.8, 0.0..=0.999)
}

proptest! {
    #[test]
    fn more_intensity_never_lowers_the_score(a in 0.0..1e4_f64, more in 0.0..1e3_f64) {
        prop_assert!(security_score(&scheme(), a + more) >= security_score(&scheme(), a));
    }

    #[test]
    fn the_drivers_of_security_add_up_to_the_score(
        terms in proptest::collection::vec(1e-9..10.0_f64, 1..60)
    ) {
        let mut quantities = security(terms.iter().sum());
        quantities.security.intensity.strongest =
            terms.iter().enumerate().map(|(i, t)| contribution(i, 1.0, *t)).collect();
        let risk = score(&scheme(), &site(), &quantities, &[], &BTreeSet::new());
        let points: f64 = risk.security.drivers.iter().map(|d| d.points).sum();
        let shares: f64 = risk.security.drivers.iter().map(|d| d.share).sum();
        prop_assert!((points - risk.security.score.expect("covered")).abs() < 1e-9);
        prop_assert!((shares - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_points_of_the_environment_add_up_to_the_score(a in maybe(), b in maybe(), c in maybe()) {
        let risk = chosen(a, b, c);
        let points: f64 = risk.environment.indicators.iter().filter_map(|i| i.points).sum();
        match risk.environment.score {
            Some(score) => prop_assert!((points - score).abs() < 1e-9),
            None => prop_assert_eq!(points, 0.0),
        }
    }

    #[test]
    fn a_worse_indicator_never_lowers_the_score(
        a in 0.0..0.999_f64, b in 0.0..0.999_f64, c in 0.0..0.999_f64, worse in 0.0..1.0_f64
    ) {
        let before = chosen(Some(a), Some(b), Some(c)).environment.score.expect("half is known");
        let raise = |v: f64| v + worse * (0.999 - v);
        for risk in [
            chosen(Some(raise(a)), Some(b), Some(c)),
            chosen(Some(a), Some(raise(b)), Some(c)),
            chosen(Some(a), Some(b), Some(raise(c))),
        ] {
            prop_assert!(risk.environment.score.expect("half is known") >= before - 1e-9);
        }
    }

    #[test]
    fn a_missing_indicator_is_dropped_and_not_taken_as_zero(
        values in proptest::array::uniform6(0.001..1.0_f64), drop in 0..6_usize
    ) {
        let reading = |value| tamarisk::scoring::indicators::Reading { value, ..Default::default() };
        let risk_of = |gap: Option<f64>| {
            let readings = IndicatorCode::ALL.into_iter().enumerate().map(|(i, code)| {
                (code, reading(if i == drop { gap } else { values.get(i).copied() }))
            });
            tamarisk::scoring::environment_risk(&scheme(), readings.collect())
        };
        let (missing, zero) = (risk_of(None), risk_of(Some(0.0)));
        prop_assert!(missing.score.expect("over half") > zero.score.expect("all"));
        prop_assert!(missing.coverage < zero.coverage);
        // The mean over what is known is what the missing one could be without changing it.
        let same = risk_of(missing.score.map(|score| score / 100.0));
        prop_assert!((same.score.expect("all") - missing.score.expect("over half")).abs() < 1e-9);
    }

    #[test]
    fn scaling_the_weights_changes_nothing(
        weights in proptest::array::uniform6(0.01..1.0_f64), scale in 0.01..1000.0_f64
    ) {
        let scheme_of = |scale: f64| {
            let text: String = IndicatorCode::ALL.iter().zip(weights)
                .map(|(code, w)| format!("[environment.{}]\nweight = {:?}\n", code.word(), w * scale))
                .collect();
            Scheme::from_toml(&text, "scaled.toml").expect("scheme")
        };
        let risk_of = |scheme: &Scheme| {
            let mut site = site();
            site.water_stress = Some(WaterStress::Ratio(0.3));
            let complete = ReceptorKind::ALL.into_iter().collect();
            score(scheme, &site, &security(1.0), &[], &complete)
        };
        let (one, other) = (risk_of(&scheme_of(1.0)), risk_of(&scheme_of(scale)));
        prop_assert!((one.environment.coverage - other.environment.coverage).abs() < 1e-12);
        match (one.environment.score, other.environment.score) {
            (Some(a), Some(b)) => prop_assert!((a - b).abs() < 1e-9),
            (a, b) => prop_assert_eq!(a.is_some(), b.is_some()),
        }
    }

    #[test]
    fn nearer_never_lowers_an_indicator(
        kind in proptest::sample::select(vec![
            ReceptorKind::SensitiveAreas, ReceptorKind::Rivers, ReceptorKind::Settlements,
            ReceptorKind::Earthquakes,
        ]),
        km in 0.0..400.0_f64, nearer in 0.0..1.0_f64, magnitude in 4.0..9.5_f64,
    ) {
        let mut thing = receptor(kind);
        thing.population = Some(50_000.0);
        thing.magnitude = Some(magnitude);
        let total = |km: f64| -> f64 {
            let quantities = around(&[(kind, &[(0, km)])]);
            let receptors = std::slice::from_ref(&thing);
            let risk = score(&scheme(), &site(), &quantities, receptors, &[kind].into());
            risk.environment.indicators.iter().filter_map(|i| i.value).sum()
        };
        prop_assert!(total(km * nearer) >= total(km) - 1e-12);
    }

    #[test]
    fn the_overall_score_lies_between_the_two_and_leans_to_the_greater(
        a in 0.0..100.0_f64, b in 0.0..100.0_f64
    ) {
        let overall = tamarisk::scoring::overall(&scheme(), Some(a), Some(b)).expect("both exist");
        prop_assert!(overall >= f64::midpoint(a, b) - 1e-9 && overall <= a.max(b) + 1e-9);
        prop_assert_eq!(tamarisk::scoring::overall(&scheme(), Some(a), None), None);
        prop_assert_eq!(tamarisk::scoring::overall(&scheme(), None, Some(b)), None);
    }

    #[test]
    fn the_trend_and_its_mirror_add_up_to_one(recent in 0..3000_u32, prior in 0..3000_u32) {
        let sum = rising(recent, prior, 0.5) + rising(prior, recent, 0.5);
        prop_assert!((sum - 1.0).abs() < 1e-10);
        prop_assert!(rising(recent + 1, prior, 0.5) >= rising(recent, prior, 0.5) - 1e-12);
    }
}
