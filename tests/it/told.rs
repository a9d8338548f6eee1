//! How the environment is told in sentences: what lies near, what the site can do, what can strike it, and what is not
//! known. No reference value sounds like a finding.

use crate::cli::Folder;
use crate::made::{around, contribution, receptor, scheme, site};
use std::collections::BTreeSet;
use tamarisk::measures::Quantities;
use tamarisk::model::{DateSpan, Designation, Receptor, ReceptorKind};
use tamarisk::run::{self, Cancel, Case, Unwatched};
use tamarisk::scoring::{Catalog, IncidentName, Names, explanation, score};

fn told(quantities: &Quantities, receptors: &[Receptor], names: &Names<'_>) -> String {
    let risk = score(&scheme(), &site(), quantities, receptors, &BTreeSet::new());
    explanation(&scheme(), &risk, names)
}

fn area(name: &str, designation: Designation, world_heritage: bool) -> Receptor {
    Receptor {
        name: Some(name.into()),
        designation: Some(designation),
        world_heritage,
        ..receptor(ReceptorKind::SensitiveAreas)
    }
}

fn town(population: f64) -> Receptor {
    Receptor { population: Some(population), ..receptor(ReceptorKind::Settlements) }
}

#[test]
fn a_gap_of_a_layer_is_told_as_such_and_not_as_unknown() {
    let receptors = [area("Park", Designation::Strict, false)];
    let far = around(&[(ReceptorKind::SensitiveAreas, &[(0, 180.0)])]);
    let text = told(&far, &receptors, &Names::default());
    // Half known: what is assumed beyond it is no finding.
    assert!(text.contains("no sensitive area mapped within 100 km (nature at least 0)"), "{text}");
    let (_, unknown) = text.split_once("What we do not know: ").expect("a list");
    assert!(!unknown.contains("sensitive areas"), "{unknown}");
    assert!(unknown.starts_with("water stress, "), "{unknown}");
    let nowhere = around(&[(ReceptorKind::SensitiveAreas, &[(0, 1100.0)])]);
    let text = told(&nowhere, &receptors, &Names::default());
    assert!(text.ends_with("Environment: no score, because nothing is known of its surroundings."));
}

#[test]
fn world_heritage_is_named_first() {
    let receptors = [
        area("Hazarganji", Designation::Strict, false),
        area("Moenjodaro", Designation::Managed, true),
    ];
    let near = |km: [f64; 2]| {
        let near = [(0, km[0]), (1, km[1])];
        told(&around(&[(ReceptorKind::SensitiveAreas, &near)]), &receptors, &Names::default())
    };
    let text = near([5.0, 20.0]);
    assert!(text.contains("World Heritage Moenjodaro 20 km away; Hazarganji 5.0 km away (nature"));
    let text = near([30.0, 0.0]);
    assert!(text.contains(": inside World Heritage Moenjodaro (nature"), "{text}");
    let text = near([5.0, 80.0]);
    assert!(text.contains(": Hazarganji 5.0 km away (nature"), "{text}");
}

#[test]
fn below_the_least_coverage_there_is_no_score_and_what_is_known_is_told() {
    let receptors = [town(40_000.0)];
    let near = around(&[(ReceptorKind::Settlements, &[(0, 4.0)])]);
    let text = told(&near, &receptors, &Names::default());
    let (_, text) = text.split_once("Environment").expect("the environment");
    assert!(text.starts_with(": no score, 21 % known; at least "), "{text}");
    assert!(text.contains(". What adds most of what lies near: nature not known; water not known; a settlement 4.0 km away; 40,000 people mapped within 10 km (people at least "));
    // What is not known is listed once, at the end.
    assert!(!text.contains("What it can do") && !text.contains("What can strike it"), "{text}");
    let (_, unknown) = text.split_once("What we do not know: ").expect("a list");
    assert!(unknown.contains("tailings") && unknown.contains("earthquakes"), "{unknown}");
}

#[test]
fn the_terminal_says_how_much_is_known_beside_each_score() {
    let folder = Folder::with_mines();
    let towns =
        "id,name,lon,lat,population\na,A,66.5,29.7,5000\nb,B,67.1,29.9,300\nc,C,64.3,28.4,20\n";
    folder.write("towns.csv", towns);
    let inputs = ["-s", "sites.csv", "-i", "incidents.csv", "-r", "settlements=towns.csv"];
    let out = folder.done(&[&["score", "-o", "few"][..], &inputs].concat());
    assert!(out.contains("at least ") && out.contains(", 21 % known"), "{out}");
    let out = folder.done(&["score", "--demo", "-o", "demo"]);
    assert!(out.contains(" medium, ") && out.contains(" % known"), "{out}");
    let files = ["rank", "sites.csv", "-i", "incidents.csv", "-r", "settlements=towns.csv"];
    let ranking = folder.answer(&[&files[..], &["--json"]].concat());
    let first = &ranking["candidates"][0];
    assert!(first["environment"].is_null() && first["environment_at_least"].is_number());
    let table = folder.done(&files);
    assert!(table.contains("at least") && table.contains("21 %"), "{table}");
}

#[test]
fn a_record_is_told_with_what_it_spans() {
    let catalog = Some(Catalog { years: Some((1965, 2016)), least_magnitude: 5.5 });
    let mut quantities = around(&[(ReceptorKind::Earthquakes, &[(0, 300.0)])]);
    quantities.environment.accidents = Some(Default::default());
    let small = Receptor { magnitude: Some(5.5), ..receptor(ReceptorKind::Earthquakes) };
    let names =
        Names { catalog, accidents_from: Some(jiff::civil::date(1989, 4, 1)), ..Names::default() };
    let text = told(&quantities, std::slice::from_ref(&small), &names);
    assert!(
        text.contains("What it can do: no accident on record since 1989 (pressure at least 0).")
    );
    let none = "no shaking of MMI 4 or over on record; catalog 1965 to 2016, magnitude 5.5 and over (hazard";
    assert!(text.contains(none), "{text}");
    // An accident is told in the words of its source.
    let intensity = quantities.environment.accidents.as_mut().expect("set above");
    *intensity =
        tamarisk::measures::Intensity { total: 0.4, strongest: vec![contribution(0, 12.0, 0.4)] };
    let date = Some(jiff::civil::date(2014, 6, 1));
    let accident = Some(IncidentName { what: "Tailings spill", date, ..IncidentName::default() });
    let text = told(&quantities, &[small], &Names { accident, ..names });
    assert!(text.contains(": Tailings spill 12 km away in 2014 (pressure"), "{text}");
}

#[test]
fn a_catalog_spans_what_counts() {
    let quake = |year: Option<i16>, magnitude| Receptor {
        magnitude: Some(magnitude),
        date: year.map(|year| DateSpan::day(jiff::civil::date(year, 1, 1))),
        ..receptor(ReceptorKind::Earthquakes)
    };
    let words = |all: &[Receptor]| Catalog::of(all, 5.0).map(|catalog| catalog.to_string());
    let all = [quake(Some(1999), 6.0), quake(Some(1901), 4.9), quake(Some(2010), 5.2), town(3.0)];
    assert_eq!(words(&all).as_deref(), Some("catalog 1999 to 2010, magnitude 5.2 and over"));
    let one = [quake(Some(1999), 6.0)];
    assert_eq!(words(&one).as_deref(), Some("catalog of 1999, magnitude 6.0 and over"));
    let undated = [quake(None, 6.0)];
    assert_eq!(words(&undated).as_deref(), Some("catalog without dates, magnitude 6.0 and over"));
    assert_eq!(words(&[quake(Some(1999), 4.0), town(3.0)]), None);
}

#[test]
fn the_sentences_of_the_built_in_case_are_whole_and_short() {
    let case = Case::open(&run::demo(), &Unwatched, &Cancel::new()).expect("the case");
    let scored = run::perform(&case, &Unwatched, &Cancel::new()).expect("scores");
    let mut longest = 0;
    for one in &scored {
        let text = case.context().explanation(one);
        let (_, environment) = text.split_once("Environment").expect("the environment");
        longest = longest.max(environment.chars().count());
        let questions = [
            "What adds most of what lies near: ",
            "What it can do: ",
            "What can strike it: ",
            "What we do not know: ",
        ];
        let places: Vec<Option<usize>> = questions.iter().map(|q| environment.find(q)).collect();
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{text}");
        assert!(text.ends_with('.') && !text.contains("..") && !text.contains("  "), "{text}");
        assert_eq!(text.matches('(').count(), text.matches(')').count(), "{text}");
    }
    assert!((300..=800).contains(&longest), "{longest}");
}
