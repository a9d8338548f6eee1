//! A length on the ground, with its unit in the type.

use std::fmt;
use std::str::FromStr;

/// A length along the ground, finite and not negative.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Length(f64);

impl Length {
    /// The zero length.
    pub const ZERO: Self = Self(0.0);

    /// Creates a length in meters; a negative or non-finite number becomes zero.
    pub const fn from_meters(meters: f64) -> Self {
        if meters > 0.0 && meters < f64::INFINITY { Self(meters) } else { Self(0.0) }
    }

    /// Creates a length in kilometers; a negative or non-finite number becomes zero.
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

/// A text that is not a length.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a length; expected a number with its unit, such as 50km or 800m")]
pub struct ParseLengthError(String);

/// The meters in an international mile.
const MILE: f64 = 1609.344;

impl FromStr for Length {
    type Err = ParseLengthError;

    /// Parses a length such as `50km`, `0.8 km`, `800m` or `30 mi`; the unit is required. A mile is the
    /// international one, 1609.344 m. Units may be written in any case, except the meter: an `M` may be a mile.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || ParseLengthError(text.to_owned());
        let trimmed = text.trim();
        let units = [("km", 1000.0), ("miles", MILE), ("mile", MILE), ("mi", MILE), ("m", 1.0)];
        let (number, meters) = units
            .into_iter()
            .find_map(|(unit, meters)| {
                let (number, written) =
                    trimmed.split_at_checked(trimmed.len() - unit.len().min(trimmed.len()))?;
                let same = written == unit || unit != "m" && written.eq_ignore_ascii_case(unit);
                same.then_some((number, meters))
            })
            .ok_or_else(refused)?;
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
        assert_eq!("5 miles".parse(), Ok(Length::from_meters(8046.72)));
        assert_eq!("5mi".parse(), Ok(Length::from_meters(8046.72)));
        for (text, meters) in
            [("30Km", 30_000.0), ("30 KM", 30_000.0), ("5 Mi", 8046.72), ("5MILES", 8046.72)]
        {
            assert_eq!(text.parse(), Ok(Length::from_meters(meters)), "{text}");
        }
        for wrong in ["50", "km", "-3km", "NaNkm", "infm", "5 feet", "mi", "", "800M", "5é", "m"] {
            assert!(wrong.parse::<Length>().is_err(), "{wrong}");
        }
    }
}
