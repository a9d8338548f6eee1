//! Isotonic regression: the share of positives as a function of a number that never decreases.

/// A regression: its value at distinct numbers, ascending. Between two of them it is straight, beyond the outermost
/// constant.
#[derive(Debug, Clone, PartialEq)]
pub struct Isotonic {
    points: Vec<(f64, f64)>,
}

/// Neighboring numbers with a common value.
struct Block {
    /// Sum of the outcomes.
    positives: f64,
    /// Number of cases.
    cases: f64,
    /// The numbers in it.
    numbers: Vec<f64>,
}

impl Block {
    fn value(&self) -> f64 {
        self.positives / self.cases
    }
}

impl Isotonic {
    /// Fits cases, each a number and its outcome, by least squares: pool adjacent violators (Ayer et al. 1955). Cases
    /// of the same number are one point with the share of positives among them. `None` without cases.
    pub fn fit(cases: impl IntoIterator<Item = (f64, bool)>) -> Option<Self> {
        let mut cases: Vec<(f64, bool)> =
            cases.into_iter().map(|(number, outcome)| (number + 0.0, outcome)).collect();
        cases.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        let mut blocks: Vec<Block> = Vec::new();
        for same in cases.chunk_by(|(a, _), (b, _)| a.total_cmp(b).is_eq()) {
            let mut block = Block { positives: 0.0, cases: 0.0, numbers: Vec::new() };
            block.numbers.extend(same.first().map(|(number, _)| *number));
            for (_, outcome) in same {
                block.positives += f64::from(u8::from(*outcome));
                block.cases += 1.0;
            }
            // A block that is not above the one before it is pooled with it.
            while let Some(before) = blocks.pop_if(|before| before.value() >= block.value()) {
                block.positives += before.positives;
                block.cases += before.cases;
                block.numbers = [before.numbers, block.numbers].concat();
            }
            blocks.push(block);
        }
        let of = |block: &Block| {
            let value = block.value();
            block.numbers.iter().map(|number| (*number, value)).collect::<Vec<_>>()
        };
        let points: Vec<(f64, f64)> = blocks.iter().flat_map(of).collect();
        (!points.is_empty()).then_some(Self { points })
    }

    /// The value at a number.
    pub fn at(&self, number: f64) -> f64 {
        let after = self.points.partition_point(|(known, _)| *known < number);
        let before = after.checked_sub(1).and_then(|before| self.points.get(before));
        match (before, self.points.get(after)) {
            (Some((x0, y0)), Some((x1, y1))) => y0 + (y1 - y0) * ((number - x0) / (x1 - x0)),
            (Some((_, last)), None) => *last,
            (None, Some((_, first))) => *first,
            (None, None) => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn violators_are_pooled_and_between_points_it_is_straight() {
        // Shares by number: 1: 0, 2: 1, 3: 0, 4: 1/2, 6: 1. The 1 and 0 at 2 and 3 are pooled, and reach no further.
        let cases = [(1.0, 0), (2.0, 1), (3.0, 0), (4.0, 1), (4.0, 0), (6.0, 1)];
        let fitted = Isotonic::fit(cases.map(|(x, y)| (x, y == 1))).expect("cases");
        for (number, value) in [
            (0.0, 0.0),
            (1.0, 0.0),
            (1.5, 0.25),
            (2.0, 0.5),
            (2.7, 0.5),
            (4.0, 0.5),
            (5.0, 0.75),
            (6.0, 1.0),
            (9.0, 1.0),
        ] {
            assert!((fitted.at(number) - value).abs() < 1e-15, "{number}: {}", fitted.at(number));
        }
        assert_eq!(Isotonic::fit([]), None);
    }

    #[test]
    fn numbers_that_tell_the_wrong_way_give_the_share_of_all() {
        let fitted = Isotonic::fit([(1.0, true), (2.0, false), (3.0, false)]).expect("cases");
        assert!([0.0, 1.0, 2.5, 9.0].iter().all(|x| (fitted.at(*x) - 1.0 / 3.0).abs() < 1e-15));
        // So does one number alone, to the last bit.
        let constant = Isotonic::fit([(1.0, true), (1.0, false), (1.0, false)]).expect("cases");
        assert_eq!(constant.at(1.0).to_bits(), (1.0_f64 / 3.0).to_bits());
    }

    proptest::proptest! {
        /// The value never decreases, and equals the best of all regressions as the extremes of means say:
        /// max over i <= k of min over j >= k of the mean of points i to j (Robertson, Wright and Dykstra 1988).
        #[test]
        fn it_is_the_largest_of_the_least_means(
            outcomes in proptest::collection::vec(proptest::bool::ANY, 1..20)
        ) {
            let numbered = outcomes.iter().zip(0_u8..).map(|(y, x)| (f64::from(x), *y));
            let fitted = Isotonic::fit(numbered).expect("cases");
            let mean = |i: usize, j: usize| {
                let part = &outcomes[i..=j];
                crate::float::of_count(part.iter().filter(|y| **y).count())
                    / crate::float::of_count(part.len())
            };
            for k in 0..outcomes.len() {
                let least = |i| (k..outcomes.len()).map(|j| mean(i, j)).fold(f64::INFINITY, f64::min);
                let value = (0..=k).map(least).fold(f64::NEG_INFINITY, f64::max);
                proptest::prop_assert!((fitted.at(crate::float::of_count(k)) - value).abs() < 1e-12);
            }
        }
    }
}
