//! The ranges of a scheme's numbers: under every accepted scheme, an attack at the gate has a
//! nonzero score.

use crate::made::incident;
use proptest::prelude::*;
use tamarisk::earth::Position;
use tamarisk::index::Probe;
use tamarisk::measures::{
    KernelSum, PartProbe, SiteProbe, WeighedIncident, WeighedIncidents, decay,
};
use tamarisk::model::SecurityType;
use tamarisk::scoring::{Scheme, security_score, severity};

/// The score of a mine with a number of attacks of the gravest type at its gate on the as-of date,
/// all positions with the scheme's default accuracy.
fn at_gate(scheme: &Scheme, attacks: usize) -> f64 {
    let gate = Position::from_degrees(62.05, 29.12).expect("a position");
    let spread_km = scheme.position.sigma_km(None);
    let of = |kind| severity(scheme, &incident(kind));
    let gravest = SecurityType::ALL.into_iter().map(of).fold(0.0, f64::max);
    let weight = gravest * decay(0, scheme.security.recency.half_life_days);
    let event = |incident| WeighedIncident {
        index: incident,
        position: gate,
        weight,
        spread_km,
        fatalities: 0,
        deaths_unknown: false,
        violent: true,
        age_days: 0,
    };
    let events = WeighedIncidents::new((0..attacks).map(event).collect());
    let asset = PartProbe {
        probe: Probe::point(gate),
        weight: scheme.security.parts.mine,
        spread_km,
        tailings: Default::default(),
    };
    let subject = SiteProbe { position: gate, parts: vec![asset] };
    let kernel_sum = KernelSum::new(&events, scheme.security_kernel());
    let sums = kernel_sum.intensities(&[subject], &events, 1);
    security_score(scheme, sums.first().expect("a sum").total)
}

/// An arbitrary number, often within its range.
fn number(low: f64, high: f64) -> impl Strategy<Value = f64> {
    prop_oneof![
        40 => (low.ln()..high.ln()).prop_map(f64::exp),
        1 => (-700.0..700.0_f64).prop_map(f64::exp),
        1 => proptest::sample::select(vec![0.0, -1.0, 1e-300, 1e300, f64::MIN_POSITIVE, low, high]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_scheme_that_is_taken_makes_an_attack_at_the_gate_vanish(
        form in proptest::sample::select(vec!["gaussian", "exponential", "linear", "quartic", "step"]),
        scales in (number(0.1, 1e4), number(0.1, 1e4)),
        weights in (number(1e-6, 1e6), number(1e-6, 1e6)),
        cutoff in number(1e-12, 0.1),
        zone in number(0.1, 1e4),
        rate in number(0.01, 100.0),
        half_life in number(1.0, 1e5),
        (reference, exponent) in (number(1e-6, 1e3), number(0.1, 10.0)),
        (accuracy, sigmas) in (number(0.1, 1e3), number(0.5, 10.0)),
        (explosions, mine) in (number(1e-6, 1e6), number(0.01, 1.0)),
        attacks in 1..300_usize,
    ) {
        let text = format!(
            "[position]\ndefault_accuracy_km = {accuracy:e}\nr90_per_sigma = {sigmas:e}\n\
             [distance]\nexponential_rate = {rate:e}\n\
             [security.severity]\nexplosions = {explosions:e}\n\
             [security.kernel]\nform = \"{form}\"\nscales_km = [{:e}, {:e}]\nweights = [{:e}, {:e}]\n\
             cutoff = {cutoff:e}\ninfluence_km = {zone:e}\n\
             [security.recency]\nhalf_life_days = {half_life:e}\n\
             [security.score]\nreference_intensity = {reference:e}\nexponent = {exponent:e}\n\
             [security.parts]\nmine = {mine:e}\n",
            scales.0, scales.1, weights.0, weights.1
        );
        if let Ok(scheme) = Scheme::from_toml(&text, "any.toml") {
            let one = at_gate(&scheme, 1);
            prop_assert!((0.099..=100.0).contains(&one), "{one}: {text}");
            let (some, more) = (at_gate(&scheme, attacks), at_gate(&scheme, attacks + 1));
            // Sums over many incidents are off by 3e-4 of themselves at most.
            prop_assert!(some >= one * 0.99 && some <= 100.0, "{attacks}: {some} from {one}: {text}");
            prop_assert!(more >= some * 0.99, "{attacks}: {more} after {some}: {text}");
        }
    }
}

#[test]
fn numbers_that_leave_nothing_of_an_attack_are_refused_with_their_place() {
    for (text, says) in [
        ("[security.kernel]\nscales_km = [1e-300, 75]\n", "scales_km: "),
        (
            "[security.kernel]\nscales_km = [0.1, 0.1]\n[position]\ndefault_accuracy_km = 500\n",
            "would score 0.000 of 100",
        ),
        ("[security.recency]\nhalf_life_days = 1e-300\n", "half_life_days: "),
        ("[security.score]\nexponent = 1e-300\n", "exponent: "),
        ("[security.score]\nreference_intensity = 1e-300\n", "reference_intensity: "),
        ("[security.score]\nreference_intensity = 1e9\nexponent = 2\n", "would score 0.000 of 100"),
        ("[security.parts]\nmine = 0\n", "would score 0.000 of 100"),
        ("[security.severity]\nexplosions = 1e-300\n", "explosions: "),
        ("[position]\nr90_per_sigma = 1e-300\n", "r90_per_sigma: "),
        ("[overall]\npower = 1e-300\n", "power: "),
        ("[environment]\npower = 1e-300\n", "power: "),
        ("[environment.people]\ndecay_km = 1e-300\n", "decay_km: "),
        ("[environment.accidents]\nscale_km = 1e-300\n", "scale_km: "),
        (
            "[environment.accidents]\nreference_intensity = 1e9\nexponent = 2\n",
            "an accident at the gate",
        ),
        ("[buffers]\nrings_km = [1e-300]\n", "rings_km: "),
        ("[distance]\nexponential_rate = 1e-300\n", "exponential_rate: "),
    ] {
        let error = Scheme::from_toml(text, "my.toml").expect_err(text).to_string();
        assert!(error.contains(says), "{text}: {error}");
    }
    // What others leave out stays possible.
    for text in [
        "[overall]\npower = 0\n",
        "[security.severity]\nprotests = 0\n",
        "[security.parts]\nroad = 0\n",
        "[security.kernel]\nscales_km = [1, 10]\n",
        "[environment.accidents]\nweight = 0\nreference_intensity = 1e9\n",
        "[security]\nenabled = false\n[security.severity]\nexplosions = 0\n",
    ] {
        let scheme =
            Scheme::from_toml(text, "my.toml").unwrap_or_else(|error| panic!("{text}: {error}"));
        assert!(at_gate(&scheme, 1) > 1.0, "{text}");
    }
}
