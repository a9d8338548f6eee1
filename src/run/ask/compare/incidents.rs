//! The incidents that moved a security score, and the bars and indicators that moved an environment score.

use super::records::{Pairs, correction};
use super::walk::{End, Parts, Step, Term, Walk, terms};
use crate::layers::{Scored, event_name};
use crate::model::Incident;
use crate::scoring::{Bar, BarRisk, Indicator, IndicatorCode, Scheme, security_score};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;

/// Most incidents listed for a site.
const MOST: usize = 10;

/// Incidents that move a score by fewer points are counted, not listed: three decimals do not show them.
const NOTHING: f64 = 0.0005;

/// A new, vanished or corrected incident, and its effect on a site's security score.
#[derive(Debug, Clone, Serialize)]
pub struct IncidentChange {
    /// The incident.
    pub id: String,
    /// `new`, `vanished` or `corrected`.
    pub what: &'static str,
    /// What was corrected.
    pub correction: Option<String>,
    /// The increase of the score due to it. The points of all new incidents add up to their part of the change;
    /// likewise for vanished and corrected ones.
    pub points: f64,
    /// Kilometers to the site, or to the part where it counts; for a corrected incident the new value.
    pub distance_km: f64,
    /// Degrees clockwise from north, as seen from the site.
    pub bearing_deg: f64,
    /// Days from its last day to the as-of date of the newer run, or of the older run for a vanished incident.
    pub age_days: Option<i64>,
    /// Its last day.
    pub date: Option<String>,
    /// What every output calls it: its most precise type, in the source's words.
    pub name: String,
    /// The type in the source's words.
    pub event_type: String,
    /// Deaths, by the best estimate.
    pub fatalities: Option<u32>,
}

/// A bar of the environment whose numbers changed.
#[derive(Debug, Clone, Serialize)]
pub struct BarChange {
    /// Its name.
    pub bar: &'static str,
    /// The bar before, 0 to 100; `None` if nothing was known of it.
    pub before: Option<f64>,
    /// The bar after.
    pub after: Option<f64>,
    /// What was known alone gave at least this.
    pub at_least_before: Option<f64>,
    /// What is known alone gives at least this.
    pub at_least_after: Option<f64>,
}

/// An indicator whose value, known share or points changed.
#[derive(Debug, Clone, Serialize)]
pub struct IndicatorChange {
    /// Its name.
    pub indicator: &'static str,
    /// The value before, 0 to 1; `None` if it was unknown.
    pub value_before: Option<f64>,
    /// The value after, 0 to 1.
    pub value_after: Option<f64>,
    /// The share of it that was known, 0 to 1.
    pub known_before: f64,
    /// The share of it that is known.
    pub known_after: f64,
    /// Its points of the score before, from what was known.
    pub points_before: Option<f64>,
    /// Its points of the score after, from what is known.
    pub points_after: Option<f64>,
    /// Its points of the score before, from the reference value.
    pub assumed_before: Option<f64>,
    /// Its points of the score after, from the reference value.
    pub assumed_after: Option<f64>,
}

/// The incidents with the largest effect on a score, and the number of others.
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
            all.extend(changes.filter(|change| change.points != 0.0));
        }
        all.sort_by(|a: &IncidentChange, b| {
            b.points.abs().total_cmp(&a.points.abs()).then_with(|| a.id.cmp(&b.id))
        });
        let shown = all.iter().take(MOST).filter(|change| change.points.abs() >= NOTHING).count();
        let more = all.len() - shown;
        all.truncate(shown);
        Some(Moved { most: all, more })
    };
    (0..walk.splits.len()).into_par_iter().map(|site| of(site).unwrap_or_default()).collect()
}

/// Changes of intensity, each with its incident.
type Group<'a> = Vec<(f64, Term<'a>)>;

/// Incidents that add or remove their whole intensity.
fn alone<'a>(terms: &[Term<'a>], sign: f64) -> Group<'a> {
    terms.iter().map(|term| (sign * term.contribution.intensity, *term)).collect()
}

/// Corrected incidents: the new intensity minus the old one.
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

/// Splits a part of a change among incidents in proportion to their changes of the intensity. If those nearly cancel,
/// uses the slope of the score instead.
fn shares(parts: &Parts, step: Step, group: &Group<'_>, slope: f64) -> Vec<f64> {
    let total: f64 = group.iter().map(|(change, _)| change).sum();
    let size: f64 = group.iter().map(|(change, _)| change.abs()).sum();
    let of_one = if total.abs() > 1e-3 * size { parts.of(step) / total } else { slope };
    group.iter().map(|(change, _)| change * of_one).collect()
}

/// The derivative of the security score by intensity at a site.
fn slope(scheme: &Scheme, site: &Scored) -> f64 {
    let Some(at) = site.risk.security.intensity.filter(|at| *at > 0.0) else { return 0.0 };
    let step = at * 1e-6;
    (security_score(scheme, at + step) - security_score(scheme, at)) / step
}

fn told(term: &Term<'_>, step: Step, points: f64, correction: Option<&String>) -> IncidentChange {
    let Term { incident, contribution, age_days } = term;
    IncidentChange {
        id: incident.id.to_string(),
        what: step.word(),
        correction: correction.filter(|_| step == Step::Corrected).cloned(),
        points,
        distance_km: contribution.nearby.distance.km(),
        bearing_deg: contribution.nearby.bearing,
        age_days: *age_days,
        date: incident.date.map(|date| date.last().to_string()),
        name: event_name(incident).to_owned(),
        event_type: incident.event_type.to_string(),
        fatalities: incident.fatalities,
    }
}

/// The bars of each site of a walk that changed, in their order.
pub(super) fn bars(walk: &Walk) -> Vec<Vec<BarChange>> {
    let of = |site: &Scored, bar: Bar| {
        let read = |of: &BarRisk| (of.score, of.at_least);
        site.risk.environment.bar(bar).map(read).unwrap_or_default()
    };
    let change = |before: &Scored, after: &Scored, bar: Bar| {
        let (was, is) = (of(before, bar), of(after, bar));
        (was != is).then(|| BarChange {
            bar: bar.word(),
            before: was.0,
            after: is.0,
            at_least_before: was.1,
            at_least_after: is.1,
        })
    };
    let site = |(before, after): (&Scored, &Scored)| {
        Bar::ALL.into_iter().filter_map(|bar| change(before, after, bar)).collect()
    };
    walk.before.iter().zip(&walk.after).map(site).collect()
}

/// The indicators of each site of a walk that changed, in the order of the scheme.
pub(super) fn indicators(walk: &Walk) -> Vec<Vec<IndicatorChange>> {
    let of = |site: &Scored, code: IndicatorCode| {
        let read = |of: &Indicator| (of.value, of.known, of.points, of.assumed);
        let all = &site.risk.environment.indicators;
        all.iter().find(|indicator| indicator.code == code).map(read).unwrap_or_default()
    };
    let change = |before: &Scored, after: &Scored, code: IndicatorCode| {
        let (was, is) = (of(before, code), of(after, code));
        (was != is).then(|| IndicatorChange {
            indicator: code.word(),
            value_before: was.0,
            value_after: is.0,
            known_before: was.1,
            known_after: is.1,
            points_before: was.2,
            points_after: is.2,
            assumed_before: was.3,
            assumed_after: is.3,
        })
    };
    let site = |(before, after): (&Scored, &Scored)| {
        IndicatorCode::ALL.into_iter().filter_map(|code| change(before, after, code)).collect()
    };
    walk.before.iter().zip(&walk.after).map(site).collect()
}
