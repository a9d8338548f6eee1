//! What a raster is, for those who check a file.

use super::{Cells, GeoTiff, directory};
use crate::Result;
use crate::earth::{Bounds, Position};
use crate::float;
use crate::sources::bytes::open::{Source, head_of};
use crate::sources::options::ReadOptions;
use rayon::prelude::*;
use std::sync::Arc;

/// Bytes of decoded chunks that are kept: each is read once.
const CACHE: usize = 64 << 20;

/// A raster in numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct RasterSummary {
    /// The file's name.
    pub file: Arc<str>,
    /// Format, type of the values and how they are stored.
    pub format: String,
    /// Columns and rows.
    pub size: [u32; 2],
    /// Number of bands, of which the first is read.
    pub bands: u64,
    /// Name of the reference system.
    pub crs: String,
    /// Sides of a cell, in the units of the system.
    pub cell: [f64; 2],
    /// West, south, east, north in the units of the system, around the corners.
    pub extent: [f64; 4],
    /// The box around the corners in longitude and latitude; `None` where none of them has a position.
    pub bounds: Option<Bounds>,
    /// The stored number that stands for no value.
    pub no_data: Option<f64>,
    /// By how much stored numbers are multiplied, and what is added then.
    pub scaling: [f64; 2],
    /// The smallest value; `None` if no cell has one.
    pub min: Option<f64>,
    /// The largest value.
    pub max: Option<f64>,
    /// Share of the cells that have a value.
    pub known: f64,
    /// BLAKE3 hash of the file's bytes, in hexadecimal.
    pub hash: String,
    /// File size.
    ///
    /// # Units
    /// Bytes.
    pub bytes: u64,
}

/// Whether a file begins like a TIFF.
///
/// # Errors
/// The file cannot be opened.
pub fn is_raster(source: &Source, options: &ReadOptions) -> Result<bool> {
    let Some(path) = source.as_path() else { return Ok(false) };
    Ok(path.exists() && directory::begins(&head_of(path, &options.limits)?))
}

/// Reads all cells of a raster and summarizes them.
///
/// # Errors
/// Those of [`GeoTiff::open`], and a damaged chunk.
pub fn summarize(source: &Source, options: &ReadOptions) -> Result<RasterSummary> {
    let raster = GeoTiff::open(source, options, CACHE)?;
    let (grid, layout) = (raster.grid(), &raster.layout);
    let ([width, height], high) = (layout.size, layout.chunk[1].max(1));
    let rows = |first: u32| -> Result<Range> {
        let mut values = vec![f64::NAN; usize::try_from(width).unwrap_or(0)];
        let mut range = Range::default();
        for row in first..first.saturating_add(high).min(height) {
            raster.read(0, row, &mut values)?;
            range.add(&values);
        }
        Ok(range)
    };
    let bands: Vec<u32> = (0..height.div_ceil(high)).map(|band| band * high).collect();
    let ranges = bands.into_par_iter().map(rows).collect::<Result<Vec<Range>>>()?;
    let whole = ranges.into_iter().fold(Range::default(), Range::and);
    let corners = grid.corners();
    let along = |axis: usize| corners.iter().filter_map(move |corner| corner.get(axis).copied());
    let [low, top] = [f64::INFINITY, f64::NEG_INFINITY];
    let extent = [
        along(0).fold(low, f64::min),
        along(1).fold(low, f64::min),
        along(0).fold(top, f64::max),
        along(1).fold(top, f64::max),
    ];
    let count = float::of_whole(u64::from(width) * u64::from(height));
    Ok(RasterSummary {
        file: Arc::clone(&raster.file),
        format: raster.format(),
        size: layout.size,
        bands: layout.bands,
        crs: raster.system().to_owned(),
        cell: grid.cell(),
        extent,
        bounds: Bounds::around(places(&raster).into_iter()),
        no_data: raster.meaning.no_data,
        scaling: [raster.meaning.scale, raster.meaning.offset],
        min: whole.ends.map(|ends| ends[0]),
        max: whole.ends.map(|ends| ends[1]),
        known: float::of_whole(whole.known) / count,
        hash: raster.hash().to_owned(),
        bytes: raster.stored.length(),
    })
}

/// Places along the edges and within, by which the box around a raster is found.
fn places(raster: &GeoTiff) -> Vec<Position> {
    let [width, height] = raster.layout.size.map(f64::from);
    let parts = || (0..=16).map(|part| f64::from(part) / 16.0);
    let places = parts().flat_map(|u| parts().map(move |v| [u * width, v * height]));
    places.filter_map(|[column, row]| raster.grid.position(column, row)).collect()
}

/// The smallest and the largest value, and the number of cells with one.
#[derive(Debug, Clone, Copy, Default)]
struct Range {
    ends: Option<[f64; 2]>,
    known: u64,
}

impl Range {
    fn add(&mut self, values: &[f64]) {
        for value in values.iter().filter(|value| !value.is_nan()) {
            let [min, max] = self.ends.unwrap_or([*value; 2]);
            self.ends = Some([min.min(*value), max.max(*value)]);
            self.known += 1;
        }
    }

    fn and(self, other: Self) -> Self {
        let ends = match (self.ends, other.ends) {
            (Some([a, b]), Some([c, d])) => Some([a.min(c), b.max(d)]),
            (one, other) => one.or(other),
        };
        Self { ends, known: self.known + other.known }
    }
}
