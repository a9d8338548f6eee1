//! The report, the static map and the portfolio: they agree with the layers, keep hostile text as text,
//! are the same on every run, and state what they leave out.

use crate::cli::{Folder, features};
use serde_json::Value;
use std::collections::BTreeMap;
use tamarisk::layers::portfolio::quantiles;

pub const HOSTILE: &str = "</script><script>alert(1)</script>";

/// The data of a page, parsed as its own script parses it.
pub fn data(page: &str) -> Value {
    let (_, rest) =
        page.split_once("<script id=\"data\" type=\"application/json\">").expect("data");
    let (json, _) = rest.split_once("</script>").expect("the end of the data");
    assert!(!json.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "an unescaped character");
    serde_json::from_str(json).expect("JSON")
}

fn page(folder: &Folder, inside: &str) -> String {
    String::from_utf8(folder.bytes(&format!("{inside}/report.html"))).expect("UTF-8")
}

/// A list of a page's rows.
fn list<'v>(data: &'v Value, name: &str) -> &'v Vec<Value> {
    data["rows"][name].as_array().expect(name)
}

/// The rows of `portfolio.csv`, each by its columns.
fn portfolio(folder: &Folder, inside: &str) -> Vec<BTreeMap<String, String>> {
    let bytes = folder.bytes(&format!("{inside}/portfolio.csv"));
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let head = reader.headers().expect("a header").clone();
    let row = |row: Result<csv::StringRecord, _>| {
        head.iter().map(str::to_owned).zip(row.expect("a row").iter().map(str::to_owned)).collect()
    };
    reader.records().map(row).collect()
}

#[test]
fn hostile_text_stands_in_the_page_as_data_alone() {
    let folder = Folder::new();
    folder.write(
        "sites.csv",
        format!(
            "id,name,lon,lat,owner\na,{HOSTILE},66.9,30.1,{HOSTILE}\nb,{{{{data}}}},67.4,30.6,\n"
        ),
    );
    let incidents = "id,domain,date,lon,lat,event_type\ni,security,2024-05-01,66.95,30.15,\"say \"\"x\"\"\u{2028}\u{2029} & <b>\"\n";
    folder.write("incidents.csv", incidents);
    let args = [
        "score",
        "-s",
        "sites.csv",
        "-i",
        "incidents.csv",
        "--coverage",
        "all",
        "--report",
        "--group-by",
        "owner",
    ];
    folder.done(&args);
    let text = page(&folder, "out");
    assert_eq!(text.to_lowercase().matches("</script").count(), 2, "a script ends where it should");
    assert_eq!(text.to_lowercase().matches("<script").count(), 2);
    assert!(!text.contains("<b>"));
    let said = data(&text);
    let names: Vec<&str> = list(&said, "name").iter().filter_map(Value::as_str).collect();
    assert_eq!(names, [HOSTILE, "{{data}}"]);
    let what = said["details"][0]["drivers"][0]["what"].as_str().expect("a driver");
    assert!(what.contains('\u{2028}') && what.contains("\"x\""), "{what:?}");
    assert_eq!(said["portfolio"][0]["groups"][0]["name"], HOSTILE);
}

#[test]
fn the_page_asks_for_nothing_and_allows_nothing_of_others() {
    let folder = Folder::with_mines();
    folder.done(&["score", "-s", "sites.csv", "-i", "incidents.csv", "--report"]);
    asks_for_nothing(&page(&folder, "out"));
}

/// Checks that a page makes no requests and allows none.
pub fn asks_for_nothing(text: &str) {
    let (_, policy) = text.split_once("Content-Security-Policy\" content=\"").expect("a policy");
    let (policy, _) = policy.split_once('"').expect("its end");
    assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
    // The one address is the name of SVG, which nothing is fetched from.
    let addresses: Vec<&str> =
        text.split("://").skip(1).map(|rest| rest.get(..13).unwrap_or(rest)).collect();
    assert_eq!(addresses, ["www.w3.org/20"]);
    for word in ["src=", "@import", "fetch(", "innerHTML", "eval(", " style=\"", "onclick=\""] {
        assert!(!text.contains(word), "{word}");
    }
}

#[test]
fn two_runs_write_the_same_page_map_and_portfolio() {
    let folder = Folder::new();
    folder.done(&["demo", "-o", "a", "--threads", "1"]);
    folder.done(&["demo", "-o", "b", "--threads", "2"]);
    let (a, b) = (folder.files("a"), folder.files("b"));
    for name in ["report.html", "map.png", "portfolio.csv"] {
        assert!(a[name] == b[name], "{name}");
    }
    let receipt = folder.json("a/receipt.json");
    for name in ["report.html", "map.png", "portfolio.csv"] {
        let outputs = receipt["outputs"].as_array().expect("outputs");
        let entry = outputs.iter().find(|output| output["file"] == name).expect(name);
        assert_eq!(entry["blake3"], blake3::hash(&a[name]).to_hex().to_string());
    }
}

#[test]
fn the_map_is_a_picture_of_the_size_that_is_told() {
    let folder = Folder::new();
    folder.done(&["demo", "-o", "a"]);
    let bytes = folder.bytes("a/map.png");
    assert_eq!(bytes[..8], *b"\x89PNG\r\n\x1a\n");
    // The header chunk: width, then height (PNG, third edition, section 11.2.1).
    assert_eq!(bytes[16..24], [0, 0, 6, 64, 0, 0, 4, 176]);
}

#[test]
fn the_page_says_what_the_layers_say() {
    let folder = Folder::new();
    folder.done(&["demo", "-o", "out"]);
    let said = data(&page(&folder, "out"));
    let sites = features(&folder.json("out/sites.geojson"));
    let ids = list(&said, "id");
    assert_eq!(ids.len(), sites.len());
    let words = ["no data", "very low", "low", "medium", "high", "very high"];
    let mut tally = BTreeMap::new();
    for (row, id) in ids.iter().enumerate() {
        let site = &sites[id.as_str().expect("an id")]["properties"];
        for domain in ["security", "environment"] {
            assert_eq!(list(&said, domain)[row], site[format!("{domain}_score")], "{id}");
            let band = list(&said, &format!("{domain}_band"))[row].as_u64().expect("a band");
            let word = words[usize::try_from(band).expect("a band")];
            assert_eq!(site[format!("{domain}_band")], word, "{id}");
            *tally.entry((domain, band)).or_insert(0) += 1;
        }
        let detail = &said["details"][row];
        assert_eq!(detail["explanation"], site["explanation"]);
        assert_eq!(detail["cell"], site["risk_cell"]);
        for ring in detail["rings"].as_array().expect("rings") {
            let km = ring[0].as_f64().expect("km");
            assert_eq!(ring[1].as_f64(), site[format!("incidents_{km}km")].as_f64(), "{id} {km}");
            assert_eq!(ring[2].as_f64(), site[format!("fatalities_{km}km")].as_f64(), "{id} {km}");
        }
        for window in detail["windows"].as_array().expect("windows") {
            let days = &window[0];
            assert_eq!(window[1].as_f64(), site[format!("incidents_50km_{days}d")].as_f64());
        }
        let by_year = |at: usize| -> f64 {
            let years = detail["years"].as_array().expect("years");
            years.iter().filter_map(|year| year[at].as_f64()).sum()
        };
        assert_eq!(Some(by_year(1)), site["incidents_50km"].as_f64(), "{id}: years");
        assert_eq!(Some(by_year(2)), site["fatalities_50km"].as_f64(), "{id}: deaths by year");
        assert_eq!(detail["drivers"][0]["id"], site["driver_1"]);
    }
    for (at, domain) in ["security", "environment"].into_iter().enumerate() {
        for band in 0..6_u64 {
            let count = tally.get(&(domain, band)).copied().unwrap_or(0);
            assert_eq!(said["bands"][at][usize::try_from(band).expect("small")], count);
        }
    }
    let incidents = features(&folder.json("out/incidents.geojson"));
    let used = incidents
        .values()
        .filter(|i| i["properties"]["used"] == true && i["properties"]["domain"] == "security");
    let used = used.count();
    let events = &said["events"];
    let kinds = events["kinds"].as_array().expect("kinds");
    let accident = kinds.iter().position(|kind| kind == "accident");
    let kind = events["kind"].as_array().expect("kind");
    let place = |kind: &Value| kind.as_u64().and_then(|at| usize::try_from(at).ok());
    let attacks = kind.iter().filter(|kind| place(kind) != accident);
    assert_eq!(attacks.count(), used);
    assert_eq!(events["used"][0], used);
    let receipt = folder.json("out/receipt.json");
    for (input, known) in said["facts"]["inputs"]
        .as_array()
        .expect("inputs")
        .iter()
        .zip(receipt["inputs"].as_array().expect("inputs"))
    {
        assert_eq!(input["hash"], known["blake3"]);
        assert_eq!(input["read"], known["read"]);
        assert_eq!(input["set_aside"], known["set_aside"]);
    }
    let findings = &receipt["counts"]["findings"];
    let verdicts = ["set aside", "repaired", "noted"].map(|verdict| findings[verdict].clone());
    assert_eq!(said["quality"]["verdicts"], Value::from(verdicts.to_vec()));
    let reasons = said["quality"]["reasons"].as_array().expect("reasons");
    let counted: u64 = reasons.iter().filter_map(|reason| reason["count"].as_u64()).sum();
    assert_eq!(counted, verdicts.iter().filter_map(Value::as_u64).sum::<u64>());
}

#[test]
fn the_panel_holds_the_bars_with_what_is_known_and_what_is_assumed() {
    let folder = Folder::new();
    folder.done(&["demo", "-o", "out"]);
    let said = data(&page(&folder, "out"));
    let sites = features(&folder.json("out/sites.geojson"));
    for (row, id) in list(&said, "id").iter().enumerate() {
        let site = &sites[id.as_str().expect("an id")]["properties"];
        for column in ["environment_at_least", "environment_coverage"] {
            assert_eq!(list(&said, column)[row], site[column], "{id}");
        }
        let detail = &said["details"][row];
        let bars = detail["bars"].as_array().expect("bars");
        assert_eq!(bars.len(), 5);
        for bar in bars {
            let name = bar["bar"].as_str().expect("a name");
            for member in ["score", "at_least", "coverage"] {
                assert_eq!(bar[member], site[format!("{name}_{member}")], "{id}: {name}");
            }
            let missing: Vec<&str> = bar["missing"]
                .as_array()
                .expect("a list")
                .iter()
                .filter_map(Value::as_str)
                .collect();
            let column = site[format!("{name}_missing")].as_str().unwrap_or_default();
            assert_eq!(missing.join(", "), column, "{id}: {name}");
        }
        let points = |of: &str| -> f64 {
            let all = detail["indicators"].as_array().expect("indicators");
            all.iter().filter_map(|one| one[of].as_f64()).sum()
        };
        // Each of up to twelve numbers is rounded to a tenth.
        let score = site["environment_score"].as_f64().unwrap_or(0.0);
        assert!((points("points") + points("assumed") - score).abs() < 1.2, "{id}");
    }
    let method = said["method"]["indicators"].as_array().expect("indicators");
    let weights: f64 = method.iter().filter_map(|one| one["weight"].as_f64()).sum();
    assert!((weights - 1.0).abs() < 1e-3, "{weights}");
    assert!(method.iter().all(|one| one["reference"].is_number()));
}

#[test]
fn ranks_are_places_among_the_scores() {
    let folder = Folder::new();
    folder.done(&["demo", "-o", "out"]);
    let said = data(&page(&folder, "out"));
    for domain in ["security", "environment"] {
        let scores: Vec<Option<f64>> = list(&said, domain).iter().map(Value::as_f64).collect();
        for (row, score) in scores.iter().enumerate() {
            let higher = scores.iter().flatten().filter(|other| Some(**other) > *score).count();
            let rank = said["details"][row][format!("{domain}_rank")].as_u64();
            assert_eq!(rank, score.map(|_| 1 + u64::try_from(higher).expect("few")));
        }
    }
}

#[test]
fn quantiles_are_those_of_the_definition() {
    assert_eq!(quantiles(&[]), None);
    assert_eq!(quantiles(&[7.5]), Some([7.5; 5]));
    // NumPy: quantile([1, 2, 3, 4], [0, .25, .5, .75, 1]).
    assert_eq!(quantiles(&[1.0, 2.0, 3.0, 4.0]), Some([1.0, 1.75, 2.5, 3.25, 4.0]));
    assert_eq!(quantiles(&[0.0, 10.0]), Some([0.0, 2.5, 5.0, 7.5, 10.0]));
    assert_eq!(quantiles(&[1.0, 2.0, 4.0, 8.0, 16.0]), Some([1.0, 2.0, 4.0, 8.0, 16.0]));
    // Hyndman and Fan's seventh: the broken line through (k - 1) / (n - 1).
    let numbers: Vec<f64> = (0..23_u32).map(|n| f64::from(n * n % 97)).collect();
    let mut sorted = numbers;
    sorted.sort_by(f64::total_cmp);
    let found = quantiles(&sorted).expect("numbers");
    for (quarter, found) in found.into_iter().enumerate() {
        let p = f64::from(u32::try_from(quarter).expect("small")) / 4.0;
        let at = |k: usize| f64::from(u32::try_from(k).expect("small")) / 22.0;
        let below = (0..23).rev().find(|k| at(*k) <= p).expect("a place");
        let expected = match sorted.get(below + 1) {
            Some(above) => sorted[below] + (p - at(below)) * 22.0 * (above - sorted[below]),
            None => sorted[below],
        };
        assert!((found - expected).abs() < 1e-9, "{quarter}: {found} {expected}");
    }
}

#[test]
fn groups_add_up_to_the_sites_and_a_missing_value_is_none() {
    let folder = Folder::new();
    folder.done(&["demo", "-o", "out", "--group-by", "status,country,security_band"]);
    let sites = features(&folder.json("out/sites.geojson"));
    let rows = portfolio(&folder, "out");
    for column in ["site_status", "country", "security_band"] {
        let mut of_group: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
        for site in sites.values() {
            let value = site["properties"][column].as_str().unwrap_or("(none)");
            of_group.entry(value.to_owned()).or_default().push(site);
        }
        let groups: Vec<_> = rows.iter().filter(|row| row["column"] == column).collect();
        assert_eq!(groups.len(), of_group.len(), "{column}");
        for row in groups {
            let members = &of_group[&row["group"]];
            assert_eq!(row["sites"], members.len().to_string());
            for domain in ["security", "environment"] {
                for band in ["no data", "very low", "low", "medium", "high", "very high"] {
                    let is = |site: &&&Value| site["properties"][format!("{domain}_band")] == band;
                    let count = members.iter().filter(is).count();
                    assert_eq!(
                        row[&format!("{domain}_{}", band.replace(' ', "_"))],
                        count.to_string()
                    );
                }
                let score = |site: &Value| site["properties"][format!("{domain}_score")].as_f64();
                let highest = members.iter().filter_map(|site| score(site)).reduce(f64::max);
                let told = row[&format!("{domain}_worst_score")].parse::<f64>().ok();
                assert_eq!(told, highest, "{}", row["group"]);
                let worst = &row[&format!("{domain}_worst_id")];
                assert_eq!(sites.get(worst).and_then(score), highest);
                let lowest = members.iter().filter_map(|site| score(site)).reduce(f64::min);
                assert_eq!(row[&format!("{domain}_min")].parse::<f64>().ok(), lowest);
            }
        }
    }
}

#[test]
fn a_group_is_called_none_where_the_column_says_nothing() {
    let folder = Folder::with_mines();
    folder.write("own.csv", "id,name,lon,lat,Owner\na,A,62,29,\nb,B,63,29,x\nc,C,64,29, x \n");
    let out =
        folder.done(&["score", "-s", "own.csv", "-i", "incidents.csv", "--group-by", "OWNER"]);
    let groups: BTreeMap<String, String> = portfolio(&folder, "out")
        .into_iter()
        .map(|row| (row["group"].clone(), row["sites"].clone()))
        .collect();
    let known = [("(none)", "1"), ("x", "2")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    assert_eq!(groups, known.into());
    assert!(out.contains("(none)"), "{out}");
}

#[test]
fn a_column_that_is_not_there_is_refused_before_anything_is_written() {
    let folder = Folder::with_mines();
    let ended =
        folder.run(&["score", "-s", "sites.csv", "-i", "incidents.csv", "--group-by", "countri"]);
    assert_eq!(ended.code, 2, "{}", ended.err);
    assert!(
        ended.err.contains("no column \"countri\"") && ended.err.contains("did you mean country"),
        "{}",
        ended.err
    );
    let written = folder.files("out").into_keys().filter(|name| !name.starts_with('.'));
    assert_eq!(written.count(), 0);
}

#[test]
fn the_terminal_tells_the_worst_groups_and_how_many_more_there_are() {
    let folder = Folder::with_mines();
    let rows: String = (0..40)
        .map(|n| format!("s{n},S{n},{},29,owner {n}\n", 60.0 + f64::from(n) / 10.0))
        .collect();
    folder.write("own.csv", format!("id,name,lon,lat,owner\n{rows}"));
    let out =
        folder.done(&["score", "-s", "own.csv", "-i", "incidents.csv", "--group-by", "owner"]);
    assert!(out.contains("... and 25 more groups in portfolio.csv"), "{out}");
    assert_eq!(portfolio(&folder, "out").len(), 40);
}

#[test]
fn runs_without_sites_without_scores_and_of_one_site_have_a_page() {
    let folder = Folder::with_mines();
    folder.write("none.csv", "id,date,lon,lat,event_type\n");
    folder.write("one.csv", "id,name,lon,lat\nonly,Only,62,29\n");
    for (args, sites) in [
        (&["-s", "sites.csv", "-i", "incidents.csv", "--bbox", "1,1,2,2"][..], 0),
        (&["-s", "sites.csv"], 3),
        (&["-s", "sites.csv", "-i", "none.csv"], 3),
        (&["-s", "one.csv", "-i", "incidents.csv"], 1),
    ] {
        let mut all = vec!["score", "--report", "--png", "--group-by", "country"];
        all.extend(args);
        folder.done(&all);
        let said = data(&page(&folder, "out"));
        assert_eq!(said["sites"], sites, "{args:?}");
        assert_eq!(list(&said, "id").len(), sites);
        assert_eq!(said["details"].as_array().map(Vec::len), Some(sites));
    }
}

#[test]
fn sites_over_the_seam_and_at_the_poles_lie_on_the_map() {
    let folder = Folder::with_mines();
    for places in [
        "a,A,179.9,-17\nb,B,-179.9,-17.5\n",
        "a,A,0,90\nb,B,90,89.9\n",
        "a,A,0,-90\n",
        "a,A,180,0\nb,B,-180,0\n",
        "a,A,-120,50\nb,B,0,10\nc,C,120,-30\n",
    ] {
        folder.write("own.csv", format!("id,name,lon,lat\n{places}"));
        folder.done(&["score", "-s", "own.csv", "--report", "--png"]);
        let said = data(&page(&folder, "out"));
        let view = |name: &str| said["view"][name].as_f64().expect("a number");
        for (lon, lat) in list(&said, "lon").iter().zip(list(&said, "lat")) {
            let mut east = lon.as_f64().expect("lon") - view("lon");
            east -= 360.0 * (east / 360.0).round();
            let x = view("width") / 2.0 + east * view("per_lon");
            let y =
                view("height") / 2.0 + (view("lat") - lat.as_f64().expect("lat")) * view("per_lat");
            assert!((-1e-6..=view("width") + 1e-6).contains(&x), "{places}: {x}");
            assert!((-1e-6..=view("height") + 1e-6).contains(&y), "{places}: {y}");
        }
    }
}

#[test]
fn past_ten_thousand_sites_the_page_says_what_it_leaves_out() {
    let folder = Folder::with_mines();
    let rows: String = (0..10_050)
        .map(|n| {
            format!(
                "s{n},S{n},{},{}\n",
                60.0 + f64::from(n % 100) / 10.0,
                25.0 + f64::from(n / 100) / 10.0
            )
        })
        .collect();
    folder.write("many.csv", format!("id,name,lon,lat\n{rows}"));
    folder.done(&[
        "score",
        "-s",
        "many.csv",
        "-i",
        "incidents.csv",
        "--coverage",
        "all",
        "--report",
        "--layers",
        "sites",
    ]);
    let said = data(&page(&folder, "out"));
    assert_eq!(said["sites"], 10_050);
    assert_eq!(list(&said, "id").len(), 10_000);
    assert_eq!(said["rest"]["lon"].as_array().map(Vec::len), Some(50));
    assert_eq!(said["details"].as_array().map(Vec::len), Some(500));
    // The rows are those of the highest scores.
    let scores: Vec<f64> = list(&said, "security").iter().filter_map(Value::as_f64).collect();
    assert!(scores.iter().zip(scores.iter().skip(1)).all(|(a, b)| a >= b));
}
