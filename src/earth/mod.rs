//! The ground: positions, lengths and geodesics on the WGS84 ellipsoid, and the two places where
//! longitude and latitude do not behave like a flat sheet, the antimeridian and the poles.

mod angle;
pub mod antimeridian;
mod area;
mod bounds;
mod crs;
mod ecef;
mod equal_area;
mod faces;
pub mod geodesic;
mod grid;
mod length;
mod position;
mod raster_grid;
mod shape;
mod written;

pub(crate) use angle::sin_cos;
pub use area::drawn_area;
pub use bounds::Bounds;
pub use crs::{Crs, CrsError, CrsFault};
pub use ecef::{ChordBracket, Ecef};
pub(crate) use ecef::{RADIUS_MIN, TOGETHER, in_space, meridian};
pub use equal_area::EqualArea;
pub use grid::Grid;
pub use length::Length;
pub use position::{Lat, Lon, Position};
pub use raster_grid::{Parallels, RasterGrid, RasterGridError};
pub use shape::{GeometryKind, Shape};
pub(crate) use written::{degrees, units};
pub use written::{lines_as_written, polygons_as_written, united};

/// Equatorial radius of WGS84.
///
/// # Units
/// Meters. Source: NGA.STND.0036 (2014), table 3.1.
pub const SEMI_MAJOR: f64 = 6_378_137.0;

/// Flattening of WGS84. Source: NGA.STND.0036 (2014), table 3.1.
pub const FLATTENING: f64 = 1.0 / 298.257_223_563;

/// Polar radius of WGS84, `a (1 - f)`.
///
/// # Units
/// Meters.
pub const SEMI_MINOR: f64 = SEMI_MAJOR * (1.0 - FLATTENING);
