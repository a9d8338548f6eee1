//! A few records of each published data set, with its known oddities: read without an option, recognized, and
//! oddities are reported. `layouts` checks the same for whole files if they are available.

use crate::intake::{plain, told};
use crate::suites::sample;
use tamarisk::model::{ReceptorKind, Verdict};
use tamarisk::sources::{Role, Source, check};

/// A sample, its data set, its counts and its findings.
struct Sample {
    file: &'static str,
    role: Role,
    kind: Option<ReceptorKind>,
    layout: &'static str,
    format: &'static str,
    /// Read, kept, set aside.
    counts: [u64; 3],
    told: &'static [&'static str],
}

const SAMPLES: &[Sample] = &[
    Sample {
        file: "ucdp_ged.csv",
        role: Role::Incidents,
        kind: None,
        layout: "UCDP GED",
        format: "CSV, comma, UTF-8",
        counts: [6, 5, 1],
        told: &[
            "has a row of HXL tags at line 2",
            "is above the high estimate; used as it is",
            "is above the best estimate; used as it is",
            "lies after the first day; the record is dated by its last day",
            "where_prec: \"6\" gives only a country or sea as its place",
        ],
    },
    Sample {
        file: "ucdp_ged_floats.csv",
        role: Role::Incidents,
        kind: None,
        layout: "UCDP GED",
        format: "CSV, comma, UTF-8",
        counts: [4, 3, 1],
        told: &["where_prec: \"7.0\" gives only a country or sea"],
    },
    Sample {
        file: "icmm_mines.geojson",
        role: Role::Sites,
        kind: None,
        layout: "ICMM Global Mining Dataset",
        format: "GeoJSON, UTF-8",
        counts: [4, 4, 0],
        told: &[],
    },
    Sample {
        file: "natural_earth_lakes.geojson",
        role: Role::Receptors,
        kind: Some(ReceptorKind::WaterBodies),
        layout: "no columns",
        format: "GeoJSON, UTF-8",
        counts: [2, 2, 0],
        told: &["id: is not given"],
    },
    Sample {
        file: "natural_earth_rivers.geojson",
        role: Role::Receptors,
        kind: Some(ReceptorKind::Rivers),
        layout: "no columns",
        format: "GeoJSON, UTF-8",
        counts: [3, 2, 1],
        told: &["[set aside] natural_earth_rivers.geojson: feature 2: geometry"],
    },
    Sample {
        file: "natural_earth_places.geojson",
        role: Role::Receptors,
        kind: Some(ReceptorKind::Settlements),
        layout: "Natural Earth populated places",
        format: "GeoJSON, UTF-8",
        counts: [3, 3, 0],
        told: &["feature 2: POP_MAX: \"0\" is 0"],
    },
    Sample {
        file: "noaa_earthquakes.tsv",
        role: Role::Receptors,
        kind: Some(ReceptorKind::Earthquakes),
        layout: "NOAA significant earthquakes",
        format: "CSV, tab, UTF-8",
        counts: [6, 5, 1],
        told: &[
            "has a row of search parameters at line 2",
            "is before Christ; ISO 8601 counts it one year later",
            "is missing; dated by the whole year",
            "Longitude: is missing",
        ],
    },
    Sample {
        file: "usgs_earthquakes.csv",
        role: Role::Receptors,
        kind: Some(ReceptorKind::Earthquakes),
        layout: "USGS earthquakes",
        format: "CSV, comma, UTF-8",
        counts: [6, 4, 2],
        told: &[
            "Type: \"Nuclear Explosion\" is not an earthquake",
            "Type: \"Rock Burst\" is not an earthquake",
            "has dates as MM/DD/YYYY",
        ],
    },
    Sample {
        file: "himatibetmap_faults.geojson",
        role: Role::Receptors,
        kind: Some(ReceptorKind::Faults),
        layout: "HimaTibetMap",
        format: "GeoJSON, UTF-8",
        counts: [3, 3, 0],
        told: &[],
    },
    Sample {
        file: "hma_glof.csv",
        role: Role::Incidents,
        kind: None,
        layout: "HMAGLOFDB",
        format: "CSV, comma, windows-1252",
        counts: [5, 5, 0],
        told: &[
            "has two positions in each record",
            "gives only a last year",
            "is a span, not a day",
            "Lives_total: \"+\" is not a number",
        ],
    },
    Sample {
        file: "geonames_cities.csv",
        role: Role::Receptors,
        kind: Some(ReceptorKind::Settlements),
        layout: "GeoNames cities",
        format: "CSV, comma, UTF-8",
        counts: [5, 5, 0],
        told: &["population: is not given for any settlement"],
    },
];

#[test]
fn every_sample_reads_without_an_option_and_tells_its_oddities() {
    for Sample { file, role, kind, layout, format, counts, told: parts } in SAMPLES {
        let checked = check(&Source::path(sample(file)), &plain())
            .unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!([checked.read, checked.kept, checked.set_aside], *counts, "{file}");
        assert_eq!((checked.role, checked.kind), (*role, *kind), "{file}");
        assert_eq!((&*checked.layout, &*checked.format), (*layout, *format), "{file}");
        let verdict = |finding: &tamarisk::model::Finding| finding.verdict.word();
        let said: Vec<String> =
            checked.findings.iter().map(|one| format!("[{}] {one}", verdict(one))).collect();
        parts.iter().for_each(|part| told(&said, part));
        let aside = checked.findings.iter().filter(|one| one.verdict == Verdict::SetAside).count();
        assert_eq!(u64::try_from(aside), Ok(checked.set_aside), "{file}: a finding for each");
    }
}

/// Every file here has its row in the list of origins.
#[test]
fn every_file_from_outside_has_its_source_and_licence() {
    let list = std::fs::read_to_string(sample("../README.md")).expect("tests/data/README.md");
    for folder in ["published", "suites"] {
        for entry in std::fs::read_dir(sample("..").join(folder)).expect("a folder") {
            let name = entry.expect("an entry").file_name().into_string().expect("UTF-8");
            let row = list.lines().find(|line| line.contains(&format!("`{folder}/{name}")));
            let row = row.unwrap_or_else(|| panic!("{folder}/{name} has no row"));
            assert_eq!(row.matches(" | ").count(), 2, "{row}");
        }
    }
}
