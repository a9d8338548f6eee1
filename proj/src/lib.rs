//! PROJ with the database that is built into it, and nothing else.
//!
//! Left to itself, PROJ looks for its database in the user's data folder, in the folders that `PROJ_DATA`
//! and `PROJ_LIB` name, beside the program, where it was once installed and in the folder one happens to
//! be in; what it finds there decides where positions lie. Here its contexts are made so that they read
//! the embedded database alone, can open no file, use no network and write nothing to the terminal: the
//! same program gives the same coordinates in every environment.
//!
//! A few variables of the environment cannot be outdone that way; [`Refusal::Environment`] names one that
//! is set.
//!
//! This is the one place with `unsafe` code: the functions of PROJ that it needs have no safe wrapper in
//! the crate `proj`.

mod context;
mod object;

use context::Context;
use object::Object;
use std::rc::Rc;

/// Why there is no system or transformation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// A variable of the environment changes what PROJ computes or writes, and cannot be outdone.
    Environment(&'static str),
    /// The database within the program cannot be opened.
    NoDatabase,
    /// PROJ cannot make it, and says why.
    Unknown(String),
}

/// What kind of system it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Longitude and latitude.
    Geographic,
    /// Eastings and northings on a map.
    Projected,
    /// X, Y, Z from the Earth's center.
    Geocentric,
    /// Heights or depths alone.
    Vertical,
    /// A grid of a building site or mine, tied to nothing.
    Engineering,
    /// Times, or what has no name here.
    Other,
}

/// A coordinate reference system that PROJ knows. It stays on the thread that made it.
#[derive(Debug)]
pub struct System {
    // Objects go before the context that they belong to.
    object: Object,
    context: Rc<Context>,
}

impl System {
    /// The system of a code, a PROJ string, WKT or PROJJSON. Of a compound system it is the horizontal
    /// part.
    ///
    /// # Errors
    /// A variable of the environment that PROJ would obey, or what PROJ makes no system of.
    pub fn new(definition: &str) -> Result<Self, Refusal> {
        let context = Rc::new(Context::new()?);
        let mut object = context.create(&as_system(definition))?;
        // A compound system may stand in a bound one and the other way round.
        for _ in 0..4 {
            let Some(inner) = object.horizontal(&context) else { break };
            object = inner;
        }
        Ok(Self { object, context })
    }

    /// What kind it is of.
    pub fn kind(&self) -> Kind {
        self.object.kind(&self.context)
    }

    /// Its name in the register.
    pub fn name(&self) -> String {
        self.object.name()
    }

    /// Whether it is one of the Earth and of no other body.
    pub fn is_of_earth(&self) -> bool {
        self.object.body(&self.context).is_none_or(|body| body == "Earth")
    }

    /// West, south, east, north of the part of the Earth that it is made for; west is greater than east
    /// where it goes over the seam.
    ///
    /// # Units
    /// Degrees.
    pub fn area(&self) -> Option<[f64; 4]> {
        self.object.area(&self.context)
    }

    /// The ways to longitude and latitude on WGS84 and back.
    ///
    /// # Errors
    /// A system that PROJ cannot tie to WGS84.
    pub fn ways(self) -> Result<Ways, Refusal> {
        let wgs84 = self.context.create("OGC:CRS84")?;
        let there = self.context.transformation(&self.object, &wgs84)?;
        let there = self.context.ordered(&there)?;
        let of_register = self.context.transformation(&wgs84, &self.object)?;
        let back = self.context.ordered(&of_register)?;
        let is_northing_first = is_turned(&of_register, &back, self.area());
        let is_tied = !there.is_ballpark(&self.context) || self.object.is_on_wgs84(&self.context);
        Ok(Ways { there, back, is_tied, is_northing_first, _context: self.context })
    }
}

/// The ways from a system to longitude and latitude on WGS84, x before y and longitude before latitude on
/// both sides. They stay on the thread that made them.
#[derive(Debug)]
pub struct Ways {
    there: Object,
    back: Object,
    is_tied: bool,
    is_northing_first: bool,
    _context: Rc<Context>,
}

impl Ways {
    /// Whether it is known how the system's datum lies to WGS84. Where it is not, positions come out as if
    /// they were the same, which may be some hundred meters off.
    pub fn is_tied(&self) -> bool {
        self.is_tied
    }

    /// Whether the register writes the pairs of the system the other way round: northing before easting, or latitude
    /// before longitude.
    pub fn is_northing_first(&self) -> bool {
        self.is_northing_first
    }

    /// A pair as longitude and latitude; `None` where PROJ gives none.
    ///
    /// # Units
    /// The system's own; degrees.
    pub fn there(&self, x: f64, y: f64) -> Option<[f64; 2]> {
        self.there.forward(x, y)
    }

    /// A longitude and latitude as a pair; `None` where PROJ gives none.
    ///
    /// # Units
    /// Degrees; the system's own.
    pub fn back(&self, lon: f64, lat: f64) -> Option<[f64; 2]> {
        self.back.forward(lon, lat)
    }
}

/// Whether one way gives its pairs the other way round than another, by a place in the area of use.
fn is_turned(one: &Object, other: &Object, area: Option<[f64; 4]>) -> bool {
    let [west, south, east, north] = area.unwrap_or([-180.0, -80.0, 180.0, 80.0]);
    let width = if west > east { east + 360.0 - west } else { east - west };
    let places = [(0.5, 0.5), (0.3, 0.6), (0.7, 0.4)];
    let places = places.map(|(x, y)| (west + x * width, south + y * (north - south)));
    let turned = |(lon, lat)| {
        let ([a, _], [x, y]) = (one.forward(lon, lat)?, other.forward(lon, lat)?);
        (x != y).then(|| (a - y).abs() < (a - x).abs())
    };
    places.into_iter().find_map(turned).unwrap_or(false)
}

/// A PROJ string without `+type=crs` is an operation to PROJ, and `+init=epsg:4326` means something else
/// by the environment: both become what they are meant as.
fn as_system(definition: &str) -> String {
    let mut words = definition.split_whitespace();
    if let (Some(only), None) = (words.next(), words.next())
        && let Some(code) = only.trim_start_matches('+').strip_prefix("init=")
        && code.contains(':')
    {
        return code.to_uppercase();
    }
    if definition.contains("proj=") && !definition.contains("type=crs") {
        return format!("{definition} +type=crs");
    }
    definition.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_found_in_the_embedded_database() {
        let system = System::new("EPSG:32642").expect("UTM 42N");
        assert_eq!(system.kind(), Kind::Projected);
        assert_eq!(system.name(), "WGS 84 / UTM zone 42N");
        assert_eq!(system.area(), Some([66.0, 0.0, 72.0, 84.0]));
        let ways = system.ways().expect("ways");
        let [lon, lat] = ways.there(500_000.0, 3_318_785.35).expect("a position");
        assert!((lon - 69.0).abs() < 1e-9 && (lat - 30.0).abs() < 1e-6, "{lon} {lat}");
        let [x, y] = ways.back(lon, lat).expect("and back");
        assert!((x - 500_000.0).abs() < 1e-6 && (y - 3_318_785.35).abs() < 1e-6, "{x} {y}");
    }

    #[test]
    fn kinds_are_told_apart() {
        let kind = |name: &str| System::new(name).expect(name).kind();
        assert_eq!(kind("EPSG:4269"), Kind::Geographic);
        assert_eq!(kind("EPSG:4979"), Kind::Geographic);
        assert_eq!(kind("EPSG:5773"), Kind::Vertical);
        assert_eq!(kind("EPSG:4978"), Kind::Geocentric);
        assert_eq!(kind("EPSG:5800"), Kind::Engineering);
        // RGF93 / Lambert-93 with heights: its horizontal part.
        assert_eq!(kind("EPSG:5698"), Kind::Projected);
        assert_eq!(kind("+proj=utm +zone=42"), Kind::Projected);
        assert_eq!(kind("+proj=longlat +ellps=clrk66 +towgs84=1,2,3"), Kind::Geographic);
        assert_eq!(kind("+init=epsg:32642"), Kind::Projected);
        assert!(!System::new("ESRI:104905").expect("Mars").is_of_earth());
        assert!(System::new("EPSG:27700").expect("Britain").is_of_earth());
    }

    #[test]
    fn the_order_of_axes_is_that_of_the_register() {
        let first = |name: &str| System::new(name).expect(name).ways().expect(name);
        // ETRS89 and NAD83, Poland CS2000, New Zealand TM, UPS North (N,E), LAEA Europe.
        for name in ["EPSG:4258", "EPSG:4269", "EPSG:2178", "EPSG:2193", "EPSG:32661", "EPSG:3035"]
        {
            assert!(first(name).is_northing_first(), "{name}");
        }
        // UTM, Web Mercator, British National Grid, UPS North (E,N), Antarctic polar stereographic.
        for name in ["EPSG:32642", "EPSG:3857", "EPSG:27700", "EPSG:5041", "EPSG:3031"] {
            assert!(!first(name).is_northing_first(), "{name}");
        }
    }

    #[test]
    fn a_datum_that_is_tied_to_nothing_is_known() {
        let is_tied = |name: &str| System::new(name).expect(name).ways().expect(name).is_tied();
        for name in [
            "EPSG:32642",
            "EPSG:4203",
            "EPSG:4267",
            "EPSG:27700",
            "EPSG:21036",
            "+proj=utm +zone=42",
            "+proj=utm +zone=36 +ellps=clrk80 +towgs84=-160,-6,-302",
        ] {
            assert!(is_tied(name), "{name}");
        }
        assert!(!is_tied("+proj=utm +zone=36 +ellps=clrk80"));
        assert!(!is_tied("+proj=longlat +ellps=intl"));
    }

    #[test]
    fn what_is_no_system_is_refused() {
        for name in ["", "EPSG:999999", "+proj=nonsense", "nul\0", "+proj=pipeline +step +proj=utm"]
        {
            assert!(matches!(System::new(name), Err(Refusal::Unknown(_))), "{name}");
        }
    }
}
