//! The grid of a raster: cells in rows and columns, in any reference system, turned or mirrored as its transformation
//! says.

use super::area::zone_area;
use super::{Crs, Lat, Lon, Position, geodesic};

/// Rows and columns of cells. Column 0, row 0 is the cell that is stored first.
///
/// The lattice of the cells goes on past the edges of the raster: columns and rows may be negative or past the last one.
#[derive(Debug, Clone, PartialEq)]
pub struct RasterGrid {
    crs: Crs,
    /// `x = t[0] + t[1] column + t[2] row`, `y = t[3] + t[4] column + t[5] row`, at the corner of a cell.
    transform: [f64; 6],
    size: [u32; 2],
}

/// Why numbers are no grid on the Earth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RasterGridError {
    /// There are no rows or no columns.
    #[error("has no cells")]
    Empty,
    /// A number is not finite, or a cell has no area.
    #[error("has cells without a size")]
    Flat,
    /// In longitude and latitude it is wider than a turn or reaches past a pole.
    #[error("does not fit into the degrees of longitude and latitude")]
    NotDegrees,
}

/// A grid whose rows are parallels of WGS84 and whose columns run east.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parallels {
    /// Longitude of the western edge.
    ///
    /// # Units
    /// Degrees.
    pub west: f64,
    /// Longitude from one column to the next, positive.
    ///
    /// # Units
    /// Degrees.
    pub dx: f64,
    /// Latitude of the first row's outer edge.
    ///
    /// # Units
    /// Degrees.
    pub first: f64,
    /// Latitude from one row to the next, negative if rows run south.
    ///
    /// # Units
    /// Degrees.
    pub dy: f64,
}

/// The part of a cell by which a position may lie outside the raster and still belong to its edge.
const EDGE: f64 = 1e-9;

impl RasterGrid {
    /// Creates a grid from the transformation of columns and rows to the coordinates of a system, at the corners of
    /// cells, in GDAL's order: `x = t[0] + t[1] column + t[2] row`, `y = t[3] + t[4] column + t[5] row`.
    ///
    /// # Errors
    /// There are no cells, they have no area, or a geographic grid is wider than a turn and two cells, reaches past a
    /// pole by more than a cell, or more than a turn and a half from the meridian of Greenwich.
    pub fn new(crs: Crs, transform: [f64; 6], size: [u32; 2]) -> Result<Self, RasterGridError> {
        if size.contains(&0) {
            return Err(RasterGridError::Empty);
        }
        let grid = Self { crs, transform, size };
        let corners = grid.corners();
        if !(corners.as_flattened().iter().all(|number| number.is_finite())
            && grid.determinant().is_normal())
        {
            return Err(RasterGridError::Flat);
        }
        if grid.crs.is_geographic() {
            let [_, dx, shear_x, _, shear_y, dy] = transform;
            let (cell_x, cell_y) = (dx.abs() + shear_x.abs(), dy.abs() + shear_y.abs());
            let range = |axis: usize| {
                let along = corners.iter().filter_map(|corner| corner.get(axis).copied());
                along.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)))
            };
            let ((west, east), (south, north)) = (range(0), range(1));
            let fits = east - west <= 360.0 + 2.0 * cell_x
                && west >= -540.0
                && east <= 540.0 + 2.0 * cell_x
                && south >= -90.0 - cell_y
                && north <= 90.0 + cell_y;
            if !fits {
                return Err(RasterGridError::NotDegrees);
            }
        }
        Ok(grid)
    }

    /// The reference system of its coordinates.
    pub fn crs(&self) -> &Crs {
        &self.crs
    }

    /// The number of columns and of rows.
    pub fn size(&self) -> [u32; 2] {
        self.size
    }

    /// The coordinates of its four corners, in the order of a ring, in the units of the system.
    pub fn corners(&self) -> [[f64; 2]; 4] {
        let [width, height] = self.size.map(f64::from);
        [[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]]
            .map(|[column, row]| self.coordinates(column, row))
    }

    /// The sides of a cell along a row and along a column, in the units of the system.
    pub fn cell(&self) -> [f64; 2] {
        let [_, a, b, _, c, d] = self.transform;
        [(a * a + c * c).sqrt(), (b * b + d * d).sqrt()]
    }

    /// The rows as parallels, if they are parallels of WGS84 and columns run east.
    pub fn parallels(&self) -> Option<Parallels> {
        let [west, dx, shear_x, first, shear_y, dy] = self.transform;
        (self.crs.is_wgs84() && self.is_straight() && dx > 0.0 && shear_x == 0.0 && shear_y == 0.0)
            .then_some(Parallels { west, dx, first, dy })
    }

    /// The number of columns that differ: a geographic raster may repeat its first columns after a whole turn.
    pub fn distinct_columns(&self) -> u32 {
        let [width, _] = self.size;
        match self.turn() {
            Some(turn) if turn < f64::from(width) => to_cell(turn.round(), width),
            _ => width,
        }
    }

    /// The number of columns in a whole turn of longitude; `None` unless rows are parallels.
    pub fn turn(&self) -> Option<f64> {
        let [_, dx, ..] = self.transform;
        (self.crs.is_geographic() && self.is_straight()).then(|| 360.0 / dx.abs())
    }

    /// Returns the place of the lattice at a column and a row, which are whole numbers at the corners of cells; `None`
    /// if it lies past a pole, outside the area of the system, or has no position.
    pub fn position(&self, column: f64, row: f64) -> Option<Position> {
        let [x, y] = self.coordinates(column, row);
        if !self.crs.is_geographic() {
            let [lon, lat] = self.crs.to_wgs84(x, y).ok()?;
            return Some(Position::new(Lon::wrapped(lon)?, Lat::new(lat)?));
        }
        let (lon, lat) = (Lon::wrapped(x)?, upright(y)?);
        if self.crs.is_wgs84() {
            return Some(Position::new(lon, lat));
        }
        let [lon, lat] = self.crs.to_wgs84(lon.degrees(), lat.degrees()).ok()?;
        Some(Position::new(Lon::wrapped(lon)?, upright(lat)?))
    }

    /// Returns the column and the row of the cell that holds a position; `None` outside the raster.
    pub fn cell_at(&self, position: Position) -> Option<[u32; 2]> {
        let [x, y] = self.crs.project(position.lon(), position.lat())?;
        let turns: &[f64] =
            if self.crs.is_geographic() { &[0.0, 360.0, -360.0, 720.0, -720.0] } else { &[0.0] };
        turns.iter().find_map(|turn| self.cell_of(x + turn, y))
    }

    fn cell_of(&self, x: f64, y: f64) -> Option<[u32; 2]> {
        let [x0, a, b, y0, c, d] = self.transform;
        let ([width, height], det) = (self.size, self.determinant());
        let (x, y) = (x - x0, y - y0);
        let (column, row) = ((d * x - b * y) / det, (a * y - c * x) / det);
        let inside = |at: f64, count: u32| (-EDGE..=f64::from(count) + EDGE).contains(&at);
        (inside(column, width) && inside(row, height))
            .then(|| [to_cell(column, width), to_cell(row, height)])
    }

    /// Returns the area of the ground under the cells from `from` to before `to`, each a column and a row; `None` if a
    /// corner has no position.
    ///
    /// Exact if rows are parallels; else that of the quadrilateral of geodesics between the corners.
    ///
    /// # Units
    /// Square meters.
    pub fn area(&self, from: [f64; 2], to: [f64; 2]) -> Option<f64> {
        let ([left, top], [right, bottom]) = (from, to);
        if self.crs.is_geographic() && self.is_straight() {
            let ([west, north], [east, south]) =
                (self.coordinates(left, top), self.coordinates(right, bottom));
            let area = zone_area(north.clamp(-90.0, 90.0), south.clamp(-90.0, 90.0), east - west);
            return Some(area.abs());
        }
        let ring = [
            self.position(left, top)?,
            self.position(right, top)?,
            self.position(right, bottom)?,
            self.position(left, bottom)?,
        ];
        Some(geodesic::ring_area(&ring))
    }

    fn coordinates(&self, column: f64, row: f64) -> [f64; 2] {
        let [x, a, b, y, c, d] = self.transform;
        [x + a * column + b * row, y + c * column + d * row]
    }

    fn determinant(&self) -> f64 {
        let [_, a, b, _, c, d] = self.transform;
        a * d - b * c
    }

    /// Whether rows and columns run along the axes of the system.
    fn is_straight(&self) -> bool {
        let [_, _, shear_x, _, shear_y, _] = self.transform;
        shear_x == 0.0 && shear_y == 0.0
    }
}

/// A latitude, where rounding may have carried a pole past itself.
fn upright(degrees: f64) -> Option<Lat> {
    let is_pole = degrees.abs() <= 90.0 + 1e-9;
    Lat::new(if is_pole { degrees.clamp(-90.0, 90.0) } else { degrees })
}

/// The number of the cell at a place along `count` cells; the far edge belongs to the last one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast of a float to an integer saturates, and the callers' places lie within the cells"
)]
fn to_cell(at: f64, count: u32) -> u32 {
    (at.floor() as u32).min(count.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lon: f64, lat: f64) -> Position {
        Position::from_degrees(lon, lat).expect("a position")
    }

    fn world(west: f64, columns: u32) -> RasterGrid {
        RasterGrid::new(Crs::wgs84(), [west, 1.0, 0.0, 90.0, 0.0, -1.0], [columns, 180])
            .expect("a grid")
    }

    #[test]
    fn a_position_is_found_in_any_turn() {
        for (west, columns) in [(-180.0, 360), (0.0, 360), (-180.0, 361)] {
            let grid = world(west, columns);
            for (lon, lat) in [(-179.5, 10.2), (0.0, 0.0), (359.9 - 360.0, -90.0), (180.0, 90.0)] {
                let [column, row] = grid.cell_at(at(lon, lat)).expect("on the raster");
                let center = grid.position(f64::from(column) + 0.5, f64::from(row) + 0.5);
                let center = center.expect("a center");
                let apart = (center.lon() - lon).rem_euclid(360.0);
                assert!(apart.min(360.0 - apart) <= 0.5 + 1e-9, "{lon} {lat}: {center}");
                assert!((center.lat() - lat).abs() <= 0.5 + 1e-9, "{lon} {lat}: {center}");
            }
            assert_eq!(grid.distinct_columns(), 360);
        }
    }

    #[test]
    fn a_turned_grid_finds_its_own_centers() {
        let turned = [10.0, 0.08, 0.02, 50.0, 0.03, -0.07];
        let grid = RasterGrid::new(Crs::wgs84(), turned, [40, 30]).expect("a grid");
        assert_eq!(grid.parallels(), None);
        for (column, row) in [(0, 0), (39, 29), (17, 5)] {
            let center = grid.position(f64::from(column) + 0.5, f64::from(row) + 0.5);
            assert_eq!(grid.cell_at(center.expect("a center")), Some([column, row]));
        }
        assert_eq!(grid.cell_at(at(9.0, 50.0)), None);
    }

    #[test]
    fn cells_cover_the_earth_once() {
        let grid = world(-180.0, 360);
        // As in `area`.
        let whole = grid.area([0.0, 0.0], [360.0, 180.0]).expect("an area");
        assert!((whole / 510_065_621_724_088.4 - 1.0).abs() < 1e-12, "{whole}");
        let cell = |row: f64| grid.area([3.0, row], [4.0, row + 1.0]).expect("an area");
        let rows: f64 = (0..180).map(|row| 360.0 * cell(f64::from(row))).sum();
        assert!((rows / whole - 1.0).abs() < 1e-12, "{rows}");
    }

    #[test]
    fn what_is_no_grid_is_refused() {
        let grid = |transform, size| RasterGrid::new(Crs::wgs84(), transform, size).err();
        let sound = [-180.0, 1.0, 0.0, 90.0, 0.0, -1.0];
        assert_eq!(grid(sound, [360, 180]), None);
        assert_eq!(grid(sound, [0, 180]), Some(RasterGridError::Empty));
        assert_eq!(grid(sound, [400, 180]), Some(RasterGridError::NotDegrees));
        assert_eq!(grid(sound, [360, 190]), Some(RasterGridError::NotDegrees));
        let flat = [-180.0, 1.0, 1.0, 90.0, 1.0, 1.0];
        assert_eq!(grid(flat, [3, 3]), Some(RasterGridError::Flat));
        assert_eq!(grid([f64::NAN; 6], [3, 3]), Some(RasterGridError::Flat));
        let meters = [500_000.0, 30.0, 0.0, 3_000_000.0, 0.0, -30.0];
        assert_eq!(grid(meters, [3, 3]), Some(RasterGridError::NotDegrees));
    }
}
