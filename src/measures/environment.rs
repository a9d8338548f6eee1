//! Everything that the environmental score and its columns need, for a batch of sites.

use super::counts::{CountPlan, Counter};
use super::coverage::Coverage;
use super::events::{Events, Subject};
use super::intensity::Summer;
use super::kernel::Kernel;
use super::overlap::Cover;
use super::proximity::{Surroundings, in_reach};
use super::quantities::EnvironmentQuantities;
use crate::earth::{Length, Shape};
use crate::model::{CountryCode, Receptor, ReceptorKind};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// What to measure.
#[derive(Debug, Clone, PartialEq)]
pub struct EnvironmentPlan {
    /// How far to look for each kind of receptor.
    pub reach: BTreeMap<ReceptorKind, Length>,
    /// For each receptor how far it bears on a score, where that is nearer than its kind's reach: a
    /// small earthquake is not felt as far as a great one. Empty where all of a kind reach as far.
    pub own_reach: Vec<Length>,
    /// The kernel over accidents.
    pub accident_kernel: Kernel,
    /// How many of the strongest accidents to keep.
    pub keep: usize,
    /// Radius within which accidents are counted.
    pub accident_radius: Length,
    /// Radii of the buffers whose share covered by sensitive areas is measured.
    pub overlap_radii: Vec<Length>,
    /// Radius within which the length of rivers is measured.
    pub river_radius: Length,
    /// Radius within which people are counted.
    pub people_radius: Length,
}

/// The receptors of a run, each kind in a tree of its own.
#[derive(Debug)]
pub struct Receptors {
    list: Vec<Receptor>,
    kinds: BTreeMap<ReceptorKind, Surroundings>,
    /// The union of the sensitive areas; `None` where none of them is a polygon.
    sensitive: Option<Cover>,
    /// Whether the population of any settlement is known.
    any_population: bool,
}

impl Receptors {
    /// Indexes receptors. Given in the order of their ids, ties by distance go to the smaller id.
    /// A kind of which the run has a file without a single receptor is named in `given`.
    pub fn new(list: Vec<Receptor>, given: impl IntoIterator<Item = ReceptorKind>) -> Self {
        let kinds = list
            .iter()
            .map(|receptor| receptor.kind)
            .chain(given)
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .map(|kind| {
                let of_kind = list.iter().enumerate().filter(|(_, receptor)| receptor.kind == kind);
                (kind, Surroundings::new(of_kind.map(|(index, receptor)| (index, &receptor.shape))))
            })
            .collect();
        let any_population = list.iter().any(|receptor| receptor.population.is_some());
        let sensitive: Vec<_> = list
            .iter()
            .filter(|receptor| receptor.kind == ReceptorKind::SensitiveAreas)
            .filter_map(|receptor| match &receptor.shape {
                Shape::Polygons(polygons) => Some(polygons),
                _ => None,
            })
            .collect();
        let sensitive = (!sensitive.is_empty()).then(|| Cover::new(sensitive));
        Self { list, kinds, sensitive, any_population }
    }

    /// All receptors; quantities are indices into this.
    pub fn list(&self) -> &[Receptor] {
        &self.list
    }

    /// The tree of a kind, where the run has it.
    pub fn of_kind(&self, kind: ReceptorKind) -> Option<&Surroundings> {
        self.kinds.get(&kind)
    }
}

/// Accidents, where they were collected, and what the plan needs of them, made ready once.
#[derive(Debug)]
pub struct Accidents {
    events: Events,
    coverage: Coverage,
    summer: Summer,
    counter: Counter,
}

impl Accidents {
    /// Makes ready what a plan asks for.
    pub fn new(events: Events, coverage: Coverage, plan: &EnvironmentPlan) -> Self {
        let around = CountPlan {
            radii: vec![plan.accident_radius],
            window_radius: plan.accident_radius,
            windows: Vec::new(),
            trend_days: 0,
        };
        let summer = Summer::new(&events, plan.accident_kernel.clone());
        Self { counter: Counter::new(&events, around), summer, events, coverage }
    }
}

/// Measures a batch of sites, given with the country each lies in.
pub fn environment(
    subjects: &[Subject],
    countries: &[Option<CountryCode>],
    receptors: &Receptors,
    accidents: Option<&Accidents>,
    plan: &EnvironmentPlan,
) -> Vec<EnvironmentQuantities> {
    let mut all: Vec<EnvironmentQuantities> =
        vec![EnvironmentQuantities::default(); subjects.len()];
    for (&kind, things) in &receptors.kinds {
        let reach = plan.reach.get(&kind).copied().unwrap_or_default();
        let own = |index: usize| plan.own_reach.get(index).copied().unwrap_or(reach);
        for (quantities, nearby) in all.iter_mut().zip(in_reach(subjects, things, reach, own)) {
            quantities.nearby.insert(kind, nearby);
        }
    }
    if let Some(accidents) = accidents {
        add_accidents(&mut all, subjects, countries, accidents, plan);
    }
    all.par_iter_mut().zip(subjects).for_each(|(quantities, subject)| {
        quantities.sensitive_shares = sensitive_shares(subject, receptors, plan);
        quantities.river_length = river_length(subject, receptors, plan);
        quantities.people = people(subject, receptors, plan);
    });
    all
}

fn add_accidents(
    all: &mut [EnvironmentQuantities],
    subjects: &[Subject],
    countries: &[Option<CountryCode>],
    accidents: &Accidents,
    plan: &EnvironmentPlan,
) {
    let intensities = accidents.summer.intensities(subjects, &accidents.events, plan.keep);
    let counts = accidents.counter.counts(subjects, &accidents.events);
    let measured = subjects.iter().zip(countries).zip(intensities.into_iter().zip(counts));
    for (quantities, ((subject, &country), (intensity, counts))) in all.iter_mut().zip(measured) {
        quantities.accidents_count = counts.rings.first().copied();
        if accidents.coverage.covers(subject.position, country) {
            quantities.accidents = Some(intensity);
        }
    }
}

/// The share of each buffer that sensitive polygons cover; empty without such polygons.
fn sensitive_shares(subject: &Subject, receptors: &Receptors, plan: &EnvironmentPlan) -> Vec<f64> {
    let Some(sensitive) = &receptors.sensitive else { return Vec::new() };
    let radii = plan.overlap_radii.iter();
    radii.map(|&radius| sensitive.share(subject.position, radius)).collect()
}

/// Length of river within the radius; `None` without rivers, zero where they came as points.
fn river_length(
    subject: &Subject,
    receptors: &Receptors,
    plan: &EnvironmentPlan,
) -> Option<Length> {
    let rivers = receptors.of_kind(ReceptorKind::Rivers)?;
    Some(
        rivers
            .shapes()
            .map_or(Length::ZERO, |tree| tree.length_within(subject.position, plan.river_radius)),
    )
}

/// People within the radius; `None` without settlements of known population, anywhere in the run or
/// among those within the radius.
fn people(subject: &Subject, receptors: &Receptors, plan: &EnvironmentPlan) -> Option<f64> {
    let settlements = receptors.of_kind(ReceptorKind::Settlements)?;
    let probe = &subject.parts.first()?.probe;
    let near = settlements.within(probe, plan.people_radius);
    let known: Vec<f64> =
        near.iter().filter_map(|nearby| receptors.list.get(nearby.index)?.population).collect();
    if known.is_empty() && !(near.is_empty() && receptors.any_population) {
        return None;
    }
    Some(0.0 + known.iter().sum::<f64>())
}
