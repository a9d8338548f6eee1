//! Named countries against positions: a file with many records outside the country they name is
//! reported once, and refused only if another interpretation puts them there.

use crate::cli::{Folder, column};
use crate::intake::{plain, says, text, told};
use tamarisk::sources::{
    ColumnMap, ReadOptions, Source, check_as, read_incidents, read_receptors, read_sites,
};
use tamarisk::{Error, Parameter};

const HEADER: &str = "id,date,lon,lat,country,event_type,fatalities";

/// A table of attacks at places in countries.
fn attacks(rows: &[(&str, &str, &str)]) -> String {
    let mut table = format!("{HEADER}\n");
    for (at, (lon, lat, country)) in rows.iter().enumerate() {
        table.push_str(&format!("{at},2024-03-09,{lon},{lat},{country},attack,3\n"));
    }
    table
}

fn mapped(map: &str) -> ReadOptions {
    ReadOptions { map: ColumnMap::parse(map).expect(map), ..ReadOptions::default() }
}

/// What the first remedy says of the column map.
fn option(error: &Error) -> String {
    let remedies = error.remedies();
    let map = remedies.iter().find(|one| one.parameter == Parameter::Map).expect("a map");
    map.value.clone().expect("what to map")
}

/// A file is refused with an option in the hint; with that option it is read, and says nothing of it.
#[track_caller]
fn refused_and_mended(content: &str, given: &ReadOptions, typed: &str, says_so: &str) {
    let source = text("i.csv", content);
    let error = read_incidents(&source, given).expect_err("refused");
    assert!(error.is_data(), "{error}");
    assert!(error.to_string().contains(says_so), "{error}");
    assert_eq!(option(&error), typed, "{error}");
    let mut mended = given.clone();
    mended.map.add(&option(&error)).expect("what is to be typed is read");
    let reading = read_incidents(&source, &mended).expect("mended");
    assert_eq!((reading.set_aside, reading.items.is_empty()), (0, false));
    assert!(!says(&reading).iter().any(|said| said.contains("not lie")), "{:?}", says(&reading));
}

#[test]
fn a_file_that_one_other_reading_mends_is_refused_with_it() {
    // Beyond 90 as written in the second row: set aside, and counted.
    let swapped = attacks(&[("29.15", "62.30", "Pakistan"), ("39.9", "116.4", "China")]);
    let both = "2 of 2 incidents do not lie in the country they name";
    refused_and_mended(&swapped, &plain(), "incidents.swap_axes=true", both);
    let fips = attacks(&[("8.89", "9.92", "NI"), ("8.86", "9.90", "NI"), ("3.4", "6.5", "ni")]);
    refused_and_mended(
        &fips,
        &plain(),
        "incidents.country_codes=fips",
        "\"NI\" (Nicaragua) at line 2 lies in Nigeria",
    );
    // No code of ISO at all.
    let alone = attacks(&[("44.4", "33.3", "IZ"), ("37.6", "48.0", "UP"), ("121.0", "14.6", "RP")]);
    refused_and_mended(&alone, &plain(), "incidents.country_codes=fips", "3 of 3 incidents");
    let west = attacks(&[("112.51", "46.01", "USA"), ("112.15", "40.52", "USA")]);
    let sign = "with the sign of the longitude changed, both would";
    refused_and_mended(&west, &plain(), "incidents.negate_lon=true", sign);
    let south = attacks(&[("27.9", "26.2", "South Africa"), ("134.0", "25.0", "Australia")]);
    refused_and_mended(&south, &plain(), "incidents.negate_lat=true", "sign of the latitude");
    let both = attacks(&[("70.6", "33.4", "Chile"), ("47.9", "15.8", "Brazil")]);
    let typed = "incidents.negate_lon=true,incidents.negate_lat=true";
    refused_and_mended(&both, &plain(), typed, "the signs of longitude and latitude");
    // What was typed is wrong.
    let right = attacks(&[("62.3", "29.15", "Pakistan"), ("66.7", "28.6", "Pakistan")]);
    let told_to = mapped("incidents.swap_axes=true");
    refused_and_mended(&right, &told_to, "incidents.swap_axes=false", "swapped");
}

#[test]
fn a_few_records_that_are_right_either_way_do_not_hide_it() {
    // Pakistan is PK in both lists, and one Nigerian row has an error of its own.
    let mut rows = vec![("66.7", "28.6", "PK"); 6];
    rows.extend(vec![("8.89", "9.92", "NI"); 9]);
    rows.push(("-60.0", "-3.0", "NI"));
    let error = read_incidents(&text("i.csv", &attacks(&rows)), &plain()).expect_err("refused");
    assert!(error.to_string().contains("10 of 16 incidents do not lie"), "{error}");
    assert!(error.to_string().contains("9 of these 10 would"), "{error}");
    assert!(error.to_string().contains("\"NI\" (Nicaragua) lies in Nigeria (9)"), "{error}");
}

#[test]
fn sites_receptors_and_any_geometry_are_asked_alike() {
    let point = |lon: f64, lat: f64| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"country\":\"Mali\"}},\"geometry\":\
             {{\"type\":\"Point\",\"coordinates\":[{lon},{lat}]}}}}"
        )
    };
    let features = [point(12.6, -7.9), point(14.5, -4.2)].join(",");
    let collection = format!("{{\"type\":\"FeatureCollection\",\"features\":[{features}]}}");
    let source = text("s.geojson", &collection);
    let error = read_sites(&source, &plain()).expect_err("refused");
    assert_eq!(option(&error), "sites.swap_axes=true");
    let mended = read_sites(&source, &mapped("sites.swap_axes=true")).expect("mended");
    assert_eq!(mended.items[0].position.lon(), -7.9);
    let unsigned = [point(7.9, 12.6), point(8.2, 14.5)].join(",");
    let unsigned = format!("{{\"type\":\"FeatureCollection\",\"features\":[{unsigned}]}}");
    let mended = read_sites(&text("s.geojson", &unsigned), &mapped("sites.negate_lon=true"));
    assert_eq!(mended.expect("mended").items[1].position.lon(), -8.2);

    let squares = "id,country,geometry\n\
        a,Chile,\"POLYGON((33.4 70.6,33.5 70.6,33.5 70.7,33.4 70.6))\"\n\
        b,Chile,\"POLYGON((29.4 70.2,29.5 70.2,29.5 70.3,29.4 70.2))\"\n";
    let error = read_sites(&text("s.csv", squares), &plain()).err();
    assert!(error.is_none(), "swapped and without signs: no one mend, {error:?}");
    let squares = squares.replace("70.", "-70.").replace("33.", "-33.").replace("29.", "-29.");
    let error = read_sites(&text("s.csv", &squares), &plain()).expect_err("refused");
    assert_eq!(option(&error), "sites.swap_axes=true");

    let towns = "lat,lon,name,admin1,admin2,cc\n67.0,30.2,A,,,PK\n74.3,31.5,B,,,PK\n";
    let kind = Some(tamarisk::model::ReceptorKind::Settlements);
    let error = read_receptors(&text("t.csv", towns), kind, &plain()).expect_err("refused");
    assert_eq!(option(&error), "settlements.swap_axes=true");
}

#[cfg(feature = "proj")]
#[test]
fn a_zone_of_utm_beside_the_right_one_is_told() {
    let zone = tamarisk::earth::Crs::new("EPSG:32735").expect("zone 35 south");
    let rows: Vec<(String, String)> = [(25.5, -10.7), (27.2, -11.6), (25.8, -9.9)]
        .map(|(lon, lat)| {
            let [x, y] = zone.project(lon, lat).expect("in the zone");
            (format!("{x:.1}"), format!("{y:.1}"))
        })
        .to_vec();
    let rows: Vec<(&str, &str, &str)> =
        rows.iter().map(|(x, y)| (x.as_str(), y.as_str(), "DR Congo")).collect();
    let table = attacks(&rows);
    for wrong in ["EPSG:32635", "EPSG:32733", "+proj=utm +zone=34 +south +datum=WGS84"] {
        let given = mapped(&format!("incidents.crs={wrong}"));
        let source = text("i.csv", &table);
        let error = read_incidents(&source, &given).expect_err(wrong);
        assert!(error.to_string().contains("3 of 3 incidents do not lie"), "{error}");
        let hint = error.hint().expect("hint");
        assert!(hint.contains("EPSG:32735"), "{wrong}: {hint}");
    }
    let right = mapped("incidents.crs=EPSG:32735");
    let reading = read_incidents(&text("i.csv", &table), &right).expect("right");
    assert!(!says(&reading).iter().any(|said| said.contains("not lie")));
}

/// What is said of a file that is read.
fn told_of(content: &str, options: &ReadOptions) -> Vec<String> {
    let reading = read_incidents(&text("i.csv", content), options).expect("not refused");
    says(&reading).into_iter().filter(|said| said.contains("not lie")).collect()
}

#[test]
fn what_no_one_reading_mends_is_told_once_and_used() {
    for (rows, due) in [
        (
            vec![("62.30", "29.15", "Iran"), ("66.70", "28.60", "Iran")],
            "2 of 2 incidents do not lie in the country they name, by the borders of Natural Earth: \
             \"Iran\" at line 2 lies in Pakistan; \"Iran\" at line 3 lies in Pakistan",
        ),
        // One alone may be a slip.
        (
            vec![("29.15", "62.30", "Pakistan")],
            "1 of 1 incidents does not lie in the country it names, by the borders of Natural Earth: \
             \"Pakistan\" at line 2 lies in Finland; with longitude and latitude swapped, it would",
        ),
        // Half of them are right: swapping all would spoil as many as it mends.
        (
            vec![
                ("29.15", "62.30", "Pakistan"),
                ("28.60", "66.70", "Pakistan"),
                ("62.30", "29.15", "Pakistan"),
                ("66.70", "28.60", "Pakistan"),
            ],
            "2 of 4 incidents do not lie",
        ),
        (vec![("0", "0", "Pakistan"), ("62.3", "29.15", "Pakistan")], "lies at sea"),
    ] {
        let said = told_of(&attacks(&rows), &plain());
        assert_eq!(said.len(), 1, "{said:?}");
        told(&said, due);
    }
    let many: Vec<_> = (0..40).map(|_| ("62.30", "29.15", "Iran")).collect();
    told(
        &told_of(&attacks(&many), &plain()),
        "40 of 40 incidents do not lie in the country they name, by the borders of Natural Earth, \
         the first at line 2: \"Iran\" lies in Pakistan (40)",
    );
    // Two slips among many are two slips.
    let mut rows = vec![("-112.1", "40.5", "USA"); 60];
    rows.extend([("112.1", "40.5", "USA"), ("112.5", "46.0", "USA")]);
    told(&told_of(&attacks(&rows), &plain()), "2 of 62 incidents do not lie");
}

#[test]
fn who_insists_is_not_refused() {
    for (rows, map) in [
        ([("29.15", "62.30", "Pakistan"), ("28.6", "66.7", "Pakistan")], "swap_axes=false"),
        ([("8.89", "9.92", "NI"), ("8.86", "9.90", "NI")], "country_codes=iso"),
        ([("112.51", "46.01", "USA"), ("112.15", "40.52", "USA")], "negate_lon=false"),
    ] {
        let options = mapped(&format!("incidents.{map}"));
        told(&told_of(&attacks(&rows), &options), "2 of 2 incidents do not lie");
    }
}

#[test]
fn near_a_border_at_sea_and_under_another_name_nothing_is_said() {
    let rows = [
        // Towns at borders, and camps beyond them by the map's own error.
        ("61.10", "29.40", "Pakistan"),
        ("-11.50", "12.60", "Mali"),
        ("-11.40", "12.75", "Mali"),
        ("73.8", "34.4", "Pakistan"),
        ("73.8", "34.4", "India"),
        // Ships and islands.
        ("43.0", "14.6", "Yemen"),
        ("48.5", "12.4", "Yemen"),
        ("-14.9", "66.2", "Iceland"),
        ("-18.0", "65.9", "Iceland"),
        ("63.86", "25.12", "Pakistan"),
        // Territories by the name of their state, and by their own.
        ("-52.6", "4.0", "French Guiana"),
        ("-52.6", "4.0", "France"),
        ("-61.5", "16.2", "Guadeloupe"),
        ("165.5", "-21.5", "New Caledonia"),
        ("165.5", "-21.5", "France"),
        ("-66.4", "18.2", "Puerto Rico"),
        ("-66.4", "18.2", "United States"),
        ("-51.7", "64.2", "Greenland"),
        ("-51.7", "64.2", "Denmark"),
        ("15.6", "78.2", "Norway"),
        ("114.15", "22.35", "China"),
        ("114.15", "22.35", "Hong Kong"),
        ("113.55", "22.19", "China"),
        // Areas that two call theirs, by either name.
        ("34.1", "45.2", "Ukraine"),
        ("34.1", "45.2", "Russia"),
        ("21.1", "42.6", "Kosovo"),
        ("21.1", "42.6", "Serbia"),
        ("-12.8", "26.3", "Western Sahara"),
        ("-12.8", "26.3", "Morocco"),
        ("-9.5", "26.8", "Morocco"),
        ("44.4", "10.38", "Somalia"),
        ("44.4", "10.38", "Somaliland"),
        ("33.3", "35.2", "Cyprus"),
        ("35.1", "31.53", "Palestine"),
        ("35.1", "31.53", "Israel"),
        ("121.5", "25.0", "Taiwan"),
        ("121.5", "25.0", "China"),
        ("31.6", "4.85", "Sudan"),
        // States of the past by the states that they became, at their coast and border too.
        ("18.4", "43.85", "Yugoslavia"),
        ("14.5", "46.05", "SFR Yugoslavia"),
        ("14.9", "43.2", "Yugoslavia"),
        ("69.2", "41.3", "USSR"),
        ("44.8", "41.7", "Soviet Union"),
        ("14.4", "50.1", "Czechoslovakia"),
        ("27.5", "-11.7", "Zaire"),
    ];
    let said = told_of(&attacks(&rows), &plain());
    assert!(said.is_empty(), "{said:?}");
    // Beyond the tolerance it is said, but not of a position that is known only so well.
    let far = attacks(&[("68.2", "34.5", "Pakistan")]);
    told(&told_of(&far, &plain()), "\"Pakistan\" at line 2 lies in Afghanistan");
    let rough = far.replace("fatalities", "position_accuracy_km").replace("attack,3", "attack,150");
    assert!(told_of(&rough, &plain()).is_empty());
    // Without a column there is nothing to compare.
    let none = attacks(&[("29.15", "62.30", "Pakistan"); 3]).replace("country", "note");
    assert!(told_of(&none, &plain()).is_empty());
}

#[test]
fn codes_of_fips_are_read_where_they_are_declared() {
    let content =
        attacks(&[("8.89", "9.92", "NI"), ("-84.8", "13.7", "NU"), ("8.0", "17.0", "Niger")]);
    let options = mapped("incidents.country_codes=fips");
    let reading = read_incidents(&text("i.csv", &content), &options).expect("reading");
    let named: Vec<_> =
        reading.items.iter().map(|i| i.country.expect("named").to_string()).collect();
    assert_eq!(named, ["NGA", "NIC", "NER"]);
    assert!(!says(&reading).iter().any(|said| said.contains("not lie")), "{:?}", says(&reading));
    let toml = ColumnMap::from_toml("[incidents]\ncountry_codes = \"fips\"\nnegate_lon = false\n");
    assert_eq!(
        toml.expect("TOML"),
        mapped("incidents.country_codes=fips,incidents.negate_lon=false").map
    );
    let error = ColumnMap::parse("incidents.country_codes=gec").expect_err("no such list");
    assert!(error.is_usage() && error.hint().is_some_and(|hint| hint.contains("fips")), "{error}");
}

#[test]
fn a_column_that_says_fips_has_codes_of_fips() {
    let content = attacks(&[("8.89", "9.92", "NI"), ("8.86", "9.90", "NI")]);
    for name in ["country_fips", "FIPS_10", "ActionGeo_CountryCode"] {
        let content = content.replace("country", name);
        let reading = read_incidents(&text("i.csv", &content), &plain()).expect(name);
        let named = reading.items[0].country.map(|code| code.to_string());
        assert_eq!(named.as_deref(), Some("NGA"), "{name}");
        // ISO codes in such a column are recognized as well.
        let content = content.replace("NI,", "NG,");
        refused_and_mended(&content, &plain(), "incidents.country_codes=iso", "(Niger)");
    }
    let mapped = mapped("incidents.country=state_fips");
    let reading =
        read_incidents(&text("i.csv", &content.replace("country", "state_fips")), &mapped);
    assert_eq!(reading.expect("mapped").items[1].country.expect("named").as_str(), "NGA");
}

#[test]
fn states_of_the_past_are_held_against_all_that_they_became() {
    let swapped = attacks(&[
        ("44.0", "20.9", "Yugoslavia"),
        ("45.5", "16.4", "Yugoslavia"),
        ("50.1", "14.4", "Czechoslovakia"),
    ]);
    let typed = "incidents.swap_axes=true";
    refused_and_mended(&swapped, &plain(), typed, "3 of 3 incidents do not lie");
    let reading = read_incidents(&text("i.csv", &swapped), &mapped(typed)).expect("reading");
    let named: Vec<_> =
        reading.items.iter().map(|i| i.country.expect("named").to_string()).collect();
    assert_eq!(named, ["SRB", "HRV", "CZE"]);
    let abroad = attacks(&[("116.4", "39.9", "Soviet Union"), ("69.2", "41.3", "Soviet Union")]);
    told(&told_of(&abroad, &plain()), "\"Soviet Union\" at line 2 lies in China");
}

#[cfg(feature = "proj")]
#[test]
fn records_with_a_system_of_their_own_are_judged_in_it() {
    let zone = tamarisk::earth::Crs::new("EPSG:32735").expect("zone 35 south");
    let table = |swap: bool, country: &str| {
        let mut table = "id,date,x,y,crs,country,event_type\n".to_owned();
        for (at, (lon, lat)) in [(25.5, -10.7), (27.2, -11.6), (25.8, -9.9)].iter().enumerate() {
            let [x, y] = zone.project(*lon, *lat).expect("in the zone");
            let [x, y] = if swap { [y, x] } else { [x, y] };
            table.push_str(&format!("{at},2024-03-09,{x},{y},EPSG:32735,{country},attack\n"));
        }
        table.replace("x,y,crs", "lon,lat,crs")
    };
    assert!(told_of(&table(false, "DR Congo"), &plain()).is_empty());
    told(&told_of(&table(false, "Nigeria"), &plain()), "3 of 3 incidents do not lie");
    let typed = "incidents.swap_axes=true";
    refused_and_mended(&table(true, "DR Congo"), &plain(), typed, "3 of 3 incidents");
}

#[test]
fn what_is_said_does_not_depend_on_the_parts_of_a_file() {
    let mut rows = Vec::new();
    for at in 0..30_000 {
        rows.push(match at % 7 {
            0 => ("62.30", "29.15", "Iran"),
            1 => ("8.89", "9.92", "NI"),
            2 => ("116.4", "39.9", "Peru"),
            _ => ("66.70", "28.60", "Pakistan"),
        });
    }
    let source = text("i.csv", &attacks(&rows));
    let said = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("pool");
        pool.install(|| says(&read_incidents(&source, &plain()).expect("reading")))
    };
    let one = said(1);
    told(&one, "12858 of 30000 incidents do not lie");
    assert_eq!(one, said(4));
}

#[test]
fn check_says_the_same_and_ends_as_a_run_does() {
    let folder = Folder::with_mines();
    let swapped = attacks(&[("29.15", "62.30", "Pakistan"), ("28.60", "66.70", "Pakistan")]);
    folder.write("swapped.csv", &swapped);
    let ended = folder.run(&["check", "swapped.csv"]);
    assert_eq!(ended.code, 3, "{}", ended.out);
    assert!(ended.out.contains("2 of 2 incidents do not lie in the country they name"));
    assert!(ended.out.contains("--map incidents.swap_axes=true"), "{}", ended.out);
    let ended = folder.run(&["score", "-s", "sites.csv", "-i", "swapped.csv", "-o", "out"]);
    assert_eq!(ended.code, 3, "{}", ended.err);
    assert!(ended.err.contains("--map incidents.swap_axes=true"), "{}", ended.err);
    assert!(folder.files("out").is_empty(), "nothing is written");
    let wrong = attacks(&[("62.30", "29.15", "Iran"), ("66.70", "28.60", "Iran")]);
    folder.write("wrong.csv", &wrong);
    let ended = folder.run(&["check", "wrong.csv"]);
    assert_eq!(ended.code, 0, "{}", ended.out);
    let checked =
        check_as(&Source::embedded("w.csv", Vec::leak(wrong.into_bytes())), None, &plain());
    assert!(!checked.expect("checked").refused);
}

#[test]
fn a_site_just_over_a_border_of_the_map_is_in_the_country_it_names() {
    let folder = Folder::new();
    folder.write(
        "sites.csv",
        "id,name,lon,lat,country\nA,Camp A,-11.50,12.60,Mali\nB,Camp B,-11.40,12.75,Mali\n\
         C,Far,-14.50,12.90,Mali\n",
    );
    let inside = attacks(&[("-11.1", "12.9", "Mali"), ("-10.9", "12.8", "Mali")]);
    folder.write("incidents.csv", inside);
    let ended = folder.run(&["score", "-s", "sites.csv", "-i", "incidents.csv", "-o", "out"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let scores = column(&folder.json("out/sites.geojson"), "security_score");
    assert!(scores["A"].is_number() && scores["B"].is_number(), "{scores:?}");
    assert!(scores["C"].is_null(), "in Senegal: {scores:?}");
    assert!(
        ended.err.contains("1 of 3 sites does not lie in the country it names"),
        "{}",
        ended.err
    );
}
