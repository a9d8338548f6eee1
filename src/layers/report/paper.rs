//! The sizes of a printed map.

/// A sheet, or the shape of a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Paper {
    /// A screen of four to three.
    FourThree,
    /// A slide of sixteen to nine.
    SixteenNine,
    /// A4, lying.
    A4,
    /// A4, standing.
    A4Portrait,
    /// A3, lying.
    A3,
    /// A3, standing.
    A3Portrait,
    /// US letter, lying.
    Letter,
    /// US letter, standing.
    LetterPortrait,
}

impl Paper {
    /// Every paper.
    pub const ALL: [Self; 8] = [
        Self::FourThree,
        Self::SixteenNine,
        Self::A4,
        Self::A4Portrait,
        Self::A3,
        Self::A3Portrait,
        Self::Letter,
        Self::LetterPortrait,
    ];

    /// The word in settings.
    pub fn word(self) -> &'static str {
        match self {
            Self::FourThree => "4:3",
            Self::SixteenNine => "16:9",
            Self::A4 => "a4",
            Self::A4Portrait => "a4-portrait",
            Self::A3 => "a3",
            Self::A3Portrait => "a3-portrait",
            Self::Letter => "letter",
            Self::LetterPortrait => "letter-portrait",
        }
    }

    /// Width and height. A screen is as wide as A4.
    ///
    /// # Units
    /// Millimeters.
    pub fn size(self) -> (f64, f64) {
        match self {
            Self::FourThree => (297.0, 222.75),
            Self::SixteenNine => (297.0, 167.0625),
            Self::A4 => (297.0, 210.0),
            Self::A4Portrait => (210.0, 297.0),
            Self::A3 => (420.0, 297.0),
            Self::A3Portrait => (297.0, 420.0),
            Self::Letter => (279.4, 215.9),
            Self::LetterPortrait => (215.9, 279.4),
        }
    }

    /// Whether it is printed, and not shown on a screen.
    pub fn is_printed(self) -> bool {
        !matches!(self, Self::FourThree | Self::SixteenNine)
    }
}
