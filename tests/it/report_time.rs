//! What the report's page holds for its dates, its downloads and the far parts of its map.

use crate::cli::{Folder, features};
use crate::report::data;
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn page(folder: &Folder) -> Value {
    data(&String::from_utf8(folder.bytes("out/report.html")).expect("UTF-8"))
}

/// The number of a month as the page has it.
fn month(day: &str) -> i64 {
    let part = |from: usize, to: usize| day[from..to].parse::<i64>().expect("a number");
    part(0, 4) * 12 + part(5, 7) - 1
}

#[test]
fn months_count_all_incidents_of_the_layer_and_their_deaths() {
    let folder = Folder::new();
    folder.done(&["demo", "-o", "out"]);
    let (said, layer) = (page(&folder), features(&folder.json("out/incidents.geojson")));
    for (at, domain) in ["security", "accident"].into_iter().enumerate() {
        let counts = |one: &&Value| one["domain"] == domain && one["used"] == true;
        let counted: Vec<&Value> =
            layer.values().map(|one| &one["properties"]).filter(counts).collect();
        let mut months: BTreeMap<i64, (u64, u64)> = BTreeMap::new();
        for one in &counted {
            let (n, deaths) =
                months.entry(month(one["date"].as_str().expect("a day"))).or_default();
            *n += 1;
            let dead = one["fatalities"].as_f64().unwrap_or(0.0);
            *deaths += format!("{dead:.0}").parse::<u64>().expect("a number");
        }
        let expected: Vec<Value> =
            months.into_iter().map(|(month, (n, deaths))| json!([month, n, deaths])).collect();
        assert!(!expected.is_empty(), "{domain}");
        assert_eq!(said["events"]["months"][at]["counts"], json!(expected), "{domain}");
        assert_eq!(said["events"]["used"][at], json!(counted.len()), "{domain}");
    }
}

#[test]
fn a_gap_between_two_records_is_told() {
    let folder = Folder::new();
    folder
        .write("sites.csv", "id,name,lon,lat\na,A,66.9,30.1\n")
        .write(
            "early.csv",
            "id,domain,date,lon,lat,event_type,fatalities\n\
             i,security,2020-01-10,66.9,30.2,Battles,3\nj,security,2020-03-31,66.9,30.2,Riots,\n",
        )
        .write(
            "late.csv",
            "id,domain,date,lon,lat,event_type,fatalities\n\
             k,security,2021-06-01,66.9,30.2,Battles,2\nl,security,2021-08-15,66.9,30.2,Battles,1\n",
        );
    folder.done(&["score", "-s", "sites.csv", "-i", "early.csv", "-i", "late.csv", "--report"]);
    let months = &page(&folder)["events"]["months"][0];
    let spans = json!([["2020-01-10", "2020-03-31"], ["2021-06-01", "2021-08-15"]]);
    assert_eq!(months["collected"], spans);
    let first = month("2020-01-01");
    let counts = json!([[first, 1, 3], [first + 2, 1, 0], [first + 17, 1, 2], [first + 19, 1, 1]]);
    assert_eq!(months["counts"], counts);
    assert_eq!(months["undated"], 0);
}

#[test]
fn the_page_links_to_files_that_are_written_and_to_no_other() {
    let folder = Folder::with_mines();
    folder.write("sites.csv", "id,name,lon,lat\na,A,66.9,30.1\n").write(
        "incidents.csv",
        "id,domain,date,lon,lat,event_type\ni,security,2024-01-10,66.9,30.2,Battles\n",
    );
    let named = |more: &[&str]| {
        let plain = ["score", "-s", "sites.csv", "-i", "incidents.csv", "--report", "--replace"];
        folder.done(&[&plain, more].concat());
        let files = page(&folder)["facts"]["files"].clone();
        let names: Vec<String> = serde_json::from_value(files).expect("names");
        for name in &names {
            assert!(folder.at(&format!("out/{name}")).exists(), "{name}");
        }
        names
    };
    assert_eq!(named(&[]), ["sites.geojson", "rejects.csv", "receipt.json"]);
    let all = named(&["--all", "--format", "geojson,csv", "--group-by", "name"]);
    for name in ["disclosures.csv", "portfolio.csv", "sites.csv", "risk.gpkg", "risk.qgz"] {
        assert!(all.iter().any(|each| each == name), "{name} in {all:?}");
    }
    assert_eq!(all.iter().any(|name| name == "risk.xlsx"), folder.at("out/risk.xlsx").exists());
    assert_eq!(all.iter().any(|name| name == "map.png"), folder.at("out/map.png").exists());
    let layers = named(&["--layers", "incidents"]);
    assert_eq!(layers, ["rejects.csv", "receipt.json"]);
}

#[test]
fn a_river_out_of_reach_is_drawn_where_it_crosses_the_map() {
    let folder = Folder::new();
    folder.write("sites.csv", "id,name,lon,lat\na,A,66.0,30.0\nb,B,70.0,30.0\n").write(
        "rivers.geojson",
        r#"{"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": "Near"}, "geometry": {"type": "LineString", "coordinates": [[66.1, 29.9], [66.1, 30.1]]}},
        {"type": "Feature", "properties": {"name": "Across"}, "geometry": {"type": "LineString", "coordinates": [[68.0, 20.0], [68.0, 40.0]]}},
        {"type": "Feature", "properties": {"name": "Elsewhere"}, "geometry": {"type": "LineString", "coordinates": [[20.0, 0.0], [21.0, 0.0]]}}]}"#,
    );
    folder.done(&["score", "-s", "sites.csv", "-r", "rivers=rivers.geojson", "--report"]);
    let said = page(&folder);
    let drawn = said["receptors"]["list"].as_array().expect("receptors");
    let names: Vec<&str> = drawn.iter().filter_map(|one| one["name"].as_str()).collect();
    assert_eq!(names, ["Near", "Across"]);
    assert_eq!(drawn[1]["sites"], 0);
    // The whole of it is drawn, from end to end.
    let way = drawn[1]["lines"][0].as_array().expect("a line");
    let per_lat = said["view"]["per_lat"].as_f64().expect("a scale");
    let high =
        way[3].as_f64().expect("a way") / said["receptors"]["per_unit"].as_f64().expect("parts");
    assert!((high.abs() / per_lat - 20.0).abs() < 0.1, "{high}");
}
