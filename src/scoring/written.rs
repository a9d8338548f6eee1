//! Numbers as outputs have them: scores with one decimal, intensities with four significant digits.
//! Classes and sentences go by these, so that nobody finds a 39.96 in a class that begins at 40.

/// A score as it is written: one decimal, the nearest one.
pub fn score(score: f64) -> f64 {
    let tenths = score * 10.0;
    // How far from halfway between two tenths: rounding of the product cannot carry it across.
    let off = (tenths - tenths.floor() - 0.5).abs();
    if tenths.abs() < 1e9 && off > 1e-6 {
        // A whole number over ten is the float that its decimals are read as.
        return tenths.round() / 10.0;
    }
    // Through text, so that it is the number that any writer with one decimal writes.
    format!("{score:.1}").parse().unwrap_or(score)
}

/// An intensity as it is written: four significant digits.
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
        // Beside each hundredth, which every second tenth is halfway to, and of any magnitude.
        let beside = hundredths.flat_map(|n| [n.next_down(), n, n.next_up(), n + 1e-9, n / 3.0]);
        let others = [0.0, -0.0, 1e8, -1e8 / 3.0, 1e15, 1e300, f64::INFINITY, f64::MIN_POSITIVE];
        for number in beside.chain(others) {
            assert_eq!(score(number).to_bits(), through_text(number).to_bits(), "{number:e}");
        }
        assert!(score(f64::NAN).is_nan());
    }
}
