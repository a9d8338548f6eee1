//! JSON responses of services: records with metadata of the page, rows under a header, Overpass elements,
//! ArcGIS features; and one page of many, which is never treated as the complete data.

use crate::cli::Folder;
use crate::intake::{incidents, plain, says, text, told};
use tamarisk::earth::GeometryKind;
use tamarisk::model::{Incident, ReceptorKind};
use tamarisk::sources::{Reading, check, read_incidents, read_receptors, read_sites};

const RECORDS: [&str; 2] = [
    r#"{"event_id_cnty":"PAK1","event_date":"2024-03-09","event_type":"Battles","sub_event_type":"Armed clash","iso":"586","country":"Pakistan","latitude":"29.1500","longitude":"62.3000","geo_precision":"1","fatalities":"3"}"#,
    r#"{"event_id_cnty":"PAK2","event_date":"2024-04-09","event_type":"Explosions/Remote violence","sub_event_type":"Grenade","iso":"586","country":"Pakistan","latitude":"28.6000","longitude":"66.7000","geo_precision":"2","fatalities":"7"}"#,
];

const TABLE: &str = "event_id_cnty,event_date,event_type,sub_event_type,iso,country,latitude,longitude,geo_precision,fatalities\n\
    PAK1,2024-03-09,Battles,Armed clash,586,Pakistan,29.1500,62.3000,1,3\n\
    PAK2,2024-04-09,Explosions/Remote violence,Grenade,586,Pakistan,28.6000,66.7000,2,7\n";

fn read(name: &str, content: &str) -> Reading<Incident> {
    read_incidents(&text(name, content), &plain()).expect("reading")
}

fn core(reading: &Reading<Incident>) -> Vec<String> {
    let of = |i: &Incident| {
        format!(
            "{} {} {:?} {:?} {:?} {:?} {:?}",
            i.id,
            i.position,
            i.accuracy.map(|a| a.km()),
            i.date,
            i.security_type,
            i.fatalities,
            i.country
        )
    };
    reading.items.iter().map(of).collect()
}

#[test]
fn records_of_an_answer_are_those_of_the_table() {
    let [one, two] = RECORDS;
    let due = core(&incidents(TABLE));
    assert_eq!(due.len(), 2);
    for (content, format) in [
        (
            format!(
                r#"{{"status":200,"success":true,"last_update":1,"count":2,"data":[{one},{two}]}}"#
            ),
            "JSON records",
        ),
        (format!("[\n {one},\n {two}\n]"), "JSON records"),
        (format!("{one}\n{two}\n"), "JSON records, newline-delimited"),
        (format!("{one}\r\n\r\n{two}"), "JSON records, newline-delimited"),
    ] {
        let reading = read("acled.json", &content);
        assert_eq!((reading.layout.as_str(), reading.read), ("ACLED", 2), "{content}");
        assert_eq!(reading.format, format!("{format}, UTF-8"));
        assert_eq!(core(&reading), due, "{content}");
        assert_eq!(reading.partial, None);
    }
}

#[test]
fn rows_under_a_header_are_a_table() {
    let rows = r#"[["event_id","date","lat","lon","country","event_type"],["1","2024-03-09","29.15","62.3","PK","attack"]]"#;
    let reading = read("rows.json", rows);
    assert_eq!((reading.read, reading.items.len()), (1, 1));
    let hxl = r##"[["#date","#lat","#lon"],["2024-03-09","29.15","62.3"]]"##;
    let [one] = &read("hxl.json", hxl).items[..] else { panic!("one") };
    assert_eq!(one.position.to_string(), reading.items[0].position.to_string());
    let both = r##"[["When","Y","X"],["#date+occurred","#geo+lat","#geo+lon"],["2024-03-09","29.15","62.3"]]"##;
    let [one] = &read("hxl.json", both).items[..] else { panic!("one") };
    assert_eq!(one.position.to_string(), reading.items[0].position.to_string());
    assert_eq!(one.date, reading.items[0].date);
    let error = check(&text("r.json", "[[1,2],[3,4]]"), &plain()).expect_err("no header");
    assert!(error.to_string().contains("not a row of names"), "{error}");
}

#[test]
fn bad_records_are_set_aside_and_damaged_answers_refused() {
    let [one, two] = RECORDS;
    let reading = read("a.jsonl", &format!("{one}\n{{\"a\":}}\n[1]\n{two}\n"));
    assert_eq!((reading.read, reading.set_aside, reading.items.len()), (4, 2, 2));
    told(&says(&reading), "a.jsonl: line 2");
    told(&says(&reading), "line 3: is a list; expected an object");
    let reading = read("a.json", &format!("[{one},7]"));
    assert_eq!((reading.read, reading.set_aside), (2, 1));
    told(&says(&reading), "feature 1: \"7\" is a number; expected an object");
    for (content, part) in [
        (format!("[{one},"), "cut short"),
        (format!(r#"{{"data":[{one}"#), "cut short"),
        (format!("{one}\n{two}\n{{\"a"), "cut short"),
        (format!("[{one}] x"), "is not JSON"),
    ] {
        let error = read_incidents(&text("a.json", &content), &plain()).expect_err("damaged");
        assert!(error.is_data() && error.to_string().contains(part), "{content}: {error}");
    }
}

#[test]
fn what_comes_of_a_page_says_how_much_there_is() {
    let one = r#"{"id":900001,"type_of_violence":1,"where_prec":1,"latitude":29.15,"longitude":62.3,"country":"Pakistan","date_start":"2024-03-09T00:00:00","date_end":"2024-03-09T00:00:00","best":3}"#;
    let page = format!(
        r#"{{"TotalCount":4210,"TotalPages":43,"PreviousPageUrl":"","NextPageUrl":"https://x/2","Result":[{one}]}}"#
    );
    let reading = read("ucdp.json", &page);
    assert_eq!((reading.layout.as_str(), reading.items.len()), ("UCDP GED", 1));
    told(&says(&reading), "holds 1 of 4,210 records; more at https://x/2");
    let all = format!(r#"{{"TotalCount":1,"TotalPages":1,"NextPageUrl":"","Result":[{one}]}}"#);
    assert_eq!(read("ucdp.json", &all).partial, None);
    let full = vec![RECORDS[0]; 5000].join(",");
    let full = format!(r#"{{"success":true,"count":5000,"data":[{full}]}}"#);
    told(
        &says(&read("acled.json", &full)),
        "exactly 5,000 records, as many as ACLED gives at once",
    );
    let features = |beside: &str| {
        format!(
            r#"{{"type":"FeatureCollection",{beside}"features":[{{"type":"Feature","properties":{{"incident_id":"1","date":"2024-03-01","country":"Pakistan","event_type":"attack"}},"geometry":{{"type":"Point","coordinates":[62.3,29.15]}}}}]}}"#
        )
    };
    for (beside, part) in [
        (
            r#""numberMatched":4210,"links":[{"rel":"next","href":"https://x/2"}],"#,
            "holds 1 of 4,210 features; more at https://x/2",
        ),
        (r#""properties":{"exceededTransferLimit":true},"#, "as many as the service gives at once"),
        (r#""exceededTransferLimit":true,"#, "as many as the service gives at once"),
        (
            r#""totalFeatures":4210,"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4326"}},"#,
            "holds 1 of 4,210 features",
        ),
    ] {
        let reading = read("page.geojson", &features(beside));
        told(&says(&reading), part);
        assert!(reading.partial.is_some() && reading.items.len() == 1, "{beside}");
    }
    for beside in ["", r#""numberMatched":1,"numberReturned":1,"#] {
        assert_eq!(read("page.geojson", &features(beside)).partial, None, "{beside}");
    }
}

#[test]
fn a_page_of_receptors_is_not_said_to_be_complete() {
    let case = Folder::new();
    case.write("s.csv", "id,name,lat,lon,country\na,A,29.1,62.1,Pakistan\n");
    let river = r#"{"type":"FeatureCollection","numberMatched":7,"features":[{"type":"Feature","properties":{"name":"Rud"},"geometry":{"type":"LineString","coordinates":[[62.0,29.0],[62.4,29.4]]}}]}"#;
    case.write("r.geojson", river);
    case.write("all.geojson", river.replace(r#""numberMatched":7,"#, ""));
    let args = |file: &'static str, complete: bool| {
        let mut args = vec!["score", "--sites", "s.csv", "--receptors", file];
        args.extend(if complete { &["--complete", "rivers"][..] } else { &[] });
        args.extend(["--output", if complete { "whole" } else { "part" }]);
        args
    };
    let ended = case.run(&args("rivers=r.geojson", true));
    assert_eq!(ended.code, 2, "{}", ended.err);
    assert!(
        ended.err.contains("--complete: rivers: r.geojson holds 1 of 7 features"),
        "{}",
        ended.err
    );
    assert_eq!(case.run(&args("rivers=r.geojson", false)).code, 0);
    assert_eq!(case.run(&args("rivers=all.geojson", true)).code, 0);
}

#[test]
fn elements_of_openstreetmap_are_put_together() {
    let overpass = r#"{"version":0.6,"elements":[
        {"type":"node","id":1,"lat":29.15,"lon":62.3,"tags":{"place":"village","name":"Qila"}},
        {"type":"node","id":5,"lat":29.0,"lon":62.0},{"type":"node","id":6,"lat":29.0,"lon":62.1},
        {"type":"node","id":7,"lat":29.1,"lon":62.1},
        {"type":"way","id":2,"nodes":[5,6,7,5],"tags":{"natural":"water"}},
        {"type":"way","id":3,"nodes":[5,6,7],"tags":{"waterway":"river","name":"Rud"}},
        {"type":"way","id":4,"center":{"lat":28.6,"lon":66.7},"nodes":[8,9],"tags":{"landuse":"quarry"}},
        {"type":"way","id":8,"nodes":[5,6]},{"type":"way","id":9,"nodes":[6,7,5]},
        {"type":"relation","id":10,"members":[{"type":"way","ref":8,"role":"outer"},{"type":"way","ref":9,"role":"outer"}],"tags":{"type":"boundary","boundary":"protected_area","name":"Park"}},
        {"type":"relation","id":11,"members":[{"type":"way","ref":99,"role":"outer"}],"tags":{"type":"multipolygon","natural":"water"}}]}"#;
    let source = || text("o.json", overpass);
    let reading = read_receptors(&source(), None, &plain()).expect("reading");
    assert_eq!(
        (reading.layout.as_str(), reading.format.as_str()),
        ("OpenStreetMap", "Overpass JSON, UTF-8")
    );
    assert_eq!((reading.read, reading.set_aside), (6, 2), "{:?}", says(&reading));
    let got: Vec<_> =
        reading.items.iter().map(|r| (r.id.as_str(), r.kind, r.shape.kind())).collect();
    assert_eq!(
        got,
        [
            ("node/1", ReceptorKind::Settlements, GeometryKind::Point),
            ("way/2", ReceptorKind::WaterBodies, GeometryKind::Polygon),
            ("way/3", ReceptorKind::Rivers, GeometryKind::Line),
            ("relation/10", ReceptorKind::SensitiveAreas, GeometryKind::Polygon),
        ]
    );
    told(&says(&reading), "holds 5 elements without tags");
    let quarry = read_sites(&source(), &plain()).expect("sites");
    let quarry = quarry.items.iter().find(|site| site.id == "way/4").expect("the quarry");
    assert_eq!((quarry.position.lon(), quarry.position.lat()), (66.7, 28.6));
    let stopped = overpass.replacen(
        "{\"version\"",
        "{\"remark\":\"runtime error: timed out\",\"version\"",
        1,
    );
    let reading = read_receptors(&text("o.json", &stopped), None, &plain()).expect("reading");
    told(&says(&reading), "is not complete: Overpass stopped with \"runtime error: timed out\"");
}

#[test]
fn features_of_arcgis_are_read_in_their_own_system_with_their_dates() {
    let esri = r#"{"objectIdFieldName":"OBJECTID","geometryType":"esriGeometryPoint","spatialReference":{"wkid":102100,"latestWkid":3857},
        "fields":[{"name":"when_","type":"esriFieldTypeDate"},{"name":"OBJECTID","type":"esriFieldTypeOID"}],
        "features":[{"attributes":{"OBJECTID":7,"event_date":"2024-03-09","when_":1709942400000,"country":"Pakistan","event_type":"attack"},"geometry":{"x":6914000,"y":3400000}},
        {"attributes":{"OBJECTID":8,"event_date":"2024-03-09"},"geometry":null}],"exceededTransferLimit":true}"#;
    let reading = read("e.json", &esri.replace("event_date", "was").replace("when_", "event_date"));
    assert_eq!((reading.read, reading.set_aside), (2, 1));
    told(&says(&reading), "as many as the service gives at once");
    let [one] = reading.items.as_slice() else { panic!("one") };
    assert_eq!(one.date.map(|d| d.first().to_string()).as_deref(), Some("2024-03-09"));
    assert_eq!(one.id, "7");
    // 6914000 m and 3400000 m over the radius of Web Mercator.
    assert!((one.position.lon() - 62.109_518_7).abs() < 1e-6, "{}", one.position);
    assert!((one.position.lat() - 29.191_167_9).abs() < 1e-6, "{}", one.position);
    let area = r#"{"geometryType":"esriGeometryPolygon","spatialReference":{"wkid":4326},"features":[{"attributes":{"name":"Park"},
        "geometry":{"rings":[[[62,29],[62,30],[63,30],[63,29],[62,29]],[[62.4,29.4],[62.6,29.4],[62.6,29.6],[62.4,29.6],[62.4,29.4]]]}}]}"#;
    let kind = Some(ReceptorKind::SensitiveAreas);
    let reading = read_receptors(&text("a.json", area), kind, &plain()).expect("reading");
    let [park] = reading.items.as_slice() else { panic!("one") };
    let tamarisk::earth::Shape::Polygons(polygons) = &park.shape else { panic!("a polygon") };
    assert_eq!(polygons.0.iter().map(|p| p.interiors().len()).collect::<Vec<_>>(), [1]);
}
