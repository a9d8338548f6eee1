//! Longitudes and latitudes of a grid's cell centers, and their bounding window.

#![expect(clippy::indexing_slicing, reason = "cells and bins are counted here")]

use super::lattice::Window;
use super::{number, whole};
use crate::earth::Grid;
use rayon::prelude::*;

/// The centers of a grid's cells, by cell number.
#[derive(Debug)]
pub(super) enum Centers<'a> {
    /// A grid in longitude and latitude.
    Regular(&'a Grid),
    /// Any other grid: degrees, NaN for cells outside the Earth.
    Listed(Vec<[f64; 2]>),
}

impl<'a> Centers<'a> {
    pub fn new(grid: &'a Grid) -> Self {
        if grid.crs().is_wgs84() {
            return Self::Regular(grid);
        }
        let rows = (0..grid.height()).into_par_iter().flat_map_iter(|row| {
            (0..grid.width()).map(move |column| {
                grid.position(column, row).map_or([f64::NAN; 2], |p| [p.lon(), p.lat()])
            })
        });
        Self::Listed(rows.collect())
    }

    pub fn count(&self) -> usize {
        match self {
            Self::Regular(grid) => {
                usize::try_from(u64::from(grid.width()) * u64::from(grid.height())).unwrap_or(0)
            }
            Self::Listed(list) => list.len(),
        }
    }

    /// Returns the window that contains all centers; `None` if there are none.
    pub fn window(&self) -> Option<Window> {
        match self {
            Self::Regular(grid) => {
                let [west, south, east, north] = grid.edges();
                let (south, north) = (south.max(-90.0), north.min(90.0));
                (self.count() > 0).then_some(Window { south, north, west, span: east - west })
            }
            Self::Listed(list) => {
                let places = || list.iter().filter(|at| at[1].abs() <= 90.0);
                let south = places().map(|at| at[1]).min_by(f64::total_cmp)?;
                let north = places().map(|at| at[1]).max_by(f64::total_cmp)?;
                let (west, span) = arc(places().map(|at| at[0]));
                Some(Window { south, north, west, span })
            }
        }
    }
}

/// Returns the west end and the span of the shortest arc, to half a degree, that contains all
/// longitudes.
fn arc(longitudes: impl Iterator<Item = f64>) -> (f64, f64) {
    const BINS: usize = 720;
    let mut used = [false; BINS];
    for lon in longitudes {
        used[whole(((lon + 180.0) * 2.0).floor()).min(BINS - 1)] = true;
    }
    // The longest run of empty bins, which may cross the antimeridian.
    let (mut longest, mut end, mut run) = (0, 0, 0);
    for bin in 0..2 * BINS {
        run = if used[bin % BINS] { 0 } else { run + 1 };
        if run > longest && run <= BINS {
            (longest, end) = (run, bin + 1);
        }
    }
    (0.5 * number(end % BINS) - 180.0, 0.5 * number(BINS - longest))
}
