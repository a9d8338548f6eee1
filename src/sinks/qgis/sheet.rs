//! What a QGIS project shows, as plain values.

use super::slider::Slider;
use crate::earth::GeometryKind;
use crate::layers::Column;
use crate::layers::style::{Style, SurfaceClass};

/// What a project shows.
#[derive(Debug, Clone)]
pub struct Project<'a> {
    /// Its title, on the map as well.
    pub title: String,
    /// The note below the map.
    pub note: String,
    /// The layers, from the top of the map to its ground.
    pub sheets: Vec<Sheet<'a>>,
    /// The surface, where there is one; it lies above the land and below all else.
    pub surface: Option<Surface>,
    /// West, south, east and north of what is to be seen at first, in degrees.
    pub view: [f64; 4],
    /// The time slider, where there is anything to play.
    pub slider: Option<Slider>,
}

/// A layer drawn in one style.
#[derive(Debug, Clone)]
pub struct Sheet<'a> {
    /// The layer's name.
    pub layer: &'a str,
    /// The file that holds it, beside the project.
    pub file: String,
    /// Its kind of geometry.
    pub kind: GeometryKind,
    /// Its columns.
    pub columns: &'a [Column],
    /// How it is drawn.
    pub style: Style,
}

/// A grid of scores.
#[derive(Debug, Clone)]
pub struct Surface {
    /// The file that holds it, beside the project.
    pub file: String,
    /// What a list of layers calls it.
    pub title: String,
    /// EPSG's code of its reference system.
    pub epsg: u16,
    /// How its cells are drawn.
    pub classes: Vec<SurfaceClass>,
}
