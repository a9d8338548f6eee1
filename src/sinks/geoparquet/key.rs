//! The `geo` key of the file's metadata (GeoParquet 1.1.0).

use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

/// The geometry column as a whole.
pub(super) struct Placed {
    /// The name of the column.
    pub geometry: String,
    /// The name of the column of bounding boxes.
    pub boxes: String,
    /// The types of its geometries.
    pub types: BTreeSet<&'static str>,
    /// West, south, east and north of all; `None` without a position.
    pub bounds: Option<[f64; 4]>,
}

/// The value of the key.
pub(super) fn geo(placed: &Placed) -> Json {
    let Placed { geometry, boxes, types, bounds } = placed;
    let edge = |name: &str| json!([boxes, name]);
    let mut column = json!({
        "encoding": "WKB",
        "geometry_types": types,
        "crs": crs84(),
        "edges": "planar",
        "covering": {"bbox": {
            "xmin": edge("xmin"), "ymin": edge("ymin"), "xmax": edge("xmax"), "ymax": edge("ymax"),
        }},
    });
    if let (Some(bounds), Some(column)) = (bounds, column.as_object_mut()) {
        column.insert("bbox".to_owned(), json!(bounds));
    }
    let mut columns = serde_json::Map::new();
    columns.insert(geometry.clone(), column);
    json!({"version": "1.1.0", "primary_column": geometry, "columns": columns})
}

/// Longitude and latitude on WGS84 as PROJJSON, as PROJ writes it.
fn crs84() -> Json {
    let member = |name: &str, code: u32| {
        let name = format!("World Geodetic System 1984 ({name})");
        json!({"name": name, "id": {"authority": "EPSG", "code": code}})
    };
    let axis = |name: &str, abbreviation: &str, direction: &str| {
        json!({
            "name": name, "abbreviation": abbreviation, "direction": direction, "unit": "degree",
        })
    };
    json!({
        "$schema": "https://proj.org/schemas/v0.7/projjson.schema.json",
        "type": "GeographicCRS",
        "name": "WGS 84 (CRS84)",
        "datum_ensemble": {
            "name": "World Geodetic System 1984 ensemble",
            "members": [
                member("Transit", 1166),
                member("G730", 1152),
                member("G873", 1153),
                member("G1150", 1154),
                member("G1674", 1155),
                member("G1762", 1156),
                member("G2139", 1309),
                member("G2296", 1383),
            ],
            "ellipsoid": {
                "name": "WGS 84",
                "semi_major_axis": 6_378_137,
                "inverse_flattening": 298.257_223_563,
            },
            "accuracy": "2.0",
            "id": {"authority": "EPSG", "code": 6326},
        },
        "coordinate_system": {
            "subtype": "ellipsoidal",
            "axis": [
                axis("Geodetic longitude", "Lon", "east"),
                axis("Geodetic latitude", "Lat", "north"),
            ],
        },
        "scope": "Not known.",
        "area": "World.",
        "bbox": {
            "south_latitude": -90,
            "west_longitude": -180,
            "north_latitude": 90,
            "east_longitude": 180,
        },
        "id": {"authority": "OGC", "code": "CRS84"},
    })
}
