//! What the page says of its own limits: cautions, reach, ground without incidents, and places of incidents; and its groups.

use crate::cli::Folder;
use crate::report::data;

/// Two sites and incidents in Pakistan near a border; an area and a town in reach, and a town that is not.
fn run() -> Folder {
    let folder = Folder::new();
    let area = "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"id\":\"p\",\"name\":\"Park\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[66,30],[67,30],[67,31],[66,31],[66,30]]]}},{\"type\":\"Feature\",\"properties\":{\"id\":\"r\",\"name\":\"Reserve\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[69,31],[69.2,31],[69.2,31.2],[69,31.2],[69,31]]]}}]}";
    folder
        .write("sites.csv", "id,name,lon,lat\na,Near,66.4,30.5\nb,Far,67.5,29.6\n")
        .write("area.geojson", area)
        .write(
            "towns.csv",
            "id,name,lon,lat,population\nt,Town,66.5,30.5,5000\nu,Away,73,33,9000\n",
        )
        .write(
            "incidents.csv",
            "id,date,lon,lat,country,admin1,event_type,sub_event_type,fatalities\n\
             i,2024-05-01,66.4,30.5,Pakistan,Sibi,Battles,Armed clash,9\n",
        );
    folder.done(&[
        "score",
        "-s",
        "sites.csv",
        "-i",
        "incidents.csv",
        "-r",
        "sensitive_areas=area.geojson",
        "-r",
        "settlements=towns.csv",
        "--all",
        "-o",
        "out",
    ]);
    folder
}

fn text(folder: &Folder, file: &str) -> String {
    String::from_utf8(folder.bytes(&format!("out/{file}"))).expect("UTF-8")
}

#[test]
fn the_page_counts_what_to_know_before_believing_scores() {
    let folder = run();
    let said = data(&text(&folder, "report.html"));
    let rows = said["rows"]["security_caution"].as_array().expect("rows");
    let cautions = said["cautions"].as_array().expect("cautions");
    assert!(!cautions.is_empty());
    for caution in cautions {
        let has = |row: &&serde_json::Value| {
            row.as_array().is_some_and(|row| row.contains(&caution["number"]))
        };
        assert_eq!(
            rows.iter().filter(has).count() as u64,
            caution["sites"].as_u64().expect("sites")
        );
    }
    // One lies near Afghanistan, which the incidents do not cover.
    let partly = cautions.iter().find(|one| one["label"] == "partly covered");
    assert_eq!(partly.expect("a caution")["sites"], 1);
    let page = text(&folder, "report.html");
    assert!(page.contains("<path class=\"uncollected\" d=\"M"), "the land of other countries");
    let folder = Folder::new();
    folder
        .write("sites.csv", "id,lon,lat\na,66.4,30.5\n")
        .write("incidents.csv", "id,date,lon,lat,event_type\ni,2024-05-01,66.4,30.5,Battles\n");
    folder.done(&[
        "score",
        "-s",
        "sites.csv",
        "-i",
        "incidents.csv",
        "--coverage",
        "all",
        "--report",
        "-o",
        "out",
    ]);
    assert!(!text(&folder, "report.html").contains("<path class=\"uncollected\""));
}

#[test]
fn the_page_says_how_many_receptors_are_in_reach_and_what_reach_is() {
    let said = data(&text(&run(), "report.html"));
    let kinds = said["receptors"]["kinds"].as_array().expect("kinds");
    let of = |kind: &str| kinds.iter().find(|one| one[0] == kind).expect("a kind");
    assert_eq!((&of("settlements")[1], &of("settlements")[2]), (&2.into(), &1.into()));
    assert_eq!((&of("sensitive_areas")[1], &of("sensitive_areas")[2]), (&2.into(), &1.into()));
    let drawn = said["receptors"]["list"].as_array().expect("a list");
    let far = drawn.iter().find(|one| one["name"] == "Reserve").expect("an area out of reach");
    assert_eq!((&far["sites"], &far["near"]), (&0.into(), &serde_json::json!([])));
    assert!(of("settlements")[3].as_f64().is_some_and(|km| km > 0.0));
}

#[test]
fn an_incident_is_found_by_its_province_and_shows_it() {
    let said = data(&text(&run(), "report.html"));
    let events = &said["events"];
    let place = events["said"][0]["region"].as_u64().expect("a region");
    assert_eq!(events["texts"][usize::try_from(place).expect("few")], "Sibi");
}

#[test]
fn an_area_is_measured_where_no_column_gives_it() {
    let folder = run();
    let layer: serde_json::Value =
        serde_json::from_str(&text(&folder, "receptor_areas.geojson")).expect("JSON");
    // A degree by a degree at 30 to 31 degrees north: 10,642.4 km² by the area of a zone of WGS84.
    let km2 = layer["features"][0]["properties"]["area_km2"].as_f64().expect("an area");
    assert!((km2 - 10_642.393).abs() < 0.01, "{km2}");
}

#[test]
fn sites_of_several_countries_are_grouped_by_country_where_no_groups_are_named() {
    let folder = Folder::new();
    let incidents = "date,lat,lon,type,fatalities\n2026-01-01,30.1,67.0,attack,2\n";
    folder
        .write("incidents.csv", incidents)
        .write("one.csv", "id,lat,lon\na,30.1,67.1\nb,30.2,67.2\n");
    folder.write("two.csv", "id,lat,lon\na,30.1,67.1\nb,30.2,67.2\nc,33.9,66.0\n");
    let run = |sites: &str, out: &str, more: &[&str]| {
        let asked = ["score", "-s", sites, "-i", "incidents.csv", "-o", out];
        folder.done(&[&asked[..], more].concat());
        folder.at(&format!("{out}/portfolio.csv")).exists()
    };
    assert!(!run("one.csv", "one", &["--report"]), "one country");
    assert!(!run("two.csv", "plain", &[]), "nothing for readers");
    assert!(run("two.csv", "out", &["--report"]));
    let rows = String::from_utf8(folder.bytes("out/portfolio.csv")).expect("UTF-8");
    for (country, sites) in [("PAK", 2), ("AFG", 1)] {
        assert!(rows.contains(&format!("country,{country},{sites},")), "{rows}");
    }
    let said = data(&String::from_utf8(folder.bytes("out/report.html")).expect("UTF-8"));
    assert_eq!(said["portfolio"][0]["column"], "country");
}
