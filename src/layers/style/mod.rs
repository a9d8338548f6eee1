//! The look of each layer, described once as data: the classes with their colors and shapes, the legend's labels,
//! the aliases of columns, the tips under the pointer. Style files, the
//! styles in a GeoPackage and the project are all written from this.

mod alias;
mod base;
mod color;
mod looks;
mod over_time;
mod surface;
mod tip;

pub use alias::{alias, aliases};
pub use base::NO_POSITION;
pub use color::{Color, GROUND, Ground, NO_DATA, NoData, Theme};
pub use looks::{band_label, styles};
pub use surface::{SurfaceClass, surface_classes};
pub use tip::{Tip, TipLine};

/// One way to draw a layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Style {
    /// A word for it, unique among the styles of a layer.
    pub name: &'static str,
    /// What a list of layers calls it.
    pub title: &'static str,
    /// What it shows, in a sentence or two.
    pub about: &'static str,
    /// Its group in the project.
    pub group: Group,
    /// Whether a project shows it at once.
    pub shown: bool,
    /// Symbols.
    pub drawing: Drawing,
    /// Draw order: a QGIS expression, ascending; the order of the file if `None`.
    pub order: Option<&'static str>,
    /// Names beside the features.
    pub labels: Option<Labels>,
    /// The expression that names a feature in lists.
    pub display: &'static str,
    /// What pops up under the pointer.
    pub tip: Tip,
    /// When a feature is there, for a time slider.
    pub time: Option<Time>,
}

/// When a feature is there; a column is named without quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Time {
    /// On the day in this column.
    On(&'static str),
    /// From the day in the one column until before that in the other.
    Span(&'static str, &'static str),
}

/// The groups of a project, from the top of the map to its ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// What the scores are.
    Risk,
    /// What they come from.
    Why,
    /// Where they are.
    Context,
}

impl Group {
    /// Every group, from the top.
    pub const ALL: [Self; 3] = [Self::Risk, Self::Why, Self::Context];

    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Risk => "Risk",
            Self::Why => "Why",
            Self::Context => "Context",
        }
    }
}

/// Which feature gets which symbol.
#[derive(Debug, Clone, PartialEq)]
pub enum Drawing {
    /// All the same.
    One(Symbol),
    /// By the text that an expression gives.
    ByText {
        /// The expression; a column is one in double quotes.
        of: &'static str,
        /// The classes, in the order of the legend.
        classes: Vec<Class>,
    },
}

/// The features that share a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Class {
    /// The text.
    pub value: &'static str,
    /// Its label in the legend.
    pub label: String,
    /// How they are drawn.
    pub symbol: Symbol,
}

/// A symbol. Sizes and widths are in millimeters.
#[derive(Debug, Clone, PartialEq)]
pub enum Symbol {
    /// Of a point.
    Marker {
        /// Its shape, by QGIS's word.
        shape: &'static str,
        /// Its fill.
        fill: Fill,
        /// Its outline.
        outline: Color,
        /// Its size.
        size: f64,
        /// An expression for the size of each feature.
        size_by: Option<&'static str>,
        /// Its halo, which sets it off from an area of the same color.
        halo: Option<Color>,
    },
    /// Of a line.
    Line {
        /// Its color.
        color: Color,
        /// Its width.
        width: f64,
        /// An expression for the width of each feature.
        width_by: Option<&'static str>,
        /// Lengths of dash and gap.
        dash: Option<[f64; 2]>,
    },
    /// Of an area.
    Area {
        /// Its fill.
        fill: Fill,
        /// Its outline.
        outline: Color,
        /// The outline's width.
        width: f64,
        /// Lengths of dash and gap of the outline.
        dash: Option<[f64; 2]>,
    },
}

/// The fill of a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// Nothing.
    Hollow,
    /// A color.
    Plain(Color),
    /// Hatched grey: nothing is known.
    Hatched,
}

/// Names beside features.
#[derive(Debug, Clone, PartialEq)]
pub struct Labels {
    /// The expression of the text.
    pub of: &'static str,
    /// Points.
    pub size: f64,
    /// Their color.
    pub color: Color,
    /// An expression, 0 to 10, for which names go first where not all have room.
    pub priority: Option<&'static str>,
    /// The smallest map, as the denominator of its scale, on which they are written.
    pub from_scale: Option<u32>,
}
