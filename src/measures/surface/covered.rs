//! The mask of grid cells that lie where incidents were collected.
//!
//! Borders are thin: a block of cells without a border nearby is covered either entirely or not at
//! all, so one cell decides for it. Other blocks are quartered.

use crate::earth::{Grid, Length, Position, geodesic};
use crate::measures::coverage::Coverage;
use crate::measures::overlap::Cover;
use crate::model::{BORDER_TOLERANCE, Countries, country_at};
use rayon::prelude::*;

/// Rows per task, and columns of the initial blocks.
const BLOCK: u32 = 32;

/// Returns for each cell whether a site at its center would be covered.
pub(in crate::measures) fn covered(coverage: &Coverage, grid: &Grid) -> Vec<bool> {
    let size = |count: u32| usize::try_from(count).unwrap_or(0);
    let (width, height) = (size(grid.width()), size(grid.height()));
    let (cover, by_country) = match coverage {
        Coverage::Nowhere => return vec![false; width * height],
        Coverage::Everywhere => return vec![true; width * height],
        Coverage::Countries { cover, .. } => (cover, true),
        Coverage::Area { cover, .. } => (cover, false),
    };
    let mut cells = vec![false; width * height];
    if cells.is_empty() {
        return cells;
    }
    cells.par_chunks_mut(width * size(BLOCK)).enumerate().for_each(|(band, cells)| {
        let top = BLOCK * u32::try_from(band).unwrap_or(0);
        let rows = BLOCK.min(grid.height() - top);
        let mut open: Vec<Block> = (0..grid.width())
            .step_by(size(BLOCK))
            .map(|left| Block { left, top, width: BLOCK.min(grid.width() - left), height: rows })
            .collect();
        let asked = Asked { grid, coverage, cover, by_country };
        while let Some(block) = open.pop() {
            match asked.all(&block) {
                Some(all) => {
                    let rows = cells.chunks_mut(width).skip(size(block.top - top));
                    for row in rows.take(size(block.height)) {
                        let cells = row.iter_mut().skip(size(block.left));
                        cells.take(size(block.width)).for_each(|cell| *cell = all);
                    }
                }
                None => open.extend(block.quarters()),
            }
        }
    });
    cells
}

/// A rectangle of cells.
struct Block {
    left: u32,
    top: u32,
    width: u32,
    height: u32,
}

impl Block {
    /// Returns its quarters, or halves if it has one row or column.
    fn quarters(&self) -> impl Iterator<Item = Self> {
        let halves = |first: u32, count: u32| {
            let half = count.div_ceil(2);
            [(first, half), (first + half, count - half)]
        };
        let rows = halves(self.top, self.height);
        halves(self.left, self.width)
            .into_iter()
            .flat_map(move |(left, width)| {
                rows.map(|(top, height)| Self { left, top, width, height })
            })
            .filter(|block| block.width > 0 && block.height > 0)
    }
}

/// Decides which cells are covered.
struct Asked<'a> {
    grid: &'a Grid,
    coverage: &'a Coverage,
    /// The union of the covered area.
    cover: &'a Cover,
    /// Whether coverage is by country.
    by_country: bool,
}

impl Asked<'_> {
    /// Returns whether all cells of a block are covered, or none; `None` if undecided.
    fn all(&self, block: &Block) -> Option<bool> {
        let (right, bottom) = (block.left + block.width - 1, block.top + block.height - 1);
        let at = |column: u32, row: u32| self.grid.position(column, row);
        if block.width == 1 && block.height == 1 {
            return Some(at(right, bottom).is_some_and(|at| self.covers(at)));
        }
        let middle = at(block.left.midpoint(right), block.top.midpoint(bottom))?;
        let corners = [
            at(block.left, block.top)?,
            at(right, block.top)?,
            at(block.left, bottom)?,
            at(right, bottom)?,
        ];
        let far = corners.map(|corner| geodesic::distance(middle, corner).km());
        // No cell is farther from the middle than 1.5 times the distance of the farthest corner.
        let radius = Length::from_km(1.5 * far.into_iter().fold(0.0, f64::max));
        if !self.by_country {
            return (!self.ends_near(middle, radius)).then(|| self.covers(middle));
        }
        // A block within the union is covered. At sea the nearest coast counts up to a distance, so a
        // block is uncovered only if no covered area is within that distance.
        let country = Countries::built_in().at(middle);
        let within = || country.is_some() && self.coverage.covers(middle, country);
        let wide = Length::from_km(radius.km() + BORDER_TOLERANCE.km());
        let alike = !self.ends_near(middle, wide) || within() && !self.ends_near(middle, radius);
        alike.then(|| self.covers(middle))
    }

    /// Whether the boundary of the covered area may come within a radius of a position.
    fn ends_near(&self, at: Position, radius: Length) -> bool {
        radius.km() > 1000.0 || self.cover.may_end_within(at, radius)
    }

    fn covers(&self, at: Position) -> bool {
        let country = self.by_country.then(|| country_at(at)).flatten();
        self.coverage.covers(at, country)
    }
}
