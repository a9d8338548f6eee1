//! The country that a record names: by any name, by an ISO number, a former state, or an unknown name.

use crate::intake::{incidents, plain, says, text, told};
use tamarisk::model::{CountryCode, Incident};
use tamarisk::sources::{Reading, read_incidents, read_sites};

fn countries(reading: &Reading<Incident>) -> Vec<String> {
    let code = |code: &CountryCode| code.to_string();
    reading.items.iter().map(|i| i.country.as_ref().map_or("-".to_owned(), code)).collect()
}

fn silent(said: &[String], part: &str) {
    assert!(!said.iter().any(|line| line.contains(part)), "{part:?} is said in {said:#?}");
}

#[test]
fn names_with_accents_and_in_other_languages_are_countries() {
    let reading = incidents(
        "id,date,lon,lat,country,event_type\n\
         1,2024-01-01,-102.551,23.512,México,attack\n\
         2,2024-01-01,66.71,28.61,پاکستان,attack\n\
         3,2024-01-01,25.51,-10.71,\"Congo, Dem. Rep.\",attack\n\
         4,2024-01-01,-5.51,7.01,\"Côte d\u{2019}Ivoire\",attack\n\
         5,2024-01-01,9.51,51.01,Alemania,attack\n",
    );
    assert_eq!(countries(&reading), ["MEX", "PAK", "COD", "CIV", "DEU"]);
    silent(&says(&reading), "country");
}

#[test]
fn of_the_countries_of_a_name_it_is_the_one_in_which_the_record_lies() {
    let reading = incidents(
        "id,date,lon,lat,country,event_type\n\
         1,1991-08-01,20.911,44.012,Yugoslavia,battle\n\
         2,1991-08-01,16.372,45.481,Yugoslavia,battle\n\
         3,1991-08-01,62.311,29.151,Yugoslavia,battle\n\
         4,1991-08-01,69.211,40.381,Soviet Union,battle\n\
         5,1991-08-01,19.261,42.441,Serbia-Montenegro,battle\n\
         6,1991-08-01,20.911,44.012,Serbia (Yugoslavia),battle\n",
    );
    assert_eq!(countries(&reading), ["SRB", "HRV", "-", "UZB", "MNE", "SRB"]);
    let said = says(&reading);
    told(&said, "1 of 6 incidents does not lie in the country it names");
    told(&said, "\"Yugoslavia\" at line 4 lies in Pakistan");
    silent(&said, "Soviet Union");
}

#[test]
fn a_sea_is_told_from_a_misspelled_country() {
    let reading = incidents(
        "id,date,lon,lat,country,event_type\n\
         1,2024-01-01,42.401,14.702,Red Sea,attack\n\
         2,2024-01-01,46.101,12.202,Gulf of Aden,attack\n\
         3,2024-01-01,66.711,28.612,Pakistn,attack\n",
    );
    assert_eq!(countries(&reading), ["-", "-", "-"]);
    let said = says(&reading);
    told(&said, "\"Red Sea\" is a sea area, not a country");
    told(&said, "\"Gulf of Aden\" is a sea area, not a country");
    told(&said, "\"Pakistn\" is not a known name of a country");
}

#[test]
fn numbers_in_a_column_of_iso_are_its_numbers() {
    let acled = "event_id_cnty,event_date,event_type,sub_event_type,iso,latitude,longitude,geo_precision,fatalities\n\
         PAK1,2025-01-05,Battles,Armed clash,586,29.151,62.301,1,3\n\
         AFG1,2025-01-05,Battles,Armed clash,004,34.511,69.211,1,3\n\
         RSE1,2025-01-05,Battles,Armed clash,0,14.711,42.401,1,3\n\
         OTH1,2025-01-05,Battles,Armed clash,999,29.151,62.301,1,3\n";
    let reading = incidents(acled);
    assert_eq!(reading.layout, "ACLED");
    assert_eq!(countries(&reading), ["PAK", "AFG", "-", "-"]);
    let said = says(&reading);
    told(&said, "\"999\" is not a country number of ISO 3166-1");
    silent(&said, "\"0\"");
    silent(&said, "covers every country");
    // Numbers stay numbers in GeoJSON.
    let json = r#"{"type":"Feature","properties":{"id":"a","date":"2024-01-01","event_type":"attack","iso":586},
        "geometry":{"type":"Point","coordinates":[62.301,29.151]}}"#;
    let reading = read_incidents(&text("i.geojson", json), &plain()).expect("reading");
    assert_eq!(countries(&reading), ["PAK"]);
}

#[test]
fn numbers_of_an_unnamed_list_are_no_countries() {
    let reading = read_sites(&text("s.csv", "id,lon,lat,country\na,62.301,29.151,586\n"), &plain());
    let reading = reading.expect("reading");
    assert_eq!(reading.items.first().and_then(|site| site.country), None);
    told(&says(&reading), "\"586\" is a number from an unknown list");
}
