//! One layer of a file of several: which one is read, how it is named, and layers written by the
//! program.

use crate::cli::Folder;
use crate::styled::demo;
use std::collections::BTreeMap;
use tamarisk::model::Site;
use tamarisk::sources::{ReadOptions, Source, read_incidents, read_sites};

#[test]
fn what_is_written_is_read_back_the_same_from_every_format() {
    let folder = demo();
    let sites = |file: &str| -> BTreeMap<String, (String, String)> {
        let read = read_sites(&Source::path(folder.at(file)), &ReadOptions::default()).expect(file);
        assert_eq!(read.set_aside, 0, "{file}");
        let place = |site: &Site| (site.name.clone(), format!("{:?}", site.shape));
        read.items.iter().map(|site| (site.id.clone(), place(site))).collect()
    };
    let due = sites("out/sites.geojson");
    assert!(due.len() > 40);
    assert_eq!(sites("out/sites.fgb"), due);
    assert_eq!(sites("out/risk.gpkg:sites"), due);
    // The only layer that holds sites: the others are drawn around them.
    assert_eq!(sites("out/risk.gpkg"), due);
    let incidents = |file: &str| -> BTreeMap<String, String> {
        let read = read_incidents(&Source::path(folder.at(file)), &ReadOptions::default());
        let items = read.expect(file).items;
        let all = items.iter().map(|one| {
            let what = (one.date, one.position, one.domain, one.fatalities);
            (one.id.to_string(), format!("{what:?}"))
        });
        all.collect()
    };
    let due = incidents("out/incidents.geojson");
    assert!(due.len() > 100);
    assert_eq!(incidents("out/incidents.fgb"), due);
    assert_eq!(incidents("out/risk.gpkg"), due);
    #[cfg(feature = "parquet")]
    {
        folder.done(&["demo", "--format", "parquet,geojson", "-o", "more"]);
        assert_eq!(sites("more/sites.parquet"), sites("more/sites.geojson"));
        assert_eq!(incidents("more/incidents.parquet"), due);
    }
}

/// A database with a table for each entry, with additional columns besides the position.
fn tables(folder: &Folder, all: &[(&str, &str)]) {
    let database = rusqlite::Connection::open(folder.at("all.sqlite")).expect("opens");
    for (name, more) in all {
        database
            .execute_batch(&format!(
                "CREATE TABLE {name} (id TEXT, lon REAL, lat REAL {more});
                 INSERT INTO {name} (id, lon, lat) VALUES ('{name} 1', 62.5, 29.25);"
            ))
            .expect("table");
    }
}

#[test]
fn check_lists_layers_with_their_roles_and_counts() {
    let folder = Folder::new();
    tables(
        &folder,
        &[
            ("mines", ", name TEXT"),
            ("attacks", ", event_date TEXT, event_type TEXT"),
            ("rivers", ""),
        ],
    );
    let said = folder.run(&["check", "all.sqlite"]).out;
    for due in [
        "3 layers, of which one is read; all.sqlite:LAYER names another",
        "mines: 1 record, likely sites",
        "attacks: 1 record, likely incidents",
        "rivers: 1 record, likely receptors (rivers)",
    ] {
        assert!(said.contains(due), "{due}: {said}");
    }
    let ids = |file: &str| -> Vec<String> {
        let read = read_sites(&Source::path(folder.at(file)), &ReadOptions::default());
        read.expect(file).items.into_iter().map(|site| site.id).collect()
    };
    assert_eq!(ids("all.sqlite"), ["mines 1"], "the only layer that seems to hold sites");
    assert_eq!(ids("all.sqlite:Rivers"), ["rivers 1"], "whichever is named");
}

#[test]
fn of_several_layers_that_fit_one_has_to_be_named() {
    let folder = Folder::new();
    tables(&folder, &[("mines", ", name TEXT"), ("camps", ", name TEXT")]);
    let ended = folder.run(&["near", "--sites", "all.sqlite", "--at", "62,29"]);
    assert_eq!(ended.code, 2, "{}", ended.err);
    for due in [
        "all.sqlite: has 2 layers, and it is unclear which holds sites",
        "mines, 1 record, likely sites; camps, 1 record, likely sites",
        "all.sqlite:mines, or --map sites.layer=mines",
    ] {
        assert!(ended.err.contains(due), "{due}: {}", ended.err);
    }
    let camps = |args: &[&str]| {
        let said = folder.done(&[&["near", "--at", "62,29"], args].concat());
        assert!(said.contains("camps 1") && !said.contains("mines 1"), "{said}");
    };
    camps(&["--sites", "all.sqlite:camps"]);
    camps(&["--sites", "all.sqlite", "--map", "sites.layer=camps"]);
    camps(&["--sites", "all.sqlite", "--sheet", "camps"]);
    let ended = folder.run(&["near", "--sites", "all.sqlite:pits", "--at", "62,29"]);
    assert!(ended.err.contains("has no layer \"pits\"") && ended.err.contains("mines, camps"));
}

#[test]
fn a_file_that_has_a_colon_in_its_name_is_that_file() {
    let folder = Folder::new();
    folder.write("a.csv", "id,name,lon,lat\nA,a,62,29\n");
    folder.write("a.csv:b", "id,name,lon,lat\nB,b,62,29\n");
    let read = |file: &str| read_sites(&Source::path(folder.at(file)), &ReadOptions::default());
    assert_eq!(read("a.csv:b").expect("reads").items[0].id, "B");
    let error = read("a.csv:c").expect_err("refused");
    assert_eq!(error.to_string(), "a.csv: has no layers to choose from");
}
