//! Whole numbers as floats.

/// A count as a float: exact up to 2⁵³, and past it the nearest float or the one beside it.
#[inline(always)]
pub(crate) fn of_count(count: usize) -> f64 {
    of_whole(u64::try_from(count).unwrap_or(u64::MAX))
}

/// A whole number as a float: exact up to 2⁵³, and past it the nearest float or the one beside it.
#[inline(always)]
pub(crate) fn of_whole(number: u64) -> f64 {
    let half = |bits: u64| u32::try_from(bits & u64::from(u32::MAX)).map_or(0.0, f64::from);
    half(number >> 32) * 4_294_967_296.0 + half(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_keep_their_value() {
        for (count, float) in [
            (0, 0.0),
            (7, 7.0),
            (u64::from(u32::MAX), 4_294_967_295.0),
            (1 << 32, 4_294_967_296.0),
            ((1 << 53) - 1, 9_007_199_254_740_991.0),
            (u64::MAX, 18_446_744_073_709_551_616.0),
        ] {
            assert_eq!(of_whole(count), float, "{count}");
        }
        assert_eq!(of_count(12), 12.0);
    }
}
