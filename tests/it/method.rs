//! The row worked by hand in docs/METHOD.md, recomputed from the document's own tables: inputs are
//! read from it, the program scores them, and every number printed there must come out.

use crate::made::{covered, nearby, scheme, site};
use std::collections::{BTreeMap, BTreeSet};
use tamarisk::earth::{Length, Shape};
use tamarisk::measures::{Along, Contribution, DamOf, DamQuantities, Quantities, Runout, decay};
use tamarisk::model::{
    Designation, Receptor, ReceptorKind, SecurityType, TailingsClass, WaterStress,
};
use tamarisk::scoring::{
    Catalog, IncidentName, Names, Risk, explanation, score, severity, written,
};

const METHOD: &str = include_str!("../../docs/METHOD.md");

/// The table of the worked row whose header begins with these cells, as rows of cells.
fn table(header: &[&str]) -> Vec<Vec<String>> {
    let row = METHOD.split("## A row worked by hand").nth(1).expect("the section");
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    let mut lines = row.lines().skip_while(|line| {
        let found = cells(line);
        !header.iter().enumerate().all(|(i, cell)| found.get(i).is_some_and(|c| c == cell))
    });
    lines.next().expect("a table with this header");
    lines.skip(1).take_while(|line| line.starts_with('|')).map(cells).collect()
}

fn number(cell: &str) -> f64 {
    cell.parse().unwrap_or_else(|_| panic!("{cell} is a number"))
}

/// Whether a value, formatted with as many decimals as in the document, equals the cell.
fn written_as(value: f64, cell: &str) -> bool {
    let decimals = cell.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    format!("{value:.decimals$}") == cell
}

/// The quantities of the row, and severity, S², K, g and intensity of each incident.
fn incidents() -> (Quantities, BTreeMap<String, [f64; 5]>) {
    let (scheme, kernel) = (scheme(), scheme().security_kernel());
    let site_error = scheme.position.sigma_km(Some(Length::from_km(5.0)));
    let mut quantities = covered();
    let mut by_name = BTreeMap::new();
    for (index, row) in table(&["incident", "type"]).iter().enumerate() {
        let [name, what, deaths, km, accuracy, age] = row.as_slice() else { panic!("{row:?}") };
        let security_type =
            SecurityType::ALL.into_iter().find(|t| t.word() == what).expect("a type");
        let mut incident = crate::made::incident(security_type);
        incident.fatalities = deaths.parse().ok();
        let error = scheme.position.sigma_km(Some(Length::from_km(number(accuracy))));
        let spread2 = site_error * site_error + error * error;
        let age: i64 = age.parse().expect("days");
        let severity = severity(&scheme, &incident);
        let at = kernel.at(number(km), spread2);
        let left = decay(age, scheme.security.recency.half_life_days);
        let intensity = severity * at * left;
        by_name.insert(name.clone(), [severity, spread2, at, left, intensity]);
        quantities.security.intensity.total += intensity;
        let nearby = nearby(index, number(km));
        let strongest = &mut quantities.security.intensity.strongest;
        strongest.push(Contribution { nearby, part: 0, intensity });
        strongest.sort_by(|a, b| b.intensity.total_cmp(&a.intensity));
        let period = i64::from(scheme.security.trend.period_days);
        match age / period {
            0 => {
                quantities.security.recent += 1;
                quantities.security.violent += u32::from(incident.is_violence());
            }
            1 => quantities.security.prior += 1,
            _ => {}
        }
    }
    (quantities, by_name)
}

/// The receptors of the row, put into the quantities.
fn receptors(quantities: &mut Quantities) -> Vec<Receptor> {
    let mut list = Vec::new();
    for (index, row) in table(&["receptor", "kind"]).iter().enumerate() {
        let [name, kind, km, known] = row.as_slice() else { panic!("{row:?}") };
        let kind = ReceptorKind::from_word(kind).expect("a kind");
        let mut receptor = crate::made::receptor(kind);
        receptor.name = Some(name.clone());
        for fact in known.split(", ") {
            match *fact.split(' ').collect::<Vec<_>>().as_slice() {
                ["polygon"] | ["line"] | ["depth", "not", "given"] => {}
                ["centroid"] => receptor.shape = Shape::point(site().position),
                ["managed"] => receptor.designation = Some(Designation::Managed),
                ["strict"] => receptor.designation = Some(Designation::Strict),
                ["accuracy", km, "km"] => receptor.accuracy = Some(Length::from_km(number(km))),
                ["area", km2, "km²"] => receptor.area_km2 = Some(number(km2)),
                ["magnitude", magnitude] => receptor.magnitude = Some(number(magnitude)),
                _ => panic!("{fact}"),
            }
        }
        let near = quantities.environment.nearby.entry(kind).or_default();
        near.push(nearby(index, number(km)));
        list.push(receptor);
    }
    // A layer without anything near: what the run has of settlements lies elsewhere.
    quantities.environment.nearby.insert(ReceptorKind::Settlements, Vec::new());
    list
}

fn worked() -> (Risk, Vec<Receptor>) {
    let (mut quantities, _) = incidents();
    let receptors = receptors(&mut quantities);
    let mut site = site();
    site.accuracy = Some(Length::from_km(5.0));
    site.tailings.class = Some(TailingsClass::High);
    let exposed = |(index, km): (usize, f64)| Along { index, distance: Length::from_km(km) };
    let distances = table(&["receptor", "kind"]).into_iter().map(|row| number(&row[2]));
    let water = |(index, _): &(usize, f64)| receptors[*index].kind == ReceptorKind::Rivers;
    quantities.environment.dams = vec![DamQuantities {
        of: DamOf::Part(0),
        distance: Length::ZERO,
        tailings: site.tailings,
        runout: Runout { median_km: 12.0, sigma: 0.95 },
        direction_known: false,
        exposed: distances.enumerate().filter(water).map(exposed).collect(),
        people: None,
        areas: None,
    }];
    site.water_stress = Some(WaterStress::Ratio(0.5));
    (score(&scheme(), &site, &quantities, &receptors, &BTreeSet::new()), receptors)
}

#[test]
fn the_documents_worked_row_is_what_the_program_computes() {
    let (_, by_name) = incidents();
    let (risk, _) = worked();
    let rows = table(&["incident", "m"]);
    assert_eq!(rows.len(), 3);
    for (index, row) in rows.iter().enumerate() {
        let of_row = risk.security.drivers.iter().find(|d| d.contribution.nearby.index == index);
        let computed = by_name[&row[0]].iter().chain([&of_row.expect("a driver").points]);
        for (value, cell) in computed.zip(&row[1..]) {
            assert!(written_as(*value, cell), "{}: {value} is not {cell}", row[0]);
        }
    }
    let rows = table(&["indicator", "value"]);
    assert_eq!(rows.len(), risk.environment.indicators.len());
    for (row, indicator) in rows.iter().zip(&risk.environment.indicators) {
        let code = indicator.code.code();
        assert_eq!(code, row[0]);
        match indicator.value {
            None => assert_eq!(row[1], "missing", "{code}"),
            Some(value) => assert!(written_as(value, &row[1]), "{code}: {value}"),
        }
        assert!(written_as(indicator.known, &row[2]), "{code}: {}", indicator.known);
        assert!(written_as(indicator.weight, &row[3]), "{code}: {}", indicator.weight);
        let (Some(points), Some(assumed)) = (indicator.points, indicator.assumed) else {
            assert!(row[4..8].iter().all(String::is_empty), "{code} is outside the score");
            continue;
        };
        let value = indicator.value.unwrap_or(0.0).powi(4);
        let reference = scheme().environment.reference(indicator.code).powi(4);
        let rest = (1.0 - indicator.known) * (reference.max(value) - value);
        assert!(written_as(indicator.weight * value, &row[4]), "{code}");
        assert!(written_as(indicator.weight * rest, &row[5]), "{code}");
        assert!(written_as(points, &row[6]), "{code}: {points}");
        assert!(written_as(assumed, &row[7]), "{code}: {assumed}");
    }
    let rows = table(&["bar", "at least"]);
    assert_eq!(rows.len(), risk.environment.bars.len());
    for (row, bar) in rows.iter().zip(&risk.environment.bars) {
        assert_eq!(bar.bar.word(), row[0]);
        for (number, cell) in [(bar.at_least, &row[1]), (bar.score, &row[2])] {
            match number {
                None => assert_eq!(cell, "missing"),
                Some(number) => assert!(written_as(number, cell), "{}: {number}", row[0]),
            }
        }
        assert!(written_as(bar.coverage, &row[3]), "{}", row[0]);
    }
}

#[test]
fn the_documents_results_are_what_the_program_writes() {
    let (risk, _) = worked();
    let bands = scheme().bands;
    let of = |score: Option<f64>| score.map(|s| written::score(s).to_string()).unwrap_or_default();
    let flag = |flag: Option<bool>| flag.map(|f| f.to_string()).unwrap_or_default();
    let within = risk.flags.sensitive_area_within_km.expect("an area");
    let results = table(&["result", "value"]);
    assert_eq!(results.len(), 14);
    for row in results {
        let computed = match row[0].as_str() {
            "security_intensity" => {
                written::intensity(risk.security.intensity.expect("covered")).to_string()
            }
            "security_score" => of(risk.security.score),
            "security_band" => bands.of(risk.security.score).to_string(),
            "trend" => format!("{:.4}", risk.security.trend.expect("covered")),
            "environment_score" => of(risk.environment.score),
            "environment_at_least" => of(risk.environment.at_least),
            "environment_band" => bands.of(risk.environment.score).to_string(),
            "environment_coverage" => format!("{:.3}", risk.environment.coverage),
            "overall_score" => of(risk.overall),
            "overall_band" => bands.of(risk.overall).to_string(),
            "risk_cell" => risk.cell.to_string(),
            "sensitive_area_within_km" => format!("{within:.3}"),
            "water_stress_high" => flag(risk.flags.water_stress_high),
            "in_conflict_area" => flag(risk.flags.in_conflict_area),
            other => panic!("{other}"),
        };
        assert_eq!(computed, row[1], "{}", row[0]);
    }
}

#[test]
fn the_numbers_within_the_documents_prose_are_those_computed() {
    let (risk, _) = worked();
    let told = METHOD.split("## A row worked by hand").nth(1).expect("the section");
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    let lambda = risk.security.intensity.expect("covered");
    let security = risk.security.score.expect("covered");
    let environment = risk.environment.score.expect("enough is known");
    for words in [
        format!(
            "The sum is {lambda:.4}, x = sqrt({lambda:.4} / 0.5) = {:.4}",
            (lambda / 0.5).sqrt()
        ),
        format!(
            "= {security:.2}, of which A makes {:.1} %",
            100.0 * risk.security.drivers[0].share
        ),
        format!("= {environment:.2}."),
        format!("= {:.2}, and S_env", risk.environment.at_least.expect("known")),
        format!("its edge lies {:.3} km away", 30.0 - (500.0 / std::f64::consts::PI).sqrt()),
        format!("The weights known are {:.3}", risk.environment.coverage),
    ] {
        assert!(told.contains(&words), "{words}");
    }
}

#[test]
fn every_key_of_the_scheme_that_the_document_names_exists() {
    let scheme = serde_json::to_value(scheme()).expect("json");
    let mut named = 0;
    for code in METHOD.split('`').skip(1).step_by(2).chain(METHOD.split_whitespace()) {
        let code = code.trim_matches(|c: char| !c.is_ascii_lowercase());
        let top = code.split('.').next().unwrap_or_default();
        let plain = code.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c == '.');
        if !code.contains('.') || !plain || scheme.get(top).is_none() {
            continue;
        }
        assert!(scheme.pointer(&format!("/{}", code.replace('.', "/"))).is_some(), "{code}");
        named += 1;
    }
    assert!(named > 25, "{named}");
}

#[test]
fn the_sentence_tells_scores_bands_and_drivers() {
    let (mut risk, _) = worked();
    // A tenth of the score is worth telling.
    risk.security.drivers[1].share = 0.1;
    let date = |month, day| Some(jiff::civil::date(2024, month, day));
    let names = Names {
        incidents: vec![
            IncidentName {
                what: "Bombing",
                kind: Some(SecurityType::Explosions),
                date: date(3, 2),
                deaths: Some(4),
                accuracy: Some(Length::from_km(5.0)),
                part: None,
            },
            IncidentName {
                what: "Protests",
                kind: Some(SecurityType::Protests),
                date: date(6, 30),
                part: Some("road"),
                ..IncidentName::default()
            },
            IncidentName { what: "Battles", ..IncidentName::default() },
        ],
        catalog: Some(Catalog { years: Some((1965, 2016)), least_magnitude: 5.5 }),
        ..Names::default()
    };
    // The curve of METHOD, computed here.
    let curve = |intensity: f64| {
        let x = (intensity / 0.5).sqrt();
        100.0 * x / (1.0 + x)
    };
    let lambda = risk.security.intensity.expect("covered");
    let [first, second] =
        [0, 1].map(|at: usize| curve(lambda - risk.security.drivers[at].contribution.intensity));
    let later = curve(lambda / 2.0);
    assert_eq!(
        explanation(&scheme(), &risk, &names),
        format!(
            "Security 61.1 (high). What weighs most is an explosion or other remote violence (\"Bombing\") about 12 km away \
             on 2024-03-02, 4 deaths (85 % of the score; without it the score is {first:.1}), then a protest 3.0 km from \
             its road on 2024-06-30 (10 %; without it {second:.1}). If nothing new is reported, it is {later:.1} in 365 days. \
             Environment 52.6 (medium, 61 % known; at least 46.9). What adds most of what lies near: park 17 km away (nature at least 33); \
             stream 4.0 km away, water stress of ratio 0.5 (water 64); people not known. What it can do: tailings of class \
             high; if it fails, half of run-outs go beyond 12 km (pressure at least 35). What can strike it: shaking of MMI \
             6.0 from magnitude 6.8, 60 km away; catalog 1965 to 2016, magnitude 5.5 and over (hazard at least 34). What we \
             do not know: accidents, people nearby, species, natural habitat, people downstream, floods, outburst floods."
        )
    );
    risk.security.drivers[1].share = 0.099;
    assert!(explanation(&scheme(), &risk, &names).contains(&format!("is {first:.1}). If nothing")));
}

#[test]
fn the_sentence_says_plainly_that_there_are_no_data() {
    let text = |scheme: &_, quantities: &Quantities| {
        let risk = score(scheme, &site(), quantities, &[], &BTreeSet::new());
        explanation(scheme, &risk, &Names::default())
    };
    assert_eq!(
        text(&scheme(), &Quantities::default()),
        "Security: no score, because no usable incidents were collected at the site. Environment: no score, because nothing is known of its surroundings."
    );
    let security_only =
        tamarisk::scoring::Scheme::built_in("security-only").expect("known").expect("readable");
    assert_eq!(
        text(&security_only, &covered()),
        "Security 0.0 (very low). No incident was reported within reach. Environment: not scored by \
         this scheme."
    );
}
