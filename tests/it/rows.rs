//! Records that are not selected are left out and counted, without a finding.

use crate::cli::Folder;
use serde_json::Value;

const SITES: &str = "id,name,lon,lat,status\np,Pit,67.0,30.2,Operating\na,Adit,69.2,34.5,Closed\n";
const INCIDENTS: &str = "id,date,lon,lat,country,admin1,event_type,fatalities,when2\n\
    1,2019-01-02,69.2,34.4,Afghanistan,Kabul,attack,2,02/01/2019\n\
    2,2023-05-01,67.1,30.3,Pakistan,Balochistan,attack,3,01/05/2023\n\
    3,2024-02-01,67.2,30.3,Pakistan,\"Sindh, lower\",riot,,01/02/2024\n\
    4,2024-03-01,67.2,30.4,Pakistan,balochistan,battle,12,01/03/2024\n\
    5,2024-03-05,67.2,30.4,Pakistan,,battle,x,05/03/2024\n";

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("sites.csv", SITES).write("incidents.csv", INCIDENTS);
    folder
}

const SCORE: [&str; 7] = ["score", "-s", "sites.csv", "-i", "incidents.csv", "-o", "out"];

fn scored(folder: &Folder, args: &[&str]) -> (String, Value) {
    let ended = folder.run(&[&SCORE[..], args, &["--replace"]].concat());
    assert_eq!(ended.code, 0, "{args:?}: {}", ended.err);
    (ended.out, folder.json("out/receipt.json"))
}

/// The ids of the incidents that are drawn.
fn kept(folder: &Folder) -> String {
    let layer = folder.json("out/incidents.geojson");
    let features = layer["features"].as_array().expect("features").iter();
    features.map(|f| f["id"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn conditions_choose_records() {
    let folder = folder();
    for (condition, expected) in [
        ("admin1 in Balochistan", "24"),
        ("incidents.admin1 in Balochistan, \"Sindh, lower\"", "234"),
        ("admin1 = \"Sindh, lower\"", "3"),
        ("ADMIN1 not in Balochistan,Kabul", "35"),
        ("fatalities >= 3", "24"),
        ("fatalities < 3", "1"),
        ("fatalities = 3.0", "2"),
        ("date >= 2024-02-01", "345"),
        ("date < 2024-02-01", "12"),
        ("\"admin1\" in KABUL", "1"),
        ("country != Pakistan", "1"),
        ("country!=Afghanistan", "2345"),
        ("admin1 != Balochistan, Kabul", "35"),
        ("country = 'Pakistan'", "2345"),
        ("country in 'Pakistan',“Kabul”", "2345"),
        ("admin1 = 'Sindh, lower'", "3"),
        ("sites.status = Operating", "12345"),
    ] {
        let (out, receipt) = scored(&folder, &["--where", condition]);
        assert_eq!(kept(&folder), expected, "{condition}");
        let of = &receipt["counts"]["incidents"];
        let count = |name: &str| of[name].as_u64().unwrap_or(0);
        assert_eq!(count("read"), 5, "{condition}");
        assert_eq!(
            count("scored") + count("set_aside") + count("left_out"),
            5,
            "{condition}: {of}"
        );
        assert_eq!(count("left_out"), 5 - expected.len() as u64, "{condition}: {of}");
        let left = 5 - expected.len();
        assert_eq!(
            out.contains(&format!("5 read, 0 faulty, {left} left out as not asked for")),
            left > 0,
            "{out}"
        );
    }
    let (out, receipt) = scored(&folder, &["--where", "sites.status = operating"]);
    assert_eq!(receipt["counts"]["sites"]["left_out"], 1, "{out}");
    assert_eq!(receipt["inputs"][0]["left_out"], 1);
    assert_eq!(receipt["inputs"][0]["used"], 1);
    let (_, receipt) =
        scored(&folder, &["--where", "admin1 = balochistan", "--where", "fatalities < 5"]);
    assert_eq!(
        (kept(&folder).as_str(), &receipt["counts"]["incidents"]["left_out"]),
        ("2", &Value::from(4))
    );
}

#[test]
fn dates_are_compared_as_the_file_writes_them() {
    let folder = folder();
    let args = [
        "--map",
        "incidents.date=when2,incidents.date_format=%d/%m/%Y",
        "--where",
        "when2 >= 2024-02-01",
    ];
    scored(&folder, &args);
    assert_eq!(kept(&folder), "345");
}

#[test]
fn what_is_left_out_is_no_finding() {
    let folder = folder();
    let rejects =
        |folder: &Folder| String::from_utf8(folder.bytes("out/rejects.csv")).expect("text");
    scored(&folder, &[]);
    assert!(rejects(&folder).contains("line 6"), "{}", rejects(&folder));
    scored(&folder, &["--where", "admin1 in Balochistan"]);
    assert!(!rejects(&folder).contains("line 6"), "{}", rejects(&folder));
    folder.write(
        "incidents.csv",
        INCIDENTS.replace("2019-01-02,69.2,34.4,Afghanistan", "2019-01-02,69.2,34.4,Atlantis"),
    );
    scored(&folder, &["--since", "2020-01-01"]);
    assert!(!rejects(&folder).contains("Atlantis"), "{}", rejects(&folder));
}

#[test]
fn a_file_read_from_a_day_on_covers_from_then() {
    let folder = folder();
    let (_, receipt) = scored(&folder, &["--as-of", "2024-03-05"]);
    let covered = |receipt: &Value| receipt["coverage"]["security"][0].clone();
    assert_eq!(covered(&receipt)["from"], "2019-01-02");
    let (out, receipt) = scored(&folder, &["--as-of", "2024-03-05", "--since", "2023-06-01"]);
    assert_eq!(kept(&folder), "345");
    assert!(out.contains("5 read, 0 faulty, 2 left out as not asked for"), "{out}");
    assert_eq!(covered(&receipt)["from"], "2023-06-01", "not the first incident that is left");
    // The file goes on to cover a country of which the last incident is older: calm, not unknown.
    assert_eq!(covered(&receipt)["places"], serde_json::json!(["AFG", "PAK"]));
    let (_, receipt) = scored(&folder, &["--as-of", "2024-03-05", "--since", "2018-06-01"]);
    assert_eq!(covered(&receipt)["from"], "2019-01-02", "nothing was left out");
    assert!(receipt["counts"]["incidents"].get("left_out").is_none());
    let declared = ["--coverage", "PAK:2015-01-01/..", "--since", "2023-06-01"];
    let (_, receipt) = scored(&folder, &declared);
    assert_eq!(covered(&receipt)["from"], "2023-06-01");
}

#[test]
fn a_plan_of_a_batch_chooses_the_same() {
    let folder = folder();
    folder.write(
        "plan.toml",
        "[inputs]\nsites = [\"sites.csv\"]\nincidents = [\"incidents.csv\"]\nmerge_sources = true\n\
         [inputs.read]\nsince = \"2024-01-01\"\nwhere = [\"admin1 in Balochistan\"]\ntypes = [\"types.csv\"]\n",
    );
    folder.write("types.csv", "word,type\nbattle,riots\n");
    folder.done(&["batch", "plan.toml", "-o", "out"]);
    let written = std::fs::read_dir(folder.at("out/all/default")).expect("frames");
    let frame = written.map(|e| e.expect("an entry").path()).find(|p| p.is_dir()).expect("a frame");
    let text = std::fs::read_to_string(frame.join("receipt.json")).expect("a receipt");
    let receipt: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(receipt["counts"]["incidents"]["left_out"], 4, "{receipt}");
    assert_eq!(receipt["counts"]["incidents"]["scored"], 1);
}

#[test]
fn check_counts_what_is_left_out() {
    let folder = folder();
    let told = folder.done(&["check", "incidents.csv", "--where", "admin1 = Kabul"]);
    assert!(told.contains("5 read, 1 usable, 0 set aside, 4 left out as not asked for"), "{told}");
    let told = folder.done(&["check", "sites.csv", "--where", "status = Closed"]);
    assert!(told.contains("2 read, 1 usable, 0 set aside, 1 left out"), "{told}");
}

#[test]
fn a_condition_that_is_none_is_refused() {
    let folder = folder();
    for (condition, why) in [
        ("admin1", "has no condition"),
        ("admin1 > 3", "has the unsupported operator"),
        ("admin1 <= 3", "has the unsupported operator"),
        ("country == Pakistan", "has the unsupported operator ==; for the same value use ="),
        ("fatalities =< 3", "below a value, without the value itself, use <"),
        ("fatalities > 3", "from a value on use >="),
        ("country = Pakistan and fatalities >= 3", "give each as a --where of its own"),
        ("country = Pakistan or admin1 = Kabul", "\"column in a,b\""),
        ("country = Pakistan or Afghanistan", "\"column in a,b\""),
        ("country in (Pakistan, Afghanistan)", "has brackets"),
        ("(country = Pakistan)", "has brackets"),
        ("fatalities < many", "neither a number nor a day"),
        ("admin1 in ", "has no condition"),
        ("admin1 =", "compares with nothing"),
        ("= 3", "names no column"),
        ("admin2 = 3", "has no column \"admin2\""),
        ("sites.statut = 3", "sites.csv: has no column \"statut\""),
    ] {
        let ended = folder.run(&[&SCORE[..], &["--where", condition]].concat());
        assert_eq!(ended.code, 2, "{condition}: {}", ended.err);
        assert!(ended.err.contains(why), "{condition}: {}", ended.err);
    }
    let ended = folder.run(&[&SCORE[..], &["--where", "admin2 = 3"]].concat());
    assert!(ended.err.contains("did you mean admin1"), "{}", ended.err);
    let ended = folder.run(&[&SCORE[..], &["--since", "yesterday"]].concat());
    assert!(
        ended.code == 2 && ended.err.contains("--since: \"yesterday\" is not a date"),
        "{}",
        ended.err
    );
}

#[test]
fn a_country_whose_records_are_all_left_out_is_not_covered() {
    let folder = folder();
    let scores = |args: &[&str]| -> Vec<Value> {
        scored(&folder, args);
        let layer = folder.json("out/sites.geojson");
        let features = layer["features"].as_array().expect("features").iter();
        let mut scores: Vec<(String, Value)> = features
            .map(|f| (f["id"].to_string(), f["properties"]["security_score"].clone()))
            .collect();
        scores.sort_by(|(a, _), (b, _)| a.cmp(b));
        scores.into_iter().map(|(_, score)| score).collect()
    };
    let last = ["--stale", "last"];
    // The adit lies in Afghanistan, the pit in Pakistan.
    assert!(scores(&last).iter().all(Value::is_number));
    let some = scores(&[&last[..], &["--where", "country in Pakistan"]].concat());
    assert!(some[0].is_null() && some[1].is_number(), "{some:?}");
    let asked =
        scores(&[&last[..], &["--where", "country in Pakistan", "--coverage", "PAK,AFG"]].concat());
    assert!(asked.iter().all(Value::is_number), "{asked:?}");
}

#[test]
fn a_day_is_that_of_a_time_too() {
    let folder = folder();
    folder.write(
        "incidents.csv",
        "id,date,lon,lat,country,event_type\n1,2024-02-01 13:05,67.1,30.2,Pakistan,attack\n\
         2,2024-02-02T00:00:00,67.1,30.2,Pakistan,attack\n3,2024-02-01,67.1,30.2,Pakistan,attack\n",
    );
    for (condition, expected) in
        [("date = 2024-02-01", "13"), ("date in 2024-02-02", "2"), ("date != 2024-02-01", "2")]
    {
        scored(&folder, &["--where", condition]);
        assert_eq!(kept(&folder), expected, "{condition}");
    }
}

#[test]
fn a_condition_that_no_record_meets_is_said() {
    let folder = folder();
    folder.write(
        "incidents.csv",
        INCIDENTS.replace("Afghanistan", "Trinidad and Tobago").replace("Kabul", "Sangre N'Djam"),
    );
    let check = |condition: &str| folder.done(&["check", "incidents.csv", "--where", condition]);
    let told = check("country = Pakistn");
    assert!(told.contains("country: no record has \"Pakistn\" in country"), "{told}");
    assert!(told.contains("5 left out as not asked for"), "{told}");
    let told = check("fatalities >= 100");
    assert!(told.contains("no record is within the limit in fatalities"), "{told}");
    // An "and" in a name does not join conditions, and an apostrophe in one is not a quote.
    for condition in ["country = Trinidad and Tobago", "admin1 = Sangre N'Djam"] {
        let told = check(condition);
        assert!(told.contains("5 read, 1 usable"), "{condition}: {told}");
        assert!(!told.contains("no record"), "{told}");
    }
}
