//! The trend of incidents: the recent count against the count of the period before, as a probability
//! instead of a ratio, so that two incidents after one are not called a doubling.

/// Incidents in both periods from which a trend is told: with fewer, even if all lie in one period, its probability stays
/// below 95 %.
const LEAST: u32 = 3;

/// The trend, if there are enough incidents to tell one.
pub fn trend(recent: u32, prior: u32, prior_count: f64) -> Option<f64> {
    (recent.saturating_add(prior) >= LEAST).then(|| rising(recent, prior, prior_count))
}

/// The probability that incidents have become more frequent.
///
/// Of `recent + prior` incidents a share q falls into the recent period. With Jeffreys' prior for a
/// proportion (Jeffreys 1946) q follows Beta(recent + c, prior + c), c = 0.5, and the result is
/// P(q > 1/2) = 1 − I½(recent + c, prior + c) = I½(prior + c, recent + c). It is 0.5 if both counts are
/// equal, including 0.
pub fn rising(recent: u32, prior: u32, prior_count: f64) -> f64 {
    beta_share_at_half(f64::from(prior) + prior_count, f64::from(recent) + prior_count)
}

/// The regularized incomplete beta function I½(a, b), for a and b above 0.
///
/// Uses the continued fraction DLMF 8.17.22 on the side of the mean where it converges fast, and the
/// reflection Iₓ(a, b) = 1 − I₁₋ₓ(b, a) (DLMF 8.17.4) on the other.
fn beta_share_at_half(a: f64, b: f64) -> f64 {
    if a == b {
        return 0.5;
    }
    // ln of x^a (1 − x)^b / B(a, b) at x = 1/2.
    let log_front =
        libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) - (a + b) * std::f64::consts::LN_2;
    let front = libm::exp(log_front);
    let share = if 0.5 < (a + 1.0) / (a + b + 2.0) {
        front / (a * fraction_at_half(a, b))
    } else {
        1.0 - front / (b * fraction_at_half(b, a))
    };
    share.clamp(0.0, 1.0)
}

/// The continued fraction 1 + d₁ / (1 + d₂ / (1 + …)) of DLMF 8.17.22 at x = 1/2, by the modified
/// Lentz algorithm (Lentz 1976; Thompson and Barnett 1986).
fn fraction_at_half(a: f64, b: f64) -> f64 {
    const X: f64 = 0.5;
    /// Replaces a denominator of zero.
    const TINY: f64 = 1e-300;
    /// Iteration limit. Convergence takes about the square root of the larger count, so it is never
    /// reached.
    const MOST: u32 = 200_000;
    let kept_from_zero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let (mut value, mut c, mut d) = (1.0, 1.0, 0.0);
    for step in 0..MOST {
        let m = f64::from(step / 2);
        let numerator = if step % 2 == 1 {
            let m = m + 1.0;
            m * (b - m) * X / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
        } else {
            -(a + m) * (a + b + m) * X / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
        };
        d = 1.0 / kept_from_zero(1.0 + numerator * d);
        c = kept_from_zero(1.0 + numerator / c);
        let change = c * d;
        value *= change;
        if (change - 1.0).abs() < 1e-15 {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::trend;

    #[test]
    fn a_trend_needs_as_many_incidents_as_could_make_it_sure() {
        for few in [(0, 0), (1, 0), (2, 0), (1, 1)] {
            assert_eq!(trend(few.0, few.1, 0.5), None, "{few:?}");
        }
        assert!(trend(3, 0, 0.5).is_some_and(|sure| sure > 0.95));
        assert!(trend(0, 3, 0.5).is_some_and(|sure| sure < 0.05));
    }
}
