//! Intervals: percentiles of resamples, and of a share.

/// The 95 % quantile of the standard normal distribution.
const Z90: f64 = 1.644_853_626_951_472_2;

/// A percentile of ascending values, interpolated between the two nearest (Hyndman and Fan 1996, type 7). `None`
/// without values.
pub fn percentile(ascending: &[f64], percent: u32) -> Option<f64> {
    let last = ascending.len().checked_sub(1)?;
    let percent = usize::try_from(percent.min(100)).ok()?;
    // In whole numbers, so that the place is exact.
    let (below, rest) = (last * percent / 100, last * percent % 100);
    let low = *ascending.get(below)?;
    let high = ascending.get(below + 1).copied().unwrap_or(low);
    let part = f64::from(u32::try_from(rest).ok()?) / 100.0;
    Some(low + (high - low) * part)
}

/// Wilson's 90 % interval of a share of `positives` in `cases` (Wilson 1927); `None` without cases.
pub fn wilson(positives: f64, cases: f64) -> Option<[f64; 2]> {
    if cases <= 0.0 {
        return None;
    }
    let (share, z2) = (positives / cases, Z90 * Z90);
    let middle = (share + z2 / (2.0 * cases)) / (1.0 + z2 / cases);
    let half = Z90 / (1.0 + z2 / cases)
        * (share * (1.0 - share) / cases + z2 / (4.0 * cases * cases)).max(0.0).sqrt();
    Some([(middle - half).max(0.0), (middle + half).min(1.0)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_lie_between_the_nearest_two() {
        let values = [1.0, 2.0, 4.0, 8.0, 16.0];
        assert_eq!(percentile(&values, 0), Some(1.0));
        assert_eq!(percentile(&values, 25), Some(2.0));
        assert_eq!(percentile(&values, 50), Some(4.0));
        assert_eq!(percentile(&values, 100), Some(16.0));
        // Place 0.2 of 4 steps, and 3.8.
        assert!((percentile(&values, 5).expect("a value") - 1.2).abs() < 1e-12);
        assert!((percentile(&values, 95).expect("a value") - 14.4).abs() < 1e-12);
        assert_eq!(percentile(&[3.0], 95), Some(3.0));
        assert_eq!(percentile(&[], 5), None);
    }

    #[test]
    fn intervals_of_shares_are_wilsons() {
        let [lo, hi] = wilson(15.0, 50.0).expect("cases");
        assert!((lo - 0.205_934).abs() < 1e-6 && (hi - 0.414_600).abs() < 1e-6, "{lo} {hi}");
        // Its ends are the shares of which 0.3 is 1.645 standard deviations away.
        for (end, side) in [(lo, 1.0), (hi, -1.0)] {
            let away = side * (0.3 - end) / (end * (1.0 - end) / 50.0).sqrt();
            assert!((away - Z90).abs() < 1e-9, "{away}");
        }
        assert_eq!(wilson(0.0, 10.0).map(|[lo, _]| lo), Some(0.0));
        assert_eq!(wilson(10.0, 10.0).map(|[_, hi]| hi), Some(1.0));
        assert_eq!(wilson(0.0, 0.0), None);
    }
}
