//! Finds the geometry of a columnar table: by the `geo` key of GeoParquet, by the GeoArrow extension type
//! of a column, or by the name of a binary column alone.

use crate::sources::formats::DeclaredCrs;
use arrow_schema::{DataType, Schema};
use serde_json::Value as Json;
use std::collections::HashMap;

/// The encoding of geometries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Wkb,
    Wkt,
    /// Coordinates in nested lists, of points, lines or polygons.
    Points,
    Lines,
    Polygons,
}

/// The geometry column; `None` if the position is in other columns.
pub(super) struct Geo {
    pub column: Option<String>,
    pub encoding: Encoding,
    pub crs: Option<DeclaredCrs>,
}

impl Geo {
    pub fn of(schema: &Schema, said: &HashMap<String, String>) -> Self {
        let of_key = said.get("geo").and_then(|text| of_key(&serde_json::from_str(text).ok()?));
        of_key.or_else(|| of_extension(schema)).or_else(|| of_name(schema)).unwrap_or(Self {
            column: None,
            encoding: Encoding::Wkb,
            crs: None,
        })
    }
}

/// Reads the `geo` key (GeoParquet 1.1): a missing system means longitude and latitude on WGS84.
fn of_key(geo: &Json) -> Option<Geo> {
    let primary = geo.get("primary_column").and_then(Json::as_str);
    let columns = geo.get("columns")?.as_object()?;
    let name = primary.or_else(|| columns.keys().next().map(String::as_str))?;
    let column = columns.get(name)?;
    let encoding = encoding(column.get("encoding").and_then(Json::as_str).unwrap_or("WKB"))?;
    let crs = match column.get("crs") {
        None => Some(DeclaredCrs::Name("OGC:CRS84".to_owned())),
        Some(crs) => crs_of(crs),
    };
    Some(Geo { column: Some(name.to_owned()), encoding, crs })
}

/// Finds a column with a GeoArrow extension type.
fn of_extension(schema: &Schema) -> Option<Geo> {
    schema.fields().iter().find_map(|field| {
        let said = field.metadata();
        let name = said.get("ARROW:extension:name")?;
        let encoding = encoding(name.strip_prefix("geoarrow.").or(name.strip_prefix("ogc."))?)?;
        let more = said.get("ARROW:extension:metadata");
        let more: Option<Json> = more.and_then(|text| serde_json::from_str(text).ok());
        let crs = more.as_ref().and_then(|more| more.get("crs")).and_then(crs_of);
        Some(Geo { column: Some(field.name().clone()), encoding, crs })
    })
}

/// Finds a column by its name: a binary column with a usual geometry name holds well-known binary.
fn of_name(schema: &Schema) -> Option<Geo> {
    const NAMES: [&str; 7] =
        ["geometry", "geom", "wkb_geometry", "the_geom", "wkb", "shape", "geo"];
    let is_bytes = |of: &DataType| {
        matches!(of, DataType::Binary | DataType::LargeBinary | DataType::BinaryView)
    };
    let named = |name: &str| NAMES.iter().any(|known| known.eq_ignore_ascii_case(name));
    let field =
        schema.fields().iter().find(|field| is_bytes(field.data_type()) && named(field.name()))?;
    Some(Geo { column: Some(field.name().clone()), encoding: Encoding::Wkb, crs: None })
}

fn encoding(word: &str) -> Option<Encoding> {
    Some(match word.to_lowercase().as_str() {
        "wkb" => Encoding::Wkb,
        "wkt" => Encoding::Wkt,
        "point" | "multipoint" => Encoding::Points,
        "linestring" | "multilinestring" => Encoding::Lines,
        "polygon" | "multipolygon" => Encoding::Polygons,
        _ => return None,
    })
}

/// Reads a system from PROJJSON, which usually has a registered code; a text is its name or its definition.
fn crs_of(crs: &Json) -> Option<DeclaredCrs> {
    let code = || {
        let id = crs.get("id")?;
        let code = match id.get("code")? {
            Json::String(code) => code.clone(),
            code => code.to_string(),
        };
        Some(format!("{}:{code}", id.get("authority")?.as_str()?))
    };
    Some(match crs {
        Json::Null => DeclaredCrs::Unknown,
        Json::String(text) => match serde_json::from_str(text) {
            Ok(inner @ Json::Object(_)) => return crs_of(&inner),
            _ => DeclaredCrs::Name(text.clone()),
        },
        _ => DeclaredCrs::Name(code().unwrap_or_else(|| crs.to_string())),
    })
}
