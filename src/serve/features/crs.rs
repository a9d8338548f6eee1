//! The reference systems of answers and boxes, by the addresses that OGC has given them.

use crate::earth::Crs;
use crate::serve::params::Values;
use crate::serve::problem::Problem;

/// Longitude and latitude on WGS84: how features are held.
pub const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

/// Latitude and longitude on WGS84.
const LATITUDE_FIRST: &str = "http://www.opengis.net/def/crs/EPSG/0/4326";

/// The projection of map tiles.
const WEB_MERCATOR: &str = "http://www.opengis.net/def/crs/EPSG/0/3857";

/// A reference system with its axes in the order of its register.
#[derive(Debug, Clone, PartialEq)]
pub struct System {
    uri: String,
    crs: Crs,
    /// Whether northing or latitude comes first.
    turned: bool,
}

/// The systems that every collection lists; others are known as well.
pub fn listed() -> Vec<&'static str> {
    match cfg!(feature = "proj") {
        true => vec![CRS84, LATITUDE_FIRST, WEB_MERCATOR],
        false => vec![CRS84, LATITUDE_FIRST],
    }
}

impl System {
    /// The system that a parameter names; longitude and latitude without it.
    ///
    /// # Errors
    /// No address of a system, or one that is not known.
    pub fn of(values: &Values, parameter: &str) -> Result<Self, Problem> {
        let uri = values.text(parameter).unwrap_or(CRS84);
        let refuse = |why: String| {
            Problem::bad_value(parameter, format!("{parameter}: {uri:?} {why}"))
                .with("hint", format!("such as {}", listed().join(", ")))
        };
        let plain = uri.strip_prefix("http://").or_else(|| uri.strip_prefix("https://"));
        let parts: Vec<&str> = plain.unwrap_or_default().split('/').collect();
        let (crs, turned) = match parts.as_slice() {
            ["www.opengis.net", "def", "crs", "OGC", "1.3" | "0", "CRS84"] => (Crs::wgs84(), false),
            ["www.opengis.net", "def", "crs", "EPSG", _, "4326"] => (Crs::wgs84(), true),
            ["www.opengis.net", "def", "crs", "EPSG", _, code]
                if (4..=6).contains(&code.len())
                    && code.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                let crs = Crs::new(&format!("EPSG:{code}"));
                let crs = crs.map_err(|error| refuse(format!("is not served: {error}")))?;
                let turned = crs.is_northing_first();
                (crs, turned)
            }
            _ => return Err(refuse("is not the address of a reference system".to_owned())),
        };
        Ok(Self { uri: uri.to_owned(), crs, turned })
    }

    /// Whether positions are as features have them.
    pub fn is_crs84(&self) -> bool {
        self.crs.is_wgs84() && !self.turned
    }

    /// Whether it is longitude and latitude on WGS84, in either order.
    pub fn is_wgs84(&self) -> bool {
        self.crs.is_wgs84()
    }

    /// Whether its numbers are longitude and latitude on any datum.
    pub fn is_geographic(&self) -> bool {
        self.crs.is_geographic()
    }

    /// The header Content-Crs.
    pub fn header(&self) -> String {
        format!("<{}>", self.uri)
    }

    /// A pair in the order of the register as x and y, and the other way round.
    pub fn turn(&self, [a, b]: [f64; 2]) -> [f64; 2] {
        if self.turned { [b, a] } else { [a, b] }
    }

    /// A longitude and latitude as x and y; `None` where the system has none.
    pub fn xy(&self, lon: f64, lat: f64) -> Option<[f64; 2]> {
        self.crs.project_anywhere(lon, lat)
    }

    /// An x and y as longitude and latitude; `None` where it is no position, or far outside the area of use.
    pub fn degrees(&self, x: f64, y: f64) -> Option<[f64; 2]> {
        self.crs.to_wgs84(x, y).ok()
    }

    /// A longitude and latitude as a pair of the system, written to less than a millimeter.
    pub fn pair(&self, lon: f64, lat: f64) -> Option<[f64; 2]> {
        let steps = match self.crs.is_geographic() {
            _ if self.crs.is_wgs84() => return Some(self.turn([lon, lat])),
            true => 1e9,
            false => 1e4,
        };
        let [x, y] = self.xy(lon, lat)?;
        // Without the sign of a zero.
        Some(self.turn([x, y].map(|number| (number * steps).round() / steps + 0.0)))
    }
}
