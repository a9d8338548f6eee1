//! Tables out: layers as CSV, the workbook, and the disclosures.

use crate::cli::{Folder, features};
use calamine::{Data, DataType, Reader, Xlsx, open_workbook_from_rs};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

/// The rows of a table, each by its columns.
fn table(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(bytes);
    let head = reader.headers().expect("a header").clone();
    let row = |row: csv::StringRecord| {
        head.iter().map(str::to_owned).zip(row.iter().map(str::to_owned)).collect()
    };
    reader.records().map(|record| row(record.expect("a row"))).collect()
}

pub type Book = Xlsx<Cursor<Vec<u8>>>;

pub fn book(folder: &Folder, name: &str) -> Book {
    open_workbook_from_rs(Cursor::new(folder.bytes(name))).expect("a workbook")
}

/// The day of a cell.
pub fn day(cell: &Data) -> Option<String> {
    let Data::DateTime(day) = cell else { return None };
    let (year, month, day, ..) = day.to_ymd_hms_milli();
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

/// The names of the columns of a sheet, and its rows.
pub fn sheet(book: &mut Book, name: &str) -> (Vec<String>, Vec<Vec<Data>>) {
    let range = book.worksheet_range(name).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut rows = range.rows().map(<[Data]>::to_vec);
    let names = rows.next().expect("names");
    let names = names.iter().map(|name| name.get_string().expect("a name").to_owned()).collect();
    let labels = rows.next().expect("labels");
    assert!(labels.iter().all(|label| label.is_string()), "{name}: every column has a label");
    (names, rows.collect())
}

const HOSTILE: &str = "id,name,lon,lat,Note,opened,Staff\n\
    a,=cmd|' /C calc'!A0,66.9,30.2,+1+1,2001-02-03,120\n\
    b,@SUM(A1),67.0,30.3,\"-1,5\",1850-01-01,80.5\n";

fn hostile() -> Folder {
    let folder = Folder::with_mines();
    folder.write("own.csv", HOSTILE);
    folder
}

#[test]
fn a_layer_as_csv_has_the_values_of_geojson() {
    let folder = Folder::new();
    folder.done(&["demo", "-o", "out", "--format", "geojson,csv"]);
    for layer in ["sites", "rings", "links", "incidents", "footprint_lines"] {
        let features = features(&folder.json(&format!("out/{layer}.geojson")));
        let rows = table(&folder.bytes(&format!("out/{layer}.csv")));
        assert_eq!(rows.len(), features.len(), "{layer}");
        for row in &rows {
            let feature = &features[&row["id"]];
            for (name, value) in feature["properties"].as_object().expect("properties") {
                let cell = &row[name];
                match value {
                    Value::Null => assert_eq!(cell, "", "{layer} {name}"),
                    Value::Number(number) => {
                        assert_eq!(cell.parse().ok(), number.as_f64(), "{layer} {name}")
                    }
                    Value::String(text) => {
                        assert_eq!(cell.trim_start_matches('\''), text.trim_start_matches('\''))
                    }
                    other => assert_eq!(cell, &other.to_string()),
                }
            }
            let geometry = &feature["geometry"];
            if geometry["type"] == "Point" {
                for (at, name) in ["longitude", "latitude"].into_iter().enumerate() {
                    assert_eq!(row[name], geometry["coordinates"][at].to_string(), "{layer}");
                }
            } else if !geometry.is_null() {
                let kind = geometry["type"].as_str().expect("a type").to_uppercase();
                assert!(row["geometry"].starts_with(&kind), "{layer}: {}", row["geometry"]);
            }
        }
    }
    // The shapes are read again as they were.
    folder.done(&["convert", "out/rings.csv", "again.geojson"]);
    let (was, is) = (folder.json("out/rings.geojson"), folder.json("again.geojson"));
    let shapes = |layer: &Value| -> Vec<Value> {
        let features = layer["features"].as_array().expect("features").iter();
        features.map(|feature| feature["geometry"].clone()).collect()
    };
    let (was, is) = (shapes(&was), shapes(&is));
    assert_eq!(was.len(), is.len());
    for (was, is) in was.iter().zip(&is) {
        // A list of one polygon comes back as a polygon.
        assert_eq!(was["coordinates"][0], is["coordinates"]);
    }
}

#[test]
fn a_workbook_keeps_types_and_texts_stay_texts() {
    let folder = hostile();
    let args =
        ["score", "-s", "own.csv", "-i", "incidents.csv", "--format", "xlsx,csv", "-o", "out"];
    folder.done(&args);
    let mut book = book(&folder, "out/risk.xlsx");
    let names = ["summary", "sites", "drivers", "disclosures", "findings", "method", "columns"];
    assert_eq!(book.sheet_names(), names);
    let (heads, mut rows) = sheet(&mut book, "sites");
    let at = |name: &str| heads.iter().position(|head| head == name).expect("a column");
    assert_eq!(heads[..4], ["id", "name", "country", "security_score"].map(str::to_owned));
    assert_eq!(rows.len(), 2);
    let scores: Vec<Option<f64>> = rows.iter().map(|row| row[3].get_float()).collect();
    assert!(scores[0] >= scores[1], "the highest score first: {scores:?}");
    rows.sort_by_key(|row| row[0].to_string());
    let first = &rows[0];
    assert_eq!(first[at("name")], Data::String("=cmd|' /C calc'!A0".into()), "no formula");
    assert_eq!(first[at("site_Note")], Data::String("+1+1".into()));
    assert_eq!(first[at("site_Staff")], Data::Float(120.0));
    assert_eq!(rows[1][at("site_Note")], Data::String("-1,5".into()));
    assert_eq!(day(&first[at("site_opened")]).as_deref(), Some("2001-02-03"));
    assert_eq!(rows[1][at("site_opened")], Data::String("1850-01-01".into()), "before 1900");
    assert!(matches!(first[at("security_score")], Data::Float(_)));
    assert!(["yes", "no"].contains(&&*first[at("in_conflict_area")].to_string()));
    assert!(matches!(first[at("nearest_incident_date")], Data::DateTime(_)));
    let formulas = book.worksheet_formula("sites").expect("formulas");
    assert!(formulas.rows().flatten().all(String::is_empty), "no cell is a formula");
    // The sheet holds what the table holds.
    let cells = table(&folder.bytes("out/sites.csv"));
    for (row, cell) in rows.iter().zip(&cells) {
        for (name, value) in heads.iter().zip(row) {
            let told = cell[name].trim_start_matches('\'');
            match value {
                Data::Float(number) => assert_eq!(Some(*number), told.parse().ok(), "{name}"),
                Data::Empty => assert_eq!(told, "", "{name}"),
                // By name and code.
                Data::String(text) if name == "country" => {
                    assert!(text.ends_with(&format!(" ({told})")), "{text}: {told}");
                }
                Data::String(text) => {
                    let text = match text.as_str() {
                        "yes" => "true",
                        "no" => "false",
                        text => text.trim_start_matches('\''),
                    };
                    assert_eq!(text, told, "{name}");
                }
                other => assert_eq!(day(other).as_deref(), Some(told), "{name}"),
            }
        }
    }
}

#[test]
fn a_workbook_is_the_same_to_the_byte_and_bands_have_the_colors_of_the_map() {
    let folder = hostile();
    let args =
        |out| ["score", "-s", "own.csv", "-i", "incidents.csv", "--format", "xlsx", "-o", out];
    folder.done(&args("one"));
    std::thread::sleep(std::time::Duration::from_millis(1100));
    folder.done(&[&args("two")[..], &["--threads", "1"]].concat());
    assert_eq!(folder.bytes("one/risk.xlsx"), folder.bytes("two/risk.xlsx"));
    let parts = parts_of(&folder, "one/risk.xlsx");
    let part = |name: &str| parts[name].as_str();
    let styles = part("xl/styles.xml");
    let band = table_of_bands(&folder);
    let ramp = tamarisk::layers::style::Theme::Security.ramp();
    let color = ramp[band - 1].hex().trim_start_matches('#').to_uppercase();
    assert!(styles.contains(&format!("FF{color}")), "{color} is not in the styles");
    let sites = part("xl/worksheets/sheet2.xml");
    assert!(sites.contains("orientation=\"landscape\"") && sites.contains("fitToHeight=\"0\""));
    assert!(sites.contains("hidden=\"1\""), "a column without any value is hidden");
    let book = part("xl/workbook.xml");
    assert!(book.contains("sites!$A$2:$M$"), "twelve columns are printed: {book}");
    assert!(book.contains("sites!$2:$2"), "the labels are repeated: {book}");
    assert!(sites.contains("state=\"frozen\"") && sites.contains("<autoFilter"), "{sites}");
    assert!(!sites.contains("<f>"), "no formula");
}

#[test]
fn of_long_sheets_a_board_gets_what_it_reads_and_the_footer_says_how_many_rows_that_is() {
    let folder = Folder::new();
    folder.done(&["score", "--demo", "--layers", "sites", "--format", "xlsx", "-o", "out"]);
    let parts = parts_of(&folder, "out/risk.xlsx");
    let book = &parts["xl/workbook.xml"];
    let area = book.split("disclosures!$A$2:$K$").nth(2).expect("a print area");
    let last: u32 = area.split('<').next().and_then(|row| row.parse().ok()).expect("a row");
    assert!((20..200).contains(&last), "{last}");
    let footer = format!("&amp;A: the first {} of ", last - 2);
    let mut sheets = parts.iter().filter(|(name, _)| name.starts_with("xl/worksheets/sheet"));
    assert!(sheets.any(|(_, sheet)| sheet.contains(&footer)), "{footer}");
}

/// The texts of the files in a workbook, by name.
fn parts_of(folder: &Folder, workbook: &str) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(folder.bytes(workbook))).expect("zip");
    let count = archive.len();
    let part = |at: usize| {
        let mut file = archive.by_index(at).expect("a file");
        let mut text = String::new();
        std::io::Read::read_to_string(&mut file, &mut text).expect("text");
        (file.name().expect("a name").into_owned(), text)
    };
    (0..count).map(part).collect()
}

/// The security band of the first site, from 1 to 5.
fn table_of_bands(folder: &Folder) -> usize {
    folder.done(&["score", "-s", "own.csv", "-i", "incidents.csv", "-o", "three"]);
    let layer = folder.json("three/sites.geojson");
    let word =
        layer["features"][0]["properties"]["security_band"].as_str().expect("a band").to_owned();
    let words = ["no data", "very low", "low", "medium", "high", "very high"];
    words.iter().position(|of| *of == word).filter(|band| *band > 0).expect("a score")
}

#[test]
fn a_text_that_is_too_long_for_a_cell_is_told_and_whole_in_the_csv() {
    let folder = Folder::with_mines();
    let long = "long ".repeat(8000);
    folder.write("own.csv", format!("id,name,lon,lat,Note\na,A,66.9,30.2,{long}end\n"));
    let ended = folder.run(&[
        "score",
        "-s",
        "own.csv",
        "-i",
        "incidents.csv",
        "--format",
        "xlsx,csv",
        "-o",
        "out",
    ]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(
        ended.err.contains("in the sheet sites 1 texts are cut; sites.csv holds all of it"),
        "{}",
        ended.err
    );
    let rows = table(&folder.bytes("out/sites.csv"));
    assert!(rows[0]["site_Note"].ends_with("end"));
    let mut book = book(&folder, "out/risk.xlsx");
    let (heads, rows) = sheet(&mut book, "sites");
    let at = heads.iter().position(|head| head == "site_Note").expect("the column");
    assert_eq!(rows[0][at].get_string().map(str::len), Some(32_767));
}

#[test]
fn what_is_not_known_has_a_reason_and_no_value() {
    let folder = Folder::with_mines();
    folder.done(&["score", "-s", "sites.csv", "-i", "incidents.csv", "--disclosures", "-o", "out"]);
    let rows = table(&folder.bytes("out/disclosures.csv"));
    let standards: BTreeSet<&str> = rows.iter().map(|row| row["disclosure"].as_str()).collect();
    assert_eq!(standards.len(), 12, "{standards:?}");
    for row in &rows {
        let known = row["known"] == "yes";
        // The number of sites of which something is not known is a number, and is found with what is not known.
        let counts = row["of"] == "not known" && row["value"] != "0";
        assert_eq!(known, !row["value"].is_empty() && !counts, "{row:?}");
        assert!(known || !row["note"].is_empty(), "no reason: {row:?}");
    }
    // There is no layer of areas: no count of them is zero.
    let areas = rows.iter().filter(|row| row["item"].starts_with("areas_within"));
    assert!(areas.clone().count() >= 9 && areas.clone().all(|row| row["value"].is_empty()));
    let incidents = rows
        .iter()
        .find(|row| row["item"] == "in_conflict_affected_area" && row["site_id"] != "(all sites)");
    assert_eq!(incidents.expect("a row")["source_layer"], "incidents.csv");
    let criteria = rows.iter().filter(|row| row["item"] == "sensitive_location");
    assert!(criteria.clone().count() > 0 && criteria.clone().all(|row| row["value"] != "false"));
}

#[test]
fn answers_over_all_sites_add_up() {
    let folder = Folder::new();
    folder.done(&["demo", "-o", "out"]);
    let rows = table(&folder.bytes("out/disclosures.csv"));
    let (all, each): (Vec<_>, Vec<_>) =
        rows.iter().partition(|row| row["site_id"] == "(all sites)");
    let sites: BTreeSet<&str> = each.iter().map(|row| row["site_id"].as_str()).collect();
    let mut counted: BTreeMap<(&str, &str), f64> = BTreeMap::new();
    for row in all.iter().filter(|row| row["unit"] == "sites") {
        let count: f64 = row["value"].parse().expect("a number");
        *counted.entry((&row["disclosure"], &row["item"])).or_default() += count;
        let answer = match row["of"].as_str() {
            "yes" => "true",
            "no" => "false",
            "not known" => "",
            other => other,
        };
        let same = each.iter().filter(|one| {
            (&one["disclosure"], &one["item"]) == (&row["disclosure"], &row["item"])
                && one["of"].is_empty()
                && one["value"] == answer
        });
        assert_eq!(same.count().to_string(), row["value"], "{row:?}");
    }
    assert!(counted.len() > 8);
    for (item, count) in counted {
        assert_eq!(count.to_string(), sites.len().to_string(), "{item:?}");
    }
    // The page holds the same answers.
    let page = String::from_utf8(folder.bytes("out/report.html")).expect("UTF-8");
    let data = page.split_once("<script id=\"data\" type=\"application/json\">").expect("data").1;
    let data: Value =
        serde_json::from_str(data.split_once("</script>").expect("an end").0).expect("JSON");
    let pages = data["disclosures"].as_array().expect("disclosures");
    assert_eq!(pages.len(), 12);
    for page in pages {
        for site in page["sites"].as_array().expect("sites") {
            let row = usize::try_from(site["row"].as_u64().expect("a row")).expect("an index");
            let id = data["rows"]["id"][row].as_str().expect("an id");
            let values = site["values"].as_array().expect("values").iter();
            for (value, item) in values.zip(page["items"].as_array().expect("items")) {
                let told = each.iter().find(|one| {
                    one["site_id"] == id
                        && page["name"] == one["disclosure"].as_str()
                        && item["item"] == one["item"].as_str()
                        && one["of"].is_empty()
                });
                let shown = match value {
                    Value::Null => String::new(),
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                if let Some(told) = told {
                    let same = match (shown.parse::<f64>(), told["value"].parse::<f64>()) {
                        (Ok(shown), Ok(told)) => shown.to_bits() == told.to_bits(),
                        _ => shown == told["value"],
                    };
                    assert!(same, "{id} {}: {shown} is not {}", item["item"], told["value"]);
                }
            }
        }
    }
}

#[test]
fn what_a_site_states_of_itself_is_disclosed() {
    let folder = Folder::with_mines();
    folder.write(
        "own.csv",
        "id,name,lon,lat,Water withdrawal (ML),bws_score,controlled_km2,disturbed_km2,restored_km2\n\
         a,A,66.9,30.2,250,4.2,3,2,1\nb,B,67.0,30.3,100,1.2,5,,\nc,C,67.1,30.3,,4.5,,,\n",
    );
    folder.done(&["score", "-s", "own.csv", "-i", "incidents.csv", "--disclosures", "-o", "out"]);
    let rows = table(&folder.bytes("out/disclosures.csv"));
    let value = |site: &str, item: &str, of: &str| {
        let found = rows
            .iter()
            .find(|row| row["site_id"] == site && row["item"] == item && row["of"] == of);
        found.unwrap_or_else(|| panic!("{site} {item}"))["value"].clone()
    };
    let stress = "water_withdrawal_in_areas_with_water_stress";
    assert_eq!(value("a", "water_stress_class", ""), "extremely high");
    assert_eq!(
        [value("a", stress, ""), value("b", stress, ""), value("c", stress, "")],
        ["250.0", "0.0", ""]
    );
    assert_eq!(value("(all sites)", stress, ""), "250.0");
    assert_eq!(value("a", "water_withdrawal_in_areas_of_water_scarcity", ""), "250000");
    assert_eq!(
        [value("a", "total_spatial_footprint", ""), value("b", "total_spatial_footprint", "")],
        ["6.0", ""]
    );
    assert_eq!(value("(all sites)", "area_controlled", ""), "8.0");
    assert_eq!(value("a", "sensitive_location", ""), "true", "by water alone");
}

#[test]
fn columns_are_crossed_and_exposure_is_weighted() {
    let folder = Folder::with_mines();
    folder.write(
        "own.csv",
        "id,name,lon,lat,Operator,Investor x origin,Value\n\
         a,A,66.9,30.2,Alpha,UK,100\nb,B,67.0,30.3,Alpha,China,50\nc,C,67.1,30.4,Beta,UK,n/a\nd,D,61.0,10.0,Beta,UK,850\n",
    );
    let run = |by: &str, out: &str| {
        folder.run(&[
            "score",
            "-s",
            "own.csv",
            "-i",
            "incidents.csv",
            "--group-by",
            by,
            "--weight-by",
            "value",
            "-o",
            out,
        ])
    };
    let ended = run("operator x country,Investor x origin", "out");
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(ended.out.contains("Value: no number at 1 of 4 sites"), "{}", ended.out);
    let rows = table(&folder.bytes("out/portfolio.csv"));
    let groups: Vec<(&str, &str, &str)> = rows
        .iter()
        .map(|row| (row["column"].as_str(), row["group"].as_str(), row["weight_total"].as_str()))
        .collect();
    assert!(groups.contains(&("all sites", "all sites", "1000.0")), "{groups:?}");
    assert!(groups.contains(&("site_Operator x country", "Alpha x PAK", "150.0")), "{groups:?}");
    assert!(
        groups.contains(&("site_Investor x origin", "UK", "950.0")),
        "its own name goes before: {groups:?}"
    );
    let whole = &rows[0];
    assert_eq!((whole["weight_missing"].as_str(), whole["sites"].as_str()), ("1", "4"));
    let bands = ["no_data", "very_low", "low", "medium", "high", "very_high"];
    for domain in ["security", "environment"] {
        let of = |what: &str| -> f64 {
            let number = |band: &&str| {
                whole[&format!("{domain}_{what}_{band}")].parse::<f64>().expect("a number")
            };
            bands.iter().map(number).sum()
        };
        assert!((of("weight") - 1000.0).abs() < 1e-9 && (of("share") - 1.0).abs() < 2e-3);
    }
    // The mean is over sites that have a score and a number.
    let sites = features(&folder.json("out/sites.geojson"));
    let (mut sum, mut weights) = (0.0, 0.0);
    for (id, value) in [("a", 100.0), ("b", 50.0), ("d", 850.0)] {
        if let Some(score) = sites[id]["properties"]["security_score"].as_f64() {
            sum += score * value;
            weights += value;
        }
    }
    let mean: f64 = whole["security_weighted_mean"].parse().expect("a mean");
    assert!((mean - sum / weights).abs() < 1e-3, "{mean}");
    let ended = run("operator x contry", "no");
    assert!(ended.code == 2 && ended.err.contains("no column \"contry\""), "{}", ended.err);
    let ended =
        folder.run(&["score", "-s", "own.csv", "-i", "incidents.csv", "--weight-by", "operator"]);
    assert!(
        ended.code == 2 && ended.err.contains("no site has a number in the column"),
        "{}",
        ended.err
    );
}
