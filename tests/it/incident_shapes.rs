//! Incidents that are lines, polygons or several points get a position in their shape, with an accuracy that
//! covers the shape; a collection of an outline and a point is the outline.

use tamarisk::earth::{Position, Shape, geodesic};
use tamarisk::sources::{ReadOptions, Reading, Source, read_incidents, read_sites};

fn held(name: &str, text: &str) -> Source {
    Source::embedded(name, Vec::leak(text.as_bytes().to_vec()))
}

fn said<T>(reading: &Reading<T>) -> String {
    reading.findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn at(lon: f64, lat: f64) -> Position {
    Position::from_degrees(lon, lat).expect("on Earth")
}

#[test]
fn an_incident_that_is_a_shape_has_the_accuracy_that_covers_it() {
    let text = "id,date,event_type,fatalities,country,position_accuracy_km,geometry\n\
                1,2024-01-01,attack,2,Pakistan,,\"POLYGON((66 29,68 29,68 30,66 30,66 29))\"\n\
                2,2024-01-02,attack,2,Pakistan,,\"LINESTRING(66 29,67 29.5,68 29)\"\n\
                3,2024-01-03,attack,2,Pakistan,,\"MULTIPOINT((66 29),(68 29))\"\n\
                4,2024-01-04,attack,2,Pakistan,,\"MULTIPOINT((66 29))\"\n\
                5,2024-01-05,attack,2,Pakistan,7,\"POINT(67 29)\"\n\
                6,2024-01-06,attack,2,Pakistan,500,\"LINESTRING(66 29,67 29.5,68 29)\"\n\
                7,2024-01-07,attack,2,Pakistan,1,\"LINESTRING(66 29,67 29.5,68 29)\"\n";
    let reading = read_incidents(&held("incidents.csv", text), &ReadOptions::default());
    let reading = reading.expect("incidents");
    assert_eq!((reading.read, reading.set_aside, reading.items.len()), (7, 0, 7));
    let corners: [&[(f64, f64)]; 3] = [
        &[(66.0, 29.0), (68.0, 29.0), (68.0, 30.0), (66.0, 30.0)],
        &[(66.0, 29.0), (67.0, 29.5), (68.0, 29.0)],
        &[(66.0, 29.0), (68.0, 29.0)],
    ];
    for (incident, corners) in reading.items.iter().zip(corners) {
        let farthest = corners
            .iter()
            .map(|(lon, lat)| geodesic::distance(incident.position, at(*lon, *lat)).km())
            .fold(0.0, f64::max);
        let accuracy = incident.accuracy.expect("known").km();
        // A corner is farthest; nothing between two of them is farther by more than a meter.
        assert!((farthest..farthest + 0.002).contains(&accuracy), "{accuracy} for {farthest}");
    }
    let stands: Vec<(f64, f64)> =
        reading.items.iter().map(|i| (i.position.lon(), i.position.lat())).collect();
    assert_eq!(stands[1], (67.0, 29.5), "the middle of the line");
    assert_eq!(stands[2], (66.0, 29.0), "the first point");
    assert!((66.0..68.0).contains(&stands[0].0) && (29.0..30.0).contains(&stands[0].1));
    let km = |at: usize| reading.items[at].accuracy.map(|accuracy| accuracy.km());
    assert_eq!((km(3), km(4), km(5)), (None, Some(7.0), Some(500.0)));
    assert_eq!(km(6), km(1), "what is stated better than the shape is wide");
    let said = said(&reading);
    for words in
        ["is a polygon; placed", "is a line; placed in the middle", "has several points; placed"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[test]
fn a_shape_over_the_seam_is_covered_from_one_side_to_the_other() {
    let text = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":
        {"incident_id":"s","date":"2024-01-01","event_type":"attack"},"geometry":{"type":"Polygon",
        "coordinates":[[[179,-17],[181,-17],[181,-16],[179,-16],[179,-17]]]}}]}"#;
    let reading = read_incidents(&held("i.geojson", text), &ReadOptions::default()).expect("read");
    let incident = &reading.items[0];
    let farthest = [(179.0, -17.0), (-179.0, -17.0), (-179.0, -16.0), (179.0, -16.0)]
        .map(|(lon, lat)| geodesic::distance(incident.position, at(lon, lat)).km())
        .into_iter()
        .fold(0.0, f64::max);
    let accuracy = incident.accuracy.expect("known").km();
    assert!((farthest..farthest + 0.002).contains(&accuracy), "{accuracy} for {farthest}");
}

fn site(geometry: &str) -> (Option<Shape>, String) {
    let text = format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"site_id":"g",
        "name":"G"}},"geometry":{{"type":"GeometryCollection","geometries":[{geometry}]}}}}]}}"#
    );
    let reading = read_sites(&held("sites.geojson", &text), &ReadOptions::default()).expect("read");
    let said = said(&reading);
    (reading.items.into_iter().next().map(|site| site.shape), said)
}

#[test]
fn a_collection_of_an_outline_and_a_point_is_the_outline() {
    const OUTLINE: &str = r#"{"type":"Polygon","coordinates":[[[63.9,27.9],[64.1,27.9],[64.1,28.1],[63.9,28.1],[63.9,27.9]]]}"#;
    const INSIDE: &str = r#"{"type":"Point","coordinates":[64,28]}"#;
    const OUTSIDE: &str = r#"{"type":"Point","coordinates":[64.2,28]}"#;
    const ROAD: &str = r#"{"type":"LineString","coordinates":[[64,28],[64.05,28.05]]}"#;
    const AWAY: &str = r#"{"type":"LineString","coordinates":[[64,28],[65,28]]}"#;
    let (whole, _) = site(OUTLINE);
    for (members, words) in [
        (format!("{INSIDE},{OUTLINE}"), "has points or lines within its polygons; left out"),
        (format!("{OUTLINE},{INSIDE},{ROAD}"), "has points or lines within its polygons; left out"),
        (format!("{OUTSIDE},{OUTLINE}"), "\"64.2,28\" has a point outside its polygons; left out"),
        (
            format!(
                r#"{INSIDE},{{"type":"GeometryCollection","geometries":[{OUTLINE},{INSIDE}]}}"#
            ),
            "has points or lines within its polygons; left out",
        ),
    ] {
        let (shape, said) = site(&members);
        assert_eq!(shape, whole, "{members}: {said}");
        assert!(said.contains(words), "{members}: {said}");
    }
    let (shape, said) = site(&format!("{INSIDE},{AWAY}"));
    assert!(matches!(shape, Some(Shape::Lines(_))), "{said}");
    assert!(said.contains("has points beside its lines; left out"), "{said}");
    let (shape, said) = site(&format!("{OUTLINE},{AWAY}"));
    assert!(shape.is_none() && said.contains("mixes polygons with lines outside them"), "{said}");
}
