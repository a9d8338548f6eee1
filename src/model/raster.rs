//! A raster: a grid of values over the ground, such as a count of species or a depth of flood, read window by window.

use crate::Result;
use crate::earth::RasterGrid;
use std::fmt::Debug;
use std::sync::Arc;

/// The values of a grid, wherever they are stored.
pub trait Cells: Debug + Send + Sync {
    /// The grid of the cells.
    fn grid(&self) -> &RasterGrid;

    /// The columns and rows of the chunks in which values are stored: cells of one chunk are read together.
    fn chunk(&self) -> [u32; 2];

    /// Reads the values of a row of cells from a column on, as many as `into` holds. A cell without a value is NaN, and
    /// so is one outside the raster.
    ///
    /// # Errors
    /// The file is damaged there, or can no longer be read.
    fn read(&self, column: u32, row: u32, into: &mut [f64]) -> Result<()>;
}

/// A raster under the name that its user gave it.
#[derive(Debug, Clone)]
pub struct Raster {
    /// The name: a kind that the scheme scores, such as `species`, or any other word.
    pub name: Arc<str>,
    /// The file, as messages name it.
    pub file: Arc<str>,
    /// Its cells.
    pub cells: Arc<dyn Cells>,
}
