//! Typical tables: titles, units, two-row headers, totals, headers in other languages; numbers of people and
//! dates as in reports.

use crate::intake::{incidents, plain, says, text, told};
use tamarisk::model::{ReceptorKind, Site};
use tamarisk::sources::{
    ColumnMap, ReadOptions, Reading, read_incidents, read_receptors, read_sites,
};

fn sites(content: &str) -> Reading<Site> {
    read_sites(&text("s.csv", content), &plain()).expect("reading")
}

pub fn named(reading: &Reading<Site>) -> Vec<(String, f64, f64)> {
    let of = |site: &Site| (site.name.clone(), site.position.lon(), site.position.lat());
    reading.items.iter().map(of).collect()
}

pub fn two_pits() -> Vec<(String, f64, f64)> {
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
    told(&says(&reading), "has the header again at line 6; not a record");
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
        ("13.03.2023", "date_format=%d.%m.%Y\""),
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
            "the error response of a service: 498 \"Invalid token.\"",
        ),
        (
            r#"{"message":"Access denied","status":403}"#,
            "the error response of a service: 403 \"Access denied\"",
        ),
        (
            r#"{"status":403,"success":false,"error":[{"message":"Access denied"}],"count":0,"data":[]}"#,
            "the error response of a service: 403 \"Access denied\"",
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
