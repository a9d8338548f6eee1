//! A length on the ground, with its unit in the type.

use std::fmt;
use std::str::FromStr;

/// A length along the ground, never negative, never infinite.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Length(f64);

impl Length {
    /// No length at all.
    pub const ZERO: Self = Self(0.0);

    /// A length in meters; a negative or not finite number is taken as zero.
    pub const fn from_meters(meters: f64) -> Self {
        if meters > 0.0 && meters < f64::INFINITY { Self(meters) } else { Self(0.0) }
    }

    /// A length in kilometers; a negative or not finite number is taken as zero.
    pub const fn from_km(km: f64) -> Self {
        Self::from_meters(km * 1000.0)
    }

    /// # Units
    /// Meters.
    pub const fn meters(self) -> f64 {
        self.0
    }

    /// # Units
    /// Kilometers.
    pub const fn km(self) -> f64 {
        self.0 / 1000.0
    }

    /// The shorter of two lengths.
    #[must_use]
    pub fn min(self, other: Self) -> Self {
        if other.0 < self.0 { other } else { self }
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 >= 1000.0 { write!(f, "{}km", self.km()) } else { write!(f, "{}m", self.0) }
    }
}

/// Why a text is not a length.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a length; expected a number with its unit, such as 50km or 800m")]
pub struct ParseLengthError(String);

impl FromStr for Length {
    type Err = ParseLengthError;

    /// Reads a length such as `50km`, `0.8 km` or `800m`; a unit must be given.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || ParseLengthError(text.to_owned());
        let trimmed = text.trim();
        let (number, meters) = if let Some(n) = trimmed.strip_suffix("km") {
            (n, 1000.0)
        } else if let Some(n) = trimmed.strip_suffix('m') {
            (n, 1.0)
        } else {
            return Err(refused());
        };
        let value: f64 = number.trim().parse().map_err(|_| refused())?;
        if value.is_finite() && value >= 0.0 { Ok(Self(value * meters)) } else { Err(refused()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_needs_its_unit() {
        assert_eq!("50km".parse(), Ok(Length::from_km(50.0)));
        assert_eq!(" 0.8 km".parse(), Ok(Length::from_meters(800.0)));
        assert_eq!("800m".parse(), Ok(Length::from_meters(800.0)));
        for wrong in ["50", "km", "-3km", "NaNkm", "infm", "5 miles", ""] {
            assert!(wrong.parse::<Length>().is_err(), "{wrong}");
        }
    }
}
