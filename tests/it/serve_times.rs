//! Dates, regions and schemes of questions: each answer has the bytes that the command line prints for the same choice; and
//! the inputs beside published layers, which have to be those that the layers were made from.

use crate::cli::{Folder, INCIDENTS, SITES};
use crate::serve_guard::{ROUTE, Served};
use serde_json::{Value, json};
use std::path::Path;

/// Dates before all incidents, between, at the newest, and beyond the data.
const DATES: [&str; 4] = ["1990-01-01", "2024-05-31", "2026-01-31", "2031-12-31"];

const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";
const GEOJSON: &str = "Content-Type: application/geo+json\r\n";
const CSV: &str = "Content-Type: text/csv\r\n";

const CANDIDATES: &str = "id,name,lon,lat,owner\na,Camp A,66.9,30.2,me\nb,Camp B,62.1,29.2,you\n";

/// What the command line prints.
fn printed(folder: &Folder, command: &str, args: &[&str]) -> String {
    folder.done(&[&[command], args, &["--json", "--quiet"]].concat())
}

#[test]
fn every_question_at_a_date_has_the_bytes_of_the_command_line() {
    let folder = Folder::new();
    folder.write("places.csv", CANDIDATES).write("body.geojson", ROUTE);
    let served = Served::demo(&[]);
    for date in DATES {
        let demo = ["--demo", "--as-of", date];
        let asked = |command, args: &[&str]| printed(&folder, command, &[&demo[..], args].concat());
        let same = |path: String, expected: &str| {
            let got = served.get(&format!("{path}&as_of={date}"));
            assert_eq!((got.status, got.text.as_str()), (200, expected), "{path} {date}");
        };
        let risk = asked("risk", &["--at", "66.9,30.2", "--most", "3"]);
        same("/risk?at=66.9,30.2&most=3".to_owned(), &risk);
        let form = format!("at=66.9,30.2&most=3&as_of={date}");
        assert_eq!(served.ask("POST", "/risk", FORM, &form).text, risk);
        let inputs = json!({"at": [66.9, 30.2], "most": 3, "as_of": date});
        assert_eq!(served.execute("risk", &inputs).text, risk);

        let explained = asked("explain", &["PK-S001", "--most", "2"]);
        same("/explain/PK-S001?most=2".to_owned(), &explained);
        let form = format!("most=2&as_of={date}");
        assert_eq!(served.ask("POST", "/explain/PK-S001", FORM, &form).text, explained);
        let without = asked("explain", &["PK-S001", "--most", "2", "--add", "62.0,29.0,attack,3"]);
        same("/explain/PK-S001?most=2&add=62.0,29.0,attack,3".to_owned(), &without);

        let near = asked("near", &["--at", "66.9,30.2", "--within", "80km"]);
        same("/near?at=66.9,30.2&within=80km".to_owned(), &near);
        let near = asked("near", &["--site", "PK-S001", "--kind", "incident", "-k", "4"]);
        same("/near?site=PK-S001&kind=incident&k=4".to_owned(), &near);

        let ranked = asked("rank", &["places.csv", "--by", "security"]);
        let path = format!("/rank?by=security&as_of={date}");
        assert_eq!(served.ask("POST", &path, CSV, CANDIDATES).text, ranked, "{date}");
        let inputs = json!({"places": CANDIDATES, "by": "security", "as_of": date});
        assert_eq!(served.execute("rank", &inputs).text, ranked);

        let along = asked("corridor", &["body.geojson", "--step", "50km"]);
        let path = format!("/corridor?step=50km&as_of={date}");
        assert_eq!(served.ask("POST", &path, GEOJSON, ROUTE).text, along, "{date}");
        let steps = folder.done(
            &[&["corridor", "body.geojson", "--step", "50km", "--geojson", "--quiet"], &demo[..]]
                .concat(),
        );
        let path = format!("/corridor/steps?step=50km&as_of={date}");
        let got = served.ask("POST", &path, GEOJSON, ROUTE);
        assert_eq!(got.text, steps, "{date}");
        assert!(got.head.contains("content-type: application/geo+json"), "{}", got.head);
    }
    // The newest date is the one without another.
    let newest = served.get("/risk?at=66.9,30.2&as_of=2026-01-31").text;
    assert_eq!(served.get("/risk?at=66.9,30.2").text, newest);
    for bad in ["2026-02-30", "2026", "20260131", "yesterday"] {
        let got = served.get(&format!("/risk?at=66.9,30.2&as_of={bad}"));
        assert_eq!((got.status, &got.json()["parameter"]), (400, &json!("as_of")), "{bad}");
    }
    let got = served.get("/risk?at=66.9,30.2&region=Chagai");
    assert_eq!((got.status, &got.json()["parameter"]), (400, &json!("region")));
}

#[test]
fn another_date_reads_nothing_and_later_dates_push_out_earlier_ones() {
    let folder = Folder::with_mines();
    let files = ["--sites", "sites.csv", "--incidents", "incidents.csv"];
    let dates: Vec<String> = (1..=9).map(|month| format!("2024-{month:02}-15")).collect();
    let expected: Vec<String> = dates
        .iter()
        .map(|date| printed(&folder, "explain", &[&["dome", "--as-of", date], &files[..]].concat()))
        .collect();
    let at = folder.path().to_owned();
    let served = Served::of(folder, &[&files[..], &["--watch", "off"]].concat());
    for file in ["sites.csv", "incidents.csv"] {
        std::fs::remove_file(at.join(file)).expect("a file");
    }
    // More dates than are kept, twice; the second time in the other order.
    for (date, text) in dates.iter().zip(&expected).chain(dates.iter().zip(&expected).rev()) {
        assert_eq!(&served.get(&format!("/explain/dome?as_of={date}")).text, text, "{date}");
    }
    assert!(expected.windows(2).all(|pair| pair[0] != pair[1]), "the dates matter");
}

#[test]
fn a_new_date_is_asked_for_by_many_at_once() {
    let served = Served::demo(&["--in-flight", "64", "--timeout", "60s"]);
    let answers: Vec<String> = std::thread::scope(|scope| {
        let ask = |at: usize| {
            let served = &served;
            scope.spawn(move || {
                let date = ["2020-01-01", "2021-01-01", "2022-01-01"][at % 3];
                let got = served.get(&format!("/risk?at=66.9,30.2&most=1&as_of={date}"));
                assert_eq!(got.status, 200, "{}", got.text);
                got.text
            })
        };
        let all: Vec<_> = (0..48).map(ask).collect();
        all.into_iter().map(|one| one.join().expect("an answer")).collect()
    });
    for (at, text) in answers.iter().enumerate() {
        assert_eq!(text, &answers[at % 3]);
    }
    assert_ne!(answers[0], answers[1]);
}

/// Two regions with inputs of their own, two schemes, and dates.
const PLAN: &str = r#"
name = "Two regions"
schemes = ["default", "biodiversity"]
layers = ["sites", "links", "incidents"]
[dates]
on = ["2024-03-31", "2024-06-30", "2024-09-30"]
[[regions]]
name = "Chagai"
bbox = [60.8, 27.8, 66.0, 29.9]
[regions.inputs]
demo = true
[[regions]]
name = "Own files"
[regions.inputs]
sites = ["sites.csv"]
incidents = ["incidents.csv"]
"#;

fn with_plan() -> Folder {
    let folder = Folder::with_mines();
    folder.write("plan.toml", PLAN).write("places.csv", CANDIDATES);
    folder
}

/// The features of all pages.
fn items(served: &Served, collection: &str) -> Value {
    let got = served.get(&format!("/collections/{collection}/items?limit=10000"));
    assert_eq!(got.status, 200, "{collection}: {}", got.text);
    got.json()["features"].clone()
}

#[test]
fn a_plan_with_regions_of_their_own_is_served_whole() {
    let folder = with_plan();
    folder.done(&["batch", "plan.toml", "-o", "out", "--quiet"]);
    let layer = |path: &str| folder.json(&format!("out/{path}"))["features"].clone();
    let regions = ["Chagai", "Own-files"];
    let mut expected = Vec::new();
    for region in regions {
        for scheme in ["default", "biodiversity"] {
            let newest = format!("{region}/{scheme}/2024-09-30");
            for name in ["sites", "links", "incidents"] {
                expected.push((
                    format!("{region}-{scheme}-{name}"),
                    layer(&format!("{newest}/{name}.geojson")),
                ));
            }
            let over_time = layer(&format!("{region}/{scheme}/sites_over_time.geojson"));
            expected.push((format!("{region}-{scheme}-sites_over_time"), over_time));
        }
    }
    let own = ["--sites", "sites.csv", "--incidents", "incidents.csv"];
    let more = ["--as-of", "2024-06-30", "--scheme", "biodiversity"];
    let of_own = printed(&folder, "explain", &[&["dome"], &own[..], &more[..]].concat());
    let risk = printed(&folder, "risk", &[&["--demo", "--at", "62.05,29.12"], &more[..]].concat());
    let newest = ["--as-of", "2024-09-30"];
    let ranked = printed(&folder, "rank", &[&["places.csv"], &own[..], &newest[..]].concat());
    let by_demo = printed(&folder, "rank", &[&["places.csv", "--demo"], &newest[..]].concat());
    let near = [&["--site", "ridge", "--within", "60km"], &own[..], &newest[..]].concat();
    let near = printed(&folder, "near", &near);
    let served = Served::of(folder, &["plan.toml"]);
    for (collection, features) in &expected {
        assert_eq!(&items(&served, collection), features, "{collection}");
    }
    let choices = served.get("/choices").json();
    assert_eq!(choices["regions"], json!(["Chagai", "Own files"]));
    assert_eq!(choices["schemes"], json!(["default", "biodiversity"]));
    assert_eq!(choices["layers"].as_array().map(Vec::len), Some(4));
    assert_eq!(choices["layers"][2]["over_time"], "Own-files-default-sites_over_time");
    assert_eq!(choices["layers"][0]["dates"], json!(["2024-03-31", "2024-06-30", "2024-09-30"]));
    // The site names its region, the place lies in a box.
    let choice = "as_of=2024-06-30&scheme=biodiversity";
    assert_eq!(served.get(&format!("/explain/dome?{choice}")).text, of_own);
    assert_eq!(served.get(&format!("/risk?at=62.05,29.12&{choice}")).text, risk);
    assert_eq!(served.get("/near?site=ridge&within=60km").text, near);
    // The first place, at 66.9 E, is in no box; the region can be named.
    assert_eq!(served.ask("POST", "/rank", CSV, CANDIDATES).text, ranked);
    assert_eq!(served.ask("POST", "/rank?region=Chagai", CSV, CANDIDATES).text, by_demo);
    let got = served.get("/risk?at=62.05,29.12&region=Chagay");
    assert_eq!((got.status, &got.json()["hint"]), (400, &json!("did you mean Chagai")));
    let got = served.get("/risk?at=62.05,29.12&scheme=none");
    assert_eq!((got.status, &got.json()["parameter"]), (400, &json!("scheme")));
    let found = served.get("/search?q=dome").json();
    assert_eq!(found["sites"][0]["region"], "Own files");
}

#[test]
fn a_date_of_sites_over_time_is_one_state_of_each_site() {
    let folder = with_plan();
    folder.done(&["batch", "plan.toml", "-o", "out", "--quiet"]);
    let served = Served::of(folder, &["out"]);
    let collection = "Own-files-default-sites_over_time";
    for date in ["2024-03-31", "2024-06-30", "2024-09-30"] {
        let path = format!("/collections/{collection}/items?datetime={date}");
        let features = served.get(&path).json()["features"].clone();
        let states: Vec<_> = features.as_array().expect("features").iter().collect();
        assert_eq!(states.len(), 3, "{date}");
        assert!(states.iter().all(|state| state["properties"]["as_of"] == date), "{states:#?}");
    }
    // Layers alone answer no question.
    let choices = served.get("/choices").json();
    assert_eq!((&choices["live"], choices["needs"].is_string()), (&json!(false), true));
    let got = served.get("/risk?at=62.05,29.12");
    assert_eq!((got.status, got.json()["type"].clone()), (409, json!("/problems/needs-inputs")));
    let schema = served.get(&format!("/collections/{collection}/schema")).json();
    let about = schema["properties"]["security_score"]["description"].as_str();
    assert!(about.is_some_and(|about| about.contains("Security risk")), "{schema}");
}

#[test]
fn layers_with_their_inputs_beside_them_answer_questions() {
    let folder = with_plan();
    let own = ["--sites", "sites.csv", "--incidents", "incidents.csv"];
    folder.done(&[&["score", "-o", "out", "--quiet"], &own[..]].concat());
    let sites = folder.json("out/sites.geojson")["features"].clone();
    let at_date = ["--as-of", "2023-06-30"];
    let explained = printed(&folder, "explain", &[&["dome"], &own[..], &at_date[..]].concat());
    folder.done(&["batch", "plan.toml", "-o", "batch", "--quiet"]);
    let more = ["--as-of", "2024-03-31", "--scheme", "biodiversity"];
    let of_plan = printed(&folder, "explain", &[&["PK-S001", "--demo"], &more[..]].concat());
    let beside = Served::of(folder, &[&["out"], &own[..]].concat());
    assert_eq!(items(&beside, "sites"), sites);
    assert_eq!(beside.get("/explain/dome?as_of=2023-06-30").text, explained);
    let folder = with_plan();
    folder.done(&["batch", "plan.toml", "-o", "batch", "--quiet"]);
    let served = Served::of(folder, &["batch", "--inputs", "plan.toml"]);
    let choice = "as_of=2024-03-31&scheme=biodiversity";
    assert_eq!(served.get(&format!("/explain/PK-S001?{choice}")).text, of_plan);
    assert_eq!(served.get("/choices").json()["layers"][0]["scheme"], "default");
}

#[test]
fn inputs_that_a_folder_was_not_made_from_are_refused_by_name() {
    let folder = with_plan();
    let own = ["--sites", "sites.csv", "--incidents", "incidents.csv"];
    folder.done(&[&["score", "-o", "out", "--quiet"], &own[..]].concat());
    folder.done(&["batch", "plan.toml", "-o", "batch", "--quiet"]);
    folder.write("other/incidents.csv", INCIDENTS.replace("Battles,3", "Battles,4"));
    folder.write("same/sites.csv", SITES);
    std::fs::create_dir(folder.at("layers")).expect("a folder");
    std::fs::copy(folder.at("out/sites.geojson"), folder.at("layers/sites.geojson"))
        .expect("a copy");
    let other = ["--sites", "sites.csv", "--incidents", "other/incidents.csv"];
    let schemed = [&own[..], &["--scheme", "biodiversity"]].concat();
    let dated = [&own[..], &["--as-of", "2024-01-31"]].concat();
    let boxed = [&own[..], &["--bbox", "60,20,67,31"]].concat();
    for (dir, args, why) in [
        ("out", &other[..], "was made from another incidents.csv than the one beside it"),
        ("out", &["--sites", "sites.csv"], "was made from incidents.csv, which is not among"),
        ("out", &schemed, "was scored under the scheme default, not biodiversity"),
        ("out", &dated, "was made with as-of date 2024-06-30, not 2024-01-31"),
        ("out", &boxed, "was made with bbox none"),
        ("layers", &own, "has no receipt that tells its inputs"),
        ("plan.toml", &own, "is a plan, which names its inputs itself"),
        ("out", &["--incidents", "incidents.csv"], "no sites are given"),
    ] {
        let ended = folder.run(&[&["serve", dir, "--listen", "127.0.0.1:0"], args].concat());
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{dir} {args:?}: {}", ended.err);
        assert!(ended.err.contains(why), "{dir} {args:?}: {}", ended.err);
    }
    // A file of the plan has changed since the batch was written.
    folder.write("incidents.csv", INCIDENTS.replace("Battles,3", "Battles,4"));
    let ended = folder.run(&["serve", "batch", "--inputs", "plan.toml", "--listen", "127.0.0.1:0"]);
    assert_eq!(ended.code, 2, "{}", ended.err);
    let run = Path::new("batch").join("Own-files");
    assert!(ended.err.contains(&run.display().to_string()), "{}", ended.err);
    assert!(ended.err.contains("another incidents.csv"), "{}", ended.err);
}

#[test]
fn ids_with_commas_can_be_left_out() {
    let folder = Folder::new();
    let ids = INCIDENTS.replace("i-1", "\"i,1\"").replace("i-2", "\"[2\"");
    folder.write("sites.csv", SITES).write("incidents.csv", ids);
    let own = ["--sites", "sites.csv", "--incidents", "incidents.csv"];
    let served = Served::of(folder, &own);
    let one = served.get("/explain/dome?without=%5B%22i,1%22%5D");
    assert_eq!(one.status, 200, "{}", one.text);
    let gone = |text: &Value, id: &str| {
        let list = text["after"]["security"]["contributions"].as_array().expect("a list");
        list.iter().all(|one| one["id"] != id)
    };
    assert!(gone(&one.json(), "i,1") && !gone(&one.json(), "i-5"));
    let both = served.get("/explain/dome?without=%5B%22i,1%22,%22i-5%22%5D");
    assert!(gone(&both.json(), "i,1") && gone(&both.json(), "i-5"), "{}", both.text);
    let inputs = json!({"site": "dome", "without": ["i,1", "i-5"]});
    assert_eq!(served.execute("explain", &inputs).text, both.text);
    let plain = served.get("/explain/dome?without=i-5,%5B2");
    assert!(gone(&plain.json(), "i-5") && gone(&plain.json(), "[2"), "{}", plain.text);
    assert_eq!(served.get("/explain/dome?without=i,1").status, 400);
}

#[test]
fn a_ranking_and_the_scores_of_a_place_agree() {
    let served = Served::demo(&[]);
    let places = [(66.6123, 29.9123), (62.05, 29.12), (64.0, 28.0), (71.5, 34.0), (10.0, 50.0)];
    for date in [None, Some("2022-02-28")] {
        let choice = date.map(|date| format!("&as_of={date}")).unwrap_or_default();
        let rows = places.iter().enumerate().map(|(at, (lon, lat))| format!("p{at},{lon},{lat}\n"));
        let csv = format!("id,lon,lat\n{}", rows.collect::<String>());
        let ranked = served.ask("POST", &format!("/rank?by=security{choice}"), CSV, &csv).json();
        for (at, (lon, lat)) in places.iter().enumerate() {
            let id = format!("p{at}");
            let all = ranked["candidates"].as_array().expect("candidates");
            let one = all.iter().find(|one| one["id"] == *id).expect("a candidate");
            let risk = served.get(&format!("/risk?at={lon},{lat}{choice}")).json();
            assert_eq!(one["environment"], risk["environment"]["score"], "{lon},{lat}");
            assert_eq!(one["environment_at_least"], risk["environment"]["at_least"]);
            assert_eq!(one["environment_coverage"], risk["environment"]["coverage"]);
            let near = match (one["security"].as_f64(), risk["security"]["score"].as_f64()) {
                (Some(a), Some(b)) => (a - b).abs() < 1e-6,
                (a, b) => a.is_none() && b.is_none(),
            };
            assert!(near, "{lon},{lat}: {} {}", one["security"], risk["security"]["score"]);
        }
    }
}

#[test]
fn packed_and_plain_bytes_have_tags_of_their_own_that_both_still_fit() {
    let served = Served::demo(&[]);
    let tag = |headers: &str| {
        let got = served.ask("HEAD", "/land.geojson", headers, "");
        let line = got.head.lines().find_map(|line| line.strip_prefix("etag: ")).map(str::to_owned);
        line.expect("a tag")
    };
    let (plain, packed) = (tag(""), tag("Accept-Encoding: gzip\r\n"));
    assert_ne!(plain, packed);
    for of in [&plain, &packed] {
        for takes in ["", "Accept-Encoding: gzip\r\n"] {
            let got =
                served.ask("GET", "/land.geojson", &format!("If-None-Match: {of}\r\n{takes}"), "");
            assert_eq!((got.status, got.text.as_str()), (304, ""), "{of} {takes}");
            assert!(got.head.contains(&format!("etag: {of}")), "{}", got.head);
        }
    }
    let got = served.ask("GET", "/land.geojson", "If-None-Match: \"another\"\r\n", "");
    assert_eq!(got.status, 200);
}
