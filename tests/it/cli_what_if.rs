//! `explain --without` and `--add` give the scores with other incidents; `rank` compares candidates.

use crate::cli::{Folder, INCIDENTS};
use serde_json::{Value, json};

const AS_OF: [&str; 2] = ["--as-of", "2024-07-01"];

fn explained(folder: &Folder, incidents: &str, more: &[&str]) -> Value {
    let asked = ["explain", "dome", "--json", "-s", "sites.csv", "-i", incidents];
    folder.answer(&[&asked[..], &AS_OF, more].concat())
}

fn score(explained: &Value) -> f64 {
    explained["security"]["score"].as_f64().expect("a score")
}

#[test]
fn the_scores_without_an_incident_are_those_of_a_file_without_it() {
    let folder = Folder::with_mines();
    let whole = explained(&folder, "incidents.csv", &[]);
    let contributions = whole["security"]["contributions"].as_array().expect("a list");
    assert!(contributions.len() >= 3, "{whole}");
    for one in contributions {
        let id = one["id"].as_str().expect("an id");
        let without: String = INCIDENTS
            .lines()
            .filter(|line| !line.starts_with(&format!("{id},")))
            .fold(String::new(), |text, line| text + line + "\n");
        folder.write("less.csv", without);
        let less = explained(&folder, "less.csv", &[]);
        let what_if = explained(&folder, "incidents.csv", &["--without", id]);
        assert_eq!(what_if["before"], whole);
        // Except for the day on which the file ends: excluded incidents were still collected.
        for part in ["environment", "overall"] {
            assert_eq!(what_if["after"][part], less[part], "{id}: {part}");
        }
        for part in ["score", "intensity", "contributions"] {
            assert_eq!(what_if["after"]["security"][part], less["security"][part], "{id}: {part}");
        }
        let told = one["score_without"].as_f64().expect("a score");
        assert!((told - score(&less)).abs() < 1e-9, "{id}: {told} told, {} scored", score(&less));
    }
    let two = explained(&folder, "incidents.csv", &["--without", "i-1,i-3"]);
    assert!(score(&two["after"]) < score(&two["before"]));
}

#[test]
fn the_scores_with_an_incident_are_those_of_a_file_with_it() {
    let folder = Folder::with_mines();
    let whole = explained(&folder, "incidents.csv", &[]);
    folder.write(
        "more.csv",
        format!("{INCIDENTS}added-1,2024-06-01,66.55,29.62,,attack,4,\nadded-2,2024-07-01,66.52,29.61,,explosion,,\n"),
    );
    let more = explained(&folder, "more.csv", &[]);
    let added = ["--add", "66.55,29.62,attack,4,2024-06-01", "--add", "66.52,29.61,explosion"];
    let what_if = explained(&folder, "incidents.csv", &added);
    assert_eq!(what_if["before"], whole);
    assert_eq!(score(&what_if["after"]), score(&more));
    assert!(score(&more) > score(&whole));
    // The same without the JSON option.
    let asked = ["explain", "dome", "-s", "sites.csv", "-i", "incidents.csv", "--without", "i-1"];
    let text = folder.done(&[&asked[..], &AS_OF].concat());
    assert!(text.starts_with("What if:\nsecurity: "), "{text}");
}

#[test]
fn what_cannot_be_left_out_or_added_is_refused() {
    let folder = Folder::with_mines();
    for (more, why) in [
        (&["--without", "i-99"][..], "no incident has the id \"i-99\""),
        (&["--add", "66.5,29.6"], "is no incident"),
        (&["--add", "66.5,99.6,attack"], "is not on Earth"),
        (&["--add", "66.5,29.6,picnic"], "is not a type that counts"),
        (&["--add", "66.5,29.6,attack,many"], "has no number of deaths"),
        (&["--add", "66.5,29.6,attack,1,tomorrow"], "is not a date"),
    ] {
        let asked = ["explain", "dome", "-s", "sites.csv", "-i", "incidents.csv"];
        let ended = folder.run(&[&asked[..], more].concat());
        assert_eq!(ended.code, 2, "{}", ended.err);
        assert!(ended.err.contains(why), "{}", ended.err);
    }
}

#[test]
fn candidates_are_ranked_with_their_own_columns_and_what_sets_them_apart() {
    let folder = Folder::with_mines();
    folder.write(
        "camps.csv",
        "id,name,lon,lat,owner\nx,Far,64.9,27.9,A\ny,Near,66.52,29.61,B\nz,Abroad,10.0,50.0,C\nw,Between,66.7,29.9,\n",
    );
    let asked = ["rank", "camps.csv", "-i", "incidents.csv", "--json"];
    let ranking = folder.answer(&[&asked[..], &AS_OF].concat());
    let all = ranking["candidates"].as_array().expect("a list");
    let ids: Vec<&str> = all.iter().filter_map(|one| one["id"].as_str()).collect();
    assert_eq!(ids, ["x", "w", "y", "z"]);
    let ranks: Vec<&Value> = all.iter().map(|one| &one["rank"]).collect();
    assert_eq!(ranks, [&json!(1), &json!(2), &json!(3), &Value::Null]);
    assert_eq!(all[2]["columns"]["owner"], "B");
    assert_eq!(ranking["by"], "security");
    let of = |at: usize| all[at]["security"].as_f64().expect("a score");
    let difference = &ranking["difference"];
    assert_eq!((&difference["first"], &difference["second"]), (&json!("x"), &json!("w")));
    let points = difference["points"].as_f64().expect("points");
    assert!((points - (of(1) - of(0))).abs() < 1e-9);
    // The points of the incidents add up to the difference.
    let apart: f64 = difference["incidents"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["second"].as_f64().expect("points") - one["first"].as_f64().expect("points"))
        .sum();
    assert!((apart - points).abs() < 1e-6, "{apart} {points}");
    let table = folder.done(&[&asked[..4], &AS_OF].concat());
    assert!(table.contains("x is ") && table.contains(" points lower than w."), "{table}");
    let wrong = folder.run(&["rank", "camps.csv", "-i", "incidents.csv", "--by", "beauty"]);
    assert_eq!(wrong.code, 2, "{}", wrong.err);
}
