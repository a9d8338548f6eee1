//! What `check` tells of a raster.

use super::terminal::cell;
use crate::sources::RasterSummary;
use std::path::Path;

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
