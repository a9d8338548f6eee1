//! What the program says about a site: nothing looks sure that is not, every number is the engine's, deaths of one kind
//! are not those of another, and files are known by what they hold.

use crate::cli::{Folder, features};
use crate::vectors::zip;
use serde_json::Value;
use tamarisk::scoring::{Scheme, security_score};

/// A number as sentences write it.
fn tenths(value: &Value) -> String {
    format!("{:.1}", (value.as_f64().expect("a number") * 10.0).round() / 10.0)
}

fn words(value: &Value) -> &str {
    value.as_str().expect("a text")
}

#[test]
fn no_site_looks_raised_without_the_sentence_that_says_why() {
    let folder = Folder::new();
    folder.done(&["demo", "-o", "out"]);
    let scheme = Scheme::built_in("default").expect("known").expect("readable");
    let mut met = [0; 3];
    for (id, site) in features(&folder.json("out/sites.geojson")) {
        let of = |name: &str| &site["properties"][name];
        let (told, caution) = (words(of("explanation")), of("security_caution").as_str());
        let caution = caution.unwrap_or_default();
        let score = of("security_score").as_f64().expect("the demo is covered");
        let far = of("nearest_incident_km").as_f64().is_none_or(|km| km > 50.0);
        let holds = score >= 40.0 && far;
        assert_eq!(told.contains("No incident was reported within 50 km"), holds, "{id}: {told}");
        assert_eq!(caution.contains("nothing within 50 km"), holds, "{id}: {caution}");
        let one = score >= 20.0
            && of("driver_1_share").as_f64().is_some_and(|share| {
                let intensity = of("security_intensity").as_f64().expect("a sum");
                let without = security_score(&scheme, intensity * (1.0 - share));
                let lower = (without / 20.0).floor() < (score / 20.0).floor();
                share >= 0.5 && (lower || without < score / 2.0)
            });
        assert_eq!(told.contains("rests on one event"), one, "{id}: {told}");
        assert_eq!(caution.contains("one event"), one, "{id}: {caution}");
        let partly = of("security_coverage").as_f64().expect("a share") < 0.995;
        assert_eq!(told.contains("what happened in the rest is not known"), partly, "{id}: {told}");
        for (count, holds) in met.iter_mut().zip([holds, one, partly]) {
            *count += usize::from(holds);
        }
    }
    assert!(met.iter().all(|count| *count > 0), "each is met in the demo: {met:?}");
}

/// A site with many battles far from it, known to 25 km.
fn far_battles() -> Folder {
    let folder = Folder::new();
    folder.write("sites.csv", "id,name,lon,lat\nfar,Far mine,66,29\n");
    let mut rows =
        "id,date,lon,lat,country,event_type,fatalities,position_accuracy_km\n".to_owned();
    for n in 0..40 {
        rows.push_str(&format!(
            "b{n},2024-06-{:02},66.{:02},29.7,Pakistan,Battles,9,25\n",
            1 + n % 28,
            n % 30
        ));
    }
    folder.write("incidents.csv", rows);
    folder
}

#[test]
fn a_high_score_of_far_incidents_says_so_wherever_it_is_told() {
    let folder = far_battles();
    let files = ["-s", "sites.csv", "-i", "incidents.csv"];
    let out = folder.done(&[&["score", "-o", "out", "--report"][..], &files].concat());
    let explained = folder.answer(&[&["explain", "far", "--json"][..], &files].concat());
    assert_eq!(explained["security"]["band"], "high", "{explained}");
    let why = "No incident was reported within 50 km: the score comes from incidents farther away, the nearest";
    assert!(words(&explained["explanation"]).contains(why));
    for caution in explained["security"]["cautions"].as_array().expect("a list") {
        assert!(words(&explained["explanation"]).contains(words(caution)), "{caution}");
    }
    assert!(
        out.contains(
            "a score of medium or higher without an incident within 50 km at 1 of 1 sites: Far mine"
        ),
        "{out}"
    );
    let risk = folder.answer(&["risk", "--at", "66,29", "-i", "incidents.csv", "--json"]);
    assert!(words(&risk["explanation"]).contains(why), "{risk}");
    let page = String::from_utf8(folder.bytes("out/report.html")).expect("text");
    assert!(page.contains(why), "the report's panel");
}

#[test]
fn coarse_positions_are_told_and_no_distance_is_finer_than_they_are() {
    let folder = far_battles();
    folder.write(
        "one.csv",
        "id,date,lon,lat,country,event_type,fatalities,position_accuracy_km\n\
         a,2024-06-28,66.001,29.001,Pakistan,Battles,9,25\nb,2024-06-28,66.3,29,Pakistan,Protests,0,0.05\n",
    );
    let files = ["explain", "far", "-s", "sites.csv", "-i", "one.csv"];
    let told = folder.answer(&[&files[..], &["--json"]].concat());
    let sentence = words(&told["explanation"]);
    assert!(
        sentence.contains("a battle at the site (place known to 25 km) on 2024-06-28, 9 deaths"),
        "{sentence}"
    );
    let cautions = told["security"]["cautions"].to_string();
    assert!(
        cautions.contains("places are known to 10 km or worse, the coarsest to 25 km"),
        "{cautions}"
    );
    let table = folder.done(&files);
    let of = |what: &str| table.lines().find(|line| line.ends_with(what)).expect("a row");
    // The distance: whole kilometers where the place is coarse.
    assert!(of("  Battles").contains(" 0 "), "{table}");
    assert!(of("  Protests").contains("29.2"), "{table}");
    let near = folder.done(&["near", "--site", "far", "-s", "sites.csv", "-i", "one.csv"]);
    assert!(near.contains("29.23"), "{near}");
}

#[test]
fn the_numbers_of_the_sentence_are_those_of_the_breakdown() {
    let folder = Folder::new();
    folder.done(&["demo", "-o", "out"]);
    let scheme = Scheme::built_in("default").expect("known").expect("readable");
    let mut compared = 0;
    for id in features(&folder.json("out/sites.geojson")).keys().take(12) {
        let told = folder.answer(&["explain", id, "--demo", "--json"]);
        let sentence = words(&told["explanation"]);
        let security = &told["security"];
        let first = &security["contributions"][0];
        let share =
            format!("{:.0} % of the score", first["share"].as_f64().expect("a share") * 100.0);
        assert!(sentence.contains(&share), "{id}: {share} in {sentence}");
        let without = format!("without it the score is {}", tenths(&first["score_without"]));
        assert!(sentence.contains(&without), "{id}: {without} in {sentence}");
        let half = security["intensity"].as_f64().expect("an intensity") / 2.0;
        let later = format!("it is {:.1} in 365 days", security_score(&scheme, half));
        assert!(sentence.contains(&later), "{id}: {later} in {sentence}");
        compared += 1;
    }
    assert_eq!(compared, 12);
}

#[test]
fn the_points_of_the_environment_visibly_add_up() {
    let folder = Folder::new();
    let told = folder.answer(&["explain", "Reko Diq", "--demo", "--json"]);
    let sum = |member: &str| -> f64 {
        let all = told["environment"]["indicators"].as_array().expect("a list");
        all.iter().filter_map(|one| one[member].as_f64()).sum()
    };
    let (known, assumed) = (sum("contribution"), sum("assumed"));
    let line = format!(
        "Of the {} points, {known:.2} fall to what is known and {assumed:.2} to reference values",
        tenths(&told["environment"]["score"])
    );
    assert!(folder.done(&["explain", "Reko Diq", "--demo"]).contains(&line), "{line}");
}

#[test]
fn deaths_in_attacks_accidents_and_earthquakes_are_never_one_sum() {
    let folder = Folder::with_mines();
    folder.write(
        "all.csv",
        "id,date,lon,lat,country,event_type,fatalities\n\
         a,2024-06-01,66.1,29,Pakistan,Battles,3\nb,2024-05-01,66.2,29,Pakistan,Mine accident,11\n\
         c,1935-05-31,66.3,29,Pakistan,Earthquake,30000\n",
    );
    let asked = ["near", "--at", "66,29", "--within", "50km", "-i", "all.csv"];
    let text = folder.done(&asked);
    for part in [
        "1 security incident with 3 deaths",
        "1 accident with 11 deaths",
        "1 earthquake with 30,000 deaths",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("30,0") || !text.contains("30,014"), "{text}");
    let totals = &folder.answer(&[&asked[..], &["--json"]].concat())["totals"];
    assert_eq!(totals["deaths"], 3);
    assert_eq!(totals["incidents"]["earthquake"]["deaths"], 30_000);
    assert_eq!(totals["incidents"]["accident"]["count"], 1);
}

#[test]
fn near_says_what_its_totals_are_of_and_measures_areas_as_the_score_does() {
    let folder = Folder::with_mines();
    folder.write(
        "parks.csv",
        "id,name,lon,lat,area_km2,receptor_type\np,Park,66.3,29,500,sensitive_areas\n",
    );
    let files = ["--at", "66,29", "-r", "parks.csv", "-i", "incidents.csv"];
    let text =
        folder.done(&[&["near", "--within", "60km", "--since", "2020-01-01"][..], &files].concat());
    assert!(text.contains("; within 60 km, since 2020-01-01"), "{text}");
    let text = folder.done(&[&["near", "-k", "2"][..], &files].concat());
    assert!(text.contains("; the nearest 2"), "{text}");
    let answer =
        folder.answer(&[&["near", "--json", "--kind", "sensitive_areas"][..], &files].concat());
    let park = &answer["neighbors"][0];
    let edge = park["distance_km"].as_f64().expect("km") - (500.0 / std::f64::consts::PI).sqrt();
    assert!((park["edge_km"].as_f64().expect("an edge") - edge).abs() < 1e-9, "{park}");
    let risk = folder.answer(&[&["risk", "--json"][..], &files].concat());
    let scored = &risk["environment"]["indicators"][0]["distance_km"];
    assert!((scored.as_f64().expect("km") - edge).abs() < 1e-9, "{scored}");
}

#[test]
fn files_are_known_by_what_they_hold() {
    let folder = Folder::with_mines();
    folder.write("towns.csv", "name,lon,lat,population\nA,66.5,29.7,5000\nB,67.1,29.9,300\n");
    folder.write("quakes.csv", "id,receptor_type,lon,lat,magnitude\nq,earthquakes,66,29,6\n");
    folder.write(
        "acled.csv",
        "event_id_cnty,event_date,event_type,sub_event_type,country,latitude,longitude,geo_precision,fatalities\n\
         PAK1,2024-05-01,Battles,Armed clash,Pakistan,29.6,66.5,1,3\n",
    );
    let ended = folder.run(&["score", "sites.csv", "acled.csv", "quakes.csv", "-o", "out"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    for told in [
        "sites.csv: read as sites",
        "acled.csv: read as incidents",
        "quakes.csv: read as receptors",
    ] {
        assert!(ended.err.contains(told), "{told}: {}", ended.err);
    }
    let named = ["score", "-s", "sites.csv", "-i", "acled.csv", "-r", "quakes.csv", "-o", "named"];
    folder.done(&named);
    assert_eq!(folder.bytes("out/sites.geojson"), folder.bytes("named/sites.geojson"));
    // What is only likely is asked for, with the option to paste, which check tells too.
    let ended = folder.run(&["score", "sites.csv", "towns.csv", "-o", "other"]);
    let option = "--receptors settlements=towns.csv";
    assert!(ended.code == 2 && ended.err.contains(option), "{}", ended.err);
    assert!(folder.done(&["check", "towns.csv"]).contains(option));
    let ended = folder.run(&["near", "--at", "66,29", "-r", "towns.csv"]);
    assert!(ended.err.contains("likely --receptors settlements=FILE"), "{}", ended.err);
    assert!(folder.done(&["near", "--at", "66,29", "-r", "towns=towns.csv"]).contains("A"));
    let ended = folder.run(&["near", "--at", "66,29", "-r", "protected_areas=towns.csv"]);
    assert!(!ended.err.contains("is not a kind"), "{}", ended.err);
}

#[test]
fn a_mine_that_is_left_out_is_named() {
    let folder = Folder::with_mines();
    folder.write("mines.csv", "name,lon,lat\nA,66,29\nKobada,,\n");
    let ended = folder.run(&["score", "-s", "mines.csv", "-i", "incidents.csv", "-o", "out"]);
    let told = ended.err.lines().find(|line| line.starts_with("set aside")).unwrap_or_default();
    assert!(told.contains("its name is \"Kobada\""), "{}", ended.err);
}

#[test]
fn several_sites_are_explained_side_by_side() {
    let folder = Folder::new();
    let text = folder.done(&["explain", "Reko Diq", "Duki coalfield", "--demo"]);
    let all = folder.answer(&["explain", "Reko Diq", "Duki coalfield", "--demo", "--json"]);
    let all = all.as_array().expect("a list");
    assert_eq!(all.len(), 2);
    for one in all {
        let row = text.lines().find(|line| line.starts_with(words(&one["name"]))).expect("a row");
        assert!(row.contains(&tenths(&one["security"]["score"])), "{row}");
        assert!(
            row.contains(&tenths(&one["security"]["contributions"][0]["score_without"])),
            "{row}"
        );
        let alone = folder.answer(&["explain", words(&one["site"]), "--demo", "--json"]);
        assert_eq!(alone, *one);
    }
    let ended = folder.run(&["explain", "Reko Diq", "Duki coalfield", "--demo", "--without", "x"]);
    assert!(ended.code == 2 && ended.err.contains("one site"), "{}", ended.err);
}

#[test]
fn what_if_tells_what_the_change_makes() {
    let folder = Folder::with_mines();
    let files = ["-s", "sites.csv", "-i", "incidents.csv", "--json"];
    let before = folder.answer(&[&["explain", "dome"][..], &files].concat());
    let first = words(&before["security"]["contributions"][0]["id"]).to_owned();
    let add = format!("{},{},attack,3", before["lon"], before["lat"]);
    let args = ["explain", "dome", "--without", &first, "--add", &add];
    let text = folder.done(&[&args[..], &files[..4]].concat());
    assert!(
        text.contains(&format!("  without {first} (")) && text.contains("which made "),
        "{text}"
    );
    assert!(text.contains("  with added-1 (attack, ") && text.contains("which makes "), "{text}");
}

#[test]
fn a_dump_of_geonames_needs_no_header() {
    let folder = Folder::with_mines();
    let row = |id: u32, name: &str, class: &str, people: u32| {
        format!(
            "{id}\t{name}\t{name}\t\t29.1\t66.1\t{class}\tPPL\tPK\t\t02\t\t\t\t{people}\t\t90\tAsia/Karachi\t2018-01-01\n"
        )
    };
    folder.write(
        "PK.txt",
        row(1, "Town", "P", 5000) + &row(2, "Hill", "T", 0) + &row(3, "Other \"town", "P", 70),
    );
    let text = folder.run(&["check", "PK.txt"]).out;
    assert!(
        text.contains("receptors (settlements), GeoNames")
            && text.contains("3 read, 2 usable, 1 set aside"),
        "{text}"
    );
    let near = folder.answer(&["near", "--at", "66,29", "-r", "PK.txt", "--json"]);
    assert_eq!(near["totals"]["people"], 5070.0);
    assert_eq!(near["neighbors"][0]["id"], "1");
}

#[test]
fn pieces_of_one_data_set_are_read_as_one() {
    let folder = Folder::with_mines();
    let piece = |kind: &str, id: u32, lat: f64| {
        let text = format!(
            "WDPAID,WDPA_PID,NAME,DESIG_ENG,IUCN_CAT,MARINE,REP_AREA,STATUS,ISO3,Latitude,Longitude\n\
             {id},{id},Park {id},National Park,II,0,10,Designated,PAK,{lat},66\n"
        );
        (format!("WDPA_Nov2026_Public_PAK-{kind}.csv"), text)
    };
    let inner = |at: u32| {
        let (points, polygons) = (piece("points", 10 + at, 29.0), piece("polygons", 20 + at, 29.5));
        zip(&[(&points.0, points.1.as_bytes()), (&polygons.0, polygons.1.as_bytes())])
    };
    let parts = [inner(0), inner(1), inner(2)];
    let names = ["WDPA_PAK_0.zip", "WDPA_PAK_1.zip", "WDPA_PAK_2.zip"];
    let members: Vec<(&str, &[u8])> =
        names.into_iter().zip(parts.iter().map(Vec::as_slice)).collect();
    folder.write("WDPA_PAK.zip", zip(&members));
    let text = folder.run(&["check", "WDPA_PAK.zip"]).out;
    assert!(
        text.contains("6 pieces of one data set, all read") && text.contains("6 read, 6 usable"),
        "{text}"
    );
    let near = folder.answer(&[
        "near",
        "--at",
        "66,29",
        "--within",
        "100km",
        "-r",
        "WDPA_PAK.zip",
        "--json",
    ]);
    assert_eq!(near["totals"]["kinds"]["sensitive_areas"], 6);
    // Layers that are no pieces of one another keep names that tell them apart.
    let (other, text) = piece("points", 1, 29.0);
    let mixed = zip(&[
        ("a/parks.csv", text.as_bytes()),
        ("b/lakes.csv", b"lon,lat,name\n66,29,Lake\n"),
        (&other, text.as_bytes()),
    ]);
    folder.write("mixed.zip", mixed);
    assert!(folder.run(&["check", "mixed.zip"]).out.contains("3 layers, of which one is read"));
}
