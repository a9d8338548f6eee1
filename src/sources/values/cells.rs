//! Reads a whole position or geometry from one table cell: well-known text or binary, GeoJSON, a grid
//! reference, or a pair of angles.

use super::angles::{Axis, Pair, read_pair};
use super::grid::{Grid, is_like_mgrs, read_mgrs, read_utm};
use super::{wkb, wkt};
use crate::sources::formats::geojson_in_cell;
use crate::sources::formats::record::{Geometry, RawGeometry};
use crate::sources::intake::spelling::Spelling;

/// The content of a cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    /// A geometry, and the code of its reference system, if stated.
    Geometry(RawGeometry, Option<String>),
    Grid(Grid),
    /// Longitude and latitude.
    Pair([f64; 2]),
}

/// The apparent notation of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Binary,
    Json,
    Mgrs,
    Utm,
    Pair,
}

impl Kind {
    /// The content of such a column, for messages.
    pub fn words(self) -> &'static str {
        match self {
            Self::Text => "well-known text",
            Self::Binary => "well-known binary",
            Self::Json => "GeoJSON geometries",
            Self::Mgrs => "references of the Military Grid Reference System",
            Self::Utm => "eastings and northings with their zone",
            Self::Pair => "pairs of coordinates",
        }
    }
}

/// Detects the notation from the beginning of a text.
pub(crate) fn kind_of(text: &str) -> Kind {
    let text = text.trim();
    if wkt::is_like(text) {
        Kind::Text
    } else if wkb::is_like(text) {
        Kind::Binary
    } else if text.starts_with('{') {
        Kind::Json
    } else if is_like_mgrs(text) {
        Kind::Mgrs
    } else if read_utm(text).is_some() {
        Kind::Utm
    } else {
        Kind::Pair
    }
}

/// Reads a cell; `Ok(None)` if it is empty.
///
/// # Errors
/// The fault, as a phrase that follows the value.
pub(crate) fn read_cell(text: &str, spelling: Spelling) -> Result<Option<Cell>, String> {
    let geometry = |raw: Option<RawGeometry>, srid| raw.map(|raw| Cell::Geometry(raw, srid));
    match kind_of(text) {
        Kind::Text => {
            let srid = wkt::srid_of(text).map(str::to_owned);
            Ok(geometry(wkt::parse(text)?, srid))
        }
        Kind::Binary => wkb::parse(text).map(|(raw, srid)| geometry(raw, srid)),
        Kind::Json => match geojson_in_cell(text) {
            Geometry::Raw(raw) => Ok(geometry(Some(raw), None)),
            Geometry::Broken { part, why, .. } if part.is_empty() => Err(why),
            Geometry::Broken { part, why, .. } => Err(format!("{part} {why}")),
            Geometry::None | Geometry::InColumns => Ok(None),
        },
        Kind::Mgrs => read_mgrs(text).map(|grid| Some(Cell::Grid(grid))),
        Kind::Utm => {
            let grid = read_utm(text).unwrap_or_else(|| Err("is not a place".to_owned()))?;
            Ok(Some(Cell::Grid(grid)))
        }
        Kind::Pair => {
            // Most text that is not a pair was meant as well-known text, which gives a better message.
            let pair = match read_pair(text, spelling.o_is_west) {
                Ok(pair) => pair,
                Err(_) if text.contains('(') && text.contains(char::is_alphabetic) => {
                    let srid = wkt::srid_of(text).map(str::to_owned);
                    return Ok(geometry(wkt::parse(text)?, srid));
                }
                Err(why) if text.chars().any(|c| c.is_ascii_digit()) => return Err(why),
                Err(_) => {
                    return wkt::parse(text).map(|raw| geometry(raw, None));
                }
            };
            ordered(pair, spelling.lat_first).map(|place| Some(Cell::Pair(place)))
        }
    }
}

/// Returns longitude and latitude of a pair.
fn ordered(pair: Pair, lat_first: Option<bool>) -> Result<[f64; 2], String> {
    let (first, second) = (pair.first.degrees, pair.second.degrees);
    match said_first(&pair).or(lat_first).or_else(|| possible_first(&pair)) {
        Some(true) => Ok([second, first]),
        Some(false) => Ok([first, second]),
        None => Err(
            "may be latitude or longitude first; say which: ⟦map=SECTION.pair=lat_lon⟧ or lon_lat"
                .to_owned(),
        ),
    }
}

/// Whether the first of a pair is the latitude, if its letters say so or it is a geopoint.
pub(crate) fn said_first(pair: &Pair) -> Option<bool> {
    match (pair.first.axis, pair.second.axis) {
        (Some(Axis::Lat), _) | (_, Some(Axis::Lon)) => Some(true),
        (Some(Axis::Lon), _) | (_, Some(Axis::Lat)) => Some(false),
        (None, None) => pair.is_geopoint.then_some(true),
    }
}

/// Whether the first of a pair is the latitude, if the other order would be out of range.
pub(crate) fn possible_first(pair: &Pair) -> Option<bool> {
    let beyond = |degrees: f64| degrees.abs() > 90.0;
    match (beyond(pair.first.degrees), beyond(pair.second.degrees)) {
        (true, false) => Some(false),
        (false, true) => Some(true),
        _ => None,
    }
}
