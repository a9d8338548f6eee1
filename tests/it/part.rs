//! Parts of the incidents, each with the cubes that its sites need, give every column of a site as all incidents do.

use crate::index::Numbers;
use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tamarisk::index::Cube;
use tamarisk::model::ReceptorKind;
use tamarisk::run::{
    Cancel, Case, Inputs, LayerName, Located, Performed, Rules, Unwatched, Where, Whole, World,
    locate, perform, with_layers,
};
use tamarisk::scoring::Scheme;
use tamarisk::sources::{ReadOptions, Role, Source};

/// Columns of texts and numbers, by name.
struct Columns {
    texts: Vec<(&'static str, Vec<String>)>,
    numbers: Vec<(&'static str, Vec<f64>)>,
}

impl Columns {
    /// The table of some of the rows.
    fn table(&self, name: &str, rows: &[usize]) -> Source {
        let texts = self.texts.iter().map(|(name, all)| {
            let some: StringArray = rows.iter().map(|row| Some(all[*row].as_str())).collect();
            (*name, Arc::new(some) as ArrayRef)
        });
        let numbers = self.numbers.iter().map(|(name, all)| {
            let some: Float64Array = rows.iter().map(|row| Some(all[*row])).collect();
            (*name, Arc::new(some) as ArrayRef)
        });
        let batch =
            RecordBatch::try_from_iter(texts.chain(numbers)).expect("columns of one length");
        Source::table(name, batch.schema(), vec![batch])
    }

    fn count(&self) -> usize {
        self.numbers[0].1.len()
    }

    fn all(&self) -> Vec<usize> {
        (0..self.count()).collect()
    }
}

const INCIDENTS: usize = 4_000;
const SITES: usize = 80;

/// Incidents in a few clusters and some alone, with accidents, earthquakes and places known only to a country.
fn incidents() -> Columns {
    let mut n = Numbers(7);
    let centers = [(67.0, 30.0), (69.5, 33.0), (-1.5, 14.0), (179.9, -17.0), (25.0, 78.0)];
    let types = ["attack", "explosion", "battle", "spill", "protest", "earthquake"];
    let mut texts =
        vec![("id", vec![]), ("date", vec![]), ("event_type", vec![]), ("country", vec![])];
    let mut numbers = vec![
        ("lon", vec![]),
        ("lat", vec![]),
        ("position_accuracy_km", vec![]),
        ("fatalities", vec![]),
        ("magnitude", vec![]),
    ];
    for row in 0..INCIDENTS {
        let (lon, lat) = match row % 50 {
            0 => (n.between(-180.0, 180.0), n.between(-80.0, 80.0)),
            _ => {
                let (lon, lat) = centers[(n.next().powi(2) * 5.0) as usize];
                (lon + 2.5 * (n.next() - n.next()), lat + 2.5 * (n.next() - n.next()))
            }
        };
        let lon = if lon > 180.0 { lon - 360.0 } else { lon };
        let day = 1 + (28.0 * n.next()) as u32;
        texts[0].1.push(format!("i{:05}", (row * 7919) % INCIDENTS));
        texts[1].1.push(format!("{}-{:02}-{day:02}", 2015 + row % 10, 1 + row % 12));
        texts[2]
            .1
            .push(types[if row % 97 == 0 { 5 } else { (5.0 * n.next()) as usize % 5 }].to_owned());
        texts[3].1.push(["Pakistan", "Mali", "Fiji"][row % 3].to_owned());
        numbers[0].1.push(lon);
        numbers[1].1.push(lat);
        numbers[2].1.push([1.0, 5.0, 25.0, 0.1][(4.0 * n.next()) as usize]);
        numbers[3].1.push((n.next() * 5.0).floor());
        numbers[4].1.push(5.0 + n.next());
    }
    Columns { texts, numbers }
}

/// Sites near clusters and anywhere, in the order of no cube; some are camps of the mine before them.
fn sites() -> Columns {
    let mut n = Numbers(11);
    let mut texts =
        vec![("id", vec![]), ("name", vec![]), ("group", vec![]), ("site_type", vec![])];
    let mut numbers = vec![("lon", vec![]), ("lat", vec![]), ("position_accuracy_km", vec![])];
    let mut last = (0.0, 0.0);
    for row in 0..SITES {
        let camp = row % 8 == 7;
        last = match row % 4 {
            _ if camp => (last.0 + 0.1, last.1 + 1.9),
            0 => (n.between(-180.0, 179.0), n.between(-80.0, 76.0)),
            1 => (67.0 + 8.0 * (n.next() - n.next()), 30.0 + 8.0 * (n.next() - n.next())),
            2 => (-1.5 + 5.0 * (n.next() - n.next()), 14.0 + 5.0 * n.next()),
            _ => (178.0 + 1.9 * n.next(), -17.0 + 5.0 * (n.next() - n.next())),
        };
        texts[0].1.push(format!("s{row:03}"));
        texts[1].1.push(format!("Pit {row}"));
        texts[2].1.push(if row % 8 >= 6 { format!("g{}", row / 8) } else { String::new() });
        texts[3].1.push(if camp { "camp" } else { "mine" }.to_owned());
        numbers[0].1.push(last.0);
        numbers[1].1.push(last.1);
        numbers[2].1.push([0.5, 2.0, 12.0][row % 3]);
    }
    Columns { texts, numbers }
}

fn located(columns: &Columns, rows: &[usize], role: Role, scheme: &Scheme) -> Located {
    let table = columns.table(if role == Role::Sites { "sites" } else { "incidents" }, rows);
    locate(&table, role, &ReadOptions::default(), scheme).expect("a table of records")
}

/// The features of the layer `sites`, by id.
fn features(case: &Case) -> BTreeMap<String, String> {
    let scored = perform(case, &Unwatched, &Cancel::new()).expect("scores");
    let performed = Performed { sites: scored, ..Performed::default() };
    let mut all = BTreeMap::new();
    with_layers(case, &performed, LayerName::Sites, |layer| {
        for feature in layer.features() {
            let Some(geojson::feature::Id::String(id)) = &feature.id else { panic!("no id") };
            all.insert(id.clone(), feature.to_string());
        }
    })
    .expect("a layer");
    all
}

/// Files of sites and incidents, beside rivers and settlements.
fn inputs(sites: Vec<Source>, incidents: Vec<Source>) -> Inputs {
    let receptors = vec![
        (Some(ReceptorKind::Rivers), Source::path("data/balochistan/rivers.geojson")),
        (Some(ReceptorKind::Settlements), Source::path("data/balochistan/settlements.csv")),
    ];
    Inputs { sites, incidents, receptors, ..Inputs::default() }
}

fn world(inputs: &Inputs) -> World {
    World::read(inputs, &Unwatched, &Cancel::new()).expect("a world")
}

#[test]
fn a_part_with_the_cubes_that_its_sites_need_gives_every_column_of_the_whole() {
    let (sites, incidents) = (sites(), incidents());
    let rules = Rules::default();
    let scheme = &rules.scheme;
    let all = world(&inputs(
        vec![sites.table("sites", &sites.all())],
        vec![incidents.table("incidents", &incidents.all())],
    ));
    let expected = features(&Case::new(Arc::new(all), &rules).expect("a case"));

    // The incidents are read in seven parts, and what is known of each is merged as texts.
    let mut whole = Whole::default();
    let mut rows: Vec<(usize, Where)> = Vec::new();
    for part in 0..7 {
        let some: Vec<usize> = incidents.all().into_iter().filter(|row| row % 7 == part).collect();
        let located = located(&incidents, &some, Role::Incidents, scheme);
        let text = serde_json::to_string(&located.whole).expect("JSON");
        whole.merge(serde_json::from_str(&text).expect("what was written"));
        rows.extend(some.into_iter().zip(located.rows));
    }
    assert_eq!(usize::try_from(whole.read()), Ok(INCIDENTS));
    let placed = located(&sites, &sites.all(), Role::Sites, scheme);
    let needed: BTreeMap<Cube, Vec<Cube>> =
        whole.needed(&placed.whole, scheme, whole.as_of()).into_iter().collect();

    // A group of linked parts is scored together, with what any of its cubes needs.
    let group = |row: usize| match sites.texts[2].1[row].as_str() {
        "" => sites.texts[0].1[row].clone(),
        group => group.to_owned(),
    };
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    sites.all().into_iter().for_each(|row| groups.entry(group(row)).or_default().push(row));
    let mut blocks: BTreeMap<BTreeSet<Cube>, Vec<usize>> = BTreeMap::new();
    for of in groups.values() {
        let cubes = of.iter().flat_map(|row| match &placed.rows[*row] {
            Where::In(cubes) => cubes.clone(),
            other => panic!("{other:?}"),
        });
        blocks.entry(cubes.collect()).or_default().extend(of);
    }
    // Receptors are read once, and the incidents of each part added to them.
    let receptors = world(&inputs(vec![], vec![]));
    let (mut found, mut least) = (BTreeMap::new(), usize::MAX);
    for (cubes, of) in &mut blocks {
        let need: BTreeSet<Cube> = cubes.iter().flat_map(|cube| needed[cube].clone()).collect();
        let here = |counts: &Where| match counts {
            Where::Nowhere => false,
            Where::In(cubes) => cubes.iter().any(|cube| need.contains(cube)),
            Where::Everywhere => true,
        };
        let some: Vec<usize> =
            rows.iter().filter(|(_, counts)| here(counts)).map(|(row, _)| *row).collect();
        least = least.min(some.len());
        of.sort_unstable();
        let part = inputs(vec![], vec![incidents.table("incidents", &some)]);
        let part = receptors.with_incidents(&part).expect("a world").in_whole(&whole);
        let rules = Rules { as_of: whole.as_of(), ..rules.clone() };
        let case = Case::new(Arc::new(part), &rules).expect("a case");
        let case = case.with_sites(&[sites.table("sites", of)], None).expect("sites");
        found.extend(features(&case));
    }
    assert_eq!(found.len(), expected.len());
    for (id, feature) in &expected {
        assert_eq!(found.get(id), Some(feature), "{id}");
    }
    assert!(
        expected.values().any(|feature| feature.contains("Quetta")),
        "no site has a settlement"
    );
    let incidents = inputs(vec![], vec![incidents.table("incidents", &[0])]);
    let again =
        receptors.with_incidents(&incidents).and_then(|world| world.with_incidents(&incidents));
    assert!(again.is_err(), "incidents of a part were added to others");
    assert!(blocks.len() > 40 && least < INCIDENTS / 10, "{} {least}", blocks.len());
}
