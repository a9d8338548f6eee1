//! Hindcasts: nothing after an origin is seen, labels are exact at their edges, and the words at the end hold.

use crate::cli::Dice;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;
use tamarisk::earth::{Length, Position, geodesic};
use tamarisk::model::Declared;
use tamarisk::run::hindcast::{
    Against, Hindcast, HindcastQuery, Judged, Metric, Model, Prediction, Warning, hindcast,
};
use tamarisk::run::{Cancel, Case, CoverageChoice, Inputs, Rules, Unwatched, World, perform};
use tamarisk::scoring::Scheme;
use tamarisk::sources::Source;

const HEAD: &str =
    "id,date_start,date_end,lon,lat,country,event_type,fatalities,position_accuracy_km\n";

pub fn world(sites: &str, rows: &[String]) -> World {
    of_files(sites, &[rows])
}

/// A world of several files of incidents.
fn of_files(sites: &str, files: &[&[String]]) -> World {
    let file = |(number, rows): (usize, &&[String])| {
        let text = format!("{HEAD}{}\n", rows.join("\n"));
        Source::bytes(&format!("incidents-{number}.csv"), text.into_bytes())
    };
    let inputs = Inputs {
        sites: vec![Source::bytes("sites.csv", sites.as_bytes())],
        incidents: files.iter().enumerate().map(file).collect(),
        ..Inputs::default()
    };
    World::read(&inputs, &Unwatched, &Cancel::new()).expect("a world")
}

pub fn asked(world: &World, query: &HindcastQuery) -> Hindcast {
    hindcast(world, query, &Unwatched, &Cancel::new()).expect("a hindcast")
}

/// Origins at the ends of some years, incidents within 25 and 50 km in the next year, any and with five deaths.
pub fn query(years: std::ops::RangeInclusive<i16>) -> HindcastQuery {
    HindcastQuery {
        from: Some(date(*years.start(), 12, 31)),
        to: Some(date(*years.end(), 12, 31)),
        min_deaths: vec![0, 5],
        ..HindcastQuery::default()
    }
}

/// An incident: its id, first and last day, place, country, deaths and accuracy.
#[derive(Clone)]
pub struct Row(String, Date, Date, (f64, f64), &'static str, u64, u64);

impl Row {
    fn text(&self) -> String {
        let Self(id, first, last, (lon, lat), country, deaths, accuracy) = self;
        format!("{id},{first},{last},{lon:.4},{lat:.4},{country},Battles,{deaths},{accuracy}")
    }
}

/// Sites in Balochistan and Sindh, two of them with the same place.
pub fn sites(count: u64) -> String {
    let mut dice = Dice::new(3);
    let mut text = "id,name,lon,lat,position_accuracy_km\n".to_owned();
    for site in 0..count {
        let (lon, lat) = place(&mut dice);
        writeln!(text, "s{site},Site {site},{lon:.4},{lat:.4},5").expect("memory");
    }
    text.push_str("twin,Twin,67.5,28.5,5\nother,Other,67.5,28.5,5\n");
    text
}

fn place(dice: &mut Dice) -> (f64, f64) {
    (66.5 + dice.below(30_000) as f64 / 1e4, 27.5 + dice.below(20_000) as f64 / 1e4)
}

/// Incidents of eleven years, more of them in the north.
pub fn rows(count: u64) -> Vec<Row> {
    let mut dice = Dice::new(7);
    let mut rows = Vec::new();
    for number in 0..count {
        let (lon, lat) = place(&mut dice);
        if lat < 28.5 && dice.below(3) > 0 {
            continue;
        }
        let first = date(2000, 1, 1)
            .saturating_add(i64::try_from(dice.below(4_000)).expect("small").days());
        let last = first.saturating_add(i64::try_from(dice.below(4)).expect("small").days());
        let accuracy = [2, 25, 50, 51, 220][dice.below(5) as usize];
        rows.push(Row(
            format!("i{number:05}"),
            first,
            last,
            (lon, lat),
            "Pakistan",
            dice.below(12),
            accuracy,
        ));
    }
    rows
}

pub fn texts(rows: &[Row]) -> Vec<String> {
    rows.iter().map(Row::text).collect()
}

/// What the models said at the origins up to a day, to the last bit.
fn said(told: &Hindcast, until: Date) -> Vec<String> {
    let by_then = |one: &&Prediction| told.origins[one.origin] <= until;
    let said = told.predictions.iter().filter(by_then).map(|one| {
        let bits: Vec<Option<u64>> =
            one.intensities.iter().map(|of| of.map(f64::to_bits)).collect();
        let nearest = one.nearest_km.map(f64::to_bits);
        format!(
            "{} {} {bits:?} {nearest:?} {:x} {:?}",
            told.origins[one.origin],
            one.site,
            one.kde.to_bits(),
            one.counts
        )
    });
    said.collect()
}

#[test]
fn nothing_dated_after_an_origin_changes_a_score_or_a_baseline() {
    let day = date(2005, 12, 31);
    let (sites, all) = (sites(12), rows(900));
    let query = query(2003..=2007);
    let told = asked(&world(&sites, &texts(&all)), &query);
    let known = said(&told, day);
    assert_eq!(known.len(), 3 * 14);
    assert!(told.predictions.iter().filter(|one| one.intensities[0].is_some()).count() > 60);
    // The future shuffled: the places and deaths of all later incidents change hands.
    let mut shuffled = all.clone();
    let later: Vec<usize> = (0..all.len()).filter(|&at| all[at].2 > day).collect();
    for (at, &to) in later.iter().enumerate() {
        let from = &all[later[(at + 17) % later.len()]];
        (shuffled[to].3, shuffled[to].5, shuffled[to].6) = (from.3, from.5, from.6);
    }
    let other = asked(&world(&sites, &texts(&shuffled)), &query);
    assert_eq!(said(&other, day), known);
    assert_ne!(said(&other, date(2007, 12, 31)), said(&told, date(2007, 12, 31)));
    // The future dropped, all but a last row far away, without which no horizon would be known.
    let mut dropped: Vec<Row> = all.iter().filter(|row| row.2 <= day).cloned().collect();
    let end = date(2010, 12, 31);
    dropped.push(Row("zz".into(), end, end, (73.0, 33.7), "Pakistan", 0, 2));
    assert_eq!(said(&asked(&world(&sites, &texts(&dropped)), &query), day), known);
    // The future dropped whole, with coverage declared.
    dropped.pop();
    let declared = Declared::list("coverage", "PAK:2000-01-01/2010-12-31").expect("coverage");
    let query = HindcastQuery { coverage: CoverageChoice::Declared(declared), ..query };
    assert_eq!(said(&asked(&world(&sites, &texts(&dropped)), &query), day), known);
}

#[test]
fn a_country_whose_only_record_is_later_has_no_score() {
    let mut all = rows(300);
    let bamyan =
        "id,name,lon,lat,position_accuracy_km\nq,Quetta,66.95,30.15,5\nb,Bamyan,66.1,34.05,5\n";
    let scored = |all: &[Row]| {
        let told = asked(&world(bamyan, &texts(all)), &query(2003..=2007));
        let has = |one: &&Prediction| one.intensities[0].is_some();
        told.predictions
            .iter()
            .filter(has)
            .map(|one| (told.origins[one.origin].year(), one.site))
            .collect::<BTreeSet<_>>()
    };
    let quetta: BTreeSet<(i16, usize)> = (2003..=2007).map(|year| (year, 0)).collect();
    assert_eq!(scored(&all), quetta);
    let day = date(2005, 6, 1);
    all.push(Row("af".into(), day, day, (66.0, 34.0), "Afghanistan", 0, 2));
    let later: BTreeSet<(i16, usize)> = (2005..=2007).map(|year| (year, 1)).collect();
    assert_eq!(scored(&all), quetta.union(&later).copied().collect());
    // A source shows nothing before its first record of known place: here all of it is after 2004.
    let late: Vec<Row> = all.into_iter().filter(|row| row.1 > date(2004, 12, 31)).collect();
    assert!(scored(&late).iter().all(|(year, _)| *year > 2004));
}

#[test]
fn a_source_counts_as_collecting_at_an_origin_whatever_it_does_later() {
    // The last record by the origins of 2005 and 2006 is of May 2005; another source goes on elsewhere.
    let row = |id: &str, day, at, country| texts(&[Row(id.into(), day, day, at, country, 3, 2)]);
    let pakistan = |days: &[Date]| -> Vec<String> {
        let rows = days.iter().enumerate();
        rows.flat_map(|(id, day)| row(&format!("p{id}"), *day, (67.1, 29.0), "Pakistan")).collect()
    };
    let iran: Vec<String> = [date(2000, 1, 1), date(2010, 12, 31)]
        .iter()
        .flat_map(|day| row(&format!("r{day}"), *day, (53.0, 32.0), "Iran"))
        .collect();
    let begin = [date(2001, 2, 1), date(2005, 5, 1)];
    let told = |later: &[Date]| {
        let rows = pakistan(&[&begin[..], later].concat());
        let world = of_files("id,name,lon,lat\nhere,Here,67,29\n", &[&rows, &iran]);
        asked(&world, &query(2003..=2006))
    };
    let (ended, goes_on) = (told(&[]), told(&[date(2010, 12, 1)]));
    assert_eq!(said(&ended, date(2006, 12, 31)), said(&goes_on, date(2006, 12, 31)));
    assert!(ended.predictions.iter().all(|one| one.intensities[0].is_some()));
    // What is not covered to the end of the horizon is not told, though there is a score.
    let outcomes = |told: &Hindcast| -> Vec<Option<bool>> {
        told.predictions.iter().map(|one| one.outcomes[0]).collect()
    };
    assert_eq!(outcomes(&ended), [Some(false), None, None, None]);
    assert_eq!(outcomes(&goes_on), [Some(false), Some(true), Some(false), Some(false)]);
    assert_eq!(ended.judged[0].tallies.iter().map(|one| one.not_covered).sum::<usize>(), 3);
}

#[test]
fn a_score_is_that_of_score_on_the_same_day() {
    let (sites, all) = (sites(12), rows(2_000));
    let world = Arc::new(world(&sites, &texts(&all)));
    let told = asked(&world, &query(2003..=2006));
    for (origin, day) in told.origins.iter().enumerate() {
        let rules = Rules { as_of: Some(*day), ..Rules::default() };
        let case = Case::new(world.clone(), &rules).expect("a case");
        let scored = perform(&case, &Unwatched, &Cancel::new()).expect("scores");
        let intensities: Vec<Option<f64>> =
            scored.iter().map(|one| one.risk.security.intensity).collect();
        let of_origin = told.predictions.iter().filter(|one| one.origin == origin);
        let hindcast: Vec<Option<f64>> = of_origin.map(|one| one.intensities[0]).collect();
        assert_eq!(hindcast, intensities, "{day}");
        assert!(intensities.iter().flatten().any(|intensity| *intensity > 0.1));
    }
}

/// One site, its origin at the end of 2004, and rows that keep it covered from far away.
fn at_edge(row: Row, query: &HindcastQuery) -> Prediction {
    let (first, last) = (date(2000, 1, 1), date(2010, 12, 31));
    let far = |id: &str, day| Row(id.into(), day, day, (73.0, 33.7), "Pakistan", 0, 2);
    let rows = texts(&[far("a", first), far("z", last), row]);
    let world = world("id,name,lon,lat\nhere,Here,67,29\n", &rows);
    let query = HindcastQuery {
        from: Some(date(2004, 12, 31)),
        to: Some(date(2004, 12, 31)),
        ..query.clone()
    };
    asked(&world, &query).predictions[0].clone()
}

#[test]
fn labels_are_exact_at_their_edges() {
    let near = (67.1, 29.0);
    let any = HindcastQuery { radii: vec![Length::from_km(25.0)], ..HindcastQuery::default() };
    let on = |first, last| Row("i".into(), first, last, near, "Pakistan", 4, 2);
    for (first, last, happened) in [
        // The origin itself is not after it; its last day of the horizon is within.
        (date(2004, 12, 31), date(2004, 12, 31), false),
        (date(2005, 1, 1), date(2005, 1, 1), true),
        (date(2005, 12, 31), date(2005, 12, 31), true),
        (date(2006, 1, 1), date(2006, 1, 1), false),
        // Several days: the first counts.
        (date(2004, 12, 30), date(2005, 1, 5), false),
        (date(2005, 12, 31), date(2006, 2, 1), true),
    ] {
        let told = at_edge(on(first, last), &any);
        assert_eq!(told.outcomes, [Some(happened)], "{first} {last}");
        // What lasts past the origin is not known yet, and what began before it is not told.
        let known = u32::from(last <= date(2004, 12, 31));
        assert_eq!(told.counts[0].one_year, known, "{first} {last}");
    }
    let next = date(2005, 3, 1);
    for (deaths, least, happened) in [(4, 5, false), (5, 5, true), (0, 0, true), (0, 1, false)] {
        let query = HindcastQuery { min_deaths: vec![least], ..any.clone() };
        let row = Row("i".into(), next, next, near, "Pakistan", deaths, 2);
        assert_eq!(at_edge(row, &query).outcomes, [Some(happened)], "{deaths} of {least}");
    }
    for (accuracy, happened) in [(50, true), (51, false)] {
        let row = Row("i".into(), next, next, near, "Pakistan", 0, accuracy);
        assert_eq!(at_edge(row, &any).outcomes, [Some(happened)], "{accuracy}");
    }
    // At the radius itself, and a meter within.
    let position = |(lon, lat)| Position::from_degrees(lon, lat).expect("on Earth");
    let distance = geodesic::distance(position((67.0, 29.0)), position(near));
    for (less, happened) in [(0.0, true), (1.0, false)] {
        let radii = vec![Length::from_meters(distance.meters() - less)];
        let told = at_edge(on(next, next), &HindcastQuery { radii, ..any.clone() });
        assert_eq!(told.outcomes, [Some(happened)], "{less}");
    }
}

#[test]
fn counts_are_exact_at_their_edges() {
    let any = HindcastQuery { radii: vec![Length::from_km(25.0)], ..HindcastQuery::default() };
    for (age, one_year, three_years) in
        [(0, 1, 1), (364, 1, 1), (365, 0, 1), (1094, 0, 1), (1095, 0, 0)]
    {
        let day = date(2004, 12, 31).saturating_sub(i64::from(age).days());
        let told = at_edge(Row("i".into(), day, day, (67.1, 29.0), "Pakistan", 0, 2), &any);
        let counted = told.counts[0];
        assert_eq!((counted.one_year, counted.three_years), (one_year, three_years), "{age}");
        assert!((counted.half_life - 0.5_f64.powf(f64::from(age) / 365.0)).abs() < 1e-12, "{age}");
        // 9.74 km away, against some 700 km.
        let nearest = told.nearest_km.map_or(f64::INFINITY, |km| km);
        assert_eq!(nearest < 10.0, age < 1095, "{age}: {nearest}");
        let density = (-9.74_f64.powi(2) / 5000.0).exp();
        assert!((told.kde - density).abs() < 1e-3, "{age}: {}", told.kde);
    }
}

#[test]
fn any_number_of_threads_gives_the_same_hindcast() {
    let world = world(&sites(12), &texts(&rows(700)));
    let of = |threads| -> (Vec<Prediction>, Vec<Judged>) {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let told = pool.install(|| asked(&world, &query(2002..=2006)));
        (told.predictions, told.judged)
    };
    let one = of(1);
    assert_eq!(of(2), one);
    assert_eq!(of(7), one);
}

#[test]
fn one_kind_alone_cannot_be_judged_and_little_is_warned_of() {
    let mut calm = rows(500);
    calm.retain(|row| row.2 <= date(2004, 12, 31));
    let end = date(2007, 12, 31);
    calm.push(Row("zz".into(), end, end, (73.0, 33.7), "Pakistan", 0, 2));
    let told = asked(&world(&sites(5), &texts(&calm)), &query(2004..=2006));
    let judged = &told.judged[0];
    assert_eq!((judged.tally().counted, judged.tally().positives), (21, 0));
    assert_eq!(judged.standing, None);
    assert!(told.conclusion(judged).contains("nothing happened"), "{}", told.conclusion(judged));
    let area = judged.pooled(Model::Scheme(0), Metric::RocAuc).expect("measured");
    assert_eq!((area.value, area.difference), (None, None));
    assert_eq!(told.warnings[0], Warning::FewOrigins(3));
    assert_eq!(told.warnings[1], Warning::FewPositives { label: 0, positives: 0 });
    assert_eq!(told.warnings.len(), 1 + told.labels.len());
}

#[test]
fn a_count_of_the_very_incidents_beats_a_scheme_that_looks_the_other_way() {
    // At every other site incidents repeat every month; near the rest there is one on each origin, beyond the radius.
    let mut rows = Vec::new();
    let mut text = "id,name,lon,lat\n".to_owned();
    for site in 0..12_i16 {
        let (lon, lat) = (60.5 + f64::from(site), 29.0 + f64::from(site % 3) / 3.0);
        writeln!(text, "s{site},Site,{lon},{lat}").expect("memory");
        let busy = site % 2 == 0;
        for month in 0..if busy { 96 } else { 1_i64 } {
            let day = date(2000, 1, 15).saturating_add(month.months());
            rows.push(Row(format!("{site}-{month}"), day, day, (lon, lat), "Iran", 0, 2));
        }
    }
    let far: Vec<Row> = (2002..=2006)
        .flat_map(|year| (0..12_i16).map(move |site| (year, site)))
        .filter(|(_, site)| site % 2 == 1)
        .map(|(year, site)| {
            let (lon, lat) = (60.5 + f64::from(site), 29.0 + f64::from(site % 3) / 3.0);
            let day = date(year, 12, 31);
            Row(format!("f{year}-{site}"), day, day, (lon, lat + 0.3), "Iran", 90, 2)
        })
        .collect();
    rows.extend(far);
    let mut scheme = Scheme { name: "short".into(), ..Scheme::default() };
    scheme.security.recency.half_life_days = 1.0;
    let query = HindcastQuery {
        schemes: vec![scheme],
        coverage: CoverageChoice::Declared(Declared::list("coverage", "all").expect("coverage")),
        radii: vec![Length::from_km(25.0)],
        ..query(2002..=2005)
    };
    let told = asked(&world(&text, &texts(&rows)), &query);
    let standing = told.judged[0].standing.expect("both kinds");
    assert_eq!(standing.outcome, Against::Loses);
    let words = told.conclusion(&told.judged[0]);
    assert!(words.contains("\"short\" loses against counting (count_1y)"), "{words}");
}
