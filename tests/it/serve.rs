//! `serve`: the answers of questions are the bytes of the command line.

use crate::cli::TAMARISK;
use crate::served::Server;
use std::process::Command;

/// What the command line prints.
fn tamarisk(args: &[&str]) -> String {
    let ran = Command::new(TAMARISK).args(args).output().expect("the program");
    assert!(ran.status.success(), "{args:?}: {}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).expect("UTF-8")
}

#[test]
fn explanations_of_all_sites_are_those_of_the_command_line() {
    let server = Server::demo();
    let sites = server.get("/collections/sites/items").json();
    let ids: Vec<&str> = sites["features"]
        .as_array()
        .expect("features")
        .iter()
        .filter_map(|one| one["id"].as_str())
        .collect();
    assert!(ids.len() > 40, "{}", ids.len());
    // The command line reads and indexes anew for each, so that some of them have to do.
    for id in ids.iter().step_by(9) {
        let answer = server.get(&format!("/explain/{id}"));
        assert_eq!(answer.status, 200);
        let printed = tamarisk(&["explain", id, "--demo", "--json"]);
        assert_eq!(answer.text(), printed, "{id}");
    }
}

#[test]
fn what_lies_near_a_place_is_that_of_the_command_line() {
    let server = Server::demo();
    for at in ["62.05,29.12", "66.9,30.2", "0,0", "-179.9,-80"] {
        let answer = server.get(&format!("/near?at={at}&within=100km"));
        let printed =
            tamarisk(&["near", &format!("--at={at}"), "--within", "100km", "--demo", "--json"]);
        assert_eq!(answer.text(), printed, "{at}");
        let posted = server.post(
            "/near",
            "application/x-www-form-urlencoded",
            &format!("at={at}&within=100km"),
        );
        assert_eq!(posted.text(), printed, "{at}");
    }
}

#[test]
fn the_score_of_a_place_is_that_of_the_command_line() {
    let server = Server::demo();
    for at in ["62.05,29.12", "66.9,30.2", "10,50"] {
        let answer = server.get(&format!("/risk?at={at}&name=Camp%20A&accuracy=1km"));
        let place = format!("--at={at}");
        let asked = ["risk", &place, "--name", "Camp A", "--accuracy", "1km", "--demo", "--json"];
        assert_eq!(answer.text(), tamarisk(&asked), "{at}");
    }
    let some = server.get("/risk?at=66.9,30.2&most=3").json();
    let listed = some["security"]["contributions"].as_array().map_or(0, Vec::len);
    assert_eq!(listed, 3);
    let all = server.get("/risk?at=66.9,30.2").json();
    let points = |of: &serde_json::Value| -> f64 {
        let of = &of["security"];
        let listed = of["contributions"].as_array().expect("a list").iter();
        listed.filter_map(|one| one["contribution"].as_f64()).sum::<f64>()
            + of["rest"]["contribution"].as_f64().unwrap_or(0.0)
    };
    assert!((points(&some) - points(&all)).abs() < 1e-9);
}

#[test]
fn candidates_and_routes_are_answered_as_on_the_command_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::demo();
    let camps = "id,name,lon,lat,owner\na,Camp A,66.9,30.2,me\nb,Camp B,62.1,29.2,you\n";
    let file = folder.path().join("body.csv");
    std::fs::write(&file, camps).expect("written");
    let ranked = server.post("/rank?by=security", "text/csv", camps);
    let path = file.to_str().expect("UTF-8");
    assert_eq!(ranked.text(), tamarisk(&["rank", path, "--by", "security", "--demo", "--json"]));
    let road = r#"{"type": "Feature", "properties": {"name": "N-40"}, "geometry":
        {"type": "LineString", "coordinates": [[66.9, 30.2], [66.4, 29.9], [65.9, 29.6]]}}"#;
    let file = folder.path().join("body.geojson");
    std::fs::write(&file, road).expect("written");
    let judged = server.post("/corridor?step=5km", "application/geo+json", road);
    let path = file.to_str().expect("UTF-8");
    assert_eq!(judged.text(), tamarisk(&["corridor", path, "--step", "5km", "--demo", "--json"]));
}

#[test]
fn what_other_incidents_would_change_is_that_of_the_command_line() {
    let server = Server::demo();
    let answer = server.get("/explain/PK-S001?add=62.1,29.1,attack,3");
    let asked = ["explain", "PK-S001", "--add=62.1,29.1,attack,3", "--demo", "--json"];
    assert_eq!(answer.text(), tamarisk(&asked));
}
