//! `risk` scores a place that is not a site, as if there were one.

use crate::cli::Folder;
use serde_json::Value;

#[test]
fn a_place_has_the_scores_of_a_site_that_lies_there() {
    let folder = Folder::with_mines();
    folder.write("towns.csv", "id,name,lon,lat,population\nt,Town,66.6,29.7,12000\n");
    folder.write("one.csv", "id,name,lon,lat,position_accuracy_km\np,Here,66.55,29.65,2\n");
    let files = ["-i", "incidents.csv", "-r", "settlements=towns.csv", "--complete", "settlements"];
    let explained = [&["explain", "p", "--json", "-s", "one.csv"], &files[..]].concat();
    let asked = ["risk", "--at", "66.55,29.65", "--accuracy", "2km", "--name", "Here", "--json"];
    let (mut site, mut place) =
        (folder.answer(&explained), folder.answer(&[&asked[..], &files].concat()));
    assert!(place["security"]["score"].as_f64().is_some_and(|score| score > 1.0), "{place}");
    assert_eq!((place["site"].take(), place["name"].take()), ("Here".into(), "Here".into()));
    site["site"].take();
    site["name"].take();
    // Contributions name the counting part by its id.
    let parts = |one: &mut Value| {
        for of in one["security"]["contributions"].as_array_mut().expect("a list") {
            of["part"].take();
        }
    };
    parts(&mut site);
    parts(&mut place);
    assert_eq!(site, place);
    // The accuracy of the position affects the score.
    let blurred = ["risk", "--at", "66.55,29.65", "--accuracy", "60km", "--json"];
    let blurred = folder.answer(&[&blurred[..], &files].concat());
    assert_ne!(blurred["security"]["score"], place["security"]["score"]);
    let table = folder.done(&[&["risk", "--at", "66.55,29.65"], &files[..]].concat());
    assert!(table.starts_with("place at 66.55,29.65\n"), "{table}");
}

#[test]
fn a_place_needs_something_to_be_scored_by_and_to_lie_on_earth() {
    let folder = Folder::with_mines();
    for (asked, why) in [
        (&["risk", "--at", "66,30"][..], "neither incidents nor receptors are given"),
        (&["risk", "--at", "66,95", "-i", "incidents.csv"], "95"),
        (&["risk", "--at", "66,30", "-i", "incidents.csv", "--accuracy", "3"], "is not a length"),
    ] {
        let ended = folder.run(asked);
        assert_eq!(ended.code, 2, "{}", ended.err);
        assert!(ended.err.contains(why), "{}", ended.err);
    }
}
