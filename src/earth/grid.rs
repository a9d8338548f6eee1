//! A grid of equal cells over a part of the Earth, in longitude and latitude or in a projected system.

use super::{Crs, Position};

/// Columns and rows of equal cells. Rows run from north to south, columns from west to east.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    crs: Crs,
    west: f64,
    north: f64,
    cell: [f64; 2],
    width: u32,
    height: u32,
}

/// The upper limit on columns and on rows (exclusive), so that cell numbers are exact in any number
/// type.
const MOST: u32 = 1 << 20;

impl Grid {
    /// Creates a grid from its upper left corner, the cell size, and the number of columns and rows.
    ///
    /// Returns `None` if a number is not finite, a cell has no size, there are 2^20 or more columns or
    /// rows, or a grid in longitude and latitude is wider than a whole turn or extends past a pole by
    /// more than half a cell.
    ///
    /// # Units
    /// Those of the system: degrees in WGS84, usually meters in projected systems.
    pub fn new(crs: Crs, corner: [f64; 2], cell: [f64; 2], size: [u32; 2]) -> Option<Self> {
        let ([west, north], [dx, dy], [width, height]) = (corner, cell, size);
        let finite = [west, north, dx, dy].iter().all(|number| number.is_finite());
        if !finite || dx <= 0.0 || dy <= 0.0 || width > MOST || height > MOST {
            return None;
        }
        let grid = Self { crs, west, north, cell, width, height };
        if grid.crs.is_wgs84() {
            let [_, south, east, _] = grid.edges();
            let turn = 360.0 * (1.0 + 1e-12);
            let fits = east - west <= turn
                && west.abs() <= 360.0
                && north <= 90.0 + 0.5 * dy
                && south >= -90.0 - 0.5 * dy;
            if !fits {
                return None;
            }
        }
        Some(grid)
    }

    /// The reference system of its coordinates.
    pub fn crs(&self) -> &Crs {
        &self.crs
    }

    /// The number of columns.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// The number of rows.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The size of a cell along x and along y, in the units of the system.
    pub fn cell(&self) -> [f64; 2] {
        self.cell
    }

    /// Returns west, south, east, north of the grid, in the units of the system. In longitude and
    /// latitude east may exceed 180: such a grid crosses the antimeridian.
    pub fn edges(&self) -> [f64; 4] {
        let [x, y] = self.cell;
        let east = self.west + x * f64::from(self.width);
        let south = self.north - y * f64::from(self.height);
        [self.west, south, east, self.north]
    }

    /// Returns the coordinates of the center of a cell, in the units of the system.
    pub fn center(&self, column: u32, row: u32) -> [f64; 2] {
        [
            self.west + (f64::from(column) + 0.5) * self.cell[0],
            self.north - (f64::from(row) + 0.5) * self.cell[1],
        ]
    }

    /// Returns the position of the center of a cell; `None` if it lies past a pole or the projection
    /// gives no position.
    pub fn position(&self, column: u32, row: u32) -> Option<Position> {
        let [x, y] = self.center(column, row);
        let [lon, lat] = self.crs.to_wgs84(x, y).ok()?;
        Some(Position::new(super::Lon::wrapped(lon)?, super::Lat::new(lat)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn centers_run_from_the_north_west() {
        let grid = Grid::new(Crs::wgs84(), [179.0, 10.0], [0.5, 0.25], [4, 2]).expect("a grid");
        assert_eq!(grid.edges(), [179.0, 9.5, 181.0, 10.0]);
        assert_eq!(grid.center(0, 0), [179.25, 9.875]);
        assert_eq!(grid.position(3, 1), Position::from_degrees(-179.25, 9.625));
    }

    #[test]
    fn a_grid_that_is_none_is_refused() {
        let grid = |corner, cell, size| Grid::new(Crs::wgs84(), corner, cell, size);
        assert!(grid([0.0, 90.0], [1.0, 1.0], [360, 180]).is_some());
        assert!(grid([0.0, 90.0], [1.0, 1.0], [361, 180]).is_none());
        assert!(grid([0.0, 90.0], [1.0, 1.0], [360, 182]).is_none());
        assert!(grid([0.0, f64::NAN], [1.0, 1.0], [1, 1]).is_none());
        assert!(grid([0.0, 0.0], [0.0, 1.0], [1, 1]).is_none());
    }
}
