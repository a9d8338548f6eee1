//! Numbers as outputs have them: scores with one decimal, intensities with four significant digits.
//! Classes and sentences go by these, so that nobody finds a 39.96 in a class that begins at 40.

/// A score as it is written: one decimal, the nearest one.
pub fn score(score: f64) -> f64 {
    // Through text, so that it is the number that any writer with one decimal writes.
    format!("{score:.1}").parse().unwrap_or(score)
}

/// An intensity as it is written: four significant digits.
pub fn intensity(intensity: f64) -> f64 {
    format!("{intensity:.3e}").parse().unwrap_or(intensity)
}
