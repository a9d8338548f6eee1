//! Generated ids for files without ids: unique over the files of a run, and independent of their order
//! and of other files.

use crate::intake::{incidents, plain, says, text};
use std::collections::BTreeSet;
use tamarisk::model::{Incident, Receptor, ReceptorKind, Site, Verdict};
use tamarisk::sources::{
    Identified, Reading, read_incidents, read_receptors, read_sites, unique_across,
};

fn rivers(file: &str, lat: f64) -> Reading<Receptor> {
    let line = |at: f64| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{}},\"geometry\":{{\"type\":\"LineString\",\
             \"coordinates\":[[66,{at}],[67,{at}]]}}}}"
        )
    };
    let features = [line(lat), line(lat + 0.5)].join(",");
    let json = format!("{{\"type\":\"FeatureCollection\",\"features\":[{features}]}}");
    read_receptors(&text(file, &json), Some(ReceptorKind::Rivers), &plain()).expect("reading")
}

/// The ids of each file, and how many findings repair or set aside.
fn ids<T: Identified>(mut readings: Vec<Reading<T>>) -> (Vec<Vec<String>>, usize) {
    unique_across(&mut readings);
    let faults = readings.iter().flat_map(|reading| reading.findings.iter());
    let faults = faults.filter(|f| f.verdict != Verdict::Noted).count();
    let of = |reading: &Reading<T>| reading.items.iter().map(|i| i.id().to_owned()).collect();
    (readings.iter().map(of).collect(), faults)
}

#[test]
fn made_ids_carry_their_file_whatever_others_there_are() {
    let (a, b) = (["a-feature-0", "a-feature-1"], ["b-feature-0", "b-feature-1"]);
    let (both, faults) = ids(vec![rivers("a.geojson", 29.0), rivers("b.geojson", 30.0)]);
    assert_eq!(
        (both, faults),
        (vec![a.map(str::to_owned).to_vec(), b.map(str::to_owned).to_vec()], 0)
    );
    let (turned, _) =
        ids(vec![rivers("c.geojson", 31.0), rivers("b.geojson", 30.0), rivers("a.geojson", 29.0)]);
    assert_eq!(
        (&turned[1][..], &turned[2][..]),
        (&b.map(str::to_owned)[..], &a.map(str::to_owned)[..])
    );
    let (alone, _) = ids(vec![rivers("a.geojson", 29.0)]);
    assert_eq!(alone, [a.map(str::to_owned)]);
}

#[test]
fn files_of_one_name_in_two_folders_have_ids_of_their_own() {
    let (one, faults) = ids(vec![rivers("a.geojson", 29.0), rivers("a.geojson", 30.0)]);
    let (other, _) = ids(vec![rivers("a.geojson", 30.0), rivers("a.geojson", 29.0)]);
    assert_eq!(faults, 0);
    assert_eq!((&one[0], &one[1]), (&other[1], &other[0]), "in any order");
    let all: BTreeSet<&String> = one.iter().flatten().collect();
    assert_eq!(all.len(), 4, "{one:?}");
}

#[test]
fn records_without_ids_that_are_given_twice_still_count_once() {
    let (twice, faults) = ids(vec![rivers("a.geojson", 29.0), rivers("copy.geojson", 29.0)]);
    assert_eq!((twice[0].len(), twice[1].len(), faults), (2, 0, 2));
    let rows =
        "date,lon,lat,event_type\n2024-01-01,67.11,29.11,attack\n2024-01-02,67.12,29.12,attack\n";
    let more = format!("{rows}2024-01-03,67.13,29.13,attack\n");
    let read = |name: &str, rows: &str| -> Reading<Incident> {
        read_incidents(&text(name, rows), &plain()).expect("reading")
    };
    let (kept, faults) = ids(vec![read("may.csv", rows), read("june.csv", &more)]);
    assert_eq!((kept[0].len(), faults), (2, 2));
    assert_eq!(kept[1], ["june-line-4"]);
}

#[test]
fn sites_go_by_their_names_and_by_their_files_where_two_have_the_same() {
    let read = |name: &str, rows: &str| -> Reading<Site> {
        read_sites(&text(name, rows), &plain()).expect("reading")
    };
    let north = "name,lon,lat\nReko Diq,62.05,29.12\nDuddar,66.11,26.11\n";
    let south = "name,lon,lat\nSaindak,61.61,29.31\nReko Diq,62.06,29.13\n";
    let (found, faults) = ids(vec![read("north.csv", north), read("south.csv", south)]);
    assert_eq!(found, [["north-reko-diq", "duddar"], ["saindak", "south-reko-diq"]]);
    assert_eq!(faults, 0);
}

#[test]
fn ids_that_are_given_stay() {
    let given = "id,date,lon,lat,event_type\nb-line-2,2024-01-01,67.11,29.11,attack\n";
    let none = "date,lon,lat,event_type\n2024-01-05,67.21,29.21,attack\n";
    let none = read_incidents(&text("b.csv", none), &plain()).expect("reading");
    let (found, _) = ids(vec![incidents(given), none.clone()]);
    assert_eq!(found, [["b-line-2"], ["b-line-2#2"]]);
    assert!(says(&none).iter().any(|line| line.contains("id: is not given")));
}
