//! The exponential of a negative number, in a form that vectorizes.
//!
//! It uses only additions and multiplications in a fixed order, so it gives the same bits on every
//! machine.

/// Returns `exp(-x)` for x ≥ 0, with an error of 3e-13 relative and 1e-300 absolute; 0 from 690 on.
///
/// By powers of two: `exp(-x) = 2^k exp(f)` with |f| ≤ ln 2 / 2, where the Taylor series up to the 10th
/// degree is precise to 3e-13 (Muller 2016, "Elementary Functions", section 3.2).
#[inline(always)]
pub(crate) fn exp_of_negative(x: f64) -> f64 {
    /// 1.5 · 2^52: adding it rounds a number to an integer, which is then in the low bits.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    /// ln 2 in two parts, the first with so few digits that its multiples are exact.
    const LN2_HIGH: f64 = 0.693_147_180_369_123_8;
    const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    let y = -(if x < 690.0 { x } else { 690.0 });
    let shifted = y * std::f64::consts::LOG2_E + ROUND;
    let k = shifted - ROUND;
    let f = (y - k * LN2_HIGH) - k * LN2_LOW;
    let mut series = 1.0 / 3_628_800.0;
    for factor in [
        1.0 / 362_880.0,
        1.0 / 40_320.0,
        1.0 / 5_040.0,
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
        1.0,
        1.0,
    ] {
        series = series * f + factor;
    }
    let power = f64::from_bits(shifted.to_bits().wrapping_add(1023) << 52);
    if x >= 690.0 { 0.0 } else { series * power }
}

#[cfg(test)]
mod tests {
    use super::exp_of_negative;

    #[test]
    fn it_is_the_exponential() {
        for i in 0..69_000 {
            let x = f64::from(i) * 0.01 + 1e-5;
            let (fast, exact) = (exp_of_negative(x), libm::exp(-x));
            assert!((fast - exact).abs() <= 4e-13 * exact, "{x}: {fast} {exact}");
        }
        assert_eq!(exp_of_negative(0.0), 1.0);
        assert_eq!(exp_of_negative(1e9), 0.0);
        assert_eq!(exp_of_negative(f64::INFINITY), 0.0);
    }
}
