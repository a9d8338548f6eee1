//! Sobol indices: the share of a group of settings in the variance of a score.

use crate::float;
use crate::measures::{Purpose, Stream};

/// Number of bootstrap resamples.
const RESAMPLES: usize = 100;

/// Resamples side by side; the last ones are padding.
const LANES: usize = 104;

/// A variance below this is rounding.
const NOTHING: f64 = 1e-9;

/// The values of a score in the runs of a [`Design`](super::Design).
#[derive(Debug, Clone, Copy)]
pub struct Responses<'a> {
    /// Under the settings of A.
    pub a: &'a [f64],
    /// Under the settings of B.
    pub b: &'a [f64],
    /// For each group, under the settings of A with this group from B.
    pub mixed: &'a [&'a [f64]],
}

/// The indices of a group, each with its standard error.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Index {
    /// First order: the share of the variance that the group makes alone.
    pub first: f64,
    /// Its standard error.
    pub first_error: f64,
    /// Total: the share of the variance that would be left if only this group were open.
    pub total: f64,
    /// Its standard error.
    pub total_error: f64,
}

/// Bootstrap resamples of rows, the same for all sites.
#[derive(Debug, Clone, PartialEq)]
pub struct Resamples {
    /// For each row, how often each resample holds it; the first lane is the sample itself.
    counts: Vec<[f64; LANES]>,
}

impl Resamples {
    /// Draws 100 resamples of some rows.
    pub fn new(rows: usize, seed: u64) -> Self {
        let mut counts = vec![[0.0; LANES]; rows];
        for row in &mut counts {
            row[0] = 1.0;
        }
        for (resample, id) in (1..=RESAMPLES).zip(0_u64..) {
            let stream = Stream::new(seed, Purpose::Resample, id);
            let words = (0..).flat_map(|block| stream.block(block)).take(rows);
            for word in words {
                // A word times the number of rows, divided by 2^32, is a row.
                let row = (u64::from(word) * u64::try_from(rows).unwrap_or(0)) >> 32;
                let row = usize::try_from(row).ok().and_then(|row| counts.get_mut(row));
                if let Some(count) = row.and_then(|row| row.get_mut(resample)) {
                    *count += 1.0;
                }
            }
        }
        Self { counts }
    }

    /// The sum of some values of the rows in each resample; the first is that of the sample.
    fn sums(&self, values: impl Iterator<Item = f64>) -> [f64; LANES] {
        let mut sums = [0.0; LANES];
        for (value, counts) in values.zip(&self.counts) {
            for (sum, count) in sums.iter_mut().zip(counts) {
                *sum += value * count;
            }
        }
        sums
    }
}

/// Returns the indices of each group, by the estimators of Saltelli et al. (2010) for the first order and of Jansen (1999)
/// for the total; standard errors from the resamples. All are 0 if the values do not vary.
///
/// ```text
/// first = mean of b (mixed - a) / V        b less the mean of all
/// total = mean of (a - mixed)² / 2 V       V the variance of a and b together
/// ```
pub fn indices(responses: Responses<'_>, resamples: &Resamples) -> Vec<Index> {
    let Responses { a, b, mixed } = responses;
    let rows = float::of_count(a.len().max(1));
    let mean = (a.iter().sum::<f64>() + b.iter().sum::<f64>()) / (2.0 * rows);
    let both = || a.iter().zip(b).map(move |(a, b)| (a - mean, b - mean));
    let sums = resamples.sums(both().map(|(a, b)| a + b));
    let squares = resamples.sums(both().map(|(a, b)| a * a + b * b));
    let mut variances = [0.0; LANES];
    for ((variance, sum), square) in variances.iter_mut().zip(sums).zip(squares) {
        let mean = sum / (2.0 * rows);
        *variance = square / (2.0 * rows) - mean * mean;
    }
    if variances[0] <= NOTHING {
        return vec![Index::default(); mixed.len()];
    }
    let of_group = |mixed: &&[f64]| {
        let first = both().zip(a).zip(*mixed).map(|(((_, b), a), mixed)| b * (mixed - a));
        let total = a.iter().zip(*mixed).map(|(a, mixed)| 0.5 * (a - mixed) * (a - mixed));
        let share = |sums: [f64; LANES]| {
            let mut shares = sums;
            for (share, variance) in shares.iter_mut().zip(variances) {
                *share = if variance > NOTHING { *share / rows / variance } else { 0.0 };
            }
            (shares[0], deviation(shares.iter().skip(1).take(RESAMPLES)))
        };
        let (first, first_error) = share(resamples.sums(first));
        let (total, total_error) = share(resamples.sums(total));
        Index { first, first_error, total, total_error }
    };
    mixed.iter().map(of_group).collect()
}

/// The standard deviation of some numbers.
fn deviation<'a>(numbers: impl Iterator<Item = &'a f64> + Clone) -> f64 {
    let count = float::of_count(numbers.clone().count());
    let mean = numbers.clone().sum::<f64>() / count;
    (numbers.map(|number| (number - mean) * (number - mean)).sum::<f64>() / (count - 1.0)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::uniform;

    const ROWS: usize = 4_096;

    /// The indices of a function of three numbers, uniform between 0 and 1.
    fn of(function: impl Fn([f64; 3]) -> f64) -> Vec<Index> {
        let numbers = |row: usize| -> [f64; 3] {
            let [x, y, z, _] = Stream::new(11, Purpose::Setting, row as u64).block(0);
            [uniform(x), uniform(y), uniform(z)]
        };
        let (a, b): (Vec<_>, Vec<_>) =
            (0..ROWS).map(|row| (numbers(row), numbers(row + ROWS))).unzip();
        let values =
            |list: &[[f64; 3]]| -> Vec<f64> { list.iter().map(|x| function(*x)).collect() };
        let mixed: Vec<Vec<f64>> = (0..3)
            .map(|group| {
                let taken = |(a, b): (&[f64; 3], &[f64; 3])| {
                    let mut x = *a;
                    x[group] = b[group];
                    function(x)
                };
                a.iter().zip(&b).map(taken).collect()
            })
            .collect();
        let mixed: Vec<&[f64]> = mixed.iter().map(Vec::as_slice).collect();
        let (a, b) = (values(&a), values(&b));
        indices(Responses { a: &a, b: &b, mixed: &mixed }, &Resamples::new(ROWS, 3))
    }

    fn near(found: &[Index], first: [f64; 3], total: [f64; 3]) {
        for ((index, first), total) in found.iter().zip(first).zip(total) {
            let close =
                |value: f64, error: f64, due: f64| (value - due).abs() <= 4.5 * error + 1e-9;
            assert!(close(index.first, index.first_error, first), "{first} {index:?}");
            assert!(close(index.total, index.total_error, total), "{total} {index:?}");
            assert!(index.first_error < 0.05 && index.total_error < 0.05, "{index:?}");
        }
    }

    #[test]
    fn the_ishigami_function_has_the_indices_that_are_known() {
        let pi = std::f64::consts::PI;
        let ishigami = |x: [f64; 3]| {
            let [x, y, z] = x.map(|u| pi * (2.0 * u - 1.0));
            libm::sin(x) + 7.0 * libm::sin(y).powi(2) + 0.1 * z.powi(4) * libm::sin(x)
        };
        // Sobol and Levitan 1999, with a = 7 and b = 0.1.
        near(&of(ishigami), [0.3139, 0.4424, 0.0], [0.5576, 0.4424, 0.2437]);
    }

    #[test]
    fn a_linear_function_has_the_shares_of_its_terms() {
        // Variances 9, 16 and 0 twelfths: shares 0.36, 0.64 and 0, alone and in all.
        let shares = [0.36, 0.64, 0.0];
        near(&of(|[x, y, _]| 3.0 * x - 4.0 * y + 50.0), shares, shares);
    }

    #[test]
    fn nothing_that_varies_has_no_indices() {
        assert_eq!(of(|_| 73.2), [Index::default(); 3]);
    }

    /// Two rows, worked by hand: a = 1, 3; b = 2, 6; mixed = 2, 2. The mean is 3, V = (4 + 0 + 1 + 9) / 4 = 3.5, first =
    /// (-1 · 1 + 3 · -1) / 2 / 3.5, total = (1 + 1) / 2 / 2 / 3.5.
    #[test]
    fn the_estimators_are_those_of_the_papers() {
        let found = indices(
            Responses { a: &[1.0, 3.0], b: &[2.0, 6.0], mixed: &[&[2.0, 2.0]] },
            &Resamples::new(2, 1),
        );
        assert!(
            (found[0].first + 4.0 / 7.0).abs() < 1e-12
                && (found[0].total - 1.0 / 7.0).abs() < 1e-12
        );
    }
}
