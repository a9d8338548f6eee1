//! Sines and cosines of angles in degrees, in a form that vectorizes.

/// Returns the sine and the cosine of an angle of up to 10^15 degrees, each with a relative error below
/// 2.3e-16.
///
/// The nearest multiple of 90 is subtracted, which is exact in degrees, so that sines are zero at the
/// multiples of 180 and cosines at the odd multiples of 90. The remainder, at most 45, goes into
/// polynomials in its square: those with the least relative error of the sine, 3e-18, and of the cosine's
/// distance from 1, 3e-20 (Remez's algorithm; Muller 2016, "Elementary Functions", section 3.5). There are
/// no tables and no branches, so that loops over positions vectorize; scalar and vector code give the same
/// bits.
#[inline(always)]
pub(crate) fn sin_cos(degrees: f64) -> (f64, f64) {
    /// Adding this rounds to a whole number, which is then found in the lowest bits.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    let rounded = degrees * (1.0 / 90.0) + ROUND;
    let rest = degrees - 90.0 * (rounded - ROUND);
    let z = rest * rest;
    let sin = 2.216_372_301_675_652_8e-33 * z - 1.146_755_972_973_951_2e-27;
    let sin = (sin * z + 4.141_266_526_863_123e-22) * z - 9.788_384_855_269_646e-17;
    let sin = (sin * z + 1.349_601_623_161_096e-11) * z - 8.860_961_557_012_952e-7;
    let sin = (sin * z + 0.017_453_292_519_943_295) * rest;
    let cos = 1.667_890_588_275_940_7e-30 - 2.763_452_280_674_587e-36 * z;
    let cos = (cos * z - 7.227_873_620_261_277e-25) * z + 2.135_494_302_167_710_3e-19;
    let cos = (cos * z - 3.925_831_985_736_035e-14) * z + 3.866_323_851_562_977e-9;
    let cos = (cos * z - 1.523_087_098_933_543e-4) * z + 1.0;
    // Each quarter turn swaps sine and cosine, and every second one flips the sign.
    let quarters = rounded.to_bits();
    let (a, b) = if quarters & 1 == 0 { (sin, cos) } else { (cos, sin) };
    let turned = |value: f64, quarters: u64| f64::from_bits(value.to_bits() ^ (quarters & 2) << 62);
    (turned(a, quarters), turned(b, quarters.wrapping_add(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares with libm, which gets the remainder of the angle after a multiple of 90.
    fn compare(degrees: f64) {
        let (sin, cos) = sin_cos(degrees);
        let quarters = (degrees / 90.0).round();
        let (s, c) = libm::sincos((degrees - 90.0 * quarters).to_radians());
        let (exact_sin, exact_cos) = match quarters.rem_euclid(4.0) {
            0.0 => (s, c),
            1.0 => (c, -s),
            2.0 => (-s, -c),
            _ => (-c, s),
        };
        for (value, exact) in [(sin, exact_sin), (cos, exact_cos)] {
            let off = (value - exact).abs();
            assert!(off <= 6e-16 * exact.abs(), "{degrees}: {value} {exact}");
        }
    }

    #[test]
    fn angles_of_all_sizes_are_those_of_libm() {
        for step in -1_440_000..=1_440_000_i32 {
            compare(f64::from(step) * 0.000_5 + 1e-9 * f64::from(step % 977));
        }
        for power in -300..=14 {
            let angle = 3.7 * 10_f64.powi(power);
            compare(angle);
            compare(-angle);
        }
    }

    #[test]
    fn quarter_turns_are_exact() {
        for (degrees, expected) in [
            (0.0, (0.0, 1.0)),
            (90.0, (1.0, 0.0)),
            (-90.0, (-1.0, 0.0)),
            (180.0, (0.0, -1.0)),
            (-180.0, (0.0, -1.0)),
            (270.0, (-1.0, 0.0)),
            (360.0, (0.0, 1.0)),
        ] {
            assert_eq!(sin_cos(degrees), expected, "{degrees}");
        }
        let (sin, cos) = sin_cos(30.0);
        assert!((sin - 0.5).abs() < 1.2e-16 && (cos * cos - 0.75).abs() < 3e-16);
    }
}
