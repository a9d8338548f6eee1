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
    assert!(table.starts_with("place, Pakistan at 66.55,29.65\n"), "{table}");
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

#[test]
fn with_a_number_the_strongest_incidents_are_listed_and_the_rest_is_summed_up() {
    let folder = Folder::new();
    for asked in [
        &["explain", "PK-S001", "--demo", "--json"][..],
        &["risk", "--at", "66.9,30.2", "--demo", "--json"],
        &["explain", "PK-S001", "--demo", "--json", "--without", "PK-I165"],
    ] {
        let whole = folder.answer(asked);
        let sides: &[&str] =
            if asked.contains(&"--without") { &["before", "after"] } else { &[""] };
        for most in [1, 3, 100_000] {
            let some = folder.answer(&[asked, &["--most", &most.to_string()]].concat());
            for side in sides {
                let of = |told: &Value| match *side {
                    "" => told["security"].clone(),
                    side => told[side]["security"].clone(),
                };
                let (whole, some) = (of(&whole), of(&some));
                let [all, listed] = [&whole, &some]
                    .map(|of| of["contributions"].as_array().expect("a list").clone());
                assert_eq!(listed, all[..most.min(all.len())]);
                let score = whole["score"].as_f64().expect("a score");
                assert!((some["score"].as_f64().expect("a score") - score).abs() <= 0.005);
                let points = |of: &[Value]| -> f64 {
                    of.iter().filter_map(|one| one["contribution"].as_f64()).sum()
                };
                match all.len().checked_sub(most).filter(|more| *more > 0) {
                    Some(more) => {
                        assert_eq!(some["rest"]["count"], more);
                        let rest = some["rest"]["contribution"].as_f64().expect("points");
                        assert!((points(&listed) + rest - score).abs() <= 0.005, "{some}");
                    }
                    None => assert!(some.get("rest").is_none(), "{some}"),
                }
            }
        }
    }
}
