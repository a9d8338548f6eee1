//! Rasters: GeoTIFF files, of which windows of cells are read. A raster may be larger than memory.
//!
//! `directory` reads the fields of a TIFF, `layout` checks how the values are stored, `georeference` finds out where they
//! lie, `chunk` decodes a strip or a tile, and `cache` keeps the ones that were decoded last.

mod cache;
mod chunk;
mod directory;
mod georeference;
mod layout;
mod meaning;
mod summary;

pub use summary::{RasterSummary, is_raster, summarize};

use crate::Result;
use crate::earth::RasterGrid;
use crate::model::Cells;
use crate::sources::bytes::open::Source;
use crate::sources::bytes::stored::Stored;
use crate::sources::options::ReadOptions;
use cache::Cache;
use chunk::Chunk;
use directory::Directory;
use layout::Layout;
use meaning::Meaning;
use std::sync::Arc;

/// The first band of a GeoTIFF.
#[derive(Debug)]
pub struct GeoTiff {
    file: Arc<str>,
    stored: Stored,
    layout: Layout,
    grid: RasterGrid,
    meaning: Meaning,
    is_big: bool,
    cache: Cache,
}

impl GeoTiff {
    /// Opens a file: reads what it says of itself and checks it, but reads no values. At most `cache` bytes of decoded
    /// chunks are kept.
    ///
    /// # Errors
    /// The file is no GeoTIFF, is cut short or damaged, stores its values in a way that is not read, or does not say
    /// where it lies.
    pub fn open(source: &Source, options: &ReadOptions, cache: usize) -> Result<Self> {
        let stored = Stored::open(source, &options.limits)?;
        let file = Arc::clone(source.name());
        let directory = Directory::read(&stored, &file)?;
        let layout = Layout::read(&directory, &file, stored.length())?;
        let usual = options.crs.as_deref().or(options.usual_crs.as_deref());
        let grid = georeference::grid(&directory, &file, layout.size, usual)?;
        let (meaning, is_big) = (Meaning::read(&directory, &layout)?, directory.is_big);
        Ok(Self { stored, layout, grid, meaning, is_big, cache: Cache::new(cache), file })
    }

    /// The file's name.
    pub fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// BLAKE3 of the file's bytes, in hex.
    pub fn hash(&self) -> &str {
        &self.stored.hash
    }

    /// The format in words: `GeoTIFF, float32, tiles of 256 x 256, deflate`.
    pub fn format(&self) -> String {
        let big = if self.is_big { "BigTIFF" } else { "GeoTIFF" };
        format!("{big}, {}, {}", self.layout.type_word(), self.layout.storage())
    }

    /// The cells in words: `7200 x 3600 cells in EPSG:4326`.
    pub fn cells(&self) -> String {
        let [width, height] = self.layout.size;
        format!("{width} x {height} cells in {}", self.system())
    }

    /// The name of the reference system; of a definition the name in it.
    fn system(&self) -> &str {
        let crs = self.grid.crs();
        let title = || crs.name().split('"').nth(1);
        match crs.name() {
            _ if crs.is_wgs84() => "EPSG:4326",
            definition if definition.contains('[') => title().unwrap_or(definition),
            name => name,
        }
    }

    fn chunk_of(&self, number: u32) -> Result<Arc<Chunk>> {
        self.cache.get(number, || {
            let chunk = Chunk::read(&self.stored, &self.layout, number, &self.file)?;
            let bytes = chunk.bytes(&self.layout);
            Ok((chunk, bytes))
        })
    }
}

impl Cells for GeoTiff {
    fn grid(&self) -> &RasterGrid {
        &self.grid
    }

    fn chunk(&self) -> [u32; 2] {
        self.layout.chunk
    }

    fn read(&self, column: u32, row: u32, into: &mut [f64]) -> Result<()> {
        let (layout, [width, height]) = (&self.layout, self.layout.size);
        let [wide, high] = layout.chunk;
        let (mut column, mut rest) = (column, into);
        while !rest.is_empty() && column < width && row < height {
            let number = row / high * layout.across + column / wide;
            let (left, top) = (column % wide, row % high);
            let here = usize::try_from((wide - left).min(width - column)).unwrap_or(usize::MAX);
            let here = here.min(rest.len());
            let (part, after) = std::mem::take(&mut rest).split_at_mut(here);
            let from = u64::from(top) * u64::from(wide) + u64::from(left);
            let chunk = self.chunk_of(number)?;
            chunk.copy(usize::try_from(from).unwrap_or(usize::MAX), self.meaning.absent(), part);
            part.iter_mut().for_each(|value| *value = self.meaning.of(*value));
            column = column.saturating_add(u32::try_from(part.len()).unwrap_or(u32::MAX));
            rest = after;
        }
        rest.fill(f64::NAN);
        Ok(())
    }
}
