//! From records to sites, incidents and receptors: whatever a field contains, every record read is kept
//! or set aside, and oddities are reported.

use proptest::prelude::*;
use tamarisk::model::{
    Incident, Part, ReceptorKind, SecurityType, TailingsClass, Verdict, WaterStress,
};
use tamarisk::sources::{
    ColumnMap, ReadOptions, Reading, Source, check, read_incidents, read_receptors, read_sites,
    unique_across,
};

/// A source of text that lives as long as the test.
pub fn text(name: &str, content: &str) -> Source {
    Source::embedded(name, Vec::leak(content.as_bytes().to_vec()))
}

pub fn plain() -> ReadOptions {
    ReadOptions::default()
}

fn mapped(map: &str) -> ReadOptions {
    ReadOptions { map: ColumnMap::parse(map).expect("map"), ..ReadOptions::default() }
}

pub fn incidents(content: &str) -> Reading<Incident> {
    read_incidents(&text("incidents.csv", content), &plain()).expect("reading")
}

/// The findings as displayed, each with its verdict.
pub fn says<T>(reading: &Reading<T>) -> Vec<String> {
    reading.findings.iter().map(|f| format!("[{}] {f}", f.verdict.word())).collect()
}

#[track_caller]
pub fn told(said: &[String], part: &str) {
    assert!(said.iter().any(|line| line.contains(part)), "{part:?} is not said in {said:#?}");
}

#[test]
fn our_own_columns_are_read() {
    let content = "site_id,name,lon,lat,position_accuracy_km,country,group,part,tailings_class,\
        water_stress,water_stress_ratio,water_stress_category\n\
        a,A,62.05,29.12,10,Pakistan,G,road,very high,4.2,,\n\
        b,,62.1,29.2,,PK,G,tunnel,enormous,7,0.4,\n\
        c,C,62.1,29.2,-5,Atlantis,,,,,,Arid and Low Water Use\n";
    let reading = read_sites(&text("s.csv", content), &plain()).expect("reading");
    let [a, b, c] = reading.items.as_slice() else { panic!("three") };
    assert_eq!((a.part, a.tailings.class), (Part::Road, Some(TailingsClass::VeryHigh)));
    assert_eq!(a.water_stress, Some(WaterStress::Score(4.2)));
    assert_eq!(a.accuracy.map(|a| a.km()), Some(10.0));
    assert_eq!(b.name, "b", "a site without a name goes by its id");
    assert_eq!((b.part, b.tailings.class), (Part::Mine, None));
    assert_eq!(b.water_stress, Some(WaterStress::Ratio(0.4)), "7 is no score");
    assert_eq!(c.water_stress, Some(WaterStress::Arid));
    assert_eq!((c.accuracy, c.country), (None, None));
    for part in [
        "part: \"tunnel\" is not a known part",
        "tailings_class: \"enormous\" is not a consequence class",
        "water_stress: \"7\" is not a water stress score",
        "country: \"Atlantis\" is not a known name of a country",
        "position_accuracy_km: \"-5\" is not a radius in km",
        "water_stress_category: \"Arid and Low Water Use\" is arid",
    ] {
        told(&says(&reading), part);
    }
    let columns: Vec<&str> = a.columns.iter().map(|(name, _)| &**name).collect();
    assert!(columns.contains(&"group") && !columns.contains(&"lon"), "{columns:?}");
}

#[test]
fn usual_names_and_maps_bind_columns() {
    let row = "id,NAME,67.5,29.5\n";
    for (header, map) in [
        ("code,title,x,y\n", ""),
        ("code,title,Longitude,Latitude\n", ""),
        ("code,title,LNG,LAT\n", ""),
        ("code,title,long,lat\n", ""),
        ("code,title,lon_dd,lat_dd\n", ""),
        ("code,title,decimalLongitude,decimalLatitude\n", ""),
        ("code,title,Ost,Nord\n", "sites.lon=Ost,sites.lat=Nord"),
        ("code,title,Ost,Nord\n", "sites.lon=ost,sites.lat=NORD,sites.name=title,sites.id=code"),
    ] {
        let source = text("t.csv", &format!("{header}{row}"));
        let reading = read_sites(&source, &mapped(map)).unwrap_or_else(|e| panic!("{header}: {e}"));
        let site = &reading.items[0];
        assert_eq!(site.position.to_string(), "67.5,29.5", "{header}");
        if map.contains("name") {
            assert_eq!((site.name.as_str(), site.id.as_str()), ("NAME", "id"));
            assert_eq!(reading.layout, "column map");
        }
    }
    let wkt = "id;geometry\na;POINT (67.5 29.5)\nb;LINESTRING (67 29, 68 30)\nc;POINT(67\n";
    let reading = read_sites(&text("w.csv", wkt), &plain()).expect("wkt");
    assert_eq!((reading.items.len(), reading.set_aside), (2, 1));
    told(&says(&reading), "geometry: \"POINT(67\" is cut short");
}

#[test]
fn a_missing_column_is_refused_with_what_is_there_and_what_is_near() {
    let source = text("t.csv", "id,lattitude,longitud\na,1,2\n");
    let error = read_sites(&source, &plain()).expect_err("no place");
    assert!(error.is_data());
    assert!(error.to_string().contains("columns: id, lattitude, longitud"), "{error}");
    // The other is a word of Spanish.
    assert_eq!(error.hint().as_deref(), Some("nearest names: map=\"sites.lat=lattitude\""));
    let hint = error.remedies().remove(0).value.expect("a map");
    assert_eq!(read_sites(&source, &mapped(&hint)).expect("the hint works").items.len(), 1);
    // "event_type" looks like "event_date", and has a field of its own.
    let record = text("t.csv", "id,lon,lat,when,event_type\na,1,2,2024-05-01,attack\n");
    let unclear = read_incidents(&record, &plain()).expect_err("no date");
    assert_eq!(unclear.hint().as_deref(), Some("name them: map=\"incidents.date=COLUMN\""));
    let error = read_sites(&source, &mapped("sites.lat=Lattitud")).expect_err("no such column");
    assert!(error.is_usage() && error.to_string().contains("no column \"Lattitud\""), "{error}");
    let error = read_incidents(&text("i.csv", "id,lon,lat\na,1,2\n"), &plain()).expect_err("date");
    assert!(error.to_string().contains("has no column for date as incidents"), "{error}");
}

#[test]
fn a_map_in_toml_reads_another_country_as_it_writes() {
    let toml = "[incidents]\ndate = \"Wann\"\nlon = \"Ost\"\nlat = \"Nord\"\n\
        fatalities = \"Tote\"\nevent_type = \"Art\"\ndate_format = \"%d.%m.%Y\"\ndecimal_comma = true\n";
    let options = ReadOptions { map: ColumnMap::from_toml(toml).expect("map"), ..plain() };
    let content = "Wann;Ost;Nord;Tote;Art\n03.04.2024;67,5;29,5;1.204;Battles\n";
    let reading = read_incidents(&text("i.csv", content), &options).expect("reading");
    let incident = &reading.items[0];
    assert_eq!(incident.date.map(|d| d.first().to_string()).as_deref(), Some("2024-04-03"));
    assert_eq!((incident.position.lon(), incident.fatalities), (67.5, Some(1204)));
}

#[test]
fn columns_in_another_reference_system_are_brought_to_wgs84() {
    let content = "id,easting,northing\na,500000,3320000\n";
    let source = text("utm.csv", content);
    let reading = read_sites(&source, &mapped("sites.crs=EPSG:32642")).expect("reading");
    let position = reading.items[0].position;
    assert!((position.lon() - 69.0).abs() < 1e-6, "{position}");
    assert!((position.lat() - 30.0).abs() < 0.1, "{position}");
    let unsaid = read_sites(&source, &plain()).expect("reading");
    assert_eq!((unsaid.items.len(), unsaid.set_aside), (0, 1));
}

#[test]
fn an_ambiguous_date_is_set_aside_until_it_is_declared() {
    let content = "id,date,lon,lat,category,fatalities\n\
        a,2024-03-04,67,29,security,1\nb,03/04/2024,67.2,29.2,security,1\nc,,67.3,29.3,security,1\n\
        d,,67.4,29.4,earthquake,1\n";
    let reading = incidents(content);
    assert_eq!((reading.read, reading.items.len(), reading.set_aside), (4, 2, 2));
    told(
        &says(&reading),
        "[set aside] incidents.csv: line 3 (id \"b\"): date: \"03/04/2024\" may be",
    );
    told(&says(&reading), "line 4 (id \"c\"): date: is missing; the incident has no date");
    let options = mapped("incidents.date_format=%d/%m/%Y");
    let declared = read_incidents(&text("incidents.csv", content), &options).expect("reading");
    assert_eq!(declared.items.len(), 3);
    assert_eq!(
        declared.items[1].date.map(|d| d.first().to_string()).as_deref(),
        Some("2024-04-03")
    );
}

#[test]
fn places_that_are_none_are_set_aside_where_they_stand() {
    for (lon, lat, part) in [
        ("", "29", "lon: is missing"),
        ("67", "-", "lat: \"-\" is missing"),
        ("NaN", "29", "lon: \"NaN\" is missing"),
        ("1e999", "29", "lon: \"1e999\" is not a finite number"),
        ("east", "29", "lon: \"east\" is not a number"),
        ("29", "95", "lat: \"95\" is a latitude beyond 90; latitude and longitude may be swapped"),
        ("120", "95", "lat: \"95\" is a latitude beyond 90"),
        ("400", "29", "lon: \"400\" is a longitude out of range"),
    ] {
        let content = format!("id,lon,lat\na,{lon},{lat}\n");
        let reading = read_sites(&text("s.csv", &content), &plain()).expect("reading");
        assert_eq!((reading.items.len(), reading.set_aside), (0, 1), "{lon} {lat}");
        told(&says(&reading), &format!("[set aside] s.csv: line 2 (id \"a\"): {part}"));
    }
}

#[test]
fn odd_places_are_used_and_noted() {
    let content = "id,lon,lat\na,190,29.123\nb,0,0\nc,10.11,20.22\nd,10.11,20.22\ne,10.11,20.22\n";
    let reading = read_sites(&text("s.csv", content), &plain()).expect("reading");
    assert_eq!(reading.items.len(), 5);
    assert_eq!(reading.items[0].position.lon(), -170.0);
    for part in [
        "[repaired] s.csv: line 2 (id \"a\"): lon: \"190\" is a longitude beyond 180",
        "line 3 (id \"b\"): lies at 0,0",
        "1 position holds 3 sites or more, 10.11,20.22 the most with 3",
        "1 of 5 sites has coordinates rounded to 0.1 degrees",
    ] {
        told(&says(&reading), part);
    }
}

#[test]
fn swapped_axes_are_told_and_never_swapped_unasked() {
    let rows = [[67.0, 30.2], [62.05, 29.12], [71.5, 34.0], [68.8, 27.7], [66.6, 27.8]];
    let mut content = "id,country,lon,lat\n".to_owned();
    for (at, [lon, lat]) in rows.iter().enumerate() {
        content.push_str(&format!("s{at},Pakistan,{lat},{lon}\n"));
    }
    let source = text("s.csv", &content);
    let error = read_sites(&source, &plain()).expect_err("refused");
    assert!(
        error.to_string().contains("5 of 5 sites do not lie in the country they name"),
        "{error}"
    );
    assert!(error.hint().is_some_and(|hint| hint.starts_with("map=\"sites.swap_axes=true\"")));
    let insisted = read_sites(&source, &mapped("sites.swap_axes=false")).expect("reading");
    assert_eq!(insisted.items[0].position.lon(), 30.2, "as it was written");
    told(&says(&insisted), "with longitude and latitude swapped, all 5 would");
    let mended = read_sites(&source, &mapped("sites.swap_axes=true")).expect("reading");
    assert_eq!(mended.items[0].position.lon(), 67.0);
    assert!(!says(&mended).iter().any(|line| line.contains("swapped")));
    let flag = mapped("sites.lat=lon,sites.lon=lat");
    assert_eq!(read_sites(&source, &flag).expect("reading").items[0].position.lon(), 67.0);
}

#[test]
fn duplicate_ids_are_merged_only_where_the_records_are_alike() {
    let content = "incident_id,date,lon,lat,category,fatalities\n\
        a,2024-01-01,67.11,29.11,security,1\na,2024-01-01,67.11,29.11,security,1\n\
        a,2024-01-02,67.11,29.11,security,1\n";
    let reading = incidents(content);
    let ids: Vec<&str> = reading.items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(ids, ["a", "a#2"]);
    assert_eq!((reading.read, reading.set_aside), (3, 1));
    told(&says(&reading), "[set aside] incidents.csv: line 3 (id \"a\")");
    told(
        &says(&reading),
        "[repaired] incidents.csv: line 4 (id \"a\"): id: \"a\" is the id of an earlier record too; this one is now a#2",
    );
    let feature = |id: &str| {
        format!(
            "{{\"type\":\"Feature\",\"id\":{id},\"properties\":{{}},\
             \"geometry\":{{\"type\":\"Point\",\"coordinates\":[67.11,29.11]}}}}"
        )
    };
    let collection = format!(
        "{{\"type\":\"FeatureCollection\",\"features\":[{},{}]}}",
        feature("1"),
        feature("\"1\"")
    );
    let sites = read_sites(&text("s.geojson", &collection), &plain()).expect("reading");
    let ids: Vec<&str> = sites.items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(ids, ["1", "1#2"], "a number and a text are two ids");
}

#[test]
fn an_event_known_only_by_its_country_is_listed_and_set_aside_once() {
    let row = "7,67.11,29.11,6,1,2020-01-01,2020-01-01,3,3,3\n";
    let content =
        format!("{}\n{row}{row}", HEADERS[3].replace("latitude,longitude", "longitude,latitude"));
    let reading = incidents(&content);
    assert_eq!((reading.read, reading.items.len(), reading.set_aside), (2, 1, 1));
    assert!(reading.items[0].vague);
    let checked = check(&text("incidents.csv", &content), &plain()).expect("checked");
    assert_eq!((checked.read, checked.kept, checked.set_aside), (2, 0, 2));
    let aside = checked.findings.iter().filter(|f| f.verdict == Verdict::SetAside).count();
    assert_eq!(aside, 2, "one finding for each");
}

#[test]
fn missing_ids_are_made_and_records_without_them_all_kept() {
    let content = "name,lon,lat\nReko Diq,62.05,29.12\nReko Diq,62.05,29.12\n,62.06,29.13\n";
    let reading = read_sites(&text("s.csv", content), &plain()).expect("reading");
    let ids: Vec<&str> = reading.items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(ids, ["reko-diq", "reko-diq#2", "s-line-4"]);
    told(&says(&reading), "has 1 records that repeat another word for word");
}

#[test]
fn ids_are_unique_across_the_files_of_a_run() {
    let one = "incident_id,date,lon,lat,category\na,2024-01-01,67.11,29.11,security\n\
        b,2024-01-01,67.11,29.11,security\n";
    let two = "incident_id,date,lon,lat,category\na,2024-01-01,67.11,29.11,security\n\
        b,2024-02-01,67.11,29.11,security\nc,2024-02-01,67.11,29.11,security\n";
    let mut readings = [
        read_incidents(&text("one.csv", one), &plain()).expect("one"),
        read_incidents(&text("two.csv", two), &plain()).expect("two"),
    ];
    unique_across(&mut readings);
    let ids: Vec<&str> =
        readings.iter().flat_map(|r| r.items.iter().map(|item| item.id.as_str())).collect();
    assert_eq!(ids, ["a", "b", "b#2", "c"]);
    assert_eq!((readings[1].read, readings[1].set_aside), (3, 1));
    told(&says(&readings[1]), "id: \"a\" repeats one.csv line 2 word for word");
    told(&says(&readings[1]), "id: \"b\" is the id of one.csv line 3 too; this one is now b#2");
}

#[test]
fn deaths_that_make_no_sense_are_missing_and_said() {
    let content = "id,date,lon,lat,category,fatalities\n\
        a,2024-01-01,67.11,29.11,security,-3\nb,2024-01-01,67.12,29.12,security,2.5\n\
        c,2024-01-01,67.13,29.13,security,N/A\nd,2024-01-01,67.14,29.14,security,\"1,5\"\n\
        e,2024-01-01,67.15,29.15,security,7.0\n";
    let reading = incidents(content);
    let deaths: Vec<Option<u32>> = reading.items.iter().map(|item| item.fatalities).collect();
    assert_eq!(deaths, [None, None, None, None, Some(7)]);
    for part in [
        "fatalities: \"-3\" is negative; taken as missing",
        "fatalities: \"2.5\" is not a whole number",
        "fatalities: \"N/A\" is missing; counted as 0",
        "fatalities: \"1,5\" has a comma",
    ] {
        told(&says(&reading), part);
    }
}

#[test]
fn incidents_have_a_place_and_a_bare_table_is_security_of_unknown_type() {
    let content = "{\"type\":\"FeatureCollection\",\"features\":[\
        {\"type\":\"Feature\",\"properties\":{\"date\":\"2024-01-01\"},\"geometry\":\
        {\"type\":\"Point\",\"coordinates\":[67.11,29.11]}},\
        {\"type\":\"Feature\",\"properties\":{\"date\":\"2024-01-01\"},\"geometry\":\
        {\"type\":\"LineString\",\"coordinates\":[[67.11,29.11],[68,30]]}},\
        {\"type\":\"Feature\",\"properties\":{\"date\":\"2024-01-01\"},\"geometry\":null}]}";
    let reading = read_incidents(&text("i.geojson", content), &plain()).expect("reading");
    assert_eq!((reading.read, reading.items.len(), reading.set_aside), (3, 2, 1));
    assert_eq!(reading.items[0].security_type, Some(SecurityType::Unknown));
    told(&says(&reading), "has no column for the type; read as security incidents");
    told(&says(&reading), "feature 1: geometry: is a line; placed in the middle of it");
    told(&says(&reading), "feature 2: geometry: is null or empty");
}

#[test]
fn empty_files_are_empty_and_not_wrong() {
    for (name, content) in [
        ("header.csv", "site_id,name,lon,lat\n"),
        ("none.geojson", "{\"type\":\"FeatureCollection\",\"features\":[]}"),
    ] {
        let reading = read_sites(&text(name, content), &plain()).expect(name);
        assert_eq!((reading.read, reading.items.len(), reading.set_aside), (0, 0, 0), "{name}");
    }
    let none = text("none.geojson", "{\"type\":\"FeatureCollection\",\"features\":[]}");
    assert_eq!(read_incidents(&none, &plain()).expect("incidents").read, 0);
    let lakes = read_receptors(&none, Some(ReceptorKind::WaterBodies), &plain()).expect("lakes");
    assert_eq!(lakes.read, 0);
}

#[test]
fn a_table_in_another_encoding_is_read_only_where_it_is_published_so() {
    let row = b"GF_ID,Lat_lake,Lon_lake,Year_exact,Lake_name\n1,42.5,74.5,1977,T\xe9zt\xf6r\n";
    let known = Source::embedded("floods.csv", row);
    let reading = read_incidents(&known, &plain()).expect("reading");
    assert_eq!(
        (reading.layout.as_str(), reading.format.as_str()),
        ("HMAGLOFDB", "CSV, comma, windows-1252")
    );
    let other = Source::embedded("other.csv", b"id,lat,lon,name\n1,42.5,74.5,T\xe9zt\xf6r\n");
    let error = read_sites(&other, &plain()).expect_err("not UTF-8");
    assert!(error.hint().is_some_and(|hint| hint.contains("encoding=\"windows-1252\"")), "{error}");
    // The encoding that one file of a run needs garbles none of the others.
    let asked = ReadOptions { encoding: Some("windows-1252".into()), ..plain() };
    let named = |source: &Source| {
        let reading = read_sites(source, &asked).expect("reading");
        (reading.items[0].name.clone(), reading.format)
    };
    let spelled = "T\u{e9}zt\u{f6}r".to_owned();
    assert_eq!(named(&other), (spelled.clone(), "CSV, comma, windows-1252".to_owned()));
    let utf8 =
        Source::bytes("utf8.csv", format!("id,lat,lon,name\n1,42.5,74.5,{spelled}\n").into_bytes());
    assert_eq!(named(&utf8), (spelled, "CSV, comma, UTF-8".to_owned()));
}

/// Typical values of tables, valid and invalid.
fn field() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("NA".to_owned()),
        Just("\u{2212}12.5".to_owned()),
        "-?[0-9]{1,12}(\\.[0-9]{0,6})?",
        "[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}",
        "(POINT|POLYGON|GEOMETRYCOLLECTION)? ?\\(*[0-9 ,.-]{0,20}\\)*",
        "[#A-Za-z0-9 ./%-]{0,12}",
        "\\PC{0,12}",
        any::<String>(),
    ]
}

fn quoted(field: &str) -> String {
    format!("\"{}\"", field.replace('"', "\"\""))
}

const HEADERS: [&str; 6] = [
    "site_id,name,lon,lat,position_accuracy_km,country,group,part,tailings_class,water_stress",
    "incident_id,date,date_end,lon,lat,geo_precision,category,event_type,sub_event_type,fatalities",
    "receptor_id,name,receptor_type,lon,lat,designation,iucn_category,area_ha,population,date",
    "id,latitude,longitude,where_prec,type_of_violence,date_start,date_end,best,high,low",
    "GF_ID,Lat_lake,Lon_lake,Year_exact,Year_approx,Month,Day,Country,Lives_total,Remarks",
    "Search Parameters,Year,Mo,Dy,Location Name,Latitude,Longitude,Focal Depth (km),Mag,Deaths",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_stands_in_a_field_read_is_kept_and_set_aside(
        header in 0..HEADERS.len(),
        rows in prop::collection::vec(prop::collection::vec(field(), 10), 0..6),
    ) {
        let mut content = format!("{}\n", HEADERS[header]);
        for row in &rows {
            let row: Vec<String> = row.iter().map(|field| quoted(field)).collect();
            content.push_str(&row.join(","));
            content.push('\n');
        }
        let source = text("any.csv", &content);
        let checked = check(&source, &plain());
        if let Ok(checked) = checked {
            prop_assert_eq!(checked.read, checked.kept + checked.set_aside);
            let aside = checked.findings.iter().filter(|f| f.verdict == Verdict::SetAside).count();
            prop_assert_eq!(u64::try_from(aside).unwrap_or(u64::MAX), checked.set_aside);
        }
        for kind in [None, Some(ReceptorKind::WaterStress), Some(ReceptorKind::Settlements)] {
            if let Ok(reading) = read_receptors(&source, kind, &plain()) {
                let kept = u64::try_from(reading.items.len()).unwrap_or(u64::MAX);
                prop_assert_eq!(reading.read, kept + reading.set_aside);
            }
        }
        let options = mapped("sites.decimal_comma=true,incidents.date_format=%d/%m/%Y");
        if let Ok(reading) = read_sites(&source, &options) {
            let kept = u64::try_from(reading.items.len()).unwrap_or(u64::MAX);
            prop_assert_eq!(reading.read, kept + reading.set_aside);
        }
        if let Ok(reading) = read_incidents(&source, &options) {
            let kept = u64::try_from(reading.items.len()).unwrap_or(u64::MAX);
            prop_assert_eq!(reading.read, kept + reading.set_aside);
        }
    }
}
