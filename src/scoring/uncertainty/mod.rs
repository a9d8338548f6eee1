//! How sure a score is, as far as the data leave it open: intervals of the scores of one site over draws of the data.

mod environment;

pub use environment::{EnvironmentDraws, Whereabouts};

use super::ranks::{Standing, coded_intensity, coded_score, percentile};
use super::{Band, IndicatorCode, Scheme, security_score};
use crate::float;
use crate::measures::MovedBy;

/// How sure the scores of a site are.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Uncertainty {
    /// The security score's; `None` without the score.
    pub security: Option<SecurityUncertainty>,
    /// The environment score's; `None` without the score.
    pub environment: Option<EnvironmentUncertainty>,
}

impl Uncertainty {
    /// What moves the security score most, in a word; `None` if nothing does.
    pub fn security_moved_by(&self) -> Option<&'static str> {
        let shares = self.security.as_ref()?.moved_by.shares();
        let words = MovedBy::WORDS.into_iter().zip(shares).filter(|(_, share)| *share > 0.0);
        words.reduce(|most, next| if next.1 > most.1 { next } else { most }).map(|(word, _)| word)
    }

    /// The indicator that moves the environment score most; `None` if none does.
    pub fn environment_moved_by(&self) -> Option<&'static str> {
        self.environment.as_ref()?.moved_by.first().map(|(code, _)| code.word())
    }
}

/// How sure a security score is.
#[derive(Debug, Clone, PartialEq)]
pub struct SecurityUncertainty {
    /// Its range over the draws.
    pub spread: Spread,
    /// What moves it.
    pub moved_by: MovedBy,
    /// The number of equally strong incidents that would vary as much as those in reach.
    pub effective: f64,
}

/// How sure an environment score is.
#[derive(Debug, Clone, PartialEq)]
pub struct EnvironmentUncertainty {
    /// Its range over the draws.
    pub spread: Spread,
    /// The indicators that move it, each with its share, 0 to 1, largest first.
    pub moved_by: Vec<(IndicatorCode, f64)>,
}

/// The range of a score over the draws.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// 5 and 95 % of the draws lie below these scores, 0 to 100, unrounded.
    pub score: [f64; 2],
    /// The share of the draws in the band of the score, 0 to 1.
    pub band: f64,
    /// How the site ranks among all scored sites; `None` if only this site was drawn.
    pub standing: Option<Standing>,
}

/// The scores of codes, and the codes of each band.
pub struct CodedScores<'a> {
    score: Box<dyn Fn(u16) -> f64 + Sync + 'a>,
    /// The first code of each band, from very low to very high.
    begins: [u32; 5],
}

impl std::fmt::Debug for CodedScores<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CodedScores").field("begins", &self.begins).finish_non_exhaustive()
    }
}

impl<'a> CodedScores<'a> {
    /// Those of [intensities](super::ranks::intensity_code), under a scheme.
    pub fn of_intensities(scheme: &'a Scheme) -> Self {
        Self::of(scheme, |code| security_score(scheme, coded_intensity(code)))
    }

    /// Those of [scores](super::ranks::score_code).
    pub fn of_scores(scheme: &'a Scheme) -> Self {
        Self::of(scheme, coded_score)
    }

    fn of(scheme: &Scheme, score: impl Fn(u16) -> f64 + Sync + 'a) -> Self {
        let number = |code: u16| scheme.bands.of(Some(score(code))).number();
        // Scores grow with their codes.
        let begins = [1, 2, 3, 4, 5].map(|band| {
            let (mut below, mut end) = (0_u32, 1 << 16);
            while below < end {
                let middle = u32::midpoint(below, end);
                match u16::try_from(middle) {
                    Ok(code) if number(code) < band => below = middle + 1,
                    _ => end = middle,
                }
            }
            below
        });
        Self { score: Box::new(score), begins }
    }

    /// Returns the range of a score over some draws by their codes. If they are all the same, it is the score itself.
    pub fn spread(&self, codes: &[u16], score: f64, band: Band) -> Spread {
        if codes.iter().all(|code| codes.first() == Some(code)) {
            return Spread { score: [score, score], band: 1.0, standing: None };
        }
        let at = usize::from(band.number());
        let begin = at.checked_sub(1).and_then(|at| self.begins.get(at)).copied().unwrap_or(0);
        let end = self.begins.get(at).copied().unwrap_or(1 << 16);
        let in_band = codes.iter().filter(|code| (begin..end).contains(&u32::from(**code))).count();
        let mut codes = codes.to_vec();
        Spread {
            score: [0.05, 0.95]
                .map(|share| percentile(&mut codes, share, |code| (self.score)(code))),
            band: float::of_count(in_band) / float::of_count(codes.len()),
            standing: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::ranks::intensity_code;

    #[test]
    fn a_spread_has_the_percentiles_of_the_scores() {
        let scheme = Scheme::default();
        let coded = CodedScores::of_intensities(&scheme);
        let intensities: Vec<f64> = (0..1000).map(|draw| 0.01 * f64::from(draw)).collect();
        let codes: Vec<u16> =
            intensities.iter().map(|intensity| intensity_code(*intensity)).collect();
        let spread = coded.spread(&codes, 50.0, Band::High);
        for (found, intensity) in spread.score.into_iter().zip([0.4995, 9.4905]) {
            let expected = security_score(&scheme, intensity);
            assert!((found - expected).abs() < 0.01, "{found} {expected}");
        }
        // High is from 60 to 80, rounded: from an intensity of 1.12 to 7.95.
        assert!((spread.band - 0.683).abs() < 0.004, "{}", spread.band);
    }

    #[test]
    fn without_any_variation_the_interval_is_the_score() {
        let scheme = Scheme::default();
        let coded = CodedScores::of_scores(&scheme);
        let spread = coded.spread(&[777; 50], 12.345_678, Band::VeryLow);
        assert_eq!((spread.score, spread.band), ([12.345_678, 12.345_678], 1.0));
    }
}
