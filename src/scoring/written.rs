//! Numbers rounded as outputs write them: scores to one decimal, intensities to four significant
//! digits. Bands and sentences use the rounded numbers, so that 39.96, written as 40.0, gets the
//! band that begins at 40.

/// Rounds a score to one decimal, as outputs write it.
pub fn score(score: f64) -> f64 {
    let tenths = score * 10.0;
    // Distance from a tie between two tenths. Away from a tie, rounding of the product cannot
    // change the result.
    let off = (tenths - tenths.floor() - 0.5).abs();
    if tenths.abs() < 1e9 && off > 1e-6 {
        // An integer divided by ten is the float that parsing its decimal text gives.
        return tenths.round() / 10.0;
    }
    // Near a tie: through text, so that the result is what any formatter with one decimal writes.
    format!("{score:.1}").parse().unwrap_or(score)
}

/// Rounds an intensity to four significant digits, as outputs write it.
pub fn intensity(intensity: f64) -> f64 {
    format!("{intensity:.3e}").parse().unwrap_or(intensity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_the_number_that_is_written_with_one_decimal() {
        let through_text = |number: f64| format!("{number:.1}").parse::<f64>().expect("a number");
        let hundredths = (-11_000..11_000_i32).map(|n| f64::from(n) / 100.0);
        // Values next to each hundredth (every second tenth is a tie), and values of any magnitude.
        let beside = hundredths.flat_map(|n| [n.next_down(), n, n.next_up(), n + 1e-9, n / 3.0]);
        let others = [0.0, -0.0, 1e8, -1e8 / 3.0, 1e15, 1e300, f64::INFINITY, f64::MIN_POSITIVE];
        for number in beside.chain(others) {
            assert_eq!(score(number).to_bits(), through_text(number).to_bits(), "{number:e}");
        }
        assert!(score(f64::NAN).is_nan());
    }
}
