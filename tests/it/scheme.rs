//! Scheme files: what is read, what is refused with which message, and what is written back.

use proptest::prelude::*;
use serde_json::Value;
use tamarisk::scoring::{KernelForm, Scheme};

fn read(text: &str) -> Scheme {
    Scheme::from_toml(text, "my.toml").expect("a scheme")
}

#[test]
fn every_scheme_that_ships_is_read_without_a_fault() {
    for name in Scheme::built_in_names() {
        let scheme = Scheme::built_in(name).expect("known").expect("readable");
        assert_eq!(scheme.name, name);
        assert!(!scheme.description.is_empty());
    }
    assert!(Scheme::built_in("none").is_none());
    assert_eq!(Scheme::default().check(), Vec::<String>::new());
}

#[test]
fn the_shipped_schemes_differ_as_they_say() {
    let notes = |name: &str| Scheme::built_in(name).expect("known").expect("readable").check();
    assert_eq!(
        notes("security-only"),
        ["environment.enabled: false, so there is no environment score"]
    );
    assert_eq!(notes("biodiversity"), Vec::<String>::new());
}

#[test]
fn a_scheme_need_only_hold_what_differs() {
    let scheme = read("[security.recency]\nhalf_life_days = 730\n");
    assert_eq!(scheme.name, "my");
    assert_eq!(scheme.security.recency.half_life_days, 730.0);
    let default = Scheme::default();
    assert_eq!(scheme.security.kernel, default.security.kernel);
    assert_eq!(scheme.environment, default.environment);
    assert_eq!(read(""), Scheme { name: "my".into(), ..default });
}

#[test]
fn a_kernel_is_chosen_by_its_word() {
    for (word, form) in [
        ("gaussian", KernelForm::Gaussian),
        ("exponential", KernelForm::Exponential),
        ("linear", KernelForm::Linear),
        ("quartic", KernelForm::Quartic),
        ("step", KernelForm::Step),
    ] {
        let text = format!("[security.kernel]\nform = \"{word}\"\ninfluence_km = 30\n");
        let scheme = read(&text);
        assert_eq!(scheme.security.kernel.form, form);
        assert_eq!(scheme.security.kernel.influence_km, 30.0);
    }
}

#[test]
fn what_is_wrong_with_a_scheme_is_told_with_its_place() {
    let table: &[(&str, &str, &str)] = &[
        (
            "[security.recency]\nhalflife_days = 3\n",
            "my.toml: line 2, column 1: unknown key \"halflife_days\"",
            "did you mean \"half_life_days\"?",
        ),
        (
            "[environment.sensitive_area]\nweight = 1\n",
            "my.toml: line 1, column 14: unknown key \"sensitive_area\"",
            "did you mean \"sensitive_areas\"?",
        ),
        (
            "[environment]\nhalf_life_days = 3\n",
            "my.toml: line 2, column 1: unknown key \"half_life_days\"",
            "\"half_life_days\" belongs in [environment.accidents] or [security.recency]",
        ),
        (
            "[bands]\ncolors = 1\n",
            "my.toml: line 2, column 1: unknown key \"colors\"",
            "known here: edges",
        ),
        (
            "# ü\n[security.kernel]\nform = \"gausian\"\n",
            "my.toml: line 3, column 8: unknown word \"gausian\"",
            "did you mean \"gaussian\"?",
        ),
        (
            "[flags]\nconflict_band = \"highest\"\n",
            "my.toml: line 2, column 17: unknown word \"highest\"",
            "did you mean \"high\"?",
        ),
        (
            "[security.severity]\nbattles = \"much\"\n",
            "my.toml: line 2, column 11: wrong type: string \"much\", expected a number",
            "`tamarisk scheme show` prints a complete scheme to copy from",
        ),
        (
            "security = 3\n",
            "my.toml: line 1, column 12: wrong type: integer `3`, expected a table",
            "`tamarisk scheme show` prints a complete scheme to copy from",
        ),
        (
            "[security.severity]\nbattles = 1\nbattles = 2\n",
            "my.toml: line 3, column 1: duplicate key",
            "`tamarisk scheme show` prints a complete scheme to copy from",
        ),
        (
            "[buffers]\nwindow_days = [-90]\n",
            "my.toml: line 2, column 16: invalid value: integer `-90`, expected a whole number from 0 on",
            "`tamarisk scheme show` prints a complete scheme to copy from",
        ),
    ];
    for (text, message, hint) in table {
        let error = Scheme::from_toml(text, "my.toml").expect_err(text);
        assert!(error.is_usage(), "{text}");
        assert_eq!(error.to_string(), *message, "{text}");
        assert_eq!(error.hint().as_deref(), Some(*hint), "{text}");
    }
}

#[test]
fn wrong_types_are_told_in_the_words_of_the_file() {
    for (text, says) in [
        ("[buffers]\nrings_km = 3\n", "wrong type: integer `3`, expected a list"),
        ("[bands]\nedges = [1, 2]\n", "invalid length 2, expected a list of 4 numbers"),
        ("[bands]\nedges = 3\n", "wrong type: integer `3`, expected a list of 4 numbers"),
        ("[security]\nenabled = 1\n", "wrong type: integer `1`, expected true or false"),
        ("name = 3\n", "wrong type: integer `3`, expected a text"),
        ("[security.kernel]\nform = 3\n", "wrong type: expected a text"),
        ("security = 3\n", "wrong type: integer `3`, expected a table"),
        (
            "[buffers]\nnearest = 1.5\n",
            "wrong type: floating point `1.5`, expected a whole number from 0 on",
        ),
        ("[overall]\npower = \"a\"\n", "wrong type: string \"a\", expected a number"),
    ] {
        let error = Scheme::from_toml(text, "my.toml").expect_err(text).to_string();
        assert!(error.ends_with(&format!(": {says}")), "{text}: {error}");
    }
}

#[test]
fn numbers_out_of_range_are_refused_where_they_stand() {
    let table: &[(&str, &str)] = &[
        (
            "[buffers]\nrings_km = [10, 5]\n",
            "my.toml: line 2, column 12: buffers.rings_km: [10.0, 5.0] does not ascend",
        ),
        (
            "[buffers]\nrings_km = []\n",
            "my.toml: line 2, column 12: buffers.rings_km: has 0 numbers; expected 1 to 20",
        ),
        (
            "[buffers]\nrings_km = [nan]\n",
            "my.toml: line 2, column 12: buffers.rings_km: NaN is not between 0.01 and 10000",
        ),
        (
            "[security.recency]\nhalf_life_days = 0\n",
            "my.toml: line 2, column 18: security.recency.half_life_days: 0 is not between 1 and \
             100000",
        ),
        (
            "[security.recency]\nhalf_life_days = inf\n",
            "my.toml: line 2, column 18: security.recency.half_life_days: inf is not between 1 \
             and 100000",
        ),
        (
            "[environment.people]\nweight = -0.1\n",
            "my.toml: line 2, column 10: environment.people.weight: -0.1 is negative; expected a \
             weight from 0 on",
        ),
        (
            "[security.kernel]\nscales_km = [20]\n",
            "my.toml: line 2, column 13: security.kernel.weights: 2 weights for 1 scales_km; \
             expected one for each",
        ),
        (
            "[security.kernel]\nweights = [0, 0]\n",
            "my.toml: line 2, column 11: security.kernel.weights: all weights are 0; expected one \
             above 0",
        ),
        (
            "[security.kernel]\nscales_km = [1e-300, 75]\n",
            "my.toml: line 2, column 13: security.kernel.scales_km: 1e-300 is not between 0.001 \
             and 10000",
        ),
        (
            "[environment.people]\nreach_km = 300\n",
            "my.toml: line 2, column 12: environment.people.search_km: 100 is shorter than reach_km \
             300",
        ),
        (
            "[bands]\nedges = [20, 40, 40, 80]\n",
            "my.toml: line 2, column 9: bands.edges: [20.0, 40.0, 40.0, 80.0] does not ascend",
        ),
        (
            "[environment.seismic.relation]\nc2 = 1\n",
            "my.toml: line 2, column 6: environment.seismic.relation.c2: 1 with c4 0.078 makes \
             shaking grow with distance; expected c2 + c4 below 0",
        ),
        (
            "[security.parts]\ncamp = 1.5\nroad = -1\n",
            "my.toml: line 2, column 8: security.parts.camp: 1.5 is not between 0 and 1\n\
             my.toml: line 3, column 8: security.parts.road: -1 is not between 0 and 1",
        ),
    ];
    for (text, message) in table {
        let error = Scheme::from_toml(text, "my.toml").expect_err(text);
        assert!(error.is_usage(), "{text}");
        assert_eq!(error.to_string(), *message, "{text}");
        assert!(error.hint().is_some(), "{text}");
    }
}

#[test]
fn indicators_that_all_weigh_nothing_are_refused_unless_the_score_is_off() {
    let zeros: String = tamarisk::scoring::IndicatorCode::ALL
        .map(|code| format!("[environment.{}]\nweight = 0\n", code.word()))
        .concat();
    let error = Scheme::from_toml(&zeros, "my.toml").expect_err("no weight at all");
    assert!(error.to_string().contains("all weights are 0"), "{error}");
    read(&format!("[environment]\nenabled = false\n{zeros}"));
}

#[test]
fn weights_that_do_not_add_up_to_one_are_divided_by_their_sum_and_noted() {
    use tamarisk::scoring::IndicatorCode;
    let scheme = read("[environment.people]\nweight = 1.1\n[security.kernel]\nweights = [2, 2]\n");
    assert_eq!(
        scheme.check(),
        [
            "security.kernel.weights: add up to 4 and are divided by it",
            // 0.5 / 400 and 0.5 / 5625 over their sum; 0.5 x 400 and 0.5 x 5625 over theirs.
            "security.kernel.weights: [0.5, 0.5] are shares of the kernel's mass at [20, 75] km and \
             come to peaks of [0.934, 0.0664]; a file that was written when they were the peaks keeps \
             its kernel with [0.0664, 0.934]",
            "environment, bar people: weights add up to 1.25 and are divided by it"
        ]
    );
    assert!((scheme.environment.weight(IndicatorCode::People) - 0.25 * 1.1 / 1.25).abs() < 1e-15);
    assert_eq!(scheme.security.kernel.gaussian_shares(), [(0.5, 20.0), (0.5, 75.0)]);
}

#[test]
fn the_weights_of_the_kernel_are_shares_of_its_mass() {
    // Peaks by hand: share / scale², over the sum of these.
    for (weights, scales, peaks) in [
        ("[0.7, 0.3]", "[20, 75]", &[(0.970_425_138_632, 20.0), (0.029_574_861_368, 75.0)][..]),
        // The order of the scales does not matter, nor what the weights add up to.
        ("[3, 7]", "[75, 20]", &[(0.029_574_861_368, 75.0), (0.970_425_138_632, 20.0)]),
        // 0.2 / 1 + 0.3 / 4 + 0.5 / 16 = 0.30625.
        (
            "[0.2, 0.3, 0.5]",
            "[1, 2, 4]",
            &[(0.653_061_224_490, 1.0), (0.244_897_959_184, 2.0), (0.102_040_816_327, 4.0)],
        ),
        // A term of weight 0 is not part of it, however narrow.
        ("[0, 1]", "[0.001, 75]", &[(1.0, 75.0)]),
        (
            "[1e-6, 1e6]",
            "[0.001, 10000]",
            &[(0.990_099_009_901, 0.001), (0.009_900_990_099, 10_000.0)],
        ),
    ] {
        let text = format!("[security.kernel]\nweights = {weights}\nscales_km = {scales}\n");
        let kernel = read(&text).security.kernel;
        let found = kernel.gaussian_parts();
        assert_eq!(found.len(), peaks.len(), "{weights}");
        for ((peak, scale), (expected, km)) in found.iter().zip(peaks) {
            assert!((peak - expected).abs() < 1e-11 && scale == km, "{weights}: {found:?}");
        }
        // The peaks add up to 1, so that the kernel is 1 at the place; the masses are the shares.
        let masses: Vec<f64> = found.iter().map(|(peak, scale)| peak * scale * scale).collect();
        let mass: f64 = masses.iter().sum();
        for ((_, scale), of) in found.iter().zip(masses) {
            let share =
                kernel.gaussian_shares().iter().find(|part| part.1 == *scale).map(|part| part.0);
            assert!((of / mass - share.expect("a part")).abs() < 1e-12, "{weights}");
        }
        assert!((read(&text).security_kernel().at(0.0, 0.0) - 1.0).abs() < 1e-12, "{weights}");
    }
}

#[test]
fn a_file_that_may_mean_peaks_is_told_what_its_weights_come_to() {
    let told = |text: &str| {
        let notes = read(text).check();
        notes
            .into_iter()
            .filter(|note| note.contains("shares of the kernel's mass"))
            .collect::<Vec<_>>()
    };
    // 0.7 x 400 and 0.3 x 5625 over their sum are 0.142 and 0.858.
    assert_eq!(
        told("[security.kernel]\nweights = [0.7, 0.3]\n"),
        [
            "security.kernel.weights: [0.7, 0.3] are shares of the kernel's mass at [20, 75] km and come \
          to peaks of [0.97, 0.0296]; a file that was written when they were the peaks keeps its kernel \
          with [0.142, 0.858]"
        ]
    );
    // The shares that the note gives for peaks make the kernel that it says.
    let kept = read("[security.kernel]\nweights = [0.1423126, 0.8576874]\n").security.kernel;
    assert!((kept.gaussian_parts()[0].0 - 0.7).abs() < 1e-5, "{:?}", kept.gaussian_parts());
    for text in [
        "[security.kernel]\nscales_km = [10, 50]\n",
        "[security.kernel]\nweights = [0.4, 0.6] # shares of the kernel's mass\n",
        "[security]\nkernel.weights = [0.7, 0.3]\n",
    ] {
        assert_eq!(told(text).len(), 1, "{text}");
    }
    for text in [
        "",
        "[security.kernel]\ncutoff = 1e-5\n",
        // As `scheme show` prints it.
        &Scheme::default().to_toml(),
        // One part is a peak of 1 either way; other forms have no parts.
        "[security.kernel]\nweights = [1]\nscales_km = [30]\n",
        "[security.kernel]\nweights = [1, 0]\n",
        "[security.kernel]\nweights = [0.5, 0.5]\nform = \"quartic\"\n",
        "[security]\nenabled = false\n[security.kernel]\nweights = [0.5, 0.5]\n",
    ] {
        assert_eq!(told(text), [""; 0], "{text}");
    }
    for name in Scheme::built_in_names() {
        let scheme = Scheme::built_in(name).expect("known").expect("readable");
        assert!(!scheme.check().iter().any(|note| note.contains("mass")), "{name}");
        assert_eq!(scheme.file(), None);
    }
}

#[test]
fn a_shown_scheme_reads_back_as_itself() {
    let odd = "name = \"a \\\"quoted\\\" name\"\n[security.kernel]\nform = \"step\"\nscales_km = [1.5]\n\
               weights = [1]\ncutoff = 1e-9\n[buffers]\nwindow_days = [7]\n[environment]\nenabled = false\n";
    let mut texts = vec![odd.to_owned(), String::new()];
    texts.extend(
        ["security-only", "biodiversity", "default"]
            .map(|name| Scheme::built_in(name).expect("known").expect("readable").to_toml()),
    );
    for text in texts {
        let scheme = read(&text);
        let shown = scheme.to_toml();
        assert_eq!(read(&shown), scheme, "{shown}");
        assert!(shown.contains("# Radius in km that holds the true place"), "comments are kept");
    }
    let shown = read(odd).to_toml();
    assert!(shown.contains("form = \"step\"  # default: \"gaussian\"\n"), "{shown}");
    assert!(shown.contains("window_days = [7]  # default: [90, 365, 1095]\n"), "{shown}");
}

#[test]
fn the_hash_tells_numbers_apart_and_nothing_else() {
    let default = Scheme::default().hash();
    assert_eq!(default.len(), 64);
    assert_eq!(read("name = \"other\"\ndescription = \"words\"").hash(), default);
    assert_eq!(read("# a comment\n[overall]\npower = 4").hash(), default);
    assert_ne!(read("[overall]\npower = 4.000000001").hash(), default);
    assert_ne!(read("[security]\nenabled = false").hash(), default);
}

#[test]
fn the_json_schema_has_every_key_with_its_words_and_its_default() {
    let schema = Scheme::json_schema();
    let defaults = serde_json::to_value(Scheme::default()).expect("json");
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert!(schema.get("$defs").is_none());
    let leaves = walk(&schema, &defaults, "");
    assert!(leaves > 90, "{leaves}");
    let half_life =
        &schema["properties"]["security"]["properties"]["recency"]["properties"]["half_life_days"];
    assert_eq!(half_life["default"], 365.0);
    assert_eq!(half_life["minimum"], 1.0);
    assert_eq!(half_life["description"], "Age in days at which an incident weighs half.");
}

/// Follows schema and values together; every table is closed and none of its keys is required.
fn walk(schema: &Value, value: &Value, path: &str) -> usize {
    assert!(schema["description"].is_string() || path.is_empty(), "{path} has no description");
    let Value::Object(table) = value else {
        assert_eq!(schema["default"], *value, "{path}");
        assert!(!schema.to_string().contains("$ref"), "{path}");
        return 1;
    };
    assert_eq!(schema["additionalProperties"], false, "{path}");
    assert!(schema.get("required").is_none(), "{path}");
    let properties = schema["properties"].as_object().expect("properties");
    assert_eq!(properties.len(), table.len(), "{path}");
    table.iter().map(|(key, value)| walk(&properties[key], value, &format!("{path}.{key}"))).sum()
}

proptest! {
    #[test]
    fn a_scheme_that_is_cut_or_scrambled_is_read_or_refused_and_never_a_panic(
        name in proptest::sample::select(Scheme::built_in_names().collect::<Vec<_>>()),
        from in 0..400_usize, length in 0..400_usize, with in "\\PC{0,12}",
    ) {
        let text = Scheme::built_in(name).expect("known").expect("readable").to_toml();
        let lines: Vec<&str> = text.lines().collect();
        let scrambled: String = lines
            .iter()
            .enumerate()
            .map(|(i, line)| match i {
                _ if i == from => format!("{with}{line}\n"),
                _ if i == from + length => format!("{line}{with}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        let cut: String = lines.join("\n").chars().skip(from * 7).take(length * 20).collect();
        for text in [scrambled, cut, with] {
            match Scheme::from_toml(&text, "my.toml") {
                Ok(scheme) => prop_assert_eq!(scheme.hash().len(), 64),
                Err(error) => {
                    prop_assert!(error.is_usage());
                    prop_assert!(error.to_string().starts_with("my.toml"), "{}", error);
                }
            }
        }
    }
}
