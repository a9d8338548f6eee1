//! The Brier skill: how much nearer than a constant a share of positives comes to what happened.

/// The squared errors of one case.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SquaredErrors {
    /// (p - y)², of the share that was said.
    pub said: f64,
    /// (p₀ - y)², of the share of positives so far.
    pub base: f64,
}

impl SquaredErrors {
    /// The errors of a share `said` and of a constant one, `base`.
    pub fn new(said: f64, base: f64, outcome: bool) -> Self {
        let happened = f64::from(u8::from(outcome));
        let square = |share: f64| (share - happened) * (share - happened);
        Self { said: square(said), base: square(base) }
    }
}

/// 1 less the weighted sum of the squared errors over that of the constant: 1 is without error, 0 as good as the
/// constant, below 0 worse (Brier 1950). `None` without cases, and where the constant has no error.
pub fn brier_skill(cases: impl IntoIterator<Item = (SquaredErrors, f64)>) -> Option<f64> {
    let add = |(said, base): (f64, f64), (errors, weight): (SquaredErrors, f64)| {
        (said + weight * errors.said, base + weight * errors.base)
    };
    let (said, base) = cases.into_iter().fold((0.0, 0.0), add);
    (base > 0.0).then(|| 1.0 - said / base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skill_is_that_worked_by_hand() {
        // Errors 0.2² and 0.4² against 0.5² twice, the second case with the weight 2.
        let cases =
            [(SquaredErrors::new(0.8, 0.5, true), 1.0), (SquaredErrors::new(0.4, 0.5, false), 2.0)];
        let skill = brier_skill(cases).expect("a skill");
        assert!((skill - (1.0 - (0.04 + 0.32) / 0.75)).abs() < 1e-12, "{skill}");
    }

    #[test]
    fn a_constant_without_error_leaves_no_skill() {
        assert_eq!(brier_skill([(SquaredErrors::new(0.0, 0.0, false), 1.0)]), None);
        assert_eq!(brier_skill([]), None);
        assert_eq!(brier_skill([(SquaredErrors::new(0.3, 0.3, false), 1.0)]), Some(0.0));
    }
}
