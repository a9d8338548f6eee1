//! Vector tiles: what they hold, by which paths they come, and what is said of them. Places are computed anew by the
//! formula of textbooks, and tiles are decoded by `mvt`.

use crate::mvt::{Feature, Layer, layers};
use crate::serve_ogc::{collections, list};
use crate::served::{Answer, Server};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use tamarisk::serve::{Opened, Settings, read_folder};

pub const MVT: &str = "application/vnd.mapbox-vector-tile";
pub const TILESETS: &str = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";

/// Zoom, column and row.
pub type Tile = (u32, u32, u32);

/// The tile of a place, and the place in units of the tile.
pub fn slippy(zoom: u32, [lon, lat]: [f64; 2]) -> (Tile, (f64, f64)) {
    let side = f64::from(1 << zoom);
    let lat = lat.to_radians();
    let x = (lon + 180.0) / 360.0 * side;
    let y = (1.0 - (lat.tan() + 1.0 / lat.cos()).ln() / std::f64::consts::PI) / 2.0 * side;
    let tile = (zoom, x.floor() as u32, y.floor() as u32);
    (tile, ((x - x.floor()) * 4096.0, (y - y.floor()) * 4096.0))
}

pub fn path(name: &str, (z, x, y): Tile) -> String {
    format!("/tiles/{name}/{z}/{x}/{y}.mvt")
}

/// The features of a tile in the layer of its collection, and what it says of those that are not there.
pub fn tile(server: &Server, name: &str, tile: Tile) -> (Vec<Feature>, [u64; 2]) {
    let answer = server.get(&path(name, tile));
    match answer.status {
        200 => {
            assert!(answer.body.len() <= 500_000, "{tile:?} has {} bytes", answer.body.len());
            let (mut features, mut missing) = (Vec::new(), [0; 2]);
            for Layer { name: of, features: all } in layers(&answer.body) {
                if of == name {
                    features = all;
                } else {
                    assert_eq!(of, format!("{name}_left_out"));
                    let said = |what: &str| all[0].properties[what].as_u64().expect("a number");
                    missing = [said("too_many"), said("too_small")];
                }
            }
            (features, missing)
        }
        204 => {
            assert!(answer.body.is_empty());
            (Vec::new(), [0; 2])
        }
        other => panic!("{tile:?}: {other}: {}", answer.text()),
    }
}

fn items(server: &Server, name: &str) -> Vec<Value> {
    let document = server.get(&format!("/collections/{name}/items?limit=10000")).json();
    assert_eq!(document["numberMatched"], list(&document, "features").len(), "{name}");
    list(&document, "features").to_vec()
}

fn place(item: &Value) -> [f64; 2] {
    let at = &item["geometry"]["coordinates"];
    [at[0].as_f64().expect("a number"), at[1].as_f64().expect("a number")]
}

pub fn names(server: &Server) -> Vec<String> {
    let name = |one: &Value| one["id"].as_str().expect("a name").to_owned();
    collections(server).iter().map(name).collect()
}

/// Whether the first position of a feature is in the tile itself.
fn is_in(feature: &Feature) -> bool {
    let (x, y) = feature.paths[0][0];
    (0..4096).contains(&x) && (0..4096).contains(&y)
}

/// A server of GeoJSON files.
pub fn of_files(files: &[(&str, Vec<Value>)]) -> Server {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, features) in files {
        let whole = json!({"type": "FeatureCollection", "features": features});
        let file = folder.path().join(format!("{name}.geojson"));
        std::fs::write(file, whole.to_string()).expect("written");
    }
    let folder: &'static Path = Box::leak(folder.keep().into_boxed_path());
    let open = Box::new(|cancel: &tamarisk::run::Cancel| {
        let snapshot = read_folder(folder, cancel)?;
        Ok(Opened { snapshot, watched: Vec::new() })
    });
    let settings = Settings { watch: None, ..Settings::default() };
    let server = Server::start(open, settings, Box::leak(Box::default()));
    std::fs::remove_dir_all(folder).expect("removed");
    server
}

pub fn feature(id: impl Into<Value>, kind: &str, coordinates: Value, properties: Value) -> Value {
    let geometry = json!({"type": kind, "coordinates": coordinates});
    json!({"type": "Feature", "id": id.into(), "geometry": geometry, "properties": properties})
}

#[test]
fn every_point_is_where_slippy_arithmetic_says() {
    let server = Server::demo();
    for name in ["sites", "incidents"] {
        let mut tiles: BTreeMap<Tile, Vec<Feature>> = BTreeMap::new();
        let fields =
            server.get(&format!("/tiles/{name}.json")).json()["vector_layers"][0]["fields"]
                .as_object()
                .expect("fields")
                .clone();
        let all = items(server, name);
        assert!(all.len() > 10, "{name}");
        for item in all {
            let (at, (x, y)) = slippy(14, place(&item));
            let features = tiles.entry(at).or_insert_with(|| tile(server, name, at).0);
            let found: Vec<&Feature> =
                features.iter().filter(|one| one.properties["id"] == item["id"]).collect();
            let [found] = found.as_slice() else { panic!("{name}: {at:?}: {}", item["id"]) };
            assert_eq!(found.paths, [[(x.floor() as i64, y.floor() as i64)]], "{}", item["id"]);
            assert_eq!(found.properties["count"], 1);
            for name in fields.keys().filter(|name| !["id", "count"].contains(&name.as_str())) {
                let (in_tile, given) = (found.properties.get(name), &item["properties"][name]);
                match in_tile.and_then(Value::as_f64) {
                    Some(number) => assert_eq!(Some(number), given.as_f64(), "{name}"),
                    None => assert_eq!(in_tile.unwrap_or(&Value::Null), given, "{name}"),
                }
            }
            let own = found.properties.keys().all(|name| fields.contains_key(name));
            assert!(own, "{:?} are not among {fields:?}", found.properties);
        }
    }
}

#[test]
fn counts_add_up_to_all_points_at_every_zoom() {
    let server = Server::demo();
    for name in ["sites", "incidents"] {
        let items = items(server, name);
        let best = if name == "sites" { "security_score" } else { "weight" };
        for zoom in 0..=14 {
            let mut held: BTreeMap<Tile, Vec<&Value>> = BTreeMap::new();
            for item in &items {
                held.entry(slippy(zoom, place(item)).0).or_default().push(item);
            }
            let mut drawn = 0;
            for (at, held) in held {
                let features: Vec<Feature> =
                    tile(server, name, at).0.into_iter().filter(is_in).collect();
                let counts = features.iter().map(|one| one.properties["count"].as_u64().unwrap());
                assert_eq!(counts.sum::<u64>(), held.len() as u64, "{name} {at:?}");
                drawn += features.len();
                // The highest of a tile stands for others, and nobody stands for it.
                let highest = |values: &mut dyn Iterator<Item = f64>| values.fold(-1.0, f64::max);
                let given = held.iter().filter_map(|item| item["properties"][best].as_f64());
                let kept = features.iter().filter_map(|one| one.properties.get(best)?.as_f64());
                assert_eq!(highest(&mut kept.into_iter()), highest(&mut given.into_iter()));
            }
            match zoom {
                0 => assert!(name == "sites" || drawn < items.len() / 2, "{name}: {drawn}"),
                14 => assert_eq!(drawn, items.len(), "{name}"),
                _ => {}
            }
        }
    }
}

#[test]
fn both_paths_give_the_same_bytes() {
    let server = Server::demo();
    let mut full = 0;
    for name in names(server) {
        for zoom in [0, 5, 8] {
            let (z, x, y) = slippy(zoom, [66.0, 29.0]).0;
            let xyz = server.get(&path(&name, (z, x, y)));
            let ogc = format!("/collections/{name}/tiles/WebMercatorQuad/{z}/{y}/{x}");
            let ogc = server.get(&ogc);
            assert_eq!((xyz.status, &xyz.body), (ogc.status, &ogc.body), "{name} {zoom}");
            if xyz.status == 200 {
                full += 1;
                assert_eq!(xyz.headers["content-type"], MVT);
                assert_eq!(ogc.headers["content-type"], MVT);
            }
        }
    }
    assert!(full > 10, "{full} tiles have something");
}

#[test]
fn a_tile_is_packed_for_those_who_take_it_and_not_sent_twice() {
    let server = Server::demo();
    let path = path("sites", slippy(6, [66.0, 29.0]).0);
    let ask = |headers: &[(&str, &str)]| server.ask("GET", &path, headers, b"");
    let (plain, packed) = (ask(&[]), ask(&[("Accept-Encoding", "gzip")]));
    assert!(!plain.headers.contains_key("content-encoding"));
    assert_eq!(packed.headers["content-encoding"], "gzip");
    let mut whole = Vec::new();
    flate2::read::GzDecoder::new(&*packed.body).read_to_end(&mut whole).expect("gzip");
    assert_eq!(whole, plain.body);
    let again = ask(&[("If-None-Match", &plain.headers["etag"])]);
    assert_eq!((again.status, again.body.len()), (304, 0));
    let head = server.ask("HEAD", &path, &[], b"");
    assert_eq!((head.status, head.headers.get("etag")), (200, plain.headers.get("etag")));
    // Nothing lies there.
    let empty = server.get("/tiles/sites/8/0/0.mvt");
    assert_eq!((empty.status, empty.body.len()), (204, 0));
}

#[test]
fn tiles_outside_the_square_are_not_there() {
    let server = Server::demo();
    let refused = |path: &str, code: &str| {
        let answer: Answer = server.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.headers["content-type"], "application/problem+json", "{path}");
        assert_eq!(answer.json()["type"], format!("/problems/{code}"), "{path}");
    };
    for tile in ["23/0/0", "2/4/0", "2/0/4", "0/1/0", "a/0/0", "2/-1/0", "2/0/1.5", "2/0/+1"] {
        refused(&format!("/tiles/sites/{tile}.mvt"), "no-such-tile");
        let ogc = format!("/collections/sites/tiles/WebMercatorQuad/{tile}");
        refused(&ogc, "no-such-tile");
    }
    for path in ["/tiles/nothing/0/0/0.mvt", "/tiles/nothing.json", "/collections/nothing/tiles"] {
        refused(path, "no-such-collection");
    }
    for path in [
        "/tiles/sites/0/0/0",
        "/tiles/sites/0/0/0.png",
        "/collections/sites/tiles/WorldCRS84Quad/0/0/0",
        "/tileMatrixSets/WorldCRS84Quad",
    ] {
        refused(path, "not-found");
    }
    assert_eq!(server.get("/tiles/sites/0/0/0.mvt?foo=1").status, 400);
    assert_eq!(server.get("/tiles/sites/22/0/0.mvt").status, 204);
}

#[test]
fn what_lies_at_the_seam_is_in_the_tiles_of_both_sides() {
    let square = |west: f64, east: f64| {
        json!([[[west, -18.0], [east, -18.0], [east, -16.0], [west, -16.0], [west, -18.0]]])
    };
    let server = of_files(&[
        (
            "places",
            vec![
                feature("east", "Point", json!([179.99, -17.0]), json!({"score": 1.0})),
                feature("west", "Point", json!([-179.99, -17.0]), json!({"score": 2.0})),
                feature("on", "Point", json!([180.0, -16.5]), json!({"score": 3.0})),
                feature("pole", "Point", json!([10.0, 88.0]), json!({"score": 4.0})),
            ],
        ),
        ("areas", vec![feature(7, "Polygon", square(179.0, 181.0), json!({}))]),
        (
            "lines",
            vec![feature("a", "LineString", json!([[179.0, -17.0], [-179.0, -17.0]]), json!({}))],
        ),
    ]);
    let at = |lon: f64| slippy(5, [lon, -17.0]).0;
    let (west, east) = (at(-179.9), at(179.9));
    for (side, due) in [
        (west, [("east", -4..-3), ("west", 3..4), ("on", 0..1)]),
        (east, [("east", 4092..4093), ("west", 4099..4100), ("on", 4096..4097)]),
    ] {
        let (features, _) = tile(&server, "places", side);
        assert_eq!(features.len(), 3, "{side:?}");
        for (id, range) in due {
            let found = features.iter().find(|one| one.properties["id"] == id).expect(id);
            assert!(range.contains(&found.paths[0][0].0), "{side:?} {id}: {:?}", found.paths);
        }
    }
    // Over all tiles each point is counted once, and the one at the pole not at all.
    let world = (0..4).flat_map(|x| (0..4).map(move |y| (2, x, y)));
    let inside = world.flat_map(|at| tile(&server, "places", at).0).filter(is_in);
    let count = |one: Feature| one.properties["count"].as_u64().expect("a number");
    assert_eq!(inside.map(count).sum::<u64>(), 3);
    // The parts on both sides are one area without an edge between, and one line.
    for (side, range) in [(west, -64..=4160), (east, -64..=4160)] {
        let (features, _) = tile(&server, "areas", side);
        let [area] = features.as_slice() else { panic!("{features:?}") };
        assert_eq!((area.id, area.kind, area.paths.len()), (7, 3, 1), "{side:?}");
        assert_eq!(area.paths[0].len(), 4, "{side:?}: {:?}", area.paths);
        assert!(area.paths[0].iter().all(|(x, _)| range.contains(x)));
        let cut = if side == west { -64 } else { 4160 };
        assert_eq!(area.paths[0].iter().filter(|(x, _)| *x == cut).count(), 2, "{side:?}");
        let (features, _) = tile(&server, "lines", side);
        let [line] = features.as_slice() else { panic!("{features:?}") };
        assert_eq!(line.kind, 2);
        assert!(line.paths.iter().flatten().any(|(x, _)| *x == cut), "{side:?}: {:?}", line.paths);
    }
}

#[test]
fn rings_are_whole() {
    let server = Server::demo();
    let mut seen = 0;
    for name in names(server) {
        for zoom in [0, 3, 6, 8, 10] {
            let (z, x, y) = slippy(zoom, [66.5, 30.0]).0;
            for (x, y) in [(x, y), (x.saturating_sub(1), y), (x, y.saturating_sub(1))] {
                for feature in tile(server, &name, (z, x, y)).0 {
                    // An edge that is cut ends at a whole unit, which may be the next one outside.
                    let inside =
                        |(x, y): &(i64, i64)| (-65..=4161).contains(x) && (-65..=4161).contains(y);
                    let outside = feature.paths.iter().flatten().find(|at| !inside(at));
                    assert_eq!(outside, None, "{name} {zoom}");
                    match feature.kind {
                        2 => assert!(feature.paths.iter().all(|line| line.len() > 1)),
                        3 => {
                            seen += feature.paths.len();
                            assert!(area(&feature.paths[0]) > 0, "the outer ring comes first");
                            for ring in &feature.paths {
                                assert_ne!(area(ring), 0, "{name} {zoom}: {ring:?}");
                                assert!(is_simple(ring), "{name} {zoom}: {ring:?}");
                            }
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    assert!(seen > 100, "{seen} rings");
}

/// Twice the area of a ring, positive for outer ones as the specification has it, with y to the south.
fn area(ring: &[(i64, i64)]) -> i64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum()
}

/// Whether no two edges of a ring cross or lie on each other.
fn is_simple(ring: &[(i64, i64)]) -> bool {
    let edges: Vec<_> = ring.iter().zip(ring.iter().cycle().skip(1)).collect();
    let side = |a: &(i64, i64), b: &(i64, i64), c: &(i64, i64)| {
        ((b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0)).signum()
    };
    edges.iter().enumerate().all(|(at, (a, b))| {
        edges.iter().skip(at + 1).all(|(c, d)| {
            let turns = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)];
            let crosses = turns[0] * turns[1] < 0 && turns[2] * turns[3] < 0;
            let along = |p: &(i64, i64)| (p.0 - a.0) * (b.0 - a.0) + (p.1 - a.1) * (b.1 - a.1);
            let (low, high) = (along(c).min(along(d)), along(c).max(along(d)));
            let overlaps = turns == [0; 4] && high > 0 && low < along(b);
            !crosses && !overlaps
        })
    })
}

#[test]
fn a_tile_has_a_limit_and_counts_what_is_beyond() {
    let word = |at: usize| format!("{at:06}-").repeat(12);
    // Twenty columns of texts that are nowhere twice.
    let properties = |at: usize| -> Value {
        (0..6).map(|column| (format!("text_{column}"), json!(word(at * 6 + column)))).collect()
    };
    let grid = |at: usize| [(at % 60) as f64, (at / 60) as f64];
    let points = (0..3000).map(|at| {
        let [x, y] = grid(at);
        feature(at, "Point", json!([67.0 + x * 1e-4, 30.0 + y * 1e-4]), properties(at))
    });
    let areas = (0..3000).map(|at| {
        let ([x, y], side) = (grid(at), 1e-5 * (at % 9 + 1) as f64);
        let (west, south) = (67.0 + x * 1e-4, 30.0 + y * 1e-4);
        let (east, north) = (west + side, south + side);
        let ring =
            json!([[[west, south], [east, south], [east, north], [west, north], [west, south]]]);
        feature(at, "Polygon", ring, properties(at))
    });
    let server = of_files(&[("points", points.collect()), ("areas", areas.collect())]);
    let at = slippy(14, [67.001, 30.001]).0;
    assert_eq!(slippy(14, [67.006, 30.005]).0, at, "all lie in one tile");
    let (points, missing) = tile(&server, "points", at);
    let counts = points.iter().map(|one| one.properties["count"].as_u64().expect("a number"));
    assert_eq!(counts.sum::<u64>(), 3000);
    assert!(points.len() > 200 && points.len() < 3000, "{}", points.len());
    assert_eq!(missing, [0, 0]);
    let (areas, [too_many, too_small]) = tile(&server, "areas", at);
    assert_eq!((areas.len() as u64 + too_many, too_small), (3000, 0));
    assert!(areas.len() > 200, "{}", areas.len());
    // The largest are kept.
    let size = |one: &Feature| area(&one.paths[0]);
    let least = areas.iter().map(size).min().expect("areas");
    assert!(least > 250, "{least}: smaller than squares of six units are not among the largest");
    // Far away nothing is seen of them, and that is said.
    let (areas, [too_many, too_small]) = tile(&server, "areas", slippy(3, [67.001, 30.001]).0);
    assert_eq!((areas.len() as u64 + too_many + too_small, too_small > 0), (3000, true));
}
