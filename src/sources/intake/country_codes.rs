//! The lists of country codes.

/// The list that country codes belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CountryCodes {
    /// ISO 3166-1.
    Iso,
    /// FIPS 10-4.
    Fips,
}

impl CountryCodes {
    /// The word used in the column map.
    pub fn word(self) -> &'static str {
        match self {
            Self::Iso => "iso",
            Self::Fips => "fips",
        }
    }

    /// The name of the list.
    pub fn title(self) -> &'static str {
        match self {
            Self::Iso => "ISO 3166",
            Self::Fips => "FIPS 10-4",
        }
    }

    /// The other list.
    pub fn other(self) -> Self {
        match self {
            Self::Iso => Self::Fips,
            Self::Fips => Self::Iso,
        }
    }
}
