//! How draws are asked for: by options, and by the key of a plan.

use crate::cli::Folder;

#[test]
fn what_cannot_be_drawn_is_refused() {
    let folder = Folder::with_mines();
    let score = ["score", "-s", "sites.csv", "-i", "incidents.csv", "-o", "out"];
    for (more, said) in [
        (&["--uncertainty", "5"][..], "expected a whole number from 100 to 100000"),
        (&["--uncertainty", "-1"], "expected a whole number from 100 to 100000"),
        (&["--uncertainty", "--vary", "place"], "did you mean places"),
        (&["--vary", "places"], "--uncertainty"),
    ] {
        let ended = folder.run(&[&score[..], more].concat());
        assert_eq!(ended.code, 2, "{more:?}: {}", ended.err);
        assert!(ended.err.contains(said), "{more:?}: {}", ended.err);
        assert!(!folder.at("out").exists(), "nothing is written");
    }
    let plan =
        "uncertainty = 7\n[inputs]\nsites = [\"sites.csv\"]\nincidents = [\"incidents.csv\"]\n";
    folder.write("plan.toml", plan);
    let ended = folder.run(&["batch", "plan.toml", "-o", "out"]);
    assert_eq!(ended.code, 2, "{}", ended.err);
    assert!(
        ended.err.contains("plan.toml: uncertainty: 7 draws; expected 100 to 100000"),
        "{}",
        ended.err
    );
}

#[test]
fn what_was_drawn_stands_in_the_receipt_and_makes_another_run() {
    let folder = Folder::with_mines();
    let score = ["score", "-q", "-s", "sites.csv", "-i", "incidents.csv", "-o"];
    let receipt = |out: &str, more: &[&str]| {
        folder.done(&[&score[..], &[out], more].concat());
        folder.json(&format!("{out}/receipt.json"))
    };
    let plain = receipt("plain", &[]);
    let drawn = receipt("drawn", &["--uncertainty"]);
    let some = receipt("some", &["--uncertainty", "200", "--vary", "places,site"]);
    assert!(plain.get("draws").is_none() && plain.get("vary").is_none());
    assert_eq!((drawn["draws"].as_u64(), some["draws"].as_u64()), (Some(1000), Some(200)));
    assert_eq!(drawn["vary"], serde_json::json!(["counts", "deaths", "places", "site"]));
    assert_eq!(some["vary"], serde_json::json!(["places", "site"]));
    let fingerprints = [&plain, &drawn, &some].map(|one| one["fingerprint"].clone());
    assert!(fingerprints[0] != fingerprints[1] && fingerprints[1] != fingerprints[2]);
}
