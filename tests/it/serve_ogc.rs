//! The checks of the executable test suite of OGC API Features, Part 1 (OGC 17-069r4), each by its name there.

use crate::served::{Answer, Server};
use serde_json::Value;

/// The reference system that every answer has without the parameter `crs`.
pub const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

const CORE: &str = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core";

/// The answer at an address that a link has.
pub fn follow(server: &Server, href: &str) -> Answer {
    let base = format!("http://{}", server.address);
    let path = href.strip_prefix(&base).unwrap_or_else(|| panic!("{href} is not absolute"));
    server.get(if path.is_empty() { "/" } else { path })
}

/// The link with a relation and, if it is given, a media type.
pub fn link<'a>(document: &'a Value, rel: &str, media: Option<&str>) -> Option<&'a str> {
    let links = document["links"].as_array().expect("links");
    let is = |link: &&Value| link["rel"] == rel && media.is_none_or(|media| link["type"] == media);
    links.iter().find(is).map(|link| link["href"].as_str().expect("an address"))
}

pub fn collections(server: &Server) -> Vec<Value> {
    let document = server.get("/collections").json();
    document["collections"].as_array().expect("collections").clone()
}

pub fn list<'a>(document: &'a Value, member: &str) -> &'a [Value] {
    document[member].as_array().unwrap_or_else(|| panic!("{member} is no list: {document}"))
}

/// Links have a relation and a type, and one of them is the document itself.
fn links_are_whole(document: &Value, check: &str) {
    for link in list(document, "links") {
        assert!(link["rel"].is_string() && link["type"].is_string(), "{check}: {link}");
        assert!(link["href"].as_str().expect("an address").starts_with("http"), "{check}: {link}");
    }
    assert!(link(document, "self", None).is_some(), "{check}: no link self");
}

/// What is checked of every answer with features, with the number of all that it belongs to.
fn features_are_whole(server: &Server, path: &str, check: &str) -> Value {
    let answer = server.get(path);
    assert_eq!(answer.status, 200, "{check}: {path}: {answer:?}");
    assert_eq!(answer.headers["content-type"], "application/geo+json", "{check}");
    assert_eq!(answer.headers["content-crs"], format!("<{CRS84}>"), "{check}");
    let document = answer.json();
    // validateFeaturesResponse_TypeProperty, _FeaturesProperty, _Links
    assert_eq!(document["type"], "FeatureCollection", "{check}");
    links_are_whole(&document, check);
    assert!(link(&document, "alternate", Some("text/html")).is_some(), "{check}");
    // validateFeaturesResponse_GeometryInCRS84
    let features = list(&document, "features");
    features.iter().for_each(|feature| positions(&feature["geometry"]["coordinates"], check));
    // validateFeaturesResponse_TimeStamp
    assert!(document.get("timeStamp").is_none(), "{check}: bytes would change with the clock");
    // validateFeaturesResponse_NumberReturned
    assert_eq!(document["numberReturned"], features.len(), "{check}");
    // validateFeaturesResponse_NumberMatched
    let (mut seen, mut page) = (features.len(), document.clone());
    while let Some(next) = link(&page, "next", None) {
        page = follow(server, next).json();
        seen += list(&page, "features").len();
        assert_eq!(page["numberMatched"], document["numberMatched"], "{check}");
    }
    assert_eq!(document["numberMatched"], seen, "{check}: {path}");
    document
}

/// Positions lie within longitudes and latitudes.
fn positions(coordinates: &Value, check: &str) {
    match coordinates.as_array().map(Vec::as_slice) {
        Some([Value::Number(lon), Value::Number(lat), ..]) => {
            let (lon, lat) = (lon.as_f64().expect("a number"), lat.as_f64().expect("a number"));
            assert!(lon.abs() <= 180.0 && lat.abs() <= 90.0, "{check}: {lon},{lat}");
        }
        Some(parts) => parts.iter().for_each(|part| positions(part, check)),
        None => assert!(coordinates.is_null(), "{check}: {coordinates}"),
    }
}

#[test]
fn the_landing_page_and_the_conformance_declaration_are_those_of_the_standard() {
    let server = Server::demo();
    let landing = server.get("/");
    assert_eq!(landing.status, 200, "landingPageRetrieval");
    let landing = landing.json();
    links_are_whole(&landing, "landingPageValidation");
    for rel in ["conformance", "data"] {
        let href =
            link(&landing, rel, None).unwrap_or_else(|| panic!("landingPageValidation: {rel}"));
        assert_eq!(follow(server, href).status, 200, "landingPageValidation: {rel}");
    }
    for link in list(&landing, "links") {
        let href = link["href"].as_str().expect("an address");
        assert_eq!(follow(server, href).status, 200, "a dead link: {link}");
    }
    let conformance = server.get("/conformance");
    assert_eq!(conformance.status, 200, "validateConformanceOperationAndResponse");
    let conformance = conformance.json();
    let classes = list(&conformance, "conformsTo");
    assert!(classes.contains(&CORE.into()), "validateConformanceOperationAndResponse: {classes:?}");
}

#[test]
fn collections_are_those_of_the_standard() {
    let server = Server::demo();
    let answer = server.get("/collections");
    assert_eq!(answer.status, 200, "validateFeatureCollectionsMetadataOperation");
    let document = answer.json();
    links_are_whole(&document, "validateFeatureCollectionsMetadataOperationResponse_Links");
    let alternate = link(&document, "alternate", Some("text/html"));
    assert!(alternate.is_some(), "validateFeatureCollectionsMetadataOperationResponse_Links");
    assert!(list(&document, "collections").len() >= 5, "the demo has five layers and more");
    for collection in list(&document, "collections") {
        for media in ["application/geo+json", "text/html", "text/csv", "application/flatgeobuf"] {
            let items = link(collection, "items", Some(media));
            let href = items.expect("validateFeatureCollectionsMetadataOperationResponse_Items");
            assert_eq!(follow(server, href).status, 200, "{href}");
        }
        let crs = list(collection, "crs");
        let check = "validateFeatureCollectionsMetadataOperationResponse_CrsProperty";
        assert_eq!(crs.first(), Some(&CRS84.into()), "{check}");
        let check = "validateFeatureCollectionsMetadataOperationResponse_Content";
        for member in ["id", "title", "description", "itemType"] {
            assert!(collection[member].is_string(), "{check}: {member}");
        }
        let bbox = list(&collection["extent"]["spatial"], "bbox");
        assert_eq!(bbox[0].as_array().map(Vec::len), Some(4), "{check}");
        let name = collection["id"].as_str().expect("a name");
        let one = server.get(&format!("/collections/{name}"));
        assert_eq!(one.status, 200, "validateFeatureCollectionMetadataOperation");
        let one = one.json();
        links_are_whole(&one, "validateFeatureCollectionMetadataResponse");
        for member in ["id", "title", "description", "extent", "crs", "storageCrs", "itemType"] {
            let check = "validateFeatureCollectionMetadataResponse";
            assert_eq!(one[member], collection[member], "{check}: {member}");
        }
    }
    let times = collections(server);
    let incidents = times.iter().find(|one| one["id"] == "incidents").expect("incidents");
    let interval = &incidents["extent"]["temporal"]["interval"][0];
    assert!(interval[0].as_str() < interval[1].as_str(), "{interval}");
}

#[test]
fn features_of_every_collection_are_those_of_the_standard() {
    let server = Server::demo();
    for collection in collections(server) {
        let items = format!("/collections/{}/items", collection["id"].as_str().expect("a name"));
        features_are_whole(server, &items, "validateFeaturesOperation");
        for limit in [1, 3, 100_000] {
            let path = format!("{items}?limit={limit}");
            let document = features_are_whole(server, &path, "validateFeaturesWithLimitOperation");
            let many = list(&document, "features").len();
            assert!(many <= limit, "validateFeaturesWithLimitResponse");
        }
        for bbox in [
            "-1.5,50,1.5,53",
            "-80,-5,-70,5",
            "177,65,-177,70",
            "-180,85,180,90",
            "-180,-90,180,-85",
            "60,24,70,32",
        ] {
            let path = format!("{items}?bbox={bbox}");
            features_are_whole(server, &path, "validateFeaturesWithBoundingBoxOperation");
        }
        for time in [
            "2019-02-12T00:00:00Z",
            "2019-02-12",
            "2019-01-01/2020-12-31",
            "2019-01-01T00:00:00Z/..",
            "2019-01-01T00:00:00Z/",
            "../2019-01-01",
            "/2019-01-01T00:00:00%2B05:00",
            "2019-01-01T00:00:00+05:00",
        ] {
            let path = format!("{items}?datetime={time}");
            features_are_whole(server, &path, "validateFeaturesWithDateTimeOperation");
        }
    }
}

#[test]
fn what_means_nothing_is_refused() {
    let server = Server::demo();
    let items = "/collections/incidents/items";
    for (query, code, parameter, position) in [
        ("limit=text", "bad-value", "limit", None),
        ("limit=0", "bad-value", "limit", None),
        ("limit=-1", "bad-value", "limit", None),
        ("limit=", "bad-value", "limit", None),
        ("offset=-1", "bad-value", "offset", None),
        ("bbox=1,2,3", "bad-value", "bbox", None),
        ("bbox=1,2,3,4,5", "bad-value", "bbox", None),
        ("bbox=1,2,3,4,5,6,7", "bad-value", "bbox", None),
        ("bbox=1,2,nan,4", "bad-value", "bbox", Some(3)),
        ("bbox=1,2,3,inf", "bad-value", "bbox", Some(4)),
        ("bbox=a,2,3,4", "bad-value", "bbox", Some(1)),
        ("bbox=62,29,63,28", "bad-value", "bbox", Some(4)),
        ("bbox=62,29,0,63,28,1", "bad-value", "bbox", Some(5)),
        ("bbox=62,29,1,63,30,0", "bad-value", "bbox", Some(6)),
        ("bbox=62,29,63,91", "bad-value", "bbox", Some(4)),
        ("bbox=-181,29,63,30", "bad-value", "bbox", Some(1)),
        ("bbox=62,29,0,181,30,1", "bad-value", "bbox", Some(4)),
        ("bbox=62,29,63,30&bbox-crs=nonsense", "bad-value", "bbox-crs", None),
        ("bbox-crs=nonsense", "bad-value", "bbox-crs", None),
        ("crs=nonsense", "bad-value", "crs", None),
        ("datetime=garbage", "bad-value", "datetime", None),
        ("datetime=2024-13-01", "bad-value", "datetime", None),
        ("datetime=2024-02-01/2024-01-01", "bad-value", "datetime", None),
        ("datetime=2024-02-01/2024-01-01/2023-01-01", "bad-value", "datetime", None),
        ("datetime=20240101", "bad-value", "datetime", None),
        ("sortby=nothing", "bad-value", "sortby", Some(1)),
        ("sortby=date,-nothing", "bad-value", "sortby", Some(2)),
        ("properties=date,nothing", "bad-value", "properties", Some(2)),
        ("f=xml", "bad-value", "f", None),
        ("unknown=1", "unknown-parameter", "unknown", None),
        ("limit=10&limit=20", "repeated-parameter", "limit", None),
        ("f=json&f=json", "repeated-parameter", "f", None),
    ] {
        let answer = server.get(&format!("{items}?{query}"));
        // validateFeaturesOperation_QueryParamInvalid, _QueryParamUnknown
        assert_eq!(answer.status, 400, "{query}");
        assert_eq!(answer.headers["content-type"], "application/problem+json", "{query}");
        let problem = answer.json();
        assert_eq!(problem["type"], format!("/problems/{code}"), "{query}: {problem}");
        assert_eq!(problem["parameter"], parameter, "{query}: {problem}");
        assert_eq!(problem["position"].as_u64(), position, "{query}: {problem}");
    }
    for path in [
        "/collections/nothing",
        "/collections/nothing/items",
        "/collections/nothing/schema",
        "/collections/sites/items/nothing",
        "/collections/sites/items/%2e%2e",
        "/collections/sites/items/a%2Fb",
        "/collections/sites/items/%00",
        "/collections/sites/items/%ff",
    ] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
    assert_eq!(server.get("/collections/sites/items/x?rev=1").status, 410);
    assert_eq!(server.get("/collections?limit=1").status, 400);
    assert_eq!(server.ask("POST", items, &[], b"").status, 405);
}

#[test]
fn every_feature_is_found_by_its_id() {
    let server = Server::demo();
    for collection in collections(server) {
        let items = format!("/collections/{}/items", collection["id"].as_str().expect("a name"));
        let all = server.get(&format!("{items}?limit=10000")).json();
        for feature in list(&all, "features").iter().step_by(7) {
            let id = feature["id"].as_str().expect("an id");
            let id: String = id.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let answer = server.get(&format!("{items}/{id}"));
            assert_eq!(answer.status, 200, "featureOperation: {id}");
            assert_eq!(answer.headers["content-crs"], format!("<{CRS84}>"));
            assert_eq!(answer.headers["content-type"], "application/geo+json");
            let one = answer.json();
            // validateFeatureResponse
            links_are_whole(&one, "validateFeatureResponse");
            let above = link(&one, "collection", None).expect("validateFeatureResponse");
            assert_eq!(follow(server, above).status, 200, "validateFeatureResponse");
            assert!(
                link(&one, "alternate", Some("text/html")).is_some(),
                "validateFeatureResponse"
            );
            let itself = follow(server, link(&one, "self", None).expect("self"));
            assert_eq!(itself.body, answer.body);
            for member in ["type", "id", "geometry", "properties"] {
                assert_eq!(one[member], feature[member], "validateFeatureResponse: {member}");
            }
        }
    }
}

#[test]
fn schemas_say_what_the_properties_are() {
    let server = Server::demo();
    for collection in collections(server) {
        let name = collection["id"].as_str().expect("a name");
        let all = server.get(&format!("/collections/{name}/items?limit=10000")).json();
        let features = list(&all, "features");
        let schema = server.get(&format!("/collections/{name}/schema"));
        assert_eq!(schema.headers["content-type"], "application/schema+json");
        let schema = schema.json();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        let properties = schema["properties"].as_object().expect("properties");
        assert_eq!(properties["geometry"]["x-ogc-role"], "primary-geometry");
        for feature in features {
            let of = feature["geometry"]["type"].as_str().expect("a type").to_lowercase();
            assert_eq!(properties["geometry"]["format"], format!("geometry-{of}"));
            for (name, value) in feature["properties"].as_object().expect("properties") {
                let expected = match value {
                    Value::Null => continue,
                    Value::Bool(_) => "boolean",
                    Value::Number(_) => "number",
                    Value::String(_) => "string",
                    _ => panic!("{name}: {value}"),
                };
                assert_eq!(properties[name]["type"], expected, "{name}");
                assert!(properties[name]["description"].is_string(), "{name}");
            }
        }
        let feature = server.get(&format!("/collections/{name}/schema/feature")).json();
        let inner = feature["properties"]["properties"]["properties"].as_object();
        let mut without = properties.clone();
        without.remove("geometry");
        let sorted = without.clone();
        if let Some(id) = without.remove("id") {
            assert_eq!((&id["type"], &id["x-ogc-role"]), (&"string".into(), &"id".into()));
        }
        assert_eq!(inner, Some(&without));
        let queryables = server.get(&format!("/collections/{name}/queryables")).json();
        assert_eq!(queryables["properties"], schema["properties"]);
        let sortables = server.get(&format!("/collections/{name}/sortables")).json();
        assert_eq!(sortables["properties"].as_object(), Some(&sorted));
    }
    let incidents = server.get("/collections/incidents/schema").json();
    assert_eq!(incidents["properties"]["date"]["format"], "date");
    assert_eq!(incidents["properties"]["date"]["x-ogc-role"], "primary-interval-end");
    assert_eq!(incidents["properties"]["age_days"]["x-ogc-unit"], "days");
}

#[test]
fn a_head_is_a_get_without_a_body_and_what_is_known_is_not_sent_again() {
    let server = Server::demo();
    for path in [
        "/",
        "/conformance",
        "/collections",
        "/collections/sites",
        "/collections/sites/schema",
        "/collections/sites/items?limit=2",
        "/collections/sites/items?limit=2&f=csv",
        "/collections/sites/items?limit=2&f=html",
        "/collections/sites/items?limit=2&sortby=-security_score",
    ] {
        let get = server.get(path);
        let head = server.ask("HEAD", path, &[], b"");
        // http
        assert_eq!((get.status, head.status), (200, 200), "{path}: {get:?}");
        assert!(head.body.is_empty(), "{path}");
        assert_eq!(head.headers["content-length"], get.body.len().to_string(), "{path}");
        for (name, value) in get.headers.iter().filter(|(name, _)| *name != "date") {
            assert_eq!(head.headers.get(name), Some(value), "{path}: {name}");
        }
        let again = server.ask("GET", path, &[("If-None-Match", &get.headers["etag"])], b"");
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        let other = server.ask("GET", path, &[("If-None-Match", "\"other\"")], b"");
        assert_eq!((other.status, &other.body), (200, &get.body), "{path}: the same bytes");
    }
}

#[test]
fn pages_for_people_have_no_markup_of_the_data() {
    let server = Server::demo();
    for path in ["/", "/collections", "/collections/sites", "/collections/sites/items?limit=3"] {
        let accept = [("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")];
        let page = server.ask("GET", path, &accept, b"");
        assert_eq!(page.headers["content-type"], "text/html; charset=utf-8", "{path}");
        let text = page.text();
        assert!(text.starts_with("<!doctype html>") && text.ends_with("</html>\n"), "{path}");
        assert!(!text.contains("<script") && !text.contains(" style="), "{path}");
    }
}
