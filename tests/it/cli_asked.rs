//! Questions that files or options give no answer to are told so, and not answered with nothing.

use crate::cli::Folder;

const CAMPS: &str = "id,name,lon,lat,group,part\nm-1,Dome,66.512,29.613,dome,mine\nc-1,East Camp,66.54,29.62,dome,camp\n";

#[test]
fn a_part_is_named_with_the_site_it_belongs_to() {
    let folder = Folder::with_mines();
    folder.write("camps.csv", CAMPS);
    for called in ["c-1", "east camp"] {
        for asked in [["explain", called, "-s"], ["near", "--site", called]] {
            let mut asked: Vec<&str> = asked.to_vec();
            if asked.last() != Some(&"-s") {
                asked.push("-s");
            }
            asked.extend(["camps.csv", "-i", "incidents.csv"]);
            let ended = folder.run(&asked);
            assert_eq!(ended.code, 2, "{asked:?}");
            let why = "c-1 is a part (camp) of the site m-1, not a site";
            assert!(ended.err.contains(why) && ended.err.contains("ask for m-1"), "{}", ended.err);
        }
    }
}

#[test]
fn a_box_around_a_place_or_a_route_is_refused() {
    let folder = Folder::with_mines();
    folder.write(
        "road.geojson",
        r#"{"type": "LineString", "coordinates": [[66.5, 29.6], [67.1, 29.9]]}"#,
    );
    for asked in [&["risk", "--at", "66.5,29.6"][..], &["corridor", "road.geojson"]] {
        let more = ["-i", "incidents.csv", "--bbox", "60,25,70,31"];
        let ended = folder.run(&[asked, &more].concat());
        assert_eq!(ended.code, 2, "{asked:?}: {}", ended.err);
        assert!(ended.err.contains("--bbox chooses sites"), "{}", ended.err);
    }
}

#[test]
fn kinds_of_which_no_file_was_given_are_told_apart_from_kinds_that_are_not_near() {
    let folder = Folder::with_mines();
    let near = ["near", "--at", "66.5,29.6", "--within", "50km", "-i", "incidents.csv", "--kind"];
    let ended = folder.run(&[&near[..], &["settlements"]].concat());
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(ended.err.contains("note: no file of settlements was given"), "{}", ended.err);
    let ended = folder.run(&[&near[..], &["site"]].concat());
    assert!(!ended.err.contains("no file of"), "{}", ended.err);
}

#[test]
fn an_added_incident_after_the_as_of_date_is_said_to_count_for_nothing() {
    let folder = Folder::with_mines();
    let asked =
        ["explain", "dome", "-s", "sites.csv", "-i", "incidents.csv", "--as-of", "2024-07-01"];
    let ended = folder.run(&[&asked[..], &["--add", "66.55,29.62,attack,4,2024-07-02"]].concat());
    assert_eq!(ended.code, 0, "{}", ended.err);
    let note = "note: added-1 is after the as-of date 2024-07-01 and does not count";
    assert!(ended.err.contains(note), "{}", ended.err);
}

#[test]
fn a_route_without_any_score_has_no_exposure() {
    let folder = Folder::with_mines();
    folder.write(
        "road.geojson",
        r#"{"type": "LineString", "coordinates": [[10.5, 29.6], [10.6, 29.7]]}"#,
    );
    let asked = ["corridor", "road.geojson", "-i", "incidents.csv", "--coverage", "PAK", "--json"];
    let answer = folder.answer(&asked);
    assert_eq!(answer["routes"][0]["mean"], serde_json::Value::Null);
    assert_eq!(answer["routes"][0]["exposure"], serde_json::Value::Null);
}
