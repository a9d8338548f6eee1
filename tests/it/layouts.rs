//! Layouts of publishers: every available published data set reads without an option and reports its
//! known oddities.

use crate::intake::{incidents, plain, says, text, told};
use crate::suites::shared;
use std::collections::BTreeSet;
use tamarisk::model::{
    CountryCode, Designation, Domain, Incident, Place, ReceptorKind, SecurityType, Verdict,
};
use tamarisk::sources::{
    Checked, Reading, Role, Source, check, read_incidents, read_receptors, read_sites,
};
/// A published data set, its recognized name, its counts and its known oddities.
struct Published {
    path: &'static str,
    role: Role,
    kind: Option<ReceptorKind>,
    layout: &'static str,
    format: &'static str,
    /// Read, kept, set aside.
    counts: [u64; 3],
    told: &'static [&'static str],
}

const PUBLISHED: &[Published] = &[
    Published {
        path: "pakistan-facts/sites.csv",
        role: Role::Sites,
        kind: None,
        layout: "documented columns",
        format: "CSV, comma, UTF-8",
        counts: [70, 70, 0],
        told: &[],
    },
    Published {
        path: "pakistan-facts/incidents.csv",
        role: Role::Incidents,
        kind: None,
        layout: "documented columns",
        format: "CSV, comma, UTF-8",
        counts: [163, 163, 0],
        told: &[
            "\"Drought\" is an unknown event type",
            "line 89 (id \"PK-I088\"): fatalities: is missing",
            "country: has no column",
        ],
    },
    Published {
        path: "pakistan-facts/receptors.csv",
        role: Role::Receptors,
        kind: None,
        layout: "documented columns",
        format: "CSV, comma, UTF-8",
        counts: [75, 55, 20],
        told: &[
            "\"groundwater\" is not a known kind of receptor",
            "(id \"PK-R004\"): position_accuracy_km: \"30\" is over 25 km",
        ],
    },
    Published {
        path: "ucdp-ged-pakistan/conflict_data_pak.csv",
        role: Role::Incidents,
        kind: None,
        layout: "UCDP GED",
        format: "CSV, comma, UTF-8",
        counts: [6416, 6407, 9],
        told: &[
            "has a row of HXL tags at line 2",
            "best: is above the high estimate; used as it is; 139 records",
            "low: is above the best estimate; used as it is; 61 records",
            "date_end: lies after the first day; the record is dated by its last day; 348 records",
            "67.01,24.86 the most with 337",
            "where_prec: \"6\" gives only a country or sea as its place",
        ],
    },
    Published {
        path: "ucdp-ged-sample/ucdpged.derived.csv",
        role: Role::Incidents,
        kind: None,
        layout: "UCDP GED",
        format: "CSV, comma, UTF-8",
        counts: [1000, 987, 13],
        told: &["where_prec: \"7.0\" gives only a country or sea"],
    },
    Published {
        path: "icmm-global-mining/global-mining-dataset.xlsx",
        role: Role::Sites,
        kind: None,
        layout: "ICMM Global Mining Dataset",
        format: "xlsx",
        counts: [8508, 8508, 0],
        told: &[
            "[repaired] global-mining-dataset.xlsx: sheet External row 2417 (id \"ICMM07721\"): \
             Latitude: \"−23.8901\" has a typographic minus",
            "sheet About holds no table of sites",
        ],
    },
    Published {
        path: "icmm-global-mining/mines.geojson",
        role: Role::Sites,
        kind: None,
        layout: "ICMM Global Mining Dataset",
        format: "GeoJSON, UTF-8",
        counts: [8508, 8508, 0],
        told: &[],
    },
    Published {
        path: "gem-coal-mine-tracker/Global-Coal-Mine-Tracker-April-2024.xlsx",
        role: Role::Sites,
        kind: None,
        layout: "GEM Global Coal Mine Tracker",
        format: "xlsx",
        counts: [6580, 6560, 20],
        told: &[
            "Longitude: \"-\" is missing; the record has no place",
            "Latitude: \"144.1699617\" is a latitude beyond 90; latitude and longitude may be swapped",
            "Latitude: \"41.02985051408915, -0.5964618077206504\" has a fraction before its last part",
            "is the id of an earlier record too; this one is now M0004#2",
        ],
    },
    Published {
        path: "natural-earth/ne_50m_lakes.geojson",
        role: Role::Receptors,
        kind: Some(ReceptorKind::WaterBodies),
        layout: "no columns",
        format: "GeoJSON, UTF-8",
        counts: [412, 412, 0],
        told: &["id: is not given"],
    },
    Published {
        path: "natural-earth/ne_50m_rivers_lake_centerlines.geojson",
        role: Role::Receptors,
        kind: Some(ReceptorKind::Rivers),
        layout: "no columns",
        format: "GeoJSON, UTF-8",
        counts: [478, 477, 1],
        told: &["[set aside] ne_50m_rivers_lake_centerlines.geojson: feature 460: geometry"],
    },
    Published {
        path: "natural-earth/ne_50m_populated_places.geojson",
        role: Role::Receptors,
        kind: Some(ReceptorKind::Settlements),
        layout: "Natural Earth populated places",
        format: "GeoJSON, UTF-8",
        counts: [1251, 1251, 0],
        told: &["feature 354: POP_MAX: \"0\" is 0"],
    },
    Published {
        path: "natural-earth/ne_50m_admin_0_countries.geojson",
        role: Role::Sites,
        kind: None,
        layout: "Natural Earth countries",
        format: "GeoJSON, UTF-8",
        counts: [242, 242, 0],
        told: &[],
    },
    Published {
        path: "gshhg-rivers/gshhg_rivers_full_pakistan.derived.geojson",
        role: Role::Receptors,
        kind: Some(ReceptorKind::Rivers),
        layout: "usual column names",
        format: "GeoJSON, UTF-8",
        counts: [475, 475, 0],
        told: &[],
    },
    Published {
        path: "noaa-significant-earthquakes/NOAA-20240412.tsv",
        role: Role::Receptors,
        kind: Some(ReceptorKind::Earthquakes),
        layout: "NOAA significant earthquakes",
        format: "CSV, tab, UTF-8",
        counts: [4648, 4646, 2],
        told: &[
            "has a row of search parameters at line 2",
            "Year: is before Christ; ISO 8601 counts it one year later; 20 records",
            "Mo: is missing; dated by the whole year; 95 records",
            "Longitude: is missing",
        ],
    },
    Published {
        path: "usgs-earthquakes-m55/earthquakes.csv",
        role: Role::Receptors,
        kind: Some(ReceptorKind::Earthquakes),
        layout: "USGS earthquakes",
        format: "CSV, comma, UTF-8",
        counts: [23412, 23232, 180],
        told: &[
            "line 567 (id \"CI3329931\"): Type: \"Nuclear Explosion\" is not an earthquake",
            "Type: \"Rock Burst\" is not an earthquake",
            "has dates as MM/DD/YYYY",
        ],
    },
    Published {
        path: "himatibetmap-faults/HimaTibetMap.geojson",
        role: Role::Receptors,
        kind: Some(ReceptorKind::Faults),
        layout: "HimaTibetMap",
        format: "GeoJSON, UTF-8",
        counts: [940, 940, 0],
        told: &[],
    },
    Published {
        path: "hma-glof/HMAGLOFDB.csv",
        role: Role::Incidents,
        kind: None,
        layout: "HMAGLOFDB",
        format: "CSV, comma, windows-1252",
        counts: [773, 773, 0],
        told: &[
            "has two positions in each record",
            "Year_approx: gives only a last year",
            "Year_approx: is a span, not a day",
            "Lives_total: \"+\" is not a number",
        ],
    },
    Published {
        path: "geonames/rg_cities1000.csv",
        role: Role::Receptors,
        kind: Some(ReceptorKind::Settlements),
        layout: "GeoNames cities",
        format: "CSV, comma, UTF-8",
        counts: [144_563, 144_563, 0],
        told: &["population: is not given for any settlement"],
    },
];

#[test]
#[ignore = "reads ../shared: see tests/it/suites.rs"]
fn every_published_data_set_reads_without_an_option_and_tells_its_oddities() {
    let data = shared("data");
    for set in PUBLISHED {
        let path = set.path;
        let checked: Checked = check(&Source::path(data.join(path)), &plain())
            .unwrap_or_else(|e| panic!("{path}: {e}"));
        let counts = [checked.read, checked.kept, checked.set_aside];
        assert_eq!(counts, set.counts, "{path}");
        assert_eq!((checked.role, checked.kind), (set.role, set.kind), "{path}");
        assert_eq!(checked.layout, set.layout, "{path}");
        assert_eq!(checked.format, set.format, "{path}");
        let said: Vec<String> = checked
            .findings
            .iter()
            .map(|finding| format!("[{}] {finding}", finding.verdict.word()))
            .collect();
        for part in set.told {
            told(&said, part);
        }
        let aside = checked.findings.iter().filter(|f| f.verdict == Verdict::SetAside).count();
        assert_eq!(u64::try_from(aside), Ok(checked.set_aside), "{path}: a finding for each");
        assert!(
            !said.iter().any(|line| line.contains("is not a known name of a country")),
            "{path}: every country is known"
        );
    }
}

#[test]
#[ignore = "reads ../shared: see tests/it/suites.rs"]
fn conflict_events_are_read_with_all_that_the_score_needs() {
    let data = shared("data");
    let source = Source::path(data.join("ucdp-ged-pakistan/conflict_data_pak.csv"));
    let reading = read_incidents(&source, &plain()).expect("reading");
    let first = &reading.items[0];
    assert_eq!(first.id, "59553");
    assert_eq!(first.place, Place::Line(3));
    assert_eq!(first.position.to_string(), "74.355544,34.821865");
    assert_eq!(first.accuracy.map(|a| a.km()), Some(25.0));
    assert_eq!(first.date.map(|d| d.last().to_string()).as_deref(), Some("1990-10-04"));
    assert_eq!(first.security_type, Some(SecurityType::Battles));
    assert_eq!((first.fatalities, first.fatalities_range), (Some(2), Some((2, 2))));
    assert_eq!(reading.items.iter().filter(|i| i.vague).count(), 9);
    let lasted = reading.items.iter().filter_map(|i| i.date).filter(|d| d.first() < d.last());
    assert_eq!(lasted.count(), 348);
    let named = |reading: &Reading<Incident>| -> BTreeSet<CountryCode> {
        reading.items.iter().filter_map(|incident| incident.country).collect()
    };
    assert_eq!(named(&reading), CountryCode::new("PAK").into_iter().collect());
    assert!(reading.has_countries);
    let sample = Source::path(data.join("ucdp-ged-sample/ucdpged.derived.csv"));
    let sample = read_incidents(&sample, &plain()).expect("reading");
    assert_eq!(sample.items[0].id, "300380", "ids that a copy writes as 300380.0");
    assert_eq!(named(&sample).len(), 59);
}

#[test]
#[ignore = "reads ../shared: see tests/it/suites.rs"]
fn mines_are_read_with_the_accuracy_that_their_source_states() {
    let data = shared("data");
    for path in
        ["icmm-global-mining/mines.geojson", "icmm-global-mining/global-mining-dataset.xlsx"]
    {
        let sites = read_sites(&Source::path(data.join(path)), &plain()).expect(path).items;
        // Its confidence factor counts sources.
        assert!(sites.iter().all(|site| site.accuracy.is_none()), "{path}");
        let degari = sites.iter().find(|site| site.id == "ICMM11600").expect("Degari");
        assert_eq!(degari.name, "Degari Collieries");
        assert_eq!(degari.country.map(|c| c.to_string()).as_deref(), Some("PAK"));
        assert!(degari.columns.iter().any(|(name, _)| name.to_lowercase().contains("commodity")));
    }
    let coal = "gem-coal-mine-tracker/Global-Coal-Mine-Tracker-April-2024.xlsx";
    let coal = read_sites(&Source::path(data.join(coal)), &plain()).expect("coal").items;
    assert!(coal.iter().all(|site| site.accuracy.is_some_and(|a| matches!(a.km(), 1.0 | 10.0))));
}

#[test]
#[ignore = "reads ../shared: see tests/it/suites.rs"]
fn receptors_of_a_mixed_file_are_told_apart_by_their_words() {
    let data = shared("data");
    let source = Source::path(data.join("pakistan-facts/receptors.csv"));
    let all = read_receptors(&source, None, &plain()).expect("reading").items;
    let find = |id: &str| all.iter().find(|r| r.id == id).unwrap_or_else(|| panic!("{id}"));
    let hingol = find("PK-R001");
    assert_eq!(hingol.kind, ReceptorKind::SensitiveAreas);
    assert_eq!(hingol.designation, Some(Designation::Strict));
    assert_eq!(hingol.area_km2, Some(6100.43));
    let quetta = all.iter().find(|r| r.population == Some(1_001_205.0)).expect("Quetta");
    assert_eq!(quetta.kind, ReceptorKind::Settlements);
    let towns = read_receptors(&source, Some(ReceptorKind::Settlements), &plain()).expect("towns");
    assert_eq!((towns.read, towns.items.len(), towns.set_aside), (75, 19, 56));
    told(&says(&towns), "\"protected_area\" is not of the kind asked for, settlements");
}

#[test]
#[ignore = "reads ../shared: see tests/it/suites.rs"]
fn earthquakes_are_receptors_or_incidents_and_explosions_neither() {
    let data = shared("data");
    let source = Source::path(data.join("usgs-earthquakes-m55/earthquakes.csv"));
    let incidents = read_incidents(&source, &plain()).expect("incidents");
    assert_eq!((incidents.items.len(), incidents.set_aside), (23232, 180));
    let first = &incidents.items[0];
    assert_eq!(
        (first.domain, first.magnitude, first.depth_km),
        (Domain::Earthquake, Some(6.0), Some(131.6))
    );
    assert_eq!(first.date.map(|d| d.first().to_string()).as_deref(), Some("1965-01-02"));
    let old = Source::path(data.join("noaa-significant-earthquakes/NOAA-20240412.tsv"));
    let old = read_receptors(&old, Some(ReceptorKind::Earthquakes), &plain()).expect("old").items;
    let jordan = old[0].date.expect("date");
    assert_eq!((jordan.first().year(), jordan.last().year()), (-2149, -2149), "2150 BC");
    assert!(old.iter().all(|quake| quake.magnitude.is_some()));
}

#[test]
#[ignore = "reads ../shared: see tests/it/suites.rs"]
fn a_file_of_one_role_is_not_read_as_another() {
    let data = shared("data");
    let ucdp = Source::path(data.join("ucdp-ged-sample/ucdpged.derived.csv"));
    let error = read_sites(&ucdp, &plain()).expect_err("events are no sites");
    assert!(
        error.is_data() && error.to_string().contains("holds incidents (UCDP GED), not sites"),
        "{error}"
    );
    let faults = Source::path(data.join("himatibetmap-faults/HimaTibetMap.geojson"));
    let error = read_receptors(&faults, Some(ReceptorKind::Rivers), &plain()).expect_err("faults");
    assert!(error.to_string().contains("holds faults (HimaTibetMap), not rivers"), "{error}");
    let lakes = Source::path(data.join("natural-earth/ne_50m_lakes.geojson"));
    let error = read_receptors(&lakes, None, &plain()).expect_err("lakes of no kind");
    assert!(
        error.hint().is_some_and(|hint| hint.contains("receptors=\"water_bodies=FILE\"")),
        "{error}"
    );
}

#[test]
fn acled_is_read_in_both_its_column_lists() {
    let now = "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,\
        actor1,assoc_actor_1,inter1,actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,\
        region,country,admin1,admin2,admin3,location,latitude,longitude,geo_precision,source,\
        source_scale,notes,fatalities,tags,timestamp\n\
        PAK1,2024-03-09,2024,1,Political violence,Strategic developments,\
        Looting/property destruction,A,,1,B,,2,12,,586,South Asia,Pakistan,Balochistan,Quetta,,\
        Quetta,30.18,67.00,2,Press,National,Words,0,,1710000000\n\
        PAK2,9 March 2024,2024,1,Political violence,New type,Cyber attack,A,,1,B,,2,12,,586,\
        South Asia,Pakistan,Balochistan,Quetta,,Quetta,30.18,67.00,9,Press,National,Words,,,1\n";
    let before = "data_id,iso,event_id_cnty,event_id_no_cnty,event_date,year,time_precision,\
        event_type,sub_event_type,actor1,assoc_actor_1,inter1,actor2,assoc_actor_2,inter2,\
        interaction,region,country,admin1,admin2,admin3,location,latitude,longitude,geo_precision,\
        source,source_scale,notes,fatalities,timestamp,iso3\n\
        9,586,PAK1,1,09 March 2024,2024,1,Battles,Armed clash,A,,1,B,,2,12,South Asia,Pakistan,\
        Balochistan,Quetta,,Quetta,30.18,67.00,1,Press,National,Words,3,1710000000,PAK\n";
    let reading = incidents(now);
    assert_eq!(reading.layout, "ACLED");
    let [first, second] = reading.items.as_slice() else { panic!("two") };
    assert_eq!(first.security_type, Some(SecurityType::Looting), "the finer word wins");
    assert_eq!(first.accuracy.map(|a| a.km()), Some(25.0));
    assert_eq!(second.security_type, Some(SecurityType::Unknown));
    assert_eq!((second.accuracy, second.fatalities), (None, None));
    for part in [
        "event_type: \"New type\" is not a known security type",
        "geo_precision: \"9\" is not a precision code",
        "fatalities: is missing; counted as 0",
    ] {
        told(&says(&reading), part);
    }
    let old = incidents(before);
    assert_eq!((old.layout.as_str(), old.items.len()), ("ACLED", 1));
    assert_eq!(old.items[0].id, "PAK1");
    assert_eq!(old.items[0].date, first.date);
    assert_eq!(old.items[0].fatalities, Some(3));
}

#[test]
fn mineral_deposits_of_usgs_are_sites() {
    let content = "dep_id,url,mrds_id,mas_id,site_name,latitude,longitude,region,country,state,\
        county,com_type,commod1,commod2,commod3,oper_type,dep_type,prod_size,dev_stat,ore\n\
        10000001,u,A1,,Lookout Prospect,55.05,-132.14,NA,United States,Alaska,,M,Gold,,,,,N,Prospect,\n\
        10000002,u,A2,,No Place,,,NA,United States,Alaska,,M,Gold,,,,,N,Prospect,\n";
    let reading = read_sites(&text("mrds.csv", content), &plain()).expect("reading");
    assert_eq!(reading.layout, "USGS MRDS");
    assert_eq!((reading.read, reading.items.len(), reading.set_aside), (2, 1, 1));
    assert_eq!(reading.items[0].name, "Lookout Prospect");
    told(
        &says(&reading),
        "line 3 (id \"10000002\"): longitude: is missing; the record has no place",
    );
}
