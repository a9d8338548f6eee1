//! The base map of outputs: towns, provinces, rivers and lakes around the sites and none elsewhere, of a bounded size,
//! quiet beside what is scored, and the same on every run.

use crate::cli::Folder;
use crate::report::data;
use crate::styled::demo;
use serde_json::Value;
use tamarisk::layers::style::{GROUND, Theme};

/// The names of a table of the base map, with their positions' extent.
fn named(folder: &Folder, table: &str) -> Vec<String> {
    let path = folder.at("out/basemap.gpkg");
    let database = rusqlite::Connection::open(path).expect("a GeoPackage");
    let sql = format!("SELECT name FROM {table} WHERE name IS NOT NULL ORDER BY fid");
    let mut rows = database.prepare(&sql).expect("a table");
    rows.query_map([], |row| row.get(0)).expect("rows").map(|name| name.expect("a name")).collect()
}

fn extent(folder: &Folder, table: &str) -> [f64; 4] {
    let path = folder.at("out/basemap.gpkg");
    let database = rusqlite::Connection::open(path).expect("a GeoPackage");
    let sql = "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = ?1";
    let edges = |row: &rusqlite::Row<'_>| {
        Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get::<_, f64>(3)?])
    };
    database.query_row(sql, [table], edges).expect("an extent")
}

fn page(folder: &Folder) -> String {
    String::from_utf8(folder.bytes("out/report.html")).expect("UTF-8")
}

fn names_of(data: &Value, kind: &str) -> Vec<String> {
    let all = data["places"][kind].as_array().expect("places").iter();
    all.map(|one| one[0].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn the_project_has_the_base_map_around_the_sites_and_none_elsewhere() {
    let folder = demo();
    let towns = named(&folder, "towns");
    for known in ["Quetta", "Gwadar", "Karachi", "Kandahar"] {
        assert!(towns.iter().any(|name| name == known), "{known}");
    }
    assert!((150..2_000).contains(&towns.len()), "{}", towns.len());
    for elsewhere in ["Bamako", "Paris", "Suva"] {
        assert!(!towns.iter().any(|name| name == elsewhere), "{elsewhere}");
    }
    let provinces = named(&folder, "province_names");
    assert!(provinces.iter().any(|name| name == "Balochistan"), "{provinces:?}");
    // Names in an area of more than one claim would tell whose province it is.
    for claimed in ["Jammu and Kashmir", "Azad Kashmir", "Northern Areas"] {
        assert!(!provinces.iter().any(|name| name == claimed), "{claimed}");
    }
    assert!(named(&folder, "rivers").iter().any(|name| name == "Indus"));
    let [west, south, east, north] = extent(&folder, "towns");
    assert!(
        west > 30.0 && east < 110.0 && south > 0.0 && north < 60.0,
        "{west} {south} {east} {north}"
    );
    let receipt = folder.json("out/receipt.json");
    assert!(receipt["outputs"].to_string().contains("basemap.gpkg"));
}

#[test]
fn the_report_has_more_to_show_on_zooming_in_and_stays_small() {
    let folder = demo();
    let text = page(&folder);
    let data = data(&text);
    assert!(names_of(&data, "towns").iter().any(|name| name == "Quetta"));
    assert!(names_of(&data, "provinces").iter().any(|name| name == "Balochistan"));
    let (_, world) = text.split_once("<g id=\"world\">").expect("the map");
    let (world, _) = world.split_once("<g id=\"lines\">").expect("the end of the map");
    let from = |group: &str| group.split('"').next().and_then(|from| from.parse::<f64>().ok());
    let steps: Vec<f64> = world.split("data-from=\"").skip(1).filter_map(from).collect();
    assert!(steps.len() > 4, "{steps:?}");
    let least = steps.iter().copied().fold(f64::INFINITY, f64::min);
    let most = steps.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    assert!(least <= 0.0 && most >= 2.0, "{steps:?}");
    for class in ["province", "river", "lake"] {
        assert!(world.contains(&format!("<path class=\"{class}\"")), "{class}");
    }
    assert!(world.len() < 700_000, "{}", world.len());
}

#[test]
fn a_map_of_the_whole_world_stays_small() {
    let folder = Folder::new();
    let sites = "id,name,lon,lat\na,A,-70.2,-23.5\nb,B,179.2,-17.6\nc,C,-8.1,12.6\nd,D,67.1,30.1\n";
    let incidents = "id,domain,date,lon,lat,event_type\ni,security,2024-05-01,66.95,30.15,attack\n";
    folder.write("sites.csv", sites).write("incidents.csv", incidents);
    let inputs = ["score", "-s", "sites.csv", "-i", "incidents.csv", "--coverage", "all"];
    folder.done(&[&inputs[..], &["--report", "--project", "-o", "out"]].concat());
    let size = page(&folder).len();
    assert!(size < 1_500_000, "{size}");
    let towns = names_of(&data(&page(&folder)), "towns");
    assert!(towns.iter().any(|name| name == "Bamako"));
    assert!(folder.bytes("out/basemap.gpkg").len() < 9_000_000);
}

#[test]
fn the_base_map_is_the_same_on_every_run() {
    let (one, other) = (demo(), demo());
    for file in ["basemap.gpkg", "report.html", "map.png", "risk.qgz"] {
        assert!(one.bytes(&format!("out/{file}")) == other.bytes(&format!("out/{file}")), "{file}");
    }
}

#[test]
fn no_color_of_the_base_map_is_near_that_of_a_band() {
    let quiet = [GROUND.province, GROUND.river, GROUND.sea, GROUND.town];
    for theme in Theme::ALL {
        for (band, color) in (1..).zip(theme.ramp()) {
            for ground in quiet {
                let part = |a: u8, b: u8| (f64::from(a) - f64::from(b)).powi(2);
                let apart =
                    part(ground.0, color.0) + part(ground.1, color.1) + part(ground.2, color.2);
                assert!(apart.sqrt() > 20.0, "{}, band {band}: {ground:?}", theme.word());
            }
        }
    }
}
