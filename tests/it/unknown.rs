//! What is not known is not answered with no or 0: where incidents were not collected, where a layer may have gaps, where
//! positions are too coarse, where a record is old.

use crate::cli::{Folder, INCIDENTS, column};
use serde_json::Value;
use std::collections::BTreeMap;

/// A square protected area of about 2 km, its west side 0.1 degrees (about 9.7 km) east of Dome.
const AREAS: &str = r#"{"type":"FeatureCollection","features":[{"type":"Feature","id":"a","properties":
    {"id":"a","receptor_type":"sensitive_areas","name":"Reserve"},"geometry":{"type":"Polygon","coordinates":
    [[[66.612,29.60],[66.632,29.60],[66.632,29.62],[66.612,29.62],[66.612,29.60]]]}}]}"#;

type Row = BTreeMap<String, String>;

fn rows(folder: &Folder) -> Vec<Row> {
    let bytes = folder.bytes("out/disclosures.csv");
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let head = reader.headers().expect("a head").clone();
    let row = |record: csv::StringRecord| {
        head.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect()
    };
    reader.records().map(|record| row(record.expect("a record"))).collect()
}

fn of<'r>(rows: &'r [Row], site: &str, item: &str, of: &str) -> &'r Row {
    let is = |row: &&Row| row["site_id"] == site && row["item"] == item && row["of"] == of;
    rows.iter().find(is).unwrap_or_else(|| panic!("no row {site} {item} {of}"))
}

/// Dome with an accuracy in km, and its answers.
fn answers(accuracy: &str, complete: bool) -> Vec<Row> {
    let folder = Folder::new();
    folder
        .write(
            "sites.csv",
            format!("id,name,lon,lat,position_accuracy_km\ndome,Dome,66.512,29.613,{accuracy}\n"),
        )
        .write("incidents.csv", INCIDENTS)
        .write("areas.geojson", AREAS);
    let mut args = vec!["score", "-s", "sites.csv", "-i", "incidents.csv", "--disclosures"];
    args.extend(["-r", "sensitive_areas=areas.geojson", "-o", "out"]);
    if complete {
        args.extend(["--complete", "sensitive_areas"]);
    }
    folder.done(&args);
    rows(&folder)
}

#[test]
fn no_is_said_of_a_complete_layer_alone_and_only_past_the_errors_of_positions() {
    let items = [
        ("in_or_within_1km_of_sensitive_area", ""),
        ("in_sensitive_area", ""),
        ("in_world_heritage_site", ""),
        ("areas_within_1km", ""),
        ("areas_within_1km", "strict"),
    ];
    for (accuracy, complete, known) in
        [("1", true, true), ("1", false, false), ("12", true, false), ("", true, true)]
    {
        let rows = answers(accuracy, complete);
        for (item, which) in items {
            let row = of(&rows, "dome", item, which);
            // World Heritage and other categories have no area that could come so near.
            let known = known || complete && (item.contains("heritage") || which == "strict");
            assert_eq!(row["known"], if known { "yes" } else { "no" }, "{accuracy} {row:?}");
            assert_eq!(row["value"].is_empty(), !known, "{accuracy} {row:?}");
        }
    }
    let gaps = answers("1", false);
    let note = &of(&gaps, "dome", "in_or_within_1km_of_sensitive_area", "")["note"];
    assert_eq!(
        note,
        "none is mapped within 1 km; the layer of sensitive areas is not declared complete"
    );
    let coarse = answers("12", true);
    let note = &of(&coarse, "dome", "in_or_within_1km_of_sensitive_area", "")["note"];
    assert!(note.contains("is 9.7 km away, and the site's position is known to 12 km"), "{note}");
    // The sum over all sites is not 0 if one of them is open.
    let sum = of(&coarse, "(all sites)", "area_of_sites_in_or_near", "");
    assert_eq!((&*sum["value"], &*sum["known"]), ("", "no"), "{sum:?}");
}

#[test]
fn the_nearest_area_is_told_at_any_distance() {
    let far = AREAS.replace("66.6", "68.6");
    let folder = Folder::with_mines();
    folder.write("areas.geojson", far);
    folder.done(&[
        "score",
        "-s",
        "sites.csv",
        "-i",
        "incidents.csv",
        "-r",
        "sensitive_areas=areas.geojson",
        "--disclosures",
        "-o",
        "out",
    ]);
    let rows = rows(&folder);
    let name = of(&rows, "dome", "nearest_sensitive_area", "");
    assert_eq!(name["value"], "Reserve (a)");
    let km: f64 = of(&rows, "dome", "distance_to_nearest_sensitive_area", "")["value"]
        .parse()
        .expect("a number");
    let layer = column(&folder.json("out/sites.geojson"), "nearest_sensitive_area_km");
    // No finer than the position, which is good to 5 km; with the class of protection in a row of its own.
    assert!((km - layer["dome"].as_f64().expect("a number")).abs() <= 0.5 && km.fract() == 0.0);
    let note = &of(&rows, "dome", "distance_to_nearest_sensitive_area", "")["note"];
    assert_eq!(
        note,
        "at most: the layer of sensitive areas is not declared complete; the site's position is taken as known to 5 km (not given)"
    );
    assert_eq!(of(&rows, "dome", "category_of_nearest_sensitive_area", "")["value"], "other");
    // Without rivers nothing is said of reaches.
    let down = of(&rows, "dome", "people_downstream_within_100km", "");
    assert_eq!(down["note"], "no layer of rivers was given");
}

#[test]
fn no_count_is_zero_where_no_incident_was_collected() {
    let folder = Folder::with_mines();
    // Kandahar in Afghanistan, and Zahedan in Iran some 130 km from any incident.
    folder.write(
        "sites.csv",
        "id,name,lon,lat,country\ndome,Dome,66.512,29.613,Pakistan\nkan,Kan,65.71,31.61,Afghanistan\nzah,Zah,58.86,29.49,Iran\n",
    );
    folder.done(&["score", "-s", "sites.csv", "-i", "incidents.csv", "--disclosures", "-o", "out"]);
    let sites = folder.json("out/sites.geojson");
    for name in ["incidents_50km", "fatalities_50km", "incidents_50km_365d"] {
        let counts = column(&sites, name);
        assert!(counts["dome"].is_number(), "{name}");
        assert_eq!((&counts["kan"], &counts["zah"]), (&Value::Null, &Value::Null), "{name}");
    }
    let rows = rows(&folder);
    for site in ["kan", "zah"] {
        let row = of(&rows, site, "security_incidents_50km_365d", "");
        assert_eq!((&*row["value"], &*row["known"]), ("", "no"), "{row:?}");
        assert!(
            row["note"].contains("where no incidents were collected (they were in Pakistan)"),
            "{row:?}"
        );
    }
    // Countries are counted, not listed.
    let all = of(&rows, "(all sites)", "in_conflict_affected_area", "not known");
    let note = "the place lies in one of 2 countries that the incidents do not cover";
    assert_eq!(all["note"], note);
}

#[test]
fn a_country_whose_newest_incident_is_old_has_a_caution() {
    let folder = Folder::with_mines();
    let old = "i-9,1990-05-01,-75.0,-11.0,Peru,Battles,3,2\n";
    folder
        .write("incidents.csv", format!("{INCIDENTS}{old}"))
        .write("sites.csv", "id,name,lon,lat\ndome,Dome,66.512,29.613\npit,Pit,-75.512,-11.613\n");
    let ended = folder.run(&["score", "-s", "sites.csv", "-i", "incidents.csv", "-o", "out"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let sites = folder.json("out/sites.geojson");
    let caution = column(&sites, "security_caution");
    let says = |id: &str| caution[id].as_str().is_some_and(|told| told.contains("old record"));
    assert!(says("pit") && !says("dome"), "{caution:?}");
    let told = column(&sites, "explanation");
    let words = "The newest incident recorded in Peru is of 1990, 34 years earlier";
    assert!(told["pit"].as_str().is_some_and(|told| told.contains(words)), "{}", told["pit"]);
    let note = "the newest incident in the country is 5 years old or older at 1 of 2 sites: Pit";
    assert!(ended.out.contains(note), "{}", ended.out);
}

#[test]
fn maps_mark_a_site_whose_record_is_old_and_hatch_its_country() {
    let folder = Folder::with_mines();
    let old = "i-9,1990-05-01,-75.0,-11.0,Peru,Battles,3,2\n";
    folder.write("incidents.csv", format!("{INCIDENTS}{old}")).write(
        "sites.csv",
        "id,name,lon,lat\ndome,Dome,67.9,29.2\npit,Pit,-75.512,-11.613\nfar,Far,10.0,50.0\n",
    );
    let run = ["score", "-s", "sites.csv", "-i", "incidents.csv", "--project", "--report", "--pdf"];
    folder.done(&[&run[..], &["--gpkg", "-o", "out"]].concat());
    let gaps = column(&folder.json("out/sites.geojson"), "security_record_gap");
    assert_eq!(
        (&gaps["pit"], &gaps["far"]),
        (&Value::from("old record"), &Value::Null),
        "{gaps:?}"
    );
    let land = crate::cli::features(&folder.json("out/land.geojson"));
    let told = |code: &str, name: &str| land[code]["properties"][name].clone();
    assert_eq!(told("PER", "incidents_collected"), "old");
    assert_eq!(told("PER", "newest_incident"), "1990-05-01");
    assert_eq!(told("PAK", "incidents_collected"), "yes");
    assert_eq!(told("DEU", "incidents_collected"), "no");
    // QGIS has the dot and the hatching with their entries in the legend, and the page and the atlas the same words.
    let (dot, hatched) =
        ("Dot inside: old, ended or partial record", "Newest incident 5 years old or older");
    let document = crate::stills::project(&folder, "out/risk.qgz");
    assert!(document.contains(&format!("label=\"{dot}\"")), "the legend of the project");
    assert!(document.contains("&quot;security_record_gap&quot; IS NOT NULL"));
    assert!(document.contains(&format!("label=\"{hatched}\"")));
    let atlas = crate::stills::texts(&folder.bytes("out/atlas.pdf"));
    assert!(atlas[0].contains(dot) && atlas[0].contains(hatched), "{}", atlas[0]);
    let page = String::from_utf8(folder.bytes("out/report.html")).expect("text");
    assert!(page.contains(&format!("\"record_gap\":\"{dot}\"")));
    assert!(page.contains("class=\"uncollected old\""));
    // Without a gap nothing of it is told.
    folder.write("sites.csv", "id,name,lon,lat\ndome,Dome,68.5,28.5\n");
    folder.write("incidents.csv", INCIDENTS);
    folder.done(&[&run[..], &["-o", "new"]].concat());
    let gaps = column(&folder.json("new/sites.geojson"), "security_record_gap");
    assert_eq!(gaps["dome"], Value::Null);
    assert!(!crate::stills::project(&folder, "new/risk.qgz").contains(dot));
    assert!(!crate::stills::texts(&folder.bytes("new/atlas.pdf"))[0].contains(dot));
}

#[test]
fn neither_no_nor_zero_is_said_of_a_place_of_which_a_part_was_not_seen() {
    let folder = Folder::with_mines();
    // Inland, on the border to Afghanistan, on the coast by Karachi; a protest lies by the first. The record is of two years.
    folder
        .write("sites.csv", "id,name,lon,lat,country\nin,Inland,68.6,27.7,Pakistan\nby,Border,66.43,30.93,Pakistan\nsea,Coast,66.75,24.95,Pakistan\n")
        .write("incidents.csv", format!("{INCIDENTS}i-8,2024-06-01,68.6,27.8,Pakistan,Protests,0,2\ni-9,2010-06-01,71.5,33.9,Pakistan,Battles,,2\n"));
    folder.done(&["score", "-s", "sites.csv", "-i", "incidents.csv", "--disclosures", "-o", "out"]);
    let rows = rows(&folder);
    let told = |site: &str, item: &str| {
        let row = of(&rows, site, item, "");
        (row["value"].clone(), row["known"].clone(), row["note"].clone())
    };
    for site in ["in", "sea"] {
        let (value, known, note) = told(site, "in_conflict_affected_area");
        assert_eq!((&*value, &*known), ("false", "yes"), "{site}: {note}");
        assert!(note.contains("a protest or a strategic development is violent only if"), "{note}");
    }
    assert_eq!(told("in", "security_incidents_50km_365d").0, "1", "a protest is an incident");
    assert_eq!(told("sea", "security_incidents_50km_365d").0, "0", "the sea is not missing");
    let coverage = column(&folder.json("out/sites.geojson"), "security_coverage");
    assert!(coverage["sea"].as_f64() == Some(1.0), "{coverage:?}");
    let part = |note: &str| {
        note.starts_with("incidents were collected on ")
            && note.contains(" % of the land within 50 km")
    };
    for item in ["in_conflict_affected_area", "security_incidents_50km_365d"] {
        let (value, known, note) = told("by", item);
        assert_eq!((&*value, &*known), ("", "no"), "{item}");
        assert!(part(&note), "{note}");
    }
    let all = |of_what: &str| of(&rows, "(all sites)", "in_conflict_affected_area", of_what);
    assert_eq!((&*all("no")["value"], &*all("no")["known"]), ("2", "yes"));
    assert_eq!((&*all("not known")["value"], &*all("not known")["known"]), ("1", "no"));
    assert!(all("no")["note"].starts_with("the rule: yes with "), "{:?}", all("no"));
}

#[test]
fn an_old_record_answers_no_question_on_the_last_year() {
    let folder = Folder::with_mines();
    let old = "i-9,1990-05-01,-75.0,-11.0,Peru,Battles,3,2\n";
    folder
        .write("incidents.csv", format!("{INCIDENTS}{old}"))
        .write("sites.csv", "id,name,lon,lat\npit,Pit,-75.512,-11.613\n");
    folder.done(&["score", "-s", "sites.csv", "-i", "incidents.csv", "--disclosures", "-o", "out"]);
    let rows = rows(&folder);
    let note = "the newest incident recorded in Peru is of 1990, 34 years earlier";
    for item in ["in_conflict_affected_area", "security_incidents_50km_90d"] {
        let row = of(&rows, "pit", item, "");
        assert_eq!((&*row["value"], &*row["known"]), ("", "no"), "{row:?}");
        assert!(row["note"].starts_with(note), "{row:?}");
    }
    let until = of(&rows, "pit", "incidents_collected_until", "");
    assert!(until["known"] == "yes" && until["note"].starts_with(note), "{until:?}");
}

#[test]
fn deaths_that_are_not_reported_make_a_sum_the_least() {
    let folder = Folder::with_mines();
    folder.write("sites.csv", "id,name,lon,lat\ndome,Dome,67.0,29.95\n");
    folder.done(&["score", "-s", "sites.csv", "-i", "incidents.csv", "-o", "out"]);
    let told = column(&folder.json("out/sites.geojson"), "explanation");
    let told = told["dome"].as_str().expect("a sentence");
    assert!(told.contains("3 security incidents with at least 5 deaths reported"), "{told}");
    let near =
        folder.run(&["near", "--at", "67.0,29.95", "--within", "50km", "-i", "incidents.csv"]);
    let said = format!("{}{}", near.out, near.err);
    assert!(said.contains("3 security incidents with at least 5 deaths"), "{said}");
}

#[test]
fn a_score_that_rests_on_a_distance_finer_than_the_position_says_so() {
    let folder = Folder::with_mines();
    folder.write("areas.geojson", AREAS);
    let told = |accuracy: &str| {
        folder.write(
            "sites.csv",
            format!(
                "id,name,lon,lat,position_accuracy_km,water_stress_ratio,tailings_class\ndome,Dome,66.611,29.61,{accuracy},0.5,high\n"
            ),
        );
        let areas = "sensitive_areas=areas.geojson";
        let complete = "sensitive_areas";
        folder.done(&[
            "score",
            "-s",
            "sites.csv",
            "-r",
            areas,
            "--complete",
            complete,
            "-o",
            "out",
        ]);
        column(&folder.json("out/sites.geojson"), "explanation")["dome"].to_string()
    };
    let words = "Of sensitive areas, what counts most is mapped 0.1 km away, but the site's position is known to 5 km only: 5.1 km away it would add ";
    assert!(told("5").contains(words), "{}", told("5"));
    assert!(!told("0.01").contains("what counts most is mapped"), "{}", told("0.01"));
}

#[test]
fn a_site_by_the_border_of_a_covered_country_is_told_so() {
    let folder = Folder::with_mines();
    // A few kilometers inside Afghanistan, north of Chaman.
    let sites = |country: &str| {
        format!(
            "id,name,lon,lat,country\ndome,Dome,66.512,29.613,\nborder,Border,66.43,31.02,{country}\n"
        )
    };
    folder.write("sites.csv", sites(""));
    folder.done(&["score", "-s", "sites.csv", "-i", "incidents.csv", "-o", "out"]);
    let told = column(&folder.json("out/sites.geojson"), "explanation");
    let told = told["border"].as_str().expect("a sentence");
    assert!(told.contains("; Pakistan, where they were, begins within "), "{told}");
    assert!(told.contains("if the site is in Pakistan, give the sites a column country"), "{told}");
    let found = String::from_utf8(folder.bytes("out/rejects.csv")).expect("text");
    let words =
        "is not given, and the position lies in Afghanistan, where no incidents were collected";
    assert!(
        found.lines().any(|row| row.contains("border,country,") && row.contains(words)),
        "{found}"
    );
    // Once its file names the country, nothing is doubtful.
    folder.write("sites.csv", sites("Pakistan"));
    folder.done(&["score", "-s", "sites.csv", "-i", "incidents.csv", "-o", "new"]);
    let score = column(&folder.json("new/sites.geojson"), "security_score");
    assert!(score["border"].is_number());
}

#[test]
fn a_date_that_can_be_read_in_one_way_is_read_among_others() {
    let folder = Folder::with_mines();
    let one = INCIDENTS.replace("2024-06-30", "30/06/2024");
    folder.write("incidents.csv", one);
    folder.done(&["score", "-s", "sites.csv", "-i", "incidents.csv", "-o", "out"]);
    let receipt = folder.json("out/receipt.json");
    assert_eq!(receipt["counts"]["incidents"]["scored"], 5);
    let found = String::from_utf8(folder.bytes("out/rejects.csv")).expect("UTF-8");
    assert!(found.contains("is read with the day first, the only way to read it"), "{found}");
    // A column that is written so throughout tells half of its days in two ways, and is declared.
    let all = "id,date,lon,lat,country,event_type,fatalities\n\
        a,30/06/2024,66.5,29.6,Pakistan,Battles,1\nb,05/06/2024,66.6,29.7,Pakistan,Battles,1\n";
    folder.write("all.csv", all);
    let ended = folder.run(&["check", "all.csv"]);
    let said = format!("{}{}", ended.out, ended.err);
    assert!(said.contains("%d/%m/%Y") && ended.code != 0, "{said}");
}

#[test]
fn a_file_says_how_many_of_its_records_count_toward_no_score() {
    let folder = Folder::with_mines();
    folder.done(&[
        "score",
        "-s",
        "sites.csv",
        "-i",
        "incidents.csv",
        "--as-of",
        "2024-02-28",
        "-o",
        "out",
    ]);
    let receipt = folder.json("out/receipt.json");
    let input = &receipt["inputs"][1];
    assert_eq!((&input["used"], &input["not_scored"]), (&5.into(), &2.into()), "{input}");
    assert_eq!(receipt["counts"]["incidents"]["scored"], 3);
}

#[test]
fn a_window_longer_than_the_record_says_from_when_it_is() {
    let folder = Folder::with_mines();
    folder.done(&["score", "-s", "sites.csv", "-i", "incidents.csv", "--disclosures", "-o", "out"]);
    let rows = rows(&folder);
    let short = of(&rows, "dome", "security_incidents_50km_1095d", "");
    assert!(
        short["note"].contains("the incidents begin on 2022-11-11 and span 598 of the 1,095 days"),
        "{short:?}"
    );
    assert!(!of(&rows, "dome", "security_incidents_50km_365d", "")["note"].contains("begin on"));
}
