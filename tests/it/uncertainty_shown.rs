//! Where runs with draws show how sure scores are: the report, the styles, the terminal and batches over time; and that runs
//! without draws have nothing of it.

use crate::batch_page;
use crate::cli::{Folder, features};
use crate::report::{HOSTILE, data};
use serde_json::{Value, json};

const DRAWS: [&str; 2] = ["--uncertainty", "200"];

/// Incidents around the mines, of which some are known to a province only.
const INCIDENTS: &str = "\
id,date,lon,lat,country,event_type,fatalities,position_accuracy_km
i-1,2024-05-01,66.523,29.601,Pakistan,Battles,3,2
i-2,2024-06-30,67.251,29.802,Pakistan,Explosions/Remote violence,5,25
i-3,2023-01-15,66.954,30.203,Pakistan,Riots,0,2
i-4,2022-11-11,64.301,28.512,Pakistan,Violence against civilians,1,75
";

fn scored(sites: &str, more: &[&str]) -> Folder {
    let folder = Folder::new();
    folder.write("sites.csv", sites).write("incidents.csv", INCIDENTS);
    let run = ["score", "-s", "sites.csv", "-i", "incidents.csv", "--report", "-o", "out"];
    folder.done(&[&run[..], more].concat());
    folder
}

fn page(folder: &Folder) -> String {
    String::from_utf8(folder.bytes("out/report.html")).expect("UTF-8")
}

/// Fourteen sites in a row, so that not all can be among the ten highest.
fn row_of_sites() -> String {
    let mut text = String::from("id,name,lon,lat,position_accuracy_km\n");
    for at in 0..14 {
        text += &format!("s{at:02},Site {at},{:.2},28.8,5\n", 64.0 + 0.25 * f64::from(at));
    }
    text
}

#[test]
fn the_report_has_a_panel_and_the_ten_highest() {
    let folder = scored(&row_of_sites(), &DRAWS);
    let (text, said) = (page(&folder), data(&page(&folder)));
    assert!(text.contains("function howSure") && text.contains("drawHighest();"));
    assert!(text.contains(".sureness"), "its style");
    let sites = features(&folder.json("out/sites.geojson"));
    let share = |id: &str| sites[id]["properties"]["security_p_top10"].as_f64();
    for (row, id) in said["rows"]["id"].as_array().expect("ids").iter().enumerate() {
        let id = id.as_str().expect("an id");
        let (site, sure) = (&sites[id]["properties"], &said["details"][row]["sure"]["security"]);
        let column = |name: &str| site[format!("security_{name}")].clone();
        assert_eq!(sure["interval"], json!([column("score_p05"), column("score_p95")]), "{id}");
        for (at, name) in ["rank_p05", "rank_p95"].into_iter().enumerate() {
            assert_eq!(sure["ranks"][at].as_f64(), column(name).as_f64(), "{id} {name}");
        }
        for (member, name) in
            [("top", "p_top10"), ("band", "p_band"), ("effective", "effective_incidents")]
        {
            assert_eq!(sure[member], column(name), "{id} {name}");
        }
        let moved = sure["moved_by"].as_array().expect("shares");
        let sum: f64 = moved.iter().filter_map(|one| one[1].as_f64()).sum();
        assert!((sum - 1.0).abs() < 0.003, "{id}: {moved:?}");
        assert!(moved.is_sorted_by(|a, b| a[1].as_f64() >= b[1].as_f64()), "{moved:?}");
    }
    let highest = &said["sure"]["security"];
    assert_eq!((&said["sure"]["draws"], &highest["sites"]), (&json!(200), &json!(14)));
    let mut listed = 0;
    for (kind, from, to) in [("sure", 0.9001, 1.0), ("likely", 0.5, 0.9), ("open", 0.1, 0.4999)] {
        let first = highest[kind]["first"].as_array().expect("sites");
        assert_eq!(highest[kind]["count"].as_u64(), Some(first.len() as u64));
        for one in first {
            let row = one[0].as_u64().expect("a row") as usize;
            let id = said["rows"]["id"][row].as_str().expect("an id");
            let known = share(id).expect("a share");
            assert!((from..=to).contains(&known), "{kind}: {id} {known}");
            assert_eq!((&one[1], one[2].as_f64()), (&said["rows"]["name"][row], Some(known)));
        }
        listed += first.len();
    }
    let due = sites.keys().filter(|id| share(id) >= Some(0.1)).count();
    assert_eq!(listed, due, "every site from 10 % of the draws on");
    assert!(highest["sure"]["count"] != 0 && due >= 10, "{highest}");
}

#[test]
fn nothing_is_shown_without_draws() {
    let every = ["--gpkg", "--project"];
    let without = scored(&row_of_sites(), &every);
    let said = page(&without);
    assert!(!said.contains("howSure") && !said.contains("// sure") && !said.contains(".sureness"));
    assert_eq!(data(&said).get("sure"), None);
    assert_eq!(data(&said)["details"][0].get("sure"), None);
    let style = String::from_utf8(without.bytes("out/sites.qml")).expect("UTF-8");
    assert!(!style.contains("_p05") && !style.contains("color_rgba"));
    assert_eq!(style_names(&without), ["security", "environment", "overall"]);
    // What draws add is besides: everything else is the same.
    let with = scored(&row_of_sites(), &[&every[..], &DRAWS].concat());
    let (before, after) = (data(&said), data(&page(&with)));
    for member in ["rows", "rest", "bands", "portfolio", "quality", "method", "view"] {
        assert_eq!(before[member], after[member], "{member}");
    }
    let plain = features(&without.json("out/sites.geojson"));
    for (id, site) in features(&with.json("out/sites.geojson")) {
        let known = plain[&id]["properties"].as_object().expect("properties");
        for (name, value) in known.iter().filter(|(name, _)| *name != "explanation") {
            assert_eq!(site["properties"][name], *value, "{id} {name}");
        }
    }
}

/// The names of the styles of sites in the GeoPackage, in order.
fn style_names(folder: &Folder) -> Vec<String> {
    let database = rusqlite::Connection::open(folder.at("out/risk.gpkg")).expect("a GeoPackage");
    let sql = "SELECT styleName FROM layer_styles WHERE f_table_name = 'sites' ORDER BY id";
    let mut query = database.prepare(sql).expect("a query");
    let names = query.query_map([], |row| row.get(0)).expect("rows");
    names.collect::<Result<_, _>>().expect("names")
}

#[test]
fn odd_sites_are_shown_too() {
    // One in reach of the incidents; one far from them, whose score is 0 in every draw; one where none were collected.
    let sites = format!(
        "id,name,lon,lat\nnear,{HOSTILE},66.5,29.6\nfar,Far,74.2,31.4\nabroad,Abroad,10.0,50.0\n"
    );
    let text = page(&scored(&sites, &DRAWS));
    assert_eq!(text.to_lowercase().matches("<script").count(), 2);
    let said = data(&text);
    let json = said.to_string();
    assert!(!json.contains("NaN") && !json.contains("Infinity"));
    let row = |id: &str| {
        let ids = said["rows"]["id"].as_array().expect("ids");
        ids.iter().position(|one| one == id).expect("a row")
    };
    let sure = |id: &str| &said["details"][row(id)]["sure"]["security"];
    assert_eq!(*sure("abroad"), Value::Null, "no score, no interval");
    assert_eq!(sure("far")["interval"], json!([0.0, 0.0]));
    assert_eq!(sure("far")["moved_by"], json!([]), "nothing moves it");
    let [low, high] = [0, 1].map(|at| sure("near")["interval"][at].as_f64().expect("a score"));
    assert!(low < high, "{low} {high}");
    assert_eq!(said["sure"]["security"]["sites"], 2);
    assert_eq!(said["sure"]["security"]["sure"]["first"][0][1], HOSTILE);
    // One site alone is first of one.
    let said = data(&page(&scored("id,name,lon,lat\na,Alone,66.5,29.6\n", &DRAWS)));
    assert_eq!(said["details"][0]["sure"]["security"]["ranks"], json!([1, 1]));
    assert_eq!(said["sure"]["security"]["sites"], 1);
    // No site at all.
    let nowhere = [&DRAWS[..], &["--bbox", "1,1,2,2"]].concat();
    let said = data(&page(&scored(&row_of_sites(), &nowhere)));
    assert_eq!(said["sure"]["security"]["sites"], 0);
}

#[test]
fn the_styles_show_how_sure_scores_are() {
    let folder = scored(&row_of_sites(), &[&["--gpkg", "--project"][..], &DRAWS].concat());
    assert_eq!(style_names(&folder), ["security", "environment", "overall", "ten_highest"]);
    let style = String::from_utf8(folder.bytes("out/sites.qml")).expect("UTF-8");
    let style = style.replace("&quot;", "\"").replace("&apos;", "'").replace("&gt;", ">");
    let width = "round(\"security_score_p95\" - \"security_score_p05\", 1)";
    let by = |narrow, middle, wide| {
        format!(
            "CASE WHEN {width} > 25 THEN {wide} WHEN {width} >= 10 THEN {middle} ELSE {narrow} END"
        )
    };
    // One for each band with a color; no data is hatched.
    assert_eq!(style.matches(&by("0.2", "0.45", "0.8")).count(), 5, "rings");
    assert_eq!(style.matches(&format!("255 * ({})", by("1", "0.7", "0.45"))).count(), 5, "fills");
    assert!(style.contains("color_rgba(179,0,0,255 * ("), "the color of the band");
    assert!(style.contains("|| ' (' || round(\"security_score_p05\") || '-' ||"), "labels");
    assert!(style.contains("among the ten highest in"), "map tips");
    assert!(style.contains("name=\"Security rank, 5th percentile of the draws\""), "aliases");
    let database = rusqlite::Connection::open(folder.at("out/risk.gpkg")).expect("a GeoPackage");
    let sql = "SELECT styleQML FROM layer_styles WHERE f_table_name = 'sites' AND styleName = ?1";
    let of = |name: &str| -> String {
        database.query_row(sql, [name], |row| row.get(0)).expect("a style")
    };
    let ten = of("ten_highest");
    for (value, label) in [
        ("sure", "Sure: in more than 90 % of the draws"),
        ("likely", "Likely: in 50 to 90 %"),
        ("open", "Open: in 10 to 50 %"),
        ("hardly", "Hardly ever: in less than 10 %"),
        ("none", "No security score"),
    ] {
        assert!(ten.contains(&format!("value=\"{value}\" label=\"{label}\"")), "{value}");
    }
    assert!(of("environment").contains("environment_score_p95"));
}

#[test]
fn the_terminal_has_intervals_beside_scores() {
    let folder = Folder::new();
    folder.write("sites.csv", row_of_sites()).write("incidents.csv", INCIDENTS);
    let run = ["score", "-s", "sites.csv", "-i", "incidents.csv", "-o"];
    let without = folder.done(&[&run[..], &["a"]].concat());
    let with = folder.done(&[&run[..], &["b"], &DRAWS].concat());
    let head = |text: &str| text.lines().next().expect("a header").to_owned();
    assert!(!head(&without).contains("interval"));
    let words: Vec<String> = head(&with).split_whitespace().map(str::to_owned).collect();
    assert_eq!(words[..5], ["site", "security", "interval", "rank", "environment"]);
    let sites = features(&folder.json("b/sites.geojson"));
    for site in sites.values().map(|site| &site["properties"]) {
        let name = site["name"].as_str().expect("a name");
        let line = with.lines().find(|line| line.starts_with(&format!("{name} "))).expect(name);
        let of = |column: &str| site[column].as_f64().expect("a number");
        let range = |low: f64, high: f64| {
            let [low, high] = [low, high].map(|number| format!("{number:.0}"));
            if low == high { low } else { format!("{low} to {high}") }
        };
        let ranks = range(of("security_rank_p05"), of("security_rank_p95"));
        let score = range(of("security_score_p05"), of("security_score_p95"));
        assert!(line.contains(&format!(" {score} ")), "{line}: {score}");
        assert!(line.contains(&format!(" {ranks} ")), "{line}: {ranks}");
    }
}

#[test]
fn a_batch_calls_only_that_a_change_which_the_data_do_not_leave_open() {
    let folder = Folder::with_mines();
    let plan = |draws: &str| {
        format!(
            "{draws}[inputs]\nsites = [\"sites.csv\"]\nincidents = [\"incidents.csv\"]\n\
             [dates]\nevery = \"month\"\nfrom = 2024-03-31\nto = 2024-06-30\n"
        )
    };
    folder.write("plain.toml", plan("")).write("sure.toml", plan("uncertainty = 200\n"));
    folder.done(&["batch", "plain.toml", "-o", "plain"]);
    folder.done(&["batch", "sure.toml", "-o", "out"]);
    let plain = folder.json("plain/all/default/sites_over_time.geojson").to_string();
    assert!(!plain.contains("_changed") && !plain.contains("_p05"));
    let html = |inside: &str| {
        String::from_utf8(folder.bytes(&format!("{inside}/report.html"))).expect("UTF-8")
    };
    assert!(!html("plain").contains("keepOpen") && html("out").contains("keepOpen(site);"));
    assert_eq!(data(&html("plain"))["series"][0]["trends"][0].get("security_sure"), None);

    let layer = folder.json("out/all/default/sites_over_time.geojson");
    let rows: Vec<&Value> =
        layer["features"].as_array().expect("rows").iter().map(|row| &row["properties"]).collect();
    let number = |row: &Value, name: &str| row[name].as_f64();
    let range = |row: &Value, score: f64| -> Option<(f64, f64)> {
        let (low, high) = (number(row, "security_score_p05")?, number(row, "security_score_p95")?);
        Some((low.min(score), high.max(score)))
    };
    let differs = |one: &Value, other: &Value| -> Option<bool> {
        let (a, b) = (number(one, "security_score")?, number(other, "security_score")?);
        let ((low, high), (least, most)) = (range(one, a)?, range(other, b)?);
        Some(!(low..=high).contains(&b) && !(least..=most).contains(&a))
    };
    let mut told = [0, 0];
    for row in &rows {
        let before = rows.iter().find(|one| {
            one["site_id"] == row["site_id"] && one["until"] == row["as_of"] && one != &row
        });
        let due = before.and_then(|before| differs(before, row));
        assert_eq!(row["security_changed"].as_bool(), due, "{row}");
        if let Some(changed) = due {
            told[usize::from(changed)] += 1;
        }
    }
    assert!(told[0] > 0, "some are left open: {told:?}");
    let page = batch_page::page(&folder);
    let series = &page["series"][0];
    for trend in series["trends"].as_array().expect("trends") {
        let of_site: Vec<&&Value> =
            rows.iter().filter(|row| row["site_id"] == trend["id"]).collect();
        let with: Vec<&&&Value> =
            of_site.iter().filter(|row| row["security_score"].is_number()).collect();
        let (first, last) = (with.first().expect("a score"), with.last().expect("a score"));
        let sure = &trend["security_sure"];
        assert_eq!(sure["changed"].as_bool(), differs(first, last), "{}", trend["id"]);
        let intervals = sure["intervals"].as_array().expect("intervals");
        assert_eq!(intervals.len(), series["frames"].as_array().map_or(0, Vec::len));
        for (interval, row) in intervals.iter().zip(&of_site) {
            assert_eq!(interval[0], row["security_score_p05"]);
            assert_eq!(interval[1], row["security_score_p95"]);
        }
    }
    let style = String::from_utf8(folder.bytes("out/all/default/sites_over_time.qml"));
    assert!(style.expect("UTF-8").contains("no more than the data leave open"), "slider tips");
}
