//! Logistic regression of what followed on the logarithm of the intensity, by maximum likelihood.

use crate::float;

/// Added to every intensity before its logarithm is taken, so that an intensity of 0 has one (METHOD, "Calibration").
const OFFSET: f64 = 0.001;

/// The penalty on the slope: `RIDGE b² / 2` is added to the negative log-likelihood. It does not show in a fit unless
/// the two kinds can be told apart by the intensity without a fault; the likelihood then has no maximum.
const RIDGE: f64 = 1e-6;

/// Newton's method takes six steps where the kinds overlap, and about one for each power of e up to `1 / RIDGE` where
/// they do not.
const MOST_STEPS: usize = 200;

/// A probability of an event by the intensity λ: `P = 1 / (1 + exp(-(a + b ln(λ + 0.001))))`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Logistic {
    /// The intercept.
    pub a: f64,
    /// The slope; above 0 if greater intensities were followed by an event more often.
    pub b: f64,
}

/// Why there is no fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoFit {
    /// No case was followed by an event.
    NoneFollowed,
    /// Every case was followed by an event, or there is no case.
    AllFollowed,
    /// An intensity is negative, infinite or not a number.
    NotAnIntensity,
    /// The iteration did not settle.
    NotConverged,
}

/// The penalized negative log-likelihood with its slopes and curvatures.
struct Shape {
    value: f64,
    by_a: f64,
    by_b: f64,
    by_aa: f64,
    by_ab: f64,
    by_bb: f64,
}

impl Logistic {
    /// The probability at an intensity, 0 to 1. It never falls with the intensity if `b` is not negative.
    pub fn at(&self, intensity: f64) -> f64 {
        of_logit(self.a + self.b * predictor(intensity))
    }

    /// Fits to cases: each an intensity, and whether an event followed. Newton's method on the penalized likelihood,
    /// which is strictly convex, with steps halved until they descend. The sums run in the order of the cases.
    ///
    /// # Errors
    /// Cases of one kind only; an intensity that is none; no convergence.
    pub fn fit(cases: &[(f64, bool)]) -> Result<Self, NoFit> {
        if cases.iter().any(|(intensity, _)| !intensity.is_finite() || *intensity < 0.0) {
            return Err(NoFit::NotAnIntensity);
        }
        let followed = cases.iter().filter(|(_, followed)| *followed).count();
        if followed == cases.len() {
            return Err(NoFit::AllFollowed);
        }
        if followed == 0 {
            return Err(NoFit::NoneFollowed);
        }
        // Centered, the two parameters hardly depend on each other.
        let number = float::of_count(cases.len());
        let mean = cases.iter().map(|(intensity, _)| predictor(*intensity)).sum::<f64>() / number;
        let centered: Vec<(f64, bool)> =
            cases.iter().map(|(of, followed)| (predictor(*of) - mean, *followed)).collect();
        let share = float::of_count(followed) / number;
        let mut fit = Self { a: libm::log(share / (1.0 - share)), b: 0.0 };
        let mut shape = Shape::at(&fit, &centered);
        for _ in 0..MOST_STEPS {
            let determinant = shape.by_aa * shape.by_bb - shape.by_ab * shape.by_ab;
            let step_a = (shape.by_bb * shape.by_a - shape.by_ab * shape.by_b) / determinant;
            let step_b = (shape.by_aa * shape.by_b - shape.by_ab * shape.by_a) / determinant;
            if !(step_a.is_finite() && step_b.is_finite()) {
                return Err(NoFit::NotConverged);
            }
            let is_little = |step: f64, of: f64| step.abs() <= 1e-11 * (1.0 + of.abs());
            if is_little(step_a, fit.a) && is_little(step_b, fit.b) {
                let (a, b) = (fit.a - step_a, fit.b - step_b);
                return Ok(Self { a: a - b * mean, b });
            }
            // What Newton's step promises is twice what it gains at the minimum of a parabola.
            let promised = step_a * shape.by_a + step_b * shape.by_b;
            let mut length = 1.0;
            let (next, at_next) = loop {
                let next = Self { a: fit.a - length * step_a, b: fit.b - length * step_b };
                let at_next = Shape::at(&next, &centered);
                // Near the minimum rounding hides what a step gains.
                let noise = 1e-14 * shape.value.abs();
                if at_next.value <= shape.value - 1e-4 * length * promised + noise {
                    break (next, at_next);
                }
                length /= 2.0;
                if length < 1e-10 {
                    return Err(NoFit::NotConverged);
                }
            };
            (fit, shape) = (next, at_next);
        }
        Err(NoFit::NotConverged)
    }
}

impl Shape {
    fn at(of: &Logistic, cases: &[(f64, bool)]) -> Self {
        let mut shape = Self {
            value: RIDGE * of.b * of.b / 2.0,
            by_a: 0.0,
            by_b: RIDGE * of.b,
            by_aa: 0.0,
            by_ab: 0.0,
            by_bb: RIDGE,
        };
        for &(x, followed) in cases {
            let logit = of.a + of.b * x;
            // Both are exact to the last digits, however near 0 one of them is.
            let (p, not_p) = (of_logit(logit), of_logit(-logit));
            // ln(1 + e^z) without overflow; minus z if the event followed.
            let softplus = logit.max(0.0) + libm::log1p(libm::exp(-logit.abs()));
            shape.value += if followed { softplus - logit } else { softplus };
            let off = if followed { -not_p } else { p };
            let weight = p * not_p;
            shape.by_a += off;
            shape.by_b += off * x;
            shape.by_aa += weight;
            shape.by_ab += weight * x;
            shape.by_bb += weight * x * x;
        }
        shape
    }
}

fn predictor(intensity: f64) -> f64 {
    libm::log(intensity + OFFSET)
}

/// `1 / (1 + e^-z)`, without overflow on either side.
fn of_logit(logit: f64) -> f64 {
    let small = libm::exp(-logit.abs());
    if logit >= 0.0 { 1.0 / (1.0 + small) } else { small / (1.0 + small) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(fit: Logistic, a: f64, b: f64) {
        let near = |x: f64, y: f64| (x - y).abs() < 1e-8 * (1.0 + y.abs());
        assert!(near(fit.a, a) && near(fit.b, b), "{fit:?}, expected {a}, {b}");
    }

    /// scikit-learn 1.9.1: `LogisticRegression(C=1e6, solver="newton-cholesky", tol=1e-14)` on `ln(λ + 0.001)`; its
    /// penalty is `b² / 2C`. The last digits are those of Newton's method in 80-bit floats.
    #[test]
    fn fits_are_those_of_another_program() {
        let intensities = [
            0.0, 0.0, 0.0, 0.002, 0.004, 0.01, 0.02, 0.03, 0.05, 0.08, 0.1, 0.2, 0.4, 0.5, 0.9,
            1.5, 2.0, 4.0, 8.0, 20.0,
        ];
        let followed = [0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 1, 0, 1, 1, 1];
        let cases: Vec<(f64, bool)> =
            intensities.into_iter().zip(followed.map(|one| one == 1)).collect();
        let fit = Logistic::fit(&cases).expect("a fit");
        close(fit, 0.646_265_741_272_635_9, 0.385_712_319_476_896);
        for (intensity, p) in
            [(0.0, 0.117_311_4), (0.05, 0.377_167_79), (1.0, 0.656_255_44), (20.0, 0.858_364_97)]
        {
            assert!((fit.at(intensity) - p).abs() < 1e-8, "{intensity}");
        }
        // Order does not decide beyond rounding.
        let backward: Vec<_> = cases.iter().rev().copied().collect();
        close(Logistic::fit(&backward).expect("a fit"), fit.a, fit.b);
    }

    /// 400 cases drawn by a generator that any language can repeat (Park and Miller 1988).
    #[test]
    fn a_larger_fit_is_that_of_another_program() {
        let mut seed: u64 = 1;
        let mut uniform = || {
            seed = seed * 16_807 % 2_147_483_647;
            float::of_whole(seed) / 2_147_483_647.0
        };
        let truth = Logistic { a: -1.5, b: 0.8 };
        let cases: Vec<(f64, bool)> = (0..400)
            .map(|_| {
                let intensity = libm::pow(10.0, -3.0 + 5.0 * uniform());
                (intensity, uniform() < truth.at(intensity))
            })
            .collect();
        assert_eq!(cases.iter().filter(|(_, followed)| *followed).count(), 90);
        let fit = Logistic::fit(&cases).expect("a fit");
        close(fit, -1.514_195_930_484_318_5, 0.775_087_744_061_716_3);
    }

    #[test]
    fn separated_cases_have_a_fit_by_the_ridge() {
        let cases =
            [(0.01, false), (0.02, false), (0.05, false), (1.0, true), (2.0, true), (5.0, true)];
        let fit = Logistic::fit(&cases).expect("a fit");
        close(fit, 12.752_646_597_167_631, 8.572_691_017_216_446);
        // Far apart, next to each other, and one of many.
        for cases in [
            vec![(0.0, false), (1e6, true)],
            vec![(1.0, false), (1.0 + 1e-9, true)],
            vec![(3.0, true); 5_000].into_iter().chain([(2.0, false)]).collect(),
            vec![(0.0, false); 5_000].into_iter().chain([(2.0, true)]).collect(),
        ] {
            let fit = Logistic::fit(&cases).expect("a fit");
            assert!(fit.a.is_finite() && fit.b.is_finite() && fit.b > 0.0, "{fit:?}");
        }
    }

    #[test]
    fn an_intensity_that_does_not_vary_tells_nothing() {
        let fit = Logistic::fit(&[(0.3, false), (0.3, true), (0.3, false), (0.3, false)]);
        let fit = fit.expect("a fit");
        assert!(fit.b.abs() < 1e-9 && (fit.at(0.3) - 0.25).abs() < 1e-12, "{fit:?}");
    }

    #[test]
    fn what_cannot_be_fitted_is_told() {
        assert_eq!(Logistic::fit(&[]), Err(NoFit::AllFollowed));
        assert_eq!(Logistic::fit(&[(1.0, true), (0.0, true)]), Err(NoFit::AllFollowed));
        assert_eq!(Logistic::fit(&[(1.0, false), (0.0, false)]), Err(NoFit::NoneFollowed));
        for odd in [f64::NAN, f64::INFINITY, -1.0] {
            let fit = Logistic::fit(&[(odd, false), (1.0, true)]);
            assert_eq!(fit, Err(NoFit::NotAnIntensity));
        }
    }

    proptest! {
        /// The slopes of the penalized likelihood vanish at the fit, whatever the cases.
        #[test]
        fn any_cases_of_both_kinds_have_a_fit(
            cases in prop::collection::vec((0.0_f64..30.0, any::<bool>()), 0..60),
            zeros in 0_usize..5,
        ) {
            let mut cases = cases;
            cases.extend([(0.5, true), (0.7, false)]);
            cases.extend(vec![(0.0, false); zeros]);
            let fit = Logistic::fit(&cases).expect("a fit");
            let logs: Vec<_> = cases.iter().map(|(of, yes)| (predictor(*of), *yes)).collect();
            let shape = Shape::at(&fit, &logs);
            prop_assert!(shape.by_a.abs() < 1e-7 && shape.by_b.abs() < 1e-7, "{fit:?}");
            let mut last = if fit.b >= 0.0 { 0.0 } else { 1.0 };
            for intensity in [0.0, 1e-6, 0.01, 0.3, 2.0, 50.0, 1e9] {
                let p = fit.at(intensity);
                prop_assert!((0.0..=1.0).contains(&p));
                let turns = if fit.b >= 0.0 { p < last } else { p > last };
                prop_assert!(!turns);
                last = p;
            }
        }
    }
}
