//! Yes or no for each cell of a grid, decided block by block.
//!
//! Answers change along lines: where no such line is near, one answer holds for a block of cells. Other blocks are
//! quartered.

use crate::earth::{Ecef, Grid, Length, Position};
use rayon::prelude::*;

/// Rows per task, and columns of the initial blocks.
const BLOCK: u32 = 32;

/// What is asked of the centers of cells.
pub(super) trait Question: Sync {
    /// The answer at a position.
    fn at(&self, position: Position) -> bool;

    /// The answer at every position within a radius of a middle; `None` if it may not be the same everywhere.
    fn around(&self, middle: Position, radius: Length) -> Option<bool>;
}

/// Asks a question of the center of each cell, row by row from the northwest; it is `false` for centers outside the
/// Earth.
pub(super) fn answers(grid: &Grid, question: &impl Question) -> Vec<bool> {
    let (width, height) = (size(grid.width()), size(grid.height()));
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
        while let Some(block) = open.pop() {
            match block.answer(grid, question) {
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

fn size(count: u32) -> usize {
    usize::try_from(count).unwrap_or(0)
}

/// A rectangle of cells.
struct Block {
    left: u32,
    top: u32,
    width: u32,
    height: u32,
}

impl Block {
    /// Its quarters, or halves if it has one row or column.
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

    /// The answer of all its cells; `None` if they may differ.
    fn answer(&self, grid: &Grid, question: &impl Question) -> Option<bool> {
        let (right, bottom) = (self.left + self.width - 1, self.top + self.height - 1);
        let at = |column: u32, row: u32| grid.position(column, row);
        if self.width == 1 && self.height == 1 {
            return Some(at(right, bottom).is_some_and(|at| question.at(at)));
        }
        let middle = at(self.left.midpoint(right), self.top.midpoint(bottom))?;
        let corners = [
            at(self.left, self.top)?,
            at(right, self.top)?,
            at(self.left, bottom)?,
            at(right, bottom)?,
        ];
        let from = Ecef::from(middle);
        let far2 = corners.map(|corner| from.chord2(Ecef::from(corner)));
        // No cell is farther from the middle along the ground than 1.5 times the chord of the farthest corner.
        let far = far2.into_iter().fold(0.0, f64::max).sqrt();
        question.around(middle, Length::from_meters(1.5 * far))
    }
}
