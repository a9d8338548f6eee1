//! Other settings, drawn around those of a scheme, and the runs in which they are combined.

use super::{SettingGroup, dirichlet};
use crate::measures::{Purpose, Run, Settings, Stream, key, normals};
use crate::model::SecurityType;
use crate::scoring::{Bar, IndicatorCode, Scheme};

/// Standard deviation of the logarithm of a factor.
const SPREAD: f64 = 0.25;

/// Factors are drawn within so many standard deviations.
const CUT: f64 = 2.0;

/// How close Dirichlet weights are to those of the scheme.
const CONCENTRATION: f64 = 20.0;

/// Two independent samples of settings, A and B, of equal length.
#[derive(Debug, Clone, PartialEq)]
pub struct Design {
    rows: usize,
    /// Those of A, then those of B.
    drawn: Vec<Drawn>,
}

/// One drawn set of all settings.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// Factor of the kernel's lengths.
    pub bandwidth: f64,
    /// Factor of the half-life.
    pub half_life: f64,
    /// Factor of the weight of deaths.
    pub deaths: f64,
    /// Factors of the weights of types, in the order of [`SecurityType::ALL`].
    pub types: [f64; 8],
    /// The weights of the indicators in the environment score, in the order of [`IndicatorCode::ALL`].
    pub weights: [f64; 12],
    /// The power of the mean over indicators.
    pub power: f64,
}

impl Design {
    /// Draws two samples of some rows around the settings of a scheme.
    ///
    /// Factors are exp(0.25 z) with z from the standard normal distribution, drawn again outside ±2. Weights are Dirichlet
    /// with the scheme's as means and a concentration of 20: the bars', and those within each bar. Each setting of each row
    /// has random numbers of its own, a function of the seed.
    pub fn new(scheme: &Scheme, rows: usize, seed: u64) -> Self {
        let drawn = (0..2 * rows).map(|row| Drawn::new(scheme, row, seed)).collect();
        Self { rows, drawn }
    }

    /// The number of rows of A, and of B.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The settings, those of A and then those of B.
    pub fn drawn(&self) -> &[Drawn] {
        &self.drawn
    }

    /// The runs for some groups, each with the row whose settings it takes, group by group: all rows of A, those of B, and
    /// then, for each group, those of A with this group from B.
    pub fn runs<const N: usize>(&self, groups: [SettingGroup; N]) -> Vec<[usize; N]> {
        let (a, b) = (|row: usize| row, |row: usize| row + self.rows);
        let mut runs: Vec<[usize; N]> = Vec::new();
        runs.extend((0..self.rows).map(|row| [a(row); N]));
        runs.extend((0..self.rows).map(|row| [b(row); N]));
        for group in groups {
            let from = |row: usize| groups.map(|of| if of == group { b(row) } else { a(row) });
            runs.extend((0..self.rows).map(from));
        }
        runs
    }

    /// The settings for the intensity, with the runs of [`SettingGroup::SECURITY`].
    pub fn settings(&self, scheme: &Scheme) -> Settings {
        let severity = &scheme.security.severity;
        let of_row = |drawn: &Drawn| -> Vec<[f64; 2]> {
            let factor = severity.fatality_factor * drawn.deaths;
            let of_type = |(security_type, own): (SecurityType, &f64)| {
                let weight = severity.of_type(security_type) * own;
                [weight, weight * factor]
            };
            SecurityType::ALL.into_iter().zip(&drawn.types).map(of_type).collect()
        };
        let run = |[width, half_life, severity]: [usize; 3]| Run { width, half_life, severity };
        Settings {
            kernel: scheme.security_kernel(),
            half_life_days: scheme.security.recency.half_life_days,
            widths: self.drawn.iter().map(|drawn| drawn.bandwidth).collect(),
            half_lives: self.drawn.iter().map(|drawn| drawn.half_life).collect(),
            severities: self.drawn.iter().map(of_row).collect(),
            runs: self.runs(SettingGroup::SECURITY).into_iter().map(run).collect(),
        }
    }
}

impl Drawn {
    fn new(scheme: &Scheme, row: usize, seed: u64) -> Self {
        let stream = |name: &str| {
            Stream::new(seed, Purpose::Setting, key(format!("{name} {row}").as_bytes()))
        };
        let factor = |name: &str| libm::exp(SPREAD * within_cut(stream(name)));
        let environment = &scheme.environment;
        let bars = Bar::ALL.map(|bar| environment.weight_of_bar(bar));
        let bars = dirichlet(&bars, CONCENTRATION, stream("bars"));
        let mut weights = [0.0; 12];
        for (bar, of_bar) in Bar::ALL.into_iter().zip(bars) {
            let word = format!("{bar:?}");
            let means: Vec<f64> =
                bar.indicators().map(|code| environment.weight_in_bar(code)).collect();
            let within = dirichlet(&means, CONCENTRATION, stream(&word));
            for (code, share) in bar.indicators().zip(within) {
                let at = IndicatorCode::ALL.iter().position(|one| *one == code);
                if let Some(weight) = at.and_then(|at| weights.get_mut(at)) {
                    *weight = of_bar * share;
                }
            }
        }
        Self {
            bandwidth: factor("bandwidth"),
            half_life: factor("half_life"),
            deaths: factor("fatality_factor"),
            types: SecurityType::ALL.map(|security_type| factor(security_type.word())),
            weights,
            power: environment.power * factor("power"),
        }
    }
}

/// The first standard normal number of a stream within the cut.
fn within_cut(stream: Stream) -> f64 {
    let of_block = |block| {
        let [a, b, c, d] = stream.block(block);
        let ((e, f), (g, h)) = (normals(a, b), normals(c, d));
        [e, f, g, h].into_iter().find(|z| z.abs() <= CUT)
    };
    (0..).find_map(of_block).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_are_log_normal_within_the_cut_and_weights_keep_their_means() {
        let scheme = Scheme::default();
        let design = Design::new(&scheme, 2_000, 1);
        assert_eq!((design.rows(), design.drawn().len()), (2_000, 4_000));
        let number = 4_000.0;
        for of in [
            |drawn: &Drawn| drawn.bandwidth,
            |drawn: &Drawn| drawn.half_life,
            |drawn: &Drawn| drawn.types[3],
            |drawn: &Drawn| drawn.power / 4.0,
        ] {
            let logs: Vec<f64> = design.drawn().iter().map(|one| libm::log(of(one))).collect();
            assert!(logs.iter().all(|log| log.abs() <= 0.5 + 1e-12));
            let mean = logs.iter().sum::<f64>() / number;
            let variance = logs.iter().map(|log| log * log).sum::<f64>() / number;
            // A normal distribution cut at ±2 has the variance 0.7737.
            assert!(mean.abs() < 0.02, "{mean}");
            assert!((variance / (0.0625 * 0.773_741) - 1.0).abs() < 0.1, "{variance}");
        }
        for (at, code) in IndicatorCode::ALL.into_iter().enumerate() {
            let mean = design.drawn().iter().map(|one| one.weights[at]).sum::<f64>() / number;
            assert!((mean - scheme.environment.weight(code)).abs() < 0.01, "{code:?}: {mean}");
        }
    }

    #[test]
    fn a_group_is_taken_from_the_other_sample_in_its_runs_alone() {
        let design = Design::new(&Scheme::default(), 2, 1);
        let runs = design.runs(SettingGroup::ENVIRONMENT);
        assert_eq!(
            runs,
            [[0, 0], [1, 1], [2, 2], [3, 3], [2, 0], [3, 1], [0, 2], [1, 3]],
            "A, B, A with the weights of B, A with the power of B"
        );
    }
}
