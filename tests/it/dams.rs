//! Tailings dams: whose count for a site, what a release may reach along a river or around, and whom within the median
//! run-out.

use crate::index::at;
use crate::made;
use geo_types::{Coord, LineString, MultiLineString};
use std::sync::Arc;
use tamarisk::earth::{Length, Position, Shape, geodesic};
use tamarisk::index::Probe;
use tamarisk::measures::{
    Along, Counted, DamOf, DamQuantities, Dams, EnvironmentQuantities, PartProbe, Receptors,
    SiteProbe, environment,
};
use tamarisk::model::{Designation, Receptor, ReceptorKind, Tailings, TailingsClass};
use tamarisk::scoring::indicators::deciding;

fn indexed(mut list: Vec<Receptor>) -> Receptors {
    list.sort_by(|a, b| a.kind.cmp(&b.kind).then_with(|| a.id.cmp(&b.id)));
    Receptors::new(Arc::new(list), [])
}

fn thing(kind: ReceptorKind, id: &str, position: Position) -> Receptor {
    Receptor { id: id.into(), shape: Shape::point(position), ..made::point(kind) }
}

fn settlement(id: &str, position: Position, people: Option<f64>) -> Receptor {
    Receptor { population: people, ..thing(ReceptorKind::Settlements, id, position) }
}

fn dam(id: &str, position: Position, tailings: Tailings) -> Receptor {
    Receptor { tailings, ..thing(ReceptorKind::Tailings, id, position) }
}

/// A river along the equator that flows east.
fn river(id: &str, next: &str, from: f64, to: f64) -> Receptor {
    let line = [from, to].map(|x| Coord { x, y: 0.0 });
    Receptor {
        shape: Shape::Lines(MultiLineString(vec![LineString(line.to_vec())])),
        next_down: Some(next.into()),
        ..thing(ReceptorKind::Rivers, id, at(from, 0.0))
    }
}

fn class(class: TailingsClass) -> Tailings {
    Tailings { class: Some(class), ..Tailings::default() }
}

/// 40 m high and 10 million m³: half of releases go beyond 21 km.
fn large() -> Tailings {
    Tailings { class: Some(TailingsClass::High), height_m: Some(40.0), volume_m3: Some(1e7) }
}

fn dams(receptors: &Receptors, parts: &[(Position, Tailings)]) -> Vec<DamQuantities> {
    let part = |&(position, tailings): &(Position, Tailings)| PartProbe {
        probe: Probe::point(position),
        weight: 1.0,
        spread_km: 1.0,
        tailings,
    };
    let sites = [SiteProbe { position: parts[0].0, parts: parts.iter().map(part).collect() }];
    let plan = made::scheme().environment_plan(3, receptors.list());
    let (counted, dams) = (Counted::new(receptors, &plan), Dams::new(receptors));
    environment(&sites, &[None], receptors, &counted, None, &dams, &plan).remove(0).dams
}

/// Ids and rounded kilometers of what is exposed.
fn exposed(receptors: &Receptors, dam: &DamQuantities) -> Vec<(String, i64)> {
    let one =
        |one: &Along| (receptors.list()[one.index].id.clone(), one.distance.km().round() as i64);
    dam.exposed.iter().map(one).collect()
}

#[test]
fn dams_of_the_site_of_its_parts_and_of_the_layer_count_and_none_is_none() {
    let site = at(30.0, 10.0);
    let east = |km: f64| geodesic::direct(site, 90.0, Length::from_km(km));
    let receptors = indexed(vec![
        dam("near", east(3.0), Tailings::default()),
        dam("farther", east(9.9), class(TailingsClass::Extreme)),
        dam("beyond", east(10.1), class(TailingsClass::Extreme)),
        dam("none", east(1.0), class(TailingsClass::NoFacility)),
    ]);
    let of = |parts: &[(Position, Tailings)]| -> Vec<(String, i64)> {
        let name = |dam: &DamQuantities| match dam.of {
            DamOf::Part(part) => format!("part {part}"),
            DamOf::Receptor(index) => receptors.list()[index].id.clone(),
        };
        let found = dams(&receptors, parts);
        found.iter().map(|dam| (name(dam), (dam.distance.km() * 10.0).round() as i64)).collect()
    };
    let layer = [("near".to_owned(), 30), ("farther".to_owned(), 99)];
    assert_eq!(of(&[(site, Tailings::default())]), layer);
    assert_eq!(of(&[(site, class(TailingsClass::NoFacility))]), layer);
    let height = Tailings { height_m: Some(12.0), ..Tailings::default() };
    let all = of(&[(site, height), (east(50.0), Tailings::default()), (east(4.0), large())]);
    assert_eq!(all[..2], [("part 0".to_owned(), 0), ("part 2".to_owned(), 40)]);
    assert_eq!(all[2..], layer);

    let town = settlement("town", east(20.0), Some(5_000.0));
    let mut list = receptors.list().to_vec();
    list.push(town);
    let receptors = indexed(list);
    let decides = |parts: &[(Position, Tailings)]| {
        let dams = dams(&receptors, parts);
        let quantities = EnvironmentQuantities { dams, ..EnvironmentQuantities::default() };
        deciding(&made::scheme(), &quantities, receptors.list()).map(|reach| reach.dam.of)
    };
    // The extreme one 9.9 km away is the site's own by a fiftieth.
    assert_eq!(decides(&[(site, large())]), Some(DamOf::Part(0)));
    let extreme = (east(1.0), class(TailingsClass::Extreme));
    assert_eq!(decides(&[(site, large()), extreme]), Some(DamOf::Part(1)), "the higher class");
    assert_eq!(decides(&[(east(5_000.0), Tailings::default())]), None);
}

#[test]
fn without_a_direction_the_nearest_of_each_lies_within_reach_of_a_release() {
    let site = at(30.0, 10.0);
    let to = |bearing: f64, km: f64| geodesic::direct(site, bearing, Length::from_km(km));
    let area = |id: &str, position, designation, km2| Receptor {
        designation: Some(designation),
        area_km2: km2,
        accuracy: Some(Length::from_km(1.0)),
        ..thing(ReceptorKind::SensitiveAreas, id, position)
    };
    let plain = Receptor { next_down: None, ..river("river", "", 29.0, 31.0) };
    let receptors = indexed(vec![
        plain,
        settlement("small", to(10.0, 7.0), None),
        settlement("town", to(80.0, 20.0), Some(5_000.0)),
        settlement("city", to(200.0, 40.0), Some(90_000.0)),
        thing(ReceptorKind::WaterBodies, "lake", to(300.0, 150.0)),
        // The edge of the large one is at 60 - √(7854 / π) = 10 km, nearer than the center of the other.
        area("wide", to(120.0, 60.0), Designation::Strict, Some(7_854.0)),
        area("near", to(240.0, 30.0), Designation::Strict, None),
        area("other", to(250.0, 199.0), Designation::Other, None),
        area("far", to(260.0, 201.0), Designation::Managed, None),
    ]);
    let found = dams(&receptors, &[(site, large())]);
    let [dam] = found.as_slice() else { panic!("one") };
    assert!(!dam.direction_known);
    assert!((dam.runout.median_km - 21.11).abs() < 0.01, "{:?}", dam.runout);
    let due = [("small", 7), ("lake", 150), ("wide", 10), ("other", 199)];
    assert_eq!(exposed(&receptors, dam), due.map(|(id, km)| (id.to_owned(), km)));
    assert_eq!((dam.people, dam.areas), (Some(5_000.0), Some(1)));

    let only = |list: Vec<Receptor>| {
        let receptors = indexed(list);
        let found = dams(&receptors, &[(site, large())]);
        (found[0].people, found[0].areas)
    };
    assert_eq!(only(vec![]), (None, None), "without layers nothing is known");
    assert_eq!(only(vec![settlement("s", to(0.0, 5.0), None)]), (None, None));
    assert_eq!(only(vec![settlement("s", to(0.0, 90.0), Some(7.0))]), (Some(0.0), None));
    assert_eq!(only(vec![area("a", to(0.0, 90.0), Designation::Other, None)]), (None, Some(0)));
}

#[test]
fn along_a_river_people_downstream_of_the_dam_are_counted() {
    let dam_at = at(20.5, 0.027);
    let receptors = indexed(vec![
        river("river", "mouth", 20.0, 21.0),
        river("mouth", "0", 21.0, 22.0),
        // Between the dam and the river, 15 km up the river, 11 km and 45 km down it, and over the hill.
        settlement("below", at(20.5, 0.009), Some(10.0)),
        settlement("up", at(20.36, 0.0), Some(1_000.0)),
        settlement("down", at(20.6, -0.01), Some(100.0)),
        settlement("far", at(20.9, 0.01), Some(10_000.0)),
        settlement("hill", at(20.6, 0.1), Some(100_000.0)),
        thing(ReceptorKind::WaterBodies, "lake", at(21.9, 0.0)),
        dam("tsf", dam_at, large()),
    ]);
    let [west, east] = [at(20.45, 0.03), at(20.55, 0.03)].map(|site| {
        let found = dams(&receptors, &[(site, Tailings::default())]);
        let [dam] = found.as_slice() else { panic!("one") };
        dam.clone()
    });
    assert!(west.direction_known);
    let due = [("below", 2), ("river", 3), ("lake", 156)];
    assert_eq!(exposed(&receptors, &west), due.map(|(id, km)| (id.to_owned(), km)));
    assert_eq!(west.people, Some(110.0));
    assert_eq!(west.areas, None);
    // Measured from the dam, whatever the site.
    assert_eq!(DamQuantities { distance: west.distance, ..east.clone() }, west);
    assert!((east.distance.km() - 5.57).abs() < 0.1 && (west.distance.km() - 5.57).abs() < 0.1);
}
