//! The decay of an incident's weight with age.

/// Returns `2^(-age / half_life)`: one half after one half-life, in the form and range that the
/// ViEWS project uses (Hegre et al. 2021, half-lives of 12 to 24 months).
///
/// # Units
/// Both in days. An incident on the as-of date has age 0 and its full weight.
pub fn decay(age_days: i64, half_life_days: f64) -> f64 {
    // Ages are days within a calendar of 20,000 years, so 32 bits suffice.
    libm::exp2(-f64::from(i32::try_from(age_days).unwrap_or(i32::MAX)) / half_life_days)
}

#[cfg(test)]
mod tests {
    use super::decay;

    #[test]
    fn half_is_left_after_one_half_life() {
        for (age, left) in [(0, 1.0), (365, 0.5), (730, 0.25)] {
            assert_eq!(decay(age, 365.0), left);
        }
    }
}
