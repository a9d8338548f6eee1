//! The look of each layer, defined once as data: classes with colors and shapes, legend labels, column aliases,
//! map tips. Style files, the styles in a GeoPackage and the project are all written from this.

mod alias;
mod base;
mod basemap;
mod color;
mod gap;
mod incidents;
mod looks;
mod over_time;
mod picked;
mod receptors;
mod sure;
mod surface;
mod tip;

pub use alias::{alias, aliases};
pub use base::NO_POSITION;
pub use color::{Color, GROUND, Ground, NO_DATA, NoData, Theme};
pub use gap::{DOT, DOT_SHARE};
pub use incidents::{ACCIDENT, EDGE, INCIDENT_CLASSES, IncidentClass, SECURITY_INCIDENT};
pub use looks::{band_label, styles};
pub use picked::{Condition, Picked, columns as picked_columns, picked};
pub use receptors::{receptor_color, receptor_shape};
pub use surface::{SurfaceClass, surface_classes};
pub use tip::{Tip, TipLine};

/// One way to draw a layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Style {
    /// A name, unique among the styles of a layer.
    pub name: &'static str,
    /// Its title in a list of layers.
    pub title: &'static str,
    /// A description in one or two sentences.
    pub about: &'static str,
    /// Its group in the project.
    pub group: Group,
    /// Whether a project shows it initially.
    pub shown: bool,
    /// Symbols.
    pub drawing: Drawing,
    /// Draw order: a QGIS expression, ascending; the order of the file if `None`.
    pub order: Option<&'static str>,
    /// A dot in the middle of some markers.
    pub mark: Option<Mark>,
    /// Labels of the features.
    pub labels: Option<Labels>,
    /// The expression that names a feature in lists.
    pub display: &'static str,
    /// The map tip.
    pub tip: Tip,
    /// The time of a feature, for a time slider.
    pub time: Option<Time>,
}

/// The time of a feature; column names are unquoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Time {
    /// On the day in this column.
    On(&'static str),
    /// From the day in the first column until before the day in the second.
    Span(&'static str, &'static str),
}

/// The groups of a project, from the top of the map to the bottom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// Scores.
    Risk,
    /// What the scores are made of.
    Why,
    /// What lies in reach of the sites.
    Receptors,
    /// The base map.
    Base,
}

impl Group {
    /// Every group, from the top.
    pub const ALL: [Self; 4] = [Self::Risk, Self::Why, Self::Receptors, Self::Base];

    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Risk => "Risk",
            Self::Why => "Why",
            Self::Receptors => "Receptors",
            Self::Base => "Base map",
        }
    }

    /// Whether a project shows it initially. One click shows what lies near the sites; it would bury them.
    pub fn is_shown(self) -> bool {
        self != Self::Receptors
    }
}

/// How features map to symbols.
#[derive(Debug, Clone, PartialEq)]
pub enum Drawing {
    /// One symbol for all.
    One(Symbol),
    /// One symbol for the features that fit the scale of the map.
    Where {
        /// The expression that tells whether a feature does.
        fits: &'static str,
        /// Its label in the legend.
        label: &'static str,
        /// The symbol.
        symbol: Symbol,
    },
    /// Classes by the text that an expression gives.
    ByText {
        /// The expression; column names are in double quotes.
        of: &'static str,
        /// The classes, in the order of the legend.
        classes: Vec<Class>,
    },
}

/// The features with the same text.
#[derive(Debug, Clone, PartialEq)]
pub struct Class {
    /// The text.
    pub value: &'static str,
    /// Its label in the legend.
    pub label: String,
    /// The symbol.
    pub symbol: Symbol,
}

/// A symbol. Sizes and widths are in millimeters.
#[derive(Debug, Clone, PartialEq)]
pub enum Symbol {
    /// For points.
    Marker {
        /// Its shape, by QGIS's name.
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
        /// How it shows how sure a score is.
        sureness: Option<Sureness>,
    },
    /// For lines.
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
    /// For polygons.
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

/// A dot in the middle of the markers of some features.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The expression that tells whether a feature has it.
    pub of: &'static str,
    /// The column that it reads.
    pub column: &'static str,
    /// Its label in the legend.
    pub label: &'static str,
}

/// Expressions by which a marker shows how sure a score is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sureness {
    /// The opacity of a plain fill, 0 to 1.
    pub opacity: &'static str,
    /// The width of the outline in millimeters.
    pub ring: &'static str,
}

/// The fill of a shape.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fill {
    /// No fill.
    Hollow,
    /// A color.
    Plain(Color),
    /// A color within edges that are smoothed where they are drawn: the features follow the edges of cells.
    Smooth(Color),
    /// Grey hatching: no data.
    Hatched,
    /// Land with thin lines: something was not collected there.
    Lined {
        /// How far apart the lines are, in millimeters.
        apart: f64,
        /// Their direction in degrees from east, counterclockwise.
        angle: u8,
    },
}

/// Labels of features.
#[derive(Debug, Clone, PartialEq)]
pub struct Labels {
    /// The expression of the text.
    pub of: &'static str,
    /// The font size in points.
    pub size: f64,
    /// The text color.
    pub color: Color,
    /// An expression, 0 to 10, that gives the priority of labels if not all fit.
    pub priority: Option<&'static str>,
    /// The smallest map scale, as its denominator, at which labels are drawn.
    pub from_scale: Option<u32>,
    /// An expression that tells whether a feature has its label on a map of its scale.
    pub shown: Option<&'static str>,
}
