//! `near` lists everything around a place, nearest first, anywhere on Earth.

use crate::cli::{Dice, Folder};
use serde_json::{Value, json};
use tamarisk::earth::Position;

fn neighbors(folder: &Folder, args: &[&str]) -> Vec<Value> {
    let answer = folder.answer(&[&["near", "--json"], args].concat());
    answer["neighbors"].as_array().expect("a list").clone()
}

fn ids(list: &[Value]) -> Vec<&str> {
    list.iter().map(|one| one["id"].as_str().expect("an id")).collect()
}

fn km(one: &Value) -> f64 {
    one["distance_km"].as_f64().expect("a distance")
}

/// A cloud of incidents around a center, and their positions.
fn cloud(folder: &Folder, [lon, lat]: [f64; 2], spread: f64) -> Vec<(String, Position)> {
    let mut dice = Dice::new(12);
    let mut rows = "id,date,lon,lat,country,event_type\n".to_owned();
    let mut all = Vec::new();
    for n in 0..400 {
        let mut offset = || spread * (dice.below(2001) as f64 / 1000.0 - 1.0);
        let (x, y) = (lon + offset(), (lat + offset()).clamp(-90.0, 90.0));
        let x = if x > 180.0 {
            x - 360.0
        } else if x < -180.0 {
            x + 360.0
        } else {
            x
        };
        rows.push_str(&format!("i{n},2024-01-01,{x:.6},{y:.6},,Battles\n"));
        let rounded = |v: f64| format!("{v:.6}").parse().expect("a number");
        all.push((
            format!("i{n}"),
            Position::from_degrees(rounded(x), rounded(y)).expect("on Earth"),
        ));
    }
    folder.write("cloud.csv", rows);
    all
}

#[test]
fn everything_within_is_listed_and_nothing_else() {
    for (middle, spread) in [
        ([66.0, 30.0], 1.0),
        ([180.0, 10.0], 1.0),
        ([-180.0, -60.0], 2.0),
        ([20.0, 90.0], 3.0),
        ([0.0, 0.0], 1.0),
    ] {
        let folder = Folder::new();
        let all = cloud(&folder, middle, spread);
        let at = Position::from_degrees(middle[0], middle[1]).expect("on Earth");
        let mut expected: Vec<(f64, &str)> = all
            .iter()
            .map(|(id, position)| {
                (tamarisk::earth::geodesic::distance(at, *position).km(), id.as_str())
            })
            .collect();
        expected.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(b.1)));
        let place = format!("{},{}", middle[0], middle[1]);
        let within: Vec<&str> =
            expected.iter().filter(|(km, _)| *km <= 80.0).map(|e| e.1).collect();
        assert!(within.len() > 20 && within.len() < 400, "{middle:?}: {}", within.len());

        let found = neighbors(&folder, &["--at", &place, "--within", "80km", "-i", "cloud.csv"]);
        assert_eq!(ids(&found), within, "{middle:?}");
        for (one, (km_expected, _)) in found.iter().zip(&expected) {
            assert!((km(one) - km_expected).abs() < 1e-6, "{middle:?}: {one}");
        }
        // The same, differently expressed.
        let meters = neighbors(&folder, &["--at", &place, "--within", "80000m", "-i", "cloud.csv"]);
        assert_eq!(meters, found);
        let some =
            neighbors(&folder, &["--at", &place, "--within", "80km", "-k", "7", "-i", "cloud.csv"]);
        assert_eq!(some, found[..7]);
        let nearest = neighbors(&folder, &["--at", &place, "-k", "7", "-i", "cloud.csv"]);
        assert_eq!(nearest, found[..7]);
        let unasked = neighbors(&folder, &["--at", &place, "-i", "cloud.csv"]);
        assert_eq!(unasked, found[..10], "ten where nobody says how many");
        let every = neighbors(&folder, &["--at", &place, "-k", "1000", "-i", "cloud.csv"]);
        assert_eq!(ids(&every), expected.iter().map(|e| e.1).collect::<Vec<_>>());
    }
}

#[test]
fn a_site_is_not_near_itself_and_ties_are_in_order() {
    let folder = Folder::new();
    folder
        .write("sites.csv", "id,name,lon,lat\nb,B,66.5,30.25\na,A,66.5,30.25\nc,C,66.5,30.25\nd,D,66.5,30.5\n")
        .write("incidents.csv", "id,date,lon,lat,country,event_type\nz,2024-03-01,66.5,30.25,,Riots\ny,2024-02-01,66.5,30.25,,Riots\n")
        .write("rivers.geojson", json!({"type": "Feature", "id": "r", "properties": {"name": "River"},
            "geometry": {"type": "LineString", "coordinates": [[66.0, 30.25], [66.5, 30.25]]}}).to_string());
    let files = ["-s", "sites.csv", "-i", "incidents.csv", "-r", "rivers=rivers.geojson"];
    let of = |more: &[&str]| neighbors(&folder, &[more, &files[..]].concat());
    let kinds = |list: &[Value]| -> Vec<String> {
        list.iter()
            .map(|one| {
                format!(
                    "{} {}",
                    one["kind"].as_str().expect("a kind"),
                    one["id"].as_str().expect("an id")
                )
            })
            .collect()
    };
    let at_b = of(&["--site", "b", "-k", "9"]);
    assert_eq!(
        kinds(&at_b),
        ["incident y", "incident z", "rivers r", "site a", "site c", "site d"]
    );
    assert!(at_b[..5].iter().all(|one| km(one) == 0.0), "{at_b:?}");
    let at = of(&["--at", "66.5,30.25", "-k", "9"]);
    assert_eq!(
        kinds(&at),
        ["incident y", "incident z", "rivers r", "site a", "site b", "site c", "site d"]
    );
    assert_eq!(of(&["--site", "b", "-k", "2"]), at_b[..2], "ties are cut in their order");
    assert_eq!(of(&["--site", "B", "-k", "9"]), at_b, "by name");
    assert_eq!(of(&["--site", "b", "--within", "1m"]), at_b[..5]);
    assert_eq!(at_b[0]["date"], "2024-02-01");

    let answer =
        folder.answer(&[&["near", "--json", "--site", "b", "-k", "1"], &files[..]].concat());
    assert_eq!(
        (&answer["site"], &answer["lon"], &answer["lat"]),
        (&json!("b"), &json!(66.5), &json!(30.25))
    );

    let table = folder.done(&[&["near", "--site", "b", "-k", "9"], &files[..]].concat());
    let lines: Vec<Vec<&str>> =
        table.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["km", "bearing", "kind", "date", "deaths", "id", "name"]);
    assert_eq!(lines[1][2..], ["security", "incident", "2024-02-01", "y", "Riots"]);
    assert_eq!(lines.len(), 9);
    assert_eq!(lines[7].join(" "), "2 security incidents, 1 river, 3 sites; the nearest 6");
    assert!(lines[8].join(" ").starts_with("incidents cover "), "{table}");
    assert_eq!(lines[6][2..], ["site", "d", "D"]);
    assert_eq!(lines[6][1], "0.0°", "due north");
}

#[test]
fn nothing_near_is_said_and_is_no_error() {
    let folder = Folder::with_mines();
    let ended = folder.run(&["near", "--at", "0,0", "--within", "1km", "-i", "incidents.csv"]);
    assert_eq!((ended.code, ended.out.as_str()), (0, "Nothing found within 1 km.\n"));
    assert!(ended.err.starts_with("note: incidents do not cover this place"), "{}", ended.err);
    assert!(!ended.err.contains("hint"), "nothing lies where the numbers are swapped, either");
    assert!(
        neighbors(&folder, &["--at", "0,0", "--within", "1km", "-i", "incidents.csv"]).is_empty()
    );
    folder.write("empty.csv", "");
    assert!(neighbors(&folder, &["--at", "0,0", "-k", "3", "-i", "empty.csv"]).is_empty());
}

#[test]
fn who_swaps_longitude_and_latitude_is_told() {
    let folder = Folder::with_mines();
    let near = |more: &[&str]| folder.run(&[&["near", "-i", "incidents.csv"], more].concat());
    let ended = near(&["--at", "29.601,66.523", "--within", "800m"]);
    assert_eq!((ended.code, ended.out.as_str()), (0, "Nothing found within 800 m.\n"));
    let hint = "hint: --at takes longitude first; with the numbers swapped (66.523,29.601) there is 1 within 800 m";
    assert_eq!(ended.err.lines().last(), Some(hint));
    let ended = near(&["--at", "29.601,66.523", "-k", "1"]);
    assert!(ended.err.contains("the nearest is 0 km away"), "{}", ended.err);
    let swapped = |more: &[&str]| {
        let ended = near(&[&["--json"], more].concat());
        let answer: Value = serde_json::from_str(&ended.out).expect("JSON");
        (answer["swapped"].clone(), ended.err)
    };
    let (told, err) = swapped(&["--at", "29.6,66.5", "--within", "100km", "-k", "2"]);
    assert_eq!(
        (&told["lon"], &told["lat"], &told["found"]),
        (&json!(66.5), &json!(29.6), &json!(2))
    );
    assert!((told["nearest_km"].as_f64().expect("km") - 2.23).abs() < 0.01, "{told}");
    assert_eq!(err, "");
    // If something is found, if swapping does not help, and if a site was named.
    for more in [
        &["--at", "66.5,29.6", "--within", "100km"][..],
        &["--at", "66.5,29.6"],
        &["--at", "20,66.5", "--within", "100km"],
        &["--at", "100,29.6", "--within", "100km"],
        &["--at", "60,20", "-k", "1"],
        &["--site", "far", "-s", "sites.csv", "--within", "1km"],
    ] {
        assert_eq!(swapped(more), (Value::Null, String::new()), "{more:?}");
    }
}

#[test]
fn a_coordinate_may_be_negative_and_an_incident_without_a_place_is_not_near() {
    let folder = Folder::new();
    folder.write(
        "incidents.csv",
        "id,date,lon,lat,country,event_type,fatalities,position_accuracy_km\n\
         x,2024-01-01,-70.5,-33.25,Chile,Riots,2,7\n",
    );
    for at in ["-70.5,-33.5", " -70.5 , -33.5 ", "289.5,-33.5"] {
        let ended = folder.run(&["near", "--json", "--at", at, "-k", "1", "-i", "incidents.csv"]);
        if at.starts_with("289") {
            assert_eq!(ended.code, 2, "{at}");
            continue;
        }
        let found: Value = serde_json::from_str(&ended.out).expect("JSON");
        let one = &found["neighbors"][0];
        assert!((km(one) - 27.7).abs() < 0.1, "{one}");
        assert_eq!((&one["fatalities"], &one["position_accuracy_km"]), (&json!(2), &json!(7.0)));
    }
}

#[test]
fn kinds_and_days_are_chosen_and_what_is_found_is_counted() {
    let folder = Folder::new();
    folder.write(
        "incidents.csv",
        "id,date,lon,lat,country,event_type,fatalities,position_accuracy_km\n\
         a,2020-01-01,66.00,30.00,Pakistan,Battles,4,5\n\
         b,2021-06-01,66.01,30.00,Pakistan,Battles,,0.5\n\
         c,2024-01-01,66.02,30.00,Pakistan,Riots,3,\n\
         d,2024-02-01,66.03,30.00,Pakistan,Riots,,0.005\n",
    );
    folder.write(
        "towns.csv",
        "id,name,lon,lat,population\nt,Town,66.05,30.0,1200\nv,Village,66.06,30.0,\nw,Far,67.5,30.0,9000\n",
    );
    let files = ["-i", "incidents.csv", "-r", "settlements=towns.csv"];
    let of = |more: &[&str]| {
        let at = ["near", "--at", "66.0,30.0", "--json"];
        folder.answer(&[&at[..], more, &files].concat())
    };
    let listed = |answer: &Value| {
        let list = answer["neighbors"].as_array().expect("a list").clone();
        ids(&list).join(" ")
    };
    let all = of(&["--within", "20km"]);
    assert_eq!(listed(&all), "a b c d t v");
    let totals = json!({
        "kinds": {"incident": 4, "settlements": 2},
        "incidents": {"security": {"count": 4, "deaths": 7, "deaths_unknown": 2}},
        "deaths": 7, "people": 1200.0
    });
    assert_eq!(all["totals"], totals);
    let few = of(&["--within", "20km", "-k", "2"]);
    assert_eq!(
        (listed(&few).as_str(), &few["totals"]),
        ("a b", &totals),
        "all that is there is counted"
    );
    assert_eq!(listed(&of(&["--within", "12.5 mi"])), "a b c d t v");
    assert_eq!(listed(&of(&["--kind", "settlement", "-k", "2"])), "t v");
    assert_eq!(listed(&of(&["--kind", "incidents", "--since", "2021-06-01", "-k", "2"])), "b c");
    let near = &of(&["--kind", "settlements", "-k", "1"])["neighbors"][0];
    assert_eq!((&near["lon"], &near["lat"]), (&json!(66.05), &json!(30.0)));

    let points =
        folder.done(&[&["near", "--at", "66,30", "-k", "9", "--geojson"], &files[..]].concat());
    let points: geojson::FeatureCollection = points.parse().expect("GeoJSON");
    assert_eq!(points.features.len(), 7);
    // A distance has only the digits that the position's accuracy supports.
    let table = folder.done(
        &[&["near", "--at", "66,30.01", "-k", "4", "--kind", "incident"], &files[..]].concat(),
    );
    let km: Vec<&str> =
        table.lines().skip(1).take(4).filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(km, ["1", "1.5", "2.2", "3.099"]);
    let wrong =
        folder.run(&[&["near", "--at", "66,30", "--kind", "incidint"], &files[..]].concat());
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("did you mean incident"), "{}", wrong.err);
}
