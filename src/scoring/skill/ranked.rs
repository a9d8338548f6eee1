//! Cases in the order of their numbers, and the measures that depend on the order alone. Cases of equal numbers are
//! passed together, so that no measure depends on the order of ties.

/// Cases ordered by a number, from high to low, in groups of equal numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// Indices of cases, from the highest number to the lowest.
    order: Vec<usize>,
    /// For each group of equal numbers, the place in the order at which it ends.
    ends: Vec<usize>,
}

/// The areas under the two curves that thresholds from high to low trace.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Curve {
    /// Weight of the pairs of a positive and another case in which the positive has the larger number, ties by half, of
    /// all such pairs: the area under the ROC curve (Hanley and McNeil 1982). `None` without both kinds.
    pub roc_auc: Option<f64>,
    /// Sum over the thresholds of the recall gained times the precision. `None` without positives.
    pub average_precision: Option<f64>,
}

/// Positives at the top of an order.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Top {
    /// Weight of the positives in the top.
    pub hits: f64,
    /// Weight of all positives.
    pub positives: f64,
}

/// The weights of the positives and of the others in one group of equal numbers.
#[derive(Debug, Clone, Copy)]
struct Group {
    positives: f64,
    others: f64,
}

impl Ranked {
    /// Orders cases by their numbers; the indices of cases are those of the list.
    pub fn new(numbers: &[f64]) -> Self {
        Self::of((0..numbers.len()).collect(), |case| numbers.get(case).copied().unwrap_or(0.0))
    }

    /// Orders some cases, given by their indices, by a number of each.
    pub fn of(cases: Vec<usize>, number: impl Fn(usize) -> f64) -> Self {
        let mut numbered: Vec<(f64, usize)> =
            cases.into_iter().map(|case| (number(case) + 0.0, case)).collect();
        numbered.sort_by(|(a, i), (b, j)| b.total_cmp(a).then(i.cmp(j)));
        let ends = numbered.chunk_by(|(a, _), (b, _)| a.total_cmp(b).is_eq());
        let ends = ends.scan(0, |end, group| {
            *end += group.len();
            Some(*end)
        });
        Self { ends: ends.collect(), order: numbered.into_iter().map(|(_, case)| case).collect() }
    }

    /// The groups of equal numbers, from high to low.
    fn groups(&self, outcomes: &[bool], weights: &[f64]) -> impl Iterator<Item = Group> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(move |(start, &end)| {
            let mut group = Group { positives: 0.0, others: 0.0 };
            for &case in self.order.get(start..end).unwrap_or_default() {
                let weight = weights.get(case).copied().unwrap_or(0.0);
                match outcomes.get(case) {
                    Some(true) => group.positives += weight,
                    _ => group.others += weight,
                }
            }
            group
        })
    }

    /// The areas under the ROC curve and the curve of precision and recall.
    ///
    /// `outcomes` and `weights` are those of all cases, by the indices that were ordered.
    pub fn curve(&self, outcomes: &[bool], weights: &[f64]) -> Curve {
        let (mut positives, mut others) = (0.0, 0.0);
        let (mut above, mut precise) = (0.0, 0.0);
        for group in self.groups(outcomes, weights) {
            // The positives so far beat the others of this group, and its own tie with them.
            above += group.others * (positives + group.positives / 2.0);
            positives += group.positives;
            others += group.others;
            if group.positives > 0.0 {
                precise += group.positives * (positives / (positives + others));
            }
        }
        let pairs = positives * others;
        Curve {
            roc_auc: (pairs > 0.0).then(|| above / pairs),
            average_precision: (positives > 0.0).then(|| precise / positives),
        }
    }

    /// The positives in the top part of the order, `share` of the weight of all cases. A group at the edge counts by
    /// the part that fits.
    pub fn top(&self, share: f64, outcomes: &[bool], weights: &[f64]) -> Top {
        let all: f64 = self.groups(outcomes, weights).map(|of| of.positives + of.others).sum();
        let mut room = share * all;
        let mut top = Top::default();
        for group in self.groups(outcomes, weights) {
            let weight = group.positives + group.others;
            top.positives += group.positives;
            if room >= weight {
                top.hits += group.positives;
                room -= weight;
            } else {
                top.hits += group.positives * (room / weight);
                room = 0.0;
            }
        }
        top
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const Y: [bool; 6] = [true, false, true, false, false, true];

    #[test]
    fn curves_are_those_worked_by_hand() {
        // Order: 0 (yes), 1 (no), {2 yes, 3 no}, 4 (no), 5 (yes).
        let ranked = Ranked::new(&[9.0, 7.0, 5.0, 5.0, 3.0, 1.0]);
        let curve = ranked.curve(&Y, &[1.0; 6]);
        // Pairs won: case 0 all three, case 2 one and a half, case 5 none.
        assert_eq!(curve.roc_auc, Some(4.5 / 9.0));
        // Thresholds: 1/3 at 1/1; 1/3 at 2/4; 1/3 at 3/6.
        let average = (1.0 + 0.5 + 0.5) / 3.0;
        assert!((curve.average_precision.expect("positives") - average).abs() < 1e-15);
    }

    #[test]
    fn a_weight_counts_like_so_many_cases() {
        let (numbers, weights) = ([4.0, 3.0, 3.0, 1.0], [2.0, 0.0, 3.0, 1.0]);
        let outcomes = [true, true, false, true];
        let expanded = Ranked::new(&[4.0, 4.0, 3.0, 3.0, 3.0, 1.0]);
        let of_each = [true, true, false, false, false, true];
        let weighted = Ranked::new(&numbers);
        assert_eq!(weighted.curve(&outcomes, &weights), expanded.curve(&of_each, &[1.0; 6]));
        let top = weighted.top(0.25, &outcomes, &weights);
        assert_eq!(top, expanded.top(0.25, &of_each, &[1.0; 6]));
        assert_eq!(top, Top { hits: 1.5, positives: 3.0 });
    }

    #[test]
    fn the_edge_of_the_top_counts_by_the_part_that_fits() {
        // 20 % of 6 cases are 1.2: the first, and 0.2 of the second.
        let ranked = Ranked::new(&[6.0, 5.0, 4.0, 3.0, 2.0, 1.0]);
        let outcomes = [false, true, false, false, false, true];
        let top = ranked.top(0.2, &outcomes, &[1.0; 6]);
        assert!((top.hits - 0.2).abs() < 1e-15 && top.positives == 2.0, "{top:?}");
        // All tied: the part of the whole.
        let top = Ranked::new(&[1.0; 6]).top(0.1, &outcomes, &[1.0; 6]);
        assert!((top.hits - 0.2).abs() < 1e-15, "{top:?}");
    }

    #[test]
    fn one_kind_alone_has_no_area() {
        let ranked = Ranked::new(&[3.0, 2.0]);
        let none = ranked.curve(&[false, false], &[1.0; 2]);
        assert_eq!(none, Curve { roc_auc: None, average_precision: None });
        let all = ranked.curve(&[true, true], &[1.0; 2]);
        assert_eq!(all, Curve { roc_auc: None, average_precision: Some(1.0) });
        // Cases of weight 0 are not there.
        assert_eq!(ranked.curve(&[true, false], &[1.0, 0.0]).roc_auc, None);
        assert_eq!(Ranked::new(&[]).curve(&[], &[]), none);
    }

    #[test]
    fn zero_of_either_sign_is_one_number() {
        let curve = Ranked::new(&[0.0, -0.0]).curve(&[true, false], &[1.0; 2]);
        assert_eq!(curve.roc_auc, Some(0.5));
    }

    proptest::proptest! {
        /// The area under the ROC curve is the share of the pairs, counted one by one.
        #[test]
        fn the_area_is_the_share_of_pairs_won(
            cases in proptest::collection::vec((0_u8..6, proptest::bool::ANY, 0_u8..4), 1..40)
        ) {
            let numbers: Vec<f64> = cases.iter().map(|case| f64::from(case.0)).collect();
            let outcomes: Vec<bool> = cases.iter().map(|case| case.1).collect();
            let weights: Vec<f64> = cases.iter().map(|case| f64::from(case.2)).collect();
            let (mut won, mut pairs) = (0.0, 0.0);
            for (i, a) in cases.iter().enumerate().filter(|(_, case)| case.1) {
                for (j, b) in cases.iter().enumerate().filter(|(_, case)| !case.1) {
                    let pair = weights[i] * weights[j];
                    pairs += pair;
                    won += pair * match a.0.cmp(&b.0) {
                        std::cmp::Ordering::Greater => 1.0,
                        std::cmp::Ordering::Equal => 0.5,
                        std::cmp::Ordering::Less => 0.0,
                    };
                }
            }
            let area = Ranked::new(&numbers).curve(&outcomes, &weights).roc_auc;
            match area {
                Some(area) => proptest::prop_assert!((area - won / pairs).abs() < 1e-12),
                None => proptest::prop_assert_eq!(pairs, 0.0),
            }
        }
    }
}
