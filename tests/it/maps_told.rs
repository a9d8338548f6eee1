//! What maps tell of themselves: where incidents were not collected, how much of what was read is drawn, where a surface
//! ends, and what the layers of a project were made from.

use crate::cli::Folder;
use crate::stills::{project, texts};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What land tells of each country, by the ids of its features.
fn land(folder: &Folder, file: &str) -> BTreeMap<String, String> {
    let features = crate::cli::features(&folder.json(file));
    let told = |land: &Value| land["properties"]["incidents_collected"].as_str().map(str::to_owned);
    features.into_iter().map(|(id, land)| (id, told(&land).unwrap_or_default())).collect()
}

#[test]
fn land_tells_where_incidents_were_collected() {
    let folder = Folder::new();
    folder.done(&["score", "--demo", "--project", "--pdf"]);
    let told = land(&folder, "out/land.geojson");
    let receipt = folder.json("out/receipt.json");
    let covered: BTreeSet<&str> = receipt["coverage"]["security"]
        .as_array()
        .expect("sources")
        .iter()
        .flat_map(|source| source["places"].as_array().expect("places"))
        .filter_map(Value::as_str)
        .collect();
    assert!(!covered.is_empty() && told.len() > covered.len());
    for (code, collected) in &told {
        let due = if covered.contains(code.as_str()) { "yes" } else { "no" };
        assert_eq!(collected, due, "{code}");
    }
    let document = project(&folder, "out/risk.qgz");
    assert!(document.contains("label=\"No incidents collected\""));
    assert!(texts(&folder.bytes("out/atlas.pdf"))[0].contains("No incidents collected"));
    folder.done(&["score", "--demo", "--coverage", "all", "--project", "--pdf", "-o", "all"]);
    assert!(land(&folder, "all/land.geojson").values().all(|collected| collected == "yes"));
    assert!(!project(&folder, "all/risk.qgz").contains("label=\"No incidents collected\""));
    assert!(!texts(&folder.bytes("all/atlas.pdf"))[0].contains("No incidents collected"));
}

#[test]
fn an_area_of_coverage_cuts_land_in_two() {
    let folder = Folder::with_mines();
    let ring = "[[60,25],[68,25],[68,32],[60,32],[60,25]]";
    folder.write("area.geojson", format!("{{\"type\":\"Polygon\",\"coordinates\":[{ring}]}}"));
    let run = ["score", "-s", "sites.csv", "-i", "incidents.csv", "--coverage", "area.geojson"];
    folder.done(&[&run[..], &["--project"]].concat());
    let told = land(&folder, "out/land.geojson");
    assert_eq!(told.get("PAK").map(String::as_str), Some("yes"), "{told:?}");
    assert_eq!(told.get("PAK-no").map(String::as_str), Some("no"), "{told:?}");
    assert_eq!(told.get("IND").map(String::as_str), Some("no"), "{told:?}");
}

#[test]
fn no_layer_lacks_its_metadata_and_a_surface_says_where_it_ends() {
    let folder = Folder::new();
    folder.done(&["score", "--demo", "--project", "--surface"]);
    let document = project(&folder, "out/risk.qgz");
    let layers = document.matches("<maplayer ").count();
    assert!(layers > 8);
    for element in ["<resourceMetadata>", "<rights>", "<spatial "] {
        assert_eq!(document.matches(element).count(), layers, "{element}");
    }
    let as_of = folder.json("out/receipt.json")["as_of"].as_str().expect("a date").to_owned();
    let text = |file: &str| String::from_utf8(folder.bytes(file)).expect("UTF-8");
    for file in ["out/surface.qmd", "out/contours.qmd"] {
        let told = text(file);
        for words in
            ["It ends at ", "Blank are places", "EPSG:4326", "Scored under the scheme", &as_of]
        {
            assert!(told.contains(words), "{file}: {words}: {told}");
        }
    }
    assert!(text("out/land.qmd").contains("public domain"));
}

#[test]
fn a_surface_reaches_every_incident_where_cells_stay_as_small() {
    let folder = Folder::new();
    folder.write("sites.csv", "id,name,lon,lat\na,A,-8.0,12.0\n");
    let head = "event_id_cnty,event_date,event_type,country,latitude,longitude,fatalities\n";
    let near = "1,2024-03-01,Battles,Mali,12.1,-8.1,2\n";
    // 600 km from the only site.
    let far = "2,2024-03-02,Battles,Mali,16.0,-3.0,3\n";
    folder.write("incidents.csv", format!("{head}{near}{far}"));
    folder.done(&["score", "-s", "sites.csv", "-i", "incidents.csv", "--surface", "--project"]);
    let contours = folder.json("out/contours.geojson").to_string();
    let told = String::from_utf8(folder.bytes("out/contours.qmd")).expect("UTF-8");
    assert!(told.contains("from every site and every incident"), "{told}");
    let east = crate::cli::features(&folder.json("out/contours.geojson"))
        .values()
        .flat_map(|band| numbers(&band["geometry"]["coordinates"]))
        .fold(f64::NEG_INFINITY, |most, [lon, _]| f64::max(most, lon));
    assert!(east > -3.0, "{east}: {contours:.300}");
    // Over half the world cells would be wider: the surface stays with the sites, and says so.
    let world = "3,2024-03-03,Battles,Japan,36.0,138.0,1\n";
    folder.write("incidents.csv", format!("{head}{near}{far}{world}"));
    let run = ["score", "-s", "sites.csv", "-i", "incidents.csv", "--surface", "--project"];
    folder.done(&[&run[..], &["-o", "wide"]].concat());
    let told = String::from_utf8(folder.bytes("wide/contours.qmd")).expect("UTF-8");
    assert!(told.contains("incidents farther away have no surface around them"), "{told}");
}

/// The pairs of numbers in nested coordinates.
fn numbers(value: &Value) -> Vec<[f64; 2]> {
    let Some(list) = value.as_array() else { return Vec::new() };
    match list.as_slice() {
        [x, y] if x.is_number() => vec![[x, y].map(|number| number.as_f64().expect("a number"))],
        _ => list.iter().flat_map(numbers).collect(),
    }
}

#[test]
fn the_map_of_the_environment_says_how_much_of_a_kind_it_shows() {
    let folder = Folder::new();
    folder.write("environment.toml", "[security]\nenabled = false\n");
    let run = folder.run(&["score", "--demo", "--scheme", "environment.toml", "--pdf"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let first = texts(&folder.bytes("out/atlas.pdf")).remove(0);
    let shown = first.lines().filter_map(|line| {
        let (_, count) = line.split_once(": ")?;
        let (drawn, all) = count.strip_suffix(" in this frame")?.split_once(" drawn of ")?;
        let number = |text: &str| text.replace(',', "").parse::<usize>().ok();
        Some((number(drawn)?, number(all)?))
    });
    let shown: Vec<(usize, usize)> = shown.collect();
    assert!(!shown.is_empty(), "{first}");
    assert!(shown.iter().all(|(drawn, all)| drawn < all && *drawn > 0), "{shown:?}");
}
