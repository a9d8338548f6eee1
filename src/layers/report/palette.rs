//! Colors of bands, and the words of the legend. The ramps are ColorBrewer's (Brewer and Harrower
//! 2003), which stay in order in grey and for color-blind readers.

use crate::scoring::{Band, Bands};

/// Red, green and blue.
pub type Color = [u8; 3];

/// Security, from very low to very high.
pub const OR_RD: [Color; 5] =
    [[254, 240, 217], [253, 204, 138], [252, 141, 89], [227, 74, 51], [179, 0, 0]];

/// Environment, from very low to very high.
pub const YL_GN_BU: [Color; 5] =
    [[255, 255, 204], [161, 218, 180], [65, 182, 196], [44, 127, 184], [37, 52, 148]];

/// What the legend says of a band: its name and its scores.
pub fn band_label(band: Band, bands: &Bands) -> String {
    let [low, medium, high, very_high] = bands.edges;
    match band {
        Band::NoData => "No data".into(),
        Band::VeryLow => format!("Very low, under {low}"),
        Band::Low => format!("Low, {low} to under {medium}"),
        Band::Medium => format!("Medium, {medium} to under {high}"),
        Band::High => format!("High, {high} to under {very_high}"),
        Band::VeryHigh => format!("Very high, {very_high} to 100"),
    }
}
