//! The GeoPackage holds the same features as the GeoJSON layers, to the last bit; its spatial index finds
//! the same features as a full scan; it is rewritten identically, completely or not at all.

use crate::cli::{Folder, features};
use crate::styled::{HOSTILE, bounds, demo, hostile, layers, made, mines, over_time, paths};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, params};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn open(folder: &Folder) -> Connection {
    read_only(folder, "out/risk.gpkg")
}

fn read_only(folder: &Folder, file: &str) -> Connection {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    Connection::open_with_flags(folder.at(file), flags).expect("a GeoPackage")
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The columns of a table: names and types.
fn columns(database: &Connection, table: &str) -> Vec<(String, String)> {
    let mut info = database.prepare("SELECT name, type FROM pragma_table_info(?1)").expect("info");
    let rows = info.query_map([table], |row| Ok((row.get(0)?, row.get(1)?))).expect("columns");
    rows.map(Result::unwrap).collect()
}

/// A geometry parsed according to the standard, byte by byte: the box of its header, and its paths.
fn geometry(blob: &[u8], kind: u32) -> (Option<[f64; 4]>, Vec<Vec<[f64; 2]>>) {
    assert_eq!(&blob[..3], b"GP\0", "magic and version");
    let flags = blob[3];
    assert_eq!(flags & 1, 1, "little-endian");
    assert_eq!(i32::from_le_bytes(blob[4..8].try_into().unwrap()), 4326);
    let mut at = 8;
    let float = |at: &mut usize| {
        *at += 8;
        f64::from_le_bytes(blob[*at - 8..*at].try_into().unwrap())
    };
    let boxed = match flags >> 1 & 7 {
        0 => None,
        1 => {
            let [w, e, s, n] = std::array::from_fn(|_| float(&mut at));
            Some([w, s, e, n])
        }
        other => panic!("box of kind {other}"),
    };
    let whole = |at: &mut usize| {
        *at += 4;
        u32::from_le_bytes(blob[*at - 4..*at].try_into().unwrap())
    };
    let head = |at: &mut usize, kind: u32| {
        assert_eq!(blob[*at], 1, "little-endian");
        *at += 1;
        assert_eq!(whole(at), kind);
    };
    let path =
        |at: &mut usize| (0..whole(at)).map(|_| [float(at), float(at)]).collect::<Vec<[f64; 2]>>();
    let mut paths = Vec::new();
    head(&mut at, kind);
    match kind {
        1 => paths.push(vec![[float(&mut at), float(&mut at)]]),
        5 => {
            for _ in 0..whole(&mut at) {
                head(&mut at, 2);
                paths.push(path(&mut at));
            }
        }
        6 => {
            for _ in 0..whole(&mut at) {
                head(&mut at, 3);
                for _ in 0..whole(&mut at) {
                    paths.push(path(&mut at));
                }
            }
        }
        other => panic!("kind {other}"),
    }
    assert_eq!(at, blob.len(), "nothing after the geometry");
    assert_eq!(flags >> 4 & 1 == 1, paths.is_empty(), "whether it is empty");
    (boxed, paths)
}

fn kind_of(layer: &str) -> (u32, &'static str) {
    match layer {
        "sites" | "incidents" | "sites_over_time" | "receptors" => (1, "POINT"),
        "links" | "footprint_lines" | "receptor_lines" | "borders" => (5, "MULTILINESTRING"),
        _ => (6, "MULTIPOLYGON"),
    }
}

/// Every feature of every layer has the same values and positions as in GeoJSON.
fn compare(folder: &Folder) {
    compare_with(&open(folder), layers(folder));
}

fn compare_with(database: &Connection, layers: Vec<(String, Value)>) {
    for (name, layer) in layers {
        let columns = columns(database, &name);
        let due = features(&layer);
        let (kind, word) = kind_of(&name);
        let told: (String, i32) = database
            .query_row(
                "SELECT geometry_type_name, srs_id FROM gpkg_geometry_columns WHERE table_name = ?1",
                [&name],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .expect("a row");
        assert_eq!(told, (word.to_owned(), 4326));
        let mut query =
            database.prepare(&format!("SELECT * FROM {} ORDER BY fid", quoted(&name))).unwrap();
        let mut rows = query.query([]).unwrap();
        let (mut seen, mut extent) = (0, Vec::new());
        while let Some(row) = rows.next().unwrap() {
            seen += 1;
            assert_eq!(row.get::<_, i64>("fid").unwrap(), seen);
            let id: String = row.get("id").unwrap();
            let feature = &due[&id];
            let (boxed, drawn) = geometry(row.get_ref("geom").unwrap().as_blob().unwrap(), kind);
            assert_eq!(drawn, paths(&feature["geometry"]), "{name} {id}");
            if kind != 1 {
                assert_eq!(boxed, bounds(&drawn), "{name} {id}");
            }
            extent.extend(drawn);
            let properties = feature["properties"].as_object().expect("properties");
            assert_eq!(columns.len(), properties.len() + 3, "{name}");
            for ((column, kind), (key, value)) in columns[3..].iter().zip(properties) {
                assert_eq!(column, key, "{name}: the order of columns");
                let got = match row.get_ref(column.as_str()).unwrap() {
                    ValueRef::Null => Value::Null,
                    ValueRef::Real(number) => json!(number),
                    ValueRef::Integer(flag) if kind == "BOOLEAN" => json!(flag == 1),
                    ValueRef::Integer(whole) => {
                        assert_eq!(kind, "INTEGER");
                        json!(whole)
                    }
                    ValueRef::Text(text) => json!(std::str::from_utf8(text).unwrap()),
                    ValueRef::Blob(_) => panic!("{column} is a blob"),
                };
                assert_eq!(&got, value, "{name} {id} {column}");
            }
        }
        assert_eq!(usize::try_from(seen).unwrap(), due.len(), "{name}");
        let edges = "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = ?1";
        let told: [Option<f64>; 4] = database
            .query_row(edges, [&name], |r| Ok([r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?]))
            .unwrap();
        let whole = bounds(&extent).map_or([None; 4], |edges| edges.map(Some));
        assert_eq!(told, whole, "{name}");
        index(database, &name);
    }
}

/// The index is valid, and a box query through it finds the features in the box.
fn index(database: &Connection, name: &str) {
    let tree = format!("rtree_{name}_geom");
    let sound: String =
        database.query_row("SELECT rtreecheck(?1)", [&tree], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok", "{tree}");
    let table = quoted(name);
    let mut query = database.prepare(&format!("SELECT fid, geom FROM {table}")).unwrap();
    let rows = query.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)));
    let boxes: BTreeMap<i64, [f64; 4]> = rows
        .unwrap()
        .map(Result::unwrap)
        .filter_map(|(fid, blob)| Some((fid, bounds(&geometry(&blob, kind_of(name).0).1)?)))
        .collect();
    let held: i64 = database
        .query_row(&format!("SELECT count(*) FROM \"{tree}\""), [], |row| row.get(0))
        .unwrap();
    assert_eq!(usize::try_from(held).unwrap(), boxes.len(), "{name}");
    let find = format!(
        "SELECT id FROM \"{tree}\" WHERE minx <= ?3 AND maxx >= ?1 AND miny <= ?4 AND maxy >= ?2"
    );
    let mut find = database.prepare(&find).unwrap();
    for [w, s, e, n] in [
        [-180.0, -90.0, 180.0, 90.0],
        [60.0, 24.0, 66.0, 29.0],
        [66.0, 28.0, 68.0, 31.0],
        [179.0, -20.0, 180.0, 70.0],
        [-180.0, -90.0, -100.0, 0.0],
    ] {
        let found: std::collections::BTreeSet<i64> = find
            .query_map(params![w, s, e, n], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let meets = |b: &[f64; 4], by: f64| {
            b[0] <= e + by && b[2] >= w - by && b[1] <= n + by && b[3] >= s - by
        };
        // The index has floats of four bytes, rounded outward: up to 2⁻¹⁶ of a degree, near 180.
        for (fid, edges) in &boxes {
            assert!(found.contains(fid) || !meets(edges, 0.0), "{name} {fid} is not found");
            assert!(!found.contains(fid) || meets(edges, 2e-5), "{name} {fid} is found elsewhere");
        }
    }
}

#[test]
fn every_feature_has_the_values_and_positions_of_its_geojson() {
    compare(&demo());
}

#[test]
fn what_is_cut_at_the_seam_or_reaches_a_pole_has_the_positions_of_its_geojson() {
    compare(&made());
}

#[test]
fn the_layer_over_time_has_the_values_of_its_geojson_and_lies_on_the_ground() {
    let (folder, of) = over_time();
    let database = read_only(&folder, &format!("{of}/sites_over_time.gpkg"));
    let layer = folder.json(&format!("{of}/sites_over_time.geojson"));
    assert_eq!(features(&layer).len(), 3 * 3);
    compare_with(&database, vec![("sites_over_time".into(), layer)]);
    let base = ["towns", "province_names", "borders", "provinces", "rivers", "lakes", "land"];
    for name in ["borders", "land"] {
        index(&database, name);
    }
    let mut styles = database
        .prepare("SELECT f_table_name || ' ' || styleName FROM layer_styles ORDER BY id")
        .unwrap();
    let styles: Vec<String> =
        styles.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let of_sites = ["security", "environment"].map(|score| format!("sites_over_time {score}"));
    let due = of_sites.into_iter().chain(base.map(|name| format!("{name} {name}")));
    assert_eq!(styles, due.collect::<Vec<_>>());
}

#[test]
fn names_that_sql_has_a_meaning_for_come_back_as_they_were() {
    let folder = hostile();
    compare(&folder);
    let database = open(&folder);
    let mut query = database.prepare("SELECT name FROM sites ORDER BY fid").unwrap();
    let names: Vec<String> =
        query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(names, HOSTILE);
    let alias: String = database
        .query_row(
            "SELECT name FROM gpkg_data_columns WHERE column_name LIKE 'site_we%'",
            [],
            |r| r.get(0),
        )
        .unwrap();
    assert_eq!(alias, "Own: we\"ird <&> 🚩'; DROP");
}

#[test]
fn a_large_layer_has_an_index_of_several_levels_that_is_sound() {
    let folder = Folder::new();
    let mut sites = "id,name,lon,lat\n".to_owned();
    for i in 0..6000_u32 {
        let (lon, lat) = (
            f64::from(i * 7919 % 36000) / 100.0 - 180.0,
            f64::from(i * 104_729 % 18000) / 100.0 - 90.0,
        );
        sites.push_str(&format!("s{i},Site {i},{lon},{lat}\n"));
    }
    folder.write("sites.csv", sites).write("incidents.csv", crate::cli::INCIDENTS);
    folder.done(&[
        "score",
        "-s",
        "sites.csv",
        "-i",
        "incidents.csv",
        "--layers",
        "sites",
        "--gpkg",
        "-o",
        "out",
    ]);
    let database = open(&folder);
    index(&database, "sites");
    let nodes: i64 = database
        .query_row("SELECT count(*) FROM rtree_sites_geom_parent", [], |row| row.get(0))
        .unwrap();
    assert!(nodes > 6000 / 51, "{nodes} nodes below the root");
    let depth: Vec<u8> = database
        .query_row(
            "SELECT substr(data, 1, 2) FROM rtree_sites_geom_node WHERE nodeno = 1",
            [],
            |r| r.get(0),
        )
        .unwrap();
    assert_eq!(depth, [0, 2]);
}

#[test]
fn the_file_is_a_geopackage_with_the_tables_of_the_standard() {
    let folder = demo();
    let bytes = folder.bytes("out/risk.gpkg");
    assert_eq!(&bytes[68..72], b"GPKG", "application id");
    let database = open(&folder);
    let one = |sql: &str| -> String { database.query_row(sql, [], |row| row.get(0)).unwrap() };
    assert_eq!(one("PRAGMA integrity_check"), "ok");
    let mut broken = database.prepare("PRAGMA foreign_key_check").unwrap();
    assert!(!broken.exists([]).unwrap(), "a row refers to one that is not there");
    assert_eq!(
        one(
            "SELECT group_concat(srs_id) FROM (SELECT srs_id FROM gpkg_spatial_ref_sys ORDER BY 1)"
        ),
        "-1,0,4326"
    );
    for (name, _) in layers(&folder) {
        let extension = "SELECT scope FROM gpkg_extensions WHERE table_name = ?1 AND extension_name = 'gpkg_rtree_index'";
        let scope: String =
            database.query_row(extension, [&name], |row| row.get(0)).expect("extension");
        assert_eq!(scope, "write-only");
        let triggers =
            "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?1";
        let triggers: i64 = database.query_row(triggers, [&name], |row| row.get(0)).unwrap();
        assert_eq!(triggers, 6, "{name}");
        // Each column but number, geometry and id has its words.
        let described = "SELECT count(*) FROM gpkg_data_columns WHERE table_name = ?1 AND name <> '' AND description <> ''";
        let described: i64 = database.query_row(described, [&name], |row| row.get(0)).unwrap();
        assert_eq!(
            usize::try_from(described).unwrap() + 3,
            columns(&database, &name).len(),
            "{name}"
        );
        // One style is applied automatically, and it is the one next to the layer.
        let default =
            "SELECT styleQML FROM layer_styles WHERE f_table_name = ?1 AND useAsDefault = 1";
        let mut default = database.prepare(default).unwrap();
        let styles: Vec<String> =
            default.query_map([&name], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        assert_eq!(styles.len(), 1, "{name}");
        assert_eq!(styles[0].as_bytes(), folder.bytes(&format!("out/{name}.qml")), "{name}");
    }
}

#[test]
fn an_empty_layer_keeps_its_columns_and_its_index() {
    let all = "sites,rings,links,footprints,incidents";
    let folder = mines(&["--bbox", "1,1,2,2", "--gpkg", "--layers", all]);
    let database = open(&folder);
    for name in ["sites", "rings", "links", "footprints", "footprint_lines"] {
        let count: i64 = database
            .query_row(&format!("SELECT count(*) FROM {name}"), [], |row| row.get(0))
            .expect("a table");
        assert_eq!(count, 0, "{name}");
        assert!(columns(&database, name).len() > 8, "{name}: {:?}", columns(&database, name));
        index(&database, name);
    }
    assert!(columns(&database, "sites").contains(&("security_score".into(), "DOUBLE".into())));
    assert!(columns(&database, "incidents").contains(&("date".into(), "DATE".into())));
    assert!(columns(&database, "incidents").contains(&("used".into(), "BOOLEAN".into())));
}

#[test]
fn two_runs_on_one_thread_and_on_many_write_the_same_bytes() {
    let folder = Folder::new();
    for (out, threads) in [("a", "1"), ("b", "1"), ("c", "3")] {
        folder.done(&["demo", "--threads", threads, "--format", "geojson,fgb", "-o", out]);
    }
    let first = folder.files("a");
    assert!(first.contains_key("risk.gpkg") && first.contains_key("risk.qgz"));
    for other in ["b", "c"] {
        for (name, bytes) in folder.files(other) {
            assert!(first[&name] == bytes, "{name} of {other} differs");
        }
    }
}

#[test]
fn where_the_geopackage_cannot_grow_the_old_files_stay() {
    let folder = Folder::with_mines();
    let run = ["score", "-s", "sites.csv", "-i", "incidents.csv", "--gpkg", "-o", "out"];
    folder.done(&run);
    let old = folder.files("out");
    folder.write("incidents.csv", crate::cli::INCIDENTS.replace("2024-06-30", "2024-06-29"));
    let mut refused = 0;
    // In blocks of 512 bytes; the GeoJSON layers are smaller than the GeoPackage.
    for blocks in [150, 300, 450] {
        let line = format!("ulimit -f {blocks}; exec tamarisk {}", run.join(" "));
        let ended = folder.shell(&line);
        if ended.code == 0 {
            break;
        }
        refused += 1;
        assert_eq!(ended.code, 4, "{blocks} blocks: {}", ended.err);
        assert!(ended.err.contains("risk.gpkg"), "{blocks} blocks: {}", ended.err);
        assert!(folder.files("out") == old, "{blocks} blocks");
    }
    assert!(refused > 0, "no limit was too small");
    folder.done(&run);
    assert!(folder.files("out") != old);
}
