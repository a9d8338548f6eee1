//! Which incidents moved a security score, and which indicators an environment score.

use super::records::{Pairs, correction};
use super::walk::{End, Parts, Step, Term, Walk, terms};
use crate::layers::Scored;
use crate::model::Incident;
use crate::scoring::{IndicatorCode, Scheme, security_score};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;

/// How many incidents are told of a site.
const MOST: usize = 10;

/// Points that no number with three decimals shows.
const NOTHING: f64 = 0.0005;

/// An incident that is new, gone or corrected, and what that did to a site's security score.
#[derive(Debug, Clone, Serialize)]
pub struct IncidentChange {
    /// The incident.
    pub id: String,
    /// `new`, `vanished` or `corrected`.
    pub what: &'static str,
    /// What was corrected.
    pub correction: Option<String>,
    /// How much higher the score is for it. Those of all new incidents add up to the part that these have in the
    /// change, and so for the others.
    pub points: f64,
    /// Kilometers to the site, or to the part of it that counts; of a corrected one as it is now.
    pub distance_km: f64,
    /// Degrees clockwise from north, as seen from the site.
    pub bearing_deg: f64,
    /// Days from its last day to the date from which its age is counted: that of the newer run, of a vanished one that
    /// of the older.
    pub age_days: Option<i64>,
    /// Its last day.
    pub date: Option<String>,
    /// The type as the source words it.
    pub event_type: String,
    /// Deaths, by the best estimate.
    pub fatalities: Option<u32>,
}

/// An indicator of which the points changed.
#[derive(Debug, Clone, Serialize)]
pub struct IndicatorChange {
    /// Its name.
    pub indicator: &'static str,
    /// 0 to 1, as it was; `None` where it was not known.
    pub value_before: Option<f64>,
    /// 0 to 1, as it is.
    pub value_after: Option<f64>,
    /// Its points of the score, as they were.
    pub points_before: Option<f64>,
    /// Its points, as they are.
    pub points_after: Option<f64>,
}

/// The incidents that moved a score most, and how many more did.
#[derive(Debug, Clone, Default)]
pub(super) struct Moved {
    pub most: Vec<IncidentChange>,
    pub more: usize,
}

/// The incidents that moved the security score of each site of a walk.
pub(super) fn changes(old: &End<'_>, new: &End<'_>, pairs: &Pairs, walk: &Walk) -> Vec<Moved> {
    let (mut vanished, mut added) = (pairs.vanished.clone(), pairs.new.clone());
    let (mut was, mut is): (Vec<Incident>, Vec<Incident>) = pairs.corrected.iter().cloned().unzip();
    let vanished = terms(old, new, true, &mut vanished);
    let added = terms(old, new, false, &mut added);
    let was = terms(old, new, false, &mut was);
    let is = terms(old, new, false, &mut is);
    let corrections: BTreeMap<&str, String> =
        pairs.corrected.iter().map(|(was, is)| (is.id.as_str(), correction(was, is))).collect();
    let of = |site: usize| -> Option<Moved> {
        let parts = &walk.splits.get(site)?.first()?.parts;
        let slope = slope(new.scheme, walk.after.get(site)?);
        let mut all = Vec::new();
        let groups = [
            (Step::Vanished, alone(vanished.get(site)?, -1.0)),
            (Step::New, alone(added.get(site)?, 1.0)),
            (Step::Corrected, together(was.get(site)?, is.get(site)?)),
        ];
        for (step, group) in groups {
            let shares = shares(parts, step, &group, slope);
            let changes = group.iter().zip(shares).map(|((_, term), points)| {
                told(term, step, points, corrections.get(term.incident.id.as_str()))
            });
            all.extend(changes.filter(|change| change.points.abs() >= NOTHING));
        }
        all.sort_by(|a: &IncidentChange, b| {
            b.points.abs().total_cmp(&a.points.abs()).then_with(|| a.id.cmp(&b.id))
        });
        let more = all.len().saturating_sub(MOST);
        all.truncate(MOST);
        Some(Moved { most: all, more })
    };
    (0..walk.splits.len()).into_par_iter().map(|site| of(site).unwrap_or_default()).collect()
}

/// A change of intensity, and the incident that makes it.
type Group<'a> = Vec<(f64, Term<'a>)>;

/// Incidents that add their whole intensity, or take it away.
fn alone<'a>(terms: &[Term<'a>], sign: f64) -> Group<'a> {
    terms.iter().map(|term| (sign * term.contribution.intensity, *term)).collect()
}

/// Corrected incidents: what they add now, less what they added.
fn together<'a>(was: &[Term<'a>], is: &[Term<'a>]) -> Group<'a> {
    let mut all: BTreeMap<&str, (f64, Term<'a>)> = BTreeMap::new();
    for (sign, terms) in [(-1.0, was), (1.0, is)] {
        for term in terms {
            let one = all.entry(term.incident.id.as_str()).or_insert((0.0, *term));
            one.0 += sign * term.contribution.intensity;
            one.1 = *term;
        }
    }
    all.into_values().collect()
}

/// A part of a change shared among incidents in proportion to what each changes of the intensity. Where such changes
/// nearly cancel, by how steeply the score rises there.
fn shares(parts: &Parts, step: Step, group: &Group<'_>, slope: f64) -> Vec<f64> {
    let total: f64 = group.iter().map(|(change, _)| change).sum();
    let size: f64 = group.iter().map(|(change, _)| change.abs()).sum();
    let of_one = if total.abs() > 1e-3 * size { parts.of(step) / total } else { slope };
    group.iter().map(|(change, _)| change * of_one).collect()
}

/// Points by which the security score rises for each unit of intensity, where a site stands.
fn slope(scheme: &Scheme, site: &Scored) -> f64 {
    let Some(at) = site.risk.security.intensity.filter(|at| *at > 0.0) else { return 0.0 };
    let step = at * 1e-6;
    (security_score(scheme, at + step) - security_score(scheme, at)) / step
}

fn told(term: &Term<'_>, step: Step, points: f64, correction: Option<&String>) -> IncidentChange {
    let Term { incident, contribution, age_days } = term;
    IncidentChange {
        id: incident.id.clone(),
        what: step.word(),
        correction: correction.filter(|_| step == Step::Corrected).cloned(),
        points,
        distance_km: contribution.nearby.distance.km(),
        bearing_deg: contribution.nearby.bearing,
        age_days: *age_days,
        date: incident.date.map(|date| date.last().to_string()),
        event_type: incident.event_type.to_string(),
        fatalities: incident.fatalities,
    }
}

/// The indicators of each site of a walk of which value or points changed, in the order of the scheme.
pub(super) fn indicators(walk: &Walk) -> Vec<Vec<IndicatorChange>> {
    let of = |site: &Scored, code: IndicatorCode| {
        let all = &site.risk.environment.indicators;
        all.iter().find(|indicator| indicator.code == code).map(|one| (one.value, one.points))
    };
    let change = |before: &Scored, after: &Scored, code: IndicatorCode| {
        let (value_before, points_before) = of(before, code).unwrap_or_default();
        let (value_after, points_after) = of(after, code).unwrap_or_default();
        let changed = (value_before, points_before) != (value_after, points_after);
        changed.then(|| IndicatorChange {
            indicator: code.word(),
            value_before,
            value_after,
            points_before,
            points_after,
        })
    };
    let site = |(before, after): (&Scored, &Scored)| {
        IndicatorCode::ALL.into_iter().filter_map(|code| change(before, after, code)).collect()
    };
    walk.before.iter().zip(&walk.after).map(site).collect()
}
