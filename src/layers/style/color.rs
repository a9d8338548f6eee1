//! Colors, and the ramps they come from: ColorBrewer's OrRd and YlGnBu and Matplotlib's viridis. All three
//! stay in order in grey and for color-blind readers.

/// A color: red, green, blue and how opaque it is, 0 to 255.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color(pub u8, pub u8, pub u8, pub u8);

impl Color {
    /// An opaque color.
    pub const fn rgb(red: u8, green: u8, blue: u8) -> Self {
        Self(red, green, blue, 255)
    }

    /// The same color, as opaque as told.
    #[must_use]
    pub const fn with_alpha(self, alpha: u8) -> Self {
        Self(self.0, self.1, self.2, alpha)
    }
}

/// Orange to red, from very low to very high: security.
pub const OR_RD: [Color; 5] = [
    Color::rgb(254, 240, 217),
    Color::rgb(253, 204, 138),
    Color::rgb(252, 141, 89),
    Color::rgb(227, 74, 51),
    Color::rgb(179, 0, 0),
];

/// Yellow over green to blue, from very low to very high: environment.
pub const YL_GN_BU: [Color; 5] = [
    Color::rgb(255, 255, 204),
    Color::rgb(161, 218, 180),
    Color::rgb(65, 182, 196),
    Color::rgb(44, 127, 184),
    Color::rgb(37, 52, 148),
];

/// Purple over green to yellow, from the lowest to the highest: surfaces.
pub const VIRIDIS: [Color; 5] = [
    Color::rgb(68, 1, 84),
    Color::rgb(59, 82, 139),
    Color::rgb(33, 145, 140),
    Color::rgb(94, 201, 98),
    Color::rgb(253, 231, 37),
];
