//! The page of a batch and the reports of its frames.

use crate::batch::{mines_by_month, tree};
use crate::cli::{Folder, features};
use crate::report::{HOSTILE, asks_for_nothing, data};
use serde_json::Value;
use std::collections::BTreeMap;

/// The data of a batch's page.
pub fn page(folder: &Folder) -> Value {
    data(&String::from_utf8(folder.bytes("out/report.html")).expect("UTF-8"))
}

#[test]
fn the_page_of_a_batch_says_what_its_frames_say() {
    let folder = mines_by_month();
    folder.done(&["batch", "plan.toml", "-o", "out"]);
    let said = page(&folder);
    assert_eq!(said["regions"], serde_json::json!(["East", "far west"]));
    let words = ["no data", "very low", "low", "medium", "high", "very high"];
    let mut table = csv::Reader::from_reader(std::io::Cursor::new(folder.bytes("out/frames.csv")));
    let mut rows = table.deserialize::<BTreeMap<String, String>>();
    let mut compared = 0;
    for series in said["series"].as_array().expect("series") {
        let trends = series["trends"].as_array().expect("trends");
        for (at, frame) in series["frames"].as_array().expect("frames").iter().enumerate() {
            let inside = format!("out/{}", frame["folder"].as_str().expect("a folder"));
            let sites = features(&folder.json(&format!("{inside}/sites.geojson")));
            assert_eq!(
                (trends.len(), frame["sites"].as_u64()),
                (sites.len(), Some(sites.len() as u64))
            );
            for trend in trends {
                let site = &sites[trend["id"].as_str().expect("an id")]["properties"];
                assert_eq!(trend["name"], site["name"]);
                for domain in ["security", "environment"] {
                    assert_eq!(trend[domain][at], site[format!("{domain}_score")]);
                    let band = trend[format!("{domain}_band")][at].as_u64().expect("a band");
                    let word = words[usize::try_from(band).expect("a band")];
                    assert_eq!(site[format!("{domain}_band")], word);
                }
                assert_eq!(trend["incidents"][at].as_f64(), site["incidents_50km"].as_f64());
                compared += 1;
            }
            let used = &folder.json(&format!("{inside}/receipt.json"))["counts"]["incidents"];
            assert_eq!(frame["incidents"], used["scored_by_domain"]["security"]);
            let row = rows.next().expect("a row").expect("a row");
            for (domain, counts) in [("security", 0), ("environment", 1)] {
                for (band, word) in words.iter().enumerate() {
                    let told = &row[&format!("{domain}_{}", word.replace(' ', "_"))];
                    assert_eq!(frame["bands"][counts][band].to_string(), *told);
                }
            }
            assert_eq!(
                (&frame["folder"], &frame["as_of"]),
                (&row["folder"].as_str().into(), &row["as_of"].as_str().into())
            );
        }
    }
    assert_eq!(compared, 3 * 4);
    let counts: Vec<u64> = said["series"][0]["frames"]
        .as_array()
        .expect("frames")
        .iter()
        .filter_map(|f| f["incidents"].as_u64())
        .collect();
    assert!(counts.first() < counts.last(), "incidents come in over time: {counts:?}");
}

#[test]
fn hostile_text_stands_in_the_page_of_a_batch_as_data_alone() {
    let folder = mines_by_month();
    let plan = String::from_utf8(folder.bytes("plan.toml")).expect("UTF-8");
    folder.write("plan.toml", format!("name = \"{HOSTILE} {{{{data}}}}\"\n{plan}"));
    folder.write(
        "sites.csv",
        format!("id,name,lon,lat\n<b>,{HOSTILE},66.9,30.1\nb,{{{{script}}}},67.4,30.6\n"),
    );
    folder.done(&["batch", "plan.toml", "-o", "out"]);
    let text = String::from_utf8(folder.bytes("out/report.html")).expect("UTF-8");
    assert_eq!(text.to_lowercase().matches("</script").count(), 2, "a script ends where it should");
    assert_eq!(text.to_lowercase().matches("<script").count(), 2);
    assert!(!text.contains("<b>"));
    asks_for_nothing(&text);
    let said = page(&folder);
    assert_eq!(said["name"], format!("{HOSTILE} {{{{data}}}}"));
    let trends = said["series"][0]["trends"].as_array().expect("trends");
    let mut names: Vec<&str> = trends.iter().filter_map(|trend| trend["name"].as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, [HOSTILE, "{{script}}"]);
}

#[test]
fn frames_have_reports_of_their_own_where_the_plan_says_so() {
    let folder = mines_by_month();
    folder.done(&["batch", "plan.toml", "-o", "out"]);
    assert_eq!(page(&folder)["reports"], false);
    let plan = String::from_utf8(folder.bytes("plan.toml")).expect("UTF-8");
    folder.write("plan.toml", format!("reports = true\n{plan}"));
    folder.done(&["batch", "plan.toml", "-o", "out"]);
    assert_eq!(page(&folder)["reports"], true);
    for name in tree(&folder.at("out")).keys().filter(|name| name.ends_with("/sites.geojson")) {
        let report = format!("out/{}", name.replace("sites.geojson", "report.html"));
        let said = data(&String::from_utf8(folder.bytes(&report)).expect("UTF-8"));
        assert_eq!(
            said["sites"],
            folder.json(&format!("out/{name}"))["features"].as_array().map_or(0, Vec::len)
        );
    }
    let again = folder.done(&["batch", "plan.toml", "-o", "out"]);
    assert!(again.contains("nothing to do"), "{again}");
}
