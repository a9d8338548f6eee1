//! A score at every cell of a grid.

use crate::earth::{Grid, Length};

/// The security score that a site at the center of each cell would have.
#[derive(Debug, Clone, PartialEq)]
pub struct Surface {
    /// The cells.
    pub grid: Grid,
    /// The side of a cell; on a geographic grid, the side in the middle of the grid.
    pub cell: Length,
    /// 0 to 100 for each cell, row by row from the northwest, with one decimal, as scores are written; NaN
    /// means no data.
    pub scores: Vec<f32>,
}
