//! Coordinate reference systems other than WGS84, converted to longitude and latitude by PROJ. Each system
//! has an area of use; positions outside it are refused, because a projection gives wrong numbers there.

mod name;
#[cfg(feature = "proj")]
mod through_proj;
#[cfg(not(feature = "proj"))]
mod without_proj;

use name::{is_wgs84, plain_name};
use std::sync::Arc;
#[cfg(feature = "proj")]
use through_proj::{known, transform, transform_back, transform_back_exactly};
#[cfg(not(feature = "proj"))]
use without_proj::{known, transform, transform_back, transform_back_exactly};

/// A coordinate reference system.
#[derive(Debug, Clone, PartialEq)]
pub struct Crs {
    name: Arc<str>,
    /// `None` for WGS84 itself.
    other: Option<Known>,
}

/// The properties of a system that is not WGS84.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Known {
    area: Area,
    /// Whether its coordinates are longitude and latitude.
    is_geographic: bool,
    /// The zone of a UTM system.
    zone: Option<u8>,
    /// Whether the relation of its datum to WGS84 is known.
    is_tied: bool,
    /// Whether the register writes northing before easting, or latitude before longitude.
    is_northing_first: bool,
}

/// West, south, east, north of the area of use of a system, in degrees; west is greater than east if the area
/// crosses the antimeridian. `None` if it is not stated.
type Area = Option<[f64; 4]>;

/// How far outside the area of use positions are accepted: national data sets keep to one zone past its
/// edges, where the projection is still exact.
///
/// # Units
/// Degrees.
const MARGIN: f64 = 1.0;

/// How far outside a UTM zone and its margin positions are still accepted.
///
/// # Units
/// Degrees.
const FAR_FROM_ZONE: f64 = 12.0;

/// If neither easting nor northing exceeds this, the pair looks like degrees.
///
/// # Units
/// Meters.
const LEAST_OF_METERS: f64 = 1000.0;

/// Why a text does not name a usable system.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CrsError {
    /// PROJ does not know the name.
    #[error("\"{name}\" is not a coordinate reference system that PROJ knows: {why}")]
    Unknown {
        /// The name as given.
        name: String,
        /// PROJ's message.
        why: String,
    },
    /// The name is a system, but not one of places on the Earth's surface.
    #[error("\"{name}\" {why}")]
    Unfit {
        /// The name as given.
        name: String,
        /// The kind of system.
        why: &'static str,
    },
    /// An environment variable that PROJ obeys would change its results.
    #[error("the environment sets {0}, which changes what PROJ computes or writes")]
    Environment(&'static str),
    /// PROJ was linked without its database.
    #[error("\"{0}\" cannot be looked up: this build of PROJ holds no database")]
    NoDatabase(String),
    /// This build has no PROJ.
    #[error("\"{0}\" needs PROJ, which this build lacks")]
    WithoutProj(String),
}

impl CrsError {
    /// A remedy.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => {
                "name it by its code, such as EPSG:32642, by a PROJ string or WKT"
            }
            Self::Unfit { .. } => {
                "name the system of the x and y, projected or geographic, such as EPSG:32642"
            }
            Self::Environment(_) => "unset it for this program",
            Self::NoDatabase(_) => "build with the PROJ that the crate proj-sys brings",
            Self::WithoutProj(_) => {
                "read it with geopandas and give the GeoDataFrame, convert it with ogr2ogr -t_srs OGC:CRS84 OUT IN, or use a build with the feature proj"
            }
        }
    }
}

/// Why a coordinate pair has no longitude and latitude.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CrsFault {
    /// PROJ gives no position, or one that does not convert back.
    #[error("is not a position in {0}")]
    NoPosition(Arc<str>),
    /// The position lies outside the area of use.
    #[error("is at {lon:.3},{lat:.3}, outside the area of {name}")]
    OutsideArea {
        /// The system.
        name: Arc<str>,
        /// Longitude, degrees.
        lon: f64,
        /// Latitude, degrees.
        lat: f64,
    },
}

impl Default for Crs {
    fn default() -> Self {
        Self::wgs84()
    }
}

impl Crs {
    /// WGS84 as longitude and latitude, which needs no PROJ.
    pub fn wgs84() -> Self {
        Self { name: "OGC:CRS84".into(), other: None }
    }

    /// Creates a system from a code (`EPSG:32642`, `urn:ogc:def:crs:EPSG::32642`, `ESRI:54009`), a PROJ
    /// string or WKT.
    ///
    /// EPSG:4326 is read as longitude, latitude, as in the GeoJSON files that name it, and so is any other
    /// geographic system: x comes first.
    ///
    /// # Errors
    /// PROJ does not know the name, the system is neither geographic nor projected (of a compound system the
    /// horizontal part counts), or it is not WGS84 and the build has no PROJ.
    pub fn new(name: &str) -> Result<Self, CrsError> {
        let plain = plain_name(name);
        if is_wgs84(&plain) {
            return Ok(Self::wgs84());
        }
        let known = known(&plain)?;
        Ok(Self { name: plain.into(), other: Some(known) })
    }

    /// The shortest name of the system.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The EPSG code; `None` if the system is not named by one.
    pub fn epsg(&self) -> Option<u16> {
        if self.is_wgs84() {
            return Some(4326);
        }
        self.name.strip_prefix("EPSG:")?.parse().ok()
    }

    /// The area of use: west, south, east, north; `None` if it is unknown or the whole Earth.
    ///
    /// # Units
    /// Degrees. West is greater than east if the area crosses the antimeridian.
    pub fn area(&self) -> Option<[f64; 4]> {
        self.other.and_then(|known| known.area)
    }

    /// Whether coordinates are longitude and latitude, on any datum.
    pub fn is_geographic(&self) -> bool {
        self.other.is_none_or(|known| known.is_geographic)
    }

    /// The zone of a Universal Transverse Mercator system.
    pub fn utm_zone(&self) -> Option<u8> {
        self.other.and_then(|known| known.zone)
    }

    /// Whether coordinates already are longitude and latitude on WGS84.
    pub fn is_wgs84(&self) -> bool {
        self.other.is_none()
    }

    /// Whether the relation of its datum to WGS84 is known. If not, the two are treated as equal, which may
    /// shift positions by some hundred meters.
    pub fn is_tied(&self) -> bool {
        self.other.is_none_or(|known| known.is_tied)
    }

    /// Whether the register that names it writes its pairs the other way round, northing before easting or latitude
    /// before longitude. Here x is always the easting or the longitude.
    pub fn is_northing_first(&self) -> bool {
        self.other.is_some_and(|known| known.is_northing_first)
    }

    /// Converts a coordinate pair to longitude and latitude on WGS84. Pairs of WGS84 itself are returned
    /// unchanged, in range or not.
    ///
    /// # Units
    /// x and y in the units of the system; the result in degrees.
    ///
    /// # Errors
    /// PROJ refuses the pair, it does not convert back to itself, or it lies more than a degree outside the
    /// area of use.
    pub fn to_wgs84(&self, x: f64, y: f64) -> Result<[f64; 2], CrsFault> {
        let Some(Known { area, .. }) = self.other else { return Ok([x, y]) };
        let Some([lon, lat]) = transform(&self.name, x, y) else {
            return Err(CrsFault::NoPosition(self.name.clone()));
        };
        match area {
            Some(area) if !holds(area, lon, lat) && !self.is_beside_zone(x, y, lon, lat) => {
                Err(CrsFault::OutsideArea { name: self.name.clone(), lon, lat })
            }
            _ => Ok([lon, lat]),
        }
    }
}

impl Crs {
    /// Whether a pair lies beside its UTM zone, like the far ends of a country mapped in a single zone: the
    /// projection is accurate to a millimeter there. Small numbers are not meters of a zone but degrees.
    fn is_beside_zone(&self, x: f64, y: f64, lon: f64, lat: f64) -> bool {
        self.strays(lon, lat).is_some_and(|strays| strays <= FAR_FROM_ZONE)
            && x.abs().max(y.abs()) > LEAST_OF_METERS
    }

    /// Returns how far a position lies east or west of its UTM zone and the zone's margin; `None` within
    /// them, and for other systems.
    ///
    /// # Units
    /// Degrees.
    pub fn strays(&self, lon: f64, lat: f64) -> Option<f64> {
        let known = self.other?;
        let ([west, south, east, north], Some(_)) = (known.area?, known.zone) else { return None };
        if holds([west, south, east, north], lon, lat)
            || !(south - MARGIN..=north + MARGIN).contains(&lat)
        {
            return None;
        }
        let apart = |from: f64| {
            let turn = (lon - from).rem_euclid(360.0);
            turn.min(360.0 - turn)
        };
        Some(apart(west).min(apart(east)))
    }

    /// Projects a position on WGS84 to a coordinate pair of the system; `None` if PROJ gives none, or if the
    /// position lies more than a degree outside the area of use.
    ///
    /// # Units
    /// Degrees; the result in the units of the system.
    pub fn project(&self, lon: f64, lat: f64) -> Option<[f64; 2]> {
        let Some(Known { area, .. }) = self.other else { return Some([lon, lat]) };
        if area.is_some_and(|area| !holds(area, lon, lat)) {
            return None;
        }
        transform_back(&self.name, lon, lat)
    }

    /// Projects a position on WGS84 to a coordinate pair of the system, within the area of use or not; `None` if PROJ
    /// gives none, or one that does not convert back.
    ///
    /// # Units
    /// Degrees; the result in the units of the system.
    pub fn project_anywhere(&self, lon: f64, lat: f64) -> Option<[f64; 2]> {
        match self.other {
            None => Some([lon, lat]),
            Some(_) => transform_back_exactly(&self.name, lon, lat),
        }
    }
}

fn holds([west, south, east, north]: [f64; 4], lon: f64, lat: f64) -> bool {
    let east = if east < west { east + 360.0 } else { east };
    // The area or its margin may cross the antimeridian, so longitudes a turn away are tried too.
    let within = [lon - 360.0, lon, lon + 360.0]
        .into_iter()
        .any(|lon| (west - MARGIN..=east + MARGIN).contains(&lon));
    within && south - MARGIN <= lat && lat <= north + MARGIN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wgs84_goes_by_many_names_and_needs_no_proj() {
        for name in [
            "EPSG:4326",
            "epsg:4326",
            "EPSG::4326",
            "4326",
            "CRS84",
            "WGS 84",
            "urn:ogc:def:crs:OGC:1.3:CRS84",
            "urn:ogc:def:crs:OGC::CRS84",
            "urn:ogc:def:crs:EPSG::4326",
            "urn:ogc:def:crs:EPSG:9.8.15:4326",
            "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
            "http://www.opengis.net/def/crs/EPSG/0/4326",
        ] {
            let crs = Crs::new(name).expect(name);
            assert!(crs.is_wgs84(), "{name}");
            assert_eq!(crs.to_wgs84(200.0, 95.0), Ok([200.0, 95.0]));
        }
    }

    #[cfg(not(feature = "proj"))]
    #[test]
    fn without_proj_any_other_system_is_refused() {
        let error = Crs::new("EPSG:32642").expect_err("no PROJ");
        assert_eq!(error, CrsError::WithoutProj("EPSG:32642".into()));
    }

    #[cfg(feature = "proj")]
    #[test]
    fn projected_coordinates_become_longitude_and_latitude() {
        // From PROJ 9.6's cs2cs: the central meridian of zone 42 is 69 E, false easting 500 km.
        for name in ["EPSG:32642", "urn:ogc:def:crs:EPSG::32642", "+proj=utm +zone=42 +datum=WGS84"]
        {
            let crs = Crs::new(name).expect(name);
            let [lon, lat] = crs.to_wgs84(500_000.0, 3_318_785.35).expect(name);
            assert!((lon - 69.0).abs() < 1e-9, "{name}: {lon}");
            assert!((lat - 30.0).abs() < 1e-6, "{name}: {lat}");
        }
    }

    #[cfg(feature = "proj")]
    #[test]
    fn geographic_systems_are_longitude_first() {
        let [lon, lat] = Crs::new("EPSG:4269").expect("NAD83").to_wgs84(-77.0, 38.9).expect("in");
        assert!((lon + 77.0).abs() < 1e-4 && (lat - 38.9).abs() < 1e-4, "{lon} {lat}");
    }

    #[cfg(feature = "proj")]
    #[test]
    fn positions_outside_the_area_of_use_are_refused() {
        let crs = Crs::new("EPSG:32642").expect("UTM 42N");
        for (x, y) in [(66.99, 30.18), (5_000_000.0, 3_300_000.0), (500_000.0, -3_300_000.0)] {
            assert!(crs.to_wgs84(x, y).is_err(), "{x} {y}");
        }
        assert!(crs.to_wgs84(f64::NAN, 0.0).is_err());
        assert!(Crs::new("EPSG:999999").is_err());
        assert!(Crs::new("").is_err());
        assert!(Crs::new("nul\0").is_err());
    }

    #[cfg(feature = "proj")]
    #[test]
    fn a_zone_is_used_beside_its_edges_and_no_farther() {
        let crs = Crs::new("EPSG:32629").expect("UTM 29N");
        let [lon, lat] = crs.to_wgs84(1_524_539.018_081_954, 1_742_123.642_815_540_3).expect("far");
        // From PROJ's cs2cs.
        assert!(
            (lon - 0.516876818).abs() < 1e-7 && (lat - 15.550000000).abs() < 1e-7,
            "{lon} {lat}"
        );
        let strays = crs.strays(lon, lat).expect("beside");
        assert!((strays - 6.517).abs() < 0.01, "{strays}");
        assert_eq!(crs.strays(-9.0, 15.0), None);
        for (x, y) in [(3_000_000.0, 1_700_000.0), (0.5, 15.5), (500_000.0, -1_700_000.0)] {
            assert!(crs.to_wgs84(x, y).is_err(), "{x} {y}");
        }
    }

    #[test]
    fn an_area_over_the_seam_holds_both_sides() {
        let fiji = [176.81, -20.81, -178.15, -12.42];
        assert!(holds(fiji, 179.0, -17.0) && holds(fiji, -179.0, -17.0));
        assert!(!holds(fiji, 0.0, -17.0));
        assert!(holds([179.5, -10.0, 180.0, 10.0], -179.9, 0.0));
    }
}
