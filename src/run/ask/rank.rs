//! Ranks candidate sites, the least risky first, and explains the difference between the first two.

use super::explain;
use super::explain_event::EventExplanation;
use crate::layers::Scored;
use crate::model::Value;
use crate::run::Case;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The score that orders candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RankBy {
    /// The overall score.
    Overall,
    /// The security score.
    Security,
    /// The environment score.
    Environment,
}

/// Candidates in order.
#[derive(Debug, Clone, Serialize)]
pub struct Ranking {
    /// The score that orders them.
    pub by: RankBy,
    /// By ascending score; candidates without that score last, in the order of the file.
    pub candidates: Vec<Candidate>,
    /// The difference between the first two candidates that have the score.
    pub difference: Option<Difference>,
}

/// A candidate.
#[derive(Debug, Clone, Serialize)]
pub struct Candidate {
    /// 1 for the lowest score; equal scores share a rank. `None` without that score.
    pub rank: Option<usize>,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Degrees.
    pub lon: f64,
    /// Degrees.
    pub lat: f64,
    /// 0 to 100.
    pub security: Option<f64>,
    /// What the security score came to, by the case's calibration; `None` without one or without a score.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<EventExplanation>,
    /// 0 to 100.
    pub environment: Option<f64>,
    /// What is known alone gives at least this, 0 to 100; `None` if nothing is known.
    pub environment_at_least: Option<f64>,
    /// The share of the environment's weights that is known, 0 to 1.
    pub environment_coverage: f64,
    /// 0 to 100.
    pub overall: Option<f64>,
    /// The band of the ordering score.
    pub band: &'static str,
    /// Its scores explained in a few sentences.
    pub explanation: String,
    /// Its own columns.
    pub columns: BTreeMap<String, serde_json::Value>,
}

/// The difference between two candidates.
#[derive(Debug, Clone, Serialize)]
pub struct Difference {
    /// The id of the candidate with the lower score.
    pub first: String,
    /// The id of the other.
    pub second: String,
    /// How many points lower the ordering score is.
    pub points: f64,
    /// Incidents, by descending difference in their points of the security scores.
    pub incidents: Vec<Apart>,
    /// Indicators, by descending difference in their points of the environment scores, those from reference values
    /// included.
    pub indicators: Vec<Apart>,
}

/// The points of an incident or an indicator in the scores of two candidates.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Apart {
    /// The incident's id, or the indicator's name.
    pub what: String,
    /// Points in the first candidate's score.
    pub first: f64,
    /// Points in the second candidate's score.
    pub second: f64,
}

/// Orders the sites of a case by a score; by default the overall score if every site has one, else
/// security. `scored` are all of them, as [`perform`](crate::run::perform) gives them.
///
/// ```
/// use tamarisk::run::{self, Cancel, Case, RankBy, Unwatched};
///
/// let case = Case::open(&run::demo(), &Unwatched, &Cancel::new())?;
/// let scored = run::perform(&case, &Unwatched, &Cancel::new())?;
/// let ranking = run::rank(&case, &scored, Some(RankBy::Security));
/// assert_eq!(ranking.candidates.first().and_then(|best| best.rank), Some(1));
/// # Ok::<(), tamarisk::Error>(())
/// ```
pub fn rank(case: &Case, scored: &[Scored], by: Option<RankBy>) -> Ranking {
    let whole = !scored.is_empty() && scored.iter().all(|one| one.risk.overall.is_some());
    let by = by.unwrap_or(if whole { RankBy::Overall } else { RankBy::Security });
    let of = |one: &Scored| match by {
        RankBy::Overall => one.risk.overall,
        RankBy::Security => one.risk.security.score,
        RankBy::Environment => one.risk.environment.score,
    };
    let mut order: Vec<&Scored> = scored.iter().collect();
    order.sort_by(|a, b| match (of(a), of(b)) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        (a, b) => a.is_none().cmp(&b.is_none()),
    });
    let difference = match order.as_slice() {
        [first, second, ..] => difference(case, first, second, of),
        _ => None,
    };
    let candidates = order.iter().filter_map(|one| {
        let below = |score: f64| {
            order.partition_point(|other| of(other).is_some_and(|lower| lower < score))
        };
        candidate(case, one, of(one), of(one).map(|score| 1 + below(score)))
    });
    Ranking { by, candidates: candidates.collect(), difference }
}

fn candidate(
    case: &Case,
    one: &Scored,
    score: Option<f64>,
    rank: Option<usize>,
) -> Option<Candidate> {
    let site = case.sites.list.get(one.site)?;
    let columns = site.columns.iter().map(|(name, value)| (name.to_string(), written(value)));
    Some(Candidate {
        rank,
        id: site.id.clone(),
        name: site.name.clone(),
        lon: site.position.lon(),
        lat: site.position.lat(),
        security: one.risk.security.score,
        event: EventExplanation::of(case, &case.sites, one),
        environment: one.risk.environment.score,
        environment_at_least: one.risk.environment.at_least,
        environment_coverage: one.risk.environment.coverage,
        overall: one.risk.overall,
        band: case.scheme.bands.of(score).word(),
        explanation: case.context().explanation(one),
        columns: columns.collect(),
    })
}

fn written(value: &Value) -> serde_json::Value {
    match value {
        Value::Missing => serde_json::Value::Null,
        Value::Number(number) => (*number).into(),
        Value::Bool(truth) => (*truth).into(),
        Value::Text(text) | Value::Exact(text) => text.clone().into(),
    }
}

fn difference(
    case: &Case,
    first: &Scored,
    second: &Scored,
    of: impl Fn(&Scored) -> Option<f64>,
) -> Option<Difference> {
    let points = of(second)? - of(first)?;
    let (first, second) = (explain(case, first.site, None)?, explain(case, second.site, None)?);
    let incidents = |of: &super::Explanation| -> BTreeMap<String, f64> {
        let all = of.security.contributions.iter();
        all.map(|one| (one.id.clone(), one.contribution)).collect()
    };
    let indicators = |of: &super::Explanation| -> BTreeMap<String, f64> {
        let all = of.environment.indicators.iter();
        all.filter_map(|one| Some((one.indicator.to_owned(), one.contribution? + one.assumed?)))
            .collect()
    };
    Some(Difference {
        points,
        incidents: apart(&incidents(&first), &incidents(&second)),
        indicators: apart(&indicators(&first), &indicators(&second)),
        first: first.site,
        second: second.site,
    })
}

/// The differences, largest first; ties by name.
fn apart(first: &BTreeMap<String, f64>, second: &BTreeMap<String, f64>) -> Vec<Apart> {
    let names: BTreeSet<&String> = first.keys().chain(second.keys()).collect();
    let of = |all: &BTreeMap<String, f64>, name: &str| all.get(name).copied().unwrap_or(0.0);
    let pair = |name: &String| Apart {
        what: name.clone(),
        first: of(first, name),
        second: of(second, name),
    };
    let mut all: Vec<Apart> = names.into_iter().map(pair).collect();
    let size = |one: &Apart| (one.second - one.first).abs();
    all.sort_by(|a, b| size(b).total_cmp(&size(a)).then_with(|| a.what.cmp(&b.what)));
    all
}
