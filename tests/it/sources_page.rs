//! docs/SOURCES.md names every data set that is read without an option, and each of its commands reads a file of that
//! data set's columns as what it is. The files have one record each, made from the table of layouts in docs/FORMATS.md;
//! formats are told from the content, so a text stands for a workbook or an archive.

use crate::cli::{Folder, INCIDENTS, SITES};
use crate::layout_forms::{Known, known};
use std::collections::BTreeSet;

fn page() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/SOURCES.md");
    std::fs::read_to_string(path).expect("docs/SOURCES.md")
}

/// The commands of the page, those within a line too.
fn commands() -> Vec<String> {
    let page = page().replace("\\\n", "");
    let mut found = Vec::new();
    for (at, part) in page.split('`').enumerate() {
        // Outside blocks every second part is code; a block begins and ends with three marks.
        if part.starts_with("tamarisk ") && at % 2 == 1 && part.contains("--") {
            found.push(part.replace('\n', " "));
        }
        for line in
            part.lines().filter(|line| part.starts_with("sh\n") && line.starts_with("tamarisk "))
        {
            found.push(line.split('#').next().unwrap_or_default().trim().to_owned());
        }
    }
    found
}

/// The files of the commands and the data set that each is an example of.
const FILES: &[(&str, &str)] = &[
    ("ged261-csv.zip", "UCDP GED"),
    ("GEDEvent_v26_0_8.csv", "UCDP GED"),
    ("acled.csv", "ACLED"),
    ("globalterrorismdb_0522dist.xlsx", "Global Terrorism Database"),
    ("20260101.export.CSV.zip", "GDELT events"),
    ("SCAD2018Africa_Final.csv", "SCAD"),
    ("pitf.world.19950101-20121231.xlsx", "PITF Worldwide Atrocities"),
    ("global-mining-dataset.xlsx", "ICMM Global Mining Dataset"),
    ("Global-Coal-Mine-Tracker-April-2024.xlsx", "GEM Global Coal Mine Tracker"),
    ("mrds-csv.zip", "USGS MRDS"),
    ("WDPA_WDOECM_Sep2026_Public_PAK_shp.zip", "WDPA"),
    ("KBAsGlobal_2025_September_02_POL.shp", "Key Biodiversity Areas"),
    ("HydroRIVERS_v10_as_shp.zip", "HydroRIVERS"),
    ("HydroLAKES_polys_v10_shp.zip", "HydroLAKES"),
    ("aqueduct.gpkg", "Aqueduct"),
    ("HMAGLOFDB.csv", "HMAGLOFDB"),
    ("pakistan-latest-free.shp.zip", "OpenStreetMap by Geofabrik"),
    ("query.csv", "USGS earthquake catalog"),
    ("HimaTibetMap.geojson", "HimaTibetMap"),
    ("portal.csv", "Global Tailings Portal"),
];

/// A file without a header, which `plain` writes.
const HEADLESS: (&str, &str) = ("cities500.zip", "GeoNames cities");

/// Files whose records have no columns that tell what they are, or that a command before makes.
fn plain(folder: &Folder) {
    folder.write("mines.csv", SITES).write("own_log.csv", INCIDENTS);
    let rivers = include_str!("../data/published/natural_earth_rivers.geojson");
    folder.write("ne_50m_rivers_lake_centerlines.geojson", rivers);
    // A dump has no header.
    let place = "7\tSomewhere\tSomewhere\t\t29.25\t62.5\tP\tPPL\tPK\t\t02\t\t\t\t1200\t\t900\tAsia/Karachi\t2024-01-01\n";
    folder.write(HEADLESS.0, place);
}

/// The name of the text that stands for a file: that of the file, but for a shapefile, which has others beside it.
fn stands_for(file: &str) -> String {
    file.strip_suffix(".shp").map_or_else(|| file.to_owned(), |stem| format!("{stem}.csv"))
}

/// One record of a data set. Conditions of the commands are on these columns.
fn record(layout: &Known) -> String {
    if layout.has_place() {
        layout.table_with(&[("Status", "Operating"), ("population", "900")])
    } else {
        layout.feature(false, None)
    }
}

#[test]
fn every_data_set_is_on_the_page() {
    let page = page().to_lowercase();
    let general = ["global", "tracker", "data", "dataset", "and", "by", "hdx", "hapi", "cities"];
    for layout in known() {
        for word in layout.name().to_lowercase().split(' ') {
            assert!(general.contains(&word) || page.contains(word), "{}: {word}", layout.name());
        }
    }
}

#[test]
fn every_command_of_the_page_reads_its_data_set() {
    let folder = Folder::new();
    plain(&folder);
    let all = known();
    let commands = commands();
    assert!(commands.len() >= 20, "{commands:#?}");
    let mut used = BTreeSet::new();
    for command in &commands {
        let mut command = command.clone();
        for (file, name) in FILES {
            if !command.contains(file) {
                continue;
            }
            used.insert(*file);
            let layout = all.iter().find(|layout| layout.name() == *name).expect(name);
            folder.write(&stands_for(file), record(layout));
            // A text has no layers.
            let words = command.split_whitespace().map(|word| match word.split_once(file) {
                Some((before, layer)) if layer.is_empty() || layer.starts_with(':') => {
                    format!("{before}{}", stands_for(file))
                }
                _ => word.to_owned(),
            });
            command = words.collect::<Vec<_>>().join(" ");
        }
        let ended = folder.shell(&command);
        assert_eq!(ended.code, 0, "{command}: {}", ended.err);
        let told = command.contains(" score ").then(|| folder.json("out/receipt.json"));
        for (file, name) in
            FILES.iter().chain([&HEADLESS]).map(|(file, name)| (stands_for(file), name))
        {
            let Some(receipt) = told.as_ref().filter(|_| command.contains(&file)) else { continue };
            let inputs = receipt["inputs"].as_array().expect("inputs");
            let input = inputs.iter().find(|input| input["file"] == *file);
            let input = input.unwrap_or_else(|| panic!("{command}: {file} is no input"));
            assert_eq!(input["layout"], *name, "{command}: {file}");
        }
    }
    assert_eq!(used.len(), FILES.len(), "no command reads some of these files: {used:?}");
}
