//! Numbers from the standard normal distribution, and from a Poisson distribution of mean 1.

use super::philox::uniform;
use crate::earth::sin_cos;

/// Returns two independent numbers from the standard normal distribution (Box and Muller 1958), from two uniform
/// words; none is farther out than 6.8.
#[inline(always)]
pub fn normals(one: u32, other: u32) -> (f64, f64) {
    let radius = radius(one);
    let (sin, cos) = sin_cos(uniform(other) * 360.0);
    (radius * cos, radius * sin)
}

/// Returns the length of a vector of two independent numbers from the standard normal distribution, from a uniform word.
#[inline(always)]
pub(super) fn radius(word: u32) -> f64 {
    (-2.0 * ln_below_one(uniform(word))).sqrt()
}

/// Returns how often something of mean 1 happens, from a uniform word (Poisson; 12 and more count as 12, of
/// probability 7e-10).
#[inline(always)]
pub(super) fn poisson(word: u32) -> f64 {
    /// The probabilities of at most 0, 1, 2 ... 11, as shares of all words.
    const UP_TO: [u32; 12] = [
        1_580_030_169,
        3_160_060_337,
        3_950_075_422,
        4_213_413_783,
        4_279_248_374,
        4_292_415_292,
        4_294_609_778,
        4_294_923_276,
        4_294_962_463,
        4_294_966_817,
        4_294_967_253,
        4_294_967_292,
    ];
    let mut count = 0_u32;
    for most in UP_TO {
        count = count.wrapping_add(u32::from(word >= most));
    }
    f64::from(count)
}

/// Returns the natural logarithm of a number between 0 and 1, in a form that vectorizes: with an error below 1e-13.
///
/// The number is `2^e m` with m between √½ and √2, and ln m = 2 artanh((m - 1) / (m + 1)), by its series.
#[inline(always)]
fn ln_below_one(x: f64) -> f64 {
    const SQRT_HALF: u64 = 0x3FE6_A09E_667F_3BCD;
    const ONE: u64 = 0x3FF0_0000_0000_0000;
    const MANTISSA: u64 = 0x000F_FFFF_FFFF_FFFF;
    /// 2^52, in whose lowest bits a whole number lies.
    const WHOLE: f64 = 4_503_599_627_370_496.0;
    // Counted from √½, the exponent's field is the power of two that brings m between √½ and √2.
    let shifted = x.to_bits().wrapping_add(ONE - SQRT_HALF);
    let exponent = f64::from_bits(WHOLE.to_bits() | shifted >> 52) - WHOLE - 1023.0;
    let m = f64::from_bits((shifted & MANTISSA).wrapping_add(SQRT_HALF));
    let s = (m - 1.0) / (m + 1.0);
    let z = s * s;
    let mut series = 1.0 / 15.0;
    for factor in [1.0 / 13.0, 1.0 / 11.0, 1.0 / 9.0, 1.0 / 7.0, 1.0 / 5.0, 1.0 / 3.0, 1.0] {
        series = series * z + factor;
    }
    exponent * std::f64::consts::LN_2 + 2.0 * s * series
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::draws::{Purpose, Stream};

    #[test]
    fn the_logarithm_is_the_logarithm() {
        for i in 1..100_000_u32 {
            let x = f64::from(i) / 100_000.0;
            let (fast, exact) = (ln_below_one(x), libm::log(x));
            assert!((fast - exact).abs() < 1e-13 + 1e-13 * exact.abs(), "{x}: {fast} {exact}");
        }
        for word in [0, 1, 2, u32::MAX - 1, u32::MAX] {
            let x = uniform(word);
            assert!((ln_below_one(x) - libm::log(x)).abs() < 1e-12, "{word}");
        }
    }

    #[test]
    fn normal_numbers_have_the_moments_of_the_normal_distribution() {
        let stream = Stream::new(3, Purpose::Place, 4);
        let mut numbers = Vec::new();
        for number in 0..50_000 {
            let [a, b, c, d] = stream.block(number);
            let ((e, f), (g, h)) = (normals(a, b), normals(c, d));
            numbers.extend([e, f, g, h]);
        }
        let moment = |power: i32| numbers.iter().map(|z| z.powi(power)).sum::<f64>() / 200_000.0;
        // Standard errors of 200,000: 0.0022, 0.0032, 0.0087, 0.022.
        assert!(moment(1).abs() < 0.01 && (moment(2) - 1.0).abs() < 0.014);
        assert!(moment(3).abs() < 0.04 && (moment(4) - 3.0).abs() < 0.1);
        let both = numbers.chunks(2).map(|pair| pair[0] * pair[1]).sum::<f64>() / 100_000.0;
        assert!(both.abs() < 0.014, "the two of a pair are independent");
    }

    #[test]
    fn counts_have_the_probabilities_of_the_poisson_distribution() {
        let mut below = 0.0;
        let mut probability = libm::exp(-1.0);
        for count in 0..12_u32 {
            below += probability;
            probability /= f64::from(count + 1);
            let share = below * 4_294_967_296.0;
            let word: u32 = format!("{share:.0}").parse().expect("below 2³²");
            assert_eq!(poisson(word - 1), f64::from(count), "{count}");
            assert_eq!(poisson(word + 1), f64::from(count + 1), "{count}");
        }
    }
}
