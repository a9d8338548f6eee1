//! The content of a QGIS project, as plain values.

use super::metadata::Facts;
use super::slider::Slider;
use crate::earth::GeometryKind;
use crate::layers::Column;
use crate::layers::style::{Style, SurfaceClass};

/// The content of a project.
#[derive(Debug, Clone)]
pub struct Project<'a> {
    /// Its title, also on the map.
    pub title: String,
    /// A line below the title: a subtitle, the as-of date, the scheme.
    pub facts: String,
    /// A picture beside the title, in base 64.
    pub logo: Option<String>,
    /// The note below the map.
    pub note: String,
    /// The layers, from the top of the map to the bottom.
    pub sheets: Vec<Sheet<'a>>,
    /// The surface, if any; it is above the land and below everything else.
    pub surface: Option<Surface>,
    /// West, south, east and north of the initial view, in degrees.
    pub view: [f64; 4],
    /// The pages of single sites.
    pub pages: Pages,
    /// The time slider, if there is anything to animate.
    pub slider: Option<Slider>,
}

/// What the pages of single sites need to know.
#[derive(Debug, Clone, Default)]
pub struct Pages {
    /// The ids of the sites that have a page, if not all have one.
    pub only: Option<Vec<String>>,
    /// The number of all sites.
    pub sites: usize,
    /// The codes and the names of the countries of the sites.
    pub countries: Vec<(String, &'static str)>,
}

/// A layer drawn in one style.
#[derive(Debug, Clone)]
pub struct Sheet<'a> {
    /// The layer's name.
    pub layer: &'a str,
    /// Its file, beside the project.
    pub file: String,
    /// Its geometry kind.
    pub kind: GeometryKind,
    /// Its columns.
    pub columns: &'a [Column],
    /// Its style.
    pub style: Style,
    /// How much of what was read it holds, if not all: `16 of 20 read`.
    pub part: Option<String>,
    /// What its metadata tell.
    pub facts: Facts,
}

impl Sheet<'_> {
    /// Its title in a list of layers.
    pub(super) fn title(&self) -> String {
        match &self.part {
            Some(part) => format!("{}: {part}", self.style.title),
            None => self.style.title.to_owned(),
        }
    }
}

/// A grid of scores.
#[derive(Debug, Clone)]
pub struct Surface {
    /// Its file, beside the project.
    pub file: String,
    /// Its title in a list of layers.
    pub title: String,
    /// A description, with the size of its cells.
    pub about: String,
    /// The EPSG code of its CRS.
    pub epsg: u16,
    /// The classes of its cells.
    pub classes: Vec<SurfaceClass>,
    /// What its metadata tell.
    pub facts: Facts,
}
