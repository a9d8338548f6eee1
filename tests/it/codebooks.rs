//! Codes of published data sets: types, accuracy, missing values, planned areas, and rows that are
//! counts.

use crate::intake::{incidents, plain, says, text, told};
use tamarisk::model::{
    CountryCode, Designation, Domain, Incident, ReceptorKind, SecurityType as S, TailingsClass,
    WaterStress,
};
use tamarisk::sources::{Reading, check, read_incidents, read_receptors, read_sites};

fn km(incident: &Incident) -> Option<f64> {
    incident.accuracy.map(|accuracy| accuracy.km())
}

fn dates(reading: &Reading<Incident>) -> Vec<(String, String)> {
    let of = |i: &Incident| i.date.map(|d| (d.first().to_string(), d.last().to_string()));
    reading.items.iter().filter_map(of).collect()
}

fn receptors(name: &str, content: &str) -> Reading<tamarisk::model::Receptor> {
    read_receptors(&text(name, content), None, &plain()).expect("reading")
}

#[test]
fn the_global_terrorism_database_is_read_by_its_codes() {
    let reading = incidents(
        "eventid,iyear,imonth,iday,country,country_txt,city,latitude,longitude,specificity,attacktype1,attacktype1_txt,nkill\n\
         201903090001,2019,3,9,153,Pakistan,Chagai,29.15,62.30,1,3,Bombing/Explosion,3\n\
         201900000002,2019,0,0,153,Pakistan,Kalat,28.60,66.70,2,2,Armed Assault,-99\n\
         201905000003,2019,5,0,153,Pakistan,Kalat,28.61,66.71,4,6,Hostage Taking (Kidnapping),\n\
         201905000004,2019,5,1,153,Pakistan,Kalat,28.61,66.71,5,7,Facility/Infrastructure Attack,0\n\
         201906010005,2019,6,1,153,Pakistan,Unknown,,,5,7,Facility/Infrastructure Attack,0\n",
    );
    assert_eq!(reading.layout, "Global Terrorism Database");
    assert_eq!((reading.read, reading.set_aside), (5, 1));
    let types: Vec<_> = reading.items.iter().map(|i| i.security_type).collect();
    let due = [S::Explosions, S::Violence, S::Violence, S::Looting];
    assert_eq!(types, due.map(Some));
    let day = |day: &str| (day.to_owned(), day.to_owned());
    let span = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(
        dates(&reading),
        [
            day("2019-03-09"),
            span("2019-01-01", "2019-12-31"),
            span("2019-05-01", "2019-05-31"),
            day("2019-05-01"),
        ]
    );
    assert_eq!(
        reading.items.iter().map(|i| i.fatalities).collect::<Vec<_>>(),
        [Some(3), None, None, Some(0)]
    );
    let accuracy: Vec<_> = reading.items.iter().map(km).collect();
    assert_eq!(accuracy, [Some(5.0), Some(50.0), Some(220.0), None]);
    assert_eq!(reading.items.iter().filter(|i| i.vague).count(), 1);
    let pakistan = CountryCode::new("PAK");
    assert!(reading.items.iter().all(|i| i.country == pakistan && pakistan.is_some()));
    let said = says(&reading);
    assert!(!said.iter().any(|line| line.contains("is not a valid part of a date")), "{said:#?}");
}

#[test]
fn gdelt_has_codes_of_cameo_and_countries_of_fips() {
    let reading = incidents(
        "GLOBALEVENTID,SQLDATE,EventCode,EventRootCode,QuadClass,ActionGeo_Type,ActionGeo_FullName,ActionGeo_CountryCode,ActionGeo_Lat,ActionGeo_Long\n\
         1,20240309,190,19,4,4,\"Jos, Nigeria\",NI,9.92,8.89\n\
         2,20240410,183,18,4,4,\"Jos, Nigeria\",NI,9.90,8.86\n\
         3,20240411,190,19,4,1,Nigeria,NI,10,8\n\
         4,20240412,042,04,1,5,\"Plateau, Nigeria\",NI,9.9,8.9\n\
         5,20240413,145,14,3,5,\"Plateau, Nigeria\",NI,9.9,8.9\n",
    );
    assert_eq!((reading.layout.as_str(), reading.read), ("GDELT events", 5));
    let types: Vec<_> = reading.items.iter().map(|i| (i.domain, i.security_type)).collect();
    let security = |kind| (Domain::Security, Some(kind));
    assert_eq!(
        types,
        [
            security(S::Battles),
            security(S::Explosions),
            security(S::Battles),
            (Domain::Other, None),
            security(S::Riots),
        ]
    );
    let nigeria = CountryCode::new("NGA");
    assert!(reading.items.iter().all(|i| i.country == nigeria && nigeria.is_some()));
    let known: Vec<_> = reading.items.iter().map(|i| (km(i), i.vague)).collect();
    assert_eq!(known[0], (Some(5.0), false));
    assert_eq!(known[2], (None, true));
    assert_eq!(known[4], (Some(220.0), false));
    assert_eq!(dates(&reading)[0].0, "2024-03-09");
}

#[test]
fn scad_tells_its_days_in_parts_and_unknown_deaths_by_numbers_below_zero() {
    let reading = incidents(
        "eventid,ccode,countryname,startdate,enddate,stday,stmo,styr,eday,emo,eyr,etype,escalation,npart,ndeath,latitude,longitude\n\
         4900012,490,Democratic Republic of Congo,3/9/2015,3/11/2015,9,3,2015,11,3,2015,8,0,3,-99,-10.71,25.47\n\
         4900013,490,Democratic Republic of Congo,5/1/2016,5/1/2016,1,5,2016,1,5,2016,2,0,3,-88,-10.72,25.46\n\
         4900014,490,Democratic Republic of Congo,6/1/2016,6/1/2016,1,6,2016,1,6,2016,3,0,3,12,-10.70,25.45\n",
    );
    assert_eq!((reading.layout.as_str(), reading.set_aside), ("SCAD", 0));
    let firsts: Vec<String> = dates(&reading).into_iter().map(|(first, _)| first).collect();
    assert_eq!(firsts, ["2015-03-09", "2016-05-01", "2016-06-01"]);
    let deaths: Vec<_> = reading.items.iter().map(|i| i.fatalities).collect();
    assert_eq!(deaths, [None, None, Some(12)]);
    let types: Vec<_> = reading.items.iter().filter_map(|i| i.security_type).collect();
    assert_eq!(types, [S::Battles, S::Protests, S::Riots]);
}

#[test]
fn rows_that_are_counts_are_never_incidents() {
    let acled = "WEEK,REGION,COUNTRY,ADMIN1,EVENT_TYPE,SUB_EVENT_TYPE,EVENTS,FATALITIES,DISORDER_TYPE,ID,CENTROID_LATITUDE,CENTROID_LONGITUDE\n\
        2025-10-04,South Asia,Pakistan,Balochistan,Battles,Armed clash,37,61,Political violence,2681,28.4908,65.0958\n";
    let hdx = "Country,Admin1,Admin2,ISO3,Admin2 Pcode,Admin1 Pcode,Month,Year,Events,Fatalities\n\
        Pakistan,Balochistan,Chagai,PAK,PK207,PK2,October,2025,12,30\n";
    let ours =
        "date,lat,lon,country,event_type,number_of_events\n2025-10-04,28.5,65.1,PK,attack,37\n";
    for (content, part) in [
        (acled, "ACLED aggregated data"),
        (hdx, "ACLED aggregated data"),
        (ours, "line 2: number_of_events: a row stands for 37 events"),
    ] {
        let error = read_incidents(&text("i.csv", content), &plain()).expect_err("counts");
        assert!(error.is_data() && error.to_string().contains(part), "{error}");
        assert!(error.hint().is_some(), "{error}");
        assert!(check(&text("i.csv", content), &plain()).is_err(), "{content}");
    }
    for fine in [
        "date,lat,lon,country,event_type,events\n2025-10-04,28.5,65.1,PK,attack,1\n",
        "date,lat,lon,country,event_type,events\n2025-10-04,28.5,65.1,PK,attack,march of 37\n",
    ] {
        assert_eq!(incidents(fine).items.len(), 1, "{fine}");
    }
}

#[test]
fn areas_that_are_proposed_or_of_no_status_protect_nothing() {
    let square = |x: f64| {
        let y = x + 0.2;
        format!(
            r#"{{"type":"Polygon","coordinates":[[[{x},29],[{y},29],[{y},29.2],[{x},29.2],[{x},29]]]}}"#
        )
    };
    let of = |properties: &str, x: f64| {
        format!(r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{}}}"#, square(x))
    };
    let collection = |features: [String; 3]| {
        format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
    };
    let new = |id: u32, name: &str, status: &str| {
        format!(
            r#""SITE_ID":{id},"SITE_PID":"{id}","SITE_TYPE":"PA","NAME_ENG":"{name}","DESIG_ENG":"National Park","IUCN_CAT":"II","REALM":"Terrestrial","REP_AREA":0,"STATUS":"{status}","ISO3":"PAK""#
        )
    };
    let old = |id: u32, name: &str, status: &str| {
        format!(
            r#""WDPAID":{id}.0,"WDPA_PID":"{id}_A","NAME":"{name}","DESIG_ENG":"Forest Reserve","IUCN_CAT":"Not Reported","MARINE":"0","REP_AREA":0,"STATUS":"{status}","ISO3":"PAK""#
        )
    };
    for (content, id, designation) in [
        (
            collection([
                of(&new(1, "Future", "Proposed"), 62.0),
                of(&new(2, "Doubt", "Not Reported"), 63.0),
                of(&new(3, "Hingol", "Designated"), 64.0),
            ]),
            "3",
            Designation::Strict,
        ),
        (
            collection([
                of(&old(1, "Future", "Proposed"), 62.0),
                of(&old(2, "Doubt", "Not Reported"), 63.0),
                of(&old(3, "Hingol", "Established"), 64.0),
            ]),
            "3_A",
            Designation::Other,
        ),
    ] {
        let reading = receptors("wdpa.geojson", &content);
        assert_eq!((reading.layout.as_str(), reading.read, reading.set_aside), ("WDPA", 3, 2));
        let [park] = reading.items.as_slice() else { panic!("one") };
        assert_eq!((park.id.as_str(), park.name.as_deref()), (id, Some("Hingol")));
        assert_eq!(park.kind, ReceptorKind::SensitiveAreas);
        assert_eq!(park.designation, Some(designation));
        told(&says(&reading), "[set aside] wdpa.geojson: feature 0");
        told(&says(&reading), "\"Proposed\" is proposed, not designated");
        told(&says(&reading), "\"Not Reported\" is not reported");
    }
}

#[test]
fn points_of_areas_keep_the_area_that_was_reported() {
    let reading = receptors(
        "wdpa.csv",
        "WDPAID,WDPA_PID,NAME,DESIG_ENG,IUCN_CAT,MARINE,REP_AREA,STATUS,ISO3,Latitude,Longitude\n\
         1,1,Shrine Forest,Forest Reserve,Not Reported,0,0,Designated,PAK,29.13,62.13\n\
         2,2,Hingol,National Park,II,0,6190.43,Designated,PAK,28.40,66.60\n",
    );
    let areas: Vec<_> = reading.items.iter().map(|r| r.area_km2).collect();
    assert_eq!(areas, [None, Some(6190.43)]);
    let reading = receptors(
        "kba.csv",
        "SitRecID,IntName,NatName,SitLat,SitLong,SitAreaKm2,Region,Country,KBAStatus\n\
         12345,Zangi Nawar,x,29.45,65.78,120,Asia,Pakistan,confirmed\n\
         12346,Somewhere,x,29.45,65.98,120,Asia,Pakistan,candidate\n",
    );
    assert_eq!((reading.layout.as_str(), reading.set_aside), ("Key Biodiversity Areas", 1));
    let [area] = reading.items.as_slice() else { panic!("one") };
    assert_eq!((area.area_km2, area.designation), (Some(120.0), Some(Designation::Strict)));
    assert_eq!(area.kind, ReceptorKind::SensitiveAreas);
}

#[test]
fn tailings_basins_and_rivers_are_known_without_an_option() {
    let reading = receptors(
        "gtp.csv",
        "Tailings Facility Name/Identifier,Company,Location (Country),Latitude,Longitude,Hazard Categorisation,Guideline for classification\n\
         TSF-1,Acme,Pakistan,29.13,62.13,Extreme,CDA\n\
         TSF-2,Acme,Pakistan,28.53,66.63,High C,ANCOLD\n\
         TSF-3,Acme,Brazil,-20.2,-43.4,Class A,ANM\n",
    );
    let classes: Vec<_> = reading.items.iter().map(|r| r.tailings.class).collect();
    assert_eq!(classes, [Some(TailingsClass::Extreme), Some(TailingsClass::High), None]);
    assert!(reading.items.iter().all(|r| r.kind == ReceptorKind::Tailings));
    told(&says(&reading), "\"Class A\" is not a consequence class");

    let basin = |x: u32, bws: &str| {
        let y = x + 1;
        format!(
            r#"{{"type":"Feature","properties":{{"string_id":"{x}",{bws}}},"geometry":{{"type":"Polygon","coordinates":[[[{x},28],[{y},28],[{y},29],[{x},29],[{x},28]]]}}}}"#
        )
    };
    let basins = format!(
        r#"{{"type":"FeatureCollection","features":[{},{},{}]}}"#,
        basin(
            61,
            r#""bws_raw":-9999,"bws_score":5,"bws_cat":-1,"bws_label":"Arid and Low Water Use""#
        ),
        basin(
            63,
            r#""bws_raw":0.9,"bws_score":4.5,"bws_cat":4,"bws_label":"Extremely High (>80%)""#
        ),
        basin(65, r#""bws_raw":-9999,"bws_score":-9999,"bws_cat":-9999,"bws_label":"No Data""#),
    );
    let reading = receptors("aq.geojson", &basins);
    assert_eq!(reading.layout, "Aqueduct");
    let stress: Vec<_> = reading.items.iter().map(|r| r.water_stress).collect();
    assert_eq!(stress, [Some(WaterStress::Arid), Some(WaterStress::Score(4.5)), None]);

    let river = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"HYRIV_ID":40000001,"NEXT_DOWN":40000002,"MAIN_RIV":4,"DIS_AV_CMS":0.0},"geometry":{"type":"LineString","coordinates":[[62.0,29.1],[62.3,29.2]]}}]}"#;
    let reading = receptors("hydro.geojson", river);
    let [reach] = reading.items.as_slice() else { panic!("one") };
    assert_eq!((reach.kind, reach.id.as_str()), (ReceptorKind::Rivers, "40000001"));
}

const TURBO: &str = r#"{"type":"FeatureCollection","generator":"overpass-turbo","features":[
    {"type":"Feature","properties":{"@id":"node/1","place":"town","name":"Qila","population":"12345"},"geometry":{"type":"Point","coordinates":[62.2,29.13]}},
    {"type":"Feature","properties":{"@id":"way/3","waterway":"river","name":"Rud"},"geometry":{"type":"LineString","coordinates":[[62.0,29.0],[62.4,29.4]]}},
    {"type":"Feature","properties":{"@id":"way/4","natural":"water","name":"Hamun"},"geometry":{"type":"Polygon","coordinates":[[[62.3,29.2],[62.32,29.2],[62.32,29.22],[62.3,29.22],[62.3,29.2]]]}},
    {"type":"Feature","properties":{"@id":"way/5","boundary":"protected_area","iucn_level":"II"},"geometry":{"type":"Polygon","coordinates":[[[63.3,29.2],[63.32,29.2],[63.32,29.22],[63.3,29.22],[63.3,29.2]]]}},
    {"type":"Feature","properties":{"@id":"way/6","highway":"primary"},"geometry":{"type":"LineString","coordinates":[[62.0,29.0],[62.4,29.4]]}}]}"#;

#[test]
fn tags_of_openstreetmap_tell_what_a_thing_is() {
    let reading = receptors("osm.geojson", TURBO);
    assert_eq!((reading.layout.as_str(), reading.read, reading.set_aside), ("OpenStreetMap", 5, 1));
    let kinds: Vec<_> = reading.items.iter().map(|r| (r.id.as_str(), r.kind)).collect();
    assert_eq!(
        kinds,
        [
            ("node/1", ReceptorKind::Settlements),
            ("way/3", ReceptorKind::Rivers),
            ("way/4", ReceptorKind::WaterBodies),
            ("way/5", ReceptorKind::SensitiveAreas),
        ]
    );
    assert_eq!(reading.items.first().and_then(|r| r.population), Some(12_345.0));
    assert_eq!(reading.items.last().and_then(|r| r.designation), Some(Designation::Strict));
    told(&says(&reading), "has no tag of a known kind of receptor");
    let rivers = Some(ReceptorKind::Rivers);
    let reading = read_receptors(&text("o.geojson", TURBO), rivers, &plain()).expect("rivers");
    told(&says(&reading), "is of settlements by its tags, not of rivers");
    assert!(reading.items.iter().all(|r| r.kind == ReceptorKind::Rivers));
    // As sites they are what the user declares; an id without the sign is not specific.
    assert_eq!(read_sites(&text("o.geojson", TURBO), &plain()).expect("sites").items.len(), 5);
    let ours = read_sites(&text("s.csv", "id,name,lat,lon\na,A,29,62\n"), &plain()).expect("sites");
    assert_eq!(ours.layout, "usual column names");
}
