//! Where a table holds its positions: well-known text is found by its content, whatever the name of its
//! column; columns without a unit are reported as read in degrees.

use crate::intake::{incidents, plain, says, text, told};
use tamarisk::model::ReceptorKind;
use tamarisk::sources::{ReadOptions, check, read_receptors, read_sites};

#[test]
fn a_geometry_is_found_in_a_column_of_any_name() {
    let content = "site_name,location,commodity\nA,POINT (66.5 29.1),copper\nB,,gold\n\
        C,SRID=4326;POINT Z (62 29 800),zinc\n";
    let reading = read_sites(&text("s.csv", content), &plain()).expect("reading");
    let places: Vec<(&str, f64, f64)> = reading
        .items
        .iter()
        .map(|s| (s.name.as_str(), s.position.lon(), s.position.lat()))
        .collect();
    assert_eq!(places, [("A", 66.5, 29.1), ("C", 62.0, 29.0)]);
    assert_eq!(reading.set_aside, 1);
    told(&says(&reading), "location: holds well-known text and is read as the geometry");
    told(&says(&reading), "is missing; the record has no place");
    let checked = check(&text("s.csv", content), &plain()).expect("checked");
    assert_eq!((checked.kept, checked.set_aside), (2, 1));

    let reading = incidents("id,date,Where,event_type\n1,2024-01-05,POINT(66.5 29.1),attack\n");
    assert_eq!(reading.items.len(), 1);

    let content = "name,shape\nHingol,\"POLYGON((65 25,66 25,66 26,65 26,65 25))\"\n";
    let reading =
        read_receptors(&text("p.csv", content), Some(ReceptorKind::SensitiveAreas), &plain());
    assert_eq!(reading.expect("reading").items.len(), 1);
}

#[test]
fn a_column_of_a_place_counts_before_what_another_holds() {
    let content = "name,lon,lat,note\nA,62.051,29.121,POINT (66.5 29.1)\n";
    let reading = read_sites(&text("s.csv", content), &plain()).expect("reading");
    assert_eq!(reading.items.first().map(|site| site.position.lon()), Some(62.051));
    assert!(!says(&reading).iter().any(|line| line.contains("well-known text")));
}

#[test]
fn two_columns_of_geometries_are_not_chosen_between() {
    let content = "name,from,to\nA,POINT (66.5 29.1),POINT (67 30)\n";
    let error = read_sites(&text("s.csv", content), &plain()).expect_err("refused").to_string();
    assert!(error.contains("has geometries in several columns: from, to"), "{error}");
}

#[test]
fn words_that_are_no_geometry_are_still_refused() {
    let content = "name,location\nA,Point Lookout\nB,Quetta (Balochistan)\n";
    let error = read_sites(&text("s.csv", content), &plain()).expect_err("refused").to_string();
    assert!(error.contains("has no columns for lon and lat"), "{error}");
}

#[test]
fn columns_that_name_no_unit_are_said_to_be_read_as_degrees() {
    let says_so = |content: &str| {
        let reading = read_sites(&text("s.csv", content), &plain()).expect("reading");
        says(&reading).iter().any(|line| line.contains("name no unit; read as degrees on WGS84"))
    };
    assert!(says_so("id,name,X,Y\nA,Stope A,45.201,31.752\n"));
    assert!(says_so("id,name,Easting,Northing\nA,Stope A,45.201,31.752\n"));
    assert!(!says_so("id,name,lon,lat\nA,Stope A,45.201,31.752\n"));
    // Nothing is kept of it, and each row says why.
    assert!(!says_so("id,name,X,Y\nA,Stope A,345201.5,3231752.5\n"));
    let asked = ReadOptions { crs: Some("EPSG:4326".to_owned()), ..plain() };
    let reading = read_sites(&text("s.csv", "id,X,Y\nA,45.201,31.752\n"), &asked).expect("reading");
    assert!(!says(&reading).iter().any(|line| line.contains("name no unit")));
}
