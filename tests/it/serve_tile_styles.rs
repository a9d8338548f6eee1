//! What is said of vector tiles: the style, the descriptions, the links.

use crate::serve_ogc::{collections, follow, link, list};
use crate::serve_tiles::{MVT, TILESETS, feature, names, of_files, path, slippy, tile};
use crate::served::Server;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn the_style_names_only_what_there_is() {
    let server = Server::demo();
    let style = server.get("/style.json").json();
    assert_eq!(style["version"], 8);
    let sources = style["sources"].as_object().expect("sources");
    assert_eq!(sources.keys().cloned().collect::<Vec<_>>(), names(server));
    let mut fields: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (name, source) in sources {
        let tilejson = follow(server, source["url"].as_str().expect("an address")).json();
        assert_eq!(tilejson["tilejson"], "3.0.0");
        let layer = &list(&tilejson, "vector_layers")[0];
        assert_eq!(layer["id"], *name);
        let known = layer["fields"].as_object().expect("fields");
        assert!(known.values().all(|about| !about.as_str().expect("a text").is_empty()));
        fields.insert(name, known.keys().cloned().collect());
        let template = tilejson["tiles"][0].as_str().expect("an address");
        let first = ["{z}", "{x}", "{y}"]
            .iter()
            .fold(template.to_owned(), |of, part| of.replace(part, "0"));
        assert_eq!(follow(server, &first).status, 200, "{first}");
    }
    let sprite = style["sprite"].as_str().expect("an address");
    let icons = follow(server, &format!("{sprite}.json")).json();
    let (mut ids, mut drawn) = (BTreeSet::new(), BTreeSet::new());
    for layer in list(&style, "layers") {
        assert!(ids.insert(layer["id"].as_str().expect("an id")), "{layer}");
        let source = layer["source"].as_str().expect("a source");
        assert_eq!(layer["source-layer"], source);
        drawn.insert(source);
        fn columns(filter: &Value, found: &mut Vec<String>) {
            match filter[0].as_str() {
                Some("all" | "any") => {
                    filter
                        .as_array()
                        .expect("a list")
                        .iter()
                        .skip(1)
                        .for_each(|one| columns(one, found));
                }
                Some(_) => found.push(filter[1].as_str().expect("a column").to_owned()),
                None => assert!(filter.is_null(), "{filter}"),
            }
        }
        let mut named = Vec::new();
        columns(&layer["filter"], &mut named);
        let missing: Vec<_> = named.iter().filter(|name| !fields[source].contains(*name)).collect();
        assert!(missing.is_empty(), "{layer}: {missing:?}");
        if layer["type"] == "symbol" {
            let icon = layer["layout"]["icon-image"].as_str().expect("a marker");
            assert!(icons[icon].is_object(), "{icon}");
        }
    }
    assert_eq!(drawn.len(), sources.len(), "every collection is drawn");
    for (ratio, size) in [("", 1), ("@2x", 2)] {
        let picture = follow(server, &format!("{sprite}{ratio}.png"));
        assert_eq!(picture.headers["content-type"], "image/png");
        let number =
            |at: usize| u32::from_be_bytes(picture.body[at..at + 4].try_into().expect("four"));
        let (width, height) = (u64::from(number(16)), u64::from(number(20)));
        let index = follow(server, &format!("{sprite}{ratio}.json")).json();
        for (name, of) in index.as_object().expect("markers") {
            let of = |what: &str| of[what].as_u64().expect("a number");
            assert!(of("x") + of("width") <= width && of("height") <= height, "{name}");
            assert_eq!(
                (of("pixelRatio"), of("width")),
                (size, icons[name]["width"].as_u64().expect("a number") * size)
            );
        }
    }
}

#[test]
fn bands_have_the_colors_of_the_reports() {
    let server = Server::demo();
    let style = server.get("/style.json").json();
    let layers = list(&style, "layers");
    let of =
        |id: &str| layers.iter().find(|layer| layer["id"] == id).unwrap_or_else(|| panic!("{id}"));
    for (word, band, color) in [("very-high", 5, "#b30000"), ("very-low", 1, "#fef0d9")] {
        let line = of(&format!("footprint_lines-security-{word}"));
        assert_eq!(line["paint"]["line-color"], color, "{word}");
        let report = tamarisk::layers::style::Theme::Security.color(band).expect("a color");
        assert_eq!(report.hex(), color);
    }
    // The worst lie on top.
    let at = |id: &str| layers.iter().position(|layer| layer["id"] == id).expect("a layer");
    assert!(at("sites-security-very-high") > at("sites-security-low"));
    assert!(at("sites-security-low") > at("incidents-incidents-security"));
    assert!(at("incidents-incidents-security") > at("rings-rings-outline"));
    // Every feature is drawn once.
    assert!(layers.iter().all(|layer| layer["id"] != "sites-environment-low"));
    assert_eq!(of("rings-rings-outline")["layout"]["visibility"], "none");
}

#[test]
fn tiles_are_found_from_the_first_page() {
    let server = Server::demo();
    let landing = server.get("/").json();
    let sets = follow(server, link(&landing, TILESETS, None).expect("tilesets")).json();
    let classes = server.get("/conformance").json();
    for class in ["core", "tileset", "tilesets-list", "geodata-tilesets", "mvt"] {
        let class = format!("http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/{class}");
        assert!(list(&classes, "conformsTo").contains(&json!(class)), "{class}");
    }
    assert_eq!(list(&sets, "tilesets").len(), names(server).len());
    for collection in collections(server) {
        let name = collection["id"].as_str().expect("a name");
        let sets = follow(server, link(&collection, TILESETS, None).expect("tilesets")).json();
        let [set] = list(&sets, "tilesets") else { panic!("{sets}") };
        let set = follow(server, link(set, "self", None).expect("the tileset")).json();
        assert_eq!(set["dataType"], "vector");
        assert_eq!(set["crs"], "http://www.opengis.net/def/crs/EPSG/0/3857");
        let layer = &list(&set, "layers")[0];
        assert!(layer["propertiesSchema"]["properties"]["id"].is_object(), "{layer}");
        let template = link(&set, "item", Some(MVT)).expect("tiles");
        let (z, x, y) = slippy(6, [66.0, 29.0]).0;
        let filled = template
            .replace("{tileMatrix}", &z.to_string())
            .replace("{tileRow}", &y.to_string())
            .replace("{tileCol}", &x.to_string());
        assert_eq!(follow(server, &filled).body, server.get(&path(name, (z, x, y))).body);
        let scheme = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";
        let grid = follow(server, link(&set, scheme, None).expect("the grid")).json();
        assert_eq!(grid["uri"], set["tileMatrixSetURI"]);
        assert_eq!(list(&grid, "tileMatrices").len(), 23);
        let page = server.get(&format!("/collections/{name}?f=html")).text();
        assert!(page.contains(&format!("/collections/{name}/tiles\"")), "{page}");
        let tilejson = format!("/tiles/{name}.json\"");
        assert!(page.contains(&tilejson), "{page}");
    }
    for path in [
        "/tiles",
        "/collections/sites/tiles",
        "/collections/sites/tiles/WebMercatorQuad",
        "/tileMatrixSets",
    ] {
        let page = server.get(&format!("{path}?f=html"));
        assert_eq!(page.headers["content-type"], "text/html; charset=utf-8", "{path}");
        assert!(page.text().contains("/tileMatrixSets/WebMercatorQuad"), "{path}");
    }
}

#[test]
fn wide_collections_have_what_a_map_needs() {
    let columns = (0..200).map(|at| (format!("own_{at}"), json!(at)));
    let named = [
        ("name", json!("A")),
        ("overall_score", json!(3.5)),
        ("rank", json!(1)),
        ("id", json!("x")),
    ];
    let named = named.into_iter().map(|(name, value)| (name.to_owned(), value));
    let properties: Value = columns.chain(named).collect();
    let server =
        of_files(&[("wide", vec![feature("a/b", "Point", json!([67.0, 30.0]), properties)])]);
    let (features, _) = tile(&server, "wide", (0, 0, 0));
    let [one] = features.as_slice() else { panic!("{features:?}") };
    let due =
        json!({"count": 1, "feature_id": "a/b", "name": "A", "overall_score": 3.5, "rank": 1});
    let found: serde_json::Map<String, Value> = one.properties.clone().into_iter().collect();
    assert_eq!(Value::from(found), due);
    let said =
        server.get("/tiles/wide.json").json()["description"].as_str().expect("a text").to_owned();
    assert!(said.contains("201 more"), "{said}");
}
