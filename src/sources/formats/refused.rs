//! Files that are often given but not supported: each is named, with a remedy.

use super::Head;
use super::shapefile::{is_of_shapefile, is_sidecar};
use super::xml::root_of;
use crate::sources::bytes::open::files_in;
use crate::{Code, Error};
use std::path::Path;

/// Unsupported binary formats: first bytes, name, and remedy.
const BINARY: &[(&[u8], &str, &str)] = &[
    (b"\xd0\xcf\x11\xe0", "an Excel 97 workbook", "save it as xlsx or CSV"),
    (b"%PDF", "a PDF", "give the table as CSV or xlsx"),
    (b"\x28\xb5\x2f\xfd", "zstd data", "unpack it: zstd -d"),
    (b"FEA1", "a Feather file of version 1", "write it as version 2, or as Parquet"),
    #[cfg(not(feature = "parquet"))]
    (
        b"PAR1",
        "a Parquet file, and this build does not read them",
        "build with the feature parquet",
    ),
    #[cfg(not(feature = "parquet"))]
    (
        b"ARROW1",
        "an Arrow file, and this build does not read them",
        "build with the feature parquet",
    ),
    (b"II*\0", "a TIFF, an image without records", RASTER),
    (b"MM\0*", "a TIFF, an image without records", RASTER),
    (b"II+\0", "a BigTIFF, an image without records", RASTER),
    (b"CDF\x01", "a netCDF file, a grid without records", "give vectors or a table"),
    (b"CDF\x02", "a netCDF file, a grid without records", "give vectors or a table"),
    (b"CDF\x05", "a netCDF file, a grid without records", "give vectors or a table"),
    (
        b"\x89HDF\r\n\x1a\n",
        "a netCDF or HDF5 file, a grid without records",
        "give vectors or a table",
    ),
    (
        b"\0\x01\0\0Standard Jet DB",
        "a personal geodatabase (.mdb)",
        "export its layers in ArcGIS, as GeoPackage or shapefile",
    ),
    (b"\0\x01\0\0Standard ACE DB", "an Access database", "export its tables as xlsx or CSV"),
    (b"AutoCAD Binary DXF", "a DXF drawing", DRAWING),
    (b"\x89PNG", "a picture", "give vectors or a table"),
];

const RASTER: &str =
    "give vectors or a table; a raster has an option of its own, ⟦rasters=NAME=FILE.tif⟧";
const MAPINFO: &str = "convert it: ogr2ogr out.gpkg IN.tab";
const DRAWING: &str =
    "convert it, and name the system it is drawn in: ogr2ogr -a_srs EPSG:32642 out.gpkg IN";

/// Returns an error if the file is of a known but unsupported kind.
pub(crate) fn by_head(head: &Head<'_>) -> Option<Error> {
    let refusal = |what: &str, hint: &str| {
        Some(
            Error::data(Code::FormatUnsupported, format!("{}: is {what}", head.file))
                .with_hint(hint),
        )
    };
    let name = head.file.to_lowercase();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    if let Some(path) = head.path.filter(|path| path.is_dir()) {
        let tables = || files_in(path).iter().any(|file| has_ending(file, "gdbtable"));
        return if ending == "gdb" || tables() {
            refusal("an Esri file geodatabase", "convert it: ogr2ogr out.gpkg FOLDER.gdb")
        } else {
            None
        };
    }
    if let Some((_, what, hint)) = BINARY.iter().find(|(start, ..)| head.bytes.starts_with(start)) {
        return refusal(what, hint);
    }
    if let Some(tab) = head.path.and_then(|path| beside(path, "tab"))
        && matches!(ending, "dat" | "map" | "id" | "ind")
    {
        return refusal(&format!("a part of a MapInfo table, {tab}, which is not read"), MAPINFO);
    }
    let is_alone = head.path.is_some_and(|path| !is_of_shapefile(path));
    if is_alone && is_sidecar(&name) && ending != "dbf" {
        let shp = format!("{}shp", name.strip_suffix(ending).unwrap_or(&name));
        return refusal(
            "a file that goes with a shapefile, and there is no .shp beside it",
            &format!("put {shp} and its other files in one folder"),
        );
    }
    let text = head.text.or_else(|| valid_start(head.bytes))?;
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let lower: String = start.chars().take(200).collect::<String>().to_lowercase();
    if lower.starts_with("!table") {
        return refusal("a MapInfo table, which is not read", MAPINFO);
    }
    let second = lower.lines().nth(1).unwrap_or_default();
    if lower.starts_with("version") && second.starts_with("charset") {
        return refusal(
            "a MapInfo interchange file, which is not read",
            "convert it: ogr2ogr out.gpkg IN.mif",
        );
    }
    let mut lines = lower.lines().map(str::trim);
    let is_drawing = lines.next() == Some("0") && lines.next() == Some("section");
    if is_drawing || ending == "dxf" && lower.starts_with("999") {
        return refusal("a DXF drawing", DRAWING);
    }
    let is_page =
        ["<!doctype html", "<html", "<table", "<div", "<meta", "<head", "<body", "<style"]
            .iter()
            .any(|tag| lower.starts_with(tag))
            || lower.starts_with("<?xml") && lower.contains("<html");
    if is_page {
        let what = match ending {
            "xls" | "xlsx" => "a web page with the name of a workbook",
            _ => "a web page",
        };
        return refusal(
            what,
            "open it in a spreadsheet and save it as xlsx or CSV; a page may also be the message of a service",
        );
    }
    let (root, tag) = root_of(start)?;
    let is_known =
        matches!(root.as_str(), "kml" | "Placemark" | "Document" | "gpx" | "FeatureCollection")
            || root != "schema" && tag.contains("http://www.opengis.net/gml");
    if is_known {
        return None;
    }
    match root.as_str() {
        "schema" => {
            refusal("an XML schema and holds no records", "give the .gml that it goes with")
        }
        "osm" => refusal("OpenStreetMap XML", "convert it: ogr2ogr out.gpkg IN.osm"),
        "Workbook" => refusal("an Excel 2003 XML workbook", "save it as xlsx or CSV"),
        "ExceptionReport" | "ServiceExceptionReport" => {
            refusal("the error message of a service", "ask the service again, and look at the file")
        }
        root => refusal(
            &format!("XML of another kind (<{root}>): KML, GPX and GML are read"),
            "convert it: ogr2ogr out.gpkg IN",
        ),
    }
}

/// The valid UTF-8 prefix of bytes.
fn valid_start(bytes: &[u8]) -> Option<&str> {
    let bytes = bytes.get(..4096).unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) => std::str::from_utf8(bytes.get(..error.valid_up_to())?).ok(),
    }
}

fn has_ending(path: &Path, wanted: &str) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(wanted))
}

/// The name of an existing file that differs from another only in its extension.
fn beside(path: &Path, ending: &str) -> Option<String> {
    let stem = path.file_stem()?.to_string_lossy().to_lowercase();
    let all = files_in(path.parent().unwrap_or(Path::new("")));
    let found = all.iter().find(|file| {
        let its = file.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
        has_ending(file, ending) && its == stem
    })?;
    Some(found.file_name()?.to_string_lossy().into_owned())
}
