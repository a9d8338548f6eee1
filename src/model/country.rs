//! Countries: the names that data sets use for them, and the country of a position.
//!
//! Borders are Natural Earth's, unchanged. Tamarisk takes no position on the status of any territory; a
//! run needs to know only whether the incidents it was given were collected where a site lies.

mod boxes;
mod names;

use self::boxes::Boxes;
use super::borders::{Borders, SHORTEST_DEGREE};
use crate::earth::{Length, Position};
use geo::BoundingRect;
use geo_types::{LineString, MultiPolygon, Polygon, Rect};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::{LazyLock, OnceLock};

/// The three-letter code of a country: ISO 3166-1 alpha-3, or Natural Earth's code if ISO has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct CountryCode([u8; 3]);

impl CountryCode {
    /// A code from its three ASCII letters, in either case; `None` for other texts.
    pub fn new(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        bytes
            .iter()
            .all(u8::is_ascii_alphanumeric)
            .then(|| Self(bytes.map(|b| b.to_ascii_uppercase())))
    }

    /// The three letters.
    pub fn as_str(&self) -> &str {
        // The bytes are always ASCII.
        std::str::from_utf8(&self.0).unwrap_or("")
    }
}

impl From<CountryCode> for String {
    fn from(code: CountryCode) -> Self {
        code.as_str().to_owned()
    }
}

impl TryFrom<String> for CountryCode {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::new(&text).ok_or_else(|| format!("\"{text}\" is not a code of three letters"))
    }
}

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Country {
    /// The bounding box of its borders.
    pub fn bounds(&self) -> Option<Rect<f64>> {
        self.bounds
    }

    /// Whether a position lies inside its borders or on them.
    pub fn holds(&self, position: Position) -> bool {
        let at = position.coord();
        let within = |bounds: Rect| {
            let (low, high) = (bounds.min(), bounds.max());
            low.x <= at.x && at.x <= high.x && low.y <= at.y && at.y <= high.y
        };
        self.bounds.is_some_and(within) && self.edges().hold(at)
    }

    /// The distance from a position outside its borders to them, if it is at most `within`.
    pub fn distance(&self, position: Position, within: Length) -> Option<Length> {
        let near = self.bounds.is_some_and(|bounds| may_be_near(bounds, position, within));
        near.then(|| self.edges().distance(position, within)).flatten()
    }

    /// Its edges, indexed on first use.
    fn edges(&self) -> &Borders {
        self.edges.get_or_init(|| Borders::new(&self.borders))
    }
}

/// Whether a box may contain something within a distance of a position; `false` is certain.
fn may_be_near(bounds: Rect<f64>, position: Position, within: Length) -> bool {
    let reach = within.km() / SHORTEST_DEGREE;
    let (low, high) = (bounds.min(), bounds.max());
    let end = libm::cos((position.lat().abs() + reach).min(89.9).to_radians());
    let (lat, wide) = (position.lat(), reach / end);
    let beside = |lon: f64| low.x - wide <= lon && lon <= high.x + wide;
    low.y - reach <= lat
        && lat <= high.y + reach
        && [-360.0, 0.0, 360.0].into_iter().any(|turn| beside(position.lon() + turn))
}

/// Names and borders of all built-in countries.
#[derive(Debug)]
pub struct Countries {
    list: Vec<Country>,
    /// Bounding boxes of the polygons of the list.
    boxes: Boxes,
    /// Areas within the borders of one country that another claims.
    areas: Vec<Country>,
}

/// One country.
#[derive(Debug)]
pub struct Country {
    /// Its three letters.
    pub code: CountryCode,
    /// Natural Earth's name for it.
    pub name: String,
    /// Its borders, cut at the antimeridian, in longitude and latitude.
    pub borders: MultiPolygon<f64>,
    /// For an area within the borders of a country: that country.
    pub within: Option<CountryCode>,
    bounds: Option<Rect<f64>>,
    edges: OnceLock<Borders>,
}

static BUILT_IN: LazyLock<Countries> = LazyLock::new(|| {
    Countries::parse(
        include_str!("../../data/borders/countries.geojson"),
        include_str!("../../data/borders/areas.geojson"),
    )
});

impl Countries {
    /// The countries of Natural Earth 1:50m (public domain); parsed on first use.
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// Parses the embedded files. Records that do not parse are dropped; a test checks that none are.
    fn parse(borders: &str, areas: &str) -> Self {
        let read = |text: &str| -> Vec<Country> {
            let file = serde_json::from_str::<BordersFile>(text);
            file.map(|file| {
                file.features.into_iter().filter_map(BordersFeature::into_country).collect()
            })
            .unwrap_or_default()
        };
        let (mut list, areas) = (read(borders), read(areas));
        list.sort_by_key(|country| country.code);
        Self { boxes: Boxes::new(&list), list, areas }
    }

    /// All countries, by code; areas within their borders are not included.
    pub fn iter(&self) -> impl Iterator<Item = &Country> {
        self.list.iter()
    }

    /// Areas within the borders of one country that another claims.
    pub fn areas(&self) -> impl Iterator<Item = &Country> {
        self.areas.iter()
    }

    /// The country or area with a code.
    pub fn find(&self, code: CountryCode) -> Option<&Country> {
        let at = self.list.binary_search_by_key(&code, |country| country.code).ok();
        let country = at.and_then(|at| self.list.get(at));
        country.or_else(|| self.areas.iter().find(|area| area.code == code))
    }

    /// The area within the borders of a country that contains a position.
    pub fn area_at(&self, position: Position, country: CountryCode) -> Option<CountryCode> {
        let mut of_country = self.areas.iter().filter(|area| area.within == Some(country));
        of_country.find(|area| area.holds(position)).map(|area| area.code)
    }

    /// The country with a name or code: English or local, official or common, current or historical, in
    /// any case, with or without accents. `None` if the name is unknown or stands for
    /// [several](Self::all_named).
    pub fn named(&self, name: &str) -> Option<CountryCode> {
        match self.all_named(name).as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// The countries with a name, the likeliest first: one for nearly every name, several for a former
    /// state (`Yugoslavia`), a region on both sides of a border (`Abyei`) or a name of two countries
    /// (`Korea`), none if the name is unknown.
    pub fn all_named(&self, name: &str) -> Vec<CountryCode> {
        names::codes(name)
    }

    /// The country with an ISO 3166-1 number, such as 4 for Afghanistan.
    pub fn numbered(&self, number: u16) -> Option<CountryCode> {
        names::numbered(number)
    }

    /// Whether a name belongs to a sea area, such as `Gulf of Aden`, and not to a country.
    pub fn is_sea(&self, name: &str) -> bool {
        names::is_sea(name)
    }

    /// Whether a position lies inside the borders of a country, or on them.
    pub fn holds(&self, code: CountryCode, position: Position) -> bool {
        self.find(code).is_some_and(|country| country.holds(position))
    }

    /// The country whose borders contain a position; `None` at sea.
    ///
    /// A position on a common border belongs to the country whose code comes first.
    pub fn at(&self, position: Position) -> Option<CountryCode> {
        let holds = |at: usize| self.list.get(at).is_some_and(|country| country.holds(position));
        self.boxes.first_at(position, holds).and_then(|at| self.list.get(at)).map(|one| one.code)
    }

    /// The countries that may be within a distance of a position, by code: a superset of those that are.
    pub fn near(&self, position: Position, within: Length) -> impl Iterator<Item = &Country> {
        self.boxes.near(position, within).into_iter().filter_map(|at| self.list.get(at))
    }
}

#[derive(Deserialize)]
struct BordersFile {
    features: Vec<BordersFeature>,
}

#[derive(Deserialize)]
struct BordersFeature {
    properties: BordersProperties,
    geometry: BordersGeometry,
}

#[derive(Deserialize)]
struct BordersProperties {
    iso3: String,
    name: String,
    within: Option<String>,
}

#[derive(Deserialize)]
struct BordersGeometry {
    coordinates: Vec<Vec<Vec<[f64; 2]>>>,
}

impl BordersFeature {
    fn into_country(self) -> Option<Country> {
        let line = |ring: Vec<[f64; 2]>| LineString::from(ring);
        let polygon = |rings: Vec<Vec<[f64; 2]>>| {
            let mut rings = rings.into_iter().map(line);
            rings.next().map(|exterior| Polygon::new(exterior, rings.collect()))
        };
        let borders =
            MultiPolygon(self.geometry.coordinates.into_iter().filter_map(polygon).collect());
        Some(Country {
            code: CountryCode::new(&self.properties.iso3)?,
            name: self.properties.name,
            within: self.properties.within.as_deref().and_then(CountryCode::new),
            bounds: borders.bounding_rect(),
            borders,
            edges: OnceLock::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_lie_in_their_countries() {
        let countries = Countries::built_in();
        for (lon, lat, code) in [
            (62.05, 29.12, Some("PAK")),
            (69.2, 34.5, Some("AFG")),
            (178.0, -17.8, Some("FJI")),
            (-150.0, 65.0, Some("USA")),
            (0.0, 0.0, None),
            (45.0, -89.0, Some("ATA")),
        ] {
            let position = Position::from_degrees(lon, lat).expect("position");
            assert_eq!(
                countries.at(position).as_ref().map(CountryCode::as_str),
                code,
                "{lon} {lat}"
            );
        }
    }

    #[test]
    fn every_country_that_begins_near_is_found_by_its_box() {
        let countries = Countries::built_in();
        let mut found = 0;
        // Coasts and islands on both sides of the antimeridian, and the poles.
        for (lon, lat) in (0..72_u32).flat_map(|x| (0..37_u32).map(move |y| (x, y))) {
            let (lon, lat) = (5.0 * f64::from(lon) - 180.0, 5.0 * f64::from(lat) - 90.0);
            let position = Position::from_degrees(lon, lat).expect("position");
            for km in [30.0, 370.4] {
                let within = Length::from_km(km);
                let near: Vec<CountryCode> =
                    countries.near(position, within).map(|one| one.code).collect();
                for country in countries.iter() {
                    if country.distance(position, within).is_some() {
                        found += 1;
                        assert!(near.contains(&country.code), "{} {lon} {lat}", country.code);
                    }
                }
            }
        }
        assert!(found > 1000, "{found}");
    }

    #[test]
    fn every_built_in_border_parses_and_has_a_name() {
        let countries = Countries::built_in();
        let features =
            include_str!("../../data/borders/countries.geojson").matches("\"iso3\"").count();
        assert_eq!(countries.list.len(), features);
        for country in countries.iter() {
            assert_eq!(
                countries.named(country.code.as_str()),
                Some(country.code),
                "{}",
                country.code
            );
        }
    }
}
