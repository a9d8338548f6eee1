//! The trend of incidents: the recent count against the count of the period before, as a probability
//! instead of a ratio, so that two incidents after one are not called a doubling. Counts are compared as rates, over the
//! days of each period that the record spans: a record that begins within the earlier one is no rise.

/// Incidents in both periods from which a trend is told: with fewer, even if all lie in one period, its probability stays
/// below 95 %.
const LEAST: u32 = 3;

/// Incidents in a period, and the days of it that their record spans.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InPeriod {
    /// The incidents.
    pub incidents: u32,
    /// The days.
    pub days: i64,
}

/// The trend from a period of so many days to the recent one, if there are enough incidents to tell one and the record spans
/// half of each period.
pub fn trend(recent: InPeriod, prior: InPeriod, period_days: i64, prior_count: f64) -> Option<f64> {
    let enough = recent.incidents.saturating_add(prior.incidents) >= LEAST;
    let spanned = 2 * recent.days.min(prior.days) >= period_days;
    (enough && spanned).then(|| rising(recent, prior, prior_count))
}

/// The probability that incidents have become more frequent.
///
/// Of `recent + prior` incidents a share q falls into the recent period. At equal rates it is the share x of the recorded
/// days that lie in that period. With Jeffreys' prior for a proportion (Jeffreys 1946) q follows
/// Beta(recent + c, prior + c), c = 0.5, and the result is P(q > x) = I₁₋ₓ(prior + c, recent + c). It is 0.5 if both counts
/// and both numbers of days are equal.
pub fn rising(recent: InPeriod, prior: InPeriod, prior_count: f64) -> f64 {
    let [before, after] = [prior, recent].map(|one| f64::from(one.incidents) + prior_count);
    // Not exact beyond 2^53 days.
    #[expect(clippy::cast_precision_loss, reason = "a number of days")]
    let [days_before, days_after] = [prior.days, recent.days].map(|days| days.max(0) as f64);
    if days_before + days_after <= 0.0 {
        return 0.5;
    }
    beta_share(before, after, days_before / (days_before + days_after))
}

/// The regularized incomplete beta function Iₓ(a, b), for a and b above 0.
///
/// Uses the continued fraction DLMF 8.17.22 on the side of the mean where it converges fast, and the
/// reflection Iₓ(a, b) = 1 − I₁₋ₓ(b, a) (DLMF 8.17.4) on the other.
fn beta_share(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    if a == b && x == 0.5 {
        return 0.5;
    }
    // ln of x^a (1 − x)^b / B(a, b).
    let log_front = libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b)
        + (a * libm::log(x) + b * libm::log(1.0 - x));
    let front = libm::exp(log_front);
    let share = if x < (a + 1.0) / (a + b + 2.0) {
        front / (a * fraction(a, b, x))
    } else {
        1.0 - front / (b * fraction(b, a, 1.0 - x))
    };
    share.clamp(0.0, 1.0)
}

/// The continued fraction 1 + d₁ / (1 + d₂ / (1 + …)) of DLMF 8.17.22, by the modified Lentz algorithm (Lentz 1976;
/// Thompson and Barnett 1986).
fn fraction(a: f64, b: f64, x: f64) -> f64 {
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
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
        } else {
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
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
    use super::InPeriod;

    fn trend(recent: (u32, i64), prior: (u32, i64)) -> Option<f64> {
        let [recent, prior] = [recent, prior].map(|(incidents, days)| InPeriod { incidents, days });
        super::trend(recent, prior, 365, 0.5)
    }

    #[test]
    fn a_trend_needs_as_many_incidents_as_could_make_it_sure() {
        for few in [(0, 0), (1, 0), (2, 0), (1, 1)] {
            assert_eq!(trend((few.0, 365), (few.1, 365)), None, "{few:?}");
        }
        assert!(trend((3, 365), (0, 365)).is_some_and(|sure| sure > 0.95));
        assert!(trend((0, 365), (3, 365)).is_some_and(|sure| sure < 0.05));
    }

    #[test]
    fn a_record_that_begins_late_is_no_rise() {
        // As many a day in both: of 30 incidents in 365 days, 15 in the half of the year before that has records.
        let told = trend((30, 365), (15, 183)).expect("half of the year is spanned");
        assert!((told - 0.5).abs() < 0.03, "{told}");
        assert!(trend((30, 365), (15, 365)).is_some_and(|sure| sure > 0.98));
        assert_eq!(trend((30, 365), (15, 182)), None);
        assert_eq!(trend((30, 365), (0, 0)), None);
    }

    #[test]
    fn the_share_of_a_beta_distribution_is_that_of_the_binomial_one() {
        // I_x(a, b) with whole numbers is the chance of a or more of a + b - 1 draws, each with probability x.
        let of = |days: [i64; 2]| {
            let [days_prior, days_recent] = days;
            let recent = InPeriod { incidents: 3, days: days_recent };
            super::rising(recent, InPeriod { incidents: 1, days: days_prior }, 1.0)
        };
        // Two or more of five with probability 1/5: 1 - 0.8^5 - 5 · 0.2 · 0.8^4.
        assert!((of([73, 292]) - 0.262_72).abs() < 1e-12, "{}", of([73, 292]));
        // And with probability 4/5.
        assert!((of([292, 73]) - 0.993_28).abs() < 1e-12, "{}", of([292, 73]));
    }
}
