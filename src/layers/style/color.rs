//! All colors, including those of the score bands: every map, legend, report and style takes them from here.
//! A band has one color wherever its score is drawn, on sites, contours and surfaces alike.

/// A color: red, green, blue and opacity, 0 to 255.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color(pub u8, pub u8, pub u8, pub u8);

impl Color {
    /// An opaque color.
    pub const fn rgb(red: u8, green: u8, blue: u8) -> Self {
        Self(red, green, blue, 255)
    }

    /// The color with another opacity.
    #[must_use]
    pub const fn with_alpha(self, alpha: u8) -> Self {
        Self(self.0, self.1, self.2, alpha)
    }

    /// The color as `#rrggbb`, without its opacity.
    pub fn hex(self) -> String {
        let Self(red, green, blue, _) = self;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }
}

/// Fully transparent.
pub(super) const NONE: Color = Color(0, 0, 0, 0);

/// Which score a map shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Theme {
    /// The security score.
    Security,
    /// The environment score.
    Environment,
    /// The overall score, of still maps only.
    Overall,
}

impl Theme {
    /// The themes of layers and pages.
    pub const ALL: [Self; 2] = [Self::Security, Self::Environment];

    /// The word in names.
    pub fn word(self) -> &'static str {
        match self {
            Self::Security => "security",
            Self::Environment => "environment",
            Self::Overall => "overall",
        }
    }

    /// The colors of its bands, from very low to very high.
    pub fn ramp(self) -> [Color; 5] {
        match self {
            Self::Security => OR_RD,
            Self::Environment => PURPLES,
            Self::Overall => RD_PU,
        }
    }

    /// The color of a band by its number, 1 to 5 from very low to very high; `None` for 0, no data, which is
    /// drawn in grey and hatched where possible.
    pub fn color(self, band: u8) -> Option<Color> {
        self.ramp().get(usize::from(band).checked_sub(1)?).copied()
    }
}

/// Orange to red: ColorBrewer's OrRd of five classes (Harrower and Brewer 2003).
const OR_RD: [Color; 5] = [
    Color::rgb(254, 240, 217),
    Color::rgb(253, 204, 138),
    Color::rgb(252, 141, 89),
    Color::rgb(227, 74, 51),
    Color::rgb(179, 0, 0),
];

/// Light to dark purple: the purple half of ColorBrewer's PRGn of ten classes, which is safe for color-blind
/// readers, distinct from water, and in every band darker than OrRd.
const PURPLES: [Color; 5] = [
    Color::rgb(231, 212, 232),
    Color::rgb(194, 165, 207),
    Color::rgb(153, 112, 171),
    Color::rgb(118, 42, 131),
    Color::rgb(64, 0, 75),
];

/// Pink to dark magenta, between the two: ColorBrewer's RdPu of five classes.
const RD_PU: [Color; 5] = [
    Color::rgb(254, 235, 226),
    Color::rgb(251, 180, 185),
    Color::rgb(247, 104, 161),
    Color::rgb(197, 27, 138),
    Color::rgb(122, 1, 119),
];

/// The colors of the base map on a light page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ground {
    /// The sea, which is the background.
    pub sea: Color,
    /// Land.
    pub land: Color,
    /// Thin lines on land where no incidents were collected.
    pub lines: Color,
    /// Land with such lines as a plain color, where lines cannot be drawn.
    pub lined: Color,
    /// Coasts.
    pub coast: Color,
    /// Borders.
    pub border: Color,
    /// The names of countries.
    pub name: Color,
    /// The borders of provinces.
    pub province: Color,
    /// Rivers, paler than those that are scored, and the shores of lakes, which are filled as the sea.
    pub river: Color,
    /// Towns and their names.
    pub town: Color,
}

/// The base map's colors.
pub const GROUND: Ground = Ground {
    sea: Color::rgb(209, 224, 234),
    land: Color::rgb(239, 241, 241),
    lines: Color::rgb(188, 193, 196),
    lined: Color::rgb(229, 231, 232),
    coast: Color::rgb(125, 152, 168),
    border: Color::rgb(150, 142, 130),
    name: Color::rgb(125, 118, 107),
    province: Color::rgb(190, 185, 176),
    river: Color::rgb(163, 187, 201),
    town: Color::rgb(112, 109, 103),
};

/// The look of no data: grey hatching on a lighter background within an outline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoData {
    /// The background of the hatching.
    pub ground: Color,
    /// The hatching.
    pub lines: Color,
    /// The outline.
    pub edge: Color,
    /// The plain color for cells and dots too small for hatching.
    pub plain: Color,
}

/// The look of no data.
pub const NO_DATA: NoData = NoData {
    ground: Color::rgb(238, 238, 238),
    lines: Color::rgb(110, 110, 110),
    edge: Color::rgb(90, 90, 90),
    plain: Color::rgb(200, 200, 200),
};
