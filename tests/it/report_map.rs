//! What the report's map shows besides sites: incidents in the words of their sources, receptors with what they add,
//! the shapes of sites, and what lies around each site.

use crate::cli::{Folder, features};
use crate::report::data;
use serde_json::Value;
use std::collections::BTreeMap;

fn list<'v>(of: &'v Value, name: &str) -> &'v Vec<Value> {
    of[name].as_array().expect(name)
}

fn number(of: &Value) -> f64 {
    of.as_f64().expect("a number")
}

fn place(of: &Value) -> usize {
    usize::try_from(of.as_u64().expect("a place")).expect("a small number")
}

fn page(folder: &Folder) -> Value {
    data(&String::from_utf8(folder.bytes("out/report.html")).expect("UTF-8"))
}

#[test]
fn incidents_are_told_in_the_words_of_their_sources() {
    let folder = Folder::new();
    folder.done(&["demo", "-o", "out"]);
    let (said, layer) = (page(&folder), features(&folder.json("out/incidents.geojson")));
    let events = &said["events"];
    let text = |at: &Value| list(events, "texts")[place(at)].clone();
    let mut told = 0;
    for (at, words) in list(events, "said").iter().enumerate() {
        let known = &layer[words["id"].as_str().expect("an id")]["properties"];
        assert_eq!(list(events, "date")[at], known["date"]);
        assert_eq!(list(events, "deaths")[at].as_f64(), known["fatalities"].as_f64());
        assert_eq!(text(&list(events, "what")[at]), known["event_type"]);
        let kind = &list(events, "kinds")[place(&list(events, "kind")[at])];
        let word =
            if known["domain"] == "security" { &known["security_type"] } else { &known["domain"] };
        assert_eq!(kind, word);
        for (member, column) in
            [("actors", "actors_claimed"), ("location", "location"), ("source", "source")]
        {
            let said = words.get(member).map_or(Value::Null, text);
            assert_eq!(said, known[column], "{column}");
            told += usize::from(!said.is_null());
        }
    }
    assert!(told > 100, "{told}");
    let days: Vec<&str> = list(events, "date").iter().filter_map(Value::as_str).collect();
    assert!(days.iter().zip(days.iter().skip(1)).all(|(one, next)| one >= next), "newest first");
}

#[test]
fn notes_and_finer_types_come_from_the_sources_own_columns() {
    let folder = Folder::new();
    folder.write("sites.csv", "id,name,lon,lat\na,A,66.9,30.1\n");
    let long = "word ".repeat(200);
    folder.write(
        "incidents.csv",
        format!(
            "id,domain,date,lon,lat,event_type,sub_event_type,notes\n\
             i,security,2024-05-01,66.95,30.15,Battles,Armed clash,{long}\n\
             j,security,2024-05-02,66.95,30.15,Riots,Riots,short\n"
        ),
    );
    folder.done(&[
        "score",
        "-s",
        "sites.csv",
        "-i",
        "incidents.csv",
        "--coverage",
        "all",
        "--report",
    ]);
    let said = page(&folder);
    let [newer, older] = &list(&said["events"], "said")[..] else { panic!("two incidents") };
    assert_eq!((&newer["id"], &newer["notes"]), (&"j".into(), &"short".into()));
    assert!(newer.get("finer").is_none(), "a finer type that says the same");
    assert_eq!(said["events"]["texts"][place(&older["finer"])], "Armed clash");
    let notes = older["notes"].as_str().expect("notes");
    assert!(notes.len() < 610 && notes.ends_with("word …"), "{notes}");
}

#[test]
fn drivers_are_on_the_map_and_their_scores_without_are_lower() {
    let folder = Folder::new();
    folder.done(&["demo", "-o", "out"]);
    let said = page(&folder);
    let (mut seen, mut measured) = (0, 0);
    for (row, detail) in list(&said, "details").iter().enumerate() {
        let score = &said["rows"]["security"][row];
        for driver in list(detail, "drivers") {
            let event = place(&driver["event"]);
            assert_eq!(said["events"]["said"][event]["id"], driver["id"]);
            assert!(number(&driver["without"]) <= number(score) + 1e-9);
            let lost = number(score) - number(&driver["without"]);
            assert!(lost <= number(&driver["points"]) + 0.11, "{lost} {driver}");
            if let Some(from) = driver.get("from") {
                let [from, at] =
                    [from, &driver["at"]].map(|end| (number(&end[0]), number(&end[1])));
                let east = (from.0 - at.0) * from.1.to_radians().cos();
                let km = 111.2 * east.hypot(from.1 - at.1);
                assert!((km - number(&driver["km"])).abs() < 0.2 + 0.01 * km, "{km} {driver}");
                measured += 1;
            }
            seen += 1;
        }
    }
    assert!(seen > 50 && measured > 0);
}

/// A drawn line in degrees.
fn degrees(said: &Value, line: &Value) -> Vec<(f64, f64)> {
    let (view, parts) = (&said["view"], number(&said["receptors"]["per_unit"]));
    let ways: Vec<f64> = line.as_array().expect("a line").iter().map(number).collect();
    let (mut x, mut y) = (0.0, 0.0);
    ways.chunks(2)
        .map(|way| {
            (x, y) = (x + way[0] / parts, y + way[1] / parts);
            (
                number(&view["lon"])
                    + (x - number(&view["width"]) / 2.0) / number(&view["per_lon"]),
                number(&view["lat"])
                    - (y - number(&view["height"]) / 2.0) / number(&view["per_lat"]),
            )
        })
        .collect()
}

/// How far a place is from a line, in degrees.
fn apart((x, y): (f64, f64), line: &[(f64, f64)]) -> f64 {
    let to_edge = |((a, b), (c, d)): ((f64, f64), (f64, f64))| {
        let length = (c - a).powi(2) + (d - b).powi(2);
        let share = ((x - a) * (c - a) + (y - b) * (d - b)) / length;
        let share = if length > 0.0 { share.clamp(0.0, 1.0) } else { 0.0 };
        (a + share * (c - a) - x).hypot(b + share * (d - b) - y)
    };
    let edges = line.iter().copied().zip(line.iter().copied().cycle().skip(1));
    edges.map(to_edge).fold(f64::INFINITY, f64::min)
}

#[test]
fn every_line_to_the_nearest_ends_at_a_receptor_that_is_drawn_and_named() {
    let folder = Folder::new();
    folder.done(&["demo", "-o", "out"]);
    let said = page(&folder);
    let mut seen = 0;
    for detail in list(&said, "details") {
        for near in list(detail, "receptors") {
            let receptor = &said["receptors"]["list"][place(&near["receptor"])];
            assert_eq!(receptor["name"], near["name"]);
            assert_eq!(
                receptor["kind"].as_str().map(|kind| kind.replace('_', " ")),
                near["kind"].as_str().map(str::to_owned)
            );
            let end = (number(&near["at"][0]), number(&near["at"][1]));
            if near["km"] != 0.0 {
                let lines = list(receptor, "lines");
                let nearest = lines.iter().map(|line| apart(end, &degrees(&said, line)));
                let nearest = nearest.fold(f64::INFINITY, f64::min);
                assert!(nearest < 0.002, "{near}: {nearest} degrees from what is drawn");
                seen += 1;
            }
        }
    }
    assert!(seen > 50, "{seen}");
}

#[test]
fn receptors_say_what_they_add_and_which_sites_have_them_in_reach() {
    let folder = Folder::new();
    folder.done(&["demo", "-o", "out"]);
    let said = page(&folder);
    let mut layers = BTreeMap::new();
    for layer in ["receptors", "receptor_lines", "receptor_areas"] {
        if folder.at(&format!("out/{layer}.geojson")).exists() {
            layers.extend(features(&folder.json(&format!("out/{layer}.geojson"))));
        }
    }
    let all = list(&said["receptors"], "list");
    assert!(all.len() >= layers.len());
    let sites: f64 = all.iter().map(|one| number(&one["sites"])).sum();
    let known: f64 = layers.values().map(|one| number(&one["properties"]["sites_within"])).sum();
    assert!((sites - known).abs() < 1e-9, "{sites} {known}");
    let mut seen = 0;
    for (row, detail) in list(&said, "details").iter().enumerate() {
        for indicator in list(detail, "indicators").iter().filter(|one| !one["receptor"].is_null())
        {
            let receptor = &all[place(&indicator["receptor"])];
            let adds = list(receptor, "adds");
            let here = adds.iter().find(|adds| adds[0] == row && adds[1] == indicator["label"]);
            if let Some(adds) = here {
                assert_eq!((&adds[2], &adds[3]), (&indicator["points"], &indicator["value"]));
                seen += 1;
            } else {
                assert_eq!(adds.len(), 5, "only the five largest are told");
            }
        }
    }
    assert!(seen > 30, "{seen}");
}

#[test]
fn what_lies_around_adds_up_to_the_rings() {
    let folder = Folder::new();
    folder.done(&["demo", "-o", "out"]);
    let said = page(&folder);
    let rings = list(&said["method"], "rings_km").len();
    let mut apart = BTreeMap::new();
    for detail in list(&said, "details") {
        let types = list(&detail["around"], "types");
        for ring in 0..rings {
            let sum = |at: usize| -> f64 {
                let attacks = types.iter().filter(|one| one[0] == "security");
                attacks.map(|one| number(&one[2][ring][at])).sum()
            };
            let counted = &detail["rings"][ring];
            assert!((sum(0) - number(&counted[1])).abs() < 1e-9);
            assert!((sum(1) - number(&counted[2])).abs() < 1e-9);
        }
        for (at, word) in ["security", "accidents", "earthquakes"].into_iter().enumerate() {
            let of_type = types.iter().filter(|one| one[0] == word);
            let all: f64 = of_type.map(|one| number(&one[2][rings - 1][0])).sum();
            let by_year: f64 =
                list(&detail["around"], "years").iter().map(|year| number(&year[1][at][0])).sum();
            assert!((all - by_year).abs() < 1e-9, "{word}");
            *apart.entry(word).or_insert(0.0) += all;
        }
    }
    assert!(apart.values().all(|count| *count > 0.0), "{apart:?}");
}

#[test]
fn shapes_and_parts_of_sites_are_drawn() {
    let folder = Folder::new();
    folder.write(
        "incidents.csv",
        "id,domain,date,lon,lat,event_type\ni,security,2024-05-01,10.2,5.2,Battles\n",
    );
    folder.write(
        "sites.geojson",
        r#"{"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"id":"m","name":"Mine","group":"g"},"geometry":{"type":"Polygon","coordinates":[[[10,5],[10.1,5],[10.1,5.1],[10,5.1],[10,5]]]}},
        {"type":"Feature","properties":{"id":"c","name":"Camp","group":"g","part":"camp"},"geometry":{"type":"Point","coordinates":[10.2,5.05]}},
        {"type":"Feature","properties":{"id":"p","name":"Point"},"geometry":{"type":"Point","coordinates":[10.5,5.5]}}]}"#,
    );
    folder.done(&[
        "score",
        "-s",
        "sites.geojson",
        "-i",
        "incidents.csv",
        "--coverage",
        "all",
        "--report",
    ]);
    let said = page(&folder);
    let mut shapes: Vec<(&str, &str)> = list(&said, "footprints")
        .iter()
        .map(|one| (one["name"].as_str().expect("a name"), one["form"].as_str().expect("a form")))
        .collect();
    shapes.sort_unstable();
    assert_eq!(shapes, [("Camp", "point"), ("Mine", "area")]);
}

#[test]
fn countries_have_names() {
    let folder = Folder::new();
    folder.done(&["demo", "-o", "out"]);
    let said = page(&folder);
    assert_eq!(said["countries"]["PAK"], "Pakistan");
}

#[test]
fn the_title_names_the_countries_and_no_grouping_is_told_twice() {
    let folder = Folder::new();
    folder.done(&["demo", "-o", "out"]);
    let said = page(&folder);
    assert_eq!(said["place"], "in Pakistan");
    let text = String::from_utf8(folder.bytes("out/report.html")).expect("UTF-8");
    assert!(text.contains("<title>Risk of 45 sites in Pakistan, "), "the title");
    let columns: Vec<&str> = list(&said, "portfolio")
        .iter()
        .filter_map(|one| one["column"].as_str())
        .map(|name| name.trim_start_matches("site_"))
        .collect();
    assert_eq!(columns.iter().filter(|name| **name == "country").count(), 1, "{columns:?}");
}

#[test]
fn an_incident_has_one_name_and_the_record_its_days() {
    let folder = Folder::new();
    folder.write("sites.csv", "id,name,lon,lat,commodity\na,A,10,5,gold\n").write(
        "incidents.csv",
        "id,domain,date,lon,lat,event_type,sub_event_type\n\
         i,security,2023-05-01,10.1,5.1,Explosions/Remote violence,Air strike\n\
         j,security,2024-02-01,10.1,5.1,Strategic developments,Agreement\n",
    );
    folder.done(&["score", "-s", "sites.csv", "-i", "incidents.csv", "--report"]);
    let said = page(&folder);
    let events = &said["events"];
    let called = |at: usize| &events["called"][place(&events["name"][at])];
    assert_eq!(called(0), "Agreement");
    assert_eq!(called(1), "Air strike");
    // The map's layer of sites and the page's sentence call it so, too.
    let sites: serde_json::Value =
        serde_json::from_slice(&folder.bytes("out/sites.geojson")).expect("JSON");
    assert_eq!(sites["features"][0]["properties"]["driver_1_type"], "Air strike");
    let why = &said["rows"]["security_why"][0];
    assert!(why.as_str().is_some_and(|why| why.starts_with("Air strike, ")), "{why}");
    assert_eq!(events["record"], serde_json::json!(["2023-05-01", "2024-02-01"]));
    assert_eq!(said["rows"]["commodity"], serde_json::json!(["gold"]));
}
