//! Tables as people make them: titles, units, two rows of a header, totals, headers in other languages; numbers
//! of people and dates as reports give them.

use crate::intake::{incidents, plain, says, text, told};
use std::io::{Cursor, Write};
use tamarisk::model::{ReceptorKind, Site};
use tamarisk::sources::{
    ColumnMap, ReadOptions, Reading, Source, check, read_incidents, read_receptors, read_sites,
};

fn sites(content: &str) -> Reading<Site> {
    read_sites(&text("s.csv", content), &plain()).expect("reading")
}

fn named(reading: &Reading<Site>) -> Vec<(String, f64, f64)> {
    let of = |site: &Site| (site.name.clone(), site.position.lon(), site.position.lat());
    reading.items.iter().map(of).collect()
}

fn two_pits() -> Vec<(String, f64, f64)> {
    vec![("Pit A".into(), 62.125, 29.125), ("Pit B".into(), 66.625, 28.525)]
}

const ROWS: &str = "1,Pit A,29.125,62.125\n2,Pit B,28.525,66.625\n";

#[test]
fn titles_and_units_around_a_header_are_passed_over() {
    for above in [
        "id,name,lat,lon\n",
        "Mines of the west,,,\nCompiled by the desk,,,\nid,name,lat,lon\n",
        "Mines of the west\n\nid,name,lat,lon\n",
        "Mines; a list\nid,name,lat,lon\n",
        "Site,,Position,\nid,name,lat,lon\n",
        "ID,Name,Position,\n,,Latitude,Longitude\n",
        "id,name,lat,lon\n,,(deg N),(deg E)\n",
        "id,name,lat,lon\n,,°,°\n",
        "Site ID,Site name,Latitude (°N),\"Longitude (deg, WGS84)\"\n",
        "_id,site_name,_place_latitude,_place_longitude\n",
    ] {
        let reading = sites(&format!("{above}{ROWS}"));
        assert_eq!(named(&reading), two_pits(), "{above}");
        assert_eq!((reading.read, reading.set_aside), (2, 0), "{above}");
    }
    let reading = sites(&format!("Mines of the west,,,\nid,name,lat,lon\n{ROWS}"));
    told(&says(&reading), "has 1 rows above the header on line 2; passed over");
    let line = reading.items.first().map(|site| site.place.to_string());
    assert_eq!(line.as_deref(), Some("line 3"));
}

#[test]
fn the_row_of_a_header_can_be_named() {
    let content = format!("id,name,lat,lon\nkey,label,y2,x2\nid,name,lat,lon\n{ROWS}");
    let options = ReadOptions { header_row: Some(3), ..ReadOptions::default() };
    let reading = read_sites(&text("s.csv", &content), &options).expect("reading");
    assert_eq!((named(&reading), reading.read), (two_pits(), 2));
}

#[test]
fn totals_and_a_header_again_are_no_sites() {
    let content = format!(
        "id,name,lat,lon\n{ROWS},Total,,\n,Average,28.8,64.35\nid,name,lat,lon\nSource: filings,,,\n"
    );
    let reading = sites(&content);
    assert_eq!(named(&reading), two_pits());
    assert_eq!((reading.read, reading.set_aside), (5, 3));
    told(&says(&reading), "is a row of totals, not a record");
    told(&says(&reading), "has the header again at line 6; no record");
    // A site that has an id may be called what it likes.
    let reading = sites("id,name,lat,lon\n7,Total,29.1,62.1\n");
    assert_eq!(reading.items.len(), 1);
    // So may a place of a table without ids: Soma is a town, and the Portuguese for sum.
    let places =
        "name,lat,lon,province,workers\nSoma,39.186,27.609,Manisa,12\nMedia,28.5,66.6,,3\n";
    let reading = sites(&format!("{places}Average,33.8,47.1,,7\n"));
    let names: Vec<_> = named(&reading).into_iter().map(|(name, ..)| name).collect();
    assert_eq!((names, reading.set_aside), (vec!["Soma".to_owned()], 2));
}

#[test]
fn headers_in_other_languages_are_read() {
    for header in [
        "Nr,Bezeichnung,Breitengrad,Längengrad",
        "identifiant,nom,Latitude,Longitude",
        "código,nombre,latitud,longitud",
        "identificador,nome,latitude,longitude",
        "Код,Название,Широта,Долгота",
        "编号,名称,纬度,经度",
        "الرقم,الاسم,خط العرض,خط الطول",
        "شناسه,نام,عرض جغرافیایی,طول جغرافیایی",
        "نمبر,نام,عرض بلد,طول بلد",
    ] {
        assert_eq!(named(&sites(&format!("{header}\n{ROWS}"))), two_pits(), "{header}");
    }
    for header in [
        "Datum,Breite,Länge,Land,Ereignisart,Todesopfer",
        "fecha,latitud,longitud,país,tipo de evento,muertos",
        "дата,широта,долгота,страна,тип события,погибшие",
        "日期,纬度,经度,国家,事件类型,死亡人数",
        "تاریخ,عرض جغرافیایی,طول جغرافیایی,کشور,نوع رویداد,تعداد کشته‌ها",
    ] {
        let reading = incidents(&format!("{header}\n2024-03-09,29.15,62.30,Pakistan,attack,3\n"));
        let one = reading.items.first().expect(header);
        assert_eq!(one.fatalities, Some(3), "{header}");
        assert_eq!(one.country.map(|code| code.to_string()).as_deref(), Some("PAK"), "{header}");
        assert_eq!(&*one.event_type, "attack", "{header}");
    }
}

fn deaths(cells: &[&str]) -> Reading<tamarisk::model::Incident> {
    let row = |(at, cell): (usize, &&str)| {
        format!("{at},2024-03-09,29.15,62.30,Pakistan,attack,\"{cell}\"\n")
    };
    let rows: String = cells.iter().enumerate().map(row).collect();
    incidents(&format!("id,date,lat,lon,country,event_type,fatalities\n{rows}"))
}

#[test]
fn deaths_are_read_as_reports_give_them() {
    let reading = deaths(&[
        "1,250",
        "5-10",
        "10+",
        "~30",
        "at least 12",
        "several",
        "-3",
        "3.0",
        "-99",
        "12 dead",
        "dozens",
    ]);
    let best: Vec<Option<u32>> = reading.items.iter().map(|one| one.fatalities).collect();
    assert_eq!(
        best,
        [
            Some(1250),
            Some(7),
            Some(10),
            Some(30),
            Some(12),
            None,
            None,
            Some(3),
            None,
            Some(12),
            None
        ]
    );
    let ranges: Vec<_> = reading.items.iter().filter_map(|one| one.fatalities_range).collect();
    assert_eq!(ranges, [(5, 10)]);
    told(&says(&reading), "\"several\" is not a number; taken as missing");
    told(&says(&reading), "\"5-10\" is a range");
}

#[test]
fn populations_are_read_with_their_thousands() {
    let content = "name,lat,lon,population\nA,29.13,62.20,\"12,345\"\nB,29.23,62.30,1.2 million\nC,29.10,62.10,<500\n\
        D,29.12,62.15,4 500\nE,29.12,62.15,12.500\nF,29.12,62.15,1234.5\n";
    let reading =
        read_receptors(&text("p.csv", content), Some(ReceptorKind::Settlements), &plain());
    let reading = reading.expect("reading");
    let people: Vec<Option<f64>> = reading.items.iter().map(|one| one.population).collect();
    assert_eq!(people, [Some(12_345.0), Some(1_200_000.0), None, Some(4500.0), None, Some(1234.5)]);
    told(&says(&reading), "may stand between thousands");
}

fn dated(dates: &[&str], format: Option<&str>) -> Reading<tamarisk::model::Incident> {
    let row = |(at, date): (usize, &&str)| format!("{at},{date},29.15,62.30,Pakistan,attack,1\n");
    let rows: String = dates.iter().enumerate().map(row).collect();
    let content = format!("id,date,lat,lon,country,event_type,fatalities\n{rows}");
    let map = format.map_or(String::new(), |format| format!("incidents.date_format={format}"));
    let map = ColumnMap::parse(&map).expect("map");
    let options = ReadOptions { map, ..ReadOptions::default() };
    read_incidents(&text("i.csv", &content), &options).expect("reading")
}

fn first_days(reading: &Reading<tamarisk::model::Incident>) -> Vec<String> {
    reading.items.iter().filter_map(|one| Some(one.date?.first().to_string())).collect()
}

#[test]
fn serials_and_epochs_are_read_where_they_are_declared_and_hints_name_the_right_one() {
    for (dates, format) in [
        (["45360", "45413"], "excel"),
        (["1709942400", "1714521600"], "unix"),
        (["1709942400000", "1714521600000"], "unix-ms"),
        (["1402-12-19", "1403-02-12"], "solar-hijri"),
    ] {
        let days = first_days(&dated(&dates, Some(format)));
        assert_eq!(days, ["2024-03-09", "2024-05-01"], "{format}");
        let reading = dated(&dates, None);
        assert_eq!((reading.items.len(), reading.set_aside), (0, 2), "{format}");
        told(&says(&reading), &format!("date_format={format}"));
    }
    let reading = dated(&["45360", "45413"], Some("unix"));
    told(&says(&reading), "read as unix puts every incident on one day (1970-01-01)");
    let reading = dated(&["1402-12-19", "2024-05-01"], None);
    assert_eq!(first_days(&reading), ["2024-05-01"]);
}

#[test]
fn dates_in_words_of_other_languages_are_read() {
    let reading = dated(
        &["9 mars 2024", "9 de marzo de 2024", "9 марта 2024", "2024.03.09", "9999-12-31"],
        None,
    );
    assert_eq!(first_days(&reading), vec!["2024-03-09"; 4]);
    assert_eq!(reading.set_aside, 1);
}

/// The rows of a sheet: their numbers and cells.
type Cells<'a> = &'a [(u32, &'a [&'a str])];

/// A workbook of one sheet, of rows of cells, with merged areas.
fn workbook(rows: Cells<'_>, merged: &[&str]) -> Source {
    book(&[("S", rows, merged)])
}

/// A workbook of sheets, each with its name. A cell `d=1.5` is a duration of so many days.
fn book(sheets: &[(&str, Cells<'_>, &[&str])]) -> Source {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let (mut listed, mut related, mut parts) = (String::new(), String::new(), Vec::new());
    for (number, (name, rows, merged)) in (1..).zip(sheets) {
        listed
            .push_str(&format!("<sheet name=\"{name}\" sheetId=\"{number}\" r:id=\"r{number}\"/>"));
        related.push_str(&format!("<Relationship Id=\"r{number}\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"));
        let content = format!("<worksheet xmlns=\"{main}\">{}</worksheet>", sheet(rows, merged));
        parts.push((format!("xl/worksheets/sheet{number}.xml"), content));
    }
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
        <Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>";
    let styles = format!(
        "<styleSheet xmlns=\"{main}\"><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"46\"/></cellXfs></styleSheet>"
    );
    parts.extend([
        ("[Content_Types].xml".to_owned(), types.to_owned()),
        (
            "_rels/.rels".to_owned(),
            format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml".to_owned(),
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets>{listed}</sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels".to_owned(),
            format!("<Relationships xmlns=\"{package}\">{related}<Relationship Id=\"s\" Type=\"{office}/styles\" Target=\"styles.xml\"/></Relationships>"),
        ),
        ("xl/styles.xml".to_owned(), styles),
    ]);
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let stored = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Stored);
        archive.start_file(name, stored).expect("a member");
        archive.write_all(content.as_bytes()).expect("written");
    }
    Source::bytes("w.xlsx", archive.finish().expect("an archive").into_inner())
}

/// The cells of a sheet, and which are merged.
fn sheet(rows: Cells<'_>, merged: &[&str]) -> String {
    let cell = |row: u32, (at, text): (usize, &&str)| -> String {
        let column = char::from(b'A' + u8::try_from(at).expect("few"));
        if let Some(days) = text.strip_prefix("d=") {
            return format!("<c r=\"{column}{row}\" s=\"1\"><v>{days}</v></c>");
        }
        match text.parse::<f64>() {
            _ if text.is_empty() => String::new(),
            Ok(number) => format!("<c r=\"{column}{row}\"><v>{number}</v></c>"),
            Err(_) => format!("<c r=\"{column}{row}\" t=\"inlineStr\"><is><t>{text}</t></is></c>"),
        }
    };
    let row = |(number, cells): &(u32, &[&str])| {
        let cells: String = cells.iter().enumerate().map(|one| cell(*number, one)).collect();
        format!("<row r=\"{number}\">{cells}</row>")
    };
    let rows: String = rows.iter().map(row).collect();
    let areas: String = merged.iter().map(|area| format!("<mergeCell ref=\"{area}\"/>")).collect();
    let areas = if areas.is_empty() { areas } else { format!("<mergeCells>{areas}</mergeCells>") };
    format!("<sheetData>{rows}</sheetData>{areas}")
}

const A: &[&str] = &["1", "Pit A", "29.125", "62.125"];
const B: &[&str] = &["2", "Pit B", "28.525", "66.625"];

#[test]
fn sheets_with_titles_merged_headers_units_and_several_tables_are_read() {
    let header: &[&str] = &["id", "name", "lat", "lon"];
    for (what, source) in [
        ("plain", workbook(&[(1, header), (2, A), (3, B)], &[])),
        (
            "merged",
            workbook(
                &[
                    (1, &["Project register"]),
                    (3, &["ID", "Name", "Location", "", "Output"]),
                    (4, &["", "", "Latitude", "Longitude", "2023", "2024"]),
                    (5, A),
                    (6, B),
                ],
                &["A1:F1", "C3:D3", "E3:F3"],
            ),
        ),
        ("units", workbook(&[(1, header), (2, &["", "", "°", "°"]), (3, A), (4, B)], &[])),
        (
            "two tables",
            workbook(&[(1, header), (2, A), (4, &["Abandoned"]), (5, header), (6, B)], &[]),
        ),
    ] {
        let reading = read_sites(&source, &plain()).expect(what);
        assert_eq!(named(&reading), two_pits(), "{what}");
        assert_eq!((reading.read, reading.set_aside), (2, 0), "{what}");
        let checked = check(&source, &plain()).expect(what);
        assert_eq!((checked.kept, checked.set_aside), (2, 0), "{what}");
    }
}

#[test]
fn cells_merged_downward_hold_for_all_their_rows() {
    let header: &[&str] = &["country", "id", "date", "lat", "lon", "event_type"];
    let rows: &[(u32, &[&str])] = &[
        (1, header),
        (2, &["Pakistan", "1", "2024-03-09", "29.15", "62.3", "attack"]),
        (3, &["", "2", "2024-03-10", "28.6", "66.7", "attack"]),
        (4, &["Afghanistan", "3", "2024-03-11", "34.1", "69.2", "attack"]),
    ];
    let reading = read_incidents(&workbook(rows, &["A2:A3"]), &plain()).expect("reading");
    let countries: Vec<String> =
        reading.items.iter().filter_map(|one| Some(one.country?.to_string())).collect();
    assert_eq!(countries, ["PAK", "PAK", "AFG"]);
    told(&says(&reading), "has merged cells");
}

#[test]
fn a_sheet_of_events_beside_one_of_mines_holds_no_mines() {
    let mines: Cells<'_> = &[(1, &["Mine", "Lat", "Lon"]), (2, &A[1..]), (3, &B[1..])];
    let events: Cells<'_> = &[
        (1, &["Ref", "Date", "Lat", "Lon", "Type", "Deaths"]),
        (2, &["e1", "2024-03-09", "29.15", "62.3", "attack", "3"]),
    ];
    let towns: Cells<'_> = &[
        (1, &["Town", "Lat", "Lon", "Population"]),
        (2, &["Nok Kundi", "28.82", "62.75", "9000"]),
    ];
    let source = book(&[("Mines", mines, &[]), ("Events", events, &[]), ("Towns", towns, &[])]);
    let sites = read_sites(&source, &plain()).expect("sites");
    assert_eq!(named(&sites), two_pits());
    told(&says(&sites), "sheet Events holds no table of sites and is not read");
    let incidents = read_incidents(&source, &plain()).expect("incidents");
    assert_eq!(incidents.items.iter().map(|one| one.fatalities).collect::<Vec<_>>(), [Some(3)]);
    let settlements = Some(ReceptorKind::Settlements);
    let towns = read_receptors(&source, settlements, &plain()).expect("towns");
    assert_eq!(towns.items.iter().map(|one| one.population).collect::<Vec<_>>(), [Some(9000.0)]);
    // Two sheets of mines are both read, one with the day on which each was closed too.
    let closed: Cells<'_> =
        &[(1, &["Mine", "Lat", "Lon", "Date"]), (2, &["Pit B", "28.525", "66.625", "2019-01-01"])];
    let source = book(&[("Open", &mines[..2], &[]), ("Closed", closed, &[])]);
    assert_eq!(named(&read_sites(&source, &plain()).expect("sites")), two_pits());
}

#[test]
fn angles_that_a_workbook_took_for_durations_are_angles() {
    let rows: Cells<'_> = &[
        (1, &["id", "name", "lat", "lon"]),
        (2, &["1", "Pit A", "d=1.2135416666666667", "d=2.5885416666666665"]),
        (3, &["2", "Pit B", "d=-1.1885416666666666", "d=-2.7760416666666665"]),
    ];
    let reading = read_sites(&workbook(rows, &[]), &plain()).expect("sites");
    let pits = [("Pit A".to_owned(), 62.125, 29.125), ("Pit B".to_owned(), -66.625, -28.525)];
    assert_eq!(named(&reading), pits);
}

#[test]
fn deaths_with_a_point_before_three_digits_are_thousands_or_not_known() {
    let rows = "1;2024-03-09;29.15;62.3;attack;1.000\n2;2024-03-09;29.15;62.4;attack;2.000\n\
                3;2024-03-09;29.15;62.5;attack;12\n";
    let content = text("i.csv", &format!("id;datum;lat;lon;ereignisart;tote\n{rows}"));
    let deaths = |reading: &Reading<tamarisk::model::Incident>| -> Vec<Option<u32>> {
        reading.items.iter().map(|incident| incident.fatalities).collect()
    };
    let reading = read_incidents(&content, &plain()).expect("reading");
    assert_eq!(deaths(&reading), [None, None, Some(12)]);
    told(&says(&reading), "\"1.000\" has three digits behind a point");
    let commas = text(
        "i.csv",
        &format!(
            "id;datum;lat;lon;ereignisart;tote\n{}",
            rows.replace("29.15", "29,15").replace(";62.", ";62,")
        ),
    );
    let reading = read_incidents(&commas, &plain()).expect("reading");
    assert_eq!(deaths(&reading), [Some(1000), Some(2000), Some(12)]);
}

#[test]
fn deaths_are_known_by_the_names_that_they_go_by() {
    for name in [
        "Number of deaths",
        "No. of deaths",
        "Total killed",
        "Dead",
        "People killed",
        "Killed total",
        "num_killed",
        "deaths_best",
        "Nb de morts",
        "Est. fatalities",
    ] {
        let reading =
            incidents(&format!("id,date,lat,lon,type,{name}\n1,2024-03-09,29.15,62.3,attack,7\n"));
        assert_eq!(reading.items[0].fatalities, Some(7), "{name}");
    }
    for (name, said) in [
        ("Casualties", "Casualties may be the dead and the injured"),
        ("Killed civilians", "map=\"incidents.fatalities=Killed civilians\""),
        ("injured", "fatalities: no column of deaths is known; counted as 0"),
    ] {
        let reading =
            incidents(&format!("id,date,lat,lon,type,{name}\n1,2024-03-09,29.15,62.3,attack,7\n"));
        assert_eq!(reading.items[0].fatalities, None, "{name}");
        told(&says(&reading), said);
    }
}

#[test]
fn a_table_of_numbers_of_incidents_is_refused() {
    for name in ["number of incidents", "incident_count", "n_events", "Incidents"] {
        let content = format!(
            "date,lat,lon,type,{name}\n2024-03-09,29.15,62.3,attack,1\n2024-03-09,29.15,62.4,attack,7\n"
        );
        let error = read_incidents(&text("i.csv", &content), &plain()).expect_err(name).to_string();
        assert!(error.contains("line 3") && error.contains("stands for 7 events"), "{error}");
    }
}

#[test]
fn the_hint_for_an_unclear_date_is_written_as_the_date_is() {
    for (date, hint) in [
        ("13.03.2023", "date_format=%d.%m.%Y\" or %m.%d.%Y"),
        ("03-04-2023", "date_format=%d-%m-%Y\" or %m-%d-%Y"),
        ("03/04/2023", "date_format=%d/%m/%Y\" or %m/%d/%Y"),
    ] {
        let reading = incidents(&format!("id,date,lat,lon,type\n1,{date},29.15,62.3,attack\n"));
        assert!(reading.items.is_empty(), "{date}");
        told(&says(&reading), hint);
    }
}

#[test]
fn an_empty_file_says_so() {
    let reading = sites("");
    assert_eq!((reading.read, reading.items.len()), (0, 0));
    told(&says(&reading), "s.csv: is empty");
    let head = says(&sites("id,name,lat,lon\n"));
    assert!(!head.iter().any(|said| said.contains("is empty")), "{head:?}");
}

#[test]
fn the_answer_of_a_service_that_refused_is_no_data() {
    for (content, message) in [
        (
            r#"{"error":{"code":498,"message":"Invalid token.","details":[]}}"#,
            "refused: 498 \"Invalid token.\"",
        ),
        (r#"{"message":"Access denied","status":403}"#, "refused: 403 \"Access denied\""),
        (
            r#"{"status":403,"success":false,"error":[{"message":"Access denied"}],"count":0,"data":[]}"#,
            "refused: 403 \"Access denied\"",
        ),
    ] {
        let error =
            read_incidents(&text("i.json", content), &plain()).expect_err(content).to_string();
        assert!(error.contains(message), "{error}");
    }
    // A page without records that reports no error holds none.
    let empty = r#"{"status":200,"success":true,"error":[],"count":0,"data":[]}"#;
    assert_eq!(read_incidents(&text("i.json", empty), &plain()).expect("reads").read, 0);
}
