//! What a run scores and what it leaves without a score: no input, no coverage, a layer declared complete, built-in
//! schemes, many incidents at one place, sites with a shape.

use crate::cli::{Folder, column, features};
use serde_json::{Value, json};

#[test]
fn inputs_without_records_give_valid_empty_layers_and_no_score() {
    let folder = Folder::with_mines();
    folder
        .write("header_sites.csv", "id,name,lon,lat\n")
        .write("header_incidents.csv", "id,date,lon,lat,country,event_type,fatalities\n")
        .write("empty.csv", "")
        .write("blank.csv", "\n\n")
        .write("empty.geojson", r#"{"type":"FeatureCollection","features":[]}"#)
        .write("nowhere.csv", "id,name,lon,lat\na,A,,\nb,B,95,x\n");
    for sites in ["header_sites.csv", "empty.csv", "blank.csv", "empty.geojson", "nowhere.csv"] {
        let ended = folder.run(&["score", "-s", sites, "-i", "incidents.csv", "-o", "out"]);
        assert_eq!(ended.code, 0, "{sites}: {}", ended.err);
        assert!(ended.out.starts_with("no sites"), "{sites}: {}", ended.out);
        for layer in ["sites", "rings", "links"] {
            let layer = folder.json(&format!("out/{layer}.geojson"));
            assert_eq!(layer["type"], "FeatureCollection");
            assert_eq!(layer["features"], json!([]), "{sites}");
        }
    }
    for incidents in ["header_incidents.csv", "empty.csv", "empty.geojson"] {
        folder.done(&["score", "-s", "sites.csv", "-i", incidents, "-o", "out"]);
        let layer = folder.json("out/sites.geojson");
        for name in ["security_score", "environment_score", "overall_score", "security_intensity"] {
            for (id, score) in column(&layer, name) {
                assert_eq!(score, Value::Null, "{incidents}: {id}: {name}");
            }
        }
        assert!(column(&layer, "security_band").values().all(|band| band == "no data"));
        assert_eq!(folder.json("out/incidents.geojson")["features"], json!([]));
    }
    // Without any incident file it is the same.
    folder.done(&["score", "-s", "sites.csv", "-o", "out"]);
    let layer = folder.json("out/sites.geojson");
    assert!(column(&layer, "security_score").values().all(Value::is_null));
}

#[test]
fn a_site_in_another_country_has_no_score_but_its_counts() {
    let folder = Folder::with_mines();
    folder.write(
        "abroad.csv",
        "id,name,lon,lat\nhome,Home,66.9,30.0\nabroad,Abroad,66.2,31.2\nsea,Sea,64.0,20.0\n",
    );
    folder.write(
        "incidents.csv",
        format!("{}i-9,2024-05-05,66.45,30.92,Pakistan,Battles,2,1\n", crate::cli::INCIDENTS),
    );
    let score = |more: &[&str]| {
        let args = ["score", "-q", "-s", "abroad.csv", "-i", "incidents.csv", "-o", "out"];
        folder.done(&[&args[..], more].concat());
        folder.json("out/sites.geojson")
    };
    let layer = score(&[]);
    assert_eq!(column(&layer, "country")["abroad"], "AFG");
    assert_eq!(column(&layer, "security_score")["abroad"], Value::Null);
    assert_eq!(column(&layer, "security_band")["abroad"], "no data");
    assert!(column(&layer, "incidents_50km")["abroad"].as_f64() >= Some(1.0));
    assert!(column(&layer, "nearest_incident_km")["abroad"].as_f64() < Some(50.0));
    assert_eq!(column(&layer, "security_score")["sea"], Value::Null);
    assert!(column(&layer, "security_score")["home"].as_f64() > Some(0.0));

    // Coverage as a user states it: everywhere, by code, by name, by area.
    let ring = json!([[66.0, 30.5], [67.0, 30.5], [67.0, 31.5], [66.0, 31.5], [66.0, 30.5]]);
    let area = json!({"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}});
    folder.write("area.geojson", area.to_string());
    for (coverage, home, abroad, sea) in [
        ("all", true, true, true),
        ("ALL", true, true, true),
        ("AFG", false, true, false),
        ("afg,pak", true, true, false),
        ("Afghanistan", false, true, false),
        ("area.geojson", false, true, false),
    ] {
        let layer = score(&["--coverage", coverage]);
        let scores = column(&layer, "security_score");
        for (site, has) in [("home", home), ("abroad", abroad), ("sea", sea)] {
            assert_eq!(scores[site].is_number(), has, "--coverage {coverage}: {site}");
        }
        assert_eq!(
            column(&layer, "incidents_50km")["abroad"].as_f64().map(|n| n >= 1.0),
            Some(true)
        );
    }
    // If everything is covered, a place far from all incidents is calm, not unknown.
    let layer = score(&["--coverage", "all"]);
    assert_eq!(column(&layer, "security_score")["sea"], 0.0);
    assert_eq!(column(&layer, "security_band")["sea"], "very low");
}

#[test]
fn a_layer_declared_complete_tells_nothing_near_from_not_known() {
    let folder = Folder::with_mines();
    folder.write("towns.csv", "id,name,lon,lat,population\nt,Town,72,34,9000\n");
    let score = |more: &[&str]| {
        let args = ["score", "-q", "-s", "sites.csv", "-r", "settlements=towns.csv", "-o", "out"];
        folder.done(&[&args[..], more].concat());
        column(&folder.json("out/sites.geojson"), "e6_people")
    };
    assert!(score(&[]).values().all(Value::is_null), "not known");
    assert!(score(&["--complete", "settlements"]).values().all(|people| *people == 0.0), "none");
    assert_eq!(folder.json("out/receipt.json")["complete"], json!(["settlements"]));
}

#[test]
fn built_in_schemes_score_what_they_say() {
    let folder = Folder::new();
    let scores = |scheme: &str, name: &str| {
        folder.done(&["score", "-q", "--demo", "--scheme", scheme, "-o", "out"]);
        column(&folder.json("out/sites.geojson"), name)
    };
    let known = |scores: &std::collections::BTreeMap<String, Value>| {
        scores.values().filter(|score| score.is_number()).count()
    };
    let default = scores("default", "security_score");
    assert_eq!(scores("security-only", "security_score"), default);
    assert_eq!(known(&scores("security-only", "environment_score")), 0);
    let environment = scores("default", "environment_score");
    let biodiversity = scores("biodiversity", "environment_score");
    assert!(known(&biodiversity) > 0);
    assert_ne!(biodiversity, environment);
    // A scheme written out and read back is the same scheme.
    folder.done(&["score", "-q", "--demo", "-o", "built-in"]);
    folder.write("mine.toml", folder.done(&["scheme", "show", "default"]));
    folder.done(&["score", "-q", "--demo", "--scheme", "mine.toml", "-o", "from-file"]);
    assert_eq!(folder.files("built-in"), folder.files("from-file"));
    // The half-life changed by hand changes the scores.
    let changed =
        folder.done(&["scheme", "show"]).replace("half_life_days = 365.0", "half_life_days = 30.0");
    folder.write("mine.toml", changed);
    assert_ne!(scores("mine.toml", "security_score"), default);
}

#[test]
fn twenty_thousand_sites_and_incidents_at_one_place_are_scored() {
    let folder = Folder::new();
    let rows = |line: &dyn Fn(usize) -> String| (0..20_000).map(line).collect::<String>();
    folder
        .write("sites.csv", "id,name,lon,lat\na,A,66.512,29.613\nb,B,66.512,29.613\n")
        .write(
            "incidents.csv",
            format!(
                "id,date,lon,lat,country,event_type,fatalities\n{}",
                rows(&|n| format!("i{n},2024-01-01,66.512,29.613,Pakistan,Battles,1\n"))
            ),
        )
        .write(
            "many.csv",
            format!("id,name,lon,lat\n{}", rows(&|n| format!("s{n},S,68.312,27.613\n"))),
        );
    folder.done(&["score", "-q", "-s", "sites.csv", "-i", "incidents.csv", "-o", "out"]);
    let layer = folder.json("out/sites.geojson");
    for name in ["incidents_5km", "incidents_100km", "fatalities_5km"] {
        assert_eq!(column(&layer, name)["a"], 20_000.0, "{name}");
    }
    assert_eq!(column(&layer, "nearest_incident_km")["a"], 0.0);
    // Ties go to the first id.
    assert_eq!(column(&layer, "nearest_incident_id")["a"], "i0");
    let score = column(&layer, "security_score")["a"].as_f64().expect("a score");
    assert!(score > 99.0 && score <= 100.0, "{score}");

    folder.write(
        "few.csv",
        "id,date,lon,lat,country,event_type\ni,2024-01-01,68.4,27.6,PAK,Battles\n",
    );
    folder.done(&[
        "score", "-q", "-s", "many.csv", "-i", "few.csv", "-o", "many", "--layers", "sites",
    ]);
    let scores = column(&folder.json("many/sites.geojson"), "security_score");
    assert_eq!(scores.len(), 20_000);
    assert!(scores.values().all(|score| *score == scores["s0"]));
    // Beyond 10,000 features, rings are written only on request, with a note.
    let some: String = String::from_utf8(folder.bytes("many.csv"))
        .expect("UTF-8")
        .lines()
        .take(2_102)
        .map(|line| format!("{line}\n"))
        .collect();
    folder.write("some.csv", some);
    let ended = folder.run(&["score", "-s", "some.csv", "-i", "few.csv", "-o", "all"]);
    assert!(ended.err.contains("--layers rings"), "{}", ended.err);
    assert!(!folder.files("all").contains_key("rings.geojson"));
    assert!(folder.files("all").contains_key("incidents.geojson"));
}

#[test]
fn sites_with_a_shape_have_distance_zero_inside_and_a_footprint() {
    let folder = Folder::new();
    let square =
        |x: f64, y: f64| json!([[[x, y], [x + 0.2, y], [x + 0.2, y + 0.2], [x, y + 0.2], [x, y]]]);
    let feature = |id: &str, geometry: Value, more: Value| {
        let mut properties = json!({"name": id});
        let more = more.as_object().expect("an object").clone();
        properties.as_object_mut().expect("an object").extend(more);
        json!({"type": "Feature", "id": id, "geometry": geometry, "properties": properties})
    };
    let polygon = |x, y| json!({"type": "Polygon", "coordinates": square(x, y)});
    let line = json!({"type": "LineString", "coordinates": [[66.5, 29.0], [66.9, 29.0]]});
    let sites = json!({"type": "FeatureCollection", "features": [
        feature("pit", polygon(66.0, 30.0), json!({})),
        feature("haul", line.clone(), json!({})),
        feature("head", json!({"type": "Point", "coordinates": [67.5, 30.5]}), json!({"group": "g", "part": "mine"})),
        feature("road", line, json!({"group": "g", "part": "road"})),
        feature("camp", polygon(67.0, 29.5), json!({"group": "g", "part": "camp"})),
    ]});
    folder.write("sites.geojson", sites.to_string());
    folder.write(
        "incidents.csv",
        "id,date,lon,lat,country,event_type,fatalities,position_accuracy_km\n\
         in,2024-01-01,66.15,30.05,Pakistan,Battles,1,1\n\
         on,2024-01-02,66.7,29.0,Pakistan,Battles,1,1\n\
         camped,2024-01-03,67.1,29.6,Pakistan,Battles,1,1\n",
    );
    folder.write("town.csv", "id,name,lon,lat,population\nt,Town,66.1,30.1,500\n");
    let inputs = ["-s", "sites.geojson", "-i", "incidents.csv", "-r", "settlements=town.csv"];
    folder.done(&[&["score", "-q", "-o", "out"], &inputs[..]].concat());
    let layer = folder.json("out/sites.geojson");
    assert_eq!(features(&layer).keys().collect::<Vec<_>>(), ["haul", "head", "pit"]);
    let of = |name: &str, site: &str| column(&layer, name)[site].clone();
    assert_eq!(of("nearest_incident_id", "pit"), "in");
    assert_eq!(of("nearest_incident_km", "pit"), 0.0);
    assert_eq!(of("nearest_settlement_km", "pit"), 0.0);
    assert_eq!(of("nearest_incident_id", "haul"), "on");
    assert!(of("nearest_incident_km", "haul").as_f64() < Some(0.3), "a line of degrees bends");
    assert_eq!(of("linked_parts", "head"), 2.0);
    // The mine itself is far away; an incident at the camp counts for the group.
    assert_eq!(of("driver_1", "head"), "camped");
    assert_eq!(of("driver_1_km", "head"), 0.0);
    for layer in features(&layer).values() {
        assert_eq!(layer["geometry"]["type"], "Point");
    }
    let areas = folder.json("out/footprints.geojson");
    let lines = folder.json("out/footprint_lines.geojson");
    assert_eq!(features(&areas).keys().collect::<Vec<_>>(), ["camp", "pit"]);
    assert_eq!(features(&lines).keys().collect::<Vec<_>>(), ["haul", "road"]);
    assert!(features(&areas).values().all(|f| f["geometry"]["type"] == "MultiPolygon"));
    assert!(features(&lines).values().all(|f| f["geometry"]["type"] == "MultiLineString"));
    assert_eq!(column(&areas, "scored_with")["camp"], "head");
    assert_eq!(column(&lines, "scored_with")["road"], "head");
    assert_eq!(column(&areas, "security_score")["camp"], of("security_score", "head"));
    let explained = folder.answer(&[&["explain", "head", "--json"], &inputs[..]].concat());
    assert_eq!(explained["security"]["contributions"][0]["part"], "camp");
}
