//! Past shaking (E3) against the strongest shaking of the years after it, at the world's mines: every number of a
//! section of docs/METHOD.md, recomputed by the program from a public catalog.

use crate::suites::shared;
use jiff::civil::{Date, date};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tamarisk::earth::Position;
use tamarisk::model::{CountryCode, Receptor, ReceptorKind};
use tamarisk::run::{self, Cancel, Case, Inputs, Rules, Unwatched, World};
use tamarisk::scoring::IndicatorCode;
use tamarisk::sources::Source;

const SECTION: &str = "### Does it tell what came later";

/// The years at whose end the catalog is divided.
const SPLITS: [i16; 3] = [1985, 1995, 2005];

/// The year whose table by classes of E3 is printed.
const SHOWN: i16 = 1995;

/// The last year of the catalog.
const LAST: i16 = 2016;

/// Intensities, and the values of E3 at which they begin: (MMI - 4) / 5.
const FELT: [(&str, f64); 3] = [("V", 0.2), ("VI", 0.4), ("VII", 0.6)];

#[test]
#[ignore = "reads ../shared: see tests/it/suites.rs"]
fn past_shaking_told_of_later_shaking_as_the_document_says() {
    let world = Arc::new(published());
    let mut judged = Vec::new();
    for year in SPLITS {
        let split = Split::at(&world, year);
        judged.extend(FELT.map(|(intensity, value)| split.judged(intensity, value)));
        if year == SHOWN {
            assert_eq!(table(&["until 1995"]), split.by_class());
            let told = section().split_whitespace().collect::<Vec<_>>().join(" ");
            for words in split.in_words() {
                assert!(told.contains(&words), "{words}");
            }
        }
    }
    assert_eq!(table(&["until", "later"]), judged);
}

/// The mines of ICMM and the earthquakes of USGS.
fn published() -> World {
    let data = shared("data");
    let inputs = Inputs {
        sites: vec![Source::path(data.join("icmm-global-mining/mines.geojson"))],
        receptors: vec![(
            Some(ReceptorKind::Earthquakes),
            Source::path(data.join("usgs-earthquakes-m55/earthquakes.csv")),
        )],
        ..Inputs::default()
    };
    World::read(&inputs, &Unwatched, &Cancel::new()).expect("the world")
}

/// E3 at every mine from the earthquakes to the end of a year, and from those after it.
struct Split {
    year: i16,
    before: Vec<f64>,
    after: Vec<f64>,
    /// Distance to the nearest of the earlier earthquakes, as a squared chord.
    nearest: Vec<f64>,
    countries: Vec<Option<CountryCode>>,
    /// Shallow earthquakes before and after.
    earthquakes: [usize; 2],
}

impl Split {
    fn at(world: &Arc<World>, year: i16) -> Self {
        let day = date(year, 12, 31);
        let until = |receptor: &Receptor| receptor.date.expect("a date").last() <= day;
        let case = case(Arc::clone(world), day);
        let mut later = World::default();
        later.sites = world.sites.clone();
        later.kinds = world.kinds.clone();
        later.receptors =
            Arc::new(world.receptors.iter().filter(|receptor| !until(receptor)).cloned().collect());
        let deepest = case.scheme.environment.seismic.max_depth_km;
        let shallow: Vec<&Receptor> = world
            .receptors
            .iter()
            .filter(|receptor| receptor.depth_km.is_none_or(|depth| depth <= deepest))
            .collect();
        let earlier: Vec<[f64; 3]> = shallow
            .iter()
            .filter(|receptor| until(receptor))
            .map(|receptor| direction(receptor.shape.as_point().expect("a point")))
            .collect();
        let sites = &case.sites.list;
        Self {
            year,
            before: shaking(&case),
            after: shaking(&self::case(Arc::new(later), date(LAST, 12, 31))),
            nearest: sites.par_iter().map(|site| nearest(site.position, &earlier)).collect(),
            countries: sites.iter().map(|site| case.country_of(site)).collect(),
            earthquakes: [earlier.len(), shallow.len() - earlier.len()],
        }
    }

    /// The rows of the table by classes of E3: mines, and the shares of them that were shaken later.
    fn by_class(&self) -> Vec<Vec<String>> {
        let classes: [(&str, &str, f64, f64); 5] = [
            ("below IV", "0", f64::NEG_INFINITY, 0.0),
            ("IV", "above 0", 0.0, 0.2),
            ("V", "0.2 and over", 0.2, 0.4),
            ("VI", "0.4 and over", 0.4, 0.6),
            ("VII and over", "0.6 and over", 0.6, f64::INFINITY),
        ];
        let row = |(felt, value, from, to): (&str, &str, f64, f64)| {
            // The value 0 is a class of its own.
            let within = |e: f64| if to == 0.0 { e == 0.0 } else { e > 0.0 && e >= from && e < to };
            let later: Vec<f64> = self.pairs().filter(|of| within(of.0)).map(|of| of.1).collect();
            let share = |least: f64| {
                let shaken = later.iter().filter(|value| **value >= least).count();
                format!("{:.1} %", 100.0 * shaken as f64 / later.len() as f64)
            };
            let mut row = vec![felt.to_owned(), value.to_owned(), thousands(later.len())];
            row.extend(FELT.map(|(_, least)| share(least)));
            row
        };
        classes.map(row).to_vec()
    }

    /// A row of the table of areas under the curve.
    fn judged(&self, intensity: &str, least: f64) -> Vec<String> {
        let shaken: Vec<bool> = self.after.iter().map(|value| *value >= least).collect();
        let near: Vec<f64> = self.nearest.iter().map(|chord2| -chord2).collect();
        let count = shaken.iter().filter(|shaken| **shaken).count();
        let of = |value: f64| format!("{value:.2}");
        vec![
            self.year.to_string(),
            intensity.to_owned(),
            thousands(count),
            of(area_under_curve(&self.before, &shaken)),
            of(within_countries(&self.before, &shaken, &self.countries)),
            of(area_under_curve(&near, &shaken)),
        ]
    }

    /// The numbers in the section's prose.
    fn in_words(&self) -> [String; 3] {
        let [before, after] = self.earthquakes.map(thousands);
        let calm = self.before.iter().filter(|value| **value == 0.0).count();
        let surprised = self.pairs().filter(|of| of.0 == 0.0 && of.1 >= 0.4).count();
        [
            format!("At {} mines", thousands(self.before.len())),
            format!("{before} earthquakes until the end of {} and {after} after it", self.year),
            format!("{surprised} of the {} mines whose past was below IV", thousands(calm)),
        ]
    }

    fn pairs(&self) -> impl Iterator<Item = (f64, f64)> {
        self.before.iter().copied().zip(self.after.iter().copied())
    }
}

/// A world under the default scheme at a date. The catalog is declared complete, so that E3 is known at every mine.
fn case(world: Arc<World>, as_of: Date) -> Case {
    let complete = BTreeSet::from([ReceptorKind::Earthquakes]);
    let rules = Rules { as_of: Some(as_of), complete, ..Rules::default() };
    Case::new(world, &rules).expect("a case")
}

/// E3 at every site, as a run gives it.
fn shaking(case: &Case) -> Vec<f64> {
    let scored = run::perform(case, &Unwatched, &Cancel::new()).expect("scores");
    let seismic = |one: &tamarisk::layers::Scored| {
        let indicators = &one.risk.environment.indicators;
        let of = indicators.iter().find(|indicator| indicator.code == IndicatorCode::Seismic);
        of.and_then(|indicator| indicator.value).expect("E3 is known")
    };
    scored.iter().map(seismic).collect()
}

/// The unit vector of a position on a sphere.
fn direction(position: Position) -> [f64; 3] {
    let (lon, lat) = (position.lon().to_radians(), position.lat().to_radians());
    [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
}

fn nearest(position: Position, among: &[[f64; 3]]) -> f64 {
    let [x, y, z] = direction(position);
    among
        .iter()
        .map(|[a, b, c]| (x - a).powi(2) + (y - b).powi(2) + (z - c).powi(2))
        .fold(f64::INFINITY, f64::min)
}

/// The probability that of a pair, one with the event and one without, the former has the larger value; equal
/// values count half.
fn area_under_curve(values: &[f64], events: &[bool]) -> f64 {
    let mut order: Vec<(f64, bool)> = values.iter().copied().zip(events.iter().copied()).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut won, mut without) = (0.0, 0.0);
    for equal in order.chunk_by(|a, b| a.0 == b.0) {
        let with = equal.iter().filter(|of| of.1).count() as f64;
        let others = equal.len() as f64 - with;
        won += with * (without + 0.5 * others);
        without += others;
    }
    let with = events.iter().filter(|event| **event).count() as f64;
    won / (with * without)
}

/// The same over the pairs in one country.
fn within_countries(values: &[f64], events: &[bool], countries: &[Option<CountryCode>]) -> f64 {
    let mut members: BTreeMap<CountryCode, (Vec<f64>, Vec<bool>)> = BTreeMap::new();
    for ((value, event), country) in values.iter().zip(events).zip(countries) {
        let Some(country) = country else { continue };
        let of = members.entry(*country).or_default();
        of.0.push(*value);
        of.1.push(*event);
    }
    let (mut won, mut pairs) = (0.0, 0.0);
    for (values, events) in members.values() {
        let with = events.iter().filter(|event| **event).count();
        let count = (with * (events.len() - with)) as f64;
        if count > 0.0 {
            won += count * area_under_curve(values, events);
            pairs += count;
        }
    }
    won / pairs
}

#[test]
fn the_area_under_the_curve_counts_pairs() {
    let events = [true, false, true, false];
    assert_eq!(area_under_curve(&[4.0, 3.0, 2.0, 1.0], &events), 0.75);
    assert_eq!(area_under_curve(&[1.0, 1.0, 1.0, 1.0], &events), 0.5);
    assert_eq!(area_under_curve(&[2.0, 1.0, 2.0, 1.0], &events), 1.0);
    let code = |code: &str| CountryCode::new(code);
    let countries = [code("PAK"), code("PAK"), code("MLI"), code("MLI")];
    assert_eq!(within_countries(&[9.0, 8.0, 1.0, 2.0], &events, &countries), 0.5);
}

fn thousands(number: usize) -> String {
    if number < 1000 {
        number.to_string()
    } else {
        format!("{},{:03}", number / 1000, number % 1000)
    }
}

/// The section of the document.
fn section() -> &'static str {
    let method = include_str!("../../docs/METHOD.md");
    let section = method.split(SECTION).nth(1).expect("the section");
    section.split("\n#").next().expect("its text")
}

/// The rows of the section's table whose header begins with these cells.
fn table(header: &[&str]) -> Vec<Vec<String>> {
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    let mut lines = section().lines().skip_while(|line| {
        !cells(line).starts_with(&header.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>())
    });
    lines.next().expect("a table with this header");
    lines.skip(1).take_while(|line| line.starts_with('|')).map(cells).collect()
}
