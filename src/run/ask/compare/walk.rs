//! The walk from one run to another: one input at a time is switched to the newer run's, and all sites are scored again
//! after each step. The change of a score in a step is the step's part, so that the parts add up to the total change.

use super::records::Pairs;
use crate::Result;
use crate::layers::Scored;
use crate::measures::{Collection, Contribution};
use crate::model::{Incident, ReceptorKind};
use crate::run::ask::score::score_sites;
use crate::run::{Cancel, Case, Rules, Sites, Stale, Watch, World};
use crate::scoring::Scheme;
use jiff::civil::Date;
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The steps of the walk, in order. Vanished incidents are removed before the date changes and new ones are added after
/// it, so that each is aged to the day on which it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The scheme.
    Scheme,
    /// Where and until when incidents were collected.
    Coverage,
    /// The position of the site, its parts, and its attributes.
    Site,
    /// Incidents that count only in the older run.
    Vanished,
    /// The as-of date, at which the other incidents are aged.
    Aged,
    /// Receptors, and which kinds of them are complete.
    Receptors,
    /// Incidents whose records were corrected.
    Corrected,
    /// Incidents that count only in the newer run.
    New,
}

impl Step {
    /// Every step, in order.
    pub const ALL: [Self; 8] = [
        Self::Scheme,
        Self::Coverage,
        Self::Site,
        Self::Vanished,
        Self::Aged,
        Self::Receptors,
        Self::Corrected,
        Self::New,
    ];

    /// The word used in outputs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Scheme => "scheme",
            Self::Coverage => "coverage",
            Self::Site => "site",
            Self::Vanished => "vanished",
            Self::Aged => "aged",
            Self::Receptors => "receptors",
            Self::Corrected => "corrected",
            Self::New => "new",
        }
    }
}

/// The change of a score at each step, in points; the sum is the total change.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Parts {
    /// The scheme.
    pub scheme: f64,
    /// Where and until when incidents were collected.
    pub coverage: f64,
    /// The site itself.
    pub site: f64,
    /// Vanished incidents.
    pub vanished: f64,
    /// The date.
    pub aged: f64,
    /// Receptors.
    pub receptors: f64,
    /// Corrected incidents.
    pub corrected: f64,
    /// New incidents.
    pub new: f64,
}

impl Parts {
    /// The part of a step.
    pub fn of(&self, step: Step) -> f64 {
        match step {
            Step::Scheme => self.scheme,
            Step::Coverage => self.coverage,
            Step::Site => self.site,
            Step::Vanished => self.vanished,
            Step::Aged => self.aged,
            Step::Receptors => self.receptors,
            Step::Corrected => self.corrected,
            Step::New => self.new,
        }
    }

    fn add(&mut self, step: Step, points: f64) {
        *match step {
            Step::Scheme => &mut self.scheme,
            Step::Coverage => &mut self.coverage,
            Step::Site => &mut self.site,
            Step::Vanished => &mut self.vanished,
            Step::Aged => &mut self.aged,
            Step::Receptors => &mut self.receptors,
            Step::Corrected => &mut self.corrected,
            Step::New => &mut self.new,
        } += points;
    }
}

/// The change of a score, split by the walk.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Split {
    pub parts: Parts,
    /// The last step at which the score appeared or disappeared.
    pub turn: Option<Step>,
}

impl Split {
    /// Splits a change from the scores after each step. A step without a score has no part of its own: its change is
    /// included in the next step that has one.
    fn of(first: Option<f64>, after: impl Iterator<Item = (Step, Option<f64>)>) -> Self {
        let mut split = Self::default();
        let (mut last, mut known) = (first, first.is_some());
        for (step, score) in after {
            if let (Some(before), Some(score)) = (last, score) {
                split.parts.add(step, score - before);
            }
            if score.is_some() != known {
                split.turn = Some(step);
            }
            known = score.is_some();
            last = score.or(last);
        }
        split
    }
}

/// One end of the walk.
#[derive(Debug)]
pub(super) struct End<'a> {
    pub scheme: &'a Scheme,
    pub collections: [Collection; 2],
    pub stale: Stale,
    /// The sites that both runs scored, in one order.
    pub sites: Sites,
    pub as_of: Option<Date>,
    /// A world with the receptors that count.
    pub receptors: Arc<World>,
    pub complete: BTreeSet<ReceptorKind>,
}

/// Security, environment and overall.
pub(super) type Scores = [Option<f64>; 3];

/// The result of a walk.
#[derive(Debug)]
pub(super) struct Walk {
    /// The sites scored at either end.
    pub before: Vec<Scored>,
    pub after: Vec<Scored>,
    /// The split changes of their scores.
    pub splits: Vec<[Split; 3]>,
}

/// Walks from one end to the other, through the steps at which something changes.
///
/// # Errors
/// The run was asked to stop.
pub(super) fn walk(
    old: &End<'_>,
    new: &End<'_>,
    pairs: &Pairs,
    steps: &[Step],
    watch: &dyn Watch,
    cancel: &Cancel,
) -> Result<Walk> {
    let score = |reached: Option<Step>| {
        let case = state(old, new, pairs, reached);
        score_sites(&case, &case.sites, watch, cancel)
    };
    let before = score(None)?;
    let first: Vec<Scores> = before.iter().map(scores).collect();
    let mut reached: Vec<(Step, Vec<Scores>)> = Vec::new();
    let mut last: Option<Vec<Scored>> = None;
    for step in steps {
        let scored = score(Some(*step))?;
        reached.push((*step, scored.iter().map(scores).collect()));
        last = Some(scored);
    }
    let after = last.unwrap_or_else(|| before.clone());
    let splits = first.iter().enumerate().map(|(site, first)| {
        let of = |score: usize| {
            let at = |scores: &Scores| scores.get(score).copied().flatten();
            let after = reached.iter().map(|(step, all)| (*step, all.get(site).and_then(at)));
            Split::of(at(first), after)
        };
        [0, 1, 2].map(of)
    });
    Ok(Walk { splits: splits.collect(), before, after })
}

/// The scores of a site.
pub(super) fn scores(scored: &Scored) -> Scores {
    let risk = &scored.risk;
    [risk.security.score, risk.environment.score, risk.overall]
}

/// The case after all steps up to and including one.
fn state(old: &End<'_>, new: &End<'_>, pairs: &Pairs, reached: Option<Step>) -> Case {
    let done = |step: Step| reached.is_some_and(|reached| step <= reached);
    let mut incidents = pairs.same.clone();
    if !done(Step::Vanished) {
        incidents.extend_from_slice(&pairs.vanished);
    }
    let corrected = pairs.corrected.iter();
    incidents
        .extend(corrected.map(|(was, is)| if done(Step::Corrected) { is } else { was }).cloned());
    if done(Step::New) {
        incidents.extend_from_slice(&pairs.new);
    }
    case_of(|step| if done(step) { new } else { old }, incidents)
}

/// A case of some incidents that takes each input from one of the ends.
fn case_of<'a>(at: impl Fn(Step) -> &'a End<'a>, incidents: Vec<Incident>) -> Case {
    let receptors = at(Step::Receptors);
    let coverage = at(Step::Coverage);
    let world = receptors.receptors.put_together(at(Step::Site).sites.clone(), incidents);
    let rules = Rules {
        scheme: at(Step::Scheme).scheme.clone(),
        as_of: at(Step::Aged).as_of,
        complete: receptors.complete.clone(),
        stale: coverage.stale,
        ..Rules::default()
    };
    Case::with_collections(Arc::new(world), &rules, coverage.collections.clone())
}

/// The contribution of one incident to the intensity of a site.
#[derive(Debug, Clone, Copy)]
pub(super) struct Term<'a> {
    pub incident: &'a Incident,
    pub contribution: Contribution,
    pub age_days: Option<i64>,
}

/// The contributions of some incidents to the intensity of each site, with all inputs of the newer run. If the
/// incidents are those of `before`, the date is that of the older run.
pub(super) fn terms<'a>(
    old: &'a End<'a>,
    new: &'a End<'a>,
    before: bool,
    incidents: &'a mut [Incident],
) -> Vec<Vec<Term<'a>>> {
    incidents.sort_by(|a, b| a.id.cmp(&b.id));
    let date = if before { old } else { new };
    let case = case_of(|step| if step == Step::Aged { date } else { new }, incidents.to_vec());
    let incidents: &'a [Incident] = incidents;
    let of = |site: usize| -> Option<Vec<Term<'a>>> {
        let subject = case.subject(&case.sites, site)?;
        let country = case.country_of(case.sites.list.get(site)?);
        let (security, as_of) = case.security_at(subject.position, country);
        let term = |contribution: Contribution| {
            let incident = incidents.get(contribution.nearby.index)?;
            let age_days = incident.date.zip(as_of).map(|(date, as_of)| date.age_at(as_of));
            Some(Term { incident, contribution, age_days })
        };
        Some(security.contributions(&subject).into_iter().filter_map(term).collect())
    };
    let sites = 0..case.sites.list.len();
    sites.into_par_iter().map(|site| of(site).unwrap_or_default()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_step_without_a_score_changes_is_told_with_the_next_that_has_one() {
        let after = [(Step::Scheme, Some(40.0)), (Step::Site, None), (Step::New, Some(55.0))];
        let split = Split::of(Some(50.0), after.into_iter());
        assert_eq!(split.parts, Parts { scheme: -10.0, new: 15.0, ..Parts::default() });
        assert_eq!(split.turn, Some(Step::New));
        let none = Split::of(None, [(Step::New, Some(55.0))].into_iter());
        assert_eq!(none.parts, Parts::default(), "there is no change where there was no score");
        assert_eq!(none.turn, Some(Step::New));
    }

    #[test]
    fn the_steps_are_in_the_order_of_the_walk() {
        assert!(Step::ALL.is_sorted());
        let mut parts = Parts::default();
        for step in Step::ALL {
            parts.add(step, 1.0);
            assert_eq!(parts.of(step), 1.0, "{}", step.word());
        }
    }
}
