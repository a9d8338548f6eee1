//! The checks of the executable test suite of OGC API Features, Part 2 (OGC 18-058r1), each by its name there.

use crate::serve_ogc::{CRS84, collections, list};
use crate::served::Server;
use serde_json::Value;

const EPSG: &str = "http://www.opengis.net/def/crs/EPSG/0/";

/// A system by its code.
fn epsg(code: u32) -> String {
    format!("{EPSG}{code}")
}

fn is_uri(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.starts_with("http://www.opengis.net/def/crs/"))
}

/// The first position of a geometry.
fn first(coordinates: &Value) -> [f64; 2] {
    match coordinates[0].as_f64() {
        Some(x) => [x, coordinates[1].as_f64().expect("a number")],
        None => first(&coordinates[0]),
    }
}

fn items(server: &Server, query: &str) -> Vec<Value> {
    let answer = server.get(&format!("/collections/sites/items?{query}"));
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    list(&answer.json(), "features").to_vec()
}

#[test]
fn collections_list_their_reference_systems() {
    let server = Server::demo();
    let conformance = server.get("/conformance").json();
    let class = "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs";
    assert!(list(&conformance, "conformsTo").contains(&class.into()), "verifyConformanceClass");
    let all = server.get("/collections").json();
    let check = "verifyCollectionsCrsIdentifierOfCrsProperty";
    assert!(list(&all, "crs").iter().all(is_uri), "{check}");
    for collection in collections(server) {
        let name = collection["id"].as_str().expect("a name");
        let one = server.get(&format!("/collections/{name}")).json();
        for document in [&collection, &one] {
            let crs = list(document, "crs");
            assert!(crs.iter().all(is_uri), "verifyCollectionCrsIdentifierOfCrsProperty");
            let check = "verifyCollectionCrsIdentifierOfStorageCrsProperty";
            assert!(is_uri(&document["storageCrs"]), "{check}");
            let check = "verifyCollectionsPathCollectionCrsPropertyContainsDefaultCrs";
            assert_eq!(crs[0], CRS84, "{check}");
            let check = "verifyCollectionsPathCollectionCrsPropertyContainsStorageCrs";
            assert!(crs.contains(&document["storageCrs"]), "{check}");
            for of in crs {
                let of = of.as_str().expect("a system");
                let answer = server.get(&format!("/collections/{name}/items?limit=5&crs={of}"));
                assert_eq!(answer.status, 200, "verifyFeaturesCrsParameter: {of}");
                let header = format!("<{of}>");
                assert_eq!(answer.headers["content-crs"], header, "verifyFeaturesCrsParameter");
                let page = answer.json();
                let Some(id) = list(&page, "features").first().and_then(|one| one["id"].as_str())
                else {
                    continue;
                };
                let id: String = id.bytes().map(|byte| format!("%{byte:02X}")).collect();
                let item = server.get(&format!("/collections/{name}/items/{id}?crs={of}"));
                assert_eq!(item.status, 200, "verifyFeatureCrsParameter: {of}");
                assert_eq!(item.headers["content-crs"], header, "verifyFeatureCrsParameter");
            }
        }
    }
}

#[test]
fn a_system_that_is_not_known_is_refused() {
    let server = Server::demo();
    for uri in [
        "http://www.opengis.net/def/crs/0/unknown",
        "http://www.opengis.net/def/crs/EPSG/0/999999",
        "http://www.opengis.net/def/crs/EPSG/0/5773",
        "http://www.opengis.net/def/crs/EPSG/0/12345678",
        "http://www.opengis.net/def/crs/EPSG/0/32642/x",
        "http://example.org/def/crs/EPSG/0/4326",
        "EPSG:4326",
        "%2Bproj%3Dlonglat",
        "..%2F..%2Fetc%2Fpasswd",
    ] {
        for path in [
            // verifyFeaturesCrsParameterInvalid, verifyBboxCrsParameterInvalid, verifyFeatureCrsParameterInvalid
            format!("/collections/sites/items?crs={uri}"),
            format!("/collections/sites/items?bbox=60,24,70,32&bbox-crs={uri}"),
            format!("/collections/sites/items/PK-S001?crs={uri}"),
        ] {
            let answer = server.get(&path);
            assert_eq!(answer.status, 400, "{path}");
        }
    }
}

#[test]
fn latitude_comes_first_where_the_register_says_so() {
    let server = Server::demo();
    let (degrees, turned) = (items(server, ""), items(server, &format!("crs={}", epsg(4326))));
    assert_eq!(degrees.len(), turned.len());
    for (one, other) in degrees.iter().zip(&turned) {
        let [lon, lat] = first(&one["geometry"]["coordinates"]);
        // verifyFeaturesCrsParameterTransformWithCrsParameter
        assert_eq!(first(&other["geometry"]["coordinates"]), [lat, lon]);
        assert_eq!((&one["properties"], &one["id"]), (&other["properties"], &other["id"]));
        let id = one["id"].as_str().expect("an id");
        let path = format!("/collections/sites/items/{id}?crs={}", epsg(4326));
        let item = server.get(&path);
        // verifyFeatureCrsParameter, verifyFeatureCrsParameterTransformWithCrsParameter
        assert_eq!(item.headers["content-crs"], format!("<{}>", epsg(4326)));
        assert_eq!(first(&item.json()["geometry"]["coordinates"]), [lat, lon]);
    }
    // verifyFeaturesCrsParameterDefault
    assert_eq!(items(server, &format!("crs={CRS84}")), degrees);
    let fewer = items(server, &format!("crs={}&properties=name&limit=1", epsg(4326)));
    assert_eq!(fewer[0]["properties"].as_object().map(|all| all.len()), Some(1));
}

#[cfg(feature = "proj")]
#[test]
fn positions_are_projected() {
    const RADIUS: f64 = 6_378_137.0;
    let server = Server::demo();
    let (degrees, mercator) = (items(server, ""), items(server, &format!("crs={}", epsg(3857))));
    for (one, other) in degrees.iter().zip(&mercator) {
        let [lon, lat] = first(&one["geometry"]["coordinates"]).map(f64::to_radians);
        let [x, y] = first(&other["geometry"]["coordinates"]);
        // The definition of EPSG:3857.
        let north = RADIUS * (std::f64::consts::FRAC_PI_4 + lat / 2.0).tan().ln();
        assert!((x - RADIUS * lon).abs() < 1e-3 && (y - north).abs() < 1e-3, "{x} {y}");
    }
    // UTM zone 41 north, and the Pulkovo zone 11 that writes northing first, by the same sites.
    let utm = items(server, &format!("crs={}", epsg(32641)));
    let [east, north] = first(&utm[0]["geometry"]["coordinates"]);
    assert!(
        (100_000.0..1_500_000.0).contains(&east) && (2_500_000.0..3_600_000.0).contains(&north)
    );
    let gauss = items(server, &format!("crs={}", epsg(28411)));
    let [north, east] = first(&gauss[0]["geometry"]["coordinates"]);
    assert!((2_500_000.0..3_600_000.0).contains(&north) && east > 11_000_000.0, "{north} {east}");
}

#[cfg(feature = "proj")]
#[test]
fn a_box_in_another_system_finds_what_the_same_box_in_degrees_finds() {
    let server = Server::demo();
    let ids = |query: &str| -> Vec<String> {
        let answer = server.get(&format!("/collections/incidents/items?limit=10000&{query}"));
        assert_eq!(answer.status, 200, "{query}: {}", answer.text());
        let document = answer.json();
        list(&document, "features").iter().map(|one| one["id"].to_string()).collect()
    };
    const RADIUS: f64 = 6_378_137.0;
    let mercator = |lon: f64, lat: f64| {
        let north = (std::f64::consts::FRAC_PI_4 + lat.to_radians() / 2.0).tan().ln();
        [RADIUS * lon.to_radians(), RADIUS * north]
    };
    for [west, south, east, north] in [
        [60.0, 24.0, 70.0, 32.0],
        [61.7, 25.3, 66.2, 29.9],
        [66.9, 30.1, 67.1, 30.3],
        [0.0, 0.0, 1.0, 1.0],
    ] {
        let degrees = ids(&format!("bbox={west},{south},{east},{north}"));
        // verifyBboxCrsParameterWithDefaultCrs, verifyBboxCrsParameterDefault
        assert_eq!(ids(&format!("bbox={west},{south},{east},{north}&bbox-crs={CRS84}")), degrees);
        // verifyBboxCrsParameter
        let ([a, b], [c, d]) = (mercator(west, south), mercator(east, north));
        assert_eq!(ids(&format!("bbox={a},{b},{c},{d}&bbox-crs={}", epsg(3857))), degrees);
        // ETRS89: latitude first, within a meter of WGS84.
        let turned = format!("bbox={south},{west},{north},{east}&bbox-crs={}", epsg(4258));
        assert_eq!(ids(&turned), degrees);
    }
    // In a box of a zone, every position is compared where the zone has it.
    let utm =
        server.get(&format!("/collections/incidents/items?limit=10000&crs={}", epsg(32642))).json();
    for [west, south, east, north] in
        [[100_000.0, 2.9e6, 500_000.0, 3.4e6], [3e5, 3.3e6, 3.5e5, 3.4e6]]
    {
        let expected: Vec<String> = list(&utm, "features")
            .iter()
            .filter(|one| {
                let [x, y] = first(&one["geometry"]["coordinates"]);
                (west..=east).contains(&x) && (south..=north).contains(&y)
            })
            .map(|one| one["id"].to_string())
            .collect();
        assert!(!expected.is_empty());
        let query = format!("bbox={west},{south},{east},{north}&bbox-crs={}", epsg(32642));
        assert_eq!(ids(&query), expected, "{query}");
    }
    let wrong = format!("/collections/sites/items?bbox=5,0,4,1&bbox-crs={}", epsg(3857));
    assert_eq!(server.get(&wrong).json()["position"], 3);
    let wrong = format!("/collections/sites/items?bbox=91,0,91,1&bbox-crs={}", epsg(4326));
    assert_eq!(server.get(&wrong).json()["position"], 1);
}

#[test]
fn a_table_has_longitude_and_latitude() {
    let path = format!("/collections/sites/items?f=csv&crs={}", epsg(4326));
    assert_eq!(Server::demo().get(&path).status, 400);
}
