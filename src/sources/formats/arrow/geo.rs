//! Finds the geometry of a columnar table: by the `geo` key of GeoParquet, by Parquet's own geometry type, by the
//! GeoArrow extension type of a column, by Spark's pair of SRID and bytes, or by the usual name of a column that can
//! hold one.

use crate::sources::formats::DeclaredCrs;
use arrow_schema::{DataType, Field, Schema};
use serde_json::Value as Json;
use std::collections::HashMap;

/// The encoding of geometries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Wkb,
    Wkt,
    /// Well-known binary beside the number of its reference system, as in Spark: `struct<srid, wkb>`.
    WithSrid,
    /// Coordinates in nested lists, of points, lines or polygons.
    Points,
    Lines,
    Polygons,
}

/// The geometry column.
#[derive(Debug, PartialEq)]
pub(super) struct Geo {
    /// Its index.
    pub column: usize,
    pub encoding: Encoding,
    pub crs: Option<DeclaredCrs>,
    /// The index of the column that repeats the bounding boxes of the geometries.
    pub boxes: Option<usize>,
}

impl Geo {
    /// Finds the geometry column; `None` if the position is in other columns. `said` is the metadata of the file,
    /// `native` the columns of Parquet's own geometry type with the CRS that the type names.
    pub fn of(
        schema: &Schema,
        said: &HashMap<String, String>,
        native: &[(usize, Option<String>)],
    ) -> Option<Self> {
        let key = said.get("geo").and_then(|text| serde_json::from_str(text).ok());
        key.and_then(|key| of_key(schema, &key))
            .or_else(|| of_type(schema, said, native))
            .or_else(|| of_extension(schema))
            .or_else(|| of_srid(schema))
            .or_else(|| of_name(schema))
    }
}

/// Reads the `geo` key (GeoParquet 1.1): a missing system means longitude and latitude on WGS84. A column that is not
/// there, or not of the type that its encoding has, is none.
fn of_key(schema: &Schema, geo: &Json) -> Option<Geo> {
    let primary = geo.get("primary_column").and_then(Json::as_str);
    let columns = geo.get("columns")?.as_object()?;
    let name = primary.or_else(|| columns.keys().next().map(String::as_str))?;
    let said = columns.get(name)?;
    let encoding = encoding(said.get("encoding").and_then(Json::as_str).unwrap_or("WKB"))?;
    let column = column(schema, name).filter(|at| is_fit(schema, *at, encoding))?;
    let crs = match said.get("crs") {
        None => Some(crs84()),
        Some(crs) => crs_of(crs),
    };
    let boxes = said.pointer("/covering/bbox/xmin/0").and_then(Json::as_str);
    Some(Geo { column, encoding, crs, boxes: boxes.and_then(|name| self::column(schema, name)) })
}

/// Finds a column of Parquet's own type for geometries: preferably one with a usual name, otherwise the first. Its CRS
/// is longitude and latitude on WGS84 if none is named.
fn of_type(
    schema: &Schema,
    said: &HashMap<String, String>,
    native: &[(usize, Option<String>)],
) -> Option<Geo> {
    let usual = native.iter().find(|(at, _)| is_usual(schema.fields().get(*at)));
    let (column, named) = usual.or(native.first())?;
    let crs = match named.as_deref() {
        None | Some("") => crs84(),
        Some(name) => match name.split_once(':') {
            Some(("srid", "0")) => DeclaredCrs::Unknown,
            Some(("srid", code)) => DeclaredCrs::Name(code.to_owned()),
            // The key under which the file has the definition.
            Some(("projjson", key)) if said.contains_key(key) => {
                let text = said.get(key).cloned().unwrap_or_default();
                crs_of(&Json::String(text))?
            }
            _ => crs_of(&Json::String(name.to_owned()))?,
        },
    };
    Some(Geo { column: *column, encoding: Encoding::Wkb, crs: Some(crs), boxes: None })
}

/// Finds a column with a GeoArrow extension type: preferably one with a usual name, otherwise the first.
fn of_extension(schema: &Schema) -> Option<Geo> {
    let all = schema.fields().iter().enumerate().filter_map(|(column, field)| {
        let said = field.metadata();
        let name = said.get("ARROW:extension:name")?;
        let encoding = encoding(name.strip_prefix("geoarrow.").or(name.strip_prefix("ogc."))?)
            .filter(|encoding| is_fit(schema, column, *encoding))?;
        let more = said.get("ARROW:extension:metadata");
        let more: Option<Json> = more.and_then(|text| serde_json::from_str(text).ok());
        let crs = more.as_ref().and_then(|more| more.get("crs")).and_then(crs_of);
        Some(Geo { column, encoding, crs, boxes: None })
    });
    preferred(schema, all)
}

/// Finds a column of Spark's geometries. Spark marks it by `geometry: true`; the names of its members tell as much.
fn of_srid(schema: &Schema) -> Option<Geo> {
    let all = (0..schema.fields().len()).filter(|at| is_fit(schema, *at, Encoding::WithSrid));
    let geo = |column| Geo { column, encoding: Encoding::WithSrid, crs: None, boxes: None };
    preferred(schema, all.map(geo))
}

/// Finds a column by its name: one of bytes holds well-known binary, one of pairs of numbers holds points.
fn of_name(schema: &Schema) -> Option<Geo> {
    schema.fields().iter().enumerate().filter(|(_, field)| is_usual(Some(field))).find_map(
        |(column, field)| {
            let encoding = if is_bytes(field.data_type()) {
                Encoding::Wkb
            } else if is_coordinates(field.data_type()) {
                Encoding::Points
            } else {
                return None;
            };
            Some(Geo { column, encoding, crs: None, boxes: None })
        },
    )
}

/// The column with a usual name, otherwise the first.
fn preferred(schema: &Schema, all: impl Iterator<Item = Geo>) -> Option<Geo> {
    let mut all: Vec<Geo> = all.collect();
    let usual = all.iter().position(|geo| is_usual(schema.fields().get(geo.column)));
    (!all.is_empty()).then(|| all.swap_remove(usual.unwrap_or(0)))
}

/// Whether a column has a usual name of geometries.
fn is_usual(field: Option<&impl AsRef<Field>>) -> bool {
    const NAMES: [&str; 7] =
        ["geometry", "geom", "wkb_geometry", "the_geom", "wkb", "shape", "geo"];
    let is = |field: &Field| NAMES.iter().any(|known| known.eq_ignore_ascii_case(field.name()));
    field.is_some_and(|field| is(field.as_ref()))
}

fn column(schema: &Schema, name: &str) -> Option<usize> {
    schema.fields().iter().position(|field| field.name() == name)
}

/// Whether a column is of a type that can hold an encoding.
fn is_fit(schema: &Schema, column: usize, encoding: Encoding) -> bool {
    let Some(field) = schema.fields().get(column) else { return false };
    match encoding {
        Encoding::Wkb => is_bytes(field.data_type()),
        Encoding::Wkt => is_text(field.data_type()),
        Encoding::WithSrid => has_srid(field.data_type()),
        Encoding::Points | Encoding::Lines | Encoding::Polygons => {
            let mut of = field.data_type();
            while let DataType::List(field) | DataType::LargeList(field) = of {
                of = field.data_type();
            }
            is_coordinates(of)
        }
    }
}

/// The type of the values, if those that repeat are stored once.
fn plain(of: &DataType) -> &DataType {
    match of {
        DataType::Dictionary(_, of) => plain(of),
        DataType::RunEndEncoded(_, of) => plain(of.data_type()),
        of => of,
    }
}

fn is_bytes(of: &DataType) -> bool {
    use DataType::{Binary, BinaryView, FixedSizeBinary, LargeBinary};
    matches!(plain(of), Binary | LargeBinary | BinaryView | FixedSizeBinary(_))
}

fn is_text(of: &DataType) -> bool {
    matches!(plain(of), DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

/// Whether a type is that of Spark's geometries: the number of a reference system and bytes.
fn has_srid(of: &DataType) -> bool {
    let DataType::Struct(fields) = of else { return false };
    let member = |name: &str| fields.find(name).map(|(_, field)| field.data_type());
    fields.len() == 2
        && member("srid").is_some_and(DataType::is_integer)
        && member("wkb").is_some_and(is_bytes)
}

/// Whether a type is that of coordinates: a structure of x and y, or a list of two to four numbers.
fn is_coordinates(of: &DataType) -> bool {
    match of {
        DataType::Struct(fields) => {
            let has = |name| fields.find(name).is_some_and(|(_, of)| of.data_type().is_floating());
            has("x") && has("y")
        }
        DataType::FixedSizeList(of, 2..=4) => of.data_type().is_floating(),
        _ => false,
    }
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

fn crs84() -> DeclaredCrs {
    DeclaredCrs::Name("OGC:CRS84".to_owned())
}

/// Reads a system from PROJJSON, which usually has a registered code; a text is its name or its definition.
fn crs_of(crs: &Json) -> Option<DeclaredCrs> {
    let code = || {
        let id = crs.get("id").or_else(|| crs.pointer("/ids/0"))?;
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
            _ if text.trim().is_empty() => return None,
            _ => DeclaredCrs::Name(text.clone()),
        },
        _ => DeclaredCrs::Name(code().unwrap_or_else(|| crs.to_string())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_crs(crs: &str) -> Option<DeclaredCrs> {
        let said = [
            ("ARROW:extension:name".to_owned(), "geoarrow.wkb".to_owned()),
            ("ARROW:extension:metadata".to_owned(), crs.to_owned()),
        ];
        let field = Field::new("g", DataType::Binary, true).with_metadata(said.into());
        Geo::of(&Schema::new(vec![field]), &HashMap::new(), &[]).expect("a geometry").crs
    }

    #[test]
    fn a_crs_is_read_in_all_forms_of_geoarrow() {
        let named = |name: &str| Some(DeclaredCrs::Name(name.to_owned()));
        for (said, due) in [
            ("", None),
            ("{}", None),
            (r#"{"crs":null}"#, Some(DeclaredCrs::Unknown)),
            (r#"{"crs":""}"#, None),
            (r#"{"crs":"OGC:CRS84","crs_type":"authority_code"}"#, named("OGC:CRS84")),
            (r#"{"crs":"32642","crs_type":"srid"}"#, named("32642")),
            (r#"{"crs":{"name":"x","id":{"authority":"EPSG","code":32642}}}"#, named("EPSG:32642")),
            (r#"{"crs":{"ids":[{"authority":"OGC","code":"CRS84"}]}}"#, named("OGC:CRS84")),
            (r#"{"crs":"{\"id\":{\"authority\":\"EPSG\",\"code\":4326}}"}"#, named("EPSG:4326")),
            (r#"{"crs":{"name":"mine"}}"#, named(r#"{"name":"mine"}"#)),
        ] {
            assert_eq!(with_crs(said), due, "{said}");
        }
    }

    #[test]
    fn the_type_of_parquet_names_its_crs_in_several_ways() {
        let field = Field::new("place", DataType::Binary, true);
        let schema = Schema::new(vec![field]);
        let said = HashMap::from([(
            "mine".to_owned(),
            r#"{"id":{"authority":"EPSG","code":32642}}"#.to_owned(),
        )]);
        let named = |name: &str| DeclaredCrs::Name(name.to_owned());
        for (crs, due) in [
            (None, named("OGC:CRS84")),
            (Some("srid:32642"), named("32642")),
            (Some("srid:0"), DeclaredCrs::Unknown),
            (Some("projjson:mine"), named("EPSG:32642")),
            (Some("EPSG:3857"), named("EPSG:3857")),
        ] {
            let native = [(0, crs.map(str::to_owned))];
            let geo = Geo::of(&schema, &said, &native).expect("a geometry");
            assert_eq!((geo.column, geo.crs), (0, Some(due)), "{crs:?}");
        }
    }

    #[test]
    fn a_key_that_does_not_fit_its_table_is_not_used() {
        let geo = r#"{"primary_column":"g","columns":{"g":{"encoding":"WKB"}}}"#;
        let said = HashMap::from([("geo".to_owned(), geo.to_owned())]);
        let of = |name: &str, kind: DataType| {
            Geo::of(&Schema::new(vec![Field::new(name, kind, true)]), &said, &[])
        };
        assert!(of("g", DataType::Binary).is_some());
        assert_eq!(of("g", DataType::Utf8), None);
        assert_eq!(of("other", DataType::Utf8), None);
        assert_eq!(of("geom", DataType::Binary).and_then(|geo| geo.crs), None);
    }
}
