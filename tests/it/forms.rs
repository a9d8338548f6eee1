//! A published data set in another form is still recognized: positions only in the geometry, names
//! truncated to ten letters, times in milliseconds; and a file that almost matches one is reported.

use crate::intake::{incidents, plain, says, text, told};
use tamarisk::model::{Incident, ReceptorKind};
use tamarisk::sources::{Reading, read_incidents, read_receptors};

fn collection(features: &[(&str, [f64; 2])]) -> String {
    let features: Vec<String> = features
        .iter()
        .map(|(properties, [x, y])| {
            format!(
                r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{{"type":"Point","coordinates":[{x},{y}]}}}}"#
            )
        })
        .collect();
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

fn read(name: &str, content: &str) -> Reading<Incident> {
    read_incidents(&text(name, content), &plain()).expect("reading")
}

/// The relevant fields of incidents, independent of their file.
fn core(reading: &Reading<Incident>) -> Vec<String> {
    let of = |i: &Incident| {
        format!(
            "{} {} {:?} {} {:?} {:?} {} {:?} {:?}",
            i.id,
            i.position,
            i.accuracy.map(|a| a.km()),
            i.vague,
            i.date.map(|d| d.last().to_string()),
            i.security_type,
            i.event_type,
            i.fatalities,
            i.fatalities_range
        )
    };
    reading.items.iter().map(of).collect()
}

const GED: &str = "id,type_of_violence,where_prec,country,date_start,date_end,best,low,high";
const ROWS: [(&str, [f64; 2]); 2] = [
    ("900000,1,2,Pakistan,2024-03-09,2024-03-09,31,31,34", [62.3, 29.15]),
    ("900001,3,6,Pakistan,2024-04-09,2024-04-09,4,2,4", [66.7, 28.6]),
];

fn table() -> String {
    let rows = ROWS.map(|(row, [x, y])| format!("{row},{x},{y}\n"));
    format!("{GED},longitude,latitude\n{}", rows.concat())
}

fn properties(names: &str, row: &str) -> String {
    let number = |value: &str| value.parse::<f64>().is_ok();
    let pairs: Vec<String> = names
        .split(',')
        .zip(row.split(','))
        .map(|(name, value)| match number(value) {
            true => format!(r#""{name}":{value}"#),
            false => format!(r#""{name}":"{value}""#),
        })
        .collect();
    pairs.join(",")
}

#[test]
fn a_place_in_the_geometry_alone_does_not_hide_a_data_set() {
    let table = read("ged.csv", &table());
    let of = |(row, at): (&str, [f64; 2])| (properties(GED, row), at);
    let features = ROWS.map(of);
    let features: Vec<(&str, [f64; 2])> =
        features.iter().map(|(p, at)| (p.as_str(), *at)).collect();
    let drawn = read("ged.geojson", &collection(&features));
    assert_eq!((table.layout.as_str(), drawn.layout.as_str()), ("UCDP GED", "UCDP GED"));
    assert_eq!(core(&drawn), core(&table));
    let [precise, vague] = drawn.items.as_slice() else { panic!("two") };
    assert_eq!(precise.accuracy.map(|a| a.km()), Some(25.0));
    assert_eq!((precise.fatalities, vague.vague), (Some(31), true));
}

#[test]
fn names_that_a_shapefile_cut_to_ten_letters_are_known() {
    let cut = table().replacen("type_of_violence", "type_of_vi", 1);
    let reading = read("ged.csv", &cut);
    assert_eq!(reading.layout, "UCDP GED");
    assert_eq!(core(&reading), core(&read("ged.csv", &table())));
    let reading = incidents(
        "event_id_c,event_date,event_type,sub_event_,geo_precis,country,latitude,longitude,fatalities\n\
         PAK1,2024-03-09,Battles,Armed clash,3,Pakistan,29.15,62.3,3\n",
    );
    assert_eq!(reading.layout, "ACLED");
    let [one] = reading.items.as_slice() else { panic!("one") };
    assert_eq!((one.id.as_str(), one.accuracy.map(|a| a.km())), ("PAK1", Some(75.0)));
    // A name of ten letters that is not a prefix, and one truncated further.
    let other = table().replacen("type_of_violence", "type_of_v", 1);
    assert_ne!(read("ged.csv", &other).layout, "UCDP GED");
}

#[test]
fn a_file_that_nearly_is_a_data_set_is_told() {
    let without_place = format!("{GED}\n{}\n", ROWS[0].0);
    let error = read_incidents(&text("ged.csv", &without_place), &plain()).expect_err("no place");
    let error = error.to_string();
    assert!(error.contains("looks like UCDP GED but lacks latitude, longitude"), "{error}");
    let without_precision = table().replacen("where_prec", "precision", 1);
    let said = says(&read("ged.csv", &without_precision));
    told(&said, "looks like UCDP GED but lacks where_prec");
    let ours = "id,date,lat,lon,event_type,fatalities,country\n1,2024-03-09,29,62,attack,1,PK\n";
    let said = says(&incidents(ours));
    assert!(!said.iter().any(|line| line.contains("looks like")), "{said:?}");
}

#[test]
fn the_feed_of_the_geological_survey_is_its_catalog() {
    let feed = r#"{"type":"FeatureCollection","metadata":{"count":3},"features":[
        {"type":"Feature","properties":{"mag":6.4,"place":"Quetta","time":1380024000000,"tz":null,"magType":"mww","type":"earthquake"},"geometry":{"type":"Point","coordinates":[66.99,30.29,35]},"id":"us1"},
        {"type":"Feature","properties":{"mag":5.1,"place":"Hindu Kush","time":-157766400000,"tz":null,"magType":"mb","type":"earthquake"},"geometry":{"type":"Point","coordinates":[67,30.3,210.5]},"id":"us2"},
        {"type":"Feature","properties":{"mag":3.1,"place":"Pit","time":1380024000000,"tz":null,"magType":"mb","type":"quarry blast"},"geometry":{"type":"Point","coordinates":[67,30.3,0]},"id":"us3"}]}"#;
    let table = "time,latitude,longitude,depth,mag,magType,id,place,type\n\
        2013-09-24T12:00:00.000Z,30.29,66.99,35,6.4,mww,us1,Quetta,earthquake\n\
        1965-01-01T00:00:00.000Z,30.3,67.0,210.5,5.1,mb,us2,Hindu Kush,earthquake\n\
        2013-09-24T12:00:00.000Z,30.3,67.0,0,3.1,mb,us3,Pit,quarry blast\n";
    let of = |name: &str, content: &str| {
        let kind = Some(ReceptorKind::Earthquakes);
        let reading = read_receptors(&text(name, content), kind, &plain()).expect("reading");
        assert_eq!((reading.read, reading.set_aside), (3, 1), "{name}");
        assert_eq!(reading.layout, "USGS earthquake catalog");
        let said = says(&reading);
        assert!(!said.iter().any(|line| line.contains("more than two numbers")), "{said:?}");
        let one = |r: &tamarisk::model::Receptor| {
            (r.id.clone(), r.name.clone(), r.shape.clone(), r.magnitude, r.depth_km, r.date)
        };
        reading.items.iter().map(one).collect::<Vec<_>>()
    };
    let (drawn, listed) = (of("feed.geojson", feed), of("query.csv", table));
    assert_eq!(drawn, listed);
    assert_eq!(drawn.iter().map(|one| one.4).collect::<Vec<_>>(), [Some(35.0), Some(210.5)]);
}

#[test]
fn heights_of_other_files_stay_unread_and_noted() {
    let content = r#"{"type":"Feature","properties":{"id":"a","date":"2024-03-09","country":"PK","event_type":"attack"},"geometry":{"type":"Point","coordinates":[62,29,900]}}"#;
    let reading = read("i.geojson", content);
    assert_eq!(reading.items.first().and_then(|one| one.depth_km), None);
    told(&says(&reading), "more than two numbers");
    assert!(!reading.columns.iter().any(|name| &**name == "depth"));
}
