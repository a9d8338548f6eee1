//! The cells of a raster within a radius of a site.

use std::ops::Range;

/// Neighboring cells of a row, each with the same area.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Run {
    pub row: u32,
    pub columns: Range<u32>,
    /// The area of one of them.
    ///
    /// # Units
    /// Square meters.
    pub area: f64,
}

/// The cells within a radius, and the area of those that would lie past the edge of the raster.
#[derive(Debug, Default)]
pub(super) struct Cover {
    runs: Vec<Run>,
    /// The number of cells on the raster.
    cells: u64,
    /// The number of cells outside it, and their area.
    outside: (u64, f64),
    /// Whether the walk was given up because there were too many cells.
    is_cut: bool,
}

impl Cover {
    /// Adds cells of the raster.
    pub fn add(&mut self, run: Run) {
        self.cells += u64::from(run.columns.end - run.columns.start);
        if !run.columns.is_empty() {
            self.runs.push(run);
        }
    }

    /// Adds cells of the lattice that lie outside the raster.
    pub fn add_outside(&mut self, cells: u64, area: f64) {
        self.outside.0 += cells;
        self.outside.1 += area;
    }

    /// Leaves the rest out, because the cells are too many already.
    pub fn cut(&mut self) {
        self.is_cut = true;
    }

    /// Whether all cells were counted.
    pub fn is_whole(&self) -> bool {
        !self.is_cut
    }

    /// Whether no center of a cell is within the radius.
    pub fn is_empty(&self) -> bool {
        self.cells == 0 && self.outside.0 == 0
    }

    /// The number of cells on the raster.
    pub fn cells(&self) -> u64 {
        self.cells
    }

    /// The cells on the raster.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The area of the cells outside the raster.
    ///
    /// # Units
    /// Square meters.
    pub fn outside(&self) -> f64 {
        self.outside.1
    }

    /// Puts the runs in the order of rows and columns, in which the chunks are stored.
    pub fn sort(&mut self) {
        self.runs.sort_unstable_by_key(|run| (run.row, run.columns.start));
    }
}
