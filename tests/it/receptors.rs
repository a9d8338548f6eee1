//! The layers of receptors: every receptor in reach of a site, with the sites that reach it, against a list of all
//! pairs measured one by one, at the seam, at the poles and elsewhere.

use crate::index::Numbers;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tamarisk::earth::{GeometryKind, Length, Shape, geodesic};
use tamarisk::index::Probe;
use tamarisk::layers::{Geometry, Layer, Property};
use tamarisk::model::{Declared, Receptor, ReceptorKind};
use tamarisk::run::{
    self, Cancel, Case, CoverageChoice, Inputs, LayerName, Performed, Request, Rules, Unwatched,
};
use tamarisk::scoring::indicators::{is_felt, water_stress_value};
use tamarisk::scoring::{Scheme, pressure};
use tamarisk::sources::Source;

/// The places of the world: a center, and the widths in which things lie around it, in degrees.
const PLACES: [([f64; 2], [f64; 2]); 5] = [
    ([66.0, 30.0], [0.9, 0.8]),
    ([180.0, -17.0], [1.0, 0.8]),
    ([0.0, 89.3], [180.0, 0.6]),
    ([0.0, -89.3], [180.0, 0.6]),
    ([-70.0, 0.0], [0.9, 0.9]),
];

fn wrapped(lon: f64) -> f64 {
    if lon > 180.0 {
        lon - 360.0
    } else if lon < -180.0 {
        lon + 360.0
    } else {
        lon
    }
}

/// A position near a place; positions beside the seam are on either side of it.
fn near(n: &mut Numbers, ([lon, lat], [wide, high]): ([f64; 2], [f64; 2])) -> [f64; 2] {
    [wrapped(lon + n.between(-wide, wide)), lat + n.between(-high, high)]
}

/// A point, points, a line or an area, `size` times a few kilometers wide. One across the seam is in the range 0 to 360.
fn geometry(n: &mut Numbers, which: usize, size: f64, [x, y]: [f64; 2]) -> Value {
    let stretch = size * (1.0 / y.to_radians().cos()).min(12.0);
    let mut step = |at: [f64; 2], by: f64| {
        [
            at[0] + stretch * n.between(0.2 * by, by),
            (at[1] + size * n.between(-by, by)).clamp(-89.9, 89.9),
        ]
    };
    let start = [if x < -175.0 { x + 360.0 } else { x }, y];
    match which % 4 {
        0 => json!({"type": "Point", "coordinates": [x, y]}),
        1 => {
            let (next, last) = (step(start, 0.05), step(start, 0.1));
            json!({"type": "LineString", "coordinates": [start, next, last]})
        }
        2 => {
            let (east, north) =
                (step(start, 0.06), [start[0], (start[1] + 0.05 * size).min(89.95)]);
            json!({"type": "Polygon", "coordinates": [[start, east, north, start]]})
        }
        _ => {
            let [lon, lat] = step([x, y], 0.02);
            json!({"type": "MultiPoint", "coordinates": [[x, y], [wrapped(lon), lat]]})
        }
    }
}

fn collection(features: Vec<Value>) -> String {
    json!({"type": "FeatureCollection", "features": features}).to_string()
}

/// Sites and receptors of every kind in every place, accidents around some sites, and earthquakes among the incidents,
/// one of them with the id of a receptor.
fn inputs() -> Inputs {
    let mut n = Numbers(23);
    let mut sites = Vec::new();
    let mut incidents =
        String::from("id,date,lon,lat,event_type,domain,fatalities,magnitude,depth_km\n");
    for (place, around) in PLACES.into_iter().enumerate() {
        for at in 0..14 {
            let [x, y] = near(&mut n, around);
            let which = at % 3;
            sites.push(json!({
                "type": "Feature",
                "properties": {"id": format!("s{place}-{at}"), "name": format!("Mine {at} of {place}")},
                "geometry": geometry(&mut n, which, 1.0, [x, y]),
            }));
            if at % 4 == 0 {
                incidents.push_str(&format!(
                    "a{place}-{at},2024-01-0{},{x},{y},mine accident,accident,{at},,\n",
                    1 + at % 9
                ));
            }
        }
        let [x, y] = near(&mut n, around);
        incidents.push_str(&format!("q{place}-15,2020-01-01,{x},{y},earthquake,,,6.1,12\n"));
    }
    // The as-of date is that of the last incident; a later earthquake is not used.
    incidents.push_str("last,2024-06-30,0,0,mine accident,accident,0,,\n");
    let mut receptors = Vec::new();
    for kind in ReceptorKind::ALL {
        let mut features = Vec::new();
        for (place, around) in PLACES.into_iter().enumerate() {
            for at in 0..20 {
                let mut place_of = near(&mut n, around);
                // Some lie at the edge of what is reached, and some farther away.
                if at == 19 {
                    place_of = [20.0, 45.0 + place as f64];
                } else if at % 5 == 4 && place != 2 && place != 3 {
                    place_of[1] += n.between(0.2, 1.5);
                }
                let letter = kind.word().chars().next().unwrap_or_default();
                let letter = if kind == ReceptorKind::Earthquakes { 'q' } else { letter };
                let mut properties = json!({"id": format!("{letter}{place}-{at}")});
                let own = match kind {
                    ReceptorKind::SensitiveAreas => json!({
                        "name": format!("Park {at}"),
                        "designation": (["World Heritage", "National Park", ""])[at % 3],
                        "iucn_category": (["II", "IV", "VI", ""])[at % 4],
                        "area_km2": 40.0 * at as f64,
                        "position_accuracy_km": ([1.0, 24.9, 26.0])[at % 3],
                    }),
                    ReceptorKind::Settlements => {
                        json!({"name": format!("Town {at}"), "population": 900.0 * at as f64})
                    }
                    ReceptorKind::Earthquakes => json!({
                        "magnitude": 3.5 + 0.2 * at as f64,
                        "depth_km": ([3.0, 30.0, 90.0])[at % 3],
                        "date": if at == 7 { "2025-01-01" } else { "2019-05-05" },
                    }),
                    ReceptorKind::WaterStress => json!({"water_stress_ratio": 0.1 * at as f64}),
                    _ => json!({}),
                };
                properties.as_object_mut().expect("an object").extend(
                    own.as_object().expect("an object").iter().map(|(k, v)| (k.clone(), v.clone())),
                );
                let which = match kind {
                    ReceptorKind::Earthquakes | ReceptorKind::Settlements => 0,
                    ReceptorKind::WaterStress => 2,
                    ReceptorKind::Rivers => 1 + 2 * (at % 2),
                    _ => at,
                };
                // Basins hold sites.
                let size = if kind == ReceptorKind::WaterStress { 9.0 } else { 1.0 };
                features.push(json!({
                    "type": "Feature",
                    "properties": properties,
                    "geometry": geometry(&mut n, which, size, place_of),
                }));
            }
        }
        let name = format!("{}.geojson", kind.word());
        receptors.push((Some(kind), Source::bytes(&name, collection(features).into_bytes())));
    }
    Inputs {
        sites: vec![Source::bytes("sites.geojson", collection(sites).into_bytes())],
        incidents: vec![Source::bytes("incidents.csv", incidents.into_bytes())],
        receptors,
        ..Inputs::default()
    }
}

fn scored(inputs: Inputs) -> (Case, Performed) {
    let coverage = CoverageChoice::Declared(vec![Declared::EVERYWHERE]);
    let request =
        Request { inputs, rules: Rules { coverage, ..Rules::default() }, ..Request::default() };
    let case = Case::open(&request, &Unwatched, &Cancel::new()).expect("the case");
    let performed = run::perform_exposed(&case, &Unwatched, &Cancel::new()).expect("scores");
    (case, performed)
}

/// The distance that counts; `None` if it is not known.
fn distance(scheme: &Scheme, receptor: &Receptor, between: Length) -> Option<f64> {
    use ReceptorKind::{Rivers, SensitiveAreas, WaterBodies};
    let km = between.km();
    let centered = matches!(receptor.kind, Rivers | WaterBodies | SensitiveAreas)
        && receptor.shape.kind() == GeometryKind::Point;
    if !centered {
        return Some(km);
    }
    let known = receptor.accuracy.map_or(scheme.position.default_accuracy_km, Length::km);
    let radius = receptor.area_km2.map_or(0.0, |area| (area / std::f64::consts::PI).sqrt());
    (known <= scheme.environment.sensitive_areas.centroid_accuracy_km)
        .then_some((km - radius).max(0.0))
}

/// What all pairs say of a receptor: the sites in whose reach it lies by distance, and their pressure on it.
struct Due {
    sites: Vec<(f64, usize)>,
    pressure: Option<f64>,
    strongest: Option<usize>,
}

/// Every pair of a site and a receptor, measured one by one, with the numbers of docs/METHOD.md.
fn due(case: &Case, performed: &Performed) -> BTreeMap<usize, Due> {
    use ReceptorKind::{
        Earthquakes, Faults, Rivers, SensitiveAreas, Settlements, Tailings, WaterBodies,
        WaterStress,
    };
    let scheme = &case.scheme;
    let probes: Vec<Probe> = case.sites.list.iter().map(|site| Probe::new(&site.shape)).collect();
    let pressures: Vec<Option<f64>> = performed.sites.iter().map(|s| pressure(&s.risk)).collect();
    assert!(pressures.iter().flatten().any(|p| *p > 0.2), "accidents are known");
    let mut all = BTreeMap::new();
    for (index, receptor) in case.receptors.list().iter().enumerate() {
        let own = Probe::new(&receptor.shape);
        let (reach, decay) = match receptor.kind {
            SensitiveAreas => (100.0, Some(50.0)),
            Rivers | WaterBodies => (50.0, Some(25.0)),
            Settlements => (50.0, Some(10.0)),
            Faults | Tailings => (50.0, None),
            WaterStress => (0.0, Some(1.0)),
            Earthquakes => (f64::INFINITY, None),
        };
        let (mut sites, mut adds) = (Vec::new(), Vec::new());
        for (at, probe) in probes.iter().enumerate() {
            let between = match (receptor.shape.as_point(), case.sites.list[at].shape.as_point()) {
                (Some(one), Some(other)) => geodesic::distance(other, one),
                _ => probe.find(0, &own).expect("a distance").distance,
            };
            let Some(km) = distance(scheme, receptor, between) else { continue };
            let felt = receptor.kind != Earthquakes
                || is_felt(&scheme.environment.seismic, between, receptor);
            if km > reach || !felt {
                continue;
            }
            sites.push((km, at));
            if let Some((decay, pressure)) = decay.zip(pressures[at]) {
                adds.push((pressure * (-scheme.distance.exponential_rate * km / decay).exp(), at));
            }
        }
        if !sites.is_empty() {
            sites.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let most = adds.iter().map(|add| add.0).fold(0.0, f64::max);
            let strongest = adds.iter().find(|add| add.0 == most && most > 0.0).map(|add| add.1);
            let sum = adds.iter().map(|add| add.0).sum();
            let pressure = (!adds.is_empty()).then_some(sum);
            all.insert(index, Due { sites, pressure, strongest });
        }
    }
    all
}

/// The values of a feature by column.
fn values(layer: &Layer<'_>, at: usize) -> BTreeMap<Arc<str>, Property> {
    let feature = layer.feature(at).expect("a feature");
    layer.column_names().cloned().zip(feature.properties).collect()
}

fn number(values: &BTreeMap<Arc<str>, Property>, name: &str) -> Option<f64> {
    match &values[name] {
        Property::Number(number, _) => Some(*number),
        Property::Missing => None,
        other => panic!("{name}: {other:?}"),
    }
}

fn text<'v>(values: &'v BTreeMap<Arc<str>, Property>, name: &str) -> Option<&'v str> {
    match &values[name] {
        Property::Text(text) => Some(text),
        Property::Missing => None,
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn receptors_have_the_sites_that_all_pairs_say() {
    let (case, performed) = scored(inputs());
    let due = due(&case, &performed);
    let receptors = case.receptors.list();
    assert!(receptors.iter().all(|r| r.date.is_none_or(|date| date.last().year() < 2025)));
    let by_kind = |kind: ReceptorKind| due.keys().filter(|at| receptors[**at].kind == kind).count();
    for kind in ReceptorKind::ALL {
        let all = receptors.iter().filter(|receptor| receptor.kind == kind).count();
        let reached = by_kind(kind);
        assert!(reached >= 5 && reached < all, "{}: {reached} of {all}", kind.word());
    }
    assert!(due.values().any(|due| due.sites.len() > 10), "some have more sites than are listed");
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for &index in due.keys() {
        places.entry(name_of(receptors[index].shape.kind())).or_default().push(index);
    }
    let (mut ids, mut links, mut seen) = (BTreeSet::new(), 0, Vec::new());
    run::with_layers(&case, &performed, LayerName::Receptors, |layer| {
        let indices = &places[layer.name()];
        assert_eq!(layer.len(), indices.len(), "{}", layer.name());
        seen.push(layer.name());
        for (at, index) in indices.iter().enumerate() {
            let (receptor, due, values) = (&receptors[*index], &due[index], values(layer, at));
            let id = layer.feature(at).expect("a feature").id;
            assert!(id.starts_with(&format!("{}:{}", receptor.kind.word(), receptor.id)), "{id}");
            assert!(ids.insert(id.clone()), "{id} stands twice");
            assert_eq!(text(&values, "receptor_id"), Some(&*receptor.id));
            assert_eq!(text(&values, "kind"), Some(receptor.kind.word()));
            assert_eq!(text(&values, "file"), Some(&*receptor.file));
            assert_eq!(number(&values, "population"), receptor.population);
            assert_eq!(number(&values, "magnitude"), receptor.magnitude);
            let sensitive = receptor.kind == ReceptorKind::SensitiveAreas;
            let heritage = sensitive.then_some(receptor.world_heritage);
            let flag = heritage.map_or(Property::Missing, Property::Flag);
            assert_eq!((id.as_str(), &values["world_heritage"]), (&*id, &flag));
            let stress = &case.scheme.environment.water_stress;
            let stress = receptor.water_stress.and_then(|of| water_stress_value(stress, of));
            assert_eq!(number(&values, "water_stress"), stress);
            links += due.sites.len();
            assert_eq!(number(&values, "sites_within"), Some(due.sites.len() as f64), "{id}");
            let (km, first) = due.sites[0];
            let site = &case.sites.list[first];
            assert_eq!(text(&values, "nearest_site"), Some(&*site.id), "{id}");
            assert_eq!(text(&values, "nearest_site_name"), Some(&*site.name), "{id}");
            let got = number(&values, "nearest_site_km").expect("a distance");
            assert!((got - km).abs() < 2e-8, "{id}: {got}, {km} by all pairs");
            let listed: Vec<&str> =
                due.sites.iter().take(10).map(|(_, at)| &*case.sites.list[*at].id).collect();
            let mut told = listed.join(", ");
            if due.sites.len() > 10 {
                told.push_str(&format!(" and {} more", due.sites.len() - 10));
            }
            assert_eq!(text(&values, "nearest_sites"), Some(&*told), "{id}");
            let got = number(&values, "cumulative_pressure");
            assert_eq!(got.is_some(), due.pressure.is_some(), "{id}");
            if let Some((got, sum)) = got.zip(due.pressure) {
                assert!((got - sum).abs() < 1e-9, "{id}: {got}, {sum} by all pairs");
            }
            let strongest = due.strongest.map(|at| &*case.sites.list[at].id);
            assert_eq!(text(&values, "highest_pressure_site"), strongest, "{id}");
        }
    })
    .expect("layers");
    assert_eq!(seen, ["receptors", "receptor_lines", "receptor_areas"]);
    assert_eq!(links, due.values().map(|due| due.sites.len()).sum::<usize>());
    assert_eq!(ids.len(), due.len(), "each receptor in reach is in one of the layers");
    // The earthquakes that are both receptors and incidents.
    assert!(ids.iter().any(|id| id.ends_with(":2")), "{ids:?}");
}

fn name_of(kind: GeometryKind) -> &'static str {
    match kind {
        GeometryKind::Point => "receptors",
        GeometryKind::Line => "receptor_lines",
        GeometryKind::Polygon => "receptor_areas",
    }
}

#[test]
fn receptors_are_in_the_order_of_kinds_and_ids_and_drawn_as_read() {
    let (case, performed) = scored(inputs());
    let find = |kind: &str, id: &str| {
        let of = |receptor: &&Receptor| receptor.kind.word() == kind && receptor.id == id;
        case.receptors.list().iter().filter(of).collect::<Vec<_>>()
    };
    let mut several = 0;
    run::with_layers(&case, &performed, LayerName::Receptors, |layer| {
        let mut last = None;
        for at in 0..layer.len() {
            let (values, feature) = (values(layer, at), layer.feature(at).expect("a feature"));
            let kind = text(&values, "kind").expect("a kind");
            let id = text(&values, "receptor_id").expect("an id");
            let key = Some((ReceptorKind::from_word(kind), id.to_owned()));
            assert!(last <= key, "{last:?} before {key:?}");
            last = key;
            let drawn = find(kind, id).into_iter().any(|receptor| match &feature.geometry {
                Geometry::Point(at) => {
                    let Shape::Points(points) = &receptor.shape else { return false };
                    several += usize::from(points.len() > 1);
                    // Of several, the one nearest to the nearest site.
                    let nearest = text(&values, "nearest_site").expect("a site");
                    let site = case.sites.list.iter().find(|site| site.id == nearest);
                    let shape = Probe::new(&site.expect("a site").shape);
                    let away = |p| Probe::point(p).find(0, &shape).expect("one").distance;
                    points.contains(at) && points.iter().all(|p| away(*p) >= away(*at))
                }
                Geometry::Lines(lines) => receptor.shape == Shape::Lines((**lines).clone()),
                // Of the same area, to the last written decimal.
                Geometry::Polygons(drawn) => {
                    let Shape::Polygons(read) = &receptor.shape else { return false };
                    let area = |of: &geo_types::MultiPolygon<f64>| geo::Area::unsigned_area(of);
                    (area(drawn) - area(read)).abs() < 1e-6 && drawn.0.len() <= read.0.len()
                }
            });
            assert!(drawn, "{}", feature.id);
        }
    })
    .expect("layers");
    assert!(several > 3, "{several} of several points");
}

#[test]
fn any_number_of_threads_writes_the_same_receptors() {
    let drawn = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| {
            let (case, performed) = scored(inputs());
            let mut all = Vec::new();
            run::with_layers(&case, &performed, LayerName::Receptors, |layer| {
                tamarisk::sinks::geojson::write(layer, &mut all).expect("written");
            })
            .expect("layers");
            all
        })
    };
    let one = drawn(1);
    assert!(one.len() > 50_000, "{}", one.len());
    assert!(one == drawn(2) && one == drawn(7));
}
