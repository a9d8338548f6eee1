//! Scores: the method's own sentences, independently computed numbers, properties that hold for any
//! input, and the undefined cases.

use crate::made::{close, contribution, covered, scheme, security, site, with_own_water_stress};
use jiff::civil::date;
use proptest::prelude::*;
use std::collections::BTreeSet;
use tamarisk::measures::SecurityQuantities;
use tamarisk::model::{Domain, ReceptorKind, SecurityType, WaterStress};
use tamarisk::scoring::{
    Band, InPeriod, RiskCell, Scheme, power_mean, rising, score, security_score, severity, written,
};

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
        [(Domain::Accident, 4.0), (Domain::Earthquake, 0.0), (Domain::Other, 0.0)]
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

/// The trend of two whole years.
fn of_years(recent: u32, prior: u32) -> f64 {
    let [recent, prior] = [recent, prior].map(|incidents| InPeriod { incidents, days: 365 });
    rising(recent, prior, 0.5)
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
        let trend = of_years(recent, prior);
        assert!((trend - expected).abs() < 1e-9, "{recent} after {prior}: {trend}");
    }
    let far = of_years(u32::MAX, 0);
    assert!((0.0..=1.0).contains(&far), "{far}");
}

#[test]
fn outside_the_coverage_there_is_no_security_score() {
    let mut quantities = security(3.0);
    quantities.security.covered = false;
    (quantities.security.recent, quantities.security.violent) = (4, 1);
    let risk = score(&scheme(), &site(), &quantities, &[], &BTreeSet::new());
    assert_eq!(risk.security.score, None);
    assert_eq!(risk.security.intensity, None);
    assert_eq!(risk.security.trend, None);
    assert!(risk.security.drivers.is_empty());
    assert_eq!(risk.cell.to_string(), "S0E0");
    assert_eq!(risk.flags.in_conflict_area, Some(true), "what was found counts");
    (quantities.security.recent, quantities.security.violent) = (4, 0);
    let risk = score(&scheme(), &site(), &quantities, &[], &BTreeSet::new());
    assert_eq!(risk.flags.in_conflict_area, None);
}

#[test]
fn that_a_site_lies_in_no_conflict_area_is_told_only_where_a_lack_of_incidents_is_known() {
    let flag = |change: &dyn Fn(&mut SecurityQuantities)| {
        let mut quantities = covered();
        change(&mut quantities.security);
        score(&scheme(), &site(), &quantities, &[], &BTreeSet::new()).flags.in_conflict_area
    };
    assert_eq!(flag(&|_| ()), Some(false));
    assert_eq!(flag(&|of| of.recent = 3), Some(false), "three peaceful protests");
    assert_eq!(flag(&|of| of.window_coverage = 0.51), None, "half of the land around");
    assert_eq!(flag(&|of| of.violence_possible = true), None, "one just beyond, roughly placed");
    assert_eq!(flag(&|of| of.record.ages = Some((0, 200))), None, "a part of the year");
    let newest = |year| {
        move |of: &mut SecurityQuantities| {
            of.record.newest = Some(date(year, 1, 1));
            of.record.day = Some(date(2025, 1, 1));
        }
    };
    assert_eq!(flag(&newest(1993)), None, "a country without records");
    assert_eq!(flag(&newest(2022)), Some(false));
    assert_eq!(flag(&|of| (of.window_coverage, of.violent) = (0.51, 1)), Some(true));
}

#[test]
fn covered_without_an_incident_is_a_score_of_zero() {
    let mut quantities = covered();
    quantities.security.intensity.total = -0.0;
    let risk = score(&scheme(), &site(), &quantities, &[], &BTreeSet::new());
    assert_eq!(risk.security.score, Some(0.0));
    let signs = [risk.security.score, risk.security.intensity, Some(risk.environment.coverage)];
    assert!(signs.iter().flatten().all(|zero| zero.is_sign_positive()), "{signs:?}");
    assert_eq!(risk.security.trend, None);
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

// --- together --------------------------------------------------------------------------------

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

proptest! {
    #[test]
    fn another_nearer_newer_or_worse_incident_never_lowers_the_score(
        form in proptest::sample::select(vec!["gaussian", "exponential", "linear", "quartic", "step"]),
        km in 0.0..400.0_f64, nearer in 0.0..1.0_f64, spread2 in 0.0..3000.0_f64,
        age in 0..4000_i64, newer in 0.0..1.0_f64, deaths in 0..1000_u32, more in 0..1000_u32,
        others in 0.0..20.0_f64,
    ) {
        let text = format!("[security.kernel]\nform = \"{form}\"\ninfluence_km = 120\n");
        let scheme = Scheme::from_toml(&text, "form.toml").expect("scheme");
        let kernel = scheme.security_kernel();
        let with = |km: f64, age: i64, deaths: u32| {
            let mut incident = crate::made::incident(SecurityType::Battles);
            incident.fatalities = Some(deaths);
            let decay = tamarisk::measures::decay(age, scheme.security.recency.half_life_days);
            let adds = severity(&scheme, &incident) * kernel.at(km, spread2) * decay;
            security_score(&scheme, others + adds)
        };
        let before = with(km, age, deaths);
        prop_assert!(before >= security_score(&scheme, others), "another");
        prop_assert!(with(km * nearer, age, deaths) >= before, "nearer");
        prop_assert!(with(km, (age as f64 * newer) as i64, deaths) >= before, "newer");
        prop_assert!(with(km, age, deaths + more) >= before, "worse");
    }

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
        let sum = of_years(recent, prior) + of_years(prior, recent);
        prop_assert!((sum - 1.0).abs() < 1e-10);
        prop_assert!(of_years(recent + 1, prior) >= of_years(recent, prior) - 1e-12);
    }
}
