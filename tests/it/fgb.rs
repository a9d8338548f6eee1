//! FlatGeobuf holds the same features as the GeoJSON layers, and its index finds the features in a box.

use crate::cli::{Folder, features};
use crate::styled::{bounds, demo, hostile, layers, made, mines, paths};
use flatgeobuf::{
    ColumnType, FallibleStreamingIterator, FeatureProperties, FgbFeature, FgbReader, GeometryType,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

fn reader(folder: &Folder, layer: &str) -> FgbReader<Cursor<Vec<u8>>> {
    FgbReader::open(Cursor::new(folder.bytes(&format!("out/{layer}.fgb")))).expect("FlatGeobuf")
}

/// The paths of a feature.
fn drawn(feature: &FgbFeature) -> Vec<Vec<[f64; 2]>> {
    let Some(geometry) = feature.geometry() else { return Vec::new() };
    let parts: Vec<_> =
        geometry.parts().map_or_else(|| vec![geometry], |parts| parts.iter().collect());
    let mut paths = Vec::new();
    for part in parts {
        let xy: Vec<f64> = part.xy().expect("positions").iter().collect();
        let positions: Vec<[f64; 2]> = xy.chunks(2).map(|at| [at[0], at[1]]).collect();
        let ends: Vec<usize> = match part.ends() {
            Some(ends) => ends.iter().map(|end| end as usize).collect(),
            None => vec![positions.len()],
        };
        let mut from = 0;
        for end in ends {
            paths.push(positions[from..end].to_vec());
            from = end;
        }
    }
    paths
}

fn compare(folder: &Folder) {
    for (name, layer) in layers(folder) {
        let due = features(&layer);
        let mut all = reader(folder, &name).select_all().expect("features");
        let header = all.header();
        let kind = match layer["features"][0]["geometry"]["type"].as_str() {
            Some("Point") => GeometryType::Point,
            Some("MultiLineString") => GeometryType::MultiLineString,
            _ => GeometryType::MultiPolygon,
        };
        assert_eq!(header.geometry_type(), kind, "{name}");
        assert_eq!(header.name(), Some(&*name));
        assert_eq!(header.crs().map(|crs| crs.code()), Some(4326));
        assert_eq!(header.features_count() as usize, due.len());
        let mut kinds: BTreeMap<String, ColumnType> = BTreeMap::new();
        for column in header.columns().expect("columns") {
            kinds.insert(column.name().to_owned(), column.type_());
        }
        let mut seen = BTreeSet::new();
        while let Some(feature) = all.next().expect("a feature") {
            let values = feature.properties().expect("values");
            let id = values["id"].clone();
            let feature_due = &due[&id];
            assert_eq!(drawn(feature), paths(&feature_due["geometry"]), "{name} {id}");
            for (key, value) in feature_due["properties"].as_object().expect("properties") {
                let got = values.get(key).map(String::as_str);
                let kind = kinds[key];
                match value {
                    Value::Null => assert_eq!(got, None, "{name} {id} {key}"),
                    Value::Number(number) => {
                        let got: f64 = got.expect("a value").parse().expect("a number");
                        let whole = number.is_i64() || number.is_u64();
                        let due = if whole { ColumnType::Long } else { ColumnType::Double };
                        assert_eq!((Some(got), kind), (number.as_f64(), due), "{key}");
                    }
                    Value::Bool(flag) => {
                        assert_eq!(
                            (got, kind),
                            (Some(&*flag.to_string()), ColumnType::Bool),
                            "{key}"
                        );
                    }
                    Value::String(text) => {
                        assert_eq!(got, Some(&**text), "{name} {id} {key}");
                        assert!(matches!(kind, ColumnType::String | ColumnType::DateTime), "{key}");
                    }
                    other => panic!("{key} is {other}"),
                }
            }
            seen.insert(id);
        }
        assert_eq!(seen, due.keys().cloned().collect(), "{name}");
        find(folder, &name, &due);
    }
}

/// A box query through the index finds the features that intersect it.
fn find(folder: &Folder, name: &str, due: &BTreeMap<String, Value>) {
    if due.is_empty() {
        return;
    }
    for [w, s, e, n] in [
        [-180.0, -90.0, 180.0, 90.0],
        [60.0, 24.0, 66.0, 29.0],
        [66.0, 28.0, 68.0, 31.0],
        [179.0, -20.0, 180.0, 70.0],
    ] {
        let mut inside = reader(folder, name).select_bbox(w, s, e, n).expect("an index");
        let mut found = BTreeSet::new();
        while let Some(feature) = inside.next().expect("a feature") {
            found.insert(feature.properties().expect("values")["id"].clone());
        }
        let meets = |feature: &Value| {
            bounds(&paths(&feature["geometry"]))
                .is_some_and(|b| b[0] <= e && b[2] >= w && b[1] <= n && b[3] >= s)
        };
        let due: BTreeSet<String> =
            due.iter().filter(|(_, feature)| meets(feature)).map(|(id, _)| id.clone()).collect();
        assert_eq!(found, due, "{name} in {w},{s},{e},{n}");
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
fn names_come_back_as_they_were() {
    compare(&hostile());
}

/// GDAL cannot read a MultiLineString without the ends of its lines, not even one with a single line.
#[test]
fn a_single_line_says_where_it_ends() {
    let folder = demo();
    let mut links = reader(&folder, "links").select_all().expect("features");
    let mut single = 0;
    while let Some(feature) = links.next().expect("a feature") {
        let Some(geometry) = feature.geometry() else { continue };
        let ends = geometry.ends().expect("ends");
        single += usize::from(ends.len() == 1);
    }
    assert!(single > 100, "{single} links of one line");
}

#[test]
fn an_empty_layer_keeps_its_columns() {
    let folder = mines(&["--bbox", "1,1,2,2", "--format", "fgb"]);
    let files = folder.files("out");
    assert!(files.contains_key("sites.fgb") && !files.contains_key("sites.geojson"));
    let sites = reader(&folder, "sites");
    let columns: Vec<String> = sites
        .header()
        .columns()
        .expect("columns")
        .iter()
        .map(|column| column.name().to_owned())
        .collect();
    assert!(columns.iter().any(|name| name == "security_score"), "{columns:?}");
    assert_eq!(sites.header().features_count(), 0);
}

#[test]
fn a_format_that_is_not_known_is_refused_with_the_nearest_that_is() {
    let folder = Folder::with_mines();
    let ended = folder.run(&["score", "-s", "sites.csv", "-i", "incidents.csv", "--format", "fbg"]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("--format") && ended.err.contains("fgb"), "{}", ended.err);
}
