//! How sure the scores of one site are, explained.

use crate::layers::Scored;
use crate::scoring::Spread;
use serde::Serialize;

/// The interval of a score over draws of the data.
#[derive(Debug, Clone, Serialize)]
pub struct Interval {
    /// 5 % of the draws give a lower score.
    pub score_p05: f64,
    /// 95 % of the draws give a lower score.
    pub score_p95: f64,
    /// Share of the draws in the score's band, 0 to 1.
    pub p_band: f64,
}

/// How sure a security score is.
#[derive(Debug, Clone, Serialize)]
pub struct SecuritySure {
    /// Its interval.
    #[serde(flatten)]
    pub interval: Interval,
    /// The number of equally strong incidents that would vary as much as those in reach.
    pub effective_incidents: f64,
    /// What moves the score, as shares of the variance of the intensity.
    pub moved_by: SharesOfSecurity,
}

/// Shares of the variance of an intensity, 0 to 1.
#[derive(Debug, Clone, Serialize)]
pub struct SharesOfSecurity {
    /// How many incidents happen.
    pub counts: f64,
    /// The estimates of deaths.
    pub deaths: f64,
    /// The positions of incidents.
    pub places: f64,
    /// The position of the site and its parts.
    pub site: f64,
}

/// How sure an environment score is.
#[derive(Debug, Clone, Serialize)]
pub struct EnvironmentSure {
    /// Its interval.
    #[serde(flatten)]
    pub interval: Interval,
    /// The indicators that move the score, largest first.
    pub moved_by: Vec<IndicatorShare>,
}

/// An indicator that moves a score.
#[derive(Debug, Clone, Serialize)]
pub struct IndicatorShare {
    /// Its name.
    pub indicator: &'static str,
    /// Its share of the indicators' variances, 0 to 1.
    pub share: f64,
}

impl From<Spread> for Interval {
    fn from(spread: Spread) -> Self {
        let [score_p05, score_p95] = spread.score;
        Self { score_p05, score_p95, p_band: spread.band }
    }
}

impl SecuritySure {
    pub(super) fn of(scored: &Scored) -> Option<Self> {
        let sure = scored.uncertainty.as_ref()?.security.as_ref()?;
        let [counts, deaths, places, site] = sure.moved_by.shares();
        Some(Self {
            interval: sure.spread.into(),
            effective_incidents: sure.effective,
            moved_by: SharesOfSecurity { counts, deaths, places, site },
        })
    }
}

impl EnvironmentSure {
    pub(super) fn of(scored: &Scored) -> Option<Self> {
        let sure = scored.uncertainty.as_ref()?.environment.as_ref()?;
        let share = |&(code, share): &(crate::scoring::IndicatorCode, f64)| IndicatorShare {
            indicator: code.word(),
            share,
        };
        let moved_by = sure.moved_by.iter().map(share).collect();
        Some(Self { interval: sure.spread.into(), moved_by })
    }
}
