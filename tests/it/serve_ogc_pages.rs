//! What `items` selects, compared with the whole layer: pages, boxes, times, order, properties, tables.

use crate::cli::{Dice, Folder};
use crate::serve_ogc::{collections, follow, link, list};
use crate::served::Server;
use serde_json::Value;
use std::collections::BTreeSet;

fn all(server: &Server, name: &str) -> Vec<Value> {
    let document = server.get(&format!("/collections/{name}/items?limit=10000")).json();
    list(&document, "features").to_vec()
}

fn ids(features: &[Value]) -> Vec<&str> {
    features.iter().map(|one| one["id"].as_str().expect("an id")).collect()
}

/// The ids of what a query finds, with the count that it states.
fn found(server: &Server, name: &str, query: &str) -> Vec<String> {
    let answer = server.get(&format!("/collections/{name}/items?limit=10000&{query}"));
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    let document = answer.json();
    let features = list(&document, "features");
    assert_eq!(document["numberMatched"], features.len(), "{query}");
    ids(features).into_iter().map(str::to_owned).collect()
}

#[test]
fn features_are_those_of_the_files() {
    let folder = Folder::new();
    folder.done(&["score", "--demo", "-o", "out"]);
    let server = Server::demo();
    for collection in collections(server) {
        let name = collection["id"].as_str().expect("a name");
        let file = folder.json(&format!("out/{name}.geojson"));
        // The layer of receptors has more where only some are written.
        if name != "receptors" {
            assert_eq!(list(&file, "features"), all(server, name), "{name}");
        }
    }
    // Their bytes are those of the file.
    let file = String::from_utf8(folder.bytes("out/sites.geojson")).expect("UTF-8");
    let page = server.get("/collections/sites/items?limit=4&offset=2").text();
    let lines = |text: &str| -> Vec<String> {
        let features = text.lines().filter(|line| line.starts_with("{\"type\":\"Feature\","));
        features.map(|line| line.trim_end_matches(',').to_owned()).collect()
    };
    assert_eq!(lines(&page), lines(&file)[2..6]);
}

#[test]
fn pages_forth_and_back_have_each_feature_once() {
    let server = Server::demo();
    let whole = all(server, "incidents");
    for query in
        ["limit=7", "limit=7&sortby=-date&properties=date", "limit=5&offset=3&bbox=60,24,70,32"]
    {
        let mut document = server.get(&format!("/collections/incidents/items?{query}")).json();
        let (matched, mut seen) = (document["numberMatched"].as_u64(), Vec::new());
        let offset = if query.contains("offset=3") { 3 } else { 0 };
        let mut pages = vec![document.clone()];
        loop {
            seen.extend(ids(list(&document, "features")).into_iter().map(str::to_owned));
            assert_eq!(document["numberMatched"].as_u64(), matched);
            let Some(next) = link(&document, "next", None) else { break };
            assert!(next.contains("rev="), "{next}");
            document = follow(server, next).json();
            pages.push(document.clone());
        }
        assert_eq!(seen.len() as u64 + offset, matched.expect("a number"), "{query}");
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), seen.len(), "{query}");
        let mut back = Vec::new();
        let mut previous = link(&document, "prev", None).map(str::to_owned);
        while let Some(href) = previous {
            let page = follow(server, &href).json();
            let features = list(&page, "features").to_vec();
            back.splice(0..0, ids(&features).into_iter().map(str::to_owned));
            previous = link(&page, "prev", None).map(str::to_owned);
        }
        let last = list(&document, "features").len();
        assert_eq!(back.len() + last, usize::try_from(matched.expect("a number")).expect("few"));
        assert!(seen[..seen.len() - last].iter().all(|id| back.contains(id)), "{query}");
    }
    let beyond = server.get("/collections/incidents/items?offset=100000&limit=5").json();
    assert_eq!((&beyond["numberReturned"], list(&beyond, "features").len()), (&0.into(), 0));
    assert_eq!(beyond["numberMatched"], whole.len());
    let back = follow(server, link(&beyond, "prev", None).expect("a way back")).json();
    assert_eq!(ids(list(&back, "features")), ids(&whole[whole.len() - 5..]));
}

#[test]
fn the_limit_is_that_of_the_settings() {
    let server = Server::demo();
    let links = server.get("/collections/incidents/items?limit=3").json();
    assert!(link(&links, "next", None).expect("next").contains("limit=3"));
    let huge = server.get("/collections/incidents/items?limit=99999999999999999999");
    assert_eq!(huge.status, 200);
}

#[test]
fn boxes_find_what_a_loop_over_all_points_finds() {
    let server = Server::demo();
    let features = all(server, "incidents");
    let mut dice = Dice::new(71);
    let mut some = 0;
    for round in 0..300 {
        let mut degrees =
            |from: f64, width: f64| from + width * dice.below(10_001) as f64 / 10_000.0;
        let (west, east) = (degrees(58.0, 14.0), degrees(58.0, 14.0));
        let (a, b) = (degrees(23.0, 10.0), degrees(23.0, 10.0));
        let (south, north) = (a.min(b), a.max(b));
        let within = |feature: &&Value| {
            let at =
                |axis: usize| feature["geometry"]["coordinates"][axis].as_f64().expect("a number");
            let (lon, lat) = (at(0), at(1));
            let is_between =
                if west <= east { west <= lon && lon <= east } else { lon >= west || lon <= east };
            is_between && south <= lat && lat <= north
        };
        let expected: Vec<Value> = features.iter().filter(within).cloned().collect();
        some += usize::from(!expected.is_empty());
        let query = match round % 3 {
            0 => format!("bbox={west},{south},{east},{north}"),
            1 => format!("bbox={west},{south},-5,{east},{north},10.5"),
            _ => format!(
                "bbox={south},{west},{north},{east}&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326"
            ),
        };
        assert_eq!(found(server, "incidents", &query), ids(&expected), "{query}");
    }
    assert!(some > 200, "{some} boxes found something");
}

#[test]
fn times_find_what_a_loop_over_all_days_finds() {
    let server = Server::demo();
    let features = all(server, "incidents");
    for (query, first, last) in [
        ("2020-01-01/2021-12-31", "2020-01-01", "2021-12-31"),
        ("../2020-06-30", "0000-01-01", "2020-06-30"),
        ("2022-03-01/..", "2022-03-01", "9999-12-31"),
        ("2022-03-01T00:00:00Z/", "2022-03-01", "9999-12-31"),
        ("../..", "0000-01-01", "9999-12-31"),
        ("/2019-12-31T23:59:59Z", "0000-01-01", "2019-12-31"),
    ] {
        let is_in = |feature: &&Value| {
            let day = |name: &str| feature["properties"][name].as_str().map(str::to_owned);
            let (from, to) = (day("first_date"), day("date"));
            to.is_none_or(|to| *to >= *first) && from.is_none_or(|from| *from <= *last)
        };
        let expected: Vec<Value> = features.iter().filter(is_in).cloned().collect();
        assert!(!expected.is_empty(), "{query}");
        assert_eq!(
            found(server, "incidents", &format!("datetime={query}")),
            ids(&expected),
            "{query}"
        );
    }
    let one = features.iter().find_map(|one| one["properties"]["date"].as_str()).expect("a day");
    let day = found(server, "incidents", &format!("datetime={one}"));
    let noon = found(server, "incidents", &format!("datetime={one}T12:00:00Z"));
    assert!(!day.is_empty() && day.len() < features.len() && day == noon);
    // The days of a site are not when the site was.
    let sites = all(server, "sites").len();
    assert_eq!(found(server, "sites", "datetime=1900-01-01").len(), sites);
}

#[test]
fn features_are_sorted_by_their_values_with_missing_ones_last() {
    let server = Server::demo();
    let features = all(server, "incidents");
    let value = |one: &Value, name: &str| one["properties"][name].clone();
    for (query, name, down) in [
        ("sortby=fatalities", "fatalities", false),
        ("sortby=%2Bfatalities", "fatalities", false),
        ("sortby=+fatalities", "fatalities", false),
        ("sortby=-fatalities", "fatalities", true),
        ("sortby=-date", "date", true),
        ("sortby=event_type", "event_type", false),
    ] {
        let mut expected = features.clone();
        expected.sort_by(|a, b| {
            let (a, b) = (value(a, name), value(b, name));
            let order = match (&a, &b) {
                (Value::Null, Value::Null) => return std::cmp::Ordering::Equal,
                (Value::Null, _) => return std::cmp::Ordering::Greater,
                (_, Value::Null) => return std::cmp::Ordering::Less,
                (Value::Number(a), Value::Number(b)) => {
                    a.as_f64().expect("a number").total_cmp(&b.as_f64().expect("a number"))
                }
                (a, b) => a.as_str().cmp(&b.as_str()),
            };
            if down { order.reverse() } else { order }
        });
        assert_eq!(found(server, "incidents", query), ids(&expected), "{query}");
    }
    let by_two = found(server, "incidents", "sortby=event_type,-date");
    let by_one = found(server, "incidents", "sortby=event_type");
    assert_ne!(by_two, by_one);
    assert_eq!(by_two.iter().collect::<BTreeSet<_>>(), by_one.iter().collect::<BTreeSet<_>>());
}

#[test]
fn only_the_properties_that_are_asked_for_are_sent() {
    let server = Server::demo();
    let whole = all(server, "incidents");
    let page =
        server.get("/collections/incidents/items?limit=10000&properties=fatalities,date").json();
    for (one, full) in list(&page, "features").iter().zip(&whole) {
        let properties = one["properties"].as_object().expect("properties");
        assert_eq!(properties.keys().collect::<Vec<_>>(), ["fatalities", "date"]);
        assert_eq!(properties["date"], full["properties"]["date"]);
        assert_eq!((&one["geometry"], &one["id"]), (&full["geometry"], &full["id"]));
    }
    // The id is always there, and no property.
    let page = server.get("/collections/incidents/items?limit=3&properties=id").json();
    for (one, full) in list(&page, "features").iter().zip(&whole) {
        assert_eq!(one["properties"].as_object().map(|of| of.len()), Some(0));
        assert_eq!(one["id"], full["id"]);
    }
}

#[test]
fn tables_have_the_same_features() {
    let server = Server::demo();
    for collection in collections(server) {
        let name = collection["id"].as_str().expect("a name");
        let features = all(server, name);
        let answer = server.get(&format!("/collections/{name}/items?f=csv&limit=4&offset=1"));
        assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8");
        assert_eq!(answer.headers["ogc-numbermatched"], features.len().to_string());
        if features.len() > 5 {
            assert!(answer.headers["link"].contains("rel=\"next\""), "{:?}", answer.headers);
        }
        let mut reader = csv::Reader::from_reader(answer.body.as_slice());
        let head = reader.headers().expect("a head").clone();
        let id = head.iter().position(|cell| cell == "id").expect("a column id");
        let rows: Vec<_> = reader.records().map(|row| row.expect("a row")).collect();
        let expected: Vec<&str> = ids(&features).into_iter().skip(1).take(4).collect();
        assert_eq!(rows.iter().map(|row| &row[id]).collect::<Vec<_>>(), expected, "{name}");
        for (row, feature) in rows.iter().zip(&features[1..]) {
            for (column, cell) in head.iter().zip(row) {
                match &feature["properties"][column] {
                    Value::String(text) => {
                        assert_eq!(cell.trim_start_matches('\''), text, "{column}")
                    }
                    Value::Number(number) => {
                        assert_eq!(cell.parse().ok(), number.as_f64(), "{column}");
                    }
                    _ => {}
                }
            }
        }
        let table = server.get(&format!("/collections/{name}/items?f=fgb"));
        assert_eq!(table.headers["content-type"], "application/flatgeobuf");
        assert_eq!(table.body[..8], *b"fgb\x03fgb\x00");
    }
    // A page without features is a table without rows.
    assert_eq!(server.get("/collections/sites/items?f=csv&offset=1000").status, 200);
    assert_eq!(server.get("/collections/sites/items?f=fgb&offset=1000").status, 200);
}

#[test]
fn filters_choose_among_what_the_other_parameters_leave() {
    let server = Server::demo();
    let features = all(server, "incidents");
    let deaths = |one: &Value| one["properties"]["fatalities"].as_f64();
    let lon = |one: &Value| one["geometry"]["coordinates"][0].as_f64().expect("a longitude");
    let json = "%7B%22op%22:%22%3E%22,%22args%22:%5B%7B%22property%22:%22fatalities%22%7D,5%5D%7D";
    for query in [
        "filter=fatalities%3E5".to_owned(),
        "filter=fatalities+%3E+5&filter-lang=cql2-text".to_owned(),
        format!("filter={json}&filter-lang=cql2-json"),
    ] {
        let expected = features.iter().filter(|one| deaths(one) > Some(5.0)).cloned();
        let expected: Vec<Value> = expected.collect();
        assert!(!expected.is_empty() && expected.len() < features.len());
        assert_eq!(found(server, "incidents", &query), ids(&expected), "{query}");
        let west: Vec<Value> = expected.iter().filter(|one| lon(one) <= 66.5).cloned().collect();
        assert!(!west.is_empty() && west.len() < expected.len());
        let both = format!("{query}&bbox=50,20,66.5,40");
        assert_eq!(found(server, "incidents", &both), ids(&west), "{both}");
        let mut back = found(server, "incidents", &format!("{both}&sortby=-fatalities"));
        let most = west.iter().filter_map(deaths).fold(0.0, f64::max);
        let first = west.iter().find(|one| deaths(one) == Some(most)).expect("the most");
        assert_eq!(back[0], first["id"].as_str().expect("an id"));
        back.sort_unstable();
        let mut same: Vec<&str> = ids(&west);
        same.sort_unstable();
        assert_eq!(back, same);
    }
    let inside = "S_INTERSECTS(geometry,BBOX(50,20,66.5,40))";
    let turned = "S_INTERSECTS(geometry,BBOX(20,50,40,66.5))";
    let west = found(server, "incidents", "bbox=50,20,66.5,40");
    assert_eq!(found(server, "incidents", &format!("filter={inside}")), west);
    let crs = "filter-crs=http://www.opengis.net/def/crs/EPSG/0/4326";
    assert_eq!(found(server, "incidents", &format!("filter={turned}&{crs}")), west);
    // The id of a feature is compared, too.
    let all_ids = ids(&features);
    let some = format!("filter=id+IN+('{}','{}')+AND+id+IS+NOT+NULL", all_ids[4], all_ids[2]);
    assert_eq!(found(server, "incidents", &some), [all_ids[2], all_ids[4]]);
    assert_eq!(found(server, "incidents", "filter=id+IS+NULL"), [""; 0]);
    let mut sorted = all_ids.clone();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    assert_eq!(found(server, "incidents", "sortby=-id"), sorted);
    for query in [
        "filter=fatalities%3E",
        "filter=nothing%3D1",
        "filter=fatalities%3E5&filter-lang=cql",
        "filter=fatalities%3E5&filter-crs=x",
        "filter-crs=x",
    ] {
        let answer = server.get(&format!("/collections/incidents/items?{query}"));
        assert_eq!(answer.status, 400, "{query}");
    }
}
