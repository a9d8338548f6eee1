//! A score at every cell of a grid.

use crate::earth::{Grid, Length};

/// The security score that a site at the center of each cell would have.
#[derive(Debug, Clone, PartialEq)]
pub struct Surface {
    /// The cells.
    pub grid: Grid,
    /// The side of a cell, in longitude and latitude that in the middle of the grid.
    pub cell: Length,
    /// 0 to 100 for each cell, row by row from the north west, with one decimal, as scores are written; NaN
    /// where there is no data.
    pub scores: Vec<f32>,
}
