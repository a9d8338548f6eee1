//! What `check` tells of a raster.

use super::terminal::cell;
use crate::sources::RasterSummary;
use serde::Serialize;
use std::path::Path;

/// What `check --json` prints of a raster.
#[derive(Serialize)]
pub struct Report {
    file: String,
    role: &'static str,
    format: String,
    blake3: String,
    bytes: u64,
    width: u32,
    height: u32,
    bands: u64,
    crs: String,
    cell: [f64; 2],
    /// West, south, east, north in the units of the system.
    extent: [f64; 4],
    /// West, south, east, north in degrees.
    bbox: Option<[f64; 4]>,
    no_data: Option<f64>,
    scale: f64,
    offset: f64,
    min: Option<f64>,
    max: Option<f64>,
    /// Share of the cells with a value.
    known: f64,
}

impl Report {
    pub fn of(raster: &RasterSummary) -> Self {
        let [width, height] = raster.size;
        let [scale, offset] = raster.scaling;
        Self {
            file: raster.file.to_string(),
            role: "raster",
            format: raster.format.clone(),
            blake3: raster.hash.clone(),
            bytes: raster.bytes,
            width,
            height,
            bands: raster.bands,
            crs: raster.crs.clone(),
            cell: raster.cell,
            extent: raster.extent,
            bbox: raster.bounds.map(|bounds| bounds.degrees()),
            no_data: raster.no_data.filter(|number| number.is_finite()),
            scale,
            offset,
            min: raster.min,
            max: raster.max,
            known: raster.known,
        }
    }
}

/// A raster in a few lines.
pub fn text(file: &Path, raster: &RasterSummary) -> String {
    let ([width, height], [wide, high]) = (raster.size, raster.cell);
    let extent = raster.extent.map(|edge| edge.to_string()).join(", ");
    let mut text = format!(
        "{}\n  {}\n  raster of {width} x {height} cells of {wide} x {high} in {}\n  extent {extent}\n",
        cell(&file.to_string_lossy()),
        cell(&raster.format),
        cell(&raster.crs),
    );
    if let Some(bounds) = raster.bounds.filter(|_| raster.crs != "EPSG:4326") {
        let degrees = bounds.degrees().map(|degree| format!("{degree:.4}")).join(", ");
        text.push_str(&format!("  which is {degrees} in degrees\n"));
    }
    if raster.bands > 1 {
        text.push_str(&format!("  {} bands, of which the first is read\n", raster.bands));
    }
    if let [scale, offset] = raster.scaling
        && (scale, offset) != (1.0, 0.0)
    {
        text.push_str(&format!("  values are scaled: stored x {scale} + {offset}\n"));
    }
    if let Some(number) = raster.no_data {
        text.push_str(&format!("  {number} stands for no value\n"));
    }
    text.push_str(&match (raster.min, raster.max) {
        (Some(min), Some(max)) => {
            format!(
                "  values from {min} to {max}; {:.1} % of the cells have one\n",
                raster.known * 100.0
            )
        }
        _ => "  no cell has a value\n".to_owned(),
    });
    text
}
