//! A surface as a cloud-optimized GeoTIFF: one band of 32-bit floats in compressed tiles, with overviews
//! for coarser views, in the order that readers over a network expect.
//!
//! TIFF 6.0 (Adobe 1992), its tiles (section 15), technical note 3 for the floating-point predictor
//! (Adobe 2005), GeoTIFF 1.1 (OGC 19-008r4), and the cloud-optimized layout (OGC 21-026): the directories
//! come first, then the tiles of the smallest overview, and those of the full resolution last.

use crate::layers::Surface;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use rayon::prelude::*;
use std::io::{self, Write};

/// Cells along a side of a tile.
const TILE: usize = 256;

/// The nodata value: no score is negative.
pub const NO_DATA: f32 = -9999.0;

/// The band's metadata, in GDAL's XML.
const ABOUT: &str = "<GDALMetadata>\n<Item name=\"DESCRIPTION\" sample=\"0\" role=\"description\">security_score</Item>\n</GDALMetadata>";

/// The header: byte order, magic number, and the offset of the first directory (IFD).
const START: &[u8] = b"II*\0\x08\0\0\0";

/// Whether a file with these first bytes looks like a surface written by this module.
pub fn begins(bytes: &[u8]) -> bool {
    let mut windows = bytes.windows(ABOUT.len());
    bytes.starts_with(START) && windows.any(|window| window == ABOUT.as_bytes())
}

/// One resolution of the image.
struct Image {
    width: usize,
    height: usize,
    values: Vec<f32>,
}

/// A directory entry: tag, type, count and the bytes of its values.
struct Entry {
    tag: u16,
    kind: u16,
    count: usize,
    bytes: Vec<u8>,
}

/// Writes a surface.
///
/// # Errors
/// Those of the writer; a surface that needs more than the 4 GiB of a TIFF, or whose CRS has no EPSG
/// code.
pub fn write(surface: &Surface, out: &mut dyn Write) -> io::Result<()> {
    let code = surface.grid.crs().epsg().ok_or_else(|| {
        io::Error::other(format!("{} has no EPSG code", surface.grid.crs().name()))
    })?;
    let images = pyramid(surface);
    let tiles: Vec<Vec<Vec<u8>>> = images.iter().map(Image::tiles).collect();
    // Tile offsets follow from the directories' lengths, which do not depend on them.
    let lengths = |offsets: &[Vec<u32>]| -> Vec<Vec<Entry>> {
        images
            .iter()
            .zip(&tiles)
            .zip(offsets)
            .enumerate()
            .map(|(level, ((image, tiles), offsets))| {
                directory(level, image, tiles, offsets, (level == 0).then_some((surface, code)))
            })
            .collect()
    };
    let nowhere: Vec<Vec<u32>> = tiles.iter().map(|tiles| vec![0; tiles.len()]).collect();
    let mut at = 8 + lengths(&nowhere).iter().map(|entries| length(entries)).sum::<usize>();
    let mut offsets = nowhere;
    for (offsets, tiles) in offsets.iter_mut().zip(&tiles).rev() {
        for (offset, tile) in offsets.iter_mut().zip(tiles) {
            *offset = number(at)?;
            at += tile.len();
        }
    }
    number(at)?;
    let mut head = START.to_vec();
    let directories = lengths(&offsets);
    for (level, entries) in directories.iter().enumerate() {
        put(&mut head, entries, level + 1 == directories.len())?;
    }
    out.write_all(&head)?;
    tiles.iter().rev().flatten().try_for_each(|tile| out.write_all(tile))
}

/// The surface and its overviews, each half as wide as the one before, until one tile holds it.
fn pyramid(surface: &Surface) -> Vec<Image> {
    let size = |cells: u32| usize::try_from(cells).unwrap_or(0);
    let mut images = vec![Image {
        width: size(surface.grid.width()),
        height: size(surface.grid.height()),
        values: surface.scores.clone(),
    }];
    while let Some(last) = images.last().filter(|i| i.width > TILE || i.height > TILE) {
        let half = last.half();
        images.push(half);
    }
    images
}

impl Image {
    /// A value; NaN outside and for no data.
    fn at(&self, column: usize, row: usize) -> f32 {
        let inside = column < self.width;
        let value = self.values.get(row * self.width + column).filter(|_| inside);
        value.copied().unwrap_or(f32::NAN)
    }

    /// Half the resolution: the mean of up to four cells with data.
    fn half(&self) -> Self {
        let (width, height) = (self.width.div_ceil(2), self.height.div_ceil(2));
        let mean = |cell: usize| {
            let (x, y) = (2 * (cell % width), 2 * (cell / width));
            let (mut sum, mut count) = (0.0_f32, 0.0_f32);
            for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                let value = self.at(x + dx, y + dy);
                if !value.is_nan() {
                    sum += value;
                    count += 1.0;
                }
            }
            if count > 0.0 { sum / count } else { f32::NAN }
        };
        Self { width, height, values: (0..width * height).into_par_iter().map(mean).collect() }
    }

    /// The compressed tiles, row by row.
    fn tiles(&self) -> Vec<Vec<u8>> {
        let across = self.width.div_ceil(TILE);
        let down = self.height.div_ceil(TILE);
        let tile = |number: usize| {
            let (left, top) = (number % across * TILE, number / across * TILE);
            let mut bytes = Vec::with_capacity(TILE * TILE * 4);
            for row in top..top + TILE {
                let values = (left..left + TILE).map(|column| {
                    let value = self.at(column, row);
                    if value.is_nan() { NO_DATA } else { value }
                });
                predict(values, &mut bytes);
            }
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(6));
            // Writing to memory does not fail.
            let _ = encoder.write_all(&bytes);
            encoder.finish().unwrap_or_default()
        };
        (0..across * down).into_par_iter().map(tile).collect()
    }
}

/// The floating-point predictor: the highest bytes of a row first, then the next, each as the difference
/// to the byte before.
fn predict(row: impl Iterator<Item = f32>, bytes: &mut Vec<u8>) {
    let row: Vec<[u8; 4]> = row.map(f32::to_be_bytes).collect();
    let mut before = 0_u8;
    for plane in 0..4 {
        for value in &row {
            let byte = value.get(plane).copied().unwrap_or(0);
            bytes.push(byte.wrapping_sub(before));
            before = byte;
        }
    }
}

/// The entries of a directory, by tag.
fn directory(
    level: usize,
    image: &Image,
    tiles: &[Vec<u8>],
    offsets: &[u32],
    geo: Option<(&Surface, u16)>,
) -> Vec<Entry> {
    let long = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    let lengths: Vec<u32> = tiles.iter().map(|tile| long(tile.len())).collect();
    let tile = long(TILE);
    let mut entries = vec![
        // A reduced-resolution image.
        longs(254, &[u32::from(level > 0)]),
        longs(256, &[long(image.width)]),
        longs(257, &[long(image.height)]),
        shorts(258, &[32]),
        // Deflate.
        shorts(259, &[8]),
        // BlackIsZero.
        shorts(262, &[1]),
        shorts(277, &[1]),
        shorts(284, &[1]),
        // Floating-point predictor.
        shorts(317, &[3]),
        longs(322, &[tile]),
        longs(323, &[tile]),
        longs(324, offsets),
        longs(325, &lengths),
        // IEEE floating point.
        shorts(339, &[3]),
    ];
    if let Some((surface, code)) = geo {
        let [west, _, _, north] = surface.grid.edges();
        let [dx, dy] = surface.grid.cell();
        entries.push(doubles(33_550, &[dx, dy, 0.0]));
        entries.push(doubles(33_922, &[0.0, 0.0, 0.0, west, north, 0.0]));
        // Model type, pixel is area, and the EPSG code.
        let (model, key) = if surface.grid.crs().is_wgs84() { (2, 2048) } else { (1, 3072) };
        entries
            .push(shorts(34_735, &[1, 1, 1, 3, 1024, 0, 1, model, 1025, 0, 1, 1, key, 0, 1, code]));
        entries.push(text(42_112, ABOUT));
    }
    entries.push(text(42_113, &NO_DATA.to_string()));
    entries
}

fn shorts(tag: u16, values: &[u16]) -> Entry {
    let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    Entry { tag, kind: 3, count: values.len(), bytes }
}

fn longs(tag: u16, values: &[u32]) -> Entry {
    let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    Entry { tag, kind: 4, count: values.len(), bytes }
}

fn doubles(tag: u16, values: &[f64]) -> Entry {
    let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    Entry { tag, kind: 12, count: values.len(), bytes }
}

fn text(tag: u16, text: &str) -> Entry {
    let bytes: Vec<u8> = text.bytes().chain([0]).collect();
    Entry { tag, kind: 2, count: bytes.len(), bytes }
}

/// The bytes of a directory, including its out-of-line values.
fn length(entries: &[Entry]) -> usize {
    let outside = entries.iter().filter(|entry| entry.bytes.len() > 4);
    2 + 12 * entries.len()
        + 4
        + outside.map(|entry| entry.bytes.len().next_multiple_of(2)).sum::<usize>()
}

/// Appends a directory and, after it, its out-of-line values.
fn put(head: &mut Vec<u8>, entries: &[Entry], last: bool) -> io::Result<()> {
    let start = head.len();
    let mut outside = start + 2 + 12 * entries.len() + 4;
    head.extend(u16::try_from(entries.len()).unwrap_or(0).to_le_bytes());
    let mut values = Vec::new();
    for entry in entries {
        head.extend(entry.tag.to_le_bytes());
        head.extend(entry.kind.to_le_bytes());
        head.extend(number(entry.count)?.to_le_bytes());
        if entry.bytes.len() <= 4 {
            head.extend(entry.bytes.iter().copied().chain([0; 4]).take(4));
        } else {
            head.extend(number(outside)?.to_le_bytes());
            values.extend_from_slice(&entry.bytes);
            // Values begin at even offsets.
            values.resize(values.len().next_multiple_of(2), 0);
            outside = start + 2 + 12 * entries.len() + 4 + values.len();
        }
    }
    let next = if last { 0 } else { number(start + length(entries))? };
    head.extend(next.to_le_bytes());
    head.append(&mut values);
    Ok(())
}

/// An offset or a count as TIFF stores it.
fn number(value: usize) -> io::Result<u32> {
    u32::try_from(value)
        .map_err(|_| io::Error::other("the surface needs more than the 4 GiB of a TIFF"))
}
