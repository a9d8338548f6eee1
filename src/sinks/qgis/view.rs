//! The initial view of a map, and its CRS.

/// Half the side of the world in Web Mercator, in meters: π times the radius of the sphere.
const HALF: f64 = 20_037_508.342_789_244;

/// The northern and southern limit of Web Mercator; views beyond are in degrees.
const MERCATOR_ENDS: f64 = 84.0;

/// The margin around the view, as a share of its size.
const MARGIN: f64 = 0.08;

/// The view of a map in its own CRS.
#[derive(Debug, Clone, Copy)]
pub(super) struct View {
    /// West, south, east, north.
    pub(super) edges: [f64; 4],
    /// QGIS's number of the CRS, and EPSG's.
    pub(super) crs: (&'static str, &'static str),
}

pub(super) const WGS84: (&str, &str) = ("3452", "4326");
const WEB_MERCATOR: (&str, &str) = ("3857", "3857");

impl View {
    /// The view of a box in degrees, with a margin.
    pub(super) fn of([west, south, east, north]: [f64; 4]) -> Self {
        let mercator = south > -MERCATOR_ENDS && north < MERCATOR_ENDS;
        // A box across the antimeridian becomes the full turn, since a map has two edges.
        let (west, east) = if west > east { (-180.0, 180.0) } else { (west, east) };
        let (corner, ends) = if mercator {
            (web_mercator as fn(f64, f64) -> [f64; 2], [HALF, HALF])
        } else {
            ((|lon, lat| [lon, lat]) as fn(f64, f64) -> [f64; 2], [180.0, 90.0])
        };
        let [[x0, y0], [x1, y1]] = [corner(west, south), corner(east, north)];
        // A single site gets some surroundings: half a degree on each side.
        let least = if mercator { HALF / 360.0 } else { 0.5 };
        let margin = |size: f64| if size * MARGIN > least { size * MARGIN } else { least };
        let (dx, dy) = (margin(x1 - x0), margin(y1 - y0));
        let edges = [
            (x0 - dx).max(-ends[0]),
            (y0 - dy).max(-ends[1]),
            (x1 + dx).min(ends[0]),
            (y1 + dy).min(ends[1]),
        ];
        Self { edges, crs: if mercator { WEB_MERCATOR } else { WGS84 } }
    }

    /// Whether it spans a third of a turn or more.
    pub(super) fn is_wide(self) -> bool {
        let [west, _, east, _] = self.edges;
        let turn = if self.is_degrees() { 360.0 } else { 2.0 * HALF };
        self.is_degrees() || east - west > turn / 3.0
    }

    pub(super) fn is_degrees(self) -> bool {
        self.crs == WGS84
    }
}

/// Longitude and latitude in Web Mercator's meters (EPSG method 1024).
fn web_mercator(lon: f64, lat: f64) -> [f64; 2] {
    let angle = std::f64::consts::FRAC_PI_4 + lat.to_radians() / 2.0;
    [lon / 180.0 * HALF, libm::log(libm::tan(angle)) / std::f64::consts::PI * HALF]
}
