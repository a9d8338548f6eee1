//! Which cells of a grid lie where incidents were collected.

use crate::earth::{Grid, Length, Position, geodesic};
use crate::measures::coverage::{Borders, Coverage, OFF_COAST, country_at};
use rayon::prelude::*;

/// Cells along the side of a tile: where no border is near a tile, one cell answers for all.
const TILE: u32 = 16;

/// For each cell whether a site at its center would be covered.
pub(in crate::measures) fn covered(coverage: &Coverage, grid: &Grid) -> Vec<bool> {
    let size = |count: u32| usize::try_from(count).unwrap_or(0);
    let (width, height) = (size(grid.width()), size(grid.height()));
    let (cover, by_country) = match coverage {
        Coverage::Nowhere => return vec![false; width * height],
        Coverage::Everywhere => return vec![true; width * height],
        Coverage::Countries { cover, .. } => (cover, true),
        Coverage::Area { cover, .. } => (cover, false),
    };
    let borders = by_country.then(Borders::built_in);
    let covers = |at: Position| {
        let country = borders.as_ref().and_then(|borders| country_at(at, borders));
        coverage.covers(at, country)
    };
    let mut cells = vec![false; width * height];
    if cells.is_empty() {
        return cells;
    }
    cells.par_chunks_mut(width * size(TILE)).enumerate().for_each(|(band, cells)| {
        let top = TILE * u32::try_from(band).unwrap_or(0);
        let bottom = (top + TILE).min(grid.height()) - 1;
        for left in (0..grid.width()).step_by(size(TILE)) {
            let right = (left + TILE).min(grid.width()) - 1;
            let middle = grid.position(left.midpoint(right), top.midpoint(bottom));
            let corners = [(left, top), (right, top), (left, bottom), (right, bottom)];
            let far = corners.map(|(column, row)| {
                Some(geodesic::distance(middle?, grid.position(column, row)?).km())
            });
            // No cell is farther from the middle than by half as much again as the farthest corner.
            let radius = far.into_iter().collect::<Option<Vec<f64>>>().map(|far| {
                let most = far.into_iter().fold(0.0, f64::max);
                Length::from_km(1.5 * most + OFF_COAST.km())
            });
            let alike = middle
                .zip(radius)
                .filter(|(_, radius)| radius.km() < 1000.0)
                .filter(|(middle, radius)| !cover.may_end_within(*middle, *radius));
            let all = alike.map(|(middle, _)| covers(middle));
            for row in top..=bottom {
                for column in left..=right {
                    let one = || grid.position(column, row).is_some_and(covers);
                    let place = size(row - top) * width + size(column);
                    if let Some(cell) = cells.get_mut(place) {
                        *cell = all.unwrap_or_else(one);
                    }
                }
            }
        }
    });
    cells
}
