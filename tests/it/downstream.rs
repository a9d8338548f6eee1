//! What lies downstream: it is found at the length at which a walk by the meter meets it, whatever the form of the
//! network in files.

use crate::flow::{course, indexed, line, river};
use crate::index::{Numbers, at};
use crate::made;
use geo_types::{Coord, MultiPolygon, Polygon};
use std::sync::Arc;
use tamarisk::earth::{Length, Position, Shape, geodesic};
use tamarisk::index::Probe;
use tamarisk::layers::{Property, sites};
use tamarisk::measures::{
    Counted, Dams, EnvironmentQuantities, PartProbe, Receptors, SiteProbe, environment,
};
use tamarisk::model::{Designation, Receptor, ReceptorKind, Tailings};
use tamarisk::run::{Cancel, Case, Inputs, Rules, Unwatched, World, perform};
use tamarisk::sources::{ReadOptions, Source, read_receptors};

/// A ring around a center, in degrees.
fn ring(center: [f64; 2], radius: f64) -> Shape {
    let corners = (0..=6).map(|turn| {
        let angle = std::f64::consts::TAU * f64::from(turn % 6) / 6.0;
        Coord { x: center[0] + radius * angle.cos(), y: center[1] + radius * angle.sin() }
    });
    Shape::Polygons(MultiPolygon(vec![Polygon::new(corners.collect(), vec![])]))
}

fn measured(receptors: &Receptors, from: Position, tailings: Tailings) -> EnvironmentQuantities {
    let part = PartProbe { probe: Probe::point(from), weight: 1.0, spread_km: 1.0, tailings };
    let sites = [SiteProbe { position: from, parts: vec![part] }];
    let plan = made::scheme().environment_plan(3, receptors.list());
    let (counted, dams) = (Counted::new(receptors, &plan), Dams::new(receptors));
    environment(&sites, &[None], receptors, &counted, None, &dams, &plan).remove(0)
}

/// A winding river of three reaches from west to east, and settlements and areas about it.
fn valley(n: &mut Numbers) -> Vec<Receptor> {
    let mut all = Vec::new();
    let winding = |i: i32| [20.0 + 0.01 * f64::from(i), 0.03 * (f64::from(i) / 9.0).sin()];
    for (reach, next) in [("0", "1"), ("1", "2"), ("2", "0000")] {
        let first: i32 = reach.parse::<i32>().expect("a number") * 40;
        let positions: Vec<[f64; 2]> = (first..=first + 40).map(winding).collect();
        all.push(river(reach, Some(next), &positions));
    }
    for i in 0..60 {
        let id = format!("{i:02}");
        let [lon, lat] = [n.between(19.9, 21.3), n.between(-0.07, 0.07)];
        let kind =
            if i % 2 == 0 { ReceptorKind::Settlements } else { ReceptorKind::SensitiveAreas };
        let shape = match i % 6 {
            1 | 3 => ring([lon, lat], n.between(0.002, 0.05)),
            2 => line(&[[lon, lat], [lon + 0.05, lat + 0.02]]),
            _ => Shape::point(at(lon, lat)),
        };
        let is_center = i % 6 == 5;
        all.push(Receptor {
            id,
            shape,
            population: (i % 10 == 0).then_some(100.0 + f64::from(i)),
            designation: (i % 2 == 1).then_some(if i % 4 == 1 {
                Designation::Strict
            } else {
                Designation::Managed
            }),
            area_km2: is_center.then(|| n.between(1.0, 60.0)),
            accuracy: is_center.then(|| Length::from_km(if i < 30 { 1.0 } else { 30.0 })),
            ..made::point(kind)
        });
    }
    all
}

#[test]
fn what_lies_along_a_river_is_met_where_a_walk_by_the_meter_meets_it() {
    let mut n = Numbers(5);
    let (mut points, mut areas) = (0, 0);
    for _ in 0..3 {
        let receptors = indexed(valley(&mut n));
        let from = at(20.13, 0.02);
        let found = measured(&receptors, from, Tailings::default()).downstream.expect("a river");
        let course = course(&receptors, from, 100.0).expect("a river");
        assert_eq!(
            (found.river, found.snapped, found.length),
            (course.river, course.snapped, course.way.length())
        );
        // The way in steps of 20 m.
        let mut steps: Vec<(Position, f64)> = Vec::new();
        let mut so_far = 0.0;
        for [a, b] in course.way.edges() {
            let meters = geodesic::distance(a, b).meters();
            let many = (meters / 20.0).ceil().max(1.0);
            for step in 0..=(many as usize) {
                let share = step as f64 / many;
                let mix = |a: f64, b: f64| a + share * (b - a);
                steps.push((
                    at(mix(a.lon(), b.lon()), mix(a.lat(), b.lat())),
                    so_far + share * meters,
                ));
            }
            so_far += meters;
        }
        let of_kind = |kind| move |(_, one): &(usize, &Receptor)| one.kind == kind;
        for (kind, found) in [
            (ReceptorKind::Settlements, &found.settlements),
            (ReceptorKind::SensitiveAreas, &found.areas),
        ] {
            assert!(found.is_sorted_by(|a, b| a.distance <= b.distance));
            let list = receptors.list().iter().enumerate();
            for (index, receptor) in list.filter(of_kind(kind)) {
                let probe = Probe::new(&receptor.shape);
                let centroid = receptor.accuracy.is_some();
                let radius = if centroid { receptor.centroid_radius().meters() } else { 0.0 };
                let away: Vec<f64> = steps
                    .iter()
                    .map(|(step, _)| {
                        Probe::point(*step).find(0, &probe).expect("found").distance.meters()
                            - radius
                    })
                    .collect();
                let least = away.iter().copied().fold(f64::INFINITY, f64::min);
                let one =
                    found.iter().find(|one| one.index == index).map(|one| one.distance.meters());
                let doubtful = receptor.accuracy.is_some_and(|accuracy| accuracy.km() > 25.0);
                if doubtful || least > 2_000.0 {
                    assert!(one.is_none() || least < 2_000.1, "{}: {least} {one:?}", receptor.id);
                    continue;
                }
                let due = if receptor.shape.as_point().is_some() && radius == 0.0 {
                    points += 1;
                    away.iter().position(|away| *away == least)
                } else {
                    areas += 1;
                    away.iter().position(|away| *away <= 2_000.0)
                };
                let due = steps[due.expect("a step")].1;
                let one = one.unwrap_or_else(|| panic!("{} is met at {due}", receptor.id));
                assert!((one - due).abs() < 21.0, "{}: {one} {due}", receptor.id);
            }
        }
        let people =
            found.settlements.iter().filter_map(|one| receptors.list()[one.index].population);
        assert_eq!(found.people, Some(people.sum::<f64>()).filter(|people| *people > 0.0));
    }
    assert!(points > 5 && areas > 18, "{points} {areas}");
}

#[test]
fn downstream_is_not_upstream_and_people_are_unknown_or_none() {
    let settlement = |id: &str, lon: f64, population| Receptor {
        id: id.into(),
        shape: Shape::point(at(lon, 0.01)),
        population,
        ..made::point(ReceptorKind::Settlements)
    };
    let network = || {
        [
            river("a", Some("b"), &[[20.0, 0.0], [20.5, 0.0]]),
            river("b", Some("0"), &[[20.5, 0.0], [21.0, 0.0]]),
        ]
    };
    let of = |settlements: &[Receptor]| {
        let receptors = indexed(network().into_iter().chain(settlements.iter().cloned()).collect());
        let down =
            measured(&receptors, at(20.4, 0.0), Tailings::default()).downstream.expect("a river");
        let km: Vec<i64> =
            down.settlements.iter().map(|one| one.distance.km().round() as i64).collect();
        (km, down.people)
    };
    let (above, below) = (settlement("u", 20.3, Some(900.0)), settlement("d", 20.6, Some(40.0)));
    assert_eq!(of(&[above.clone(), below.clone()]), (vec![22], Some(40.0)));
    assert_eq!(of(&[above]), (vec![], Some(0.0)), "none of known population lives there");
    assert_eq!(of(&[settlement("x", 20.7, None)]), (vec![33], None), "not known is not nobody");
    assert_eq!(of(&[below, settlement("x", 20.7, None)]), (vec![22, 33], Some(40.0)));
    assert_eq!(of(&[]), (vec![], None));
}

/// A reach of a GeoJSON file.
fn reach(id: &str, next: &str, from: f64, to: f64) -> String {
    format!(
        r#"{{"type":"Feature","properties":{{"id":{id},"next_id":{next}}},"geometry":{{"type":"LineString","coordinates":[[{from},29.2],[{to},29.2]]}}}}"#
    )
}

fn collection(features: &[String]) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

fn world(receptors: &[(ReceptorKind, &str, &str)]) -> Case {
    let inputs = Inputs {
        sites: vec![Source::bytes(
            "sites.csv",
            &b"id,name,lon,lat,tailings_class,tailings_height_m\nm,Mine,62.03,29.21,high,30\n"[..],
        )],
        receptors: receptors
            .iter()
            .map(|(kind, name, text)| (Some(*kind), Source::bytes(name, text.as_bytes())))
            .collect(),
        ..Inputs::default()
    };
    let world = World::read(&inputs, &Unwatched, &Cancel::new()).expect("a world");
    Case::new(Arc::new(world), &Rules::default()).expect("a case")
}

fn first(case: &Case) -> EnvironmentQuantities {
    let scored = perform(case, &Unwatched, &Cancel::new()).expect("scores");
    scored[0].quantities.environment.clone()
}

#[test]
fn rivers_are_read_with_the_reach_they_flow_into() {
    let read = |text: &str, kind| {
        let reading =
            read_receptors(&Source::bytes("r.csv", text.as_bytes()), kind, &ReadOptions::default());
        reading.expect("receptors").items
    };
    let next = |items: &[Receptor]| -> Vec<Option<String>> {
        items.iter().map(|item| item.next_down.as_deref().map(str::to_owned)).collect()
    };
    let line = "\"LINESTRING (62 29, 62.1 29)\"";
    let own = format!("id,next_id,geometry\na,b,{line}\nb,0,{line}\nc,,{line}\nd,12.0,{line}\n");
    let due = [Some("b"), Some("0"), None, Some("12.0")].map(|id| id.map(str::to_owned));
    assert_eq!(next(&read(&own, Some(ReceptorKind::Rivers))), due);
    assert_eq!(next(&read(&own, Some(ReceptorKind::Faults))), [None, None, None, None]);
    let hydro = format!(
        "HYRIV_ID,NEXT_DOWN,MAIN_RIV,LENGTH_KM,geometry\n\
         10123456,10123457.0,10123457,1,{line}\n10123457.0,0,10123457,1,{line}\n"
    );
    let items = read(&hydro, None);
    assert_eq!(items[1].id, "10123457");
    assert_eq!(next(&items), [Some("10123457".to_owned()), Some("0".to_owned())]);
}

#[test]
fn a_network_stays_whole_if_its_ids_are_renamed() {
    let down = collection(&[reach("1", "2", 62.0, 62.1), reach("2", "3", 62.1, 62.2)]);
    let rest = collection(&[reach("3", "0", 62.2, 62.3)]);
    let towns = "id,name,population,lon,lat\n1,Upper,5,62.09,29.2\n2,Lower,70,62.29,29.2\n";
    let network = [
        (ReceptorKind::Settlements, "towns.csv", towns),
        (ReceptorKind::Rivers, "down.geojson", &down),
        (ReceptorKind::Rivers, "rest.geojson", &rest),
    ];
    let found = first(&world(&network)).downstream.expect("a river");
    assert!((found.length.km() - 26.25).abs() < 0.1, "{:?}", found.length);
    assert_eq!(found.people, Some(75.0));
    assert_eq!(found.settlements.len(), 1, "of several the first is kept");
    // Files in another order.
    let [towns, down, rest] = network;
    assert_eq!(first(&world(&[rest, down, towns])).downstream.expect("a river").people, Some(75.0));
}

#[test]
fn faults_of_a_network_are_findings_of_its_file() {
    let rivers = collection(&[
        reach("1", "9", 62.0, 62.1),
        reach("2", "3", 63.0, 63.1),
        reach("3", "2", 63.1, 63.2),
        reach("4", "4", 64.0, 64.2),
    ]);
    let case = world(&[(ReceptorKind::Rivers, "rivers.geojson", &rivers)]);
    let said: Vec<String> = case.findings().map(ToString::to_string).collect();
    assert_eq!(
        said.iter().filter(|text| text.contains("next_id")).collect::<Vec<_>>(),
        [
            "rivers.geojson: feature 0 (id \"1\"): next_id: \"9\" is the id of no river; its course ends there",
            "rivers.geojson: feature 1 (id \"2\"): next_id: \"3\" leads back to the same reach by 2 reaches; a course ends after one turn",
            "rivers.geojson: feature 3 (id \"4\"): next_id: \"4\" is the id of the reach itself; its course ends there",
        ]
    );
}

#[test]
fn sites_tell_what_lies_downstream_and_within_a_run_out() {
    let rivers =
        collection(&[reach("\"up\"", "\"low\"", 62.0, 62.1), reach("\"low\"", "null", 62.1, 62.3)]);
    let towns = "id,name,population,lon,lat\nt,Town,70,62.15,29.19\n";
    let areas =
        "id,name,designation,lon,lat,area_km2,accuracy_km\np,Park,National Park,62.25,29.23,12,1\n";
    let case = world(&[
        (ReceptorKind::Rivers, "rivers.geojson", &rivers),
        (ReceptorKind::Settlements, "towns.csv", towns),
        (ReceptorKind::SensitiveAreas, "areas.csv", areas),
    ]);
    let scored = perform(&case, &Unwatched, &Cancel::new()).expect("scores");
    let layer = sites(case.context(), &scored);
    let feature = layer.feature(0).expect("a feature");
    let value = |name: &str| {
        let at = layer.columns().iter().position(|column| &*column.name == name).expect(name);
        match &feature.properties[at] {
            Property::Text(text) => text.clone(),
            Property::Number(number, _) => format!("{number:.2}"),
            other => format!("{other:?}"),
        }
    };
    // Kilometers by pyproj: 1.11 km to the river at 62.03, 11.67 km to 62.15, and from 62.03 to where the course comes
    // within 2 km of the circle of 12 km² around 62.25, 29.23.
    for (column, due) in [
        ("downstream_river", "up"),
        ("river_snapped_km", "1.11"),
        ("downstream_people", "70.00"),
        ("downstream_settlement", "Town"),
        ("downstream_settlement_km", "11.67"),
        ("downstream_area", "Park"),
        ("tailings_facility", "Mine"),
        ("runout_p50_km", "12.00"),
        ("runout_p90_km", "198.00"),
        ("people_in_runout", "0.00"),
        ("areas_in_runout", "0.00"),
        ("tailings_height_m", "30.00"),
        ("tailings_volume_m3", "Missing"),
    ] {
        assert_eq!(value(column), due, "{column}");
    }
}
