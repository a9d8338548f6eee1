//! The cells of a raster around a site.

/// What the cells of a raster within a radius of a site hold.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct RasterSample {
    /// The value of the cell at the site.
    pub point: Option<f64>,
    /// The mean, weighted by area.
    pub mean: Option<f64>,
    /// The largest value.
    pub max: Option<f64>,
    /// The share of the area with a value that is over the threshold.
    pub share_over: Option<f64>,
    /// The sum of the values.
    pub total: Option<f64>,
    /// The sum of the values, each times exp(-rate d / decay).
    pub weighted_total: Option<f64>,
    /// The share of the cells that have a value.
    pub known: f64,
}
