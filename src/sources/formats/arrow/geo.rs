//! What a table in columns says of its geometry: by the `geo` key of GeoParquet, by the names that GeoArrow
//! gives a column's type, or by nothing but the name of a column of bytes.

use crate::sources::formats::DeclaredCrs;
use arrow_schema::{DataType, Schema};
use serde_json::Value as Json;
use std::collections::HashMap;

/// How geometries are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Wkb,
    Wkt,
    /// Coordinates in so many lists, of points, lines or polygons.
    Points,
    Lines,
    Polygons,
}

/// The column of the geometry; none where the place is in other columns.
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

/// By the `geo` key (GeoParquet 1.1): a system that is left out is longitude and latitude on WGS84.
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

/// By the type that GeoArrow names for a column.
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

/// By a usual name: a column of bytes so called holds well-known binary.
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

/// A system as PROJJSON, which most often has the code of a register; a text is its name or its definition.
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
